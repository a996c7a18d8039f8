//! The tab with the live test of the saved connection.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::right_below;
use crate::model::check::{Status, Step};
use crate::texts::{connection as texts, fault as faults, step as steps, time};
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::model::Model;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::dashboard::told;
use crate::ui::tui::screens::wizard::sheet::arrows;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{mark, text};

/// From so many columns on the steps show how long they took.
const ROOM_FOR_TIME: usize = 60;

/// Draws the steps in place, and below or beside them what there is to know of the one in focus.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    if let Some((list, pane)) = super::beside(area) {
        draw_steps(frame, list, model, screen, theme);
        let more = more(model, screen, (pane.width.into(), pane.height.into()), theme);
        return frame.render_widget(Paragraph::new(more), pane);
    }
    let room = (usize::from(area.width).saturating_sub(2), usize::from(area.height).saturating_sub(4));
    let more = more(model, screen, room, theme);
    let wanted = u16::try_from(more.len() + 1).unwrap_or(u16::MAX).min(area.height.saturating_sub(3));
    let [list, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(wanted)]).areas(area);
    let below = right_below(list, below, screen.test.steps.len());
    draw_steps(frame, list, model, screen, theme);
    let below = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
    let more = text::fit(more, usize::from(below.height).saturating_sub(1), below.width.into());
    frame.render_widget(Paragraph::new([vec![Line::default()], more].concat()), below);
}

fn draw_steps(frame: &mut Frame<'_>, list: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let (count, height) = (screen.test.steps.len(), usize::from(list.height));
    let top = (screen.test.focus + 1).saturating_sub(height.max(1));
    // The last column has the arrows, where there are more steps than lines.
    let room = usize::from(list.width).saturating_sub(usize::from(count > height));
    for ((index, step), y) in screen.test.steps.iter().enumerate().skip(top).zip(list.top()..list.bottom()) {
        let place = Rect { y, height: 1, ..list };
        frame.render_widget(line(model, screen, step, index == screen.test.focus, room, theme), place);
        clicks::note(frame.buffer_mut(), place, Choice::ticked(index == screen.test.focus), true);
    }
    arrows(frame, list, list.width.saturating_sub(1), (top > 0, count > top + height), theme);
}

fn line(
    model: &Model,
    screen: &ConnectionScreen,
    step: &Step,
    focused: bool,
    room: usize,
    theme: Theme,
) -> Line<'static> {
    let lang = model.lang;
    let runs = screen.test.running.is_some_and(|(id, _)| id == step.id);
    let (symbol, role) =
        if runs { ("◌", Role::Accent) } else { (mark::symbol(step.status), mark::role(step.status)) };
    let words = if runs { texts::step_running(lang).to_owned() } else { outcome(model, step) };
    let narrow = room < ROOM_FOR_TIME;
    let took = if runs || step.millis == 0 || narrow { String::new() } else { time::millis(lang, step.millis) };
    let title = text::pad(steps::title(lang, step.id), if narrow { lang.pick(18, 21) } else { 22 });
    let rest = room.saturating_sub(text::width(&title) + if narrow { 6 } else { 15 });
    let told = text::clauses(&words, rest).unwrap_or_else(|| steps::status(lang, step.status).to_owned());
    let name = format!("{title}  ");
    Line::from(vec![
        Span::styled(format!(" {symbol} "), theme.style(role)),
        Span::styled(name, theme.style(if focused { Role::Focus } else { Role::Normal })),
        Span::styled(text::pad(&told, rest), theme.style(role)),
        Span::styled(text::pad_left(&took, if narrow { 0 } else { 9 }), theme.style(Role::Dim)),
    ])
}

fn outcome(model: &Model, step: &Step) -> String {
    let lang = model.lang;
    match (&step.fault, &step.finding) {
        (Some(fault), _) => faults::summary(lang, fault),
        (None, Some(finding)) => steps::finding(lang, finding),
        (None, None) => steps::status(lang, step.status).to_owned(),
    }
}

/// The fault of the step in focus in full, or what it saw; at first, how to begin.
fn more(model: &Model, screen: &ConnectionScreen, room: (usize, usize), theme: Theme) -> Vec<Line<'static>> {
    let wrapped = |words: &str| text::wrap(words, room.0).into_iter().map(Line::raw).collect::<Vec<_>>();
    if screen.test.steps.iter().all(|step| step.status == Status::Todo) && !screen.test.is_running() {
        return wrapped(texts::test_hint(model.lang));
    }
    match screen.test.focused() {
        Some(step) if screen.test.running.is_some_and(|(id, _)| id == step.id) => {
            wrapped(texts::step_running(model.lang))
        }
        Some(step) if step.fault.is_some() => {
            step.fault.iter().flat_map(|fault| told(model, fault, room, theme)).collect()
        }
        Some(Step { finding: Some(finding), .. }) => wrapped(&steps::in_full(model.lang, finding)),
        Some(step) => wrapped(&outcome(model, step)),
        None => Vec::new(),
    }
}
