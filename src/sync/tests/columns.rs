//! Columns that the product hides: what is stored of them stays, and is said.

use rstest::rstest;

use super::*;
use crate::model::finding::SyncFinding;
use crate::model::items::Seek;

fn hidden(name: &str) -> Vec<SyncFinding> {
    vec![SyncFinding::HiddenColumn { kind: INCIDENT, columns: vec![name.to_owned()] }]
}

impl Rig {
    fn touch(&self, count: usize) {
        self.server.change(|rows| rows.iter_mut().take(count).for_each(|row| row.changed = NOW - 30));
    }

    async fn titles(&self) -> Vec<String> {
        let window = self.store.items(None, ItemFilter::default(), Seek::First, 1_000).await.unwrap();
        window.rows.into_iter().map(|row| row.title).collect()
    }
}

#[rstest]
#[case::left_out("title", true, None)]
#[case::left_out_state("state", true, None)]
#[case::empty_and_the_product_knows("title", false, Some(false))]
#[case::empty_and_nobody_knows("title", false, None)]
#[case::an_attribute("category", false, Some(false))]
#[tokio::test]
async fn d6_a_hidden_column_keeps_what_is_stored(
    #[case] name: &'static str,
    #[case] left_out: bool,
    #[case] shows: Option<bool>,
    #[values(false, true)] full: bool,
) {
    let rig = Rig::new(rows(40));
    assert_eq!(rig.sync_well().await.findings, []);
    rig.server.hides.lock().unwrap().push((name, left_out));
    *rig.server.shows.lock().unwrap() = shows;
    rig.touch(5);
    let report = rig.start(full, CancellationToken::new()).await.remove(0);
    assert_eq!((report.complete, report.findings), (true, hidden(name)));
    rig.assert_equals_the_server().await;
    assert!(rig.titles().await.iter().all(|title| title.starts_with("row")));
    // It stays said while nothing changes, and in what is shown.
    assert_eq!(rig.sync().await.findings, hidden(name));
    let summary = rig.store.summary(&contoso(), at(NOW)).await.unwrap();
    assert_eq!(summary.standing_findings(at(NOW)), hidden(name));
    assert_eq!(summary.kinds[&INCIDENT].by_state.len(), 1);
}

#[tokio::test]
async fn d6_a_page_of_odd_rows_that_all_lack_a_column_hides_none() {
    let rig = Rig::new(rows(40));
    rig.sync_well().await;
    rig.server.hides.lock().unwrap().push(("title", true));
    *rig.server.shows.lock().unwrap() = Some(true);
    rig.touch(40);
    assert_eq!(rig.sync_well().await.findings, []);
    assert_eq!(rig.store.summary(&contoso(), at(NOW)).await.unwrap().standing_findings(at(NOW)), []);
    assert!(rig.titles().await.iter().all(|title| title.starts_with("row")), "what a row lacks is kept");
}

#[tokio::test]
async fn d6_a_value_that_was_really_taken_away_goes() {
    let rig = Rig::new(rows(40));
    rig.sync_well().await;
    rig.server.hides.lock().unwrap().push(("title", false));
    *rig.server.shows.lock().unwrap() = Some(true);
    rig.touch(4);
    let report = rig.sync_well().await;
    assert_eq!(report.findings, []);
    let emptied = rig.titles().await.iter().filter(|title| title.is_empty()).count() as u64;
    assert!(emptied == report.fetched && emptied >= 4, "{emptied}");
}

#[rstest]
#[case::left_out(true)]
#[case::empty(false)]
#[tokio::test]
async fn d6_a_column_hidden_from_the_first_sync_on_is_said(#[case] left_out: bool) {
    let rig = Rig::new(rows(40));
    rig.server.hides.lock().unwrap().push(("title", left_out));
    assert_eq!(rig.sync_well().await.findings, hidden("title"));
    assert_eq!(rig.sync_well().await.findings, hidden("title"));
}

#[tokio::test]
async fn d6_a_column_shown_again_is_read_again_whole() {
    let rig = Rig::new(rows(40));
    rig.server.hides.lock().unwrap().push(("title", true));
    rig.sync_well().await;
    rig.server.hides.lock().unwrap().clear();
    rig.touch(1);
    assert_eq!(rig.sync_well().await.findings, []);
    rig.assert_equals_the_server().await;
}

/// New rows may have no state yet; that the product shows the column again was found by asking for it.
#[tokio::test]
async fn d6_a_column_shown_again_is_not_hidden_by_odd_rows_that_lack_it() {
    let rig = Rig::new(rows(40));
    rig.sync_well().await;
    rig.server.hides.lock().unwrap().push(("title", true));
    *rig.server.shows.lock().unwrap() = Some(false);
    rig.touch(5);
    assert_eq!(rig.sync_well().await.findings, hidden("title"));
    *rig.server.shows.lock().unwrap() = Some(true);
    assert_eq!(rig.sync_well().await.findings, []);
    assert!(rig.titles().await.iter().all(|title| title.starts_with("row")), "what a row lacks is kept");
}
