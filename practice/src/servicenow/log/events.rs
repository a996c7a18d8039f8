//! The log's events as rows of the incident table, in the order in which they happened.

use std::collections::HashMap;
use std::path::Path;

use super::read::{LogRow, read};
use super::timeline::Timeline;
use crate::PracticeError;
use crate::core::rng::{stable_hex, stable_id};
use crate::servicenow::table::{EMPTY, Kind, Shown, Table, choices};

/// How a column of the log becomes one of the instance.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    State,
    /// `2 - Medium`: the value stands before the dash.
    Level,
    /// The value is the label in lower case.
    Lower,
    Notify,
    Reference(&'static str),
    Time,
}

const COLUMNS: [(&str, &str, Form); 36] = [
    ("number", "number", Form::Plain),
    ("incident_state", "state", Form::State),
    ("active", "active", Form::Plain),
    ("reassignment_count", "reassignment_count", Form::Plain),
    ("reopen_count", "reopen_count", Form::Plain),
    ("sys_mod_count", "sys_mod_count", Form::Plain),
    ("made_sla", "made_sla", Form::Plain),
    ("caller_id", "caller_id", Form::Reference("sys_user")),
    ("opened_by", "opened_by", Form::Reference("sys_user")),
    ("opened_at", "opened_at", Form::Time),
    ("sys_created_by", "sys_created_by", Form::Plain),
    ("sys_created_at", "sys_created_on", Form::Time),
    ("sys_updated_by", "sys_updated_by", Form::Plain),
    ("sys_updated_at", "sys_updated_on", Form::Time),
    ("contact_type", "contact_type", Form::Lower),
    ("location", "location", Form::Reference("cmn_location")),
    ("category", "category", Form::Plain),
    ("subcategory", "subcategory", Form::Plain),
    ("u_symptom", "u_symptom", Form::Plain),
    ("cmdb_ci", "cmdb_ci", Form::Reference("cmdb_ci")),
    ("impact", "impact", Form::Level),
    ("urgency", "urgency", Form::Level),
    ("priority", "priority", Form::Level),
    ("assignment_group", "assignment_group", Form::Reference("sys_user_group")),
    ("assigned_to", "assigned_to", Form::Reference("sys_user")),
    ("knowledge", "knowledge", Form::Plain),
    ("u_priority_confirmation", "u_priority_confirmation", Form::Plain),
    ("notify", "notify", Form::Notify),
    ("problem_id", "problem_id", Form::Reference("problem")),
    ("rfc", "rfc", Form::Reference("change_request")),
    ("vendor", "vendor", Form::Reference("core_company")),
    ("caused_by", "caused_by", Form::Reference("change_request")),
    ("closed_code", "close_code", Form::Plain),
    ("resolved_by", "resolved_by", Form::Reference("sys_user")),
    ("resolved_at", "resolved_at", Form::Time),
    ("closed_at", "closed_at", Form::Time),
];

/// One event: which incident, when, and where its cells stand.
#[derive(Clone, Copy)]
struct Event {
    incident: u32,
    at: i64,
    order: (i64, u32),
    place: u32,
}

/// Every event of the log.
pub(crate) struct Events {
    events: Vec<Event>,
    cells: Vec<u32>,
    width: usize,
    ids: Vec<[u8; 16]>,
}

impl Events {
    /// Reads the log into values of the incident table.
    pub(crate) fn load(path: &Path, table: &mut Table) -> Result<Self, PracticeError> {
        let mut log = Self { events: Vec::new(), cells: Vec::new(), width: table.columns.len(), ids: Vec::new() };
        let mut incidents = HashMap::new();
        for row in read(path)? {
            log.take(&row?, table, &mut incidents)?;
        }
        log.events.sort_by_key(|event| (event.at, event.order));
        if log.events.is_empty() {
            return Err(PracticeError::Log { row: 0, problem: "it holds no event".into() });
        }
        Ok(log)
    }

    /// How many events there are.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// When this event happened, in the log's own time; behind the end, when the last one did.
    pub(crate) fn at(&self, event: usize) -> i64 {
        self.events.get(event).or(self.events.last()).map_or(0, |event| event.at)
    }

    /// How many incidents there are.
    pub(crate) fn incidents(&self) -> usize {
        self.ids.len()
    }

    /// The incident (a running number), its `sys_id` and its cells after this event.
    pub(crate) fn get(&self, event: usize) -> Option<(u32, [u8; 16], &[u32])> {
        let event = self.events.get(event)?;
        let start = event.place as usize * self.width;
        Some((event.incident, self.ids[event.incident as usize], &self.cells[start..start + self.width]))
    }

    /// Moves every time of every event.
    pub(crate) fn move_times(&mut self, table: &Table, timeline: &Timeline) {
        let timed: Vec<_> = (0..self.width).filter(|column| table.columns[*column].kind == Kind::Time).collect();
        for cells in self.cells.chunks_exact_mut(self.width) {
            for column in &timed {
                if cells[*column] != EMPTY {
                    cells[*column] = u32::try_from(timeline.map(i64::from(cells[*column]))).unwrap_or(EMPTY);
                }
            }
        }
    }

    fn take(
        &mut self,
        row: &LogRow,
        table: &mut Table,
        incidents: &mut HashMap<String, u32>,
    ) -> Result<(), PracticeError> {
        let missing = |what: &str| PracticeError::Log { row: row.row, problem: format!("no {what}") };
        let number = row.get("number").ok_or_else(|| missing("number"))?;
        let at = row.time("sys_updated_at")?.ok_or_else(|| missing("sys_updated_at"))?;
        let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let incident = *incidents.entry(number.to_owned()).or_insert(next);
        if incident == next {
            self.ids.push(stable_id("incident", number));
        }
        let mod_count = row.get("sys_mod_count").and_then(|text| text.parse().ok()).unwrap_or(0);
        let place = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        self.events.push(Event { incident, at, order: (mod_count, place), place });
        let cells = cells_of(row, table)?;
        self.cells.extend_from_slice(&cells);
        Ok(())
    }
}

fn cells_of(row: &LogRow, table: &mut Table) -> Result<Vec<u32>, PracticeError> {
    let mut cells = table.blank();
    for (from, to, form) in COLUMNS {
        let Some(text) = row.get(from) else { continue };
        match form {
            Form::Time => table.put_time(&mut cells, to, row.time(from)?.unwrap_or(0)),
            form => put(table, &mut cells, to, text, form),
        }
    }
    if let (Some(state), Some(both)) = (table.column("state"), table.column("incident_state")) {
        cells[both] = cells[state];
    }
    table.put(&mut cells, "short_description", &title(row));
    table.put(&mut cells, "sys_class_name", "incident");
    Ok(cells)
}

fn put(table: &mut Table, cells: &mut [u32], to: &str, text: &str, form: Form) {
    let value = match form {
        Form::Plain | Form::Time => text.to_owned(),
        Form::State => value_of_state(text).to_owned(),
        Form::Level => text.split(" - ").next().unwrap_or(text).to_owned(),
        Form::Lower => text.to_lowercase(),
        Form::Notify => if text == "Send Email" { "2" } else { "1" }.to_owned(),
        Form::Reference(target) => stable_hex(target, text),
    };
    let shown = if value == text { Shown::Same } else { Shown::Text(text) };
    table.put_shown(cells, to, &value, shown);
}

fn value_of_state(word: &str) -> &str {
    let known = choices::OLDER_INCIDENT_STATE.iter().find(|(_, label)| *label == word);
    known.map_or(word, |(value, _)| value)
}

fn title(row: &LogRow) -> String {
    let parts = ["category", "subcategory", "u_symptom"].map(|column| row.get(column));
    let title = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if title.is_empty() { "No category".into() } else { title }
}
