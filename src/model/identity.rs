//! Whom a connection talks to and as whom: what its secrets and its stored rows belong to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::connection::{Connection, ConnectionName};
use super::fault::{Fault, IdentityChange};
use super::field::FieldId;
use super::grant::Grant;
use super::partner_id::PartnerId;

/// Everything that decides which server sees a connection's secrets, and which rows that server shows.
///
/// Two connections with equal identities may share secrets and rows. When any part differs, secrets must not be sent
/// and stored rows must not be counted as this connection's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The product.
    pub partner: PartnerId,
    /// The server's base URL, with its path.
    pub server: String,
    /// The integration user; empty where the application signs in by itself.
    #[serde(default)]
    pub user: String,
    /// The OAuth application's client ID.
    pub client_id: String,
    /// How tokens are obtained.
    pub grant: Grant,
    /// Further fields that decide where tokens come from and whom they are for: authority, tenant, audience, the
    /// authentication mode and the path of the interface. Empty values are left out.
    #[serde(default)]
    pub details: BTreeMap<FieldId, String>,
}

/// A part of an [`Identity`], by the field of the form that sets it.
pub type Part = FieldId;

/// The details that are part of an identity.
const DETAILS: [FieldId; 5] =
    [FieldId::Authority, FieldId::Tenant, FieldId::Audience, FieldId::AuthMode, FieldId::ApiPath];

impl Identity {
    /// The identity that a connection's settings give it.
    pub fn of(connection: &Connection) -> Self {
        let detail = |field: FieldId| connection.detail(field).map(|value| (field, value.to_owned()));
        Self {
            partner: connection.partner.clone(),
            server: connection.server_url.as_str().to_owned(),
            user: connection.username.clone(),
            client_id: connection.client_id.clone(),
            grant: connection.grant,
            details: DETAILS.into_iter().filter_map(detail).collect(),
        }
    }

    /// The fault that a connection which is signed in as this one has another identity now.
    pub fn changed_to(&self, now: &Self, connection: &ConnectionName) -> Fault {
        let change = |field| IdentityChange { field, was: self.part(field), now: now.part(field) };
        let changes = self.differences(now).into_iter().map(change).collect();
        Fault::IdentityChanged { connection: connection.to_string(), changes }
    }

    /// Whether the other one is shown the same rows: one user of one server is, whatever application signs it in.
    pub fn sees_the_same(&self, other: &Self) -> bool {
        let by_user = !self.user.is_empty() && self.grant == Grant::Password;
        self.differences(other).iter().all(|part| by_user && *part == FieldId::ClientId)
    }

    /// A part as it is shown; empty where there is none.
    pub fn part(&self, part: Part) -> String {
        match part {
            FieldId::Partner => self.partner.to_string(),
            FieldId::ServerUrl => self.server.clone(),
            FieldId::Username => self.user.clone(),
            FieldId::ClientId => self.client_id.clone(),
            FieldId::Grant => self.grant.id().to_owned(),
            detail => self.details.get(&detail).cloned().unwrap_or_default(),
        }
    }

    /// The parts that differ, in the order of the form; empty when both are the same.
    pub fn differences(&self, other: &Self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut check = |differs: bool, part: Part| {
            if differs {
                parts.push(part);
            }
        };
        check(self.partner != other.partner, FieldId::Partner);
        check(self.server != other.server, FieldId::ServerUrl);
        check(self.user != other.user, FieldId::Username);
        check(self.client_id != other.client_id, FieldId::ClientId);
        check(self.grant != other.grant, FieldId::Grant);
        for field in DETAILS {
            check(self.details.get(&field) != other.details.get(&field), field);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::url::ServerUrl;
    use crate::model::work_item::WorkItemKind;

    fn connection() -> Connection {
        Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: PartnerId::new("servicenow"),
            server_url: ServerUrl::parse("https://contoso.service-now.com", &[]).unwrap().0,
            username: "itsmc".to_owned(),
            client_id: "id".to_owned(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 30,
            create_configuration_items: false,
            grant: Grant::Password,
            details: BTreeMap::new(),
            workspaces: Vec::new(),
            known_as: None,
        }
    }

    #[test]
    fn name_scope_and_other_details_are_no_part_of_it() {
        let mut other = connection();
        other.name = ConnectionName::parse("fabrikam").unwrap();
        other.sync_days = 7;
        other.details.insert(FieldId::Culture, "nl-NL".to_owned());
        assert_eq!(Identity::of(&connection()), Identity::of(&other));
    }

    #[test]
    fn each_differing_part_is_named() {
        let mut other = connection();
        other.server_url = ServerUrl::parse("https://fabrikam.service-now.com", &[]).unwrap().0;
        other.grant = Grant::ClientCredentials;
        other.details.insert(FieldId::Tenant, "contoso.example".to_owned());
        let differences = Identity::of(&connection()).differences(&Identity::of(&other));
        assert_eq!(differences, [FieldId::ServerUrl, FieldId::Grant, FieldId::Tenant]);
    }
}
