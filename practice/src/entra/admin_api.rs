//! The orders that only the authority has.

use serde::Deserialize;
use serde_json::{Value, json};

use super::cli;
use super::state::{Authority, State};
use crate::PracticeError;
use crate::core::admin_api::{self, Routes, order};

/// Everything under `/practice/entra`.
pub(super) fn routes() -> Routes<State> {
    admin_api::common("/practice/entra")
        .route("/practice/entra/user", order(user))
        .route("/practice/entra/revoke", order(revoke))
        .route(
            "/practice/entra/life",
            order(|authority: &Authority, order: LifeOrder| authority.set_life(order.seconds)),
        )
        .route("/practice/entra/device", order(device))
        .route("/practice/entra/assertion", order(assertion))
        .route("/practice/entra/cli", order(cli::token))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserOrder {
    tenant: String,
    user: String,
    /// The AADSTS code of its refusal; left out, it may sign in.
    #[serde(default)]
    refused_with: Option<u32>,
}

fn user(authority: &Authority, order: UserOrder) -> Result<(), PracticeError> {
    let changed = authority
        .change(&order.tenant, |tenant| tenant.user(&order.user).map(|user| user.refused_with = order.refused_with));
    changed.flatten().ok_or_else(|| PracticeError::Order(format!("no user {} in {}", order.user, order.tenant)))
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Which {
    Access,
    Refresh,
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevokeOrder {
    which: Which,
}

fn revoke(authority: &Authority, order: RevokeOrder) {
    if matches!(order.which, Which::Access | Which::All) {
        authority.revoke_access();
    }
    if matches!(order.which, Which::Refresh | Which::All) {
        authority.revoke_refresh();
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LifeOrder {
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Approve,
    Decline,
    Expire,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceOrder {
    /// The last code that was given out, without it.
    #[serde(default)]
    user_code: Option<String>,
    #[serde(default)]
    user: String,
    #[serde(default)]
    outcome: Option<Outcome>,
    #[serde(default)]
    interval: Option<i64>,
    #[serde(default)]
    life: Option<i64>,
}

fn device(authority: &Authority, order: DeviceOrder) -> Result<(), PracticeError> {
    let DeviceOrder { user_code, user, outcome, interval, life } = order;
    if interval.is_some() || life.is_some() {
        authority.set_device_manners(interval.unwrap_or(5), life.unwrap_or(900));
    }
    let code = user_code.as_deref();
    let found = match outcome {
        None => true,
        Some(Outcome::Approve) => authority.approve_device(code, &user),
        Some(Outcome::Decline) => authority.decline_device(code),
        Some(Outcome::Expire) => authority.expire_device(code),
    };
    if found { Ok(()) } else { Err(PracticeError::Order("no such device code".to_owned())) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssertionOrder {
    tenant: String,
    client_id: String,
}

fn assertion(authority: &Authority, order: AssertionOrder) -> Result<Value, PracticeError> {
    let made = authority.new_assertion(&order.tenant, &order.client_id);
    let none = || PracticeError::Order(format!("no application {} in {}", order.client_id, order.tenant));
    made.map(|assertion| json!({ "assertion": assertion })).ok_or_else(none)
}
