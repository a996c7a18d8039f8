//! How the practice cloud behaves where Azure differs from time to time, or where its documents leave it open.

use serde::{Deserialize, Serialize};

/// How it behaves. Times are in seconds of the server's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manners {
    /// How many elements a page of a list holds.
    pub page_size: usize,
    /// The last page of a list has `"nextLink": ""` instead of none.
    pub empty_last_link: bool,
    /// How often an operation on a table says `InProgress` before it ends.
    pub operation_polls: u32,
    /// Operations on tables are done at once: 200 instead of 202.
    pub tables_at_once: bool,
    /// Resource ids come back in another letter case than they were sent in.
    pub other_case: bool,
    /// The columns of a rule's streams and of tables come back in reverse order.
    pub columns_reversed: bool,
    /// So long after a table was made no rule can be made for it: `InvalidOutputTable`.
    pub table_seconds: i64,
    /// So long after a role was assigned ingestion does not know of it: 403.
    pub role_seconds: i64,
    /// So long after a rule was changed ingestion still knows the streams it had before: 400 `InvalidStream`.
    pub rule_seconds: i64,
    /// How large a request to ingestion may be, in bytes.
    pub limit_bytes: usize,
    /// In which form it is measured.
    pub measure: Measure,
    /// How many requests a minute one rule takes.
    pub requests_per_minute: u32,
    /// A batch that holds such a row is refused as a whole: 400.
    pub refused: Option<RefusedRow>,
    /// So long after it was accepted a row can be found by a query.
    pub visible_seconds: i64,
    /// As long again for the first rows of a table.
    pub first_rows_seconds: i64,
    /// How late a rule's metrics are.
    pub metrics_seconds: i64,
    /// How many rows the result of a query may have; more are cut off with a `PartialError`.
    pub result_rows: usize,
    /// How many bytes it may have.
    pub result_bytes: usize,
    /// How many queries somebody may send in 30 seconds.
    pub queries_per_30_seconds: u32,
    /// So long after a change lists still show an alert as it was before; 41 was recorded.
    pub alert_list_seconds: i64,
    /// The last change of a resolved alert is told so many milliseconds earlier than its resolution.
    pub modified_before_resolved_millis: i64,
    /// How many alerts a page of a list holds if the request does not say; 50 and 100 were seen.
    pub alert_page_size: usize,
    /// Pages in the middle of a list of alerts hold less than was asked for.
    pub short_alert_pages: bool,
    /// What the last page of a list of alerts has for a link.
    pub last_alert_link: LastLink,
    /// The scope of the ids in lists of alerts.
    pub alert_ids: IdScope,
    /// What of the body of a change of an alert's state counts as its comment.
    pub comment_key: CommentKey,
    /// Which time of an alert `timeRange` looks at.
    pub time_range_of: TimeRangeOf,
    /// Lists of alerts a minute and subscription.
    pub alert_lists_per_minute: u32,
    /// Summaries of alerts a minute and subscription.
    pub alert_summaries_per_minute: u32,
    /// Other requests about alerts a minute and subscription.
    pub alert_others_per_minute: u32,
}

/// What the last page of a list has for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LastLink {
    /// `"nextLink": ""`
    Empty,
    /// `"nextLink": null`
    Null,
    /// None.
    Missing,
}

/// The scope of an alert's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdScope {
    /// The resource, as in 2022.
    Resource,
    /// The subscription, as in 2019.
    Subscription,
}

/// What counts as the comment of a change of an alert's state: the schema says one, its example the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommentKey {
    /// `comments`; anything else is passed over.
    Comments,
    /// `comment`; anything else is passed over.
    Comment,
    /// `comments`; a body with anything else is refused.
    CommentsOnly,
}

/// Which time of an alert a range looks at. No document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeRangeOf {
    /// Its start.
    Start,
    /// Its last change.
    Change,
}

/// In which form the size of a request is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// As it was sent, and unpacked, as the documents have it.
    Both,
    /// As it was sent. What is larger than 50 MiB unpacked is accepted and lost.
    Sent,
    /// Unpacked.
    Plain,
}

/// What makes a row bad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedRow {
    /// The column.
    pub column: String,
    /// Its value.
    pub value: String,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            page_size: 100,
            empty_last_link: false,
            operation_polls: 1,
            tables_at_once: false,
            other_case: false,
            columns_reversed: false,
            table_seconds: 0,
            role_seconds: 0,
            rule_seconds: 0,
            limit_bytes: 1_048_576,
            measure: Measure::Both,
            requests_per_minute: 12_000,
            refused: None,
            visible_seconds: 0,
            first_rows_seconds: 0,
            metrics_seconds: 0,
            result_rows: 500_000,
            result_bytes: 64_000_000,
            queries_per_30_seconds: 200,
            alert_list_seconds: 0,
            modified_before_resolved_millis: 1_500,
            alert_page_size: 50,
            short_alert_pages: true,
            last_alert_link: LastLink::Empty,
            alert_ids: IdScope::Resource,
            comment_key: CommentKey::Comments,
            time_range_of: TimeRangeOf::Start,
            alert_lists_per_minute: 100,
            alert_summaries_per_minute: 50,
            alert_others_per_minute: 1_000,
        }
    }
}
