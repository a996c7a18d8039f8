//! The table of stored work items as data: what is asked, and a window of rows out of a million.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::work_item::{Value, WorkItemKind};

/// Which work items are asked for, and in what order. Everything that is set must hold; of several kinds, states or
/// priorities one must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Only these kinds; empty for all of which a state is asked for, or for all.
    pub kinds: Vec<WorkItemKind>,
    /// Of the kinds that are named here only these states.
    pub states: Vec<KindState>,
    /// Only these priorities, by their values; empty for all.
    pub priorities: Vec<String>,
    /// Only those that one of these groups has, by the names that are shown; the empty name stands for no group. Empty for all.
    pub groups: Vec<String>,
    /// Only those that one of these people has; the empty name stands for nobody. Empty for all.
    pub assignees: Vec<String>,
    /// Only those opened at this moment or later.
    pub opened_since: Option<Timestamp>,
    /// Only those opened before this moment.
    pub opened_before: Option<Timestamp>,
    /// Only open ones, or only closed ones.
    pub open: Option<bool>,
    /// Only those that are gone from the product, or only those that it has.
    pub removed: Option<bool>,
    /// Words that number, title or description must have, each as a prefix; empty asks for none.
    pub find: String,
    /// The order.
    pub sort: Sort,
}

/// A state of one kind: the same value may mean other things in other kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindState {
    /// The kind.
    pub kind: WorkItemKind,
    /// The state's value.
    pub value: String,
}

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemColumn {
    /// Incident or change request.
    Kind,
    /// The number people call it by.
    Number,
    /// The short description.
    Title,
    /// The state.
    State,
    /// The priority.
    Priority,
    /// Whom it is assigned to.
    Assignee,
    /// The group it is assigned to.
    Group,
    /// The configuration item.
    #[serde(rename = "ci")]
    Computer,
    /// When it was opened.
    Opened,
    /// When it was last changed.
    #[default]
    Changed,
}

impl ItemColumn {
    /// Every column, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Kind,
        Self::Number,
        Self::Title,
        Self::State,
        Self::Priority,
        Self::Assignee,
        Self::Group,
        Self::Computer,
        Self::Opened,
        Self::Changed,
    ];

    /// The name in commands.
    pub fn id(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Number => "number",
            Self::Title => "title",
            Self::State => "state",
            Self::Priority => "priority",
            Self::Assignee => "assignee",
            Self::Group => "group",
            Self::Computer => "ci",
            Self::Opened => "opened",
            Self::Changed => "changed",
        }
    }

    /// The column with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.id() == id)
    }

    /// Whether it holds moments, of which the newest come first.
    pub fn is_moment(self) -> bool {
        matches!(self, Self::Opened | Self::Changed)
    }
}

/// The order of the table. Rows that are equal in it stand by their last change, the newest first; what is empty stands last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    /// By which column: moments newest first, priorities most urgent first, texts from A to Z.
    pub column: ItemColumn,
    /// The other way round.
    pub reversed: bool,
}

impl ItemFilter {
    /// Whether removed items are asked for: a removed one is neither open nor closed any more.
    pub fn removed(&self) -> Option<bool> {
        self.removed.or(self.open.map(|_| false))
    }

    /// Whether items of this kind may match.
    pub fn admits_kind(&self, kind: WorkItemKind) -> bool {
        match self.kinds.is_empty() {
            true => self.states.is_empty() || self.states.iter().any(|state| state.kind == kind),
            false => self.kinds.contains(&kind),
        }
    }

    /// The values of the states that items of this kind must have one of; empty for all.
    pub fn states_of(&self, kind: WorkItemKind) -> Vec<&str> {
        self.states.iter().filter(|state| state.kind == kind).map(|state| state.value.as_str()).collect()
    }

    /// Whether nothing is asked that only the rows themselves tell: the counters know kinds, states, priorities and whether
    /// items are open or removed.
    pub fn is_counted(&self) -> bool {
        self.groups.is_empty()
            && self.assignees.is_empty()
            && self.opened_since.is_none()
            && self.opened_before.is_none()
    }

    /// Whether it asks for everything, in whatever order.
    pub fn is_empty(&self) -> bool {
        Self { sort: Sort::default(), ..self.clone() } == Self::default()
    }
}

/// The groups and the people that work items are assigned to, each with how many it has, by name in alphabetical order. The
/// empty name, which stands first, is for those without. Removed items are not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assigned {
    /// The groups.
    pub groups: Vec<(String, u64)>,
    /// The people.
    pub assignees: Vec<(String, u64)>,
}

/// A row's place in the table in its usual order: newest change first, then the higher row id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemKey {
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The store's own row id.
    pub row_id: i64,
}

/// A row that has a place in a table, so that its neighbours can be found.
pub trait Placed {
    /// The place.
    type Key: Place;

    /// Its place.
    fn key(&self) -> Self::Key;
}

/// The place of a row in the usual order of its table: a greater one stands before a smaller one.
pub trait Place: Clone + Ord {
    /// What tells a row from all others, wherever it stands.
    type Id: Eq + std::hash::Hash;

    /// The row's own id.
    fn id(&self) -> Self::Id;
}

impl Place for ItemKey {
    type Id = i64;

    fn id(&self) -> i64 {
        self.row_id
    }
}

impl Placed for ItemRow {
    type Key = ItemKey;

    fn key(&self) -> ItemKey {
        self.key
    }
}

/// Where a window of rows begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seek<K = ItemKey> {
    /// With the newest.
    First,
    /// So that the oldest is its last.
    Last,
    /// With the row after this one (older).
    After(K),
    /// So that it ends with the row before this one (newer).
    Before(K),
    /// With this row, or the one that took its place.
    At(K),
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// Its place.
    pub key: ItemKey,
    /// The connection it belongs to.
    pub connection: String,
    /// Incident or change request.
    pub kind: WorkItemKind,
    /// The product's own id.
    pub source_id: String,
    /// The number people call it by.
    pub number: String,
    /// The short description.
    pub title: String,
    /// The state.
    pub state: Value,
    /// The priority.
    pub priority: Value,
    /// Whether it is still active, or was when it was last seen.
    pub open: bool,
    /// When it was found to be gone from the product.
    pub removed_at: Option<Timestamp>,
    /// Whom it is assigned to; empty where nobody is.
    pub assignee: String,
    /// The group it is assigned to; empty where there is none.
    pub group: String,
    /// The configuration item; empty where there is none.
    pub computer: String,
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
}

/// A window of work items.
pub type ItemWindow = Window<ItemRow>;

/// A window of rows, in the order that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether nothing newer exists.
    pub at_start: bool,
    /// Whether nothing older exists.
    pub at_end: bool,
    /// How many rows match in all.
    pub total: Total,
}

/// How many rows match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Just so many.
    Exactly(u64),
    /// So many were counted before counting was given up.
    AtLeast(u64),
}
