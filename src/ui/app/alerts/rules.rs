//! The alert rules: each with what it matches and what it did, and what is wrong in their file.

use super::{AlertsJob, AlertsOutcome, PreviewScreen, keys};
use crate::model::alert_view::RulesView;
use crate::texts::{alert_rules_screen as texts, dashboard, keys as key_texts, rule_wizard as wizard};
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Motion, Moved, moves};
use crate::ui::app::news::News;
use crate::ui::app::remote::Remote;
use crate::ui::app::rule_wizard::{RuleWizard, SwitchPart};
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};

/// The state of the rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulesScreen {
    /// The rules.
    pub view: Remote<RulesView>,
    /// The task that reads them.
    pub reading: Option<TaskId>,
    /// The rule in focus.
    pub cursor: usize,
    /// A rule that is being switched on or off.
    pub switch: SwitchPart,
}

/// What can be asked for on the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesAction {
    /// Preview the rule in focus as if it were switched on.
    PreviewOne,
    /// Preview all rules as they are.
    PreviewAll,
    /// Write a new rule.
    New,
    /// Change the rule in focus.
    Edit,
    /// Switch the rule in focus on or off, after a question with the numbers of its preview.
    Switch,
    /// Read them again.
    Reload,
    /// Move the focus.
    Go(Motion),
}

impl RulesScreen {
    /// The name of the rule in focus.
    pub fn focused(&self) -> Option<&str> {
        self.view.value()?.rules.get(self.cursor).map(|(rule, _)| rule.name.as_str())
    }

    fn count(&self) -> usize {
        self.view.value().map_or(0, |view| view.rules.len())
    }

    fn read(&mut self, ctx: &mut Ctx<'_>) {
        self.reading.take().into_iter().for_each(|task| ctx.cancel(task));
        self.view.ask();
        self.reading = Some(ctx.run(AlertsJob::Rules));
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at.min(self.count().saturating_sub(1));
    }
}

impl Behaviour for RulesScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.read(ctx);
    }

    fn uncovered(&mut self, ctx: &mut Ctx<'_>) {
        self.read(ctx);
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        use RulesAction as Do;
        let bind =
            |keys: &[Key], action, label, priority| Binding::new(keys, Action::AlertRules(action), label, priority);
        let any = self.count() > 0;
        let mut bindings = vec![
            bind(&[Key::new(Code::Enter), Key::char('p')], Do::PreviewOne, texts::key_preview_one, 1).when(any),
            bind(&[Key::char('P')], Do::PreviewAll, texts::key_preview_all, 2).when(any),
            bind(&[Key::char('e')], Do::Edit, wizard::key_edit, 3).when(any),
            bind(&[Key::char(' ')], Do::Switch, wizard::key_switch, 4).when(any && self.switch.task.is_none()),
            bind(&[Key::char('n')], Do::New, wizard::key_new, 5),
            bind(&[Key::char('r')], Do::Reload, dashboard::reload, 3),
            keys::back(key_texts::back, 9),
        ];
        bindings.extend(moves(Moved::Rows, |motion| Action::AlertRules(Do::Go(motion))));
        bindings
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        use RulesAction as Do;
        let Action::AlertRules(action) = action else { return Step::Stay };
        match action {
            Do::PreviewOne => {
                let rule = self.focused().map(str::to_owned);
                return rule.map_or(Step::Stay, |rule| Step::open(PreviewScreen::of_rule(rule)));
            }
            Do::PreviewAll => return Step::open(PreviewScreen::default()),
            Do::New => return Step::open(RuleWizard::default()),
            Do::Edit => {
                let wizard = self.focused().map(RuleWizard::edit);
                return wizard.map_or(Step::Stay, Step::open);
            }
            Do::Switch => {
                let rule = self.view.value().and_then(|view| view.rules.get(self.cursor));
                if let Some((name, on)) = rule.map(|(rule, _)| (rule.name.clone(), !rule.enabled)) {
                    self.switch.look(ctx, &name, on);
                }
            }
            Do::Reload => self.read(ctx),
            Do::Go(motion) => self.move_to(motion.from(self.cursor, 10, usize::MAX)),
        }
        Step::Stay
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        self.switch.confirmed(ctx, &question);
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        if let Outcome::Screen(ScreenOutcome::RuleWizard(outcome)) = outcome {
            if self.switch.on_outcome(ctx, task, outcome) {
                self.read(ctx);
            }
            return Step::Stay;
        }
        if let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Rules(answer))) = outcome
            && self.reading == Some(task)
        {
            self.reading = None;
            self.view.settle(answer.map(|view| *view), ctx.facts.now);
            self.move_to(self.cursor);
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::StoredAlerts | News::AlertRules | News::Configured) {
            self.read(ctx);
        }
        Step::Stay
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.move_to(self.cursor.saturating_add_signed(lines as isize));
    }

    fn command(&self, _facts: &Facts) -> String {
        let wrong = self.view.value().is_some_and(|view| !view.problems.is_empty());
        if wrong { "alert check".to_owned() } else { "alert rules".to_owned() }
    }
}
