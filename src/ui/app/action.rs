//! What a key means on the screen it was pressed on.

use super::connection::ConnectionAction;
use super::dashboard::DashboardAction;
use super::deploy::DeployAction;
use super::passphrase::PassphraseAction;
use super::settings::SettingsAction;
use super::wizard::WizardAction;

/// Something the admin asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// One step back.
    Back,
    /// Leave the program.
    Quit,
    /// Leave at once, with 130 (Ctrl-C).
    Interrupt,
    /// Stop the process until `fg`.
    Suspend,
    /// Draw everything again, over what something else wrote there.
    Redraw,
    /// Show all keys.
    Help,
    /// Show and copy the command that does what this screen does.
    Command,
    /// Switch the mouse on or off.
    Mouse,
    /// Say yes to the question on the screen.
    Confirm,
    /// Scroll the overlay by so many lines.
    ScrollOverlay(i16),
    /// On the dashboard.
    Dashboard(DashboardAction),
    /// On a connection.
    Connection(ConnectionAction),
    /// In the wizard.
    Wizard(WizardAction),
    /// Open the guided step that writes what deploys a web app.
    OpenDeploy,
    /// Open the settings of the connection in front.
    OpenSettings,
    /// In them.
    Settings(SettingsAction),
    /// In the guided step.
    Deploy(DeployAction),
    /// In the dialog for the passphrase.
    Passphrase(PassphraseAction),
}
