//! Which addresses a name has. Client and live test ask here, so that both reach the same machine.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::model::url::loopback;

type Lookup = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Who is asked for the addresses of a name: the system's resolver, unless another is named.
#[derive(Clone, Default)]
pub struct Names(Option<Lookup>);

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Names(other)" } else { "Names(system)" })
    }
}

impl Names {
    /// Asks `lookup` in place of the system.
    pub fn by(lookup: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(lookup)))
    }

    /// The addresses of a host. A name of this machine is asked of nobody, who might answer with any address (RFC 6761,
    /// 6.3).
    ///
    /// # Errors
    /// What the system says of a name that has none.
    pub async fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        if let Some(own) = loopback(host, port) {
            return Ok(own.to_vec());
        }
        match &self.0 {
            Some(lookup) => Ok(lookup(host).into_iter().map(|address| (address, port).into()).collect()),
            None => Ok(tokio::net::lookup_host((host, port)).await?.collect()),
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        // The client puts the port of the URL in the place of 0.
        Box::pin(async move { Ok(Box::new(names.lookup(name.as_str(), 0).await?.into_iter()) as Addrs) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::model::check::{Finding, Status};
    use crate::model::fault::Fault;
    use crate::model::secret::Secret;
    use crate::net::http::proxy::{Proxy, Route};
    use crate::net::http::{Http, HttpConfig, Timeouts};
    use crate::net::probe;
    use crate::net::testing::{self, Fake, raw, url};

    /// A resolver that gives every name one address, and what it was asked for.
    fn liar(address: [u8; 4]) -> (HttpConfig, Arc<Mutex<Vec<String>>>) {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = asked.clone();
        let names = Names::by(move |host| {
            log.lock().unwrap().push(host.to_owned());
            vec![address.into()]
        });
        let timeouts = Timeouts { connect: Duration::from_secs(5), ..Timeouts::default() };
        (HttpConfig { names, timeouts, ..HttpConfig::default() }, asked)
    }

    #[tokio::test]
    async fn s14_a_resolver_that_lies_about_this_machine_gets_nothing() {
        let (config, asked) = liar([192, 0, 2, 1]);
        let server = Fake::start(|_| testing::json(200, &json!({}))).await;
        let named = server.url.replace("127.0.0.1", "localhost");
        let http = Http::new(&url(&named), &config).unwrap();
        assert_eq!(http.get("/x", Some(&Secret::new("t0ken")), 100).await.unwrap().status, 200);
        assert_eq!(server.seen()[0].bearer(), Some("t0ken"));
        for host in ["localhost", "LOCALHOST", "localhost.", "below.localhost"] {
            let address = server.url.replace("http://127.0.0.1", &format!("https://{host}"));
            let http = Http::with_route(&url(&address), &config, Route::Direct).unwrap();
            let step = probe::connection(&http).await;
            assert_eq!(step.status, Status::Passed, "{host}: {:?}", step.fault);
            assert!(http.get("/x", None, 100).await.is_err(), "it speaks no TLS");
        }
        let proxy =
            raw(b"HTTP/1.1 502 Bad\r\ncontent-length: 0\r\n\r\n", false).await.replace("127.0.0.1", "localhost");
        let route = Route::Proxy(Proxy::parse(&proxy).unwrap());
        let http = Http::with_route(&url("https://contoso.service-now.com"), &config, route).unwrap();
        assert_eq!(probe::connection(&http).await.status, Status::Passed);
        assert!(matches!(http.get("/x", None, 100).await, Err(Fault::ProxyFailed { .. })));
        assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn client_and_live_test_ask_the_same_resolver() {
        let (config, asked) = liar([127, 0, 0, 1]);
        let server = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", false).await;
        let address = server.replace("http://127.0.0.1", "https://contoso.service-now.com");
        let http = Http::with_route(&url(&address), &config, Route::Direct).unwrap();
        let addresses = vec!["127.0.0.1".to_owned()];
        assert_eq!(probe::name_lookup(&http).await.finding, Some(Finding::Addresses { addresses }));
        assert!(matches!(http.get("/x", None, 100).await, Err(Fault::TlsRefused { .. })));
        assert_eq!(*asked.lock().unwrap(), ["contoso.service-now.com"; 2]);
    }
}
