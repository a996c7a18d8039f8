//! Step 4: the live test, each step in its place.

use ratatui::text::Span;

use super::review;
use super::sheet::Sheet;
use crate::model::check::{Status, Step, StepId};
use crate::model::lang::Lang;
use crate::model::partner::PartnerSpec;
use crate::texts::fault::At;
use crate::texts::{fault, step as words, time, wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::live_test::LiveTest;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{mark, text};

/// How the whole test stands, then every step.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    let lang = model.lang;
    let (role, symbol, state) = state(lang, &screen.test);
    sheet.bullet(role, 1, symbol, &state);
    review::saving(lang, screen, sheet);
    for (index, step) in screen.test.steps.iter().enumerate() {
        let focused = index == screen.test.focus;
        entry(lang, screen, step, focused, sheet);
    }
}

fn state(lang: Lang, test: &LiveTest) -> (Role, &'static str, String) {
    let url = test.subject.as_ref().map(|form| form.connection.server_url.to_string()).unwrap_or_default();
    let failed = test.steps.iter().filter(|step| step.status == Status::Failed).count();
    match failed {
        _ if test.is_running() => (Role::Accent, "●", texts::testing(lang, &url)),
        0 if test.passed() => {
            let unknown = test.steps.iter().filter(|step| step.status == Status::Unknown).count() as u64;
            let words =
                if unknown == 0 { texts::test_passed(lang).into() } else { texts::test_passed_but(lang, unknown) };
            (Role::Ok, "✓", words)
        }
        0 => (Role::Dim, "○", texts::test_stopped(lang).to_owned()),
        1 => (Role::Error, "✗", texts::test_failed_one(lang).to_owned()),
        count => (Role::Error, "✗", texts::test_failed(lang, count)),
    }
}

/// One step of a test, with its fault where it has the focus.
pub fn step_row(lang: Lang, step: &Step, running: bool, focused: bool, sheet: &mut Sheet) {
    let from = sheet.next();
    line(lang, step, running, focused, sheet);
    if let Some(found) = step.fault.as_ref().filter(|_| sheet.tells(focused)) {
        sheet.wrapped(Role::Normal, 5, &fault::cause(lang, found));
        sheet.wrapped(Role::Normal, 5, &format!("→ {}", fault::remedy_at(lang, found, At::Unsaved)));
    }
    sheet.choice(from, Choice::ticked(focused));
}

/// One step of a test that is over, where it is only told.
pub fn told(lang: Lang, step: &Step, sheet: &mut Sheet) {
    line(lang, step, false, false, sheet);
}

fn line(lang: Lang, step: &Step, running: bool, focused: bool, sheet: &mut Sheet) {
    let mut row = row(lang, step, running, focused, sheet.theme);
    let mut found = found(lang, step, focused);
    if ran(step, running) {
        let millis = time::millis(lang, step.millis);
        if row.iter().map(Span::width).sum::<usize>() + 7 <= sheet.room {
            row.push(Span::raw(text::pad_left(&millis, 7)));
        } else {
            found = format!("{millis}: {found}");
        }
    }
    let style = sheet.theme.style(if step.fault.is_some() { Role::Error } else { Role::Dim });
    sheet.row(row, 2, Span::styled(found, style), 5, focused);
}

fn entry(lang: Lang, screen: &Wizard, step: &Step, focused: bool, sheet: &mut Sheet) {
    let from = sheet.next();
    let running = screen.test.running.is_some_and(|(id, _)| id == step.id);
    step_row(lang, step, running, focused, sheet);
    if !focused {
        return;
    }
    if let Some(field) = step.field.filter(|_| step.status == Status::Failed) {
        let label = screen.spec.as_ref().and_then(|spec: &std::sync::Arc<PartnerSpec>| spec.field(field));
        let label = label.map_or(field.key(), |field| field.label.in_lang(lang));
        sheet.wrapped(Role::Accent, 5, &texts::leads_to_field(lang, label));
        if screen.can_save_signed_out() && matches!(step.id, StepId::SignIn | StepId::User) {
            let made_here = screen.spec.as_ref().is_some_and(|spec| spec.admin_signs_in);
            let words = if made_here { texts::user_to_be_made(lang) } else { texts::not_ready_there(lang) };
            sheet.wrapped(Role::Accent, 5, words);
        }
    }
    if step.id == StepId::Binding && step.status == Status::Failed && screen.can_save_signed_out() {
        let name = screen.name().map(|name| name.to_string()).unwrap_or_default();
        sheet.wrapped(Role::Accent, 5, &texts::mapping_to_be_corrected(lang, &name));
    }
    sheet.focus_from(from);
}

fn row(lang: Lang, step: &Step, running: bool, focused: bool, theme: Theme) -> Vec<Span<'static>> {
    let (pointer, role) = if focused { (" › ", Role::Focus) } else { ("   ", Role::Normal) };
    let state = if running {
        Span::styled(format!("● {}", texts::running(lang)), theme.style(Role::Accent))
    } else {
        mark::status(lang, theme, step.status)
    };
    let state_gap = " ".repeat(status_room(lang).saturating_sub(state.width()));
    let title = words::title(lang, step.id);
    let title_gap = " ".repeat(title_room(lang).saturating_sub(text::width(title)));
    vec![Span::raw(pointer), state, Span::raw(state_gap), Span::styled(title, theme.style(role)), Span::raw(title_gap)]
}

fn ran(step: &Step, running: bool) -> bool {
    !running && !matches!(step.status, Status::Todo | Status::Skipped)
}

fn found(lang: Lang, step: &Step, focused: bool) -> String {
    match (&step.fault, &step.finding) {
        (Some(found), _) => fault::summary(lang, found),
        (None, Some(finding)) if focused => words::in_full(lang, finding),
        (None, Some(finding)) => words::finding(lang, finding),
        (None, None) => String::new(),
    }
}

fn status_room(lang: Lang) -> usize {
    lang.pick(13, 16)
}

fn title_room(lang: Lang) -> usize {
    lang.pick(18, 21)
}
