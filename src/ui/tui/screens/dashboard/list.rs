//! One line for each connection.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{status, tile};
use crate::texts::{dashboard as texts, number};
use crate::ui::app::dashboard::Place;
use crate::ui::app::model::{Entry, Model};
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// From so many columns on the list names the product.
const ROOM_FOR_PRODUCT: usize = 72;
/// The last sync has so many cells at least, or none.
const LEAST_SYNC: usize = 12;
/// The state has so many cells at least.
const LEAST_HEALTH: usize = 12;
/// Cells between columns.
const GAP: usize = 2;

/// How wide the columns are; 0 is left out.
struct Columns {
    name: usize,
    product: usize,
    health: usize,
    open: usize,
    sync: usize,
}

/// Draws the headings and as many lines as fit; the headings say how many more there are below.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, place: &Place<'_>, theme: Theme) {
    let columns = Columns::of(model, &place.shown, usize::from(area.width).saturating_sub(2), theme);
    let rows = usize::from(area.height.saturating_sub(1));
    let below = place.shown.len().saturating_sub(place.top + rows);
    let more = if below > 0 { format!("+{below} ") } else { String::new() };
    let heads = text::ends(&columns.heads(model), &more, usize::from(area.width));
    frame.render_widget(Line::styled(heads, theme.style(Role::Title)), Rect { height: area.height.min(1), ..area });
    let shown = place.shown.iter().enumerate().skip(place.top);
    for ((index, entry), y) in shown.zip(area.top() + 1..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        let line = columns.line(model, entry, theme);
        let focus = if index == place.focus { theme.style(Role::Focus) } else { Style::new() };
        frame.buffer_mut().set_style(row, focus);
        frame.render_widget(line.style(focus), row);
        clicks::note(frame.buffer_mut(), row, Choice::opened(index == place.focus), true);
    }
}

impl Columns {
    fn of(model: &Model, shown: &[&Entry], room: usize, theme: Theme) -> Self {
        let lang = model.lang;
        let widest = |least: &str, of: &dyn Fn(&Entry) -> usize| {
            shown.iter().map(|entry| of(entry)).max().unwrap_or(0).max(text::width(least))
        };
        let health = widest(texts::column_health(lang), &|entry| tile::health(model, entry, theme).width());
        let open = widest(texts::column_open(lang), &|entry| text::width(&open(model, entry)));
        let name = widest(texts::column_connection(lang), &|entry| text::width(entry.connection.name.as_str()));
        // Names are compared: the state gives way.
        let health = health.min(room.saturating_sub(name + open + 2 * GAP).max(LEAST_HEALTH));
        let fixed = health + open + 2 * GAP;
        let beside_sync = name.min((room / 3).max(12));
        // Where the last sync has no room anyway, its cells are better spent on whole names.
        let has_sync = room.saturating_sub(beside_sync + fixed + GAP) >= LEAST_SYNC;
        let name = if has_sync { beside_sync } else { name.min(room.saturating_sub(fixed)) };
        let product = widest(texts::column_product(lang), &|entry| text::width(tile::product(model, entry)));
        let product = if room < ROOM_FOR_PRODUCT { 0 } else { product };
        let gap = if product > 0 { GAP } else { 0 };
        let sync = room.saturating_sub(name + product + gap + fixed + GAP);
        Self { name, product, health, open, sync: if sync < LEAST_SYNC { 0 } else { sync } }
    }

    fn heads(&self, model: &Model) -> String {
        let lang = model.lang;
        let mut out = format!(" {}", text::pad(texts::column_connection(lang), self.name));
        if self.product > 0 {
            out.push_str(&format!("  {}", text::pad(texts::column_product(lang), self.product)));
        }
        out.push_str(&format!("  {}", text::pad(texts::column_health(lang), self.health)));
        out.push_str(&format!("  {}", text::pad_left(texts::column_open(lang), self.open)));
        if self.sync > 0 {
            out.push_str(&format!("  {}", text::clip(texts::column_sync(lang), self.sync)));
        }
        out
    }

    fn line(&self, model: &Model, entry: &Entry, theme: Theme) -> Line<'static> {
        let mut spans = vec![Span::raw(format!(" {}", text::pad(entry.connection.name.as_str(), self.name)))];
        if self.product > 0 {
            spans.push(Span::raw(format!("  {}", text::pad(tile::product(model, entry), self.product))));
        }
        let health = tile::health(model, entry, theme);
        let padded = text::pad(&health.content, self.health);
        spans.extend([Span::raw("  "), Span::styled(padded, health.style)]);
        spans.push(Span::raw(format!("  {}", text::pad_left(&open(model, entry), self.open))));
        if self.sync > 0 {
            spans.push(Span::raw("  "));
            spans.extend(status::sync_line(model, entry, self.sync, theme).spans);
        }
        Line::from(spans)
    }
}

/// Open work items of all kinds, as far as they were synced.
fn open(model: &Model, entry: &Entry) -> String {
    match entry.summary.value() {
        Some(summary) if !summary.kinds.is_empty() => {
            number::grouped(model.lang, summary.kinds.values().map(|counts| counts.open).sum())
        }
        _ => "–".to_owned(),
    }
}
