//! The system over HTTP, asked by a plain client that knows nothing of ours.

mod writes;

use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Control, Culture, FaultKind, FaultSpec, Options, Permission, Server, Zone};

struct Practice {
    server: Server,
    client: Client,
    base: &'static str,
    token: String,
}

type Form<'a> = Vec<(&'a str, String)>;

impl Practice {
    async fn start(options: Options) -> Self {
        let base = if options.old_path { "/Trebuchet.WebApi" } else { "/CherwellAPI" };
        let rows = options.rows.or(Some(120));
        let server = Server::start(Options { rows, ..options }).await.unwrap();
        let client = crate::core::testing::client();
        let mut practice = Self { server, client, base, token: String::new() };
        let reply = practice.password_grant("Internal", None).await;
        practice.token = reply.1["access_token"].as_str().unwrap_or_default().to_owned();
        practice
    }

    fn control(&self) -> Control {
        self.server.control()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.server.url(), self.base)
    }

    async fn token(&self, mode: &str, form: Form<'_>) -> (u16, Value) {
        let request = self.client.post(self.url(&format!("/token?auth_mode={mode}"))).form(&form);
        read(request.send().await.unwrap()).await
    }

    async fn password_grant(&self, mode: &str, password: Option<&str>) -> (u16, Value) {
        let details = self.server.sign_in();
        let password = password.unwrap_or(&details.password).to_owned();
        let form = vec![
            ("grant_type", "password".to_owned()),
            ("client_id", details.client_id.clone()),
            ("username", details.username.clone()),
            ("password", password),
        ];
        self.token(mode, form).await
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        read(self.client.get(self.url(path)).bearer_auth(&self.token).send().await.unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.client.post(self.url(path)).bearer_auth(&self.token);
        read(request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()).await
    }

    async fn fields(&self, object: &str) -> (String, Value) {
        let summary = self.get(&format!("/api/V1/getbusinessobjectsummary/busobname/{object}")).await.1;
        let id = summary[0]["busObId"].as_str().unwrap().to_owned();
        let schema = self.get(&format!("/api/V1/getbusinessobjectschema/busobid/{id}")).await.1;
        (id, schema["fieldDefinitions"].clone())
    }

    async fn search(&self, page: u64, size: u64, filters: &[(&str, &str, &str)]) -> Value {
        let (id, fields) = self.fields("Incident").await;
        let of = |name: &str| {
            let field = fields.as_array().unwrap().iter().find(|field| field["name"] == name).unwrap();
            field["fieldId"].clone()
        };
        let filters: Vec<_> = filters
            .iter()
            .map(|(field, operator, value)| json!({"fieldId": of(field), "operator": operator, "value": value}))
            .collect();
        let body = json!({
            "busObId": id, "filters": filters, "includeAllFields": true, "pageNumber": page, "pageSize": size,
            "sorting": [{"fieldId": of("LastModifiedDateTime"), "sortDirection": 1}],
        });
        let (status, found) = self.post("/api/V1/getsearchresults", body).await;
        assert_eq!(status, 200, "{found}");
        found
    }
}

async fn read(reply: reqwest::Response) -> (u16, Value) {
    let status = reply.status().as_u16();
    let text = reply.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn ids(found: &Value) -> Vec<String> {
    found["businessObjects"].as_array().unwrap().iter().map(|row| row["busObRecId"].as_str().unwrap().into()).collect()
}

fn value(row: &Value, name: &str) -> String {
    let fields = row["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap()["value"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_token_ends_the_pair_before_it() {
    let practice = Practice::start(Options::still()).await;
    assert_eq!(practice.get("/api/V2/getsecuritygroups").await.0, 200);
    let (status, second) = practice.password_grant("internal", None).await;
    assert_eq!((status, second["expires_in"].as_i64()), (200, Some(1_199)));
    assert_eq!(practice.get("/api/V2/getsecuritygroups").await.0, 401);
    let form = |token: &Value| {
        vec![
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", practice.server.sign_in().client_id.clone()),
            ("refresh_token", token.as_str().unwrap().to_owned()),
        ]
    };
    let (status, third) = practice.token("Internal", form(&second["refresh_token"])).await;
    assert_eq!(status, 200);
    let (status, refused) = practice.token("Internal", form(&second["refresh_token"])).await;
    assert_eq!((status, refused["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(practice.token("Internal", form(&third["refresh_token"])).await.0, 200);
}

#[tokio::test]
async fn a_wrong_password_mode_or_a_locked_account_gives_no_token() {
    let practice = Practice::start(Options::still()).await;
    let refused = json!({"error": "invalid_grant", "error_description": "BADREQUEST"});
    assert_eq!(practice.password_grant("Internal", Some("no")).await, (400, refused.clone()));
    assert_eq!(practice.password_grant("LDAP", None).await, (400, refused.clone()));
    practice.control().set_locked(true);
    assert_eq!(practice.password_grant("Internal", None).await, (400, refused));
    let user = practice.get("/api/V2/getuserbyloginid?loginid=azure.integration&loginidtype=Internal").await.1;
    assert_eq!(user["accountLocked"], true);
}

#[tokio::test]
async fn the_system_tells_of_itself_without_a_sign_in() {
    let options = Options { old_path: true, culture: Culture::NlNl, zone: Zone::western_europe(), ..Options::still() };
    let practice = Practice::start(options).await;
    let info = read(practice.client.get(practice.url("/API/v1/ServiceInfo")).send().await.unwrap()).await;
    assert_eq!((info.0, info.1["csmCulture"].as_str()), (200, Some("nl-NL")));
    assert_eq!(info.1["timeZone"]["baseUtcOffset"], "01:00:00");
}

#[rstest]
#[case("10.5.0", [1, 51, 101])]
#[case("9.3.2", [1, 2, 3])]
#[tokio::test]
async fn a_page_number_is_a_row_or_a_page(#[case] version: &str, #[case] numbers: [u64; 3]) {
    let practice = Practice::start(Options { version: version.into(), ..Options::still() }).await;
    let mut seen = Vec::new();
    for number in numbers {
        let found = practice.search(number, 50, &[]).await;
        assert_eq!(found["totalRows"], 120);
        seen.extend(ids(&found));
    }
    let truth: Vec<_> = practice.control().rows("Incident").iter().map(|row| row["RecID"].text.clone()).collect();
    assert_eq!(seen, truth);
}

#[tokio::test]
async fn search_ors_one_field_and_ands_two_fields() {
    let practice = Practice::start(Options::still()).await;
    let total = |found: Value| found["totalRows"].as_u64().unwrap();
    let only = total(practice.search(1, 1, &[("IncidentType", "eq", "Incident")]).await);
    let either = [("IncidentType", "eq", "Incident"), ("IncidentType", "eq", "Service Request")];
    assert!(only < 120);
    assert_eq!(total(practice.search(1, 1, &either).await), 120);
    let range =
        [("LastModifiedDateTime", "gt", "1/1/2020 1:00 AM"), ("LastModifiedDateTime", "lt", "1/2/2020 1:00 AM")];
    assert_eq!(total(practice.search(1, 1, &range).await), 120);
    let both = [("IncidentType", "eq", "Incident"), ("LastModifiedDateTime", "lt", "1/2/2020 1:00 AM")];
    assert_eq!(total(practice.search(1, 1, &both).await), 0);
}

#[tokio::test]
async fn dates_are_texts_of_the_culture_to_the_minute() {
    let practice = Practice::start(Options { culture: Culture::NlNl, zone: Zone::utc(), ..Options::still() }).await;
    let control = practice.control();
    let id = control.rows("Incident")[0]["RecID"].text.clone();
    let at = "2026-11-05T13:07:44Z".parse::<jiff::Timestamp>().unwrap().as_second();
    control.edit("Incident", &id, &[("LastModifiedDateTime", &at.to_string())]).unwrap();
    let found = practice.search(1, 200, &[("LastModifiedDateTime", "gt", "5-11-2026 13:07")]).await;
    let row = found["businessObjects"].as_array().unwrap().iter().find(|row| row["busObRecId"] == id.as_str());
    assert_eq!(value(row.unwrap(), "LastModifiedDateTime"), "5-11-2026 13:07");
}

#[tokio::test]
async fn what_may_not_be_seen_is_refused_with_500() {
    let practice = Practice::start(Options::still()).await;
    let (id, _) = practice.fields("Incident").await;
    practice.control().set_permission("incident", Permission { view: false, edit: false });
    let (status, refused) = practice.post("/api/V1/getsearchresults", json!({"busObId": id})).await;
    assert_eq!((status, refused["errorCode"].as_str()), (500, Some("INSUFFICIENTRIGHTS")));
    let path = "/api/V2/getsecuritygroupbusinessobjectpermissionsforcurrentuserbybusobname/busobname/Incident";
    assert_eq!(practice.get(path).await.1["businessObjectPermissions"][0]["view"], false);
    assert_eq!(practice.get("/api/V1/getbusinessobjectsummary/busobname/Nothing").await.1, json!([]));
}

#[tokio::test]
async fn a_record_is_made_changed_and_read() {
    let practice = Practice::start(Options::still()).await;
    let (id, fields) = practice.fields("Incident").await;
    let title = fields.as_array().unwrap().iter().find(|field| field["name"] == "ShortDescription").unwrap();
    let body = |persist: bool| {
        json!({
            "busObId": id, "persist": persist,
            "fields": [{"dirty": true, "fieldId": title["fieldId"], "name": "ShortDescription", "value": "Made"}],
        })
    };
    let count = practice.control().count("Incident");
    assert_eq!(practice.post("/api/V1/savebusinessobject", body(false)).await.0, 200);
    assert_eq!(practice.control().count("Incident"), count);
    let made = practice.post("/api/V1/savebusinessobject", body(true)).await.1;
    let rec_id = made["busObRecId"].as_str().unwrap();
    let read = practice.get(&format!("/api/V1/getbusinessobject/busobid/{id}/busobrecid/{rec_id}")).await.1;
    assert_eq!(value(&read, "ShortDescription"), "Made");
    let (status, missing) = practice.get(&format!("/api/V1/getbusinessobject/busobid/{id}/publicid/0")).await;
    assert_eq!((status, missing["errorCode"].as_str()), (500, Some("RECORDNOTFOUND")));
}

#[rstest]
#[case(FaultKind::Unavailable, 503)]
#[case(FaultKind::Unauthorized, 401)]
#[case(FaultKind::LoggedOut, 401)]
#[case(FaultKind::RecordNotFound, 500)]
#[case(FaultKind::Forbidden, 403)]
#[case(FaultKind::HtmlPage, 200)]
#[tokio::test]
async fn faults_come_as_asked(#[case] fault: FaultKind, #[case] status: u16) {
    let practice = Practice::start(Options::still()).await;
    practice.control().fault(FaultSpec::new(fault).on("getsecuritygroups"));
    assert_eq!(practice.get("/api/V2/getsecuritygroups").await.0, status);
    assert!(practice.control().faults().is_empty());
}

#[tokio::test]
async fn an_empty_page_still_counts_its_rows() {
    let practice = Practice::start(Options::still()).await;
    practice.control().fault(FaultSpec::new(FaultKind::EmptyPage));
    let found = practice.search(1, 10, &[]).await;
    assert_eq!((found["totalRows"].as_u64(), ids(&found).len()), (Some(120), 0));
}

#[tokio::test]
async fn it_takes_orders_over_http() {
    let practice = Practice::start(Options::still()).await;
    let control = practice.server.sign_in().control.clone();
    let order = json!({"object": "Incident", "fields": {"ShortDescription": "By order"}});
    let request = practice.client.post(format!("{control}/add")).header("content-type", "application/json");
    let added = read(request.body(order.to_string()).send().await.unwrap()).await.1;
    let rows = practice.control().rows("Incident");
    let row = rows.iter().find(|row| row["RecID"].text == added["rec_id"].as_str().unwrap()).unwrap();
    assert_eq!(row["ShortDescription"].text, "By order");
}
