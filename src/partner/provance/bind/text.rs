//! The current binding as a mapping file for the admin to correct.

use std::fmt::Write as _;

use super::{Binding, Lack, NEEDED};
use crate::model::fault::Fault;
use crate::model::mapping::{listed, pattern, push_spec};
use crate::model::partner::{ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::partner::provance::describe::{self, Attribute, Table};
use crate::partner::provance::{Provance, synonyms};

const HEAD: &str = "# Which tables and columns hold the work items. 'from' is a column's logical name, 'to' the attribute of a work\n\
# item, 'holds' one of text, lines, choice, reference, moment, flag, number. A line that begins with # does not count.\n\
# Correct it, then test again: itsmc connection test NAME\n";

/// If no table is bound, the columns of this many tables are listed.
const LIKELY: usize = 4;

/// The text of the file. For a kind without a binding it has a template to fill in.
///
/// # Errors
/// Why the description could not be read.
pub async fn text(partner: &Provance) -> Result<String, Fault> {
    let binding = partner.binding().await?;
    let mut text = HEAD.to_owned();
    for (kind, found) in &binding.kinds {
        match found {
            Ok(bound) => {
                push_spec(&mut text, &bound.spec);
                let attributes = describe::attributes(partner, &bound.spec.source).await?;
                text += &columns(&bound.spec.source, &attributes, Some(&bound.spec));
            }
            Err(lacks) => text += &unbound(partner, binding, *kind, lacks).await?,
        }
    }
    Ok(text)
}

/// A kind without a binding: the reason, the candidates, and everything to choose from.
async fn unbound(partner: &Provance, binding: &Binding, kind: WorkItemKind, lacks: &[Lack]) -> Result<String, Fault> {
    let why = lacks.iter().map(Lack::shown).collect::<Vec<_>>().join(", ");
    let mut text = String::new();
    if let [Lack::Unconfirmed(_, spec)] = lacks {
        let _ = writeln!(
            text,
            "\n# NOT CERTAIN: {why}. No solution of Provance was found to which this table belongs. This file confirms it;\n\
             # put # before each line if it is the wrong one."
        );
        push_spec(&mut text, spec);
        let attributes = describe::attributes(partner, &spec.source).await?;
        return Ok(text + &columns(&spec.source, &attributes, Some(spec)));
    }
    let _ = writeln!(text, "\n# NOT FOUND: {why}. Fill this in and take the # away:");
    let likely = likely(binding, kind, lacks);
    let wanted = partner.spec.work_item(kind);
    let needed = |to: &str| NEEDED.contains(&to);
    let all = wanted.map(|spec| spec.columns.as_slice()).unwrap_or_default();
    let first = match likely.first() {
        Some(table) => describe::attributes(partner, &table.name).await?,
        None => Vec::new(),
    };
    let named = |to: &str| synonyms::system_column(to, &first).map(str::to_owned);
    let id = likely.first().map(|table| table.id.clone());
    let rows: Vec<(Option<String>, &str, ValueType)> = all
        .iter()
        .filter(|column| needed(&column.to))
        .map(|column| {
            (if column.to == "id" { id.clone() } else { named(&column.to) }, column.to.as_str(), column.holds)
        })
        .collect();
    text += &pattern(kind, likely.first().map(|table| table.name.as_str()), &rows);
    for (place, table) in likely.iter().enumerate() {
        let attributes = if place == 0 { first.clone() } else { describe::attributes(partner, &table.name).await? };
        text += &columns(&table.name, &attributes, None);
    }
    if likely.is_empty() {
        let own = binding.tables.iter().filter(|table| table.name.contains('_') && !table.process_flow);
        text += &listed("The tables of the environment:", own.map(|table| (table.name.as_str(), table.label.clone())));
    }
    Ok(text)
}

/// The tables that may be meant: those that fit alike, else those whose names or labels hold such a word.
fn likely<'a>(binding: &'a Binding, kind: WorkItemKind, lacks: &[Lack]) -> Vec<&'a Table> {
    let named = |name: &str| binding.tables.iter().find(move |table| table.name == name);
    for lack in lacks {
        if let Lack::Unclear(what, names) = lack
            && what == kind.id()
        {
            return names.iter().filter_map(|name| named(name)).collect();
        }
    }
    let fits = |table: &&Table| !table.process_flow && synonyms::may_be(kind, table);
    let mut likely: Vec<&Table> = binding.tables.iter().filter(fits).collect();
    // First those that would be taken if their publisher were Provance, Microsoft's own last.
    likely.sort_by_key(|table| {
        let prefix = table.name.split_once('_').map(|(prefix, _)| prefix.to_owned());
        let other = prefix.is_none() || prefix.as_deref() == Some("msdyn");
        (std::cmp::Reverse(synonyms::table_score(kind, table, prefix.as_slice())), other)
    });
    likely.truncate(LIKELY);
    likely
}

/// The columns of a table as comments, those apart that are bound already.
fn columns(table: &str, attributes: &[Attribute], spec: Option<&WorkItemSpec>) -> String {
    let free = |attribute: &&Attribute| {
        spec.is_none_or(|spec| !spec.columns.iter().any(|column| column.from == attribute.name))
    };
    let about = |attribute: &Attribute| match attribute.label.as_str() {
        "" => attribute.kind.clone(),
        label => format!("{}, {label}", attribute.kind),
    };
    let title = match spec {
        Some(_) => format!("Further columns of {table}:"),
        None => format!("The columns of {table}:"),
    };
    listed(&title, attributes.iter().filter(free).map(|attribute| (attribute.name.as_str(), about(attribute))))
}
