//! The pane with one work item, whole.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};

use super::tell;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::work_item::WorkItem;
use crate::texts::{connection as texts, fault as faults, sweep};
use crate::ui::app::connection::detail::{DetailLine, label_width, lines};
use crate::ui::app::connection::{Detail, mapping, pane_width};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::app::remote::Remote;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::{hints, text};

/// Draws the pane.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, name: &ConnectionName, detail: &Detail, theme: Theme) {
    let item = detail.item.value().and_then(Option::as_deref);
    let width = pane_width(model.size.0);
    let lines = item
        .map(|item| lines(item, detail.removed_at, mapping(model, name, item.kind), model.lang, width))
        .unwrap_or_default();
    let block = framed(model, detail, item, lines.len(), area, theme);
    let inner = block.inner(area);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    frame.render_widget(block, area);
    view::put_cursor(frame, inner.as_position());
    if item.is_none() {
        return draw_nothing(frame, inner, model, &detail.item, theme);
    }
    let shown = lines.into_iter().skip(detail.top).take(usize::from(inner.height));
    let labels = label_width(width);
    frame.render_widget(Paragraph::new(shown.map(|line| drawn(line, labels, theme)).collect::<Vec<_>>()), inner);
}

fn framed(
    model: &Model,
    detail: &Detail,
    item: Option<&WorkItem>,
    lines: usize,
    area: Rect,
    theme: Theme,
) -> Block<'static> {
    let mark = detail.removed_at.map(|_| format!(" · {}", sweep::removed_mark(model.lang))).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(6 + text::width(&mark));
    let title = item.map(|item| format!(" {}{mark} ", text::clip(&item.number, room)));
    let block = Block::bordered()
        .border_type(BorderType::Thick)
        .border_style(theme.style(Role::Accent))
        .title(Span::styled(title.unwrap_or_default(), theme.style(Role::Title)));
    let more = detail.top + usize::from(area.height.saturating_sub(2)) < lines;
    match more {
        true => block.title_bottom(hints::more(model).right_aligned()),
        false => block,
    }
}

fn drawn(line: DetailLine, labels: usize, theme: Theme) -> Line<'static> {
    let label = format!("{}  ", text::pad(&line.label, labels.saturating_sub(2)));
    Line::from(vec![Span::styled(label, theme.style(Role::Dim)), Span::raw(line.text)])
}

type Item = Remote<Option<Box<WorkItem>>>;

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, item: &Item, theme: Theme) {
    let told = |fault: &Fault| format!("✗ {}. {}", faults::summary(model.lang, fault), remedy(model, fault));
    match (item.fault(), item) {
        (Some(fault), _) => tell(frame, area, &told(fault), Role::Error, theme),
        (None, Remote::Ready(..)) => tell(frame, area, texts::item_gone(model.lang), Role::Normal, theme),
        (None, _) => tell(frame, area, texts::loading(model.lang), Role::Dim, theme),
    }
}
