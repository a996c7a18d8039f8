//! Long texts are cut while a reply arrives, so that one row with a text of many megabytes does not make the whole page too large
//! to keep. Service Manager's web app and Cherwell's record calls have no way to leave a column out of a reply.

use crate::model::cut_text::mark;

/// So many bytes of a string are kept, as they are written. An escape takes six bytes at most and stands for one at least, so what
/// is kept of a text is never shorter than the longest text that is stored (1 MiB), which is cut and marked when it is stored.
pub const KEPT_BYTES: usize = 6 << 20;

/// The most that is read of a reply whose texts are cut, in bytes: the reply may be large, but not endless.
pub const READ_LIMIT_BYTES: u64 = 256 << 20;

/// Cuts the strings of a JSON text that arrives in pieces.
#[derive(Debug, Default)]
pub struct LongTexts {
    /// What is kept of the reply.
    pub kept: Vec<u8>,
    /// Where the string began that is being read.
    string: Option<usize>,
    /// The length of that string, once it is too long: the rest of it is passed over.
    passed: Option<u64>,
    /// Whether the next byte is escaped.
    escaped: bool,
    /// Whether so much came that there may be a text that is too long.
    looks: bool,
}

impl LongTexts {
    /// Takes in a piece. A reply that is no longer than the longest text is not looked into.
    pub fn take(&mut self, piece: &[u8]) {
        if !self.looks && self.kept.len() + piece.len() <= KEPT_BYTES {
            return self.kept.extend_from_slice(piece);
        }
        if !self.looks {
            self.looks = true;
            self.catch_up();
        }
        self.look_into(piece);
    }

    /// Finds out whether what came so far ends inside of a string. It is no longer than the longest text, so none is cut.
    fn catch_up(&mut self) {
        let (mut at, kept) = (0, self.kept.as_slice());
        while let Some(found) = kept.get(at..).and_then(|rest| match self.string {
            None => memchr::memchr(b'"', rest),
            Some(_) => memchr::memchr2(b'"', b'\\', rest),
        }) {
            at += found + 1;
            match (self.string, kept[at - 1]) {
                (None, _) => self.string = Some(at),
                (Some(_), b'"') => self.string = None,
                (Some(_), _) if at == kept.len() => self.escaped = true,
                (Some(_), _) => at += 1,
            }
        }
    }

    fn look_into(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some((first, after)) = rest.split_first() {
            rest = match self.string {
                None => self.between(rest),
                Some(_) if self.escaped => {
                    self.escaped = false;
                    self.put(&[*first]);
                    after
                }
                Some(_) => self.inside(rest),
            };
        }
    }

    /// Takes in what is outside of strings, up to the next one.
    fn between<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let quote = memchr::memchr(b'"', rest);
        let (taken, after) = rest.split_at(quote.map_or(rest.len(), |at| at + 1));
        self.kept.extend_from_slice(taken);
        self.string = quote.map(|_| self.kept.len());
        after
    }

    /// Takes in what belongs to the string, up to its end or the next escape.
    fn inside<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr2(b'"', b'\\', rest);
        let (taken, after) = rest.split_at(end.unwrap_or(rest.len()));
        self.put(taken);
        match after.split_first() {
            Some((b'"', after)) => {
                self.close();
                after
            }
            Some((escape, after)) => {
                self.put(&[*escape]);
                self.escaped = true;
                after
            }
            None => after,
        }
    }

    /// Keeps bytes of a string, or counts them once it is too long.
    fn put(&mut self, bytes: &[u8]) {
        if let Some(passed) = &mut self.passed {
            *passed += bytes.len() as u64;
            return;
        }
        self.kept.extend_from_slice(bytes);
        let length = self.string.map_or(0, |start| self.kept.len() - start);
        if length > KEPT_BYTES {
            self.passed = Some(length as u64);
            let start = self.kept.len() - length;
            let end = start + whole_characters(&self.kept[start..], KEPT_BYTES);
            self.kept.truncate(end);
        }
    }

    fn close(&mut self) {
        if let Some(whole) = self.passed.take() {
            self.kept.extend_from_slice(mark(whole).as_bytes());
        }
        self.kept.push(b'"');
        self.string = None;
    }
}

/// How many of the first `most` bytes of a string end with a whole character: neither in UTF-8 nor in an escape, nor between the two
/// escapes of one character.
fn whole_characters(string: &[u8], most: usize) -> usize {
    let (mut at, mut end) = (0, 0);
    while at < most {
        end = at;
        at += match string[at] {
            b'\\' if string.get(at + 1) == Some(&b'u') => {
                let first = string.get(at + 2..at + 4).unwrap_or_default();
                let high = matches!(first, [b'd' | b'D', b'8' | b'9' | b'a' | b'A' | b'b' | b'B']);
                if high { 12 } else { 6 }
            }
            b'\\' => 2,
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
    }
    if at == most { at } else { end }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::model::cut_text::marked;

    fn cut(text: &str, piece: usize) -> Value {
        let mut texts = LongTexts::default();
        text.as_bytes().chunks(piece).for_each(|piece| texts.take(piece));
        serde_json::from_slice(&texts.kept).unwrap()
    }

    #[rstest]
    #[case(1)]
    #[case(7)]
    #[case(1 << 20)]
    fn what_fits_stays_as_it_is(#[case] piece: usize) {
        let row = json!({ "a\"b\\": "é\n\"quoted\" \u{1f600}", "n": [1, null, true] });
        let whole = json!({ "rows": [row, {}] });
        assert_eq!(cut(&whole.to_string(), piece), whole);
        let many = json!({ "rows": vec![row; 120_000] });
        assert_eq!(cut(&many.to_string(), piece.max(1_000)), many);
    }

    #[test]
    fn a_long_text_is_cut_wherever_the_first_piece_ended() {
        let long = "y".repeat(KEPT_BYTES + 10);
        let before = r#"["a\"b","x\\",1,"z\\\""#;
        let whole = format!("{before}{long}\",\"last\"]");
        for first in 0..=before.len() {
            let mut texts = LongTexts::default();
            texts.take(&whole.as_bytes()[..first]);
            texts.take(&whole.as_bytes()[first..]);
            let kept: Value = serde_json::from_slice(&texts.kept).unwrap();
            assert_eq!((&kept[0], &kept[1]), (&json!("a\"b"), &json!("x\\")), "{first}");
            assert_eq!(marked(kept[3].as_str().unwrap()), Some(long.len() as u64 + 5), "{first}");
            assert_eq!(kept[4], "last");
        }
    }

    #[rstest]
    #[case::plain("x")]
    #[case::of_two_bytes("é")]
    #[case::of_four_bytes("\u{1f600}")]
    #[case::escape("\\n")]
    #[case::escaped_quote("\\\"")]
    #[case::escaped_character("\\u00e9")]
    #[case::escaped_pair("\\ud83d\\ude00")]
    fn a_long_text_ends_with_a_whole_character_and_its_mark(#[case] unit: &str) {
        for before in 0..12 {
            let long = "-".repeat(before) + &unit.repeat(KEPT_BYTES / unit.len() + 10);
            let text = format!("{{\"long\": \"{long}\", \"next\": \"{unit}\"}}");
            let row = cut(&text, 1 << 16);
            let kept = row["long"].as_str().unwrap();
            assert_eq!(marked(kept), Some(long.len() as u64), "{before}");
            assert!(kept.len() > 1 << 20 && kept.len() <= KEPT_BYTES + 32, "{}", kept.len());
            assert_eq!(row["next"], serde_json::from_str::<Value>(&format!("\"{unit}\"")).unwrap());
        }
    }
}
