//! Random edits of a practice ServiceNow between and during syncs that are dropped at random points.
//!
//! What is promised, and checked here:
//! - after a sweep the store equals what the user may see; rows that are stored and hidden are kept, rows that are gone
//!   are marked as removed;
//! - after a sweep status says healthy exactly when nothing is hidden;
//! - after a sync that was not shown rows which the product counts, status does not say healthy.
//!
//! A change that moves neither stamp nor counter leaves no trace that a sweep could see; only `sync --full` finds it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use itsmc::home::Home;
use itsmc::model::connection::ConnectionName;
use itsmc::model::items::{ItemFilter, Seek};
use itsmc::model::partner::Catalogue;
use itsmc::model::secret::Secret;
use itsmc::model::summary::Health;
use itsmc::model::sync::KindReport;
use itsmc::model::work_item::WorkItemKind;
use itsmc::service::services::Services;
use itsmc::service::syncing::{self, How};
use itsmc::vault::{AskPassphrase, VaultOptions};
use itsmc_practice::servicenow::{Control, Options};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::site::{NAME, Site};

struct Nobody;

impl AskPassphrase for Nobody {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        None
    }
}

/// splitmix64
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % limit.max(1) as u64) as usize
    }
}

/// The product and what was done to it.
struct World {
    control: Control,
    random: Random,
    hidden: BTreeSet<String>,
    deleted: Vec<String>,
    kept: bool,
    steps: usize,
}

impl World {
    fn ids(&self) -> Vec<String> {
        self.control.rows("incident").into_iter().map(|row| row["sys_id"].value.clone()).collect()
    }

    fn any(&mut self) -> Option<String> {
        let ids = self.ids();
        ids.get(self.random.below(ids.len())).cloned()
    }

    fn silently(&self, id: &str, fields: &[(&str, &str)]) {
        let count = (1_000 + self.steps).to_string();
        let title = format!("Step {}", self.steps);
        let fields = [fields, &[("sys_mod_count", &count), ("short_description", &title)]].concat();
        self.control.edit_row_silently("incident", id, &fields).unwrap();
    }

    fn edit(&mut self) {
        self.steps += 1;
        let title = format!("Step {}", self.steps);
        let Some(id) = self.any() else { return };
        let past = || {
            let rows = self.control.rows("incident");
            rows[rows.len() / 2]["sys_updated_on"].value.clone()
        };
        match self.random.below(12) {
            0 => {
                let number = format!("NEW{}", self.steps);
                self.control.add_row("incident", &[("short_description", &title), ("number", &number)]).unwrap();
            }
            1 => {
                let at = past();
                let fields = [("short_description", title.as_str()), ("sys_updated_on", &at), ("opened_at", &at)];
                self.control.add_row("incident", &fields).unwrap();
            }
            2 | 3 => self.control.edit_row("incident", &id, &[("short_description", &title)]).unwrap(),
            4 => self.silently(&id, &[]),
            5 => self.silently(&id, &[("sys_updated_on", &past())]),
            6 => self.silently(&id, &[("sys_updated_on", ""), ("opened_at", "2026-11-01 10:00:00")]),
            7 => {
                self.control.delete_row("incident", &id).unwrap();
                self.hidden.remove(&id);
                self.deleted.push(id);
            }
            8 => {
                if let Some(id) = self.deleted.pop() {
                    // It may be back already by a restored snapshot.
                    let _ = self.control.undelete_row("incident", &id);
                }
            }
            9 => {
                self.control.hide_row("incident", &id, true).unwrap();
                self.hidden.insert(id);
            }
            10 => {
                for id in std::mem::take(&mut self.hidden) {
                    self.control.hide_row("incident", &id, false).unwrap();
                }
            }
            _ if self.kept => {
                self.control.restore_snapshot("kept").unwrap();
                self.kept = false;
                let there: BTreeSet<_> = self.ids().into_iter().collect();
                self.hidden.retain(|id| there.contains(id));
                self.deleted.retain(|id| !there.contains(id));
            }
            _ => {
                self.control.keep_snapshot("kept");
                self.kept = true;
            }
        }
    }

    /// What the user may see: title and change time by id.
    fn truth(&self) -> BTreeMap<String, (String, String)> {
        let rows = self.control.rows("incident").into_iter();
        rows.filter(|row| !self.hidden.contains(&row["sys_id"].value))
            .map(|row| {
                let stamp = &row["sys_updated_on"].value;
                let stamp = if stamp.is_empty() { &row["opened_at"].value } else { stamp };
                let time = format!("{}Z", stamp.replace(' ', "T"));
                (row["sys_id"].value.clone(), (row["short_description"].value.clone(), time))
            })
            .collect()
    }
}

/// The program's side.
struct Program {
    services: Arc<Services>,
    name: ConnectionName,
}

impl Program {
    fn new(site: &Site) -> Self {
        let options = VaultOptions { key_file: Some(site.home().join("key.txt")), ..VaultOptions::bare() };
        let catalogue = Arc::new(Catalogue::built_in().unwrap());
        let services =
            Services::new(Home::in_dir(site.home()), catalogue, None, options, Box::new(|| Box::new(Nobody)));
        Self { services: Arc::new(services), name: ConnectionName::parse(NAME).unwrap() }
    }

    async fn run(&self, how: How) -> Vec<KindReport> {
        syncing::run(&self.services, NAME, how, |_| (), CancellationToken::new()).await.unwrap()
    }

    /// Runs a sync and drops it when it has told of its progress so many times.
    async fn crash(&self, how: How, after: usize) {
        let (told, reached) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let notify = reached.clone();
        let progress = move |_| {
            if told.fetch_add(1, Ordering::SeqCst) + 1 >= after {
                notify.notify_one();
            }
        };
        tokio::select! {
            reports = syncing::run(&self.services, NAME, how, progress, CancellationToken::new()) => drop(reports),
            () = reached.notified() => {}
        }
    }

    async fn stored(&self) -> BTreeMap<String, (String, String)> {
        let store = self.services.store().await.unwrap();
        let filter = ItemFilter { kind: Some(WorkItemKind::Incident), removed: Some(false), ..ItemFilter::default() };
        let (mut stored, mut seek) = (BTreeMap::new(), Seek::First);
        loop {
            let window = store.items(Some(&self.name), filter.clone(), seek, 500).await.unwrap();
            for row in &window.rows {
                let item = store.item(row.key.row_id).await.unwrap().unwrap();
                stored.insert(item.source_id, (item.title, item.updated_at.to_string()));
            }
            match window.rows.last() {
                Some(last) if !window.at_end => seek = Seek::After(last.key),
                _ => return stored,
            }
        }
    }

    async fn health(&self) -> Health {
        let store = self.services.store().await.unwrap();
        store.summary(&self.name, Timestamp::now()).await.unwrap().health(Timestamp::now())
    }

    async fn open_count(&self) -> u64 {
        let store = self.services.store().await.unwrap();
        store.summary(&self.name, Timestamp::now()).await.unwrap().kinds[&WorkItemKind::Incident].total
    }
}

async fn check_after_a_sweep(world: &World, program: &Program, reports: &[KindReport]) {
    let (truth, stored) = (world.truth(), program.stored().await);
    let there: BTreeSet<_> = world.ids().into_iter().collect();
    for (id, row) in &truth {
        assert_eq!(stored.get(id), Some(row), "step {}: {id}\n{reports:?}", world.steps);
    }
    for id in stored.keys() {
        let hidden = world.hidden.contains(id) && there.contains(id);
        assert!(truth.contains_key(id) || hidden, "step {}: {id} is gone\n{reports:?}", world.steps);
    }
    assert_eq!(program.open_count().await, stored.len() as u64);
    let expected = if world.hidden.is_empty() { Health::Healthy } else { Health::Warning };
    assert_eq!(program.health().await, expected, "step {}: {reports:?}", world.steps);
}

async fn live_through(site: &Site, seed: u64, steps: usize) {
    let program = Program::new(site);
    let mut world = World {
        control: site.control.clone(),
        random: Random(seed),
        hidden: BTreeSet::new(),
        deleted: Vec::new(),
        kept: false,
        steps: 0,
    };
    let verify = How { full: false, verify: true };
    while world.steps < steps {
        for _ in 0..=world.random.below(6) {
            world.edit();
        }
        let how = How { full: world.random.below(25) == 0, verify: world.random.below(3) == 0 };
        match world.random.below(3) {
            0 => {
                let after = 1 + world.random.below(5);
                program.crash(how, after).await;
            }
            _ => {
                let reports = program.run(how).await;
                assert!(reports.iter().all(|report| report.complete), "step {}: {reports:?}", world.steps);
                if how.verify {
                    check_after_a_sweep(&world, &program, &reports).await;
                } else if reports.iter().any(|report| report.hidden > 0) {
                    assert_ne!(program.health().await, Health::Healthy, "step {}: {reports:?}", world.steps);
                }
            }
        }
    }
    let reports = program.run(verify).await;
    check_after_a_sweep(&world, &program, &reports).await;
    let again = program.run(verify).await;
    let clean = |report: &KindReport| {
        let sweep = report.sweep.as_ref().unwrap();
        sweep.missing + sweep.changed + sweep.removed + sweep.restored + sweep.unknown == 0
    };
    assert!(again.iter().all(clean), "{again:?}");
}

fn live(seed: u64, steps: usize) {
    let site = Site::connected(Options { rows: Some(80), ..Options::still() });
    Runtime::new().unwrap().block_on(live_through(&site, seed, steps));
}

#[test]
fn after_five_hundred_random_steps_every_sweep_left_the_store_equal() {
    live(1, 500);
}

#[test]
#[ignore = "takes minutes: cargo test --test itsmc ten_thousand -- --ignored"]
fn after_ten_thousand_random_steps_every_sweep_left_the_store_equal() {
    for seed in 2..12 {
        live(seed, 1_000);
    }
}
