//! The authority over HTTP, asked by a plain client that knows nothing of ours.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use reqwest::{Client, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::PracticeError;
use crate::core::rng::stable_guid;
use crate::core::{Server, ServerState};

const SECRET: &str = "a+b/c&d=e%f?#~ \"'";
const API: &str = "https://api.practice.example";
const USER: &str = "ines@practice.example";
const PASSWORD: &str = "pass & word+";

fn guid(name: &str) -> String {
    stable_guid("test", name)
}

fn directory() -> Directory {
    let second = Resource { accepts: TokenVersion::V2, ..Resource::new(guid("second api"), "api://second") };
    let closed = Resource { disabled: true, ..Resource::new(guid("closed api"), "api://closed") };
    let picky = Resource { assignment_required: true, ..Resource::new(guid("picky api"), "api://picky") };
    let mut expired = Application::confidential(guid("expired"), SECRET, "id");
    expired.secret.as_mut().unwrap().expired = true;
    let unasked = Application { consented: false, ..Application::public(guid("unasked")) };
    let unassigned = User { assigned: false, ..User::new("una@practice.example", guid("una"), PASSWORD) };
    let guarded = User { refused_with: Some(50076), ..User::new("mfa@practice.example", guid("mfa"), PASSWORD) };
    let tenant = Tenant {
        id: guid("tenant"),
        domain: "practice.example".into(),
        resources: vec![Resource::new(guid("api"), API), second, closed, picky],
        applications: vec![
            Application::confidential(guid("app"), SECRET, guid("secret id")),
            Application::public(guid("public")),
            expired,
            unasked,
        ],
        users: vec![User::new(USER, guid("ines"), PASSWORD), unassigned, guarded],
    };
    let other = Tenant { id: guid("other"), domain: "other.example".into(), ..tenant.clone() };
    let other = Tenant { resources: vec![], applications: vec![], users: vec![], ..other };
    Directory { tenants: vec![tenant, other] }
}

/// The authority by itself, with a page that tells who calls.
impl ServerState for super::state::State {
    const NAME: &'static str = "entra";
    type Options = Directory;

    fn new(directory: Directory, url: String) -> Result<Self, PracticeError> {
        Ok(Self::at(url, directory))
    }

    fn router(control: Authority) -> Router {
        Router::new().route("/me", get(me)).with_state(control.clone()).merge(control.router())
    }
}

async fn me(State(authority): State<Authority>, headers: HeaderMap) -> (StatusCode, String) {
    match authority.bearer(&headers) {
        Ok(bearer) => (StatusCode::OK, format!("{} {} {}", bearer.audience, bearer.issuer, bearer.app_id)),
        Err(problem) => (StatusCode::UNAUTHORIZED, format!("{problem:?}")),
    }
}

struct Served {
    server: Server<super::state::State>,
    url: String,
    client: Client,
}

impl Served {
    async fn start() -> Self {
        let server: Server<super::state::State> = Server::start(directory()).await.unwrap();
        let url = server.control().0.inner().url.clone();
        let client = crate::core::testing::client();
        Self { server, url, client }
    }

    fn authority(&self) -> Authority {
        self.server.control()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client.post(format!("{}{path}", self.url)).form(form).send().await.unwrap()
    }

    async fn ask(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let reply = self.post(path, form).await;
        (reply.status().as_u16(), serde_json::from_str(&reply.text().await.unwrap()).unwrap())
    }

    async fn me(&self, token: &Value) -> String {
        let request = self.client.get(format!("{}/me", self.url)).bearer_auth(token.as_str().unwrap_or_default());
        request.send().await.unwrap().text().await.unwrap()
    }
}

fn first(tenant: &str) -> String {
    format!("/{tenant}/oauth2/token")
}

fn second(tenant: &str) -> String {
    format!("/{tenant}/oauth2/v2.0/token")
}

fn client<'a>(id: &'a str, secret: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]
}

fn password<'a>(id: &'a str, user: &'a str, password: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("grant_type", "password"), ("client_id", id), ("username", user), ("password", password)]
}

fn plus<'a>(mut form: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.push((name, value));
    form
}

#[tokio::test]
async fn v1_endpoint_writes_numbers_as_texts_and_audience_as_asked() {
    let served = Served::start().await;
    let (app, asked) = (guid("app"), format!("{API}/"));
    let form = plus(client(&app, SECRET), "resource", &asked);
    let (status, body) = served.ask(&first("practice.example"), &form).await;
    assert_eq!((status, &body["expires_in"], &body["resource"]), (200, &json!("3599"), &json!(asked)));
    assert!(body["expires_on"].is_string() && body["refresh_token"].is_null());
    let tenant = guid("tenant");
    assert_eq!(served.me(&body["access_token"]).await, format!("{asked} https://sts.windows.net/{tenant}/ {app}"));
}

#[tokio::test]
async fn v2_endpoint_writes_numbers_and_resource_decides_token_form() {
    let served = Served::start().await;
    let (app, tenant, url) = (guid("app"), guid("tenant"), &served.url);
    let slashed = format!("{API}//.default");
    let (status, body) = served.ask(&second(&tenant), &plus(client(&app, SECRET), "scope", &slashed)).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(3599)));
    assert!(body["resource"].is_null() && body["expires_on"].is_null());
    let said = served.me(&body["access_token"]).await;
    assert_eq!(said, format!("{API}/ https://sts.windows.net/{tenant}/ {app}"));
    let (_, body) = served.ask(&second(&tenant), &plus(client(&app, SECRET), "scope", "api://second/.default")).await;
    let said = served.me(&body["access_token"]).await;
    assert_eq!(said, format!("{} {url}/{tenant}/v2.0 {app}", guid("second api")));
}

#[rstest]
#[case::plain("/.default", false)]
#[case::offline("/.default offline_access", true)]
#[case::delegated("/user_impersonation offline_access", true)]
#[tokio::test]
async fn a_refresh_token_comes_only_where_offline_access_is_asked(#[case] scope: &str, #[case] expected: bool) {
    let served = Served::start().await;
    let (app, scope) = (guid("public"), format!("{API}{scope}"));
    let form = plus(password(&app, USER, PASSWORD), "scope", &scope);
    for tenant in ["practice.example", "organizations"] {
        let (status, body) = served.ask(&second(tenant), &form).await;
        assert_eq!((status, body["refresh_token"].is_string()), (200, expected));
    }
}

#[tokio::test]
async fn refresh_token_renews_until_revoked_or_expired() {
    let served = Served::start().await;
    let (app, scope) = (guid("public"), format!("{API}/.default offline_access"));
    let (_, body) =
        served.ask(&second("practice.example"), &plus(password(&app, USER, PASSWORD), "scope", &scope)).await;
    let token = body["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", &*app), ("refresh_token", token), ("scope", &*scope)];
    let (status, renewed) = served.ask(&second("practice.example"), &form).await;
    assert_eq!(status, 200);
    assert_ne!(renewed["refresh_token"], body["refresh_token"]);
    served.authority().set_clock_shift(91 * 86_400);
    let (_, over) = served.ask(&second("practice.example"), &form).await;
    assert_eq!(over["error_codes"], json!([700_082]));
    assert_eq!(served.me(&body["access_token"]).await, "Expired");
    served.authority().revoke_refresh();
    let (status, refused) = served.ask(&second("practice.example"), &form).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")));
}

#[rstest]
#[case::tenant("nowhere.example", plus(client("app", SECRET), "resource", API), 400, 90002)]
#[case::no_tenant("common", plus(client("app", SECRET), "resource", API), 400, 50059)]
#[case::app("practice.example", plus(client("no-app", SECRET), "resource", API), 400, 700_016)]
#[case::other_tenant("other.example", plus(client("app", SECRET), "resource", API), 400, 700_016)]
#[case::secret("practice.example", plus(client("app", "wrong"), "resource", API), 401, 7_000_215)]
#[case::no_secret("practice.example", plus(client("app", ""), "resource", API), 401, 7_000_218)]
#[case::old_secret("practice.example", plus(client("expired", SECRET), "resource", API), 401, 7_000_222)]
#[case::resource("practice.example", plus(client("app", SECRET), "resource", "https://x"), 400, 500_011)]
#[case::no_resource("practice.example", client("app", SECRET), 400, 90014)]
#[case::closed("practice.example", plus(client("app", SECRET), "resource", "api://closed"), 400, 50001)]
#[case::public_secret("practice.example", plus(client("public", SECRET), "resource", API), 401, 7_000_218)]
#[case::password("practice.example", plus(password("public", USER, "wrong"), "resource", API), 400, 50126)]
#[case::user("practice.example", plus(password("public", "no@practice.example", "x"), "resource", API), 400, 50034)]
#[case::mfa(
    "practice.example",
    plus(password("public", "mfa@practice.example", PASSWORD), "resource", API),
    400,
    50076
)]
#[case::assigned(
    "practice.example",
    plus(password("public", "una@practice.example", PASSWORD), "resource", "api://picky"),
    400,
    50105
)]
#[case::consent("practice.example", plus(password("unasked", USER, PASSWORD), "resource", API), 400, 65001)]
#[case::confidential("practice.example", plus(password("app", USER, PASSWORD), "resource", API), 401, 7_000_218)]
#[case::grant("practice.example", vec![("grant_type", "device"), ("client_id", "app")], 400, 70003)]
#[tokio::test]
async fn a_real_cause_has_its_refusal(
    #[case] tenant: &str,
    #[case] form: Vec<(&str, &str)>,
    #[case] status: u16,
    #[case] code: u32,
) {
    let served = Served::start().await;
    let known = ["app", "public", "expired", "unasked"];
    let named = |(name, value): &(&str, &str)| {
        let id = *name == "client_id" && known.contains(value);
        ((*name).to_owned(), if id { guid(value) } else { (*value).to_owned() })
    };
    let form: Vec<(String, String)> = form.iter().map(named).collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let (came, body) = served.ask(&first(tenant), &form).await;
    assert_eq!((came, &body["error_codes"]), (status, &json!([code])), "{body}");
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{code}: ")) && description.contains("\r\nTrace ID: "));
    assert_eq!(body["correlation_id"].as_str().unwrap().len(), 36);
    assert_eq!(body["timestamp"].as_str().unwrap().as_bytes()[10], b' ');
}

#[tokio::test]
async fn ten_wrong_passwords_lock_the_account() {
    let served = Served::start().await;
    let app = guid("public");
    for _ in 0..10 {
        served.ask(&first("practice.example"), &plus(password(&app, USER, "wrong"), "resource", API)).await;
    }
    let form = plus(password(&app, USER, PASSWORD), "resource", API);
    let (_, body) = served.ask(&first("practice.example"), &form).await;
    assert_eq!(body["error_codes"], json!([50053]));
}

#[tokio::test]
async fn every_refusal_comes_on_request_and_as_often_as_asked() {
    let served = Served::start().await;
    let app = guid("app");
    let form = plus(client(&app, SECRET), "resource", API);
    for code in CODES {
        served.authority().fault(FaultSpec::refuse(code));
        let (status, body) = served.ask(&first("practice.example"), &form).await;
        assert!(status >= 400 && body["error_codes"] == json!([code]), "{code}: {body}");
        assert_ne!(body["error_description"], json!(""), "{code}");
    }
    let (status, _) = served.ask(&first("practice.example"), &form).await;
    assert_eq!(status, 200);
    served.authority().fault(FaultSpec::refuse(50076).on("password"));
    assert_eq!(served.ask(&first("practice.example"), &form).await.0, 200);
    assert_eq!(served.authority().faults().len(), 1);
}

#[rstest]
#[case(FaultKind::Throttled, 429)]
#[case(FaultKind::Unavailable, 503)]
#[case(FaultKind::LoginPage, 200)]
#[case(FaultKind::Redirect, 302)]
#[case(FaultKind::NoToken, 200)]
#[tokio::test]
async fn other_faults_come_on_request(#[case] kind: FaultKind, #[case] status: u16) {
    let served = Served::start().await;
    served.authority().fault(FaultSpec::new(kind));
    let app = guid("app");
    let reply = served.post(&first("practice.example"), &plus(client(&app, SECRET), "resource", API)).await;
    assert_eq!(reply.status().as_u16(), status);
    assert_eq!(reply.headers().contains_key("retry-after"), kind == FaultKind::Throttled);
    assert!(!reply.text().await.unwrap().contains("access_token"));
}

#[tokio::test]
async fn its_own_description_names_its_endpoints() {
    let served = Served::start().await;
    let fetch = async |path: &str| {
        let reply = served.client.get(format!("{}{path}", served.url)).send().await.unwrap();
        (reply.status().as_u16(), serde_json::from_str::<Value>(&reply.text().await.unwrap()).unwrap())
    };
    let (_, body) = fetch("/practice.example/v2.0/.well-known/openid-configuration").await;
    assert_eq!(body["token_endpoint"], json!(format!("{}{}", served.url, second(&guid("tenant")))));
    assert_eq!(body["issuer"], json!(format!("{}/{}/v2.0", served.url, guid("tenant"))));
    let (_, body) = fetch("/common/.well-known/openid-configuration").await;
    assert_eq!(body["issuer"], json!("https://sts.windows.net/{tenantid}/"));
    let (status, body) = fetch("/nowhere.example/v2.0/.well-known/openid-configuration").await;
    assert_eq!((status, &body["error_codes"]), (400, &json!([90002])));
}

#[tokio::test]
async fn bearer_tells_missing_from_unknown_and_log_has_no_secret() {
    let served = Served::start().await;
    assert_eq!(served.client.get(format!("{}/me", served.url)).send().await.unwrap().text().await.unwrap(), "Missing");
    assert_eq!(served.me(&json!("foreign")).await, "Unknown");
    let app = guid("app");
    let (_, body) = served.ask(&first("practice.example"), &plus(client(&app, SECRET), "resource", API)).await;
    served.authority().revoke_access();
    assert_eq!(served.me(&body["access_token"]).await, "Unknown");
    let requests = served.authority().requests();
    assert_eq!(requests[0].parameters, ["client_id", "client_secret", "grant_type", "resource"]);
    assert!(!serde_json::to_string(&requests).unwrap().contains("a+b/c"));
}
