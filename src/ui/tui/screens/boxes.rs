//! Boxes that lie over any screen: its keys, a fault, its command, a question.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Borders, Clear, Paragraph};

use super::Draw;
use super::dashboard::told;
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::texts::frame as texts;
use crate::texts::{alerts_screen, rule_wizard, settings, token, workspace_screen};
use crate::ui::app::boxes::{BoxText, CommandBox, Question, QuestionBox, TextBox};
use crate::ui::app::keymap::{self, Binding, Group, keymap};
use crate::ui::app::model::Model;
use crate::ui::app::screens::Screen;
use crate::ui::tui::clicks;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view;
use crate::ui::tui::widgets::{hints, text};

const WIDEST: u16 = 76;
/// From so many cells on the help has two columns.
const TWO_COLUMNS: usize = 64;
/// Cells between them.
const GAP: usize = 2;

/// What differs between the boxes.
trait Content {
    fn title(&self, lang: Lang) -> &'static str;

    fn lines(&self, model: &Model, theme: Theme, room: usize) -> Vec<Line<'static>>;

    /// Lines scrolled out at the top.
    fn top(&self) -> u16 {
        0
    }

    fn borders(&self) -> Borders {
        Borders::ALL
    }
}

impl<T: Content> Draw for T {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let width = area.width.min(WIDEST);
        let lines = self.lines(model, theme, usize::from(width.saturating_sub(4)));
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
        let place = centred(area, width, height);
        let rows = usize::from(height.saturating_sub(2));
        let top = top_line(self.top(), lines.len(), rows);
        let more = usize::from(top) + rows < lines.len();
        let mut block = Block::new()
            .borders(self.borders())
            .border_type(BorderType::Rounded)
            .border_style(theme.style(Role::Accent))
            .title(Span::styled(format!(" {} ", self.title(model.lang)), theme.style(Role::Title)));
        if more {
            block = block.title_bottom(hints::more(model).right_aligned());
        }
        let inner = Rect { x: place.x + 2, width: place.width.saturating_sub(4), ..block.inner(place) };
        clear(frame, place);
        frame.render_widget(block, place);
        frame.render_widget(Paragraph::new(lines).scroll((top, 0)), inner);
        view::put_cursor(frame, inner.as_position());
    }

    fn draw_bare(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) -> bool {
        let room = usize::from(area.width);
        let lines = self.lines(model, theme, room);
        let body = Rect { height: area.height.saturating_sub(1), ..area };
        let top = top_line(self.top(), lines.len(), usize::from(body.height));
        frame.render_widget(Paragraph::new(lines).scroll((top, 0)), body);
        view::put_cursor(frame, body.as_position());
        let keys = Rect { y: area.y + body.height, height: area.height.min(1), ..area };
        frame.render_widget(hints::hints(model, theme, &keymap(model), room), keys);
        true
    }
}

impl Content for TextBox {
    fn title(&self, lang: Lang) -> &'static str {
        match self.text {
            BoxText::Keys(_) => texts::help_title(lang),
            BoxText::Fault(_) => texts::fault_title(lang),
            BoxText::Leaving(..) => texts::leaving_title(lang),
        }
    }

    fn lines(&self, model: &Model, theme: Theme, room: usize) -> Vec<Line<'static>> {
        match &self.text {
            BoxText::Keys(of) => help(model, model.screen(*of), theme, room),
            BoxText::Fault(fault) => told(model, fault, (room, usize::MAX), theme),
            BoxText::Leaving(name, left) => leaving(model.lang, name.as_str(), left, room, theme),
        }
    }

    fn top(&self) -> u16 {
        self.top
    }
}

impl Content for CommandBox {
    fn title(&self, lang: Lang) -> &'static str {
        texts::command_title(lang)
    }

    fn lines(&self, model: &Model, theme: Theme, room: usize) -> Vec<Line<'static>> {
        command_lines(model.lang, &self.command, theme, room)
    }

    /// The command has no border beside it that a selection would take along.
    fn borders(&self) -> Borders {
        Borders::TOP | Borders::BOTTOM
    }
}

impl Content for QuestionBox {
    fn title(&self, lang: Lang) -> &'static str {
        texts::question_title(lang)
    }

    fn lines(&self, model: &Model, _theme: Theme, room: usize) -> Vec<Line<'static>> {
        text::wrap(&question_text(model, &self.question), room).into_iter().map(Line::raw).collect()
    }
}

/// The tokens that live on, with what to do about them.
fn leaving(lang: Lang, connection: &str, left: &Leaving, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let told = text::wrap(&texts::leaving(lang, connection), room).into_iter().map(Line::raw);
    let each = token::leaving(lang, left).into_iter().flat_map(|line| text::wrap(&line, room));
    let each = each.map(|line| Line::styled(line, theme.style(Role::Warning)));
    told.chain([Line::default()]).chain(each).collect()
}

/// The keys in groups: beside each other where there is room, so that they fit on one page.
fn help(model: &Model, screen: Option<&Screen>, theme: Theme, room: usize) -> Vec<Line<'static>> {
    let bindings = screen.map(|screen| keymap::possible(model, screen)).unwrap_or_default();
    let group = |group, room| help_group(model, &bindings, group, room, theme);
    if room < TWO_COLUMNS {
        let groups = [Group::Here, Group::Move, Group::Everywhere].map(|shown| group(shown, room));
        return groups.into_iter().reduce(under).unwrap_or_default();
    }
    let half = (room - GAP) / 2;
    let right = under(group(Group::Move, half), group(Group::Everywhere, half));
    beside(group(Group::Here, half), right, half)
}

fn help_group(model: &Model, bindings: &[Binding], group: Group, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let title = match group {
        Group::Here => texts::help_here(model.lang),
        Group::Move => texts::help_move(model.lang),
        Group::Everywhere => texts::help_everywhere(model.lang),
    };
    let mut shown = bindings.iter().filter(|binding| binding.group() == group).peekable();
    let title = shown.peek().map(|_| Line::from(Span::styled(title, theme.style(Role::Title))));
    let names = bindings.iter().map(|binding| text::width(&key_names(model, binding))).max().unwrap_or(0).min(room / 2);
    title.into_iter().chain(shown.flat_map(|binding| help_lines(model, binding, names, room, theme))).collect()
}

fn help_lines(model: &Model, binding: &Binding, names: usize, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let name = text::pad(&key_names(model, binding), names);
    let label = text::wrap((binding.label)(model.lang), room.saturating_sub(names + 2).max(1));
    let name = |nth| if nth == 0 { name.clone() } else { " ".repeat(names) };
    let line = |(nth, label)| {
        Line::from(vec![Span::styled(name(nth), theme.style(Role::Accent)), Span::raw(format!("  {label}"))])
    };
    label.into_iter().enumerate().map(line).collect()
}

/// One block under another, a line between them if there is something on both sides.
fn under(above: Vec<Line<'static>>, below: Vec<Line<'static>>) -> Vec<Line<'static>> {
    let gap = (!above.is_empty() && !below.is_empty()).then(Line::default);
    above.into_iter().chain(gap).chain(below).collect()
}

fn beside(left: Vec<Line<'static>>, right: Vec<Line<'static>>, width: usize) -> Vec<Line<'static>> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let line = |_| {
        let mut line = left.next().unwrap_or_default();
        if let Some(right) = right.next().filter(|line| !line.spans.is_empty()) {
            line.push_span(Span::raw(" ".repeat((width + GAP).saturating_sub(line.width()))));
            line.spans.extend(right.spans);
        }
        line
    };
    (0..count).map(line).collect()
}

fn key_names(model: &Model, binding: &Binding) -> String {
    binding.keys.iter().map(|key| key.name(model.charset)).collect::<Vec<_>>().join(" ")
}

fn command_lines(lang: Lang, command: &str, theme: Theme, room: usize) -> Vec<Line<'static>> {
    let shown = continued(command, room).into_iter().map(|line| Line::styled(line, theme.style(Role::Title)));
    let told = text::wrap(texts::command_copied(lang), room);
    let told = told.into_iter().map(|line| Line::styled(line, theme.style(Role::Dim)));
    shown.chain([Line::default()]).chain(told).collect()
}

/// The command in lines that a shell takes as one, where every word has room for that.
fn continued(command: &str, room: usize) -> Vec<String> {
    let room_before_mark = room.saturating_sub(2);
    let fits = command.split(' ').all(|word| text::width(word) <= room_before_mark);
    if text::width(command) <= room || !fits {
        return text::wrap(command, room);
    }
    let mut lines = text::wrap(command, room_before_mark);
    let last = lines.len().saturating_sub(1);
    lines.iter_mut().take(last).for_each(|line| line.push_str(" \\"));
    lines
}

fn question_text(model: &Model, question: &Question) -> String {
    let lang = model.lang;
    match question {
        Question::SaveSignedOut(name) if !is_administered(model) => {
            texts::ask_save_signed_out_plain(lang, name.as_str())
        }
        Question::Quit(_) => texts::ask_quit(lang).to_owned(),
        Question::Remove(name) => texts::ask_remove(lang, name.as_str(), model.product(name)),
        Question::SaveSignedOut(name) => texts::ask_save_signed_out(lang, name.as_str()),
        Question::LookOnRequest(_, said) => texts::ask_on_request(lang, said.in_lang(lang)),
        Question::ChangeIdentity(name) => settings::ask_identity(lang, name.as_str()),
        Question::Overwrite(path) => texts::ask_overwrite(lang, path),
        Question::ApplyPlan(name, steps) => workspace_screen::ask_apply(lang, *steps as u64, name.as_str()),
        Question::SendAgain(name) => workspace_screen::ask_send_again(lang, name.as_str()),
        Question::RemoveWorkspace(name) => crate::texts::workspace::remove_question(lang, name.as_str()),
        Question::RemoveSource(name) => crate::texts::alert_source::ask_remove(lang, name.as_str()),
        Question::SwitchRule { name, on, told } => rule_wizard::ask_switch(lang, name, *on, told),
        Question::RetryAlert(_, rule) => alerts_screen::ask_retry(lang, rule),
        Question::IgnoreAlert(_, rule) => alerts_screen::ask_ignore(lang, rule),
        Question::StartOver => texts::ask_start_over(lang).to_owned(),
    }
}

/// Whether an admin of the product in the wizard can sign in here.
fn is_administered(model: &Model) -> bool {
    let wizard = model.screens().find_map(|screen| match screen {
        Screen::Wizard(wizard) => wizard.spec.as_ref(),
        _ => None,
    });
    wizard.is_some_and(|spec| spec.admin_signs_in)
}

fn top_line(top: u16, lines: usize, height: usize) -> u16 {
    top.min(u16::try_from(lines.saturating_sub(height)).unwrap_or(u16::MAX))
}

fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
    Rect { x, y, width, height }
}

/// Empties the place of a box. What lies below takes no clicks, beside it neither.
pub fn clear(frame: &mut Frame<'_>, place: Rect) {
    clicks::forget(frame.buffer_mut());
    wipe(frame, place);
}

/// Empties the place, and the left half of any wide character that reaches into it.
pub fn wipe(frame: &mut Frame<'_>, place: Rect) {
    frame.render_widget(Clear, place);
    let Some(beside) = place.x.checked_sub(1) else {
        return;
    };
    for y in place.top()..place.bottom() {
        if let Some(cell) = frame.buffer_mut().cell_mut((beside, y)).filter(|cell| text::width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    #[test]
    fn a_box_over_wide_characters_leaves_no_halves() {
        let mut terminal = Terminal::new(TestBackend::new(8, 1)).unwrap();
        let draw = |frame: &mut Frame<'_>| {
            frame.render_widget(Line::raw("日本日本"), frame.area());
            clear(frame, Rect::new(3, 0, 2, 1));
            frame.render_widget(Line::raw("ab"), Rect::new(3, 0, 2, 1));
        };
        terminal.draw(draw).unwrap();
        terminal.backend().assert_buffer_lines(["日 ab 本"]);
    }
}
