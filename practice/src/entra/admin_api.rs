//! The orders that only the authority has.

use serde::Deserialize;

use super::state::{Authority, State};
use crate::PracticeError;
use crate::core::admin_api::{self, Routes, order};

/// Everything under `/practice/entra`.
pub(super) fn routes() -> Routes<State> {
    admin_api::common("/practice/entra")
        .route("/practice/entra/user", order(user))
        .route("/practice/entra/revoke", order(revoke))
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
