//! The environment's own description: its publishers, tables and columns.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Provance, errors, query};
use crate::model::fault::Fault;
use crate::net::http::PAGE_LIMIT_BYTES;

/// A label in the user's language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Label {
    #[serde(default)]
    user_localized_label: Option<Word>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Word {
    #[serde(default)]
    label: Option<String>,
}

impl Label {
    fn text(self) -> String {
        let text = self.user_localized_label.and_then(|word| word.label);
        text.map(|text| errors::short(&text)).unwrap_or_default()
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The logical name, such as `prov_incident`.
    pub name: String,
    /// The name in addresses, such as `prov_incidents`.
    pub set: String,
    /// What people call it.
    pub label: String,
    /// The column of the id.
    pub id: String,
    /// The column of the name, by which people know a row.
    pub title: String,
    /// Whether it is a table of a business process flow.
    pub process_flow: bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The logical name, such as `prov_priority`.
    pub name: String,
    /// The type, such as `Picklist`.
    pub kind: String,
    /// What people call it.
    pub label: String,
}

impl Attribute {
    /// Its name in queries and answers.
    pub fn shown_as(&self) -> String {
        match self.kind.as_str() {
            "Lookup" | "Owner" | "Customer" => format!("_{}_value", self.name),
            _ => self.name.clone(),
        }
    }
}

#[derive(Deserialize)]
struct List<T> {
    value: Vec<T>,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

/// How Provance's own prefixes begin.
pub const OWN: &str = "prov";

/// The prefixes of Provance's tables and columns.
#[derive(Debug, Default)]
pub struct Prefixes {
    /// Those of solutions that name Provance.
    pub certain: Vec<String>,
    /// Those, and others that begin as Provance's do.
    all: Vec<String>,
}

impl Prefixes {
    /// All that may be Provance's.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// Adds a prefix.
    pub fn add(&mut self, prefix: &str, certain: bool) {
        if !self.all.iter().any(|known| known == prefix) {
            self.all.push(prefix.to_owned());
        }
        if certain && !self.certain.iter().any(|known| known == prefix) {
            self.certain.push(prefix.to_owned());
        }
    }
}

/// Whether a name has this prefix.
pub fn has_prefix(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_'))
}

/// The prefixes of the publishers of Provance's solutions, such as `prov`. Where the user may not read solutions they are
/// taken from the names of `tables`, and only Provance's usual prefix is certain.
///
/// # Errors
/// Why the solutions could not be read.
pub async fn prefixes(partner: &Provance, tables: &[Table]) -> Result<Prefixes, Fault> {
    match of_solutions(partner).await {
        Err(fault) if errors::is_refused(&fault) => Ok(of_names(tables)),
        prefixes => prefixes,
    }
}

fn of_names(tables: &[Table]) -> Prefixes {
    let named = tables.iter().filter_map(|table| table.name.split_once('_'));
    let own: BTreeSet<&str> = named.map(|(prefix, _)| prefix).filter(|prefix| prefix.starts_with(OWN)).collect();
    let mut prefixes = Prefixes::default();
    own.into_iter().for_each(|prefix| prefixes.add(prefix, prefix == OWN || prefix.starts_with("provance")));
    prefixes
}

async fn of_solutions(partner: &Provance) -> Result<Prefixes, Fault> {
    #[derive(Deserialize)]
    struct Solution {
        #[serde(default)]
        uniquename: Option<String>,
        #[serde(default)]
        friendlyname: Option<String>,
        #[serde(default)]
        publisherid: Option<Publisher>,
    }
    #[derive(Deserialize)]
    struct Publisher {
        #[serde(default)]
        customizationprefix: Option<String>,
    }
    let path = "solutions?$select=uniquename,friendlyname&$expand=publisherid($select=customizationprefix)";
    let solutions: Vec<Solution> = list(partner, path, "solutions").await?;
    let mut prefixes = Prefixes::default();
    for solution in solutions {
        let Some(prefix) = solution.publisherid.and_then(|publisher| publisher.customizationprefix) else { continue };
        let prefix = prefix.to_lowercase();
        let names = [solution.uniquename, solution.friendlyname];
        let ours = names.iter().flatten().any(|name| name.to_lowercase().contains("provance"));
        if (ours || prefix.starts_with(OWN)) && !prefix.is_empty() {
            prefixes.add(&prefix, ours);
        }
    }
    Ok(prefixes)
}

/// Every table.
///
/// # Errors
/// Why the description could not be read.
pub async fn tables(partner: &Provance) -> Result<Vec<Table>, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Definition {
        logical_name: String,
        #[serde(default)]
        entity_set_name: Option<String>,
        #[serde(default)]
        display_name: Option<Label>,
        #[serde(default)]
        primary_id_attribute: Option<String>,
        #[serde(default)]
        primary_name_attribute: Option<String>,
        #[serde(default, rename = "IsBPFEntity")]
        is_bpf_entity: Option<bool>,
    }
    let path =
        "EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName,PrimaryIdAttribute,PrimaryNameAttribute";
    let whole = format!("{path},IsBPFEntity");
    let found: Vec<Definition> = match list(partner, &whole, "EntityDefinitions").await {
        // An older environment does not tell it.
        Err(Fault::PartnerError { status: 400, .. }) => list(partner, path, "EntityDefinitions").await?,
        found => found?,
    };
    let table = |definition: Definition| Table {
        name: definition.logical_name,
        set: definition.entity_set_name.unwrap_or_default(),
        label: definition.display_name.map(Label::text).unwrap_or_default(),
        id: definition.primary_id_attribute.unwrap_or_default(),
        title: definition.primary_name_attribute.unwrap_or_default(),
        process_flow: definition.is_bpf_entity.unwrap_or(false),
    };
    Ok(found.into_iter().map(table).filter(|table| is_plain(&table.set) && is_plain(&table.name)).collect())
}

/// The readable columns of a table.
///
/// # Errors
/// Why the description could not be read.
pub async fn attributes(partner: &Provance, table: &str) -> Result<Vec<Attribute>, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Found {
        logical_name: String,
        #[serde(default)]
        attribute_type: Option<String>,
        #[serde(default)]
        display_name: Option<Label>,
        #[serde(default)]
        attribute_of: Option<String>,
    }
    let path = format!(
        "EntityDefinitions(LogicalName=%27{table}%27)/Attributes?$select=LogicalName,AttributeType,AttributeOf,DisplayName"
    );
    let found: Vec<Found> = list(partner, &path, table).await?;
    let usable = |found: &Found| {
        let kind = found.attribute_type.as_deref().unwrap_or_default();
        found.attribute_of.is_none() && !matches!(kind, "" | "Virtual" | "EntityName" | "PartyList" | "CalendarRules")
    };
    let attribute = |found: Found| Attribute {
        name: found.logical_name,
        kind: found.attribute_type.unwrap_or_default(),
        label: found.display_name.map(Label::text).unwrap_or_default(),
    };
    Ok(found.into_iter().filter(usable).map(attribute).filter(|found| is_plain(&found.name)).collect())
}

/// Fetches a list of the Web API. Descriptions are never paged.
///
/// # Errors
/// Why it could not be read.
pub async fn list<T: DeserializeOwned>(partner: &Provance, path: &str, what: &str) -> Result<Vec<T>, Fault> {
    let reply = partner.fetch(&format!("{}{path}", query::API), what, None, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: what.to_owned(), detail: "no list of the promised kind".to_owned() };
    match serde_json::from_slice::<List<T>>(&reply.body) {
        Ok(List { error: Some(_), .. }) => Err(Fault::Truncated { what: what.to_owned() }),
        Ok(list) => Ok(list.value),
        Err(error) => Err(malformed(error)),
    }
}

/// Whether a name is valid in an address and in a query.
pub fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
