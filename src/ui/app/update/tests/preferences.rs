//! The settings of the whole program, changed by keys.

use crate::model::colours::Colours;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::preference::Preference;
use crate::model::settings::Settings;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::preferences::{Preferences, PreferencesJob, PreferencesOutcome};
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::update::testing::Driver;

fn preferences(model: &Model) -> &Preferences {
    match model.front() {
        Some(Screen::Preferences(screen)) => screen,
        other => panic!("{other:?}"),
    }
}

/// What is being saved.
fn saving(driver: &Driver) -> Option<(TaskId, Vec<(Preference, String)>)> {
    driver.running.iter().find_map(|(task, job)| match job {
        Job::Screen(ScreenJob::Preferences(PreferencesJob::Save(chosen))) => Some((*task, chosen.clone())),
        _ => None,
    })
}

fn answer(driver: &mut Driver, answer: Result<(), Fault>) -> Vec<Effect> {
    let (task, _) = saving(driver).unwrap();
    driver.running.remove(&task);
    driver.send(Message::Outcome(task, PreferencesOutcome::Saved(answer).into()))
}

/// The config file is read with these settings.
fn read(driver: &mut Driver, settings: Settings) -> Vec<Effect> {
    let is_config = |job: &&Job| matches!(job, Job::LoadConfig);
    let task = *driver.running.iter().find(|(_, job)| is_config(job)).unwrap().0;
    driver.running.remove(&task);
    let connections = driver.model.entries().iter().map(|entry| entry.connection.clone()).collect();
    driver.send(Message::Outcome(task, Outcome::Config(Ok((settings, connections)))))
}

fn light() -> Settings {
    Settings { theme: Colours::Light, ..Settings::default() }
}

#[test]
fn a_choice_is_saved_and_the_config_file_read_again() {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text(",");
    driver.press(Code::Right);
    driver.press(Code::Right);
    assert_eq!(saving(&driver).unwrap().1, [(Preference::Theme, "dark".to_owned())], "one is written at a time");
    answer(&mut driver, Ok(()));
    assert_eq!(saving(&driver).unwrap().1, [(Preference::Theme, "light".to_owned())], "then the last choice");
    answer(&mut driver, Ok(()));
    assert_eq!(saving(&driver), None);
    read(&mut driver, light());
    assert_eq!(driver.model.settings.theme, Colours::Light);
    assert_eq!(preferences(&driver.model).chosen, light());
    driver.type_text("q");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn a_choice_that_is_not_saved_goes_back_and_tells_why() {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text(", ");
    let fault = Fault::NotWritable { path: "config.toml".into(), reason: "it is read-only".into() };
    answer(&mut driver, Err(fault.clone()));
    assert_eq!(preferences(&driver.model).chosen, Settings::default());
    assert_eq!(preferences(&driver.model).fault, Some(fault));
}

#[test]
fn the_language_follows_the_config_file_unless_the_command_line_chose_one() {
    for (usual, spoken) in [(Some(Lang::En), Lang::Nl), (None, Lang::En)] {
        let mut driver = Driver::new(&["contoso"], 3);
        driver.model.usual_lang = usual;
        driver.send(Message::ConfigChanged);
        read(&mut driver, Settings { lang: Some(Lang::Nl), ..Settings::default() });
        assert_eq!(driver.model.lang, spoken, "{usual:?}");
    }
}

#[test]
fn the_mouse_is_on_from_the_start_where_that_is_set_and_m_switches_it_until_the_setting_changes() {
    let mut driver = Driver::new(&["contoso"], 3);
    let configured = |driver: &mut Driver, mouse| {
        driver.send(Message::ConfigChanged);
        let effects = read(driver, Settings { mouse, ..Settings::default() });
        effects.into_iter().find_map(|effect| if let Effect::Mouse(on) = effect { Some(on) } else { None })
    };
    assert_eq!((configured(&mut driver, true), driver.model.mouse), (Some(true), true));
    driver.type_text("m");
    assert_eq!((configured(&mut driver, true), driver.model.mouse), (None, false), "what was switched stays");
    assert_eq!((configured(&mut driver, false), driver.model.mouse), (None, false));
    driver.type_text("m");
    assert_eq!((configured(&mut driver, true), driver.model.mouse), (None, true), "it is on");
    assert_eq!((configured(&mut driver, false), driver.model.mouse), (Some(false), false));
    driver.model.settings.mouse = true;
    let effects = crate::ui::app::update::start(&mut driver.model);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Mouse(true))) && driver.model.mouse, "{effects:?}");
}

#[test]
fn the_command_sets_what_has_the_focus() {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text(",");
    driver.press(Code::End);
    let command = driver.model.front().unwrap().behaviour().command(&driver.model);
    assert_eq!(command, "config set sync_every_minutes 15");
}
