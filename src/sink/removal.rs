//! Work items that are gone from the store with their whole connection. The store keeps nothing of them, so the workspace
//! is asked which ones its function still shows.

use serde_json::Value;

use super::look::cut_off;
use super::row::kind_name;
use crate::azure::query::LogQuery;
use crate::model::fault::Fault;
use crate::model::log_analytics::{ID, REMOVED, SEND, TEST};
use crate::model::work_item::WorkItemKind;

/// So many ids come with one answer; an answer ends at 500,000 rows or 64 MB.
const SLICE: u64 = 100_000;

/// A text as KQL writes it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Id and number of each work item of a connection and kind that the workspace still shows.
///
/// # Errors
/// As [`LogQuery::run`].
pub async fn shown(
    query: &LogQuery,
    table: &str,
    (connection, kind): (&str, WorkItemKind),
) -> Result<Vec<(String, String)>, Fault> {
    let latest = format!(
        "{table} | where isempty({TEST}) and isnotempty({ID}) \
         | where ServiceDeskConnectionName_s == {} and ServiceDeskWorkItemType_s == {} \
         | summarize arg_max({SEND}, {REMOVED}, ServiceDeskId_s) by {ID} | where not(coalesce({REMOVED}, false))",
        quoted(connection),
        quoted(kind_name(kind)),
    );
    let count = query.run(&format!("{latest} | count")).await?.number()?;
    let slices = count.div_ceil(SLICE).max(1);
    let mut all = Vec::new();
    for slice in 0..slices {
        let part = if slices > 1 { format!(" | where hash({ID}, {slices}) == {slice}") } else { String::new() };
        let rows = query.run(&format!("{latest}{part} | project {ID}, ServiceDeskId_s")).await?;
        let (id, number) = (rows.column(ID)?, rows.column("ServiceDeskId_s")?);
        let text = |row: &[Value], at: usize| row.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        all.extend(rows.rows.iter().map(|row| (text(row, id), text(row, number))));
    }
    if (all.len() as u64) < count {
        return Err(cut_off(all.len() as u64, count));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_a_text_in_a_query() {
        assert_eq!(quoted("a\" | take 1 //\\"), "\"a\\\" | take 1 //\\\\\"");
    }
}
