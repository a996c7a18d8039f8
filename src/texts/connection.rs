//! What the screen of a connection says.

use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

crate::texts! {
    /// Open the filter panel.
    key_filter, "filter", "filteren";
    /// Show every row again.
    key_all_rows, "all rows", "alle rijen";
    /// From the search field to the rows.
    key_to_rows, "to the rows", "naar de rijen";
    /// Switch a choice.
    key_toggle, "choose", "kiezen";
    /// Apply the filter.
    key_apply, "apply", "toepassen";
    /// Clear the choices.
    key_clear, "clear", "wissen";
    /// Scroll the text down.
    key_scroll_down, "scroll down", "omlaag schuiven";
    /// Scroll the text up.
    key_scroll_up, "scroll up", "omhoog schuiven";
    /// A screen down.
    key_page_down, "page down", "pagina omlaag";
    /// A screen up.
    key_page_up, "page up", "pagina omhoog";
    /// The next tab.
    key_next_tab, "next tab", "volgend tabblad";
    /// The previous tab.
    key_previous_tab, "previous tab", "vorig tabblad";
    /// The live test.
    key_test, "test", "testen";
    /// Run every step.
    key_run_all, "run all", "alles uitvoeren";
    /// Run one step.
    key_run_step, "run step", "stap uitvoeren";
    /// Stop the sync.
    key_stop_sync, "stop sync", "synchronisatie stoppen";
    /// Remove the connection.
    key_remove, "remove", "verwijderen";
    /// Sign in with what was typed.
    key_sign_in, "go on", "verder";
    /// The other field of a form.
    key_other_field, "other field", "ander veld";
    /// Sign an admin in for this session.
    key_admin, "admin sign-in", "beheerder aanmelden";
    /// End the admin's session.
    key_end_admin, "end admin session", "beheersessie beëindigen";
    /// Sign in again after having been signed out.
    key_sign_in_again, "sign in again", "opnieuw aanmelden";
    /// Mend an item.
    key_mend, "fix", "herstellen";
    /// Mend all.
    key_mend_all, "fix all", "alles herstellen";
    /// Make the changes that are shown.
    key_make_changes, "make these changes", "wijzigingen uitvoeren";
    /// The next mend.
    key_next_mend, "next", "volgende";
    /// Copy what the admin is to be asked.
    key_copy_request, "copy request", "verzoek kopiëren";
    /// Look at the checklist again.
    key_confirm, "confirm", "bevestigen";
    /// Take back what was confirmed.
    key_withdraw, "withdraw", "intrekken";
    /// Make the test that is made on request only.
    key_on_request, "test on request", "test op verzoek";
    /// Look again.
    key_look_again, "look again", "opnieuw kijken";
    /// New tokens for old.
    key_rotate, "rotate", "vernieuwen";
    /// Mark a token.
    key_mark, "mark", "markeren";
    /// Revoke tokens.
    key_revoke, "revoke", "intrekken";
    /// Revoke every stale token.
    key_revoke_stale, "revoke stale", "verouderde intrekken";
    /// A tab.
    tab_checklist, "Checklist", "Checklist";
    /// A tab.
    tab_tokens, "Tokens", "Tokens";
    /// A tab.
    tab_items, "Work items", "Werkitems";
    /// A tab.
    tab_activity, "Activity", "Activiteit";
    /// A tab.
    tab_test, "Test", "Test";
    /// Where the selected row stands.
    row_of(nth: &str, total: &str), "row {nth} of {total}", "rij {nth} van {total}";
    /// About where.
    row_about_of(nth: &str, total: &str), "row ~{nth} of {total}", "rij ~{nth} van {total}";
    /// How many rows.
    rows(total: &str), "{total} rows", "{total} rijen";
    /// A total that was not counted to its end.
    more_than(count: &str), "more than {count}", "meer dan {count}";
    /// Which entry of how many.
    entry_of(nth: usize, total: usize), "entry {nth} of {total}", "regel {nth} van {total}";
    /// No filter.
    all_items, "all work items", "alle werkitems";
    /// Only open ones.
    only_open, "open", "open";
    /// Only closed ones.
    only_closed, "closed", "gesloten";
    /// Only those that are gone from the product.
    only_removed, "removed", "verwijderd";
    /// What the search field stands for.
    search, "find", "zoek";
    /// An empty search field.
    search_hint, "words of number, title or description", "woorden uit nummer, titel of beschrijving";
    /// Rows of the new filter are on their way.
    searching, "searching…", "zoeken…";
    /// Rows are on their way.
    loading, "loading…", "laden…";
    /// Nothing stored.
    no_items, "No work items are stored yet. s syncs.", "Er zijn nog geen werkitems opgeslagen. s synchroniseert.";
    /// Nothing matches.
    no_match, "No work item matches. Esc clears the search, F the filter.", "Geen werkitem voldoet. Esc wist de zoektekst, F het filter.";
    /// The item is gone.
    item_gone, "This work item is no longer stored.", "Dit werkitem is niet meer opgeslagen.";
    /// The panel's title.
    filter_title, "Filter", "Filter";
    /// A heading of the panel.
    group_kind, "Kind", "Soort";
    /// A heading of the panel.
    group_open, "Open or closed", "Open of gesloten";
    /// A heading of the panel.
    group_state(kind: &str), "State: {kind}", "Status: {kind}";
    /// A heading of the panel.
    group_priority, "Priority", "Prioriteit";
    /// An empty log.
    no_activity, "Nothing happened yet.", "Er is nog niets gebeurd.";
    /// A sync ended well.
    log_synced(changed: &str, added: &str, updated: &str), "synced: {changed} changed ({added} new, {updated} updated)", "gesynchroniseerd: {changed} gewijzigd ({added} nieuw, {updated} bijgewerkt)";
    /// A sync ended with a fault.
    log_sync_failed(fault: &str), "sync failed: {fault}", "synchronisatie mislukt: {fault}";
    /// The user stopped a sync.
    log_sync_stopped(changed: &str), "sync stopped by you: {changed} changed", "synchronisatie door u gestopt: {changed} gewijzigd";
    /// A sync ended without everything.
    log_sync_partly(changed: &str), "sync incomplete: {changed} changed", "synchronisatie onvolledig: {changed} gewijzigd";
    /// More on a sync.
    log_fetched(fetched: &str, unchanged: &str), "{fetched} fetched, {unchanged} unchanged", "{fetched} opgehaald, {unchanged} ongewijzigd";
    /// A live test passed.
    log_test_passed, "live test passed", "livetest geslaagd";
    /// A live test failed.
    log_test_failed, "live test failed", "livetest mislukt";
    /// A live test failed at a step.
    log_test_failed_at(step: &str), "live test failed at: {step}", "livetest mislukt bij: {step}";
    /// Added.
    log_added, "connection added", "verbinding toegevoegd";
    /// Changed.
    log_edited(keys: &str), "connection changed: {keys}", "verbinding gewijzigd: {keys}";
    /// Signed in.
    log_signed_in, "signed in", "aangemeld";
    /// An admin's sign-in changed something.
    log_mended(by: &str, changes: &str), "changed by {by}: {changes}", "gewijzigd door {by}: {changes}";
    /// The admin said so.
    log_confirmed(items: &str), "confirmed by you: {items}", "door u bevestigd: {items}";
    /// The admin said so no more.
    log_withdrawn(item: &str), "confirmation withdrawn: {item}", "bevestiging ingetrokken: {item}";
    /// The tokens were rotated.
    log_rotated(revoked: usize), "tokens rotated, {revoked} revoked", "tokens vernieuwd, {revoked} ingetrokken";
    /// Tokens were revoked.
    log_revoked(tokens: &str), "tokens revoked: {tokens}", "tokens ingetrokken: {tokens}";
    /// Tokens could not be revoked.
    log_not_revoked(why: &str), "tokens not revoked: {why}", "tokens niet ingetrokken: {why}";
}

crate::texts! {
    /// The checklist is being looked at.
    looking, "looking…", "kijken…";
    /// It is being looked at again, or for the first time.
    looked_at(seen: usize), "looking… {seen} items so far", "kijken… {seen} onderdelen tot nu toe";
    /// What can be copied.
    copy_request(product: &str), "c copies what to ask the admin of {product}.", "c kopieert wat de beheerder van {product} gevraagd moet worden.";
    /// What the admin can do where we cannot see.
    can_confirm, "If you know that it is so: space confirms it.", "Weet u dat het zo is: spatie bevestigt het.";
    /// What the admin can do where it was confirmed.
    can_withdraw, "space takes your confirmation back.", "spatie trekt uw bevestiging in.";
    /// What the admin can do where nothing is looked at unasked.
    can_request, "T asks first, and then makes it.", "T vraagt eerst, en doet hem dan.";
    /// The same in the wizard.
    request_later, "Once it is saved, T in its Checklist tab makes it.", "Na het opslaan doet T op het tabblad Checklist hem.";
    /// What was seen though the admin said so.
    still_unseen, "What we saw ourselves", "Wat wij zelf zagen";
    /// What an admin's sign-in would allow.
    admin_could_mend, "With an admin's sign-in (A) this program can do it", "Met een beheerdersaanmelding (A) kan dit programma het doen";
    /// What an admin's sign-in would allow once the connection is saved.
    tab_could_mend, "On the saved connection's Checklist tab an admin can have it done", "Op het tabblad Checklist van de opgeslagen verbinding kan een beheerder het laten doen";
    /// What the admin's sign-in allows.
    can_mend, "f shows and makes the change", "f toont de wijziging en voert haar uit";
    /// A label.
    link, "See", "Zie";
    /// A label.
    asked, "Asked", "Gevraagd";
    /// The form's title.
    prompt_admin, "Admin sign-in", "Beheerder aanmelden";
    /// The form's title.
    prompt_rotate, "Sign in again", "Opnieuw aanmelden";
    /// The form's title.
    prompt_new_user, "New integration user", "Nieuwe integratiegebruiker";
    /// What it is for.
    prompt_admin_about, "For this session only: nothing of it is stored, and it ends when this connection is closed.",
        "Alleen voor deze sessie: er wordt niets van bewaard, en ze eindigt als deze verbinding wordt gesloten.";
    /// What it is for.
    prompt_rotate_about(user_name: &str), "The password of {user_name}: it brings new tokens; the old ones are revoked once the new ones work.",
        "Het wachtwoord van {user_name}: het levert nieuwe tokens op; de oude worden ingetrokken zodra de nieuwe werken.";
    /// What it is for.
    prompt_new_user_about(user_name: &str), "The password that {user_name} gets. Enter makes the user.",
        "Het wachtwoord dat {user_name} krijgt. Enter maakt de gebruiker.";
    /// A field.
    prompt_user, "User name", "Gebruikersnaam";
    /// A field.
    prompt_password, "Password", "Wachtwoord";
    /// The sign-in runs.
    signing_in, "signing in…", "aanmelden…";
    /// A mend is looked up.
    mend_previewing, "looking up what would change…", "opzoeken wat er zou wijzigen…";
    /// What will be changed.
    mend_will_change, "This will be changed. Enter makes the changes, Esc leaves all as it is.",
        "Dit wordt gewijzigd. Enter voert het uit, Esc laat alles zoals het is.";
    /// Nothing to change.
    mend_nothing, "Everything is as it should be already; nothing will be changed.", "Alles is al zoals het hoort; er wordt niets gewijzigd.";
    /// Being made.
    mend_applying, "making the changes…", "wijzigingen uitvoeren…";
    /// Made.
    mend_done(by: &str), "Done by {by}, and seen by looking again:", "Gedaan door {by}, en gezien door opnieuw te kijken:";
    /// Made, with nothing to change.
    mend_was_done, "Nothing had to be changed.", "Er hoefde niets te wijzigen.";
    /// It failed on the way.
    mend_maybe_changed, "Something may have been changed all the same; the checklist tells how it stands.",
        "Er kan toch iets gewijzigd zijn; de checklist vertelt hoe het ervoor staat.";
    /// More mends follow.
    mends_left(count: usize), "{count} more to offer", "nog {count} aan te bieden";
    /// What needs doing with the tokens.
    todo_signed_out, "Signed out: R signs in again.", "Afgemeld: R meldt opnieuw aan.";
    /// What needs doing.
    todo_rotate(days: &str), "The sign-in ends in {days}: R rotates the tokens.", "De aanmelding eindigt over {days}: R vernieuwt de tokens.";
    /// What needs doing.
    todo_over, "The sign-in is over: R signs in again.", "De aanmelding is voorbij: R meldt opnieuw aan.";
    /// What needs doing.
    todo_stale(count: usize), "To be revoked: {count}; X revokes them.", "In te trekken: {count}; X trekt ze in.";
    /// Nothing needs doing.
    todo_nothing, "Nothing needs doing.", "Er hoeft niets te gebeuren.";
    /// A heading.
    we_hold, "We hold", "Wij hebben";
    /// No token is held.
    we_hold_none, "no token", "geen token";
    /// A heading.
    instance_lists(product: &str), "{product} lists", "{product} toont";
    /// It shows none.
    instance_none, "no token of this application and user", "geen token van deze toepassing en gebruiker";
    /// When a token was issued.
    token_issued(ago: &str), "issued {ago}", "uitgegeven {ago}";
    /// When it ends.
    token_ends(until: &str, date: &str), "ends {until} ({date})", "eindigt {until} ({date})";
    /// When it ends, by the documented default.
    token_ends_assumed(until: &str, date: &str), "ends {until} ({date}, assumed)", "eindigt {until} ({date}, aanname)";
    /// It is over.
    token_ended(date: &str), "ended on {date}", "geëindigd op {date}";
    /// When it was last used.
    token_used(ago: &str), "last used {ago}", "laatst gebruikt {ago}";
    /// Since when it is only kept to be revoked.
    token_retired(ago: &str), "replaced {ago}, still to be revoked", "vervangen {ago}, nog in te trekken";
    /// A token that is not listed any more, by its fingerprint.
    token_held(fingerprint: &str), "token {fingerprint}", "token {fingerprint}";
    /// A token that is not listed any more, by its row.
    token_listed(id: &str), "token in row {id}", "token in rij {id}";
    /// The box's title.
    revoke_title, "Revoke tokens", "Tokens intrekken";
    /// The box's title.
    rotate_title, "New tokens", "Nieuwe tokens";
    /// The question.
    revoke_these(count: usize), "Tokens to be revoked: {count}. Whatever uses them stops at once.", "In te trekken tokens: {count}. Wat ze gebruikt, stopt meteen.";
    /// The second question.
    revoke_ends_sign_in(connection: &str), "{connection} lives on what is marked ●. It will be signed out: its data stays, no sync runs, and it asks for the password again.",
        "{connection} leeft op wat met ● is gemarkeerd. De verbinding wordt afgemeld: de gegevens blijven, er wordt niet gesynchroniseerd, en het wachtwoord wordt opnieuw gevraagd.";
    /// The second question.
    revoke_really, "Really? Enter revokes now.", "Echt? Enter trekt nu in.";
    /// A token in use that can be had anew.
    revoke_in_use(connection: &str), "{connection} uses what is marked ●; with its refresh token it gets a new one.",
        "{connection} gebruikt wat met ● is gemarkeerd; met het vernieuwingstoken krijgt zij een nieuw.";
    /// The box's title.
    mend_title, "Change in ServiceNow", "Wijziging in ServiceNow";
    /// They are being revoked.
    revoking, "revoking…", "intrekken…";
    /// Nothing was left to revoke.
    rotated_revoked(count: usize), "Old tokens revoked, seen to be refused: {count}.", "Oude tokens ingetrokken, gezien dat ze worden geweigerd: {count}.";
    /// Some are left.
    rotated_left(why: &str), "Some old tokens are still to be revoked: {why}", "Oude tokens moeten nog worden ingetrokken: {why}";
    /// The rotation goes on elsewhere.
    rotated_meanwhile, "Esc leaves it running.", "Esc laat het doorlopen.";
    /// It failed.
    rotation_failed, "Not finished.", "Niet voltooid.";
    /// A step that runs.
    step_running, "running…", "bezig…";
    /// A test that was not run.
    test_hint, "a runs every step against the saved connection, r the one in focus.", "a voert elke stap uit met de opgeslagen verbinding, r de gekozen stap.";
    /// A label.
    cause, "Cause", "Oorzaak";
    /// A label.
    remedy, "Do", "Doen";
    /// The number's column.
    column_number, "Number", "Nummer";
    /// The state's column.
    column_state, "State", "Status";
    /// The priority's column.
    column_priority, "Priority", "Prioriteit";
    /// The title's column.
    column_title, "Title", "Titel";
    /// The column of the last change.
    column_updated, "Updated", "Bijgewerkt";
    /// Incident or change request.
    field_kind, "Kind", "Soort";
    /// Whether it is active.
    field_open, "Open", "Open";
    /// When it was opened.
    field_opened, "Opened", "Geopend";
    /// Yes.
    yes, "yes", "ja";
    /// No.
    no, "no", "nee";
    /// One incident.
    incident, "Incident", "Incident";
    /// One change request.
    change_request, "Change request", "Wijzigingsaanvraag";
}

/// Yes or no.
pub fn yes_or_no(lang: Lang, it_is: bool) -> &'static str {
    if it_is { yes(lang) } else { no(lang) }
}

/// The name of a kind.
pub fn kind(lang: Lang, kind: WorkItemKind) -> &'static str {
    match kind {
        WorkItemKind::Incident => incident(lang),
        WorkItemKind::ChangeRequest => change_request(lang),
    }
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
    let labels = [
        ("created_at", "Aangemaakt"),
        ("urgency", "Urgentie"),
        ("impact", "Impact"),
        ("escalation", "Escalatie"),
        ("assigned_to", "Toegewezen aan"),
        ("assignment_group", "Toewijzingsgroep"),
        ("closed_by", "Gesloten door"),
        ("closed_at", "Gesloten"),
        ("category", "Categorie"),
        ("configuration_item", "Configuratie-item"),
        ("description", "Beschrijving"),
        ("source", "Bron"),
        ("created_by", "Aangemaakt door"),
        ("caller", "Melder"),
        ("resolved_by", "Opgelost door"),
        ("resolved_at", "Opgelost"),
        ("subcategory", "Subcategorie"),
        ("severity", "Ernst"),
        ("hold_reason", "Reden van wachten"),
        ("close_code", "Sluitcode"),
        ("close_notes", "Sluitnotities"),
        ("location", "Locatie"),
        ("made_sla", "SLA gehaald"),
        ("reassignment_count", "Keer hertoegewezen"),
        ("reopen_count", "Keer heropend"),
        ("problem", "Probleem"),
        ("change_request", "Wijzigingsaanvraag"),
        ("caused_by", "Veroorzaakt door"),
        ("update_count", "Keer bijgewerkt"),
        ("updated_by", "Bijgewerkt door"),
        ("correlation_id", "Correlatie-id"),
        ("opened_by", "Geopend door"),
        ("type", "Type"),
        ("risk", "Risico"),
        ("conflict_status", "Conflictstatus"),
        ("requested_at", "Gevraagd op"),
        ("planned_start_at", "Geplande start"),
        ("planned_end_at", "Gepland einde"),
        ("work_start_at", "Werkelijke start"),
        ("work_end_at", "Werkelijk einde"),
        ("approval", "Goedkeuring"),
        ("phase", "Fase"),
        ("on_hold", "In de wacht"),
    ];
    labels.into_iter().find(|(known, _)| *known == name).map(|(_, label)| label)
}
