//! Rows made and changed over the API.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::control::cell;
use super::metadata::item_navigation;
use super::people::ACCOUNTS;
use super::state::State;
use super::table::{Cell, Column, Kind, Role, Table, account, user};
use crate::core::rng::{guid, hex, parse_hex};
use crate::core::tickets::Change;

/// Why a write is refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// A refusal.
pub(crate) fn refused(status: u16, code: &'static str, message: impl Into<String>) -> Refused {
    Refused { status, code, message: message.into() }
}

/// What the client demands of the row that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Make or change it.
    None,
    /// Only make it: `If-None-Match: *`.
    Absent,
    /// Only change it: `If-Match: *`.
    Present,
    /// Only change the version with this tag.
    Version(String),
}

/// A note on a row.
#[derive(Debug, Clone)]
pub(crate) struct Annotation {
    pub(crate) id: [u8; 16],
    /// The row that it is on.
    pub(crate) of: [u8; 16],
    pub(crate) by: usize,
    pub(crate) text: String,
}

/// One write, carried out or refused.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// The row.
    pub(crate) id: [u8; 16],
    pub(crate) change: Change,
}

/// One request to write a row.
pub(crate) struct Order<'a> {
    /// The place of the table.
    pub(crate) table: usize,
    pub(crate) id: [u8; 16],
    pub(crate) condition: Condition,
    pub(crate) body: &'a Map<String, Json>,
    /// The place of the user.
    pub(crate) user: usize,
    /// The client wants duplicates to be looked for.
    pub(crate) detects_duplicates: bool,
    /// Columns that are left out without a word, by a fault.
    pub(crate) dropped: Vec<String>,
}

/// The tag of a row's version.
pub(crate) fn tag(table: &Table, place: u32) -> String {
    let version = table.role(Role::Version).map(|column| table.row(place).cells[column].clone());
    let number = if let Some(Cell::Number(number)) = version { number } else { 0 };
    format!("W/\"{number}\"")
}

impl State {
    /// Makes or changes a row: whether it is new.
    pub(crate) fn write(&self, order: &Order<'_>) -> Result<bool, Refused> {
        let result = self.try_write(order);
        let verb = if matches!(result, Ok(true)) { "insert" } else { "update" };
        self.note_write(order, verb, result.is_ok());
        result
    }

    fn note_write(&self, order: &Order<'_>, verb: &str, done: bool) {
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fields: BTreeMap<String, String> =
            order.body.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let by = super::people::USERS.get(order.user).copied().unwrap_or_default().to_owned();
        let change = Change { at: self.base.clock.now(), by, verb: verb.to_owned(), fields, done };
        self.written().push(Written { id: order.id, change });
    }

    fn try_write(&self, order: &Order<'_>) -> Result<bool, Refused> {
        let manners = self.manners().clone();
        let now = self.base.clock.now();
        let mut tables = self.tables_mut();
        let is_item = |id: &[u8; 16]| tables.iter().any(|table| table.is_items() && table.find(id).is_some());
        let changes = read(&tables[order.table], order.body, &is_item);
        let table = &mut tables[order.table];
        let there = table.find(&order.id);
        allowed(table, there, order, manners.may_write && (manners.may_make_items || !table.is_items()))?;
        let mut changes = changes?;
        let dropped = |name: &str| manners.dropped.iter().chain(&order.dropped).any(|dropped| dropped == name);
        let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        changes.retain(|(place, _)| !dropped(&columns[*place]));
        life(table, there, &changes)?;
        let Some(place) = there else {
            needed(table, order, &changes, &manners)?;
            table.insert(order.id, now, fresh(table, order.user, now));
            if let Some(place) = table.find(&order.id) {
                table.update(place, now, &changes);
            }
            return Ok(true);
        };
        if let Some(by) = table.role(Role::ModifiedBy) {
            changes.push((by, Cell::Number(i64::try_from(order.user).unwrap_or(0))));
        }
        table.update(place, now, &changes);
        Ok(false)
    }

    /// Resolves a case by `CloseIncident`.
    pub(crate) fn close_incident(&self, order: &Order<'_>, status: i64) -> Result<(), Refused> {
        let result = self.try_close(order, status);
        self.note_write(order, "close", result.is_ok());
        result
    }

    fn try_close(&self, order: &Order<'_>, status: i64) -> Result<(), Refused> {
        let may_write = self.manners().may_write;
        let now = self.base.clock.now();
        let mut tables = self.tables_mut();
        let table = &mut tables[order.table];
        let place = table.find(&order.id).ok_or_else(|| gone(table, &order.id))?;
        allowed(table, Some(place), order, may_write)?;
        let state = table.role(Role::State).unwrap_or(0);
        if table.row(place).cells[state] != Cell::Number(0) {
            return Err(refused(
                400,
                "0x800404cf",
                "This case has already been resolved. Close and reopen the case record to see the updates.",
            ));
        }
        let mut changes = vec![(state, Cell::Number(1))];
        let status = [(Role::Status, Cell::Number(status)), (Role::Resolved, Cell::Number(now))];
        changes.extend(status.into_iter().filter_map(|(role, cell)| Some((table.role(role)?, cell))));
        table.update(place, now, &changes);
        Ok(())
    }
}

/// The refusal where there is no such row.
pub(crate) fn gone(table: &Table, id: &[u8; 16]) -> Refused {
    let id = guid(&hex(id));
    refused(404, "0x80040217", format!("{} With Id = {id} Does Not Exist", table.name))
}

fn allowed(table: &Table, there: Option<u32>, order: &Order<'_>, may_write: bool) -> Result<(), Refused> {
    if !may_write {
        let privilege = if there.is_some() { "prvWrite" } else { "prvCreate" };
        let message = format!("Principal user is missing {privilege}{} privilege on OTC=10112", table.name);
        return Err(refused(403, "0x80040220", message));
    }
    match (&order.condition, there) {
        (Condition::Absent, Some(_)) => {
            // The documents' own example has an empty code.
            Err(refused(412, "", "A record with matching key values already exists."))
        }
        (Condition::Present | Condition::Version(_), None) => Err(gone(table, &order.id)),
        (Condition::Version(wanted), Some(place)) if *wanted != tag(table, place) => {
            let message = "The version of the existing record doesn't match the RowVersion property provided.";
            Err(refused(412, "0x80060882", message))
        }
        _ => Ok(()),
    }
}

/// The columns that a body sets.
fn read(
    table: &Table,
    body: &Map<String, Json>,
    is_item: &dyn Fn(&[u8; 16]) -> bool,
) -> Result<Vec<(usize, Cell)>, Refused> {
    let mut changes = Vec::new();
    for (name, value) in body {
        if let Some(navigation) = name.strip_suffix("@odata.bind") {
            changes.push(bound(table, navigation, value.as_str().unwrap_or_default(), is_item)?);
            continue;
        }
        if name.contains('@') || *name == table.id_name() {
            continue;
        }
        let place = table.column(name).filter(|place| writable(table.columns[*place].kind));
        let place = place.ok_or_else(|| unknown(table, name))?;
        let text = match value {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let column = &table.columns[place];
        let is_text = matches!(column.kind, Kind::Text | Kind::Memo | Kind::Time);
        let fits = value.is_null() || is_text == value.is_string();
        let cell = cell(column, &text).filter(|cell| fits && in_range(column.kind, cell));
        changes.push((place, cell.ok_or_else(|| unfit(table, name))?));
    }
    Ok(changes)
}

fn writable(kind: Kind) -> bool {
    !matches!(kind, Kind::Id | Kind::Version | Kind::User | Kind::Owner | Kind::Account | Kind::Item)
}

fn in_range(kind: Kind, cell: &Cell) -> bool {
    match (kind, cell) {
        (Kind::Choice(list) | Kind::State(list) | Kind::Status(list), Cell::Number(number)) => {
            list.iter().any(|(value, _)| value == number)
        }
        _ => true,
    }
}

fn unknown(table: &Table, name: &str) -> Refused {
    let message = format!(
        "Error identified in Payload provided by the user for Entity :'{}'. The property '{name}' does not exist on type 'Microsoft.Dynamics.CRM.{}'. Make sure to only use property names that are defined by the type.",
        table.set, table.name
    );
    refused(400, "0x80048d19", message)
}

fn unfit(table: &Table, name: &str) -> Refused {
    let message = format!(
        "Error identified in Payload provided by the user for Entity :'{}'. Cannot convert the value of '{name}' to the expected type, or it is outside the valid range.",
        table.set
    );
    refused(400, "0x80048d19", message)
}

/// The id of the record at a place.
type IdAt = fn(i64) -> Option<[u8; 16]>;

/// A lookup: `customerid_account@odata.bind` of a case, otherwise the column's own name.
fn bound(
    table: &Table,
    navigation: &str,
    target: &str,
    is_item: &dyn Fn(&[u8; 16]) -> bool,
) -> Result<(usize, Cell), Refused> {
    let name = navigation.strip_suffix("_account").unwrap_or(navigation);
    let of_items = |column: &Column| column.kind == Kind::Item && item_navigation(&column.name) == navigation;
    let place = table.columns.iter().position(of_items).or_else(|| table.column(name));
    let place = place.ok_or_else(|| unknown(table, navigation))?;
    let id = target.split_once('(').map(|(_, id)| id.trim_end_matches(')'));
    let id = id.and_then(|id| parse_hex(&id.replace('-', "").to_ascii_lowercase()));
    let kind = table.columns[place].kind;
    let missing =
        || refused(404, "0x80040217", format!("The record that '{navigation}' refers to does not exist: {target}"));
    if kind == Kind::Item {
        // The name of a navigation property is told by its case.
        if table.columns[place].name == navigation {
            return Err(unknown(table, navigation));
        }
        let id = id.filter(is_item).ok_or_else(missing)?;
        return Ok((place, Cell::Text(guid(&hex(&id)).into())));
    }
    let (count, known): (usize, IdAt) = match kind {
        Kind::Account => (ACCOUNTS.len(), account),
        Kind::User | Kind::Owner => (super::people::USERS.len(), user),
        _ => return Err(unknown(table, navigation)),
    };
    let found = (0..i64::try_from(count).unwrap_or(0)).find(|at| id.is_some() && known(*at) == id);
    found.map(|at| (place, Cell::Number(at))).ok_or_else(missing)
}

/// A case is not resolved by a change of its state, and a state has reasons of its own.
fn life(table: &Table, there: Option<u32>, changes: &[(usize, Cell)]) -> Result<(), Refused> {
    let Some(state) = table.role(Role::State) else { return Ok(()) };
    let wanted = changes.iter().find(|(place, _)| *place == state).map(|(_, cell)| cell);
    let before = there.map(|place| table.row(place).cells[state].clone()).unwrap_or(Cell::Number(0));
    if table.name == "incident" && wanted == Some(&Cell::Number(1)) && before != Cell::Number(1) {
        let message = "A case cannot be resolved by setting its state. Use the CloseIncident message.";
        return Err(refused(400, "0x80040203", message));
    }
    let status = table.role(Role::Status);
    let reason = changes.iter().find(|(place, _)| Some(*place) == status).map(|(_, cell)| cell.clone());
    let state = wanted.cloned().unwrap_or(before);
    let (Some(Cell::Number(reason)), Cell::Number(state)) = (reason, state) else { return Ok(()) };
    let is_end = reason >= 5;
    if is_end == (state == 1) || state > 1 {
        return Ok(());
    }
    let message = format!("{reason} is not a valid status code for state code {state} on {}.", table.name);
    Err(refused(400, "0x80048408", message))
}

/// What a new row must have.
fn needed(
    table: &Table,
    order: &Order<'_>,
    changes: &[(usize, Cell)],
    manners: &super::manners::Manners,
) -> Result<(), Refused> {
    let given = |place: Option<usize>| {
        place.is_some_and(|at| changes.iter().any(|(place, cell)| *place == at && *cell != Cell::Null))
    };
    if table.name == "incident" && manners.customer_required && !given(table.role(Role::Customer)) {
        return Err(refused(400, "0x80040265", "You should specify a parent contact or account."));
    }
    let missing = manners.required.iter().find(|name| order.table == 0 && !given(table.column(name)));
    if let Some(name) = missing {
        return Err(refused(400, "0x80040200", format!("Required field '{name}' is missing")));
    }
    let Some(status) = manners.duplicate_status.filter(|_| order.detects_duplicates) else { return Ok(()) };
    let title = table.role(Role::Title);
    let sent = changes.iter().find(|(place, _)| Some(*place) == title).map(|(_, cell)| cell);
    let (Some(title), Some(sent)) = (title, sent) else { return Ok(()) };
    if table.order().iter().any(|row| table.row(*row).cells[title] == *sent) {
        let message = "A record was not created or updated because a duplicate of the current record already exists.";
        return Err(refused(status, "0x80040333", message));
    }
    Ok(())
}

/// The cells of a new row.
fn fresh(table: &Table, user: usize, now: i64) -> Box<[Cell]> {
    let me = Cell::Number(i64::try_from(user).unwrap_or(0));
    let number = format!("NEW-{:05}", 1_000 + table.len());
    let cell = |role: Role| match role {
        Role::Number => Cell::Text(number.as_str().into()),
        Role::State => Cell::Number(0),
        Role::Status => Cell::Number(1),
        Role::Created => Cell::Number(now),
        Role::CreatedBy | Role::ModifiedBy | Role::Owner => me.clone(),
        _ => Cell::Null,
    };
    table.columns.iter().map(|column| cell(column.role)).collect()
}

/// The row that a link names, such as `/incidents(00000000-…)`.
pub(crate) fn linked(link: &str) -> Option<(&str, [u8; 16])> {
    let (set, id) = link.trim_start_matches('/').split_once('(')?;
    Some((set, parse_hex(&id.trim_end_matches(')').replace('-', "").to_ascii_lowercase())?))
}
