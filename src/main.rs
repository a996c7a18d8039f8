//! The `itsmc` program: what must be done first, then the front end.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Err(error) = itsmc::home::process::harden() {
        eprintln!("itsmc: the core-dump limit could not be set: {error}");
    }
    itsmc::cli::dispatch::run()
}
