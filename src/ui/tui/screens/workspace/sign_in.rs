//! Signing in: the secret, masked; or the code, with the page and a countdown.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::model::workspace_run::CodePrompt;
use crate::texts::{time, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::{SignInPart, SignInStage};
use crate::ui::tui::screens::connection::sheet as boxed;
use crate::ui::tui::screens::wizard::field;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;
use crate::ui::tui::widgets::text;

/// Writes the code that waits to be typed.
pub fn code(model: &Model, prompt: Option<&CodePrompt>, sheet: &mut Sheet) {
    let lang = model.lang;
    let Some(prompt) = prompt else { return sheet.bullet(Role::Accent, 1, "◌", texts::asking_for_code(lang)) };
    for (role, words) in code_lines(model, prompt) {
        sheet.wrapped(role, 1, &words);
    }
}

fn code_lines(model: &Model, prompt: &CodePrompt) -> [(Role, String); 3] {
    let lang = model.lang;
    let left = prompt.until.duration_since(model.now).as_secs().max(0).unsigned_abs();
    let clock = if left < 600 { format!("{}:{:02}", left / 60, left % 60) } else { time::span(lang, left) };
    [
        (Role::Normal, texts::open_page(lang, &prompt.page)),
        (Role::Title, texts::type_code(lang, &prompt.code)),
        (Role::Dim, texts::code_valid(lang, &clock)),
    ]
}

/// Draws the form as a box over a tab.
pub fn draw_box(frame: &mut Frame<'_>, area: Rect, model: &Model, part: &SignInPart, theme: Theme) {
    let (lang, room) = (model.lang, boxed::room(area));
    let wrapped = |words: &str, role| boxed::wrapped(words, room, role, theme);
    let mut lines = Vec::new();
    let mut cursor = None;
    match &part.stage {
        SignInStage::Typing(_) | SignInStage::Asking(_) => {
            let label = format!("{}: ", texts::client_secret(lang));
            let at = part.is_typing().then_some(part.cursor);
            let place = room.saturating_sub(text::width(&label)).max(1);
            let shown = field::or_ground(field::masked(&part.secret, at, part.revealed, place), place, theme);
            cursor = shown.cursor.map(|column| text::width(&label) + column);
            let label = Span::styled(label, theme.style(Role::Dim));
            lines.push(Line::from([vec![label], shown.spans].concat()));
        }
        SignInStage::Code(_, Some(prompt)) => {
            code_lines(model, prompt).iter().for_each(|(role, words)| lines.extend(wrapped(words, *role)));
        }
        SignInStage::Code(_, None) => {
            lines.extend(wrapped(&format!("◌ {}", texts::asking_for_code(lang)), Role::Accent))
        }
        SignInStage::Failed(_) | SignInStage::Done => {}
    }
    match &part.stage {
        SignInStage::Typing(Some(fault)) | SignInStage::Failed(fault) => {
            lines.extend(boxed::fault(model, fault, room, theme));
        }
        SignInStage::Asking(_) => lines.extend(wrapped(&format!("◌ {}", texts::signing_in(lang)), Role::Accent)),
        _ => {}
    }
    if part.is_typing() {
        let about = texts::client_secret_of(lang, &part.workspace.client_id, &part.workspace.tenant);
        lines.push(Line::default());
        lines.extend(wrapped(&about, Role::Dim));
    }
    let inner = boxed::draw(frame, area, model, texts::sign_in_title(lang), lines, 0, theme);
    if let Some(column) = cursor.and_then(|column| u16::try_from(column).ok()) {
        put_cursor(frame, Position::new(inner.x + column, inner.y));
    }
}
