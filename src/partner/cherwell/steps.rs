//! The live test's steps for Cherwell.

use jiff::Timestamp;

use super::pages::FUTURE_SECONDS;
use super::rights::{self, Rights};
use super::{BoundObject, Cherwell, errors, search};
use crate::model::check::{DateDoubt, Finding, Status, Step, StepId, UserUnfit};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::{WorkItem, WorkItemKind};
use crate::net::http::{Http, Reply};
use crate::partner::foreign::Marks;
use crate::partner::live_test::{self, Steps};

/// The first version that the API is known with.
const OLDEST: (u64, u64) = (9, 0);
/// The last major version that there is.
const NEWEST: u64 = 2100;

/// How the REST API shows itself without a sign-in: what it tells of the service, or its envelope of errors.
pub const MARKS: Marks = Marks {
    product: "Cherwell",
    headers: &[],
    header_parts: &["microsoft-iis"],
    body: &["csmversion", "apiversion", "haserror", "errorcode", "cherwell"],
};

impl Steps for Cherwell {
    /// Three quarters of the life of an access token.
    const SKEW_FAILED_SECONDS: u64 = 900;

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn network(&self) -> &Http {
        self.session.http()
    }

    async fn sign_in(&self) -> Result<Finding, Fault> {
        live_test::signed_in(&self.session).await?;
        Ok(Finding::SignedInWhileUsed)
    }

    /// A system that wants a sign-in first tells its time nevertheless.
    async fn dated_reply(&self) -> Result<Reply, Fault> {
        let reply = self.anonymous_info().await?;
        if super::wants_token(&reply) { Ok(reply) } else { errors::check(reply, "serviceinfo") }
    }

    async fn check_user(&self) -> Step {
        user(self).await
    }

    async fn check_release(&self) -> Step {
        release(self).await
    }

    async fn check_binding(&self) -> Step {
        binding(self).await
    }

    async fn newest(&self, kind: WorkItemKind) -> Result<(Status, Finding), Fault> {
        let (items, total) = search::newest(self, kind).await?;
        match items.into_iter().next() {
            Some(item) => row_read(self, kind, item).await,
            None if total == 0 => Ok((Status::Warning, Finding::NoRow { total: Some(total) })),
            // Rows are counted and none come: a fault of the system, or records that are no work items.
            None => Ok((Status::Unknown, Finding::NoRow { total: Some(total) })),
        }
    }

    fn field(&self, step: StepId, fault: &Fault) -> Option<FieldId> {
        match (step, fault) {
            (StepId::SignIn, Fault::ClientUnknown { .. }) => Some(FieldId::ClientId),
            (StepId::SignIn, Fault::SignInRefused { .. } | Fault::SignedOut { .. } | Fault::RefreshRefused { .. }) => {
                Some(FieldId::Password)
            }
            (StepId::Incident | StepId::ChangeRequest, Fault::DatesUnclear { field, .. }) => Some(*field),
            (StepId::Incident | StepId::ChangeRequest, _) => Some(FieldId::Username),
            (_, fault) => field_of_address(fault),
        }
    }

    fn marks(&self, step: StepId) -> Option<(&'static Marks, String)> {
        matches!(step, StepId::Clock | StepId::Release | StepId::SignIn)
            .then(|| (&MARKS, self.api.call("V1/serviceinfo")))
    }
}

/// The field to go back to when the API is not where it was looked for.
fn field_of_address(fault: &Fault) -> Option<FieldId> {
    match fault {
        // Something answers there, but not at this path.
        Fault::NotFound { .. } | Fault::NotJson { status: 404, .. } => Some(FieldId::ApiPath),
        Fault::NotJson { .. } | Fault::LoginPage { .. } | Fault::Redirected { .. } => Some(FieldId::ServerUrl),
        _ => None,
    }
}

/// The version, by what the system says of itself.
async fn release(partner: &Cherwell) -> Step {
    let info = match partner.info().await {
        Ok(info) => info,
        Err(fault) => {
            let field = field_of_address(&fault);
            return Step::failed(StepId::Release, fault, field);
        }
    };
    let Some(name) = info.version() else {
        return Step::found(StepId::Release, Status::Unknown, Finding::ReleaseNotVisible);
    };
    let supported = info.release().is_some_and(|release| release >= OLDEST && release.0 < NEWEST);
    let status = if supported { Status::Passed } else { Status::Warning };
    Step::found(StepId::Release, status, Finding::Release { name, build: info.build(), supported })
}

/// Whether the user's account may be used, and what it may do.
async fn user(partner: &Cherwell) -> Step {
    let username = partner.connection.username.clone();
    match rights::user(partner).await {
        Ok(user) if user.locked == Some(true) => {
            let step = Step::failed(StepId::User, Fault::UserUnfit { user_name: username }, Some(FieldId::Username));
            let finding = Finding::UserUnfit { user_name: user.name, reason: UserUnfit::LockedOut };
            return Step { finding: Some(finding), ..step };
        }
        Ok(_) => {}
        // Who may not look up users may still see work items.
        Err(fault) if rights::is_hidden(&fault) => {}
        Err(fault) => return Step::failed(StepId::User, fault, Some(FieldId::Username)),
    }
    match held(partner).await {
        Ok(held) => judge(username, &held),
        Err(fault) if rights::is_hidden(&fault) => {
            Step::found(StepId::User, Status::Unknown, Finding::UserNotVisible { user_name: username })
        }
        Err(fault) => Step::failed(StepId::User, fault, Some(FieldId::Username)),
    }
}

async fn held(partner: &Cherwell) -> Result<Vec<(String, Rights)>, Fault> {
    let mut held = Vec::new();
    for kind in WorkItemKind::ALL.into_iter().filter(|kind| partner.connection.work_items.contains(kind)) {
        held.push((partner.columns(kind)?.source().to_owned(), rights::of(partner, kind).await?));
    }
    Ok(held)
}

/// What cannot be seen cannot be synced; what cannot be changed will be missed by alerts.
fn judge(user_name: String, held: &[(String, Rights)]) -> Step {
    let listed = |of: fn(&Rights) -> Option<bool>, wanted: bool, word: &'static str| {
        let matching = held.iter().filter(move |(_, rights)| of(rights) == Some(wanted));
        matching.map(move |(name, _)| format!("{name}: {word}")).collect::<Vec<_>>()
    };
    let (unseen, fixed) = (listed(|held| held.view, false, "view"), listed(|held| held.edit, false, "edit"));
    if !unseen.is_empty() {
        let fault = Fault::Forbidden { what: unseen.join(", "), detail: String::new() };
        let finding = Finding::RightsLacking { user_name, lacking: unseen };
        let step = Step::failed(StepId::User, fault, Some(FieldId::Username));
        return Step { finding: Some(finding), ..step };
    }
    if !fixed.is_empty() {
        let finding = Finding::RightsLacking { user_name, lacking: fixed };
        return Step::found(StepId::User, Status::Warning, finding);
    }
    let rights = [listed(|held| held.view, true, "view"), listed(|held| held.edit, true, "edit")].concat();
    let known = held.iter().all(|(_, rights)| rights.view.is_some());
    let status = if known { Status::Passed } else { Status::Unknown };
    Step::found(StepId::User, status, Finding::Rights { user_name, rights })
}

/// Whether culture, zone, business objects and fields are found.
async fn binding(partner: &Cherwell) -> Step {
    let (setup, found) = match partner.rebind().await {
        Ok(found) => found,
        Err(fault) => {
            let field = match &fault {
                Fault::DatesUnclear { field, .. } => Some(*field),
                other => field_of_address(other),
            };
            return Step::failed(StepId::Binding, fault, field);
        }
    };
    let dates = &setup.dates;
    let mut bound = vec![("dates".to_owned(), format!("{}, {}", dates.culture.name, dates.zone_name))];
    let mut lacking = false;
    for object in found {
        match object {
            Ok(BoundObject { bound: object, columns, .. }) => {
                lacking |= !object.missing.is_empty();
                bound.extend(object.shown(&columns));
            }
            Err(Fault::NoSuchObject { object }) => {
                let missing = vec![object.clone()];
                let step = Step::failed(StepId::Binding, Fault::NoSuchObject { object }, Some(FieldId::WorkItems));
                return Step { finding: Some(Finding::NotBound { missing }), ..step };
            }
            Err(Fault::NotBound { what, detail }) => {
                let missing = vec![what.clone(), detail.clone()];
                let step = Step::failed(StepId::Binding, Fault::NotBound { what, detail }, None);
                return Step { finding: Some(Finding::NotBound { missing }), ..step };
            }
            Err(fault) => return Step::failed(StepId::Binding, fault, None),
        }
    }
    let status = if lacking { Status::Warning } else { Status::Passed };
    Step::found(StepId::Binding, status, Finding::Bound { bound, ways: Vec::new() })
}

/// What the newest row tells of the dates: whether it lies in the future, as it does where they are in another zone than
/// the system says, and whether the dates of many rows show which of their numbers is the day.
async fn row_read(partner: &Cherwell, kind: WorkItemKind, item: WorkItem) -> Result<(Status, Finding), Fault> {
    let (number, newest) = (item.number, item.updated_at);
    let object = partner.object(kind).await?;
    let dates = &object.setup.dates;
    let in_future = newest.as_second() - Timestamp::now().as_second();
    if in_future > FUTURE_SECONDS {
        let seconds = u64::try_from(in_future).unwrap_or_default();
        let doubt = DateDoubt::Future { seconds, zone: dates.zone_name.clone() };
        return Ok((Status::Warning, Finding::RowDoubtful { number, newest, doubt }));
    }
    let texts = search::date_texts(partner, &object).await?;
    if dates.culture.leaves_order_open(texts.iter().map(String::as_str)) {
        let doubt = DateDoubt::DayOrMonth { culture: dates.culture.name.clone() };
        return Ok((Status::Warning, Finding::RowDoubtful { number, newest, doubt }));
    }
    Ok((Status::Passed, Finding::RowRead { number, newest: Some(newest) }))
}
