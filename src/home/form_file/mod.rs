//! The form of a connection as a TOML file: printed with comments, and read back with every problem at its line.
//! Secrets have no place in it; they come on stdin, as TOML too.

mod read;
mod secrets;
mod template;

pub use read::read;
pub use secrets::{Secrets, read_secrets};
pub use template::template;

use toml_edit::{Document, Key, TomlError};

use crate::model::clean::clean;
use crate::model::fault::FormProblem;
use crate::model::form::{FieldId, FieldProblem};

// The line of a byte, from 1.
fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1
}

fn line_of(text: &str, key: &Key) -> Option<usize> {
    key.span().map(|span| line_at(text, span.start))
}

fn not_toml(text: &str, error: &TomlError) -> FormProblem {
    // Not its Display: that quotes the line, and a secret may stand there.
    let problem = FieldProblem::NotToml { detail: clean(error.message(), false) };
    FormProblem { field: None, key: None, problem, line: error.span().map(|span| line_at(text, span.start)) }
}

fn keys<'a>(document: &'a Document<&str>) -> impl Iterator<Item = &'a Key> {
    document.iter().filter_map(|(name, _)| document.key(name))
}

fn problem_of(field: FieldId, problem: FieldProblem, line: Option<usize>) -> FormProblem {
    FormProblem { field: Some(field), key: None, problem, line }
}

fn unknown(text: &str, key: &Key) -> FormProblem {
    let name = clean(key.get(), false);
    FormProblem { field: None, key: Some(name), problem: FieldProblem::UnknownKey, line: line_of(text, key) }
}

#[cfg(test)]
mod tests;
