use std::path::Path;

use super::place::Place;
use super::{sources, visit};
use crate::ui::app::boxes::{BoxText, Question, QuestionBox, TextBox};
use crate::ui::app::effect::TaskId;
use crate::ui::app::model::Model;
use crate::ui::app::screens::Screen;
use crate::ui::app::testing::{model, name, refused};
use crate::ui::app::wizard::{Opening, Wizard};

#[test]
fn every_place_has_a_picture() {
    let tests = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui/tui"));
    let without: Vec<_> =
        Place::ALL.iter().filter(|place| !tests.contains(&format!("\"{}\"", place.picture()))).collect();
    assert!(without.is_empty(), "no test shows {without:?}");
}

fn asks(question: Question) -> Model {
    model().cover(QuestionBox::new(question))
}

fn source() -> crate::model::alert_source::SourceName {
    crate::ui::app::alerts::testing::source("production", 12).settings.name
}

#[test]
fn every_question_in_every_size() {
    let of = || crate::ui::app::workspace::testing::workspace_name("production");
    let key = || crate::ui::app::alerts::testing::key(2);
    let words = crate::model::lang::Bilingual {
        en: "itsmc sends one query for the last changed incident to https://contoso.service-now.com as azure.integration.".into(),
        nl: "itsmc stuurt één query naar het laatst gewijzigde incident naar https://contoso.service-now.com als azure.integration.".into(),
    };
    let rule = "High CPU on production machines of the network group";
    let told = crate::model::alert_plan::RulePreview { alerts: 1_204, fits: 212, earlier: 31, ..Default::default() };
    visit("gallery/ask-save-signed-out", &asks(Question::SaveSignedOut(name("contoso"))));
    visit("gallery/ask-change-identity", &asks(Question::ChangeIdentity(name("contoso"))));
    visit("gallery/ask-start-over", &asks(Question::StartOver));
    visit("gallery/ask-overwrite", &asks(Question::Overwrite("/home/ada/work items of contoso.csv".into())));
    let item = crate::model::checklist::ItemId::own("rate_limit");
    visit("gallery/ask-look-on-request", &asks(Question::LookOnRequest(item, words)));
    visit("gallery/ask-apply-plan", &asks(Question::ApplyPlan(of(), 6)));
    visit("gallery/ask-send-again", &asks(Question::SendAgain(of())));
    visit("gallery/ask-remove-workspace", &asks(Question::RemoveWorkspace(of())));
    visit("gallery/ask-remove-source", &asks(Question::RemoveSource(source())));
    let switch = Question::SwitchRule { name: rule.into(), on: true, told: Box::new(told) };
    visit("gallery/ask-switch-rule", &asks(switch));
    visit("gallery/ask-retry-alert", &asks(Question::RetryAlert(key(), rule.into())));
    visit("gallery/ask-ignore-alert", &asks(Question::IgnoreAlert(key(), rule.into())));
}

#[test]
fn a_fault_in_full_and_a_wizard_that_looks_for_its_draft() {
    visit("gallery/fault", &model().cover(TextBox::new(BoxText::Fault(refused()))));
    let mut loading = model();
    loading.show(Wizard { opening: Opening::Loading(TaskId(7)), ..Wizard::default() });
    visit("gallery/wizard-loading", &loading);
}

#[test]
fn a_picture_of_another_place_is_told() {
    let Some(Screen::Dashboard(_)) = model().front().cloned() else { panic!() };
    let wrong = std::panic::catch_unwind(|| visit("dashboard/empty", &model()));
    assert!(wrong.is_err());
}
