//! The terminal: taken once, and given back whole however the program ends.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::{self, ThreadId};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::background;
use super::links;
use super::theme::Theme;
use super::view;
use crate::model::charset::Charset;
use crate::model::colours::Colours;
use crate::model::lang::Lang;
use crate::model::settings::Settings;
use crate::texts::terminal as texts;
use crate::ui::app::model::Model;

/// Why there is no terminal to show screens in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTerminal {
    /// Standard input or output leads elsewhere.
    Piped,
    /// `TERM=dumb`.
    Dumb,
}

impl NoTerminal {
    /// What to tell, on stderr, before leaving with exit code 2.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Piped => texts::piped(lang),
            Self::Dumb => texts::dumb(lang),
        }
    }
}

/// Looks whether screens can be shown.
///
/// # Errors
/// Why not.
pub fn check() -> Result<(), NoTerminal> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        Err(NoTerminal::Piped)
    } else if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        Err(NoTerminal::Dumb)
    } else {
        Ok(())
    }
}

/// What the loop draws on: the terminal, or a test's stand-in.
pub trait Surface {
    /// Draws the model, unless the terminal is not ours for now.
    ///
    /// # Errors
    /// When the terminal does not take it: it is gone.
    fn draw(&mut self, model: &Model) -> io::Result<()>;

    /// What it shows, under these settings.
    fn charset(&self, settings: &Settings) -> Charset {
        settings.charset.unwrap_or_default()
    }

    /// Puts a text on the clipboard, as far as the terminal does that.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Switches mouse capture.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn mouse(&mut self, on: bool) -> io::Result<()>;

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn redraw(&mut self) -> io::Result<()>;

    /// Gives the terminal back and stops the process. Does nothing where no shell could start it again.
    ///
    /// # Errors
    /// When the system refuses.
    fn suspend(&mut self) -> io::Result<()>;

    /// Takes the terminal again, to be drawn again; the size it has now.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn resume(&mut self) -> io::Result<(u16, u16)>;
}

/// The terminal of this process. Dropping it restores the terminal.
pub struct Tty {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Tty {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste; the cursor shows where the focus is.
    ///
    /// # Errors
    /// When the terminal refuses; it is restored then.
    pub fn enter() -> io::Result<Self> {
        let terminal = take().and_then(|()| open()).inspect_err(|_| leave())?;
        Ok(Self { terminal, mouse: false })
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// When the terminal does not tell.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        terminal::size()
    }
}

impl Surface for Tty {
    fn draw(&mut self, model: &Model) -> io::Result<()> {
        if TAKEN.load(Ordering::SeqCst) {
            let settings = &model.settings;
            let theme = Theme::from(settings.theme.settled(model.background, variable));
            let mut pieces = Vec::new();
            self.terminal.draw(|frame| {
                view::draw(frame, model, theme);
                // A terminal without UTF-8 may show the sequence itself.
                if model.charset == Charset::Utf8 {
                    pieces = links::on_screen(frame.buffer_mut(), model);
                }
                view::show_in(frame.buffer_mut(), model.charset);
            })?;
            links::write(self.terminal.backend_mut(), &pieces)?;
        }
        Ok(())
    }

    fn charset(&self, settings: &Settings) -> Charset {
        chosen_charset(true, settings.charset)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout();
        write!(out, "\x1b]52;c;{}\x07", base64(text.as_bytes()))?;
        out.flush()
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
    }

    fn redraw(&mut self) -> io::Result<()> {
        // A new `Terminal` knows nothing of what is on the screen, so the next frame writes every cell.
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = open()?;
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        stop::with(leave)
    }

    fn resume(&mut self) -> io::Result<(u16, u16)> {
        leave();
        take()?;
        self.terminal = open()?;
        self.mouse(self.mouse)?;
        self.size()
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        leave();
    }
}

static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOKED: AtomicBool = AtomicBool::new(false);
static OWNER: Mutex<Option<ThreadId>> = Mutex::new(None);

/// Gives the terminal back, as it was. Does nothing the second time; may be called from anywhere.
pub fn leave() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // A terminal that is gone takes nothing, and a Windows console refuses what was never switched on: each
    // is tried for itself.
    let _ = execute!(out, DisableMouseCapture);
    let _ = execute!(out, DisableBracketedPaste);
    let _ = queue!(out, crossterm::style::ResetColor, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = terminal::disable_raw_mode();
}

fn take() -> io::Result<()> {
    hook();
    TAKEN.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    let mut out = io::stdout();
    execute!(out, EnterAlternateScreen, Hide)?;
    // Old consoles have no bracketed paste; there a paste comes as keys.
    let _ = execute!(out, EnableBracketedPaste);
    if background::may_be_asked(variable) {
        out.write_all(background::QUESTION)?;
        out.flush()?;
    }
    Ok(())
}

fn open() -> io::Result<Terminal<CrosstermBackend<BufWriter<Stdout>>>> {
    Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, io::stdout())))
}

/// A panic of the loop restores the terminal before it is told. A panic elsewhere, in a task or a thread of
/// another layer, must not tear the screen down: it goes to the log, without its message, and becomes a fault
/// where the task is awaited.
fn hook() {
    *OWNER.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(thread::current().id());
    if HOOKED.swap(true, Ordering::SeqCst) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if TAKEN.load(Ordering::SeqCst) && !is_owner() {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "a task panicked");
        } else {
            leave();
            before(info);
        }
    }));
}

fn is_owner() -> bool {
    let owner = *OWNER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    owner == Some(thread::current().id()) && tokio::task::try_id().is_none()
}

#[cfg(unix)]
mod stop {
    use std::io;

    use rustix::process::{Signal, getpgrp, getsid, kill_process_group};

    /// Calls `leave` and stops our process group, as the terminal would on Ctrl-Z. A group that leads its
    /// session has no shell above it that could start it again, so it is not stopped.
    pub fn with(leave: impl FnOnce()) -> io::Result<()> {
        let group = getpgrp();
        if getsid(None)? == group {
            return Ok(());
        }
        leave();
        Ok(kill_process_group(group, Signal::STOP)?)
    }
}

#[cfg(not(unix))]
mod stop {
    /// There is no job control here.
    pub fn with(_leave: impl FnOnce()) -> std::io::Result<()> {
        Ok(())
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |chunk: &[u8], index: usize| {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let letter = ALPHABET[(bits >> (18 - 6 * index) & 63) as usize];
        if index <= chunk.len() { char::from(letter) } else { '=' }
    };
    bytes.chunks(3).flat_map(|chunk| (0..4).map(move |index| letter(chunk, index))).collect()
}

/// How many columns the terminal has; `None` where it does not tell.
pub fn columns() -> Option<usize> {
    crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}

/// What the config file says of the charset.
static CONFIGURED: OnceLock<Charset> = OnceLock::new();

/// Shows this charset, as the config file says, unless `ITSMC_CHARSET` says otherwise.
pub fn configure_charset(charset: Charset) {
    // A second call changes nothing: one run speaks in one charset.
    let _ = CONFIGURED.set(charset);
}

static COLOURS: OnceLock<Colours> = OnceLock::new();

/// Notes which colours the config file wants.
pub fn configure_colours(colours: Colours) {
    let _ = COLOURS.set(colours);
}

/// The colours of this run: dark, light or none.
pub fn colours() -> Colours {
    COLOURS.get().copied().unwrap_or_default().settled(None, variable)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The charset of a stream: as `ITSMC_CHARSET` or the config file says, else as the terminal shows; a pipe takes UTF-8.
pub fn charset(is_terminal: bool) -> Charset {
    chosen_charset(is_terminal, CONFIGURED.get().copied())
}

fn chosen_charset(is_terminal: bool, configured: Option<Charset>) -> Charset {
    match variable("ITSMC_CHARSET").and_then(|name| Charset::named(&name)).or(configured) {
        Some(charset) => charset,
        None if is_terminal && !cfg!(windows) => Charset::of_terminal(variable),
        None => Charset::Utf8,
    }
}

/// Whether the terminal takes escape sequences for colours. Only on Windows there are some that do not.
pub fn takes_colours() -> bool {
    #[cfg(windows)]
    return crossterm::ansi_support::supports_ansi();
    #[cfg(not(windows))]
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_takes_base64() {
        for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar é", "Zm9vYmFyIMOp")]
        {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }
}
