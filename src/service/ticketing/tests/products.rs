//! The outbox carried out against scripted products that fail at every write in turn.

use super::*;
use crate::partner::cherwell::tickets::testing::System;
use crate::partner::provance::tickets::testing::Dataverse;
use crate::partner::testing::Trouble as There;

const ALERTS: u32 = 60;

/// Troubles at every third write, in turn.
fn troubles(offset: usize) -> BTreeMap<usize, There> {
    let all = [There::ErrorAfter, There::ErrorBefore, There::BadRequestAfter];
    let places = (1 + offset..ALERTS as usize * 3).step_by(3).enumerate();
    // A limit keeps everybody waiting for a second.
    let trouble = |nth: usize| match nth % 20 {
        3 => There::Limited,
        10 => There::ReadLimited,
        _ => all[nth % 3],
    };
    places.map(|(nth, at)| (at, trouble(nth))).collect()
}

async fn carried(partner: Arc<dyn Partner>) -> TicketReport {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("items.db")).unwrap();
    for n in 0..ALERTS {
        let draft = TicketDraft { title: format!("Alert {n}"), description: "CPU".into(), ..TicketDraft::default() };
        let life = [Operation::Open { draft: Box::new(draft) }, note("again"), resolve()];
        let planned = life.into_iter().map(|operation| (key(n), operation)).collect();
        store.prepare(stored(planned), Timestamp::now()).await.unwrap();
    }
    let settings = TicketSettings {
        patience: Duration::from_secs(60),
        settling: SignedDuration::ZERO,
        pause: SignedDuration::ZERO,
        ..TicketSettings::default()
    };
    let connection = ConnectionName::parse("contoso").unwrap();
    let instance = key(0).instance;
    carry_out(TicketJob { store, partner, connection, instance, settings }, CancellationToken::new()).await.unwrap()
}

fn assert_done(report: &TicketReport) {
    let counts = (report.confirmed, report.waiting, report.refused, report.unsure, report.fault.clone());
    assert_eq!(counts, (u64::from(ALERTS) * 3, 0, 0, 0, None), "{report:?}");
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[tokio::test]
async fn provance_each_write_meets_a_fault_and_is_done_once(#[case] offset: usize) {
    let there = Dataverse::start(troubles(offset)).await;
    assert_done(&carried(Arc::new(there.partner())).await);
    let tables = there.tables.lock().unwrap();
    assert_eq!((tables.cases.len(), tables.notes.len()), (ALERTS as usize, ALERTS as usize));
    for n in 0..ALERTS {
        let case = &tables.cases[&key(n).guid()];
        assert_eq!((&case["title"], &case["statecode"]), (&format!("Alert {n}").into(), &1.into()));
        assert_eq!(tables.notes.values().filter(|(of, _)| *of == key(n).guid()).count(), 1);
    }
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(2)]
#[tokio::test]
async fn cherwell_each_write_meets_a_fault_and_is_done_once(#[case] offset: usize) {
    let there = System::start(troubles(offset)).await;
    assert_done(&carried(Arc::new(there.partner())).await);
    let records = there.records.lock().unwrap();
    assert_eq!(records.incidents.len(), ALERTS as usize);
    for n in 0..ALERTS {
        let mark = key(n).marker();
        let all: Vec<_> = records.incidents.iter().filter(|one| one["ShortDescription"].starts_with(&mark)).collect();
        assert_eq!(all.len(), 1, "{mark}");
        assert_eq!(
            (all[0]["Status"].as_str(), all[0]["Description"].as_str()),
            ("Resolved", "CPU\n\nAzure Monitor #1\nagain")
        );
    }
}
