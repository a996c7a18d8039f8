//! What the description of a web app leaves open, and each may do in its own way.

use serde::{Deserialize, Serialize};

/// How a web app writes and counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manners {
    /// How moments are written.
    pub dates: Dates,
    /// How a page without rows is written.
    pub empty: Empty,
    /// What the total of an envelope counts.
    pub total: Total,
    /// Every other row of a page is left out, though the total counts it.
    pub half_pages: bool,
    /// The first page has the number 0.
    pub pages_from_zero: bool,
    /// A page of more rows is refused.
    pub refuses_above: Option<usize>,
    /// Neither description nor routes have a way to write.
    pub no_writing: bool,
    /// Incidents can be made, but not changed.
    pub no_updates: bool,
    /// The search takes no text.
    pub no_text_search: bool,
    /// It has routes that find and make computers.
    pub computers: Computers,
    /// Properties without which a new incident is a .NET exception, besides the title.
    pub required: Vec<String>,
    /// Properties that are left out at writes without a word.
    pub dropped: Vec<String>,
    /// What the header `api-supported-versions` lists beside a refused version.
    pub supported_versions: Option<String>,
}

/// Which routes for computers there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Computers {
    /// None.
    #[default]
    None,
    /// One that makes them; none finds them.
    Made,
    /// `GET /api/Computers?name=` and `POST /api/Computers`.
    FoundAndMade,
}

/// How moments are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dates {
    /// `2026-11-20T10:00:00.000Z`
    #[default]
    Utc,
    /// `2026-11-20T12:00:00.000+02:00`
    Offset,
    /// `2026-11-20T10:00:00.000`, in UTC.
    Bare,
    /// `/Date(1763632800000)/`
    Millis,
}

/// How a page without rows is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    /// As an empty list.
    #[default]
    List,
    /// As `null`.
    Null,
    /// As 204 without a body.
    NoContent,
}

/// What a total counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Total {
    /// The rows that match.
    #[default]
    Matching,
    /// All rows, whatever is asked for.
    All,
    /// 700, whatever there is.
    Invented,
}
