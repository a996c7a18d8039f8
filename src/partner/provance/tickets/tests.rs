//! Cases in a small Dataverse.

use super::testing::Dataverse;
use super::*;
use crate::model::ticket::{Subject, TicketState};
use crate::partner::testing::Trouble;

fn key() -> TicketKey {
    TicketKey {
        instance: "https://contoso.crm.dynamics.com".into(),
        connection: "contoso".into(),
        subject: Subject::Alert("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        item: None,
        generation: 0,
    }
}

fn draft() -> TicketDraft {
    TicketDraft { title: "CPU high".into(), description: "99 %".into(), ..TicketDraft::default() }
}

fn at(key: &TicketKey) -> TicketAt<'_> {
    TicketAt { key, kind: TicketKind::Incident, id: None }
}

#[tokio::test]
async fn a_case_is_made_under_our_guid_however_often_it_is_sent() {
    let there = Dataverse::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    assert_eq!(partner.find(at(&key)).await.unwrap(), Lookup::Absent);
    for _ in 0..2 {
        let written = partner.open(&key, &draft()).await.unwrap();
        assert_eq!((written.ticket.id, written.ticket.state), (key.guid(), TicketState::New));
        assert_eq!(written.findings, []);
    }
    let cases = there.tables.lock().unwrap().cases.clone();
    assert_eq!((cases.len(), &cases[&key.guid()]["title"]), (1, &json!("CPU high")));
}

#[tokio::test]
async fn a_note_sent_twice_is_there_once() {
    let there = Dataverse::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    partner.open(&key, &draft()).await.unwrap();
    assert_eq!(partner.noted(at(&key), 1).await.unwrap(), Lookup::Absent);
    for _ in 0..2 {
        partner.note(at(&key), 1, "Fires again").await.unwrap();
    }
    assert!(matches!(partner.noted(at(&key), 1).await.unwrap(), Lookup::There(_)));
    let notes: Vec<_> = there.tables.lock().unwrap().notes.values().cloned().collect();
    assert_eq!(notes, [(key.guid(), "Fires again".to_owned())]);
}

#[tokio::test]
async fn a_case_is_resolved_by_its_own_order_and_a_second_one_is_no_fault() {
    let there = Dataverse::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    partner.open(&key, &draft()).await.unwrap();
    for _ in 0..2 {
        let written = partner.resolve(at(&key), "over", None).await.unwrap();
        assert_eq!((written.ticket.state, written.ticket.raw_state.as_str()), (TicketState::Resolved, "1/5"));
    }
    let again = partner.reopen(at(&key), "fires").await.unwrap();
    assert_eq!(again.ticket.state, TicketState::New);
}

#[tokio::test]
async fn a_refusal_after_the_commit_is_found_to_be_none() {
    let there = Dataverse::start([(1, Trouble::BadRequestAfter)].into()).await;
    let (partner, key) = (there.partner(), key());
    assert!(partner.open(&key, &draft()).await.is_err());
    assert!(matches!(partner.find(at(&key)).await.unwrap(), Lookup::There(_)));
}

#[tokio::test]
async fn a_value_that_does_not_fit_its_column_is_left_out_and_named() {
    let there = Dataverse::start([].into()).await;
    let fields = [("prioritycode".to_owned(), "high".to_owned())].into();
    let written = there.partner().open(&key(), &TicketDraft { fields, ..draft() }).await.unwrap();
    assert!(matches!(&written.findings[..], [TicketFinding::DroppedFields { fields }] if fields == &["prioritycode"]));
}

#[tokio::test]
async fn a_refusal_as_a_duplicate_is_no_proof_that_the_case_is_there() {
    let there = Dataverse::start([].into()).await;
    there.tables.lock().unwrap().finds_duplicates = true;
    let fault = there.partner().open(&key(), &draft()).await.unwrap_err();
    assert!(
        matches!(&fault, Fault::PartnerError { status: 412, message, .. } if message.contains("duplicate")),
        "{fault:?}"
    );
}
