//! How the server is reached: straight, or through the proxy that the environment names.
//!
//! The client would read the same variables itself; reading them here lets the live test say which proxy is
//! in use, and keeps practice servers on this machine out of it.

use std::net::IpAddr;

use reqwest::ClientBuilder;
use url::Url;

use crate::model::fault::Fault;
use crate::model::url::ServerUrl;

/// How a server is reached.
#[derive(Clone, PartialEq, Eq)]
pub enum Route {
    /// Straight: it is this machine, or `NO_PROXY` names it.
    Direct,
    /// As the system's own settings say; straight, if they say nothing.
    System,
    /// Through this proxy.
    Proxy(Proxy),
}

/// A proxy. It may carry a user and a password, so it does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    url: Url,
}

impl Route {
    /// The route to `base` by the variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in
    /// upper or lower case, as `variable` knows them.
    pub fn from_env(base: &ServerUrl, variable: impl Fn(&str) -> Option<String>) -> Self {
        let host = base.host();
        let read = |name: &str| variable(name).or_else(|| variable(&name.to_lowercase()));
        if base.is_practice() || read("NO_PROXY").is_some_and(|list| exempts(&list, &host)) {
            return Self::Direct;
        }
        let named = read("HTTPS_PROXY").filter(|text| !text.is_empty()).or_else(|| read("ALL_PROXY"));
        named.as_deref().and_then(Proxy::parse).map_or(Self::System, Self::Proxy)
    }

    /// The proxy, if one is known.
    pub fn proxy(&self) -> Option<&Proxy> {
        match self {
            Self::Proxy(proxy) => Some(proxy),
            Self::Direct | Self::System => None,
        }
    }

    pub(super) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder, Fault> {
        match self {
            Self::Direct => Ok(builder.no_proxy()),
            Self::System => Ok(builder),
            Self::Proxy(proxy) => {
                let failed = |error: reqwest::Error| proxy.failed(error.without_url().to_string());
                Ok(builder.no_proxy().proxy(reqwest::Proxy::all(proxy.url.clone()).map_err(failed)?))
            }
        }
    }
}

impl Proxy {
    /// Reads a proxy's URL; without a scheme it is HTTP.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        Url::parse(&whole).ok().filter(|url| url.has_host()).map(|url| Self { url })
    }

    /// Its URL without user and password.
    pub fn shown(&self) -> String {
        let port = self.url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", self.url.scheme(), self.url.host_str().unwrap_or_default())
    }

    /// Host and port to connect to.
    pub fn address(&self) -> (String, u16) {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        (host.to_owned(), self.url.port_or_known_default().unwrap_or(80))
    }

    /// Whether a plain `CONNECT` opens a tunnel through it.
    pub fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// User and password, percent-decoded, where it wants them.
    pub fn credentials(&self) -> Option<(String, String)> {
        let decoded = |text: &str| {
            url::form_urlencoded::parse(format!("v={}", text.replace('+', "%2B")).as_bytes())
                .next()
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let user = self.url.username();
        (!user.is_empty()).then(|| (decoded(user), decoded(self.url.password().unwrap_or_default())))
    }

    /// The fault of a proxy that does not work.
    pub fn failed(&self, detail: String) -> Fault {
        Fault::ProxyFailed { proxy: self.shown(), detail }
    }
}

/// Whether a `NO_PROXY` list names this host: `*`, a domain with all below it, an address or a network.
fn exempts(list: &str, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    list.split(',').map(|entry| entry.trim().to_ascii_lowercase()).any(|entry| match address {
        _ if entry == "*" => true,
        Some(address) => holds(&entry, address),
        None => in_domain(&host, entry.trim_start_matches('.')),
    })
}

fn in_domain(host: &str, domain: &str) -> bool {
    !domain.is_empty() && host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn holds(entry: &str, address: IpAddr) -> bool {
    let (network, length) = entry.split_once('/').unwrap_or((entry, ""));
    match (network.parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address)) => {
            same_prefix(network.to_bits().into(), address.to_bits().into(), 32, length)
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address)) => {
            same_prefix(network.to_bits(), address.to_bits(), 128, length)
        }
        _ => false,
    }
}

fn same_prefix(network: u128, address: u128, width: u32, length: &str) -> bool {
    let bits = if length.is_empty() { Some(width) } else { length.parse().ok() };
    let Some(rest) = bits.and_then(|bits| width.checked_sub(bits)) else { return false };
    (network ^ address).checked_shr(rest).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn route(url: &str, env: &[(&str, &str)]) -> Route {
        let (base, _) = ServerUrl::parse(url, &[]).unwrap();
        Route::from_env(&base, |name| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    const URL: &str = "https://contoso.service-now.com";

    #[rstest]
    #[case(&[("HTTPS_PROXY", "http://proxy:3128")], Some("http://proxy:3128"))]
    #[case(&[("https_proxy", "proxy:3128")], Some("http://proxy:3128"))]
    #[case(&[("ALL_PROXY", "http://me:pw@proxy")], Some("http://proxy:80"))]
    #[case(&[("HTTP_PROXY", "http://proxy:3128")], None)]
    #[case(&[("HTTPS_PROXY", "http://proxy:3128"), ("NO_PROXY", "localhost, .service-now.com")], None)]
    #[case(&[("HTTPS_PROXY", "http://proxy:3128"), ("NO_PROXY", "now.com")], Some("http://proxy:3128"))]
    #[case(&[("HTTPS_PROXY", "http://proxy:3128"), ("no_proxy", "*")], None)]
    #[case(&[("HTTPS_PROXY", "")], None)]
    #[case(&[], None)]
    fn the_environment_names_the_proxy(#[case] env: &[(&str, &str)], #[case] expected: Option<&str>) {
        assert_eq!(route(URL, env).proxy().map(Proxy::shown).as_deref(), expected);
    }

    #[test]
    fn this_machine_is_never_reached_through_a_proxy() {
        let env = [("HTTPS_PROXY", "http://proxy:3128"), ("ALL_PROXY", "http://proxy:3128")];
        assert!(route("http://127.0.0.1:8080", &env) == Route::Direct);
        assert!(route(URL, &[]) == Route::System);
    }

    #[rstest]
    #[case("10.0.0.0/8", "10.2.3.4", true)]
    #[case("10.0.0.0/8", "11.2.3.4", false)]
    #[case("10.2.3.4", "10.2.3.4", true)]
    #[case("fd00::/8", "fd12::1", true)]
    #[case("10.0.0.0/99", "10.0.0.1", false)]
    #[case("::/0", "fd12::1", true)]
    #[case("10.0.0.0/x", "10.0.0.1", false)]
    fn networks_are_exempt_too(#[case] list: &str, #[case] host: &str, #[case] expected: bool) {
        assert_eq!(exempts(list, host), expected);
    }

    #[test]
    fn the_password_of_a_proxy_is_kept_apart() {
        let proxy = Proxy::parse("http://me:p%40ss+word@proxy:8080").unwrap();
        assert_eq!(proxy.credentials(), Some(("me".into(), "p@ss+word".into())));
        assert_eq!(proxy.address(), ("proxy".into(), 8080));
        assert!(!proxy.shown().contains("me"));
    }
}
