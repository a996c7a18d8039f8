//! Binds names to columns, checks types, and works values out.

use super::super::value::{Cell, Kind};
use super::functions::{Env, Function, Gives, find};
use super::syntax::{Expr, Item, Problem};

/// A column of rows on their way. A hidden one is found by its name and not shown.
#[derive(Debug, Clone)]
pub(in crate::azure) struct Field {
    pub(in crate::azure) name: String,
    pub(in crate::azure) kind: Kind,
    pub(in crate::azure) hidden: bool,
}

impl Field {
    /// One that is shown.
    pub(super) fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind, hidden: false }
    }
}

/// The hidden column with the time at which a row could be found.
pub(super) const INGESTION: &str = "$ingestion";

/// An expression that is bound.
pub(super) enum Node {
    Cell(Cell),
    Place(usize),
    Call(&'static Function, Vec<Node>),
}

impl Node {
    /// Its value for a row.
    pub(super) fn value(&self, row: &[Cell], env: &Env) -> Cell {
        match self {
            Self::Cell(cell) => cell.clone(),
            Self::Place(place) => row[*place].clone(),
            Self::Call(function, arguments) => {
                let values: Vec<Cell> = arguments.iter().map(|one| one.value(row, env)).collect();
                (function.run)(&values, env)
            }
        }
    }
}

/// An operator, for the errors, and the columns that it sees.
pub(super) struct Scope<'a> {
    pub(super) operator: &'static str,
    pub(super) fields: &'a [Field],
}

type Bound = Result<(Node, Kind), Problem>;

impl Scope<'_> {
    pub(super) fn problem(&self, code: &str, text: &str) -> Problem {
        Problem::Semantic(format!("{code}: '{}' operator: {text}", self.operator))
    }

    /// The place of a column.
    pub(super) fn place(&self, name: &str) -> Result<usize, Problem> {
        let found = self.fields.iter().position(|field| field.name == name);
        let text = format!("Failed to resolve column or scalar expression named '{name}'");
        found.ok_or_else(|| self.problem("SEM0100", &text))
    }

    /// Binds an expression.
    pub(super) fn bind(&self, expr: &Expr) -> Bound {
        match expr {
            Expr::Value(cell, kind) => Ok((Node::Cell(cell.clone()), *kind)),
            Expr::Name(name) => {
                let place = self.place(name)?;
                Ok((Node::Place(place), self.fields[place].kind))
            }
            Expr::Member(of, place) => self.function("[]", &[(**of).clone(), (**place).clone()]),
            Expr::Star => Err(self.problem("SEM0219", "'*' cannot stand here")),
            Expr::Call(name, arguments) => match (name.as_str(), &arguments[..]) {
                ("ingestion_time", []) => Ok(match self.place(INGESTION) {
                    Ok(place) => (Node::Place(place), Kind::Time),
                    Err(_) => (Node::Cell(Cell::Null), Kind::Time),
                }),
                ("column_ifexists" | "columnifexists", [Expr::Value(Cell::Text(name), _), other]) => {
                    match self.place(name) {
                        Ok(place) => Ok((Node::Place(place), self.fields[place].kind)),
                        Err(_) => self.bind(other),
                    }
                }
                _ => self.function(name, arguments),
            },
        }
    }

    fn function(&self, name: &str, arguments: &[Expr]) -> Bound {
        let Some(function) = find(name) else {
            return Err(self.problem("SEM0260", &format!("Unknown function: '{name}'.")));
        };
        if arguments.len() < function.least || arguments.len() > function.most {
            let text = format!("{name}(): function expects {} argument(s).", function.least);
            return Err(self.problem("SEM0219", &text));
        }
        let mut nodes = Vec::with_capacity(arguments.len());
        let mut kinds = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let (node, kind) = self.bind(argument)?;
            nodes.push(node);
            kinds.push(kind);
        }
        self.comparable(name, &kinds)?;
        let kind = match function.gives {
            Gives::Kind(kind) => kind,
            Gives::Argument(nth) => kinds[nth],
            Gives::Arithmetic => arithmetic(kinds[0], kinds[1]),
        };
        Ok((Node::Call(function, nodes), kind))
    }

    /// A text is compared with texts only, a number with numbers, and so on.
    fn comparable(&self, name: &str, kinds: &[Kind]) -> Result<(), Problem> {
        if !matches!(name, "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "!in" | "between" | "!between") {
            return Ok(());
        }
        let family = |kind: Kind| if kind.is_number() { Kind::Real } else { kind };
        let one = kinds[0];
        let fits = |other: &Kind| {
            let (one, other) = (family(one), family(*other));
            one == other
                || one == Kind::Dynamic
                || other == Kind::Dynamic
                || matches!(
                    (one, other),
                    (Kind::Guid, Kind::Text) | (Kind::Text, Kind::Guid) | (Kind::Time, Kind::Span)
                )
        };
        match kinds[1..].iter().find(|kind| !fits(kind)) {
            None => Ok(()),
            Some(other) => {
                let (one, other) = (one.name(), other.name());
                let text = format!("Cannot compare values of types {one} and {other}. Try adding explicit casts");
                Err(self.problem("SEM0064", &text))
            }
        }
    }

    /// Binds an item: its name, where `nth` counts the nameless ones.
    pub(super) fn item(&self, item: &Item, nth: usize) -> Result<(Field, Node), Problem> {
        let (node, kind) = self.bind(&item.expr)?;
        let name = item.name.clone().or_else(|| own_name(&item.expr)).unwrap_or_else(|| format!("Column{nth}"));
        Ok((Field::new(&name, kind), node))
    }
}

fn arithmetic(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (Kind::Time, Kind::Time) | (Kind::Span, _) | (Kind::Long, Kind::Span) => Kind::Span,
        (Kind::Time, _) => Kind::Time,
        (Kind::Real, _) | (_, Kind::Real) => Kind::Real,
        _ => Kind::Long,
    }
}

/// The name that a nameless expression keeps: a column's, also through functions such as `bin`.
pub(super) fn own_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.clone()),
        Expr::Call(name, arguments)
            if matches!(name.as_str(), "bin" | "floor" | "startofday" | "tostring" | "tolower") =>
        {
            own_name(arguments.first()?)
        }
        _ => None,
    }
}
