//! Records of a product that a rule can name: assignment groups, callers, templates.

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Assignment groups.
    Groups,
    /// Persons for whom a ticket can be opened.
    Callers,
    /// Templates of tickets.
    Templates,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// The records.
    pub entries: Vec<ListedEntry>,
    /// Whether there may be more of them.
    pub more: bool,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedEntry {
    /// What a rule calls it by.
    pub name: String,
    /// What tells it from others: a full name, an address.
    pub about: String,
}
