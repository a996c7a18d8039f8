use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::check::{Finding, Status, UserUnfit};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::partner::live_test::run_test;
use crate::partner::servicenow::testing::{Memory, access, spec};
use crate::partner::testing::{Fake, Seen, json as reply};

fn tokens() -> Tokens {
    let now = Timestamp::now();
    let sign_in = SignIn { signed_in_at: now, lifespan_seconds: 86_400, lifespan_known: true };
    let access_expires = now + SignedDuration::from_secs(1800);
    Tokens { access: Secret::new("a"), access_expires, refresh: None, sign_in }
}

async fn step(id: StepId, answer: impl Fn(&Seen) -> Response + Send + Sync + Clone + 'static) -> Step {
    let server = Fake::start(answer).await;
    let partner = crate::partner::servicenow::connect(access(&server.url, None, Memory::with(Some(tokens())))).unwrap();
    partner.run_step(id).await
}

fn rows(rows: &Json) -> Response {
    reply(200, &json!({"result": rows}))
}

fn forbidden() -> Response {
    reply(403, &json!({"error": {"message": "User Not Authorized", "detail": null}, "status": "failure"}))
}

fn user(active: &str, locked_out: &str, needs_reset: &str) -> Json {
    json!([{
        "user_name": "Azure.Integration", "active": active, "locked_out": locked_out,
        "password_needs_reset": needs_reset, "time_zone": "Europe/Amsterdam",
    }])
}

/// An instance on which everything is well.
fn healthy(seen: &Seen) -> Response {
    match seen.path.as_str() {
        "/oauth_token.do" => reply(200, &json!({"access_token": "a", "refresh_token": "r", "expires_in": 1800})),
        "/api/now/table/sys_user" => rows(&user("true", "false", "false")),
        "/api/now/table/sys_properties" => {
            let tag = "glide-zurich-07-01-2025__patch2-09-10-2025";
            rows(&json!([{"name": "glide.buildname", "value": "Zurich"}, {"name": "glide.buildtag", "value": tag}]))
        }
        "/api/now/table/incident" | "/api/now/table/change_request" => {
            let columns = spec().work_items.into_iter().flat_map(|item| item.columns);
            let mut row: serde_json::Map<_, _> = columns.map(|column| (column.from, json!("x"))).collect();
            row.extend([("sys_id".to_owned(), json!("1")), ("number".to_owned(), json!("N1"))]);
            row.insert("sys_updated_on".into(), json!({"display_value": "", "value": "2026-01-02 03:04:05"}));
            let mut reply = rows(&json!([{}, row]));
            reply.headers_mut().insert("x-total-count", "7".parse().unwrap());
            reply
        }
        "/api/now/stats/incident" => rows(&json!({"stats": {"count": "41"}})),
        "/api/now/stats/change_request" => rows(&json!({"stats": {"count": "2"}})),
        _ => forbidden(),
    }
}

#[tokio::test]
async fn on_a_healthy_instance_every_step_passes() {
    let server = Fake::start(healthy).await;
    let partner = crate::partner::servicenow::connect(access(&server.url, Some("pw"), Memory::with(None))).unwrap();
    let spec = spec();
    let steps = run_test(&*partner, spec.test_steps(), |_| ()).await;
    let statuses: Vec<_> = steps.iter().map(|step| (step.id, step.status)).collect();
    let expected =
        spec.test_steps().iter().map(|&id| (id, if id == StepId::Tls { Status::Skipped } else { Status::Passed }));
    assert_eq!(statuses, expected.collect::<Vec<_>>());
    let newest = Some("2026-01-02T03:04:05Z".parse().unwrap());
    assert_eq!(steps[7].finding, Some(Finding::RowRead { number: "N1".into(), newest }));
    let counts = vec![("incident".to_owned(), 41), ("change_request".to_owned(), 2)];
    assert_eq!(steps[9].finding, Some(Finding::Scope { counts, days: 30 }));
    assert_eq!(partner.requests(), server.seen().len() as u64);
    let asked = server.seen();
    let grants = asked.iter().filter(|seen| seen.path == "/oauth_token.do").count();
    assert_eq!(grants, 1);
}

#[tokio::test]
async fn held_tokens_count_as_signed_in() {
    let step = step(StepId::SignIn, healthy).await;
    assert_eq!(step.status, Status::Passed);
    assert!(matches!(step.finding, Some(Finding::AlreadySignedIn { known: true, .. })));
}

#[rstest]
#[case(401, json!({"error": "server_error", "error_description": "access_denied"}), Some(FieldId::Password))]
#[case(400, json!({"error": "unauthorized_client"}), Some(FieldId::ClientId))]
#[case(429, json!({}), None)]
#[case(500, json!({}), Some(FieldId::ServerUrl))]
#[tokio::test]
async fn a_failed_sign_in_names_the_field(#[case] status: u16, #[case] body: Json, #[case] field: Option<FieldId>) {
    let server = Fake::start(move |_| reply(status, &body)).await;
    let partner = crate::partner::servicenow::connect(access(&server.url, Some("pw"), Memory::with(None))).unwrap();
    let step = partner.run_step(StepId::SignIn).await;
    assert_eq!((step.status, step.field), (Status::Failed, field));
}

#[rstest]
#[case(0, Status::Passed)]
#[case(-50, Status::Passed)]
#[case(75, Status::Warning)]
#[case(-600, Status::Warning)]
#[case(-1000, Status::Failed)]
#[case(86_400, Status::Failed)]
#[tokio::test]
async fn clocks_are_compared(#[case] ahead: i64, #[case] status: Status) {
    let step = step(StepId::Clock, move |_| {
        let theirs = Timestamp::now() + SignedDuration::from_secs(ahead);
        let date = theirs.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        ([("date", date)], "").into_response()
    })
    .await;
    assert_eq!(step.status, status);
    let Some(Finding::ClockSkew { seconds }) = step.finding else { panic!("{:?}", step.finding) };
    assert!((seconds - ahead).abs() <= 5, "{seconds} {ahead}");
}

#[tokio::test]
async fn a_reply_without_a_date_proves_nothing() {
    let step = step(StepId::Clock, |_| ([("date", "soon")], "").into_response()).await;
    assert_eq!((step.status, step.finding), (Status::Unknown, Some(Finding::NoDate)));
}

#[rstest]
#[case(user("true", "false", "false"), Status::Passed, None)]
#[case(user("false", "false", "false"), Status::Failed, Some(UserUnfit::Inactive))]
#[case(user("true", "true", "false"), Status::Failed, Some(UserUnfit::LockedOut))]
#[case(user("true", "false", "true"), Status::Failed, Some(UserUnfit::PasswordNeedsReset))]
#[tokio::test]
async fn the_user_is_looked_at(#[case] found: Json, #[case] status: Status, #[case] reason: Option<UserUnfit>) {
    let step = step(StepId::User, move |_| rows(&found)).await;
    let user_name = "Azure.Integration".to_owned();
    let time_zone = Some("Europe/Amsterdam".to_owned());
    let finding = match reason {
        Some(reason) => Finding::UserUnfit { user_name, reason },
        None => Finding::User { user_name, time_zone },
    };
    assert_eq!((step.status, step.finding), (status, Some(finding)));
}

#[rstest]
#[case(json!([]))]
#[case(json!([{}]))]
#[case(json!([{"user_name": "abel.tuter", "active": "false"}]))]
#[tokio::test]
async fn somebody_elses_row_is_no_answer(#[case] found: Json) {
    let step = step(StepId::User, move |_| rows(&found)).await;
    let finding = Finding::UserNotVisible { user_name: "azure.integration".into() };
    assert_eq!((step.status, step.finding), (Status::Unknown, Some(finding)));
}

#[tokio::test]
async fn a_user_without_visible_flags_is_not_called_active() {
    let step = step(StepId::User, |_| rows(&json!([{"user_name": "azure.integration"}]))).await;
    assert_eq!(step.status, Status::Unknown);
}

#[rstest]
#[case(StepId::User)]
#[case(StepId::Release)]
#[case(StepId::Scope)]
#[tokio::test]
async fn what_may_not_be_seen_is_unknown(#[case] id: StepId) {
    let step = step(id, |_| forbidden()).await;
    assert_eq!((step.status, step.fault), (Status::Unknown, None));
}

#[rstest]
#[case(StepId::Incident)]
#[case(StepId::ChangeRequest)]
#[tokio::test]
async fn a_table_that_may_not_be_read_fails(#[case] id: StepId) {
    let step = step(id, |_| forbidden()).await;
    assert_eq!((step.status, step.fault.unwrap().code()), (Status::Failed, "forbidden"));
}

#[rstest]
#[case(json!([{"name": "glide.buildtag", "value": "glide-australia-02-11-2026__patch1"}]), Some(("Australia", true)), Status::Passed)]
#[case(json!([{"name": "glide.war", "value": "glide-washingtondc-12-20-2023__patch5-hotfix2.zip"}]), Some(("Washington DC", true)), Status::Passed)]
#[case(json!([{"name": "glide.buildtag", "value": "glide-brazil-02-11-2027__patch1"}]), Some(("brazil", false)), Status::Warning)]
#[case(json!([{"name": "glide.buildname", "value": "San Diego"}]), Some(("San Diego", true)), Status::Passed)]
#[case(json!([{"name": "glide.buildtag", "value": ""}]), None, Status::Unknown)]
#[case(json!([{"name": "other", "value": "glide-zurich-07-01-2025__patch2"}]), None, Status::Unknown)]
#[case(json!([]), None, Status::Unknown)]
#[tokio::test]
async fn the_release_is_named(#[case] found: Json, #[case] expected: Option<(&str, bool)>, #[case] status: Status) {
    let step = step(StepId::Release, move |_| rows(&found)).await;
    assert_eq!(step.status, status);
    match (step.finding.unwrap(), expected) {
        (
            Finding::Release { name, supported, .. } | Finding::ReleaseAndGrant { name, supported, .. },
            Some(expected),
        ) => {
            assert_eq!((name.as_str(), supported), expected);
        }
        (finding, expected) => assert_eq!((finding, expected), (Finding::ReleaseNotVisible, None)),
    }
}

#[rstest]
#[case(json!([]), Some("7"), Status::Unknown, Some(7))]
#[case(json!([{}, {"number": "x"}]), Some("7"), Status::Unknown, Some(7))]
#[case(json!([]), Some("0"), Status::Warning, Some(0))]
#[case(json!([]), None, Status::Unknown, None)]
#[tokio::test]
async fn no_row_is_no_proof(
    #[case] found: Json,
    #[case] total: Option<&'static str>,
    #[case] status: Status,
    #[case] seen: Option<u64>,
) {
    let step = step(StepId::Incident, move |_| {
        let mut reply = rows(&found);
        if let Some(total) = total {
            reply.headers_mut().insert("x-total-count", total.parse().unwrap());
        }
        reply
    })
    .await;
    assert_eq!((step.status, step.finding), (status, Some(Finding::NoRow { total: seen })));
}

#[tokio::test]
async fn what_was_not_selected_is_skipped() {
    let server = Fake::start(healthy).await;
    let mut access = access(&server.url, None, Memory::with(Some(tokens())));
    access.connection.work_items = vec![WorkItemKind::Incident];
    let partner = crate::partner::servicenow::connect(access).unwrap();
    let step = partner.run_step(StepId::ChangeRequest).await;
    assert_eq!((step.status, step.finding), (Status::Skipped, Some(Finding::NotSelected)));
    let scope = partner.run_step(StepId::Scope).await.finding;
    let counts = vec![("incident".to_owned(), 41)];
    assert_eq!(scope, Some(Finding::Scope { counts, days: 30 }));
}

#[tokio::test]
async fn without_a_sign_in_the_step_says_so() {
    let server = Fake::start(healthy).await;
    let partner = crate::partner::servicenow::connect(access(&server.url, None, Memory::with(None))).unwrap();
    let step = partner.run_step(StepId::SignIn).await;
    assert_eq!(step.fault, Some(Fault::SignedOut { connection: "contoso".into() }));
    assert!(server.seen().is_empty());
}
