//! Why no reply came, told apart by what the admin can do about it.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use super::proxy::Route;
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
pub(super) fn of_request(error: reqwest::Error, base: &ServerUrl, route: &Route, elapsed: Duration) -> Fault {
    let error = error.without_url();
    let host = base.host();
    if error.is_timeout() {
        return Fault::TimedOut { host, seconds: elapsed.as_secs().max(1) };
    }
    if let Some(tls) = causes(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Fault::TlsRefused { host, reason: tls_reason(tls) };
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

/// An error and all that caused it. An I/O error hides the one it wraps from `source`.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    clean(&causes(error).last().map(ToString::to_string).unwrap_or_default(), false)
}

/// A TLS error in plain words. A self-signed certificate shows itself as a CA that poses as a server; even
/// when trusted it is refused.
pub fn tls_reason(error: &rustls::Error) -> String {
    let text = match error {
        rustls::Error::InvalidCertificate(error) => return certificate_reason(error),
        rustls::Error::InvalidMessage(_) => "what answers there does not speak TLS",
        rustls::Error::PeerIncompatible(_) => "no TLS version or cipher in common; TLS 1.2 or newer is needed",
        _ => return clean(&error.to_string(), false),
    };
    text.to_owned()
}

fn certificate_reason(error: &CertificateError) -> String {
    use CertificateError as E;
    let text = match error {
        E::Expired | E::ExpiredContext { .. } => "the certificate has expired",
        E::NotValidYet | E::NotValidYetContext { .. } => "the certificate is not valid yet",
        E::NotValidForName | E::NotValidForNameContext { .. } => "the certificate is for another name",
        E::UnknownIssuer => "the certificate's issuer is not trusted on this machine",
        E::BadSignature => "the certificate is not signed by the issuer it names",
        E::Revoked => "the certificate was revoked",
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the certificate is self-signed; a CA certificate and a server certificate signed by it are needed"
        }
        other => return clean(&other.to_string(), false),
    };
    text.to_owned()
}
