//! The lines of the workspaces above the tiles: how far each is, when it was last verified, and the worst that is wrong.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::texts::{fault as faults, sending, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::{Standing, WorkspaceEntry, Worst};
use crate::ui::tui::screens::workspace::symbol;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// From so many columns on the lines say what they are about.
const ROOM_FOR_LABEL: usize = 100;

/// Draws as many as there is room for, the worst first; the last line says how many more there are. Without a workspace, how
/// to add one.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let room = usize::from(area.width).saturating_sub(2);
    let all = model.workspaces.by_urgency();
    if all.is_empty() {
        let words = text::clip(&format!(" {}", texts::hint_none(model.lang)), room);
        return frame.render_widget(Line::styled(words, theme.style(Role::Dim)), area);
    }
    let widest = all.iter().map(|entry| text::width(entry.settings.name.as_str())).max().unwrap_or(0).min(room / 3);
    let hidden = all.len().saturating_sub(usize::from(area.height));
    for ((nth, entry), y) in all.iter().enumerate().zip(area.top()..area.bottom()) {
        let is_last = y + 1 == area.bottom();
        let more = if is_last && hidden > 0 { texts::more(model.lang, hidden) } else { String::new() };
        let rest = room.saturating_sub(if more.is_empty() { 0 } else { text::width(&more) + 1 });
        let mut line = line(model, entry, (nth, widest, rest), theme);
        if !more.is_empty() {
            let gap = room.saturating_sub(line.width() + text::width(&more));
            line.push_span(Span::raw(" ".repeat(gap)));
            line.push_span(Span::styled(more, theme.style(Role::Dim)));
        }
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
}

fn line(
    model: &Model,
    entry: &WorkspaceEntry,
    (nth, widest, room): (usize, usize, usize),
    theme: Theme,
) -> Line<'static> {
    let (lang, at, now) = (model.lang, &entry.standing, model.now);
    let (mark, role) = symbol(entry.standing());
    let label = texts::log_analytics(lang);
    let mut spans = vec![Span::raw(" ")];
    if room >= ROOM_FOR_LABEL {
        let label = if nth == 0 { label.to_owned() } else { " ".repeat(text::width(label)) };
        spans.push(Span::styled(format!("{label}  "), theme.style(Role::Dim)));
    }
    spans.push(Span::styled(format!("{mark} "), theme.style(role)));
    spans.push(Span::styled(text::pad(entry.settings.name.as_str(), widest), theme.style(Role::Title)));
    let behind = if at.behind_rows > 0 { Role::Warning } else { Role::Normal };
    let mut rest = room.saturating_sub(spans.iter().map(Span::width).sum());
    let worst = worst(model, entry);
    let mut parts = vec![(behind, texts::behind(lang, at, now))];
    if at.set_up {
        parts.push((Role::Dim, texts::verified(lang, at, now)));
    }
    // Where not everything fits, when it was verified is left out: it is not cut, and what is wrong says more.
    let needed = |parts: &[(Role, String)]| parts.iter().map(|(_, words)| text::width(words) + 3).sum::<usize>();
    let least = worst.as_ref().map_or(0, |(_, words)| (text::width(words) + 3).min(30));
    if (needed(&parts) + least).saturating_sub(1) > rest && parts.len() > 1 {
        parts.pop();
    }
    // What stops it comes first, whole; what is told of it besides only where that has room.
    let is_stopped = entry.standing() == Standing::Failing;
    match worst {
        Some(worst) if is_stopped => parts.insert(0, worst),
        worst => parts.extend(worst),
    }
    for (nth, (role, words)) in parts.into_iter().enumerate() {
        let gap = if nth == 0 { "  " } else { " · " };
        if is_stopped && nth > 0 && text::width(gap) + text::width(&words) > rest {
            break;
        }
        let words = text::shorten(&words, rest.saturating_sub(text::width(gap)));
        if words.is_empty() {
            break;
        }
        rest = rest.saturating_sub(text::width(gap) + text::width(&words));
        spans.push(Span::styled(gap, theme.style(Role::Dim)));
        spans.push(Span::styled(words, theme.style(role)));
    }
    Line::from(spans)
}

/// The worst that is wrong, in the words of a line.
fn worst(model: &Model, entry: &WorkspaceEntry) -> Option<(Role, String)> {
    let lang = model.lang;
    let words = match entry.worst()? {
        Worst::Fault(fault) => faults::summary(lang, fault),
        Worst::Differs(record) => texts::differs_short(lang, record),
        Worst::NotVerified(fault) => texts::not_verified(lang, fault),
        Worst::Finding(found, 0) => sending::finding(lang, found),
        Worst::Finding(found, more) => format!("{} {}", sending::finding(lang, found), texts::more(lang, more)),
    };
    Some((Role::Warning, words))
}
