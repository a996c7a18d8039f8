//! Deploying the web app of Service Manager in words.

use crate::model::deploy::{DeployField, DeployProblem, DeployWarning, PLANS};
use crate::model::lang::Lang;

/// Why a value does not fit.
pub fn problem(lang: Lang, problem: &DeployProblem) -> String {
    match problem {
        DeployProblem::Missing => missing(lang).to_owned(),
        DeployProblem::NotASubscription => not_a_subscription(lang).to_owned(),
        DeployProblem::NotAGroup => not_a_group(lang).to_owned(),
        DeployProblem::NotALocation => not_a_location(lang).to_owned(),
        DeployProblem::NotQualified => not_qualified(lang).to_owned(),
        DeployProblem::NotADomain => not_a_domain(lang).to_owned(),
        DeployProblem::NotAUser => not_a_user(lang).to_owned(),
        DeployProblem::NotAPrefix => not_a_prefix(lang).to_owned(),
        DeployProblem::NotANamespace => not_a_namespace(lang).to_owned(),
        DeployProblem::NotAPlan => not_a_plan(lang, &PLANS.join(", ")),
        DeployProblem::NotASecret => not_a_secret(lang).to_owned(),
    }
}

/// Every problem in one line: `location: needed; plan: one of F1, ..`.
pub fn problems(lang: Lang, problems: &[(DeployField, DeployProblem)]) -> String {
    let one = |(field, found): &(DeployField, DeployProblem)| format!("{}: {}", field.key(), problem(lang, found));
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

crate::texts! {
    /// What is asked for.
    label: DeployField {
        Subscription => "ID of the Azure subscription (az account list --output table)", "ID van het Azure-abonnement (az account list --output table)";
        ResourceGroup => "Resource group; created if it does not exist", "Resourcegroep; wordt gemaakt als die niet bestaat";
        Location => "Location, such as westeurope", "Locatie, zoals westeurope";
        ServerName => "Full name of the management server of Service Manager, such as scsm01.corp.contoso.com", "Volledige naam van de beheerserver van Service Manager, zoals scsm01.corp.contoso.com";
        Domain => "Windows domain of the account (role Advanced Operator)", "Windows-domein van het account (rol Advanced Operator)";
        Username => "The account, without its domain", "Het account, zonder domein";
        SitePrefix => "Start of the web app's name; a number is added", "Begin van de naam van de web-app; er wordt een nummer toegevoegd";
        Namespace => "Existing Service Bus namespace; leave empty to create one", "Bestaande Service Bus-naamruimte; laat leeg om een nieuwe te maken";
        Plan => "Pricing tier of the App Service plan", "Prijscategorie van het App Service-plan";
        PasswordSecret => "ID of the key vault's secret with the account's password", "ID van het key vault-geheim met het wachtwoord van het account";
    }
    /// What is worth knowing before it is deployed.
    warning: DeployWarning {
        PlanWithoutHybridConnections => "The plans F1 (Free) and D1 (Shared) have no hybrid connections, so the web app cannot reach Service Manager: take B1 (Basic) or higher.", "De prijscategorieën F1 (Free) en D1 (Shared) hebben geen hybride verbindingen, dus kan de web-app Service Manager niet bereiken: neem B1 (Basic) of hoger.";
        IdentifierUri => "Microsoft's old script registers the app under the web app's address; Entra now refuses addresses that no one has verified. The commands use api://<client ID> instead: enter exactly that as the connection's audience.", "Het oude script van Microsoft registreert de app onder het adres van de web-app; Entra weigert nu adressen die niemand heeft geverifieerd. De opdrachten gebruiken in plaats daarvan api://<client-ID>: vul precies dat in als doelgroep van de verbinding.";
        HybridConnectionByHand => "The script does not make the hybrid connection: create it in the Azure portal, with port 5724.", "Het script maakt de hybride verbinding niet: maak die in de Azure-portal, met poort 5724.";
    }
    /// What a value is called, in a few words.
    name: DeployField {
        Subscription => "Subscription ID", "Abonnements-ID";
        ResourceGroup => "Resource group", "Resourcegroep";
        Location => "Location", "Locatie";
        ServerName => "Management server", "Beheerserver";
        Domain => "Windows domain", "Windows-domein";
        Username => "Account", "Account";
        SitePrefix => "Site prefix", "Sitevoorvoegsel";
        Namespace => "Namespace", "Naamruimte";
        Plan => "Plan", "Prijscategorie";
        PasswordSecret => "Key vault secret", "Key Vault-geheim";
    }
    name_folder, "Folder", "Map";
    about_folder, "The folder for the files, relative to where itsmc was started; ~ is your home folder. Existing files are not overwritten", "De map voor de bestanden, ten opzichte van waar itsmc is gestart; ~ is uw eigen map. Bestaande bestanden worden niet overschreven";
    title, "Deploy the web app", "Web-app uitrollen";
    intro, "Writes parameter files and commands for Microsoft's script. itsmc deploys nothing itself and does not ask for a password.", "Schrijft parameterbestanden en opdrachten voor het script van Microsoft. itsmc rolt zelf niets uit en vraagt geen wachtwoord.";
    fits, "ok", "goed";
    made_into(made: &str), "becomes {made}", "wordt {made}";
    may_be_empty, "may stay empty", "mag leeg blijven";
    wanted(what: &str), "expected: {what}", "verwacht: {what}";
    writing, "writing the files", "bestanden schrijven";
    next_title, "Next steps", "Volgende stappen";
    next_run, "Read deploy.sh (or deploy.ps1 for PowerShell), then run it. It needs the Azure CLI:", "Lees deploy.sh (of deploy.ps1 voor PowerShell) en voer het uit. De Azure CLI is nodig:";
    next_by_hand, "Create the hybrid connection in the Azure portal; NEXT-STEPS.md has the values.", "Maak de hybride verbinding in de Azure-portal; de waarden staan in NEXT-STEPS.md.";
    next_in_wizard(url: &str), "Then continue here: empty fields of the form are filled in with {url} and what else is known. The deployment prints tenant, audience and client ID.", "Ga dan hier verder: lege velden van het formulier zijn ingevuld met {url} en wat verder bekend is. De uitrol toont tenant, doelgroep en client-ID.";
    next_form(file: &str), "Then fill in {file} with the tenant, audience and client ID that are printed, and run: itsmc connection add --file {file}", "Vul dan {file} in met de tenant, doelgroep en client-ID die getoond worden, en voer uit: itsmc connection add --file {file}";
    key_write, "write the files", "bestanden schrijven";
    key_copy_next, "copy the commands", "opdrachten kopiëren";
    key_deploy, "deploy", "uitrollen";
    missing, "required", "verplicht";
    not_a_subscription, "the subscription's ID, such as 11111111-2222-3333-4444-555555555555, not its name", "de ID van het abonnement, zoals 11111111-2222-3333-4444-555555555555, niet de naam";
    not_a_group, "letters, digits, '-', '_', '.' and brackets, at most 90, not ending with '.'", "letters, cijfers, '-', '_', '.' en haakjes, hoogstens 90, niet eindigend op '.'";
    not_a_location, "a region of Azure, such as westeurope", "een regio van Azure, zoals westeurope";
    not_qualified, "the full name of the server with its domain, such as scsm01.corp.contoso.com, without a port: the hybrid connection is matched by exactly this name", "de volledige naam van de server met domein, zoals scsm01.corp.contoso.com, zonder poort: de hybride verbinding wordt op precies deze naam herkend";
    not_a_domain, "a domain alone, such as CORP or corp.contoso.com", "alleen een domein, zoals CORP of corp.contoso.com";
    not_a_user, "an account's name alone, such as svc-scsm, without domain", "alleen de naam van een account, zoals svc-scsm, zonder domein";
    not_a_prefix, "2 to 40 letters, digits and '-', beginning with a letter", "2 tot en met 40 letters, cijfers en '-', beginnend met een letter";
    not_a_namespace, "6 to 50 letters, digits and '-', beginning with a letter", "6 tot en met 50 letters, cijfers en '-', beginnend met een letter";
    not_a_plan(known: &str), "one of {known}", "een van {known}";
    not_a_secret, "/subscriptions/…/providers/Microsoft.KeyVault/vaults/NAME/secrets/SECRET; never the password itself", "/subscriptions/…/providers/Microsoft.KeyVault/vaults/NAAM/secrets/GEHEIM; nooit het wachtwoord zelf";
    no_password, "the file contains a password: remove it. Azure asks for it, or reads it from a key vault (password_secret)", "het bestand bevat een wachtwoord: haal het eruit. Azure vraagt erom, of leest het uit een key vault (password_secret)";
    unknown_key(key: &str, known: &str), "unknown key '{key}' (known: {known})", "onbekende sleutel '{key}' (bekend: {known})";
    not_text(key: &str), "{key}: must be text", "{key}: moet tekst zijn";
    nothing_to_deploy(partner: &str), "nothing is deployed for {partner}; only service-manager needs a web app", "voor {partner} wordt niets uitgerold; alleen service-manager heeft een web-app nodig";
    written(dir: &str), "Written to {dir}:", "Geschreven naar {dir}:";
    next(url: &str), "The web app will be {url}. Nothing was deployed yet: read NEXT-STEPS.md and run deploy.ps1 or deploy.sh there.", "De web-app wordt {url}. Er is nog niets uitgerold: lees NEXT-STEPS.md en voer daar deploy.ps1 of deploy.sh uit.";
    usual(value: &str), "[{value}]", "[{value}]";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_words_in_both_languages() {
        for field in DeployField::ALL {
            let (english, dutch) = (label(Lang::En, field), label(Lang::Nl, field));
            assert!(!english.is_empty() && english != dutch, "{}", field.key());
        }
    }

    #[test]
    fn problems_name_their_keys() {
        let found = [(DeployField::Plan, DeployProblem::NotAPlan), (DeployField::Domain, DeployProblem::Missing)];
        let told = problems(Lang::Nl, &found);
        assert!(told.starts_with("plan: een van F1, D1, B1") && told.ends_with("; domain: verplicht"), "{told}");
    }
}
