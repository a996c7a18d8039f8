//! The command line of `itsmc alert`.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, Subcommand, ValueHint};
use clap_complete::engine::ArgValueCompleter;

use super::age::{self, Age};
use super::complete;
use super::workspace_args::AccountArgs;
use crate::model::alert_plan::Verdict;
use crate::model::alert_source::{EVERY, EVERY_SECONDS};
use crate::model::workspace::AzureSignIn;

/// About alerts of Azure.
#[derive(Debug, Subcommand)]
pub enum AlertCommand {
    /// Add, change, list and remove alert sources
    #[command(subcommand)]
    Source(AlertSourceCommand),
    /// List alert rules, and switch one on or off
    #[command(subcommand)]
    Rule(AlertRuleCommand),
    /// Read new alerts once, and decide by the rules what becomes of them
    Poll {
        /// Source (default: all)
        #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
        names: Vec<String>,
    },
    /// Read alerts from a file of any known form, and decide what becomes of them
    Import {
        /// File with alerts (JSON or JSON lines); - for stdin
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// Only store them; the next poll decides
        #[arg(long)]
        store_only: bool,
    },
    /// Show the alert rules
    Rules {
        /// Print a commented file of rules to begin with
        #[arg(long)]
        template: bool,
    },
    /// Check the alert rules, with line numbers
    Check {
        /// File of rules (default: alert-rules.toml in the config folder)
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
    },
    /// Show what the rules would have done; writes nothing
    Preview {
        /// Stored alerts of this time, such as 12h or 30d
        #[arg(long, value_name = "AGE", value_parser = age::parse, default_value = "30d", conflicts_with = "file")]
        last: Age,
        /// Alerts of this file instead of the stored ones; - for stdin
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Count this rule as switched on; can be repeated
        #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::alert_rules))]
        rule: Vec<String>,
        /// Show each ticket with all its fields
        #[arg(long)]
        tickets: bool,
    },
    /// List alerts with their rule and what became of them
    List {
        /// Only alerts that fired within this time
        #[arg(long, value_name = "AGE", value_parser = age::parse, default_value = "30d")]
        last: Age,
        /// Only this outcome, such as opened, umbrella or no-rule
        #[arg(long, value_name = "OUTCOME", value_parser = verdict)]
        outcome: Option<Verdict>,
        /// Only alerts that this rule decided about
        #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::alert_rules))]
        rule: Option<String>,
        /// Only alerts that are still fired
        #[arg(long)]
        fired: bool,
        /// Maximum number of alerts
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    /// Show one alert whole
    Show {
        /// Alert, by the beginning of its ID
        alert: String,
        /// Print the text as which it came
        #[arg(long)]
        raw: bool,
    },
    /// Decide again about alerts that have no ticket
    Retry {
        /// Alerts, by the beginning of their ID
        #[arg(required = true)]
        alerts: Vec<String>,
    },
    /// Have alerts get no ticket
    Ignore {
        /// Alerts, by the beginning of their ID
        #[arg(required = true)]
        alerts: Vec<String>,
    },
    /// Make rules out of the old ITSM actions in Azure
    ImportActions {
        /// Source whose subscriptions are read
        #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
        source: String,
        /// Connection for the rules
        #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::names))]
        connection: Option<String>,
        /// Write the rules to this new file (default: print them)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        out: Option<PathBuf>,
    },
}

impl AlertCommand {
    /// Whether it needs no secret: then nothing refuses a home that others may change.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Rule(_)
                | Self::Rules { .. }
                | Self::Check { .. }
                | Self::Preview { .. }
                | Self::List { .. }
                | Self::Show { .. }
                | Self::Source(AlertSourceCommand::List)
        )
    }
}

/// About alert rules.
#[derive(Debug, Subcommand)]
pub enum AlertRuleCommand {
    /// List the alert rules, with what each did in the last 30 days
    List,
    /// Switch a rule on, after showing what it would have done in the last 30 days
    Enable(AlertRuleArgs),
    /// Switch a rule off; its tickets stay
    Disable(AlertRuleArgs),
}

/// A rule that is switched.
#[derive(Debug, Clone, Args)]
pub struct AlertRuleArgs {
    /// Rule name
    #[arg(add = ArgValueCompleter::new(complete::alert_rules))]
    pub name: String,
    /// Do not ask for confirmation
    #[arg(long)]
    pub yes: bool,
}

/// About sources of alerts.
#[derive(Debug, Subcommand)]
pub enum AlertSourceCommand {
    /// Add a source by options or questions: subscriptions of Azure, and how to sign in
    Add(Box<AlertSourceArgs>),
    /// Change a source: only what is given
    Edit(Box<AlertSourceEditArgs>),
    /// List sources, and how far each was read
    List,
    /// Sign in for a source again: a new client secret, or a person with a code
    SignIn {
        /// Source name
        #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
        name: String,
        /// Read `client_secret` from stdin (TOML) instead of asking
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// Dismiss that alerts of some time may be missing, once you have checked that time
    Dismiss {
        /// Source name
        #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
        name: String,
    },
    /// Remove a source; its alerts and tickets stay
    Remove {
        /// Source name
        #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
        name: String,
        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,
    },
}

/// A new source.
#[derive(Debug, Clone, Args)]
pub struct AlertSourceArgs {
    /// Name for the source (default: ask line by line)
    pub name: Option<String>,
    /// How to sign in: cli, service-principal, managed-identity, workload-identity or device-code
    #[arg(long, value_name = "WAY", value_parser = super::workspace_args::way)]
    pub sign_in: Option<AzureSignIn>,
    /// The account.
    #[command(flatten)]
    pub account: AccountArgs,
    /// Subscription ID; can be repeated (default: all that the sign-in may see)
    #[arg(long, value_name = "ID")]
    pub subscription: Vec<String>,
    /// Seconds between two passes while the terminal UI is open
    #[arg(long, value_name = "SECONDS", default_value_t = EVERY, value_parser = every())]
    pub every: u32,
    /// Acknowledge alerts in Azure once they have a ticket (needs Monitoring Contributor)
    #[arg(long)]
    pub acknowledge: bool,
    /// Read `client_secret` from stdin (TOML) instead of asking
    #[arg(long)]
    pub secrets_stdin: bool,
}

/// What changes of a source.
#[derive(Debug, Clone, Args)]
pub struct AlertSourceEditArgs {
    /// Source name
    #[arg(add = ArgValueCompleter::new(complete::alert_sources))]
    pub name: String,
    /// How to sign in: cli, service-principal, managed-identity, workload-identity or device-code
    #[arg(long, value_name = "WAY", value_parser = super::workspace_args::way)]
    pub sign_in: Option<AzureSignIn>,
    /// The account.
    #[command(flatten)]
    pub account: AccountArgs,
    /// Subscription ID that is read from now on; can be repeated, and others are left out
    #[arg(long, value_name = "ID")]
    pub subscription: Vec<String>,
    /// Seconds between two passes while the terminal UI is open
    #[arg(long, value_name = "SECONDS", value_parser = every())]
    pub every: Option<u32>,
    /// Acknowledge alerts in Azure once they have a ticket (needs Monitoring Contributor)
    #[arg(long)]
    pub acknowledge: bool,
    /// Do not acknowledge alerts in Azure any more
    #[arg(long, conflicts_with = "acknowledge")]
    pub no_acknowledge: bool,
    /// Read `client_secret` from stdin (TOML) instead of asking
    #[arg(long)]
    pub secrets_stdin: bool,
}

fn every() -> RangedU64ValueParser<u32> {
    RangedU64ValueParser::new().range(u64::from(*EVERY_SECONDS.start())..=u64::from(*EVERY_SECONDS.end()))
}

fn verdict(text: &str) -> Result<Verdict, String> {
    Verdict::from_id(text).ok_or_else(|| Verdict::ALL.map(Verdict::id).join(", "))
}
