//! What the commands print for people.

crate::texts! {
    no_mapping(name: &str), "{name}: nothing to map; this product's tables and columns are known beforehand", "{name}: niets toe te wijzen; de tabellen en kolommen van dit product zijn vooraf bekend";
    traced(path: &str), "every exchange is in {path}, without secrets and contents; read it before you hand it on", "elke uitwisseling staat in {path}, zonder geheimen en inhoud; lees het voor u het doorgeeft";
    bound_again(name: &str), "{name} was bound again; values of the old binding stay until 'itsmc sync {name} --full' reads them again", "{name} is opnieuw gekoppeld; waarden van de oude koppeling blijven tot 'itsmc sync {name} --full' ze opnieuw leest";
    mapping_written(path: &str), "written to {path}; what you correct there counts from now on", "geschreven naar {path}; wat u daar verbetert geldt vanaf nu";
    no_terminal_remedy,
        "The commands work everywhere: itsmc status, itsmc sync, itsmc items, itsmc connection list; itsmc --help names all.",
        "De opdrachten werken overal: itsmc status, itsmc sync, itsmc items, itsmc connection list; itsmc --help noemt ze alle.";
    no_connections,
        "No connections yet. `itsmc` opens the wizard; `itsmc connection template servicenow` prints a form.",
        "Nog geen verbindingen. `itsmc` opent de wizard; `itsmc connection template servicenow` drukt een formulier af.";
    saved(name: &str), "Saved '{name}'. Next: itsmc sync {name}", "'{name}' is opgeslagen. Volgende stap: itsmc sync {name}";
    saved_signed_out(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --admin USER --mend, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --admin GEBRUIKER --mend, dan itsmc token rotate {name}";
    saved_signed_out_plain(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --ask, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --ask, dan itsmc token rotate {name}";
    changed(name: &str), "Changed '{name}'.", "'{name}' is gewijzigd.";
    removed(name: &str), "Removed '{name}', its work items and its secrets.", "'{name}' is verwijderd, met werkitems en geheimen.";
    remove_question(name: &str, items: &str),
        "Remove '{name}' with its {items} stored work items, its tokens and its client secret?",
        "'{name}' verwijderen, met {items} opgeslagen werkitems, de tokens en het clientgeheim?";
    not_removed, "Nothing was removed.", "Er is niets verwijderd.";
    needs_yes,
        "there is nobody to ask: repeat with --yes",
        "er is niemand om het te vragen: herhaal met --yes";
    same_reason, "for the same reason", "om dezelfde reden";
    no_such_item(item: &str, known: &str), "the checklist has no item {item} (it has: {known})", "de checklist heeft geen item {item} (wel: {known})";
    not_to_confirm(item: &str, seen: &str), "{item} cannot be confirmed, since that is only for what cannot be seen; of this one: {seen}", "{item} is niet te bevestigen, want dat is alleen voor wat niet te zien is; van dit item: {seen}";
    no_such_test(item: &str), "the product has no test {item} that is made on request", "het product heeft geen test {item} die op verzoek wordt gedaan";
    nothing_to_ask, "Nothing needs to be asked.", "Er hoeft niets te worden gevraagd.";
    nothing_stale, "No stale token to revoke.", "Geen verlopen of vervangen token om in te trekken.";
    nothing_revoked, "Nothing was revoked.", "Er is niets ingetrokken.";
    tokens_held, "Held here", "Hier bewaard";
    tokens_listed, "Listed by the product", "In de lijst van het product";
    no_tokens, "none", "geen";
    tokens_revoked(count: usize), "Old tokens revoked: {count}", "Oude tokens ingetrokken: {count}";
    yes_or_no, "[y/N]", "[j/N]";
    mend_question, "Make this change?", "Deze wijziging doorvoeren?";
    ask_admin_password(user: &str), "Password of {user}: ", "Wachtwoord van {user}: ";
    ask_new_password(user: &str), "Password for the new user {user}: ", "Wachtwoord voor de nieuwe gebruiker {user}: ";
    ask_password(user: &str, host: &str), "Password of {user} at {host}: ", "Wachtwoord van {user} bij {host}: ";
    ask_client_secret(client: &str, host: &str), "Client secret of {client} for {host}: ", "Clientgeheim van {client} voor {host}: ";
    ask_passphrase, "Passphrase of the vault: ", "Wachtwoordzin van de kluis: ";
    passphrase_wrong, "That passphrase does not open it.", "Die wachtwoordzin opent haar niet.";
    ask_new_passphrase,
        "No keyring works here, so a passphrase will protect the vault with your tokens.\nChoose a passphrase: ",
        "Er werkt hier geen sleutelbos, dus beschermt een wachtwoordzin de kluis met uw tokens.\nKies een wachtwoordzin: ";
    ask_passphrase_again, "The same passphrase again: ", "Dezelfde wachtwoordzin opnieuw: ";
    passphrases_differ, "They differ.", "Ze verschillen.";
    test_passed(name: &str), "The test of '{name}' passed.", "De test van '{name}' is geslaagd.";
    test_failed(name: &str), "The test of '{name}' failed.", "De test van '{name}' is mislukt.";
    sync_line(fetched: &str, inserted: &str, updated: &str, unchanged: &str),
        "{fetched} received: {inserted} new, {updated} changed, {unchanged} unchanged",
        "{fetched} ontvangen: {inserted} nieuw, {updated} gewijzigd, {unchanged} ongewijzigd";
    sync_cost(requests: &str, bytes: &str, time: &str), "{requests}, {bytes}, {time}", "{requests}, {bytes}, {time}";
    sync_hidden(hidden: &str), "{hidden} rows are hidden from this user", "{hidden} rijen zijn voor deze gebruiker verborgen";
    sync_incomplete, "not complete; the next sync goes on from here", "niet volledig; de volgende synchronisatie gaat hier verder";
    sync_progress(kind: &str, fetched: &str, expected: &str), "{kind}: {fetched} of {expected}", "{kind}: {fetched} van {expected}";
    sync_progress_open(kind: &str, fetched: &str), "{kind}: {fetched}", "{kind}: {fetched}";
    sync_waiting(kind: &str, left: &str), "{kind}: the product asks to wait, {left}", "{kind}: het product vraagt te wachten, {left}";
    sync_left(left: &str), "{left} left", "nog {left}";
    sync_rate(rate: &str), "{rate}/s", "{rate}/s";
    never_synced, "never synced", "nooit gesynchroniseerd";
    synced(ago: &str, changed: &str), "synced {ago}, {changed} changed", "{ago} gesynchroniseerd, {changed} gewijzigd";
    sign_in_lasts(days: &str, date: &str), "sign-in lasts {days} (till {date})", "aanmelding geldig: {days} (tot {date})";
    sign_in_endless, "sign-in lasts as long as its client secret", "aanmelding geldt zolang het clientgeheim geldt";
    sign_in_while_used, "sign-in lasts while it is used", "aanmelding blijft zolang ze gebruikt wordt";
    sign_in_over, "signed out", "afgemeld";
    assumed, "assumed", "aangenomen";
    counts(kind: &str, total: &str, open: &str), "{kind}: {total}, open {open}", "{kind}: {total}, open {open}";
    stale(name: &str, age: &str), "{name}: the last complete sync is older than {age}", "{name}: de laatste volledige synchronisatie is ouder dan {age}";
    edit_unknown(key: &str), "'{key}' is no setting that can be changed", "'{key}' is geen instelling die te wijzigen is";
    edit_shape, "--set wants KEY=VALUE, such as sync_days=60", "--set verwacht SLEUTEL=WAARDE, zoals sync_days=60";
    edit_secrets, "the sign-in changes with this: what it needs is asked for again", "hiermee wijzigt de aanmelding: wat die nodig heeft wordt opnieuw gevraagd";
    unknown_kind(kind: &str), "no such kind of work item: {kind} (incident or change_request)", "onbekend soort werkitem: {kind} (incident of change_request)";
    unknown_partner(partner: &str, known: &str), "no such partner: {partner} (known: {known})", "onbekende partner: {partner} (bekend: {known})";
    unknown_layout(known: &str), "no such layout (known: {known})", "onbekende indeling (bekend: {known})";
    more_items(shown: &str), "{shown} shown; --limit N shows more", "{shown} getoond; --limit N toont meer";
    yes, "yes", "ja";
    no, "no", "nee";
    no_log(reason: &str), "No log is written: {reason}", "Er wordt geen log geschreven: {reason}";
    key_open_to_others(path: &str), "Other users may read {path}, which opens the secret store: chmod 600 '{path}'",
        "Andere gebruikers mogen {path} lezen, dat de geheimenopslag opent: chmod 600 '{path}'";
}
