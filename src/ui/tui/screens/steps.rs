//! The rail of a wizard's steps: beside the step in front where there is room, one line above it where there is not.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span, Text};

use crate::model::lang::Lang;
use crate::texts::wizard;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// From this size on the rail stands beside the step; below it, it is one line.
const RAIL_FROM: (u16, u16) = (70, 14);

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    /// It is in front.
    Front,
    /// It is done.
    Done,
    /// It was passed, and something in it is not as it should be.
    Doubtful,
    /// It comes later.
    Later,
}

/// Draws the rail of these steps, in order; what remains is the step's.
pub fn below_rail(frame: &mut Frame<'_>, area: Rect, lang: Lang, steps: &[(&str, StepMark)], theme: Theme) -> Rect {
    if area.width < RAIL_FROM.0 || area.height < RAIL_FROM.1 {
        let [line, rest] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        let front = steps.iter().position(|(_, mark)| *mark == StepMark::Front).unwrap_or_default();
        let title = steps.get(front).map(|(title, _)| *title).unwrap_or_default();
        let words = format!(" ● {} {title}", wizard::place(lang, front + 1, steps.len()));
        frame.render_widget(Line::styled(words, theme.style(Role::Title)), line);
        return rest;
    }
    let widest = steps.iter().map(|(title, _)| text::width(title)).max().unwrap_or_default();
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX);
    let [rail, rest] = Layout::horizontal([Constraint::Length(width), Constraint::Fill(1)]).areas(area);
    let entries = steps.iter().enumerate().map(|(nth, (title, mark))| entry(nth + 1, title, *mark, theme));
    frame.render_widget(Text::from_iter(entries), rail);
    rest
}

fn entry(number: usize, title: &str, mark: StepMark, theme: Theme) -> Line<'static> {
    let (symbol, role, words) = match mark {
        StepMark::Front => ("●", Role::Accent, Role::Title),
        StepMark::Done => ("✓", Role::Ok, Role::Normal),
        StepMark::Doubtful => ("▲", Role::Warning, Role::Normal),
        StepMark::Later => (" ", Role::Dim, Role::Dim),
    };
    Line::from(vec![
        Span::styled(format!("  {symbol} "), theme.style(role)),
        Span::styled(format!("{number} {title}"), theme.style(words)),
    ])
}
