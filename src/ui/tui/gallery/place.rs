//! The places of the program: each screen, each step of a wizard, each tab, each box, and the picture that shows it.

use crate::ui::app::alert_source::SourceStep;
use crate::ui::app::boxes::{BoxText, Question};
use crate::ui::app::connection::{ConnectionScreen, Prompt, Sheet, Tab, TokenSheet, prompt};
use crate::ui::app::deploy;
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::rule_wizard::RuleStep;
use crate::ui::app::settings;
use crate::ui::app::wizard::{Opening, Wizard, step::WizardStep};
use crate::ui::app::workspace::{self, WorkspaceScreen};
use crate::ui::app::workspace_wizard;

/// For each place its picture: the name of a snapshot, or of a picture of the gallery itself.
macro_rules! places {
    ($($name:ident: $picture:literal;)*) => {
        /// Where in the program an admin is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Place {
            $($name,)*
        }

        impl Place {
            /// Every place.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The picture that shows it.
            pub fn picture(self) -> &'static str {
                match self {
                    $(Self::$name => $picture,)*
                }
            }
        }
    };
}

places! {
    Welcome: "dashboard/empty";
    Dashboard: "dashboard/alerts";
    DashboardFilter: "dashboard/filter";
    Items: "connection/columns";
    ItemSearch: "connection/searching";
    ItemFilter: "connection/filter";
    ItemFilterFind: "connection/filter-find";
    ItemColumns: "connection/columns-box";
    ItemExport: "connection/export";
    ItemDetail: "connection/detail";
    Activity: "connection/activity";
    ConnectionTest: "connection/test-failed";
    Checklist: "connection/checklist";
    ChecklistItem: "connection/checklist-item";
    Fixing: "connection/fix-preview";
    Tokens: "connection/tokens";
    Token: "connection/token";
    Revoke: "connection/revoke";
    Revoking: "connection/revoking";
    Revoked: "connection/revoked";
    RevocationFailed: "gallery/revocation-failed";
    Rotating: "connection/rotating";
    Rotated: "connection/rotated";
    AdminSignIn: "connection/admin";
    Rotate: "connection/rotate";
    NewSecret: "connection/new-secret";
    NewUser: "connection/new-user";
    WizardLoading: "gallery/wizard-loading";
    WizardOffer: "wizard/offer";
    WizardPartner: "wizard/partner";
    WizardPrerequisites: "wizard/prerequisites";
    WizardDetails: "wizard/details-filled";
    WizardTest: "wizard/test-failed";
    WizardChecklist: "wizard/checklist";
    WizardReview: "wizard/review";
    WizardFirstSync: "wizard/sync-running";
    DeployForm: "deploy/filled";
    DeployWritten: "deploy/written";
    SettingsForm: "settings/form";
    SettingsTest: "gallery/settings-test";
    SettingsReview: "settings/review";
    Preferences: "preferences/theme";
    WorkspaceState: "workspace/state";
    WorkspacePlan: "workspace/plan";
    WorkspacePlanField: "workspace/migrate";
    WorkspaceTest: "workspace/test-rights";
    WorkspaceVerification: "workspace/verification";
    WorkspaceFaults: "workspace/faults";
    WorkspaceLog: "workspace/log";
    WorkspaceSignIn: "workspace/sign-in";
    WorkspaceWizardSignIn: "workspace-wizard/sign-in";
    WorkspaceWizardAzure: "workspace-wizard/workspaces";
    WorkspaceWizardPlan: "workspace-wizard/plan";
    WorkspaceWizardTest: "gallery/workspace-wizard-test";
    WorkspaceWizardConnections: "workspace-wizard/connections";
    WorkspaceWizardReview: "workspace-wizard/review";
    SourceSignIn: "alert-source/sign-in";
    SourceSubscriptions: "alert-source/subscriptions";
    SourceTest: "alert-source/test";
    SourceReview: "alert-source/review";
    RuleMatch: "rule-wizard/match";
    RuleWhere: "rule-wizard/where";
    RuleTicket: "rule-wizard/ticket";
    RuleSeverity: "rule-wizard/severity";
    RuleCourse: "rule-wizard/course";
    RuleReview: "rule-wizard/review";
    RulePicking: "rule-wizard/groups";
    Alerts: "alerts/list";
    AlertSearch: "gallery/alert-search";
    AlertFilter: "alerts/filter";
    Alert: "alerts/one";
    AlertTexts: "alerts/one-texts";
    AlertSources: "alerts/sources";
    AlertRules: "alerts/rules";
    AlertPreview: "alerts/preview";
    AlertPreviewTicket: "alerts/preview-ticket";
    Help: "frame/help";
    Fault: "gallery/fault";
    Unlisted: "frame/unlisted";
    Leaving: "frame/leaving";
    Command: "frame/command";
    AskQuit: "frame/quit";
    AskRemove: "frame/remove";
    AskSaveSignedOut: "gallery/ask-save-signed-out";
    AskChangeIdentity: "gallery/ask-change-identity";
    AskStartOver: "gallery/ask-start-over";
    AskOverwrite: "gallery/ask-overwrite";
    AskLookOnRequest: "gallery/ask-look-on-request";
    AskApplyPlan: "gallery/ask-apply-plan";
    AskSendAgain: "gallery/ask-send-again";
    AskRemoveWorkspace: "gallery/ask-remove-workspace";
    AskRemoveSource: "gallery/ask-remove-source";
    AskSwitchRule: "gallery/ask-switch-rule";
    AskRetryAlert: "gallery/ask-retry-alert";
    AskIgnoreAlert: "gallery/ask-ignore-alert";
    Passphrase: "passphrase/choose";
}

/// Where the admin is: what has the focus, in the screen or box in front. `None` for a screen that only tests have.
pub fn place(model: &Model) -> Option<Place> {
    Some(match model.front()? {
        Screen::Dashboard(_) if model.entries().is_empty() => Place::Welcome,
        Screen::Dashboard(screen) if screen.is_filtering() => Place::DashboardFilter,
        Screen::Dashboard(_) => Place::Dashboard,
        Screen::Connection(screen) => connection(screen),
        Screen::Wizard(wizard) => of_wizard(wizard),
        Screen::Deploy(screen) => match screen.stage {
            deploy::Stage::Filling | deploy::Stage::Writing(_) | deploy::Stage::Failed(_) => Place::DeployForm,
            deploy::Stage::Written(_) => Place::DeployWritten,
        },
        Screen::Settings(screen) => match screen.stage {
            settings::Stage::Form(_) | settings::Stage::Checking(..) => Place::SettingsForm,
            settings::Stage::Test(_) => Place::SettingsTest,
            settings::Stage::Review(_) | settings::Stage::Saving(_) => Place::SettingsReview,
        },
        Screen::Preferences(_) => Place::Preferences,
        Screen::Workspace(screen) => of_workspace(screen),
        Screen::WorkspaceWizard(wizard) => workspace_step(wizard.step),
        Screen::AlertSource(wizard) => source_step(wizard.step),
        Screen::RuleWizard(wizard) if wizard.picking.is_some() => Place::RulePicking,
        Screen::RuleWizard(wizard) => rule_step(wizard.step),
        Screen::Alerts(screen) if screen.panel.is_some() => Place::AlertFilter,
        Screen::Alerts(screen) if screen.search.is_some() => Place::AlertSearch,
        Screen::Alerts(_) => Place::Alerts,
        Screen::Alert(screen) if screen.texts.is_some() => Place::AlertTexts,
        Screen::Alert(_) => Place::Alert,
        Screen::AlertSources(_) => Place::AlertSources,
        Screen::AlertRules(_) => Place::AlertRules,
        Screen::AlertPreview(screen) if screen.open.is_some() => Place::AlertPreviewTicket,
        Screen::AlertPreview(_) => Place::AlertPreview,
        Screen::TextBox(shown) => match shown.text {
            BoxText::Keys(_) => Place::Help,
            BoxText::Fault(_) => Place::Fault,
            BoxText::Unlisted(_) => Place::Unlisted,
            BoxText::Leaving(..) => Place::Leaving,
        },
        Screen::CommandBox(_) => Place::Command,
        Screen::QuestionBox(asked) => question(&asked.question),
        Screen::Passphrase(_) => Place::Passphrase,
        Screen::Toy(_) => return None,
    })
}

fn connection(screen: &ConnectionScreen) -> Place {
    match screen.sheet() {
        Some(Sheet::Prompt(asked)) => of_prompt(asked),
        Some(Sheet::Export(_)) => Place::ItemExport,
        Some(Sheet::Fixing(_)) => Place::Fixing,
        Some(Sheet::Item(..)) => Place::ChecklistItem,
        Some(Sheet::Tokens(sheet)) => token_sheet(sheet),
        None => match screen.tab {
            Tab::Items if screen.panel.as_ref().is_some_and(|panel| panel.typing.is_some()) => Place::ItemFilterFind,
            Tab::Items if screen.panel.is_some() => Place::ItemFilter,
            Tab::Items if screen.columns.is_some() => Place::ItemColumns,
            Tab::Items if screen.search.is_some() => Place::ItemSearch,
            Tab::Items if screen.detail.is_some() => Place::ItemDetail,
            Tab::Items => Place::Items,
            Tab::Activity => Place::Activity,
            Tab::Test => Place::ConnectionTest,
            Tab::Checklist => Place::Checklist,
            Tab::Tokens => Place::Tokens,
        },
    }
}

fn of_prompt(asked: &Prompt) -> Place {
    match asked.purpose {
        prompt::Purpose::Admin => Place::AdminSignIn,
        prompt::Purpose::Rotate => Place::Rotate,
        prompt::Purpose::NewSecret => Place::NewSecret,
        prompt::Purpose::NewUser(_) => Place::NewUser,
    }
}

fn token_sheet(sheet: &TokenSheet) -> Place {
    match sheet {
        TokenSheet::Row(_) => Place::Token,
        TokenSheet::Ask(_) => Place::Revoke,
        TokenSheet::Revoking(_) => Place::Revoking,
        TokenSheet::Revoked(_) => Place::Revoked,
        TokenSheet::RevocationFailed(_) => Place::RevocationFailed,
        TokenSheet::Rotating(_) => Place::Rotating,
        TokenSheet::Rotated(..) => Place::Rotated,
    }
}

fn of_wizard(wizard: &Wizard) -> Place {
    match (&wizard.opening, wizard.step) {
        (Opening::Loading(_), _) => Place::WizardLoading,
        (Opening::Offer { .. }, _) => Place::WizardOffer,
        (Opening::Done, WizardStep::Partner) => Place::WizardPartner,
        (Opening::Done, WizardStep::Prerequisites) => Place::WizardPrerequisites,
        (Opening::Done, WizardStep::Details) => Place::WizardDetails,
        (Opening::Done, WizardStep::Test) => Place::WizardTest,
        (Opening::Done, WizardStep::Checklist) => Place::WizardChecklist,
        (Opening::Done, WizardStep::Review) => Place::WizardReview,
        (Opening::Done, WizardStep::FirstSync) => Place::WizardFirstSync,
    }
}

fn of_workspace(screen: &WorkspaceScreen) -> Place {
    match screen.tab {
        _ if screen.sign_in.is_some() => Place::WorkspaceSignIn,
        workspace::Tab::State => Place::WorkspaceState,
        workspace::Tab::Plan if screen.plan.field.is_some() => Place::WorkspacePlanField,
        workspace::Tab::Plan => Place::WorkspacePlan,
        workspace::Tab::Test => Place::WorkspaceTest,
        workspace::Tab::Verification => Place::WorkspaceVerification,
        workspace::Tab::Faults => Place::WorkspaceFaults,
        workspace::Tab::Log => Place::WorkspaceLog,
    }
}

fn workspace_step(step: workspace_wizard::WizardStep) -> Place {
    match step {
        workspace_wizard::WizardStep::SignIn => Place::WorkspaceWizardSignIn,
        workspace_wizard::WizardStep::Place => Place::WorkspaceWizardAzure,
        workspace_wizard::WizardStep::Plan => Place::WorkspaceWizardPlan,
        workspace_wizard::WizardStep::Test => Place::WorkspaceWizardTest,
        workspace_wizard::WizardStep::Connections => Place::WorkspaceWizardConnections,
        workspace_wizard::WizardStep::Review => Place::WorkspaceWizardReview,
    }
}

fn source_step(step: SourceStep) -> Place {
    match step {
        SourceStep::SignIn => Place::SourceSignIn,
        SourceStep::Subscriptions => Place::SourceSubscriptions,
        SourceStep::Test => Place::SourceTest,
        SourceStep::Review => Place::SourceReview,
    }
}

fn rule_step(step: RuleStep) -> Place {
    match step {
        RuleStep::Match => Place::RuleMatch,
        RuleStep::Where => Place::RuleWhere,
        RuleStep::Ticket => Place::RuleTicket,
        RuleStep::Severity => Place::RuleSeverity,
        RuleStep::Course => Place::RuleCourse,
        RuleStep::Review => Place::RuleReview,
    }
}

fn question(question: &Question) -> Place {
    match question {
        Question::Quit(_) => Place::AskQuit,
        Question::Remove(_) => Place::AskRemove,
        Question::SaveSignedOut(_) => Place::AskSaveSignedOut,
        Question::ChangeIdentity(_) => Place::AskChangeIdentity,
        Question::StartOver => Place::AskStartOver,
        Question::Overwrite(_) => Place::AskOverwrite,
        Question::LookOnRequest(..) => Place::AskLookOnRequest,
        Question::ApplyPlan(..) => Place::AskApplyPlan,
        Question::SendAgain(_) => Place::AskSendAgain,
        Question::RemoveWorkspace(_) => Place::AskRemoveWorkspace,
        Question::RemoveSource(_) => Place::AskRemoveSource,
        Question::SwitchRule { .. } => Place::AskSwitchRule,
        Question::RetryAlert(..) => Place::AskRetryAlert,
        Question::IgnoreAlert(..) => Place::AskIgnoreAlert,
    }
}
