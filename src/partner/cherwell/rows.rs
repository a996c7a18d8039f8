//! `getsearchresults`: what is asked, and the records that come. All values are texts.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::bound::Bound;
use super::errors::{Envelope, flag};
use crate::model::fault::Fault;

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
pub struct Record<'a> {
    /// `RecID`
    pub rec_id: Cow<'a, str>,
    /// The number that people use.
    pub public_id: Cow<'a, str>,
    /// The texts.
    pub values: Vec<Option<Cow<'a, str>>>,
}

/// The records that came.
#[derive(Debug)]
pub struct Found<'a> {
    /// The records.
    pub records: Vec<Record<'a>>,
    /// How many match, where it was told.
    pub total: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(borrow, default)]
    business_objects: Option<Vec<Object<'a>>>,
    #[serde(default)]
    total_rows: Json,
    #[serde(default)]
    has_error: Json,
    #[serde(default)]
    error_code: Json,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(borrow, default)]
    bus_ob_rec_id: Text<'a>,
    #[serde(borrow, default)]
    bus_ob_public_id: Text<'a>,
    #[serde(borrow, default)]
    fields: Option<Vec<Value<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Value<'a> {
    #[serde(borrow, default)]
    field_id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    value: Text<'a>,
}

/// Reads a reply's body. `what` names the business object for the reader of a fault.
///
/// # Errors
/// The fault that the body tells of, or [`Fault::Malformed`].
pub fn read<'a>(bound: &Bound, body: &'a [u8]) -> Result<Found<'a>, Fault> {
    let what = bound.name.as_str();
    let parsed: Body<'_> = serde_json::from_slice(body).map_err(|error| Fault::Malformed {
        what: what.to_owned(),
        detail: format!("line {}, column {}", error.line(), error.column()),
    })?;
    let tells_error =
        flag(&parsed.has_error) == Some(true) || parsed.error_code.as_str().is_some_and(|c| !c.is_empty());
    if let Some(fault) = tells_error.then(|| Envelope::read(body).fault(what)).flatten() {
        return Err(fault);
    }
    let total = match &parsed.total_rows {
        Json::String(text) => text.trim().parse().ok(),
        number => number.as_u64(),
    };
    // Of nothing there may be no list.
    let objects = parsed.business_objects.or_else(|| (total == Some(0)).then(Vec::new));
    let objects = objects.ok_or_else(|| Fault::Malformed {
        what: what.to_owned(),
        detail: "no businessObjects in the reply".to_owned(),
    })?;
    Ok(Found { records: objects.into_iter().map(|object| record(bound, object)).collect(), total })
}

fn record<'a>(bound: &Bound, object: Object<'a>) -> Record<'a> {
    let mut values = vec![None; bound.fields.len()];
    for (nth, field) in object.fields.into_iter().flatten().enumerate() {
        let id = field.field_id.0.as_deref().unwrap_or_default();
        let named = || {
            let name = field.name.0.as_deref()?;
            bound.fields.iter().position(|known| known.name.eq_ignore_ascii_case(name))
        };
        let place = if id.is_empty() { named() } else { bound.place(id, nth) };
        if let Some(place) = place {
            values[place] = field.value.0;
        }
    }
    Record {
        rec_id: object.bus_ob_rec_id.0.unwrap_or_default(),
        public_id: object.bus_ob_public_id.0.unwrap_or_default(),
        values,
    }
}

/// A text, borrowed where it can be; none for null, lists and objects. Numbers and truth values become texts, since
/// the API's own are.
#[derive(Debug, Default)]
struct Text<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(if flag { "True" } else { "False" })))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
