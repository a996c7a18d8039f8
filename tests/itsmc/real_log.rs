//! The real incident log, played in portions and synced after each.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use itsmc::model::work_item::{WorkItem, WorkItemKind};
use itsmc_practice::servicenow::{LogOptions, Options};

use crate::site::Site;
use crate::stored;

/// How many portions it is played in.
pub const PORTIONS: usize = 24;
/// A connection is tested on a table that holds something.
pub const FIRST: usize = 100;

/// Where the log lies beside the checkout; `None` says on stderr why the test is skipped, but never in CI.
pub fn log_file() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/incident_event_log.csv.xz");
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "the incident log is not at {}", path.display());
    eprintln!("SKIPPED: the incident log is not at {}", path.display());
    None
}

/// The log's own last state of each incident, read here without the practice server's help.
fn last_states(path: &PathBuf) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut text = Vec::new();
    lzma_rust2::XzReader::new(std::fs::File::open(path).unwrap(), true).read_to_end(&mut text).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let mut last: BTreeMap<String, (u64, BTreeMap<String, String>)> = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let changes = row["sys_mod_count"].parse().unwrap();
        let newest = last.get(&row["number"]).is_none_or(|(known, _)| changes >= *known);
        if newest {
            last.insert(row["number"].clone(), (changes, row));
        }
    }
    last.into_iter().map(|(number, (_, row))| (number, row)).collect()
}

#[test]
fn every_incident_of_the_log_arrives_as_the_log_left_it() {
    let Some(path) = log_file() else { return };
    let log = LogOptions { start_event: Some(FIRST), ..LogOptions::default() };
    let site = Site::connected(Options { incident_log: Some(path.clone()), log, ..Options::still() });
    let events = site.control.log_len();
    assert_eq!(events, 119_998);
    for portion in 1..=PORTIONS {
        site.control.advance_log_to(events * portion / PORTIONS);
        let (code, reports) = site.json(&["sync"]);
        assert_eq!(code, 0, "{reports}");
        assert_eq!(reports[0]["complete"], true, "{reports}");
        let stored = stored::work_items(&site.database(), WorkItemKind::Incident);
        let compared = stored::assert_same(&stored, &site.control.rows("incident"), WorkItemKind::Incident);
        assert!(compared > stored.len() * 20, "{compared} values of {} incidents", stored.len());
    }
    compare_with_the_log(&stored::work_items(&site.database(), WorkItemKind::Incident), &last_states(&path));
    site.assert_no_secret_on_disk();
}

fn compare_with_the_log(stored: &BTreeMap<String, WorkItem>, log: &BTreeMap<String, BTreeMap<String, String>>) {
    assert_eq!(stored.len(), 20_769);
    assert_eq!(log.len(), 20_769);
    let same = [
        ("assigned_to", "assigned_to"),
        ("assignment_group", "assignment_group"),
        ("caller", "caller_id"),
        ("created_by", "opened_by"),
        ("resolved_by", "resolved_by"),
        ("location", "location"),
        ("category", "category"),
        ("subcategory", "subcategory"),
        ("impact", "impact"),
        ("urgency", "urgency"),
        ("configuration_item", "cmdb_ci"),
        ("problem", "problem_id"),
        ("change_request", "rfc"),
        ("caused_by", "caused_by"),
        ("source", "contact_type"),
        ("close_code", "closed_code"),
        ("made_sla", "made_sla"),
        ("reassignment_count", "reassignment_count"),
        ("reopen_count", "reopen_count"),
        ("update_count", "sys_mod_count"),
        ("updated_by", "sys_updated_by"),
    ];
    for (number, row) in log {
        let item = &stored[number];
        assert_eq!(item.state.shown(), row["incident_state"], "{number}");
        assert_eq!(item.priority.shown(), row["priority"], "{number}");
        assert_eq!(item.open.to_string(), row["active"], "{number}");
        for (attribute, column) in same {
            let shown = item.field(attribute).map_or_else(|| "?".to_owned(), |value| value.shown().to_owned());
            assert_eq!(shown, row[column], "{number} {column}");
        }
    }
}
