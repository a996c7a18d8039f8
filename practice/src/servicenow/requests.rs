//! What has been asked of the instance.

use serde::Serialize;

/// One request, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// `GET` and so on.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it was sent; the value of `token` is cut out.
    pub query: String,
    /// The user whose access token it carried, if that was good.
    pub user: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// Whether it carried a cookie.
    pub cookie: bool,
}

impl RequestRecord {
    /// The table that was asked, if it was one.
    pub fn table(&self) -> Option<&str> {
        let (_, rest) = self.path.split_once("/table/").or_else(|| self.path.split_once("/stats/"))?;
        rest.split('/').next()
    }
}

/// A query without what must not be kept.
pub(crate) fn redact(query: &str) -> String {
    let secret = ["token=", "password=", "client_secret=", "refresh_token="];
    let keep = |part: &str| match secret.iter().find(|name| part.starts_with(**name)) {
        Some(name) => format!("{name}[cut]"),
        None => part.to_owned(),
    };
    query.split('&').map(keep).collect::<Vec<_>>().join("&")
}
