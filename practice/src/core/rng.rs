//! Seeded randomness, and ids that are the same at every start.

/// SplitMix64: small, fast, and the same on every platform.
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator that yields the same numbers for the same seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator nobody can foresee, for passwords and tokens of one start.
    pub(crate) fn unforeseen() -> Self {
        use std::hash::{BuildHasher, Hasher};
        let hasher = std::collections::hash_map::RandomState::new().build_hasher();
        Self(hasher.finish())
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `end` (0 if `end` is 0).
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }

    /// A number below `end`, with a sign (0 if `end` is not above 0).
    pub(crate) fn up_to(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(end).unwrap_or(0))).unwrap_or(0)
    }

    /// Some time from this one on: at most `most` later, and not after `now`.
    pub(crate) fn within(&mut self, from: i64, most: i64, now: i64) -> i64 {
        from + self.up_to((now - from).clamp(1, most))
    }

    /// How far into a span the `nth` of so many rows is: evenly, and shaken a little.
    pub(crate) fn spread(&mut self, nth: u64, rows: u64, span: i64) -> i64 {
        let rows = rows.max(1);
        let even = i64::try_from(i128::from(span) * i128::from(nth) / i128::from(rows)).unwrap_or(0);
        even + self.up_to((span / i64::try_from(rows).unwrap_or(i64::MAX)).max(1))
    }

    /// Whether something with this chance, in percent, happens.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these; the slice must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap_or(0)]
    }

    /// The place of one of these, each as likely as its weight.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }

    /// `length` characters of the base64url alphabet.
    pub(crate) fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        (0..length).map(|_| char::from(*self.pick(ALPHABET))).collect()
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(*self.pick(b"0123456789abcdef"))).collect()
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The 16 bytes of a `sys_id` that always belong to this name.
pub(crate) fn stable_id(kind: &str, name: &str) -> [u8; 16] {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in kind.bytes().chain([0]).chain(name.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let mut id = [0; 16];
    id[..8].copy_from_slice(&mix(hash).to_be_bytes());
    id[8..].copy_from_slice(&mix(hash ^ 0x5bd1_e995_9e37_79b9).to_be_bytes());
    id
}

/// [`stable_id`] as the 32 hexadecimal digits the API shows.
pub(crate) fn stable_hex(kind: &str, name: &str) -> String {
    hex(&stable_id(kind, name))
}

/// [`stable_id`] as a GUID, such as `0f8fad5b-d9cb-469f-a165-70867728950e`.
pub(crate) fn stable_guid(kind: &str, name: &str) -> String {
    guid(&stable_hex(kind, name))
}

/// 32 hexadecimal digits as a GUID.
pub(crate) fn guid(hex: &str) -> String {
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// 32 hexadecimal digits.
pub(crate) fn hex(id: &[u8; 16]) -> String {
    let mut text = String::with_capacity(32);
    push_hex(&mut text, id);
    text
}

/// Appends 32 hexadecimal digits.
pub(crate) fn push_hex(out: &mut String, id: &[u8; 16]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in id {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The bytes of 32 hexadecimal digits.
pub(crate) fn parse_hex(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != 32 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut id = [0; 16];
    for (place, pair) in text.chunks_exact(2).enumerate() {
        id[place] = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_survive_a_round_trip() {
        let id = stable_id("incident", "INC0000045");
        assert_eq!(id, stable_id("incident", "INC0000045"));
        assert_ne!(id, stable_id("incident", "INC0000046"));
        assert_eq!(parse_hex(&hex(&id)), Some(id));
        assert_eq!(parse_hex("xyz"), None);
    }

    #[test]
    fn the_same_seed_yields_the_same_numbers() {
        let (mut one, mut other) = (Rng::new(7), Rng::new(7));
        assert_eq!((0..5).map(|_| one.next()).collect::<Vec<_>>(), (0..5).map(|_| other.next()).collect::<Vec<_>>());
        assert_eq!(one.token(86).len(), 86);
    }
}
