//! Questions on the terminal, with or without echo. Whoever leaves one by Ctrl-C, Ctrl-D or a signal leaves the program,
//! which says nothing then and gives the terminal back as it was.

use std::sync::atomic::{AtomicBool, Ordering};

use zeroize::Zeroizing;

use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::vault::AskPassphrase;

/// Whether a question was left unanswered.
static LEFT: AtomicBool = AtomicBool::new(false);

/// Whether someone left a question: the program then ends without a word.
pub fn was_left() -> bool {
    LEFT.load(Ordering::Acquire)
}

/// Notes that a question was left, and gives the fault that ends the command.
pub fn left() -> Fault {
    LEFT.store(true, Ordering::Release);
    Fault::Interrupted
}

/// Asks, and shows what is typed.
///
/// # Errors
/// [`Fault::Interrupted`] when it was left; trouble with the terminal.
pub fn line(question: &str) -> Result<String, Fault> {
    ask(question, true).map(|answer| answer.to_string())
}

/// Asks without showing what is typed.
///
/// # Errors
/// As [`line()`].
pub fn secret(question: &str) -> Result<Secret, Fault> {
    ask(question, false).map(|answer| Secret::new(answer.as_str()))
}

/// The question in the characters of the terminal.
fn on_terminal(question: &str) -> String {
    crate::ui::tui::terminal::charset(true).shown(question).unwrap_or_else(|| question.to_owned())
}

#[cfg(unix)]
fn ask(question: &str, echo: bool) -> Result<Zeroizing<String>, Fault> {
    terminal::ask(&on_terminal(question), echo)
}

#[cfg(not(unix))]
fn ask(question: &str, echo: bool) -> Result<Zeroizing<String>, Fault> {
    let question = &on_terminal(question);
    use std::io::{self, BufRead, Write};
    let told = |error: io::Error| Fault::from_io(std::path::Path::new("terminal"), &error);
    if !echo {
        return match rpassword::prompt_password(question) {
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof) => {
                Err(left())
            }
            typed => typed.map(Zeroizing::new).map_err(told),
        };
    }
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}").and_then(|()| stderr.flush()).map_err(told)?;
    let mut answer = Zeroizing::new(String::new());
    match io::stdin().lock().read_line(&mut answer).map_err(told)? {
        0 => Err(left()),
        _ => Ok(Zeroizing::new(answer.trim_end_matches(['\r', '\n']).to_owned())),
    }
}

/// Asks for the passphrase of the vault's key. Not to be used while a screen is drawn.
#[derive(Debug, Clone)]
pub struct TerminalAsk {
    /// Asks for the passphrase there is.
    pub enter: String,
    /// Said before asking once more.
    pub wrong: String,
    /// Asks for a new one.
    pub choose: String,
    /// Asks for the new one a second time.
    pub repeat: String,
    /// Said when the two differ.
    pub differ: String,
}

impl TerminalAsk {
    const ATTEMPTS: usize = 3;
}

impl AskPassphrase for TerminalAsk {
    fn passphrase(&mut self, again: bool) -> Option<Secret> {
        let prompt = if again { format!("{}\n{}", self.wrong, self.enter) } else { self.enter.clone() };
        passphrase(&prompt)
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        let mut prompt = self.choose.clone();
        for _ in 0..Self::ATTEMPTS {
            let first = passphrase(&prompt)?;
            if passphrase(&self.repeat)? == first {
                return Some(first);
            }
            prompt = format!("{}\n{}", self.differ, self.choose);
        }
        None
    }
}

fn passphrase(prompt: &str) -> Option<Secret> {
    if was_left() {
        return None;
    }
    secret(prompt).ok().filter(|secret| !secret.is_empty())
}

#[cfg(unix)]
mod terminal {
    use std::fs::{File, OpenOptions};
    use std::io::{self, IsTerminal, Read, Write};
    use std::path::Path;

    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
    use zeroize::Zeroizing;

    use super::left;
    use crate::cli::signals;
    use crate::model::fault::Fault;

    const TERMINAL: &str = "/dev/tty";

    /// The terminal without echo, until this is dropped.
    struct Quiet<'a> {
        tty: &'a File,
        before: Termios,
    }

    impl<'a> Quiet<'a> {
        fn new(tty: &'a File) -> io::Result<Self> {
            let before = tcgetattr(tty)?;
            let mut quiet = before.clone();
            quiet.local_modes -= LocalModes::ECHO;
            quiet.local_modes |= LocalModes::ECHONL;
            // Neither may end or stop the program while the echo is off.
            quiet.special_codes[SpecialCodeIndex::VQUIT] = 0;
            quiet.special_codes[SpecialCodeIndex::VSUSP] = 0;
            tcsetattr(tty, OptionalActions::Now, &quiet)?;
            Ok(Self { tty, before })
        }
    }

    impl Drop for Quiet<'_> {
        fn drop(&mut self) {
            // A terminal that is gone needs no echo.
            let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
        }
    }

    pub(super) fn ask(question: &str, echo: bool) -> Result<Zeroizing<String>, Fault> {
        let told = |error: io::Error| Fault::from_io(Path::new(TERMINAL), &error);
        let mut tty = open().map_err(told)?;
        let answered = {
            let for_echo = tty.try_clone().map_err(told)?;
            let _quiet = if echo { None } else { Some(Quiet::new(&for_echo).map_err(told)?) };
            tty.write_all(question.as_bytes()).map_err(told)?;
            answer(&mut tty)
        };
        match answered.map_err(told)? {
            Some(answer) => Ok(answer),
            None => {
                // What is said next begins on a line of its own.
                let _ = tty.write_all(b"\n");
                Err(left())
            }
        }
    }

    /// The terminal that the program was started on: stdin, where that is one.
    fn open() -> io::Result<File> {
        match OpenOptions::new().read(true).write(true).open(TERMINAL) {
            Err(_) if io::stdin().is_terminal() => Ok(File::from(rustix::io::dup(rustix::stdio::stdin())?)),
            opened => opened,
        }
    }

    /// One line without its end; `None` when the question was left.
    fn answer(tty: &mut File) -> io::Result<Option<Zeroizing<String>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
        let mut piece = Zeroizing::new([0; 4096]);
        loop {
            if !signals::wait_readable(&*tty)? {
                return Ok(None);
            }
            let count = match tty.read(&mut *piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            bytes.extend_from_slice(&piece[..count]);
            if count == 0 && bytes.is_empty() {
                return Ok(None);
            }
            if count == 0 || bytes.ends_with(b"\n") {
                let text = String::from_utf8_lossy(&bytes);
                return Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())));
            }
        }
    }
}
