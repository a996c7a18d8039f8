//! Colours are roles, and never the only mark: a symbol and a word stand beside each.

use ratatui::style::{Color, Modifier, Style};

use crate::model::colours::{Colours, on_light};

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
    /// With colours that can be read on a light background.
    Light,
    /// Without any colour: bold, dim and reverse only.
    Mono,
}

impl From<Colours> for Theme {
    fn from(colours: Colours) -> Self {
        match colours {
            Colours::Auto | Colours::Dark => Self::Colour,
            Colours::Light => Self::Light,
            Colours::None => Self::Mono,
        }
    }
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
            (Self::Light, Role::Ok) => style.fg(Color::Indexed(on_light::OK)),
            (Self::Light, Role::Warning) => style.fg(Color::Indexed(on_light::WARNING)),
            (Self::Light, Role::Error) => style.fg(Color::Indexed(on_light::ERROR)),
            (Self::Light, Role::Accent) => style.fg(Color::Indexed(on_light::ACCENT)),
            (Self::Light, Role::Dim) => style.fg(Color::Indexed(on_light::DIM)),
            (Self::Light, _) => style,
            (Self::Mono, Role::Dim) => Style::new().add_modifier(Modifier::DIM),
            (Self::Mono, Role::Accent) => Style::new().add_modifier(Modifier::BOLD),
            (Self::Mono, _) => Style { fg: None, ..style },
        }
    }
}
