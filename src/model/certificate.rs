//! What a server's certificate says, and why it was refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A certificate as a server showed it: for people to compare, never to decide by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whom it names: the common name, or the organisation.
    pub subject: Option<String>,
    /// The hosts that it is for.
    pub names: Vec<String>,
    /// Who issued it: the common name, or the organisation.
    pub issuer: Option<String>,
    /// From when it is valid.
    pub begins: Option<Timestamp>,
    /// Until when it is valid.
    pub expires: Option<Timestamp>,
    /// SHA-256 of the whole certificate: pairs of capital hexadecimal digits with colons between them.
    pub sha256: String,
    /// Whether it is its own issuer.
    pub self_signed: bool,
}

/// Why TLS could not be agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum TlsProblem {
    /// What answers speaks no TLS.
    NotTls,
    /// No version or cipher that both know.
    NothingInCommon,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotValidYet,
    /// The certificate is for other hosts.
    OtherName,
    /// No one who is trusted here issued it.
    UnknownIssuer,
    /// It is its own issuer.
    SelfSigned,
    /// The issuer that it names did not sign it.
    BadSignature,
    /// It was revoked.
    Revoked,
    /// Something else, as the TLS library says it.
    Other {
        /// What it says.
        detail: String,
    },
    /// It is not known.
    #[default]
    Unknown,
}
