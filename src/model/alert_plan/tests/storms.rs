//! Storms and flapping series.

use super::{Desk, connection, fired, over, rules, time};
use crate::model::alert_plan::{Standing, Verdict};
use crate::model::ticket::Operation;

#[test]
fn a_storm_of_6000_has_its_budget_and_one_umbrella_that_counts_and_lists() {
    let (rules, connections) = (rules("budget = 20"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alerts: Vec<_> = (0..6_000).map(|number| fired(number, &format!("s{number}"), 0)).collect();
    let mut counts = std::collections::BTreeMap::new();
    for alert in &alerts {
        *counts.entry(desk.takes(alert, 0)).or_insert(0) += 1;
    }
    desk.settle(0);
    assert_eq!(counts, [(Verdict::Opened, 20), (Verdict::Umbrella, 5_980)].into());
    assert_eq!((desk.tickets(), desk.words()), (21, vec!["open"; 21]));
    let Some((_, Operation::Open { draft })) = desk.written.last() else { panic!() };
    assert!(draft.title.starts_with("5980 alerts"), "{}", draft.title);
    assert!(draft.description.contains("(itsmc alert list)") && draft.description.len() < 4_000);
    assert!(draft.item.is_none());
    let held: usize = desk.planner.slots.values().map(|slot| slot.lines.len() + slot.firings.len()).sum();
    assert!(held < 100, "{held}");

    desk.again(&rules, &connections);
    for alert in &alerts {
        desk.takes(&over(alert, 9), 9);
    }
    desk.settle(9);
    assert_eq!((desk.tickets(), desk.words()[21..].to_vec()), (21, vec!["resolve"; 21]));
    assert_eq!(desk.takes(&fired(7_000, "late", 61), 61), Verdict::Opened, "the budget is new");
}

#[test]
fn an_umbrella_that_was_not_opened_before_the_program_ended_is_opened_afterwards() {
    let (rules, connections) = (rules("budget = 1"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for number in 0..3 {
        desk.takes(&fired(number, &format!("s{number}"), 0), 0);
    }
    desk.again(&rules, &connections);
    desk.settle(1);
    desk.settle(2);
    assert_eq!(desk.words(), ["open", "open"]);
}

#[test]
fn an_umbrella_whose_alerts_are_over_is_told_so_once() {
    let (rules, connections) = (rules("budget = 1\non_resolved = 'note'"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let alerts: Vec<_> = (0..3).map(|number| fired(number, &format!("s{number}"), 0)).collect();
    alerts.iter().for_each(|alert| {
        desk.takes(alert, 0);
    });
    desk.settle(0);
    desk.again(&rules, &connections);
    alerts.iter().for_each(|alert| {
        desk.takes(&over(alert, 5), 5);
    });
    for minute in 5..10 {
        desk.settle(minute);
        desk.again(&rules, &connections);
    }
    assert_eq!(desk.words(), ["open", "open", "note", "note"], "one for the first, one for the umbrella");
    let more: Vec<_> = (3..5).map(|number| fired(number, &format!("s{number}"), 12)).collect();
    more.iter().for_each(|alert| {
        desk.takes(alert, 12);
    });
    desk.settle(12);
    desk.again(&rules, &connections);
    more.iter().for_each(|alert| {
        desk.takes(&over(alert, 15), 15);
    });
    for minute in 15..20 {
        desk.settle(minute);
        desk.again(&rules, &connections);
    }
    assert_eq!(desk.words()[4..], ["note", "note"], "what came beyond the budget then, and its end");
}

#[test]
fn a_storm_that_goes_on_gets_notes_at_a_capped_rate_which_count_everything() {
    let (rules, connections) = (rules("budget = 1\nnotes_per_hour = 2"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for minute in 0..50 {
        let number = u32::try_from(minute).unwrap();
        desk.takes(&fired(number, &format!("s{minute}"), minute), minute);
        desk.settle(minute);
    }
    assert_eq!((desk.words(), desk.tickets()), (vec!["open", "open", "note", "note"], 2));
    desk.settle(65);
    let Some((_, Operation::Note { text, .. })) = desk.written.last() else { panic!() };
    assert!(text.starts_with("46 more alerts, 49 in all."), "{text}");
}

#[test]
fn complaint_21_a_flapping_series_has_one_ticket_few_notes_and_one_resolve() {
    let (rules, connections) = (rules("flapping = 4\nnotes_per_hour = 3"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for turn in 0..40 {
        let alert = fired(turn, "s", i64::from(turn));
        desk.takes(&alert, i64::from(turn));
        desk.takes(&over(&alert, i64::from(turn)), i64::from(turn));
        desk.settle(i64::from(turn));
    }
    desk.again(&rules, &connections);
    desk.settle(98);
    assert_eq!(desk.written.last().unwrap().1.id(), "note", "not quiet for an hour yet");
    desk.settle(99);
    let words = desk.words();
    let count = |word| words.iter().filter(|one| **one == word).count();
    assert_eq!((count("open"), count("resolve"), count("reopen"), count("note")), (1, 4, 3, 3));
    assert_eq!((desk.tickets(), words.last()), (1, Some(&"resolve")));
}

#[test]
fn complaint_21_a_series_flaps_although_each_firing_has_a_ticket_of_its_own() {
    // It fires again after its ticket may no longer be opened again.
    for reopen in [0, 2] {
        let (rules, connections) =
            (rules(&format!("flapping = 4\nreopen_minutes = {reopen}")), [connection("contoso")]);
        let mut desk = Desk::new(&rules, &connections);
        for turn in 0..60 {
            let minute = 5 * i64::from(turn);
            let alert = fired(turn, "s", minute);
            desk.takes(&alert, minute);
            desk.settle(minute);
            desk.takes(&over(&alert, minute + 1), minute + 1);
            desk.settle(minute + 1);
            desk.again(&rules, &connections);
        }
        let words = desk.words();
        let count = |word| words.iter().filter(|one| **one == word).count();
        assert_eq!((desk.tickets(), count("resolve")), (4, 3), "the fourth stays open: {words:?}");
        desk.settle(5 * 59 + 61);
        assert_eq!(desk.words().last(), Some(&"resolve"), "until it keeps quiet");
    }
}

#[test]
fn repeats_of_an_alert_that_is_never_resolved_are_notes_and_counts() {
    let (rules, connections) = (rules("notes_per_hour = 2"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    let verdicts: Vec<_> =
        (0..30).map(|turn| desk.takes(&fired(turn, "s", i64::from(turn)), i64::from(turn))).collect();
    assert_eq!(&verdicts[..4], [Verdict::Opened, Verdict::Noted, Verdict::Noted, Verdict::Counted]);
    assert_eq!(desk.takes(&fired(90, "s", 70), 70), Verdict::Noted);
    let Some((_, Operation::Note { text, .. })) = desk.written.last() else { panic!() };
    assert!(text.ends_with("(+27)"), "{text}");
    assert_eq!(desk.tickets(), 1);
}

#[test]
fn every_alert_of_a_storm_knows_its_ticket() {
    let (rules, connections) = (rules("budget = 2"), [connection("contoso")]);
    let mut desk = Desk::new(&rules, &connections);
    for number in 0..10 {
        let decision = desk.planner.decide(&fired(number, &format!("s{number}"), 0), &Standing::default(), time(0));
        assert_eq!((decision.slots.len(), decision.rule.as_deref()), (1, Some("r")));
        assert!(desk.planner.slot(&decision.slots[0]).is_some());
    }
}
