//! The footer's key hints.

use ratatui::text::{Line, Span};

use super::text;
use crate::model::lang::Lang;
use crate::ui::app::keymap::{Binding, HELP_ONLY};
use crate::ui::app::screens::Action;
use crate::ui::tui::theme::{Role, Theme};

/// One line of just `room` cells: the enabled bindings by priority, as many as fit, and help at the right end.
pub fn hints(lang: Lang, theme: Theme, bindings: &[Binding], room: usize) -> Line<'static> {
    let (help, mut others): (Vec<_>, Vec<_>) =
        bindings.iter().filter(is_hint).partition(|binding| binding.action == Action::Help);
    others.sort_by_key(|binding| binding.priority);
    let help: Vec<Hint> = help.into_iter().take(1).map(|binding| Hint::of(lang, binding)).collect();
    let reserved: usize = help.iter().map(|hint| hint.width() + 1).sum();
    let mut spans = vec![Span::raw(text::head(" ", room).to_owned())];
    let mut used = 1;
    for hint in others.iter().map(|binding| Hint::of(lang, binding)) {
        if used + hint.width() + 2 + reserved > room {
            continue;
        }
        used += hint.width() + 2;
        spans.extend(hint.spans(theme));
        spans.push(Span::raw("  "));
    }
    if let Some(help) = help.into_iter().next().filter(|_| used + reserved <= room) {
        spans.push(Span::raw(" ".repeat(room - used - reserved)));
        spans.extend(help.spans(theme));
    }
    Line::from(spans)
}

fn is_hint(binding: &&Binding) -> bool {
    binding.enabled && binding.priority < HELP_ONLY
}

struct Hint {
    key: String,
    label: &'static str,
}

impl Hint {
    fn of(lang: Lang, binding: &Binding) -> Self {
        let key = binding.keys.first().map(ToString::to_string).unwrap_or_default();
        Self { key, label: (binding.label)(lang) }
    }

    fn width(&self) -> usize {
        text::width(&self.key) + 1 + text::width(self.label)
    }

    fn spans(self, theme: Theme) -> [Span<'static>; 3] {
        [Span::styled(self.key, theme.style(Role::Accent)), Span::raw(" "), Span::raw(self.label)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::keys;
    use crate::ui::app::key::{Code, Key};

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
    fn the_first_ones_are_shown_and_help_stays_to_the_end() {
        let line = |room| hints(Lang::En, Theme::Mono, &bindings(), room).to_string();
        assert_eq!(line(40), " enter open  n new               ? help");
        assert_eq!(line(22), " enter open    ? help");
        assert_eq!(line(10), "   ? help");
        assert_eq!((line(3), line(0)), (" ".into(), String::new()));
    }
}
