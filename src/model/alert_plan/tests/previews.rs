//! What rules would have done with alerts of the past.

use proptest::prelude::*;

use super::{connection, fired, over, rules};
use crate::model::alert::{Alert, read};
use crate::model::alert_plan::{Fold, Verdict, preview};

#[test]
fn a_preview_tells_of_each_alert_and_counts_by_rule() {
    let (rules, connections) = (rules("budget = 2"), [connection("contoso")]);
    let first = fired(1, "s", 0);
    let mut alerts = vec![over(&first, 5), fired(2, "s", 20)];
    alerts.extend((3..8).map(|number| fired(number, &format!("t{number}"), 30)));
    alerts.push(read("{\"odd\": 1}").remove(0).alert);
    let told = preview(&rules, &connections, &alerts, &[]);
    assert_eq!((told.alerts[0].verdict, told.alerts[0].over), (Verdict::Opened, Some(Verdict::Resolved)));
    assert_eq!(told.alerts[1].verdict, Verdict::Reopened);
    assert_eq!(told.alerts[1].tickets, told.alerts[0].tickets);
    assert_eq!((told.alerts[2].verdict, told.alerts[7].verdict), (Verdict::Opened, Verdict::UnknownShape));
    let count = &told.rules["r"];
    assert_eq!((count.alerts, count.tickets, count.umbrellas), (7, 3, 1));
    assert_eq!((count.merged, count.beyond_budget, count.resolved), (1, 4, 1));
    assert_eq!(told.tickets.len(), 3);
    assert_eq!(told.verdicts.values().sum::<u64>(), 8);
}

#[test]
fn the_work_of_a_preview_grows_with_its_alerts_and_not_faster() {
    let (rules, connections) = (rules(""), [connection("contoso")]);
    let work = |count: u32| {
        let mut fold = Fold::new(&rules, &connections);
        for number in 0..count {
            let at = i64::from(number);
            fold.take(&over(&fired(number, &format!("s{}", number % 700), at), at + 4), false, &mut |_, _| {});
        }
        let work = (fold.tries(), fold.looked());
        assert_eq!(fold.end(&mut |_, _| {}).verdicts.values().sum::<u64>(), u64::from(count));
        work
    };
    let (small, large) = (work(5_000), work(20_000));
    assert_eq!((small.0, large.0), (0, 0), "no key is tried in vain");
    // Four times the alerts; each ticket looked at again for every alert would make sixteen times the work.
    assert!(large.1 <= 5 * small.1 + 5_000, "{small:?} {large:?}");
    assert!(large.1 <= 20_000 * 4, "{large:?}");
}

#[test]
fn a_preview_of_a_group_with_thousands_of_tickets_tries_no_key_twice() {
    let rules = rules("grouping = 'rule'\nreopen_minutes = 0\nbudget = 1000\nbudget_minutes = 1\nflapping = 0");
    let alerts: Vec<Alert> =
        (0..10_000).map(|number| over(&fired(number, "s", i64::from(number) * 4), i64::from(number) * 4 + 2)).collect();
    let connections = [connection("contoso")];
    let mut ids = std::collections::BTreeSet::new();
    let mut fold = Fold::new(&rules, &connections);
    for alert in &alerts {
        fold.take(alert, false, &mut |key, _| {
            ids.insert(key.id());
        });
    }
    // Each ticket that looked at every one before it would make fifty million.
    assert!(fold.tries() <= alerts.len(), "{}", fold.tries());
    let told = fold.end(&mut |_, _| panic!("every ticket was opened when its alert fired"));
    assert_eq!((ids.len(), told.rules["r"].resolved), (10_000, 10_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever fires and ends, and in whatever groups: no ticket is opened twice, each is opened before anything else is
    /// done to it, no more than the budget are opened, and every alert has a verdict.
    #[test]
    fn every_alert_is_accounted_for(
        events in prop::collection::vec((0..12_u32, 0..4_u32, 0..200_i64, prop::option::of(1..90_i64)), 1..60),
        grouping in prop::sample::select(vec!["alert", "item", "rule"]),
        budget in 1..6_u32,
    ) {
        let rules = rules(&format!("grouping = '{grouping}'\nbudget = {budget}\nbudget_minutes = 1440\nnotes_per_hour = 2"));
        let connections = [connection("contoso")];
        let mut alerts: Vec<Alert> = Vec::new();
        for (place, (_, series, at, end)) in events.iter().enumerate() {
            let alert = fired(u32::try_from(place).unwrap(), &format!("s{series}"), *at);
            alerts.push(end.map_or(alert.clone(), |end| over(&alert, at + end)));
        }
        let told = preview(&rules, &connections, &alerts, &[]);
        prop_assert_eq!(told.alerts.len(), alerts.len());
        prop_assert!(told.alerts.iter().all(|one| one.verdict != Verdict::Unchanged && one.verdict.has_ticket()));
        let ids: std::collections::BTreeSet<_> = told.tickets.iter().map(|(key, _)| key.id()).collect();
        prop_assert_eq!(ids.len(), told.tickets.len());
        let own = told.rules["r"].tickets - told.rules["r"].umbrellas;
        prop_assert!(own <= u64::from(budget));
        for one in &told.alerts {
            prop_assert!(!one.tickets.is_empty() && one.tickets.iter().all(|id| ids.contains(id)));
        }
    }
}
