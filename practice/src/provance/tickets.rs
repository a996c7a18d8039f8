//! The rows that were made over the API, with their history.

use std::collections::BTreeMap;

use super::control::Control;
use super::odata::stored;
use super::people::USERS;
use super::state::State;
use super::table::{Cell, Role, Row, Table};
use super::writes::Written;
use crate::core::rng::{guid, hex};
use crate::core::tickets::{Note, Ticket, Tickets};

/// The key of a ticket is its title: the id is the client's own, so two rows for one alert differ in it.
impl Tickets for State {
    fn tickets(control: &Control) -> Vec<Ticket> {
        let written = control.0.written().clone();
        let tables = control.0.tables();
        let made =
            |id: &[u8; 16]| written.iter().any(|one| one.id == *id && one.change.verb == "insert" && one.change.done);
        let of_table = |table: &Table| {
            let rows = table.order().iter().map(|place| table.row(*place)).filter(|row| made(&row.id));
            rows.map(|row| ticket(control, table, row, &written)).collect::<Vec<_>>()
        };
        tables.iter().filter(|table| !table.is_items()).flat_map(of_table).collect()
    }
}

fn ticket(control: &Control, table: &Table, row: &Row, written: &[Written]) -> Ticket {
    let of_role = |role| table.role(role).map(|place| stored(table, row, place).0).unwrap_or_default();
    let fields =
        table.columns.iter().enumerate().map(|(place, column)| (column.name.clone(), stored(table, row, place).0));
    let fields: BTreeMap<String, String> = fields.filter(|(_, value)| !value.is_empty()).collect();
    let annotations = control.0.annotations();
    let notes = annotations.iter().filter(|note| note.of == row.id);
    let note = |note: &super::writes::Annotation| Note {
        kind: "annotation".into(),
        by: USERS[note.by].to_owned(),
        text: note.text.clone(),
    };
    let open = table.role(Role::State).is_none_or(|state| row.cells[state] == Cell::Number(0));
    let history = written.iter().filter(|one| one.id == row.id).map(|one| one.change.clone());
    Ticket {
        table: table.name.clone(),
        id: guid(&hex(&row.id)),
        number: of_role(Role::Number),
        key: of_role(Role::Title),
        title: of_role(Role::Title),
        state: of_role(Role::Status),
        open,
        fields,
        notes: notes.map(note).collect(),
        history: history.collect(),
    }
}
