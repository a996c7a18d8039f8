use crate::model::check::{Status, Step, StepId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::settings::{SettingsOutcome, Stage};
use crate::ui::app::testing::{model, press, type_text};
use crate::ui::app::update::update;
use crate::ui::app::update::wizard::testing::refused;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::tui::gallery::visit;
use crate::ui::tui::testing::{at_cursor, screen as drawn, snapshots};

/// The settings of the first connection, its days changed.
fn changed() -> Model {
    let mut model = model();
    press(&mut model, &[Key::new(Code::Enter)]);
    type_text(&mut model, "e");
    let is_days = |model: &Model| matches!(model.front(), Some(Screen::Settings(screen)) if screen.details.focus == crate::model::form::FieldId::SyncDays);
    for _ in 0..20 {
        if !is_days(&model) {
            press(&mut model, &[Key::new(Code::Down)]);
        }
    }
    press(&mut model, &[Key::ctrl('u')]);
    type_text(&mut model, "60");
    model
}

/// The same once it is known whether that needs a sign-in.
fn checked(needs_sign_in: bool) -> Model {
    let mut model = changed();
    press(&mut model, &[Key::ctrl('d')]);
    let Some(Screen::Settings(screen)) = model.front() else { panic!() };
    let Stage::Checking(task, _) = screen.stage else { panic!("{:?}", screen.stage) };
    update(&mut model, Message::Outcome(task, SettingsOutcome::Checked(Ok(needs_sign_in)).into()));
    model
}

#[test]
fn a12_the_form_the_secrets_and_the_review() {
    snapshots("settings/form", &changed());
    snapshots("settings/secrets", &checked(true));
    snapshots("settings/review", &checked(false));
    let mut model = checked(true);
    let Some(Screen::Settings(screen)) = model.front_mut() else { panic!() };
    let mut test = LiveTest::untested(screen.spec.test_steps());
    for step in &mut test.steps {
        *step = step_of_refused_sign_in(step.id);
    }
    test.focus = test.steps.iter().position(|step| step.status == Status::Failed).unwrap();
    screen.stage = Stage::Test(test);
    visit("gallery/settings-test", &model);
    let told = drawn(&model, (120, 40));
    assert!(told.contains("✗ The test failed") && told.contains("refused the sign-in"), "{told}");
}

/// How a test ends in which the sign-in is refused.
fn step_of_refused_sign_in(id: StepId) -> Step {
    match id {
        StepId::NameLookup | StepId::Connection | StepId::Tls | StepId::SignIn => refused(id),
        id => Step { status: Status::Skipped, ..Step::todo(id) },
    }
}

#[test]
fn a42_the_cursor_stands_in_the_field_in_focus() {
    let mut model = changed();
    assert_eq!(at_cursor(&model, (80, 24)).as_deref().map(str::trim), Some(""), "behind what was typed");
    press(&mut model, &[Key::new(Code::Up)]);
    let at = at_cursor(&model, (80, 24)).unwrap_or_default();
    assert!(at.starts_with('›') || at.starts_with("[x]"), "{at}");
}
