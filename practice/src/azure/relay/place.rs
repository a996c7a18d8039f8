//! What there is in practice Azure.

use serde::{Deserialize, Serialize};

/// A resource group with a web app, a Service Bus namespace and a hybrid connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AzurePlace {
    /// The subscription's ID.
    pub subscription: String,
    /// The resource group.
    pub group: String,
    /// The region, as Azure writes it out.
    pub location: String,
    /// The Service Bus namespace.
    pub namespace: String,
    /// The hybrid connection; `None` if it was never made.
    pub hybrid_connection: Option<String>,
    /// Other hybrid connections of the namespace.
    pub others: Vec<String>,
    /// Where it leads, as host and port; `None` if its metadata does not say.
    pub endpoint: Option<String>,
    /// Whether a sender must show a key.
    pub requires_client_authorization: bool,
    /// How many managers are connected; `None` leaves the count out, as Azure does where there is none.
    pub listeners: Option<u64>,
    /// The web app; the first label of the practice server's own host.
    pub site: String,
    /// Whether the web app is in this resource group.
    pub site_here: bool,
    /// Whether the web app uses the hybrid connection.
    pub bound: bool,
    /// What the web app's plan costs.
    pub plan: Plan,
    /// Whether the machine has a managed identity.
    pub identity: bool,
}

/// A plan of App Service, by its SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Such as `S1`.
    pub name: String,
    /// Such as `Standard`.
    pub tier: String,
}

impl Default for AzurePlace {
    fn default() -> Self {
        Self {
            subscription: "11111111-2222-3333-4444-555555555555".to_owned(),
            group: "itsm".to_owned(),
            location: "West Europe".to_owned(),
            namespace: "smoc1sbn".to_owned(),
            hybrid_connection: Some("scsm".to_owned()),
            others: vec!["oracle".to_owned(), "fileserver".to_owned()],
            endpoint: Some("scsm.corp.local:5724".to_owned()),
            requires_client_authorization: true,
            listeners: Some(1),
            site: "127".to_owned(),
            site_here: true,
            bound: true,
            plan: Plan { name: "S1".to_owned(), tier: "Standard".to_owned() },
            identity: true,
        }
    }
}
