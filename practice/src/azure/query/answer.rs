//! What a query is answered with.

use axum::response::Response;
use jiff::Span;
use serde_json::{Value, json};

use super::super::faults::{FaultKind, FaultSpec};
use super::super::http::reply::{error, fresh_guid, json as reply, noted, token};
use super::super::http::{Asked, caller};
use super::super::record::Role;
use super::super::rights::QUERY;
use super::super::state::{Control, Inner};
use super::super::value::{Kind, TICKS, parse_time};
use super::Frame;
use super::functions::Env;
use super::parser::parse;
use super::run::run;
use super::source::Seen;
use super::syntax::Problem;
use crate::core::faults::has;
use crate::core::reply::{empty, with};
use crate::entra::Bearer;

/// The answer to a query.
pub(in crate::azure) fn answer(azure: &Control, asked: &Asked, faults: &[FaultSpec]) -> Response {
    let who = match caller(azure, &asked.parts.headers, Role::Query) {
        Ok(who) => who,
        Err(problem) => return token(azure, Role::Query, &problem),
    };
    let object_id = who.object_id.clone();
    let response = checked(azure, asked, faults, &who);
    noted(response, |note| note.caller = Some(object_id))
}

fn checked(azure: &Control, asked: &Asked, faults: &[FaultSpec], who: &Bearer) -> Response {
    let parts: Vec<&str> = asked.path().split('/').skip(1).collect();
    let ["v1", "workspaces", guid, "query"] = parts[..] else {
        return error(Role::Query, 404, "PathNotFoundError", "The requested path does not exist");
    };
    let body = match asked.parts.method.as_str() {
        "GET" => json!({ "query": asked.parameter("query"), "timespan": asked.parameter("timespan") }),
        "POST" if !is_json(asked) => return empty(200),
        "POST" => serde_json::from_slice(&asked.body).unwrap_or(Value::Null),
        _ => return with(empty(405), "allow", "GET, POST"),
    };
    let mut inner = azure.0.inner();
    let Some(place) = inner.workspaces.iter().position(|one| one.customer_id.eq_ignore_ascii_case(guid)) else {
        return error(Role::Query, 404, "PathNotFoundError", "The requested path does not exist");
    };
    let id = inner.workspaces[place].id();
    if has(faults, FaultKind::Forbidden) || !inner.may(&who.object_id, QUERY, &id) {
        return error(
            Role::Query,
            403,
            "InsufficientAccessError",
            "The provided credentials have insufficient access to perform the requested operation",
        );
    }
    if inner.is_busy(&who.object_id) {
        let told = error(Role::Query, 429, "ThrottledError", "Too many requests.");
        return with(told, "retry-after", "30");
    }
    if inner.workspaces[place].tables.is_empty() && inner.workspaces[place].searches.is_empty() {
        return empty(204);
    }
    let kql = body["query"].as_str().unwrap_or_default();
    let result = asked_rows(&inner, place, &body, kql);
    let response = match result {
        Ok(frame) => told(&inner, &frame, faults),
        Err(response) => *response,
    };
    noted(response, |note| kql.clone_into(&mut note.kql))
}

fn is_json(asked: &Asked) -> bool {
    !asked.body.is_empty() && asked.header("content-type").to_ascii_lowercase().starts_with("application/json")
}

type Result<T> = std::result::Result<T, Box<Response>>;

fn asked_rows(inner: &Inner, place: usize, body: &Value, kql: &str) -> Result<Frame> {
    if kql.trim().is_empty() {
        return Err(Box::new(bad("QueryValidationError", "Failed parsing the query", None)));
    }
    if body["workspaces"].as_array().is_some_and(|more| !more.is_empty()) {
        return Err(Box::new(bad("QueryValidationError", "This practice server asks one workspace at a time", None)));
    }
    let span = match body["timespan"].as_str() {
        None => None,
        Some(text) => Some(
            timespan(text, inner.now * 10_000)
                .ok_or_else(|| Box::new(bad("InvalidTimespan", &format!("The timespan '{text}' is invalid"), None)))?,
        ),
    };
    let seen = Seen::new(inner, &inner.workspaces[place], span);
    let env = Env { now: inner.now * 10_000 };
    let frame = parse(kql).and_then(|pipeline| run(&pipeline, &seen, &env, 0));
    frame.map_err(|problem| Box::new(refused(kql, &problem)))
}

fn refused(kql: &str, problem: &Problem) -> Response {
    match problem {
        Problem::Syntax { token, at } => {
            let before = &kql[..(*at).min(kql.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, str::len);
            let inner = json!({
                "code": "SYN0002", "message": format!("Query could not be parsed at '{token}' on line [{line},{column}]"),
                "line": line, "pos": column, "token": token,
            });
            bad("SyntaxError", "A recognition error occurred in the query.", Some(inner))
        }
        Problem::Semantic(text) => {
            let (code, message) = text.split_once(": ").unwrap_or(("SEM0001", text));
            bad("SemanticError", "A semantic error occurred.", Some(json!({ "code": code, "message": message })))
        }
        Problem::Plan(table) => {
            let message = format!(
                "Table '{table}' has the Basic plan and cannot be asked by this API. You can use https://api.loganalytics.io/v1/workspaces/{{id}}/search instead."
            );
            bad("UnsupportedApiQueryValidationError", &message, None)
        }
    }
}

fn bad(code: &str, message: &str, inner: Option<Value>) -> Response {
    let mut innererror = json!({ "code": code, "message": message });
    if let Some(inner) = inner {
        innererror["innererror"] = inner;
    }
    let body = json!({ "error": {
        "message": "The request had some invalid properties", "code": "BadArgumentError",
        "correlationId": fresh_guid(), "innererror": innererror,
    } });
    noted(reply(400, &body), |note| note.code = code.to_owned())
}

/// From and until, in ticks since 1970: `PT12H`, `P1D`, or two times.
fn timespan(text: &str, now: i64) -> Option<(i64, i64)> {
    match text.split_once('/') {
        Some((from, until)) => {
            let ends = (parse_time(from), parse_time(until));
            match ends {
                (Some(from), Some(until)) => Some((from, until)),
                (Some(from), None) => Some((from, from + duration(until)?)),
                (None, Some(until)) => Some((until - duration(from)?, until)),
                (None, None) => None,
            }
        }
        None => Some((now - duration(text)?, now)),
    }
}

fn duration(text: &str) -> Option<i64> {
    let span: Span = text.parse().ok()?;
    let days = i64::from(span.get_years()) * 365 + i64::from(span.get_months()) * 30 + i64::from(span.get_weeks()) * 7;
    let hours = (days + i64::from(span.get_days())) * 24 + i64::from(span.get_hours());
    Some(((hours * 60 + span.get_minutes()) * 60 + span.get_seconds()) * TICKS)
}

/// 200, also where the result is not whole: that stands in an `error` beside the rows.
fn told(inner: &Inner, frame: &Frame, faults: &[FaultSpec]) -> Response {
    let shown: Vec<usize> = (0..frame.fields.len()).filter(|place| !frame.fields[*place].hidden).collect();
    let field = |place: &usize| {
        let field = &frame.fields[*place];
        json!({ "name": field.name, "type": if field.kind == Kind::Guid { "guid" } else { field.kind.name() } })
    };
    let columns: Vec<Value> = shown.iter().map(field).collect();
    let half = has(faults, FaultKind::Partial);
    let most = if half { frame.rows.len() / 2 } else { inner.manners.result_rows };
    let (mut rows, mut bytes) = (Vec::new(), 0);
    for row in &frame.rows {
        let cells: Vec<Value> = shown.iter().map(|place| row[*place].json()).collect();
        if rows.len() >= most || bytes > inner.manners.result_bytes {
            break;
        }
        bytes += cells.iter().map(|cell| cell.as_str().map_or(8, str::len) + 3).sum::<usize>();
        rows.push(Value::Array(cells));
    }
    let count = rows.len();
    let mut body = json!({ "tables": [{ "name": "PrimaryResult", "columns": columns, "rows": rows }] });
    if half || count < frame.rows.len() {
        body["error"] = partial(inner.manners.result_rows);
    }
    noted(reply(200, &body), |note| note.rows = count)
}

fn partial(most: usize) -> Value {
    let message = format!(
        "The results of this query exceed the set limit of {most} records, so not all records were returned \
         (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003). See https://aka.ms/kustoquerylimits for more information and \
         possible solutions."
    );
    json!({
        "code": "PartialError", "message": "There were some errors when processing your query.",
        "details": [{
            "code": "EngineError", "message": "Something went wrong processing your query on the server.",
            "innererror": { "code": "-2133196797", "message": message, "severity": 2, "severityName": "Error" },
        }],
    })
}

impl Inner {
    /// Counts a query of somebody, and tells whether it is one too many.
    fn is_busy(&mut self, principal: &str) -> bool {
        let window = self.now.div_euclid(30_000);
        self.queries.retain(|(_, at), _| *at == window);
        let count = self.queries.entry((principal.to_owned(), window)).or_default();
        *count += 1;
        *count > self.manners.queries_per_30_seconds
    }
}
