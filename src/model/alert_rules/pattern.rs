//! Patterns of names: `*` stands for any text, `?` for one character, letter case does not count.

use serde::{Deserialize, Serialize};

/// One pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    written: String,
    lower: Vec<char>,
}

impl Pattern {
    /// The pattern that is written so.
    pub fn new(written: &str) -> Self {
        Self { written: written.to_owned(), lower: written.to_lowercase().chars().collect() }
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether a text fits it as a whole.
    pub fn fits(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let (mut at, mut place) = (0, 0);
        // Where the last star stands, and up to where it was taken to reach.
        let mut star: Option<(usize, usize)> = None;
        while place < text.len() {
            match self.lower.get(at) {
                Some('*') => {
                    star = Some((at, place));
                    at += 1;
                }
                Some(c) if *c == '?' || *c == text[place] => (at, place) = (at + 1, place + 1),
                _ => match star {
                    Some((from, reach)) => {
                        star = Some((from, reach + 1));
                        (at, place) = (from + 1, reach + 1);
                    }
                    None => return false,
                },
            }
        }
        self.lower[at..].iter().all(|c| *c == '*')
    }
}

impl From<String> for Pattern {
    fn from(written: String) -> Self {
        Self::new(&written)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("cpu", "CPU", true)]
    #[case("cpu*", "cpu above 90 %", true)]
    #[case("*cpu*", "web CPU high", true)]
    #[case("w?b-*-1", "web-x-y-1", true)]
    #[case("w?b-*-1", "web-x-y-2", false)]
    #[case("*", "", true)]
    #[case("a*b*c", "aXbYbZc", true)]
    #[case("cpu", "cpu2", false)]
    #[case("", "x", false)]
    fn patterns_fit_whole_names(#[case] pattern: &str, #[case] text: &str, #[case] fits: bool) {
        assert_eq!(Pattern::new(pattern).fits(text), fits);
    }
}
