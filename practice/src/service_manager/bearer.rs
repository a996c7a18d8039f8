//! Who may come in: the token's audience byte for byte, the whitelisted client id, and an issuer of version 1.

use super::options::Setting;
use super::state::State;
use crate::entra::{Bearer, TokenVersion};

/// Why a request does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// 401.
    Unauthorized,
    /// 403: a good token of a client that is not on the list.
    Forbidden,
}

/// Whether the holder of a token that the authority knows comes in.
pub(super) fn admit(state: &State, bearer: &Bearer) -> Result<(), Refused> {
    let audience = state.setting(Setting::Audience).ok_or(Refused::Unauthorized)?;
    let tenant = state.setting(Setting::Tenant).ok_or(Refused::Unauthorized)?;
    if bearer.version != TokenVersion::V1 || bearer.audience != audience || bearer.tenant != tenant {
        return Err(Refused::Unauthorized);
    }
    match state.setting(Setting::WhitelistedClientId) {
        Some(id) if id == bearer.app_id => Ok(()),
        _ => Err(Refused::Forbidden),
    }
}
