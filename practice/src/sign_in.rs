//! What a client needs to sign in at this start.

use serde::Serialize;

/// What a client needs to sign in, as far as the product asks for it; what it does not ask for is empty and left out.
/// As JSON it is the first line that the practice command prints.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SignInDetails {
    /// The partner type, such as `servicenow`.
    pub partner: &'static str,
    /// The product's address.
    pub url: String,
    /// The integration user.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// Its password, good for this start only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub password: String,
    /// The application's client ID.
    pub client_id: String,
    /// The application's secret, good for this start only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub client_secret: String,
    /// The tenant in Microsoft Entra.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tenant: String,
    /// Where tokens are given, if it is not the product itself: it stands in for `https://login.microsoftonline.com`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// Where the hybrid connection leads, by the name of the host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub endpoint_host: String,
    /// The Azure subscription that it is in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub azure_subscription: String,
    /// The resource group that it is in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub azure_resource_group: String,
    /// The Service Bus namespace that it is in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub relay_namespace: String,
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hybrid_connection: String,
    /// Azure: the Log Analytics workspace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub workspace: String,
    /// Azure: the object id of the application, which roles are assigned to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub object_id: String,
    /// Azure: where each role is played, and for whom its tokens are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<CloudDetails>,
    /// A user to whom everything is open; it signs in with the integration user's password.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub admin: String,
    /// Where the server takes orders: faults, playback, edits.
    pub control: String,
}

/// The endpoints of a practice cloud and the audiences of their tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CloudDetails {
    /// Where tokens are given.
    pub authority: String,
    /// Azure Resource Manager.
    pub resource_manager: String,
    /// The audience of its tokens.
    pub resource_manager_audience: String,
    /// The ingestion endpoint that every rule has.
    pub ingestion: String,
    /// The audience of its tokens.
    pub ingestion_audience: String,
    /// The query API.
    pub query: String,
    /// The audience of its tokens.
    pub query_audience: String,
}

impl SignInDetails {
    /// The details as one line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
