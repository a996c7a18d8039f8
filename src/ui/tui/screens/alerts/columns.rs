//! The columns of the table of alerts: as many as the width has room for, the most telling ones first.

use crate::model::alert_view::{AlertRow, RowTicket};
use crate::model::clean::clean;
use crate::model::lang::Lang;
use crate::texts::{alerts_screen as texts, ticket as tickets, time};
use crate::ui::tui::widgets::text;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Whether the alert still stands.
    State,
    /// When it fired.
    Fired,
    /// How grave it is.
    Severity,
    /// The rule in Azure.
    Rule,
    /// What is affected.
    Item,
    /// The number of its ticket.
    Ticket,
    /// Where that stands.
    TicketState,
    /// What became of it.
    Outcome,
    /// The rule that decided.
    OwnRule,
}

use Column::{Fired, Item, Outcome, OwnRule, Rule, Severity, State, Ticket, TicketState};

impl Column {
    /// Every column, in the order of the table.
    const ALL: [Self; 9] = [State, Fired, Severity, Rule, Item, Ticket, TicketState, Outcome, OwnRule];

    /// Every column, the one that gives way last first.
    const BY_WEIGHT: [Self; 9] = [State, Rule, Ticket, Outcome, Severity, TicketState, Item, Fired, OwnRule];

    /// The same where words are short.
    const BY_WEIGHT_SHORT: [Self; 9] = [State, Rule, Ticket, Severity, TicketState, Outcome, Item, Fired, OwnRule];

    /// The cells that it needs at least, and those that it takes at most.
    fn cells(self, short: bool, words: bool) -> (usize, usize) {
        match self {
            State => (14, 16),
            Fired => (16, 16),
            Severity => (5, 5),
            Rule if short => (8, 40),
            Rule => (14, 40),
            Item if words => (10, 40),
            Item => (8, 40),
            // Numbers are never cut.
            Ticket => (24, 24),
            TicketState => (17, 17),
            Outcome => (17, 34),
            OwnRule => (10, 30),
        }
    }

    fn head(self, lang: Lang, short: bool) -> &'static str {
        match self {
            TicketState if short => "",
            Rule if short => texts::head_rule_short(lang),
            State => texts::head_state(lang),
            Fired => texts::head_fired(lang),
            Severity => texts::head_severity(lang),
            Rule => texts::head_rule(lang),
            Item => texts::head_item(lang),
            Ticket => texts::head_ticket(lang),
            TicketState => texts::head_ticket_state(lang),
            Outcome => texts::head_outcome(lang),
            OwnRule => texts::head_own_rule(lang),
        }
    }
}

/// Below so many cells the state of an alert is its mark, and that of its ticket a short word.
const WORDS_FROM: usize = 60;

/// Cells between two columns.
const GAP: usize = 2;

/// The columns that are shown, with the width of each.
pub struct Columns {
    shown: Vec<(Column, usize)>,
    /// Whether words are short.
    short: bool,
    /// How many are left out.
    pub hidden: usize,
}

impl Columns {
    /// Those of the list for these rows in so many cells.
    pub fn of<'a>(
        rows: impl Iterator<Item = &'a AlertRow> + Clone,
        lang: Lang,
        now: jiff::Timestamp,
        room: usize,
    ) -> Self {
        Self::among(&Column::ALL, rows, lang, now, room)
    }

    /// As many of these columns as fit into so many cells.
    pub fn among<'a>(
        columns: &[Column],
        rows: impl Iterator<Item = &'a AlertRow> + Clone,
        lang: Lang,
        now: jiff::Timestamp,
        room: usize,
    ) -> Self {
        let short = room < WORDS_FROM;
        let made = Self::fitting((columns, short), rows.clone(), (lang, now), room, !short);
        let has = |column| made.shown.iter().any(|(one, _)| *one == column);
        // The mark alone tells how an alert stands, so its words give way to the state of the ticket and to what is affected.
        match columns.contains(&State) && !(has(TicketState) && has(Item)) && !short {
            true => Self::fitting((columns, short), rows, (lang, now), room, false),
            false => made,
        }
    }

    /// As many of these columns as fit, the state of alerts in words or as a mark.
    fn fitting<'a>(
        (columns, short): (&[Column], bool),
        rows: impl Iterator<Item = &'a AlertRow> + Clone,
        (lang, now): (Lang, jiff::Timestamp),
        room: usize,
        words: bool,
    ) -> Self {
        let longest = |column: Column| match column {
            State if !words => 1,
            column => {
                let of = |row: &AlertRow| text::width(&cell((lang, short), now, column, row));
                let cells = rows.clone().map(of).max().unwrap_or(0);
                cells.max(text::width(column.head(lang, short)))
            }
        };
        let wanted: Vec<_> = columns
            .iter()
            .map(|column| {
                let ((least, most), longest) = (column.cells(short, words), longest(*column));
                let least = match *column {
                    Item if !short => least.max(text::width(column.head(lang, short))),
                    _ => least,
                };
                (*column, longest.min(least).max(1), longest.min(most))
            })
            .collect();
        let (mut used, mut kept) = (1, Vec::new());
        for column in if short { Column::BY_WEIGHT_SHORT } else { Column::BY_WEIGHT } {
            let Some((_, least, _)) = wanted.iter().find(|(one, ..)| *one == column) else { continue };
            // The last column has no gap behind it.
            if used + least <= room {
                used += least + GAP;
                kept.push(column);
            }
        }
        let hidden = wanted.len() - kept.len();
        let mut shown: Vec<_> = wanted.into_iter().filter(|(column, ..)| kept.contains(column)).collect();
        let mut left = (room + GAP).saturating_sub(used);
        // Rules are compared by their names: these get the cells first.
        if let Some((_, width, most)) = shown.iter_mut().find(|(column, ..)| *column == Rule) {
            let more = most.saturating_sub(*width).min(left);
            (*width, left) = (*width + more, left - more);
        }
        widen(&mut shown, left);
        let shown = shown.into_iter().map(|(column, width, _)| (column, width)).collect();
        Self { shown, short, hidden }
    }

    /// The line of heads in so many cells, with how many columns are left out at its end. No head is cut for that.
    pub fn heads_line(&self, lang: Lang, room: usize) -> String {
        let heads = self.heads(lang);
        let (heads, more) = (heads.trim_end(), format!("+{}", self.hidden));
        let left = room.saturating_sub(text::width(heads));
        match text::width(&more) {
            _ if self.hidden == 0 => text::head(heads, room).to_owned(),
            width if left > width + GAP => text::ends(heads, &format!("{more} "), room),
            width if left > width => format!("{heads}{}{more}", " ".repeat(left - width)),
            _ => text::head(heads, room).to_owned(),
        }
    }

    /// The line of heads.
    fn heads(&self, lang: Lang) -> String {
        self.line(|column| column.head(lang, self.short).to_owned())
    }

    /// The columns of a row, each as wide as it is, but the last.
    pub fn cells(&self, lang: Lang, now: jiff::Timestamp, row: &AlertRow) -> Vec<(Column, String)> {
        let padded = |(column, width): &(Column, usize)| {
            let words = match *width {
                1 => mark(now, row).to_owned(),
                // How many more there are is not cut.
                width if *column == Item && row.more_items > 0 => {
                    let more = format!(" +{}", row.more_items);
                    text::clip(&clean(last(&row.item), false), width.saturating_sub(text::width(&more))) + &more
                }
                _ => cell((lang, self.short), now, *column, row),
            };
            (*column, text::pad(&words, *width) + "  ")
        };
        let has_outcome = self.shown.iter().any(|(column, _)| *column == Outcome);
        if has_outcome || !row.tickets.is_empty() {
            return self.shown.iter().map(padded).collect();
        }
        // Where the outcome has no column, it stands in the place of the ticket and its state.
        let is_of_ticket = |column: &Column| matches!(column, Ticket | TicketState);
        let place = self.shown.iter().filter(|(column, _)| is_of_ticket(column)).map(|(_, width)| width + GAP);
        let place = place.sum::<usize>().saturating_sub(GAP);
        let outcome = texts::outcomes(lang, row.verdict, row.over);
        let outcome = if text::width(&outcome) > place { text::with_more(&outcome, place) } else { outcome };
        let shown = self.shown.iter().filter(|(column, _)| *column != TicketState).map(|one| match one.0 {
            Ticket => (Ticket, text::pad(&outcome, place) + "  "),
            _ => padded(one),
        });
        shown.collect()
    }

    fn line(&self, words: impl Fn(Column) -> String) -> String {
        let head = |column, width| if width == 1 { String::new() } else { words(column) };
        let cells = self.shown.iter().map(|(column, width)| text::pad(&head(*column, *width), *width));
        format!(" {}", cells.collect::<Vec<_>>().join("  "))
    }
}

/// Gives the cells that are left to the columns whose content is longer, turn by turn.
fn widen(shown: &mut [(Column, usize, usize)], mut left: usize) {
    while left > 0 {
        let before = left;
        for (_, width, most) in shown.iter_mut().filter(|(_, width, most)| width < most) {
            if left == 0 || *width >= *most {
                break;
            }
            *width += 1;
            left -= 1;
        }
        if left == before {
            return;
        }
    }
}

/// What stands in a column of a row.
fn cell((lang, short): (Lang, bool), now: jiff::Timestamp, column: Column, row: &AlertRow) -> String {
    let ticket = row.tickets.first();
    let told = match column {
        State => format!("{} {}", mark(now, row), state(lang, now, row)),
        Fired => row.fired_at.map(time::moment_in_list).unwrap_or_default(),
        Severity => row.severity.map(|severity| severity.id().to_owned()).unwrap_or_default(),
        Rule => row.azure_rule.clone(),
        Item if row.more_items > 0 => format!("{} +{}", last(&row.item), row.more_items),
        Item => last(&row.item).to_owned(),
        Ticket => number(lang, row),
        TicketState => ticket.map(|ticket| ticket_state(lang, ticket, short)).unwrap_or_default(),
        Outcome if row.is_being_opened() && row.over.is_none() => texts::to_be_opened(lang).to_owned(),
        Outcome => texts::outcomes(lang, row.verdict, row.over),
        OwnRule => row.rule.clone().unwrap_or_default(),
    };
    clean(&told, false)
}

/// The mark of the alert's state.
pub fn mark(now: jiff::Timestamp, row: &AlertRow) -> &'static str {
    use crate::model::alert::Condition;
    match row.condition {
        _ if row.is_unseen(now) => "?",
        Condition::Fired => "▲",
        Condition::Resolved => "✓",
        Condition::Unknown => "?",
    }
}

fn state(lang: Lang, now: jiff::Timestamp, row: &AlertRow) -> &'static str {
    if row.is_unseen(now) { texts::unseen(lang) } else { texts::condition(lang, row.condition) }
}

fn number(lang: Lang, row: &AlertRow) -> String {
    let Some(ticket) = row.tickets.first() else { return String::new() };
    let shown = match (ticket.number.as_str(), ticket.connection.as_str()) {
        ("", "") => texts::gone_ticket(lang),
        ("", _) => texts::being_made(lang),
        (number, _) => number,
    };
    let more = row.tickets.len() - 1 + row.more_tickets;
    if more > 0 { format!("{shown} +{more}") } else { shown.to_owned() }
}

fn ticket_state(lang: Lang, ticket: &RowTicket, short: bool) -> String {
    let words = if short { tickets::state_short } else { tickets::state };
    ticket.state.map(|state| words(lang, state).to_owned()).unwrap_or_default()
}

/// The name at the end of a resource id.
fn last(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}
