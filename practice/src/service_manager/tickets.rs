//! The incidents that were made over the web app, with their history.

use super::control::{Control, Row};
use super::rows::number_of;
use super::state::{State, Written};
use crate::WorkItemKind;
use crate::core::tickets::{Ticket, Tickets};

/// The key of a ticket is what stands in square brackets in its title, otherwise the title itself: the web app has no
/// field for one.
impl Tickets for State {
    fn tickets(control: &Control) -> Vec<Ticket> {
        let written = control.0.written().clone();
        let made = |row: &Row| written.iter().any(|one| one.id == row.id && one.change.verb == "insert");
        let rows = control.rows(WorkItemKind::Incident).into_iter().filter(made);
        rows.map(|row| ticket(control, row, &written)).collect()
    }
}

fn ticket(control: &Control, row: Row, written: &[Written]) -> Ticket {
    let key = row.title.rsplit_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(key, _)| key.to_owned());
    let items = control.0.items();
    let item =
        number_of(WorkItemKind::Incident, &row.id).and_then(|number| items.truth(WorkItemKind::Incident, number));
    let description = item.map(|item| item.description.clone()).unwrap_or_default();
    let fields = [("Title", &row.title), ("Description", &description), ("Status", &row.status)];
    Ticket {
        table: "Incident".into(),
        id: row.base_id,
        number: row.id.clone(),
        key: key.unwrap_or_else(|| row.title.clone()),
        open: !matches!(row.status.as_str(), "Resolved" | "Closed"),
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect(),
        title: row.title,
        state: row.status,
        notes: Vec::new(),
        history: written.iter().filter(|one| one.id == row.id).map(|one| one.change.clone()).collect(),
    }
}
