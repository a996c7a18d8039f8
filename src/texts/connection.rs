//! What the screen of a connection says.

use crate::model::items::ItemColumn;
use crate::model::lang::Lang;
use crate::model::mapping::ATTRIBUTES;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// The name of a kind.
    kind: WorkItemKind {
        Incident => "Incident", "Incident";
        ChangeRequest => "Change request", "Wijzigingsaanvraag";
    }
    /// The head of a column.
    table_head: ItemColumn {
        Kind => "Kind", "Soort";
        Number => "Number", "Nummer";
        Title => "Title", "Titel";
        State => "State", "Status";
        Priority => "Priority", "Prioriteit";
        Assignee => "Assignee", "Behandelaar";
        Group => "Group", "Groep";
        Computer => "CI", "CI";
        Opened => "Opened", "Geopend";
        Changed => "Updated", "Bijgewerkt";
    }
    key_browser, "browser", "browser";
    key_export, "export", "exporteren";
    key_write, "write", "schrijven";
    export_title, "Export the rows of the table", "De rijen van de tabel exporteren";
    export_file, "File", "Bestand";
    export_csv, "CSV for a spreadsheet", "CSV voor een rekenblad";
    export_json, "one JSON document", "één JSON-document";
    export_ends, "end the name in .csv or .json", "laat de naam eindigen op .csv of .json";
    export_runs, "Writing…", "Schrijven…";
    export_about, "All rows that match are written, with every column. The same as a command:",
        "Alle gevonden rijen worden weggeschreven, met alle kolommen. Hetzelfde als opdracht:";
    key_sort, "sort", "sorteren";
    key_reverse, "reverse order", "omkeren";
    key_columns, "columns", "kolommen";
    key_by_width, "automatic", "automatisch";
    columns_title, "Columns", "Kolommen";
    columns_by_width, "as many as suit the width", "zoveel als er passen";
    sorted_by(column: &str), "by {column}", "op {column}";
    key_filter, "filter", "filteren";
    key_all_rows, "all rows", "alle rijen";
    key_to_rows, "to the list", "naar de lijst";
    key_toggle, "choose", "kiezen";
    key_apply, "apply", "toepassen";
    key_clear, "clear all", "alles wissen";
    key_scroll_down, "scroll down", "omlaag schuiven";
    key_scroll_up, "scroll up", "omhoog schuiven";
    key_page_down, "page down", "pagina omlaag";
    key_page_up, "page up", "pagina omhoog";
    key_next_tab, "next tab", "tabblad";
    key_previous_tab, "previous tab", "vorig tabblad";
    key_test, "test", "testen";
    key_run_step, "run step", "stap uitvoeren";
    key_remove, "remove", "verwijderen";
    key_sign_in, "sign in", "aanmelden";
    key_create_user, "create the user", "gebruiker aanmaken";
    key_other_field, "other field", "ander veld";
    key_admin, "admin sign-in", "beheerder";
    key_end_admin, "end admin session", "beheer beëindigen";
    key_sign_in_again, "sign in again", "aanmelden";
    key_fix, "plan fix", "herstelplan";
    key_fix_all, "plan all fixes", "plan voor alles";
    key_make_changes, "make these changes", "wijzigingen uitvoeren";
    key_next_fix, "next", "volgende";
    key_copy_request, "copy request", "verzoek kopiëren";
    key_confirm, "confirm", "bevestigen";
    key_withdraw, "withdraw", "intrekken";
    key_on_request, "test on request", "test op verzoek";
    key_look_again, "check again", "controleren";
    key_new_secret, "new client secret", "nieuw geheim";
    key_rotate, "rotate", "roteren";
    key_mark, "mark", "markeren";
    key_revoke, "revoke", "intrekken";
    key_revoke_stale, "revoke stale", "intrekken";
    tab_checklist, "Checklist", "Checklist";
    tab_tokens, "Tokens", "Tokens";
    tab_items, "Work items", "Werkitems";
    tab_activity, "Activity", "Activiteit";
    tab_test, "Test", "Test";
    row_of(nth: &str, total: &str), "row {nth} of {total}", "rij {nth} van {total}";
    row_about_of(nth: &str, total: &str), "row ~{nth} of {total}", "rij ~{nth} van {total}";
    more_than(count: &str), "more than {count}", "meer dan {count}";
    more_rows_than(count: &str), "more than {count} rows", "meer dan {count} rijen";
    times_in(zone: &str), "times in {zone}", "tijden in {zone}";
    entry_of(nth: usize, total: usize), "entry {nth} of {total}", "item {nth} van {total}";
    all_items, "all work items", "alle werkitems";
    only_open, "open", "open";
    only_closed, "closed", "gesloten";
    only_removed, "removed", "verwijderd";
    search, "find", "zoek";
    search_hint, "words of number, title or description", "woorden uit nummer, titel of beschrijving";
    searching, "searching…", "zoeken…";
    loading, "loading…", "laden…";
    no_items_in_scope(days: u64), "No work items changed within the past {days} days.", "Geen werkitems gewijzigd in de afgelopen {days} dagen.";
    no_items, "No work items are stored yet. Press s to sync.", "Er zijn nog geen werkitems opgeslagen. Druk op s om te synchroniseren.";
    no_match, "No work item matches. Press Esc to clear the search, F to clear the filter.", "Geen werkitems gevonden. Druk op Esc om de zoektekst te wissen, op F om het filter te wissen.";
    no_match_typing, "No work item matches. Esc leaves the search field; then Esc clears the search, F the filter.", "Geen werkitems gevonden. Esc sluit het zoekveld; daarna wist Esc de zoektekst en F het filter.";
    item_gone, "This work item is no longer stored.", "Dit werkitem is niet meer opgeslagen.";
    filter_title, "Filter", "Filter";
    group_kind, "Kind", "Soort";
    group_open, "Open or closed", "Open of gesloten";
    group_state(kind: &str), "State: {kind}", "Status: {kind}";
    group_opened, "Opened", "Geopend";
    group_group, "Assignment group", "Toewijzingsgroep";
    group_assignee, "Assignee", "Behandelaar";
    no_group, "no group", "geen groep";
    nobody, "nobody", "niemand";
    opened_today, "today", "vandaag";
    opened_past(days: u32), "past {days} days", "afgelopen {days} dagen";
    opened_since(date: &str), "since {date}", "vanaf {date}";
    only_opened_since(date: &str), "opened since {date}", "geopend vanaf {date}";
    only_opened_before(date: &str), "opened before {date}", "geopend voor {date}";
    choice_hint, "words of a choice", "woorden uit een keuze";
    no_choice, "No choice matches.", "Geen keuze gevonden.";
    group_priority, "Priority", "Prioriteit";
    no_activity, "No activity yet.", "Nog geen activiteit.";
    log_synced(changed: &str, added: &str, updated: &str), "synced: {changed} changed ({added} new, {updated} updated)", "gesynchroniseerd: {changed} gewijzigd ({added} nieuw, {updated} bijgewerkt)";
    log_sync_failed(fault: &str), "sync failed: {fault}", "synchronisatie mislukt: {fault}";
    log_sync_stopped(changed: &str), "sync stopped by you: {changed} changed", "synchronisatie door u gestopt: {changed} gewijzigd";
    log_sync_partly(changed: &str), "sync incomplete: {changed} changed", "synchronisatie onvolledig: {changed} gewijzigd";
    log_fetched(fetched: &str, unchanged: &str), "{fetched} fetched, {unchanged} unchanged", "{fetched} opgehaald, {unchanged} ongewijzigd";
    log_test_passed, "live test passed", "livetest geslaagd";
    log_test_failed, "live test failed", "livetest mislukt";
    log_test_failed_at(step: &str), "live test failed at: {step}", "livetest mislukt bij: {step}";
    log_added, "connection added", "verbinding toegevoegd";
    log_edited(keys: &str), "connection changed: {keys}", "verbinding gewijzigd: {keys}";
    log_signed_in, "signed in", "aangemeld";
    log_fixed(by: &str, changes: &str), "changed by {by}: {changes}", "gewijzigd door {by}: {changes}";
    log_confirmed(items: &str), "confirmed by you: {items}", "door u bevestigd: {items}";
    log_withdrawn(item: &str), "confirmation withdrawn: {item}", "bevestiging ingetrokken: {item}";
    log_rotated(revoked: usize), "tokens rotated, {revoked} revoked", "tokens geroteerd, {revoked} ingetrokken";
    log_revoked(tokens: &str), "tokens revoked: {tokens}", "tokens ingetrokken: {tokens}";
    log_replaced_revoked(count: usize), "replaced tokens revoked: {count}", "vervangen tokens ingetrokken: {count}";
    log_replaced_live(tokens: &str), "replaced tokens, not revoked: {tokens}", "vervangen tokens, niet ingetrokken: {tokens}";
    log_not_revoked(why: &str), "tokens not revoked: {why}", "tokens niet ingetrokken: {why}";
}

crate::texts! {
    looking, "checking…", "controleren…";
    looked_at(seen: usize), "checking… {seen} done", "controleren… {seen} klaar";
    copy_request(product: &str), "Press c to copy a request to the admin of {product}.", "Druk op c om een verzoek aan de beheerder van {product} te kopiëren.";
    can_confirm, "If you know that this is done, press space to confirm it.", "Weet u dat dit in orde is, druk dan op spatie om het te bevestigen.";
    can_withdraw, "Press space to withdraw your confirmation.", "Druk op spatie om uw bevestiging in te trekken.";
    can_request, "Press T to run this test (you will be asked to confirm).", "Druk op T om deze test uit te voeren (u wordt om bevestiging gevraagd).";
    request_later, "After saving, press T on the Checklist tab to run this test.", "Druk na het opslaan op T op het tabblad Checklist om deze test uit te voeren.";
    still_unseen, "Check result", "Resultaat van de controle";
    admin_could_fix, "itsmc can fix this once an admin has signed in (A)", "itsmc kan dit herstellen nadat een beheerder zich heeft aangemeld (A)";
    tab_could_fix, "After saving, an admin can fix this on the Checklist tab", "Na het opslaan kan een beheerder dit herstellen op het tabblad Checklist";
    can_fix, "Press p to plan this fix", "Druk op p voor het herstelplan";
    link, "See", "Zie";
    asked, "Requests", "Verzoeken";
    prompt_admin, "Admin sign-in", "Beheerder aanmelden";
    prompt_rotate, "Sign in again", "Opnieuw aanmelden";
    prompt_new_user, "New integration user", "Nieuwe integratiegebruiker";
    prompt_admin_about, "For this session only: it is not stored, and it ends when you close this connection.",
        "Alleen voor deze sessie: er wordt niets bewaard, en de sessie eindigt als u deze verbinding sluit.";
    prompt_rotate_about(user_name: &str), "Enter the password of {user_name} to get new tokens. The old ones are revoked once the new ones work.",
        "Vul het wachtwoord van {user_name} in om nieuwe tokens te krijgen. De oude worden ingetrokken zodra de nieuwe werken.";
    prompt_new_user_about(user_name: &str), "Choose a password for {user_name} and repeat it. Press Enter to create the user.",
        "Kies een wachtwoord voor {user_name} en herhaal het. Druk op Enter om de gebruiker aan te maken.";
    prompt_user, "User name", "Gebruikersnaam";
    prompt_password, "Password", "Wachtwoord";
    prompt_again, "Repeat password", "Wachtwoord herhalen";
    prompt_differs, "The passwords differ.", "De wachtwoorden verschillen.";
    prompt_secret, "Client secret", "Clientgeheim";
    prompt_expires, "Expires on", "Verloopt op";
    prompt_optional(field: &str), "{field} (optional)", "{field} (optioneel)";
    prompt_no_day, "Enter a date such as 2027-06-30.", "Vul een datum in zoals 2027-06-30.";
    prompt_new_secret, "New client secret", "Nieuw clientgeheim";
    prompt_new_secret_about, "The new client secret is stored after a sign-in with it has worked; until then the old one stays in use. Enter its expiry date and itsmc warns you in time.",
        "Het nieuwe clientgeheim wordt opgeslagen nadat een aanmelding ermee is gelukt; tot dan blijft het oude in gebruik. Vul de vervaldatum in, dan waarschuwt itsmc op tijd.";
    prompt_new_secret_password, "The password is needed only if the sign-in has expired.",
        "Het wachtwoord is alleen nodig als de aanmelding is verlopen.";
    prompt_lacks_both(user_name: &str), "Enter the password of {user_name} and the client secret: the stored secret is missing, or belongs to other settings.",
        "Vul het wachtwoord van {user_name} en het clientgeheim in: het opgeslagen geheim ontbreekt of hoort bij andere instellingen.";
    prompt_lacks_secret, "Enter the client secret: the stored one is missing, or belongs to other settings.",
        "Vul het clientgeheim in: het opgeslagen geheim ontbreekt of hoort bij andere instellingen.";
    signing_in, "signing in…", "aanmelden…";
    fix_previewing, "working out the changes…", "wijzigingen bepalen…";
    fix_will_change, "Press Enter to make these changes. Esc closes this without changes.",
        "Druk op Enter om deze wijzigingen uit te voeren. Esc sluit dit zonder wijzigingen.";
    fix_nothing, "Already as it should be; nothing to change.", "Alles is al zoals het hoort; er hoeft niets te wijzigen.";
    fix_applying, "Making the changes… This cannot be stopped halfway; wait for the result.",
        "Wijzigingen worden uitgevoerd… Dit kan niet halverwege worden gestopt; wacht op het resultaat.";
    fix_done(by: &str), "Done by {by} and verified:", "Gedaan door {by} en gecontroleerd:";
    fix_was_done, "Nothing had to be changed.", "Er hoefde niets te wijzigen.";
    fix_rechecked, "The checklist is being checked again; it shows what has changed.",
        "De checklist wordt opnieuw gecontroleerd en toont wat er is gewijzigd.";
    fix_of(nth: usize, all: usize), "Change {nth} of {all}", "Wijziging {nth} van {all}";
    todo_signed_out, "Signed out: press R to sign in again.", "Afgemeld: druk op R om u opnieuw aan te melden.";
    todo_rotate(days: &str), "The sign-in expires in {days}: press R to sign in again.", "De aanmelding verloopt over {days}: druk op R om u opnieuw aan te melden.";
    todo_over, "The sign-in has expired: press R to sign in again.", "De aanmelding is verlopen: druk op R om opnieuw aan te melden.";
    todo_secret_refused, "Signed out: the product refused the client secret. Press n to enter a new one.", "Afgemeld: het product weigerde het clientgeheim. Druk op n om een nieuw in te vullen.";
    todo_secret_ends(days: &str, date: &str), "The client secret expires in {days} ({date}): press n to enter a new one.", "Het clientgeheim verloopt over {days} ({date}): druk op n om een nieuw in te vullen.";
    todo_secret_over(date: &str), "The client secret expired on {date}: press n to enter a new one.", "Het clientgeheim is verlopen op {date}: druk op n om een nieuw in te vullen.";
    todo_stale(count: usize), "Tokens to revoke: {count}. Press V to revoke them.", "In te trekken tokens: {count}. Druk op V om ze in te trekken.";
    todo_nothing, "Nothing to do.", "Niets te doen.";
    todo_nothing_held, "Nothing to do for the tokens that itsmc holds.", "Niets te doen voor de tokens die itsmc bewaart.";
    todo_unread(why: &str), "The product's tokens are unknown: {why}", "De tokens van het product zijn onbekend: {why}";
    todo_gets_token, "Nothing to do: the next sync gets a token.", "Niets te doen: de volgende synchronisatie haalt een token op.";
    token_issued(ago: &str), "issued {ago}", "uitgegeven {ago}";
    token_ends(until: &str, date: &str), "expires {until} ({date})", "verloopt {until} ({date})";
    token_ends_assumed(until: &str, date: &str), "expires about {date} ({until})", "verloopt rond {date} ({until})";
    token_ended(date: &str), "expired on {date}", "verlopen op {date}";
    token_used(ago: &str), "last used {ago}", "laatst gebruikt {ago}";
    token_retired(ago: &str), "replaced {ago}, not yet revoked", "{ago} vervangen, nog niet ingetrokken";
    token_held(fingerprint: &str), "token {fingerprint}", "token {fingerprint}";
    token_listed(id: &str), "token in row {id}", "token in rij {id}";
    revoke_title, "Revoke tokens", "Tokens intrekken";
    rotate_title, "New tokens", "Nieuwe tokens";
    revoke_these(count: usize), "Tokens to revoke: {count}. Anything that uses them stops working at once.", "In te trekken tokens: {count}. Alles wat ze gebruikt, werkt meteen niet meer.";
    revoke_ends_sign_in(connection: &str), "{connection} uses the tokens marked ●. Revoking them signs it out: its data stays, it does not sync, and you must enter the password again.",
        "{connection} gebruikt de tokens met ●. Intrekken meldt de verbinding af: de gegevens blijven, er wordt niet gesynchroniseerd, en u moet het wachtwoord opnieuw invullen.";
    revoke_really, "Are you sure? Press V to revoke.", "Weet u het zeker? Druk op V om in te trekken.";
    revoke_in_use(connection: &str), "{connection} uses the tokens marked ●; it gets a new one with its refresh token.",
        "{connection} gebruikt de tokens met ●; met het vernieuwingstoken wordt een nieuw opgehaald.";
    fix_title, "Change in ServiceNow", "Wijziging in ServiceNow";
    revoking, "revoking…", "intrekken…";
    rotated_revoked(count: usize), "Old tokens revoked (checked: refused now): {count}.", "Oude tokens ingetrokken (gecontroleerd: worden nu geweigerd): {count}.";
    rotated_left(why: &str), "Some old tokens are not yet revoked: {why}. Close this, then press V to revoke them.", "Niet alle oude tokens zijn ingetrokken: {why}. Sluit dit en druk op V om ze in te trekken.";
    revoked_as_admin, "Close this, then press A to sign in as an admin.", "Sluit dit en druk op A om u als beheerder aan te melden.";
    rotated_meanwhile, "Press Esc to go back; it keeps running.", "Druk op Esc om terug te gaan; het loopt door.";
    rotation_failed, "Not finished.", "Niet voltooid.";
    rotation_refused, "Not finished: no token was replaced or revoked.", "Niet voltooid: er is geen token vervangen of ingetrokken.";
    step_running, "running…", "bezig…";
    test_hint, "Press t to test every step, Enter to run the selected step.", "Druk op t om elke stap te testen, op Enter om de gekozen stap uit te voeren.";
    cause, "Cause", "Oorzaak";
    remedy, "Do", "Oplossing";
    column_number, "Number", "Nummer";
    column_state, "State", "Status";
    column_priority, "Priority", "Prioriteit";
    column_title, "Title", "Titel";
    column_updated, "Updated", "Bijgewerkt";
    field_kind, "Kind", "Soort";
    field_open, "Open", "Open";
    field_opened, "Opened", "Geopend";
    yes, "yes", "ja";
    no, "no", "nee";
}

/// Yes or no.
pub fn yes_or_no(lang: Lang, it_is: bool) -> &'static str {
    if it_is { yes(lang) } else { no(lang) }
}

/// The label of any attribute, of the main ones too.
pub fn column(lang: Lang, name: &str) -> String {
    match name {
        "id" => "id".to_owned(),
        "number" => column_number(lang).to_owned(),
        "title" => column_title(lang).to_owned(),
        "state" => column_state(lang).to_owned(),
        "priority" => column_priority(lang).to_owned(),
        "open" => field_open(lang).to_owned(),
        "opened_at" => field_opened(lang).to_owned(),
        "updated_at" => column_updated(lang).to_owned(),
        name => field(lang, name),
    }
}

/// The label of a mapped attribute; one that no translation knows is shown by its name.
pub fn field(lang: Lang, name: &str) -> String {
    if let (Lang::Nl, Some(label)) = (lang, dutch_field(name)) {
        return label.to_owned();
    }
    match name {
        "made_sla" => return "SLA met".to_owned(),
        "correlation_id" => return "Correlation ID".to_owned(),
        _ => {}
    }
    let words = name.trim_end_matches("_at").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn dutch_field(name: &str) -> Option<&'static str> {
    DUTCH_FIELDS.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

const DUTCH_FIELDS: &[(&str, &str)] = &[
    ("approval", "Goedkeuring"),
    ("assigned_to", "Toegewezen aan"),
    ("assignment_group", "Toewijzingsgroep"),
    ("caller", "Melder"),
    ("category", "Categorie"),
    ("caused_by", "Veroorzaakt door"),
    ("change_request", "Wijzigingsaanvraag"),
    ("close_code", "Sluitcode"),
    ("close_notes", "Sluitnotities"),
    ("closed_at", "Gesloten"),
    ("closed_by", "Gesloten door"),
    ("configuration_item", "Configuratie-item"),
    ("conflict_status", "Conflictstatus"),
    ("correlation_id", "Correlatie-id"),
    ("created_at", "Aangemaakt"),
    ("created_by", "Aangemaakt door"),
    ("description", "Beschrijving"),
    ("escalation", "Escalatie"),
    ("hold_reason", "Reden van wachten"),
    ("impact", "Impact"),
    ("location", "Locatie"),
    ("made_sla", "SLA gehaald"),
    ("on_hold", "In de wacht"),
    ("opened_by", "Geopend door"),
    ("phase", "Fase"),
    ("planned_end_at", "Gepland einde"),
    ("planned_start_at", "Geplande start"),
    ("problem", "Probleem"),
    ("reassignment_count", "Keer hertoegewezen"),
    ("reopen_count", "Keer heropend"),
    ("requested_at", "Gevraagd op"),
    ("resolved_at", "Opgelost"),
    ("resolved_by", "Opgelost door"),
    ("risk", "Risico"),
    ("service", "Service"),
    ("severity", "Ernst"),
    ("source", "Bron"),
    ("subcategory", "Subcategorie"),
    ("type", "Type"),
    ("update_count", "Keer bijgewerkt"),
    ("updated_by", "Bijgewerkt door"),
    ("urgency", "Urgentie"),
    ("work_end_at", "Werkelijk einde"),
    ("work_notes", "Werknotities"),
    ("work_start_at", "Werkelijke start"),
];

/// The attributes that `column` names itself.
const MAIN_COLUMNS: &[&str] = &["id", "number", "title", "state", "priority", "open", "opened_at", "updated_at"];

const _: () = assert!(every_attribute_has_a_label(), "an attribute of work items has no Dutch label");

const fn every_attribute_has_a_label() -> bool {
    let mut at = 0;
    while at < ATTRIBUTES.len() {
        if !is_labelled(ATTRIBUTES[at]) {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_labelled(name: &str) -> bool {
    let mut at = 0;
    while at < DUTCH_FIELDS.len() || at < MAIN_COLUMNS.len() {
        let dutch = at < DUTCH_FIELDS.len() && same(DUTCH_FIELDS[at].0, name);
        if dutch || (at < MAIN_COLUMNS.len() && same(MAIN_COLUMNS[at], name)) {
            return true;
        }
        at += 1;
    }
    false
}

/// `==` cannot be used in a constant.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}
