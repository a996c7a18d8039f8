//! The columns of the table of tokens. Those without room are left out, the least telling first.

use ratatui::text::{Line, Span};

use crate::model::token_rows::TokenRow;
use crate::texts::{time, token as words};
use crate::ui::app::connection::TokenTab;
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Cells between two columns.
const GAP: usize = 2;
/// Cells of the mark and the symbol before a row.
const MARKS: usize = 6;
/// The columns in their order.
const COLUMNS: usize = 7;
/// The column that tells when a token was last used.
const USED: usize = 5;
/// Which columns go first where there is no room: last used, issued, ours, state.
const LEAVING: [usize; 4] = [USED, 3, 2, 6];

/// How wide each column is; zero where it is left out.
pub struct Columns {
    heads: [&'static str; COLUMNS],
    widths: [usize; COLUMNS],
    gap: usize,
    room: usize,
    spans: Spans,
}

/// How times are told: `21 Dec 2026 (2 d ago)`, `21 Dec 2026`, `2 d ago`, `2 d`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spans {
    Dated,
    Dates,
    Plain,
    Bare,
}

impl Columns {
    /// Measured over all rows; with dates beside the spans of time where there is room.
    pub fn of(model: &Model, rows: &[TokenRow<'_>], room: usize) -> Self {
        let lang = model.lang;
        let heads = [
            words::column_token(lang),
            words::column_id(lang),
            words::column_ours(lang),
            words::column_issued(lang),
            words::column_ends(lang),
            words::column_used(lang),
            words::column_state(lang),
        ];
        let mut columns = Self { heads, widths: [0; COLUMNS], gap: GAP, room, spans: Spans::Dated };
        for spans in [Spans::Dated, Spans::Dates, Spans::Plain, Spans::Bare] {
            columns.spans = spans;
            columns.measure(model, rows);
            if columns.total() <= room {
                return columns;
            }
        }
        for leaving in LEAVING {
            if columns.total() > room {
                columns.widths[leaving] = 0;
            }
        }
        // No value is cut.
        if columns.total() > room {
            columns.gap = 1;
        }
        columns
    }

    fn measure(&mut self, model: &Model, rows: &[TokenRow<'_>]) {
        self.widths = self.heads.map(text::width);
        for row in rows {
            let cells = self.cells(model, row);
            for (width, cell) in self.widths.iter_mut().zip(cells) {
                *width = (*width).max(text::width(&cell));
            }
        }
        // A product that does not list tokens knows of none when it was last used.
        if rows.iter().all(|row| row.last_used().is_none()) {
            self.widths[USED] = 0;
        }
    }

    fn total(&self) -> usize {
        let shown = self.widths.iter().filter(|width| **width > 0);
        MARKS + shown.clone().sum::<usize>() + self.gap * shown.count().saturating_sub(1)
    }

    fn cells(&self, model: &Model, row: &TokenRow<'_>) -> [String; COLUMNS] {
        let (lang, now) = (model.lang, model.now);
        let unknown = || words::unknown(lang).to_owned();
        let dated = |at, span: String| match self.spans {
            Spans::Dated => format!("{} ({span})", time::date(lang, at)),
            // What is near is told to the minute, an estimate as such.
            Spans::Dates if now.duration_since(at).as_hours().abs() < 24 => span,
            Spans::Dates if span.contains('~') => format!("~{}", time::date(lang, at)),
            Spans::Dates => time::date(lang, at),
            Spans::Plain | Spans::Bare => span,
        };
        let ago = |at| match self.spans {
            Spans::Bare => time::short(lang, u64::try_from(now.duration_since(at).as_secs()).unwrap_or(0)),
            Spans::Dated | Spans::Dates | Spans::Plain => dated(at, time::ago(lang, at, now)),
        };
        [
            words::kind_short(lang, row.kind()).to_owned(),
            row.short_id(),
            words::ours_short(lang, row.ours()).to_owned(),
            row.issued().map_or_else(|| "–".to_owned(), ago),
            row.expires().map_or_else(|| "–".to_owned(), |end| dated(end.0, words::ends(lang, end, now))),
            row.last_used().map_or_else(unknown, ago),
            words::state(lang, row.state(now)).to_owned(),
        ]
    }

    fn laid_out(&self, cells: &[impl AsRef<str>; COLUMNS]) -> String {
        let shown = cells.iter().zip(self.widths).filter(|(_, width)| *width > 0);
        let cells: Vec<_> = shown.map(|(cell, width)| text::pad(cell.as_ref(), width)).collect();
        cells.join(&" ".repeat(self.gap))
    }

    /// The heads.
    pub fn head(&self, theme: Theme) -> Line<'static> {
        let words = format!("{}{}", " ".repeat(MARKS), self.laid_out(&self.heads));
        Line::styled(text::clip(words.trim_end(), self.room), theme.style(Role::Title))
    }

    /// A row: its mark, a symbol for its state, its cells.
    pub fn line(
        &self,
        model: &Model,
        tab: &TokenTab,
        row: &TokenRow<'_>,
        focused: bool,
        theme: Theme,
    ) -> Line<'static> {
        let marked = if tab.marked.contains(&row.choice()) { "[x]" } else { "[ ]" };
        let (symbol, role) = match row {
            row if row.should_be_revoked() => ("▲", Role::Warning),
            row if row.is_in_use() => ("●", Role::Normal),
            _ => ("?", Role::Normal),
        };
        let words = format!("{marked} {symbol} {}", self.laid_out(&self.cells(model, row)));
        let style = theme.style(if focused { Role::Focus } else { role });
        Line::from(Span::styled(text::pad(&words, self.room), style))
    }
}
