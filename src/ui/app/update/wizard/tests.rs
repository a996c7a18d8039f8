use rstest::rstest;

use super::command;
use super::testing::{Driver, SECRETS, now, passed, refused};
use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::checklist::ItemId;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::form::{FieldId, FieldNotice, FieldProblem, Form};
use crate::model::partner::PartnerId;
use crate::model::work_item::WorkItemKind;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::Tab;
use crate::ui::app::effect::{Effect, Job, TestSubject};
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Notice, Screen};
use crate::ui::app::testing::{checklist, connection};
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Mark, Opening, Saving};

fn step(driver: &Driver) -> WizardStep {
    driver.wizard().step
}

fn text(driver: &Driver, field: FieldId) -> String {
    driver.wizard().details.form.text(field).to_owned()
}

fn secret(driver: &Driver, field: FieldId) -> String {
    driver.wizard().details.form.secrets.get(&field).map(|secret| secret.expose().to_owned()).unwrap_or_default()
}

fn draft() -> Draft {
    Draft {
        partner: PartnerId::new("servicenow"),
        step: "test".into(),
        texts: [(FieldId::Name, "contoso"), (FieldId::ServerUrl, "contoso"), (FieldId::SyncDays, "14")]
            .map(|(field, text)| (field, text.to_owned()))
            .into(),
        work_items: [WorkItemKind::Incident].into(),
        create_configuration_items: true,
        grant: crate::model::connection::Grant::Password,
        confirmed: [("user_app".to_owned(), now())].into(),
    }
}

#[test]
fn the_whole_way_by_keys() {
    let mut driver = Driver::new();
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Prerequisites);
    driver.keys("down space enter");
    assert_eq!(step(&driver), WizardStep::Details);
    driver.text("contoso").keys("tab").text("contoso").keys("tab tab").text("azure.integration").keys("tab");
    driver.paste(SECRETS[0]).keys("tab").paste("6e1b").keys("tab").paste(SECRETS[1]).keys("enter enter enter enter");
    assert_eq!(step(&driver), WizardStep::Test);
    driver.answer_all(passed);
    assert!(driver.wizard().test.passed());
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Checklist);
    driver.look(|job| matches!(job, Job::CheckCandidate(_))).keys("enter");
    assert_eq!(step(&driver), WizardStep::Review);
    let connection = driver.wizard().test.subject.as_ref().unwrap().connection.clone();
    driver.keys("enter");
    let task = driver.task(|job| matches!(job, Job::SaveConnection(form) if form.connection == connection));
    driver.send(Message::Outcome(task, Outcome::Saved(Ok(()))));
    assert_eq!(step(&driver), WizardStep::FirstSync);
    driver.task(|job| *job == Job::DropDraft);
    driver.config(vec![connection.clone()]);
    driver.task(|job| *job == Job::Sync { connection: connection.name.clone(), full: false });
    driver.keys("enter");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(dashboard)) if dashboard.focus == 0));
}

#[test]
fn back_and_forth_loses_nothing() {
    let mut driver = Driver::testing();
    let form = driver.wizard().details.form.clone();
    driver.keys("esc esc esc");
    assert_eq!(step(&driver), WizardStep::Partner);
    driver.keys("enter enter");
    assert_eq!(step(&driver), WizardStep::Details);
    assert_eq!(driver.wizard().details.form, form);
}

#[test]
fn the_forms_of_the_demo_come_with_a_name_that_no_connection_has() {
    let mut driver = Driver::new();
    let spec = driver.model.catalogue.all()[0].clone();
    let mut form = Form::new(&spec);
    form.texts.insert(FieldId::Name, "contoso".to_owned());
    driver.model.facts.practice = vec![form];
    driver.config(["contoso", "Contoso-2"].map(connection).to_vec()).keys("enter enter");
    assert_eq!((step(&driver), text(&driver, FieldId::Name)), (WizardStep::Details, "contoso-3".to_owned()));
}

#[test]
fn a_partner_that_is_not_built_yet_cannot_be_chosen() {
    let (mut driver, partner) = Driver::with_unbuilt_partner();
    driver.keys("down enter");
    assert_eq!(step(&driver), WizardStep::Partner);
    let fault = Fault::PartnerNotReady { partner };
    assert_eq!(driver.model.notice, Some(Notice::Fault(fault)));
}

#[test]
fn only_what_the_admin_can_confirm_is_ticked_and_the_time_is_noted() {
    let mut driver = Driver::new();
    driver.keys("enter space");
    assert!(driver.wizard().confirmed.is_empty(), "the first one is tested by us");
    driver.keys("down space");
    assert_eq!(driver.wizard().confirmed.get("oauth_application"), Some(&now()));
    assert_eq!(driver.drafts().last().unwrap().confirmed.len(), 1);
    driver.keys("space");
    assert!(driver.wizard().confirmed.is_empty());
    assert_eq!(driver.wizard().unconfirmed().count(), 5);
}

#[test]
fn a_problem_shows_once_its_field_is_left_and_goes_once_it_is_fixed() {
    let mut driver = Driver::at_details();
    driver.text("a/b");
    assert!(driver.wizard().details.problems.is_empty());
    driver.keys("tab");
    assert_eq!(driver.wizard().details.problems.get(&FieldId::Name), Some(&FieldProblem::BadName));
    driver.keys("shift-tab backspace backspace");
    assert!(!driver.wizard().details.problems.contains_key(&FieldId::Name));
}

#[test]
fn on_continue_every_problem_shows_and_the_first_wrong_field_has_the_focus() {
    let mut driver = Driver::at_details();
    driver.text("contoso").keys("tab tab tab ctrl-d");
    let details = &driver.wizard().details;
    let wrong: Vec<_> = details.problems.keys().copied().collect();
    let expected = [FieldId::ServerUrl, FieldId::Username, FieldId::Password, FieldId::ClientId, FieldId::ClientSecret];
    assert_eq!(wrong, expected);
    assert_eq!((details.focus, step(&driver)), (FieldId::ServerUrl, WizardStep::Details));
}

#[rstest]
#[case("0")]
#[case("121")]
#[case("x")]
fn the_scope_says_its_limits(#[case] days: &str) {
    let mut driver = Driver::filled();
    driver.keys("shift-tab ctrl-u").text(days).keys("ctrl-d");
    let problem = FieldProblem::NotWithin { least: 1, most: 120 };
    assert_eq!(driver.wizard().details.problems.get(&FieldId::SyncDays), Some(&problem));
    assert_eq!(driver.wizard().details.focus, FieldId::SyncDays);
}

#[test]
fn a_name_that_is_taken_is_said() {
    let mut driver = Driver::filled();
    let mut connection = Driver::tested().wizard().test.subject.clone().unwrap().connection.clone();
    connection.username = "other".into();
    driver.config(vec![connection]).keys("enter");
    assert_eq!(driver.wizard().details.problems.get(&FieldId::Name), Some(&FieldProblem::NameTaken));
}

#[test]
fn what_was_made_of_the_url_is_said() {
    let mut driver = Driver::at_details();
    driver.keys("tab").text("contoso").keys("tab");
    let notices = &driver.wizard().details.notices[&FieldId::ServerUrl];
    assert_eq!(notices, &[FieldNotice::MadeInto("https://contoso.service-now.com".into())]);
    driver.keys("shift-tab ctrl-u").text("https://itsm.example").keys("tab");
    let notices = &driver.wizard().details.notices[&FieldId::ServerUrl];
    assert_eq!(notices, &[FieldNotice::UnknownHost("itsm.example".into())]);
}

#[test]
fn a_paste_is_one_event_that_never_submits() {
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab shift-tab ctrl-u");
    assert_eq!(driver.wizard().details.focus, FieldId::ClientSecret);
    driver.paste("pasted-\u{200b}secret\r\n");
    assert_eq!(secret(&driver, FieldId::ClientSecret), "pasted-secret");
    assert_eq!((driver.wizard().details.focus, step(&driver)), (FieldId::ClientSecret, WizardStep::Details));
    assert_eq!(driver.wizard().details.notices[&FieldId::ClientSecret], [FieldNotice::Pasted(13)]);
    driver.keys("backspace");
    assert!(driver.wizard().details.notices[&FieldId::ClientSecret].is_empty());
}

#[test]
fn a_paste_is_for_the_form_only() {
    let mut driver = Driver::filled();
    driver.keys("esc").paste("stray-paste");
    assert!(!format!("{:?}", driver.model).contains("stray-paste"));
}

#[test]
fn letters_type_in_a_text_field_and_are_keys_elsewhere() {
    let mut driver = Driver::at_details();
    driver.text("y?q m j");
    assert_eq!(text(&driver, FieldId::Name).as_str(), "y?q m j");
    driver.keys("f1");
    assert!(matches!(driver.model.front(), Some(Screen::TextBox(_))));
    driver.keys("esc ctrl-y");
    assert!(matches!(driver.model.front(), Some(Screen::CommandBox(_))));
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab ?");
    assert!(matches!(driver.model.front(), Some(Screen::TextBox(_))));
}

#[test]
fn secrets_are_shown_on_request_until_the_field_is_left() {
    let mut driver = Driver::at_details();
    driver.keys("ctrl-r");
    assert!(!driver.wizard().details.revealed, "no secret has the focus");
    driver.keys("tab tab tab tab").text("abc").keys("ctrl-r");
    assert!(driver.wizard().details.revealed);
    driver.keys("tab");
    assert!(!driver.wizard().details.revealed);
}

#[test]
fn a5_the_links_of_a_prerequisite_open_one_after_the_other() {
    let mut driver = Driver::new();
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Prerequisites);
    let items = driver.wizard().prerequisites().to_vec();
    let place = items.iter().position(|item| item.links.len() > 1).unwrap();
    driver.wizard_mut().prerequisite_focus = place;
    let links = &items[place].links;
    for expected in links.iter().chain(links.first()) {
        driver.keys("o");
        let task = driver.task(|job| matches!(job, Job::OpenAddress(address) if address == expected));
        driver.send(Message::Outcome(task, Outcome::Opened(Ok(Some((expected.clone(), true))))));
        assert_eq!(driver.model.notice, Some(Notice::Opened(expected.clone())));
    }
}

#[test]
fn choices_are_switched_with_space() {
    let mut driver = Driver::filled();
    driver.keys("space shift-tab shift-tab right space");
    let form = &driver.wizard().details.form;
    assert!(form.create_configuration_items);
    assert_eq!(form.work_items.iter().copied().collect::<Vec<_>>(), [WorkItemKind::Incident]);
    driver.keys("left space tab");
    assert_eq!(driver.wizard().details.problems.get(&FieldId::WorkItems), Some(&FieldProblem::Missing));
}

#[test]
fn the_steps_run_one_by_one_in_order() {
    let mut driver = Driver::testing();
    for expected in super::testing::servicenow_steps() {
        let (step, task) = driver.running().unwrap();
        assert_eq!(step, expected);
        let subject = driver.wizard().test.subject.clone().unwrap();
        driver.task(|job| *job == Job::TestStep(TestSubject::Candidate(subject.clone()), expected));
        driver.send(Message::Outcome(task, Outcome::Step(Box::new(passed(step)))));
    }
    assert_eq!(driver.running(), None);
}

#[test]
fn a_failed_step_holds_up_what_stands_on_it_and_leads_to_its_field() {
    let mut driver = Driver::testing();
    driver.answer_all(refused);
    let test = &driver.wizard().test;
    for step in &test.steps[4..] {
        assert_eq!(step, &Step::not_run(step.id, StepId::SignIn));
    }
    assert_eq!(test.focused().unwrap().id, StepId::SignIn);
    driver.keys("enter");
    assert_eq!((step(&driver), driver.wizard().details.focus), (WizardStep::Details, FieldId::Password));
    assert_eq!(driver.wizard().mark(WizardStep::Test), Mark::Failed);
}

#[test]
fn the_two_tables_do_not_hold_each_other_up() {
    let mut driver = Driver::testing();
    let fault = Fault::NoSuchTable { table: "incident".into() };
    let answer = |id| if id == StepId::Incident { Step::failed(id, fault.clone(), None) } else { passed(id) };
    driver.answer_all(answer);
    let test = &driver.wizard().test;
    assert_eq!(test.step(StepId::ChangeRequest).unwrap().status, Status::Passed);
    assert_eq!(test.step(StepId::Scope).unwrap().status, Status::Passed);
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Test, "with a failed step there is no way on");
}

#[test]
fn a_step_that_passes_the_second_time_lets_the_others_run() {
    let mut driver = Driver::testing();
    driver.answer_all(refused);
    driver.keys("r");
    assert_eq!(driver.running().map(|(step, _)| step), Some(StepId::SignIn));
    driver.answer_all(passed);
    assert!(driver.wizard().test.passed());
    driver.keys("up up r");
    let (alone, task) = driver.running().unwrap();
    driver.send(Message::Outcome(task, Outcome::Step(Box::new(passed(alone)))));
    assert_eq!(driver.running(), None, "nothing else is run again");
}

#[test]
fn all_steps_run_again_on_request() {
    let mut driver = Driver::tested();
    driver.keys("t");
    assert_eq!(driver.running().map(|(step, _)| step), Some(StepId::NameLookup));
    assert!(driver.wizard().test.steps[1..].iter().all(|step| step.status == Status::Todo));
}

#[test]
fn a_table_that_was_not_selected_is_not_asked_for() {
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab space ctrl-d");
    driver.answer_all(passed);
    let step = driver.wizard().test.step(StepId::Incident).unwrap();
    assert_eq!(step, &Step::found(StepId::Incident, Status::Skipped, Finding::NotSelected));
    assert!(driver.wizard().test.passed());
}

#[test]
fn late_answers_to_dead_tasks_are_ignored() {
    let mut driver = Driver::testing();
    let (first, task) = driver.running().unwrap();
    driver.keys("esc");
    assert!(driver.effects.contains(&Effect::Cancel(task)));
    driver.send(Message::Outcome(task, Outcome::Step(Box::new(passed(first)))));
    assert_eq!(driver.wizard().test.step(first).unwrap().status, Status::Todo);
    driver.keys("ctrl-d");
    let (again, other) = driver.running().unwrap();
    assert!(again == first && other != task);
    driver.send(Message::Outcome(task, Outcome::Failed(Fault::Internal { what: "late".into() })));
    driver.send(Message::Outcome(task, Outcome::Saved(Ok(()))));
    driver.send(Message::Outcome(task, Outcome::Draft(Ok(Some(draft())))));
    assert_eq!((driver.running(), step(&driver)), (Some((first, other)), WizardStep::Test));
    assert_eq!(driver.wizard().opening, Opening::Done);
}

#[test]
fn a_task_that_breaks_fails_its_step() {
    let mut driver = Driver::testing();
    let (id, task) = driver.running().unwrap();
    let fault = Fault::Internal { what: "panicked".into() };
    driver.send(Message::Outcome(task, Outcome::Failed(fault.clone())));
    assert_eq!(driver.wizard().test.step(id).unwrap(), &Step::failed(id, fault, None));
}

#[test]
fn a_changed_field_takes_the_test_back() {
    let mut driver = Driver::reviewing();
    driver.keys("esc esc esc");
    assert!(driver.wizard().test.passed());
    driver.keys("shift-tab left home");
    assert!(driver.wizard().test.passed(), "moving changes nothing");
    driver.keys("right backspace");
    assert!(driver.wizard().test.steps.is_empty());
    driver.text("1").keys("ctrl-d");
    assert_eq!(driver.running().map(|(step, _)| step), Some(StepId::NameLookup));
}

#[test]
fn an_unchanged_form_is_not_tested_twice() {
    let mut driver = Driver::tested();
    driver.keys("esc ctrl-d");
    assert_eq!((driver.running(), step(&driver)), (None, WizardStep::Test));
    assert!(driver.wizard().test.passed());
}

#[test]
fn a_failed_save_is_said_and_can_be_tried_again() {
    let mut driver = Driver::reviewing();
    driver.keys("enter");
    let task = driver.task(|job| matches!(job, Job::SaveConnection(_)));
    driver.keys("esc enter");
    assert_eq!(step(&driver), WizardStep::Review, "it waits for the answer");
    assert_eq!(task, driver.task(|job| matches!(job, Job::SaveConnection(_))));
    let fault = Fault::DiskFull { path: "config.toml".into() };
    driver.send(Message::Outcome(task, Outcome::Saved(Err(fault.clone()))));
    assert_eq!(driver.wizard().saving, Saving::Failed(fault));
    driver.keys("enter");
    assert_ne!(task, driver.task(|job| matches!(job, Job::SaveConnection(_))));
}

#[test]
fn once_saved_the_secrets_are_gone() {
    let driver = Driver::syncing();
    let wizard = driver.wizard();
    assert!(
        wizard.details.form.secrets.is_empty()
            && wizard.test.subject.is_none()
            && !crate::ui::app::screen::Behaviour::holds_secrets(wizard)
    );
}

#[test]
fn a_config_that_cannot_be_read_after_saving_is_read_again_on_request() {
    let mut driver = Driver::reviewing();
    let connection = driver.wizard().test.subject.as_ref().unwrap().connection.clone();
    driver.keys("enter");
    let task = driver.task(|job| matches!(job, Job::SaveConnection(_)));
    driver.send(Message::Outcome(task, Outcome::Saved(Ok(()))));
    let reading = driver.task(|job| *job == Job::LoadConfig);
    let fault = Fault::FileProblem { path: "config.toml".into(), reason: "gone".into() };
    driver.send(Message::Outcome(reading, Outcome::Config(Err(fault))));
    driver.keys("r");
    assert_ne!(reading, driver.task(|job| *job == Job::LoadConfig));
    driver.config(vec![connection.clone()]);
    driver.task(|job| matches!(job, Job::Sync { .. }));
}

#[test]
fn the_first_sync_goes_on_when_it_is_left_and_can_be_tried_again_when_it_failed() {
    let mut driver = Driver::syncing();
    let task = driver.task(|job| matches!(job, Job::Sync { .. }));
    driver.keys("r");
    assert_eq!(task, driver.task(|job| matches!(job, Job::Sync { .. })), "it runs");
    let fault = Fault::Hibernating { host: "contoso.service-now.com".into() };
    driver.send(Message::Outcome(task, Outcome::Synced(Err(fault))));
    driver.keys("r");
    let again = driver.task(|job| matches!(job, Job::Sync { .. }));
    assert_ne!(task, again);
    driver.keys("esc");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    assert!(!driver.effects.contains(&Effect::Cancel(again)));
}

#[test]
fn the_checklist_shows_as_it_comes_and_can_be_passed_over() {
    let mut driver = Driver::checking();
    let task = driver.task(|job| matches!(job, Job::CheckCandidate(_)));
    let item = checklist().items.remove(0);
    driver.send(Message::Event(task, Event::ChecklistItem(Box::new(item.clone()))));
    assert_eq!(driver.wizard().installation.items(), [&item]);
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Review);
    assert!(driver.effects.contains(&Effect::Cancel(task)));
    assert_eq!(driver.wizard().mark(WizardStep::Checklist), Mark::Doubtful);
    driver.send(Message::Outcome(task, Outcome::Checklist(Ok(Box::new(checklist())))));
    assert!(driver.wizard().installation.whole.value().is_none(), "a late answer is ignored");
}

#[test]
fn the_checklist_is_kept_until_the_form_changes() {
    let mut driver = Driver::checked();
    let looks = |driver: &Driver| {
        driver.effects.iter().filter(|effect| matches!(effect, Effect::Run(_, Job::CheckCandidate(_)))).count()
    };
    driver.keys("down i");
    assert_eq!(driver.wizard().installation.opened, Some(0));
    driver.keys("esc");
    assert_eq!((driver.wizard().installation.opened, step(&driver)), (None, WizardStep::Checklist));
    driver.keys("enter esc");
    assert_eq!((step(&driver), looks(&driver)), (WizardStep::Checklist, 1));
    driver.keys("r");
    assert_eq!(looks(&driver), 2);
    driver.keys("esc esc shift-tab backspace");
    assert!(driver.wizard().installation.items().is_empty());
}

#[test]
fn what_the_admin_says_is_kept_with_the_connection_and_falls_with_another_form() {
    let mut driver = Driver::checked();
    let confirmed = |driver: &Driver| {
        let items = driver.wizard().installation.items();
        items.into_iter().filter(|item| item.is_confirmed()).map(|item| item.id.clone()).collect::<Vec<_>>()
    };
    driver.keys("space");
    assert_eq!(confirmed(&driver), [ItemId::own("oauth_active")]);
    driver.keys("space");
    assert_eq!(confirmed(&driver), []);
    driver.keys("space esc esc shift-tab backspace");
    assert_eq!((confirmed(&driver), driver.wizard().said.len()), (vec![], 0));

    let mut driver = Driver::checked();
    driver.keys("space enter enter");
    let save = driver.task(|job| matches!(job, Job::SaveConnection(_)));
    driver.send(Message::Outcome(save, Outcome::Saved(Ok(()))));
    let kept = driver.effects.iter().find_map(|effect| match effect {
        Effect::Run(_, Job::Confirm { connection, said }) => Some((connection.to_string(), said.clone())),
        _ => None,
    });
    let (connection, said) = kept.unwrap();
    assert_eq!((connection.as_str(), &said[0].item, said.len()), ("contoso", &ItemId::own("oauth_active"), 1));
}

#[test]
fn a_prerequisite_that_says_the_same_confirms_the_item_and_falls_with_it() {
    let mut driver = Driver::new();
    driver.keys("enter");
    let place =
        |driver: &Driver, id: &str| driver.wizard().prerequisites().iter().position(|item| item.id == id).unwrap();
    let rate_limit = place(&driver, "rate_limit");
    driver.wizard_mut().prerequisite_focus = rate_limit;
    driver.keys("space");
    let said = driver.wizard().confirmations();
    assert_eq!((said.len(), &said[0].item), (1, &ItemId::own("rate_limit")));
    driver.wizard_mut().unconfirm(&ItemId::own("rate_limit"));
    assert!(driver.wizard().confirmed.is_empty());
}

#[test]
fn what_to_ask_the_admin_is_copied_from_the_step() {
    let mut driver = Driver::checked();
    driver.keys("c");
    assert!(
        driver.effects.iter().any(|effect| matches!(effect, Effect::Copy(text) if text.contains("azure.integration")))
    );
}

#[test]
fn the_grant_is_a_choice_and_client_credentials_ask_for_no_password() {
    use crate::model::connection::Grant;
    let mut driver = Driver::at_details();
    driver.text("contoso").keys("tab").text("contoso").keys("tab");
    assert_eq!(driver.wizard().details.focus, FieldId::Grant);
    driver.keys("right tab").text("azure.integration").keys("tab");
    assert_eq!(driver.wizard().details.focus, FieldId::ClientId, "no password is asked for");
    driver.paste("6e1b").keys("tab").paste(SECRETS[1]).keys("ctrl-d");
    let form = driver.wizard().test.subject.clone().unwrap();
    assert_eq!((form.connection.grant, form.password.is_none()), (Grant::ClientCredentials, true));
}

#[test]
fn a_completed_checklist_is_marked_as_done() {
    let mut driver = Driver::checking();
    let task = driver.task(|job| matches!(job, Job::CheckCandidate(_)));
    let mut whole = checklist();
    whole.items.iter_mut().for_each(|item| item.status = Status::Passed);
    driver.send(Message::Outcome(task, Outcome::Checklist(Ok(Box::new(whole)))));
    driver.keys("enter");
    assert_eq!(driver.wizard().mark(WizardStep::Checklist), Mark::Done);
}

#[test]
fn a_refused_sign_in_can_be_saved_signed_out() {
    let mut driver = Driver::refused();
    driver.keys("L");
    let name = ConnectionName::parse("contoso").unwrap();
    assert_eq!(driver.model.question(), Some(&Question::SaveSignedOut(name.clone())));
    driver.keys("esc");
    assert_eq!((driver.wizard().saving.clone(), step(&driver)), (Saving::Idle, WizardStep::Test));

    let driver = Driver::saved_signed_out();
    assert_eq!(step(&driver), WizardStep::Checklist);
    driver.task(|job| *job == Job::LoadChecklist(name.clone()));
    driver.task(|job| *job == Job::DropDraft);
    assert!(driver.wizard().test.subject.is_none() && !driver.wizard().details.holds_secrets());
    assert_eq!(driver.wizard().mark(WizardStep::Test), Mark::Failed);
    assert!(!driver.effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::Sync { .. }))));
    assert!(driver.model.entry(&name).unwrap().is_signed_out());
}

#[rstest]
#[case(Driver::tested())]
#[case(Driver::reviewing())]
#[case(Driver::testing())]
fn only_a_failed_sign_in_can_be_passed_so(#[case] mut driver: Driver) {
    driver.keys("L enter");
    assert!(!driver.effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::SaveSignedOut(_)))));
}

#[test]
fn saving_signed_out_that_fails_is_said_and_the_form_is_kept() {
    let mut driver = Driver::refused();
    driver.keys("L enter");
    let task = driver.task(|job| matches!(job, Job::SaveSignedOut(_)));
    driver.keys("esc r L");
    assert_eq!(step(&driver), WizardStep::Test, "while it is being saved it stays");
    let fault = Fault::DiskFull { path: "somewhere".into() };
    driver.send(Message::Outcome(task, Outcome::Saved(Err(fault.clone()))));
    assert_eq!((driver.wizard().saving.clone(), step(&driver)), (Saving::Failed(fault), WizardStep::Test));
    assert!(driver.wizard().details.holds_secrets());
}

#[rstest]
#[case("enter", false)]
#[case("A", true)]
fn from_the_step_a_key_leads_to_the_tab_that_fixes(#[case] key: &str, #[case] prompt: bool) {
    let mut driver = Driver::saved_signed_out();
    driver.keys(key);
    let Some(Screen::Connection(screen)) = driver.model.front() else { panic!("no connection in front") };
    assert_eq!((screen.tab, screen.prompt.is_some()), (Tab::Checklist, prompt));
}

#[test]
fn leaving_the_checklist_of_a_saved_connection_leads_to_the_dashboard() {
    let mut driver = Driver::saved_signed_out();
    driver.keys("esc");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn the_checklist_of_the_new_connection_is_one_key_away() {
    let mut driver = Driver::syncing();
    let task = driver.task(|job| matches!(job, Job::Sync { .. }));
    driver.keys("K");
    assert!(matches!(driver.model.front(), Some(Screen::Connection(screen)) if screen.tab == Tab::Checklist));
    driver.task(|job| matches!(job, Job::LoadChecklist(_)));
    assert!(!driver.effects.contains(&Effect::Cancel(task)));
}

#[test]
fn a_draft_is_offered_and_taken_up() {
    let mut driver = Driver::with_draft(Ok(Some(draft())));
    assert!(matches!(&driver.wizard().opening, Opening::Offer { draft: offered, .. } if **offered == draft()));
    driver.keys("enter");
    let wizard = driver.wizard();
    assert_eq!((wizard.step, wizard.details.focus), (WizardStep::Details, FieldId::Username));
    assert_eq!(wizard.confirmed, draft().confirmed);
    assert!(wizard.details.form.create_configuration_items);
    assert_eq!((text(&driver, FieldId::SyncDays), text(&driver, FieldId::Name)), ("14".into(), "contoso".into()));
}

#[test]
fn a_secret_that_someone_wrote_into_a_draft_is_not_taken_up() {
    let mut forged = draft();
    forged.texts.insert(FieldId::Password, SECRETS[0].into());
    let mut driver = Driver::with_draft(Ok(Some(forged)));
    driver.keys("enter");
    assert_eq!((text(&driver, FieldId::Password), secret(&driver, FieldId::Password)), (String::new(), String::new()));
}

#[test]
fn starting_over_asks_and_drops_the_draft() {
    let mut driver = Driver::with_draft(Ok(Some(draft())));
    driver.keys("down enter");
    assert_eq!(driver.model.question(), Some(&Question::StartOver));
    driver.keys("esc");
    assert!(matches!(driver.wizard().opening, Opening::Offer { .. }), "no was said");
    driver.keys("enter enter");
    assert_eq!(driver.model.question(), Some(&Question::StartOver), "a second Enter does not answer it");
    driver.keys("y");
    driver.task(|job| *job == Job::DropDraft);
    assert_eq!((driver.wizard().opening.clone(), driver.wizard().spec.clone()), (Opening::Done, None));
}

#[test]
fn an_offered_draft_survives_leaving() {
    let mut driver = Driver::with_draft(Ok(Some(draft())));
    driver.keys("esc");
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
    assert!(!driver.effects.iter().any(|effect| matches!(effect, Effect::Run(_, Job::SaveDraft(_) | Job::DropDraft))));
}

#[test]
fn a_damaged_draft_is_told() {
    let fault = Fault::FileProblem { path: "draft.json".into(), reason: "not JSON".into() };
    let driver = Driver::with_draft(Err(fault.clone()));
    assert_eq!(driver.wizard().draft_fault.as_ref(), Some(&fault));
    assert_eq!(driver.model.notice, Some(Notice::Fault(fault)));
    assert_eq!((step(&driver), &driver.wizard().opening), (WizardStep::Partner, &Opening::Done));
}

#[test]
fn the_draft_is_kept_at_every_step_field_and_exit_but_never_twice() {
    let mut driver = Driver::new();
    driver.keys("enter enter");
    assert!(driver.drafts().is_empty(), "nothing was entered");
    driver.text("contoso").keys("tab");
    assert_eq!(driver.drafts().last().unwrap().texts[&FieldId::Name], "contoso");
    driver.keys("tab shift-tab shift-tab");
    assert_eq!(driver.drafts().len(), 1);
    driver.text("2").send(Message::Terminate(143));
    assert_eq!(driver.drafts().last().unwrap().texts[&FieldId::Name], "contoso2");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(143)));
    driver.keys("esc");
    assert_eq!(driver.drafts().last().unwrap().step, "prerequisites");
}

#[test]
fn a_draft_that_cannot_be_kept_is_said_and_tried_again() {
    let mut driver = Driver::at_details();
    driver.keeps = false;
    driver.text("contoso").keys("tab");
    let task = driver.task(|job| matches!(job, Job::SaveDraft(_)));
    let fault = Fault::DiskFull { path: "draft.json".into() };
    driver.send(Message::Outcome(task, Outcome::Failed(fault.clone())));
    assert_eq!(driver.model.notice, Some(Notice::Fault(fault)));
    driver.keys("tab");
    assert_eq!(driver.drafts().len(), 2);
}

#[test]
fn an_older_draft_never_overtakes_a_newer_one() {
    let mut driver = Driver::at_details();
    driver.keeps = false;
    driver.text("contoso").keys("tab").text("contoso").keys("tab");
    assert_eq!(driver.drafts().len(), 1, "one at a time");
    let task = driver.task(|job| matches!(job, Job::SaveDraft(_)));
    driver.send(Message::Outcome(task, Outcome::Done));
    assert_eq!(driver.drafts().last().unwrap().texts[&FieldId::ServerUrl], "contoso");
}

#[test]
fn the_draft_of_a_saved_connection_goes_after_it_was_kept() {
    let mut driver = Driver::tested();
    driver.keeps = false;
    driver.keys("enter enter enter");
    let (keeping, saving) =
        (driver.task(|job| matches!(job, Job::SaveDraft(_))), driver.task(|job| matches!(job, Job::SaveConnection(_))));
    driver.send(Message::Outcome(saving, Outcome::Saved(Ok(()))));
    let drops = |effect: &Effect| matches!(effect, Effect::Run(_, Job::DropDraft));
    assert!(!driver.effects.iter().any(drops));
    driver.send(Message::Outcome(keeping, Outcome::Done));
    assert_eq!(driver.effects.iter().filter(|effect| drops(effect)).count(), 1);
}

#[test]
fn the_new_connection_has_the_focus_on_the_dashboard() {
    for leave in ["enter", "esc"] {
        let mut driver = Driver::syncing();
        let new = driver.model.entries()[0].connection.clone();
        let older = Connection { name: ConnectionName::parse("older").unwrap(), ..new.clone() };
        driver.keys("r").config(vec![older, new]);
        driver.keys(leave);
        assert!(matches!(driver.model.front(), Some(Screen::Dashboard(dashboard)) if dashboard.focus == 1), "{leave}");
    }
}

#[test]
fn no_draft_command_or_debug_output_holds_a_secret() {
    let mut driver = Driver::reviewing();
    driver.keys("esc esc esc esc enter enter ctrl-d enter y");
    let shown = format!("{:?} {:?} {}", driver.model, driver.effects, command(&driver.model.program, driver.wizard()));
    for secret in SECRETS {
        assert!(!shown.contains(secret));
    }
    assert!(driver.drafts().len() > 5);
}

#[test]
fn leaving_asks_only_when_a_secret_would_be_lost() {
    let mut driver = Driver::at_details();
    driver.text("contoso").keys("ctrl-c");
    assert_eq!(driver.effects.last(), Some(&Effect::Quit(130)));
    let mut driver = Driver::filled();
    driver.keys("ctrl-c");
    assert_eq!(driver.model.question(), Some(&Question::Quit(130)));
}

#[rstest]
#[case(Driver::new(), "connection template servicenow > servicenow.toml")]
#[case(Driver::filled(), "connection add --file contoso.toml")]
#[case(Driver::tested(), "connection add --file contoso.toml")]
#[case(Driver::checked(), "connection add --file contoso.toml && itsmc checklist contoso")]
#[case(Driver::saved_signed_out(), "checklist contoso")]
#[case(Driver::reviewing(), "connection add --file contoso.toml")]
#[case(Driver::syncing(), "sync contoso")]
fn every_step_names_its_command(#[case] driver: Driver, #[case] expected: &str) {
    assert_eq!(command(&driver.model.program, driver.wizard()), expected);
}

#[test]
fn a1_only_enter_leaves_the_last_field_for_the_test() {
    for keys in ["down", "tab", "down down tab j"] {
        let mut driver = Driver::filled();
        driver.keys(keys);
        assert_eq!(step(&driver), WizardStep::Details, "{keys}");
    }
    let mut driver = Driver::filled();
    driver.keys("enter");
    assert_eq!(step(&driver), WizardStep::Test);
}

#[test]
fn a2_blanks_at_the_ends_of_a_pasted_secret_are_said() {
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab shift-tab ctrl-u");
    driver.paste("\u{feff}  client\tsecret \n");
    let notices = driver.wizard().details.notices[&FieldId::ClientSecret].clone();
    assert_eq!(notices, [FieldNotice::Pasted(17), FieldNotice::Trimmed(4)]);
    driver.keys("shift-tab shift-tab ctrl-u");
    assert_eq!(driver.wizard().details.focus, FieldId::Password);
    driver.paste(" pass\tword \r\n");
    let notices = driver.wizard().details.notices[&FieldId::Password].clone();
    assert_eq!(notices, [FieldNotice::Pasted(11), FieldNotice::BlankEnds { start: true, end: true }]);
    driver.keys("ctrl-d");
    let subject = driver.wizard().test.subject.clone().unwrap();
    assert_eq!(subject.client_secret.as_ref().unwrap().expose(), "client\tsecret");
    assert_eq!(subject.password.as_ref().unwrap().expose(), " pass\tword ");
}

#[test]
fn a2_line_breaks_inside_a_pasted_secret_are_refused() {
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab shift-tab ctrl-u").paste("one\ntwo");
    driver.keys("ctrl-d");
    assert_eq!(driver.wizard().details.problems.get(&FieldId::ClientSecret), Some(&FieldProblem::BadCharacters));
}

#[test]
fn s19_a_paste_of_10_mb_is_not_taken_and_said() {
    let mut driver = Driver::filled();
    driver.keys("shift-tab shift-tab shift-tab ctrl-u").paste(&"x".repeat(10 << 20));
    assert_eq!(secret(&driver, FieldId::ClientSecret), "");
    assert_eq!(driver.model.notice, Some(Notice::PasteRefused(10 << 20)));
    driver.paste(&"x".repeat(3000));
    driver.paste(&"y".repeat(3000));
    assert_eq!(secret(&driver, FieldId::ClientSecret), "x".repeat(3000));
    let notices = &driver.wizard().details.notices[&FieldId::ClientSecret];
    assert_eq!(notices[0], FieldNotice::PasteRefused(3000));
}
