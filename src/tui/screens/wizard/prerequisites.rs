//! Step 2: what must be so before a connection can work.

use ratatui::text::Span;

use super::sheet::Sheet;
use crate::app::model::Model;
use crate::app::wizard::Wizard;
use crate::model::lang::Lang;
use crate::model::partner::{Prerequisite, Proof};
use crate::texts::{partner, time, wizard as texts};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::text;

/// The list, with the way there for the one in focus.
pub fn sheet(model: &Model, screen: &Wizard, sheet: Sheet) -> Sheet {
    let mut sheet = sheet.with_aside();
    let intro = match screen.required_prerequisite() {
        Some(_) => texts::prerequisites_required(model.lang),
        None => texts::prerequisites_intro(model.lang),
    };
    sheet.wrapped(Role::Dim, 1, intro);
    // That it takes no new customers is what the first prerequisite asks about.
    for notice in screen.spec.iter().filter_map(|spec| partner::support_notice(model.lang, spec, model.now)) {
        sheet.bullet(Role::Warning, 1, "▲", &notice);
    }
    sheet.gap();
    for (index, item) in screen.prerequisites().iter().enumerate() {
        entry(model.lang, screen, item, index == screen.prerequisite_focus, &mut sheet);
    }
    sheet
}

fn entry(lang: Lang, screen: &Wizard, item: &Prerequisite, focused: bool, sheet: &mut Sheet) {
    let from = sheet.next();
    let theme = sheet.theme;
    let state = state(lang, screen, item, theme);
    let title = title(screen, item, focused, sheet.room, theme, lang);
    sheet.ends(title, state, 7, focused);
    if focused {
        let whole = item.title.in_lang(lang);
        if text::width(whole) + 7 > sheet.room {
            sheet.detail(Role::Title, 7, whole);
        }
        sheet.detail(Role::Normal, 7, item.how.in_lang(lang));
        for link in &item.links {
            sheet.detail_gap();
            sheet.detail(Role::Accent, 7, link);
        }
        sheet.focus_from(from);
    }
}

fn title(
    screen: &Wizard,
    item: &Prerequisite,
    focused: bool,
    room: usize,
    theme: Theme,
    lang: Lang,
) -> Vec<Span<'static>> {
    let box_ = match item.proof {
        Proof::Tested => " ◇ ",
        Proof::Confirmed if screen.confirmed.contains_key(&item.id) => "[x]",
        Proof::Confirmed => "[ ]",
    };
    let (mark, role) = if focused { (" › ", Role::Focus) } else { ("   ", Role::Normal) };
    let words = text::clip(item.title.in_lang(lang), room.saturating_sub(7));
    vec![Span::raw(format!("{mark}{box_} ")), Span::styled(words, theme.style(role))]
}

fn state(lang: Lang, screen: &Wizard, item: &Prerequisite, theme: Theme) -> Span<'static> {
    let (words, role) = match (item.proof, screen.confirmed.get(&item.id)) {
        (Proof::Tested, _) => (texts::tested_later(lang).to_owned(), Role::Dim),
        (Proof::Confirmed, Some(at)) => (format!("✓ {}", texts::confirmed_at(lang, &time::moment(*at))), Role::Ok),
        (Proof::Confirmed, None) if item.required => (format!("▲ {}", texts::confirm_first(lang)), Role::Warning),
        (Proof::Confirmed, None) => (format!("○ {}", texts::not_confirmed(lang)), Role::Dim),
    };
    Span::styled(words, theme.style(role))
}
