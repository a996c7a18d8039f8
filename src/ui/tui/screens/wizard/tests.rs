use std::sync::Arc;

use jiff::SignedDuration;
use proptest::prelude::*;
use rstest::rstest;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::draft::Draft;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::PartnerId;
use crate::model::secret::Secret;
use crate::model::sync::{KindReport, Progress};
use crate::model::work_item::WorkItemKind;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{self, Message, Outcome};
use crate::ui::app::model::Screen;
use crate::ui::app::update::wizard::command;
use crate::ui::app::update::wizard::testing::{Driver, SECRETS, now, passed, refused};
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::tui::testing::{SIZES, at_cursor, click, render, screen, snapshots};
use crate::ui::tui::theme::Theme;

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

fn report(kind: WorkItemKind, fetched: u64, fault: Option<Fault>) -> KindReport {
    KindReport {
        connection: "contoso".into(),
        kind,
        fetched,
        inserted: fetched,
        updated: 0,
        unchanged: 0,
        hidden: if fault.is_some() { 12 } else { 0 },
        requests: 21,
        bytes: 9_000_000,
        seconds: 8.5,
        complete: fault.is_none(),
        watermark: None,
        findings: Vec::new(),
        fault,
        sweep: None,
        sweep_fault: None,
    }
}

fn sync_task(driver: &Driver) -> TaskId {
    driver.task(|job| matches!(job, Job::Sync { .. }))
}

fn synced(driver: &mut Driver, answer: Result<Vec<KindReport>, Fault>) {
    let task = sync_task(driver);
    driver.send(Message::Outcome(task, Outcome::Synced(answer.map(Arc::from))));
}

#[test]
fn p5_the_footer_of_a_secret_names_the_ways_on_and_back() {
    let mut driver = Driver::at_details();
    driver.keys("tab tab tab tab");
    for (lang, on, back) in
        [(Lang::En, "ctrl-d continue", "esc previous step"), (Lang::Nl, "ctrl-d verder", "esc vorige stap")]
    {
        driver.model.lang = lang;
        let shown = screen(&driver.model, (80, 24));
        assert!(shown.contains("ctrl-r ") && shown.contains(on) && shown.contains(back), "{shown}");
    }
}

#[test]
fn an_earlier_draft_is_offered() {
    let mut driver = Driver::with_draft(Ok(Some(draft())));
    snapshots("wizard/offer", &driver.model);
    driver.keys("enter");
    snapshots("wizard/offer-taken", &driver.model);
}

#[test]
fn every_partner_is_listed_and_the_unbuilt_ones_say_so() {
    snapshots("wizard/partner", &Driver::new().model);
    let (mut driver, _) = Driver::with_unbuilt_partner();
    driver.keys("down");
    snapshots("wizard/partner-unbuilt", &driver.model);
}

#[test]
fn a28_a_click_chooses_a_product_and_another_goes_on_with_it() {
    let mut driver = Driver::new();
    click(&mut driver.model, "Cherwell");
    let chosen = |driver: &Driver| match driver.model.front() {
        Some(Screen::Wizard(wizard)) => (wizard.step, wizard.spec.as_ref().map(|spec| spec.name.clone())),
        other => panic!("{other:?}"),
    };
    assert_eq!(chosen(&driver), (WizardStep::Partner, None));
    assert!(at_cursor(&driver.model, (80, 24)).unwrap().contains("Cherwell"));
    click(&mut driver.model, "Cherwell");
    assert_eq!(chosen(&driver), (WizardStep::Prerequisites, Some("Cherwell".to_owned())));
}

#[test]
fn the_checklist_as_a_step() {
    snapshots("wizard/checklist-begins", &Driver::checking().model);
    let mut driver = Driver::checked();
    snapshots("wizard/checklist", &driver.model);
    driver.keys("i");
    snapshots("wizard/checklist-item", &driver.model);
    driver.keys("c");
    assert!(driver.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))), "the box names the key");
    driver.keys("esc enter");
    snapshots("wizard/review-not-complete", &driver.model);
}

#[test]
fn a_connection_whose_user_does_not_exist_yet() {
    let mut driver = Driver::refused();
    driver.keys("L");
    snapshots("wizard/ask-signed-out", &driver.model);
    let mut driver = Driver::saved_signed_out();
    driver.look_signed_out();
    snapshots("wizard/checklist-signed-out", &driver.model);
    let told = screen(&driver.model, (120, 40));
    assert!(told.contains("not signed in") && !told.contains("integration user,"), "nobody looked: {told}");
}

#[test]
fn a_damaged_draft_is_told_on_the_first_step() {
    let fault =
        Fault::FileProblem { path: "/home/ada/.local/state/itsmc/draft.json".into(), reason: "not JSON".into() };
    let mut driver = Driver::with_draft(Err(fault));
    driver.keys("up");
    snapshots("wizard/partner-damaged", &driver.model);
}

#[test]
fn prerequisites_are_ticked_or_tested() {
    let mut driver = Driver::new();
    driver.keys("enter");
    snapshots("wizard/prerequisites", &driver.model);
    driver.keys("down space");
    snapshots("wizard/prerequisites-confirmed", &driver.model);
}

#[test]
fn the_rail_marks_prerequisites_that_are_not_confirmed() {
    let mut driver = Driver::at_details();
    assert!(screen(&driver.model, (80, 24)).contains("▲ 2 Prerequisites"));
    driver.keys("esc");
    for _ in 0..driver.wizard().prerequisites().len() {
        driver.keys("space down");
    }
    driver.keys("enter");
    assert!(screen(&driver.model, (80, 24)).contains("✓ 2 Prerequisites"));
}

#[test]
fn the_form_in_each_state() {
    let mut driver = Driver::at_details();
    snapshots("wizard/details-empty", &driver.model);
    driver.keys("ctrl-d");
    snapshots("wizard/details-errors", &driver.model);
    let mut driver = Driver::filled();
    snapshots("wizard/details-filled", &driver.model);
    driver.keys("shift-tab shift-tab right");
    snapshots("wizard/details-choices", &driver.model);
    driver.keys("shift-tab left left");
    snapshots("wizard/details-secret", &driver.model);
}

#[test]
fn a_host_outside_the_known_ones_and_a_long_value() {
    let mut driver = Driver::at_details();
    driver.keys("tab").text("https://itsm.a-rather-long-name-of-a-department.contoso.example/login.do").keys("tab tab");
    driver.keys("shift-tab shift-tab left left");
    snapshots("wizard/details-long", &driver.model);
}

#[test]
fn the_test_in_each_state() {
    let mut driver = Driver::testing();
    for _ in 0..3 {
        let (step, task) = driver.running().unwrap();
        driver.send(Message::Outcome(task, Outcome::Step(Box::new(passed(step)))));
    }
    snapshots("wizard/test-running", &driver.model);
    driver.answer_all(passed);
    snapshots("wizard/test-passed", &driver.model);
    let mut driver = Driver::testing();
    driver.answer_all(refused);
    snapshots("wizard/test-failed", &driver.model);
}

#[test]
fn in_a_small_window_the_remedy_can_be_scrolled_to() {
    let mut driver = Driver::testing();
    driver.answer_all(refused);
    assert!(!screen(&driver.model, (40, 12)).contains("again."));
    let mut reached = (0..8).map(|_| screen(&driver.keys("pgdn").model, (40, 12)).contains("again."));
    assert!(reached.any(|reached| reached));
}

#[rstest]
#[case(true, true)]
#[case(false, false)]
fn the_test_says_whether_the_release_allows_client_credentials_and_the_review_recommends_them(
    #[case] client_credentials: bool,
    #[case] recommended: bool,
) {
    let mut driver = Driver::testing();
    driver.answer_all(|id| match id {
        StepId::Release => {
            let (name, build, supported) = ("Zurich".to_owned(), None, true);
            let finding = Finding::ReleaseAndGrant { name, build, supported, client_credentials };
            Step::found(id, Status::Passed, finding)
        }
        id => passed(id),
    });
    let said = screen(&driver.model, (120, 40));
    assert_eq!(said.contains("client credentials are supported"), client_credentials, "{said}");
    driver.keys("enter enter");
    let said = screen(&driver.model, (120, 40));
    assert_eq!(
        said.contains("release supports client credentials, once its admin has enabled them"),
        recommended,
        "{said}"
    );
}

#[test]
fn the_review_before_and_after_a_failed_save() {
    let mut driver = Driver::reviewing();
    snapshots("wizard/review", &driver.model);
    driver.keys("enter");
    let task = driver.task(|job| matches!(job, Job::SaveConnection(_)));
    let fault = Fault::DiskFull { path: "/home/ada/.config/itsmc/config.toml".into() };
    driver.send(Message::Outcome(task, Outcome::Saved(Err(fault))));
    snapshots("wizard/review-failed", &driver.model);
}

#[test]
fn the_first_sync_from_beginning_to_end() {
    let mut driver = Driver::syncing();
    driver.send(Message::Tick(now() + SignedDuration::from_secs(8)));
    let kind = WorkItemKind::Incident;
    let progress =
        Progress { kind, fetched: 10_400, expected: Some(20_769), waiting_until: None, attempt: 1, retrying: None };
    let task = sync_task(&driver);
    driver.send(Message::Event(task, message::Event::Progress(progress)));
    snapshots("wizard/sync-running", &driver.model);
    let reports = [(kind, 20_769), (WorkItemKind::ChangeRequest, 3004)];
    synced(&mut driver, Ok(reports.map(|(kind, fetched)| report(kind, fetched, None)).into()));
    snapshots("wizard/sync-done", &driver.model);
    let told = screen(&driver.model, (80, 24));
    assert!(told.contains("✓ 7 First sync") && told.contains("or K for the"), "{told}");
}

#[test]
fn a_first_sync_that_fails() {
    let mut driver = Driver::syncing();
    let lost = Fault::ConnectionLost { host: "contoso.service-now.com".into(), detail: "connection reset".into() };
    let incidents = report(WorkItemKind::Incident, 10_400, Some(lost));
    synced(&mut driver, Ok(vec![incidents, report(WorkItemKind::ChangeRequest, 3004, None)]));
    snapshots("wizard/sync-failed", &driver.model);
}

#[rstest]
#[case(FieldId::Name, 4)]
#[case(FieldId::Password, 8)]
fn the_cursor_stands_where_typing_goes(#[case] field: FieldId, #[case] typed: u16) {
    let mut driver = Driver::at_details();
    while driver.wizard().details.focus != field {
        driver.keys("tab");
    }
    let (_, before) = render(&driver.model, (80, 24), Lang::En, Theme::Mono);
    driver.text(&"x".repeat(typed.into()));
    let (_, after) = render(&driver.model, (80, 24), Lang::En, Theme::Mono);
    let (before, after) = (before.unwrap(), after.unwrap());
    assert_eq!((after.x, after.y), (before.x + typed, before.y));
}

#[test]
fn no_cursor_shows_where_nothing_has_the_focus() {
    let cursor = |driver: &Driver| render(&driver.model, (80, 24), Lang::En, Theme::Mono).1;
    assert_eq!(cursor(&Driver::reviewing()), None);
    for driver in [Driver::new(), Driver::filled(), Driver::tested()] {
        assert!(cursor(&driver).is_some());
    }
}

#[test]
fn a_secret_is_seen_on_request_only() {
    let mut driver = Driver::at_details();
    driver.keys("tab tab tab tab").paste(SECRETS[0]);
    assert!(!screen(&driver.model, (80, 24)).contains(SECRETS[0]));
    driver.keys("ctrl-r");
    assert!(screen(&driver.model, (80, 24)).contains(SECRETS[0]));
    driver.keys("ctrl-r");
    assert!(!screen(&driver.model, (80, 24)).contains(SECRETS[0]));
}

#[test]
fn the_footer_names_only_keys_that_do_what_it_says() {
    let mut driver = Driver::at_details();
    let footer = |driver: &Driver| screen(&driver.model, (120, 40)).lines().last().unwrap_or_default().to_owned();
    assert!(footer(&driver).contains("f1 help") && footer(&driver).contains("ctrl-y command"));
    driver.keys("esc");
    assert!(footer(&driver).contains("? help") && footer(&driver).contains(" y command"));
}

/// Something that may happen to the wizard.
#[derive(Debug, Clone)]
enum Event {
    Key(Key),
    /// Pasted where a secret has the focus, nowhere else.
    Secret(usize),
    Paste(String),
    /// The running step, or whatever waits, is answered well or badly.
    Answer(bool),
    Resize(u16, u16),
    Tick(i64),
}

fn event() -> impl Strategy<Value = Event> {
    let codes = [
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Home,
        Code::End,
        Code::Backspace,
        Code::Delete,
        Code::PageDown,
        Code::PageUp,
        Code::F(1),
    ];
    let key = prop_oneof![
        6 => prop::sample::select(codes.to_vec()).prop_map(Key::new),
        3 => prop::sample::select("aZ9 yn?rm日é:/.".chars().collect::<Vec<_>>()).prop_map(Key::char),
        2 => prop::sample::select("adeuy".chars().collect::<Vec<_>>()).prop_map(Key::ctrl),
    ];
    prop_oneof![
        12 => key.prop_map(Event::Key),
        4 => (0..SECRETS.len()).prop_map(Event::Secret),
        2 => "\\PC{0,12}".prop_map(Event::Paste),
        3 => any::<bool>().prop_map(Event::Answer),
        1 => (1u16..130, 1u16..45).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        1 => (1i64..90).prop_map(Event::Tick),
    ]
}

fn happens(driver: &mut Driver, event: Event) {
    let message = match event {
        Event::Key(key) => Message::Key(key),
        Event::Secret(which) if takes_secret(driver) => Message::Paste(Secret::new(SECRETS[which])),
        Event::Secret(_) => return,
        Event::Paste(text) => Message::Paste(Secret::new(text)),
        Event::Answer(well) => return answer(driver, well),
        Event::Resize(columns, rows) => Message::Resize(columns, rows),
        Event::Tick(seconds) => Message::Tick(driver.model.now + SignedDuration::from_secs(seconds)),
    };
    driver.send(message);
}

fn takes_secret(driver: &Driver) -> bool {
    let Some(Screen::Wizard(wizard)) = driver.model.front() else {
        return false;
    };
    wizard.step == WizardStep::Details && wizard.details.focus.is_secret()
}

/// Answers the newest job, whether or not anybody still waits for it.
fn answer(driver: &mut Driver, well: bool) {
    let newest = driver.effects.iter().rev().find_map(|effect| match effect {
        Effect::Run(task, job) => Some((*task, job.clone())),
        _ => None,
    });
    let fault = || Fault::DiskFull { path: "somewhere".into() };
    let outcome = match newest {
        Some((task, Job::TestStep(_, step))) => (task, Outcome::Step(Box::new(stepped(step, well)))),
        Some((task, Job::SaveConnection(_) | Job::SaveSignedOut(_))) => {
            (task, Outcome::Saved(well.then_some(()).ok_or_else(fault)))
        }
        Some((task, Job::LoadDraft)) => (task, Outcome::Draft(Ok(None))),
        Some((task, _)) if well => (task, Outcome::Done),
        Some((task, _)) => (task, Outcome::Failed(fault())),
        None => return,
    };
    driver.send(Message::Outcome(outcome.0, outcome.1));
}

fn stepped(step: StepId, well: bool) -> Step {
    if well { passed(step) } else { Step::failed(step, Fault::NoSuchTable { table: "x".into() }, Some(FieldId::Name)) }
}

fn shows_secret(driver: &Driver) -> bool {
    SIZES.into_iter().chain([driver.model.size]).any(|size| {
        let screen = screen(&driver.model, size);
        SECRETS.iter().any(|secret| screen.contains(secret))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_secret_comes_out(
        start in 0usize..8,
        events in prop::collection::vec(event(), 1..60),
    ) {
        let starts: [fn() -> Driver; 8] = [
            Driver::opened,
            Driver::at_details,
            Driver::filled,
            Driver::testing,
            Driver::checked,
            Driver::reviewing,
            Driver::refused,
            Driver::saved_signed_out,
        ];
        let mut driver = starts[start]();
        for event in events {
            happens(&mut driver, event);
            if let Some(Screen::Wizard(wizard)) = driver.model.front() {
                prop_assert!(!SECRETS.iter().any(|secret| command("itsmc", wizard).contains(secret)));
            }
        }
        prop_assert!(!shows_secret(&driver));
        let told = format!("{:?} {:?}", driver.model, driver.effects);
        prop_assert!(!SECRETS.iter().any(|secret| told.contains(secret)));
        for draft in driver.drafts() {
            prop_assert!(draft.texts.keys().all(|field| !field.is_secret()));
        }
    }
}

#[test]
fn a42_the_cursor_stands_on_what_the_next_key_is_for() {
    let at = |driver: &Driver| at_cursor(&driver.model, (80, 24)).unwrap_or_default();
    let mut driver = Driver::with_draft(Ok(Some(draft())));
    assert!(at(&driver).starts_with("›"), "{}", at(&driver));
    driver = Driver::new();
    assert!(at(&driver).starts_with("›  ServiceNow"), "{}", at(&driver));
    driver.keys("enter down");
    assert!(at(&driver).starts_with("› [ ]"), "{}", at(&driver));
    assert!(at(&Driver::refused()).starts_with("›"), "{}", at(&Driver::refused()));
}
