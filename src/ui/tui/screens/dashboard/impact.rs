//! The configuration items with open work items, and the numbers of these.

use ratatui::text::{Line, Span};

use crate::model::lang::Lang;
use crate::model::overview::Overview;
use crate::texts::{charts as texts, number};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// A heading and a line for each computer: its name, how many open items it has, and as many of their numbers as fit whole,
/// the newest first.
pub fn computers(lang: Lang, overview: &Overview, (room, height): (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let ranking = &overview.computers;
    let mut lines = vec![Line::styled(text::clip(texts::computers(lang), room), theme.style(Role::Title))];
    let figure = |count: u64| number::grouped(lang, count);
    let fits = height.saturating_sub(1 + usize::from(ranking.without > 0));
    let all = ranking.most.len() + ranking.more;
    let shown = if all > fits { fits.saturating_sub(1) } else { all }.min(ranking.most.len());
    let most = ranking.most.get(..shown).unwrap_or_default();
    let digits = most.iter().map(|(_, count)| text::width(&figure(*count))).max().unwrap_or(0);
    let names = most.iter().map(|(name, _)| text::width(name)).max().unwrap_or(0);
    // A number of a work item has its place where there is any.
    let names = names.min(room.saturating_sub(digits + 2).min((room / 2).max(12)));
    for (name, count) in most {
        let words = format!("{}  {}", text::pad(name, names), text::pad_left(&figure(*count), digits));
        let numbers = overview.computer_items.get(name).map(Vec::as_slice).unwrap_or_default();
        let told = whole(numbers, room.saturating_sub(text::width(&words) + 2));
        lines.push(Line::from(vec![Span::raw(words), Span::styled(format!("  {told}"), theme.style(Role::Dim))]));
    }
    if all > shown {
        lines.push(Line::styled(texts::more(lang, &figure((all - shown) as u64)), theme.style(Role::Dim)));
    }
    if ranking.without > 0 && all > 0 {
        let words = format!("{}  {}", texts::no_computer(lang), figure(ranking.without));
        lines.push(Line::styled(text::clip(&words, room), theme.style(Role::Dim)));
    }
    if all == 0 {
        lines.push(Line::styled(texts::none(lang), theme.style(Role::Dim)));
    }
    lines
}

/// The same in one line, for terminals without charts: as many computers as fit whole, and how many more there are.
pub fn in_a_line(lang: Lang, overview: &Overview, room: usize) -> Option<String> {
    let ranking = &overview.computers;
    let all = ranking.most.len() + ranking.more;
    let name = |(name, count): &(String, u64)| format!("{name} {}", number::grouped(lang, *count));
    let line = |count: usize| {
        let mut told: Vec<_> = ranking.most.iter().take(count).map(name).collect();
        if all > count {
            told.push(format!("+{}", number::grouped(lang, (all - count) as u64)));
        }
        texts::impacted(lang, &told.join(", "))
    };
    (1..=ranking.most.len()).rev().map(line).find(|line| text::width(line) <= room)
}

/// As many of these as fit, none of them cut.
fn whole(numbers: &[String], room: usize) -> String {
    let mut told = String::new();
    for number in numbers {
        let gap = usize::from(!told.is_empty());
        if text::width(&told) + gap + text::width(number) > room {
            break;
        }
        if gap > 0 {
            told.push(' ');
        }
        told.push_str(number);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing::overview;

    #[test]
    fn numbers_of_work_items_are_whole_or_left_out() {
        let numbers = ["INC0010461", "INC0010440"].map(str::to_owned);
        assert_eq!(whole(&numbers, 21), "INC0010461 INC0010440");
        assert_eq!((whole(&numbers, 20), whole(&numbers, 9)), ("INC0010461".to_owned(), String::new()));
    }

    #[test]
    fn the_line_names_as_many_computers_as_fit_and_counts_the_rest() {
        let line = |room| in_a_line(Lang::En, &overview(), room);
        assert_eq!(line(80).unwrap(), "Impacted computers: EX-04 71, SQL-PRD-07 60, LB-2 4");
        assert_eq!(line(44).unwrap(), "Impacted computers: EX-04 71, +2");
        assert_eq!(line(20), None);
    }
}
