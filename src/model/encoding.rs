//! Texts that people hand us: UTF-8 with or without a byte order mark, and UTF-16, as PowerShell 5 (`>`) and Notepad
//! write it.

/// Why bytes are no text that we read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotText {
    /// The encoding, as far as it can be known.
    pub encoding: &'static str,
    /// The line of the first byte that does not fit, from 1.
    pub line: usize,
}

impl NotText {
    /// In words for the admin.
    pub fn reason(&self) -> String {
        format!("line {}: the text is in {}; save it as UTF-8", self.line, self.encoding)
    }
}

/// The bytes as text, without a byte order mark.
///
/// # Errors
/// [`NotText`] for any other encoding, and for half a character.
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(NotText { encoding: "UTF-32", line: 1 }),
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        // ASCII characters in UTF-16 without a mark: each second byte is zero.
        [first, 0, _, 0, ..] if *first != 0 => utf_16(bytes, u16::from_le_bytes),
        [0, first, 0, _, ..] if *first != 0 => utf_16(bytes, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8(rest),
        _ => utf_8(bytes),
    }
}

fn utf_8(bytes: &[u8]) -> Result<String, NotText> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        NotText { encoding: "another encoding than UTF-8 (such as Windows-1252)", line }
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let broken = |text: &str| NotText { encoding: "damaged UTF-16", line: text.matches('\n').count() + 1 };
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(c.map_err(|_| broken(&text))?);
    }
    if odd.is_empty() { Ok(text) } else { Err(broken(&text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name = \"Zürich 日本 😀\"\r\n";

    fn utf_16_of(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn e8_utf_8_and_utf_16_are_read_with_and_without_a_mark() {
        let marked = format!("\u{FEFF}{TEXT}");
        for bytes in [
            TEXT.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf_16_of(&marked, u16::to_le_bytes),
            utf_16_of(&marked, u16::to_be_bytes),
            utf_16_of(TEXT, u16::to_le_bytes),
            utf_16_of(TEXT, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(TEXT));
        }
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }

    #[test]
    fn e8_another_encoding_is_named_with_its_line() {
        assert_eq!(decode(b"a\nb \xfc").unwrap_err().line, 2);
        assert!(decode(b"\xfc").unwrap_err().reason().contains("UTF-8"));
        assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0").unwrap_err().encoding, "UTF-32");
        assert_eq!(decode(b"\xff\xfea\0b").unwrap_err().encoding, "damaged UTF-16");
        assert_eq!(decode(b"\xff\xfe\0\xd8a\0").unwrap_err().encoding, "damaged UTF-16");
    }
}
