//! The tables of a workspace.

use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};

use super::super::faults::FaultKind;
use super::super::http::reply::{Refusal, json, refuse};
use super::super::state::{Inner, Operation, TableChange};
use super::super::table::{Column, SubType, Table};
use super::schema;
use super::{Answer, Call, told_id};
use crate::core::reply::{empty, with};

/// The versions of tables.
const TABLE: &[&str] = &["2021-12-01-preview", "2022-10-01", "2023-09-01", "2025-02-01"];

const READ: &str = "Microsoft.OperationalInsights/workspaces/tables/read";
const WRITE: &str = "Microsoft.OperationalInsights/workspaces/tables/write";
const DELETE: &str = "Microsoft.OperationalInsights/workspaces/tables/delete";
const MIGRATE: &str = "Microsoft.OperationalInsights/workspaces/tables/migrate/action";

impl Call<'_> {
    pub(super) fn tables(&self, inner: &Inner, workspace: &str) -> Answer {
        self.versions(TABLE)?;
        self.require(inner, READ, workspace)?;
        let found = inner.workspace_at(workspace).ok_or_else(|| self.not_found())?;
        let all = found.tables.iter().map(|table| told(inner, &found.id(), table)).collect();
        Ok(self.page(inner, all))
    }

    pub(super) fn table(&self, inner: &mut Inner, workspace: &str, name: &str) -> Answer {
        self.versions(TABLE)?;
        self.step_operations(inner, workspace, name);
        let path = format!("{workspace}/tables/{name}");
        match *self.method() {
            Method::GET => {
                self.require(inner, READ, &path)?;
                let found = inner.workspace_at(workspace).ok_or_else(|| self.not_found())?;
                let table = found.table(name).ok_or_else(|| self.not_found())?;
                Ok(json(200, &told(inner, &found.id(), table)))
            }
            Method::PUT | Method::PATCH => {
                self.require(inner, WRITE, &path)?;
                let (table, failure) = self.wanted(inner, workspace, name)?;
                self.begin(inner, workspace, name, TableChange::Put(Box::new(table)), failure)
            }
            Method::DELETE => {
                self.require(inner, DELETE, &path)?;
                if inner.workspace_at(workspace).and_then(|one| one.table(name)).is_none() {
                    return Ok(empty(204));
                }
                self.begin(inner, workspace, name, TableChange::Delete, None)
            }
            _ => Err(self.no_method()),
        }
    }

    /// The table as the body wants it, and how making it fails.
    fn wanted(&self, inner: &Inner, workspace: &str, name: &str) -> Result<(Table, Option<(String, String)>), Refusal> {
        let body = self.body()?;
        let properties = &body["properties"];
        let found = inner.workspace_at(workspace).and_then(|one| one.table(name));
        let schema = &properties["schema"];
        if found.is_none() && (!name.ends_with("_CL") || schema.is_null()) {
            let message =
                format!("Table '{name}' is invalid: a custom table has a schema and a name that ends in '_CL'.");
            return Err(refuse(400, "InvalidParameter", message));
        }
        let mut table = found.cloned().unwrap_or_else(|| Table::new(name, Vec::new(), inner.now));
        table.rows = Vec::new();
        let mut failure = None;
        if !schema.is_null() {
            if table.sub_type == SubType::Classic {
                let message =
                    format!("Table '{name}' is a classic custom table. Migrate it before its schema is changed.");
                return Err(refuse(400, "InvalidParameter", message));
            }
            if !schema["name"].as_str().is_some_and(|given| given.eq_ignore_ascii_case(name)) {
                let message = format!("The schema's name must be the table's name '{name}'.");
                return Err(refuse(400, "InvalidParameter", message));
            }
            let columns = schema::columns(schema)?;
            schema::check_types(&table, &columns)?;
            failure = schema::failure(&columns);
            table.columns = columns;
            if let Some(description) = schema["description"].as_str() {
                description.clone_into(&mut table.description);
            }
        }
        if let Some(plan) = properties["plan"].as_str() {
            plan.clone_into(&mut table.plan);
        }
        if let Some(days) = properties["totalRetentionInDays"].as_i64().or(properties["retentionInDays"].as_i64()) {
            table.retention = days;
        }
        Ok((table, failure))
    }

    /// Begins an operation: 202 without a body and without `Retry-After`.
    fn begin(
        &self,
        inner: &mut Inner,
        workspace: &str,
        name: &str,
        change: TableChange,
        failure: Option<(String, String)>,
    ) -> Answer {
        let asked_for = self.fault(FaultKind::OperationFailed).map(|fault| {
            let or = |text: &str, usual: &str| if text.is_empty() { usual.to_owned() } else { text.to_owned() };
            let message = or(&fault.message, "Failed to update table schema.");
            (or(&fault.code, "SchemaUpdateFatalError"), message)
        });
        let id = crate::core::rng::guid(&inner.rng.hex(32));
        let polls = if inner.manners.tables_at_once { 0 } else { inner.manners.operation_polls };
        let is_put = matches!(change, TableChange::Put(_));
        inner.operations.push(Operation {
            id: id.clone(),
            workspace: workspace.to_owned(),
            table_path: format!("{workspace}/tables/{name}"),
            table: name.to_owned(),
            change,
            polls,
            ended: None,
            failure: asked_for.or(failure),
            started: inner.now,
        });
        if inner.manners.tables_at_once {
            return self.at_once(inner, workspace, name, is_put);
        }
        let elsewhere = self.fault(FaultKind::OperationElsewhere);
        let host = elsewhere.map_or(&*inner.url, |fault| fault.elsewhere("https://management.elsewhere.example"));
        let at = |kind: &str| {
            format!(
                "{host}/subscriptions/{}/providers/Microsoft.OperationalInsights/locations/westeurope/{kind}/{id}?api-version={}",
                self.parts[1], self.version
            )
        };
        let response = with(empty(202), "azure-asyncoperation", &at("operationStatuses"));
        Ok(with(response, "location", &at("operationResults")))
    }

    fn at_once(&self, inner: &mut Inner, workspace: &str, name: &str, is_put: bool) -> Answer {
        let place = inner.operations.len() - 1;
        if let Err((_, message)) = inner.end(place) {
            return Err(refuse(400, "SchemaUpdateFatalError", message));
        }
        if !is_put {
            return Ok(empty(200));
        }
        let found = inner.workspace_at(workspace).ok_or_else(|| self.not_found())?;
        let table = found.table(name).ok_or_else(|| self.not_found())?;
        Ok(json(200, &told(inner, &found.id(), table)))
    }

    /// A classic table becomes one that rules can write to. It cannot be taken back, and may be asked for again.
    pub(super) fn migrate(&self, inner: &mut Inner, workspace: &str, name: &str) -> Answer {
        self.versions(TABLE)?;
        if self.method() != Method::POST {
            return Err(self.no_method());
        }
        self.require(inner, MIGRATE, &format!("{workspace}/tables/{name}"))?;
        let table = inner.workspace_at_mut(workspace).and_then(|one| one.table_mut(name));
        let table = table.ok_or_else(|| self.not_found())?;
        table.sub_type = SubType::Rules;
        Ok(empty(200))
    }
}

/// As Resource Manager tells it.
pub(super) fn told(inner: &Inner, workspace: &str, table: &Table) -> Value {
    let column = |column: &Column| {
        let mut told = json!({
            "name": column.name, "type": column.kind.column_name(), "isDefaultDisplay": false, "isHidden": false,
        });
        if !column.description.is_empty() {
            told["description"] = column.description.clone().into();
        }
        told
    };
    let mut columns: Vec<Value> = table.columns.iter().map(column).collect();
    if inner.manners.columns_reversed {
        columns.reverse();
    }
    let standard =
        |name: &str, kind: &str| json!({ "name": name, "type": kind, "isDefaultDisplay": false, "isHidden": false });
    let sub_type = if table.sub_type == SubType::Classic { "Classic" } else { "DataCollectionRuleBased" };
    json!({
        "id": told_id(inner, &format!("{workspace}/tables/{}", table.name)), "name": table.name,
        "properties": {
            "totalRetentionInDays": table.retention, "archiveRetentionInDays": 0, "plan": table.plan,
            "retentionInDays": table.retention, "retentionInDaysAsDefault": true,
            "totalRetentionInDaysAsDefault": true, "provisioningState": "Succeeded",
            "schema": {
                "name": table.name, "description": table.description, "tableType": "CustomLog",
                "tableSubType": sub_type, "columns": columns, "solutions": ["LogManagement"],
                "standardColumns": [standard("TenantId", "guid"), standard("Type", "string")],
                "isTroubleshootingAllowed": true,
            },
        },
    })
}

/// What a table that is being made or changed is answered with.
pub(super) fn result(inner: &Inner, operation: &Operation) -> Response {
    let found = inner.workspace_at(&operation.workspace);
    let table = found.and_then(|one| one.table(&operation.table).map(|table| told(inner, &one.id(), table)));
    table.map_or_else(|| empty(204), |table| json(200, &table))
}
