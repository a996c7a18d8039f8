//! The frame around every screen: header, body, footer, and what lies over them.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::clicks;
use super::screens::look;
use super::theme::{Role, Theme};
use super::widgets::{hints, text};
use crate::model::charset::Charset;
use crate::model::connection::ConnectionName;
use crate::model::lang::Lang;
use crate::model::redactor;
use crate::model::sweep::SweepRecord;
use crate::model::work_item::WorkItemKind;
use crate::texts::{dashboard as dashboard_texts, fault, frame as texts, number, sweep};
use crate::ui::app::keymap::keymap;
use crate::ui::app::model::{Model, Notice};
use crate::ui::app::remedy::remedy;

/// The smallest width and height that a screen is drawn in; below it the frame says so.
pub const SMALLEST: (u16, u16) = (30, 8);

/// Columns before the words of a notice: its mark.
const NOTICE_INDENT: usize = 3;

/// Draws the model.
pub fn draw(frame: &mut Frame<'_>, model: &Model, theme: Theme) {
    paint(frame, model, theme);
    clicks::forget(frame.buffer_mut());
    place_cursor(frame);
    hide_secrets(frame.buffer_mut());
    if theme == Theme::Mono {
        drain_colours(frame.buffer_mut());
    }
}

/// Draws it with the notes of where its choices stand.
pub fn paint(frame: &mut Frame<'_>, model: &Model, theme: Theme) {
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        draw_small(frame, model, theme);
    } else {
        draw_whole(frame, model, theme);
    }
}

/// Marks the cell of the cursor until the frame is whole. What is drawn over the cell takes the mark away.
const CURSOR: Modifier = Modifier::RAPID_BLINK;

/// Puts the cursor here, unless something is drawn over the place afterwards or another is put.
pub fn put_cursor(frame: &mut Frame<'_>, place: Position) {
    let buffer = frame.buffer_mut();
    buffer.content.iter_mut().for_each(|cell| cell.modifier.remove(CURSOR));
    if let Some(cell) = buffer.cell_mut(place) {
        cell.modifier.insert(CURSOR);
    }
}

/// Whether the cursor was put into this cell.
pub fn has_cursor(cell: &Cell) -> bool {
    cell.modifier.contains(CURSOR)
}

/// The terminal's cursor goes where it was put, or else to what has the focus: screen readers and tmux follow it.
fn place_cursor(frame: &mut Frame<'_>) {
    let buffer = frame.buffer_mut();
    let first = |modifier| buffer.content.iter().position(|cell| cell.modifier.contains(modifier));
    let place = first(CURSOR).or_else(|| first(Modifier::REVERSED)).map(|index| buffer.pos_of(index));
    buffer.content.iter_mut().for_each(|cell| cell.modifier.remove(CURSOR));
    if let Some(place) = place {
        frame.set_cursor_position(place);
    }
}

/// Puts characters that this charset shows in the place of all others.
pub fn show_in(buffer: &mut Buffer, charset: Charset) {
    for cell in &mut buffer.content {
        if let Some(shown) = charset.shown(cell.symbol()) {
            // The cell behind a wide character is a blank.
            cell.set_symbol(text::head(&shown, 1));
        }
    }
}

/// No secret that is known here is shown, wherever it came from.
fn hide_secrets(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let text: String = (area.left()..area.right()).map(|x| buffer[(x, y)].symbol()).collect();
        if let Cow::Owned(clean) = redactor::redact_text(&text) {
            let room = usize::from(area.width);
            let line = text::clip(&clean, room);
            buffer.set_string(area.left(), y, format!("{line:room$}"), Style::reset());
        }
    }
}

fn draw_whole(frame: &mut Frame<'_>, model: &Model, theme: Theme) {
    let [header, body, footer] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
    draw_header(frame, header, model, theme);
    for screen in model.shown() {
        look(screen).draw(frame, body, model, theme);
    }
    draw_footer(frame, footer, model, theme);
}

fn draw_small(frame: &mut Frame<'_>, model: &Model, theme: Theme) {
    let area = frame.area();
    if model.front().is_some_and(|screen| look(screen).draw_bare(frame, area, model, theme)) {
        return;
    }
    let size = texts::too_small_size(model.lang, area.width, area.height);
    let lines = [texts::too_small(model.lang), &size].into_iter().flat_map(|line| text::wrap(line, area.width.into()));
    frame.render_widget(Paragraph::new(lines.map(Line::raw).collect::<Vec<_>>()), area);
}

fn draw_header(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let (title, place) = model.shown().next().map(|screen| look(screen).header(model)).unwrap_or_default();
    let title = if title.trim().is_empty() { "itsmc" } else { title.trim() };
    let room = usize::from(area.width);
    let left = text::clip(&format!(" {title}"), room);
    let rest = room.saturating_sub(text::width(&left));
    let demo = demo(model, rest.saturating_sub(text::width(&place) + 3));
    let mouse = format!("  {}", texts::mouse_sign(model.lang));
    let has_room = text::width(&demo) + text::width(&mouse) + text::width(place.trim()) + 3 <= rest;
    let mouse = if model.mouse && has_room { mouse } else { String::new() };
    let place = text::ends("", place.trim(), rest.saturating_sub(text::width(&demo) + text::width(&mouse) + 1));
    frame.render_widget(
        Line::from(vec![
            Span::styled(left, theme.style(Role::Title)),
            Span::styled(demo, theme.style(Role::Warning)),
            Span::styled(mouse, theme.style(Role::Accent)),
            Span::styled(place, theme.style(Role::Dim)),
        ]),
        area,
    );
}

/// The mark of a throw-away home, in full where there is room.
fn demo(model: &Model, room: usize) -> String {
    if !model.demo {
        return String::new();
    }
    let long = format!("  ▲ {}", texts::demo(model.lang));
    if text::width(&long) <= room { long } else { format!("  ▲ {}", texts::demo_short(model.lang)) }
}

fn draw_footer(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
    let room = usize::from(area.width);
    frame.render_widget(hints::hints(model, theme, &keymap(model), room), area);
    model.notice.iter().for_each(|notice| draw_notice(frame, area, model, notice, theme));
}

/// A notice in the place of the hints. One that does not fit into the line is folded, and stands above them.
fn draw_notice(frame: &mut Frame<'_>, area: Rect, model: &Model, notice: &Notice, theme: Theme) {
    let room = usize::from(area.width).saturating_sub(NOTICE_INDENT).max(1);
    let (role, words) = notice_text(model, notice);
    let mark: String = words.chars().take(NOTICE_INDENT).collect();
    let rest: String = words.chars().skip(NOTICE_INDENT).collect();
    let mut lines = text::wrap(&rest, room);
    let most = usize::from(area.y.saturating_sub(1).max(1));
    if lines.len() > most {
        lines.truncate(most);
        lines.last_mut().into_iter().for_each(|last| *last = text::with_more(last, room));
    }
    let line = |(nth, line)| {
        let start = if nth == 0 { mark.clone() } else { " ".repeat(NOTICE_INDENT) };
        Line::styled(text::clip(&format!("{start}{line}"), area.width.into()), theme.style(role))
    };
    let lines: Vec<_> = lines.into_iter().enumerate().map(line).collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).max(1);
    let bottom = if height > 1 { area.y } else { area.bottom() };
    let place = Rect { y: bottom.saturating_sub(height), height, ..area };
    frame.render_widget(Clear, place);
    frame.render_widget(Paragraph::new(lines), place);
}

fn notice_text(model: &Model, notice: &Notice) -> (Role, String) {
    let lang = model.lang;
    match notice {
        Notice::ConfigUnusable => (Role::Error, format!(" ✗ {}", texts::config_unusable(lang))),
        Notice::Copied => (Role::Ok, format!(" ✓ {}", texts::copied(lang))),
        Notice::Mouse(true) => (Role::Ok, format!(" ✓ {}", texts::mouse_on(lang))),
        Notice::Mouse(false) => (Role::Ok, format!(" ✓ {}", texts::mouse_off(lang))),
        Notice::Opened(address) => (Role::Ok, format!(" ✓ {}", texts::opened(lang, address))),
        Notice::AddressCopied(address) => (Role::Ok, format!(" ✓ {}", texts::address_copied(lang, address))),
        Notice::Exported(rows, path) => {
            (Role::Ok, format!(" ✓ {}", texts::exported(lang, &number::rows(lang, *rows), path)))
        }
        Notice::Saved(name) => (Role::Ok, format!(" ✓ {}", texts::saved(lang, name.as_str()))),
        Notice::Removed(name) => (Role::Ok, format!(" ✓ {}", texts::removed(lang, name.as_str()))),
        Notice::Verified(name, found) => verified(lang, name, found),
        Notice::NotVerifiable(name) => (Role::Warning, format!(" ▲ {}", sweep::not_possible(lang, name.as_str()))),
        Notice::PasteRefused(count) => (Role::Error, format!(" ✗ {}", texts::paste_refused(lang, *count))),
        Notice::Said(words) => (Role::Ok, format!(" ✓ {words}")),
        Notice::Fault(found) => (Role::Error, format!(" ✗ {}. {}", fault::summary(lang, found), remedy(model, found))),
    }
}

/// What a verification found, of each kind.
fn verified(lang: Lang, name: &ConnectionName, found: &[(WorkItemKind, SweepRecord)]) -> (Role, String) {
    let of = |(kind, record): &(WorkItemKind, SweepRecord)| {
        format!("{}: {}", dashboard_texts::kinds(lang, *kind), sweep::found(lang, record))
    };
    let (mark, role) =
        if found.iter().all(|(_, record)| record.is_clean()) { ("✓", Role::Ok) } else { ("▲", Role::Warning) };
    let kinds = found.iter().map(of).collect::<Vec<_>>().join("; ");
    (role, format!(" {mark} {}", sweep::verified(lang, name.as_str(), &kinds)))
}

/// Takes every colour out: with `NO_COLOR` crossterm would otherwise wipe bold and reverse along with them.
fn drain_colours(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        cell.fg = Color::Reset;
        cell.bg = Color::Reset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::boxes::{BoxText, CommandBox, Question, QuestionBox, TextBox};
    use crate::ui::app::message::Message;
    use crate::ui::app::testing::{model, name, refused};
    use crate::ui::app::update::update;
    use crate::ui::tui::testing::{render, screen, snapshots};

    fn help(model: Model, top: u16) -> Model {
        let of = model.front_id();
        model.cover(TextBox { text: BoxText::Keys(of), top })
    }

    fn asks(question: Question) -> Model {
        model().cover(QuestionBox::new(question))
    }

    #[test]
    fn the_help_page_lists_the_keys_of_the_screen_below() {
        snapshots("frame/help", &help(model(), 0));
    }

    #[test]
    fn the_command_box_can_be_selected() {
        let command = "itsmc --home /tmp/home connection add --file contoso.toml --secrets-stdin";
        snapshots("frame/command", &model().cover(CommandBox { command: command.into() }));
    }

    #[test]
    fn s6_the_tokens_that_are_still_valid_are_listed() {
        let leaving = crate::ui::app::testing::left_behind();
        snapshots("frame/leaving", &model().cover(TextBox::new(BoxText::Leaving(name("contoso"), leaving))));
    }

    #[test]
    fn questions_name_what_would_be_lost() {
        snapshots("frame/quit", &asks(Question::Quit(130)));
        snapshots("frame/remove", &asks(Question::Remove(name("contoso"))));
    }

    #[test]
    fn a_notice_takes_the_place_of_the_hints_until_the_next_key() {
        let mut model = model().with(|facts| (facts.notice, facts.demo) = (Some(Notice::Fault(refused())), true));
        snapshots("frame/notice", &model);
        update(&mut model, Message::Key(crate::ui::app::key::Key::char('x')));
        assert!(screen(&model, (80, 24)).contains("? help"));
    }

    #[test]
    fn a_notice_that_does_not_fit_is_folded_and_nothing_of_it_is_cut() {
        let model = model().with(|facts| facts.notice = Some(Notice::Fault(refused())));
        let last = |size| screen(&model, size).lines().last().unwrap_or_default().to_owned();
        assert!(last((80, 24)).contains("? help") && last((120, 40)).contains("? help"), "the keys stay in sight");
        let whole = fault::remedy(Lang::En, &refused());
        for size in [(80, 24), (120, 40)] {
            let shown = screen(&model, size);
            let words: Vec<_> = shown.split_whitespace().collect();
            assert!(whole.split_whitespace().all(|word| words.contains(&word)), "{shown}");
        }
    }

    #[test]
    fn no_size_is_too_small_to_draw() {
        let models = [model(), help(model(), 99), asks(Question::StartOver)];
        for (model, columns, rows) in models
            .into_iter()
            .flat_map(|model| (1..=42).map(move |columns| (model.clone(), columns)))
            .flat_map(|(model, columns)| (1..=14).map(move |rows| (model.clone(), columns, rows)))
        {
            let model = model.with(|facts| facts.notice = Some(Notice::Copied));
            for theme in [Theme::Colour, Theme::Mono] {
                render(&model, (columns, rows), Lang::Nl, theme);
            }
        }
        assert_eq!(screen(&model(), (20, 5)), "Window too small\n20x5; at least 40x12\n\n\n\n");
    }
}
