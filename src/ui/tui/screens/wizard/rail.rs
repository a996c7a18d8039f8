//! The rail: where the admin stands, what is behind and what comes.

use ratatui::text::{Line, Span, Text};

use super::first_sync;
use crate::model::lang::Lang;
use crate::texts::wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::step::WizardStep;
use crate::ui::app::wizard::{Mark, Wizard};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// The title of a step.
pub fn title(lang: Lang, step: WizardStep) -> &'static str {
    match step {
        WizardStep::Partner => texts::step_partner(lang),
        WizardStep::Prerequisites => texts::step_prerequisites(lang),
        WizardStep::Details => texts::step_details(lang),
        WizardStep::Test => texts::step_test(lang),
        WizardStep::Checklist => texts::step_checklist(lang),
        WizardStep::Review => texts::step_review(lang),
        WizardStep::FirstSync => texts::step_first_sync(lang),
    }
}

/// How many columns the rail takes beside a step.
pub fn width(lang: Lang) -> u16 {
    let widest = WizardStep::RAIL.iter().map(|step| text::width(title(lang, *step))).max();
    u16::try_from(widest.unwrap_or_default() + 8).unwrap_or(u16::MAX)
}

/// The rail as a column.
pub fn column(model: &Model, screen: &Wizard, theme: Theme) -> Text<'static> {
    Text::from_iter(WizardStep::RAIL.iter().map(|step| entry(model, screen, *step, theme)))
}

/// The rail as one line: `● 3 of 7 Details`.
pub fn line(lang: Lang, screen: &Wizard, theme: Theme) -> Line<'static> {
    let place = texts::place(lang, screen.step.number(), WizardStep::RAIL.len());
    Line::styled(format!(" ● {place} {}", title(lang, screen.step)), theme.style(Role::Title))
}

fn entry(model: &Model, screen: &Wizard, step: WizardStep, theme: Theme) -> Line<'static> {
    let lang = model.lang;
    let (symbol, role, words) = match screen.mark(step) {
        Mark::Current if step == WizardStep::FirstSync && first_sync::is_done(model, screen) => {
            ("✓", Role::Ok, Role::Title)
        }
        Mark::Done => ("✓", Role::Ok, Role::Normal),
        Mark::Doubtful => ("▲", Role::Warning, Role::Normal),
        Mark::Current => ("●", Role::Accent, Role::Title),
        Mark::Failed => ("✗", Role::Error, Role::Normal),
        Mark::Ahead => (" ", Role::Dim, Role::Dim),
    };
    Line::from(vec![
        Span::styled(format!("  {symbol} "), theme.style(role)),
        Span::styled(format!("{} {}", step.number(), title(lang, step)), theme.style(words)),
    ])
}
