//! Work beside a program that stays open, which holds a connection's lock only as long as nothing else of this program wants it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::model::connection::ConnectionName;

/// The connections that such work uses now.
#[derive(Debug, Clone, Default)]
pub struct GivingWay(Arc<Mutex<HashMap<ConnectionName, CancellationToken>>>);

/// Such work; it ends with this.
pub struct Beside {
    whose: GivingWay,
    name: ConnectionName,
}

impl GivingWay {
    fn all(&self) -> MutexGuard<'_, HashMap<ConnectionName, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes work under the lock of a connection, which ends soon after the token is cancelled.
    pub fn begin(&self, name: &ConnectionName, cancel: CancellationToken) -> Beside {
        self.all().insert(name.clone(), cancel);
        Beside { whose: self.clone(), name: name.clone() }
    }

    /// Asks the work under the lock of this connection to end.
    pub fn ask(&self, name: &ConnectionName) {
        if let Some(cancel) = self.all().get(name) {
            cancel.cancel();
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.whose.all().remove(&self.name);
    }
}
