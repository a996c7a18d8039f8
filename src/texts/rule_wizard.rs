//! What the wizard of an alert rule says.

use crate::model::alert_plan::RulePreview;
use crate::model::alert_rules::{Grouping, IfOver, ItemHandling, OnResolved};
use crate::model::lang::Lang;
use crate::model::ticket::{TicketKind, Way};
use crate::texts::counted;
use crate::texts::number::grouped;

crate::texts! {
    title, "New alert rule", "Nieuwe meldingsregel";
    title_of(name: &str), "Alert rule {name}", "Meldingsregel {name}";
    key_new, "new alert rule", "nieuwe regel";
    key_edit, "edit", "wijzigen";
    key_list, "choose from a list", "kiezen uit een lijst";
    key_search, "search in the product", "zoeken in het product";
    key_pattern, "type a pattern", "patroon typen";
    key_add, "add", "toevoegen";
    key_done, "done", "klaar";
    key_close, "close", "sluiten";
    key_preview, "preview again", "voorvertonen";
    key_switch, "rule on/off", "regel aan/uit";
    key_write, "save the rule", "regel opslaan";
    step_match, "Alerts", "Meldingen";
    step_where, "Connection", "Verbinding";
    step_ticket, "Ticket", "Ticket";
    step_severity, "Severity", "Ernst";
    step_course, "Lifecycle", "Verloop";
    step_review, "Preview", "Voorvertoning";
    reading, "Reading the rules and the stored alerts…", "De regels en de opgeslagen meldingen lezen…";
    not_overwritten, "itsmc did not change the file. Correct it with an editor, then press r.", "itsmc heeft het bestand niet gewijzigd. Verbeter het met een editor en druk dan op r.";
    read_again, "Press r to reload the file.", "Druk op r om het bestand opnieuw te laden.";
    read_changes, "Press r to reload the file. What you filled in stays, unless somebody changed this rule.", "Druk op r om het bestand opnieuw te laden. Wat u invulde blijft staan, tenzij iemand deze regel wijzigde.";
    changed_there, "somebody changed this rule: this is how it is in the file now", "iemand heeft deze regel gewijzigd: zo staat die nu in het bestand";
    no_alerts, "No alert of the last 30 days is stored. Patterns can be typed; itsmc alert poll reads alerts.", "Er is geen melding van de laatste 30 dagen opgeslagen. Patronen kunt u typen; itsmc alert poll leest meldingen.";
    fits[all, fits: &str], "Matches {fits} of {all} stored alert of the last 30 days." | "Matches {fits} of {all} stored alerts of the last 30 days.", "Past op {fits} van {all} opgeslagen melding van de laatste 30 dagen." | "Past op {fits} van {all} opgeslagen meldingen van de laatste 30 dagen.";
    beyond(count: &str), "Alerts that are not counted here, because they are too different from each other: {count}. The preview counts all.", "Meldingen die hier niet meetellen, omdat ze te zeer van elkaar verschillen: {count}. De voorvertoning telt ze alle.";
    any, "any", "alle";
    alerts_fit(count: &str), "alerts: {count}", "meldingen: {count}";
    list_of(field: &str), "{field}: which alerts?", "{field}: welke meldingen?";
    search_of(field: &str), "{field} in the product", "{field} in het product";
    filter_hint, "type a part of it; space chooses", "typ een deel ervan; spatie kiest";
    search_hint, "type a part of the name", "typ een deel van de naam";
    pattern_intro, "A pattern: * stands for any text, ? for one character; capitals and small letters are the same.", "Een patroon: * staat voor elke tekst, ? voor één teken; hoofdletters en kleine letters zijn gelijk.";
    no_values, "No stored alert has a value here. ctrl-t lets you type a pattern.", "Geen opgeslagen melding heeft hier een waarde. Met ctrl-t typt u een patroon.";
    asking, "Asking the product…", "Het product vragen…";
    not_offered, "The interface of this product has no such list. Press Esc and type the name.", "De interface van dit product heeft zo'n lijst niet. Druk op Esc en typ de naam.";
    search_failed, "ctrl-g asks again. Or press Esc and type the name.", "ctrl-g vraagt opnieuw. Of druk op Esc en typ de naam.";
    none_found, "The product has nothing with that in its name.", "Het product heeft niets met dat in de naam.";
    more_found, "There are more: type more of the name.", "Er zijn er meer: typ meer van de naam.";
    missing, "required", "verplicht";
    taken, "another rule has this name", "een andere regel heeft deze naam";
    no_number(from: u32, to: u32), "a number from {from} to {to}", "een getal van {from} tot {to}";
    no_placeholder(name: &str), "the placeholder {name} is unknown", "de plaatshouder {name} is onbekend";
    no_pair(part: &str), "'{part}' is not written as name = value", "'{part}' is niet geschreven als naam = waarde";
    no_connection, "there is no connection yet; add one on the dashboard", "er is nog geen verbinding; voeg er een toe op het dashboard";
    name, "Name", "Naam";
    rule, "Azure rule", "Azure-regel";
    severity, "Severity", "Ernst";
    service, "Service", "Service";
    resource_group, "Resource group", "Resourcegroep";
    resource_type, "Type", "Type";
    target, "Target", "Doel";
    subscription, "Subscription", "Abonnement";
    custom, "Properties", "Eigenschappen";
    connection, "Connection", "Verbinding";
    kind, "Kind", "Soort";
    way, "Route", "Route";
    ticket_title, "Title", "Titel";
    description, "Description", "Beschrijving";
    template, "Template", "Sjabloon";
    group, "Group", "Groep";
    caller, "Caller", "Melder";
    item, "CI", "CI";
    fields, "Fields", "Velden";
    grouping, "Grouping", "Groepering";
    on_resolved, "When over", "Bij het einde";
    close_code, "Close code", "Sluitcode";
    reopen_minutes, "Reopen (min)", "Heropen (min)";
    if_over, "Already over", "Al voorbij";
    suppressed, "Muted alerts", "Gedempt";
    tests, "Test alerts", "Testmeldingen";
    budget, "Ticket budget", "Ticketbudget";
    budget_minutes, "per (min)", "per (min)";
    flapping, "Flaps (count)", "Wisselingen";
    flapping_minutes, "within (min)", "binnen (min)";
    notes_per_hour, "Notes per hour", "Notities/uur";
    enabled, "Switched on", "Ingeschakeld";
    yes, "yes", "ja";
    no, "no", "nee";
    about_name, "The name of the rule in itsmc.", "De naam van de regel in itsmc.";
    about_list, "Space chooses from the stored alerts; ctrl-t in the list lets you type patterns. Nothing chosen means any.", "Spatie kiest uit de opgeslagen meldingen; met ctrl-t in de lijst typt u patronen. Niets gekozen betekent alle.";
    about_custom, "Properties that the Azure rule gives to its alerts: team = shop | web; env = prod", "Eigenschappen die de Azure-regel aan meldingen geeft: team = shop | web; env = prod";
    about_connection, "The connection in which tickets are made. Space changes it.", "De verbinding waarin tickets worden gemaakt. Spatie wijzigt die.";
    about_kind, "What is made. Space changes it, where the product has several.", "Wat er wordt gemaakt. Spatie wijzigt dat, als het product er meer heeft.";
    about_way, "How it is made. Space changes it, where the product has several ways.", "Hoe het wordt gemaakt. Spatie wijzigt dat, als het product er meer heeft.";
    about_title, "If empty: {severity} {rule}: {item}. Placeholders are filled in from the alert.", "Indien leeg: {severity} {rule}: {item}. Plaatshouders worden uit de melding ingevuld.";
    about_description, "If empty: what is known of the alert, line by line. \\n is a line break.", "Indien leeg: wat er over de melding bekend is, regel voor regel. \\n is een regeleinde.";
    about_template, "A template of the product; its values are set first. ctrl-t shows the templates.", "Een sjabloon van het product; de waarden ervan komen eerst. ctrl-t toont de sjablonen.";
    about_group, "The assignment group. ctrl-t searches in the product.", "De toewijzingsgroep. ctrl-t zoekt in het product.";
    about_caller, "For whom the ticket is opened. ctrl-t searches in the product.", "Voor wie het ticket wordt geopend. ctrl-t zoekt in het product.";
    about_item, "Whether the affected configuration item is set on the ticket.", "Of het getroffen configuratie-item op het ticket komt.";
    about_fields, "Further fields by the product's own names: category = software; contact_type = monitoring", "Verdere velden met de namen van het product zelf: category = software; contact_type = monitoring";
    about_level, "Impact and urgency, 1 (high) to 3 (low), or no ticket. Space changes them.", "Impact en urgentie, 1 (hoog) tot 3 (laag), of geen ticket. Spatie wijzigt ze.";
    about_grouping, "Which alerts share a ticket.", "Welke meldingen een ticket delen.";
    about_on_resolved, "What happens with the ticket when the alert is over.", "Wat er met het ticket gebeurt als de melding voorbij is.";
    about_close_code, "The close code of resolved tickets; if empty, that of the connection.", "De sluitcode van opgeloste tickets; indien leeg, die van de verbinding.";
    about_reopen, "Minutes in which a resolved ticket is opened again when its series fires; 0: never.", "Minuten waarin een opgelost ticket weer opengaat als de reeks afgaat; 0: nooit.";
    about_if_over, "An alert that was over before it was first seen.", "Een melding die al voorbij was toen die voor het eerst gezien werd.";
    about_suppressed, "Tickets also for alerts that an alert processing rule in Azure mutes.", "Ook tickets voor meldingen die een verwerkingsregel in Azure dempt.";
    about_tests, "Tickets also for test notifications.", "Ook tickets voor testmeldingen.";
    about_budget, "At most so many tickets in this time; what comes beyond shares one umbrella ticket.", "Hoogstens zoveel tickets in deze tijd; de rest deelt één verzamelticket.";
    about_flapping, "A series that fires so often in this time is resolved when it keeps quiet; 0: never.", "Een reeks die zo vaak afgaat in deze tijd, wordt opgelost als die rustig blijft; 0: nooit.";
    about_notes, "At most so many notes on a ticket in an hour; the next one counts the rest.", "Hoogstens zoveel notities op een ticket in een uur; de volgende telt de rest.";
}

crate::texts! {
    /// What is made.
    kind_word: TicketKind {
        Incident => "incident", "incident";
        Event => "event (Event Management)", "event (Event Management)";
        Alert => "alert (Event Management)", "alert (Event Management)";
    }
    /// How it is made.
    way_word: Way {
        Table => "directly into the table", "rechtstreeks in de tabel";
        ImportSet => "through the import set, as the old connector did", "via de importset, zoals de oude connector deed";
    }
    /// Which alerts share a ticket.
    grouping_word: Grouping {
        Alert => "one ticket for each alert", "een ticket voor elke melding";
        Item => "one ticket for each affected item of an alert", "een ticket voor elk getroffen item van een melding";
        Rule => "alerts of one Azure rule share a ticket", "meldingen van één Azure-regel delen een ticket";
    }
    /// What happens when an alert is over.
    on_resolved_word: OnResolved {
        Resolve => "the ticket is resolved", "het ticket wordt opgelost";
        Note => "the ticket gets a note", "het ticket krijgt een notitie";
        Nothing => "nothing", "niets";
    }
    /// What happens with an alert that was over before it was seen.
    if_over_word: IfOver {
        Ticket => "a ticket is opened and resolved", "een ticket wordt geopend en opgelost";
        Nothing => "nothing", "niets";
    }
    /// What is done about the configuration item.
    item_word: ItemHandling {
        Find => "find automatically", "automatisch zoeken";
        None => "leave it out", "weglaten";
    }
    level(impact: u8, urgency: u8), "impact {impact}, urgency {urgency}", "impact {impact}, urgentie {urgency}";
    no_ticket, "no ticket", "geen ticket";
    previewing, "Deciding about the stored alerts of the last 30 days…", "Beslissen over de opgeslagen meldingen van de laatste 30 dagen…";
    preview_intro, "This is what the rule would have done in the last 30 days. Nothing was written.", "Dit had de regel in de laatste 30 dagen gedaan. Er is niets opgeslagen.";
    matched[fits, all: &str], "{fits} of {all} stored alerts matches the rule" | "{fits} of {all} stored alerts match the rule", "{fits} van {all} opgeslagen meldingen past bij de regel" | "{fits} van {all} opgeslagen meldingen passen bij de regel";
    earlier[count], "{count} of them goes to an earlier rule" | "{count} of them go to an earlier rule", "{count} daarvan valt onder een eerdere regel" | "{count} daarvan vallen onder een eerdere regel";
    tickets(count: &str), "Tickets: {count}", "Tickets: {count}";
    merged(count: &str), "Alerts added to an existing ticket: {count}", "Meldingen bij een bestaand ticket: {count}";
    in_budget, "Alerts beyond the budget: 0", "Meldingen boven het budget: 0";
    over_budget(count: &str, umbrellas: &str), "Alerts beyond the budget: {count}, in {umbrellas}", "Meldingen boven het budget: {count}, in {umbrellas}";
    resolved(count: &str), "Tickets resolved: {count}", "Opgeloste tickets: {count}";
    without(count: &str), "Alerts without a ticket: {count}", "Meldingen zonder ticket: {count}";
    first_tickets, "The first tickets:", "De eerste tickets:";
    nothing_fits, "No stored alert matches. Check the patterns, or read more alerts: itsmc alert poll", "Geen opgeslagen melding past. Controleer de patronen, of lees meer meldingen: itsmc alert poll";
    on_hint, "Press space to switch the rule on. Alerts that fire after that get tickets.", "Druk op spatie om de regel aan te zetten. Meldingen die daarna afgaan, krijgen tickets.";
    off_hint, "The rule is saved switched off: it opens no tickets yet.", "De regel wordt uitgeschakeld opgeslagen en opent nog geen tickets.";
    on_now, "The rule is saved switched on: alerts that fire from now on get tickets.", "De regel wordt ingeschakeld opgeslagen: meldingen die vanaf nu afgaan, krijgen tickets.";
    saving, "Saving the rule…", "De regel opslaan…";
    ask_on(name: &str), "Switch on rule '{name}'? Over the last 30 days:", "Regel '{name}' inschakelen? Over de laatste 30 dagen:";
    ask_off(name: &str), "Switch off rule '{name}'? Over the last 30 days:", "Regel '{name}' uitschakelen? Over de laatste 30 dagen:";
    then_on, "Alerts that fire from now on get tickets.", "Meldingen die vanaf nu afgaan, krijgen tickets.";
    then_off, "The rule makes no more tickets; those that are there stay as they are.", "De regel maakt geen tickets meer; die er zijn, blijven zoals ze zijn.";
    question_on(name: &str), "Switch on rule '{name}'? Alerts that fire from now on get tickets.", "Regel '{name}' inschakelen? Meldingen die vanaf nu afgaan, krijgen tickets.";
    question_off(name: &str), "Switch off rule '{name}'? It makes no more tickets; those that are there stay as they are.", "Regel '{name}' uitschakelen? Die maakt geen tickets meer; die er zijn, blijven zoals ze zijn.";
    switch_intro(name: &str), "Rule {name} with the stored alerts of the last 30 days:", "Regel {name} met de opgeslagen meldingen van de laatste 30 dagen:";
    not_switched, "The rule was not switched", "De regel is niet gewijzigd";
    is_on(name: &str), "Rule {name} is on already", "Regel {name} is al ingeschakeld";
    is_off(name: &str), "Rule {name} is off already", "Regel {name} is al uitgeschakeld";
    switched_on(name: &str), "Rule {name} is switched on", "Regel {name} is ingeschakeld";
    switched_off(name: &str), "Rule {name} is switched off", "Regel {name} is uitgeschakeld";
    written_on(name: &str), "Rule {name} is saved and switched on", "Regel {name} is opgeslagen en ingeschakeld";
    written_off(name: &str), "Rule {name} is saved, switched off", "Regel {name} is opgeslagen, uitgeschakeld";
}

/// The question before a rule is switched, with what it does with the stored alerts of the last 30 days.
pub fn ask_switch(lang: Lang, name: &str, on: bool, told: &RulePreview) -> String {
    let question = if on { ask_on(lang, name) } else { ask_off(lang, name) };
    let after = if on { then_on(lang) } else { then_off(lang) };
    let mut parts = vec![question];
    parts.extend(switch_numbers(lang, told).into_iter().map(|line| line + "."));
    parts.push(after.to_owned());
    parts.join("\n")
}

/// What a rule does with the stored alerts of the last 30 days while it is on, in sentences without their full stops.
pub fn switch_numbers(lang: Lang, told: &RulePreview) -> Vec<String> {
    let count = |number: u64| grouped(lang, number);
    let mut parts = vec![matched(lang, told.fits, &count(told.alerts))];
    if told.earlier > 0 {
        parts.push(earlier(lang, told.earlier));
    }
    if told.fits > 0 {
        parts.push(tickets(lang, &count(told.count.tickets)));
        parts.push(merged(lang, &count(told.count.merged)));
        parts.push(beyond_budget(lang, told));
    }
    parts
}

/// How many alerts are beyond the budget of a rule, and in how many umbrella tickets.
pub fn beyond_budget(lang: Lang, told: &RulePreview) -> String {
    match told.count.beyond_budget {
        0 => in_budget(lang).to_owned(),
        beyond => over_budget(lang, &grouped(lang, beyond), &counted::umbrella_tickets(lang, told.count.umbrellas)),
    }
}

/// A switch in words.
pub fn yes_or_no(lang: Lang, on: bool) -> &'static str {
    if on { yes(lang) } else { no(lang) }
}
