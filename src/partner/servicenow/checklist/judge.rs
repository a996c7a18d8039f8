//! Compares the facts with the requirements.

use jiff::{SignedDuration, Timestamp};

use super::facts::{self, Entity, Facts, Reading, Seen, User, no_api_access};
use super::rate;
use super::roles::Roles;
use crate::model::check::{Status, UserUnfit};
use crate::model::checklist::{Answer, Evidence, FindingValue, ItemFinding, ItemId, REFRESH_TOKEN_LIFESPAN_SECONDS};
use crate::model::connection::Grant;
use crate::model::fault::Fault;
use crate::model::fix::Fix;
use crate::model::partner::RoleNeed;
use crate::partner::checklist::Observation;
use crate::partner::servicenow::release;

/// For this long, a password sign-in proves that its grant is switched on.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// Roles that open far more than any integration needs; pointed out even where they are inherited.
const POWERFUL: [&str; 8] = [
    "admin",
    "security_admin",
    "user_admin",
    "oauth_admin",
    "impersonator",
    "delegated_developer",
    "script_fix_admin",
    "import_admin",
];

/// Roles that every user gets, or that only admit to interfaces.
const HARMLESS: [&str; 3] = ["snc_internal", "snc_external", "snc_platform_rest_api_access"];

/// The verdict on an item: its status, the finding, and what fixes it.
type Verdict = (Status, ItemFinding, Option<Fix>);

const CANNOT_SEE: Verdict = (Status::Unknown, ItemFinding::CannotSee, None);

/// Checks one item.
pub async fn item(facts: &mut Facts<'_>, id: &ItemId) -> Observation {
    if let ItemId::Role(name) = id {
        return role(facts, name).await;
    }
    match id.to_string().as_str() {
        "app_installed" => made(facts::app(facts.viewer).await, app),
        "oauth_active" => oauth_active(facts).await,
        "application" => application(facts).await,
        "refresh_token_lifespan" => lifespan(facts).await,
        "password_grant" => grant(facts).await,
        "integration_user" => user(facts).await,
        "excess_roles" => excess(facts).await,
        "event_management_roles" => event_roles(facts).await,
        "rate_limit" => rate::item(facts.viewer).await,
        "release" => released(facts).await,
        _ => verdict(CANNOT_SEE, Vec::new()),
    }
}

fn verdict((status, finding, fix): Verdict, evidence: Vec<Evidence>) -> Observation {
    Observation { fix, ..Observation::new(status, finding) }.with(evidence)
}

/// The verdict on what was read, or the fault that prevented reading.
fn made<T>(reading: Reading<T>, judge: impl FnOnce(Seen<T>) -> Verdict) -> Observation {
    match reading.seen {
        Ok(seen) => verdict(judge(seen), reading.evidence),
        Err(fault) => no_answer(fault, reading.evidence),
    }
}

/// An item without a usable answer. The instance's admin can help only where the user may not use the REST interface.
pub fn no_answer(fault: Fault, evidence: Vec<Evidence>) -> Observation {
    let ask_admin = no_api_access(&fault);
    let finding = Some(ItemFinding::NoAnswer);
    Observation { ask_admin, finding, ..Observation::no_answer(fault) }.with(evidence)
}

fn app(seen: Seen<facts::App>) -> Verdict {
    match seen {
        Seen::Found((_, Some(false))) => (Status::Failed, ItemFinding::outcome("inactive", []), None),
        Seen::Found((Some(version), _)) => {
            (Status::Passed, ItemFinding::outcome("installed", [("version", version.into())]), None)
        }
        Seen::Found((None, _)) => (Status::Passed, ItemFinding::outcome("version_hidden", []), None),
        Seen::Absent => (Status::Failed, ItemFinding::outcome("missing", []), None),
        Seen::Hidden => CANNOT_SEE,
    }
}

/// That a token of this application was just taken proves what gave it out.
fn proven(at: Timestamp, evidence: &mut Vec<Evidence>) -> Verdict {
    let answered = Answer::Value { value: "access_token".to_owned() };
    evidence.push(Evidence { asked: "POST /oauth_token.do".to_owned(), answered, at });
    (Status::Passed, ItemFinding::ProvenBySignIn { at }, None)
}

async fn oauth_active(facts: &mut Facts<'_>) -> Observation {
    let Reading { seen, mut evidence } = facts.properties().await;
    let rows = match seen {
        Ok(rows) => rows,
        Err(fault) => return no_answer(fault, evidence),
    };
    let admin = facts.viewer.admin.is_some();
    let found = match facts::property(&rows, "com.snc.platform.security.oauth.is.active", admin) {
        Seen::Found(value) if value == "true" => (Status::Passed, ItemFinding::outcome("on", []), None),
        Seen::Found(_) => (Status::Failed, ItemFinding::outcome("off", []), None),
        _ => proven(facts.viewer.signed_in_at, &mut evidence),
    };
    verdict(found, evidence)
}

async fn application(facts: &mut Facts<'_>) -> Observation {
    let Reading { seen, mut evidence } = facts.entity().await;
    let found = match seen {
        Ok(Seen::Found(Entity { name, active: Some(true), .. })) => {
            (Status::Passed, ItemFinding::outcome("active", [("name", name.into())]), None)
        }
        Ok(Seen::Found(Entity { name, active: Some(false), .. })) => {
            (Status::Failed, ItemFinding::outcome("inactive", [("name", name.into())]), None)
        }
        Ok(_) => proven(facts.viewer.signed_in_at, &mut evidence),
        Err(fault) => return no_answer(fault, evidence),
    };
    verdict(found, evidence)
}

async fn lifespan(facts: &mut Facts<'_>) -> Observation {
    let connection = &facts.viewer.partner.connection;
    if connection.grant == Grant::ClientCredentials {
        return verdict((Status::Skipped, ItemFinding::outcome("no_refresh_token", []), None), Vec::new());
    }
    let fix = Fix::SetLifespan { client_id: connection.client_id.clone(), seconds: REFRESH_TOKEN_LIFESPAN_SECONDS };
    made(facts.entity().await, |seen| match seen {
        Seen::Found(Entity { lifespan: Some(seconds), .. }) => {
            let (status, outcome, fix) = match seconds.cmp(&REFRESH_TOKEN_LIFESPAN_SECONDS) {
                std::cmp::Ordering::Less => (Status::Failed, "shorter", Some(fix)),
                std::cmp::Ordering::Equal => (Status::Passed, "right", None),
                std::cmp::Ordering::Greater => (Status::Warning, "longer", Some(fix)),
            };
            (status, ItemFinding::outcome(outcome, [("lifespan", FindingValue::Seconds(seconds))]), fix)
        }
        _ => CANNOT_SEE,
    })
}

async fn grant(facts: &mut Facts<'_>) -> Observation {
    let Reading { seen, mut evidence } = facts.properties().await;
    let rows = match seen {
        Ok(rows) => rows,
        Err(fault) => return no_answer(fault, evidence),
    };
    let (viewer, grant) = (facts.viewer, facts.viewer.partner.connection.grant);
    let (name, on, off) = match grant {
        Grant::Password => ("glide.oauth.inbound.ropc.grant_type.disabled", "password_on", "password_off"),
        Grant::ClientCredentials => (
            "glide.oauth.inbound.client.credential.grant_type.enabled",
            "client_credentials_on",
            "client_credentials_off",
        ),
    };
    let allowed = |value: &str| (value == "true") == (grant == Grant::ClientCredentials);
    let found = match facts::property(&rows, name, viewer.admin.is_some()) {
        Seen::Found(value) if allowed(&value) => (Status::Passed, ItemFinding::outcome(on, []), None),
        Seen::Found(_) => (Status::Failed, ItemFinding::outcome(off, []), None),
        // Both switches are false by default.
        Seen::Absent if allowed("false") => (Status::Passed, ItemFinding::outcome(on, []), None),
        Seen::Absent => (Status::Failed, ItemFinding::outcome(off, []), None),
        Seen::Hidden if Timestamp::now().duration_since(viewer.signed_in_at) <= FRESH => {
            proven(viewer.signed_in_at, &mut evidence)
        }
        Seen::Hidden => CANNOT_SEE,
    };
    verdict(found, evidence)
}

async fn user(facts: &mut Facts<'_>) -> Observation {
    let reading = facts.user().await;
    let user_name = facts.viewer.partner.connection.username.clone();
    if let Err(fault) = &reading.seen
        && no_api_access(fault)
    {
        let found = (Status::Failed, ItemFinding::outcome("no_api_access", [("user_name", user_name.into())]), None);
        return Observation { fault: Some(fault.clone()), ..verdict(found, reading.evidence) };
    }
    made(reading, |seen| match seen {
        Seen::Found(User { user_name, unfit: Some(reason), .. }) => {
            let fix = match reason {
                // What switches on a user that was made halfway.
                UserUnfit::Inactive => Fix::CreateUser { user_name: user_name.clone() },
                UserUnfit::LockedOut | UserUnfit::PasswordNeedsReset => Fix::FreeUser { user_name: user_name.clone() },
            };
            (Status::Failed, ItemFinding::UserUnfit { user_name, reason }, Some(fix))
        }
        Seen::Found(User { user_name, whole: true, .. }) => (Status::Passed, ItemFinding::UserFit { user_name }, None),
        Seen::Absent => {
            let fix = Fix::CreateUser { user_name: user_name.clone() };
            (Status::Failed, ItemFinding::outcome("missing", [("user_name", user_name.into())]), Some(fix))
        }
        _ => CANNOT_SEE,
    })
}

async fn role(facts: &mut Facts<'_>, name: &str) -> Observation {
    let reading = facts.roles().await;
    let lacking = matches!(&reading.seen, Ok(Seen::Found(roles)) if roles.all && roles.get(name).is_none());
    if !lacking {
        return made(reading, |seen| held(seen, name));
    }
    let undefined = facts.undefined_roles().await;
    let absent = matches!(&undefined.seen, Ok(Seen::Found(names)) if names.iter().any(|absent| absent == name));
    let evidence = reading.evidence.into_iter().chain(undefined.evidence).collect();
    let finding = if absent { ItemFinding::outcome("not_on_instance", []) } else { ItemFinding::RoleLacking };
    let fix = (!absent).then(|| grant_roles(facts, vec![name.to_owned()]));
    // A role that does not exist cannot be granted: the app or plugin that adds it is what to ask for.
    let observation = verdict((Status::Failed, finding, fix), evidence);
    Observation { ask_admin: !absent, ..observation }
}

fn held(seen: Seen<Roles>, name: &str) -> Verdict {
    let Seen::Found(roles) = seen else { return CANNOT_SEE };
    match roles.get(name) {
        Some(true) => (Status::Passed, ItemFinding::outcome("inherited", []), None),
        Some(false) => (Status::Passed, ItemFinding::outcome("held", []), None),
        None => CANNOT_SEE,
    }
}

fn grant_roles(facts: &Facts<'_>, roles: Vec<String>) -> Fix {
    Fix::GrantRoles { user_name: facts.viewer.partner.connection.username.clone(), roles }
}

async fn excess(facts: &mut Facts<'_>) -> Observation {
    let needed: Vec<_> = facts.viewer.partner.spec.roles.iter().map(|role| role.name.clone()).collect();
    made(facts.roles().await, |seen| {
        let Seen::Found(roles) = seen else { return CANNOT_SEE };
        let rank = |name: &str| POWERFUL.iter().position(|powerful| *powerful == name).unwrap_or(POWERFUL.len());
        let beyond = |(name, inherited): &(String, bool)| {
            let expected = needed.contains(name) || HARMLESS.contains(&name.as_str());
            !expected && (!inherited || POWERFUL.contains(&name.as_str()))
        };
        let mut found: Vec<_> = roles.held.into_iter().filter(beyond).map(|(name, _)| name).collect();
        found.sort_by(|one, other| (rank(one), one).cmp(&(rank(other), other)));
        match (found.is_empty(), roles.all) {
            (false, _) => (Status::Warning, ItemFinding::Excess { roles: found }, None),
            (true, true) => (Status::Passed, ItemFinding::NoExcess, None),
            (true, false) => CANNOT_SEE,
        }
    })
}

async fn event_roles(facts: &mut Facts<'_>) -> Observation {
    let installed = facts::event_management(facts.viewer).await;
    match installed.seen {
        Ok(Seen::Absent) => {
            let found = (Status::Skipped, ItemFinding::outcome("absent", []), None);
            return verdict(found, installed.evidence);
        }
        Err(fault) => return no_answer(fault, installed.evidence),
        Ok(_) => {}
    }
    let needed: Vec<_> = facts.viewer.partner.spec.roles_for(RoleNeed::EventManagement).map(str::to_owned).collect();
    let mut reading = facts.roles().await;
    reading.evidence.extend(installed.evidence);
    let fix = |roles: &[String]| grant_roles(facts, roles.to_vec());
    made(reading, |seen| {
        let Seen::Found(roles) = seen else { return CANNOT_SEE };
        let lacking: Vec<_> = needed.into_iter().filter(|name| roles.get(name).is_none()).collect();
        match (lacking.is_empty(), roles.all) {
            (true, _) => (Status::Passed, ItemFinding::outcome("held", []), None),
            (false, true) => {
                let fix = fix(&lacking);
                (Status::Warning, ItemFinding::outcome("lacking", [("roles", lacking.join(", ").into())]), Some(fix))
            }
            (false, false) => CANNOT_SEE,
        }
    })
}

async fn released(facts: &mut Facts<'_>) -> Observation {
    let releases = &facts.viewer.partner.spec.releases;
    made(facts.properties().await, |seen| {
        let Seen::Found(rows) = seen else { return CANNOT_SEE };
        let Some((name, build, supported)) = release::of_properties(releases, &rows) else { return CANNOT_SEE };
        let (status, outcome) =
            if supported { (Status::Passed, "supported") } else { (Status::Warning, "unsupported") };
        let shown = build.map_or_else(|| name.clone(), |build| format!("{name} ({build})"));
        (status, ItemFinding::outcome(outcome, [("release", shown.into())]), None)
    })
}
