//! The running server.

use std::sync::Arc;

use axum::Router;

use super::control::Control;
use super::http::router;
use super::instance::Instance;
use super::options::Options;
use crate::PracticeError;
use crate::SignInDetails;
use crate::host::{Host, Hosted};

/// A running practice instance. It has a thread and a runtime of its own, so it answers even while the caller blocks;
/// it stops when it is dropped.
pub struct Server(Host<Instance>);

impl Hosted for Instance {
    fn router(self: Arc<Self>) -> Router {
        router(self)
    }

    fn pass(&self, seconds: f64) {
        if self.options.speed > 0.0 {
            Self::pass(self, seconds);
        }
    }
}

impl Server {
    /// Takes the port, makes the data and answers.
    ///
    /// # Errors
    /// The port is taken, the incident log cannot be read, or an option makes no sense.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        let port = options.port;
        Host::start("servicenow", port, move |url| Instance::new(options, url)).await.map(Self)
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.sign_in().url.clone()
    }

    /// How to sign in.
    pub fn sign_in(&self) -> &SignInDetails {
        &self.0.product().sign_in
    }

    /// A handle to look into it and to make it misbehave.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(self.0.product()))
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
