//! What the dashboard says, and what tiles share with the screen of a connection.

use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// The plural of a kind, as tiles show it.
    kinds: WorkItemKind {
        Incident => "Incidents", "Incidenten";
        ChangeRequest => "Change requests", "Wijzigingen";
    }
    sync_all, "sync all", "alles synchroniseren";
    stop, "stop", "stoppen";
    find, "find", "zoeken";
    reload, "reload", "opnieuw laden";
    right, "right", "naar rechts";
    left, "left", "naar links";
    next, "next", "volgende";
    previous, "previous", "vorige";
    first, "first", "eerste";
    last, "last", "laatste";
    one_connection, "1 connection", "1 verbinding";
    connections(count: usize), "{count} connections", "{count} verbindingen";
    tile_of(nth: usize, count: usize), "tile {nth} of {count}", "tegel {nth} van {count}";
    reading_config, "Reading the configuration…", "Configuratie wordt gelezen…";
    config_failed, "The configuration could not be read", "De configuratie kon niet worden gelezen";
    press_reload, "When it is mended, press r to read it again.", "Druk op r om haar opnieuw te lezen als ze hersteld is.";
    welcome, "Welcome to itsmc", "Welkom bij itsmc";
    about, "It syncs incidents and change requests of your IT service management product, keeps them on this machine and shows them here. Nothing is sent to Azure yet.",
        "Het synchroniseert incidenten en wijzigingsaanvragen van uw product voor IT-servicebeheer, bewaart ze op deze machine en toont ze hier. Er gaat nog niets naar Azure.";
    begin, "sets up the first connection, tested step by step", "zet de eerste verbinding op, stap voor stap getest";
    try_demo, "in a shell: the same on practice servers; touches nothing of yours",
        "in een shell: hetzelfde op oefenservers; raakt niets van u aan";
    open(count: &str), "open {count}", "open {count}";
    not_synced_yet, "not synced yet", "nog niet gesynchroniseerd";
    counting, "counting…", "wordt geteld…";
    synced(ago: &str), "Synced {ago}", "Gesynchroniseerd {ago}";
    synced_short(ago: &str), "Synced {ago}", "Sync {ago}";
    sync_failing(ago: &str, since: &str), "Failing since {since}, last tried {ago}", "Mislukt sinds {since}, laatste poging {ago}";
    sync_failed(ago: &str), "Sync failed {ago}", "Synchronisatie mislukt {ago}";
    sync_stopped(ago: &str), "Stopped by you {ago}", "Door u gestopt {ago}";
    synced_partly(ago: &str), "Synced in part {ago}", "Deels gesynchroniseerd {ago}";
    changed(count: &str), "{count} changed", "{count} gewijzigd";
    never_synced, "Not synced yet", "Nog niet gesynchroniseerd";
    next_sync(until: &str), "next {until}", "volgende {until}";
    schedule_off, "no schedule", "geen schema";
    schedule_paused, "paused: s tries again", "gepauzeerd: s probeert opnieuw";
    sync_begins, "Syncing…", "Synchroniseren…";
    verify_begins, "Verifying…", "Controleren…";
    stopping, "Stopping: what has come is being stored…", "Stopt: wat binnen is wordt opgeslagen…";
    waits(until: &str), "The product asked to wait: goes on {until}", "Het product vroeg te wachten: verder {until}";
    sign_in_short(days: &str, date: &str), "Sign-in {days}, till {date}", "Aangemeld: {days}, tot {date}";
    sign_in_short_assumed(date: &str), "Signed in till {date} (assumed)", "Aangemeld tot {date} (aanname)";
    sign_in_lasts(days: &str, date: &str), "Sign-in lasts {days} (till {date})", "Aanmelding geldt nog {days} (tot {date})";
    sign_in_lasts_assumed(days: &str, date: &str), "Sign-in lasts {days} (till {date}, assumed)", "Aanmelding geldt nog {days} (tot {date}, aangenomen)";
    sign_in_while_used, "Sign-in lasts while it is used", "Aanmelding blijft zolang ze gebruikt wordt";
    sign_in_while_used_short, "Signed in while in use", "Aangemeld zolang in gebruik";
    sign_in_endless, "Sign-in lasts as long as its client secret", "Aanmelding geldt zolang het clientgeheim geldt";
    sign_in_endless_short, "Signed in by client secret", "Aangemeld met clientgeheim";
    sign_in_over(date: &str), "Sign-in ended on {date}", "Aanmelding geëindigd op {date}";
    sign_in_over_assumed(date: &str), "Sign-in ended on {date} (assumed)", "Aanmelding geëindigd op {date} (aangenomen)";
    client_secret_lasts(days: &str, date: &str), "Client secret lasts {days} (till {date})", "Clientgeheim geldt nog {days} (tot {date})";
    client_secret_short(days: &str, date: &str), "Client secret {days}, till {date}", "Clientgeheim: {days}, tot {date}";
    client_secret_over(date: &str), "Client secret ended on {date}", "Clientgeheim geëindigd op {date}";
    sign_in_unknown, "Sign-in: not known yet", "Aanmelding: nog niet bekend";
    practice, "practice", "oefening";
    incomplete, "The last sync was incomplete", "De laatste synchronisatie was onvolledig";
    hidden(count: &str), "the product hid {count} rows from this user", "het product verborg {count} rijen voor deze gebruiker";
    connector_status, "Connector status", "Status van de connector";
    signed_out, "signed out", "afgemeld";
    unset, "none", "geen";
    no_fault, "no fault", "geen storing";
}

/// So many connections, with the word.
pub fn how_many(lang: Lang, count: usize) -> String {
    if count == 1 { one_connection(lang).to_owned() } else { connections(lang, count) }
}
