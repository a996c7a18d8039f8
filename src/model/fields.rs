//! The further attributes of a work item as one JSON object: `{"name": "value", "other": ["value", "label"]}`, without spaces.
//! So they are stored, and so they are read where they are: a text stays the JSON that it is until somebody wants it otherwise.

use std::borrow::Cow;
use std::sync::Arc;

use super::work_item::Value;

/// Writes attributes, in their order.
///
/// # Errors
/// None: texts are always JSON.
pub fn encode(fields: &[(Arc<str>, Value)]) -> serde_json::Result<String> {
    let length = |(name, value): &(Arc<str>, Value)| {
        name.len() + value.value.len() + value.label.as_ref().map_or(0, |label| label.len() + 5) + 6
    };
    let mut out = String::with_capacity(fields.iter().map(length).sum::<usize>() + 2);
    for (index, (name, value)) in fields.iter().enumerate() {
        out.push(if index == 0 { '{' } else { ',' });
        push_text(&mut out, name)?;
        out.push(':');
        match &value.label {
            None => push_text(&mut out, &value.value)?,
            Some(label) => {
                out.push('[');
                push_text(&mut out, &value.value)?;
                out.push(',');
                push_text(&mut out, label)?;
                out.push(']');
            }
        }
    }
    out.push_str(if fields.is_empty() { "{}" } else { "}" });
    Ok(out)
}

/// Writes a JSON string. Most texts need no escapes, which is checked many bytes at a time.
fn push_text(out: &mut String, text: &str) -> serde_json::Result<()> {
    let special = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    if text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push_str(&serde_json::to_string(text)?);
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
    Ok(())
}

/// Attributes that are read where they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// None.
    pub const NONE: Self = Fields("{}");

    /// Those that [`encode`] wrote.
    pub fn of(json: &'a str) -> Self {
        Self(json)
    }

    /// One after the other. After an error nothing more comes.
    pub fn iter(self) -> FieldIter<'a> {
        FieldIter { json: self.0, at: 0, ended: false }
    }

    /// With texts of their own.
    ///
    /// # Errors
    /// The text is none that [`encode`] writes.
    pub fn decode(self) -> Result<Vec<(Arc<str>, Value)>, NoFields> {
        self.iter().map(|field| field.map(|field| (Arc::from(field.name.text()), field.value()))).collect()
    }
}

/// A text that is none of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no attributes at byte {at}")]
pub struct NoFields {
    /// Where it goes wrong, in bytes.
    pub at: usize,
}

/// One attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name in the partner's mapping.
    pub name: JsonText<'a>,
    /// The stored value.
    pub value: JsonText<'a>,
    /// What to show for it, where that differs from `value`.
    pub label: Option<JsonText<'a>>,
}

impl<'a> Field<'a> {
    /// What a screen shows: the label, else the value.
    pub fn shown(&self) -> JsonText<'a> {
        self.label.unwrap_or(self.value)
    }

    /// Value and label with texts of their own.
    pub fn value(&self) -> Value {
        let owned = |text: JsonText<'_>| text.text().into_owned();
        Value { value: owned(self.value), label: self.label.map(owned) }
    }
}

/// A text as JSON writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonText<'a> {
    quoted: &'a str,
    escaped: bool,
}

impl<'a> JsonText<'a> {
    /// With its quotes and escapes.
    pub fn quoted(self) -> &'a str {
        self.quoted
    }

    /// Between its quotes, with its escapes; never shorter than the text.
    pub fn inner(self) -> &'a str {
        &self.quoted[1..self.quoted.len() - 1]
    }

    /// The text itself.
    pub fn text(self) -> Cow<'a, str> {
        if self.escaped {
            // Its escapes were looked at when it was read; a bare control character is kept with them.
            serde_json::from_str(self.quoted).map_or(Cow::Borrowed(self.inner()), Cow::Owned)
        } else {
            Cow::Borrowed(self.inner())
        }
    }
}

/// Reads one attribute after the other.
#[derive(Debug, Clone)]
pub struct FieldIter<'a> {
    json: &'a str,
    at: usize,
    ended: bool,
}

impl<'a> FieldIter<'a> {
    fn field(&mut self) -> Result<Option<Field<'a>>, NoFields> {
        let first = self.at == 0;
        if first {
            self.expect(b'{')?;
        }
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return if self.at == self.json.len() { Ok(None) } else { Err(self.wrong()) };
            }
            Some(b',') if !first => self.at += 1,
            _ if first => {}
            _ => return Err(self.wrong()),
        }
        let name = self.text()?;
        self.expect(b':')?;
        if self.peek() != Some(b'[') {
            return Ok(Some(Field { name, value: self.text()?, label: None }));
        }
        self.at += 1;
        let value = self.text()?;
        self.expect(b',')?;
        let label = Some(self.text()?);
        self.expect(b']')?;
        Ok(Some(Field { name, value, label }))
    }

    fn text(&mut self) -> Result<JsonText<'a>, NoFields> {
        let start = self.at;
        self.expect(b'"')?;
        let mut escaped = false;
        loop {
            let rest = &self.json.as_bytes()[self.at..];
            self.at += memchr::memchr2(b'"', b'\\', rest).ok_or(self.wrong())?;
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(JsonText { quoted: &self.json[start..self.at], escaped });
            }
            self.escape()?;
            escaped = true;
        }
    }

    /// Passes over an escape.
    fn escape(&mut self) -> Result<(), NoFields> {
        let rest = &self.json.as_bytes()[self.at..];
        let length = match rest {
            [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            // No half of a pair: a character beyond 16 bits is written as it is.
            [b'\\', b'u', digits @ ..]
                if !matches!(digits, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]) =>
            {
                if digits.len() < 4 || !digits[..4].iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.wrong());
                }
                6
            }
            _ => return Err(self.wrong()),
        };
        self.at += length;
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Result<(), NoFields> {
        if self.peek() != Some(byte) {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn wrong(&self) -> NoFields {
        NoFields { at: self.at }
    }
}

impl<'a> Iterator for FieldIter<'a> {
    type Item = Result<Field<'a>, NoFields>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let field = self.field().transpose();
        self.ended = !matches!(field, Some(Ok(_)));
        field
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn field(name: &str, value: Value) -> (Arc<str>, Value) {
        (Arc::from(name), value)
    }

    #[test]
    fn what_was_written_is_read() {
        let fields = [
            field("plain", Value::plain("It burns.")),
            field("escaped", Value::plain("a \"b\"\n\u{7}\\ \u{1f525}")),
            field("both", Value { value: "2".into(), label: Some("In \"Progress\"".into()) }),
            field("an \"odd\" name", Value::plain("")),
        ];
        let json = encode(&fields).unwrap();
        assert_eq!(Fields::of(&json).decode().unwrap(), fields);
        let first = Fields::of(&json).iter().next().unwrap().unwrap();
        assert!(matches!(first.value.text(), Cow::Borrowed("It burns.")));
        assert_eq!(Fields::NONE.decode(), Ok(Vec::new()));
        assert_eq!(encode(&[]).unwrap(), "{}");
    }

    proptest! {
        #[test]
        fn any_texts_are_read_as_they_were_written(texts in proptest::collection::vec((any::<String>(), any::<String>(), proptest::option::of(any::<String>())), 0..6)) {
            let fields: Vec<_> = texts.into_iter().map(|(name, value, label)| field(&name, Value { value, label })).collect();
            let json = encode(&fields).unwrap();
            prop_assert_eq!(Fields::of(&json).decode().unwrap(), fields);
        }

        #[test]
        fn any_text_is_read_as_json_reads_it_or_refused(json in "[{}\\[\\],:\"\\\\ua0-9bd]{0,24}") {
            if let Ok(read) = Fields::of(&json).decode() {
                let known: serde_json::Value = serde_json::from_str(&json).unwrap();
                for (name, value) in read {
                    let text = known.get(&*name).unwrap();
                    // Of two attributes with one name JSON keeps the last.
                    prop_assert!(text.is_string() || text.is_array(), "{} {:?}", text, value);
                }
            }
        }
    }

    #[rstest]
    #[case::nothing("")]
    #[case::list("[]")]
    #[case::number("{\"a\":1}")]
    #[case::half_a_pair("{\"a\":[\"b\"]}")]
    #[case::more_than_a_pair("{\"a\":[\"b\",\"c\",\"d\"]}")]
    #[case::null("{\"a\":null}")]
    #[case::cut("{\"a\":\"b")]
    #[case::cut_escape("{\"a\":\"\\")]
    #[case::no_escape("{\"a\":\"\\x\"}")]
    #[case::half_a_character("{\"a\":\"\\ud800\"}")]
    #[case::more("{\"a\":\"b\"}}")]
    #[case::comma_first("{,\"a\":\"b\"}")]
    #[case::comma_last("{\"a\":\"b\",}")]
    fn what_is_no_object_of_texts_is_told_once(#[case] json: &str) {
        assert!(Fields::of(json).decode().is_err());
        assert_eq!(Fields::of(json).iter().filter(Result::is_err).count(), 1);
    }
}
