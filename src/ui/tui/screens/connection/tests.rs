use jiff::SignedDuration;

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::items::{ItemKey, ItemRow, ItemWindow, Total};
use crate::model::lang::Lang;
use crate::model::summary::{Activity, Event};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::remote::Remote;
use crate::ui::app::testing::{
    assigned, entry, minutes_ago, model, name, now, press, record, refused_by, summary, syncing, type_text, with,
};
use crate::ui::app::update::update;
use crate::ui::tui::testing::{at_cursor, click, click_at, screen, snapshot, snapshots};

const TITLES: [&str; 6] = [
    "Printer on the third floor prints blank pages",
    "VPN drops every few minutes since the update of the client on Monday morning",
    "日本語のタイトルが長い場合の表示を確認する必要があります",
    "Cannot sign in to the payroll portal",
    "Disk of SQL-04 is 97 % full 👩‍💻",
    "Mail to partners is returned",
];

fn row(nth: i64) -> ItemRow {
    let states = [("1", "New"), ("2", "In Progress"), ("6", "Resolved"), ("3", "On Hold")];
    let (value, label) = states[usize::try_from(nth % 4).unwrap()];
    ItemRow {
        key: ItemKey { updated_at: now() - SignedDuration::from_mins(nth * nth * 7), row_id: 1000 - nth },
        connection: "contoso".into(),
        kind: WorkItemKind::Incident,
        source_id: "id".into(),
        number: format!("INC{:07}", 10_000 + nth),
        title: TITLES[usize::try_from(nth % 6).unwrap()].into(),
        state: Value::labelled(value, label),
        priority: Value::labelled("3", "3 - Moderate"),
        open: value != "6",
        removed_at: None,
        assignee: ["Beth Anglin", "", "日本 太郎"][usize::try_from(nth % 3).unwrap()].into(),
        group: ["Network operations", "Service desk"][usize::try_from(nth % 2).unwrap()].into(),
        computer: ["SQL-PRD-07", ""][usize::try_from(nth % 2).unwrap()].into(),
        opened_at: Some(now() - SignedDuration::from_hours(nth * 31)),
    }
}

fn window(rows: i64, total: Total) -> ItemWindow {
    ItemWindow { rows: (0..rows).map(row).collect(), at_start: true, at_end: rows < 60, total }
}

/// Answers the job of this effect that `of` picks.
pub fn answer(model: &mut Model, effects: &[Effect], of: fn(&Job) -> bool, outcome: Outcome) -> Vec<Effect> {
    let found = effects.iter().rev().find_map(|effect| match effect {
        Effect::Run(task, job) if of(job) => Some(*task),
        _ => None,
    });
    update(model, Message::Outcome(found.unwrap(), outcome))
}

fn is_items(job: &Job) -> bool {
    matches!(job, Job::LoadItems { .. })
}

fn opened(mut model: Model, answered: Result<ItemWindow, Fault>) -> Model {
    let effects = press(&mut model, &[Key::new(Code::Enter)]);
    answer(&mut model, &effects, is_items, Outcome::Items(answered));
    model
}

fn table() -> Model {
    let mut model = opened(model(), Ok(window(60, Total::Exactly(1_000_000))));
    press(&mut model, &[Key::char('j'), Key::char('j')]);
    model
}

fn item() -> WorkItem {
    WorkItem {
        kind: WorkItemKind::Incident,
        source_id: "id".into(),
        number: "INC0010002".into(),
        title: TITLES[2].into(),
        state: Value::labelled("6", "Resolved"),
        priority: Value::labelled("3", "3 - Moderate"),
        open: false,
        opened_at: Some(minutes_ago(5000)),
        updated_at: minutes_ago(28),
        hidden: Vec::new(),
        fields: [
            ("assigned_to", Value::labelled("u1", "Beth Anglin")),
            ("assignment_group", Value::labelled("g1", "Network operations")),
            ("made_sla", Value::plain("true")),
            ("resolved_at", Value::plain("2026-11-22T11:30:00Z")),
            (
                "description",
                Value::plain(
                    "The client shows error 809.\n\nSince Monday every user of the second floor is thrown out after a few minutes; restarting the client helps for a while.",
                ),
            ),
            ("close_notes", Value::plain("Rolled back to the former version of the client.")),
        ]
        .into(),
    }
}

fn with_detail() -> Model {
    let mut model = table();
    let effects = press(&mut model, &[Key::new(Code::Enter)]);
    let item = Outcome::Item(Ok(Some(Box::new(item()))));
    answer(&mut model, &effects, |job| matches!(job, Job::LoadItem { .. }), item);
    model
}

fn log() -> Vec<Activity> {
    let synced = |minutes, record| Activity {
        at: minutes_ago(minutes),
        event: Event::Synced { record, fetched: 41, inserted: 12, updated: 29, unchanged: 3, hidden: 7 },
    };
    let event = |minutes, event| Activity { at: minutes_ago(minutes), event };
    let partly = crate::model::summary::SyncRecord { complete: false, ..record(None) };
    vec![
        synced(2, record(Some(refused_by("contoso")))),
        synced(17, record(None)),
        synced(32, partly),
        synced(47, record(Some(Fault::RateLimited { retry_after_seconds: 120, limit: Some(5000), rule: None }))),
        event(60, Event::Tested { passed: false, failed_step: Some(StepId::SignIn) }),
        event(61, Event::Tested { passed: true, failed_step: None }),
        event(3000, Event::Edited { keys: vec!["sync_days".into(), "username".into()] }),
        event(9000, Event::SignedIn),
        event(9001, Event::Added),
    ]
}

fn with_log(entries: Result<Vec<Activity>, Fault>) -> Model {
    let mut model = table();
    let effects = press(&mut model, &[Key::new(Code::Tab)]);
    answer(&mut model, &effects, |job| matches!(job, Job::LoadActivities(_)), Outcome::Activities(entries));
    model
}

#[test]
fn a_table_of_a_million_rows() {
    snapshots("connection/table", &table());
    snapshot("connection/table-wide", &table(), (200, 60), Lang::En);
}

#[test]
fn tables_without_rows() {
    snapshots("connection/empty", &opened(model(), Ok(window(0, Total::Exactly(0)))));
    let failed = opened(model(), Err(log_fault()));
    snapshots("connection/failed", &failed);
    let told = screen(&failed, (120, 40));
    assert!(told.lines().next().unwrap().contains("failing"), "a database that cannot be read is not healthy: {told}");
    assert!(!told.contains("next in"), "{told}");
    let mut loading = model();
    press(&mut loading, &[Key::new(Code::Enter)]);
    snapshot("connection/loading", &loading, (80, 24), Lang::En);
}

fn log_fault() -> Fault {
    Fault::DatabaseDamaged { path: "/home/ada/items.db".into(), kept_as: None, reason: "not a database".into() }
}

#[test]
fn a_sync_shows_beside_the_tabs() {
    let mut waiting = syncing(entry("contoso", summary()));
    for progress in waiting.sync.progress.values_mut() {
        progress.waiting_until = Some(now() + SignedDuration::from_secs(42));
    }
    let rows = || Ok(window(20, Total::Exactly(20)));
    let running = opened(with(vec![syncing(entry("contoso", summary()))]), rows());
    snapshots("connection/syncing", &running);
    let narrow = screen(&running, (40, 12));
    assert!(narrow.contains('%') && narrow.contains("x stop"), "{narrow}");
    snapshot("connection/rate-limited", &opened(with(vec![waiting]), rows()), (120, 40), Lang::En);
}

#[test]
fn the_search_as_it_is_typed() {
    let mut model = table();
    let effects = type_text(&mut model, "/printer");
    snapshots("connection/searching", &model);
    answer(&mut model, &effects, is_items, Outcome::Items(Ok(window(3, Total::Exactly(3)))));
    snapshot("connection/found", &model, (80, 24), Lang::En);
    let mut none = table();
    let effects = type_text(&mut none, "/zzz");
    answer(&mut none, &effects, is_items, Outcome::Items(Ok(window(0, Total::Exactly(0)))));
    snapshot("connection/no-match", &none, (80, 24), Lang::Nl);
}

#[test]
fn a_list_without_a_match_names_the_keys_that_work_there() {
    let mut none = table();
    let effects = type_text(&mut none, "/zzz");
    answer(&mut none, &effects, is_items, Outcome::Items(Ok(window(0, Total::Exactly(0)))));
    assert!(screen(&none, (80, 24)).contains("Esc leaves the search field"));
    press(&mut none, &[Key::new(Code::Enter)]);
    assert!(screen(&none, (80, 24)).contains("Press Esc to clear the search"));
}

#[test]
fn the_filter_panel_and_its_outcome() {
    let mut model = table();
    type_text(&mut model, "fjjjj ");
    snapshots("connection/filter", &model);
    press(&mut model, &[Key::new(Code::Enter)]);
    let shown = screen(&model, (80, 24));
    assert!(shown.contains("Incidents · Resolved"), "{shown}");
}

/// The panel with groups and assignees in it.
fn with_panel() -> Model {
    let mut model = table();
    let effects = press(&mut model, &[Key::char('f')]);
    let assigned = Outcome::Assigned(Ok(Box::new(assigned())));
    answer(&mut model, &effects, |job| matches!(job, Job::LoadAssigned(_)), assigned);
    model
}

#[test]
fn the_filter_panel_with_groups_and_assignees_and_what_is_found_there() {
    let mut model = with_panel();
    type_text(&mut model, "Gk");
    snapshots("connection/filter-assigned", &model);
    snapshot("connection/filter-assigned", &model, (200, 60), Lang::En);
    type_text(&mut model, "/n");
    snapshots("connection/filter-find", &model);
    type_text(&mut model, "et");
    press(&mut model, &[Key::new(Code::Enter)]);
    type_text(&mut model, " j ");
    press(&mut model, &[Key::char('/')]);
    type_text(&mut model, "zzz");
    assert!(screen(&model, (80, 24)).contains("No choice matches."));
    press(&mut model, &[Key::new(Code::Esc)]);
    type_text(&mut model, "/past 30");
    press(&mut model, &[Key::new(Code::Enter), Key::char(' '), Key::new(Code::Enter)]);
    let shown = screen(&model, (120, 40));
    assert!(shown.contains("Network operations · Net Worth · opened since "), "{shown}");
}

#[test]
fn one_work_item_whole() {
    snapshots("connection/detail", &with_detail());
    let mut gone = table();
    let effects = press(&mut gone, &[Key::new(Code::Enter)]);
    answer(&mut gone, &effects, |job| matches!(job, Job::LoadItem { .. }), Outcome::Item(Ok(None)));
    snapshot("connection/detail-gone", &gone, (120, 40), Lang::En);
}

#[test]
fn the_activity_log() {
    snapshots("connection/activity", &with_log(Ok(log())));
    snapshot("connection/activity", &with_log(Ok(log())), (200, 60), Lang::En);
    snapshot("connection/activity-empty", &with_log(Ok(vec![])), (80, 24), Lang::En);
    snapshot("connection/activity-failed", &with_log(Err(log_fault())), (80, 24), Lang::En);
}

fn end_step(model: &mut Model, task: TaskId, step: Step) -> Vec<Effect> {
    update(model, Message::Outcome(task, Outcome::Step(Box::new(Step { millis: 84, ..step }))))
}

fn running(effects: &[Effect]) -> TaskId {
    match effects {
        [.., Effect::Run(task, Job::TestStep(..))] => *task,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_live_test() {
    let mut model = table();
    press(&mut model, &[Key::char('l'), Key::char('l')]);
    snapshot("connection/test-todo", &model, (80, 24), Lang::En);
    let mut effects = press(&mut model, &[Key::char('t')]);
    let addresses = Finding::Addresses { addresses: vec!["203.0.113.7".into()] };
    let ended = [
        Step::found(StepId::NameLookup, Status::Passed, addresses),
        Step::found(
            StepId::Connection,
            Status::Passed,
            Finding::Connected { address: "203.0.113.7:443".into(), proxy: None },
        ),
        Step::found(StepId::Tls, Status::Warning, Finding::PracticeWithoutTls),
    ];
    for step in ended {
        effects = end_step(&mut model, running(&effects), step);
    }
    snapshots("connection/test-running", &model);
    end_step(&mut model, running(&effects), Step::failed(StepId::SignIn, refused_by("contoso"), None));
    snapshots("connection/test-failed", &model);
    type_text(&mut model, "i");
    snapshots("connection/test-failed-in-full", &model);
    let rows: String = (0..20)
        .map(|_| {
            press(&mut model, &[Key::char('j')]);
            screen(&model, (40, 12))
        })
        .collect();
    assert!(rows.contains("Cause:") && rows.contains("Do:"), "the smallest terminal shows all of it: {rows}");
}

#[test]
fn every_size_can_be_drawn() {
    for model in [table(), with_detail(), with_log(Ok(log()))] {
        for (columns, rows) in
            (30..110).step_by(13).flat_map(|columns| (8..30).step_by(3).map(move |rows| (columns, rows)))
        {
            screen(&model, (columns, rows));
        }
    }
    let mut panel = table();
    type_text(&mut panel, "fjjjjj");
    (30..60).for_each(|columns| drop(screen(&panel, (columns, 9))));
}

#[test]
fn a_screen_whose_connection_is_unknown_still_draws() {
    let mut model = table();
    model.show(ConnectionScreen::new(name("other"), &[]));
    assert!(screen(&model, (80, 24)).contains("other"));
}

mod any_keys {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is pressed at whatever size, the screen can be drawn and holds no control character.
        #[test]
        fn can_be_drawn(keys in "[jkhlgGfFtarARXce/xsd ?yq1日\\n\\t]{1,30}", size in (1u16..130, 1u16..45)) {
            let mut model = if keys.len() % 2 == 0 { with_detail() } else { table() };
            for key in keys.chars() {
                let key = match key {
                    '\n' => Key::new(Code::Enter),
                    '\t' => Key::new(Code::Esc),
                    key => Key::char(key),
                };
                press(&mut model, &[key]);
                let shown = screen(&model, size);
                prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
            }
        }
    }
}

/// A table whose second row is gone from the product, with the cursor on it.
fn with_removed() -> Model {
    let mut rows = window(6, Total::Exactly(6));
    rows.rows[1].removed_at = Some(minutes_ago(180));
    let mut model = model();
    let mut counted = summary();
    counted.kinds.values_mut().for_each(|counts| counts.removed = 4);
    let at = model.entries().iter().position(|entry| entry.connection.name == name("contoso")).unwrap();
    if let Remote::Ready(entries, _) = &mut model.connections {
        entries[at].summary = Remote::Ready(counted, now());
    }
    let mut model = opened(model, Ok(rows));
    press(&mut model, &[Key::char('j'), Key::char('k')]);
    model
}

#[test]
fn a_removed_row_is_marked() {
    snapshots("connection/removed", &with_removed());
}

#[test]
fn the_detail_of_a_removed_row_tells_when_that_was_found() {
    let mut model = with_removed();
    press(&mut model, &[Key::char('j')]);
    let effects = press(&mut model, &[Key::new(Code::Enter)]);
    let item = Outcome::Item(Ok(Some(Box::new(item()))));
    answer(&mut model, &effects, |job| matches!(job, Job::LoadItem { .. }), item);
    snapshot("connection/removed-detail", &model, (80, 24), Lang::En);
    snapshot("connection/removed-detail", &model, (40, 12), Lang::Nl);
}

#[test]
fn the_panel_offers_removed_rows_and_they_are_asked_for() {
    let mut model = with_removed();
    press(&mut model, &[Key::char('f')]);
    snapshot("connection/removed-filter", &model, (80, 24), Lang::En);
    press(&mut model, &[Key::char('j'); 4]);
    let effects = press(&mut model, &[Key::char(' '), Key::new(Code::Enter)]);
    let asked = |effect: &Effect| matches!(effect, Effect::Run(_, Job::LoadItems { filter, .. }) if filter.removed == Some(true));
    assert!(effects.iter().any(asked), "{effects:?}");
    assert!(screen(&model, (80, 24)).contains("removed"));
}

#[test]
fn a22_the_highest_priority_stands_out_in_the_table() {
    let of = |priority: &str| {
        let mut rows = window(3, Total::Exactly(3));
        rows.rows[1].priority = Value::plain(priority);
        crate::ui::tui::testing::dump(&opened(model(), Ok(rows)), (80, 24), Lang::En)
    };
    assert!(of("1 - Critical").contains("yellow") && !of("3 - Moderate").contains("yellow"));
}

/// The sizes that a screen is drawn in whole.
const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn a22_the_columns_of_the_table_suit_the_width() {
    let mut model = table();
    type_text(&mut model, ">");
    for (size, lang) in SIZES.into_iter().flat_map(|size| [(size, Lang::En), (size, Lang::Nl)]) {
        snapshot("connection/columns", &model, size, lang);
    }
}

#[test]
fn a22_the_column_box_and_columns_that_have_no_room() {
    let mut model = table();
    type_text(&mut model, "Cjjjjj j ");
    snapshot("connection/columns-box", &model, (80, 24), Lang::En);
    press(&mut model, &[Key::new(Code::Esc)]);
    let shown = screen(&model, (60, 24));
    assert!(shown.lines().nth(3).unwrap().contains(" +"), "{shown}");
    for width in 30..220 {
        screen(&model, (width, 24));
    }
}

#[test]
fn a22_the_export_asks_for_a_file_and_tells_the_command() {
    let mut model = table();
    type_text(&mut model, "E");
    snapshot("connection/export", &model, (80, 24), Lang::En);
    snapshot("connection/export", &model, (80, 24), Lang::Nl);
    (30..60).for_each(|columns| drop(screen(&model, (columns, 9))));
}

#[test]
fn a42_the_cursor_stands_on_the_row_in_focus() {
    let at = |model: &Model| at_cursor(model, (80, 24)).unwrap_or_default();
    let mut model = table();
    assert!(at(&model).starts_with(" INC0010002"), "{}", at(&model));
    type_text(&mut model, "f");
    assert!(at(&model).starts_with("[ ]"), "{}", at(&model));
    press(&mut model, &[Key::char('j')]);
    assert!(at(&model).starts_with("[ ]"), "{}", at(&model));
    assert!(at(&with_detail()).contains("INC0010002"), "{}", at(&with_detail()));
    type_text(&mut model, "?");
    assert!(at(&model).trim_end().ends_with('│'), "the help lies over the table: {}", at(&model));
}

#[test]
fn a28_a_click_selects_a_row_and_another_opens_it() {
    let mut model = table();
    let at = |model: &Model| match model.front() {
        Some(Screen::Connection(screen)) => (screen.table.cursor(), screen.detail.is_some()),
        other => panic!("{other:?}"),
    };
    click(&mut model, "INC0010005");
    assert_eq!(at(&model), (5, false));
    press(&mut model, &[Key::char('/')]);
    click(&mut model, "INC0010004");
    assert_eq!(at(&model), (4, false));
    click(&mut model, "INC0010004");
    assert_eq!(at(&model), (4, true), "also while the search field has the focus");
    press(&mut model, &[Key::new(Code::Esc), Key::new(Code::Esc)]);
    update(&mut model, Message::Resize(120, 40));
    click_at(&mut model, 119, 8);
    assert_eq!(at(&model), (4, true), "the whole line is the row");
    click_at(&mut model, 119, 12);
    assert_eq!(at(&model), (4, true), "the pane is no row");
    click(&mut model, "INC0010008");
    assert_eq!(at(&model), (8, true), "the pane shows the row that was clicked");
    for (column, row) in [(3, 0), (3, 2), (3, 3), (500, 500)] {
        click_at(&mut model, column, row);
    }
    assert_eq!(at(&model), (8, true));
}
