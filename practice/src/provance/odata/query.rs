//! A query for rows, and the page that answers it.

use std::fmt::Write as _;

use super::filter::Filter;
use super::render::Renderer;
use super::token::SkipToken;
use crate::core::json_text::push_text;
use crate::provance::options::Leeway;
use crate::provance::table::{Role, Row, Table, Value, sort_key};

/// No page holds more rows than this.
const LARGEST_PAGE: usize = 5000;

/// The most that `$count` says.
const LARGEST_COUNT: usize = 5000;

/// Why a query was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryError {
    /// The status.
    pub(crate) status: u16,
    /// The code.
    pub(crate) code: &'static str,
    /// The message.
    pub(crate) message: String,
}

impl QueryError {
    /// It cannot be read.
    pub(crate) fn syntax(message: &str) -> Self {
        Self { status: 400, code: "0x80060888", message: message.to_owned() }
    }

    /// There is no such column.
    pub(crate) fn no_property(name: &str, table: &str) -> Self {
        let message = format!("Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{table}'.");
        Self { status: 400, code: "0x80060888", message }
    }
}

/// What is asked of how it is answered: the `Prefer` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Rows on a page.
    pub(crate) page: usize,
    /// Whether formatted values come along.
    pub(crate) formatted: bool,
    /// Whether a link only counts pages.
    pub(crate) by_number: bool,
    /// Whether a link names the host.
    pub(crate) whole_links: bool,
}

impl Settings {
    /// Reads a `Prefer` header, as far as the environment follows it.
    pub(crate) fn new(prefer: &str, leeway: &Leeway) -> Self {
        let settings = Self::parse(prefer);
        let (by_number, whole_links) = (!leeway.links_tell_the_row, leeway.whole_links);
        Self { page: settings.page.min(leeway.most_rows), by_number, whole_links, ..settings }
    }

    /// Reads a `Prefer` header.
    pub(crate) fn parse(prefer: &str) -> Self {
        let mut settings = Self { page: LARGEST_PAGE, formatted: false, by_number: false, whole_links: true };
        if let Some(size) = prefer.split("odata.maxpagesize=").nth(1) {
            let digits: String = size.chars().take_while(char::is_ascii_digit).collect();
            settings.page = digits.parse().unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        }
        if let Some(wanted) = prefer.split("odata.include-annotations=").nth(1) {
            settings.formatted = wanted.contains('*') || wanted.contains("FormattedValue");
        }
        settings
    }
}

/// A query for rows.
#[derive(Debug)]
pub(crate) struct Query {
    select: Vec<usize>,
    filter: Option<Filter>,
    /// The column and whether it is descending.
    order: Vec<(usize, bool)>,
    top: Option<usize>,
    /// Whether the number of matching rows is asked for.
    pub(crate) count: bool,
    skip: Option<SkipToken>,
    raw: String,
}

/// The rows of a page, and what stands around them.
pub(crate) struct Page {
    /// What stands before the rows.
    pub(crate) head: String,
    /// Each row.
    pub(crate) rows: Vec<String>,
    /// The link to the next page.
    pub(crate) next: Option<String>,
    /// The address of this page.
    pub(crate) own: String,
    /// Whether an error stands beside the rows.
    pub(crate) error: bool,
}

impl Page {
    /// The whole body.
    pub(crate) fn text(&self) -> String {
        let size = self.rows.iter().map(|row| row.len() + 1).sum::<usize>();
        let mut text = String::with_capacity(self.head.len() + size + 600);
        text.push_str(&self.head);
        text.push_str("\"value\":[");
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            text.push_str(row);
        }
        text.push(']');
        if let Some(next) = &self.next {
            text.push_str(",\"@odata.nextLink\":");
            push_text(&mut text, next);
        }
        if self.error {
            text.push_str(",\"error\":{\"code\":\"0x80040265\",\"message\":\"An error while the rows were written\"}");
        }
        text.push('}');
        text
    }
}

impl Query {
    /// Reads the query part of an address.
    pub(crate) fn parse(table: &Table, raw: &str) -> Result<Self, QueryError> {
        let all = || (0..table.columns.len()).collect();
        let mut query = Self {
            select: all(),
            filter: None,
            order: Vec::new(),
            top: None,
            count: false,
            skip: None,
            raw: without_token(raw),
        };
        for (name, value) in url::form_urlencoded::parse(raw.as_bytes()) {
            match &*name {
                "$select" => query.select = query.selected(table, &value)?,
                "$filter" => query.filter = Some(Filter::parse(table, &value)?),
                "$orderby" => query.order = orders(table, &value)?,
                "$top" => query.top = Some(value.parse().map_err(|_| QueryError::syntax("Invalid value for $top."))?),
                "$count" => query.count = value == "true",
                "$skiptoken" => query.skip = Some(token(raw)?),
                other => return Err(QueryError::syntax(&format!("The query parameter {other} is not supported"))),
            }
        }
        Ok(query)
    }

    fn selected(&self, table: &Table, names: &str) -> Result<Vec<usize>, QueryError> {
        let mut select: Vec<usize> = Vec::new();
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let column = table.shown(name).ok_or_else(|| QueryError::no_property(name, &table.name))?;
            if !select.contains(&column) {
                select.push(column);
            }
        }
        // The id comes along, asked for or not.
        let id = table.role(Role::Id).filter(|id| !select.contains(id));
        select.extend(id);
        Ok(select)
    }

    /// Drops the conditions on the change time.
    pub(crate) fn without_times(mut self, table: &Table) -> Self {
        self.filter = self.filter.map(|filter| filter.without_times(table));
        self
    }

    /// How many rows match.
    pub(crate) fn matching(&self, table: &Table) -> usize {
        self.candidates(table).filter(|row| self.keeps(table, row)).count()
    }

    fn keeps(&self, table: &Table, row: &Row) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(table, row))
    }

    fn candidates<'a>(&self, table: &'a Table) -> impl Iterator<Item = &'a Row> + use<'a> {
        let from = self.filter.as_ref().and_then(|filter| filter.earliest(table)).unwrap_or(i64::MIN);
        let till = self.filter.as_ref().and_then(|filter| filter.latest(table)).unwrap_or(i64::MAX);
        let start = table.order().partition_point(|row| table.row(*row).modified < from);
        let rows = table.order()[start..].iter().map(|row| table.row(*row));
        rows.take_while(move |row| row.modified < till).filter(move |row| !table.is_hidden(&row.id))
    }

    fn by_change(&self, table: &Table) -> bool {
        let role = |place: usize| self.order.get(place).map(|(column, down)| (table.columns[*column].role, *down));
        self.order.is_empty()
            || (role(0) == Some((Role::Modified, false)) && matches!(role(1), None | Some((Role::Id, false))))
    }

    /// The page; `url` is the address of the table, `empty` hides every row.
    pub(crate) fn page(&self, table: &Table, settings: &Settings, url: &str, empty: bool) -> Page {
        let size = self.top.unwrap_or(settings.page);
        let (rows, more) = if empty { (Vec::new(), false) } else { self.rows(table, size, settings.by_number) };
        let renderer = Renderer::new(table, &self.select, settings.formatted);
        let next = rows.last().filter(|_| more && self.top.is_none()).map(|last| {
            let page = self.skip.map_or(2, |token| token.page + 1);
            let token = SkipToken { page, modified: last.modified, id: last.id };
            let host = url.find("/api/").filter(|_| !settings.whole_links).unwrap_or(0);
            format!("{}?{}&$skiptoken={}", &url[host..], self.raw, token.text())
        });
        let mut head = String::from("{\"@odata.context\":");
        let base = url.rsplit_once('/').map_or(url, |(base, _)| base);
        push_text(&mut head, &format!("{base}/$metadata#{}", table.set));
        head.push(',');
        if self.count {
            let count = if empty { 0 } else { self.matching(table).min(LARGEST_COUNT) };
            let _ = write!(head, "\"@odata.count\":{count},");
        }
        let token = self.skip.map(|token| format!("&$skiptoken={}", token.text())).unwrap_or_default();
        let own = format!("{url}?{}{token}", self.raw);
        Page { head, rows: rows.iter().map(|row| renderer.row(row)).collect(), next, own, error: false }
    }

    fn rows<'a>(&self, table: &'a Table, size: usize, by_number: bool) -> (Vec<&'a Row>, bool) {
        let matching = self.candidates(table).filter(|row| self.keeps(table, row));
        if self.by_change(table) {
            let after = self.skip.filter(|_| !by_number).map(|token| (token.modified, sort_key(&token.id)));
            let passed = self.skip.filter(|_| by_number).map_or(0, |token| token.page.saturating_sub(1));
            let mut rows: Vec<&Row> = matching
                .filter(|row| after.is_none_or(|after| (row.modified, sort_key(&row.id)) > after))
                .skip(usize::try_from(passed).unwrap_or(usize::MAX).saturating_mul(size))
                .take(size + 1)
                .collect();
            let more = rows.len() > size;
            rows.truncate(size);
            return (rows, more);
        }
        let mut rows: Vec<&Row> = matching.collect();
        rows.sort_by(|one, other| self.compare(table, one, other));
        let after = self.skip.and_then(|token| rows.iter().position(|row| row.id == token.id));
        let mut rows = after.map_or(rows.clone(), |place| rows.split_off(place + 1));
        let more = rows.len() > size;
        rows.truncate(size);
        (rows, more)
    }

    fn compare(&self, table: &Table, one: &Row, other: &Row) -> std::cmp::Ordering {
        for (column, down) in &self.order {
            let order = key(table.value(one, *column)).cmp(&key(table.value(other, *column)));
            if order.is_ne() {
                return if *down { order.reverse() } else { order };
            }
        }
        sort_key(&one.id).cmp(&sort_key(&other.id))
    }
}

fn key(value: Value<'_>) -> (i64, String) {
    match value {
        Value::Null => (i64::MIN, String::new()),
        Value::Number(number) => (number, String::new()),
        Value::Text(text) => (0, text.to_lowercase()),
        Value::Id(id) => (0, crate::core::rng::hex(&sort_key(&id))),
    }
}

fn orders(table: &Table, text: &str) -> Result<Vec<(usize, bool)>, QueryError> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let one = |part: &str| {
        let (name, direction) = part.split_once(' ').unwrap_or((part, "asc"));
        let column = table.shown(name).ok_or_else(|| QueryError::no_property(name, &table.name))?;
        match direction.trim() {
            "asc" => Ok((column, false)),
            "desc" => Ok((column, true)),
            other => Err(QueryError::syntax(&format!("Syntax error at '{other}' in $orderby."))),
        }
    };
    parts.map(one).collect()
}

fn token(raw: &str) -> Result<SkipToken, QueryError> {
    let given = raw.split('&').find_map(|part| part.strip_prefix("$skiptoken=").or(part.strip_prefix("%24skiptoken=")));
    given.and_then(SkipToken::parse).ok_or_else(|| QueryError {
        status: 400,
        code: "0x80060892",
        message: "Malformed XML in the Paging Cookie".to_owned(),
    })
}

fn without_token(raw: &str) -> String {
    let kept = raw.split('&').filter(|part| !part.contains("skiptoken="));
    kept.collect::<Vec<_>>().join("&")
}

impl Query {
    /// One row by itself.
    pub(crate) fn one(&self, table: &Table, settings: &Settings, row: &Row) -> String {
        Renderer::new(table, &self.select, settings.formatted).row(row)
    }
}
