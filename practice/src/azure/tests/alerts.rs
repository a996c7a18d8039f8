//! Alerts Management, action groups and alert rules.

use rstest::rstest;

use super::*;
use crate::azure::alerts::{AlertOrder, UserState};
use crate::core::ServerState;

const VERSION: &str = "api-version=2019-05-05-preview";

impl Cloud {
    fn alerts_path(&self, more: &str) -> String {
        format!("/subscriptions/{}/providers/Microsoft.AlertsManagement/alerts{more}", self.subscription())
    }

    /// A list with these parameters.
    async fn alerts(&self, parameters: &str) -> (u16, Value) {
        self.get(&self.alerts_path(&format!("?{VERSION}{parameters}"))).await
    }

    /// The GUIDs of every page.
    async fn every_guid(&self, parameters: &str) -> Vec<String> {
        let mut path = self.alerts_path(&format!("?{VERSION}{parameters}"));
        let mut guids = Vec::new();
        while !path.is_empty() {
            let (status, page) = self.get(&path).await;
            assert_eq!(status, 200, "{page}");
            guids.extend(page["value"].as_array().unwrap().iter().map(guid_of));
            path = page["nextLink"].as_str().unwrap_or_default().to_owned();
        }
        guids
    }

    fn fired(&self, rule: &str) -> String {
        self.control().fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }
}

fn guid_of(alert: &Value) -> String {
    alert["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn alert_is_fired_and_the_same_alert_is_resolved() {
    let cloud = Cloud::start().await;
    let guid = cloud.fired("High CPU");
    let (_, list) = cloud.alerts("").await;
    let alert = &list["value"][0];
    assert!(alert["id"].as_str().unwrap().contains("/virtualMachines/web-prd-01/providers/Microsoft.AlertsManagement"));
    let essentials = &alert["properties"]["essentials"];
    assert_eq!((&essentials["monitorCondition"], &essentials["alertState"]), (&json!("Fired"), &json!("New")));
    assert!(essentials["monitorConditionResolvedDateTime"].is_null() && alert["properties"]["context"].is_null());
    cloud.control().resolve_alert(&guid).unwrap();
    let (_, list) = cloud.alerts("").await;
    assert_eq!(guid_of(&list["value"][0]), guid);
    let essentials = list["value"][0]["properties"]["essentials"].clone();
    let times = ["lastModifiedDateTime", "monitorConditionResolvedDateTime"].map(|name| essentials[name].to_string());
    assert!(times[0] < times[1], "the last change is told earlier: {times:?}");
    let again = cloud.control().fire_again(&guid).unwrap();
    let truth = cloud.control().alerts();
    assert_ne!(again, guid);
    assert_eq!(truth[0]["series"], truth[1]["series"]);
}

#[rstest]
#[case("&pageCount=0", "Page count filter has to be between 1 and 250")]
#[case("&pageCount=251", "Page count filter has to be between 1 and 250")]
#[case("&pageCount=26&includeContext=true", "Page count filter has to be between 1 and 25")]
#[case("&timeRange=2d", "Time range filter")]
#[case("&timeRange=1d&customTimeRange=2026-01-01T00:00:00Z/2026-01-02T00:00:00Z", "Time range and custom")]
#[case("&customTimeRange=2020-01-01T00:00:00Z/2020-01-02T00:00:00Z", "Custom time range filter has to be within")]
#[case("&sortBy=colour", "Sort by filter")]
#[case("&sortOrder=up", "Sort order filter")]
#[case("&severity=Sev9", "severity filter")]
#[case("&ctoken=abc", "Invalid continuation token")]
#[tokio::test]
async fn what_is_not_a_parameter_is_refused(#[case] parameters: &str, #[case] message: &str) {
    let (status, reply) = Cloud::start().await.alerts(parameters).await;
    assert_eq!((status, &reply["error"]["code"]), (400, &json!("BadRequest")));
    let told = reply["error"]["message"].as_str().unwrap();
    assert!(told.starts_with(message) && told.contains("Activity ID: "), "{told}");
}

#[tokio::test]
async fn filters_sorting_and_selection_work() {
    let cloud = Cloud::start().await;
    let first = cloud.control().fire(&AlertOrder { ago: 7_200, severity: Some(0), ..AlertOrder::default() });
    let second = cloud.control().fire(&AlertOrder { ago: 100_000, rule: "Disk".into(), ..AlertOrder::default() });
    let ids = |list: (u16, Value)| list.1["value"].as_array().unwrap().iter().map(guid_of).collect::<Vec<_>>();
    assert_eq!(ids(cloud.alerts("").await), [&*first], "a day without a range");
    assert_eq!(ids(cloud.alerts("&timeRange=30d").await), [first.clone(), second.clone()]);
    assert_eq!(ids(cloud.alerts("&timeRange=30d&sortOrder=asc").await), [second.clone(), first.clone()]);
    assert_eq!(ids(cloud.alerts("&timeRange=30d&alertRule=Disk").await), [&*second]);
    assert_eq!(ids(cloud.alerts("&timeRange=1h").await).len(), 0);
    assert_eq!(ids(cloud.alerts("&severity=sev0").await), [first]);
    let (_, list) = cloud.alerts("&select=severity&includeContext=true").await;
    let properties = &list["value"][0]["properties"];
    assert_eq!(properties["essentials"], json!({"severity": "Sev0"}));
    assert_eq!(properties["context"]["status"], "Activated");
    assert_eq!(properties["context"]["context"]["severity"], "0");
}

#[rstest]
#[case(LastLink::Empty)]
#[case(LastLink::Null)]
#[case(LastLink::Missing)]
#[tokio::test]
async fn list_ends_by_its_link_and_not_by_a_short_page(#[case] last: LastLink) {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| manners.last_alert_link = last);
    let storm = Storm { count: 137, alert: AlertOrder { rule: "Rule {n}".into(), ..AlertOrder::default() } };
    let mut fired = cloud.control().storm(&storm);
    for parameters in ["", "&pageCount=250", "&pageCount=7"] {
        let mut listed = cloud.every_guid(parameters).await;
        listed.sort();
        fired.sort();
        assert_eq!(listed, fired, "{parameters}");
    }
    let (_, page) = cloud.alerts("&pageCount=10").await;
    assert!(page["nextLink"].as_str().unwrap().contains("ctoken=%5B%7B%22token%22"), "{page}");
    assert_eq!(cloud.get(page["nextLink"].as_str().unwrap()).await.1["value"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn lists_lag_and_alerts_are_deleted_after_thirty_days() {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| manners.alert_list_seconds = 41);
    let guid = cloud.fired("High CPU");
    let one = cloud.alerts_path(&format!("/{guid}?{VERSION}"));
    assert_eq!((cloud.every_guid("").await.len(), cloud.get(&one).await.0), (0, 200));
    cloud.control().advance(42);
    assert_eq!(cloud.every_guid("").await, [&*guid]);
    cloud.control().resolve_alert(&guid).unwrap();
    let (_, list) = cloud.alerts("").await;
    assert_eq!(list["value"][0]["properties"]["essentials"]["monitorCondition"], "Fired", "not yet");
    cloud.control().advance(30 * 86_400);
    assert_eq!((cloud.every_guid("&timeRange=30d").await.len(), cloud.get(&one).await.0), (0, 404));
    assert_eq!(cloud.control().alerts().len(), 1);
}

#[tokio::test]
async fn alert_is_found_at_its_resource_and_at_its_subscription() {
    let cloud = Cloud::start().await;
    let guid = cloud.fired("High CPU");
    let target = cloud.control().alerts()[0]["target"].as_str().unwrap().to_owned();
    let at_resource = format!("{target}/providers/Microsoft.AlertsManagement/alerts/{guid}?{VERSION}");
    let at_subscription = cloud.alerts_path(&format!("/{guid}?{VERSION}"));
    for path in [&at_resource, &at_subscription] {
        let (status, alert) = cloud.get(path).await;
        assert_eq!((status, alert["name"].as_str()), (200, Some("High CPU")));
        assert!(alert["properties"]["context"].is_object());
    }
    cloud.control().delete_resource(&target);
    assert_eq!((cloud.get(&at_resource).await.0, cloud.get(&at_subscription).await.0), (404, 200));
    let (_, list) = cloud.alerts("").await;
    assert!(list["value"][0]["id"].as_str().unwrap().starts_with(&cloud.alerts_path("")));
}

#[tokio::test]
async fn state_is_changed_with_a_right_and_stands_in_the_history() {
    let cloud = Cloud::start().await;
    let order = AlertOrder { action_groups: vec!["ops-itsm".into()], ..AlertOrder::default() };
    let guid = cloud.control().fire(&order);
    let change = cloud.alerts_path(&format!("/{guid}/changestate?{VERSION}&newState=Acknowledged"));
    let reader = cloud.token_of(&Holder::User(READER), MANAGER_AUDIENCE);
    assert_eq!(cloud.ask_as(&reader, Method::POST, &change, None).await.status(), 403);
    let response = cloud.ask(Method::POST, &change, Some(&json!({"comments": "INC0010006"}))).await;
    assert!(response.headers().contains_key("x-ms-ratelimit-remaining-subscription-writes"));
    let (status, alert) = told(response).await;
    assert_eq!((status, &alert["properties"]["essentials"]["alertState"]), (200, &json!("Acknowledged")));
    assert_eq!(alert["properties"]["essentials"]["monitorCondition"], "Fired");
    let history = |version: &str| cloud.alerts_path(&format!("/{guid}/history?api-version={version}"));
    let (_, older) = cloud.get(&history("2019-05-05-preview")).await;
    let older = older["properties"]["modifications"].as_array().unwrap().clone();
    let events: Vec<_> = older.iter().map(|one| one["modificationEvent"].as_str().unwrap()).collect();
    assert_eq!(events, ["StateChange", "ActionsTriggered", "AlertCreated"]);
    assert!(older[1]["details"].is_null() && older[0]["comments"] == "INC0010006");
    let (_, newer) = cloud.get(&history("2025-05-25-preview")).await;
    let details = &newer["properties"]["modifications"][1]["details"];
    assert!(details["actionGroup"]["actionGroupId"].as_str().unwrap().ends_with("/ops-itsm"), "{newer}");
    let wrong = cloud.alerts_path(&format!("/{guid}/changestate?{VERSION}&newState=Done"));
    assert_eq!(cloud.ask(Method::POST, &wrong, None).await.status(), 400);
    cloud.control().set_alert_state(&guid, UserState::Closed, "somebody").unwrap();
    assert_eq!(cloud.control().alerts()[0]["state"], "Closed");
}

#[tokio::test]
async fn who_may_read_nothing_gets_an_empty_list() {
    let cloud = Cloud::start().await;
    cloud.fired("High CPU");
    let token = cloud.token_of(&Holder::Application(&client_id("sender")), MANAGER_AUDIENCE);
    let path = cloud.alerts_path(&format!("?{VERSION}"));
    let (status, list) = told(cloud.ask_as(&token, Method::GET, &path, None).await).await;
    assert_eq!((status, &list["value"]), (200, &json!([])));
    let scope = format!("/subscriptions/{}", cloud.subscription());
    cloud.control().assign(&cloud.server.sign_in().object_id, "Monitoring Reader", &scope).unwrap();
    let (_, list) = told(cloud.ask_as(&token, Method::GET, &path, None).await).await;
    assert_eq!(list["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn lists_are_limited_a_minute_and_the_next_minute_is_free() {
    let cloud = Cloud::start().await;
    cloud.control().change_manners(|manners| manners.alert_lists_per_minute = 2);
    cloud.control().advance(60 - cloud.control().0.base.clock.now().rem_euclid(60));
    let path = cloud.alerts_path(&format!("?{VERSION}"));
    let left = "x-ms-ratelimit-remaining-subscription-resource-requests";
    for expected in ["1", "0"] {
        assert_eq!(cloud.ask(Method::GET, &path, None).await.headers()[left], expected);
    }
    let refused = cloud.ask(Method::GET, &path, None).await;
    let wait: i64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.status(), 429);
    cloud.control().advance(wait);
    assert_eq!(cloud.ask(Method::GET, &path, None).await.status(), 200);
}

#[tokio::test]
async fn summary_counts_by_groups() {
    let cloud = Cloud::start().await;
    for severity in [0, 1, 1] {
        cloud.control().fire(&AlertOrder { severity: Some(severity), ..AlertOrder::default() });
    }
    let path = format!(
        "/subscriptions/{}/providers/Microsoft.AlertsManagement/alertsSummary?{VERSION}&groupby=severity,alertState",
        cloud.subscription()
    );
    let (status, summary) = cloud.get(&path).await;
    let properties = &summary["properties"];
    assert_eq!((status, &properties["total"]), (200, &json!(3)), "{summary}");
    assert_eq!(properties["values"][1]["count"], 2);
    assert_eq!(properties["values"][1]["values"][0]["name"], "New");
}

#[tokio::test]
async fn orders_suppress_restamp_and_flap() {
    let cloud = Cloud::start().await;
    let (_, fired) = cloud.order(Method::POST, "/alerts/fire", &json!({"target": "sql-prd-07", "severity": 1})).await;
    let guid = fired["guid"].as_str().unwrap().to_owned();
    assert_eq!(cloud.order(Method::POST, "/alerts/suppress", &json!({"guid": guid})).await.0, 204);
    assert_eq!(cloud.order(Method::POST, "/alerts/restamp", &json!({"guid": guid, "seconds": -7200})).await.0, 204);
    let (_, list) = cloud.alerts("").await;
    let essentials = &list["value"][0]["properties"]["essentials"];
    assert_eq!(essentials["actionStatus"]["isSuppressed"], true);
    assert!(essentials["lastModifiedDateTime"].as_str() < essentials["startDateTime"].as_str());
    let (_, flapped) = cloud.order(Method::POST, "/alerts/flap", &json!({"times": 5, "seconds": 30})).await;
    assert_eq!(flapped["guids"].as_array().unwrap().len(), 5);
    let truth = cloud.control().alerts();
    assert!(truth[1..].iter().all(|one| one["series"] == truth[1]["series"] && one["condition"] == "Resolved"));
    let order = json!({"guid": guid, "shape": "common"});
    let (_, webhook) = cloud.order(Method::POST, "/alerts/webhook", &order).await;
    assert_eq!(webhook["data"]["essentials"]["severity"], "Sev1");
    let text = json!({"count": 3, "alert": {"rule": "R{n}"}});
    assert_eq!(cloud.order(Method::POST, "/alerts/storm", &text).await.1["guids"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn action_groups_and_rules_are_listed_and_written() {
    let cloud = Cloud::start().await;
    let list = |kind: &str, version: &str| {
        format!("/subscriptions/{}/providers/{kind}?api-version={version}", cloud.subscription())
    };
    let (status, groups) = cloud.get(&list("Microsoft.Insights/actionGroups", "2021-09-01")).await;
    let groups = groups["value"].as_array().unwrap().clone();
    assert_eq!((status, groups.len()), (200, 5));
    let ticket = |nth: usize| {
        let text = groups[nth]["properties"]["itsmReceivers"][0]["ticketConfiguration"].as_str().unwrap();
        serde_json::from_str::<Value>(text).unwrap()
    };
    assert!(ticket(0)["WorkItemData"].is_string() && ticket(1)["WorkItemData"].is_object());
    for (kind, version, count) in [
        ("Microsoft.Insights/metricAlerts", "2018-03-01", 1),
        ("Microsoft.Insights/scheduledQueryRules", "2021-08-01", 1),
        ("Microsoft.Insights/activityLogAlerts", "2020-10-01", 1),
        ("Microsoft.AlertsManagement/actionRules", "2021-08-08", 2),
    ] {
        assert_eq!(cloud.get(&list(kind, version)).await.1["value"].as_array().unwrap().len(), count, "{kind}");
    }
    assert_eq!(cloud.get(&list("Microsoft.Insights/actionGroups", "2001-01-01")).await.0, 400);
    let one = format!("{}/providers/Microsoft.Insights/actionGroups/mine?api-version=2021-09-01", cloud.group());
    let body = json!({"location": "Global", "properties": {"groupShortName": "mine", "enabled": true}});
    assert_eq!((cloud.put(&one, &body).await.0, cloud.put(&one, &body).await.0), (201, 200));
    assert_eq!(cloud.get(&one).await.1["properties"]["groupShortName"], "mine");
}

#[tokio::test]
async fn alerts_come_by_themselves_where_a_demo_wants_them() {
    let still = Cloud::start().await;
    assert!(still.control().alerts().is_empty());
    let options = Options { alert_speed: 1.0, ..Options::default() };
    let cloud = Cloud { server: Server::start(options).await.unwrap(), client: client() };
    let before = cloud.control().alerts();
    let count = |alerts: &[Value], condition: &str| alerts.iter().filter(|one| one["condition"] == condition).count();
    assert!(before.len() == 40 && count(&before, "Resolved") > 5 && count(&before, "Fired") > 5, "{before:?}");
    cloud.control().0.pass(3_600.0);
    let after = cloud.control().alerts();
    assert!(after.len() > before.len() && count(&after, "Resolved") > count(&before, "Resolved"));
}
