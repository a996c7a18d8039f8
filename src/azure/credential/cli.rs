//! Tokens of the Azure CLI: `az account get-access-token`.
//!
//! Its `expiresOn` is local time without a zone, so it names two moments in the hour that summer time gives back;
//! `expires_on` (seconds since 1970) came with version 2.54.0
//! (<https://github.com/Azure/azure-cli/issues/19700>).

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use azure_identity::Executor;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::AccessToken;
use crate::azure::claims::Claims;
use crate::azure::command::Runner;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::secret::Secret;

/// How long the Azure CLI may take: it is slow to start, and may itself sign in.
const LIMIT: Duration = Duration::from_secs(45);

/// The CLI gets a new token for itself where the old one has less than this left.
const LEAST_LEFT: SignedDuration = SignedDuration::from_mins(5);

/// How much of what it says goes into a fault.
const TEXT_LIMIT: usize = 300;

const WAY: &str = "Azure CLI";

#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "accessToken")]
    token: Secreted,
    #[serde(default)]
    expires_on: Option<i64>,
    #[serde(default, rename = "expiresOn")]
    local: Option<String>,
}

struct Secreted(Secret);

impl<'de> Deserialize<'de> for Secreted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

/// A token of whoever is signed in to the CLI.
///
/// # Errors
/// [`Fault::AzureSignInFailed`] with what the CLI said.
pub(super) async fn token(scope: &str, tenant: &str, path: Option<&OsString>) -> Result<AccessToken, Fault> {
    let mut args = vec!["account", "get-access-token", "--output", "json", "--scope", scope];
    if !tenant.is_empty() {
        args.extend(["--tenant", tenant]);
    }
    let output = run(&args, path).await?;
    let stdout = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(&said(&output.stderr)));
    }
    let printed: Printed = serde_json::from_slice(&stdout).map_err(|_| failed("az printed no access token"))?;
    let token = printed.token.0;
    redactor::remember(&token);
    let told = Claims::of(&token).expires();
    let zone = TimeZone::system();
    let expires = expiry(printed.expires_on, printed.local.as_deref(), told, &zone, Timestamp::now());
    let expires = expires.ok_or_else(|| failed("az printed no time at which the token ends"))?;
    Ok(AccessToken { token, expires })
}

/// When a token ends, by what the CLI printed and by what the token tells of itself.
fn expiry(
    seconds: Option<i64>,
    local: Option<&str>,
    told: Option<Timestamp>,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Timestamp> {
    if let Some(at) = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        return Some(at);
    }
    let civil = DateTime::strptime("%Y-%m-%d %H:%M:%S%.f", local?.trim()).ok()?;
    let both = zone.to_ambiguous_timestamp(civil);
    let (earlier, later) = (both.earlier().ok()?, both.later().ok()?);
    let near = |one: Timestamp, told: Timestamp| one.duration_since(told).abs() < SignedDuration::from_mins(2);
    match told {
        Some(told) if near(earlier, told) => Some(earlier),
        Some(told) if near(later, told) => Some(later),
        // The CLI never hands out a token that is about to end, so then it is the later one.
        _ if earlier < now.saturating_add(LEAST_LEFT).unwrap_or(now) => Some(later),
        _ => Some(earlier),
    }
}

async fn run(args: &[&str], path: Option<&OsString>) -> Result<std::process::Output, Fault> {
    let runner = Runner { path: path.cloned() };
    let args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    let running = runner.run(OsStr::new(program()), &args);
    let late = |_| failed(&format!("no answer in {} s", LIMIT.as_secs()));
    let output = tokio::time::timeout(LIMIT, running).await.map_err(late)?;
    output.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => failed("az not found on PATH"),
        _ => failed(&error.to_string()),
    })
}

/// The CLI is a script on Windows.
fn program() -> &'static str {
    if cfg!(windows) { "az.cmd" } else { "az" }
}

fn said(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let line = redactor::redact_text(&clean(line, false)).into_owned();
    line.chars().take(TEXT_LIMIT).collect()
}

fn failed(detail: &str) -> Fault {
    Fault::AzureSignInFailed { way: WAY.to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    // Summer time ends in New York on 1 November 2026 at 06:00 UTC.
    #[rstest]
    #[case::seconds(Some("2026-11-01T06:30:00Z"), None, "2026-11-01T05:40:00Z", "2026-11-01T06:30:00Z")]
    #[case::by_the_token(None, Some("2026-11-01T06:30:00Z"), "2026-11-01T05:00:00Z", "2026-11-01T06:30:00Z")]
    #[case::first_of_two(None, None, "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z")]
    #[case::second_of_two(None, None, "2026-11-01T05:40:00Z", "2026-11-01T06:30:00Z")]
    fn s12_the_end_of_a_token_in_the_doubled_hour(
        #[case] seconds: Option<&str>,
        #[case] told: Option<&str>,
        #[case] now: &str,
        #[case] expected: &str,
    ) {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let seconds = seconds.map(|text| at(text).as_second());
        let found = expiry(seconds, Some("2026-11-01 01:30:00.000000"), told.map(at), &zone, at(now));
        assert_eq!(found, Some(at(expected)));
    }

    #[test]
    fn s12_local_time_is_read_in_the_machines_zone() {
        let zone = TimeZone::posix("NZST-12NZDT,M9.5.0,M4.1.0/3").unwrap();
        let found = expiry(None, Some("2026-07-01 12:00:00.123456"), None, &zone, at("2026-06-30T23:00:00Z"));
        assert_eq!(found, Some(at("2026-07-01T00:00:00.123456Z")));
        assert_eq!(expiry(None, Some("soon"), None, &zone, at("2026-06-30T23:00:00Z")), None);
        assert_eq!(expiry(None, None, None, &zone, at("2026-06-30T23:00:00Z")), None);
    }
}
