//! What is asked for each item.

use serde::de::DeserializeOwned;

use super::item::{Asked, signed_in, skipped, without};
use super::{AUTHORIZATION, BINDING, CONNECTION, ENDPOINT, LISTENER};
use crate::azure::arm::Arm;
use crate::azure::cloud::Cloud;
use crate::azure::sign_in::{Environment, sign_in};
use crate::model::check::Status;
use crate::model::checklist::Evidence;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::net::http::HttpConfig;
use crate::partner::checklist::Observation;
use crate::partner::service_manager::hybrid::place::{Place, missing, plain, plan_path};
use crate::partner::service_manager::hybrid::resource::{
    Binding, Endpoint, HybridConnection, Namespace, PORT, Plan, Site, Sku,
};

/// A look at one hybrid connection, signed in.
pub(crate) struct Look {
    place: Place,
    arm: Arm,
    by: Evidence,
    connection: Asked<HybridConnection>,
}

impl Look {
    /// Signs in and asks for the hybrid connection, on which nearly all else rests.
    ///
    /// # Errors
    /// Why nothing could be asked: empty fields, or no sign-in.
    pub(crate) async fn begin(
        connection: &Connection,
        server_name: Option<&str>,
        config: &HttpConfig,
        environment: &Environment,
    ) -> Result<Self, Fault> {
        let place = Place::of(connection, server_name)?;
        let cloud = Cloud::of(connection)?;
        let signed = sign_in(&cloud, config, environment, &place.subscription).await?;
        let by = signed_in(signed.by);
        let arm = Arm::new(&cloud.arm, signed.token, config)?;
        let path = place.connection_path();
        let connection = ask(&arm, path).await;
        Ok(Self { place, arm, by, connection })
    }

    /// Looks at one item.
    pub(crate) async fn item(&mut self, which: &str) -> Observation {
        match which {
            CONNECTION => self.connection().await,
            ENDPOINT => self.of_connection(Self::endpoint),
            AUTHORIZATION => self.of_connection(Self::authorization),
            LISTENER => self.of_connection(Self::listener),
            BINDING => self.binding().await,
            _ => self.plan().await,
        }
    }

    async fn connection(&self) -> Observation {
        let mut evidence = vec![self.by.clone(), self.connection.evidence(|found| found.name.clone())];
        match &self.connection.answer {
            Err(fault) => without(fault, evidence),
            Ok(Some(found)) => {
                let namespace = self.namespace().await;
                evidence.push(namespace.evidence(told));
                let shown = namespace.answer.ok().flatten().map(|found| format!(" ({})", told(&found)));
                let name = if found.name.is_empty() { &self.place.name } else { &found.name };
                Observation::passed(format!("{} / {name}{}", self.place.namespace, shown.unwrap_or_default()))
                    .with(evidence)
            }
            Ok(None) => {
                let (value, more) = self.instead().await;
                evidence.extend(more);
                Observation::lacks(Status::Failed, value).with(evidence)
            }
        }
    }

    async fn namespace(&self) -> Asked<Namespace> {
        ask(&self.arm, self.place.namespace_path()).await
    }

    /// What is there where the hybrid connection is not.
    async fn instead(&self) -> (String, Vec<Evidence>) {
        let namespace = self.namespace().await;
        let mut evidence = vec![namespace.evidence(told)];
        if matches!(namespace.answer, Ok(None)) {
            return (format!("{}: 404", self.place.namespace), evidence);
        }
        let path = self.place.connections_path();
        let all = self.arm.list::<HybridConnection>(&path).await.map(Some);
        let all = Asked::new(path, all);
        let names = |all: &Vec<HybridConnection>| {
            all.iter().map(|one| crate::model::clean::clean(&one.name, false)).collect::<Vec<_>>().join(", ")
        };
        evidence.push(all.evidence(names));
        let there = all.answer.ok().flatten().map(|all| format!("; {}: {}", self.place.namespace, names(&all)));
        (format!("{}: 404{}", self.place.name, there.unwrap_or_default()), evidence)
    }

    fn of_connection(&self, judge: impl FnOnce(&Self, &HybridConnection) -> Observation) -> Observation {
        match &self.connection.answer {
            Ok(Some(found)) => judge(self, found),
            Ok(None) => skipped(),
            Err(fault) => without(fault, vec![self.connection.evidence(|_| String::new())]),
        }
    }

    fn endpoint(&self, found: &HybridConnection) -> Observation {
        let shown = match found.properties.endpoint() {
            Endpoint::At(host, port) => format!("{host}:{port}"),
            Endpoint::None => "endpoint: -".to_owned(),
            Endpoint::Unreadable(text) => text,
        };
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        match found.properties.endpoint() {
            Endpoint::At(_, port) if port != PORT => {
                Observation::lacks(Status::Failed, format!("{shown} (≠ :{PORT})")).with(evidence)
            }
            Endpoint::At(host, _) => match self.place.other_than(&host) {
                _ if self.place.hosts.is_empty() => without(&missing(&[FieldId::EndpointHost]), evidence),
                None => Observation::passed(shown).with(evidence),
                Some(other) => Observation::lacks(Status::Failed, format!("{shown} (≠ {other}:{PORT})")).with(evidence),
            },
            Endpoint::None | Endpoint::Unreadable(_) => Observation::lacks(Status::Failed, shown).with(evidence),
        }
    }

    fn authorization(&self, found: &HybridConnection) -> Observation {
        let required = found.properties.requires_client_authorization;
        let shown = format!("requiresClientAuthorization = {}", required.map_or("-".to_owned(), |on| on.to_string()));
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        match required {
            Some(true) => Observation::passed(shown).with(evidence),
            Some(false) => Observation::lacks(Status::Failed, shown).with(evidence),
            None => Observation::hidden().with(evidence),
        }
    }

    fn listener(&self, found: &HybridConnection) -> Observation {
        let count = found.properties.listener_count.unwrap_or(0);
        let shown = format!("listenerCount = {count}");
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        if count == 0 {
            Observation::lacks(Status::Failed, shown).with(evidence)
        } else {
            Observation::passed(shown).with(evidence)
        }
    }

    async fn binding(&self) -> Observation {
        let Some(site) = self.place.site.clone() else { return Observation::hidden() };
        if matches!(self.connection.answer, Ok(None)) {
            return skipped();
        }
        let binding: Asked<Binding> = ask(&self.arm, self.place.binding_path(&site)).await;
        let shown = |found: &Binding| {
            let port = found.properties.port.map_or("-".to_owned(), |port| port.to_string());
            format!("{site} → {}:{port}", plain(&found.properties.hostname))
        };
        let evidence = vec![binding.evidence(shown)];
        match &binding.answer {
            Err(fault) => without(fault, evidence),
            Ok(None) => self.unbound(&site, evidence).await,
            Ok(Some(found)) => {
                let host = plain(&found.properties.hostname);
                let leads = found.properties.port == Some(u32::from(PORT)) && self.place.other_than(&host).is_none();
                if leads {
                    Observation::passed(shown(found)).with(evidence)
                } else {
                    Observation::lacks(Status::Failed, shown(found)).with(evidence)
                }
            }
        }
    }

    /// A web app that is not in this resource group is no proof that it is not bound: only that we look in the wrong place.
    async fn unbound(&self, site: &str, mut evidence: Vec<Evidence>) -> Observation {
        let app = self.site(site).await;
        evidence.push(app.evidence(|_| site.to_owned()));
        match &app.answer {
            Err(fault) => return without(fault, evidence),
            Ok(None) => return Observation::hidden().with(evidence),
            Ok(Some(_)) => {}
        }
        let path = self.place.bindings_path(site);
        let all = Asked::new(path.clone(), self.arm.list::<Binding>(&path).await.map(Some));
        let names = |all: &Vec<Binding>| {
            let name = |one: &Binding| crate::model::clean::clean(&one.properties.relay_name, false);
            format!("{site}: {}", all.iter().map(name).collect::<Vec<_>>().join(", "))
        };
        evidence.push(all.evidence(names));
        let value = all.answer.ok().flatten().filter(|all| !all.is_empty()).map(|all| names(&all));
        Observation::lacks(Status::Failed, value.unwrap_or_else(|| format!("{site}: -"))).with(evidence)
    }

    async fn site(&self, site: &str) -> Asked<Site> {
        ask(&self.arm, self.place.site_path(site)).await
    }

    async fn plan(&self) -> Observation {
        let Some(site) = &self.place.site else { return Observation::hidden() };
        let app = self.site(site).await;
        let farm = |app: &Site| app.properties.server_farm_id.clone().unwrap_or_default();
        let mut evidence = vec![app.evidence(farm)];
        let farm = match &app.answer {
            Err(fault) => return without(fault, evidence),
            Ok(found) => found.as_ref().map(farm).filter(|farm| !farm.is_empty()),
        };
        let Some(farm) = farm else { return Observation::hidden().with(evidence) };
        let plan: Asked<Plan> = ask(&self.arm, plan_path(&farm)).await;
        evidence.push(plan.evidence(|plan| price(&plan.sku)));
        match plan.answer {
            Err(fault) => without(&fault, evidence),
            Ok(Some(plan)) if plan.sku.tier.is_empty() => Observation::hidden().with(evidence),
            Ok(Some(plan)) if plan.sku.has_hybrid_connections() => Observation::passed(price(&plan.sku)).with(evidence),
            Ok(Some(plan)) => Observation::lacks(Status::Failed, price(&plan.sku)).with(evidence),
            Ok(None) => Observation::hidden().with(evidence),
        }
    }
}

async fn ask<T: DeserializeOwned>(arm: &Arm, path: String) -> Asked<T> {
    let answer = arm.get(&path).await;
    Asked::new(path, answer)
}

fn told(namespace: &Namespace) -> String {
    let status = namespace.properties.status.as_deref().unwrap_or_default();
    let both = [namespace.location.as_str(), status].into_iter().filter(|text| !text.is_empty());
    crate::model::clean::clean(&both.collect::<Vec<_>>().join(", "), false)
}

fn price(sku: &Sku) -> String {
    crate::model::clean::clean(&format!("{} ({})", sku.tier, sku.name), false)
}
