//! The screens, one file or folder each. A new one is an entry here, beside that in `ui/app/screens.rs`.

mod alert_source;
mod alerts;
pub mod boxes;
pub mod connection;
pub mod dashboard;
pub mod deploy;
pub mod passphrase;
mod picker;
pub mod preferences;
mod rule_wizard;
pub mod settings;
mod steps;
#[cfg(test)]
mod toy;
pub mod wizard;
pub mod workspace;
mod workspace_wizard;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::theme::Theme;
use crate::ui::app::model::Model;
use crate::ui::app::screens::Screen;

/// How a screen looks.
pub trait Draw {
    /// Draws it into `area`: the terminal but for header and footer.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme);

    /// What the header says: a title, and the place or state at the right. A box leaves the header to the screen below.
    fn header(&self, _model: &Model) -> (String, String) {
        Default::default()
    }

    /// Draws it where there is no room for frames: its text, and its keys in the last line. `false` where it has to
    /// wait for more room.
    fn draw_bare(&self, _frame: &mut Frame<'_>, _area: Rect, _model: &Model, _theme: Theme) -> bool {
        false
    }
}

/// How this screen looks.
pub fn look(screen: &Screen) -> &dyn Draw {
    match screen {
        Screen::Dashboard(screen) => &**screen,
        Screen::Connection(screen) => &**screen,
        Screen::Wizard(screen) => &**screen,
        Screen::Deploy(screen) => &**screen,
        Screen::Settings(screen) => &**screen,
        Screen::Preferences(screen) => &**screen,
        Screen::Workspace(screen) => &**screen,
        Screen::WorkspaceWizard(screen) => &**screen,
        Screen::AlertSource(screen) => &**screen,
        Screen::RuleWizard(screen) => &**screen,
        Screen::Alerts(screen) => &**screen,
        Screen::Alert(screen) => &**screen,
        Screen::AlertSources(screen) => &**screen,
        Screen::AlertRules(screen) => &**screen,
        Screen::AlertPreview(screen) => &**screen,
        Screen::TextBox(screen) => &**screen,
        Screen::CommandBox(screen) => &**screen,
        Screen::QuestionBox(screen) => &**screen,
        Screen::Passphrase(screen) => &**screen,
        #[cfg(test)]
        Screen::Toy(screen) => &**screen,
    }
}
