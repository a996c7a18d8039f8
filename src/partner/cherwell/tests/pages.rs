//! Nothing is skipped and nothing comes twice, whatever the version, culture and order of the system.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::*;
use itsmc_practice::cherwell::{Culture, FaultKind, FaultSpec, IdForm, Row, Zone};

const ALL: Window = Window { from: Timestamp::UNIX_EPOCH, before: None };

/// The minute of a change, as far as the texts of this zone tell: of the hour that comes twice the second pass.
pub(super) fn expected_minute(second: i64, zone: &str) -> Timestamp {
    let zone = super::super::zone::named(zone).unwrap();
    let at = Timestamp::from_second(second - second.rem_euclid(60)).unwrap();
    zone.to_ambiguous_timestamp(zone.to_datetime(at)).later().unwrap()
}

fn incidents(control: &Control) -> Vec<Row> {
    let is_incident = |row: &Row| row.get("IncidentType").is_none_or(|kind| kind.text == "Incident");
    control.rows("Incident").into_iter().filter(is_incident).collect()
}

fn assert_same(items: &[WorkItem], rows: &[Row], zone: &str) {
    let mut expected: Vec<_> = rows
        .iter()
        .map(|row| {
            let changed = expected_minute(row["LastModifiedDateTime"].second.unwrap(), zone);
            (changed, row["RecID"].text.clone(), row["IncidentID"].text.clone(), row["ShortDescription"].text.clone())
        })
        .collect();
    expected.sort();
    let found: Vec<_> = items
        .iter()
        .map(|item| (item.updated_at, item.source_id.clone(), item.number.clone(), item.title.clone()))
        .collect();
    assert_eq!(found.len(), expected.len());
    assert_eq!(found, expected);
}

#[rstest]
#[case::by_row(still(400), "America/New_York")]
#[case::by_page(Options { version: "9.3.2".into(), ..still(400) }, "America/New_York")]
#[case::zero_ascends(Options { ascending: 0, ..still(400) }, "America/New_York")]
#[case::whole_minutes(Options { compares_minutes: true, ..still(400) }, "America/New_York")]
#[case::other_ids(Options { schema_ids: IdForm::Full, row_ids: IdForm::Bare, ..still(400) }, "America/New_York")]
#[case::dutch(Options { culture: Culture::NlNl, zone: Zone::western_europe(), ..still(400) }, "Europe/Amsterdam")]
#[case::british(Options { culture: Culture::EnGb, zone: Zone::utc(), ..still(400) }, "UTC")]
#[case::australian(Options { culture: Culture::EnAu, obeys_locale: false, ..still(400) }, "America/New_York")]
#[case::no_types(Options { incident_types: false, ..still(400) }, "America/New_York")]
#[tokio::test]
async fn every_row_comes_once(#[case] options: Options, #[case] zone: &str) {
    let practice = Practice::start(options).await;
    let rows = incidents(&practice.control());
    for limit in [30, 1_000] {
        assert_same(&practice.walk(WorkItemKind::Incident, ALL, limit).await, &rows, zone);
    }
    let changes = practice.walk(WorkItemKind::ChangeRequest, ALL, 77).await;
    assert_eq!(changes.len(), practice.control().count("ChangeRequest"));
}

#[tokio::test]
async fn windows_side_by_side_make_the_whole() {
    let practice = Practice::start(still(600)).await;
    let now = Timestamp::now();
    let border = |nth: i64| now - SignedDuration::from_secs((8 - nth) * 15 * 86_400 + 12_345);
    let mut items = Vec::new();
    for nth in 0..9 {
        let window = Window { from: border(nth), before: (nth < 8).then(|| border(nth + 1)) };
        items.extend(practice.walk(WorkItemKind::Incident, window, 40).await);
    }
    assert_same(&items, &incidents(&practice.control()), "America/New_York");
}

/// Puts so many incidents into one minute, its seconds apart, and a few into the minutes around it.
fn crowd(control: &Control, at: &str, count: usize) {
    let at = at.parse::<Timestamp>().unwrap().as_second();
    for (nth, row) in control.rows("Incident").iter().enumerate().take(count) {
        let second = match nth {
            0 => at - 1,
            1 => at + 60,
            nth => at + i64::try_from(nth * 7 % 60).unwrap(),
        };
        let fields = [("LastModifiedDateTime", second.to_string()), ("IncidentType", "Incident".into())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        control.edit("Incident", &row["RecID"].text, &fields).unwrap();
    }
}

#[rstest]
#[case::by_row(Options::still())]
#[case::by_page(Options { version: "9.3.2".into(), ..Options::still() })]
#[case::not_as_its_version_says(Options { by_row: Some(false), ..Options::still() })]
#[case::nor_so(Options { version: "9.3.2".into(), by_row: Some(true), ..Options::still() })]
#[case::zero_ascends(Options { ascending: 0, ..Options::still() })]
#[case::capped(Options { most_rows: 17, ..Options::still() })]
#[case::capped_by_page(Options { most_rows: 17, version: "9.6.1".into(), ..Options::still() })]
#[case::whole_minutes(Options { compares_minutes: true, ..Options::still() })]
#[tokio::test]
async fn a_minute_that_fills_many_pages_is_read_whole(#[case] options: Options) {
    let practice = Practice::start(Options { rows: Some(500), ..options }).await;
    crowd(&practice.control(), "2026-11-10T12:34:00Z", 450);
    let rows = incidents(&practice.control());
    for limit in [25, 100] {
        assert_same(&practice.walk(WorkItemKind::Incident, ALL, limit).await, &rows, "America/New_York");
    }
}

#[tokio::test]
async fn the_hour_that_comes_twice_is_read_whole() {
    let practice = Practice::start(still(500)).await;
    let control = practice.control();
    // In New York 1:00 to 2:00 comes twice on 1 November 2026, from 05:00Z to 07:00Z.
    let from = "2026-11-01T04:40:00Z".parse::<Timestamp>().unwrap().as_second();
    for (nth, row) in control.rows("Incident").iter().enumerate().take(300) {
        let second = (from + i64::try_from(nth * 31 % 9_000).unwrap()).to_string();
        control.edit("Incident", &row["RecID"].text, &[("LastModifiedDateTime", &second)]).unwrap();
    }
    for limit in [20, 400] {
        let items = practice.walk(WorkItemKind::Incident, ALL, limit).await;
        assert_same(&items, &incidents(&control), "America/New_York");
    }
}

#[rstest]
#[case::by_row("10.5.0")]
#[case::by_page("9.3.2")]
#[tokio::test]
async fn rows_that_move_up_while_a_minute_is_read_are_not_passed_over(#[case] version: &str) {
    let practice = Practice::start(Options { version: version.into(), ..still(400) }).await;
    let control = practice.control();
    crowd(&control, "2026-11-10T12:34:00Z", 390);
    for after in [2, 5] {
        control.fault(FaultSpec::new(FaultKind::Shift).after(after));
    }
    let moved_from = Timestamp::now().as_second() - 3_600;
    let items = practice.walk(WorkItemKind::Incident, ALL, 50).await;
    assert!(control.faults().is_empty(), "rows did not move during the reading");
    let found: std::collections::BTreeSet<_> = items.iter().map(|item| item.source_id.clone()).collect();
    for row in incidents(&control) {
        let still_there = row["LastModifiedDateTime"].second.unwrap() < moved_from;
        assert!(!still_there || found.contains(&row["RecID"].text), "{row:?}");
    }
}

#[tokio::test]
async fn an_increment_takes_one_search() {
    let practice = Practice::start(still(300)).await;
    practice.walk(WorkItemKind::Incident, days(3), 1_000).await;
    practice.control().clear_requests();
    let row = incidents(&practice.control()).remove(7);
    practice.control().edit("Incident", &row["RecID"].text, &[("Status", "Made up")]).unwrap();
    let window = Window { from: Timestamp::now() - SignedDuration::from_secs(120), before: None };
    let items = practice.walk(WorkItemKind::Incident, window, 1_000).await;
    let changed = items.iter().find(|item| item.source_id == row["RecID"].text).unwrap();
    assert_eq!(changed.state.value, "Made up");
    assert_eq!(practice.control().requests().len(), 1);
}

#[tokio::test]
async fn searches_have_one_condition_on_a_field_and_an_order() {
    let practice = Practice::start(still(50)).await;
    practice.walk(WorkItemKind::Incident, days(30), 20).await;
    let requests = practice.control().requests();
    let searches: Vec<serde_json::Value> =
        requests.iter().filter_map(|request| serde_json::from_str(&request.search).ok()).collect();
    assert!(!searches.is_empty());
    for search in searches {
        let fields: Vec<_> = search["filters"].as_array().unwrap().iter().map(|one| &one["fieldId"]).collect();
        assert!(fields.len() == 2 && fields[0] != fields[1], "{search}");
        assert_eq!(search["sorting"].as_array().unwrap().len(), 2, "{search}");
        assert!(fields[0].as_str().unwrap().starts_with("BO:6dd53665c0c24cab86870a21cf6434ae,FI:"), "{search}");
    }
    assert!(requests.iter().filter(|one| !one.search.is_empty()).all(|one| one.query == "locale=en-US"));
}

#[rstest]
#[case(FaultKind::EmptyPage, Fault::Truncated { what: "Incident".into() })]
#[case(FaultKind::Unsorted, Fault::OrderIgnored { what: "Incident.LastModifiedDateTime".into() })]
#[case(FaultKind::FilterIgnored, Fault::FilterIgnored { what: "Incident.LastModifiedDateTime".into() })]
#[tokio::test]
async fn a_page_that_is_not_what_was_asked_is_a_fault(#[case] kind: FaultKind, #[case] expected: Fault) {
    let practice = Practice::start(still(300)).await;
    practice.page(&request(WorkItemKind::Incident, days(100), 50)).await.unwrap();
    practice.control().fault(FaultSpec::new(kind).times(0));
    let fault = practice.page(&request(WorkItemKind::Incident, days(20), 50)).await.unwrap_err();
    assert_eq!(fault, expected);
    practice.control().clear_faults();
    assert!(practice.page(&request(WorkItemKind::Incident, days(20), 50)).await.is_ok());
}

#[tokio::test]
async fn a_date_of_another_culture_is_refused() {
    let practice = Practice::start(still(300)).await;
    practice.control().fault(FaultSpec::new(FaultKind::WrongCulture).times(0));
    let fault = practice.page(&request(WorkItemKind::Incident, days(20), 50)).await.unwrap_err();
    let Fault::DatesUnclear { field, detail } = fault else { panic!("{fault:?}") };
    assert!(field == FieldId::Culture && detail.starts_with("LastModifiedDateTime = "), "{detail}");
}

#[tokio::test]
async fn texts_are_cleaned_and_odd_types_are_texts() {
    let practice = Practice::start(still(30)).await;
    for kind in [FaultKind::EscapeSequences, FaultKind::WrongTypes] {
        practice.control().fault(FaultSpec::new(kind).times(0));
    }
    let items = practice.walk(WorkItemKind::Incident, ALL, 1_000).await;
    assert!(items[0].title.starts_with("[31mred[0m"), "{}", items[0].title);
    assert!(!items[0].title.chars().any(crate::model::clean::is_unsafe));
    assert_eq!(items[0].priority.value, "3");
}

#[tokio::test]
async fn fields_that_are_not_there_stay_empty_and_are_said() {
    let without = ["ConfigItemDisplayName", "Risk", "Priority"].map(str::to_owned).to_vec();
    let practice = Practice::start(Options { without_fields: without, ..still(60) }).await;
    let items = practice.walk(WorkItemKind::Incident, ALL, 100).await;
    assert_eq!(items.len(), incidents(&practice.control()).len());
    assert!(items.iter().all(|item| item.priority.is_empty() && item.field("configuration_item").is_none()));
    let object = practice.partner.object(WorkItemKind::Incident).await.unwrap();
    assert_eq!(object.bound.missing, ["Priority", "ConfigItemDisplayName"]);
}

#[tokio::test]
async fn without_a_change_time_nothing_is_bound() {
    let practice = Practice::start(Options { without_fields: vec!["LastModifiedDateTime".into()], ..still(10) }).await;
    let fault = practice.page(&request(WorkItemKind::Incident, days(20), 50)).await.unwrap_err();
    let detail = "Incident.LastModifiedDateTime".to_owned();
    assert_eq!(fault, Fault::NotBound { what: "Incident".into(), detail });
}

#[tokio::test]
async fn closed_is_closed() {
    let practice = Practice::start(still(200)).await;
    let items = practice.walk(WorkItemKind::Incident, ALL, 100).await;
    assert!(items.iter().any(|item| item.open) && items.iter().any(|item| !item.open));
    for item in &items {
        assert_eq!(item.open, item.state.value != "Closed", "{item:?}");
        assert_eq!(item.field("closed_at").is_some(), item.state.value == "Closed");
    }
}

#[tokio::test]
async fn counts_are_those_of_the_window() {
    let practice = Practice::start(still(400)).await;
    let rows = incidents(&practice.control());
    let partner: &dyn Partner = &practice.partner;
    assert_eq!(partner.count(WorkItemKind::Incident, ALL).await.unwrap(), rows.len() as u64);
    let now = Timestamp::now();
    let (from, before) = (now - SignedDuration::from_hours(24 * 60), now - SignedDuration::from_hours(24 * 30));
    let inside = |row: &&Row| {
        let second = row["LastModifiedDateTime"].second.unwrap();
        second >= from.as_second() && second < before.as_second()
    };
    let expected = rows.iter().filter(inside).count() as u64;
    let counted = partner.count(WorkItemKind::Incident, Window { from, before: Some(before) }).await.unwrap();
    assert!(counted.abs_diff(expected) <= 3, "{counted}, not {expected}");
}

#[tokio::test]
async fn a_record_that_cannot_be_seen_is_counted_and_not_passed_over() {
    let practice = Practice::start(still(60)).await;
    practice.control().fault(FaultSpec::new(FaultKind::RecordError));
    let page = practice.page(&request(WorkItemKind::Incident, ALL, 1_000)).await.unwrap();
    let rows = incidents(&practice.control()).len() as u64;
    assert_eq!((page.items.len() as u64, page.hidden, page.total), (rows - 1, 1, Some(rows)));
}

#[rstest]
#[case::in_one_page(1_000)]
#[case::in_many(20)]
#[tokio::test]
async fn c4_change_times_that_may_not_be_seen_are_a_fault(#[case] limit: u32) {
    let hidden_fields = vec!["LastModifiedDateTime".to_owned()];
    let practice = Practice::start(Options { hidden_fields, ..still(60) }).await;
    let fault = practice.page(&request(WorkItemKind::Incident, ALL, limit)).await.unwrap_err();
    assert_eq!(fault, Fault::FieldHidden { what: "Incident.LastModifiedDateTime".into() });
    assert_eq!((fault.retry(), fault.exit_code()), (crate::model::fault::Retry::No, 5));
}

#[tokio::test]
async fn null_for_empty_and_texts_for_numbers_change_nothing() {
    let practice = Practice::start(still(60)).await;
    practice.control().fault(FaultSpec::new(FaultKind::Sparse).times(0));
    let items = practice.walk(WorkItemKind::Incident, ALL, 20).await;
    assert_same(&items, &incidents(&practice.control()), "America/New_York");
    let none = Window { from: Timestamp::now() + SignedDuration::from_hours(24), before: None };
    assert!(practice.walk(WorkItemKind::Incident, none, 20).await.is_empty());
    for step in [super::super::StepId::User, super::super::StepId::Binding] {
        let done = practice.partner.run_step(step).await;
        assert_eq!(done.status, crate::model::check::Status::Passed, "{done:?}");
    }
}
