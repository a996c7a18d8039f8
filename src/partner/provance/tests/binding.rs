//! What is bound, kept, and held against the environment's description.

use super::*;
use crate::model::finding::SyncFinding;
use crate::model::mapping::Drift;

const INCIDENT: WorkItemKind = WorkItemKind::Incident;

async fn with(layout: Layout, leeway: Leeway) -> (Server, Control) {
    start(Options { leeway, ..Options::still().rows(30).layout(layout) }).await
}

/// A connection whose binding is kept from now on.
async fn kept(server: &Server) -> Setup {
    let kept = Partner::binding(&Setup::of(server).partner()).await.unwrap();
    Setup { kept, ..Setup::of(server) }
}

async fn lacks(server: &Server) -> Fault {
    Setup::of(server).partner().run_step(StepId::Binding).await.fault.unwrap()
}

#[tokio::test]
async fn p2_a_better_name_that_appears_is_told_and_not_taken() {
    let (server, control) = with(Layout::Case, Leeway::default()).await;
    let setup = kept(&server).await;
    let before = setup.partner().page(&request(INCIDENT, None, 50)).await.unwrap();
    control.add_column(practice_kind(INCIDENT), "prov_title", "Title", false);
    let partner = setup.partner();
    let after = partner.page(&request(INCIDENT, None, 50)).await.unwrap();
    assert_eq!(after.items, before.items);
    let drift = Drift {
        kind: INCIDENT,
        to: Some("title".into()),
        kept: "title".into(),
        now: Some("prov_title".into()),
        gone: false,
    };
    assert_eq!(partner.drift().await, Ok(vec![drift.clone()]));
    let step = partner.run_step(StepId::Binding).await;
    assert_eq!((step.status, step.finding), (Status::Warning, Some(Finding::BoundOtherwise { drift: vec![drift] })));
    let found = SyncFinding::BindingChanged {
        kind: INCIDENT,
        attribute: "title".into(),
        bound: "title".into(),
        now: Some("prov_title".into()),
    };
    assert_eq!(partner.findings(), [found]);
    // Bound again, it is the new one.
    let again = Setup::of(&server).partner().bound(INCIDENT).await.unwrap();
    assert!(again.spec.columns.iter().any(|column| column.from == "prov_title"));
}

#[tokio::test]
async fn p2_a_column_that_vanishes_keeps_what_is_stored() {
    let (server, control) = with(Layout::Own, Leeway::default()).await;
    let setup = kept(&server).await;
    for column in ["prov_urgency", "prov_title"] {
        control.drop_column(practice_kind(INCIDENT), column).unwrap();
    }
    let partner = setup.partner();
    let page = partner.page(&request(INCIDENT, None, 50)).await.unwrap();
    assert_eq!(page.items.len(), 30);
    let hidden = |item: &WorkItem| item.hidden.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    let both = BTreeSet::from(["title".to_owned(), "urgency".to_owned()]);
    assert!(page.items.iter().all(|item| hidden(item) == both));
    let drift = partner.drift().await.unwrap();
    assert!(drift.len() == 2 && drift.iter().all(|drift| drift.gone), "{drift:?}");
    assert_eq!(partner.run_step(StepId::Binding).await.status, Status::Warning);
}

#[tokio::test]
async fn p7_label_beats_owner_and_two_alike_are_not_bound() {
    let (server, control) = with(Layout::Own, Leeway::default()).await;
    let assigned = |bound: &bind::Bound| {
        bound.spec.columns.iter().find(|column| column.to == "assigned_to").map(|column| column.from.clone())
    };
    let bound = Setup::of(&server).partner().bound(INCIDENT).await.unwrap();
    assert_eq!(assigned(&bound).as_deref(), Some("ownerid"));
    control.add_column(practice_kind(INCIDENT), "prov_technician", "Assigned To", true);
    let bound = Setup::of(&server).partner().bound(INCIDENT).await.unwrap();
    assert_eq!(assigned(&bound).as_deref(), Some("prov_technician"));
    control.add_column(practice_kind(INCIDENT), "prov_engineer", "Assigned To", true);
    let partner = Setup::of(&server).partner();
    assert_eq!(assigned(&partner.bound(INCIDENT).await.unwrap()), None);
    let Some(Finding::Bound { bound, .. }) = partner.run_step(StepId::Binding).await.finding else { panic!() };
    let told = ("incident.assigned_to (prov_technician / prov_engineer)".to_owned(), "-".to_owned());
    assert!(bound.contains(&told), "{bound:?}");
}

#[tokio::test]
async fn p8_a_process_flow_is_no_table_of_incidents() {
    let leeway = Leeway { process_flow: true, ..Leeway::default() };
    for (layout, table) in [(Layout::Own, "prov_incident"), (Layout::Case, "incident")] {
        let (server, _control) = with(layout, leeway).await;
        assert_eq!(Setup::of(&server).partner().bound(INCIDENT).await.unwrap().spec.source, table);
    }
}

#[tokio::test]
async fn p8_two_publishers_are_named_and_written_down_to_choose_from() {
    let (server, _control) = with(Layout::Own, Leeway { second_publisher: true, ..Leeway::default() }).await;
    assert_eq!(
        lacks(&server).await,
        Fault::BindingUnclear { what: "incident (prov_incident / provq_incident)".into() }
    );
    let text = Setup::of(&server).partner().mapping_file().await.unwrap().unwrap();
    assert!(
        text.contains("The columns of prov_incident:") && text.contains("The columns of provq_incident:"),
        "{text}"
    );
    let read = MappingFile::read(&text).unwrap();
    assert!(read.kind(INCIDENT).is_none() && read.kind(WorkItemKind::ChangeRequest).is_some());
}

#[tokio::test]
async fn p8_weak_match_is_confirmed_by_written_mapping() {
    for layout in [Layout::Own, Layout::Case] {
        let (server, _control) = with(layout, Leeway { names_provance: false, ..Leeway::default() }).await;
        let fault = lacks(&server).await;
        assert_eq!(fault.code(), "binding-unclear", "{fault:?}");
        let mut setup = Setup::of(&server);
        let text = setup.partner().mapping_file().await.unwrap().unwrap();
        assert!(text.contains("# NOT CERTAIN"), "{text}");
        setup.mapping = Some(text);
        assert_eq!(setup.partner().run_step(StepId::Binding).await.status, Status::Passed);
        assert_eq!(setup.partner().page(&request(INCIDENT, None, 50)).await.unwrap().items.len(), 30);
    }
}

#[rstest]
#[case::text_for_a_time("prov_closedon\", to = \"closed_at", "prov_title\", to = \"closed_at", "wrong-type")]
#[case::not_the_id("prov_incidentid", "prov_number", "not-the-id")]
#[case::created("modifiedon", "createdon", "not-the-change-time")]
#[case::time_for_a_text("from = \"prov_title\"", "from = \"createdon\"", "wrong-type")]
#[case::no_reference("from = \"ownerid\"", "from = \"prov_title\"", "wrong-type")]
#[case::misspelt("prov_priority", "prov_prioriyt", "no-such-column")]
#[case::no_table("source = \"prov_incident\"", "source = \"prov_incidnet\"", "no-such-source")]
#[tokio::test]
async fn p10_a_mapping_is_held_against_the_description(#[case] from: &str, #[case] to: &str, #[case] problem: &str) {
    let (server, _control) = with(Layout::Own, Leeway::default()).await;
    let mut setup = Setup::of(&server);
    let text = setup.partner().mapping_file().await.unwrap().unwrap();
    let line = text.lines().position(|line| line.contains(from)).unwrap() + 1;
    setup.mapping = Some(text.replacen(from, to, 1));
    let step = setup.partner().run_step(StepId::Binding).await;
    let Some(Fault::MappingWrong { problems, .. }) = &step.fault else { panic!("{step:?}") };
    let json = serde_json::to_value(&problems[0]).unwrap();
    assert_eq!((json["problem"].as_str(), problems[0].line), (Some(problem), Some(line)), "{problems:?}");
}

#[tokio::test]
async fn p3_large_rows_of_one_second_come_in_smaller_pages() {
    let (server, control) = start(Options { tied: 60, ..Options::still().rows(60) }).await;
    let partner = Arc::new(Setup::of(&server).partner());
    partner.bound(INCIDENT).await.unwrap();
    let large = FaultSpec { rows: 20, ..FaultSpec::new(FaultKind::HugeBody) };
    control.fault(large.on("prov_incidents").times(0));
    let items = walk(|| Arc::clone(&partner), INCIDENT, 15).await;
    assert_eq!(ids(&items).len(), 60);
}

#[tokio::test]
async fn p12_what_is_odd_in_a_row_has_its_own_culprit() {
    let (server, control) = with(Layout::Own, Leeway::default()).await;
    let partner = Setup::of(&server).partner();
    partner.bound(INCIDENT).await.unwrap();
    control.fault(FaultSpec::new(FaultKind::UnreadableTime).on("prov_incidents"));
    let page = partner.page(&request(INCIDENT, None, 50)).await.unwrap();
    assert_eq!((page.items.len(), page.hidden), (29, 0));
    let found = SyncFinding::Unreadable { kind: INCIDENT, rows: 1, detail: "modifiedon".into() };
    assert_eq!(partner.findings(), [found]);
}

#[tokio::test]
async fn p12_a_disabled_user_is_called_by_its_own_name() {
    let (server, control) = with(Layout::Own, Leeway::default()).await;
    control.fault(FaultSpec::error(403, "0x80040225", "disabled").on("WhoAmI").after(1).times(0));
    let setup = Setup::by_password(&server);
    let step = setup.partner().run_step(StepId::User).await;
    let expected = Fault::UserUnfit { user_name: setup.username.clone() };
    assert_eq!(step.fault, Some(expected));
}

#[tokio::test]
async fn d6_description_tells_empty_column_from_gone_or_secured() {
    let (server, control) = with(Layout::Own, Leeway::default()).await;
    let setup = kept(&server).await;
    let shows = async |attribute: &'static str| setup.partner().shows(INCIDENT, attribute).await;
    assert_eq!(shows("urgency").await, Ok(Some(true)));
    control.secure_column(practice_kind(INCIDENT), "prov_urgency", true).unwrap();
    let page = setup.partner().page(&request(INCIDENT, None, 50)).await.unwrap();
    assert!(page.items.iter().all(|item| item.field("urgency").is_none()));
    assert_eq!(shows("urgency").await, Ok(None));
    control.drop_column(practice_kind(INCIDENT), "prov_urgency").unwrap();
    assert_eq!(shows("urgency").await, Ok(Some(false)));
    assert_eq!(shows("title").await, Ok(Some(true)));
    assert_eq!(shows("colour").await, Ok(None));
}
