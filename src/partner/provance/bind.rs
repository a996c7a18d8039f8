//! Which tables and columns hold the work items: found by names, labels and types in the environment's own description,
//! or as the admin's mapping file says.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Provance;
use super::describe::{self, Attribute, Table, is_plain};
use super::synonyms::{column_score, table_score};
use crate::model::fault::Fault;
use crate::model::partner::{Column, Holds, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::partner::mapping::Columns;

/// What a work item cannot be without.
const NEEDED: [&str; 8] = ["id", "number", "title", "state", "priority", "open", "opened_at", "updated_at"];

/// A table and its columns, ready to be asked.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The table's name in addresses.
    pub set: Arc<str>,
    /// The columns to ask for, each once, separated by commas.
    pub select: Arc<str>,
    /// The columns, by their names in queries.
    pub columns: Arc<Columns>,
    /// The table and its columns by their logical names, as a mapping file has them.
    pub spec: Arc<WorkItemSpec>,
}

/// What the kinds of work item are bound to; of one that is not, what is missing.
#[derive(Debug)]
pub struct Binding {
    kinds: Vec<(WorkItemKind, Result<Bound, Vec<String>>)>,
}

impl Binding {
    /// What a kind is bound to.
    ///
    /// # Errors
    /// [`Fault::NotBound`].
    pub fn bound(&self, kind: WorkItemKind) -> Result<Bound, Fault> {
        let found = self.kinds.iter().find(|(other, _)| *other == kind).map(|(_, found)| found);
        match found {
            Some(Ok(bound)) => Ok(bound.clone()),
            Some(Err(missing)) => Err(not_bound(missing)),
            None => Err(not_bound(&[kind.id().to_owned()])),
        }
    }

    /// What is missing of these kinds.
    pub fn missing(&self, kinds: &[WorkItemKind]) -> Vec<String> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        wanted.filter_map(|(_, found)| found.as_ref().err()).flatten().cloned().collect()
    }

    /// What these kinds are bound to, as pairs to be shown: the table, then each column.
    pub fn shown(&self, kinds: &[WorkItemKind]) -> Vec<(String, String)> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        let bound = wanted.filter_map(|(kind, found)| Some((kind, found.as_ref().ok()?)));
        bound.flat_map(|(kind, bound)| pairs(*kind, &bound.spec)).collect()
    }

    /// The tables of these kinds.
    pub fn tables(&self, kinds: &[WorkItemKind]) -> Vec<String> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        wanted.filter_map(|(_, found)| Some(found.as_ref().ok()?.spec.source.clone())).collect()
    }
}

fn pairs(kind: WorkItemKind, spec: &WorkItemSpec) -> Vec<(String, String)> {
    let table = (kind.id().to_owned(), spec.source.clone());
    let column = |column: &Column| (format!("{}.{}", kind.id(), column.to), column.from.clone());
    std::iter::once(table).chain(spec.columns.iter().map(column)).collect()
}

/// The fault of something that is missing.
pub fn not_bound(missing: &[String]) -> Fault {
    Fault::NotBound { what: missing.join(", "), detail: "EntityDefinitions".to_owned() }
}

/// Finds tables and columns; the admin's mapping goes before what was found.
///
/// # Errors
/// What kept the description from being read.
pub async fn find(partner: &Provance) -> Result<Binding, Fault> {
    let tables = describe::tables(partner).await?;
    let prefixes = describe::prefixes(partner, &tables).await?;
    let mut kinds = Vec::new();
    for wanted in &partner.spec.work_items {
        let mapped = partner
            .mapping
            .as_ref()
            .and_then(|mapping| mapping.work_items.iter().find(|item| item.kind == wanted.kind));
        let found = match mapped {
            Some(mapped) => of_mapping(partner, mapped, &tables).await?,
            None => of_description(partner, wanted, &tables, &prefixes).await?,
        };
        kinds.push((wanted.kind, found));
    }
    Ok(Binding { kinds })
}

type Found = Result<Bound, Vec<String>>;

async fn of_description(
    partner: &Provance,
    wanted: &WorkItemSpec,
    tables: &[Table],
    prefixes: &[String],
) -> Result<Found, Fault> {
    let table = match best_table(wanted.kind, tables, prefixes) {
        Ok(table) => table,
        Err(missing) => return Ok(Err(vec![missing])),
    };
    let attributes = describe::attributes(partner, &table.name).await?;
    let columns = choose(wanted, table, &attributes, prefixes);
    finish(WorkItemSpec { kind: wanted.kind, source: table.name.clone(), columns }, table, &attributes)
}

async fn of_mapping(partner: &Provance, mapped: &WorkItemSpec, tables: &[Table]) -> Result<Found, Fault> {
    let named = tables.iter().find(|table| table.name == mapped.source || table.set == mapped.source);
    let Some(table) = named else {
        return Ok(Err(vec![format!("{}: {}", mapped.kind.id(), mapped.source)]));
    };
    let attributes = describe::attributes(partner, &table.name).await?;
    finish(mapped.clone(), table, &attributes)
}

/// The table that fits best. Of several that fit alike those of Provance's own prefix are meant.
///
/// # Errors
/// The kind, and with it the tables between which only the admin can choose.
pub fn best_table<'a>(kind: WorkItemKind, tables: &'a [Table], prefixes: &[String]) -> Result<&'a Table, String> {
    let scored = || tables.iter().map(|table| (table_score(kind, table, prefixes), table));
    let best = scored().map(|(score, _)| score).max().filter(|score| *score > 0).ok_or(kind.id())?;
    let fitting: Vec<&Table> = scored().filter(|(score, _)| *score == best).map(|(_, table)| table).collect();
    let own: Vec<&Table> = fitting.iter().copied().filter(|table| table.name.starts_with(describe::OWN)).collect();
    match (own.as_slice(), fitting.as_slice()) {
        ([table], _) | ([], [table]) => Ok(table),
        (own, all) => {
            let alike = if own.is_empty() { all } else { own };
            let names: Vec<&str> = alike.iter().map(|table| table.name.as_str()).collect();
            Err(format!("{} ({})", kind.id(), names.join(" / ")))
        }
    }
}

/// The columns that fit best, each for one attribute of work items only.
pub fn choose(wanted: &WorkItemSpec, table: &Table, attributes: &[Attribute], prefixes: &[String]) -> Vec<Column> {
    let mut taken: Vec<&str> = Vec::new();
    let mut columns = Vec::new();
    for column in &wanted.columns {
        let scored = attributes.iter().map(|attribute| (column_score(&column.to, attribute, prefixes), attribute));
        let free = scored.filter(|(score, attribute)| *score > 0 && !taken.contains(&attribute.name.as_str()));
        let best = free.max_by_key(|(score, found)| (*score, std::cmp::Reverse((found.name.len(), &found.name))));
        let by_role = |name: &str| attributes.iter().find(|attribute| attribute.name == name && !name.is_empty());
        let found = match column.to.as_str() {
            "id" => by_role(&table.id),
            "title" => best.map(|(_, found)| found).or_else(|| by_role(&table.title)),
            _ => best.map(|(_, found)| found),
        };
        if let Some(found) = found {
            taken.push(&found.name);
            columns.push(Column { from: found.name.clone(), to: column.to.clone(), holds: holds(column.holds, found) });
        }
    }
    columns
}

/// How a column is read: a lookup is a reference, whatever was expected in its place.
fn holds(expected: Holds, found: &Attribute) -> Holds {
    match found.kind.as_str() {
        "Lookup" | "Owner" | "Customer" => Holds::Reference,
        "Memo" => Holds::Lines,
        _ => expected,
    }
}

/// Checks that nothing needed is missing and every column exists, and makes it ready to be asked.
fn finish(spec: WorkItemSpec, table: &Table, attributes: &[Attribute]) -> Result<Found, Fault> {
    let kind = spec.kind.id();
    let lacking = NEEDED.iter().filter(|needed| !spec.columns.iter().any(|column| column.to == **needed));
    let mut missing: Vec<String> = lacking.map(|needed| format!("{kind}.{needed}")).collect();
    let mut columns = Vec::new();
    for column in &spec.columns {
        let named = |attribute: &&Attribute| attribute.name == column.from || attribute.shown_as() == column.from;
        match attributes.iter().find(named).filter(|found| is_plain(&found.name)) {
            Some(found) => columns.push(Column { from: found.shown_as(), ..column.clone() }),
            None => missing.push(format!("{kind}.{}: {}", column.to, column.from)),
        }
    }
    if !missing.is_empty() {
        return Ok(Err(missing));
    }
    let mut names: Vec<&str> = Vec::new();
    for column in &columns {
        if !names.contains(&column.from.as_str()) {
            names.push(&column.from);
        }
    }
    let select = names.join(",").into();
    let asked = Columns::new(&WorkItemSpec { kind: spec.kind, source: table.name.clone(), columns })?;
    Ok(Ok(Bound { set: table.set.as_str().into(), select, columns: Arc::new(asked), spec: Arc::new(spec) }))
}

/// How it is bound now, as a mapping file. Of a kind that could not be bound it holds the names that were looked for, to
/// be corrected.
///
/// # Errors
/// What kept the description from being read.
pub async fn text(partner: &Provance) -> Result<String, Fault> {
    let binding = partner.binding().await?;
    let mut text = String::from(
        "# Which tables and columns hold the work items. 'from' is a column's logical name, 'to' the attribute of a work\n\
         # item, 'holds' one of text, lines, choice, reference, moment, flag, number. Correct it and test it:\n\
         # itsmc connection test NAME\n",
    );
    for (kind, found) in &binding.kinds {
        let nominal = partner.spec.work_item(*kind);
        let (spec, missing) = match found {
            Ok(bound) => (Some(&*bound.spec), &[][..]),
            Err(missing) => (nominal, missing.as_slice()),
        };
        let Some(spec) = spec else { continue };
        if !missing.is_empty() {
            let _ =
                writeln!(text, "\n# NOT FOUND, the names below are those that were looked for: {}", missing.join(", "));
        }
        write_spec(&mut text, spec);
    }
    Ok(text)
}

fn write_spec(text: &mut String, spec: &WorkItemSpec) {
    let _ = write!(text, "\n[[work_item]]\nkind = \"{}\"\nsource = \"{}\"\ncolumn = [\n", spec.kind.id(), spec.source);
    for Column { from, to, holds } in &spec.columns {
        let _ = writeln!(text, "    {{ from = \"{from}\", to = \"{to}\", holds = \"{}\" }},", holds_id(*holds));
    }
    text.push_str("]\n");
}

fn holds_id(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::Lines => "lines",
        Holds::Choice => "choice",
        Holds::Reference => "reference",
        Holds::Moment => "moment",
        Holds::Flag => "flag",
        Holds::Number => "number",
    }
}
