//! A screen that only the tests have: made by the steps that docs/architecture.md names, with two jobs of its own.

use super::ctx::Ctx;
use super::effect::{OwnJob, TaskId};
use super::key::{Code, Key};
use super::keymap::Binding;
use super::message::Outcome;
use super::model::Facts;
use super::screen::{Behaviour, Step};
use super::screens::{Action, ScreenOutcome};
use crate::model::fault::Fault;
use crate::texts::keys;

/// The screen: a number that is read and kept somewhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Toy {
    /// The number, once it was read.
    pub number: Option<Result<u64, Fault>>,
    /// Whether it is kept.
    pub kept: bool,
    /// Whether it is a box over another screen.
    pub boxed: bool,
}

/// What can be asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToyAction {
    /// Keep the number.
    Keep,
}

/// What runs for it.
#[derive(Debug, Clone, PartialEq)]
pub enum ToyJob {
    /// Read the number.
    Read,
    /// Keep it.
    Keep(u64),
}

/// What that ended with.
#[derive(Debug, Clone)]
pub enum ToyOutcome {
    /// The number.
    Read(Result<u64, Fault>),
    /// It was kept, or not.
    Kept(Result<(), Fault>),
}

impl OwnJob for ToyJob {
    type Outcome = ToyOutcome;

    fn failure(&self) -> fn(Fault) -> ToyOutcome {
        match self {
            Self::Read => |fault| ToyOutcome::Read(Err(fault)),
            Self::Keep(_) => |fault| ToyOutcome::Kept(Err(fault)),
        }
    }

    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Keep(_))
    }
}

impl Behaviour for Toy {
    fn is_box(&self) -> bool {
        self.boxed
    }

    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        ctx.run(ToyJob::Read);
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let is_read = matches!(self.number, Some(Ok(_)));
        vec![
            Binding::new(&[Key::new(Code::Enter)], Action::Toy(ToyAction::Keep), keys::new, 1).when(is_read),
            Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::back, 2),
        ]
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        if let (Action::Toy(ToyAction::Keep), Some(Ok(number))) = (action, &self.number) {
            ctx.run(ToyJob::Keep(*number));
        }
        Step::Stay
    }

    fn on_outcome(&mut self, _ctx: &mut Ctx<'_>, _task: TaskId, outcome: Outcome) -> Step {
        match outcome {
            Outcome::Screen(ScreenOutcome::Toy(ToyOutcome::Read(answer))) => self.number = Some(answer),
            Outcome::Screen(ScreenOutcome::Toy(ToyOutcome::Kept(answer))) => self.kept = answer.is_ok(),
            _ => {}
        }
        Step::Stay
    }

    fn command(&self, _facts: &Facts) -> String {
        "toy".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::effect::{Effect, Job};
    use crate::ui::app::message::Message;
    use crate::ui::app::model::{Model, Screen};
    use crate::ui::app::testing::model;
    use crate::ui::app::update::{open, update};

    fn started(effects: &[Effect]) -> (TaskId, Job) {
        let run = effects.iter().find_map(|effect| match effect {
            Effect::Run(task, job) => Some((*task, job.clone())),
            _ => None,
        });
        run.unwrap_or_else(|| panic!("nothing runs: {effects:?}"))
    }

    fn toys(model: &Model) -> Vec<&Toy> {
        let toy = |screen| match screen {
            &Screen::Toy(ref toy) => Some(&**toy),
            _ => None,
        };
        model.screens().filter_map(toy).collect()
    }

    fn answer(model: &mut Model, task: TaskId, outcome: impl Into<Outcome>) {
        update(model, Message::Outcome(task, outcome.into()));
    }

    #[test]
    fn a_screen_of_one_file_runs_its_own_jobs() {
        let mut model = model();
        let (task, job) = started(&open(&mut model, Toy::default()));
        assert_eq!(job, ToyJob::Read.into());
        answer(&mut model, task, ToyOutcome::Read(Ok(7)));
        let (task, job) = started(&update(&mut model, Message::Key(Key::new(Code::Enter))));
        assert_eq!(job, ToyJob::Keep(7).into());
        answer(&mut model, task, ToyOutcome::Kept(Ok(())));
        assert!(toys(&model)[0].kept);
        update(&mut model, Message::Key(Key::char('q')));
        assert!(toys(&model).is_empty());
    }

    #[test]
    fn a_job_that_breaks_brings_the_error_of_its_own_outcome() {
        let mut model = model();
        let (task, _) = started(&open(&mut model, Toy::default()));
        answer(&mut model, task, Outcome::Failed(Fault::Interrupted));
        assert_eq!(toys(&model)[0].number, Some(Err(Fault::Interrupted)));
    }

    #[test]
    fn the_answer_of_a_job_of_a_box_comes_to_the_box_alone() {
        let mut model = model();
        let (below, _) = started(&open(&mut model, Toy::default()));
        let (above, _) = started(&open(&mut model, Toy { boxed: true, ..Toy::default() }));
        answer(&mut model, above, ToyOutcome::Read(Ok(1)));
        let numbers = |model: &Model| toys(model).iter().map(|toy| toy.number.clone()).collect::<Vec<_>>();
        assert_eq!(numbers(&model), [Some(Ok(1)), None]);
        update(&mut model, Message::Key(Key::new(Code::Esc)));
        answer(&mut model, above, ToyOutcome::Read(Ok(2)));
        answer(&mut model, below, ToyOutcome::Read(Ok(3)));
        assert_eq!(numbers(&model), [Some(Ok(3))]);
    }
}
