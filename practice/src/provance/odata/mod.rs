//! Queries of the Web API: `$select`, `$filter`, `$orderby`, paging, and rows as JSON.

mod filter;
mod query;
mod render;
mod token;

pub(crate) use query::{Page, Query, QueryError, Settings};
pub(crate) use render::{push_guid, stored};
