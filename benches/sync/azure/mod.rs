//! Sending to Log Analytics against its floor, and against Microsoft's own client.

mod beside;
mod cloud;
mod floor;
#[path = "../../../tests/shared/cloud.rs"]
mod prepared;
mod send;

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

pub use beside::measure as beside;
pub use cloud::serve;
pub use floor::post;
pub use send::run as send;

use super::parent::{TIMES, median, name, seconds, show, sync};
use super::part::{self, Outcome, Part, text};

/// Uploads the rows of a file with `azure-monitor-ingestion`.
const MICROSOFT: &str = include_str!("microsoft.py");

/// Sends so many stored incidents. With a Python that has `azure-monitor-ingestion`, Microsoft's client sends the same rows.
pub fn measure(rows: u64, python: Option<&str>) -> Outcome<()> {
    println!("{rows} incidents to Log Analytics");
    let folder = tempfile::tempdir().map_err(text)?;
    let db = folder.path().join("items.db");
    let mut product = Part::start(&["serve", "servicenow", &rows.to_string()])?;
    sync(&product.read()?, "incident", "all", &db)?;
    product.end()?;
    let mut cloud = Part::start(&["cloud"])?;
    let target = cloud.read()?;
    let file = folder.path().join("rows.json");
    let (mut sent, mut posted, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let input = json!({ "target": target, "db": name(&db) });
        sent.push(told("sent", part::run(&["send"], &input.to_string())?, &mut cloud, rows)?);
        let input = json!({ "target": target, "db": name(&db), "file": name(&file) });
        posted.push(told("  floor", part::run(&["post"], &input.to_string())?, &mut cloud, rows)?);
        if let Some(python) = python {
            theirs.push(told("  Microsoft's client", microsoft(python, &target, &file)?, &mut cloud, rows)?);
        }
    }
    cloud.end()?;
    report(rows, &sent, &posted, &theirs);
    Ok(())
}

fn report(rows: u64, sent: &[Value], posted: &[Value], theirs: &[Value]) {
    let time = |all: &[Value]| median(all.iter().map(seconds).collect());
    let (ours, floor) = (time(sent), time(posted));
    println!("ratio: {ours:.2} s / {floor:.2} s = {:.2} (goal: at most 1.15)", ours / floor);
    let of = |figures: &Value, key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    let peak = sent.iter().map(|figures| of(figures, "peak_mib")).fold(0.0, f64::max);
    println!("peak memory: {peak:.0} MiB (goal: at most 96)");
    let processor = median(sent.iter().map(|figures| of(figures, "processor")).collect());
    println!("rows for each second of one core: {:.0}", rows as f64 / processor);
    if !theirs.is_empty() {
        let theirs = time(theirs);
        println!("Microsoft's client: {theirs:.2} s / {ours:.2} s = {:.1} times (goal: at least 5)", theirs / ours);
    }
}

/// Shows the figures of a part, and forgets its rows once they were counted.
fn told(what: &str, figures: Value, cloud: &mut Part, rows: u64) -> Outcome<Value> {
    show(what, &figures);
    cloud.send("clear")?;
    let stored = cloud.read()?;
    if stored["rows"].as_u64() == Some(rows) { Ok(figures) } else { Err(format!("{what}: {stored} of {rows} rows")) }
}

fn microsoft(python: &str, target: &Value, file: &Path) -> Outcome<Value> {
    let of = |key: &str| target[key].as_str().unwrap_or_default().to_owned();
    let mut command = Command::new(python);
    command.args(["-c", MICROSOFT, &name(file), &of("url"), &of("rule"), &of("stream"), &of("token")]);
    let output = command.output().map_err(text)?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(text)
}
