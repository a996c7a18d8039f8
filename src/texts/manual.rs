//! The sections of the man pages that the help does not have.

use crate::model::lang::Lang;

/// An entry of a section: a name, and what it is in both languages.
pub type Entry = (&'static str, &'static str, &'static str);

/// The text of an entry.
pub fn text(lang: Lang, entry: &Entry) -> &'static str {
    lang.pick(entry.1, entry.2)
}

crate::texts! {
    files, "FILES", "BESTANDEN";
    environment, "ENVIRONMENT", "OMGEVING";
    exit_status, "EXIT STATUS", "EXITCODES";
    see_also, "SEE ALSO", "ZIE OOK";
    examples, "EXAMPLES", "VOORBEELDEN";
}

/// Where the program keeps its files, on Linux and in a home of its own.
pub const FILES: [Entry; 6] = [
    ("~/.config/itsmc/config.toml", "Connections and settings.", "Verbindingen en instellingen."),
    ("~/.config/itsmc/mappings/", "Mapping files of connections.", "Toewijzingsbestanden van verbindingen."),
    ("~/.local/share/itsmc/itsmc.db", "Stored work items (SQLite).", "Opgeslagen werkitems (SQLite)."),
    ("~/.local/share/itsmc/vault.age", "Tokens and client secrets (age).", "Tokens en clientgeheimen (age)."),
    ("~/.local/state/itsmc/logs/itsmc.log", "The log.", "Het log."),
    (
        "DIR",
        "With --home or ITSMC_HOME all of them are in this folder.",
        "Met --home of ITSMC_HOME staat alles in deze map.",
    ),
];

/// The variables that the program reads.
pub const ENVIRONMENT: [Entry; 13] = [
    ("ITSMC_HOME", "Folder for config, data, state and vault.", "Map voor configuratie, gegevens, status en kluis."),
    ("ITSMC_KEY_FILE", "File with the vault's key.", "Bestand met de sleutel van de kluis."),
    ("ITSMC_KEY_CMD", "Command that prints the vault's key.", "Opdracht die de sleutel van de kluis afdrukt."),
    (
        "ITSMC_PASSPHRASE_FILE",
        "File with the passphrase of the vault, to run unattended.",
        "Bestand met de wachtzin van de kluis, voor onbemand gebruik.",
    ),
    (
        "CREDENTIALS_DIRECTORY",
        "Set by systemd; its file itsmc-key is the vault's key.",
        "Door systemd gezet; het bestand itsmc-key daarin is de sleutel van de kluis.",
    ),
    (
        "ITSMC_LOG",
        "How much the log tells: error, warn, info, debug or trace.",
        "Hoeveel het log vertelt: error, warn, info, debug of trace.",
    ),
    (
        "ITSMC_RETRY_WAIT_MS",
        "Wait before a sync makes a failed request again, in milliseconds (default: 1000).",
        "Wachttijd voordat een sync een mislukt verzoek opnieuw doet, in milliseconden (standaard: 1000).",
    ),
    (
        "ITSMC_REQUEST_TIMEOUT_MS",
        "How long a product may take to answer, in milliseconds (default: 75000).",
        "Hoe lang een product over een antwoord mag doen, in milliseconden (standaard: 75000).",
    ),
    ("HTTPS_PROXY, ALL_PROXY", "Proxy to use.", "Te gebruiken proxy."),
    ("NO_PROXY", "Hosts to reach without the proxy.", "Hosts die zonder proxy worden bereikt."),
    ("NO_COLOR", "If not empty, no colours.", "Indien niet leeg: geen kleuren."),
    (
        "ITSMC_CHARSET",
        "ascii or utf-8, for screens and commands on a terminal.",
        "ascii of utf-8, voor schermen en opdrachten in een terminal.",
    ),
    (
        "LANG, LC_ALL",
        "Language of the output, unless --lang is given.",
        "Taal van de uitvoer, tenzij --lang is gegeven.",
    ),
];

/// The exit codes.
pub const EXIT_STATUS: [Entry; 13] = [
    ("0", "Done.", "Gedaan."),
    ("1", "Unexpected failure.", "Onverwachte fout."),
    (
        "2",
        "Wrong use, or a config or form with problems.",
        "Verkeerd gebruik, of een configuratie of formulier met fouten.",
    ),
    (
        "3",
        "Sign-in refused, signed out, or the vault cannot be opened.",
        "Aanmelding geweigerd, afgemeld, of de kluis gaat niet open.",
    ),
    ("4", "No such connection or item.", "Geen zulke verbinding of werkitem."),
    ("5", "The partner answered with an error.", "De partner antwoordde met een fout."),
    (
        "6",
        "Rate-limited or not reachable; worth another try.",
        "Te veel verzoeken of niet bereikbaar; probeer het later.",
    ),
    ("7", "Another itsmc holds the lock.", "Een andere itsmc heeft de vergrendeling."),
    ("8", "Done, but incomplete or with findings.", "Gedaan, maar onvolledig of met bevindingen."),
    ("9", "Stale (itsmc status --check).", "Verouderd (itsmc status --check)."),
    ("129", "The terminal was closed.", "De terminal is gesloten."),
    ("130", "Interrupted.", "Onderbroken."),
    ("143", "Terminated.", "Beëindigd."),
];
