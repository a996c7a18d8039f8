//! What a screen acts with: the facts of the program, and the effects and news that it has.

use std::collections::VecDeque;

use super::boxes::Question;
use super::effect::{Effect, Job, TaskId};

use super::model::{Asked, Asker, Facts, Notice, ScreenId, Waiting};
use super::news::News;
use crate::model::fault::Fault;

/// The context of one action.
pub struct Ctx<'a> {
    /// What every screen may know and change.
    pub facts: &'a mut Facts,
    /// Whether the screen that acts is in front, or has only boxes over it.
    pub in_front: bool,
    screen: Option<ScreenId>,
    effects: Vec<Effect>,
    news: VecDeque<News>,
    question: Option<Question>,
}

/// What came of an action, beside the change of facts and screen.
pub struct Done {
    /// What is to be done outside.
    pub effects: Vec<Effect>,
    /// What every screen is to be told.
    pub news: VecDeque<News>,
    /// What the screen asks the admin.
    pub question: Option<Question>,
}

impl<'a> Ctx<'a> {
    /// A context; jobs are asked for by this screen, or by none.
    pub fn new(facts: &'a mut Facts, screen: Option<ScreenId>) -> Self {
        Self { facts, in_front: false, screen, effects: Vec::new(), news: VecDeque::new(), question: None }
    }

    /// What came of it.
    pub fn done(self) -> Done {
        Done { effects: self.effects, news: self.news, question: self.question }
    }

    /// Starts a job. Its answer, or its failure, comes to the screen that asks, and to nobody once that has closed.
    pub fn run(&mut self, job: impl Into<Job>) -> TaskId {
        self.start(self.screen.map_or(Asker::Nobody, Asker::Screen), job.into())
    }

    /// Starts a job whose answer concerns the whole program; one that asks for the same is cancelled.
    pub fn ask(&mut self, asked: Asked, job: Job) -> TaskId {
        let asker = Asker::Program(asked);
        let older = self.facts.waiting.iter().filter(|(_, waiting)| waiting.asker == asker).map(|(task, _)| *task);
        older.collect::<Vec<_>>().into_iter().for_each(|task| self.cancel(task));
        self.start(asker, job)
    }

    fn start(&mut self, asker: Asker, job: Job) -> TaskId {
        self.facts.last_task += 1;
        let task = TaskId(self.facts.last_task);
        self.facts.waiting.insert(task, Waiting { asker, failure: job.failure() });
        self.effects.push(Effect::Run(task, job));
        task
    }

    /// Stops a job; what it still brings is ignored.
    pub fn cancel(&mut self, task: TaskId) {
        self.facts.waiting.remove(&task);
        self.effects.push(Effect::Cancel(task));
    }

    /// Adds an effect.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Tells every screen of the stack, once this action is done.
    pub fn tell(&mut self, news: News) {
        self.news.push_back(news);
    }

    /// Puts a text on the clipboard, and says so.
    pub fn copy(&mut self, text: String) {
        self.facts.notice = Some(Notice::Copied);
        self.effects.push(Effect::Copy(text));
    }

    /// Says in the footer what went wrong.
    pub fn complain(&mut self, fault: Fault) {
        self.facts.notice = Some(Notice::Fault(fault));
    }

    /// Asks before something is lost or cannot be undone; a yes comes to this screen alone.
    pub fn question(&mut self, question: Question) {
        self.question = Some(question);
    }
}
