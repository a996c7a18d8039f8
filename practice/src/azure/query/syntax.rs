//! What a query is made of.

use super::super::value::{Cell, Kind};

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// It cannot be read: what is not understood, and where it is, in bytes.
    Syntax { token: String, at: usize },
    /// It names something that is not there, or mixes types.
    Semantic(String),
    /// The table's plan does not allow it.
    Plan(String),
}

/// A value to be worked out for each row.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    Value(Cell, Kind),
    Name(String),
    Call(String, Vec<Expr>),
    Member(Box<Expr>, Box<Expr>),
    Star,
}

/// An expression with the name that it is given.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) name: Option<String>,
    pub(super) expr: Expr,
}

/// What rows are ordered by.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) expr: Expr,
    pub(super) ascending: bool,
    /// Nulls come first: usually where it ascends.
    pub(super) nulls_first: bool,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Named(String),
    Nested(Box<Pipeline>),
    Union(Vec<Pipeline>),
    Print(Vec<Item>),
}

/// One operator.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Where(Expr),
    Extend(Vec<Item>),
    Project(Vec<Item>),
    ProjectAway(Vec<String>),
    ProjectKeep(Vec<String>),
    ProjectRename(Vec<Item>),
    Summarize { aggregates: Vec<Item>, by: Vec<Item> },
    Order(Vec<Key>),
    Take(usize),
    Top(usize, Vec<Key>),
    Distinct(Vec<Item>),
    Count,
    Schema,
    Union(Vec<Pipeline>),
    Join { kind: JoinKind, right: Box<Pipeline>, on: Vec<(String, String)> },
}

/// Which rows a join gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    /// As inner, with one row of the left side for each key: what a join is without a word.
    InnerUnique,
    Inner,
    LeftOuter,
    RightOuter,
    FullOuter,
    LeftSemi,
    LeftAnti,
    RightSemi,
    RightAnti,
}

impl JoinKind {
    /// As a query names it.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "innerunique" => Self::InnerUnique,
            "inner" => Self::Inner,
            "leftouter" => Self::LeftOuter,
            "rightouter" => Self::RightOuter,
            "fullouter" => Self::FullOuter,
            "leftsemi" => Self::LeftSemi,
            "leftanti" | "anti" | "leftantisemi" => Self::LeftAnti,
            "rightsemi" => Self::RightSemi,
            "rightanti" | "rightantisemi" => Self::RightAnti,
            _ => return None,
        })
    }
}

/// Rows, and what is done to them in turn.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) source: Source,
    pub(super) steps: Vec<Step>,
}
