//! Keeps how each connection was bound, and binds it again when someone asks for that.

use super::blocking::blocking;
use super::services::Services;
use crate::home::binding;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::mapping::{Kept, MappingFile};
use crate::model::work_item::WorkItemKind;
use crate::partner::Partner;

/// Keeps how the connection is bound now, unless all of it is kept already. A product that cannot be asked or bound now is
/// no fault here: what follows says so, and the next call tries again.
///
/// # Errors
/// What is wrong with the file that is kept, or trouble with the disk.
pub async fn keep(services: &Services, connection: &Connection, partner: &dyn Partner) -> Result<(), Fault> {
    let (home, name) = (services.home.clone(), connection.name.clone());
    let server = connection.server_url.to_string();
    let old = blocking(move || binding::load(&home, &name)).await?.filter(|kept| kept.server == server);
    let old = old.map(|kept| kept.mapping).unwrap_or_default();
    if connection.work_items.iter().all(|kind| has(&old, *kind)) {
        return Ok(());
    }
    let Ok(Some(bound)) = partner.binding().await else { return Ok(()) };
    let added: Vec<_> = WorkItemKind::ALL.into_iter().filter(|kind| !has(&old, *kind) && has(&bound, *kind)).collect();
    if added.is_empty() {
        return Ok(());
    }
    let mut mapping = MappingFile { path: String::new(), lines: Vec::new(), ..old };
    for kind in added {
        take(&mut mapping, &bound, kind);
    }
    write(services, connection, mapping).await
}

/// Binds the connection again by what the product describes now, and keeps that. The partner is the one that was bound
/// again.
///
/// # Errors
/// What kept the product's description from being read, or trouble with the disk.
pub async fn rebind(services: &Services, connection: &Connection) -> Result<std::sync::Arc<dyn Partner>, Fault> {
    let partner = services.partner_bound_again(connection).await?;
    if let Some(bound) = partner.binding().await? {
        let mut mapping = MappingFile::default();
        WorkItemKind::ALL.into_iter().for_each(|kind| take(&mut mapping, &bound, kind));
        write(services, connection, mapping).await?;
    }
    Ok(partner)
}

fn has(mapping: &MappingFile, kind: WorkItemKind) -> bool {
    mapping.kind(kind).is_some() || mapping.routes.contains_key(kind.id())
}

fn take(into: &mut MappingFile, from: &MappingFile, kind: WorkItemKind) {
    into.work_items.extend(from.kind(kind).map(|(spec, _)| spec.clone()));
    into.routes.extend(from.routes.get(kind.id()).map(|route| (kind.id().to_owned(), route.clone())));
}

async fn write(services: &Services, connection: &Connection, mapping: MappingFile) -> Result<(), Fault> {
    let kept = Kept { server: connection.server_url.to_string(), mapping };
    let (home, name) = (services.home.clone(), connection.name.clone());
    blocking(move || binding::write(&home, &name, &kept)).await
}
