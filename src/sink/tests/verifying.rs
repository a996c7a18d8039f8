//! What a verification finds, says and sends again.

use super::*;
use crate::model::sending::{Cap, VerifyRecord};
use crate::sink::verify::{Look, SeenRow, verify};
use service::{Service, Verdict};

/// The workspace as a query shows it: rows that the service has, less those that it lost.
struct Seen {
    service: Arc<Service>,
    lost: Mutex<std::collections::BTreeSet<String>>,
    partial: std::sync::atomic::AtomicBool,
    cap: Mutex<Cap>,
}

impl Seen {
    fn of(service: &Arc<Service>) -> Arc<Self> {
        let cap = Mutex::new(Cap { status: "RespectQuota".into(), resets_at: None });
        Arc::new(Self { service: service.clone(), lost: Mutex::default(), partial: false.into(), cap })
    }

    fn look(&self, connection: &str) -> Vec<SeenRow> {
        let mut all: BTreeMap<String, BTreeMap<i64, (u64, Json)>> = BTreeMap::new();
        let kept = self.service.kept();
        let lost = self.lost.lock().unwrap();
        let there = kept.items.iter().filter(|row| row["ServiceDeskConnectionName_s"] == connection);
        for row in
            there.filter(|row| row["ItsmcResent"] == true || !lost.contains(row["ServiceDeskId_s"].as_str().unwrap()))
        {
            let sends = all.entry(row["ItsmcId"].as_str().unwrap().to_owned()).or_default();
            sends.entry(row["ItsmcSend"].as_i64().unwrap()).or_insert((0, row.clone())).0 += 1;
        }
        let one = |(id, sends): (String, BTreeMap<i64, (u64, Json)>)| {
            let (_, newest) = sends.values().next_back().cloned().unwrap();
            SeenRow {
                id,
                number: newest["ServiceDeskId_s"].as_str().unwrap().to_owned(),
                removed: newest["ItsmcRemoved"] == true,
                modified: newest["LastModifiedDate_t"].as_str().and_then(|at| at.parse().ok()),
                doubled: sends.values().map(|(copies, _)| copies - 1).sum(),
            }
        };
        all.into_iter().map(one).collect()
    }
}

impl Look for Seen {
    fn rows<'a>(
        &'a self,
        connection: &'a str,
        kind: WorkItemKind,
    ) -> crate::net::BoxFuture<'a, Result<Vec<SeenRow>, Fault>> {
        Box::pin(async move {
            if self.partial.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(Fault::PartialResult { detail: "E_QUERY_RESULT_SET_TOO_LARGE".into() });
            }
            Ok(if kind == WorkItemKind::Incident { self.look(connection) } else { Vec::new() })
        })
    }

    fn cap(&self) -> crate::net::BoxFuture<'_, Result<Cap, Fault>> {
        Box::pin(async move { Ok(self.cap.lock().unwrap().clone()) })
    }
}

async fn verified(rig: &Rig, seen: &Arc<Seen>) -> Result<VerifyRecord, Fault> {
    let job = rig.job(&seen.service.url);
    verify(job, seen.clone(), CancellationToken::new(), rig.clock.clone()).await
}

async fn sent(rows: u32) -> (Rig, Arc<Seen>) {
    let (rig, service) = (Rig::new(), Arc::new(Service::taking().await));
    rig.put("contoso", 0..rows, "old").await;
    rig.send(&service).await;
    (rig, Seen::of(&service))
}

#[tokio::test]
async fn what_is_there_is_verified_and_nothing_is_sent() {
    let (rig, seen) = sent(200).await;
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.checked, record.is_clean(), record.resent), (200, true, 0));
    assert_eq!(rig.state().await.verified, Some(record));
}

#[tokio::test]
async fn report_5_what_is_sent_again_says_so() {
    let (rig, seen) = sent(300).await;
    *rig.clock.now.lock().unwrap() += SignedDuration::from_hours(24 * 5);
    seen.lost.lock().unwrap().extend((100..200).map(|n| item(n, "").number));
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.missing, record.resent, record.numbers.len()), (100, 100, 5));
    {
        let kept = seen.service.kept();
        let again: Vec<_> = kept.items.iter().filter(|row| row["ItsmcResent"] == true).collect();
        assert_eq!(again.len(), 100);
        assert!(again.iter().all(|row| row["CreatedDate_t"] == "2026-11-20T08:00:00Z"), "its own dates, not today");
        assert_eq!(shown(&kept.items).len(), 300);
    }
    let record = verified(&rig, &seen).await.unwrap();
    assert!(record.is_clean() && record.resent == 0, "{record:?}");
}

#[tokio::test]
async fn report_6_a_row_that_is_there_twice_is_said_and_not_sent_again() {
    let (rig, seen) = sent(20).await;
    let row = seen.service.items()[3].clone();
    seen.service.kept().items.push(row);
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.doubled, record.resent, record.is_clean()), (1, 0, true));
}

#[tokio::test]
async fn report_7_nothing_is_sent_again_while_the_workspace_is_over_its_cap() {
    let (rig, seen) = sent(20).await;
    *rig.clock.now.lock().unwrap() += SignedDuration::from_mins(20);
    let reset = rig.clock.now() + SignedDuration::from_mins(40);
    *seen.cap.lock().unwrap() = Cap { status: "OverQuota".into(), resets_at: Some(reset) };
    seen.lost.lock().unwrap().extend((0..7).map(|n| item(n, "").number));
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.missing, record.resent), (7, 0));
    assert_eq!(record.cap.unwrap().resets_at, Some(reset));
    *rig.clock.now.lock().unwrap() = reset + SignedDuration::from_mins(1);
    *seen.cap.lock().unwrap() = Cap { status: "RespectQuota".into(), resets_at: None };
    assert_eq!(verified(&rig, &seen).await.unwrap().resent, 7);
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.resent, record.is_clean()), (0, true), "once");
}

#[tokio::test]
async fn report_8_rows_of_forty_days_ago_are_found() {
    let (rig, seen) = sent(50).await;
    *rig.clock.now.lock().unwrap() += SignedDuration::from_hours(24 * 40);
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.checked, record.is_clean()), (50, true));
}

#[tokio::test]
async fn report_9_a_part_of_an_answer_declares_nothing_missing() {
    let (rig, seen) = sent(50).await;
    seen.partial.store(true, std::sync::atomic::Ordering::SeqCst);
    let before = seen.service.requests().len();
    let fault = verified(&rig, &seen).await.unwrap_err();
    assert_eq!((fault.code(), seen.service.requests().len()), ("partial-result", before));
    assert_eq!(rig.state().await.verified, None, "nothing is known");
}

#[tokio::test]
async fn an_older_a_gone_and_a_removed_row_are_told_apart() {
    let (rig, seen) = sent(20).await;
    *rig.clock.now.lock().unwrap() += SignedDuration::from_mins(20);
    let newer = |n: u32| WorkItem { updated_at: "2026-11-22T09:30:00Z".parse().unwrap(), ..item(n, "newer") };
    rig.sweep("contoso", vec![(newer(3), true)], vec![item(4, "").source_id]).await;
    // The service accepts these, and stores nothing.
    let nowhere = Service::start(|_| Verdict::Refuse(204, "")).await;
    assert_eq!(rig.send(&nowhere).await.accepted, 2);
    let stray = item(77, "stray");
    let mut row = seen.service.items()[0].clone();
    row["ItsmcId"] = stray.source_id.as_str().into();
    row["ServiceDeskId_s"] = stray.number.as_str().into();
    seen.service.kept().items.push(row);
    let record = verified(&rig, &seen).await.unwrap();
    assert_eq!((record.missing, record.older, record.surplus, record.resent), (0, 2, 1, 3));
    let shown = shown(&seen.service.items());
    assert_eq!((shown.len(), shown["\"INC0000003\""].as_str()), (19, "\"newer\""));
    assert!(!shown.contains_key("\"INC0000077\"") && !shown.contains_key("\"INC0000004\""));
}
