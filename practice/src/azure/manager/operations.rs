//! Operations that go on after the answer.

use serde_json::json;

use super::super::http::reply::{json, refuse};
use super::super::state::{Inner, TableChange};
use super::super::value::time_text;
use super::{Answer, Call, tables};
use crate::core::reply::{empty, with};

impl Call<'_> {
    /// How an operation is going. It is HTTP 200 whether it ended well or not.
    pub(super) fn operation(&self, inner: &mut Inner, kind: &str, id: &str) -> Answer {
        let place = inner.operations.iter().position(|one| one.id == id);
        let place = place.ok_or_else(|| refuse(404, "NotFound", format!("Operation '{id}' was not found.")))?;
        let ended = inner.step(place);
        let operation = &inner.operations[place];
        let started = time_text(operation.started * 10_000);
        if kind == "operationresults" {
            return Ok(match ended {
                None => with(empty(202), "location", &format!("{}{}", inner.url, self.asked.parts.uri)),
                Some(Ok(())) => tables::result(inner, operation),
                Some(Err((code, message))) => json(400, &json!({ "error": { "code": code, "message": message } })),
            });
        }
        let path = self.asked.path();
        let mut body = json!({ "id": path, "name": id, "status": "InProgress", "startTime": started });
        if let Some(ended) = ended {
            body["endTime"] = time_text(inner.now * 10_000).into();
            body["resourceId"] = operation.table_path.clone().into();
            body["status"] = if ended.is_ok() { "Succeeded" } else { "Failed" }.into();
            if let Err((code, message)) = ended {
                body["error"] = json!({ "code": code, "message": message });
            }
        }
        Ok(json(200, &body))
    }

    /// Whoever looks at a table moves its operations on as well.
    pub(super) fn step_operations(&self, inner: &mut Inner, workspace: &str, table: &str) {
        for place in 0..inner.operations.len() {
            let one = &inner.operations[place];
            if one.workspace.eq_ignore_ascii_case(workspace) && one.table.eq_ignore_ascii_case(table) {
                inner.step(place);
            }
        }
    }
}

type Ended = Result<(), (String, String)>;

impl Inner {
    /// One question about an operation: how it ended, if it did.
    fn step(&mut self, place: usize) -> Option<Ended> {
        let operation = &mut self.operations[place];
        if let Some(ended) = &operation.ended {
            return Some(ended.clone());
        }
        if operation.polls > 0 {
            operation.polls -= 1;
            return None;
        }
        Some(self.end(place))
    }

    /// Ends an operation.
    pub(super) fn end(&mut self, place: usize) -> Ended {
        let operation = self.operations[place].clone();
        let ended = operation.failure.clone().map_or(Ok(()), Err);
        self.operations[place].ended = Some(ended.clone());
        let now = self.now;
        let workspace = self.workspace_at_mut(&operation.workspace);
        if let (Ok(()), Some(workspace)) = (&ended, workspace) {
            match operation.change {
                TableChange::Delete => {
                    workspace.tables.retain(|table| !table.name.eq_ignore_ascii_case(&operation.table));
                }
                TableChange::Put(wanted) => match workspace.table_mut(&operation.table) {
                    Some(table) => {
                        let rows = std::mem::take(&mut table.rows);
                        let old = std::mem::replace(&mut table.columns, wanted.columns.clone());
                        *table = super::super::table::Table { rows, columns: old, ..*wanted.clone() };
                        table.reshape(wanted.columns);
                    }
                    None => workspace.tables.push(super::super::table::Table { made: now, ..*wanted }),
                },
            }
        }
        ended
    }
}
