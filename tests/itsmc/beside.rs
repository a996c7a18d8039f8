//! Alerts beside a program that stays open, by the jobs of its screens: read, decided about, written; what gives way to what.

use std::sync::Arc;
use std::time::Duration;

use itsmc::home::lock::{AlertsLock, TicketLock};
use itsmc::model::alert_run::{Followed, Polled};
use itsmc::model::alert_source::SourceName;
use itsmc::model::alert_view::{AlertQuery, AlertWhole, PreviewProgress};
use itsmc::model::connection::ConnectionName;
use itsmc::model::fault::Fault;
use itsmc::model::items::Seek;
use itsmc::model::ticket::TicketState;
use itsmc::service::services::Services;
use itsmc::ui::app::alerts::{AlertsJob, AlertsOutcome};
use itsmc::ui::app::effect::Job;
use itsmc::ui::app::message::{Event, Outcome};
use itsmc::ui::app::screens::ScreenOutcome;
use itsmc::ui::perform::jobs::perform;
use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::azure::{FaultKind, FaultSpec};
use itsmc_practice::servicenow::{self, Options};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::cloud::Cloud;
use crate::site::{NAME, Site, services, shown, with_stdin};

/// A product, a cloud, and a home with a source of alerts and a rule for all of them.
struct World {
    site: Site,
    cloud: Cloud,
    services: Arc<Services>,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let (site, cloud) = (Site::connected(Options { rows: Some(20), ..Options::still() }), Cloud::start());
        let file = site.home().join("config.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        // The practice product does everything before it answers.
        std::fs::write(&file, format!("[settings]\nlost_reply_wait_seconds = 1\n\n{config}")).unwrap();
        cloud.name_in(&file);
        let details = cloud.control.sign_in();
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        cloud.control.assign(&details.object_id, "Monitoring Reader", &scope).unwrap();
        let mut add =
            site.itsmc(&["alert", "source", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"]);
        add.args(["--tenant", &details.tenant, "--client-id", &details.client_id]);
        add.args(["--subscription", &details.azure_subscription]);
        let added = with_stdin(&mut add, &format!("client_secret = \"{}\"\n", details.client_secret));
        assert!(added.status.success(), "{}", shown(&added));
        let rules = format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\n");
        std::fs::write(site.home().join("alert-rules.toml"), rules).unwrap();
        let services = Arc::new(services(&site));
        let world = Self { site, cloud, services, runtime: Runtime::new().unwrap() };
        // Alerts that fired before the first pass get no tickets.
        world.poll();
        world
    }

    fn fire(&self, rule: &str) -> String {
        self.cloud.control.fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }

    fn job(&self, job: impl Into<Job>) -> Outcome {
        self.runtime.block_on(perform(&self.services, job.into(), CancellationToken::new(), |_| {}))
    }

    fn poll(&self) -> Polled {
        match self.job(Job::PollAlerts(SourceName::parse("prod").unwrap())) {
            Outcome::Polled(polled) => polled.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn follow(&self) -> Followed {
        followed(self.job(Job::FollowAlerts))
    }

    fn only(&self) -> AlertWhole {
        let window = AlertsJob::Window { query: AlertQuery::default(), seek: Seek::First, limit: 10 };
        let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Window(window))) = self.job(window) else {
            panic!("it is no window")
        };
        let row = window.unwrap().rows.remove(0);
        match self.job(AlertsJob::One(row.key.clone())) {
            Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::One(one))) => {
                let whole = *one.unwrap().unwrap();
                assert_eq!(whole.row, row, "the row of the list and that of the whole are the same");
                whole
            }
            other => panic!("{other:?}"),
        }
    }
}

fn name() -> ConnectionName {
    ConnectionName::parse(NAME).unwrap()
}

fn followed(outcome: Outcome) -> Followed {
    match outcome {
        Outcome::AlertsFollowed(followed) => *followed.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_alert_is_read_decided_about_written_and_shown_whole() {
    let world = World::new();
    world.fire("web-cpu");
    assert_eq!(world.poll(), Polled { requests: 1, new: 1, changed: 0 });
    let followed = world.follow();
    assert_eq!((followed.decided, followed.tickets[0].opened, followed.busy), (1, 1, false), "{followed:?}");
    let whole = world.only();
    let ticket = &world.site.control.tickets()[0];
    assert_eq!(whole.row.tickets[0].number, ticket.number);
    assert_eq!((whole.row.tickets[0].state, whole.row.rule.as_deref()), (Some(TicketState::New), Some("all")));
    assert_eq!(whole.tickets[0].operations.len(), 1);
    assert!(whole.decided_at.is_some() && whole.misfits.is_empty());
    let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Texts(texts))) =
        world.job(AlertsJob::Texts(whole.alert.key))
    else {
        panic!("they are no texts")
    };
    assert!(texts.unwrap().fired.unwrap().contains("web-cpu"));
    let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Rules(rules))) = world.job(AlertsJob::Rules) else {
        panic!("they are no rules")
    };
    let (rule, done) = &rules.unwrap().rules[0];
    assert_eq!((rule.name.as_str(), done.alerts, done.tickets, done.in_budget), ("all", 1, 1, 1));
}

#[test]
fn a_write_gives_way_to_a_change_of_its_connection_and_is_made_once_afterwards() {
    let world = World::new();
    world.fire("web-cpu");
    world.poll();
    world.site.control.fault(servicenow::FaultSpec {
        millis: 3_600_000,
        ..servicenow::FaultSpec::new(servicenow::FaultKind::Slow).on_writes()
    });
    let services = world.services.clone();
    let writing = world
        .runtime
        .spawn(async move { perform(&services, Job::FollowAlerts, CancellationToken::new(), |_| {}).await });
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while !world.site.control.faults().is_empty() {
        assert!(std::time::Instant::now() < end, "nothing is written");
        std::thread::sleep(Duration::from_millis(10));
    }
    let changing = world.runtime.block_on(itsmc::service::connections::lock(&world.services, &name()));
    drop(changing.expect("the change was not kept out"));
    let followed = followed(world.runtime.block_on(writing).unwrap());
    assert_eq!((followed.tickets[0].waiting, followed.tickets[0].fault.clone()), (1, None), "{followed:?}");
    let mut written = 0;
    for _ in 0..100 {
        written += world.follow().tickets.iter().map(|one| one.confirmed).sum::<u64>();
        if written > 0 {
            break;
        }
    }
    assert_eq!((written, world.site.control.tickets().len()), (1, 1));
}

#[test]
fn another_process_that_decides_or_writes_is_no_error() {
    let world = World::new();
    world.fire("web-cpu");
    world.poll();
    let home = &world.services.home;
    let deciding = AlertsLock::take(home).unwrap();
    let kept_out = world.follow();
    assert_eq!((kept_out.busy, kept_out.decided, kept_out.rules_fault), (true, 0, None));
    drop(deciding);
    let writing = TicketLock::take(home, &name()).unwrap();
    let waits = world.follow();
    assert!(waits.tickets[0].is_busy() && !waits.tickets[0].is_troubled(), "{waits:?}");
    drop(writing);
    assert_eq!(world.follow().tickets[0].opened, 1);
}

#[test]
fn a_pass_over_an_azure_that_hangs_is_left_at_once() {
    let world = World::new();
    let hanging = FaultSpec { path: Some("/alerts".into()), millis: 3_600_000, ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(hanging);
    let (cancel, services) = (CancellationToken::new(), world.services.clone());
    let token = cancel.clone();
    let job = Job::PollAlerts(SourceName::parse("prod").unwrap());
    let reading = world.runtime.spawn(async move { perform(&services, job, token, |_| {}).await });
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while !world.cloud.control.faults().is_empty() {
        assert!(std::time::Instant::now() < end, "nothing is read");
        std::thread::sleep(Duration::from_millis(10));
    }
    cancel.cancel();
    let ended = world.runtime.block_on(reading).unwrap();
    assert!(matches!(ended, Outcome::Polled(Err(Fault::Interrupted))), "{ended:?}");
}

#[test]
fn a_preview_tells_how_far_it_is_writes_nothing_and_can_be_stopped() {
    let world = World::new();
    for number in 0..5 {
        world.fire(&format!("rule-{number}"));
    }
    world.poll();
    let told: Arc<std::sync::Mutex<Vec<PreviewProgress>>> = Arc::default();
    let notes = told.clone();
    let tell = move |event| {
        if let Event::Preview(progress) = event {
            notes.lock().unwrap().push(progress);
        }
    };
    let job: Job = AlertsJob::Preview { days: 30, rule: Some("all".into()) }.into();
    let made = world.runtime.block_on(perform(&world.services, job.clone(), CancellationToken::new(), tell));
    let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Preview(made))) = made else { panic!("{made:?}") };
    let made = made.unwrap();
    assert_eq!((made.alerts.len(), made.tickets.len(), made.rules[0].1.tickets), (5, 5, 5));
    assert!(told.lock().unwrap().contains(&PreviewProgress { done: 5, of: 5 }));
    assert_eq!(world.site.control.tickets().len(), 0);
    let waiting = world
        .runtime
        .block_on(async { world.services.store().await.unwrap().pending_alerts(100).await.unwrap().len() });
    assert_eq!(waiting, 5, "nothing was decided");
    let stopped = CancellationToken::new();
    stopped.cancel();
    let made = world.runtime.block_on(perform(&world.services, job, stopped, |_| {}));
    assert!(
        matches!(made, Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Preview(Err(Fault::Interrupted))))),
        "{made:?}"
    );
}
