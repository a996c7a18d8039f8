//! The tab with the tokens.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::token_table::Columns;
use super::{beside, right_below, sheet, tell};
use crate::model::token::Urgency;
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{InstanceTokens, TokenList};
use crate::model::token_rows::TokenRow;
use crate::texts::{checklist, connection as texts, fault as faults, time, token as words};
use crate::ui::app::connection::{ConnectionScreen, TokenTab};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::remedy::remedy;
use crate::ui::app::remote::Remote;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::dashboard::status;
use crate::ui::tui::screens::wizard::sheet::arrows;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::text;

/// The heads and so many rows come before the row in full, in lines.
const ROWS: usize = 4;

/// Draws what needs doing and the table; the row in focus in full below it, or beside it where there is room.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let tab = &screen.tokens;
    let list = match (tab.list.value(), &tab.list) {
        (Some(list), _) => list,
        (None, Remote::Failed(fault)) => {
            let told = format!("✗ {}. {}", faults::summary(model.lang, fault), remedy(model, fault));
            return tell(frame, area, &told, Role::Error, theme);
        }
        (None, _) => return tell(frame, area, texts::loading(model.lang), Role::Dim, theme),
    };
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let Some((left, pane)) = beside(inner) else {
        let room = usize::from(inner.width);
        let count = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        let above = todo(model, screen, room, theme).len();
        let taken = above + 1 + tab.rows().len() + notes(model, screen, list, room, theme).len();
        let by_part = tab.focused().map(|row| pane_lines(model, list, &row, room, theme)).unwrap_or_default();
        // A line for each part, where the whole table leaves them; else Enter shows what there is no room for.
        let full = match taken + by_part.len() < usize::from(area.height) {
            true => by_part,
            false => {
                let words = tab.focused().map(|row| words_of(model, list, &row).join(" · ")).unwrap_or_default();
                let mut lines = sheet::wrapped(&words, room, Role::Normal, theme);
                let left = usize::from(area.height).saturating_sub(above + ROWS).min(usize::from(area.height / 3));
                if lines.len() >= left {
                    lines = text::fit(lines, left.saturating_sub(1), room);
                }
                lines
            }
        };
        let wanted = if full.is_empty() { 0 } else { count(full.len() + 1) };
        let [above, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(wanted)]).areas(inner);
        let used = draw_table(frame, above, model, screen, list, theme);
        let below = right_below(above, below, used);
        let full = text::fit(full, usize::from(below.height).saturating_sub(1), room);
        return frame.render_widget(Paragraph::new([vec![Line::default()], full].concat()), below);
    };
    draw_table(frame, left, model, screen, list, theme);
    if let Some(row) = tab.focused() {
        frame.render_widget(Paragraph::new(pane_lines(model, list, &row, usize::from(pane.width), theme)), pane);
    }
}

/// A row in full, part by part.
fn pane_lines(model: &Model, list: &TokenList, row: &TokenRow<'_>, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let parts = words_of(model, list, row);
    let (name, rest) = parts.split_first().map_or((String::new(), &[][..]), |(name, rest)| (name.clone(), rest));
    let rest = rest.iter().flat_map(|part| sheet::wrapped(part, room, Role::Normal, theme));
    [Line::styled(text::clip(&name, room), theme.style(Role::Title))].into_iter().chain(rest).collect()
}

/// What needs doing stays in sight, as far as it leaves room for some rows; these scroll with the focus. How many lines there
/// are.
fn draw_table(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &ConnectionScreen,
    list: &TokenList,
    theme: Theme,
) -> usize {
    let (tab, room) = (&screen.tokens, usize::from(area.width));
    let rows = tab.rows();
    let columns = Columns::of(model, &rows, room);
    let mut lines = todo(model, screen, room, theme);
    if !rows.is_empty() {
        lines.push(columns.head(theme));
    }
    let first = lines.len();
    for (index, row) in rows.iter().enumerate() {
        lines.push(columns.line(model, tab, row, index == tab.cursor, theme));
    }
    lines.extend(notes(model, screen, list, room, theme));
    let (height, count) = (usize::from(area.height).max(1), lines.len());
    let top = (first + tab.cursor + 1).saturating_sub(height);
    // The rows scroll under their heads; where there is no room for that, all lines scroll.
    let fixed = if first < height { first } else { 0 };
    let lines: Vec<_> = lines.into_iter().enumerate().filter(|(at, _)| *at < fixed || *at >= fixed + top).collect();
    frame.render_widget(Paragraph::new(lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>()), area);
    for index in top..rows.len() {
        let y = u16::try_from(first + index - top).unwrap_or(u16::MAX);
        let place = Rect { y: area.y.saturating_add(y), height: 1, ..area }.intersection(area);
        clicks::note(frame.buffer_mut(), place, Choice::opened(index == tab.cursor), true);
    }
    if !rows.is_empty() {
        let above = u16::try_from(fixed).unwrap_or(u16::MAX).min(area.height);
        let list = Rect { y: area.y + above, height: area.height - above, ..area };
        arrows(frame, list, area.width, (top > 0, count > height + top), theme);
        let y = u16::try_from(first + tab.cursor - top).unwrap_or(u16::MAX);
        view::put_cursor(frame, Position { x: area.x, y: area.y.saturating_add(y) });
    }
    count
}

/// With whose rights the product was asked, and why it may show less than there is.
fn notes(model: &Model, screen: &ConnectionScreen, list: &TokenList, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let wrapped = |words: &str, role| sheet::wrapped(words, room, role, theme);
    let mut lines = Vec::new();
    if list.held.is_empty() {
        lines.extend(wrapped(words::none_held(lang), Role::Normal));
    }
    match &list.instance {
        InstanceTokens::Seen { tokens } => {
            if tokens.is_empty() {
                lines.extend(wrapped(&words::none_listed(lang, model.product(&screen.name)), Role::Normal));
            }
            lines.extend(wrapped(&checklist::seen_by(lang, &list.seen_by), Role::Dim));
        }
        InstanceTokens::NotListed => lines.extend(wrapped(words::not_listed(lang), Role::Dim)),
        // What kept it from being read stands on top.
        InstanceTokens::CannotSee { .. } if list.unread().is_some() => {}
        InstanceTokens::CannotSee { fault } => {
            lines.extend(wrapped(&format!("? {} (A).", words::cannot_list(lang)), Role::Warning));
            let why = fault.as_ref().map(|fault| wrapped(&faults::summary(lang, fault), Role::Dim));
            lines.extend(why.unwrap_or_default());
        }
    }
    lines
}

/// What needs doing, on top.
fn todo(model: &Model, screen: &ConnectionScreen, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let entry = model.entry(&screen.name);
    let sign_in = entry.and_then(|entry| entry.summary.value()?.sign_in);
    let mut told: Vec<(String, Role)> = Vec::new();
    if entry.is_some_and(Entry::is_secret_refused) {
        told.push((format!("✗ {}", texts::todo_secret_refused(lang)), Role::Error));
    } else if screen.is_signed_out(model) {
        told.push((format!("✗ {}", texts::todo_signed_out(lang)), Role::Error));
    } else if let Some(sign_in) = sign_in {
        let days = time::days(lang, u64::try_from(sign_in.days_left(model.now)).unwrap_or_default());
        told.extend(match sign_in.urgency(model.now) {
            Urgency::None => None,
            Urgency::Warning => Some((format!("▲ {}", texts::todo_rotate(lang, &days)), Role::Warning)),
            Urgency::Error => Some((format!("✗ {}", texts::todo_rotate(lang, &days)), Role::Error)),
            Urgency::Over => Some((format!("✗ {}", texts::todo_over(lang)), Role::Error)),
        });
    }
    told.extend(entry.and_then(|entry| secret_todo(model, entry)));
    let stale = screen.tokens.stale().len();
    if stale > 0 {
        told.push((format!("▲ {}", texts::todo_stale(lang, stale)), Role::Warning));
    }
    if let Some(fault) = screen.tokens.list.fault() {
        told.push((format!("▲ {}", faults::summary(lang, fault)), Role::Warning));
    }
    let list = screen.tokens.list.value();
    if let Some(fault) = list.and_then(|list| list.unread()) {
        told.push((format!("? {}", texts::todo_unread(lang, &faults::summary(lang, fault))), Role::Warning));
    }
    if told.is_empty() {
        let nothing = match list.is_some_and(|list| list.is_hidden()) {
            _ if screen.tokens.holds_none() => texts::todo_gets_token,
            true => texts::todo_nothing_held,
            false => texts::todo_nothing,
        };
        told.push((format!("✓ {}", nothing(lang)), Role::Ok));
    }
    let mut lines: Vec<_> = told.iter().flat_map(|(words, role)| sheet::wrapped(words, room, *role, theme)).collect();
    let far_off = |entry: &&Entry| secret_todo(model, entry).is_none();
    lines.extend(entry.filter(far_off).and_then(|entry| status::client_secret(model, entry, room, theme)));
    lines
}

/// A client secret that ends soon or is over.
fn secret_todo(model: &Model, entry: &Entry) -> Option<(String, Role)> {
    let (lang, summary) = (model.lang, entry.summary.value()?);
    let end = summary.client_secret_expires?;
    let (date, days) = (time::date_in_utc(lang, end), time::days(lang, status::days_until(end, model.now)));
    match summary.client_secret_urgency(model.now) {
        Urgency::None => None,
        Urgency::Warning => Some((format!("▲ {}", texts::todo_secret_ends(lang, &days, &date)), Role::Warning)),
        Urgency::Error => Some((format!("✗ {}", texts::todo_secret_ends(lang, &days, &date)), Role::Error)),
        Urgency::Over => Some((format!("✗ {}", texts::todo_secret_over(lang, &date)), Role::Error)),
    }
}

/// A token by name, with what matters most of it, for questions.
pub fn name(model: &Model, tab: &TokenTab, choice: &TokenChoice) -> String {
    named(model, tab, choice, 2)
}

/// A token by name, for outcomes.
pub fn short_name(model: &Model, tab: &TokenTab, choice: &TokenChoice) -> String {
    named(model, tab, choice, 1)
}

fn named(model: &Model, tab: &TokenTab, choice: &TokenChoice, most: usize) -> String {
    match (tab.list.value().zip(tab.row(choice)), choice) {
        (Some((list, row)), _) => parts(model, list, &row).into_iter().take(most).collect::<Vec<_>>().join(" · "),
        (None, TokenChoice::Held(fingerprint)) => texts::token_held(model.lang, &fingerprint.to_string()),
        (None, TokenChoice::Listed(id)) => texts::token_listed(model.lang, id),
    }
}

/// Everything there is to tell of a token, part by part.
pub fn in_full(model: &Model, tab: &TokenTab, choice: &TokenChoice) -> Vec<String> {
    tab.list.value().zip(tab.row(choice)).map_or_else(Vec::new, |(list, row)| words_of(model, list, &row))
}

/// What there is to tell of a token: its name, what matters most of it, the rest.
fn parts(model: &Model, list: &TokenList, row: &TokenRow<'_>) -> Vec<String> {
    let (lang, now) = (model.lang, model.now);
    let ago = |at| time::ago(lang, at, now);
    let state = match row.held.and_then(|held| held.retired_at) {
        Some(at) => texts::token_retired(lang, &ago(at)),
        None => words::state_in_full(lang, row.state(now), list.why_unknown(row)).to_owned(),
    };
    let mut parts = vec![format!("{} {}", words::kind(lang, row.kind()), row.id()), state];
    parts.extend(row.expires().map(|(at, is_known)| ends(model, at, is_known)));
    parts.extend(row.issued().map(|at| texts::token_issued(lang, &ago(at))));
    parts
}

/// The same, and what the instance shows of it.
fn words_of(model: &Model, list: &TokenList, row: &TokenRow<'_>) -> Vec<String> {
    let (lang, mut parts) = (model.lang, parts(model, list, row));
    let used = row.last_used().map(|at| texts::token_used(lang, &time::ago(lang, at, model.now)));
    parts.push(used.unwrap_or_else(|| words::last_used_unknown(lang).to_owned()));
    match row.listed {
        Some(listed) if row.fingerprint().is_some() => parts.push(words::row_id(lang, &listed.id)),
        None if matches!(list.instance, InstanceTokens::Seen { .. }) => {
            parts.push(words::not_in_product(lang).to_owned());
        }
        _ => {}
    }
    parts
}

fn ends(model: &Model, at: jiff::Timestamp, known: bool) -> String {
    let lang = model.lang;
    let (until, date) = (time::until(lang, at, model.now), time::date(lang, at));
    match known {
        _ if at <= model.now => texts::token_ended(lang, &date),
        true => texts::token_ends(lang, &until, &date),
        false => texts::token_ends_assumed(lang, &until, &date),
    }
}
