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

const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A device code, and the form that asks for its token.
async fn device(served: &Served) -> (Value, Vec<(String, String)>) {
    let scope = format!("{API}/.default offline_access");
    let form = [("client_id", &*guid("public")), ("scope", &*scope)];
    let (status, body) = served.ask("/practice.example/oauth2/v2.0/devicecode", &form).await;
    assert_eq!(status, 200, "{body}");
    let code = body["device_code"].as_str().unwrap().to_owned();
    let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let form =
        vec![named("grant_type", DEVICE_GRANT), named("client_id", &guid("public")), named("device_code", &code)];
    (body, form)
}

async fn poll(served: &Served, form: &[(String, String)]) -> (u16, Value) {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    served.ask(&second("practice.example"), &form).await
}

#[tokio::test]
async fn device_code_is_pending_slowed_down_approved_and_used_once() {
    let served = Served::start().await;
    let (body, form) = device(&served).await;
    assert_eq!((&body["interval"], &body["expires_in"]), (&json!(5), &json!(900)));
    assert!(body["message"].as_str().unwrap().contains(body["user_code"].as_str().unwrap()));
    let (status, pending) = poll(&served, &form).await;
    assert_eq!(
        (status, &pending["error"], &pending["error_codes"]),
        (400, &json!("authorization_pending"), &json!([70016]))
    );
    assert_eq!(poll(&served, &form).await.1["error"], json!("slow_down"));
    served.authority().set_clock_shift(10);
    assert_eq!(poll(&served, &form).await.1["error"], json!("authorization_pending"));
    assert!(served.authority().approve_device(body["user_code"].as_str(), USER));
    let (status, tokens) = poll(&served, &form).await;
    assert_eq!((status, tokens["refresh_token"].is_string()), (200, true), "{tokens}");
    assert_eq!(poll(&served, &form).await.1["error"], json!("bad_verification_code"));
    let requests = served.authority().requests();
    assert!(requests.iter().all(|request| !request.parameters.is_empty()));
}

#[tokio::test]
async fn device_code_ends_by_time_by_a_no_and_slows_down_on_request() {
    let served = Served::start().await;
    served.authority().set_device_manners(0, 30);
    let (_, form) = device(&served).await;
    served.authority().fault(FaultSpec::new(FaultKind::SlowDown).on("device_code"));
    assert_eq!(poll(&served, &form).await.1["error"], json!("slow_down"));
    assert_eq!(poll(&served, &form).await.1["error"], json!("authorization_pending"));
    served.authority().set_clock_shift(30);
    assert_eq!(poll(&served, &form).await.1["error"], json!("expired_token"));
    let (_, form) = device(&served).await;
    served.authority().decline_device(None);
    assert_eq!(poll(&served, &form).await.1["error"], json!("authorization_declined"));
}

#[tokio::test]
async fn a_workload_signs_in_with_the_newest_token_of_its_file_alone() {
    let served = Served::start().await;
    let app = guid("workload");
    let order = json!({ "tenant": "practice.example", "client_id": app });
    served.authority().change("practice.example", |tenant| tenant.applications.push(Application::workload(&*app)));
    let request = served.client.post(format!("{}/practice/entra/assertion", served.url));
    let reply = request.header("content-type", "application/json").body(order.to_string()).send().await.unwrap();
    let old: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    let old = old["assertion"].as_str().unwrap();
    let new = served.authority().new_assertion("practice.example", &app).unwrap();
    let scope = format!("{API}/.default");
    let form = |assertion| {
        vec![
            ("grant_type", "client_credentials"),
            ("client_id", &*app),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
            ("scope", &*scope),
        ]
    };
    let path = second("practice.example");
    assert_eq!(served.ask(&path, &form(&new)).await.0, 200);
    for (assertion, code) in [(old, 700_024), ("other", 70021)] {
        let (status, body) = served.ask(&path, &form(assertion)).await;
        assert_eq!((status, &body["error_codes"]), (401, &json!([code])));
    }
    let (_, body) = served.ask(&path, &plus(client(&app, ""), "scope", &scope)).await;
    assert_eq!(body["error_codes"], json!([7_000_218]));
}

#[rstest]
#[case::auckland("NZST-12NZDT,M9.5.0,M4.1.0/3", 46_800)]
#[case::new_york("EST5EDT,M3.2.0,M11.1.0", -18_000)]
#[tokio::test]
async fn the_azure_cli_writes_local_time_and_seconds_since_1970(#[case] zone: &str, #[case] offset: i64) {
    let served = Served::start().await;
    // The first of January 2027, 00:00 UTC: summer in the south.
    served.authority().set_clock_shift(1_798_761_600 - jiff::Timestamp::now().as_second());
    let order = CliOrder {
        tenant: "practice.example".into(),
        user: USER.into(),
        resource: format!("{API}/.default"),
        zone: Some(zone.into()),
        expires_on: true,
        life: 60,
        subscription: None,
    };
    let printed = served.authority().cli_token(order.clone()).unwrap();
    let expires = printed["expires_on"].as_i64().unwrap();
    let local =
        jiff::Timestamp::from_second(expires + offset).unwrap().strftime("%Y-%m-%d %H:%M:%S.000000").to_string();
    assert_eq!(printed["expiresOn"], json!(local));
    assert!(served.me(&printed["accessToken"]).await.starts_with(API));
    let old = served.authority().cli_token(CliOrder { expires_on: false, ..order }).unwrap();
    assert!(old.get("expires_on").is_none());
}

#[tokio::test]
async fn tokens_tell_their_holder_and_live_as_long_as_asked() {
    let served = Served::start().await;
    let request = served.client.post(format!("{}/practice/entra/life", served.url));
    request.header("content-type", "application/json").body("{\"seconds\":5}").send().await.unwrap();
    let app = guid("app");
    let (_, body) =
        served.ask(&second("practice.example"), &plus(client(&app, SECRET), "scope", &format!("{API}/.default"))).await;
    assert_eq!(body["expires_in"], json!(5));
    assert_eq!(body["access_token"].as_str().unwrap().split('.').count(), 3);
    assert!(served.me(&body["access_token"]).await.starts_with(API));
    served.authority().set_clock_shift(5);
    assert_eq!(served.me(&body["access_token"]).await, "Expired");
}
