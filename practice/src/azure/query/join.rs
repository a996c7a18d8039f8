//! `join`.

use std::collections::{HashMap, HashSet};

use super::super::value::Cell;
use super::aggregate::hashable;
use super::bind::{Field, Scope};
use super::syntax::{JoinKind, Problem};
use super::{Frame, Row};

/// Rows of both sides whose keys are equal. Null equals nothing. Columns of the right side whose name is taken get a 1.
pub(super) fn join(left: Frame, right: Frame, kind: JoinKind, on: &[(String, String)]) -> Result<Frame, Problem> {
    let (mut of_left, mut of_right) = (Vec::new(), Vec::new());
    for (one, other) in on {
        of_left.push(Scope { operator: "join", fields: &left.fields }.place(one)?);
        of_right.push(Scope { operator: "join", fields: &right.fields }.place(other)?);
    }
    let left_keys: Vec<_> = left.rows.iter().map(|row| key(row, &of_left)).collect();
    let right_keys: Vec<_> = right.rows.iter().map(|row| key(row, &of_right)).collect();
    if let JoinKind::LeftSemi | JoinKind::LeftAnti = kind {
        return Ok(only(left, &left_keys, &right_keys, kind == JoinKind::LeftSemi));
    }
    if let JoinKind::RightSemi | JoinKind::RightAnti = kind {
        return Ok(only(right, &right_keys, &left_keys, kind == JoinKind::RightSemi));
    }
    let mut matches: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, key) in right_keys.iter().enumerate() {
        if let Some(key) = key {
            matches.entry(key).or_default().push(place);
        }
    }
    let (mut rows, mut met, mut seen) = (Vec::new(), vec![false; right.rows.len()], HashSet::new());
    for (row, key) in left.rows.iter().zip(&left_keys) {
        if kind == JoinKind::InnerUnique && !seen.insert(key) {
            continue;
        }
        let found = key.as_deref().and_then(|key| matches.get(key)).map_or(&[][..], Vec::as_slice);
        for place in found {
            met[*place] = true;
            rows.push([row.as_slice(), right.rows[*place].as_slice()].concat());
        }
        if found.is_empty() && matches!(kind, JoinKind::LeftOuter | JoinKind::FullOuter) {
            rows.push([row.as_slice(), nothing(&right.fields).as_slice()].concat());
        }
    }
    if matches!(kind, JoinKind::RightOuter | JoinKind::FullOuter) {
        let alone = right.rows.iter().zip(&met).filter(|(_, met)| !**met);
        rows.extend(alone.map(|(row, _)| [nothing(&left.fields).as_slice(), row.as_slice()].concat()));
    }
    Ok(Frame { fields: side_by_side(&left.fields, &right.fields), rows })
}

fn key(row: &Row, places: &[usize]) -> Option<String> {
    let cells: Vec<Cell> = places.iter().map(|place| row[*place].clone()).collect();
    (!cells.contains(&Cell::Null)).then(|| hashable(&cells))
}

/// The rows of one side that have, or do not have, one on the other side.
fn only(mut frame: Frame, keys: &[Option<String>], others: &[Option<String>], wanted: bool) -> Frame {
    let others: HashSet<&str> = others.iter().flatten().map(String::as_str).collect();
    let has = |key: &Option<String>| key.as_deref().is_some_and(|key| others.contains(key));
    let mut keys = keys.iter();
    frame.rows.retain(|_| keys.next().is_some_and(|key| has(key) == wanted));
    frame
}

fn nothing(fields: &[Field]) -> Row {
    fields.iter().map(|field| Cell::none(field.kind)).collect()
}

fn side_by_side(left: &[Field], right: &[Field]) -> Vec<Field> {
    let mut fields = left.to_vec();
    for field in right {
        let (mut name, mut nth) = (field.name.clone(), 0);
        while fields.iter().any(|known| known.name == name) {
            nth += 1;
            name = format!("{}{nth}", field.name);
        }
        fields.push(Field { name, ..field.clone() });
    }
    fields
}
