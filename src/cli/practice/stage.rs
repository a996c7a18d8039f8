//! The program without a terminal, moved by keys: for pictures and the recording.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::secret::Secret;
use crate::service::services::Services;
use crate::ui::app::effect::{Effect, Perform, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::update;
use crate::ui::perform::Tasks;
use crate::ui::tui::picture::{self, Frames};
use crate::ui::tui::theme::Theme;

/// How long a practice sync may take.
const LIMIT: Duration = Duration::from_secs(120);
/// How long a frame of something that goes on by itself stands, in milliseconds.
const GOES_ON: u32 = 150;
/// So many letters are typed from one frame to the next.
const LETTERS: usize = 4;

/// The program without a terminal.
pub struct Stage {
    /// What it shows.
    pub model: Model,
    /// What was recorded.
    pub frames: Frames,
    tasks: Tasks,
    inbox: UnboundedReceiver<Message>,
    running: BTreeSet<TaskId>,
}

impl Stage {
    /// The program with its first effects under way.
    pub fn start(services: Arc<Services>, size: (u16, u16)) -> Self {
        let (queue, inbox) = mpsc::unbounded_channel();
        let model = Model::new(Lang::En, Timestamp::now(), size, services.catalogue.clone());
        let tasks = Tasks::new(services, queue);
        let mut stage = Self { model, frames: Frames::default(), tasks, inbox, running: BTreeSet::new() };
        let effects = update::start(&mut stage.model);
        stage.perform(effects);
        stage
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Run(task, job) => {
                    self.running.insert(task);
                    self.tasks.perform(task, job);
                }
                Effect::Cancel(task) => {
                    self.running.remove(&task);
                    self.tasks.cancel(task);
                }
                Effect::Answer(question, typed) => self.tasks.answer(question, typed),
                Effect::Copy(_)
                | Effect::Mouse(_)
                | Effect::Redraw
                | Effect::Suspend
                | Effect::Resume
                | Effect::Quit(_) => {}
            }
        }
    }

    fn send(&mut self, message: Message) {
        for message in [Message::Tick(Timestamp::now()), message] {
            let effects = update::update(&mut self.model, message);
            self.perform(effects);
        }
    }

    /// Gives the screen another size.
    pub fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.send(Message::Resize(columns, rows));
    }

    /// Presses a key.
    pub fn press(&mut self, key: Key) {
        self.send(Message::Key(key));
    }

    /// Presses a key that is no character.
    pub fn key(&mut self, code: Code) {
        self.press(Key::new(code));
    }

    /// Types a text, and records that.
    ///
    /// # Errors
    /// As [`Stage::record`].
    pub fn type_text(&mut self, text: &str) -> Result<(), Fault> {
        for (nth, letter) in text.chars().enumerate() {
            self.press(Key::char(letter));
            if nth % LETTERS == LETTERS - 1 {
                self.record(GOES_ON)?;
            }
        }
        self.record(2 * GOES_ON)
    }

    /// Pastes a secret.
    pub fn paste(&mut self, secret: &str) {
        self.send(Message::Paste(Secret::new(secret)));
    }

    /// Takes in what tasks bring until none runs, and records what is seen of that.
    ///
    /// # Errors
    /// When that takes too long; as [`Stage::record`].
    pub async fn settle(&mut self) -> Result<(), Fault> {
        let wait = async {
            while !self.running.is_empty() {
                let Some(message) = self.inbox.recv().await else { return Ok(()) };
                if let Message::Outcome(task, _) = &message {
                    self.running.remove(task);
                }
                self.send(message);
                self.record(GOES_ON)?;
            }
            Ok(())
        };
        let late = |_| Fault::TimedOut { host: "127.0.0.1".to_owned(), seconds: LIMIT.as_secs() };
        tokio::time::timeout(LIMIT, wait).await.map_err(late)?
    }

    /// Records what is seen now, to stand for so many milliseconds.
    ///
    /// # Errors
    /// When the frame cannot be drawn.
    pub fn record(&mut self, millis: u32) -> Result<(), Fault> {
        self.frames.add(&self.model, millis).map_err(|error| Fault::Internal { what: error.to_string() })
    }

    /// Writes a picture of what is seen now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Fault> {
        self.save_in(path, Theme::Colour)
    }

    /// As [`Stage::save`], in these colours.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_in(&self, path: &Path, theme: Theme) -> Result<(), Fault> {
        let error = |error| Fault::from_io(path, &error);
        picture::svg(&self.model, theme).and_then(|svg| std::fs::write(path, svg)).map_err(error)
    }
}
