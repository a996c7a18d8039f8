//! The screen of a connection: search, filter, detail, log, live test.

use rstest::rstest;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::export::{Format, Target};
use crate::model::fault::Fault;
use crate::model::items::{ItemColumn, ItemFilter, KindState, Sort};
use crate::model::passphrase::{self, Wanted};
use crate::model::secret::Secret;
use crate::model::summary::{Activity, Event};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::Tab;
use crate::ui::app::connection::columns;
use crate::ui::app::effect::{Effect, Job, TaskId, TestSubject};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Notice, Screen};
use crate::ui::app::news::News;
use crate::ui::app::preferences::{PreferencesJob, PreferencesOutcome};
use crate::ui::app::remote::Remote;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::testing::assigned;
use crate::ui::app::update::connection::command;
use crate::ui::app::update::tell;
use crate::ui::app::update::testing::{Driver, name, noon};

pub fn item(number: &str, description: &str) -> WorkItem {
    WorkItem {
        kind: WorkItemKind::Incident,
        source_id: "id".into(),
        number: number.into(),
        title: "Printer".into(),
        state: Value::labelled("1", "New"),
        priority: Value::labelled("3", "3 - Moderate"),
        open: true,
        opened_at: None,
        updated_at: noon(),
        hidden: Vec::new(),
        fields: [("description", Value::plain(description))].into(),
    }
}

fn is_dashboard(model: &Model) -> bool {
    matches!(model.front(), Some(Screen::Dashboard(_)))
}

#[test]
fn each_change_of_the_search_cancels_the_one_before() {
    let mut driver = Driver::opened(3_000);
    driver.type_text("/");
    driver.type_text("1");
    let first = driver.item_tasks();
    let effects = driver.type_text("2");
    assert!(effects.contains(&Effect::Cancel(first[0])));
    assert_eq!(driver.item_tasks().len(), 1);
    assert!(driver.screen().table.is_outdated(), "the rows are still those of before");
    driver.serve();
    let table = &driver.screen().table;
    assert!(!table.is_outdated());
    assert!(table.rows().iter().all(|row| row.number.contains("12")));
    assert_eq!(table.cursor(), 0);
}

#[test]
fn a_search_overtaken_brings_nothing() {
    let mut driver = Driver::opened(3_000);
    driver.type_text("/1");
    let late = driver.item_tasks()[0];
    driver.type_text("2");
    driver.serve();
    let before = driver.screen().clone();
    let window = driver.store.window(&ItemFilter::default(), crate::model::items::Seek::First, 60);
    driver.send(Message::Outcome(late, Outcome::Items(Ok(window))));
    assert_eq!(*driver.screen(), before);
}

#[test]
fn esc_leaves_the_field_then_clears_it_then_goes_back() {
    let mut driver = Driver::opened(3_000);
    driver.type_text("/q7");
    driver.serve();
    driver.press(Code::Esc);
    assert_eq!((driver.screen().search, driver.screen().filter.find.as_str()), (None, "q7"));
    driver.press(Code::Esc);
    assert_eq!(driver.screen().filter.find, "");
    driver.serve();
    assert_eq!(driver.screen().table.total(), Some(crate::model::items::Total::Exactly(3_000)));
    driver.press(Code::Esc);
    assert!(is_dashboard(&driver.model));
}

#[test]
fn a_paste_goes_into_the_search_field_only() {
    let mut driver = Driver::opened(10);
    assert_eq!(driver.send(Message::Paste(Secret::new("INC"))), []);
    driver.type_text("/");
    driver.send(Message::Paste(Secret::new("INC\n")));
    assert_eq!(driver.screen().filter.find, "INC");
}

#[test]
fn arrows_move_in_the_rows_while_typing() {
    let mut driver = Driver::opened(100);
    driver.type_text("/");
    driver.press(Code::Down);
    assert_eq!((driver.screen().table.cursor(), driver.screen().search), (1, Some(0)));
}

#[test]
fn the_panel_filters_when_it_is_applied() {
    let mut driver = Driver::opened(3_000);
    driver.type_text("f");
    assert_eq!(driver.type_text(" "), [], "nothing is asked before");
    driver.press(Code::Enter);
    assert_eq!(driver.screen().filter.kinds, [WorkItemKind::Incident]);
    driver.serve();
    assert!(driver.screen().table.rows().iter().all(|row| row.kind == WorkItemKind::Incident));
    assert!(!driver.type_text("F").is_empty());
    assert_eq!(driver.screen().filter, ItemFilter::default());
}

#[test]
fn esc_closes_the_panel_without_filtering() {
    let mut driver = Driver::opened(10);
    driver.type_text("f ");
    driver.bring(&groups(), Outcome::Assigned(Ok(Box::new(assigned()))));
    assert_eq!(driver.press(Code::Esc), []);
    assert_eq!((driver.screen().panel.clone(), driver.screen().filter.clone()), (None, ItemFilter::default()));
}

const INCIDENT: WorkItemKind = WorkItemKind::Incident;
const CHANGE: WorkItemKind = WorkItemKind::ChangeRequest;

fn of(kinds: &[WorkItemKind], states: &[(WorkItemKind, &str)]) -> ItemFilter {
    let states = states.iter().map(|(kind, value)| KindState { kind: *kind, value: (*value).into() });
    ItemFilter { kinds: kinds.to_vec(), states: states.collect(), ..ItemFilter::default() }
}

fn groups() -> Job {
    Job::LoadAssigned(name("contoso"))
}

/// Opens the panel with the groups and assignees in it.
fn panel(driver: &mut Driver) {
    driver.type_text("f");
    driver.bring(&groups(), Outcome::Assigned(Ok(Box::new(assigned()))));
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The choices are those of [`choices_of_the_panel`], 3 groups and 4 assignees; the first of both is nobody.
#[rstest]
#[case::groups("Gkkkkkk j ", ItemFilter { groups: names(&["", "Network operations"]), ..ItemFilter::default() })]
#[case::nobody("Gkkk ", ItemFilter { assignees: names(&[""]), ..ItemFilter::default() })]
#[case::found_by_words("/worth net\n ", ItemFilter { assignees: names(&["Net Worth"]), ..ItemFilter::default() })]
#[case::the_second_of_those_found("/net\nj ", ItemFilter { assignees: names(&["Net Worth"]), ..ItemFilter::default() })]
#[case::after_the_search_all_are_there("/worth\x1bG ", ItemFilter { assignees: names(&["日本 太郎"]), ..ItemFilter::default() })]
#[case::opened("/past 7\n ", ItemFilter { opened_since: Some("2026-11-14T00:00:00Z".parse().unwrap()), ..ItemFilter::default() })]
#[case::opened_once("/past 7\n /today\n ", ItemFilter { opened_since: Some("2026-11-20T00:00:00Z".parse().unwrap()), ..ItemFilter::default() })]
#[case::cleared("G F", ItemFilter::default())]
fn groups_assignees_and_days_of_the_panel(#[case] keys: &str, #[case] expected: ItemFilter) {
    let mut driver = Driver::opened(10);
    panel(&mut driver);
    assert_eq!(driver.screen().panel.as_ref().unwrap().choices.len(), 19);
    for key in keys.chars() {
        match key {
            '\n' => driver.press(Code::Enter),
            '\x1b' => driver.press(Code::Esc),
            other => driver.type_text(&other.to_string()),
        };
    }
    driver.press(Code::Enter);
    assert_eq!(driver.screen().filter, expected);
    driver.type_text("F");
    assert_eq!(driver.screen().filter, ItemFilter::default());
}

#[test]
fn the_panel_keeps_what_is_chosen_although_no_item_has_it_and_cancels_its_reading() {
    let mut driver = Driver::opened(10);
    let Some(Screen::Connection(screen)) = driver.model.front_mut() else { panic!() };
    screen.filter.groups = names(&["Dissolved"]);
    screen.filter.opened_since = Some("2026-10-12T00:00:00Z".parse().unwrap());
    driver.type_text("f");
    let task = driver.task(&groups());
    driver.press(Code::Esc);
    assert!(driver.cancelled.contains(&task));
    panel(&mut driver);
    driver.type_text("/dissolved");
    driver.press(Code::Enter);
    driver.type_text(" ");
    driver.press(Code::Enter);
    assert_eq!(driver.screen().filter.groups, names(&[]));
    panel(&mut driver);
    driver.type_text("/12 oct");
    driver.press(Code::Enter);
    driver.type_text(" ");
    driver.press(Code::Enter);
    assert_eq!(driver.screen().filter, ItemFilter::default());
    driver.type_text("f");
    driver.bring(&groups(), Outcome::Assigned(Err(Fault::Interrupted)));
    assert_eq!(driver.screen().panel.as_ref().unwrap().fault, Some(Fault::Interrupted));
}

/// The choices are: 2 kinds, open, closed, 2 states of incidents, 1 of change requests, 2 priorities, 3 days.
#[rstest]
#[case::state_of_a_kind("jjjj ", of(&[INCIDENT], &[(INCIDENT, "1")]))]
#[case::same_value_of_another_kind("jjjjjj ", of(&[CHANGE], &[(CHANGE, "1")]))]
#[case::a22_several_states("jjjj j ", of(&[INCIDENT], &[(INCIDENT, "1"), (INCIDENT, "2")]))]
#[case::a22_another_kind_beside_a_state("jjjj gj ", of(&[INCIDENT, CHANGE], &[(INCIDENT, "1")]))]
#[case::a22_a_kind_takes_its_states_along("jjjj jj g ", of(&[CHANGE], &[(CHANGE, "1")]))]
#[case::twice_is_off("  ", ItemFilter::default())]
#[case::open_and_priority("jj Gkkk ", ItemFilter { open: Some(true), priorities: vec!["3".into()], ..ItemFilter::default() })]
#[case::a22_several_priorities("Gkkk k ", ItemFilter { priorities: vec!["1".into(), "3".into()], ..ItemFilter::default() })]
#[case::closed("jjj ", ItemFilter { open: Some(false), ..ItemFilter::default() })]
#[case::cleared("jjjj F", ItemFilter::default())]
fn choices_of_the_panel(#[case] keys: &str, #[case] expected: ItemFilter) {
    let mut driver = Driver::opened(10);
    driver.type_text("f");
    assert_eq!(driver.screen().panel.as_ref().unwrap().choices.len(), 12);
    driver.type_text(keys);
    driver.press(Code::Enter);
    assert_eq!(driver.screen().filter, expected);
}

#[test]
fn the_detail_follows_and_its_late_answers_are_ignored() {
    let mut driver = Driver::opened(10);
    driver.press(Code::Enter);
    let first = driver.task(&Job::LoadItem { row_id: 10 });
    let effects = driver.press(Code::Right);
    assert!(effects.contains(&Effect::Cancel(first)));
    driver.send(Message::Outcome(first, Outcome::Item(Ok(Some(Box::new(item("late", "")))))));
    assert_eq!(driver.screen().detail.as_ref().unwrap().item, Remote::Loading);
    driver.bring(&Job::LoadItem { row_id: 9 }, Outcome::Item(Ok(Some(Box::new(item("CHG0000009", ""))))));
    let shown = driver.screen().detail.as_ref().unwrap().item.value().unwrap().as_ref().unwrap();
    assert_eq!(shown.number, "CHG0000009");
    driver.press(Code::Esc);
    assert_eq!(driver.screen().detail, None);
}

#[test]
fn a_long_description_scrolls_to_its_end_and_no_further() {
    let mut driver = Driver::opened(10);
    driver.press(Code::Enter);
    let text = "line\n".repeat(100);
    driver.bring(&Job::LoadItem { row_id: 10 }, Outcome::Item(Ok(Some(Box::new(item("INC0000010", &text))))));
    let top = |driver: &Driver| driver.screen().detail.as_ref().unwrap().top;
    driver.press(Code::End);
    let end = top(&driver);
    driver.press(Code::Down);
    assert!(end > 50);
    assert_eq!(top(&driver), end);
    driver.press(Code::Up);
    assert_eq!(top(&driver), end - 1);
    driver.press(Code::Home);
    assert_eq!(top(&driver), 0);
}

#[test]
fn the_log_is_read_when_it_is_looked_at_and_after_a_sync() {
    let mut driver = Driver::opened(10);
    assert!(driver.press(Code::Tab).contains(&Effect::Run(
        driver.task(&Job::LoadActivities(name("contoso"))),
        Job::LoadActivities(name("contoso"))
    )));
    let entry = |event| Activity { at: noon(), event };
    let log = vec![entry(Event::SignedIn), entry(Event::Added)];
    driver.bring(&Job::LoadActivities(name("contoso")), Outcome::Activities(Ok(log.clone())));
    driver.press(Code::Down);
    driver.type_text("s");
    driver.send(Message::Outcome(driver.sync_task("contoso"), Outcome::Synced(Ok([].into()))));
    let longer = [vec![entry(Event::Tested { passed: true, failed_step: None })], log].concat();
    driver.bring(&Job::LoadActivities(name("contoso")), Outcome::Activities(Ok(longer)));
    assert_eq!(driver.screen().log.cursor, 2, "the focus stays on its entry");
}

fn running_step(driver: &Driver) -> Option<(TaskId, StepId)> {
    driver.screen().test.running.map(|(step, task)| (task, step))
}

fn finish(driver: &mut Driver, status: Status) {
    let (task, id) = running_step(driver).unwrap();
    driver.running.remove(&task);
    let step = match status {
        Status::Failed => Step::failed(id, Fault::Interrupted, None),
        _ => Step::found(id, status, Finding::NoDate),
    };
    driver.send(Message::Outcome(task, Outcome::Step(Box::new(step))));
}

#[test]
fn the_live_test_runs_step_by_step_in_place() {
    let mut driver = Driver::opened(10);
    driver.type_text("t");
    let mut order = Vec::new();
    while let Some((task, id)) = running_step(&driver) {
        assert_eq!(driver.running[&task], Job::TestStep(TestSubject::Saved(name("contoso")), id));
        order.push(id);
        finish(&mut driver, if id == StepId::Incident { Status::Failed } else { Status::Passed });
    }
    assert_eq!(
        order,
        crate::ui::app::update::wizard::testing::servicenow_steps(),
        "a failed table does not stop the rest"
    );
    let statuses: Vec<_> = driver.screen().test.steps.iter().map(|step| step.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == Status::Passed).count(), 9);
}

#[test]
fn without_a_sign_in_the_rest_is_skipped_and_one_step_can_be_tried_again() {
    let mut driver = Driver::opened(10);
    driver.type_text("t");
    (0..3).for_each(|_| finish(&mut driver, Status::Passed));
    finish(&mut driver, Status::Failed);
    assert_eq!(running_step(&driver), None);
    let skipped = |step: &&Step| step.finding == Some(Finding::NotRun { because: StepId::SignIn });
    assert_eq!(driver.screen().test.steps.iter().filter(skipped).count(), 6);
    driver.type_text("r");
    assert_eq!(running_step(&driver).map(|(_, id)| id), Some(StepId::SignIn), "the failed one has the focus");
    finish(&mut driver, Status::Passed);
    assert_eq!(running_step(&driver).map(|(_, id)| id), Some(StepId::Clock), "what it had held up follows");
}

#[test]
fn a_stopped_or_left_test_is_cancelled() {
    let mut driver = Driver::opened(10);
    driver.type_text("t");
    let (task, _) = running_step(&driver).unwrap();
    assert_eq!(driver.type_text("x"), [Effect::Cancel(task)]);
    driver.type_text("t");
    let (task, _) = running_step(&driver).unwrap();
    assert_eq!(driver.press(Code::Esc), [Effect::Cancel(task)]);
    assert!(is_dashboard(&driver.model));
}

#[test]
fn a_broken_task_fails_what_waits_for_it() {
    let mut driver = Driver::opened(10);
    driver.press(Code::Enter);
    let fault = Fault::Internal { what: "panic".into() };
    driver.bring(&Job::LoadItem { row_id: 10 }, Outcome::Failed(fault.clone()));
    assert_eq!(driver.screen().detail.as_ref().unwrap().item, Remote::Failed(fault.clone()));
    driver.press(Code::Esc);
    driver.type_text("t");
    let (task, _) = running_step(&driver).unwrap();
    driver.send(Message::Outcome(task, Outcome::Failed(fault.clone())));
    assert_eq!(driver.screen().test.steps[0].fault, Some(fault));
}

#[test]
fn removal_is_asked_first() {
    let mut driver = Driver::opened(10);
    assert_eq!(driver.type_text("d"), []);
    assert_eq!(driver.model.question(), Some(&Question::Remove(name("contoso"))));
    assert_eq!(driver.press(Code::Esc), []);
    assert_eq!(driver.screen().tab, Tab::Items);
}

#[rstest]
#[case::plain(ItemFilter::default(), "items contoso")]
#[case::full(
    ItemFilter {
        priorities: vec!["1".into()],
        open: Some(true),
        removed: None,
        find: "printer on floor 3".into(),
        ..of(&[INCIDENT], &[(INCIDENT, "-5")])
    },
    "items contoso --kind incident --state=-5 --priority 1 --find 'printer on floor 3' --open"
)]
#[case::a22_several_of_each_and_sorted(
    ItemFilter {
        priorities: vec!["1".into(), "2".into()],
        sort: Sort { column: ItemColumn::Opened, reversed: true },
        ..of(&[INCIDENT, CHANGE], &[(INCIDENT, "1"), (CHANGE, "-5")])
    },
    "items contoso --kind incident --kind change_request --state incident:1 --state change_request:-5 --priority 1 \
     --priority 2 --sort opened --reverse"
)]
#[case::groups_assignees_and_days(
    ItemFilter {
        groups: names(&["", "Service desk"]),
        assignees: names(&["-x"]),
        opened_since: Some("2026-11-14T00:00:00Z".parse().unwrap()),
        opened_before: Some("2026-11-21T00:00:00Z".parse().unwrap()),
        ..ItemFilter::default()
    },
    "items contoso --group '' --group 'Service desk' --assignee=-x --since 2026-11-14 --until 2026-11-20"
)]
#[case::hostile(
    ItemFilter { find: "'; rm -rf $HOME #`x`".into(), ..ItemFilter::default() },
    r"items contoso --find ''\''; rm -rf $HOME #`x`'"
)]
fn the_command_of_the_table(#[case] filter: ItemFilter, #[case] expected: &str) {
    let mut driver = Driver::opened(10);
    let Some(Screen::Connection(screen)) = driver.model.front_mut() else { panic!() };
    screen.filter = filter;
    assert_eq!(command(screen), expected);
}

#[test]
fn a_question_goes_with_the_screen_that_asked_it() {
    let mut driver = Driver::opened(10);
    driver.type_text("d");
    driver.send(Message::Passphrase(passphrase::Question { id: 1, wanted: Wanted::New }));
    assert!(driver.model.question().is_some(), "the box that is open stays in front");
    let screens = tell(&mut driver.model, &News::Configured);
    assert_eq!((screens, driver.model.question().is_some()), (vec![], true));
    driver.model.connections = Remote::Ready(Vec::new(), driver.model.now);
    tell(&mut driver.model, &News::Configured);
    assert_eq!(driver.model.question(), None);
    driver.press(Code::Esc);
    assert!(is_dashboard(&driver.model), "what was asked for by nobody on the screen is still answered");
}

/// The filter of the rows that were asked for last.
fn asked(driver: &Driver) -> ItemFilter {
    let filter = |job: &Job| if let Job::LoadItems { filter, .. } = job { Some(filter.clone()) } else { None };
    driver.running.values().rev().find_map(filter).unwrap()
}

/// What is to be written of columns into the config file.
fn kept(driver: &Driver) -> Vec<(TaskId, Option<Vec<ItemColumn>>)> {
    let of = |(task, job): (&TaskId, &Job)| match job {
        Job::Screen(ScreenJob::Preferences(PreferencesJob::KeepColumns(chosen))) => Some((*task, chosen.clone())),
        _ => None,
    };
    driver.running.iter().filter_map(of).collect()
}

#[test]
fn a22_a_key_sorts_by_the_next_column_and_another_turns_the_order_round() {
    let mut driver = Driver::opened(100);
    driver.send(Message::Resize(200, 60));
    driver.serve();
    let sorted = |column, reversed| Sort { column, reversed };
    driver.type_text(">");
    assert_eq!(asked(&driver).sort, sorted(ItemColumn::Kind, false), "after the last column comes the first");
    driver.type_text("><");
    assert_eq!(asked(&driver).sort, sorted(ItemColumn::Number, true));
    assert!(!driver.screen().is_narrowed(), "an order leaves nothing out");
    driver.type_text("F");
    assert_eq!(driver.screen().filter.sort, sorted(ItemColumn::Number, true));
}

#[test]
fn a22_the_column_box_shows_hides_and_sorts() {
    let mut driver = Driver::opened(100);
    driver.type_text("C");
    assert_eq!(driver.model.settings.columns, None, "nothing is chosen before");
    driver.type_text(" ");
    assert_eq!(driver.model.settings.columns.as_ref().map(Vec::len), Some(6));
    driver.type_text("j jj>");
    let chosen = driver.model.settings.columns.clone().unwrap();
    assert!(chosen.contains(&ItemColumn::Kind) && !chosen.contains(&ItemColumn::Number), "{chosen:?}");
    assert_eq!(asked(&driver).sort, Sort { column: ItemColumn::State, reversed: false });
    driver.type_text(">");
    assert_eq!(asked(&driver).sort, Sort { column: ItemColumn::State, reversed: true });
    driver.press(Code::Esc);
    assert_eq!((driver.screen().columns.is_none(), driver.screen().tab), (true, Tab::Items));
    let (task, written) = kept(&driver).pop().unwrap();
    assert_eq!(written, Some(chosen), "what was chosen is kept");
    let fault = Fault::DiskFull { path: "/home/ada".into() };
    driver.end(task, PreferencesOutcome::Saved(Err(fault.clone())));
    assert_eq!(driver.model.notice, Some(Notice::Fault(fault)), "it is told when it cannot be");
    driver.type_text("C");
    driver.press(Code::Esc);
    assert_eq!(kept(&driver), [], "nothing changed");
    driver.type_text("C0");
    assert_eq!(driver.model.settings.columns, None);
    driver.press(Code::Esc);
    assert!(matches!(kept(&driver).as_slice(), [(_, None)]));
}

/// The orders that are to be written into the config file, with their tasks.
fn orders(driver: &Driver) -> Vec<(TaskId, Sort)> {
    let of = |(task, job): (&TaskId, &Job)| match job {
        Job::Screen(ScreenJob::Preferences(PreferencesJob::KeepOrder(order))) => Some((*task, *order)),
        _ => None,
    };
    driver.running.iter().filter_map(of).collect()
}

#[test]
fn the_order_is_kept_the_last_one_last_and_the_next_table_has_it() {
    let mut driver = Driver::opened(100);
    let order = |column, reversed| Sort { column, reversed };
    driver.type_text(">");
    let (task, first) = orders(&driver).pop().unwrap();
    assert_eq!(first, order(ItemColumn::Number, false));
    driver.type_text("><");
    assert_eq!(orders(&driver), [(task, first)], "one is written after the other");
    driver.running.remove(&task);
    driver.end(task, PreferencesOutcome::Saved(Ok(())));
    let (task, last) = orders(&driver).pop().unwrap();
    assert_eq!(last, order(ItemColumn::Title, true));
    driver.running.remove(&task);
    driver.end(task, PreferencesOutcome::Saved(Ok(())));
    assert_eq!(orders(&driver), []);
    driver.type_text(">>");
    driver.press(Code::Esc);
    let written: Vec<_> = orders(&driver).into_iter().map(|(_, order)| order).collect();
    assert_eq!(written, [order(ItemColumn::State, false), order(ItemColumn::Priority, false)]);
    driver.model.settings.set_order(order(ItemColumn::Title, true));
    driver.press(Code::Enter);
    assert_eq!(asked(&driver).sort, order(ItemColumn::Title, true));
}

#[test]
fn a22_the_last_column_cannot_be_hidden() {
    let mut driver = Driver::opened(100);
    driver.type_text("C");
    for _ in ItemColumn::ALL {
        let at = driver.screen().columns.as_ref().and_then(|open| ItemColumn::ALL.get(open.at)).copied().unwrap();
        if columns::chosen(&driver.model).contains(&at) {
            driver.type_text(" ");
        }
        driver.type_text("j");
    }
    assert_eq!(driver.model.settings.columns.as_ref().map(Vec::len), Some(1));
}

#[test]
fn a28_a_click_on_a_tab_shows_it() {
    let mut driver = Driver::opened(100);
    let line = "  Work items  Activity  Test  Checklist  Tokens ";
    for (word, tab) in [("Tokens", Tab::Tokens), ("Test", Tab::Test), ("Work", Tab::Items), ("Activity", Tab::Activity)]
    {
        driver.send(Message::Click(u16::try_from(line.find(word).unwrap()).unwrap(), 1));
        assert_eq!(driver.screen().tab, tab);
    }
    driver.send(Message::Click(79, 1));
    assert_eq!(driver.screen().tab, Tab::Activity);
}

fn opens(driver: &Driver) -> Job {
    let row = driver.screen().table.selected().unwrap();
    Job::OpenRecord {
        connection: name("contoso"),
        kind: row.kind,
        id: row.source_id.clone(),
        number: row.number.clone(),
    }
}

#[test]
fn a22_a_record_opens_in_the_browser_or_its_address_is_copied() {
    let mut driver = Driver::opened(100);
    let address = "https://contoso.service-now.com/x".to_owned();
    driver.type_text("jo");
    let job = opens(&driver);
    driver.bring(&job, Outcome::Opened(Ok(Some((address.clone(), true)))));
    assert_eq!(driver.model.notice, Some(Notice::Opened(address.clone())));
    driver.press(Code::Enter);
    driver.type_text("o");
    let effects = driver.bring(&job, Outcome::Opened(Ok(Some((address.clone(), false)))));
    assert_eq!(effects, [Effect::Copy(address.clone())]);
    assert_eq!(driver.model.notice, Some(Notice::AddressCopied(address)));
}

#[test]
fn a22_the_rows_are_written_to_a_file_that_is_replaced_only_after_a_question() {
    let mut driver = Driver::opened(100);
    driver.type_text("f ");
    driver.press(Code::Enter);
    driver.serve();
    driver.type_text("E");
    let export = |driver: &Driver| driver.screen().export.clone().unwrap();
    assert_eq!(export(&driver).path, "contoso-2026-11-20.csv");
    driver.press(Code::Backspace);
    assert_eq!(driver.press(Code::Enter), [], "the name does not tell the format");
    driver.type_text("v");
    assert_eq!(command(driver.screen()), "items contoso --kind incident --csv > contoso-2026-11-20.csv");
    driver.press(Code::Enter);
    let job = |overwrite| Job::Export {
        connection: name("contoso"),
        filter: of(&[INCIDENT], &[]),
        target: Target { path: "contoso-2026-11-20.csv".into(), format: Format::Csv, overwrite },
    };
    let taken = Fault::FilesThere { paths: vec!["contoso-2026-11-20.csv".into()] };
    driver.bring(&job(false), Outcome::Exported(Err(taken.clone())));
    assert_eq!(driver.model.question(), Some(&Question::Overwrite("contoso-2026-11-20.csv".into())));
    driver.press(Code::Esc);
    assert!(driver.screen().export.is_some(), "another name can be given");
    driver.press(Code::Enter);
    driver.bring(&job(false), Outcome::Exported(Err(taken)));
    assert_eq!(driver.press(Code::Enter), [], "a second Enter does not answer what the first one led to");
    driver.type_text("y");
    driver.bring(&job(true), Outcome::Exported(Ok(50)));
    assert_eq!(driver.model.notice, Some(Notice::Exported(50, "contoso-2026-11-20.csv".into())));
    assert_eq!(driver.screen().export, None);
}

#[test]
fn a22_a_file_that_cannot_be_written_is_told_in_the_box() {
    let mut driver = Driver::opened(100);
    driver.type_text("E");
    driver.press(Code::Enter);
    let full = Fault::DiskFull { path: "contoso-2026-11-20.csv".into() };
    let (task, _) = driver.running.iter().rev().find(|(_, job)| matches!(job, Job::Export { .. })).unwrap();
    driver.send(Message::Outcome(*task, Outcome::Exported(Err(full.clone()))));
    assert_eq!(driver.screen().export.as_ref().unwrap().fault, Some(full));
    driver.press(Code::Esc);
    assert_eq!((driver.screen().export.clone(), driver.screen().tab), (None, Tab::Items));
}
