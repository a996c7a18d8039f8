//! Why the web app refuses a token, or fails before it is asked anything of Service Manager: its start page names settings
//! that are missing, and shows for whom it is set up.

use super::home_page::{self, Settings};
use super::{ServiceManager, errors, sign_in};
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;

/// The settings that a token depends on, each with the field of the form that must be equal.
const SAME: [(&str, FieldId); 3] = [
    ("ida:Audience", FieldId::Audience),
    ("ida:WhitelistedClientId", FieldId::ClientId),
    ("ida:Tenant", FieldId::Tenant),
];

/// The fault with its culprit if the start page names it; else the fault itself.
pub async fn named(partner: &ServiceManager, fault: Fault) -> Fault {
    let of_token = match &fault {
        Fault::NotAuthenticated { .. } => true,
        Fault::Forbidden { .. } => !errors::is_no_permission(&fault),
        _ => false,
    };
    let may_be_set_up_wrongly =
        matches!(fault, Fault::PartnerError { status: 500, .. } | Fault::ProductUnreachable { .. });
    if !of_token && !may_be_set_up_wrongly {
        return fault;
    }
    match home_page::look(partner.session.http()).await {
        Ok(Settings::Missing(names)) => Fault::SettingsMissing { names: names.join(", ") },
        Ok(Settings::Shown(settings)) if of_token => {
            let shown = |name: &str| settings.get(name).map(String::as_str);
            different(&partner.connection, shown).unwrap_or(fault)
        }
        _ => fault,
    }
}

fn different<'a>(connection: &Connection, shown: impl Fn(&str) -> Option<&'a str>) -> Option<Fault> {
    SAME.into_iter().find_map(|(setting, field)| {
        let ours = match field {
            FieldId::Audience => sign_in::audience(connection),
            FieldId::ClientId => connection.client_id.clone(),
            field => connection.detail(field).unwrap_or_default().to_owned(),
        };
        let theirs = shown(setting)?;
        let same = match field {
            FieldId::Audience => theirs == ours,
            // A tenant may be told by its id here and by a domain there.
            FieldId::Tenant => theirs.eq_ignore_ascii_case(&ours) || is_guid(theirs) != is_guid(&ours),
            _ => theirs.eq_ignore_ascii_case(&ours),
        };
        let (setting, theirs, key) = (setting.to_owned(), theirs.to_owned(), field.key().to_owned());
        (!same).then_some(Fault::SettingDiffers { setting, theirs, ours, key })
    })
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}
