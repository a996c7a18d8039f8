//! Which tables and columns hold the work items: as the admin's mapping file says, as was kept when the connection was
//! made, or found by names, labels and types in the environment's own description.

mod choose;
mod drift;
mod mapped;
mod text;

use std::sync::Arc;

use super::Provance;
use super::describe::{self, Attribute, Prefixes, Table, is_plain};
use crate::model::fault::Fault;
use crate::model::mapping::{Drift, MappingFile};
use crate::model::partner::{Column, WorkItemSpec};
use crate::model::work_item::WorkItemKind;
use crate::partner::mapping::Columns;

pub use choose::best_table;
pub use text::text;

/// What a work item cannot be without.
const NEEDED: [&str; 8] = ["id", "number", "title", "state", "priority", "open", "opened_at", "updated_at"];

/// Columns without which rows have no place in the order.
const ORDER: [&str; 2] = ["id", "updated_at"];

/// The column that counts the changes of a row.
const VERSION: &str = "versionnumber";

/// A table and its columns, ready for queries.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The table's name in addresses.
    pub set: Arc<str>,
    /// The columns to request, each once, separated by commas.
    pub select: Arc<str>,
    /// The columns, by their names in queries.
    pub columns: Arc<Columns>,
    /// The table and its columns by their logical names, as in a mapping file.
    pub spec: Arc<WorkItemSpec>,
    /// The column that counts the changes of a row, if the table has one.
    pub version: Option<&'static str>,
    /// Attributes of work items whose column is gone.
    pub gone: Arc<[String]>,
}

/// Why something is not bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Nothing fits.
    Missing(String),
    /// Several fit alike.
    Unclear(String, Vec<String>),
    /// A table fits but may not be Provance's, and nobody has confirmed it.
    Unconfirmed(String, Box<WorkItemSpec>),
}

impl Lack {
    /// What it is about, with the names to choose from.
    fn shown(&self) -> String {
        match self {
            Self::Missing(what) => what.clone(),
            Self::Unclear(what, names) => format!("{what} ({})", names.join(" / ")),
            Self::Unconfirmed(what, spec) => format!("{what} ({}?)", spec.source),
        }
    }
}

type Found = Result<Bound, Vec<Lack>>;

/// The binding of each kind of work item, or why it has none.
#[derive(Debug)]
pub struct Binding {
    kinds: Vec<(WorkItemKind, Found)>,
    /// Optional attributes for which several columns fit equally well: none of these is bound.
    unclear: Vec<(WorkItemKind, String)>,
    /// How the description differs from the stored binding.
    pub drift: Vec<Drift>,
    tables: Vec<Table>,
}

impl Binding {
    /// What a kind is bound to.
    ///
    /// # Errors
    /// [`Fault::NotBound`], [`Fault::BindingUnclear`].
    pub fn bound(&self, kind: WorkItemKind) -> Result<Bound, Fault> {
        let found = self.kinds.iter().find(|(other, _)| *other == kind).map(|(_, found)| found);
        match found {
            Some(Ok(bound)) => Ok(bound.clone()),
            Some(Err(lacks)) => Err(not_bound(lacks)),
            None => Err(not_bound(&[Lack::Missing(kind.id().to_owned())])),
        }
    }

    /// Why these kinds are not bound.
    pub fn lacks(&self, kinds: &[WorkItemKind]) -> Vec<Lack> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        wanted.filter_map(|(_, found)| found.as_ref().err()).flatten().cloned().collect()
    }

    /// The missing parts of these kinds, in words.
    pub fn missing(&self, kinds: &[WorkItemKind]) -> Vec<String> {
        self.lacks(kinds).iter().map(Lack::shown).collect()
    }

    /// The binding of these kinds as pairs for display: the table, then each column, then the unclear ones.
    pub fn shown(&self, kinds: &[WorkItemKind]) -> Vec<(String, String)> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        let bound = wanted.filter_map(|(kind, found)| Some((*kind, found.as_ref().ok()?)));
        let of_kind = |(kind, bound): (WorkItemKind, &Bound)| {
            let unclear = self.unclear.iter().filter(move |(other, _)| *other == kind);
            let lacking = unclear.map(move |(_, what)| (format!("{}.{what}", kind.id()), "-".to_owned()));
            pairs(kind, bound).into_iter().chain(lacking).collect::<Vec<_>>()
        };
        bound.flat_map(of_kind).collect()
    }

    /// The tables of these kinds.
    pub fn bound_tables(&self, kinds: &[WorkItemKind]) -> Vec<String> {
        let wanted = self.kinds.iter().filter(|(kind, _)| kinds.contains(kind));
        wanted.filter_map(|(_, found)| Some(found.as_ref().ok()?.spec.source.clone())).collect()
    }

    /// Every table of the environment.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The binding to be stored with the connection, without the admin's own mapping, which has its own file.
    pub fn to_keep(&self, own: Option<&MappingFile>) -> MappingFile {
        let is_own = |kind: WorkItemKind| own.is_some_and(|own| own.kind(kind).is_some());
        let bound = self.kinds.iter().filter(|(kind, _)| !is_own(*kind));
        let work_items = bound.filter_map(|(_, found)| Some((*found.as_ref().ok()?.spec).clone())).collect();
        MappingFile { work_items, ..MappingFile::default() }
    }
}

fn pairs(kind: WorkItemKind, bound: &Bound) -> Vec<(String, String)> {
    let table = (kind.id().to_owned(), bound.spec.source.clone());
    let column = |column: &Column| {
        let gone = bound.gone.contains(&column.to);
        (format!("{}.{}", kind.id(), column.to), if gone { "-".to_owned() } else { column.from.clone() })
    };
    std::iter::once(table).chain(bound.spec.columns.iter().map(column)).collect()
}

/// The fault of what is lacking.
pub fn not_bound(lacks: &[Lack]) -> Fault {
    let what = lacks.iter().map(Lack::shown).collect::<Vec<_>>().join(", ");
    if lacks.iter().all(|lack| matches!(lack, Lack::Missing(_))) {
        return Fault::NotBound { what, detail: "EntityDefinitions".to_owned() };
    }
    Fault::BindingUnclear { what }
}

/// The parts of the description that are read for every kind.
struct Described<'a> {
    partner: &'a Provance,
    tables: &'a [Table],
    prefixes: &'a Prefixes,
}

/// Finds tables and columns.
///
/// # Errors
/// [`Fault::MappingWrong`], and why the description could not be read.
pub async fn find(partner: &Provance) -> Result<Binding, Fault> {
    let tables = describe::tables(partner).await?;
    let prefixes = describe::prefixes(partner, &tables).await?;
    let described = Described { partner, tables: &tables, prefixes: &prefixes };
    let (mut kinds, mut unclear, mut drifted) = (Vec::new(), Vec::new(), Vec::new());
    for wanted in &partner.spec.work_items {
        let kind = wanted.kind;
        let mapped = partner.mapping.as_ref().and_then(|mapping| mapping.kind(kind).map(|found| (mapping, found)));
        let kept = partner.kept.as_ref().and_then(|kept| kept.kind(kind));
        let found = match (mapped, kept) {
            (Some((mapping, (spec, lines))), _) => described.of_mapping(mapping, spec, lines).await?,
            (None, Some((kept, _))) => {
                let (found, drift) = described.of_kept(wanted, kept).await?;
                drifted.extend(drift);
                found
            }
            (None, None) => {
                let (found, lacking) = described.of_description(wanted).await?;
                unclear.extend(lacking.into_iter().map(|what| (kind, what)));
                found
            }
        };
        kinds.push((kind, found));
    }
    Ok(Binding { kinds, unclear, drift: drifted, tables })
}

impl Described<'_> {
    /// The binding by the description, and the optional attributes for which several columns fit equally well.
    async fn of_description(&self, wanted: &WorkItemSpec) -> Result<(Found, Vec<String>), Fault> {
        let table = match best_table(wanted.kind, self.tables, self.prefixes) {
            Ok(table) => table,
            Err(lack) => return Ok((Err(vec![lack]), Vec::new())),
        };
        let attributes = describe::attributes(self.partner, &table.name).await?;
        let chosen = choose::columns(wanted, table, &attributes, self.prefixes);
        let spec = WorkItemSpec { kind: wanted.kind, source: table.name.clone(), columns: chosen.columns };
        let (needed, optional): (Vec<_>, Vec<_>) =
            chosen.unclear.into_iter().partition(|(to, _)| NEEDED.contains(&to.as_str()));
        let mut lacks = lacking(&spec, &NEEDED, &needed);
        let unclear = |(to, names): (String, Vec<String>)| Lack::Unclear(format!("{}.{to}", wanted.kind.id()), names);
        lacks.extend(needed.into_iter().map(unclear));
        if lacks.is_empty() && !choose::is_certain(table, &attributes, self.prefixes) {
            lacks.push(Lack::Unconfirmed(wanted.kind.id().to_owned(), Box::new(spec.clone())));
        }
        let optional = optional.into_iter().map(|(to, names)| format!("{to} ({})", names.join(" / "))).collect();
        if lacks.is_empty() {
            return Ok((ready(spec, table, &attributes, Vec::new()), optional));
        }
        Ok((Err(lacks), optional))
    }
}

/// The required columns that are neither bound nor unclear.
fn lacking(spec: &WorkItemSpec, needed: &[&str], unclear: &[(String, Vec<String>)]) -> Vec<Lack> {
    let has = |to: &str| spec.columns.iter().any(|column| column.to == to);
    let lacks = needed.iter().filter(|to| !has(to) && !unclear.iter().any(|(other, _)| other == **to));
    lacks.map(|to| Lack::Missing(format!("{}.{to}", spec.kind.id()))).collect()
}

/// Prepares columns that all exist for queries.
fn ready(spec: WorkItemSpec, table: &Table, attributes: &[Attribute], gone: Vec<String>) -> Found {
    let mut columns = Vec::new();
    for column in spec.columns.iter().filter(|column| !gone.contains(&column.to)) {
        match named(attributes, &column.from) {
            Some(found) => columns.push(Column { from: found.shown_as(), ..column.clone() }),
            None => {
                return Err(vec![Lack::Missing(format!("{}.{}: {}", spec.kind.id(), column.to, column.from))]);
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for column in &columns {
        if !names.contains(&column.from.as_str()) {
            names.push(&column.from);
        }
    }
    let select = names.join(",").into();
    let asked = Columns::new(&WorkItemSpec { kind: spec.kind, source: table.name.clone(), columns });
    let asked = asked.map_err(|_| vec![Lack::Missing(spec.kind.id().to_owned())])?;
    let version = attributes.iter().any(|attribute| attribute.name == VERSION).then_some(VERSION);
    let (columns, spec, gone) = (Arc::new(asked), Arc::new(spec), gone.into());
    Ok(Bound { set: table.set.as_str().into(), select, columns, spec, version, gone })
}

/// The column of this logical name, or of this name in queries.
fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    let found = attributes.iter().find(|attribute| attribute.name == name || attribute.shown_as() == name);
    found.filter(|found| is_plain(&found.name))
}
