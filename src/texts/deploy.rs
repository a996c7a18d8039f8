//! Deploying the web app of Service Manager in words.

use crate::model::deploy::{DeployField, DeployProblem, DeployWarning, PLANS};
use crate::model::lang::Lang;

/// What is asked for.
pub fn label(lang: Lang, field: DeployField) -> &'static str {
    match field {
        DeployField::Subscription => subscription(lang),
        DeployField::ResourceGroup => resource_group(lang),
        DeployField::Location => location(lang),
        DeployField::ServerName => server_name(lang),
        DeployField::Domain => domain(lang),
        DeployField::Username => username(lang),
        DeployField::SitePrefix => site_prefix(lang),
        DeployField::Namespace => namespace(lang),
        DeployField::Plan => plan(lang),
        DeployField::PasswordSecret => password_secret(lang),
    }
}

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

/// What is worth knowing before it is deployed.
pub fn warning(lang: Lang, warning: DeployWarning) -> &'static str {
    match warning {
        DeployWarning::PlanWithoutHybridConnections => plan_without(lang),
        DeployWarning::IdentifierUri => identifier_uri(lang),
        DeployWarning::HybridConnectionByHand => by_hand(lang),
    }
}

/// What a value is called, in a few words.
pub fn name(lang: Lang, field: DeployField) -> &'static str {
    match field {
        DeployField::Subscription => name_subscription(lang),
        DeployField::ResourceGroup => name_group(lang),
        DeployField::Location => name_location(lang),
        DeployField::ServerName => name_server(lang),
        DeployField::Domain => name_domain(lang),
        DeployField::Username => name_account(lang),
        DeployField::SitePrefix => name_prefix(lang),
        DeployField::Namespace => name_namespace(lang),
        DeployField::Plan => name_plan(lang),
        DeployField::PasswordSecret => name_secret(lang),
    }
}

crate::texts! {
    /// A value.
    name_subscription, "Subscription ID", "Abonnements-ID";
    /// A value.
    name_group, "Resource group", "Resourcegroep";
    /// A value.
    name_location, "Location", "Locatie";
    /// A value.
    name_server, "Management server", "Beheerserver";
    /// A value.
    name_domain, "Windows domain", "Windows-domein";
    /// A value.
    name_account, "Account", "Account";
    /// A value.
    name_prefix, "Site prefix", "Sitevoorvoegsel";
    /// A value.
    name_namespace, "Namespace", "Naamruimte";
    /// A value.
    name_plan, "Plan", "Prijscategorie";
    /// A value.
    name_secret, "Key vault secret", "Key vault-geheim";
    /// A value.
    name_folder, "Write into", "Schrijven naar";
    /// The folder.
    about_folder, "The folder for the files, seen from where itsmc was started; ~ is your home folder. Nothing there is overwritten", "De map voor de bestanden, gezien vanaf waar itsmc is gestart; ~ is uw eigen map. Er wordt niets overschreven";
    /// The heading.
    title, "Deploy the web app", "Web-app uitrollen";
    /// What this is.
    intro, "This writes the filled-in parameters and the commands of Microsoft's script. Nothing is deployed from here, and no password is asked for.", "Dit schrijft de ingevulde parameters en opdrachten van het script van Microsoft. Er wordt hier niets uitgerold, en er wordt geen wachtwoord gevraagd.";
    /// It fits.
    fits, "fits", "goed";
    /// It is made into something.
    made_into(made: &str), "becomes {made}", "wordt {made}";
    /// It may stay empty.
    may_be_empty, "may stay empty", "mag leeg blijven";
    /// What is wanted, while it is being typed.
    wanted(what: &str), "wanted: {what}", "gevraagd: {what}";
    /// Files are being written.
    writing, "writing the files", "bestanden schrijven";
    /// What comes next.
    next_title, "What comes next", "Wat nu volgt";
    /// A step.
    next_run, "Read deploy.sh (or deploy.ps1 for PowerShell), then run it. It needs the Azure CLI:", "Lees deploy.sh (of deploy.ps1 voor PowerShell) en voer het uit. De Azure CLI is nodig:";
    /// A step.
    next_by_hand, "Make the hybrid connection by hand; NEXT-STEPS.md has its values.", "Maak de hybride verbinding met de hand; NEXT-STEPS.md heeft de waarden.";
    /// A step, in the wizard.
    next_in_wizard(url: &str), "Then go on here: the form has {url} and what else is known, where it was empty. Tenant, audience and client ID are printed by the deployment.", "Ga dan hier verder: in het formulier staan {url} en wat verder bekend is, waar het leeg was. Tenant, doelgroep en client-ID toont de uitrol.";
    /// A step, elsewhere.
    next_form(file: &str), "Then fill in {file} with the tenant, audience and client ID that are printed, and run: itsmc connection add --file {file}", "Vul dan {file} in met de tenant, doelgroep en client-ID die getoond worden, en voer uit: itsmc connection add --file {file}";
    /// A key.
    key_write, "write the files", "bestanden schrijven";
    /// A key.
    key_copy_next, "copy the commands", "opdrachten kopiëren";
    /// A key.
    key_deploy, "deploy", "uitrollen";
    /// A field.
    subscription, "Azure subscription, its ID (az account list --output table)", "Azure-abonnement, de ID (az account list --output table)";
    /// A field.
    resource_group, "Resource group; it is made if it is not there", "Resourcegroep; wordt gemaakt als die er niet is";
    /// A field.
    location, "Location, such as westeurope", "Locatie, zoals westeurope";
    /// A field.
    server_name, "Management server of Service Manager, its full name such as scsm01.corp.contoso.com", "Beheerserver van Service Manager, de volledige naam zoals scsm01.corp.contoso.com";
    /// A field.
    domain, "Windows domain of the account (role Advanced Operator)", "Windows-domein van het account (rol Advanced Operator)";
    /// A field.
    username, "The account, without its domain", "Het account, zonder domein";
    /// A field.
    site_prefix, "Begin of the web app's name; a number follows", "Begin van de naam van de web-app; er volgt een nummer";
    /// A field.
    namespace, "Service Bus namespace that is there already; empty makes a new one", "Bestaande Service Bus-naamruimte; leeg maakt een nieuwe";
    /// A field.
    plan, "Price of the App Service plan", "Prijscategorie van het App Service-plan";
    /// A field.
    password_secret, "ID of the key vault's secret with the account's password", "ID van het key vault-geheim met het wachtwoord van het account";
    /// A problem.
    missing, "needed", "verplicht";
    /// A problem.
    not_a_subscription, "the subscription's ID, such as 11111111-2222-3333-4444-555555555555, not its name", "de ID van het abonnement, zoals 11111111-2222-3333-4444-555555555555, niet de naam";
    /// A problem.
    not_a_group, "letters, digits, '-', '_', '.' and brackets, at most 90, not ending with '.'", "letters, cijfers, '-', '_', '.' en haakjes, hoogstens 90, niet eindigend op '.'";
    /// A problem.
    not_a_location, "a region of Azure, such as westeurope", "een regio van Azure, zoals westeurope";
    /// A problem.
    not_qualified, "the full name of the server with its domain, such as scsm01.corp.contoso.com, without a port: the hybrid connection is matched by this very name", "de volledige naam van de server met domein, zoals scsm01.corp.contoso.com, zonder poort: de hybride verbinding wordt op precies deze naam herkend";
    /// A problem.
    not_a_domain, "a domain alone, such as CORP or corp.contoso.com", "alleen een domein, zoals CORP of corp.contoso.com";
    /// A problem.
    not_a_user, "an account's name alone, such as svc-scsm, without domain", "alleen de naam van een account, zoals svc-scsm, zonder domein";
    /// A problem.
    not_a_prefix, "2 to 40 letters, digits and '-', beginning with a letter", "2 tot en met 40 letters, cijfers en '-', beginnend met een letter";
    /// A problem.
    not_a_namespace, "6 to 50 letters, digits and '-', beginning with a letter", "6 tot en met 50 letters, cijfers en '-', beginnend met een letter";
    /// A problem.
    not_a_plan(known: &str), "one of {known}", "een van {known}";
    /// A problem.
    not_a_secret, "/subscriptions/…/providers/Microsoft.KeyVault/vaults/NAME/secrets/SECRET; never the password itself", "/subscriptions/…/providers/Microsoft.KeyVault/vaults/NAAM/secrets/GEHEIM; nooit het wachtwoord zelf";
    /// A warning.
    plan_without, "The plans F1 (Free) and D1 (Shared) have no hybrid connections, so the web app cannot reach Service Manager: take B1 (Basic) or higher.", "De plannen F1 (Free) en D1 (Shared) hebben geen hybride verbindingen, dus kan de web-app Service Manager niet bereiken: neem B1 (Basic) of hoger.";
    /// A warning.
    identifier_uri, "Microsoft's script of old registers the app under the web app's address; Entra now refuses addresses that no one has verified. The commands use api://<client ID> instead: enter exactly that as the connection's audience.", "Het oude script van Microsoft registreert de app onder het adres van de web-app; Entra weigert nu adressen die niemand heeft geverifieerd. De opdrachten gebruiken in plaats daarvan api://<client-ID>: vul precies dat in als doelgroep van de verbinding.";
    /// A warning.
    by_hand, "The hybrid connection itself is made by hand in the Azure portal, with port 5724; NEXT-STEPS.md says how.", "De hybride verbinding zelf wordt met de hand gemaakt in de Azure-portal, met poort 5724; NEXT-STEPS.md zegt hoe.";
    /// A password where none belongs.
    no_password, "the file holds a password: take it out; Azure asks for it, or takes it from a key vault (password_secret)", "het bestand bevat een wachtwoord: haal het eruit; Azure vraagt erom, of neemt het uit een key vault (password_secret)";
    /// A key that is not known.
    unknown_key(key: &str, known: &str), "no such key: {key} (known: {known})", "onbekende sleutel: {key} (bekend: {known})";
    /// The wrong type.
    not_text(key: &str), "{key}: must be a text", "{key}: moet een tekst zijn";
    /// A partner without a deployment.
    nothing_to_deploy(partner: &str), "nothing is deployed for {partner}; only service-manager needs a web app", "voor {partner} wordt niets uitgerold; alleen service-manager heeft een web-app nodig";
    /// What was written.
    written(dir: &str), "Written to {dir}:", "Geschreven naar {dir}:";
    /// What comes next.
    next(url: &str), "The web app will be {url}. Nothing was deployed yet: read NEXT-STEPS.md and run deploy.ps1 or deploy.sh there.", "De web-app wordt {url}. Er is nog niets uitgerold: lees NEXT-STEPS.md en voer daar deploy.ps1 of deploy.sh uit.";
    /// The usual value, at a prompt.
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
