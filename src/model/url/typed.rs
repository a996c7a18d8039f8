//! Reads an address as someone typed or pasted it, strictly: what a URL parser would silently repair is refused here
//! with a suggestion, since a repaired host may be someone else's.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::Url;

use crate::model::blank::is_blank;
use crate::model::field::FieldProblem;

/// Schemes that are no typing error of `https`.
const FOREIGN: [&str; 14] =
    ["ftp", "ftps", "sftp", "file", "ssh", "ws", "wss", "mailto", "ldap", "ldaps", "data", "tel", "git", "javascript"];

/// Where the part of an address that names a server ends.
const AFTER_HOST: [char; 3] = ['/', '?', '#'];

/// The URL that was typed. `suffix` completes a bare instance name.
///
/// # Errors
/// What is wrong with it, with the likely correction where there is one.
pub fn read(typed: &str, suffix: Option<&str>) -> Result<Url, FieldProblem> {
    let typed = typed.trim_matches(is_blank);
    if typed.is_empty() {
        return Err(FieldProblem::Missing);
    }
    strict(typed, suffix).map_err(|wrong| match wrong {
        Wrong::Other(problem) => problem,
        Wrong::Mistyped => likely(typed, suffix),
    })
}

/// Why an address is not taken as it stands.
enum Wrong {
    Mistyped,
    Other(FieldProblem),
}

fn strict(typed: &str, suffix: Option<&str>) -> Result<Url, Wrong> {
    if typed.chars().any(|c| is_blank(c) || c == '\\') {
        return Err(if holds_two(typed) { Wrong::Other(FieldProblem::TwoUrls) } else { Wrong::Mistyped });
    }
    let (scheme, rest) = scheme(typed);
    let (authority, after) = rest.split_at(rest.find(AFTER_HOST).unwrap_or(rest.len()));
    let path = after.split(['?', '#']).next().unwrap_or_default();
    if scheme.is_none() && path.starts_with("//") && is_like_scheme(authority.trim_end_matches(NEAR_SCHEME), 2) {
        return Err(Wrong::Mistyped);
    }
    if glued(authority) || path.contains("://") {
        return Err(Wrong::Other(FieldProblem::TwoUrls));
    }
    if let Some((user, _)) = authority.rsplit_once('@') {
        let email = scheme.is_none() && (!user.contains(':') || user.to_ascii_lowercase().starts_with("mailto:"));
        return Err(Wrong::Other(if email { FieldProblem::EmailAddress } else { FieldProblem::SecretInUrl }));
    }
    let (host, port) = host_and_port(authority).ok_or(Wrong::Mistyped)?;
    if is_like_scheme(host, 1) || host.rsplit('.').next().is_some_and(|last| matches!(last, "http" | "https")) {
        return Err(Wrong::Mistyped);
    }
    let bare = scheme.is_none() && port.is_none() && !host.contains(['.', '[']) && host != "localhost";
    let suffix = suffix.filter(|_| bare).unwrap_or_default();
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let url =
        Url::parse(&format!("{}://{host}{suffix}{port}", scheme.unwrap_or("https"))).map_err(|_| Wrong::Mistyped)?;
    if is_same(url.host_str().unwrap_or_default(), &format!("{host}{suffix}")) { Ok(url) } else { Err(Wrong::Mistyped) }
}

/// The scheme if it is one of the two that are meant, and what follows it.
fn scheme(typed: &str) -> (Option<&'static str>, &str) {
    let after = |scheme: &'static str| {
        let (start, rest) = typed.split_at_checked(scheme.len())?;
        let rest = rest.strip_prefix("://")?;
        start.eq_ignore_ascii_case(scheme).then_some((Some(scheme), rest))
    };
    after("https").or_else(|| after("http")).unwrap_or((None, typed))
}

/// Whether a second address follows the host without anything between the two.
fn glued(authority: &str) -> bool {
    let lower = authority.to_ascii_lowercase();
    ["http:", "https:"].iter().any(|scheme| lower.strip_suffix(scheme).is_some_and(|host| !host.is_empty()))
}

/// Whether there are two or more whole addresses, parted by blanks, commas, semicolons or bars.
fn holds_two(typed: &str) -> bool {
    let pieces = typed.split(|c: char| is_blank(c) || matches!(c, ',' | ';' | '|'));
    let whole = |piece: &&str| {
        let (scheme, rest) = scheme(piece);
        let host = rest.split(AFTER_HOST).next().unwrap_or_default();
        let labels: Vec<_> = host.split('.').collect();
        labels.iter().all(|label| !label.is_empty()) && (scheme.is_some() || labels.len() > 1)
    };
    pieces.filter(whole).count() > 1
}

/// Host and port, if both are written as such.
fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        address.parse::<Ipv6Addr>().ok()?;
        let port = if port.is_empty() { None } else { Some(read_port(port.strip_prefix(':')?)?) };
        return Some((&authority[..address.len() + 2], port));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(read_port(port)?)),
        None => (authority, None),
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    is_host(host).then_some((host, port))
}

fn read_port(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten().filter(|port| *port > 0)
}

/// Names of letters, digits, `-` and `_`; a number is an address only in its usual form.
fn is_host(host: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let named = host.split('.').all(|label| !label.is_empty() && label.chars().all(fits));
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = host.contains('.') && (last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x"));
    named && (!number || host.parse::<Ipv4Addr>().is_ok())
}

/// Whether the parser took the host for what was typed: a letter outside of ASCII may become `xn--`, nothing else.
fn is_same(parsed: &str, typed: &str) -> bool {
    if typed.starts_with('[') {
        return true;
    }
    let (parsed, typed): (Vec<_>, Vec<_>) = (parsed.split('.').collect(), typed.split('.').collect());
    let same = |(parsed, typed): (&&str, &&str)| match typed.is_ascii() {
        true => parsed.eq_ignore_ascii_case(typed),
        false => parsed.starts_with("xn--"),
    };
    parsed.len() == typed.len() && parsed.iter().zip(&typed).all(same)
}

/// What stands between a scheme and a host, in whatever mistyped form.
const NEAR_SCHEME: [char; 6] = [':', ';', ',', '.', '/', '|'];

/// What a mistyped address was likely meant to be, as a problem.
fn likely(typed: &str, suffix: Option<&str>) -> FieldProblem {
    if holds_two(typed) {
        return FieldProblem::TwoUrls;
    }
    let solid: String = typed.chars().filter(|c| !is_blank(*c)).map(|c| if c == '\\' { '/' } else { c }).collect();
    let mut rest = solid.trim_start_matches(NEAR_SCHEME);
    while let Some(after) = without_scheme(rest) {
        rest = after;
    }
    let (host, after) = rest.split_at(rest.find(AFTER_HOST).unwrap_or(rest.len()));
    let host: String =
        host.chars().map(|c| if matches!(c, ',' | '，' | '、' | '。' | '．') { '.' } else { c }).collect();
    let labels: Vec<_> = host.trim_end_matches(':').split('.').filter(|label| !label.is_empty()).collect();
    let host = labels.join(".");
    // Another scheme, or nothing but a port.
    if after.starts_with("//") || host.bytes().all(|byte| byte.is_ascii_digit()) {
        return FieldProblem::NotAUrl;
    }
    let repaired = strict(&format!("{host}{after}"), suffix).or_else(|_| strict(&host, suffix));
    let meant = repaired.ok().and_then(|url| {
        let practice = super::is_loopback(&url);
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}://{}{port}", if practice { "http" } else { "https" }, url.host_str()?))
    });
    meant.map_or(FieldProblem::NotAUrl, |likely| FieldProblem::UrlTypo { likely })
}

/// What follows a mistyped scheme, if the text begins with one.
fn without_scheme(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).filter(|end| *end > 0)?;
    let (word, rest) = text.split_at(end);
    let after = rest.trim_start_matches(NEAR_SCHEME);
    let between = &rest[..rest.len() - after.len()];
    let distance = if between.len() > 1 { 2 } else { 1 };
    let parts = between.contains([':', ';', '/', '|']) && is_like_scheme(word, distance);
    parts.then_some(after)
}

/// Whether a word is `http` or `https` but for so many typing errors.
fn is_like_scheme(word: &str, errors: usize) -> bool {
    let word = word.to_ascii_lowercase();
    let masked = matches!(word.as_str(), "hxxp" | "hxxps");
    let near = ["http", "https"].iter().any(|scheme| distance(&word, scheme) <= errors);
    !FOREIGN.contains(&word.as_str())
        && (masked || near || (errors > 1 && !word.is_empty() && "https".starts_with(&word)))
}

/// How many letters have to be put in, taken out, changed or swapped with the next to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                let swapped = if swapped { table[i - 2][j - 2] + 1 } else { usize::MAX };
                changed.min(swapped).min(table[i - 1][j] + 1).min(table[i][j - 1] + 1)
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
