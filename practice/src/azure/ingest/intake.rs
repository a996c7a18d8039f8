//! Rows that are taken, and what the service knows of rules at that moment.

use std::collections::HashMap;

use serde_json::Value;

use super::super::http::reply::{error, noted};
use super::super::manager::{declared, workspace_of};
use super::super::manners::Manners;
use super::super::record::Role;
use super::super::rule::Rule;
use super::super::state::{Control, Inner};
use super::super::table::Row;
use super::super::value::Cell;
use super::super::workspace::RuleError;
use super::plan::Plan;
use super::read::{Given, Reader};
use super::{Taken, Target, UNPACKED_LIMIT};
use crate::core::reply::empty;
use crate::entra::Bearer;

/// A repeated error is written so often in an hour, and then no more.
const LOGGED_AN_HOUR: usize = 3;

/// Where the rows of a stream go.
struct Way {
    workspace: String,
    table: String,
    plan: Plan,
}

/// Takes the rows of a body. Whatever is no list of objects is accepted and lost.
pub(super) fn take(
    azure: &Control,
    target: &Target<'_>,
    plain: &[u8],
    client_request_id: &str,
    manners: &Manners,
    lost: Option<usize>,
) -> Taken {
    let bytes = plain.len();
    let accepted = |rows: usize| noted(empty(204), |note| (note.rows, note.plain_bytes) = (rows, bytes));
    let fail = |inner: &mut Inner, message: String| {
        inner.log_error(target, "Ingestion", client_request_id, message);
        Ok(accepted(0))
    };
    if bytes > UNPACKED_LIMIT {
        return fail(&mut azure.0.inner(), "The batch is too large.".to_owned());
    }
    let (way, now) = {
        let inner = azure.0.inner();
        (inner.way(target), inner.now)
    };
    let nowhere = HashMap::new();
    let refused = manners.refused.as_ref();
    let reader = match &way {
        Ok(way) => way.plan.reader(refused),
        Err(_) => Reader { columns: &[], places: &nowhere, refused },
    };
    let Given { count, refused, rows } = match reader.read(plain) {
        Ok(given) => given,
        Err(problem) => return fail(&mut azure.0.inner(), format!("The payload is not a JSON array: {problem}")),
    };
    if refused {
        let message = "The payload holds a row that does not fit the stream.";
        let told = error(Role::Ingestion, 400, "InvalidPayload", message);
        return Err(Box::new(noted(told, |note| (note.rows, note.plain_bytes) = (count, bytes))));
    }
    let made = way.and_then(|way| way.plan.rows(rows, now * 10_000).map(|made| (way, made)));
    let mut inner = azure.0.inner();
    match made {
        Err(message) => {
            inner.count_rows(target, count, count, 1);
            inner.log_error(target, "Transformation", client_request_id, message);
        }
        Ok((way, made)) => {
            let keep = lost.map_or(made.len(), |lost| made.len().saturating_sub(if lost == 0 { count } else { lost }));
            let stored = inner.store(&way, made.into_iter().take(keep).collect(), now);
            inner.count_rows(target, count, count.saturating_sub(stored), 0);
        }
    }
    Ok(accepted(count))
}

impl Inner {
    /// The rule with this id.
    pub(super) fn rule_of(&self, immutable_id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.immutable_id == immutable_id && rule.kind.as_deref() == Some("Direct"))
    }

    /// Whether somebody may send to a rule.
    pub(super) fn may_send_to(&self, principal: &str, immutable_id: &str) -> bool {
        self.rule_of(immutable_id).is_some_and(|rule| self.may_send(principal, &rule.id()))
    }

    /// The text of the 403 of somebody who has no role.
    pub(super) fn no_access(&self, who: &Bearer, immutable_id: &str) -> String {
        let rule = self.rule_of(immutable_id).map(Rule::id).unwrap_or_default();
        let (tenant, object_id) = (&who.tenant, &who.object_id);
        format!(
            "The authentication token provided does not have access to ingest data for the data collection rule with \
             immutable Id '{immutable_id}' PipelineAccessResult: AccessGranted: False, IsRbacPresent: False, \
             IsDcrDceBindingValid: , DcrArmId: {rule}, Message: Required authorization action was not found for \
             tenantId {tenant} objectId {object_id} on resourceId {rule} ConfigurationId: {immutable_id}.."
        )
    }

    /// How many requests a rule had in this minute.
    pub(super) fn calls_of(&self, immutable_id: &str) -> u64 {
        self.rule_of(immutable_id).map_or(0, |rule| rule.calls_in_minute(self.now))
    }

    /// Whether a rule has this stream, as far as ingestion knows.
    pub(super) fn has_stream(&self, immutable_id: &str, stream: &str) -> bool {
        self.rule_of(immutable_id).is_some_and(|rule| declared(rule.in_force(self.now), stream).is_some())
    }

    fn rule_mut(&mut self, immutable_id: &str) -> Option<&mut Rule> {
        self.rules.iter_mut().find(|rule| rule.immutable_id == immutable_id)
    }

    /// Counts a request for the rule's metrics.
    pub(super) fn count_call(&mut self, immutable_id: &str, stream: &str, status: u16, bytes: usize) {
        let now = self.now;
        if let Some(rule) = self.rule_mut(immutable_id) {
            let counters = rule.counters(now, stream);
            *counters.calls.entry(status).or_default() += 1;
            counters.bytes += bytes as u64;
        }
    }

    fn count_rows(&mut self, target: &Target<'_>, received: usize, dropped: usize, errors: u64) {
        let now = self.now;
        if let Some(rule) = self.rule_mut(target.immutable_id) {
            let counters = rule.counters(now, &target.stream);
            counters.received += received as u64;
            counters.dropped += dropped as u64;
            counters.errors += errors;
        }
    }

    /// Where the rows of a stream go.
    fn way(&self, target: &Target<'_>) -> Result<Way, String> {
        let rule = self.rule_of(target.immutable_id).ok_or("The rule is gone.")?;
        let properties = rule.in_force(self.now);
        let has =
            |flow: &&Value| flow["streams"].as_array().is_some_and(|all| all.iter().any(|one| *one == *target.stream));
        let flows = properties["dataFlows"].as_array().map(Vec::as_slice).unwrap_or_default();
        let flow = flows.iter().find(has).ok_or("No data flow takes the stream.")?;
        let output = flow["outputStream"].as_str().unwrap_or(&target.stream);
        let table = output.strip_prefix("Custom-").unwrap_or(output);
        let destination = flow["destinations"][0].as_str().unwrap_or_default();
        let workspace = workspace_of(self, properties, destination).ok_or("The workspace is gone.")?;
        let found = workspace.table(table).ok_or_else(|| format!("The table '{table}' was not found."))?;
        let transform = flow["transformKql"].as_str().unwrap_or("source");
        let columns = declared(properties, &target.stream).unwrap_or_default();
        let plan = Plan::new(columns, transform, found)?;
        Ok(Way { workspace: workspace.id(), table: found.name.clone(), plan })
    }

    /// Stores rows, unless the workspace is over its quota. Returns how many.
    fn store(&mut self, way: &Way, rows: Vec<Vec<Cell>>, now: i64) -> usize {
        let manners = &self.manners;
        let (usual, first) = (manners.visible_seconds * 1000, manners.first_rows_seconds * 1000);
        let Some(workspace) = self.workspace_at_mut(&way.workspace) else { return 0 };
        if workspace.is_over_quota(now) {
            return 0;
        }
        let Some(table) = workspace.table_mut(&way.table) else { return 0 };
        let extra = if table.rows.is_empty() { first } else { 0 };
        // What came before the first rows can be found can be found with them.
        let least = table.rows.first().map_or(0, |row| row.visible);
        let visible = (now + usual + extra).max(least);
        let count = rows.len();
        table.rows.extend(rows.into_iter().map(|cells| Row { cells, received: now, visible }));
        count
    }

    /// Writes a row of `DCRLogErrors`, if a diagnostic setting asks for it; a repeated error is muted.
    fn log_error(&mut self, target: &Target<'_>, operation: &'static str, client_request_id: &str, message: String) {
        let now = self.now;
        let Some(rule) = self.rule_of(target.immutable_id).filter(|rule| rule.logs_errors()) else { return };
        let (id, properties) = (rule.id(), rule.in_force(now).clone());
        let destination = properties["destinations"]["logAnalytics"][0]["name"].as_str().unwrap_or_default();
        let Some(workspace) = workspace_of(self, &properties, destination).map(super::super::workspace::Workspace::id)
        else {
            return;
        };
        let Some(workspace) = self.workspace_at_mut(&workspace) else { return };
        let hour = now.div_euclid(3_600_000);
        let same = |one: &&RuleError| one.at.div_euclid(3_600_000) == hour && one.rule == id && one.message == message;
        if workspace.rule_errors.iter().filter(same).count() >= LOGGED_AN_HOUR {
            return;
        }
        workspace.rule_errors.push(RuleError {
            at: now,
            operation,
            stream: target.stream.clone(),
            client_request_id: client_request_id.to_owned(),
            message,
            rule: id,
        });
    }
}
