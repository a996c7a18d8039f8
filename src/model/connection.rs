//! A connection: one instance of an ITSM product, as it stands in the config file. It holds no secret.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::clean::clean;
use super::field::{FieldId, FieldProblem};
pub use super::grant::Grant;
use super::partner_id::PartnerId;
use super::url::ServerUrl;
use super::work_item::WorkItemKind;
use super::workspace::WorkspaceName;

/// How many past days may be synced.
pub const SYNC_DAYS: RangeInclusive<u16> = 1..=120;

/// The longest name in bytes of UTF-8: with an ending, and what a file that is being written gets beside it, it stays
/// under the 255 bytes that file systems take.
const LONGEST_NAME: usize = 200;

/// Names that Windows keeps for devices, with any ending
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A connection's name: 1 to 64 letters, digits, `-`, `_` or `.`, beginning with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionName(String);

impl ConnectionName {
    /// Reads a name for a new connection: one that names a file on every system.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`], [`FieldProblem::BadName`] or [`FieldProblem::UnsafeName`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let name = Self::listed(text)?;
        if name.is_file_name() { Ok(name) } else { Err(FieldProblem::UnsafeName) }
    }

    /// Reads the name of a connection that is there already: it may be of a time when more names were taken.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`] or [`FieldProblem::BadName`].
    pub fn listed(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if text.is_empty() {
            Err(FieldProblem::Missing)
        } else if text.chars().count() > 64 || !text.chars().all(fits) || !text.starts_with(char::is_alphanumeric) {
            Err(FieldProblem::BadName)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of this connection's files, without their ending: the name itself where every system takes it, else a
    /// fingerprint of it.
    pub fn file_stem(&self) -> String {
        use sha2::{Digest, Sha256};
        if self.is_file_name() {
            return self.0.clone();
        }
        // No name begins with an underscore.
        let hash = Sha256::digest(self.0.as_bytes());
        hash.iter().take(16).fold("_".to_owned(), |stem, byte| format!("{stem}{byte:02x}"))
    }

    /// Whether people or file systems could take one name for the other: they differ only by case, or by how Unicode
    /// composes their characters.
    pub fn clashes_with(&self, other: &Self) -> bool {
        self == other || self.folded() == other.folded()
    }

    fn folded(&self) -> String {
        let nfkc = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc();
        // Up and down again: some letters have a partner in one direction only.
        let folded = nfkc.normalize(&self.0).to_uppercase().to_lowercase();
        nfkc.normalize(&folded).into_owned()
    }

    fn is_file_name(&self) -> bool {
        let stem = self.0.split('.').next().unwrap_or_default().to_lowercase();
        // Windows takes the superscript digits for digits here.
        let is_port = |kind: &str| {
            let number = stem.strip_prefix(kind).map(|rest| rest.chars().collect::<Vec<_>>());
            matches!(number.as_deref(), Some(['0'..='9' | '¹' | '²' | '³']))
        };
        let is_device = DEVICES.contains(&stem.as_str()) || is_port("com") || is_port("lpt");
        self.0.len() <= LONGEST_NAME && !self.0.ends_with('.') && !is_device
    }
}

impl TryFrom<String> for ConnectionName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::listed(&text).map_err(|_| format!("'{}' is not a connection name", clean(&text, false)))
    }
}

impl From<ConnectionName> for String {
    fn from(name: ConnectionName) -> Self {
        name.0
    }
}

impl fmt::Display for ConnectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One connection. A key it does not know is an error, so that a secret in a config file is not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The name it is called by everywhere.
    pub name: ConnectionName,
    /// The partner type.
    pub partner: PartnerId,
    /// The product's base URL.
    pub server_url: ServerUrl,
    /// The integration user; empty where the partner asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    /// The OAuth application's client ID; empty where the partner asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub client_id: String,
    /// What is synced.
    pub work_items: Vec<WorkItemKind>,
    /// How many past days the first sync brings, 1 to 120.
    pub sync_days: u16,
    /// Whether missing configuration items are created in the product.
    #[serde(default)]
    pub create_configuration_items: bool,
    /// How it gets its tokens.
    #[serde(default, skip_serializing_if = "Grant::is_password")]
    pub grant: Grant,
    /// What only this partner asks for, by field; those left empty are left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<FieldId, String>,
    /// The workspaces of Log Analytics that it feeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workspaces: Vec<WorkspaceName>,
    /// The name by which tickets and rows in Log Analytics know it, where they were made before it was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_as: Option<ConnectionName>,
}

impl Connection {
    /// The name by which tickets and rows in Log Analytics know it: it is part of the ids of the tickets and of every row, and
    /// stays as it was at first.
    pub fn known_as(&self) -> &ConnectionName {
        self.known_as.as_ref().unwrap_or(&self.name)
    }

    /// Whether a new name could be taken for this connection, here or outside.
    pub fn clashes_with(&self, name: &ConnectionName) -> bool {
        self.name.clashes_with(name) || self.known_as().clashes_with(name)
    }

    /// What was given for a field that only some partners ask for.
    pub fn detail(&self, field: FieldId) -> Option<&str> {
        self.details.get(&field).map(String::as_str).filter(|text| !text.is_empty())
    }
}

/// What a renaming leaves as it is, outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptOutside {
    /// By which name tickets and workspaces know the connection afterwards, where that is another than the new one.
    pub known_as: Option<ConnectionName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["contoso", "ams-scsm", "é1", "a.b_c"] {
            assert!(ConnectionName::parse(good).is_ok(), "{good}");
        }
        for bad in ["a b", "-x", "a/b", "a\u{1b}", &"x".repeat(65)] {
            assert_eq!(ConnectionName::parse(bad), Err(FieldProblem::BadName), "{bad}");
        }
        assert_eq!(ConnectionName::parse("  "), Err(FieldProblem::Missing));
    }

    #[test]
    fn s17_a_new_name_is_a_file_name_everywhere() {
        let long = "𠀀".repeat(64);
        for bad in ["CON", "nul", "Aux", "prn.x", "com1", "LPT9.log", "COM²", "contoso.", "a..", &long] {
            assert_eq!(ConnectionName::parse(bad), Err(FieldProblem::UnsafeName), "{bad}");
            let listed = ConnectionName::listed(bad).unwrap();
            let stem = listed.file_stem();
            assert!(stem.starts_with('_') && stem.len() == 33 && stem.is_ascii(), "{bad}: {stem}");
            assert_eq!(serde_json::from_str::<ConnectionName>(&format!("\"{bad}\"")).unwrap(), listed);
        }
        for good in ["console", "com", "com10", "lpt", "nulls", "contoso.x", &"漢".repeat(64), "a-con"] {
            assert_eq!(ConnectionName::parse(good).unwrap().file_stem(), good);
        }
        let stem = |name: &str| ConnectionName::listed(name).unwrap().file_stem();
        assert_ne!(stem("nul"), stem("NUL"));
    }

    #[test]
    fn s17_names_that_look_alike_clash() {
        let name = |text: &str| ConnectionName::listed(text).unwrap();
        for (one, other) in [
            ("contoso", "Contoso"),
            ("STRASSE", "straße"),
            ("é1", "É1"),
            ("ΣΟΦΟΣ", "σοφος"),
            ("가", "\u{1100}\u{1161}"),
            ("ｃontoso", "contoso"),
            ("ﬁx", "fix"),
        ] {
            assert!(name(one).clashes_with(&name(other)), "{one} {other}");
        }
        assert!(!name("contoso").clashes_with(&name("contoso2")));
    }
}
