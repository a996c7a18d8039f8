//! How the server is reached: directly, or through the proxy that the environment names.
//!
//! The client would read the same variables itself; reading them here lets the live test say which proxy is
//! in use, and keeps practice servers on this machine out of it. Of several variables the first that is not empty
//! counts. An invalid value is an error: if a proxy was asked for, no request may go directly.

use reqwest::ClientBuilder;
use url::Url;

use super::no_proxy;
use crate::model::fault::Fault;
use crate::model::url::ServerUrl;

/// The variables that name a proxy for HTTPS, in the order in which they count.
pub const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that name what is reached without one, in the order in which they count.
pub const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// How a server is reached.
#[derive(Clone, PartialEq, Eq)]
pub enum Route {
    /// Directly: it is this machine, or `NO_PROXY` names it.
    Direct,
    /// As the system's settings say; directly if they say nothing.
    System,
    /// Through this proxy.
    Proxy(Proxy),
}

/// A proxy. It may contain a user and a password, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    url: Url,
}

/// The first of these variables that is not blank, with its value.
pub fn first_set<'a>(names: &[&'a str], variable: impl Fn(&str) -> Option<String>) -> Option<(&'a str, String)> {
    let value = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    names.iter().find_map(|name| Some((*name, value(name)?)))
}

impl Route {
    /// The route to `base` by the variables [`VARIABLES`] and [`EXCEPTIONS`], as `variable` knows them.
    ///
    /// # Errors
    /// [`Fault::ProxyUnreadable`] with the name of the variable whose value is no proxy.
    pub fn from_env(base: &ServerUrl, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let exceptions = first_set(&EXCEPTIONS, &variable);
        if base.is_practice() || exceptions.is_some_and(|(_, list)| no_proxy::exempts(&list, &base.host(), base.port()))
        {
            return Ok(Self::Direct);
        }
        let Some((name, text)) = first_set(&VARIABLES, &variable) else { return Ok(Self::System) };
        let unreadable = || Fault::ProxyUnreadable { variable: name.to_owned() };
        Proxy::parse(&text).map(Self::Proxy).ok_or_else(unreadable)
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
    /// Reads a proxy's URL; without a scheme it is HTTP. `None` for an invalid URL and for an unsupported scheme, since the
    /// client would ignore such a proxy and connect directly.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let url = Url::parse(&whole).ok()?;
        let fits = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
        (fits && url.port() != Some(0)).then_some(Self { url })
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

    /// User and password, percent-decoded, if it needs them.
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn route(url: &str, env: &[(&str, &str)]) -> Route {
        let (base, _) = ServerUrl::parse(url, &[]).unwrap();
        let variable = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Route::from_env(&base, variable).unwrap()
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
    #[case(&[("HTTPS_PROXY", ""), ("https_proxy", "http://lower:1")], Some("http://lower:1"))]
    #[case(&[("HTTPS_PROXY", "  "), ("https_proxy", "http://lower:1")], Some("http://lower:1"))]
    #[case(&[("HTTPS_PROXY", ""), ("https_proxy", ""), ("ALL_PROXY", "http://all:1")], Some("http://all:1"))]
    #[case(&[("ALL_PROXY", ""), ("all_proxy", "http://all:1")], Some("http://all:1"))]
    #[case(&[("https_proxy", "http://lower:1"), ("NO_PROXY", ""), ("no_proxy", "*")], None)]
    #[case(&[("HTTPS_PROXY", "http://upper:1"), ("https_proxy", "http://lower:1")], Some("http://upper:1"))]
    fn e1_an_empty_variable_counts_as_unset(#[case] env: &[(&str, &str)], #[case] expected: Option<&str>) {
        assert_eq!(route(URL, env).proxy().map(Proxy::shown).as_deref(), expected);
    }

    #[rstest]
    #[case("http://")]
    #[case("http://proxy:99999")]
    #[case("http://proxy:port")]
    #[case("proxy host:3128")]
    #[case("://")]
    #[case("http://[::1")]
    #[case("socks5://proxy:1080")]
    #[case("ftp://proxy")]
    #[case("http://proxy:0")]
    #[case("http://pro\u{fffd}xy")]
    fn e2_unreadable_proxy_is_named_and_not_bypassed(#[case] value: &str) {
        let (base, _) = ServerUrl::parse(URL, &[]).unwrap();
        for name in VARIABLES {
            let with = |exempt: &str| {
                Route::from_env(&base, |asked| match asked {
                    _ if asked == name => Some(value.to_owned()),
                    "NO_PROXY" => Some(exempt.to_owned()),
                    _ => None,
                })
            };
            assert_eq!(with("").err(), Some(Fault::ProxyUnreadable { variable: name.to_owned() }));
            assert!(with("contoso.service-now.com") == Ok(Route::Direct), "it is not needed for this host");
        }
    }

    #[test]
    fn the_password_of_a_proxy_is_kept_apart() {
        let proxy = Proxy::parse("http://me:p%40ss+word@proxy:8080").unwrap();
        assert_eq!(proxy.credentials(), Some(("me".into(), "p@ss+word".into())));
        assert_eq!(proxy.address(), ("proxy".into(), 8080));
        assert!(!proxy.shown().contains("me"));
    }
}
