//! `itsmc pictures`: README's pictures, drawn by the program itself from a practice instance it has just synced.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::cli::args::{Common, PracticeArgs};
use crate::cli::dispatch;
use crate::cli::practice::demo::{self, Demo};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::ui::app::effect::{Effect, Perform, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::update;
use crate::ui::perform::Tasks;
use crate::ui::tui::picture;

/// The size of the pictures.
const SIZE: (u16, u16) = (100, 28);
/// How long a practice sync may take.
const LIMIT: Duration = Duration::from_secs(120);

/// Draws `dashboard.svg`, `connection.svg` and `wizard.svg` into the folder.
///
/// # Errors
/// When the practice instance cannot be synced or a picture not be written.
pub async fn run(dir: &Path) -> Result<u8, Fault> {
    let common = Common { home: None, lang: None, json: false, quiet: true, key_file: None, ca_file: None };
    let home = demo::home()?;
    let services = dispatch::services(&common, Lang::En, Some(home.path()))?;
    let args = PracticeArgs { port: 0, incident_log: None, rows: None, speed: 1.0, layout: None };
    let demo = Demo::set_up(&services, &args).await?;
    let (queue, inbox) = mpsc::unbounded_channel();
    let model = Model::new(Lang::En, Timestamp::now(), SIZE, services.catalogue.clone());
    let mut stage = Stage { model, tasks: Tasks::new(services, queue), inbox, running: BTreeSet::new() };
    let drawn = draw_all(&mut stage, dir).await;
    demo.stop().await;
    drawn.map(|()| 0)
}

async fn draw_all(stage: &mut Stage, dir: &Path) -> Result<(), Fault> {
    let effects = update::start(&mut stage.model);
    stage.perform(effects);
    stage.settle().await?;
    stage.save(&dir.join("dashboard.svg"))?;
    stage.press(Key::new(Code::Enter));
    stage.settle().await?;
    stage.save(&dir.join("connection.svg"))?;
    stage.press(Key::new(Code::Esc));
    stage.press(Key::char('n'));
    stage.settle().await?;
    for key in [Code::Enter, Code::Enter] {
        stage.press(Key::new(key));
    }
    for field in ["fabrikam", "fabrikam.service-now.com", "", "azure.integration"] {
        field.chars().for_each(|c| stage.press(Key::char(c)));
        stage.press(Key::new(Code::Tab));
    }
    stage.save(&dir.join("wizard.svg"))
}

/// The program without a terminal.
struct Stage {
    model: Model,
    tasks: Tasks,
    inbox: UnboundedReceiver<Message>,
    running: BTreeSet<TaskId>,
}

impl Stage {
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

    fn press(&mut self, key: Key) {
        let effects = update::update(&mut self.model, Message::Key(key));
        self.perform(effects);
    }

    /// Takes in what tasks bring until none runs.
    async fn settle(&mut self) -> Result<(), Fault> {
        let wait = async {
            while !self.running.is_empty() {
                let Some(message) = self.inbox.recv().await else { return };
                if let Message::Outcome(task, _) = &message {
                    self.running.remove(task);
                }
                let effects = update::update(&mut self.model, message);
                self.perform(effects);
            }
        };
        let late = |_| Fault::TimedOut { host: "127.0.0.1".to_owned(), seconds: LIMIT.as_secs() };
        tokio::time::timeout(LIMIT, wait).await.map_err(late)
    }

    fn save(&self, path: &Path) -> Result<(), Fault> {
        let error = |error| Fault::from_io(path, &error);
        picture::svg(&self.model).and_then(|svg| std::fs::write(path, svg)).map_err(error)
    }
}
