//! The command line, as DESIGN and docs/commands.md name it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::deploy::DeployField;

/// Syncs work items of ITSM products (ServiceNow, Service Manager, Provance, Cherwell).
#[derive(Debug, Parser)]
#[command(name = "itsmc", version, about, disable_help_subcommand = true)]
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
    /// Put config, data, state and the secret file under this folder [env: ITSMC_HOME]
    #[arg(long, global = true, display_order = 900, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The language of the texts; else the locale decides
    #[arg(long, global = true, display_order = 901, value_enum)]
    pub lang: Option<LangArg>,
    /// Print JSON on stdout (see docs/json.md)
    #[arg(long, global = true, display_order = 902)]
    pub json: bool,
    /// Do not show progress on stderr
    #[arg(long, short, global = true, display_order = 903)]
    pub quiet: bool,
    /// The file that holds the vault's key [env: ITSMC_KEY_FILE]
    #[arg(long, global = true, display_order = 904, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Further CA certificates to trust, in PEM
    #[arg(long, global = true, display_order = 905, value_name = "FILE")]
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
    /// Open the terminal UI on practice servers of all products, in a throw-away home
    Demo(PracticeArgs),
    #[cfg(feature = "demo")]
    /// Run a practice partner server in the foreground
    Practice {
        /// Which partner: servicenow, service-manager, provance or cherwell
        partner: String,
        /// Nothing is prepared but the app and the application entry: no integration user, no roles
        #[arg(long)]
        bare: bool,
        /// How it behaves.
        #[command(flatten)]
        args: PracticeArgs,
    },
    /// A command that works on a home.
    #[command(flatten)]
    Home(HomeCommand),
    /// Write the parameters and commands that deploy what a partner needs in Azure; nothing is deployed by it
    Deploy(DeployArgs),
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
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
    /// Add, look at, change, test or remove connections
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Bring what changed into the store
    Sync {
        /// Only these connections; all without a name
        names: Vec<String>,
        /// Everything in the sync scope anew
        #[arg(long)]
        full: bool,
    },
    /// Compare everything stored with the product: fetch what differs, mark what is gone
    Verify {
        /// Only these connections; all without a name
        names: Vec<String>,
    },
    /// Say how the connections stand
    Status {
        /// Exit 8 with findings and 9 when stale, for monitoring
        #[arg(long)]
        check: bool,
        /// With --check: how old the last complete sync may be, such as 30m, 2h or 1d
        #[arg(long, value_name = "AGE", value_parser = super::age::parse, default_value = "1h")]
        max_age: super::age::Age,
    },
    /// Print the stored work items
    Items(ItemsArgs),
    /// Look at the installation checklist, and mend it with an admin's sign-in
    Checklist(ChecklistArgs),
    /// List, rotate or revoke the OAuth tokens of a connection
    #[command(subcommand)]
    Token(TokenCommand),
    /// Say what this machine offers; free of secrets, fit to attach to a ticket
    Doctor,
}

#[cfg(feature = "demo")]
/// How a practice server behaves.
#[derive(Debug, Clone, Args)]
pub struct PracticeArgs {
    /// Listen on this port of 127.0.0.1; any free one without it
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Play back this incident log (CSV or CSV.XZ)
    #[arg(long, value_name = "FILE")]
    pub incident_log: Option<PathBuf>,
    /// Make up so many incidents, up to a million
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub rows: Option<u64>,
    /// How fast time goes by in the data
    #[arg(long, value_name = "X", default_value_t = 1.0)]
    pub speed: f64,
    /// Service Manager and Provance: how the product is laid out (docs/practice.md)
    #[arg(long, value_name = "LAYOUT")]
    pub layout: Option<String>,
}

/// About connections.
#[derive(Debug, Subcommand)]
pub enum ConnectionCommand {
    /// Print a commented form to fill in
    Template {
        /// Which partner, such as servicenow
        partner: String,
    },
    /// Check a form, test it, sign in and save it
    Add {
        /// The filled-in form (TOML); - reads it from stdin
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Read `password` and `client_secret` as TOML from stdin instead of asking
        #[arg(long)]
        secrets_stdin: bool,
        /// Save it signed out, for a product whose integration user is yet to be made (see `checklist`)
        #[arg(long)]
        signed_out: bool,
    },
    /// List all connections
    List,
    /// Show one connection
    Show {
        /// Its name
        name: String,
    },
    /// Change a connection's settings, and test it anew where that needs it
    Edit {
        /// Its name
        name: String,
        /// A setting to change, such as sync_days=60; may be repeated
        #[arg(long = "set", value_name = "KEY=VALUE", required_unless_present = "secrets_stdin")]
        set: Vec<String>,
        /// Read `password` and `client_secret` as TOML from stdin: for a changed sign-in, or a new client secret
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Run the live test
    Test {
        /// Its name
        name: String,
        /// Write every exchange to this file, without secrets and contents, to be handed to somebody else
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
    },
    /// Print what the connection is bound to in the product, as a mapping that can be corrected
    Mapping {
        /// Its name; of one that is not saved yet, as in the wizard's draft
        #[arg(required_unless_present = "file")]
        name: Option<String>,
        /// A form (TOML) that is not saved yet; - reads it from stdin
        #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "rebind"])]
        file: Option<PathBuf>,
        /// Of one that is not saved yet: read `password` and `client_secret` as TOML from stdin instead of asking
        #[arg(long)]
        secrets_stdin: bool,
        /// Write it to the connection's own mapping file, which from then on counts
        #[arg(long)]
        write: bool,
        /// Bind again by what the product has now, and keep that
        #[arg(long, conflicts_with = "write")]
        rebind: bool,
    },
    /// Remove a connection with its work items and secrets
    Remove {
        /// Its name
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// What is deployed, and where the files go. What is not given is asked for.
#[derive(Debug, Clone, Args)]
pub struct DeployArgs {
    /// For which partner: service-manager
    pub partner: String,
    /// Write the files into this folder; none is overwritten
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Read values from this file (TOML), by the names below with _ for -
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The subscription's ID
    #[arg(long, value_name = "ID")]
    pub subscription: Option<String>,
    /// The resource group; it is made if it is not there
    #[arg(long, value_name = "NAME")]
    pub resource_group: Option<String>,
    /// The location, such as westeurope
    #[arg(long, value_name = "REGION")]
    pub location: Option<String>,
    /// The management server of Service Manager, by its full name
    #[arg(long, value_name = "FQDN")]
    pub server_name: Option<String>,
    /// The Windows domain of the account
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
    /// The account, without its domain
    #[arg(long, value_name = "USER")]
    pub username: Option<String>,
    /// How the web app's name begins; smoc without it
    #[arg(long, value_name = "TEXT")]
    pub site_prefix: Option<String>,
    /// A Service Bus namespace that is there already; without it one is made
    #[arg(long, value_name = "NAME")]
    pub namespace: Option<String>,
    /// The price of the App Service plan; S1 without it. F1 and D1 have no hybrid connections
    #[arg(long, value_name = "SKU")]
    pub plan: Option<String>,
    /// The resource ID of a key vault's secret with the account's password; without it Azure asks for the password
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

/// How to look at the checklist.
#[derive(Debug, Clone, Args)]
pub struct ChecklistArgs {
    /// The connection
    pub name: String,
    /// Who looks, and mends.
    #[command(flatten)]
    pub admin: AdminArgs,
    /// Make the changes that mend what can be mended; shows each first and asks
    #[arg(long, requires = "user")]
    pub mend: bool,
    /// Do not ask before each change
    #[arg(long, requires = "mend")]
    pub yes: bool,
    /// Print the text to send to the product's admin for what cannot be seen or mended
    #[arg(long)]
    pub ask: bool,
    /// Say that this item, which cannot be seen, is so; kept until it is withdrawn or the connection becomes another
    #[arg(long, value_name = "ITEM")]
    pub confirm: Vec<String>,
    /// Take back what was confirmed of this item
    #[arg(long, value_name = "ITEM")]
    pub unconfirm: Vec<String>,
    /// Make a test that is made on request only, such as web_app_test; it may send the client secret to the product
    #[arg(long, value_name = "ITEM")]
    pub test: Vec<String>,
    /// The same as --test web_app_test
    #[arg(long, hide = true)]
    pub web_app_test: bool,
}

/// An admin's sign-in for this one run; it is never stored.
#[derive(Debug, Clone, Args)]
pub struct AdminArgs {
    /// Look with the eyes of this admin of the product, who signs in for this run only
    #[arg(long = "admin", value_name = "USER")]
    pub user: Option<String>,
    /// Read `admin_password`, `password` and `user_password` as TOML from stdin instead of asking
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
    /// What we hold, and what the product lists; never a token's value
    List {
        /// The connection
        name: String,
        /// Who looks.
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// Sign in again, prove the new tokens, sync once, and only then revoke the old ones
    Rotate {
        /// The connection
        name: String,
        /// Read `password`, and a new `client_secret`, as TOML from stdin instead of asking
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Put a new client secret in the place of the stored one, once the product took it
    NewSecret {
        /// The connection
        name: String,
        /// Read `client_secret`, and `password` where it is needed, as TOML from stdin instead of asking
        #[arg(long)]
        secrets_stdin: bool,
        /// The day on which it expires, such as 2027-06-30: status warns before that
        #[arg(long, value_name = "DATE", value_parser = day)]
        expires: Option<jiff::Timestamp>,
    },
    /// Revoke tokens, and see that they are refused
    Revoke {
        /// The connection
        name: String,
        /// By fingerprint, or by the id of the product's row (with --admin)
        tokens: Vec<String>,
        /// All that are stale
        #[arg(long, conflicts_with = "tokens")]
        stale: bool,
        /// Who revokes what only the instance lists.
        #[command(flatten)]
        admin: AdminArgs,
        /// Do not ask, not even when the connection will be signed out
        #[arg(long)]
        yes: bool,
    },
}

/// Which work items to print.
#[derive(Debug, Clone, Args)]
pub struct ItemsArgs {
    /// Only of this connection
    pub name: Option<String>,
    /// Only this kind: incident or change_request
    #[arg(long)]
    pub kind: Option<String>,
    /// Only in this state, by value or label
    #[arg(long)]
    pub state: Option<String>,
    /// Only of this priority, by value or label
    #[arg(long)]
    pub priority: Option<String>,
    /// Only open ones
    #[arg(long, conflicts_with = "closed")]
    pub open: bool,
    /// Only closed ones
    #[arg(long)]
    pub closed: bool,
    /// Only those that are gone from the product
    #[arg(long, conflicts_with_all = ["open", "closed"])]
    pub removed: bool,
    /// Words that number, title or description must have
    #[arg(long, value_name = "TEXT")]
    pub find: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print CSV as it is stored, for machines: a spreadsheet may run what begins like a formula
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub csv_raw: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::items::ItemFilter;
    use crate::model::work_item::WorkItemKind;
    use crate::ui::app::connection::{ConnectionScreen, Tab};
    use crate::ui::app::testing::name;
    use crate::ui::app::update::connection::command;

    #[test]
    fn the_commands_that_the_screen_of_a_connection_shows_are_understood() {
        let mut screen = ConnectionScreen::new(name("contoso"), &[]);
        screen.filter = ItemFilter {
            kind: Some(WorkItemKind::ChangeRequest),
            state: Some("-5".into()),
            priority: Some("1".into()),
            open: Some(false),
            removed: None,
            find: "-x".into(),
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
        assert_eq!((args.state.as_deref(), args.find.as_deref(), args.closed), (Some("-5"), Some("-x"), true));
        screen.filter = ItemFilter { removed: Some(true), ..ItemFilter::default() };
        let parsed = Cli::try_parse_from(["itsmc"].into_iter().chain(command(&screen).split(' '))).unwrap();
        assert!(matches!(parsed.command, Some(Command::Home(HomeCommand::Items(args))) if args.removed));
    }
}
