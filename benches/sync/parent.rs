//! The benchmark itself: which parts run, and what is made of their figures.

use std::path::Path;

use serde_json::{Value, json};

use super::part::{self, Outcome, Part, text};

/// How often the sync and its floors are measured; the median counts.
pub const TIMES: usize = 3;

/// Measures a partner at each of these numbers of incidents; floors only at the first.
pub fn run(partner: &str, sizes: &[u64]) -> Outcome<()> {
    for (index, rows) in sizes.iter().enumerate() {
        println!("{partner}: {rows} incidents");
        let folder = tempfile::tempdir().map_err(text)?;
        let mut server = Part::start(&["serve", partner, &rows.to_string()])?;
        let sign_in = server.read()?;
        if index == 0 {
            against_the_floor(&mut server, &sign_in, "20", folder.path())?;
            against_the_floor(&mut server, &sign_in, "all", folder.path())?;
        } else {
            sync_once(&mut server, &sign_in, folder.path())?;
        }
        quiet(&sign_in, folder.path())?;
        reading(folder.path())?;
        server.end()?;
    }
    Ok(())
}

fn against_the_floor(server: &mut Part, sign_in: &Value, fields: &str, folder: &Path) -> Outcome<()> {
    println!("{fields} fields");
    let (mut syncs, mut fetches, mut inserts) = (Vec::new(), Vec::new(), Vec::new());
    for time in 0..TIMES {
        let db = folder.join(format!("synced-{fields}-{time}.db"));
        let synced = sync(sign_in, "incident", fields, &db)?;
        show("sync", &synced);
        let pages = asked(server)?;
        let fetched = part::run(&["fetch"], &json!({ "sign_in": sign_in, "pages": pages }).to_string())?;
        show("  floor: the same pages fetched and thrown away", &fetched);
        asked(server)?;
        let into = folder.join(format!("inserted-{time}.db"));
        let inserted = part::run(&["insert", &name(&db), &name(&into)], "")?;
        show("  floor: the same rows from memory into the same table", &inserted);
        if fetched["bytes"].as_u64() < synced["bytes"].as_u64() || inserted["rows"] != synced["rows"] {
            return Err("the floor did not do the same work".to_owned());
        }
        std::fs::remove_file(into).map_err(text)?;
        syncs.push(seconds(&synced));
        fetches.push(seconds(&fetched));
        inserts.push(seconds(&inserted));
    }
    std::fs::rename(folder.join(format!("synced-{fields}-0.db")), folder.join("items.db")).map_err(text)?;
    let (sync, fetch, insert) = (median(syncs), median(fetches), median(inserts));
    let ratio = sync / (fetch + insert);
    println!("ratio: {sync:.2} s / ({fetch:.2} s + {insert:.2} s) = {ratio:.2} (goal: at most 1.3)");
    Ok(())
}

/// A sweep of so many incidents against the full sync that stored them.
pub fn sweep(rows: u64) -> Outcome<()> {
    println!("servicenow: a sweep of {rows} incidents");
    let folder = tempfile::tempdir().map_err(text)?;
    let mut server = Part::start(&["serve", "servicenow", &rows.to_string()])?;
    let sign_in = server.read()?;
    let db = folder.path().join("items.db");
    let (mut syncs, mut sweeps) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let _ = std::fs::remove_file(&db);
        let synced = sync(&sign_in, "incident", "all", &db)?;
        show("full sync", &synced);
        let swept = part::run(&["sweep", "incident", "all", &name(&db)], &sign_in.to_string())?;
        show("a sync that finds nothing changed, and a sweep", &swept);
        syncs.push(synced);
        sweeps.push(swept);
    }
    let of = |figures: &Value, key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    let swept = |figures: &Value, key: &str| figures["sweeps"][0]["record"][key].as_f64().unwrap_or(f64::NAN);
    for key in ["requests", "bytes"] {
        println!("{key}: {} of {} (goal: at most 1/10)", swept(&sweeps[0], key), of(&syncs[0], key));
    }
    let sweep_seconds = |figures: &Value| figures["sweeps"][0]["seconds"].as_f64().unwrap_or(f64::NAN);
    let (sweep, sync) =
        (median(sweeps.iter().map(sweep_seconds).collect()), median(syncs.iter().map(seconds).collect()));
    println!("seconds: {sweep:.2} of {sync:.2} = {:.2} (goal: at most 0.33)", sweep / sync);
    let peak = sweeps.iter().map(|figures| of(figures, "peak_mib")).fold(0.0, f64::max);
    println!("peak memory: {peak:.0} MiB (goal: less than 96)");
    server.end()
}

/// A sync of so many incidents, with and without texts among them that are too long to be stored whole.
pub fn long(partner: &str, rows: u64) -> Outcome<()> {
    println!("{partner}: {rows} incidents, without and with long texts");
    let mut figures = Vec::new();
    for long in [None, Some("long")] {
        let folder = tempfile::tempdir().map_err(text)?;
        let rows = rows.to_string();
        let args: Vec<_> = ["serve", partner, &rows].into_iter().chain(long).collect();
        let mut server = Part::start(&args)?;
        let sign_in = server.read()?;
        let mut syncs = Vec::new();
        for time in 0..TIMES {
            let synced = sync(&sign_in, "incident", "all", &folder.path().join(format!("{time}.db")))?;
            show("sync", &synced);
            syncs.push(synced);
        }
        server.end()?;
        let of = |figures: &Value, key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
        let peak = syncs.iter().map(|synced| of(synced, "peak_mib")).fold(0.0, f64::max);
        let bytes = median(syncs.iter().map(|synced| of(synced, "bytes")).collect());
        figures.push((median(syncs.iter().map(seconds).collect()), bytes / 1e6, peak));
    }
    for ((seconds, megabytes, peak), what) in figures.iter().zip(["without", "with"]) {
        println!("{what}: {seconds:.2} s, {megabytes:.0} MB, {peak:.0} MiB at most (goal: less than 96)");
    }
    println!("ratio: {:.2} of the time, {:.2} of the bytes", figures[1].0 / figures[0].0, figures[1].1 / figures[0].1);
    Ok(())
}

fn sync_once(server: &mut Part, sign_in: &Value, folder: &Path) -> Outcome<()> {
    let synced = sync(sign_in, "incident", "all", &folder.join("items.db"))?;
    show("sync", &synced);
    asked(server).map(drop)
}

/// A second and a third sync of both kinds: the second brings the change requests, the third finds nothing.
fn quiet(sign_in: &Value, folder: &Path) -> Outcome<()> {
    let db = folder.join("items.db");
    sync(sign_in, "incident,change_request", "all", &db)?;
    let synced = sync(sign_in, "incident,change_request", "all", &db)?;
    show("a sync of both tables that finds nothing changed", &synced);
    Ok(())
}

fn reading(folder: &Path) -> Outcome<()> {
    let read = part::run(&["read", &name(&folder.join("items.db"))], "")?;
    for (what, times) in read.as_object().into_iter().flatten() {
        println!("{what} (ms): {times}");
    }
    Ok(())
}

pub fn sync(sign_in: &Value, kinds: &str, fields: &str, db: &Path) -> Outcome<Value> {
    part::run(&["sync", kinds, fields, &name(db)], &sign_in.to_string())
}

/// The pages asked for since the last time.
fn asked(server: &mut Part) -> Outcome<Value> {
    server.send("pages")?;
    server.read()
}

pub fn name(path: &Path) -> String {
    path.display().to_string()
}

pub fn seconds(figures: &Value) -> f64 {
    figures["seconds"].as_f64().unwrap_or(f64::NAN)
}

pub fn show(what: &str, figures: &Value) {
    println!("{what}: {figures}");
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
