//! The last step: what the rule would have done, beside the switch.

use ratatui::text::{Line, Span};

use super::fields::{label, value};
use crate::model::alert_plan::RulePreview;
use crate::model::lang::Lang;
use crate::texts::{number, rule_wizard as texts};
use crate::ui::app::rule_wizard::{RuleField, RuleWizard};
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// Writes it.
pub fn write(lang: Lang, rule: &RuleWizard, sheet: &mut Sheet) {
    match &rule.fault {
        Some(fault) if rule.is_outdated() => sheet.fault_with(lang, fault, texts::read_changes(lang), 1),
        Some(fault) => sheet.fault(lang, fault, 1),
        None => {}
    }
    if rule.saving.is_some() {
        sheet.bullet(Role::Accent, 1, "◌", texts::saving(lang));
    }
    if rule.previewing.is_some() {
        sheet.bullet(Role::Accent, 1, "◌", texts::previewing(lang));
    } else if let Some(fault) = rule.preview.fault() {
        sheet.fault(lang, fault, 1);
    } else if let Some(told) = rule.preview.value() {
        sheet.wrapped(Role::Dim, 1, texts::preview_intro(lang));
        numbers(lang, told, sheet);
    }
    sheet.gap();
    switch(lang, rule, sheet);
    // Why it was not saved comes before the switch, where both have no room.
    if rule.fault.is_some() {
        sheet.focus_from(0);
    }
}

/// Writes the numbers of a preview.
fn numbers(lang: Lang, told: &RulePreview, sheet: &mut Sheet) {
    let count = |number: u64| number::grouped(lang, number);
    sheet.gap();
    let role = if told.fits == 0 { Role::Warning } else { Role::Title };
    sheet.wrapped(role, 1, &texts::matched(lang, told.fits, &count(told.alerts)));
    if told.fits == 0 {
        return sheet.bullet(Role::Normal, 1, "→", texts::nothing_fits(lang));
    }
    if told.earlier > 0 {
        sheet.wrapped(Role::Warning, 1, &texts::earlier(lang, told.earlier));
    }
    sheet.wrapped(Role::Title, 1, &texts::tickets(lang, &count(told.count.tickets)));
    sheet.wrapped(Role::Normal, 1, &texts::merged(lang, &count(told.count.merged)));
    let beyond = texts::beyond_budget(lang, told);
    sheet.wrapped(if told.count.beyond_budget > 0 { Role::Warning } else { Role::Normal }, 1, &beyond);
    sheet.wrapped(Role::Normal, 1, &texts::resolved(lang, &count(told.count.resolved)));
    sheet.wrapped(Role::Normal, 1, &texts::without(lang, &count(told.count.without)));
    if sheet.roomy && !told.titles.is_empty() {
        sheet.gap();
        sheet.wrapped(Role::Dim, 1, texts::first_tickets(lang));
        told.titles.iter().for_each(|title| sheet.bullet(Role::Normal, 1, "·", title));
    }
}

fn switch(lang: Lang, rule: &RuleWizard, sheet: &mut Sheet) {
    let from = sheet.next();
    let name = Span::styled(format!(" › {}  ", label(lang, RuleField::Enabled)), sheet.theme.style(Role::Title));
    let on = Span::styled(value(lang, rule, RuleField::Enabled), sheet.theme.style(Role::Focus));
    sheet.push(Line::from(vec![name, on]));
    let (said, hint) = match rule.form.rule.enabled {
        true => (texts::on_now(lang), None),
        false => (texts::off_hint(lang), Some(texts::on_hint(lang))),
    };
    sheet.wrapped(Role::Normal, 3, said);
    hint.into_iter().for_each(|hint| sheet.wrapped(Role::Dim, 3, hint));
    sheet.choice(from, Choice::ticked(true));
}
