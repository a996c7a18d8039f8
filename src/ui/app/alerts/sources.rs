//! The sources of alerts: each with its settings, when it was read and what keeps it from being read.

use super::keys;
use crate::model::alert_source::{AlertSource, SourceName};
use crate::model::alert_view::SourceStanding;
use crate::texts::{alert_source as texts, alerts_screen, dashboard, keys as key_texts};
use crate::ui::app::alert_source::{AlertSourceJob, AlertSourceOutcome, AlertSourceWizard};
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::motion::{Motion, Moved, moves};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;
use crate::ui::app::update;

/// How many sources a page has: the one in focus takes several lines.
const PAGE: usize = 5;

/// The state of the sources.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourcesScreen {
    /// The source in focus.
    pub cursor: usize,
    /// The task that removes one, and its name.
    pub removing: Option<(TaskId, SourceName)>,
}

/// What can be asked for on the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourcesAction {
    /// Change the source in focus.
    Edit,
    /// Add one.
    New,
    /// Remove the source in focus, after a question.
    Remove,
    /// Dismiss that alerts of some time may be missing.
    Dismiss,
    /// Read every source now.
    Poll,
    /// Stop that.
    Stop,
    /// Move the focus.
    Go(Motion),
}

impl SourcesScreen {
    /// The source in focus.
    pub fn focused<'a>(&self, facts: &'a Facts) -> Option<&'a SourceStanding> {
        facts.alerts.sources().get(self.cursor)
    }

    fn settings(&self, facts: &Facts) -> Option<AlertSource> {
        self.focused(facts).map(|source| source.settings.clone())
    }

    fn go(&mut self, facts: &Facts, motion: Motion) {
        let last = facts.alerts.sources().len().saturating_sub(1);
        self.cursor = motion.from(self.cursor, PAGE, last);
    }
}

impl Behaviour for SourcesScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        update::read_alerts(ctx);
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        use SourcesAction as Do;
        let bind =
            |keys: &[Key], action, label, priority| Binding::new(keys, Action::AlertSources(action), label, priority);
        let any = self.focused(facts).is_some() && self.removing.is_none();
        let (reading, busy) = (facts.alerts.is_reading(), facts.alerts.is_busy());
        let misses = self.focused(facts).is_some_and(|one| one.states().any(|(_, state)| !state.missed.is_empty()));
        let mut bindings = vec![
            bind(&[Key::char('e'), Key::new(Code::Enter)], Do::Edit, texts::key_edit, 1).when(any),
            bind(&[Key::char('n')], Do::New, texts::key_new, 2),
            bind(&[Key::char('d')], Do::Remove, texts::key_remove, 3).when(any),
            bind(&[Key::char(' ')], Do::Dismiss, texts::key_dismiss, 1).when(any && misses),
            bind(&[Key::char('s')], Do::Poll, alerts_screen::key_poll, 4).when(any && !reading),
            bind(&[Key::char('x')], Do::Stop, dashboard::stop, 4).when(busy && !facts.alerts.is_stopping()),
            keys::back(key_texts::back, 9),
        ];
        bindings.extend(moves(Moved::Rows, |motion| Action::AlertSources(Do::Go(motion))));
        bindings
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        use SourcesAction as Do;
        let Action::AlertSources(action) = action else { return Step::Stay };
        match action {
            Do::Edit => {
                let wizard = self.settings(ctx.facts).map(|source| AlertSourceWizard::edit(&source));
                return wizard.map_or(Step::Stay, Step::open);
            }
            Do::New => return Step::open(AlertSourceWizard::default()),
            Do::Remove => {
                if let Some(source) = self.settings(ctx.facts) {
                    ctx.question(Question::RemoveSource(source.name));
                }
            }
            Do::Poll => update::poll_alerts(ctx),
            Do::Stop => update::stop_alerts(ctx),
            Do::Dismiss => {
                if let Some(source) = self.settings(ctx.facts) {
                    ctx.run(AlertSourceJob::Dismiss(source.name));
                }
            }
            Do::Go(motion) => self.go(ctx.facts, motion),
        }
        Step::Stay
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        if let (Question::RemoveSource(name), None) = (question, &self.removing) {
            self.removing = Some((ctx.run(AlertSourceJob::Remove(name.clone())), name));
        }
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        if let Outcome::Screen(ScreenOutcome::AlertSource(AlertSourceOutcome::Removed(answer))) = &outcome
            && let Some((_, name)) = self.removing.take_if(|(removing, _)| *removing == task)
        {
            match answer.clone() {
                Err(fault) => ctx.complain(fault),
                Ok(()) => ctx.facts.notice = Some(Notice::Said(texts::removed(ctx.facts.lang, name.as_str()))),
            }
            update::reload_config(ctx);
            return Step::Stay;
        }
        if let Outcome::Screen(ScreenOutcome::AlertSource(AlertSourceOutcome::Dismissed(answer))) = outcome {
            match answer {
                Err(fault) => ctx.complain(fault),
                Ok(()) => update::read_alerts(ctx),
            }
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::Alerts) {
            self.go(ctx.facts, Motion::By(0));
        }
        Step::Stay
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.go(ctx.facts, Motion::By(lines as isize));
    }

    fn command(&self, facts: &Facts) -> String {
        let source = self.settings(facts);
        source.map_or_else(
            || "alert source list".to_owned(),
            |source| format!("alert source edit {}", quoted(source.name.as_str())),
        )
    }
}
