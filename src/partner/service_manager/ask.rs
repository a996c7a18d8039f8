//! One request for rows, whatever the layout calls its parameters.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::bind::{Bound, Sent};
use super::names::Role;
use crate::net::encode::encode;
use crate::net::http::{Call, Method};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// How many rows.
    pub size: u64,
    /// How many rows to pass over. A layout of pages must be given a multiple of `size`.
    pub skip: u64,
    /// Changed at or after.
    pub since: Option<Timestamp>,
    /// Changed at or before.
    pub until: Option<Timestamp>,
}

impl Ask {
    /// The first page of everything.
    pub fn all(size: u64) -> Self {
        Self { size, skip: 0, since: None, until: None }
    }

    /// Whether only rows of some time are asked for.
    pub fn filters(&self) -> bool {
        self.since.is_some() || self.until.is_some()
    }

    /// The call for it; `first` is the number of the first page, `version` that of the interface where the web app told
    /// which ones it has.
    pub fn call(&self, bound: &Bound, first: u64, version: Option<&str>) -> Call {
        let (mut query, mut body) = (url::form_urlencoded::Serializer::new(String::new()), Map::new());
        let mut path = bound.path.clone();
        let mut version = version;
        for (role, sent) in &bound.sent {
            let newer = version.take_if(|_| *role == Role::ApiVersion).map(|version| json!(version));
            let Some(value) = newer.or_else(|| self.value(*role, sent, first)) else { continue };
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let in_path = format!("{{{}}}", sent.name);
            if sent.in_body {
                body.insert(sent.name.clone(), value);
            } else if path.contains(&in_path) {
                path = path.replace(&in_path, &encode(&text));
            } else {
                query.append_pair(&sent.name, &text);
            }
        }
        if let Some(version) = version {
            query.append_pair("api-version", version);
        }
        let query = query.finish();
        // A path of the mapping file may bring parameters that are always the same.
        let joint = match (query.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        let post = bound.verb == "post";
        let method = if post { Method::POST } else { Method::GET };
        let body = post.then(|| Zeroizing::new(Value::Object(body).to_string()));
        Call { body, ..Call::new(method, format!("{path}{joint}{query}")).of_rows() }
    }

    fn value(&self, role: Role, sent: &Sent, first: u64) -> Option<Value> {
        match role {
            Role::PageSize => Some(json!(self.size)),
            Role::Skip => Some(json!(self.skip)),
            Role::PageNumber => Some(json!(self.skip / self.size.max(1) + first)),
            Role::Since => self.since.map(moment),
            Role::Until => self.until.map(moment),
            Role::Kind | Role::ApiVersion => sent.value.clone().map(Value::String),
            Role::OrderedBy | Role::Whole | Role::Dictionary => None,
        }
    }
}

fn moment(at: Timestamp) -> Value {
    Value::String(at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}
