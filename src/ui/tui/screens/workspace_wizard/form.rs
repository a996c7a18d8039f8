//! The first step: the name and the sign-in.

use ratatui::text::{Line, Span};

use crate::model::lang::Lang;
use crate::model::workspace::{AzureSignIn, WorkspaceName};
use crate::texts::{alert_source, workspace as words, workspace_screen, workspace_wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::workspace::SignInStage;
use crate::ui::app::workspace_wizard::{Form, FormField, FormProblem, SignInStep, Subject};
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::wizard::field::{self, Beside};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::screens::workspace::sign_in;
use crate::ui::tui::theme::Role;

/// The columns of the names.
const NAMES: usize = 14;

/// Writes it, with the names that are taken.
pub fn write(model: &Model, step: &SignInStep, taken: &[&WorkspaceName], sheet: &mut Sheet) {
    let (lang, form) = (model.lang, &step.form);
    if sheet.roomy {
        let intro = match form.subject {
            Subject::Workspace => texts::sign_in_intro(lang),
            Subject::Source => alert_source::sign_in_intro(lang),
        };
        sheet.wrapped(Role::Dim, 1, intro);
        sheet.gap();
    }
    let stage = step.running.as_ref().map(|running| &running.stage);
    if let Some(SignInStage::Code(_, prompt)) = stage {
        return sign_in::code(model, prompt.as_ref(), sheet);
    }
    let mut typed = sheet.next();
    for one in form.fields() {
        if one == form.focus {
            typed = sheet.next();
        }
        line(lang, form, one, taken, sheet);
    }
    let below = sheet.next();
    match stage {
        Some(SignInStage::Asking(_)) => {
            sheet.bullet(Role::Accent, 1, "◌", workspace_screen::signing_in(lang));
            sheet.focus_from(below);
        }
        Some(SignInStage::Typing(Some(fault)) | SignInStage::Failed(fault)) => {
            sheet.fault(lang, fault, 1);
            // The line that is typed stays in sight with it.
            sheet.focus_from(typed);
        }
        _ => {}
    }
}

fn line(lang: Lang, form: &Form, one: FormField, taken: &[&WorkspaceName], sheet: &mut Sheet) {
    sheet.gap_if_explained();
    let from = sheet.next();
    let focused = form.focus == one;
    let (mark, role) = if focused { ("›", Role::Title) } else { (" ", Role::Normal) };
    let name = Span::styled(format!(" {mark} {}  ", field::name(label(lang, one), NAMES)), sheet.theme.style(role));
    let value = if one == FormField::Secret { "" } else { form.text(one) };
    let Beside { under, column, room } = Beside::of(sheet.room, name.width(), value, focused);
    let cursor = (focused && one != FormField::Way).then_some(form.cursor);
    let shown = match one {
        FormField::Secret => field::masked(&form.secret, cursor, form.revealed && focused, room),
        _ => field::line(form.text(one), cursor, room),
    };
    let is_empty = form.text(one).trim().is_empty();
    let shown = match (focused, is_empty && form.problem(one, taken).is_none() && one != FormField::Secret) {
        (false, true) => field::may_stay_empty(lang, room, sheet.theme),
        (true, _) => field::or_ground(shown, room, sheet.theme),
        (false, false) => shown,
    };
    if let Some(cursor) = shown.cursor {
        sheet.cursor_at(from + usize::from(under), column + cursor);
    }
    let (role, symbol, told) = verdict(lang, form, (one, focused), taken);
    let end = Span::styled(format!(" {symbol}"), sheet.theme.style(role));
    let (first, last) =
        if under { (Span::raw(" ".repeat(column)), Span::raw("")) } else { (name.clone(), end.clone()) };
    if under {
        sheet.push(Line::from(vec![name, end]));
    }
    let value = match focused && one == FormField::Way {
        true => shown.spans.into_iter().map(|span| span.style(sheet.theme.style(Role::Focus))).collect(),
        false => shown.spans,
    };
    sheet.push(Line::from_iter(std::iter::once(first).chain(value).chain([last])));
    let indent = if under { field::UNDER } else { NAMES + 5 };
    sheet.about(focused, indent, about(lang, form, one));
    if one == FormField::Way && focused {
        sheet.wrapped(Role::Dim, indent, texts::about_way(lang));
    }
    if let Some(told) = told {
        sheet.wrapped(role, indent, &told);
    }
    sheet.choice(from, Choice::ticked(focused));
}

/// How a line stands; what is wrong is told once the line was left.
fn verdict(
    lang: Lang,
    form: &Form,
    (one, focused): (FormField, bool),
    taken: &[&WorkspaceName],
) -> (Role, &'static str, Option<String>) {
    let is_empty = form.text(one).trim().is_empty();
    match form.problem(one, taken) {
        None if one == FormField::Secret && is_empty => (Role::Ok, "✓", Some(texts::secret_kept(lang).to_owned())),
        None if is_empty => (Role::Dim, " ", focused.then(|| texts::may_be_empty(lang).to_owned())),
        None => (Role::Ok, "✓", None),
        Some(problem) if form.left.contains(&one) => {
            (Role::Error, "✗", Some(format!("✗ {}", said(lang, form.subject, problem))))
        }
        Some(_) => (Role::Dim, "○", None),
    }
}

fn said(lang: Lang, subject: Subject, problem: FormProblem) -> &'static str {
    match (problem, subject) {
        (FormProblem::BadName, Subject::Workspace) => words::bad_name(lang),
        (FormProblem::BadName, Subject::Source) => alert_source::bad_name(lang),
        (FormProblem::Taken, Subject::Workspace) => texts::taken(lang),
        (FormProblem::Taken, Subject::Source) => alert_source::taken(lang),
        (FormProblem::Key(problem), _) => words::key_problem(lang, problem),
    }
}

fn label(lang: Lang, one: FormField) -> &'static str {
    match one {
        FormField::Name => texts::field_name(lang),
        FormField::Way => texts::field_way(lang),
        FormField::Tenant => texts::field_tenant(lang),
        FormField::ClientId => texts::field_client_id(lang),
        FormField::TokenFile => texts::field_token_file(lang),
        FormField::Secret => texts::field_secret(lang),
    }
}

fn about(lang: Lang, form: &Form, one: FormField) -> &'static str {
    match (one, form.way) {
        (FormField::Name, _) if form.subject == Subject::Source => alert_source::about_name(lang),
        (FormField::Name, _) => texts::about_name(lang),
        (FormField::Way, way) => words::sign_in_about(lang, way),
        (FormField::Tenant, AzureSignIn::Cli) => texts::about_tenant_cli(lang),
        (FormField::Tenant, _) => texts::about_tenant(lang),
        (FormField::ClientId, AzureSignIn::ManagedIdentity) => texts::about_client_id_machine(lang),
        (FormField::ClientId, AzureSignIn::DeviceCode) => texts::about_client_id_person(lang),
        (FormField::ClientId, _) => texts::about_client_id(lang),
        (FormField::TokenFile, _) => texts::about_token_file(lang),
        (FormField::Secret, _) => texts::about_secret(lang),
    }
}
