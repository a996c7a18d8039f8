//! Remedies as a screen tells them. The texts name a command; where a key of the screen in front does the same to the same
//! thing, the key comes first.

use super::dashboard;
use super::key::Key;
use super::keymap::keymap;
use super::model::Model;
use super::screens::Screen;
use crate::model::fault::Fault;
use crate::texts::{fault as faults, keys};

/// A command that a key does as well: what it begins with, and the key.
type Command = (&'static str, char);

/// What the keys of a connection and of the dashboard do to the connection in front.
const OF_CONNECTION: &[Command] = &[
    ("itsmc token rotate", 'R'),
    ("itsmc connection edit", 'e'),
    ("itsmc connection test", 't'),
    ("itsmc verify", 'v'),
    ("itsmc deploy service-manager", 'D'),
];
/// What those of a workspace do.
const OF_WORKSPACE: &[Command] = &[
    ("itsmc workspace sign-in", 'R'),
    ("itsmc workspace plan", 'p'),
    ("itsmc workspace apply", 'M'),
    ("itsmc workspace verify", 'v'),
    ("itsmc workspace send", 'T'),
];
/// What those of a source of alerts do.
const OF_SOURCE: &[Command] = &[("itsmc alert source edit", 'e')];
/// What those of the other screens of alerts do; these commands name nothing.
const OF_ALERTS: &[Command] = &[
    ("itsmc alert source list", 'z'),
    ("itsmc alert rule list", 'u'),
    ("itsmc alert check", 'r'),
    ("itsmc alert preview", 'P'),
];

/// What those of one alert do to its tickets.
const OF_ALERT: &[Command] = &[("itsmc ticket dismiss", ' '), ("itsmc ticket retry", 's')];

/// What stands in commands for the name of any one.
const ANY: [&str; 2] = ["NAME", "NAAM"];

/// What fixes this, as the screen in front can do it.
pub fn remedy(model: &Model, fault: &Fault) -> String {
    with_keys(model, &faults::remedy(model.lang, fault))
}

/// A text with the keys of the screen in front before the commands that they do as well.
pub fn with_keys(model: &Model, told: &str) -> String {
    let (subject, commands) = commands(model);
    let keymap = keymap(model);
    let works = |key: char| keymap.iter().any(|binding| binding.enabled && binding.keys.contains(&Key::char(key)));
    let mut told = told.to_owned();
    for (command, key) in commands.iter().filter(|(_, key)| works(*key)) {
        let Some(at) = told.find(&format!(": {command}")).map(|at| at + 2) else { continue };
        let whole = told.get(at..).unwrap_or_default();
        let whole = whole.find(". ").map_or(whole, |end| whole.get(..end).unwrap_or_default()).to_owned();
        let named = whole.get(command.len()..).unwrap_or_default().split_whitespace().next();
        let shown = match (subject, named) {
            (Some(subject), Some(named)) if ANY.contains(&named) => whole.replacen(named, subject, 1),
            (Some(subject), Some(named)) if named == subject => whole.clone(),
            // It names nothing.
            (Some(_), Some(named)) if named.starts_with('-') => whole.clone(),
            (Some(_), _) => continue,
            (None, _) => whole.clone(),
        };
        told.replace_range(at..at + whole.len(), &keys::press_or(model.lang, &Key::char(*key).to_string(), &shown));
    }
    told
}

/// What the keys of the screen in front act on, if it has a name, and the commands that they do.
fn commands(model: &Model) -> (Option<&str>, &'static [Command]) {
    match model.front() {
        Some(Screen::Connection(screen)) => (Some(screen.name.as_str()), OF_CONNECTION),
        Some(Screen::Dashboard(screen)) => {
            let place = dashboard::place(model, screen);
            let focused = place.shown.get(place.focus).map(|entry| entry.connection.name.as_str());
            (focused, focused.map_or(&[], |_| OF_CONNECTION))
        }
        Some(Screen::Workspace(screen)) => (Some(screen.name.as_str()), OF_WORKSPACE),
        Some(Screen::AlertSources(screen)) => {
            (model.alerts.sources().get(screen.cursor).map(|source| source.settings.name.as_str()), OF_SOURCE)
        }
        Some(Screen::AlertSource(wizard)) => (wizard.saved.as_ref().map(|saved| saved.name.as_str()), OF_SOURCE),
        Some(Screen::Alerts(_) | Screen::AlertRules(_)) => (None, OF_ALERTS),
        Some(Screen::Alert(_)) => (None, OF_ALERT),
        _ => (None, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lang::Lang;
    use crate::model::partner::PartnerId;
    use crate::ui::app::connection::ConnectionScreen;
    use crate::ui::app::key::Code;
    use crate::ui::app::testing::{self, entry, model, name, press, summary, type_text, with};

    fn on_tokens() -> Model {
        let mut model = model();
        model.show(ConnectionScreen::new(name("contoso"), &[]));
        type_text(&mut model, "llll");
        model
    }

    #[test]
    fn a_remedy_says_the_key_of_the_screen_in_front_before_the_command() {
        let fault = Fault::SignedOut { connection: "contoso".into() };
        let mut model = on_tokens();
        assert_eq!(remedy(&model, &fault), "Sign in again: press R (itsmc token rotate contoso)");
        model.facts.lang = Lang::Nl;
        assert_eq!(remedy(&model, &fault), "Meld u opnieuw aan: druk op R (itsmc token rotate contoso)");
    }

    #[test]
    fn a_remedy_for_another_connection_or_where_the_key_does_nothing_names_the_command_alone() {
        let other = Fault::SignedOut { connection: "ams-test".into() };
        assert_eq!(remedy(&on_tokens(), &other), "Sign in again: itsmc token rotate ams-test");
        let mut asking = on_tokens();
        press(&mut asking, &[Key::char('R')]);
        let ours = Fault::SignedOut { connection: "contoso".into() };
        assert_eq!(remedy(&asking, &ours), "Sign in again: itsmc token rotate contoso", "the form types R");
    }

    #[test]
    fn a_command_that_names_nothing_gets_its_key_as_well() {
        let mut scsm = entry("scsm", summary());
        scsm.connection.partner = PartnerId::new("service-manager");
        let mut model = with(vec![scsm]);
        press(&mut model, &[Key::new(Code::Enter)]);
        type_text(&mut model, "lll");
        let missing = Fault::SettingsMissing { names: "ida:Tenant".into() };
        let told = remedy(&model, &missing);
        assert!(told.ends_with("as a file to deploy: press D (itsmc deploy service-manager --out DIR)"), "{told}");
    }

    /// A remedy with a command in quotes cannot get a key: what a key does stands behind a colon.
    #[test]
    fn no_remedy_has_a_command_in_quotes_that_a_key_does_as_well() {
        let all = [OF_CONNECTION, OF_WORKSPACE, OF_SOURCE, OF_ALERTS].concat();
        for fault in testing::faults() {
            let told = faults::remedy(Lang::En, &fault);
            let quoted = all.iter().find(|(command, _)| told.contains(&format!("'{command}")));
            assert!(quoted.is_none(), "{quoted:?}: {told}");
        }
    }

    #[test]
    fn a_command_for_any_name_gets_the_name_of_the_screen_and_what_follows_stays() {
        let told = with_keys(&on_tokens(), "Change it: itsmc connection edit NAME --set a=b. Then test again.");
        assert_eq!(told, "Change it: press e (itsmc connection edit contoso --set a=b). Then test again.");
    }
}
