use crate::model::fault::Fault;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::preferences::PreferencesOutcome;
use crate::ui::app::testing::{model, press, type_text};
use crate::ui::app::update::update;
use crate::ui::tui::testing::snapshots;

fn opened() -> Model {
    let mut model = model();
    type_text(&mut model, ",");
    model
}

#[test]
fn each_value_of_the_preference_in_focus_is_shown() {
    snapshots("preferences/theme", &opened());
    let mut model = opened();
    press(&mut model, &[Key::new(Code::End)]);
    snapshots("preferences/sync", &model);
}

#[test]
fn a_preference_that_was_not_saved_tells_why() {
    let mut model = opened();
    press(&mut model, &[Key::new(Code::Right)]);
    let task = *model.waiting.keys().next_back().unwrap();
    let (path, reason) = ("/home/ada/.config/itsmc/config.toml".into(), "permission denied".into());
    let fault = Fault::NotWritable { path, reason };
    update(&mut model, Message::Outcome(task, PreferencesOutcome::Saved(Err(fault)).into()));
    snapshots("preferences/failed", &model);
}
