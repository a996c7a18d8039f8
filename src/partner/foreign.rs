//! Whether what answers at the server URL is the product at all. Looked at only after a first step of the live test has
//! failed: a product behind a gateway may lack every mark and still work.

use crate::model::check::{Status, Step};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::net::http::{Http, Reply, SMALL_LIMIT_BYTES};

/// How long a text of a server may become in a fault.
const TEXT_LIMIT: usize = 80;

/// How far into a page to look.
const LOOK_BYTES: usize = 64 << 10;

/// How a product is recognised without a sign-in.
pub struct Marks {
    /// The product's name.
    pub product: &'static str,
    /// Headers that only the product sends.
    pub headers: &'static [&'static str],
    /// Parts of the header `server`, `set-cookie`, `www-authenticate` or `x-powered-by`, in lower case.
    pub header_parts: &'static [&'static str],
    /// Parts of the body, in lower case.
    pub body: &'static [&'static str],
}

impl Marks {
    fn fit(&self, reply: &Reply) -> bool {
        let told = ["server", "set-cookie", "www-authenticate", "x-powered-by"];
        let values = reply.headers.iter().filter(|(name, _)| told.contains(&name.as_str()));
        let values: Vec<_> = values.filter_map(|(_, value)| value.to_str().ok()).map(str::to_ascii_lowercase).collect();
        let start = String::from_utf8_lossy(&reply.body[..reply.body.len().min(LOOK_BYTES)]).to_ascii_lowercase();
        self.headers.iter().any(|name| reply.headers.contains_key(*name))
            || self.header_parts.iter().any(|part| values.iter().any(|value| value.contains(part)))
            || self.body.iter().any(|part| start.contains(part))
    }
}

/// The step as it is, or with [`Fault::NotTheProduct`] if something else answers at `path`.
pub async fn judged(marks: &Marks, http: &Http, path: &str, step: Step) -> Step {
    if step.status != Status::Failed || !step.fault.as_ref().is_some_and(may_be_foreign) {
        return step;
    }
    let Ok(reply) = http.get(path, None, SMALL_LIMIT_BYTES).await else { return step };
    // A gateway that refuses or is overloaded proves nothing; a redirect is reported as such.
    let proves = !matches!(reply.status, 300..=399 | 401 | 403 | 407 | 429 | 500 | 502..=504);
    if !proves || marks.fit(&reply) {
        return step;
    }
    let fault = Fault::NotTheProduct {
        product: marks.product.to_owned(),
        host: reply.host.clone(),
        status: reply.status,
        content_type: reply.content_type(),
        server: reply.header("server").map(short).filter(|server| !server.is_empty()).map(Into::into),
        title: title(&reply.body).map(Into::into),
    };
    Step { fault: Some(fault), field: Some(FieldId::ServerUrl), finding: None, ..step }
}

/// Faults that something other than the product may bring about.
fn may_be_foreign(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::NotJson { .. }
            | Fault::Malformed { .. }
            | Fault::NotFound { .. }
            | Fault::NoSuchTable { .. }
            | Fault::NotBound { .. }
            | Fault::NotAuthenticated { .. }
            | Fault::LoginPage { location: None, .. }
            | Fault::PartnerError { .. }
            | Fault::PartnerRefused { .. }
            | Fault::Truncated { .. }
            | Fault::TooLarge { .. }
    )
}

/// A page's title, fit to show.
fn title(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(LOOK_BYTES)]).into_owned();
    let lower = text.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let from = tag + lower.get(tag..)?.find('>')? + 1;
    let to = from + lower.get(from..)?.find("</title")?;
    text.get(from..to).map(short).filter(|title| !title.is_empty())
}

fn short(text: &str) -> String {
    let text = clean(text.trim(), false);
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
