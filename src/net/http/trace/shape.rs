//! The shape of a body: names and types, and only such values as describe an interface.

use serde_json::{Map, Value, json};

/// Names whose values describe an interface or an error by its code.
const TOLD: [&str; 34] = [
    "error",
    "error_codes",
    "errorcode",
    "code",
    "haserror",
    "httpstatuscode",
    "token_type",
    "expires_in",
    "apiversion",
    "csmversion",
    "csmculture",
    "systemdatetime",
    "systemutcoffset",
    "swagger",
    "operationid",
    "tags",
    "in",
    "type",
    "format",
    "required",
    "logicalname",
    "entitysetname",
    "primaryidattribute",
    "primarynameattribute",
    "attributetype",
    "uniquename",
    "customizationprefix",
    "busobid",
    "fieldid",
    "totalrows",
    "hasmorerecords",
    "count",
    "listenercount",
    "requiresclientauthorization",
];

/// Members of an object that describes the interface. Any other object in a list is a row, whose values are not shown.
const DESCRIBES: [&str; 8] =
    ["in", "fieldid", "busobid", "logicalname", "attributetype", "entitysetname", "uniquename", "customizationprefix"];

/// Names whose values are shown only in objects that describe a parameter or field.
const DESCRIBED_BY: [&str; 3] = ["in", "fieldId", "busObId"];

/// A value longer than this is a text rather than a code.
const LONGEST_CODE: usize = 80;
/// Names longer than this are data rather than names.
const LONGEST_NAME: usize = 160;

/// The shape of a body in JSON; of another, its length.
pub fn of(body: &[u8]) -> Value {
    match serde_json::from_slice(body) {
        _ if body.is_empty() => Value::Null,
        Ok(value) => shape(&value),
        Err(_) => json!(format!("{} bytes", body.len())),
    }
}

/// The shape of a page: its length, and whether it asks for a sign-in.
pub fn of_page(body: &[u8]) -> Value {
    let page = String::from_utf8_lossy(body).to_ascii_lowercase();
    json!({ "bytes": body.len(), "html": page.contains("<html"), "asks_for_password": page.contains("type=\"password\"") })
}

/// The names of a form.
pub fn form(body: &[u8]) -> Value {
    let names = url::form_urlencoded::parse(body).map(|(name, _)| name.into_owned());
    names.collect::<Vec<_>>().into()
}

fn shape(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(of_object(object, false)),
        Value::Array(items) => match items.as_slice() {
            [] => json!([]),
            items if items.iter().all(Value::is_object) => json!([distinct(items), format!("{} items", items.len())]),
            [first, ..] => json!([shape(first), format!("{} items", items.len())]),
        },
        Value::String(text) => json!(format!("text of {}", text.chars().count())),
        Value::Number(_) => json!("number"),
        Value::Bool(_) | Value::Null => value.clone(),
    }
}

/// Objects that describe something are all shown; of rows of data only the first.
fn distinct(items: &[Value]) -> Value {
    let describes = |item: &Value| {
        let names = item.as_object().into_iter().flat_map(Map::keys);
        names.filter(|name| is_told(name)).count() > 0
    };
    let told = if items.iter().all(describes) { items } else { &items[..1] };
    let row = |item: &Value| match item {
        Value::Object(object) => {
            let described = object.keys().any(|name| DESCRIBES.contains(&name.to_ascii_lowercase().as_str()));
            Value::Object(of_object(object, !described))
        }
        other => shape(other),
    };
    Value::Array(told.iter().map(row).collect())
}

fn of_object(object: &Map<String, Value>, is_row: bool) -> Map<String, Value> {
    let described = DESCRIBED_BY.iter().any(|name| object.contains_key(*name));
    let told = |name: &str| is_told(name) || (described && name.eq_ignore_ascii_case("name"));
    let entry = |(name, value): (&String, &Value)| {
        let name = if name.len() > LONGEST_NAME { "(a long name)".to_owned() } else { name.clone() };
        let long = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() > LONGEST_CODE);
        let within = |items: &Vec<Value>| items.iter().any(|item| item.is_object() || item.is_array() || long(item));
        let plain = !value.is_object() && !long(value) && !value.as_array().is_some_and(within);
        let prose = value.as_str().is_some_and(|text| text.contains(char::is_whitespace) || text.contains('@'));
        let value = if told(&name) && plain && !prose && !is_row { value.clone() } else { shape(value) };
        (name, value)
    };
    object.iter().map(entry).collect()
}

fn is_told(name: &str) -> bool {
    TOLD.contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        r#"{"access_token":"abc","expires_in":1199,"error":"invalid_grant"}"#,
        r#"{"access_token":"text of 3","error":"invalid_grant","expires_in":1199}"#
    )]
    #[case(
        r#"{"result":[{"number":"INC1","caller":{"value":"x"}},{"number":"INC2"}]}"#,
        r#"{"result":[[{"caller":{"value":"text of 1"},"number":"text of 4"}],"2 items"]}"#
    )]
    #[case(
        r#"{"parameters":[{"name":"top","in":"query","type":"integer"},{"name":"skip","in":"query"}]}"#,
        r#"{"parameters":[[{"in":"query","name":"top","type":"integer"},{"in":"query","name":"skip"}],"2 items"]}"#
    )]
    #[case(r#"{"name":"Jane"}"#, r#"{"name":"text of 4"}"#)]
    #[case(r#"{"totalRows":12,"businessObjects":[]}"#, r#"{"businessObjects":[],"totalRows":12}"#)]
    #[case(
        r#"{"error":"LONG","tags":["LONG"],"code":[["x"]]}"#,
        r#"{"code":[["text of 1","1 items"],"1 items"],"error":"text of 84","tags":["text of 84","1 items"]}"#
    )]
    #[case(
        r#"{"result":[{"type":"Hardware","code":"jane"}]}"#,
        r#"{"result":[[{"code":"text of 4","type":"text of 8"}],"1 items"]}"#
    )]
    #[case(r#"{"error":"user jane is locked"}"#, r#"{"error":"text of 19"}"#)]
    #[case("", "null")]
    #[case("not json", r#""8 bytes""#)]
    fn names_and_types_are_told_and_values_are_not(#[case] body: &str, #[case] expected: &str) {
        let body = body.replace("LONG", &"a long word ".repeat(7));
        assert_eq!(of(body.as_bytes()).to_string(), expected);
    }

    #[test]
    fn a_form_shows_its_names() {
        assert_eq!(form(b"grant_type=password&password=p%26w").to_string(), r#"["grant_type","password"]"#);
    }

    #[test]
    fn a_page_tells_whether_it_asks_for_a_sign_in() {
        let page = of_page(b"<HTML><input type=\"password\"></HTML>");
        assert_eq!((page["html"].clone(), page["asks_for_password"].clone()), (json!(true), json!(true)));
    }
}
