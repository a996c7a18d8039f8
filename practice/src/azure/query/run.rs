//! Runs the operators of a query.

use std::cmp::Ordering;

use super::super::value::{Cell, Kind};
use super::aggregate::{distinct, summarize};
use super::bind::{Field, Node, Scope};
use super::functions::{Env, is_true};
use super::join::join;
use super::syntax::{Item, Key, Pipeline, Problem, Source, Step};
use super::{Frame, Tables};

/// Functions that call functions, no deeper than this.
const DEEPEST: usize = 10;

/// Runs a pipeline.
pub(super) fn run(pipeline: &Pipeline, tables: &dyn Tables, env: &Env, depth: usize) -> Result<Frame, Problem> {
    if depth > DEEPEST {
        return Err(Problem::Semantic("SEM0260: functions call each other without end".to_owned()));
    }
    let mut frame = match &pipeline.source {
        Source::Named(name) => tables.frame(name, depth)?,
        Source::Nested(inner) => run(inner, tables, env, depth)?,
        Source::Union(all) => union(None, all, tables, env, depth)?,
        Source::Print(items) => print(items, env)?,
    };
    for step in &pipeline.steps {
        frame = match step {
            Step::Union(more) => union(Some(frame), more, tables, env, depth)?,
            Step::Join { kind, right, on } => join(frame, run(right, tables, env, depth + 1)?, *kind, on)?,
            step => apply(frame, step, env)?,
        };
    }
    Ok(frame)
}

fn print(items: &[Item], env: &Env) -> Result<Frame, Problem> {
    let mut frame = Frame { fields: Vec::new(), rows: vec![Vec::new()] };
    let scope = Scope { operator: "print", fields: &[] };
    for (nth, item) in items.iter().enumerate() {
        let (mut field, node) = scope.item(item, nth)?;
        if item.name.is_none() {
            field.name = format!("print_{nth}");
        }
        frame.fields.push(field);
        frame.rows[0].push(node.value(&[], env));
    }
    Ok(frame)
}

fn apply(mut frame: Frame, step: &Step, env: &Env) -> Result<Frame, Problem> {
    match step {
        Step::Where(expr) => {
            let (node, kind) = Scope { operator: "where", fields: &frame.fields }.bind(expr)?;
            if kind != Kind::Bool {
                let text =
                    format!("SEM0040: 'where' operator: a condition is expected, not a value of type {}", kind.name());
                return Err(Problem::Semantic(text));
            }
            frame.rows.retain(|row| is_true(&node.value(row, env)));
            Ok(frame)
        }
        Step::Extend(items) => extend(frame, items, env),
        Step::Project(items) => project(&frame, items, env),
        Step::ProjectAway(names) => keep(frame, names, false),
        Step::ProjectKeep(names) => keep(frame, names, true),
        Step::ProjectRename(items) => rename(frame, items),
        Step::Summarize { aggregates, by } => summarize(&frame, aggregates, by, env),
        Step::Order(keys) => order(frame, keys, env),
        Step::Top(count, keys) => {
            let mut frame = order(frame, keys, env)?;
            frame.rows.truncate(*count);
            Ok(frame)
        }
        Step::Take(count) => {
            frame.rows.truncate(*count);
            Ok(frame)
        }
        Step::Distinct(items) => distinct(&frame, items, env),
        Step::Count => {
            let count = i64::try_from(frame.rows.len()).unwrap_or(i64::MAX);
            Ok(Frame { fields: vec![Field::new("Count", Kind::Long)], rows: vec![vec![Cell::Long(count)]] })
        }
        Step::Schema => Ok(schema(&frame)),
        Step::Union(_) | Step::Join { .. } => Ok(frame),
    }
}

fn extend(mut frame: Frame, items: &[Item], env: &Env) -> Result<Frame, Problem> {
    for (nth, item) in items.iter().enumerate() {
        let scope = Scope { operator: "extend", fields: &frame.fields };
        let (field, node) = scope.item(item, nth + 1)?;
        let place = frame.fields.iter().position(|known| known.name == field.name);
        for row in &mut frame.rows {
            let value = node.value(row, env);
            match place {
                Some(place) => row[place] = value,
                None => row.push(value),
            }
        }
        match place {
            Some(place) => frame.fields[place] = field,
            None => frame.fields.push(field),
        }
    }
    Ok(frame)
}

fn project(frame: &Frame, items: &[Item], env: &Env) -> Result<Frame, Problem> {
    let scope = Scope { operator: "project", fields: &frame.fields };
    let bound: Result<Vec<(Field, Node)>, Problem> =
        items.iter().enumerate().map(|(nth, item)| scope.item(item, nth + 1)).collect();
    let (fields, nodes): (Vec<Field>, Vec<Node>) = bound?.into_iter().unzip();
    let fields = fields.into_iter().map(|field| Field { hidden: false, ..field }).collect();
    let row = |row: &Vec<Cell>| nodes.iter().map(|node| node.value(row, env)).collect();
    Ok(Frame { fields, rows: frame.rows.iter().map(row).collect() })
}

fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(head) => name.starts_with(head),
        None => name == pattern,
    }
}

fn keep(frame: Frame, names: &[String], wanted: bool) -> Result<Frame, Problem> {
    let scope = Scope { operator: "project-away", fields: &frame.fields };
    for name in names.iter().filter(|name| !name.ends_with('*')) {
        scope.place(name)?;
    }
    let stays = |field: &Field| names.iter().any(|name| fits(name, &field.name)) == wanted;
    let places: Vec<usize> = (0..frame.fields.len()).filter(|place| stays(&frame.fields[*place])).collect();
    let fields = places.iter().map(|place| frame.fields[*place].clone()).collect();
    let row = |row: Vec<Cell>| places.iter().map(|place| row[*place].clone()).collect();
    Ok(Frame { fields, rows: frame.rows.into_iter().map(row).collect() })
}

fn rename(mut frame: Frame, items: &[Item]) -> Result<Frame, Problem> {
    for item in items {
        let scope = Scope { operator: "project-rename", fields: &frame.fields };
        let old = super::bind::own_name(&item.expr).unwrap_or_default();
        let place = scope.place(&old)?;
        frame.fields[place].name = item.name.clone().unwrap_or(old);
    }
    Ok(frame)
}

fn order(mut frame: Frame, keys: &[Key], env: &Env) -> Result<Frame, Problem> {
    let scope = Scope { operator: "sort", fields: &frame.fields };
    let nodes: Result<Vec<Node>, Problem> =
        keys.iter().map(|key| scope.bind(&key.expr).map(|(node, _)| node)).collect();
    let nodes = nodes?;
    let mut rows: Vec<(Vec<Cell>, Vec<Cell>)> =
        frame.rows.into_iter().map(|row| (nodes.iter().map(|node| node.value(&row, env)).collect(), row)).collect();
    rows.sort_by(|(one, _), (other, _)| {
        let by_key = |((key, one), other): ((&Key, &Cell), &Cell)| compare(key, one, other);
        keys.iter().zip(one).zip(other).map(by_key).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    frame.rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(frame)
}

fn compare(key: &Key, one: &Cell, other: &Cell) -> Ordering {
    let nulls = match (one == &Cell::Null, other == &Cell::Null) {
        (true, true) => return Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => {
            let order = one.order(other).unwrap_or(Ordering::Equal);
            return if key.ascending { order } else { order.reverse() };
        }
    };
    if key.nulls_first { nulls } else { nulls.reverse() }
}

fn schema(frame: &Frame) -> Frame {
    let names = ["ColumnName", "ColumnOrdinal", "DataType", "ColumnType"];
    let kinds = [Kind::Text, Kind::Int, Kind::Text, Kind::Text];
    let fields = names.iter().zip(kinds).map(|(name, kind)| Field::new(name, kind)).collect();
    let visible = frame.fields.iter().filter(|field| !field.hidden);
    let row = |(nth, field): (usize, &Field)| {
        let nth = Cell::Long(i64::try_from(nth).unwrap_or(0));
        vec![Cell::text(&field.name), nth, Cell::text(field.kind.system_name()), Cell::text(field.kind.name())]
    };
    Frame { fields, rows: visible.enumerate().map(row).collect() }
}

/// All columns of all; those of the same name and another type get names of their own.
fn union(
    first: Option<Frame>,
    more: &[Pipeline],
    tables: &dyn Tables,
    env: &Env,
    depth: usize,
) -> Result<Frame, Problem> {
    let mut all: Vec<Frame> = first.into_iter().collect();
    for pipeline in more {
        all.push(run(pipeline, tables, env, depth + 1)?);
    }
    let clash = |field: &Field| {
        all.iter().flat_map(|frame| &frame.fields).any(|other| other.name == field.name && other.kind != field.kind)
    };
    let named = |field: &Field| Field {
        name: if clash(field) { format!("{}_{}", field.name, field.kind.name()) } else { field.name.clone() },
        ..field.clone()
    };
    let renamed: Vec<Vec<Field>> = all.iter().map(|frame| frame.fields.iter().map(named).collect()).collect();
    let mut fields: Vec<Field> = Vec::new();
    for field in renamed.iter().flatten() {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field.clone());
        }
    }
    let mut rows = Vec::new();
    for (frame, own) in all.into_iter().zip(&renamed) {
        let places: Vec<Option<usize>> =
            fields.iter().map(|field| own.iter().position(|one| one.name == field.name)).collect();
        for row in frame.rows {
            let cell = |(place, field): (&Option<usize>, &Field)| match place {
                Some(place) => row[*place].clone(),
                None => Cell::none(field.kind),
            };
            rows.push(places.iter().zip(&fields).map(cell).collect());
        }
    }
    Ok(Frame { fields, rows })
}
