//! Text files that a command is given.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::model::fault::Fault;

/// The most that such a file may measure, in bytes.
const LIMIT: u64 = 1 << 20;

/// Reads a whole file of at most 1 MiB; `-` is stdin.
///
/// # Errors
/// When it cannot be read, or is larger: a device may have no end.
pub fn read(path: &Path) -> Result<String, Fault> {
    let mut text = String::new();
    let read = match path == Path::new("-") {
        true => io::stdin().lock().take(LIMIT + 1).read_to_string(&mut text),
        false => File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_string(&mut text)),
    };
    let length = read.map_err(|error| Fault::from_io(path, &error))?;
    if length as u64 > LIMIT {
        return Err(Fault::FileProblem { path: path.display().to_string(), reason: "larger than 1 MiB".to_owned() });
    }
    Ok(text)
}
