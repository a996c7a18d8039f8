//! `itsmc completions` and `itsmc man`.

use std::io::{self, Write};

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::output::written;
use crate::model::fault::Fault;

/// Prints a completion script.
///
/// # Errors
/// When stdout cannot be written.
pub fn completions(shell: clap_complete::Shell) -> Result<u8, Fault> {
    // The generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "itsmc", &mut script);
    written(io::stdout().lock().write_all(&script)).map(|()| 0)
}

/// Prints the manual page.
///
/// # Errors
/// When stdout cannot be written.
pub fn man() -> Result<u8, Fault> {
    written(clap_mangen::Man::new(Cli::command()).render(&mut io::stdout().lock())).map(|()| 0)
}
