//! Work items created and resolved a day: charts of columns, each on its own scale.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::model::lang::Lang;
use crate::model::overview::Overview;
use crate::model::work_item::WorkItemKind;
use crate::texts::{charts as texts, dashboard, number, time};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{columns, text};

/// Days between the dates below the chart.
const WEEK: usize = 7;
/// A chart of its own kind has so many lines at least.
const LEAST_LINES: usize = 2;

/// One chart: its values, its legend, and how it is drawn.
type Chart = (Vec<u64>, String, Role);

/// Draws the heading, a chart of each kind and one of what was resolved, and the days below them, the last of which is the day
/// of `at`; of the last days as many as have room.
pub fn draw(frame: &mut Frame<'_>, area: Rect, lang: Lang, (overview, at): (&Overview, Timestamp), theme: Theme) {
    let room = usize::from(area.width);
    let (scale, shown, column) = measured(lang, overview, room);
    let (charts, height) = charts(lang, overview, shown, (room, usize::from(area.height)));
    let mut lines = vec![Line::styled(text::clip(&texts::days(lang, shown), room), theme.style(Role::Title))];
    for (values, legend, role) in charts {
        lines.push(Line::raw(text::clip(&legend, room)));
        let most = values.iter().copied().max().unwrap_or(0);
        for (row, drawn) in columns::columns(&values, most, height, column).into_iter().enumerate() {
            let told = match row {
                0 => number::grouped(lang, most),
                row if row + 1 == height => number::grouped(lang, 0),
                _ => String::new(),
            };
            let axis = format!("{} │", text::pad_left(&told, scale));
            lines.push(Line::from(vec![
                Span::styled(axis, theme.style(Role::Dim)),
                Span::styled(drawn, theme.style(role)),
            ]));
        }
    }
    let axis = axis(lang, today(at), shown, column.0 + column.1);
    let axis = format!("{}{axis}", " ".repeat(scale + 2));
    lines.push(Line::styled(text::clip(axis.trim_end(), room), theme.style(Role::Dim)));
    frame.render_widget(Paragraph::new(lines), area);
}

/// The cells of the scale, the days that have room, and the cells of a day with the gap behind it.
fn measured(lang: Lang, overview: &Overview, room: usize) -> (usize, usize, (usize, usize)) {
    let most = overview.days.iter().flat_map(|day| [day.opened, day.resolved]).max().unwrap_or(0);
    let scale = text::width(&number::grouped(lang, most));
    let cells = room.saturating_sub(scale + 2);
    let shown = overview.days.len().min(cells);
    let column = match cells / shown.max(1) {
        0 | 1 => (1, 0),
        2 => (2, 0),
        wide => (wide - 1, 1),
    };
    (scale, shown, column)
}

/// The cells that the charts take of so many: each day has as many as the others.
pub fn used(lang: Lang, overview: &Overview, room: usize) -> usize {
    let (scale, shown, (day, gap)) = measured(lang, overview, room);
    scale + 2 + shown * (day + gap)
}

/// The charts of the last days, and the lines that each has beside its legend. Where each kind has too few lines for a chart
/// of its own, one chart has all that is new.
fn charts(lang: Lang, overview: &Overview, shown: usize, (room, height): (usize, usize)) -> (Vec<Chart>, usize) {
    let last = |values: Vec<u64>| values.get(values.len().saturating_sub(shown)..).unwrap_or_default().to_vec();
    let figures = |values: &[u64]| {
        let figure = |count: u64| number::grouped(lang, count);
        (figure(values.iter().sum()), figure(values.iter().copied().max().unwrap_or(0)))
    };
    let kinds: Vec<_> = overview.created.iter().map(|(kind, values)| (*kind, last(values.clone()))).collect();
    // The heading and the axis; each chart has its legend.
    let lines = |charts: usize| height.saturating_sub(2 + charts) / charts;
    let each = lines(kinds.len() + 1);
    let resolved = last(overview.days.iter().map(|day| day.resolved).collect());
    let (total, most) = figures(&resolved);
    let resolved = (resolved, texts::resolved(lang, &total, &most), Role::Ok);
    if each >= LEAST_LINES && !kinds.is_empty() {
        let chart = |(kind, values): (WorkItemKind, Vec<u64>)| {
            let (total, most) = figures(&values);
            let legend = texts::opened(lang, dashboard::kinds(lang, kind), &total, &most);
            (values, legend, Role::Accent)
        };
        return (kinds.into_iter().map(chart).chain([resolved]).collect(), each);
    }
    let opened = last(overview.days.iter().map(|day| day.opened).collect());
    let (total, most) = figures(&opened);
    let told = |(kind, values): &(WorkItemKind, Vec<u64>)| {
        format!("{} {}", dashboard::kinds(lang, *kind).to_lowercase(), figures(values).0)
    };
    let kinds: Vec<_> = kinds.iter().map(told).collect();
    let whole = texts::all_opened(lang, &total, &kinds.join(", "), &most);
    let by_kind = texts::by_kind(lang, &total, &kinds.join(", "));
    let plain = texts::opened(lang, texts::new(lang), &total, &most);
    // No number is cut: what does not fit whole is left out.
    let legends = if kinds.is_empty() { vec![plain.clone()] } else { vec![whole, by_kind] };
    let legend = legends.into_iter().find(|legend| text::width(legend) <= room).unwrap_or(plain);
    (vec![(opened, legend, Role::Accent), resolved], lines(2))
}

fn today(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The dates below the days, one a week, today last; each begins below its day, the last ones end with the chart.
fn axis(lang: Lang, today: Date, days: usize, column: usize) -> String {
    let whole = days * column;
    let mut out = " ".repeat(whole);
    let mut free = whole;
    for back in (0..days).step_by(WEEK) {
        let date = today.checked_sub(i64::try_from(back).unwrap_or_default().days()).unwrap_or(today);
        let words = time::day_and_month(lang, date);
        let width = text::width(&words);
        let at = ((days - 1 - back) * column).min(whole.saturating_sub(width));
        if at + width <= free && words.is_ascii() {
            out.replace_range(at..at + width, &words);
            free = at.saturating_sub(1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a14_the_axis_has_a_date_for_each_week_and_none_over_another() {
        let today = date(2026, 11, 22);
        let axis = |days, column| axis(Lang::En, today, days, column);
        assert_eq!(axis(30, 1), " 25 Oct 1 Nov  8 Nov    22 Nov");
        assert_eq!(axis(8, 1), "  22 Nov");
        assert_eq!(axis(3, 1), "   ");
        let wide = axis(30, 3);
        assert_eq!((text::width(&wide), wide.matches("Nov").count() + wide.matches("Oct").count()), (90, 5), "{wide}");
    }
}
