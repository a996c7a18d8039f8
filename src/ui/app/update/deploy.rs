//! The guided step that writes what deploys a web app.

use crate::model::deploy::Written;
use crate::model::fault::Fault;
use crate::model::form::Form;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::deploy::{self, Deploy, DeployAction, Place, Stage};
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::model::{Asked, Facts};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::Action;

/// More lines than it ever has; the screen stops earlier.
const LINES: usize = 80;

/// Opens it with what is known of a connection: a saved one by its name, or the one that is being set up. What was
/// typed for the same connection before is still there.
pub fn open(ctx: &mut Ctx<'_>, whose: Option<String>, form: Option<&Form>) -> Step {
    let new = Deploy::new(whose, form);
    let deploy = match ctx.facts.left_deploy.take() {
        Some(mut old) if old.whose == new.whose => {
            old.values.retain(|_, text| !text.is_empty());
            new.values.into_iter().for_each(|(field, text)| _ = old.values.entry(field).or_insert(text));
            if old.written().is_some() {
                old.stage = Stage::Filling;
            }
            old
        }
        _ => Box::new(new),
    };
    Step::open(*deploy)
}

/// Takes in whether the files were written, also after the step was left.
pub fn written(ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Box<Written>, Fault>) {
    let mut left = ctx.facts.left_deploy.take();
    if left.as_mut().is_some_and(|deploy| deploy.ended(task, answer.clone()))
        && let Err(fault) = &answer
    {
        ctx.complain(fault.clone());
    }
    ctx.facts.left_deploy = left;
    ctx.tell(News::Written(task, answer));
}

impl Behaviour for Deploy {
    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        deploy::bindings(self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        deploy::typed(self, key).map(Action::Deploy)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::Deploy(action) = action else { return Step::Stay };
        match action {
            DeployAction::Next => self.neighbour(1).into_iter().for_each(|place| self.focus_on(place)),
            DeployAction::Previous => self.neighbour(-1).into_iter().for_each(|place| self.focus_on(place)),
            DeployAction::Edit(edit) => self.edit(&edit),
            DeployAction::Scroll(by) => self.scrolled = self.scrolled.saturating_add_signed(by).min(LINES),
            DeployAction::Write => self.write(ctx),
            DeployAction::CopyNext => {
                let commands = self.written().map(|written| deploy::next_commands(written).join("\n"));
                commands.into_iter().for_each(|commands| ctx.copy(commands));
            }
        }
        Step::Stay
    }

    /// What was typed is kept. Files that are being written are let finish.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        ctx.facts.left_deploy = Some(Box::new(self.clone()));
        Step::Back
    }

    fn heard(&mut self, _ctx: &mut Ctx<'_>, news: &News) -> Step {
        if let News::Written(task, answer) = news {
            self.ended(*task, answer.clone());
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        Deploy::paste(self, text);
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.act(ctx, Action::Deploy(DeployAction::Scroll(lines as isize)));
    }

    fn command(&self, _facts: &Facts) -> String {
        Deploy::command(self)
    }
}

impl Deploy {
    fn write(&mut self, ctx: &mut Ctx<'_>) {
        if matches!(self.stage, Stage::Writing(_) | Stage::Written(_)) {
            return;
        }
        if let Some(order) = self.order(ctx.facts.lang) {
            let task = ctx.ask(Asked::Deployment, Job::WriteDeployment(Box::new(order)));
            (self.stage, self.scrolled) = (Stage::Writing(task), 0);
        }
    }

    /// Takes in whether the files were written; whether this task was to write them.
    fn ended(&mut self, task: TaskId, answer: Result<Box<Written>, Fault>) -> bool {
        if self.stage != Stage::Writing(task) {
            return false;
        }
        if matches!(answer, Err(Fault::FilesThere { .. })) {
            self.focus_on(Place::Folder);
        }
        self.stage = answer.map_or_else(Stage::Failed, Stage::Written);
        true
    }
}
