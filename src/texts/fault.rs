//! Faults in words: what happened, the likely cause, what to do next. One entry a fault, so that a new fault
//! without its texts does not compile.

use super::{dataverse, elsewhere, entra, form, mapping, number, time, tls};
use crate::model::fault::{Fault, FileKind, IdentityChange};
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
        "The server URL has a typing error, or this machine's name server does not answer.",
        "Er staat een tikfout in de server-URL, of de naamserver van deze machine antwoordt niet.";
        "Compare the server URL with the address bar of a browser that shows the product; behind a VPN, connect it first. Then try again.",
        "Vergelijk de server-URL met de adresbalk van een browser die het product toont; maak eerst de VPN-verbinding als die nodig is. Probeer het daarna opnieuw.";
    }
    ConnectionRefused { address } => {
        "{address} refused the connection",
        "{address} weigerde de verbinding";
        "Nothing listens on that address and port, or a firewall turns the connection away.",
        "Op dat adres en die poort luistert niets, of een firewall wijst de verbinding af.";
        "Check host and port of the server URL, and that this machine may reach it. A practice server must be running. Then try again.",
        "Controleer host en poort van de server-URL, en of deze machine erbij mag. Een oefenserver moet wel draaien. Probeer het daarna opnieuw.";
    }
    TimedOut { host, seconds } let span = time::span(lang, *seconds) => {
        "{host} did not answer within {span}",
        "{host} antwoordde niet binnen {span}";
        "The server is overloaded, or a firewall drops the traffic without a word.",
        "De server is overbelast, of een firewall gooit het verkeer zonder bericht weg.";
        "Try again. If it stays so, open the product in a browser on this machine: if that works, ask for a proxy or an opening in the firewall ('itsmc doctor' shows the proxy in use).",
        "Probeer het opnieuw. Blijft het zo, open het product dan in een browser op deze machine: lukt dat, vraag dan naar een proxy of een opening in de firewall ('itsmc doctor' toont de gebruikte proxy).";
    }
    ConnectionLost { host, detail } => {
        "The connection to {host} broke off",
        "De verbinding met {host} werd verbroken";
        "The network, a proxy or the server ended it in the middle ({detail}).",
        "Het netwerk, een proxy of de server beëindigde haar halverwege ({detail}).";
        "Try again; what is stored already stays, and a sync goes on from there.",
        "Probeer het opnieuw; wat al is opgeslagen blijft, en een synchronisatie gaat daar verder.";
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
        "What answers there is something else: {came}. It may be another product, a proxy, or the sign-in page of a network.",
        "Daar antwoordt iets anders: {came}. Het kan een ander product zijn, een proxy, of de aanmeldpagina van een netwerk.";
        "Open the server URL in a browser on this machine. Enter the address at which {product} itself shows; where its interface has a path of its own, check that path too. Then test again.",
        "Open de server-URL in een browser op deze machine. Vul het adres in waarop {product} zelf verschijnt; heeft de interface een eigen pad, controleer dan ook dat pad. Test daarna opnieuw.";
    }
    NoTrustRoots { detail } => {
        "This machine has no CA certificates",
        "Deze machine heeft geen CA-certificaten";
        "Without them no server can be trusted ({detail}). Minimal containers often lack them.",
        "Zonder die certificaten is geen enkele server te vertrouwen ({detail}). In kleine containers ontbreken ze vaak.";
        "Install the package 'ca-certificates', or start itsmc with --ca-file FILE.",
        "Installeer het pakket 'ca-certificates', of start itsmc met --ca-file BESTAND.";
    }
    ProxyFailed { proxy, detail } => {
        "The proxy {proxy} could not be used",
        "De proxy {proxy} kon niet worden gebruikt";
        "It refused or did not answer: {detail}.",
        "De proxy weigerde of antwoordde niet: {detail}.";
        "Check HTTPS_PROXY and NO_PROXY ('itsmc doctor' shows what is in use), then try again.",
        "Controleer HTTPS_PROXY en NO_PROXY ('itsmc doctor' toont wat in gebruik is) en probeer het opnieuw.";
    }
    ProxyUnreadable { variable } => {
        "{variable} does not name a proxy",
        "{variable} noemt geen proxy";
        "Its value is not the URL of an HTTP proxy, such as http://proxy.contoso.com:3128. Nothing was sent.",
        "De waarde is niet de URL van een HTTP-proxy, zoals http://proxy.contoso.com:3128. Er is niets verstuurd.";
        "Correct {variable} or remove it, or name the server in NO_PROXY, then try again.",
        "Verbeter {variable} of haal die weg, of noem de server in NO_PROXY, en probeer het opnieuw.";
    }
    SignInRefused { host, detail } => {
        "{host} refused the sign-in",
        "{host} weigerde de aanmelding";
        "One of three: the user name or the password is wrong, the client ID or the client secret is wrong, or the user is locked or must change the password first. The product does not tell them apart (it said: {detail}).",
        "Een van drie: gebruikersnaam of wachtwoord klopt niet, client-ID of clientgeheim klopt niet, of de gebruiker is vergrendeld of moet eerst het wachtwoord wijzigen. Het product maakt geen onderscheid (het zei: {detail}).";
        "Don't just retry: repeated failures may lock the user. To find out which: 1. Check that the user is active, is not locked, and can sign in with a browser. 2. Let another user sign in through the same application: if that works, client ID and secret are right. 3. Search the product's system log. Fix what is wrong, then test again.",
        "Herhaal het niet zomaar: mislukte pogingen kunnen de gebruiker vergrendelen. Zo vindt u de oorzaak: 1. Controleer of de gebruiker actief is, niet vergrendeld is en zich met een browser kan aanmelden. 2. Laat een andere gebruiker zich via dezelfde toepassing aanmelden: lukt dat, dan kloppen client-ID en geheim. 3. Zoek in het systeemlogboek van het product. Herstel wat niet klopt en test opnieuw.";
    }
    ClientUnknown { host, client_id, detail } let said = aside(detail) => {
        "{host} does not know the client ID {client_id}",
        "{host} kent de client-ID {client_id} niet";
        "There is no client of this ID, it was deleted, or it is switched off{said}. User and password were not judged.",
        "Er is geen client met deze ID, ze is verwijderd, of ze is uitgeschakeld{said}. Gebruiker en wachtwoord zijn niet beoordeeld.";
        "Copy the client ID from the product's list of API clients into the connection: itsmc connection edit NAME --set client_id=ID",
        "Neem de client-ID over uit de lijst met API-clients van het product in de verbinding: itsmc connection edit NAAM --set client_id=ID";
    }
    AdminRefused { host, user_name, detail } => {
        "{host} refused the sign-in of the admin {user_name}",
        "{host} weigerde de aanmelding van de beheerder {user_name}";
        "The admin's user name or password is wrong, or that user is locked or must change the password first (the product said: {detail}). If the connection itself has never signed in, its client ID or secret may be wrong as well.",
        "Gebruikersnaam of wachtwoord van de beheerder klopt niet, of die gebruiker is vergrendeld of moet eerst het wachtwoord wijzigen (het product zei: {detail}). Heeft de verbinding zelf zich nog nooit aangemeld, dan kan ook de client-ID of het geheim ervan niet kloppen.";
        "Check that the admin {user_name} can sign in to the product itself, then type user name and password again: repeating a wrong password may lock that user.",
        "Ga na of de beheerder {user_name} zich bij het product zelf kan aanmelden en typ dan gebruikersnaam en wachtwoord nog eens: een verkeerd wachtwoord herhalen kan die gebruiker vergrendelen.";
    }
    ApplicationRefused { host, detail } => {
        "{host} refused the sign-in of the application",
        "{host} weigerde de aanmelding van de toepassing";
        "One of three: the client ID or the client secret is wrong, the client-credentials grant is not switched on, or the application has no user to act as. The product does not tell them apart (it said: {detail}). No password takes part in this.",
        "Een van drie: client-ID of clientgeheim klopt niet, de client-credentials-grant is niet ingeschakeld, of de toepassing heeft geen gebruiker om als te werken. Het product maakt geen onderscheid (het zei: {detail}). Een wachtwoord speelt hierbij geen rol.";
        "Look at the application's entry in the product: is it active, has it a user, is its secret the one given here? The checklist shows whether the grant is switched on. Otherwise sign in with a password instead.",
        "Bekijk de toepassing in het product: is ze actief, heeft ze een gebruiker, is haar geheim het hier opgegeven geheim? De checklist toont of de grant is ingeschakeld. Meld u anders met een wachtwoord aan.";
    }
    SignedOut { connection } => {
        "{connection} is signed out",
        "{connection} is afgemeld";
        "It has never signed in, or its refresh token is over, was revoked, or is no longer in the secret store; that lives a fixed time after the last sign-in.",
        "Zij heeft zich nog nooit aangemeld, of het vernieuwingstoken is verlopen, ingetrokken, of niet meer in de geheimenopslag; dat leeft een vaste tijd na de laatste aanmelding.";
        "Sign in again: itsmc token rotate {connection}",
        "Meld u opnieuw aan: itsmc token rotate {connection}";
    }
    IdentityChanged { connection, changes } let
        was = parts(lang, changes, |change| &change.was),
        now = parts(lang, changes, |change| &change.now),
        back = set_back(changes) => {
        "{connection} is signed out: its settings were changed after it signed in",
        "{connection} is afgemeld: de instellingen zijn gewijzigd nadat zij zich aanmeldde";
        "It signed in for {was}; the settings now say {now}. Its secrets belong to the first and were sent to nobody.",
        "Zij meldde zich aan voor {was}; de instellingen zeggen nu {now}. De geheimen horen bij het eerste en zijn naar niemand gestuurd.";
        "Sign in with the new settings: itsmc token rotate {connection}. Or set them back: itsmc connection edit {connection} {back}",
        "Meld u aan met de nieuwe instellingen: itsmc token rotate {connection}. Of zet ze terug: itsmc connection edit {connection} {back}";
    }
    RefreshRefused { connection, detail } => {
        "{connection} is signed out: the product refused to renew the sign-in",
        "{connection} is afgemeld: het product weigerde de aanmelding te vernieuwen";
        "One of three: the refresh token is over or was revoked, the client secret was changed, or the user was locked. The product does not tell them apart (it said: {detail}).",
        "Een van drie: het vernieuwingstoken is verlopen of ingetrokken, het clientgeheim is gewijzigd, of de gebruiker is vergrendeld. Het product maakt geen onderscheid (het zei: {detail}).";
        "Sign in with the password again: itsmc token rotate {connection}. If that works, it was the refresh token. If it is refused as well, it is the client secret or the user: check both in the product before you try again.",
        "Meld u opnieuw met het wachtwoord aan: itsmc token rotate {connection}. Lukt dat, dan was het het vernieuwingstoken. Wordt ook dat geweigerd, dan is het het clientgeheim of de gebruiker: controleer beide in het product voor u het opnieuw probeert.";
    }
    Forbidden { what, detail } let said = aside(detail) => {
        "No permission: {what}",
        "Geen toestemming: {what}";
        "The sign-in works, but the integration user lacks a role or right for this{said}.",
        "De aanmelding werkt, maar de integratiegebruiker mist hiervoor een rol of recht{said}.";
        "Let the product's admin give the user the roles and rights that the prerequisites name, then test again.",
        "Laat de beheerder van het product de gebruiker de rollen en rechten geven die de vereisten noemen en test opnieuw.";
    }
    NotAuthenticated { what, detail } let said = aside(detail) => {
        "The product does not accept the token: {what}",
        "Het product accepteert het token niet: {what}";
        "The token was revoked, the user was switched off, or a rule of the product keeps it out{said}.",
        "Het token is ingetrokken, de gebruiker is uitgeschakeld, of een regel van het product houdt het tegen{said}.";
        "Check in the product that the user is active and may use the REST API, then test again; if that does not help, sign in again.",
        "Controleer in het product of de gebruiker actief is en de REST-API mag gebruiken en test opnieuw; helpt dat niet, meld u dan opnieuw aan.";
    }
    NoSuchTable { table } => {
        "The table {table} does not exist there",
        "De tabel {table} bestaat daar niet";
        "The plug-in or app that brings it is not installed, or the server URL leads to another product.",
        "De plug-in of app die haar meebrengt is niet geïnstalleerd, of de server-URL leidt naar een ander product.";
        "Install it in the product, or leave this kind of work item out of the connection's form.",
        "Installeer die in het product, of laat dit soort werkitem weg uit het formulier van de verbinding.";
    }
    RateLimited { retry_after_seconds, limit, rule } let
        span = time::span(lang, *retry_after_seconds),
        limits = rate_limit(lang, *limit, rule.as_deref()) => {
        "Too many requests; the product asks to wait {span}",
        "Te veel aanvragen; het product vraagt {span} te wachten";
        "A rate limit rule of the product counts this user's requests{limits}.",
        "Een limietregel van het product telt de aanvragen van deze gebruiker{limits}.";
        "Nothing is lost: the sync goes on from here after that. If it happens often, let the product's admin raise the limit, or sync less often.",
        "Er gaat niets verloren: de synchronisatie gaat daarna hier verder. Gebeurt het vaak, laat de beheerder van het product de limiet dan verhogen, of synchroniseer minder vaak.";
    }
    Unavailable { host, retry_after_seconds } let
        wait = retry_after_seconds.map(|seconds| wait(lang, seconds)).unwrap_or_default() => {
        "{host} is not available now{wait}",
        "{host} is nu niet beschikbaar{wait}";
        "The server says so itself (503): maintenance, overload, or a gateway in front of it that does not reach it.",
        "De server zegt dat zelf (503): onderhoud, overbelasting, of een gateway ervoor die hem niet bereikt.";
        "Nothing is lost: try again later, and the sync goes on from here. If it lasts, ask the product's admin.",
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
        "It is not clear which table or column is meant: {what}",
        "Het is niet duidelijk welke tabel of kolom bedoeld is: {what}";
        "Several fit alike, or the only one that fits is not certainly the product's own. A guess might store the wrong rows.",
        "Er passen er meerdere even goed, of de enige die past is niet zeker van het product zelf. Een gok zou verkeerde rijen kunnen opslaan.";
        "Choose: 'itsmc connection mapping NAME --write' writes a file with these names (of a form that is not saved yet: 'itsmc connection mapping --file FORM --write'). Keep the right ones, then test again.",
        "Kies: 'itsmc connection mapping NAAM --write' schrijft een bestand met deze namen (van een formulier dat nog niet is opgeslagen: 'itsmc connection mapping --file FORMULIER --write'). Laat de juiste staan en test opnieuw.";
    }
    PartnerTimedOut { what } => {
        "The product gave up: {what} took too long",
        "Het product gaf het op: {what} duurde te lang";
        "The product ends requests that run longer than its own limit; large tables and busy hours bring that about.",
        "Het product beëindigt aanvragen die langer lopen dan de eigen limiet; grote tabellen en drukke uren veroorzaken dat.";
        "Try again; smaller pages are asked for by themselves. If it stays so, sync fewer days or in a quiet hour.",
        "Probeer het opnieuw; kleinere pagina's worden vanzelf gevraagd. Blijft het zo, synchroniseer dan minder dagen of op een rustig uur.";
    }
    PartnerError { status, message, detail, transaction } let
        said = said(message, detail),
        trace = transaction.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default() => {
        "The product answered with error {status}",
        "Het product antwoordde met fout {status}";
        "It said: {said}{trace}",
        "Het zei: {said}{trace}";
        "If the message does not explain itself, search for it in the product's system log, or give it to its support with the number in brackets.",
        "Legt de melding zichzelf niet uit, zoek haar dan in het systeemlogboek van het product, of geef haar met het nummer tussen haken aan de ondersteuning daarvan.";
    }
    Hibernating { host } => {
        "{host} is asleep",
        "{host} slaapt";
        "It is a personal developer instance, and those hibernate when nobody uses them.",
        "Het is een persoonlijk ontwikkelexemplaar, en die gaan in slaapstand als niemand ze gebruikt.";
        "Wake it at developer.servicenow.com (sign in there), wait until it opens in a browser, then try again.",
        "Maak het wakker op developer.servicenow.com (meld u daar aan), wacht tot het in een browser opent en probeer het opnieuw.";
    }
    LoginPage { host, location } let place = place(location.as_deref()) => {
        "{host} sent a sign-in page instead of data",
        "{host} stuurde een aanmeldpagina in plaats van gegevens";
        "The server URL leads to a portal or single sign-on page, or the product no longer accepts the token{place}.",
        "De server-URL leidt naar een portaal of pagina voor eenmalige aanmelding, of het product accepteert het token niet meer{place}.";
        "Enter the product's own URL, as a browser shows it after the sign-in there, and test again.",
        "Vul de eigen URL van het product in, zoals een browser die na het aanmelden toont, en test opnieuw.";
    }
    Redirected { host, location } => {
        "{host} points to another place",
        "{host} verwijst naar een andere plaats";
        "It sent us on to {location}; tokens are not sent to a host that nobody entered.",
        "Het stuurde ons door naar {location}; tokens gaan niet naar een host die niemand heeft ingevuld.";
        "If that is the product's right address, enter it as the server URL; otherwise ask the product's admin.",
        "Is dat het juiste adres van het product, vul het dan in als server-URL; vraag het anders aan de beheerder van het product.";
    }
    NotJson { host, status, content_type } => {
        "{host} did not answer with data",
        "{host} antwoordde niet met gegevens";
        "The reply (status {status}) was of type '{content_type}': a maintenance page, a proxy's page, or another product.",
        "Het antwoord (status {status}) was van het type '{content_type}': een onderhoudspagina, een pagina van een proxy, of een ander product.";
        "Open the server URL in a browser to see what answers there; after maintenance try again.",
        "Open de server-URL in een browser om te zien wat daar antwoordt; probeer het na onderhoud opnieuw.";
    }
    Malformed { what, detail } => {
        "A reply that cannot be understood: {what}",
        "Een antwoord dat niet te begrijpen is: {what}";
        "It is not what this interface promises ({detail}); nothing of it was stored.",
        "Het is niet wat deze interface belooft ({detail}); er is niets van opgeslagen.";
        "Try again. If it stays so, report it with the lines of the log file ('itsmc doctor' shows where it is).",
        "Probeer het opnieuw. Blijft het zo, meld het dan met de regels uit het logbestand ('itsmc doctor' toont waar dat staat).";
    }
    Truncated { what } => {
        "An answer came only in part: {what}",
        "Een antwoord kwam maar gedeeltelijk: {what}";
        "The product cancelled the work in the middle and still called it a success; such a page is thrown away.",
        "Het product brak het werk halverwege af en noemde het toch geslaagd; zo'n pagina wordt weggegooid.";
        "Try again; the sync goes on from the last whole page.",
        "Probeer het opnieuw; de synchronisatie gaat verder vanaf de laatste hele pagina.";
    }
    OutOfOrder { what } => {
        "Rows came that were not asked for: {what}",
        "Er kwamen rijen waarom niet was gevraagd: {what}";
        "The product ignored a part of the query, mostly because the user may not sort or filter by a column.",
        "Het product negeerde een deel van de vraag, meestal omdat de gebruiker niet op een kolom mag sorteren of filteren.";
        "Let the product's admin allow the user to read, sort by and filter by the columns of change time and id, then sync again. Nothing was stored beyond this point.",
        "Laat de beheerder van het product de gebruiker de kolommen met wijzigingstijd en ID lezen, en erop sorteren en filteren, en synchroniseer opnieuw. Voorbij dit punt is niets opgeslagen.";
    }
    OrderIgnored { what } => {
        "Rows came in another order than by {what}",
        "Rijen kwamen in een andere volgorde dan op {what}";
        "The product ignored the sorting that was asked for, so it cannot be told which rows were seen already.",
        "Het product negeerde de gevraagde sortering, dus is niet te zeggen welke rijen al gezien zijn.";
        "Let the product's admin check that the user may see and sort by this field, then sync again. Nothing was stored beyond this point.",
        "Laat de beheerder van het product nagaan of de gebruiker dit veld mag zien en erop mag sorteren en synchroniseer opnieuw. Voorbij dit punt is niets opgeslagen.";
    }
    FilterIgnored { what } => {
        "Rows came that the filter on {what} excludes",
        "Er kwamen rijen die het filter op {what} uitsluit";
        "The product ignored the filter, or its dates are in another time zone or culture than the connection says.",
        "Het product negeerde het filter, of de datums staan in een andere tijdzone of cultuur dan de verbinding zegt.";
        "Check the fields 'Culture' and 'Time zone' of the connection, and let the product's admin check that the user may see this field. Then sync again.",
        "Controleer de velden 'Cultuur' en 'Tijdzone' van de verbinding, en laat de beheerder van het product nagaan of de gebruiker dit veld mag zien. Synchroniseer daarna opnieuw.";
    }
    FieldHidden { what } => {
        "The user may not see the field {what}",
        "De gebruiker mag het veld {what} niet zien";
        "It comes empty in every row. Without it no change can be noticed, so nothing is synced.",
        "Het komt in elke rij leeg. Zonder dit veld is geen wijziging te zien, dus wordt er niets gesynchroniseerd.";
        "Let the product's admin give the user's security group the right to view this field, then test again.",
        "Laat de beheerder van het product de beveiligingsgroep van de gebruiker het recht geven om dit veld te zien (View) en test opnieuw.";
    }
    NoProgress { what, pages } let pages = number::grouped(*pages) => {
        "{pages} pages of {what} brought no row, and there was no end",
        "{pages} pagina's van {what} brachten geen rij, en er kwam geen einde";
        "The server answers with empty rows for ever, or hides every row from this user and tells no total.",
        "De server antwoordt eindeloos met lege rijen, of verbergt elke rij voor deze gebruiker en noemt geen totaal.";
        "Give the integration user the right to read the rows, and check what stands between this machine and the product. Then sync again: what is stored stays.",
        "Geef de integratiegebruiker het recht de rijen te lezen, en controleer wat er tussen deze machine en het product staat. Synchroniseer daarna opnieuw: wat is opgeslagen blijft.";
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
        "The account is switched off, locked, or must set a new password first.",
        "Het account is uitgeschakeld, vergrendeld, of moet eerst een nieuw wachtwoord krijgen.";
        "Let the product's admin open the user's record and put that right, then test again.",
        "Laat de beheerder van het product het record van de gebruiker openen en dat verhelpen, en test opnieuw.";
    }
    NotRevoked { what } => {
        "{what} still works",
        "{what} werkt nog";
        "The product took the order to revoke it, and accepts it nevertheless.",
        "Het product nam de opdracht aan om het in te trekken, en accepteert het toch nog.";
        "It is kept here, so that nothing is lost. Let the product's admin revoke it: System OAuth > Manage Tokens > Revoke Access. Then try again.",
        "Het wordt hier bewaard, zodat er niets verloren gaat. Laat de beheerder van het product het intrekken: System OAuth > Manage Tokens > Revoke Access. Probeer het daarna opnieuw.";
    }
    CannotRevoke { what, expires } let until = expires.map_or_else(String::new, time::moment) => {
        "{what} cannot be revoked from here",
        "{what} is van hieruit niet in te trekken";
        "The product gives out tokens that run out by themselves ({until}) and knows no way to revoke one of them.",
        "Het product geeft tokens uit die vanzelf aflopen ({until}) en kent geen manier om er een in te trekken.";
        "To end it at once let an admin revoke the user's sessions, or replace the application's secret, in Microsoft Entra. Removing the connection forgets it here.",
        "Laat, om het meteen te beëindigen, een beheerder in Microsoft Entra de sessies van de gebruiker intrekken of het geheim van de toepassing vervangen. De verbinding verwijderen vergeet het hier.";
    }
    SignInImpossible { host, aadsts, detail, correlation_id } let why = entra::cause(lang, *aadsts, detail), next = entra::remedy(lang, *aadsts), correlation = entra::correlation(lang, correlation_id.as_deref()) => {
        "Microsoft Entra refused the sign-in at {host}",
        "Microsoft Entra weigerde de aanmelding bij {host}";
        "{why}{correlation}",
        "{why}{correlation}";
        "{next}",
        "{next}";
    }
    NoAzureSignIn { tried } let list = tried.join("; ") => {
        "This machine has no Azure sign-in to look with",
        "Deze machine heeft geen Azure-aanmelding om mee te kijken";
        "Tried: {list}.",
        "Geprobeerd: {list}.";
        "Sign in with the Azure CLI (az login), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of a service principal with the role Reader on the resource group; or ask the Azure admin with the text that is ready to copy.",
        "Meld u aan met de Azure CLI (az login), of stel AZURE_TENANT_ID, AZURE_CLIENT_ID en AZURE_CLIENT_SECRET in van een service-principal met de rol Lezer op de resourcegroep; of vraag het de Azure-beheerder met de tekst die klaarstaat om te kopiëren.";
    }
    PartnerRefused { what, error_code, detail } let said = said(error_code, detail) => {
        "The product refused: {what}",
        "Het product weigerde: {what}";
        "It answered with an error of its own ({said}); the same request would meet the same answer.",
        "Het antwoordde met een eigen fout ({said}); op dezelfde aanvraag komt hetzelfde antwoord.";
        "Search for the code in the product's own log or documentation. If a field or business object was renamed there, test the connection again.",
        "Zoek de code op in het logboek of de documentatie van het product. Is daar een veld of bedrijfsobject hernoemd, test de verbinding dan opnieuw.";
    }
    DatesUnclear { field, detail } let label = field.key() => {
        "Dates of the product cannot be read with certainty",
        "Datums van het product zijn niet met zekerheid te lezen";
        "They are texts in the product's culture and time zone, and these are not known, or other than expected ({detail}). A guess might swap day and month.",
        "Het zijn teksten in de cultuur en tijdzone van het product, en die zijn niet bekend, of anders dan verwacht ({detail}). Een gok zou dag en maand kunnen verwisselen.";
        "Fill in the field '{label}' of the connection: the culture as a name such as en-US or nl-NL, the time zone as a name such as Europe/Amsterdam: itsmc connection edit NAME --set {label}=VALUE. Then test again.",
        "Vul het veld '{label}' van de verbinding in: de cultuur als naam zoals en-US of nl-NL, de tijdzone als naam zoals Europe/Amsterdam: itsmc connection edit NAAM --set {label}=WAARDE. Test daarna opnieuw.";
    }
    NotBound { what, detail } => {
        "The product's own description lacks what is needed: {what}",
        "In de eigen beschrijving van het product ontbreekt wat nodig is: {what}";
        "Its routes, tables or columns have other names than those this program knows ({detail}), or the user may not see them.",
        "De routes, tabellen of kolommen heten er anders dan dit programma ze kent ({detail}), of de gebruiker mag ze niet zien.";
        "Write down what belongs to what: 'itsmc connection mapping NAME --write' makes a file to correct (of a form that is not saved yet: 'itsmc connection mapping --file FORM --write'); then test again.",
        "Leg vast wat waarbij hoort: 'itsmc connection mapping NAAM --write' maakt een bestand om te verbeteren (van een formulier dat nog niet is opgeslagen: 'itsmc connection mapping --file FORMULIER --write'); test daarna opnieuw.";
    }
    NoSuchObject { object } => {
        "The product has no business object {object}",
        "Het product heeft geen bedrijfsobject {object}";
        "It has another name there, it is not installed, or the user may not see it.",
        "Het heeft daar een andere naam, het is niet geïnstalleerd, of de gebruiker mag het niet zien.";
        "If there is none, leave this kind out of the field 'work_items' of the connection. If it has another name, put that into a mapping file: itsmc connection mapping NAME --write",
        "Is het er niet, laat dit soort dan weg uit het veld 'work_items' van de verbinding. Heeft het een andere naam, zet die dan in een mappingbestand: itsmc connection mapping NAAM --write";
    }
    ParameterRefused { what, detail } => {
        "The web app refused a parameter: {what}",
        "De web-app weigerde een parameter: {what}";
        "The sign-in works; the route takes another value than the one that was sent ({detail}).",
        "De aanmelding werkt; de route wil een andere waarde dan er werd gestuurd ({detail}).";
        "Correct the route: 'itsmc connection mapping NAME --write' makes a file with its parameters; change or remove the one that was refused, then test again.",
        "Verbeter de route: 'itsmc connection mapping NAAM --write' maakt een bestand met de parameters; wijzig of verwijder de geweigerde en test opnieuw.";
    }
    ProductUnreachable { what, detail } => {
        "The web app cannot reach Service Manager: {what}",
        "De web-app kan Service Manager niet bereiken: {what}";
        "The sign-in to the web app works. Behind it the data access service is stopped, the hybrid connection is down, or the account of the web app was refused ({detail}).",
        "De aanmelding bij de web-app werkt. Daarachter staat de data-accessservice stil, is de hybride verbinding verbroken, of is het account van de web-app geweigerd ({detail}).";
        "Check the hybrid connection (itsmc checklist NAME), the service 'System Center Data Access Service' on the management server, and ida:Username on the web app's start page. Then try again.",
        "Controleer de hybride verbinding (itsmc checklist NAAM), de service 'System Center Data Access Service' op de beheerserver, en ida:Username op de startpagina van de web-app. Probeer het daarna opnieuw.";
    }
    SettingsMissing { names } => {
        "The web app is not configured: {names}",
        "De web-app is niet ingericht: {names}";
        "Its start page names these settings as missing. Until they are set it accepts no token.",
        "De startpagina noemt deze instellingen als ontbrekend. Zolang ze ontbreken accepteert de web-app geen enkel token.";
        "Set them on the web app in the Azure portal (App Service, environment variables), then test again; 'itsmc deploy service-manager --out DIR' writes them as a file to deploy.",
        "Stel ze in op de web-app in de Azure-portal (App Service, omgevingsvariabelen) en test opnieuw; 'itsmc deploy service-manager --out MAP' schrijft ze als bestand om uit te rollen.";
    }
    SettingDiffers { setting, theirs, ours, key } => {
        "The web app is set up for another {key}",
        "De web-app is ingericht voor een andere waarde van {key}";
        "Its start page shows {setting} = {theirs}; this connection sends {ours}. Every character counts, a slash at the end as well.",
        "De startpagina toont {setting} = {theirs}; deze verbinding stuurt {ours}. Elk teken telt, ook een schuine streep aan het eind.";
        "Make the two the same: 'itsmc connection edit NAME --set {key}={theirs}', or change {setting} on the web app in the Azure portal. Then test again.",
        "Maak ze gelijk: 'itsmc connection edit NAAM --set {key}={theirs}', of wijzig {setting} op de web-app in de Azure-portal. Test daarna opnieuw.";
    }
    NotApplied { what, detail } => {
        "The change was not made: {what}",
        "De wijziging is niet gemaakt: {what}";
        "The product answered as if all were well, and then did not show the change ({detail}); an access rule or business rule dropped it.",
        "Het product antwoordde alsof alles goed was en toonde de wijziging daarna niet ({detail}); een toegangs- of bedrijfsregel liet haar vallen.";
        "Let the product's admin make the change by hand, then look at the checklist again.",
        "Laat de beheerder van het product de wijziging met de hand maken en bekijk daarna de controlelijst opnieuw.";
    }
    ClockSkew { seconds } let span = time::span(lang, seconds.unsigned_abs()) => {
        "The clocks differ by {span}",
        "De klokken verschillen {span}";
        "This machine's clock or the product's is wrong; tokens and the sync scope depend on them.",
        "De klok van deze machine of die van het product loopt niet goed; tokens en het synchronisatiebereik hangen ervan af.";
        "Switch on time synchronisation on this machine ('timedatectl' on Linux), then test again.",
        "Zet tijdsynchronisatie aan op deze machine ('timedatectl' op Linux) en test opnieuw.";
    }
    MappingWrong { path, problems } let found = mapping::problems(lang, problems) => {
        "The mapping file {path} cannot be used",
        "Het toewijzingsbestand {path} is niet te gebruiken";
        "{found}",
        "{found}";
        "Correct these lines, then test again. To start over: delete the file, then 'itsmc connection mapping NAME --write' writes a new one with the product's own names.",
        "Verbeter deze regels en test opnieuw. Opnieuw beginnen: verwijder het bestand, dan schrijft 'itsmc connection mapping NAAM --write' een nieuw met de namen van het product.";
    }
    AdminNeeded { connection } => {
        "This takes an admin's sign-in to the product of '{connection}'",
        "Hiervoor is een beheerder van het product van '{connection}' nodig";
        "The integration user lacks the right, and no admin is signed in for this session",
        "De integratiegebruiker mist het recht, en er is geen beheerder aangemeld voor deze sessie";
        "Sign an admin in (key A on the tabs Checklist and Tokens, or --admin USER); the sign-in is never stored",
        "Meld een beheerder aan (toets A op de tabbladen Controlelijst en Tokens, of --admin GEBRUIKER); de aanmelding wordt nooit opgeslagen";
    }
    NoSuchConnection { name } => {
        "There is no connection called {name}",
        "Er is geen verbinding die {name} heet";
        "It was removed, is spelled otherwise, or lives in another home.",
        "Ze is verwijderd, wordt anders gespeld, of staat in een andere thuismap.";
        "See which there are: itsmc connection list",
        "Bekijk welke er zijn: itsmc connection list";
    }
    NameTaken { name } => {
        "A connection called {name} exists already",
        "Er bestaat al een verbinding die {name} heet";
        "Each connection needs a name of its own.",
        "Elke verbinding heeft een eigen naam nodig.";
        "Choose another name, or change the existing one: itsmc connection edit {name} --set KEY=VALUE",
        "Kies een andere naam, of wijzig de bestaande: itsmc connection edit {name} --set SLEUTEL=WAARDE";
    }
    NotFound { what } => {
        "Not found: {what}",
        "Niet gevonden: {what}";
        "It was removed meanwhile, or never existed.",
        "Het is intussen verwijderd, of heeft nooit bestaan.";
        "Go back and choose from what there is now.",
        "Ga terug en kies uit wat er nu is.";
    }
    BadForm { problems } let
        count = problems.len(),
        list = form::problems(lang, problems) => {
        "The form cannot be taken yet ({count} to mend)",
        "Het formulier kan nog niet worden aanvaard ({count} te verhelpen)";
        "{list}",
        "{list}";
        "Mend what is named and try again; a form with explanations: itsmc connection template PARTNER",
        "Verhelp wat genoemd is en probeer het opnieuw; een formulier met uitleg: itsmc connection template PARTNER";
    }
    SecretsNeeded { missing } let
        list = missing.join(", "),
        toml = missing.iter().map(|key| format!("{key} = \"…\"")).collect::<Vec<_>>().join(lang.pick(" and ", " en ")) => {
        "Missing: {list}",
        "Ontbreekt: {list}";
        "There is no terminal to ask for secrets, and they belong neither in the form nor among the arguments.",
        "Er is geen terminal om geheimen te vragen, en ze horen niet in het formulier of bij de argumenten.";
        "Add --secrets-stdin and give them on stdin as TOML, a line each: {toml}",
        "Voeg --secrets-stdin toe en geef ze via stdin als TOML, elk op een regel: {toml}";
    }
    BadUsage { what } => {
        "Wrong use: {what}",
        "Verkeerd gebruik: {what}";
        "The command does not take it this way.",
        "De opdracht kan hier zo niets mee.";
        "Every command explains itself with --help.",
        "Elke opdracht legt zichzelf uit met --help.";
    }
    ConfigDamaged { path, kept_as, reason } let kept = kept(lang, kept_as.as_deref()) => {
        "The config file cannot be read: {path}",
        "Het configuratiebestand is niet te lezen: {path}";
        "{reason}. {kept}",
        "{reason}. {kept}";
        "Open the file in an editor and mend the place that is named. Nothing was overwritten.",
        "Open het bestand in een editor en verhelp de genoemde plaats. Er is niets overschreven.";
    }
    DatabaseDamaged { path, kept_as, reason } let kept = kept(lang, kept_as.as_deref()) => {
        "The database cannot be read: {path}",
        "De database is niet te lezen: {path}";
        "{reason}. {kept}",
        "{reason}. {kept}";
        "Close the terminal UI, then run 'itsmc sync'. It sets the damaged file aside and fetches everything again; connections, sign-ins and confirmations stay.",
        "Sluit de terminal-UI en geef dan 'itsmc sync'. Dat zet het beschadigde bestand opzij en haalt alles opnieuw op; verbindingen, aanmeldingen en bevestigingen blijven.";
    }
    DatabaseTooNew { path, found, known } => {
        "The database was written by a newer itsmc: {path}",
        "De database is door een nieuwere itsmc geschreven: {path}";
        "It has version {found}; this program knows versions up to {known}.",
        "Ze heeft versie {found}; dit programma kent versies tot en met {known}.";
        "Use the newer itsmc, or another home (--home DIR). Nothing was changed.",
        "Gebruik de nieuwere itsmc, of een andere thuismap (--home MAP). Er is niets gewijzigd.";
    }
    VaultDamaged { path, reason } => {
        "The secret store cannot be read: {path}",
        "De geheimenopslag is niet te lezen: {path}";
        "{reason}. It was left as it is.",
        "{reason}. Het bestand is gelaten zoals het is.";
        "Put back a copy of the file; without one, move it away and sign each connection in again: itsmc token rotate NAME",
        "Zet een kopie van het bestand terug; is die er niet, verplaats het dan en meld elke verbinding opnieuw aan: itsmc token rotate NAAM";
    }
    VaultLocked { path, reason } => {
        "The secret store is locked: {path}",
        "De geheimenopslag is vergrendeld: {path}";
        "Its key was not found where it was last time: {reason}.",
        "De sleutel is niet gevonden waar hij de vorige keer was: {reason}.";
        "Unlock the keyring or give the key (--key-file FILE, ITSMC_KEY_FILE or ITSMC_PASSPHRASE_FILE), then try again; 'itsmc doctor' shows where it looks.",
        "Ontgrendel de sleutelbos of geef de sleutel (--key-file BESTAND, ITSMC_KEY_FILE of ITSMC_PASSPHRASE_FILE) en probeer het opnieuw; 'itsmc doctor' toont waar wordt gezocht.";
    }
    NoKeyPlace { tried } let list = tried.join("; ") => {
        "There is no safe place for the secret store's key",
        "Er is geen veilige plaats voor de sleutel van de geheimenopslag";
        "Tried: {list}.",
        "Geprobeerd: {list}.";
        "Give a key file (--key-file FILE) or a passphrase file (ITSMC_PASSPHRASE_FILE), or start itsmc in a terminal, where it can ask for a passphrase.",
        "Geef een sleutelbestand (--key-file BESTAND) of een wachtzinbestand (ITSMC_PASSPHRASE_FILE), of start itsmc in een terminal, waar het om een wachtzin kan vragen.";
    }
    WrongPassphrase { path } => {
        "The passphrase does not open {path}",
        "De wachtzin opent {path} niet";
        "It was mistyped, or the store was made with another one.",
        "Er is een tikfout gemaakt, of de opslag is met een andere wachtzin gemaakt.";
        "Try again; the file is untouched.",
        "Probeer het opnieuw; het bestand is onaangeroerd.";
    }
    KeyringUnavailable { reason } => {
        "This machine's keyring does not work",
        "De sleutelbos van deze machine werkt niet";
        "{reason}",
        "{reason}";
        "Unlock it, or choose another place for the key: --key-file FILE, or a passphrase ('itsmc doctor' shows what is possible here).",
        "Ontgrendel haar, of kies een andere plaats voor de sleutel: --key-file BESTAND, of een wachtzin ('itsmc doctor' toont wat hier kan).";
    }
    DiskFull { path } => {
        "The disk is full: {path}",
        "De schijf is vol: {path}";
        "There is no room left to write; what was stored before is whole.",
        "Er is geen ruimte meer om te schrijven; wat eerder is opgeslagen, is heel.";
        "Free some space, then try again; a sync goes on from where it stopped.",
        "Maak ruimte vrij en probeer het opnieuw; een synchronisatie gaat verder waar ze stopte.";
    }
    NotWritable { path, reason } => {
        "May not write to {path}",
        "Mag niet schrijven naar {path}";
        "{reason}",
        "{reason}";
        "Give your user the right to write there, or choose another home: --home DIR or ITSMC_HOME.",
        "Geef uw gebruiker schrijfrecht daar, of kies een andere thuismap: --home MAP of ITSMC_HOME.";
    }
    FileProblem { path, reason } => {
        "A problem with the file {path}",
        "Een probleem met het bestand {path}";
        "{reason}",
        "{reason}";
        "Check that the file is there and may be read, then try again.",
        "Controleer of het bestand er is en gelezen mag worden, en probeer het opnieuw.";
    }
    NoLocks { path, reason } => {
        "{path} cannot be locked",
        "{path} kan niet worden vergrendeld";
        "The file system has no locks or its lock service does not answer: {reason}. Without locks two programs could damage the same file.",
        "Het bestandssysteem kent geen vergrendeling of de dienst ervoor antwoordt niet: {reason}. Zonder vergrendeling kunnen twee programma's hetzelfde bestand beschadigen.";
        "Choose a home on a local disk (--home DIR or ITSMC_HOME), or start the lock service of the network file system.",
        "Kies een thuismap op een lokale schijf (--home MAP of ITSMC_HOME), of start de vergrendelingsdienst van het netwerkbestandssysteem.";
    }
    NotAFile { path, found } let what = file_kind(lang, *found) => {
        "{path} is {what}",
        "{path} is {what}";
        "itsmc writes to a file of its own there, and not to another place through it.",
        "itsmc schrijft daar in een eigen bestand, en niet via dit bestand naar een andere plaats.";
        "Check who put it there, and remove or rename it. Then try again.",
        "Ga na wie het daar heeft gezet, en verwijder of hernoem het. Probeer het daarna opnieuw.";
    }
    OpenToOthers { path } => {
        "Other users may write to {path}",
        "Andere gebruikers mogen schrijven in {path}";
        "Whoever may write there can replace the secret store, or read what is sent by changing a server URL.",
        "Wie daar mag schrijven, kan de geheimenopslag vervangen, of meelezen door een server-URL te wijzigen.";
        "Take that right away: chmod go-w '{path}'. Then try again.",
        "Neem dat recht weg: chmod go-w '{path}'. Probeer het daarna opnieuw.";
    }
    OwnedByAnother { path } => {
        "{path} belongs to another user",
        "{path} is van een andere gebruiker";
        "Its owner can replace the secret store, or read what is sent by changing a server URL.",
        "De eigenaar kan de geheimenopslag vervangen, of meelezen door een server-URL te wijzigen.";
        "Run itsmc as its owner, make it your own (chown), or choose another home: --home DIR or ITSMC_HOME.",
        "Start itsmc als de eigenaar, maak het van uzelf (chown), of kies een andere thuismap: --home MAP of ITSMC_HOME.";
    }
    Locked { path, pid } let who = who(lang, *pid) => {
        "Another itsmc is at work{who}",
        "Er is al een itsmc aan het werk{who}";
        "Two at once would get in each other's way; the lock is {path}.",
        "Twee tegelijk zouden elkaar in de weg zitten; het slot is {path}.";
        "Wait for it or leave it, then try again. The lock goes with its process; do not delete the file.",
        "Wacht erop of sluit die af en probeer het opnieuw. Het slot verdwijnt met het proces; verwijder het bestand niet.";
    }
    FilesThere { paths } let list = paths.join(", ") => {
        "Nothing was written, because these files are there already: {list}",
        "Er is niets geschreven, omdat deze bestanden er al zijn: {list}";
        "They may hold somebody's work, so none is overwritten.",
        "Er kan iemands werk in zitten, dus er wordt niets overschreven.";
        "Name another folder, or move these files away first.",
        "Noem een andere map, of verplaats eerst deze bestanden.";
    }
    PartnerNotReady { partner } => {
        "{partner} cannot be connected yet",
        "{partner} kan nog niet worden verbonden";
        "This version of itsmc does not know its interface yet.",
        "Deze versie van itsmc kent de interface daarvan nog niet.";
        "Choose another partner, or wait for a version that can.",
        "Kies een andere partner, of wacht op een versie die het kan.";
    }
    Internal { what } => {
        "Something went wrong inside itsmc: {what}",
        "Er ging iets mis binnen itsmc: {what}";
        "That is an error of the program, not of yours; what was stored is whole.",
        "Dat is een fout van het programma, niet van u; wat is opgeslagen, is heel.";
        "Try again, and report it with the lines of the log file ('itsmc doctor' shows where it is).",
        "Probeer het opnieuw, en meld het met de regels uit het logbestand ('itsmc doctor' toont waar dat staat).";
    }
    Interrupted => {
        "Stopped before the end",
        "Voor het einde gestopt";
        "You or the system ended it.",
        "U of het systeem heeft het beëindigd.";
        "Start it again; a sync goes on from where it stopped.",
        "Start het opnieuw; een synchronisatie gaat verder waar ze stopte.";
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
fn set_back(changes: &[IdentityChange]) -> String {
    let option = |change: &IdentityChange| format!("--set '{}={}'", change.field.key(), change.was);
    changes.iter().map(option).collect::<Vec<_>>().join(" ")
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
    let limit = limit.map(|limit| limit_an_hour(lang, &number::grouped(limit)));
    let rule = rule.map(|rule| limit_rule(lang, rule));
    let parts: Vec<_> = limit.into_iter().chain(rule).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn kept(lang: Lang, kept_as: Option<&str>) -> String {
    kept_as.map_or_else(|| untouched(lang).to_owned(), |path| kept_aside(lang, path))
}

fn who(lang: Lang, pid: Option<u32>) -> String {
    pid.map(|pid| process(lang, pid)).unwrap_or_default()
}

crate::texts! {
    sign_in_by_test, "Test the connection to sign in.", "Test de verbinding om u aan te melden.";
    check_form, "Check client secret, user and password in the form, then test again.", "Controleer clientgeheim, gebruiker en wachtwoord in het formulier en test opnieuw.";
    check_client, "Copy the client ID from the product's list of clients into the form, then test again.", "Neem de client-ID over uit de lijst met clients van het product in het formulier en test opnieuw.";
    fill_in(field: &str), "Fill in the field '{field}' of the form: the culture as a name such as en-US or nl-NL, the time zone as a name such as Europe/Amsterdam. Then test again.", "Vul het veld '{field}' van het formulier in: de cultuur als naam zoals en-US of nl-NL, de tijdzone als naam zoals Europe/Amsterdam. Test daarna opnieuw.";
    same_value(key: &str, theirs: &str, setting: &str), "Enter {theirs} in the field '{key}' of the form, or change {setting} on the web app in the Azure portal. Then test again.", "Vul {theirs} in het veld '{key}' van het formulier in, of wijzig {setting} op de web-app in de Azure-portal. Test daarna opnieuw.";
    check_hybrid, "Check the hybrid connection in the Azure portal, the service 'System Center Data Access Service' on the management server, and ida:Username on the web app's start page. Then test again.", "Controleer de hybride verbinding in de Azure-portal, de service 'System Center Data Access Service' op de beheerserver, en ida:Username op de startpagina van de web-app. Test daarna opnieuw.";
    save_first, "Save the connection first; an admin can sign in after that.", "Sla de verbinding eerst op; daarna kan een beheerder zich aanmelden.";
    press_a(connection: &str), "Press A to sign in as an admin where the product allows that, or sign the connection in: itsmc token rotate {connection}", "Druk op A om u als beheerder aan te melden waar het product dat toelaat, of meld de verbinding aan: itsmc token rotate {connection}";
    titled(title: &str), "title \"{title}\"", "titel \"{title}\"";
    limit_an_hour(limit: &str), "{limit} an hour", "{limit} per uur";
    limit_rule(rule: &str), "rule {rule}", "regel {rule}";
    kept_aside(path: &str), "It was kept aside as {path}.", "Het is bewaard als {path}.";
    untouched, "The file was left as it is.", "Het bestand is gelaten zoals het is.";
    process(pid: u32), " (process {pid})", " (proces {pid})";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_why_and_what_next_in_both_languages() {
        let fault = Fault::RateLimited { retry_after_seconds: 120, limit: Some(5000), rule: None };
        assert_eq!(summary(Lang::En, &fault), "Too many requests; the product asks to wait 2 minutes");
        assert!(summary(Lang::Nl, &fault).ends_with("vraagt 2 minuten te wachten"));
        assert!(cause(Lang::En, &fault).ends_with("requests (5\u{a0}000 an hour)."));
        assert!(remedy(Lang::Nl, &fault).starts_with("Er gaat niets verloren"));
    }

    #[test]
    fn absent_details_leave_no_hole() {
        let fault =
            Fault::PartnerError { status: 500, message: String::new(), detail: String::new(), transaction: None };
        assert_eq!(cause(Lang::En, &fault), "It said: –");
        assert_eq!(summary(Lang::En, &Fault::Locked { path: "/x".into(), pid: None }), "Another itsmc is at work");
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
        for fault in crate::ui::app::testing::faults() {
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
        assert!(cause(Lang::En, &fault).ends_with("keeps it out."), "{}", cause(Lang::En, &fault));
        let fault = Fault::RefreshRefused { connection: "x".into(), detail: String::new() };
        assert!(!cause(Lang::Nl, &fault).contains(": )") && !cause(Lang::Nl, &fault).contains("()"));
    }

    #[test]
    fn every_fault_reads_well() {
        let faults = crate::ui::app::testing::faults();
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
