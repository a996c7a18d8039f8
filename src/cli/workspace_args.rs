//! The command line of `itsmc workspace`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::complete;
use crate::model::workspace::{AzureSignIn, Values};

/// About workspaces of Log Analytics.
#[derive(Debug, Subcommand)]
pub enum WorkspaceCommand {
    /// Add a workspace, by options or by questions
    Add(Box<WorkspaceAddArgs>),
    /// Change a workspace: only what is given
    Edit {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
        /// What changes.
        #[command(flatten)]
        settings: Box<WorkspaceSettingsArgs>,
    },
    /// List workspaces
    List,
    /// Show a workspace
    Show {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
    },
    /// Sign in for a workspace again: a new client secret, or a person with a code
    SignIn {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
        /// Read `client_secret` from stdin (TOML) instead of asking
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Show what is missing in Azure, with each exact change; changes nothing
    Plan {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
        /// How the plan is made.
        #[command(flatten)]
        how: PlanArgs,
        /// Write the plan as Bicep into this folder, for those who make the resources
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        bicep: Option<PathBuf>,
    },
    /// Make what the plan says, after showing it; can be repeated
    Apply {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
        /// How the plan is made.
        #[command(flatten)]
        how: PlanArgs,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
    /// Test whether rows can be sent and found, with one marked row
    Test {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
    },
    /// Send what changed to a workspace, or to all
    Send {
        /// Workspace name (default: all)
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: Option<String>,
        /// Send everything again, also what was accepted before; these rows are marked as sent again
        #[arg(long, requires = "name")]
        full: bool,
        /// Only say what would be sent, and how much that is a month
        #[arg(long)]
        dry_run: bool,
        /// Price of a GB in US dollars in your region and plan: --dry-run then says what a month costs
        #[arg(long, value_name = "USD", requires = "dry_run")]
        price: Option<f64>,
    },
    /// Check that the workspace has what is stored here, and send again what is missing
    Verify {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
    },
    /// Remove a workspace from itsmc; nothing is removed in Azure
    Remove {
        /// Workspace name
        #[arg(add = ArgValueCompleter::new(complete::workspaces))]
        name: String,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// How a plan is made.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Sign in this way for the set-up only: cli, device-code and so on
    #[arg(long, value_name = "WAY", value_parser = way)]
    pub sign_in: Option<AzureSignIn>,
    /// Object ID of the identity that will send rows (default: from its token)
    #[arg(long, value_name = "ID")]
    pub principal: Option<String>,
    /// Migrate this classic table, which cannot be undone
    #[arg(long, value_name = "TABLE")]
    pub migrate: Vec<String>,
}

/// A new workspace. Missing values are asked for on a terminal.
#[derive(Debug, Clone, Args)]
pub struct WorkspaceAddArgs {
    /// Name for the workspace in itsmc
    pub name: Option<String>,
    /// Its settings.
    #[command(flatten)]
    pub settings: WorkspaceSettingsArgs,
}

/// By which account itsmc signs in to Azure.
#[derive(Debug, Clone, Default, Args)]
pub struct AccountArgs {
    /// Entra tenant, by ID or domain
    #[arg(long, value_name = "TENANT")]
    pub tenant: Option<String>,
    /// Client ID of the application or the user-assigned identity
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Workload identity: file with the federated token (default: AZURE_FEDERATED_TOKEN_FILE)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub token_file: Option<PathBuf>,
}

impl AccountArgs {
    /// Tenant, client ID and token file: those that were given, else those that there are.
    pub fn over(&self, tenant: &str, client_id: &str, token_file: &str) -> [String; 3] {
        let text = |given: Option<&str>, old: &str| given.map_or(old, str::trim).to_owned();
        let file = self.token_file.as_ref().map(|file| file.display().to_string());
        [
            text(self.tenant.as_deref(), tenant),
            text(self.client_id.as_deref(), client_id),
            file.unwrap_or_else(|| token_file.to_owned()),
        ]
    }
}

/// What may be set of a workspace.
#[derive(Debug, Clone, Args)]
pub struct WorkspaceSettingsArgs {
    /// How to sign in: cli, service-principal, managed-identity, workload-identity or device-code
    #[arg(long, value_name = "WAY", value_parser = way)]
    pub sign_in: Option<AzureSignIn>,
    /// The account.
    #[command(flatten)]
    pub account: AccountArgs,
    /// Subscription ID
    #[arg(long, value_name = "ID")]
    pub subscription: Option<String>,
    /// Resource group of the workspace
    #[arg(long, value_name = "NAME")]
    pub resource_group: Option<String>,
    /// Name of the workspace in Azure
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<String>,
    /// Table of work items (default: ServiceDesk_CL)
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// Table of the connector's status (default: ServiceDeskLog_CL)
    #[arg(long, value_name = "TABLE")]
    pub log_table: Option<String>,
    /// What is written for states and priorities: labels or numbers (default: labels)
    #[arg(long, value_name = "KIND", value_parser = values)]
    pub values: Option<Values>,
    /// Connection that feeds it; can be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::names))]
    pub connection: Vec<String>,
    /// Read `client_secret` from stdin (TOML) instead of asking
    #[arg(long)]
    pub secrets_stdin: bool,
}

/// Reads a way to sign in.
///
/// # Errors
/// The ways that there are.
pub fn way(text: &str) -> Result<AzureSignIn, String> {
    AzureSignIn::from_id(text).ok_or_else(|| AzureSignIn::ALL.map(AzureSignIn::id).join(", "))
}

fn values(text: &str) -> Result<Values, String> {
    Values::from_id(text).ok_or_else(|| Values::ALL.map(Values::id).join(", "))
}
