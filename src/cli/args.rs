//! The command line; docs/commands.md documents it.

use std::path::PathBuf;

use crate::model::items::ItemColumn;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::alert_args::AlertCommand;
use super::complete;
use super::ticket_args::TicketCommand;
use super::workspace_args::WorkspaceCommand;

use crate::model::deploy::DeployField;

/// Syncs work items of ITSM products (ServiceNow, Service Manager, Provance, Cherwell).
#[derive(Debug, Parser)]
#[command(
    name = "itsmc",
    version,
    about = "Syncs work items of ITSM products, from the terminal",
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do; without a command the terminal UI opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    // The variables are not clap's: it counts what they set as given, and an empty one as wrong.
    /// Folder for config, data and vault [env: ITSMC_HOME]
    #[arg(long, global = true, display_order = 900, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub home: Option<PathBuf>,
    /// Language: en or nl (default: the locale)
    #[arg(long, global = true, display_order = 901, value_enum, hide_possible_values = true)]
    pub lang: Option<LangArg>,
    /// Print JSON (see docs/json.md)
    #[arg(long, global = true, display_order = 902)]
    pub json: bool,
    /// Do not show progress
    #[arg(long, short, global = true, display_order = 903)]
    pub quiet: bool,
    /// File with the vault's key [env: ITSMC_KEY_FILE]
    #[arg(long, global = true, display_order = 904, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key_file: Option<PathBuf>,
    /// Additional CA certificates to trust (PEM)
    #[arg(long, global = true, display_order = 905, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,
}

impl Common {
    /// The folder of the home that was named, by the option or by `ITSMC_HOME`; an empty variable names none.
    pub fn named_home(&self) -> Option<PathBuf> {
        let variable = || std::env::var_os("ITSMC_HOME").filter(|dir| !dir.is_empty()).map(PathBuf::from);
        self.home.clone().or_else(variable)
    }
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// English
    En,
    /// Nederlands
    Nl,
}

impl From<LangArg> for crate::model::lang::Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::En => Self::En,
            LangArg::Nl => Self::Nl,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[cfg(feature = "demo")]
    /// Try the terminal UI on practice servers, in a temporary home
    Demo(PracticeArgs),
    #[cfg(feature = "demo")]
    /// Run a practice server
    Practice {
        /// Server: servicenow, service-manager, provance, cherwell or azure
        #[arg(add = ArgValueCompleter::new(complete::partners))]
        partner: String,
        /// Start with only the app and the OAuth application: no integration user, no roles
        #[arg(long)]
        bare: bool,
        /// How it behaves.
        #[command(flatten)]
        args: PracticeArgs,
    },
    /// A command that works on a home.
    #[command(flatten)]
    Home(HomeCommand),
    /// Write what deploys a partner's Azure resources
    Deploy(DeployArgs),
    /// Print a shell completion script
    Completions {
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the man page, or write one for each command
    Man {
        /// Command whose page is printed, such as connection add
        #[arg(add = ArgValueCompleter::new(complete::commands))]
        command: Vec<String>,
        /// Folder for the page of each command
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "command")]
        out: Option<PathBuf>,
    },
    /// Print the help of a command, as its --help does
    #[command(hide = true)]
    Help {
        /// Command, such as connection add
        #[arg(add = ArgValueCompleter::new(complete::commands))]
        command: Vec<String>,
    },
    #[cfg(feature = "demo")]
    /// Render the dashboard and the wizard as pictures (SVG)
    #[command(hide = true)]
    Pictures {
        /// Into this folder
        dir: PathBuf,
    },
}

/// A command that works on a home: its connections, its stored work items, its vault.
#[derive(Debug, Subcommand)]
pub enum HomeCommand {
    /// Add, show, edit, test and remove connections
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Sync changes
    Sync {
        /// Connections (default: all)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        names: Vec<String>,
        /// Fetch everything in the sync scope again
        #[arg(long)]
        full: bool,
    },
    /// Compare what is stored with the product, and correct it
    Verify {
        /// Connections (default: all)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        names: Vec<String>,
    },
    /// Show the state of connections, workspaces and alerts
    Status {
        /// For monitoring: exit 8 if there are findings, 9 if data is stale
        #[arg(long)]
        check: bool,
        /// With --check: maximum age of the last sync, poll and waiting write, such as 30m, 2h or 1d
        #[arg(long, value_name = "AGE", value_parser = super::age::parse, default_value = "1h")]
        max_age: super::age::Age,
    },
    /// List stored work items
    Items(ItemsArgs),
    /// Check what is missing in the product, and fix it as an admin
    Checklist(ChecklistArgs),
    /// List, rotate and revoke OAuth tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Set up workspaces of Log Analytics
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Read Azure alerts, and make tickets of them by rules
    #[command(subcommand)]
    Alert(AlertCommand),
    /// List the tickets that were made for alerts, and write what waits
    #[command(subcommand)]
    Ticket(TicketCommand),
    /// Show and change the settings of itsmc itself
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Show diagnostics of this machine (contains no secrets)
    Doctor,
}

/// About the settings of the whole program.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// List the settings that can be changed here
    List,
    /// Change a setting
    Set {
        /// Setting: theme, lang, charset or sync_every_minutes
        #[arg(add = ArgValueCompleter::new(complete::preferences))]
        key: String,
        /// Its value, such as light
        #[arg(add = ArgValueCompleter::new(complete::preference_values))]
        value: String,
    },
}

#[cfg(feature = "demo")]
/// How a practice server behaves.
#[derive(Debug, Clone, Args)]
pub struct PracticeArgs {
    /// Port on 127.0.0.1 (default: any free port)
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Replay this incident log (CSV or CSV.XZ)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub incident_log: Option<PathBuf>,
    /// Number of incidents to generate, up to 1,000,000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub rows: Option<u64>,
    /// Speed of time in the practice data
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub speed: f64,
    /// Service Manager and Provance: variant of the product (see docs/practice.md)
    #[arg(long, value_name = "LAYOUT")]
    pub layout: Option<String>,
}

/// About connections.
#[derive(Debug, Subcommand)]
pub enum ConnectionCommand {
    /// Print a form with explanations
    Template {
        /// Partner, such as servicenow
        #[arg(add = ArgValueCompleter::new(complete::partners))]
        partner: String,
    },
    /// Add a connection from a form or by questions, after testing it
    Add {
        /// The filled-in form (TOML); - for stdin (default: ask line by line)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Read `password` and `client_secret` from stdin (TOML) instead of asking
        #[arg(long, requires = "file")]
        secrets_stdin: bool,
        /// Save without signing in, when the integration user does not exist yet (see `checklist`)
        #[arg(long)]
        signed_out: bool,
    },
    /// List connections
    List,
    /// Show a connection
    Show {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
    },
    /// Change settings of a connection, and test it again where needed
    Edit {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Setting to change, such as sync_days=60; can be repeated
        #[arg(long = "set", value_name = "KEY=VALUE", add = ArgValueCompleter::new(complete::settings), required_unless_present = "secrets_stdin")]
        set: Vec<String>,
        /// Read `password` and `client_secret` from stdin (TOML), for a changed sign-in or a new client secret
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Run the live test
    Test {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Write all requests to this file, without secrets and contents, to share with support
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        trace: Option<PathBuf>,
    },
    /// Print which tables and columns of the product the connection uses
    Mapping {
        /// Connection name, also of a draft (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Use this form (TOML) instead of a saved connection; - for stdin
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["name", "rebind"])]
        file: Option<PathBuf>,
        /// For a form or draft: read `password` and `client_secret` from stdin (TOML) instead of asking
        #[arg(long)]
        secrets_stdin: bool,
        /// Write it to the connection's mapping file, which itsmc then uses
        #[arg(long)]
        write: bool,
        /// Replace the mapping with what the product has now
        #[arg(long, conflicts_with = "write")]
        rebind: bool,
    },
    /// Remove a connection with its work items and secrets
    Remove {
        /// Connection name
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: String,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// Values for a deployment, and the folder of its files. Missing values are asked for.
#[derive(Debug, Clone, Args)]
pub struct DeployArgs {
    /// Partner: service-manager
    #[arg(add = ArgValueCompleter::new(complete::partners))]
    pub partner: String,
    /// Folder for the files; existing files are not overwritten
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Read the options below from this file (TOML; write _ for -)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// Subscription ID
    #[arg(long, value_name = "ID")]
    pub subscription: Option<String>,
    /// Resource group; created if it does not exist
    #[arg(long, value_name = "NAME")]
    pub resource_group: Option<String>,
    /// Location, such as westeurope
    #[arg(long, value_name = "REGION")]
    pub location: Option<String>,
    /// Full name of the Service Manager management server
    #[arg(long, value_name = "FQDN")]
    pub server_name: Option<String>,
    /// Windows domain of the account
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// Account, without its domain
    #[arg(long, value_name = "USER")]
    pub username: Option<String>,
    /// Start of the web app's name (default: smoc)
    #[arg(long, value_name = "TEXT")]
    pub site_prefix: Option<String>,
    /// Existing Service Bus namespace (default: create one)
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Pricing tier of the App Service plan (default: S1; F1 and D1 have no hybrid connections)
    #[arg(long, value_name = "SKU")]
    pub plan: Option<String>,
    /// Resource ID of a key vault secret with the account's password (default: Azure asks for it)
    #[arg(long, value_name = "ID")]
    pub password_secret: Option<String>,
}

impl DeployArgs {
    /// What is given, by field.
    pub fn given(&self) -> impl Iterator<Item = (DeployField, String)> {
        let value = |field| match field {
            DeployField::Subscription => &self.subscription,
            DeployField::ResourceGroup => &self.resource_group,
            DeployField::Location => &self.location,
            DeployField::ServerName => &self.server_name,
            DeployField::Domain => &self.domain,
            DeployField::Username => &self.username,
            DeployField::SitePrefix => &self.site_prefix,
            DeployField::Namespace => &self.namespace,
            DeployField::Plan => &self.plan,
            DeployField::PasswordSecret => &self.password_secret,
        };
        DeployField::ALL.into_iter().filter_map(move |field| Some((field, value(field).clone()?)))
    }
}

/// The checklist of one connection.
#[derive(Debug, Clone, Args)]
pub struct ChecklistArgs {
    /// Connection name (default: the only connection)
    #[arg(add = ArgValueCompleter::new(complete::names))]
    pub name: Option<String>,
    /// The admin who checks and fixes.
    #[command(flatten)]
    pub admin: AdminArgs,
    /// Fix what can be fixed; shows each change and asks first
    #[arg(long, alias = "mend", requires = "user")]
    pub fix: bool,
    /// Do not ask before each change
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// Print a request to send to the product's admin
    #[arg(long)]
    pub ask: bool,
    /// Confirm an item that itsmc cannot check
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::checklist_items))]
    pub confirm: Vec<String>,
    /// Withdraw the confirmation of an item
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::checklist_items))]
    pub unconfirm: Vec<String>,
    /// Run a test on request, such as web_app_test; it may send the client secret to the product
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::checklist_items))]
    pub test: Vec<String>,
    /// Same as --test web_app_test
    #[arg(long, hide = true)]
    pub web_app_test: bool,
}

/// An admin's sign-in for this one run; it is never stored.
#[derive(Debug, Clone, Args)]
pub struct AdminArgs {
    /// Sign in as this admin of the product, for this run only
    #[arg(long = "admin", value_name = "USER")]
    pub user: Option<String>,
    /// Read `admin_password`, `password` and `user_password` from stdin (TOML) instead of asking
    #[arg(long)]
    pub secrets_stdin: bool,
}

/// The beginning of a day (UTC).
fn day(text: &str) -> Result<jiff::Timestamp, String> {
    crate::model::rotation::day(text).ok_or_else(|| "a date such as 2027-06-30".to_owned())
}

/// About the OAuth tokens of a connection.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// List the tokens in itsmc and in the product (never their values)
    List {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// The admin who lists.
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// Sign in again, test the new tokens, then revoke the old ones
    Rotate {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Read `password`, and a new `client_secret`, from stdin (TOML) instead of asking
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Replace the client secret, after the product has accepted the new one
    NewSecret {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Read `client_secret`, and `password` if needed, from stdin (TOML) instead of asking
        #[arg(long)]
        secrets_stdin: bool,
        /// Expiry date of the secret, such as 2027-06-30; status warns before it
        #[arg(long, value_name = "DATE", value_parser = day)]
        expires: Option<jiff::Timestamp>,
    },
    /// Revoke tokens, and check that they are refused
    Revoke {
        /// Connection name (default: the only connection)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        name: Option<String>,
        /// Fingerprint, or id in the product (with --admin)
        #[arg(add = ArgValueCompleter::new(complete::fingerprints))]
        tokens: Vec<String>,
        /// All stale tokens
        #[arg(long, conflicts_with = "tokens")]
        stale: bool,
        /// The admin who revokes tokens that only the product lists.
        #[command(flatten)]
        admin: AdminArgs,
        /// Do not ask for confirmation, even if this signs out the connection
        #[arg(long)]
        yes: bool,
    },
}

/// Which work items to print.
#[derive(Debug, Clone, Args)]
pub struct ItemsArgs {
    /// Only this connection
    #[arg(add = ArgValueCompleter::new(complete::names))]
    pub name: Option<String>,
    /// Only this kind: incident or change_request
    #[arg(long, add = ArgValueCompleter::new(complete::kinds))]
    pub kind: Vec<String>,
    /// Only this state, by value or label (repeatable)
    #[arg(long, add = ArgValueCompleter::new(complete::states))]
    pub state: Vec<String>,
    /// Only this priority, by value or label (repeatable)
    #[arg(long, add = ArgValueCompleter::new(complete::priorities))]
    pub priority: Vec<String>,
    /// Only this assignment group; '' for none (repeatable)
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::groups))]
    pub group: Vec<String>,
    /// Only this assignee; '' for nobody (repeatable)
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::assignees))]
    pub assignee: Vec<String>,
    /// Only opened since this day, or an age such as 7d
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Only opened until the end of this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Sort by a column, such as opened or priority
    #[arg(long, value_name = "COLUMN", value_parser = sort_columns(), hide_possible_values = true)]
    pub sort: Option<String>,
    /// Reverse the order
    #[arg(long)]
    pub reverse: bool,
    /// Open the one match in the browser
    #[arg(long, conflicts_with_all = ["json", "csv", "csv_raw", "columns", "limit"])]
    pub web: bool,
    /// Show these columns, such as number,title,url
    #[arg(long, value_name = "LIST", conflicts_with_all = ["csv", "csv_raw"], add = ArgValueCompleter::new(complete::columns))]
    pub columns: Option<String>,
    /// Only open work items
    #[arg(long, conflicts_with = "closed")]
    pub open: bool,
    /// Only closed work items
    #[arg(long)]
    pub closed: bool,
    /// Only work items removed from the product
    #[arg(long, conflicts_with_all = ["open", "closed"])]
    pub removed: bool,
    /// Words in number, title or description
    #[arg(long, value_name = "TEXT", add = ArgValueCompleter::new(complete::numbers))]
    pub find: Option<String>,
    /// Maximum number of work items
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print raw CSV, for programs: a spreadsheet may run values that look like formulas
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub csv_raw: bool,
}

/// The columns that work items are sorted by.
fn sort_columns() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(ItemColumn::ALL.map(ItemColumn::id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::items::{ItemFilter, KindState, Sort};
    use crate::model::work_item::WorkItemKind;
    use crate::ui::app::connection::{ConnectionScreen, Tab};
    use crate::ui::app::testing::name;
    use crate::ui::app::update::connection::command;

    #[test]
    fn commands_shown_by_connection_screen_parse() {
        let mut screen = ConnectionScreen::new(name("contoso"), &[]);
        screen.filter = ItemFilter {
            kinds: WorkItemKind::ALL.to_vec(),
            states: vec![KindState { kind: WorkItemKind::ChangeRequest, value: "-5".into() }],
            priorities: vec!["1".into(), "2".into()],
            groups: vec!["Network".into(), String::new()],
            assignees: vec!["-x".into()],
            opened_since: Some("2026-11-23T00:00:00Z".parse().unwrap()),
            opened_before: Some("2026-11-28T12:00:00Z".parse().unwrap()),
            open: Some(false),
            removed: None,
            find: "-x".into(),
            sort: Sort { column: ItemColumn::Opened, reversed: true },
        };
        for tab in Tab::ALL {
            screen.tab = tab;
            let command = command(&screen);
            let parsed = Cli::try_parse_from(["itsmc"].into_iter().chain(command.split(' ')));
            assert!(parsed.is_ok(), "{command}: {:?}", parsed.err());
        }
        screen.tab = Tab::Items;
        let parsed = Cli::try_parse_from(["itsmc"].into_iter().chain(command(&screen).split(' '))).unwrap();
        let Some(Command::Home(HomeCommand::Items(args))) = parsed.command else { panic!("{:?}", parsed.command) };
        assert_eq!(
            (args.state.as_slice(), args.find.as_deref(), args.closed),
            (&["change_request:-5".to_owned()][..], Some("-x"), true)
        );
        assert_eq!(
            (args.kind.len(), args.priority.len(), args.sort.as_deref(), args.reverse),
            (2, 2, Some("opened"), true)
        );
        assert_eq!((args.group.len(), args.assignee.as_slice()), (2, &["-x".to_owned()][..]));
        assert_eq!((args.since.as_deref(), args.until.as_deref()), (Some("2026-11-23"), Some("2026-11-28T11:59:59Z")));
        screen.filter.kinds = vec![WorkItemKind::ChangeRequest];
        let parsed = Cli::try_parse_from(["itsmc"].into_iter().chain(command(&screen).split(' '))).unwrap();
        assert!(matches!(parsed.command, Some(Command::Home(HomeCommand::Items(args))) if args.state == ["-5"]));
        screen.filter = ItemFilter { removed: Some(true), ..ItemFilter::default() };
        let parsed = Cli::try_parse_from(["itsmc"].into_iter().chain(command(&screen).split(' '))).unwrap();
        assert!(matches!(parsed.command, Some(Command::Home(HomeCommand::Items(args))) if args.removed));
    }
}
