//! The live test's steps for Service Manager.

use jiff::{SignedDuration, Timestamp};

use super::ServiceManager;
use super::ask::Ask;
use super::fetch::Source;
use super::names::Role;
use super::proof::{self, Filter, Way};
use super::{culprit, errors, home_page, pages};
use crate::model::check::{Finding, ReadWay, Status, Step, StepId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::work_item::WorkItemKind;
use crate::net::http::{Http, Reply, SMALL_LIMIT_BYTES};
use crate::partner::foreign::Marks;
use crate::partner::live_test::{self, Steps};

/// The marks of the web app without a sign-in: its start page, and the headers of ASP.NET and App Service.
pub const MARKS: Marks = Marks {
    product: "the web app of Service Manager",
    headers: &["x-aspnet-version", "x-aspnetmvc-version", "api-supported-versions"],
    header_parts: &["microsoft-iis", "asp.net", "arraffinity", "authorization_uri"],
    body: &["ida:", "service manager", "servicemanager", "scsm", "swagger"],
};

impl Steps for ServiceManager {
    /// Entra's tokens are good from five minutes before to an hour after.
    const SKEW_FAILED_SECONDS: u64 = 300;

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn network(&self) -> &Http {
        self.session.http()
    }

    /// Gets a token, and tries it with the web app.
    async fn sign_in(&self) -> Result<Finding, Fault> {
        self.session.sign_in().await?;
        prove(self).await?;
        Ok(Finding::SignedInWithoutEnd)
    }

    async fn dated_reply(&self) -> Result<Reply, Fault> {
        self.session.http().get("/", None, SMALL_LIMIT_BYTES).await
    }

    async fn check_user(&self) -> Step {
        user(self).await
    }

    async fn check_release(&self) -> Step {
        Step::found(StepId::Release, Status::Unknown, Finding::ReleaseNotVisible)
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
        matches!(step, StepId::SignIn | StepId::Binding).then(|| (&MARKS, "/".to_owned()))
    }

    /// Names the culprit of the fault, if the start page shows it.
    async fn explained(&self, step: Step) -> Step {
        let Some(fault) = step.fault.clone() else { return step };
        let fault = culprit::named(self, fault).await;
        let field = fault.field(if step.id == StepId::SignIn { field_of(&fault) } else { step.field });
        Step { fault: Some(fault), field, ..step }
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
        // The token is valid, but the web app expects another audience, tenant or client.
        Fault::NotAuthenticated { .. } => Some(FieldId::Audience),
        Fault::Forbidden { .. } => Some(FieldId::ClientId),
        Fault::SettingDiffers { key, .. } => FieldId::from_key(key),
        Fault::SettingsMissing { .. } => None,
        Fault::RateLimited { .. } => None,
        _ => Some(FieldId::ServerUrl),
    }
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
        None => source.has_spoken().map(|()| Finding::NoRow { total })?,
    })
}
