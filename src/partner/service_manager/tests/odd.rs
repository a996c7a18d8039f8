//! Web apps that are laid out otherwise than our practice one: all that their description leaves open.

use std::sync::LazyLock;

use axum::response::IntoResponse as _;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};

use crate::model::fault::Fault;
use crate::model::sync::{PageRequest, Window};
use crate::model::ticket::{Subject, TicketKey, TicketKind};
use crate::model::work_item::WorkItemKind;
use crate::net::http::HttpConfig;
use crate::partner::service_manager::ServiceManager;
use crate::partner::service_manager::testing::{access, server, walk};
use crate::partner::testing::{Fake, Seen, json as reply, url};
use crate::partner::{Lookup, Partner as _, TicketAt, Tickets as _};
use itsmc_practice::service_manager::Layout;

const KIND: WorkItemKind = WorkItemKind::Incident;

/// How a web app differs.
#[derive(Clone, Copy)]
struct Odd {
    /// The names of its parameters.
    takes: &'static [&'static str],
    /// The number of its first page.
    first_page: i64,
    /// The answer to a page before the first.
    before_first: fn(&[Value]) -> Response,
    /// It gives no more rows than these, whatever it is asked for.
    cap: usize,
    /// It writes a byte order mark before its JSON.
    mark: bool,
    /// Puts the rows into the reply; the first number is how many match.
    wrap: fn(usize, Vec<Value>) -> Value,
    /// Changes its description.
    describe: fn(&mut Value),
    /// How many rows it has.
    rows: i64,
}

const PLAIN: Odd = Odd {
    takes: &["top", "skip", "modifiedSince", "modifiedBefore"],
    first_page: 1,
    before_first: |rows| ok(&json!(rows)),
    cap: 1_000,
    mark: false,
    wrap: |_, rows| json!(rows),
    describe: |_| (),
    rows: 330,
};

fn ok(body: &Value) -> Response {
    reply(200, body).into_response()
}

fn at(row: i64) -> Timestamp {
    static NOW: LazyLock<Timestamp> = LazyLock::new(Timestamp::now);
    // Nothing about when a row was made tells when it was changed, and many changed within a few hours.
    let minutes = 60 + (row * 7_919) % (4 * 24 * 60);
    *NOW - SignedDuration::from_mins(minutes)
}

fn row(place: i64) -> Value {
    let made = at(place) - SignedDuration::from_hours(30);
    json!({ "Id": format!("IR{place}"), "BaseId": format!("{place:032x}"), "Title": format!("row {place}"), "Status": "Active",
        "Priority": 2, "CreatedDate": made.to_string(), "LastModified": at(place).to_string(), "ClosedDate": "0001-01-01T00:00:00" })
}

impl Odd {
    fn description(self) -> Value {
        let parameters: Vec<_> = self
            .takes
            .iter()
            .map(|name| json!({ "name": name, "in": "query", "required": false, "type": "string" }))
            .collect();
        let wrapped = (self.wrap)(0, vec![json!({})]);
        let rows = json!({ "type": "array", "items": { "$ref": "#/definitions/Incident" } });
        let schema = if wrapped.is_array() {
            rows
        } else {
            json!({ "type": "object", "properties": { "Items": rows, "Errors": { "type": "array", "items": { "type": "string" } } } })
        };
        let columns = ["Id", "BaseId", "Title", "Status", "Priority", "CreatedDate", "LastModified", "ClosedDate"];
        let columns: serde_json::Map<_, _> =
            columns.into_iter().map(|name| (name.to_owned(), json!({ "type": "string" }))).collect();
        let list = json!({ "tags": ["Incidents"], "operationId": "Incidents_Get", "parameters": parameters,
            "responses": { "200": { "description": "OK", "schema": schema } } });
        let mut whole = json!({ "swagger": "2.0", "paths": { "/api/Incidents": { "get": list } },
            "definitions": { "Incident": { "type": "object", "properties": columns } } });
        (self.describe)(&mut whole);
        whole
    }

    fn answer(self, seen: &Seen) -> Response {
        let body = match seen.path.as_str() {
            "/swagger/docs/v1" => self.description(),
            path if path.ends_with("/oauth2/token") => json!({ "access_token": "t", "expires_in": "3599" }),
            _ => return self.page(seen),
        };
        ok(&body)
    }

    fn page(self, seen: &Seen) -> Response {
        let short = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        let asked = |wanted: &str| {
            let mut named = seen.query.iter().filter(|(name, _)| self.takes.contains(&name.as_str()));
            named.find(|(name, _)| short(name) == wanted).map(|(_, value)| value.clone())
        };
        let number = |name: &str| asked(name).and_then(|value| value.parse::<i64>().ok());
        let moment = |name: &str| asked(name).and_then(|value| value.parse::<Timestamp>().ok());
        let (since, until) = (moment("modifiedSince"), moment("modifiedBefore"));
        let inside = |at: Timestamp| since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until);
        let found: Vec<_> = (0..self.rows).filter(|place| inside(at(*place))).map(row).collect();
        let size = number("top").and_then(|size| usize::try_from(size).ok()).unwrap_or(200).min(self.cap);
        let skip =
            number("skip").unwrap_or(0) + number("page").map_or(0, |page| (page - self.first_page) * size as i64);
        let Ok(skip) = usize::try_from(skip) else { return (self.before_first)(&found[..size.min(found.len())]) };
        let total = found.len();
        let reply = (self.wrap)(total, found.into_iter().skip(skip).take(size).collect()).to_string();
        let mark = if self.mark { "\u{feff}" } else { "" };
        ([("content-type", "application/json; charset=utf-8")], format!("{mark}{reply}")).into_response()
    }
}

async fn client(odd: Odd) -> ServiceManager {
    let fake = Fake::start(move |seen| odd.answer(seen)).await;
    let mut access = access(&server(Layout::Unbindable, 0).await);
    access.connection.server_url = url(&fake.url);
    access.connection.details.insert(crate::model::form::FieldId::Authority, fake.url.clone());
    ServiceManager::new(access, &HttpConfig::default()).unwrap()
}

async fn read(odd: Odd) -> Result<usize, Fault> {
    let window = Window { from: Timestamp::now() - SignedDuration::from_hours(24 * 100), before: None };
    let found = walk(&client(odd).await, KIND, window, 200, || {}).await?;
    assert!(found.values().all(|item| item.field("closed_at").is_none_or(|at| at.value.is_empty())));
    Ok(found.len())
}

fn path_parameters(whole: &mut Value) {
    let path = &mut whole["paths"]["/api/Incidents"];
    path["parameters"] = path["get"]["parameters"].take();
}

fn version_in_the_path(whole: &mut Value) {
    let mut list = whole["paths"]["/api/Incidents"]["get"].take();
    let version = json!({ "name": "version", "in": "path", "required": true, "type": "string" });
    list["parameters"].as_array_mut().unwrap().push(version);
    whole["paths"] = json!({ "/api/v{version}/Incidents": { "get": list } });
}

fn authorization(whole: &mut Value) {
    let header = json!({ "name": "Authorization", "in": "header", "required": true, "type": "string" });
    whole["paths"]["/api/Incidents"]["get"]["parameters"].as_array_mut().unwrap().push(header);
}

fn made_of_parts(whole: &mut Value) {
    let all = whole["definitions"]["Incident"].take();
    whole["definitions"] = json!({ "Base[Of]": all, "Incident": { "allOf": [{ "$ref": "#/definitions/Base%5BOf%5D" },
        { "$ref": "#/definitions/Incident" }, { "$ref": "#/definitions/Incident" }] } });
}

fn open_api(whole: &mut Value) {
    let get = &mut whole["paths"]["/api/Incidents"]["get"];
    let schema = get["responses"]["200"]["schema"].take();
    get["responses"] =
        json!({ "default": { "content": { "text/plain": {}, "application/json": { "schema": schema } } } });
    for parameter in get["parameters"].as_array_mut().unwrap() {
        parameter["schema"] = json!({ "type": parameter["type"].take() });
    }
    let text = whole.to_string().replace("#/definitions/", "#/components/schemas/");
    *whole = serde_json::from_str(&text).unwrap();
    whole["components"] = json!({ "schemas": whole["definitions"].take() });
    whole["servers"] = json!([{ "url": "https://elsewhere.example/" }]);
}

const IN_MODEL: &[&str] = &["request.top", "request.skip", "request.modifiedSince", "request.modifiedBefore"];
const BY_PAGE: &[&str] = &["top", "page", "modifiedSince", "modifiedBefore"];
const NO_PAGES: &[&str] = &["top", "modifiedSince", "modifiedBefore"];
const NO_SIZE: &[&str] = &["modifiedSince", "modifiedBefore"];

#[rstest]
#[case::as_it_is(PLAIN)]
#[case::pages_from_nought(Odd { takes: BY_PAGE, first_page: 0, ..PLAIN })]
#[case::pages_from_one(Odd { takes: BY_PAGE, ..PLAIN })]
#[case::page_nought_is_refused(Odd { takes: BY_PAGE, before_first: |_| reply(500, &json!({"Message": "x"})).into_response(), ..PLAIN })]
#[case::page_nought_is_empty(Odd { takes: BY_PAGE, before_first: |_| ok(&json!([])), ..PLAIN })]
#[case::pages_from_nought_without_a_filter(Odd { takes: &["pageSize", "page"], first_page: 0, ..PLAIN })]
#[case::cut_off_at_a_hundred(Odd { takes: NO_PAGES, cap: 100, ..PLAIN })]
#[case::cut_off_at_ninety_nine(Odd { takes: NO_PAGES, cap: 99, ..PLAIN })]
#[case::cut_off_at_fifty(Odd { takes: NO_PAGES, cap: 50, ..PLAIN })]
#[case::cut_off_at_no_round_number(Odd { takes: NO_PAGES, cap: 37, ..PLAIN })]
#[case::cut_off_where_no_size_can_be_asked_for(Odd { takes: NO_SIZE, cap: 60, ..PLAIN })]
#[case::a_mark(Odd { mark: true, ..PLAIN })]
#[case::the_total_of_the_page(Odd { cap: 100, wrap: |_, rows| json!({ "total": rows.len(), "Items": rows }), ..PLAIN })]
#[case::a_total_as_text(Odd { cap: 100, wrap: |total, rows| json!({ "total": total.to_string(), "Items": rows }), ..PLAIN })]
#[case::other_lists(Odd { wrap: |_, rows| json!({ "Errors": [], "Items": rows, "Links": [{ "rel": "self" }], "Z": [] }), ..PLAIN })]
#[case::parameters_of_the_path(Odd { describe: path_parameters, ..PLAIN })]
#[case::parameters_in_a_model(Odd { takes: IN_MODEL, ..PLAIN })]
#[case::a_header_that_we_send_anyway(Odd { describe: authorization, ..PLAIN })]
#[case::schemas_of_parts(Odd { describe: made_of_parts, ..PLAIN })]
#[case::the_next_page_is_this_one(Odd { takes: &["top", "page"], describe: |whole| {
    whole["paths"]["/api/Incidents"]["get"]["parameters"][1]["name"] = json!("pageNumber");
}, rows: 330, ..PLAIN })]
#[case::m7_the_version_in_the_path(Odd { describe: version_in_the_path, ..PLAIN })]
#[case::open_api(Odd { describe: open_api, ..PLAIN })]
#[case::m1_since_and_pages(Odd { takes: &["top", "page", "modifiedSince"], ..PLAIN })]
#[case::m1_since_and_skip_with_small_pages(Odd { takes: &["top", "skip", "modifiedSince"], cap: 50, ..PLAIN })]
#[case::m1_since_and_one_page_that_grows(Odd { takes: &["top", "modifiedSince"], cap: 5_000, rows: 330, ..PLAIN })]
#[case::m4_a_total_of_all_rows(Odd { takes: &["top", "skip", "modifiedSince"], wrap: |_, rows| json!({ "TotalCount": 330, "Items": rows }), ..PLAIN })]
#[tokio::test]
async fn every_row_comes_from_a_web_app_that_is_laid_out_otherwise(#[case] odd: Odd) {
    assert_eq!(read(odd).await, Ok(330));
}

#[rstest]
#[case::cut_off_and_nothing_to_go_on_by(Odd { takes: &[], cap: 100, ..PLAIN }, "more rows may match")]
#[case::m4_a_total_beside_no_rows(Odd { wrap: |_, _| json!({ "TotalCount": 700, "Items": [] }), ..PLAIN }, "counts 700 rows and gave 0")]
#[case::m4_half_of_each_page(Odd { takes: &["top", "page"], wrap: |total, rows| {
    json!({ "TotalCount": total, "Items": rows.into_iter().step_by(2).collect::<Vec<_>>() })
}, ..PLAIN }, "counts 330 rows")]
#[case::m4_half_of_each_page_of_a_filter(Odd { takes: &["top", "page", "modifiedSince"], wrap: |total, rows| {
    json!({ "TotalCount": total, "Items": rows.into_iter().step_by(2).collect::<Vec<_>>() })
}, ..PLAIN }, "rows and gave")]
#[case::the_same_page_again(Odd { takes: &["top", "skip "], cap: 100, describe: |whole| {
    whole["paths"]["/api/Incidents"]["get"]["parameters"][1]["name"] = json!("skip");
}, ..PLAIN }, "the first one again")]
#[case::a_problem_beside_no_rows(Odd { wrap: |_, _| json!({ "Errors": ["no SDK service"], "Items": [] }), ..PLAIN }, "no SDK service")]
#[case::no_row_can_be_read(Odd { wrap: |_, rows| json!({ "Items": vec![json!({ "Name": "x" }); rows.len().max(1)] }), ..PLAIN }, "has an Id")]
#[tokio::test]
async fn what_may_not_be_all_is_told(#[case] odd: Odd, #[case] part: &str) {
    let fault = read(odd).await.unwrap_err();
    assert!(format!("{fault:?}").contains(part), "{fault:?}");
}

#[tokio::test]
async fn rows_without_an_id_are_counted_wherever_they_lie() {
    let nameless = |_: usize, rows: Vec<Value>| {
        let unnamed = |mut row: Value| {
            if row["Id"] == "IR7" {
                row["BaseId"] = Value::Null;
            }
            row
        };
        Value::Array(rows.into_iter().map(unnamed).collect())
    };
    let client = client(Odd { rows: 8, wrap: nameless, ..PLAIN }).await;
    let window = Window { from: Timestamp::now() - SignedDuration::from_hours(24 * 100), before: None };
    let (mut after, mut hidden, mut found) = (None, 0, 0);
    loop {
        let request = PageRequest { kind: KIND, window, after, offset: 0, limit: 200, count: true, lean: false };
        let page = client.page(&request).await.unwrap();
        hidden += page.hidden;
        found += page.items.len();
        let Some(last) = page.items.last() else { break };
        after = Some(last.cursor());
    }
    assert_eq!(found, 7);
    assert!(hidden >= 1);
}

/// Some rows have no Id, so that nobody knows what their titles are.
#[tokio::test]
async fn a_mark_that_may_be_in_a_row_that_cannot_be_read_is_not_taken_for_missing() {
    let key = TicketKey {
        instance: "i".into(),
        connection: "c".into(),
        known_as: None,
        subject: Subject::Alert("a".into()),
        item: None,
        generation: 0,
    };
    let at = TicketAt { key: &key, kind: TicketKind::Incident, id: None };
    let whole = client(Odd { rows: 8, ..PLAIN }).await;
    assert_eq!(whole.find(at).await.unwrap(), Lookup::Absent);
    let nameless = |_: usize, mut rows: Vec<Value>| {
        rows.iter_mut().filter(|row| row["Id"] != "IR1").for_each(|row| row["BaseId"] = Value::Null);
        Value::Array(rows)
    };
    let found = client(Odd { rows: 8, wrap: nameless, ..PLAIN }).await.find(at).await.unwrap();
    assert!(matches!(found, Lookup::CannotTell(Fault::Truncated { .. })), "{found:?}");
}
