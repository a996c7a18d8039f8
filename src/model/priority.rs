//! The order of priorities: products number them, name them, or have names of their own.

use super::work_item::Value;

/// Words that tell how urgent a priority is, the most urgent first, in the languages of the products.
const WORDS: [&[&str]; 5] = [
    &["immediate", "onmiddellijk", "critical", "kritiek", "urgent", "dringend"],
    &["high", "hoog"],
    &["medium", "normal", "moderate", "gemiddeld", "normaal"],
    &["low", "laag"],
    &["planning", "very low", "zeer laag"],
];

/// Sorts priorities, the most urgent first and those that were left empty last. Where each label has a number or a known
/// word, these tell; otherwise the values do, numbers as numbers.
pub fn sort<T>(priorities: &mut [(Value, T)]) {
    let told = priorities.iter().all(|(priority, _)| is_unset(priority) || rank(priority).is_some());
    priorities.sort_by(|(one, _), (other, _)| place(one, told).cmp(&place(other, told)));
}

/// Whether this is a product's highest priority: it is called 1, or by a word for it.
pub fn is_most_urgent(priority: &Value) -> bool {
    rank(priority) == Some(1)
}

/// Whether it was left empty.
pub fn is_unset(priority: &Value) -> bool {
    priority.shown().trim().is_empty()
}

/// How urgent it is by its label, 1 for the most urgent; `None` where the label does not tell.
pub fn rank(priority: &Value) -> Option<u64> {
    let label = priority.shown().trim().to_lowercase();
    number(&label).or_else(|| {
        let place = WORDS.iter().position(|words| words.contains(&label.as_str()));
        place.and_then(|place| u64::try_from(place + 1).ok())
    })
}

/// The number that a label begins with, or that follows `p` in it: `1 - Critical`, `P2`.
fn number(label: &str) -> Option<u64> {
    let digits = label.strip_prefix("priority ").or_else(|| label.strip_prefix('p')).unwrap_or(label);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, rest) = digits.split_at(end);
    let stands_alone = rest.chars().next().is_none_or(|next| !next.is_alphanumeric());
    number.parse().ok().filter(|_| stands_alone)
}

/// The place among others: set or not, by the label where labels tell, by the value, numbers before texts.
fn place(priority: &Value, told: bool) -> (bool, Option<u64>, bool, u64, &str) {
    let by_label = rank(priority).filter(|_| told);
    let number: Option<u64> = priority.value.trim().parse().ok();
    (is_unset(priority), by_label, number.is_none(), number.unwrap_or_default(), priority.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(priorities: &[Value]) -> Vec<String> {
        let mut all: Vec<_> = priorities.iter().map(|priority| (priority.clone(), ())).collect();
        sort(&mut all);
        all.into_iter().map(|(priority, ())| priority.shown().to_owned()).collect()
    }

    fn names(names: &[&str]) -> Vec<String> {
        sorted(&names.iter().map(|name| Value::plain(*name)).collect::<Vec<_>>())
    }

    #[test]
    fn a16_words_and_numbers_tell_the_urgency_and_unset_comes_last() {
        assert_eq!(names(&["Medium", "", "Immediate", "High", "Low"]), ["Immediate", "High", "Medium", "Low", ""]);
        assert_eq!(names(&["10", "2", "", "1"]), ["1", "2", "10", ""]);
        assert_eq!(names(&["2 - High", "5 - Planning", "1 - Critical"]), ["1 - Critical", "2 - High", "5 - Planning"]);
        assert_eq!(names(&["P3", "P1", "Priority 2"]), ["P1", "Priority 2", "P3"]);
    }

    #[test]
    fn names_of_a_products_own_stand_in_the_order_of_their_values() {
        let own = [("100000010", "Low"), ("100000002", "Gold"), ("", ""), ("9", "High")];
        let own = own.map(|(value, label)| Value::labelled(value, label));
        assert_eq!(sorted(&own), ["High", "Gold", "Low", ""]);
        let cases = [("3", "Low"), ("1", "High"), ("2", "Normal")].map(|(value, label)| Value::labelled(value, label));
        assert_eq!(sorted(&cases), ["High", "Normal", "Low"]);
    }

    #[test]
    fn the_highest_priority_is_called_1_or_by_its_word() {
        let is = |name: &str| is_most_urgent(&Value::plain(name));
        assert!(is("1 - Critical") && is("1") && is("P1") && is("Critical") && is("Onmiddellijk"));
        assert!(!is("10") && !is("1st line") && !is("2 - High") && !is("") && !is("Non-critical"));
    }
}
