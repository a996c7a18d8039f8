//! The handle by which a test or a demo looks into the environment and makes it misbehave.

use std::collections::BTreeMap;

use serde::Serialize;

use super::clock;
use super::manners::Manners;
use super::odata::{push_guid, stored};
use super::options::ApplicationUser;
use super::people::{ACCOUNTS, USERS};
use super::sign_in::{OTHER, TENANT, public_client_id};
use super::state::{State, place};
use super::table::{Cell, Column, Kind, Role, Row, Table, account, user};
use crate::PracticeError;
use crate::Visibility;
use crate::WorkItemKind;
use crate::core::admin_api::long_text;
use crate::core::rng::{parse_hex, stable_id};
use crate::entra::{Authority, Tenant};

/// A value as a client is to have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What is stored, as text; empty for nothing. Times are RFC 3339 in UTC.
    pub value: String,
    /// The label of a choice, or the name of a user or customer.
    pub label: Option<String>,
}

/// A row: every column by its name in queries.
pub type Truth = BTreeMap<String, Shown>;

/// Looks into a running environment and makes it misbehave.
pub type Control = crate::core::Control<State>;

impl Control {
    /// The client ID of an application without a secret.
    pub fn public_client_id(&self) -> String {
        public_client_id()
    }

    /// The authority that gives out its tokens.
    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }

    /// The environment's tenant, by its domain.
    pub fn tenant(&self) -> String {
        Tenant::practice(TENANT).domain
    }

    /// Another tenant with the same registrations, by its domain: its tokens are good, but not here.
    pub fn other_tenant(&self) -> String {
        Tenant::practice(OTHER).domain
    }

    /// The logical name of the table that holds these.
    pub fn table(&self, kind: WorkItemKind) -> String {
        self.0.tables()[place(kind)].name.clone()
    }

    /// The column that holds a change time is the same everywhere; this is the id's.
    pub fn id_column(&self, kind: WorkItemKind) -> String {
        self.0.tables()[place(kind)].id_name().to_owned()
    }

    /// Every row in the order of (changed, id).
    pub fn rows(&self, kind: WorkItemKind) -> Vec<Truth> {
        let tables = self.0.tables();
        let table = &tables[place(kind)];
        table.order().iter().map(|row| truth(table, table.row(*row))).collect()
    }

    /// How many rows there are.
    pub fn count(&self, kind: WorkItemKind) -> usize {
        self.0.tables()[place(kind)].len()
    }

    /// Changes columns of a row, found by its id or number, as another user would: it is stamped with now, unless
    /// `modifiedon` is given.
    ///
    /// # Errors
    /// There is no such row or column, or a value does not fit.
    pub fn edit(&self, kind: WorkItemKind, row: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let now = self.0.base.clock.now();
        let mut tables = self.0.tables_mut();
        let table = &mut tables[place(kind)];
        let at = find(table, row)?;
        let (modified, changes) = changes(table, fields)?;
        table.update(at, modified.unwrap_or(now), &changes);
        Ok(())
    }

    /// Gives a row, found by its id or number, a description of so many bytes.
    ///
    /// # Errors
    /// There is no such row.
    pub fn enlarge(&self, kind: WorkItemKind, row: &str, bytes: usize) -> Result<(), PracticeError> {
        let column = {
            let tables = self.0.tables();
            let table = &tables[place(kind)];
            table.role(Role::Description).map(|place| table.columns[place].name.clone()).unwrap_or_default()
        };
        self.edit(kind, row, &[(&column, &long_text(bytes))])
    }

    /// Adds a row, stamped with now unless `modifiedon` is given: its id.
    ///
    /// # Errors
    /// There is no such column, or a value does not fit.
    pub fn add(&self, kind: WorkItemKind, fields: &[(&str, &str)]) -> Result<String, PracticeError> {
        let mut guid = String::new();
        push_guid(&mut guid, &self.0.add(kind));
        if !fields.is_empty() {
            self.edit(kind, &guid, fields)?;
        }
        Ok(guid)
    }

    /// Deletes a row.
    ///
    /// # Errors
    /// There is no such row.
    pub fn delete(&self, kind: WorkItemKind, row: &str) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = &mut tables[place(kind)];
        let at = find(table, row)?;
        table.remove(at);
        Ok(())
    }

    /// Hides a row from the user, or shows it again: no list has it, and asked for by its id it is refused.
    ///
    /// # Errors
    /// There is no such row.
    pub fn hide(&self, kind: WorkItemKind, row: &str, hidden: bool) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = &mut tables[place(kind)];
        let at = find(table, row)?;
        let id = table.row(at).id;
        table.hide(id, hidden);
        Ok(())
    }

    /// Adds a column without values: a text, or a lookup of users.
    pub fn add_column(&self, kind: WorkItemKind, name: &str, label: &str, lookup: bool) {
        let holds = if lookup { Kind::User } else { Kind::Text };
        self.0.tables_mut()[place(kind)].add_column(Column::new(name, label, holds, Role::Nothing));
    }

    /// Puts a column under column-level security, without a profile that lets the user read it, or takes that back.
    ///
    /// # Errors
    /// There is no such column.
    pub fn secure_column(&self, kind: WorkItemKind, name: &str, secured: bool) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = &mut tables[place(kind)];
        let at = table.column(name).ok_or_else(|| PracticeError::Order(format!("no column {name}")))?;
        table.columns[at].secured = secured;
        Ok(())
    }

    /// Takes a column away, by its logical name.
    ///
    /// # Errors
    /// There is no such column.
    pub fn drop_column(&self, kind: WorkItemKind, name: &str) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = &mut tables[place(kind)];
        let at = table.column(name).ok_or_else(|| PracticeError::Order(format!("no column {name}")))?;
        table.drop_column(at);
        Ok(())
    }

    /// The configuration items: the id and the name of each, in the order of (changed, id).
    pub fn items(&self) -> Vec<(String, String)> {
        let tables = self.0.tables();
        let items = tables.iter().filter(|table| table.is_items());
        let shown = |table: &Table, row: u32| {
            let title = table.role(Role::Title).map(|place| stored(table, table.row(row), place).0);
            let mut id = String::new();
            push_guid(&mut id, &table.row(row).id);
            (id, title.unwrap_or_default())
        };
        items.flat_map(|table| table.order().iter().map(move |row| shown(table, *row))).collect()
    }

    /// Adds a configuration item, as another user would: its id.
    pub fn add_item(&self, name: &str) -> String {
        let now = self.0.base.clock.now();
        let mut tables = self.0.tables_mut();
        let mut guid = String::new();
        for table in tables.iter_mut().filter(|table| table.is_items()) {
            let id = stable_id("item", &format!("{name} {}", table.len()));
            let mut cells = vec![Cell::Null; table.columns.len()];
            let set = [
                (Role::Title, Cell::Text(name.into())),
                (Role::State, Cell::Number(0)),
                (Role::Status, Cell::Number(1)),
            ];
            for (role, cell) in set {
                if let Some(place) = table.role(role) {
                    cells[place] = cell;
                }
            }
            table.insert(id, now, cells.into());
            push_guid(&mut guid, &id);
        }
        guid
    }

    /// Switches a configuration item off or on, by its id.
    ///
    /// # Errors
    /// There is no such row.
    pub fn set_item_active(&self, id: &str, active: bool) -> Result<(), PracticeError> {
        let now = self.0.base.clock.now();
        let mut tables = self.0.tables_mut();
        let items = tables.iter_mut().find(|table| table.is_items());
        let table = items.ok_or_else(|| PracticeError::Order("no table of configuration items".into()))?;
        let row = find(table, id)?;
        let state = table.role(Role::State).unwrap_or(0);
        table.update(row, now, &[(state, Cell::Number(i64::from(!active)))]);
        Ok(())
    }

    /// How the environment behaves at writes.
    pub fn manners(&self) -> Manners {
        self.0.manners().clone()
    }

    /// Changes how it behaves at writes.
    pub fn change_manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.0.manners());
    }

    /// The roles that the users have themselves, and through teams.
    pub fn set_roles(&self, direct: &[&str], by_team: &[(&str, &[&str])]) {
        let mut setup = self.0.setup();
        setup.roles = direct.iter().map(|role| (*role).to_owned()).collect();
        let owned = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect();
        setup.team_roles = by_team.iter().map(|(team, roles)| ((*team).to_owned(), owned(roles))).collect();
    }

    /// The state of the application user.
    pub fn set_application_user(&self, user: ApplicationUser) {
        self.0.setup().application_user = user;
    }

    /// What is shown of a table.
    pub fn show(&self, kind: WorkItemKind, visibility: Visibility) {
        let table = self.table(kind);
        self.0.setup().visibility.insert(table, visibility);
    }

    /// The kind of work item that a table holds, by the table's logical name or the kind's id.
    ///
    /// # Errors
    /// It holds neither.
    pub fn kind(&self, table: &str) -> Result<WorkItemKind, PracticeError> {
        let named = WorkItemKind::ALL.into_iter().find(|kind| self.table(*kind) == table);
        let kind = named.or_else(|| WorkItemKind::from_id(table));
        kind.ok_or_else(|| PracticeError::Order(format!("no table {table}")))
    }
}

fn truth(table: &Table, row: &Row) -> Truth {
    let shown = |place: usize| {
        let (value, label) = stored(table, row, place);
        Shown { value, label: label.map(str::to_owned) }
    };
    table.columns.iter().enumerate().map(|(place, column)| (column.shown_as.clone(), shown(place))).collect()
}

fn find(table: &Table, row: &str) -> Result<u32, PracticeError> {
    let by_id = parse_hex(&row.replace('-', "")).and_then(|id| table.find(&id));
    let found = by_id.or_else(|| table.find_number(row));
    found.ok_or_else(|| PracticeError::Order(format!("no row {row} in {}", table.name)))
}

type Changes = (Option<i64>, Vec<(usize, Cell)>);

fn changes(table: &Table, fields: &[(&str, &str)]) -> Result<Changes, PracticeError> {
    let (mut modified, mut changes) = (None, Vec::new());
    for (name, value) in fields {
        let unknown = || PracticeError::Order(format!("no column {name} in {}", table.name));
        let at = table.column(name).or_else(|| table.shown(name)).ok_or_else(unknown)?;
        let unfit = || PracticeError::Order(format!("{value} does not fit {name}"));
        if table.columns[at].role == Role::Modified {
            modified = Some(clock::parse(value).ok_or_else(unfit)?);
        } else {
            changes.push((at, cell(&table.columns[at], value).ok_or_else(unfit)?));
        }
    }
    Ok((modified, changes))
}

/// A value as it is stored; none if it does not fit the column.
pub(crate) fn cell(column: &Column, value: &str) -> Option<Cell> {
    if value.is_empty() {
        return Some(Cell::Null);
    }
    let lookup = |count: usize, id: fn(i64) -> Option<[u8; 16]>| {
        let wanted = parse_hex(&value.replace('-', ""))?;
        (0..i64::try_from(count).ok()?).find(|place| id(*place) == Some(wanted)).map(Cell::Number)
    };
    match column.kind {
        Kind::Text | Kind::Memo => Some(Cell::Text(value.into())),
        Kind::Time => clock::parse(value).map(Cell::Number),
        Kind::Choice(_) | Kind::State(_) | Kind::Status(_) => value.parse().ok().map(Cell::Number),
        Kind::User | Kind::Owner => lookup(USERS.len(), user),
        Kind::Account => lookup(ACCOUNTS.len(), account),
        Kind::Item => Some(Cell::Text(value.into())),
        Kind::Id | Kind::Version => None,
    }
}
