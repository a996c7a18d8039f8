//! What the commands print for people.

crate::texts! {
    /// A product whose tables are known beforehand.
    no_mapping(name: &str), "{name}: nothing to map; this product's tables and columns are known beforehand", "{name}: niets toe te wijzen; de tabellen en kolommen van dit product zijn vooraf bekend";
    /// A trace was written.
    traced(path: &str), "every exchange is in {path}, without secrets and contents; read it before you hand it on", "elke uitwisseling staat in {path}, zonder geheimen en inhoud; lees het voor u het doorgeeft";
    /// A connection was bound again.
    bound_again(name: &str), "{name} was bound again; values of the old binding stay until 'itsmc sync {name} --full' reads them again", "{name} is opnieuw gekoppeld; waarden van de oude koppeling blijven tot 'itsmc sync {name} --full' ze opnieuw leest";
    /// A mapping was written.
    mapping_written(path: &str), "written to {path}; what you correct there counts from now on", "geschreven naar {path}; wat u daar verbetert geldt vanaf nu";
    /// What to use instead.
    no_terminal_remedy,
        "The commands work everywhere: itsmc status, itsmc sync, itsmc items, itsmc connection list; itsmc --help names all.",
        "De opdrachten werken overal: itsmc status, itsmc sync, itsmc items, itsmc connection list; itsmc --help noemt ze alle.";
    /// No connection yet.
    no_connections,
        "No connections yet. `itsmc` opens the wizard; `itsmc connection template servicenow` prints a form.",
        "Nog geen verbindingen. `itsmc` opent de wizard; `itsmc connection template servicenow` drukt een formulier af.";
    /// A connection was saved.
    saved(name: &str), "Saved '{name}'. Next: itsmc sync {name}", "'{name}' is opgeslagen. Volgende stap: itsmc sync {name}";
    /// A connection was saved without a sign-in.
    saved_signed_out(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --admin USER --mend, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --admin GEBRUIKER --mend, dan itsmc token rotate {name}";
    /// A connection was saved without a sign-in, of a product whose checklist makes no user.
    saved_signed_out_plain(name: &str),
        "Saved '{name}', signed out. Next: itsmc checklist {name} --ask, then itsmc token rotate {name}",
        "'{name}' is opgeslagen, afgemeld. Volgende stap: itsmc checklist {name} --ask, dan itsmc token rotate {name}";
    /// A connection was changed.
    changed(name: &str), "Changed '{name}'.", "'{name}' is gewijzigd.";
    /// A connection was removed.
    removed(name: &str), "Removed '{name}', its work items and its secrets.", "'{name}' is verwijderd, met werkitems en geheimen.";
    /// The question before removing.
    remove_question(name: &str, items: &str),
        "Remove '{name}' with its {items} stored work items, its tokens and its client secret?",
        "'{name}' verwijderen, met {items} opgeslagen werkitems, de tokens en het clientgeheim?";
    /// Nothing was removed.
    not_removed, "Nothing was removed.", "Er is niets verwijderd.";
    /// How to remove without being asked.
    needs_yes,
        "there is nobody to ask: repeat with --yes",
        "er is niemand om het te vragen: herhaal met --yes";
    /// The fault was told before.
    same_reason, "for the same reason", "om dezelfde reden";
    /// No item of this name.
    no_such_item(item: &str, known: &str), "the checklist has no item {item} (it has: {known})", "de checklist heeft geen item {item} (wel: {known})";
    /// An item that was seen, or may be seen later.
    not_to_confirm(item: &str, seen: &str), "{item} cannot be confirmed, since that is only for what cannot be seen; of this one: {seen}", "{item} is niet te bevestigen, want dat is alleen voor wat niet te zien is; van dit item: {seen}";
    /// No test of this name.
    no_such_test(item: &str), "the product has no test {item} that is made on request", "het product heeft geen test {item} die op verzoek wordt gedaan";
    /// Everything could be seen, and is as it should be.
    nothing_to_ask, "Nothing needs to be asked.", "Er hoeft niets te worden gevraagd.";
    /// No token needs revoking.
    nothing_stale, "No stale token to revoke.", "Geen verlopen of vervangen token om in te trekken.";
    /// The answer was no.
    nothing_revoked, "Nothing was revoked.", "Er is niets ingetrokken.";
    /// What the vault holds.
    tokens_held, "Held here", "Hier bewaard";
    /// What the instance lists.
    tokens_listed, "Listed by the product", "In de lijst van het product";
    /// There is none.
    no_tokens, "none", "geen";
    /// After a rotation.
    tokens_revoked(count: usize), "Old tokens revoked: {count}", "Oude tokens ingetrokken: {count}";
    /// What can be answered.
    yes_or_no, "[y/N]", "[j/N]";
    /// Before a change in the product.
    mend_question, "Make this change?", "Deze wijziging doorvoeren?";
    /// Asked for on the terminal.
    ask_admin_password(user: &str), "Password of {user}: ", "Wachtwoord van {user}: ";
    /// Asked for on the terminal.
    ask_new_password(user: &str), "Password for the new user {user}: ", "Wachtwoord voor de nieuwe gebruiker {user}: ";
    /// Asked for on the terminal.
    ask_password(user: &str, host: &str), "Password of {user} at {host}: ", "Wachtwoord van {user} bij {host}: ";
    /// Asked for on the terminal.
    ask_client_secret(client: &str, host: &str), "Client secret of {client} for {host}: ", "Clientgeheim van {client} voor {host}: ";
    /// Asked for on the terminal, when the vault's key has one.
    ask_passphrase, "Passphrase of the vault: ", "Wachtwoordzin van de kluis: ";
    /// The passphrase was wrong.
    passphrase_wrong, "That passphrase does not open it.", "Die wachtwoordzin opent haar niet.";
    /// A new passphrase, with why.
    ask_new_passphrase,
        "No keyring works here, so a passphrase will protect the vault with your tokens.\nChoose a passphrase: ",
        "Er werkt hier geen sleutelbos, dus beschermt een wachtwoordzin de kluis met uw tokens.\nKies een wachtwoordzin: ";
    /// Once more.
    ask_passphrase_again, "Once more: ", "Nogmaals: ";
    /// They were not the same.
    passphrases_differ, "They differ.", "Ze verschillen.";
    /// The live test's verdict.
    test_passed(name: &str), "The test of '{name}' passed.", "De test van '{name}' is geslaagd.";
    /// The live test's verdict.
    test_failed(name: &str), "The test of '{name}' failed.", "De test van '{name}' is mislukt.";
    /// A kind's outcome.
    sync_line(fetched: &str, inserted: &str, updated: &str, unchanged: &str),
        "{fetched} received: {inserted} new, {updated} changed, {unchanged} unchanged",
        "{fetched} ontvangen: {inserted} nieuw, {updated} gewijzigd, {unchanged} ongewijzigd";
    /// The requests it took.
    sync_cost(requests: &str, bytes: &str, time: &str), "{requests} requests, {bytes}, {time}", "{requests} verzoeken, {bytes}, {time}";
    /// Rows that were counted, but not shown to us.
    sync_hidden(hidden: &str), "{hidden} rows are hidden from this user", "{hidden} rijen zijn voor deze gebruiker verborgen";
    /// The run did not reach its end.
    sync_incomplete, "not complete; the next sync goes on from here", "niet volledig; de volgende synchronisatie gaat hier verder";
    /// Progress.
    sync_progress(kind: &str, fetched: &str, expected: &str), "{kind}: {fetched} of {expected}", "{kind}: {fetched} van {expected}";
    /// Progress without a known end.
    sync_progress_open(kind: &str, fetched: &str), "{kind}: {fetched}", "{kind}: {fetched}";
    /// Waiting because the product says so.
    sync_waiting(kind: &str, left: &str), "{kind}: the product asks to wait, {left}", "{kind}: het product vraagt te wachten, {left}";
    /// Time to go.
    sync_left(left: &str), "{left} left", "nog {left}";
    /// Speed.
    sync_rate(rate: &str), "{rate}/s", "{rate}/s";
    /// Never synced.
    never_synced, "never synced", "nooit gesynchroniseerd";
    /// The last sync.
    synced(ago: &str, changed: &str), "synced {ago}, {changed} changed", "{ago} gesynchroniseerd, {changed} gewijzigd";
    /// Till when the sign-in lasts.
    sign_in_lasts(days: &str, date: &str), "sign-in lasts {days} (till {date})", "aanmelding geldig: {days} (tot {date})";
    /// The grant has no refresh token.
    sign_in_endless, "sign-in lasts as long as its client secret", "aanmelding geldt zolang het clientgeheim geldt";
    /// A refresh token that lives as long as it is used.
    sign_in_while_used, "sign-in lasts while it is used", "aanmelding blijft zolang ze gebruikt wordt";
    /// The sign-in is over.
    sign_in_over, "signed out", "afgemeld";
    /// The lifespan was not readable.
    assumed, "assumed", "aangenomen";
    /// Counts of a kind.
    counts(kind: &str, total: &str, open: &str), "{kind}: {total}, open {open}", "{kind}: {total}, open {open}";
    /// Stale.
    stale(name: &str, age: &str), "{name}: the last complete sync is older than {age}", "{name}: de laatste volledige synchronisatie is ouder dan {age}";
    /// A setting that cannot be changed.
    edit_unknown(key: &str), "'{key}' is no setting that can be changed", "'{key}' is geen instelling die te wijzigen is";
    /// The shape of a setting.
    edit_shape, "--set wants KEY=VALUE, such as sync_days=60", "--set verwacht SLEUTEL=WAARDE, zoals sync_days=60";
    /// Secrets of an edit come from where?
    edit_secrets, "the sign-in changes with this: what it needs is asked for again", "hiermee wijzigt de aanmelding: wat die nodig heeft wordt opnieuw gevraagd";
    /// An unknown kind.
    unknown_kind(kind: &str), "no such kind of work item: {kind} (incident or change_request)", "onbekend soort werkitem: {kind} (incident of change_request)";
    /// An unknown partner.
    unknown_partner(partner: &str, known: &str), "no such partner: {partner} (known: {known})", "onbekende partner: {partner} (bekend: {known})";
    /// An unknown layout of the practice web app.
    unknown_layout(known: &str), "no such layout (known: {known})", "onbekende indeling (bekend: {known})";
    /// More rows are there.
    more_items(shown: &str), "{shown} shown; --limit N shows more", "{shown} getoond; --limit N toont meer";
    /// Yes or no.
    yes, "yes", "ja";
    /// Yes or no.
    no, "no", "nee";
    /// The log file cannot be written.
    no_log(reason: &str), "No log is written: {reason}", "Er wordt geen log geschreven: {reason}";
    /// A file with the key or its passphrase may be read by others.
    key_open_to_others(path: &str), "Other users may read {path}, which opens the secret store: chmod 600 '{path}'",
        "Andere gebruikers mogen {path} lezen, dat de geheimenopslag opent: chmod 600 '{path}'";
}
