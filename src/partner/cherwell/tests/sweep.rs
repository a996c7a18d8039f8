//! A sweep sees every record once, whatever is deleted while it runs, and says of each id what became of it.

use std::collections::BTreeMap;

use rstest::rstest;

use super::*;
use crate::model::sweep::{Found, SweepRequest};
use crate::partner::Sweep;
use itsmc_practice::cherwell::{FaultKind, FaultSpec, Row};

const ALL: Window = Window { from: Timestamp::UNIX_EPOCH, before: None };

/// What a sweep saw: the change time of each id, and how many rows were hidden.
async fn swept(practice: &Practice) -> Result<(BTreeMap<String, Option<Timestamp>>, u64), Fault> {
    let sweep: &dyn Sweep = practice.partner.sweep().unwrap();
    let mut request = SweepRequest { kind: WorkItemKind::Incident, window: ALL, after: None };
    let (mut seen, mut hidden) = (BTreeMap::new(), 0);
    loop {
        let page = sweep.marks(&request).await?;
        hidden += page.hidden;
        seen.extend(page.marks.into_iter().map(|mark| (mark.source_id, mark.changed)));
        match page.next {
            Some(next) => request.after = Some(next),
            None => {
                assert_eq!(page.total, Some(seen.len() as u64 + hidden));
                return Ok((seen, hidden));
            }
        }
    }
}

fn incidents(control: &Control) -> Vec<Row> {
    let is_incident = |row: &Row| row.get("IncidentType").is_none_or(|kind| kind.text == "Incident");
    control.rows("Incident").into_iter().filter(is_incident).collect()
}

fn ids(rows: &[Row]) -> Vec<String> {
    let mut ids: Vec<_> = rows.iter().map(|row| row["RecID"].text.clone()).collect();
    ids.sort();
    ids
}

#[rstest]
#[case::in_one_page(Options::still())]
#[case::capped(Options { most_rows: 37, ..Options::still() })]
#[case::capped_by_page(Options { most_rows: 37, version: "9.3.2".into(), ..Options::still() })]
#[case::not_as_its_version_says(Options { most_rows: 37, by_row: Some(false), ..Options::still() })]
#[case::nor_so(Options { most_rows: 37, version: "9.3.2".into(), by_row: Some(true), ..Options::still() })]
#[case::from_zero(Options { most_rows: 37, from_zero: true, ..Options::still() })]
#[case::from_zero_by_page(Options { most_rows: 37, from_zero: true, version: "9.3.2".into(), ..Options::still() })]
#[case::zero_ascends(Options { most_rows: 37, ascending: 0, ..Options::still() })]
#[case::more_is_told(Options { most_rows: 37, tells_more: true, total_of_page: true, ..Options::still() })]
#[tokio::test]
async fn d4_a_sweep_sees_every_record_once(#[case] options: Options) {
    let practice = Practice::start(Options { rows: Some(400), ..options }).await;
    let (seen, hidden) = swept(&practice).await.unwrap();
    let rows = incidents(&practice.control());
    assert_eq!((seen.keys().cloned().collect::<Vec<_>>(), hidden), (ids(&rows), 0));
    for row in &rows {
        let changed = row["LastModifiedDateTime"].second.unwrap();
        let expected = super::pages::expected_minute(changed, "Eastern Standard Time");
        assert_eq!(seen[&row["RecID"].text].unwrap(), expected);
    }
}

#[rstest]
#[case::by_row("10.5.0")]
#[case::by_page("9.3.2")]
#[tokio::test]
async fn c7_records_deleted_during_a_sweep_hide_no_other(#[case] version: &str) {
    let practice = Practice::start(Options { most_rows: 37, version: version.into(), ..still(400) }).await;
    let control = practice.control();
    for after in [3, 4, 5, 7] {
        control.fault(FaultSpec::new(FaultKind::Delete).after(after));
    }
    let (seen, hidden) = swept(&practice).await.unwrap();
    assert!(control.faults().is_empty(), "nothing was deleted");
    let left = ids(&incidents(&control));
    assert!(left.iter().all(|id| seen.contains_key(id)), "{} seen, {} left", seen.len(), left.len());
    assert_eq!(hidden, 0);
}

#[tokio::test]
async fn c3_sweep_rereads_missing_row_and_counts_hidden_one() {
    let practice = Practice::start(still(300)).await;
    practice.control().fault(FaultSpec::new(FaultKind::RowMissing));
    let rows = incidents(&practice.control());
    let (seen, hidden) = swept(&practice).await.unwrap();
    assert_eq!((seen.len(), hidden), (rows.len(), 0));
    practice.control().hide("Incident", &rows[20]["RecID"].text, true).unwrap();
    let (seen, hidden) = swept(&practice).await.unwrap();
    assert_eq!((seen.len(), hidden), (rows.len() - 1, 1));
}

#[tokio::test]
async fn c7_a_sweep_in_an_order_of_its_own_is_refused_by_its_cause() {
    let practice = Practice::start(Options { ignores_sorting: true, ..still(100) }).await;
    let fault = swept(&practice).await.unwrap_err();
    assert_eq!(fault, Fault::OrderIgnored { what: "Incident.RecID".into() });
}

#[tokio::test]
async fn d4_what_became_of_a_record_is_what_the_product_says() {
    let practice = Practice::start(still(200)).await;
    let control = practice.control();
    let rows = incidents(&control);
    let id = |nth: usize| rows[nth]["RecID"].text.clone();
    control.delete("Incident", &id(1)).unwrap();
    control.hide("Incident", &id(2), true).unwrap();
    control.edit("Incident", &id(3), &[("IncidentType", "Service Request")]).unwrap();
    let asked: Vec<_> = (0..5).map(id).collect();
    let sweep: &dyn Sweep = practice.partner.sweep().unwrap();
    let found = sweep.fetch(WorkItemKind::Incident, &asked).await.unwrap();
    assert_eq!(found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), asked);
    let found: Vec<_> = found.into_iter().map(|(_, found)| found).collect();
    assert!(matches!(&found[0], Found::Item(item) if item.number == rows[0]["IncidentID"].text), "{found:?}");
    assert_eq!(found[1..4], [Found::Gone, Found::Hidden, Found::Gone]);
    assert!(matches!(&found[4], Found::Item(_)), "{found:?}");
    control.fault(FaultSpec::new(FaultKind::GeneralFailure).on("busobrecid").times(0));
    let found = sweep.fetch(WorkItemKind::Incident, &asked[1..2]).await.unwrap();
    assert_eq!(found[0].1, Found::Unknown);
}

#[tokio::test]
async fn d4_sweep_without_id_filter_reads_each_record() {
    let practice = Practice::start(still(60)).await;
    let asked: Vec<_> = ids(&incidents(&practice.control())).into_iter().take(3).collect();
    let sweep: &dyn Sweep = practice.partner.sweep().unwrap();
    practice.control().fault(FaultSpec::new(FaultKind::GeneralFailure).on("getsearchresults").times(0));
    let found = sweep.fetch(WorkItemKind::Incident, &asked).await.unwrap();
    assert!(found.iter().all(|(id, found)| matches!(found, Found::Item(item) if item.source_id == *id)), "{found:?}");
}
