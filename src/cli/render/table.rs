//! Tables: with heads and in columns on a terminal, as plain lines in a pipe.

use super::fold::{fold, width};
use super::medium::{Medium, Role, role_of};
use crate::model::redactor;

/// The blanks between two columns.
const GAP: usize = 2;
/// The narrowest that a folded column gets before it moves below its row, in columns.
const NARROWEST: usize = 24;
/// How far that is indented which stands below a row.
const BELOW: usize = 4;

/// How a column is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// To the left, never cut.
    Text,
    /// To the right, never cut.
    Number,
    /// To the left; folded at words where the table is too wide.
    Prose,
}

/// What a table looks like in a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piped {
    /// Cells parted by tabs, for scripts.
    Tabs,
    /// In columns, without heads and without folding.
    Columns,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    role: Option<Role>,
}

impl Cell {
    /// A value in a colour.
    pub fn of(role: Role, text: impl Into<String>) -> Self {
        Self { role: Some(role), ..Self::from(text.into()) }
    }

    /// A mark in its own colour.
    pub fn mark(mark: char) -> Self {
        Self { text: mark.to_string(), role: role_of(mark) }
    }

    /// The same text in the colour of a mark.
    pub fn like(mark: char, text: impl Into<String>) -> Self {
        Self { role: role_of(mark), ..Self::from(text.into()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        let text = redactor::redact_text(&text).replace(['\t', '\n', '\r'], " ");
        Self { text, role: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

struct Row {
    cells: Vec<Cell>,
    below: Vec<String>,
}

/// Rows under column heads.
pub struct Table {
    columns: Vec<(String, Fit)>,
    rows: Vec<Row>,
    piped: Piped,
    headed: bool,
    /// The widths that earlier blocks of the same table took.
    widths: Vec<usize>,
}

impl Table {
    /// No rows yet. A column without a head has an empty one.
    pub fn new(columns: &[(&str, Fit)], piped: Piped) -> Self {
        let columns: Vec<_> = columns.iter().map(|(head, fit)| (head.to_uppercase(), *fit)).collect();
        let headed = columns.iter().any(|(head, _)| !head.is_empty());
        let widths = columns.iter().map(|(head, _)| width(head)).collect();
        Self { columns, rows: Vec::new(), piped, headed, widths }
    }

    /// Adds a row, with a cell for each column.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row { cells, below: Vec::new() });
    }

    /// Adds lines below the last row.
    pub fn below(&mut self, lines: Vec<String>) {
        if let Some(row) = self.rows.last_mut() {
            row.below.extend(lines);
        }
    }

    /// How many rows wait to be shown.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes the rows out, as lines for this medium. The heads stand above the first rows that are taken.
    pub fn take(&mut self, medium: Medium) -> Vec<String> {
        let rows = std::mem::take(&mut self.rows);
        for row in &rows {
            for (widest, cell) in self.widths.iter_mut().zip(&row.cells) {
                *widest = (*widest).max(width(&cell.text));
            }
        }
        let Some(room) = medium.width else {
            let lines = rows.into_iter().flat_map(|row| self.piped(row));
            return lines.map(|line| medium.shown(line)).collect();
        };
        let layout = Layout::of(&self.columns, &self.widths, room);
        let head = if std::mem::take(&mut self.headed) { self.head(medium, &layout) } else { Vec::new() };
        let shown = rows.iter().flat_map(|row| self.shown(medium, &layout, row));
        head.into_iter().chain(shown).map(|line| medium.shown(line)).collect()
    }

    fn piped(&self, row: Row) -> Vec<String> {
        let line = match self.piped {
            Piped::Tabs => row.cells.into_iter().map(|cell| cell.text).collect::<Vec<_>>().join("\t"),
            Piped::Columns => {
                let cells = row.cells.iter().enumerate();
                let cells = cells.map(|(at, cell)| self.padded(at, &cell.text, self.widths[at]));
                cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
            }
        };
        [vec![line], row.below].concat()
    }

    fn padded(&self, at: usize, text: &str, to: usize) -> String {
        let blanks = " ".repeat(to.saturating_sub(width(text)));
        if self.columns[at].1 == Fit::Number { blanks + text } else { text.to_owned() + &blanks }
    }

    /// The heads; that of a column below its row stands below the others.
    fn head(&self, medium: Medium, layout: &Layout) -> Vec<String> {
        let heads = self.columns.iter().enumerate().filter(|(at, _)| layout.below != Some(*at));
        let heads = heads.map(|(at, (head, _))| self.padded(at, head, layout.widths[at]));
        let first = medium.paint(Role::Head, heads.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        let below = layout.below.map(|at| " ".repeat(BELOW) + &medium.paint(Role::Head, &self.columns[at].0));
        [first].into_iter().chain(below).collect()
    }

    fn shown(&self, medium: Medium, layout: &Layout, row: &Row) -> Vec<String> {
        let (mut line, mut rest, mut place) = (String::new(), Vec::new(), 0);
        for (at, cell) in row.cells.iter().enumerate() {
            let paint = |text: &str| cell.role.map_or_else(|| text.to_owned(), |role| medium.paint(role, text));
            if layout.below == Some(at) {
                let folded = fold(&cell.text, layout.room.saturating_sub(BELOW), 0);
                rest = folded
                    .iter()
                    .filter(|text| !text.is_empty())
                    .map(|text| " ".repeat(BELOW) + &paint(text))
                    .collect();
                continue;
            }
            let mut pieces = match self.columns[at].1 {
                Fit::Prose => fold(&cell.text, layout.widths[at], 0),
                Fit::Text | Fit::Number => vec![cell.text.clone()],
            };
            let first = pieces.remove(0);
            let padded = self.padded(at, &first, layout.widths[at]);
            line.push_str(&padded.replacen(&first, &paint(&first), usize::from(!first.is_empty())));
            rest.extend(pieces.iter().map(|piece| " ".repeat(place) + &paint(piece)));
            place += layout.widths[at] + GAP;
            line.push_str(&" ".repeat(GAP));
        }
        [vec![line.trim_end().to_owned()], rest, row.below.clone()].concat()
    }
}

/// How wide each column is, and which one stands below its row.
struct Layout {
    widths: Vec<usize>,
    below: Option<usize>,
    room: usize,
}

impl Layout {
    fn of(columns: &[(String, Fit)], natural: &[usize], room: usize) -> Self {
        let mut widths = natural.to_vec();
        let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let prose = columns.iter().rposition(|(_, fit)| *fit == Fit::Prose);
        let Some(at) = prose.filter(|_| total > room) else { return Self { widths, below: None, room } };
        let others = total - widths[at];
        if room >= others + NARROWEST {
            widths[at] = room - others;
            return Self { widths, below: None, room };
        }
        Self { widths, below: Some(at), room }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::colours::Colours;

    fn table(piped: Piped) -> Table {
        let mut table = Table::new(&[("number", Fit::Text), ("open", Fit::Number), ("title", Fit::Prose)], piped);
        table.row(vec!["INC1".into(), "7".into(), "The coffee machine\ton the second floor leaks".into()]);
        table.row(vec!["INC1000".into(), "1 204".into(), Cell::of(Role::Warning, "removed")]);
        table
    }

    fn terminal(width: usize) -> Medium {
        Medium { width: Some(width), ..Medium::PIPE }
    }

    #[test]
    fn a31_columns_align_and_last_one_folds_at_words() {
        assert_eq!(
            table(Piped::Tabs).take(terminal(44)),
            [
                "NUMBER    OPEN  TITLE",
                "INC1         7  The coffee machine on the",
                "                second floor leaks",
                "INC1000  1 204  removed",
            ]
        );
    }

    #[test]
    fn a31_narrow_terminal_puts_last_column_below_row() {
        let lines = table(Piped::Tabs).take(terminal(30));
        assert_eq!(lines[..4], ["NUMBER    OPEN", "    TITLE", "INC1         7", "    The coffee machine on the"]);
        assert!(lines.iter().all(|line| width(line) <= 30), "{lines:?}");
    }

    #[test]
    fn a31_a_pipe_gets_tabs_or_columns_and_no_head() {
        let lines = table(Piped::Tabs).take(Medium::PIPE);
        assert_eq!(lines, ["INC1\t7\tThe coffee machine on the second floor leaks", "INC1000\t1 204\tremoved"]);
        let lines = table(Piped::Columns).take(Medium::PIPE);
        assert_eq!(lines[1], "INC1000  1 204  removed");
    }

    #[test]
    fn head_comes_once_and_colours_keep_alignment() {
        let mut table = table(Piped::Tabs);
        let lines = table.take(Medium { width: Some(80), colours: Colours::Dark, ..Medium::PIPE });
        assert!(lines[0].contains("NUMBER") && lines[2].contains("\x1b[33mremoved\x1b[0m"), "{lines:?}");
        table.row(vec!["INC2".into(), "1".into(), "x".into()]);
        assert_eq!(table.take(terminal(80)), ["INC2         1  x"]);
    }
}
