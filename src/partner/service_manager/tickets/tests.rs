//! Incidents written to the practice web app, and what is taken for one.

use itsmc_practice::service_manager::{Computers, FaultKind, FaultSpec, Layout, Manners, Server};
use rstest::rstest;

use super::*;
use crate::model::ticket::{ItemHint, NotMade, Subject};
use crate::net::http::HttpConfig;
use crate::partner::Access;
use crate::partner::service_manager::testing::{access, client, server};

fn key() -> TicketKey {
    TicketKey {
        instance: "i".into(),
        connection: "c".into(),
        known_as: None,
        subject: Subject::Alert("a".into()),
        item: None,
        generation: 0,
    }
}

fn unknown(key: &TicketKey) -> TicketAt<'_> {
    TicketAt { key, kind: TicketKind::Incident, id: None }
}

fn draft() -> TicketDraft {
    TicketDraft { title: "CPU high".into(), ..TicketDraft::default() }
}

#[test]
fn states_are_known_by_display_name_and_by_enumeration() {
    for (raw, expected) in [
        ("Active", TicketState::New),
        ("IncidentStatusEnum.Resolved", TicketState::Resolved),
        ("Pending", TicketState::InProgress),
        ("Closed", TicketState::Closed),
        ("", TicketState::Unknown),
    ] {
        assert_eq!(state(raw), expected, "{raw}");
    }
}

#[test]
fn the_title_bears_the_mark_whatever_its_length() {
    let key = key();
    let title = marked(&"x".repeat(500), &key);
    assert!(title.starts_with(&key.marker()) && title.chars().count() == TITLE, "{title}");
}

#[tokio::test]
async fn a_reply_about_another_work_item_is_taken_for_nothing() {
    let server = server(Layout::Tables, 20).await;
    let partner = client(&server);
    let row = server.control().rows(itsmc_practice::WorkItemKind::Incident).swap_remove(3);
    let reply = serde_json::json!({ "Id": row.id, "BaseId": row.base_id, "Title": row.title, "Status": "Active" });
    let reply = reply.to_string();
    let shown = async |id: &str| shown(&partner, reply.as_bytes(), Some(id)).await.map(|shown| shown.ticket.id);
    assert_eq!(shown(&row.base_id).await, Some(row.base_id.clone()));
    assert_eq!(shown("00000000-0000-4000-8000-000000000000").await, None);
}

#[tokio::test]
async fn where_titles_lose_their_mark_one_that_is_not_found_proves_nothing() {
    let server = server(Layout::Tables, 20).await;
    let (partner, key) = (client(&server), key());
    partner.ticket_routes().await.unwrap().loses_marks.store(true, Ordering::Relaxed);
    let found = partner.find(unknown(&key)).await.unwrap();
    assert!(matches!(found, Lookup::CannotTell(Fault::NotBound { .. })), "{found:?}");
}

/// A web app with routes for computers, and a client that may make them.
async fn with_computers(computers: Computers) -> (Server, ServiceManager) {
    let server = server(Layout::Tables, 20).await;
    server.control().set_manners(Manners { computers, ..Manners::default() });
    let mut access: Access = access(&server);
    access.connection.create_configuration_items = true;
    let partner = ServiceManager::new(access, &HttpConfig::default()).unwrap();
    (server, partner)
}

/// A ticket with all that belongs to it.
async fn opened(partner: &ServiceManager, key: &TicketKey, draft: &TicketDraft) -> Written {
    let written = partner.open(key, draft).await.unwrap();
    partner.complete(written, draft).await.unwrap()
}

fn about(name: &str) -> TicketDraft {
    let item = Some(ItemHint { name: name.into(), is_computer: true, ..ItemHint::default() });
    TicketDraft { item, ..draft() }
}

#[tokio::test]
async fn a_computer_that_the_lists_do_not_show_yet_is_not_made_again() {
    let (server, partner) = with_computers(Computers::FoundAndMade).await;
    server.control().set_cache_seconds(600.0);
    let key = key();
    let written = opened(&partner, &key, &about("vm-1.contoso.example")).await;
    assert!(matches!(&written.findings[..], [TicketFinding::ItemCreated { id, .. }] if !id.is_empty()), "{written:?}");
    let written = opened(&partner, &key.next(), &about("VM-1")).await;
    assert_eq!((written.findings, server.control().computers().len()), (vec![], 1));
}

#[rstest]
#[case(FaultKind::ReplyLost)]
#[case(FaultKind::ErrorAfterCommit)]
#[tokio::test]
async fn a_computer_of_which_nothing_is_known_is_not_made_again_and_that_is_said(#[case] fault: FaultKind) {
    let (server, partner) = with_computers(Computers::FoundAndMade).await;
    server.control().set_cache_seconds(600.0);
    server.control().fault(FaultSpec::new(fault).on("/api/Computers"));
    let key = key();
    let written = opened(&partner, &key, &about("vm-1")).await;
    assert!(matches!(&written.findings[..], [TicketFinding::ItemFailed { .. }]), "{written:?}");
    let written = opened(&partner, &key.next(), &about("vm-1")).await;
    let said = TicketFinding::ItemNotMade { name: "vm-1".into(), why: NotMade::MayBeMade };
    assert_eq!((written.findings, server.control().computers().len()), (vec![said], 1));
    server.control().expire_cache();
    let written = opened(&partner, &key.next().next(), &about("vm-1")).await;
    assert_eq!((written.findings, server.control().computers().len()), (vec![], 1));
}

#[tokio::test]
async fn of_two_computers_with_one_name_none_is_taken_and_none_made() {
    let (server, partner) = with_computers(Computers::FoundAndMade).await;
    for _ in 0..2 {
        server.control().add_computer("vm-1");
    }
    let written = opened(&partner, &key(), &about("vm-1")).await;
    assert!(matches!(&written.findings[..], [TicketFinding::ItemUnclear { .. }]), "{written:?}");
    assert_eq!(server.control().computers().len(), 2);
}
