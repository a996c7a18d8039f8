//! What the rules would have done with the alerts of the last days. Nothing is written.

use std::sync::Arc;

use super::{AlertsJob, AlertsOutcome, keys};
use crate::model::alert_view::{PreviewProgress, PreviewRow, PreviewView};
use crate::model::fault::Fault;
use crate::texts::{alert_rules_screen as texts, dashboard, keys as key_texts};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Motion, Moved, moves};
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;

/// The days that can be chosen.
const DAYS: [u16; 2] = [30, 7];

/// More lines than a ticket ever has; the screen stops earlier.
const LINES: usize = 4_000;

/// Lines for the counts of rules above the alerts, at most.
const COUNTS: usize = 6;

/// The state of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewScreen {
    /// The alerts of so many days.
    pub days: u16,
    /// A rule that counts as switched on; only its alerts are shown.
    pub rule: Option<String>,
    /// The task that makes it.
    pub task: Option<TaskId>,
    /// Whether it was asked to stop.
    pub stopping: bool,
    /// How far it is.
    pub progress: Option<PreviewProgress>,
    /// How the last one ended.
    pub made: Option<Result<Arc<PreviewView>, Fault>>,
    /// The alerts that are shown, by their places in the preview.
    pub shown: Arc<Vec<usize>>,
    /// The alert in focus, and the first one on the screen, among those.
    pub cursor: usize,
    /// The first alert on the screen.
    pub top: usize,
    /// The lines scrolled out of the open alert, while one is open.
    pub open: Option<usize>,
}

/// What can be asked for on a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewAction {
    /// Show the alert in focus with the ticket that it would make.
    Open,
    /// Take the alerts of another number of days.
    Days,
    /// Show the alerts of all rules.
    AllRules,
    /// Make it again.
    Again,
    /// Stop it.
    Stop,
    /// Move from alert to alert, or scroll the open one.
    Go(Motion),
}

impl Default for PreviewScreen {
    fn default() -> Self {
        Self {
            days: DAYS[0],
            rule: None,
            task: None,
            stopping: false,
            progress: None,
            made: None,
            shown: Arc::default(),
            cursor: 0,
            top: 0,
            open: None,
        }
    }
}

impl PreviewScreen {
    /// That of one rule, as if it were switched on.
    pub fn of_rule(rule: String) -> Self {
        Self { rule: Some(rule), ..Self::default() }
    }

    /// The preview, once it is made.
    pub fn view(&self) -> Option<&PreviewView> {
        self.made.as_ref().and_then(|made| made.as_deref().ok())
    }

    /// The alert at this place of the list.
    pub fn row(&self, at: usize) -> Option<&PreviewRow> {
        self.view()?.alerts.get(*self.shown.get(at)?)
    }

    /// How many lines the counts take.
    pub fn counts(&self, facts: &Facts) -> usize {
        let rules = self.view().map_or(0, |view| view.rules.len());
        let most = if facts.size.1 >= 20 { COUNTS } else { 1 };
        rules.min(most)
    }

    /// How many alerts fit: below header, what is previewed, counts, the sum and the head, above the footer.
    pub fn height(&self, facts: &Facts) -> usize {
        usize::from(facts.size.1).saturating_sub(5 + self.counts(facts)).max(1)
    }

    fn make(&mut self, ctx: &mut Ctx<'_>) {
        self.task.take().into_iter().for_each(|task| ctx.cancel(task));
        let task = ctx.run(AlertsJob::Preview { days: self.days, rule: self.rule.clone() });
        (self.task, self.stopping, self.progress, self.open) = (Some(task), false, None, None);
    }

    fn came(&mut self, answer: Result<Arc<PreviewView>, Fault>) {
        let shown = answer.as_ref().map_or_else(|_| Vec::new(), |view| self.chosen(view));
        (self.shown, self.cursor, self.top) = (Arc::new(shown), 0, 0);
        self.made = Some(answer);
    }

    /// The alerts that the rule decides about, or all.
    fn chosen(&self, view: &PreviewView) -> Vec<usize> {
        let is_shown = |row: &PreviewRow| self.rule.is_none() || row.row.rule == self.rule;
        view.alerts.iter().enumerate().filter(|(_, row)| is_shown(row)).map(|(at, _)| at).collect()
    }

    fn go(&mut self, facts: &Facts, motion: Motion) {
        let height = self.height(facts);
        if let Some(top) = &mut self.open {
            *top = motion.from(*top, height, LINES);
            return;
        }
        if matches!(motion, Motion::Pages(_)) {
            self.top = motion.from(self.top, height, usize::MAX);
        }
        self.cursor = motion.from(self.cursor, height, usize::MAX);
        self.fit(facts);
    }

    fn fit(&mut self, facts: &Facts) {
        let (count, height) = (self.shown.len(), self.height(facts));
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let lowest = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.min(count.saturating_sub(height)).clamp(lowest, self.cursor);
    }
}

impl Behaviour for PreviewScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.make(ctx);
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        use PreviewAction as Do;
        let bind =
            |keys: &[Key], action, label, priority| Binding::new(keys, Action::AlertPreview(action), label, priority);
        let (busy, open) = (self.task.is_some(), self.open.is_some());
        let days = if self.days == DAYS[0] { texts::key_seven_days } else { texts::key_thirty_days };
        let mut bindings = vec![
            bind(&[Key::new(Code::Enter)], Do::Open, texts::key_ticket, 1)
                .when(!open && !busy && !self.shown.is_empty()),
            bind(&[Key::char('f')], Do::Days, days, 2).when(!open),
            bind(&[Key::char('F')], Do::AllRules, texts::key_all_rules, 3).when(!open && self.rule.is_some()),
            bind(&[Key::char('x')], Do::Stop, dashboard::stop, 1).when(busy && !self.stopping),
            bind(&[Key::char('r')], Do::Again, texts::key_again, 4).when(!busy),
            keys::back(key_texts::back, 9),
        ];
        let moved = if open { Moved::Lines } else { Moved::Rows };
        bindings.extend(moves(moved, |motion| Action::AlertPreview(Do::Go(motion))));
        bindings
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        use PreviewAction as Do;
        let Action::AlertPreview(action) = action else { return Step::Stay };
        match action {
            Do::Open => self.open = self.row(self.cursor).map(|_| 0),
            Do::Days => {
                self.days = if self.days == DAYS[0] { DAYS[1] } else { DAYS[0] };
                self.make(ctx);
            }
            Do::AllRules => {
                self.rule = None;
                self.make(ctx);
            }
            Do::Again => self.make(ctx),
            Do::Stop => {
                self.stopping = self.task.is_some();
                // Its end is still waited for.
                self.task.into_iter().for_each(|task| ctx.effect(Effect::Cancel(task)));
            }
            Do::Go(motion) => self.go(ctx.facts, motion),
        }
        Step::Stay
    }

    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.open.take().is_some() {
            return Step::Stay;
        }
        self.leaving(ctx);
        Step::Back
    }

    fn on_event(&mut self, _ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        if let Event::Preview(progress) = event
            && self.task == Some(task)
        {
            self.progress = Some(progress);
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        if let Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Preview(answer))) = outcome
            && self.task == Some(task)
        {
            (self.task, self.stopping, self.progress) = (None, false, None);
            self.came(answer);
            self.fit(ctx.facts);
        }
        Step::Stay
    }

    /// It is made again by rules that were written meanwhile, but not under somebody who reads one of its tickets.
    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::AlertRules) && self.open.is_none() && !self.stopping {
            self.make(ctx);
        }
        Step::Stay
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.go(ctx.facts, Motion::By(lines as isize));
    }

    fn resized(&mut self, ctx: &mut Ctx<'_>) {
        self.fit(ctx.facts);
    }

    fn command(&self, _facts: &Facts) -> String {
        let rule = self.rule.as_ref().map(|rule| format!(" --rule {}", quoted(rule))).unwrap_or_default();
        let tickets = if self.open.is_some() { " --tickets" } else { "" };
        format!("alert preview --last {}d{rule}{tickets}", self.days)
    }

    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.task.take().into_iter().for_each(|task| ctx.cancel(task));
    }
}
