//! Why no reply came, distinguished by what the admin can do about it.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};

use super::proxy::Route;
use super::tls::Shown;
use crate::model::certificate::TlsProblem;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::url::ServerUrl;

/// The fault of a client that could not be made.
pub(super) fn of_builder(error: &reqwest::Error) -> Fault {
    let detail = deepest(error);
    if detail.contains("No CA certificates") {
        Fault::NoTrustRoots { detail }
    } else {
        Fault::Internal { what: detail }
    }
}

/// The fault of a request without a whole reply, after `elapsed`.
pub(super) fn of_request(
    error: reqwest::Error,
    base: &ServerUrl,
    route: &Route,
    shown: &Shown,
    elapsed: Duration,
) -> Fault {
    let error = error.without_url();
    let host = base.host();
    if error.is_timeout() {
        return Fault::TimedOut { host, seconds: elapsed.as_secs().max(1) };
    }
    if let Some(tls) = causes(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(tls, host, shown);
    }
    let detail = deepest(&error);
    if error.is_builder() {
        return Fault::Internal { what: detail };
    }
    if error.is_connect() { of_connect(&error, base, route, detail) } else { Fault::ConnectionLost { host, detail } }
}

fn of_connect(error: &reqwest::Error, base: &ServerUrl, route: &Route, detail: String) -> Fault {
    let host = base.host();
    if let Some(proxy) = route.proxy() {
        return proxy.failed(detail);
    }
    let says = |text: &str| causes(error).any(|cause| cause.to_string().contains(text));
    if says("dns error") {
        return Fault::NameNotFound { host };
    }
    if says("tunnel") {
        return Fault::ProxyFailed { proxy: "system".into(), detail };
    }
    match causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => {
            Fault::ConnectionRefused { address: format!("{host}:{}", base.port()) }
        }
        _ => Fault::ConnectionLost { host, detail },
    }
}

/// An error and all its causes. An I/O error does not show the error that it wraps in `source`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    clean(&causes(error).last().map(ToString::to_string).unwrap_or_default(), false)
}

/// The fault of a handshake that failed, with the certificate that was refused.
pub(super) fn of_tls(error: &rustls::Error, host: String, shown: &Shown) -> Fault {
    let certificate = matches!(error, rustls::Error::InvalidCertificate(_)).then(|| shown.last()).flatten();
    let problem = match tls_problem(error) {
        TlsProblem::UnknownIssuer if certificate.as_ref().is_some_and(|seen| seen.self_signed) => {
            TlsProblem::SelfSigned
        }
        problem => problem,
    };
    Fault::TlsRefused { host, problem, certificate: certificate.map(Box::new) }
}

fn tls_problem(error: &rustls::Error) -> TlsProblem {
    match error {
        rustls::Error::InvalidCertificate(error) => certificate_problem(error),
        rustls::Error::InvalidMessage(_) => TlsProblem::NotTls,
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure) => {
            TlsProblem::NothingInCommon
        }
        _ => TlsProblem::Other { detail: clean(&error.to_string(), false) },
    }
}

/// rustls reports a trusted self-signed certificate as a CA used as a server.
fn certificate_problem(error: &CertificateError) -> TlsProblem {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => TlsProblem::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => TlsProblem::NotValidYet,
        E::NotValidForName | E::NotValidForNameContext { .. } => TlsProblem::OtherName,
        E::UnknownIssuer => TlsProblem::UnknownIssuer,
        E::BadSignature => TlsProblem::BadSignature,
        E::Revoked => TlsProblem::Revoked,
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => TlsProblem::SelfSigned,
        other => TlsProblem::Other { detail: clean(&other.to_string(), false) },
    }
}
