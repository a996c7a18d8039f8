//! Colours are roles, and never the only mark: a symbol and a word stand beside each.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Normal,
    /// All is well.
    Ok,
    /// Deserves attention.
    Warning,
    /// Is wrong.
    Error,
    /// The present step, a key, a link.
    Accent,
    /// Of less weight.
    Dim,
    /// A heading.
    Title,
    /// Where the next key goes.
    Focus,
}

/// How roles look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// With the terminal's own sixteen colours.
    #[default]
    Colour,
    /// Without any colour: bold, dim and reverse only.
    Mono,
}

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let style = match role {
            Role::Normal => Style::new(),
            Role::Ok => Style::new().fg(Color::Green),
            Role::Warning => Style::new().fg(Color::Yellow),
            Role::Error => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Role::Accent => Style::new().fg(Color::Cyan),
            Role::Dim => Style::new().fg(Color::DarkGray),
            Role::Title => Style::new().add_modifier(Modifier::BOLD),
            Role::Focus => Style::new().add_modifier(Modifier::REVERSED),
        };
        match (self, role) {
            (Self::Colour, _) => style,
            (Self::Mono, Role::Dim) => Style::new().add_modifier(Modifier::DIM),
            (Self::Mono, Role::Accent) => Style::new().add_modifier(Modifier::BOLD),
            (Self::Mono, _) => Style { fg: None, ..style },
        }
    }
}
