//! The Table API: reading, and how a written row is shown.

use axum::http::StatusCode;
use axum::response::Response;

use super::fault_injection::{FaultInjection, Page};
use super::params::Params;
use super::reply;
use crate::Visibility;
use crate::core::ResetSwitch;
use crate::core::rng::parse_hex;
use crate::servicenow::oauth::Account;
use crate::servicenow::state::State;
use crate::servicenow::table::{Matches, Query, Renderer, Settings, Table, classes};

/// One request for rows.
pub(crate) struct TableRequest<'a> {
    /// The instance.
    pub(crate) state: &'a State,
    /// Who asks.
    pub(crate) caller: &'a Account,
    /// The path, for the `Link` header and the faults.
    pub(crate) path: &'a str,
    /// The query part of the URL.
    pub(crate) query: &'a str,
    /// Whether it came to `/v1/`, where no rows are a 404.
    pub(crate) v1: bool,
    /// The connection, to be reset if a fault asks for it.
    pub(crate) switch: &'a ResetSwitch,
}

/// What the caller may see of a table; closed and unknown tables are refused here, but `forbidden` is left to the
/// endpoint.
pub(crate) fn admitted(state: &State, caller: &Account, name: &str) -> Result<Visibility, Box<Response>> {
    let known = state.data().store.table(name).is_some();
    let visibility = state.views().of(caller, name);
    if !known || visibility == Visibility::Missing {
        return Err(Box::new(reply::error(400, &format!("Invalid table {name}"), None)));
    }
    Ok(visibility)
}

/// The query of a request: `sysparm_query`, else filters on fields; an unknown field filters nothing.
pub(crate) fn query_of(state: &State, caller: &Account, (name, table): (&str, &Table), params: &Params) -> Query {
    let given = params.get("sysparm_query");
    let known = known_conditions(state, name, given.unwrap_or(""));
    let mut query = Query::parse(table, &known, &caller.sys_id);
    if given.is_none() {
        params.bare().for_each(|(field, value)| query.filter(table, field, value));
    }
    if query.invalid && state.options.invalid_query_returns_no_rows {
        query.filter(table, "sys_id", "");
    }
    if name != table.name {
        query.of_classes(table, &classes::family(name));
    }
    query
}

/// Whether a row belongs to the class of configuration items that was asked for.
fn of_class(table: &Table, name: &str, row: u32) -> bool {
    name == table.name || classes::is_below(table.text(row, "sys_class_name"), name)
}

/// A query without conditions on a column that a class does not have.
fn known_conditions(state: &State, name: &str, given: &str) -> String {
    let lacks = classes::is_class(name) && !classes::is_below(name, "cmdb_ci_vm_object");
    if !lacks || state.manners().object_id_everywhere {
        return given.to_owned();
    }
    given.replace("object_id", "u_no_such_column")
}

impl TableRequest<'_> {
    /// `GET /api/now/table/{table}`
    pub(crate) fn list(&self, name: &str) -> Response {
        let visibility = match self.enter(name) {
            Ok(visibility) => visibility,
            Err(refusal) => return *refusal,
        };
        let params = Params::parse(self.query);
        let Some(offset) = params.offset() else {
            return reply::error(400, "Invalid sysparm_offset", Some("Offset must not be negative"));
        };
        let limit = params.limit();
        let faults = self.state.take_faults(self.path, limit as u64, true);
        let injected = FaultInjection::new(faults, self.switch);
        if let Some(response) = injected.instead_of_rows() {
            return response;
        }
        let limit = injected.cap(limit);
        let (page, total) = self.page(name, &params, (offset, limit), visibility, &injected);
        let total = injected.total(total, page.len());
        if self.v1 && page.is_empty() {
            return no_record();
        }
        let mut response = injected.send(page);
        self.paginate(&mut response, &params, (offset, limit), total);
        response
    }

    /// `GET /api/now/table/{table}/{sys_id}`
    pub(crate) fn record(&self, name: &str, sys_id: &str) -> Response {
        let visibility = match self.enter(name) {
            Ok(visibility) => visibility,
            Err(refusal) => return *refusal,
        };
        let params = Params::parse(self.query);
        let data = self.state.data();
        let Some(table) = data.store.table(name) else { return no_record() };
        let row = parse_hex(sys_id).and_then(|id| table.find(&id));
        let Some(row) = row
            .filter(|row| visibility == Visibility::Rows && self.visible(table, *row) && of_class(table, name, *row))
        else {
            return no_record();
        };
        let text = self.object(Matches { store: &data.store, table }, &params, row);
        reply::json(StatusCode::OK, text)
    }

    /// The answer to a write: the row as it is now.
    pub(crate) fn written(&self, status: StatusCode, name: &str, id: &[u8; 16]) -> Response {
        let data = self.state.data();
        let row = data.store.table(name).and_then(|table| Some((table, table.find(id)?)));
        let Some((table, row)) = row else { return no_record() };
        let matches = Matches { store: &data.store, table };
        reply::json(status, self.object(matches, &Params::parse(self.query), row))
    }

    fn object(&self, matches: Matches<'_>, params: &Params, row: u32) -> String {
        let mut text = String::from("{\"result\":");
        self.renderer(matches, params).push_row(&mut text, row);
        text.push('}');
        text
    }

    fn enter(&self, name: &str) -> Result<Visibility, Box<Response>> {
        if name == "oauth_credential" {
            self.state.show_tokens();
        }
        match admitted(self.state, self.caller, name)? {
            Visibility::Forbidden => {
                let detail = "Field(s) present in the query do not have permission to be read";
                Err(Box::new(reply::error(403, "Insufficient rights to query records", Some(detail))))
            }
            visibility => Ok(visibility),
        }
    }

    fn page(
        &self,
        name: &str,
        params: &Params,
        (offset, limit): (usize, usize),
        visibility: Visibility,
        injected: &FaultInjection<'_>,
    ) -> (Page, Option<usize>) {
        let data = self.state.data();
        let Some(table) = data.store.table(name) else { return (Page::default(), None) };
        let matches = Matches { store: &data.store, table };
        let query = query_of(self.state, self.caller, (name, table), params);
        let total = (!params.flag("sysparm_no_count")).then(|| matches.count(&query));
        let query = if injected.ignores_filter() { query.without_times(table) } else { query };
        // The limit comes before the access rules: hidden rows leave the page short, or empty.
        let mut rows = matches.page(&query, offset, limit);
        rows.retain(|row| visibility == Visibility::Rows && self.visible(table, *row));
        let renderer = self.renderer(matches, params);
        let mut page = Page::default();
        rows.iter().for_each(|row| page.push(|out| renderer.push_row(out, *row)));
        (page, total)
    }

    fn visible(&self, table: &Table, row: u32) -> bool {
        self.caller.admin() || table.hidden.is_empty() || !table.hidden.contains(&row)
    }

    fn renderer<'a>(&'a self, matches: Matches<'a>, params: &'a Params) -> Renderer<'a> {
        let settings = Settings {
            display: params.display(),
            without_links: params.flag("sysparm_exclude_reference_link"),
            fields: params.get("sysparm_fields").filter(|fields| !fields.is_empty()),
            calendar: &self.state.calendar,
            url: &self.state.base.sign_in.url,
            withheld: self.state.views().withheld(self.caller, matches.table.name),
        };
        Renderer::new(matches, settings)
    }

    fn paginate(
        &self,
        response: &mut Response,
        params: &Params,
        (offset, limit): (usize, usize),
        total: Option<usize>,
    ) {
        let Some(total) = total else { return };
        reply::set(response, "x-total-count", &total.to_string());
        if params.flag("sysparm_suppress_pagination_header") {
            return;
        }
        let mut links = vec![self.link("first", "0")];
        // The product really offers a page before the first.
        let before = offset.checked_sub(limit).map_or_else(|| "-1".to_owned(), |before| before.to_string());
        links.push(self.link("prev", &before));
        if offset + limit < total {
            links.push(self.link("next", &(offset + limit).to_string()));
        }
        let last = total.saturating_sub(1).checked_div(limit).map_or(0, |pages| pages * limit);
        links.push(self.link("last", &last.to_string()));
        reply::set(response, "link", &links.join(","));
    }

    fn link(&self, rel: &str, offset: &str) -> String {
        let kept = self.query.split('&').filter(|part| !part.is_empty() && !part.starts_with("sysparm_offset="));
        let kept: Vec<_> = kept.map(str::to_owned).chain([format!("sysparm_offset={offset}")]).collect();
        format!("<{}{}?{}>;rel=\"{rel}\"", self.state.base.sign_in.url, self.path, kept.join("&"))
    }
}

/// The answer where there is no such row, or none that the caller may see.
pub(crate) fn no_record() -> Response {
    reply::error(404, "No Record found", Some("Record doesn't exist or ACL restricts the record retrieval"))
}
