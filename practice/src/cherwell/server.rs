//! The running server.

use std::sync::Arc;

use axum::Router;

use super::control::Control;
use super::desk::Desk;
use super::http::router;
use super::options::Options;
use crate::host::{Host, Hosted};
use crate::{PracticeError, SignInDetails};

/// A running practice system. It answers even while the caller blocks, and stops when it is dropped.
pub struct Server(Host<Desk>);

impl Hosted for Desk {
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
    /// The port is taken, or an option makes no sense.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        let port = options.port;
        Host::start("cherwell", port, move |url| Desk::new(options, url)).await.map(Self)
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
