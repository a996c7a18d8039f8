//! Groups, persons and templates by a part of their names, to be chosen from.

use serde_json::Value as Json;

use crate::model::fault::Fault;
use crate::model::ticket::{Listed, ListedEntry, Listing};
use crate::partner::servicenow::lookup::{self, Ask, text};
use crate::partner::servicenow::{ServiceNow, query};

/// How many are shown.
const SHOWN: u32 = 50;

/// Those whose name holds this text; all of them, up to a limit, for an empty one.
///
/// # Errors
/// [`Fault::Forbidden`] and the like without the right to read the table; why the instance could not be asked.
pub async fn of(partner: &ServiceNow, what: Listing, part: &str) -> Result<Listed, Fault> {
    let part = part.trim();
    if !part.is_empty() {
        query::safe("name", part)?;
    }
    let (table, fields, searched): (_, _, &[&str]) = match what {
        Listing::Groups => ("sys_user_group", "sys_id,name,description,active", &["name"]),
        Listing::Callers => ("sys_user", "sys_id,user_name,name,email,active", &["name", "user_name", "email"]),
        Listing::Templates => {
            ("sys_template", "sys_id,name,table,active,global,user.user_name,short_description", &["name"])
        }
    };
    let spelt = spellings(part);
    let each = searched.iter().flat_map(|field| spelt.iter().map(move |part| format!("{field}LIKE{part}")));
    let by_part = each.collect::<Vec<_>>().join("^OR");
    let mut all = vec!["active=true".to_owned()];
    all.extend((!part.is_empty()).then_some(by_part));
    all.extend((what == Listing::Templates).then(|| "tableINincident,global".to_owned()));
    let query = format!("{}^ORDERBYname", all.join("^"));
    let found = lookup::rows(&partner.session, Ask { table, query: &query, fields, limit: SHOWN }).await?;
    let more = found.rows.len() as u64 >= u64::from(SHOWN) || found.some_hidden();
    // A field that is hidden is ignored in a query.
    let fits = |row: &Json| {
        let lower = part.to_lowercase();
        part.is_empty()
            || searched.iter().any(|field| text(row, field).is_some_and(|own| own.to_lowercase().contains(&lower)))
    };
    let rows = found.rows.iter().filter(|row| fits(row));
    let entries = rows.filter_map(|row| entry(partner, what, row)).collect();
    Ok(Listed { entries, more })
}

/// The ways in which a part of a name may be written: the documentation calls queries case-sensitive, and most databases behind
/// an instance do not tell capitals apart.
fn spellings(part: &str) -> Vec<String> {
    let lower = part.to_lowercase();
    let mut letters = lower.chars();
    let capital = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    let mut all = vec![part.to_owned(), capital, part.to_uppercase(), lower];
    all.sort();
    all.dedup();
    all
}

fn entry(partner: &ServiceNow, what: Listing, row: &Json) -> Option<ListedEntry> {
    let of = |field: &str| text(row, field).unwrap_or_default();
    let joined = |parts: [String; 2]| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let entry = match what {
        Listing::Groups => ListedEntry { name: of("name"), about: of("description") },
        Listing::Callers => ListedEntry { name: of("user_name"), about: joined([of("name"), of("email")]) },
        Listing::Templates => {
            let ours = row["global"] == "true" || lookup::same(row, "user.user_name", &partner.connection.username);
            let fits = ["incident", "global"].iter().any(|table| row["table"] == *table);
            if !ours || !fits {
                return None;
            }
            ListedEntry { name: of("name"), about: of("short_description") }
        }
    };
    (!entry.name.is_empty()).then_some(entry)
}
