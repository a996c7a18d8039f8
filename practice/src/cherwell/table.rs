//! The records of one business object.

use std::collections::{HashMap, HashSet};

use super::objects::{Kind, Object};
use crate::core::rng::{hex, parse_hex};

/// Texts, each once, with their JSON.
#[derive(Debug)]
pub(crate) struct Pool {
    texts: Vec<(Box<str>, Box<str>)>,
    places: HashMap<Box<str>, u32>,
}

impl Pool {
    fn new() -> Self {
        let mut pool = Self { texts: Vec::new(), places: HashMap::new() };
        pool.intern("");
        pool
    }

    /// The number of a text that many records share.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.push(text);
        self.places.insert(text.into(), place);
        place
    }

    /// The number of a text that is one record's own.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        let json = serde_json::to_string(text).unwrap_or_default();
        let place = u32::try_from(self.texts.len()).unwrap_or(0);
        self.texts.push((text.into(), json.into()));
        place
    }

    /// A text.
    pub(crate) fn text(&self, place: u32) -> &str {
        &self.texts[place as usize].0
    }

    /// A text as JSON, quotes included.
    pub(crate) fn json(&self, place: u32) -> &str {
        &self.texts[place as usize].1
    }
}

/// One record. Each cell is the number of a text, or a time in seconds since 1970 (0: none).
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// `RecID`.
    pub(crate) id: [u8; 16],
    /// The cells, in the order of the object's fields.
    pub(crate) cells: Box<[u32]>,
}

/// The records of one business object.
#[derive(Debug)]
pub(crate) struct Table {
    /// What it is.
    pub(crate) object: Object,
    /// Its texts.
    pub(crate) pool: Pool,
    records: Vec<Record>,
    places: HashMap<[u8; 16], u32>,
    /// Records in the order of (changed, id), as long as it is known.
    order: Vec<u32>,
    hidden: HashSet<u32>,
    id: usize,
    changed: usize,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(object: Object) -> Self {
        let id = object.place("RecID").unwrap_or(0);
        let changed = object.place("LastModifiedDateTime").unwrap_or(0);
        let (records, places, order) = (Vec::new(), HashMap::new(), Vec::new());
        Self { object, pool: Pool::new(), records, places, order, hidden: HashSet::new(), id, changed }
    }

    /// Cells with nothing in them.
    pub(crate) fn blank(&self) -> Box<[u32]> {
        vec![0; self.object.fields.len()].into()
    }

    /// Adds a record; the order must be settled afterwards.
    pub(crate) fn load(&mut self, id: [u8; 16], mut cells: Box<[u32]>) {
        cells[self.id] = self.pool.push(&hex(&id));
        let place = u32::try_from(self.records.len()).unwrap_or(0);
        self.places.insert(id, place);
        self.records.push(Record { id, cells });
    }

    /// Puts the records in order.
    pub(crate) fn settle(&mut self) {
        self.order = (0..u32::try_from(self.records.len()).unwrap_or(0)).collect();
        let (records, changed) = (&self.records, self.changed);
        self.order.sort_unstable_by_key(|place| {
            let record = &records[*place as usize];
            (record.cells[changed], record.id)
        });
    }

    /// The records in the order of (changed, id).
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Those of them that were changed at or after a time.
    pub(crate) fn since(&self, seconds: u32) -> &[u32] {
        let from = self.order.partition_point(|place| self.changed_at(*place) < seconds);
        &self.order[from..]
    }

    /// When a record was changed.
    pub(crate) fn changed_at(&self, place: u32) -> u32 {
        self.records[place as usize].cells[self.changed]
    }

    /// A record.
    pub(crate) fn record(&self, place: u32) -> &Record {
        &self.records[place as usize]
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The place of a record by its `RecID`.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.places.get(&parse_hex(&id.to_ascii_lowercase())?).copied()
    }

    /// The place of a record by its public id, the first field but one.
    pub(crate) fn find_public(&self, id: &str) -> Option<u32> {
        self.order.iter().copied().find(|place| self.text(*place, 1) == id)
    }

    /// A cell's text.
    pub(crate) fn text(&self, place: u32, field: usize) -> &str {
        self.pool.text(self.records[place as usize].cells[field])
    }

    /// Which field says when a record was changed.
    pub(crate) fn changed_field(&self) -> usize {
        self.changed
    }

    /// Sets fields; times as seconds since 1970. `false` if a field is not there or a time is none.
    pub(crate) fn set(&mut self, place: u32, fields: &[(&str, &str)]) -> bool {
        for (name, value) in fields {
            let Some(field) = self.object.place(name) else { return false };
            let cell = match self.object.fields[field].kind {
                Kind::Date if value.is_empty() => Some(0),
                Kind::Date => value.parse().ok(),
                _ => Some(self.pool.intern(value)),
            };
            let Some(cell) = cell else { return false };
            self.records[place as usize].cells[field] = cell;
        }
        true
    }

    /// Stamps a record.
    pub(crate) fn stamp(&mut self, place: u32, seconds: i64) {
        self.records[place as usize].cells[self.changed] = u32::try_from(seconds).unwrap_or(0);
    }

    /// Hides a record from the user, or shows it.
    pub(crate) fn hide(&mut self, place: u32, hidden: bool) {
        if hidden {
            self.hidden.insert(place);
        } else {
            self.hidden.remove(&place);
        }
    }

    /// Whether a record is hidden from the user.
    pub(crate) fn is_hidden(&self, place: u32) -> bool {
        self.hidden.contains(&place)
    }

    /// Takes a record out.
    pub(crate) fn remove(&mut self, place: u32) {
        let id = self.records[place as usize].id;
        self.places.remove(&id);
        self.order.retain(|other| *other != place);
    }

    /// Puts one record back into its place in the order after it was changed or added.
    pub(crate) fn resettle(&mut self, place: u32) {
        self.order.retain(|other| *other != place);
        let key = (self.changed_at(place), self.records[place as usize].id);
        let at = self.order.partition_point(|other| (self.changed_at(*other), self.records[*other as usize].id) < key);
        self.order.insert(at, place);
    }
}
