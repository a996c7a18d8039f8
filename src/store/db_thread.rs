//! Threads for SQLite, which blocks: each runs one job at a time and sends its reply.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::problem::Problem;
use crate::model::fault::Fault;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// A thread that owns an `S` and runs the jobs sent to it, in order. It ends when the last handle is dropped.
pub struct DbThread<S> {
    jobs: mpsc::Sender<Job<S>>,
    path: Arc<Path>,
}

impl<S> Clone for DbThread<S> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone(), path: self.path.clone() }
    }
}

impl<S: Send + 'static> DbThread<S> {
    /// Starts the thread. At most `room` jobs wait in its queue; then senders wait. `last` runs at its end.
    pub fn start(
        name: &str,
        path: &Path,
        room: usize,
        mut state: S,
        last: impl FnOnce(S) + Send + 'static,
    ) -> Result<Self, Fault> {
        let (jobs, mut inbox) = mpsc::channel::<Job<S>>(room);
        let work = move || {
            while let Some(job) = inbox.blocking_recv() {
                job(&mut state);
            }
            last(state);
        };
        thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|error| Fault::from_io(path, &error))?;
        Ok(Self { jobs, path: Arc::from(PathBuf::from(path)) })
    }

    /// Runs `work` on the thread and waits for its outcome.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Fault> {
        self.begin(work).await?.outcome().await
    }

    /// Hands `work` to the thread; the outcome may be waited for later.
    pub async fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        let (reply, begun) = self.reply();
        let room = self.jobs.reserve().await.map_err(|_| stopped())?;
        room.send(Box::new(move |state| reply.send(work(state))));
        Ok(begun)
    }

    /// Waits for room in the queue, runs `prepare`, whose effects need the job that follows, and sends that job.
    pub async fn send(&self, prepare: impl FnOnce(), work: impl FnOnce(&mut S) + Send + 'static) -> Result<(), Fault> {
        let room = self.jobs.reserve().await.map_err(|_| stopped())?;
        prepare();
        room.send(Box::new(work));
        Ok(())
    }

    /// Sends work without waiting for its outcome, if there is room in the queue.
    pub fn try_send(&self, work: impl FnOnce(&mut S) + Send + 'static) -> bool {
        self.jobs.try_send(Box::new(work)).is_ok()
    }

    /// Both ends of an outcome.
    pub fn reply<T>(&self) -> (Reply<T>, Pending<T>) {
        let (reply, outcome) = oneshot::channel();
        (Reply(reply), Pending { outcome, path: self.path.clone() })
    }
}

/// Where the outcome of a job goes.
pub struct Reply<T>(oneshot::Sender<Result<T, Problem>>);

impl<T> Reply<T> {
    /// Sends the outcome. The job is done even if nobody waits for it any more.
    pub fn send(self, outcome: Result<T, Problem>) {
        let _ = self.0.send(outcome);
    }
}

/// A job that was sent. It runs whether or not anybody waits for it.
pub struct Pending<T> {
    outcome: oneshot::Receiver<Result<T, Problem>>,
    path: Arc<Path>,
}

impl<T> Pending<T> {
    /// Waits for its outcome.
    pub async fn outcome(self) -> Result<T, Fault> {
        let outcome = self.outcome.await.map_err(|_| stopped())?;
        outcome.map_err(|problem| problem.into_fault(&self.path))
    }
}

fn stopped() -> Fault {
    Fault::Internal { what: "a thread of the store has stopped".to_owned() }
}
