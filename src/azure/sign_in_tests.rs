use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use axum::response::Response;
use azure_core::credentials::{AccessToken, TokenRequestOptions};
use serde_json::json;

use super::*;
use crate::net::http::Timeouts;
use crate::net::testing::{Fake, TlsServer, json, url};

const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";

fn practice(server: &str) -> Cloud {
    Cloud { authority: url(server), arm: url(server), practice: true }
}

fn config() -> HttpConfig {
    let timeouts = Timeouts { connect: Duration::from_secs(5), ..Timeouts::default() };
    HttpConfig { timeouts, ..HttpConfig::default() }
}

/// An `az` that does this, on a path of its own, where it also notes what it was called with.
fn az(folder: &Path, does: &str) -> Environment {
    let file = folder.join("az");
    let called = folder.join("called");
    std::fs::write(&file, format!("#!/bin/sh\necho \"$*\" >> '{}'\n{does}\n", called.display())).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    Environment::default().with_path(folder)
}

async fn no_identity() -> Fake {
    Fake::start(|_| json(400, &json!({ "error": "invalid_request", "error_description": "Identity not found" }))).await
}

struct Noting(Mutex<Vec<String>>);

impl std::fmt::Debug for Noting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Noting")
    }
}

#[async_trait]
impl TokenCredential for Noting {
    async fn get_token(&self, scopes: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        self.0.lock().unwrap().extend(scopes.iter().map(|scope| (*scope).to_owned()));
        Ok(AccessToken::new("t0ken", azure_core::time::OffsetDateTime::now_utc()))
    }
}

#[tokio::test]
async fn a_token_is_asked_for_resource_manager_alone() {
    let credential = Noting(Mutex::new(vec![]));
    let cloud = Cloud {
        authority: url("https://login.microsoftonline.com"),
        arm: url("https://management.azure.com"),
        practice: false,
    };
    assert_eq!(token(&credential, &cloud).await.unwrap().expose(), "t0ken");
    assert_eq!(*credential.0.lock().unwrap(), ["https://management.azure.com/.default"]);
}

#[cfg(unix)]
#[tokio::test]
async fn the_azure_cli_is_asked_for_the_subscriptions_token() {
    let (folder, server) = (tempfile::tempdir().unwrap(), no_identity().await);
    let reply = r#"echo '{"accessToken":"cl1-token","expires_on":4102444800,"tokenType":"Bearer"}'"#;
    let environment = az(folder.path(), reply);
    let cloud = practice(&server.url);
    let signed = sign_in(&cloud, &config(), &environment, SUBSCRIPTION).await.unwrap();
    assert_eq!((signed.token.expose(), signed.by), ("cl1-token", BY_CLI));
    let called = std::fs::read_to_string(folder.path().join("called")).unwrap();
    let wanted =
        format!("account get-access-token -o json --scope {}/.default --subscription {SUBSCRIPTION}", server.url);
    assert_eq!(called.trim(), wanted);
}

#[cfg(unix)]
#[tokio::test]
async fn without_any_sign_in_everything_that_was_tried_is_told() {
    let (folder, server) = (tempfile::tempdir().unwrap(), no_identity().await);
    let environment = az(folder.path(), "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    let fault = sign_in(&practice(&server.url), &config(), &environment, SUBSCRIPTION).await.err().unwrap();
    let Fault::NoAzureSignIn { tried } = fault else { panic!("{fault:?}") };
    let detail = tried.join("; ");
    assert!(detail.contains("Azure CLI: ERROR: Please run 'az login' to setup account."), "{detail}");
    assert!(detail.contains("managed identity: The requested identity has not been assigned"), "{detail}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_machine_without_the_cli_is_told_so() {
    let (folder, server) = (tempfile::tempdir().unwrap(), no_identity().await);
    let environment = Environment::of(|name| (name == CLIENT).then(|| "c".to_owned())).with_path(folder.path());
    let fault = sign_in(&practice(&server.url), &config(), &environment, SUBSCRIPTION).await.err().unwrap();
    let Fault::NoAzureSignIn { tried } = fault else { panic!("{fault:?}") };
    let detail = tried.join("; ");
    assert!(detail.contains("Azure CLI: az not found on PATH"), "{detail}");
    assert!(detail.contains("AZURE_TENANT_ID, AZURE_CLIENT_SECRET not set"), "{detail}");
}

#[tokio::test]
async fn a_managed_identity_is_asked_at_the_metadata_service() {
    let answer = json!({ "access_token": "m1-token", "expires_on": "4102444800", "resource": "r",
        "token_type": "Bearer" });
    let server = Fake::start(move |_| json(200, &answer)).await;
    let cloud = practice(&server.url);
    let signed = sign_in(&cloud, &config(), &Environment::default(), SUBSCRIPTION).await.unwrap();
    assert_eq!((signed.token.expose(), signed.by), ("m1-token", BY_IDENTITY));
    let seen = server.seen().remove(0);
    assert_eq!(seen.path, "/metadata/identity/oauth2/token");
    assert_eq!(seen.headers["metadata"], "true");
    assert_eq!(seen.get("resource"), Some(server.url.as_str()));
}

fn principal() -> Environment {
    Environment::of(|name| {
        let value = match name {
            TENANT => "11111111-0000-4000-8000-000000000001",
            CLIENT => "the-client",
            SECRET => "s3cret&+/=%",
            _ => return None,
        };
        Some(value.to_owned())
    })
}

/// A public cloud whose authority is this TLS server, and what trusts it.
fn behind(server: &TlsServer, folder: &Path) -> (Cloud, HttpConfig) {
    let ca_file = folder.join("ca.pem");
    std::fs::write(&ca_file, &server.ca_pem).unwrap();
    let cloud = Cloud { authority: url(&server.url), arm: url("https://management.azure.com"), practice: false };
    (cloud, HttpConfig { ca_file: Some(ca_file), ..config() })
}

async fn with_principal(
    status: u16,
    body: serde_json::Value,
) -> (Result<SignedIn, Fault>, Vec<crate::net::testing::Seen>) {
    let server = TlsServer::answering(move |_| -> Response { json(status, &body) }).await;
    let folder = tempfile::tempdir().unwrap();
    let (cloud, config) = behind(&server, folder.path());
    let signed = sign_in(&cloud, &config, &principal(), SUBSCRIPTION).await;
    (signed, server.seen())
}

#[tokio::test]
async fn a_service_principal_of_the_environment_signs_in_over_our_tls() {
    let (signed, seen) =
        with_principal(200, json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": "p1-token" })).await;
    let signed = signed.unwrap();
    assert_eq!((signed.token.expose(), signed.by), ("p1-token", BY_ENVIRONMENT));
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].path, "/11111111-0000-4000-8000-000000000001/oauth2/v2.0/token");
    let sent = |name| seen[0].get(name).map(str::to_owned);
    assert_eq!(sent("client_id").as_deref(), Some("the-client"));
    assert_eq!(sent("client_secret").as_deref(), Some("s3cret&+/=%"));
    assert_eq!(sent("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(sent("scope").as_deref(), Some("https://management.azure.com/.default"));
}

#[tokio::test]
async fn refused_service_principal_ends_the_search() {
    let body = json!({ "error": "invalid_client", "error_codes": [7_000_215], "error_description":
        "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2" });
    let (signed, seen) = with_principal(401, body).await;
    let fault = signed.err().unwrap();
    assert!(matches!(&fault, Fault::SignInImpossible { aadsts: Some(7_000_215), .. }), "{fault:?}");
    assert_eq!(seen.len(), 1, "asked again");
}

#[tokio::test]
async fn a_secret_that_is_echoed_is_not_repeated() {
    let body = json!({ "error": "invalid_client", "error_codes": [], "error_description": "no: s3cret&+/=%" });
    let (signed, _) = with_principal(400, body).await;
    let fault = signed.err().unwrap();
    assert!(matches!(fault, Fault::SignInRefused { .. }), "{fault:?}");
    assert!(!format!("{fault:?}").contains("s3cret"), "{fault:?}");
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_its_own_fault() {
    let server = TlsServer::answering(|_| -> Response { json(200, &json!({})) }).await;
    let cloud = Cloud { authority: url(&server.url), arm: url("https://management.azure.com"), practice: false };
    let fault = sign_in(&cloud, &config(), &principal(), SUBSCRIPTION).await.err().unwrap();
    assert!(matches!(fault.code(), "tls-refused" | "no-trust-roots"), "{fault:?}");
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn an_environment_does_not_print_its_secret() {
    assert!(!format!("{:?}", principal()).contains("s3cret"));
}
