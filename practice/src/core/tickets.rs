//! The tickets of a product with their history, and what must not be among them: two for one key, a note twice.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::admin_api::{Routes, show};
use super::control::{Control, Controlled};

/// A note on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// What kind of note, such as `work_notes`.
    pub kind: String,
    /// Who wrote it.
    pub by: String,
    /// Its text.
    pub text: String,
}

/// One change of a ticket, or an attempt that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Seconds since 1970, by the product's clock.
    pub at: i64,
    /// Who asked for it.
    pub by: String,
    /// `insert`, `update` and so on.
    pub verb: String,
    /// What was sent, secrets cut out.
    pub fields: BTreeMap<String, String>,
    /// Whether it was carried out.
    pub done: bool,
}

/// A row that was made over the API, or that carries a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ticket {
    /// The table or business object.
    pub table: String,
    /// Its id, as the API shows it.
    pub id: String,
    /// Its number, as people call it.
    pub number: String,
    /// The key that a client has put on it; empty without one.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its state: the stored value.
    pub state: String,
    /// Whether it is neither resolved, closed nor cancelled.
    pub open: bool,
    /// Every field that is not empty, by its stored value.
    pub fields: BTreeMap<String, String>,
    /// Its notes, the oldest first.
    pub notes: Vec<Note>,
    /// What was asked of it over the API and by people, the oldest first.
    pub history: Vec<Change>,
}

/// A key that more than one ticket has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubledKey {
    /// The table.
    pub table: String,
    /// The key.
    pub key: String,
    /// The tickets' numbers.
    pub numbers: Vec<String>,
}

/// A note that a ticket has more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubledNote {
    /// The ticket's number.
    pub number: String,
    /// The note's text.
    pub text: String,
    /// How often it is there.
    pub times: usize,
}

/// What is wrong with the tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Integrity {
    /// How many tickets there are.
    pub tickets: usize,
    /// Keys of more than one ticket.
    pub doubled_keys: Vec<DoubledKey>,
    /// Notes that are there more than once.
    pub doubled_notes: Vec<DoubledNote>,
    /// Numbers of tickets without a key.
    pub without_key: Vec<String>,
}

impl Integrity {
    /// Whether no key and no note is there twice.
    pub fn is_sound(&self) -> bool {
        self.doubled_keys.is_empty() && self.doubled_notes.is_empty()
    }

    /// Looks through tickets.
    pub(crate) fn of(tickets: &[Ticket]) -> Self {
        let mut keys: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for ticket in tickets.iter().filter(|ticket| !ticket.key.is_empty()) {
            keys.entry((&ticket.table, &ticket.key)).or_default().push(ticket.number.clone());
        }
        let doubled = keys.into_iter().filter(|(_, numbers)| numbers.len() > 1);
        let keys = doubled.map(|((table, key), numbers)| DoubledKey { table: table.into(), key: key.into(), numbers });
        let keyless = tickets.iter().filter(|ticket| ticket.key.is_empty());
        Self {
            tickets: tickets.len(),
            doubled_keys: keys.collect(),
            doubled_notes: tickets.iter().flat_map(doubled_notes).collect(),
            without_key: keyless.map(|ticket| ticket.number.clone()).collect(),
        }
    }
}

fn doubled_notes(ticket: &Ticket) -> Vec<DoubledNote> {
    let mut counts: BTreeMap<&Note, usize> = BTreeMap::new();
    ticket.notes.iter().for_each(|note| *counts.entry(note).or_default() += 1);
    let doubled = counts.into_iter().filter(|(_, times)| *times > 1);
    doubled.map(|(note, times)| DoubledNote { number: ticket.number.clone(), text: note.text.clone(), times }).collect()
}

/// A server whose tickets can be looked at.
pub trait Tickets: Controlled {
    /// Every row that was made over the API or carries a key.
    fn tickets(control: &Control<Self>) -> Vec<Ticket>
    where
        Self: Sized;
}

impl<S: Tickets> Control<S> {
    /// Every row that was made over the API or carries a key, with its history.
    pub fn tickets(&self) -> Vec<Ticket> {
        S::tickets(self)
    }

    /// Whether two tickets have one key, or one ticket a note twice.
    pub fn integrity(&self) -> Integrity {
        Integrity::of(&self.tickets())
    }
}

/// `GET /practice/tickets` and `GET /practice/integrity`.
pub(crate) fn routes<S: Tickets>() -> Routes<S> {
    Routes::new()
        .route("/practice/tickets", show(|control: &Control<S>| json!({ "tickets": control.tickets() })))
        .route("/practice/integrity", show(|control: &Control<S>| json!(control.integrity())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(number: &str, key: &str, notes: &[&str]) -> Ticket {
        let note = |text: &&str| Note { kind: "work_notes".into(), by: "a".into(), text: (*text).into() };
        Ticket {
            table: "incident".into(),
            id: number.into(),
            number: number.into(),
            key: key.into(),
            title: String::new(),
            state: "1".into(),
            open: true,
            fields: BTreeMap::new(),
            notes: notes.iter().map(note).collect(),
            history: Vec::new(),
        }
    }

    #[test]
    fn doubles_are_found_by_key_and_notes_by_ticket() {
        let sound = [ticket("1", "a", &["x"]), ticket("2", "b", &["x"]), ticket("3", "", &[]), ticket("4", "", &[])];
        let found = Integrity::of(&sound);
        assert!(found.is_sound() && found.without_key == ["3", "4"], "{found:?}");
        let found = Integrity::of(&[ticket("1", "a", &["x", "y", "x"]), ticket("2", "a", &[])]);
        assert_eq!(found.doubled_keys[0].numbers, ["1", "2"]);
        assert_eq!((found.doubled_notes[0].text.as_str(), found.doubled_notes[0].times), ("x", 2));
    }
}
