//! Sweeps: what is there, what is gone and what is hidden.

use super::*;
use crate::model::sweep::{Found, Mark, SweepCursor, SweepPage, SweepRequest};
use crate::partner::Sweep;

const INCIDENT: WorkItemKind = WorkItemKind::Incident;

async fn swept(partner: &Provance) -> (Vec<Mark>, Vec<SweepPage>) {
    let (mut marks, mut pages, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = partner.marks(&SweepRequest { kind: INCIDENT, window: ever(), after }).await.unwrap();
        marks.extend(page.marks.clone());
        after = page.next.clone();
        pages.push(page);
        if after.is_none() {
            return (marks, pages);
        }
    }
}

fn truth(control: &Control) -> Vec<Mark> {
    let rows = control.rows(practice_kind(INCIDENT));
    let mark = |row: &there::Truth| Mark {
        source_id: row["prov_incidentid"].value.clone(),
        changed: row["modifiedon"].value.parse().ok(),
        changes: row["versionnumber"].value.parse().ok(),
    };
    rows.iter().map(mark).collect()
}

fn sorted(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_by(|one, other| one.source_id.cmp(&other.source_id));
    marks
}

#[rstest]
#[case::one_page(Leeway::default(), 1)]
#[case::small_pages(Leeway { most_rows: 30, ..Leeway::default() }, 5)]
#[case::short_links(Leeway { most_rows: 30, whole_links: false, ..Leeway::default() }, 5)]
#[tokio::test]
async fn p4_a_sweep_brings_every_id_with_its_change_time_and_version(#[case] leeway: Leeway, #[case] pages: usize) {
    let (server, control) = start(open(40, 140, leeway)).await;
    let partner = Setup::of(&server).partner();
    let (marks, came) = swept(&partner).await;
    assert_eq!(sorted(marks), sorted(truth(&control)));
    assert_eq!(came.len(), pages);
    let asked: Vec<_> =
        control.requests().into_iter().filter(|request| request.path.ends_with("/prov_incidents")).collect();
    assert!(asked.iter().all(|page| page.prefer == "odata.maxpagesize=5000"), "{asked:?}");
}

#[tokio::test]
async fn p12_followed_links_are_counted_as_requests() {
    let (server, control) = start(open(0, 140, Leeway { most_rows: 30, ..Leeway::default() })).await;
    let partner = Setup::of(&server).partner();
    // What is asked once, such as the description, is behind it.
    swept(&partner).await;
    let before = partner.requests();
    control.clear_requests();
    let (_, pages) = swept(&partner).await;
    assert_eq!(pages.len(), 5);
    assert_eq!((partner.requests() - before, control.requests().len()), (5, 5));
}

#[tokio::test]
async fn p4_a_row_is_told_as_it_is_as_gone_or_as_hidden() {
    let (server, control) = start(open(0, 140, Leeway { most_rows: 30, ..Leeway::default() })).await;
    let partner = Setup::of(&server).partner();
    let all: Vec<String> = truth(&control).into_iter().map(|mark| mark.source_id).collect();
    control.delete(practice_kind(INCIDENT), &all[3]).unwrap();
    control.hide(practice_kind(INCIDENT), &all[5], true).unwrap();
    let mut ids = all[..50].to_vec();
    ids[49] = "INC-01002".to_owned();
    let found: BTreeMap<String, Found> = Sweep::fetch(&partner, INCIDENT, &ids).await.unwrap().into_iter().collect();
    assert_eq!(found.len(), 50);
    assert_eq!((&found[&all[3]], &found[&all[5]]), (&Found::Gone, &Found::Hidden));
    // What is no GUID is the id of no row, whatever column it came from.
    assert_eq!(found["INC-01002"], Found::Gone);
    let Found::Item(item) = &found[&all[7]] else { panic!("{:?}", found[&all[7]]) };
    assert_eq!(item.source_id, all[7]);
    assert_eq!(found.values().filter(|found| matches!(found, Found::Item(_))).count(), 47);
    let (marks, _) = swept(&partner).await;
    assert!(!marks.iter().any(|mark| [&all[3], &all[5]].contains(&&mark.source_id)));
}

#[rstest]
#[case::error_beside(FaultKind::ErrorBesideRows, "truncated")]
#[case::circle(FaultKind::CircularLink, "malformed")]
#[case::foreign(FaultKind::ForeignLink, "redirected")]
#[case::cut(FaultKind::Truncated, "malformed")]
#[tokio::test]
async fn p11_a_page_of_a_sweep_that_may_not_be_all_is_a_fault(#[case] kind: FaultKind, #[case] code: &str) {
    let (server, control) = start(open(0, 140, Leeway { most_rows: 30, ..Leeway::default() })).await;
    let partner = Setup::of(&server).partner();
    partner.bound(INCIDENT).await.unwrap();
    control.fault(FaultSpec::new(kind).on("prov_incidents").times(0));
    let mut after = None;
    let fault = loop {
        match partner.marks(&SweepRequest { kind: INCIDENT, window: ever(), after }).await {
            Ok(SweepPage { next: Some(SweepCursor(next)), .. }) => after = Some(SweepCursor(next)),
            Ok(page) => panic!("it ended: {page:?}"),
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.code(), code);
}

#[tokio::test]
async fn p4_a_refusal_that_is_not_about_the_row_proves_nothing() {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    let id = truth(&control).remove(0).source_id;
    control.delete(practice_kind(INCIDENT), &id).unwrap();
    partner.bound(INCIDENT).await.unwrap();
    for (spec, code) in [
        (FaultSpec::error(404, "0x8006088a", "no segment"), "no-such-table"),
        (FaultSpec::error(403, "0x80072560", "no member"), "environment-refused"),
        (FaultSpec::error(500, "0x80040265", "trouble"), "partner-error"),
        (FaultSpec::new(FaultKind::Unavailable), "unavailable"),
    ] {
        control.fault(spec.on("prov_incidents("));
        assert_eq!(Sweep::fetch(&partner, INCIDENT, std::slice::from_ref(&id)).await.unwrap_err().code(), code);
    }
}
