//! What the commands print for people.

crate::texts! {
    no_mapping(name: &str), "{name}: nothing to map; this product's tables and columns are fixed", "{name}: niets toe te wijzen; de tabellen en kolommen van dit product liggen vast";
    traced(path: &str), "All requests were written to {path}, without secrets and contents; read it before you share it", "Alle verzoeken staan in {path}, zonder geheimen en inhoud; lees het voor u het deelt";
    bound_again(name: &str), "{name} has a new mapping; stored rows keep their old values until you run: itsmc sync {name} --full", "{name} heeft een nieuwe toewijzing; opgeslagen rijen houden hun oude waarden tot u dit uitvoert: itsmc sync {name} --full";
    mapping_written(path: &str), "Written to {path}. Corrections in this file take effect at once", "Geschreven naar {path}. Verbeteringen in dit bestand gelden meteen";
    no_terminal_remedy,
        "Use a command instead: itsmc connection add, itsmc status, itsmc sync, itsmc items. See itsmc --help",
        "Gebruik een opdracht: itsmc connection add, itsmc status, itsmc sync, itsmc items. Zie itsmc --help";
    no_connections,
        "No connections yet. `itsmc` opens the wizard; `itsmc connection template servicenow` prints a form.",
        "Nog geen verbindingen. `itsmc` opent de wizard; `itsmc connection template servicenow` drukt een formulier af.";
    saved(name: &str), "Saved '{name}'. Next: itsmc sync {name}", "'{name}' is opgeslagen. Volgende stap: itsmc sync {name}";
    saved_signed_out(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --admin USER --fix, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --admin GEBRUIKER --fix, dan itsmc token rotate {name}";
    saved_signed_out_plain(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --ask, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --ask, dan itsmc token rotate {name}";
    changed(name: &str), "Changed '{name}'.", "'{name}' is gewijzigd.";
    removed(name: &str), "Removed '{name}', its work items and its secrets.", "'{name}' is verwijderd, met werkitems en geheimen.";
    remove_question[items, name: &str],
        "Remove '{name}' with its {items} stored work item, its tokens and its client secret?"
            | "Remove '{name}' with its {items} stored work items, its tokens and its client secret?",
        "'{name}' verwijderen, met {items} opgeslagen werkitem, de tokens en het clientgeheim?"
            | "'{name}' verwijderen, met {items} opgeslagen werkitems, de tokens en het clientgeheim?";
    not_removed, "Nothing was removed.", "Er is niets verwijderd.";
    needs_yes,
        "not a terminal: add --yes to confirm",
        "geen terminal: voeg --yes toe om te bevestigen";
    same_reason, "for the same reason", "om dezelfde reden";
    no_such_item(item: &str, known: &str), "the checklist has no item {item} (it has: {known})", "de checklist heeft geen item {item} (wel: {known})";
    not_to_confirm(item: &str, seen: &str), "{item} cannot be confirmed, because itsmc can check it: {seen}", "{item} is niet te bevestigen, omdat itsmc het kan controleren: {seen}";
    no_such_test(item: &str), "this product has no test on request called {item}", "dit product heeft geen test op verzoek die {item} heet";
    nothing_to_ask, "Nothing to ask.", "Er is niets te vragen.";
    nothing_stale, "No stale tokens.", "Geen verouderde tokens.";
    none_held_is_stale, "None of the tokens that itsmc holds is stale.", "Geen van de tokens die itsmc bewaart is verouderd.";
    nothing_revoked, "Nothing was revoked.", "Er is niets ingetrokken.";
    tokens_revoked(count: usize), "Old tokens revoked: {count}", "Oude tokens ingetrokken: {count}";
    yes_or_no, "[y/N]", "[j/N]";
    fix_question, "Make this change?", "Deze wijziging doorvoeren?";
    ask_admin_password(user: &str), "Password of {user}: ", "Wachtwoord van {user}: ";
    ask_new_password(user: &str), "Password for the new user {user}: ", "Wachtwoord voor de nieuwe gebruiker {user}: ";
    ask_password(user: &str, host: &str), "Password of {user} at {host}: ", "Wachtwoord van {user} bij {host}: ";
    ask_client_secret(client: &str, host: &str), "Client secret of {client} for {host}: ", "Clientgeheim van {client} voor {host}: ";
    ask_passphrase, "Passphrase of the vault: ", "Wachtzin van de kluis: ";
    passphrase_wrong, "Wrong passphrase.", "Verkeerde wachtzin.";
    ask_new_passphrase,
        "No keyring works here, so a passphrase will protect the vault with your tokens.\nChoose a passphrase: ",
        "Er werkt hier geen sleutelbos, dus beschermt een wachtzin de kluis met uw tokens.\nKies een wachtzin: ";
    ask_passphrase_again, "Repeat: ", "Herhaal: ";
    passphrases_differ, "The passphrases differ.", "De wachtzinnen verschillen.";
    test_passed(name: &str), "The test of '{name}' passed.", "De test van '{name}' is geslaagd.";
    test_failed(name: &str), "The test of '{name}' failed.", "De test van '{name}' is mislukt.";
    sync_line(fetched: &str, inserted: &str, updated: &str, unchanged: &str),
        "{fetched} received: {inserted} new, {updated} changed, {unchanged} unchanged",
        "{fetched} ontvangen: {inserted} nieuw, {updated} gewijzigd, {unchanged} ongewijzigd";
    sync_cost(requests: &str, bytes: &str, time: &str), "{requests}, {bytes}, {time}", "{requests}, {bytes}, {time}";
    sync_hidden(rows: &str), "{rows} hidden from this user", "{rows} verborgen voor deze gebruiker";
    sync_incomplete, "incomplete; the next sync continues from here", "onvolledig; de volgende synchronisatie gaat hier verder";
    sync_progress(kind: &str, fetched: &str, expected: &str), "{kind}: {fetched} of {expected}", "{kind}: {fetched} van {expected}";
    sync_progress_open(kind: &str, fetched: &str), "{kind}: {fetched}", "{kind}: {fetched}";
    sync_waiting(kind: &str, left: &str), "{kind}: the product asked to wait, {left}", "{kind}: het product vroeg te wachten, {left}";
    sync_retrying(kind: &str, retry: &str), "{kind}: {retry}", "{kind}: {retry}";
    sync_left(left: &str), "{left} left", "nog {left}";
    sync_rate(rate: &str), "{rate}/s", "{rate}/s";
    never_synced, "never synced", "nooit gesynchroniseerd";
    synced(ago: &str, changed: &str), "synced {ago}, {changed} changed", "{ago} gesynchroniseerd, {changed} gewijzigd";
    sign_in_lasts(days: &str, date: &str), "signed in for {days} (until {date})", "nog {days} aangemeld (tot {date})";
    sign_in_lasts_about(days: &str, date: &str), "signed in for {days} (until about {date})", "nog {days} aangemeld (tot ongeveer {date})";
    sign_in_endless, "signed in until the client secret expires", "aangemeld tot het clientgeheim verloopt";
    sign_in_while_used, "stays signed in while used", "blijft aangemeld zolang de verbinding wordt gebruikt";
    sign_in_over, "signed out", "afgemeld";
    counts(kind: &str, total: &str, open: &str), "{kind}: {total}, open {open}", "{kind}: {total}, open {open}";
    nothing_to_check(path: &str), "Nothing is set up in {path}, so there is nothing to check. Is this the right user and folder?", "Er is niets ingesteld in {path}, dus er valt niets te controleren. Is dit de juiste gebruiker en map?";
    stale(name: &str, age: &str), "{name}: the last complete sync is older than {age}", "{name}: de laatste volledige synchronisatie is ouder dan {age}";
    edit_shape, "--set wants KEY=VALUE, such as sync_days=60", "--set verwacht SLEUTEL=WAARDE, zoals sync_days=60";
    edit_secrets, "this changes the sign-in, so you are asked for its secrets again", "dit wijzigt de aanmelding, dus de geheimen daarvoor worden opnieuw gevraagd";
    web_needs_one, "--web opens one work item; narrow the filter until exactly one matches",
        "--web opent één werkitem; verfijn het filter tot er precies één voldoet";
    web_has_none, "this product has no web address for its work items", "dit product heeft geen webadres voor zijn werkitems";
    web_no_browser, "no browser here; open the address yourself", "geen browser hier; open het adres zelf";
    unknown_column(name: &str, known: &str), "unknown column '{name}'; known: {known}", "onbekende kolom '{name}'; bekend: {known}";
    no_date(option: &str, given: &str), "{option} '{given}' is no date; give a day such as 2026-11-23, a time such as 2026-11-23T14:05, or an age such as 7d", "{option} '{given}' is geen datum; geef een dag zoals 2026-11-23, een tijd zoals 2026-11-23T14:05 of een leeftijd zoals 7d";
    no_span, "--since lies after --until, so no work item can match; give an earlier --since or a later --until", "--since ligt na --until, dus geen werkitem kan voldoen; geef een vroegere --since of een latere --until";
    unknown_kind(kind: &str), "unknown kind of work item '{kind}' (incident or change_request)", "onbekend soort werkitem '{kind}' (incident of change_request)";
    unknown_partner(partner: &str, known: &str), "unknown partner '{partner}' (known: {known})", "onbekende partner '{partner}' (bekend: {known})";
    unknown_layout(known: &str), "unknown layout (known: {known})", "onbekende indeling (bekend: {known})";
    yes, "yes", "ja";
    no, "no", "nee";
    no_log(reason: &str), "No log is written: {reason}", "Er wordt geen log geschreven: {reason}";
    key_open_to_others(path: &str), "Other users can read {path}, which opens the vault. Run: chmod 600 '{path}'",
        "Andere gebruikers kunnen {path} lezen, dat de kluis opent. Geef: chmod 600 '{path}'";
}
