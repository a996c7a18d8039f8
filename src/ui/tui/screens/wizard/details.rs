//! Step 3: the form.

use ratatui::text::{Line, Span};

use super::field::{self, Shown};
use super::sheet::Sheet;
use crate::model::form::FieldNotice;
use crate::model::lang::Lang;
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::texts::{form, wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::app::wizard::details::Details;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// Labels longer than this push their value to the right.
pub(super) const LABELS: usize = 18;
/// Below this width the value in focus stands under its label.
const NARROW: usize = 50;

/// Something said of a field: its role, its symbol, its words.
type Note = (Role, &'static str, String);

/// Every field; help for the one in focus.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    if let Some(spec) = &screen.spec {
        form(model.lang, &screen.details, spec, sheet);
    }
}

/// The fields of a form.
pub fn form(lang: Lang, details: &Details, spec: &PartnerSpec, sheet: &mut Sheet) {
    for field in spec.fields_for(details.form.grant) {
        entry(lang, details, spec, field, sheet);
    }
}

fn entry(lang: Lang, details: &Details, spec: &PartnerSpec, field: &FieldSpec, sheet: &mut Sheet) {
    sheet.gap_if_explained();
    let from = sheet.next();
    let focused = details.focus == field.id;
    let label = label(lang, field, focused, sheet);
    // A value that has no room behind its label stands under it, where it is whole if that is possible at all.
    let is_wide = label.width() + field::width(lang, details, field) > sheet.room;
    let under = (focused && sheet.room < NARROW) || is_wide;
    let column = match under {
        true => field::under(sheet.room, field::width(lang, details, field)),
        false => label.width(),
    };
    let shown = field::shown(lang, sheet.theme, details, spec, field, sheet.room.saturating_sub(column));
    if let Some(cursor) = shown.cursor.filter(|_| focused) {
        sheet.cursor_at(from + usize::from(under), column + cursor);
    }
    let notes = notes(lang, details, field);
    if under {
        sheet.push(Line::from(label));
        value(vec![Span::raw(" ".repeat(column))], shown, notes, column, sheet);
    } else {
        value(vec![label], shown, notes, column, sheet);
    }
    let indent = if under { field::UNDER } else { LABELS + 5 };
    sheet.about(focused, indent, field.help.in_lang(lang));
    if sheet.tells(focused) {
        let chosen = field.choices.iter().find(|choice| choice.id == details.form.choice(field.id));
        if let Some(chosen) = chosen {
            sheet.wrapped(
                Role::Normal,
                indent,
                &format!("{}: {}", chosen.label.in_lang(lang), chosen.about.in_lang(lang)),
            );
        }
    }
    // The keys that move pass over what cannot be changed.
    if field.input != InputKind::Fixed {
        sheet.choice(from, Choice::ticked(focused));
    }
}

fn label(lang: Lang, field: &FieldSpec, focused: bool, sheet: &Sheet) -> Span<'static> {
    let (mark, role) = match (focused, field.input) {
        (true, _) => ("›", Role::Title),
        (false, InputKind::Fixed) => (" ", Role::Dim),
        (false, _) => (" ", Role::Normal),
    };
    let words = field.label.in_lang(lang);
    let words = text::pad(words, text::width(words).max(LABELS));
    Span::styled(format!(" {mark} {words}  "), sheet.theme.style(role))
}

/// The value, the first short note beside it, the others below.
fn value(start: Vec<Span<'static>>, shown: Shown, notes: Vec<Note>, column: usize, sheet: &mut Sheet) {
    let indent = column.min(LABELS + 5);
    let wide = column + shown.spans.iter().map(Span::width).sum::<usize>() > sheet.room;
    if wide && shown.spans.len() > 1 {
        return stacked(start, shown, notes, indent, sheet);
    }
    let mut line = Line::from_iter(start.into_iter().chain(shown.spans));
    let mut below = notes.into_iter().peekable();
    if let Some((role, symbol, words)) =
        below.next_if(|note| note.0 != Role::Error && line.width() + 6 + text::width(&note.2) <= sheet.room)
    {
        let note = format!("{symbol} {words}");
        let gap = if line.width() + 4 < column + 14 { column + 14 - line.width() } else { 4 };
        let gap = gap.min(sheet.room.saturating_sub(line.width() + text::width(&note)));
        line.push_span(Span::raw(" ".repeat(gap)));
        line.push_span(Span::styled(note, sheet.theme.style(role)));
    }
    sheet.push(line);
    for (role, symbol, words) in below {
        sheet.bullet(role, indent, symbol, &words);
    }
}

/// Choices that do not fit side by side, one below the other.
fn stacked(start: Vec<Span<'static>>, shown: Shown, notes: Vec<Note>, indent: usize, sheet: &mut Sheet) {
    if start.iter().any(|span| !span.content.trim().is_empty()) {
        sheet.push(Line::from(start));
    }
    for choice in shown.spans.into_iter().filter(|span| !span.content.trim().is_empty()) {
        sheet.push(Line::from(vec![Span::raw(" ".repeat(indent)), choice]));
    }
    for (role, symbol, words) in notes {
        sheet.bullet(role, indent, symbol, &words);
    }
}

/// What is wrong with the field, or worth saying about it; each with its symbol.
fn notes(lang: Lang, details: &Details, field: &FieldSpec) -> Vec<Note> {
    let problem = details.problems.get(&field.id).map(|problem| (Role::Error, "✗", form::problem(lang, problem)));
    let masked = details.focus == field.id && !details.revealed && given(details, field);
    let hint = masked.then(|| (Role::Dim, "·", texts::ctrl_r_shows(lang).to_owned()));
    let notices = details.notices.get(&field.id).into_iter().flatten().map(|notice| {
        let (role, symbol) = match notice {
            FieldNotice::MadeInto(_) | FieldNotice::Pasted(_) => (Role::Ok, "✓"),
            FieldNotice::Trimmed(_) => (Role::Normal, "·"),
            FieldNotice::Practice | FieldNotice::UnknownHost(_) | FieldNotice::BlankEnds { .. } => (Role::Warning, "▲"),
            FieldNotice::PasteRefused(_) => (Role::Error, "✗"),
        };
        (role, symbol, form::notice(lang, notice))
    });
    problem.into_iter().chain(notices).chain(hint).collect()
}

fn given(details: &Details, field: &FieldSpec) -> bool {
    details.form.secrets.get(&field.id).is_some_and(|secret| !secret.is_empty())
}
