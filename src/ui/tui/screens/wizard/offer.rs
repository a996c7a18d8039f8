//! Before the first step: the draft of an earlier time.

use ratatui::text::{Line, Span};

use super::rail;
use super::sheet::Sheet;
use crate::model::clean::clean;
use crate::model::draft::Draft;
use crate::model::form::FieldId;
use crate::texts::wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::theme::Role;

/// The draft is being looked for.
pub fn looking(model: &Model, sheet: &mut Sheet) {
    sheet.wrapped(Role::Dim, 1, texts::looking_for_draft(model.lang));
}

/// Continue, or start over.
pub fn write(model: &Model, draft: &Draft, start_over: bool, sheet: &mut Sheet) {
    let lang = model.lang;
    sheet.wrapped(Role::Title, 1, texts::offer(lang));
    sheet.gap();
    let partner = model.catalogue.get(&draft.partner).map_or(draft.partner.as_str(), |spec| spec.name.as_str());
    let name = draft.texts.get(&FieldId::Name).map(|name| clean(name, false)).filter(|name| !name.is_empty());
    let step = WizardStep::from_id(&draft.step).unwrap_or_default();
    sheet.wrapped(Role::Normal, 3, &texts::offer_partner(lang, partner));
    sheet.wrapped(Role::Normal, 3, &texts::offer_name(lang, name.as_deref().unwrap_or("–")));
    sheet.wrapped(Role::Normal, 3, &texts::offer_step(lang, step.number(), rail::title(lang, step)));
    sheet.gap();
    sheet.wrapped(Role::Dim, 1, texts::offer_secrets(lang));
    sheet.gap();
    for (label, focused) in [(texts::offer_continue(lang), !start_over), (texts::offer_start_over(lang), start_over)] {
        let from = sheet.next();
        let (mark, role) = if focused { (" › ", Role::Focus) } else { ("   ", Role::Normal) };
        let style = sheet.theme.style(role);
        sheet.push(Line::from(vec![Span::raw(mark), Span::styled(format!(" {label} "), style)]));
        sheet.choice(from, Choice::opened(focused));
    }
}
