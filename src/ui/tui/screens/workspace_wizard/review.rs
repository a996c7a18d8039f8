//! The last steps: the connections that feed the workspace, and all of it before it begins.

use ratatui::text::{Line, Span};

use crate::model::workspace::Values;
use crate::texts::{sending, time, workspace as words, workspace_screen, workspace_wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace_wizard::WorkspaceWizard;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::screens::workspace::labelled;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// Writes the connections, each on or off.
pub fn connections(model: &Model, wizard: &WorkspaceWizard, sheet: &mut Sheet) {
    let lang = model.lang;
    let names = model.names();
    match names.is_empty() {
        true => sheet.wrapped(Role::Normal, 1, texts::no_connections(lang)),
        false => sheet.wrapped(Role::Dim, 1, texts::connections_intro(lang)),
    }
    sheet.gap();
    let longest = names.iter().map(|name| text::width(name.as_str())).max().unwrap_or_default();
    for (nth, name) in names.iter().enumerate() {
        let from = sheet.next();
        let focused = nth == wizard.feed_focus;
        let mark = if wizard.feeds.contains(name) { "x" } else { " " };
        let role = if focused { Role::Focus } else { Role::Normal };
        let gap = " ".repeat(longest.saturating_sub(text::width(name.as_str())) + 2);
        let product = Span::styled(format!("{gap}{}", model.product(name)), sheet.theme.style(Role::Dim));
        let entry = Span::styled(format!("[{mark}] {name}"), sheet.theme.style(role));
        sheet.push(Line::from(vec![Span::raw(" "), entry, product]));
        sheet.choice(from, Choice::ticked(focused));
    }
    if !names.is_empty() {
        sheet.gap();
    }
    let (from, focused) = (sheet.next(), wizard.feed_focus >= names.len());
    let mark = if wizard.values == Values::Numbers { "x" } else { " " };
    let role = if focused { Role::Focus } else { Role::Normal };
    sheet.wrapped(role, 1, &format!("[{mark}] {}", texts::numbers(lang)));
    if focused {
        sheet.focus_from(from);
    }
}

/// Writes all of it.
pub fn write(model: &Model, wizard: &WorkspaceWizard, sheet: &mut Sheet) {
    let lang = model.lang;
    if let Some(fault) = &wizard.fault {
        sheet.fault(lang, fault, 1);
    }
    if wizard.saving.is_some() {
        sheet.bullet(Role::Accent, 1, "◌", texts::saving(lang));
    }
    sheet.wrapped(Role::Dim, 1, texts::review_intro(lang));
    sheet.gap();
    if let Some(at) = &wizard.workspace {
        labelled(sheet, texts::field_name(lang), at.name.as_str(), Role::Normal);
        let place = format!("{}/{}", at.resource_group, at.workspace);
        labelled(sheet, workspace_screen::label_in_azure(lang), &place, Role::Normal);
        labelled(sheet, workspace_screen::label_subscription(lang), &at.subscription, Role::Normal);
        let way = format!("{}: {}", at.sign_in.id(), words::sign_in_about(lang, at.sign_in));
        labelled(sheet, texts::field_way(lang), &way, Role::Normal);
        let told = [(texts::field_tenant(lang), &at.tenant), (texts::field_client_id(lang), &at.client_id)];
        for (label, value) in told.into_iter().filter(|(_, value)| !value.is_empty()) {
            labelled(sheet, label, value, Role::Normal);
        }
    }
    let (plan, role) = match (&wizard.plan.shown, wizard.plan.is_done()) {
        (_, true) => (texts::review_plan_done(lang).to_owned(), Role::Ok),
        (Some((shown, _)), false) => {
            let left = wizard.plan.to_do() + shown.plan.blocked().count();
            (texts::review_plan_left(lang, left), Role::Warning)
        }
        (None, false) => (texts::review_plan_unknown(lang).to_owned(), Role::Warning),
    };
    labelled(sheet, texts::review_plan(lang), &plan, role);
    let (test, role) = match &wizard.test.last {
        Some(Ok(delays)) => match delays.row_seconds {
            Some(seconds) => (texts::review_test_found(lang, &time::span(lang, seconds)), Role::Ok),
            None => (texts::review_test_accepted(lang).to_owned(), Role::Warning),
        },
        Some(Err(_)) => (texts::review_test_failed(lang).to_owned(), Role::Error),
        None => (texts::review_test_not(lang).to_owned(), Role::Warning),
    };
    labelled(sheet, texts::review_test(lang), &test, role);
    let values = sending::values_name(lang, wizard.values);
    let stays = wizard
        .entry(model)
        .is_some_and(|entry| entry.settings.values != wizard.values && entry.standing.last_accepted.is_some());
    match stays {
        true => labelled(sheet, texts::review_values(lang), &texts::review_values_change(lang, values), Role::Warning),
        false => labelled(sheet, texts::review_values(lang), values, Role::Normal),
    }
    let feeds: Vec<_> = model.names().into_iter().filter(|name| wizard.feeds.contains(name)).collect();
    let feeds = feeds.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    match feeds.is_empty() {
        true => {
            labelled(sheet, workspace_screen::label_fed_by(lang), workspace_screen::fed_by_nothing(lang), Role::Warning)
        }
        false => labelled(sheet, workspace_screen::label_fed_by(lang), &feeds, Role::Normal),
    }
}
