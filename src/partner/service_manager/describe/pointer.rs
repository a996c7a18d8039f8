//! References inside a description, and the properties of a schema wherever they stand.

use serde_json::Value;

/// References are followed no deeper: a description may refer to itself.
const DEEPEST: usize = 8;

/// What a value refers to, or itself. Names of generic types are percent-encoded by some writers and not by others.
pub fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..DEEPEST {
        let Some(reference) = value["$ref"].as_str() else { return value };
        value = target(document, reference).unwrap_or(&Value::Null);
    }
    &Value::Null
}

fn target<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    document.pointer(pointer).or_else(|| document.pointer(&decoded(pointer)))
}

/// A text without percent-encoding.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match code.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The properties of a schema, those of the ones that it is made of included.
pub fn properties<'a>(document: &'a Value, schema: &'a Value) -> Vec<(&'a String, &'a Value)> {
    let (mut found, mut seen, mut parts) = (Vec::new(), Vec::<&Value>::new(), vec![schema]);
    while let Some(part) = parts.pop() {
        let part = resolve(document, part);
        // It may be made of itself.
        if seen.iter().any(|one| std::ptr::eq(*one, part)) {
            continue;
        }
        seen.push(part);
        parts.extend(part["allOf"].as_array().into_iter().flatten());
        found.extend(part["properties"].as_object().into_iter().flatten());
    }
    found
}
