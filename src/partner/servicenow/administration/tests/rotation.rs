use std::sync::Arc;

use rstest::rstest;

use super::Instance;
use crate::model::fault::Fault;
use crate::model::rotation::{Renewed, RotationStep};
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::Fingerprint;
use crate::partner::rotation::Rotation;
use crate::partner::{Partner, TokenLife, TokenStore as _};
use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options, Revoke};

fn always_new(options: &mut Options) {
    options.oauth.new_refresh_token_each_time = true;
}

/// Drives a rotation to its end, or up to and without `until`.
async fn drive(rotation: &mut Rotation<'_>, password: &Secret, until: Option<RotationStep>) -> Result<(), Fault> {
    while let Some(step) = rotation.next().filter(|step| Some(*step) != until) {
        match step {
            RotationStep::SignIn => rotation.sign_in(Some(password.clone())).await.map(|_| ())?,
            RotationStep::Prove | RotationStep::ProveAgain => rotation.prove().await?,
            RotationStep::Sync => rotation.synced()?,
            RotationStep::Revoke => rotation.revoke().await.map(|_| ())?,
        }
    }
    Ok(())
}

/// Whether what is stored works, in another process and without a password.
async fn works(instance: &Instance) -> bool {
    let other: Arc<dyn Partner> = instance.again();
    other.token_life().unwrap().prove().await.is_ok()
}

/// An instance that is signed in with an access token that is over, as after a night.
async fn after_a_night(change: fn(&mut Options)) -> (Instance, Tokens) {
    let instance = Instance::start(change).await;
    instance.sign_in().await;
    let old = instance.token_store.held().await.unwrap();
    instance.control().revoke(Revoke::Access);
    (instance, old)
}

#[tokio::test]
async fn the_very_tokens_that_are_held_are_not_revoked() {
    let instance = Instance::start(|_| ()).await;
    instance.sign_in().await;
    let old = instance.token_store.held().await.unwrap();
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    drive(&mut rotation, &instance.password(), None).await.unwrap();
    assert_eq!((rotation.renewed(), rotation.revoked()), (Some(Renewed::Unchanged), &[][..]));
    let new = instance.token_store.held().await.unwrap();
    assert_eq!((&new.access, &new.refresh), (&old.access, &old.refresh));
    assert!(new.sign_in.signed_in_at > old.sign_in.signed_in_at);
    assert!(new.each().all(|(_, token)| instance.is_valid(token)));
    assert!(!instance.control().requests().iter().any(|request| request.path.contains("revoke")));
}

#[tokio::test]
async fn old_tokens_are_revoked_only_after_the_sync() {
    let (instance, old) = after_a_night(always_new).await;
    let refresh = old.refresh.clone().unwrap();
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    drive(&mut rotation, &instance.password(), Some(RotationStep::Revoke)).await.unwrap();
    assert_eq!(rotation.renewed(), Some(Renewed::Both));
    assert!(instance.is_valid(&refresh));
    assert!(instance.life().has_retired().await.unwrap());
    drive(&mut rotation, &instance.password(), None).await.unwrap();
    assert!(!instance.is_valid(&refresh));
    let revoked: Vec<_> = rotation.revoked().iter().map(|token| token.fingerprint.clone()).collect();
    assert!(revoked.contains(&Fingerprint::of(&refresh)));
    assert!(!instance.life().has_retired().await.unwrap());
    assert!(works(&instance).await);
}

#[rstest]
#[case(RotationStep::SignIn)]
#[case(RotationStep::Prove)]
#[case(RotationStep::Sync)]
#[case(RotationStep::Revoke)]
#[case(RotationStep::ProveAgain)]
#[tokio::test]
async fn rotation_cut_off_anywhere_works_and_goes_on(#[case] cut: RotationStep) {
    let (instance, old) = after_a_night(always_new).await;
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    drive(&mut rotation, &instance.password(), Some(cut)).await.unwrap();
    assert_eq!(rotation.next(), Some(cut));
    drop(rotation);
    assert!(works(&instance).await, "{cut:?}");
    let other = instance.again();
    let side = other.token_life().unwrap();
    let waiting = Rotation::resume(side).await.unwrap();
    assert_eq!(waiting.is_some(), (RotationStep::Prove..=RotationStep::Revoke).contains(&cut));
    let mut rotation = waiting.unwrap_or_else(|| Rotation::begin(side));
    drive(&mut rotation, &instance.password(), None).await.unwrap();
    assert!(works(&instance).await);
    assert!(!instance.is_valid(old.refresh.as_ref().unwrap()));
    assert_eq!(instance.token_store.retired().await.unwrap(), []);
}

#[rstest]
#[case("/oauth_token.do", 0)]
#[case("/api/now/table/sys_user", 0)]
#[case("/oauth_revoke_token.do", 0)]
#[case("/oauth_revoke_token.do", 1)]
#[tokio::test]
async fn rotation_failing_anywhere_leaves_working_sign_in(#[case] path: &str, #[case] after: u64) {
    let (instance, old) = after_a_night(always_new).await;
    instance.control().fault(FaultSpec::new(FaultKind::Unavailable).on(path).after(after).times(3));
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    let done = drive(&mut rotation, &instance.password(), None).await;
    assert!(done.is_err(), "{path} {after}");
    instance.control().clear_faults();
    assert!(works(&instance).await);
    let other = instance.again();
    let side = other.token_life().unwrap();
    let waiting = Rotation::resume(side).await.unwrap();
    let mut rotation = waiting.unwrap_or_else(|| Rotation::begin(side));
    drive(&mut rotation, &instance.password(), None).await.unwrap();
    assert!(!instance.is_valid(old.refresh.as_ref().unwrap()));
    assert!(works(&instance).await);
}

#[tokio::test]
async fn a_wrong_password_changes_nothing_and_is_not_repeated() {
    let instance = Instance::start(always_new).await;
    instance.sign_in().await;
    let old = instance.token_store.held().await.unwrap();
    instance.control().clear_requests();
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    let fault = rotation.sign_in(Some(Secret::new("wrong"))).await.unwrap_err();
    assert!(matches!(fault, Fault::SignInRefused { .. }));
    assert_eq!(instance.control().requests().len(), 1);
    assert_eq!(instance.token_store.held().await, Some(old));
    assert!(works(&instance).await);
}

#[tokio::test]
async fn new_tokens_that_are_refused_give_way_to_the_old_ones() {
    let (instance, old) = after_a_night(always_new).await;
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    rotation.sign_in(Some(instance.password())).await.unwrap();
    let new = instance.token_store.held().await.unwrap();
    for (_, token) in new.each() {
        // As somebody else would.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/oauth_revoke_token.do", instance.server.url());
        client.post(url).form(&[("token", token.expose())]).send().await.unwrap();
    }
    let fault = rotation.prove().await.unwrap_err();
    assert!(matches!(fault, Fault::RefreshRefused { .. }), "{fault:?}");
    assert_eq!(rotation.next(), None);
    let held = instance.token_store.held().await.unwrap();
    assert_eq!(held.refresh, old.refresh);
    assert!(works(&instance).await);
}

#[tokio::test]
async fn revoking_refresh_with_access_proves_new_tokens_again() {
    let (instance, _) = after_a_night(|options| {
        always_new(options);
        options.oauth.revoking_refresh_kills_access = true;
    })
    .await;
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    drive(&mut rotation, &instance.password(), None).await.unwrap();
    assert!(works(&instance).await);
}

#[tokio::test]
async fn steps_out_of_order_are_refused() {
    let instance = Instance::start(always_new).await;
    instance.sign_in().await;
    let partner = instance.again();
    let mut rotation = Rotation::begin(partner.token_life().unwrap());
    assert!(rotation.revoke().await.is_err() && rotation.synced().is_err() && rotation.prove().await.is_err());
    assert_eq!(rotation.next(), Some(RotationStep::SignIn));
    let side: &dyn TokenLife = instance.life();
    assert!(Rotation::resume(side).await.unwrap().is_none());
}
