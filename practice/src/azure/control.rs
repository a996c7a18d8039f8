//! What a test or a demo looks into and changes.

use serde_json::{Map, Value, json};

use super::manners::Manners;
use super::rights::{Assignment, find};
use super::rule::Rule;
use super::state::Control;
use super::table::{Column, Row, SubType, Table};
use super::value::{Cell, Kind, time_text};
use crate::PracticeError;
use crate::core::rng::stable_guid;
use crate::entra::Authority;

fn no(what: impl Into<String>) -> PracticeError {
    PracticeError::Order(what.into())
}

/// A table to be made by order.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TableOrder {
    /// The workspace; the first one without it.
    pub workspace: Option<String>,
    /// Its name.
    pub name: String,
    /// A classic one, to which no rule can write.
    pub classic: bool,
    /// `Analytics`, `Basic` or `Auxiliary`; the first without it.
    pub plan: Option<String>,
    /// Each column with its type; `TimeGenerated` is there in any case.
    pub columns: Vec<(String, String)>,
    /// Rows, as objects.
    pub rows: Vec<Map<String, Value>>,
}

impl Control {
    /// The authority that gives out its tokens.
    pub fn entra(&self) -> Authority {
        self.0.entra.clone()
    }

    /// The IDs of the subscriptions.
    pub fn subscriptions(&self) -> Vec<String> {
        self.0.inner().subscriptions.iter().map(|one| one.id.clone()).collect()
    }

    /// How it behaves.
    pub fn manners(&self) -> Manners {
        self.0.inner().manners.clone()
    }

    /// Changes how it behaves.
    pub fn change_manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.0.inner().manners);
    }

    /// Lets so many seconds pass at once. Lives of tokens are not affected.
    pub fn advance(&self, seconds: i64) {
        self.0.base.clock.advance(seconds);
    }

    /// From now on, and for so many seconds, ingestion resets every connection; 0 ends it.
    pub fn outage(&self, seconds: i64) {
        let mut inner = self.0.inner();
        inner.outage_until = inner.now + seconds * 1000;
    }

    /// What App Service gives to an app in `IDENTITY_HEADER`.
    pub fn identity_secret(&self) -> String {
        self.0.inner().identity_secret.clone()
    }

    /// Whether the machine has a managed identity.
    pub fn set_identity(&self, there: bool) {
        self.0.inner().identity = there.then(|| super::options::client_id("machine"));
    }

    /// Sets a workspace's daily quota: its status, in how many seconds it is reset, and GB a day.
    ///
    /// # Errors
    /// There is no such workspace.
    pub fn quota(&self, workspace: Option<&str>, status: &str, resets_in: i64, gb: f64) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let now = inner.now;
        let found = inner.workspace_named(workspace).ok_or_else(|| no("no such workspace"))?;
        found.capping =
            super::workspace::Capping { daily_gb: gb, resets: now + resets_in * 1000, status: status.into() };
        if status == "OverQuota" {
            let resets = time_text(found.capping.resets * 10_000);
            let detail = format!(
                "Data collection stopped due to daily limit of free data reached. Ingestion status = OverQuota; resets at {resets}"
            );
            found.operations.push((now, detail));
        }
        Ok(())
    }

    /// Makes a table, or another in its place.
    ///
    /// # Errors
    /// There is no such workspace, or a column has no known type.
    pub fn add_table(&self, order: &TableOrder) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let now = inner.now;
        let workspace = inner.workspace_named(order.workspace.as_deref()).ok_or_else(|| no("no such workspace"))?;
        let mut columns = vec![Column::new("TimeGenerated", Kind::Time)];
        for (name, kind) in order.columns.iter().filter(|(name, _)| name != "TimeGenerated") {
            let kind = Kind::of_column(kind).ok_or_else(|| no(format!("no type {kind}")))?;
            columns.push(Column::new(name, kind));
        }
        let mut table = Table::new(&order.name, columns, now);
        if order.classic {
            table.sub_type = SubType::Classic;
        }
        if let Some(plan) = &order.plan {
            plan.clone_into(&mut table.plan);
        }
        for row in &order.rows {
            let cell = |column: &Column| {
                let value = row.get(&column.name).unwrap_or(&Value::Null);
                super::ingest::convert(column.kind, value).unwrap_or_else(|| Cell::none(column.kind))
            };
            let mut cells: Vec<Cell> = table.columns.iter().map(cell).collect();
            if cells[0] == Cell::Null {
                cells[0] = Cell::Time(now * 10_000);
            }
            table.rows.push(Row { cells, received: now, visible: now });
        }
        workspace.tables.retain(|one| !one.name.eq_ignore_ascii_case(&order.name));
        workspace.tables.push(table);
        Ok(())
    }

    /// Takes a table away.
    pub fn drop_table(&self, workspace: Option<&str>, name: &str) {
        if let Some(workspace) = self.0.inner().workspace_named(workspace) {
            workspace.tables.retain(|one| !one.name.eq_ignore_ascii_case(name));
        }
    }

    /// Every row of a table, found by a query or not, with `_received` and `_visible`.
    ///
    /// # Errors
    /// There is no such workspace or table.
    pub fn rows(&self, workspace: Option<&str>, table: &str) -> Result<Vec<Value>, PracticeError> {
        let mut inner = self.0.inner();
        let found = inner.workspace_named(workspace).ok_or_else(|| no("no such workspace"))?;
        let table = found.table(table).ok_or_else(|| no(format!("no table {table}")))?;
        let told = |row: &Row| {
            let cells = table.columns.iter().zip(&row.cells);
            let mut told: Map<String, Value> = cells.map(|(column, cell)| (column.name.clone(), plain(cell))).collect();
            told.insert("_received".to_owned(), time_text(row.received * 10_000).into());
            told.insert("_visible".to_owned(), time_text(row.visible * 10_000).into());
            Value::Object(told)
        };
        Ok(table.rows.iter().map(told).collect())
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// There is no such workspace or table.
    pub fn row_count(&self, workspace: Option<&str>, table: &str) -> Result<usize, PracticeError> {
        let mut inner = self.0.inner();
        let found = inner.workspace_named(workspace).ok_or_else(|| no("no such workspace"))?;
        Ok(found.table(table).ok_or_else(|| no(format!("no table {table}")))?.rows.len())
    }

    /// Takes rows away for which a column has this text. Returns how many.
    ///
    /// # Errors
    /// There is no such workspace or table.
    pub fn lose_rows(
        &self,
        workspace: Option<&str>,
        table: &str,
        column: &str,
        text: &str,
    ) -> Result<usize, PracticeError> {
        let mut inner = self.0.inner();
        let found = inner.workspace_named(workspace).ok_or_else(|| no("no such workspace"))?;
        let table = found.table_mut(table).ok_or_else(|| no(format!("no table {table}")))?;
        let place = table.place(column).ok_or_else(|| no(format!("no column {column}")))?;
        let before = table.rows.len();
        table.rows.retain(|row| row.cells[place].to_text() != text);
        Ok(before - table.rows.len())
    }

    /// Every role assignment.
    pub fn role_assignments(&self) -> Vec<Value> {
        let told = |one: &Assignment| {
            json!({
                "name": one.name, "scope": one.scope, "role": one.role, "principal": one.principal,
                "made": time_text(one.made * 10_000), "known_to_ingestion": time_text(one.known * 10_000),
            })
        };
        self.0.inner().assignments.iter().map(told).collect()
    }

    /// Gives somebody, by object id, a role; ingestion knows of it at once.
    ///
    /// # Errors
    /// There is no such role.
    pub fn assign(&self, principal: &str, role: &str, scope: &str) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let role = find(role).ok_or_else(|| no(format!("no role {role}")))?.name.to_owned();
        let (now, principal, scope) = (inner.now, principal.to_owned(), scope.to_owned());
        let name = stable_guid("azure role", &format!("{role} {principal} {scope}"));
        let principal_type = "ServicePrincipal".to_owned();
        inner.assignments.push(Assignment { name, scope, role, principal, principal_type, made: now, known: now });
        Ok(())
    }

    /// Takes a role from somebody, wherever it was given.
    pub fn unassign(&self, principal: &str, role: &str) {
        let same = |one: &Assignment| one.principal == principal && one.role.eq_ignore_ascii_case(role);
        self.0.inner().assignments.retain(|one| !same(one));
    }

    /// Changes the properties of a rule behind everybody's back.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn change_rule(&self, name: &str, change: impl FnOnce(&mut Value)) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let found: Option<&mut Rule> = inner.rules.iter_mut().find(|one| one.name.eq_ignore_ascii_case(name));
        change(&mut found.ok_or_else(|| no(format!("no rule {name}")))?.properties);
        Ok(())
    }

    /// Gives a rule a diagnostic setting, by which it writes its errors to `DCRLogErrors`.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn log_errors(&self, rule: &str) -> Result<(), PracticeError> {
        let mut inner = self.0.inner();
        let found = inner.rules.iter_mut().find(|one| one.id().eq_ignore_ascii_case(rule));
        let logs = json!([{ "category": "LogErrors", "enabled": true }]);
        let setting = json!({ "properties": { "logs": logs } });
        found.ok_or_else(|| no(format!("no rule {rule}")))?.diagnostics.insert("errors".to_owned(), setting);
        Ok(())
    }

    /// Every workbook as it was put.
    pub fn workbooks(&self) -> Vec<Value> {
        self.0.inner().workbooks.iter().map(|book| book.body.clone()).collect()
    }

    /// A workspace's resource id.
    ///
    /// # Errors
    /// There is no such workspace.
    pub fn workspace_id(&self, workspace: Option<&str>) -> Result<String, PracticeError> {
        let mut inner = self.0.inner();
        Ok(inner.workspace_named(workspace).ok_or_else(|| no("no such workspace"))?.id())
    }
}

/// A value as it is, dynamic ones unfolded.
fn plain(cell: &Cell) -> Value {
    match cell {
        Cell::Dynamic(value) => (**value).clone(),
        other => other.json(),
    }
}
