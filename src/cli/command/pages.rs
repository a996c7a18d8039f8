//! `itsmc completions` and `itsmc man`.

use std::io::{self, Write};

use crate::cli::help;
use crate::cli::output::written;
use crate::model::fault::Fault;
use crate::model::lang::Lang;

/// Prints a completion script.
///
/// # Errors
/// When stdout cannot be written.
pub fn completions(shell: clap_complete::Shell, lang: Lang) -> Result<u8, Fault> {
    // The generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(lang), "itsmc", &mut script);
    written(io::stdout().lock().write_all(&script)).map(|()| 0)
}

/// Prints the manual page.
///
/// # Errors
/// When stdout cannot be written.
pub fn man(lang: Lang) -> Result<u8, Fault> {
    written(clap_mangen::Man::new(help::command(lang)).render(&mut io::stdout().lock())).map(|()| 0)
}
