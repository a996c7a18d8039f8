//! Templates (`sys_template`). No call of the REST interface applies one, so itsmc sends its values as columns.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::model::fault::Fault;
use crate::partner::servicenow::lookup::{self, Ask};
use crate::partner::servicenow::{ServiceNow, query};

const COLUMNS: &str = "sys_id,name,table,active,global,user.user_name,template";

/// The values of a template by its name or `sys_id`, and its parts that cannot be applied from outside.
///
/// # Errors
/// [`Fault::NotFound`] without exactly one active template of incidents of that name; why the instance could not be asked.
pub async fn of(partner: &ServiceNow, wanted: &str) -> Result<(BTreeMap<String, String>, Vec<String>), Fault> {
    let missing = || Fault::NotFound { what: format!("sys_template {wanted}") };
    let wanted = query::safe("template", wanted)?;
    let is_id = wanted.len() == 32 && wanted.bytes().all(|byte| byte.is_ascii_hexdigit());
    let field = if is_id { "sys_id" } else { "name" };
    let query = format!("{field}={wanted}^active=true");
    let ask = Ask { table: "sys_template", query: &query, fields: COLUMNS, limit: 10 };
    let mut rows = lookup::rows(&partner.session, ask).await?.rows;
    let fits = |row: &Json| ["incident", "global"].iter().any(|table| row["table"] == *table);
    // Those of other people are shown as well, and are not ours to use.
    let ours =
        |row: &Json| row["global"] == "true" || lookup::same(row, "user.user_name", &partner.connection.username);
    rows.retain(|row| lookup::same(row, field, wanted) && fits(row) && ours(row));
    match rows.as_slice() {
        [one] => Ok(decode(one["template"].as_str().unwrap_or_default())),
        _ => Err(missing()),
    }
}

/// The columns and values of an encoded template, such as `impact=2^short_description=Alert^EQ`. Dotted names do not apply
/// (ServiceNow docs, change management API), and `javascript:` is refused.
fn decode(encoded: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut values, mut left_out) = (BTreeMap::new(), Vec::new());
    for part in encoded.split('^').filter(|part| !part.is_empty() && *part != "EQ") {
        match part.split_once('=') {
            Some((name, value))
                if !name.is_empty() && !name.contains('.') && !value.trim_start().starts_with("javascript:") =>
            {
                values.insert(name.to_owned(), value.to_owned());
            }
            Some((name, _)) => left_out.push(name.to_owned()),
            // Behind a value that holds the separator.
            None => left_out.push(part.to_owned()),
        }
    }
    (values, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_gives_plain_values_and_names_the_rest() {
        let encoded = "impact=2^assignment_group=a715cd759f2002002920bde8132e7018^short_description=Automated : Alert\
                       ^caller_id=javascript:gs.getUserID()^cmdb_ci.name=x^odd^EQ";
        let (values, left_out) = decode(encoded);
        assert_eq!(values.len(), 3);
        assert_eq!(values["short_description"], "Automated : Alert");
        assert_eq!(left_out, ["caller_id", "cmdb_ci.name", "odd"]);
        assert_eq!(decode(""), (BTreeMap::new(), Vec::new()));
    }
}
