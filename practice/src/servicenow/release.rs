//! The order of releases: by age, not by letter.

/// Every release, oldest first.
const RELEASES: [&str; 21] = [
    "geneva",
    "helsinki",
    "istanbul",
    "jakarta",
    "kingston",
    "london",
    "madrid",
    "newyork",
    "orlando",
    "paris",
    "quebec",
    "rome",
    "sandiego",
    "tokyo",
    "utah",
    "vancouver",
    "washingtondc",
    "xanadu",
    "yokohama",
    "zurich",
    "australia",
];

/// Whether a release is older than another; an unknown one counts as newest.
pub(crate) fn before(release: &str, other: &str) -> bool {
    let age = |name: &str| RELEASES.iter().position(|known| *known == name).unwrap_or(RELEASES.len());
    age(release) < age(other)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::before;

    #[rstest]
    #[case("vancouver", true)]
    #[case("geneva", true)]
    #[case("washingtondc", false)]
    #[case("australia", false)]
    #[case("unheard-of", false)]
    fn letters_do_not_decide(#[case] release: &str, #[case] older: bool) {
        assert_eq!(before(release, "washingtondc"), older);
    }
}
