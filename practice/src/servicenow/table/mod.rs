//! The instance's tables: compact rows, encoded queries, JSON.

pub(crate) mod choices;
pub(crate) mod classes;
mod columns;
mod matches;
mod plan;
mod pool;
mod query;
mod render;
mod rows;
mod store;
mod writer;

pub(crate) use columns::{Column, Kind};
pub(crate) use matches::Matches;
pub(crate) use pool::{EMPTY, Shown};
pub(crate) use query::Query;
pub(crate) use render::{Display, Renderer, Settings};
pub(crate) use rows::{Cell, Table};
pub(crate) use store::Store;
pub(crate) use writer::Writer;
