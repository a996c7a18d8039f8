//! Measures a sync against its floor: `cargo bench --bench sync`. docs/benchmarks.md explains the figures.
//!
//! The practice server, each sync and each floor run in a process of their own: this program, called again with
//! the name of a part.

mod azure;
mod floor;
mod parent;
mod part;
mod quick;
mod reading;
mod serve;
mod syncing;

use std::process::ExitCode;

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["serve", partner, rows] => serve::run(partner, rows, false),
        ["serve", partner, rows, "long"] => serve::run(partner, rows, true),
        ["sync", kinds, fields, db] => syncing::run(kinds, fields, db, false),
        ["sweep", kinds, fields, db] => syncing::run(kinds, fields, db, true),
        ["--long", partner] => parent::long(partner, 20_000),
        ["--sweep"] => parent::sweep(100_000),
        ["--sweep", rows] => rows.parse().map_err(part::text).and_then(parent::sweep),
        ["cloud"] => azure::serve(),
        ["send"] => azure::send(),
        ["post"] => azure::post(),
        ["--beside"] => azure::beside(20_000),
        ["--sink"] => azure::measure(100_000, None),
        ["--sink", rows] => rows.parse().map_err(part::text).and_then(|rows| azure::measure(rows, None)),
        ["--sink", rows, "--python", python] => {
            rows.parse().map_err(part::text).and_then(|rows| azure::measure(rows, Some(python)))
        }
        ["fetch"] => floor::fetch(),
        ["insert", from, into] => floor::insert(from, into),
        ["read", db] => reading::run(db),
        ["store", rows] => quick::run(rows),
        [] => parent::run("servicenow", &[100_000, 1_000_000]),
        ["--rows", rows] => rows.parse().map_err(part::text).and_then(|rows| parent::run("servicenow", &[rows])),
        ["--partner", partner] => parent::run(partner, &[100_000]),
        ["--partner", partner, "--rows", rows] => {
            rows.parse().map_err(part::text).and_then(|rows| parent::run(partner, &[rows]))
        }
        // `cargo test --benches` asks for nothing to be measured.
        _ => Ok(()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
