//! The HTTP of Microsoft's library, over our own client: the same TLS, the same proxies, the same limits.

use std::fmt;

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::headers::{HeaderName, HeaderValue, Headers};
use azure_core::http::{AsyncRawResponse, Body, HttpClient, Method, Request, StatusCode, Url};
use reqwest::header;

use super::cloud::{Cloud, not_allowed};
use crate::model::fault::Fault;
use crate::model::url::ServerUrl;
use crate::net::http::{self, Http, HttpConfig, Reply, SMALL_LIMIT_BYTES};

/// What App Service's own metadata service takes for a secret.
const IDENTITY_HEADER: &str = "x-identity-header";

/// Where the requests of a sign-in may go: to the authority, and to the metadata service on the machine's own link. For a
/// practice server that server plays the metadata service, and nothing goes anywhere else.
pub(super) struct Transport {
    cloud: Cloud,
    config: HttpConfig,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

impl Transport {
    pub(super) fn new(cloud: &Cloud, config: &HttpConfig) -> Self {
        Self { cloud: cloud.clone(), config: config.clone() }
    }

    fn server(&self, url: &Url) -> Result<ServerUrl, Fault> {
        match ServerUrl::of_this_link(url) {
            Some(_) if self.cloud.practice => Ok(self.cloud.arm.clone()),
            Some(near) => Ok(near),
            None if url.origin().ascii_serialization() == self.cloud.authority.as_str() => {
                Ok(self.cloud.authority.clone())
            }
            None => Err(not_allowed(&self.cloud.arm, &url.origin().ascii_serialization())),
        }
    }

    async fn pass(&self, request: &Request) -> Result<Reply, Fault> {
        let server = self.server(request.url())?;
        let http = Http::new(&server, &self.config)?;
        let body = match request.body() {
            Body::Bytes(bytes) => bytes.to_vec(),
            Body::SeekableStream(_) => return Err(Fault::Internal { what: "a sign-in sends no stream".to_owned() }),
        };
        let mut headers = sent(request.headers())?;
        if !is_meant_for(request.url(), &server) {
            headers.remove(IDENTITY_HEADER);
        }
        http.relay(method(request.method())?, &request.path_and_query(), headers, body, SMALL_LIMIT_BYTES).await
    }
}

#[async_trait]
impl HttpClient for Transport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let reply = self.pass(request).await;
        // No kind that the library would try again by itself: a refused sign-in is not repeated, and whoever waits
        // wants to hear of a host that is not there.
        let reply =
            reply.map_err(|fault| Error::with_error(ErrorKind::Other, fault, "the request was not answered"))?;
        Ok(AsyncRawResponse::from_bytes(
            StatusCode::from(reply.status),
            received(&reply.headers),
            reply.body.into_bytes(),
        ))
    }
}

/// Whether a request goes to the very host that it names: the secret of a metadata service is for that one.
fn is_meant_for(url: &Url, server: &ServerUrl) -> bool {
    url.origin().ascii_serialization() == server.as_str()
}

fn sent(headers: &Headers) -> Result<header::HeaderMap, Fault> {
    let unfit = || Fault::Internal { what: "a header of the sign-in cannot be sent".to_owned() };
    let mut map = header::HeaderMap::new();
    for (name, value) in headers.iter() {
        let name = header::HeaderName::from_bytes(name.as_str().as_bytes()).map_err(|_| unfit())?;
        let mut value = header::HeaderValue::from_str(value.as_str()).map_err(|_| unfit())?;
        value.set_sensitive(true);
        map.insert(name, value);
    }
    Ok(map)
}

fn received(headers: &header::HeaderMap) -> Headers {
    let mut all = Headers::new();
    for (name, value) in headers {
        if let Ok(value) = value.to_str() {
            all.insert(HeaderName::from(name.as_str().to_owned()), HeaderValue::from(value.to_owned()));
        }
    }
    all
}

fn method(method: Method) -> Result<http::Method, Fault> {
    let unknown = |_| Fault::Internal { what: "a method of the sign-in is not known".to_owned() };
    http::Method::from_bytes(method.as_str().as_bytes()).map_err(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::testing::url as server;
    use rstest::rstest;

    fn transport(cloud: Cloud) -> Transport {
        Transport::new(&cloud, &HttpConfig::default())
    }

    fn to(transport: &Transport, url: &str) -> Option<String> {
        transport.server(&Url::parse(url).unwrap()).ok().map(|server| server.to_string())
    }

    fn public() -> Cloud {
        let arm = server("https://management.azure.com");
        Cloud { authority: server("https://login.microsoftonline.com"), arm, practice: false }
    }

    #[rstest]
    #[case("https://login.microsoftonline.com/t/oauth2/v2.0/token", Some("https://login.microsoftonline.com"))]
    #[case("http://169.254.169.254/metadata/identity/oauth2/token", Some("http://169.254.169.254"))]
    #[case("http://127.0.0.1:41200/msi/token", Some("http://127.0.0.1:41200"))]
    #[case("https://login.microsoftonline.com:444/t", None)]
    #[case("http://login.microsoftonline.com/t", None)]
    #[case("https://login.microsoftonline.com.evil.example/t", None)]
    #[case("http://10.0.0.1/metadata", None)]
    fn a_sign_in_goes_to_the_authority_and_to_this_machine_only(#[case] url: &str, #[case] goes: Option<&str>) {
        assert_eq!(to(&transport(public()), url).as_deref(), goes);
    }

    #[test]
    fn the_secret_of_a_metadata_service_goes_to_that_one_only() {
        let here = server("http://127.0.0.1:9");
        let meant = |url: &str| is_meant_for(&Url::parse(url).unwrap(), &here);
        assert!(meant("http://127.0.0.1:9/msi/token?resource=x"));
        assert!(!meant("http://127.0.0.1:10/msi/token") && !meant("http://169.254.169.254/metadata/identity"));
    }

    #[test]
    fn practice_server_is_the_only_metadata_service_asked() {
        let here = server("http://127.0.0.1:9");
        let transport = transport(Cloud { authority: here.clone(), arm: here, practice: true });
        let asked = to(&transport, "http://169.254.169.254/metadata/identity/oauth2/token");
        assert_eq!(asked.as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!(to(&transport, "https://login.microsoftonline.com/t/oauth2/v2.0/token"), None);
    }
}
