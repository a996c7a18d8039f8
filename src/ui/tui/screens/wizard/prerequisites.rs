//! Step 2: what must be so before a connection can work.

use ratatui::text::{Line, Span};

use super::sheet::Sheet;
use crate::model::lang::Lang;
use crate::model::partner::{Prerequisite, Proof};
use crate::texts::{partner, time, wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::Role;
use crate::ui::tui::widgets::text;

/// The columns before a title.
const MARKS: usize = 7;

/// The list, with the way there for the one in focus.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    sheet.wrapped(Role::Dim, 1, texts::prerequisites_intro(model.lang));
    // Whom the old connector took is told beside the product.
    for notice in screen.spec.iter().filter_map(|spec| partner::support_notice(model.lang, spec, model.now)) {
        sheet.bullet(Role::Warning, 1, "▲", &notice);
    }
    sheet.gap();
    // All states stand alike: beside their titles where each has room there, else below.
    let fits = |item: &Prerequisite| {
        let (state, _) = state(model.lang, screen, item);
        MARKS + text::width(item.title.in_lang(model.lang)) + 2 + text::width(&state) <= sheet.room
    };
    let beside = screen.prerequisites().iter().all(fits);
    for (index, item) in screen.prerequisites().iter().enumerate() {
        entry(model.lang, screen, item, (index == screen.prerequisite_focus, beside), sheet);
    }
}

fn entry(lang: Lang, screen: &Wizard, item: &Prerequisite, (focused, beside): (bool, bool), sheet: &mut Sheet) {
    sheet.gap_if_explained();
    let from = sheet.next();
    let (words, role) = state(lang, screen, item);
    let mut title = title(screen, item, focused, sheet.room, lang);
    let (mark, first) = (title.remove(0), title.remove(0));
    let style = sheet.theme.style(if focused { Role::Focus } else { Role::Normal });
    let line = vec![Span::raw(mark), Span::styled(first, style)];
    if beside {
        let state = Span::styled(words, sheet.theme.style(role));
        sheet.ends(line, state, MARKS, focused);
    } else {
        sheet.push(Line::from(line));
        title.into_iter().for_each(|rest| sheet.push(vec![Span::raw(" ".repeat(MARKS)), Span::styled(rest, style)]));
        if focused || sheet.roomy {
            sheet.wrapped(role, MARKS, &words);
        }
    }
    if sheet.tells(focused) {
        sheet.wrapped(if focused { Role::Normal } else { Role::Dim }, MARKS, item.how.in_lang(lang));
        for link in &item.links {
            sheet.wrapped(Role::Accent, MARKS, link);
        }
    }
    sheet.choice(from, Choice::ticked(focused));
}

/// What stands before the title, then the title: of the one in focus in as many lines as it takes.
fn title(screen: &Wizard, item: &Prerequisite, focused: bool, room: usize, lang: Lang) -> Vec<String> {
    let box_ = match item.proof {
        Proof::Tested => " ◇ ",
        Proof::Confirmed if screen.confirmed.contains_key(&item.id) => "[x]",
        Proof::Confirmed => "[ ]",
    };
    let (mark, room) = (if focused { " › " } else { "   " }, room.saturating_sub(MARKS));
    let words = item.title.in_lang(lang);
    let lines = if focused { text::wrap(words, room) } else { vec![text::clip(words, room)] };
    std::iter::once(format!("{mark}{box_} ")).chain(lines).collect()
}

fn state(lang: Lang, screen: &Wizard, item: &Prerequisite) -> (String, Role) {
    match (item.proof, screen.confirmed.get(&item.id)) {
        (Proof::Tested, _) => (texts::tested_later(lang).to_owned(), Role::Dim),
        (Proof::Confirmed, Some(at)) => (format!("✓ {}", texts::confirmed_at(lang, &time::moment(*at))), Role::Ok),
        (Proof::Confirmed, None) => (format!("○ {}", texts::not_confirmed(lang)), Role::Dim),
    }
}
