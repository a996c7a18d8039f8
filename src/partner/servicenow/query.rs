//! Addresses of the REST interface, encoded once.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use crate::model::fault::Fault;
use crate::model::partner::ValueType;
use crate::model::sync::{PageRequest, Window};
pub use crate::net::encode::encode;
use crate::partner::mapping::{Column, Columns, Target};

/// A moment as an encoded query compares it: UTC, in whole seconds.
pub fn literal(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A value that is valid in an encoded query: `^` would split the query and cannot be escaped.
///
/// # Errors
/// [`Fault::Malformed`] if it cannot be asked for.
pub fn safe<'a>(what: &str, value: &'a str) -> Result<&'a str, Fault> {
    if value.is_empty() || value.contains('^') || value.chars().any(char::is_control) {
        let detail = "the value cannot stand in a query".to_owned();
        return Err(Fault::Malformed { what: what.to_owned(), detail });
    }
    Ok(value)
}

/// A window in whole seconds, widened where it is finer: the product knows no smaller unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seconds {
    /// The earliest change time.
    pub from: Timestamp,
    /// The first change time no longer in it.
    pub before: Option<Timestamp>,
}

impl Seconds {
    /// Widens a window to whole seconds.
    pub fn of(window: Window) -> Self {
        let floor = |moment: Timestamp| Timestamp::from_second(moment.as_second()).unwrap_or(moment);
        let ceil = |moment: Timestamp| if floor(moment) < moment { floor(moment) + SECOND } else { moment };
        Self { from: floor(window.from), before: window.before.map(ceil) }
    }
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The encoded query of a window of change times.
pub fn window(columns: &Columns, window: Window) -> String {
    let (seconds, changed) = (Seconds::of(window), columns.updated_at());
    let mut query = format!("{changed}>={}", literal(seconds.from));
    if let Some(before) = seconds.before {
        let _ = write!(query, "^{changed}<{}", literal(before));
    }
    query
}

/// The encoded query of a page: keyset paging on (changed, id). Each group of `^NQ` repeats the window.
///
/// # Errors
/// [`Fault::Malformed`] if the last id seen is not valid in a query.
pub fn page_query(columns: &Columns, request: &PageRequest) -> Result<String, Fault> {
    let base = window(columns, request.window);
    let (changed, id) = (columns.updated_at(), columns.id());
    let rows = match &request.after {
        None => base,
        Some(after) => {
            let (last, last_id) = (literal(after.updated_at), safe(id, &after.source_id)?);
            format!("{base}^{changed}>{last}^NQ{base}^{changed}={last}^{id}>{last_id}")
        }
    };
    Ok(format!("{rows}^ORDERBY{changed}^ORDERBY{id}"))
}

/// The address of a page.
///
/// # Errors
/// As [`page_query`].
pub fn page_path(columns: &Columns, request: &PageRequest) -> Result<String, Fault> {
    page_of(columns, request, columns.names())
}

/// The address of a page with only some columns.
///
/// # Errors
/// As [`page_query`].
pub fn page_of(columns: &Columns, request: &PageRequest, names: &str) -> Result<String, Fault> {
    let query = page_query(columns, request)?;
    let mut path = list(columns.source(), &query, names, request.limit, request.count);
    path.push_str("&sysparm_display_value=all&sysparm_exclude_reference_link=true");
    if request.offset > 0 {
        let _ = write!(path, "&sysparm_offset={}", request.offset);
    }
    Ok(path)
}

/// Whether a column may hold a text without a length that matters.
pub fn is_long(column: &Column) -> bool {
    column.holds == ValueType::Lines || column.target == Target::Title
}

/// The address of a list of rows. The pagination header is suppressed: it repeats the whole address four
/// times and overflows header limits.
pub fn list(table: &str, query: &str, fields: &str, limit: u32, count: bool) -> String {
    let (table, query, fields) = (encode(table), encode(query), encode(fields));
    let count = if count { "" } else { "&sysparm_no_count=true" };
    format!(
        "/api/now/table/{table}?sysparm_query={query}&sysparm_fields={fields}&sysparm_limit={limit}\
         &sysparm_suppress_pagination_header=true{count}"
    )
}

/// The address of a count.
pub fn count_path(table: &str, query: &str) -> String {
    format!("/api/now/stats/{}?sysparm_count=true&sysparm_query={}", encode(table), encode(query))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::work_item::{Cursor, WorkItemKind};
    use crate::partner::servicenow::testing::spec;

    fn columns() -> Columns {
        Columns::new(spec().work_item(WorkItemKind::ChangeRequest).unwrap()).unwrap()
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn request() -> PageRequest {
        PageRequest {
            kind: WorkItemKind::ChangeRequest,
            window: Window { from: moment("2026-11-01T00:00:00Z"), before: Some(moment("2026-11-22T00:00:00Z")) },
            after: None,
            offset: 0,
            limit: 1000,
            count: false,
            lean: false,
        }
    }

    fn after() -> Option<Cursor> {
        let id = "0123456789abcdef0123456789abcdef".to_owned();
        Some(Cursor { updated_at: moment("2026-11-02T03:04:05Z"), source_id: id })
    }

    #[test]
    fn the_first_page_asks_for_the_window_in_order() {
        assert_eq!(
            page_query(&columns(), &request()).unwrap(),
            "sys_updated_on>=2026-11-01 00:00:00^sys_updated_on<2026-11-22 00:00:00\
             ^ORDERBYsys_updated_on^ORDERBYsys_id"
        );
    }

    #[test]
    fn a_later_page_repeats_the_window_in_both_groups() {
        let request = PageRequest { after: after(), ..request() };
        let base = "sys_updated_on>=2026-11-01 00:00:00^sys_updated_on<2026-11-22 00:00:00";
        assert_eq!(
            page_query(&columns(), &request).unwrap(),
            format!(
                "{base}^sys_updated_on>2026-11-02 03:04:05\
                 ^NQ{base}^sys_updated_on=2026-11-02 03:04:05^sys_id>0123456789abcdef0123456789abcdef\
                 ^ORDERBYsys_updated_on^ORDERBYsys_id"
            )
        );
    }

    #[test]
    fn the_address_carries_every_parameter_once_and_stays_short() {
        let full = PageRequest { after: after(), offset: 3000, limit: 10_000, ..request() };
        let path = page_path(&columns(), &full).unwrap();
        assert!(path.len() < 2048 - 100, "{}", path.len());
        for part in [
            "/api/now/table/change_request?sysparm_query=sys_updated_on%3E%3D2026-11-01%2000%3A00%3A00%5Esys",
            "&sysparm_display_value=all",
            "&sysparm_exclude_reference_link=true",
            "&sysparm_fields=sys_id%2Cnumber%2C",
            "&sysparm_limit=10000",
            "&sysparm_offset=3000",
            "&sysparm_no_count=true",
            "&sysparm_suppress_pagination_header=true",
        ] {
            assert_eq!(path.matches(part).count(), 1, "{part} in {path}");
        }
    }

    #[test]
    fn page_path_has_count_and_offset_only_on_request() {
        let path = page_path(&columns(), &PageRequest { count: true, ..request() }).unwrap();
        assert!(!path.contains("no_count") && !path.contains("offset"));
        assert_eq!(
            count_path("change_request", &window(&columns(), Window { before: None, ..request().window })),
            "/api/now/stats/change_request?sysparm_count=true&sysparm_query=sys_updated_on%3E%3D2026-11-01%2000%3A00%3A00"
        );
    }

    #[test]
    fn an_id_that_would_split_the_query_is_not_sent() {
        let bad = Some(Cursor { updated_at: moment("2026-11-02T03:04:05Z"), source_id: "a^ORb=c".into() });
        let fault = page_query(&columns(), &PageRequest { after: bad, ..request() }).unwrap_err();
        assert_eq!(fault.code(), "malformed");
    }

    #[test]
    fn a_window_is_widened_to_whole_seconds() {
        let window = Window { from: moment("2026-11-01T00:00:00.9Z"), before: Some(moment("2026-11-02T00:00:00.1Z")) };
        let seconds = Seconds::of(window);
        assert_eq!(seconds.from, moment("2026-11-01T00:00:00Z"));
        assert_eq!(seconds.before, Some(moment("2026-11-02T00:00:01Z")));
    }
}
