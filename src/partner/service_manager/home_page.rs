//! The web app's start page, which shows its settings in plain text, or lists the missing ones
//! (`Views/Home/Index.cshtml` of Azure/SMOMSConnector).

use std::collections::BTreeMap;

use super::errors::{self, short};
use crate::model::fault::Fault;
use crate::net::http::{Http, SMALL_LIMIT_BYTES};

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
/// Why it did not come.
pub async fn look(http: &Http) -> Result<Settings, Fault> {
    let reply = http.get("/", None, SMALL_LIMIT_BYTES).await?;
    if reply.status != 200 {
        return Err(errors::fault_of(&reply, "/", jiff::Timestamp::now()));
    }
    Ok(read(&String::from_utf8_lossy(&reply.body)))
}

/// Reads the page. A setting counts as shown where a value stands behind its name in the same row, as missing where none
/// does. A page that names settings outside of any table tells which are missing.
fn read(page: &str) -> Settings {
    let lower = page.to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    let named: Vec<&str> = SETTINGS.into_iter().filter(|name| lower.contains(&name.to_ascii_lowercase())).collect();
    let shown: BTreeMap<_, _> =
        named.iter().filter_map(|name| Some(((*name).to_owned(), value(page, &lower, name)?))).collect();
    if has(&["<table", "<td", "<dt"]) && !named.is_empty() {
        let lacking: Vec<_> =
            SETTINGS.iter().filter(|name| !shown.contains_key(**name)).map(|name| (*name).to_owned()).collect();
        return if lacking.is_empty() { Settings::Shown(shown) } else { Settings::Missing(lacking) };
    }
    if !named.is_empty() && has(&["missing", "not configured", "not set", "not been set", "callout"]) {
        return Settings::Missing(named.into_iter().map(str::to_owned).collect());
    }
    Settings::Unknown
}

/// A name is looked for no more often.
const MOST_LABELS: usize = 8;

/// Where a row ends.
const ENDS: [&str; 5] = ["</tr", "</table", "</dl", "<dt", "</ul"];

/// The value after a name, at the first place where it has one.
fn value(page: &str, lower: &str, name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    labels(lower, &name).take(MOST_LABELS).find_map(|place| {
        let from = place + name.len();
        let rest = &lower[from..];
        let ends = ENDS.iter().filter_map(|end| rest.find(end)).chain(labels(rest, "ida:").next());
        let length = ends.min().unwrap_or(rest.len());
        let row = &page[from..from + length];
        let text = without_tags(row);
        let text = if text.is_empty() { typed_in(row).unwrap_or_default() } else { text };
        Some(text).filter(|text| !text.is_empty())
    })
}

/// Where a name is a label; in running text it is not.
fn labels<'a>(html: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let places = html.match_indices(name).map(|(place, _)| place);
    places.filter(|place| html[..*place].trim_end().ends_with('>'))
}

/// The text between the tags, cleaned.
fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    short(unescape(&out).trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | ',')))
}

/// What an input field holds.
fn typed_in(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("value=\"")?;
    Some(short(&unescape(rest.split_once('"')?.0)))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

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

    fn shown(open: &str, middle: &str, close: &str) -> String {
        let rows = SETTINGS.map(|name| format!("{open}{name}{middle}v of {name}{close}")).concat();
        format!("<html><h4>Settings</h4>{rows}<p>Test the connection</p></html>").replace("v of ida:", "v of ")
    }

    #[rstest]
    #[case("<table><tr><td>", "</td><td>", "</td></tr></table>")]
    #[case("<tr><th scope='row'>", ":</th> <td><code>", "</code></td></tr>")]
    #[case("<TR><TD>", "</TD><TD>&nbsp;", "</TD></TR>")]
    #[case("<dl><dt>", "</dt><dd>", "</dd></dl>")]
    #[case("<tr><td>", "</td><td><input value=\"", "\"/></td></tr>")]
    fn values_are_read_however_the_tables_are_drawn(#[case] open: &str, #[case] middle: &str, #[case] close: &str) {
        let Settings::Shown(all) = read(&shown(open, middle, close)) else { panic!() };
        assert_eq!(all["ida:Username"], "v of Username");
        let told = format!("<p>Set ida:Username in the portal.</p>{}", shown(open, middle, close));
        assert_eq!(read(&told), Settings::Shown(all));
    }

    #[test]
    fn what_stands_behind_a_table_is_no_value() {
        let page = shown("<tr><td>", "</td><td>", "</td></tr>").replace("v of Username", " ");
        assert_eq!(read(&page), Settings::Missing(vec!["ida:Username".into()]));
    }

    #[rstest]
    #[case("<p>Settings such as ida:Tenant are read from Web.config.</p>", Settings::Unknown)]
    #[case("<p>Not configured: ida:Tenant, ida:Audience.</p>", Settings::Missing(vec!["ida:Tenant".into(), "ida:Audience".into()]))]
    #[case("", Settings::Unknown)]
    #[case("<", Settings::Unknown)]
    fn a_page_without_tables_is_judged_by_its_words(#[case] page: &str, #[case] expected: Settings) {
        assert_eq!(read(page), expected);
    }
}
