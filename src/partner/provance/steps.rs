//! The live test's steps for Provance.

use serde::Deserialize;

use super::{Provance, errors, query, rows};
use crate::model::check::{Finding, Status, Step, StepId, UserUnfit};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use crate::partner::foreign::Marks;
use crate::partner::live_test::{self, Steps};

/// The marks of an environment without a sign-in: the headers of Dataverse's Web API.
pub const MARKS: Marks = Marks {
    product: "Provance (Dynamics 365)",
    headers: &["odata-version", "x-ms-service-request-id", "req_id"],
    header_parts: &["authorization_uri", "reqclientid", "crmowinauth"],
    body: &["dynamics", "dataverse"],
};

impl Steps for Provance {
    const SKEW_FAILED_SECONDS: u64 = 900;

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn network(&self) -> &Http {
        self.session.http()
    }

    async fn sign_in(&self) -> Result<Finding, Fault> {
        live_test::signed_in(&self.session).await
    }

    async fn dated_reply(&self) -> Result<Reply, Fault> {
        self.session.send(query::call(&format!("{}WhoAmI", query::API), None), SMALL_LIMIT_BYTES).await
    }

    async fn check_user(&self) -> Step {
        user(self).await
    }

    async fn check_binding(&self) -> Step {
        binding(self).await
    }

    async fn newest(&self, kind: WorkItemKind) -> Result<(Status, Finding), Fault> {
        newest(self, kind).await.map(live_test::seen_or_unknown)
    }

    fn field(&self, step: StepId, fault: &Fault) -> Option<FieldId> {
        if step == StepId::SignIn { field_of(fault) } else { None }
    }

    fn marks(&self, step: StepId) -> Option<(&'static Marks, String)> {
        (step == StepId::SignIn).then(|| (&MARKS, format!("{}WhoAmI", query::API)))
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

/// The user of the token.
#[derive(Debug, Clone, Deserialize)]
pub struct User {
    /// Its sign-in name; generated for an application user.
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

/// The id of the token's user.
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

async fn newest(partner: &Provance, kind: WorkItemKind) -> Result<Finding, Fault> {
    let bound = partner.bound(kind).await?;
    let prefer = Some(query::prefer(1));
    let reply = partner.fetch(&query::newest(&bound, 3), bound.columns.source(), prefer, PAGE_LIMIT_BYTES).await?;
    let decoded = rows::page(&bound.columns, &reply.body)?;
    Ok(match decoded.items.into_iter().next() {
        Some(item) => Finding::RowRead { number: item.number, newest: Some(item.updated_at) },
        None => Finding::NoRow { total: None },
    })
}
