//! Results on stdout, everything else on stderr; JSON where it was asked for. No secret that is known here passes.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::render::medium::Medium;
use crate::model::clean::clean;
use crate::model::fault::{Fault, Retry};
use crate::model::finding::SyncFinding;
use crate::model::lang::Lang;
use crate::model::redactor;
use crate::texts::fault::At;
use crate::texts::{fault as words, finding as noticed};

/// What stdout is called in a fault.
const STDOUT: &str = "stdout";

/// How a command speaks.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// The language of texts for people.
    pub lang: Lang,
    /// Whether results are JSON.
    pub json: bool,
    /// Whether progress stays silent.
    pub quiet: bool,
}

impl Output {
    /// Prints a result: as JSON, or the lines for people, folded and with their marks in colour on a terminal.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn result(self, json: &impl Serialize, lines: impl FnOnce() -> Vec<String>) -> Result<(), Fault> {
        if self.json {
            let text =
                serde_json::to_string_pretty(json).map_err(|error| Fault::Internal { what: error.to_string() })?;
            return self.line(&text);
        }
        lines().iter().try_for_each(|line| self.prose(line))
    }

    /// Prints a JSON document as it is made, so that memory never holds it whole.
    ///
    /// # Errors
    /// When stdout cannot be written, or what the document is made of cannot be read.
    pub fn stream(self, json: &impl Serialize) -> Result<(), Fault> {
        let mut lines = Redacted { line: Vec::new(), to: BufWriter::new(io::stdout().lock()) };
        match serde_json::to_writer_pretty(&mut lines, json) {
            Ok(()) => written(lines.end()),
            Err(error) if error.is_io() => written(Err(error.into())),
            Err(error) => Err(Fault::Internal { what: error.to_string() }),
        }
    }

    /// Prints a line for people: on a terminal folded at words, its mark in colour.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn prose(self, line: &str) -> Result<(), Fault> {
        let text = Medium::stdout().prose(&redactor::redact_text(line));
        written(writeln!(io::stdout().lock(), "{text}"))
    }

    /// Prints a document: as JSON, or as it stands, to be kept in a file.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn document(self, json: &impl Serialize, text: &str) -> Result<(), Fault> {
        if self.json { self.result(json, Vec::new) } else { self.line(text) }
    }

    /// Prints one line on stdout. A reader that went away (`| head`) is no error of ours.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn line(self, line: &str) -> Result<(), Fault> {
        written(writeln!(io::stdout().lock(), "{}", redactor::redact_text(line)))
    }

    /// Says something on stderr, unless it is to be quiet.
    pub fn say(self, line: &str) {
        if !self.quiet {
            self.warn(line);
        }
    }

    /// Says on stderr what must be known, quiet or not.
    pub fn warn(self, line: &str) {
        // No one is left to be told when stderr is gone.
        let text = Medium::stderr().prose(&redactor::redact_text(line));
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Tells of a fault: JSON on stdout, or what happened, why and what to do on stderr.
    pub fn fault(self, fault: &Fault) {
        if self.json && !is_about_stdout(fault) {
            let text = json!({ "error": fault_json(self.lang, fault) }).to_string();
            let told = writeln!(io::stdout().lock(), "{}", redactor::redact_text(&text));
            // What cannot be told where it belongs is told to people at least.
            if written(told).is_ok() {
                return;
            }
        }
        let mut stderr = io::stderr().lock();
        for line in fault_lines(self.lang, fault) {
            let _ = writeln!(stderr, "{}", Medium::stderr().prose(&redactor::redact_text(&line)));
        }
    }
}

/// Whether stdout itself is the trouble: what was printed of a document there must not be followed by another.
fn is_about_stdout(fault: &Fault) -> bool {
    match fault {
        Fault::DiskFull { path } | Fault::NotWritable { path, .. } | Fault::FileProblem { path, .. } => path == STDOUT,
        _ => false,
    }
}

/// Tells apart a reader that went away from a disk that is full.
///
/// # Errors
/// Any error but a broken pipe.
pub fn written(outcome: io::Result<()>) -> Result<(), Fault> {
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fault::from_io(std::path::Path::new(STDOUT), &error))
        }
        _ => Ok(()),
    }
}

/// Passes on what is written line by line, without the secrets that are known here. No text in JSON has a line break in it.
struct Redacted<W> {
    line: Vec<u8>,
    to: W,
}

impl<W: Write> Redacted<W> {
    fn end(mut self) -> io::Result<()> {
        self.write_all(b"\n")?;
        self.to.flush()
    }
}

impl<W: Write> Write for Redacted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.to.write_all(&redactor::redact(&self.line))?;
                self.line.clear();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A fault as every JSON reply carries it.
pub fn fault_json(lang: Lang, fault: &Fault) -> Value {
    let retry = match fault.retry() {
        Retry::No => json!({ "when": "no" }),
        Retry::Yes => json!({ "when": "yes" }),
        Retry::After(seconds) => json!({ "when": "after", "seconds": seconds }),
    };
    json!({
        "code": fault.code(),
        "summary": clean(&words::summary(lang, fault), true),
        "cause": clean(&words::cause(lang, fault), true),
        "remedy": clean(&words::remedy(lang, fault), true),
        "retry": retry,
    })
}

/// What a sync noticed as every JSON reply carries it: its own keys beside the texts.
pub fn findings_json(lang: Lang, findings: &[SyncFinding]) -> Value {
    let one = |found: &SyncFinding| {
        let mut row = serde_json::to_value(found).unwrap_or_default();
        row["summary"] = noticed::summary(lang, found).into();
        row["remedy"] = noticed::remedy(lang, found).into();
        row
    };
    findings.iter().map(one).collect()
}

/// What a sync noticed for people: what, and what to do.
pub fn finding_lines(lang: Lang, found: &SyncFinding) -> Vec<String> {
    vec![format!("▲ {}", noticed::summary(lang, found)), format!("  → {}", noticed::remedy(lang, found))]
}

/// A fault for people: what happened, why, what to do.
pub fn fault_lines(lang: Lang, fault: &Fault) -> Vec<String> {
    fault_lines_at(lang, fault, At::Saved)
}

/// The same with what to do where the reader is.
pub fn fault_lines_at(lang: Lang, fault: &Fault, at: At) -> Vec<String> {
    // A numbered list stands under its arrow.
    let remedy = clean(&words::remedy_at(lang, fault, at), true).replace('\n', "\n    ");
    vec![
        // A fault may repeat what was typed or what a file is called, with whatever characters.
        format!("✗ {}", clean(&words::summary(lang, fault), true)),
        format!("  {}", clean(&words::cause(lang, fault), true)),
        format!("  → {remedy}"),
    ]
}
