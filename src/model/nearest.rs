//! The nearest known name to one that is not known, to suggest what was meant.

/// The nearest of `known` to `given`, without regard to case; `None` where none is near.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let far = (given.chars().count() / 3).max(1);
    let near = known.into_iter().map(|name| (distance(&given, &name.to_lowercase()), name));
    near.filter(|(distance, _)| *distance <= far).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many letters must be added, dropped, replaced or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.iter().enumerate() {
        let mut next = vec![place + 1];
        for (at, with) in other.iter().enumerate() {
            let mut least = (row[at + 1] + 1).min(next[at] + 1).min(row[at] + usize::from(letter != with));
            if place > 0 && at > 0 && *letter == other[at - 1] && one[place - 1] == *with {
                least = least.min(before[at - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_its_name_and_another_word_none() {
        let known = ["title", "state", "updated_at"];
        assert_eq!(nearest("titel", known), Some("title"));
        assert_eq!(nearest("Updatedat", known), Some("updated_at"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("", known), None);
    }
}
