use rstest::rstest;
use serde_json::json as body;

use super::tickets::OWN_ID;
use super::*;
use crate::servicenow::{FaultKind, FaultSpec};

/// Sends a new incident; none if the connection was cut.
async fn open(practice: &Practice) -> Option<StatusCode> {
    let url = format!("{}/api/now/table/incident", practice.server.url());
    let request = practice.client.post(url).bearer_auth(&practice.token);
    let request = request.header("accept", "application/json").header("content-type", "application/json");
    let sent = body!({"sys_id": OWN_ID, "correlation_id": "azm:1", "short_description": "x", "impact": "1"});
    request.body(sent.to_string()).send().await.ok().map(|reply| reply.status())
}

async fn there(practice: &Practice) -> bool {
    practice.status_of(&format!("incident/{OWN_ID}"), &practice.token).await == StatusCode::OK
}

#[rstest]
#[case(FaultKind::ReplyLost, None)]
#[case(FaultKind::ErrorAfterCommit, Some(StatusCode::INTERNAL_SERVER_ERROR))]
#[tokio::test]
async fn write_is_carried_out_and_its_reply_is_lost_or_false(
    #[case] fault: FaultKind,
    #[case] expected: Option<StatusCode>,
) {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec::new(fault));
    assert!(!there(&practice).await, "a read is no write");
    assert_eq!(open(&practice).await, expected);
    assert!(there(&practice).await);
}

#[rstest]
#[case(FaultKind::Held, false)]
#[case(FaultKind::HeldAfter, true)]
#[tokio::test]
async fn held_write_waits_and_is_carried_out_though_its_client_has_left(#[case] fault: FaultKind, #[case] done: bool) {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec::new(fault));
    tokio::select! {
        status = open(&practice) => panic!("answered with {status:?}"),
        () = async {
            while practice.control().held() == 0 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(there(&practice).await, done);
    practice.control().let_go();
    while practice.control().held() > 0 || !there(&practice).await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn fault_befalls_the_third_write() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec::new(FaultKind::RateLimited).after(2).on_writes());
    let mut statuses = Vec::new();
    for _ in 0..4 {
        assert!(!practice.rows("incident", &[]).await.is_empty());
        statuses.push(practice.send("POST", "incident", &body!({})).await.status().as_u16());
    }
    assert_eq!(statuses, [201, 201, 429, 201]);
}

#[tokio::test]
async fn token_ends_in_the_middle_of_the_writes() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec::new(FaultKind::TokenRevoked).after(1).on_writes());
    assert_eq!(open(&practice).await, Some(StatusCode::CREATED));
    let reply = practice.send("PATCH", &format!("incident/{OWN_ID}"), &body!({"urgency": "1"})).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn column_is_dropped_without_a_word() {
    let practice = Practice::by_user(Options::still()).await;
    practice.control().fault(FaultSpec { column: "impact".into(), ..FaultSpec::new(FaultKind::DroppedColumn) });
    assert_eq!(open(&practice).await, Some(StatusCode::CREATED));
    assert_eq!(practice.control().tickets()[0].fields["impact"], "3");
}

#[tokio::test]
async fn faults_and_held_requests_are_ordered_over_http() {
    let practice = Practice::by_user(Options::still()).await;
    let url = format!("{}/practice", practice.server.url());
    let send = |path: &str, text: &str| {
        let request = practice.client.post(format!("{url}{path}")).header("content-type", "application/json");
        request.body(text.to_owned()).send()
    };
    let reply = send("/faults", r#"{"fault":"slow-rule","millis":1,"after":1,"writes":true}"#).await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(open(&practice).await, Some(StatusCode::CREATED));
    let held = json(practice.client.get(format!("{url}/held")).send().await.unwrap()).await;
    assert_eq!(held, body!({"held": 0}));
    let human = format!(r#"{{"number":"{OWN_ID}","fields":{{"assigned_to":"Abel Tuter"}}}}"#);
    assert_eq!(send("/human", &human).await.unwrap().status(), StatusCode::NO_CONTENT);
    let tickets = json(practice.client.get(format!("{url}/tickets")).send().await.unwrap()).await;
    assert_eq!(tickets["tickets"][0]["history"].as_array().unwrap().len(), 2);
    let integrity = json(practice.client.get(format!("{url}/integrity")).send().await.unwrap()).await;
    assert_eq!((&integrity["tickets"], &integrity["doubled_keys"]), (&body!(1), &body!([])));
}
