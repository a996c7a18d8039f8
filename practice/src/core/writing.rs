//! What can go wrong around a request that changes something, whatever the product.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::Response;
use tokio::sync::watch;

use super::ResetSwitch;
use super::faults::{FaultSpec, Kind};
use super::reply::empty;

/// What a fault has to do with requests that change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtWrites {
    /// It befalls every request.
    Any,
    /// It befalls these alone, whatever the order says.
    Only,
    /// The same, and this is what it does around one.
    Around(WriteFault),
}

/// What a product's fault does at writes: the faults around a write are called the same in each product, and `only` are
/// those of its own that befall nothing but writes.
macro_rules! at_writes {
    ($fault:expr, only $only:pat) => {{
        use $crate::core::writing::{AtWrites, WriteFault};
        match $fault {
            Self::ReplyLost => AtWrites::Around(WriteFault::ReplyLost),
            Self::ErrorAfterCommit => AtWrites::Around(WriteFault::ErrorAfter),
            Self::Held => AtWrites::Around(WriteFault::Held),
            Self::HeldAfter => AtWrites::Around(WriteFault::HeldAfter),
            Self::SlowRule => AtWrites::Around(WriteFault::SlowRule),
            $only => AtWrites::Only,
            _ => AtWrites::Any,
        }
    }};
}
pub(crate) use at_writes;

/// What a fault does around a request that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// The request is carried out, then its connection is reset without an answer.
    ReplyLost,
    /// The request is carried out, then answered with an error.
    ErrorAfter,
    /// Nothing is done until the order to go on comes, even if the client has left by then.
    Held,
    /// The request is carried out; the answer waits for the order to go on.
    HeldAfter,
    /// Nothing is done for `millis`; then it is carried out, even if the client has left by then.
    SlowRule,
}

/// Where requests wait until they are let go on.
#[derive(Debug)]
pub(crate) struct Gate {
    waiting: AtomicUsize,
    round: watch::Sender<u64>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { waiting: AtomicUsize::new(0), round: watch::Sender::new(0) }
    }
}

/// Counts one request as waiting until it is dropped.
struct Waiting<'a>(&'a Gate);

impl<'a> Waiting<'a> {
    fn at(gate: &'a Gate) -> Self {
        gate.waiting.fetch_add(1, Ordering::SeqCst);
        Self(gate)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Gate {
    /// How many requests wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Lets all go on that wait now.
    pub(crate) fn open(&self) {
        self.round.send_modify(|round| *round += 1);
    }

    async fn wait(&self) {
        let mut round = self.round.subscribe();
        let waiting = Waiting::at(self);
        // It can only fail once the server is gone.
        let _ = round.changed().await;
        drop(waiting);
    }
}

fn of<K: Kind>(faults: &[FaultSpec<K>], wanted: WriteFault) -> Option<&FaultSpec<K>> {
    faults.iter().find(|spec| spec.fault.at_writes() == AtWrites::Around(wanted))
}

/// Carries out a request with the faults around it. `failed` is the product's error for the case that it was carried out
/// and answered with one.
pub(crate) async fn around<K: Kind>(
    faults: &[FaultSpec<K>],
    gate: &Gate,
    switch: &ResetSwitch,
    act: impl FnOnce() -> Response,
    failed: impl FnOnce(&FaultSpec<K>) -> Response,
) -> Response {
    super::faults::wait(of(faults, WriteFault::SlowRule)).await;
    if of(faults, WriteFault::Held).is_some() {
        gate.wait().await;
    }
    let response = act();
    if of(faults, WriteFault::HeldAfter).is_some() {
        gate.wait().await;
    }
    if of(faults, WriteFault::ReplyLost).is_some() {
        switch.cut();
    }
    match of(faults, WriteFault::ErrorAfter) {
        Some(spec) => failed(spec),
        None => response,
    }
}

/// Answers a request. Where a fault makes it wait, it is carried out even if its client leaves meanwhile.
pub(crate) async fn whatever_the_client_does<K: Kind>(
    faults: &[FaultSpec<K>],
    answer: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let waits = [WriteFault::Held, WriteFault::HeldAfter, WriteFault::SlowRule];
    if !waits.iter().any(|fault| of(faults, *fault).is_some()) {
        return answer.await;
    }
    tokio::spawn(answer).await.unwrap_or_else(|_| empty(500))
}
