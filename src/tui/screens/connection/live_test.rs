//! The tab with the live test of the saved connection.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::app::connection::ConnectionScreen;
use crate::app::model::Model;
use crate::model::check::{Status, Step};
use crate::texts::{connection as texts, fault as faults, step as steps, time};
use crate::tui::screens::dashboard::told;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{mark, text};

/// Draws the steps in place, and below them what there is to know of the one in focus.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let count = u16::try_from(screen.test.steps.len()).unwrap_or(u16::MAX);
    let list_height = count.min(area.height.saturating_sub(area.height / 4));
    let [list, below] = Layout::vertical([Constraint::Length(list_height), Constraint::Fill(1)]).areas(area);
    let top = (screen.test.focus + 1).saturating_sub(usize::from(list.height).max(1));
    for ((index, step), y) in screen.test.steps.iter().enumerate().skip(top).zip(list.top()..list.bottom()) {
        let place = Rect { y, height: 1, ..list };
        frame.render_widget(
            line(model, screen, step, index == screen.test.focus, usize::from(list.width), theme),
            place,
        );
    }
    let below = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
    let room = usize::from(below.width);
    frame.render_widget(Paragraph::new([vec![Line::default()], more(model, screen, room, theme)].concat()), below);
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
    let took = if runs || step.millis == 0 { String::new() } else { time::millis(lang, step.millis) };
    let title = text::pad(steps::title(lang, step.id), 22.min(room / 2));
    let rest = room.saturating_sub(text::width(&title) + 14);
    let name = format!("{title} ");
    Line::from(vec![
        Span::styled(format!(" {symbol} "), theme.style(role)),
        Span::styled(name, theme.style(if focused { Role::Focus } else { Role::Normal })),
        Span::styled(text::pad(&words, rest), theme.style(role)),
        Span::styled(text::pad_left(&took, 9), theme.style(Role::Dim)),
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
fn more(model: &Model, screen: &ConnectionScreen, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let wrapped = |words: &str| text::wrap(words, room).into_iter().map(Line::raw).collect::<Vec<_>>();
    if screen.test.steps.iter().all(|step| step.status == Status::Todo) && !screen.test.is_running() {
        return wrapped(texts::test_hint(model.lang));
    }
    match screen.test.focused() {
        Some(step) if step.fault.is_some() => {
            step.fault.iter().flat_map(|fault| told(model, fault, room, theme)).collect()
        }
        Some(step) => wrapped(&outcome(model, step)),
        None => Vec::new(),
    }
}
