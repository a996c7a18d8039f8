use jiff::Timestamp;
use rstest::rstest;

use super::Instance;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::token_list::{Fingerprint, InstanceToken, InstanceTokens, Ours, Stale, TokenKind, TokenList};
use itsmc_practice::servicenow::{FaultKind, FaultSpec, Revoke, TokenColumn, TokenKind as Kind, TokenSeed, Visibility};

fn seen(list: &TokenList) -> &[InstanceToken] {
    match &list.instance {
        InstanceTokens::Seen { tokens } => tokens,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_we_hold_is_told_without_its_value() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let held = instance.token_store.held().await.unwrap();
    let list = instance.life().tokens().await.unwrap();
    let kinds: Vec<_> = list.held.iter().map(|token| token.kind).collect();
    assert_eq!(kinds, [TokenKind::Access, TokenKind::Refresh]);
    assert_eq!(list.held[0].fingerprint, Fingerprint::of(&held.access));
    assert_eq!(list.held[1].expires, Some(held.sign_in.expires()));
    let json = serde_json::to_string(&list).unwrap();
    for (_, token) in held.each() {
        assert!(!json.contains(token.expose()), "{json}");
    }
    assert_eq!(list.instance, InstanceTokens::CannotSee { fault: None });
}

#[rstest]
#[case(Visibility::Empty)]
#[case(Visibility::Forbidden)]
#[tokio::test]
async fn no_row_is_no_proof_while_our_own_token_is_good(#[case] visibility: Visibility) {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let admin = instance.admin().await;
    instance.control().set_admin_visibility("oauth_credential", visibility);
    assert_eq!(admin.tokens().await.unwrap().instance, InstanceTokens::CannotSee { fault: None });
}

#[tokio::test]
async fn signed_out_and_with_others_in_sight_no_row_means_none() {
    let instance = Instance::start(|_| ()).await;
    let admin = instance.admin().await;
    assert_eq!(admin.tokens().await.unwrap().instance, InstanceTokens::Seen { tokens: vec![] });
}

#[rstest]
#[case(TokenColumn::Masked)]
#[case(TokenColumn::Withheld)]
#[case(TokenColumn::Shown)]
#[tokio::test]
async fn ours_are_told_from_others_and_what_needs_doing_is_on_top(#[case] column: TokenColumn) {
    let instance = Instance::start(|o| {
        o.oauth.token_column = column;
        // So the user reads the lifespan, and with it the exact end of its refresh token.
        o.setup = o.setup.clone().showing("oauth_entity", Visibility::Rows);
    })
    .await;
    instance.sign_in().await;
    let control = instance.control();
    let seed = |kind, age, left| TokenSeed { kind, age, left, ..TokenSeed::default() };
    control.issue(&seed(Kind::Refresh, 40 * 86_400, 50 * 86_400)).unwrap();
    control.issue(&seed(Kind::Refresh, 100 * 86_400, -10 * 86_400)).unwrap();
    let other = TokenSeed { user: instance.server.sign_in().admin.clone(), ..seed(Kind::Refresh, 10, 1000) };
    control.issue(&other).unwrap();
    let list = instance.admin().await.tokens().await.unwrap();
    let told: Vec<_> = seen(&list).iter().map(|token| (token.kind, token.ours, token.stale)).collect();
    assert_eq!(
        told,
        [
            (TokenKind::Refresh, Ours::No, Some(Stale::BeforeSignIn)),
            (TokenKind::Refresh, Ours::No, Some(Stale::Expired)),
            (TokenKind::Access, Ours::Yes, None),
            (TokenKind::Refresh, Ours::Yes, None),
        ]
    );
    assert!(seen(&list).iter().all(|token| token.user_name == instance.user()));
    assert_eq!(list.stale().count(), 2);
    let shown = seen(&list).iter().all(|token| token.fingerprint.is_some());
    assert_eq!(shown, column == TokenColumn::Shown);
}

#[tokio::test]
async fn what_cannot_be_told_is_not_called_anothers() {
    // The refresh token's end is only assumed here, so a row that ends otherwise may be ours.
    let instance = Instance::start(|o| o.oauth.refresh_lifespan = 8_640_000).await;
    instance.sign_in().await;
    let list = instance.admin().await.tokens().await.unwrap();
    let refresh = seen(&list).iter().find(|token| token.kind == TokenKind::Refresh).unwrap();
    assert_eq!((refresh.ours, refresh.stale), (Ours::Unknown, None));
}

#[rstest]
#[case(TokenColumn::Masked)]
#[case(TokenColumn::Shown)]
#[tokio::test]
async fn an_admin_revokes_a_row_and_sees_it_gone_or_refused(#[case] column: TokenColumn) {
    let instance = Instance::start(|o| o.oauth.token_column = column).await;
    instance.sign_in().await;
    let control = instance.control();
    let seed = TokenSeed { kind: Kind::Refresh, age: 40 * 86_400, left: 50 * 86_400, ..TokenSeed::default() };
    let value = control.issue(&seed).unwrap();
    let old = control.issued().into_iter().find(|token| token.value == value).unwrap();
    let admin = instance.admin().await;
    admin.revoke(&old.sys_id).await.unwrap();
    assert!(!control.issued().iter().any(|token| token.value == value && token.valid));
    let own = instance.token_store.held().await.unwrap();
    assert!(own.each().all(|(_, token)| instance.is_valid(token)));
    if column == TokenColumn::Masked {
        let fault = admin.revoke(&old.sys_id).await.unwrap_err();
        assert!(matches!(fault, Fault::NotFound { .. }), "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_of_ours_is_revoked_by_effect_and_the_other_lives_on() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let held = instance.token_store.held().await.unwrap();
    let shown = instance.life().revoke_held(&Fingerprint::of(&held.access)).await.unwrap();
    assert_eq!(shown.kind, TokenKind::Access);
    assert!(!instance.accepts(&held.access).await);
    // The connection renews its access token by the refresh token.
    instance.again().token_life().unwrap().prove().await.unwrap();
    let refresh = Fingerprint::of(held.refresh.as_ref().unwrap());
    instance.life().revoke_held(&refresh).await.unwrap();
    assert!(!instance.is_valid(held.refresh.as_ref().unwrap()));
    let unknown = instance.life().revoke_held(&Fingerprint::of(&Secret::new("unknown"))).await.unwrap_err();
    assert!(matches!(unknown, Fault::NotFound { .. }));
}

#[tokio::test]
async fn an_order_that_was_not_looked_at_is_no_revocation() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let held = instance.token_store.held().await.unwrap();
    let away = FaultSpec::new(FaultKind::Unavailable).on("/oauth_revoke_token.do").times(0);
    instance.control().fault(away);
    let fault = instance.life().revoke_held(&Fingerprint::of(&held.access)).await.unwrap_err();
    assert!(matches!(fault, Fault::PartnerError { status: 503, .. }), "{fault:?}");
    assert!(instance.is_valid(&held.access));
}

#[tokio::test]
async fn dead_refresh_token_is_not_retried_and_names_causes() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    instance.control().revoke(Revoke::All);
    instance.control().clear_requests();
    let other = instance.again();
    for _ in 0..2 {
        let fault = other.token_life().unwrap().prove().await.unwrap_err();
        assert!(matches!(fault, Fault::RefreshRefused { .. }), "{fault:?}");
    }
    let asked = instance.control().requests();
    assert!(asked.len() <= 4, "{asked:?}");
    assert!(instance.token_store.held().await.unwrap().sign_in.expires() > Timestamp::now());
}
