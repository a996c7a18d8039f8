//! Faults in words: what happened, the likely cause, what to do next. One entry a fault, so that a new fault
//! without its texts does not compile.

use super::{dataverse, elsewhere, entra, form, mapping, number, reason, time, tls, token};
use crate::model::azure_id::part;
use crate::model::azure_plan::{Scope, lacking, refused_action};
use crate::model::fault::{Fault, FileKind, IdentityChange};
use crate::model::form::FieldId;
use crate::model::lang::Lang;

/// Makes `summary`, `cause` and `remedy` out of one table; each text is English, then Dutch.
macro_rules! faults {
    ($lang:ident; $($name:ident $({ $($field:ident),+ })? $(let $($var:ident = $value:expr),+)? =>
        { $sum_en:literal, $sum_nl:literal; $why_en:literal, $why_nl:literal; $do_en:literal, $do_nl:literal; })+) => {
        faults!(@function $lang, "What happened, in one line.", summary,
            $($name $({ $($field),+ })? $(let $($var = $value),+)? => $sum_en, $sum_nl;)+);
        faults!(@function $lang, "The likely cause, with what the other side said where it said something.", cause,
            $($name $({ $($field),+ })? $(let $($var = $value),+)? => $why_en, $why_nl;)+);
        faults!(@function $lang, "What to do next.", remedy,
            $($name $({ $($field),+ })? $(let $($var = $value),+)? => $do_en, $do_nl;)+);
    };
    (@function $lang:ident, $doc:literal, $function:ident,
        $($name:ident $({ $($field:ident),+ })? $(let $($var:ident = $value:expr),+)? => $en:literal, $nl:literal;)+) => {
        #[doc = $doc]
        #[allow(unused_variables, reason = "not every text names every detail")]
        pub fn $function($lang: Lang, fault: &Fault) -> String {
            match fault {
                $(Fault::$name $({ $($field),+ })? => {
                    $($(let $var = $value;)+)?
                    match $lang {
                        Lang::En => without_empty(format!($en)),
                        Lang::Nl => without_empty(format!($nl)),
                    }
                })+
            }
        }
    };
}

faults! { lang;
    NameNotFound { host } => {
        "The name {host} has no address",
        "De naam {host} heeft geen adres";
        "The server URL has a typing error, or this machine's DNS server does not answer.",
        "Er staat een tikfout in de server-URL, of de DNS-server van deze machine antwoordt niet.";
        "Compare the server URL with the address bar of a browser that shows the product; if it needs a VPN, connect that first. Then try again.",
        "Vergelijk de server-URL met de adresbalk van een browser die het product toont; maak eerst de VPN-verbinding als die nodig is. Probeer het daarna opnieuw.";
    }
    ConnectionRefused { address } => {
        "{address} refused the connection",
        "{address} weigerde de verbinding";
        "Nothing listens on that address and port, or a firewall rejects the connection.",
        "Op dat adres en die poort luistert niets, of een firewall wijst de verbinding af.";
        "Check host and port of the server URL, and that this machine can reach it. Is it a practice server? Then start it first. Then try again.",
        "Controleer host en poort van de server-URL, en of deze machine die kan bereiken. Is het een oefenserver? Start die dan eerst. Probeer het daarna opnieuw.";
    }
    TimedOut { host, seconds } let span = time::span(lang, *seconds) => {
        "{host} did not answer within {span}",
        "{host} antwoordde niet binnen {span}";
        "The server is overloaded, or a firewall silently drops the traffic.",
        "De server is overbelast, of een firewall gooit het verkeer stilzwijgend weg.";
        "Try again. If it keeps failing, open the product in a browser on this machine. If that works, ask for a proxy or a firewall rule ('itsmc doctor' shows the proxy in use).",
        "Probeer het opnieuw. Blijft het mislukken, open het product dan in een browser op deze machine. Lukt dat, vraag dan om een proxy of een firewallregel ('itsmc doctor' toont de gebruikte proxy).";
    }
    ConnectionLost { host, detail } let detail = reason::told(lang, detail) => {
        "The connection to {host} broke off",
        "De verbinding met {host} werd verbroken";
        "The network, a proxy or the server closed it midway ({detail}).",
        "Het netwerk, een proxy of de server sloot die halverwege ({detail}).";
        "Try again; stored rows are kept, and a sync continues from there.",
        "Probeer het opnieuw; opgeslagen rijen blijven, en een synchronisatie gaat daar verder.";
    }
    TlsRefused { host, problem, certificate } let
        what = tls::summary(lang, host, problem),
        why = tls::cause(lang, problem, certificate.as_deref()),
        next = tls::remedy(lang, problem) => {
        "{what}",
        "{what}";
        "{why}",
        "{why}";
        "{next}",
        "{next}";
    }
    Elsewhere { service, fault } let
        what = elsewhere::summary(lang, *service, fault),
        why = elsewhere::cause(lang, *service, fault),
        next = elsewhere::remedy(lang, *service, fault) => {
        "{what}",
        "{what}";
        "{why}",
        "{why}";
        "{next}",
        "{next}";
    }
    NotTheProduct { product, host, status, content_type, server, title } let
        came = came(lang, *status, content_type, server.as_deref(), title.as_deref()) => {
        "{host} does not look like {product}",
        "{host} ziet er niet uit als {product}";
        "Something else answers there: {came}. It may be another product, a proxy, or the sign-in page of a network.",
        "Daar antwoordt iets anders: {came}. Het kan een ander product zijn, een proxy, of de aanmeldpagina van een netwerk.";
        "Open the server URL in a browser on this machine. Enter the address that shows {product} itself; if its API has a separate path, check that path too. Then test again.",
        "Open de server-URL in een browser op deze machine. Vul het adres in dat {product} zelf toont; heeft de API een eigen pad, controleer dan ook dat pad. Test daarna opnieuw.";
    }
    NoTrustRoots { detail } let detail = reason::told(lang, detail) => {
        "This machine has no CA certificates",
        "Deze machine heeft geen CA-certificaten";
        "Without them no server can be trusted ({detail}). Minimal containers often lack them.",
        "Zonder die certificaten is geen enkele server te vertrouwen ({detail}). In kleine containers ontbreken ze vaak.";
        "Install the package 'ca-certificates', or start itsmc with --ca-file FILE.",
        "Installeer het pakket 'ca-certificates', of start itsmc met --ca-file BESTAND.";
    }
    ProxyFailed { proxy, detail } let detail = reason::told(lang, detail) => {
        "The proxy {proxy} could not be used",
        "De proxy {proxy} kon niet worden gebruikt";
        "It refused or did not answer: {detail}.",
        "De proxy weigerde of antwoordde niet: {detail}.";
        "Check HTTPS_PROXY and NO_PROXY ('itsmc doctor' shows the proxy in use), then try again.",
        "Controleer HTTPS_PROXY en NO_PROXY ('itsmc doctor' toont de gebruikte proxy) en probeer het opnieuw.";
    }
    ProxyUnreadable { variable } => {
        "{variable} does not name a proxy",
        "{variable} noemt geen proxy";
        "Its value is not the URL of an HTTP proxy, such as http://proxy.contoso.com:3128. Nothing was sent.",
        "De waarde is niet de URL van een HTTP-proxy, zoals http://proxy.contoso.com:3128. Er is niets verstuurd.";
        "Correct or unset {variable}, or add the server to NO_PROXY, then try again.",
        "Verbeter of verwijder {variable}, of zet de server in NO_PROXY, en probeer het opnieuw.";
    }
    SignInRefused { host, detail } => {
        "{host} refused the sign-in",
        "{host} weigerde de aanmelding";
        "One of three: the user name or the password is wrong, the client ID or the client secret is wrong, or the user is locked or must change the password first. The product does not tell them apart (it said: {detail}).",
        "Een van drie: gebruikersnaam of wachtwoord klopt niet, client-ID of clientgeheim klopt niet, of de gebruiker is vergrendeld of moet eerst het wachtwoord wijzigen. Het product maakt geen onderscheid (het zei: {detail}).";
        "Don't just retry: repeated failures may lock the user. To find the cause:\n1. Check that the user is active, is not locked, and can sign in with a browser.\n2. Let another user sign in through the same application: if that works, client ID and secret are right.\n3. Search the product's system log.\nFix what is wrong, then test again.",
        "Herhaal het niet zomaar: mislukte pogingen kunnen de gebruiker vergrendelen. Zo vindt u de oorzaak:\n1. Controleer of de gebruiker actief is, niet vergrendeld is en zich met een browser kan aanmelden.\n2. Laat een andere gebruiker zich via dezelfde toepassing aanmelden: lukt dat, dan kloppen client-ID en geheim.\n3. Zoek in het systeemlogboek van het product.\nHerstel wat niet klopt en test opnieuw.";
    }
    ClientUnknown { host, client_id, detail } let said = aside(detail) => {
        "{host} does not know the client ID {client_id}",
        "{host} kent de client-ID {client_id} niet";
        "No client has this ID, or it was deleted or disabled{said}. User name and password were not checked.",
        "Geen client heeft deze ID, of die is verwijderd of uitgeschakeld{said}. Gebruikersnaam en wachtwoord zijn niet gecontroleerd.";
        "Copy the client ID from the product's list of API clients into the connection: itsmc connection edit NAME --set client_id=ID",
        "Neem de client-ID over uit de lijst met API-clients van het product in de verbinding: itsmc connection edit NAAM --set client_id=ID";
    }
    AdminRefused { host, user_name, detail } => {
        "{host} refused the sign-in of the admin {user_name}",
        "{host} weigerde de aanmelding van de beheerder {user_name}";
        "The admin's user name or password is wrong, or that user is locked or must change the password first (the product said: {detail}). If the connection itself has never signed in, its client ID or secret may be wrong as well.",
        "Gebruikersnaam of wachtwoord van de beheerder klopt niet, of die gebruiker is vergrendeld of moet eerst het wachtwoord wijzigen (het product zei: {detail}). Heeft de verbinding zelf zich nog nooit aangemeld, dan kan ook de client-ID of het geheim ervan niet kloppen.";
        "Check that the admin {user_name} can sign in to the product itself, then enter user name and password again: repeating a wrong password may lock that user.",
        "Ga na of de beheerder {user_name} zich bij het product zelf kan aanmelden en vul dan gebruikersnaam en wachtwoord opnieuw in: een verkeerd wachtwoord herhalen kan die gebruiker vergrendelen.";
    }
    ApplicationRefused { host, detail } => {
        "{host} refused the sign-in of the application",
        "{host} weigerde de aanmelding van de toepassing";
        "One of three: the client ID or the client secret is wrong, the client-credentials grant is disabled, or the application has no user to act as. The product does not tell them apart (it said: {detail}). No password is involved.",
        "Een van drie: client-ID of clientgeheim klopt niet, de client-credentials-grant is niet ingeschakeld, of de toepassing heeft geen gebruiker om als te werken. Het product maakt geen onderscheid (het zei: {detail}). Er is geen wachtwoord bij betrokken.";
        "Check the application's entry in the product: is it active, does it have a user, and is its secret the one entered here? The checklist shows whether the grant is enabled. Or sign in with a password instead.",
        "Controleer de toepassing in het product: is die actief, heeft die een gebruiker, en is het geheim hetzelfde als hier ingevuld? De checklist toont of de grant is ingeschakeld. Of meld u aan met een wachtwoord.";
    }
    SignedOut { connection } => {
        "{connection} is signed out",
        "{connection} is afgemeld";
        "It has never signed in, or its refresh token has expired, was revoked, or is no longer in the vault. A refresh token lasts a fixed time after the last sign-in.",
        "De verbinding is nog nooit aangemeld, of het vernieuwingstoken is verlopen, ingetrokken of niet meer in de kluis. Een vernieuwingstoken blijft een vaste tijd geldig na de laatste aanmelding.";
        "Sign in again: itsmc token rotate {connection}",
        "Meld u opnieuw aan: itsmc token rotate {connection}";
    }
    IdentityChanged { connection, changes } let
        was = parts(lang, changes, |change| &change.was),
        now = parts(lang, changes, |change| &change.now),
        back = set_back(connection, changes) => {
        "{connection} is signed out: its settings were changed after it signed in",
        "{connection} is afgemeld: de instellingen zijn gewijzigd na het aanmelden";
        "It signed in with {was}; the settings now say {now}. Its secrets belong to the old settings, so none were sent.",
        "De aanmelding gold voor {was}; de instellingen zeggen nu {now}. De geheimen horen bij de oude instellingen, dus er is niets verstuurd.";
        "Sign in with the new settings: itsmc token rotate {connection}. Or restore the old ones: {back}",
        "Meld u aan met de nieuwe instellingen: itsmc token rotate {connection}. Of zet ze terug: {back}";
    }
    RefreshRefused { connection, detail } => {
        "{connection} is signed out: the product refused to renew the sign-in",
        "{connection} is afgemeld: het product weigerde de aanmelding te vernieuwen";
        "One of three: the refresh token has expired or was revoked, the client secret was changed, or the user was locked. The product does not tell them apart (it said: {detail}).",
        "Een van drie: het vernieuwingstoken is verlopen of ingetrokken, het clientgeheim is gewijzigd, of de gebruiker is vergrendeld. Het product maakt geen onderscheid (het zei: {detail}).";
        "Sign in again with the password: itsmc token rotate {connection}. If that works, the refresh token was the cause. If it fails too, check the client secret and the user in the product before you retry.",
        "Meld u opnieuw aan met het wachtwoord: itsmc token rotate {connection}. Lukt dat, dan lag het aan het vernieuwingstoken. Mislukt ook dat, controleer dan het clientgeheim en de gebruiker in het product voor u het opnieuw probeert.";
    }
    Forbidden { what, detail } let said = aside(detail) => {
        "No permission: {what}",
        "Geen toestemming: {what}";
        "The sign-in works, but the integration user lacks a role or right for this{said}.",
        "De aanmelding werkt, maar de integratiegebruiker mist hiervoor een rol of recht{said}.";
        "Ask the product's admin to give the user the roles and rights listed in the prerequisites, then test again.",
        "Vraag de beheerder van het product de gebruiker de rollen en rechten uit de vereisten te geven en test opnieuw.";
    }
    NotAuthenticated { what, detail } let said = aside(detail) => {
        "The product does not accept the token: {what}",
        "Het product accepteert het token niet: {what}";
        "The token was revoked, the user was disabled, or a rule of the product blocks it{said}.",
        "Het token is ingetrokken, de gebruiker is uitgeschakeld, of een regel van het product blokkeert het{said}.";
        "Check in the product that the user is active and may use the REST API, then test again; if that does not help, sign in again.",
        "Controleer in het product of de gebruiker actief is en de REST-API mag gebruiken en test opnieuw; helpt dat niet, meld u dan opnieuw aan.";
    }
    NoSuchTable { table } => {
        "The product has no table {table}",
        "Het product heeft geen tabel {table}";
        "The plug-in or app that adds it is not installed, or the server URL leads to another product.",
        "De plug-in of app die de tabel toevoegt is niet geïnstalleerd, of de server-URL leidt naar een ander product.";
        "Install it in the product, or remove this kind of work item from the connection.",
        "Installeer die in het product, of haal dit soort werkitem uit de verbinding.";
    }
    RateLimited { retry_after_seconds, limit, rule } let
        span = time::span(lang, *retry_after_seconds),
        limits = rate_limit(lang, *limit, rule.as_deref()) => {
        "Too many requests; the product asks to wait {span}",
        "Te veel verzoeken; het product vraagt {span} te wachten";
        "The product has a rate limit rule for this user{limits}.",
        "Het product heeft een limietregel voor deze gebruiker{limits}.";
        "Nothing is lost: the sync then continues from here. If this happens often, ask the product's admin to raise the limit, or sync less often.",
        "Er gaat niets verloren: de synchronisatie gaat daarna hier verder. Gebeurt dit vaak, vraag de beheerder van het product dan de limiet te verhogen, of synchroniseer minder vaak.";
    }
    Unavailable { host, retry_after_seconds } let
        wait = retry_after_seconds.map(|seconds| wait(lang, seconds)).unwrap_or_default() => {
        "{host} is not available now{wait}",
        "{host} is nu niet beschikbaar{wait}";
        "The server answered 503: maintenance, overload, or a gateway in front of it that cannot reach it.",
        "De server antwoordde met 503: onderhoud, overbelasting, of een gateway ervoor die de server niet bereikt.";
        "Nothing is lost: try again later, and the sync continues from here. If it lasts, ask the product's admin.",
        "Er gaat niets verloren: probeer het later opnieuw, dan gaat de synchronisatie hier verder. Duurt het lang, vraag het dan de beheerder van het product.";
    }
    EnvironmentRefused { what, error_code, detail } let
        happened = dataverse::summary(lang, error_code, what),
        why = dataverse::cause(lang, error_code, detail),
        next = dataverse::remedy(lang, error_code) => {
        "{happened}",
        "{happened}";
        "{why}",
        "{why}";
        "{next}",
        "{next}";
    }
    BindingUnclear { what } => {
        "Several tables or columns match: {what}",
        "Er passen meerdere tabellen of kolommen: {what}";
        "They match equally well, or the only match may not belong to the product. A guess might store the wrong rows.",
        "Ze passen even goed, of de enige die past hoort misschien niet bij het product. Een gok zou verkeerde rijen kunnen opslaan.";
        "Choose: 'itsmc connection mapping NAME --write' writes a file with these names (for a form that is not saved yet: 'itsmc connection mapping --file FORM --write'). Keep the right names, then test again.",
        "Kies: 'itsmc connection mapping NAAM --write' schrijft een bestand met deze namen (van een formulier dat nog niet is opgeslagen: 'itsmc connection mapping --file FORMULIER --write'). Houd de juiste namen en test opnieuw.";
    }
    PartnerTimedOut { what } => {
        "The product timed out: {what}",
        "Time-out van het product: {what}";
        "The product cancels requests that run longer than its own limit, which happens with large tables and in busy hours.",
        "Het product breekt verzoeken af die langer duren dan de eigen limiet; dat gebeurt bij grote tabellen en op drukke uren.";
        "Try again; the next request asks for smaller pages. If it keeps failing, sync fewer days or in a quiet hour.",
        "Probeer het opnieuw; het volgende verzoek vraagt kleinere pagina's. Blijft het mislukken, synchroniseer dan minder dagen of op een rustig uur.";
    }
    PartnerError { status, message, detail, transaction } let
        said = said(message, detail),
        trace = transaction.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default(),
        with_trace = transaction.as_deref().map(|_| with_number(lang)).unwrap_or_default() => {
        "The product answered with error {status}",
        "Het product antwoordde met fout {status}";
        "It said: {said}{trace}",
        "Het zei: {said}{trace}";
        "If the message is not clear, search for it in the product's system log, or send it to the product's support{with_trace}.",
        "Is de melding niet duidelijk, zoek die dan in het systeemlogboek van het product, of stuur die naar de ondersteuning van het product{with_trace}.";
    }
    Hibernating { host } => {
        "{host} is asleep",
        "{host} slaapt";
        "It is a personal developer instance; these hibernate when they are not used.",
        "Het is een persoonlijke ontwikkelinstantie; die gaat in slaapstand als ze niet wordt gebruikt.";
        "Sign in at developer.servicenow.com to wake it, wait until it opens in a browser, then try again.",
        "Meld u aan op developer.servicenow.com om de instantie te wekken, wacht tot die in een browser opent en probeer het opnieuw.";
    }
    LoginPage { host, location } let place = place(location.as_deref()) => {
        "{host} sent a sign-in page instead of data",
        "{host} stuurde een aanmeldpagina in plaats van gegevens";
        "The server URL leads to a portal or a single sign-on page, or the product no longer accepts the token{place}.",
        "De server-URL leidt naar een portaal of pagina voor eenmalige aanmelding, of het product accepteert het token niet meer{place}.";
        "Enter the product's own URL, as a browser shows it after you sign in there, and test again.",
        "Vul de eigen URL van het product in, zoals een browser die na het aanmelden toont, en test opnieuw.";
    }
    Redirected { host, location } => {
        "{host} redirects to another address",
        "{host} verwijst door naar een ander adres";
        "It redirected itsmc to {location}. Tokens are only sent to the host you entered.",
        "itsmc werd doorgestuurd naar {location}. Tokens gaan alleen naar de host die u hebt ingevuld.";
        "If that is the product's right address, enter it as the server URL; otherwise ask the product's admin.",
        "Is dat het juiste adres van het product, vul het dan in als server-URL; vraag het anders aan de beheerder van het product.";
    }
    NotJson { host, status, content_type } => {
        "{host} did not answer with data",
        "{host} antwoordde niet met gegevens";
        "The reply (status {status}) was of type '{content_type}': a maintenance page, a proxy's page, or another product.",
        "Het antwoord (status {status}) was van het type '{content_type}': een onderhoudspagina, een pagina van een proxy, of een ander product.";
        "Open the server URL in a browser to see what answers. During maintenance, try again later.",
        "Open de server-URL in een browser om te zien wat er antwoordt. Probeer het bij onderhoud later opnieuw.";
    }
    Malformed { what, detail } => {
        "Unexpected reply: {what}",
        "Onverwacht antwoord: {what}";
        "The reply does not match the product's API ({detail}), so it was not stored.",
        "Het antwoord klopt niet met de API van het product ({detail}), dus is het niet opgeslagen.";
        "Try again. If it keeps failing, report it with the lines of the log file ('itsmc doctor' shows where it is).",
        "Probeer het opnieuw. Blijft het mislukken, meld het dan met de regels uit het logbestand ('itsmc doctor' toont waar dat staat).";
    }
    Truncated { what } => {
        "Incomplete reply: {what}",
        "Onvolledig antwoord: {what}";
        "The product cancelled the query midway but still reported success; the page was discarded.",
        "Het product brak de zoekopdracht halverwege af maar meldde toch succes; de pagina is weggegooid.";
        "Try again; the sync continues from the last complete page.",
        "Probeer het opnieuw; de synchronisatie gaat verder vanaf de laatste hele pagina.";
    }
    OutOfOrder { what } => {
        "The product returned rows that were not requested: {what}",
        "Het product gaf rijen die niet waren gevraagd: {what}";
        "The product ignored part of the query, usually because the user may not sort or filter by a column.",
        "Het product negeerde een deel van de zoekopdracht, meestal omdat de gebruiker niet op een kolom mag sorteren of filteren.";
        "Ask the product's admin to let the user read, sort and filter by the columns for change time and id, then sync again. Nothing was stored after this point.",
        "Vraag de beheerder van het product de gebruiker te laten lezen, sorteren en filteren op de kolommen voor wijzigingstijd en ID, en synchroniseer opnieuw. Na dit punt is niets opgeslagen.";
    }
    OrderIgnored { what } => {
        "The rows are not sorted by {what}",
        "De rijen zijn niet gesorteerd op {what}";
        "The product ignored the requested order, so itsmc cannot know which rows it has already read.",
        "Het product negeerde de gevraagde volgorde, dus kan itsmc niet weten welke rijen al gelezen zijn.";
        "Ask the product's admin whether the user may see and sort by this field, then sync again. Nothing was stored after this point.",
        "Vraag de beheerder van het product of de gebruiker dit veld mag zien en erop mag sorteren, en synchroniseer opnieuw. Na dit punt is niets opgeslagen.";
    }
    FilterIgnored { what } => {
        "The product returned rows that the filter on {what} excludes",
        "Het product gaf rijen die het filter op {what} uitsluit";
        "The product ignored the filter, or its dates use another time zone or culture than the connection's settings.",
        "Het product negeerde het filter, of de datums gebruiken een andere tijdzone of cultuur dan de instellingen van de verbinding.";
        "Check the fields 'Culture' and 'Time zone' of the connection, and ask the product's admin whether the user may see this field. Then sync again.",
        "Controleer de velden 'Cultuur' en 'Tijdzone' van de verbinding, en vraag de beheerder van het product of de gebruiker dit veld mag zien. Synchroniseer daarna opnieuw.";
    }
    FieldHidden { what } => {
        "The user may not see the field {what}",
        "De gebruiker mag het veld {what} niet zien";
        "It is empty in every row. Without it itsmc cannot see what changed, so nothing is synced.",
        "Het is leeg in elke rij. Zonder dit veld kan itsmc niet zien wat er is gewijzigd, dus wordt er niets gesynchroniseerd.";
        "Ask the product's admin to give the user's security group the right to view this field, then test again.",
        "Vraag de beheerder van het product de beveiligingsgroep van de gebruiker het recht te geven dit veld te zien (View) en test opnieuw.";
    }
    NoProgress { what, pages } let pages = number::grouped(lang, *pages) => {
        "{pages} pages of {what} had no rows, and there were always more",
        "{pages} pagina's van {what} hadden geen rijen, en er kwamen er steeds meer";
        "The server keeps sending empty rows, or hides every row from this user and does not report a total.",
        "De server blijft lege rijen sturen, of verbergt elke rij voor deze gebruiker en noemt geen totaal.";
        "Give the integration user the right to read the rows, and check for a proxy between this machine and the product. Then sync again; stored rows are kept.",
        "Geef de integratiegebruiker het recht de rijen te lezen, en controleer of er een proxy tussen deze machine en het product staat. Synchroniseer daarna opnieuw; opgeslagen rijen blijven.";
    }
    TooLarge { what, limit_bytes } let size = number::bytes(lang, *limit_bytes) => {
        "A reply larger than {size}: {what}",
        "Een antwoord groter dan {size}: {what}";
        "A single page should not be that large; something other than the product may be answering.",
        "Eén pagina hoort niet zo groot te zijn; misschien antwoordt iets anders dan het product.";
        "Check the server URL. If it is right, report it with the lines of the log file ('itsmc doctor' shows where it is).",
        "Controleer de server-URL. Klopt die, meld het dan met de regels uit het logbestand ('itsmc doctor' toont waar dat staat).";
    }
    UserUnfit { user_name } => {
        "The user {user_name} cannot be used",
        "De gebruiker {user_name} is niet te gebruiken";
        "The account is disabled, locked, or needs a new password first.",
        "Het account is uitgeschakeld, vergrendeld, of heeft eerst een nieuw wachtwoord nodig.";
        "Ask the product's admin to correct the user's record, then test again.",
        "Vraag de beheerder van het product het record van de gebruiker te herstellen en test opnieuw.";
    }
    NotRevoked { kind, what } let token = kind.map_or_else(|| what.clone(), |kind| format!("{} {what}", token::kind(lang, kind))) => {
        "{token} still works",
        "{token} werkt nog";
        "The product accepted the request to revoke it, but still accepts the token.",
        "Het product accepteerde het verzoek om het in te trekken, maar accepteert het token nog steeds.";
        "It is kept in the vault, so that it can still be revoked. Ask the product's admin to revoke it: System OAuth > Manage Tokens > Revoke Access. Then try again.",
        "Het blijft in de kluis, zodat het nog kan worden ingetrokken. Vraag de beheerder van het product het in te trekken: System OAuth > Manage Tokens > Revoke Access. Probeer het daarna opnieuw.";
    }
    CannotRevoke { what, expires } let until = expires.map_or_else(String::new, time::moment) => {
        "{what} cannot be revoked from here",
        "{what} is van hieruit niet in te trekken";
        "This product cannot revoke single tokens. They expire on their own ({until}).",
        "Dit product kan losse tokens niet intrekken. Ze verlopen vanzelf ({until}).";
        "To end it now, ask an admin to revoke the user's sessions or replace the application's secret in Microsoft Entra. Removing the connection deletes the stored copy.",
        "Vraag om het nu te beëindigen een beheerder om in Microsoft Entra de sessies van de gebruiker in te trekken of het geheim van de toepassing te vervangen. De verbinding verwijderen wist de opgeslagen kopie.";
    }
    SignInImpossible { host, aadsts, detail, correlation_id } let why = entra::cause(lang, *aadsts, detail), next = entra::remedy(lang, *aadsts), correlation = entra::correlation(lang, correlation_id.as_deref()) => {
        "Microsoft Entra refused the sign-in at {host}",
        "Microsoft Entra weigerde de aanmelding bij {host}";
        "{why}{correlation}",
        "{why}{correlation}";
        "{next}",
        "{next}";
    }
    KeptSignInRefused { account, way, fault } let
        whose = entra::whose(lang, account),
        why = entra::refused(lang, *way, fault),
        next = entra::sign_in_again(lang, account, *way, fault) => {
        "Microsoft Entra refused the sign-in of {whose}",
        "Microsoft Entra weigerde de aanmelding van {whose}";
        "{why}",
        "{why}";
        "{next}",
        "{next}";
    }
    NoAzureSignIn { tried } let list = tried.join("; ") => {
        "This machine is not signed in to Azure",
        "Deze machine is niet aangemeld bij Azure";
        "Tried: {list}.",
        "Geprobeerd: {list}.";
        "Sign in with the Azure CLI (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of a service principal with the role Reader on the resource group; or send the Azure admin the prepared request.",
        "Meld u aan met de Azure CLI (az login), of stel AZURE_TENANT_ID, AZURE_CLIENT_ID en AZURE_CLIENT_SECRET in van een service-principal met de rol Reader op de resourcegroep; of stuur de Azure-beheerder het klaargezette verzoek.";
    }
    AzureSignInFailed { way, detail } let next = azure_sign_in(lang, way) => {
        "Azure gave no token: {way}",
        "Azure gaf geen token: {way}";
        "It said: {detail}.",
        "De melding: {detail}.";
        "{next} Or choose another method (on the command line: --sign-in).",
        "{next} Of kies een andere methode (op de opdrachtregel: --sign-in).";
    }
    OperationFailed { what, error_code, detail } let said = said(error_code, detail) => {
        "Azure could not complete a change: {what}",
        "Azure kon een wijziging niet voltooien: {what}";
        "It began the change, and ended it with an error ({said}).",
        "Azure begon de wijziging en eindigde met een fout ({said}).";
        "Correct what the error names, then apply the plan again: it continues at this step.",
        "Verhelp wat de fout noemt en pas het plan opnieuw toe: het gaat verder bij deze stap.";
    }
    NotYet { what, seconds } let span = time::span(lang, *seconds) => {
        "Azure is not ready after {span}: {what}",
        "Azure is na {span} nog niet klaar: {what}";
        "New resources and role assignments can take a while before all of Azure knows them.",
        "Het kan even duren voordat heel Azure nieuwe resources en roltoewijzingen kent.";
        "Try again in some minutes: what was done stays, and the plan continues there.",
        "Probeer het over enkele minuten opnieuw: wat gedaan is blijft, en het plan gaat daar verder.";
    }
    OutsideCloud { what, address } => {
        "{address} is not in the chosen cloud",
        "{address} hoort niet bij de gekozen cloud";
        "Azure named it as the address of {what}. itsmc sends tokens and rows to hosts of the chosen cloud only; nothing was sent.",
        "Azure noemde dit als adres van {what}. itsmc stuurt tokens en rijen alleen naar hosts van de gekozen cloud; er is niets verstuurd.";
        "If the workspace is in another cloud, set name in [azure.cloud] of the config file. If it uses an endpoint of its own, name that there.",
        "Staat de werkruimte in een andere cloud, stel dan name in [azure.cloud] van het configuratiebestand in. Heeft die een eigen eindpunt, noem dat daar.";
    }
    NoSuchWorkspace { name } => {
        "No workspace called {name}",
        "Er is geen werkruimte die {name} heet";
        "It was removed, is spelled differently, or is in another home (--home).",
        "Die is verwijderd, wordt anders gespeld, of staat in een andere thuismap (--home).";
        "List the workspaces: itsmc workspace list",
        "Toon de werkruimten: itsmc workspace list";
    }
    WorkspaceTaken { name } => {
        "A workspace called {name} already exists",
        "Er bestaat al een werkruimte die {name} heet";
        "Each workspace needs its own name in itsmc.",
        "Elke werkruimte heeft in itsmc een eigen naam nodig.";
        "Choose another name, or see the existing one: itsmc workspace show {name}",
        "Kies een andere naam, of bekijk de bestaande: itsmc workspace show {name}";
    }
    NotSetUp { workspace } => {
        "The workspace {workspace} is not set up yet",
        "De werkruimte {workspace} is nog niet ingericht";
        "Its data collection rule is not known, so there is no address for rows.",
        "De regel voor gegevensverzameling is niet bekend, dus er is geen adres voor rijen.";
        "See what is missing: itsmc workspace plan {workspace}. Then set it up: itsmc workspace apply {workspace}",
        "Bekijk wat ontbreekt: itsmc workspace plan {workspace}. Richt de werkruimte daarna in: itsmc workspace apply {workspace}";
    }
    WorkspaceSignedOut { workspace } => {
        "Nobody is signed in for the workspace {workspace}",
        "Er is niemand aangemeld voor de werkruimte {workspace}";
        "The vault has no secret for it, or one of another tenant, client ID or cloud.",
        "De kluis heeft er geen geheim voor, of een geheim van een andere tenant, client-ID of cloud.";
        "Sign in: itsmc workspace sign-in {workspace}",
        "Meld u aan: itsmc workspace sign-in {workspace}";
    }
    WorkspaceWrong { problems } let
        list = problems.iter().map(|problem| super::workspace::problem(lang, problem)).collect::<Vec<_>>().join("; ") => {
        "Settings of the workspace are missing or wrong",
        "Instellingen van de werkruimte ontbreken of kloppen niet";
        "These: {list}.",
        "Deze: {list}.";
        "Correct them and try again.",
        "Verbeter ze en probeer het opnieuw.";
    }
    NoSuchSource { name } => {
        "No alert source called {name}",
        "Er is geen meldingsbron die {name} heet";
        "It was removed, is spelled differently, or is in another home (--home).",
        "Die is verwijderd, wordt anders gespeld, of staat in een andere thuismap (--home).";
        "List the sources: itsmc alert source list",
        "Toon de bronnen: itsmc alert source list";
    }
    NoSuchRule { name } => {
        "No alert rule called {name}",
        "Er is geen meldingsregel die {name} heet";
        "It was removed, is spelled differently, or is in another home (--home).",
        "Die is verwijderd, wordt anders gespeld, of staat in een andere thuismap (--home).";
        "List the rules: itsmc alert rule list",
        "Toon de regels: itsmc alert rule list";
    }
    NoSuchAlert { name } => {
        "No alert called {name}",
        "Er is geen melding die {name} heet";
        "No stored alert has an ID that begins so.",
        "Geen opgeslagen melding heeft een ID die zo begint.";
        "List the alerts: itsmc alert list",
        "Toon de meldingen: itsmc alert list";
    }
    NoSuchTicket { name } => {
        "No ticket called {name}",
        "Er is geen ticket dat {name} heet";
        "itsmc knows the tickets that it opened for alerts, by their number or ID.",
        "itsmc kent de tickets die het voor meldingen heeft geopend, aan hun nummer of ID.";
        "List the tickets: itsmc ticket list",
        "Toon de tickets: itsmc ticket list";
    }
    NoSuchToken { name, connection } => {
        "'{connection}' has no token called {name}",
        "'{connection}' heeft geen token dat {name} heet";
        "itsmc does not hold it, and the product does not show it to this user.",
        "itsmc bewaart het niet, en het product toont het deze gebruiker niet.";
        "List the tokens: itsmc token list {connection}",
        "Toon de tokens: itsmc token list {connection}";
    }
    SeveralBegin { name } => {
        "{name} is the beginning of more than one ID",
        "{name} is het begin van meer dan een ID";
        "itsmc cannot tell which one is meant.",
        "itsmc kan niet bepalen welke bedoeld is.";
        "Type more of the ID.",
        "Typ meer van de ID.";
    }
    SourceTaken { name } => {
        "An alert source called {name} already exists",
        "Er bestaat al een meldingsbron die {name} heet";
        "Each source needs its own name.",
        "Elke bron heeft een eigen naam nodig.";
        "Choose another name, or remove the existing one: itsmc alert source remove {name}",
        "Kies een andere naam, of verwijder de bestaande: itsmc alert source remove {name}";
    }
    SourceWrong { problems } let
        list = problems.iter().map(|problem| super::workspace::problem(lang, problem)).collect::<Vec<_>>().join("; ") => {
        "Settings of the alert source are missing or wrong",
        "Instellingen van de meldingsbron ontbreken of kloppen niet";
        "These: {list}.",
        "Deze: {list}.";
        "Correct them and try again.",
        "Verbeter ze en probeer het opnieuw.";
    }
    SourceSignedOut { name } => {
        "Nobody is signed in for the alert source {name}",
        "Er is niemand aangemeld voor de meldingsbron {name}";
        "The vault has no secret for it, or one of another tenant, client ID or cloud.",
        "De kluis heeft er geen geheim voor, of een geheim van een andere tenant, client-ID of cloud.";
        "Sign in: itsmc alert source sign-in {name}",
        "Meld u aan: itsmc alert source sign-in {name}";
    }
    MayNotAcknowledge { name, subscription, detail } let said = aside(detail) => {
        "The alert source {name} may not acknowledge alerts in the subscription {subscription}",
        "De meldingsbron {name} mag geen meldingen bevestigen in het abonnement {subscription}";
        "The sign-in may read alerts, but not change them{said}. Tickets do not depend on it.",
        "De aanmelding mag meldingen lezen, maar niet wijzigen{said}. Tickets hangen er niet van af.";
        "Grant it the role 'Monitoring Contributor' on the subscription, or remove 'acknowledge' from the source in the config file. The next itsmc alert poll tries again.",
        "Ken de rol 'Monitoring Contributor' op het abonnement toe, of haal 'acknowledge' weg bij de bron in het configuratiebestand. De volgende itsmc alert poll probeert het opnieuw.";
    }
    RulesWrong { path, problems } let found = super::alert::problems(lang, problems) => {
        "The alert rules in {path} cannot be used",
        "De meldingsregels in {path} zijn niet te gebruiken";
        "{found}",
        "{found}";
        "Correct these lines, then check again: itsmc alert check. Until then the last valid rules stay in use, and no alert is lost.",
        "Verbeter deze regels en controleer opnieuw: itsmc alert check. Tot dan blijven de laatste geldige regels gelden, en er gaat geen melding verloren.";
    }
    RulesChanged { path } => {
        "The alert rules in {path} were changed in the meantime",
        "De meldingsregels in {path} zijn intussen gewijzigd";
        "The file was changed after it was shown here. Nothing was written.",
        "Het bestand is gewijzigd nadat het hier werd getoond. Er is niets geschreven.";
        "Read the rules again, then make the change again.",
        "Lees de regels opnieuw en maak dan de wijziging opnieuw.";
    }
    RulesNotWritable { path } => {
        "itsmc cannot change this rule in {path}",
        "itsmc kan deze regel in {path} niet wijzigen";
        "The rules stand there in a form that could only be changed by writing other rules or comments again, such as one list of all rules. Nothing was written.",
        "De regels staan er in een vorm die alleen te wijzigen is door andere regels of opmerkingen opnieuw te schrijven, zoals één lijst van alle regels. Er is niets geschreven.";
        "Write each rule under [[rule]] with an editor, or change the rule there.",
        "Schrijf elke regel met een editor onder [[rule]], of wijzig de regel daar.";
    }
    RulesGone { path } => {
        "The alert rules in {path} are gone",
        "De meldingsregels in {path} zijn weg";
        "The file is missing or empty. The last rules stay in use, and no alert is lost.",
        "Het bestand ontbreekt of is leeg. De laatste regels blijven in gebruik en er gaat geen melding verloren.";
        "Put the file back. To have no rules any more, write a comment into it: a line that begins with #.",
        "Zet het bestand terug. Wilt u geen regels meer, schrijf er dan een opmerking in: een regel die met # begint.";
    }
    RulesHalfWritten { path, seconds } => {
        "The alert rules in {path} may be half written",
        "De meldingsregels in {path} zijn misschien half geschreven";
        "Only the beginning of the last rules is there. The last rules stay in use, and no alert is lost.",
        "Alleen het begin van de laatste regels staat er. De laatste regels blijven gelden, en er gaat geen melding verloren.";
        "The file is used once it has stayed so for another {seconds} s. To have an alert decided about by it at once: itsmc alert retry ALERT",
        "Het bestand wordt gebruikt zodra het nog {seconds} s zo is gebleven. Om er meteen mee over een melding te beslissen: itsmc alert retry MELDING";
    }
    NoRulesFile { path } => {
        "There is no file of alert rules: {path}",
        "Er is geen bestand met meldingsregels: {path}";
        "Nothing stands at this path, so there are no rules to check or to preview.",
        "Op dit pad staat niets, dus er zijn geen regels om te controleren of voor te vertonen.";
        "Check the path. To begin a file: itsmc alert rules --template > {path}",
        "Controleer het pad. Een bestand beginnen: itsmc alert rules --template > {path}";
    }
    PartnerRefused { what, error_code, detail } let said = said(error_code, detail) => {
        "The product refused: {what}",
        "Het product weigerde: {what}";
        "It answered with an error of its own ({said}); retrying will not help.",
        "Het antwoordde met een eigen fout ({said}); opnieuw proberen helpt niet.";
        "Search for the code in the product's own log or documentation. If a field or business object was renamed there, test the connection again.",
        "Zoek de code op in het logboek of de documentatie van het product. Is daar een veld of bedrijfsobject hernoemd, test de verbinding dan opnieuw.";
    }
    DatesUnclear { field, detail } let label = field.key() => {
        "The product's dates are ambiguous",
        "De datums van het product zijn dubbelzinnig";
        "The product sends dates as text in its own culture and time zone, which are unknown or not as expected ({detail}). A guess might swap day and month.",
        "Het product stuurt datums als tekst in een eigen cultuur en tijdzone, en die zijn onbekend of anders dan verwacht ({detail}). Een gok zou dag en maand kunnen verwisselen.";
        "Fill in the field '{label}' of the connection: the culture as a name such as en-US or nl-NL, the time zone as a name such as Europe/Amsterdam: itsmc connection edit NAME --set {label}=VALUE. Then test again.",
        "Vul het veld '{label}' van de verbinding in: de cultuur als naam zoals en-US of nl-NL, de tijdzone als naam zoals Europe/Amsterdam: itsmc connection edit NAAM --set {label}=WAARDE. Test daarna opnieuw.";
    }
    NotBound { what, detail } => {
        "Not found in the product: {what}",
        "Niet gevonden in het product: {what}";
        "The routes, tables or columns have names that itsmc does not know ({detail}), or the user may not see them.",
        "De routes, tabellen of kolommen hebben namen die itsmc niet kent ({detail}), of de gebruiker mag ze niet zien.";
        "Correct the mapping: 'itsmc connection mapping NAME --write' writes a file to edit (for a form that is not saved yet: 'itsmc connection mapping --file FORM --write'); then test again.",
        "Verbeter de toewijzing: 'itsmc connection mapping NAAM --write' schrijft een bestand om te bewerken (voor een formulier dat nog niet is opgeslagen: 'itsmc connection mapping --file FORMULIER --write'); test daarna opnieuw.";
    }
    TicketUnproven { key, mark, alike } => {
        "It cannot be proved whether the ticket was made ({alike}): {key}",
        "Er is niet te bewijzen of het ticket is gemaakt ({alike}): {key}";
        "The reply was lost, and the product does not keep what itsmc writes into a ticket to find it again ({alike}).",
        "Het antwoord ging verloren, en het product bewaart niet wat itsmc in een ticket schrijft om het terug te vinden ({alike}).";
        "Search the product for the ticket ({alike}). If it is there, write {key} into its correlation_id, or {mark} at the beginning of its title where it has none. Then 'itsmc ticket retry ID' goes on with it, or makes it if it is not there.",
        "Zoek het ticket in het product ({alike}). Is het er, schrijf dan {key} in de correlation_id, of {mark} aan het begin van de titel als het die niet heeft. Daarna gaat 'itsmc ticket retry ID' ermee verder, of maakt het als het er niet is.";
    }
    NoSuchObject { object } => {
        "The product has no business object {object}",
        "Het product heeft geen bedrijfsobject {object}";
        "It has another name, is not installed, or the user may not see it.",
        "Het heeft een andere naam, is niet geïnstalleerd, of de gebruiker mag het niet zien.";
        "If it does not exist, remove this kind from the field 'work_items' of the connection. If it has another name, enter that in a mapping file: itsmc connection mapping NAME --write",
        "Bestaat het niet, haal dit soort dan uit het veld 'work_items' van de verbinding. Heeft het een andere naam, zet die dan in een toewijzingsbestand: itsmc connection mapping NAAM --write";
    }
    ParameterRefused { what, detail } => {
        "The web app refused a parameter: {what}",
        "De web-app weigerde een parameter: {what}";
        "The sign-in works, but the route does not accept this value ({detail}).",
        "De aanmelding werkt, maar de route accepteert deze waarde niet ({detail}).";
        "Correct the route: 'itsmc connection mapping NAME --write' writes a file with its parameters. Change or remove the refused one, then test again.",
        "Verbeter de route: 'itsmc connection mapping NAAM --write' schrijft een bestand met de parameters. Wijzig of verwijder de geweigerde en test opnieuw.";
    }
    ProductUnreachable { what, detail } => {
        "The web app cannot reach Service Manager: {what}",
        "De web-app kan Service Manager niet bereiken: {what}";
        "The sign-in to the web app works. Either the data access service is stopped, the hybrid connection is down, or the account of the web app was refused ({detail}).",
        "De aanmelding bij de web-app werkt. De datatoegangsservice staat stil, de hybride verbinding is verbroken, of het account van de web-app is geweigerd ({detail}).";
        "Check the hybrid connection (itsmc checklist NAME), the service 'System Center Data Access Service' on the management server, and ida:Username on the web app's start page. Then try again.",
        "Controleer de hybride verbinding (itsmc checklist NAAM), de service 'System Center Data Access Service' op de beheerserver, en ida:Username op de startpagina van de web-app. Probeer het daarna opnieuw.";
    }
    SettingsMissing { names } => {
        "The web app is not configured: {names}",
        "De web-app is niet ingericht: {names}";
        "Its start page lists these settings as missing. Until they are set, it does not accept tokens.",
        "De startpagina noemt deze instellingen als ontbrekend. Zolang ze ontbreken, accepteert de web-app geen tokens.";
        "Set them on the web app in the Azure portal (App Service, environment variables), then test again. Or have them written as a file to deploy: itsmc deploy service-manager --out DIR",
        "Stel ze in op de web-app in de Azure-portal (App Service, omgevingsvariabelen) en test opnieuw. Of laat ze schrijven als bestand om uit te rollen: itsmc deploy service-manager --out MAP";
    }
    SettingDiffers { setting, theirs, ours, key } => {
        "The web app is set up for another {key}",
        "De web-app is ingericht voor een andere waarde van {key}";
        "Its start page shows {setting} = {theirs}; this connection sends {ours}. They must match exactly, including a slash at the end.",
        "De startpagina toont {setting} = {theirs}; deze verbinding stuurt {ours}. Ze moeten precies gelijk zijn, ook een schuine streep aan het eind.";
        "Make them equal: itsmc connection edit NAME --set {key}={theirs}. Or change {setting} on the web app in the Azure portal. Then test again.",
        "Maak ze gelijk: itsmc connection edit NAAM --set {key}={theirs}. Of wijzig {setting} op de web-app in de Azure-portal. Test daarna opnieuw.";
    }
    NotApplied { what, detail } => {
        "The change was not made: {what}",
        "De wijziging is niet doorgevoerd: {what}";
        "The product reported success, but the change did not take effect ({detail}); an access rule or business rule dropped it.",
        "Het product meldde succes, maar de wijziging is niet doorgevoerd ({detail}); een toegangs- of bedrijfsregel hield die tegen.";
        "An admin can make this change by hand in the product; the item of the checklist says where. Then check again.",
        "Een beheerder kan deze wijziging met de hand in het product doorvoeren; het item van de checklist zegt waar. Controleer daarna opnieuw.";
    }
    NotReadBack { fault } let
        seen = summary(lang, fault),
        next = remedy(lang, fault) => {
        "The product accepted the change, but it could not be read back",
        "Het product accepteerde de wijziging, maar die was niet terug te lezen";
        "{seen}.",
        "{seen}.";
        "The change is not sent again; the next run looks for it first. {next}",
        "De wijziging wordt niet opnieuw gestuurd; de volgende keer wordt die eerst gezocht. {next}";
    }
    EarlierUnknown { connection, key, fault } let
        why = summary(lang, fault) => {
        "{connection} does not tell whether an alert that is over has a ticket: {key}",
        "{connection} zegt niet of een melding die voorbij is een ticket heeft: {key}";
        "{why}. A ticket that an earlier database made stays open if it is there.",
        "{why}. Een ticket dat een eerdere database heeft gemaakt blijft open als het er is.";
        "The product is asked again every quarter of an hour for a day, and then no more. Search the product for the ticket yourself, and resolve it.",
        "Het product wordt een dag lang elk kwartier opnieuw gevraagd, en daarna niet meer. Zoek het ticket zelf in het product en los het op.";
    }
    ClockSkew { seconds } let span = time::span(lang, seconds.unsigned_abs()) => {
        "The clocks differ by {span}",
        "De klokken verschillen {span}";
        "This machine's clock or the product's is wrong; tokens and the sync scope depend on them.",
        "De klok van deze machine of die van het product loopt niet goed; tokens en het synchronisatiebereik hangen ervan af.";
        "Turn on time synchronization on this machine ('timedatectl' on Linux), then test again.",
        "Zet tijdsynchronisatie aan op deze machine ('timedatectl' op Linux) en test opnieuw.";
    }
    MappingWrong { path, problems } let found = mapping::problems(lang, problems) => {
        "The mapping file {path} cannot be used",
        "Het toewijzingsbestand {path} is niet te gebruiken";
        "{found}",
        "{found}";
        "Correct these lines, then test again. To start over, delete the file and run 'itsmc connection mapping NAME --write' for a new one with the product's own names.",
        "Verbeter deze regels en test opnieuw. Wilt u opnieuw beginnen, verwijder dan het bestand; 'itsmc connection mapping NAAM --write' schrijft een nieuw bestand met de namen van het product.";
    }
    AzureForbidden { what, detail } let what_on = azure_resource(what), said = aside(refused_action(detail).unwrap_or(detail)), next = azure_role(lang, what, detail) => {
        "No permission in Azure: {what_on}",
        "Geen toestemming in Azure: {what_on}";
        "The sign-in to Azure works, but has no role that allows this{said}.",
        "De aanmelding bij Azure werkt, maar heeft geen rol die dit toestaat{said}.";
        "{next} A new role can take 30 minutes.",
        "{next} Een nieuwe rol kan 30 minuten op zich laten wachten.";
    }
    SendForbidden { rule, object_id, detail } let
        said = aside(detail), who = sender(lang, object_id.as_deref()) => {
        "Azure refuses rows: no permission on the data collection rule {rule}",
        "Azure weigert rijen: geen toestemming op de regel voor gegevensverzameling {rule}";
        "The role 'Monitoring Metrics Publisher' on this data collection rule is missing for {who}, or was granted less than 30 minutes ago{said}.",
        "De rol 'Monitoring Metrics Publisher' op deze regel voor gegevensverzameling ontbreekt voor {who}, of is nog geen 30 minuten geleden toegekend{said}.";
        "Grant the role on the data collection rule to {who} in the Azure portal (Access control), or have an owner apply the workspace's plan. It can take up to 30 minutes; nothing is lost meanwhile.",
        "Ken de rol op de regel voor gegevensverzameling toe aan {who} in de Azure-portal (Toegangsbeheer), of laat een eigenaar het plan van de werkruimte toepassen. Het kan tot 30 minuten duren; er gaat intussen niets verloren.";
    }
    AlertsForbidden { subscription, object_id, detail } let
        said = aside(detail), who = sender(lang, object_id.as_deref()) => {
        "No permission to read the alerts of the subscription {subscription}",
        "Geen toestemming om de meldingen van het abonnement {subscription} te lezen";
        "The role 'Monitoring Reader' on the subscription is missing for {who}, or was granted a few minutes ago{said}.",
        "De rol 'Monitoring Reader' op het abonnement ontbreekt voor {who}, of is pas enkele minuten geleden toegekend{said}.";
        "Grant 'Monitoring Reader' on the subscription to {who} in the Azure portal (Access control), then try again.",
        "Ken 'Monitoring Reader' op het abonnement toe aan {who} in de Azure-portal (Toegangsbeheer), en probeer het opnieuw.";
    }
    AzureTokenRefused { host, detail } let said = aside(detail) => {
        "{host} does not accept the Azure token",
        "{host} accepteert het Azure-token niet";
        "The sign-in was revoked or disabled, or the token was made for another audience or cloud{said}.",
        "De aanmelding is ingetrokken of uitgeschakeld, of het token is voor een ander doel of een andere cloud gemaakt{said}.";
        "Check [azure.cloud] in the config file and the application in Microsoft Entra, then test the workspace.",
        "Controleer [azure.cloud] in het configuratiebestand en de toepassing in Microsoft Entra en test daarna de werkruimte.";
    }
    RuleNotFound { rule, detail } let said = aside(detail) => {
        "There is no data collection rule {rule}",
        "Er is geen regel voor gegevensverzameling {rule}";
        "It was deleted or made again, or the endpoint belongs to another one{said}.",
        "Die is verwijderd of opnieuw gemaakt, of het eindpunt hoort bij een andere{said}.";
        "Apply the workspace's plan: that makes the data collection rule where it is missing and notes its ID and endpoint.",
        "Pas het plan van de werkruimte toe: dat maakt de regel voor gegevensverzameling als die ontbreekt en noteert ID en eindpunt.";
    }
    StreamUnknown { rule, stream, detail } let said = aside(detail) => {
        "The data collection rule {rule} has no stream {stream}",
        "De regel voor gegevensverzameling {rule} heeft geen stroom {stream}";
        "It was made for another table, or was changed less than 5 minutes ago{said}.",
        "Die is voor een andere tabel gemaakt, of is minder dan 5 minuten geleden gewijzigd{said}.";
        "Wait 5 minutes. If it stays, see in the workspace's plan how it differs, and apply the plan to fix it.",
        "Wacht 5 minuten. Blijft het zo, bekijk dan in het plan van de werkruimte hoe die afwijkt, en pas het plan toe om dat te herstellen.";
    }
    ColumnsMissing { rule, stream, columns } let names = columns.join(", ") => {
        "The data collection rule {rule} lacks columns of {stream}",
        "In de regel voor gegevensverzameling {rule} ontbreken kolommen van {stream}";
        "Azure would drop {names} from every row without an error, so nothing was sent.",
        "Azure zou {names} zonder foutmelding uit elke rij weglaten; daarom is niets verstuurd.";
        "See the difference in the workspace's plan, and apply the plan to add the columns.",
        "Bekijk het verschil in het plan van de werkruimte, en pas het plan toe om de kolommen toe te voegen.";
    }
    BatchTooLarge { bytes, detail } let
        size = number::bytes(lang, *bytes), said = aside(detail) => {
        "Azure does not take a request of {size}",
        "Azure neemt geen verzoek van {size} aan";
        "A gateway on the way allows less than the documented 1 MB, or one row alone is larger{said}.",
        "Een gateway onderweg staat minder dan de gedocumenteerde 1 MB toe, of één rij is op zich groter{said}.";
        "Send again: what is too large is split. If it stays, ask for a direct route to the endpoint.",
        "Verstuur opnieuw: wat te groot is, wordt gesplitst. Blijft het zo, vraag dan om een directe route naar het eindpunt.";
    }
    RowsRefused { error_code, detail } let said = aside(detail) => {
        "Azure refused rows: {error_code}",
        "Azure weigerde rijen: {error_code}";
        "The table, the data collection rule or its transformation does not match the rows{said}.",
        "De tabel, de regel voor gegevensverzameling of de transformatie ervan past niet bij de rijen{said}.";
        "Compare the table and the data collection rule with the plan: itsmc workspace plan NAME",
        "Vergelijk de tabel en de regel voor gegevensverzameling met het plan: itsmc workspace plan NAAM";
    }
    QueryForbidden { workspace, detail } let said = aside(detail) => {
        "No permission to query the workspace {workspace}",
        "Geen toestemming om de werkruimte {workspace} te bevragen";
        "The sign-in lacks the right to read logs{said}. Sending does not need it; verification does.",
        "De aanmelding mist het recht om logboeken te lezen{said}. Versturen heeft dat niet nodig, verifiëren wel.";
        "Grant it the role 'Log Analytics Reader' on the workspace, then verify the workspace again.",
        "Geef die de rol 'Log Analytics Reader' op de werkruimte en verifieer de werkruimte daarna opnieuw.";
    }
    QueryRefused { error_code, detail } let said = aside(detail) => {
        "The workspace refused a query: {error_code}",
        "De werkruimte weigerde een query: {error_code}";
        "The table or one of its columns is missing, or the table has the Basic plan, which cannot be queried this way{said}.",
        "De tabel of een kolom ervan ontbreekt, of de tabel heeft het abonnement Basic, dat zo niet te bevragen is{said}.";
        "Compare the table with the plan: itsmc workspace plan NAME",
        "Vergelijk de tabel met het plan: itsmc workspace plan NAAM";
    }
    PartialResult { detail } let said = aside(detail) => {
        "The workspace answered with a part of the result",
        "De werkruimte antwoordde met een deel van het resultaat";
        "The result was too large, or a part of the data could not be read now{said}. A part proves nothing.",
        "Het resultaat was te groot, of een deel van de gegevens was nu niet leesbaar{said}. Een deel bewijst niets.";
        "Nothing was declared missing and nothing was sent again. Verify the workspace again later.",
        "Er is niets als ontbrekend gemeld en niets opnieuw verstuurd. Verifieer de werkruimte later opnieuw.";
    }
    VerificationCutOff { workspace, seconds } let span = time::span(lang, *seconds) => {
        "The verification of '{workspace}' was stopped after {span}",
        "De verificatie van '{workspace}' is na {span} gestopt";
        "A sync waits no longer for it. The workspace answers slowly, or rows that were accepted a short while ago are not there yet.",
        "Een synchronisatie wacht er niet langer op. De werkruimte antwoordt traag, of rijen die kort geleden zijn geaccepteerd zijn er nog niet.";
        "Nothing is lost; it is unknown whether all rows are there. Verify it without this limit: itsmc workspace verify {workspace}",
        "Er is niets verloren; het is onbekend of alle rijen er zijn. Verifieer zonder deze grens: itsmc workspace verify {workspace}";
    }
    AdminNeeded { connection } => {
        "This needs an admin of the product behind '{connection}'",
        "Hiervoor is een beheerder van het product achter '{connection}' nodig";
        "The integration user lacks the right, and no admin is signed in for this session",
        "De integratiegebruiker mist het recht, en er is geen beheerder aangemeld voor deze sessie";
        "Sign an admin in (key A on the tabs Checklist and Tokens, or --admin USER); the sign-in is never stored",
        "Meld een beheerder aan (toets A op de tabbladen Checklist en Tokens, of --admin GEBRUIKER); de aanmelding wordt nooit opgeslagen";
    }
    NoSuchConnection { name } => {
        "No connection called {name}",
        "Er is geen verbinding die {name} heet";
        "It was removed, is spelled differently, or is in another home (--home).",
        "Die is verwijderd, wordt anders gespeld, of staat in een andere thuismap (--home).";
        "List the connections: itsmc connection list",
        "Toon de verbindingen: itsmc connection list";
    }
    NameTaken { name } => {
        "A connection called {name} already exists",
        "Er bestaat al een verbinding die {name} heet";
        "Each connection needs its own name.",
        "Elke verbinding heeft een eigen naam nodig.";
        "Choose another name, or change the existing one: itsmc connection edit {name} --set KEY=VALUE",
        "Kies een andere naam, of wijzig de bestaande: itsmc connection edit {name} --set SLEUTEL=WAARDE";
    }
    NameKnown { name, connection } => {
        "Tickets and Log Analytics know {connection} as {name}",
        "Tickets en Log Analytics kennen {connection} als {name}";
        "It was called so when they were made. Another connection of this name would get mixed up with it.",
        "Zo heette die toen ze werden gemaakt. Een andere verbinding met deze naam zou ermee worden verward.";
        "Choose another name, or give it back: itsmc connection rename {connection} {name}",
        "Kies een andere naam, of geef hem terug: itsmc connection rename {connection} {name}";
    }
    NotFound { what } => {
        "Not found: {what}",
        "Niet gevonden: {what}";
        "It was deleted, never existed, or this user may not see it.",
        "Het is verwijderd, heeft nooit bestaan, of deze gebruiker mag het niet zien.";
        "Check whether it still exists in the product or in Azure, then try again.",
        "Controleer of het in het product of in Azure nog bestaat, en probeer het daarna opnieuw.";
    }
    BadForm { problems } let
        count = how_many_problems(lang, problems.len()),
        list = form::problems(lang, problems) => {
        "The form has {count}",
        "Het formulier heeft {count}";
        "{list}",
        "{list}";
        "Fix this and try again. For a form with explanations: itsmc connection template PARTNER",
        "Herstel dit en probeer het opnieuw. Voor een formulier met uitleg: itsmc connection template PARTNER";
    }
    SecretsNeeded { missing } let
        list = missing.join(", "),
        toml = missing.iter().map(|key| format!("{key} = \"…\"")).collect::<Vec<_>>().join(lang.pick(" and ", " en ")) => {
        "Missing: {list}",
        "Ontbreekt: {list}";
        "There is no terminal to ask for secrets, and itsmc does not read them from the form or the arguments.",
        "Er is geen terminal om geheimen te vragen, en itsmc leest ze niet uit het formulier of de argumenten.";
        "Add --secrets-stdin and pass them on stdin as TOML, one per line: {toml}",
        "Voeg --secrets-stdin toe en geef ze via stdin als TOML, elk op een regel: {toml}";
    }
    BadUsage { what } => {
        "{what}",
        "{what}";
        "The command cannot run this way.",
        "De opdracht kan zo niet worden uitgevoerd.";
        "Add --help to see how the command is used.",
        "Voeg --help toe om te zien hoe de opdracht werkt.";
    }
    ConfigDamaged { path, kept_as, reason } let
        kept = kept(lang, kept_as.as_deref()), why = reason::told(lang, reason) => {
        "The config file cannot be read: {path}",
        "Het configuratiebestand is niet te lezen: {path}";
        "{why}. {kept}",
        "{why}. {kept}";
        "Fix that line in an editor; nothing was overwritten.",
        "Herstel die regel in een editor; er is niets overschreven.";
    }
    DatabaseDamaged { path, kept_as, reason } let
        kept = kept(lang, kept_as.as_deref()), why = reason::told(lang, reason) => {
        "The database cannot be read: {path}",
        "De database is niet te lezen: {path}";
        "{why}. {kept}",
        "{why}. {kept}";
        "Close the terminal UI, then run 'itsmc sync'. It moves the damaged file aside and fetches everything again; connections, sign-ins, confirmations, alerts and tickets are kept.",
        "Sluit de terminal-UI en geef dan 'itsmc sync'. Dat verplaatst het beschadigde bestand en haalt alles opnieuw op; verbindingen, aanmeldingen, bevestigingen, meldingen en tickets blijven bewaard.";
    }
    DatabaseTooNew { path, found, known } => {
        "The database was written by a newer itsmc: {path}",
        "De database is door een nieuwere itsmc geschreven: {path}";
        "It has version {found}; this itsmc supports versions up to {known}.",
        "De database heeft versie {found}; deze itsmc ondersteunt versies tot en met {known}.";
        "Use the newer itsmc, or another home (--home DIR). Nothing was changed.",
        "Gebruik de nieuwere itsmc, of een andere thuismap (--home MAP). Er is niets gewijzigd.";
    }
    VaultDamaged { path, reason } let why = reason::told(lang, reason) => {
        "The vault cannot be read: {path}",
        "De kluis is niet te lezen: {path}";
        "{why}. The file was not changed.",
        "{why}. Het bestand is niet gewijzigd.";
        "Restore a backup of the file. Without one, move the file away and sign in each connection again: itsmc token rotate NAME",
        "Zet een back-up van het bestand terug. Is die er niet, verplaats het bestand dan en meld elke verbinding opnieuw aan: itsmc token rotate NAAM";
    }
    VaultLocked { path, reason } let why = reason::told(lang, reason) => {
        "The vault is locked: {path}",
        "De kluis is vergrendeld: {path}";
        "Its key is not where it was last time: {why}.",
        "De sleutel staat niet waar die de vorige keer stond: {why}.";
        "Unlock the keyring or give the key (--key-file FILE, ITSMC_KEY_FILE or ITSMC_PASSPHRASE_FILE), then try again; 'itsmc doctor' shows which places are searched.",
        "Ontgrendel de sleutelbos of geef de sleutel (--key-file BESTAND, ITSMC_KEY_FILE of ITSMC_PASSPHRASE_FILE) en probeer het opnieuw; 'itsmc doctor' toont welke plaatsen worden doorzocht.";
    }
    NoKeyPlace { tried } let list = reason::list(lang, tried) => {
        "There is no safe place for the vault's key",
        "Er is geen veilige plaats voor de sleutel van de kluis";
        "Tried: {list}.",
        "Geprobeerd: {list}.";
        "Give a key file (--key-file FILE) or a passphrase file (ITSMC_PASSPHRASE_FILE), or start itsmc in a terminal, where it can ask for a passphrase.",
        "Geef een sleutelbestand (--key-file BESTAND) of een wachtzinbestand (ITSMC_PASSPHRASE_FILE), of start itsmc in een terminal, waar het om een wachtzin kan vragen.";
    }
    WrongPassphrase { path } => {
        "The passphrase does not open {path}",
        "De wachtzin opent {path} niet";
        "It was mistyped, or the vault has another passphrase.",
        "Er is een tikfout gemaakt, of de kluis heeft een andere wachtzin.";
        "Try again; the file was not changed.",
        "Probeer het opnieuw; het bestand is niet gewijzigd.";
    }
    KeyringUnavailable { reason } let why = reason::told(lang, reason) => {
        "This machine's keyring does not work",
        "De sleutelbos van deze machine werkt niet";
        "{why}",
        "{why}";
        "Unlock it, or keep the key elsewhere: --key-file FILE, or a passphrase ('itsmc doctor' shows the options).",
        "Ontgrendel die, of bewaar de sleutel elders: --key-file BESTAND, of een wachtzin ('itsmc doctor' toont de mogelijkheden).";
    }
    DiskFull { path } => {
        "The disk is full: {path}",
        "De schijf is vol: {path}";
        "There is no space left to write. Everything stored before is intact.",
        "Er is geen ruimte meer om te schrijven. Wat eerder is opgeslagen, is intact.";
        "Free some space, then try again. A sync that was running continues where it stopped.",
        "Maak ruimte vrij en probeer het opnieuw. Een synchronisatie die liep, gaat verder waar die stopte.";
    }
    NotWritable { path, reason } let why = reason::told(lang, reason) => {
        "No access to {path}",
        "Geen toegang tot {path}";
        "{why}",
        "{why}";
        "Give your user permission to read and write there, or choose another home: --home DIR or ITSMC_HOME.",
        "Geef uw gebruiker daar het recht om te lezen en te schrijven, of kies een andere thuismap: --home MAP of ITSMC_HOME.";
    }
    TooManyOpenFiles { path } let
        whereto = too_many_for(lang, path) => {
        "Too many files are open {whereto}",
        "Er zijn te veel bestanden open {whereto}";
        "This process, or the whole machine, has reached its limit of open files. Everything stored before is intact.",
        "Dit proces, of de hele machine, heeft de limiet van open bestanden bereikt. Wat eerder is opgeslagen, is intact.";
        "Raise the limit ('ulimit -n 1024' in a shell, LimitNOFILE= in a systemd unit), then try again.",
        "Verhoog de limiet ('ulimit -n 1024' in een shell, LimitNOFILE= in een systemd-unit) en probeer het opnieuw.";
    }
    FileProblem { path, reason } let why = reason::told(lang, reason) => {
        "Problem with the file {path}",
        "Probleem met het bestand {path}";
        "{why}",
        "{why}";
        "Correct this, then try again. The file must exist, and your user must be able to read it.",
        "Verhelp dit en probeer het opnieuw. Het bestand moet bestaan en uw gebruiker moet het kunnen lezen.";
    }
    NoLocks { path, reason } let why = reason::told(lang, reason) => {
        "{path} cannot be locked",
        "{path} kan niet worden vergrendeld";
        "The file system does not support locks, or its lock service does not answer: {why}. Without locks two programs could damage the same file.",
        "Het bestandssysteem kent geen vergrendeling of de dienst ervoor antwoordt niet: {why}. Zonder vergrendeling kunnen twee programma's hetzelfde bestand beschadigen.";
        "Choose a home on a local disk (--home DIR or ITSMC_HOME), or start the lock service of the network file system.",
        "Kies een thuismap op een lokale schijf (--home MAP of ITSMC_HOME), of start de vergrendelingsdienst van het netwerkbestandssysteem.";
    }
    NotAFile { path, found } let what = file_kind(lang, *found) => {
        "{path} is {what}",
        "{path} is {what}";
        "itsmc needs its own regular file there and does not follow it to another place.",
        "itsmc heeft daar een eigen, gewoon bestand nodig en volgt dit niet naar een andere plaats.";
        "Check who put it there, then remove or rename it and try again.",
        "Ga na wie het daar heeft gezet, en verwijder of hernoem het. Probeer het daarna opnieuw.";
    }
    OpenToOthers { path } => {
        "Other users may write to {path}",
        "Andere gebruikers mogen schrijven in {path}";
        "Anyone who can write there can replace the vault, or read what is sent by changing a server URL.",
        "Wie daar mag schrijven, kan de kluis vervangen, of meelezen door een server-URL te wijzigen.";
        "Remove that right: chmod go-w '{path}'. Then try again.",
        "Neem dat recht weg: chmod go-w '{path}'. Probeer het daarna opnieuw.";
    }
    OwnedByAnother { path } => {
        "{path} belongs to another user",
        "{path} is van een andere gebruiker";
        "Its owner can replace the vault, or read what is sent by changing a server URL.",
        "De eigenaar kan de kluis vervangen, of meelezen door een server-URL te wijzigen.";
        "Run itsmc as its owner, make it your own (chown), or choose another home: --home DIR or ITSMC_HOME.",
        "Start itsmc als de eigenaar, maak het van uzelf (chown), of kies een andere thuismap: --home MAP of ITSMC_HOME.";
    }
    Locked { path, pid } let who = who(lang, *pid) => {
        "Another itsmc is running{who}",
        "Er draait al een itsmc{who}";
        "Only one may do this at a time; the lock is {path}.",
        "Maar één tegelijk mag dit doen; de vergrendeling is {path}.";
        "Wait for it or quit it, then try again. The lock ends with its process; do not delete the file.",
        "Wacht erop of sluit die af en probeer het opnieuw. De vergrendeling verdwijnt met het proces; verwijder het bestand niet.";
    }
    FilesThere { paths } let list = paths.join(", ") => {
        "Nothing was written, because these files already exist: {list}",
        "Er is niets geschreven, omdat deze bestanden al bestaan: {list}";
        "itsmc does not overwrite existing files.",
        "itsmc overschrijft geen bestaande bestanden.";
        "Choose another folder, or move these files away first.",
        "Kies een andere map, of verplaats eerst deze bestanden.";
    }
    PartnerNotReady { partner } => {
        "{partner} cannot be connected yet",
        "{partner} kan nog niet worden verbonden";
        "This version of itsmc does not support it.",
        "Deze versie van itsmc ondersteunt die niet.";
        "Choose another partner, or wait for a later version.",
        "Kies een andere partner, of wacht op een latere versie.";
    }
    Internal { what } => {
        "Internal error in itsmc: {what}",
        "Interne fout in itsmc: {what}";
        "This is a bug in itsmc, not your mistake. Stored data is intact.",
        "Dit is een fout in itsmc, niet van u. De opgeslagen gegevens zijn intact.";
        "Try again, and report it with the lines of the log file ('itsmc doctor' shows where it is).",
        "Probeer het opnieuw, en meld het met de regels uit het logbestand ('itsmc doctor' toont waar dat staat).";
    }
    Interrupted => {
        "Interrupted",
        "Onderbroken";
        "It was stopped by you or by the system.",
        "Het is gestopt door u of door het systeem.";
        "Start it again; a sync continues where it stopped.",
        "Start het opnieuw; een synchronisatie gaat verder waar die stopte.";
    }
}

/// Where a remedy is read, which decides which keys and commands work there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// A command, or a screen of a saved connection.
    Saved,
    /// Before the connection is saved: the wizard, or `itsmc connection add`.
    Unsaved,
    /// The checklist's screen of a saved connection, where an admin may sign in with the key A if the product lets one.
    Checklist,
}

/// What to do next, by what works there.
pub fn remedy_at(lang: Lang, fault: &Fault, at: At) -> String {
    match (at, fault) {
        (At::Unsaved, Fault::SignedOut { .. }) => sign_in_by_test(lang).to_owned(),
        (At::Unsaved, Fault::RefreshRefused { .. }) => check_form(lang).to_owned(),
        (At::Unsaved, Fault::ClientUnknown { .. }) => check_client(lang).to_owned(),
        (At::Unsaved, Fault::DatesUnclear { field, .. }) => fill_in(lang, field.key()),
        (At::Unsaved, Fault::SettingDiffers { setting, theirs, key, .. }) => same_value(lang, key, theirs, setting),
        (At::Unsaved, Fault::ProductUnreachable { .. }) => check_hybrid(lang).to_owned(),
        (At::Unsaved, Fault::AdminNeeded { .. }) => save_first(lang).to_owned(),
        (At::Checklist, Fault::SignedOut { connection } | Fault::RefreshRefused { connection, .. }) => {
            press_a(lang, connection)
        }
        _ => remedy(lang, fault),
    }
}

/// What the other side said, in parentheses; nothing where it said nothing.
fn aside(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(" ({detail})") }
}

/// For what too many files are open; without a path the program cannot even begin.
fn too_many_for(lang: Lang, path: &str) -> String {
    match (lang, path) {
        (_, "") => lang.pick("to start itsmc", "om itsmc te starten").to_owned(),
        (Lang::En, path) => format!("to open {path}"),
        (Lang::Nl, path) => format!("om {path} te openen"),
    }
}

/// How this way of signing in is made to work.
fn azure_sign_in(lang: Lang, way: &str) -> &'static str {
    match way {
        "Azure CLI" => sign_in_by_cli(lang),
        _ => identity_in_azure(lang),
    }
}

/// Which role to ask for, by what Resource Manager refused.
fn azure_role(lang: Lang, path: &str, detail: &str) -> String {
    match lacking(detail) {
        Some((role, on)) => {
            let on = azure_scope(lang, path, on);
            let (en, nl) = (
                format!("Ask an owner to grant this sign-in the role '{role}' on {on}, then try again."),
                format!(
                    "Vraag een eigenaar om deze aanmelding de rol '{role}' te geven op {on}, en probeer het opnieuw."
                ),
            );
            lang.pick(en, nl)
        }
        None => {
            let on = azure_scope(lang, path, Scope::ResourceGroup);
            let (en, nl) = (
                format!(
                    "Ask an owner of {on} for a role that allows this. To list what a workspace needs: itsmc workspace plan NAME."
                ),
                format!(
                    "Vraag een eigenaar van {on} om een rol die dit toestaat. Om te zien wat een werkruimte nodig heeft: itsmc workspace plan NAAM."
                ),
            );
            lang.pick(en, nl)
        }
    }
}

/// The resource of a path without what it is in, which the remedy names; anything else as it is.
fn azure_resource(path: &str) -> &str {
    path.rsplit_once("/providers/").filter(|_| path.starts_with('/')).map_or(path, |(_, resource)| resource)
}

/// What a role is granted on, by the name that it has in a path; what is in no resource group is the subscription's.
fn azure_scope(lang: Lang, path: &str, on: Scope) -> String {
    let (part_name, words) = match on {
        Scope::Workspace => ("workspaces", lang.pick("the workspace", "de werkruimte")),
        Scope::ResourceGroup => ("resourceGroups", lang.pick("the resource group", "de resourcegroep")),
        Scope::Rule => {
            ("dataCollectionRules", lang.pick("the data collection rule", "de regel voor gegevensverzameling"))
        }
    };
    let named = |name: &str, words: &str| part(path, name).map(|value| format!("{words} {value}"));
    let subscription = || named("subscriptions", lang.pick("the subscription", "het abonnement"));
    named(part_name, words).or_else(subscription).unwrap_or_else(|| words.to_owned())
}

/// Who sends rows.
fn sender(lang: Lang, object_id: Option<&str>) -> String {
    match object_id {
        Some(id) => lang.pick("the object ID", "de object-ID").to_owned() + " " + id,
        None => lang.pick("this sign-in", "deze aanmelding").to_owned(),
    }
}

fn file_kind(lang: Lang, kind: FileKind) -> &'static str {
    match kind {
        FileKind::SymbolicLink => lang.pick("a symbolic link", "een symbolische koppeling"),
        FileKind::HardLink => {
            lang.pick("a file with a second name (hard link)", "een bestand met een tweede naam (harde koppeling)")
        }
        FileKind::Folder => lang.pick("a folder", "een map"),
        FileKind::Special => lang.pick("a pipe, a socket or a device", "een pijp, een socket of een apparaat"),
    }
}

/// What the settings of an identity were, or are.
fn parts(lang: Lang, changes: &[IdentityChange], value: fn(&IdentityChange) -> &String) -> String {
    let nothing = match lang {
        Lang::En => "(nothing)",
        Lang::Nl => "(niets)",
    };
    let shown = |change: &IdentityChange| {
        let value = value(change);
        format!("{} {}", change.field.key(), if value.is_empty() { nothing } else { value })
    };
    changes.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// The options that set changed settings back.
/// The command that restores settings. No command changes the product: that line is restored where it was changed.
fn set_back(connection: &str, changes: &[IdentityChange]) -> String {
    if let Some(product) = changes.iter().find(|change| change.field == FieldId::Partner) {
        return format!("partner = \"{}\" (config.toml)", product.was);
    }
    let option = |change: &IdentityChange| format!("--set '{}={}'", change.field.key(), change.was);
    format!("itsmc connection edit {connection} {}", changes.iter().map(option).collect::<Vec<_>>().join(" "))
}

fn said(message: &str, detail: &str) -> String {
    match (message.is_empty(), detail.is_empty()) {
        (false, false) => format!("{message} ({detail})"),
        (true, false) => detail.to_owned(),
        (false, true) => message.to_owned(),
        (true, true) => "–".to_owned(),
    }
}

/// What an unknown server sent, in a few words.
fn came(lang: Lang, status: u16, content_type: &str, server: Option<&str>, title: Option<&str>) -> String {
    let kind = Some(content_type).filter(|kind| !kind.is_empty());
    let parts = [
        Some(format!("status {status}")),
        kind.map(str::to_owned),
        server.map(|server| format!("server {server}")),
        title.map(|title| titled(lang, title)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Takes out brackets with nothing in them, and those that only lead up to nothing: `(the product said: )`.
fn without_empty(text: String) -> String {
    let mut text = text.replace(" ()", "");
    while let Some(end) = text.find(": )") {
        let start = text[..end].rfind(" (").unwrap_or(end);
        text.replace_range(start..end + 3, "");
    }
    text
}

fn wait(lang: Lang, seconds: u64) -> String {
    let span = time::span(lang, seconds);
    lang.pick(format!("; it asks to wait {span}"), format!("; hij vraagt {span} te wachten"))
}

fn place(location: Option<&str>) -> String {
    location.map(|location| format!(" ({location})")).unwrap_or_default()
}

fn rate_limit(lang: Lang, limit: Option<u64>, rule: Option<&str>) -> String {
    let limit = limit.map(|limit| limit_an_hour(lang, &number::grouped(lang, limit)));
    let rule = rule.map(|rule| limit_rule(lang, rule));
    let parts: Vec<_> = limit.into_iter().chain(rule).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn kept(lang: Lang, kept_as: Option<&str>) -> String {
    kept_as.map_or_else(|| untouched(lang).to_owned(), |path| kept_aside(lang, path))
}

fn how_many_problems(lang: Lang, count: usize) -> String {
    if count == 1 { one_problem(lang).to_owned() } else { many_problems(lang, count) }
}

fn who(lang: Lang, pid: Option<u32>) -> String {
    pid.map(|pid| process(lang, pid)).unwrap_or_default()
}

crate::texts! {
    sign_in_by_cli, "Run 'az login', then try again.", "Voer 'az login' uit en probeer het opnieuw.";
    identity_in_azure, "A managed identity exists only on machines in Azure.", "Een beheerde identiteit bestaat alleen op machines in Azure.";
    one_problem, "1 problem", "1 probleem";
    many_problems(count: usize), "{count} problems", "{count} problemen";
    sign_in_by_test, "Test the connection to sign in.", "Test de verbinding om u aan te melden.";
    check_form, "Check client secret, user and password in the form, then test again.", "Controleer clientgeheim, gebruiker en wachtwoord in het formulier en test opnieuw.";
    check_client, "Copy the client ID from the product's list of clients into the form, then test again.", "Neem de client-ID over uit de lijst met clients van het product in het formulier en test opnieuw.";
    fill_in(field: &str), "Fill in the field '{field}' of the form: the culture as a name such as en-US or nl-NL, the time zone as a name such as Europe/Amsterdam. Then test again.", "Vul het veld '{field}' van het formulier in: de cultuur als naam zoals en-US of nl-NL, de tijdzone als naam zoals Europe/Amsterdam. Test daarna opnieuw.";
    same_value(key: &str, theirs: &str, setting: &str), "Enter {theirs} in the field '{key}' of the form, or change {setting} on the web app in the Azure portal. Then test again.", "Vul {theirs} in het veld '{key}' van het formulier in, of wijzig {setting} op de web-app in de Azure-portal. Test daarna opnieuw.";
    check_hybrid, "Check the hybrid connection in the Azure portal, the service 'System Center Data Access Service' on the management server, and ida:Username on the web app's start page. Then test again.", "Controleer de hybride verbinding in de Azure-portal, de service 'System Center Data Access Service' op de beheerserver, en ida:Username op de startpagina van de web-app. Test daarna opnieuw.";
    save_first, "Save the connection first; an admin can sign in after that.", "Sla de verbinding eerst op; daarna kan een beheerder zich aanmelden.";
    press_a(connection: &str), "Press A to sign in as an admin if the product allows that, or sign in the connection: itsmc token rotate {connection}", "Druk op A om u als beheerder aan te melden als het product dat toelaat, of meld de verbinding aan: itsmc token rotate {connection}";
    with_number, " with the number in brackets", " met het nummer tussen haken";
    titled(title: &str), "title \"{title}\"", "titel \"{title}\"";
    limit_an_hour(limit: &str), "{limit} per hour", "{limit} per uur";
    limit_rule(rule: &str), "rule {rule}", "regel {rule}";
    kept_aside(path: &str), "A copy is kept as {path}.", "Een kopie is bewaard als {path}.";
    untouched, "The file was not changed.", "Het bestand is niet gewijzigd.";
    process(pid: u32), " (process {pid})", " (proces {pid})";
}

#[cfg(test)]
mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_why_and_what_next_in_both_languages() {
        let fault = Fault::RateLimited { retry_after_seconds: 120, limit: Some(5000), rule: None };
        assert_eq!(summary(Lang::En, &fault), "Too many requests; the product asks to wait 2 minutes");
        assert!(summary(Lang::Nl, &fault).ends_with("vraagt 2 minuten te wachten"));
        assert!(cause(Lang::En, &fault).ends_with("user (5,000 per hour)."));
        assert!(remedy(Lang::Nl, &fault).starts_with("Er gaat niets verloren"));
    }

    #[test]
    fn absent_details_leave_no_hole() {
        let fault =
            Fault::PartnerError { status: 500, message: String::new(), detail: String::new(), transaction: None };
        assert_eq!(cause(Lang::En, &fault), "It said: –");
        assert_eq!(summary(Lang::En, &Fault::Locked { path: "/x".into(), pid: None }), "Another itsmc is running");
    }

    #[test]
    fn a8_a_product_that_was_changed_is_restored_where_that_can_be_done() {
        let change = |field, was: &str, now: &str| IdentityChange { field, was: was.into(), now: now.into() };
        let told = |changes| remedy(Lang::En, &Fault::IdentityChanged { connection: "contoso".into(), changes });
        let user = change(FieldId::Username, "ann", "bob");
        assert!(told(vec![user.clone()]).contains("itsmc connection edit contoso --set 'username=ann'"));
        let both = told(vec![change(FieldId::Partner, "servicenow", "remedy"), user]);
        assert!(both.contains("partner = \"servicenow\" (config.toml)") && !both.contains("connection edit"), "{both}");
    }

    #[test]
    fn p5_no_fault_speaks_of_another_product() {
        // A fault that only one product can give may speak of it.
        let own = |fault: &Fault| match fault.code() {
            "hibernating" => &["servicenow"][..],
            "product-unreachable" | "settings-missing" | "setting-differs" => &["service manager"],
            "environment-refused" | "sign-in-impossible" => &["dataverse", "provance", "power platform", "entra"],
            _ => &[],
        };
        let products = [
            ["servicenow", "service-now", "sys_", "itil", "query_range", " acl", "glide"].as_slice(),
            &["cherwell", "busob", "lastmodifieddatetime"],
            &["dataverse", "provance", "power platform", "prvread", "modifiedon"],
            &["smoc", "scsm", "service manager"],
        ];
        for fault in samples::faults() {
            for lang in [Lang::En, Lang::Nl] {
                // The details are a product's own words; the texts around them are ours.
                let said = serde_json::to_string(&fault).unwrap_or_default().to_lowercase();
                for text in [summary(lang, &fault), cause(lang, &fault), remedy(lang, &fault)] {
                    let text = text.to_lowercase();
                    let foreign = products.iter().filter(|words| !words.iter().any(|word| own(&fault).contains(word)));
                    for word in foreign.copied().flatten().filter(|word| !said.contains(*word)) {
                        assert!(!text.contains(word), "{}: {word}: {text}", fault.code());
                    }
                }
            }
        }
    }

    #[test]
    fn c7_brackets_with_nothing_in_them_are_left_out() {
        let fault = Fault::NotAuthenticated { what: "x".into(), detail: String::new() };
        assert!(cause(Lang::En, &fault).ends_with("blocks it."), "{}", cause(Lang::En, &fault));
        let fault = Fault::RefreshRefused { connection: "x".into(), detail: String::new() };
        assert!(!cause(Lang::Nl, &fault).contains(": )") && !cause(Lang::Nl, &fault).contains("()"));
    }

    /// `UPDATE_DOCS=1 cargo test troubleshooting` writes the page again.
    #[test]
    fn the_troubleshooting_page_has_the_texts_of_every_fault() {
        let mut faults = samples::faults();
        faults.sort_by_key(Fault::code);
        let mut page = String::from(
            "# Troubleshooting\n\n\
             Find the code: `--json` names it in `error.code` or `fault.code`, and the log in `code=`. Names and numbers below are \
             examples.\n\
             A command that fails exits with the code's exit code; [commands.md](commands.md) lists them all.\n\n\
             This page is made from the program's own texts by a test.\n",
        );
        for fault in &faults {
            let [what, why, next] = [summary, cause, remedy].map(|text| text(Lang::En, fault));
            let (code, exit) = (fault.code(), fault.exit_code());
            page.push_str(&format!("\n## `{code}` (exit code {exit})\n\n**{what}.**\n\n{why}\n\n→ {next}\n"));
        }
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/troubleshooting.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(stored, page, "write it again: UPDATE_DOCS=1 cargo test troubleshooting");
    }

    #[test]
    fn every_fault_reads_well() {
        let faults = samples::faults();
        let codes: std::collections::BTreeSet<_> = faults.iter().map(Fault::code).collect();
        assert_eq!(codes.len(), faults.len(), "one of each");
        let mut out = String::new();
        for fault in &faults {
            out.push_str(&format!("{}\n", fault.code()));
            for lang in [Lang::En, Lang::Nl] {
                for text in [summary(lang, fault), cause(lang, fault), remedy(lang, fault)] {
                    assert!(!text.is_empty() && !text.contains("..") && !text.contains("  "), "{text}");
                    out.push_str(&format!("    {text}\n"));
                }
            }
        }
        insta::assert_snapshot!(out);
    }
}
