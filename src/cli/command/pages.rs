//! `itsmc completions` and `itsmc man`.

use std::io::{self, Write};

use serde_json::json;

use crate::cli::help;
use crate::cli::output::{Output, written};
use crate::model::fault::Fault;

/// Prints a completion script.
///
/// # Errors
/// When stdout cannot be written.
pub fn completions(output: Output, shell: clap_complete::Shell) -> Result<u8, Fault> {
    // The generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut help::command(output.lang), "itsmc", &mut script);
    page(output, &script, |script| json!({ "shell": shell.to_string(), "script": script }))
}

/// Prints the manual page.
///
/// # Errors
/// When stdout cannot be written.
pub fn man(output: Output) -> Result<u8, Fault> {
    let mut page_text = Vec::new();
    written(clap_mangen::Man::new(help::command(output.lang)).render(&mut page_text))?;
    page(output, &page_text, |text| json!({ "page": text }))
}

fn page(output: Output, text: &[u8], document: impl FnOnce(&str) -> serde_json::Value) -> Result<u8, Fault> {
    if output.json {
        output.result(&document(&String::from_utf8_lossy(text)), Vec::new)?;
    } else {
        written(io::stdout().lock().write_all(text))?;
    }
    Ok(0)
}
