//! Switching a rule on or off, for screens that list rules: first what the rule does with the stored alerts, then a question,
//! then it is written.

use super::jobs::{RuleWizardJob, RuleWizardOutcome};
use crate::model::alert_plan::SwitchSeen;
use crate::model::fault::Fault;
use crate::texts::rule_wizard as texts;
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::model::Notice;

/// A switch under way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SwitchPart {
    /// The task that previews the rule, or writes it.
    pub task: Option<TaskId>,
    /// The rule, and whether it is to be on.
    wanted: Option<(String, bool)>,
    /// The text of the file for which the question was asked.
    shown: Option<String>,
}

impl SwitchPart {
    /// Looks at what the rule does, before it is asked for a switch.
    pub fn look(&mut self, ctx: &mut Ctx<'_>, name: &str, on: bool) {
        if self.task.is_none() {
            self.wanted = Some((name.to_owned(), on));
            self.task = Some(ctx.run(RuleWizardJob::LookAtSwitch { name: name.to_owned() }));
        }
    }

    /// Takes in what a task brought; whether the rules are to be read again.
    pub fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: RuleWizardOutcome) -> bool {
        if self.task != Some(task) {
            return false;
        }
        self.task = None;
        match outcome {
            RuleWizardOutcome::SwitchSeen(answer) => {
                self.ask(ctx, answer);
                false
            }
            RuleWizardOutcome::Switched(answer) => {
                self.switched(ctx, answer);
                true
            }
            _ => false,
        }
    }

    fn ask(&mut self, ctx: &mut Ctx<'_>, answer: Result<Box<SwitchSeen>, Fault>) {
        let Some((name, on)) = self.wanted.clone() else { return };
        match answer {
            Err(fault) => ctx.complain(fault),
            Ok(seen) => {
                self.shown = seen.shown;
                ctx.question(Question::SwitchRule { name, on, told: Box::new(seen.preview) });
            }
        }
    }

    /// The question was answered with yes.
    pub fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: &Question) {
        if let Question::SwitchRule { name, on, .. } = question
            && self.task.is_none()
            && self.wanted.as_ref() == Some(&(name.clone(), *on))
        {
            let shown = self.shown.take();
            self.task = Some(ctx.run(RuleWizardJob::Switch { shown, name: name.clone(), on: *on }));
        }
    }

    fn switched(&mut self, ctx: &mut Ctx<'_>, answer: Result<(), Fault>) {
        let Some((name, on)) = self.wanted.take() else { return };
        match answer {
            Err(fault) => ctx.complain(fault),
            Ok(()) => {
                let said = if on { texts::switched_on } else { texts::switched_off };
                ctx.facts.notice = Some(Notice::Said(said(ctx.facts.lang, &name)));
            }
        }
    }
}
