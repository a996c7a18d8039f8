//! Sends in the background what syncs have stored, beside a program that stays open. No sync waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::sending::{self, LONG};
use super::services::Services;
use super::verifying;
use crate::model::fault::Fault;
use crate::sink::clock::{Clock, SystemClock};

/// What sends in the background; one for each program.
pub struct Following {
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

struct Shared {
    services: Arc<Services>,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
    /// The workspaces that are being sent to; `true` where more was stored meanwhile.
    running: Mutex<HashMap<String, bool>>,
}

impl Following {
    /// By the machine's own clock.
    pub fn new(services: Arc<Services>) -> Self {
        Self::by(services, Arc::new(SystemClock))
    }

    /// By another clock.
    pub fn by(services: Arc<Services>, clock: Arc<dyn Clock>) -> Self {
        let (cancel, running) = (CancellationToken::new(), Mutex::default());
        Self { shared: Arc::new(Shared { services, clock, cancel, running }), tasks: TaskTracker::new() }
    }

    /// Sends to every workspace that this connection feeds, each by itself. What goes wrong is kept with the workspace.
    pub fn follow(&self, connection: String) {
        let (shared, tasks) = (self.shared.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            let names = match sending::fed_by(&shared.services, &[connection]).await {
                Ok(names) => names,
                Err(fault) => return tracing::warn!(code = fault.code(), "rows were not sent"),
            };
            for name in names.into_iter().filter(|name| shared.begin(name)) {
                let shared = shared.clone();
                tasks.spawn(async move { shared.run(&name).await });
            }
        });
    }

    /// Waits until everything was sent that was asked for.
    pub async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Asks every run to end, and waits for that: what Azure has accepted is then noted. Rows of a run that does not end in
    /// time are sent again by the next one.
    pub async fn finish(&self, limit: Duration) {
        self.shared.cancel.cancel();
        if tokio::time::timeout(limit, self.settle()).await.is_err() {
            tracing::warn!("sending rows did not end in time");
        }
    }
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a run begins now; one that goes on is told to run once more.
    fn begin(&self, name: &str) -> bool {
        let mut running = self.running();
        match running.get_mut(name) {
            Some(again) => {
                *again = true;
                false
            }
            None => running.insert(name.to_owned(), false).is_none(),
        }
    }

    /// Whether it is to run once more; otherwise it is no longer running.
    fn again(&self, name: &str) -> bool {
        let mut running = self.running();
        let again = running.get_mut(name).is_some_and(std::mem::take) && !self.cancel.is_cancelled();
        if !again {
            running.remove(name);
        }
        again
    }

    async fn run(&self, name: &str) {
        loop {
            self.once(name).await;
            if !self.again(name) {
                return;
            }
        }
    }

    async fn once(&self, name: &str) {
        let (cancel, clock) = (&self.cancel, &self.clock);
        match verifying::once_a_day(&self.services, name, None, cancel.clone(), clock.clone()).await {
            Ok(_) | Err(Fault::Interrupted) => {}
            Err(fault) => tracing::warn!(code = fault.code(), workspace = name, "the workspace was not verified"),
        }
        if cancel.is_cancelled() {
            return;
        }
        match sending::in_background(&self.services, name, LONG, cancel.clone(), clock.clone()).await {
            // Whoever holds the lock sends these rows as well.
            Ok(_) | Err(Fault::Locked { .. }) => {}
            Err(fault) => sending::note(&self.services, name, fault, clock.now()).await,
        }
    }
}
