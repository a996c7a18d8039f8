//! The installation checklist, as the tab of a connection and as a step of the wizard.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{right_below, sheet, tell};
use crate::model::check::Status;
use crate::model::checklist::{ChecklistItem, Overall};
use crate::model::lang::Lang;
use crate::texts::fault::At;
use crate::texts::{checklist as words, connection as texts, fault as faults, step, time};
use crate::ui::app::connection::Installation;
use crate::ui::app::model::Model;
use crate::ui::app::remedy::{remedy, with_keys};
use crate::ui::app::remote::Remote;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::wizard::sheet::arrows;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{mark, text};

/// From so many columns on a row holds the finding too.
const ROOM_FOR_FINDING: usize = 72;
/// What a title is given at least, beside its finding.
const TITLE: usize = 28;
/// What a finding is given at least, beside a long title.
const FINDING: usize = 20;

/// Where the checklist is shown: that tells which keys fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The tab of a saved connection.
    Tab,
    /// The wizard's step.
    Step,
}

/// Draws how the whole stands, the items, and below or beside them what there is to know of the one in focus.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, tab: &Installation, place: Place, theme: Theme) {
    if let (Remote::Failed(fault), true) = (&tab.whole, tab.task.is_none()) {
        let told = format!("✗ {}. {}", faults::summary(model.lang, fault), remedy(model, fault));
        return tell(frame, area, &told, Role::Error, theme);
    }
    if let Some((left, pane)) = super::beside(area) {
        let heads = heads(model, tab, usize::from(left.width).saturating_sub(2), theme);
        let rows = u16::try_from(heads.len()).unwrap_or(1);
        let [head, list] = Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(left);
        frame.render_widget(Paragraph::new(heads), head);
        draw_items(frame, list, model, (tab, place), theme);
        let room = usize::from(pane.width);
        let told = tab.focused().map(|item| in_focus(model, tab, (item, place), room, theme)).unwrap_or_default();
        return frame.render_widget(Paragraph::new(text::fit(told, pane.height.into(), room)), pane);
    }
    let room = usize::from(area.width).saturating_sub(2);
    let more = tab.focused().map(|item| in_focus(model, tab, (item, place), room, theme)).unwrap_or_default();
    let heads = heads(model, tab, room, theme);
    let wanted = u16::try_from(more.len() + 1).unwrap_or(u16::MAX);
    let most = area.height.saturating_sub(4).min(area.height / 2);
    let head_rows = u16::try_from(heads.len()).unwrap_or(1);
    let [head, list, below] =
        Layout::vertical([Constraint::Length(head_rows), Constraint::Fill(1), Constraint::Length(wanted.min(most))])
            .areas(area);
    let below = right_below(list, below, tab.items().len());
    frame.render_widget(Paragraph::new(heads), head);
    draw_items(frame, list, model, (tab, place), theme);
    let below = Rect { x: below.x + 1, width: below.width.saturating_sub(2), ..below };
    let more = text::fit(more, usize::from(below.height).saturating_sub(1), room);
    frame.render_widget(Paragraph::new([vec![Line::default()], more].concat()), below);
}

/// Draws an item whole, over the others.
pub fn draw_item(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    tab: &Installation,
    (item, top, place): (&ChecklistItem, usize, Place),
    theme: Theme,
) {
    let lines = about(model, tab, (item, place), sheet::room(area), theme);
    sheet::draw(frame, area, model, &words::heading(model.lang, item), lines, top, theme);
}

fn heads(model: &Model, tab: &Installation, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let line = |words: String, role| Line::styled(format!(" {}", text::clip(&words, room)), theme.style(role));
    if tab.task.is_some() {
        return vec![line(format!("◌ {}", texts::looked_at(lang, tab.seen.len())), Role::Accent)];
    }
    let (Some(whole), Some(since)) = (tab.whole.value(), since(&tab.whole)) else {
        return vec![line(texts::looking(lang).to_owned(), Role::Dim)];
    };
    let (symbol, role) = match whole.overall() {
        Overall::Completed => ("✓", Role::Ok),
        Overall::NotComplete => ("✗", Role::Error),
        Overall::CannotTell => ("?", Role::Warning),
    };
    let overall = format!("{symbol} {}", words::overall(lang, whole.overall()));
    let seen_by = words::looked_at_by(lang, whole);
    let eyes = format!("{seen_by}, {}", time::ago(lang, since, model.now));
    let mut lines = match text::width(&overall) + text::width(&eyes) + 3 <= room {
        // Without a look there is nothing else to say.
        _ if !whole.was_looked_at() => vec![line(format!("? {seen_by}"), Role::Warning)],
        true => vec![line(format!("{overall} · {eyes}"), role)],
        false if text::width(&eyes) <= room => vec![line(overall, role), line(eyes, Role::Dim)],
        false => vec![line(overall, role), line(seen_by, Role::Dim)],
    };
    lines.extend(tab.whole.fault().map(|fault| line(format!("▲ {}", faults::summary(lang, fault)), Role::Warning)));
    lines
}

fn since<T>(whole: &Remote<T>) -> Option<jiff::Timestamp> {
    match whole {
        Remote::Ready(_, since) | Remote::Stale(_, since, _) => Some(*since),
        Remote::Idle | Remote::Loading | Remote::Failed(_) => None,
    }
}

fn draw_items(frame: &mut Frame<'_>, area: Rect, model: &Model, (tab, whose): (&Installation, Place), theme: Theme) {
    let top = (tab.cursor + 1).saturating_sub(usize::from(area.height).max(1));
    let items = tab.items();
    let (count, shown) = (items.len(), usize::from(area.height));
    // The last column has the arrows, where there are more items than lines.
    let room = usize::from(area.width).saturating_sub(usize::from(count > shown));
    let longest = items.iter().map(|item| text::width(&words::heading(model.lang, item))).max();
    // Where findings have no room that column is free anyway.
    let titles = title_room(longest, room) + usize::from(count > shown && room < ROOM_FOR_FINDING);
    for ((index, item), y) in items.into_iter().enumerate().skip(top).zip(area.top()..area.bottom()) {
        let line = row(model, tab, item, index == tab.cursor, (room, titles), theme);
        let place = Rect { y, height: 1, ..area };
        frame.render_widget(line, place);
        let choice = if whose == Place::Tab { Choice::opened } else { Choice::ticked };
        clicks::note(frame.buffer_mut(), place, choice(index == tab.cursor), true);
    }
    arrows(frame, area, area.width.saturating_sub(1), (top > 0, top + shown < count), theme);
}

/// The cells that titles get: what the longest needs, as far as findings leave it.
fn title_room(longest: Option<usize>, room: usize) -> usize {
    if room < ROOM_FOR_FINDING {
        return room.saturating_sub(3 + 2 + 13);
    }
    longest.unwrap_or(0).min(room.saturating_sub(3 + 2 + 14 + FINDING)).max(TITLE)
}

fn row(
    model: &Model,
    tab: &Installation,
    item: &ChecklistItem,
    focused: bool,
    (room, titles): (usize, usize),
    theme: Theme,
) -> Line<'static> {
    let lang = model.lang;
    let awaited = tab.is_awaited(item);
    let (symbol, role) =
        if awaited { ("◌", Role::Accent) } else { (mark::symbol(item.status), mark::role(item.status)) };
    let status = if awaited { texts::looking(lang) } else { step::status(lang, item.status) };
    let title_role = if focused { Role::Focus } else { Role::Normal };
    let mark = Span::styled(format!(" {symbol} "), theme.style(role));
    let narrow = room < ROOM_FOR_FINDING;
    let heading = words::heading(lang, item);
    // The line below the list has it whole.
    let title = if text::width(&heading) > titles { text::with_more(&heading, titles) } else { heading };
    let title = text::pad(&title, titles);
    let status = text::pad(status, if narrow { 13 } else { 14 });
    let mut spans = vec![
        mark,
        Span::styled(title, theme.style(title_role)),
        Span::raw("  "),
        Span::styled(status, theme.style(role)),
    ];
    // What was found before may not be so any more.
    if !narrow && !awaited {
        let finding =
            text::clauses(&words::in_row(lang, item), room.saturating_sub(3 + titles + 2 + 14)).unwrap_or_default();
        spans.push(Span::styled(finding, theme.style(if item.status == Status::Passed { Role::Dim } else { role })));
    }
    Line::from(spans)
}

/// The item in focus by its title, which its row may have no room for, and what there is to know of it.
fn in_focus(
    model: &Model,
    tab: &Installation,
    (item, place): (&ChecklistItem, Place),
    room: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = sheet::wrapped(&words::heading(model.lang, item), room, Role::Title, theme);
    lines.extend(about(model, tab, (item, place), room, theme));
    lines
}

/// What there is to know of an item, what matters most first.
fn about(
    model: &Model,
    tab: &Installation,
    (item, place): (&ChecklistItem, Place),
    room: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let lang = model.lang;
    let say = |words: &str, role| sheet::wrapped(words, room, role, theme);
    if tab.is_awaited(item) {
        return say(&format!("◌ {}", texts::looking(lang)), Role::Accent);
    }
    let mut lines = say(&words::summary(lang, item), Role::Normal);
    let at = if place == Place::Tab { At::Checklist } else { At::Unsaved };
    let remedy = tab.whole.value().and_then(|whole| words::remedy(lang, &whole.subject, item, at));
    lines.extend(
        remedy
            .iter()
            .flat_map(|remedy| say(&format!("{}: {}", texts::remedy(lang), with_keys(model, remedy)), Role::Normal)),
    );
    lines.extend(own_word(lang, item, place).iter().flat_map(|(words, role)| say(words, *role)));
    let is_busy = place == Place::Tab && tab.admin && (tab.task.is_some() || tab.fixing.is_some());
    if let Some(fix) = item.fix.as_ref().filter(|_| !is_busy) {
        let how = match place {
            Place::Tab if tab.admin => texts::can_fix(lang),
            Place::Tab => texts::admin_could_fix(lang),
            Place::Step => texts::tab_could_fix(lang),
        };
        lines.extend(say(&format!("{how}: {}", words::fix(lang, fix)), Role::Accent));
    }
    if item.ask_admin && !is_busy {
        let product = tab.whole.value().map(|whole| whole.subject.product.as_str()).unwrap_or_default();
        lines.extend(say(&texts::copy_request(lang, product), Role::Accent));
    }
    lines.extend(item.link.iter().flat_map(|link| say(&format!("{}: {link}", texts::link(lang)), Role::Accent)));
    let asked = |evidence| say(&format!("{}: {}", texts::asked(lang), words::evidence(lang, evidence)), Role::Dim);
    lines.extend(item.evidence.iter().flat_map(asked));
    lines
}

/// What the admin's own word is to an item, and what it takes to look at one that is looked at only on request.
fn own_word(lang: Lang, item: &ChecklistItem, place: Place) -> Vec<(String, Role)> {
    let mut told = Vec::new();
    if let Some(said) = &item.on_request {
        let how = if place == Place::Tab { texts::can_request(lang) } else { texts::request_later(lang) };
        told.extend([(said.in_lang(lang).to_owned(), Role::Normal), (how.to_owned(), Role::Accent)]);
    }
    if item.confirmation.is_some() {
        told.push((format!("{}: {}", texts::still_unseen(lang), words::seen(lang, item)), Role::Dim));
    }
    if item.is_confirmed() {
        told.push((texts::can_withdraw(lang).to_owned(), Role::Accent));
    } else if item.can_be_confirmed() {
        told.push((texts::can_confirm(lang).to_owned(), Role::Accent));
    }
    told
}
