use jiff::civil::datetime;
use rstest::rstest;

use super::*;

#[rstest]
#[case("en-US", "4/28/2019 1:57 PM")]
#[case("en-GB", "28/04/2019 13:57")]
#[case("en-au", "28/4/2019 1:57 PM")]
#[case("nl-NL", "28-4-2019 13:57")]
#[case("de-DE", "28.04.2019 13:57")]
#[case("sv-SE", "2019-04-28 13:57")]
#[case("fi-FI", "28.4.2019 13:57")]
fn each_culture_writes_and_reads_its_own(#[case] name: &str, #[case] text: &str) {
    let culture = Culture::named(name).unwrap();
    let at = datetime(2019, 4, 28, 13, 57, 0, 0);
    assert_eq!(culture.write(at), text);
    assert_eq!(culture.parse(text), Some(at));
}

#[rstest]
#[case("en-US", "12/1/2026 12:05 AM", Some(datetime(2026, 12, 1, 0, 5, 0, 0)))]
#[case("en-US", "12/1/2026 12:05:09 pm", Some(datetime(2026, 12, 1, 12, 5, 9, 0)))]
#[case("en-US", "12/1/2026 1:05\u{202f}PM", Some(datetime(2026, 12, 1, 13, 5, 0, 0)))]
#[case("en-AU", "1/12/2026 1:05 p.m.", Some(datetime(2026, 12, 1, 13, 5, 0, 0)))]
#[case::the_other_clock("en-US", "12/1/2026 13:05", None)]
#[case::a_thirteenth_month("en-US", "13/1/2026 1:05 PM", None)]
#[case::another_mark("en-US", "12-1-2026 1:05 PM", None)]
#[case::the_other_clock("en-GB", "01/12/2026 1:05 PM", None)]
#[case::another_culture("nl-NL", "12/1/2026 1:05 PM", None)]
#[case::no_time("nl-NL", "1-12-2026", None)]
#[case::a_short_year("nl-NL", "1-12-26 13:05", None)]
#[case::the_buddhist_calendar("en-GB", "11/11/2569 13:05", None)]
#[case::the_hijri_calendar("en-GB", "11/11/1448 13:05", None)]
#[case::too_late("nl-NL", "1-12-2026 24:05", None)]
#[case::nothing("nl-NL", "", None)]
#[case::too_many_parts("nl-NL", "1-12-2026-7 13:05", None)]
fn what_another_culture_wrote_is_refused(#[case] name: &str, #[case] text: &str, #[case] expected: Option<DateTime>) {
    assert_eq!(Culture::named(name).unwrap().parse(text), expected);
}

/// Each line of the data that is a culture.
fn known() -> impl Iterator<Item = &'static str> {
    DATA.lines().filter(|line| !line.starts_with(['#', '@'])).filter_map(|line| Some(line.split_once('|')?.0))
}

#[test]
fn no_two_cultures_have_the_same_name() {
    let names: std::collections::BTreeSet<_> = known().collect();
    assert!(names.len() > 500 && names.len() == known().count());
    assert_eq!(Culture::named("tlh"), None);
}

#[test]
fn c8_every_culture_reads_what_it_writes() {
    for name in known() {
        let culture = Culture::named(name).unwrap();
        for at in
            [datetime(2026, 4, 28, 13, 57, 0, 0), datetime(2026, 12, 3, 0, 5, 0, 0), datetime(2026, 2, 2, 12, 0, 0, 0)]
        {
            let text = culture.write(at);
            match culture.read(&text) {
                Reading::At(read) => assert_eq!(read, at, "{name}: {text}"),
                Reading::Either => assert!(culture.needs_proof(), "{name}: {text}"),
                other => panic!("{name}: {text}: {other:?}"),
            }
        }
    }
}

#[rstest]
#[case("en-CA", "2019-04-28 1:57 PM")]
#[case("en-CA", "28/04/2019 1:57 PM")]
#[case("en-CA", "2019-04-28 13:57")]
#[case("en-CA", "2019-04-28 1:57 p.m.")]
#[case("en-IN", "28-04-2019 13:57")]
#[case("en-IN", "28/04/2019 1:57 pm")]
#[case("en-ZA", "2019/04/28 13:57")]
#[case("en-ZA", "2019/04/28 01:57 PM")]
#[case("es-MX", "28/04/2019 01:57 p. m.")]
#[case("es-MX", "28/04/2019 01:57\u{a0}p.\u{a0}m.")]
#[case("hu-HU", "2019. 04. 28. 13:57")]
#[case("hu-HU", "2019.04.28. 13:57")]
#[case("ja-JP", "2019/04/28 13:57")]
#[case("ru-RU", "28.04.2019 13:57")]
#[case("tr-TR", "28.04.2019 13:57")]
#[case("tr-TR", "28.4.2019 13:57")]
#[case("zh-CN", "2019/4/28 13:57")]
#[case("zh-TW", "2019/4/28 下午 01:57")]
#[case("ko-KR", "2019-04-28 오후 1:57")]
#[case("ko-KR", "2019. 4. 28. 오후 1:57")]
#[case("el-GR", "28/4/2019 1:57 μμ")]
#[case("ar-EG", "\u{200f}٢٨/٠٤/٢٠١٩ ٠١:٥٧ م")]
#[case("fa-AF", "۲۰۱۹/۴/۲۸ ۱۳:۵۷")]
#[case("bg-BG", "28.4.2019 г. 13:57")]
#[case("bg-BG", "28.4.2019 г. 13:57 ч.")]
#[case("hr-HR", "28.4.2019. 13:57")]
#[case("sk-SK", "28. 4. 2019 13:57")]
#[case("th-TH", "28/4/2562 13:57")]
#[case("en-US", "\u{200e}4/\u{200e}28/\u{200e}2019 1:57\u{202f}PM")]
fn c8_a_date_is_read_as_its_culture_writes_it(#[case] name: &str, #[case] text: &str) {
    let culture = Culture::named(name).unwrap();
    assert_eq!(culture.read(text), Reading::At(datetime(2019, 4, 28, 13, 57, 0, 0)));
}

#[rstest]
#[case("en-US", "1/1/0001 12:00 AM")]
#[case("en-GB", "01/01/0001 00:00:00")]
#[case("ja-JP", "0001/01/01 0:00")]
#[case("nl-NL", "1-1-0001")]
#[case("en-US", "12/30/1899 12:00 AM")]
#[case("en-US", "1/1/1753 12:00 AM")]
#[case("en-US", "12/31/9999 11:59 PM")]
fn c7_the_least_and_the_last_date_stand_for_none(#[case] name: &str, #[case] text: &str) {
    assert_eq!(Culture::named(name).unwrap().read(text), Reading::Nothing);
}

#[test]
fn c8_of_two_forms_the_dates_prove_which_is_meant() {
    let philippine = || Culture::named("en-PH").unwrap();
    let may = datetime(2026, 5, 4, 13, 5, 0, 0);
    let culture = philippine();
    assert_eq!(culture.read("4/5/2026 1:05 PM"), Reading::Either);
    culture.prove(["4/5/2026 1:05 PM", "23/5/2026 1:05 PM", "1/1/0001 12:00 AM"]);
    assert_eq!((culture.read("4/5/2026 1:05 PM"), culture.needs_proof()), (Reading::At(may), false));
    let culture = philippine();
    culture.prove(["5/4/2026 1:05 PM", "5/23/2026 1:05 PM"]);
    assert_eq!(culture.read("5/4/2026 1:05 PM"), Reading::At(may));
    assert_eq!(culture.write(may), "5/4/2026 1:05 PM");
    let culture = philippine();
    culture.prove(["4/5/2026 1:05 PM", "6/7/2026 1:05 PM"]);
    assert_eq!(culture.read("4/5/2026 1:05 PM"), Reading::Either);
    culture.prove(["13/5/2026 1:05 PM", "5/13/2026 1:05 PM"]);
    assert!(culture.needs_proof(), "the dates contradict each other");
}

#[test]
fn c8_unknown_date_form_is_proven_unless_admin_objects() {
    let texts = ["04|28".to_owned(), "28/04/2026 13:57".to_owned(), "03/04/2026 13:57".to_owned()];
    let texts = || texts.iter().map(String::as_str);
    for culture in [Culture::unknown("xx-XX"), Culture::named("de-DE").unwrap()] {
        culture.prove(texts());
        assert_eq!(culture.parse("03/04/2026 13:57"), Some(datetime(2026, 4, 3, 13, 57, 0, 0)));
        assert_eq!(culture.write(datetime(2026, 4, 3, 13, 57, 0, 0)), "03/04/2026 13:57");
    }
    let said = Culture::named("de-DE").unwrap().said();
    said.prove(texts());
    assert_eq!(said.read("03/04/2026 13:57"), Reading::Foreign);
}

#[test]
fn c8_dates_of_the_first_twelve_days_leave_the_order_open() {
    let culture = Culture::named("en-US").unwrap();
    assert!(culture.leaves_order_open(["4/5/2026 1:05 PM", "12/12/2026 1:05 PM"]));
    assert!(!culture.leaves_order_open(["4/5/2026 1:05 PM", "12/13/2026 1:05 PM"]));
    assert!(!Culture::named("sv-SE").unwrap().leaves_order_open(["2026-04-05 13:05"]));
    assert!(!culture.leaves_order_open([""]));
}
