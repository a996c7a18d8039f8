//! The current binding as a mapping file for the admin to correct.

use super::bind::{Bound, Sent};
use super::describe::Operation;
use super::names::Role;
use crate::model::partner::{Column, ValueType};
use crate::model::work_item::WorkItemKind;

const HEAD: &str = "# How the web app is bound. Correct what is wrong, and leave out what is right: what does not stand here\n\
# is taken from the web app's own description.\n\
# verb: get or post. parameters: page_size, skip or page_number, since, until, kind, api_version; each the web\n\
# app's own name, with '=value' where the value is always the same, and 'body:' before it where it goes into the body.\n\
# page_number: '=0' or '=1' behind the name says which number the first page has; else it is found out.\n\
# ordered_by: the rows come by last change, ascending. Say so only if it is certain: otherwise rows would be missed.\n\
# whole: the list always gives all its rows at once. Say so ('yes') only if it is certain: otherwise rows would be missed.\n\
# dictionary: the rows are the values of an object; the name of the property that holds it, or 'yes' for the whole reply.\n";

/// The value of an entry that describes a list and has no name.
pub const YES: &str = "yes";

/// The text of the file.
pub fn text(bound: &[Bound]) -> String {
    let mut out = HEAD.to_owned();
    for one in bound {
        push(&mut out, one);
    }
    out
}

/// What was not bound, as a pattern to fill in, and what the description has.
pub fn unbound(lacking: &[(WorkItemKind, String)], operations: &[Operation]) -> String {
    if lacking.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for (kind, detail) in lacking {
        let kind = kind.id();
        out.push_str(&format!(
            "\n# {kind} was not bound: {detail}.\n# [routes.{kind}]\n# verb = \"get\"\n# path = \"/api/...\"\n\
             # parameters = {{ page_size = \"...\", skip = \"...\", since = \"...\" }}\n#\n# [[work_item]]\n# kind = \"{kind}\"\n\
             # source = \"...\"\n# column = [\n"
        ));
        for (attribute, holds) in NEEDED {
            out.push_str(&format!("#     {{ from = \"...\", to = \"{attribute}\", holds = \"{holds}\" }},\n"));
        }
        out.push_str("# ]\n");
    }
    out.push_str("\n# What the description has:\n");
    for one in operations {
        let parameters: Vec<_> = one.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        out.push_str(&format!("#   {} ({})\n", one.shown(), parameters.join(", ")));
    }
    out
}

/// The required columns with their value types.
const NEEDED: [(&str, &str); 7] = [
    ("id", "text"),
    ("number", "text"),
    ("title", "text"),
    ("state", "choice"),
    ("priority", "choice"),
    ("opened_at", "moment"),
    ("updated_at", "moment"),
];

fn push(out: &mut String, bound: &Bound) {
    let kind = bound.columns.kind.id();
    let mut parameters: Vec<String> = bound.sent.iter().map(|(role, sent)| pair(role.id(), &written(sent))).collect();
    if let Some(property) = bound.property("updated_at").filter(|_| bound.ordered) {
        parameters.push(pair(Role::OrderedBy.id(), property));
    }
    if bound.whole {
        parameters.push(pair(Role::Whole.id(), YES));
    }
    if bound.shape.dictionary {
        parameters.push(pair(Role::Dictionary.id(), bound.shape.list.as_deref().unwrap_or(YES)));
    }
    out.push_str(&format!("\n[routes.{kind}]\nverb = {}\npath = {}\n", quoted(&bound.verb), quoted(&bound.path)));
    out.push_str(&format!("parameters = {{ {} }}\n", parameters.join(", ")));
    out.push_str(&format!(
        "\n[[work_item]]\nkind = {}\nsource = {}\ncolumn = [\n",
        quoted(kind),
        quoted(&bound.columns.source)
    ));
    for column in &bound.columns.columns {
        out.push_str(&column_line(column));
    }
    out.push_str("]\n");
}

fn column_line(column: &Column) -> String {
    let (from, to, holds) = (quoted(&column.from), quoted(&column.to), quoted(holds(column.holds)));
    format!("    {{ from = {from}, to = {to}, holds = {holds} }},\n")
}

fn written(sent: &Sent) -> String {
    let value = sent.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
    format!("{}{}{value}", if sent.in_body { "body:" } else { "" }, sent.name)
}

fn pair(key: &str, value: &str) -> String {
    format!("{key} = {}", quoted(value))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn holds(holds: ValueType) -> &'static str {
    match holds {
        ValueType::Text => "text",
        ValueType::Lines => "lines",
        ValueType::Choice => "choice",
        ValueType::Reference => "reference",
        ValueType::Moment => "moment",
        ValueType::Flag => "flag",
        ValueType::Number => "number",
    }
}
