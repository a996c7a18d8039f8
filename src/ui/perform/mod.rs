//! Tasks: each with its id, its cancellation, and its panics caught.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

mod alert_source;
mod alerts;
mod follow;
pub mod jobs;
mod preferences;
mod rule_wizard;
mod settings;
#[cfg(test)]
mod toy;
mod workspace;

use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::service::dialog::Dialog;
use crate::service::following::Following;
use crate::service::services::Services;
use crate::ui::app::effect::{Job, Perform, TaskId};
use crate::ui::app::message::{Message, Outcome};
use follow::Follower;

/// Runs jobs on the async runtime and sends what they bring into the program's queue.
pub struct Tasks {
    services: Arc<Services>,
    queue: UnboundedSender<Message>,
    running: Arc<Mutex<HashMap<TaskId, Running>>>,
    /// Ends when the last job on the draft has: each waits for the one before it, so that the newest wins.
    last_draft: Mutex<Option<oneshot::Receiver<()>>>,
    follower: Arc<Follower>,
    /// Sends what syncs have stored.
    sender: Arc<Following>,
}

/// Jobs that keep or change something are let finish, also after the program's end was asked for.
fn ends_by_itself(job: &Job) -> bool {
    if let Job::Screen(job) = job {
        return job.ends_by_itself();
    }
    matches!(
        job,
        Job::Sync { .. }
            | Job::Verify(_)
            | Job::PollAlerts(_)
            | Job::FollowAlerts
            | Job::SaveConnection(_)
            | Job::SaveSignedOut(_)
            | Job::RemoveConnection(_)
            | Job::SaveDraft(_)
            | Job::DropDraft
            | Job::Confirm { .. }
            | Job::WriteDeployment(_)
            | Job::Export { .. }
            | Job::Withdraw { .. }
            | Job::AdminSignOut(_)
            | Job::ApplyFix { .. }
            | Job::Rotate { .. }
            | Job::NewSecret { .. }
            | Job::RevokeTokens { .. }
    )
}

/// A job under way.
struct Running {
    cancel: CancellationToken,
    /// A sync ends by itself when it is cancelled, and tells what it had stored; other jobs are dropped.
    abort: Option<tokio::task::AbortHandle>,
}

impl Tasks {
    /// Brings outcomes, and questions for the passphrase, to this queue.
    pub fn new(services: Arc<Services>, queue: UnboundedSender<Message>) -> Self {
        let questions = queue.clone();
        // A closed queue means that the program is leaving; it then leaves the question as well.
        let dialog = Dialog::new(move |question| drop(questions.send(Message::Passphrase(question))));
        // There is one reader of the terminal for the life of the process.
        let _ = services.handles.dialog.set(Arc::new(dialog));
        let sender = Arc::new(Following::new(services.clone()));
        let (running, last_draft, follower) = (Arc::default(), Mutex::default(), Arc::default());
        Self { services, queue, running, last_draft, follower, sender }
    }

    /// Asks every job to end, and waits until those that end by themselves have.
    pub async fn finish(&self, limit: std::time::Duration) {
        if let Some(dialog) = self.services.handles.dialog.get() {
            dialog.close();
        }
        let all: Vec<_> = self.running.lock().map(|running| running.keys().copied().collect()).unwrap_or_default();
        all.into_iter().for_each(|task| self.stop(task));
        let ended = async {
            while self.running.lock().is_ok_and(|running| !running.is_empty()) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        let sent = self.sender.finish(limit);
        let (ended, ()) = tokio::join!(tokio::time::timeout(limit, ended), sent);
        if ended.is_err() {
            tracing::warn!("a task did not end in time");
        }
    }

    /// It stays listed until it has ended.
    fn stop(&self, task: TaskId) {
        if let Ok(running) = self.running.lock()
            && let Some(one) = running.get(&task)
        {
            one.cancel.cancel();
            if let Some(abort) = &one.abort {
                abort.abort();
            }
        }
    }
}

impl Tasks {
    /// A place in the line of jobs on the draft: what to wait for, and what to drop when done.
    fn turn(&self, job: &Job) -> Option<(Option<oneshot::Receiver<()>>, oneshot::Sender<()>)> {
        if !matches!(job, Job::LoadDraft | Job::SaveDraft(_) | Job::DropDraft) {
            return None;
        }
        let (done, ended) = oneshot::channel();
        let before = self.last_draft.lock().ok()?.replace(ended);
        Some((before, done))
    }
}

impl Perform for Tasks {
    fn perform(&self, task: TaskId, job: Job) {
        let cancel = CancellationToken::new();
        let ends_by_itself = ends_by_itself(&job);
        let (services, queue, token) = (self.services.clone(), self.queue.clone(), cancel.clone());
        let progress_queue = queue.clone();
        let turn = self.turn(&job);
        let follows = (
            matches!(job, Job::LoadSummary(_) | Job::LoadWorkspaces | Job::LoadUnlisted | Job::LoadAlertStanding),
            matches!(job, Job::LoadConfig),
        );
        let (follower, sender, changes) = (self.follower.clone(), self.sender.clone(), queue.clone());
        let work = tokio::spawn(async move {
            let _done = match turn {
                Some((before, done)) => {
                    if let Some(before) = before {
                        // It ends by being dropped, however the job before it ended.
                        let _ = before.await;
                    }
                    Some(done)
                }
                None => None,
            };
            match follows {
                (true, _) => follower.begin(&services, &changes).await,
                (_, true) => follower.begin_config(&services, &changes).await,
                (false, false) => {}
            }
            // The queue closes when the last of its senders has gone.
            drop(changes);
            let tell = move |event| {
                // A closed queue means that the program is leaving.
                let _ = progress_queue.send(Message::Event(task, event));
            };
            let synced = match &job {
                Job::Sync { connection: name, .. } | Job::Verify(name) => Some(name.to_string()),
                _ => None,
            };
            let outcome = jobs::perform(&services, job, token, tell).await;
            if let Some(name) = synced {
                sender.follow(name);
            }
            outcome
        });
        let abort = (!ends_by_itself).then(|| work.abort_handle());
        if let Ok(mut running) = self.running.lock() {
            running.insert(task, Running { cancel, abort });
        }
        let running = self.running.clone();
        tokio::spawn(async move {
            let outcome = match work.await {
                Ok(outcome) => Some(outcome),
                Err(error) if error.is_panic() => {
                    Some(Outcome::Failed(Fault::Internal { what: format!("task {}", task.0) }))
                }
                Err(_) => None,
            };
            if let Ok(mut running) = running.lock() {
                running.remove(&task);
            }
            if let Some(outcome) = outcome {
                let _ = queue.send(Message::Outcome(task, outcome));
            }
        });
    }

    fn cancel(&self, task: TaskId) {
        self.stop(task);
    }

    fn answer(&self, question: u64, typed: Option<Secret>) {
        if let Some(dialog) = self.services.handles.dialog.get() {
            dialog.answer(question, typed);
        }
    }
}
