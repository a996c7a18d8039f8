//! Opens the terminal, starts what feeds the queue, and runs the loop.

use std::io;
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event;
use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;

use super::drive::{GONE, Loop};
use super::events::Translator;
use super::signals;
use super::terminal::{self, NoTerminal, Tty};
use crate::model::fault::Fault;
use crate::ui::app::effect::{Effect, Perform, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::Model;

/// How the terminal is used.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What F12 breaks, for the tests of the terminal's restoration.
    pub panic: Option<DebugPanic>,
}

/// What a hidden key breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebugPanic {
    /// The loop.
    Key,
    /// A task.
    Task,
}

impl Options {
    /// As the environment has it: `ITSMC_DEBUG_PANIC`.
    pub fn from_env() -> Self {
        let panic = match std::env::var("ITSMC_DEBUG_PANIC").as_deref() {
            Ok("key") => Some(DebugPanic::Key),
            Ok("task") => Some(DebugPanic::Task),
            _ => None,
        };
        Self { panic }
    }
}

/// Why the screens ended otherwise than by leaving.
#[derive(Debug)]
pub enum Failure {
    /// There is no terminal; exit code 2.
    NoTerminal(NoTerminal),
    /// The terminal refused.
    Fault(Fault),
}

/// Shows the screens until the program is left; the exit code. The terminal is restored when this returns,
/// however it returns.
///
/// `queue` is the one ordered queue that `performer` puts outcomes into, `inbox` its other end. Must be awaited
/// by `block_on` itself, not in a spawned task, so that a panic can be told from one of a task.
///
/// # Errors
/// When there is no terminal, or it refuses.
pub async fn run(
    model: Model,
    options: Options,
    performer: &impl Perform,
    queue: UnboundedSender<Message>,
    inbox: UnboundedReceiver<Message>,
) -> Result<u8, Failure> {
    terminal::check().map_err(Failure::NoTerminal)?;
    let refused = |error: io::Error| Failure::Fault(Fault::Internal { what: format!("terminal: {error}") });
    signals::listen(&queue).map_err(refused)?;
    let mut tty = Tty::enter().map_err(refused)?;
    let size = tty.size().map_err(refused)?;
    read_keys(size, queue.clone());
    let mut looped = Loop::new(model.with(|facts| facts.size = size), &mut tty, performer, Timestamp::now);
    looped.breaker = options.panic.map(|what| (what, queue));
    let ended = AssertUnwindSafe(looped.drive(inbox)).catch_unwind().await;
    drop(tty);
    let panicked = |_| Failure::Fault(Fault::Internal { what: "the screens stopped".into() });
    ended.map(|(_, code)| code.unwrap_or(0)).map_err(panicked)
}

/// The terminal's size from when on changes of it are told: one between the first look and then is told by nobody.
fn size_when_listening((columns, rows): (u16, u16)) -> Message {
    // Whatever waits is left for the read; crossterm only begins to listen with the first poll.
    let _ = event::poll(Duration::ZERO);
    let (columns, rows) = crossterm::terminal::size().unwrap_or((columns, rows));
    Message::Resize(columns, rows)
}

/// Reads the terminal in a thread of its own, which ends with the process: a read cannot be called off.
fn read_keys(size: (u16, u16), queue: UnboundedSender<Message>) {
    thread::spawn(move || {
        let mut translator = Translator::new(cfg!(windows));
        let _ = queue.send(size_when_listening(size));
        while let Ok(event) = event::read() {
            let Some(message) = translator.message(event, Instant::now()) else {
                continue;
            };
            if queue.send(message).is_err() {
                return;
            }
        }
        let _ = queue.send(Message::Terminate(GONE));
    });
}

/// Whether it is the hidden key.
pub(super) fn is_breaker(message: &Message) -> bool {
    matches!(message, Message::Key(Key { code: Code::F(12), .. }))
}

/// Panics, here or in the task that loads the config file again; what is left to be done.
#[allow(clippy::panic, reason = "it is what this is for")]
pub(super) fn break_down(what: DebugPanic, model: &mut Model, queue: &UnboundedSender<Message>) -> Vec<Effect> {
    let mut effects = match what {
        DebugPanic::Key => panic!("a panic was asked for"),
        DebugPanic::Task => crate::ui::app::update::start(model),
    };
    if let Some(Effect::Run(task, _)) = effects.pop() {
        let broken = tokio::spawn(std::future::poll_fn(|_| -> Poll<()> { panic!("a panic was asked for") }));
        tokio::spawn(report(task, broken, queue.clone()));
    }
    effects
}

async fn report(task: TaskId, broken: JoinHandle<()>, queue: UnboundedSender<Message>) {
    if broken.await.is_err() {
        let fault = Fault::Internal { what: "a task panicked".into() };
        let _ = queue.send(Message::Outcome(task, Outcome::Failed(fault)));
    }
}
