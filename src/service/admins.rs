//! The sessions of admins who are signed in to products, in memory only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::model::connection::ConnectionName;
use crate::partner::AdminSession;

/// At most one session for each connection.
#[derive(Default)]
pub struct AdminSessions(Mutex<HashMap<ConnectionName, Arc<dyn AdminSession>>>);

impl AdminSessions {
    /// The session of the admin who is signed in to this connection's product, if one is.
    pub fn get(&self, name: &ConnectionName) -> Option<Arc<dyn AdminSession>> {
        self.0.lock().ok()?.get(name).cloned()
    }

    /// Keeps a session.
    pub fn keep(&self, name: &ConnectionName, session: Arc<dyn AdminSession>) {
        if let Ok(mut sessions) = self.0.lock() {
            sessions.insert(name.clone(), session);
        }
    }

    /// Takes a session out, to be ended.
    pub fn take(&self, name: &ConnectionName) -> Option<Arc<dyn AdminSession>> {
        self.0.lock().ok()?.remove(name)
    }
}
