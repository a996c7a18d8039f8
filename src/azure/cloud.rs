//! The clouds that Azure Resource Manager is in.

use crate::azure::entra::authority::{Authority, DEFAULT};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::url::ServerUrl;

/// Each authority, and Azure Resource Manager of its cloud. Nothing else ever gets a token.
const CLOUDS: [(&str, &str); 4] = [
    (DEFAULT, "https://management.azure.com"),
    ("https://login.windows.net", "https://management.azure.com"),
    ("https://login.microsoftonline.us", "https://management.usgovcloudapi.net"),
    ("https://login.partner.microsoftonline.cn", "https://management.chinacloudapi.cn"),
];

/// Where to sign in, and where to look.
#[derive(Debug, Clone)]
pub(crate) struct Cloud {
    /// The authority.
    pub authority: ServerUrl,
    /// Azure Resource Manager.
    pub arm: ServerUrl,
    /// Whether a practice server plays both.
    pub practice: bool,
}

impl Cloud {
    /// The cloud of a connection: by its authority, the public one where none is named. A practice server is a cloud of
    /// its own.
    ///
    /// # Errors
    /// [`Fault::BadForm`] for an authority that is none of Microsoft's.
    pub(crate) fn of(connection: &Connection) -> Result<Self, Fault> {
        let product = &connection.server_url;
        if product.is_practice() {
            return Ok(Self { authority: product.clone(), arm: product.clone(), practice: true });
        }
        let authority = Authority::typed(connection.detail(FieldId::Authority), product)?;
        let authority = authority.base();
        let known = CLOUDS.iter().find(|(known, _)| *known == authority.as_str());
        let arm = known.and_then(|(_, arm)| ServerUrl::parse(arm, &[]).ok()).map(|(arm, _)| arm);
        let arm = arm.ok_or_else(|| not_allowed(product, authority.as_str()))?;
        Ok(Self { authority: authority.clone(), arm, practice: false })
    }

    /// For whom a token is asked: Azure Resource Manager itself, so that it is of no use elsewhere.
    pub(crate) fn scope(&self) -> String {
        format!("{}/.default", self.arm)
    }
}

/// A request, or a token, that would have gone where none may go.
pub(crate) fn not_allowed(host: &ServerUrl, to: &str) -> Fault {
    Fault::Redirected { host: host.host(), location: crate::model::clean::clean(to, false) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::connection;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(None, "https://management.azure.com")]
    #[case(Some("https://login.microsoftonline.com"), "https://management.azure.com")]
    #[case(Some("https://login.microsoftonline.us/x"), "https://management.usgovcloudapi.net")]
    #[case(Some("https://login.partner.microsoftonline.cn"), "https://management.chinacloudapi.cn")]
    fn each_authority_has_its_own_resource_manager(#[case] authority: Option<&str>, #[case] arm: &str) {
        let connection =
            connection("https://smoc1.azurewebsites.net", &[(FieldId::Authority, authority.unwrap_or(""))]);
        let cloud = Cloud::of(&connection).unwrap();
        assert_eq!((cloud.arm.as_str(), cloud.practice), (arm, false));
        assert_eq!(cloud.scope(), format!("{arm}/.default"));
    }

    #[rstest]
    #[case("https://login.evil.example")]
    #[case("http://127.0.0.1:1")]
    fn no_other_authority_is_taken(#[case] authority: &str) {
        let connection = connection("https://smoc1.azurewebsites.net", &[(FieldId::Authority, authority)]);
        let fault = Cloud::of(&connection).unwrap_err();
        assert!(matches!(fault, Fault::BadForm { .. }), "{fault:?}");
    }

    #[test]
    fn a_practice_server_is_a_cloud_of_its_own() {
        let connection = connection("http://127.0.0.1:9", &[(FieldId::Authority, "https://login.microsoftonline.com")]);
        let cloud = Cloud::of(&connection).unwrap();
        assert_eq!((cloud.arm.as_str(), cloud.practice), ("http://127.0.0.1:9", true));
    }
}
