//! The steps of a live test by name.

use serde::{Deserialize, Serialize};

/// The steps of a live test. A partner runs those that apply to it, in its own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepId {
    /// The host name has an address.
    NameLookup,
    /// A TCP connection opens (through the proxy, where one is set).
    Connection,
    /// The certificate is trusted and TLS is new enough.
    Tls,
    /// The product gives tokens.
    SignIn,
    /// Our clock and theirs agree.
    Clock,
    /// The integration user is who we think, and active.
    User,
    /// The product's release, if it may be read.
    Release,
    /// What we need was found in the product's own description of itself.
    Binding,
    /// One row of incidents can be read.
    Incident,
    /// One row of change requests can be read.
    ChangeRequest,
    /// How many work items the scope will bring.
    Scope,
}

impl StepId {
    /// Every step, in the order in which each proves what the next needs.
    pub const ALL: [Self; 11] = [
        Self::NameLookup,
        Self::Connection,
        Self::Tls,
        Self::SignIn,
        Self::Clock,
        Self::User,
        Self::Release,
        Self::Binding,
        Self::Incident,
        Self::ChangeRequest,
        Self::Scope,
    ];

    /// The step without which this one proves nothing.
    pub fn needs(self) -> Option<Self> {
        match self {
            Self::NameLookup => None,
            Self::Connection => Some(Self::NameLookup),
            Self::Tls => Some(Self::Connection),
            Self::SignIn => Some(Self::Tls),
            Self::Clock | Self::User | Self::Release | Self::Binding => Some(Self::SignIn),
            Self::Incident | Self::ChangeRequest | Self::Scope => Some(Self::Binding),
        }
    }

    /// The name in JSON, the same as serde's.
    pub fn id(self) -> &'static str {
        match self {
            Self::NameLookup => "name_lookup",
            Self::Connection => "connection",
            Self::Tls => "tls",
            Self::SignIn => "sign_in",
            Self::Clock => "clock",
            Self::User => "user",
            Self::Release => "release",
            Self::Binding => "binding",
            Self::Incident => "incident",
            Self::ChangeRequest => "change_request",
            Self::Scope => "scope",
        }
    }
}
