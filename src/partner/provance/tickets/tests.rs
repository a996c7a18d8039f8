//! Cases in a small Dataverse.

use super::testing::{Dataverse, id_at};
use super::*;
use crate::model::ticket::{ListedEntry, Reference, Subject, TicketState};
use crate::partner::testing::Trouble;

fn key() -> TicketKey {
    TicketKey {
        instance: "https://contoso.crm.dynamics.com".into(),
        connection: "contoso".into(),
        known_as: None,
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
    assert_eq!(partner.noted(at(&key), 1, "").await.unwrap(), Lookup::Absent);
    for _ in 0..2 {
        partner.note(at(&key), 1, "Fires again").await.unwrap();
    }
    assert!(matches!(partner.noted(at(&key), 1, "Fires again").await.unwrap(), Lookup::There(_)));
    // Of the same number, but of another database.
    assert_eq!(partner.noted(at(&key), 1, "Is over").await.unwrap(), Lookup::Absent);
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

#[tokio::test]
async fn a_reply_about_another_row_is_taken_for_nothing() {
    let there = Dataverse::start([].into()).await;
    let (partner, key) = (there.partner(), key());
    partner.open(&key, &draft()).await.unwrap();
    partner.open(&key.next(), &draft()).await.unwrap();
    there.tables.lock().unwrap().lies = true;
    let fault = partner.find(at(&key)).await.unwrap_err();
    assert!(matches!(&fault, Fault::Malformed { detail, .. } if detail == "another row in the reply"), "{fault:?}");
}

#[tokio::test]
async fn the_customer_of_a_case_is_an_account_else_a_contact_and_one_alone() {
    let there = Dataverse::start([].into()).await;
    there.tables.lock().unwrap().names = [
        ("accounts", vec!["Contoso", "Fabrikam", "Fabrikam"]),
        ("contacts", vec!["Ada Lovelace", "Contoso"]),
        ("teams", vec!["Server Team"]),
    ]
    .into();
    let partner = there.partner();
    let opened = async |n: u32, caller: &str| {
        let key = TicketKey { generation: n, ..key() };
        let (caller, group) = (Some(Reference::named(caller)), Some(Reference::named("server team")));
        let written = partner.open(&key, &TicketDraft { caller, group, ..draft() }).await.unwrap();
        (there.tables.lock().unwrap().sent.last().unwrap().clone(), written.findings)
    };
    let (sent, findings) = opened(0, "contoso").await;
    assert_eq!(sent["customerid_account@odata.bind"], format!("/accounts({})", id_at("accounts", 0)));
    assert_eq!(sent["ownerid@odata.bind"], format!("/teams({})", id_at("teams", 0)));
    assert_eq!((findings, &sent["customerid_contact@odata.bind"]), (vec![], &Json::Null));
    let (sent, findings) = opened(1, "Ada Lovelace").await;
    assert_eq!(sent["customerid_contact@odata.bind"], format!("/contacts({})", id_at("contacts", 0)));
    assert_eq!(findings, []);
    for (n, name, found) in [(2, "Fabrikam", 2), (3, "Nobody", 0)] {
        let (sent, findings) = opened(n, name).await;
        assert!(sent.as_object().unwrap().keys().all(|name| !name.starts_with("customerid")), "{sent}");
        let expected = TicketFinding::ReferenceUnknown { field: "customerid".into(), name: name.into(), found };
        assert_eq!(findings, [expected]);
    }
    // What may not be read is not there to be chosen, and the ticket is made.
    there.tables.lock().unwrap().closed = vec!["accounts"];
    let (sent, _) = opened(4, "Ada Lovelace").await;
    assert!(!sent["customerid_contact@odata.bind"].is_null());
}

#[tokio::test]
async fn teams_and_customers_are_listed_by_a_part_of_their_names() {
    let there = Dataverse::start([].into()).await;
    there.tables.lock().unwrap().names = [
        ("teams", vec!["Database Team", "Server Team", "Desk"]),
        ("accounts", vec!["Contoso", "Fabrikam"]),
        ("contacts", vec!["Connie O'Hara", "Ada"]),
    ]
    .into();
    let partner = there.partner();
    let entry = |name: &str, about: &str| ListedEntry { name: name.into(), about: about.into() };
    let listed = async |what, part: &str| partner.listed(what, part).await.unwrap();
    let teams = listed(Listing::Groups, " team ").await.unwrap();
    assert_eq!(
        (teams.entries, teams.more),
        (vec![entry("Database Team", "teams"), entry("Server Team", "teams")], false)
    );
    let callers = listed(Listing::Callers, "con").await.unwrap();
    assert_eq!(callers.entries, [entry("Contoso", "accounts"), entry("Connie O'Hara", "contacts")]);
    assert_eq!(listed(Listing::Callers, "").await.unwrap().entries.len(), 4);
    assert_eq!(listed(Listing::Templates, "x").await, None, "no public interface lists templates");
    there.tables.lock().unwrap().names.insert("teams", vec!["Desk"; 60]);
    let many = listed(Listing::Groups, "").await.unwrap();
    assert_eq!((many.entries.len(), many.more), (50, true));
    there.tables.lock().unwrap().closed = vec!["teams"];
    let fault = partner.listed(Listing::Groups, "").await.unwrap_err();
    assert!(super::super::errors::is_refused(&fault), "{fault:?}");
}

mod items {
    use itsmc_practice::provance::{FaultKind, FaultSpec, Layout, Leeway, Options, Server};

    use super::*;
    use crate::model::ticket::{ItemHint, NotMade};
    use crate::partner::provance::tests::client;

    async fn environment(leeway: Leeway) -> Server {
        let options = Options { rows: Some(20), leeway, ..Options::still() }.layout(Layout::Own);
        Server::start(options).await.unwrap()
    }

    fn referring() -> Leeway {
        Leeway { refers_to_items: true, ..Leeway::default() }
    }

    fn about(name: &str) -> TicketDraft {
        let item = Some(ItemHint { name: name.into(), is_computer: true, ..ItemHint::default() });
        TicketDraft { item, ..draft() }
    }

    /// The item that the only new incident refers to.
    fn referred(server: &Server) -> Option<String> {
        let ticket = server.control().tickets().pop().unwrap();
        ticket.fields.get("prov_configurationitemid").cloned()
    }

    #[tokio::test]
    async fn an_item_is_found_and_referred_to_without_the_right_to_make_any() {
        let server = environment(referring()).await;
        let partner = client(&server, false);
        let known = server.control().items()[3].clone();
        let written = partner.open(&key(), &about(&format!("{}.contoso.example", known.1))).await.unwrap();
        assert_eq!((written.findings, referred(&server)), (vec![], Some(known.0)));
        let written = partner.open(&key().next(), &about("vm-new")).await.unwrap();
        assert_eq!(written.findings, [TicketFinding::ItemUnknown { name: "vm-new".into() }]);
        assert_eq!(server.control().items().len(), 12);
    }

    #[tokio::test]
    async fn of_two_items_with_one_name_none_is_taken_and_none_made() {
        let server = environment(referring()).await;
        for _ in 0..2 {
            server.control().add_item("vm-1");
        }
        let written = client(&server, true).open(&key(), &about("vm-1")).await.unwrap();
        assert!(matches!(&written.findings[..], [TicketFinding::ItemUnclear { .. }]), "{written:?}");
        assert_eq!((referred(&server), server.control().items().len()), (None, 14));
    }

    #[tokio::test]
    async fn an_item_of_ours_that_was_switched_off_is_neither_taken_nor_made_again() {
        let server = environment(referring()).await;
        let partner = client(&server, true);
        let written = partner.open(&key(), &about("vm-1")).await.unwrap();
        let [TicketFinding::ItemCreated { id, .. }] = &written.findings[..] else { panic!("{written:?}") };
        assert_eq!(referred(&server).as_ref(), Some(id));
        server.control().set_item_active(id, false).unwrap();
        let written = partner.open(&key().next(), &about("vm-1")).await.unwrap();
        let said = TicketFinding::ItemNotMade { name: "vm-1".into(), why: NotMade::Inactive };
        assert_eq!((written.findings, server.control().items().len()), (vec![said], 13));
    }

    /// Two programs, and the write of the first one that is carried out only after the second one's.
    #[tokio::test]
    async fn an_item_is_there_once_whoever_makes_it_and_however_late() {
        let server = environment(referring()).await;
        server.control().fault(FaultSpec::new(FaultKind::Held).on("_configurationitems("));
        let (first, second) = (client(&server, true), client(&server, true));
        let (key, other) = (key(), key().next());
        let late = tokio::spawn(async move { first.open(&key, &about("vm-1")).await });
        while server.control().held() == 0 {
            tokio::task::yield_now().await;
        }
        second.open(&other, &about("VM-1.contoso.example")).await.unwrap();
        server.control().let_go();
        late.await.unwrap().unwrap();
        let made: Vec<_> = server.control().items().into_iter().filter(|(_, name)| name == "VM-1").collect();
        assert_eq!((made.len(), server.control().items().len()), (1, 13));
        let refers =
            |ticket: &itsmc_practice::Ticket| ticket.fields.get("prov_configurationitemid") == Some(&made[0].0);
        assert!(server.control().tickets().iter().all(refers));
    }

    #[tokio::test]
    async fn a_limit_makes_the_ticket_wait_and_is_no_reason_to_make_it_without_its_item() {
        let server = environment(referring()).await;
        server.control().fault(FaultSpec::new(FaultKind::RateLimited).on("_configurationitems"));
        let fault = client(&server, true).open(&key(), &about("vm-1")).await.unwrap_err();
        assert!(matches!(fault, Fault::RateLimited { .. }), "{fault:?}");
        assert!(server.control().tickets().is_empty());
    }
}
