//! What is asked for each item.

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::item::{Asked, hidden, lacks, seen, signed_in, skipped, without};
use super::{AUTHORIZATION, BINDING, CONNECTION, ENDPOINT, LISTENER};
use crate::azure::arm::Arm;
use crate::azure::cloud::Cloud;
use crate::azure::sign_in::{Environment, sign_in};
use crate::model::checklist::{ChecklistItem, Evidence, ItemId};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::net::http::HttpConfig;
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
    /// What kept anything from being asked: empty fields, or no sign-in.
    pub(crate) async fn begin(
        connection: &Connection,
        server_name: Option<&str>,
        config: &HttpConfig,
        environment: &Environment,
    ) -> Result<Self, Fault> {
        let place = Place::of(connection, server_name)?;
        let cloud = Cloud::of(connection)?;
        let signed = sign_in(&cloud, config, environment, &place.subscription).await?;
        let by = signed_in(signed.by, Timestamp::now());
        let arm = Arm::new(&cloud.arm, signed.token, config)?;
        let path = place.connection_path();
        let connection = ask(&arm, path).await;
        Ok(Self { place, arm, by, connection })
    }

    /// Looks at one item.
    pub(crate) async fn item(&mut self, id: ItemId, which: &str) -> ChecklistItem {
        match which {
            CONNECTION => self.connection(id).await,
            ENDPOINT => self.of_connection(id, Self::endpoint),
            AUTHORIZATION => self.of_connection(id, Self::authorization),
            LISTENER => self.of_connection(id, Self::listener),
            BINDING => self.binding(id).await,
            _ => self.plan(id).await,
        }
    }

    async fn connection(&self, id: ItemId) -> ChecklistItem {
        let mut evidence = vec![self.by.clone(), self.connection.evidence(|found| found.name.clone())];
        match &self.connection.answer {
            Err(fault) => without(id, fault, evidence),
            Ok(Some(found)) => {
                let namespace = self.namespace().await;
                evidence.push(namespace.evidence(told));
                let shown = namespace.answer.ok().flatten().map(|found| format!(" ({})", told(&found)));
                let name = if found.name.is_empty() { &self.place.name } else { &found.name };
                seen(id, format!("{} / {name}{}", self.place.namespace, shown.unwrap_or_default()), evidence)
            }
            Ok(None) => {
                let (value, more) = self.instead().await;
                evidence.extend(more);
                lacks(id, value, evidence)
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

    fn of_connection(
        &self,
        id: ItemId,
        judge: impl FnOnce(&Self, ItemId, &HybridConnection) -> ChecklistItem,
    ) -> ChecklistItem {
        match &self.connection.answer {
            Ok(Some(found)) => judge(self, id, found),
            Ok(None) => skipped(id),
            Err(fault) => without(id, fault, vec![self.connection.evidence(|_| String::new())]),
        }
    }

    fn endpoint(&self, id: ItemId, found: &HybridConnection) -> ChecklistItem {
        let shown = match found.properties.endpoint() {
            Endpoint::At(host, port) => format!("{host}:{port}"),
            Endpoint::None => "endpoint: -".to_owned(),
            Endpoint::Unreadable(text) => text,
        };
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        match found.properties.endpoint() {
            Endpoint::At(_, port) if port != PORT => lacks(id, format!("{shown} (≠ :{PORT})"), evidence),
            Endpoint::At(host, _) => match self.place.other_than(&host) {
                _ if self.place.hosts.is_empty() => without(id, &missing(&[FieldId::EndpointHost]), evidence),
                None => seen(id, shown, evidence),
                Some(other) => lacks(id, format!("{shown} (≠ {other}:{PORT})"), evidence),
            },
            Endpoint::None | Endpoint::Unreadable(_) => lacks(id, shown, evidence),
        }
    }

    fn authorization(&self, id: ItemId, found: &HybridConnection) -> ChecklistItem {
        let required = found.properties.requires_client_authorization;
        let shown = format!("requiresClientAuthorization = {}", required.map_or("-".to_owned(), |on| on.to_string()));
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        match required {
            Some(true) => seen(id, shown, evidence),
            Some(false) => lacks(id, shown, evidence),
            None => hidden(id, evidence),
        }
    }

    fn listener(&self, id: ItemId, found: &HybridConnection) -> ChecklistItem {
        let count = found.properties.listener_count.unwrap_or(0);
        let shown = format!("listenerCount = {count}");
        let evidence = vec![self.connection.evidence(|_| shown.clone())];
        if count == 0 { lacks(id, shown, evidence) } else { seen(id, shown, evidence) }
    }

    async fn binding(&self, id: ItemId) -> ChecklistItem {
        let Some(site) = self.place.site.clone() else { return hidden(id, Vec::new()) };
        if matches!(self.connection.answer, Ok(None)) {
            return skipped(id);
        }
        let binding: Asked<Binding> = ask(&self.arm, self.place.binding_path(&site)).await;
        let shown = |found: &Binding| {
            let port = found.properties.port.map_or("-".to_owned(), |port| port.to_string());
            format!("{site} → {}:{port}", plain(&found.properties.hostname))
        };
        let evidence = vec![binding.evidence(shown)];
        match &binding.answer {
            Err(fault) => without(id, fault, evidence),
            Ok(None) => self.unbound(id, &site, evidence).await,
            Ok(Some(found)) => {
                let host = plain(&found.properties.hostname);
                let leads = found.properties.port == Some(u32::from(PORT)) && self.place.other_than(&host).is_none();
                if leads { seen(id, shown(found), evidence) } else { lacks(id, shown(found), evidence) }
            }
        }
    }

    /// A web app that is not in this resource group is no proof that it is not bound: only that we look in the wrong place.
    async fn unbound(&self, id: ItemId, site: &str, mut evidence: Vec<Evidence>) -> ChecklistItem {
        let app = self.site(site).await;
        evidence.push(app.evidence(|_| site.to_owned()));
        match &app.answer {
            Err(fault) => return without(id, fault, evidence),
            Ok(None) => return hidden(id, evidence),
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
        lacks(id, value.unwrap_or_else(|| format!("{site}: -")), evidence)
    }

    async fn site(&self, site: &str) -> Asked<Site> {
        ask(&self.arm, self.place.site_path(site)).await
    }

    async fn plan(&self, id: ItemId) -> ChecklistItem {
        let Some(site) = &self.place.site else { return hidden(id, Vec::new()) };
        let app = self.site(site).await;
        let farm = |app: &Site| app.properties.server_farm_id.clone().unwrap_or_default();
        let mut evidence = vec![app.evidence(farm)];
        let farm = match &app.answer {
            Err(fault) => return without(id, fault, evidence),
            Ok(found) => found.as_ref().map(farm).filter(|farm| !farm.is_empty()),
        };
        let Some(farm) = farm else { return hidden(id, evidence) };
        let plan: Asked<Plan> = ask(&self.arm, plan_path(&farm)).await;
        evidence.push(plan.evidence(|plan| price(&plan.sku)));
        match plan.answer {
            Err(fault) => without(id, &fault, evidence),
            Ok(Some(plan)) if plan.sku.tier.is_empty() => hidden(id, evidence),
            Ok(Some(plan)) if plan.sku.has_hybrid_connections() => seen(id, price(&plan.sku), evidence),
            Ok(Some(plan)) => lacks(id, price(&plan.sku), evidence),
            Ok(None) => hidden(id, evidence),
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
