//! What the screens of alerts say.

use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_rules::{Difference, Misfit};
use crate::model::lang::Lang;

crate::texts! {
    note_lost(number: &str, connection: &str), "{number} is gone from {connection}: 'decide again' or 'ignore' its alert", "{number} is weg uit {connection}: 'opnieuw beslissen' of 'negeren'";
    note_lost_several[count], "{count} ticket of a fired alert is gone: 'decide again' or 'ignore'" | "{count} tickets of fired alerts are gone: 'decide again' or 'ignore'", "{count} ticket van een melding is weg: 'opnieuw beslissen' of 'negeren'" | "{count} tickets van meldingen zijn weg: 'opnieuw beslissen' of 'negeren'";
    note_doubled(number: &str), "{number} has a double: itsmc ticket show {number}", "{number} heeft een dubbel: itsmc ticket show {number}";
    note_doubled_several(number: &str, more: &str), "{number} has a double, and {more} more: itsmc ticket show {number}", "{number} heeft een dubbel, en nog {more}: itsmc ticket show {number}";
}

crate::texts! {
    title, "Azure alerts", "Azure-meldingen";
    one_title, "Alert", "Melding";
    key_alerts, "alerts", "meldingen";
    key_ticket, "open the ticket", "ticket openen";
    key_portal, "Azure portal", "Azure-portal";
    key_all, "show all", "alles tonen";
    key_poll, "read now", "nu lezen";
    key_retry, "decide again", "opnieuw beslissen";
    key_ignore, "ignore", "negeren";
    key_texts, "payload", "bericht";
    key_facts, "details", "gegevens";

    ask_retry(rule: &str), "Decide again about this alert of '{rule}'? It may get a ticket.", "Opnieuw beslissen over deze melding van '{rule}'? Die kan een ticket krijgen.";
    ask_ignore(rule: &str), "Ignore this alert of '{rule}'? It gets no ticket. 'decide again' undoes that.", "Deze melding van '{rule}' negeren? Die krijgt geen ticket. 'opnieuw beslissen' maakt dat ongedaan.";
    retried, "The alert is decided about again.", "Over de melding wordt opnieuw beslist.";
    is_ignored, "The alert is ignored.", "De melding wordt genegeerd.";
    key_write_again, "write again", "opnieuw schrijven";
    is_written_again, "What was refused or is unsure is written again.", "Wat is geweigerd of onzeker is, wordt opnieuw geschreven.";
    nothing_to_write, "Nothing is to be written again.", "Er is niets opnieuw te schrijven.";
    is_dismissed, "The other ticket is dismissed.", "Het andere ticket is afgevinkt.";
    has_ticket, "The alert has a ticket already and stays as it is.", "De melding heeft al een ticket en blijft zoals die is.";
    no_page, "This alert has no page in the Azure portal.", "Deze melding heeft geen pagina in de Azure-portal.";

    reading, "reading…", "lezen…";
    stopping, "stopping…", "stoppen…";
    never_read, "not read yet", "nog niet gelezen";
    read(ago: &str), "read {ago}", "{ago} gelezen";
    due, "due now", "nu aan de beurt";
    next(until: &str), "next {until}", "volgende {until}";
    azure_waits(until: &str), "Azure asks to wait, next {until}", "Azure vraagt te wachten, volgende {until}";
    some_wait(until: &str), "Azure asks to wait for a part, until {until}", "Azure vraagt voor een deel te wachten, tot {until}";
    none_visible, "no alert visible: check Monitoring Reader", "niets zichtbaar: controleer Monitoring Reader";
    by_hand, "not read again by itself; s reads it", "niet meer vanzelf gelezen; s leest";
    more_sources[count], "+{count} source" | "+{count} sources", "+{count} bron" | "+{count} bronnen";
    working, "deciding and writing tickets…", "beslissen en tickets schrijven…";

    note_source(name: &str, what: &str), "{name}: {what}", "{name}: {what}";
    note_rules_last(what: &str), "{what} The last rules that could be used stay in use.", "{what} De laatste bruikbare regels blijven gelden.";
    note_no_rules, "No rules, so no tickets", "Geen regels, dus geen tickets";
    note_none_enabled, "All rules are switched off", "Alle regels staan uit";
    note_refused[count, connection: &str], "{connection}: {count} write refused" | "{connection}: {count} writes refused", "{connection}: {count} schrijfactie geweigerd" | "{connection}: {count} schrijfacties geweigerd";
    note_unsure[count, connection: &str], "{connection}: {count} write unsure" | "{connection}: {count} writes unsure", "{connection}: {count} schrijfactie onzeker" | "{connection}: {count} schrijfacties onzeker";
    note_waiting[count, connection: &str, what: &str], "{connection}: {count} write waits: {what}" | "{connection}: {count} writes wait: {what}", "{connection}: {count} schrijfactie wacht: {what}" | "{connection}: {count} schrijfacties wachten: {what}";
    note_unacknowledged(source: &str, alerts: &str, what: &str), "{source}: {alerts} not acknowledged in Azure: {what}", "{source}: {alerts} niet bevestigd in Azure: {what}";
    note_unseen[count], "{count} open ticket has an alert older than 30 days: its end cannot be seen any more" | "{count} open tickets have an alert older than 30 days: its end cannot be seen any more", "{count} open ticket heeft een melding ouder dan 30 dagen: het einde is niet meer te zien" | "{count} open tickets hebben een melding ouder dan 30 dagen: het einde is niet meer te zien";
    note_missed(name: &str, from: &str, to: &str), "{name}: alerts of {from} to {to} may be missing", "{name}: meldingen van {from} tot {to} kunnen ontbreken";
    note_shared(subscription: &str, sources: &str), "{subscription} is read twice, by {sources}", "{subscription} wordt dubbel gelezen, door {sources}";
    note_shared_short(sources: &str), "{sources}: same subscription", "{sources}: zelfde abonnement";
    note_other_decides, "Another itsmc decides about the alerts now; this one goes on after the next pass", "Een andere itsmc beslist nu over de meldingen; deze gaat verder na de volgende keer lezen";
    note_other_writes(connection: &str), "Another itsmc writes the tickets of {connection} now", "Een andere itsmc schrijft nu de tickets van {connection}";
    more_notes(count: usize), "+{count}", "+{count}";
}

crate::texts! {
    note_sources_key(note: &str), "{note}. Press z for the sources.", "{note}. Druk op z voor de bronnen.";
    note_tickets_key(note: &str), "{note}. Press f, then Enter: troubled tickets.", "{note}. Druk op f, dan op Enter: tickets met problemen.";
    note_rules_key(note: &str), "{note}. Press u for the rules.", "{note}. Druk op u voor de regels.";

    all_alerts, "All alerts", "Alle meldingen";
    only_fired, "Fired", "Gaat af";
    only_resolved, "Resolved", "Voorbij";
    any_condition, "Any state", "Elke status";
    any_outcome, "Any outcome", "Elke uitkomst";
    with_ticket, "With a ticket", "Met een ticket";
    without_ticket, "Without a ticket", "Zonder ticket";
    troubled, "Troubled tickets", "Tickets met problemen";
    waiting, "Waiting for a decision", "Wacht op een beslissing";
    filter_title, "Filter", "Filter";
    group_condition, "State", "Status";
    group_outcome, "Outcome", "Uitkomst";
    search_hint, "rule, item, ticket, any text", "regel, item, ticket, elke tekst";
    position(at: &str, of: &str), "{at} of {of}", "{at} van {of}";
    at_least(of: &str), "over {of}", "meer dan {of}";

    head_state, "state", "status";
    head_fired, "fired", "afgegaan";
    head_severity, "sev", "sev";
    head_rule, "Azure rule", "Azure-regel";
    head_rule_short, "rule", "regel";
    head_item, "affected", "getroffen";
    head_ticket, "ticket", "ticket";
    head_ticket_state, "its state", "status";
    head_outcome, "outcome", "uitkomst";
    head_own_rule, "our rule", "onze regel";
    unseen, "end unknown", "einde onbekend";
    to_be_opened, "to be opened", "wordt geopend";
    being_made, "being made", "wordt gemaakt";
    gone_ticket, "unknown", "onbekend";

    no_source, "No alert sources yet.", "Nog geen meldingsbronnen. (De Azure-portal noemt meldingen waarschuwingen.)";
    no_source_next, "Press n to add one, or add one with the Azure CLI's sign-in: itsmc alert source add prod --sign-in cli", "Druk op n om er een toe te voegen, of gebruik de aanmelding van de Azure CLI: itsmc alert source add prod --sign-in cli";
    no_source_file, "Or read alerts from a file: itsmc alert import FILE", "Of lees meldingen uit een bestand: itsmc alert import BESTAND";
    nothing_yet, "No alerts yet. New ones appear here by themselves.", "Nog geen meldingen. Nieuwe verschijnen hier vanzelf.";
    nothing_yet_rights, "Azure lists only alerts of resources that the sign-in may read (Monitoring Reader).", "Azure toont alleen meldingen van resources die de aanmelding mag lezen (Monitoring Reader).";
    no_match, "No alert matches. Press F to show all.", "Geen meldingen gevonden. Druk op F om alles te tonen.";
    gone, "This alert is no longer stored.", "Deze melding is niet meer opgeslagen.";

    heading_decision, "Decision", "Beslissing";
    heading_ticket(number: &str), "Ticket {number}", "Ticket {number}";
    heading_azure, "From Azure", "Uit Azure";
    heading_details, "Details", "Details";
    heading_custom, "Custom properties", "Eigen eigenschappen";
    heading_texts_fired, "Payload when it fired", "Bericht bij het afgaan";
    heading_texts_over, "Payload when it was over", "Bericht bij het einde";
    no_texts, "Its payload is not stored.", "Het bericht is niet opgeslagen.";
    label_state, "State", "Status";
    label_severity, "Severity", "Ernst";
    label_fired, "Fired", "Afgegaan";
    label_over, "Over", "Voorbij";
    label_rule, "Azure rule", "Azure-regel";
    label_items, "Affected", "Getroffen";
    label_targets, "Targets", "Doelen";
    label_group, "Resource group", "Resourcegroep";
    label_type, "Type", "Type";
    label_subscription, "Subscription", "Abonnement";
    label_service, "Service", "Service";
    label_description, "Description", "Beschrijving";
    label_id, "ID", "ID";
    label_series, "Series", "Reeks";
    label_event, "Event", "Gebeurtenis";
    label_shape, "Format", "Formaat";
    label_link, "Page", "Pagina";
    label_user_state, "Azure state", "Azure-status";
    label_source, "Source", "Bron";
    label_first_seen, "First seen", "Eerst gezien";
    label_last_seen, "Last seen", "Laatst gezien";
    label_decided, "Decided", "Beslist";
    label_own_rule, "Our rule", "Onze regel";
    label_at_first, "When it fired", "Bij afgaan";
    label_at_end, "When over", "Bij het einde";
    label_connection, "Connection", "Verbinding";
    label_ticket_state, "State", "Status";
    label_assigned, "Assigned to", "Toegewezen";
    label_made, "Created", "Aangemaakt";
    label_key, "Key", "Sleutel";
    why_each, "Why each rule does not match:", "Waarom elke regel niet past:";
    no_rules_at_all, "There are no rules. Begin with: itsmc alert rules --template", "Er zijn geen regels. Begin met: itsmc alert rules --template";
    differs(key: &str, has: &str, wants: &str), "{key} is '{has}'; the rule wants '{wants}'", "{key} is '{has}'; de regel vraagt '{wants}'";
    differs_from_nothing(key: &str, wants: &str), "{key} is empty; the rule wants '{wants}'", "{key} is leeg; de regel vraagt '{wants}'";
    misfit_line(rule: &str, why: &str), "{rule}: {why}", "{rule}: {why}";
    suppressed, "An alert processing rule in Azure mutes it.", "Een verwerkingsregel in Azure dempt die.";
    test, "It is a test notification.", "Het is een testmelding.";
    unseen_whole, "It is older than 30 days, so Azure has deleted it: itsmc cannot see whether it is over. Check it, and end its ticket by hand.", "Die is ouder dan 30 dagen, dus Azure heeft die verwijderd: itsmc kan niet zien of die voorbij is. Controleer dat, en sluit het ticket met de hand.";
    stateless, "Azure never says that such an alert is over; its ticket ends by hand.", "Azure zegt bij zo'n melding nooit dat die voorbij is; het ticket eindigt met de hand.";
    pending, "Nothing is decided yet. Press s to read and decide now.", "Er is nog niets beslist. Druk op s om nu te lezen en te beslissen.";

    /// What became of an alert, in a word or two.
    outcome: Verdict {
        Opened => "opened", "geopend";
        OpenedAndResolved => "opened, resolved", "geopend, opgelost";
        Noted => "note added", "notitie erbij";
        Counted => "counted", "geteld";
        Reopened => "reopened", "heropend";
        Umbrella => "umbrella", "verzamelticket";
        Resolved => "resolved", "opgelost";
        NotedOver => "end noted", "einde genoteerd";
        LeftOpen => "left open", "opengelaten";
        OthersFire => "others firing", "andere gaan af";
        Flapping => "flapping", "wisselend";
        TicketClosed => "ticket closed", "ticket gesloten";
        Unchanged => "nothing new", "niets nieuws";
        NoRule => "no rule matches", "geen regel past";
        NoTicketForSeverity => "by severity", "door de ernst";
        Suppressed => "muted in Azure", "gedempt";
        Test => "test", "test";
        UnknownShape => "unknown format", "onbekend formaat";
        Ignored => "ignored", "genegeerd";
        BeforeStart => "before start", "voor de start";
        AlreadyOver => "already over", "al voorbij";
        NoTicket => "had no ticket", "had geen ticket";
        NoConnection => "no connection", "geen verbinding";
    }
    decision_waits, "waits", "wacht";

    /// Whether an alert still stands.
    condition: Condition {
        Unknown => "unknown", "onbekend";
        Fired => "fired", "gaat af";
        Resolved => "resolved", "voorbij";
    }

    /// Why a rule does not match an alert.
    misfit: Misfit {
        Disabled => "the rule is switched off", "de regel is uit";
        Subscription => "the subscription does not match", "abonnement past niet";
        ResourceGroup => "the resource group does not match", "resourcegroep past niet";
        ResourceType => "the resource type does not match", "resourcetype past niet";
        Target => "the target does not match", "doel past niet";
        Rule => "the Azure rule does not match", "Azure-regel past niet";
        Service => "the service does not match", "service past niet";
        Severity => "the severity does not match", "ernst past niet";
        Custom => "the custom properties do not match", "eigen eigenschappen passen niet";
    }
}

/// Why a rule does not match an alert, with both values.
pub fn difference(lang: Lang, why: &Difference) -> String {
    match why {
        Difference { misfit: Misfit::Disabled, .. } => misfit(lang, Misfit::Disabled).to_owned(),
        Difference { key, has, wants, .. } if has.is_empty() => differs_from_nothing(lang, key, wants),
        Difference { key, has, wants, .. } => differs(lang, key, has, wants),
    }
}

/// What became of an alert, with what became of it when it was over.
pub fn outcomes(lang: Lang, verdict: Option<Verdict>, over: Option<Verdict>) -> String {
    let first = verdict.map_or(decision_waits(lang), |verdict| outcome(lang, verdict));
    match over {
        Some(over) => format!("{first}, {}", outcome(lang, over)),
        None => first.to_owned(),
    }
}
