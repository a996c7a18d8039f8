//! One pair of tokens for a user and client: each new one ends the one before it.

use super::*;
use crate::partner::TokenLife;
use itsmc_practice::cherwell::{FaultKind, FaultSpec};

#[tokio::test]
async fn a_lost_access_token_is_renewed_and_the_call_repeated() {
    let practice = Practice::start(still(20)).await;
    practice.page(&request(WorkItemKind::Incident, days(30), 10)).await.unwrap();
    practice.control().end_access();
    let later = practice.later();
    assert!(later.page(&request(WorkItemKind::Incident, days(30), 10)).await.is_ok());
    assert_eq!(practice.control().tokens_given(), 2);
}

#[tokio::test]
async fn a_sporadic_401_costs_one_renewal() {
    let practice = Practice::start(still(20)).await;
    practice.page(&request(WorkItemKind::Incident, days(30), 10)).await.unwrap();
    practice.control().fault(FaultSpec::new(FaultKind::Unauthorized).on("getsearchresults"));
    assert!(practice.later().page(&request(WorkItemKind::Incident, days(30), 10)).await.is_ok());
    assert_eq!(practice.control().tokens_given(), 2);
}

#[tokio::test]
async fn logged_out_by_another_program_it_says_so() {
    let practice = Practice::start(still(20)).await;
    practice.page(&request(WorkItemKind::Incident, days(30), 10)).await.unwrap();
    practice.control().log_out();
    let fault = practice.later().page(&request(WorkItemKind::Incident, days(30), 10)).await.unwrap_err();
    let detail = "invalid_grant: BADREQUEST".to_owned();
    assert_eq!(fault, Fault::RefreshRefused { connection: "contoso".into(), detail });
    // With the password at hand it signs in once more.
    assert!(practice.page(&request(WorkItemKind::Incident, days(30), 10)).await.is_ok());
}

#[tokio::test]
async fn many_calls_at_once_share_one_sign_in() {
    let practice = Practice::start(still(200)).await;
    let windows: Vec<_> = (1..9).map(|nth| request(WorkItemKind::Incident, days(nth * 10), 50)).collect();
    let pages = futures_util::future::join_all(windows.iter().map(|request| practice.page(request))).await;
    assert!(pages.iter().all(Result::is_ok));
    assert_eq!(practice.control().tokens_given(), 1);
}

#[tokio::test]
async fn signing_in_again_ends_the_old_pair() {
    let practice = Practice::start(still(20)).await;
    let partner = &practice.partner;
    let old = partner.session.sign_in().await.unwrap();
    let life: &dyn TokenLife = partner.token_life().unwrap();
    let password = Secret::new(practice.server.sign_in().password.clone());
    life.sign_in_again(Some(password)).await.unwrap();
    life.prove().await.unwrap();
    assert!(life.has_retired().await.unwrap());
    let revoked = life.revoke_retired().await.unwrap();
    assert_eq!(revoked.len(), 1, "the access token was seen to be refused: {revoked:?}");
    assert!(!life.has_retired().await.unwrap());
    life.prove().await.unwrap();
    assert!(!partner.session.tokens().await.unwrap().holds(&old.access));
}

#[tokio::test]
async fn revoking_the_held_token_logs_out() {
    let practice = Practice::start(still(20)).await;
    practice.partner.session.sign_in().await.unwrap();
    let life: &dyn TokenLife = practice.partner.token_life().unwrap();
    let held = life.tokens().await.unwrap().held;
    life.revoke_held(&held[0].fingerprint).await.unwrap();
    let fault = practice.later().token_life().unwrap().prove().await.unwrap_err();
    assert!(matches!(fault, Fault::RefreshRefused { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_refresh_token_that_is_not_renewed_is_used_again() {
    let practice = Practice::start(Options { new_refresh_tokens: false, ..still(20) }).await;
    practice.page(&request(WorkItemKind::Incident, days(30), 10)).await.unwrap();
    for given in 2..4 {
        practice.control().end_access();
        assert!(practice.later().page(&request(WorkItemKind::Incident, days(30), 10)).await.is_ok());
        assert_eq!(practice.control().tokens_given(), given);
    }
}

#[rstest::rstest]
#[case::empty("")]
#[case::no_token("{}")]
#[case::cut("{\"access_token\":\"a")]
#[tokio::test]
async fn e11_lost_password_reply_is_requested_again(#[case] first: &'static str) {
    use axum::response::IntoResponse as _;
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    let fake = crate::partner::testing::Fake::start(move |seen: &crate::partner::testing::Seen| {
        if !seen.path.ends_with("/token") {
            return crate::partner::testing::json(404, &serde_json::json!({}));
        }
        match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => ([("content-type", "application/json")], first).into_response(),
            _ => crate::partner::testing::json(
                200,
                &serde_json::json!({"access_token": "a2", "refresh_token": "r2", "expires_in": 1199}),
            ),
        }
    })
    .await;
    let partner = client(&fake.url, Some("p"), &Arc::new(Memory::default()), &[]);
    let tokens = partner.session.sign_in().await.unwrap();
    assert_eq!(tokens.access.expose(), "a2");
    assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 2);
}
