//! What it holds, and the handle on it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;

use super::fault::{AzureFault, AzureFaultKind};
use super::http;
use super::place::AzurePlace;
use crate::rng::Rng;

/// Practice Azure. Clones are handles on the same one.
#[derive(Clone)]
pub struct Azure(Arc<Mutex<Inner>>);

pub(super) struct Inner {
    /// Its address.
    pub(super) url: String,
    /// What there is.
    pub(super) place: AzurePlace,
    /// Every token it gave out.
    pub(super) tokens: Vec<String>,
    /// The key of the relay, which no client may keep.
    pub(super) key: String,
    faults: Vec<AzureFault>,
    /// The paths that were asked for.
    pub(super) requests: Vec<String>,
    rng: Rng,
}

impl Azure {
    /// One at the address of a product, with this in it.
    pub fn new(url: &str, place: AzurePlace) -> Self {
        let mut rng = Rng::unforeseen();
        let key = format!("practice-relay-key.{}", rng.token(44));
        let inner = Inner { url: url.to_owned(), place, tokens: vec![], key, faults: vec![], requests: vec![], rng };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// What it answers to: Azure Resource Manager under `/subscriptions`, the metadata service under `/metadata`, and
    /// orders under `/practice/azure`.
    pub fn router(&self) -> Router {
        http::router().with_state(self.clone())
    }

    /// Changes what there is.
    pub fn change(&self, change: impl FnOnce(&mut AzurePlace)) {
        change(&mut self.inner().place);
    }

    /// What there is.
    pub fn place(&self) -> AzurePlace {
        self.inner().place.clone()
    }

    /// Makes it answer otherwise.
    pub fn fault(&self, fault: AzureFault) {
        self.inner().faults.push(fault);
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.inner().faults.clear();
    }

    /// A new token, as the Azure CLI would hold it.
    pub fn token(&self) -> String {
        let mut inner = self.inner();
        let token = format!("practice-azure.{}", inner.rng.token(300));
        inner.tokens.push(token.clone());
        token
    }

    /// Every token that was given out, and the key of the relay: what must stand nowhere.
    pub fn secrets(&self) -> Vec<String> {
        let inner = self.inner();
        inner.tokens.iter().chain([&inner.key]).cloned().collect()
    }

    /// The paths that were asked for, without their queries.
    pub fn requests(&self) -> Vec<String> {
        self.inner().requests.clone()
    }

    /// It itself, locked.
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The fault that befalls a request for this path; it is counted.
    pub(super) fn take_fault(&mut self, path: &str) -> Option<AzureFaultKind> {
        let path = path.to_ascii_lowercase();
        let at = self.faults.iter().position(|fault| path.contains(&fault.path.to_ascii_lowercase()))?;
        let kind = self.faults[at].fault;
        if let Some(times) = &mut self.faults[at].times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.faults.remove(at);
            }
        }
        Some(kind)
    }
}
