//! A work item that is read where it is stored: its texts are borrowed, so that passing it on copies none of them.

use jiff::Timestamp;

use super::fields::Fields;
use super::work_item::{Value, WorkItemKind};

/// A choice whose texts are borrowed; see [`Value`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChoiceRef<'a> {
    /// The stored value.
    pub value: &'a str,
    /// What to show for it, where that differs from `value`.
    pub label: Option<&'a str>,
}

impl<'a> ChoiceRef<'a> {
    /// What a screen shows: the label, else the value.
    pub fn shown(self) -> &'a str {
        self.label.unwrap_or(self.value)
    }
}

impl<'a> From<&'a Value> for ChoiceRef<'a> {
    fn from(Value { value, label }: &'a Value) -> Self {
        Self { value, label: label.as_deref() }
    }
}

impl From<ChoiceRef<'_>> for Value {
    fn from(ChoiceRef { value, label }: ChoiceRef<'_>) -> Self {
        Self { value: value.to_owned(), label: label.map(str::to_owned) }
    }
}

/// A [`WorkItem`](super::work_item::WorkItem) whose texts are borrowed.
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
    pub state: ChoiceRef<'a>,
    /// The priority.
    pub priority: ChoiceRef<'a>,
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
    /// When the product last changed it.
    pub updated_at: Timestamp,
    /// Every other attribute that has a value.
    pub fields: Fields<'a>,
}

impl<'a> ItemRef<'a> {
    /// A work item that is gone, of which only id and number are known.
    pub fn gone(kind: WorkItemKind, source_id: &'a str, number: &'a str, at: Timestamp) -> Self {
        Self {
            kind,
            source_id,
            number,
            title: "",
            state: ChoiceRef::default(),
            priority: ChoiceRef::default(),
            opened_at: None,
            updated_at: at,
            fields: Fields::NONE,
        }
    }
}
