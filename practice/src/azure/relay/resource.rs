//! Each resource, in the form in which Azure tells it.

use axum::response::Response;
use serde_json::{Value, json};

use super::reply;
use super::state::Inner;

const RELAY_VERSION: &str = "2024-01-01";
const WEB_VERSION: &str = "2022-09-01";

impl Inner {
    /// The answer to a request for a resource.
    pub(super) fn answer(&self, path: &str, version: &str, skip: usize, elsewhere: bool) -> Response {
        let names: Vec<&str> = path.split('/').skip(1).collect();
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let place = &self.place;
        let [subscriptions, subscription, groups, group, providers, provider, rest @ ..] = &names[..] else {
            return reply::not_found(path);
        };
        if !(same(subscriptions, "subscriptions") && same(groups, "resourceGroups") && same(providers, "providers")) {
            return reply::not_found(path);
        }
        if !same(subscription, &place.subscription) {
            let message = format!("The subscription '{subscription}' could not be found.");
            return reply::error(404, "SubscriptionNotFound", &message);
        }
        if !same(group, &place.group) {
            let message = format!("Resource group '{group}' could not be found.");
            return reply::error(404, "ResourceGroupNotFound", &message);
        }
        let wanted = if same(provider, "Microsoft.Relay") { RELAY_VERSION } else { WEB_VERSION };
        if version != wanted {
            let message = format!("The api-version '{version}' is invalid. The supported versions are '{wanted}'.");
            return reply::error(400, "InvalidApiVersionParameter", &message);
        }
        match self.find(provider, rest, skip, elsewhere) {
            Some(found) => reply::json(200, &found),
            None => reply::not_found(path),
        }
    }

    fn find(&self, provider: &str, rest: &[&str], skip: usize, elsewhere: bool) -> Option<Value> {
        let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
        let place = &self.place;
        let site_here = |name: &str| place.site_here && same(name, &place.site);
        match (provider.to_ascii_lowercase().as_str(), rest) {
            ("microsoft.relay", ["namespaces", name]) if same(name, &place.namespace) => Some(self.namespace()),
            ("microsoft.relay", ["namespaces", name, "hybridConnections"]) if same(name, &place.namespace) => {
                Some(self.connections(skip, elsewhere))
            }
            ("microsoft.relay", ["namespaces", name, "hybridConnections", one]) if same(name, &place.namespace) => {
                self.connection(one)
            }
            ("microsoft.web", ["serverfarms", "practice-plan"]) => Some(self.plan()),
            ("microsoft.web", ["sites", name]) if site_here(name) => Some(self.site()),
            ("microsoft.web", ["sites", name, "hybridConnectionRelays"]) if site_here(name) => {
                let all: Vec<Value> = place.bound.then(|| self.binding()).flatten().into_iter().collect();
                Some(json!({ "value": all }))
            }
            ("microsoft.web", ["sites", name, "hybridConnectionNamespaces", namespace, "relays", relay]) => {
                let this = place.hybrid_connection.as_deref().is_some_and(|own| same(relay, own));
                let bound = place.bound && this && same(namespace, &place.namespace) && site_here(name);
                bound.then(|| self.binding()).flatten()
            }
            _ => None,
        }
    }

    fn id(&self, rest: &str) -> String {
        format!("/subscriptions/{}/resourceGroups/{}/providers/{rest}", self.place.subscription, self.place.group)
    }

    fn namespace(&self) -> Value {
        let name = &self.place.namespace;
        json!({
            "sku": { "name": "Standard", "tier": "Standard" },
            "id": self.id(&format!("Microsoft.Relay/namespaces/{name}")),
            "name": name, "type": "Microsoft.Relay/Namespaces", "location": self.place.location, "tags": {},
            "properties": {
                "provisioningState": "Succeeded", "status": "Active", "createdAt": "2026-05-10T20:40:24.14Z",
                "updatedAt": "2026-05-10T20:40:47.813Z", "metricId": format!("{}:{name}", self.place.subscription),
                "serviceBusEndpoint": format!("https://{name}.servicebus.windows.net:443/"),
            },
        })
    }

    fn names(&self) -> Vec<&String> {
        self.place.others.iter().chain(&self.place.hybrid_connection).collect()
    }

    /// One to a page, so that a client must follow the link.
    fn connections(&self, skip: usize, elsewhere: bool) -> Value {
        let names = self.names();
        let one: Vec<Value> = names.get(skip).and_then(|name| self.connection(name)).into_iter().collect();
        let base = if elsewhere { "https://management.practice.example" } else { &self.url };
        let path = self.id(&format!("Microsoft.Relay/namespaces/{}/hybridConnections", self.place.namespace));
        let link = format!("{base}{path}?api-version={RELAY_VERSION}&$skiptoken={}", skip + 1);
        match skip + 1 < names.len() {
            true => json!({ "value": one, "nextLink": link }),
            false => json!({ "value": one }),
        }
    }

    fn connection(&self, wanted: &str) -> Option<Value> {
        let name = self.names().into_iter().find(|name| name.eq_ignore_ascii_case(wanted))?;
        let place = &self.place;
        let mut properties = json!({
            "createdAt": "2026-05-10T20:44:51.13Z", "updatedAt": "2026-05-10T20:44:51.13Z",
            "requiresClientAuthorization": place.requires_client_authorization,
        });
        if let Some(count) = place.listeners {
            properties["listenerCount"] = count.into();
        }
        if let Some(endpoint) = &place.endpoint {
            properties["userMetadata"] = json!([{ "key": "endpoint", "value": endpoint }]).to_string().into();
        }
        Some(json!({
            "id": self.id(&format!("Microsoft.Relay/namespaces/{}/hybridConnections/{name}", place.namespace)),
            "name": name, "type": "Microsoft.Relay/Namespaces/HybridConnections", "location": place.location,
            "properties": properties,
        }))
    }

    fn binding(&self) -> Option<Value> {
        let place = &self.place;
        let name = place.hybrid_connection.as_ref()?;
        let (host, port) = place.endpoint.as_deref().unwrap_or_default().rsplit_once(':').unwrap_or_default();
        let relay = format!("Microsoft.Relay/namespaces/{}/hybridConnections/{name}", place.namespace);
        let own =
            format!("Microsoft.Web/sites/{}/hybridConnectionNamespaces/{}/relays/{name}", place.site, place.namespace);
        Some(json!({
            "id": self.id(&own), "name": name, "type": "Microsoft.Web/sites/hybridConnectionNamespaces/relays",
            "location": place.location,
            "properties": {
                "serviceBusNamespace": place.namespace, "relayName": name, "relayArmUri": self.id(&relay),
                "hostname": host, "port": port.parse::<u32>().unwrap_or_default(),
                "sendKeyName": "defaultSender", "sendKeyValue": self.key,
                "serviceBusSuffix": ".servicebus.windows.net",
            },
        }))
    }

    fn site(&self) -> Value {
        let name = &self.place.site;
        json!({
            "id": self.id(&format!("Microsoft.Web/sites/{name}")), "name": name, "type": "Microsoft.Web/sites",
            "kind": "app", "location": self.place.location,
            "properties": {
                "name": name, "state": "Running", "enabled": true, "hostNames": [format!("{name}.azurewebsites.net")],
                "serverFarmId": self.id("Microsoft.Web/serverfarms/practice-plan"),
            },
        })
    }

    fn plan(&self) -> Value {
        let plan = &self.place.plan;
        json!({
            "id": self.id("Microsoft.Web/serverfarms/practice-plan"), "name": "practice-plan",
            "type": "Microsoft.Web/serverfarms", "kind": "app", "location": self.place.location,
            "properties": { "status": "Ready", "numberOfWorkers": 1 },
            "sku": { "name": plan.name, "tier": plan.tier, "size": plan.name, "family": plan.name, "capacity": 1 },
        })
    }
}
