//! Any keys and any outcomes in any order: never a panic.

use std::sync::Arc;

use jiff::SignedDuration;
use proptest::prelude::*;

use crate::model::alert_run::Polled;
use crate::model::check::{Step, StepId};
use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::connection::KeptOutside;
use crate::model::fault::Fault;
use crate::model::rotation::RotationStep;
use crate::model::secret::Secret;
use crate::model::settings::Settings;
use crate::model::sync::Progress;
use crate::model::unlisted::Unlisted;
use crate::model::work_item::WorkItemKind;
use crate::ui::app::alert_source::testing::outcome as alert_source_job;
use crate::ui::app::alerts::testing::{outcome as alerts_job, source, standing};
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{self, Message, Outcome};
use crate::ui::app::preferences::PreferencesOutcome;
use crate::ui::app::rule_wizard::testing::outcome as rule_job;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::settings::{SettingsJob, SettingsOutcome};
use crate::ui::app::testing::{assigned, changes, checklist, done, overview, rotated, tokens};
use crate::ui::app::update::next_tick;
use crate::ui::app::update::testing::{Driver, connection, name, noon, summary};
use crate::ui::app::workspace::testing::{outcome as workspace_job, workspace};

#[derive(Debug, Clone)]
enum Event {
    Key(Key),
    Paste(String),
    Scroll(i32),
    Resize(u16, u16),
    Wait(i64),
    Answer(usize),
    Fail(usize),
    Stray(u64),
    Change(usize),
}

fn key() -> impl Strategy<Value = Key> {
    let codes = vec![
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Backspace,
        Code::Delete,
        Code::Left,
        Code::Right,
        Code::Up,
        Code::Down,
        Code::Home,
        Code::End,
        Code::PageUp,
        Code::PageDown,
        Code::F(1),
    ];
    prop_oneof![
        3 => prop::sample::select(codes).prop_map(Key::new),
        6 => prop::sample::select("/fFxXsSrRtaAcedjkhlgG ?ymn12é日wpuMoiEvW".chars().collect::<Vec<_>>()).prop_map(Key::char),
        1 => any::<char>().prop_map(Key::char),
        1 => prop::sample::select("aeubfy".chars().collect::<Vec<_>>()).prop_map(Key::ctrl),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        20 => key().prop_map(Event::Key),
        1 => any::<String>().prop_map(Event::Paste),
        1 => any::<i32>().prop_map(Event::Scroll),
        1 => (0u16..300, 0u16..80).prop_map(|(columns, rows)| Event::Resize(columns, rows)),
        2 => prop_oneof![0i64..4000, -100_000i64..100_000].prop_map(Event::Wait),
        12 => (0usize..5).prop_map(Event::Answer),
        2 => (0usize..5).prop_map(Event::Fail),
        1 => (0u64..300).prop_map(Event::Stray),
        1 => (0usize..500).prop_map(Event::Change),
    ]
}

fn outcome(driver: &Driver, job: &Job) -> Outcome {
    match job {
        Job::OpenAddress(address) => Outcome::Opened(Ok(Some((address.clone(), true)))),
        Job::OpenRecord { .. } => Outcome::Opened(Ok(Some(("https://contoso.example/1".into(), false)))),
        Job::Export { .. } => Outcome::Exported(Ok(7)),
        Job::LoadOverview => Outcome::Overview(Ok(Box::new(overview()))),
        Job::LoadConfig => Outcome::Config(Ok((Settings::default(), ["a", "b", "c"].map(connection).to_vec()))),
        Job::LoadDraft => Outcome::Draft(Ok(None)),
        Job::LoadWorkspaces => Outcome::Workspaces(Ok(vec![workspace("prod"), workspace("test")])),
        Job::Screen(ScreenJob::Workspace(job)) => workspace_job(job).into(),
        Job::LoadUnlisted => Outcome::Unlisted(Ok(vec![Unlisted::Connection(name("lost"))])),
        Job::LoadAlertStanding => Outcome::AlertStanding(Ok(Box::new(standing(vec![source("prod", 10)])))),
        Job::PollAlerts(_) => Outcome::Polled(Ok(Polled::default())),
        Job::FollowAlerts => Outcome::AlertsFollowed(Ok(Box::default())),
        Job::Screen(ScreenJob::Alerts(job)) => alerts_job(job).into(),
        Job::LoadSummary(name) => Outcome::Summary(name.clone(), Ok(Box::new(summary(noon())))),
        Job::LoadItems { filter, seek, limit, .. } => Outcome::Items(Ok(driver.store.window(filter, *seek, *limit))),
        Job::LoadAssigned(_) => Outcome::Assigned(Ok(Box::new(assigned()))),
        Job::LoadItem { .. } => Outcome::Item(Ok(None)),
        Job::LoadActivities(_) => Outcome::Activities(Ok(vec![])),
        Job::TestStep(_, step) => Outcome::Step(Box::new(Step::failed(*step, Fault::Interrupted, None))),
        Job::Screen(ScreenJob::AlertSource(job)) => alert_source_job(job).into(),
        Job::Screen(ScreenJob::RuleWizard(job)) => rule_job(job).into(),
        Job::Screen(ScreenJob::Settings(SettingsJob::Check(_))) => SettingsOutcome::Checked(Ok(true)).into(),
        Job::Screen(ScreenJob::Settings(SettingsJob::Replace { .. } | SettingsJob::Rename { .. })) => {
            SettingsOutcome::Saved(Ok(())).into()
        }
        Job::Screen(ScreenJob::Settings(SettingsJob::LookOutside { from, .. })) => {
            SettingsOutcome::Outside(Ok(KeptOutside { known_as: Some(from.clone()) })).into()
        }
        Job::Screen(ScreenJob::Preferences(_)) => PreferencesOutcome::Saved(Ok(())).into(),
        Job::Screen(ScreenJob::Toy(_)) => Outcome::Failed(Fault::Interrupted),
        Job::SaveConnection(_) | Job::SaveSignedOut(_) | Job::RemoveConnection(_) => Outcome::Saved(Ok(())),
        Job::Sync { .. } | Job::Verify(_) => Outcome::Synced(Ok(Arc::new([]))),
        Job::SaveDraft(_) | Job::DropDraft | Job::ForgetCandidate | Job::AdminSignOut(_) => Outcome::Done,
        Job::AdminSignIn { .. } => Outcome::AdminSignedIn(Ok(())),
        Job::RevokeTokens { tokens, .. } => {
            Outcome::Revoked(tokens.iter().map(|token| (token.clone(), Ok(()))).collect())
        }
        Job::LoadChecklist(_) | Job::CheckCandidate(_) => Outcome::Checklist(Ok(Box::new(checklist()))),
        Job::Confirm { said, .. } => Outcome::Confirmed(Ok(said.clone())),
        Job::Withdraw { item, .. } => Outcome::Withdrawn(Ok(item.clone())),
        Job::LookOnRequest { item, .. } => Outcome::OnRequest(Ok(Box::new(ChecklistItem::todo(item.clone())))),
        Job::WriteDeployment(_) => Outcome::Deployment(Err(Fault::Interrupted)),
        Job::PreviewFix { .. } => Outcome::Preview(Ok(changes())),
        Job::ApplyFix { fix, .. } => Outcome::Fixed(Ok(Box::new(done(fix.clone())))),
        Job::LoadTokens(_) => Outcome::Tokens(Ok(Box::new(tokens()))),
        Job::Rotate { .. } | Job::NewSecret { .. } => Outcome::Rotated(Ok(rotated())),
    }
}

fn stray(n: u64) -> Message {
    let task = TaskId(n);
    let told = match n % 9 {
        6 => message::Event::Rotating(RotationStep::Prove),
        7 => message::Event::ChecklistItem(Box::new(ChecklistItem::todo(ItemId::own("release")))),
        8 => message::Event::Progress(Progress {
            kind: WorkItemKind::Incident,
            fetched: u64::MAX / 2,
            expected: Some(n),
            waiting_until: None,
            attempt: 0,
            retrying: None,
        }),
        _ => return Message::Outcome(task, stray_end(n)),
    };
    Message::Event(task, told)
}

fn stray_end(n: u64) -> Outcome {
    match n % 9 {
        0 => Outcome::Item(Ok(None)),
        1 => Outcome::Step(Box::new(Step::todo(StepId::Scope))),
        2 => Outcome::Failed(Fault::Interrupted),
        3 => Outcome::Done,
        4 => Outcome::Summary(name("zz"), Err(Fault::Interrupted)),
        _ => Outcome::Saved(Err(Fault::Interrupted)),
    }
}

fn happen(driver: &mut Driver, event: Event) {
    let nth = |driver: &Driver, n: usize| driver.running.iter().nth(n).map(|(task, job)| (*task, job.clone()));
    let message = match event {
        Event::Key(key) => Message::Key(key),
        Event::Paste(text) => Message::Paste(Secret::new(text)),
        Event::Scroll(lines) => Message::Scroll(lines),
        Event::Resize(columns, rows) => Message::Resize(columns, rows),
        Event::Wait(seconds) => Message::Tick(driver.model.now + SignedDuration::from_secs(seconds)),
        Event::Stray(n) => stray(n),
        Event::Change(at) => return driver.store.touch(at),
        Event::Answer(n) | Event::Fail(n) => {
            let Some((task, job)) = nth(driver, n) else { return };
            driver.running.remove(&task);
            let failed = matches!(event, Event::Fail(_));
            Message::Outcome(task, if failed { Outcome::Failed(Fault::Interrupted) } else { outcome(driver, &job) })
        }
    };
    driver.send(message);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(events in prop::collection::vec(event(), 1..200)) {
        let mut driver = Driver::new(&["a", "b", "c"], 500);
        for event in events {
            happen(&mut driver, event);
            if let Some(next) = next_tick(&driver.model) {
                prop_assert!(next > driver.model.now, "a tick that is due at once would never rest");
            }
        }
    }
}
