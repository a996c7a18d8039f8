//! The environment over HTTP, asked by a plain client that knows nothing of ours.

mod writes;

use std::collections::BTreeSet;

use reqwest::{Client, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::WorkItemKind::{ChangeRequest, Incident};

const FORMATTED: &str = "@OData.Community.Display.V1.FormattedValue";

struct Practice {
    server: Server,
    client: Client,
    token: String,
}

impl Practice {
    async fn start(options: Options) -> Self {
        let client = crate::core::testing::client();
        let server = Server::start(options).await.unwrap();
        let mut practice = Self { server, client, token: String::new() };
        practice.token = practice.application(&practice.server.sign_in().tenant).await;
        practice
    }

    async fn small() -> Self {
        Self::start(Options::still().rows(140)).await
    }

    fn control(&self) -> Control {
        self.server.control()
    }

    async fn application(&self, tenant: &str) -> String {
        self.grant(tenant, &[("grant_type", "client_credentials")]).await
    }

    async fn user(&self) -> String {
        let sign_in = self.server.sign_in();
        let own = [("grant_type", "password"), ("username", &*sign_in.username), ("password", &*sign_in.password)];
        self.grant(&sign_in.tenant, &own).await
    }

    async fn grant(&self, tenant: &str, own: &[(&str, &str)]) -> String {
        let sign_in = self.server.sign_in();
        let scope = format!("{}/.default", sign_in.url);
        let client =
            [("client_id", &*sign_in.client_id), ("client_secret", &*sign_in.client_secret), ("scope", &scope)];
        let form: Vec<_> = own.iter().copied().chain(client).collect();
        let url = format!("{}/{tenant}/oauth2/v2.0/token", sign_in.url);
        let reply = self.client.post(url).form(&form).send().await.unwrap();
        body(reply).await["access_token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str, prefer: &str) -> Response {
        let url =
            if path.contains("://") { path.to_owned() } else { format!("{}/api/data/v9.2/{path}", self.server.url()) };
        self.client.get(url).bearer_auth(&self.token).header("prefer", prefer).send().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        let reply = self.get(path, "").await;
        assert_eq!(reply.status().as_u16(), 200, "{path}");
        body(reply).await
    }

    async fn refused(&self, path: &str) -> (u16, String) {
        let reply = self.get(path, "").await;
        let status = reply.status().as_u16();
        (status, body(reply).await["error"]["code"].as_str().unwrap_or_default().to_owned())
    }

    /// Every row of a query, page by page.
    async fn all(&self, query: &str, prefer: &str) -> Vec<Value> {
        let (mut rows, mut next) = (Vec::new(), Some(query.to_owned()));
        while let Some(path) = next {
            let page = body(self.get(&path, prefer).await).await;
            rows.extend(page["value"].as_array().unwrap().clone());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        rows
    }
}

async fn body(reply: Response) -> Value {
    serde_json::from_str(&reply.text().await.unwrap()).unwrap_or_default()
}

fn ids(rows: &[Value], column: &str) -> BTreeSet<String> {
    rows.iter().map(|row| row[column].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn both_kinds_of_caller_are_told_who_they_are() {
    let mut practice = Practice::small().await;
    let application = practice.json("WhoAmI").await["UserId"].clone();
    practice.token = practice.user().await;
    let user = practice.json("WhoAmI").await["UserId"].clone();
    assert_ne!(application, user);
    let found = practice.json(&format!("systemusers({})", user.as_str().unwrap())).await;
    assert_eq!(found["domainname"], json!(practice.server.sign_in().username));
    let found = practice.json(&format!("systemusers({})?$select=applicationid", application.as_str().unwrap())).await;
    assert_eq!(found["applicationid"], json!(practice.server.sign_in().client_id));
}

#[tokio::test]
async fn without_a_good_token_it_says_where_to_get_one() {
    let mut practice = Practice::small().await;
    practice.token = "foreign".into();
    let reply = practice.get("WhoAmI", "").await;
    let header = reply.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert_eq!(reply.status().as_u16(), 401);
    assert!(header.starts_with(&format!("Bearer authorization_uri={}/", practice.server.url())), "{header}");
    practice.token = practice.application(&practice.control().other_tenant()).await;
    assert_eq!(practice.refused("WhoAmI").await, (403, "0x80072560".into()));
}

#[rstest]
#[case(ApplicationUser::Missing, "0x80072560")]
#[case(ApplicationUser::Disabled, "0x80040225")]
#[tokio::test]
async fn an_application_needs_a_user_of_its_own(#[case] user: ApplicationUser, #[case] code: &str) {
    let practice = Practice::small().await;
    practice.control().set_application_user(user);
    assert_eq!(practice.refused("WhoAmI").await, (403, code.into()));
}

#[rstest]
#[case(Layout::Own, "prov", "prov_incident", "prov_number")]
#[case(Layout::Case, "prov", "incident", "ticketnumber")]
#[case(Layout::Unusual, "fab", "fab_ticket", "fab_ref")]
#[tokio::test]
async fn it_tells_of_its_tables_and_columns(
    #[case] layout: Layout,
    #[case] prefix: &str,
    #[case] table: &str,
    #[case] number: &str,
) {
    let practice = Practice::start(Options::still().rows(7).layout(layout)).await;
    let solutions =
        practice.json("solutions?$select=uniquename&$expand=publisherid($select=customizationprefix)").await;
    let prefixes: Vec<_> = solutions["value"].as_array().unwrap().iter().collect();
    assert!(prefixes.iter().any(|solution| solution["publisherid"]["customizationprefix"] == json!(prefix)));
    let definitions = practice.json("EntityDefinitions?$select=LogicalName").await;
    let found = definitions["value"].as_array().unwrap().iter().find(|one| one["LogicalName"] == json!(table)).unwrap();
    assert_eq!(found["EntitySetName"], json!(format!("{table}s")));
    let columns = practice.json(&format!("EntityDefinitions(LogicalName='{table}')/Attributes")).await;
    let columns = ids(columns["value"].as_array().unwrap(), "LogicalName");
    assert!(columns.contains(number) && columns.contains("owneridname"), "{columns:?}");
    assert_eq!(practice.control().table(Incident), table);
}

#[tokio::test]
async fn a_row_has_its_raw_values_and_their_labels() {
    let practice = Practice::small().await;
    let number = practice.control().rows(Incident)[0]["prov_number"].value.clone();
    let fields = [
        ("prov_priority", "2"),
        ("prov_title", "a \"b\" \\ é"),
        ("prov_resolvedon", ""),
        ("modifiedon", "2026-11-01T10:00:00Z"),
    ];
    practice.control().edit(Incident, &number, &fields).unwrap();
    let query = format!("prov_incidents?$filter=prov_number eq '{number}'");
    let plain = practice.json(&query).await["value"][0].clone();
    assert_eq!((&plain["prov_priority"], &plain["prov_title"]), (&json!(2), &json!("a \"b\" \\ é")));
    assert_eq!((&plain["prov_resolvedon"], &plain["modifiedon"]), (&json!(null), &json!("2026-11-01T10:00:00Z")));
    assert!(plain["@odata.etag"].as_str().unwrap().starts_with("W/\""));
    assert!(plain[format!("prov_priority{FORMATTED}")].is_null());
    let labelled = body(practice.get(&query, "odata.include-annotations=\"*\"").await).await["value"][0].clone();
    assert_eq!(labelled[format!("prov_priority{FORMATTED}")], json!("2 - High"));
    assert_eq!(labelled[format!("modifiedon{FORMATTED}")], json!("01-11-2026 10:00"));
    assert!(labelled[format!("_ownerid_value{FORMATTED}")].is_string());
}

#[rstest]
#[case(Options::still().rows(140), "odata.maxpagesize=17")]
#[case(Options { tied: 90, ..Options::still().rows(140) }, "odata.maxpagesize=20,odata.include-annotations=\"*\"")]
#[tokio::test]
async fn pages_hold_every_row_once_in_order(#[case] options: Options, #[case] prefer: &str) {
    let practice = Practice::start(options).await;
    let query = "prov_incidents?$select=prov_number,modifiedon&$filter=modifiedon ge 2000-01-01T00:00:00Z&$orderby=modifiedon asc,prov_incidentid asc";
    let rows = practice.all(query, prefer).await;
    assert_eq!((rows.len(), ids(&rows, "prov_incidentid").len()), (140, 140));
    assert!(rows.is_sorted_by_key(|row| row["modifiedon"].as_str().unwrap()));
    let truth: Vec<_> =
        practice.control().rows(Incident).iter().map(|row| row["prov_incidentid"].value.clone()).collect();
    assert_eq!(rows.iter().map(|row| row["prov_incidentid"].as_str().unwrap()).collect::<Vec<_>>(), truth);
}

#[tokio::test]
async fn a_link_that_was_encoded_anew_is_refused() {
    let practice = Practice::small().await;
    let page = body(practice.get("prov_incidents?$orderby=modifiedon asc", "odata.maxpagesize=10").await).await;
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(practice.get(next, "odata.maxpagesize=10").await.status().as_u16(), 200);
    let broken = next.replace("%253d", "%3d");
    assert_eq!(practice.refused(&broken).await, (400, "0x80060892".into()));
}

#[rstest]
#[case("modifiedon ge 2026-11-01T00:00:00Z and modifiedon lt 2026-11-02T00:00:00Z", 2)]
#[case("modifiedon gt 2026-11-01T00:00:00Z and modifiedon lt 2026-11-02T00:00:00Z", 1)]
#[case("(modifiedon eq 2026-11-01T00:00:00Z) or modifiedon eq 2026-11-01T12:00:00Z", 2)]
#[case("not (modifiedon lt 2099-01-01T00:00:00Z)", 0)]
#[case("statecode eq 1 and modifiedon le 2026-11-01T12:00:00Z", 1)]
#[case("contains(prov_title,'quo''ted')", 1)]
#[case("prov_resolvedon eq null and modifiedon le 2026-11-02T00:00:00Z", 1)]
#[tokio::test]
async fn a_filter_keeps_what_it_says(#[case] filter: &str, #[case] expected: usize) {
    let practice = Practice::start(Options::still().rows(7)).await;
    let control = practice.control();
    let rows: Vec<_> = control.rows(Incident).iter().map(|row| row["prov_number"].value.clone()).collect();
    for row in &rows {
        control.edit(Incident, row, &[("modifiedon", "2026-11-20T00:00:00Z"), ("statecode", "0")]).unwrap();
    }
    let first = [("modifiedon", "2026-11-01T00:00:00Z"), ("prov_title", "it's quo'ted"), ("prov_resolvedon", "")];
    control.edit(Incident, &rows[0], &first).unwrap();
    let second =
        [("modifiedon", "2026-11-01T12:00:00Z"), ("statecode", "1"), ("prov_resolvedon", "2026-10-01T00:00:00Z")];
    control.edit(Incident, &rows[1], &second).unwrap();
    let found = practice.json(&format!("prov_incidents?$filter={filter}&$count=true")).await;
    assert_eq!(found["value"].as_array().unwrap().len(), expected, "{filter}");
    assert_eq!(found["@odata.count"], json!(expected));
    let counted = practice.json(&format!("prov_incidents?$apply=filter({filter})/aggregate($count as total)")).await;
    assert_eq!(counted["value"][0]["total"], json!(expected));
}

#[rstest]
#[case("prov_incidents?$filter=nothing eq 1", 400, "0x80060888")]
#[case("prov_incidents?$filter=modifiedon ge 'x'", 400, "0x80060888")]
#[case("prov_incidents?$filter=modifiedon ge", 400, "0x80060888")]
#[case("prov_incidents?$select=ownerid", 400, "0x80060888")]
#[case("prov_incidents?$skip=3", 400, "0x80060888")]
#[case("prov_incidents(00000000-0000-0000-0000-000000000000)", 404, "0x80040217")]
#[case("nothings", 404, "0x8006088a")]
#[case("EntityDefinitions(LogicalName='nothing')/Attributes", 404, "0x80060891")]
#[tokio::test]
async fn what_is_not_there_is_refused(#[case] path: &str, #[case] status: u16, #[case] code: &str) {
    let practice = Practice::start(Options::still().rows(7)).await;
    assert_eq!(practice.refused(path).await, (status, code.into()));
}

#[tokio::test]
async fn table_can_be_empty_forbidden_missing_or_too_large_to_count() {
    let practice = Practice::start(Options { count_limit: 100, ..Options::still().rows(140) }).await;
    let path = "prov_incidents?$apply=filter(modifiedon ge 2000-01-01T00:00:00Z)/aggregate($count as total)";
    assert_eq!(practice.refused(path).await, (400, "0x8004e023".into()));
    practice.control().show(Incident, Visibility::Empty);
    assert_eq!(practice.json("prov_incidents").await["value"], json!([]));
    practice.control().show(Incident, Visibility::Forbidden);
    assert_eq!(practice.refused("prov_incidents").await, (403, "0x80040220".into()));
    practice.control().show(Incident, Visibility::Missing);
    assert_eq!(practice.refused("prov_incidents").await.0, 404);
    assert_eq!(practice.json("prov_changerequests").await["value"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn roles_are_told_direct_and_through_teams() {
    let practice = Practice::small().await;
    practice.control().set_roles(&["System Administrator"], &[("Desk", &["Provance ITSM Manager"])]);
    let me = practice.json("WhoAmI").await["UserId"].as_str().unwrap().to_owned();
    let direct = practice.json(&format!("systemusers({me})/systemuserroles_association?$select=name")).await;
    assert_eq!(direct["value"][0]["name"], json!("System Administrator"));
    let path = format!(
        "systemusers({me})/teammembership_association?$select=name&$expand=teamroles_association($select=name)"
    );
    let teams = practice.json(&path).await;
    assert_eq!(teams["value"][0]["teamroles_association"][0]["name"], json!("Provance ITSM Manager"));
    let team = teams["value"][0]["teamid"].as_str().unwrap();
    let roles = practice.json(&format!("teams({team})/teamroles_association?$select=name")).await;
    assert_eq!(roles["value"][0]["name"], json!("Provance ITSM Manager"));
}

#[tokio::test]
async fn whoever_is_not_silent_after_a_429_waits_longer() {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec {
        retry_after: 1,
        code: "0x80072321".into(),
        ..FaultSpec::new(FaultKind::RateLimited)
    });
    let first = practice.get("prov_incidents", "").await;
    assert_eq!((first.status().as_u16(), first.headers()["retry-after"].to_str().unwrap()), (429, "1"));
    assert_eq!(practice.refused("prov_incidents").await, (429, "0x80072321".into()));
    assert_eq!(practice.control().state()["too_early"], json!(1));
}

#[tokio::test]
async fn a_rule_of_the_instance_bites_after_so_many_requests() {
    let limit = Some(RateRule { requests: 2, seconds: 300 });
    let practice = Practice::start(Options { limit, ..Options::still().rows(7) }).await;
    practice.json("WhoAmI").await;
    practice.json("WhoAmI").await;
    assert_eq!(practice.refused("WhoAmI").await, (429, "0x80072322".into()));
}

#[rstest]
#[case(FaultKind::Unavailable, 503, "Service Unavailable")]
#[case(FaultKind::LoginPage, 200, "Sign in to your account")]
#[case(FaultKind::NotJson, 200, "certainly")]
#[case(FaultKind::WrongTenant, 403, "0x80072560")]
#[case(FaultKind::Unauthorized, 401, "Unauthorized")]
#[case(FaultKind::TokenRevoked, 401, "Unauthorized")]
#[case(FaultKind::LoginRedirect, 302, "")]
#[case(FaultKind::ForeignLink, 200, "https://evil.example/")]
#[case(FaultKind::HiddenRow, 200, "\"modifiedon\":null")]
#[case(FaultKind::EscapeSequences, 200, "\\u001b[31m")]
#[case(FaultKind::WrongTypes, 200, "\"statuscode\":true")]
#[tokio::test]
async fn a_fault_comes_once_on_request(#[case] kind: FaultKind, #[case] status: u16, #[case] holds: &str) {
    let practice = Practice::small().await;
    practice.control().fault(FaultSpec::new(kind).on("prov_incidents"));
    let reply = practice.get("prov_incidents", "odata.maxpagesize=10").await;
    assert_eq!(reply.status().as_u16(), status);
    assert!(reply.text().await.unwrap().contains(holds));
    assert!(practice.control().faults().is_empty());
}

#[tokio::test]
async fn edits_move_rows_and_deletions_take_them_away() {
    let practice = Practice::small().await;
    let control = practice.control();
    let first = control.rows(Incident)[0]["prov_incidentid"].value.clone();
    control.edit(Incident, &first, &[("statuscode", "5")]).unwrap();
    let last = control.rows(Incident).pop().unwrap();
    assert_eq!(
        (last["prov_incidentid"].value.as_str(), last["statuscode"].label.as_deref()),
        (&*first, Some("Resolved"))
    );
    let added = control.add(ChangeRequest, &[("prov_title", "new")]).unwrap();
    assert_eq!(control.rows(ChangeRequest).pop().unwrap()["prov_title"].value, "new");
    control.delete(ChangeRequest, &added).unwrap();
    assert_eq!((control.count(Incident), control.count(ChangeRequest)), (140, 20));
    assert!(control.edit(Incident, "nothing", &[]).is_err());
    assert!(control.edit(Incident, &first, &[("nothing", "1")]).is_err());
    assert!(control.edit(Incident, &first, &[("statuscode", "many")]).is_err());
}

#[tokio::test]
async fn orders_come_over_http_as_well() {
    let practice = Practice::small().await;
    let url = &practice.server.sign_in().control;
    let post = async |path: &str, body: Value| {
        let request = practice.client.post(format!("{url}/{path}")).header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap().status().as_u16()
    };
    let row = practice.control().rows(Incident)[0]["prov_number"].value.clone();
    assert_eq!(
        post("edit", json!({ "table": "incident", "id": row, "fields": { "prov_title": "by order" } })).await,
        200
    );
    assert_eq!(post("edit", json!({ "table": "nothing", "id": row })).await, 400);
    assert_eq!(post("faults", json!({ "fault": "unavailable", "times": 0 })).await, 200);
    assert_eq!(post("entra/faults", json!({ "fault": "refuse", "code": 50076 })).await, 200);
    assert_eq!(post("roles", json!({ "direct": [], "teams": { "Desk": ["x"] } })).await, 204);
    assert_eq!(post("show", json!({ "table": "prov_incident", "how": "empty" })).await, 200);
    assert_eq!(practice.control().faults().len(), 1);
    assert_eq!(practice.control().authority().faults().len(), 1);
    let state = body(practice.client.get(url).send().await.unwrap()).await;
    assert_eq!(state["tables"]["prov_incident"], json!(140));
}

#[tokio::test]
async fn p4_a_hidden_row_is_in_no_list_and_refused_by_its_id() {
    let practice = Practice::small().await;
    let id = practice.control().rows(Incident)[3]["prov_incidentid"].value.clone();
    practice.control().hide(Incident, &id, true).unwrap();
    let path = format!("prov_incidents?$select=prov_number&$filter=prov_incidentid eq {id}&$count=true");
    let list = practice.json(&path).await;
    assert_eq!((list["value"].as_array().unwrap().len(), &list["@odata.count"]), (0, &json!(0)));
    let reply = practice.get(&format!("prov_incidents({id})"), "").await;
    assert_eq!(reply.status().as_u16(), 403);
    assert_eq!(body(reply).await["error"]["code"], "0x80040220");
    practice.control().hide(Incident, &id, false).unwrap();
    assert_eq!(practice.json(&path).await["value"].as_array().unwrap().len(), 1);
    practice.control().delete(Incident, &id).unwrap();
    assert_eq!(practice.get(&format!("prov_incidents({id})"), "").await.status().as_u16(), 404);
}

#[tokio::test]
async fn p2_columns_come_and_go() {
    let practice = Practice::small().await;
    let names = |list: &Value| -> BTreeSet<String> {
        let all = list["value"].as_array().unwrap().iter();
        all.map(|one| one["LogicalName"].as_str().unwrap().to_owned()).collect()
    };
    let path = "EntityDefinitions(LogicalName='prov_incident')/Attributes";
    practice.control().add_column(Incident, "prov_technician", "Assigned To", true);
    practice.control().drop_column(Incident, "prov_urgency").unwrap();
    let columns = names(&practice.json(path).await);
    assert!(columns.contains("prov_technician") && !columns.contains("prov_urgency"));
    let rows = practice.json("prov_incidents?$select=_prov_technician_value,prov_title").await;
    assert!(rows["value"][0]["_prov_technician_value"].is_null() && rows["value"][0]["prov_title"].is_string());
    assert_eq!(practice.get("prov_incidents?$select=prov_urgency", "").await.status().as_u16(), 400);
}
