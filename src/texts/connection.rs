//! What the screen of a connection says.

use crate::model::lang::Lang;
use crate::model::mapping::ATTRIBUTES;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// The name of a kind.
    kind: WorkItemKind {
        Incident => "Incident", "Incident";
        ChangeRequest => "Change request", "Wijzigingsaanvraag";
    }
    key_filter, "filter", "filteren";
    key_all_rows, "all rows", "alle rijen";
    key_to_rows, "to the rows", "naar de rijen";
    key_toggle, "choose", "kiezen";
    key_apply, "apply", "toepassen";
    key_clear, "clear", "wissen";
    key_scroll_down, "scroll down", "omlaag schuiven";
    key_scroll_up, "scroll up", "omhoog schuiven";
    key_page_down, "page down", "pagina omlaag";
    key_page_up, "page up", "pagina omhoog";
    key_next_tab, "next tab", "volgend tabblad";
    key_previous_tab, "previous tab", "vorig tabblad";
    key_test, "test", "testen";
    key_run_all, "run all", "alles uitvoeren";
    key_run_step, "run step", "stap uitvoeren";
    key_stop_sync, "stop sync", "synchronisatie stoppen";
    key_remove, "remove", "verwijderen";
    key_sign_in, "go on", "verder";
    key_other_field, "other field", "ander veld";
    key_admin, "admin sign-in", "beheerder aanmelden";
    key_end_admin, "end admin session", "beheersessie beëindigen";
    key_sign_in_again, "sign in again", "opnieuw aanmelden";
    key_mend, "fix", "herstellen";
    key_mend_all, "fix all", "alles herstellen";
    key_make_changes, "make these changes", "wijzigingen uitvoeren";
    key_next_mend, "next", "volgende";
    key_copy_request, "copy request", "verzoek kopiëren";
    key_confirm, "confirm", "bevestigen";
    key_withdraw, "withdraw", "intrekken";
    key_on_request, "test on request", "test op verzoek";
    key_look_again, "look again", "opnieuw kijken";
    key_new_secret, "new client secret", "nieuw clientgeheim";
    key_rotate, "rotate", "vernieuwen";
    key_mark, "mark", "markeren";
    key_revoke, "revoke", "intrekken";
    key_revoke_stale, "revoke stale", "verouderde intrekken";
    tab_checklist, "Checklist", "Checklist";
    tab_tokens, "Tokens", "Tokens";
    tab_items, "Work items", "Werkitems";
    tab_activity, "Activity", "Activiteit";
    tab_test, "Test", "Test";
    row_of(nth: &str, total: &str), "row {nth} of {total}", "rij {nth} van {total}";
    row_about_of(nth: &str, total: &str), "row ~{nth} of {total}", "rij ~{nth} van {total}";
    rows(total: &str), "{total} rows", "{total} rijen";
    more_than(count: &str), "more than {count}", "meer dan {count}";
    entry_of(nth: usize, total: usize), "entry {nth} of {total}", "regel {nth} van {total}";
    all_items, "all work items", "alle werkitems";
    only_open, "open", "open";
    only_closed, "closed", "gesloten";
    only_removed, "removed", "verwijderd";
    search, "find", "zoek";
    search_hint, "words of number, title or description", "woorden uit nummer, titel of beschrijving";
    searching, "searching…", "zoeken…";
    loading, "loading…", "laden…";
    no_items, "No work items are stored yet. s syncs.", "Er zijn nog geen werkitems opgeslagen. s synchroniseert.";
    no_match, "No work item matches. Esc clears the search, F the filter.", "Geen werkitem voldoet. Esc wist de zoektekst, F het filter.";
    item_gone, "This work item is no longer stored.", "Dit werkitem is niet meer opgeslagen.";
    filter_title, "Filter", "Filter";
    group_kind, "Kind", "Soort";
    group_open, "Open or closed", "Open of gesloten";
    group_state(kind: &str), "State: {kind}", "Status: {kind}";
    group_priority, "Priority", "Prioriteit";
    no_activity, "Nothing happened yet.", "Er is nog niets gebeurd.";
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
    log_mended(by: &str, changes: &str), "changed by {by}: {changes}", "gewijzigd door {by}: {changes}";
    log_confirmed(items: &str), "confirmed by you: {items}", "door u bevestigd: {items}";
    log_withdrawn(item: &str), "confirmation withdrawn: {item}", "bevestiging ingetrokken: {item}";
    log_rotated(revoked: usize), "tokens rotated, {revoked} revoked", "tokens vernieuwd, {revoked} ingetrokken";
    log_revoked(tokens: &str), "tokens revoked: {tokens}", "tokens ingetrokken: {tokens}";
    log_not_revoked(why: &str), "tokens not revoked: {why}", "tokens niet ingetrokken: {why}";
}

crate::texts! {
    looking, "looking…", "kijken…";
    looked_at(seen: usize), "looking… {seen} items so far", "kijken… {seen} onderdelen tot nu toe";
    copy_request(product: &str), "c copies what to ask the admin of {product}.", "c kopieert wat de beheerder van {product} gevraagd moet worden.";
    can_confirm, "If you know that it is so: space confirms it.", "Weet u dat het zo is: spatie bevestigt het.";
    can_withdraw, "space takes your confirmation back.", "spatie trekt uw bevestiging in.";
    can_request, "T asks first, and then makes it.", "T vraagt eerst, en doet hem dan.";
    request_later, "Once it is saved, T in its Checklist tab makes it.", "Na het opslaan doet T op het tabblad Checklist hem.";
    still_unseen, "What we saw ourselves", "Wat wij zelf zagen";
    admin_could_mend, "With an admin's sign-in (A) this program can do it", "Met een beheerdersaanmelding (A) kan dit programma het doen";
    tab_could_mend, "On the saved connection's Checklist tab an admin can have it done", "Op het tabblad Checklist van de opgeslagen verbinding kan een beheerder het laten doen";
    can_mend, "f shows and makes the change", "f toont de wijziging en voert haar uit";
    link, "See", "Zie";
    asked, "Asked", "Gevraagd";
    prompt_admin, "Admin sign-in", "Beheerder aanmelden";
    prompt_rotate, "Sign in again", "Opnieuw aanmelden";
    prompt_new_user, "New integration user", "Nieuwe integratiegebruiker";
    prompt_admin_about, "For this session only: nothing of it is stored, and it ends when this connection is closed.",
        "Alleen voor deze sessie: er wordt niets van bewaard, en ze eindigt als deze verbinding wordt gesloten.";
    prompt_rotate_about(user_name: &str), "The password of {user_name}: it brings new tokens; the old ones are revoked once the new ones work.",
        "Het wachtwoord van {user_name}: het levert nieuwe tokens op; de oude worden ingetrokken zodra de nieuwe werken.";
    prompt_new_user_about(user_name: &str), "The password that {user_name} gets. Enter makes the user.",
        "Het wachtwoord dat {user_name} krijgt. Enter maakt de gebruiker.";
    prompt_user, "User name", "Gebruikersnaam";
    prompt_password, "Password", "Wachtwoord";
    prompt_secret, "Client secret", "Clientgeheim";
    prompt_expires, "Expires on", "Verloopt op";
    prompt_optional(field: &str), "{field} (optional)", "{field} (optioneel)";
    prompt_no_day, "Write the day as 2027-06-30.", "Schrijf de dag als 2027-06-30.";
    prompt_new_secret, "New client secret", "Nieuw clientgeheim";
    prompt_new_secret_about, "The new client secret is stored once a sign-in with it worked; until then the old one stays. With its end itsmc warns in time.",
        "Het nieuwe clientgeheim wordt opgeslagen zodra een aanmelding ermee is gelukt; tot dan blijft het oude. Met de einddatum waarschuwt itsmc op tijd.";
    prompt_new_secret_password, "The password is needed only if the sign-in is over.",
        "Het wachtwoord is alleen nodig als de aanmelding voorbij is.";
    prompt_lacks_both(user_name: &str), "The password of {user_name} and the client secret: the secret that is stored is missing, or belongs to other settings.",
        "Het wachtwoord van {user_name} en het clientgeheim: het opgeslagen geheim ontbreekt of hoort bij andere instellingen.";
    prompt_lacks_secret, "The client secret that is stored is missing, or belongs to other settings.",
        "Het opgeslagen clientgeheim ontbreekt of hoort bij andere instellingen.";
    signing_in, "signing in…", "aanmelden…";
    mend_previewing, "looking up what would change…", "opzoeken wat er zou wijzigen…";
    mend_will_change, "This will be changed. Enter makes the changes, Esc leaves all as it is.",
        "Dit wordt gewijzigd. Enter voert het uit, Esc laat alles zoals het is.";
    mend_nothing, "Everything is as it should be already; nothing will be changed.", "Alles is al zoals het hoort; er wordt niets gewijzigd.";
    mend_applying, "making the changes…", "wijzigingen uitvoeren…";
    mend_done(by: &str), "Done by {by}, and seen by looking again:", "Gedaan door {by}, en gezien door opnieuw te kijken:";
    mend_was_done, "Nothing had to be changed.", "Er hoefde niets te wijzigen.";
    mend_maybe_changed, "Something may have been changed all the same; the checklist tells how it stands.",
        "Er kan toch iets gewijzigd zijn; de checklist vertelt hoe het ervoor staat.";
    mends_left(count: usize), "{count} more to offer", "nog {count} aan te bieden";
    todo_signed_out, "Signed out: R signs in again.", "Afgemeld: R meldt opnieuw aan.";
    todo_rotate(days: &str), "The sign-in ends in {days}: R rotates the tokens.", "De aanmelding eindigt over {days}: R vernieuwt de tokens.";
    todo_over, "The sign-in is over: R signs in again.", "De aanmelding is voorbij: R meldt opnieuw aan.";
    todo_secret_refused, "Signed out: the product does not take the client secret. n takes a new one.", "Afgemeld: het product neemt het clientgeheim niet aan. n neemt een nieuw.";
    todo_secret_ends(days: &str, date: &str), "The client secret ends in {days} ({date}): n takes a new one.", "Het clientgeheim eindigt over {days} ({date}): n neemt een nieuw.";
    todo_secret_over(date: &str), "The client secret ended on {date}: n takes a new one.", "Het clientgeheim eindigde op {date}: n neemt een nieuw.";
    todo_stale(count: usize), "To be revoked: {count}; X revokes them.", "In te trekken: {count}; X trekt ze in.";
    todo_nothing, "Nothing needs doing.", "Er hoeft niets te gebeuren.";
    we_hold, "We hold", "Wij hebben";
    we_hold_none, "no token", "geen token";
    instance_lists(product: &str), "{product} lists", "{product} toont";
    instance_none, "no token of this application and user", "geen token van deze toepassing en gebruiker";
    token_issued(ago: &str), "issued {ago}", "uitgegeven {ago}";
    token_ends(until: &str, date: &str), "ends {until} ({date})", "eindigt {until} ({date})";
    token_ends_assumed(until: &str, date: &str), "ends {until} ({date}, assumed)", "eindigt {until} ({date}, aanname)";
    token_ended(date: &str), "ended on {date}", "geëindigd op {date}";
    token_used(ago: &str), "last used {ago}", "laatst gebruikt {ago}";
    token_retired(ago: &str), "replaced {ago}, still to be revoked", "vervangen {ago}, nog in te trekken";
    token_held(fingerprint: &str), "token {fingerprint}", "token {fingerprint}";
    token_listed(id: &str), "token in row {id}", "token in rij {id}";
    revoke_title, "Revoke tokens", "Tokens intrekken";
    rotate_title, "New tokens", "Nieuwe tokens";
    revoke_these(count: usize), "Tokens to be revoked: {count}. Whatever uses them stops at once.", "In te trekken tokens: {count}. Wat ze gebruikt, stopt meteen.";
    revoke_ends_sign_in(connection: &str), "{connection} lives on what is marked ●. It will be signed out: its data stays, no sync runs, and it asks for the password again.",
        "{connection} leeft op wat met ● is gemarkeerd. De verbinding wordt afgemeld: de gegevens blijven, er wordt niet gesynchroniseerd, en het wachtwoord wordt opnieuw gevraagd.";
    revoke_really, "Really? Enter revokes now.", "Echt? Enter trekt nu in.";
    revoke_in_use(connection: &str), "{connection} uses what is marked ●; with its refresh token it gets a new one.",
        "{connection} gebruikt wat met ● is gemarkeerd; met het vernieuwingstoken krijgt zij een nieuw.";
    mend_title, "Change in ServiceNow", "Wijziging in ServiceNow";
    revoking, "revoking…", "intrekken…";
    rotated_revoked(count: usize), "Old tokens revoked, seen to be refused: {count}.", "Oude tokens ingetrokken, gezien dat ze worden geweigerd: {count}.";
    rotated_left(why: &str), "Some old tokens are still to be revoked: {why}", "Oude tokens moeten nog worden ingetrokken: {why}";
    rotated_meanwhile, "Esc leaves it running.", "Esc laat het doorlopen.";
    rotation_failed, "Not finished.", "Niet voltooid.";
    step_running, "running…", "bezig…";
    test_hint, "a runs every step against the saved connection, r the one in focus.", "a voert elke stap uit met de opgeslagen verbinding, r de gekozen stap.";
    cause, "Cause", "Oorzaak";
    remedy, "Do", "Doen";
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
        "made_sla" => return "Made SLA".to_owned(),
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
