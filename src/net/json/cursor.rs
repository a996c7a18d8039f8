//! Reads the punctuation of a document. `serde_json` reads every value.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::fault::Fault;
use crate::net::http::Body;

/// The document is invalid. [`fault`] says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// A place in a document.
#[derive(Debug)]
pub struct Cursor<'de> {
    text: &'de str,
    at: usize,
}

impl<'de> Cursor<'de> {
    /// The beginning of a document.
    pub fn new(text: &'de str) -> Self {
        Self { text, at: 0 }
    }

    /// The same of a body.
    ///
    /// # Errors
    /// [`Broken`] if it is no text.
    pub fn of(body: &'de Body) -> Result<Self, Broken> {
        body.text().map(Self::new).ok_or(Broken)
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes over as many bytes.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Passes over what is blank.
    pub fn blank(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += self.rest().bytes().take_while(blank).count();
    }

    /// Whether a sign comes next.
    pub fn comes(&mut self, sign: char) -> bool {
        self.blank();
        self.rest().starts_with(sign)
    }

    /// Passes over a sign, if it comes next.
    pub fn eat(&mut self, sign: char) -> bool {
        let comes = self.comes(sign);
        self.at += usize::from(comes);
        comes
    }

    /// Passes over a sign that must come next.
    ///
    /// # Errors
    /// [`Broken`] if it does not.
    pub fn need(&mut self, sign: char) -> Result<(), Broken> {
        if self.eat(sign) { Ok(()) } else { Err(Broken) }
    }

    /// Reads the value that comes next.
    ///
    /// # Errors
    /// [`Broken`] if none does, or of another shape.
    pub fn value<T: Deserialize<'de>>(&mut self) -> Result<T, Broken> {
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter();
        let value = values.next().ok_or(Broken)?.map_err(|_| Broken)?;
        self.at += values.byte_offset();
        Ok(value)
    }

    /// Reads an object and then the end of the document. `member` gets the name of each member, and must read its
    /// value.
    ///
    /// # Errors
    /// [`Broken`] if something else comes.
    pub fn document(&mut self, mut member: impl FnMut(&str, &mut Self) -> Result<(), Broken>) -> Result<(), Broken> {
        self.need('{')?;
        if !self.eat('}') {
            loop {
                let name: std::borrow::Cow<'_, str> = self.value::<Name<'_>>()?.0;
                self.need(':')?;
                member(&name, self)?;
                if self.eat('}') {
                    break;
                }
                self.need(',')?;
            }
        }
        self.blank();
        if self.rest().is_empty() { Ok(()) } else { Err(Broken) }
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

/// Why a body is invalid; `what` names what was requested.
pub fn fault(what: &str, body: &[u8]) -> Fault {
    let what = what.to_owned();
    let detail = match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) if error.is_eof() => return Fault::Truncated { what },
        Err(error) => format!("line {}, column {}: no valid JSON", error.line(), error.column()),
        Ok(_) if std::str::from_utf8(body).is_err() => "no valid UTF-8".to_owned(),
        Ok(_) => "valid JSON of another shape".to_owned(),
    };
    Fault::Malformed { what, detail }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn members(body: &str) -> Result<Vec<(String, u32)>, Broken> {
        let mut found = Vec::new();
        Cursor::new(body).document(|name, cursor| {
            found.push((name.to_owned(), cursor.value()?));
            Ok(())
        })?;
        Ok(found)
    }

    #[rstest]
    #[case("{}", &[])]
    #[case(" { } ", &[])]
    #[case("{\"a\":1,\"b\":2}\r\n", &[("a", 1), ("b", 2)])]
    #[case("{ \"a\" : 1 ,\n \"\\u0062\" : 2 }", &[("a", 1), ("b", 2)])]
    fn an_object_is_read(#[case] body: &str, #[case] expected: &[(&str, u32)]) {
        let expected: Vec<_> = expected.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        assert_eq!(members(body), Ok(expected));
    }

    #[rstest]
    #[case("", "truncated")]
    #[case("{\"a\":1", "truncated")]
    #[case("{\"a\":1,", "truncated")]
    #[case("{\"a\":1,}", "malformed")]
    #[case("{\"a\" 1}", "malformed")]
    #[case("{\"a\":1}{}", "malformed")]
    #[case("[1]", "malformed")]
    #[case("{\"a\":\"x\"}", "malformed")]
    #[case("<html>", "malformed")]
    fn what_is_no_such_object_is_explained(#[case] body: &str, #[case] code: &str) {
        assert_eq!(members(body), Err(Broken));
        assert_eq!(fault("incident", body.as_bytes()).code(), code);
    }

    #[test]
    fn bytes_that_are_no_text_are_explained() {
        let body = b"{\"a\":\"\xff\"}";
        assert_eq!(Cursor::of(&Body::from(body.as_slice())).err(), Some(Broken));
        assert_eq!(fault("incident", body).code(), "malformed");
    }
}
