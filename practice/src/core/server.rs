//! What runs a practice server: a thread and a runtime of its own, a loopback port, and time that passes.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::control::{Control, Controlled};
use super::loopback;
use super::net::{ResetSwitch, ResettableListener};
use crate::{PracticeError, SignInDetails};

const TICK: Duration = Duration::from_millis(250);

/// Everything one server knows, behind locks, and how it is made and answers.
pub trait ServerState: Controlled + Sized {
    /// Its name, for the thread.
    const NAME: &'static str;
    /// What it is started with.
    type Options: Send + 'static;

    /// The loopback port to take; 0 takes any free one.
    fn port(_options: &Self::Options) -> u16 {
        0
    }

    /// Makes it for its address, such as `http://127.0.0.1:40123`.
    ///
    /// # Errors
    /// An option makes no sense, or a file cannot be read.
    fn new(options: Self::Options, url: String) -> Result<Self, PracticeError>;

    /// What answers its requests. Handlers may ask for `State<Control>` and `ConnectInfo<ResetSwitch>`.
    fn router(control: Control<Self>) -> Router;

    /// Lets so many seconds pass in it; called a few times a second.
    fn pass(&self, _seconds: f64) {}
}

/// A running practice server. It has a thread and a runtime of its own, so it answers even while the caller blocks; it
/// stops when it is dropped.
pub struct Server<S> {
    control: Control<S>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Started<S> = Result<Control<S>, PracticeError>;

impl<S: ServerState> Server<S> {
    /// Takes the port, makes the data and answers.
    ///
    /// # Errors
    /// The port is taken, a file cannot be read, or an option makes no sense.
    pub async fn start(options: S::Options) -> Result<Self, PracticeError> {
        let (started, wait) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(format!("practice-{}", S::NAME))
            .spawn(move || run(options, started, stopped))
            .map_err(|error| PracticeError::io("its thread", error))?;
        let died = |_| PracticeError::Order("it ended before it had started".into());
        let control = wait.await.map_err(died)??;
        Ok(Self { control, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.sign_in().url.clone()
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        self.control.sign_in()
    }

    /// A handle to look into it and to make it misbehave.
    pub fn control(&self) -> Control<S> {
        self.control.clone()
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(mut self) {
        self.signal();
        if let Some(thread) = self.thread.take() {
            // The thread ends by itself after the signal; a panic in it has nothing left to tell.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl<S> Server<S> {
    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has already ended needs no signal.
            let _ = stop.send(());
        }
    }
}

impl<S> Drop for Server<S> {
    fn drop(&mut self) {
        self.signal();
    }
}

fn run<S: ServerState>(options: S::Options, started: oneshot::Sender<Started<S>>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return report(started, Err(PracticeError::io("its runtime", error))),
    };
    runtime.block_on(async {
        match open::<S>(options).await {
            Err(error) => report(started, Err(error)),
            Ok((listener, control)) => {
                report(started, Ok(control.clone()));
                tokio::select! {
                    () = serve(listener, control.clone()) => {}
                    () = tick(control) => {}
                    _ = stopped => {}
                }
            }
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
}

fn report<S>(started: oneshot::Sender<Started<S>>, result: Started<S>) {
    // A caller that no longer waits drops the channel, which stops the server.
    let _ = started.send(result);
}

async fn open<S: ServerState>(options: S::Options) -> Result<(TcpListener, Control<S>), PracticeError> {
    let port = S::port(&options);
    let listener = TcpListener::bind(("127.0.0.1", port));
    let listener = listener.await.map_err(|error| PracticeError::io(format!("port {port}"), error))?;
    let address = listener.local_addr().map_err(|error| PracticeError::io("its address", error))?;
    let state = S::new(options, format!("http://{address}"))?;
    Ok((listener, Control(Arc::new(state))))
}

async fn serve<S: ServerState>(listener: TcpListener, control: Control<S>) {
    let guarded = S::router(control).layer(axum::middleware::from_fn(loopback::only));
    let service = guarded.into_make_service_with_connect_info::<ResetSwitch>();
    // It ends with the runtime only; accept errors are retried inside.
    let _ = axum::serve(ResettableListener(listener), service).await;
}

async fn tick<S: ServerState>(control: Control<S>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        control.0.pass(TICK.as_secs_f64());
    }
}
