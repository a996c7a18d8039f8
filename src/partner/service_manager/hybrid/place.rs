//! Where in Azure the hybrid connection is, by the fields of the connection.

use url::Url;

use crate::model::connection::Connection;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem};

/// Hybrid connections and their namespaces.
const RELAY_VERSION: &str = "2024-01-01";

/// Web apps and their plans.
const WEB_VERSION: &str = "2022-09-01";

/// The domains under which App Service puts its own names.
const APP_SERVICE: [&str; 3] = ["azurewebsites.net", "azurewebsites.us", "chinacloudsites.cn"];

/// Where in Azure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The subscription's ID.
    pub subscription: String,
    group: String,
    /// The Service Bus namespace, without its domain.
    pub namespace: String,
    /// The hybrid connection.
    pub name: String,
    /// The web app; `None` behind an address of one's own, which does not tell it.
    pub site: Option<String>,
    /// The management server, as the connection's field and the web app have it.
    pub hosts: Vec<String>,
}

impl Place {
    /// The place that a connection's fields name.
    ///
    /// # Errors
    /// [`Fault::BadForm`] with the fields that are needed and empty.
    pub(crate) fn of(connection: &Connection, server_name: Option<&str>) -> Result<Self, Fault> {
        use FieldId as F;
        let lacking: Vec<F> = [F::AzureSubscription, F::AzureResourceGroup, F::RelayNamespace, F::HybridConnection]
            .into_iter()
            .filter(|field| connection.detail(*field).is_none())
            .collect();
        if !lacking.is_empty() {
            return Err(missing(&lacking));
        }
        let field = |field| connection.detail(field).unwrap_or_default().trim().to_owned();
        let namespace = field(F::RelayNamespace);
        Ok(Self {
            subscription: field(F::AzureSubscription),
            group: field(F::AzureResourceGroup),
            namespace: namespace.split('.').next().unwrap_or_default().to_owned(),
            name: field(F::HybridConnection),
            site: site(&connection.server_url.host()),
            hosts: connection.detail(F::EndpointHost).into_iter().chain(server_name).map(plain).collect(),
        })
    }

    /// A name of the management server that is not this one.
    pub(crate) fn other_than(&self, host: &str) -> Option<&str> {
        self.hosts.iter().map(String::as_str).find(|wanted| *wanted != host)
    }

    /// The Service Bus namespace.
    pub(crate) fn namespace_path(&self) -> String {
        self.path(&["Microsoft.Relay", "namespaces", &self.namespace], RELAY_VERSION)
    }

    /// The hybrid connections of the namespace.
    pub(crate) fn connections_path(&self) -> String {
        self.path(&["Microsoft.Relay", "namespaces", &self.namespace, "hybridConnections"], RELAY_VERSION)
    }

    /// The hybrid connection.
    pub(crate) fn connection_path(&self) -> String {
        self.path(&["Microsoft.Relay", "namespaces", &self.namespace, "hybridConnections", &self.name], RELAY_VERSION)
    }

    /// The web app.
    pub(crate) fn site_path(&self, site: &str) -> String {
        self.path(&["Microsoft.Web", "sites", site], WEB_VERSION)
    }

    /// The web app's use of the hybrid connection.
    pub(crate) fn binding_path(&self, site: &str) -> String {
        let (namespace, name) = (&self.namespace, &self.name);
        let names = ["Microsoft.Web", "sites", site, "hybridConnectionNamespaces", namespace, "relays", name];
        self.path(&names, WEB_VERSION)
    }

    /// All hybrid connections that the web app uses.
    pub(crate) fn bindings_path(&self, site: &str) -> String {
        self.path(&["Microsoft.Web", "sites", site, "hybridConnectionRelays"], WEB_VERSION)
    }

    fn path(&self, names: &[&str], version: &str) -> String {
        let scope = ["subscriptions", &self.subscription, "resourceGroups", &self.group, "providers"];
        encoded(scope.iter().chain(names).copied(), version)
    }
}

/// The path of the plan that a web app names by its whole ID.
pub(crate) fn plan_path(id: &str) -> String {
    encoded(id.split('/').filter(|name| !name.is_empty()), WEB_VERSION)
}

/// A fault for fields that are needed and empty.
pub(crate) fn missing(fields: &[FieldId]) -> Fault {
    let problem =
        |field: &FieldId| FormProblem { field: Some(*field), key: None, problem: FieldProblem::Missing, line: None };
    Fault::BadForm { problems: fields.iter().map(problem).collect() }
}

/// A host name as two of them are compared: DNS knows no case, and a dot at the end changes nothing.
pub(crate) fn plain(host: &str) -> String {
    host.trim().trim_end_matches('.').to_ascii_lowercase()
}

fn encoded<'a>(names: impl Iterator<Item = &'a str>, version: &str) -> String {
    let Ok(mut url) = Url::parse("https://arm.invalid/") else { return String::new() };
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear();
        for name in names {
            // `..` would climb out of the path; no resource is called so.
            path.push(if matches!(name, "." | "..") { "" } else { name });
        }
    }
    format!("{}?api-version={version}", url.path())
}

/// The web app behind a host: the first label of App Service's own names. Its newer names carry a hash and a region,
/// as in `smoc1-abcdefgh12345678.westeurope-01.azurewebsites.net`. A practice server is named by its host alike.
fn site(host: &str) -> Option<String> {
    let first = host.split('.').next().unwrap_or_default();
    if host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()) || host == "localhost" {
        return Some(first.to_owned());
    }
    let rest = APP_SERVICE.iter().find_map(|domain| host.strip_suffix(domain)?.strip_suffix('.'))?;
    let labels: Vec<&str> = rest.split('.').collect();
    match labels[..] {
        [name] => Some(name.to_owned()),
        [name, _region] => {
            let (site, hash) = name.rsplit_once('-')?;
            (hash.len() == 16).then(|| site.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::testing::{connection, full};
    use rstest::rstest;

    #[rstest]
    #[case("smoc1.azurewebsites.net", Some("smoc1"))]
    #[case("smoc-prod.azurewebsites.us", Some("smoc-prod"))]
    #[case("smoc-1-a1b2c3d4e5f6g7h8.westeurope-01.azurewebsites.net", Some("smoc-1"))]
    #[case("smoc-1.westeurope-01.azurewebsites.net", None)]
    #[case("itsm.contoso.com", None)]
    #[case("azurewebsites.net", None)]
    #[case("azurewebsites.net.evil.example", None)]
    #[case("127.0.0.1", Some("127"))]
    fn the_web_app_is_told_by_app_services_own_names_only(#[case] host: &str, #[case] expected: Option<&str>) {
        assert_eq!(site(host).as_deref(), expected);
    }

    #[test]
    fn paths_hold_the_fields_as_they_are_and_nothing_climbs_out() {
        let fields = [(FieldId::AzureResourceGroup, "rg (old)/../x"), (FieldId::HybridConnection, "..")];
        let place = Place::of(&full("https://smoc1.azurewebsites.net", &fields), None).unwrap();
        assert_eq!(
            place.connection_path(),
            "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg%20(old)%2F..%2Fx/providers/Microsoft.Relay\
             /namespaces/smoc1sbn/hybridConnections/?api-version=2024-01-01"
        );
    }

    #[test]
    fn the_namespace_may_be_given_with_its_domain() {
        let fields = [(FieldId::RelayNamespace, "smoc1sbn.servicebus.windows.net")];
        assert_eq!(Place::of(&full("https://smoc1.azurewebsites.net", &fields), None).unwrap().namespace, "smoc1sbn");
    }

    #[test]
    fn empty_fields_are_named() {
        let fields = [(FieldId::AzureSubscription, "s"), (FieldId::RelayNamespace, "n")];
        let fault = Place::of(&connection("https://smoc1.azurewebsites.net", &fields), None).unwrap_err();
        assert_eq!(fault, missing(&[FieldId::AzureResourceGroup, FieldId::HybridConnection]));
    }
}
