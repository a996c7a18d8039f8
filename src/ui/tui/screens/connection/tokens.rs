//! The tab with the tokens.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::{sheet, tell};
use crate::model::token::Urgency;
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{HeldToken, InstanceToken, InstanceTokens, TokenList};
use crate::texts::{checklist, connection as texts, fault as faults, time, token as words};
use crate::ui::app::connection::tokens::TokenRow;
use crate::ui::app::connection::{ConnectionScreen, TokenTab};
use crate::ui::app::model::{Entry, Model};
use crate::ui::app::remote::Remote;
use crate::ui::tui::screens::dashboard::status;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// So many characters of a row's id tell it from others.
const ID: usize = 8;

/// Draws what needs doing, what we hold, and what the instance lists; below, the row in focus in full.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &ConnectionScreen, theme: Theme) {
    let tab = &screen.tokens;
    let list = match (tab.list.value(), &tab.list) {
        (Some(list), _) => list,
        (None, Remote::Failed(fault)) => {
            let told = format!("✗ {}. {}", faults::summary(model.lang, fault), faults::remedy(model.lang, fault));
            return tell(frame, area, &told, Role::Error, theme);
        }
        (None, _) => return tell(frame, area, texts::loading(model.lang), Role::Dim, theme),
    };
    let room = usize::from(area.width).saturating_sub(2);
    let focused = tab.focused().map(|row| sheet::wrapped(&in_full(model, &row), room, Role::Normal, theme));
    let more = focused.unwrap_or_default();
    let wanted = u16::try_from(more.len() + 1).unwrap_or(u16::MAX).min(area.height / 3);
    let [above, below] = Layout::vertical([Constraint::Fill(1), Constraint::Length(wanted)]).areas(area);
    let (lines, focus) = lines(model, screen, list, room, theme);
    let rows = usize::from(above.height).max(1);
    let top = (focus + 1).saturating_sub(rows);
    let above = Rect { x: above.x + 1, width: above.width.saturating_sub(2), ..above };
    frame.render_widget(Paragraph::new(lines.into_iter().skip(top).collect::<Vec<_>>()), above);
    let below = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
    frame.render_widget(Paragraph::new([vec![Line::default()], more].concat()), below);
}

/// All lines, and which one has the focus.
fn lines(
    model: &Model,
    screen: &ConnectionScreen,
    list: &TokenList,
    room: usize,
    theme: Theme,
) -> (Vec<Line<'static>>, usize) {
    let (lang, tab) = (model.lang, &screen.tokens);
    let heading = |words: &str| Line::styled(text::clip(words, room), theme.style(Role::Dim));
    let mut lines = todo(model, screen, room, theme);
    lines.push(heading(texts::we_hold(lang)));
    if list.held.is_empty() {
        lines.push(Line::raw(text::clip(&format!("  {}", texts::we_hold_none(lang)), room)));
    }
    let mut focus = 0;
    let rows = tab.rows();
    for (index, row) in rows.iter().enumerate() {
        if index == list.held.len() {
            lines.push(heading(&instance_heading(model, screen, list)));
        }
        if index == tab.cursor {
            focus = lines.len();
        }
        lines.push(line(model, tab, row, index == tab.cursor, room, theme));
    }
    lines.extend(unlisted(model, screen, list, room, theme));
    (lines, focus)
}

fn instance_heading(model: &Model, screen: &ConnectionScreen, list: &TokenList) -> String {
    let heading = texts::instance_lists(model.lang, model.product(&screen.name));
    match list.instance {
        InstanceTokens::NotListed => heading,
        _ => format!("{heading} ({})", checklist::seen_by(model.lang, &list.seen_by)),
    }
}

/// What stands in the place of the instance's tokens, where it shows none.
fn unlisted(
    model: &Model,
    screen: &ConnectionScreen,
    list: &TokenList,
    room: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let lang = model.lang;
    let heading = || sheet::wrapped(&instance_heading(model, screen, list), room, Role::Dim, theme);
    match &list.instance {
        InstanceTokens::Seen { tokens } if tokens.is_empty() => {
            [heading(), sheet::wrapped(texts::instance_none(lang), room, Role::Normal, theme)].concat()
        }
        InstanceTokens::Seen { .. } => Vec::new(),
        InstanceTokens::NotListed => {
            [heading(), sheet::wrapped(words::not_listed(lang), room, Role::Dim, theme)].concat()
        }
        InstanceTokens::CannotSee { fault } => {
            let told = format!("? {} (A).", words::cannot_list(lang));
            let why = fault.as_ref().map(|fault| sheet::wrapped(&faults::summary(lang, fault), room, Role::Dim, theme));
            [heading(), sheet::wrapped(&told, room, Role::Warning, theme), why.unwrap_or_default()].concat()
        }
    }
}

/// What needs doing, on top.
fn todo(model: &Model, screen: &ConnectionScreen, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let entry = model.entry(&screen.name);
    let sign_in = entry.and_then(|entry| entry.summary.value()?.sign_in);
    let mut told: Vec<(String, Role)> = Vec::new();
    if entry.is_some_and(Entry::is_secret_refused) {
        told.push((format!("✗ {}", texts::todo_secret_refused(lang)), Role::Error));
    } else if entry.is_some_and(Entry::is_signed_out) {
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
    if told.is_empty() {
        told.push((format!("✓ {}", texts::todo_nothing(lang)), Role::Ok));
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

fn line(model: &Model, tab: &TokenTab, row: &TokenRow<'_>, focused: bool, room: usize, theme: Theme) -> Line<'static> {
    let marked = if tab.marked.contains(&row.choice()) { "[x]" } else { "[ ]" };
    let (symbol, role) = match row {
        _ if needs_revoking(row) => ("▲", Role::Warning),
        _ if tab.lives_on(&row.choice()) => ("●", Role::Normal),
        _ => (" ", Role::Normal),
    };
    let words = text::pad(&format!("{marked} {symbol} {}", in_short(model, row)), room);
    Line::styled(words, theme.style(if focused { Role::Focus } else { role }))
}

fn needs_revoking(row: &TokenRow<'_>) -> bool {
    match row {
        TokenRow::Held(token) => token.retired_at.is_some(),
        TokenRow::Listed(token) => token.stale.is_some(),
    }
}

/// A token by name, with what matters most of it, for questions and outcomes.
pub fn name(model: &Model, tab: &TokenTab, choice: &TokenChoice) -> String {
    match (tab.row(choice), choice) {
        (Some(row), _) => parts(model, &row).into_iter().take(2).collect::<Vec<_>>().join(" · "),
        (None, TokenChoice::Held(fingerprint)) => texts::token_held(model.lang, &fingerprint.to_string()),
        (None, TokenChoice::Listed(id)) => texts::token_listed(model.lang, id),
    }
}

/// With a row's id cut short: what matters is behind it.
fn in_short(model: &Model, row: &TokenRow<'_>) -> String {
    let full = in_full(model, row);
    match row {
        TokenRow::Listed(token) if token.fingerprint.is_none() && token.id.chars().count() > ID => {
            let short: String = token.id.chars().take(ID).collect();
            full.replacen(&token.id, &format!("{short}…"), 1)
        }
        _ => full,
    }
}

fn in_full(model: &Model, row: &TokenRow<'_>) -> String {
    parts(model, row).join(" · ")
}

/// What there is to tell of a token: its name, what matters most of it, the rest.
fn parts(model: &Model, row: &TokenRow<'_>) -> Vec<String> {
    match row {
        TokenRow::Held(token) => held(model, token),
        TokenRow::Listed(token) => listed(model, token),
    }
}

fn held(model: &Model, token: &HeldToken) -> Vec<String> {
    let lang = model.lang;
    let mut parts = vec![format!("{} {}", words::kind(lang, token.kind), token.fingerprint)];
    let ago = |at| time::ago(lang, at, model.now);
    parts.extend(token.retired_at.map(|at| texts::token_retired(lang, &ago(at))));
    parts.extend(token.expires.map(|at| ends(model, at, token.expiry_known)));
    parts.extend(token.issued.map(|at| texts::token_issued(lang, &ago(at))));
    parts
}

fn listed(model: &Model, token: &InstanceToken) -> Vec<String> {
    let lang = model.lang;
    let ago = |at| time::ago(lang, at, model.now);
    let print = token.fingerprint.as_ref().map_or_else(|| token.id.clone(), ToString::to_string);
    let mut parts = vec![format!("{} {print}", words::kind(lang, token.kind))];
    parts.push(match token.stale {
        Some(stale) => words::stale(lang, stale).to_owned(),
        None => words::ours(lang, token.ours).to_owned(),
    });
    parts.extend(token.expires.map(|at| ends(model, at, true)));
    parts.extend(token.created.map(|at| texts::token_issued(lang, &ago(at))));
    parts.extend(token.last_used.map(|at| texts::token_used(lang, &ago(at))));
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
