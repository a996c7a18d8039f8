//! Who gets what: actions to the screen in front, answers to whoever asked, news to every screen of the stack.

use super::{alerts, config, connection, deploy, general, sync};
use crate::ui::app::boxes::{BoxText, Question, QuestionBox, TextBox};
use crate::ui::app::ctx::{Ctx, Done};
use crate::ui::app::effect::{Effect, TaskId};
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::{Asked, Asker, Model, Notice, Opened, ScreenId};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::Screen;

/// One message on its way through the program.
pub struct Run<'a> {
    /// The program.
    pub model: &'a mut Model,
    /// The effects so far.
    pub effects: Vec<Effect>,
}

impl<'a> Run<'a> {
    /// Nothing has happened yet.
    pub fn new(model: &'a mut Model) -> Self {
        Self { model, effects: Vec::new() }
    }

    /// Lets the program itself act.
    pub fn program(&mut self, act: impl FnOnce(&mut Ctx<'_>)) {
        let mut ctx = Ctx::new(&mut self.model.facts, None);
        act(&mut ctx);
        let Done { effects, news, .. } = ctx.done();
        self.effects.extend(effects);
        news.into_iter().for_each(|news| self.spread(&news));
    }

    /// Lets the screen in front act.
    pub fn front(&mut self, act: impl FnOnce(&mut dyn Behaviour, &mut Ctx<'_>) -> Step) {
        self.screen(self.model.stack.len().saturating_sub(1), act);
    }

    /// Lets every screen act, the one in front first.
    pub fn everywhere(&mut self, act: impl Fn(&mut dyn Behaviour, &mut Ctx<'_>)) {
        for at in (0..self.model.stack.len()).rev() {
            self.screen(at, |screen, ctx| {
                act(screen, ctx);
                Step::Stay
            });
        }
    }

    fn screen(&mut self, at: usize, act: impl FnOnce(&mut dyn Behaviour, &mut Ctx<'_>) -> Step) {
        let Model { facts, stack, .. } = &mut *self.model;
        let front = uncovered(stack);
        let Some(opened) = stack.get_mut(at) else { return };
        let id = opened.id;
        let mut ctx = Ctx::new(facts, Some(id));
        ctx.in_front = front == Some(at);
        let step = act(opened.screen.behaviour_mut(), &mut ctx);
        let Done { effects, news, question } = ctx.done();
        self.effects.extend(effects);
        self.take(at, step);
        if let Some(question) = question {
            self.model.push(Some(id), QuestionBox::new(question).into());
        }
        news.into_iter().for_each(|news| self.spread(&news));
    }

    /// Takes the step of a screen. What it opens lies below the boxes that lie over it.
    fn take(&mut self, at: usize, step: Step) {
        let owner = self.model.stack.get(at).map(|opened| opened.id);
        match step {
            Step::Stay => {}
            Step::Open(screen) => self.open(at + 1, owner, *screen),
            Step::Become(screen) => {
                let place = if self.close(at) { at } else { at + 1 };
                self.open(place, None, *screen);
            }
            Step::Back => {
                self.close(at);
                if let Some(front) = uncovered(&self.model.stack) {
                    self.screen(front, |screen, ctx| {
                        screen.uncovered(ctx);
                        Step::Stay
                    });
                }
            }
            Step::Confirm(question) => self.confirm(at, question),
            Step::Quit(code) => general::leave(self, code),
        }
    }

    fn open(&mut self, at: usize, owner: Option<ScreenId>, screen: Screen) {
        self.model.insert(at, owner, screen);
        self.screen(at, |screen, ctx| {
            screen.opened(ctx);
            Step::Stay
        });
    }

    /// Closes a screen and the boxes that were opened from it; whether it did. The dashboard, which is the first, never
    /// closes.
    fn close(&mut self, at: usize) -> bool {
        if at == 0 || at >= self.model.stack.len() {
            return false;
        }
        let id = self.model.stack.remove(at).id;
        self.model.stack.retain(|opened| opened.owner != Some(id) || !opened.screen.behaviour().is_box());
        true
    }

    /// Closes a question that was answered with yes, and tells the screen that asked it.
    fn confirm(&mut self, at: usize, question: Question) {
        let owner = self.model.stack.get(at).and_then(|opened| opened.owner);
        self.close(at);
        if let Some(at) = owner.and_then(|owner| self.model.place(owner)) {
            self.screen(at, |screen, ctx| screen.confirmed(ctx, question));
        }
    }

    /// Tells every screen of the stack.
    pub fn spread(&mut self, news: &News) {
        for at in (0..self.model.stack.len()).rev() {
            self.screen(at, |screen, ctx| screen.heard(ctx, news));
        }
    }

    /// Hands on what a task tells while it goes on.
    pub fn event(&mut self, task: TaskId, event: Event) {
        let asker = self.model.waiting.get(&task).map(|waiting| waiting.asker.clone());
        match (asker, event) {
            // Whoever began it may have gone meanwhile: it concerns the admin, not a screen.
            (_, Event::LeftBehind(connection, leaving)) => {
                let first = self.model.stack.first().map(|opened| opened.id);
                self.model.push(first, TextBox::new(BoxText::Leaving(connection, leaving)).into());
                self.model.facts.dirty = true;
            }
            (Some(Asker::Program(Asked::Sync(_))), Event::Progress(progress)) => {
                self.program(|ctx| sync::progress(ctx, task, progress));
            }
            (Some(Asker::Program(Asked::Rotation(name))), Event::Rotating(step)) => {
                self.spread(&News::Rotating(name, step));
            }
            (Some(Asker::Screen(id)), event) => {
                if let Some(at) = self.model.place(id) {
                    self.screen(at, |screen, ctx| {
                        screen.on_event(ctx, task, event);
                        Step::Stay
                    });
                }
            }
            _ => {}
        }
    }

    /// Hands on what a task ended with. A task that failed brings the error of its own outcome. What nobody waits for
    /// any more is ignored, but that a confirmation could not be kept: whoever confirmed may have left since.
    pub fn outcome(&mut self, task: TaskId, outcome: Outcome) {
        let Some(waiting) = self.model.waiting.remove(&task) else { return };
        let outcome = match outcome {
            Outcome::Failed(fault) => waiting.failure.with(fault),
            outcome => outcome,
        };
        if let Outcome::Confirmed(Err(fault)) | Outcome::Withdrawn(Err(fault)) = &outcome {
            self.model.notice = Some(Notice::Fault(fault.clone()));
        }
        match waiting.asker {
            Asker::Nobody => {}
            Asker::Program(asked) => self.program(|ctx| program(ctx, task, asked, outcome)),
            Asker::Screen(id) => {
                if let Some(at) = self.model.place(id) {
                    self.screen(at, |screen, ctx| screen.on_outcome(ctx, task, outcome));
                }
            }
        }
    }
}

/// Takes in what the program itself asked for.
fn program(ctx: &mut Ctx<'_>, task: TaskId, asked: Asked, outcome: Outcome) {
    match (asked, outcome) {
        (Asked::Config, Outcome::Config(answer)) => config::loaded(ctx, answer),
        (Asked::Address, Outcome::Opened(answer)) => general::opened(ctx, answer),
        (Asked::Workspaces, Outcome::Workspaces(answer)) => config::workspaces(ctx, answer),
        (Asked::Unlisted, Outcome::Unlisted(answer)) => config::unlisted(ctx, answer),
        (Asked::AlertStanding, Outcome::AlertStanding(answer)) => alerts::standing(ctx, answer),
        (Asked::Poll(name), Outcome::Polled(answer)) => alerts::polled(ctx, task, &name, answer),
        (Asked::AlertFollow, Outcome::AlertsFollowed(answer)) => alerts::followed(ctx, task, answer),
        (Asked::Summary(name), Outcome::Summary(_, answer)) => config::summary(ctx, &name, answer),
        (Asked::Removal(name), Outcome::Saved(answer)) => config::removed(ctx, name, answer),
        (Asked::Sync(_), Outcome::Synced(answer)) => sync::ended(ctx, task, answer),
        (Asked::Deployment, Outcome::Deployment(answer)) => deploy::written(ctx, task, answer),
        (Asked::Rotation(name), Outcome::Rotated(answer)) => connection::rotated(ctx, name, answer),
        (Asked::Revocation(name), Outcome::Revoked(outcomes)) => connection::revoked(ctx, name, Ok(outcomes)),
        (Asked::Revocation(name), Outcome::Failed(fault)) => connection::revoked(ctx, name, Err(fault)),
        _ => {}
    }
}

/// The screen that fills the terminal, whatever boxes lie over it.
fn uncovered(stack: &[Opened]) -> Option<usize> {
    stack.iter().rposition(|opened| !opened.screen.behaviour().is_box())
}
