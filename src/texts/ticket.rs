//! Texts about tickets: lists, one ticket, and what a run of the outbox did.

use super::fault;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::ticket::{NotMade, OutboxState, Taken, TicketFinding, TicketKind, TicketState};

crate::texts! {
    none, "No tickets yet. Rules for alerts make them: itsmc alert rules --template", "Nog geen tickets. Regels voor meldingen maken ze: itsmc alert rules --template";
    none_found, "No ticket matches.", "Geen tickets gevonden.";
    ticket, "Ticket", "Ticket";
    kind_head, "Kind", "Soort";
    state_head, "State", "Status";
    subject_head, "For", "Voor";
    made_head, "Created", "Aangemaakt";
    not_made, "not created yet", "nog niet aangemaakt";
    by_human(whom: &str), "taken by a human ({whom}): it only gets notes", "door een mens overgenomen ({whom}): krijgt alleen notities";
    assigned(to: &str), "assigned to {to}", "toegewezen aan {to}";
    state_changed(to: &str), "state changed to {to}", "status gewijzigd in {to}";
    edited(user: &str), "edited by {user}", "bewerkt door {user}";
    notes(count: &str), "notes: {count}", "notities: {count}";
    assigned_to(whom: &str), "assigned to: {whom}", "toegewezen aan: {whom}";
    key(id: &str), "id: {id}", "id: {id}";
    mark(text: &str), "key in the product: {text}", "sleutel in het product: {text}";
    operations, "Writes", "Schrijfacties";
    next_try(until: &str), "next try {until}", "volgende poging {until}";
    nothing_waits, "No write waits.", "Er wacht geen schrijfactie.";
    done[count, connection: &str], "{connection}: {count} write done" | "{connection}: {count} writes done", "{connection}: {count} schrijfactie uitgevoerd" | "{connection}: {count} schrijfacties uitgevoerd";
    opened[count], "{count} ticket opened" | "{count} tickets opened", "{count} ticket geopend" | "{count} tickets geopend";
    waiting[count], "{count} still to be done: itsmc ticket send" | "{count} still to be done: itsmc ticket send", "{count} nog te doen: itsmc ticket send" | "{count} nog te doen: itsmc ticket send";
    refused[count], "{count} refused" | "{count} refused", "{count} geweigerd" | "{count} geweigerd";
    unsure[count], "{count} unsure" | "{count} unsure", "{count} onzeker" | "{count} onzeker";
    retry(id: &str), "To try it again: itsmc ticket retry {id}", "Opnieuw proberen: itsmc ticket retry {id}";
    retry_unsure(id: &str),
        "Search the product for the ticket. To look for it again, and write it if it is not there: itsmc ticket retry {id}",
        "Zoek het ticket in het product. Opnieuw zoeken, en schrijven als het er niet is: itsmc ticket retry {id}";
    retry_unproven(alike: &str, key: &str, mark: &str, id: &str),
        "Search the product for the ticket ({alike}). If it is there, write {key} into its correlation_id, or {mark} at the beginning of its title. Then, to go on with it, or to make it if it is not there: itsmc ticket retry {id}",
        "Zoek het ticket in het product ({alike}). Is het er, schrijf dan {key} in de correlation_id, of {mark} aan het begin van de titel. Daarna, om ermee verder te gaan, of het te maken als het er niet is: itsmc ticket retry {id}";
    retried[count], "{count} write will be tried again: itsmc ticket send" | "{count} writes will be tried again: itsmc ticket send", "{count} schrijfactie wordt opnieuw geprobeerd: itsmc ticket send" | "{count} schrijfacties worden opnieuw geprobeerd: itsmc ticket send";
    nothing_to_retry(id: &str), "ticket {id} has no refused or unsure write", "ticket {id} heeft geen geweigerde of onzekere schrijfactie";
    dropped(fields: &str), "The product did not keep: {fields}. Check the integration user's rights to these fields, and the rule's field names.", "Het product bewaarde niet: {fields}. Controleer de rechten van de integratiegebruiker op deze velden, en de veldnamen in de regel.";
    own_id, "The product gave the ticket another id than it was sent, so doubles are found by the key only.", "Het product gaf het ticket een andere id dan meegestuurd; dubbele worden alleen met de sleutel gevonden.";
    doubled(kept: &str, others: &str), "Another ticket has this key: {others}. itsmc follows {kept} only. Note that number in the other one and cancel it in the product, unless someone copied it on purpose. Then dismiss this: itsmc ticket dismiss {kept}", "Een ander ticket heeft deze sleutel: {others}. itsmc volgt alleen {kept}. Noteer dat nummer in het andere en annuleer het in het product, tenzij iemand het met opzet heeft gekopieerd. Vink dit daarna af: itsmc ticket dismiss {kept}";
    double_dismissed(number: &str), "{number}: the other ticket is dismissed", "{number}: het andere ticket is afgevinkt";
    no_double(number: &str), "{number}: there is nothing to dismiss", "{number}: er is niets om af te vinken";
    see(number: &str), "Everything that was written to it: itsmc ticket show {number}", "Alles wat erin geschreven is: itsmc ticket show {number}";
    see_troubled, "See which, and what to do: itsmc ticket list --troubled", "Bekijk welke, en wat te doen: itsmc ticket list --troubled";
    has_double(number: &str), "The product has another ticket with the key of {number}", "Het product heeft nog een ticket met de sleutel van {number}";
    see_double(number: &str), "See which, and what to do: itsmc ticket show {number}", "Bekijk welk, en wat te doen: itsmc ticket show {number}";
    no_reference(field: &str, name: &str), "{field}: the product has no '{name}'; the field was left empty. Correct the rule.", "{field}: het product kent '{name}' niet; het veld bleef leeg. Corrigeer de regel.";
    several_references(field: &str, name: &str, found: u64), "{field}: the product has {found} with the name '{name}'; the field was left empty. Use the id in the rule.", "{field}: het product heeft er {found} met de naam '{name}'; het veld bleef leeg. Gebruik de id in de regel.";
    item_unknown(name: &str), "The product has no configuration item for {name}; the ticket has none.", "Het product heeft geen configuratie-item voor {name}; het ticket heeft er geen.";
    item_unclear(name: &str, found: &str), "Several configuration items may be meant by {name}: {found}; the ticket has none.", "Met {name} kunnen meer configuratie-items zijn bedoeld: {found}; het ticket heeft er geen.";
    item_failed(name: &str, why: &str), "The configuration item {name} was not set: {why}", "Het configuratie-item {name} is niet ingevuld: {why}";
    item_not_made(name: &str, why: &str), "The configuration item {name} was not made: {why}.", "Het configuratie-item {name} is niet gemaakt: {why}.";
    several_tables(names: &str), "several tables may hold configuration items ({names})", "meer tabellen kunnen configuratie-items bevatten ({names})";
    no_operation(detail: &str), "the description of the web app names no operation for it ({detail})", "de beschrijving van de web-app noemt er geen bewerking voor ({detail})";
    no_table, "itsmc does not know the table of configuration items", "itsmc kent de tabel met configuratie-items niet";
    no_column, "the ticket has no column for a configuration item", "het ticket heeft geen kolom voor een configuratie-item";
    no_search, "the description of the web app names no operation that finds one by its name, so it could be made twice", "de beschrijving van de web-app noemt geen bewerking die er een op naam vindt, dus het zou twee keer kunnen worden gemaakt";
    may_be_made, "the answer to an earlier request was lost, so the product may still make it; look in the product, and set it in the ticket", "het antwoord op een eerder verzoek ging verloren, dus het product kan het nog maken; kijk in het product, en vul het in het ticket in";
    is_inactive, "the one that itsmc made is inactive in the product", "het item dat itsmc maakte, is in het product niet actief";
    item_created(name: &str), "The configuration item {name} was created.", "Het configuratie-item {name} is gemaakt.";
    left_to_human(whom: &str), "A human has taken the ticket ({whom}), so it got a note instead.", "Een mens heeft het ticket overgenomen ({whom}); het kreeg in plaats daarvan een notitie.";
    template_parts(template: &str, parts: &str), "Template {template}: these parts cannot be applied: {parts}", "Sjabloon {template}: deze delen kunnen niet worden toegepast: {parts}";
    is_closed(state: &str), "The ticket is {state} and takes no change.", "Het ticket is {state} en neemt geen wijziging aan.";
    found_after_loss, "The reply was lost; the product shows the change.", "Het antwoord ging verloren; het product toont de wijziging.";
    recovered, "The ticket was there already: an earlier database of itsmc made it. It counts as taken by a human unless it is as it was made.", "Het ticket was er al: een eerdere database van itsmc heeft het gemaakt. Het geldt als door een mens overgenomen, tenzij het is zoals het gemaakt werd.";
    not_offered(operation: &str), "The product does not offer this: {operation}", "Het product biedt dit niet: {operation}";
    /// Incident, event or alert.
    kind: TicketKind {
        Incident => "incident", "incident";
        Event => "event", "gebeurtenis";
        Alert => "alert", "melding";
    }
    /// Where a ticket stands.
    state: TicketState {
        New => "new", "nieuw";
        InProgress => "in progress", "in behandeling";
        Resolved => "resolved", "opgelost";
        Closed => "closed", "gesloten";
        Cancelled => "cancelled", "geannuleerd";
        Gone => "gone", "verdwenen";
        Unknown => "unknown", "onbekend";
    }
    /// The same in six cells at most, for narrow terminals.
    state_short: TicketState {
        New => "new", "nieuw";
        InProgress => "busy", "bezig";
        Resolved => "done", "klaar";
        Closed => "closed", "dicht";
        Cancelled => "void", "af";
        Gone => "gone", "weg";
        Unknown => "?", "?";
    }
    /// How far a write is.
    outbox: OutboxState {
        Prepared => "waiting", "wacht";
        Sent => "sent, not confirmed", "verstuurd, niet bevestigd";
        Confirmed => "done", "uitgevoerd";
        Refused => "refused", "geweigerd";
        Unsure => "unsure", "onzeker";
    }
}

/// What is done to a ticket, in a word.
pub fn operation(lang: Lang, id: &str) -> &'static str {
    match id {
        "open" => lang.pick("open", "openen"),
        "note" => lang.pick("note", "notitie"),
        "update" => lang.pick("update", "bijwerken"),
        "resolve" => lang.pick("resolve", "oplossen"),
        "recover" => lang.pick("find the earlier ticket", "eerder ticket zoeken"),
        _ => lang.pick("reopen", "heropenen"),
    }
}

/// What to do about a write that is unsure for this reason.
pub fn of_unsure(lang: Lang, id: &str, fault: Option<&Fault>) -> String {
    match fault {
        Some(Fault::TicketUnproven { key, mark, alike }) => retry_unproven(lang, alike, key, mark, id),
        Some(fault @ Fault::EarlierUnknown { .. }) => super::fault::remedy(lang, fault),
        _ => retry_unsure(lang, id),
    }
}

/// How a human has taken a ticket.
pub fn taken(lang: Lang, taken: &Taken) -> String {
    match taken {
        Taken::Assigned { to } => assigned(lang, to),
        Taken::StateChanged { to } => state_changed(lang, to),
        Taken::Edited { user } => edited(lang, user),
    }
}

/// Why a configuration item was not made, as the end of a sentence.
fn why_not_made(lang: Lang, why: &NotMade) -> String {
    match why {
        NotMade::NoTable => no_table(lang).to_owned(),
        NotMade::SeveralTables { names } => several_tables(lang, &names.join(", ")),
        NotMade::NoColumn => no_column(lang).to_owned(),
        NotMade::NoOperation { detail } => no_operation(lang, detail),
        NotMade::NoSearch => no_search(lang).to_owned(),
        NotMade::MayBeMade => may_be_made(lang).to_owned(),
        NotMade::Inactive => is_inactive(lang).to_owned(),
    }
}

/// A finding in one line.
pub fn finding(lang: Lang, found: &TicketFinding) -> String {
    match found {
        TicketFinding::DroppedFields { fields } => dropped(lang, &fields.join(", ")),
        TicketFinding::OwnIdIgnored { .. } => own_id(lang).to_owned(),
        TicketFinding::Doubled { kept, others, links } => {
            let with_link = |(place, other): (usize, &String)| match links.get(place) {
                Some(link) => format!("{other} ({link})"),
                None => other.clone(),
            };
            let others: Vec<_> = others.iter().enumerate().map(with_link).collect();
            doubled(lang, kept, &others.join(", "))
        }
        TicketFinding::ReferenceUnknown { field, name, found: 0 } => no_reference(lang, field, name),
        TicketFinding::ReferenceUnknown { field, name, found } => several_references(lang, field, name, *found),
        TicketFinding::ItemUnknown { name } => item_unknown(lang, name),
        TicketFinding::ItemUnclear { name, found } => item_unclear(lang, name, &found.join(", ")),
        TicketFinding::ItemFailed { name, fault: why } => item_failed(lang, name, &fault::summary(lang, why)),
        TicketFinding::ItemNotMade { name, why } => item_not_made(lang, name, &why_not_made(lang, why)),
        TicketFinding::ItemCreated { name, .. } => item_created(lang, name),
        TicketFinding::LeftToHuman { taken: by } => left_to_human(lang, &taken(lang, by)),
        TicketFinding::TemplateParts { template, left_out } => template_parts(lang, template, &left_out.join(", ")),
        TicketFinding::Closed { state: now } => is_closed(lang, state(lang, *now)),
        TicketFinding::FoundAfterLoss => found_after_loss(lang).to_owned(),
        TicketFinding::Recovered => recovered(lang).to_owned(),
        TicketFinding::NotOffered { operation: what } => not_offered(lang, what),
    }
}
