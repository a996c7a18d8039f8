//! What the dashboard says, and what tiles share with the screen of a connection.

use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// Sync every connection.
    sync_all, "sync all", "alles synchroniseren";
    /// Stop what runs.
    stop, "stop", "stoppen";
    /// Search.
    find, "find", "zoeken";
    /// Read anew.
    reload, "reload", "opnieuw laden";
    /// Focus to the right.
    right, "right", "naar rechts";
    /// Focus to the left.
    left, "left", "naar links";
    /// The next one.
    next, "next", "volgende";
    /// The previous one.
    previous, "previous", "vorige";
    /// The first one.
    first, "first", "eerste";
    /// The last one.
    last, "last", "laatste";
    /// One connection.
    one_connection, "1 connection", "1 verbinding";
    /// So many connections.
    connections(count: usize), "{count} connections", "{count} verbindingen";
    /// Which tile of how many has the focus.
    tile_of(nth: usize, count: usize), "tile {nth} of {count}", "tegel {nth} van {count}";
    /// While the config is read.
    reading_config, "Reading the configuration…", "Configuratie wordt gelezen…";
    /// The config could not be read.
    config_failed, "The configuration could not be read", "De configuratie kon niet worden gelezen";
    /// What to press.
    press_reload, "When it is mended, press r to read it again.", "Druk op r om haar opnieuw te lezen als ze hersteld is.";
    /// The first screen's heading.
    welcome, "Welcome to itsmc", "Welkom bij itsmc";
    /// What this is.
    about, "It connects your IT service management product to Azure Monitor: incidents and change requests are synced, kept on this machine and shown here.",
        "Het verbindt uw product voor IT-servicebeheer met Azure Monitor: incidenten en wijzigingsaanvragen worden gesynchroniseerd, op deze machine bewaard en hier getoond.";
    /// How to begin.
    begin, "sets up the first connection, tested step by step", "zet de eerste verbinding op, stap voor stap getest";
    /// How to look around; the program's name stands before.
    try_demo, "in a shell: the same on practice servers; touches nothing of yours",
        "in een shell: hetzelfde op oefenservers; raakt niets van u aan";
    /// Incidents.
    incidents, "Incidents", "Incidenten";
    /// Change requests.
    change_requests, "Change requests", "Wijzigingen";
    /// How many are open.
    open(count: &str), "open {count}", "open {count}";
    /// A kind that was never synced.
    not_synced_yet, "not synced yet", "nog niet gesynchroniseerd";
    /// Counts are on their way.
    counting, "counting…", "wordt geteld…";
    /// The last sync.
    synced(ago: &str), "Synced {ago}", "Gesynchroniseerd {ago}";
    /// The last sync, in little room.
    synced_short(ago: &str), "Synced {ago}", "Sync {ago}";
    /// The last sync ended with a fault.
    sync_failing(ago: &str, since: &str), "Failing since {since}, last tried {ago}", "Mislukt sinds {since}, laatste poging {ago}";
    /// The last sync.
    sync_failed(ago: &str), "Sync failed {ago}", "Synchronisatie mislukt {ago}";
    /// The last sync was stopped by the user.
    sync_stopped(ago: &str), "Stopped by you {ago}", "Door u gestopt {ago}";
    /// The last sync did not get everything.
    synced_partly(ago: &str), "Synced in part {ago}", "Deels gesynchroniseerd {ago}";
    /// How many it changed.
    changed(count: &str), "{count} changed", "{count} gewijzigd";
    /// No sync ever.
    never_synced, "Not synced yet", "Nog niet gesynchroniseerd";
    /// When the next one comes.
    next_sync(until: &str), "next {until}", "volgende {until}";
    /// The schedule is off.
    schedule_off, "no schedule", "geen schema";
    /// The schedule waits for the admin.
    schedule_paused, "paused: s tries again", "gepauzeerd: s probeert opnieuw";
    /// A sync began and has not told anything yet.
    sync_begins, "Syncing…", "Synchroniseren…";
    /// A verification began and has not told anything yet.
    verify_begins, "Verifying…", "Controleren…";
    /// A sync was asked to stop.
    stopping, "Stopping: what has come is being stored…", "Stopt: wat binnen is wordt opgeslagen…";
    /// The product asked to wait.
    waits(until: &str), "The product asked to wait: goes on {until}", "Het product vroeg te wachten: verder {until}";
    /// How long the sign-in lasts, in little room.
    sign_in_short(days: &str, date: &str), "Sign-in {days}, till {date}", "Aangemeld: {days}, tot {date}";
    /// The same, with a lifespan that was not read.
    sign_in_short_assumed(date: &str), "Signed in till {date} (assumed)", "Aangemeld tot {date} (aanname)";
    /// How long the sign-in lasts.
    sign_in_lasts(days: &str, date: &str), "Sign-in lasts {days} (till {date})", "Aanmelding geldt nog {days} (tot {date})";
    /// The same, with a lifespan that was not read.
    sign_in_lasts_assumed(days: &str, date: &str), "Sign-in lasts {days} (till {date}, assumed)", "Aanmelding geldt nog {days} (tot {date}, aangenomen)";
    /// A refresh token that lives as long as it is used.
    sign_in_while_used, "Sign-in lasts while it is used", "Aanmelding blijft zolang ze gebruikt wordt";
    /// The same in little room.
    sign_in_while_used_short, "Signed in while in use", "Aangemeld zolang in gebruik";
    /// Client credentials: no token of ours ends it.
    sign_in_endless, "Sign-in lasts as long as its client secret", "Aanmelding geldt zolang het clientgeheim geldt";
    /// The same in little room.
    sign_in_endless_short, "Signed in by client secret", "Aangemeld met clientgeheim";
    /// The sign-in is over.
    sign_in_over(date: &str), "Sign-in ended on {date}", "Aanmelding geëindigd op {date}";
    /// The same, with a lifespan that was not read.
    sign_in_over_assumed(date: &str), "Sign-in ended on {date} (assumed)", "Aanmelding geëindigd op {date} (aangenomen)";
    /// A client secret that ends soon or is over.
    client_secret_expires(date: &str), "Client secret expires on {date}", "Clientgeheim verloopt op {date}";
    /// Nothing is known of the sign-in.
    sign_in_unknown, "Sign-in: not known yet", "Aanmelding: nog niet bekend";
    /// A server on this machine.
    practice, "practice", "oefening";
    /// The last sync left something out without a fault.
    incomplete, "The last sync was incomplete", "De laatste synchronisatie was onvolledig";
    /// Rows that the product counted but did not show.
    hidden(count: &str), "the product hid {count} rows from this user", "het product verborg {count} rijen voor deze gebruiker";
    /// The strip under the tiles.
    connector_status, "Connector status", "Status van de connector";
    /// The sign-in was refused or is over.
    signed_out, "signed out", "afgemeld";
    /// A choice that was left empty.
    unset, "none", "geen";
    /// Everything is well.
    no_fault, "no fault", "geen storing";
}

/// The plural of a kind, as tiles show it.
pub fn kinds(lang: Lang, kind: WorkItemKind) -> &'static str {
    match kind {
        WorkItemKind::Incident => incidents(lang),
        WorkItemKind::ChangeRequest => change_requests(lang),
    }
}

/// So many connections, with the word.
pub fn how_many(lang: Lang, count: usize) -> String {
    if count == 1 { one_connection(lang).to_owned() } else { connections(lang, count) }
}
