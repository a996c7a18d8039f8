use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::workspace::WorkspaceName;
use crate::ui::app::alert_source::jobs::SeenAlerts;
use crate::ui::app::alert_source::{AlertSourceWizard, SourceStep, SubscriptionTest, Subscriptions};
use crate::ui::app::alerts::testing::{source, standing};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::app::testing::{minutes_ago, model, now};
use crate::ui::app::workspace::testing::{GUID, subscriptions};
use crate::ui::tui::testing::{WIDE, screen, snapshot, snapshots};

fn wizard(step: SourceStep) -> AlertSourceWizard {
    let mut wizard = AlertSourceWizard { step, ..AlertSourceWizard::default() };
    wizard.sign_in.form.name = "production".into();
    wizard.subscriptions.list = Remote::Ready(subscriptions(), now());
    wizard.subscriptions.chosen = subscriptions().into_iter().map(|one| one.id.to_lowercase()).collect();
    wizard
}

fn shown(wizard: AlertSourceWizard) -> Model {
    let mut model = model();
    model.show(wizard);
    model
}

fn tests() -> Vec<SubscriptionTest> {
    let refused = Fault::AlertsForbidden {
        subscription: subscriptions()[1].id.clone(),
        object_id: Some("00000000-0000-4000-8000-00000000000a".into()),
        detail: "AuthorizationFailed".into(),
    };
    let seen = |alerts, more| Ok(SeenAlerts { alerts, more, newest: Some(minutes_ago(3)) });
    let answers = [seen(250, true), Err(refused), seen(0, false)];
    let ids = subscriptions().into_iter().map(|one| one.id).chain([GUID.to_owned()]);
    ids.zip(answers).map(|(subscription, seen)| SubscriptionTest { subscription, seen }).collect()
}

#[test]
fn the_sign_in_of_a_source_has_its_own_words() {
    let mut source = wizard(SourceStep::SignIn);
    source.taken = vec![WorkspaceName::parse("production").unwrap()];
    source.sign_in.form.focus_on(crate::ui::app::workspace_wizard::FormField::Way);
    snapshot("alert-source/sign-in", &shown(source.clone()), (80, 24), Lang::En);
    assert!(screen(&shown(source), (80, 24)).contains("another source has this name"));
}

#[test]
fn the_subscriptions_are_ticked_or_typed() {
    let mut source = wizard(SourceStep::Subscriptions);
    let first = subscriptions()[0].id.to_lowercase();
    source.subscriptions.chosen.remove(&first);
    snapshots("alert-source/subscriptions", &shown(source.clone()));
    source.subscriptions.list = Remote::Failed(Fault::Interrupted);
    assert!(screen(&shown(source), (80, 24)).contains("ctrl-t lets you type IDs"));
    let mut typed = wizard(SourceStep::Subscriptions);
    typed.subscriptions =
        Subscriptions { typed: format!("{GUID}, prod"), typing: Some(3), refused: true, ..typed.subscriptions };
    snapshot("alert-source/typed", &shown(typed), (80, 24), Lang::En);
}

#[test]
fn the_test_says_of_each_subscription_what_may_be_read() {
    let mut source = wizard(SourceStep::Test);
    source.tested = Remote::Ready(tests(), now());
    snapshot("alert-source/test", &shown(source.clone()), (80, 24), Lang::En);
    snapshot("alert-source/test", &shown(source.clone()), (120, 40), Lang::Nl);
    let told = screen(&shown(source), (80, 40));
    assert!(told.contains("Monitoring Reader") && told.contains("00000000-0000-4000-8000-00000000000a"), "{told}");
}

#[test]
fn the_review_says_what_becomes_of_earlier_alerts() {
    let source = wizard(SourceStep::Review);
    let model = shown(source.clone());
    snapshot("alert-source/review", &model, (80, 24), Lang::En);
    snapshot("alert-source/review", &model, WIDE, Lang::En);
    snapshot("alert-source/review", &shown(source), (80, 24), Lang::Nl);
}

#[test]
fn a_saved_source_is_edited_with_all_of_it_in_front() {
    let saved = source("production", 12).settings;
    let mut edited = AlertSourceWizard::edit(&saved);
    snapshots("alert-source/edit", &shown(edited.clone()));
    edited.every = ("4".into(), 1);
    let wrong = screen(&shown(edited), (80, 24));
    assert!(wrong.contains("a number from 5 to 86,400"), "{wrong}");
}

#[test]
fn a_subscription_that_the_sign_in_does_not_see_stays_in_the_list_of_a_saved_source() {
    let mut saved = source("production", 12).settings;
    saved.subscriptions.push("cccccccc-0000-4000-8000-000000000001".into());
    let mut edited = AlertSourceWizard::edit(&saved);
    edited.step = SourceStep::Subscriptions;
    edited.subscriptions.list = Remote::Ready(subscriptions(), now());
    let told = screen(&shown(edited.clone()), (80, 24));
    assert!(told.contains("cccccccc-0000-4000-8000-000000000001"), "{told}");
    assert!(edited.subscriptions.ids().contains(&"cccccccc-0000-4000-8000-000000000001".to_owned()));
}

#[test]
fn the_review_names_a_subscription_that_another_source_reads() {
    let mut model = shown(AlertSourceWizard::edit(&source("production", 12).settings));
    model.facts.alerts.standing = Remote::Ready(standing(vec![source("production", 12), source("test", 12)]), now());
    let told = screen(&model, (80, 24));
    assert!(told.contains("Several sources read subscription") && told.contains("test, production"), "{told}");
}
