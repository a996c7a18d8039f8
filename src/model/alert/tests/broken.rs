//! Text that is cut off, mixed up or no JSON: nothing that came is lost, and nothing panics.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::samples;
use crate::model::alert::{Shape, read};

fn keys(text: &str) -> Vec<String> {
    read(text).into_iter().map(|one| one.alert.key.to_string()).collect()
}

#[test]
fn lists_pages_lines_and_single_alerts_bring_the_same() {
    let all: Vec<String> = samples::all().into_iter().map(|(_, value)| value.to_string()).collect();
    let wanted: Vec<String> = all.iter().flat_map(|text| keys(text)).collect();
    assert_eq!(wanted.len(), all.len());
    assert_eq!(keys(&all.join("\n")), wanted);
    assert_eq!(keys(&format!("\u{feff}[{}]", all.join(", "))), wanted);
    assert_eq!(keys(&format!("{{\"value\": [{}], \"nextLink\": \"\"}}", all.join(","))), wanted);
    assert_eq!(keys(&format!("{{\"records\": [{}]}}", all.join(","))), wanted);
    let spread = serde_json::to_string_pretty(&samples::metric()).unwrap();
    assert_eq!(keys(&spread), keys(&samples::metric().to_string()));
    assert_eq!(keys(" \n"), Vec::<String>::new());
}

#[test]
fn a_list_that_is_cut_off_brings_what_is_whole_and_keeps_the_rest() {
    let (one, two) = (samples::metric().to_string(), samples::older_log().to_string());
    let text = format!("[{one},\n{two}, {}", &one[..90]);
    let all = read(&text);
    let shapes: Vec<Shape> = all.iter().map(|one| one.alert.shape).collect();
    assert_eq!(shapes, [Shape::Common, Shape::LogSearch, Shape::Unknown]);
    assert_eq!(all[2].raw, &one[..90]);
}

#[test]
fn lines_that_are_no_json_are_kept_and_do_not_hide_the_next_alert() {
    let good = samples::metric().to_string();
    let text = format!("POST /alerts\r\n{good}\n{{\"data\": {{\n{good}\nend of file");
    let all = read(&text);
    let raws: Vec<&str> = all.iter().map(|one| one.raw).collect();
    assert_eq!(raws, ["POST /alerts", &good, "{\"data\": {", &good, "end of file"]);
}

#[test]
fn a_text_of_brackets_ends_soon_and_loses_nothing() {
    for odd in ["[", "{\"a\":\n", "[{", "]", "[[{\"a\":", "\"", "nul"] {
        let text = odd.repeat(40_000 / odd.len());
        let began = std::time::Instant::now();
        let all = read(&text);
        assert!(began.elapsed().as_secs() < 20, "{odd}");
        let kept: usize = all.iter().map(|one| one.raw.len()).sum();
        assert!(kept > 30_000 || odd == "]", "{odd}: {kept}");
    }
    let deep = format!("{}1{}", "{\"data\":".repeat(3_000), "}".repeat(3_000));
    assert_eq!(read(&deep).len(), 1);
}

/// How a text is spoilt.
#[derive(Debug, Clone)]
enum Spoil {
    Cut(Index),
    Remove(Index),
    Insert(Index, char),
    Swap(Index, Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let odd = select(vec!['"', '{', '}', '[', ']', ',', ':', '\\', '\n', 'x', '0', '\u{202e}', '\0', '€']);
    prop_oneof![
        any::<Index>().prop_map(Spoil::Cut),
        any::<Index>().prop_map(Spoil::Remove),
        (any::<Index>(), odd).prop_map(|(at, c)| Spoil::Insert(at, c)),
        (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Spoil::Swap(one, other)),
    ]
}

fn spoilt(text: &str, spoils: &[Spoil]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for spoil in spoils.iter().filter(|_| !text.is_empty()) {
        let len = chars.len();
        if len < 3 {
            break;
        }
        match spoil {
            Spoil::Cut(at) => chars.truncate(at.index(len - 1) + 1),
            Spoil::Remove(at) => drop(chars.remove(at.index(len))),
            Spoil::Insert(at, c) => chars.insert(at.index(len), *c),
            Spoil::Swap(one, other) => chars.swap(one.index(len), other.index(len)),
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever becomes of an alert on its way, it is there afterwards, and so are those around it.
    #[test]
    fn no_change_of_a_text_loses_an_alert_or_panics(
        (_, sample) in select(samples::all()),
        spoils in prop::collection::vec(spoil(), 1..6),
    ) {
        let text = spoilt(&sample.to_string(), &spoils);
        let blank = text.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '[' | ']'));
        prop_assert!(blank || !read(&text).is_empty(), "{text}");
        for one in read(&text) {
            prop_assert!(!one.alert.key.as_str().is_empty() && text.contains(one.raw));
            prop_assert_eq!(&read(one.raw)[0].alert, &one.alert);
        }
        let line = text.replace('\n', " ");
        let (before, after) = (samples::older_log().to_string(), samples::listed(samples::SUB, "Fired", "2026-11-20T10:00:30Z").to_string());
        let found = keys(&format!("{before}\n{line}\n{after}"));
        prop_assert!(found.contains(&keys(&before)[0]) && found.contains(&keys(&after)[0]), "{line}");
    }
}
