//! Every reply that is no success, against the fault it is told as.

use jiff::Timestamp;
use rstest::rstest;
use serde_json::json;

use crate::model::fault::{Fault, Retry};
use crate::model::sync::{PageRequest, Window};
use crate::model::work_item::WorkItemKind;
use crate::net::http::{HttpConfig, Reply};
use crate::partner::Partner as _;
use crate::partner::service_manager::testing::{access, client, server};
use crate::partner::service_manager::{ServiceManager, errors, steps};
use itsmc_practice::entra::TokenVersion;
use itsmc_practice::service_manager::{FaultKind, FaultSpec, Layout, Options, Server};

const ROUTE: &str = "GET /api/Incidents";

fn not_bound(what: &str, detail: &str) -> Fault {
    Fault::NotBound { what: what.into(), detail: detail.into() }
}

fn error(status: u16, message: &str, detail: &str) -> Fault {
    Fault::PartnerError { status, message: message.into(), detail: detail.into(), transaction: None }
}

fn host() -> String {
    "127.0.0.1".into()
}

#[rstest]
#[case(
    FaultKind::Unauthorized,
    Fault::NotAuthenticated { what: ROUTE.into(), detail: "Authorization has been denied for this request.".into() },
    Retry::No
)]
#[case(
    FaultKind::Forbidden,
    Fault::Forbidden { what: ROUTE.into(), detail: "The client application is not allowed to call this service.".into() },
    Retry::No
)]
#[case(
    FaultKind::ApiVersionUnspecified,
    not_bound("api-version", "ApiVersionUnspecified: An API version is required, but was not specified."),
    Retry::No
)]
#[case(
    FaultKind::UnsupportedApiVersion,
    not_bound(
        "api-version",
        "UnsupportedApiVersion: The HTTP resource that matches the request URI does not support the API version that was requested."
    ),
    Retry::No
)]
#[case(
    FaultKind::ModelState,
    Fault::ParameterRefused { what: ROUTE.into(), detail: "The request is invalid. criteria.PageSize: The field PageSize must be between 1 and 1000.".into() },
    Retry::No
)]
#[case(
    FaultKind::ServerError,
    error(
        500,
        "Microsoft.EnterpriseManagement.Common.DiscoveryDataInvalidNullPropertyValueException: A value was not supplied for a required property.",
        ""
    ),
    Retry::Yes
)]
#[case(
    FaultKind::NoPermission,
    Fault::Forbidden { what: ROUTE.into(), detail: "Microsoft.EnterpriseManagement.Common.UnauthorizedAccessEnterpriseManagementException: The user PRACTICE\\svc-itsm does not have sufficient permission to perform the operation.".into() },
    Retry::No
)]
#[case(FaultKind::Stopped, error(403, "Error 403 - This web app is stopped.", ""), Retry::No)]
#[case(FaultKind::Unavailable, error(503, "Service Unavailable", ""), Retry::Yes)]
#[case(
    FaultKind::LoginRedirect,
    Fault::LoginPage { host: host(), location: Some("https://login.windows.net/practice/oauth2/authorize".into()) },
    Retry::No
)]
#[case(FaultKind::Html, Fault::NotJson { host: host(), status: 200, content_type: "text/html".into() }, Retry::No)]
#[case(
    FaultKind::NotJson,
    Fault::Malformed { what: "/api/Incidents".into(), detail: "expected value at line 1 column 1".into() },
    Retry::No
)]
#[case(FaultKind::Truncated, Fault::Truncated { what: "/api/Incidents".into() }, Retry::Yes)]
#[tokio::test]
async fn a_reply_becomes_its_fault(#[case] kind: FaultKind, #[case] expected: Fault, #[case] retry: Retry) {
    let server = server(Layout::Tables, 60).await;
    let client = client(&server);
    client.way(WorkItemKind::Incident).await.unwrap();
    server.control().fault(FaultSpec::new(kind).times(0).on("/api/Incidents"));
    let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
    let request = PageRequest {
        kind: WorkItemKind::Incident,
        window,
        after: None,
        offset: 0,
        limit: 10,
        count: true,
        lean: false,
    };
    let fault = client.page(&request).await.unwrap_err();
    assert_eq!((fault.retry(), fault), (retry, expected));
}

#[tokio::test]
async fn stack_is_cut_to_first_line_and_server_is_named() {
    let server = server(Layout::Tables, 60).await;
    let client = client(&server);
    client.way(WorkItemKind::Incident).await.unwrap();
    server.control().fault(FaultSpec::new(FaultKind::ServerUnreachable).times(0));
    let fault = client.way(WorkItemKind::ChangeRequest).await.map(|_| ()).unwrap_err();
    let Fault::ProductUnreachable { detail, .. } = &fault else { panic!("{fault:?}") };
    assert!(detail.starts_with("Microsoft.EnterpriseManagement.Common.ServiceNotRunningException"), "{detail}");
    assert!(!detail.contains("   at "), "{detail}");
    assert_eq!((fault.retry(), fault.exit_code()), (Retry::Yes, 6));
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_a_lost_connection() {
    let server = server(Layout::Tables, 60).await;
    let client = client(&server);
    server.control().fault(FaultSpec::new(FaultKind::Reset).times(0));
    let fault = client.way(WorkItemKind::Incident).await.map(|_| ()).unwrap_err();
    assert!(matches!(fault, Fault::ConnectionLost { .. }), "{fault:?}");
}

#[rstest]
#[case(404, json!({"Message": "No HTTP resource was found.\r\nat x"}), not_bound("x", "No HTTP resource was found."))]
#[case(405, json!({"Message": "The requested resource does not support http method 'GET'."}), not_bound("x", "The requested resource does not support http method 'GET'."))]
#[case(429, json!({}), Fault::RateLimited { retry_after_seconds: 60, limit: None, rule: None })]
#[case(500, json!(null), error(500, "", ""))]
#[case(400, json!({"Message": "bad \u{1b}[2J"}), Fault::ParameterRefused { what: "x".into(), detail: "bad [2J".into() })]
fn a_status_becomes_its_fault(#[case] status: u16, #[case] body: serde_json::Value, #[case] expected: Fault) {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("content-type", "application/json; charset=utf-8".parse().unwrap());
    let reply = Reply { host: host(), status, headers, body: body.to_string().into(), came: 0, room: None };
    assert_eq!(errors::fault_of(&reply, "x", Timestamp::UNIX_EPOCH), expected);
}

async fn proven(server: &Server) -> Result<(), Fault> {
    let client = client(server);
    client.session.tokens().await?;
    steps::prove(&client).await
}

#[tokio::test]
async fn the_sign_in_is_proven_by_the_web_app_itself() {
    let server = server(Layout::Tables, 10).await;
    assert_eq!(proven(&server).await, Ok(()));
    let tenant = server.sign_in().tenant.clone();
    server.control().authority().change(&tenant, |tenant| tenant.resources[0].accepts = TokenVersion::V2).unwrap();
    assert!(matches!(proven(&server).await, Err(Fault::NotAuthenticated { .. })));
}

#[rstest]
#[case(Options { audience: Some("api://smoc".into()), ..Options::still() }, None)]
#[case(Options { whitelisted: Some("another".into()), ..Options::still() }, Some("forbidden"))]
#[tokio::test]
async fn another_audience_or_client_is_refused_until_it_is_told(#[case] options: Options, #[case] code: Option<&str>) {
    let server = Server::start(options.clone()).await.unwrap();
    let refused = proven(&server).await.unwrap_err();
    assert_eq!(refused.code(), code.unwrap_or("not-authenticated"));
    let Some(audience) = options.audience else { return };
    let mut access = access(&server);
    access.connection.details.insert(crate::model::form::FieldId::Audience, audience);
    let client = ServiceManager::new(access, &HttpConfig::default()).unwrap();
    client.session.tokens().await.unwrap();
    assert_eq!(steps::prove(&client).await, Ok(()));
}

#[tokio::test]
async fn description_behind_sign_in_is_read_with_token_and_version() {
    let server =
        Server::start(Options { api_version: Some("1.0".into()), rows: Some(80), ..Options::still() }).await.unwrap();
    server.control().fault(FaultSpec::new(FaultKind::Unauthorized).on("/swagger"));
    let client = client(&server);
    client.way(WorkItemKind::Incident).await.unwrap();
    let asked = server.control().requests();
    assert!(asked.iter().any(|one| one.query.contains("api-version=1.0") && one.status == 200), "{asked:?}");
}
