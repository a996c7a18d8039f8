//! The query API of Log Analytics: as much of the language as connectors and dashboards use. Whatever else is refused by
//! name, never guessed.

mod aggregate;
mod answer;
mod bind;
mod expression;
mod functions;
mod join;
mod lexer;
mod parser;
mod run;
mod source;
mod syntax;

use super::table::Column;
use super::value::Cell;
use bind::Field;
use functions::Env;
use syntax::Problem;

pub(super) use answer::answer;

type Row = Vec<Cell>;

/// Rows with their columns.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) fields: Vec<Field>,
    pub(super) rows: Vec<Row>,
}

impl Frame {
    /// Rows in the order of these columns.
    pub(super) fn of(columns: &[Column], rows: Vec<Row>) -> Self {
        Self { fields: columns.iter().map(|column| Field::new(&column.name, column.kind)).collect(), rows }
    }

    /// Its columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        self.fields.iter().filter(|field| !field.hidden).map(|field| Column::new(&field.name, field.kind)).collect()
    }
}

/// What a query can name.
trait Tables {
    /// The rows of a table or function.
    fn frame(&self, name: &str, depth: usize) -> Result<Frame, Problem>;
}

/// The one table of a rule's transformation.
struct Only(Frame);

impl Tables for Only {
    fn frame(&self, name: &str, _depth: usize) -> Result<Frame, Problem> {
        if name == "source" {
            Ok(self.0.clone())
        } else {
            Err(Problem::Semantic(format!("There is no table '{name}'.")))
        }
    }
}

/// What a rule's transformation makes of the rows of `source`. `now` is in ticks since 1970.
///
/// # Errors
/// What is wrong with it.
pub(super) fn transform(text: &str, source: Frame, now: i64) -> Result<Frame, String> {
    let worded = |problem: Problem| match problem {
        Problem::Syntax { token, .. } => format!("The query could not be parsed at '{token}'."),
        Problem::Semantic(text) | Problem::Plan(text) => text,
    };
    let pipeline = parser::parse(text).map_err(worded)?;
    run::run(&pipeline, &Only(source), &Env { now }, 0).map_err(worded)
}
