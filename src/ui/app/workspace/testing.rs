//! Workspaces for tests, at the time of the other fixtures.

use serde_json::json;

use super::{WorkspaceEntry, WorkspaceOutcome, jobs::WorkspaceJob};
use crate::model::azure_plan::{Plan, Principal, Seen, Wanted, rule_id};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::sending::{
    Cap, LogEntry, LogEvent, RuleCounts, SendFinding, SendReport, StateCount, VerifyRecord, WorkspaceStanding,
};
use crate::model::work_item::WorkItemKind;
use crate::model::workspace::{AzureSignIn, LOG_TABLE, TABLE, Values, Workspace, WorkspaceName};
use crate::model::workspace_run::{ApplyEnd, Delays, Found, PlanShown, Subscription};
use crate::ui::app::testing::{minutes_ago, name};

/// An object id, a client id and the like.
pub const GUID: &str = "11111111-2222-3333-4444-555555555555";

/// A workspace's name.
pub fn workspace_name(name: &str) -> WorkspaceName {
    WorkspaceName::parse(name).unwrap()
}

/// The settings of a workspace that is set up.
pub fn settings(name: &str) -> Workspace {
    Workspace {
        name: workspace_name(name),
        tenant: "contoso.example".into(),
        sign_in: AzureSignIn::ServicePrincipal,
        client_id: GUID.into(),
        token_file: String::new(),
        subscription: GUID.into(),
        resource_group: "monitoring".into(),
        workspace: "contoso-logs".into(),
        workspace_id: GUID.into(),
        location: "westeurope".into(),
        table: TABLE.into(),
        log_table: LOG_TABLE.into(),
        rule: "/subscriptions/s/resourceGroups/monitoring/providers/Microsoft.Insights/dataCollectionRules/itsmc"
            .into(),
        rule_id: "dcr-0123456789abcdef".into(),
        endpoint: "https://itsmc.westeurope-1.ingest.monitor.azure.com".into(),
        principal: GUID.into(),
        values: Values::Labels,
    }
}

/// A workspace that is set up, fed by `contoso`, and has everything.
pub fn workspace(called: &str) -> WorkspaceEntry {
    let standing = WorkspaceStanding {
        name: called.to_owned(),
        set_up: true,
        behind_rows: 0,
        behind_since: None,
        last_accepted: Some(minutes_ago(2)),
        last_verified: Some(verified()),
        unverified_since: None,
        verify_fault: None,
        fault: None,
        failing_since: None,
        findings: Vec::new(),
        log: vec![LogEntry {
            at: minutes_ago(2),
            event: LogEvent::Sent { accepted: 1204, removed: 3, refused: 0, bytes: 902_000, fault: None },
        }],
    };
    WorkspaceEntry { settings: settings(called), fed_by: vec![name("contoso")], standing }
}

/// One that was added and not set up.
pub fn not_set_up(called: &str) -> WorkspaceEntry {
    let mut entry = workspace(called);
    let told = [&mut entry.settings.rule, &mut entry.settings.rule_id, &mut entry.settings.endpoint];
    told.into_iter().for_each(String::clear);
    entry.standing =
        WorkspaceStanding { set_up: false, last_accepted: None, last_verified: None, ..entry.standing.clone() };
    entry
}

/// One that is behind, as Azure refuses its rows.
pub fn refused(called: &str) -> WorkspaceEntry {
    let mut entry = workspace(called);
    entry.standing.behind_rows = 1204;
    entry.standing.behind_since = Some(minutes_ago(95));
    entry.standing.fault = Some(send_forbidden());
    entry.standing.failing_since = Some(minutes_ago(90));
    entry
}

/// One with which all sorts of things are wrong.
pub fn troubled(called: &str) -> WorkspaceEntry {
    let mut entry = refused(called);
    entry.standing.last_verified = Some(differs());
    entry.standing.verify_fault = Some(Fault::QueryForbidden { workspace: called.into(), detail: String::new() });
    let line = |minutes, event| LogEntry { at: minutes_ago(minutes), event };
    let stopped = LogEvent::Sent { accepted: 0, removed: 0, refused: 0, bytes: 0, fault: Some(send_forbidden()) };
    let differs = LogEvent::Verified { checked: 23_773, differ: 18, resent: 15 };
    let fault = Fault::QueryForbidden { workspace: called.into(), detail: String::new() };
    let more = [line(5, stopped), line(60, LogEvent::NotVerified { fault }), line(180, differs)];
    // Newest first: rows were last taken before the first refusal.
    entry.standing.log.iter_mut().for_each(|line| line.at = minutes_ago(240));
    entry.standing.log.splice(0..0, more);
    entry.standing.findings = vec![
        SendFinding::CutValues {
            rows: 2,
            numbers: vec!["INC0010001".into(), "INC0010002".into()],
            columns: vec!["Description_s".into()],
        },
        SendFinding::RuleNotRead {
            fault: Box::new(azure_forbidden("Microsoft.Insights/dataCollectionRules/read", &rule_id(&entry.settings))),
        },
        SendFinding::OtherValues { workspace: called.into(), values: Values::Labels },
    ];
    entry
}

/// The refusal of an action of Resource Manager, as it words one.
pub fn azure_forbidden(action: &str, path: &str) -> Fault {
    let detail = format!(
        "AuthorizationFailed: The client '{GUID}' with object id '{GUID}' does not have authorization to perform action '{action}' over scope '{path}' or the scope is invalid."
    );
    Fault::AzureForbidden { what: path.to_owned(), detail }
}

/// The refusal of rows.
pub fn send_forbidden() -> Fault {
    Fault::SendForbidden { rule: "dcr-0123456789abcdef".into(), object_id: Some(GUID.into()), detail: String::new() }
}

/// A verification that found everything.
pub fn verified() -> VerifyRecord {
    let cap = Some(Cap { status: "RespectQuota".into(), resets_at: None });
    let rule = RuleCounts { since: minutes_ago(1620), requests: 31, received: 23_780, ..RuleCounts::default() };
    VerifyRecord { at: minutes_ago(180), checked: 23_773, doubled: 4, cap, rule: Some(rule), ..VerifyRecord::default() }
}

/// One that found differences.
pub fn differs() -> VerifyRecord {
    let numbers = vec!["INC0010007".into(), "INC0010042".into(), "CHG0000301".into()];
    let states = vec![StateCount { kind: WorkItemKind::Incident, state: "New".into(), here: 312, there: 310 }];
    VerifyRecord { missing: 12, older: 3, other_state: 2, surplus: 1, resent: 15, numbers, states, ..verified() }
}

/// The plan of an empty subscription.
pub fn plan(called: &str) -> PlanShown {
    planned(called, &Seen { workspace: json!({ "location": "westeurope" }), ..Seen::default() }, &[])
}

/// The plan where the old connector's table is there.
pub fn plan_with_classic(called: &str, migrate: &[&str]) -> PlanShown {
    let table = json!({ "properties": { "plan": "Analytics", "schema": {
        "name": TABLE, "tableSubType": "Classic",
        "columns": [{ "name": "Title_s", "type": "string" }, { "name": "Computer", "type": "string" }],
    }}});
    planned(
        called,
        &Seen { workspace: json!({ "location": "westeurope" }), table: Some(table), ..Seen::default() },
        migrate,
    )
}

/// A plan with nothing to do.
pub fn plan_done(called: &str) -> PlanShown {
    let mut shown = plan(called);
    shown.workspace = settings(called);
    for step in &mut shown.plan.steps {
        (step.action, step.request) = (crate::model::azure_plan::Action::Nothing, None);
        step.changes.clear();
    }
    shown
}

fn planned(called: &str, seen: &Seen, migrate: &[&str]) -> PlanShown {
    let workspace = not_set_up(called).settings;
    let principal = Some(Principal { id: GUID.into(), application: Some(true) });
    let migrate = migrate.iter().map(|table| (*table).to_owned()).collect();
    let plan = Plan::of(&workspace, &Wanted { principal, migrate }, seen);
    PlanShown { workspace, plan }
}

/// A run that sent something.
pub fn report(called: &str) -> SendReport {
    SendReport {
        workspace: called.to_owned(),
        sent: 1204,
        accepted: 1204,
        refused: 0,
        removed: 0,
        log_rows: 2,
        bytes: 902_000,
        requests: 2,
        seconds: 1.4,
        complete: true,
        fault: None,
        findings: Vec::new(),
    }
}

/// A subscription and others.
pub fn subscriptions() -> Vec<Subscription> {
    let of = |name: &str, digit: &str| Subscription { id: GUID.replace('1', digit), name: name.into() };
    vec![of("Contoso Production", "1"), of("Contoso Sandbox", "2"), of("Contoso Shared Services", "3")]
}

/// The workspaces of one.
pub fn found() -> Vec<Found> {
    let of = |name: &str, group: &str| Found { name: name.into(), group: group.into(), location: "westeurope".into() };
    vec![of("contoso-logs", "monitoring"), of("contoso-network", "network")]
}

/// What each job brings when all goes well.
pub fn outcome(job: &WorkspaceJob) -> WorkspaceOutcome {
    match job {
        WorkspaceJob::Plan { name, .. } => WorkspaceOutcome::Planned(Ok(Box::new(plan(name.as_str())))),
        WorkspaceJob::Apply { name, shown, .. } => {
            let made = shown.to_do().map(|step| step.id).collect();
            WorkspaceOutcome::Applied(ApplyEnd::Made(made, Box::new(plan_done(name.as_str()))))
        }
        WorkspaceJob::Export { folder, .. } => WorkspaceOutcome::Exported(Ok(vec![format!("{folder}/main.bicep")])),
        WorkspaceJob::Test(_) => {
            WorkspaceOutcome::Tested(Ok(Delays { rights_seconds: 3, row_seconds: Some(41), mark: GUID.into() }))
        }
        WorkspaceJob::Send { name, .. } => WorkspaceOutcome::Sent(Ok(Box::new(report(name.as_str())))),
        WorkspaceJob::Verify(_) => WorkspaceOutcome::Verified(Ok(Box::new(verified()))),
        WorkspaceJob::KeepSecret { .. } | WorkspaceJob::SignInByCode(_) => WorkspaceOutcome::SignedIn(Ok(())),
        WorkspaceJob::SetUpByCode(_) => WorkspaceOutcome::SetUpSignedIn(Ok(Some(Secret::new("practice-refresh")))),
        WorkspaceJob::Remove(_) => WorkspaceOutcome::Removed(Ok(())),
        WorkspaceJob::OtherTable { .. } => WorkspaceOutcome::OtherTable(Ok(())),
        WorkspaceJob::Feed { .. } => WorkspaceOutcome::Fed(Ok(())),
        WorkspaceJob::Forget(_) => WorkspaceOutcome::Done,
        WorkspaceJob::Subscriptions(_) => WorkspaceOutcome::Subscriptions(Ok(subscriptions())),
        WorkspaceJob::Workspaces(_) => WorkspaceOutcome::Workspaces(Ok(found())),
        WorkspaceJob::Add(_) => WorkspaceOutcome::Added(Ok(None)),
    }
}
