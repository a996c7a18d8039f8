//! The columns of a row that is written, each in its type.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::model::fault::Fault;
use crate::model::ticket::{TicketDraft, TicketFinding, fields};
use crate::partner::provance::bind::Bound;
use crate::partner::provance::describe::{self, Attribute};
use crate::partner::provance::{Provance, query};
use crate::partner::written::{cut, dropped, line};

/// The longest title of a case, and of its description.
const TITLE: usize = 200;
const TEXT: usize = 2000;

/// A row in the making.
pub struct Body {
    columns: BTreeMap<String, Json>,
    /// What each attribute of a work item is called.
    names: BTreeMap<String, String>,
    attributes: Vec<Attribute>,
    /// The values of choices from the highest to the lowest, where they could be read.
    scales: BTreeMap<String, Vec<i64>>,
    left_out: Vec<String>,
}

impl Body {
    /// An empty row of a table.
    ///
    /// # Errors
    /// Why the table's description could not be read.
    pub async fn of(partner: &Provance, bound: &Bound) -> Result<Self, Fault> {
        let attributes = describe::attributes(partner, &bound.spec.source).await?;
        let names: BTreeMap<_, _> =
            bound.spec.columns.iter().map(|column| (column.to.clone(), column.from.clone())).collect();
        let mut scales = BTreeMap::new();
        for to in [fields::IMPACT, fields::URGENCY] {
            let Some(column) = names.get(to) else { continue };
            scales.insert(column.clone(), scale(partner, &bound.spec.source, column).await);
        }
        Ok(Self { columns: BTreeMap::new(), names, attributes, scales, left_out: Vec::new() })
    }

    /// Fills it from a draft; the rule's own fields last.
    pub fn draft(&mut self, draft: &TicketDraft) {
        self.named(fields::TITLE, &draft.title);
        self.named(fields::DESCRIPTION, &draft.description);
        for (name, value) in [(fields::IMPACT, draft.impact), (fields::URGENCY, draft.urgency)] {
            if let Some(value) = value {
                self.named(name, &value.to_string());
            }
        }
        if let Some(item) = &draft.item
            && self.kind_of("configuration_item").is_some_and(|kind| matches!(kind, "String" | "Memo"))
        {
            self.named("configuration_item", &item.name);
        }
        for (name, value) in &draft.fields {
            self.named(name, value);
        }
    }

    /// The type of an attribute of a work item.
    pub fn kind_of(&self, to: &str) -> Option<&str> {
        let column = self.names.get(to)?;
        self.attributes.iter().find(|one| one.name == *column).map(|one| one.kind.as_str())
    }

    /// Sets a column by the name of its attribute or by its own.
    pub fn named(&mut self, name: &str, value: &str) {
        let column = self.names.get(name).map_or(name, String::as_str).to_owned();
        let text = match name {
            fields::TITLE => line(value, TITLE),
            fields::DESCRIPTION => cut(value, TEXT),
            _ => value.to_owned(),
        };
        let kind = self.attributes.iter().find(|one| one.name == column).map(|one| one.kind.as_str());
        let value = match (self.scales.get(&column), kind) {
            (Some(scale), _) => {
                text.parse::<usize>().ok().and_then(|n| scale.get(n.checked_sub(1)?)).map(|n| (*n).into())
            }
            (None, Some("Picklist" | "Integer" | "BigInt" | "State" | "Status")) => {
                text.parse::<i64>().ok().map(Json::from)
            }
            (None, Some("Boolean")) => text.parse::<bool>().ok().map(Json::from),
            (None, Some("Decimal" | "Double" | "Money")) => text.parse::<f64>().ok().map(Json::from),
            (None, _) => Some(text.into()),
        };
        match value {
            Some(value) => drop(self.columns.insert(column, value)),
            None => self.left_out.push(column),
        }
    }

    /// Refers to another row.
    pub fn bind(&mut self, navigation: &str, set: &str, id: &str) {
        self.columns.insert(format!("{navigation}@odata.bind"), format!("/{set}({id})").into());
    }

    /// As it is sent.
    pub fn json(&self) -> Json {
        Json::Object(self.columns.clone().into_iter().collect())
    }

    /// The plain columns, to be read back.
    pub fn columns(&self) -> Vec<String> {
        self.columns.keys().filter(|name| !name.contains('@')).cloned().collect()
    }

    /// The finding about columns whose type the value does not fit.
    pub fn left_out(&self) -> Option<TicketFinding> {
        let fields = self.left_out.clone();
        (!fields.is_empty()).then_some(TicketFinding::DroppedFields { fields })
    }

    /// The finding about columns that the row does not show as they were sent.
    pub fn dropped(&self, row: &Map<String, Json>) -> Option<TicketFinding> {
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let plain = self.columns.iter().filter(|(name, _)| !name.contains('@'));
        let sent = plain.map(|(name, value)| (name.clone(), text(value))).collect();
        dropped(&sent, |name| row.get(name).filter(|value| !value.is_null()).map(text))
    }
}

/// The values of a choice in the order in which they are listed, which is that of its labels' numbers out of the box;
/// empty where they cannot be read.
async fn scale(partner: &Provance, table: &str, column: &str) -> Vec<i64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Choice {
        option_set: Option<Set>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Set {
        options: Vec<One>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct One {
        value: i64,
    }
    if !describe::is_plain(table) || !describe::is_plain(column) {
        return Vec::new();
    }
    let path = format!(
        "{}EntityDefinitions(LogicalName=%27{table}%27)/Attributes(LogicalName=%27{column}%27)/\
         Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)",
        query::API
    );
    let read = partner.fetch(&path, table, None, crate::net::http::PAGE_LIMIT_BYTES).await;
    let choice: Option<Choice> = read.ok().and_then(|reply| serde_json::from_slice(&reply.body).ok());
    let set = choice.and_then(|choice| choice.option_set);
    let mut values: Vec<_> = set.map(|set| set.options.into_iter().map(|one| one.value).collect()).unwrap_or_default();
    values.sort_unstable();
    values
}
