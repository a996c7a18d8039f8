//! Step 1: which product.

use ratatui::text::Span;

use super::sheet::Sheet;
use crate::model::partner::PartnerSpec;
use crate::texts::{fault, partner, wizard as texts};
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::Role;

/// Every partner; those that are not built yet say so.
pub fn write(model: &Model, screen: &Wizard, sheet: &mut Sheet) {
    let lang = model.lang;
    if let Some(found) = &screen.draft_fault {
        sheet.bullet(Role::Warning, 1, "▲", &texts::draft_unusable(lang, &fault::summary(lang, found)));
    }
    sheet.heading(texts::partner_intro(lang));
    sheet.gap();
    for (index, spec) in model.catalogue.all().iter().enumerate() {
        sheet.gap_if_explained();
        let from = sheet.next();
        entry(model, spec, index == screen.partner_focus, sheet);
        sheet.choice(from, Choice::opened(index == screen.partner_focus));
    }
}

fn entry(model: &Model, spec: &PartnerSpec, focused: bool, sheet: &mut Sheet) {
    let (mark, role) = if focused { (" › ", Role::Focus) } else { ("   ", Role::Normal) };
    let name = Span::styled(format!(" {} ", spec.name), sheet.theme.style(role));
    let (state, role) =
        if spec.ready { (texts::ready(model.lang), Role::Ok) } else { (texts::not_built_yet(model.lang), Role::Dim) };
    let state = Span::styled(state, sheet.theme.style(role));
    sheet.ends(vec![Span::raw(mark), name], state, 4, true);
    if !sheet.tells(focused) {
        return;
    }
    sheet.wrapped(if focused { Role::Normal } else { Role::Dim }, 4, spec.about.in_lang(model.lang));
    for notice in partner::notices(model.lang, spec, model.now) {
        sheet.wrapped(Role::Warning, 4, &notice);
    }
    if !spec.ready {
        sheet.wrapped(Role::Warning, 4, &texts::not_built_long(model.lang, &spec.name));
    }
}
