//! Marks of state: always a symbol and a word, the colour only beside them.

use ratatui::text::Span;

use crate::model::check::Status;
use crate::model::lang::Lang;
use crate::model::summary::Health;
use crate::texts::{frame, step};
use crate::ui::tui::theme::{Role, Theme};

/// The symbol of a status.
pub fn symbol(status: Status) -> &'static str {
    match status {
        Status::Passed | Status::Confirmed => "✓",
        Status::Failed => "✗",
        Status::Warning => "▲",
        Status::Unknown => "?",
        Status::Skipped => "–",
        Status::Todo => "○",
    }
}

/// The role of a status.
pub fn role(status: Status) -> Role {
    match status {
        Status::Passed | Status::Confirmed => Role::Ok,
        Status::Failed => Role::Error,
        Status::Warning | Status::Unknown => Role::Warning,
        Status::Skipped | Status::Todo => Role::Dim,
    }
}

/// Symbol and word of a status, such as `✓ passed`.
pub fn status(lang: Lang, theme: Theme, status: Status) -> Span<'static> {
    Span::styled(format!("{} {}", symbol(status), step::status(lang, status)), theme.style(role(status)))
}

/// Symbol and word of a health, such as `● healthy`.
pub fn health(lang: Lang, theme: Theme, health: Health) -> Span<'static> {
    let (symbol, role) = match health {
        Health::Healthy => ("●", Role::Ok),
        Health::Warning => ("▲", Role::Warning),
        Health::SignedOut | Health::Failing => ("✗", Role::Error),
        Health::New => ("○", Role::Dim),
    };
    Span::styled(format!("{symbol} {}", frame::health(lang, health)), theme.style(role))
}
