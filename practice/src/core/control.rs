//! The handle by which a test or a demo looks into a server and makes it misbehave.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::Clock;
use super::faults::{FaultSpec, Faults, Kind};
use super::request_log::{RequestLog, RequestRecord};
use super::writing::Gate;
use crate::SignInDetails;

/// What the admin API of every server is about.
pub struct Base<K, R = RequestRecord> {
    /// How to sign in; empty for a part of a server.
    pub(crate) sign_in: SignInDetails,
    /// The server's clock.
    pub(crate) clock: Clock,
    /// The faults still to come.
    pub(crate) faults: Faults<K>,
    /// What was asked so far.
    pub(crate) requests: RequestLog<R>,
    /// Where requests wait that a fault holds.
    pub(crate) gate: Gate,
}

impl<K, R> Base<K, R> {
    /// Nothing has been asked yet.
    pub(crate) fn new(sign_in: SignInDetails) -> Self {
        Self {
            sign_in,
            clock: Clock::default(),
            faults: Faults::default(),
            requests: RequestLog::default(),
            gate: Gate::default(),
        }
    }
}

/// A server, or a part of one, that has the admin API.
pub trait Controlled: Send + Sync + 'static {
    /// What can go wrong.
    type Fault: Kind;
    /// What is noted of a request.
    type Record: Clone + Serialize + Send + Sync;

    /// Its faults, requests and clock.
    fn base(&self) -> &Base<Self::Fault, Self::Record>;

    /// What there is, in numbers, as `GET /practice` shows it.
    fn summary(&self) -> Value;

    /// What was asked so far, as `GET /practice/requests` shows it.
    fn request_log(&self) -> Value {
        json!({ "requests": self.base().requests.all() })
    }
}

/// Looks into a running server and makes it misbehave. Clones are the same handle. Each product adds orders of its own.
pub struct Control<S>(pub(crate) Arc<S>);

impl<S> Clone for Control<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Controlled> Control<S> {
    /// Asks for a fault.
    pub fn fault(&self, spec: FaultSpec<S::Fault>) {
        self.0.base().faults.add(spec);
    }

    /// The faults still to come.
    pub fn faults(&self) -> Vec<FaultSpec<S::Fault>> {
        self.0.base().faults.pending()
    }

    /// Forgets the faults still to come.
    pub fn clear_faults(&self) {
        self.0.base().faults.clear();
    }

    /// How many requests wait because a fault holds them.
    pub fn held(&self) -> usize {
        self.0.base().gate.waiting()
    }

    /// Lets the requests go on that a fault holds.
    pub fn let_go(&self) {
        self.0.base().gate.open();
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        &self.0.base().sign_in
    }

    /// What has been asked so far, orders left out.
    pub fn requests(&self) -> Vec<S::Record> {
        self.0.base().requests.all()
    }

    /// Forgets what has been asked so far.
    pub fn clear_requests(&self) {
        self.0.base().requests.clear();
    }

    /// Lets the server's clock (the `Date` header, new stamps) run so many seconds ahead.
    pub fn set_clock_shift(&self, seconds: i64) {
        self.0.base().clock.set_shift(seconds);
    }

    /// What there is, in numbers, as the admin API shows it.
    pub fn state(&self) -> Value {
        self.0.summary()
    }
}
