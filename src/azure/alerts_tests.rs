use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::Response;
use serde_json::json;

use super::*;
use crate::model::secret::Secret;
use crate::net::http::HttpConfig;
use crate::net::testing::{Fake, json as reply, url};

async fn api(answer: impl Fn(&str, usize) -> Response + Send + Sync + Clone + 'static) -> (Fake, AlertsApi) {
    let asked = Arc::new(AtomicUsize::new(0));
    let fake = Fake::start(move |seen| answer(&seen.path, asked.fetch_add(1, Ordering::SeqCst))).await;
    let arm = Arm::new(&url(&fake.url), Secret::new("t0ken"), &HttpConfig::default()).unwrap();
    (fake, AlertsApi::new(arm))
}

#[tokio::test]
async fn a_list_ends_without_a_link_and_not_with_a_short_page() {
    for last in [json!({"value": [3], "nextLink": ""}), json!({"value": [3], "nextLink": null}), json!({"value": [3]})]
    {
        let (fake, api) = api(move |_, turn| match turn {
            0 => reply(200, &json!({"value": [1, {"a":  2}], "nextLink": ""})),
            _ => reply(200, &last),
        })
        .await;
        let page = api.first("s").await.unwrap();
        assert_eq!(page.value[1].get().replace(' ', ""), "{\"a\":2}");
        assert!(api.next(&page).await.unwrap().is_none());
        assert!(fake.paths()[0].contains("/subscriptions/s/providers/Microsoft.AlertsManagement/alerts"));
        let page = AlertPage { next: Some(format!("{}/next?ctoken=%2Bab%3D", fake.url)), ..page };
        assert_eq!(api.next(&page).await.unwrap().unwrap().value.len(), 1);
        assert!(
            api.next(&AlertPage { value: Vec::new(), next: None, error: None, answered_at: None })
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(fake.paths().len(), 2);
    }
}

#[tokio::test]
async fn a_link_elsewhere_is_not_followed() {
    let (fake, api) = api(|_, _| reply(200, &json!({"value": null, "nextLink": "https://elsewhere.example/x"}))).await;
    let page = api.first("s").await.unwrap();
    assert_eq!(api.next(&page).await.unwrap_err().code(), "redirected");
    assert_eq!(fake.paths().len(), 1);
}

#[tokio::test]
async fn a_cloud_that_does_not_know_the_version_is_asked_by_the_stable_one() {
    let (fake, api) = api(|_, turn| match turn {
        0 => reply(400, &json!({"error": {"code": "InvalidApiVersionParameter", "message": "x"}})),
        _ => reply(200, &json!({"value": []})),
    })
    .await;
    assert!(api.first("s").await.unwrap().value.is_empty());
    assert_eq!(fake.paths().len(), 2);
}

#[tokio::test]
async fn a_wrong_page_count_is_a_fault_and_not_a_version() {
    let (fake, api) = api(|_, _| {
        reply(
            400,
            &json!({"error": {"code": "BadRequest", "message": "Page count filter has to be between 1 and 250"}}),
        )
    })
    .await;
    assert_eq!(api.first("s").await.unwrap_err().code(), "partner-error");
    assert_eq!(fake.paths().len(), 1);
}

const GUID: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

#[tokio::test]
async fn an_answer_without_a_list_is_no_list() {
    for (told, code) in [
        (json!({}), "malformed"),
        (json!({"error": {"code": "ServerBusy", "message": "x"}}), "partner-error"),
        (json!({"value": [], "error": {"code": "PartialError", "message": "x"}}), "malformed"),
    ] {
        let (_fake, api) = api(move |_, _| reply(200, &told)).await;
        assert_eq!(api.first("s").await.unwrap_err().code(), code);
    }
}

#[tokio::test]
async fn what_an_alert_tells_of_itself_leads_to_no_other_path() {
    let (fake, api) = api(|_, _| reply(200, &json!({}))).await;
    for subscription in ["../../x", "", "a/b?c=d", "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/../x"] {
        assert!(api.one(subscription, GUID).await.unwrap().is_none());
        assert!(!api.acknowledge(subscription, GUID, "c").await.unwrap());
    }
    assert!(api.one(GUID, "x-1/../..").await.unwrap().is_none());
    assert_eq!(fake.paths(), [""; 0]);
}

#[tokio::test]
async fn what_somebody_closed_since_it_was_listed_is_left_alone() {
    let (fake, api) = api(|_, _| reply(200, &json!({"properties": {"essentials": {"alertState": "Closed"}}}))).await;
    assert!(api.acknowledge(GUID, GUID, "c").await.unwrap());
    assert_eq!(fake.paths().iter().filter(|path| path.contains("changestate")).count(), 0);
}

#[tokio::test]
async fn an_acknowledgement_that_was_answered_and_not_made_is_a_fault() {
    let (fake, api) = api(|_, _| reply(200, &json!({"properties": {"essentials": {"alertState": "New"}}}))).await;
    assert_eq!(api.acknowledge(GUID, GUID, "c").await.unwrap_err().code(), "malformed");
    assert_eq!(fake.paths().len(), 2);
}
