//! The wizard of an alert rule: the rail of steps, the lines of the step in front, the list that is open over one.

mod fields;
mod preview;
#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Draw;
use super::picker::{self, List, ListState};
use super::steps::{StepMark, below_rail};
use super::wizard::field;
use super::wizard::sheet::Sheet;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::{number, rule_wizard as texts, wizard};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::app::rule_wizard::{PickSource, Picking, RuleStep, RuleWizard};
use crate::ui::tui::theme::{Role, Theme};

impl Draw for RuleWizard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let steps = RuleStep::ALL.map(|step| (title(model.lang, step), mark(self, step)));
        let place = below_rail(frame, area, model.lang, &steps, theme);
        Sheet::explained(place, theme, |sheet| write(model.lang, self, sheet)).draw(frame, place, self.top, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        let lang = model.lang;
        let title = match &self.edits {
            Some(name) => texts::title_of(lang, name),
            None => texts::title(lang).to_owned(),
        };
        (title, wizard::step_of(lang, self.step.number(), RuleStep::ALL.len()))
    }
}

fn title(lang: Lang, step: RuleStep) -> &'static str {
    match step {
        RuleStep::Match => texts::step_match(lang),
        RuleStep::Where => texts::step_where(lang),
        RuleStep::Ticket => texts::step_ticket(lang),
        RuleStep::Severity => texts::step_severity(lang),
        RuleStep::Course => texts::step_course(lang),
        RuleStep::Review => texts::step_review(lang),
    }
}

fn mark(rule: &RuleWizard, step: RuleStep) -> StepMark {
    match step {
        _ if step == rule.step => StepMark::Front,
        _ if step < rule.step => StepMark::Done,
        _ => StepMark::Later,
    }
}

fn write(lang: Lang, rule: &RuleWizard, sheet: &mut Sheet) {
    match &rule.opened {
        Remote::Idle | Remote::Loading => return sheet.bullet(Role::Accent, 1, "◌", texts::reading(lang)),
        Remote::Failed(fault) | Remote::Stale(_, _, fault) => {
            if matches!(fault, Fault::RulesWrong { .. }) {
                return sheet.fault_with(lang, fault, texts::not_overwritten(lang), 1);
            }
            sheet.fault(lang, fault, 1);
            return sheet.bullet(Role::Normal, 1, "→", texts::read_again(lang));
        }
        Remote::Ready(..) => {}
    }
    if let Some(picking) = &rule.picking {
        return list(lang, rule, picking, sheet);
    }
    if rule.step == RuleStep::Review {
        return preview::write(lang, rule, sheet);
    }
    if rule.step == RuleStep::Match {
        fitting(lang, rule, sheet);
        sheet.gap();
    }
    for one in rule.step.fields() {
        fields::line(lang, rule, *one, sheet);
    }
}

/// How many of the stored alerts the rule fits.
fn fitting(lang: Lang, rule: &RuleWizard, sheet: &mut Sheet) {
    let (all, beyond) = rule.alerts().map_or((0, 0), |alerts| (alerts.all(), alerts.beyond()));
    match all {
        0 => sheet.bullet(Role::Warning, 1, "▲", texts::no_alerts(lang)),
        all => sheet.wrapped(Role::Accent, 1, &texts::fits(lang, all, &number::grouped(lang, rule.fits))),
    }
    if beyond > 0 {
        sheet.bullet(Role::Warning, 1, "▲", &texts::beyond(lang, &number::grouped(lang, beyond)));
    }
}

fn list(lang: Lang, rule: &RuleWizard, picking: &Picking, sheet: &mut Sheet) {
    let name = fields::label(lang, picking.field);
    if picking.is_stored() {
        fitting(lang, rule, sheet);
    }
    if let Some((pattern, at)) = &picking.typing {
        sheet.wrapped(Role::Title, 1, &name);
        let shown = field::line(pattern, Some(*at), sheet.room.saturating_sub(4));
        let line = sheet.next();
        sheet.push(Line::from_iter(std::iter::once(Span::raw(" › ")).chain(shown.spans)));
        sheet.cursor_at(line, 3 + shown.cursor.unwrap_or_default());
        sheet.focus_from(line);
        return sheet.wrapped(Role::Dim, 3, texts::pattern_intro(lang));
    }
    let entries = picking.entries(|count| texts::alerts_fit(lang, &number::grouped(lang, count)));
    let chosen = rule.form.list(picking.field);
    let ticked = |nth: usize| entries.get(nth).is_some_and(|(value, _)| chosen.contains(value));
    let heading = match picking.is_stored() {
        true => texts::list_of(lang, &name),
        false => texts::search_of(lang, &name),
    };
    let state = match &picking.source {
        PickSource::Asking(_) => ListState::Reading(texts::asking(lang)),
        PickSource::Failed(fault) => ListState::Failed(fault, texts::search_failed(lang)),
        PickSource::Stored(_) | PickSource::Product(_) | PickSource::NotOffered => ListState::Ready,
    };
    let none = match &picking.source {
        PickSource::NotOffered => texts::not_offered(lang),
        PickSource::Stored(_) => texts::no_values(lang),
        _ => texts::none_found(lang),
    };
    let hint = if picking.is_stored() { texts::filter_hint(lang) } else { texts::search_hint(lang) };
    let ticks: Option<&dyn Fn(usize) -> bool> = if picking.is_stored() { Some(&ticked) } else { None };
    let list = List { picker: &picking.picker, entries: &entries, heading: &heading, hint, none, state, ticked: ticks };
    picker::write(lang, &list, sheet);
    if matches!(&picking.source, PickSource::Product(listed) if listed.more) {
        sheet.wrapped(Role::Dim, 1, texts::more_found(lang));
    }
}
