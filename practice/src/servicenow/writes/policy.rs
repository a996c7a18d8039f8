//! What stands against a write, and what changes it on its way: the life of an incident, data policies, business rules.

use std::collections::BTreeMap;

use super::{Act, Refused};
use crate::core::rng::stable_hex;
use crate::servicenow::manners::{BusinessRule, Manners};

const INCIDENTS: &str = "incident";
const RESOLVED: &str = "6";
const CLOSED: &str = "7";
const CANCELED: &str = "8";

impl Act<'_> {
    /// Refuses the write, or changes what it writes.
    pub(super) fn obey(&mut self, manners: &Manners, row: Option<u32>) -> Result<(), Refused> {
        if self.table == INCIDENTS {
            self.life_of_an_incident(manners, row)?;
        }
        let of_table = |rule: &&BusinessRule| rule.table == self.table && rule.runs_at(self.verb);
        let rules: Vec<&BusinessRule> = manners.business_rules.iter().filter(of_table).collect();
        for rule in rules {
            if self.holds(row, &rule.when) {
                self.run(rule, row)?;
            }
        }
        for policy in manners.mandatory.iter().filter(|policy| policy.table == self.table) {
            if self.holds(row, &policy.when) {
                self.needs(manners, row, &policy.columns)?;
            }
        }
        Ok(())
    }

    /// A closed incident stays closed; closing asks for a role, resolving for a code and notes.
    fn life_of_an_incident(&self, manners: &Manners, row: Option<u32>) -> Result<(), Refused> {
        let before = row.map_or("", |row| self.writer.store.text(INCIDENTS, row, "state")).to_owned();
        let after = self.effective(row, "state");
        let is_admin = self.caller.admin();
        if before == CLOSED && manners.closed_read_only && !is_admin {
            return Err(self.against_the_access_rules());
        }
        if matches!(before.as_str(), CLOSED | CANCELED) && after != before {
            return Err(aborted(INCIDENTS, "Closed incidents stay closed"));
        }
        if after == CLOSED && before != CLOSED && !is_admin && !self.caller.has("itil_admin") {
            return Err(self.against_the_access_rules());
        }
        if after == RESOLVED { self.needs(manners, row, &manners.resolve_needs) } else { Ok(()) }
    }

    fn against_the_access_rules(&self) -> Refused {
        Refused::Operation(format!("ACL Exception {} Failed due to security constraints", self.verb.word()))
    }

    fn run(&mut self, rule: &BusinessRule, row: Option<u32>) -> Result<(), Refused> {
        let outside = |(column, values): (&String, &Vec<String>)| {
            let value = self.effective(row, column);
            !value.is_empty() && !values.contains(&value)
        };
        if rule.abort || rule.only.iter().any(outside) {
            return Err(aborted(&self.table, &rule.name));
        }
        self.fields.retain(|(name, _)| !rule.drop.contains(name) && !rule.set.contains_key(name));
        self.fields.extend(rule.set.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(())
    }

    fn needs(&self, manners: &Manners, row: Option<u32>, columns: &[String]) -> Result<(), Refused> {
        let missing = columns.iter().filter(|column| self.effective(row, column).is_empty());
        let missing: Vec<String> = missing.map(|column| label(column)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail = format!("Data Policy Exception:\r\n The following fields are mandatory: {}", missing.join(", "));
        Err(Refused::Policy(manners.policy_status, detail))
    }

    fn holds(&self, row: Option<u32>, when: &BTreeMap<String, String>) -> bool {
        when.iter().all(|(column, value)| self.effective(row, column) == *value)
    }

    /// What a column would hold after the write.
    fn effective(&self, row: Option<u32>, column: &str) -> String {
        match self.field(column) {
            Some(sent) => self.writer.value_of(&self.table, column, sent),
            None => row.map_or("", |row| self.writer.store.text(&self.table, row, column)).to_owned(),
        }
    }
}

fn aborted(table: &str, rule: &str) -> Refused {
    let id = stable_hex("sys_script", rule);
    Refused::Operation(format!(
        "Operation against file '{table}' was aborted by Business Rule '{rule}^{id}'. Business Rule Stack:{rule}"
    ))
}

/// A column as the form calls it.
fn label(column: &str) -> String {
    let mut text = column.replace('_', " ");
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}
