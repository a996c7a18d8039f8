//! The admin's confirmations of checklist items: kept, let go, and set beside what the connection is now.

use super::connections::record;
use super::services::Services;
use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::confirmation::{self, Basis, Confirmation};
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::partner::PartnerSpec;
use crate::model::summary::Event;

/// Keeps that these items are so, as the admin said, together with what the connection is now; `state` of each is what
/// its item itself saw. What was kept.
///
/// # Errors
/// When there is no such connection, or the store cannot be written.
pub async fn confirm(
    services: &Services,
    name: &ConnectionName,
    said: Vec<Confirmation>,
) -> Result<Vec<Confirmation>, Fault> {
    let connection = services.connection(name.as_str()).await?;
    let spec = services.spec(&connection.partner)?;
    let whole = |one: Confirmation| Confirmation {
        basis: one.basis.into_iter().chain(basis(&connection, spec, &one.item)).collect(),
        ..one
    };
    let said: Vec<_> = said.into_iter().map(whole).collect();
    services.store().await?.confirm(name, said.clone()).await?;
    record(services, name, Event::Confirmed { items: said.iter().map(|one| one.item.clone()).collect() }).await?;
    Ok(said)
}

/// Withdraws the confirmation of an item.
///
/// # Errors
/// [`Fault::NotFound`] if it has no confirmation, or when the store cannot be written.
pub async fn withdraw(services: &Services, name: &ConnectionName, item: &ItemId) -> Result<(), Fault> {
    if !services.store().await?.withdraw(name, item.clone()).await? {
        return Err(Fault::NotFound { what: item.to_string() });
    }
    record(services, name, Event::Withdrawn { item: item.clone() }).await
}

/// The confirmations of a connection, compared with the connection as it is now.
pub struct Confirmations {
    connection: Connection,
    spec: PartnerSpec,
    all: Vec<Confirmation>,
}

impl Confirmations {
    /// Reads what was said.
    ///
    /// # Errors
    /// When there is no such connection, or the store cannot be read.
    pub async fn of(services: &Services, name: &ConnectionName) -> Result<Self, Fault> {
        let connection = services.connection(name.as_str()).await?;
        let spec = services.spec(&connection.partner)?.clone();
        let said = services.store().await?.confirmations(name).await?;
        Ok(Self { connection, spec, all: said })
    }

    /// The item with its confirmation.
    pub fn applied_to(&self, mut item: ChecklistItem) -> ChecklistItem {
        if let Some(said) = self.all.iter().find(|said| said.item == item.id) {
            item.apply_confirmation(said, &basis(&self.connection, &self.spec, &item.id));
        }
        item
    }
}

fn basis(connection: &Connection, spec: &PartnerSpec, item: &ItemId) -> Basis {
    confirmation::basis_of(connection, &spec.rests_on(item))
}
