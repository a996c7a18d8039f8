//! Reads one row of each table, and checks which of its columns are visible.

use std::sync::Arc;

use crate::model::check::{Finding, Status};
use crate::model::fault::Fault;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{PAGE_LIMIT_BYTES, Reply};
use crate::partner::mapping::{Column, Columns, Target};
use crate::partner::servicenow::{ServiceNow, query, rows};

/// How many of the newest rows to read: some may be hidden, and columns may be empty in some.
const ROWS: u32 = 10;

/// Attributes that are empty in hardly any row.
const FILLED: [Target; 3] = [Target::Number, Target::State, Target::Title];

/// Whether a row of this kind can be read, and every column of it; the newest one is.
///
/// # Errors
/// What the product answered.
pub async fn newest(partner: &ServiceNow, kind: WorkItemKind) -> Result<(Status, Finding), Fault> {
    let columns = partner.columns(kind)?;
    let (reply, asked) = shrinking(partner, columns).await?;
    let rows = rows::page(columns, &reply.body)?;
    let hidden = hidden(&rows.items, &asked);
    Ok(match rows.items.into_iter().next() {
        Some(item) if !hidden.is_empty() => {
            (Status::Warning, Finding::ColumnsHidden { number: item.number, columns: hidden })
        }
        Some(item) => (Status::Passed, Finding::RowRead { number: item.number, newest: Some(item.updated_at) }),
        None => {
            let total = reply.number("x-total-count");
            // The count is made before the rows are filtered by rights: nothing at all matches.
            let status = if total == Some(0) { Status::Warning } else { Status::Unknown };
            (status, Finding::NoRow { total })
        }
    })
}

/// The newest rows: fewer where they are large, and without their long texts where one alone is.
async fn shrinking<'a>(partner: &ServiceNow, columns: &'a Columns) -> Result<(Reply, Vec<&'a Column>), Fault> {
    let all: Vec<_> = columns.all().iter().collect();
    let short: Vec<_> = all.iter().copied().filter(|column| !query::is_long(column)).collect();
    let key: Vec<_> =
        all.iter().copied().filter(|column| matches!(column.target, Target::Id | Target::UpdatedAt)).collect();
    let tries = [(ROWS, all.clone()), (1, all), (1, short), (1, key)];
    let mut last = None;
    for (limit, wanted) in tries {
        let names: Vec<_> = wanted.iter().map(|column| &*column.from).collect();
        let order = format!("ORDERBYDESC{}", columns.updated_at());
        let path = query::list(columns.source(), &order, &names.join(","), limit, true)
            + "&sysparm_display_value=all&sysparm_exclude_reference_link=true";
        match partner.session.fetch(&path, columns.source(), PAGE_LIMIT_BYTES).await {
            Err(fault @ Fault::TooLarge { .. }) => last = Some(fault),
            reply => return Ok((reply?, wanted)),
        }
    }
    Err(last.unwrap_or(Fault::Internal { what: "no row was asked for".to_owned() }))
}

/// The requested columns that none of the rows shows.
fn hidden(rows: &[WorkItem], asked: &[&Column]) -> Vec<String> {
    let withheld = |row: &WorkItem, column: &Column| {
        row.hidden.iter().any(|name| Arc::ptr_eq(name, &column.to) || *name == column.to)
            || FILLED.contains(&column.target) && is_empty(row, column.target)
    };
    let everywhere = |column: &&&Column| !rows.is_empty() && rows.iter().all(|row| withheld(row, column));
    asked.iter().filter(everywhere).map(|column| column.from.to_string()).collect()
}

fn is_empty(row: &WorkItem, target: Target) -> bool {
    match target {
        Target::Number => row.number.is_empty(),
        Target::State => row.state.is_empty(),
        Target::Title => row.title.is_empty(),
        _ => false,
    }
}
