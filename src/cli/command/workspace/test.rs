//! `itsmc workspace test`.

use serde_json::json;

use crate::cli::context::Context;
use crate::model::fault::Fault;
use crate::model::workspace_run::Testing;
use crate::service::workspaces;
use crate::texts::{time, workspace as words};

/// The row was accepted, and whether it was stored cannot be seen.
const FINDINGS: u8 = 8;

/// Tests whether rows can be sent and found.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; [`Fault::NotSetUp`]; what Azure refused; a row that does not come.
pub async fn run(context: &Context, name: &str) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let workspace = workspaces::named(&context.services, name).await?;
    let told = |event: Testing| {
        context.output.say(&match event {
            Testing::WaitsForRights(next, left) => {
                format!("· {}", words::waits_for_rights(lang, next, &time::span(lang, left)))
            }
            Testing::MaySend => format!("✓ {}", words::may_send(lang)),
            Testing::Accepted => format!("✓ {}", words::row_accepted(lang)),
            Testing::WaitsForRow(next, left) => {
                format!("· {}", words::waits_for_row(lang, next, &time::span(lang, left)))
            }
        });
    };
    let delays = workspaces::test(&context.services, &workspace, &told).await?;
    let document = json!({
        "workspace": workspace.name, "accepted": true, "stored": delays.row_seconds.map(|_| true),
        "rights_seconds": delays.rights_seconds, "row_seconds": delays.row_seconds, "mark": delays.mark,
    });
    context.output.result(&document, || match delays.row_seconds {
        Some(seconds) => vec![format!("✓ {}", words::row_found(lang, &time::span(lang, seconds)))],
        None => vec![format!("▲ {}", words::may_not_query(lang))],
    })?;
    Ok(if delays.row_seconds.is_some() { 0 } else { FINDINGS })
}
