//! What is wrong with a workspace: each with its cause and what to do.

use crate::model::fault::Fault;
use crate::model::sending::SendFinding;
use crate::texts::{fault as faults, sending, time, workspace as words, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::{remedy, with_keys};
use crate::ui::app::workspace::{PlanStage, WorkspaceEntry, WorkspaceScreen};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// Writes them, the worst first.
pub fn write(model: &Model, screen: &WorkspaceScreen, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    let (lang, at) = (model.lang, &entry.standing);
    let start = sheet.next();
    if let Some(fault) = &at.fault {
        if let Some(since) = at.failing_since {
            sheet.wrapped(Role::Title, 1, &texts::stopped_since(lang, &time::moment(since)));
        }
        sheet.fault_here(model, fault, 1);
        sheet.gap();
    }
    for (heading, fault) in others(model, screen, entry) {
        if at.fault.as_ref() != Some(fault) {
            if let Some(heading) = heading {
                sheet.wrapped(Role::Title, 1, heading);
            }
            sheet.fault_here(model, fault, 1);
            sheet.gap();
        }
    }
    for step in screen.plan.shown.iter().flat_map(|(shown, _)| shown.plan.blocked()) {
        if let Some(block) = &step.blocked {
            let title = format!("{}: {}", words::step(lang, step.id), words::action(lang, step.action));
            sheet.bullet(Role::Warning, 1, "▲", &title);
            sheet.bullet(Role::Normal, 3, "→", &words::block(lang, &entry.settings, block));
        }
    }
    if !at.findings.is_empty() {
        sheet.heading(texts::findings(lang));
    }
    at.findings.iter().for_each(|found| finding(model, found, sheet));
    if sheet.next() == start {
        sheet.bullet(Role::Ok, 1, "✓", texts::no_faults(lang));
    }
}

/// What went wrong beside sending, each under its heading.
fn others<'a>(
    model: &Model,
    screen: &'a WorkspaceScreen,
    entry: &'a WorkspaceEntry,
) -> Vec<(Option<&'static str>, &'a Fault)> {
    let lang = model.lang;
    let verified = entry.standing.verify_fault.as_ref().map(|fault| (Some(texts::verification_failed(lang)), fault));
    let tested = match &screen.test.last {
        Some(Err(fault)) => Some((Some(texts::test_failed(lang)), fault)),
        _ => None,
    };
    let planned = match &screen.plan.stage {
        PlanStage::Failed(_, fault) => Some((None, fault)),
        _ => None,
    };
    [verified, tested, planned].into_iter().flatten().collect()
}

/// A finding, with the cause and the remedy of the fault behind it, if there is one.
fn finding(model: &Model, found: &SendFinding, sheet: &mut Sheet) {
    let lang = model.lang;
    if let SendFinding::OtherValues { workspace, values } = found {
        let values = sending::values_name(lang, *values);
        sheet.bullet(Role::Warning, 1, "▲", &sending::other_values(lang, values));
        return sheet.bullet(Role::Normal, 3, "→", &with_keys(model, &sending::other_values_next(lang, workspace)));
    }
    sheet.bullet(Role::Warning, 1, "▲", &sending::finding(lang, found));
    let fault = match found {
        SendFinding::RuleNotRead { fault }
        | SendFinding::NotMarkedRemoved { fault, .. }
        | SendFinding::LogNotTaken { fault }
        | SendFinding::SendNumbersUnchecked { fault } => fault,
        SendFinding::CutValues { .. }
        | SendFinding::WrongType { .. }
        | SendFinding::RefusedRows { .. }
        | SendFinding::OtherValues { .. } => return,
    };
    sheet.wrapped(Role::Normal, 3, &faults::cause(lang, fault));
    sheet.bullet(Role::Normal, 3, "→", &remedy(model, fault));
}
