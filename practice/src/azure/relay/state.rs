//! What it holds, and the handle on it.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use serde_json::{Value, json};

use super::faults::FaultKind;
use super::http;
use super::place::AzurePlace;
use crate::core::rng::Rng;
use crate::core::{Base, Control, Controlled, RequestRecord, ServerState, lock};
use crate::{PracticeError, SignInDetails};

/// Practice Azure. Clones are handles on the same one.
pub type Azure = Control<State>;

/// Everything practice Azure knows, behind locks.
pub struct State {
    /// Faults, requests and clock.
    pub(super) base: Base<FaultKind>,
    inner: Mutex<Inner>,
}

pub(super) struct Inner {
    /// Its address.
    pub(super) url: String,
    /// What there is.
    pub(super) place: AzurePlace,
    /// Every token it gave out.
    pub(super) tokens: Vec<String>,
    /// The key of the relay, which no client may keep.
    pub(super) key: String,
    rng: Rng,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = RequestRecord;

    fn base(&self) -> &Base<FaultKind> {
        &self.base
    }

    fn summary(&self) -> Value {
        json!(self.inner().place)
    }
}

/// Azure by itself, without a product.
impl ServerState for State {
    const NAME: &'static str = "azure";
    type Options = AzurePlace;

    fn new(place: AzurePlace, url: String) -> Result<Self, PracticeError> {
        let mut rng = Rng::unforeseen();
        let key = format!("practice-relay-key.{}", rng.token(44));
        let sign_in = SignInDetails { partner: "azure", url: url.clone(), ..SignInDetails::default() };
        let inner = Mutex::new(Inner { url, place, tokens: vec![], key, rng });
        Ok(Self { base: Base::new(sign_in), inner })
    }

    fn router(control: Azure) -> Router {
        control.router()
    }
}

impl State {
    /// What it holds, locked.
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

impl Azure {
    /// One at the address of a product, with this in it.
    ///
    /// # Errors
    /// None so far.
    pub fn at(url: &str, place: AzurePlace) -> Result<Self, PracticeError> {
        Ok(Self(Arc::new(State::new(place, url.to_owned())?)))
    }

    /// What it answers to: Azure Resource Manager under `/subscriptions`, the metadata service under `/metadata`, and
    /// its admin API under `/practice/azure`. To be merged into the product's own router.
    pub fn router(&self) -> Router {
        http::routes().with_state(self.clone())
    }

    /// Changes what there is.
    pub fn change(&self, change: impl FnOnce(&mut AzurePlace)) {
        change(&mut self.0.inner().place);
    }

    /// What there is.
    pub fn place(&self) -> AzurePlace {
        self.0.inner().place.clone()
    }

    /// A new token, as the Azure CLI would hold it.
    pub fn token(&self) -> String {
        let mut inner = self.0.inner();
        let token = format!("practice-azure.{}", inner.rng.token(300));
        inner.tokens.push(token.clone());
        token
    }

    /// Every token that was given out, and the key of the relay: what must stand nowhere.
    pub fn secrets(&self) -> Vec<String> {
        let inner = self.0.inner();
        inner.tokens.iter().chain([&inner.key]).cloned().collect()
    }
}
