//! Random edits of a practice ServiceNow between syncs that are dropped at arbitrary awaits.
//!
//! What is promised, and checked here:
//! - after a sweep the store equals what the user may see; rows that are stored and hidden are kept, rows that are gone
//!   are marked as removed; of a column that is hidden each row keeps what was stored, or has nothing;
//! - after a sweep status says healthy exactly when nothing is hidden, be it a row or a column;
//! - after a sync that was not shown rows which the product counts, or a column, status does not say healthy; and what
//!   was not healthy becomes healthy only once nothing is hidden, also by a sync that is dropped;
//! - a choice that was relabelled is one value under one label, and after everything was fetched under its newest one.
//!
//! A change that moves neither stamp nor counter leaves no trace that a sweep could see; only `sync --full` finds it.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use itsmc::model::connection::ConnectionName;
use itsmc::model::items::{ItemFilter, Seek};
use itsmc::model::summary::{Health, KindSummary};
use itsmc::model::sync::KindReport;
use itsmc::model::work_item::WorkItemKind;
use itsmc::service::services::Services;
use itsmc::service::syncing::{self, How};
use itsmc_practice::servicenow::{Control, Options};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::site::{NAME, Site, services};

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

/// What is compared of a row: its attributes by name.
type Row = BTreeMap<&'static str, String>;

/// Columns that are hidden at times, and their attributes here.
const COLUMNS: [(&str, &str); 4] =
    [("short_description", "title"), ("state", "state"), ("priority", "priority"), ("category", "category")];

const LABELS: [&str; 4] = ["Busy", "Being worked on", "2", "In Progress"];

/// The product and what was done to it.
struct World {
    control: Control,
    random: Random,
    hidden: BTreeSet<String>,
    /// Hidden columns by attribute.
    columns: BTreeSet<&'static str>,
    relabelled: bool,
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
        match self.random.below(15) {
            12 | 13 => self.turn_column(),
            14 => {
                let label = LABELS[self.random.below(LABELS.len())];
                self.control.relabel_choice("incident", "state", "2", label).unwrap();
                self.relabelled = true;
            }
            0 => {
                let number = format!("NEW{}", self.steps);
                self.control.add_row("incident", &[("short_description", &title), ("number", &number)]).unwrap();
            }
            1 => {
                let (at, number) = (past(), format!("OLD{}", self.steps));
                let fields = [
                    ("short_description", title.as_str()),
                    ("number", &number),
                    ("sys_updated_on", &at),
                    ("opened_at", &at),
                ];
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

    /// Hides a column, or shows the hidden one again.
    fn turn_column(&mut self) {
        let hidden = self.columns.pop_first();
        let turned = hidden.unwrap_or_else(|| COLUMNS[self.random.below(COLUMNS.len())].1);
        let (column, attribute) = COLUMNS.into_iter().find(|(_, attribute)| *attribute == turned).unwrap();
        self.control.hide_column("incident", column, hidden.is_none());
        if hidden.is_none() {
            self.columns.insert(attribute);
        }
    }

    fn hides_nothing(&self) -> bool {
        self.hidden.is_empty() && self.columns.is_empty()
    }

    /// What the user may see, by id, were every column shown.
    fn truth(&self) -> BTreeMap<String, Row> {
        let rows = self.control.rows("incident").into_iter();
        rows.filter(|row| !self.hidden.contains(&row["sys_id"].value))
            .map(|row| {
                let stamp = &row["sys_updated_on"].value;
                let stamp = if stamp.is_empty() { &row["opened_at"].value } else { stamp };
                let value = |column: &str| row[column].value.clone();
                let mut seen: Row = COLUMNS.into_iter().map(|(column, name)| (name, value(column))).collect();
                seen.insert("updated", format!("{}Z", stamp.replace(' ', "T")));
                (value("sys_id"), seen)
            })
            .collect()
    }

    fn label(&self) -> String {
        let rows = self.control.rows("incident");
        let busy = rows.iter().find(|row| row["state"].value == "2");
        busy.map_or_else(String::new, |row| row["state"].display_value.clone().unwrap())
    }
}

/// The program's side.
struct Program {
    services: Arc<Services>,
    name: ConnectionName,
}

impl Program {
    fn new(site: &Site) -> Self {
        let services = services(site);
        Self { services: Arc::new(services), name: ConnectionName::parse(NAME).unwrap() }
    }

    async fn run(&self, how: How) -> Vec<KindReport> {
        syncing::run(&self.services, NAME, how, |_| (), CancellationToken::new()).await.unwrap()
    }

    /// Runs a sync and drops it once it has been polled so many times, wherever it then waits.
    async fn crash(&self, how: How, polls: usize) {
        let mut left = polls;
        let mut syncing = pin!(syncing::run(&self.services, NAME, how, |_| (), CancellationToken::new()));
        std::future::poll_fn(|context| {
            let done = syncing.as_mut().poll(context).is_ready() || left == 0;
            left = left.saturating_sub(1);
            if done { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        // A process that ends leaves no writes in a queue: those of this one are waited for.
        self.services.store().await.unwrap().prepare(Vec::new(), Timestamp::now()).await.unwrap();
    }

    async fn stored(&self, removed: Option<bool>) -> BTreeMap<String, Row> {
        let store = self.services.store().await.unwrap();
        let filter = ItemFilter { kinds: vec![WorkItemKind::Incident], removed, ..ItemFilter::default() };
        let (mut stored, mut seek) = (BTreeMap::new(), Seek::First);
        loop {
            let window = store.items(Some(&self.name), filter.clone(), seek, 500).await.unwrap();
            for row in &window.rows {
                let item = store.item(row.key.row_id).await.unwrap().unwrap();
                let category = item.field("category").map_or_else(String::new, |value| value.value);
                let row = [
                    ("title", item.title),
                    ("state", item.state.value),
                    ("priority", item.priority.value),
                    ("category", category),
                    ("updated", item.updated_at.to_string()),
                ];
                stored.insert(item.source_id, row.into_iter().collect());
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

    async fn counts(&self) -> KindSummary {
        let store = self.services.store().await.unwrap();
        let mut summary = store.summary(&self.name, Timestamp::now()).await.unwrap();
        summary.kinds.remove(&WorkItemKind::Incident).unwrap()
    }
}

/// A life of a product and a program that follows it.
struct Story {
    world: World,
    program: Program,
    /// What was stored when each hidden column was last shown to the program.
    kept: BTreeMap<&'static str, BTreeMap<String, Row>>,
}

impl Story {
    async fn edit(&mut self) {
        let before = self.world.columns.clone();
        self.world.edit();
        let now = self.world.columns.clone();
        self.kept.retain(|name, _| now.contains(name));
        for name in now.difference(&before) {
            self.kept.insert(name, self.program.stored(None).await);
        }
    }

    async fn check_after_a_sweep(&self, reports: &[KindReport]) {
        let (world, step) = (&self.world, self.world.steps);
        let (truth, stored) = (world.truth(), self.program.stored(Some(false)).await);
        for (id, row) in &truth {
            let mut expected = row.clone();
            for (name, rows) in &self.kept {
                let kept = rows.get(id).map_or_else(String::new, |row| row[name].clone());
                expected.insert(name, kept);
            }
            assert_eq!(stored.get(id), Some(&expected), "step {step}: {id}, {:?}\n{reports:?}", world.columns);
        }
        let there: BTreeSet<_> = world.ids().into_iter().collect();
        for id in stored.keys() {
            let hidden = world.hidden.contains(id) && there.contains(id);
            assert!(truth.contains_key(id) || hidden, "step {step}: {id} is gone\n{reports:?}");
        }
        self.check_counts(&stored).await;
        let expected = if world.hides_nothing() { Health::Healthy } else { Health::Warning };
        assert_eq!(self.program.health().await, expected, "step {step}: {reports:?}");
    }

    async fn check_counts(&self, stored: &BTreeMap<String, Row>) {
        let counts = self.program.counts().await;
        assert_eq!(counts.total, stored.len() as u64);
        let by_state: BTreeMap<_, _> = counts.by_state.iter().map(|(state, n)| (state.value.clone(), *n)).collect();
        assert_eq!(by_state.len(), counts.by_state.len(), "a value under two labels: {:?}", counts.by_state);
        let of = |value: &str| stored.values().filter(|row| row["state"] == *value).count() as u64;
        let differing: Vec<_> = by_state.iter().filter(|(value, n)| of(value) != **n).collect();
        assert!(differing.is_empty(), "step {}: {differing:?}", self.world.steps);
    }

    async fn check_labels(&mut self) {
        let (label, counts) = (self.world.label(), self.program.counts().await);
        let shown = counts.by_state.iter().find(|(state, _)| state.value == "2").map(|(state, _)| state.shown());
        if self.world.relabelled && self.world.hides_nothing() && !label.is_empty() {
            assert_eq!(shown, Some(label.as_str()), "step {}", self.world.steps);
        }
    }

    async fn sync(&mut self, how: How) {
        let before = self.program.health().await;
        if self.world.random.below(3) == 0 {
            let polls = self.world.random.below(40);
            self.program.crash(how, polls).await;
        } else {
            let reports = self.program.run(how).await;
            assert!(reports.iter().all(|report| report.complete), "step {}: {reports:?}", self.world.steps);
            if how.full {
                self.check_labels().await;
            }
            if how.verify {
                self.check_after_a_sweep(&reports).await;
            } else if reports.iter().any(|report| report.hidden > 0) || !self.world.columns.is_empty() {
                let health = self.program.health().await;
                assert_ne!(health, Health::Healthy, "step {}: {reports:?}", self.world.steps);
            }
        }
        let became_healthy = before != Health::Healthy && self.program.health().await == Health::Healthy;
        assert!(!became_healthy || self.world.hides_nothing(), "step {}", self.world.steps);
    }
}

async fn live_through(site: &Site, seed: u64, steps: usize) {
    let world = World {
        control: site.control.clone(),
        random: Random(seed),
        hidden: BTreeSet::new(),
        columns: BTreeSet::new(),
        relabelled: false,
        deleted: Vec::new(),
        kept: false,
        steps: 0,
    };
    let mut story = Story { world, program: Program::new(site), kept: BTreeMap::new() };
    while story.world.steps < steps {
        for _ in 0..=story.world.random.below(6) {
            story.edit().await;
        }
        let random = &mut story.world.random;
        let how = How { full: random.below(25) == 0, verify: random.below(3) == 0 };
        story.sync(how).await;
    }
    let verify = How { full: false, verify: true };
    let reports = story.program.run(verify).await;
    story.check_after_a_sweep(&reports).await;
    let again = story.program.run(verify).await;
    let clean = |report: &KindReport| {
        let sweep = report.sweep.as_ref().unwrap();
        sweep.missing + sweep.changed + sweep.removed + sweep.restored + sweep.unknown == 0
    };
    assert!(again.iter().all(clean), "{again:?}");
}

fn live(seed: u64, steps: usize) {
    println!("seed {seed}");
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
    // Each seed has an instance and a home of its own.
    std::thread::scope(|scope| {
        for first in [2, 3] {
            scope.spawn(move || (first..12).step_by(2).for_each(|seed| live(seed, 1_000)));
        }
    });
}
