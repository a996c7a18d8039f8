//! What the list of alerts does.

use jiff::Timestamp;

use super::filter::Choice;
use super::{
    AlertPanel, AlertScreen, AlertsAction, AlertsJob, AlertsOutcome, AlertsScreen, PreviewScreen, RulesScreen,
    SourcesScreen, head, keys,
};
use crate::model::alert::Condition;
use crate::model::alert_view::{AlertQuery, AlertRow, OutcomeFilter};
use crate::model::fault::Fault;
use crate::texts::alerts_screen as texts;
use crate::ui::app::alert_source::AlertSourceWizard;
use crate::ui::app::boxes::{BoxText, Question, TextBox};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::input;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::motion::Motion;
use crate::ui::app::news::News;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::update;

impl Behaviour for AlertsScreen {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        update::read_alerts(ctx);
        self.refresh(ctx);
    }

    fn uncovered(&mut self, ctx: &mut Ctx<'_>) {
        self.refresh(ctx);
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        keys::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keys::typed(self, key).map(Action::Alerts)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::Alerts(action) = action else { return Step::Stay };
        match action {
            AlertsAction::Open => return self.open(),
            AlertsAction::NewSource => return Step::open(AlertSourceWizard::default()),
            AlertsAction::Sources => return Step::open(SourcesScreen::default()),
            AlertsAction::Rules => return Step::open(RulesScreen::default()),
            AlertsAction::Preview => return Step::open(PreviewScreen::default()),
            AlertsAction::ShowFault => {
                let fault = head::notes(ctx.facts).iter().find_map(|note| note.fault().cloned());
                return fault.map_or(Step::Stay, |fault| Step::open(TextBox::new(BoxText::Fault(fault))));
            }
            action => self.act_on(ctx, action),
        }
        Step::Stay
    }

    /// What is innermost closes first; then what narrows the list.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.panel.take().is_some() {
            return Step::Stay;
        }
        if self.search.take().is_some() {
            self.ask(ctx, AlertQuery { find: String::new(), ..self.query.clone() });
            return Step::Stay;
        }
        Step::Back
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        self.changing = change(ctx, question);
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        match outcome {
            Outcome::Opened(answer) => update::opened(ctx, answer),
            Outcome::Screen(ScreenOutcome::Alerts(AlertsOutcome::Window(answer))) => self.came(ctx, task, answer),
            Outcome::Screen(ScreenOutcome::Alerts(outcome)) => {
                if changed(ctx, &outcome) {
                    self.changing = None;
                    self.refresh(ctx);
                } else if let AlertsOutcome::One(answer) = outcome {
                    open_portal(ctx, answer.map(|one| one.and_then(|one| one.portal)));
                }
            }
            _ => {}
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        match news {
            // The head of the screen may have more lines, or fewer.
            News::Alerts => self.fit(ctx),
            News::StoredAlerts => self.refresh(ctx),
            _ => {}
        }
        Step::Stay
    }

    fn paste(&mut self, ctx: &mut Ctx<'_>, text: &str) {
        self.type_in(ctx, |find, at| input::paste(find, at, text).0);
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.go(ctx, Motion::By(lines as isize));
    }

    fn clicked(&self, by: isize) -> Option<Action> {
        let action = if by == 0 { AlertsAction::Open } else { AlertsAction::Go(Motion::By(by)) };
        self.panel.is_none().then_some(Action::Alerts(action))
    }

    fn resized(&mut self, ctx: &mut Ctx<'_>) {
        self.fit(ctx);
    }

    fn command(&self, facts: &Facts) -> String {
        if facts.alerts.standing.value().is_some() && facts.alerts.sources().is_empty() {
            return "alert source add NAME --sign-in cli".to_owned();
        }
        let fired = if self.query.condition == Some(Condition::Fired) { " --fired" } else { "" };
        let outcome = match self.query.outcome {
            OutcomeFilter::Is(verdict) => format!(" --outcome {}", verdict.id()),
            OutcomeFilter::Troubled => return "ticket list --troubled".to_owned(),
            _ => String::new(),
        };
        format!("alert list{fired}{outcome}")
    }

    /// How long ago each source was read, and when it is read next, stands there in seconds.
    fn next_tick(&self, facts: &Facts) -> Option<Timestamp> {
        let counts = !facts.alerts.sources().is_empty();
        counts.then(|| Timestamp::from_second(facts.now.as_second() + 1).ok()).flatten()
    }
}

impl AlertsScreen {
    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: AlertsAction) {
        use AlertsAction as Do;
        let row = self.table.selected().cloned();
        match action {
            Do::Ticket => row.iter().for_each(|row| open_ticket(ctx, row)),
            Do::Portal => row.into_iter().for_each(|row| show_portal(ctx, row)),
            Do::Retry => row.into_iter().for_each(|row| ctx.question(Question::RetryAlert(row.key, row.azure_rule))),
            Do::Ignore => row.into_iter().for_each(|row| ctx.question(Question::IgnoreAlert(row.key, row.azure_rule))),
            Do::Poll => update::poll_alerts(ctx),
            Do::Stop => update::stop_alerts(ctx),
            Do::Reload => {
                update::reload_config(ctx);
                self.table.forgive();
                self.refresh(ctx);
            }
            Do::Search => {
                self.search = Some(0);
                self.ask(ctx, AlertQuery { find: String::new(), ..self.query.clone() });
            }
            Do::EditSearch(edit) => self.type_in(ctx, |find, at| input::apply(find, at, &edit)),
            Do::LeaveSearch => self.search = None,
            Do::Filter => {
                // What a note sends here for has the focus.
                let troubled = head::notes(ctx.facts).iter().any(head::Note::is_of_tickets) && self.query.is_empty();
                self.panel = Some(match troubled {
                    true => AlertPanel::at(&self.query, Choice::Outcome(OutcomeFilter::Troubled)),
                    false => AlertPanel::new(&self.query),
                });
            }
            Do::Choose => self.panel.iter_mut().for_each(AlertPanel::choose),
            Do::ApplyFilter => {
                if let Some(mut panel) = self.panel.take() {
                    panel.choose();
                    self.ask(ctx, panel.draft);
                }
            }
            Do::ShowAll => self.ask(ctx, AlertQuery::default()),
            Do::Go(motion) => self.go(ctx, motion),
            // Another screen opens.
            Do::Open | Do::ShowFault | Do::NewSource | Do::Sources | Do::Rules | Do::Preview => {}
        }
    }

    fn open(&self) -> Step {
        let row = self.table.selected();
        row.map_or(Step::Stay, |row| Step::open(AlertScreen::new(row.key.clone(), &row.azure_rule)))
    }

    fn go(&mut self, ctx: &mut Ctx<'_>, motion: Motion) {
        match &mut self.panel {
            Some(panel) => panel.move_by(motion.lines(10)),
            None => self.move_in(ctx, motion),
        }
    }

    fn type_in(&mut self, ctx: &mut Ctx<'_>, edit: impl FnOnce(&mut String, usize) -> usize) {
        let Some(at) = self.search else { return };
        let mut query = self.query.clone();
        self.search = Some(edit(&mut query.find, at));
        self.ask(ctx, query);
    }
}

/// Asks for the whole alert: its page in the portal stands there.
fn show_portal(ctx: &mut Ctx<'_>, row: AlertRow) {
    ctx.run(AlertsJob::One(row.key));
}

/// Shows the first ticket of an alert that has a page.
fn open_ticket(ctx: &mut Ctx<'_>, row: &AlertRow) {
    if let Some(url) = row.tickets.iter().find_map(|ticket| ticket.url.clone()) {
        ctx.run(Job::OpenAddress(url));
    }
}

/// Shows an alert in the portal, or says that it has no page there.
pub(super) fn open_portal(ctx: &mut Ctx<'_>, page: Result<Option<String>, Fault>) {
    match page {
        Ok(Some(page)) => {
            ctx.run(Job::OpenAddress(page));
        }
        Ok(None) => ctx.facts.notice = Some(Notice::Said(texts::no_page(ctx.facts.lang).to_owned())),
        Err(fault) => ctx.complain(fault),
    }
}

/// Starts what was confirmed.
pub(super) fn change(ctx: &mut Ctx<'_>, question: Question) -> Option<TaskId> {
    match question {
        Question::RetryAlert(key, _) => Some(ctx.run(AlertsJob::Retry(key))),
        Question::IgnoreAlert(key, _) => Some(ctx.run(AlertsJob::Ignore(key))),
        _ => None,
    }
}

/// Says what came of it, and has what waits decided about; whether it was that.
pub(super) fn changed(ctx: &mut Ctx<'_>, outcome: &AlertsOutcome) -> bool {
    let lang = ctx.facts.lang;
    let (answer, done) = match outcome {
        AlertsOutcome::Retried(answer) => (answer, texts::retried(lang)),
        AlertsOutcome::Ignored(answer) => (answer, texts::is_ignored(lang)),
        AlertsOutcome::Dismissed(answer) => (answer, texts::is_dismissed(lang)),
        AlertsOutcome::WrittenAgain(answer) => (answer, texts::is_written_again(lang)),
        _ => return false,
    };
    let nothing = match outcome {
        AlertsOutcome::WrittenAgain(_) => texts::nothing_to_write(lang),
        _ => texts::has_ticket(lang),
    };
    match answer {
        Ok(true) => {
            ctx.facts.notice = Some(Notice::Said(done.to_owned()));
            update::follow_alerts(ctx);
        }
        Ok(false) => ctx.facts.notice = Some(Notice::Said(nothing.to_owned())),
        Err(fault) => ctx.complain(fault.clone()),
    }
    true
}
