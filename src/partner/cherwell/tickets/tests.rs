//! Incidents in a small Cherwell.

use super::testing::System;
use super::*;
use crate::model::ticket::{Subject, TicketState};

fn key() -> TicketKey {
    TicketKey {
        instance: "https://contoso.example".into(),
        connection: "contoso".into(),
        subject: Subject::Alert("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into()),
        item: None,
        generation: 0,
    }
}

fn draft() -> TicketDraft {
    TicketDraft { title: "CPU high".into(), description: "99 %".into(), ..TicketDraft::default() }
}

fn unknown(key: &TicketKey) -> TicketAt<'_> {
    TicketAt { key, kind: TicketKind::Incident, id: None }
}

#[tokio::test]
async fn an_incident_bears_our_mark_and_is_found_by_it() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    assert_eq!(partner.find(unknown(&key)).await.unwrap(), Lookup::Absent);
    let title = "x".repeat(300);
    let written = partner.open(&key, &TicketDraft { title, ..draft() }).await.unwrap();
    assert_eq!((written.ticket.state, written.findings.len()), (TicketState::New, 0), "{:?}", written.findings);
    let stored = there.records.lock().unwrap().incidents[0]["ShortDescription"].clone();
    assert!(stored.ends_with(&format!(" {}", key.marker())) && stored.chars().count() == 120, "{stored}");
    let Lookup::There(found) = partner.find(unknown(&key)).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.ticket, written.ticket);
    assert_eq!(partner.find(unknown(&key.next())).await.unwrap(), Lookup::Absent);
}

#[tokio::test]
async fn a_note_stands_once_at_the_end_and_nothing_is_lost() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    there.records.lock().unwrap().incidents[0].insert("Description".into(), "99 %\nBeth: looking".into());
    for _ in 0..2 {
        partner.note(at, 1, "Fires again").await.unwrap();
    }
    assert!(matches!(partner.noted(at, 1).await.unwrap(), Lookup::There(_)));
    assert_eq!(partner.noted(at, 2).await.unwrap(), Lookup::Absent);
    let text = there.records.lock().unwrap().incidents[0]["Description"].clone();
    assert_eq!(text, "99 %\nBeth: looking\n\nAzure Monitor #1\nFires again");
}

#[tokio::test]
async fn resolved_and_reopened_it_is_in_the_states_of_the_object() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let written = partner.open(&key, &draft()).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    let resolved = partner.resolve(at, "over", None).await.unwrap();
    assert_eq!(resolved.ticket.state, TicketState::Resolved);
    assert_eq!(there.records.lock().unwrap().incidents[0]["CloseDescription"], "over");
    assert_eq!(partner.reopen(at, "fires").await.unwrap().ticket.raw_state, "Reopened");
}

#[tokio::test]
async fn errors_of_fields_at_200_are_a_refusal() {
    let there = System::start([].into()).await;
    there.records.lock().unwrap().needs = Some("Priority");
    let fault = there.partner().open(&key(), &draft()).await.unwrap_err();
    assert!(matches!(&fault, Fault::PartnerRefused { detail, .. } if detail == "Priority is required"), "{fault:?}");
    let fields = [("priority".to_owned(), "2".to_owned())].into();
    there.partner().open(&key(), &TicketDraft { fields, ..draft() }).await.unwrap();
    assert_eq!(there.records.lock().unwrap().incidents[0]["Priority"], "2");
}

#[tokio::test]
async fn a_mark_that_people_write_about_is_no_note_of_ours() {
    let there = System::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    let description = "Beth: see Azure Monitor #9 in the other one".to_owned();
    let written = partner.open(&key, &TicketDraft { description, ..draft() }).await.unwrap();
    let at = TicketAt { id: Some(&written.ticket.id), ..unknown(&key) };
    assert_eq!(partner.noted(at, 1).await.unwrap(), Lookup::Absent);
    partner.note(at, 1, "Fires again").await.unwrap();
    assert!(matches!(partner.noted(at, 1).await.unwrap(), Lookup::There(_)));
    let text = there.records.lock().unwrap().incidents[0]["Description"].clone();
    assert!(text.ends_with("\n\nAzure Monitor #1\nFires again"), "{text}");
}
