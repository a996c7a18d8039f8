//! The scalar functions and operators of queries.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::Value;

use super::super::ingest::is_guid;
use super::super::value::{Cell, Kind, TICKS, parse_time};
use super::lexer::parse_span;

/// What a function may know beside its arguments.
pub(super) struct Env {
    /// Ticks since 1970.
    pub(super) now: i64,
}

/// Of which type a function's value is.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    Kind(Kind),
    /// That of this argument.
    Argument(usize),
    /// As a sum of its arguments.
    Arithmetic,
}

type Run = fn(&[Cell], &Env) -> Cell;

/// A function: its name, how many arguments it takes at least and at most, its type, and what it does.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) gives: Gives,
    pub(super) run: Run,
}

const MANY: usize = usize::MAX;

const fn f(name: &'static str, least: usize, most: usize, gives: Gives, run: Run) -> Function {
    Function { name, least, most, gives, run }
}

const BOOL: Gives = Gives::Kind(Kind::Bool);
const TEXT: Gives = Gives::Kind(Kind::Text);
const LONG: Gives = Gives::Kind(Kind::Long);
const TIME: Gives = Gives::Kind(Kind::Time);
const DYNAMIC: Gives = Gives::Kind(Kind::Dynamic);

static FUNCTIONS: &[Function] = &[
    f("and", 2, 2, BOOL, |a, _| Cell::Bool(is_true(&a[0]) && is_true(&a[1]))),
    f("or", 2, 2, BOOL, |a, _| Cell::Bool(is_true(&a[0]) || is_true(&a[1]))),
    f("not", 1, 1, BOOL, |a, _| map(&a[0], |cell| Cell::Bool(!is_true(cell)))),
    f("==", 2, 2, BOOL, |a, _| equal(&a[0], &a[1])),
    f("!=", 2, 2, BOOL, |a, _| negated(equal(&a[0], &a[1]))),
    f("<", 2, 2, BOOL, |a, _| ordered(a, Ordering::is_lt)),
    f("<=", 2, 2, BOOL, |a, _| ordered(a, Ordering::is_le)),
    f(">", 2, 2, BOOL, |a, _| ordered(a, Ordering::is_gt)),
    f(">=", 2, 2, BOOL, |a, _| ordered(a, Ordering::is_ge)),
    f("between", 3, 3, BOOL, |a, _| Cell::Bool(between(a))),
    f("!between", 3, 3, BOOL, |a, _| Cell::Bool(!between(a))),
    f("in", 1, MANY, BOOL, |a, _| Cell::Bool(is_in(a))),
    f("!in", 1, MANY, BOOL, |a, _| Cell::Bool(!is_in(a))),
    f("in~", 1, MANY, BOOL, |a, _| Cell::Bool(is_in(&lowered(a)))),
    f("!in~", 1, MANY, BOOL, |a, _| Cell::Bool(!is_in(&lowered(a)))),
    f("=~", 2, 2, BOOL, |a, _| texts(a, true, |one, other| one == other)),
    f("!~", 2, 2, BOOL, |a, _| texts(a, true, |one, other| one != other)),
    f("contains", 2, 2, BOOL, |a, _| texts(a, true, |one, other| one.contains(other))),
    f("!contains", 2, 2, BOOL, |a, _| texts(a, true, |one, other| !one.contains(other))),
    f("contains_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| one.contains(other))),
    f("!contains_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| !one.contains(other))),
    f("startswith", 2, 2, BOOL, |a, _| texts(a, true, |one, other| one.starts_with(other))),
    f("!startswith", 2, 2, BOOL, |a, _| texts(a, true, |one, other| !one.starts_with(other))),
    f("startswith_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| one.starts_with(other))),
    f("!startswith_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| !one.starts_with(other))),
    f("endswith", 2, 2, BOOL, |a, _| texts(a, true, |one, other| one.ends_with(other))),
    f("!endswith", 2, 2, BOOL, |a, _| texts(a, true, |one, other| !one.ends_with(other))),
    f("endswith_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| one.ends_with(other))),
    f("!endswith_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| !one.ends_with(other))),
    f("has", 2, 2, BOOL, |a, _| texts(a, true, has_term)),
    f("!has", 2, 2, BOOL, |a, _| texts(a, true, |one, other| !has_term(one, other))),
    f("has_cs", 2, 2, BOOL, |a, _| texts(a, false, has_term)),
    f("!has_cs", 2, 2, BOOL, |a, _| texts(a, false, |one, other| !has_term(one, other))),
    f("has_any", 1, MANY, BOOL, |a, _| Cell::Bool(values(&a[1..]).iter().any(|one| has_cell(&a[0], one)))),
    f("has_all", 1, MANY, BOOL, |a, _| Cell::Bool(values(&a[1..]).iter().all(|one| has_cell(&a[0], one)))),
    f("isempty", 1, 1, BOOL, |a, _| Cell::Bool(a[0].to_text().is_empty())),
    f("isnotempty", 1, 1, BOOL, |a, _| Cell::Bool(!a[0].to_text().is_empty())),
    f("notempty", 1, 1, BOOL, |a, _| Cell::Bool(!a[0].to_text().is_empty())),
    f("isnull", 1, 1, BOOL, |a, _| Cell::Bool(a[0] == Cell::Null)),
    f("isnotnull", 1, 1, BOOL, |a, _| Cell::Bool(a[0] != Cell::Null)),
    f("notnull", 1, 1, BOOL, |a, _| Cell::Bool(a[0] != Cell::Null)),
    f("+", 2, 2, Gives::Arithmetic, |a, _| arithmetic('+', &a[0], &a[1])),
    f("-", 2, 2, Gives::Arithmetic, |a, _| arithmetic('-', &a[0], &a[1])),
    f("*", 2, 2, Gives::Arithmetic, |a, _| arithmetic('*', &a[0], &a[1])),
    f("/", 2, 2, Gives::Arithmetic, |a, _| arithmetic('/', &a[0], &a[1])),
    f("%", 2, 2, Gives::Arithmetic, |a, _| arithmetic('%', &a[0], &a[1])),
    f("now", 0, 1, TIME, |a, env| arithmetic('+', &Cell::Time(env.now), a.first().unwrap_or(&Cell::Span(0)))),
    f("ago", 1, 1, TIME, |a, env| arithmetic('-', &Cell::Time(env.now), &a[0])),
    f("bin", 2, 2, Gives::Argument(0), |a, _| bin(&a[0], &a[1])),
    f("floor", 2, 2, Gives::Argument(0), |a, _| bin(&a[0], &a[1])),
    f("startofday", 1, 1, TIME, |a, _| bin(&a[0], &Cell::Span(86_400 * TICKS))),
    f("iff", 3, 3, Gives::Argument(1), |a, _| a[if is_true(&a[0]) { 1 } else { 2 }].clone()),
    f("iif", 3, 3, Gives::Argument(1), |a, _| a[if is_true(&a[0]) { 1 } else { 2 }].clone()),
    f("case", 3, MANY, Gives::Argument(1), |a, _| case(a)),
    f("coalesce", 1, MANY, Gives::Argument(0), |a, _| coalesce(a)),
    f("tostring", 1, 1, TEXT, |a, _| Cell::text(&a[0].to_text())),
    f("toint", 1, 1, Gives::Kind(Kind::Int), |a, _| to_long(&a[0])),
    f("tolong", 1, 1, LONG, |a, _| to_long(&a[0])),
    f("toreal", 1, 1, Gives::Kind(Kind::Real), |a, _| to_real(&a[0])),
    f("todouble", 1, 1, Gives::Kind(Kind::Real), |a, _| to_real(&a[0])),
    f("tobool", 1, 1, BOOL, |a, _| to_bool(&a[0])),
    f("toboolean", 1, 1, BOOL, |a, _| to_bool(&a[0])),
    f("todatetime", 1, 1, TIME, |a, _| to_time(&a[0])),
    f("totimespan", 1, 1, Gives::Kind(Kind::Span), |a, _| to_span(&a[0])),
    f("toguid", 1, 1, Gives::Kind(Kind::Guid), |a, _| to_guid(&a[0])),
    f("todynamic", 1, 1, DYNAMIC, |a, _| to_dynamic(&a[0])),
    f("parse_json", 1, 1, DYNAMIC, |a, _| to_dynamic(&a[0])),
    f("datetime", 1, 1, TIME, |a, _| to_time(&a[0])),
    f("timespan", 1, 1, Gives::Kind(Kind::Span), |a, _| to_span(&a[0])),
    f("guid", 1, 1, Gives::Kind(Kind::Guid), |a, _| to_guid(&a[0])),
    f("hash", 1, 2, LONG, |a, _| hash(a)),
    f("strcat", 1, MANY, TEXT, |a, _| Cell::text(&a.iter().map(Cell::to_text).collect::<String>())),
    f("strlen", 1, 1, LONG, |a, _| count(a[0].to_text().chars().count())),
    f("string_size", 1, 1, LONG, |a, _| count(a[0].to_text().len())),
    f("tolower", 1, 1, TEXT, |a, _| Cell::text(&a[0].to_text().to_lowercase())),
    f("toupper", 1, 1, TEXT, |a, _| Cell::text(&a[0].to_text().to_uppercase())),
    f("substring", 2, 3, TEXT, |a, _| substring(a)),
    f("replace_string", 3, 3, TEXT, |a, _| Cell::text(&a[0].to_text().replace(&a[1].to_text(), &a[2].to_text()))),
    f("array_length", 1, 1, LONG, |a, _| array(&a[0]).map_or(Cell::Null, |all| count(all.len()))),
    f("[]", 2, 2, DYNAMIC, |a, _| member(&a[0], &a[1])),
];

/// The function of this name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Whether a condition holds; null does not.
pub(super) fn is_true(cell: &Cell) -> bool {
    *cell == Cell::Bool(true)
}

fn map(cell: &Cell, change: impl FnOnce(&Cell) -> Cell) -> Cell {
    if *cell == Cell::Null { Cell::Null } else { change(cell) }
}

/// Null equals nothing; two nulls are neither equal nor unequal.
fn equal(one: &Cell, other: &Cell) -> Cell {
    match (one, other) {
        (Cell::Null, Cell::Null) => Cell::Null,
        (Cell::Null, _) | (_, Cell::Null) => Cell::Bool(false),
        _ => Cell::Bool(one.order(other) == Some(Ordering::Equal)),
    }
}

fn negated(cell: Cell) -> Cell {
    match cell {
        Cell::Bool(yes) => Cell::Bool(!yes),
        other => other,
    }
}

fn ordered(a: &[Cell], fits: fn(Ordering) -> bool) -> Cell {
    a[0].order(&a[1]).map_or(Cell::Null, |order| Cell::Bool(fits(order)))
}

fn between(a: &[Cell]) -> bool {
    // `between (start .. span)` is from the start on, for so long.
    let until = match (&a[1], &a[2]) {
        (Cell::Time(from), Cell::Span(span)) => Cell::Time(from + span),
        _ => a[2].clone(),
    };
    a[0].order(&a[1]).is_some_and(Ordering::is_ge) && a[0].order(&until).is_some_and(Ordering::is_le)
}

/// The values of a list; a dynamic array stands for its elements.
fn values(list: &[Cell]) -> Vec<Cell> {
    let unfold = |cell: &Cell| match array(cell) {
        Some(all) => all.iter().map(|value| Cell::Dynamic(Arc::new(value.clone()))).collect(),
        None => vec![cell.clone()],
    };
    list.iter().flat_map(unfold).collect()
}

fn is_in(a: &[Cell]) -> bool {
    values(&a[1..]).iter().any(|one| is_true(&equal(&a[0], one)))
}

fn lowered(a: &[Cell]) -> Vec<Cell> {
    let lower = |cell: &Cell| match cell {
        Cell::Text(text) => Cell::text(&text.to_lowercase()),
        other => other.clone(),
    };
    a.iter().map(lower).collect()
}

fn texts(a: &[Cell], any_case: bool, fits: fn(&str, &str) -> bool) -> Cell {
    let (one, other) = (a[0].to_text(), a[1].to_text());
    Cell::Bool(if any_case { fits(&one.to_lowercase(), &other.to_lowercase()) } else { fits(&one, &other) })
}

/// Whether a whole term is in a text.
fn has_term(text: &str, term: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let found = |(place, _): (usize, &str)| {
        is_edge(text[..place].chars().next_back()) && is_edge(text[place + term.len()..].chars().next())
    };
    text.match_indices(term).any(found)
}

fn has_cell(text: &Cell, term: &Cell) -> bool {
    has_term(&text.to_text().to_lowercase(), &term.to_text().to_lowercase())
}

fn arithmetic(sign: char, one: &Cell, other: &Cell) -> Cell {
    match (one, other) {
        (Cell::Time(one), Cell::Span(other)) if sign == '+' => Cell::Time(one + other),
        (Cell::Time(one), Cell::Span(other)) => Cell::Time(one - other),
        (Cell::Time(one), Cell::Time(other)) => Cell::Span(one - other),
        (Cell::Long(0), Cell::Span(other)) if sign == '-' => Cell::Span(-other),
        (Cell::Span(one), Cell::Span(other)) if sign == '+' => Cell::Span(one + other),
        (Cell::Span(one), Cell::Span(other)) if sign == '-' => Cell::Span(one - other),
        (Cell::Span(span), Cell::Long(number)) | (Cell::Long(number), Cell::Span(span)) if sign == '*' => {
            Cell::Span(span * number)
        }
        (Cell::Long(one), Cell::Long(other)) => whole(sign, *one, *other).map_or(Cell::Null, Cell::Long),
        _ => match (one.number(), other.number()) {
            (Some(one), Some(other)) => real(sign, one, other),
            _ => Cell::Null,
        },
    }
}

fn whole(sign: char, one: i64, other: i64) -> Option<i64> {
    match sign {
        '+' => one.checked_add(other),
        '-' => one.checked_sub(other),
        '*' => one.checked_mul(other),
        '/' => one.checked_div(other),
        _ => one.checked_rem(other),
    }
}

fn real(sign: char, one: f64, other: f64) -> Cell {
    Cell::Real(match sign {
        '+' => one + other,
        '-' => one - other,
        '*' => one * other,
        '/' => one / other,
        _ => one % other,
    })
}

fn bin(value: &Cell, step: &Cell) -> Cell {
    match (value, step) {
        (Cell::Time(value), Cell::Span(step)) if *step > 0 => Cell::Time(value.div_euclid(*step) * step),
        (Cell::Span(value), Cell::Span(step)) if *step > 0 => Cell::Span(value.div_euclid(*step) * step),
        (Cell::Long(value), Cell::Long(step)) if *step > 0 => Cell::Long(value.div_euclid(*step) * step),
        _ => match (value.number(), step.number()) {
            (Some(value), Some(step)) if step > 0.0 => Cell::Real((value / step).floor() * step),
            _ => Cell::Null,
        },
    }
}

fn case(a: &[Cell]) -> Cell {
    let pairs = a.chunks_exact(2);
    let otherwise = a.last().cloned().unwrap_or(Cell::Null);
    pairs.clone().find(|pair| is_true(&pair[0])).map_or(otherwise, |pair| pair[1].clone())
}

fn coalesce(a: &[Cell]) -> Cell {
    a.iter().find(|cell| !cell.to_text().is_empty()).or(a.last()).cloned().unwrap_or(Cell::Null)
}

fn count(number: usize) -> Cell {
    Cell::Long(i64::try_from(number).unwrap_or(i64::MAX))
}

fn to_long(cell: &Cell) -> Cell {
    match cell {
        Cell::Long(number) => Cell::Long(*number),
        #[allow(clippy::cast_possible_truncation, reason = "that is what tolong does")]
        Cell::Real(number) => Cell::Long(*number as i64),
        Cell::Bool(yes) => Cell::Long(i64::from(*yes)),
        other => other.to_text().parse().map_or(Cell::Null, Cell::Long),
    }
}

fn to_real(cell: &Cell) -> Cell {
    cell.number().or_else(|| cell.to_text().parse().ok()).map_or(Cell::Null, Cell::Real)
}

fn to_bool(cell: &Cell) -> Cell {
    match (cell, cell.to_text().to_ascii_lowercase().as_str()) {
        (Cell::Long(number), _) => Cell::Bool(*number != 0),
        (_, "true") => Cell::Bool(true),
        (_, "false") => Cell::Bool(false),
        _ => Cell::Null,
    }
}

fn to_time(cell: &Cell) -> Cell {
    match cell {
        Cell::Time(ticks) => Cell::Time(*ticks),
        other => parse_time(&other.to_text()).map_or(Cell::Null, Cell::Time),
    }
}

fn to_span(cell: &Cell) -> Cell {
    match cell {
        Cell::Span(ticks) => Cell::Span(*ticks),
        other => parse_span(&other.to_text()).map_or(Cell::Null, Cell::Span),
    }
}

fn to_guid(cell: &Cell) -> Cell {
    let text = cell.to_text();
    if is_guid(&text) { Cell::text(&text.to_ascii_lowercase()) } else { Cell::Null }
}

fn to_dynamic(cell: &Cell) -> Cell {
    match cell {
        Cell::Dynamic(_) | Cell::Null => cell.clone(),
        other => {
            let text = other.to_text();
            Cell::Dynamic(Arc::new(serde_json::from_str(&text).unwrap_or(Value::String(text))))
        }
    }
}

/// Spread evenly, and the same in each run; the numbers themselves are not those of the service.
fn hash(a: &[Cell]) -> Cell {
    let mixed = a[0]
        .to_text()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    match a.get(1) {
        Some(Cell::Long(parts)) if *parts > 0 => Cell::Long((mixed >> 1).cast_signed().rem_euclid(*parts)),
        Some(_) => Cell::Null,
        None => Cell::Long(mixed.cast_signed()),
    }
}

fn substring(a: &[Cell]) -> Cell {
    let number = |nth: usize| match a.get(nth) {
        Some(Cell::Long(number)) => usize::try_from(*number).unwrap_or(0),
        _ => usize::MAX,
    };
    Cell::text(&a[0].to_text().chars().skip(number(1)).take(number(2)).collect::<String>())
}

fn array(cell: &Cell) -> Option<&Vec<Value>> {
    if let Cell::Dynamic(value) = cell { value.as_array() } else { None }
}

fn member(of: &Cell, place: &Cell) -> Cell {
    let Cell::Dynamic(value) = of else { return Cell::Null };
    let found = match place {
        Cell::Long(number) => usize::try_from(*number).ok().and_then(|place| value.get(place)),
        other => value.get(other.to_text()),
    };
    found.map_or(Cell::Null, |value| Cell::Dynamic(Arc::new(value.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_neither_equal_nor_unequal_to_null() {
        let env = Env { now: 0 };
        let run = |name: &str, a: &[Cell]| (find(name).unwrap().run)(a, &env);
        assert_eq!(run("==", &[Cell::Null, Cell::Long(1)]), Cell::Bool(false));
        assert_eq!(run("!=", &[Cell::Null, Cell::Long(1)]), Cell::Bool(true));
        assert_eq!(run("!=", &[Cell::Null, Cell::Null]), Cell::Null);
        assert_eq!(run("<", &[Cell::Null, Cell::Long(1)]), Cell::Null);
    }

    #[test]
    fn a_term_is_a_whole_word() {
        assert!(has_term("inc 45, closed", "45") && !has_term("inc 451", "45"));
    }
}
