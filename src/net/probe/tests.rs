use std::time::Duration;

use rstest::rstest;

use super::*;
use crate::net::http::proxy::Route;
use crate::net::http::{HttpConfig, Timeouts};
use crate::net::testing::{Certificate, TlsServer, raw, url};

fn http(base: &str, route: Route, ca_pem: Option<&str>) -> Http {
    let dir = tempfile::tempdir().unwrap();
    let ca_file = ca_pem.map(|pem| {
        let path = dir.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        path
    });
    let timeouts = Timeouts { connect: Duration::from_secs(5), ..Timeouts::default() };
    Http::with_route(&url(base), &HttpConfig { timeouts, ca_file, ..HttpConfig::default() }, route).unwrap()
}

fn through(address: &str) -> Route {
    Route::Proxy(Proxy::parse(address).unwrap())
}

#[tokio::test]
async fn an_address_needs_no_lookup() {
    let step = name_lookup(&http("http://[::1]:8080", Route::Direct, None)).await;
    let addresses = vec!["::1".to_owned()];
    assert_eq!(step, Step::found(StepId::NameLookup, Status::Passed, Finding::Addresses { addresses }));
}

#[rstest]
#[case(Route::Direct, Status::Failed)]
#[case(through("http://127.0.0.1:9"), Status::Warning)]
#[tokio::test]
async fn a_name_without_address_fails_unless_a_proxy_may_know_it(#[case] route: Route, #[case] status: Status) {
    let ca = TlsServer::start(Certificate::Good).await.ca_pem;
    let step = name_lookup(&http("https://nowhere.invalid", route, Some(&ca))).await;
    assert_eq!((step.status, step.field), (status, Some(FieldId::ServerUrl)));
    assert_eq!(step.fault, Some(Fault::NameNotFound { host: "nowhere.invalid".into() }));
}

#[tokio::test]
async fn a_connection_opens_or_says_why_not() {
    let server = raw(b"", true).await;
    let step = connection(&http(&server, Route::Direct, None)).await;
    let address = server.trim_start_matches("http://").to_owned();
    let finding = Finding::Connected { address, proxy: None };
    assert_eq!(step, Step::found(StepId::Connection, Status::Passed, finding));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let step = connection(&http(&format!("http://{address}"), Route::Direct, None)).await;
    assert_eq!(step.fault, Some(Fault::ConnectionRefused { address }));
}

#[tokio::test]
async fn practice_has_no_tls_to_look_at() {
    let step = tls(&http("http://127.0.0.1:9", Route::Direct, None)).await;
    assert_eq!(step, Step::found(StepId::Tls, Status::Skipped, Finding::PracticeWithoutTls));
}

#[tokio::test]
async fn a_good_certificate_is_described() {
    let server = TlsServer::start(Certificate::Good).await;
    let step = tls(&http(&server.url, Route::Direct, Some(&server.ca_pem))).await;
    let finding = Finding::TlsEstablished {
        version: "TLS 1.3".into(),
        issuer: Some("Practice CA".into()),
        expires: Some("2096-01-02T00:00:00Z".parse().unwrap()),
    };
    assert_eq!(step, Step::found(StepId::Tls, Status::Passed, finding));
}

#[tokio::test]
async fn a_bad_certificate_fails_with_the_reason() {
    for (kind, expected) in
        [(Certificate::SelfSigned, TlsProblem::SelfSigned), (Certificate::OtherName, TlsProblem::OtherName)]
    {
        let server = TlsServer::start(kind).await;
        let step = tls(&http(&server.url, Route::Direct, Some(&server.ca_pem))).await;
        let Some(Fault::TlsRefused { problem, certificate, .. }) = step.fault else { panic!("{:?}", step.fault) };
        assert_eq!(problem, expected);
        assert!(certificate.is_some_and(|seen| seen.expires.is_some()));
    }
}

/// A proxy that opens a tunnel to `target`, or answers with `refusal`.
async fn proxy(target: String, refusal: Option<&'static [u8]>) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            if head.is_empty() {
                continue;
            }
            if let Some(refusal) = refusal {
                let _ = stream.write_all(refusal).await;
                continue;
            }
            let head = String::from_utf8(head).unwrap();
            assert!(head.starts_with("CONNECT localhost:"), "{head}");
            assert!(head.contains("Basic bWU6cEBzcw=="), "{head}");
            let mut other = TcpStream::connect(&target).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 Connection established\r\nx: y\r\n\r\n").await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut other).await;
        }
    });
    format!("http://me:p%40ss@{address}")
}

#[tokio::test]
async fn the_proxy_is_looked_through() {
    let server = TlsServer::start(Certificate::Good).await;
    let target = server.url.trim_start_matches("https://").to_owned();
    let proxy = proxy(target, None).await;
    let http = http(&server.url, through(&proxy), Some(&server.ca_pem));
    let step = tls(&http).await;
    assert_eq!(step.status, Status::Passed, "{:?}", step.fault);
    let Some(Finding::Connected { proxy: Some(shown), .. }) = connection(&http).await.finding else { panic!() };
    assert!(!shown.contains("me:") && proxy.ends_with(shown.trim_start_matches("http://")));
    assert_eq!(http.get("/x", None, 100).await.unwrap().status, 200);
}

#[rstest]
#[case(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407")]
#[case(b"HTTP/1.1 503 No\r\n\r\n", "503")]
#[case(b"what?\r\n\r\n", "does not answer as")]
#[tokio::test]
async fn a_proxy_that_refuses_is_named(#[case] refusal: &'static [u8], #[case] part: &str) {
    let server = TlsServer::start(Certificate::Good).await;
    let proxy = proxy(String::new(), Some(refusal)).await;
    let step = tls(&http(&server.url, through(&proxy), Some(&server.ca_pem))).await;
    let Some(Fault::ProxyFailed { detail, .. }) = step.fault else { panic!("{:?}", step.fault) };
    assert!(detail.contains(part), "{detail}");
}

#[tokio::test]
async fn b6_a_proxy_that_cannot_be_reached_blames_no_field() {
    let ca = TlsServer::start(Certificate::Good).await.ca_pem;
    let http = http("https://contoso.example", through("http://127.0.0.1:9"), Some(&ca));
    for step in [connection(&http).await, tls(&http).await] {
        assert!(matches!(step.fault, Some(Fault::ProxyFailed { .. })), "{:?}", step.fault);
        assert_eq!(step.field, None);
    }
}
