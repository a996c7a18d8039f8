//! `summarize`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::super::value::{Cell, Kind};
use super::bind::{Field, Node, Scope, own_name};
use super::functions::{Env, is_true};
use super::syntax::{Expr, Item, Problem};
use super::{Frame, Row};

/// What is worked out of the rows of a group.
enum Aggregate {
    Count,
    CountIf(Node),
    Sum(Node),
    Average(Node),
    Best {
        of: Node,
        most: bool,
    },
    Distinct(Node),
    List {
        of: Node,
        unique: bool,
    },
    Any(Node),
    /// The row in which a value is greatest or least: the value, and these columns of the row.
    Row {
        by: Node,
        most: bool,
        places: Vec<usize>,
    },
}

/// One row for each group.
pub(super) fn summarize(frame: &Frame, aggregates: &[Item], by: &[Item], env: &Env) -> Result<Frame, Problem> {
    let scope = Scope { operator: "summarize", fields: &frame.fields };
    let mut fields = Vec::new();
    let mut keys = Vec::new();
    for (nth, item) in by.iter().enumerate() {
        let (field, node) = scope.item(item, nth + 1)?;
        fields.push(field);
        keys.push(node);
    }
    let mut bound = Vec::new();
    for item in aggregates {
        bound.push(bind(&scope, item, &mut fields)?);
    }
    let (mut places, mut groups) = (HashMap::new(), Vec::<(Vec<Cell>, Vec<&Row>)>::new());
    for row in &frame.rows {
        let key: Vec<Cell> = keys.iter().map(|node| node.value(row, env)).collect();
        let place = *places.entry(hashable(&key)).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(row);
    }
    if by.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    let whole = |(mut cells, rows): (Vec<Cell>, Vec<&Row>)| {
        for aggregate in &bound {
            aggregate.add(&rows, env, &mut cells);
        }
        cells
    };
    Ok(Frame { fields, rows: groups.into_iter().map(whole).collect() })
}

/// Rows without repetition.
pub(super) fn distinct(frame: &Frame, items: &[Item], env: &Env) -> Result<Frame, Problem> {
    let visible = || frame.fields.iter().filter(|field| !field.hidden);
    let all: Vec<Item> = visible().map(|field| Item { name: None, expr: Expr::Name(field.name.clone()) }).collect();
    let items = if matches!(items, [Item { expr: Expr::Star, .. }]) { &all } else { items };
    summarize(frame, &[], items, env)
}

/// Values as a key: texts that differ wherever the values do.
pub(super) fn hashable(cells: &[Cell]) -> String {
    let mut key = String::new();
    for cell in cells {
        let mark = match cell {
            Cell::Null => '0',
            Cell::Text(_) => 't',
            Cell::Long(_) | Cell::Real(_) => 'n',
            _ => 'v',
        };
        let text = cell.to_text();
        key.push(mark);
        key.push_str(&text.len().to_string());
        key.push(':');
        key.push_str(&text);
    }
    key
}

fn bind(scope: &Scope<'_>, item: &Item, fields: &mut Vec<Field>) -> Result<Aggregate, Problem> {
    let Expr::Call(name, arguments) = &item.expr else {
        return Err(scope.problem("SEM0040", "an aggregation function is expected"));
    };
    if matches!(name.as_str(), "arg_max" | "arg_min") {
        return bind_row(scope, name == "arg_max", arguments, fields);
    }
    let first = match arguments.first() {
        Some(expr) => Some(scope.bind(expr)?),
        None => None,
    };
    let kind = first.as_ref().map_or(Kind::Long, |(_, kind)| *kind);
    let node =
        || first.map(|(node, _)| node).ok_or_else(|| scope.problem("SEM0219", &format!("{name}() needs an argument")));
    let (aggregate, kind) = match name.as_str() {
        "count" => (Aggregate::Count, Kind::Long),
        "countif" => (Aggregate::CountIf(node()?), Kind::Long),
        "dcount" | "count_distinct" => (Aggregate::Distinct(node()?), Kind::Long),
        "sum" => (Aggregate::Sum(node()?), if kind == Kind::Int { Kind::Long } else { kind }),
        "avg" => (Aggregate::Average(node()?), if kind == Kind::Span { kind } else { Kind::Real }),
        "min" => (Aggregate::Best { of: node()?, most: false }, kind),
        "max" => (Aggregate::Best { of: node()?, most: true }, kind),
        "make_set" => (Aggregate::List { of: node()?, unique: true }, Kind::Dynamic),
        "make_list" => (Aggregate::List { of: node()?, unique: false }, Kind::Dynamic),
        "take_any" | "any" => (Aggregate::Any(node()?), kind),
        _ => return Err(scope.problem("SEM0260", &format!("Unknown function: '{name}'."))),
    };
    let prefix = if matches!(name.as_str(), "make_set" | "make_list") { &name[5..] } else { name };
    let usual = || format!("{prefix}_{}", arguments.first().and_then(own_name).unwrap_or_default());
    fields.push(Field::new(&item.name.clone().unwrap_or_else(usual), kind));
    Ok(aggregate)
}

/// `arg_max(by, *)`: the column itself first, then every other one that is no key.
fn bind_row(scope: &Scope<'_>, most: bool, arguments: &[Expr], fields: &mut Vec<Field>) -> Result<Aggregate, Problem> {
    let Some((first, rest)) = arguments.split_first() else {
        return Err(scope.problem("SEM0219", "arg_max() needs an argument"));
    };
    let (by, kind) = scope.bind(first)?;
    let name = own_name(first).unwrap_or_else(|| if most { "max_".to_owned() } else { "min_".to_owned() });
    fields.push(Field::new(&name, kind));
    let mut places = Vec::new();
    for expr in rest {
        match expr {
            Expr::Star => {
                let new =
                    |field: &&(usize, &Field)| !field.1.hidden && fields.iter().all(|known| known.name != field.1.name);
                places.extend(
                    scope.fields.iter().enumerate().collect::<Vec<_>>().iter().filter(new).map(|field| field.0),
                );
            }
            Expr::Name(name) => places.push(scope.place(name)?),
            _ => return Err(scope.problem("SEM0219", "arg_max() takes columns")),
        }
    }
    fields.extend(places.iter().map(|place| scope.fields[*place].clone()));
    Ok(Aggregate::Row { by, most, places })
}

impl Aggregate {
    fn add(&self, rows: &[&Row], env: &Env, cells: &mut Vec<Cell>) {
        let values = |node: &Node| {
            rows.iter().map(|row| node.value(row, env)).filter(|cell| *cell != Cell::Null).collect::<Vec<Cell>>()
        };
        let cell = match self {
            Self::Count => count(rows.len()),
            Self::CountIf(node) => count(rows.iter().filter(|row| is_true(&node.value(row, env))).count()),
            Self::Sum(node) => sum(&values(node)),
            Self::Average(node) => average(&values(node)),
            Self::Best { of, most } => best(values(of), *most),
            Self::Distinct(node) => {
                let all: Vec<Cell> = values(node);
                count(
                    all.iter()
                        .map(|cell| hashable(std::slice::from_ref(cell)))
                        .collect::<std::collections::BTreeSet<_>>()
                        .len(),
                )
            }
            Self::List { of, unique } => list(&values(of), *unique),
            Self::Any(node) => rows.first().map_or(Cell::Null, |row| node.value(row, env)),
            Self::Row { by, most, places } => {
                let found = best_row(rows, by, *most, env);
                cells.push(found.map_or(Cell::Null, |row| by.value(row, env)));
                cells.extend(places.iter().map(|place| found.map_or(Cell::Null, |row| row[*place].clone())));
                return;
            }
        };
        cells.push(cell);
    }
}

fn count(number: usize) -> Cell {
    Cell::Long(i64::try_from(number).unwrap_or(i64::MAX))
}

fn sum(values: &[Cell]) -> Cell {
    let longs: Option<i64> =
        values.iter().map(|cell| if let Cell::Long(number) = cell { Some(number) } else { None }).sum();
    longs.map_or_else(|| Cell::Real(values.iter().filter_map(Cell::number).sum()), Cell::Long)
}

#[allow(clippy::cast_precision_loss, reason = "few rows")]
fn average(values: &[Cell]) -> Cell {
    let all: f64 = values.iter().filter_map(Cell::number).sum();
    if values.is_empty() { Cell::Null } else { Cell::Real(all / values.len() as f64) }
}

fn best(values: Vec<Cell>, most: bool) -> Cell {
    let wanted = if most { Ordering::Greater } else { Ordering::Less };
    let better = |best: Cell, one: Cell| if one.order(&best) == Some(wanted) { one } else { best };
    values.into_iter().reduce(better).unwrap_or(Cell::Null)
}

fn list(values: &[Cell], unique: bool) -> Cell {
    let mut all: Vec<Value> = Vec::new();
    for value in values.iter().map(Cell::json) {
        if !unique || !all.contains(&value) {
            all.push(value);
        }
    }
    Cell::Dynamic(Arc::new(Value::Array(all)))
}

/// Of several rows with the same value any may be taken: here the oldest, as nobody would like it.
fn best_row<'r>(rows: &[&'r Row], by: &Node, most: bool, env: &Env) -> Option<&'r Row> {
    let wanted = if most { Ordering::Greater } else { Ordering::Less };
    let mut best: Option<(&Row, Cell)> = None;
    for row in rows {
        let value = by.value(row, env);
        let better = match &best {
            None => true,
            Some((_, Cell::Null)) => value != Cell::Null,
            Some((_, known)) => value.order(known) == Some(wanted),
        };
        if better {
            best = Some((row, value));
        }
    }
    best.map(|(row, _)| row)
}
