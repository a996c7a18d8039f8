//! The handle by which a test or a demo looks into the system and makes it misbehave.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::Culture;
use super::manners::Manners;
use super::objects::Kind;
use super::state::{Permission, State};
use super::table::Table;
use crate::PracticeError;
use crate::core::rng::{hex, stable_id};

/// A field of a record: its text as the API shows it, and, of a date, its second since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// The text, in the system's own culture.
    pub text: String,
    /// Of a date the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<i64>,
}

/// A record: every field by its name.
pub type Row = BTreeMap<&'static str, Truth>;

/// Looks into a running system and makes it misbehave.
pub type Control = crate::core::Control<State>;

impl Control {
    /// How the system behaves at writes.
    pub fn manners(&self) -> Manners {
        self.0.manners().clone()
    }

    /// Changes how it behaves at writes.
    pub fn change_manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.0.manners());
    }

    /// Every record of a business object in the order of (changed, id).
    pub fn rows(&self, object: &str) -> Vec<Row> {
        let tables = self.0.tables();
        let Some(table) = find(&tables, object) else { return Vec::new() };
        table.order().iter().map(|place| self.row(table, *place)).collect()
    }

    fn row(&self, table: &Table, place: u32) -> Row {
        let record = table.record(place);
        let truth = |(nth, field): (usize, &super::objects::Field)| {
            let cell = record.cells[nth];
            let truth = match field.kind {
                Kind::Date => {
                    let second = i64::from(cell);
                    let text =
                        if second == 0 { String::new() } else { self.0.calendar.shown(second, self.0.options.culture) };
                    Truth { text, second: (second != 0).then_some(second) }
                }
                _ => Truth { text: table.pool.text(cell).to_owned(), second: None },
            };
            (field.name, truth)
        };
        table.object.fields.iter().enumerate().map(truth).collect()
    }

    /// How many records a business object has.
    pub fn count(&self, object: &str) -> usize {
        find(&self.0.tables(), object).map_or(0, Table::len)
    }

    /// Changes fields of a record, as another user would: it is stamped with now, unless `LastModifiedDateTime` is
    /// given. Dates are seconds since 1970.
    ///
    /// # Errors
    /// There is no such business object, record or field.
    pub fn edit(&self, object: &str, rec_id: &str, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let now = self.0.now();
        let mut tables = self.0.tables_mut();
        let table = find_mut(&mut tables, object)?;
        let place = table.find(rec_id).ok_or_else(|| order(format!("no record {rec_id} in {object}")))?;
        table.stamp(place, now);
        if !table.set(place, fields) {
            return Err(order(format!("{object} has no such field, or a date is no number")));
        }
        table.resettle(place);
        Ok(())
    }

    /// Adds a record, stamped with now, and returns its `RecID`.
    ///
    /// # Errors
    /// There is no such business object or field.
    pub fn add(&self, object: &str, fields: &[(&str, &str)]) -> Result<String, PracticeError> {
        let id = stable_id("made", &self.0.rng().hex(32));
        let now = self.0.now();
        {
            let mut tables = self.0.tables_mut();
            let table = find_mut(&mut tables, object)?;
            let mut cells = table.blank();
            for (name, value) in [("IncidentType", "Incident"), ("Status", "New")] {
                if let Some(place) = table.object.place(name) {
                    cells[place] = table.pool.intern(value);
                }
            }
            if let Some(place) = table.object.place("CreatedDateTime") {
                cells[place] = u32::try_from(now).unwrap_or(0);
            }
            cells[1] = table.pool.push(&(900_000 + table.len()).to_string());
            table.load(id, cells);
        }
        self.edit(object, &hex(&id), fields)?;
        Ok(hex(&id))
    }

    /// Deletes a record.
    ///
    /// # Errors
    /// There is no such business object or record.
    pub fn delete(&self, object: &str, rec_id: &str) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = find_mut(&mut tables, object)?;
        let place = table.find(rec_id).ok_or_else(|| order(format!("no record {rec_id} in {object}")))?;
        table.remove(place);
        Ok(())
    }

    /// Hides a record from the user: it is counted, and comes in no page. Or shows it.
    ///
    /// # Errors
    /// There is no such business object or record.
    pub fn hide(&self, object: &str, rec_id: &str, hidden: bool) -> Result<(), PracticeError> {
        let mut tables = self.0.tables_mut();
        let table = find_mut(&mut tables, object)?;
        let place = table.find(rec_id).ok_or_else(|| order(format!("no record {rec_id} in {object}")))?;
        table.hide(place, hidden);
        Ok(())
    }

    /// Orders what the user may do with a business object.
    pub fn set_permission(&self, object: &str, permission: Permission) {
        self.0.set_permission(object, permission);
    }

    /// Locks the user's account, or unlocks it.
    pub fn set_locked(&self, locked: bool) {
        self.0.auth().locked = locked;
    }

    /// Another program signs in as the same user with the same client: the token pair is over.
    pub fn log_out(&self) {
        self.0.auth().end();
    }

    /// Ends the access token; the refresh token stays good.
    pub fn end_access(&self) {
        self.0.auth().end_access();
    }

    /// How many pairs of tokens were given.
    pub fn tokens_given(&self) -> usize {
        self.0.auth().given().len()
    }

    /// Every token that was given, with its value.
    pub fn tokens(&self) -> Vec<String> {
        self.0.auth().given().iter().flat_map(|(access, refresh)| [access.clone(), refresh.clone()]).collect()
    }

    /// The `RecID`s of what is linked to a record.
    pub fn linked_to(&self, rec_id: &str) -> Vec<String> {
        let links = self.0.links();
        links.iter().filter(|(from, ..)| from == rec_id).map(|(.., to)| to.clone()).collect()
    }

    /// The culture of the system's dates.
    pub fn culture(&self) -> Culture {
        self.0.options.culture
    }
}

fn order(text: String) -> PracticeError {
    PracticeError::Order(text)
}

fn find<'a>(tables: &'a [Table], object: &str) -> Option<&'a Table> {
    tables.iter().find(|table| table.object.name.eq_ignore_ascii_case(object))
}

fn find_mut<'a>(tables: &'a mut [Table], object: &str) -> Result<&'a mut Table, PracticeError> {
    let found = tables.iter_mut().find(|table| table.object.name.eq_ignore_ascii_case(object));
    found.ok_or_else(|| order(format!("no business object {object}")))
}
