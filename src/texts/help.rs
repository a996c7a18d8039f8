//! What `--help` says of commands and arguments: the English of `cli/args.rs` with its Dutch.

use crate::model::lang::Lang;

/// The Dutch of an English text of the help; `None` where it has none, which a test of the commands does not let pass.
pub fn dutch(english: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == english).map(|(_, dutch)| *dutch)
}

/// Every English text of the help that has a Dutch one.
pub fn known() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(english, _)| *english)
}

/// What stands in the help of every command, where it is not in English.
pub mod frame {
    crate::texts! {
        usage, "Usage", "Gebruik";
        commands, "Commands", "Opdrachten";
        command, "COMMAND", "OPDRACHT";
        arguments, "Arguments", "Argumenten";
        options, "Options", "Opties";
        help, "Print help", "Deze hulp tonen";
        version, "Print version", "De versie tonen";
        default_value(value: &str), "[default: {value}]", "[standaard: {value}]";
        possible_values(values: &str), "[possible values: {values}]", "[mogelijk: {values}]";
        variable(name: &str), "[env: {name}]", "[omgevingsvariabele: {name}]";
    }
}

/// The text below the help of the whole program.
pub fn after_help(lang: Lang) -> &'static str {
    lang.pick(AFTER_EN, AFTER_NL)
}

const AFTER_EN: &str = "Without a command the terminal UI opens. `itsmc demo` shows it on practice servers without \
touching anything of yours.\n\nExit codes: 0 done, 1 unexpected failure, 2 wrong use or bad config, 3 sign-in \
refused, 4 no such connection or item, 5 the partner answered with an error, 6 rate-limited or not reachable, 7 another \
itsmc holds the lock, 8 incomplete or with findings, 9 stale, 130 interrupted, 143 terminated.";

const AFTER_NL: &str = "Zonder opdracht opent de terminal-UI. `itsmc demo` toont die op oefenservers, zonder iets van u \
aan te raken.\n\nExitcodes: 0 gedaan, 1 onverwachte fout, 2 verkeerd gebruik of foute configuratie, 3 aanmelding \
geweigerd, 4 geen zulke verbinding of werkitem, 5 de partner antwoordde met een fout, 6 te veel verzoeken of niet \
bereikbaar, 7 een andere itsmc heeft de vergrendeling, 8 onvolledig of met bevindingen, 9 verouderd, 130 onderbroken, \
143 beëindigd.";

const TEXTS: &[(&str, &str)] = &[
    (
        "Syncs work items of ITSM products (ServiceNow, Service Manager, Provance, Cherwell), from the terminal",
        "Synchroniseert werkitems van ITSM-producten (ServiceNow, Service Manager, Provance, Cherwell), vanuit de terminal",
    ),
    (
        "Put config, data, state and the secret file under this folder [env: ITSMC_HOME]",
        "Zet configuratie, gegevens, status en het geheimenbestand onder deze map [omgevingsvariabele: ITSMC_HOME]",
    ),
    ("The language of the texts; else the locale decides", "De taal van de teksten; anders beslist de landinstelling"),
    ("Print JSON on stdout (see docs/json.md)", "JSON naar stdout schrijven (zie docs/json.md)"),
    ("Do not show progress on stderr", "Geen voortgang tonen op stderr"),
    (
        "The file that holds the vault's key [env: ITSMC_KEY_FILE]",
        "Het bestand met de sleutel van de kluis [omgevingsvariabele: ITSMC_KEY_FILE]",
    ),
    ("Further CA certificates to trust, in PEM", "Extra CA-certificaten om te vertrouwen, in PEM"),
    (
        "Open the terminal UI on practice servers of all products, in a throw-away home",
        "De terminal-UI openen op oefenservers van alle producten, in een wegwerpmap",
    ),
    ("Run a practice partner server in the foreground", "Een oefenserver van een partner draaien, op de voorgrond"),
    (
        "Which partner: servicenow, service-manager, provance or cherwell",
        "Welke partner: servicenow, service-manager, provance of cherwell",
    ),
    (
        "Nothing is prepared but the app and the application entry: no integration user, no roles",
        "Niets is ingericht behalve de app en de toepassing: geen integratiegebruiker, geen rollen",
    ),
    (
        "Add, look at, change, test or remove connections",
        "Verbindingen toevoegen, bekijken, wijzigen, testen of verwijderen",
    ),
    ("Bring what changed into the store", "Ophalen en opslaan wat gewijzigd is"),
    ("Only these connections; all without a name", "Alleen deze verbindingen; zonder naam alle"),
    ("Everything in the sync scope anew", "Alles binnen het bereik opnieuw"),
    (
        "Compare everything stored with the product: fetch what differs, mark what is gone",
        "Vergelijk alles wat is opgeslagen met het product: haal op wat verschilt, markeer wat weg is",
    ),
    ("Only those that are gone from the product", "Alleen die uit het product verdwenen zijn"),
    ("Say how the connections stand", "Zeggen hoe de verbindingen ervoor staan"),
    (
        "Exit 8 with findings and 9 when stale, for monitoring",
        "Exitcode 8 bij bevindingen en 9 als het verouderd is, voor bewaking",
    ),
    (
        "With --check: how old the last complete sync may be, such as 30m, 2h or 1d",
        "Met --check: hoe oud de laatste volledige synchronisatie mag zijn, zoals 30m, 2h of 1d",
    ),
    ("Print the stored work items", "De opgeslagen werkitems afdrukken"),
    (
        "Make a test that is made on request only, such as web_app_test; it may send the client secret to the product",
        "Een test doen die alleen op verzoek gedaan wordt, zoals web_app_test; die kan het clientgeheim naar het product sturen",
    ),
    (
        "Say that this item, which cannot be seen, is so; kept until it is withdrawn or the connection becomes another",
        "Zeggen dat dit onderdeel, dat niet te zien is, zo is; geldt tot het wordt ingetrokken of de verbinding een andere wordt",
    ),
    ("Take back what was confirmed of this item", "Terugnemen wat van dit onderdeel bevestigd is"),
    ("The same as --test web_app_test", "Hetzelfde als --test web_app_test"),
    (
        "Look at the installation checklist, and mend it with an admin's sign-in",
        "De installatiechecklist bekijken, en herstellen met de aanmelding van een beheerder",
    ),
    (
        "List, rotate or revoke the OAuth tokens of a connection",
        "De OAuth-tokens van een verbinding tonen, vernieuwen of intrekken",
    ),
    (
        "Write the parameters and commands that deploy what a partner needs in Azure; nothing is deployed by it",
        "De parameters en opdrachten schrijven die in Azure uitrollen wat een partner nodig heeft; zelf rolt dit niets uit",
    ),
    (
        "Say what this machine offers; free of secrets, fit to attach to a ticket",
        "Zeggen wat deze machine biedt; zonder geheimen, geschikt als bijlage bij een melding",
    ),
    ("Print a completion script", "Een script voor aanvullen met tab afdrukken"),
    ("For which shell", "Voor welke shell"),
    ("Print the manual page", "De handleidingpagina afdrukken"),
    (
        "Listen on this port of 127.0.0.1; any free one without it",
        "Luister op deze poort van 127.0.0.1; anders een vrije",
    ),
    ("Play back this incident log (CSV or CSV.XZ)", "Dit incidentenlogboek afspelen (CSV of CSV.XZ)"),
    ("Make up so many incidents, up to a million", "Zoveel incidenten verzinnen, tot een miljoen"),
    ("How fast time goes by in the data", "Hoe snel de tijd in de gegevens verstrijkt"),
    (
        "Service Manager and Provance: how the product is laid out (docs/practice.md)",
        "Service Manager en Provance: hoe het product is ingedeeld (docs/practice.md)",
    ),
    ("Print a commented form to fill in", "Een formulier met uitleg afdrukken om in te vullen"),
    ("Which partner, such as servicenow", "Welke partner, zoals servicenow"),
    ("Check a form, test it, sign in and save it", "Een formulier controleren, testen, aanmelden en opslaan"),
    ("The filled-in form (TOML); - reads it from stdin", "Het ingevulde formulier (TOML); - leest het van stdin"),
    (
        "Read `password` and `client_secret` as TOML from stdin instead of asking",
        "`password` en `client_secret` als TOML van stdin lezen in plaats van ze te vragen",
    ),
    (
        "Save it signed out, for a product whose integration user is yet to be made (see `checklist`)",
        "Afgemeld opslaan, voor een product waarin de integratiegebruiker nog moet worden gemaakt (zie `checklist`)",
    ),
    ("List all connections", "Alle verbindingen tonen"),
    ("Show one connection", "Een verbinding tonen"),
    ("Its name", "De naam ervan"),
    (
        "Change a connection's settings, and test it anew where that needs it",
        "De instellingen van een verbinding wijzigen, en opnieuw testen waar dat nodig is",
    ),
    (
        "A setting to change, such as sync_days=60; may be repeated",
        "Een instelling om te wijzigen, zoals sync_days=60; mag vaker",
    ),
    ("Run the live test", "De livetest uitvoeren"),
    (
        "Write every exchange to this file, without secrets and contents, to be handed to somebody else",
        "Elke uitwisseling naar dit bestand schrijven, zonder geheimen en inhoud, om aan een ander te geven",
    ),
    (
        "Print what the connection is bound to in the product, as a mapping that can be corrected",
        "Afdrukken waaraan de verbinding in het product gebonden is, als toewijzing die te verbeteren is",
    ),
    (
        "Write it to the connection's own mapping file, which from then on counts",
        "Naar het eigen toewijzingsbestand van de verbinding schrijven, dat vanaf dan geldt",
    ),
    (
        "Its name; of one that is not saved yet, as in the wizard's draft",
        "De naam; van een die nog niet is opgeslagen, zoals in het concept van de wizard",
    ),
    (
        "A form (TOML) that is not saved yet; - reads it from stdin",
        "Een formulier (TOML) dat nog niet is opgeslagen; - leest het van stdin",
    ),
    (
        "Of one that is not saved yet: read `password` and `client_secret` as TOML from stdin instead of asking",
        "Van een die nog niet is opgeslagen: `password` en `client_secret` als TOML van stdin lezen in plaats van vragen",
    ),
    (
        "Bind again by what the product has now, and keep that",
        "Opnieuw koppelen aan wat het product nu heeft, en dat bewaren",
    ),
    (
        "Put a new client secret in the place of the stored one, once the product took it",
        "Het opgeslagen clientgeheim vervangen door een nieuw, zodra het product dat accepteert",
    ),
    (
        "Read `client_secret`, and `password` where it is needed, as TOML from stdin instead of asking",
        "`client_secret`, en `password` waar dat nodig is, als TOML van stdin lezen in plaats van vragen",
    ),
    (
        "Read `password` and `client_secret` as TOML from stdin: for a changed sign-in, or a new client secret",
        "`password` en `client_secret` als TOML van stdin lezen: bij een andere aanmelding, of een nieuw clientgeheim",
    ),
    (
        "Read `password`, and a new `client_secret`, as TOML from stdin instead of asking",
        "`password`, en een nieuw `client_secret`, als TOML van stdin lezen in plaats van vragen",
    ),
    (
        "The day on which it expires, such as 2027-06-30: status warns before that",
        "De dag waarop het verloopt, zoals 2027-06-30: status waarschuwt daarvoor",
    ),
    ("Remove a connection with its work items and secrets", "Een verbinding verwijderen, met werkitems en geheimen"),
    ("Do not ask", "Niet vragen"),
    ("For which partner: service-manager", "Voor welke partner: service-manager"),
    (
        "Write the files into this folder; none is overwritten",
        "De bestanden in deze map schrijven; er wordt niets overschreven",
    ),
    (
        "Read values from this file (TOML), by the names below with _ for -",
        "Waarden uit dit bestand lezen (TOML), met de namen hieronder en _ voor -",
    ),
    ("The subscription's ID", "De id van het abonnement"),
    ("The resource group; it is made if it is not there", "De resourcegroep; ze wordt gemaakt als ze er niet is"),
    ("The location, such as westeurope", "De locatie, zoals westeurope"),
    (
        "The management server of Service Manager, by its full name",
        "De beheerserver van Service Manager, met zijn volledige naam",
    ),
    ("The Windows domain of the account", "Het Windows-domein van het account"),
    ("The account, without its domain", "Het account, zonder domein"),
    ("How the web app's name begins; smoc without it", "Hoe de naam van de web-app begint; anders smoc"),
    (
        "A Service Bus namespace that is there already; without it one is made",
        "Een Service Bus-naamruimte die er al is; anders wordt er een gemaakt",
    ),
    (
        "The price of the App Service plan; S1 without it. F1 and D1 have no hybrid connections",
        "De prijscategorie van het App Service-abonnement; anders S1. F1 en D1 kennen geen hybride verbindingen",
    ),
    (
        "The resource ID of a key vault's secret with the account's password; without it Azure asks for the password",
        "De resource-id van een geheim in een sleutelkluis met het wachtwoord van het account; anders vraagt Azure om het wachtwoord",
    ),
    ("The connection", "De verbinding"),
    (
        "Make the changes that mend what can be mended; shows each first and asks",
        "Herstellen wat te herstellen is; toont elke wijziging eerst en vraagt het",
    ),
    ("Do not ask before each change", "Niet voor elke wijziging vragen"),
    (
        "Print the text to send to the product's admin for what cannot be seen or mended",
        "De tekst afdrukken voor de beheerder van het product, over wat niet te zien of te herstellen is",
    ),
    (
        "Look with the eyes of this admin of the product, who signs in for this run only",
        "Kijken met de ogen van deze beheerder van het product, die zich alleen voor deze keer aanmeldt",
    ),
    (
        "Read `admin_password`, `password` and `user_password` as TOML from stdin instead of asking",
        "`admin_password`, `password` en `user_password` als TOML van stdin lezen in plaats van ze te vragen",
    ),
    (
        "What we hold, and what the product lists; never a token's value",
        "Wat wij hebben en wat het product toont; nooit de waarde van een token",
    ),
    (
        "Sign in again, prove the new tokens, sync once, and only then revoke the old ones",
        "Opnieuw aanmelden, de nieuwe tokens beproeven, een keer synchroniseren en pas dan de oude intrekken",
    ),
    ("Revoke tokens, and see that they are refused", "Tokens intrekken, en zien dat ze worden geweigerd"),
    (
        "By fingerprint, or by the id of the product's row (with --admin)",
        "Met de vingerafdruk, of met de id van de rij in het product (met --admin)",
    ),
    ("All that are stale", "Alle verouderde"),
    (
        "Do not ask, not even when the connection will be signed out",
        "Niet vragen, ook niet als de verbinding wordt afgemeld",
    ),
    ("Only of this connection", "Alleen van deze verbinding"),
    ("Only this kind: incident or change_request", "Alleen dit soort: incident of change_request"),
    ("Only in this state, by value or label", "Alleen met deze status, naar waarde of label"),
    ("Only of this priority, by value or label", "Alleen met deze prioriteit, naar waarde of label"),
    ("Only open ones", "Alleen open"),
    ("Only closed ones", "Alleen gesloten"),
    ("Words that number, title or description must have", "Woorden die in nummer, titel of beschrijving moeten staan"),
    ("At most so many", "Hoogstens zoveel"),
    ("Print CSV", "CSV afdrukken"),
    (
        "Print CSV as it is stored, for machines: a spreadsheet may run what begins like a formula",
        "CSV afdrukken zoals het is opgeslagen, voor machines: een rekenblad kan uitvoeren wat als formule begint",
    ),
];
