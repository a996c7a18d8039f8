//! Alerts for tests, at the time of the other fixtures.

use jiff::SignedDuration;

use super::{AlertsJob, AlertsOutcome};
use crate::model::alert::{Alert, AlertKey, Condition, Severity, Shape};
use crate::model::alert_counts::AlertCounts;
use crate::model::alert_plan::{RuleCount, Verdict};
use crate::model::alert_rules::Misfit;
use crate::model::alert_source::{AlertSource, EVERY, SourceName, SourceState};
use crate::model::alert_view::{
    AlertEvent, AlertEventKind, AlertPlace, AlertRow, AlertStanding, AlertTexts, AlertWhole, AlertWindow, PreviewRow,
    PreviewTicket, PreviewView, RowTicket, RuleDone, RulesStanding, RulesView, SourceStanding, WholeTicket,
};
use crate::model::items::{Seek, Total};
use crate::model::ticket::{
    Operation, OutboxEntry, OutboxState, Subject, Ticket, TicketDraft, TicketFinding, TicketKey, TicketKind,
    TicketRecord, TicketState,
};
use crate::model::workspace::AzureSignIn;
use crate::ui::app::testing::{minutes_ago, now};
use crate::ui::app::workspace::testing::GUID;

/// How many alerts the fixture's store has.
pub const ALERTS: usize = 200;

/// A source's name.
pub fn source_name(name: &str) -> SourceName {
    SourceName::parse(name).unwrap()
}

/// A source of one subscription that was read so many seconds ago.
pub fn source(called: &str, seconds: i64) -> SourceStanding {
    let read_at = Some(now() - SignedDuration::from_secs(seconds));
    let state = SourceState { watermark: read_at, since: Some(minutes_ago(9000)), read_at, ..SourceState::default() };
    let settings = AlertSource {
        name: source_name(called),
        tenant: "contoso.example".into(),
        sign_in: AzureSignIn::ServicePrincipal,
        client_id: GUID.into(),
        token_file: String::new(),
        subscriptions: vec![GUID.into()],
        every_seconds: EVERY,
        acknowledge: false,
    };
    SourceStanding { settings, subscriptions: vec![(GUID.into(), Some(state))] }
}

/// These sources, and rules that can be used.
pub fn standing(sources: Vec<SourceStanding>) -> AlertStanding {
    let rules = RulesStanding {
        path: "/home/admin/.config/itsmc/alert-rules.toml".into(),
        rules: 3,
        enabled: 2,
        exists: true,
        fault: None,
    };
    AlertStanding { sources, rules, unseen_ends: 0, counts: AlertCounts::default(), tickets: true }
}

/// The key of the nth alert.
pub fn key(nth: usize) -> AlertKey {
    AlertKey::stored(&format!("5f2a8c1e-0000-4000-8000-{nth:012}"))
}

/// The nth alert from the newest; each of the first ones stands for a case.
pub fn row(nth: usize) -> AlertRow {
    let fired = now() - SignedDuration::from_secs(90 + 420 * nth as i64);
    let ticket = |number: &str, state| RowTicket {
        id: format!("t{nth}"),
        connection: "contoso".into(),
        number: number.into(),
        state,
        url: (!number.is_empty()).then(|| format!("https://contoso.service-now.com/{number}")),
    };
    let plain = AlertRow {
        place: AlertPlace { at: fired.as_second(), id: key(nth).to_string() },
        key: key(nth),
        condition: Condition::Fired,
        severity: Severity::read("Sev2"),
        fired_at: Some(fired),
        azure_rule: "web-cpu-above-90".into(),
        item: "web-01".into(),
        more_items: 0,
        verdict: Some(Verdict::Opened),
        over: None,
        rule: Some("production".into()),
        pending: false,
        tickets: vec![ticket(&format!("INC{:07}", 10_100 - nth), Some(TicketState::New))],
        more_tickets: 0,
    };
    let without = |verdict| AlertRow { verdict: Some(verdict), rule: None, tickets: Vec::new(), ..plain.clone() };
    match nth {
        0 => AlertRow { pending: true, verdict: None, ..without(Verdict::NoRule) },
        1 => AlertRow { tickets: vec![ticket("", None)], severity: Severity::read("Sev0"), ..plain },
        2 => AlertRow { azure_rule: "sql-deadlocks".into(), item: "sql-prod-weu".into(), more_items: 2, ..plain },
        3 => AlertRow {
            condition: Condition::Resolved,
            over: Some(Verdict::Resolved),
            tickets: vec![ticket("INC0010097", Some(TicketState::Resolved))],
            ..plain
        },
        4 => AlertRow { azure_rule: "dev-box-heartbeat".into(), item: "dev-7".into(), ..without(Verdict::NoRule) },
        5 => AlertRow { severity: Severity::read("Sev4"), ..without(Verdict::NoTicketForSeverity) },
        6 => AlertRow { verdict: Some(Verdict::Umbrella), more_tickets: 1, ..plain },
        7 => without(Verdict::Ignored),
        8 => AlertRow { fired_at: Some(minutes_ago(46 * 24 * 60)), ..plain },
        _ => plain,
    }
}

/// What the fixture's store answers.
pub fn window(seek: &Seek<AlertPlace>, limit: usize) -> AlertWindow {
    let all: Vec<_> = (0..ALERTS).map(row).collect();
    let place = |wanted: &AlertPlace| all.iter().position(|row| row.place <= *wanted).unwrap_or(all.len());
    let (from, to) = match seek {
        Seek::First => (0, limit.min(all.len())),
        Seek::Last => (all.len().saturating_sub(limit), all.len()),
        Seek::At(at) => (place(at), (place(at) + limit).min(all.len())),
        Seek::After(at) => ((place(at) + 1).min(all.len()), (place(at) + 1 + limit).min(all.len())),
        Seek::Before(at) => (place(at).saturating_sub(limit), place(at)),
    };
    AlertWindow {
        rows: all[from..to].to_vec(),
        at_start: from == 0,
        at_end: to == all.len(),
        total: Total::Exactly(all.len() as u64),
    }
}

/// What became of an alert in two steps; of one that is ignored, an admin's doing.
fn history(row: &AlertRow) -> Vec<AlertEvent> {
    let Some(outcome) = row.verdict else { return Vec::new() };
    let decided = |minutes, condition, outcome| AlertEvent {
        at: minutes_ago(minutes),
        event: AlertEventKind::Decided,
        condition: Some(condition),
        outcome: Some(outcome),
        rule: row.rule.clone(),
    };
    let mut all = vec![decided(3, Condition::Fired, outcome)];
    match (row.over, outcome) {
        (Some(over), _) => all.push(decided(1, Condition::Resolved, over)),
        (None, Verdict::Ignored) => {
            all = vec![
                decided(3, Condition::Fired, Verdict::NoRule),
                AlertEvent::by_admin(AlertEventKind::Ignored, minutes_ago(1)),
            ];
        }
        _ => {}
    }
    all
}

/// The nth alert whole.
pub fn whole(nth: usize) -> AlertWhole {
    let row = row(nth);
    let id = format!("/subscriptions/{GUID}/providers/Microsoft.AlertsManagement/alerts/{}", row.key);
    // What no rule matches stands elsewhere.
    let is_dev = row.azure_rule == "dev-box-heartbeat";
    let is_database = row.azure_rule == "sql-deadlocks";
    let group = if is_dev { "lab" } else { "shop" };
    let (kind, description) = match (is_dev, is_database) {
        (true, _) => ("Microsoft.Compute/virtualMachines", "No heartbeat of the machine for ten minutes."),
        (_, true) => ("Microsoft.Sql/servers", "More than five deadlocks in five minutes."),
        _ => ("Microsoft.Compute/virtualMachines", "The CPU of a web server is above 90 % for five minutes."),
    };
    let target = format!("/subscriptions/{GUID}/resourceGroups/{group}/providers/{kind}/{}", row.item);
    let alert = Alert {
        id: id.clone(),
        series: "series-of-web-01".into(),
        shape: Shape::Listed,
        severity: row.severity,
        condition: row.condition,
        fired_at: row.fired_at,
        resolved_at: (row.condition == Condition::Resolved).then(|| minutes_ago(2)),
        rule: row.azure_rule.clone(),
        service: "Platform".into(),
        signal: "Metric".into(),
        description: description.into(),
        subscription: GUID.into(),
        resource_group: group.into(),
        resource_type: kind.to_ascii_lowercase(),
        targets: vec![target],
        items: vec![row.item.clone()],
        dimensions: vec![("Microsoft.ResourceName".into(), row.item.clone())],
        details: match (is_dev, is_database) {
            (true, _) => vec![("Heartbeat".into(), "0 (LessThan 1)".into())],
            (_, true) => vec![("Deadlocks".into(), "7 (GreaterThan 5)".into())],
            _ => vec![("Percentage CPU".into(), "97.3 (GreaterThan 90)".into())],
        },
        custom: [("team".to_owned(), "shop".to_owned())].into(),
        user_state: "New".into(),
        ..Alert::new(row.key.clone())
    };
    let tickets = row.tickets.iter().filter(|ticket| !ticket.number.is_empty()).map(|_| ticket(nth)).collect();
    let misfits = match row.verdict {
        Some(Verdict::NoRule) => {
            rules().rules.iter().filter_map(|(rule, _)| Some((rule.name.clone(), rule.difference(&alert)?))).collect()
        }
        _ => Vec::new(),
    };
    AlertWhole {
        alert,
        source: "prod".into(),
        first_seen: minutes_ago(1),
        last_seen: now(),
        decided_at: row.verdict.map(|_| minutes_ago(1)),
        history: history(&row),
        ignored: false,
        misfits,
        tickets,
        portal: Some(format!("https://portal.azure.com/#{id}")),
        row,
    }
}

/// The key of the ticket of the nth alert.
fn key_of(nth: usize) -> TicketKey {
    TicketKey {
        instance: "https://contoso.service-now.com".into(),
        connection: "contoso".into(),
        known_as: None,
        subject: Subject::Alert(key(nth).to_string()),
        item: None,
        generation: 0,
    }
}

/// A ticket that was opened, and noted without success.
pub fn ticket(nth: usize) -> WholeTicket {
    let key = key_of(nth);
    let shown = Ticket {
        kind: TicketKind::Incident,
        id: GUID.replace('-', ""),
        number: format!("INC{:07}", 10_100 - nth),
        state: TicketState::New,
        raw_state: "1".into(),
        assigned_to: Some("Web team".into()),
        changed_by: None,
        made_by: None,
        changed_at: None,
        noted: None,
        url: Some(format!("https://contoso.service-now.com/INC{:07}", 10_100 - nth)),
    };
    let entry = |id, operation, state, findings| OutboxEntry {
        id,
        key: key.clone(),
        operation,
        state,
        attempts: 1,
        fault: None,
        findings,
        prepared_at: minutes_ago(1),
        sent_at: Some(minutes_ago(1)),
        ended_at: Some(minutes_ago(1)),
        not_before: None,
    };
    let dropped = vec![TicketFinding::DroppedFields { fields: vec!["u_team".into()] }];
    let operations = vec![
        entry(1, Operation::Open { draft: Box::default() }, OutboxState::Confirmed, dropped),
        entry(2, Operation::Note { number: 1, text: "again".into(), fires: true }, OutboxState::Unsure, Vec::new()),
    ];
    let record = TicketRecord {
        key: key.clone(),
        kind: TicketKind::Incident,
        ticket: Some(shown),
        notes: 1,
        taken: None,
        made_at: minutes_ago(1),
        seen_at: Some(minutes_ago(1)),
    };
    WholeTicket { record, operations }
}

/// The texts as which the alert came.
pub fn texts() -> AlertTexts {
    let fired =
        r#"{"id":"/subscriptions/s","properties":{"essentials":{"severity":"Sev2","monitorCondition":"Fired"}}}"#;
    AlertTexts { fired: Some(fired.into()), over: None }
}

/// A file with three rules.
pub fn rules() -> RulesView {
    let text = "[[rule]]\nname = 'production'\nconnection = 'contoso'\n[rule.match]\nresource_group = ['shop', 'shop-*']\n\
                severity = ['Sev0', 'Sev1', 'Sev2']\n\n[[rule]]\nname = 'databases'\nconnection = 'contoso'\nbudget = 5\n\
                [rule.match]\nresource_type = 'microsoft.sql/servers'\ncustom = { team = 'data' }\n\n[[rule]]\n\
                name = 'everything else'\nconnection = 'ams-test'\nenabled = false\n";
    let (set, _) = crate::model::alert_rules::parse(text, None).unwrap();
    let done = [
        RuleDone { alerts: 812, tickets: 40, in_budget: 3 },
        RuleDone { alerts: 31, tickets: 5, in_budget: 5 },
        RuleDone::default(),
    ];
    RulesView {
        path: "/home/admin/.config/itsmc/alert-rules.toml".into(),
        exists: true,
        rules: set.rules.into_iter().zip(done).collect(),
        problems: Vec::new(),
        fault: None,
    }
}

/// A preview of the fixture's alerts.
pub fn preview() -> PreviewView {
    let alerts: Vec<_> = (0..ALERTS)
        .map(|nth| {
            let row = row(nth);
            let misfits = match row.verdict {
                None | Some(Verdict::NoRule) => vec![Misfit::ResourceGroup, Misfit::ResourceType, Misfit::Disabled],
                _ => Vec::new(),
            };
            let tickets = row.tickets.iter().map(|_| key_of(nth).id()).collect();
            let verdict = row.verdict.or(Some(Verdict::NoRule));
            let row = AlertRow { verdict, tickets: Vec::new(), more_tickets: 0, pending: false, ..row };
            PreviewRow { row, tickets, misfits }
        })
        .collect();
    let draft = |nth: usize| TicketDraft {
        title: format!("Sev2 {}: {}", row(nth).azure_rule, row(nth).item),
        description: format!(
            "Rule: {}\nAffected: {}\nFired: {}",
            row(nth).azure_rule,
            row(nth).item,
            row(nth).fired_at.map(crate::texts::time::moment).unwrap_or_default()
        ),
        impact: Some(2),
        urgency: Some(2),
        group: Some(crate::model::ticket::Reference::named("Web team")),
        fields: [("u_environment".to_owned(), "production".to_owned())].into(),
        ..TicketDraft::default()
    };
    let ticket = |nth: usize| {
        let (id, connection) = (key_of(nth).id(), key_of(nth).connection);
        let alerts = alerts.iter().filter(|row: &&PreviewRow| row.tickets.contains(&id)).count() as u64;
        PreviewTicket { id, connection, alerts, draft: draft(nth) }
    };
    let count = |alerts, tickets, merged| RuleCount { alerts, tickets, merged, ..RuleCount::default() };
    let tickets = (1..4).map(ticket).collect();
    PreviewView {
        alerts,
        older: 0,
        all: ALERTS as u64,
        tickets,
        opened: 25,
        rules: vec![
            ("production".into(), count(160, 20, 140)),
            ("databases".into(), RuleCount { beyond_budget: 12, umbrellas: 1, ..count(31, 5, 14) }),
            ("everything else".into(), RuleCount::default()),
        ],
        without: 9,
    }
}

/// What each job brings when all goes well.
pub fn outcome(job: &AlertsJob) -> AlertsOutcome {
    let nth = |key: &AlertKey| key.as_str().rsplit('-').next().and_then(|text| text.parse().ok()).unwrap_or_default();
    match job {
        AlertsJob::Window { seek, limit, .. } => AlertsOutcome::Window(Ok(window(seek, *limit))),
        AlertsJob::One(key) => AlertsOutcome::One(Ok(Some(Box::new(whole(nth(key)))))),
        AlertsJob::Texts(_) => AlertsOutcome::Texts(Ok(texts())),
        AlertsJob::Rules => AlertsOutcome::Rules(Ok(Box::new(rules()))),
        AlertsJob::Preview { .. } => AlertsOutcome::Preview(Ok(std::sync::Arc::new(preview()))),
        AlertsJob::Retry(_) => AlertsOutcome::Retried(Ok(true)),
        AlertsJob::Ignore(_) => AlertsOutcome::Ignored(Ok(true)),
        AlertsJob::Dismiss(_) => AlertsOutcome::Dismissed(Ok(true)),
        AlertsJob::WriteAgain(_) => AlertsOutcome::WrittenAgain(Ok(true)),
    }
}
