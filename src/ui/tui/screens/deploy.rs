//! The guided step that writes what deploys a web app: its values, each with how it stands, and at its end what was
//! written and what comes next.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Draw;
use super::wizard::field::{self, Beside};
use super::wizard::sheet::Sheet;
use crate::model::deploy::{DeployProblem, Written};
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::texts::deploy as texts;
use crate::ui::app::deploy::{Deploy, Place, Stage, Verdict, next_commands};
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::shell::quoted;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// The columns of the names.
const NAMES: usize = 18;

impl Draw for Deploy {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        draw(frame, area, model, self, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        header(model, self)
    }
}

/// Draws it into `area`.
fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, deploy: &Deploy, theme: Theme) {
    let write = |sheet: &mut Sheet| match deploy.written() {
        Some(written) => result(model, written, sheet),
        None => form(model.lang, deploy, sheet),
    };
    Sheet::explained(area, theme, write).draw(frame, area, deploy.scrolled, theme);
}

/// What the header says: its title, and for whom.
fn header(model: &Model, deploy: &Deploy) -> (String, String) {
    (texts::title(model.lang).to_owned(), deploy.whose.clone().unwrap_or_default())
}

fn form(lang: Lang, deploy: &Deploy, sheet: &mut Sheet) {
    let roomy = sheet.roomy;
    if roomy {
        sheet.wrapped(Role::Dim, 1, texts::intro(lang));
        sheet.gap();
    }
    let told = sheet.next();
    state(lang, deploy, sheet);
    for place in Place::all() {
        entry(lang, deploy, place, sheet);
    }
    if matches!(deploy.stage, Stage::Failed(_)) {
        // Why nothing was written stays in sight.
        sheet.focus_from(told);
    }
    if !roomy {
        sheet.wrapped(Role::Dim, 1, texts::intro(lang));
    }
}

fn state(lang: Lang, deploy: &Deploy, sheet: &mut Sheet) {
    match &deploy.stage {
        Stage::Writing(_) => sheet.wrapped(Role::Accent, 1, &format!("◌ {}", texts::writing(lang))),
        Stage::Failed(fault) => {
            sheet.fault(lang, fault, 1);
            sheet.gap();
        }
        Stage::Filling | Stage::Written(_) => {}
    }
}

fn entry(lang: Lang, deploy: &Deploy, place: Place, sheet: &mut Sheet) {
    sheet.gap_if_explained();
    let from = sheet.next();
    let focused = deploy.focus == place;
    let (mark, role) = if focused { ("›", Role::Title) } else { (" ", Role::Normal) };
    let name = Span::styled(format!(" {mark} {}  ", field::name(name(lang, place), NAMES)), sheet.theme.style(role));
    let (role, symbol, words) = verdict(lang, deploy, place, focused);
    let cursor = focused.then_some(deploy.cursor);
    let Beside { under, column, room } = Beside::of(sheet.room, name.width(), deploy.text(place), focused);
    let is_optional = deploy.verdict(place) == Verdict::MayBeEmpty;
    let shown = match is_optional && !focused {
        true => field::may_stay_empty(lang, room, sheet.theme),
        false => field::or_ground(field::line(deploy.text(place), cursor, room), room, sheet.theme),
    };
    if let Some(cursor) = shown.cursor {
        sheet.cursor_at(from + usize::from(under), column + cursor);
    }
    let end = Span::styled(format!(" {symbol}"), sheet.theme.style(role));
    let (first, last) =
        if under { (Span::raw(" ".repeat(column)), Span::raw("")) } else { (name.clone(), end.clone()) };
    if under {
        sheet.push(Line::from(vec![name, end]));
    }
    sheet.push(Line::from_iter(std::iter::once(first).chain(shown.spans).chain([last])));
    let indent = if under { field::UNDER } else { NAMES + 5 };
    if focused {
        // A value that no line holds is told whole.
        if text::width(deploy.text(place)) >= room {
            sheet.wrapped(Role::Normal, indent, deploy.text(place));
        }
    }
    sheet.about(focused, indent, about(lang, place));
    if focused {
        if !words.is_empty() {
            sheet.wrapped(role, indent, &words);
        }
    } else if matches!(role, Role::Error | Role::Warning) {
        sheet.wrapped(role, indent, &words);
    }
    sheet.choice(from, Choice::ticked(focused));
}

fn name(lang: Lang, place: Place) -> &'static str {
    match place {
        Place::Value(field) => texts::name(lang, field),
        Place::Folder => texts::name_folder(lang),
    }
}

fn about(lang: Lang, place: Place) -> &'static str {
    match place {
        Place::Value(field) => texts::label(lang, field),
        Place::Folder => texts::about_folder(lang),
    }
}

/// How a value stands, live; what is wrong counts as an error once its place was left.
fn verdict(lang: Lang, deploy: &Deploy, place: Place, focused: bool) -> (Role, &'static str, String) {
    let left = deploy.left.contains(&place);
    match (deploy.verdict(place), deploy.warning(place)) {
        (Verdict::Fits(_), Some(found)) => (Role::Warning, "▲", format!("▲ {}", texts::warning(lang, found))),
        (Verdict::Fits(None), None) => (Role::Ok, "✓", format!("✓ {}", texts::fits(lang))),
        (Verdict::Fits(Some(made)), None) => (Role::Ok, "✓", format!("✓ {}", texts::made_into(lang, &made))),
        (Verdict::MayBeEmpty, _) => (Role::Dim, " ", format!("· {}", texts::may_be_empty(lang))),
        (Verdict::Wrong(problem), _) if left => (Role::Error, "✗", format!("✗ {}", texts::problem(lang, &problem))),
        (Verdict::Wrong(problem), _) if focused && problem != DeployProblem::Missing => {
            (Role::Normal, "…", texts::wanted(lang, &texts::problem(lang, &problem)))
        }
        (Verdict::Wrong(_), _) => (Role::Dim, "○", String::new()),
    }
}

fn result(model: &Model, written: &Written, sheet: &mut Sheet) {
    let lang = model.lang;
    sheet.bullet(Role::Ok, 1, "✓", &texts::written(lang, &written.folder));
    sheet.wrapped(Role::Normal, 3, &written.files.join(", "));
    sheet.heading(texts::next_title(lang));
    sheet.bullet(Role::Normal, 1, "1", texts::next_run(lang));
    for command in next_commands(written) {
        sheet.wrapped(Role::Accent, 5, &command);
    }
    sheet.bullet(Role::Normal, 1, "2", texts::next_by_hand(lang));
    let url = written.deployment.url();
    let knows = |screen: &Screen| matches!(screen, Screen::Wizard(wizard) if wizard.details.form.text(FieldId::ServerUrl) == url);
    let then = match model.screens().any(knows) {
        true => texts::next_in_wizard(lang, &url),
        false => texts::next_form(lang, &quoted(&format!("{}/connection.toml", written.folder))),
    };
    sheet.bullet(Role::Normal, 1, "3", &then);
    sheet.gap();
    for warning in written.deployment.warnings() {
        sheet.bullet(Role::Warning, 1, "▲", texts::warning(lang, warning));
    }
}

#[cfg(test)]
#[path = "deploy/tests.rs"]
mod tests;
