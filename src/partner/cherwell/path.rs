//! Where the API is, and the paths of its calls.

use crate::model::connection::Connection;
use crate::model::form::FieldId;
pub use crate::net::encode::encode;

/// Where the API is out of the box; an old installation has it at `/Trebuchet.WebApi`.
const DEFAULT: &str = "/CherwellAPI";

/// Where the API is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPath(String);

impl ApiPath {
    /// That of a connection.
    pub fn of(connection: &Connection) -> Self {
        let said = connection.detail(FieldId::ApiPath).unwrap_or(DEFAULT).trim().trim_matches('/');
        let encoded: Vec<String> = said.split('/').map(encode).collect();
        Self(format!("/{}", encoded.join("/")))
    }

    /// The path as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of the token endpoint.
    pub fn token(&self) -> String {
        format!("{}/token", self.0)
    }

    /// Of the end of a sign-in.
    pub fn logout(&self) -> String {
        self.call("V1/logout")
    }

    /// Of a call, such as `V1/serviceinfo`; already percent-encoded.
    pub fn call(&self, call: &str) -> String {
        format!("{}/api/{call}", self.0)
    }
}
