//! A mapping file read with the line of everything in it, so that each problem can be shown where it stands.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::check::{self, Lines};
use super::problem::{MappingProblem, Wrong};
use super::{MappingFile, Route};
use crate::model::clean::clean;
use crate::model::nearest::nearest;
use crate::model::partner::{Column, ValueType, WorkItemSpec};
use crate::model::work_item::WorkItemKind;

const VALUE_TYPES: [ValueType; 7] = [
    ValueType::Text,
    ValueType::Lines,
    ValueType::Choice,
    ValueType::Reference,
    ValueType::Moment,
    ValueType::Flag,
    ValueType::Number,
];

/// Reads the text of a mapping; of a kept one with the server it belongs to.
///
/// # Errors
/// Every problem, with its line.
pub fn read(text: &str, kept: bool) -> Result<(Option<String>, MappingFile), Vec<MappingProblem>> {
    let document = Document::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_at(text, span.start));
        vec![MappingProblem { line, wrong: Wrong::NotToml { detail: clean(error.message(), false) } }]
    })?;
    let mut reader = Reader { text, problems: Vec::new() };
    let table: &dyn TableLike = document.as_table();
    let known: &[&str] = if kept { &["server", "routes", "work_item"] } else { &["routes", "work_item"] };
    reader.keys(table, known);
    let server = if kept { reader.text(table, "server", None) } else { None };
    let mut mapping = MappingFile { routes: reader.routes(table), ..MappingFile::default() };
    for (item, span) in reader.tables(table, "work_item") {
        let line = reader.at(span);
        if let Some((spec, lines)) = reader.work_item(item, line) {
            if let Some(place) = mapping.work_items.iter().position(|other| other.kind == spec.kind) {
                let first = mapping.lines[place].kind;
                reader.wrong(line, Wrong::Repeated { to: spec.kind.id().to_owned(), first });
            }
            check::spec(&spec, &lines, &mut reader.problems);
            mapping.work_items.push(spec);
            mapping.lines.push(lines);
        }
    }
    if reader.problems.is_empty() {
        return Ok((server, mapping));
    }
    reader.problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
    Err(reader.problems)
}

fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
    problems: Vec<MappingProblem>,
}

impl Reader<'_> {
    fn at(&self, span: Option<Range<usize>>) -> Option<usize> {
        span.map(|span| line_at(self.text, span.start))
    }

    fn wrong(&mut self, line: Option<usize>, wrong: Wrong) {
        self.problems.push(MappingProblem { line, wrong });
    }

    fn not_a(&mut self, line: Option<usize>, key: &str, expected: &str) {
        self.wrong(line, Wrong::NotA { key: key.to_owned(), expected: expected.to_owned() });
    }

    /// Names the keys that are not known.
    fn keys(&mut self, table: &dyn TableLike, known: &[&str]) {
        for (name, _) in table.iter().filter(|(name, _)| !known.contains(name)) {
            let line = self.at(table.key(name).and_then(|key| key.span()));
            let near = nearest(name, known.iter().copied()).map(str::to_owned);
            self.wrong(line, Wrong::UnknownKey { key: clean(name, false), nearest: near });
        }
    }

    /// The tables of a list, written as `[[key]]` or as `key = [{..}]`.
    fn tables<'t>(&mut self, table: &'t dyn TableLike, key: &str) -> Vec<(&'t dyn TableLike, Option<Range<usize>>)> {
        let Some(item) = table.get(key) else { return Vec::new() };
        if let Some(array) = item.as_array_of_tables() {
            return array.iter().map(|table| (table as &dyn TableLike, table.span())).collect();
        }
        let tables: Option<Vec<_>> = item.as_array().map(|array| {
            let one = |value: &'t toml_edit::Value| Some((value.as_inline_table()? as &dyn TableLike, value.span()));
            array.iter().filter_map(one).collect()
        });
        let whole = item.as_array().map(toml_edit::Array::len);
        match tables {
            Some(tables) if Some(tables.len()) == whole => tables,
            _ => {
                let line = self.at(item.span());
                self.not_a(line, key, "a list of tables");
                Vec::new()
            }
        }
    }

    /// The text of a key; without it, or if it is no text, that is a problem.
    fn text(&mut self, table: &dyn TableLike, key: &str, line: Option<usize>) -> Option<String> {
        match table.get(key) {
            None => {
                self.wrong(line, Wrong::Missing { kind: None, to: key.to_owned() });
                None
            }
            Some(item) => {
                let text = item.as_str().filter(|text| !text.trim().is_empty());
                if text.is_none() {
                    let line = self.at(item.span()).or(line);
                    self.not_a(line, key, "a text");
                }
                text.map(|text| text.trim().to_owned())
            }
        }
    }

    fn routes(&mut self, table: &dyn TableLike) -> BTreeMap<String, Route> {
        let Some(item) = table.get("routes") else { return BTreeMap::new() };
        let Some(routes) = item.as_table_like() else {
            let line = self.at(item.span());
            self.not_a(line, "routes", "a table");
            return BTreeMap::new();
        };
        routes.iter().filter_map(|(name, item)| Some((name.to_owned(), self.route(name, item)?))).collect()
    }

    fn route(&mut self, name: &str, item: &Item) -> Option<Route> {
        let line = self.at(item.span());
        let Some(table) = item.as_table_like() else {
            self.not_a(line, name, "a table");
            return None;
        };
        self.keys(table, &["verb", "path", "parameters"]);
        let (verb, path) = (self.text(table, "verb", line), self.text(table, "path", line));
        let mut parameters = BTreeMap::new();
        if let Some(item) = table.get("parameters") {
            match item.as_table_like() {
                Some(own) => {
                    for (name, _) in own.iter() {
                        parameters.extend(self.text(own, name, line).map(|text| (name.to_owned(), text)));
                    }
                }
                None => self.not_a(line, "parameters", "a table"),
            }
        }
        Some(Route { verb: verb?, path: path?, parameters })
    }

    fn work_item(&mut self, table: &dyn TableLike, line: Option<usize>) -> Option<(WorkItemSpec, Lines)> {
        self.keys(table, &["kind", "source", "column"]);
        let (kind, source) = (self.text(table, "kind", line), self.text(table, "source", line));
        let kind = kind.and_then(|id| {
            let kind = WorkItemKind::from_id(&id);
            if kind.is_none() {
                let line = self.at(table.get("kind").and_then(Item::span));
                self.not_a(line, "kind", &WorkItemKind::ALL.map(WorkItemKind::id).join(", "));
            }
            kind
        });
        let mut lines =
            Lines { kind: line, source: self.at(table.get("source").and_then(Item::span)), columns: vec![] };
        let mut columns = Vec::new();
        for (item, span) in self.tables(table, "column") {
            let line = self.at(span);
            if let Some(column) = self.column(item, line) {
                columns.push(column);
                lines.columns.push(line);
            }
        }
        Some((WorkItemSpec { kind: kind?, source: source?, columns }, lines))
    }

    fn column(&mut self, table: &dyn TableLike, line: Option<usize>) -> Option<Column> {
        self.keys(table, &["from", "to", "holds"]);
        let (from, to) = (self.text(table, "from", line), self.text(table, "to", line));
        let holds = self.text(table, "holds", line).and_then(|id| {
            let holds = VALUE_TYPES.into_iter().find(|holds| holds.id() == id);
            if holds.is_none() {
                self.not_a(line, "holds", &VALUE_TYPES.map(ValueType::id).join(", "));
            }
            holds
        });
        Some(Column { from: from?, to: to?, holds: holds? })
    }
}
