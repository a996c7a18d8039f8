//! What an API tells to one who comes without a token: where its tokens are given.
//!
//! `WWW-Authenticate: Bearer authorization_uri=https://login.microsoftonline.com/TENANT/oauth2/authorize,
//! resource_id=https://...`, with many small differences: quoted or not, a comma or a space between, `authorization`
//! for `authorization_uri`, `resource` or `client_id` for `resource_id`. What it names is not trusted:
//! [`Authority::allowed`] decides.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use super::authority::Authority;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::url::ServerUrl;

/// What the bearer challenges of a reply tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Whether there was a bearer challenge at all.
    pub bearer: bool,
    /// The authority's URL as it was told, tenant and path included.
    pub authorization_uri: Option<String>,
    /// For whom the token is to be.
    pub resource: Option<String>,
    /// Why a token was refused, such as `invalid_token` or `insufficient_claims`.
    pub error: Option<String>,
}

impl Challenge {
    /// Reads the challenges of a reply; other schemes are passed over.
    pub fn read(headers: &HeaderMap) -> Self {
        let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let mut challenge = Self::default();
        values.for_each(|value| challenge.take(value));
        challenge
    }

    fn take(&mut self, value: &str) {
        let mut bearer = false;
        for part in parts(value) {
            match part {
                Part::Scheme(scheme) => {
                    bearer = scheme.eq_ignore_ascii_case("bearer");
                    self.bearer |= bearer;
                }
                Part::Parameter(name, value) if bearer => self.set(&name, value),
                Part::Parameter(..) => {}
            }
        }
    }

    fn set(&mut self, name: &str, value: String) {
        let place = match name {
            "authorization_uri" | "authorization" => &mut self.authorization_uri,
            "resource_id" | "resource" | "client_id" => &mut self.resource,
            "error" => &mut self.error,
            _ => return,
        };
        if !value.is_empty() {
            place.get_or_insert(value);
        }
    }

    /// The tenant of the authority's URL, if it names one.
    pub fn tenant(&self) -> Option<String> {
        let url = url::Url::parse(self.authorization_uri.as_deref()?).ok()?;
        let first = url.path_segments()?.next()?.to_owned();
        let any = ["", "common", "organizations", "consumers", "oauth2"];
        (!any.contains(&first.to_ascii_lowercase().as_str())).then_some(first)
    }

    /// The authority, if one is named.
    ///
    /// # Errors
    /// [`Fault::Redirected`] for one that is not [allowed](Authority::allowed): it would get our secrets.
    pub fn authority(&self, product: &ServerUrl) -> Result<Option<Authority>, Fault> {
        let Some(url) = self.authorization_uri.as_deref() else { return Ok(None) };
        let away = || Fault::Redirected { host: product.host(), location: clean(url, false) };
        Authority::allowed(url, product).ok_or_else(away).map(Some)
    }
}

enum Part {
    Scheme(String),
    Parameter(String, String),
}

/// Schemes and parameters in their order. Commas and spaces only separate.
fn parts(value: &str) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), value);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        if rest.is_empty() {
            return parts;
        }
        let (name, after) = rest.split_at(end);
        let Some(given) = after.trim_start().strip_prefix('=') else {
            parts.push(Part::Scheme(name.to_owned()));
            rest = after;
            continue;
        };
        let (text, left) = value_of(given.trim_start());
        parts.push(Part::Parameter(name.to_ascii_lowercase(), text));
        rest = left;
    }
}

/// A value, quoted or not, and what comes after it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let (mut out, mut escaped) = (String::new(), false);
    for (place, c) in quoted.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return (out, &quoted[place + 1..]),
            _ => {
                escaped = false;
                out.push(c);
            }
        }
    }
    (out, "")
}
