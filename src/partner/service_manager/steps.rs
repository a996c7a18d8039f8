//! The live test's steps for Service Manager.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use super::ServiceManager;
use super::ask::Ask;
use super::fetch::Source;
use super::names::Role;
use super::proof::{self, Filter, Way};
use super::{culprit, errors, home_page, pages};
use crate::model::check::{Finding, ReadWay, Status, Step, StepId};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::WorkItemKind;
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::net::probe;
use crate::partner::foreign::{self, Marks};
use crate::partner::live_test;

/// From here on they must be set first: Entra's tokens are good from five minutes before to an hour after.
const SKEW_FAILED_SECONDS: u64 = 300;

/// How the web app shows itself without a sign-in: its start page, and the headers of ASP.NET and App Service.
pub(in crate::partner) const MARKS: Marks = Marks {
    product: "the web app of Service Manager",
    headers: &["x-aspnet-version", "x-aspnetmvc-version", "api-supported-versions"],
    header_parts: &["microsoft-iis", "asp.net", "arraffinity", "authorization_uri"],
    body: &["ida:", "service manager", "servicemanager", "scsm", "swagger"],
};

/// Runs one step and times it.
pub async fn run(partner: &ServiceManager, step: StepId) -> Step {
    let started = Instant::now();
    let http = partner.session.http();
    let done = match step {
        StepId::NameLookup => probe::name_lookup(http).await,
        StepId::Connection => probe::connection(http).await,
        StepId::Tls => probe::tls(http).await,
        StepId::SignIn => sign_in(partner).await,
        StepId::Clock => clock(partner).await,
        StepId::User => user(partner).await,
        StepId::Release => Step::found(step, Status::Unknown, Finding::ReleaseNotVisible),
        StepId::Binding => binding(partner).await,
        StepId::Incident => row(partner, step, WorkItemKind::Incident).await,
        StepId::ChangeRequest => row(partner, step, WorkItemKind::ChangeRequest).await,
        StepId::Scope => live_test::scope(partner, &partner.connection).await,
    };
    let done = match step {
        StepId::SignIn | StepId::Binding => foreign::judged(&MARKS, http, "/", done).await,
        _ => done,
    };
    live_test::timed(started, explained(partner, done).await)
}

/// A step with the culprit of its fault, where the start page names it.
async fn explained(partner: &ServiceManager, step: Step) -> Step {
    let Some(fault) = step.fault.clone() else { return step };
    let fault = culprit::named(partner, fault).await;
    let field = fault.field(if step.id == StepId::SignIn { field_of(&fault) } else { step.field });
    Step { fault: Some(fault), field, ..step }
}

/// Gets a token, and shows it to the web app.
async fn sign_in(partner: &ServiceManager) -> Step {
    let signed_in = async {
        partner.session.sign_in().await?;
        prove(partner).await
    };
    match signed_in.await {
        Ok(()) => Step::found(StepId::SignIn, Status::Passed, Finding::SignedInWithoutEnd),
        Err(fault) => {
            let field = field_of(&fault);
            Step::failed(StepId::SignIn, fault, field)
        }
    }
}

/// Whether the web app takes the token, by a row of the first kind that is bound. Only a route that is there asks for a
/// token; where none is bound, there is nothing to ask, and the binding tells.
pub async fn prove(partner: &ServiceManager) -> Result<(), Fault> {
    for kind in &partner.connection.work_items {
        let source = match partner.bound(*kind).await {
            Ok(bound) => Source::new(bound)?,
            Err(Fault::NotBound { .. }) => continue,
            Err(fault) => return Err(fault),
        };
        return match source.fetch(&partner.session, &Ask::all(1)).await {
            // What came in and is refused by Service Manager itself has signed in.
            Err(fault) if errors::is_no_permission(&fault) => Ok(()),
            // So has what the web app refuses for another reason, or cannot pass on.
            Err(Fault::ParameterRefused { .. } | Fault::ProductUnreachable { .. }) => Ok(()),
            Err(Fault::NotBound { .. }) => continue,
            outcome => outcome.map(drop),
        };
    }
    Ok(())
}

/// The field to go back to.
fn field_of(fault: &Fault) -> Option<FieldId> {
    match fault {
        Fault::SignInRefused { .. } => Some(FieldId::ClientSecret),
        Fault::SignInImpossible { aadsts, .. } => Some(match aadsts {
            Some(700_016 | 7_000_112) => FieldId::ClientId,
            Some(500_011 | 50_001) => FieldId::Audience,
            Some(7_000_215 | 7_000_222 | 7_000_218) => FieldId::ClientSecret,
            _ => FieldId::Tenant,
        }),
        // The token is good; the web app wants another audience, tenant or client.
        Fault::NotAuthenticated { .. } => Some(FieldId::Audience),
        Fault::Forbidden { .. } => Some(FieldId::ClientId),
        Fault::SettingDiffers { key, .. } => FieldId::from_key(key),
        Fault::SettingsMissing { .. } => None,
        Fault::RateLimited { .. } => None,
        _ => Some(FieldId::ServerUrl),
    }
}

/// Whether the clocks agree, by the date of a reply and the middle of the time it took.
async fn clock(partner: &ServiceManager) -> Step {
    let before = Timestamp::now();
    let reply = match partner.session.http().get("/", None, SMALL_LIMIT_BYTES).await {
        Ok(reply) => reply,
        Err(fault) => return Step::failed(StepId::Clock, fault, None),
    };
    probe::clock(before, &reply, SKEW_FAILED_SECONDS)
}

/// The role belongs to the account of the web app, and nothing tells it: that rows can be read shows as much as can be
/// seen. The account itself stands on the start page.
async fn user(partner: &ServiceManager) -> Step {
    let account = match home_page::look(partner.session.http()).await {
        Ok(home_page::Settings::Shown(settings)) => settings.get("ida:Username").cloned(),
        _ => None,
    };
    let finding = Finding::UserNotVisible { user_name: account.unwrap_or_else(|| "ida:Username".to_owned()) };
    Step::found(StepId::User, Status::Unknown, finding)
}

/// Shows what was bound, or names what could not be.
async fn binding(partner: &ServiceManager) -> Step {
    let (mut bound, mut ways, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for kind in &partner.connection.work_items {
        match readable(partner, *kind).await {
            Ok((source, filter)) => {
                bound.push((kind.id().to_owned(), source.bound.shown()));
                ways.push((*kind, read_way(source, filter)));
            }
            Err(Fault::NotBound { what, detail }) => missing.push((what, detail)),
            Err(fault) => return Step::failed(StepId::Binding, fault, None),
        }
    }
    if missing.is_empty() {
        return Step::found(StepId::Binding, Status::Passed, Finding::Bound { bound, ways });
    }
    let told: Vec<_> = missing.iter().map(|(what, detail)| format!("{what} ({detail})")).collect();
    let fault = Fault::NotBound { what: told.join("; "), detail: super::describe::PATH.to_owned() };
    let finding = Finding::NotBound { missing: missing.into_iter().map(|(what, _)| what).collect() };
    Step { finding: Some(finding), ..Step::failed(StepId::Binding, fault, None) }
}

/// Where a kind comes from, if it can be read whole.
async fn readable(partner: &ServiceManager, kind: WorkItemKind) -> Result<(&Source, Filter), Fault> {
    let (source, filter) = partner.source(kind).await?;
    let days = SignedDuration::from_hours(24 * i64::from(partner.connection.sync_days));
    let from = Timestamp::now().checked_sub(days).unwrap_or(Timestamp::MIN);
    pages::readable(source, &partner.session, proof::way(source, filter), from).await?;
    Ok((source, filter))
}

/// How its rows are read. The mapping file shows all parameters; the filter of time is what a wrong guess would hurt most.
fn read_way(source: &Source, filter: Filter) -> ReadWay {
    let filters = [Role::Since, Role::Until].into_iter().filter_map(|role| source.bound.sent(role));
    let by = filters.map(|sent| sent.name.clone()).collect();
    match proof::way(source, filter) {
        Way::Ordered => ReadWay::LastChange { by },
        Way::Windows => ReadWay::Spans { by },
        Way::Since => ReadWay::Since { by },
        Way::Through => ReadWay::Through { by, most: pages::LIMIT },
    }
}

/// Whether a row of this kind can be read.
async fn row(partner: &ServiceManager, step: StepId, kind: WorkItemKind) -> Step {
    if !partner.connection.work_items.contains(&kind) {
        return Step::found(step, Status::Skipped, Finding::NotSelected);
    }
    match newest(partner, kind).await {
        Ok(finding) => {
            let status = if matches!(finding, Finding::RowRead { .. }) { Status::Passed } else { Status::Unknown };
            Step::found(step, status, finding)
        }
        Err(fault) => Step::failed(step, fault, None),
    }
}

async fn newest(partner: &ServiceManager, kind: WorkItemKind) -> Result<Finding, Fault> {
    let (source, _) = partner.source(kind).await?;
    let ask = Ask::all(source.page_size(50));
    let rows = source.fetch(&partner.session, &ask).await?;
    // Of a page that may not hold the newest row nothing is said about it.
    let all = source.is_last(&partner.session, &ask, &rows).await?;
    let total = rows.total;
    let newest = rows.items.into_iter().max_by_key(|item| item.updated_at);
    Ok(match newest {
        Some(item) => Finding::RowRead { number: item.number, newest: all.then_some(item.updated_at) },
        None => Finding::NoRow { total },
    })
}
