//! The examples below the help of each command, and on its man page.

use crate::model::lang::Lang;

/// What a command line does, in both languages.
pub struct Example {
    /// The command line without `itsmc`.
    pub line: &'static str,
    en: &'static str,
    nl: &'static str,
}

impl Example {
    const fn new(line: &'static str, en: &'static str, nl: &'static str) -> Self {
        Self { line, en, nl }
    }

    /// What it does.
    pub fn text(&self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.nl)
    }
}

/// The examples of a command, which is named by its words after `itsmc`; none for an unknown one.
pub fn of(path: &str) -> &'static [Example] {
    ALL.iter().find(|(known, _)| *known == path).map_or(&[], |(_, examples)| examples)
}

/// Whether a command of this name exists.
pub fn is_command(name: &str) -> bool {
    !name.is_empty() && ALL.iter().any(|(path, _)| path.split(' ').next() == Some(name))
}

crate::texts! {
    examples, "Examples", "Voorbeelden";
    globals, "Also: --home, --lang, --json, --quiet, --key-file, --ca-file (itsmc --help)", "Ook: --home, --lang, --json, --quiet, --key-file, --ca-file (itsmc --help)";
}

const ALL: &[(&str, &[Example])] = &[
    (
        "",
        &[
            Example::new("demo", "try it without an ITSM product", "uitproberen zonder ITSM-product"),
            Example::new(
                "connection add",
                "set up a connection, question by question",
                "een verbinding inrichten, vraag voor vraag",
            ),
            Example::new("sync", "sync all connections", "alle verbindingen synchroniseren"),
        ],
    ),
    (
        "demo",
        &[
            Example::new("demo", "practice servers of all products", "oefenservers van alle producten"),
            Example::new("demo --rows 100000", "with many incidents", "met veel incidenten"),
        ],
    ),
    (
        "practice",
        &[
            Example::new("practice servicenow --port 8080", "on a fixed port", "op een vaste poort"),
            Example::new("practice cherwell --bare", "as before the set-up", "zoals voor de inrichting"),
        ],
    ),
    (
        "connection",
        &[
            Example::new("connection list", "all connections and their state", "alle verbindingen en hun status"),
            Example::new("connection test contoso", "does it still work?", "werkt die nog?"),
        ],
    ),
    (
        "connection template",
        &[Example::new(
            "connection template servicenow > form.toml",
            "a form to fill in",
            "een formulier om in te vullen",
        )],
    ),
    (
        "connection add",
        &[
            Example::new("connection add", "question by question, in the terminal", "vraag voor vraag, in de terminal"),
            Example::new("connection add --file form.toml", "from a form", "uit een formulier"),
            Example::new("connection add --file form.toml --secrets-stdin", "in a script", "in een script"),
        ],
    ),
    ("connection list", &[Example::new("connection list --json", "for a script", "voor een script")]),
    ("connection show", &[Example::new("connection show contoso", "all settings", "alle instellingen")]),
    (
        "connection edit",
        &[
            Example::new("connection edit contoso --set sync_days=60", "sync 60 days", "60 dagen synchroniseren"),
            Example::new("connection edit contoso --set work_items=incident", "incidents only", "alleen incidenten"),
        ],
    ),
    (
        "connection test",
        &[
            Example::new("connection test contoso", "every step of the live test", "elke stap van de livetest"),
            Example::new(
                "connection test contoso --trace t.jsonl",
                "with a trace for support",
                "met een verslag voor de ondersteuning",
            ),
        ],
    ),
    (
        "connection mapping",
        &[
            Example::new("connection mapping contoso", "show the mapping", "de toewijzing tonen"),
            Example::new(
                "connection mapping contoso --write",
                "write it, to correct it",
                "schrijven, om te verbeteren",
            ),
        ],
    ),
    ("connection rename", &[Example::new("connection rename contoso fabrikam", "keeps everything", "behoudt alles")]),
    ("connection remove", &[Example::new("connection remove contoso --yes", "without asking", "zonder vraag")]),
    (
        "sync",
        &[
            Example::new("sync", "all connections", "alle verbindingen"),
            Example::new("sync contoso --full", "everything again", "alles opnieuw"),
        ],
    ),
    ("verify", &[Example::new("verify contoso", "compare and correct", "vergelijken en herstellen")]),
    (
        "status",
        &[
            Example::new("status", "all connections", "alle verbindingen"),
            Example::new("status --check --max-age 30m", "for monitoring", "voor bewaking"),
        ],
    ),
    (
        "items",
        &[
            Example::new("items contoso --open --priority \"1 - Critical\"", "urgent ones", "de dringende"),
            Example::new("items contoso --state New --sort opened --reverse", "the oldest first", "de oudste eerst"),
            Example::new("items --find 'coffee machine'", "by words", "op woorden"),
            Example::new("items --csv > items.csv", "for a spreadsheet", "voor een rekenblad"),
            Example::new("items --json --columns number,url", "for a script", "voor een script"),
        ],
    ),
    (
        "checklist",
        &[
            Example::new("checklist contoso", "what is still missing", "wat nog ontbreekt"),
            Example::new("checklist contoso --admin jane --fix", "fix it as jane", "herstellen als jane"),
            Example::new("checklist contoso --ask", "a letter to the admin", "een brief aan de beheerder"),
        ],
    ),
    ("token", &[Example::new("token list contoso", "all tokens", "alle tokens")]),
    (
        "token list",
        &[Example::new("token list contoso --admin jane", "those in the product too", "ook die in het product")],
    ),
    ("token rotate", &[Example::new("token rotate contoso", "sign in again", "opnieuw aanmelden")]),
    (
        "token new-secret",
        &[Example::new("token new-secret contoso --expires 2027-06-30", "with its expiry date", "met de vervaldatum")],
    ),
    (
        "token revoke",
        &[
            Example::new("token revoke contoso --stale", "all stale tokens", "alle verouderde tokens"),
            Example::new("token revoke contoso 737874ad", "one token", "een token"),
        ],
    ),
    (
        "alert",
        &[
            Example::new("alert source add prod --sign-in cli", "read alerts of Azure", "meldingen van Azure lezen"),
            Example::new("alert rules --template", "a file to begin with", "een bestand om mee te beginnen"),
            Example::new("alert preview --last 30d", "what the rules would have done", "wat de regels zouden doen"),
            Example::new("alert poll", "one pass, for a timer", "één keer lezen, voor een timer"),
        ],
    ),
    ("alert source", &[Example::new("alert source list", "how far each was read", "tot waar elke gelezen is")]),
    ("alert source add", &[Example::new("alert source add prod --sign-in cli", "as yourself", "als uzelf")]),
    (
        "alert source edit",
        &[Example::new("alert source edit prod --every 300", "read every five minutes", "elke vijf minuten lezen")],
    ),
    (
        "alert rule",
        &[Example::new(
            "alert rule list",
            "which rules are on, and what they did",
            "welke regels aan zijn, en wat ze deden",
        )],
    ),
    (
        "alert rule list",
        &[Example::new(
            "alert rule list",
            "which rules are on, and what they did",
            "welke regels aan zijn, en wat ze deden",
        )],
    ),
    (
        "alert rule enable",
        &[Example::new(
            "alert rule enable production",
            "shows its numbers and asks",
            "toont de aantallen en vraagt het",
        )],
    ),
    (
        "alert rule disable",
        &[Example::new("alert rule disable production --yes", "without a question", "zonder vraag")],
    ),
    ("alert source list", &[Example::new("alert source list", "how far each was read", "tot waar elke gelezen is")]),
    (
        "alert source sign-in",
        &[Example::new("alert source sign-in prod", "asks for the new secret", "vraagt het nieuwe geheim")],
    ),
    (
        "alert source dismiss",
        &[Example::new("alert source dismiss prod", "once you checked that time", "als u die tijd hebt nagegaan")],
    ),
    ("alert source remove", &[Example::new("alert source remove prod", "asks first", "vraagt het eerst")]),
    ("alert poll", &[Example::new("alert poll prod", "one source", "één bron")]),
    ("alert import", &[Example::new("alert import alerts.json", "alerts of a file", "meldingen uit een bestand")]),
    (
        "alert rules",
        &[Example::new("alert rules --template", "a file to begin with", "een bestand om mee te beginnen")],
    ),
    ("alert check", &[Example::new("alert check", "the rules in use", "de regels in gebruik")]),
    (
        "alert preview",
        &[
            Example::new("alert preview --file alerts.json", "alerts of a file", "meldingen uit een bestand"),
            Example::new("alert preview --rule production", "before you switch it on", "voor u die inschakelt"),
        ],
    ),
    (
        "alert list",
        &[Example::new("alert list --outcome no-rule", "why alerts got no ticket", "waarom er geen ticket kwam")],
    ),
    ("alert show", &[Example::new("alert show 3f2c9a10 --raw", "as it came", "zoals die binnenkwam")]),
    ("alert retry", &[Example::new("alert retry 3f2c9a10", "after a change of rules", "na een wijziging van regels")]),
    ("alert ignore", &[Example::new("alert ignore 3f2c9a10", "it gets no ticket", "die krijgt geen ticket")]),
    (
        "alert import-actions",
        &[Example::new("alert import-actions prod --connection contoso", "prints rules", "drukt regels af")],
    ),
    (
        "workspace",
        &[
            Example::new("workspace add", "asks for everything", "vraagt alles"),
            Example::new("workspace plan prod", "what is missing in Azure", "wat in Azure ontbreekt"),
            Example::new("workspace apply prod", "makes it", "maakt het"),
        ],
    ),
    (
        "workspace add",
        &[Example::new("workspace add prod --sign-in cli --connection contoso", "asks for the rest", "vraagt de rest")],
    ),
    (
        "workspace plan",
        &[
            Example::new("workspace plan prod --sign-in cli", "as yourself", "als uzelf"),
            Example::new("workspace plan prod --bicep out", "for the Azure team", "voor het Azure-team"),
        ],
    ),
    (
        "workspace apply",
        &[Example::new(
            "workspace apply prod --sign-in cli --principal 99999999-8888-7777-6666-555555555555",
            "rows are sent by another identity",
            "een andere identiteit verstuurt de rijen",
        )],
    ),
    (
        "workspace edit",
        &[Example::new(
            "workspace edit prod --connection contoso",
            "only contoso feeds it",
            "alleen contoso voedt die",
        )],
    ),
    ("workspace list", &[Example::new("workspace list", "all of them", "allemaal")]),
    ("workspace show", &[Example::new("workspace show prod", "with its rule and endpoint", "met regel en eindpunt")]),
    (
        "workspace sign-in",
        &[Example::new("workspace sign-in prod", "after the secret was replaced", "nadat het geheim is vervangen")],
    ),
    (
        "workspace test",
        &[Example::new("workspace test prod", "waits until the row is found", "wacht tot de rij is gevonden")],
    ),
    (
        "workspace send",
        &[
            Example::new("workspace send", "to all of them", "naar allemaal"),
            Example::new("workspace send prod --dry-run", "how much it would be", "hoeveel het zou zijn"),
            Example::new("workspace send prod --full", "everything again", "alles opnieuw"),
        ],
    ),
    (
        "workspace verify",
        &[Example::new("workspace verify prod", "sends again what is missing", "verstuurt opnieuw wat ontbreekt")],
    ),
    (
        "workspace remove",
        &[Example::new("workspace remove prod", "leaves everything in Azure", "laat alles in Azure staan")],
    ),
    (
        "ticket",
        &[
            Example::new("ticket list --troubled", "what was refused or is unsure", "wat is geweigerd of onzeker is"),
            Example::new("ticket show INC0010042", "with every write", "met elke schrijfactie"),
        ],
    ),
    (
        "ticket list",
        &[
            Example::new("ticket list --connection contoso --state resolved", "those only", "alleen die"),
            Example::new("ticket list --troubled", "what was refused or is unsure", "wat is geweigerd of onzeker is"),
        ],
    ),
    ("ticket show", &[Example::new("ticket show INC0010042", "with every write", "met elke schrijfactie")]),
    (
        "ticket send",
        &[Example::new("ticket send", "what waits for all connections", "wat voor alle verbindingen wacht")],
    ),
    (
        "ticket retry",
        &[Example::new("ticket retry INC0010042", "after the cause was removed", "nadat de oorzaak is weggenomen")],
    ),
    (
        "ticket dismiss",
        &[Example::new("ticket dismiss INC0010042", "once the other is cancelled", "als het andere is geannuleerd")],
    ),
    ("deploy", &[Example::new("deploy service-manager --out web-app", "asks for the rest", "vraagt de rest")]),
    (
        "config",
        &[
            Example::new("config list", "the settings and their values", "de instellingen en hun waarden"),
            Example::new("config set theme light", "for a light background", "voor een lichte achtergrond"),
        ],
    ),
    ("config list", &[Example::new("config list --json", "for scripts", "voor scripts")]),
    (
        "config set",
        &[
            Example::new("config set theme light", "for a light background", "voor een lichte achtergrond"),
            Example::new("config set sync_every_minutes 60", "sync less often", "minder vaak synchroniseren"),
        ],
    ),
    (
        "doctor",
        &[
            Example::new("doctor", "what works and what does not", "wat werkt en wat niet"),
            Example::new("doctor --json", "for a support ticket", "voor een supportticket"),
        ],
    ),
    (
        "completions",
        &[
            Example::new("completions bash >> ~/.bashrc", "bash", "bash"),
            Example::new("completions zsh >> ~/.zshrc", "zsh", "zsh"),
            Example::new("completions fish > ~/.config/fish/completions/itsmc.fish", "fish", "fish"),
        ],
    ),
    (
        "man",
        &[
            Example::new("man | man -l -", "read the main page", "de hoofdpagina lezen"),
            Example::new("man sync | man -l -", "read that of a command", "die van een opdracht lezen"),
            Example::new("man --out /usr/local/share/man/man1", "install every page", "alle pagina's installeren"),
        ],
    ),
];
