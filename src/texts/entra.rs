//! What stands in the way of a sign-in against Microsoft Entra, by the authority's code.

use crate::model::clean::clean;
use crate::model::lang::Lang;

/// Why the sign-in cannot pass; of a code without words of its own, what the authority said.
pub fn why(lang: Lang, code: &str, detail: &str) -> String {
    match words(code) {
        Some(words) => lang.pick(words.why.0, words.why.1).replace("{detail}", &clean(detail, false)),
        None => unknown(lang, if detail.is_empty() { code } else { detail }),
    }
}

/// What to do about it.
pub fn remedy(lang: Lang, code: &str) -> String {
    words(code).map_or_else(|| ask_admin(lang).to_owned(), |words| lang.pick(words.remedy.0, words.remedy.1).to_owned())
}

/// How the attempt is found in the authority's log; empty without an id.
pub fn correlation(lang: Lang, id: Option<&str>) -> String {
    id.map(|id| format!(" {}", correlation_id(lang, id))).unwrap_or_default()
}

crate::texts! {
    /// The correlation id.
    correlation_id(id: &str), "The sign-in log of Entra has it under correlation ID {id}.",
        "In het aanmeldingslogboek van Entra staat dit onder correlatie-ID {id}.";
    /// A code without words of its own.
    unknown(said: &str), "It said: {said}", "De melding was: {said}";
    /// What to do about a code without words of its own.
    ask_admin, "Ask an admin of Microsoft Entra, with the code and the correlation ID. Repeating it changes nothing.",
        "Vraag het een beheerder van Microsoft Entra, met de code en de correlatie-ID. Herhalen verandert niets.";
}

struct Words {
    why: (&'static str, &'static str),
    remedy: (&'static str, &'static str),
}

const CLIENT_CREDENTIALS: (&str, &str) = (
    "A sign-in by password cannot do that. Use the grant client_credentials, with an application user in the product, or have an Entra admin exempt this user.",
    "Een aanmelding met wachtwoord kan dat niet. Gebruik de methode client_credentials, met een toepassingsgebruiker in het product, of laat een Entra-beheerder deze gebruiker uitzonderen.",
);

const ACCOUNT: (&str, &str) = (
    "Have an Entra admin put the account right, then sign in once more. Do not simply repeat it.",
    "Laat een Entra-beheerder het account in orde brengen en meld u dan opnieuw aan. Herhaal het niet zomaar.",
);

const CHECK_SECRET: (&str, &str) = (
    "In Entra under App registrations > the app > Certificates & secrets, make a new client secret, copy its value (not its ID), and enter it here.",
    "Maak in Entra onder App-registraties > de app > Certificaten en geheimen een nieuw clientgeheim, kopieer de waarde (niet de ID) en vul die hier in.",
);

const CHECK_APP: (&str, &str) = (
    "Compare the client ID with the application (client) ID on the app's overview page in Entra, and the tenant with its directory (tenant) ID.",
    "Vergelijk de client-ID met de toepassings-ID (client-ID) op de overzichtspagina van de app in Entra, en de tenant met de map-ID (tenant-ID) daar.",
);

const CHECK_TENANT: (&str, &str) = (
    "Enter the tenant's ID or domain as the app's overview page in Entra shows it (Directory (tenant) ID).",
    "Vul de ID of het domein van de tenant in zoals de overzichtspagina van de app in Entra die toont (map-ID, tenant-ID).",
);

const CHECK_AUDIENCE: (&str, &str) = (
    "Check the server URL (and the audience, if one is entered): it must be the product's own address or identifier in this tenant. Then check the tenant.",
    "Controleer de server-URL (en de doelgroep, als die is ingevuld): het moet het eigen adres of de eigen id van het product in deze tenant zijn. Controleer daarna de tenant.",
);

const CONSENT: (&str, &str) = (
    "An Entra admin opens App registrations > the app > API permissions and grants admin consent.",
    "Een Entra-beheerder opent App-registraties > de app > API-machtigingen en verleent beheerderstoestemming.",
);

fn words(code: &str) -> Option<Words> {
    let (why, remedy) = if code.starts_with("AADSTS") { of_entra(code)? } else { of_ours(code)? };
    Some(Words { why, remedy })
}

type Pair = (&'static str, &'static str);

fn of_ours(code: &str) -> Option<(Pair, Pair)> {
    Some(match code {
        "tenant-missing" => (
            (
                "No tenant is entered, and the product does not name one that can be used.",
                "Er is geen tenant ingevuld, en het product noemt er geen die bruikbaar is.",
            ),
            CHECK_TENANT,
        ),
        "authority-not-allowed" => (
            (
                "{detail} is none of Microsoft's sign-in servers: neither a password nor a secret is sent there.",
                "{detail} is geen aanmeldserver van Microsoft: daar gaat geen wachtwoord of geheim naartoe.",
            ),
            (
                "Enter the authority yourself (https://login.microsoftonline.com, or that of your national cloud), or ask the product's admin why it names another.",
                "Vul de aanmeldserver zelf in (https://login.microsoftonline.com, of die van uw nationale cloud), of vraag de beheerder van het product waarom dat een andere noemt.",
            ),
        ),
        "no-azure-sign-in" => (
            (
                "This machine has no Azure sign-in to look with. Tried: {detail}.",
                "Deze machine heeft geen Azure-aanmelding om mee te kijken. Geprobeerd: {detail}.",
            ),
            (
                "Sign in with the Azure CLI (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of a service principal with the role Reader on the resource group; or ask the Azure admin with the text that is ready to copy.",
                "Meld u aan met de Azure CLI (az login), of stel AZURE_TENANT_ID, AZURE_CLIENT_ID en AZURE_CLIENT_SECRET in van een service-principal met de rol Lezer op de resourcegroep; of vraag het de Azure-beheerder met de tekst die klaarstaat om te kopiëren.",
            ),
        ),
        _ => return None,
    })
}

fn of_entra(code: &str) -> Option<(Pair, Pair)> {
    of_users(code).or_else(|| of_applications(code))
}

fn of_users(code: &str) -> Option<(Pair, Pair)> {
    Some(match code.trim_start_matches("AADSTS") {
        "50034" => (
            ("There is no such user in this tenant.", "Deze gebruiker bestaat niet in deze tenant."),
            (
                "Check the user name (such as name@contoso.com) and the tenant.",
                "Controleer de gebruikersnaam (zoals naam@contoso.com) en de tenant.",
            ),
        ),
        "50020" => (
            (
                "The user is a guest from elsewhere: a sign-in by password is not for guests.",
                "De gebruiker is een gast van elders: aanmelden met wachtwoord is niet voor gasten.",
            ),
            ("Use a user of this tenant itself.", "Gebruik een gebruiker van deze tenant zelf."),
        ),
        "50053" => (
            (
                "The account is locked, or the attempts come from an address that is blocked.",
                "Het account is vergrendeld, of de pogingen komen van een geblokkeerd adres.",
            ),
            (
                "Stop trying: each attempt makes it last longer. Have an Entra admin look at the sign-in log and unlock the account.",
                "Stop met proberen: elke poging verlengt het. Laat een Entra-beheerder het aanmeldingslogboek bekijken en het account ontgrendelen.",
            ),
        ),
        "50055" | "50144" => (
            ("The user's password is over.", "Het wachtwoord van de gebruiker is verlopen."),
            (
                "Sign in once as this user in a browser, set a new password, and use that.",
                "Meld u eenmaal als deze gebruiker aan in een browser, stel een nieuw wachtwoord in en gebruik dat.",
            ),
        ),
        "50057" => (("The account is switched off.", "Het account is uitgeschakeld."), ACCOUNT),
        "50074" | "50076" => (
            (
                "A second factor (multi-factor authentication) is asked for.",
                "Er wordt om een tweede factor gevraagd (meervoudige verificatie).",
            ),
            CLIENT_CREDENTIALS,
        ),
        "50072" | "50079" => (
            (
                "The user must first enrol for multi-factor authentication.",
                "De gebruiker moet zich eerst registreren voor meervoudige verificatie.",
            ),
            CLIENT_CREDENTIALS,
        ),
        "50105" => (
            (
                "The application admits only users that are assigned to it, and this one is not.",
                "De toepassing laat alleen toegewezen gebruikers toe, en deze hoort daar niet bij.",
            ),
            (
                "An Entra admin opens Enterprise applications > the app > Users and groups and assigns the user.",
                "Een Entra-beheerder opent Bedrijfstoepassingen > de app > Gebruikers en groepen en wijst de gebruiker toe.",
            ),
        ),
        "53003" => (
            ("A Conditional Access policy forbids it.", "Een beleid voor voorwaardelijke toegang verbiedt het."),
            (
                "Have an Entra admin look up the correlation ID in the sign-in log: it names the policy. Exempt this user or application, or use the grant client_credentials.",
                "Laat een Entra-beheerder de correlatie-ID opzoeken in het aanmeldingslogboek: daar staat welk beleid het is. Zonder deze gebruiker of toepassing uit, of gebruik de methode client_credentials.",
            ),
        ),
        "65001" => (
            (
                "Nobody has consented to this application's use of the product.",
                "Niemand heeft deze toepassing toestemming gegeven het product te gebruiken.",
            ),
            CONSENT,
        ),
        _ => return None,
    })
}

fn of_applications(code: &str) -> Option<(Pair, Pair)> {
    Some(match code.trim_start_matches("AADSTS") {
        "700016" => (
            (
                "There is no application with this client ID in this tenant.",
                "Er is in deze tenant geen toepassing met deze client-ID.",
            ),
            CHECK_APP,
        ),
        "7000112" => (
            ("The application is switched off.", "De toepassing is uitgeschakeld."),
            (
                "An Entra admin opens Enterprise applications > the app > Properties and enables users to sign in.",
                "Een Entra-beheerder opent Bedrijfstoepassingen > de app > Eigenschappen en laat aanmelden door gebruikers weer toe.",
            ),
        ),
        "7000215" => (
            (
                "The client secret is wrong. Often the secret's ID was pasted in place of its value.",
                "Het clientgeheim klopt niet. Vaak is de ID van het geheim geplakt in plaats van de waarde.",
            ),
            CHECK_SECRET,
        ),
        "7000222" => (("The client secret is over.", "Het clientgeheim is verlopen."), CHECK_SECRET),
        "7000218" => (
            (
                "The application is confidential, and no client secret was sent.",
                "De toepassing is vertrouwelijk, en er is geen clientgeheim gestuurd.",
            ),
            (
                "Enter the client secret. If there is none, allow public client flows in Entra: App registrations > the app > Authentication.",
                "Vul het clientgeheim in. Is er geen, sta dan in Entra openbare clientstromen toe: App-registraties > de app > Verificatie.",
            ),
        ),
        "700025" => (
            (
                "The application is a public client and may not send a secret.",
                "De toepassing is een openbare client en mag geen geheim sturen.",
            ),
            ("Leave the client secret empty.", "Laat het clientgeheim leeg."),
        ),
        "90002" => (("There is no such tenant.", "Deze tenant bestaat niet."), CHECK_TENANT),
        "50059" => (("No tenant was named.", "Er is geen tenant genoemd."), CHECK_TENANT),
        "500011" => (
            (
                "The tenant does not know the product under the address for which a token was asked.",
                "De tenant kent het product niet onder het adres waarvoor een token is gevraagd.",
            ),
            CHECK_AUDIENCE,
        ),
        "50001" => (
            (
                "The product is switched off or missing in this tenant.",
                "Het product is in deze tenant uitgeschakeld of ontbreekt.",
            ),
            CHECK_AUDIENCE,
        ),
        "70011" => (
            (
                "The address for which a token was asked is no valid one.",
                "Het adres waarvoor een token is gevraagd is niet geldig.",
            ),
            CHECK_AUDIENCE,
        ),
        _ => return None,
    })
}
