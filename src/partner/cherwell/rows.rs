//! `getsearchresults`: what is asked, and the records that come. All values are texts.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::bind::Bound;
use super::errors::{Envelope, flag};
use crate::model::fault::Fault;
use crate::net::http::Body;
use crate::net::json::cursor::{Broken, Cursor};
use crate::net::json::text::Text;
use crate::net::json::{self, Cells, Row};

/// A search, as the API wants it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Search<'a> {
    /// The business object.
    pub bus_ob_id: &'a str,
    /// Conditions on different fields must all hold; of those on one field any.
    pub filters: Vec<Filter<'a>>,
    /// The ids of the fields to give.
    pub fields: Vec<&'a str>,
    /// Of all.
    pub include_all_fields: bool,
    /// Of the fields.
    pub include_schema: bool,
    /// A page, or a row, from 1.
    pub page_number: u64,
    /// Rows.
    pub page_size: u64,
    /// The order.
    pub sorting: Vec<Sorting<'a>>,
}

/// A condition.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter<'a> {
    /// The field.
    pub field_id: &'a str,
    /// `eq`, `gt`, `lt`, `contains` or `startswith`.
    pub operator: &'a str,
    /// What it is held against.
    pub value: &'a str,
}

/// One part of an order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sorting<'a> {
    /// The field.
    pub field_id: &'a str,
    /// 0 or 1.
    pub sort_direction: u8,
}

/// A record: its ids, and a text for each field of its [`Bound`].
#[derive(Debug)]
pub struct Record<'c, 'a>(&'c Cells<'a>);

impl<'a> Record<'_, 'a> {
    /// `RecID`
    pub fn rec_id(&self) -> Cow<'a, str> {
        self.0.said(REC_ID).unwrap_or_default()
    }

    /// The number that people use.
    pub fn public_id(&self) -> Cow<'a, str> {
        self.0.said(PUBLIC_ID).unwrap_or_default()
    }

    /// What a field says, by its place in the [`Bound`].
    pub fn value(&self, field: usize) -> Option<Cow<'a, str>> {
        self.0.said(OF_FIELDS + field)
    }

    /// The same, as it came.
    pub fn text(&self, field: usize) -> Option<Text<'a>> {
        self.0.text(OF_FIELDS + field)
    }
}

/// What came.
#[derive(Debug)]
pub struct Found<T> {
    /// What was made of each record.
    pub records: Vec<T>,
    /// How many match, where it was told.
    pub total: Option<u64>,
    /// Whether more follow, where it was told.
    pub more: Option<bool>,
}

/// Reads a reply's body; `each` makes of a record what is wanted of it, while its bytes are still at hand.
///
/// # Errors
/// The fault that the body tells of, [`Fault::Truncated`] or [`Fault::Malformed`].
pub fn read<T>(bound: &Bound, body: &Body, each: impl FnMut(&Record<'_, '_>) -> T) -> Result<Found<T>, Fault> {
    let what = bound.name.as_str();
    let reply = Reply::read(bound, body, each).map_err(|Broken| json::cursor::fault(what, body))?;
    let tells_error = flag(&reply.has_error) == Some(true) || reply.error_code.as_str().is_some_and(|c| !c.is_empty());
    if let Some(fault) = tells_error.then(|| Envelope::read(body).fault(what)).flatten() {
        return Err(fault);
    }
    let total = match &reply.total_rows {
        Json::String(text) => text.trim().parse().ok(),
        number => number.as_u64(),
    };
    // Of nothing there may be no list.
    let records = reply.records.or_else(|| (total == Some(0)).then(Vec::new));
    let records = records.ok_or_else(|| Fault::Malformed {
        what: what.to_owned(),
        detail: "no businessObjects in the reply".to_owned(),
    })?;
    Ok(Found { records, total, more: flag(&reply.more) })
}

/// Reads a body that is one record.
///
/// # Errors
/// [`Fault::Malformed`] for what is none.
pub fn read_one<T>(bound: &Bound, body: &Body, each: impl FnOnce(&Record<'_, '_>) -> T) -> Result<T, Fault> {
    let malformed = || Fault::Malformed { what: bound.name.clone(), detail: "no record in the reply".to_owned() };
    let text = body.text().ok_or_else(malformed)?;
    let mut cells = Cells::new(bound.slots());
    bound.parse(text, &mut cells).map_err(|_| malformed())?;
    Ok(each(&Record(&cells)))
}

struct Reply<T> {
    records: Option<Vec<T>>,
    total_rows: Json,
    more: Json,
    has_error: Json,
    error_code: Json,
}

impl<T> Reply<T> {
    fn read(bound: &Bound, body: &Body, mut each: impl FnMut(&Record<'_, '_>) -> T) -> Result<Self, Broken> {
        let none = || Json::Null;
        let mut reply = Self { records: None, total_rows: none(), more: none(), has_error: none(), error_code: none() };
        Cursor::of(body)?.document(|name, cursor| {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if is("businessObjects") && cursor.comes('[') {
                let mut records = Vec::new();
                json::rows(cursor, bound, |cells| records.push(each(&Record(cells))))?;
                reply.records = Some(records);
            } else if is("totalRows") {
                reply.total_rows = cursor.value()?;
            } else if is("hasMoreRecords") {
                reply.more = cursor.value()?;
            } else if is("hasError") {
                reply.has_error = cursor.value()?;
            } else if is("errorCode") {
                reply.error_code = cursor.value()?;
            } else {
                cursor.value::<IgnoredAny>()?;
            }
            Ok(())
        })?;
        Ok(reply)
    }
}

/// Slots of a record: its ids, then the fields, then the other members of each field.
const REC_ID: usize = 0;
const PUBLIC_ID: usize = 1;
const OF_FIELDS: usize = 2;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(borrow, default, alias = "BusObRecId", deserialize_with = "json::present")]
    bus_ob_rec_id: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "BusObPublicId", deserialize_with = "json::present")]
    bus_ob_public_id: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Fields")]
    fields: Option<Vec<Value<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Value<'a> {
    #[serde(borrow, default, alias = "FieldId")]
    field_id: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Name")]
    name: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Value", deserialize_with = "json::present")]
    value: Option<&'a RawValue>,
    #[serde(borrow, default, alias = "Html", deserialize_with = "json::present")]
    html: Option<&'a RawValue>,
}

impl Row for Bound {
    fn slots(&self) -> usize {
        OF_FIELDS + self.fields.len()
    }

    fn parse<'de>(&self, row: &'de str, cells: &mut Cells<'de>) -> Result<(), serde_json::Error> {
        let object: Object<'de> = serde_json::from_str(row)?;
        let ids = [(REC_ID, object.bus_ob_rec_id), (PUBLIC_ID, object.bus_ob_public_id)];
        ids.into_iter().for_each(|(slot, id)| cells.put(slot, id));
        for (nth, field) in object.fields.into_iter().flatten().enumerate() {
            let place = place(self, &field, nth).unwrap_or(self.fields.len());
            // Of all fields that are not known the place is the same: one behind those that are.
            let beside = OF_FIELDS + self.fields.len() + 1 + place;
            cells.put(if place < self.fields.len() { OF_FIELDS + place } else { beside }, field.value);
            cells.put(beside, field.html);
        }
        Ok(())
    }
}

fn place(bound: &Bound, field: &Value<'_>, nth: usize) -> Option<usize> {
    let text = |raw: Option<&'_ RawValue>| raw.and_then(|raw| json::scalar::text(raw.get()).map(Cow::into_owned));
    match text(field.field_id).filter(|id| !id.is_empty()) {
        Some(id) => bound.place(&id, nth),
        None => {
            let name = text(field.name)?;
            bound.fields.iter().position(|known| known.name.eq_ignore_ascii_case(&name))
        }
    }
}

#[cfg(test)]
mod tests;
