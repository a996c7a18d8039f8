//! The further attributes of a work item as one JSON object: `{"name": "value", "other": ["value", "label"]}`, without spaces.
//! So they are made of a product's page, so they are stored, and so they are read where they are: a text stays the JSON that it is
//! until somebody wants it otherwise.

use super::json_text::{JsonText, push_text, quote_or_escape};
use super::work_item::Value;

/// The further attributes of a work item, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes(String);

impl Default for Attributes {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Attributes {
    /// None, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        let mut json = String::with_capacity(bytes.max(2));
        json.push_str("{}");
        Self(json)
    }

    /// Those of a stored text.
    ///
    /// # Errors
    /// The text is none that [`Attributes`] have.
    pub fn read(json: String) -> Result<Self, NoFields> {
        Fields(&json).iter().try_for_each(|field| field.map(drop))?;
        Ok(Self(json))
    }

    /// As they are stored.
    pub fn json(&self) -> &str {
        &self.0
    }

    /// As they are stored.
    pub fn into_json(self) -> String {
        self.0
    }

    /// Gives back the room that they do not need.
    pub fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Field<'_>> {
        Fields(&self.0).iter().map_while(Result::ok)
    }

    /// The attribute with this name in the partner's mapping.
    pub fn get(&self, name: &str) -> Option<Field<'_>> {
        self.iter().find(|field| field.is(name))
    }

    /// Adds an attribute.
    pub fn push(&mut self, name: &str, value: &Value) {
        self.open();
        push_text(&mut self.0, name);
        self.0.push(':');
        match &value.label {
            None => push_text(&mut self.0, &value.value),
            Some(label) => {
                self.0.push('[');
                push_text(&mut self.0, &value.value);
                self.0.push(',');
                push_text(&mut self.0, label);
                self.0.push(']');
            }
        }
        self.0.push('}');
    }

    /// Adds an attribute whose value, and label if it may have one, are written as JSON strings. One with an empty value is left out,
    /// and so is a label that is empty or the same as the value. `key` is the [`key`] of its name.
    pub fn write(&mut self, key: &str, value: impl FnOnce(&mut String), label: Option<impl FnOnce(&mut String)>) {
        let before = self.0.len() - 1;
        self.open();
        self.0.push_str(key);
        let bracket = self.0.len();
        if label.is_some() {
            self.0.push('[');
        }
        let start = self.0.len();
        value(&mut self.0);
        let end = self.0.len();
        if &self.0[start..] == EMPTY {
            self.0.truncate(before);
        } else if let Some(label) = label {
            self.0.push(',');
            label(&mut self.0);
            let written = &self.0[end + 1..];
            if written == EMPTY || *written == self.0[start..end] {
                self.0.truncate(end);
                self.0.remove(bracket);
            } else {
                self.0.push(']');
            }
        }
        self.0.push('}');
    }

    /// Begins another attribute.
    fn open(&mut self) {
        self.0.pop();
        if self.0.len() > 1 {
            self.0.push(',');
        }
    }

    /// Adds an attribute as it is written elsewhere.
    pub fn add(&mut self, field: &Field<'_>) {
        self.open();
        self.0.push_str(field.name.quoted());
        self.0.push(':');
        match field.label {
            None => self.0.push_str(field.value.quoted()),
            Some(label) => {
                self.0.push('[');
                self.0.push_str(field.value.quoted());
                self.0.push(',');
                self.0.push_str(label.quoted());
                self.0.push(']');
            }
        }
        self.0.push('}');
    }

    /// Keeps some attributes.
    pub fn retain(&mut self, mut keep: impl FnMut(&Field<'_>) -> bool) {
        let mut kept = Self::with_capacity(self.0.len());
        self.iter().filter(|field| keep(field)).for_each(|field| kept.add(&field));
        *self = kept;
    }
}

impl<N: AsRef<str>> FromIterator<(N, Value)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Self {
        let mut attributes = Self::default();
        fields.into_iter().for_each(|(name, value)| attributes.push(name.as_ref(), &value));
        attributes
    }
}

impl<N: AsRef<str>, const COUNT: usize> From<[(N, Value); COUNT]> for Attributes {
    fn from(fields: [(N, Value); COUNT]) -> Self {
        fields.into_iter().collect()
    }
}

/// An empty text as JSON.
const EMPTY: &str = "\"\"";

/// What stands before the value of an attribute with this name.
pub fn key(name: &str) -> String {
    let mut key = String::new();
    push_text(&mut key, name);
    key + ":"
}

/// Attributes that are read where they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    /// None.
    pub const NONE: Self = Fields("{}");

    /// Those of a stored text.
    pub fn of(json: &'a str) -> Self {
        Self(json)
    }

    /// One after the other. After an error nothing more comes.
    pub fn iter(self) -> FieldIter<'a> {
        FieldIter { json: self.0, at: 0, ended: false }
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
    /// Whether it has this name.
    pub fn is(&self, name: &str) -> bool {
        self.name.text() == name
    }

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

/// Reads one attribute after the other.
#[derive(Debug, Clone)]
pub struct FieldIter<'a> {
    json: &'a str,
    at: usize,
    ended: bool,
}

impl<'a> FieldIter<'a> {
    /// Passes over what stands before the next attribute; false where none is left. Then its name and its value are to be read.
    ///
    /// # Errors
    /// What stands there is none of attributes.
    pub fn begin(&mut self) -> Result<bool, NoFields> {
        let first = self.at == 0;
        if first {
            self.expect(b'{')?;
        }
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                if self.at == self.json.len() { Ok(false) } else { Err(self.wrong()) }
            }
            Some(b',') if !first => {
                self.at += 1;
                Ok(true)
            }
            _ if first => Ok(true),
            _ => Err(self.wrong()),
        }
    }

    /// Passes over the name of the attribute if it is this one; `key` is the [`key`] of a name.
    pub fn pass_name(&mut self, key: &str) -> bool {
        let is = self.rest().starts_with(key.as_bytes());
        if is {
            self.at += key.len();
        }
        is
    }

    /// Reads the name of the attribute.
    ///
    /// # Errors
    /// There is none.
    pub fn name(&mut self) -> Result<JsonText<'a>, NoFields> {
        let name = self.text()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Reads its value and its label.
    ///
    /// # Errors
    /// There is no value.
    pub fn value(&mut self) -> Result<(JsonText<'a>, Option<JsonText<'a>>), NoFields> {
        if self.peek() != Some(b'[') {
            return Ok((self.text()?, None));
        }
        self.at += 1;
        let value = self.text()?;
        self.expect(b',')?;
        let label = Some(self.text()?);
        self.expect(b']')?;
        Ok((value, label))
    }

    /// Passes over its value and its label.
    ///
    /// # Errors
    /// There is no value.
    pub fn pass_value(&mut self) -> Result<(), NoFields> {
        if self.peek() != Some(b'[') {
            return self.pass_text().map(drop);
        }
        self.at += 1;
        self.pass_text()?;
        self.expect(b',')?;
        self.pass_text()?;
        self.expect(b']')
    }

    fn field(&mut self) -> Result<Option<Field<'a>>, NoFields> {
        if !self.begin()? {
            return Ok(None);
        }
        let name = self.name()?;
        let (value, label) = self.value()?;
        Ok(Some(Field { name, value, label }))
    }

    fn text(&mut self) -> Result<JsonText<'a>, NoFields> {
        let start = self.at;
        let escaped = self.pass_text()?;
        Ok(JsonText::new(&self.json[start..self.at], escaped))
    }

    /// Passes over a text; whether it has escapes.
    fn pass_text(&mut self) -> Result<bool, NoFields> {
        self.expect(b'"')?;
        let mut escaped = false;
        loop {
            self.at += quote_or_escape(self.rest()).ok_or(self.wrong())?;
            if self.peek() == Some(b'"') {
                self.at += 1;
                return Ok(escaped);
            }
            self.escape()?;
            escaped = true;
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.json.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Passes over an escape.
    fn escape(&mut self) -> Result<(), NoFields> {
        let rest = self.rest();
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
    use std::borrow::Cow;

    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn read(json: &str) -> Result<Vec<(String, Value)>, NoFields> {
        Fields::of(json)
            .iter()
            .map(|field| field.map(|field| (field.name.text().into_owned(), field.value())))
            .collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let fields = [
            ("plain", Value::plain("It burns.")),
            ("escaped", Value::plain("a \"b\"\n\u{7}\\ \u{1f525}")),
            ("both", Value { value: "2".into(), label: Some("In \"Progress\"".into()) }),
            ("an \"odd\" name", Value::plain("")),
        ];
        let attributes = Attributes::from(fields.clone());
        assert_eq!(read(attributes.json()).unwrap(), fields.map(|(name, value)| (name.to_owned(), value)));
        let first = attributes.iter().next().unwrap();
        assert!(matches!(first.value.text(), Cow::Borrowed("It burns.")));
        assert_eq!(read("{}"), Ok(Vec::new()));
        assert_eq!((Fields::NONE.0, Attributes::default().json()), ("{}", "{}"));
    }

    #[rstest]
    #[case::a_label("2", Some("Two"), r#"{"first":"1","n":["2","Two"],"last":"3"}"#)]
    #[case::none("2", None, r#"{"first":"1","n":"2","last":"3"}"#)]
    #[case::the_same_label("2", Some("2"), r#"{"first":"1","n":"2","last":"3"}"#)]
    #[case::an_empty_label("2", Some(""), r#"{"first":"1","n":"2","last":"3"}"#)]
    #[case::no_value("", None, r#"{"first":"1","last":"3"}"#)]
    #[case::only_a_label("", Some("Two"), r#"{"first":"1","last":"3"}"#)]
    fn what_says_nothing_is_left_out(#[case] value: &str, #[case] label: Option<&str>, #[case] expected: &str) {
        let mut attributes = Attributes::default();
        let text = |text: &'static str| move |out: &mut String| push_text(out, text);
        attributes.write(&key("first"), text("1"), Some(text("1")));
        attributes.write(
            &key("n"),
            |out| push_text(out, value),
            label.map(|label| |out: &mut String| push_text(out, label)),
        );
        attributes.write(&key("last"), text("3"), Some(text("")));
        assert_eq!(attributes.json(), expected);
        assert_eq!(Attributes::read(expected.to_owned()).as_ref(), Ok(&attributes));
        attributes.retain(|field| !field.is("n"));
        assert_eq!(attributes.json(), r#"{"first":"1","last":"3"}"#);
        assert_eq!(attributes.get("last").map(|field| field.value()), Some(Value::plain("3")));
        attributes.retain(|_| false);
        assert_eq!(attributes, Attributes::default());
    }

    /// What is read of attributes if some names are known before and some values are not wanted.
    fn read_by(known: &[&str], json: &str) -> Result<Vec<(String, Value)>, NoFields> {
        let keys: Vec<_> = known.iter().map(|name| (name, key(name))).collect();
        let (mut fields, mut read) = (Fields::of(json).iter(), Vec::new());
        while fields.begin()? {
            let known = keys.iter().find(|(_, key)| fields.pass_name(key)).map(|(name, _)| (**name).to_owned());
            let name = known.map_or_else(|| fields.name().map(|name| name.text().into_owned()), Ok)?;
            if name.is_empty() {
                fields.pass_value()?;
                continue;
            }
            let (value, label) = fields.value()?;
            read.push((name, Field { name: value, value, label }.value()));
        }
        Ok(read)
    }

    #[test]
    fn an_attribute_is_known_by_its_whole_name() {
        let json = r#"{"state":"1","state_x":["2","Two"],"\"q":"3"}"#;
        let expected = read(json).unwrap();
        for known in [&["state"][..], &["state_x", "state"], &["stat", "\"q"], &[]] {
            assert_eq!(read_by(known, json).as_ref(), Ok(&expected), "{known:?}");
        }
    }

    proptest! {
        #[test]
        fn any_attributes_are_read_the_same_with_known_names(texts in proptest::collection::vec(("[ab\"]{0,2}", any::<String>(), proptest::option::of(any::<String>())), 0..6)) {
            let fields: Vec<_> = texts.into_iter().map(|(name, value, label)| (name, Value { value, label })).collect();
            let attributes: Attributes = fields.iter().cloned().collect();
            let wanted: Vec<_> = fields.into_iter().filter(|(name, _)| !name.is_empty()).collect();
            prop_assert_eq!(read_by(&["a", "ab", "\""], attributes.json()).unwrap(), wanted);
        }

        #[test]
        fn any_texts_are_read_as_they_were_written(texts in proptest::collection::vec((any::<String>(), any::<String>(), proptest::option::of(any::<String>())), 0..6)) {
            let fields: Vec<_> = texts.into_iter().map(|(name, value, label)| (name, Value { value, label })).collect();
            let attributes: Attributes = fields.iter().cloned().collect();
            prop_assert_eq!(read(attributes.json()).unwrap(), fields);
            let mut copied = attributes.clone();
            copied.retain(|_| true);
            prop_assert_eq!(copied, attributes);
        }

        #[test]
        fn any_text_is_read_as_json_reads_it_or_refused(json in "[{}\\[\\],:\"\\\\ua0-9bd]{0,24}") {
            prop_assert_eq!(read_by(&["a"], &json).is_ok(), read(&json).is_ok());
            if let Ok(read) = read(&json) {
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
        assert!(read(json).is_err() && Attributes::read(json.to_owned()).is_err());
        assert_eq!(Fields::of(json).iter().filter(Result::is_err).count(), 1);
    }
}
