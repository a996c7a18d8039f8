//! Yes-or-no questions on the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use super::context::Context;
use crate::model::fault::Fault;
use crate::texts::cli as words;

/// Asks, and takes only a clear yes for one.
///
/// # Errors
/// When there is nobody to ask, or the terminal is gone.
pub fn confirmed(context: &Context, question: &str) -> Result<bool, Fault> {
    if !io::stdin().is_terminal() {
        return Err(Fault::BadUsage { what: words::needs_yes(context.output.lang).to_owned() });
    }
    let tell = |error: io::Error| Fault::from_io(std::path::Path::new("/dev/tty"), &error);
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} {} ", words::yes_or_no(context.output.lang))
        .and_then(|()| stderr.flush())
        .map_err(tell)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(tell)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "j" | "ja"))
}
