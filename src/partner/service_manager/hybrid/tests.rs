use rstest::rstest;

use super::*;
use crate::azure::testing::{full, spec};
use crate::model::check::Status;
use crate::model::checklist::{Answer, ItemFinding};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::partner::ChecklistEvent;
use itsmc_practice::azure::relay::{Azure, AzurePlace, FaultKind, FaultSpec, Plan, Server};

async fn azure(place: AzurePlace) -> (Server, String, Azure) {
    let server = Server::start(place).await.unwrap();
    let (url, azure) = (server.url(), server.control());
    (server, url, azure)
}

async fn look(server: &str, otherwise: &[(FieldId, &str)]) -> Vec<ChecklistItem> {
    look_for(server, otherwise, None).await
}

async fn look_for(server: &str, otherwise: &[(FieldId, &str)], server_name: Option<&str>) -> Vec<ChecklistItem> {
    let (connection, spec) = (full(server, otherwise), spec());
    let mut events = Vec::new();
    let environment = Environment::default().with_path("/nowhere");
    let mut tell = |event| events.push(event);
    let items = hybrid((&connection, &spec), server_name, &HttpConfig::default(), &environment, &mut tell).await;
    let ended: Vec<_> = events.iter().filter(|event| matches!(event, ChecklistEvent::Ended(_))).collect();
    assert_eq!((events.len(), ended.len()), (2 * ITEMS.len(), ITEMS.len()));
    items
}

async fn looked(place: AzurePlace) -> Vec<ChecklistItem> {
    let (host, server, _) = azure(place).await;
    let items = look(&server, &[]).await;
    host.stop().await;
    items
}

fn item<'a>(items: &'a [ChecklistItem], id: &str) -> &'a ChecklistItem {
    items.iter().find(|item| item.id.to_string() == id).unwrap()
}

fn value(item: &ChecklistItem) -> &str {
    match &item.finding {
        Some(ItemFinding::Seen { value } | ItemFinding::Lacks { value }) => value,
        other => panic!("{other:?}"),
    }
}

fn changed(change: impl FnOnce(&mut AzurePlace)) -> AzurePlace {
    let mut place = AzurePlace::default();
    change(&mut place);
    place
}

#[tokio::test]
async fn a_hybrid_connection_that_is_right_is_seen_to_be() {
    let items = looked(AzurePlace::default()).await;
    let expected = [
        (CONNECTION, "smoc1sbn / scsm (West Europe, Active)"),
        (ENDPOINT, "scsm.corp.local:5724"),
        (AUTHORIZATION, "requiresClientAuthorization = true"),
        (BINDING, "127 → scsm.corp.local:5724"),
        (LISTENER, "listenerCount = 1"),
        (PLAN, "Standard (S1)"),
    ];
    for (id, shown) in expected {
        let item = item(&items, id);
        assert_eq!((item.status, value(item)), (Status::Passed, shown), "{id}");
        assert!(item.words.is_some() && !item.evidence.is_empty(), "{id}");
    }
    assert_eq!(item(&items, CONNECTION).evidence[0].answered, Answer::Value { value: "managed identity".into() });
    // What Azure shows never proves the way from the manager to Service Manager.
    assert_eq!(item(&items, PATH).status, Status::Unknown);
}

#[rstest]
#[case::not_made(changed(|p| p.hybrid_connection = None), CONNECTION, "scsm: 404; smoc1sbn: oracle, fileserver")]
#[case::no_namespace(changed(|p| p.namespace = "other".into()), CONNECTION, "smoc1sbn: 404")]
#[case::no_group(changed(|p| p.group = "other".into()), CONNECTION, "smoc1sbn: 404")]
#[case::wrong_port(changed(|p| p.endpoint = Some("scsm.corp.local:5723".into())), ENDPOINT, "scsm.corp.local:5723 (≠ :5724)")]
#[case::short_name(changed(|p| p.endpoint = Some("scsm:5724".into())), ENDPOINT, "scsm:5724 (≠ scsm.corp.local:5724)")]
#[case::no_endpoint(changed(|p| p.endpoint = None), ENDPOINT, "endpoint: -")]
#[case::open(changed(|p| p.requires_client_authorization = false), AUTHORIZATION, "requiresClientAuthorization = false")]
#[case::unbound(changed(|p| p.bound = false), BINDING, "127: -")]
#[case::bound_elsewhere(changed(|p| p.endpoint = Some("scsm:5724".into())), BINDING, "127 → scsm:5724")]
#[case::no_listener(changed(|p| p.listeners = Some(0)), LISTENER, "listenerCount = 0")]
#[case::no_count(changed(|p| p.listeners = None), LISTENER, "listenerCount = 0")]
#[case::free(changed(|p| p.plan = Plan { name: "F1".into(), tier: "Free".into() }), PLAN, "Free (F1)")]
#[case::shared(changed(|p| p.plan = Plan { name: "D1".into(), tier: "Shared".into() }), PLAN, "Shared (D1)")]
#[tokio::test]
async fn what_is_not_as_it_should_be_is_named(#[case] place: AzurePlace, #[case] id: &str, #[case] shown: &str) {
    let items = looked(place).await;
    let item = item(&items, id);
    assert_eq!((item.status, value(item)), (Status::Failed, shown));
    assert!(item.ask_admin);
}

#[tokio::test]
async fn two_managers_are_two_listeners() {
    let items = looked(changed(|place| place.listeners = Some(2))).await;
    assert_eq!(value(item(&items, LISTENER)), "listenerCount = 2");
}

#[tokio::test]
async fn missing_hybrid_connection_skips_dependent_items() {
    let items = looked(changed(|place| place.hybrid_connection = None)).await;
    for id in [ENDPOINT, AUTHORIZATION, BINDING, LISTENER] {
        assert_eq!(item(&items, id).status, Status::Skipped, "{id}");
    }
    assert_eq!(item(&items, PLAN).status, Status::Passed);
}

#[tokio::test]
async fn web_app_in_other_group_is_unknown_not_unbound() {
    let items = looked(changed(|place| place.site_here = false)).await;
    for id in [BINDING, PLAN] {
        let item = item(&items, id);
        assert_eq!((item.status, &item.finding), (Status::Unknown, &Some(ItemFinding::CannotSee)), "{id}");
    }
}

#[rstest]
#[case(FaultKind::Forbidden, "azure-forbidden", ItemFinding::CannotSee)]
#[case(FaultKind::Throttled, "rate-limited", ItemFinding::NoAnswer)]
#[case(FaultKind::Unavailable, "partner-error", ItemFinding::NoAnswer)]
#[case(FaultKind::Html, "not-json", ItemFinding::NoAnswer)]
#[case(FaultKind::HtmlNotFound, "not-json", ItemFinding::NoAnswer)]
#[tokio::test]
async fn what_cannot_be_seen_is_never_a_no(#[case] fault: FaultKind, #[case] code: &str, #[case] finding: ItemFinding) {
    let (host, server, azure) = azure(AzurePlace::default()).await;
    azure.fault(FaultSpec::new(fault).times(0));
    for item in look(&server, &[]).await.iter().filter(|item| item.id.to_string() != PATH) {
        assert_eq!((item.status, item.finding.as_ref()), (Status::Unknown, Some(&finding)), "{}", item.id);
        assert_eq!(item.fault.as_ref().map(Fault::code), Some(code), "{}", item.id);
        assert!(item.ask_admin && item.words.as_ref().is_some_and(|words| words.ask.is_some()), "{}", item.id);
        assert!(item.evidence.iter().any(|one| matches!(one.answered, Answer::Failed { .. })), "{}", item.id);
    }
    host.stop().await;
}

#[tokio::test]
async fn a_machine_without_an_azure_sign_in_cannot_see() {
    let items = looked(changed(|place| place.identity = false)).await;
    for item in items.iter().filter(|item| item.id.to_string() != PATH) {
        assert_eq!((item.status, &item.finding), (Status::Unknown, &Some(ItemFinding::NotSignedIn)), "{}", item.id);
        let told = matches!(&item.fault, Some(Fault::NoAzureSignIn { .. }));
        assert!(told && item.ask_admin, "{:?}", item.fault);
    }
}

#[tokio::test]
async fn empty_fields_are_named_and_nothing_is_asked() {
    let (host, server, azure) = azure(AzurePlace::default()).await;
    let items = look(&server, &[(FieldId::HybridConnection, ""), (FieldId::AzureSubscription, "")]).await;
    let lacking = [FieldId::AzureSubscription, FieldId::HybridConnection];
    for item in items.iter().filter(|item| item.id.to_string() != PATH) {
        let Some(Fault::BadForm { problems }) = &item.fault else { panic!("{:?}", item.fault) };
        assert_eq!(problems.iter().filter_map(|problem| problem.field).collect::<Vec<_>>(), lacking);
        assert!(item.status == Status::Unknown && !item.ask_admin, "{}", item.id);
    }
    assert_eq!((azure.requests().len(), azure.secrets().len()), (0, 1));
    host.stop().await;
}

#[tokio::test]
async fn without_the_host_only_the_endpoint_is_not_judged() {
    let (host, server, _) = azure(AzurePlace::default()).await;
    let items = look(&server, &[(FieldId::EndpointHost, "")]).await;
    host.stop().await;
    assert_eq!(item(&items, ENDPOINT).status, Status::Unknown);
    assert!(matches!(item(&items, ENDPOINT).fault, Some(Fault::BadForm { .. })));
    assert_eq!(item(&items, BINDING).status, Status::Passed);
}

#[tokio::test]
async fn neither_a_token_nor_the_key_of_the_relay_is_kept() {
    let (host, server, azure) = azure(AzurePlace::default()).await;
    let items = look(&server, &[]).await;
    host.stop().await;
    let (secrets, kept) = (azure.secrets(), format!("{}{items:?}", serde_json::to_string(&items).unwrap()));
    assert_eq!(secrets.len(), 2);
    assert!(azure.requests().iter().any(|request| request.path.ends_with("/relays/scsm")), "{:?}", azure.requests());
    for secret in secrets {
        assert!(!kept.contains(&secret));
    }
}

#[tokio::test]
async fn a_list_that_leads_elsewhere_is_not_followed() {
    let (host, server, azure) = azure(changed(|place| place.hybrid_connection = None)).await;
    azure.fault(FaultSpec::new(FaultKind::LinkElsewhere).times(0).on("/hybridConnections"));
    let items = look(&server, &[]).await;
    host.stop().await;
    let item = item(&items, CONNECTION);
    assert_eq!((item.status, value(item)), (Status::Failed, "scsm: 404"));
    let redirected = |answer: &Answer| matches!(answer, Answer::Failed { fault: Fault::Redirected { .. } });
    assert!(item.evidence.iter().any(|one| redirected(&one.answered)), "{:?}", item.evidence);
}

#[rstest]
#[case(Some("SCSM.corp.local"), "", Status::Passed, "scsm.corp.local:5724")]
#[case(Some("scsm"), "", Status::Failed, "scsm.corp.local:5724 (≠ scsm:5724)")]
#[case(Some("scsm"), "scsm.corp.local", Status::Failed, "scsm.corp.local:5724 (≠ scsm:5724)")]
#[tokio::test]
async fn the_host_is_the_one_that_the_web_app_calls(
    #[case] server_name: Option<&str>,
    #[case] field: &str,
    #[case] status: Status,
    #[case] shown: &str,
) {
    let (host, server, _) = azure(AzurePlace::default()).await;
    let items = look_for(&server, &[(FieldId::EndpointHost, field)], server_name).await;
    host.stop().await;
    assert_eq!((item(&items, ENDPOINT).status, value(item(&items, ENDPOINT))), (status, shown));
    assert_eq!(item(&items, BINDING).status, status);
}
