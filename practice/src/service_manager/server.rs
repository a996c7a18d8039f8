//! The running server.

use std::sync::Arc;

use axum::Router;

use super::control::Control;
use super::http::router;
use super::options::Options;
use super::site::Site;
use crate::host::{Host, Hosted};
use crate::{PracticeError, SignInDetails};

/// A running practice web app. It has a thread and a runtime of its own, so it answers even while the caller blocks;
/// it stops when it is dropped.
pub struct Server(Host<Site>);

impl Hosted for Site {
    fn router(self: Arc<Self>) -> Router {
        router(self)
    }

    fn pass(&self, seconds: f64) {
        self.pass_time(seconds);
    }
}

impl Server {
    /// Takes the port, makes the data and answers.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(options: Options) -> Result<Self, PracticeError> {
        let port = options.port;
        Host::start("service-manager", port, move |url| Ok(Site::new(options, url))).await.map(Self)
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
