//! What the screen of a workspace and the lines of the workspaces on the dashboard say.

use jiff::Timestamp;

use super::{fault as faults, number, sending, time};
use crate::model::lang::Lang;
use crate::model::sending::{VerifyRecord, WorkspaceStanding};

crate::texts! {
    log_analytics, "Log Analytics", "Log Analytics";
    hint_none, "Log Analytics: none yet. Press w to add a workspace and send work items to Azure.", "Log Analytics: nog geen. Druk op w om werkitems naar Azure te sturen.";
    more(count: usize), "+{count}", "+{count}";
    key_workspace, "Log Analytics", "Log Analytics";
    key_next_workspace, "next workspace", "volgende werkruimte";
    key_add, "new workspace", "nieuwe werkruimte";
    key_plan, "plan", "plan";
    key_apply, "make changes", "doorvoeren";
    key_migrate, "migrate", "migreren";
    key_plan_migration, "plan the migration", "migratie plannen";
    key_other_table, "other table", "andere tabel";
    key_sender, "name the sender", "afzender noemen";
    key_set_up_as, "sign in as", "aanmelden als";
    key_export, "Bicep", "Bicep";
    key_send, "send", "versturen";
    key_test, "test row", "testrij";
    key_send_again, "send all again", "alles opnieuw";
    key_verify, "verify", "verifiëren";
    key_copy_code, "copy the code", "code kopiëren";
    key_another_code, "another code", "andere code";
    tab_state, "State", "Status";
    tab_plan, "Plan", "Plan";
    tab_test, "Test row", "Testrij";
    tab_verification, "Verification", "Verificatie";
    tab_faults, "Faults", "Storingen";
    tab_log, "Log", "Logboek";
    log_empty, "Nothing was sent or verified yet.", "Er is nog niets verstuurd of geverifieerd.";
    log_sent(rows: &str, bytes: &str), "{rows} accepted, {bytes}", "{rows} geaccepteerd, {bytes}";
    log_removed(rows: &str), "{rows} for removed work items", "{rows} voor verwijderde werkitems";
    log_refused(rows: &str), "{rows} refused", "{rows} geweigerd";
    log_stopped(why: &str), "stopped: {why}", "gestopt: {why}";
    log_verified(checked: &str), "verified, all {checked} work items are there", "geverifieerd, alle {checked} werkitems zijn aanwezig";
    log_differs(differ: &str, checked: &str, resent: &str), "verified: {differ} of {checked} work items differ, {resent} sent again", "geverifieerd: {differ} van {checked} werkitems wijken af, {resent} opnieuw verstuurd";
    not_set_up_short, "not set up", "niet ingericht";
    not_set_up, "Not set up: nothing can be sent yet. Press p to plan what is missing in Azure.", "Niet ingericht: er kan nog niets worden verstuurd. Druk op p voor een plan van wat er in Azure ontbreekt.";
    behind_short(rows: &str, span: &str), "behind by {rows}, {span}", "{rows} achter, {span}";
    missing_short(count: &str), "{count} not in the workspace as here", "{count} niet in de werkruimte zoals hier";
    not_verified_short, "not verified", "niet geverifieerd";
    heading_rows, "Rows", "Rijen";
    label_behind, "Sending", "Versturen";
    label_sent, "Sent", "Verstuurd";
    label_accepted, "Accepted", "Geaccepteerd";
    label_verified, "Verified", "Geverifieerd";
    never, "never", "nooit";
    about_sent, "request sent", "verzoek verstuurd";
    about_accepted, "Azure confirmed receipt", "Azure bevestigde de ontvangst";
    about_verified, "found by a query", "gevonden met een query";
    accepted_of(accepted: &str, of: &str), "{accepted} of {of} accepted", "{accepted} van {of} geaccepteerd";
    waits(until: &str, why: &str), "Waiting, next try {until}: {why}", "Wacht, volgende poging {until}: {why}";
    sending, "Sending…", "Versturen…";
    stopping, "Stopping: accepted rows stay accepted…", "Stoppen: geaccepteerde rijen blijven geaccepteerd…";
    last_run(accepted: &str, requests: &str, took: &str), "last run: {accepted} accepted, {requests}, {took}", "laatste keer: {accepted} geaccepteerd, {requests}, {took}";
    last_run_nothing, "last run: nothing to send", "laatste keer: niets te versturen";
}

crate::texts! {
    heading_workspace, "Workspace", "Werkruimte";
    label_in_azure, "In Azure", "In Azure";
    label_subscription, "Subscription", "Abonnement";
    label_tables, "Tables", "Tabellen";
    label_rule, "DCR", "DCR";
    label_values, "Choice values", "Keuzewaarden";
    label_fed_by, "Connections", "Verbindingen";
    fed_by_nothing, "no connection yet: nothing is sent", "nog geen verbinding: er wordt niets verstuurd";
    heading_sign_in, "Sign-in", "Aanmelding";
    label_way, "Method", "Methode";
    label_tenant, "Tenant", "Tenant";
    label_client_id, "Client ID", "Client-ID";
    label_sender, "Object ID", "Object-ID";
}

// The plan, verification and what follows; one list would be too long for the macro.
crate::texts! {
    no_plan, "Press p to plan what is missing in Azure. Nothing is changed there yet.", "Druk op p voor een plan van wat er in Azure ontbreekt. Er wordt daar nog niets gewijzigd.";
    planning, "Looking at what is there in Azure…", "Kijken wat er in Azure is…";
    details, "Details", "Details";
    planned(ago: &str), "Azure, as seen {ago}", "Azure, {ago} bekeken";
    set_up_as(way: &str), "Set-up signs in by: {way} (A signs in otherwise)", "Inrichten meldt zich aan met: {way} (A meldt anders aan)";
    set_up_as_own(way: &str), "Set-up signs in as the workspace does: {way} (A signs in otherwise)", "Inrichten gebruikt de aanmelding van de werkruimte: {way} (A meldt anders aan)";
    to_do[steps], "{steps} change to make: M makes it after you confirm. E writes it as Bicep for someone with the rights." | "{steps} changes to make: M makes them after you confirm. E writes them as Bicep for someone with the rights.", "{steps} wijziging te doen: M voert de wijziging door na uw bevestiging. E schrijft die als Bicep voor wie de rechten heeft." | "{steps} wijzigingen te doen: M voert de wijzigingen door na uw bevestiging. E schrijft ze als Bicep voor wie de rechten heeft.";
    applying(step: &str, at: usize, of: usize), "{at} of {of}: {step}…", "{at} van {of}: {step}…";
    applying_first, "Checking that nothing has changed since…", "Controleren of er sindsdien niets is gewijzigd…";
    waits_for_table(next: u64, left: &str), "The new table is not available everywhere in Azure yet. Next try in {next} s, for up to {left}.", "De nieuwe tabel is nog niet overal in Azure beschikbaar. Volgende poging over {next} s, hooguit nog {left}.";
    made(step: &str), "{step}: done", "{step}: gereed";
    changed_since, "Azure has changed since the plan was shown, so nothing was changed. This is the plan as it is now.", "Azure is gewijzigd sinds het plan werd getoond, dus er is niets gewijzigd. Dit is het plan zoals het nu is.";
    plan_done, "Everything is set up in Azure.", "In Azure is alles ingericht.";
    plan_done_next, "Press t to send a test row.", "Druk op t om een testrij te sturen.";
    step_failed(step: &str, why: &str), "{step} failed: {why}", "{step} is mislukt: {why}";
    step_failed_next, "The steps before it are done. Press p to plan again and go on from there.", "De stappen ervoor zijn uitgevoerd. Druk op p om het plan opnieuw te maken en daar verder te gaan.";
    classic_keys(table: &str), "B migrates {table}, b takes another table beside it.", "B migreert {table}, b neemt een andere tabel ernaast.";
    sender_key, "U names its object ID.", "U noemt de object-ID.";
    writing_files, "Writing the files…", "Bestanden schrijven…";
    files_written, "Written, with a README for the Azure team:", "Geschreven, met een README voor het Azure-team:";
    files_then, "Once they have deployed it, press p: the plan notes the address of the data collection rule.", "Hebben zij het geïmplementeerd, druk dan op p: het plan noteert het adres van de regel voor gegevensverzameling.";
    ask_send_again(name: &str), "Send every stored work item to {name} again? It costs as much as the first time; the rows are marked as sent again.", "Elk opgeslagen werkitem opnieuw naar {name} versturen? Dat kost evenveel als de eerste keer; de rijen worden gemarkeerd als opnieuw verstuurd.";
    ask_apply[steps, name: &str], "Make the {steps} planned change for {name} in Azure?" | "Make the {steps} planned changes for {name} in Azure?", "De {steps} geplande wijziging voor {name} in Azure doorvoeren?" | "De {steps} geplande wijzigingen voor {name} in Azure doorvoeren?";
    test_hint, "Press t for a test: one marked row is sent and looked for in the workspace. The function ServiceDesk does not show it.", "Druk op t voor een test: één gemarkeerde testrij wordt verstuurd en in de werkruimte gezocht. De functie ServiceDesk toont die niet.";
    test_begins, "Asking Azure whether this sign-in may send rows…", "Azure vragen of deze aanmelding rijen mag versturen…";
    waits_for_rights, "Azure does not accept rows from this sign-in yet. A new role can take up to 30 minutes; this is not a failure.", "Azure accepteert nog geen rijen van deze aanmelding. Een nieuwe rol kan tot 30 minuten duren; dat is geen storing.";
    next_try(next: u64, left: &str), "Next try in {next} s, for up to {left}.", "Volgende poging over {next} s, hooguit nog {left}.";
    waits_for_row, "The row cannot be found yet. The first of a new table can take 15 minutes.", "De rij is nog niet te vinden. De eerste van een nieuwe tabel kan 15 minuten duren.";
    next_look(next: u64, left: &str), "Next check in {next} s, for up to {left}.", "Volgende controle over {next} s, hooguit nog {left}.";
    row_is_looked_for, "The row is looked for.", "De rij wordt gezocht.";
    rights_took(span: &str), "Rows were accepted after {span}.", "Rijen werden na {span} geaccepteerd.";
    running_for(span: &str), "running for {span}", "al {span} bezig";
    test_passed, "Test passed: the row is in the workspace.", "Test geslaagd: de rij staat in de werkruimte.";
    never_verified, "Never verified. Press v to verify that the workspace has every work item as it is here.", "Nooit geverifieerd. Druk op v om te verifiëren of de werkruimte elk werkitem heeft zoals het hier is.";
    verifying, "Comparing the workspace with what is stored here…", "De werkruimte vergelijken met wat hier is opgeslagen…";
    checked[count], "{count} work item compared" | "{count} work items compared", "{count} werkitem vergeleken" | "{count} werkitems vergeleken";
    label_missing, "missing", "ontbreken";
    label_older, "older in Azure", "ouder in Azure";
    label_other_state, "in another state in Azure", "andere status in Azure";
    label_surplus, "removed, still shown", "verwijderd, nog getoond";
    label_doubled, "duplicate", "dubbel";
    label_resent, "sent again", "opnieuw verstuurd";
    about_doubled, "the function shows each work item once", "de functie toont elk werkitem één keer";
    all_there, "The workspace has everything as it is here.", "De werkruimte heeft alles zoals het hier is.";
    differs, "The workspace differs. Missing and older items were sent again where possible; verify again later.", "De werkruimte wijkt af. Ontbrekende en oudere items zijn waar mogelijk opnieuw verstuurd; verifieer later opnieuw.";
    some_are(numbers: &str), "For example: {numbers}", "Bijvoorbeeld: {numbers}";
    no_faults, "No faults and no findings.", "Geen storingen en geen bevindingen.";
    stopped_since(moment: &str), "Sending has failed since {moment}.", "Versturen mislukt sinds {moment}.";
    verification_failed, "The last verification did not see everything:", "De laatste verificatie zag niet alles:";
    test_failed, "The last test failed:", "De laatste test is mislukt:";
    findings, "Noticed while sending", "Opgemerkt bij het versturen";
    sign_in_title, "Sign in to Azure", "Aanmelden bij Azure";
    client_secret, "Client secret", "Clientgeheim";
    client_secret_of(client_id: &str, tenant: &str), "Client ID {client_id} in tenant {tenant}. The secret is tested at once and kept in the vault.", "Client-ID {client_id} in tenant {tenant}. Het geheim wordt meteen getest en in de kluis bewaard.";
    signing_in, "Signing in…", "Aanmelden…";
    asking_for_code, "Asking Microsoft for a code…", "Microsoft om een code vragen…";
    open_page(page: &str), "Open this page in a browser, on any machine: {page}", "Open deze pagina in een browser, op welke machine dan ook: {page}";
    type_code(code: &str), "Type this code there: {code}", "Typ daar deze code: {code}";
    code_valid(left: &str), "It is valid for another {left}. The sign-in goes on by itself.", "De code geldt nog {left}. De aanmelding gaat vanzelf verder.";
    signed_in(name: &str), "signed in for {name}", "aangemeld voor {name}";
    removed(name: &str), "{name} is removed; nothing was removed in Azure", "{name} is verwijderd; in Azure is niets verwijderd";
    migrate_title(table: &str), "Migrate {table}", "{table} migreren";
    migrate_about(table: &str), "A migration cannot be undone. The old connector and anything else that writes to {table} through the old API stops working; the rows stay. Type the table's name to add the migration to the plan. Nothing changes in Azure until you press M.", "Een migratie is niet terug te draaien. De oude connector en al het andere dat via de oude API naar {table} schrijft, werkt dan niet meer; de rijen blijven. Typ de naam van de tabel om de migratie in het plan op te nemen. In Azure verandert niets tot u op M drukt.";
    migrate_refused(table: &str), "This is not {table}.", "Dit is niet {table}.";
    other_table_title(table: &str), "Another table than {table}", "Een andere tabel dan {table}";
    other_table_about, "The classic table stays as it is, with its rows. New rows go to this one, which is made.", "De klassieke tabel blijft zoals die is, met de rijen. Nieuwe rijen gaan naar deze, die wordt gemaakt.";
    other_table_refused, "A table's name has letters, digits and _, and ends with _CL.", "De naam van een tabel heeft letters, cijfers en _, en eindigt op _CL.";
    folder_title, "Write the plan as Bicep", "Het plan als Bicep schrijven";
    folder_about, "Into this folder, which is made. For those who may make the resources.", "In deze map, die wordt gemaakt. Voor wie de resources mag maken.";
    folder_refused, "Name a folder.", "Noem een map.";
    sender_title, "Who sends rows", "Wie rijen verstuurt";
    sender_about, "The object ID of the service principal or managed identity that will send rows. It is another than the client ID.", "De object-ID van de service-principal of beheerde identiteit die rijen gaat versturen. Dat is een andere dan de client-ID.";
    sender_refused, "An object ID is a GUID.", "Een object-ID is een GUID.";
}

/// How far a workspace is, in a few words.
pub fn behind(lang: Lang, at: &WorkspaceStanding, now: Timestamp) -> String {
    if !at.set_up {
        return not_set_up_short(lang).to_owned();
    }
    match (at.behind_rows, at.behind_seconds(now)) {
        (0, _) if at.last_accepted.is_none() => sending::never_accepted(lang).to_owned(),
        (0, _) => sending::up_to_date(lang).to_owned(),
        (rows, Some(seconds)) => behind_short(lang, &number::rows(lang, rows), &time::short(lang, seconds)),
        (rows, None) => sending::behind_rows(lang, &number::rows(lang, rows)),
    }
}

/// When it was last verified, in a few words.
pub fn verified(lang: Lang, at: &WorkspaceStanding, now: Timestamp) -> String {
    match &at.last_verified {
        Some(record) => sending::last_verified(lang, &time::ago(lang, record.at, now)),
        None => sending::never_verified(lang).to_owned(),
    }
}

/// That the workspace differs from what is stored here.
pub fn differs_short(lang: Lang, record: &VerifyRecord) -> String {
    missing_short(lang, &number::grouped(lang, record.missing + record.older + record.other_state + record.surplus))
}

/// Why the last verification did not see everything.
pub fn not_verified(lang: Lang, fault: &crate::model::fault::Fault) -> String {
    sending::not_verified(lang, &faults::summary(lang, fault))
}
