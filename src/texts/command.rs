//! Heads of tables, totals and notices that the commands print.

use crate::model::lang::Lang;

/// How many connections, with the word.
pub fn connections(lang: Lang, count: usize) -> String {
    if count == 1 { one_connection(lang).to_owned() } else { connections_(lang, count) }
}

crate::texts! {
    one_connection, "1 connection", "1 verbinding";
    connections_(count: usize), "{count} connections", "{count} verbindingen";
    connection, "connection", "verbinding";
    kind, "kind", "soort";
    number, "number", "nummer";
    state, "state", "status";
    priority, "priority", "prioriteit";
    changed, "changed", "gewijzigd";
    title, "title", "titel";
    name, "name", "naam";
    product, "product", "product";
    server, "server", "server";
    items, "items", "items";
    open, "open", "open";
    synced, "synced", "gesynchroniseerd";
    sign_in, "sign-in", "aanmelding";
    item, "item", "item";
    found, "found", "bevinding";
    setting, "setting", "instelling";
    value, "value", "waarde";
    never, "never", "nooit";
    shown_of(shown: &str, total: &str), "{shown} of {total} shown; --limit N shows more", "{shown} van {total} getoond; --limit N toont meer";
    shown_of_more(shown: &str, total: &str), "{shown} of more than {total} shown; --limit N shows more", "{shown} van meer dan {total} getoond; --limit N toont meer";
    no_items, "No work item matches.", "Geen werkitem gevonden.";
    nothing_synced, "No work items are stored yet. Next: itsmc sync", "Er zijn nog geen werkitems opgeslagen. Volgende stap: itsmc sync";
    unknown_state(given: &str, known: &str), "No stored work item has the state '{given}'; known: {known}", "Geen opgeslagen werkitem heeft de status '{given}'; bekend: {known}";
    unknown_priority(given: &str, known: &str), "No stored work item has the priority '{given}'; known: {known}", "Geen opgeslagen werkitem heeft de prioriteit '{given}'; bekend: {known}";
    unknown_group(given: &str, known: &str), "No stored work item has the assignment group '{given}'; known: {known}", "Geen opgeslagen werkitem heeft de toewijzingsgroep '{given}'; bekend: {known}";
    unknown_assignee(given: &str, known: &str), "No stored work item has the assignee '{given}'; known: {known}", "Geen opgeslagen werkitem heeft de behandelaar '{given}'; bekend: {known}";
    and_others(known: &str, others: usize), "{known} and {others} more", "{known} en nog {others}";
    not_synced, "not synced", "niet gesynchroniseerd";
    till(date: &str), "until {date}", "tot {date}";
    about_till(date: &str), "until about {date}", "tot ongeveer {date}";
    while_secret, "as long as its secret", "zolang het geheim geldt";
    while_used, "while used", "zolang gebruikt";
    did_you_mean(near: &str), "Did you mean '{near}'?", "Bedoelde u '{near}'?";
    there_are(known: &str), "There are: {known}", "Er zijn: {known}";
    name_missing(known: &str), "NAME is missing; there are several connections: {known}", "NAAM ontbreekt; er zijn meer verbindingen: {known}";
    name_missing_no_connection, "NAME is missing, and there is no connection yet (itsmc connection add)", "NAAM ontbreekt, en er is nog geen verbinding (itsmc connection add)";
    unknown_setting(key: &str, known: &str), "unknown setting '{key}'; known: {known}", "onbekende instelling '{key}'; bekend: {known}";
    unknown_setting_near(key: &str, near: &str), "unknown setting '{key}'; did you mean {near}?", "onbekende instelling '{key}'; bedoelde u {near}?";
    unknown_partner_near(given: &str, near: &str), "unknown partner '{given}'; did you mean {near}?", "onbekende partner '{given}'; bedoelde u {near}?";
    no_such_file(path: &str), "{path} does not exist", "{path} bestaat niet";
    pages_written(count: usize, folder: &str), "Wrote {count} man pages to {folder}. Read one: man -l {folder}/itsmc.1", "{count} man-pagina's geschreven naar {folder}. Lees er een: man -l {folder}/itsmc.1";
}
