//! The parameters of a Table or Aggregate API request.

use crate::servicenow::table::Display;

/// Parameters as they were sent, and those the product knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Reads the query part of a URL.
    pub(crate) fn parse(query: &str) -> Self {
        Self { pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// The value of a parameter, if it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter says `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// `sysparm_limit`; what is no number counts as the default of 10,000.
    pub(crate) fn limit(&self) -> usize {
        self.get("sysparm_limit").and_then(|text| text.parse().ok()).unwrap_or(10_000)
    }

    /// `sysparm_offset`; none if it is negative.
    pub(crate) fn offset(&self) -> Option<usize> {
        match self.get("sysparm_offset") {
            None => Some(0),
            Some(text) if text.starts_with('-') => None,
            Some(text) => Some(text.parse().unwrap_or(0)),
        }
    }

    /// `sysparm_display_value`.
    pub(crate) fn display(&self) -> Display {
        match self.get("sysparm_display_value") {
            Some("true") => Display::Shown,
            Some("all") => Display::Both,
            _ => Display::Raw,
        }
    }

    /// Parameters the product does not know, which it takes for filters on fields.
    pub(crate) fn bare(&self) -> impl Iterator<Item = (&str, &str)> {
        let bare = self.pairs.iter().filter(|(key, _)| !key.starts_with("sysparm_"));
        bare.map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
