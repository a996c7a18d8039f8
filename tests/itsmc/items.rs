//! `itsmc items` by assignment group, assignee and the day of opening: held against all rows.

use std::collections::BTreeSet;

use itsmc_practice::servicenow::Options;
use serde_json::Value;

use crate::site::{NAME, Site, shown};

/// The numbers of these rows, sorted.
fn numbers(rows: &Value) -> BTreeSet<String> {
    rows.as_array().unwrap().iter().map(|row| row["ServiceDeskId_s"].as_str().unwrap().to_owned()).collect()
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

#[test]
fn items_are_filtered_by_group_assignee_and_day_together_with_all_else() {
    let site = Site::connected(Options { rows: Some(300), ..Options::still() });
    site.ok(&["sync"]);
    let zone = |arguments: &[&str]| {
        let output = site.itsmc(arguments).env("TZ", "XXX-5").output().unwrap();
        assert!(output.status.success(), "{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&zone(&[&["items", NAME, "--json"], arguments].concat())).unwrap()
    };
    let all = json(&[]);
    let of = |fits: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let fitting: Vec<_> = all.as_array().unwrap().iter().filter(|row| fits(row)).cloned().collect();
        assert!(!fitting.is_empty() && fitting.len() < all.as_array().unwrap().len(), "{}", fitting.len());
        numbers(&Value::Array(fitting))
    };
    let group = |row: &Value, group: &str| text(row, "AssignmentGroup_s") == group;
    let network = of(&|row| group(row, "Network"));
    assert_eq!(numbers(&json(&["--group", "Network"])), network);
    assert_eq!(numbers(&json(&["--group", "network"])), network, "as people write it");
    let both = of(&|row| group(row, "Network") || group(row, ""));
    assert_eq!(numbers(&json(&["--group", "Network", "--group", ""])), both);
    let who = all.as_array().unwrap().iter().map(|row| text(row, "AssignedTo_s")).find(|who| !who.is_empty()).unwrap();
    assert_eq!(numbers(&json(&["--assignee", who])), of(&|row| text(row, "AssignedTo_s") == who));
    assert_eq!(numbers(&json(&["--assignee="])), of(&|row| text(row, "AssignedTo_s").is_empty()));
    let rows = all.as_array().unwrap();
    let (busy, state) = rows
        .iter()
        .map(|row| (text(row, "AssignmentGroup_s"), text(row, "IncidentState_s")))
        .find(|(group, state)| !group.is_empty() && !state.is_empty())
        .unwrap();
    let wanted = of(&|row| group(row, busy) && text(row, "IncidentState_s") == state);
    let state = format!("incident:{state}");
    assert_eq!(numbers(&json(&["--group", busy, "--state", &state, "--kind", "incident"])), wanted);

    let mut opened: Vec<_> = all.as_array().unwrap().iter().map(|row| text(row, "CreatedDate_t").to_owned()).collect();
    opened.sort_unstable();
    let middle: jiff::Timestamp = opened[opened.len() / 2].parse().unwrap();
    let day = middle.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(5))).date();
    let local = |row: &Value| {
        let opened: jiff::Timestamp = text(row, "CreatedDate_t").parse().unwrap();
        opened.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(5))).date()
    };
    let given = day.to_string();
    assert_eq!(
        numbers(&json(&["--since", &given])),
        of(&|row| local(row) >= day),
        "from the day on, by the local time zone"
    );
    assert_eq!(numbers(&json(&["--until", &given])), of(&|row| local(row) <= day), "with the day");
    assert_eq!(numbers(&json(&["--since", &given, "--until", &given])), of(&|row| local(row) == day));
    assert_eq!(numbers(&json(&["--since", "2000d"])).len(), all.as_array().unwrap().len());
    let csv = zone(&["items", NAME, "--group", "Network", "--csv"]);
    let is_row = |line: &&str| line.starts_with("Incident,") || line.starts_with("ChangeRequest,");
    assert_eq!(csv.lines().filter(is_row).count(), network.len());
}

#[test]
fn names_that_no_work_item_has_and_wrong_dates_are_told_with_what_to_do() {
    let site = Site::connected(Options { rows: Some(300), ..Options::still() });
    site.ok(&["sync"]);
    for (option, value, told) in [
        ("--group", "Netwerk", "No stored work item has the assignment group 'Netwerk'; known: Change Management, "),
        ("--assignee", "Nobody Here", "No stored work item has the assignee 'Nobody Here'; known: "),
    ] {
        let output = site.run(&["items", NAME, option, value]);
        assert!(output.status.success() && output.stdout.is_empty(), "{}", shown(&output));
        assert!(shown(&output).contains(told), "{}", shown(&output));
    }
    assert!(shown(&site.run(&["items", "--assignee", "x"])).contains(" more"), "of many people the first are told");
    for (arguments, told) in [
        (&["--since", "23-11-2026"] as &[&str], "--since '23-11-2026' is no date; give a day such as 2026-11-23"),
        (&["--until", "soon"], "--until 'soon' is no date"),
        (&["--since", "2026-11-24", "--until", "2026-11-23"], "give an earlier --since or a later --until"),
    ] {
        let output = site.run(&[&["items"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(shown(&output).contains(told), "{}", shown(&output));
    }
    let dutch = site.run(&["items", "--lang", "nl", "--since", "gisteren"]);
    assert!(shown(&dutch).contains("--since 'gisteren' is geen datum"), "{}", shown(&dutch));
}
