//! Reading alerts from Alerts Management, page by page, and the old ITSM actions of action groups.
//!
//! A list ends with a missing, null or empty `nextLink`, never with a short page (azure-powershell's recorded traffic).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::arm::Arm;
use super::arm::change::Change;
use crate::model::azure_id::is_guid;
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::net::http::Method;

/// The version that knows custom properties.
const LIST_API: &str = "2025-05-25-preview";

/// The stable version, where the other one is not known.
const STABLE_API: &str = "2019-03-01";

/// The most that a page may have.
const PAGE: u32 = 250;

/// Alerts of a page, each as its own text.
#[derive(Debug, Deserialize)]
pub struct AlertPage {
    /// The alerts. An answer without them is no list, whatever its status.
    #[serde(deserialize_with = "super::lenient::or_default")]
    pub value: Vec<Box<RawValue>>,
    #[serde(rename = "nextLink", default)]
    next: Option<String>,
    /// An error beside the alerts: then they are not all.
    #[serde(default)]
    error: Option<serde_json::Value>,
    /// When Azure answered, by its own clock, where it tells.
    #[serde(skip)]
    pub answered_at: Option<Timestamp>,
}

impl AlertPage {
    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        self.link().is_some()
    }

    /// Where the next page is.
    pub(crate) fn link(&self) -> Option<&str> {
        self.next.as_deref().filter(|link| !link.is_empty())
    }
}

/// The alerts that one sign-in may read.
pub struct AlertsApi {
    arm: Arm,
}

impl AlertsApi {
    /// Those that this one sees.
    pub(crate) fn new(arm: Arm) -> Self {
        Self { arm }
    }

    /// The first page of a subscription's alerts of the last 30 days, those changed last first.
    ///
    /// # Errors
    /// [`Fault::AlertsForbidden`] without the role; what else Resource Manager said, or whatever came instead;
    /// [`Fault::RateLimited`] says how long to wait.
    pub async fn first(&self, subscription: &str) -> Result<AlertPage, Fault> {
        let path = |version: &str| {
            format!(
                "/subscriptions/{subscription}/providers/Microsoft.AlertsManagement/alerts?api-version={version}\
                 &timeRange=30d&sortBy=lastModifiedDateTime&sortOrder=desc&pageCount={PAGE}"
            )
        };
        let page = match self.page(&path(LIST_API)).await {
            Err(fault) if is_about_version(&fault) => self.page(&path(STABLE_API)).await,
            page => page,
        };
        page.map_err(|fault| forbidden(fault, subscription))
    }

    /// The page after this one; `None` after the last.
    ///
    /// # Errors
    /// As [`first`](Self::first); [`Fault::Redirected`] where the link leads elsewhere.
    pub async fn next(&self, page: &AlertPage) -> Result<Option<AlertPage>, Fault> {
        match page.link() {
            Some(link) => self.page(&self.arm.own(link)?).await.map(Some),
            None => Ok(None),
        }
    }

    async fn page(&self, path: &str) -> Result<AlertPage, Fault> {
        let gone = || Fault::NotFound { what: path.split('?').next().unwrap_or_default().to_owned() };
        let (page, answered_at) = self.arm.get_dated::<AlertPage>(path).await?;
        let page = page.map(|page| AlertPage { answered_at, ..page }).ok_or_else(gone)?;
        match &page.error {
            Some(error) => Err(malformed(path, error["code"].as_str().unwrap_or("error"))),
            None => Ok(page),
        }
    }

    /// One alert with its context; `None` where it is gone.
    ///
    /// # Errors
    /// As [`first`](Self::first).
    pub async fn one(&self, subscription: &str, guid: &str) -> Result<Option<Box<RawValue>>, Fault> {
        // Both come from the alert, which may tell anything.
        if !is_guid(subscription) || !is_guid(guid) {
            return Ok(None);
        }
        let path = |version: &str| {
            format!(
                "/subscriptions/{subscription}/providers/Microsoft.AlertsManagement/alerts/{guid}?api-version={version}"
            )
        };
        match self.arm.get(&path(LIST_API)).await {
            Err(fault) if is_about_version(&fault) => self.arm.get(&path(STABLE_API)).await,
            one => one,
        }
    }

    /// Acknowledges an alert with a comment, as a person does in the portal, unless somebody has dealt with it meanwhile. `false`
    /// where it is gone.
    ///
    /// # Errors
    /// [`Fault::AzureForbidden`] without the right to change alerts; otherwise as [`first`](Self::first).
    pub async fn acknowledge(&self, subscription: &str, guid: &str, comment: &str) -> Result<bool, Fault> {
        let Some(now) = self.one(subscription, guid).await? else { return Ok(false) };
        if state_of(now.get()).is_some_and(|state| state != "New") {
            return Ok(true);
        }
        let path = format!(
            "/subscriptions/{subscription}/providers/Microsoft.AlertsManagement/alerts/{guid}/changestate\
             ?api-version={STABLE_API}&newState=Acknowledged"
        );
        // The schema says `comments`, its example `comment`: whichever counts has it.
        let change =
            Change { method: Method::POST, path, body: Some(json!({ "comments": comment, "comment": comment })) };
        let told = match self.arm.change(&change).await {
            // One that takes no more than its schema.
            Err(fault) if is_bad_request(&fault) => {
                self.arm.change(&Change { body: Some(json!({ "comments": comment })), ..change.clone() }).await
            }
            told => told,
        };
        match told {
            Ok(told) => match told.and_then(|told| state_of(&told.to_string())) {
                Some(other) if other != "Acknowledged" => Err(malformed(&change.path, &other)),
                _ => Ok(true),
            },
            Err(fault) if is_gone(&fault) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Every resource of this type in a subscription.
    ///
    /// # Errors
    /// As [`first`](Self::first).
    pub async fn all(&self, subscription: &str, kind: &str, version: &str) -> Result<Vec<serde_json::Value>, Fault> {
        self.arm.list(&format!("/subscriptions/{subscription}/providers/{kind}?api-version={version}")).await
    }
}

/// What people made of an alert, as an answer of the API tells.
fn state_of(alert: &str) -> Option<String> {
    let told: serde_json::Value = serde_json::from_str(alert).ok()?;
    told.pointer("/properties/essentials/alertState")?.as_str().map(str::to_owned)
}

fn malformed(path: &str, detail: &str) -> Fault {
    let what = path.split('?').next().unwrap_or_default().to_owned();
    Fault::Malformed { what, detail: clean(detail, false) }
}

fn is_gone(fault: &Fault) -> bool {
    let fault = if let Fault::Elsewhere { fault, .. } = fault { fault } else { fault };
    matches!(fault, Fault::PartnerError { status: 404, .. })
}

/// Whether a version of the API is not known there.
fn is_bad_request(fault: &Fault) -> bool {
    let fault = if let Fault::Elsewhere { fault, .. } = fault { fault } else { fault };
    matches!(fault, Fault::PartnerError { status: 400, .. })
}

fn is_about_version(fault: &Fault) -> bool {
    let fault = if let Fault::Elsewhere { fault, .. } = fault { fault } else { fault };
    let Fault::PartnerError { status: 400, message, .. } = fault else { return false };
    ["InvalidApiVersionParameter", "NoRegisteredProviderFound", "UnsupportedApiVersion"]
        .iter()
        .any(|code| message.contains(code))
}

/// The refusal of a subscription's alerts, with the object id of the identity that lacks the role, where Azure names it:
/// `The client '..' with object id '..' does not have authorization to perform action ..`.
fn forbidden(fault: Fault, subscription: &str) -> Fault {
    let (Fault::Forbidden { detail, .. } | Fault::AzureForbidden { detail, .. }) = fault else { return fault };
    let after = detail.split("object id").nth(1).unwrap_or_default();
    let id: String = after
        .trim_start_matches([' ', '<', ':', '\''])
        .chars()
        .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
        .collect();
    Fault::AlertsForbidden {
        subscription: subscription.to_owned(),
        object_id: Some(id).filter(|id| is_guid(id)),
        detail,
    }
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
