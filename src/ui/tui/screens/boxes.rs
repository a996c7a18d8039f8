//! Boxes that lie over any screen: its keys, a fault, its command, a question.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Borders, Paragraph};

use super::Draw;
use super::dashboard::told;
use crate::model::lang::Lang;
use crate::model::leaving::Leaving;
use crate::model::unlisted::Unlisted;
use crate::texts::frame as texts;
use crate::texts::{alerts_screen, rule_wizard, settings, token, unlisted as lost, workspace_screen};
use crate::ui::app::boxes::{BoxText, CommandBox, Question, QuestionBox, TextBox};
use crate::ui::app::keymap::{self, Binding, Group, keymap};
use crate::ui::app::model::Model;
use crate::ui::app::screens::Screen;
use crate::ui::tui::over::Over;
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

    /// Its columns at most.
    fn widest(&self) -> u16 {
        WIDEST
    }
}

impl<T: Content> Draw for T {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let widest = self.widest();
        let lines = self.lines(model, theme, usize::from(area.width.min(widest).saturating_sub(4)));
        let (title, top, borders) = (self.title(model.lang), self.top().into(), self.borders());
        let (inner, top) = Over { title, widest, lines: lines.len(), top, borders }.open(frame, area, model, theme);
        frame.render_widget(Paragraph::new(lines.into_iter().skip(top).collect::<Vec<_>>()), inner);
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
            BoxText::Fault(_) | BoxText::Unlisted(_) => texts::fault_title(lang),
            BoxText::Leaving(..) => texts::leaving_title(lang),
        }
    }

    fn lines(&self, model: &Model, theme: Theme, room: usize) -> Vec<Line<'static>> {
        match &self.text {
            BoxText::Keys(of) => help(model, model.screen(*of), theme, room),
            BoxText::Fault(fault) => told(model, fault, (room, usize::MAX), theme),
            BoxText::Unlisted(lost) => lost.iter().flat_map(|one| unlisted(model.lang, one, room, theme)).collect(),
            BoxText::Leaving(name, left) => leaving(model.lang, name.as_str(), left, room, theme),
        }
    }

    fn top(&self) -> u16 {
        self.top
    }
}

/// What was lost, and what to do.
fn unlisted(lang: Lang, one: &Unlisted, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let told = text::wrap(&lost::summary(lang, one), room).into_iter();
    let told = told.map(|line| Line::styled(line, theme.style(Role::Title)));
    let remedy = text::wrap(&lost::remedy(lang, one, "config.toml"), room).into_iter().map(Line::raw);
    told.chain(remedy).chain([Line::default()]).collect()
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

    /// It stays in one line where the screen has room for that.
    fn widest(&self) -> u16 {
        u16::try_from(text::width(&self.command) + 4).unwrap_or(u16::MAX).max(WIDEST)
    }
}

impl Content for QuestionBox {
    fn title(&self, lang: Lang) -> &'static str {
        texts::question_title(lang)
    }

    fn lines(&self, model: &Model, _theme: Theme, room: usize) -> Vec<Line<'static>> {
        text::wrap(&question_text(model, &self.question), room).into_iter().map(Line::raw).collect()
    }

    fn top(&self) -> u16 {
        self.top
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
