//! Which texts must never reach a log: fingerprints of every secret this process has seen, and the means to take
//! them out of a line. The secrets themselves are not kept: a hash of its first bytes and one of the whole are
//! enough to find each again.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{LazyLock, PoisonError, RwLock};

use zeroize::Zeroize;

use super::leaks;
use super::secret::Secret;
use super::token::Tokens;

/// Shorter values are not looked for: they would blot out ordinary words.
pub const SHORTEST: usize = 6;
/// No ordinary word of small letters is as long.
const LONGEST_WORD: usize = 12;
const MARK: &[u8] = b"[secret]";
const PRIME: u64 = (1 << 61) - 1;

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(|| RwLock::new(Registry::new()));

/// Remembers a secret, as it is and as base64 and hexadecimal digits have it. How addresses, forms, HTML, JSON and
/// debug outputs write it is found out when a line is read.
pub fn remember(secret: &Secret) {
    if secret.chars() < SHORTEST || is_a_word(secret.expose()) {
        return;
    }
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    registry.add(secret.expose());
    for mut other in disguises(secret.expose()) {
        registry.add(&other);
        other.zeroize();
    }
}

/// Whether it may be an ordinary word, such as `access`: to look for it would blot out texts and protect nobody.
fn is_a_word(text: &str) -> bool {
    text.len() < LONGEST_WORD && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Remembers both tokens of a sign-in.
pub fn remember_tokens(tokens: &Tokens) {
    remember(&tokens.access);
    tokens.refresh.iter().for_each(remember);
}

/// The line with every remembered secret replaced by `[secret]`, in whatever writing it stands there.
pub fn redact(line: &[u8]) -> Cow<'_, [u8]> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner).redact(line)
}

/// The same for a text.
pub fn redact_text(text: &str) -> Cow<'_, str> {
    match redact(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Other writings that are no escapes: base64 at each place in a group of three, and hexadecimal digits.
fn disguises(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let mut forms = vec![hex];
    for place in 0..3 {
        let inner = bytes.get((3 - place) % 3..).unwrap_or_default();
        forms.push(base64(inner, BASE64));
        forms.push(base64(inner, BASE64_OF_URLS));
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_OF_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 of whole groups of three bytes; what does not fill one depends on what follows.
fn base64(bytes: &[u8], letters: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len() / 3 * 4);
    for group in bytes.chunks_exact(3) {
        let bits = group.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        out.extend([18, 12, 6, 0].map(|shift| char::from(letters[bits >> shift & 63])));
    }
    out
}

/// What is remembered. A text is looked through once, however many secrets there are: only where the first bytes of one
/// may stand is the rest compared.
struct Registry {
    /// Random, so that nobody can write texts that look like secrets.
    key: u64,
    base: u64,
    /// By the hash of its first bytes, what each secret is as a whole.
    prints: HashMap<u32, Vec<Print>>,
    /// Whether any secret has these as the upper half of that hash.
    heads: Vec<bool>,
}

/// A secret as a whole.
#[derive(PartialEq, Eq)]
struct Print {
    length: usize,
    hash: u64,
}

/// The bytes that a text is looked through by.
const WINDOW: u64 = (1 << (8 * SHORTEST)) - 1;

impl Registry {
    fn new() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        let base = random() % (PRIME - 1_000) + 500;
        Self { key: random() | 1, base, prints: HashMap::new(), heads: vec![false; 1 << 16] }
    }

    /// Takes a text of at least [`SHORTEST`] bytes.
    fn add(&mut self, text: &str) {
        let mut small = text.to_ascii_lowercase();
        let window = small.bytes().take(SHORTEST).fold(0, slide);
        let print = Print { length: small.len(), hash: self.hash(small.as_bytes()) };
        small.zeroize();
        let head = self.head(window);
        self.heads[upper(head)] = true;
        let prints = self.prints.entry(head).or_default();
        if !prints.contains(&print) {
            prints.push(print);
        }
    }

    /// Half of a product with a secret factor: it does not tell the bytes that it was made of.
    fn head(&self, window: u64) -> u32 {
        u32::try_from(window.wrapping_mul(self.key) >> 32).unwrap_or_default()
    }

    fn hash(&self, text: &[u8]) -> u64 {
        text.iter().fold(0, |hash, byte| add(multiply(hash, self.base), u64::from(*byte) + 1))
    }

    fn redact<'a>(&self, line: &'a [u8]) -> Cow<'a, [u8]> {
        if self.prints.is_empty() {
            return Cow::Borrowed(line);
        }
        let mut hidden = vec![false; line.len()];
        let as_it_is = Reading::of(line);
        self.search(&as_it_is, if line.len() > LONG { 1 } else { DEEPEST }, &mut hidden);
        if hidden.contains(&true) { Cow::Owned(blot_out(line, &hidden)) } else { Cow::Borrowed(line) }
    }

    /// Looks in a reading, and in what is read out of it: what was escaped on its way may be escaped once more by the next.
    fn search(&self, reading: &Reading, deep: usize, hidden: &mut [bool]) {
        self.hide(reading, hidden);
        for way in Way::ALL.into_iter().filter(|way| deep > 0 && way.may_matter(&reading.bytes)) {
            let further = reading.read(way);
            if further.bytes != reading.bytes {
                self.search(&further, deep - 1, hidden);
            }
        }
    }

    /// Marks the bytes of the line that a reading shows to be a secret.
    fn hide(&self, reading: &Reading, hidden: &mut [bool]) {
        let mut found = vec![false; reading.bytes.len()];
        self.find(&reading.bytes, &mut found);
        for (place, _) in found.iter().enumerate().filter(|(_, found)| **found) {
            let (from, to) = reading.spans[place];
            hidden[from..to].fill(true);
        }
    }

    fn find(&self, line: &[u8], hidden: &mut [bool]) {
        let mut window = 0;
        for (from, byte) in (1_usize..).zip(line).map(|(end, byte)| (end.checked_sub(SHORTEST), byte)) {
            window = slide(window, *byte);
            let head = self.head(window);
            let Some(from) = from.filter(|_| self.heads[upper(head)]) else { continue };
            for print in self.prints.get(&head).into_iter().flatten() {
                let to = from + print.length;
                if line.get(from..to).is_some_and(|text| self.hash(text) == print.hash) {
                    hidden[from..to].fill(true);
                }
            }
        }
    }
}

fn slide(window: u64, byte: u8) -> u64 {
    (window << 8 | u64::from(byte)) & WINDOW
}

fn upper(head: u32) -> usize {
    usize::try_from(head >> 16).unwrap_or_default()
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

/// How often a text may have been escaped.
const DEEPEST: usize = 3;
/// In longer texts, such as a whole page, escapes of escapes are not looked into.
const LONG: usize = 16 * 1024;

/// A way in which a text may be escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// `%41`, as in addresses.
    Percent,
    /// The same, and `+` for a blank, as in forms.
    Form,
    /// `&amp;` and `&#65;`, as in HTML.
    Markup,
    /// `\n` and `\u0041`, as in JSON and in debug outputs.
    Escapes,
    /// Any of them.
    Any,
}

impl Way {
    const ALL: [Self; 5] = [Self::Percent, Self::Form, Self::Markup, Self::Escapes, Self::Any];

    fn may_matter(self, line: &[u8]) -> bool {
        let any = |marks: &[u8]| line.iter().any(|byte| marks.contains(byte));
        match self {
            Self::Percent => any(b"%"),
            Self::Form => any(b"+"),
            Self::Markup => any(b"&"),
            Self::Escapes => any(b"\\"),
            Self::Any => [b'%', b'&', b'\\'].iter().filter(|mark| line.contains(mark)).count() > 1,
        }
    }

    /// What stands at the beginning of the text, and how many bytes of it that takes; `None` for no escape.
    fn escape(self, text: &[u8]) -> Option<(Vec<u8>, usize)> {
        match text.first()? {
            b'%' if matches!(self, Self::Percent | Self::Form | Self::Any) => {
                let digits = std::str::from_utf8(text.get(1..3)?).ok()?;
                Some((vec![u8::from_str_radix(digits, 16).ok()?], 3))
            }
            b'+' if self == Self::Form => Some((vec![b' '], 1)),
            b'&' if matches!(self, Self::Markup | Self::Any) => {
                let end = text.iter().take(16).position(|byte| !byte.is_ascii()).unwrap_or(text.len().min(16));
                let (c, length) = leaks::entity_at(std::str::from_utf8(&text[..end]).ok()?)?;
                Some((c.to_string().into_bytes(), length))
            }
            b'\\' if matches!(self, Self::Escapes | Self::Any) => escaped(text),
            _ => None,
        }
    }
}

fn escaped(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    let second = *text.get(1)?;
    if second != b'u' {
        let plain = match second {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            other => other,
        };
        return Some((vec![plain], 2));
    }
    let braced = text.get(2) == Some(&b'{');
    let (digits, length) = if braced {
        let end = text.iter().take(12).position(|byte| *byte == b'}')?;
        (text.get(3..end)?, end + 1)
    } else {
        (text.get(2..6)?, 6)
    };
    let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    char::from_u32(code).map(|c| (c.to_string().into_bytes(), length))
}

/// A line as a reader of its escapes sees it, with the bytes of the line that each byte stands for. Letters are small:
/// what repeats a secret in capitals repeats it all the same.
struct Reading {
    bytes: Vec<u8>,
    spans: Vec<(usize, usize)>,
}

impl Reading {
    fn of(line: &[u8]) -> Self {
        Self { bytes: line.to_ascii_lowercase(), spans: (0..line.len()).map(|place| (place, place + 1)).collect() }
    }

    fn read(&self, way: Way) -> Self {
        let (mut bytes, mut spans) = (Vec::with_capacity(self.bytes.len()), Vec::with_capacity(self.bytes.len()));
        let mut place = 0;
        while let Some(byte) = self.bytes.get(place) {
            let (read, length) = way.escape(&self.bytes[place..]).unwrap_or_else(|| (vec![*byte], 1));
            let span = (self.spans[place].0, self.spans[place + length - 1].1);
            for byte in read {
                bytes.push(byte.to_ascii_lowercase());
                spans.push(span);
            }
            place += length;
        }
        Self { bytes, spans }
    }
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
    fn secrets_that_begin_alike_are_told_apart() {
        let secrets = ["eyJ0eXAi.one", "eyJ0eXAi.one.more", "eyJ0eX"];
        for (line, expected) in [
            ("eyJ0eXAi.one.more!", "[secret]!"),
            ("EYJ0EXAI.ONE,", "[secret],"),
            ("eyJ0eXAi.two", "[secret]Ai.two"),
            ("eyJ0e", "eyJ0e"),
        ] {
            assert_eq!(redacted(&secrets, line), expected, "{line}");
        }
        assert_eq!(redacted(&secrets[..2], "eyJ0eXAi.on, eyJ0eXAi.one"), "eyJ0eXAi.on, [secret]");
    }

    #[test]
    fn overlapping_secrets_leave_no_rest() {
        assert_eq!(redacted(&["abcdef", "defghi"], "-abcdefghi-"), "-[secret]-");
    }

    #[test]
    fn s4_a_secret_is_found_in_any_writing() {
        remember(&Secret::new("pa\"ss wörd&1<x>%41"));
        for line in [
            "pa\"ss wörd&1<x>%41",
            "PA\"SS WöRD&1<X>%41",
            "pa%22ss+w%C3%B6rd%261%3cx%3e%2541",
            "pa%22ss%20w%c3%b6rd%261%3Cx%3E%2541",
            "pa%2522ss%2520w%25c3%25b6rd%25261%253Cx%253E%252541",
            r#"pa\"ss wörd&1<x>%41"#,
            r"pa\u0022ss w\u00f6rd\u00261\u003cx\u003e%41",
            "pa&quot;ss w&#246;rd&amp;1&lt;x&gt;%41",
            r"pa&quot;ss w\u00f6rd&amp;1&lt;x&gt;%41",
            "706122737320 77c3b672642631 3c783e253431",
        ] {
            let line = line.replace(' ', if line.starts_with("7061") { "" } else { " " });
            let around = format!("said: {line}.");
            assert_eq!(String::from_utf8_lossy(&redact(around.as_bytes())), "said: [secret].", "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn s4_no_writing_of_a_secret_passes(
            secret in "[ -~é]{8,40}",
            before in "[a-z ]{0,5}",
            after in "[a-z ]{0,5}",
            way in 0..6_usize,
        ) {
            remember(&Secret::new(secret.clone()));
            let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let written = match way {
                0 => secret.clone(),
                1 => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
                2 => serde_json::to_string(&secret).unwrap().trim_matches('"').to_owned(),
                3 => secret.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
                4 => percent(&percent(&secret)),
                _ => secret.to_ascii_uppercase(),
            };
            // What is cut off at the ends of a quotation is the quotation's.
            proptest::prop_assume!(!(way == 2 && secret.contains('"')));
            let line = format!("{before}{written}{after}");
            let left = String::from_utf8_lossy(&redact(line.as_bytes())).into_owned();
            proptest::prop_assert!(!left.contains(&written), "{}", left);
        }
    }

    #[test]
    fn s4_base64_of_a_secret_is_found_behind_anything() {
        remember(&Secret::new("planted-in-base64"));
        for line in ["Basic aWQ6cGxhbnRlZC1pbi1iYXNlNjQ=", "cGxhbnRlZC1pbi1iYXNlNjQ", "eHBsYW50ZWQtaW4tYmFzZTY0"] {
            let left = String::from_utf8_lossy(&redact(line.as_bytes())).into_owned();
            assert!(left.contains("[secret]") && left.len() < line.len(), "{line}: {left}");
        }
    }

    #[test]
    fn short_values_do_not_blot_out_words() {
        remember(&Secret::new("from"));
        assert_eq!(redact(b"read from there").as_ref(), b"read from there");
    }
}
