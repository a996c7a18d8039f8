//! What users of the old connector and of others complain of, as far as it is decided here.

use super::{Desk, connection, fired, over, rules};
use crate::model::alert::tests::samples;
use crate::model::alert::{Alert, Condition, read};
use crate::model::alert_plan::{Slot, Verdict};
use crate::model::alert_rules::{RuleSet, parse};
use crate::model::ticket::{Operation, TicketState};

#[test]
fn complaint_01_resolved_makes_no_second_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    desk.takes(&alert, 0);
    desk.takes(&over(&alert, 5), 5);
    desk.takes(&over(&alert, 5), 6);
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "resolve"]));
}

#[test]
fn complaint_02_resolved_resolves_the_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    desk.takes(&alert, 0);
    assert_eq!(desk.takes(&over(&alert, 5), 5), Verdict::Resolved);
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "resolve"]));
    assert_eq!(desk.written[0].0, desk.written[1].0, "the ticket that was opened is the one that is resolved");
}

#[test]
fn complaint_03_all_notices_of_an_outage_have_one_ticket_which_its_end_resolves() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for (number, stage) in ["Active", "Active", "Resolved"].iter().enumerate() {
        let guid = format!("00000000-0000-4000-8000-00000000000{number}");
        let alert = read(&samples::outage(stage, &guid).to_string()).remove(0).alert;
        desk.takes(&alert, i64::try_from(number).unwrap());
    }
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "note", "resolve"]));
}

#[test]
fn complaint_05_log_alerts_that_only_fire_have_one_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for number in 0..5_u32 {
        let mut sample = samples::log_v2();
        let guid = format!("00000000-0000-4000-8000-00000000000{number}");
        // Of log alerts both ids are new at each firing.
        sample["data"]["essentials"]["alertId"] = format!("/x/{guid}").into();
        sample["data"]["essentials"]["originAlertId"] = format!("1{}", &guid[1..]).into();
        desk.takes(&read(&sample.to_string()).remove(0).alert, i64::from(number));
    }
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "note", "note", "note", "note"]));
}

#[test]
fn complaint_10_a_closed_ticket_is_left_alone_and_the_next_firing_has_its_own() {
    let (rules, connections) = (rules("grouping = 'rule'"), [connection("contoso")]);
    for state in [TicketState::Closed, TicketState::Cancelled, TicketState::Gone] {
        let mut desk = Desk::new(&rules, &connections);
        let alert = fired(1, "s", 0);
        desk.takes(&alert, 0);
        desk.state(state, 3);
        assert_eq!(desk.takes(&over(&alert, 5), 5), Verdict::TicketClosed);
        assert_eq!(desk.takes(&fired(2, "s", 6), 6), Verdict::Opened);
        assert_eq!((desk.tickets(), desk.words()), (2, vec!["open", "open"]));
    }
}

#[test]
fn complaint_12_repeats_are_not_doubled_and_the_end_is_not_lost() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    for minute in 0..9 {
        desk.takes(&alert, minute);
    }
    desk.takes(&over(&alert, 9), 9);
    assert_eq!(desk.words(), ["open", "resolve"]);
}

#[test]
fn complaint_14_grouped_firings_say_in_which_ticket_they_are() {
    let (rules, connections) = (rules("grouping = 'rule'\nnotes_per_hour = 1"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let verdicts: Vec<_> = (0..4).map(|number| desk.takes(&fired(number, &format!("s{number}"), 0), 0)).collect();
    assert_eq!(verdicts, [Verdict::Opened, Verdict::Noted, Verdict::Counted, Verdict::Counted]);
    let slots: std::collections::BTreeSet<_> = desk.standings.values().map(|standing| standing.slots.clone()).collect();
    assert_eq!(slots.len(), 1, "all four know the one ticket");
    assert!(verdicts.iter().all(|verdict| verdict.has_ticket()));
}

#[test]
fn complaint_15_rules_without_an_action_group_are_seen_as_well() {
    // Alerts come from the list of all alerts, not from an action: nothing in them names an action group.
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let listed = read(&samples::listed(samples::GUID, "Fired", "2026-11-20T10:00:30Z").to_string()).remove(0).alert;
    assert_eq!(desk.takes(&listed, 0), Verdict::Opened);
    let muted = Alert { suppressed: true, ..fired(2, "other", 1) };
    assert_eq!(desk.takes(&muted, 1), Verdict::Suppressed, "only what somebody muted has none");
}

#[test]
fn complaint_16_the_close_code_is_the_admins_choice() {
    let connections = [connection("contoso")];
    let resolved_with = |own: &RuleSet, later: &RuleSet| {
        let mut desk = Desk::new(own, &connections);
        let alert = fired(1, "s", 0);
        desk.takes(&alert, 0);
        // As if the file of rules were written meanwhile.
        let mut later =
            Desk { standings: desk.standings.clone(), written: Vec::new(), ..Desk::new(later, &connections) };
        let slots: Vec<Slot> = desk.planner.slots.values().cloned().collect();
        slots.into_iter().for_each(|slot| later.planner.remember(slot));
        later.takes(&over(&alert, 5), 5);
        match later.written.pop() {
            Some((_, Operation::Resolve { code, .. })) => code,
            other => panic!("{other:?}"),
        }
    };
    let (chosen, other, none) =
        (rules("close_code = 'Solution provided'"), rules("close_code = 'Resolved by change'"), rules(""));
    let gone = parse("[[rule]]\nname = 'other'\nconnection = 'contoso'", None).unwrap().0;
    assert_eq!(resolved_with(&chosen, &chosen).as_deref(), Some("Solution provided"));
    assert_eq!(resolved_with(&chosen, &other).as_deref(), Some("Resolved by change"), "as the rule says by then");
    assert_eq!(resolved_with(&chosen, &gone).as_deref(), Some("Solution provided"), "also where the rule is gone");
    assert_eq!(resolved_with(&none, &none), None, "then the instance's own is looked up");
}

#[test]
fn complaint_20_two_affected_items_are_never_one_configuration_item() {
    let rules = rules("");
    let two = Alert { items: vec!["a".into(), "b".into()], ..fired(1, "s", 0) };
    let made = crate::model::alert_rules::draft(&rules.rules[0], &two, None);
    assert_eq!(made.item, None);
    assert!(made.description.contains("Affected: a, b"), "{}", made.description);
}

#[test]
fn a_resolve_that_comes_before_the_firing_was_seen_opens_no_second_ticket() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alert = fired(1, "s", 0);
    desk.takes(&over(&alert, 5), 6);
    assert_eq!(desk.takes(&alert, 7), Verdict::Unchanged);
    let nameless = Alert { fired_at: None, condition: Condition::Resolved, ..fired(2, "s", 0) };
    assert_eq!(desk.takes(&nameless, 8), Verdict::AlreadyOver);
    assert_eq!((desk.tickets(), desk.words()), (1, vec!["open", "resolve"]));
}
