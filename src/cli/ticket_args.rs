//! The command line of `itsmc ticket`.

use clap::Subcommand;
use clap_complete::engine::ArgValueCompleter;

use super::complete;
use crate::model::ticket::TicketState;

/// About tickets.
#[derive(Debug, Subcommand)]
pub enum TicketCommand {
    /// List the tickets that itsmc made, newest first
    List {
        /// Only tickets of this connection
        #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::names))]
        connection: Option<String>,
        /// Only tickets in this state, as last seen: new, in-progress, resolved, closed, cancelled or gone
        #[arg(long, value_name = "STATE", value_parser = state)]
        state: Option<TicketState>,
        /// Only tickets with a write that was refused or is unsure
        #[arg(long)]
        troubled: bool,
        /// Maximum number of tickets
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    /// Show a ticket with everything that was written to it
    Show {
        /// Ticket, by its number or the beginning of its ID
        ticket: String,
    },
    /// Write to the products what waits
    Send {
        /// Connections (default: all)
        #[arg(add = ArgValueCompleter::new(complete::names))]
        names: Vec<String>,
    },
    /// Try refused and unsure writes of a ticket again; what may have been written is looked for first
    Retry {
        /// Ticket, by its number or the beginning of its ID
        ticket: String,
    },
    /// Dismiss that the product has another ticket with the same key, once you have dealt with that one
    Dismiss {
        /// Ticket, by its number or the beginning of its ID
        ticket: String,
    },
}

fn state(text: &str) -> Result<TicketState, String> {
    TicketState::from_id(text).ok_or_else(|| TicketState::ALL.map(TicketState::id).join(", "))
}
