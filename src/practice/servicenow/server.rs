//! The running server.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::control::Control;
use super::http::router;
use super::instance::Instance;
use super::net::{ResetSwitch, ResettableListener};
use super::options::{Options, PracticeError};
use super::sign_in::SignInDetails;

const TICK: Duration = Duration::from_millis(250);

/// A running practice instance. It has a thread and a runtime of its own, so it answers even while the caller blocks;
/// it stops when it is dropped.
pub struct Server {
    instance: Arc<Instance>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Started = Result<Arc<Instance>, PracticeError>;

impl Server {
    /// Takes the port, makes the data and answers.
    ///
    /// # Errors
    /// The port is taken, the incident log cannot be read, or an option makes no sense.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        let (started, wait) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("practice-servicenow".into())
            .spawn(move || run(options, started, stopped))
            .map_err(|error| PracticeError::io("its thread", error))?;
        let died = |_| PracticeError::Order("it ended before it had started".into());
        let instance = wait.await.map_err(died)??;
        Ok(Self { instance, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.instance.sign_in.url.clone()
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        &self.instance.sign_in
    }

    /// A handle to look into it and to make it misbehave.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.instance))
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(mut self) {
        self.signal();
        if let Some(thread) = self.thread.take() {
            // The thread ends by itself after the signal; a panic in it has nothing left to tell.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has already ended needs no signal.
            let _ = stop.send(());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.signal();
    }
}

fn run(options: Options, started: oneshot::Sender<Started>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return report(started, Err(PracticeError::io("its runtime", error))),
    };
    runtime.block_on(async {
        match open(options).await {
            Err(error) => report(started, Err(error)),
            Ok((listener, instance)) => {
                report(started, Ok(Arc::clone(&instance)));
                tokio::select! {
                    () = serve(listener, Arc::clone(&instance)) => {}
                    () = tick(instance) => {}
                    _ = stopped => {}
                }
            }
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
}

fn report(started: oneshot::Sender<Started>, result: Started) {
    // A caller that no longer waits drops the channel, which stops the server.
    let _ = started.send(result);
}

async fn open(options: Options) -> Result<(TcpListener, Arc<Instance>), PracticeError> {
    let listener = TcpListener::bind(("127.0.0.1", options.port));
    let listener = listener.await.map_err(|error| PracticeError::io(format!("port {}", options.port), error))?;
    let address = listener.local_addr().map_err(|error| PracticeError::io("its address", error))?;
    let instance = Arc::new(Instance::new(options, format!("http://{address}"))?);
    Ok((listener, instance))
}

async fn serve(listener: TcpListener, instance: Arc<Instance>) {
    let service = router(instance).into_make_service_with_connect_info::<ResetSwitch>();
    // It ends with the runtime only; accept errors are retried inside.
    let _ = axum::serve(ResettableListener(listener), service).await;
}

async fn tick(instance: Arc<Instance>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if instance.options.speed > 0.0 {
            instance.pass(TICK.as_secs_f64());
        }
    }
}
