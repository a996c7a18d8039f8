//! The jobs of the screen that only the tests have.

use crate::service::services::Services;
use crate::ui::app::toy::{ToyJob, ToyOutcome};

/// Does one to its end.
pub async fn perform(services: &Services, job: ToyJob) -> ToyOutcome {
    match job {
        ToyJob::Read => ToyOutcome::Read(services.config().await.map(|config| config.connections.len() as u64)),
        ToyJob::Keep(_) => ToyOutcome::Kept(Ok(())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::mpsc::unbounded_channel;

    use crate::home::Home;
    use crate::model::partner::Catalogue;
    use crate::service::services::Services;
    use crate::ui::app::effect::{Effect, Perform};
    use crate::ui::app::key::{Code, Key};
    use crate::ui::app::message::Message;
    use crate::ui::app::model::{Model, Screen};
    use crate::ui::app::testing::model;
    use crate::ui::app::toy::Toy;
    use crate::ui::app::update::{open, update};
    use crate::ui::perform::Tasks;
    use crate::vault::{AskPassphrase, NoAsk, VaultOptions};

    fn run(tasks: &Tasks, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Run(task, job) = effect {
                tasks.perform(task, job);
            }
        }
    }

    fn toy(model: &Model) -> &Toy {
        match model.front() {
            Some(Screen::Toy(toy)) => toy,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn the_jobs_of_a_new_screen_run_and_come_back_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::in_dir(dir.path());
        home.prepare().unwrap();
        let key = VaultOptions::key_file_only(dir.path().join("key.txt"));
        let nobody = Box::new(|| Box::new(NoAsk) as Box<dyn AskPassphrase>);
        let services = Services::new(home, Arc::new(Catalogue::built_in().unwrap()), None, key, nobody);
        let (queue, mut messages) = unbounded_channel();
        let tasks = Tasks::new(Arc::new(services), queue);
        let mut model = model();
        run(&tasks, open(&mut model, Toy::default()));
        while toy(&model).number.is_none() {
            let message = messages.recv().await.unwrap();
            run(&tasks, update(&mut model, message));
        }
        assert_eq!(toy(&model).number, Some(Ok(0)), "an empty home has no connection");
        run(&tasks, update(&mut model, Message::Key(Key::new(Code::Enter))));
        while !toy(&model).kept {
            let message = messages.recv().await.unwrap();
            run(&tasks, update(&mut model, message));
        }
    }
}
