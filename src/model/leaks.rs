//! Whether a text that came from outside repeats a secret, however it was written on its way.

use super::secret::Secret;

/// Whether a text holds the secret as it is, or as addresses, forms, HTML or JSON write it.
pub fn leaks(text: &str, secret: &Secret) -> bool {
    let held = |text: &str| text.contains(secret.expose());
    if secret.is_empty() || held(text) {
        return !secret.is_empty();
    }
    let forms = [percent(text), percent(&text.replace('+', " ")), markup(text), escapes(text), escapes(&markup(text))];
    forms.iter().any(|form| held(form)) || held(&markup(&percent(text)))
}

/// Without percent-encoding.
fn percent(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let two = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = two.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const NAMED: [(&str, char); 6] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' ')];
/// No entity is longer.
const LONGEST_ENTITY: usize = 10;

/// Without the entities of HTML.
fn markup(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(place) = rest.find('&') {
        let (before, from) = rest.split_at(place);
        out.push_str(before);
        let end = from.find(';').filter(|end| *end <= LONGEST_ENTITY);
        match end.and_then(|end| Some((entity(from.get(1..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &from[end + 1..];
            }
            None => {
                out.push('&');
                rest = &from[1..];
            }
        }
    }
    out + rest
}

/// The character that an entity at the beginning of the text stands for, and the length of the entity in bytes.
pub(super) fn entity_at(text: &str) -> Option<(char, usize)> {
    let end = text.find(';').filter(|end| *end <= LONGEST_ENTITY)?;
    entity(text.get(1..end)?).map(|c| (c, end + 1))
}

fn entity(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

/// Without the escapes of JSON and of debug outputs.
fn escapes(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.chars());
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let ahead = rest.as_str();
        let unicode = ahead.strip_prefix('u').and_then(|digits| digits.get(..4));
        match unicode.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?)) {
            Some(c) => {
                out.push(c);
                rest = ahead[5..].chars();
            }
            None => out.extend(rest.next()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("secret s3cr&t<x> %41'q\\é taken")]
    #[case("s3cr%26t%3Cx%3E%20%2541%27q%5C%C3%A9")]
    #[case("s3cr%26t%3cx%3e+%2541%27q%5c%c3%a9")]
    #[case("a &amp; b s3cr&amp;t&lt;x&gt; %41&#39;q\\&#xE9;")]
    #[case(r"s3cr&t<x> %41'q\\é")]
    #[case(r"s3cr&t\u003cx\u003e %41'q\\\u00e9")]
    #[case(r"s3cr&amp;t&lt;x&gt; %41'q\\é")]
    fn a_secret_is_known_in_any_writing(#[case] text: &str) {
        assert!(leaks(text, &Secret::new("s3cr&t<x> %41'q\\é")));
    }

    #[rstest]
    #[case("", "x")]
    #[case("AADSTS7000215: Invalid client secret", "hunter2")]
    #[case("100% & \\ &; &#; &#x; %zz %", "hunter2")]
    #[case("anything", "")]
    fn other_texts_are_no_echo(#[case] text: &str, #[case] secret: &str) {
        assert!(!leaks(text, &Secret::new(secret)));
    }
}
