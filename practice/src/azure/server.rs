//! Practice Azure by itself, without a product.

use std::sync::Arc;

use axum::Router;

use super::place::AzurePlace;
use super::state::Azure;
use crate::PracticeError;
use crate::host::{Host, Hosted};

/// Running practice Azure; it stops when it is dropped.
pub struct Server(Host<Alone>);

struct Alone {
    url: String,
    azure: Azure,
}

impl Hosted for Alone {
    fn router(self: Arc<Self>) -> Router {
        self.azure.router()
    }

    fn pass(&self, _: f64) {}
}

impl Server {
    /// Takes a free port and answers.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(place: AzurePlace) -> Result<Self, PracticeError> {
        let make = move |url: String| Ok(Alone { azure: Azure::new(&url, place), url });
        Host::start("azure", 0, make).await.map(Self)
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.0.product().url
    }

    /// A handle on it.
    pub fn azure(&self) -> Azure {
        self.0.product().azure.clone()
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}
