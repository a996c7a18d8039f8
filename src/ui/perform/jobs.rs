//! What each job of the app comes down to.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{alert_source, alerts, preferences, rule_wizard, settings, workspace};
use crate::home::{config, draft};
use crate::model::check::{Step, StepId};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::leaving::Parting;
use crate::model::work_item::WorkItemKind;
use crate::service::administration;
use crate::service::blocking::blocking;
use crate::service::confirmations;
use crate::service::connections;
use crate::service::deploy;
use crate::service::export;
use crate::service::leaving;
use crate::service::records::{self, Addresses};
use crate::service::rotation;
use crate::service::services::Services;
use crate::service::syncing::{self, How};
use crate::service::unlisted;
use crate::ui::app::effect::{Job, TestSubject};
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::screens::ScreenJob;

/// How many entries of the activity log a screen gets.
const ACTIVITIES: usize = 500;

/// Does one job to its end.
pub async fn perform(
    services: &Services,
    job: Job,
    cancel: CancellationToken,
    tell: impl Fn(Event) + Clone + Send + Sync + 'static,
) -> Outcome {
    match job {
        Job::LoadConfig => {
            Outcome::Config(services.handles.config_now().await.map(|config| (config.settings, config.connections)))
        }
        Job::LoadDraft => {
            let home = services.home.clone();
            Outcome::Draft(blocking(move || draft::load(&home)).await)
        }
        Job::SaveDraft(kept) => {
            let home = services.home.clone();
            done(blocking(move || draft::save(&home, &kept)).await)
        }
        Job::ForgetCandidate => {
            give_up(services, &tell).await;
            Outcome::Done
        }
        Job::DropDraft => {
            give_up(services, &tell).await;
            let home = services.home.clone();
            done(blocking(move || draft::delete(&home)).await)
        }
        Job::LoadSummary(name) => {
            let summary = async {
                let connection = services.connection(name.as_str()).await?;
                services.summary(&connection, Timestamp::now()).await
            };
            let summary = summary.await.map(Box::new);
            Outcome::Summary(name, summary)
        }
        Job::LoadOverview => {
            let overview = async { services.store().await?.overview(Timestamp::now()).await };
            Outcome::Overview(overview.await.map(Box::new))
        }
        Job::LoadItems { connection, filter, seek, limit } => {
            let items = async { services.store().await?.items(Some(&connection), filter, seek, limit).await };
            Outcome::Items(items.await)
        }
        Job::LoadAssigned(connection) => {
            let assigned = async { services.store().await?.assigned(Some(&connection)).await };
            Outcome::Assigned(assigned.await.map(Box::new))
        }
        Job::LoadItem { row_id } => {
            let item = async { services.store().await?.item(row_id).await };
            Outcome::Item(item.await.map(|item| item.map(Box::new)))
        }
        Job::OpenRecord { connection, kind, id, number } => {
            Outcome::Opened(open_record(services, &connection, kind, (&id, &number)).await)
        }
        Job::OpenAddress(address) => {
            Outcome::Opened(records::open(address.clone()).await.map(|shown| Some((address, shown))))
        }
        Job::Export { connection, filter, target } => {
            Outcome::Exported(export::write(services, &connection, filter, target).await)
        }
        Job::LoadActivities(name) => {
            let activities = async { services.store().await?.activities(&name, ACTIVITIES).await };
            Outcome::Activities(activities.await)
        }
        Job::TestStep(subject, step) => Outcome::Step(Box::new(test_step(services, subject, step).await)),
        Job::SaveConnection(form) => {
            Outcome::Saved(parted(&form.connection.name, connections::save(services, &form).await, &tell))
        }
        Job::SaveSignedOut(form) => {
            Outcome::Saved(parted(&form.connection.name, connections::save_signed_out(services, &form).await, &tell))
        }
        Job::CheckCandidate(form) => {
            let each = |item| tell(Event::ChecklistItem(Box::new(item)));
            Outcome::Checklist(administration::candidate_checklist(services, &form, each).await.map(Box::new))
        }
        Job::RemoveConnection(name) => Outcome::Saved(parted(&name, connections::remove(services, &name).await, &tell)),
        Job::LoadChecklist(name) => {
            let each = |item| tell(Event::ChecklistItem(Box::new(item)));
            Outcome::Checklist(administration::checklist(services, &name, each).await.map(Box::new))
        }
        Job::LookOnRequest { connection, item } => {
            Outcome::OnRequest(administration::on_request(services, &connection, &item).await.map(Box::new))
        }
        Job::Confirm { connection, said } => {
            Outcome::Confirmed(confirmations::confirm(services, &connection, said).await)
        }
        Job::Withdraw { connection, item } => {
            Outcome::Withdrawn(confirmations::withdraw(services, &connection, &item).await.map(|()| item))
        }
        Job::AdminSignIn { connection, user_name, password } => {
            Outcome::AdminSignedIn(administration::sign_in(services, &connection, user_name, password).await)
        }
        Job::AdminSignOut(name) => done(administration::sign_out(services, &name).await),
        Job::PreviewFix { connection, fix } => {
            Outcome::Preview(administration::preview(services, &connection, &fix).await)
        }
        Job::ApplyFix { connection, fix, password } => {
            let done = administration::apply(services, &connection, &fix, password).await;
            Outcome::Fixed(done.map(Box::new))
        }
        Job::LoadTokens(name) => Outcome::Tokens(administration::tokens(services, &name).await.map(Box::new)),
        Job::Rotate { connection, typed } => {
            let each = |step| tell(Event::Rotating(step));
            let ended = rotation::rotate(services, &connection, typed, each).await;
            Outcome::Rotated(parted(&connection, ended, &tell))
        }
        Job::NewSecret { connection, typed } => {
            let each = |step| tell(Event::Rotating(step));
            let ended = rotation::new_secret(services, &connection, typed, each).await;
            Outcome::Rotated(parted(&connection, ended, &tell))
        }
        Job::RevokeTokens { connection, tokens } => match administration::revoke(services, &connection, tokens).await {
            Ok(outcomes) => Outcome::Revoked(outcomes),
            Err(fault) => Outcome::Failed(fault),
        },
        Job::WriteDeployment(order) => Outcome::Deployment(blocking(move || deploy::write(&order)).await.map(Box::new)),
        Job::Sync { connection, full } => {
            let progress = move |progress| tell(Event::Progress(progress));
            let reports = syncing::sync(services, connection.as_str(), full, progress, cancel).await;
            Outcome::Synced(reports.map(Arc::from))
        }
        Job::Verify(name) => {
            let progress = move |progress| tell(Event::Progress(progress));
            let how = How { full: false, verify: true };
            Outcome::Synced(syncing::run(services, name.as_str(), how, progress, cancel).await.map(Arc::from))
        }
        Job::LoadWorkspaces => Outcome::Workspaces(workspace::entries(services).await),
        Job::LoadUnlisted => Outcome::Unlisted(unlisted::all(services).await),
        Job::LoadAlertStanding => Outcome::AlertStanding(alerts::standing(services).await.map(Box::new)),
        Job::PollAlerts(name) => Outcome::Polled(alerts::poll(services, &name, cancel).await),
        Job::FollowAlerts => Outcome::AlertsFollowed(alerts::follow(services, cancel).await.map(Box::new)),
        Job::Screen(job) => of_screen(services, job, cancel, tell).await,
    }
}

/// Does a job that one screen alone has.
async fn of_screen(
    services: &Services,
    job: ScreenJob,
    cancel: CancellationToken,
    tell: impl Fn(Event) + Clone + Send + Sync + 'static,
) -> Outcome {
    match job {
        ScreenJob::Settings(job) => settings::perform(services, job, &tell).await.into(),
        ScreenJob::Preferences(job) => preferences::perform(services, job).await.into(),
        ScreenJob::Workspace(job) => {
            let tell = move |event| tell(Event::Workspace(event));
            workspace::perform(services, job, cancel, tell).await.into()
        }
        ScreenJob::AlertSource(job) => alert_source::perform(services, job).await.into(),
        ScreenJob::RuleWizard(job) => rule_wizard::perform(services, job).await.into(),
        ScreenJob::Alerts(job) => {
            let tell = move |progress| tell(Event::Preview(progress));
            alerts::perform(services, job, cancel, tell).await.into()
        }
        #[cfg(test)]
        ScreenJob::Toy(job) => super::toy::perform(services, job).await.into(),
    }
}

/// Gives up the sign-in of a form, and tells which of its tokens live on.
async fn give_up(services: &Services, tell: &impl Fn(Event)) {
    let name = services.candidate_tokens.name();
    let leaving = leaving::give_up(services).await;
    if let Some(name) = name.filter(|_| !leaving.live.is_empty()) {
        tell(Event::LeftBehind(name, leaving));
    }
}

/// Tells which of the tokens live on that a change replaced; what it ended with.
pub(super) fn parted<T>(name: &ConnectionName, parting: Parting<T>, tell: &impl Fn(Event)) -> Result<T, Fault> {
    if !parting.leaving.live.is_empty() {
        tell(Event::LeftBehind(name.clone(), parting.leaving));
    }
    parting.outcome
}

/// The address of a work item, and whether a browser shows it; `None` where the product has none.
async fn open_record(
    services: &Services,
    connection: &ConnectionName,
    kind: WorkItemKind,
    record: (&str, &str),
) -> Result<Option<(String, bool)>, Fault> {
    let addresses = Addresses::of_all(services, Some(connection)).await?;
    let Some(address) = addresses.address(connection.as_str(), kind, record) else { return Ok(None) };
    let shown = records::open(address.clone()).await?;
    Ok(Some((address, shown)))
}

async fn test_step(services: &Services, subject: TestSubject, step: StepId) -> Step {
    let partner = match &subject {
        TestSubject::Candidate(form) => services.candidate(form).await,
        TestSubject::Saved(name) => match services.connection(name.as_str()).await {
            Ok(connection) => services.partner(&connection).await,
            Err(fault) => Err(fault),
        },
    };
    match partner {
        Ok(partner) => partner.run_step(step).await,
        Err(fault) => Step::failed(step, fault, None),
    }
}

fn done(outcome: Result<(), Fault>) -> Outcome {
    match outcome {
        Ok(()) => Outcome::Done,
        Err(fault) => Outcome::Failed(fault),
    }
}

/// Reads the settings alone, before a front end is chosen; a damaged config file shows later.
pub fn settings(services: &Services) -> crate::model::settings::Settings {
    config::load(&services.home).map(|config| config.settings).unwrap_or_default()
}
