//! Yes-or-no questions on the terminal.

use std::io::{self, IsTerminal};

use super::context::Context;
use super::prompt;
use crate::model::fault::Fault;
use crate::texts::cli as words;

/// Asks, and takes only a clear yes for one.
///
/// # Errors
/// When there is nobody to ask, the terminal is gone, or the question was left.
pub fn confirmed(context: &Context, question: &str) -> Result<bool, Fault> {
    if !io::stdin().is_terminal() {
        return Err(Fault::BadUsage { what: words::needs_yes(context.output.lang).to_owned() });
    }
    let answer = prompt::line(&format!("{question} {} ", words::yes_or_no(context.output.lang)))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja"))
}
