//! The text of a mapping file, the same for every product.

use std::fmt::Write as _;

use super::Route;
use crate::model::partner::{ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;

/// How the last line of a file begins that itsmc wrote. The number behind it is that of the text above.
const STAMP: &str = "# Written by itsmc and not changed since: ";

/// A text in TOML.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Writes a kind with its columns.
pub fn push_spec(out: &mut String, spec: &WorkItemSpec) {
    let (kind, source) = (quoted(spec.kind.id()), quoted(&spec.source));
    let _ = write!(out, "\n[[work_item]]\nkind = {kind}\nsource = {source}\ncolumn = [\n");
    for column in &spec.columns {
        let _ = writeln!(out, "    {}", column_line(&column.from, &column.to, column.holds));
    }
    out.push_str("]\n");
}

fn column_line(from: &str, to: &str, holds: ValueType) -> String {
    format!("{{ from = {}, to = {}, holds = {} }},", quoted(from), quoted(to), quoted(holds.id()))
}

/// Writes a route.
pub fn push_route(out: &mut String, name: &str, route: &Route) {
    let pair = |(name, value): (&String, &String)| format!("{} = {}", quoted(name), quoted(value));
    let parameters: Vec<_> = route.parameters.iter().map(pair).collect();
    let _ =
        write!(out, "\n[routes.{}]\nverb = {}\npath = {}\n", quoted(name), quoted(&route.verb), quoted(&route.path));
    let _ = writeln!(out, "parameters = {{ {} }}", parameters.join(", "));
}

/// A kind as comments to fill in: every line of it begins with `#`, so that it counts only once someone takes the `#`
/// away. Columns without a name in the product stand as `...`.
pub fn pattern(kind: WorkItemKind, source: Option<&str>, columns: &[(Option<String>, &str, ValueType)]) -> String {
    let (kind, source) = (quoted(kind.id()), quoted(source.unwrap_or("...")));
    let mut out = format!("#\n# [[work_item]]\n# kind = {kind}\n# source = {source}\n# column = [\n");
    for (from, to, holds) in columns {
        let _ = writeln!(out, "#     {}", column_line(from.as_deref().unwrap_or("..."), to, *holds));
    }
    out + "# ]\n"
}

/// Names of the product as comments, to choose from: each with what is known of it.
pub fn listed<'a>(title: &str, names: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut out = format!("\n# {title}\n");
    for (name, about) in names {
        let about = if about.is_empty() { about } else { format!("  ({about})") };
        let _ = writeln!(out, "#   {name}{about}");
    }
    out
}

/// A text with a last line by which [`is_untouched`] knows it again.
pub fn stamped(text: &str) -> String {
    let text = text.trim_end();
    format!("{text}\n\n{STAMP}{:016x}\n", number(text))
}

/// Whether a file is as itsmc wrote it.
pub fn is_untouched(text: &str) -> bool {
    let text = text.replace("\r\n", "\n");
    let Some((body, stamp)) = text.rsplit_once(STAMP) else { return false };
    stamp.trim() == format!("{:016x}", number(body.trim_end()))
}

/// The number of a text: FNV-1a, which is the same in every release. It guards against nothing but forgetting.
fn number(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
