//! A reply, read completely but never beyond its limit.

use std::borrow::Cow;
use std::sync::Arc;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION};

use jiff::Timestamp;

use super::body::Body;
use super::long_text::{self, LongTexts};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::secret::Secret;
use crate::net::room::{Held, Room, SMALL_BYTES};

/// The byte order mark that .NET writes before a text in UTF-8; JSON does not permit it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Parts of an address to which one is sent to sign in.
const SIGN_INS: [&str; 5] = ["login", "saml", "sso", "auth", "adfs"];

/// Parts of a page on which one signs in: any product's, and Microsoft's own.
const SIGN_IN_PAGES: [&str; 4] = ["type=\"password\"", "samlrequest", "sign in to your account", "name=\"loginfmt\""];

/// How far into a page to look.
const LOOK_BYTES: usize = 64 << 10;

/// The longest wait that is told on.
const LONGEST_WAIT_SECONDS: u64 = 366 * 86_400;

/// A complete reply. Its body may contain secrets, so it has no `Debug`.
pub struct Reply {
    /// The host it came from.
    pub host: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Body,
    /// How many bytes of it came, unpacked: more than are in `body` where long texts were cut.
    pub came: u64,
    /// The room that its body takes.
    pub room: Option<Held>,
}

impl Reply {
    /// A header as text, if it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header that holds a whole number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    /// The content type without its parameters, in lower case; empty if there is none.
    pub fn content_type(&self) -> String {
        let whole = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        clean(whole.split(';').next().unwrap_or_default().trim(), false).to_ascii_lowercase()
    }

    /// Whether the content type is JSON; ASP.NET also uses an older name.
    pub fn is_json(&self) -> bool {
        let kind = self.content_type();
        matches!(kind.as_str(), "application/json" | "text/json")
            || (kind.starts_with("application/") && kind.ends_with("+json"))
    }

    /// The fault of a successful reply whose body (passed separately) is missing or ends in the middle of its JSON.
    pub fn cut_short(&self, body: &[u8]) -> Option<Fault> {
        let is_cut = || match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
            Err(error) => error.is_eof(),
            Ok(_) => false,
        };
        let is_blank = body.iter().all(u8::is_ascii_whitespace);
        (self.status == 200 && (is_blank || (self.is_json() && is_cut())))
            .then(|| Fault::ConnectionLost { host: self.host.clone(), detail: "the reply was cut off".to_owned() })
    }

    /// Takes a secret out of the body.
    pub fn hide(&mut self, secret: &Secret) {
        let wanted = secret.expose().as_bytes();
        let (mut kept, mut rest) = (Vec::new(), &*self.body);
        while let Some((first, after)) = rest.split_first() {
            match rest.strip_prefix(wanted).filter(|_| !wanted.is_empty()) {
                Some(behind) => rest = behind,
                None => {
                    kept.push(*first);
                    rest = after;
                }
            }
        }
        self.body = kept.into();
    }

    /// Removes every secret that this process knows from body and headers.
    pub fn hide_known(&mut self) {
        if let Cow::Owned(cleaned) = redactor::redact(&self.body) {
            self.body = cleaned.into();
        }
        for value in self.headers.values_mut() {
            if let Cow::Owned(cleaned) = redactor::redact(value.as_bytes()) {
                *value = HeaderValue::from_bytes(&cleaned).unwrap_or_else(|_| HeaderValue::from_static("[secret]"));
            }
        }
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<String> {
        let redirect = (300..400).contains(&self.status);
        redirect.then(|| clean(self.header(LOCATION.as_str()).unwrap_or_default(), false))
    }

    /// The fault of a redirect, which is not followed. What is behind the path may hold a token.
    pub fn redirected(&self) -> Option<Fault> {
        let whole = self.location()?;
        let (host, location) = (self.host.clone(), whole.split(['?', '#']).next().unwrap_or_default().to_owned());
        let lower = whole.to_ascii_lowercase();
        Some(match SIGN_INS.iter().any(|mark| lower.contains(mark)) {
            true => Fault::LoginPage { host, location: Some(location) },
            false => Fault::Redirected { host, location },
        })
    }

    /// Whether this is a page that asks for a sign-in, which gateways send with a good status.
    pub fn asks_for_sign_in(&self) -> bool {
        let page = String::from_utf8_lossy(&self.body[..self.body.len().min(LOOK_BYTES)]).to_ascii_lowercase();
        !self.is_json() && SIGN_IN_PAGES.iter().any(|mark| page.contains(mark))
    }

    /// When the server says that it answered.
    pub fn date(&self) -> Option<Timestamp> {
        date(&self.headers)
    }

    /// How long to wait before another try, in seconds: `Retry-After` in either of its forms. A wait that is over, by its date or
    /// because it is negative, is none (0); a part of a second is one. Never more than a year, so that whoever reckons with it cannot
    /// overflow. `None` where it says nothing that could be understood.
    pub fn retry_after(&self, now: Timestamp) -> Option<u64> {
        let text = self.header("retry-after")?.trim();
        let seconds = match seconds(text) {
            Some(seconds) => seconds,
            None => u64::try_from(parse_date(text)?.duration_since(now).as_secs()).unwrap_or(0),
        };
        Some(seconds.min(LONGEST_WAIT_SECONDS))
    }
}

/// When the server says that it answered.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    parse_date(headers.get(DATE)?.to_str().ok()?)
}

/// A number of seconds as servers write it, decimals and a sign included.
fn seconds(text: &str) -> Option<u64> {
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    // The cast ends at either end of the range.
    text.parse::<f64>().ok().filter(|_| is_number).map(|seconds| seconds.ceil() as u64)
}

/// A moment as HTTP writes it, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn parse_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// How much of a body is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// So many bytes are kept.
    kept: u64,
    /// So many are read.
    read: u64,
    /// Whether long texts are cut.
    cuts: bool,
}

impl Most {
    /// The body as it comes.
    pub(super) fn whole(limit: u64) -> Self {
        Self { kept: limit, read: limit, cuts: false }
    }

    /// A body with rows, whose long texts are cut.
    pub(super) fn of_rows(limit: u64) -> Self {
        Self { kept: limit, read: limit.max(long_text::READ_LIMIT_BYTES), cuts: true }
    }
}

/// Reads the body piece by piece and stops where it is too large.
pub(super) async fn read(
    mut response: Response,
    host: String,
    (most, room): (Most, &Arc<Room>),
    explain: impl Fn(reqwest::Error) -> Fault,
) -> Result<Reply, Fault> {
    let too_large = || Fault::TooLarge { what: host.clone(), limit_bytes: most.kept };
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let announced = response.content_length().unwrap_or(0);
    if announced > most.read {
        return Err(too_large());
    }
    let mut texts = LongTexts::default();
    texts.kept.reserve(usize::try_from(announced.min(most.kept)).unwrap_or(0));
    let (mut came, mut held) = (0, None);
    while let Some(piece) = response.chunk().await.map_err(&explain)? {
        came += piece.len() as u64;
        if most.cuts {
            texts.take(&piece);
        } else if came <= most.kept {
            texts.kept.extend_from_slice(&piece);
        }
        if came > most.read || texts.kept.len() as u64 > most.kept {
            return Err(too_large());
        }
        let kept = texts.kept.len() as u64;
        if kept > SMALL_BYTES {
            held.get_or_insert_with(|| room.hold()).grow(kept).await;
        }
    }
    let mut body = texts.kept;
    if body.starts_with(BYTE_ORDER_MARK) {
        body.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(Reply { host, status, headers, body: body.into(), came, room: held })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn reply(name: &'static str, value: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Reply { host: "h".into(), status: 200, headers, body: vec![].into(), came: 0, room: None }
    }

    #[rstest]
    #[case("application/json;charset=UTF-8", true)]
    #[case("Application/JSON", true)]
    #[case("application/problem+json", true)]
    #[case("text/json; charset=utf-8", true)]
    #[case("text/html", false)]
    #[case("text/json-like", false)]
    #[case("", false)]
    fn json_says_so(#[case] content_type: &str, #[case] json: bool) {
        assert_eq!(reply("content-type", content_type).is_json(), json);
    }

    #[rstest]
    #[case(
        "https://login.microsoftonline.com/t/oauth2?state=s3cret",
        true,
        "https://login.microsoftonline.com/t/oauth2"
    )]
    #[case("https://idp.example/x?SAMLRequest=s3cret", true, "https://idp.example/x")]
    #[case("https://other.example/api#s3cret", false, "https://other.example/api")]
    fn a_redirect_is_told_without_what_may_be_a_token(#[case] to: &str, #[case] sign_in: bool, #[case] told: &str) {
        let (host, told) = ("h".to_owned(), told.to_owned());
        let wanted = match sign_in {
            true => Fault::LoginPage { host, location: Some(told) },
            false => Fault::Redirected { host, location: told },
        };
        assert_eq!(Reply { status: 302, ..reply("location", to) }.redirected(), Some(wanted));
        assert_eq!(reply("location", to).redirected(), None);
    }

    #[rstest]
    #[case("17", Some(17))]
    #[case(" 3600 ", Some(3600))]
    #[case("Sun, 22 Nov 2026 10:00:30 GMT", Some(30))]
    #[case("Sun, 22 Nov 2026 09:00:00 GMT", Some(0))]
    #[case("18446744073709551615", Some(31_622_400))]
    #[case("99999999999999999999999", Some(31_622_400))]
    #[case("Mon, 22 Nov 9999 10:00:00 GMT", Some(31_622_400))]
    #[case("-5", Some(0))]
    #[case("-99999999999999999999999", Some(0))]
    #[case("0", Some(0))]
    #[case("1.5", Some(2))]
    #[case("-0.5", Some(0))]
    #[case("NaN", None)]
    #[case("inf", None)]
    #[case("1e3", None)]
    #[case("--5", None)]
    #[case("", None)]
    #[case("soon", None)]
    fn retry_after_has_two_forms(#[case] text: &str, #[case] seconds: Option<u64>) {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        assert_eq!(reply("retry-after", text).retry_after(now), seconds);
    }
}
