//! The mark at the end of a text that was too long to be stored and was cut.

/// The mark, with the whole length of the text in bytes.
pub fn mark(whole: u64) -> String {
    format!(" […] ({whole} B)")
}

/// The length in the mark at the end of a text that was cut; `None` for a text without a mark.
pub fn marked(text: &str) -> Option<u64> {
    let (_, told) = text.strip_suffix(" B)")?.rsplit_once(" […] (")?;
    told.parse().ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&format!("text{}", mark(72)), Some(72))]
    #[case("text", None)]
    #[case(" […] (x B)", None)]
    fn a_mark_tells_the_whole_length(#[case] text: &str, #[case] expected: Option<u64>) {
        assert_eq!(marked(text), expected);
    }
}
