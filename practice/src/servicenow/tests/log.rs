use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::core::rng::stable_hex;
use crate::servicenow::calendar::parse_raw;
use crate::servicenow::{LogOptions, log};

const LOG: &str = "\
number,incident_state,active,sys_mod_count,caller_id,opened_at,sys_updated_at,contact_type,category,impact,notify,closed_at
INC1,New,true,0,Caller 7,1/3/2016 08:00,1/3/2016 08:01,Phone,Category 5,2 - Medium,Do Not Notify,5/6/2016 12:00
INC1,Active,true,1,Caller 7,1/3/2016 08:00,1/3/2016 09:00,Phone,Category 5,2 - Medium,Do Not Notify,5/6/2016 12:00
INC1,Closed,false,2,Caller 7,1/3/2016 08:00,5/6/2016 12:00,Phone,Category 5,2 - Medium,Do Not Notify,5/6/2016 12:00
INC2,New,true,0,?,1/3/2016 08:30,1/3/2016 09:00,Email,?,1 - High,Send Email,?
INC2,-100,true,1,?,1/3/2016 08:30,1/2/2017 10:00,Email,?,1 - High,Send Email,?
";

fn file(directory: &tempfile::TempDir) -> PathBuf {
    let path = directory.path().join("log.csv");
    std::fs::write(&path, LOG).unwrap();
    path
}

async fn playing(directory: &tempfile::TempDir, start: usize) -> Practice {
    let options = Options { incident_log: Some(file(directory)), log: LogOptions::by_hand(start), ..Options::still() };
    Practice::start(options).await
}

#[tokio::test]
async fn words_become_values_and_names_become_references() {
    let directory = tempfile::tempdir().unwrap();
    let practice = playing(&directory, 5).await;
    let truth = practice.control().log_truth();
    let (one, two) = (&truth["INC1"], &truth["INC2"]);
    assert_eq!((one["state"].value.as_str(), one["state"].display_value.as_deref()), ("7", Some("Closed")));
    assert_eq!((two["state"].value.as_str(), two["state"].display_value.as_deref()), ("-100", Some("-100")));
    assert_eq!((one["impact"].value.as_str(), one["impact"].display_value.as_deref()), ("2", Some("2 - Medium")));
    assert_eq!(one["caller_id"].value, stable_hex("sys_user", "Caller 7"));
    assert_eq!(one["caller_id"].display_value.as_deref(), Some("Caller 7"));
    assert_eq!((two["caller_id"].value.as_str(), two["category"].display_value.as_deref()), ("", None));
    assert_eq!((two["contact_type"].value.as_str(), two["notify"].value.as_str()), ("email", "2"));
    assert_eq!(one["sys_id"].value, stable_hex("incident", "INC1"));
    let rows = practice.rows("incident", &[("sysparm_display_value", "all"), ("number", "INC1")]).await;
    assert_eq!(rows[0]["caller_id"]["display_value"], "Caller 7");
}

#[tokio::test]
async fn log_portions_play_in_order_and_stamps_never_go_back() {
    let directory = tempfile::tempdir().unwrap();
    let practice = playing(&directory, 0).await;
    let control = practice.control();
    assert_eq!((control.log_len(), control.count("incident")), (5, 0));
    let mut latest = String::new();
    let expected = [("1", ""), ("1", "1"), ("2", "1"), ("7", "1"), ("7", "-100")];
    for (event, states) in (1..).zip(expected) {
        control.advance_log_to(event);
        let truth = control.log_truth();
        let state = |number: &str| truth.get(number).map_or("", |row| row["state"].value.as_str());
        assert_eq!((state("INC1"), state("INC2")), states, "after event {event}");
        let stamp = control.rows("incident").last().unwrap()["sys_updated_on"].value.clone();
        assert!(stamp >= latest);
        latest = stamp;
    }
    assert_eq!(control.log_position(), 5);
    let now = jiff::Timestamp::now().as_second();
    assert!((now - parse_raw(&latest).unwrap()).abs() < 60, "the last event falls on now: {latest}");
}

#[tokio::test]
async fn the_log_fits_into_a_hundred_days_and_ties_stay_ties() {
    let directory = tempfile::tempdir().unwrap();
    let practice = playing(&directory, 3).await;
    let truth = practice.control().log_truth();
    assert_eq!(truth["INC1"]["sys_updated_on"], truth["INC2"]["sys_updated_on"]);
    let oldest = parse_raw(&truth["INC1"]["opened_at"].value).unwrap();
    assert!(jiff::Timestamp::now().as_second() - oldest < 101 * 86_400);
}

#[tokio::test]
async fn a_log_that_is_none_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log.csv");
    for (text, row) in [("a,b\n1,2\n", "row 1"), (&LOG.replace("1/3/2016 08:01", "soon"), "row 2")] {
        std::fs::write(&path, text).unwrap();
        let options = Options { incident_log: Some(path.clone()), ..Options::still() };
        let error = Server::start(options).await.err().unwrap().to_string();
        assert!(error.contains(row), "{error}");
    }
}

/// The real log lies beside the project, not in it.
fn real_log() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/incident_event_log.csv.xz");
    path.exists().then_some(path)
}

#[tokio::test]
async fn the_real_log_ends_in_its_own_last_states() {
    let Some(path) = real_log() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs the incident log beside the project");
        eprintln!("skipped: ../shared/data/incident_event_log.csv.xz is not there");
        return;
    };
    let options = Options { incident_log: Some(path.clone()), log: LogOptions::by_hand(60_000), ..Options::still() };
    let server = Server::start(options).await.unwrap();
    let control = server.control();
    assert_eq!(control.log_len(), 119_998);
    (61..=120).for_each(|thousand| control.advance_log_to(thousand * 1000));
    let mut last = BTreeMap::new();
    for row in log::read(&path).unwrap() {
        let row = row.unwrap();
        let key = (row.time("sys_updated_at").unwrap(), row.get("sys_mod_count").unwrap().parse::<u64>().unwrap());
        let entry = last.entry(row.get("number").unwrap().to_owned()).or_insert((key, row.clone()));
        if key >= entry.0 {
            *entry = (key, row);
        }
    }
    let truth = control.log_truth();
    assert_eq!((truth.len(), last.len()), (20_769, 20_769));
    for (number, (_, row)) in &last {
        let shown = |column: &str| truth[number][column].display_value.clone().unwrap_or_default();
        for (from, to) in [
            ("incident_state", "state"),
            ("caller_id", "caller_id"),
            ("priority", "priority"),
            ("sys_mod_count", "sys_mod_count"),
        ] {
            assert_eq!(shown(to), row.get(from).unwrap_or(""), "{number} {to}");
        }
    }
}
