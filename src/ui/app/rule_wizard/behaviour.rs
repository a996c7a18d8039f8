//! What the wizard of a rule does.

use std::collections::BTreeMap;

use super::form::RuleForm;
use super::picking::{PickSource, Picking};
use super::{
    OpenedRules, RuleField, RuleInput, RuleStep, RuleWizard, RuleWizardAction as Do, RuleWizardJob, RuleWizardOutcome,
    keys,
};
use crate::model::alert_rules::AlertRule;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::ticket::{Listed, Listing};
use crate::texts::rule_wizard as texts;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::Outcome;
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::picker::{Picker, pasteable};
use crate::ui::app::remote::Remote;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};

/// More lines than a step ever has; the screen stops earlier.
const LINES: usize = 4000;

impl Behaviour for RuleWizard {
    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.opened.ask();
        ctx.run(RuleWizardJob::Open);
    }

    fn bindings(&self, _facts: &Facts) -> Vec<Binding> {
        keys::bindings(self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        keys::typed(self, key)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        let Action::RuleWizard(action) = action else { return Step::Stay };
        match self.picking.take() {
            Some(picking) => self.act_on_list(ctx, picking, action),
            None => self.act_on_step(ctx, action),
        }
        Step::Stay
    }

    /// The list closes first; then one step back, and from the first one out of the wizard.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if let Some(picking) = self.picking.take() {
            stop(ctx, &picking);
            return Step::Stay;
        }
        match self.step.turned(-1).filter(|_| self.is_ready()) {
            None => return Step::Back,
            Some(step) => self.go(ctx, step),
        }
        Step::Stay
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        let Outcome::Screen(ScreenOutcome::RuleWizard(outcome)) = outcome else { return Step::Stay };
        match outcome {
            RuleWizardOutcome::Opened(answer) => self.read(ctx, answer),
            RuleWizardOutcome::Listed(answer) => self.listed(task, answer),
            RuleWizardOutcome::Previewed(answer) if self.previewing == Some(task) => {
                self.previewing = None;
                self.preview.settle(answer, ctx.facts.now);
            }
            RuleWizardOutcome::Saved(answer) if self.saving == Some(task) => return self.saved(ctx, answer),
            RuleWizardOutcome::Previewed(_) | RuleWizardOutcome::Saved(_) => {}
            RuleWizardOutcome::SwitchSeen(_) | RuleWizardOutcome::Switched(_) => {}
        }
        Step::Stay
    }

    fn paste(&mut self, _ctx: &mut Ctx<'_>, text: &str) {
        let pasted = pasteable(text);
        match &mut self.picking {
            Some(Picking { typing: Some((pattern, at)), .. }) => *at = input::paste(pattern, *at, &pasted).0,
            Some(picking) => picking.picker.paste(&pasted),
            None => self.change(|text, at| input::paste(text, at, &pasted).0),
        }
    }

    fn scroll(&mut self, _ctx: &mut Ctx<'_>, lines: i32) {
        self.top = self.top.saturating_add_signed(lines as isize).min(LINES);
    }

    fn command(&self, _facts: &Facts) -> String {
        if self.step == RuleStep::Review { "alert preview --last 30d" } else { "alert rules" }.to_owned()
    }
}

/// A list that is closed does not wait for the product.
fn stop(ctx: &mut Ctx<'_>, picking: &Picking) {
    if let PickSource::Asking(task) = picking.source {
        ctx.cancel(task);
    }
}

impl RuleWizard {
    /// Takes in the file; the rule to be edited is filled in. Where the file is read again, what was filled in stays, unless
    /// that rule was changed in it.
    fn read(&mut self, ctx: &mut Ctx<'_>, answer: Result<Box<OpenedRules>, Fault>) {
        let partners: BTreeMap<_, _> = ctx
            .facts
            .entries()
            .iter()
            .map(|entry| &entry.connection)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|one| (one.name.to_string(), one.partner.to_string()))
            .collect();
        let before = self.opened.value().map(|opened| self.edited_in(&opened.rules));
        let mut stays = false;
        let answer = answer.and_then(|opened| {
            let rule = match &self.edits {
                None => blank(&partners),
                Some(name) => {
                    let found = opened.rules.named(name).cloned();
                    found.ok_or_else(|| Fault::NoSuchRule { name: name.clone() })?
                }
            };
            let others = opened.rules.rules.iter().map(|one| one.name.clone());
            let taken = others.filter(|name| Some(name) != self.edits.as_ref()).collect();
            stays = before.as_ref() == Some(&self.edited_in(&opened.rules));
            match stays {
                true => self.form.taken = taken,
                false => self.form = RuleForm::of(rule, partners, taken),
            }
            Ok(opened)
        });
        self.opened.settle(answer, ctx.facts.now);
        self.count();
        if !self.is_ready() {
            return;
        }
        if before.is_some() && !stays {
            ctx.facts.notice = Some(Notice::Said(texts::changed_there(ctx.facts.lang).to_owned()));
        }
        let wrong = |step: &RuleStep| step.fields().iter().any(|field| self.form.problem(*field).is_some());
        match RuleStep::ALL.into_iter().find(wrong).filter(|_| stays) {
            Some(step) => {
                self.go(ctx, step);
                self.form.left.extend(step.fields());
            }
            None if stays => self.go(ctx, self.step),
            None => self.go(ctx, RuleStep::Match),
        }
    }

    fn count(&mut self) {
        let rule = AlertRule { enabled: true, ..self.form.read() };
        self.fits = self.alerts().map_or(0, |alerts| alerts.count(|alert| rule.misfit(alert).is_none()));
    }

    fn focus_on(&mut self, field: RuleField) {
        self.form.left.insert(self.focus);
        (self.focus, self.cursor) = (field, self.form.text(field).len());
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        if self.focus.types() && self.is_ready() {
            self.cursor = change(self.form.texts.entry(self.focus).or_default(), self.cursor);
            if self.step == RuleStep::Match {
                self.count();
            }
        }
    }

    fn act_on_step(&mut self, ctx: &mut Ctx<'_>, action: Do) {
        match action {
            Do::Move(by) => self.neighbour(by).into_iter().for_each(|field| self.focus_on(field)),
            Do::Scroll(by) => self.top = self.top.saturating_add_signed(by).min(LINES),
            Do::Edit(edit) => self.change(|text, at| input::apply(text, at, &edit)),
            Do::Turn(by) => self.form.turn(self.focus, by),
            Do::List => self.open_list(ctx),
            Do::Preview => self.look(ctx),
            Do::Reread => self.opened(ctx),
            Do::Continue => self.go_on(ctx),
            Do::Toggle | Do::TypePattern | Do::Take => {}
        }
    }

    fn open_list(&mut self, ctx: &mut Ctx<'_>) {
        if self.focus.input() == RuleInput::List {
            self.picking = self.alerts().map(|alerts| Picking::stored(self.focus, &self.form, alerts));
        } else if let Some(what) = self.focus.listing() {
            let find = self.form.text(self.focus).trim().to_owned();
            let picker = Picker { cursor: find.len(), find, focus: 0 };
            let source = self.ask(ctx, what, &picker.find);
            self.picking = Some(Picking { field: self.focus, picker, source, typing: None });
        }
    }

    fn ask(&self, ctx: &mut Ctx<'_>, what: Listing, part: &str) -> PickSource {
        match ConnectionName::listed(&self.form.rule.connection) {
            Ok(connection) => {
                let part = part.trim().to_owned();
                PickSource::Asking(ctx.run(RuleWizardJob::List { connection, what, part }))
            }
            Err(_) => PickSource::Failed(Fault::NoSuchConnection { name: self.form.rule.connection.clone() }),
        }
    }

    fn act_on_list(&mut self, ctx: &mut Ctx<'_>, mut picking: Picking, action: Do) {
        match (action, &mut picking.typing) {
            (Do::Edit(edit), Some((pattern, at))) => *at = input::apply(pattern, *at, &edit),
            (Do::Edit(edit), None) => {
                picking.picker.edit(&edit);
                self.ask_again(ctx, &mut picking);
            }
            (Do::Move(by), None) => {
                let shown = picking.picker.shown(&picking.entries(|_| String::new())).len();
                picking.picker.move_by(by, shown);
            }
            (Do::Toggle, None) => self.toggle(&mut picking),
            (Do::TypePattern, Some(_)) => picking.typing = None,
            (Do::TypePattern, None) => picking.typing = Some((String::new(), 0)),
            (Do::List, _) => self.ask_again(ctx, &mut picking),
            (Do::Take, Some((pattern, _))) => {
                let pattern = pattern.trim().to_owned();
                if !pattern.is_empty() && !self.form.list(picking.field).contains(&pattern) {
                    self.form.toggle(picking.field, &pattern);
                }
                if let Some(alerts) = self.alerts() {
                    picking = Picking::stored(picking.field, &self.form, alerts);
                }
                self.count();
            }
            (Do::Take, None) => {
                if !picking.is_stored() {
                    self.take(&picking);
                }
                return;
            }
            _ => {}
        }
        self.picking = Some(picking);
    }

    fn toggle(&mut self, picking: &mut Picking) {
        if let Some(value) = picking.focused().filter(|_| picking.is_stored()) {
            self.form.toggle(picking.field, &value);
            self.count();
        }
    }

    /// The list shows a part of what the product has: another filter may find more.
    fn ask_again(&self, ctx: &mut Ctx<'_>, picking: &mut Picking) {
        let knows_all =
            matches!(&picking.source, PickSource::Product(listed) if !listed.more && picking.picker.find.len() > 1);
        if let (Some(what), false, false) = (picking.field.listing(), picking.is_stored(), knows_all) {
            stop(ctx, picking);
            picking.source = self.ask(ctx, what, &picking.picker.find);
        }
    }

    fn listed(&mut self, task: TaskId, answer: Result<Option<Listed>, Fault>) {
        let Some(picking) = self.picking.as_mut().filter(|open| open.source == PickSource::Asking(task)) else {
            return;
        };
        picking.source = match answer {
            Ok(Some(listed)) => PickSource::Product(listed),
            Ok(None) => PickSource::NotOffered,
            Err(fault) => PickSource::Failed(fault),
        };
    }

    fn take(&mut self, picking: &Picking) {
        if let Some(name) = picking.focused() {
            self.cursor = name.len();
            self.form.texts.insert(picking.field, name);
        }
    }

    fn go_on(&mut self, ctx: &mut Ctx<'_>) {
        let fields = self.step.fields();
        let wrong = fields.iter().copied().find(|field| self.form.problem(*field).is_some());
        self.form.left.extend(fields);
        match (wrong, self.step.turned(1)) {
            (Some(field), _) => self.focus_on(field),
            (None, Some(step)) => self.go(ctx, step),
            (None, None) => self.save(ctx),
        }
    }

    fn go(&mut self, ctx: &mut Ctx<'_>, step: RuleStep) {
        (self.step, self.top, self.fault) = (step, 0, None);
        self.form.left.clear();
        if let Some(first) = step.fields().first() {
            (self.focus, self.cursor) = (*first, self.form.text(*first).len());
        }
        if step == RuleStep::Review {
            self.look(ctx);
        }
    }

    fn look(&mut self, ctx: &mut Ctx<'_>) {
        self.previewing.take().into_iter().for_each(|task| ctx.cancel(task));
        self.preview = Remote::Loading;
        let job = RuleWizardJob::Preview { replaces: self.edits.clone(), rule: Box::new(self.form.read()) };
        self.previewing = Some(ctx.run(job));
    }

    fn save(&mut self, ctx: &mut Ctx<'_>) {
        if let (None, None, Some(opened)) = (self.saving, self.previewing, self.opened.value()) {
            let rule = Box::new(self.form.read());
            let job = RuleWizardJob::Save { shown: opened.text.clone(), replaces: self.edits.clone(), rule };
            self.fault = None;
            self.saving = Some(ctx.run(job));
        }
    }

    fn saved(&mut self, ctx: &mut Ctx<'_>, answer: Result<(), Fault>) -> Step {
        self.saving = None;
        match answer {
            Err(fault) => {
                self.fault = Some(fault);
                Step::Stay
            }
            Ok(()) => {
                let rule = self.form.read();
                let said = if rule.enabled { texts::written_on } else { texts::written_off };
                ctx.facts.notice = Some(Notice::Said(said(ctx.facts.lang, &rule.name)));
                Step::Back
            }
        }
    }
}

/// A new rule: switched off, in the first connection.
fn blank(partners: &BTreeMap<String, String>) -> AlertRule {
    let connection = partners.keys().next().cloned().unwrap_or_default();
    AlertRule { enabled: false, connection, ..AlertRule::default() }
}
