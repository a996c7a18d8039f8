//! The products that can be practised, as one list: what each is called, and how its server starts.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use crate::core::{Server, ServerState};
use crate::{PracticeError, SignInDetails, azure, cherwell, provance, service_manager, servicenow};

/// A result that comes later.
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A product that can be practised.
pub struct Product {
    /// Its id, as in `itsmc practice ID`.
    pub id: &'static str,
    /// What a demo calls the connection to it.
    pub demo_name: &'static str,
    /// The layouts it can be started with; none where there is only one.
    pub layouts: fn() -> Vec<&'static str>,
    start: fn(Start) -> BoxFuture<Result<Running, PracticeError>>,
}

/// Every product, in the order of the demo.
pub const PRODUCTS: [Product; 4] = [
    Product {
        id: "servicenow",
        demo_name: "contoso",
        layouts: Vec::new,
        start: |start| Box::pin(async { running(servicenow::Server::start(instance(start)).await?) }),
    },
    Product {
        id: "service-manager",
        demo_name: "ams-scsm",
        layouts: || service_manager::Layout::ALL.map(service_manager::Layout::id).to_vec(),
        start: |start| Box::pin(async { running(service_manager::Server::start(web_app(start)?).await?) }),
    },
    Product {
        id: "provance",
        demo_name: "eu-provance",
        layouts: || provance::Layout::ALL.map(provance::Layout::id).to_vec(),
        start: |start| Box::pin(async { running(provance::Server::start(environment(start)?).await?) }),
    },
    Product {
        id: "cherwell",
        demo_name: "city-cherwell",
        layouts: Vec::new,
        start: |start| Box::pin(async { running(cherwell::Server::start(desk(start)).await?) }),
    },
];

/// Practice Azure, which is nobody's ITSM product: the demo has it beside them.
pub const AZURE: Product = Product {
    id: "azure",
    demo_name: "contoso-logs",
    layouts: Vec::new,
    start: |start| {
        let options = azure::Options { port: start.port, alert_speed: start.alert_speed, ..azure::Options::default() };
        Box::pin(async { running(azure::Server::start(options).await?) })
    },
};

/// How a practice server is started, whatever the product. What a product does not have is ignored.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The loopback port; 0 takes any free one.
    pub port: u16,
    /// ServiceNow: an incident log (CSV, or CSV in xz) to play instead of made-up incidents.
    pub incident_log: Option<PathBuf>,
    /// How many incidents to make up; the product's own number without it.
    pub rows: Option<u64>,
    /// How fast time passes in the data: 1.0 is real time.
    pub speed: f64,
    /// One of [`Product::layouts`].
    pub layout: Option<String>,
    /// Azure: how fast alerts come by themselves; 0 is none.
    pub alert_speed: f64,
    /// Rows come as people open them, not evenly.
    pub lifelike: bool,
    /// ServiceNow: nothing is prepared but the app and its application entry.
    pub bare: bool,
}

impl Product {
    /// The product with this id, or Azure.
    pub fn find(id: &str) -> Option<&'static Self> {
        const { &PRODUCTS }.iter().chain([const { &AZURE }]).find(|product| product.id == id)
    }

    /// Starts its server.
    ///
    /// # Errors
    /// A layout it does not have, a port that is taken, or a log that cannot be read.
    pub async fn start(&self, start: Start) -> Result<Running, PracticeError> {
        (self.start)(start).await
    }
}

/// A practice server that runs, of any product.
pub struct Running(Box<dyn AnyServer>);

impl Running {
    /// How to sign in to it.
    pub fn sign_in(&self) -> &SignInDetails {
        self.0.sign_in()
    }

    /// Stops it and waits until its port is free again.
    pub async fn stop(self) {
        self.0.stop().await;
    }
}

trait AnyServer: Send {
    fn sign_in(&self) -> &SignInDetails;
    fn stop(self: Box<Self>) -> BoxFuture<()>;
}

impl<S: ServerState> AnyServer for Server<S> {
    fn sign_in(&self) -> &SignInDetails {
        self.sign_in()
    }

    fn stop(self: Box<Self>) -> BoxFuture<()> {
        Box::pin((*self).stop())
    }
}

// A `Result`, so that it ends each entry of the list.
#[allow(clippy::unnecessary_wraps, reason = "the callers are one-line closures that return a result")]
fn running(server: impl AnyServer + 'static) -> Result<Running, PracticeError> {
    Ok(Running(Box::new(server)))
}

fn instance(start: Start) -> servicenow::Options {
    let base = if start.bare { servicenow::Options::bare() } else { servicenow::Options::default() };
    let Start { port, incident_log, rows, speed, lifelike, .. } = start;
    servicenow::Options { port, incident_log, rows, speed, lifelike, ..base }
}

fn web_app(start: Start) -> Result<service_manager::Options, PracticeError> {
    let base = service_manager::Options::default();
    let layout = layout(start.layout, service_manager::Layout::from_id, base.layout)?;
    let Start { port, rows, speed, lifelike, .. } = start;
    Ok(service_manager::Options { port, rows, speed, lifelike, layout, ..base })
}

fn environment(start: Start) -> Result<provance::Options, PracticeError> {
    let base = provance::Options::default();
    let layout = layout(start.layout, provance::Layout::from_id, base.layout)?;
    let Start { port, rows, speed, lifelike, .. } = start;
    Ok(provance::Options { port, rows, speed, lifelike, layout, ..base })
}

fn desk(start: Start) -> cherwell::Options {
    let Start { port, rows, speed, lifelike, .. } = start;
    cherwell::Options { port, rows, speed, lifelike, ..cherwell::Options::default() }
}

fn layout<L>(id: Option<String>, find: fn(&str) -> Option<L>, usual: L) -> Result<L, PracticeError> {
    let Some(id) = id else { return Ok(usual) };
    find(&id).ok_or_else(|| PracticeError::Option(format!("there is no layout '{id}'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_product_starts_tells_its_sign_in_and_stops() {
        for product in PRODUCTS.iter().chain([&AZURE]) {
            let server = product.start(Start { rows: Some(3), speed: 1.0, ..Start::default() }).await.unwrap();
            assert_eq!(server.sign_in().partner, product.id);
            server.stop().await;
        }
    }

    #[tokio::test]
    async fn unknown_layout_is_refused() {
        for id in ["service-manager", "provance"] {
            let start = Start { layout: Some("none".into()), ..Start::default() };
            assert!(Product::find(id).unwrap().start(start).await.is_err(), "{id}");
        }
    }
}
