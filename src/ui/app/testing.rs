//! Models for tests: plausible connections, counts and faults, at one fixed time.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::dashboard::Dashboard;
use super::effect::Effect;
use super::key::Key;
use super::message::Message;
use super::model::{Entry, Model, SyncState};
use super::remote::Remote;
use super::screens::Screen;
use super::update::update;
use crate::model::alert_counts::{AlertCounts, RuleFirings};
use crate::model::alert_plan::Verdict;
use crate::model::certificate::{Certificate, TlsProblem};
use crate::model::check::Status;
use crate::model::checklist::{
    Answer, Checklist, ChecklistItem, Evidence, FindingValue, ItemFinding, ItemId, SeenBy, Subject,
};
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::{Fault, FileKind, FormProblem, IdentityChange};
use crate::model::fix::{Change, Done, Fix};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::overview::{Day, OldItem, Overview, Ranking};
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::rotation::{Renewed, Rotated};
use crate::model::secret::Secret;
use crate::model::summary::{KindSummary, Summary, SyncRecord};
use crate::model::sweep::{SweepReason, SweepRecord};
use crate::model::sync::{KindReport, Progress};
use crate::model::token::SignIn;
use crate::model::token_list::{
    Fingerprint, HeldToken, InstanceToken, InstanceTokens, Ours, Stale, TokenKind, TokenList,
};
use crate::model::url::ServerUrl;
use crate::model::work_item::{Value, WorkItemKind};

/// The time of every fixture: 2026-11-22 12:00 UTC.
pub fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// A moment so many minutes before [`now`].
pub fn minutes_ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// A program that was just started: nothing is loaded.
pub fn fresh() -> Model {
    Model::new(Lang::En, now(), (80, 24), Arc::new(Catalogue::built_in().unwrap()))
}

/// A program without any connection.
pub fn empty() -> Model {
    with(Vec::new())
}

/// A program with two connections: `contoso`, healthy and in focus, and `ams-test`, whose sign-in is refused.
pub fn model() -> Model {
    let failing = Summary { last_sync: Some(record(Some(refused()))), ..summary() };
    let mut model = with(vec![entry("contoso", summary()), entry("ams-test", failing)]);
    model.show(Dashboard { focused: Some(name("contoso")), ..Dashboard::default() });
    model
}

/// A program with these connections.
pub fn with(entries: Vec<Entry>) -> Model {
    fresh().with(|facts| facts.connections = Remote::Ready(entries, now()))
}

/// A connection's name.
pub fn name(name: &str) -> ConnectionName {
    ConnectionName::parse(name).unwrap()
}

/// A ServiceNow connection.
pub fn connection(called: &str) -> Connection {
    let (server_url, _) = ServerUrl::parse(called, &[".service-now.com".to_owned()]).unwrap();
    Connection {
        name: name(called),
        partner: PartnerId::new("servicenow"),
        server_url,
        username: "azure.integration".into(),
        client_id: "client-id-of-a-fixture".into(),
        work_items: WorkItemKind::ALL.to_vec(),
        sync_days: 30,
        create_configuration_items: false,
        grant: Grant::Password,
        details: std::collections::BTreeMap::new(),
        workspaces: Vec::new(),
    }
}

/// A connection on the dashboard, synced two minutes ago and again in 13.
pub fn entry(name: &str, summary: Summary) -> Entry {
    let next_sync = Some(now() + SignedDuration::from_mins(13));
    Entry {
        connection: connection(name),
        summary: Remote::Ready(summary, now()),
        sync: SyncState::default(),
        next_sync,
    }
}

/// The same while a sync runs, halfway through its incidents.
pub fn syncing(entry: Entry) -> Entry {
    let kind = WorkItemKind::Incident;
    let progress =
        Progress { kind, fetched: 10_400, expected: Some(20_769), waiting_until: None, attempt: 1, retrying: None };
    let sync = SyncState {
        task: Some(super::effect::TaskId(900)),
        started_at: Some(now() - SignedDuration::from_secs(8)),
        progress: [(kind, progress)].into(),
        ..SyncState::default()
    };
    Entry { sync, next_sync: None, ..entry }
}

/// A connection's counts.
pub fn summary() -> Summary {
    let incident = KindSummary {
        total: 20_769,
        open: 1204,
        by_state: values(&[("6", "Resolved", 12_040), ("2", "In Progress", 640), ("1", "New", 312)]),
        by_priority: values(&[("1", "1 - Critical", 40), ("2", "2 - High", 212), ("3", "3 - Moderate", 952)]),
        open_by_state: values(&[("2", "In Progress", 640), ("1", "New", 312), ("3", "On Hold", 252)]),
        open_by_priority: values(&[("1", "1 - Critical", 4), ("2", "2 - High", 96), ("3", "3 - Moderate", 1104)]),
        trend: vec![12, 30, 44, 9, 3, 51, 60, 72, 58, 49, 11, 6, 63, 41],
        ..KindSummary::default()
    };
    let change = KindSummary {
        total: 3004,
        open: 211,
        by_state: values(&[("3", "Closed", 2793), ("-5", "New", 160), ("-1", "Implement", 51)]),
        by_priority: values(&[("4", "4 - Low", 3004)]),
        open_by_state: values(&[("-5", "New", 160), ("-1", "Implement", 51)]),
        open_by_priority: values(&[("4", "4 - Low", 211)]),
        trend: vec![2, 2, 3, 1, 0, 2, 2, 4, 1, 2, 0, 0, 3, 1],
        ..KindSummary::default()
    };
    Summary {
        signed_in_as: None,
        signed_out: None,
        client_secret_expires: None,
        kinds: [(WorkItemKind::Incident, incident), (WorkItemKind::ChangeRequest, change)].into(),
        last_sync: Some(record(None)),
        last_complete: Some(minutes_ago(2)),
        sign_in: Some(SignIn {
            signed_in_at: minutes_ago(7 * 24 * 60),
            lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
            lifespan_known: true,
        }),
        findings: Vec::new(),
    }
}

/// What all connections hold together.
pub fn overview() -> Overview {
    let days = [
        38, 4, 6, 71, 66, 58, 60, 49, 7, 3, 64, 70, 61, 55, 52, 9, 5, 212, 131, 74, 62, 57, 8, 2, 69, 61, 66, 50, 11, 6,
    ];
    let resolved = |at: usize| days.get(at.saturating_sub(2)).map_or(0, |count| count * 9 / 10);
    let named = |names: &[(&str, u64)]| names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let item = |nth: i64| OldItem {
        connection: if nth % 3 == 0 { "ams-test".to_owned() } else { "contoso".to_owned() },
        kind: WorkItemKind::Incident,
        number: format!("INC{:07}", 9000 + nth),
        title: ["Wi-Fi of floor 3 drops at noon", "Certificate of api gateway expires"][usize::from(nth % 2 == 0)]
            .into(),
        priority: Value::plain(if nth == 2 { "1 - Critical" } else { "4 - Low" }),
        opened_at: minutes_ago((260 - nth * 4) * 24 * 60),
    };
    let created = std::collections::BTreeMap::from([
        (WorkItemKind::Incident, days.map(|count| count * 4 / 5).to_vec()),
        (WorkItemKind::ChangeRequest, days.map(|count| count - count * 4 / 5).to_vec()),
    ]);
    let numbers = |numbers: &[&str]| numbers.iter().map(|number| (*number).to_owned()).collect();
    Overview {
        created,
        days: days.iter().enumerate().map(|(at, opened)| Day { opened: *opened, resolved: resolved(at) }).collect(),
        ages: [61, 320, 604, 301, 129],
        undated: 0,
        oldest: (0..40).map(item).collect(),
        groups: Ranking {
            most: named(&[("Service desk", 402), ("Network operations", 301), ("Mail", 99), ("Database", 61)]),
            more: 17,
            without: 84,
        },
        computers: Ranking { most: named(&[("EX-04", 71), ("SQL-PRD-07", 60), ("LB-2", 4)]), more: 0, without: 1280 },
        computer_items: std::collections::BTreeMap::from([
            ("EX-04".to_owned(), numbers(&["INC0010461", "INC0010440", "CHG0030877", "INC0010402", "INC0010390"])),
            ("SQL-PRD-07".to_owned(), numbers(&["INC0010452", "INC0010401", "INC0010277"])),
            ("LB-2".to_owned(), numbers(&["CHG0030801", "INC0009877"])),
        ]),
    }
}

/// How alerts become tickets: most do, some match no rule, and some are muted.
pub fn alert_counts() -> AlertCounts {
    let rule = |(name, alerts, tickets, muted): (&str, u64, u64, u64)| RuleFirings {
        name: name.to_owned(),
        alerts,
        tickets,
        muted,
    };
    let rules = [
        ("High CPU", 1_204, 212, 31),
        ("Disk almost full", 318, 97, 0),
        ("No heartbeat of a machine in the production network", 66, 66, 0),
        ("Web test failed", 41, 12, 29),
        ("Machine restarted", 17, 0, 0),
        ("Memory pressure", 4, 4, 0),
    ];
    AlertCounts {
        fired: 63,
        without: [(Some(Verdict::NoRule), 6), (Some(Verdict::Suppressed), 4)].into(),
        refused: 2,
        unsure: 0,
        doubled: Vec::new(),
        rules: rules.into_iter().map(rule).collect(),
        more_rules: 12,
        ..AlertCounts::default()
    }
}

/// The program with the numbers of the charts there.
pub fn charted(mut model: Model) -> Model {
    if let Some(Screen::Dashboard(screen)) = model.front_mut() {
        screen.charts.overview = Remote::Ready(overview(), now());
    }
    model
}

/// The record of a sync that ended two minutes ago.
pub fn record(fault: Option<Fault>) -> SyncRecord {
    SyncRecord {
        started_at: minutes_ago(3),
        ended_at: minutes_ago(2),
        changed: 41,
        complete: fault.is_none(),
        fault,
        failing_since: None,
        findings: Vec::new(),
        earlier_fault: None,
    }
}

/// A refused sign-in.
pub fn refused() -> Fault {
    Fault::SignInRefused { host: "ams-test.service-now.com".into(), detail: "access_denied".into() }
}

/// A checklist as the integration user sees it: one role lacks, the lifespan is too long, and some cannot be seen.
pub fn checklist() -> Checklist {
    use ItemFinding as Found;
    let evidence = |asked: &str, rows| Evidence { asked: asked.into(), answered: Answer::Rows { rows }, at: now() };
    let spec = Catalogue::built_in().unwrap().get(&PartnerId::new("servicenow")).unwrap().clone();
    let found = |id: ItemId, status, finding| {
        let (words, outcome) = (spec.check_words(&id), spec.outcome_words(&id, Some(&finding)));
        ChecklistItem { words, outcome, ..ChecklistItem::found(id, status, finding) }
    };
    let user_name = "azure.integration".to_owned();
    let app = found(
        ItemId::own("app_installed"),
        Status::Passed,
        Found::outcome("installed", [("version", "2.3.1".to_owned().into())]),
    );
    let mut oauth = found(ItemId::own("oauth_active"), Status::Unknown, Found::CannotSee);
    oauth.evidence =
        vec![evidence("GET /api/now/table/sys_properties?name=com.snc.platform.security.oauth.is.active", 0)];
    let mut lifespan = found(
        ItemId::own("refresh_token_lifespan"),
        Status::Warning,
        Found::outcome("longer", [("lifespan", FindingValue::Seconds(8_640_000))]),
    );
    lifespan.fix = Some(Fix::SetLifespan { client_id: "client-id-of-a-fixture".into(), seconds: 7_776_000 });
    lifespan.link = Some("https://contoso.service-now.com/oauth_entity_list.do".into());
    let user = found(ItemId::own("integration_user"), Status::Passed, Found::UserFit { user_name: user_name.clone() });
    let held = found(ItemId::Role("itil".into()), Status::Passed, Found::outcome("inherited", []));
    let mut lacking = found(ItemId::Role("template_editor".into()), Status::Failed, Found::RoleLacking);
    lacking.evidence = vec![evidence("GET /api/now/table/sys_user_has_role", 0)];
    lacking.fix = Some(Fix::GrantRoles { user_name, roles: vec!["template_editor".into()] });
    let rate = found(ItemId::own("rate_limit"), Status::Unknown, Found::CannotSee);
    let subject = Subject {
        connection: "contoso".into(),
        product: "ServiceNow".into(),
        server_url: "https://contoso.service-now.com".into(),
        user_name: "azure.integration".into(),
        client_id: "client-id-of-a-fixture".into(),
    };
    Checklist { subject, seen_by: SeenBy::Integration, items: vec![app, oauth, lifespan, user, held, lacking, rate] }
}

/// What granting the lacking role would change.
pub fn changes() -> Vec<Change> {
    vec![Change {
        table: "sys_user_has_role".into(),
        record: "azure.integration".into(),
        column: "role".into(),
        before: None,
        after: "template_editor".into(),
    }]
}

/// A fix that was made.
pub fn done(fix: Fix) -> Done {
    Done { fix, by: "ada.admin".into(), changes: changes(), at: now() }
}

/// A rotation that ended well.
pub fn rotated() -> Rotated {
    Rotated { renewed: Renewed::Both, revoked: 2, left: None, leaving: Leaving::default() }
}

/// Tokens that could not be revoked when a connection was changed.
pub fn left_behind() -> Leaving {
    Leaving { revoked: 1, live: tokens().held.into_iter().take(2).collect() }
}

/// Tokens as an admin sees them: two that we live on, one that we replaced, and on the instance also one that is
/// not ours.
pub fn tokens() -> TokenList {
    let print = |text: &str| Fingerprint::of(&Secret::new(text));
    let held = |kind, text: &str, minutes, retired_at| HeldToken {
        kind,
        fingerprint: print(text),
        issued: (kind == TokenKind::Refresh).then(|| minutes_ago(8640)),
        expires: Some(now() + SignedDuration::from_mins(minutes)),
        expiry_known: true,
        retired_at,
    };
    let listed = |id: &str, kind, ours, stale| InstanceToken {
        id: id.into(),
        kind,
        user_name: "azure.integration".into(),
        fingerprint: None,
        created: Some(minutes_ago(100_000)),
        expires: Some(now() + SignedDuration::from_hours(700)),
        last_used: Some(minutes_ago(4000)),
        ours,
        stale,
    };
    TokenList {
        held: vec![
            held(TokenKind::Access, "access", 25, None),
            held(TokenKind::Refresh, "refresh", 120_000, None),
            held(TokenKind::Refresh, "old refresh", 90_000, Some(minutes_ago(60))),
        ],
        instance: InstanceTokens::Seen {
            tokens: vec![
                listed("a1", TokenKind::Refresh, Ours::No, Some(Stale::BeforeSignIn)),
                listed("b2", TokenKind::Refresh, Ours::Yes, None),
                listed("c3", TokenKind::Access, Ours::Unknown, None),
            ],
        },
        seen_by: SeenBy::Admin { user_name: "ada.admin".into() },
        at: now(),
    }
}

/// Presses keys one after the other; every effect they brought.
pub fn press(model: &mut Model, keys: &[Key]) -> Vec<Effect> {
    keys.iter().flat_map(|key| update(model, Message::Key(*key))).collect()
}

/// Types a text.
pub fn type_text(model: &mut Model, text: &str) -> Vec<Effect> {
    text.chars().flat_map(|c| update(model, Message::Key(Key::char(c)))).collect()
}

fn values(values: &[(&str, &str, u64)]) -> Vec<(Value, u64)> {
    values.iter().map(|(value, label, count)| (Value::labelled(*value, *label), *count)).collect()
}

/// One fault of every sort.
pub fn faults() -> Vec<Fault> {
    [partner_faults(), web_app_faults(), workspace_faults(), local_faults()].concat()
}

fn partner_faults() -> Vec<Fault> {
    let host = "contoso.service-now.com".to_owned();
    let what = "incident".to_owned();
    let detail = "detail".to_owned();
    vec![
        Fault::NameNotFound { host: host.clone() },
        Fault::ConnectionRefused { address: "203.0.113.7:443".into() },
        Fault::TimedOut { host: host.clone(), seconds: 70 },
        Fault::ConnectionLost { host: host.clone(), detail: "connection reset".into() },
        Fault::TlsRefused {
            host: host.clone(),
            problem: TlsProblem::UnknownIssuer,
            certificate: Some(Box::new(certificate())),
        },
        Fault::NotTheProduct {
            product: "ServiceNow".into(),
            host: host.clone(),
            status: 501,
            content_type: "text/html".into(),
            server: Some("SimpleHTTP/0.6".into()),
            title: Some("Error response".into()),
        },
        Fault::NoTrustRoots { detail: "no certificates found".into() },
        Fault::ProxyFailed { proxy: "proxy.contoso.com:3128".into(), detail: "status 407".into() },
        Fault::ProxyUnreadable { variable: "HTTPS_PROXY".into() },
        Fault::SignInRefused { host: host.clone(), detail: "access_denied".into() },
        Fault::AdminRefused {
            host: host.clone(),
            user_name: "ada.admin".into(),
            detail: "server_error: access_denied".into(),
        },
        Fault::ApplicationRefused { host: host.clone(), detail: "server_error: access_denied".into() },
        Fault::RefreshRefused { connection: "contoso".into(), detail: "server_error: access_denied".into() },
        Fault::SignedOut { connection: "contoso".into() },
        Fault::IdentityChanged {
            connection: "contoso".into(),
            changes: vec![IdentityChange {
                field: FieldId::ServerUrl,
                was: "https://contoso.service-now.com".into(),
                now: "https://fabrikam.service-now.com".into(),
            }],
        },
        Fault::SignInImpossible {
            host: "login.microsoftonline.com".into(),
            aadsts: Some(50_076),
            detail: "you must use multi-factor authentication".into(),
            correlation_id: Some("7e4ce6d2-8b6c-4b3f-9a5e-000000000001".into()),
        },
        Fault::NoAzureSignIn {
            tried: vec!["Azure CLI: az not found on PATH".into(), "managed identity: timed-out".into()],
        },
        Fault::Forbidden { what: what.clone(), detail: "Insufficient rights to query records".into() },
        Fault::NotAuthenticated { what: what.clone(), detail: "User Not Authenticated".into() },
        Fault::NoSuchTable { table: "change_request".into() },
        Fault::RateLimited { retry_after_seconds: 120, limit: Some(5000), rule: Some("itsmc".into()) },
        Fault::PartnerTimedOut { what: what.clone() },
        Fault::PartnerError {
            status: 500,
            message: "Operation Failed".into(),
            detail: detail.clone(),
            transaction: Some("a1b2".into()),
        },
        Fault::Hibernating { host: host.clone() },
        Fault::LoginPage { host: host.clone(), location: Some("/login_redirect.do".into()) },
        Fault::Redirected { host: host.clone(), location: "https://developer.servicenow.com".into() },
        Fault::NotJson { host: host.clone(), status: 502, content_type: "text/html".into() },
        Fault::Malformed { what: what.clone(), detail },
        Fault::Truncated { what: what.clone() },
        Fault::OutOfOrder { what: what.clone() },
        Fault::OrderIgnored { what: "Incident.LastModifiedDateTime".into() },
        Fault::FilterIgnored { what: "Incident.LastModifiedDateTime".into() },
        Fault::FieldHidden { what: "Incident.LastModifiedDateTime".into() },
        Fault::NoSuchObject { object: "ChangeRequest".into() },
        Fault::TicketUnproven {
            key: "azm:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into(),
            mark: "[azm-0123456789ab]".into(),
            alike: "INC0010007".into(),
        },
        Fault::ClientUnknown { host: host.clone(), client_id: "client-1".into(), detail: "invalid_client_id".into() },
        Fault::TooLarge { what, limit_bytes: 64_000_000 },
        Fault::UserUnfit { user_name: "azure.integration".into() },
        Fault::NotRevoked { kind: Some(TokenKind::Refresh), what: "3f1c09ab".into() },
        Fault::NotApplied { what: "sys_user_has_role itil".into(), detail: "0 rows".into() },
        Fault::TimedOut { host: host.clone(), seconds: 30 }.after_write(),
        Fault::AzureForbidden {
            what: "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.AlertsManagement/alerts"
                .into(),
            detail: "AuthorizationFailed".into(),
        },
        Fault::CannotRevoke { what: "token 3f1c09ab".into(), expires: Some(now()) },
        Fault::NotBound { what: "incident".into(), detail: "no operation lists it".into() },
        Fault::PartnerRefused { what: "Incident".into(), error_code: "SEARCHNOTFOUND".into(), detail: String::new() },
        Fault::DatesUnclear { field: FieldId::Culture, detail: "03/04/2026".into() },
        Fault::ClockSkew { seconds: -600 },
    ]
}

fn certificate() -> Certificate {
    Certificate {
        subject: Some("contoso.service-now.com".into()),
        names: vec!["contoso.service-now.com".into()],
        issuer: Some("Contoso Inspection CA".into()),
        begins: "2026-01-02T00:00:00Z".parse().ok(),
        expires: "2027-01-02T00:00:00Z".parse().ok(),
        sha256: "BA:78:16:BF".into(),
        self_signed: false,
    }
}

fn web_app_faults() -> Vec<Fault> {
    let what = "GET /api/Incidents".to_owned();
    let text = str::to_owned;
    vec![
        Fault::ParameterRefused { what: what.clone(), detail: text("top: The value '1000' is not valid.") },
        Fault::ProductUnreachable { what, detail: text("The Data Access service is not running.") },
        Fault::SettingsMissing { names: text("ida:Tenant, ida:Audience") },
        Fault::SettingDiffers {
            setting: text("ida:Audience"),
            theirs: text("https://contoso.azurewebsites.net/"),
            ours: text("https://contoso.azurewebsites.net"),
            key: text("audience"),
        },
    ]
}

fn workspace_faults() -> Vec<Fault> {
    let text = str::to_owned;
    let rule = text("dcr-00000000000000000000000000000001");
    vec![
        Fault::SendForbidden {
            rule: rule.clone(),
            object_id: Some(text("00000000-0000-0000-0000-000000000007")),
            detail: text("OperationFailed"),
        },
        Fault::AzureTokenRefused { host: text("api.loganalytics.io"), detail: text("InvalidAudience") },
        Fault::RuleNotFound { rule: rule.clone(), detail: text("NotFound") },
        Fault::StreamUnknown {
            rule: rule.clone(),
            stream: text("Custom-ServiceDesk_CL"),
            detail: text("InvalidStream"),
        },
        Fault::ColumnsMissing {
            rule,
            stream: text("Custom-ServiceDesk_CL"),
            columns: vec![text("Urgency_s"), text("Impact_s")],
        },
        Fault::BatchTooLarge { bytes: 1_068_792, detail: text("ContentLengthLimitExceeded") },
        Fault::RowsRefused { error_code: text("InvalidRequest"), detail: text("malformed JSON") },
        Fault::AlertsForbidden {
            subscription: text("aaaaaaaa-0000-4000-8000-000000000001"),
            object_id: Some(text("00000000-0000-4000-8000-00000000000a")),
            detail: text("AuthorizationFailed"),
        },
        Fault::QueryForbidden { workspace: text("contoso-logs"), detail: text("InsufficientAccessError") },
        Fault::QueryRefused { error_code: text("BadArgumentError"), detail: text("SemanticError") },
        Fault::PartialResult { detail: text("E_QUERY_RESULT_SET_TOO_LARGE") },
        Fault::VerificationCutOff { workspace: text("prod"), seconds: 60 },
    ]
}

fn local_faults() -> Vec<Fault> {
    let path = "/home/ada/.config/itsmc/file".to_owned();
    let reason = "expected a value at line 3".to_owned();
    let kept_as = Some("/home/ada/.config/itsmc/file.damaged".to_owned());
    let days = FieldProblem::NotWithin { least: 1, most: 120 };
    let problem = FormProblem { field: Some(FieldId::SyncDays), key: None, problem: days, line: Some(7) };
    vec![
        Fault::NoSuchConnection { name: "contoso".into() },
        Fault::NoSuchWorkspace { name: "prod".into() },
        Fault::WorkspaceTaken { name: "prod".into() },
        Fault::NotSetUp { workspace: "prod".into() },
        Fault::WorkspaceSignedOut { workspace: "prod".into() },
        Fault::WorkspaceWrong {
            problems: vec![crate::model::workspace::WorkspaceProblem {
                key: "subscription".into(),
                problem: crate::model::workspace::KeyProblem::NotAGuid,
            }],
        },
        Fault::NoSuchSource { name: "prod".into() },
        Fault::NoSuchRule { name: "production".into() },
        Fault::SourceTaken { name: "prod".into() },
        Fault::SourceWrong {
            problems: vec![crate::model::workspace::WorkspaceProblem {
                key: "subscriptions".into(),
                problem: crate::model::workspace::KeyProblem::Missing,
            }],
        },
        Fault::SourceSignedOut { name: "prod".into() },
        Fault::RulesChanged { path: path.clone() },
        Fault::RulesNotWritable { path: path.clone() },
        Fault::RulesGone { path: path.clone() },
        Fault::EarlierUnknown {
            connection: "contoso".into(),
            key: "azm:aaaaaaaa-0000-4000-8000-000000000001".into(),
            fault: Box::new(Fault::Truncated { what: "incident".into() }),
        },
        Fault::RulesHalfWritten { path: path.clone(), seconds: 4 },
        Fault::NoRulesFile { path: path.clone() },
        Fault::MayNotAcknowledge {
            name: "prod".into(),
            subscription: "aaaaaaaa-0000-4000-8000-000000000001".into(),
            detail: "AuthorizationFailed".into(),
        },
        Fault::RulesWrong {
            path: path.clone(),
            problems: vec![crate::model::alert_rules::RuleProblem {
                line: 7,
                rule: "production".into(),
                wrong: crate::model::alert_rules::RuleWrong::NoSuchConnection {
                    name: "contso".into(),
                    nearest: Some("contoso".into()),
                },
            }],
        },
        Fault::AzureSignInFailed { way: "Azure CLI".into(), detail: "az not found on PATH".into() },
        Fault::OperationFailed {
            what: "/subscriptions/s/resourceGroups/rg/tables/ServiceDesk_CL".into(),
            error_code: "SchemaUpdateFatalError".into(),
            detail: "TimeGenerated is missing".into(),
        },
        Fault::NotYet { what: "ServiceDesk_CL".into(), seconds: 300 },
        Fault::OutsideCloud { what: "logsIngestion".into(), address: "https://ingest.example".into() },
        Fault::NameTaken { name: "contoso".into() },
        Fault::NotFound { what: "INC0010001".into() },
        Fault::BadForm { problems: vec![problem] },
        Fault::Unavailable { host: "contoso.example".into(), retry_after_seconds: Some(90) },
        Fault::EnvironmentRefused {
            what: "prov_incident".into(),
            error_code: "0x80040220".into(),
            detail: "missing prvReadprov_incident".into(),
        },
        Fault::BindingUnclear { what: "incident (prov_incident / provq_incident)".into() },
        Fault::SecretsNeeded { missing: vec!["password".into(), "client_secret".into()] },
        Fault::MappingWrong {
            path: path.clone(),
            problems: vec![crate::model::mapping::MappingProblem {
                line: Some(7),
                wrong: crate::model::mapping::Wrong::UnknownAttribute {
                    to: "titel".into(),
                    nearest: Some("title".into()),
                },
            }],
        },
        Fault::BadUsage { what: "--limit wants a number".into() },
        Fault::ConfigDamaged { path: path.clone(), kept_as: kept_as.clone(), reason: reason.clone() },
        Fault::DatabaseDamaged { path: path.clone(), kept_as, reason: "file is not a database".into() },
        Fault::DatabaseTooNew { path: path.clone(), found: 9, known: 1 },
        Fault::VaultDamaged { path: path.clone(), reason: "the header is cut off".into() },
        Fault::VaultLocked { path: path.clone(), reason: "the keyring is locked".into() },
        Fault::NoKeyPlace { tried: vec!["keyring: no session bus".into(), "passphrase: not a terminal".into()] },
        Fault::WrongPassphrase { path: path.clone() },
        Fault::KeyringUnavailable { reason: "no session bus".into() },
        Fault::DiskFull { path: path.clone() },
        Fault::NotWritable { path: path.clone(), reason: "permission denied".into() },
        Fault::TooManyOpenFiles { path: path.clone() },
        Fault::FileProblem { path: path.clone(), reason: "is a directory".into() },
        Fault::NoLocks { path: "/home/ada/itsmc.db".into(), reason: "No locks available".into() },
        Fault::NotAFile { path: "/home/ada/vault.lock".into(), found: FileKind::SymbolicLink },
        Fault::OpenToOthers { path: "/home/ada".into() },
        Fault::OwnedByAnother { path: "/home/ada".into() },
        Fault::Locked { path, pid: Some(4711) },
        Fault::FilesThere { paths: vec!["/home/ada/deploy/deploy.sh".into()] },
        Fault::PartnerNotReady { partner: "Cherwell".into() },
        Fault::Internal { what: "a task ended unexpectedly".into() },
        Fault::Interrupted,
    ]
}

/// What a sweep found that ended three hours ago.
pub fn sweep() -> SweepRecord {
    SweepRecord {
        started_at: minutes_ago(181),
        ended_at: minutes_ago(180),
        reason: SweepReason::Asked,
        checked: 20_769,
        missing: 0,
        changed: 0,
        removed: 3,
        restored: 0,
        hidden: 0,
        unknown: 0,
        requests: 25,
        bytes: 1_204_000,
    }
}

/// A sync of incidents that ended well, with its sweep.
pub fn swept(connection: &str) -> KindReport {
    KindReport {
        connection: connection.to_owned(),
        kind: WorkItemKind::Incident,
        fetched: 0,
        inserted: 0,
        updated: 0,
        unchanged: 0,
        hidden: 0,
        requests: 2,
        bytes: 900,
        seconds: 1.0,
        complete: true,
        watermark: Some(now()),
        findings: Vec::new(),
        fault: None,
        sweep: Some(sweep()),
        sweep_fault: None,
    }
}
