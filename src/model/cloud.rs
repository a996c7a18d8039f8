//! Which Microsoft cloud is used, as `[azure.cloud]` of the config file says it.

use serde::{Deserialize, Serialize};

use super::url::ServerUrl;

/// `[azure]` of the config file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AzureSettings {
    /// The cloud in which the workspaces are.
    pub cloud: CloudSettings,
}

/// `[azure.cloud]` of the config file: a cloud by its name, or one whose every endpoint is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudSettings {
    /// Which cloud; `custom` needs all that follows, the others take none of it.
    pub name: CloudName,
    /// Where Microsoft Entra gives out tokens, such as `https://login.microsoftonline.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Azure Resource Manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_manager: Option<String>,
    /// The audience of the tokens for it; left out, it is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_manager_audience: Option<String>,
    /// The end of the hosts that take rows, such as `ingest.monitor.azure.com`, or one whole endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingestion: Option<String>,
    /// The audience of the tokens for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingestion_audience: Option<String>,
    /// Where Log Analytics is queried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The audience of the tokens for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_audience: Option<String>,
}

/// A cloud of Microsoft.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloudName {
    /// The public cloud.
    #[default]
    Public,
    /// That of the US government.
    UsGovernment,
    /// That of China, which 21Vianet runs.
    China,
    /// One whose endpoints are all named: a private set-up, or practice servers.
    Custom,
}

/// The endpoints of one cloud. Only these hosts ever receive a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Where Microsoft Entra gives out tokens.
    pub authority: ServerUrl,
    /// Azure Resource Manager.
    pub resource_manager: ServerUrl,
    /// The audience of the tokens for it.
    pub resource_manager_audience: String,
    /// Who takes rows.
    pub ingestion: Ingestion,
    /// The audience of the tokens for ingestion.
    pub ingestion_audience: String,
    /// Where Log Analytics is queried.
    pub query: ServerUrl,
    /// The audience of the tokens for queries.
    pub query_audience: String,
}

/// The hosts that take rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ingestion {
    /// Every host whose name ends with a dot and this, by https on port 443.
    Hosts(String),
    /// This one endpoint.
    Endpoint(ServerUrl),
}

/// For whom a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Audience {
    /// Azure Resource Manager.
    ResourceManager,
    /// The ingestion endpoints.
    Ingestion,
    /// The query API.
    Query,
}

impl Audience {
    /// Every audience.
    pub const ALL: [Self; 3] = [Self::ResourceManager, Self::Ingestion, Self::Query];
}

/// What the public cloud and its siblings are made of: authority, Resource Manager, end of the ingestion hosts, their
/// audience, and the query API, which is its own audience (azlogs' `cloud_config.go`; the host ends as Microsoft's
/// Logstash plugin checks them).
const KNOWN: [(CloudName, [&str; 5]); 3] = [
    (
        CloudName::Public,
        [
            "https://login.microsoftonline.com",
            "https://management.azure.com",
            "ingest.monitor.azure.com",
            "https://monitor.azure.com",
            "https://api.loganalytics.io",
        ],
    ),
    (
        CloudName::UsGovernment,
        [
            "https://login.microsoftonline.us",
            "https://management.usgovcloudapi.net",
            "ingest.monitor.azure.us",
            "https://monitor.azure.us",
            "https://api.loganalytics.us",
        ],
    ),
    (
        CloudName::China,
        [
            "https://login.chinacloudapi.cn",
            "https://management.chinacloudapi.cn",
            "ingest.monitor.azure.cn",
            "https://monitor.azure.cn",
            "https://api.loganalytics.azure.cn",
        ],
    ),
];

impl CloudName {
    /// The name in the config file and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGovernment => "us-government",
            Self::China => "china",
            Self::Custom => "custom",
        }
    }
}

impl CloudSettings {
    /// The endpoints that these settings name.
    ///
    /// # Errors
    /// The key that is missing, of no use, or given beside the name of a known cloud; for a person who reads the file.
    pub fn endpoints(&self) -> Result<Endpoints, String> {
        let named = self.named();
        if let Some((_, known)) = KNOWN.iter().find(|(name, _)| *name == self.name) {
            let [authority, arm, ingestion, ingestion_audience, query] = *known;
            if let Some((key, _)) = named.iter().find(|(_, value)| value.is_some()) {
                let name = self.name.id();
                return Err(format!("azure.cloud: {key} goes with name = \"custom\", and the name is \"{name}\""));
            }
            return Ok(Endpoints {
                authority: server("authority", authority)?,
                resource_manager: server("resource_manager", arm)?,
                resource_manager_audience: arm.to_owned(),
                ingestion: Ingestion::Hosts(ingestion.to_owned()),
                ingestion_audience: ingestion_audience.to_owned(),
                query: server("query", query)?,
                query_audience: query.to_owned(),
            });
        }
        self.custom()
    }

    fn custom(&self) -> Result<Endpoints, String> {
        let need = |key: &str| {
            let named = self.named().into_iter().find(|(name, _)| *name == key);
            let value = named.and_then(|(_, value)| value).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty()).ok_or_else(|| format!("azure.cloud: {key} is missing"))
        };
        let ingestion = need("ingestion")?;
        let ingestion = match ingestion.contains("://") {
            true => Ingestion::Endpoint(server("ingestion", &ingestion)?),
            false => Ingestion::Hosts(suffix(&ingestion)?),
        };
        let resource_manager = server("resource_manager", &need("resource_manager")?)?;
        let arm_audience = self.resource_manager_audience.as_deref().unwrap_or(resource_manager.as_str());
        Ok(Endpoints {
            authority: server("authority", &need("authority")?)?,
            resource_manager_audience: audience(arm_audience.trim()),
            resource_manager,
            ingestion,
            ingestion_audience: audience(&need("ingestion_audience")?),
            query: server("query", &need("query")?)?,
            query_audience: audience(&need("query_audience")?),
        })
    }

    fn named(&self) -> [(&'static str, Option<&String>); 7] {
        [
            ("authority", self.authority.as_ref()),
            ("resource_manager", self.resource_manager.as_ref()),
            ("resource_manager_audience", self.resource_manager_audience.as_ref()),
            ("ingestion", self.ingestion.as_ref()),
            ("ingestion_audience", self.ingestion_audience.as_ref()),
            ("query", self.query.as_ref()),
            ("query_audience", self.query_audience.as_ref()),
        ]
    }
}

impl Endpoints {
    /// For whom a token is asked, as Entra's version 2 endpoint takes it.
    pub fn scope(&self, audience: Audience) -> String {
        format!("{}/.default", self.resource(audience))
    }

    /// The identifier of an API, without a slash at its end.
    pub fn resource(&self, audience: Audience) -> &str {
        match audience {
            Audience::ResourceManager => &self.resource_manager_audience,
            Audience::Ingestion => &self.ingestion_audience,
            Audience::Query => &self.query_audience,
        }
    }

    /// The ingestion endpoint at this address, if it is one of this cloud: nothing else receives rows or a token.
    pub fn ingestion_at(&self, address: &str) -> Option<ServerUrl> {
        let url = url::Url::parse(address.trim()).ok()?;
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if !bare || url.fragment().is_some() || !matches!(url.path(), "" | "/") {
            return None;
        }
        let server = ServerUrl::parse(address, &[]).ok()?.0;
        let ours = match &self.ingestion {
            Ingestion::Endpoint(one) => *one == server,
            Ingestion::Hosts(end) => {
                let host = server.host().to_ascii_lowercase();
                server.is_tls() && server.port() == 443 && host.ends_with(&format!(".{end}"))
            }
        };
        ours.then_some(server)
    }
}

fn server(key: &str, text: &str) -> Result<ServerUrl, String> {
    let unfit = || format!("azure.cloud: {key} is not a base URL that may be used");
    let whole = text.contains("://").then(|| ServerUrl::parse(text, &[]).ok()).flatten();
    let (server, _) = whole.ok_or_else(unfit)?;
    // A path would be dropped in silence.
    if server.as_str() == text.trim().trim_end_matches('/') { Ok(server) } else { Err(unfit()) }
}

fn suffix(text: &str) -> Result<String, String> {
    let text = text.trim_start_matches("*.").trim_start_matches('.').to_ascii_lowercase();
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let fits = text.contains('.') && text.split('.').all(label);
    if fits { Ok(text) } else { Err("azure.cloud: ingestion is neither a host's end nor a base URL".to_owned()) }
}

fn audience(text: &str) -> String {
    text.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn custom() -> CloudSettings {
        let here = |port: u16| Some(format!("http://127.0.0.1:{port}"));
        CloudSettings {
            name: CloudName::Custom,
            authority: here(1),
            resource_manager: here(2),
            resource_manager_audience: None,
            ingestion: here(3),
            ingestion_audience: Some("https://monitor.azure.com/".to_owned()),
            query: here(4),
            query_audience: Some("https://api.loganalytics.io".to_owned()),
        }
    }

    #[rstest]
    #[case(CloudName::Public, "https://login.microsoftonline.com", "https://monitor.azure.com/.default")]
    #[case(CloudName::UsGovernment, "https://login.microsoftonline.us", "https://monitor.azure.us/.default")]
    #[case(CloudName::China, "https://login.chinacloudapi.cn", "https://monitor.azure.cn/.default")]
    fn each_known_cloud_has_its_endpoints(#[case] name: CloudName, #[case] authority: &str, #[case] scope: &str) {
        let cloud = CloudSettings { name, ..CloudSettings::default() }.endpoints().unwrap();
        assert_eq!((cloud.authority.as_str(), cloud.scope(Audience::Ingestion).as_str()), (authority, scope));
        assert_eq!(cloud.query_audience, cloud.query.as_str());
    }

    #[test]
    fn a_custom_cloud_names_every_endpoint() {
        let cloud = custom().endpoints().unwrap();
        assert_eq!(cloud.scope(Audience::ResourceManager), "http://127.0.0.1:2/.default");
        assert_eq!(cloud.scope(Audience::Ingestion), "https://monitor.azure.com/.default");
        for key in ["authority", "resource_manager", "ingestion", "ingestion_audience", "query", "query_audience"] {
            let mut json = serde_json::to_value(custom()).unwrap();
            json.as_object_mut().unwrap().remove(key);
            let lacking: CloudSettings = serde_json::from_value(json).unwrap();
            assert_eq!(lacking.endpoints().unwrap_err(), format!("azure.cloud: {key} is missing"));
        }
    }

    #[test]
    fn an_endpoint_beside_a_known_name_is_refused_rather_than_passed_over() {
        let settings = CloudSettings { name: CloudName::Public, ..custom() };
        assert!(settings.endpoints().unwrap_err().contains("authority goes with name = \"custom\""));
    }

    #[rstest]
    #[case("http://10.0.0.1")]
    #[case("https://management.azure.com/x")]
    #[case("management.azure.com")]
    fn an_endpoint_that_may_not_be_used_is_refused(#[case] given: &str) {
        let settings = CloudSettings { resource_manager: Some(given.to_owned()), ..custom() };
        assert!(settings.endpoints().unwrap_err().contains("resource_manager is not a base URL"));
    }

    #[rstest]
    #[case("https://w-x1.westeurope-1.ingest.monitor.azure.com", true)]
    #[case("https://w-x1.westeurope-1.ingest.monitor.azure.com/", true)]
    #[case("https://w-x1.westeurope-1.ingest.monitor.azure.com:444", false)]
    #[case("https://w-x1.ingest.monitor.azure.us", false)]
    #[case("https://ingest.monitor.azure.com", false)]
    #[case("https://x.ingest.monitor.azure.com.evil.example", false)]
    #[case("https://xingest.monitor.azure.com", false)]
    #[case("http://x.ingest.monitor.azure.com", false)]
    #[case("https://u@x.ingest.monitor.azure.com", false)]
    #[case("https://x.ingest.monitor.azure.com/path", false)]
    #[case("https://x.ingest.monitor.azure.com?q=1", false)]
    #[case("http://127.0.0.1:1", false)]
    fn rows_go_to_hosts_of_the_cloud_only(#[case] address: &str, #[case] taken: bool) {
        let cloud = CloudSettings::default().endpoints().unwrap();
        assert_eq!(cloud.ingestion_at(address).is_some(), taken, "{address}");
    }

    #[test]
    fn a_whole_endpoint_is_the_only_one() {
        let cloud = custom().endpoints().unwrap();
        assert!(cloud.ingestion_at("http://127.0.0.1:3").is_some());
        assert!(cloud.ingestion_at("http://127.0.0.1:4").is_none());
        let ends = CloudSettings { ingestion: Some("*.ingest.corp.example".to_owned()), ..custom() };
        let cloud = ends.endpoints().unwrap();
        assert!(cloud.ingestion_at("https://a.ingest.corp.example").is_some());
        assert!(cloud.ingestion_at("http://127.0.0.1:3").is_none());
    }
}
