//! Why a file, a key or the disk cannot be used. The layers below say it in English: in words of ours, in those for an
//! [`std::io::ErrorKind`] ([`crate::model::fault::Fault::from_io`]), or in those of a library.

use super::keyring;
use crate::model::lang::Lang;

/// The reason in the reader's language. What is in no table below is a library's: it is quoted where it is not in that
/// language.
pub fn told(lang: Lang, english: &str) -> String {
    match lang {
        Lang::En => {
            let parts =
                english.split("; ").map(|part| keyring::in_words(lang, part).unwrap_or_else(|| part.to_owned()));
            parts.collect::<Vec<_>>().join("; ")
        }
        Lang::Nl => dutch(english).unwrap_or_else(|| system_said(english)),
    }
}

/// Several reasons, one after the other.
pub fn list(lang: Lang, english: &[String]) -> String {
    english.iter().map(|one| told(lang, one)).collect::<Vec<_>>().join("; ")
}

fn system_said(english: &str) -> String {
    format!("het systeem meldt: \"{english}\"")
}

/// The Dutch of a reason; `None` where no table has it.
fn dutch(english: &str) -> Option<String> {
    if english.is_empty() {
        return Some(String::new());
    }
    let of_keyring = || keyring::in_words(Lang::Nl, english).filter(|_| !english.contains("; "));
    as_told(english)
        .or_else(of_keyring)
        .or_else(|| expected(english))
        .or_else(|| several(english))
        .or_else(|| with_capital(english))
}

fn as_told(english: &str) -> Option<String> {
    REASONS.iter().find_map(|(known, dutch)| Some(filled(dutch, &holes(known, english)?)))
}

/// What a parser found, and what it expected there.
fn expected(english: &str) -> Option<String> {
    let (found, expected) = english.split_once(", expected ")?;
    let nouns = expected.strip_prefix("one of ").unwrap_or(expected).split(", ").map(noun);
    Some(format!("{}; verwacht: {}", as_told(found)?, nouns.collect::<Vec<_>>().join(", ")))
}

/// A thing that a parser names; what stands in quotes is of the file.
fn noun(english: &str) -> String {
    let known = NOUNS.iter().find_map(|(known, dutch)| {
        let rest = english.strip_prefix(known)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| format!("{dutch}{rest}"))
    });
    known.unwrap_or_else(|| english.to_owned())
}

/// Reasons of several places.
fn several(english: &str) -> Option<String> {
    let parts: Vec<_> = english.split("; ").collect();
    (parts.len() > 1).then(|| parts.iter().map(|part| told(Lang::Nl, part)).collect::<Vec<_>>().join("; "))
}

/// The system begins its words with a capital letter, and so does then the Dutch.
fn with_capital(english: &str) -> Option<String> {
    let first = english.chars().next().filter(char::is_ascii_uppercase)?;
    let small = format!("{}{}", first.to_ascii_lowercase(), english.get(1..)?);
    let told = as_told(&small)?;
    let mut letters = told.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}

/// What stands in the places of `{}` of a known text; `None` where it is another text.
fn holes<'a>(known: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = known.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut pieces = pieces.peekable();
    let mut found = Vec::new();
    while let Some(piece) = pieces.next() {
        let at = match pieces.peek() {
            Some(_) => rest.find(piece)?,
            None => rest.len() - rest.ends_with(piece).then_some(piece.len())?,
        };
        found.push(rest.get(..at)?);
        rest = rest.get(at + piece.len()..)?;
    }
    rest.is_empty().then_some(found)
}

/// The text with what stood in the places: at `{}` as it was, at `{*}` in Dutch.
fn filled(dutch: &str, holes: &[&str]) -> String {
    let (mut out, mut rest) = (String::new(), dutch);
    for hole in holes {
        let at = rest.find('{').unwrap_or(rest.len());
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        match rest.strip_prefix("{*}") {
            Some(after) => {
                out.push_str(&told(Lang::Nl, hole));
                rest = after;
            }
            None => {
                out.push_str(hole);
                rest = rest.strip_prefix("{}").unwrap_or(rest);
            }
        }
    }
    out + rest
}

/// Words of ours, of the system, of SQLite and of the parsers of TOML, with their Dutch.
const REASONS: &[(&str, &str)] = &[
    // Of the system, by the kind of the error and by its own words.
    ("it does not exist", "het bestaat niet"),
    ("no such file or directory", "het bestaat niet"),
    ("entity not found", "het bestaat niet"),
    ("it already exists", "het bestaat al"),
    ("file exists", "het bestaat al"),
    ("permission denied", "geen toestemming"),
    ("operation not permitted", "geen toestemming"),
    ("the file system is read-only", "het bestandssysteem is alleen-lezen"),
    ("read-only file system", "het bestandssysteem is alleen-lezen"),
    ("it is a folder", "het is een map"),
    ("is a directory", "het is een map"),
    ("a part of the path is not a folder", "een deel van het pad is geen map"),
    ("not a directory", "een deel van het pad is geen map"),
    ("the folder is not empty", "de map is niet leeg"),
    ("there is no space left", "er is geen ruimte meer"),
    ("no space left on device", "er is geen ruimte meer op de schijf"),
    ("disk quota exceeded", "het quotum van de schijf is op"),
    ("it is too large", "het is te groot"),
    ("its name is too long or not valid", "de naam is te lang of ongeldig"),
    ("file name too long", "de naam is te lang of ongeldig"),
    ("it is in use", "het is in gebruik"),
    ("device or resource busy", "het is in gebruik"),
    ("it ends too early", "het houdt te vroeg op"),
    ("the memory is full", "het geheugen is vol"),
    ("cannot allocate memory", "het geheugen is vol"),
    ("the system does not support this", "het systeem ondersteunt dit niet"),
    ("operation not supported", "het systeem ondersteunt dit niet"),
    ("function not implemented", "het systeem ondersteunt dit niet"),
    ("no locks available", "er zijn geen vergrendelingen meer"),
    ("invalid argument", "het systeem neemt dit niet aan"),
    ("input/output error", "de schijf kan niet lezen of schrijven"),
    ("the network drive does not answer", "de netwerkschijf antwoordt niet"),
    ("it was interrupted", "het is onderbroken"),
    ("no answer in time", "geen antwoord op tijd"),
    ("connection timed out", "geen antwoord op tijd"),
    ("connection reset by peer", "de andere kant brak de verbinding af"),
    ("connection refused", "de verbinding is geweigerd"),
    ("broken pipe", "de andere kant brak de verbinding af"),
    ("too many open files", "er zijn te veel bestanden open"),
    ("nobody writes into this pipe", "niemand schrijft in deze pijp"),
    ("the reply was cut off", "het antwoord is afgebroken"),
    // Of texts and files.
    ("line {}: {}", "regel {}: {*}"),
    ("{} at line {}", "{*} (regel {})"),
    ("the text is in {}; save it as UTF-8", "de tekst is in {*}; sla die op als UTF-8"),
    ("another encoding than UTF-8 (such as Windows-1252)", "een andere codering dan UTF-8 (zoals Windows-1252)"),
    ("damaged UTF-16", "beschadigde UTF-16"),
    ("UTF-32", "UTF-32"),
    ("not UTF-8", "geen UTF-8"),
    ("stream did not contain valid UTF-8", "geen geldige UTF-8"),
    ("not TOML", "geen TOML"),
    ("KEY = \"TEXT\"", "SLEUTEL = \"TEKST\""),
    ("larger than {}", "groter dan {}"),
    ("a folder, not a file", "een map, geen bestand"),
    ("a socket or a device, not a file", "een socket of een apparaat, geen bestand"),
    ("no certificate in PEM form", "geen certificaat in PEM-vorm"),
    ("it is too large for a federated token", "het is te groot voor een gefedereerd token"),
    ("it is empty", "het is leeg"),
    // Of the database.
    (
        "it is of an older itsmc and must be upgraded first",
        "die is van een oudere itsmc en moet eerst worden bijgewerkt",
    ),
    ("file is not a database", "dit is geen database"),
    ("database disk image is malformed", "de database is beschadigd"),
    ("unable to open database file", "de database gaat niet open"),
    ("attempt to write a readonly database", "de database is alleen-lezen"),
    ("disk I/O error", "de schijf kan niet lezen of schrijven"),
    ("a kind '{}'", "een soort '{}'"),
    ("a state '{}'", "een status '{}'"),
    // Of the vault and its key.
    ("this key does not open it", "deze sleutel opent die niet"),
    ("its own key does not open it", "de eigen sleutel opent die niet"),
    ("its key does not open this vault", "de sleutel ervan opent deze kluis niet"),
    ("it was removed while itsmc was running", "die is verwijderd terwijl itsmc liep"),
    ("it was just removed", "die is zojuist verwijderd"),
    ("it holds no key", "er staat geen sleutel in"),
    ("{} holds no AGE-SECRET-KEY", "in {} staat geen AGE-SECRET-KEY"),
    ("it printed no AGE-SECRET-KEY", "de opdracht drukte geen AGE-SECRET-KEY af"),
    ("its entry is no AGE-SECRET-KEY", "wat erin staat is geen AGE-SECRET-KEY"),
    ("it does not start: {}", "de opdracht start niet: {*}"),
    ("it failed ({})", "de opdracht is mislukt ({})"),
    ("no answer within {} s", "geen antwoord binnen {} s"),
    ("no passphrase was entered", "er is geen wachtzin ingevuld"),
    (
        "no passphrase was given, and nobody can be asked",
        "er is geen wachtzin opgegeven, en er is niemand om het te vragen",
    ),
    ("the passphrase is empty", "de wachtzin is leeg"),
    ("the keyring is locked", "de sleutelbos is vergrendeld"),
    ("no session bus", "er is geen sessiebus"),
    ("not a terminal", "geen terminal"),
    ("the passphrase file {} does not exist", "het wachtzinbestand {} bestaat niet"),
    ("the passphrase file: {}", "het wachtzinbestand: {*}"),
    ("{} is not set", "{} is niet ingesteld"),
    ("it was not to be used", "die mocht niet worden gebruikt"),
    ("itsmc cannot put a key there", "itsmc kan daar geen sleutel neerzetten"),
    ("it gives back another key", "die geeft een andere sleutel terug"),
    ("keyring: {}", "sleutelbos: {*}"),
    ("passphrase: {}", "wachtzin: {*}"),
    ("key file {}: {}", "sleutelbestand {}: {*}"),
    ("ITSMC_KEY_CMD: {}", "ITSMC_KEY_CMD: {*}"),
    ("$CREDENTIALS_DIRECTORY/itsmc-key: {}", "$CREDENTIALS_DIRECTORY/itsmc-key: {*}"),
    // Of the config file.
    ("connection '{}' is there twice", "verbinding '{}' staat er twee keer"),
    ("workspace '{}' is there twice", "werkruimte '{}' staat er twee keer"),
    ("alert_source '{}' is there twice", "alert_source '{}' staat er twee keer"),
    (
        "connections '{}' and '{}': the names look alike (capitals do not count); change one",
        "verbindingen '{}' en '{}': de namen lijken op elkaar (hoofdletters tellen niet); wijzig er een",
    ),
    (
        "connection '{}': workspaces names '{}', and there is no such workspace",
        "verbinding '{}': workspaces noemt '{}', en die werkruimte is er niet",
    ),
    (
        "connection '{}': server_url is not a base URL that may be used; write \"{}\"",
        "verbinding '{}': server_url is geen bruikbare basis-URL; schrijf \"{}\"",
    ),
    (
        "connection '{}': server_url is not a base URL that may be used",
        "verbinding '{}': server_url is geen bruikbare basis-URL",
    ),
    (
        "connection '{}': work_items is empty, so nothing would be synced",
        "verbinding '{}': work_items is leeg, dus er zou niets worden gesynchroniseerd",
    ),
    ("connection '{}': work_items names '{}' twice", "verbinding '{}': work_items noemt '{}' twee keer"),
    ("connection '{}': sync_days is not within {} to {}", "verbinding '{}': sync_days is niet {} tot {}"),
    ("sync_every_minutes is not within {} to {}", "sync_every_minutes is niet {} tot {}"),
    ("columns is empty, so tables would show nothing", "columns is leeg, dus tabellen zouden niets tonen"),
    ("columns names one twice", "columns noemt er een twee keer"),
    ("workspace '{}': {}", "werkruimte '{}': {*}"),
    ("alert_source '{}': {}", "alert_source '{}': {*}"),
    ("azure.cloud: {}", "azure.cloud: {*}"),
    ("such names are kept for alert sources", "zulke namen zijn voor meldingsbronnen"),
    ("{} is missing", "{} ontbreekt"),
    ("{} is not a GUID", "{} is geen GUID"),
    ("{} is not the ID or the domain of a tenant", "{} is niet de ID of het domein van een tenant"),
    ("{} is not the name of a resource group", "{} is niet de naam van een resourcegroep"),
    ("{} is not the name of a workspace", "{} is niet de naam van een werkruimte"),
    (
        "{} is not the name of a custom table, which ends with _CL",
        "{} is niet de naam van een eigen tabel, die op _CL eindigt",
    ),
    ("{} is the same as table", "{} is gelijk aan table"),
    ("{} is not 5 to 86400", "{} is niet 5 tot 86400"),
    ("{} is not a base URL", "{} is geen basis-URL"),
    // Of the parsers of TOML.
    ("expected a value", "een waarde ontbreekt"),
    ("expected a text or a list of texts", "hier hoort een tekst of een lijst van teksten"),
    ("expected \"none\" or {}", "hier hoort \"none\" of {}"),
    ("missing field `{}`", "`{}` ontbreekt"),
    ("unknown field `{}`", "onbekende sleutel `{}`"),
    ("unknown variant `{}`", "onbekende waarde `{}`"),
    ("duplicate field `{}`", "`{}` staat er twee keer"),
    ("duplicate key", "deze sleutel staat er twee keer"),
    ("duplicate key `{}`", "de sleutel `{}` staat er twee keer"),
    ("invalid type: string {}", "tekst {} hoort hier niet"),
    ("invalid type: integer {}", "geheel getal {} hoort hier niet"),
    ("invalid type: floating point {}", "getal {} hoort hier niet"),
    ("invalid type: boolean {}", "{} hoort hier niet"),
    ("invalid type: map", "een tabel hoort hier niet"),
    ("invalid type: sequence", "een lijst hoort hier niet"),
    ("invalid value: string {}", "tekst {} kan hier niet"),
    ("invalid value: integer {}", "geheel getal {} kan hier niet"),
    ("invalid value", "ongeldige waarde"),
    ("invalid boolean", "ongeldige waarde"),
    ("invalid string", "ongeldige tekst"),
    ("invalid float", "ongeldig getal"),
    ("invalid integer number", "ongeldig getal"),
    ("invalid hexadecimal number", "ongeldig getal"),
    ("invalid octal number", "ongeldig getal"),
    ("invalid binary number", "ongeldig getal"),
    ("invalid mantissa", "ongeldig getal"),
    ("invalid fraction", "ongeldig getal"),
    ("invalid exponent", "ongeldig getal"),
    ("invalid date-time", "ongeldige datum of tijd"),
    ("invalid key", "ongeldige sleutel"),
    ("invalid table", "ongeldige tabel"),
    ("invalid inline table element", "ongeldig onderdeel van een tabel"),
    ("missing key for inline table element", "een sleutel ontbreekt in de tabel"),
    ("missing array opening", "een [ ontbreekt"),
    ("missing table open", "een [ ontbreekt"),
    ("missing inline table opening", "een { ontbreekt"),
    ("missing comment start", "een # ontbreekt"),
    ("unexpected content between comment and newline", "dit hoort hier niet"),
    ("too few unicode value digits", "de Unicode-code is te kort"),
    ("string values must be quoted", "een tekst moet tussen aanhalingstekens staan"),
    ("missing value for key", "de waarde van de sleutel ontbreekt"),
    ("missing value", "de waarde ontbreekt"),
    ("key with no value", "sleutel zonder waarde"),
    ("missing opening quote", "het aanhalingsteken aan het begin ontbreekt"),
    ("unexpected key or value", "hier hoort geen sleutel of waarde"),
    ("unexpected content", "dit hoort hier niet"),
    ("invalid unquoted key", "ongeldige sleutel zonder aanhalingstekens"),
    ("unquoted keys cannot be empty", "een sleutel mag niet leeg zijn"),
    ("unclosed table", "de kop van de tabel is niet gesloten"),
    ("unclosed array table", "de kop van de tabel is niet gesloten"),
    ("unclosed array", "de lijst is niet gesloten"),
    ("unclosed inline table", "de tabel is niet gesloten"),
    ("invalid basic string", "ongeldige tekst"),
    ("invalid literal string", "ongeldige tekst"),
    ("invalid multi-line basic string", "ongeldige tekst"),
    ("invalid multi-line literal string", "ongeldige tekst"),
    ("extra `=`", "een `=` te veel"),
    ("unexpected `=` in array", "een `=` hoort niet in een lijst"),
    ("extra comma in array", "een komma te veel in de lijst"),
    ("extra comma in inline table", "een komma te veel in de tabel"),
    ("missing comma between array elements", "een komma ontbreekt in de lijst"),
    ("missing comma between key-value pairs", "een komma ontbreekt in de tabel"),
    ("missing assignment between key-value pairs", "een `=` ontbreekt"),
    ("extra assignment between key-value pairs", "een `=` te veel"),
    ("unexpected leading zero", "een getal mag niet met 0 beginnen"),
    ("unexpected sign", "hier hoort geen plus of min"),
    ("missing escaped value", "na de \\ ontbreekt een teken"),
    ("carriage return must be followed by newline", "na een carriage return hoort een nieuwe regel"),
    ("invalid comment character", "ongeldig teken in een opmerking"),
];

/// What the parsers of TOML expect somewhere.
const NOUNS: &[(&str, &str)] = &[
    ("value", "een waarde"),
    ("key", "een sleutel"),
    ("newline", "een nieuwe regel"),
    ("digits", "cijfers"),
    ("letters", "letters"),
    ("numbers", "cijfers"),
    ("characters", "tekens"),
    ("printable characters", "leesbare tekens"),
    ("basic string", "een tekst"),
    ("literal string", "een tekst"),
    ("a string", "een tekst"),
    ("string", "een tekst"),
    ("a boolean", "true of false"),
    ("a sequence", "een lijst"),
    ("a map", "een tabel"),
    ("a table", "een tabel"),
    ("i64", "een geheel getal"),
    ("u16", "een geheel getal"),
    ("u32", "een geheel getal"),
    ("u64", "een geheel getal"),
    ("f64", "een getal"),
];

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::path::Path;

    use super::*;
    use crate::model::encoding::decode;
    use crate::model::fault::Fault;
    use crate::texts::fault::cause;

    #[test]
    fn the_usual_errors_of_files_have_words_in_both_languages() {
        let kinds = [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::AlreadyExists,
            ErrorKind::IsADirectory,
            ErrorKind::NotADirectory,
            ErrorKind::DirectoryNotEmpty,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::FileTooLarge,
            ErrorKind::InvalidFilename,
            ErrorKind::ResourceBusy,
            ErrorKind::UnexpectedEof,
            ErrorKind::OutOfMemory,
            ErrorKind::Unsupported,
            ErrorKind::TimedOut,
            ErrorKind::StaleNetworkFileHandle,
            ErrorKind::Interrupted,
        ];
        for kind in kinds {
            let fault = Fault::from_io(Path::new("/x"), &Error::from(kind));
            let [english, dutch] = [Lang::En, Lang::Nl].map(|lang| cause(lang, &fault));
            assert!(!english.is_empty() && english != dutch, "{kind:?}: {english}");
            assert!(!dutch.contains("systeem meldt"), "{kind:?}: {dutch}");
        }
    }

    #[test]
    fn the_systems_own_words_begin_as_they_did() {
        assert_eq!(told(Lang::Nl, "Permission denied"), "Geen toestemming");
        assert_eq!(told(Lang::En, "Permission denied"), "Permission denied");
    }

    #[test]
    fn text_that_is_not_utf_8_is_told_in_dutch() {
        for bytes in [&b"a\n\xfc"[..], b"\xff\xfe\0\0", b"\xff\xfea"] {
            let english = decode(bytes).unwrap_err().reason();
            let dutch = told(Lang::Nl, &english);
            assert!(dutch.starts_with("regel ") && dutch.ends_with("; sla die op als UTF-8"), "{dutch}");
            assert!(!dutch.contains("systeem meldt") && !dutch.contains("the text"), "{dutch}");
        }
    }

    #[test]
    fn what_is_wrong_with_toml_is_told_in_dutch() {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Shape {
            #[expect(dead_code, reason = "only read")]
            name: String,
            #[expect(dead_code, reason = "only read")]
            days: Option<u16>,
        }
        let texts = [
            "name =",
            "name = \n",
            "name",
            "name = text",
            "name = \"text",
            "name = 1",
            "name = \"a\"\nname = \"b\"",
            "name = \"a\"\ndays = \"b\"",
            "name = \"a\"\nother = 1",
            "days = 1",
            "[table",
            "name = [1 2",
            "= 1",
        ];
        let told = texts.map(|text| {
            let error = toml::from_str::<Shape>(text).err().unwrap();
            told(Lang::Nl, &format!("line 1: {}", error.message()))
        });
        let english: Vec<_> = told.iter().filter(|told| told.contains("systeem meldt")).collect();
        assert!(english.is_empty(), "{english:#?}");
    }

    #[test]
    fn what_no_table_has_is_quoted_as_the_systems() {
        assert_eq!(told(Lang::Nl, "boo"), "het systeem meldt: \"boo\"");
        let places = told(Lang::Nl, "keyring: boo; passphrase: the passphrase is empty");
        assert_eq!(places, "sleutelbos: het systeem meldt: \"boo\"; wachtzin: de wachtzin is leeg");
    }

    #[test]
    fn what_the_library_of_a_keyring_says_is_told_in_words() {
        let raw = "the platform's store failed: DBus error: The name org.freedesktop.secrets was not provided by any .service files";
        let locked = "the platform's store may not be used: Secret Service: prompt was dismissed";
        for lang in [Lang::En, Lang::Nl] {
            for reason in [raw.to_owned(), locked.to_owned(), format!("keyring: {raw}; passphrase: {locked}")] {
                let told = told(lang, &reason);
                let is_raw = ["DBus", "freedesktop", "platform", "prompt", "systeem meldt"]
                    .iter()
                    .any(|part| told.contains(part));
                assert!(!is_raw && !told.is_empty(), "{told}");
            }
            assert!(told(lang, locked).contains(if lang == Lang::En { "locked" } else { "vergrendeld" }));
        }
    }

    #[test]
    fn what_is_wrong_with_columns_of_the_config_is_told_in_dutch() {
        for english in ["columns names one twice", "columns is empty, so tables would show nothing"] {
            let dutch = told(Lang::Nl, english);
            assert!(dutch.starts_with("columns ") && !dutch.contains("systeem meldt"), "{dutch}");
        }
    }

    #[test]
    fn every_hole_of_a_reason_has_a_place_in_the_dutch() {
        for (english, dutch) in REASONS {
            let places = dutch.matches("{}").count() + dutch.matches("{*}").count();
            assert_eq!(english.matches("{}").count(), places, "{english}");
        }
    }
}
