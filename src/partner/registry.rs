//! The list of the partners that are part of the binary. Everything else that lists partners is made from it.

use std::sync::Arc;

use super::{Access, Partner};
use crate::model::fault::Fault;
use crate::model::partner::Catalogue;

/// One product that itsmc can connect to.
#[derive(Clone, Copy)]
pub struct Registration {
    /// The id of its asset, which is also the id of its practice server.
    pub id: &'static str,
    /// The text of its asset.
    pub asset: &'static str,
    /// Makes its client.
    pub connect: fn(Access) -> Result<Arc<dyn Partner>, Fault>,
}

macro_rules! partners {
    ($($id:literal => $module:ident),* $(,)?) => {
        [$(Registration {
            id: $id,
            asset: include_str!(concat!("../../assets/partners/", $id, ".toml")),
            connect: super::$module::connect,
        }),*]
    };
}

/// The partners that are part of the binary, in the order of the wizard.
pub const BUILT_IN: [Registration; 4] = partners![
    "servicenow" => servicenow,
    "service-manager" => service_manager,
    "provance" => provance,
    "cherwell" => cherwell,
];

// Here, because `model` may not name the products.
impl Catalogue {
    /// The partners that are part of the binary.
    ///
    /// # Errors
    /// When an asset is not as [`PartnerSpec`](crate::model::partner::PartnerSpec) wants it; a test keeps that from
    /// happening.
    pub fn built_in() -> Result<Self, toml::de::Error> {
        Self::from_assets(&BUILT_IN.map(|partner| partner.asset))
    }
}

/// Makes the client of the partner that an access is for.
///
/// # Errors
/// [`Fault::PartnerNotReady`] for a partner that is not in `known`, and why its client cannot be made.
pub fn connect(known: &[Registration], access: Access) -> Result<Arc<dyn Partner>, Fault> {
    match known.iter().find(|partner| partner.id == access.spec.id.as_str()) {
        Some(partner) => (partner.connect)(access),
        None => Err(Fault::PartnerNotReady { partner: access.spec.name }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::FieldId;

    #[test]
    fn every_registration_names_the_id_of_its_asset() {
        let catalogue = Catalogue::built_in().unwrap();
        let ids: Vec<_> = catalogue.all().iter().map(|spec| spec.id.as_str()).collect();
        assert_eq!(ids, BUILT_IN.map(|partner| partner.id));
    }

    #[test]
    fn every_form_offers_the_switch_for_configuration_items() {
        for spec in Catalogue::built_in().unwrap().all() {
            assert!(spec.field(FieldId::CreateConfigurationItems).is_some(), "{}", spec.id);
        }
    }
}
