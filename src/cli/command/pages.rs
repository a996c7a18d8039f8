//! `itsmc completions` and `itsmc man`.

use std::io;

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::output::written;
use crate::model::fault::Fault;

/// Prints a completion script.
pub fn completions(shell: clap_complete::Shell) -> u8 {
    clap_complete::generate(shell, &mut Cli::command(), "itsmc", &mut io::stdout().lock());
    0
}

/// Prints the manual page.
///
/// # Errors
/// When stdout cannot be written.
pub fn man() -> Result<u8, Fault> {
    written(clap_mangen::Man::new(Cli::command()).render(&mut io::stdout().lock())).map(|()| 0)
}
