//! Brings one batch to the service: over outages and throttling, in smaller parts where it is too large, and without the
//! rows that the service does not take.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

use super::SinkJob;
use super::batch::Batch;
use super::clock::Clock;
use super::gate::Gate;
use crate::azure::ingestion::Packed;
use crate::model::azure_id::guid_of;
use crate::model::fault::Fault;
use crate::model::sending::SendFinding;

/// So many rows may be refused before one is accepted; then it is not the rows that are wrong.
const REFUSED: u64 = 25;

/// A limit that was learnt is not below this.
const SMALLEST_LIMIT: usize = 4_096;

/// What all batches of a run share.
pub(super) struct Delivery {
    job: SinkJob,
    clock: Arc<dyn Clock>,
    /// Ends it.
    pub cancel: CancellationToken,
    /// Whether the service is failing.
    pub gate: Gate,
    /// The largest request that is known to be taken.
    limit: AtomicUsize,
    refused: AtomicU64,
    accepted: AtomicU64,
    requests: AtomicU64,
}

/// What became of a batch.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivered {
    /// Rows that were accepted.
    pub accepted: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
    /// Rows that were refused, by the numbers of their work items, each with what the service said.
    pub refused: Vec<SendFinding>,
}

impl Delivery {
    /// For a run.
    pub fn new(job: SinkJob, clock: Arc<dyn Clock>, cancel: CancellationToken) -> Self {
        let limit = AtomicUsize::new(job.settings.batch_bytes);
        let (refused, accepted, requests) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        Self { job, clock, cancel, gate: Gate::default(), limit, refused, accepted, requests }
    }

    /// Delivers a batch: every row of it is accepted, or refused by itself, when it returns.
    ///
    /// # Errors
    /// What keeps rows from being accepted and does not pass; [`Fault::Interrupted`].
    pub async fn deliver(&self, stream: &str, batch: &Arc<Batch>) -> Result<Delivered, Fault> {
        let mut delivered = Delivered::default();
        let mut parts: Vec<_> = std::iter::once(0..batch.len()).collect();
        while let Some(part) = parts.pop() {
            if part.len() > 1 && batch.part_bytes(&part) > self.limit.load(Ordering::Relaxed) {
                parts.extend(halves(&part));
                continue;
            }
            match self.try_until_answered(stream, batch, &part).await {
                Ok(bytes) => {
                    delivered.accepted += part.len() as u64;
                    delivered.bytes += bytes;
                    self.accepted.fetch_add(part.len() as u64, Ordering::Relaxed);
                }
                Err(Fault::BatchTooLarge { bytes, .. }) if part.len() > 1 => {
                    let smaller = usize::try_from(bytes / 2).unwrap_or(usize::MAX).max(SMALLEST_LIMIT);
                    self.limit.fetch_min(smaller, Ordering::Relaxed);
                    parts.extend(halves(&part));
                }
                Err(Fault::RowsRefused { .. }) if part.len() > 1 => parts.extend(halves(&part)),
                Err(fault @ (Fault::RowsRefused { .. } | Fault::BatchTooLarge { .. })) => {
                    delivered.refused.push(self.refused(batch, part.start, fault)?);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(delivered)
    }

    fn refused(&self, batch: &Batch, row: usize, fault: Fault) -> Result<SendFinding, Fault> {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if refused >= REFUSED && self.accepted.load(Ordering::Relaxed) == 0 {
            return Err(fault);
        }
        let detail = match fault {
            Fault::RowsRefused { detail, .. } | Fault::BatchTooLarge { detail, .. } => detail,
            other => other.code().to_owned(),
        };
        Ok(SendFinding::RefusedRows { rows: 1, numbers: vec![batch.number(row).to_owned()], detail })
    }

    async fn try_until_answered(&self, stream: &str, batch: &Arc<Batch>, part: &Range<usize>) -> Result<u64, Fault> {
        let (rows, part) = (batch.clone(), part.clone());
        let stopped = |_| Fault::Internal { what: "packing rows has failed".to_owned() };
        let packed = tokio::task::spawn_blocking(move || Packed::rows(rows.part(&part))).await.map_err(stopped)?;
        loop {
            let turn = self.gate.turn().await;
            if let Some(pause) = self.gate.pause(self.clock.now()) {
                tokio::select! {
                    () = self.clock.sleep(pause) => {}
                    () = self.cancel.cancelled() => return Err(Fault::Interrupted),
                }
            }
            let request_id = self.request_id();
            let outcome = tokio::select! {
                outcome = self.job.ingestion.send(stream, &packed, &request_id) => outcome,
                () = self.cancel.cancelled() => return Err(Fault::Interrupted),
            };
            match outcome {
                Ok(()) => {
                    self.gate.passed();
                    return Ok(packed.bytes);
                }
                Err(fault @ (Fault::RowsRefused { .. } | Fault::BatchTooLarge { .. })) => {
                    self.gate.passed();
                    return Err(fault);
                }
                Err(fault) if self.gate.failed(&fault, self.clock.now(), &self.job.settings) => drop(turn),
                Err(fault) => return Err(fault),
            }
        }
    }

    /// A GUID that no other request has.
    fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let (now, process) = (self.clock.now().as_nanosecond(), std::process::id());
        guid_of(&format!("{} {now} {process} {number}", self.job.workspace.name))
    }
}

/// Both halves of a part, the first one on top.
fn halves(part: &Range<usize>) -> [Range<usize>; 2] {
    let middle = part.start + part.len() / 2;
    [middle..part.end, part.start..middle]
}
