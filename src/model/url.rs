//! The server URL of a connection: whatever was typed or pasted, made into the base URL.

mod typed;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use super::field::{FieldNotice, FieldProblem};

/// A base URL: scheme, host and port, without path, user or query, and without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerUrl(String);

impl ServerUrl {
    /// Reads a bare instance name, a host, a base URL or a deep link into the product. `suffixes` are the
    /// partner's own host suffixes; the first completes a bare instance name, and a host under none of them
    /// is only warned about, since custom URLs exist. The host is always one that was typed: text that looks like a
    /// typing error is refused with a suggestion, because a guess could send a secret to someone else's server.
    ///
    /// # Errors
    /// When it is no URL or looks mistyped, and for plain HTTP to anything but this machine.
    pub fn parse(typed: &str, suffixes: &[String]) -> Result<(Self, Vec<FieldNotice>), FieldProblem> {
        let url = typed::read(typed, suffixes.first().map(String::as_str))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FieldProblem::NotAUrl)?.to_owned();
        let practice = is_loopback(&url);
        if url.scheme() == "http" && !practice {
            return Err(FieldProblem::PlainHttp);
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let base = Self(format!("{}://{host}{port}", url.scheme()));
        let mut notices = Vec::new();
        if base.0 != typed.trim() {
            notices.push(FieldNotice::MadeInto(base.0.clone()));
        }
        if practice {
            notices.push(FieldNotice::Practice);
        } else if !suffixes.is_empty() && !suffixes.iter().any(|suffix| host.ends_with(suffix.as_str())) {
            notices.push(FieldNotice::UnknownHost(host));
        }
        Ok((base, notices))
    }

    /// A service of this machine or of the link it stands on, without TLS: where clouds have the metadata service that
    /// gives a machine its own tokens. `None` for any other host.
    pub fn of_this_link(url: &url::Url) -> Option<Self> {
        let near = match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_link_local() || address.is_loopback(),
            _ => is_loopback(url),
        };
        (near && url.scheme() == "http").then(|| Self(url.origin().ascii_serialization()))
    }

    /// The whole base URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host alone.
    pub fn host(&self) -> String {
        self.parsed().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The port, the scheme's own where none is written.
    pub fn port(&self) -> u16 {
        self.parsed().and_then(|url| url.port_or_known_default()).unwrap_or(443)
    }

    /// Whether it is reached over TLS.
    pub fn is_tls(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// Whether it is a practice server: this machine, without TLS.
    pub fn is_practice(&self) -> bool {
        !self.is_tls()
    }

    fn parsed(&self) -> Option<url::Url> {
        url::Url::parse(&self.0).ok()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The addresses of a name that means this machine whatever a name server says: `localhost` and all below it (RFC 6761,
/// 6.3). `None` for any other name.
pub fn loopback(host: &str, port: u16) -> Option<[SocketAddr; 2]> {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let is_ours = host == "localhost" || host.ends_with(".localhost");
    is_ours.then(|| [(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()])
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(typed: &str) -> Result<(String, Vec<FieldNotice>), FieldProblem> {
        let suffixes = [".service-now.com".to_owned(), ".servicenowservices.com".to_owned()];
        ServerUrl::parse(typed, &suffixes).map(|(url, notices)| (url.0, notices))
    }

    #[test]
    fn s14_localhost_is_this_machine_alone() {
        for host in ["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost."] {
            let found = loopback(host, 8080).unwrap();
            assert!(found.iter().all(|address| address.ip().is_loopback() && address.port() == 8080), "{host}");
        }
        for host in ["localhost.example", "mylocalhost", "127.0.0.1", "example", ""] {
            assert_eq!(loopback(host, 8080), None, "{host}");
        }
    }

    #[test]
    fn whatever_is_pasted_becomes_the_base_url() {
        let base = "https://contoso.service-now.com";
        for typed in [
            "contoso",
            "contoso.service-now.com",
            "https://contoso.service-now.com/",
            "https://contoso.service-now.com/nav_to.do?uri=incident.do%3Fsys_id=1",
            "  HTTPS://Contoso.Service-Now.com/now/nav/ui/classic  ",
        ] {
            let (url, notices) = parse(typed).unwrap();
            assert_eq!(url, base, "{typed}");
            assert_eq!(notices, [FieldNotice::MadeInto(base.into())], "{typed}");
        }
        assert_eq!(parse(base).unwrap(), (base.into(), vec![]));
    }

    #[test]
    fn plain_http_is_for_practice_on_this_machine_only() {
        assert_eq!(parse("http://contoso.service-now.com"), Err(FieldProblem::PlainHttp));
        assert_eq!(parse("http://127.0.0.1.evil.example"), Err(FieldProblem::PlainHttp));
        for typed in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"] {
            assert_eq!(parse(typed).unwrap(), (typed.into(), vec![FieldNotice::Practice]));
        }
    }

    #[test]
    fn a_custom_host_is_a_warning_and_nonsense_is_refused() {
        let (url, notices) = parse("https://help.contoso.com").unwrap();
        assert_eq!(url, "https://help.contoso.com");
        assert_eq!(notices, [FieldNotice::UnknownHost("help.contoso.com".into())]);
        assert_eq!(parse(""), Err(FieldProblem::Missing));
        assert_eq!(parse("ftp://contoso.service-now.com"), Err(FieldProblem::NotAUrl));
        assert_eq!(parse("https://"), Err(FieldProblem::NotAUrl));
        assert_eq!(parse("https://me:pw@contoso.service-now.com"), Err(FieldProblem::SecretInUrl));
    }
}
