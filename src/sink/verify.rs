//! Whether what was accepted is in the workspace: accepted rows may still be dropped, cut or held back there.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::again::send_again;
use super::clock::Clock;
use super::look::{Look, SeenRow};
use super::row::RowMaker;
use super::rule::Streamed;
use super::{Feeding, SinkJob};
use crate::model::fault::Fault;
use crate::model::fields::NoFields;
use crate::model::finding::NAMED;
use crate::model::log_analytics::WORK_ITEMS;
use crate::model::schedule::SETTLED;
use crate::model::sending::{SendFinding, SinkState, StateCount, VerifyRecord};
use crate::model::work_item::{Value, WorkItemKind};
use crate::model::workspace::{Values, Workspace};
use crate::store::{Changed, What};

/// How often rows are looked for that may be on their way.
const PAUSE: Duration = Duration::from_secs(20);

/// Ids with the numbers of their work items.
type Named = Vec<(String, String)>;

/// What differs between store and workspace.
#[derive(Default)]
pub(super) struct Difference {
    record: VerifyRecord,
    /// What is to be sent again, by connection and kind: ids.
    pub again: Vec<(Feeding, WorkItemKind, HashSet<String>)>,
    /// What the workspace shows and the store does not have: id and number.
    pub surplus: Vec<(Feeding, WorkItemKind, Named)>,
    states: BTreeMap<(WorkItemKind, String), (u64, u64)>,
}

/// Compares the workspace with the store, and sends again what is missing there, marked as such. The caller holds the
/// workspace's lock. Nothing is declared missing by a part of an answer, and nothing is sent again while the workspace is
/// over its daily cap.
///
/// # Errors
/// [`Fault::PartialResult`], [`Fault::VerificationCutOff`] and whatever else kept it from seeing everything: then nothing is known.
pub async fn verify(
    job: SinkJob,
    look: Look,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let (limit, workspace) = (job.settings.verify_limit, job.workspace.name.to_string());
    let compared = compared(job, look, cancel, clock.clone());
    let Some(limit) = limit else { return compared.await };
    tokio::select! {
        outcome = compared => outcome,
        () = clock.sleep(limit) => Err(Fault::VerificationCutOff { workspace, seconds: limit.as_secs() }),
    }
}

async fn compared(
    job: SinkJob,
    look: Look,
    cancel: CancellationToken,
    clock: Arc<dyn Clock>,
) -> Result<VerifyRecord, Fault> {
    let name = job.workspace.name.to_string();
    let (mut state, done) = (job.store.sink_state(&name).await?, job.store.sink_done(&name).await?);
    let streamed = unless(&cancel, declared(&job)).await?;
    let comparison = Comparison {
        maker: streamed.as_ref().map(|streamed| RowMaker::new(streamed, job.workspace.values)),
        values: state.shown_values(job.workspace.values),
        job: &job,
        look: &look,
        done,
    };
    let mut difference = unless(&cancel, comparison.whole(&state)).await?;
    // What was accepted a short while ago may be on its way. A time in the future was noted under a wrong clock.
    let begun = clock.now();
    let cap = unless(&cancel, async { Ok(look.cap().await.ok()) }).await?;
    let held_back = cap.as_ref().is_some_and(|cap| cap.is_over(begun));
    let settled = state.last_accepted.map_or(begun, |last| last.min(begun)).saturating_add(SETTLED).unwrap_or(begun);
    while !difference.record.is_clean() && !held_back && clock.now() < settled {
        tokio::select! {
            () = clock.sleep(PAUSE) => {}
            () = cancel.cancelled() => return Err(Fault::Interrupted),
        }
        difference = unless(&cancel, comparison.whole(&state)).await?;
    }
    let mut record = std::mem::take(&mut difference.record);
    (record.at, record.cap) = (clock.now(), cap);
    record.follow(state.verified.as_ref());
    unless(&cancel, ask_the_rule(&mut record, &look, state.verified.as_ref().map(|before| before.at))).await?;
    if record.is_clean() {
        state.bounds.verified(done);
        state.gone.clear();
        state.findings.retain(|found| !matches!(found, SendFinding::NotMarkedRemoved { .. }));
    } else if !held_back {
        record.resent = send_again(&job, &difference, streamed, &mut state, (cancel, clock.clone())).await?;
        state.last_accepted = Some(clock.now());
    }
    state.unverified_since = (record.resent > 0).then(|| clock.now());
    state.verified = Some(record.clone());
    job.store.keep_sink(&name, state, None).await?;
    Ok(record)
}

/// Work that ends when it is cancelled.
pub(super) async fn unless<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    tokio::select! {
        outcome = work => outcome,
        () = cancel.cancelled() => Err(Fault::Interrupted),
    }
}

/// The columns that the rule takes; `None` where it may not be read.
async fn declared(job: &SinkJob) -> Result<Option<Streamed>, Fault> {
    let rule = job.ingestion.rule();
    match job.rule.columns().await {
        Ok(Some(declared)) => {
            Streamed::declared(rule, &Workspace::stream(&job.workspace.table), &declared, &WORK_ITEMS).map(Some)
        }
        Ok(None) => Err(Fault::RuleNotFound { rule: rule.to_owned(), detail: String::new() }),
        Err(_) => Ok(None),
    }
}

/// What the rule itself says of the time since the verification before. None of it is needed to compare rows.
async fn ask_the_rule(record: &mut VerifyRecord, look: &Look, before: Option<Timestamp>) -> Result<(), Fault> {
    let since = before.unwrap_or(record.at.saturating_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(record.at));
    match look.metrics(since, record.at).await {
        Ok(counts) => record.rule = Some(counts),
        Err(fault) => record.rule_fault = Some(Box::new(fault)),
    }
    record.rule_errors = look.rule_errors(since).await;
    Ok(())
}

/// What is compared with what.
struct Comparison<'a> {
    job: &'a SinkJob,
    look: &'a Look,
    /// Makes the state as it was sent, where the types of the columns are known.
    maker: Option<RowMaker>,
    /// How rows may show choices; what the settings say comes first.
    values: Vec<Values>,
    done: i64,
}

impl Comparison<'_> {
    async fn whole(&self, state: &SinkState) -> Result<Difference, Fault> {
        let mut found = Difference::default();
        for feeding in &self.job.feeding {
            for kind in WorkItemKind::ALL {
                let seen = self.look.rows(&feeding.connection, kind).await?;
                self.kind((feeding, kind), seen, state, &mut found).await?;
            }
        }
        let feeds = |connection: &str| self.job.feeding.iter().any(|one| one.connection == connection);
        for (connection, kind) in state.gone.iter().filter(|(connection, _)| !feeds(connection)) {
            let gone = Feeding { connection: connection.clone(), partner: String::new() };
            let seen = self.look.rows(connection, *kind).await?;
            found.surplus((&gone, *kind), seen);
        }
        let differs = found.states.iter().filter(|(_, (here, there))| here != there);
        let count = |((kind, state), (here, there)): (&(WorkItemKind, String), &(u64, u64))| StateCount {
            kind: *kind,
            state: state.clone(),
            here: *here,
            there: *there,
        };
        found.record.states = differs.map(count).collect();
        Ok(found)
    }

    async fn kind(
        &self,
        (feeding, kind): (&Feeding, WorkItemKind),
        seen: Vec<SeenRow>,
        state: &SinkState,
        found: &mut Difference,
    ) -> Result<(), Fault> {
        found.record.doubled += seen.iter().map(|row| row.doubled).sum::<u64>();
        let mut seen: HashMap<_, _> = seen.into_iter().map(|row| (row.id.clone(), row)).collect();
        let mut again = HashSet::new();
        let mut reader = Reader::new(self.job, &feeding.connection, kind);
        while let Some(item) = reader.next().await? {
            let there = seen.remove(&item.source_id);
            if item.change > self.done {
                // It was not sent yet, or is newer here than there for that reason.
                continue;
            }
            let least = state.bounds.least(item.change);
            if self.differs(&item, there.as_ref(), least, found) {
                again.insert(item.source_id);
            }
        }
        if !again.is_empty() {
            found.again.push((feeding.clone(), kind, again));
        }
        found.surplus((feeding, kind), seen.into_values().collect());
        Ok(())
    }

    /// The state that the newest row of a work item is to show: where rows may show it in several ways, the one that it shows.
    fn expected<'i>(&self, item: &'i Stored, there: Option<&SeenRow>) -> Option<&'i str> {
        let maker = self.maker.as_ref()?;
        let shown = |values: &Values| maker.state(item.kind, (&item.state).into(), *values);
        let as_there = |state: &Option<&str>| there.is_some_and(|row| *state == Some(row.state.as_str()));
        self.values.iter().map(shown).find(as_there).or_else(|| self.values.first().map(shown)).flatten()
    }

    /// Compares one work item with its newest row; notes what is wrong.
    fn differs(&self, item: &Stored, there: Option<&SeenRow>, least: Option<i64>, found: &mut Difference) -> bool {
        let whole_second = |at: Timestamp| at.as_second();
        let expected = self.expected(item, there);
        let removed = item.removed;
        found.count(item.kind, expected.filter(|_| !removed), there.filter(|row| !row.removed));
        let record = &mut found.record;
        record.checked += 1;
        let problem = match there {
            None if removed => return false,
            None => &mut record.missing,
            Some(row) if row.removed && removed => return false,
            Some(row) if row.removed => &mut record.missing,
            Some(_) if removed => &mut record.older,
            Some(row) if row.modified.map(whole_second) < Some(whole_second(item.updated_at)) => &mut record.older,
            // A change without a time of its own: the row that was sent for it has a greater number.
            Some(row) if least.is_some_and(|least| row.send < least) => &mut record.older,
            Some(row) if expected.is_some_and(|expected| row.state != expected) => &mut record.other_state,
            Some(_) => return false,
        };
        *problem += 1;
        if record.numbers.len() < NAMED {
            record.numbers.push(item.number.clone());
        }
        true
    }
}

impl Difference {
    /// Work items that the workspace shows and that are gone here.
    fn surplus(&mut self, (feeding, kind): (&Feeding, WorkItemKind), seen: Vec<SeenRow>) {
        let shown: Vec<_> = seen.into_iter().filter(|row| !row.removed).collect();
        if shown.is_empty() {
            return;
        }
        self.record.surplus += shown.len() as u64;
        for row in &shown {
            self.states.entry((kind, row.state.clone())).or_default().1 += 1;
        }
        let named = shown.into_iter().map(|row| (row.id, row.number)).collect();
        self.surplus.push((feeding.clone(), kind, named));
    }

    fn count(&mut self, kind: WorkItemKind, here: Option<&str>, there: Option<&SeenRow>) {
        if let Some(state) = here {
            self.states.entry((kind, state.to_owned())).or_default().0 += 1;
        }
        if let Some(row) = there {
            self.states.entry((kind, row.state.clone())).or_default().1 += 1;
        }
    }
}

/// What is compared of a stored work item.
struct Stored {
    change: i64,
    kind: WorkItemKind,
    source_id: String,
    number: String,
    state: Value,
    updated_at: Timestamp,
    removed: bool,
}

/// Reads the stored work items of a connection and kind, portion by portion.
struct Reader<'a> {
    job: &'a SinkJob,
    connection: &'a str,
    kind: WorkItemKind,
    after: i64,
    ready: std::vec::IntoIter<Stored>,
    ended: bool,
}

impl<'a> Reader<'a> {
    fn new(job: &'a SinkJob, connection: &'a str, kind: WorkItemKind) -> Self {
        Self { job, connection, kind, after: 0, ready: Vec::new().into_iter(), ended: false }
    }

    async fn next(&mut self) -> Result<Option<Stored>, Fault> {
        loop {
            if let Some(item) = self.ready.by_ref().find(|item| item.kind == self.kind) {
                return Ok(Some(item));
            }
            if self.ended {
                return Ok(None);
            }
            let (connections, limit) = (vec![self.connection.to_owned()], (self.after, self.job.settings.portion));
            let (all, portion) = self.job.store.changes_of(connections, limit, Vec::new(), keep).await?;
            self.ended = portion.ended;
            self.after = portion.last.unwrap_or(self.after);
            self.ready = all.into_iter();
        }
    }
}

fn keep(all: &mut Vec<Stored>, Changed { change, what, .. }: Changed<'_>) -> Result<ControlFlow<()>, NoFields> {
    if let What::Item { item, removed_at } = what {
        all.push(Stored {
            change,
            kind: item.kind,
            source_id: item.source_id.to_owned(),
            number: item.number.to_owned(),
            state: item.state.into(),
            updated_at: item.updated_at,
            removed: removed_at.is_some(),
        });
    }
    Ok(ControlFlow::Continue(()))
}
