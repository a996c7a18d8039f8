//! How the web app's description differs now from the binding that is kept, and whether its rows still have a property.

use super::bind::{self, Bound};
use super::describe::Operation;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::WorkItemSpec;
use crate::model::work_item::WorkItemKind;

/// The differences of one kind. What a description does not tell of its rows is no difference.
pub fn of(operations: &[Operation], asset: &WorkItemSpec, kept: &MappingFile) -> Vec<Drift> {
    let Ok(bound) = bind::bind(operations, asset, Some(kept)) else { return Vec::new() };
    let kind = asset.kind;
    let now = bind::bind(operations, asset, None).ok();
    let whole = |now: Option<String>, gone| Drift { kind, to: None, kept: bound.shown(), now, gone };
    let Some(operation) = operation_of(operations, &bound) else {
        return vec![whole(now.map(|now| now.shown()), true)];
    };
    let elsewhere = now.as_ref().filter(|now| now.shown() != bound.shown());
    let mut drift: Vec<_> = elsewhere.map(|now| whole(Some(now.shown()), false)).into_iter().collect();
    let same = now.as_ref().filter(|_| elsewhere.is_none());
    drift.extend(of_columns(kind, operation, &bound, same));
    drift
}

fn of_columns(
    kind: WorkItemKind,
    operation: &Operation,
    bound: &Bound,
    now: Option<&Bound>,
) -> impl Iterator<Item = Drift> {
    bound.columns.columns.iter().filter_map(move |column| {
        let gone = has(operation, &column.from) == Some(false);
        let other = now.and_then(|now| now.property(&column.to)).filter(|other| *other != column.from);
        // A property that fills another attribute already is no better name for this one.
        let other = other.filter(|other| !bound.columns.columns.iter().any(|known| known.from == *other));
        let (to, kept, now) = (Some(column.to.clone()), column.from.clone(), other.map(str::to_owned));
        (gone || now.is_some()).then_some(Drift { kind, to, kept, now, gone })
    })
}

/// Whether rows still have the property of an attribute; `None` where the description does not tell what rows have.
pub fn shows(operations: &[Operation], bound: &Bound, attribute: &str) -> Option<bool> {
    has(operation_of(operations, bound)?, bound.property(attribute)?)
}

fn operation_of<'a>(operations: &'a [Operation], bound: &Bound) -> Option<&'a Operation> {
    let bare = bound.path.split('?').next().unwrap_or_default();
    operations.iter().find(|one| one.is_at(&bound.verb, bare))
}

/// A property may be written as a path into an object.
fn has(operation: &Operation, property: &str) -> Option<bool> {
    let outer = property.split(['.', '/']).next().unwrap_or_default();
    let told = !operation.properties.is_empty() && !operation.seen;
    told.then(|| operation.properties.iter().any(|name| name.eq_ignore_ascii_case(outer)))
}
