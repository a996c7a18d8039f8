//! `itsmc completions` and `itsmc man`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use crate::cli::output::{Output, written};
use crate::cli::{complete, manual};
use crate::model::fault::Fault;
use crate::texts::command as words;

/// Prints the script that makes a shell ask for completions.
///
/// # Errors
/// When stdout cannot be written.
pub fn completions(output: Output, shell: clap_complete::Shell) -> Result<u8, Fault> {
    let name = shell.to_string();
    let script = complete::script(&name).map_err(|error| Fault::Internal { what: error.to_string() })?;
    let script = script.ok_or_else(|| Fault::Internal { what: name.clone() })?;
    page(output, &script, |script| json!({ "shell": name, "script": script }))
}

/// Prints the main man page or that of a command, or writes the page of each into a folder.
///
/// # Errors
/// When stdout or a file cannot be written.
pub fn man(output: Output, command: &[String], out: Option<&Path>) -> Result<u8, Fault> {
    let Some(folder) = out else {
        let text = manual::page_of(output.lang, command);
        return page(output, text.as_bytes(), |text| json!({ "page": text }));
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| Fault::from_io(&path, &error)
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let mut written = Vec::new();
    for (name, text) in manual::pages(output.lang) {
        let path = folder.join(&name);
        fs::write(&path, text).map_err(failed(&path))?;
        written.push(path.display().to_string());
    }
    let told = json!({ "pages": written });
    output.result(&told, || vec![words::pages_written(output.lang, written.len(), &folder.display().to_string())])?;
    Ok(0)
}

fn page(output: Output, text: &[u8], document: impl FnOnce(&str) -> serde_json::Value) -> Result<u8, Fault> {
    if output.json {
        output.result(&document(&String::from_utf8_lossy(text)), Vec::new)?;
    } else {
        written(io::stdout().lock().write_all(text))?;
    }
    Ok(0)
}
