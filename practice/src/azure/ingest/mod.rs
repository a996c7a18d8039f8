//! The Logs Ingestion API. 204 means accepted, not stored.

mod intake;
mod plan;
mod read;

use std::io::Read;

use axum::response::Response;
use flate2::read::MultiGzDecoder;

use super::faults::{FaultKind, FaultSpec};
use super::http::reply::{error, noted, token, too_large};
use super::http::{Asked, caller};
use super::manners::{Manners, Measure};
use super::record::Role;
use super::state::Control;
use crate::core::faults::{find, has};
use crate::core::reply::{empty, with};
use crate::entra::Bearer;

pub(super) use plan::{convert, is_guid, transformed};

/// What the gateway lets through if it measures what was sent, and loses later.
const UNPACKED_LIMIT: usize = 50 * 1_048_576;

const VERSIONS: [&str; 2] = ["2021-11-01-preview", "2023-01-01"];

/// The rule and the stream of a request.
struct Target<'a> {
    immutable_id: &'a str,
    stream: String,
}

/// The answer to rows that are sent.
pub(super) fn answer(azure: &Control, asked: &Asked, faults: &[FaultSpec]) -> Response {
    let who = match caller(azure, &asked.parts.headers, Role::Ingestion) {
        Ok(who) => who,
        Err(problem) => return token(azure, Role::Ingestion, &problem),
    };
    let object_id = who.object_id.clone();
    let response = checked(azure, asked, faults, &who).unwrap_or_else(|refusal| *refusal);
    noted(response, |note| note.caller = Some(object_id))
}

/// What comes of a request; a refusal ends it.
type Taken = Result<Response, Box<Response>>;

fn refuse<T>(status: u16, code: &str, message: &str) -> Result<T, Box<Response>> {
    Err(Box::new(error(Role::Ingestion, status, code, message)))
}

fn checked(azure: &Control, asked: &Asked, faults: &[FaultSpec], who: &Bearer) -> Taken {
    let parts: Vec<&str> = asked.path().split('/').skip(1).collect();
    let ["dataCollectionRules", immutable_id, "streams", stream] = parts[..] else {
        return Err(Box::new(empty(404)));
    };
    if asked.parts.method != axum::http::Method::POST {
        return Err(Box::new(with(empty(405), "allow", "POST")));
    }
    if !asked.parameter("api-version").is_some_and(|version| VERSIONS.contains(&version.as_str())) {
        return refuse(400, "InvalidApiVersion", "The api-version query parameter is missing or not supported.");
    }
    let stream = percent_decoded(stream);
    let target = Target { immutable_id, stream };
    let response = gate(azure, asked, faults, who, &target);
    let status = response.as_ref().map_or_else(|refused| refused.status(), Response::status).as_u16();
    azure.0.inner().count_call(target.immutable_id, &target.stream, status, asked.body.len());
    response
}

/// What the gateway refuses before anybody looks at the rows.
fn gate(azure: &Control, asked: &Asked, faults: &[FaultSpec], who: &Bearer, target: &Target<'_>) -> Taken {
    let manners = azure.0.inner().manners.clone();
    let id = target.immutable_id;
    if has(faults, FaultKind::NotFound) || azure.0.inner().rule_of(id).is_none() {
        let message = format!("Data collection rule with immutable Id '{id}' not found.");
        return refuse(404, "NotFound", &message);
    }
    if has(faults, FaultKind::Forbidden) || !azure.0.inner().may_send_to(&who.object_id, id) {
        return refuse(403, "OperationFailed", &azure.0.inner().no_access(who, id));
    }
    if azure.0.inner().calls_of(id) >= u64::from(manners.requests_per_minute) {
        let told = error(Role::Ingestion, 429, "TooManyRequests", "The rule takes no more requests in this minute.");
        let left = 60 - azure.0.base.clock.now().rem_euclid(60);
        return Err(Box::new(with(told, "retry-after", &left.to_string())));
    }
    if !asked.header("content-type").to_ascii_lowercase().starts_with("application/json") {
        return refuse(415, "UnsupportedMediaType", "The content type must be 'application/json'.");
    }
    let plain = unpacked(asked, &manners)?;
    if has(faults, FaultKind::InvalidStream) || !azure.0.inner().has_stream(id, &target.stream) {
        let message = format!(
            "The stream {} was not configured in the data collection rule with immutable Id '{id}'.",
            target.stream
        );
        return refuse(400, "InvalidStream", &message);
    }
    let lost = find(faults, FaultKind::LostRows).map(|fault| usize::try_from(fault.limit).unwrap_or(usize::MAX));
    let client_request_id = asked.header("x-ms-client-request-id").to_owned();
    intake::take(azure, target, &plain, &client_request_id, &manners, lost)
}

/// The body unpacked, if it is not too large.
fn unpacked(asked: &Asked, manners: &Manners) -> Result<Vec<u8>, Box<Response>> {
    let (sent, most) = (asked.body.len(), manners.limit_bytes);
    if manners.measure != Measure::Plain && sent > most {
        return Err(Box::new(too_large(most, sent)));
    }
    let plain = match asked.header("content-encoding").to_ascii_lowercase().as_str() {
        "" | "identity" => asked.body.to_vec(),
        "gzip" => {
            let limit = if manners.measure == Measure::Sent { UNPACKED_LIMIT } else { most };
            let mut plain = Vec::new();
            let read = MultiGzDecoder::new(&asked.body[..]).take(limit as u64 + 1).read_to_end(&mut plain);
            if read.is_err() {
                let message = "The content is not what its encoding says.";
                return refuse(400, "InvalidContentEncoding", message);
            }
            plain
        }
        other => {
            let message = format!("The content encoding '{other}' is not supported.");
            return refuse(415, "UnsupportedContentEncoding", &message);
        }
    };
    if manners.measure != Measure::Sent && plain.len() > most {
        return Err(Box::new(too_large(most, plain.len())));
    }
    Ok(plain)
}

fn percent_decoded(text: &str) -> String {
    let query = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}
