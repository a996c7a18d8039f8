//! Takes every known secret out of a line before it is written.

use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

use super::rotate::Rotating;
use crate::vault::redactor;

/// A writer in front of the log file. Each event comes as one write, so that no secret is cut in two.
#[derive(Debug, Clone)]
pub struct Redacting {
    file: Rotating,
}

impl Redacting {
    /// Stands in front of this file.
    pub fn new(file: Rotating) -> Self {
        Self { file }
    }
}

impl Write for Redacting {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.file.append(&redactor::redact(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
