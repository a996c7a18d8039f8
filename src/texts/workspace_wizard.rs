//! What the wizard of a workspace says.

use crate::model::lang::Lang;

crate::texts! {
    title, "New workspace", "Nieuwe werkruimte";
    title_of(name: &str), "Workspace {name}", "Werkruimte {name}";
    key_type, "type it", "zelf typen";
    key_list, "choose from a list", "kiezen uit een lijst";
    step_sign_in, "Sign-in", "Aanmelding";
    step_place, "Place", "Plaats";
    step_plan, "Plan", "Plan";
    step_test, "Test row", "Testrij";
    step_connections, "Connections", "Verbindingen";
    step_review, "Review", "Controle";
    sign_in_intro, "How does itsmc sign in to Azure for this workspace? This sign-in sends the rows.", "Hoe meldt itsmc zich voor deze werkruimte aan bij Azure? Deze aanmelding verstuurt de rijen.";
    field_name, "Name in itsmc", "Naam in itsmc";
    field_way, "Method", "Methode";
    field_tenant, "Tenant", "Tenant";
    field_client_id, "Client ID", "Client-ID";
    field_token_file, "Token file", "Tokenbestand";
    field_secret, "Client secret", "Clientgeheim";
    about_name, "By this name itsmc knows the workspace: letters, digits, '-', '_' and '.'.", "Onder deze naam kent itsmc de werkruimte: letters, cijfers, '-', '_' en '.'.";
    about_way, "Space changes the method.", "Spatie wijzigt de methode.";
    about_tenant, "The Entra tenant: its ID, or a domain such as contoso.com.", "De Entra-tenant: de ID, of een domein zoals contoso.com.";
    about_tenant_cli, "The Entra tenant, where it is another than the Azure CLI's own.", "De Entra-tenant, als die een andere is dan die van de Azure CLI.";
    about_client_id, "The client ID of the application in Entra.", "De client-ID van de toepassing in Entra.";
    about_client_id_machine, "Only for a user-assigned identity; empty for the machine's own.", "Alleen voor een door de gebruiker toegewezen identiteit; leeg voor die van de machine zelf.";
    about_client_id_person, "An application of your own; empty for the public one of the Azure CLI.", "Een eigen toepassing; leeg voor de openbare van de Azure CLI.";
    about_token_file, "The file that the platform writes; empty means AZURE_FEDERATED_TOKEN_FILE.", "Het bestand dat het platform schrijft; leeg betekent AZURE_FEDERATED_TOKEN_FILE.";
    about_secret, "The secret is tested at once and kept in the vault. Ctrl-R shows it.", "Het geheim wordt meteen getest en in de kluis bewaard. Ctrl-R toont het.";
    secret_kept, "kept already; empty leaves it so", "al bewaard; leeg laat het zo";
    may_be_empty, "may be empty", "mag leeg zijn";
    taken, "another workspace has this name", "een andere werkruimte heeft deze naam";
    is_missing, "required", "verplicht";
    subscriptions, "Subscription", "Abonnement";
    workspaces_of(subscription: &str), "Workspace in {subscription}", "Werkruimte in {subscription}";
    filter_hint, "type a part of its name", "typ een deel van de naam";
    reading, "Asking Azure…", "Azure vragen…";
    nothing_seen, "This sign-in sees none. ctrl-t types the place.", "Deze aanmelding ziet er geen. ctrl-t typt de plaats.";
    nothing_fits, "Nothing has that in its name.", "Niets heeft dat in de naam.";
    type_instead, "ctrl-t types the place instead; ctrl-g asks again.", "ctrl-t typt de plaats; ctrl-g vraagt opnieuw.";
    typed_intro, "Where is the workspace in Azure?", "Waar staat de werkruimte in Azure?";
    field_subscription, "Subscription", "Abonnement";
    field_group, "Resource group", "Resourcegroep";
    field_workspace, "Workspace", "Werkruimte";
    bad_subscription, "must be a GUID", "moet een GUID zijn";
    bad_group, "must be the exact name of a resource group", "moet de precieze naam van een resourcegroep zijn";
    bad_workspace, "must be the exact name of a workspace", "moet de precieze naam van een werkruimte zijn";
    adding, "Looking for the workspace in Azure, then saving it…", "De werkruimte in Azure zoeken en daarna opslaan…";
    saved_so_far(name: &str), "{name} is saved: you can leave now, and go on later with e on its screen.", "{name} is opgeslagen: u kunt nu weggaan en later verdergaan met e op het scherm van de werkruimte.";
    unseen, "Saved without a look at Azure: this sign-in may not read it. A plans as somebody who may.", "Opgeslagen zonder in Azure te kijken: deze aanmelding mag niet lezen. A maakt het plan als iemand die dat mag.";
    plan_enter, "Enter goes on to the test row.", "Enter gaat verder naar de testrij.";
    test_not_yet, "There is no data collection rule yet, so no row can be sent. Enter goes on; t on the workspace's screen tests later.", "Er is nog geen regel voor gegevensverzameling, dus er kan geen rij worden verstuurd. Enter gaat verder; t op het scherm van de werkruimte test later.";
    connections_intro, "Work items of these connections are sent to the workspace. Space switches one on or off.", "Werkitems van deze verbindingen gaan naar de werkruimte. Spatie zet er een aan of uit.";
    no_connections, "There is no connection yet. One that is added later is switched on here: e on the workspace's screen.", "Er is nog geen verbinding. Een die later komt, zet u hier aan: e op het scherm van de werkruimte.";
    numbers, "numbers instead of labels for states, priorities and other choices", "nummers in plaats van labels voor statussen, prioriteiten en andere keuzes";
    review_values, "Choice values", "Keuzewaarden";
    review_values_change(values: &str), "{values}; rows that were sent before stay as they are, until T on its screen sends all again", "{values}; al verstuurde rijen blijven zoals ze zijn, tot T op het scherm van de werkruimte alles opnieuw verstuurt";
    review_intro, "Enter saves which connections feed the workspace. Rows are sent after each sync from then on.", "Enter slaat op welke verbindingen de werkruimte voeden. Daarna worden na elke synchronisatie rijen verstuurd.";
    review_plan, "Plan", "Plan";
    review_plan_done, "everything is set up in Azure", "in Azure is alles ingericht";
    review_plan_left(steps: usize), "{steps} to make yet", "nog {steps} te maken";
    review_plan_unknown, "not seen yet", "nog niet bekeken";
    review_test, "Test row", "Testrij";
    review_test_found(span: &str), "found after {span}", "gevonden na {span}";
    review_test_accepted, "accepted; whether it was stored is unknown", "geaccepteerd; of die is opgeslagen, is onbekend";
    review_test_failed, "failed", "mislukt";
    review_test_not, "not tested", "niet getest";
    saving, "Saving…", "Opslaan…";
    saved(name: &str), "{name} is saved; rows are sent after each sync", "{name} is opgeslagen; na elke synchronisatie worden rijen verstuurd";
}

/// Why a typed line of the place does not fit.
pub fn bad_line(lang: Lang, line: usize) -> &'static str {
    match line {
        0 => bad_subscription(lang),
        1 => bad_group(lang),
        _ => bad_workspace(lang),
    }
}
