//! The footer's key hints.

use ratatui::text::{Line, Span};

use super::text;
use crate::texts::frame as texts;
use crate::ui::app::footer;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::Binding;
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};

/// One line of at most `room` cells: the enabled bindings by priority, as many as fit, and help at the right end.
pub fn hints(model: &Model, theme: Theme, bindings: &[Binding], room: usize) -> Line<'static> {
    let mut spans = vec![Span::raw(text::head(" ", room).to_owned())];
    let mut used = 1;
    for hint in footer::hints(model.lang, model.charset, bindings, room) {
        spans.push(Span::raw(" ".repeat(hint.cells.start.saturating_sub(used))));
        spans.push(Span::styled(hint.key, theme.style(Role::Accent)));
        if !hint.label.is_empty() {
            spans.push(Span::raw(format!(" {}", hint.label)));
        }
        used = hint.cells.end;
    }
    Line::from(spans)
}

/// Says at the foot of a box that there are more lines, and the key that shows them.
pub fn more(model: &Model) -> Line<'static> {
    Line::raw(format!(" {} {} ", Key::new(Code::Down).name(model.charset), texts::more_lines(model.lang)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::charset::Charset;
    use crate::texts::keys;
    use crate::ui::app::keymap::HELP_ONLY;
    use crate::ui::app::screens::Action;
    use crate::ui::app::testing::model;

    fn bindings() -> Vec<Binding> {
        vec![
            Binding::new(&[Key::char('n')], Action::Back, keys::new, 2),
            Binding::new(&[Key::new(Code::Enter)], Action::Back, keys::open, 1),
            Binding::new(&[Key::char('s')], Action::Back, keys::sync, 3).when(false),
            Binding::new(&[Key::char('m')], Action::Mouse, keys::mouse, HELP_ONLY),
            Binding::new(&[Key::char('?')], Action::Help, keys::help, 90),
        ]
    }

    #[test]
    fn arrows_are_words_in_ascii_where_they_would_read_as_letters() {
        let arrows = [
            Binding::new(&[Key::new(Code::Down), Key::char('j')], Action::Back, keys::down, 1),
            Binding::new(&[Key::new(Code::Right)], Action::Back, keys::open, 2),
            Binding::new(&[Key { shift: true, ..Key::new(Code::Up) }], Action::Back, keys::new, 3),
        ];
        let line = |charset| {
            let model = model().with(|facts| facts.charset = charset);
            hints(&model, Theme::Mono, &arrows, 60).to_string()
        };
        assert_eq!(line(Charset::Utf8), " ↓ down  → open  shift-↑ new");
        assert_eq!(line(Charset::Ascii), " down  right open  shift-up new");
    }

    #[test]
    fn the_way_back_stays_where_others_have_no_room() {
        let bindings = [
            Binding::new(&[Key::new(Code::Enter)], Action::Redraw, keys::open, 1),
            Binding::new(&[Key::char('n')], Action::Mouse, keys::new, 2),
            Binding::new(&[Key::char('s')], Action::Mouse, keys::sync, 3),
            Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::back, 9),
        ];
        let line = |room| hints(&model(), Theme::Mono, &bindings, room).to_string();
        assert_eq!(line(38), " enter open  n new  s sync  esc back");
        assert_eq!(line(33), " enter open  n new  esc back");
        assert_eq!(line(24), " enter open  esc back");
        assert_eq!(line(19), " enter open  esc", "its key alone");
        assert_eq!(line(15), " enter open", "the first one comes before it");
    }

    #[test]
    fn behind_a_hint_without_room_no_shorter_one_takes_its_place() {
        let bindings = [
            Binding::new(&[Key::new(Code::Enter)], Action::Redraw, keys::open, 1),
            Binding::new(&[Key::char('m')], Action::Mouse, keys::mouse, 2),
            Binding::new(&[Key::char('n')], Action::Mouse, keys::new, 3),
            Binding::new(&[Key::char('q')], Action::Quit, keys::quit, 9),
        ];
        let line = |room| hints(&model(), Theme::Mono, &bindings, room).to_string();
        assert_eq!(line(44), " enter open  m mouse on/off  n new  q quit");
        assert_eq!(line(29), " enter open  q quit", "n has room");
    }

    #[test]
    fn the_first_ones_are_shown_and_help_stays_to_the_end() {
        let line = |room| hints(&model(), Theme::Mono, &bindings(), room).to_string();
        assert_eq!(line(40), " enter open  n new               ? help");
        assert_eq!(line(22), " enter open    ? help");
        assert_eq!(line(10), "   ? help");
        assert_eq!((line(3), line(0)), (" ".into(), String::new()));
    }
}
