//! Columns that the product stopped showing: their stored values are kept, and a finding names them.
//!
//! A product hides a column by leaving it out of a row, which the partner notes in the row itself, or by sending it
//! empty. So if a page would empty every stored value of an attribute, the product is asked whether it shows any.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::Run;
use super::fetch;
use super::kind_sync::KindSync;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::store::FeedNotes;

/// If the product cannot be asked, this many stored values that would all be emptied mean a hidden column.
const MANY: usize = 3;

/// About this many rows of a page are searched for attributes with values.
const LOOKED_AT: usize = 64;

/// Attributes that no product leaves empty in every row of many.
const ALWAYS_FILLED: [&str; 4] = ["number", "state", "title", "priority"];

/// After this many rows without any value, such an attribute counts as hidden.
const ENOUGH_ROWS: u64 = 3;

/// For this long, a page that ends with the newest stored row counts as the last one without another request.
const PROOF_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// The columns of a kind as one run sees them, with the notes of earlier runs.
#[derive(Debug, Default)]
pub struct Sights(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    notes: FeedNotes,
    /// Attributes that had a value in this run.
    shown: BTreeSet<String>,
    /// Attributes that were hidden in this run.
    hidden: BTreeSet<String>,
    /// Attributes of which the product showed a value on request.
    visible: BTreeSet<String>,
    rows: u64,
}

impl Sights {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with the notes of earlier runs.
    pub fn begin(&self, notes: FeedNotes) {
        self.state().notes = notes;
    }

    /// Whether an attribute is hidden without asking: it was hidden in this run, or in an earlier one and this run has not seen it
    /// since. Rows that lack it prove nothing against what this run saw.
    fn is_known_hidden(&self, name: &str) -> bool {
        let state = self.state();
        state.hidden.contains(name) || (state.notes.hidden.contains(name) && !state.shown.contains(name))
    }

    /// Hidden attributes that are shown again; rows stored in between lack them.
    pub fn recovered(&self) -> BTreeSet<String> {
        let state = self.state();
        let back =
            state.notes.hidden.iter().filter(|name| state.shown.contains(*name) && !state.hidden.contains(*name));
        back.cloned().collect()
    }

    /// The notes of this run. `whole`: it read everything, so attributes that are shown again are complete.
    pub fn notes(&self, whole: bool, totals_lie: bool) -> FeedNotes {
        let recovered = if whole { self.recovered() } else { BTreeSet::new() };
        let state = self.state();
        let mut hidden: BTreeSet<_> = state.notes.hidden.union(&state.hidden).cloned().collect();
        hidden.retain(|name| !recovered.contains(name));
        let never = |name: &&str| !state.shown.contains(*name) && !state.notes.seen.contains(*name);
        if state.rows >= ENOUGH_ROWS {
            let lacking = ALWAYS_FILLED.iter().filter(|name| never(name) && !state.visible.contains(**name));
            hidden.extend(lacking.map(|name| (*name).to_owned()));
        }
        let seen = state.notes.seen.union(&state.shown).cloned().collect();
        let FeedNotes { damaged, proved, .. } = state.notes.clone();
        FeedNotes { seen, hidden, damaged, proved, totals_lie: totals_lie || state.notes.totals_lie }
    }

    /// Notes the proof that a page which ended with the newest stored row was the last one.
    pub fn prove(&self, now: Timestamp) {
        self.state().notes.proved = Some(now);
    }

    /// Whether that was proved in the last hour. A gateway may cap pages at exactly the rows that an increment reads again;
    /// such a page hides the rows after it.
    pub fn proved_lately(&self, now: Timestamp) -> bool {
        self.state().notes.proved.is_some_and(|at| now.duration_since(at).abs() < PROOF_LASTS)
    }
}

/// Asks the product whether hidden attributes are shown again: the rows that change may prove neither.
///
/// # Errors
/// [`Fault::Interrupted`] when the sync is stopped.
pub async fn ask_again(run: &Run, sync: &KindSync) -> Result<(), Fault> {
    let hidden: Vec<_> = sync.sights.state().notes.hidden.iter().cloned().collect();
    for name in hidden {
        match fetch::unless(&sync.stop, run.job.partner.shows(sync.kind, &name)).await? {
            Ok(None) => continue,
            Ok(Some(true)) => {
                sync.sights.state().shown.insert(name);
            }
            Ok(Some(false)) => {}
            Err(fault) => tracing::info!(code = fault.code(), "a hidden column could not be asked for"),
        }
        sync.count_request();
    }
    Ok(())
}

/// The finding of hidden attributes, if there are any, named as the partner names them.
pub fn finding(run: &Run, kind: WorkItemKind, hidden: &BTreeSet<String>) -> Option<SyncFinding> {
    let named = |name: &String| run.job.partner.column(kind, name).filter(|column| column != name);
    let shown = |name: &String| named(name).map_or_else(|| name.clone(), |column| format!("{name} ({column})"));
    let columns: Vec<_> = hidden.iter().map(shown).collect();
    (!columns.is_empty()).then_some(SyncFinding::HiddenColumn { kind, columns })
}

/// Marks in each row the hidden attributes, so that their stored values are kept. If all rows of a page, or those that a sweep
/// fetches, lack an attribute, that proves little: they may be few and unusual. So the product is asked. Returns the attributes
/// that are hidden in all rows.
///
/// # Errors
/// The fault of the product or the store.
pub async fn settle(run: &Run, sync: &KindSync, items: &mut [WorkItem]) -> Result<Vec<Arc<str>>, Fault> {
    let mut hidden = Vec::new();
    for name in everywhere(items) {
        if sync.sights.state().visible.contains(&*name) {
            continue;
        }
        if is_hidden(run, sync, &name, items.len()).await? {
            sync.sights.state().hidden.insert(name.to_string());
            hidden.push(name);
        } else {
            sync.sights.state().visible.insert(name.to_string());
        }
    }
    let candidates = look(&sync.sights, items);
    keep_values(run, sync, items, candidates).await?;
    Ok(hidden)
}

/// The attributes that are hidden in each of the rows.
fn everywhere(items: &[WorkItem]) -> Vec<Arc<str>> {
    let in_all = |name: &&Arc<str>| items.iter().all(|item| item.hidden.contains(name));
    items.first().map(|first| first.hidden.iter().filter(in_all).cloned().collect()).unwrap_or_default()
}

/// Marks in each row the attributes whose stored values would be lost although they are only hidden.
async fn keep_values(run: &Run, sync: &KindSync, items: &mut [WorkItem], candidates: Vec<String>) -> Result<(), Fault> {
    if candidates.is_empty() || items.is_empty() {
        return Ok(());
    }
    let ids = items.iter().map(|item| item.source_id.clone()).collect();
    let stored = run.job.store.with_values(&run.job.connection.name, sync.kind, ids, candidates).await?;
    let mut hidden: Vec<Arc<str>> = Vec::new();
    for (name, rows) in stored {
        if is_hidden(run, sync, &name, rows).await? {
            sync.sights.state().hidden.insert(name.clone());
            hidden.push(name.into());
        } else {
            sync.sights.state().visible.insert(name);
        }
    }
    for item in items.iter_mut() {
        for name in &hidden {
            if !item.hidden.contains(name) && is_empty(item, name) {
                item.hidden.push(name.clone());
            }
        }
    }
    Ok(())
}

async fn is_hidden(run: &Run, sync: &KindSync, name: &str, rows: usize) -> Result<bool, Fault> {
    if sync.sights.is_known_hidden(name) {
        return Ok(true);
    }
    sync.count_request();
    let shows = fetch::unless(&sync.stop, run.job.partner.shows(sync.kind, name)).await?;
    match shows {
        Ok(Some(shows)) => Ok(!shows),
        Ok(None) => Ok(rows >= MANY),
        Err(Fault::Forbidden { .. }) => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Notes which attributes a page shows. Returns those that had values in earlier runs and none in this run so far.
fn look(sights: &Sights, items: &[WorkItem]) -> Vec<String> {
    let mut state = sights.state();
    let step = (items.len() / LOOKED_AT).max(1);
    for item in items.iter().step_by(step) {
        for name in filled(item) {
            if !state.shown.contains(&*name) {
                state.shown.insert(name.into_owned());
            }
        }
    }
    state.rows += items.len() as u64;
    let State { notes, shown, visible, .. } = &mut *state;
    let mut candidates = Vec::new();
    for name in notes.seen.iter().filter(|name| !visible.contains(*name)) {
        if !shown.contains(name) && items.iter().any(|item| !is_empty(item, name)) {
            shown.insert(name.clone());
        } else if !shown.contains(name) {
            candidates.push(name.clone());
        }
    }
    candidates
}

/// The attributes of a row that have a value.
fn filled(item: &WorkItem) -> impl Iterator<Item = Cow<'_, str>> {
    let own = ALWAYS_FILLED.into_iter().chain(["opened_at", "open"]).filter(|name| !is_empty(item, name));
    own.map(Cow::Borrowed).chain(item.fields.iter().map(|field| field.name.text()))
}

fn is_empty(item: &WorkItem, name: &str) -> bool {
    match name {
        "number" => item.number.is_empty(),
        "title" => item.title.is_empty(),
        "state" => item.state.is_empty(),
        "priority" => item.priority.is_empty(),
        "opened_at" => item.opened_at.is_none(),
        // A boolean is never empty; if it is hidden, the partner says so in the row.
        "open" => item.hidden.iter().any(|hidden| &**hidden == "open"),
        name => item.fields.get(name).is_none(),
    }
}
