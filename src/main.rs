//! The `itsmc` program: parse, choose the front end, exit code.

fn main() {}
