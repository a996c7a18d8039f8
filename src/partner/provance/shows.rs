//! Whether a column can still be read, by the environment's description.

use serde::Deserialize;

use super::{Provance, describe};
use crate::model::fault::Fault;
use crate::model::work_item::WorkItemKind;

/// The metadata of a column about reading it (`AttributeMetadata` of the Dataverse Web API).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Readable {
    logical_name: String,
    #[serde(default = "yes")]
    is_valid_for_read: bool,
    #[serde(default)]
    is_secured: bool,
}

fn yes() -> bool {
    true
}

/// Whether this user sees the column of an attribute. `None` for a column under column-level security: its values come as
/// null to those whom no profile lets read it, and the description does not tell who that is.
///
/// # Errors
/// Why the description could not be read.
pub async fn shows(partner: &Provance, kind: WorkItemKind, attribute: &str) -> Result<Option<bool>, Fault> {
    let bound = partner.bound(kind).await?;
    let Some(column) = bound.spec.columns.iter().find(|column| column.to == attribute) else {
        return Ok(bound.gone.iter().any(|gone| gone == attribute).then_some(false));
    };
    let table = &bound.spec.source;
    let path =
        format!("EntityDefinitions(LogicalName=%27{table}%27)/Attributes?$select=LogicalName,IsValidForRead,IsSecured");
    let all: Vec<Readable> = describe::list(partner, &path, table).await?;
    let Some(found) = all.iter().find(|one| one.logical_name == column.from) else { return Ok(Some(false)) };
    Ok(match (found.is_valid_for_read, found.is_secured) {
        (false, _) => Some(false),
        (true, true) => None,
        (true, false) => Some(true),
    })
}
