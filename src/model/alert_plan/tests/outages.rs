//! Outages whose notices came without the context that brings them together.

use super::{Desk, connection, rules};
use crate::model::alert::tests::samples;
use crate::model::alert::{Alert, Condition, read};
use crate::model::alert_plan::Verdict;

fn notice(number: u32, stage: &str) -> Alert {
    let guid = format!("00000000-0000-4000-8000-{number:012}");
    read(&samples::outage(stage, &guid).to_string()).remove(0).alert
}

/// The same as the list has it: it does not tell of which outage it is, nor that it is the last.
fn bare(alert: &Alert) -> Alert {
    let series = "service health|/subscriptions/s".to_owned();
    let (event, details, condition) = (String::new(), Vec::new(), Condition::Fired);
    Alert { event, details, series, condition, resolved_at: None, ..alert.clone() }
}

/// As if the context of each alert were read at last.
fn learn(desk: &mut Desk<'_>, event: &str) {
    let unclear: Vec<_> = desk.planner.slots.values_mut().filter(|slot| slot.unclear).collect();
    assert!(!unclear.is_empty());
    unclear.into_iter().for_each(|slot| slot.learns(event));
}

#[test]
fn the_end_of_an_outage_ends_a_ticket_whose_context_was_learned_later() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    assert_eq!(desk.takes(&bare(&notice(1, "Active")), 0), Verdict::Opened);
    learn(&mut desk, &notice(1, "Active").event);
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&notice(2, "Active"), 1), Verdict::Noted, "further notices come to the same ticket");
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&notice(3, "Resolved"), 2), Verdict::Resolved);
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "note", "resolve"]));
}

#[test]
fn the_end_of_an_outage_ends_every_ticket_that_it_has() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    desk.takes(&bare(&notice(1, "Active")), 0);
    assert_eq!(desk.takes(&notice(2, "Active"), 1), Verdict::Opened, "nobody knows yet that it is the same");
    learn(&mut desk, &notice(1, "Active").event);
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&notice(3, "Resolved"), 2), Verdict::Resolved);
    assert_eq!((desk.tickets(), desk.words()), (2, vec!["open", "open", "resolve", "resolve"]));
}

#[test]
fn a_last_notice_whose_context_was_learned_later_ends_the_outage_and_its_own_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    desk.takes(&notice(1, "Active"), 0);
    let last = notice(3, "Resolved");
    assert_eq!(desk.takes(&bare(&last), 1), Verdict::Opened);
    learn(&mut desk, &last.event);
    desk.again(&rules, &connections);
    assert_eq!(desk.takes(&last, 2), Verdict::Resolved);
    assert_eq!((desk.tickets(), desk.words()), (2, vec!["open", "open", "resolve", "resolve"]));
    assert_eq!(desk.takes(&last, 3), Verdict::Unchanged);
}
