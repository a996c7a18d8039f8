//! Tables of rows, kept in the order of (changed, id).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::people::{ACCOUNTS, USERS};
use crate::core::rng::stable_id;

/// Values and labels of a choice.
pub(crate) type Choices = &'static [(i64, &'static str)];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The row's id.
    Id,
    /// One line.
    Text,
    /// Several lines.
    Memo,
    /// A choice.
    Choice(Choices),
    /// The state.
    State(Choices),
    /// The reason for the state.
    Status(Choices),
    /// A moment.
    Time,
    /// A user.
    User,
    /// The user or team that owns the row.
    Owner,
    /// A customer.
    Account,
    /// A configuration item, kept as the text of its id.
    Item,
    /// The row version.
    Version,
}

/// What a column is made up as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named for what it holds")]
pub(crate) enum Role {
    Id,
    Number,
    Title,
    Description,
    State,
    Status,
    Priority,
    Urgency,
    Impact,
    Category,
    Source,
    Computer,
    Customer,
    Created,
    CreatedBy,
    Modified,
    ModifiedBy,
    Owner,
    Resolved,
    ResolvedBy,
    Closed,
    ClosedBy,
    Type,
    Risk,
    Conflict,
    Requested,
    PlannedStart,
    PlannedEnd,
    WorkStart,
    WorkEnd,
    Version,
    Nothing,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// The logical name.
    pub(crate) name: String,
    /// The name in queries and answers: of a lookup `_name_value`.
    pub(crate) shown_as: String,
    /// The display name.
    pub(crate) label: String,
    /// What it holds.
    pub(crate) kind: Kind,
    /// What it is made up as.
    pub(crate) role: Role,
    /// Whether column-level security keeps its values from the user.
    pub(crate) secured: bool,
}

impl Column {
    /// A column; lookups are known by their kind.
    pub(crate) fn new(name: impl Into<String>, label: &str, kind: Kind, role: Role) -> Self {
        let name = name.into();
        let lookup = matches!(kind, Kind::User | Kind::Owner | Kind::Account | Kind::Item);
        let shown_as = if lookup { format!("_{name}_value") } else { name.clone() };
        Self { name, shown_as, label: label.to_owned(), kind, role, secured: false }
    }
}

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    Null,
    /// A text.
    Text(Arc<str>),
    /// A choice's value, seconds since 1970, a version, or the place of a user or account.
    Number(i64),
}

/// A row. Its id and change time stand beside the other cells.
#[derive(Debug)]
pub(crate) struct Row {
    /// The id, as it is written.
    pub(crate) id: [u8; 16],
    /// When it was last changed.
    pub(crate) modified: i64,
    /// The cells, in the order of the columns; those of id and change time are not used.
    pub(crate) cells: Box<[Cell]>,
}

/// A value as it is compared and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'a str),
    /// A number or a moment.
    Number(i64),
    /// An id.
    Id([u8; 16]),
}

/// A table.
pub(crate) struct Table {
    /// The logical name.
    pub(crate) name: String,
    /// The name in addresses.
    pub(crate) set: String,
    /// The display name.
    pub(crate) label: &'static str,
    /// The columns.
    pub(crate) columns: Vec<Column>,
    rows: Vec<Row>,
    places: HashMap<[u8; 16], u32>,
    order: Vec<u32>,
    version: i64,
    /// Rows that the user may not read.
    hidden: HashSet<[u8; 16]>,
}

/// The order of `uniqueidentifier` in the product's database: the last group first, the first ones byte by byte from
/// behind.
pub(crate) fn sort_key(id: &[u8; 16]) -> [u8; 16] {
    const BYTES: [usize; 16] = [10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0];
    BYTES.map(|byte| id[byte])
}

impl Table {
    /// An empty table.
    pub(crate) fn new(name: &str, set: &str, label: &'static str, columns: Vec<Column>) -> Self {
        let (rows, places, order) = (Vec::new(), HashMap::new(), Vec::new());
        let (version, hidden) = (1_000_000, HashSet::new());
        Self { name: name.to_owned(), set: set.to_owned(), label, columns, rows, places, order, version, hidden }
    }

    /// Adds a column without values.
    pub(crate) fn add_column(&mut self, column: Column) {
        self.columns.push(column);
        for row in &mut self.rows {
            let mut cells = std::mem::take(&mut row.cells).into_vec();
            cells.push(Cell::Null);
            row.cells = cells.into();
        }
    }

    /// Takes a column away, with its values.
    pub(crate) fn drop_column(&mut self, place: usize) {
        self.columns.remove(place);
        for row in &mut self.rows {
            let mut cells = std::mem::take(&mut row.cells).into_vec();
            cells.remove(place);
            row.cells = cells.into();
        }
    }

    /// Hides a row from the user, or shows it again.
    pub(crate) fn hide(&mut self, id: [u8; 16], hidden: bool) {
        if hidden {
            self.hidden.insert(id);
        } else {
            self.hidden.remove(&id);
        }
    }

    /// Whether the user may not read this row.
    pub(crate) fn is_hidden(&self, id: &[u8; 16]) -> bool {
        self.hidden.contains(id)
    }

    /// The place of the column with this name in queries.
    pub(crate) fn shown(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.shown_as == name)
    }

    /// The place of the column with this logical name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Whether it is the table of configuration items.
    pub(crate) fn is_items(&self) -> bool {
        self.name.ends_with("_configurationitem")
    }

    /// The place of the column that is made up as this.
    pub(crate) fn role(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| column.role == role)
    }

    /// The name of the id's column.
    pub(crate) fn id_name(&self) -> &str {
        self.role(Role::Id).map_or("", |place| &self.columns[place].name)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The rows in the order of (changed, id).
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// A row.
    pub(crate) fn row(&self, place: u32) -> &Row {
        &self.rows[place as usize]
    }

    /// The place of the row with this id.
    pub(crate) fn find(&self, id: &[u8; 16]) -> Option<u32> {
        self.places.get(id).copied()
    }

    /// The place of the row with this number.
    pub(crate) fn find_number(&self, number: &str) -> Option<u32> {
        let column = self.role(Role::Number)?;
        self.order.iter().copied().find(|row| self.value(self.row(*row), column) == Value::Text(number))
    }

    /// A row's value.
    pub(crate) fn value<'a>(&self, row: &'a Row, column: usize) -> Value<'a> {
        let kind = self.columns[column].kind;
        match (self.columns[column].role, &row.cells[column]) {
            (Role::Id, _) => Value::Id(row.id),
            (Role::Modified, _) => Value::Number(row.modified),
            _ if self.columns[column].secured => Value::Null,
            (_, Cell::Null) => Value::Null,
            (_, Cell::Text(text)) => Value::Text(text),
            (_, Cell::Number(place)) if kind == Kind::Account => account(*place).map_or(Value::Null, Value::Id),
            (_, Cell::Number(place)) if matches!(kind, Kind::User | Kind::Owner) => {
                user(*place).map_or(Value::Null, Value::Id)
            }
            (_, Cell::Number(number)) => Value::Number(*number),
        }
    }

    /// Adds a row without putting it in order; [`settle`](Self::settle) does that for all.
    pub(crate) fn load(&mut self, id: [u8; 16], modified: i64, mut cells: Box<[Cell]>) {
        self.stamp_version(&mut cells);
        let place = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(Row { id, modified, cells });
        self.places.insert(id, place);
        self.order.push(place);
    }

    /// Puts all rows in order.
    pub(crate) fn settle(&mut self) {
        let rows = &self.rows;
        let key = |place: &u32| {
            let row = &rows[*place as usize];
            (row.modified, sort_key(&row.id))
        };
        self.order.sort_unstable_by_key(key);
    }

    /// Adds a row in its place.
    pub(crate) fn insert(&mut self, id: [u8; 16], modified: i64, cells: Box<[Cell]>) {
        self.load(id, modified, cells);
        if let Some(place) = self.order.pop() {
            self.put(place);
        }
    }

    /// Changes a row and moves it to its place.
    pub(crate) fn update(&mut self, place: u32, modified: i64, changes: &[(usize, Cell)]) {
        self.take(place);
        let mut cells = std::mem::take(&mut self.rows[place as usize].cells);
        for (column, cell) in changes {
            cells[*column] = cell.clone();
        }
        self.stamp_version(&mut cells);
        let row = &mut self.rows[place as usize];
        row.cells = cells;
        row.modified = modified;
        self.put(place);
    }

    /// Removes a row.
    pub(crate) fn remove(&mut self, place: u32) {
        self.take(place);
        let id = self.rows[place as usize].id;
        self.places.remove(&id);
    }

    fn stamp_version(&mut self, cells: &mut [Cell]) {
        self.version += 1;
        if let Some(column) = self.role(Role::Version) {
            cells[column] = Cell::Number(self.version);
        }
    }

    fn place_of(&self, place: u32) -> usize {
        let row = self.row(place);
        let key = (row.modified, sort_key(&row.id));
        self.order.partition_point(|other| {
            let other = self.row(*other);
            (other.modified, sort_key(&other.id)) < key
        })
    }

    fn take(&mut self, place: u32) {
        let at = self.place_of(place);
        if self.order.get(at) == Some(&place) {
            self.order.remove(at);
        }
    }

    fn put(&mut self, place: u32) {
        let at = self.place_of(place);
        self.order.insert(at, place);
    }
}

/// The id of the user at this place.
pub(crate) fn user(place: i64) -> Option<[u8; 16]> {
    USERS.get(usize::try_from(place).ok()?).map(|name| stable_id("systemuser", name))
}

/// The id of the account at this place.
pub(crate) fn account(place: i64) -> Option<[u8; 16]> {
    ACCOUNTS.get(usize::try_from(place).ok()?).map(|name| stable_id("account", name))
}

/// The label of a value, where it has one of its own.
pub(crate) fn label(kind: Kind, cell: &Cell) -> Option<&'static str> {
    let Cell::Number(number) = cell else { return None };
    let at = |names: &[&'static str]| names.get(usize::try_from(*number).ok()?).copied();
    match kind {
        Kind::Choice(list) | Kind::State(list) | Kind::Status(list) => {
            list.iter().find(|(value, _)| value == number).map(|(_, label)| *label)
        }
        Kind::User | Kind::Owner => at(&USERS),
        Kind::Account => at(&ACCOUNTS),
        _ => None,
    }
}
