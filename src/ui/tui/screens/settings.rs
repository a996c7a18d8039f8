//! The settings of a saved connection.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::Draw;
use super::wizard::sheet::Sheet;
use super::wizard::{form, step_row};
use crate::model::lang::Lang;
use crate::texts::{renaming, settings as texts, wizard};
use crate::ui::app::model::Model;
use crate::ui::app::settings::{Settings, Stage};
use crate::ui::tui::theme::{Role, Theme};

impl Draw for Settings {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        Sheet::explained(area, theme, |sheet| write(model.lang, self, sheet)).draw(frame, area, 0, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        header(model, self)
    }
}

/// What the header says of this screen.
fn header(model: &Model, screen: &Settings) -> (String, String) {
    (format!("{} · {}", texts::title(model.lang), screen.saved.name), screen.spec.name.clone())
}

/// Writes the stage in front.
fn write(lang: Lang, screen: &Settings, sheet: &mut Sheet) {
    match &screen.stage {
        Stage::Form(fault) => {
            if let Some(fault) = fault {
                sheet.fault(lang, fault, 1);
            }
            if screen.asks_secrets {
                sheet.bullet(Role::Warning, 1, "▲", texts::needs_secrets(lang));
            }
            form(lang, &screen.details, &screen.spec, sheet);
        }
        Stage::Checking(..) => sheet.bullet(Role::Accent, 1, "●", texts::checking(lang)),
        Stage::Saving(_) => sheet.bullet(Role::Accent, 1, "●", wizard::saving(lang)),
        Stage::Test(test) => {
            match (test.is_running(), test.passed()) {
                (true, _) => sheet.bullet(Role::Accent, 1, "●", texts::testing(lang)),
                (_, true) => sheet.bullet(Role::Ok, 1, "✓", texts::test_passed(lang)),
                _ => sheet.bullet(Role::Error, 1, "✗", texts::test_failed(lang)),
            }
            for (index, step) in test.steps.iter().enumerate() {
                let running = test.running.is_some_and(|(id, _)| id == step.id);
                step_row(lang, step, running, index == test.focus, sheet);
            }
        }
        Stage::Review(form) => {
            let changes = screen.changes(form);
            sheet.heading(texts::changes(lang));
            for (field, before, after) in &changes {
                sheet.bullet(Role::Normal, 1, "~", &format!("{}: {before} → {after}", field.label.in_lang(lang)));
            }
            if changes.is_empty() {
                sheet.wrapped(Role::Dim, 3, texts::no_changes(lang));
            }
            if let Some(known_as) = screen.kept.as_ref().and_then(|kept| kept.known_as.as_ref()) {
                sheet.gap();
                sheet.bullet(Role::Normal, 1, "·", &renaming::outside(lang, known_as.as_str()));
            }
            if screen.changes_identity(form) {
                sheet.gap();
                sheet.bullet(Role::Warning, 1, "▲", texts::fetched_again(lang));
            }
        }
    }
}

#[cfg(test)]
#[path = "settings/tests.rs"]
mod tests;
