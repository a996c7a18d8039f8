//! The live test's steps for Provance.

use std::time::Instant;

use jiff::Timestamp;
use serde::Deserialize;

use super::{Provance, errors, query, rows};
use crate::model::check::{Finding, Status, Step, StepId, UserUnfit};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::token::Tokens;
use crate::model::work_item::WorkItemKind;
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::net::probe;
use crate::partner::foreign::{self, Marks};
use crate::partner::live_test;

/// From here on they must be set first, in seconds.
const SKEW_FAILED_SECONDS: u64 = 900;

/// How an environment shows itself without a sign-in: the headers of Dataverse's Web API.
pub(in crate::partner) const MARKS: Marks = Marks {
    product: "Provance (Dynamics 365)",
    headers: &["odata-version", "x-ms-service-request-id", "req_id"],
    header_parts: &["authorization_uri", "reqclientid", "crmowinauth"],
    body: &["dynamics", "dataverse"],
};

/// Runs one step and times it.
pub async fn run(partner: &Provance, step: StepId) -> Step {
    let started = Instant::now();
    let http = partner.session.http();
    let done = match step {
        StepId::NameLookup => probe::name_lookup(http).await,
        StepId::Connection => probe::connection(http).await,
        StepId::Tls => probe::tls(http).await,
        StepId::SignIn => sign_in(partner).await,
        StepId::Clock => clock(partner).await,
        StepId::User => user(partner).await,
        StepId::Release => Step::todo(step),
        StepId::Binding => binding(partner).await,
        StepId::Incident => row(partner, step, WorkItemKind::Incident).await,
        StepId::ChangeRequest => row(partner, step, WorkItemKind::ChangeRequest).await,
        StepId::Scope => live_test::scope(partner, &partner.connection).await,
    };
    let done = match step {
        StepId::SignIn => foreign::judged(&MARKS, http, &format!("{}WhoAmI", query::API), done).await,
        _ => done,
    };
    live_test::timed(started, done)
}

async fn sign_in(partner: &Provance) -> Step {
    let fresh = partner.session.can_sign_in();
    let tokens = if fresh { partner.session.sign_in().await } else { partner.session.tokens().await };
    match tokens {
        Ok(Tokens { sign_in, .. }) => {
            let known = sign_in.lifespan_known;
            let finding = match (sign_in.ends(), fresh) {
                (None, _) => Finding::SignedInWithoutEnd,
                (Some(expires), true) => Finding::SignedIn { expires, known },
                (Some(expires), false) => Finding::AlreadySignedIn { expires, known },
            };
            Step::found(StepId::SignIn, Status::Passed, finding)
        }
        Err(fault) => {
            let field = field_of(&fault);
            Step::failed(StepId::SignIn, fault, field)
        }
    }
}

/// The field to go back to.
pub fn field_of(fault: &Fault) -> Option<FieldId> {
    match fault {
        Fault::BadForm { problems } => problems.first().and_then(|problem| problem.field),
        Fault::SignInImpossible { aadsts, .. } => match aadsts {
            Some(90_002 | 50_059) => Some(FieldId::Tenant),
            Some(700_016 | 7_000_112) => Some(FieldId::ClientId),
            Some(7_000_215 | 7_000_222 | 7_000_218 | 700_025) => Some(FieldId::ClientSecret),
            Some(500_011 | 50_001 | 70_011) => Some(FieldId::Audience),
            Some(50_072 | 50_074 | 50_076 | 50_079 | 53_003) => Some(FieldId::Grant),
            Some(50_126 | 50_055) => Some(FieldId::Password),
            _ => Some(FieldId::Username),
        },
        Fault::SignInRefused { .. } | Fault::SignedOut { .. } | Fault::RefreshRefused { .. } => Some(FieldId::Password),
        Fault::RateLimited { .. } => None,
        Fault::EnvironmentRefused { error_code, .. } if error_code.eq_ignore_ascii_case(errors::NOT_A_MEMBER) => {
            Some(FieldId::Tenant)
        }
        // Neither a field of the form nor its server is at fault.
        Fault::EnvironmentRefused { .. } | Fault::Forbidden { .. } | Fault::Unavailable { .. } => None,
        _ => Some(FieldId::ServerUrl),
    }
}

async fn clock(partner: &Provance) -> Step {
    let before = Timestamp::now();
    let path = format!("{}WhoAmI", query::API);
    let reply = match partner.session.send(query::call(&path, None), SMALL_LIMIT_BYTES).await {
        Ok(reply) => reply,
        Err(fault) => return Step::failed(StepId::Clock, fault, None),
    };
    probe::clock(before, &reply, SKEW_FAILED_SECONDS)
}

/// The user that the token stands for.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    /// Its sign-in name; of an application user a made-up one.
    #[serde(default)]
    domainname: Option<String>,
    #[serde(default)]
    fullname: Option<String>,
    #[serde(default)]
    isdisabled: Option<bool>,
}

impl User {
    /// What to call it.
    pub fn name(&self) -> String {
        let named = |name: &Option<String>| name.as_deref().map(errors::short).filter(|name| !name.is_empty());
        named(&self.fullname).or_else(|| named(&self.domainname)).unwrap_or_default()
    }

    /// Whether it was switched off.
    pub fn is_disabled(&self) -> bool {
        self.isdisabled == Some(true)
    }
}

/// The id of the user that the token stands for.
///
/// # Errors
/// What the product answered instead.
pub async fn who_am_i(partner: &Provance) -> Result<String, Fault> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Body {
        user_id: String,
    }
    let reply = partner.fetch(&format!("{}WhoAmI", query::API), "WhoAmI", None, SMALL_LIMIT_BYTES).await?;
    let body: Option<Body> = serde_json::from_slice(&reply.body).ok();
    let plain = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let id = body.map(|body| body.user_id).filter(|id| plain(id));
    id.ok_or_else(|| Fault::Malformed { what: "WhoAmI".to_owned(), detail: "no user's id".to_owned() })
}

/// The record of a user.
///
/// # Errors
/// What the product answered instead.
pub async fn user_record(partner: &Provance, id: &str) -> Result<User, Fault> {
    let path = format!("{}systemusers({id})?$select=fullname,domainname,isdisabled,applicationid", query::API);
    let reply = partner.fetch(&path, "systemusers", None, SMALL_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: "systemusers".to_owned(), detail: "no user".to_owned() };
    serde_json::from_slice(&reply.body).map_err(malformed)
}

async fn user(partner: &Provance) -> Step {
    let id = match who_am_i(partner).await {
        Ok(id) => id,
        Err(Fault::EnvironmentRefused { error_code, .. }) if errors::is_disabled(&error_code) => {
            return unfit(partner.signed_in_as());
        }
        Err(fault) => {
            let field = field_of(&fault);
            return Step::failed(StepId::User, fault, field);
        }
    };
    match user_record(partner, &id).await {
        Ok(user) if user.is_disabled() => unfit(user.name()),
        Ok(user) => {
            let finding = Finding::User { user_name: user.name(), time_zone: None };
            Step::found(StepId::User, Status::Passed, finding)
        }
        Err(fault) if errors::is_refused(&fault) => {
            Step::found(StepId::User, Status::Unknown, Finding::UserNotVisible { user_name: id })
        }
        Err(fault) => Step::failed(StepId::User, fault, None),
    }
}

fn unfit(user_name: String) -> Step {
    let step = Step::failed(StepId::User, Fault::UserUnfit { user_name: user_name.clone() }, None);
    Step { finding: Some(Finding::UserUnfit { user_name, reason: UserUnfit::Inactive }), ..step }
}

async fn binding(partner: &Provance) -> Step {
    let kinds = &partner.connection.work_items;
    match partner.binding().await {
        Err(fault) => Step::failed(StepId::Binding, fault, None),
        Ok(binding) => {
            let lacks = binding.lacks(kinds);
            if lacks.is_empty() {
                let drift: Vec<_> = binding.drift.iter().filter(|drift| kinds.contains(&drift.kind)).cloned().collect();
                if !drift.is_empty() {
                    return Step::found(StepId::Binding, Status::Warning, Finding::BoundOtherwise { drift });
                }
                let finding = Finding::Bound { bound: binding.shown(kinds), ways: Vec::new() };
                return Step::found(StepId::Binding, Status::Passed, finding);
            }
            let missing = binding.missing(kinds);
            let step = Step::failed(StepId::Binding, super::bind::not_bound(&lacks), None);
            Step { finding: Some(Finding::NotBound { missing }), ..step }
        }
    }
}

async fn row(partner: &Provance, step: StepId, kind: WorkItemKind) -> Step {
    if !partner.connection.work_items.contains(&kind) {
        return Step::found(step, Status::Skipped, Finding::NotSelected);
    }
    match newest(partner, kind).await {
        Ok(finding) => {
            // Without rights to any row the answer is as empty as of a table without rows.
            let status = if matches!(finding, Finding::RowRead { .. }) { Status::Passed } else { Status::Unknown };
            Step::found(step, status, finding)
        }
        Err(fault) => Step::failed(step, fault, None),
    }
}

async fn newest(partner: &Provance, kind: WorkItemKind) -> Result<Finding, Fault> {
    let bound = partner.bound(kind).await?;
    let prefer = Some(query::prefer(1));
    let reply = partner.fetch(&query::newest(&bound, 3), bound.columns.source(), prefer, SMALL_LIMIT_BYTES).await?;
    let decoded = rows::page(&bound.columns, &reply.body)?;
    Ok(match decoded.items.into_iter().next() {
        Some(item) => Finding::RowRead { number: item.number, newest: Some(item.updated_at) },
        None => Finding::NoRow { total: None },
    })
}
