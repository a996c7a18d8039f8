//! What `az account get-access-token` prints, for a stand-in of the Azure CLI.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use super::state::{Authority, Holder};
use crate::PracticeError;

/// What the stand-in was asked, and where its clock hangs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CliOrder {
    /// The tenant, by id or domain.
    pub tenant: String,
    /// Who is signed in at the Azure CLI.
    pub user: String,
    /// `--resource`, or the scope without `/.default`.
    pub resource: String,
    /// The time zone of the machine, such as `Pacific/Auckland`, or its rules as in `TZ`; UTC without it.
    #[serde(default)]
    pub zone: Option<String>,
    /// Whether `expires_on` is there, as from version 2.54.0 on.
    #[serde(default = "yes")]
    pub expires_on: bool,
    /// How long the token lives, in seconds.
    #[serde(default = "hour")]
    pub life: i64,
    /// The subscription that is chosen.
    #[serde(default)]
    pub subscription: Option<String>,
}

fn yes() -> bool {
    true
}

fn hour() -> i64 {
    3599
}

/// What the Azure CLI prints: `expiresOn` is the local time without a zone.
pub(super) fn token(authority: &Authority, order: CliOrder) -> Result<Value, PracticeError> {
    let resource = order.resource.strip_suffix("/.default").unwrap_or(&order.resource);
    let given = authority.hand_out(&order.tenant, &Holder::User(&order.user), resource, order.life);
    let (token, expires) = given.map_err(PracticeError::Order)?;
    let zone = match &order.zone {
        None => TimeZone::UTC,
        Some(name) => TimeZone::get(name)
            .or_else(|_| TimeZone::posix(name))
            .map_err(|_| PracticeError::Order(format!("no time zone {name}")))?,
    };
    let at = Timestamp::from_second(expires).unwrap_or_default().to_zoned(zone);
    let mut printed = json!({
        "accessToken": token, "expiresOn": at.strftime("%Y-%m-%d %H:%M:%S.000000").to_string(),
        "tenant": order.tenant, "tokenType": "Bearer",
    });
    if let Some(subscription) = order.subscription {
        printed["subscription"] = subscription.into();
    }
    if order.expires_on {
        printed["expires_on"] = expires.into();
    }
    Ok(printed)
}

impl Authority {
    /// What `az account get-access-token` prints.
    ///
    /// # Errors
    /// For an unknown tenant, user, resource or time zone.
    pub fn cli_token(&self, order: CliOrder) -> Result<Value, PracticeError> {
        token(self, order)
    }
}
