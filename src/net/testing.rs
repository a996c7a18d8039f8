//! What the tests of the partners share: a server that answers as a closure says, a TLS one, and a place for tokens.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::model::url::ServerUrl;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query's pairs, decoded.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The form of the body's pairs, decoded.
    pub form: Vec<(String, String)>,
    /// The body in JSON; null where it is none.
    pub json: serde_json::Value,
}

impl Seen {
    /// A parameter of the query or the form.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().chain(&self.form).find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The bearer token.
    pub fn bearer(&self) -> Option<&str> {
        self.headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")
    }
}

/// A server on loopback.
#[derive(Clone)]
pub struct Fake {
    /// Its base URL.
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// Starts a server that answers as `answer` says.
    pub async fn start<R: IntoResponse>(answer: impl Fn(&Seen) -> R + Send + Sync + Clone + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let app = Router::new().fallback(move |request: Request| {
            let (answer, log) = (answer.clone(), Arc::clone(&log));
            async move {
                let request = read(request).await;
                log.lock().unwrap().push(request.clone());
                answer(&request).into_response()
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, seen }
    }

    /// What was asked of it so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The paths that were asked for.
    pub fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }
}

async fn read(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, usize::MAX).await.unwrap();
    let pairs = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect();
    Seen {
        method: parts.method.to_string(),
        json: serde_json::from_slice(&body).unwrap_or_default(),
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts.headers,
        form: pairs(&body),
    }
}

/// A reply in JSON.
pub fn json(status: u16, body: &serde_json::Value) -> Response {
    let kind = [("content-type", "application/json;charset=UTF-8")];
    (StatusCode::from_u16(status).unwrap(), kind, body.to_string()).into_response()
}

/// A page.
pub fn html(status: u16, body: &'static str) -> Response {
    (StatusCode::from_u16(status).unwrap(), [("content-type", "text/html")], body).into_response()
}

/// A base URL.
pub fn url(text: &str) -> ServerUrl {
    ServerUrl::parse(text, &[]).unwrap().0
}

/// A server that writes these bytes to whoever connects and has sent a request, then waits or closes.
pub async fn raw(bytes: &'static [u8], stay: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
            if stay {
                tokio::spawn(async move {
                    let _ = stream.read(&mut request).await;
                });
            }
        }
    });
    url
}

/// How a server's certificate is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// Signed by the CA, for `localhost`.
    Good,
    /// The same, over since long.
    Expired,
    /// The same, not valid for a long time yet.
    NotYet,
    /// The same, for another name.
    OtherName,
    /// As `openssl req -x509` makes it.
    SelfSigned,
}

/// A TLS server on `localhost`, and the CA that it wants to be trusted.
pub struct TlsServer {
    /// Its base URL.
    pub url: String,
    /// The CA (for a self-signed one the certificate itself) in PEM.
    pub ca_pem: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl TlsServer {
    /// Starts one that answers as `answer` says.
    pub async fn answering<R: IntoResponse>(answer: impl Fn(&Seen) -> R + Send + Sync + Clone + 'static) -> Self {
        let inner = Fake::start(answer).await;
        let (chain, key, ca_pem) = certificate(Certificate::Good);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let (seen, plain) = (Arc::clone(&inner.seen), inner.url.replace("http://", ""));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, plain) = (acceptor.clone(), plain.clone());
                tokio::spawn(async move {
                    let Ok(mut outer) = acceptor.accept(stream).await else { return };
                    let mut inner = tokio::net::TcpStream::connect(plain).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
                });
            }
        });
        Self { url, ca_pem, seen }
    }

    /// What was asked of one that was started by [`TlsServer::answering`].
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Starts one that answers every request with an empty JSON object.
    pub async fn start(kind: Certificate) -> Self {
        let (chain, key, ca_pem) = certificate(kind);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let reply = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                    let _ = stream.write_all(reply).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { url, ca_pem, seen: Arc::default() }
    }
}

type Made = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>, String);

fn certificate(kind: Certificate) -> Made {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    let key = |pair: &KeyPair| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pair.serialize_der()));
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_name = if kind == Certificate::SelfSigned { "localhost" } else { "Practice CA" };
    ca.distinguished_name.push(DnType::CommonName, ca_name);
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let encoded = super::probe::tunnel::base64(ca_certificate.der());
    let ca_pem = format!("-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n");
    if kind == Certificate::SelfSigned {
        return (vec![ca_certificate.der().clone()], key(&ca_key), ca_pem);
    }
    let name = if kind == Certificate::OtherName { "other.example" } else { "localhost" };
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    leaf.not_after = rcgen::date_time_ymd(if kind == Certificate::Expired { 2001 } else { 2096 }, 1, 2);
    if kind == Certificate::NotYet {
        leaf.not_before = rcgen::date_time_ymd(2095, 1, 2);
    }
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&leaf_key, &Issuer::new(ca, ca_key)).unwrap();
    (vec![leaf.der().clone()], key(&leaf_key), ca_pem)
}
