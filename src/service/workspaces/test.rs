//! The test of a workspace: whether its own sign-in may send rows, and whether a row that it sends can be found.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::Instant;

use super::sign_in::provider;
use crate::azure::ingestion::{Ingestion, Packed};
use crate::azure::provider::{ForAudience, TokenProvider};
use crate::azure::query::LogQuery;
use crate::model::azure_id::guid_of;
use crate::model::cloud::Audience;
use crate::model::fault::{Fault, Retry};
use crate::model::log_analytics::{REMOVED, RESENT, SEND, TEST};
use crate::model::workspace::Workspace;
use crate::model::workspace_run::{Delays, Testing};
use crate::service::services::Services;

/// How long a role assignment may take until it counts, and a changed rule until its streams do.
const RIGHTS_LIMIT: Duration = Duration::from_secs(30 * 60);

/// How long the first row of a new table may take until it can be found.
const ROW_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Waits between tries, in seconds.
const WAITS: [u64; 6] = [1, 2, 5, 10, 20, 30];

/// Sends nothing first, which Azure takes from whoever may send; then one marked row, and looks for it.
///
/// # Errors
/// [`Fault::NotSetUp`]; [`Fault::OutsideCloud`]; what Azure refused, when waiting does not help or did not;
/// [`Fault::NotYet`] when the row does not come.
pub async fn test(
    services: &Services,
    workspace: &Workspace,
    told: &(dyn Fn(Testing) + Send + Sync),
) -> Result<Delays, Fault> {
    if !workspace.is_set_up() {
        return Err(Fault::NotSetUp { workspace: workspace.name.to_string() });
    }
    let provider = provider(services, workspace, None).await?;
    let outside = || Fault::OutsideCloud { what: "endpoint".to_owned(), address: workspace.endpoint.clone() };
    let endpoint = provider.cloud.ingestion_at(&workspace.endpoint).ok_or_else(outside)?;
    let tokens = Arc::new(ForAudience::new(provider.clone(), Audience::Ingestion));
    let ingestion = Ingestion::new(&endpoint, &workspace.rule_id, tokens, &provider.config)?;
    let (stream, began) = (Workspace::stream(&workspace.table), Instant::now());
    until_it_may_send(&ingestion, &stream, began, told).await?;
    told(Testing::MaySend);
    let mark = guid_of(&format!("{} {}", workspace.rule_id, Timestamp::now()));
    ingestion.send(&stream, &Packed::new(row(&mark).to_string().as_bytes()), &mark).await?;
    told(Testing::Accepted);
    let rights_seconds = began.elapsed().as_secs();
    let row_seconds = match found(&provider, workspace, &mark, told).await {
        Err(Fault::QueryForbidden { .. }) => None,
        found => Some(found?),
    };
    Ok(Delays { rights_seconds, row_seconds, mark })
}

fn row(mark: &str) -> serde_json::Value {
    let now = Timestamp::now().to_string();
    json!([{
        "TimeGenerated": now, "ServiceDeskWorkItemType_s": "Test", "ServiceDeskConnectionName_s": "itsmc",
        "ServiceDeskId_s": "TEST", "Title_s": "Test row of itsmc: it is no work item", "CreatedDate_t": now,
        SEND: 0, REMOVED: true, RESENT: false, TEST: mark,
    }])
}

async fn until_it_may_send(
    ingestion: &Ingestion,
    stream: &str,
    began: Instant,
    told: &(dyn Fn(Testing) + Send + Sync),
) -> Result<(), Fault> {
    let nothing = Packed::new(b"[]");
    for turn in 0.. {
        let id = guid_of(&format!("{} {turn}", Timestamp::now()));
        let fault = match ingestion.send(stream, &nothing, &id).await {
            Ok(()) => return Ok(()),
            Err(fault) => fault,
        };
        let left = RIGHTS_LIMIT.saturating_sub(began.elapsed()).as_secs();
        // A role and a changed rule reach the ingestion after a while: that is no failure.
        let may_pass = matches!(fault, Fault::SendForbidden { .. }) || fault.retry() != Retry::No;
        if !may_pass || left == 0 {
            return Err(fault);
        }
        let asked = if let Retry::After(seconds) = fault.retry() { seconds } else { 0 };
        let wait = WAITS[turn.min(WAITS.len() - 1)].max(asked).min(left);
        told(Testing::WaitsForRights(wait, left));
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
    Ok(())
}

/// Looks for the row until it is there: how many seconds that took.
async fn found(
    provider: &Arc<TokenProvider>,
    workspace: &Workspace,
    mark: &str,
    told: &(dyn Fn(Testing) + Send + Sync),
) -> Result<u64, Fault> {
    let tokens = Arc::new(ForAudience::new(provider.clone(), Audience::Query));
    let called = (workspace.workspace_id.as_str(), workspace.name.as_str());
    let log = LogQuery::new(&provider.cloud.query, called, tokens, &provider.config)?;
    let query = format!("{} | where {TEST} == '{mark}' | count", workspace.table);
    let began = Instant::now();
    for turn in 0.. {
        match log.run(&query).await.and_then(|rows| rows.number()) {
            Ok(0) => {}
            Ok(_) => return Ok(began.elapsed().as_secs()),
            // A new table may not be known to queries yet.
            Err(Fault::QueryRefused { detail, .. }) if detail.contains("resolve") => {}
            Err(fault) if fault.retry() != Retry::No => {}
            Err(fault) => return Err(fault),
        }
        let left = ROW_LIMIT.saturating_sub(began.elapsed()).as_secs();
        if left == 0 {
            break;
        }
        let wait = WAITS[turn.min(WAITS.len() - 1)].min(left);
        told(Testing::WaitsForRow(wait, left));
        tokio::time::sleep(Duration::from_secs(wait)).await;
    }
    Err(Fault::NotYet { what: workspace.table.clone(), seconds: ROW_LIMIT.as_secs() })
}
