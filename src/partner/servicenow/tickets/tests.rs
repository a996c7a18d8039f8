//! Tickets in the practice instance, compared with its own rows.

use std::sync::Arc;

use itsmc_practice::Ticket as There;
use itsmc_practice::servicenow::{BusinessRule, FaultKind, FaultSpec, Options, SameSysId, Server, UserState};
use rstest::rstest;

use super::*;
use crate::model::check::StepId;
use crate::model::connection::Connection;
use crate::model::ticket::{ItemHint, Reference, Subject, TicketState};
use crate::partner::servicenow::testing::{Memory, access};
use crate::partner::{Partner as _, TokenStore};

struct Bench {
    server: Server,
    partner: ServiceNow,
}

const GUID: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

async fn bench_with(change: impl FnOnce(&mut Connection)) -> Bench {
    let server = Server::start(Options { rows: Some(20), ..Options::still() }).await.unwrap();
    let details = server.sign_in();
    let token_store = Memory::with(None);
    let mut access = access(&server.url(), Some(&details.password), Arc::clone(&token_store) as Arc<dyn TokenStore>);
    access.connection.username = details.username.clone();
    access.connection.client_id = details.client_id.clone();
    access.client_secret = Some(crate::model::secret::Secret::new(details.client_secret.clone()));
    change(&mut access.connection);
    let partner = ServiceNow::new(access, &Default::default()).unwrap();
    assert_eq!(partner.run_step(StepId::SignIn).await.fault, None);
    Bench { server, partner }
}

async fn bench() -> Bench {
    bench_with(|_| {}).await
}

fn key() -> TicketKey {
    TicketKey {
        instance: "https://contoso.service-now.com".into(),
        connection: "contoso".into(),
        known_as: None,
        subject: Subject::Alert(GUID.into()),
        item: None,
        generation: 0,
    }
}

fn draft() -> TicketDraft {
    TicketDraft {
        title: "CPU high on web-prd-01".into(),
        description: "CPU is 99 %\nfor 5 minutes".into(),
        impact: Some(2),
        urgency: Some(1),
        ..TicketDraft::default()
    }
}

fn at<'a>(key: &'a TicketKey, written: &'a Written) -> TicketAt<'a> {
    TicketAt { key, kind: written.ticket.kind, id: Some(&written.ticket.id) }
}

fn unknown(key: &TicketKey) -> TicketAt<'_> {
    TicketAt { key, kind: TicketKind::Incident, id: None }
}

impl Bench {
    async fn open(&self, draft: TicketDraft) -> Written {
        self.partner.open(&key(), &draft).await.unwrap()
    }

    fn only(&self) -> There {
        let mut all = self.server.control().tickets();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
}

#[tokio::test]
async fn an_incident_is_opened_under_our_id_and_kept_as_it_was_sent() {
    let bench = bench().await;
    let group = Some(Reference::named("Network"));
    let written = bench.open(TicketDraft { group, ..draft() }).await;
    assert_eq!(written.findings, []);
    assert_eq!((written.ticket.id.clone(), written.ticket.state), (key().id(), TicketState::New));
    assert!(written.ticket.url.as_deref().is_some_and(|url| url.contains(&key().id())));
    let there = bench.only();
    assert_eq!((there.id, there.key, there.title), (key().id(), key().correlation(), draft().title));
    assert_eq!((there.fields["impact"].as_str(), there.fields["urgency"].as_str()), ("2", "1"));
    assert_eq!(there.fields["description"], draft().description);
    assert!(there.fields["assignment_group"].len() == 32, "{:?}", there.fields);
}

#[tokio::test]
async fn a_lost_reply_is_made_good_by_the_id() {
    let bench = bench().await;
    bench.server.control().fault(FaultSpec::new(FaultKind::ReplyLost));
    assert_eq!(bench.partner.open(&key(), &draft()).await.unwrap_err().code(), "connection-lost");
    let key = key();
    let Lookup::There(found) = bench.partner.find(unknown(&key)).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.ticket.number, bench.only().number);
}

#[tokio::test]
async fn an_id_that_was_not_kept_is_noticed_and_the_key_finds_the_incident() {
    let bench = bench().await;
    bench.server.control().set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let key = key();
    assert_eq!(bench.partner.find(unknown(&key)).await.unwrap(), Lookup::Absent);
    let written = bench.open(draft()).await;
    assert!(matches!(written.findings[..], [TicketFinding::OwnIdIgnored { .. }]), "{:?}", written.findings);
    let Lookup::There(found) = bench.partner.find(unknown(&key)).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.ticket, written.ticket);
}

#[tokio::test]
async fn of_two_incidents_with_one_key_the_older_is_used_and_the_other_named() {
    let bench = bench().await;
    bench.server.control().set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let first = bench.open(draft()).await;
    bench.server.control().change_manners(|manners| manners.same_sys_id = SameSysId::Another);
    let second = bench.open(draft()).await;
    let key = key();
    let Lookup::There(found) = bench.partner.find(unknown(&key)).await.unwrap() else { panic!("they are there") };
    let numbers = [first.ticket.number, second.ticket.number];
    assert!(numbers.contains(&found.ticket.number));
    assert!(matches!(&found.findings[..], [TicketFinding::Doubled { kept, others, links }]
        if *kept == found.ticket.number && others.len() == 1 && links.len() == 1 && numbers.contains(&others[0])));
}

#[tokio::test]
async fn complaint_11_fields_that_the_instance_did_not_keep_are_named() {
    let bench = bench().await;
    bench.server.control().fault(FaultSpec { column: "impact".into(), ..FaultSpec::new(FaultKind::DroppedColumn) });
    let fields = [("u_misspelt".to_owned(), "x".to_owned())].into();
    let written = bench.open(TicketDraft { fields, ..draft() }).await;
    let [TicketFinding::DroppedFields { fields }] = &written.findings[..] else { panic!("{:?}", written.findings) };
    assert!(fields.contains(&"u_misspelt".to_owned()) && fields.contains(&"impact".to_owned()), "{fields:?}");
}

#[tokio::test]
async fn a_rule_that_aborts_is_a_refusal_with_its_name() {
    let bench = bench().await;
    let rule: BusinessRule = serde_json::from_value(serde_json::json!(
        { "name": "No weekends", "table": "incident", "on": ["insert"], "abort": true }
    ))
    .unwrap();
    bench.server.control().change_manners(|manners| manners.business_rules = vec![rule]);
    let Err(Fault::Forbidden { detail, .. }) = bench.partner.open(&key(), &draft()).await else { panic!("opened") };
    assert!(detail.contains("No weekends"), "{detail}");
}

#[tokio::test]
async fn notes_bear_their_number_and_reach_the_work_notes() {
    let (bench, key) = (bench().await, key());
    let written = bench.open(draft()).await;
    let at = at(&key, &written);
    assert_eq!(bench.partner.noted(at, 1, "").await.unwrap(), Lookup::Absent);
    let noted = bench.partner.note(at, 1, "Fires again").await.unwrap();
    assert_eq!((noted.ticket.noted, noted.findings.len()), (Some(1), 0));
    assert!(matches!(bench.partner.noted(at, 1, "").await.unwrap(), Lookup::There(_)));
    assert_eq!(bench.partner.noted(at, 2, "").await.unwrap(), Lookup::Absent);
    let notes = bench.only().notes;
    assert_eq!((notes.len(), notes[0].kind.as_str(), notes[0].text.as_str()), (1, "work_notes", "Fires again"));
}

#[rstest]
#[case(None)]
#[case(Some("Duplicate"))]
#[tokio::test]
async fn complaint_2_resolved_with_a_code_of_the_instance_and_reopened(#[case] code: Option<&str>) {
    let (bench, key) = (bench().await, key());
    let written = bench.open(draft()).await;
    let resolved = bench.partner.resolve(at(&key, &written), "The alert is over", code).await.unwrap();
    assert_eq!((resolved.ticket.state, resolved.findings.len()), (TicketState::Resolved, 0));
    let there = bench.only();
    assert_eq!((there.state.as_str(), there.fields["close_notes"].as_str()), ("6", "The alert is over"));
    assert_eq!(there.fields["close_code"], code.unwrap_or("Solution provided"));
    let again = bench.partner.reopen(at(&key, &written), "Fires again").await.unwrap();
    assert_eq!((again.ticket.state, bench.only().state.as_str()), (TicketState::InProgress, "2"));
}

#[tokio::test]
async fn a_template_is_applied_as_its_values_and_the_rest_is_named() {
    let bench = bench().await;
    let template = |name: &str| TicketDraft { template: Some(name.into()), ..draft() };
    let written = bench.open(template("With a script")).await;
    assert!(
        matches!(&written.findings[..], [TicketFinding::TemplateParts { left_out, .. }] if left_out == &["description"])
    );
    assert_eq!(bench.only().fields["urgency"], "2");
    for name in ["Retired", "Standard patch", "Somebody's own", "None"] {
        let fault = bench.partner.open(&key().next(), &template(name)).await.unwrap_err();
        assert_eq!(fault.code(), "not-found", "{name}");
    }
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_left_out_and_named() {
    let bench = bench().await;
    let group = Some(Reference::named("Nobody"));
    let written = bench.open(TicketDraft { group, ..draft() }).await;
    assert!(matches!(&written.findings[..], [TicketFinding::ReferenceUnknown { field, found: 0, .. }]
        if field == "assignment_group"));
}

fn hint(name: &str) -> ItemHint {
    ItemHint { name: name.into(), is_computer: true, ..ItemHint::default() }
}

#[rstest]
#[case::by_name(hint("web-prd-01"), true)]
#[case::by_fqdn(hint("print-srv-2.contoso.practice.example"), true)]
#[case::by_address(ItemHint { ip_address: Some("10.20.1.4".into()), ..hint("unknown-1") }, true)]
#[case::not_unique(hint("nas-12"), false)]
#[case::unknown(hint("unknown-2"), false)]
#[tokio::test]
async fn complaint_20_an_item_is_exactly_one_or_none(#[case] item: ItemHint, #[case] found: bool) {
    for everywhere in [true, false] {
        let bench = bench().await;
        bench.server.control().change_manners(|manners| manners.object_id_everywhere = everywhere);
        let item = ItemHint { resource_id: Some("/subscriptions/x/y/none".into()), ..item.clone() };
        let written = bench.open(TicketDraft { item: Some(item), ..draft() }).await;
        assert_eq!(bench.only().fields.contains_key("cmdb_ci"), found, "{:?}", written.findings);
        assert_eq!(written.findings.is_empty(), found);
    }
}

#[tokio::test]
async fn a_missing_computer_is_created_once_where_the_connection_permits_it() {
    let bench = bench_with(|connection| connection.create_configuration_items = true).await;
    let items = bench.server.control().rows("cmdb_ci").len();
    let item = ItemHint { os: Some("Linux".into()), ..hint("new-vm-1") };
    let written = bench.open(TicketDraft { item: Some(item.clone()), ..draft() }).await;
    let [TicketFinding::ItemCreated { id, .. }] = &written.findings[..] else { panic!("{:?}", written.findings) };
    assert_eq!(bench.only().fields["cmdb_ci"], *id);
    let written = bench.partner.open(&key().next(), &TicketDraft { item: Some(item), ..draft() }).await.unwrap();
    assert_eq!(written.findings, []);
    assert_eq!(bench.server.control().rows("cmdb_ci").len(), items + 1);
    assert!(bench.server.control().incomplete_payloads().is_empty());
}

#[rstest]
#[case(FaultKind::ReplyLost)]
#[case(FaultKind::ErrorAfterCommit)]
#[tokio::test]
async fn a_computer_whose_reply_was_lost_is_created_once_and_set(#[case] fault: FaultKind) {
    let bench = bench_with(|connection| connection.create_configuration_items = true).await;
    let items = bench.server.control().rows("cmdb_ci").len();
    // The dry run comes first.
    bench.server.control().fault(FaultSpec::new(fault).on("/identifyreconcile").after(1));
    let item = ItemHint { resource_id: Some("/subscriptions/s/vm".into()), ..hint("new-vm-3") };
    let written = bench.open(TicketDraft { item: Some(item), ..draft() }).await;
    let [TicketFinding::ItemCreated { id, .. }] = &written.findings[..] else { panic!("{:?}", written.findings) };
    assert_eq!((&bench.only().fields["cmdb_ci"], bench.server.control().rows("cmdb_ci").len()), (id, items + 1));
}

#[tokio::test]
async fn an_error_of_the_engine_makes_a_ticket_without_an_item() {
    let bench = bench_with(|connection| connection.create_configuration_items = true).await;
    let spec = FaultSpec { code: "MISSING_MATCHING_ATTRIBUTES".into(), ..FaultSpec::new(FaultKind::EngineError) };
    bench.server.control().fault(spec.times(0));
    let written = bench.open(TicketDraft { item: Some(hint("new-vm-2")), ..draft() }).await;
    assert!(matches!(&written.findings[..], [TicketFinding::ItemFailed { .. }]), "{:?}", written.findings);
    assert!(!bench.only().fields.contains_key("cmdb_ci"));
}

#[tokio::test]
async fn an_event_fires_and_clears_its_alert() {
    let (bench, key) = (bench().await, key());
    let control = bench.server.control();
    control
        .set_role("azure.integration", "evt_mgmt_integration", itsmc_practice::servicenow::RoleState::Direct)
        .unwrap();
    let event = TicketDraft { kind: TicketKind::Event, severity: Some(1), ..draft() };
    let written = bench.open(event.clone()).await;
    assert_eq!((written.ticket.kind, written.ticket.state), (TicketKind::Event, TicketState::New));
    // Sent twice, it is one alert.
    bench.open(event).await;
    let cleared = bench.partner.resolve(at(&key, &written), "over", None).await.unwrap();
    assert_eq!(cleared.ticket.state, TicketState::Resolved);
    let alerts = control.rows("em_alert");
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["message_key"].value, key.correlation());
    assert_eq!(alerts[0]["state"].value, "Closed");
}

#[tokio::test]
async fn through_the_import_set_the_key_keeps_it_one_incident() {
    let bench = bench().await;
    let draft = TicketDraft { way: Way::ImportSet, ..draft() };
    let written = bench.open(draft.clone()).await;
    assert_eq!(bench.only().key, key().correlation());
    let key = key();
    let Lookup::There(found) = bench.partner.find(unknown(&key)).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.ticket.id, written.ticket.id);
    bench.server.control().fault(FaultSpec::new(FaultKind::TransformError).times(0));
    let fault = bench.partner.open(&key.next(), &draft).await.unwrap_err();
    assert_eq!(fault.code(), "partner-refused");
}

#[tokio::test]
async fn a_user_who_is_locked_out_is_no_refusal_of_the_ticket() {
    let bench = bench().await;
    bench
        .server
        .control()
        .set_user_state("azure.integration", UserState { locked_out: Some(true), ..UserState::default() })
        .unwrap();
    bench.server.control().revoke(itsmc_practice::servicenow::Revoke::All);
    let fault = bench.partner.open(&key(), &draft()).await.unwrap_err();
    assert!(fault.needs_sign_in(), "{fault:?}");
}

/// An instance that answers each request about a row with another one.
async fn liar() -> ServiceNow {
    use crate::model::token::{SignIn, Tokens};
    use crate::partner::testing::{Fake, Seen, json as reply};
    let row = serde_json::json!({ "sys_id": "b".repeat(32), "number": "INC0000666", "state": "1" });
    let fake = Fake::start(move |_: &Seen| reply(200, &serde_json::json!({ "result": row }))).await;
    let now = jiff::Timestamp::now();
    let tokens = Tokens {
        access: crate::model::secret::Secret::new("practice-bearer"),
        access_expires: now + jiff::SignedDuration::from_hours(1),
        refresh: None,
        sign_in: SignIn { signed_in_at: now, lifespan_seconds: 3_600, lifespan_known: true },
    };
    let token_store = Memory::with(Some(tokens)) as Arc<dyn TokenStore>;
    ServiceNow::new(access(&fake.url, None, token_store), &Default::default()).unwrap()
}

#[tokio::test]
async fn a_reply_about_another_row_is_taken_for_nothing() {
    let (partner, key) = (liar().await, key());
    let id = key.id();
    let known = TicketAt { id: Some(&id), ..unknown(&key) };
    let note = partner.note(known, 1, "Fires again").await.map(|_| ());
    let looked = partner.find(known).await.map(|_| ());
    let searched = partner.find(unknown(&key)).await.map(|_| ());
    for answer in [note, looked, searched] {
        let fault = answer.unwrap_err();
        assert!(matches!(&fault, Fault::Malformed { detail, .. } if detail == "another row in the reply"), "{fault:?}");
    }
}

#[tokio::test]
async fn a_key_that_may_be_among_hidden_rows_proves_nothing() {
    let bench = bench().await;
    bench.server.control().set_property("glide.rest.table_api.admin_only_sys_fields", "true");
    let written = bench.open(draft()).await;
    bench.server.control().hide_row("incident", &written.ticket.id, true).unwrap();
    let key = key();
    let found = bench.partner.find(unknown(&key)).await.unwrap();
    assert!(matches!(found, Lookup::CannotTell(Fault::Truncated { .. })), "{found:?}");
}
