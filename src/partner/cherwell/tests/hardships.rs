//! What systems have been seen to do that no document says.

use rstest::rstest;

use super::*;
use crate::model::check::{DateDoubt, Finding, Status, StepId};
use itsmc_practice::cherwell::{Culture, FaultKind, FaultSpec, Row, Zone};

const ALL: Window = Window { from: Timestamp::UNIX_EPOCH, before: None };

fn incidents(control: &Control) -> Vec<Row> {
    let is_incident = |row: &Row| row.get("IncidentType").is_none_or(|kind| kind.text == "Incident");
    control.rows("Incident").into_iter().filter(is_incident).collect()
}

/// Every incident with its change time, as the system has it, to the minute.
fn truth(control: &Control) -> Vec<(String, i64)> {
    let of = |row: &Row| {
        let second = row["LastModifiedDateTime"].second.unwrap();
        (row["RecID"].text.clone(), second - second.rem_euclid(60))
    };
    let mut all: Vec<_> = incidents(control).iter().map(of).collect();
    all.sort();
    all
}

async fn read(practice: &Practice, limit: u32) -> Vec<(String, i64)> {
    let items = practice.walk(WorkItemKind::Incident, ALL, limit).await;
    let mut all: Vec<_> = items.into_iter().map(|item| (item.source_id, item.updated_at.as_second())).collect();
    all.sort();
    all
}

/// In UTC no hour comes twice.
fn utc(rows: u64) -> Options {
    Options { zone: Zone::utc(), ..still(rows) }
}

#[tokio::test]
async fn two_records_with_one_id_are_refused() {
    let practice = Practice::start(utc(60)).await;
    practice.control().fault(FaultSpec::new(FaultKind::SameId).times(0));
    let fault = practice.page(&request(WorkItemKind::Incident, ALL, 40)).await.unwrap_err();
    assert!(format!("{fault:?}").contains("have the same id"), "{fault:?}");
}

#[tokio::test]
async fn c1_serviceinfo_behind_sign_in_is_sent_the_token() {
    let practice = Practice::start(Options { info_wants_token: true, ..utc(60) }).await;
    let steps =
        crate::partner::live_test::run_test(&practice.partner, practice.partner.spec.test_steps(), |_| {}).await;
    let failed: Vec<_> = steps.iter().filter(|step| step.status == Status::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let release = steps.iter().find(|step| step.id == StepId::Release).unwrap();
    assert!(matches!(&release.finding, Some(Finding::Release { name, .. }) if name == "10.5.0"), "{release:?}");
    assert_eq!(read(&practice, 1_000).await, truth(&practice.control()));
    let asked = practice.control().requests();
    let asked = asked.iter().filter(|request| request.path.ends_with("serviceinfo") && request.status == 200);
    assert!(asked.count() > 0);
}

#[tokio::test]
async fn c1_serviceinfo_refusing_token_fails_the_sign_in() {
    let practice = Practice::start(Options { info_wants_token: true, ..utc(20) }).await;
    practice.control().set_locked(true);
    let steps =
        crate::partner::live_test::run_test(&practice.partner, practice.partner.spec.test_steps(), |_| {}).await;
    let failed: Vec<_> = steps.iter().filter(|step| step.status == Status::Failed).collect();
    assert_eq!(failed.iter().map(|step| step.id).collect::<Vec<_>>(), [StepId::SignIn]);
    assert!(matches!(failed[0].fault, Some(Fault::SignInRefused { .. })), "{failed:?}");
    let tokens = practice.control().requests().iter().filter(|request| request.path.ends_with("/token")).count();
    assert_eq!(tokens, 1, "a wrong password is sent once");
}

#[rstest]
#[case(25)]
#[case(1_000)]
#[tokio::test]
async fn c3_a_row_missing_once_from_a_page_is_read_again(#[case] limit: u32) {
    let practice = Practice::start(utc(300)).await;
    for after in [0, 3, 5] {
        practice.control().fault(FaultSpec::new(FaultKind::RowMissing).after(after));
    }
    assert_eq!(read(&practice, limit).await, truth(&practice.control()));
}

#[rstest]
#[case::in_many(40)]
#[case::in_one(1_000)]
#[tokio::test]
async fn c3_a_row_that_stays_away_is_hidden_and_counted_once(#[case] limit: u32) {
    let practice = Practice::start(utc(200)).await;
    let rows = incidents(&practice.control());
    practice.control().hide("Incident", &rows[rows.len() - 3]["RecID"].text, true).unwrap();
    let mut request = request(WorkItemKind::Incident, ALL, limit);
    let (mut came, mut hidden) = (0, 0);
    loop {
        let page = practice.page(&request).await.unwrap();
        came += page.items.len();
        hidden += page.hidden;
        if page.total.is_some_and(|total| total <= page.items.len() as u64 + page.hidden) {
            break;
        }
        request.after = page.items.last().map(WorkItem::cursor);
    }
    assert_eq!((came, hidden), (rows.len() - 1, 1));
}

#[rstest]
#[case::capped_and_more_told(Options { most_rows: 40, tells_more: true, total_of_page: true, ..utc(300) })]
#[case::more_told(Options { tells_more: true, total_of_page: true, ..utc(300) })]
#[case::by_page(Options { most_rows: 40, tells_more: true, total_of_page: true, version: "9.3.2".into(), ..utc(300) })]
#[case::nothing_told(Options { total_of_page: true, most_rows: 60, ..utc(300) })]
#[tokio::test]
async fn c5_more_records_are_fetched_whatever_the_total_says(#[case] options: Options) {
    let practice = Practice::start(options).await;
    for limit in [100, 1_000] {
        assert_eq!(read(&practice, limit).await, truth(&practice.control()), "{limit}");
    }
}

#[tokio::test]
async fn c5_more_records_that_never_come_end_the_reading() {
    let practice = Practice::start(utc(100)).await;
    practice.control().fault(FaultSpec::new(FaultKind::MoreAlways).times(0));
    assert_eq!(read(&practice, 1_000).await, truth(&practice.control()));
    assert!(practice.control().requests().len() < 20);
}

#[tokio::test]
async fn c6_changes_in_the_future_name_the_time_zone() {
    let east = Zone { windows: "Tokyo Standard Time".into(), posix: "JST-9".into() };
    let practice = Practice::start(Options { value_zone: Some(east), ..utc(60) }).await;
    practice.control().add("Incident", &[("ShortDescription", "Now")]).unwrap();
    let step = practice.partner.run_step(StepId::Incident).await;
    let Some(Finding::RowDoubtful { doubt: DateDoubt::Future { seconds, zone }, .. }) = &step.finding else {
        panic!("{step:?}")
    };
    assert!(seconds.abs_diff(9 * 3_600) < 300 && zone == "UTC", "{step:?}");
    assert_eq!((step.status, step.field), (Status::Warning, Some(FieldId::TimeZone)));
}

#[rstest]
#[case::by_row("10.5.0")]
#[case::by_page("9.3.2")]
#[tokio::test]
async fn c7_page_numbers_from_zero_lose_no_page(#[case] version: &str) {
    for (limit, rows) in [(50, 300), (1_000, 60)] {
        let practice = Practice::start(Options { from_zero: true, version: version.into(), ..utc(rows) }).await;
        assert_eq!(read(&practice, limit).await, truth(&practice.control()), "{limit}");
    }
}

#[tokio::test]
async fn c7_ignored_sorting_is_said_without_words_of_another_product() {
    let practice = Practice::start(Options { ignores_sorting: true, ..utc(300) }).await;
    let fault = practice.page(&request(WorkItemKind::Incident, ALL, 50)).await.unwrap_err();
    assert_eq!(fault, Fault::OrderIgnored { what: "Incident.LastModifiedDateTime".into() });
    // Of what comes in one page the order does not matter.
    assert_eq!(read(&practice, 1_000).await, truth(&practice.control()));
}

#[tokio::test]
async fn c7_a_business_object_that_is_not_there_is_named() {
    for without in [Options { without_objects: vec!["ChangeRequest".into()], ..utc(20) }] {
        let practice = Practice::start(without).await;
        let step = practice.partner.run_step(StepId::Binding).await;
        assert_eq!(step.fault, Some(Fault::NoSuchObject { object: "ChangeRequest".into() }), "{step:?}");
        assert_eq!(step.field, Some(FieldId::WorkItems));
    }
}

#[tokio::test]
async fn c7_the_least_date_is_none() {
    let practice = Practice::start(Options { least_dates: true, ..utc(100) }).await;
    let items = practice.walk(WorkItemKind::Incident, ALL, 1_000).await;
    assert!(items.iter().any(|item| item.open && item.field("closed_at").is_none()));
    assert!(items.iter().all(|item| item.fields.iter().all(|field| !field.value.text().contains("0001"))));
}

#[rstest]
#[case::by_row("10.5.0")]
#[case::by_page("9.3.2")]
#[tokio::test]
async fn c7_a_row_deleted_during_paging_is_not_hidden(#[case] version: &str) {
    let practice = Practice::start(Options { version: version.into(), ..utc(300) }).await;
    for after in [1, 3, 4] {
        practice.control().fault(FaultSpec::new(FaultKind::Delete).after(after));
    }
    let mut request = request(WorkItemKind::Incident, ALL, 40);
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let page = practice.page(&request).await.unwrap();
        assert_eq!(page.hidden, 0);
        let last = page.total.is_some_and(|total| total <= page.items.len() as u64);
        assert!(last || page.total.is_none(), "a total that a deleted row makes wrong");
        request.after = page.items.last().map(WorkItem::cursor);
        seen.extend(page.items.into_iter().map(|item| item.source_id));
        if last {
            break;
        }
    }
    assert!(practice.control().faults().is_empty());
    assert!(truth(&practice.control()).iter().all(|(id, _)| seen.contains(id)));
}

#[rstest]
#[case(Culture::EnCa)]
#[case(Culture::EnIn)]
#[case(Culture::EnZa)]
#[case(Culture::EsMx)]
#[case(Culture::HuHu)]
#[case(Culture::JaJp)]
#[case(Culture::RuRu)]
#[case(Culture::TrTr)]
#[case(Culture::ZhCn)]
#[case(Culture::ZhTw)]
#[case(Culture::BgBg)]
#[case(Culture::ThTh)]
#[case(Culture::ArEg)]
#[case(Culture::EnPh)]
#[case(Culture::Own)]
#[tokio::test]
async fn c8_every_row_comes_in_any_culture(#[case] culture: Culture) {
    let practice = Practice::start(Options { culture, ..utc(200) }).await;
    assert_eq!(read(&practice, 50).await, truth(&practice.control()));
    for step in [StepId::Binding, StepId::Incident] {
        let done = practice.partner.run_step(step).await;
        assert_eq!(done.status, Status::Passed, "{done:?}");
    }
}

#[tokio::test]
async fn c8_where_no_date_shows_the_day_that_is_said() {
    let practice = Practice::start(utc(30)).await;
    let control = practice.control();
    let at = "2026-11-05T13:07:00Z".parse::<Timestamp>().unwrap().as_second().to_string();
    let dates = ["LastModifiedDateTime", "CreatedDateTime", "ClosedDateTime", "Stat_DateTimeResolved"];
    let fields: Vec<_> = dates.iter().map(|name| (*name, at.as_str())).collect();
    for row in control.rows("Incident") {
        control.edit("Incident", &row["RecID"].text, &fields).unwrap();
    }
    let step = practice.partner.run_step(StepId::Incident).await;
    let doubt = DateDoubt::DayOrMonth { culture: "en-US".into() };
    assert!(matches!(&step.finding, Some(Finding::RowDoubtful { doubt: found, .. }) if *found == doubt), "{step:?}");
    assert_eq!((step.status, step.field), (Status::Warning, Some(FieldId::Culture)));
}

#[tokio::test]
async fn c8_members_that_begin_with_a_capital_are_the_same_members() {
    let practice = Practice::start(Options { capitals: true, ..utc(200) }).await;
    assert_eq!(read(&practice, 50).await, truth(&practice.control()));
    let steps =
        crate::partner::live_test::run_test(&practice.partner, practice.partner.spec.test_steps(), |_| {}).await;
    let failed: Vec<_> = steps.iter().filter(|step| step.status == Status::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
}
