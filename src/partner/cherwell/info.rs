//! The system's description of itself: `GET /api/V1/serviceinfo`, which needs no sign-in.

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value as Json;

use super::culture::Culture;
use super::dates::Dates;
use super::errors::flag;
use super::zone;
use crate::model::clean::clean;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::form::FieldId;

/// From this version on `pageNumber` is the number of a page's first row; before, it is the page's.
const BY_ROW_FROM: (u64, u64) = (9, 7);

/// The culture that is used if neither the system nor the admin names one.
const DEFAULT_CULTURE: &str = "en-US";

/// The system's description of itself. Every member may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceInfo {
    /// The API's version, such as `10.5.0`.
    #[serde(alias = "ApiVersion")]
    api_version: Json,
    /// The product's.
    #[serde(alias = "CsmVersion")]
    csm_version: Json,
    /// Its culture, such as `en-US`.
    #[serde(alias = "CsmCulture")]
    csm_culture: Json,
    /// Its zone: an object whose members differ.
    #[serde(alias = "TimeZone")]
    time_zone: Json,
    /// Its offset from UTC now; newer versions only.
    #[serde(alias = "SystemUtcOffset")]
    system_utc_offset: Json,
}

impl ServiceInfo {
    /// Reads a reply's body.
    pub fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// The version, if one is told.
    pub fn version(&self) -> Option<String> {
        [&self.api_version, &self.csm_version].into_iter().find_map(text)
    }

    /// The product's own version, if it differs from the API's.
    pub fn build(&self) -> Option<String> {
        text(&self.csm_version).filter(|build| Some(build) != self.version().as_ref())
    }

    /// Major and minor version.
    pub fn release(&self) -> Option<(u64, u64)> {
        let version = self.version()?;
        let mut parts = version.split('.').map(|part| part.trim().parse().ok());
        Some((parts.next()??, parts.next().unwrap_or(Some(0))?))
    }

    /// Whether `pageNumber` is the number of a row.
    pub fn pages_by_row(&self) -> bool {
        self.release().is_none_or(|release| release >= BY_ROW_FROM)
    }

    /// How its dates are read and written: the admin's settings take precedence over the system's.
    ///
    /// # Errors
    /// [`Fault::DatesUnclear`] if the culture is unknown, or the zone is not clear.
    pub fn dates(&self, connection: &Connection) -> Result<Dates, Fault> {
        let culture = self.culture(connection.detail(FieldId::Culture))?;
        let (zone, zone_name) = self.zone(connection.detail(FieldId::TimeZone))?;
        Ok(Dates { culture, zone, zone_name })
    }

    fn culture(&self, said: Option<&str>) -> Result<Culture, Fault> {
        let own = text(&self.csm_culture);
        let name = said.or(own.as_deref()).unwrap_or(DEFAULT_CULTURE);
        match (Culture::named(name), said) {
            (Some(culture), None) => Ok(culture),
            (Some(culture), Some(_)) => Ok(culture.said()),
            // How the system's own culture writes dates its dates may show; a name that the admin mistyped they cannot.
            (None, None) => Ok(Culture::unknown(name)),
            (None, Some(_)) => Err(Fault::DatesUnclear { field: FieldId::Culture, detail: clean(name, false) }),
        }
    }

    fn zone(&self, said: Option<&str>) -> Result<(TimeZone, String), Fault> {
        let unclear = |detail: String| Fault::DatesUnclear { field: FieldId::TimeZone, detail };
        if let Some(name) = said {
            let zone = zone::named(name).ok_or_else(|| unclear(clean(name, false)))?;
            return Ok((zone, name.to_owned()));
        }
        if let Some(known) = self.zone_names().into_iter().find_map(|name| Some((zone::named(&name)?, name))) {
            return Ok(known);
        }
        let member = |name: &str| find(&self.time_zone, name);
        let summer = member("supportsDaylightSavingTime").and_then(flag);
        let base = member("baseUtcOffset").and_then(text).and_then(|text| zone::offset(&text));
        match (summer, base) {
            (Some(false), Some(offset)) => Ok((TimeZone::fixed(offset), format!("UTC{offset}"))),
            _ => Err(unclear(self.zone_names().join(", "))),
        }
    }

    /// The names that the zone goes by.
    fn zone_names(&self) -> Vec<String> {
        let members = ["id", "standardName", "name", "timeZoneId"].into_iter();
        let named = members.filter_map(|name| find(&self.time_zone, name)).filter_map(text);
        text(&self.time_zone).into_iter().chain(named).collect()
    }
}

/// A member of an object, by its name without regard to case.
fn find<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    object.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn text(value: &Json) -> Option<String> {
    let text = clean(value.as_str()?.trim(), false);
    (!text.is_empty()).then_some(text)
}
