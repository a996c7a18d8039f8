//! One alert whole: what Azure tells, why it has a ticket or none, its tickets with every write, the texts as which it came.

use super::behaviour::{change, changed, open_portal};
use super::{AlertsJob, AlertsOutcome, keys};
use crate::model::alert::AlertKey;
use crate::model::alert_view::{AlertTexts, AlertWhole, WholeTicket};
use crate::model::ticket::TicketFinding;
use crate::texts::{alert_source, alerts_screen as texts, dashboard, keys as key_texts};
use crate::ui::app::boxes::Question;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Motion, Moved, moves};
use crate::ui::app::news::News;
use crate::ui::app::remote::Remote;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::shell::quoted;
use crate::ui::app::update;

/// More lines than an alert ever has; the screen stops earlier.
const LINES: usize = 40_000;

/// The state of an open alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertScreen {
    /// Which alert.
    pub key: AlertKey,
    /// The rule in Azure, for the header.
    pub rule: String,
    /// All of it; `None` if it is not stored any more.
    pub whole: Remote<Option<Box<AlertWhole>>>,
    /// The task that reads it.
    pub reading: Option<TaskId>,
    /// The texts as which it came, while they are shown.
    pub texts: Option<Remote<AlertTexts>>,
    /// Lines scrolled out at the top.
    pub top: usize,
    /// The task that has it decided about again, ignored, or its doubled tickets dismissed.
    pub changing: Option<TaskId>,
}

/// What can be asked for on an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertAction {
    /// Show its ticket in the browser.
    Ticket,
    /// Show it in the Azure portal.
    Portal,
    /// Show or hide the texts as which it came.
    Texts,
    /// Have it decided about again, after a question.
    Retry,
    /// Have it get no ticket, after a question.
    Ignore,
    /// Forget that the product has others with the keys of its tickets.
    Dismiss,
    /// Have writes to its tickets tried again that were refused or are unsure.
    WriteAgain,
    /// Read it again.
    Reload,
    /// Scroll.
    Go(Motion),
}

impl AlertScreen {
    /// The screen as it opens.
    pub fn new(key: AlertKey, rule: &str) -> Self {
        Self { key, rule: rule.to_owned(), whole: Remote::Idle, reading: None, texts: None, top: 0, changing: None }
    }

    /// The alert, once it was read.
    pub fn alert(&self) -> Option<&AlertWhole> {
        self.whole.value().and_then(|whole| whole.as_deref())
    }

    /// The page of its first ticket that has one.
    fn ticket_page(&self) -> Option<String> {
        let shown = |ticket: &WholeTicket| ticket.record.ticket.as_ref()?.url.clone();
        self.alert()?.tickets.iter().find_map(shown)
    }

    /// The ids of its tickets beside which the product has another one with the same key.
    fn doubled(&self) -> Vec<String> {
        let has_double = |ticket: &&WholeTicket| {
            let mut findings = ticket.operations.iter().flat_map(|entry| &entry.findings);
            findings.any(|found| matches!(found, TicketFinding::Doubled { .. }))
        };
        let all = self.alert().into_iter().flat_map(|alert| &alert.tickets);
        all.filter(has_double).map(|ticket| ticket.record.key.id()).collect()
    }

    /// The ids of its tickets of which a write was refused or is unsure.
    fn troubled(&self) -> Vec<String> {
        let all = self.alert().into_iter().flat_map(|alert| &alert.tickets);
        all.filter(|ticket| ticket.is_troubled()).map(|ticket| ticket.record.key.id()).collect()
    }

    fn read(&mut self, ctx: &mut Ctx<'_>) {
        self.reading.take().into_iter().for_each(|task| ctx.cancel(task));
        self.whole.ask();
        self.reading = Some(ctx.run(AlertsJob::One(self.key.clone())));
    }

    fn show_texts(&mut self, ctx: &mut Ctx<'_>) {
        self.top = 0;
        self.texts = match self.texts {
            Some(_) => None,
            None => {
                ctx.run(AlertsJob::Texts(self.key.clone()));
                Some(Remote::Loading)
            }
        };
    }
}

impl Behaviour for AlertScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.read(ctx);
    }

    fn links(&self) -> Vec<String> {
        self.ticket_page().into_iter().collect()
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        use AlertAction as Do;
        let bind = |keys: &[Key], action, label, priority| Binding::new(keys, Action::Alert(action), label, priority);
        let alert = self.alert();
        let free = alert.is_some_and(|alert| alert.tickets.is_empty() || alert.row.has_lost_a_ticket())
            && self.changing.is_none();
        let has_page = alert.is_some_and(|alert| alert.portal.is_some());
        let other = if self.texts.is_some() { texts::key_facts } else { texts::key_texts };
        let mut bindings = vec![
            bind(&[Key::char('o')], Do::Ticket, texts::key_ticket, 1).when(self.ticket_page().is_some()),
            bind(&[Key::char('O')], Do::Portal, texts::key_portal, 2).when(has_page),
            bind(&[Key::char('i')], Do::Texts, other, 3).when(alert.is_some()),
            bind(&[Key::char('T')], Do::Retry, texts::key_retry, 4).when(free),
            bind(&[Key::char('I')], Do::Ignore, texts::key_ignore, 5).when(free),
            bind(&[Key::char('s')], Do::WriteAgain, texts::key_write_again, 0)
                .when(!self.troubled().is_empty() && self.changing.is_none()),
            bind(&[Key::char(' ')], Do::Dismiss, alert_source::key_dismiss, 6)
                .when(!self.doubled().is_empty() && self.changing.is_none()),
            bind(&[Key::char('r')], Do::Reload, dashboard::reload, 85),
            keys::back(key_texts::back, 9),
        ];
        bindings.extend(moves(Moved::Lines, |motion| Action::Alert(Do::Go(motion))));
        bindings
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        use AlertAction as Do;
        let Action::Alert(action) = action else { return Step::Stay };
        match action {
            Do::Ticket => {
                if let Some(url) = self.ticket_page() {
                    ctx.run(Job::OpenAddress(url));
                }
            }
            Do::Portal => open_portal(ctx, Ok(self.alert().and_then(|alert| alert.portal.clone()))),
            Do::Texts => self.show_texts(ctx),
            Do::Retry => ctx.question(Question::RetryAlert(self.key.clone(), self.rule.clone())),
            Do::Ignore => ctx.question(Question::IgnoreAlert(self.key.clone(), self.rule.clone())),
            Do::WriteAgain => self.changing = Some(ctx.run(AlertsJob::WriteAgain(self.troubled()))),
            Do::Dismiss => self.changing = Some(ctx.run(AlertsJob::Dismiss(self.doubled()))),
            Do::Reload => self.read(ctx),
            Do::Go(motion) => {
                let height = ctx.facts.size.1.saturating_sub(3).max(1);
                self.top = motion.from(self.top, height.into(), LINES);
            }
        }
        Step::Stay
    }

    fn back(&mut self, _ctx: &mut Ctx<'_>) -> Step {
        if self.texts.take().is_some() {
            self.top = 0;
            return Step::Stay;
        }
        Step::Back
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        self.changing = change(ctx, question);
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, _task: TaskId, outcome: Outcome) -> Step {
        let now = ctx.facts.now;
        match outcome {
            Outcome::Opened(answer) => update::opened(ctx, answer),
            Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::One(answer))) => {
                self.reading = None;
                self.whole.settle(answer, now);
            }
            Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Texts(answer))) => {
                self.texts.iter_mut().for_each(|texts| texts.settle(answer.clone(), now));
            }
            Outcome::Screen(ScreenOutcome::Alerts(outcome)) if changed(ctx, &outcome) => {
                self.changing = None;
                self.read(ctx);
            }
            _ => {}
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        if matches!(news, News::StoredAlerts) {
            self.read(ctx);
        }
        Step::Stay
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(lines as isize).min(LINES);
    }

    fn command(&self, _facts: &Facts) -> String {
        let raw = if self.texts.is_some() { " --raw" } else { "" };
        format!("alert show {}{raw}", quoted(self.key.as_str()))
    }
}
