//! A row that is too large for one reply: its columns are read one by one, and columns that are too large are left out.

use std::fmt::Write as _;

use super::super::session::Session;
use super::super::{query, rows};
use super::{PAGE_LIMIT_BYTES, Rows, no_rows, read};
use crate::model::fault::Fault;
use crate::model::partner::ValueType;
use crate::model::sync::{Page, PageRequest};
use crate::model::work_item::Value;
use crate::net::json::text::Text;
use crate::partner::mapping::{Column, Columns, Target};

/// The text in place of one that was left out.
const LEFT_OUT: &str = "[…]";

/// The page with its one row. Long texts come alone, without a label, which would be the same text again.
///
/// # Errors
/// Why the page did not come or cannot be used.
pub async fn page(session: &Session, columns: &Columns, request: &PageRequest) -> Result<Page, Fault> {
    let short = |column: &&Column| !query::is_long(column);
    let mut page = match some(session, columns, request, columns.all().iter().filter(short)).await {
        Err(Fault::TooLarge { .. }) => {
            let key = |column: &&Column| matches!(column.target, Target::Id | Target::UpdatedAt);
            some(session, columns, request, columns.all().iter().filter(key)).await?
        }
        page => page?,
    };
    for item in &mut page.items {
        let mut cut = false;
        for column in columns.all() {
            if !item.hidden.contains(&column.to) {
                continue;
            }
            let text = match text(session, columns, &item.source_id, column).await {
                Err(Fault::TooLarge { .. }) => {
                    cut = true;
                    Some(LEFT_OUT.to_owned())
                }
                text => text?,
            };
            let Some(text) = text else { continue };
            // The page is as large as what came of it, by which it is looked over.
            page.bytes += text.len() as u64;
            item.hidden.retain(|name| *name != column.to);
            put(item, column, text);
        }
        if cut {
            page.notes.cut.push(item.number.clone());
        }
    }
    Ok(page)
}

async fn some<'a>(
    session: &Session,
    columns: &Columns,
    request: &PageRequest,
    wanted: impl Iterator<Item = &'a Column>,
) -> Result<Page, Fault> {
    let names: Vec<_> = wanted.map(|column| &*column.from).collect();
    let path = query::page_of(columns, request, &names.join(","))?;
    let reply = session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await?;
    let decoded = rows::page(columns, &reply.body)?;
    read(columns, request, &reply, decoded)
}

/// The stored value of one column of one row; `None` if it is hidden.
async fn text(session: &Session, columns: &Columns, id: &str, column: &Column) -> Result<Option<String>, Fault> {
    let wanted = format!("{}={}", columns.id(), query::safe(columns.id(), id)?);
    let fields = format!("{},{}", columns.id(), column.from);
    let mut path = query::list(columns.source(), &wanted, &fields, 1, false);
    let _ = write!(path, "&sysparm_exclude_reference_link=true");
    let reply = session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await?;
    let rows = serde_json::from_slice::<Rows>(&reply.body).map_err(|_| no_rows(columns))?.result;
    let row = rows.iter().find(|row| row[columns.id()].as_str().is_some_and(|found| found.eq_ignore_ascii_case(id)));
    Ok(row.and_then(|row| row[&*column.from].as_str()).map(str::to_owned))
}

fn put(item: &mut crate::model::work_item::WorkItem, column: &Column, text: String) {
    let text = Text::from(text).clean(column.holds == ValueType::Lines);
    match column.target {
        Target::Number => item.number = text,
        Target::Title => item.title = text,
        Target::State => item.state = Value::plain(text),
        Target::Priority => item.priority = Value::plain(text),
        Target::Open => item.open = !matches!(text.as_str(), "false" | "0"),
        Target::OpenedAt => item.opened_at = rows::moment::parse(&text),
        Target::Id | Target::UpdatedAt => {}
        Target::Field if text.is_empty() => {}
        Target::Field => {
            let text = rows::moment::rfc3339(&text).filter(|_| column.holds == ValueType::Moment).unwrap_or(text);
            item.fields.push(&column.to, &Value::plain(text));
        }
    }
}
