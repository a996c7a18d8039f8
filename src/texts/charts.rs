//! What the charts of the dashboard say.

use crate::model::lang::Lang;
use crate::model::overview::BANDS;

crate::texts! {
    days(days: usize), "Work items created, last {days} days (UTC)", "Aangemaakte werkitems, laatste {days} dagen (UTC)";
    opened(kind: &str, total: &str, most: &str), "{kind} {total}, max {most} a day", "{kind} {total}, max {most} per dag";
    new, "New", "Nieuw";
    by_kind(total: &str, kinds: &str), "New {total} ({kinds})", "Nieuw {total} ({kinds})";
    all_opened(total: &str, kinds: &str, most: &str), "New {total} ({kinds}), max {most} a day", "Nieuw {total} ({kinds}), max {most} per dag";
    resolved(total: &str, most: &str), "Resolved {total}, max {most} a day", "Opgelost {total}, max {most} per dag";
    priorities, "Open by priority", "Open per prioriteit";
    ages, "Open by age", "Open per leeftijd";
    oldest, "Oldest open items", "Oudste open items";
    groups, "Open by assignment group", "Open per toewijzingsgroep";
    computers, "Impacted computers", "Getroffen computers";
    impacted(names: &str), "Impacted computers: {names}", "Getroffen computers: {names}";
    rules(days: i64), "Azure alert rules, last {days} days", "Azure-regels, laatste {days} dagen";
    head_alerts, "alerts", "meldingen";
    head_tickets, "tickets", "tickets";
    head_muted, "muted", "gedempt";
    no_alerts, "no alert was read", "geen melding gelezen";
    undated, "unknown", "onbekend";
    none, "none", "geen";
    no_computer, "no computer", "geen computer";
    no_group, "no group", "geen groep";
    more(count: &str), "{count} more", "nog {count}";
    today, "less than 1 day", "minder dan 1 dag";
    days_between(from: i64, to: i64), "{from} to {to} days", "{from} tot {to} dagen";
    older(days: i64), "{days} days or more", "{days} dagen of meer";
}

/// A band of age, by its place among [`BANDS`].
pub fn band(lang: Lang, at: usize) -> String {
    match (at.checked_sub(1).and_then(|before| BANDS.get(before)), BANDS.get(at)) {
        (None, _) => today(lang).to_owned(),
        (Some(from), Some(to)) => days_between(lang, *from, *to),
        (Some(from), None) => older(lang, *from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_join_up() {
        let all = |lang| (0..=BANDS.len()).map(|at| band(lang, at)).collect::<Vec<_>>();
        assert_eq!(all(Lang::En)[..2], ["less than 1 day", "1 to 7 days"]);
        assert_eq!(all(Lang::Nl)[3..], ["30 tot 90 dagen", "90 dagen of meer"]);
    }
}
