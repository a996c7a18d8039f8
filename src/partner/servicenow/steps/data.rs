//! One row of each table, and what the scope will bring.

use crate::model::check::{Finding, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::WorkItemKind;
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::partner::servicenow::{ServiceNow, decode, query};

/// How many of the newest rows to look at: some may be hidden from us.
const ROWS: u32 = 10;

/// Whether a row of this kind can be read; the newest one is.
pub async fn row(partner: &ServiceNow, step: StepId, kind: WorkItemKind) -> Step {
    if !partner.connection.work_items.contains(&kind) {
        return Step::found(step, Status::Skipped, Finding::NotSelected);
    }
    match newest(partner, kind).await {
        Ok(finding) => {
            let status = match &finding {
                Finding::RowRead { .. } => Status::Passed,
                // The count is made before the rows are filtered by rights: nothing at all matches.
                Finding::NoRow { total: Some(0) } => Status::Warning,
                _ => Status::Unknown,
            };
            Step::found(step, status, finding)
        }
        Err(fault) => Step::failed(step, fault, Some(FieldId::Username)),
    }
}

async fn newest(partner: &ServiceNow, kind: WorkItemKind) -> Result<Finding, Fault> {
    let columns = partner.columns(kind)?;
    let order = format!("ORDERBYDESC{}", columns.updated_at());
    let path = query::list(columns.source(), &order, columns.names(), ROWS, true)
        + "&sysparm_display_value=all&sysparm_exclude_reference_link=true";
    let reply = partner.session.fetch(&path, columns.source(), SMALL_LIMIT_BYTES).await?;
    let rows = decode::page(columns, &reply.body)?;
    Ok(match rows.items.into_iter().next() {
        Some(item) => Finding::RowRead { number: item.number, newest: Some(item.updated_at) },
        None => Finding::NoRow { total: reply.number("x-total-count") },
    })
}
