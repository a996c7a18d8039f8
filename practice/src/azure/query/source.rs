//! The tables and functions that a query can name.

use super::super::state::Inner;
use super::super::table::{Column, Row, Table};
use super::super::value::{Cell, Kind};
use super::super::workspace::Workspace;
use super::bind::{Field, INGESTION};
use super::functions::Env;
use super::parser::parse;
use super::run::run;
use super::syntax::Problem;
use super::{Frame, Tables};

/// What a query of a workspace sees.
pub(super) struct Seen<'a> {
    pub(super) workspace: &'a Workspace,
    /// Milliseconds since 1970.
    pub(super) now: i64,
    /// Only rows of this time, in ticks since 1970: the request's `timespan`.
    pub(super) span: Option<(i64, i64)>,
    /// Whether errors of rules are written at all.
    pub(super) has_rule_errors: bool,
}

impl<'a> Seen<'a> {
    /// A workspace as it is now.
    pub(super) fn new(inner: &Inner, workspace: &'a Workspace, span: Option<(i64, i64)>) -> Self {
        let has_rule_errors = inner.rules.iter().any(super::super::rule::Rule::logs_errors);
        Self { workspace, now: inner.now, span, has_rule_errors }
    }

    fn in_span(&self, time: &Cell) -> bool {
        match (self.span, time) {
            (Some((from, until)), Cell::Time(at)) => *at >= from && *at <= until,
            _ => true,
        }
    }

    fn table(&self, table: &Table) -> Result<Frame, Problem> {
        if table.plan != "Analytics" {
            return Err(Problem::Plan(table.name.clone()));
        }
        let field = |column: &Column| Field::new(&column.name, column.kind);
        let mut fields = vec![Field::new("TenantId", Kind::Guid)];
        fields.extend(table.columns.iter().map(field));
        fields.extend([Field::new("Type", Kind::Text), Field::new("_ResourceId", Kind::Text)]);
        let hidden = |name: &str| Field { hidden: true, ..Field::new(name, Kind::Time) };
        fields.extend([hidden("_TimeReceived"), hidden(INGESTION)]);
        let time = table.place("TimeGenerated");
        let found = |row: &&Row| row.visible <= self.now && time.is_none_or(|place| self.in_span(&row.cells[place]));
        let tenant = Cell::text(&self.workspace.customer_id);
        let (name, none) = (Cell::text(&table.name), Cell::text(""));
        let whole = |row: &Row| {
            let mut cells = Vec::with_capacity(fields.len());
            cells.push(tenant.clone());
            cells.extend(row.cells.iter().cloned());
            let times = [row.received, row.visible].map(|millis| Cell::Time(millis * 10_000));
            cells.extend([name.clone(), none.clone()]);
            cells.extend(times);
            cells
        };
        Ok(Frame { rows: table.rows.iter().filter(found).map(whole).collect(), fields })
    }

    fn log_operation(&self) -> Frame {
        let names = [("TimeGenerated", Kind::Time), ("Category", Kind::Text), ("Operation", Kind::Text)];
        let names =
            names.into_iter().chain([("Level", Kind::Text), ("Detail", Kind::Text), ("_ResourceId", Kind::Text)]);
        let row = |(at, detail): &(i64, String)| {
            let texts =
                ["Ingestion", "Data collection stopped", "Warning", detail, &self.workspace.id()].map(Cell::text);
            let mut cells = vec![Cell::Time(at * 10_000)];
            cells.extend(texts);
            cells
        };
        let rows = self.workspace.operations.iter().map(row).filter(|row: &Vec<Cell>| self.in_span(&row[0])).collect();
        Frame { fields: names.map(|(name, kind)| Field::new(name, kind)).collect(), rows }
    }

    fn rule_errors(&self) -> Frame {
        let names = ["OperationName", "InputStreamId", "ClientRequestId", "CorrelationId", "Message", "_ResourceId"];
        let mut fields = vec![Field::new("TimeGenerated", Kind::Time)];
        fields.extend(names.map(|name| Field::new(name, Kind::Text)));
        let row = |one: &super::super::workspace::RuleError| {
            let mut cells = vec![Cell::Time(one.at * 10_000)];
            let texts = [one.operation, &one.stream, &one.client_request_id, "", &one.message, &one.rule];
            cells.extend(texts.map(Cell::text));
            cells
        };
        let rows = self.workspace.rule_errors.iter().map(row).filter(|row: &Vec<Cell>| self.in_span(&row[0])).collect();
        Frame { fields, rows }
    }
}

impl Tables for Seen<'_> {
    fn frame(&self, name: &str, depth: usize) -> Result<Frame, Problem> {
        if let Some(table) = self.workspace.tables.iter().find(|table| table.name == name) {
            return self.table(table);
        }
        if let Some(search) = self.workspace.searches.iter().find(|one| one.text("functionAlias") == name) {
            return run(&parse(search.text("query"))?, self, &Env { now: self.now * 10_000 }, depth + 1);
        }
        match name {
            "_LogOperation" => Ok(self.log_operation()),
            "DCRLogErrors" if self.has_rule_errors => Ok(self.rule_errors()),
            _ => {
                let text = format!("SEM0100: Failed to resolve table or column expression named '{name}'");
                Err(Problem::Semantic(text))
            }
        }
    }
}
