//! What Azure says of each resource, as far as it matters here. A key of the relay (`sendKeyValue`) is not among it, so
//! it is never held.

use serde::Deserialize;

use super::place::plain;
use crate::azure::lenient::{self, or_default};

/// The port on which Service Manager's SDK service listens.
pub(crate) const PORT: u16 = 5724;

/// A hybrid connection.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct HybridConnection {
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is.
    #[serde(default, deserialize_with = "or_default")]
    pub properties: HybridProperties,
}

/// What a hybrid connection is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct HybridProperties {
    /// How many managers are connected; absent where there is none.
    #[serde(deserialize_with = "lenient::plain")]
    pub listener_count: Option<u64>,
    /// Whether a sender must show a key.
    #[serde(deserialize_with = "lenient::plain")]
    pub requires_client_authorization: Option<bool>,
    /// JSON in a string: `[{"key":"endpoint","value":"scsm.corp.local:5724"}]`.
    pub user_metadata: Option<String>,
}

#[derive(Deserialize)]
struct Metadatum {
    key: String,
    value: String,
}

/// Where a hybrid connection leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// To this host, in plain form, and port.
    At(String, u16),
    /// Nothing says where.
    None,
    /// What says where cannot be read; as it came.
    Unreadable(String),
}

impl HybridProperties {
    /// Where it leads.
    pub(crate) fn endpoint(&self) -> Endpoint {
        let Some(text) = self.user_metadata.as_deref().filter(|text| !text.trim().is_empty()) else {
            return Endpoint::None;
        };
        let unreadable = |text: &str| Endpoint::Unreadable(crate::model::clean::clean(text, false));
        let Ok(all) = serde_json::from_str::<Vec<Metadatum>>(text) else { return unreadable(text) };
        let Some(found) = all.into_iter().find(|item| item.key.eq_ignore_ascii_case("endpoint")) else {
            return Endpoint::None;
        };
        let parts =
            found.value.rsplit_once(':').and_then(|(host, port)| Some((plain(host), port.trim().parse().ok()?)));
        match parts {
            Some((host, port)) if !host.is_empty() => Endpoint::At(crate::model::clean::clean(&host, false), port),
            _ => unreadable(&found.value),
        }
    }
}

/// A Service Bus namespace.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Namespace {
    /// Its region.
    #[serde(default, deserialize_with = "or_default")]
    pub location: String,
    /// What it is.
    #[serde(default, deserialize_with = "or_default")]
    pub properties: NamespaceProperties,
}

/// What a namespace is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NamespaceProperties {
    /// Such as `Active`.
    pub status: Option<String>,
}

/// A web app's use of a hybrid connection.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Binding {
    /// What it is.
    #[serde(default, deserialize_with = "or_default")]
    pub properties: BindingProperties,
}

/// What a web app uses, and for which endpoint.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BindingProperties {
    /// The hybrid connection's name.
    #[serde(deserialize_with = "or_default")]
    pub relay_name: String,
    /// The host that is tunnelled. Azure writes it in both ways.
    #[serde(alias = "hostName", deserialize_with = "or_default")]
    pub hostname: String,
    /// The port that is tunnelled.
    #[serde(deserialize_with = "lenient::plain")]
    pub port: Option<u32>,
}

/// A web app.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Site {
    /// What it is.
    #[serde(default, deserialize_with = "or_default")]
    pub properties: SiteProperties,
}

/// What a web app is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SiteProperties {
    /// The ID of the plan it runs on.
    pub server_farm_id: Option<String>,
}

/// An App Service plan.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Plan {
    /// Its price.
    #[serde(default, deserialize_with = "or_default")]
    pub sku: Sku,
}

/// What a plan costs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Sku {
    /// Such as `S1`.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Such as `Standard`.
    #[serde(deserialize_with = "or_default")]
    pub tier: String,
}

impl Sku {
    /// Whether hybrid connections come with it: from Basic on, and never with a plan by consumption.
    pub(crate) fn has_hybrid_connections(&self) -> bool {
        !["Free", "Shared", "Dynamic", "FlexConsumption"].iter().any(|tier| self.tier.eq_ignore_ascii_case(tier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Some(r#"[{"key":"endpoint","value":"SCSM.corp.local.:5724"}]"#), Endpoint::At("scsm.corp.local".into(), 5724))]
    #[case(Some(r#"[{"key":"a","value":"b"},{"key":"Endpoint","value":"s: 99"}]"#), Endpoint::At("s".into(), 99))]
    #[case(Some("[]"), Endpoint::None)]
    #[case(Some(" "), Endpoint::None)]
    #[case(None, Endpoint::None)]
    #[case(Some("scsm:5724"), Endpoint::Unreadable("scsm:5724".into()))]
    #[case(Some(r#"[{"key":"endpoint","value":"scsm"}]"#), Endpoint::Unreadable("scsm".into()))]
    #[case(Some(r#"[{"key":"endpoint","value":"scsm:99999"}]"#), Endpoint::Unreadable("scsm:99999".into()))]
    fn the_endpoint_stands_in_json_in_a_string(#[case] metadata: Option<&str>, #[case] expected: Endpoint) {
        let user_metadata = metadata.map(str::to_owned);
        assert_eq!(HybridProperties { user_metadata, ..HybridProperties::default() }.endpoint(), expected);
    }

    #[test]
    fn null_and_texts_are_read_for_what_they_mean() {
        let json = r#"{"name":null,"properties":{"listenerCount":"2","requiresClientAuthorization":"True","userMetadata":null,"new":[]}}"#;
        let found: HybridConnection = serde_json::from_str(json).unwrap();
        let (count, required) = (found.properties.listener_count, found.properties.requires_client_authorization);
        assert_eq!((count, required, found.properties.endpoint()), (Some(2), Some(true), Endpoint::None));
        let bare: HybridConnection = serde_json::from_str(r#"{"properties":null}"#).unwrap();
        assert_eq!(bare.properties, HybridProperties::default());
        let json = r#"{"properties":{"relayName":null,"hostname":null,"port":"5724"}}"#;
        let binding: Binding = serde_json::from_str(json).unwrap();
        assert_eq!((binding.properties.hostname.as_str(), binding.properties.port), ("", Some(5724)));
        assert!(serde_json::from_str::<Plan>(r#"{"sku":null}"#).unwrap().sku.has_hybrid_connections());
        assert!(serde_json::from_str::<Namespace>(r#"{"location":null,"properties":{"status":null}}"#).is_ok());
    }

    #[rstest]
    #[case("hostname")]
    #[case("hostName")]
    fn a_binding_is_read_in_both_spellings_and_without_its_key(#[case] spelling: &str) {
        let json = serde_json::json!({ "properties": {
            "serviceBusNamespace": "n", "relayName": "r", spelling: "scsm", "port": 5724, "sendKeyValue": "k3y" } });
        let binding: Binding = serde_json::from_value(json).unwrap();
        assert_eq!((binding.properties.hostname.as_str(), binding.properties.port), ("scsm", Some(5724)));
        assert!(!format!("{binding:?}").contains("k3y"));
    }
}
