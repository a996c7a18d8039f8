//! Sign-in, clock, user and release.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::model::check::{Finding, Status, Step, StepId, UserUnfit};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::token::Tokens;
use crate::partner::http::SMALL_LIMIT_BYTES;
use crate::partner::servicenow::errors::short;
use crate::partner::servicenow::{ServiceNow, query, release};

/// From here on the clocks deserve attention, in seconds. Below, it is the reply's way and the whole
/// seconds of its date.
const SKEW_WARNING_SECONDS: u64 = 60;

/// From here on they must be set first, in seconds: half the life of an access token.
const SKEW_FAILED_SECONDS: u64 = 900;

/// With the password at hand: signs in with it. Else: whether the held tokens still serve.
pub async fn sign_in(partner: &ServiceNow) -> Step {
    let fresh = partner.session.has_password();
    let tokens = if fresh { partner.session.sign_in().await } else { partner.session.tokens().await };
    match tokens {
        Ok(Tokens { sign_in, .. }) => {
            let (expires, known) = (sign_in.expires(), sign_in.lifespan_known);
            let finding =
                if fresh { Finding::SignedIn { expires, known } } else { Finding::AlreadySignedIn { expires, known } };
            Step::found(StepId::SignIn, Status::Passed, finding)
        }
        Err(fault) => {
            let field = field_of(&fault);
            Step::failed(StepId::SignIn, fault, field)
        }
    }
}

/// The field to go back to. A refusal does not tell which of the four is wrong; the password is the one
/// that was typed blind and changes most.
fn field_of(fault: &Fault) -> Option<FieldId> {
    match fault {
        Fault::SignInRefused { detail, .. } if detail.contains("client") => Some(FieldId::ClientId),
        Fault::SignInRefused { .. } | Fault::SignedOut { .. } | Fault::RefreshRefused { .. } => Some(FieldId::Password),
        Fault::Hibernating { .. } | Fault::RateLimited { .. } => None,
        _ => Some(FieldId::ServerUrl),
    }
}

/// Whether the clocks agree, by the date of a reply and the middle of the time it took.
pub async fn clock(partner: &ServiceNow) -> Step {
    let path = query::list("sys_user", "", "sys_id", 1, false);
    let before = Timestamp::now();
    let reply = match partner.session.get(&path, SMALL_LIMIT_BYTES).await {
        Ok(reply) => reply,
        Err(fault) => return Step::failed(StepId::Clock, fault, None),
    };
    let Some(theirs) = reply.date() else {
        return Step::found(StepId::Clock, Status::Unknown, Finding::NoDate);
    };
    let half = Timestamp::now().duration_since(before) / 2;
    let ours = before + half;
    let seconds = theirs.duration_since(ours).as_secs();
    let finding = Finding::ClockSkew { seconds };
    match seconds.unsigned_abs() {
        skew if skew > SKEW_FAILED_SECONDS => {
            let step = Step::failed(StepId::Clock, Fault::ClockSkew { seconds }, None);
            Step { finding: Some(finding), ..step }
        }
        skew if skew > SKEW_WARNING_SECONDS => Step::found(StepId::Clock, Status::Warning, finding),
        _ => Step::found(StepId::Clock, Status::Passed, finding),
    }
}

/// Whether the integration user is who we think, and active.
pub async fn user(partner: &ServiceNow) -> Step {
    let wanted = &partner.connection.username;
    let rows = match rows(partner, "sys_user", &format!("user_name={wanted}"), USER_FIELDS, Some(wanted)).await {
        Ok(rows) => rows,
        Err(fault) => return unless_hidden(StepId::User, fault, not_visible(wanted)),
    };
    let text = |row: &Json, name: &str| row[name].as_str().map(short).filter(|text| !text.is_empty());
    // A condition that is not allowed is ignored, and then other people's rows come.
    let same = |row: &&Json| row["user_name"].as_str().is_some_and(|name| name.to_lowercase() == wanted.to_lowercase());
    let Some(row) = rows.iter().find(same) else {
        return Step::found(StepId::User, Status::Unknown, not_visible(wanted));
    };
    let user_name = text(row, "user_name").unwrap_or_default();
    match unfit(row) {
        Some(reason) => {
            let fault = Fault::UserUnfit { user_name: user_name.clone() };
            let step = Step::failed(StepId::User, fault, Some(FieldId::Username));
            Step { finding: Some(Finding::UserUnfit { user_name, reason }), ..step }
        }
        None => {
            let seen = row["active"].as_str().is_some_and(|active| active == "true");
            let status = if seen { Status::Passed } else { Status::Unknown };
            Step::found(StepId::User, status, Finding::User { user_name, time_zone: text(row, "time_zone") })
        }
    }
}

const USER_FIELDS: &str = "user_name,active,locked_out,password_needs_reset,time_zone";

fn not_visible(user_name: &str) -> Finding {
    Finding::UserNotVisible { user_name: user_name.to_owned() }
}

fn unfit(row: &Json) -> Option<UserUnfit> {
    let is = |name: &str, value: &str| row[name].as_str() == Some(value);
    if is("active", "false") {
        Some(UserUnfit::Inactive)
    } else if is("locked_out", "true") {
        Some(UserUnfit::LockedOut)
    } else {
        is("password_needs_reset", "true").then_some(UserUnfit::PasswordNeedsReset)
    }
}

/// The instance's release, if it may be read.
pub async fn release(partner: &ServiceNow) -> Step {
    let query = "nameINglide.buildtag,glide.buildname,glide.war";
    let rows = match rows(partner, "sys_properties", query, "name,value", None).await {
        Ok(rows) => rows,
        Err(fault) => return unless_hidden(StepId::Release, fault, Finding::ReleaseNotVisible),
    };
    let property = |name: &str| {
        let row = rows.iter().find(|row| row["name"].as_str() == Some(name))?;
        row["value"].as_str().filter(|value| !value.is_empty())
    };
    let build = ["glide.buildtag", "glide.war"].into_iter().find_map(|name| release::parse(property(name)?));
    let named = build.as_ref().map(|build| build.release.as_str()).or_else(|| property("glide.buildname"));
    let Some(named) = named.map(short) else {
        return Step::found(StepId::Release, Status::Unknown, Finding::ReleaseNotVisible);
    };
    let known = release::known(&partner.spec.releases, &named);
    let name = known.map_or(named, |release| release.name.clone());
    let status = if known.is_some() { Status::Passed } else { Status::Warning };
    let finding = Finding::Release { name, build: build.map(|build| build.build), supported: known.is_some() };
    Step::found(StepId::Release, status, finding)
}

/// A step that cannot see, if the fault says that we may not look; else one that failed.
fn unless_hidden(step: StepId, fault: Fault, finding: Finding) -> Step {
    match fault {
        Fault::Forbidden { .. } | Fault::NotFound { .. } => Step::found(step, Status::Unknown, finding),
        fault => Step::failed(step, fault, None),
    }
}

/// A few rows of a table in plain values; `value` is what the query asks for from outside, if anything.
async fn rows(
    partner: &ServiceNow,
    table: &str,
    encoded: &str,
    fields: &str,
    value: Option<&str>,
) -> Result<Vec<Json>, Fault> {
    #[derive(Deserialize)]
    struct Body {
        result: Vec<Json>,
    }
    if let Some(value) = value {
        query::safe(table, value)?;
    }
    let path = query::list(table, encoded, fields, 10, false) + "&sysparm_exclude_reference_link=true";
    let reply = partner.session.json(&path, table, SMALL_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: table.to_owned(), detail: "no list of rows".to_owned() };
    serde_json::from_slice::<Body>(&reply.body).map(|body| body.result).map_err(malformed)
}
