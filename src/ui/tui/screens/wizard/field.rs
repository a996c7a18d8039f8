//! One field of the form: its value as it fits, masked where it is a secret, and the cursor.

use ratatui::text::Span;

use crate::model::blank::is_blank;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::{FieldSpec, InputKind, PartnerSpec};
use crate::model::secret::Secret;
use crate::model::work_item::WorkItemKind;
use crate::texts::{step, wizard as texts};
use crate::ui::app::wizard::details::{Details, choices};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// A value as it is shown, and the cursor's column in it where it is being typed.
pub struct Shown {
    /// The value.
    pub spans: Vec<Span<'static>>,
    /// The cursor's column, counted from the value's first.
    pub cursor: Option<usize>,
}

/// The name of a field in so many cells at least: it is never cut.
pub fn name(words: &str, least: usize) -> String {
    text::pad(words, text::width(words).max(least))
}

/// Below this width the value in focus stands under its name.
const NARROW: usize = 50;

/// The column of a value under its name: further in than the name, unless so many cells need the room.
pub fn under(whole: usize, width: usize) -> usize {
    whole.saturating_sub(width).clamp(3, UNDER)
}

/// The column of what stands under a name.
pub const UNDER: usize = 5;

/// Where a value stands whose name has a symbol: between them, or under both where it would be cut there.
pub struct Beside {
    /// Whether it stands under its name.
    pub under: bool,
    /// The column where it begins.
    pub column: usize,
    /// The cells that it has.
    pub room: usize,
}

impl Beside {
    /// In a line of `whole` cells, behind a name of so many.
    pub fn of(whole: usize, name: usize, value: &str, focused: bool) -> Self {
        let beside = whole.saturating_sub(name + 2);
        let is_wide = text::width(value) + usize::from(focused) > beside;
        match is_wide || (focused && whole < NARROW) {
            true => {
                let column = under(whole, text::width(value) + usize::from(focused) + 2);
                Self { under: true, column, room: whole.saturating_sub(column) }
            }
            false => Self { under: false, column: name, room: beside },
        }
    }
}

/// Cells of the line that shows where something can be typed.
const GROUND: usize = 24;

/// The value of a field in at most `room` cells.
pub fn shown(lang: Lang, theme: Theme, details: &Details, spec: &PartnerSpec, field: &FieldSpec, room: usize) -> Shown {
    let focused = details.focus == field.id;
    if field.optional && !focused && is_empty(details, field) {
        return may_stay_empty(lang, room, theme);
    }
    match field.input {
        InputKind::Text | InputKind::Number | InputKind::Secret if is_empty(details, field) => {
            Shown { spans: vec![ground(room, theme)], cursor: focused.then_some(0) }
        }
        InputKind::Text | InputKind::Number => {
            line(details.form.text(field.id), focused.then_some(details.cursor), room)
        }
        InputKind::Secret => secret(details, field.id, focused, room),
        InputKind::Fixed => still(vec![Span::styled(text::clip(&spec.name, room), theme.style(Role::Dim))]),
        InputKind::Switch => {
            let on = details.form.create_configuration_items;
            still(vec![choice(if on { texts::on(lang) } else { texts::off(lang) }, on, focused, theme)])
        }
        InputKind::Choice => one_of(lang, theme, details, field, (focused, room)),
        InputKind::WorkItems if focused => work_items(lang, theme, details, spec),
        InputKind::WorkItems => still(vec![Span::raw(text::clip(&chosen(lang, details), room))]),
    }
}

/// What stands in the place of nothing, where nothing is needed.
pub fn may_stay_empty(lang: Lang, room: usize, theme: Theme) -> Shown {
    still(vec![Span::styled(text::clip(texts::may_stay_empty(lang), room), theme.style(Role::Dim))])
}

/// A value, with a line that shows where something can be typed in the place of nothing.
pub fn or_ground(shown: Shown, room: usize, theme: Theme) -> Shown {
    let is_empty = shown.spans.iter().all(|span| span.content.is_empty());
    if is_empty { Shown { spans: vec![ground(room, theme)], ..shown } } else { shown }
}

fn ground(room: usize, theme: Theme) -> Span<'static> {
    Span::styled("_".repeat(room.min(GROUND)), theme.style(Role::Dim))
}

/// The work items that are chosen.
fn chosen(lang: Lang, details: &Details) -> String {
    let chosen = WorkItemKind::ALL.into_iter().filter(|kind| details.form.work_items.contains(kind));
    chosen.map(|kind| step::kind(lang, kind)).collect::<Vec<_>>().join(", ")
}

/// Cells of a text that is shown as it is, with the cursor behind it, and of the widest choice, so that the line stays where
/// it is with another one; 0 of anything else.
pub fn width(lang: Lang, details: &Details, field: &FieldSpec) -> usize {
    match field.input {
        InputKind::Choice if details.focus != field.id => {
            field.choices.iter().map(|each| text::width(each.label.in_lang(lang))).max().unwrap_or(0)
        }
        InputKind::Text | InputKind::Number => {
            text::width(details.form.text(field.id)) + usize::from(details.focus == field.id)
        }
        InputKind::WorkItems if details.focus != field.id => text::width(&chosen(lang, details)),
        _ => 0,
    }
}

fn is_empty(details: &Details, field: &FieldSpec) -> bool {
    match field.input {
        InputKind::Text | InputKind::Number => details.form.text(field.id).is_empty(),
        InputKind::Secret => details.form.secrets.get(&field.id).is_none_or(Secret::is_empty),
        InputKind::WorkItems | InputKind::Switch | InputKind::Choice | InputKind::Fixed => false,
    }
}

fn still(spans: Vec<Span<'static>>) -> Shown {
    Shown { spans, cursor: None }
}

/// A line of text: clipped, or scrolled so that the cursor is in sight.
pub fn line(value: &str, cursor: Option<usize>, room: usize) -> Shown {
    let Some(at) = cursor.filter(|at| value.is_char_boundary(*at)) else {
        return still(vec![Span::raw(text::clip(value, room))]);
    };
    let (before, after) = value.split_at(at);
    let fits = text::width(before) < room;
    let before = if fits { before.to_owned() } else { format!("…{}", text::tail(before, room.saturating_sub(2))) };
    let column = text::width(&before);
    let after = text::clip(after, room.saturating_sub(column));
    Shown { spans: vec![Span::raw(before + &after)], cursor: Some(column.min(room.saturating_sub(1))) }
}

fn secret(details: &Details, field: FieldId, focused: bool, room: usize) -> Shown {
    let cursor = focused.then_some(details.cursor);
    match details.form.secrets.get(&field) {
        Some(secret) => masked(secret, cursor, details.revealed, room),
        None => line("", cursor.map(|_| 0), room),
    }
}

/// A secret: one mark for each character, itself only on request and while it has the focus.
pub fn masked(secret: &Secret, cursor: Option<usize>, revealed: bool, room: usize) -> Shown {
    if let Some(at) = cursor.filter(|_| revealed) {
        let before = secret.expose().get(..at).map_or(0, |before| visible(before).len());
        return line(&visible(secret.expose()), Some(before), room);
    }
    let masked = "●".repeat(secret.chars());
    let before = |at| secret.expose().get(..at).map_or(0, |before: &str| before.chars().count());
    line(&masked, cursor.map(|at| before(at) * "●".len()), room)
}

/// A text with marks in place of what shows as nothing.
fn visible(text: &str) -> String {
    text.chars().map(|c| if is_blank(c) { '␣' } else { c }).collect()
}

fn work_items(lang: Lang, theme: Theme, details: &Details, spec: &PartnerSpec) -> Shown {
    let mut spans = Vec::new();
    for (index, kind) in choices(spec).enumerate() {
        let chosen = details.form.work_items.contains(&kind);
        spans.push(choice(step::kind(lang, kind), chosen, index == details.choice, theme));
        spans.push(Span::raw("  "));
    }
    spans.pop();
    still(spans)
}

fn one_of(lang: Lang, theme: Theme, details: &Details, field: &FieldSpec, (focused, room): (bool, usize)) -> Shown {
    let chosen = details.form.choice(field.id);
    if !focused {
        let label = field.choices.iter().find(|each| each.id == chosen).map_or(chosen, |each| each.label.in_lang(lang));
        return still(vec![Span::raw(text::clip(label, room))]);
    }
    let mut spans = Vec::new();
    for each in &field.choices {
        let on = each.id == chosen;
        let role = if on { Role::Focus } else { Role::Normal };
        let mark = if on { "•" } else { " " };
        let words = text::clip(&format!("({mark}) {}", each.label.in_lang(lang)), room);
        spans.push(Span::styled(words, theme.style(role)));
        spans.push(Span::raw("  "));
    }
    spans.pop();
    still(spans)
}

fn choice(label: &str, on: bool, focused: bool, theme: Theme) -> Span<'static> {
    let role = if focused { Role::Focus } else { Role::Normal };
    Span::styled(format!("[{}] {label}", if on { "x" } else { " " }), theme.style(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(value: &str, at: usize, room: usize) -> (String, usize) {
        let shown = line(value, Some(at), room);
        (shown.spans[0].content.to_string(), shown.cursor.unwrap())
    }

    #[test]
    fn a_long_value_scrolls_with_the_cursor() {
        assert_eq!(window("abc", 3, 5), ("abc".into(), 3));
        assert_eq!(window("abcdefgh", 8, 5), ("…fgh".into(), 4));
        assert_eq!(window("abcdefgh", 0, 5), ("abcd…".into(), 0));
        assert_eq!(window("abcdefgh", 6, 5), ("…def…".into(), 4));
        assert_eq!(window("日本語日本語", 18, 5), ("…語".into(), 3));
    }

    #[test]
    fn the_cursor_never_leaves_the_room() {
        for at in 0..=8 {
            for room in 1..12 {
                let (shown, cursor) = window("abcdefgh", at, room);
                assert!(text::width(&shown) <= room && cursor < room, "{at} in {room}: {shown}");
            }
        }
    }
}
