//! The live test, the checklist and the web app's own test.

use rstest::rstest;

use crate::model::check::{Finding, Status, StepId};
use crate::model::checklist::{ItemFinding, ItemId};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::net::http::HttpConfig;
use crate::partner::service_manager::ServiceManager;
use crate::partner::service_manager::testing::{access, client, server};
use crate::partner::{Checks as _, Partner as _};
use itsmc_practice::service_manager::{FaultKind, FaultSpec, Layout, Setting};

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Search)]
#[tokio::test]
async fn a_good_web_app_passes_every_step_that_can_see(#[case] layout: Layout) {
    let server = server(layout, 300).await;
    let client = client(&server);
    for &step in client.spec.test_steps() {
        let done = client.run_step(step).await;
        let expected = match step {
            StepId::Tls => Status::Skipped,
            StepId::User => Status::Unknown,
            _ => Status::Passed,
        };
        assert_eq!(done.status, expected, "{done:?}");
    }
}

#[tokio::test]
async fn the_binding_step_names_what_it_could_not_bind() {
    let server = server(Layout::Unbindable, 10).await;
    let step = client(&server).run_step(StepId::Binding).await;
    assert_eq!(step.status, Status::Failed);
    let Some(Finding::NotBound { missing }) = step.finding else { panic!("{step:?}") };
    assert_eq!(missing.len(), 2);
    assert!(matches!(step.fault, Some(Fault::NotBound { .. })));
}

#[rstest]
#[case(FieldId::ClientSecret)]
#[case(FieldId::ClientId)]
#[case(FieldId::Audience)]
#[case(FieldId::Tenant)]
#[tokio::test]
async fn a_wrong_field_is_the_one_to_go_back_to(#[case] field: FieldId) {
    let server = server(Layout::Tables, 10).await;
    let mut access = access(&server);
    let wrong = "00000000-0000-0000-0000-000000000001".to_owned();
    match field {
        FieldId::ClientSecret => access.client_secret = Some(crate::model::secret::Secret::new("wrong")),
        FieldId::ClientId => access.connection.client_id = wrong,
        field => drop(access.connection.details.insert(field, wrong)),
    }
    let client = ServiceManager::new(access, &HttpConfig::default()).unwrap();
    let step = client.run_step(StepId::SignIn).await;
    assert_eq!((step.status, step.field), (Status::Failed, Some(field)), "{step:?}");
}

async fn item(client: &ServiceManager, id: &ItemId) -> (Status, Option<ItemFinding>) {
    let checklist = client.checklist(&mut |_| {}).await;
    let item = checklist.item(id).unwrap();
    assert_eq!(item.words.is_some(), matches!(id, ItemId::Own(_)));
    (item.status, item.finding.clone())
}

fn own(name: &str) -> ItemId {
    ItemId::Own(name.to_owned())
}

#[tokio::test]
async fn checklist_of_good_web_app_leaves_only_unknown_items() {
    let server = server(Layout::Tables, 100).await;
    let checklist = client(&server).checklist(&mut |_| {}).await;
    let stand: Vec<_> = checklist.items.iter().map(|item| (item.id.to_string(), item.status)).collect();
    let expected = [
        ("web_app_configured", Status::Passed),
        ("same_identity", Status::Passed),
        ("web_app_sign_in", Status::Passed),
        ("description", Status::Passed),
        ("role:Advanced Operator", Status::Unknown),
        ("projection_type", Status::Unknown),
        ("product_version", Status::Unknown),
        ("hybrid_connection", Status::Unknown),
        ("hybrid_endpoint", Status::Unknown),
        ("hybrid_authorization", Status::Unknown),
        ("hybrid_binding", Status::Unknown),
        ("hybrid_listener", Status::Unknown),
        ("hybrid_plan", Status::Unknown),
        ("hybrid_path", Status::Unknown),
    ];
    assert_eq!(stand, expected.map(|(id, status)| (id.to_owned(), status)));
}

#[tokio::test]
async fn a_missing_setting_another_client_and_a_lacking_role_are_told() {
    let server = server(Layout::Tables, 100).await;
    let control = server.control();
    control.set_missing(&[Setting::ServerName, Setting::Username]);
    let lacks = |value: &str| Some(ItemFinding::Lacks { value: value.into() });
    let seen = item(&client(&server), &own("web_app_configured")).await;
    assert_eq!(seen, (Status::Failed, lacks("ida:ServerName, ida:Username")));
    control.set_missing(&[]);
    let mut other = access(&server);
    other.connection.client_id = "another".into();
    let other = ServiceManager::new(other, &HttpConfig::default()).unwrap();
    let (status, finding) = item(&other, &own("same_identity")).await;
    assert_eq!(status, Status::Failed);
    assert!(matches!(finding, Some(ItemFinding::Lacks { value }) if value.contains("ida:WhitelistedClientId")));
    let unreadable = client(&server);
    unreadable.bound(crate::model::work_item::WorkItemKind::Incident).await.unwrap();
    control.fault(FaultSpec::new(FaultKind::NoPermission).times(0).on("/api/Incidents"));
    let seen = item(&unreadable, &ItemId::Role("Advanced Operator".into())).await;
    assert_eq!(seen, (Status::Failed, Some(ItemFinding::RoleLacking)));
}

#[tokio::test]
async fn the_web_apps_own_test_is_made_only_on_request() {
    let server = server(Layout::Tables, 10).await;
    let client = client(&server);
    client.checklist(&mut |_| {}).await;
    let own_test = ItemId::Own("web_app_test".into());
    assert!(client.on_request(&ItemId::own("oauth_active")).is_none());
    let asked = |path: &str| server.control().requests().iter().filter(|one| one.path == path).count();
    assert_eq!(asked("/api/configtest"), 0);
    let item = client.on_request(&own_test).unwrap().await;
    assert_eq!((asked("/api/configtest"), item.status), (1, Status::Passed), "{item:?}");
    assert!(
        matches!(&item.finding, Some(ItemFinding::Seen { value }) if value.contains("✓ Client ID and secret are valid"))
    );
    server.control().set_missing(&[Setting::ServerName]);
    let item = client.on_request(&own_test).unwrap().await;
    assert_eq!(item.status, Status::Failed);
    assert!(!format!("{item:?}").contains(&server.sign_in().client_secret));
}

#[tokio::test]
async fn hybrid_connection_is_checked_at_configured_place() {
    let server = server(Layout::Tables, 10).await;
    let mut access = access(&server);
    let details = server.sign_in();
    for (field, text) in [
        (FieldId::AzureSubscription, &details.azure_subscription),
        (FieldId::AzureResourceGroup, &details.azure_resource_group),
        (FieldId::RelayNamespace, &details.relay_namespace),
        (FieldId::HybridConnection, &details.hybrid_connection),
    ] {
        access.connection.details.insert(field, text.clone());
    }
    let client = ServiceManager::new(access, &HttpConfig::default()).unwrap();
    let ids: Vec<_> = client.checklist(&mut |_| {}).await.items.into_iter().map(|item| item.id).collect();
    assert_eq!(ids, client.items());
    let (listener, endpoint) = (own("hybrid_listener"), own("hybrid_endpoint"));
    assert_eq!(item(&client, &listener).await.0, Status::Passed);
    let seen = ItemFinding::Seen { value: "scsm01.practice.example:5724".into() };
    assert_eq!(item(&client, &endpoint).await, (Status::Passed, Some(seen)));
    server.control().azure().change(|place| place.listeners = Some(0));
    let lacks = ItemFinding::Lacks { value: "listenerCount = 0".into() };
    assert_eq!(item(&client, &listener).await, (Status::Failed, Some(lacks)));
}
