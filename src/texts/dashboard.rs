//! What the dashboard says, and what tiles share with the screen of a connection.

use super::reason;
use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// The plural of a kind, as tiles show it.
    kinds: WorkItemKind {
        Incident => "Incidents", "Incidenten";
        ChangeRequest => "Change requests", "Wijzigingsaanvragen";
    }
    /// The same where that has no room.
    kinds_short: WorkItemKind {
        Incident => "Incidents", "Incidenten";
        ChangeRequest => "Changes", "Wijzigingen";
    }
    sync_all, "sync all", "sync alles";
    stop, "stop", "stoppen";
    find, "find", "zoeken";
    filter, "filter", "filteren";
    leave_filter, "to the connections", "naar de verbindingen";
    show_all, "show all", "alles tonen";
    filter_hint, "words of name, product, address or state", "woorden uit naam, product, adres of status";
    no_connection_matches, "No connection matches. Press Esc to show all.", "Geen verbindingen gevonden. Druk op Esc om alles te tonen.";
    healthy(count: usize), "{count} healthy", "{count} gezond";
    all_healthy, "all healthy", "alle gezond";
    failing_one, "1 failing", "1 werkt niet";
    failing_many(count: usize), "{count} failing", "{count} werken niet";
    signed_out_count(count: usize), "{count} signed out", "{count} afgemeld";
    attention_one, "1 needs attention", "1 vraagt aandacht";
    attention_many(count: usize), "{count} need attention", "{count} vragen aandacht";
    not_synced_count(count: usize), "{count} not synced yet", "{count} nog niet gesynchroniseerd";
    column_connection, "Connection", "Verbinding";
    column_product, "Product", "Product";
    column_health, "State", "Status";
    column_open, "Open", "Open";
    column_sync, "Last sync", "Laatste sync";
    reload, "reload", "opnieuw laden";
    right, "right", "naar rechts";
    left, "left", "naar links";
    next, "next", "volgende";
    previous, "previous", "vorige";
    first, "first", "eerste";
    last, "last", "laatste";
    one_connection, "1 connection", "1 verbinding";
    connections(count: usize), "{count} connections", "{count} verbindingen";
    reading_config, "Reading the config file…", "Configuratiebestand lezen…";
    lost_one(name: &str), "{name} is no longer in the config file", "{name} staat niet meer in het configuratiebestand";
    lost_short(name: &str), "{name}: not in config.toml", "{name}: niet in config.toml";
    lost_all_short(count: usize), "{count} not in config.toml", "{count} niet in config.toml";
    lost(count: usize), "{count} things are stored here but no longer in the config file", "{count} onderdelen zijn hier opgeslagen maar staan niet meer in het configuratiebestand";
    config_failed, "Nothing was loaded", "Er is niets geladen";
    press_reload, "Press r to reload the file.", "Druk op r om het bestand opnieuw te laden.";
    welcome, "Welcome to itsmc", "Welkom bij itsmc";
    about, "It syncs incidents and change requests of your IT service management product, keeps them on this machine and shows them here. It can also send them to Azure Log Analytics (itsmc workspace add) and make tickets of Azure alerts (a).",
        "Het synchroniseert incidenten en wijzigingsaanvragen van uw product voor IT-servicebeheer, bewaart ze op deze machine en toont ze hier. Het kan ze ook naar Azure Log Analytics sturen (itsmc workspace add) en tickets maken van Azure-meldingen (a).";
    begin, "sets up the first connection and tests it step by step", "zet de eerste verbinding op en test die stap voor stap";
    try_demo, "in a shell: try it on practice servers; your own data is not touched",
        "in een shell: uitproberen op oefenservers; laat uw eigen gegevens ongemoeid";
    open(count: &str), "open {count}", "open {count}";
    new_a_day(days: usize), "new/day {days} d", "nieuw/dag {days} d";
    at_most(count: &str), "max {count}", "max {count}";
    not_synced_yet, "not synced yet", "nog niet gesynchroniseerd";
    counting, "counting work items…", "werkitems tellen…";
    synced(ago: &str), "Synced {ago}", "Sync {ago}";
    synced_short(ago: &str), "Synced {ago}", "Sync {ago}";
    sync_failing(ago: &str, since: &str), "Failing since {since}, last tried {ago}", "Mislukt sinds {since}, laatste poging {ago}";
    sync_failed(ago: &str), "Sync failed {ago}", "Sync mislukt {ago}";
    sync_stopped(ago: &str), "Stopped by you {ago}", "Door u gestopt {ago}";
    synced_partly(ago: &str), "Partly synced {ago}", "Deels gesynchroniseerd {ago}";
    changed(count: &str), "{count} changed", "{count} gewijzigd";
    never_synced, "Not synced yet", "Nog niet gesynchroniseerd";
    next_sync(until: &str), "next {until}", "volgende {until}";
    schedule_off, "no schedule", "geen schema";
    schedule_paused, "paused: press s to sync", "gepauzeerd: druk op s voor sync";
    sync_begins, "Syncing…", "Synchroniseren…";
    verify_begins, "Verifying…", "Verifiëren…";
    stopping, "Stopping: storing what arrived…", "Stoppen: opslaan wat binnen is…";
    waits_short(until: &str), "Continues {until}", "{until} verder";
    waits(until: &str), "Continues {until}: the product asked to wait", "Gaat {until} verder: het product vroeg te wachten";
    sign_in_short(days: &str, date: &str), "Sign-in {days}, until {date}", "Aangemeld: {days}, tot {date}";
    sign_in_short_assumed(date: &str), "Signed in until about {date}", "Aangemeld tot ongeveer {date}";
    sign_in_lasts(days: &str, date: &str), "Signed in until {date} ({days} left)", "Nog {days} aangemeld (tot {date})";
    sign_in_lasts_assumed(days: &str, date: &str), "Signed in until about {date} ({days} left)", "Nog {days} aangemeld (tot ongeveer {date})";
    sign_in_while_used, "Stays signed in while used", "Blijft aangemeld zolang de verbinding wordt gebruikt";
    sign_in_while_used_short, "Signed in while used", "Aangemeld bij gebruik";
    sign_in_endless, "Signed in until the client secret expires", "Aangemeld tot het clientgeheim verloopt";
    sign_in_endless_short, "Signed in with client secret", "Aangemeld met clientgeheim";
    sign_in_over(date: &str), "Sign-in expired on {date}", "Aanmelding verlopen op {date}";
    sign_in_over_assumed(date: &str), "Sign-in expired about {date}", "Aanmelding verlopen rond {date}";
    client_secret_lasts(days: &str, date: &str), "Client secret valid for {days} (until {date})", "Clientgeheim nog {days} geldig (tot {date})";
    client_secret_short(days: &str, date: &str), "Client secret {days}, until {date}", "Clientgeheim: {days}, tot {date}";
    client_secret_days(days: &str), "Client secret: {days}", "Clientgeheim: {days}";
    client_secret_ends(days: &str, date: &str), "Client secret expires in {days} ({date})", "Clientgeheim verloopt over {days} ({date})";
    client_secret_over(date: &str), "Client secret expired on {date}", "Clientgeheim verlopen op {date}";
    sign_in_unknown, "Sign-in: unknown", "Aanmelding: onbekend";
    practice, "practice", "oefening";
    incomplete, "The last sync was incomplete", "De laatste synchronisatie was onvolledig";
    hidden(rows: &str), "the product hid {rows} from this user", "het product verborg {rows} voor deze gebruiker";
    connector_status, "Connector status", "Status van de connector";
    is_signed_out, "Signed out", "Afgemeld";
    config_stale_(reason: &str), "The config file cannot be read: {reason}. Correct it, then press r.", "Het configuratiebestand is niet te lezen: {reason}. Verbeter het en druk op r.";
    correct_and_press, "Correct it, then press r.", "Verbeter het en druk op r.";
    signed_out_key, "Signed out: press R", "Afgemeld: druk op R";
    unset, "none", "geen";
    no_fault, "no fault", "geen storing";
}

/// That the config file cannot be read now, with why.
pub fn config_stale(lang: Lang, why: &str) -> String {
    config_stale_(lang, &reason::told(lang, why))
}

/// How many connections are failing; Dutch needs the plural of the verb.
pub fn failing(lang: Lang, count: usize) -> String {
    if count == 1 { failing_one(lang).to_owned() } else { failing_many(lang, count) }
}

/// How many connections need attention.
pub fn attention(lang: Lang, count: usize) -> String {
    if count == 1 { attention_one(lang).to_owned() } else { attention_many(lang, count) }
}

/// So many connections, with the word.
pub fn how_many(lang: Lang, count: usize) -> String {
    if count == 1 { one_connection(lang).to_owned() } else { connections(lang, count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_connections_are_counted_in_the_word_of_their_tiles() {
        assert_eq!([1, 2].map(|count| failing(Lang::En, count)), ["1 failing", "2 failing"]);
        assert_eq!([1, 2].map(|count| failing(Lang::Nl, count)), ["1 werkt niet", "2 werken niet"]);
    }
}
