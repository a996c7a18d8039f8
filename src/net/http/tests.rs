use std::path::PathBuf;
use std::time::Duration;

use rstest::rstest;
use zeroize::Zeroizing;

use super::proxy::Proxy;
use super::*;
use crate::model::certificate::TlsProblem;
use crate::net::testing::{Certificate, Fake, TlsServer, html, json, raw, url};

fn short() -> HttpConfig {
    let timeouts =
        Timeouts { connect: Duration::from_secs(5), idle: Duration::from_millis(200), total: Duration::from_secs(20) };
    HttpConfig { timeouts, ..HttpConfig::default() }
}

fn client(base: &str) -> Http {
    Http::with_route(&url(base), &short(), Route::Direct).unwrap()
}

async fn fault(base: &str) -> Fault {
    client(base).get("/x", None, 100).await.err().expect("a reply came")
}

#[tokio::test]
async fn it_says_who_it_is_and_takes_back_no_cookie() {
    let server = Fake::start(|_| ([("set-cookie", "JSESSIONID=1"), ("content-type", "application/json")], "{}")).await;
    let http = client(&server.url);
    for _ in 0..2 {
        assert!(http.get("/x?a=%20b", Some(&Secret::new("t0ken")), 100).await.unwrap().is_json());
    }
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(http.requests(), 2);
    assert_eq!(seen[1].headers["user-agent"], concat!("itsmc/", env!("CARGO_PKG_VERSION")));
    assert_eq!(seen[1].headers["accept"], "application/json");
    assert_eq!(seen[1].headers.get("cookie"), None);
    assert_eq!(seen[1].bearer(), Some("t0ken"));
    assert_eq!(seen[1].get("a"), Some(" b"));
}

#[tokio::test]
async fn a_redirect_is_handed_over_and_not_followed() {
    let server = Fake::start(|seen| {
        assert_eq!(seen.path, "/x");
        (axum::http::StatusCode::FOUND, [("location", "/elsewhere")])
    })
    .await;
    let reply = client(&server.url).get("/x", None, 100).await.unwrap();
    assert_eq!((reply.status, reply.location().as_deref()), (302, Some("/elsewhere")));
    assert_eq!(server.paths(), ["/x"]);
}

#[tokio::test]
async fn a_form_is_posted_as_it_is() {
    let server = Fake::start(|_| json(200, &serde_json::json!({}))).await;
    let form = Zeroizing::new("a=%26%20&b=".to_owned());
    client(&server.url).post_form("/t", form, 100).await.unwrap();
    let seen = server.seen().remove(0);
    assert_eq!(seen.form, [("a".to_owned(), "& ".to_owned()), ("b".to_owned(), String::new())]);
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
}

const ANNOUNCED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n40\r\n0123456789012345678901234567890123456789012345678901234567890123\r\n";
const STALLED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"result\":[";
const NOT_HTTP: &[u8] = b"SSH-2.0-OpenSSH_9.2\r\n";
const BAD_GZIP: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nabcd";

#[rstest]
#[case::announced(ANNOUNCED, true, "too-large")]
#[case::endless(CHUNKED, true, "too-large")]
#[case::stalled(STALLED, true, "timed-out")]
#[case::silent(b"", true, "timed-out")]
#[case::cut(STALLED, false, "connection-lost")]
#[case::closed(b"", false, "connection-lost")]
#[case::not_http(NOT_HTTP, false, "connection-lost")]
#[case::bad_gzip(BAD_GZIP, false, "connection-lost")]
#[tokio::test]
async fn no_whole_reply_is_told_apart(#[case] bytes: &'static [u8], #[case] stay: bool, #[case] code: &str) {
    let fault = fault(&raw(bytes, stay).await).await;
    assert_eq!(fault.code(), code, "{fault:?}");
}

#[tokio::test]
async fn a_body_within_the_limit_is_taken_whole() {
    let server = Fake::start(|_| html(200, "0123456789")).await;
    assert_eq!(client(&server.url).get("/x", None, 10).await.unwrap().body.into_bytes(), b"0123456789");
    let fault = client(&server.url).get("/x", None, 9).await.err();
    assert_eq!(fault, Some(Fault::TooLarge { what: "127.0.0.1".into(), limit_bytes: 9 }));
}

#[rstest]
#[case(401, "{'token ': 'is not known'}")]
#[case(200, "{'token t0ken-abc': 'is not known'}")]
#[tokio::test]
async fn a_refusal_does_not_repeat_the_token(#[case] status: u16, #[case] expected: &str) {
    let server = Fake::start(move |seen| {
        let said = format!("{{'token {}': 'is not known'}}", seen.bearer().unwrap_or_default());
        (axum::http::StatusCode::from_u16(status).unwrap(), said)
    })
    .await;
    let reply = client(&server.url).get("/x", Some(&Secret::new("t0ken-abc")), 100).await.unwrap();
    assert_eq!(String::from_utf8(reply.body.into_bytes()).unwrap(), expected);
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_a_body() {
    let server = Fake::start(|_| ([("content-type", "application/json")], "\u{feff}{}")).await;
    assert_eq!(client(&server.url).get("/x", None, 10).await.unwrap().body.into_bytes(), b"{}");
}

#[tokio::test]
async fn nobody_listening_is_a_refused_connection() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    assert_eq!(fault(&format!("http://{address}")).await, Fault::ConnectionRefused { address });
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_not_shown() {
    let fault = client("http://127.0.0.1:9").get("/x", Some(&Secret::new("sec\nret")), 9).await.err().unwrap();
    assert_eq!(fault.code(), "internal");
    assert!(!format!("{fault:?}").contains("sec"));
}

#[tokio::test]
async fn a_proxy_that_does_not_answer_is_named_without_its_password() {
    let route = Route::Proxy(Proxy::parse("http://me:hunter2@127.0.0.1:9").unwrap());
    let server = TlsServer::start(Certificate::Good).await;
    let (_dir, config) = trusting(&server.ca_pem);
    let http = Http::with_route(&url(&server.url), &config, route).unwrap();
    let fault = http.get("/x", None, 100).await.err().unwrap();
    let Fault::ProxyFailed { proxy, .. } = &fault else { panic!("{fault:?}") };
    assert_eq!(proxy, "http://127.0.0.1:9");
    assert!(!format!("{fault:?}").contains("hunter2"));
}

fn trusting(ca_pem: &str) -> (tempfile::TempDir, HttpConfig) {
    let dir = tempfile::tempdir().unwrap();
    let path: PathBuf = dir.path().join("ca.pem");
    std::fs::write(&path, ca_pem).unwrap();
    (dir, HttpConfig { ca_file: Some(path), ..HttpConfig::default() })
}

async fn over_tls(kind: Certificate) -> Result<Reply, Fault> {
    let server = TlsServer::start(kind).await;
    let (_dir, config) = trusting(&server.ca_pem);
    Http::with_route(&url(&server.url), &config, Route::Direct).unwrap().get("/x", None, 100).await
}

#[rstest]
#[case(Certificate::Expired, TlsProblem::Expired, "Practice CA")]
#[case(Certificate::NotYet, TlsProblem::NotValidYet, "Practice CA")]
#[case(Certificate::OtherName, TlsProblem::OtherName, "Practice CA")]
#[case(Certificate::SelfSigned, TlsProblem::SelfSigned, "localhost")]
#[tokio::test]
async fn a10_refused_certificate_is_shown_with_reason(
    #[case] kind: Certificate,
    #[case] expected: TlsProblem,
    #[case] issued_by: &str,
) {
    let fault = over_tls(kind).await.err().unwrap();
    let Fault::TlsRefused { host, problem, certificate: Some(seen) } = fault else { panic!("{fault:?}") };
    assert_eq!((host.as_str(), problem), ("localhost", expected));
    assert_eq!((seen.issuer.as_deref(), seen.sha256.len()), (Some(issued_by), 95));
    assert!(seen.begins.is_some() && seen.expires.is_some(), "{seen:?}");
    let name = if kind == Certificate::OtherName { "other.example" } else { "localhost" };
    assert_eq!(seen.names, [name]);
}

#[tokio::test]
async fn a_ca_of_ones_own_is_trusted_by_file_only() {
    assert_eq!(over_tls(Certificate::Good).await.unwrap().status, 200);
    let (server, other) = (TlsServer::start(Certificate::Good).await, TlsServer::start(Certificate::SelfSigned).await);
    let (_dir, config) = trusting(&other.ca_pem);
    let http = Http::with_route(&url(&server.url), &config, Route::Direct).unwrap();
    let Err(Fault::TlsRefused { problem, certificate, .. }) = http.get("/x", None, 100).await else { panic!() };
    assert_eq!(problem, TlsProblem::UnknownIssuer);
    assert!(!certificate.unwrap().self_signed);
}

#[tokio::test]
async fn what_speaks_no_tls_is_named() {
    let server = raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", false).await.replace("http://127.0.0.1", "https://localhost");
    let ca = TlsServer::start(Certificate::Good).await;
    let (_dir, config) = trusting(&ca.ca_pem);
    let http = Http::with_route(&url(&server), &config, Route::Direct).unwrap();
    let fault = http.get("/x", None, 100).await.err().unwrap();
    assert_eq!(fault, Fault::TlsRefused { host: "localhost".into(), problem: TlsProblem::NotTls, certificate: None });
}

#[test]
fn s14_a_name_below_localhost_never_reaches_a_name_server() {
    // No name server and no hosts file knows this name, so only what the client itself resolves can lead to the server.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let server = TlsServer::start(Certificate::Good).await;
        let (_dir, config) = trusting(&server.ca_pem);
        let named = server.url.replace("localhost", "of-no-name-server.localhost");
        let fault = Http::with_route(&url(&named), &config, Route::Direct).unwrap().get("/x", None, 100).await.err();
        // It was reached: its certificate is for another name.
        let Some(Fault::TlsRefused { problem, .. }) = fault else { panic!("{fault:?}") };
        assert_eq!(problem, TlsProblem::OtherName);
    });
}
