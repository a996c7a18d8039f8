//! A work item that is read where it is stored: its texts are borrowed, so that passing it on copies none of them.

use std::borrow::Cow;

use jiff::Timestamp;

use super::work_item::{Value, WorkItem, WorkItemKind};

/// A [`Value`] whose texts are borrowed, or owned where they were stored with escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueRef<'a> {
    /// The stored value.
    pub value: Cow<'a, str>,
    /// What to show for it, where that differs from `value`.
    pub label: Option<Cow<'a, str>>,
}

impl ValueRef<'_> {
    /// What a screen shows: the label, else the value.
    pub fn shown(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.value)
    }

    /// The same with texts of its own.
    pub fn into_value(self) -> Value {
        Value { value: self.value.into_owned(), label: self.label.map(Cow::into_owned) }
    }
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(Value { value, label }: &'a Value) -> Self {
        Self { value: Cow::Borrowed(value), label: label.as_deref().map(Cow::Borrowed) }
    }
}

/// Further attributes by name.
pub type FieldRefs<'a> = Vec<(Cow<'a, str>, ValueRef<'a>)>;

/// A [`WorkItem`] whose texts are borrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRef<'a> {
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The product's own immutable id.
    pub source_id: &'a str,
    /// The number people call it by.
    pub number: &'a str,
    /// The short description.
    pub title: &'a str,
    /// The state.
    pub state: &'a Value,
    /// The priority.
    pub priority: &'a Value,
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
    /// When the product last changed it.
    pub updated_at: Timestamp,
    /// Every other attribute that has a value.
    pub fields: FieldRefs<'a>,
}

static NOTHING: Value = Value { value: String::new(), label: None };

impl<'a> ItemRef<'a> {
    /// A work item that is gone, of which only id and number are known.
    pub fn gone(kind: WorkItemKind, source_id: &'a str, number: &'a str, at: Timestamp) -> Self {
        Self {
            kind,
            source_id,
            number,
            title: "",
            state: &NOTHING,
            priority: &NOTHING,
            opened_at: None,
            updated_at: at,
            fields: Vec::new(),
        }
    }

    /// The attribute with this name in the partner's mapping.
    pub fn field(&self, name: &str) -> Option<&ValueRef<'a>> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl<'a> From<&'a WorkItem> for ItemRef<'a> {
    fn from(item: &'a WorkItem) -> Self {
        Self {
            kind: item.kind,
            source_id: &item.source_id,
            number: &item.number,
            title: &item.title,
            state: &item.state,
            priority: &item.priority,
            opened_at: item.opened_at,
            updated_at: item.updated_at,
            fields: item.fields.iter().map(|(name, value)| (Cow::Borrowed(&**name), value.into())).collect(),
        }
    }
}
