//! Syncs by hand and on schedule.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::model::fault::Fault;
use crate::model::settings::Settings;
use crate::model::summary::{Health, Summary, SyncRecord};
use crate::model::sync::{KindReport, Progress};
use crate::model::work_item::WorkItemKind;
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::update::testing::{Driver, connection, name, noon, summary};
use crate::ui::app::update::{next_tick, start};

fn after(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

fn is_sync(effect: &Effect) -> bool {
    matches!(effect, Effect::Run(_, Job::Sync { .. }))
}

fn end(driver: &mut Driver, fault: Option<Fault>) -> Vec<Effect> {
    let task = driver.sync_task("contoso");
    driver.running.remove(&task);
    driver.send(Message::Outcome(task, Outcome::Synced(fault.map_or_else(|| Ok([].into()), Err))))
}

/// A program that starts at noon and finds this last sync.
fn starting(settings: Settings, stored: Result<Summary, Fault>) -> (Driver, Vec<Effect>) {
    let mut driver = Driver::new(&[], 0);
    let effects = start(&mut driver.model);
    driver.take(effects);
    driver.bring(&Job::LoadConfig, Outcome::Config(Ok((settings, vec![connection("contoso")]))));
    let outcome = Outcome::Summary(name("contoso"), stored.map(Box::new));
    let effects = driver.bring(&Job::LoadSummary(name("contoso")), outcome);
    (driver, effects)
}

fn record(ended_at: Timestamp, fault: Option<Fault>) -> Summary {
    let record = SyncRecord {
        started_at: ended_at,
        ended_at,
        changed: 0,
        complete: fault.is_none(),
        fault,
        failing_since: None,
        findings: Vec::new(),
        earlier_fault: None,
    };
    Summary { last_sync: Some(record), ..summary(ended_at) }
}

fn refused() -> Fault {
    Fault::SignInRefused { host: "contoso.service-now.com".into(), detail: "access_denied".into() }
}

#[rstest]
#[case::never_synced(Ok(Summary::default()), true, None)]
#[case::synced_just_now(Ok(summary(noon())), false, Some(after(15)))]
#[case::synced_a_while_ago(Ok(summary(after(-5))), false, Some(after(10)))]
#[case::overdue(Ok(summary(after(-600))), true, None)]
#[case::record_from_the_future(Ok(summary(after(6000))), false, Some(after(15)))]
#[case::sign_in_was_refused(Ok(record(after(-600), Some(refused()))), false, None)]
#[case::counts_cannot_be_read(Err(Fault::Interrupted), false, Some(after(15)))]
fn the_first_sync_depends_on_the_last(
    #[case] stored: Result<Summary, Fault>,
    #[case] at_once: bool,
    #[case] next: Option<Timestamp>,
) {
    let (driver, effects) = starting(Settings::default(), stored);
    assert_eq!(effects.iter().any(is_sync), at_once);
    assert_eq!(driver.entry("contoso").next_sync, next);
}

#[test]
fn a_schedule_that_is_off_syncs_nothing() {
    let settings = Settings { sync_every_minutes: 0, ..Settings::default() };
    let (mut driver, effects) = starting(settings, Ok(Summary::default()));
    assert!(!effects.iter().any(is_sync));
    assert_eq!(driver.wait(1_000_000), []);
    assert!(driver.type_text("s").iter().any(is_sync), "by hand it goes");
}

#[test]
fn what_is_overdue_after_a_sleep_starts_once() {
    let mut driver = Driver::new(&["contoso"], 0);
    assert_eq!(driver.wait(14 * 60), []);
    assert_eq!(driver.wait(48 * 3600).iter().filter(|effect| is_sync(effect)).count(), 1);
    assert_eq!(driver.wait(48 * 3600), [], "one is running");
    end(&mut driver, None);
    assert_eq!(driver.entry("contoso").next_sync, Some(driver.model.now + SignedDuration::from_mins(15)));
}

#[test]
fn a_clock_that_is_set_back_does_not_stop_the_schedule() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.wait(-24 * 3600);
    assert!(driver.wait(15 * 60).iter().any(is_sync));
}

#[rstest]
#[case::all_went_well(None, Some(15 * 60))]
#[case::passes_by_itself(Some(Fault::ConnectionRefused { address: "h:443".into() }), Some(15 * 60))]
#[case::told_to_wait_less(Some(limited(60)), Some(15 * 60))]
#[case::told_to_wait_longer(Some(limited(3600)), Some(3600))]
#[case::told_to_wait_for_ever(Some(limited(u64::MAX)), Some(24 * 3600))]
#[case::refused(Some(refused()), None)]
fn the_next_sync_comes_after(#[case] fault: Option<Fault>, #[case] seconds: Option<i64>) {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    assert_eq!(driver.entry("contoso").next_sync, None, "none is planned while one runs");
    end(&mut driver, fault.clone());
    let due = seconds.map(|seconds| noon() + SignedDuration::from_secs(seconds));
    assert_eq!(driver.entry("contoso").next_sync, due);
    let stored = Outcome::Summary(name("contoso"), Ok(Box::new(record(noon(), fault))));
    driver.bring(&Job::LoadSummary(name("contoso")), stored);
    assert_eq!(driver.entry("contoso").next_sync, due, "the counts that come after it change nothing");
}

fn limited(seconds: u64) -> Fault {
    Fault::RateLimited { retry_after_seconds: seconds, limit: None, rule: None }
}

fn interrupted() -> Outcome {
    let report = KindReport {
        connection: "contoso".into(),
        kind: WorkItemKind::Incident,
        fetched: 500,
        inserted: 500,
        updated: 0,
        unchanged: 0,
        hidden: 0,
        requests: 5,
        bytes: 1000,
        seconds: 1.0,
        complete: false,
        watermark: None,
        findings: Vec::new(),
        fault: Some(Fault::Interrupted),
        sweep: None,
        sweep_fault: None,
    };
    Outcome::Synced(Ok([report].into()))
}

#[test]
fn a_stopped_sync_runs_until_it_has_told_what_it_stored() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    let task = driver.sync_task("contoso");
    assert_eq!(driver.type_text("x"), [Effect::Cancel(task)]);
    assert_eq!(driver.type_text("xs"), [], "it is stopped once, and no other begins beside it");
    assert_eq!(driver.wait(3600), []);
    driver.send(Message::Outcome(task, interrupted()));
    let entry = driver.entry("contoso");
    assert_eq!((entry.sync.task, entry.sync_fault()), (None, None), "that it was stopped is no fault");
    assert_eq!(entry.next_sync, Some(driver.model.now + SignedDuration::from_mins(15)));
    assert_eq!(entry.health(noon()), Some(Health::Healthy));
    assert_eq!(driver.send(Message::Outcome(task, Outcome::Synced(Ok([].into())))), [], "it ends once");
}

#[test]
fn a_sync_whose_task_breaks_ends_with_its_fault() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    let task = driver.sync_task("contoso");
    driver.send(Message::Outcome(task, Outcome::Failed(Fault::Internal { what: "panic".into() })));
    assert_eq!(driver.entry("contoso").sync.task, None);
    assert_eq!(driver.entry("contoso").health(noon()), Some(Health::Failing));
}

fn fetched(fetched: u64, expected: Option<u64>) -> Event {
    let kind = WorkItemKind::Incident;
    Event::Progress(Progress { kind, fetched, expected, waiting_until: None, attempt: 1, retrying: None })
}

#[test]
fn counts_are_read_anew_now_and_then_while_a_sync_runs() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    let task = driver.sync_task("contoso");
    let mut asked = Vec::new();
    for second in 0..6 {
        let effects = driver.send(Message::Event(task, fetched(second * 100, Some(1000))));
        asked.push(effects.len());
        if !effects.is_empty() {
            let counts = Outcome::Summary(name("contoso"), Ok(Box::new(summary(noon()))));
            driver.bring(&Job::LoadSummary(name("contoso")), counts);
        }
        driver.wait(1);
    }
    assert_eq!(asked, [0, 0, 1, 0, 1, 0]);
}

#[test]
fn progress_is_told_over_the_kinds_that_have_begun() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    assert_eq!(driver.entry("contoso").progress(), None);
    let task = driver.sync_task("contoso");
    driver.send(Message::Event(task, fetched(500, Some(1000))));
    assert_eq!(driver.entry("contoso").only_begun(), Some(WorkItemKind::Incident));
    let changes = Progress {
        kind: WorkItemKind::ChangeRequest,
        fetched: 10,
        expected: Some(500),
        waiting_until: Some(after(1)),
        attempt: 2,
        retrying: None,
    };
    driver.send(Message::Event(task, Event::Progress(changes)));
    let progress = driver.entry("contoso").progress().unwrap();
    assert_eq!((progress.fetched, progress.expected), (510, Some(1500)));
    assert_eq!((progress.waiting_until, progress.attempt), (Some(after(1)), 2));
    assert_eq!(driver.entry("contoso").only_begun(), None);
}

#[test]
fn older_counts_do_not_overwrite_newer_ones() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    end(&mut driver, None);
    let older = driver.task(&Job::LoadSummary(name("contoso")));
    driver.type_text("s");
    end(&mut driver, None);
    assert!(driver.cancelled.contains(&older));
    let before = driver.entry("contoso").summary.clone();
    driver.send(Message::Outcome(older, Outcome::Summary(name("contoso"), Ok(Box::default()))));
    assert_eq!(driver.entry("contoso").summary, before);
}

#[test]
fn counts_whose_task_breaks_are_told_as_failed() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.type_text("s");
    end(&mut driver, None);
    let fault = Fault::Internal { what: "panic".into() };
    driver.bring(&Job::LoadSummary(name("contoso")), Outcome::Failed(fault.clone()));
    assert_eq!(driver.entry("contoso").last_fault(), Some(&fault));
}

#[test]
fn ticks_come_each_second_while_syncing_and_each_minute_else() {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.wait(3);
    assert_eq!(next_tick(&driver.model), Some(noon() + SignedDuration::from_secs(10)), "it says '3 s ago'");
    driver.wait(87);
    assert_eq!(next_tick(&driver.model), Some(after(2)));
    driver.type_text("s");
    assert_eq!(next_tick(&driver.model), Some(noon() + SignedDuration::from_secs(91)));
    assert_eq!(next_tick(&Driver::new(&[], 0).model), None);
}

#[test]
fn a_removal_stops_the_sync_and_reads_the_config_anew() {
    let mut driver = Driver::opened(10);
    driver.type_text("s");
    let task = driver.sync_task("contoso");
    driver.type_text("d");
    assert_eq!(driver.press(Code::Enter), [Effect::Cancel(task)], "its end comes first");
    let effects = driver.send(Message::Outcome(task, interrupted()));
    assert!(matches!(effects[..], [Effect::Run(_, Job::RemoveConnection(_))]));
    assert_eq!(driver.type_text("s"), [], "what is being removed is not synced");
    assert_eq!(driver.wait(3600), []);
    driver.press(Code::Esc);
    let effects = driver.bring(&Job::RemoveConnection(name("contoso")), Outcome::Saved(Ok(())));
    assert!(matches!(effects[..], [Effect::Run(_, Job::LoadConfig)]));
    driver.bring(&Job::LoadConfig, Outcome::Config(Ok((Settings::default(), vec![]))));
    assert!(driver.model.entries().is_empty());
}

#[test]
fn a_connection_that_is_gone_is_left() {
    let mut driver = Driver::opened(10);
    driver.type_text("d");
    driver.press(Code::Enter);
    driver.bring(&Job::RemoveConnection(name("contoso")), Outcome::Saved(Ok(())));
    driver.bring(&Job::LoadConfig, Outcome::Config(Ok((Settings::default(), vec![]))));
    assert!(matches!(driver.model.front(), Some(crate::ui::app::model::Screen::Dashboard(_))));
}
