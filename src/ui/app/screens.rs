//! The lists of the screens and of their jobs. A new screen is an entry in each, and one in `ui/tui/screens/mod.rs`,
//! which draws it.

use std::convert::Infallible;

use super::alert_source::{AlertSourceAction, AlertSourceJob, AlertSourceOutcome, AlertSourceWizard};
use super::alerts::{
    AlertAction, AlertScreen, AlertsAction, AlertsJob, AlertsOutcome, AlertsScreen, PreviewAction, PreviewScreen,
    RulesAction, RulesScreen, SourcesAction, SourcesScreen,
};
use super::boxes::{CommandBox, QuestionAction, QuestionBox, TextAction, TextBox};
use super::connection::{ConnectionAction, ConnectionScreen};
use super::dashboard::{Dashboard, DashboardAction};
use super::deploy::{Deploy, DeployAction};
use super::effect::{Failure, Job, OwnJob};
use super::message::Outcome;
use super::passphrase::{PassphraseAction, PassphraseDialog};
use super::preferences::{Preferences, PreferencesAction, PreferencesJob, PreferencesOutcome};
use super::rule_wizard::{RuleWizard, RuleWizardAction, RuleWizardJob, RuleWizardOutcome};
use super::screen::Behaviour;
use super::settings::{Settings, SettingsAction, SettingsJob, SettingsOutcome};
#[cfg(test)]
use super::toy::{Toy, ToyAction, ToyJob, ToyOutcome};
use super::wizard::{Wizard, WizardAction};
use super::workspace::{WorkspaceAction, WorkspaceJob, WorkspaceOutcome, WorkspaceScreen};
use super::workspace_wizard::{WorkspaceWizard, WorkspaceWizardAction};

/// For each screen: its name, its state, and what its keys can ask for.
macro_rules! screens {
    ($($(#[$attribute:meta])* $name:ident: $state:ty, $action:ty;)*) => {
        /// An entry of the stack: a screen that fills the terminal, or a box over the one below.
        #[derive(Debug, Clone)]
        pub enum Screen {
            $($(#[$attribute])* $name(Box<$state>),)*
        }

        impl Screen {
            /// What it does.
            #[allow(unused_doc_comments, reason = "the attributes of an entry are repeated")]
            pub fn behaviour(&self) -> &dyn Behaviour {
                match self {
                    $($(#[$attribute])* Self::$name(screen) => &**screen,)*
                }
            }

            /// The same, to be changed.
            #[allow(unused_doc_comments, reason = "the attributes of an entry are repeated")]
            pub fn behaviour_mut(&mut self) -> &mut dyn Behaviour {
                match self {
                    $($(#[$attribute])* Self::$name(screen) => &mut **screen,)*
                }
            }
        }

        $($(#[$attribute])* impl From<$state> for Screen {
            fn from(screen: $state) -> Self {
                Self::$name(Box::new(screen))
            }
        })*

        /// Something the admin asked for, by a key on the screen in front.
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
            /// Open the address that stands on the screen.
            OpenLink,
            $($(#[$attribute])* $name($action),)*
        }
    };
}

screens! {
    /// The tiles.
    Dashboard: Dashboard, DashboardAction;
    /// One connection.
    Connection: ConnectionScreen, ConnectionAction;
    /// The set-up wizard.
    Wizard: Wizard, WizardAction;
    /// The guided step that writes what deploys a web app.
    Deploy: Deploy, DeployAction;
    /// The settings of a saved connection.
    Settings: Settings, SettingsAction;
    /// The settings of the whole program.
    Preferences: Preferences, PreferencesAction;
    /// One workspace of Log Analytics.
    Workspace: WorkspaceScreen, WorkspaceAction;
    /// The wizard of a workspace.
    WorkspaceWizard: WorkspaceWizard, WorkspaceWizardAction;
    /// The wizard of a source of alerts.
    AlertSource: AlertSourceWizard, AlertSourceAction;
    /// The wizard of an alert rule.
    RuleWizard: RuleWizard, RuleWizardAction;
    /// The alerts of Azure.
    Alerts: AlertsScreen, AlertsAction;
    /// One alert whole.
    Alert: AlertScreen, AlertAction;
    /// The sources of alerts.
    AlertSources: SourcesScreen, SourcesAction;
    /// The alert rules.
    AlertRules: RulesScreen, RulesAction;
    /// What the alert rules would have done.
    AlertPreview: PreviewScreen, PreviewAction;
    /// The keys of the screen below, or what went wrong, in full.
    TextBox: TextBox, TextAction;
    /// The command that does what the screen below does.
    CommandBox: CommandBox, Infallible;
    /// A question before something is lost or cannot be undone.
    QuestionBox: QuestionBox, QuestionAction;
    /// The question for the passphrase of the vault's key.
    Passphrase: PassphraseDialog, PassphraseAction;
    /// What shows that the steps of docs/architecture.md make a screen.
    #[cfg(test)]
    Toy: Toy, ToyAction;
}

/// For each screen with jobs of its own: its name, the jobs, and what they end with.
macro_rules! jobs {
    ($($(#[$attribute:meta])* $name:ident: $job:ty => $outcome:ty;)*) => {
        /// A job that one screen alone has.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ScreenJob {
            $($(#[$attribute])* $name($job),)*
        }

        /// What such a job ended with.
        #[derive(Debug, Clone)]
        pub enum ScreenOutcome {
            $($(#[$attribute])* $name($outcome),)*
        }

        impl ScreenJob {
            /// What it brings if it fails.
            #[allow(unused_doc_comments, reason = "the attributes of an entry are repeated")]
            pub fn failure(&self) -> Failure {
                match self {
                    $($(#[$attribute])* Self::$name(job) => {
                        let failed = job.failure();
                        Failure::new(move |fault| failed(fault).into())
                    })*
                }
            }

            /// Whether it is let finish, as it keeps or changes something.
            #[allow(unused_doc_comments, reason = "the attributes of an entry are repeated")]
            pub fn ends_by_itself(&self) -> bool {
                match self {
                    $($(#[$attribute])* Self::$name(job) => job.ends_by_itself(),)*
                }
            }
        }

        $($(#[$attribute])* impl From<$job> for Job {
            fn from(job: $job) -> Self {
                Self::Screen(ScreenJob::$name(job))
            }
        })*

        $($(#[$attribute])* impl From<$outcome> for Outcome {
            fn from(outcome: $outcome) -> Self {
                Self::Screen(ScreenOutcome::$name(outcome))
            }
        })*
    };
}

jobs! {
    /// Of the settings of a saved connection.
    Settings: SettingsJob => SettingsOutcome;
    /// Of the settings of the whole program.
    Preferences: PreferencesJob => PreferencesOutcome;
    /// Of a workspace.
    Workspace: WorkspaceJob => WorkspaceOutcome;
    /// Of a source of alerts.
    AlertSource: AlertSourceJob => AlertSourceOutcome;
    /// Of an alert rule.
    RuleWizard: RuleWizardJob => RuleWizardOutcome;
    /// Of the screens of alerts.
    Alerts: AlertsJob => AlertsOutcome;
    /// Of the screen that the tests make.
    #[cfg(test)]
    Toy: ToyJob => ToyOutcome;
}
