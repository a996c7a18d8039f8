//! Values of a rule as one line of text, and back: pairs, lists, and texts of several lines.

use std::collections::BTreeMap;

/// A text of several lines as one: a line break is `\n`, a backslash is doubled.
pub fn one_line(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

/// The text that [`one_line`] made a line of.
pub fn lines(line: &str) -> String {
    let mut text = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => text.push('\n'),
                Some('\\') => text.push('\\'),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            _ => text.push(c),
        }
    }
    text
}

/// Parts of a line, split where the sign stands without a backslash before it.
fn split(line: &str, sign: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        let last = parts.last_mut();
        match (c, escaped, last) {
            ('\\', false, _) => escaped = true,
            (c, false, _) if c == sign => parts.push(String::new()),
            (c, _, Some(part)) => {
                if escaped && !matches!(c, '\\' | ';' | '|') {
                    part.push('\\');
                }
                part.push(c);
                escaped = false;
            }
            (_, _, None) => {}
        }
    }
    if escaped && let Some(part) = parts.last_mut() {
        part.push('\\');
    }
    parts
}

fn guarded(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace('|', "\\|")
}

/// Names with their values as a line: `category = software; contact_type = monitoring`.
pub fn of_pairs(pairs: &BTreeMap<String, String>) -> String {
    let told = pairs.iter().map(|(name, value)| format!("{} = {}", guarded(name), guarded(&one_line(value))));
    told.collect::<Vec<_>>().join("; ")
}

/// The pairs of a line.
///
/// # Errors
/// The first part that has no `=`.
pub fn pairs(line: &str) -> Result<BTreeMap<String, String>, String> {
    let mut all = BTreeMap::new();
    for part in split(line, ';').into_iter().filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.split_once('=').ok_or_else(|| part.trim().to_owned())?;
        if name.trim().is_empty() {
            return Err(part.trim().to_owned());
        }
        all.insert(name.trim().to_owned(), lines(value.trim()));
    }
    Ok(all)
}

/// Names with several values each as a line: `team = shop | web`.
pub fn of_lists(lists: &BTreeMap<String, Vec<String>>) -> String {
    let values = |all: &[String]| all.iter().map(|one| guarded(&guarded(one))).collect::<Vec<_>>().join(" | ");
    lists.iter().map(|(name, all)| format!("{} = {}", guarded(name), values(all))).collect::<Vec<_>>().join("; ")
}

/// The lists of a line.
///
/// # Errors
/// As [`pairs`].
pub fn lists(line: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut all = BTreeMap::new();
    for part in split(line, ';').into_iter().filter(|part| !part.trim().is_empty()) {
        let (name, values) = part.split_once('=').ok_or_else(|| part.trim().to_owned())?;
        let values = split(values, '|').into_iter().map(|value| value.trim().to_owned());
        let values: Vec<_> = values.filter(|value| !value.is_empty()).collect();
        if name.trim().is_empty() || values.is_empty() {
            return Err(part.trim().to_owned());
        }
        all.insert(name.trim().to_owned(), values);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_and_lists_are_read_as_they_are_shown() {
        let read = pairs("category = software; contact_type=monitoring;").unwrap();
        assert_eq!(of_pairs(&read), "category = software; contact_type = monitoring");
        assert_eq!(pairs("category"), Err("category".to_owned()));
        let read = lists("team = shop | web; env = prod").unwrap();
        assert_eq!(of_lists(&read), "env = prod; team = shop | web");
        assert_eq!(lists("team = "), Err("team =".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_a_rule_says_comes_back(text in "[ -~\n]{0,20}", name in "[a-z_;|\\\\]{1,6}", value in "[a-z;|=\\\\*n]{1,8}") {
            prop_assert_eq!(lines(&one_line(&text)), text);
            let all = BTreeMap::from([(name.clone(), value.clone()), ("b".to_owned(), "x".to_owned())]);
            prop_assert_eq!(pairs(&of_pairs(&all)), Ok(all));
            let all = BTreeMap::from([(name, vec![value.clone(), "x".to_owned()]), ("b".to_owned(), vec![value])]);
            prop_assert_eq!(lists(&of_lists(&all)), Ok(all));
        }
    }
}
