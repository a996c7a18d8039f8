//! Teams and customers by a part of their names, to be chosen from. Templates have no place in the public interface.

use serde_json::Value as Json;

use super::lookup::{ACCOUNT, CONTACT, Place, TEAM};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::ticket::{Listed, ListedEntry, Listing};
use crate::net::http::PAGE_LIMIT_BYTES;
use crate::partner::provance::{Provance, query};

/// How many are shown of each table.
const SHOWN: usize = 50;

/// Those whose name holds this text; `None` for templates.
///
/// # Errors
/// Why the environment could not be asked, or may not be.
pub async fn of(partner: &Provance, what: Listing, part: &str) -> Result<Option<Listed>, Fault> {
    let places: &[&Place] = match what {
        Listing::Groups => &[&TEAM],
        Listing::Callers => &[&ACCOUNT, &CONTACT],
        Listing::Templates => return Ok(None),
    };
    let mut listed = Listed::default();
    for place in places {
        let names = names(partner, place, part.trim()).await?;
        listed.more |= names.len() >= SHOWN;
        listed.entries.extend(names.into_iter().map(|name| ListedEntry { name, about: place.set.to_owned() }));
    }
    Ok(Some(listed))
}

async fn names(partner: &Provance, place: &Place, part: &str) -> Result<Vec<String>, Fault> {
    let filter = match part {
        "" => String::new(),
        part => {
            let filter = format!("contains({},'{}')", place.name, part.replace('\'', "''"));
            format!("&$filter={}", query::encode(&filter))
        }
    };
    let order = query::encode(&format!("{} asc", place.name));
    let path = format!("{}{}?$select={}{filter}&$orderby={order}&$top={SHOWN}", query::API, place.set, place.name);
    let reply = partner.fetch(&path, place.set, None, PAGE_LIMIT_BYTES).await?;
    let malformed = |_| Fault::Malformed { what: place.set.to_owned(), detail: "no list of rows".to_owned() };
    let told: Json = serde_json::from_slice(&reply.body).map_err(malformed)?;
    let rows = told["value"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(rows.iter().filter_map(|row| row[place.name].as_str()).map(|name| clean(name, false)).collect())
}
