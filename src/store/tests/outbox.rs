//! The outbox: stored before it is sent, ended once, in order, and kept through an upgrade.

use super::*;
use crate::model::ticket::{
    Operation, OutboxState, Subject, Ticket, TicketDraft, TicketFinding, TicketKey, TicketKind, TicketState,
};
use crate::store::{NewOperation, Outcome, TicketFilter};

fn key(n: u32) -> TicketKey {
    TicketKey {
        instance: "https://contoso.service-now.com".into(),
        connection: "contoso".into(),
        known_as: None,
        subject: Subject::Alert(format!("00000000-0000-0000-0000-{n:012}")),
        item: None,
        generation: 0,
    }
}

fn new(n: u32, operation: Operation) -> NewOperation {
    NewOperation { key: key(n), kind: TicketKind::Incident, operation }
}

fn opening(n: u32) -> NewOperation {
    new(n, Operation::Open { draft: Box::new(TicketDraft { title: format!("Alert {n}"), ..TicketDraft::default() }) })
}

fn note(n: u32) -> NewOperation {
    new(n, Operation::Note { number: 0, text: "Again".into(), fires: true })
}

fn shown(n: u32, id: String) -> Ticket {
    Ticket {
        kind: TicketKind::Incident,
        id,
        number: format!("INC{n}"),
        state: TicketState::New,
        raw_state: "1".into(),
        assigned_to: None,
        changed_by: None,
        made_by: None,
        changed_at: None,
        noted: None,
        url: None,
    }
}

#[tokio::test]
async fn a_ticket_is_opened_once_and_its_notes_are_counted() {
    let (_folder, store) = open();
    let ids = store.prepare(vec![opening(1), note(1), opening(1), note(1)], at(DAY)).await.unwrap();
    assert_eq!((ids[0], ids.len()), (ids[2], 4));
    let open = store.outbox(&name("contoso"), 0, 10).await.unwrap();
    let numbers: Vec<_> = open
        .iter()
        .map(|entry| match entry.operation {
            Operation::Note { number, .. } => number,
            _ => 0,
        })
        .collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(store.outbox(&name("other"), 0, 10).await.unwrap(), []);
    assert_eq!(store.outbox_connections().await.unwrap(), ["contoso"]);
}

#[tokio::test]
async fn what_was_sent_is_known_until_it_ended() {
    let (_folder, store) = open();
    let id = store.prepare(vec![opening(1)], at(DAY)).await.unwrap()[0];
    store.outbox_sent(id, at(DAY + 1)).await.unwrap();
    let entry = store.operation(id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.attempts, entry.sent_at), (OutboxState::Sent, 1, Some(at(DAY + 1))));
    let finding = TicketFinding::FoundAfterLoss;
    let outcome = Outcome {
        ticket: Some(shown(1, key(1).id())),
        findings: vec![finding.clone()],
        ..Outcome::of(OutboxState::Confirmed)
    };
    store.outbox_ended(id, outcome, at(DAY + 2)).await.unwrap();
    assert_eq!(store.outbox(&name("contoso"), 0, 10).await.unwrap(), []);
    let entry = store.operations_of(&key(1).id()).await.unwrap().remove(0);
    assert_eq!((entry.state, entry.findings), (OutboxState::Confirmed, vec![finding]));
    assert!(store.outbox_sent(id, at(DAY + 3)).await.is_err(), "it is at its end");
    let called = store.tickets_called("inc1").await.unwrap();
    assert_eq!(called[0].ticket.as_ref().unwrap().number, "INC1");
    assert_eq!(store.ticket(&key(1).id()).await.unwrap().unwrap(), called[0]);
}

#[tokio::test]
async fn a_refused_opening_may_be_decided_again_and_an_unsure_one_is_looked_up() {
    let (_folder, store) = open();
    let ids = store.prepare(vec![opening(1), opening(2)], at(DAY)).await.unwrap();
    let fault = Fault::Forbidden { what: "incident".into(), detail: "d".into() };
    let refused = Outcome { fault: Some(fault), ..Outcome::of(OutboxState::Refused) };
    store.outbox_ended(ids[0], refused, at(DAY)).await.unwrap();
    store.outbox_ended(ids[1], Outcome::of(OutboxState::Unsure), at(DAY)).await.unwrap();
    let troubled = TicketFilter { troubled: true, ..TicketFilter::default() };
    assert_eq!(store.tickets(troubled, 10).await.unwrap().len(), 2);
    assert_ne!(store.prepare(vec![opening(1)], at(DAY)).await.unwrap()[0], ids[0]);
    assert_eq!(store.prepare(vec![opening(2)], at(DAY)).await.unwrap()[0], ids[1]);
    assert_eq!(store.outbox_again(&key(2).id(), at(DAY)).await.unwrap(), [ids[1]]);
    assert_eq!(store.operation(ids[1]).await.unwrap().unwrap().state, OutboxState::Sent);
}

#[tokio::test]
async fn a_removed_connection_leaves_no_ticket() {
    let (_folder, store) = open();
    store.prepare(vec![opening(1), note(1)], at(DAY)).await.unwrap();
    store.remove(&name("contoso")).await.unwrap();
    assert_eq!(query::<i64>(&store, "SELECT (SELECT count(*) FROM ticket) + (SELECT count(*) FROM outbox)"), 0);
}

#[tokio::test]
async fn a_closed_ticket_is_told_with_the_one_that_took_its_place() {
    let (_folder, store) = open();
    let first = store.prepare(vec![opening(1)], at(DAY)).await.unwrap()[0];
    let closed = Ticket { state: TicketState::Closed, ..shown(1, "a".into()) };
    let draft = Box::new(TicketDraft::default());
    let next =
        NewOperation { key: key(1).replacement(), kind: TicketKind::Incident, operation: Operation::Open { draft } };
    let outcome = Outcome { ticket: Some(closed), follow: Some(next), ..Outcome::of(OutboxState::Confirmed) };
    store.outbox_ended(first, outcome, at(DAY)).await.unwrap();
    let told = store.ticket_with_successors(&key(1).id()).await.unwrap();
    assert_eq!(told.iter().map(|one| one.key.clone()).collect::<Vec<_>>(), [key(1), key(1).replacement()]);
    assert_eq!(store.ticket_with_successors(&key(2).id()).await.unwrap(), []);
}
