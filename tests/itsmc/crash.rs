//! The binary is killed at random moments of its syncs; nothing may be lost or doubled.

use std::process::Stdio;
use std::time::{Duration, Instant};

use itsmc::model::work_item::WorkItemKind;
use itsmc_practice::servicenow::Options;

use crate::site::{Site, shown};
use crate::stored;

const KILLS: usize = 50;
const INCIDENTS: u64 = 6_000;

/// A small generator of moments; its seed is told, so that a run can be made again.
pub struct Moments(u64);

impl Moments {
    pub fn new() -> Self {
        let seed = std::env::var("ITSMC_CRASH_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| {
            u64::from(std::process::id()) << 20 | u64::from(jiff::Timestamp::now().subsec_nanosecond().unsigned_abs())
        });
        eprintln!("ITSMC_CRASH_SEED={seed}");
        Self(seed | 1)
    }

    pub fn below(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        most.mul_f64((self.0 % 10_000) as f64 / 10_000.0)
    }
}

#[test]
fn killed_at_any_moment_nothing_is_lost_or_doubled() {
    let site = Site::connected(Options { rows: Some(INCIDENTS), ..Options::still() });
    let mut moments = Moments::new();
    let whole = time_of_a_sync(&site);
    let ids: Vec<_> = site.control.rows("incident").iter().map(|row| row["sys_id"].value.clone()).collect();
    let (mut killed, mut tries) = (0, 0);
    while killed < KILLS {
        tries += 1;
        assert!(tries < KILLS * 5, "only {killed} of {tries} syncs were still running when they were to be killed");
        change_some(&site, &ids, tries);
        let arguments: &[&str] = if tries % 3 == 0 { &["sync", "--quiet"] } else { &["sync", "--full", "--quiet"] };
        let mut child = site.itsmc(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    let last = site.run(&["sync"]);
    assert!(last.status.success(), "{}", shown(&last));
    for (kind, table) in [(WorkItemKind::Incident, "incident"), (WorkItemKind::ChangeRequest, "change_request")] {
        let stored = stored::work_items(&site.database(), kind);
        stored::assert_same(&stored, &site.control.rows(table), kind);
    }
    assert_counters_are_right(&site);
    site.assert_no_secret_on_disk();
}

fn time_of_a_sync(site: &Site) -> Duration {
    let began = Instant::now();
    site.ok(&["sync", "--full"]);
    began.elapsed()
}

fn change_some(site: &Site, ids: &[String], round: usize) {
    for id in ids.iter().skip(round).step_by(97) {
        let text = format!("changed in round {round}");
        site.control.edit_row("incident", id, &[("short_description", &text), ("state", "2")]).unwrap();
    }
}

/// What the tile shows is what is stored.
fn assert_counters_are_right(site: &Site) {
    let stored = stored::work_items(&site.database(), WorkItemKind::Incident);
    let (_, status) = site.json(&["status"]);
    let counts = &status["connections"][0]["work_items"]["incident"];
    assert_eq!(counts["total"], stored.len());
    assert_eq!(counts["open"], stored.values().filter(|item| item.open).count());
    let states = counts["by_state"].as_object().unwrap();
    assert_eq!(states.values().map(|n| n.as_u64().unwrap()).sum::<u64>(), stored.len() as u64);
}
