//! A session: the program under a pseudo terminal, and a terminal emulator that shows what it drew.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// When waiting counts as hanging; far more than any step takes, on a machine that is busy with other things too.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// A program in a pseudo terminal of its own.
pub struct Session {
    master: Option<Box<dyn MasterPty + Send>>,
    slave: Option<Box<dyn SlavePty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    shown: Arc<Shown>,
    reader: Option<JoinHandle<()>>,
    ended: Receiver<u32>,
    code: Option<u32>,
    pid: Pid,
    settings: Settings,
    home: Arc<TempDir>,
}

struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: Parser,
    raw: Vec<u8>,
    frames: Vec<String>,
    closed: bool,
}

/// The terminal's line settings, to compare before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings(String);

/// How to start a session; made by [`session`].
pub struct Builder {
    command: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    size: (u16, u16),
    key_file: bool,
    home: Arc<TempDir>,
}

/// A session of `itsmc` with these arguments, 80x24, in a home of its own.
pub fn session(args: &[&str]) -> Builder {
    Builder::new([env!("CARGO_BIN_EXE_itsmc")].iter().chain(args).map(Into::into).collect())
}

/// A session of another program with these arguments.
pub fn program(command: &[&str]) -> Builder {
    Builder::new(command.iter().map(Into::into).collect())
}

/// A session of an interactive shell, for job control; type `"$ITSMC"` to start the program.
pub fn shell() -> Builder {
    let shell = Builder::new(vec!["sh".into(), "-i".into()]);
    shell.env("PS1", "ready> ").env("ITSMC", env!("CARGO_BIN_EXE_itsmc"))
}

impl Builder {
    fn new(command: Vec<OsString>) -> Self {
        let home = Arc::new(tempfile::tempdir().expect("a home is made"));
        Self { command, env: Vec::new(), size: (80, 24), key_file: true, home }
    }

    /// The folder that is its home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Takes the home of another session.
    pub fn at_home_of(mut self, other: &Session) -> Self {
        self.home = Arc::clone(&other.home);
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Takes the vault's key from this command instead of a file.
    pub fn key_command(mut self, command: &str) -> Self {
        self.key_file = false;
        self.env("ITSMC_KEY_CMD", command)
    }

    /// Leaves the vault's key to a passphrase: there is no key file, and no keyring.
    pub fn without_key(mut self) -> Self {
        self.key_file = false;
        self.env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    }

    /// Starts it.
    pub fn start(self) -> Session {
        let pty = native_pty_system().openpty(pty_size(self.size)).expect("a pseudo terminal opens");
        let settings = Settings::of(&*pty.master);
        let home = Arc::clone(&self.home);
        let mut child = pty.slave.spawn_command(self.command(home.path())).expect("the program starts");
        let pid = Pid::from_raw(child.process_id().expect("it has an id").cast_signed()).expect("it is not 0");
        let (send, ended) = channel();
        thread::spawn(move || send.send(child.wait().map_or(u32::MAX, |status| status.exit_code())));
        let shown = Arc::new(Shown::new(self.size));
        let reader = read(pty.master.try_clone_reader().expect("the master can be read"), Arc::clone(&shown));
        Session {
            settings,
            keyboard: Some(pty.master.take_writer().expect("the master can be written")),
            master: Some(pty.master),
            slave: Some(pty.slave),
            shown,
            reader: Some(reader),
            ended,
            code: None,
            pid,
            home,
        }
    }

    fn command(&self, home: &Path) -> CommandBuilder {
        let mut command = CommandBuilder::from_argv(self.command.clone());
        command.env_clear();
        command.cwd(home);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.env("ITSMC_HOME", home.join("itsmc"));
        if self.key_file {
            command.env("ITSMC_KEY_FILE", home.join("vault-key.txt"));
        }
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }
}

impl Session {
    /// Types text as it is; a line break is `\r`.
    pub fn keys(&mut self, keys: &str) {
        let keyboard = self.keyboard.as_mut().expect("the terminal is open");
        keyboard.write_all(keys.as_bytes()).and_then(|()| keyboard.flush()).expect("the terminal takes keys");
    }

    /// Pastes text, as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) {
        assert!(self.shown.state().parser.screen().bracketed_paste(), "bracketed paste is on");
        self.keys(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.shown.state().parser.set_size(cells(rows), cells(columns));
        self.master.as_ref().expect("the terminal is open").resize(pty_size((columns, rows))).expect("it resizes");
    }

    /// Sends a signal to the program that was started.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program is there");
    }

    /// The folder that is its home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The process that was started.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Waits until the screen is as wanted.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Screen) -> bool) {
        self.wait(what, |state| wanted(state.parser.screen()));
    }

    /// Waits until the screen shows this text.
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("'{text}' to show"), |screen| screen.contents().contains(text));
    }

    /// Waits until the program has ended, and all it wrote is shown; its exit code.
    pub fn wait_for_end(&mut self) -> u32 {
        if let Some(code) = self.code {
            return code;
        }
        let code = self.ended.recv_timeout(DEADLINE);
        let code = code.unwrap_or_else(|_| panic!("still waiting for the end\n{}", self.screenshot()));
        self.code = Some(code);
        let settings = self.master.as_ref().map(|master| Settings::of(&**master));
        drop(self.slave.take());
        self.wait("the last output", |state| state.closed);
        if let Some(settings) = settings {
            assert_eq!(settings, self.settings, "the terminal's line settings");
        }
        code
    }

    /// Waits for the end of a program that was killed and so could restore nothing.
    pub fn wait_for_killed(&mut self) {
        let code = self.ended.recv_timeout(DEADLINE);
        self.code = Some(code.unwrap_or_else(|_| panic!("still waiting for the end\n{}", self.screenshot())));
    }

    /// Asserts that program and terminal are as before: screen, cursor, paste, mouse and line settings.
    pub fn assert_restored(&mut self) {
        self.wait_for_end();
        self.assert_modes_restored();
    }

    /// The same while a shell still runs in it: what the program switched is switched back.
    pub fn assert_modes_restored(&self) {
        let state = self.shown.state();
        let screen = state.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen was left");
        assert!(!screen.hide_cursor(), "the cursor shows");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is off");
        assert!(!screen.bold() && !screen.inverse(), "text is plain");
    }

    /// The text on the screen.
    pub fn text(&self) -> String {
        self.shown.state().parser.screen().contents()
    }

    /// The rows that hold reversed cells, by their reversed text.
    pub fn reversed(&self) -> Vec<String> {
        let state = self.shown.state();
        let screen = state.parser.screen();
        let (rows, columns) = screen.size();
        let row = |row| {
            let cells = (0..columns.get()).filter_map(move |column| screen.cell(row, column));
            cells.filter(|cell| cell.inverse()).map(|cell| cell.contents().to_owned()).collect::<String>()
        };
        (0..rows.get()).map(row).filter(|text| !text.is_empty()).collect()
    }

    /// Everything the program wrote since it began.
    pub fn raw(&self) -> Vec<u8> {
        self.shown.state().raw.clone()
    }

    /// Asserts that none of these was ever written to the terminal, shown on a screen, or stands in a file of
    /// the home, log included.
    pub fn assert_nowhere(&self, secrets: &[String]) {
        let state = self.shown.state();
        for secret in secrets {
            assert!(!holds(&state.raw, secret), "written to the terminal: {secret}");
            assert!(!state.frames.iter().any(|frame| frame.contains(secret)), "on the screen: {secret}");
        }
        let files = files_below(self.home.path());
        assert!(!files.is_empty(), "the program has written something");
        for (path, secret) in files.iter().flat_map(|path| secrets.iter().map(move |secret| (path, secret))) {
            let bytes = std::fs::read(path).expect("a file of the home can be read");
            assert!(!holds(&bytes, secret), "in {}: {secret}", path.display());
        }
    }

    /// Makes a named pipe in the home; what is written into it until it is closed.
    pub fn pipe(&self, name: &str) -> Receiver<String> {
        let path = self.home.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success(), "the pipe is made");
        let (send, written) = channel();
        thread::spawn(move || std::fs::read_to_string(path).map(|text| send.send(text)));
        written
    }

    /// The screen in a frame, for messages.
    pub fn screenshot(&self) -> String {
        self.shown.state().screenshot()
    }

    fn wait(&self, what: &str, wanted: impl Fn(&State) -> bool) {
        let end = Instant::now() + DEADLINE;
        let mut state = self.shown.state();
        while !wanted(&state) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still waiting for {what}\n{}", state.screenshot());
            state = self.shown.changed.wait_timeout(state, left).expect("the reader lives").0;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.code.is_none() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
        drop((self.keyboard.take(), self.slave.take(), self.master.take()));
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Shown {
    fn new((columns, rows): (u16, u16)) -> Self {
        let state = State {
            parser: Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            frames: Vec::new(),
            closed: false,
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn screenshot(&self) -> String {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        let line = "-".repeat(columns.get().into());
        let rows: Vec<_> = screen.rows(0, columns.get()).collect();
        let modes = (screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste());
        format!(
            "+{line}\n|{}\n+{line}\n(alternate screen, cursor hidden, bracketed paste) = {modes:?}",
            rows.join("\n|")
        )
    }
}

impl Settings {
    fn of(master: &dyn MasterPty) -> Self {
        let termios = master.get_termios().expect("a terminal has settings");
        let flags = (termios.input_flags, termios.output_flags, termios.control_flags, termios.local_flags);
        Self(format!("{flags:?} {:?}", termios.control_chars))
    }
}

fn read(mut output: Box<dyn Read + Send>, shown: Arc<Shown>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // A master whose other side is closed fails to read instead of ending.
        while let Some(read) = output.read(&mut buffer).ok().filter(|read| *read > 0) {
            let mut state = shown.state();
            state.raw.extend_from_slice(&buffer[..read]);
            state.parser.process(&buffer[..read]);
            let frame = state.parser.screen().contents();
            state.frames.push(frame);
            shown.changed.notify_all();
        }
        shown.state().closed = true;
        shown.changed.notify_all();
    })
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has a size")
}

/// Whether the bytes hold the secret, as it is or as a form would send it.
fn holds(bytes: &[u8], secret: &str) -> bool {
    let sent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let found = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(secret.len() >= 8, "too short to look for");
    found(secret) || found(&sent)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of the home can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
