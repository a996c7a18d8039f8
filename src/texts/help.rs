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

const AFTER_EN: &str = "Without a command the terminal UI opens. Exit codes are on the man page (itsmc man).";

const AFTER_NL: &str = "Zonder opdracht opent de terminal-UI. Exitcodes staan op de man-pagina (itsmc man).";

const TEXTS: &[(&str, &str)] = &[
    (
        "Syncs work items of ITSM products, from the terminal",
        "Synchroniseert werkitems van ITSM-producten, vanuit de terminal",
    ),
    ("Folder for config, data and vault [env: ITSMC_HOME]", "Map met alles van itsmc [variabele: ITSMC_HOME]"),
    ("Language: en or nl (default: the locale)", "Taal: en of nl (standaard: de landinstelling)"),
    ("Print JSON (see docs/json.md)", "JSON afdrukken (zie docs/json.md)"),
    ("Do not show progress", "Geen voortgang tonen"),
    ("File with the vault's key [env: ITSMC_KEY_FILE]", "Bestand met de kluissleutel [variabele: ITSMC_KEY_FILE]"),
    ("Additional CA certificates to trust (PEM)", "Extra CA-certificaten om te vertrouwen (PEM)"),
    (
        "Try the terminal UI on practice servers, in a temporary home",
        "De terminal-UI uitproberen op oefenservers, in een tijdelijke map",
    ),
    ("Run a practice server", "Een oefenserver starten"),
    (
        "Server: servicenow, service-manager, provance, cherwell or azure",
        "Server: servicenow, service-manager, provance, cherwell of azure",
    ),
    (
        "Start with only the app and the OAuth application: no integration user, no roles",
        "Beginnen met alleen de app en de OAuth-toepassing: geen integratiegebruiker, geen rollen",
    ),
    ("Add, show, edit, test and remove connections", "Verbindingen toevoegen, tonen, wijzigen, testen en verwijderen"),
    ("Sync changes", "Wijzigingen synchroniseren"),
    ("Connections (default: all)", "Verbindingen (standaard: alle)"),
    ("Fetch everything in the sync scope again", "Alles binnen het synchronisatiebereik opnieuw ophalen"),
    (
        "Compare what is stored with the product, and correct it",
        "Het opgeslagene met het product vergelijken en herstellen",
    ),
    ("Only work items removed from the product", "Alleen werkitems die uit het product zijn verwijderd"),
    (
        "Show the state of connections, workspaces and alerts",
        "De status van verbindingen, werkruimten en meldingen tonen",
    ),
    (
        "For monitoring: exit 8 if there are findings, 9 if data is stale",
        "Voor bewaking: exitcode 8 bij bevindingen, 9 bij verouderde gegevens",
    ),
    (
        "With --check: maximum age of the last sync, poll and waiting write, such as 30m, 2h or 1d",
        "Met --check: maximale leeftijd van de laatste sync, lezing van meldingen en wachtende schrijfactie, zoals 30m, 2h of 1d",
    ),
    ("List stored work items", "Opgeslagen werkitems tonen"),
    (
        "Run a test on request, such as web_app_test; it may send the client secret to the product",
        "Een test op verzoek uitvoeren, zoals web_app_test; die kan het clientgeheim naar het product sturen",
    ),
    ("Confirm an item that itsmc cannot check", "Een onderdeel bevestigen dat itsmc niet kan controleren"),
    ("Withdraw the confirmation of an item", "De bevestiging van een onderdeel intrekken"),
    ("Same as --test web_app_test", "Hetzelfde als --test web_app_test"),
    (
        "Check what is missing in the product, and fix it as an admin",
        "Controleren wat in het product ontbreekt, en dat herstellen",
    ),
    ("List, rotate and revoke OAuth tokens", "OAuth-tokens tonen, roteren en intrekken"),
    ("Write what deploys a partner's Azure resources", "Schrijven wat de Azure-resources van een partner uitrolt"),
    ("Set up workspaces of Log Analytics", "Log Analytics-werkruimten inrichten"),
    ("Add a workspace, by options or by questions", "Een werkruimte toevoegen, met opties of met vragen"),
    ("Change a workspace: only what is given", "Een werkruimte wijzigen: alleen wat is opgegeven"),
    ("List workspaces", "Werkruimten tonen"),
    (
        "List the tickets that were made for alerts, and write what waits",
        "De tickets van meldingen tonen, en schrijven wat wacht",
    ),
    ("List the tickets that itsmc made, newest first", "De tickets tonen die itsmc heeft gemaakt, nieuwste eerst"),
    ("Only tickets of this connection", "Alleen tickets van deze verbinding"),
    (
        "Only tickets in this state, as last seen: new, in-progress, resolved, closed, cancelled or gone",
        "Alleen tickets met deze status, zoals laatst gezien: new, in-progress, resolved, closed, cancelled of gone",
    ),
    (
        "Only tickets with a write that was refused or is unsure",
        "Alleen tickets met een schrijfactie die is geweigerd of onzeker is",
    ),
    ("Maximum number of tickets", "Maximumaantal tickets"),
    ("Show a ticket with everything that was written to it", "Een ticket tonen met alles wat erin is geschreven"),
    ("Ticket, by its number or the beginning of its ID", "Ticket, met zijn nummer of het begin van zijn ID"),
    ("Write to the products what waits", "Naar de producten schrijven wat wacht"),
    (
        "Try refused and unsure writes of a ticket again; what may have been written is looked for first",
        "Geweigerde en onzekere schrijfacties van een ticket opnieuw proberen; wat geschreven kan zijn wordt eerst gezocht",
    ),
    (
        "Dismiss that the product has another ticket with the same key, once you have dealt with that one",
        "Afvinken dat het product nog een ticket met dezelfde sleutel heeft, als u dat hebt afgehandeld",
    ),
    ("Show a workspace", "Een werkruimte tonen"),
    ("Workspace name", "Naam van de werkruimte"),
    ("Send what changed to a workspace, or to all", "Versturen wat veranderd is naar een werkruimte, of naar alle"),
    ("Workspace name (default: all)", "Naam van de werkruimte (standaard: alle)"),
    (
        "Send everything again, also what was accepted before; these rows are marked as sent again",
        "Alles opnieuw versturen, ook wat al is geaccepteerd; deze rijen worden zo gemarkeerd",
    ),
    (
        "Only say what would be sent, and how much that is a month",
        "Alleen zeggen wat verstuurd zou worden en hoeveel dat per maand is",
    ),
    (
        "Price of a GB in US dollars in your region and plan: --dry-run then says what a month costs",
        "Prijs van een GB in Amerikaanse dollars in uw regio en abonnement: --dry-run zegt dan wat een maand kost",
    ),
    (
        "Check that the workspace has what is stored here, and send again what is missing",
        "Controleren of de werkruimte heeft wat hier is opgeslagen, en opnieuw versturen wat ontbreekt",
    ),
    (
        "Sign in for a workspace again: a new client secret, or a person with a code",
        "Opnieuw aanmelden voor een werkruimte: een nieuw clientgeheim, of een persoon met een code",
    ),
    (
        "Read `client_secret` from stdin (TOML) instead of asking",
        "`client_secret` van stdin lezen (TOML) in plaats van het te vragen",
    ),
    (
        "Show what is missing in Azure, with each exact change; changes nothing",
        "Tonen wat in Azure ontbreekt, met elke exacte wijziging; wijzigt niets",
    ),
    (
        "Write the plan as Bicep into this folder, for those who make the resources",
        "Het plan als Bicep in deze map schrijven, voor wie de resources maakt",
    ),
    (
        "Make what the plan says, after showing it; can be repeated",
        "Maken wat het plan zegt, na het te tonen; mag worden herhaald",
    ),
    (
        "Test whether rows can be sent and found, with one marked row",
        "Testen of rijen te versturen en te vinden zijn, met één gemarkeerde rij",
    ),
    (
        "Remove a workspace from itsmc; nothing is removed in Azure",
        "Een werkruimte uit itsmc verwijderen; in Azure wordt niets verwijderd",
    ),
    (
        "Sign in this way for the set-up only: cli, device-code and so on",
        "Alleen voor de inrichting zo aanmelden: cli, device-code enzovoort",
    ),
    (
        "Object ID of the identity that will send rows (default: from its token)",
        "Object-ID van de identiteit die rijen gaat versturen (standaard: uit het token)",
    ),
    (
        "Migrate this classic table, which cannot be undone",
        "Deze klassieke tabel migreren, wat niet terug te draaien is",
    ),
    ("Name for the workspace in itsmc", "Naam voor de werkruimte in itsmc"),
    (
        "How to sign in: cli, service-principal, managed-identity, workload-identity or device-code",
        "Hoe aan te melden: cli, service-principal, managed-identity, workload-identity of device-code",
    ),
    ("Entra tenant, by ID or domain", "Entra-tenant, met ID of domein"),
    (
        "Client ID of the application or the user-assigned identity",
        "Client-ID van de toepassing of de toegewezen identiteit",
    ),
    (
        "Workload identity: file with the federated token (default: AZURE_FEDERATED_TOKEN_FILE)",
        "Workloadidentiteit: bestand met het gefedereerde token (standaard: AZURE_FEDERATED_TOKEN_FILE)",
    ),
    ("Resource group of the workspace", "Resourcegroep van de werkruimte"),
    ("Name of the workspace in Azure", "Naam van de werkruimte in Azure"),
    ("Table of work items (default: ServiceDesk_CL)", "Tabel met werkitems (standaard: ServiceDesk_CL)"),
    (
        "Table of the connector's status (default: ServiceDeskLog_CL)",
        "Tabel met de status van de connector (standaard: ServiceDeskLog_CL)",
    ),
    (
        "What is written for states and priorities: labels or numbers (default: labels)",
        "Wat voor statussen en prioriteiten wordt geschreven: labels of numbers (standaard: labels)",
    ),
    ("Connection that feeds it; can be repeated", "Verbinding die die voedt; mag worden herhaald"),
    ("Show and change the settings of itsmc itself", "De instellingen van itsmc zelf tonen en wijzigen"),
    ("List the settings that can be changed here", "De instellingen tonen die hier te wijzigen zijn"),
    ("Change a setting", "Een instelling wijzigen"),
    ("Setting: theme, lang, charset or sync_every_minutes", "Instelling: theme, lang, charset of sync_every_minutes"),
    ("Its value, such as light", "De waarde, zoals light"),
    ("Show diagnostics of this machine (contains no secrets)", "Diagnose van deze machine tonen (bevat geen geheimen)"),
    ("Print a shell completion script", "Een script voor automatisch aanvullen afdrukken"),
    ("Shell to complete for", "Shell om voor aan te vullen"),
    (
        "Command whose page is printed, such as connection add",
        "Opdracht waarvan de pagina wordt afgedrukt, zoals connection add",
    ),
    ("Print the man page, or write one for each command", "De man-pagina afdrukken, of er een per opdracht schrijven"),
    ("Folder for the page of each command", "Map voor de pagina van elke opdracht"),
    ("Port on 127.0.0.1 (default: any free port)", "Poort op 127.0.0.1 (standaard: een vrije poort)"),
    ("Replay this incident log (CSV or CSV.XZ)", "Dit incidentenlogboek afspelen (CSV of CSV.XZ)"),
    ("Number of incidents to generate, up to 1,000,000", "Aantal incidenten om te genereren, hoogstens 1.000.000"),
    ("Speed of time in the practice data", "Snelheid van de tijd in de oefengegevens"),
    (
        "Service Manager and Provance: variant of the product (see docs/practice.md)",
        "Service Manager en Provance: variant van het product (zie docs/practice.md)",
    ),
    ("Print a form with explanations", "Een formulier met uitleg afdrukken"),
    ("Partner, such as servicenow", "Partner, zoals servicenow"),
    (
        "Add a connection from a form or by questions, after testing it",
        "Een verbinding toevoegen uit een formulier of met vragen, na een test",
    ),
    (
        "The filled-in form (TOML); - for stdin (default: ask line by line)",
        "Het ingevulde formulier (TOML); - voor stdin (standaard: regel voor regel vragen)",
    ),
    (
        "Read `password` and `client_secret` from stdin (TOML) instead of asking",
        "`password` en `client_secret` van stdin lezen (TOML) in plaats van ze te vragen",
    ),
    (
        "Save without signing in, when the integration user does not exist yet (see `checklist`)",
        "Opslaan zonder aan te melden, als de integratiegebruiker nog niet bestaat (zie `checklist`)",
    ),
    ("List connections", "Verbindingen tonen"),
    ("Show a connection", "Een verbinding tonen"),
    ("Connection name", "Naam van de verbinding"),
    ("Connection name (default: the only connection)", "Naam van de verbinding (standaard: de enige verbinding)"),
    (
        "Change settings of a connection by options or questions, and test it again where needed",
        "Instellingen van een verbinding wijzigen met opties of vragen, en waar nodig opnieuw testen",
    ),
    (
        "Setting to change, such as sync_days=60; can be repeated (default: ask line by line)",
        "Instelling om te wijzigen, zoals sync_days=60; mag vaker (standaard: regel voor regel vragen)",
    ),
    (
        "Rename a connection; work items, secrets, tickets and alert rules stay with it",
        "Een verbinding hernoemen; werkitems, geheimen, tickets en meldingsregels blijven erbij",
    ),
    ("Its new name", "De nieuwe naam"),
    ("Run the live test", "De livetest uitvoeren"),
    (
        "Write all requests to this file, without secrets and contents, to share with support",
        "Alle verzoeken naar dit bestand schrijven, zonder geheimen en inhoud, om met de ondersteuning te delen",
    ),
    (
        "Print which tables and columns of the product the connection uses",
        "Afdrukken welke tabellen en kolommen van het product de verbinding gebruikt",
    ),
    (
        "Write it to the connection's mapping file, which itsmc then uses",
        "Naar het toewijzingsbestand van de verbinding schrijven, dat itsmc dan gebruikt",
    ),
    (
        "Connection name, also of a draft (default: the only connection)",
        "Naam van de verbinding, ook van een concept (standaard: de enige verbinding)",
    ),
    (
        "Use this form (TOML) instead of a saved connection; - for stdin",
        "Dit formulier (TOML) gebruiken in plaats van een opgeslagen verbinding; - voor stdin",
    ),
    (
        "For a form or draft: read `password` and `client_secret` from stdin (TOML) instead of asking",
        "Bij een formulier of concept: `password` en `client_secret` van stdin lezen (TOML) in plaats van vragen",
    ),
    ("Replace the mapping with what the product has now", "De toewijzing vervangen door wat het product nu heeft"),
    (
        "Replace the client secret, after the product has accepted the new one",
        "Het clientgeheim vervangen, nadat het product het nieuwe heeft geaccepteerd",
    ),
    (
        "Read `client_secret`, and `password` if needed, from stdin (TOML) instead of asking",
        "`client_secret`, en zo nodig `password`, van stdin lezen (TOML) in plaats van vragen",
    ),
    (
        "Read `password` and `client_secret` from stdin (TOML), for a changed sign-in or a new client secret",
        "`password` en `client_secret` van stdin lezen (TOML), bij een andere aanmelding of een nieuw clientgeheim",
    ),
    (
        "Read `password`, and a new `client_secret`, from stdin (TOML) instead of asking",
        "`password`, en een nieuw `client_secret`, van stdin lezen (TOML) in plaats van vragen",
    ),
    (
        "Expiry date of the secret, such as 2027-06-30; status warns before it",
        "Vervaldatum van het geheim, zoals 2027-06-30; status waarschuwt vooraf",
    ),
    ("Remove a connection with its work items and secrets", "Een verbinding verwijderen, met werkitems en geheimen"),
    ("Do not ask for confirmation", "Niet om bevestiging vragen"),
    ("Partner: service-manager", "Partner (alleen service-manager)"),
    (
        "Folder for the files; existing files are not overwritten",
        "Map voor de bestanden; bestaande worden niet overschreven",
    ),
    (
        "Read the options below from this file (TOML; write _ for -)",
        "De opties hieronder uit dit bestand lezen (TOML; schrijf _ voor -)",
    ),
    ("Subscription ID", "Abonnements-ID"),
    ("Resource group; created if it does not exist", "Resourcegroep; wordt gemaakt als die niet bestaat"),
    ("Location, such as westeurope", "Locatie, zoals westeurope"),
    ("Full name of the Service Manager management server", "Volledige naam van de beheerserver van Service Manager"),
    ("Windows domain of the account", "Windows-domein van het account"),
    ("Account, without its domain", "Account, zonder domein"),
    ("Start of the web app's name (default: smoc)", "Begin van de naam van de web-app (standaard: smoc)"),
    (
        "Existing Service Bus namespace (default: create one)",
        "Bestaande Service Bus-naamruimte (standaard: een nieuwe)",
    ),
    (
        "Pricing tier of the App Service plan (default: S1; F1 and D1 have no hybrid connections)",
        "Prijscategorie van het App Service-plan (standaard: S1; F1 en D1 hebben geen hybride verbindingen)",
    ),
    (
        "Resource ID of a key vault secret with the account's password (default: Azure asks for it)",
        "Resource-ID van een key vault-geheim met het wachtwoord van het account (standaard: Azure vraagt erom)",
    ),
    (
        "Fix what can be fixed; shows each change and asks first",
        "Herstellen wat kan; toont elke wijziging en vraagt het eerst",
    ),
    ("Do not ask before each change", "Niet voor elke wijziging vragen"),
    ("Print a request to send to the product's admin", "Een verzoek aan de beheerder van het product afdrukken"),
    (
        "Sign in as this admin of the product, for this run only",
        "Aanmelden als deze beheerder van het product, alleen voor deze keer",
    ),
    (
        "Read `admin_password`, `password` and `user_password` from stdin (TOML) instead of asking",
        "`admin_password`, `password` en `user_password` van stdin lezen (TOML) in plaats van ze te vragen",
    ),
    (
        "List the tokens in itsmc and in the product (never their values)",
        "De tokens in itsmc en in het product tonen (nooit hun waarde)",
    ),
    (
        "Sign in again, test the new tokens, then revoke the old ones",
        "Opnieuw aanmelden, de nieuwe tokens testen, dan de oude intrekken",
    ),
    ("Revoke tokens, and check that they are refused", "Tokens intrekken, en controleren of ze worden geweigerd"),
    ("Fingerprint, or id in the product (with --admin)", "Vingerafdruk, of id in het product (met --admin)"),
    ("All stale tokens", "Alle verouderde tokens"),
    (
        "Do not ask for confirmation, even if this signs out the connection",
        "Niet om bevestiging vragen, ook niet als dit de verbinding afmeldt",
    ),
    ("Only this connection", "Alleen deze verbinding"),
    ("Only this kind: incident or change_request", "Alleen dit soort: incident of change_request"),
    ("Only this state, by value or label (repeatable)", "Alleen deze status, waarde of label (herhaalbaar)"),
    ("Only this priority, by value or label (repeatable)", "Alleen deze prioriteit (herhaalbaar)"),
    ("Only this assignment group; '' for none (repeatable)", "Alleen deze groep ('' = geen; herhaalbaar)"),
    ("Only this assignee; '' for nobody (repeatable)", "Alleen deze behandelaar ('' = geen; herhaalbaar)"),
    ("Only opened since this day, or an age such as 7d", "Alleen geopend vanaf deze dag, of sinds bv. 7d"),
    ("Only opened until the end of this day", "Alleen geopend tot en met deze dag"),
    ("Sort by a column, such as opened or priority", "Op een kolom sorteren, zoals opened of priority"),
    ("Reverse the order", "De volgorde omkeren"),
    ("Open the one match in the browser", "Het ene dat voldoet in de browser openen"),
    ("Show these columns, such as number,title,url", "Deze kolommen tonen, zoals number,title,url"),
    ("Only open work items", "Alleen open werkitems"),
    ("Only closed work items", "Alleen gesloten werkitems"),
    ("Words in number, title or description", "Woorden in nummer, titel of beschrijving"),
    ("Maximum number of work items", "Maximaal aantal werkitems"),
    ("Print CSV", "CSV afdrukken"),
    (
        "Print raw CSV, for programs: a spreadsheet may run values that look like formulas",
        "Onbewerkte CSV afdrukken, voor programma's: een rekenblad kan waarden als formule uitvoeren",
    ),
    (
        "Read Azure alerts, and make tickets of them by rules",
        "Azure-meldingen lezen, en er met regels tickets van maken",
    ),
    ("Add, change, list and remove alert sources", "Meldingsbronnen toevoegen, wijzigen, tonen en verwijderen"),
    ("List alert rules, and switch one on or off", "Meldingsregels tonen, en er een in- of uitschakelen"),
    (
        "List the alert rules, with what each did in the last 30 days",
        "De meldingsregels tonen, met wat elke deed in de laatste 30 dagen",
    ),
    (
        "Switch a rule on, after showing what it would have done in the last 30 days",
        "Een regel inschakelen, na te tonen wat die in de laatste 30 dagen gedaan zou hebben",
    ),
    ("Switch a rule off; its tickets stay", "Een regel uitschakelen; de tickets blijven"),
    ("Rule name", "Naam van de regel"),
    ("Change a source: only what is given", "Een bron wijzigen: alleen wat opgegeven wordt"),
    (
        "Subscription ID that is read from now on; can be repeated, and others are left out",
        "Abonnements-ID dat vanaf nu gelezen wordt; herhaalbaar, en andere vervallen",
    ),
    ("Do not acknowledge alerts in Azure any more", "Meldingen niet meer bevestigen in Azure"),
    (
        "Read new alerts once, and decide by the rules what becomes of them",
        "Nieuwe meldingen één keer lezen, en met de regels bepalen wat ermee gebeurt",
    ),
    ("Source (default: all)", "Bron (standaard: alle)"),
    (
        "Read alerts from a file of any known form, and decide what becomes of them",
        "Meldingen uit een bestand van elke bekende vorm lezen, en bepalen wat ermee gebeurt",
    ),
    ("File with alerts (JSON or JSON lines); - for stdin", "Bestand met meldingen (JSON of JSON-regels); - voor stdin"),
    ("Only store them; the next poll decides", "Alleen opslaan; de volgende poll beslist"),
    ("Show the alert rules", "De meldingsregels tonen"),
    ("Print a commented file of rules to begin with", "Een bestand met regels en uitleg afdrukken om mee te beginnen"),
    ("Check the alert rules, with line numbers", "De meldingsregels controleren, met regelnummers"),
    (
        "File of rules (default: alert-rules.toml in the config folder)",
        "Bestand met regels (standaard: alert-rules.toml in de configuratiemap)",
    ),
    ("Show what the rules would have done; writes nothing", "Tonen wat de regels gedaan zouden hebben; schrijft niets"),
    ("Stored alerts of this time, such as 12h or 30d", "Opgeslagen meldingen van deze tijd, zoals 12h of 30d"),
    (
        "Alerts of this file instead of the stored ones; - for stdin",
        "Meldingen uit dit bestand in plaats van de opgeslagen; - voor stdin",
    ),
    ("Count this rule as switched on; can be repeated", "Deze regel als ingeschakeld rekenen; herhaalbaar"),
    ("Show each ticket with all its fields", "Elk ticket met al zijn velden tonen"),
    ("List alerts with their rule and what became of them", "Meldingen tonen met hun regel en wat ermee gebeurd is"),
    ("Only alerts that fired within this time", "Alleen meldingen die binnen deze tijd afgingen"),
    (
        "Only this outcome, such as opened, umbrella or no-rule",
        "Alleen deze uitkomst, zoals opened, umbrella of no-rule",
    ),
    ("Only alerts that this rule decided about", "Alleen meldingen waarover deze regel besliste"),
    ("Only alerts that are still fired", "Alleen meldingen die nog steeds afgaan"),
    ("Maximum number of alerts", "Maximaal aantal meldingen"),
    ("Show one alert whole", "Eén melding helemaal tonen"),
    (
        "Dismiss that alerts of some time may be missing, once you have checked that time",
        "Afvinken dat meldingen van een tijd kunnen ontbreken, als u die tijd hebt nagegaan",
    ),
    ("Alert, by the beginning of its ID", "Melding, met het begin van de ID"),
    ("Print the text as which it came", "De tekst afdrukken zoals die binnenkwam"),
    ("Decide again about alerts that have no ticket", "Opnieuw beslissen over meldingen die geen ticket hebben"),
    ("Alerts, by the beginning of their ID", "Meldingen, met het begin van hun ID"),
    ("Have alerts get no ticket", "Meldingen geen ticket laten krijgen"),
    ("Make rules out of the old ITSM actions in Azure", "Regels maken van de oude ITSM-acties in Azure"),
    ("Source whose subscriptions are read", "Bron waarvan de abonnementen gelezen worden"),
    ("Connection for the rules", "Verbinding voor de regels"),
    (
        "Write the rules to this new file (default: print them)",
        "De regels naar dit nieuwe bestand schrijven (standaard: afdrukken)",
    ),
    (
        "Add a source by options or questions: subscriptions of Azure, and how to sign in",
        "Een bron toevoegen met opties of vragen: abonnementen van Azure, en hoe aan te melden",
    ),
    ("List sources, and how far each was read", "Bronnen tonen, en tot waar elke gelezen is"),
    (
        "Sign in for a source again: a new client secret, or a person with a code",
        "Opnieuw aanmelden voor een bron: een nieuw clientgeheim, of een persoon met een code",
    ),
    ("Source name", "Naam van de bron"),
    ("Remove a source; its alerts and tickets stay", "Een bron verwijderen; de meldingen en tickets blijven"),
    ("Name for the source (default: ask line by line)", "Naam voor de bron (standaard: regel voor regel vragen)"),
    (
        "Acknowledge alerts in Azure once they have a ticket (needs Monitoring Contributor)",
        "Meldingen in Azure bevestigen zodra ze een ticket hebben (vereist Monitoring Contributor)",
    ),
    (
        "Seconds between two passes while the terminal UI is open",
        "Seconden tussen twee keer lezen zolang de terminal-UI open is",
    ),
    (
        "Subscription ID; can be repeated (default: all that the sign-in may see)",
        "Abonnements-ID; herhaalbaar (standaard: alle die de aanmelding mag zien)",
    ),
];
