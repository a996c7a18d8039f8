//! Operations whose description says nothing of their rows: a method that returns `IHttpActionResult` is described without a
//! schema. What such an operation gives is seen by one page of it.

use serde_json::{Map, Value};

use super::ask::Ask;
use super::bind;
use super::describe::{Operation, Shape};
use super::fetch::{Source, is_of_size};
use super::sign_in::Flow;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::partner::WorkItemSpec;
use crate::partner::session::Session;

/// At most this many operations are tried for a kind.
const MOST: usize = 6;

/// This many rows are read, or fewer if that is refused: a row may omit its empty properties.
const ROWS: [u64; 3] = [200, 50, 10];

/// A list is looked for no deeper inside a reply.
const DEEPEST: usize = 2;

/// Reads a page of each operation that may list a kind and does not describe its rows.
///
/// # Errors
/// Why the web app did not answer; that one operation refuses or gives no list is none.
pub async fn look(session: &Session<Flow>, operations: &mut [Operation], asset: &WorkItemSpec) -> Result<(), Fault> {
    let silent = operations.iter_mut().filter(|one| !one.is_list && bind::may_list(one, asset.kind));
    for operation in silent.take(MOST) {
        let source = Source::new(bind::trial(operation, asset))?;
        let Some(body) = page(&source, session).await? else { continue };
        if let Some((shape, properties)) = seen(&body) {
            operation.properties = properties;
            operation.shape = shape;
            operation.is_list = true;
            operation.seen = true;
        }
    }
    Ok(())
}

/// A page of an operation; `None` where it refuses or fails.
async fn page(source: &Source, session: &Session<Flow>) -> Result<Option<Vec<u8>>, Fault> {
    for size in ROWS {
        match source.body(session, &Ask::all(source.page_size(size))).await {
            Ok(body) => return Ok(Some(body)),
            Err(fault) if is_of_size(&fault) => {}
            Err(fault) if of_all(&fault) => return Err(fault),
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// Whether no other operation would do better.
fn of_all(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::NotBound { .. }
            | Fault::PartnerError { .. }
            | Fault::NotJson { .. }
            | Fault::Malformed { .. }
            | Fault::TooLarge { .. }
    )
}

/// The place of the rows in a reply, and the names of all their properties.
fn seen(body: &[u8]) -> Option<(Shape, Vec<String>)> {
    let whole: Value = serde_json::from_slice(body).ok()?;
    let (shape, rows) = match &whole {
        Value::Array(_) => (Shape::default(), objects(&whole)?),
        Value::Object(map) => inside(map, DEEPEST).or_else(|| dictionary(map, None))?,
        _ => return None,
    };
    let mut names: Vec<String> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    Some((shape, names.iter().map(|name| clean(name, false)).collect()))
}

/// The objects of a list that holds nothing else.
fn objects(list: &Value) -> Option<Vec<&Map<String, Value>>> {
    let all: Vec<_> = list.as_array()?.iter().map(Value::as_object).collect::<Option<_>>()?;
    (!all.is_empty()).then_some(all)
}

type Found<'a> = (Shape, Vec<&'a Map<String, Value>>);

/// The list with the richest rows inside an object.
fn inside(map: &Map<String, Value>, depth: usize) -> Option<Found<'_>> {
    let found = map.iter().filter_map(|(name, value)| match value {
        Value::Array(_) => Some((Shape { list: Some(name.clone()), dictionary: false }, objects(value)?)),
        Value::Object(inner) if depth > 0 => inside(inner, depth - 1).or_else(|| dictionary(inner, Some(name))),
        _ => None,
    });
    found.max_by_key(|(_, rows)| rows.first().map_or(0, |row| row.len()))
}

/// Rows that are the values of an object: all of them objects, with the same names.
fn dictionary<'a>(map: &'a Map<String, Value>, name: Option<&String>) -> Option<Found<'a>> {
    let rows: Vec<_> = map.values().map(Value::as_object).collect::<Option<_>>()?;
    let first = rows.first().filter(|row| row.len() > 2)?;
    let alike = rows.iter().all(|row| row.keys().filter(|name| first.contains_key(*name)).count() * 2 > first.len());
    alike.then(|| (Shape { list: name.cloned(), dictionary: true }, rows))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(r#"[{"Id":1,"Title":2},{"Id":1,"Status":{}}]"#, None, false)]
    #[case(r#"{"Total":2,"Items":[{"Id":1,"Title":2,"Status":3}],"Links":[{"rel":1}]}"#, Some("Items"), false)]
    #[case(r#"{"data":{"rows":[{"Id":1,"Title":2,"Status":3}]}}"#, Some("rows"), false)]
    #[case(r#"{"IR1":{"Id":1,"Title":2,"Status":3},"IR2":{"Id":1,"Title":2,"Status":3}}"#, None, true)]
    #[case(r#"{"n":1,"Items":{"IR1":{"Id":1,"Title":2,"Status":3}}}"#, Some("Items"), true)]
    fn m2_the_rows_of_a_reply_are_found(#[case] body: &str, #[case] list: Option<&str>, #[case] dictionary: bool) {
        let (shape, names) = seen(body.as_bytes()).unwrap();
        assert_eq!(shape, Shape { list: list.map(str::to_owned), dictionary });
        assert!(["Id", "Title", "Status"].iter().all(|name| names.iter().any(|one| one == name)), "{names:?}");
    }

    #[rstest]
    #[case("[]")]
    #[case("null")]
    #[case(r#"["value1"]"#)]
    #[case(r#"{"Message":"x"}"#)]
    #[case(r#"{"a":{"b":1}}"#)]
    fn what_holds_no_rows_tells_nothing(#[case] body: &str) {
        assert!(seen(body.as_bytes()).is_none());
    }
}
