//! What runs a practice server: a thread and a runtime of its own, a loopback port, and a clock that ticks.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::PracticeError;
use super::loopback;
use super::net::{ResetSwitch, ResettableListener};

const TICK: Duration = Duration::from_millis(250);

/// A product that can be served.
pub(crate) trait Hosted: Send + Sync + 'static {
    /// What answers its requests. Handlers may ask for `ConnectInfo<ResetSwitch>`.
    fn router(self: Arc<Self>) -> Router;

    /// Lets so many seconds pass in it; called a few times a second.
    fn pass(&self, seconds: f64);
}

/// A running practice server. It answers even while the caller blocks, and stops when it is dropped.
pub(crate) struct Host<T> {
    product: Arc<T>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Started<T> = Result<Arc<T>, PracticeError>;

impl<T: Hosted> Host<T> {
    /// Takes the loopback port (0: any free one), makes the product for its address such as
    /// `http://127.0.0.1:40123`, and answers.
    ///
    /// # Errors
    /// The port is taken, or the product cannot be made.
    pub(crate) async fn start(
        name: &str,
        port: u16,
        make: impl FnOnce(String) -> Result<T, PracticeError> + Send + 'static,
    ) -> Result<Self, PracticeError> {
        let (started, wait) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(format!("practice-{name}"))
            .spawn(move || run(port, make, started, stopped))
            .map_err(|error| PracticeError::io("its thread", error))?;
        let died = |_| PracticeError::Order("it ended before it had started".into());
        let product = wait.await.map_err(died)??;
        Ok(Self { product, stop: Some(stop), thread: Some(thread) })
    }

    /// The product that is served.
    pub(crate) fn product(&self) -> &Arc<T> {
        &self.product
    }

    /// Stops it and waits until its port is free again.
    pub(crate) async fn stop(mut self) {
        self.signal();
        if let Some(thread) = self.thread.take() {
            // The thread ends by itself after the signal; a panic in it has nothing left to tell.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

impl<T> Host<T> {
    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has already ended needs no signal.
            let _ = stop.send(());
        }
    }
}

impl<T> Drop for Host<T> {
    fn drop(&mut self) {
        self.signal();
    }
}

fn run<T: Hosted>(
    port: u16,
    make: impl FnOnce(String) -> Result<T, PracticeError>,
    started: oneshot::Sender<Started<T>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return report(started, Err(PracticeError::io("its runtime", error))),
    };
    runtime.block_on(async {
        match open(port, make).await {
            Err(error) => report(started, Err(error)),
            Ok((listener, product)) => {
                report(started, Ok(Arc::clone(&product)));
                tokio::select! {
                    () = serve(listener, Arc::clone(&product)) => {}
                    () = tick(product) => {}
                    _ = stopped => {}
                }
            }
        }
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
}

fn report<T>(started: oneshot::Sender<Started<T>>, result: Started<T>) {
    // A caller that no longer waits drops the channel, which stops the server.
    let _ = started.send(result);
}

async fn open<T: Hosted>(
    port: u16,
    make: impl FnOnce(String) -> Result<T, PracticeError>,
) -> Result<(TcpListener, Arc<T>), PracticeError> {
    let listener = TcpListener::bind(("127.0.0.1", port));
    let listener = listener.await.map_err(|error| PracticeError::io(format!("port {port}"), error))?;
    let address = listener.local_addr().map_err(|error| PracticeError::io("its address", error))?;
    let product = Arc::new(make(format!("http://{address}"))?);
    Ok((listener, product))
}

async fn serve<T: Hosted>(listener: TcpListener, product: Arc<T>) {
    let guarded = product.router().layer(axum::middleware::from_fn(loopback::only));
    let service = guarded.into_make_service_with_connect_info::<ResetSwitch>();
    // It ends with the runtime only; accept errors are retried inside.
    let _ = axum::serve(ResettableListener(listener), service).await;
}

async fn tick<T: Hosted>(product: Arc<T>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        product.pass(TICK.as_secs_f64());
    }
}
