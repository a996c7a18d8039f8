//! What the set-up wizard says.

crate::texts! {
    left_empty, "left empty", "leeggelaten";
    key_choose, "choose", "kiezen";
    key_continue, "continue", "verder";
    key_previous_step, "previous step", "vorige stap";
    key_dashboard, "dashboard", "dashboard";
    key_checklist, "checklist", "checklist";
    key_start_over, "start over", "opnieuw beginnen";
    key_confirm, "confirm", "bevestigen";
    key_toggle, "on/off", "aan/uit";
    key_choice, "change choice", "andere keuze";
    key_next_field, "next field", "volgend veld";
    key_show, "show", "tonen";
    key_hide, "hide", "verbergen";
    key_open_link, "open link", "link openen";
    key_go_to_field, "edit the field", "veld wijzigen";
    key_save_signed_out, "save signed out", "afgemeld opslaan";
    key_to_checklist, "to the checklist", "naar de checklist";
    key_again, "retry", "opnieuw";
    key_save, "save", "opslaan";
}

crate::texts! {
    title, "New connection", "Nieuwe verbinding";
    step_of(number: usize, of: usize), "step {number} of {of}", "stap {number} van {of}";
    place(number: usize, of: usize), "{number} of {of}", "{number} van {of}";
    step_partner, "Product", "Product";
    step_prerequisites, "Prerequisites", "Vereisten";
    step_details, "Details", "Gegevens";
    step_test, "Test", "Test";
    step_checklist, "Checklist", "Checklist";
    step_review, "Review", "Controle";
    step_first_sync, "First sync", "Eerste sync";

    looking_for_draft, "Looking for an earlier draft…", "Zoeken naar een eerder concept…";
    offer, "There is an unsaved draft of a connection.", "Er is een niet-opgeslagen concept van een verbinding.";
    offer_partner(partner: &str), "Product: {partner}", "Product: {partner}";
    offer_name(name: &str), "Name: {name}", "Naam: {name}";
    offer_step(number: usize, title: &str), "It stopped at step {number}, {title}", "Gestopt bij stap {number}, {title}";
    offer_secrets, "Password and client secret are never kept in a draft: they must be typed again.",
        "Wachtwoord en clientgeheim staan nooit in een concept: die moeten opnieuw worden getypt.";
    offer_continue, "Continue", "Verdergaan";
    offer_start_over, "Start over", "Opnieuw beginnen";
    draft_unusable(summary: &str), "The earlier draft cannot be used: {summary}. A new connection replaces it.",
        "Het eerdere concept is niet te gebruiken: {summary}. Een nieuwe verbinding vervangt het.";

    partner_intro, "Which product do you want to connect?", "Welk product wilt u verbinden?";
    ready, "✓ ready", "✓ klaar voor gebruik";
    not_built_yet, "– not built yet", "– nog niet gebouwd";
    not_built_long(name: &str), "Not built yet: this version cannot connect to {name}.",
        "Nog niet gebouwd: deze versie kan niet met {name} verbinden.";

    prerequisites_intro, "Press space to confirm what is done. You can go on without the rest; the review lists it.",
        "Vink met spatie aan wat klaar is. U kunt zonder de rest verdergaan; de controle noemt wat openstaat.";
    tested_later, "checked by the live test (step 4)", "wordt getest in stap 4";
    confirmed_at(at: &str), "confirmed {at}", "bevestigd {at}";
    not_confirmed, "not confirmed", "niet bevestigd";

    may_stay_empty, "may stay empty", "mag leeg blijven";
    on, "on", "aan";
    off, "off", "uit";
    ctrl_r_shows, "ctrl-r shows it", "ctrl-r toont het";

    asked_next, "What step 3 asks for", "Waar stap 3 om vraagt";
    testing(url: &str), "Testing {url}", "{url} wordt getest";
    running, "running", "bezig";
    test_passed_but[steps], "No step failed; {steps} is unknown. Press Enter to continue to the checklist." | "No step failed; {steps} are unknown. Press Enter to continue to the checklist.", "Geen stap mislukt; {steps} is onbekend. Druk op Enter om verder te gaan naar de checklist." | "Geen stap mislukt; {steps} zijn onbekend. Druk op Enter om verder te gaan naar de checklist.";
    test_passed, "All steps passed. Press Enter to continue to the checklist.", "Alle stappen geslaagd. Druk op Enter om verder te gaan naar de checklist.";
    test_stopped, "Some steps were not run. Press t to test again.", "Sommige stappen zijn niet uitgevoerd. Druk op t om opnieuw te testen.";
    test_failed_one, "1 step failed. Fix it, then press r to run the step again.", "1 stap is mislukt. Herstel het en druk op r om de stap opnieuw uit te voeren.";
    test_failed(count: usize), "{count} steps failed. Fix them, then press t to test again.",
        "{count} stappen zijn mislukt. Herstel ze en druk op t om opnieuw te testen.";
    mapping_to_be_corrected(name: &str), "Run 'itsmc connection mapping {name} --write' in another terminal and correct the file it writes; then press r to run the step again (L saves without signing in)",
        "Geef 'itsmc connection mapping {name} --write' in een andere terminal en verbeter het bestand dat dit schrijft; druk dan op r om de stap opnieuw uit te voeren (L slaat op zonder aan te melden)";
    not_ready_there, "Not ready in the product yet? Press L to save without signing in; later press R on the tile to sign in.",
        "Is het product nog niet gereed? Druk op L om op te slaan zonder aan te melden; meld later aan met R op de tegel.";
    user_to_be_made, "No integration user yet? Press L to save without signing in; the checklist can create it.",
        "Nog geen integratiegebruiker? Druk op L om op te slaan zonder aan te melden; de checklist kan die maken.";
    leads_to_field(label: &str), "Press Enter to edit the field '{label}'.", "Druk op Enter om het veld '{label}' te wijzigen.";

    checklist_intro_plain, "What is still missing in the product, as far as this user can see. Press Enter to continue.", "Wat nog in het product ontbreekt, voor zover deze gebruiker dat kan zien. Druk op Enter om verder te gaan.";
    checklist_intro, "What is still missing in the product, as far as the integration user can see. Press Enter to continue; after saving, the Checklist tab can fix it (press K on the last step).",
        "Wat nog in het product ontbreekt, voor zover de integratiegebruiker dat kan zien. Druk op Enter om verder te gaan; na het opslaan kan het tabblad Checklist het herstellen (druk op K bij de laatste stap).";
    saved_signed_out(name: &str), "{name} is saved, signed out; the password is not kept. Press Enter for its Checklist tab, where an admin can sign in (A), create the user and grant the roles. Then press R to sign in.",
        "{name} is afgemeld opgeslagen; het wachtwoord is niet bewaard. Druk op Enter voor het tabblad Checklist, waar een beheerder zich kan aanmelden (A), de gebruiker kan maken en de rollen kan toekennen. Druk daarna op R om aan te melden.";
    saved_signed_out_plain(name: &str), "{name} is saved, signed out. Press Enter for its Checklist tab, which lists what to ask the product's admin. Then press R to sign in.",
        "{name} is afgemeld opgeslagen. Druk op Enter voor het tabblad Checklist, dat toont wat u de beheerder van het product moet vragen. Druk daarna op R om aan te melden.";
    checklist_intro_short, "Enter continues; after saving, the Checklist tab can fix this.", "Enter gaat verder; na het opslaan kan het tabblad Checklist dit herstellen.";
    saved_signed_out_short(name: &str), "{name} is saved, signed out. Press Enter for its Checklist tab.", "{name} is afgemeld opgeslagen. Druk op Enter voor de checklist.";
    no_checklist, "This product has no installation checklist. Press Enter to continue.", "Dit product heeft geen installatiechecklist. Druk op Enter om verder te gaan.";
    checklist_not_seen, "Checklist: not all of it was checked", "Checklist: niet alles is gecontroleerd";
    better_grant, "this release supports client credentials, once its admin has enabled them: no password, no expiry after 90 days (field 'Sign-in method')",
        "deze release ondersteunt clientreferenties, zodra de beheerder ze inschakelt: geen wachtwoord, niet verlopen na 90 dagen (veld 'Aanmeldmethode')";
    checklist_stands(overall: &str), "Checklist: {overall}", "Checklist: {overall}";
    saving, "Saving…", "Opslaan…";
    password_given, "used once, then forgotten", "eenmaal gebruikt, daarna vergeten";
    secret_given, "entered", "ingevuld";
    will_happen, "Press Enter to save. Then:", "Druk op Enter om op te slaan. Daarna:";
    will_be_stored, "The connection is written to the config file, its tokens to the vault.",
        "De verbinding komt in het configuratiebestand, de tokens in de kluis.";
    will_be_stored_with_secret, "The connection is written to the config file, its client secret and tokens to the vault.",
        "De verbinding komt in het configuratiebestand, clientgeheim en tokens in de kluis.";
    will_be_dropped, "The password is not kept.", "Het wachtwoord wordt niet bewaard.";
    will_be_synced(scope: &str), "The first sync starts: {scope}.", "De eerste synchronisatie begint: {scope}.";
    scope_unknown, "number of work items not known yet", "aantal werkitems nog niet bekend";
    schedule(every: &str), "itsmc syncs it every {every} while it is open.", "Zolang itsmc openstaat, synchroniseert het elke {every}.";
    schedule_each_minute, "itsmc syncs it every minute while it is open.", "Zolang itsmc openstaat, synchroniseert het elke minuut.";
    no_schedule, "The schedule is switched off in the config file: press s to sync.",
        "Het schema staat uit in het configuratiebestand: druk op s om te synchroniseren.";
    worth_knowing, "Please note:", "Let op:";
    unconfirmed(titles: &str), "Prerequisites not confirmed: {titles}", "Vereisten niet bevestigd: {titles}";

    is_saved(name: &str), "{name} is saved.", "{name} is opgeslagen.";
    is_saved_and_dropped(name: &str), "{name} is saved; the password was not kept.", "{name} is opgeslagen; het wachtwoord is niet bewaard.";
    starting, "Starting the first sync…", "Eerste synchronisatie starten…";
    its_turn_comes, "waiting", "wacht";
    sync_goes_on, "No need to wait: the sync continues in the background.", "Wachten hoeft niet: de synchronisatie gaat op de achtergrond door.";
    counts(fetched: &str, inserted: &str, updated: &str, unchanged: &str),
        "{fetched} received ({inserted} new, {updated} changed, {unchanged} unchanged)",
        "{fetched} ontvangen ({inserted} nieuw, {updated} gewijzigd, {unchanged} ongewijzigd)";
    hidden(count: &str), "{count} more are hidden from this user", "nog {count} zijn verborgen voor deze gebruiker";
    sync_done, "Done. Press Enter for the dashboard.",
        "Klaar. Druk op Enter voor het dashboard.";
    sync_done_checklist, "Done. Press Enter for the dashboard, or K for the checklist, which is not complete.",
        "Klaar. Druk op Enter voor het dashboard, of op K voor de checklist, die niet is voltooid.";
    sync_incomplete, "The sync is incomplete. What arrived is stored; press r to retry.",
        "De synchronisatie is onvolledig. Wat binnenkwam is opgeslagen; druk op r om het opnieuw te proberen.";
}
