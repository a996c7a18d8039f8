//! Sign-in, user and release.

use serde_json::Value as Json;

use crate::model::check::{Finding, Status, Step, StepId, UserUnfit};
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::partner::servicenow::lookup::{self, Ask};
use crate::partner::servicenow::{ServiceNow, query, release};

/// The field to go back to. A refusal does not tell which of the four is wrong; the password is the one
/// that was typed blind and changes most.
pub fn field_of(fault: &Fault) -> Option<FieldId> {
    match fault {
        Fault::SignInRefused { detail, .. } if detail.contains("client") => Some(FieldId::ClientId),
        Fault::ApplicationRefused { .. } => Some(FieldId::ClientSecret),
        Fault::SignInRefused { .. } | Fault::SignedOut { .. } | Fault::RefreshRefused { .. } => Some(FieldId::Password),
        Fault::Hibernating { .. } | Fault::RateLimited { .. } => None,
        _ => Some(FieldId::ServerUrl),
    }
}

/// Whether the integration user is the expected one, and active.
pub async fn user(partner: &ServiceNow) -> Step {
    let wanted = &partner.connection.username;
    let rows = match user_rows(partner, wanted).await {
        Ok(rows) => rows,
        Err(fault) => return unless_hidden(StepId::User, fault, not_visible(wanted)),
    };
    // The product ignores a condition that this user may not use, and then other users' rows come.
    let Some(row) = rows.iter().find(|row| lookup::same(row, "user_name", wanted)) else {
        return Step::found(StepId::User, Status::Unknown, not_visible(wanted));
    };
    let user_name = lookup::text(row, "user_name").unwrap_or_default();
    match unfit(row) {
        Some(reason) => {
            let fault = Fault::UserUnfit { user_name: user_name.clone() };
            let step = Step::failed(StepId::User, fault, Some(FieldId::Username));
            Step { finding: Some(Finding::UserUnfit { user_name, reason }), ..step }
        }
        None => {
            let seen = row["active"].as_str().is_some_and(|active| active == "true");
            let status = if seen { Status::Passed } else { Status::Unknown };
            Step::found(StepId::User, status, Finding::User { user_name, time_zone: lookup::text(row, "time_zone") })
        }
    }
}

async fn user_rows(partner: &ServiceNow, user_name: &str) -> Result<Vec<Json>, Fault> {
    let query = format!("user_name={}", query::safe("sys_user", user_name)?);
    let fields = "user_name,active,locked_out,password_needs_reset,time_zone";
    let ask = Ask { table: "sys_user", query: &query, fields, limit: 10 };
    Ok(lookup::rows(&partner.session, ask).await?.rows)
}

fn not_visible(user_name: &str) -> Finding {
    Finding::UserNotVisible { user_name: user_name.to_owned() }
}

/// Why the user of this row cannot be used, if the row shows it.
pub fn unfit(row: &Json) -> Option<UserUnfit> {
    let is = |column: &str, value: bool| lookup::flag(row, column) == Some(value);
    if is("active", false) {
        Some(UserUnfit::Inactive)
    } else if is("locked_out", true) {
        Some(UserUnfit::LockedOut)
    } else {
        is("password_needs_reset", true).then_some(UserUnfit::PasswordNeedsReset)
    }
}

/// The instance's release, if it may be read.
pub async fn release(partner: &ServiceNow) -> Step {
    let query = "nameINglide.buildtag,glide.buildname,glide.war";
    let ask = Ask { table: "sys_properties", query, fields: "name,value", limit: 10 };
    let rows = match lookup::rows(&partner.session, ask).await {
        Ok(found) => found.rows,
        Err(fault) => return unless_hidden(StepId::Release, fault, Finding::ReleaseNotVisible),
    };
    match release::of_properties(&partner.spec.releases, &rows) {
        None => Step::found(StepId::Release, Status::Unknown, Finding::ReleaseNotVisible),
        Some((name, build, supported)) => {
            let allows = release::allows_client_credentials(&partner.spec.releases, &name);
            let cannot = partner.connection.grant == Grant::ClientCredentials && allows == Some(false);
            let status = if supported && !cannot { Status::Passed } else { Status::Warning };
            let finding = match allows {
                Some(client_credentials) => Finding::ReleaseAndGrant { name, build, supported, client_credentials },
                None => Finding::Release { name, build, supported },
            };
            Step::found(StepId::Release, status, finding)
        }
    }
}

/// An unknown step if the fault only means that this user may not read; else a failed one.
fn unless_hidden(step: StepId, fault: Fault, finding: Finding) -> Step {
    match fault {
        Fault::Forbidden { .. } | Fault::NotFound { .. } => Step::found(step, Status::Unknown, finding),
        fault => Step::failed(step, fault, None),
    }
}
