//! Incidents over the API: their numbers, what is worked out, what goes into the journal.

use super::Act;
use crate::core::rng::hex;
use crate::servicenow::calendar::raw;

const INCIDENTS: &str = "incident";

/// Texts are cut to what their columns hold, without a word.
const LENGTHS: [(&str, usize); 4] =
    [("short_description", 160), ("description", 4000), ("correlation_id", 100), ("correlation_display", 100)];

/// Notes: the row never shows them, the journal does.
const JOURNAL: [&str; 2] = ["comments", "work_notes"];

impl Act<'_> {
    pub(super) fn insert_incident(&mut self, id: [u8; 16]) {
        let number = self.next_number();
        let now = raw(self.writer.now);
        let first = [
            ("number", number.as_str()),
            ("state", "1"),
            ("incident_state", "1"),
            ("active", "true"),
            ("urgency", "3"),
            ("impact", "3"),
            ("severity", "3"),
            ("escalation", "0"),
            ("category", "inquiry"),
            ("made_sla", "true"),
            ("reassignment_count", "0"),
            ("reopen_count", "0"),
            ("sys_class_name", INCIDENTS),
            ("opened_at", &now),
            ("opened_by", &self.caller.sys_id),
        ];
        // What the product says first is stored by value, whatever the request's values are.
        let sent = std::mem::replace(&mut self.writer.by_display, false);
        let row = self.writer.insert(INCIDENTS, id, &first);
        self.writer.by_display = sent;
        if let Some(row) = row {
            self.put_incident(row, true);
            self.journal(&hex(&id));
        }
    }

    pub(super) fn update_incident(&mut self, row: u32) {
        self.put_incident(row, false);
        let id = self.writer.store.hex(INCIDENTS, row);
        self.journal(&id);
    }

    fn put_incident(&mut self, row: u32, new: bool) {
        let cut: Vec<(String, String)> = self.writable().iter().map(|(name, value)| cut(name, value)).collect();
        let before = self.writer.store.text(INCIDENTS, row, "state").to_owned();
        let kept = cut.iter().filter(|(name, _)| !JOURNAL.contains(&name.as_str()) && name != "number");
        let fields: Vec<_> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if !new {
            self.writer.update(INCIDENTS, row, &[]);
        }
        self.writer.amend(INCIDENTS, row, &fields);
        let follow = self.follow(row, &before, new);
        let follow: Vec<_> = follow.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let by_display = std::mem::replace(&mut self.writer.by_display, false);
        self.writer.amend(INCIDENTS, row, &follow);
        self.writer.by_display = by_display;
    }

    /// What follows from the values: priority from impact and urgency, and what comes with another state.
    fn follow(&self, row: u32, before: &str, new: bool) -> Vec<(&'static str, String)> {
        let text = |column| self.writer.store.text(INCIDENTS, row, column);
        let level = |column| text(column).parse::<u32>().unwrap_or(3).clamp(1, 3);
        let (state, now) = (text("state").to_owned(), raw(self.writer.now));
        let mut fields = vec![("priority", (level("impact") + level("urgency") - 1).to_string())];
        if self.field("state").is_none() {
            return fields;
        }
        fields.push(("active", if matches!(state.as_str(), "7" | "8") { "false" } else { "true" }.into()));
        let (changed, me) = (new || state != before, self.caller.sys_id.clone());
        match state.as_str() {
            "6" if changed => fields.extend([("resolved_at", now), ("resolved_by", me)]),
            "7" if changed => fields.extend([("closed_at", now), ("closed_by", me)]),
            "6" | "7" | "8" => {}
            _ if before == "6" => {
                let times = text("reopen_count").parse::<u64>().unwrap_or(0) + 1;
                fields.extend([("reopen_count", times.to_string()), ("resolved_at", String::new())]);
                fields.push(("resolved_by", String::new()));
            }
            _ => {}
        }
        fields.push(("incident_state", state));
        fields
    }

    fn journal(&mut self, id: &str) {
        for element in JOURNAL {
            let Some(value) = self.field(element).filter(|value| !value.is_empty()) else { continue };
            let value = value.to_owned();
            let fields = [("name", INCIDENTS), ("element", element), ("element_id", id), ("value", value.as_str())];
            self.writer.insert("sys_journal_field", self.state.new_id(), &fields);
        }
    }

    fn next_number(&self) -> String {
        let digits = |number: &str| number.strip_prefix("INC").and_then(|digits| digits.parse::<u64>().ok());
        let table = self.writer.store.table(INCIDENTS);
        let numbers = table.iter().flat_map(|table| table.order().iter().map(|row| table.text(*row, "number")));
        format!("INC{:07}", numbers.filter_map(digits).max().unwrap_or(10_000) + 1)
    }
}

fn cut(name: &str, value: &str) -> (String, String) {
    let length = LENGTHS.iter().find(|(column, _)| *column == name).map_or(usize::MAX, |(_, length)| *length);
    (name.to_owned(), value.chars().take(length).collect())
}
