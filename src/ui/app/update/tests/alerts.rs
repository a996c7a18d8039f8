//! Alerts: their list, one alert, and the passes over their sources.

use jiff::SignedDuration;

use crate::model::alert::Condition;
use crate::model::alert_plan::Verdict;
use crate::model::alert_run::{Followed, Polled, Written};
use crate::model::alert_source::{Missed, SourceState};
use crate::model::alert_view::{AlertQuery, OutcomeFilter, PreviewProgress, SourceStanding};
use crate::model::fault::Fault;
use crate::model::ticket::{OutboxState, TicketFinding, TicketState};
use crate::ui::app::alert_source::{AlertSourceJob, AlertSourceOutcome};
use crate::ui::app::alerts::head::{Note, notes};
use crate::ui::app::alerts::testing::{key, outcome, source, source_name, standing, whole};
use crate::ui::app::alerts::{AlertScreen, AlertsJob, AlertsOutcome, AlertsScreen, PreviewScreen};
use crate::ui::app::boxes::Question;
use crate::ui::app::effect::{Effect, Job};
use crate::ui::app::key::Code;
use crate::ui::app::message::{Event, Message, Outcome};
use crate::ui::app::model::{Notice, Screen};
use crate::ui::app::rule_wizard::testing::{opened as opened_rules, outcome as switching, preview as rule_preview};
use crate::ui::app::rule_wizard::{RuleWizardJob, RuleWizardOutcome};
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::testing::now;
use crate::ui::app::update::next_tick;
use crate::ui::app::update::testing::Driver;

/// The program with these sources, at the time of the fixtures.
fn with(sources: Vec<SourceStanding>) -> Driver {
    let mut driver = Driver::new(&["contoso"], 0);
    driver.model.facts.now = now();
    tell(&mut driver, sources);
    driver
}

fn press(driver: &mut Driver, c: char) {
    driver.press(Code::Char(c));
}

fn tell(driver: &mut Driver, sources: Vec<SourceStanding>) {
    driver.bring(&Job::LoadAlertStanding, Outcome::AlertStanding(Ok(Box::new(standing(sources)))));
}

fn prod() -> Job {
    Job::PollAlerts(source_name("prod"))
}

fn runs(driver: &Driver, job: &Job) -> bool {
    driver.running.values().any(|running| running == job)
}

/// The same with the list open and its first rows there.
fn opened(sources: Vec<SourceStanding>) -> Driver {
    let mut driver = with(sources.clone());
    press(&mut driver, 'a');
    tell(&mut driver, sources);
    answer(&mut driver);
    driver
}

/// Answers everything that the screens of alerts ask.
fn answer(driver: &mut Driver) {
    while let Some(job) = driver.running.values().find_map(|job| match job {
        Job::Screen(ScreenJob::Alerts(job)) => Some(job.clone()),
        _ => None,
    }) {
        let told = outcome(&job);
        driver.bring(&job.into(), told.into());
    }
}

fn list(driver: &Driver) -> &AlertsScreen {
    driver
        .model
        .screens()
        .find_map(|screen| match screen {
            Screen::Alerts(screen) => Some(&**screen),
            _ => None,
        })
        .expect("the list is open")
}

fn one(driver: &Driver) -> &AlertScreen {
    match driver.model.front() {
        Some(Screen::Alert(screen)) => screen,
        other => panic!("no alert is open: {other:?}"),
    }
}

fn asked(driver: &Driver) -> AlertQuery {
    let job = driver.running.values().rev().find_map(|job| match job {
        Job::Screen(ScreenJob::Alerts(AlertsJob::Window { query, .. })) => Some(query.clone()),
        _ => None,
    });
    job.expect("rows are asked for")
}

#[test]
fn a_program_without_sources_polls_nothing_and_needs_no_tick_for_them() {
    let mut driver = with(Vec::new());
    driver.send(Message::Tick(now() + SignedDuration::from_hours(30)));
    assert!(!driver.running.values().any(|job| matches!(job, Job::PollAlerts(_) | Job::FollowAlerts)));
    let mut alone = Driver::new(&[], 0);
    alone.bring(&Job::LoadAlertStanding, Outcome::AlertStanding(Ok(Box::new(standing(Vec::new())))));
    assert_eq!(next_tick(&alone.model), None);
}

#[test]
fn a_source_is_read_at_its_interval_then_decided_about_and_written() {
    let mut driver = with(vec![source("prod", 42)]);
    assert!(!runs(&driver, &prod()), "it was read 42 seconds ago");
    let due = now() + SignedDuration::from_secs(18);
    assert_eq!(next_tick(&driver.model).map(|at| at <= due), Some(true));
    driver.send(Message::Tick(due));
    assert!(runs(&driver, &prod()));
    driver.bring(&prod(), Outcome::Polled(Ok(Polled { requests: 1, new: 1, changed: 0 })));
    assert!(runs(&driver, &Job::FollowAlerts));
    tell(&mut driver, vec![source("prod", -18)]);
    driver.bring(&Job::FollowAlerts, Outcome::AlertsFollowed(Ok(Box::default())));
    assert!(!driver.model.facts.alerts.is_busy());
    driver.send(Message::Tick(due + SignedDuration::from_secs(59)));
    assert!(!runs(&driver, &prod()));
    driver.send(Message::Tick(due + SignedDuration::from_secs(60)));
    assert!(runs(&driver, &prod()));
}

#[test]
fn what_another_process_read_is_not_read_again_before_its_time() {
    let mut driver = with(vec![source("prod", 59)]);
    driver.send(Message::StoreChanged);
    tell(&mut driver, vec![source("prod", 1)]);
    driver.send(Message::Tick(now() + SignedDuration::from_secs(30)));
    assert!(!runs(&driver, &prod()));
}

#[test]
fn a_clock_that_is_set_back_stops_no_source() {
    let mut driver = with(vec![source("prod", 60)]);
    driver.bring(&prod(), Outcome::Polled(Ok(Polled::default())));
    tell(&mut driver, vec![source("prod", 0)]);
    driver.send(Message::Tick(now() - SignedDuration::from_hours(5)));
    assert!(runs(&driver, &prod()));
    driver.bring(&prod(), Outcome::Polled(Ok(Polled::default())));
    tell(&mut driver, vec![source("prod", 0)]);
    assert!(!runs(&driver, &prod()), "once");
}

#[test]
fn azure_that_asks_to_wait_is_not_asked_before() {
    let mut slow = source("prod", 300);
    slow.subscriptions[0].1 = Some(SourceState {
        read_at: Some(now() - SignedDuration::from_mins(5)),
        not_before: Some(now() + SignedDuration::from_secs(90)),
        fault: Some(Fault::RateLimited { retry_after_seconds: 90, limit: None, rule: None }),
        ..SourceState::default()
    });
    let mut driver = with(vec![slow]);
    driver.send(Message::Tick(now() + SignedDuration::from_secs(89)));
    assert!(!runs(&driver, &prod()));
    driver.send(Message::Tick(now() + SignedDuration::from_secs(90)));
    assert!(runs(&driver, &prod()));
}

#[test]
fn a_wait_that_azure_asked_for_hides_no_fault_of_another_subscription() {
    let mut one = source("prod", 60);
    let of = |fault| Some(SourceState { fault: Some(fault), ..SourceState::default() });
    let forbidden = Fault::SourceSignedOut { name: "prod".into() };
    let waits = Fault::RateLimited { retry_after_seconds: 90, limit: None, rule: None };
    one.subscriptions = vec![("first".into(), of(waits)), ("second".into(), of(forbidden.clone()))];
    let driver = with(vec![one]);
    assert!(notes(&driver.model).contains(&Note::Source(source_name("prod"), forbidden)));
}

#[test]
fn a_sign_in_that_is_refused_waits_for_the_admin() {
    let mut driver = with(vec![source("prod", 60)]);
    driver.bring(&prod(), Outcome::Polled(Err(Fault::SourceSignedOut { name: "prod".into() })));
    tell(&mut driver, vec![source("prod", 60)]);
    driver.send(Message::Tick(now() + SignedDuration::from_hours(1)));
    assert!(!runs(&driver, &prod()));
    press(&mut driver, 'a');
    press(&mut driver, 's');
    assert!(runs(&driver, &prod()));
}

#[test]
fn a_pass_that_ends_while_tickets_are_written_is_followed_once_more() {
    let mut driver = with(vec![source("prod", 60), source("test", 60)]);
    driver.bring(&prod(), Outcome::Polled(Ok(Polled::default())));
    driver.bring(&Job::PollAlerts(source_name("test")), Outcome::Polled(Ok(Polled::default())));
    driver.bring(&Job::FollowAlerts, Outcome::AlertsFollowed(Ok(Box::default())));
    assert!(runs(&driver, &Job::FollowAlerts), "the second pass came while the first was followed");
    driver.bring(&Job::FollowAlerts, Outcome::AlertsFollowed(Ok(Box::default())));
    assert!(!runs(&driver, &Job::FollowAlerts));
}

#[test]
fn a_source_that_is_removed_is_read_no_more() {
    let mut driver = with(vec![source("prod", 60)]);
    assert!(runs(&driver, &prod()));
    driver.send(Message::ConfigChanged);
    let config = Outcome::Config(Ok((Default::default(), vec![])));
    driver.bring(&Job::LoadConfig, config);
    tell(&mut driver, Vec::new());
    assert!(driver.model.facts.alerts.polls.is_empty());
    assert!(driver.effects.iter().any(|effect| matches!(effect, Effect::Cancel(_))));
}

#[test]
fn x_stops_what_goes_on_and_its_end_is_awaited() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 's');
    press(&mut driver, 'x');
    assert!(driver.model.facts.alerts.is_stopping());
    driver.bring(&prod(), Outcome::Polled(Err(Fault::Interrupted)));
    assert_eq!(driver.model.facts.alerts.poll(&source_name("prod")).unwrap().fault, None, "it was asked for");
}

#[test]
fn the_list_reads_windows_and_never_holds_all() {
    let mut driver = opened(vec![source("prod", 10)]);
    assert!(list(&driver).table.rows().len() < 150, "{}", list(&driver).table.rows().len());
    for _ in 0..60 {
        driver.press(Code::PageDown);
        answer(&mut driver);
    }
    assert_eq!(list(&driver).table.selected().unwrap().key, key(199));
    driver.press(Code::Home);
    answer(&mut driver);
    assert_eq!(list(&driver).table.selected().unwrap().key, key(0));
}

#[test]
fn what_is_typed_and_chosen_narrows_the_list() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, '/');
    driver.type_text("web");
    assert_eq!(asked(&driver).find, "web");
    driver.press(Code::Enter);
    answer(&mut driver);
    press(&mut driver, 'f');
    press(&mut driver, 'j');
    driver.press(Code::Enter);
    assert_eq!(asked(&driver).condition, Some(Condition::Fired));
    answer(&mut driver);
    press(&mut driver, 'f');
    driver.press(Code::End);
    driver.press(Code::Enter);
    let query = asked(&driver);
    assert_eq!((query.outcome, query.find.as_str()), (OutcomeFilter::Is(Verdict::NoConnection), "web"));
    answer(&mut driver);
    press(&mut driver, 'F');
    assert!(asked(&driver).is_empty());
}

#[test]
fn an_alert_without_a_ticket_is_decided_about_again_after_a_question() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'T');
    assert_eq!(driver.model.question(), Some(&Question::RetryAlert(key(0), "web-cpu-above-90".into())));
    driver.press(Code::Enter);
    driver.bring(&AlertsJob::Retry(key(0)).into(), AlertsOutcome::Retried(Ok(true)).into());
    assert!(runs(&driver, &Job::FollowAlerts));
    assert!(matches!(driver.model.notice, Some(Notice::Said(_))));
    answer(&mut driver);
    press(&mut driver, 'j');
    press(&mut driver, 'T');
    assert_eq!(driver.model.question(), None, "that alert has a ticket");
}

#[test]
fn an_alert_whose_ticket_is_gone_is_decided_about_again_or_ignored() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'r');
    let reading = |job: &Job| matches!(job, Job::Screen(ScreenJob::Alerts(AlertsJob::Window { .. })));
    let job = driver.running.values().find(|job| reading(job)).expect("the list is read again").clone();
    let Job::Screen(ScreenJob::Alerts(asked)) = &job else { unreachable!() };
    let AlertsOutcome::Window(Ok(mut window)) = outcome(asked) else { unreachable!() };
    window.rows[2].tickets[0].state = Some(TicketState::Gone);
    window.rows[3].tickets[0].state = Some(TicketState::Gone);
    driver.bring(&job, AlertsOutcome::Window(Ok(window)).into());
    press(&mut driver, 'j');
    press(&mut driver, 'j');
    for (c, question) in [
        ('T', Question::RetryAlert(key(2), "sql-deadlocks".into())),
        ('I', Question::IgnoreAlert(key(2), "sql-deadlocks".into())),
    ] {
        press(&mut driver, c);
        assert_eq!(driver.model.question(), Some(&question));
        driver.press(Code::Esc);
    }
    press(&mut driver, 'j');
    press(&mut driver, 'T');
    assert_eq!(driver.model.question(), None, "that alert is over");
}

#[test]
fn an_alert_is_shown_whole_with_its_texts_and_its_pages() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'j');
    press(&mut driver, 'j');
    driver.press(Code::Enter);
    answer(&mut driver);
    assert_eq!(one(&driver).alert().unwrap().row.key, key(2));
    press(&mut driver, 'o');
    assert!(driver.running.values().any(|job| matches!(job, Job::OpenAddress(url) if url.contains("INC0010098"))));
    press(&mut driver, 'O');
    assert!(driver.running.values().any(|job| matches!(job, Job::OpenAddress(url) if url.contains("portal.azure"))));
    press(&mut driver, 'i');
    answer(&mut driver);
    assert!(one(&driver).texts.as_ref().unwrap().value().is_some());
    driver.press(Code::Esc);
    assert!(one(&driver).texts.is_none());
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Alerts(_))));
}

#[test]
fn what_is_stored_meanwhile_shows_by_itself() {
    let mut driver = opened(vec![source("prod", 10)]);
    driver.send(Message::StoreChanged);
    assert!(driver.running.values().any(|job| matches!(job, Job::Screen(ScreenJob::Alerts(AlertsJob::Window { .. })))));
}

fn preview_screen(driver: &Driver) -> &PreviewScreen {
    match driver.model.front() {
        Some(Screen::AlertPreview(screen)) => screen,
        other => panic!("no preview is open: {other:?}"),
    }
}

#[test]
fn a_preview_tells_how_far_it_is_is_stopped_and_made_again_for_other_days() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'P');
    let job = |days| Job::from(AlertsJob::Preview { days, rule: None });
    let task = driver.task(&job(30));
    driver.send(Message::Event(task, Event::Preview(PreviewProgress { done: 500, of: 1000 })));
    assert_eq!(preview_screen(&driver).progress, Some(PreviewProgress { done: 500, of: 1000 }));
    press(&mut driver, 'x');
    assert!(driver.effects.contains(&Effect::Cancel(task)) && preview_screen(&driver).stopping);
    driver.bring(&job(30), AlertsOutcome::Preview(Err(Fault::Interrupted)).into());
    press(&mut driver, 'f');
    answer(&mut driver);
    assert_eq!((preview_screen(&driver).days, preview_screen(&driver).shown.len()), (7, 200));
    driver.press(Code::End);
    assert_eq!(preview_screen(&driver).cursor, 199);
    driver.press(Code::Home);
    driver.press(Code::Enter);
    assert_eq!(preview_screen(&driver).open, Some(0));
    driver.press(Code::Esc);
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Alerts(_))));
}

#[test]
fn a_preview_that_is_left_is_stopped() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'P');
    let task = driver.task(&AlertsJob::Preview { days: 30, rule: None }.into());
    driver.press(Code::Esc);
    assert!(driver.cancelled.contains(&task));
}

#[test]
fn a_rule_is_previewed_as_if_it_were_switched_on() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'u');
    answer(&mut driver);
    driver.press(Code::End);
    driver.press(Code::Enter);
    let job = AlertsJob::Preview { days: 30, rule: Some("everything else".into()) };
    assert!(runs(&driver, &job.into()));
    answer(&mut driver);
    assert_eq!(preview_screen(&driver).shown.len(), 0, "it takes none");
    press(&mut driver, 'F');
    answer(&mut driver);
    assert_eq!(preview_screen(&driver).shown.len(), 200);
    driver.press(Code::Esc);
    driver.press(Code::Up);
    press(&mut driver, 'p');
    assert!(runs(&driver, &AlertsJob::Preview { days: 30, rule: Some("databases".into()) }.into()));
}

/// On the rules, with the last one in focus, which is off.
fn at_the_rules() -> Driver {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'u');
    answer(&mut driver);
    driver.press(Code::End);
    driver
}

fn look(name: &str) -> Job {
    RuleWizardJob::LookAtSwitch { name: name.into() }.into()
}

/// Answers a job of the switch as the fixture does.
fn bring_switch(driver: &mut Driver, job: &Job) {
    let Job::Screen(ScreenJob::RuleWizard(own)) = job else { panic!("{job:?}") };
    driver.bring(job, switching(own).into());
}

#[test]
fn a_rule_is_switched_once_after_a_question_with_its_numbers_and_as_the_file_was_shown() {
    let mut driver = at_the_rules();
    press(&mut driver, ' ');
    driver.press(Code::Home);
    press(&mut driver, ' ');
    assert!(runs(&driver, &look("everything else")) && !runs(&driver, &look("production")), "one at a time");
    bring_switch(&mut driver, &look("everything else"));
    let told = Box::new(rule_preview());
    let question = Question::SwitchRule { name: "everything else".into(), on: true, told };
    assert_eq!(driver.model.question(), Some(&question));
    let switch: Job =
        RuleWizardJob::Switch { shown: opened_rules().text, name: "everything else".into(), on: true }.into();
    assert!(!runs(&driver, &switch), "not before the answer");
    press(&mut driver, 'y');
    assert!(runs(&driver, &switch));
    bring_switch(&mut driver, &switch);
    assert!(runs(&driver, &AlertsJob::Rules.into()), "the rules are read again");
    assert!(matches!(&driver.model.facts.notice, Some(Notice::Said(text)) if text.contains("everything else")));
}

#[test]
fn a_switch_that_is_not_wanted_or_cannot_be_made_changes_nothing_and_can_be_tried_again() {
    let mut driver = at_the_rules();
    press(&mut driver, ' ');
    bring_switch(&mut driver, &look("everything else"));
    press(&mut driver, 'n');
    assert!(driver.model.question().is_none());
    assert!(!driver.running.values().any(|job| matches!(job, Job::Screen(ScreenJob::RuleWizard(_)))));
    press(&mut driver, ' ');
    let fault = Fault::Internal { what: "the file changed".into() };
    driver.bring(&look("everything else"), RuleWizardOutcome::SwitchSeen(Err(fault)).into());
    assert!(driver.model.question().is_none(), "nothing is asked without its numbers");
    press(&mut driver, ' ');
    assert!(runs(&driver, &look("everything else")));
}

#[test]
fn rules_that_somebody_writes_are_read_again_and_decide_at_once() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'u');
    answer(&mut driver);
    driver.send(Message::AlertRulesChanged);
    assert!(runs(&driver, &AlertsJob::Rules.into()), "the screen of the rules");
    assert!(runs(&driver, &Job::LoadAlertStanding), "the line of the list");
    assert!(runs(&driver, &Job::FollowAlerts), "what waits");
    let mut none = with(Vec::new());
    none.send(Message::AlertRulesChanged);
    assert!(!runs(&none, &Job::FollowAlerts), "without a source nothing waits");
}

#[test]
fn rules_that_may_be_half_written_are_read_again_once_they_rest() {
    let mut driver = opened(vec![source("prod", 10)]);
    let mut told = standing(vec![source("prod", 10)]);
    told.rules.fault = Some(Fault::RulesHalfWritten { path: told.rules.path.clone(), seconds: 4 });
    driver.send(Message::AlertRulesChanged);
    driver.bring(&Job::LoadAlertStanding, Outcome::AlertStanding(Ok(Box::new(told))));
    let rested = now() + SignedDuration::from_secs(4);
    assert_eq!(driver.model.alerts.rules_at, Some(rested));
    assert!(next_tick(&driver.model).is_some_and(|next| next <= rested), "the program wakes up for it");
    assert!(!runs(&driver, &Job::LoadAlertStanding));
    driver.send(Message::Tick(rested));
    assert!(runs(&driver, &Job::LoadAlertStanding));
    assert!(driver.model.alerts.follow.again, "what waits is decided about once more");
    tell(&mut driver, vec![source("prod", 10)]);
    assert_eq!(driver.model.alerts.rules_at, None, "once");
}

#[test]
fn a_preview_is_made_again_by_rules_that_somebody_writes() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'P');
    answer(&mut driver);
    assert_eq!(preview_screen(&driver).task, None);
    driver.send(Message::AlertRulesChanged);
    assert!(preview_screen(&driver).task.is_some());
}

#[test]
fn alerts_that_may_be_missing_are_told_until_they_are_dismissed_by_a_key() {
    let mut missed = source("test", 10);
    let state = missed.subscriptions[0].1.as_mut().unwrap();
    state.missed = vec![Missed { from: now() - SignedDuration::from_hours(2_000), to: now() }];
    let mut driver = opened(vec![source("prod", 10), missed]);
    press(&mut driver, 'z');
    press(&mut driver, ' ');
    let job = AlertSourceJob::Dismiss(source_name("test"));
    assert!(!runs(&driver, &job.clone().into()), "the source in focus misses nothing");
    press(&mut driver, 'G');
    press(&mut driver, ' ');
    assert!(runs(&driver, &job.clone().into()));
    driver.bring(&job.into(), AlertSourceOutcome::Dismissed(Ok(())).into());
    assert!(runs(&driver, &Job::LoadAlertStanding));
}

#[test]
fn a_double_of_a_ticket_is_dismissed_by_a_key() {
    let mut driver = opened(vec![source("prod", 10)]);
    let mut shown = whole(2);
    let doubled = TicketFinding::Doubled { kept: "INC1".into(), others: vec!["INC2".into()], links: Vec::new() };
    press(&mut driver, 'j');
    press(&mut driver, 'j');
    driver.press(Code::Enter);
    answer(&mut driver);
    press(&mut driver, ' ');
    let job = AlertsJob::Dismiss(vec![shown.tickets[0].record.key.id()]);
    assert!(!runs(&driver, &job.clone().into()), "its ticket has no double");
    shown.tickets[0].operations[0].findings.push(doubled);
    press(&mut driver, 'r');
    let told = AlertsOutcome::One(Ok(Some(Box::new(shown))));
    driver.bring(&AlertsJob::One(key(2)).into(), told.into());
    press(&mut driver, ' ');
    assert!(runs(&driver, &job.clone().into()));
    driver.bring(&job.into(), AlertsOutcome::Dismissed(Ok(true)).into());
    assert!(runs(&driver, &AlertsJob::One(key(2)).into()), "it is read again");
}

#[test]
fn what_was_refused_or_is_unsure_is_written_again_by_a_key() {
    let mut driver = opened(vec![source("prod", 10)]);
    press(&mut driver, 'j');
    press(&mut driver, 'j');
    driver.press(Code::Enter);
    answer(&mut driver);
    press(&mut driver, 's');
    let job = AlertsJob::WriteAgain(vec![whole(2).tickets[0].record.key.id()]);
    assert!(runs(&driver, &job.clone().into()));
    driver.bring(&job.clone().into(), AlertsOutcome::WrittenAgain(Ok(true)).into());
    assert!(runs(&driver, &Job::FollowAlerts), "it is written at once");
    let mut well = whole(2);
    well.tickets[0].operations.iter_mut().for_each(|one| one.state = OutboxState::Confirmed);
    driver.bring(&AlertsJob::One(key(2)).into(), AlertsOutcome::One(Ok(Some(Box::new(well)))).into());
    press(&mut driver, 's');
    assert!(!runs(&driver, &job.into()), "nothing is left to be written");
}

#[test]
fn a_note_on_refused_tickets_leads_to_them_by_two_keys() {
    let mut driver = opened(vec![source("prod", 10)]);
    let written = Written { connection: "contoso".into(), refused: 2, ..Written::default() };
    let followed = Followed { tickets: vec![written], ..Followed::default() };
    driver.model.facts.alerts.follow.last = Some(Ok(followed));
    press(&mut driver, 'f');
    driver.press(Code::Enter);
    assert_eq!(asked(&driver).outcome, OutcomeFilter::Troubled);
}

#[test]
fn a_source_is_edited_and_removed_from_the_list_of_sources() {
    let mut driver = opened(vec![source("prod", 10), source("test", 10)]);
    press(&mut driver, 'z');
    press(&mut driver, 'j');
    press(&mut driver, 'e');
    let Some(Screen::AlertSource(wizard)) = driver.model.front() else { panic!("no form is open") };
    assert_eq!(wizard.saved.as_ref().unwrap().name, source_name("test"));
    driver.press(Code::Esc);
    press(&mut driver, 'd');
    assert_eq!(driver.model.question(), Some(&Question::RemoveSource(source_name("test"))));
    driver.press(Code::Enter);
    let job = AlertSourceJob::Remove(source_name("test"));
    assert!(runs(&driver, &job.clone().into()));
    driver.bring(&job.into(), AlertSourceOutcome::Removed(Ok(())).into());
    assert!(matches!(driver.model.notice, Some(Notice::Said(_))) && runs(&driver, &Job::LoadConfig));
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Alerts(_))));
}
