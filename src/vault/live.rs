//! Which texts must never reach a log: fingerprints of every secret this process has seen, and the means to take
//! them out of a line. The secrets themselves are not kept: a rolling hash of each is enough to find it again.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{LazyLock, PoisonError, RwLock};

use zeroize::Zeroize;

use crate::model::secret::Secret;
use crate::model::token::Tokens;

/// Shorter values are not looked for: they would blot out ordinary words.
pub const SHORTEST: usize = 6;
const MARK: &[u8] = b"[secret]";
const PRIME: u64 = (1 << 61) - 1;

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(|| RwLock::new(Registry::new()));

/// Remembers a secret, as it is and as it looks in a form body, in JSON and in a debug output.
pub fn remember(secret: &Secret) {
    if secret.chars() < SHORTEST {
        return;
    }
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.add(secret.expose());
    for mut other in disguises(secret.expose()) {
        registry.add(&other);
        other.zeroize();
    }
}

/// Remembers both tokens of a sign-in.
pub fn remember_tokens(tokens: &Tokens) {
    remember(&tokens.access);
    tokens.refresh.iter().for_each(remember);
}

/// The line with every remembered secret replaced by `[secret]`.
pub fn redact(line: &[u8]) -> Cow<'_, [u8]> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner).redact(line)
}

fn disguises(text: &str) -> Vec<String> {
    let quoted = |text: String| text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let mut forms: Vec<String> = vec![
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        quoted(format!("{text:?}")),
        serde_json::to_string(text).map(quoted).unwrap_or_default(),
    ];
    forms.retain(|form| form != text && form.len() >= SHORTEST);
    forms
}

struct Registry {
    base: u64,
    prints: BTreeMap<usize, HashSet<u64>>,
}

impl Registry {
    fn new() -> Self {
        let base = RandomState::new().build_hasher().finish() % (PRIME - 1_000) + 500;
        Self { base, prints: BTreeMap::new() }
    }

    fn add(&mut self, text: &str) {
        let print = text.bytes().fold(0, |hash, byte| self.append(hash, byte));
        self.prints.entry(text.len()).or_default().insert(print);
    }

    fn append(&self, hash: u64, byte: u8) -> u64 {
        add(multiply(hash, self.base), u64::from(byte) + 1)
    }

    fn redact<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        let mut hidden = vec![false; line.len()];
        for (length, prints) in &self.prints {
            self.find(line, *length, prints, &mut hidden);
        }
        if hidden.contains(&true) { Cow::Owned(blot_out(line, &hidden)) } else { Cow::Borrowed(line) }
    }

    fn find(&self, line: &[u8], length: usize, prints: &HashSet<u64>, hidden: &mut [bool]) {
        let leaving = (0..length).fold(1, |power, _| multiply(power, self.base));
        let mut hash = 0;
        for (end, byte) in line.iter().enumerate() {
            hash = self.append(hash, *byte);
            if let Some(gone) = end.checked_sub(length) {
                hash = add(hash, PRIME - multiply(leaving, u64::from(line[gone]) + 1));
            }
            if end + 1 >= length && prints.contains(&hash) {
                hidden[end + 1 - length..=end].fill(true);
            }
        }
    }
}

fn blot_out(line: &[u8], hidden: &[bool]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    for (at, byte) in line.iter().enumerate() {
        if !hidden[at] {
            out.push(*byte);
        } else if at == 0 || !hidden[at - 1] {
            out.extend_from_slice(MARK);
        }
    }
    out
}

fn add(a: u64, b: u64) -> u64 {
    (a + b) % PRIME
}

fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b) % u128::from(PRIME);
    u64::try_from(product).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secrets: &[&str], line: &str) -> String {
        let mut registry = Registry::new();
        secrets.iter().for_each(|secret| registry.add(secret));
        String::from_utf8(registry.redact(line.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn secrets_are_found_wherever_they_stand() {
        for (line, expected) in [
            ("planted", "[secret]"),
            ("a planted b", "a [secret] b"),
            ("plantedplanted", "[secret]"),
            ("xplanted,other-one", "x[secret],[secret]"),
            ("plante d", "plante d"),
            ("", ""),
        ] {
            assert_eq!(redacted(&["planted", "other-one"], line), expected, "{line}");
        }
    }

    #[test]
    fn overlapping_secrets_leave_no_rest() {
        assert_eq!(redacted(&["abcdef", "defghi"], "-abcdefghi-"), "-[secret]-");
    }

    #[test]
    fn disguises_are_known_too() {
        remember(&Secret::new("pa\"ss wörd&1"));
        for line in ["pa%22ss+w%C3%B6rd%261", r#"pa\"ss wörd&1"#, "pa\"ss wörd&1"] {
            let cleaned = redact(line.as_bytes());
            assert_eq!(cleaned.as_ref(), MARK, "{line}");
        }
    }

    #[test]
    fn short_values_do_not_blot_out_words() {
        remember(&Secret::new("from"));
        assert_eq!(redact(b"read from there").as_ref(), b"read from there");
    }
}
