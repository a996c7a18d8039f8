//! The network steps of a live test: name, connection, TLS, clock. They are the same for every product.

mod clock;
pub(super) mod tunnel;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::certificate;
use super::http::proxy::Proxy;
use super::http::{Http, SMALL_LIMIT_BYTES};
use crate::model::certificate::TlsProblem;
use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::url::loopback;

pub use clock::clock;

const URL_FIELD: Option<FieldId> = Some(FieldId::ServerUrl);

/// Whether the host name has an address. Through a proxy a name that only the proxy can look up is no
/// failure, but deserves attention.
pub async fn name_lookup(http: &Http) -> Step {
    let (host, port) = (bare_host(http), http.base().port());
    match lookup(&host, port, http.timeouts().connect).await {
        Ok(addresses) => {
            let addresses = addresses.iter().map(|address| address.ip().to_string()).collect();
            Step::found(StepId::NameLookup, Status::Passed, Finding::Addresses { addresses })
        }
        Err(fault) => {
            let step = Step::failed(StepId::NameLookup, fault, URL_FIELD);
            let status = if http.route().proxy().is_some() { Status::Warning } else { Status::Failed };
            Step { status, ..step }
        }
    }
}

/// Whether a TCP connection opens, to the server or to the proxy.
pub async fn connection(http: &Http) -> Step {
    let opened = open(http).await;
    match opened {
        Ok((_, address)) => {
            let proxy = http.route().proxy().map(Proxy::shown);
            let finding = Finding::Connected { address: address.to_string(), proxy };
            Step::found(StepId::Connection, Status::Passed, finding)
        }
        Err(fault) => Step::failed(StepId::Connection, fault, URL_FIELD),
    }
}

/// Whether the certificate is trusted and TLS can be agreed.
pub async fn tls(http: &Http) -> Step {
    if !http.base().is_tls() {
        return Step::found(StepId::Tls, Status::Skipped, Finding::PracticeWithoutTls);
    }
    let seen = match http.route().proxy() {
        Some(proxy) if !proxy.is_plain_http() => by_request(http).await,
        _ => by_hand(http).await,
    };
    match seen {
        Ok(finding) => Step::found(StepId::Tls, Status::Passed, finding),
        Err(fault) => Step::failed(StepId::Tls, fault, URL_FIELD),
    }
}

/// Shakes hands and looks at what was agreed.
async fn by_hand(http: &Http) -> Result<Finding, Fault> {
    let (mut stream, _) = open(http).await?;
    let (host, limit) = (bare_host(http), http.timeouts().connect);
    let other = |detail: String| http.refused_by(TlsProblem::Other { detail });
    let name = ServerName::try_from(host.clone()).map_err(|error| other(error.to_string()))?;
    let connector = TlsConnector::from(Arc::new(http.tls().clone()));
    let shake = async {
        if let Some(proxy) = http.route().proxy() {
            tunnel::open(&mut stream, proxy, &http.base().host(), http.base().port()).await?;
        }
        connector.connect(name, stream).await.map_err(|error| broken(http, &error))
    };
    let stream = timeout(limit, shake).await.map_err(|_| timed_out(&host, limit))??;
    let (_, session) = stream.get_ref();
    let version = session.protocol_version().and_then(|version| version.as_str()).unwrap_or("TLS").replace('v', " ");
    let chain = session.peer_certificates().unwrap_or_default();
    let seen = chain.first().map(|first| certificate::read(first)).unwrap_or_default();
    Ok(Finding::TlsEstablished { version: version.replace('_', "."), issuer: seen.issuer, expires: seen.expires })
}

/// Sends a request through the HTTP client if only it can use the proxy; any reply proves the connection.
async fn by_request(http: &Http) -> Result<Finding, Fault> {
    http.get("/", None, SMALL_LIMIT_BYTES).await?;
    Ok(Finding::TlsEstablished { version: "TLS 1.2+".to_owned(), issuer: None, expires: None })
}

fn broken(http: &Http, error: &std::io::Error) -> Fault {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => http.refused(error),
        None => Fault::ConnectionLost { host: bare_host(http), detail: error.to_string() },
    }
}

/// Opens a TCP connection to the proxy, or to the first of the server's addresses that answers.
async fn open(http: &Http) -> Result<(TcpStream, SocketAddr), Fault> {
    let limit = http.timeouts().connect;
    match http.route().proxy() {
        Some(proxy) => {
            let (host, port) = proxy.address();
            dial(&host, port, limit).await.map_err(|fault| proxy.failed(plain(&fault)))
        }
        None => dial(&bare_host(http), http.base().port(), limit).await,
    }
}

async fn dial(host: &str, port: u16, limit: Duration) -> Result<(TcpStream, SocketAddr), Fault> {
    let addresses = lookup(host, port, limit).await?;
    let connect = TcpStream::connect(&*addresses);
    let stream = timeout(limit, connect).await.map_err(|_| timed_out(host, limit))?;
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => Fault::ConnectionRefused { address: format!("{host}:{port}") },
        _ => Fault::ConnectionLost { host: host.to_owned(), detail: error.to_string() },
    };
    let stream = stream.map_err(refused)?;
    let address = stream.peer_addr().map_err(refused)?;
    Ok((stream, address))
}

async fn lookup(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, Fault> {
    if let Some(addresses) = loopback(host, port) {
        return Ok(addresses.to_vec());
    }
    let found = timeout(limit, tokio::net::lookup_host((host, port))).await;
    let found = found.map_err(|_| timed_out(host, limit))?;
    let mut addresses: Vec<_> = found.into_iter().flatten().collect();
    addresses.dedup();
    if addresses.is_empty() { Err(Fault::NameNotFound { host: host.to_owned() }) } else { Ok(addresses) }
}

fn timed_out(host: &str, limit: Duration) -> Fault {
    Fault::TimedOut { host: host.to_owned(), seconds: limit.as_secs().max(1) }
}

/// What kept us from a proxy, in a word or two.
fn plain(fault: &Fault) -> String {
    match fault {
        Fault::ConnectionLost { detail, .. } => detail.clone(),
        other => other.code().replace('-', " "),
    }
}

/// The host without the brackets of an IPv6 address.
fn bare_host(http: &Http) -> String {
    http.base().host().trim_matches(['[', ']']).to_owned()
}

#[cfg(test)]
#[path = "probe/tests.rs"]
mod tests;
