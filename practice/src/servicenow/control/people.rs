//! What people do with tickets, and the tickets as they are.

use std::collections::BTreeMap;

use super::{Control, Truth};
use crate::PracticeError;
use crate::core::rng::parse_hex;
use crate::core::tickets::{Change, Note, Ticket, Tickets};
use crate::servicenow::access::Verb;
use crate::servicenow::manners::Manners;
use crate::servicenow::oauth::{Account, user_named};
use crate::servicenow::state::State;
use crate::servicenow::writes::{Order, Refused, WriteRecord, write};

/// The tables whose rows are tickets: each with the column of a client's key.
const TICKETS: [(&str, &str); 3] =
    [("incident", "correlation_id"), ("change_request", "correlation_id"), ("em_alert", "message_key")];

impl Control {
    /// How the instance behaves where instances differ.
    pub fn manners(&self) -> Manners {
        self.0.manners().clone()
    }

    /// Changes how it behaves.
    pub fn change_manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.0.manners());
    }

    /// Lets somebody with `itil` and `itil_admin` change an incident by its number or `sys_id`, values as they are
    /// displayed. The instance's own rules hold for people as well.
    ///
    /// # Errors
    /// There is no such user or incident, or the instance refuses the change.
    pub fn act_as(&self, user: &str, incident: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let (id, account) = {
            let data = self.0.data();
            let by_number = data.store.first("incident", &[("number", incident)]);
            let id = by_number.map(|row| data.store.hex("incident", row)).unwrap_or_else(|| incident.to_owned());
            let who = user_named(&data.store, user).ok_or_else(|| no(format!("no user {user}")))?;
            let roles = ["itil", "sn_incident_write", "itil_admin"].map(str::to_owned).into();
            (parse_hex(&id), Account { name: user.to_owned(), sys_id: who, roles, api_access: true })
        };
        let id = id.ok_or_else(|| no(format!("no incident {incident}")))?;
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let order = Order { verb: Verb::Update, table: "incident", id: Some(id), fields: &fields, by_display: true };
        match write(&self.0, &account, &order) {
            Ok(_) => Ok(()),
            Err(Refused::NoRecord) => Err(no(format!("no incident {incident}"))),
            Err(Refused::Operation(detail) | Refused::Policy(_, detail)) => Err(PracticeError::Order(detail)),
        }
    }

    /// Classes of payloads that the identification engine put aside as incomplete.
    pub fn incomplete_payloads(&self) -> Vec<String> {
        self.0.incomplete().clone()
    }
}

fn no(what: String) -> PracticeError {
    PracticeError::Order(what)
}

impl Tickets for State {
    fn tickets(control: &Control) -> Vec<Ticket> {
        let writes = control.writes();
        let journal = control.rows("sys_journal_field");
        let of_table = |(table, key): (&'static str, &'static str)| {
            let made = |row: &Truth| {
                let id = &row["sys_id"].value;
                let over_the_api = |one: &WriteRecord| one.done && one.verb == Verb::Insert && one.sys_id == *id;
                !row[key].value.is_empty() || writes.iter().any(over_the_api)
            };
            let rows: Vec<Truth> = control.rows(table).into_iter().filter(made).collect();
            rows.into_iter().map(|row| ticket(table, key, &row, &writes, &journal)).collect::<Vec<_>>()
        };
        TICKETS.into_iter().flat_map(of_table).collect()
    }
}

fn ticket(table: &str, key: &str, row: &Truth, writes: &[WriteRecord], journal: &[Truth]) -> Ticket {
    let value = |column: &str| row.get(column).map(|shown| shown.value.clone()).unwrap_or_default();
    let id = value("sys_id");
    let state = value("state");
    let notes = journal.iter().filter(|note| note["element_id"].value == id);
    let note = |note: &Truth| Note {
        kind: note["element"].value.clone(),
        by: note["sys_created_by"].value.clone(),
        text: note["value"].value.clone(),
    };
    let title = if table == "em_alert" { "description" } else { "short_description" };
    let fields: BTreeMap<String, String> =
        row.iter().map(|(name, shown)| ((*name).to_owned(), shown.value.clone())).collect();
    Ticket {
        table: table.to_owned(),
        number: value("number"),
        key: value(key),
        title: value(title),
        open: is_open(table, &state),
        state,
        fields: fields.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        notes: notes.map(note).collect(),
        history: writes.iter().filter(|one| one.sys_id == id).map(change).collect(),
        id,
    }
}

fn is_open(table: &str, state: &str) -> bool {
    match table {
        "incident" => !matches!(state, "6" | "7" | "8"),
        "change_request" => !matches!(state, "3" | "4"),
        _ => state != "Closed",
    }
}

fn change(one: &WriteRecord) -> Change {
    Change {
        at: one.at,
        by: one.user.clone(),
        verb: one.verb.word().to_ascii_lowercase(),
        fields: one.fields.clone(),
        done: one.done,
    }
}
