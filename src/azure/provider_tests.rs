use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::azure::arm::Arm;
use crate::azure::credential::DeviceSignIn;
use crate::model::cloud::{CloudName, CloudSettings};
use crate::net::http::Timeouts;
use crate::net::testing::{Fake, json as answer};

fn cloud(url: &str) -> Endpoints {
    let here = Some(url.to_owned());
    let settings = CloudSettings {
        name: CloudName::Custom,
        authority: here.clone(),
        resource_manager: here.clone(),
        resource_manager_audience: None,
        ingestion: here.clone(),
        ingestion_audience: Some("https://monitor.azure.com".to_owned()),
        query: here,
        query_audience: Some("https://api.loganalytics.io".to_owned()),
    };
    settings.endpoints().unwrap()
}

fn config() -> HttpConfig {
    HttpConfig { timeouts: Timeouts::default(), ..HttpConfig::default() }
}

fn principal() -> Credential {
    Credential::Principal {
        tenant: "contoso.example".to_owned(),
        client_id: "app-1".to_owned(),
        secret: Secret::new("5ecr3t~value"),
    }
}

/// An authority that numbers its tokens, each of which lives so many seconds.
async fn authority(life: i64) -> Fake {
    let given = Arc::new(AtomicUsize::new(0));
    Fake::start(move |seen| {
        if seen.path.starts_with("/list") {
            return match seen.bearer() {
                Some("token-2") => answer(200, &json!({ "value": [] })),
                _ => answer(401, &json!({ "error": { "code": "ExpiredToken" } })),
            };
        }
        let number = given.fetch_add(1, Ordering::SeqCst) + 1;
        answer(200, &json!({ "token_type": "Bearer", "expires_in": life, "access_token": format!("token-{number}") }))
    })
    .await
}

#[tokio::test]
async fn each_audience_has_its_own_token_which_is_kept() {
    let server = authority(3600).await;
    let provider = TokenProvider::new(cloud(&server.url), principal(), config());
    for _ in 0..2 {
        for audience in Audience::ALL {
            provider.token(audience).await.unwrap();
        }
    }
    let scopes: Vec<_> = server.seen().iter().map(|seen| seen.get("scope").unwrap().to_owned()).collect();
    let arm = format!("{}/.default", server.url);
    assert_eq!(scopes, [&arm, "https://monitor.azure.com/.default", "https://api.loganalytics.io/.default"]);
    assert!(server.seen().iter().all(|seen| seen.path == "/contoso.example/oauth2/v2.0/token"));
}

#[tokio::test]
async fn a_token_that_has_ended_is_replaced() {
    let server = authority(0).await;
    let provider = TokenProvider::new(cloud(&server.url), principal(), config());
    let first = provider.token(Audience::Query).await.unwrap();
    assert_ne!(provider.token(Audience::Query).await.unwrap(), first);
}

#[tokio::test]
async fn a_refused_token_is_thrown_away_and_another_tried_once() {
    let server = authority(3600).await;
    let provider = Arc::new(TokenProvider::new(cloud(&server.url), principal(), config()));
    let arm = Arm::of(provider.clone()).unwrap();
    assert_eq!(arm.list::<serde_json::Value>("/list").await, Ok(vec![]));
    let bearers: Vec<_> = server.seen().iter().filter_map(|seen| seen.bearer().map(str::to_owned)).collect();
    assert_eq!(bearers, ["token-1", "token-2"]);
    // One that is no longer held is not thrown away in the place of its successor.
    provider.throw_away(Audience::ResourceManager, &Secret::new("token-1")).await;
    assert_eq!(provider.token(Audience::ResourceManager).await.unwrap().expose(), "token-2");
}

#[tokio::test]
async fn a_token_is_known_to_whatever_writes_logs() {
    let server =
        Fake::start(|_| answer(200, &json!({ "token_type": "Bearer", "access_token": "Sn34ky-Token-Value" }))).await;
    let provider = TokenProvider::new(cloud(&server.url), principal(), config());
    provider.token(Audience::Ingestion).await.unwrap();
    assert_eq!(redactor::redact_text("sent Sn34ky-Token-Value there"), "sent [secret] there");
}

#[tokio::test]
async fn report_13_the_federated_token_is_read_each_time() {
    let current = Arc::new(std::sync::Mutex::new("first-assertion".to_owned()));
    let valid = current.clone();
    let server = Fake::start(move |seen| {
        let given = seen.get("client_assertion").unwrap_or_default().to_owned();
        if given == *valid.lock().unwrap() {
            return answer(200, &json!({ "token_type": "Bearer", "expires_in": 0, "access_token": "t" }));
        }
        let said = "AADSTS700024: Client assertion is not within its valid time range.";
        answer(401, &json!({ "error": "invalid_client", "error_description": said, "error_codes": [700_024] }))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let workload = Credential::Workload {
        tenant: "contoso.example".to_owned(),
        client_id: "app-1".to_owned(),
        file: file.clone(),
    };
    let provider = TokenProvider::new(cloud(&server.url), workload, config());
    for assertion in ["first-assertion", "second-assertion", "third-assertion"] {
        *current.lock().unwrap() = assertion.to_owned();
        std::fs::write(&file, format!("{assertion}\n")).unwrap();
        assert_eq!(provider.token(Audience::Ingestion).await.unwrap().expose(), "t");
    }
    let seen = server.seen();
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    assert!(seen.iter().all(|seen| seen.get("client_assertion_type") == Some(kind)));
    assert!(seen.iter().all(|seen| seen.get("client_secret").is_none()));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(provider.token(Audience::Ingestion).await.unwrap_err().code(), "file-problem");
}

#[cfg(unix)]
#[tokio::test]
async fn report_12_the_azure_cli_is_called_once_for_the_life_of_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let (file, called) = (folder.path().join("az"), folder.path().join("called"));
    let reply = r#"{"accessToken":"cli-token-value","expires_on":4102444800,"expiresOn":"2100-01-01 00:00:00.000000"}"#;
    std::fs::write(&file, format!("#!/bin/sh\necho \"$*\" >> '{}'\necho '{reply}'\n", called.display())).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = Some(folder.path().as_os_str().to_owned());
    let cli = Credential::Cli { tenant: "contoso.example".to_owned(), path };
    let provider = TokenProvider::new(cloud("http://127.0.0.1:1"), cli, config());
    for _ in 0..3 {
        assert_eq!(provider.token(Audience::Query).await.unwrap().expose(), "cli-token-value");
    }
    let called = std::fs::read_to_string(called).unwrap();
    let wanted = "account get-access-token --output json --scope https://api.loganalytics.io/.default --tenant contoso.example\n";
    assert_eq!(called, wanted);
}

#[cfg(unix)]
#[tokio::test]
async fn a_cli_that_nobody_is_signed_in_to_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = Some(folder.path().as_os_str().to_owned());
    let cli = |path| Credential::Cli { tenant: String::new(), path };
    let provider = TokenProvider::new(cloud("http://127.0.0.1:1"), cli(path.clone()), config());
    let fault = provider.token(Audience::Query).await.unwrap_err();
    assert_eq!(fault, Fault::AzureSignInFailed { way: "Azure CLI".into(), detail: "az not found on PATH".into() });
    let file = folder.path().join("az");
    std::fs::write(&file, "#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n").unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let provider = TokenProvider::new(cloud("http://127.0.0.1:1"), cli(path), config());
    let fault = provider.token(Audience::Query).await.unwrap_err();
    assert!(format!("{fault:?}").contains("Please run 'az login'"), "{fault:?}");
}

#[tokio::test]
async fn a_managed_identity_gives_a_token_for_the_audience() {
    let server = Fake::start(|_| {
        answer(
            200,
            &json!({ "access_token": "mi-token", "resource": "r", "expires_on": "4102444800", "token_type": "Bearer" }),
        )
    })
    .await;
    let managed = Credential::Managed { client_id: "11111111-2222-3333-4444-555555555555".to_owned() };
    let provider = TokenProvider::new(cloud(&server.url), managed, config());
    assert_eq!(provider.token(Audience::Ingestion).await.unwrap().expose(), "mi-token");
    let seen = server.seen().remove(0);
    assert_eq!(seen.get("resource"), Some("https://monitor.azure.com"));
    assert_eq!(seen.get("client_id"), Some("11111111-2222-3333-4444-555555555555"));
}

#[tokio::test]
async fn a_person_signs_in_with_a_code() {
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Fake::start(move |seen| {
        if seen.path.ends_with("/devicecode") {
            return answer(
                200,
                &json!({ "device_code": "d3vice", "user_code": "ABCD-1234", "interval": 1, "expires_in": 900,
                    "verification_uri": "https://microsoft.com/devicelogin" }),
            );
        }
        match asked.fetch_add(1, Ordering::SeqCst) {
            0 => answer(400, &json!({ "error": "authorization_pending", "error_description": "AADSTS70016: wait" })),
            _ => answer(
                200,
                &json!({ "token_type": "Bearer", "access_token": "person", "refresh_token": "r3fresh", "expires_in": 60 }),
            ),
        }
    })
    .await;
    let cloud = cloud(&server.url);
    let begun =
        DeviceSignIn::begin(&cloud, "contoso.example", "app", Audience::ResourceManager, &config()).await.unwrap();
    assert_eq!(
        (begun.prompt.page.as_str(), begun.prompt.code.as_str()),
        ("https://microsoft.com/devicelogin", "ABCD-1234")
    );
    let (access, refresh) = begun.wait().await.unwrap();
    assert_eq!((access.token.expose(), refresh.unwrap().expose()), ("person", "r3fresh"));
    let seen = server.seen();
    assert_eq!(seen[0].get("scope"), Some(format!("{}/.default offline_access", server.url).as_str()));
    assert_eq!(seen[1].get("grant_type"), Some("urn:ietf:params:oauth:grant-type:device_code"));
    assert_eq!(seen[2].get("device_code"), Some("d3vice"));
}

#[tokio::test]
async fn a_code_that_was_declined_ends_the_wait() {
    let server = Fake::start(|seen| {
        if seen.path.ends_with("/devicecode") {
            return answer(
                200,
                &json!({ "device_code": "d3vice-c0de", "user_code": "u", "verification_uri": "p", "interval": 1 }),
            );
        }
        answer(
            400,
            &json!({ "error": "authorization_declined", "error_description": "AADSTS70000: The user declined." }),
        )
    })
    .await;
    let cloud = cloud(&server.url);
    let begun = DeviceSignIn::begin(&cloud, "t", "app", Audience::ResourceManager, &config()).await.unwrap();
    let fault = begun.wait().await.map(|_| ()).unwrap_err();
    assert!(matches!(fault, Fault::SignInImpossible { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_refusal_names_what_the_sign_in_is_kept_for() {
    let told = json!({ "error": "invalid_grant", "error_description": "AADSTS50173: The grant was revoked." });
    let server = Fake::start(move |_| answer(400, &told)).await;
    let account = Account::Workspace("law".to_owned());
    let kept = TokenProvider::new(cloud(&server.url), principal(), config());
    let kept = kept.kept_for(account.clone(), AzureSignIn::ServicePrincipal);
    let fault = kept.token(Audience::Ingestion).await.unwrap_err();
    assert!(matches!(&fault, Fault::KeptSignInRefused { account: of, .. } if *of == account), "{fault:?}");
    assert_eq!((fault.code(), fault.exit_code()), ("sign-in-refused", 3));
    let tried = TokenProvider::new(cloud(&server.url), principal(), config());
    assert!(matches!(tried.token(Audience::Ingestion).await, Err(Fault::SignInRefused { .. })));
}

#[tokio::test]
async fn a_client_that_was_refused_gets_another_token() {
    let server = authority(3600).await;
    let provider = Arc::new(TokenProvider::new(cloud(&server.url), principal(), config()));
    let source = ForAudience::new(provider, Audience::Ingestion);
    let first = source.token(None).await.unwrap();
    let mut given = vec![first.expose().to_owned()];
    for refused in [None, Some(first), None] {
        given.push(source.token(refused).await.unwrap().expose().to_owned());
    }
    assert_eq!(given, ["token-1", "token-1", "token-2", "token-2"]);
}

/// Several batches are on their way when a token ends: each is refused, and the last of them hears so when the others go on already.
#[tokio::test]
async fn of_many_requests_that_one_token_is_refused_to_only_the_first_signs_in_again() {
    let server = authority(3600).await;
    let provider = Arc::new(TokenProvider::new(cloud(&server.url), principal(), config()));
    let source = ForAudience::new(provider, Audience::Ingestion);
    let refused = source.token(None).await.unwrap();
    for _ in 0..5 {
        assert_eq!(source.token(Some(refused.clone())).await.unwrap().expose(), "token-2");
    }
    assert_eq!(server.seen().len(), 2);
}
