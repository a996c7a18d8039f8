//! The form that asks for secrets.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::sheet;
use crate::model::form::FieldNotice;
use crate::model::lang::Lang;
use crate::texts::{connection as texts, form};
use crate::ui::app::connection::prompt::{PromptField, Purpose};
use crate::ui::app::connection::{ConnectionScreen, Prompt};
use crate::ui::app::model::Model;
use crate::ui::tui::screens::wizard::field::{self, Shown};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::view::put_cursor;
use crate::ui::tui::widgets::text;

/// Draws it: its fields first, so that they are in sight on the lowest screen.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &ConnectionScreen,
    prompt: &Prompt,
    theme: Theme,
) {
    let room = sheet::room(area);
    let (mut lines, cursor) = fields(model.lang, prompt, room, theme);
    for notice in prompt.notices() {
        let (mark, role) = match notice {
            FieldNotice::Pasted(_) => ("✓", Role::Dim),
            _ => ("▲", Role::Warning),
        };
        lines.extend(sheet::wrapped(&format!("{mark} {}", form::notice(model.lang, &notice)), room, role, theme));
    }
    if prompt.missing {
        let required = format!("▲ {}: {}", name(model.lang, prompt.field), form::missing(model.lang));
        lines.extend(sheet::wrapped(&required, room, Role::Warning, theme));
    }
    if prompt.differs() {
        let (mark, role) = if prompt.is_repeating() { ("…", Role::Dim) } else { ("▲", Role::Warning) };
        lines.extend(sheet::wrapped(&format!("{mark} {}", texts::prompt_differs(model.lang)), room, role, theme));
    }
    if prompt.is_no_day() {
        lines.extend(sheet::wrapped(&format!("▲ {}", texts::prompt_no_day(model.lang)), room, Role::Warning, theme));
    }
    if prompt.task.is_some() {
        lines.extend(sheet::wrapped(&format!("◌ {}", texts::signing_in(model.lang)), room, Role::Accent, theme));
    }
    lines.extend(prompt.fault.iter().flat_map(|fault| sheet::fault(model, fault, room, theme)));
    lines.push(Line::default());
    lines.extend(sheet::wrapped(&about(model, screen, prompt), room, Role::Dim, theme));
    let inner = sheet::draw(frame, area, model, title(model.lang, prompt), lines, 0, theme);
    if let Some((row, column)) = cursor {
        put_cursor(frame, Position::new(inner.x + column, inner.y + row));
    }
}

fn title(lang: Lang, prompt: &Prompt) -> &'static str {
    match prompt.purpose {
        Purpose::Admin => texts::prompt_admin(lang),
        Purpose::Rotate => texts::prompt_rotate(lang),
        Purpose::NewSecret => texts::prompt_new_secret(lang),
        Purpose::NewUser(_) => texts::prompt_new_user(lang),
    }
}

fn about(model: &Model, screen: &ConnectionScreen, prompt: &Prompt) -> String {
    let lang = model.lang;
    match &prompt.purpose {
        Purpose::Admin => texts::prompt_admin_about(lang).to_owned(),
        Purpose::Rotate => {
            let user_name = model.entry(&screen.name).map_or("", |entry| entry.connection.username.as_str());
            match (prompt.fields.as_slice(), prompt.fields.contains(&PromptField::ClientSecret)) {
                ([PromptField::ClientSecret, ..], _) => texts::prompt_lacks_secret(lang).to_owned(),
                (_, true) => texts::prompt_lacks_both(lang, user_name),
                (_, false) => texts::prompt_rotate_about(lang, user_name),
            }
        }
        Purpose::NewSecret if prompt.fields.contains(&PromptField::Password) => {
            format!("{} {}", texts::prompt_new_secret_about(lang), texts::prompt_new_secret_password(lang))
        }
        Purpose::NewSecret => texts::prompt_new_secret_about(lang).to_owned(),
        Purpose::NewUser(user_name) => texts::prompt_new_user_about(lang, user_name),
    }
}

/// The fields, and row and column of the cursor.
fn fields(lang: Lang, prompt: &Prompt, room: usize, theme: Theme) -> (Vec<Line<'static>>, Option<(u16, u16)>) {
    let label = |field: PromptField| match prompt.is_optional(field) {
        true => texts::prompt_optional(lang, name(lang, field)),
        false => name(lang, field).to_owned(),
    };
    let widest = prompt.fields.iter().map(|field| text::width(&label(*field))).max().unwrap_or(0);
    let labels = widest.max(text::width(texts::prompt_user(lang))) + 2;
    let mut cursor = None;
    let mut lines = Vec::new();
    for (row, field) in (0..).zip(prompt.fields.iter().copied()) {
        let label = label(field);
        let room = room.saturating_sub(labels).max(1);
        let shown = field::or_ground(value(prompt, field, room), room, theme);
        let column = shown.cursor.and_then(|column| u16::try_from(labels + column).ok());
        cursor = cursor.or(column.map(|column| (row, column)));
        let label = Span::styled(text::pad(&format!("{label}:"), labels), theme.style(Role::Dim));
        lines.push(Line::from([vec![label], shown.spans].concat()));
    }
    (lines, cursor)
}

fn name(lang: Lang, field: PromptField) -> &'static str {
    match field {
        PromptField::UserName => texts::prompt_user(lang),
        PromptField::Password => texts::prompt_password(lang),
        PromptField::Again => texts::prompt_again(lang),
        PromptField::ClientSecret => texts::prompt_secret(lang),
        PromptField::Expires => texts::prompt_expires(lang),
    }
}

fn value(prompt: &Prompt, field: PromptField, room: usize) -> Shown {
    let cursor = (prompt.field == field && prompt.task.is_none()).then_some(prompt.cursor);
    match field {
        PromptField::UserName => field::line(&prompt.user_name, cursor, room),
        PromptField::Expires => field::line(&prompt.expires, cursor, room),
        PromptField::ClientSecret => field::masked(&prompt.client_secret, cursor, prompt.revealed, room),
        PromptField::Password => field::masked(&prompt.password, cursor, prompt.revealed, room),
        PromptField::Again => field::masked(&prompt.again, cursor, prompt.revealed, room),
    }
}
