//! How far a workspace is, and its settings.

use super::labelled;
use crate::model::sending::{SendProgress, SendReport};
use crate::texts::{fault as faults, number, sending, time, workspace, workspace_screen as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::{WorkspaceEntry, WorkspaceScreen, Worst};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// Writes it.
pub fn write(model: &Model, screen: &WorkspaceScreen, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    rows(model, screen, entry, sheet);
    settings(model, entry, sheet);
}

fn rows(model: &Model, screen: &WorkspaceScreen, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    let (lang, at, now) = (model.lang, &entry.standing, model.now);
    if !at.set_up {
        sheet.bullet(Role::Warning, 1, "○", texts::not_set_up(lang));
        return;
    }
    run(model, screen, sheet);
    let behind = texts::behind(lang, at, now);
    labelled(sheet, texts::label_behind(lang), &behind, if at.behind_rows > 0 { Role::Warning } else { Role::Ok });
    if let Some(Ok(report)) = &screen.sending.last {
        let sent = format!("{} ({})", number::rows(lang, report.sent), texts::about_sent(lang));
        labelled(sheet, texts::label_sent(lang), &sent, Role::Normal);
    }
    let accepted = at.last_accepted.map_or_else(
        || texts::never(lang).to_owned(),
        |moment| format!("{} ({})", time::ago(lang, moment, now), texts::about_accepted(lang)),
    );
    labelled(sheet, texts::label_accepted(lang), &accepted, Role::Normal);
    let verified = at.last_verified.as_ref().map_or_else(
        || texts::never(lang).to_owned(),
        |record| format!("{} ({})", time::ago(lang, record.at, now), texts::about_verified(lang)),
    );
    labelled(sheet, texts::label_verified(lang), &verified, Role::Normal);
    match entry.worst() {
        Some(Worst::Fault(fault)) => sheet.fault_here(model, fault, 1),
        Some(Worst::Differs(record)) => sheet.bullet(Role::Warning, 1, "▲", &texts::differs_short(lang, record)),
        Some(Worst::NotVerified(fault)) => sheet.bullet(Role::Warning, 1, "▲", &texts::not_verified(lang, fault)),
        Some(Worst::Finding(found, more)) => {
            let more = if more > 0 { format!(" ({})", texts::more(lang, more)) } else { String::new() };
            sheet.bullet(Role::Warning, 1, "▲", &format!("{}{more}", sending::finding(lang, found)));
        }
        None => {}
    }
}

/// The run that goes on, or how the last one ended.
fn run(model: &Model, screen: &WorkspaceScreen, sheet: &mut Sheet) {
    let lang = model.lang;
    match (&screen.sending.task, &screen.sending.progress, &screen.sending.last) {
        (Some(_), _, _) if screen.sending.stopping => sheet.bullet(Role::Accent, 1, "◌", texts::stopping(lang)),
        (Some(_), Some(progress), _) => sheet.bullet(Role::Accent, 1, "◌", &going(model, progress)),
        (Some(_), None, _) => sheet.bullet(Role::Accent, 1, "◌", texts::sending(lang)),
        (None, _, Some(Ok(report))) => sheet.bullet(Role::Dim, 1, "·", &ended(model, report)),
        (None, _, _) => {}
    }
}

fn going(model: &Model, progress: &SendProgress) -> String {
    let lang = model.lang;
    if let Some((fault, until)) = &progress.waiting {
        return texts::waits(lang, &time::until(lang, *until, model.now), &faults::summary(lang, fault));
    }
    let grouped = |count| number::grouped(lang, count);
    let of = progress.expected.max(progress.accepted);
    texts::accepted_of(lang, &grouped(progress.accepted), &grouped(of))
}

fn ended(model: &Model, report: &SendReport) -> String {
    let lang = model.lang;
    if report.requests == 0 && report.complete {
        return texts::last_run_nothing(lang).to_owned();
    }
    let took = time::millis(lang, (report.seconds * 1000.0).max(0.0) as u64);
    texts::last_run(lang, &number::rows(lang, report.accepted), &number::requests(lang, report.requests), &took)
}

fn settings(model: &Model, entry: &WorkspaceEntry, sheet: &mut Sheet) {
    let (lang, at) = (model.lang, &entry.settings);
    sheet.heading(texts::heading_workspace(lang));
    labelled(sheet, texts::label_in_azure(lang), &format!("{}/{}", at.resource_group, at.workspace), Role::Normal);
    labelled(sheet, texts::label_subscription(lang), &at.subscription, Role::Normal);
    labelled(sheet, texts::label_tables(lang), &format!("{}, {}", at.table, at.log_table), Role::Normal);
    if !at.rule_id.is_empty() {
        labelled(sheet, texts::label_rule(lang), &at.rule_id, Role::Normal);
    }
    let fed_by: Vec<_> = entry.fed_by.iter().map(|name| name.as_str()).collect();
    match fed_by.is_empty() {
        true => labelled(sheet, texts::label_fed_by(lang), texts::fed_by_nothing(lang), Role::Warning),
        false => labelled(sheet, texts::label_fed_by(lang), &fed_by.join(", "), Role::Normal),
    }
    labelled(sheet, texts::label_values(lang), sending::values_name(lang, at.values), Role::Normal);
    sheet.heading(texts::heading_sign_in(lang));
    let way = format!("{}: {}", at.sign_in.id(), workspace::sign_in_about(lang, at.sign_in));
    labelled(sheet, texts::label_way(lang), &way, Role::Normal);
    let told = [
        (texts::label_tenant(lang), &at.tenant),
        (texts::label_client_id(lang), &at.client_id),
        (texts::label_sender(lang), &at.principal),
    ];
    for (label, value) in told.into_iter().filter(|(_, value)| !value.is_empty()) {
        labelled(sheet, label, value, Role::Normal);
    }
}
