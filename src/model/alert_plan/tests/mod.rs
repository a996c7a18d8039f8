//! What becomes of alerts: tickets, notes, resolves, storms, and that each alert is accounted for.

mod complaints;
mod outages;
mod previews;
mod storms;

use jiff::{SignedDuration, Timestamp};

use super::{Decision, Planned, Planner, Slot, Standing, Verdict};
use crate::model::alert::tests::samples;
use crate::model::alert::{Alert, Condition, read};
use crate::model::alert_rules::{RuleSet, parse};
use crate::model::connection::Connection;
use crate::model::ticket::{Operation, TicketState};

/// A connection with this name.
pub fn connection(name: &str) -> Connection {
    serde_json::from_value(serde_json::json!({
        "name": name, "partner": "servicenow", "server_url": "https://contoso.service-now.com", "username": "u",
        "client_id": "c", "work_items": ["incident"], "sync_days": 30
    }))
    .unwrap()
}

/// One rule, with more keys.
pub fn rules(more: &str) -> RuleSet {
    parse(&format!("[[rule]]\nname = 'r'\nconnection = 'contoso'\n{more}"), None).unwrap().0
}

pub fn time(minutes: i64) -> Timestamp {
    "2026-11-20T10:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

/// The alert with this number, which fired at this minute on a series.
pub fn fired(number: u32, series: &str, minutes: i64) -> Alert {
    let guid = format!("00000000-0000-4000-8000-{number:012}");
    let mut alert = read(&samples::listed(&guid, "Fired", "2026-11-20T10:00:30Z").to_string()).remove(0).alert;
    alert.series = series.to_owned();
    alert.fired_at = Some(time(minutes));
    alert
}

pub fn over(alert: &Alert, minutes: i64) -> Alert {
    Alert { condition: Condition::Resolved, resolved_at: Some(time(minutes)), ..alert.clone() }
}

/// A planner with what the store keeps: the standing of each alert.
pub struct Desk<'a> {
    pub planner: Planner<'a>,
    pub standings: std::collections::BTreeMap<String, Standing>,
    pub written: Vec<Planned>,
}

impl<'a> Desk<'a> {
    pub fn new(rules: &'a RuleSet, connections: &'a [Connection]) -> Self {
        Self {
            planner: Planner::new(rules, connections, Vec::new()),
            standings: Default::default(),
            written: Vec::new(),
        }
    }

    pub fn takes(&mut self, alert: &Alert, minutes: i64) -> Verdict {
        let standing = self.standings.entry(alert.key.to_string()).or_default();
        let Decision { verdict, slots, operations, .. } = self.planner.decide(alert, standing, time(minutes));
        standing.handled = standing.handled.max(alert.condition);
        standing.slots = slots;
        self.written.extend(operations);
        verdict
    }

    pub fn settle(&mut self, minutes: i64) {
        let settled = self.planner.settle(time(minutes));
        self.written.extend(settled);
    }

    /// What was written, in one word each.
    pub fn words(&self) -> Vec<&'static str> {
        self.written.iter().map(|(_, operation)| operation.id()).collect()
    }

    /// How many tickets were written to.
    pub fn tickets(&self) -> usize {
        let ids: std::collections::BTreeSet<String> = self.written.iter().map(|(key, _)| key.id()).collect();
        ids.len()
    }

    /// As if the program had ended and begun again.
    pub fn again(&mut self, rules: &'a RuleSet, connections: &'a [Connection]) {
        let slots: Vec<Slot> = self.planner.slots.values().cloned().collect();
        let stored: Vec<Slot> = serde_json::from_str(&serde_json::to_string(&slots).unwrap()).unwrap();
        self.planner = Planner::new(rules, connections, stored);
    }

    pub fn state(&mut self, state: TicketState, minutes: i64) {
        for slot in self.planner.slots.values_mut() {
            slot.seen(state, time(minutes));
        }
    }
}

#[test]
fn an_alert_has_one_ticket_from_fired_to_resolved() {
    let (rules, connections) = (rules("close_code = 'Solved'"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    assert_eq!(desk.takes(&alert, 0), Verdict::Opened);
    assert_eq!(desk.takes(&alert, 1), Verdict::Unchanged);
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&over(&alert, 9), 9), Verdict::Resolved);
    assert_eq!(desk.takes(&over(&alert, 9), 10), Verdict::Unchanged);
    assert_eq!(desk.takes(&alert, 11), Verdict::Unchanged, "a late notice of the firing opens nothing");
    assert_eq!((desk.words(), desk.tickets()), (vec!["open", "resolve"], 1));
    assert_eq!(desk.written[0].0.correlation(), format!("azm:{}", alert.key));
    assert!(matches!(&desk.written[1].1, Operation::Resolve { code: Some(code), .. } if code == "Solved"));
}

#[test]
fn each_verdict_without_a_ticket_says_why() {
    let text = "[rule.match]\nrule = 'web*'";
    let (rules, connections) = (rules(text), [connection("contoso")]);
    let verdict = |alert: &Alert, standing: Standing, connections: &[Connection]| {
        let decision = Planner::new(&rules, connections, Vec::new()).decide(alert, &standing, time(0));
        assert_eq!(decision.operations, []);
        decision.verdict
    };
    let alert = fired(1, "s", 0);
    let plain = |alert: &Alert| verdict(alert, Standing::default(), &connections);
    assert_eq!(plain(&Alert { rule: "x".into(), rule_id: String::new(), ..alert.clone() }), Verdict::NoRule);
    assert_eq!(plain(&Alert { test: true, ..alert.clone() }), Verdict::Test);
    assert_eq!(plain(&Alert { suppressed: true, ..alert.clone() }), Verdict::Suppressed);
    assert_eq!(
        plain(&Alert { severity: "Sev4".to_owned().try_into().ok(), ..alert.clone() }),
        Verdict::NoTicketForSeverity
    );
    assert_eq!(plain(&read("{}").remove(0).alert), Verdict::UnknownShape);
    assert_eq!(verdict(&alert, Standing { ignored: true, ..Standing::default() }, &connections), Verdict::Ignored);
    assert_eq!(
        verdict(&alert, Standing { before_start: true, ..Standing::default() }, &connections),
        Verdict::BeforeStart
    );
    assert_eq!(verdict(&alert, Standing::default(), &[]), Verdict::NoConnection);
    let without = Standing { handled: Condition::Fired, ..Standing::default() };
    assert_eq!(verdict(&over(&alert, 1), without, &connections), Verdict::NoTicket);
    for verdict in Verdict::ALL {
        assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.id());
        assert_eq!(Verdict::from_id(verdict.id()), Some(verdict));
    }
}

#[test]
fn an_alert_that_was_over_before_it_was_seen_has_its_ticket_unless_told_otherwise() {
    let connections = [connection("contoso")];
    let ticket = rules("");
    let mut desk = Desk::new(&ticket, &connections);
    assert_eq!(desk.takes(&over(&fired(1, "s", 0), 5), 9), Verdict::OpenedAndResolved);
    assert_eq!(desk.words(), ["open", "resolve"]);
    let nothing = rules("if_over = 'nothing'");
    let mut desk = Desk::new(&nothing, &connections);
    assert_eq!(desk.takes(&over(&fired(1, "s", 0), 5), 9), Verdict::AlreadyOver);
}

#[test]
fn items_and_rules_share_tickets_as_the_old_connector_had_them() {
    let connections = [connection("contoso")];
    let by_item = rules("grouping = 'item'");
    let mut desk = Desk::new(&by_item, &connections);
    let two = Alert { items: vec!["sql-1".into(), "sql-2".into()], ..fired(1, "s", 0) };
    desk.takes(&two, 0);
    desk.takes(&over(&two, 5), 5);
    assert_eq!((desk.words(), desk.tickets()), (vec!["open", "open", "resolve", "resolve"], 2));

    let by_rule = rules("grouping = 'rule'");
    let mut desk = Desk::new(&by_rule, &connections);
    let (one, other) = (fired(1, "a", 0), fired(2, "b", 1));
    assert_eq!((desk.takes(&one, 0), desk.takes(&other, 1)), (Verdict::Opened, Verdict::Noted));
    assert_eq!(
        (desk.takes(&over(&one, 2), 2), desk.takes(&over(&other, 3), 3)),
        (Verdict::OthersFire, Verdict::Resolved)
    );
    assert_eq!((desk.words(), desk.tickets()), (vec!["open", "note", "resolve"], 1));
}

#[test]
fn what_resolved_does_is_the_rules_choice() {
    let connections = [connection("contoso")];
    for (key, verdict, words) in
        [("note", Verdict::NotedOver, vec!["open", "note"]), ("nothing", Verdict::LeftOpen, vec!["open"])]
    {
        let rules = rules(&format!("on_resolved = '{key}'"));
        let mut desk = Desk::new(&rules, &connections);
        let alert = fired(1, "s", 0);
        desk.takes(&alert, 0);
        assert_eq!((desk.takes(&over(&alert, 1), 1), desk.words()), (verdict, words));
    }
}

#[test]
fn a_series_that_comes_back_soon_reopens_its_ticket_and_later_has_a_new_one() {
    let (rules, connections) = (rules("reopen_minutes = 30"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let first = fired(1, "s", 0);
    desk.takes(&first, 0);
    desk.takes(&over(&first, 5), 5);
    let second = fired(2, "s", 20);
    assert_eq!(desk.takes(&second, 20), Verdict::Reopened);
    desk.takes(&over(&second, 25), 25);
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&fired(3, "s", 90), 90), Verdict::Opened);
    assert_eq!(desk.words(), ["open", "resolve", "reopen", "resolve", "open"]);
    assert_eq!(desk.tickets(), 2);
}

#[test]
fn log_alerts_whose_dimensions_are_unknown_do_not_share_a_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let of_log = |number| Alert { service: "Log Alerts V2".into(), ..fired(number, "rule|workspace", 0) };
    assert_eq!((desk.takes(&of_log(1), 0), desk.takes(&of_log(2), 0)), (Verdict::Opened, Verdict::Opened));
    assert_eq!(desk.takes(&over(&of_log(1), 5), 5), Verdict::Resolved);
    assert_eq!(desk.takes(&over(&of_log(2), 6), 6), Verdict::Resolved);
    assert_eq!((desk.words(), desk.tickets()), (vec!["open", "open", "resolve", "resolve"], 2));
}

#[test]
fn a_rule_that_is_gone_still_says_what_its_tickets_get() {
    let connections = [connection("contoso")];
    let gone = RuleSet::default();
    for (more, written) in [
        ("on_resolved = 'nothing'", vec!["open"]),
        ("on_resolved = 'note'", vec!["open", "note"]),
        ("close_code = 'Solved'", vec!["open", "resolve"]),
    ] {
        let rules = rules(more);
        let mut desk = Desk::new(&rules, &connections);
        let alert = fired(1, "s", 0);
        desk.takes(&alert, 0);
        desk.again(&gone, &connections);
        desk.takes(&over(&alert, 5), 5);
        assert_eq!(desk.words(), written);
        if let Some((_, Operation::Resolve { code, .. })) = desk.written.last() {
            assert_eq!(code.as_deref(), Some("Solved"));
        }
    }
}

#[test]
fn a_rule_that_was_renamed_finds_the_tickets_of_its_series_and_groups() {
    let connections = [connection("contoso")];
    for more in ["", "grouping = 'rule'", "grouping = 'item'"] {
        let rules = rules(more);
        let renamed = parse(&format!("[[rule]]\nname = 'other'\nconnection = 'contoso'\n{more}"), None).unwrap().0;
        let mut desk = Desk::new(&rules, &connections);
        desk.takes(&fired(1, "s", 0), 0);
        desk.again(&renamed, &connections);
        assert_eq!(desk.takes(&fired(2, "s", 1), 1), Verdict::Noted, "{more}");
        desk.again(&renamed, &connections);
        assert_eq!(desk.takes(&fired(3, "s", 2), 2), Verdict::Noted, "{more}");
        assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "note", "note"]), "{more}");
    }
}

#[test]
fn a_ticket_in_another_place_takes_in_no_alert() {
    let rules = rules("budget = 1\nbudget_minutes = 1");
    let moved: Connection = Connection {
        server_url: crate::model::url::ServerUrl::parse("https://moved.service-now.com", &[]).unwrap().0,
        ..connection("contoso")
    };
    let (before, after) = ([connection("contoso")], [moved]);
    let mut desk = Desk::new(&rules, &before);
    let alert = fired(1, "s", 0);
    desk.takes(&alert, 0);
    desk.takes(&fired(2, "t", 0), 0);
    desk.settle(0);
    desk.again(&rules, &after);
    assert_eq!(desk.takes(&fired(3, "s", 5), 5), Verdict::Opened);
    assert_eq!(desk.takes(&fired(4, "u", 5), 5), Verdict::Umbrella);
    desk.settle(5);
    assert_eq!((desk.tickets(), desk.words()), (4, vec!["open"; 4]), "a ticket and an umbrella here as well");
    assert_eq!(
        desk.takes(&over(&alert, 9), 9),
        Verdict::Resolved,
        "whether it is still there is seen when it is written to"
    );
}

#[test]
fn the_reopening_window_counts_from_the_last_time_it_was_resolved() {
    let (rules, connections) = (rules("reopen_minutes = 60\nflapping = 0"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    desk.takes(&alert, 0);
    desk.takes(&over(&alert, 1), 1);
    desk.state(TicketState::InProgress, 2);
    desk.state(TicketState::Resolved, 100);
    assert_eq!(desk.takes(&fired(2, "s", 150), 150), Verdict::Reopened, "a person opened and resolved it again");
}

#[test]
fn a_closed_ticket_of_an_alert_that_never_ends_is_forgotten() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    desk.takes(&fired(1, "s", 0), 0);
    desk.state(TicketState::Closed, 5);
    let slot = desk.planner.slots.values().next().unwrap();
    let days = |days: i64| time(days * 24 * 60);
    assert_eq!((slot.is_past(false, 60, days(30)), slot.is_past(false, 60, days(32))), (false, true));
}

#[test]
fn a_title_and_a_note_are_one_line() {
    let rules = rules("[rule.ticket]\ntitle = '{rule}: {description}'");
    let odd = Alert { rule: "cpu\nhigh".into(), description: "a\r\n\tb".into(), ..fired(1, "s", 0) };
    let made = crate::model::alert_rules::draft(&rules.rules[0], &odd, None);
    assert_eq!(made.title, "cpu high: a b");
    assert!(!crate::model::alert_rules::note_of(&odd).contains('\n'));
}
