//! The web app's start page, which prints its settings in clear, or names those that are missing
//! (`Views/Home/Index.cshtml` of Azure/SMOMSConnector).

use std::collections::BTreeMap;

use super::errors::{self, short};
use crate::model::fault::Fault;
use crate::partner::http::{Http, SMALL_LIMIT_BYTES};

/// The settings that the start page shows (`Web.config`).
pub const SETTINGS: [&str; 6] =
    ["ida:Tenant", "ida:Audience", "ida:WhitelistedClientId", "ida:ServerName", "ida:Domain", "ida:Username"];

/// What the start page tells.
#[derive(Debug, PartialEq, Eq)]
pub enum Settings {
    /// The settings, by name.
    Shown(BTreeMap<String, String>),
    /// The ones that are missing.
    Missing(Vec<String>),
    /// It is another page than we know.
    Unknown,
}

/// Looks at the start page.
///
/// # Errors
/// What kept it from coming.
pub async fn look(http: &Http) -> Result<Settings, Fault> {
    let reply = http.get("/", None, SMALL_LIMIT_BYTES).await?;
    if reply.status != 200 {
        return Err(errors::fault_of(&reply, "/", jiff::Timestamp::now()));
    }
    Ok(read(&String::from_utf8_lossy(&reply.body)))
}

/// Reads the page. A setting counts as shown where a value stands behind its name, as missing where none does.
fn read(page: &str) -> Settings {
    let texts = texts(page);
    let value = |name: &str| {
        let place = texts.iter().position(|text| text.eq_ignore_ascii_case(name))?;
        texts.get(place + 1).filter(|value| !value.to_ascii_lowercase().starts_with("ida:")).cloned()
    };
    let named: Vec<&str> = SETTINGS.into_iter().filter(|name| texts.iter().any(|text| text.contains(name))).collect();
    // The callout is a bare list of names; the tables have a heading that speaks of settings.
    let has_tables = page.contains("<table") || page.contains("<td");
    if named.is_empty() {
        return Settings::Unknown;
    }
    if has_tables {
        let shown: BTreeMap<_, _> = named.iter().filter_map(|name| Some(((*name).to_owned(), value(name)?))).collect();
        let lacking: Vec<_> =
            SETTINGS.iter().filter(|name| !shown.contains_key(**name)).map(|name| (*name).to_owned()).collect();
        return if lacking.is_empty() { Settings::Shown(shown) } else { Settings::Missing(lacking) };
    }
    Settings::Missing(named.into_iter().map(str::to_owned).collect())
}

/// The texts between the tags, cleaned, without empty ones.
fn texts(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for piece in page.split('<') {
        let text = piece.split_once('>').map_or("", |(_, text)| text);
        let text = short(&unescape(text));
        if !text.is_empty() {
            texts.push(text);
        }
    }
    texts
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_and_the_callout_as_well() {
        let rows: String =
            SETTINGS.iter().map(|name| format!("<tr><td>{name}</td><td> a&amp;{name}-v </td></tr>")).collect();
        let Settings::Shown(shown) = read(&format!("<h4>Settings</h4><table>{rows}</table>")) else { panic!() };
        assert_eq!(shown["ida:Domain"], "a&ida:Domain-v");
        let empty = rows.replace("a&amp;ida:Domain-v", "");
        assert_eq!(read(&format!("<table>{empty}</table>")), Settings::Missing(vec!["ida:Domain".into()]));
        let callout = "<div class='bs-callout'><p>Missing</p><ul><li>ida:Tenant</li></ul></div>";
        assert_eq!(read(callout), Settings::Missing(vec!["ida:Tenant".into()]));
        assert_eq!(read("<h1>Your app is running</h1>"), Settings::Unknown);
    }
}
