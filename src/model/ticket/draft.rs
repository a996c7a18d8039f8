//! What a ticket is to hold, before it is one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is made of an alert in the product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TicketKind {
    /// An incident.
    #[default]
    Incident,
    /// An event of ServiceNow's Event Management, which makes alerts and incidents by its own rules.
    Event,
    /// An alert of ServiceNow's Event Management.
    Alert,
}

impl TicketKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Incident, Self::Event, Self::Alert];

    /// The name in rules, commands, JSON and the database.
    pub fn id(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Event => "event",
            Self::Alert => "alert",
        }
    }

    /// The kind with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

/// By which way a ticket is made, where a product has several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Straight into the table.
    #[default]
    Table,
    /// Through the import set of Microsoft's app in ServiceNow, as the old connector did.
    ImportSet,
}

/// A group, a person or another record that a ticket refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// What people call it.
    pub name: String,
    /// The product's own id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Reference {
    /// A record known by its name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), id: None }
    }
}

/// What an alert tells about the resource that it concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemHint {
    /// The name of the resource; for a computer its host name.
    pub name: String,
    /// Its id in Azure Resource Manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Its full name in DNS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fqdn: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    /// The operating system, such as `Windows` or `Linux`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Whether it is a computer. Nothing else is created in the product.
    pub is_computer: bool,
}

/// Everything that is to stand in a ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TicketDraft {
    /// Incident, event or alert.
    pub kind: TicketKind,
    /// By which way it is made.
    pub way: Way,
    /// One line.
    pub title: String,
    /// The whole text.
    pub description: String,
    /// The impact as a number of the usual scale, 1 (high) to 3 (low).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<u8>,
    /// The urgency on the same scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<u8>,
    /// The assignment group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Reference>,
    /// For whom it is opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<Reference>,
    /// The configuration item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemHint>,
    /// Further fields by the product's own names; they win over the template.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The name or id of a template of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The severity in Azure, 0 (critical) to 4 (verbose).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    /// The name of the alert rule in Azure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the rule measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// When the alert fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}
