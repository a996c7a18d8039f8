//! What the set-up wizard says.

crate::texts! {
    confirm_first, "confirm to go on", "bevestig om verder te gaan";
    left_empty, "left empty", "leeg gelaten";
    key_choose, "choose", "kiezen";
    key_continue, "continue", "verder";
    key_previous_step, "previous step", "vorige stap";
    key_dashboard, "to the dashboard", "naar het dashboard";
    key_checklist, "checklist", "checklist";
    key_start_over, "start over", "opnieuw beginnen";
    key_confirm, "confirm", "bevestigen";
    key_scroll, "scroll", "schuiven";
    key_toggle, "on/off", "aan/uit";
    key_choice, "other choice", "andere keuze";
    key_next_field, "next field", "volgend veld";
    key_show, "show secrets", "geheimen tonen";
    key_hide, "hide secrets", "geheimen verbergen";
    key_go_to_field, "mend the field", "veld herstellen";
    key_save_signed_out, "save signed out", "afgemeld opslaan";
    key_to_checklist, "to its checklist", "naar de checklist";
    key_again, "try again", "nog eens";
    key_all_again, "test all again", "alles opnieuw";
    key_save, "save", "opslaan";
}

crate::texts! {
    title, "New connection", "Nieuwe verbinding";
    step_of(number: usize, of: usize), "step {number} of {of}", "stap {number} van {of}";
    place(number: usize, of: usize), "{number} of {of}", "{number} van {of}";
    step_partner, "Partner", "Partner";
    step_prerequisites, "Prerequisites", "Vereisten";
    step_details, "Details", "Gegevens";
    step_test, "Test", "Test";
    step_checklist, "Checklist", "Checklist";
    step_review, "Review", "Controle";
    step_first_sync, "First sync", "Eerste sync";

    looking_for_draft, "Looking for an earlier draft…", "Zoeken naar een eerder concept…";
    offer, "A connection was begun earlier and not saved yet.", "Er is eerder een verbinding begonnen en nog niet opgeslagen.";
    offer_partner(partner: &str), "Partner: {partner}", "Partner: {partner}";
    offer_name(name: &str), "Name: {name}", "Naam: {name}";
    offer_step(number: usize, title: &str), "It stopped at step {number}, {title}", "Gestopt bij stap {number}, {title}";
    offer_secrets, "Password and client secret are never kept in a draft: they must be typed again.",
        "Wachtwoord en clientgeheim staan nooit in een concept: die moeten opnieuw worden getypt.";
    offer_continue, "Continue", "Verdergaan";
    offer_start_over, "Start over", "Opnieuw beginnen";
    draft_unusable(summary: &str), "The draft of an earlier time cannot be taken up: {summary}.",
        "Het eerdere concept kan niet worden gebruikt: {summary}.";

    partner_intro, "Which product do you want to connect?", "Welk product wilt u verbinden?";
    ready, "✓ ready", "✓ klaar voor gebruik";
    not_built_yet, "– not built yet", "– nog niet gebouwd";
    not_built_long(name: &str), "Not built yet: this version cannot connect to {name}.",
        "Nog niet gebouwd: deze versie kan niet met {name} verbinden.";

    prerequisites_required, "Confirm with space what must be so before the wizard goes on (▲). If it is not so, Esc leads back to the products.",
        "Bevestig met spatie wat zo moet zijn voor de wizard verdergaat (▲). Is het niet zo, dan leidt Esc terug naar de producten.";
    prerequisites_intro, "Confirm with space what you have seen to. What is open does not stop you; the review names it.",
        "Bevestig met spatie wat in orde is. Wat openstaat houdt u niet tegen; de controle noemt het.";
    tested_later, "the live test looks (step 4)", "de livetest kijkt (stap 4)";
    confirmed_at(at: &str), "confirmed {at} UTC", "bevestigd {at} UTC";
    not_confirmed, "not confirmed", "niet bevestigd";

    may_stay_empty, "may stay empty", "mag leeg blijven";
    on, "on", "aan";
    off, "off", "uit";
    ctrl_r_shows, "ctrl-r shows it", "ctrl-r toont het";

    testing(url: &str), "Testing {url}", "{url} wordt getest";
    running, "running", "bezig";
    test_passed, "Nothing stands in the way: enter goes on to the checklist.", "Niets staat in de weg: enter gaat naar de checklist.";
    test_stopped, "Not every step was run: 'a' runs them all.", "Niet elke stap is uitgevoerd: 'a' voert ze alle uit.";
    test_failed_one, "1 step failed. Mend it, then try it again with 'r'.", "1 stap is mislukt. Herstel het en probeer het opnieuw met 'r'.";
    test_failed(count: usize), "{count} steps failed. Mend them, then try again with 'a'.",
        "{count} stappen zijn mislukt. Herstel ze en probeer het opnieuw met 'a'.";
    mapping_to_be_corrected(name: &str), "'itsmc connection mapping {name} --write' in another terminal writes a file to correct; 'r' then tests again ('o' saves it without signing in)",
        "'itsmc connection mapping {name} --write' in een andere terminal schrijft een bestand om te verbeteren; 'r' test daarna opnieuw ('o' slaat het op zonder aan te melden)";
    not_ready_there, "is it not ready over there yet? 'o' saves signed out, and R on its tile signs in later",
        "is het daar nog niet gereed? 'o' slaat afgemeld op, en R op de tegel meldt later aan";
    user_to_be_made, "is there no such user yet? 'o' saves signed out, and the checklist can make it",
        "is er nog geen gebruiker? 'o' slaat afgemeld op, en de checklist kan hem maken";
    leads_to_field(label: &str), "enter goes back to the field '{label}'", "enter gaat terug naar het veld '{label}'";

    checklist_intro_plain, "What the product's own set-up lacks, as far as we can see it. Enter goes on.", "Wat er aan de inrichting van het product ontbreekt, voor zover wij dat zien. Enter gaat verder.";
    checklist_intro, "What the product's own set-up lacks, as the integration user sees it. Enter goes on; once saved, the Checklist tab can mend it ('c' on the last step).",
        "Wat er aan de inrichting van het product ontbreekt, zoals de integratiegebruiker het ziet. Enter gaat verder; na het opslaan kan het tabblad Checklist het herstellen ('c' bij de laatste stap).";
    saved_signed_out(name: &str), "{name} is saved, signed out; the password is dropped. Enter opens its Checklist tab, where an admin signs in (A), makes the user and grants the roles. After that R signs in.",
        "{name} is afgemeld opgeslagen; het wachtwoord is vervallen. Enter opent het tabblad Checklist, waar een beheerder zich aanmeldt (A), de gebruiker maakt en de rollen toekent. Daarna meldt R aan.";
    saved_signed_out_plain(name: &str), "{name} is saved, signed out. Enter opens its Checklist tab, which says what to ask the product's admin. Once that is done, R signs in.",
        "{name} is afgemeld opgeslagen. Enter opent het tabblad Checklist, dat zegt wat de beheerder van het product gevraagd moet worden. Is dat gedaan, dan meldt R aan.";
    checklist_intro_short, "Enter goes on; once it is saved, its Checklist tab can mend this.", "Enter gaat verder; na het opslaan kan het tabblad Checklist herstellen.";
    saved_signed_out_short(name: &str), "{name} is saved, signed out. Enter opens its Checklist tab.", "{name} is afgemeld opgeslagen. Enter opent het tabblad Checklist.";
    no_checklist, "This product has no installation checklist. Enter goes on.", "Dit product kent geen installatiechecklist. Enter gaat verder.";
    checklist_not_seen, "the checklist was not looked at to its end", "de checklist is niet tot het einde bekeken";
    better_grant, "this release allows client credentials, if its admin switches them on: no password, no end after 90 days ('Signs in by')",
        "deze release staat clientgegevens toe, als de beheerder ze inschakelt: geen wachtwoord, geen einde na 90 dagen ('Meldt zich aan met')";
    checklist_stands(overall: &str), "checklist: {overall}", "checklist: {overall}";
    saving, "Saving…", "Opslaan…";
    password_given, "given, used once", "gegeven, eenmaal gebruikt";
    secret_given, "given", "gegeven";
    will_happen, "Enter saves it. Then:", "Enter slaat het op. Daarna:";
    will_be_stored, "The connection goes into the config file, its tokens into the secret store.",
        "De verbinding gaat naar het configuratiebestand, de tokens naar de geheimenopslag.";
    will_be_stored_with_secret, "The connection goes into the config file, client secret and tokens into the secret store.",
        "De verbinding gaat naar het configuratiebestand, clientgeheim en tokens naar de geheimenopslag.";
    will_be_dropped, "The password is dropped.", "Het wachtwoord vervalt.";
    will_be_synced(scope: &str), "The first sync begins: {scope}.", "De eerste synchronisatie begint: {scope}.";
    scope_unknown, "how much it brings is not known beforehand", "hoeveel dat is, is vooraf niet bekend";
    schedule(every: &str), "While this program is open it syncs every {every}.", "Zolang dit programma openstaat, synchroniseert het elke {every}.";
    schedule_each_minute, "While this program is open it syncs every minute.", "Zolang dit programma openstaat, synchroniseert het elke minuut.";
    no_schedule, "The schedule is switched off in the settings: it syncs on request only.",
        "Het schema staat uit in de instellingen: synchroniseren gebeurt alleen op verzoek.";
    worth_knowing, "Worth knowing first:", "Goed om eerst te weten:";
    unconfirmed(titles: &str), "prerequisites not confirmed: {titles}", "vereisten niet bevestigd: {titles}";

    no_configuration_items, "configuration items: that you want them is kept, but nothing makes them yet", "configuratie-items: dat u ze wilt wordt bewaard, maar nog niets maakt ze";
    is_saved(name: &str), "{name} is saved.", "{name} is opgeslagen.";
    is_saved_and_dropped(name: &str), "{name} is saved, the password is dropped.", "{name} is opgeslagen, het wachtwoord is vervallen.";
    starting, "The first sync is about to begin…", "De eerste synchronisatie begint zo…";
    its_turn_comes, "its turn comes", "komt aan de beurt";
    sync_goes_on, "You need not wait: it goes on in the background.", "Wachten hoeft niet: het gaat op de achtergrond door.";
    counts(fetched: &str, inserted: &str, updated: &str, unchanged: &str),
        "{fetched} received: {inserted} new, {updated} changed, {unchanged} unchanged",
        "{fetched} ontvangen: {inserted} nieuw, {updated} gewijzigd, {unchanged} ongewijzigd";
    hidden(count: &str), "{count} more exist that this user may not see", "er zijn er nog {count} die deze gebruiker niet mag zien";
    sync_done, "Everything there is to see is stored. Enter leads to the dashboard.",
        "Alles wat te zien is, is opgeslagen. Enter leidt naar het dashboard.";
    sync_incomplete, "Not everything came. What came is stored; 'r' goes on where it stopped.",
        "Niet alles is binnen. Wat binnenkwam is opgeslagen; 'r' gaat verder waar het stopte.";
}
