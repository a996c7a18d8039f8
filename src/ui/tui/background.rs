//! The terminal's background: asked for as screens begin, and told by the terminal whenever it likes.
//!
//! OSC 11 with `?` asks for it (xterm, "Operating System Commands"); most terminals answer, some never do. Nothing waits for
//! the answer. It comes among the keys, and as keys: Alt+], then `11;rgb:ffff/ffff/ffff`, and Ctrl-G or Alt+\ at its end. So it
//! is picked out of them, however late it comes.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::model::colours::Background;

/// Asks for the background. It ends in BEL: rxvt-unicode does not end its answer as it should where it ends in ST.
pub const QUESTION: &[u8] = b"\x1b]11;?\x07";

/// Whether this terminal may be asked: the Linux console and GNU screen show or swallow the question, and a console of Windows
/// answers to nobody.
pub fn may_be_asked(variable: impl Fn(&str) -> Option<String>) -> bool {
    let term = variable("TERM").unwrap_or_default();
    let is_screen = term.starts_with("screen") && variable("TMUX").is_none();
    !cfg!(windows) && !is_screen && !["", "linux", "eterm-color"].contains(&term.as_str())
}

/// How soon the next character of an answer follows: a terminal writes it at once.
const SOON: Duration = Duration::from_millis(100);

/// The longest answer: `11;rgba:` and four parts of four digits.
const LONGEST: usize = 27;

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// A key that was pressed.
    Key,
    /// A part of an answer.
    Part,
    /// The end of an answer, with the background if that is what it tells.
    Last(Option<Background>),
}

/// The answer as far as it has come.
#[derive(Debug, Default)]
pub struct Answer {
    come: Option<(String, Instant)>,
}

impl Answer {
    /// Takes a key that came at `at`, if it is a part of an answer.
    pub fn take(&mut self, event: KeyEvent, at: Instant) -> Taken {
        let (alt, ctrl) =
            (event.modifiers.contains(KeyModifiers::ALT), event.modifiers.contains(KeyModifiers::CONTROL));
        if (event.code, alt) == (KeyCode::Char(']'), true) {
            self.come = Some((String::new(), at));
            return Taken::Part;
        }
        let Some((mut come, last)) = self.come.take() else { return Taken::Key };
        let is_soon = at.saturating_duration_since(last) < SOON;
        match event.code {
            _ if !is_soon => Taken::Key,
            KeyCode::Char('g') if ctrl => Taken::Last(background(&come)),
            KeyCode::Char('\\') if alt => Taken::Last(background(&come)),
            KeyCode::Char(c) if is_of_answer(c) && come.len() < LONGEST && !alt && !ctrl => {
                come.push(c);
                self.come = Some((come, at));
                Taken::Part
            }
            _ => Taken::Key,
        }
    }
}

fn is_of_answer(c: char) -> bool {
    c.is_ascii_hexdigit() || ";rgba:/".contains(c)
}

/// The background of `11;rgb:RRRR/GGGG/BBBB`; a part has one to four hexadecimal digits. Light is what is nearer to white, by
/// the weights of ITU-R BT.601.
fn background(answer: &str) -> Option<Background> {
    let colour = answer.strip_prefix("11;")?;
    let parts = colour.strip_prefix("rgb:").or_else(|| colour.strip_prefix("rgba:"))?;
    let mut parts = parts.split('/').map(|part| {
        let most = 16_f64.powi(i32::try_from(part.len()).ok()?) - 1.0;
        u16::from_str_radix(part, 16).ok().map(|value| f64::from(value) / most)
    });
    let mut next = || parts.next().flatten();
    let (red, green, blue) = (next()?, next()?, next()?);
    let brightness = 0.299 * red + 0.587 * green + 0.114 * blue;
    Some(if brightness > 0.5 { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The keys as which crossterm gives what a terminal sends.
    fn keys(sent: &str) -> Vec<KeyEvent> {
        let mut chars = sent.chars();
        let mut keys = Vec::new();
        while let Some(c) = chars.next() {
            keys.push(match c {
                '\x1b' => KeyEvent::new(KeyCode::Char(chars.next().unwrap()), KeyModifiers::ALT),
                '\x07' => KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL),
                c if c.is_uppercase() => KeyEvent::new(KeyCode::Char(c), KeyModifiers::SHIFT),
                c => KeyEvent::from(KeyCode::Char(c)),
            });
        }
        keys
    }

    fn taken(sent: &str, between: Duration) -> Vec<Taken> {
        let (mut answer, mut at) = (Answer::default(), Instant::now());
        let take = |key| {
            at += between;
            answer.take(key, at)
        };
        keys(sent).into_iter().map(take).collect()
    }

    #[rstest]
    #[case::xterm("\x1b]11;rgb:ffff/ffff/ffff\x07", Some(Background::Light))]
    #[case::ended_by_st("\x1b]11;rgb:1e1e/1E1E/2e2e\x1b\\", Some(Background::Dark))]
    #[case::two_digits("\x1b]11;rgb:fd/f6/e3\x1b\\", Some(Background::Light))]
    #[case::transparent("\x1b]11;rgba:0000/0000/0000/cccc\x07", Some(Background::Dark))]
    #[case::another_colour("\x1b]10;rgb:ffff/ffff/ffff\x07", None)]
    #[case::no_colour("\x1b]11;\x07", None)]
    #[case::too_many_digits("\x1b]11;rgb:fffff/0/0\x07", None)]
    fn an_answer_is_picked_out_of_the_keys(#[case] sent: &str, #[case] told: Option<Background>) {
        let mut taken = taken(sent, Duration::ZERO);
        assert_eq!(taken.pop(), Some(Taken::Last(told)));
        assert!(taken.iter().all(|taken| *taken == Taken::Part), "{taken:?}");
    }

    #[test]
    fn keys_before_and_after_an_answer_are_keys() {
        let taken = taken("j\x1b]11;rgb:0/0/0\x07q1", Duration::ZERO);
        let keys: Vec<_> = taken.iter().map(|taken| *taken == Taken::Key).collect();
        assert_eq!(keys.iter().filter(|key| **key).count(), 3);
        assert_eq!((keys.first(), keys.last()), (Some(&true), Some(&true)));
    }

    #[test]
    fn what_is_typed_after_alt_and_a_bracket_is_typed() {
        assert_eq!(taken("\x1b]x", Duration::ZERO), [Taken::Part, Taken::Key]);
        assert_eq!(taken("\x1b]11", Duration::from_secs(1)), [Taken::Part, Taken::Key, Taken::Key]);
    }

    #[rstest]
    #[case(&[("TERM", "xterm-256color")], true)]
    #[case(&[("TERM", "tmux-256color"), ("TMUX", "/tmp/tmux")], true)]
    #[case(&[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux")], true)]
    #[case(&[("TERM", "screen-256color")], false)]
    #[case(&[("TERM", "linux")], false)]
    #[case(&[], false)]
    #[cfg(not(windows))]
    fn terminals_that_cannot_answer_are_not_asked(#[case] environment: &[(&str, &str)], #[case] asked: bool) {
        let variable =
            |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(may_be_asked(variable), asked);
    }
}
