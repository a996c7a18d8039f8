//! What stdout and stderr can show.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use super::fold::fold;
use crate::model::charset::Charset;
use crate::model::colours::{Colours, on_light};
use crate::ui::tui::terminal;

/// The widest that prose gets, in columns: longer lines are hard to read.
const WIDEST_PROSE: usize = 100;
/// The width of a terminal that does not tell, in columns.
const USUAL: usize = 80;
/// The narrowest that lines are folded to, in columns.
const NARROWEST: usize = 20;

/// What a colour means. It is never the only mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// All is well.
    Ok,
    /// To be looked after.
    Warning,
    /// Something failed.
    Error,
    /// What to do next.
    Accent,
    /// Of less weight.
    Dim,
    /// A head.
    Head,
}

impl Role {
    fn code(self, colours: Colours) -> String {
        let indexed = |colour: u8| format!("38;5;{colour}");
        match (self, colours) {
            (Self::Head, _) => "1".to_owned(),
            (Self::Ok, Colours::Light) => indexed(on_light::OK),
            (Self::Warning, Colours::Light) => indexed(on_light::WARNING),
            (Self::Error, Colours::Light) => indexed(on_light::ERROR),
            (Self::Accent, Colours::Light) => indexed(on_light::ACCENT),
            (Self::Dim, Colours::Light) => indexed(on_light::DIM),
            (Self::Ok, _) => "32".to_owned(),
            (Self::Warning, _) => "33".to_owned(),
            (Self::Error, _) => "31".to_owned(),
            (Self::Accent, _) => "36".to_owned(),
            (Self::Dim, _) => "2".to_owned(),
        }
    }
}

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// The terminal's width in columns; `None` for a pipe or file.
    pub width: Option<usize>,
    /// Which colours it shows.
    pub colours: Colours,
    /// The characters that it shows.
    pub charset: Charset,
}

impl Medium {
    /// A pipe or a file.
    pub const PIPE: Self = Self { width: None, colours: Colours::None, charset: Charset::Utf8 };

    /// What stdout shows.
    pub fn stdout() -> Self {
        static STDOUT: OnceLock<Medium> = OnceLock::new();
        STDOUT.get_or_init(|| Self::of(io::stdout().is_terminal())).speaking()
    }

    /// What stderr shows.
    pub fn stderr() -> Self {
        static STDERR: OnceLock<Medium> = OnceLock::new();
        STDERR.get_or_init(|| Self::of(io::stderr().is_terminal())).speaking()
    }

    fn of(is_terminal: bool) -> Self {
        if !is_terminal {
            return Self::PIPE;
        }
        let dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let takes = (cfg!(windows) || !dumb) && terminal::takes_colours();
        let colours = if takes { terminal::colours() } else { Colours::None };
        let width = terminal::columns().unwrap_or(USUAL).max(NARROWEST);
        Self { width: Some(width), colours, charset: Charset::Utf8 }
    }

    /// The same in the charset and the colours of this run, which the config file may decide after the first words were said.
    fn speaking(self) -> Self {
        let colours = if self.colours == Colours::None { Colours::None } else { terminal::colours() };
        Self { charset: terminal::charset(self.width.is_some()), colours, ..self }
    }

    /// The text in the characters that it shows.
    pub fn shown(self, text: String) -> String {
        self.charset.shown(&text).unwrap_or(text)
    }

    /// A text in the colour of its role, where colours are shown.
    pub fn paint(self, role: Role, text: &str) -> String {
        if self.colours == Colours::None || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", role.code(self.colours))
    }

    /// A line for people: folded at words, its mark in colour. A pipe gets it as it is.
    pub fn prose(self, line: &str) -> String {
        let Some(width) = self.width else { return self.shown(line.to_owned()) };
        let folded: Vec<_> =
            line.split('\n').flat_map(|line| fold(line, width.min(WIDEST_PROSE), hang(line))).collect();
        self.shown(self.marked(&folded.join("\n")))
    }

    /// The mark that a line begins with in its colour.
    fn marked(self, line: &str) -> String {
        let rest = line.trim_start_matches(' ');
        match rest.chars().next().and_then(|mark| Some((mark, role_of(mark)?))) {
            Some((mark, role)) if rest[mark.len_utf8()..].starts_with(' ') => {
                let indent = &line[..line.len() - rest.len()];
                format!("{indent}{}{}", self.paint(role, &rest[..mark.len_utf8()]), &rest[mark.len_utf8()..])
            }
            _ => line.to_owned(),
        }
    }
}

/// The colour of a mark.
pub fn role_of(mark: char) -> Option<Role> {
    Some(match mark {
        '✓' | '●' => Role::Ok,
        '▲' => Role::Warning,
        '✗' => Role::Error,
        '→' => Role::Accent,
        '–' | '○' | '·' | '?' => Role::Dim,
        _ => return None,
    })
}

/// How far the continuation of a line is indented: as its text, behind its mark.
fn hang(line: &str) -> usize {
    let rest = line.trim_start_matches(' ');
    let marked = rest.chars().next().is_some_and(|mark| role_of(mark).is_some());
    line.len() - rest.len() + if marked { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURED: Medium = Medium { width: Some(30), colours: Colours::Dark, charset: Charset::Utf8 };

    #[test]
    fn a31_a_terminal_gets_the_mark_in_colour_and_whole_words() {
        let line = "  → Ask for the role of client credentials in the product";
        assert_eq!(
            COLOURED.prose(line),
            "  \x1b[36m→\x1b[0m Ask for the role of client\n    credentials in the product"
        );
        assert_eq!(COLOURED.prose("✗ no"), "\x1b[31m✗\x1b[0m no");
        assert_eq!(COLOURED.prose("–5 degrees"), "–5 degrees", "a mark stands alone");
        assert_eq!(Medium { colours: Colours::None, ..COLOURED }.prose("✗ no"), "✗ no");
        let light = Medium { colours: Colours::Light, ..COLOURED };
        assert_eq!(light.prose("▲ no"), "\x1b[38;5;94m▲\x1b[0m no", "yellow cannot be read on white");
    }

    #[test]
    fn p9_a_terminal_without_utf_8_gets_ascii_with_the_colours_of_the_marks() {
        let plain = Medium { charset: Charset::Ascii, ..COLOURED };
        assert_eq!(plain.prose("✗ no – really"), "\x1b[31mX\x1b[0m no - really");
        assert_eq!(Medium { charset: Charset::Ascii, ..Medium::PIPE }.prose("▲ one"), "! one");
    }

    #[test]
    fn a31_a_pipe_gets_the_line_as_it_is() {
        let line = "  → Ask for the role of client credentials in the product";
        assert_eq!(Medium::PIPE.prose(line), line);
        assert_eq!(Medium::PIPE.paint(Role::Error, "x"), "x");
    }
}
