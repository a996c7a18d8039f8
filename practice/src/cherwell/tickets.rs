//! The records that were made over the API, with their history.

use super::control::{Control, Row};
use super::state::{State, Written};
use crate::core::tickets::{Note, Ticket, Tickets};

impl Tickets for State {
    fn tickets(control: &Control) -> Vec<Ticket> {
        let written = control.0.written().clone();
        let made = |object: &str, row: &Row| {
            let id = &row["RecID"].text;
            written
                .iter()
                .any(|one| one.object == object && one.id == *id && one.change.verb == "insert" && one.change.done)
        };
        let of_object = |object: &'static str| {
            let rows = control.rows(object).into_iter().filter(|row| made(object, row)).collect::<Vec<_>>();
            rows.into_iter().map(|row| ticket(control, object, &row, &written)).collect::<Vec<_>>()
        };
        ["Incident", "ChangeRequest"].into_iter().flat_map(of_object).collect()
    }
}

fn ticket(control: &Control, object: &str, row: &Row, written: &[Written]) -> Ticket {
    let text = |name: &str| row.get(name).map(|truth| truth.text.clone()).unwrap_or_default();
    let title = if object == "Incident" { text("ShortDescription") } else { text("Title") };
    let id = text("RecID");
    let state = text("Status");
    Ticket {
        table: object.to_owned(),
        number: if object == "Incident" { text("IncidentID") } else { text("ChangeID") },
        key: key(control, &title, text(&control.manners().key_field)),
        open: !matches!(state.as_str(), "Resolved" | "Closed" | "Completed" | "Cancelled"),
        fields: row
            .iter()
            .map(|(name, truth)| ((*name).to_owned(), truth.text.clone()))
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        notes: notes(control, &id),
        history: written.iter().filter(|one| one.id == id).map(|one| one.change.clone()).collect(),
        id,
        title,
        state,
    }
}

fn key(control: &Control, title: &str, field: String) -> String {
    if !control.manners().key_field.is_empty() {
        return field;
    }
    let marker = title.rsplit_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(key, _)| key.to_owned());
    marker.unwrap_or_else(|| title.to_owned())
}

fn notes(control: &Control, parent: &str) -> Vec<Note> {
    let links = control.0.links().clone();
    let of_parent = |row: &Row| links.iter().any(|(from, _, to)| from == parent && *to == row["RecID"].text);
    let journals = control.rows("JournalNote").into_iter().filter(of_parent);
    let by = control.sign_in().username.clone();
    journals.map(|row| Note { kind: "JournalNote".into(), by: by.clone(), text: row["Details"].text.clone() }).collect()
}
