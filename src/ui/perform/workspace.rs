//! The jobs of a workspace.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::model::workspace::{Workspace, WorkspaceName};
use crate::model::workspace_run::{ApplyEnd, Ask, PlanShown};
use crate::service::blocking::blocking;
use crate::service::sending::{self, How};
use crate::service::services::Services;
use crate::service::{verifying, workspaces};
use crate::ui::app::workspace::{WorkspaceEntry, WorkspaceEvent, WorkspaceJob, WorkspaceOutcome};

/// Who is told.
type Tell<'a> = &'a (dyn Fn(WorkspaceEvent) + Send + Sync);

/// The workspaces, and how each stands.
///
/// # Errors
/// When config or store cannot be read.
pub async fn entries(services: &Services) -> Result<Vec<WorkspaceEntry>, Fault> {
    let config = services.config().await?;
    let mut entries = Vec::new();
    for standing in sending::standing(services).await? {
        let found = config.workspaces.iter().find(|one| one.name.as_str() == standing.name);
        if let Some(settings) = found {
            let fed_by = config.feeding(&settings.name).map(|one| one.name.clone()).collect();
            entries.push(WorkspaceEntry { settings: settings.clone(), fed_by, standing });
        }
    }
    Ok(entries)
}

/// Does one to its end.
pub async fn perform(
    services: &Services,
    job: WorkspaceJob,
    cancel: CancellationToken,
    tell: impl Fn(WorkspaceEvent) + Clone + Send + Sync + 'static,
) -> WorkspaceOutcome {
    match job {
        WorkspaceJob::Plan { name, ask } => WorkspaceOutcome::Planned(planned(services, &name, &ask).await),
        WorkspaceJob::Apply { name, ask, shown } => {
            let end = applied(services, &name, &ask, &shown, &tell).await;
            WorkspaceOutcome::Applied(end.unwrap_or_else(|fault| ApplyEnd::Failed(None, fault)))
        }
        WorkspaceJob::Export { name, ask, folder, lang } => {
            WorkspaceOutcome::Exported(exported(services, &name, &ask, (folder, lang)).await)
        }
        WorkspaceJob::Test(name) => {
            let told = |told| tell(WorkspaceEvent::Testing(told));
            let delays = async {
                let workspace = workspaces::named(services, name.as_str()).await?;
                workspaces::test(services, &workspace, &told).await
            };
            WorkspaceOutcome::Tested(delays.await)
        }
        WorkspaceJob::Send { name, full } => WorkspaceOutcome::Sent(sent(services, (&name, full), cancel, tell).await),
        WorkspaceJob::Verify(name) => {
            WorkspaceOutcome::Verified(verifying::run(services, name.as_str(), cancel).await.map(Box::new))
        }
        WorkspaceJob::KeepSecret { workspace, secret } => {
            WorkspaceOutcome::SignedIn(workspaces::keep_secret(services, &workspace, secret).await)
        }
        WorkspaceJob::SignInByCode(workspace) => {
            let kept = async {
                let refresh = by_code(services, &workspace, &tell).await?;
                workspaces::keep_device(services, &workspace, refresh).await
            };
            WorkspaceOutcome::SignedIn(kept.await)
        }
        WorkspaceJob::SetUpByCode(name) => {
            let refresh = async {
                let workspace = workspaces::named(services, name.as_str()).await?;
                by_code(services, &workspace, &tell).await
            };
            WorkspaceOutcome::SetUpSignedIn(refresh.await)
        }
        WorkspaceJob::Remove(name) => WorkspaceOutcome::Removed(workspaces::remove(services, name.as_str()).await),
        WorkspaceJob::OtherTable { name, classic, other } => {
            WorkspaceOutcome::OtherTable(workspaces::other_table(services, &name, &classic, other).await)
        }
        WorkspaceJob::Feed { name, fed_by, values } => {
            WorkspaceOutcome::Fed(workspaces::feed(services, &name, &fed_by, values).await)
        }
        WorkspaceJob::Forget(name) => {
            workspaces::forget(services, &name).await;
            WorkspaceOutcome::Done
        }
        WorkspaceJob::Subscriptions(workspace) => {
            WorkspaceOutcome::Subscriptions(workspaces::subscriptions(services, &workspace).await)
        }
        WorkspaceJob::Workspaces(workspace) => {
            WorkspaceOutcome::Workspaces(workspaces::groups_and_workspaces(services, &workspace).await)
        }
        WorkspaceJob::Add(workspace) => WorkspaceOutcome::Added(workspaces::add(services, &workspace).await),
    }
}

async fn planned(services: &Services, name: &WorkspaceName, ask: &Ask) -> Result<Box<PlanShown>, Fault> {
    let workspace = workspaces::named(services, name.as_str()).await?;
    let (planned, _) = workspaces::plan(services, &workspace, ask).await?;
    if planned.plan.is_done() && planned.workspace != workspace {
        // Somebody else made it, such as the Azure team: where rows go is known now.
        workspaces::note(services, &planned.workspace).await?;
    }
    Ok(Box::new(PlanShown { workspace: planned.workspace, plan: planned.plan }))
}

/// Looks again, and makes the steps only if they are those that were shown.
async fn applied(
    services: &Services,
    name: &WorkspaceName,
    ask: &Ask,
    shown: &crate::model::azure_plan::Plan,
    tell: Tell<'_>,
) -> Result<ApplyEnd, Fault> {
    let workspace = workspaces::named(services, name.as_str()).await?;
    let (planned, setup) = workspaces::plan(services, &workspace, ask).await?;
    if planned.plan != *shown {
        let now = PlanShown { workspace: planned.workspace, plan: planned.plan };
        return Ok(ApplyEnd::Changed(Box::new(now)));
    }
    let told = |told| tell(WorkspaceEvent::Applying(told));
    Ok(match workspaces::apply(services, planned, &setup, ask, &told).await {
        Ok(applied) => {
            let left = PlanShown { workspace: applied.left.workspace, plan: applied.left.plan };
            ApplyEnd::Made(applied.made, Box::new(left))
        }
        Err((step, fault)) => ApplyEnd::Failed(step, fault),
    })
}

async fn exported(
    services: &Services,
    name: &WorkspaceName,
    ask: &Ask,
    (folder, lang): (String, Lang),
) -> Result<Vec<String>, Fault> {
    let workspace = workspaces::named(services, name.as_str()).await?;
    let (mut planned, _) = workspaces::plan(services, &workspace, ask).await?;
    let files = workspaces::files(lang, &mut planned);
    blocking(move || workspaces::export(Path::new(&folder), &files)).await
}

async fn sent(
    services: &Services,
    (name, full): (&WorkspaceName, bool),
    cancel: CancellationToken,
    tell: impl Fn(WorkspaceEvent) + Send + Sync + 'static,
) -> Result<Box<crate::model::sending::SendReport>, Fault> {
    let progress = Arc::new(move |progress| tell(WorkspaceEvent::Sending(progress)));
    let how = How { patience: Some(sending::LONG), full };
    let sent = sending::run(services, name.as_str(), how, progress, cancel).await;
    if let Err(fault) = &sent
        && !matches!(fault, Fault::Locked { .. } | Fault::Interrupted)
    {
        sending::note(services, name.as_str(), fault.clone(), Timestamp::now()).await;
    }
    sent.map(Box::new)
}

async fn by_code(services: &Services, workspace: &Workspace, tell: Tell<'_>) -> Result<Option<Secret>, Fault> {
    let begun = workspaces::device_sign_in(services, workspace).await?;
    tell(WorkspaceEvent::Code(begun.prompt.clone()));
    begun.wait().await.map(|(_, refresh)| refresh)
}
