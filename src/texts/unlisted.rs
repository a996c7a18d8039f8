//! What the config file lost, in words: what it is and what no longer happens, and what to do.

use crate::model::lang::Lang;
use crate::model::unlisted::Unlisted;

crate::texts! {
    connection(name: &str),
        "{name} is stored here but is no longer in the config file, so it is not synced",
        "{name} is hier opgeslagen maar staat niet meer in het configuratiebestand, en wordt dus niet gesynchroniseerd";
    connection_remedy(name: &str, path: &str),
        "Restore {path} from a backup, add the connection again, or remove what is left: itsmc connection remove {name}",
        "Zet {path} terug uit een back-up, voeg de verbinding opnieuw toe, of verwijder wat er nog is: itsmc connection remove {name}";
    workspace(name: &str),
        "Rows were sent to the workspace {name}, which is no longer in the config file, so nothing is sent to it",
        "Er zijn rijen verzonden naar de werkruimte {name}, die niet meer in het configuratiebestand staat; er wordt dus niets meer naartoe verzonden";
    workspace_remedy(name: &str, path: &str),
        "Restore {path} from a backup, add the workspace again, or remove what is left: itsmc workspace remove {name}",
        "Zet {path} terug uit een back-up, voeg de werkruimte opnieuw toe, of verwijder wat er nog is: itsmc workspace remove {name}";
    source(name: &str),
        "The alert source {name} was read here but is no longer in the config file, so its alerts are not read",
        "De meldingsbron {name} is hier gelezen maar staat niet meer in het configuratiebestand; de meldingen ervan worden dus niet gelezen";
    source_remedy(name: &str, path: &str),
        "Restore {path} from a backup, add the source again, or remove what is left: itsmc alert source remove {name}",
        "Zet {path} terug uit een back-up, voeg de bron opnieuw toe, of verwijder wat er nog is: itsmc alert source remove {name}";
}

/// What is lost.
pub fn summary(lang: Lang, lost: &Unlisted) -> String {
    match lost {
        Unlisted::Connection(name) => connection(lang, name.as_str()),
        Unlisted::Workspace(name) => workspace(lang, name.as_str()),
        Unlisted::Source(name) => source(lang, name.as_str()),
    }
}

/// What to do; `path` is the config file's.
pub fn remedy(lang: Lang, lost: &Unlisted, path: &str) -> String {
    match lost {
        Unlisted::Connection(name) => connection_remedy(lang, name.as_str(), path),
        Unlisted::Workspace(name) => workspace_remedy(lang, name.as_str(), path),
        Unlisted::Source(name) => source_remedy(lang, name.as_str(), path),
    }
}
