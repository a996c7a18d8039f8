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
use crate::model::check::Status;
use crate::model::checklist::{
    Answer, Checklist, ChecklistItem, Evidence, FindingValue, ItemFinding, ItemId, SeenBy, Subject,
};
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::items::Assigned;
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

#[path = "../../texts/fault/samples.rs"]
mod samples;

pub use samples::faults;

/// Whom the work items of a connection are assigned to.
pub fn assigned() -> Assigned {
    let counted = |names: &[(&str, u64)]| names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    Assigned {
        groups: counted(&[("", 61_204), ("Network operations", 402_110), ("Service desk", 536_686)]),
        assignees: counted(&[("", 333_334), ("Beth Anglin", 333_333), ("Net Worth", 1), ("日本 太郎", 333_332)]),
    }
}

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
    let entry = Entry {
        connection: connection(name),
        summary: Remote::Ready(summary, now()),
        sync: SyncState::default(),
        next_sync: None,
    };
    // What is signed out is not synced.
    let next_sync = (!entry.is_signed_out()).then(|| now() + SignedDuration::from_mins(13));
    Entry { next_sync, ..entry }
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
            more: 0,
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
        more_rules: 0,
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
        changed: if fault.as_ref().is_some_and(Fault::is_signed_out) { 0 } else { 41 },
        complete: fault.is_none(),
        fault,
        failing_since: None,
        findings: Vec::new(),
        earlier_fault: None,
    }
}

/// A refused sign-in of `ams-test`.
pub fn refused() -> Fault {
    refused_by("ams-test")
}

/// A refused sign-in of this connection.
pub fn refused_by(connection: &str) -> Fault {
    Fault::SignInRefused { host: format!("{connection}.service-now.com"), detail: "access_denied".into() }
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
