//! The settings of the whole program: each a choice of a few values, saved as soon as it is made.

use super::ctx::Ctx;
use super::effect::{OwnJob, TaskId};
use super::key::{Code, Key};
use super::keymap::{Binding, HELP_ONLY};
use super::message::Outcome;
use super::model::Facts;
use super::motion::{Motion, Moved, moves};
use super::news::News;
use super::screen::{Behaviour, Step};
use super::screens::{Action, ScreenOutcome};
use super::update;
use crate::model::fault::Fault;
use crate::model::items::{ItemColumn, Sort};
use crate::model::preference::Preference;
use crate::model::settings::Settings;
use crate::texts::{dashboard, keys, wizard};

/// The screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// The setting in focus, by its place.
    pub focus: usize,
    /// The settings as they were chosen here.
    pub chosen: Settings,
    /// Why the last change was not saved.
    pub fault: Option<Fault>,
    saved: Settings,
    saving: Option<(TaskId, Settings)>,
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferencesAction {
    /// Move the focus.
    Move(Motion),
    /// Take the value so many further on.
    Change(isize),
    /// Take the next value, after the last one the first.
    Next,
}

/// What runs for it.
#[derive(Debug, Clone, PartialEq)]
pub enum PreferencesJob {
    /// Write these values into the config file.
    Save(Vec<(Preference, String)>),
    /// Write the columns of tables of work items into the config file.
    KeepColumns(Option<Vec<ItemColumn>>),
    /// Write the order of tables of work items into the config file.
    KeepOrder(Sort),
}

/// What that ended with.
#[derive(Debug, Clone)]
pub enum PreferencesOutcome {
    /// They were written, or not.
    Saved(Result<(), Fault>),
}

impl OwnJob for PreferencesJob {
    type Outcome = PreferencesOutcome;

    fn failure(&self) -> fn(Fault) -> PreferencesOutcome {
        |fault| PreferencesOutcome::Saved(Err(fault))
    }

    fn ends_by_itself(&self) -> bool {
        true
    }
}

impl Preferences {
    /// As the config file has them.
    pub fn of(facts: &Facts) -> Self {
        let settings = facts.settings.clone();
        Self { focus: 0, chosen: settings.clone(), fault: None, saved: settings, saving: None }
    }

    /// The setting in focus.
    pub fn focused(&self) -> Preference {
        Preference::ALL.get(self.focus).copied().unwrap_or(Preference::Theme)
    }

    fn choose(&mut self, ctx: &mut Ctx<'_>, value: &str) {
        if self.focused().set(&mut self.chosen, value) && self.saving.is_none() {
            self.save(ctx);
        }
    }

    /// Saves what differs. What is changed meanwhile is saved afterwards, so that the last choice stays.
    fn save(&mut self, ctx: &mut Ctx<'_>) {
        let differs = |one: &Preference| one.value(&self.chosen) != one.value(&self.saved);
        let changes: Vec<_> = Preference::ALL.into_iter().filter(differs).collect();
        if changes.is_empty() {
            return;
        }
        self.fault = None;
        let changes = changes.into_iter().map(|one| (one, one.value(&self.chosen))).collect();
        self.saving = Some((ctx.run(PreferencesJob::Save(changes)), self.chosen.clone()));
    }

    fn ended(&mut self, ctx: &mut Ctx<'_>, answer: Result<(), Fault>) {
        let Some((_, sent)) = self.saving.take() else { return };
        match answer {
            Ok(()) => {
                self.saved = sent;
                update::reload_config(ctx);
                self.save(ctx);
            }
            Err(fault) => {
                self.chosen = self.saved.clone();
                self.fault = Some(fault);
            }
        }
    }
}

impl Behaviour for Preferences {
    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        let bind =
            |keys: &[Key], action, label, priority| Binding::new(keys, Action::Preferences(action), label, priority);
        let mut bindings = vec![
            bind(&[Key::char(' '), Key::new(Code::Enter)], PreferencesAction::Next, wizard::key_choose, 1),
            bind(&[Key::new(Code::Right), Key::char('l')], PreferencesAction::Change(1), dashboard::right, HELP_ONLY),
            bind(&[Key::new(Code::Left), Key::char('h')], PreferencesAction::Change(-1), dashboard::left, HELP_ONLY),
            Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::back, 20),
        ];
        bindings.extend(moves(Moved::Rows, |motion| Action::Preferences(PreferencesAction::Move(motion))));
        bindings
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::Preferences(action) = action else { return Step::Stay };
        match action {
            PreferencesAction::Move(motion) => {
                let last = Preference::ALL.len() - 1;
                self.focus = motion.from(self.focus, last, last);
            }
            PreferencesAction::Change(by) => self.choose(ctx, &self.focused().moved(&self.chosen, by)),
            PreferencesAction::Next => self.choose(ctx, &self.focused().next(&self.chosen)),
        }
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        let is_ours = self.saving.as_ref().is_some_and(|(asked, _)| *asked == task);
        if let Outcome::Screen(ScreenOutcome::Preferences(PreferencesOutcome::Saved(answer))) = outcome
            && is_ours
        {
            self.ended(ctx, answer);
        }
        Step::Stay
    }

    /// Somebody else may have written the config file.
    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::Configured) && self.saving.is_none() {
            self.saved = ctx.facts.settings.clone();
            self.chosen = self.saved.clone();
        }
        Step::Stay
    }

    fn command(&self, _facts: &Facts) -> String {
        let focused = self.focused();
        format!("config set {} {}", focused.key(), focused.value(&self.chosen))
    }
}
