//! Work items as JSON, under the names of a layout.

use jiff::Timestamp;

use super::layout::Names;
use super::manners::Dates;
use super::rows::{Item, display_id, guid};
use super::words as w;
use crate::WorkItemKind;
use crate::core::json_text::push_text;

/// A moment as the web app writes it.
pub(super) fn moment(millis: i64, dates: Dates) -> String {
    let at = |millis| Timestamp::from_millisecond(millis).unwrap_or_default();
    let written = |millis, end: &str| at(millis).strftime(&format!("%Y-%m-%dT%H:%M:%S.%3f{end}")).to_string();
    match dates {
        Dates::Utc => written(millis, "Z"),
        Dates::Offset => written(millis + 7_200_000, "+02:00"),
        Dates::Bare => written(millis, ""),
        Dates::Millis => format!("/Date({millis})/"),
    }
}

/// A JSON object that is being written.
struct Object<'a> {
    out: &'a mut String,
    begun: bool,
    dates: Dates,
}

impl<'a> Object<'a> {
    fn new(out: &'a mut String, dates: Dates) -> Self {
        out.push('{');
        Self { out, begun: false, dates }
    }

    fn key(&mut self, key: &str) {
        if self.begun {
            self.out.push(',');
        }
        self.begun = true;
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        push_text(self.out, value);
    }

    fn moment(&mut self, key: &str, millis: i64, never: &str) {
        self.key(key);
        if millis == 0 {
            self.out.push_str(never);
        } else {
            self.out.push('"');
            self.out.push_str(&moment(millis, self.dates));
            self.out.push('"');
        }
    }

    fn pair(&mut self, key: &str, names: (&str, &str), values: (&str, &str)) {
        self.key(key);
        let mut inner = Object::new(self.out, self.dates);
        inner.text(names.0, values.0);
        inner.text(names.1, values.1);
        inner.end();
    }

    fn end(self) {
        self.out.push('}');
    }
}

/// Appends one work item.
pub(super) fn push(out: &mut String, kind: WorkItemKind, item: &Item, names: &Names, dates: Dates) {
    let mut object = Object::new(out, dates);
    object.text(names.base_id, &guid(kind, item.number));
    object.text(names.id, &display_id(kind, item.number));
    object.text(names.title, &item.title);
    object.text(names.description, &item.description);
    for (key, values, place) in enumerations(kind, item, names) {
        let value = values.get(usize::from(place)).copied().unwrap_or_default();
        object.pair(key, (names.enum_id, names.enum_name), value);
    }
    if kind == WorkItemKind::Incident {
        object.key(names.priority);
        object.out.push_str(&item.priority.to_string());
    }
    object.moment(names.created, item.created, names.never);
    object.moment(names.modified, item.modified, names.never);
    for (key, millis) in times(kind, item, names) {
        object.moment(key, millis, names.never);
    }
    for (key, place) in [(names.assigned_to, item.assigned_to), (names.created_by, item.created_by)] {
        object.pair(key, (names.user_id, names.user_name), person(place));
    }
    if kind == WorkItemKind::Incident {
        object.pair(names.affected, (names.user_id, names.user_name), person(item.affected));
    }
    object.end();
}

fn person(place: u8) -> (&'static str, &'static str) {
    w::PEOPLE.get(usize::from(place)).copied().unwrap_or_default()
}

fn enumerations(kind: WorkItemKind, item: &Item, names: &Names) -> Vec<(&'static str, w::Enumeration, u8)> {
    match kind {
        WorkItemKind::Incident => vec![
            (names.status, w::INCIDENT_STATES, item.status),
            (names.urgency, w::URGENCIES, item.urgency),
            (names.impact, w::IMPACTS, item.impact),
            (names.category, w::CATEGORIES, item.category),
            (names.source, w::SOURCES, item.source),
        ],
        WorkItemKind::ChangeRequest => vec![
            (names.status, w::CHANGE_STATES, item.status),
            (names.priority, w::CHANGE_PRIORITIES, item.priority % 4),
            (names.impact, w::IMPACTS, item.impact),
            (names.risk, w::URGENCIES, item.urgency),
        ],
    }
}

fn times(kind: WorkItemKind, item: &Item, names: &Names) -> [(&'static str, i64); 2] {
    match kind {
        WorkItemKind::Incident => [(names.resolved, item.resolved), (names.closed, item.closed)],
        WorkItemKind::ChangeRequest => {
            [(names.planned_start, item.created + 86_400_000), (names.planned_end, item.created + 90_000_000)]
        }
    }
}
