//! What commands print for people and scripts: tables in a pipe, notices on stderr, faults once.

use itsmc_practice::servicenow::{Options, Revoke};

use crate::site::{NAME, Site, shown};

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a32_items_in_a_pipe_are_rows_of_seven_cells_parted_by_tabs() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let lines = site.ok(&["items", "--limit", "20"]);
    for line in lines.lines() {
        let cells: Vec<_> = line.split('\t').collect();
        assert_eq!((cells.len(), cells[0]), (7, NAME), "{line}");
        assert!(["incident", "change_request"].contains(&cells[1]), "{line}");
        assert!(cells[5].parse::<jiff::Timestamp>().is_ok(), "{line}");
    }
    assert!(!lines.contains('\x1b') && lines.lines().count() == 20, "{lines}");
    let limited = site.run(&["items"]);
    let total = site.control.count("incident") + site.control.count("change_request");
    let said = stderr(&limited).replace(['\u{a0}', ',', '.'], "");
    assert!(said.contains(&format!("100 of {total} shown")), "{said}");
}

#[test]
fn a32_a_state_that_no_item_has_is_named_with_the_known_ones() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    let output = site.run(&["items", "--state", "Foo"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{}", shown(&output));
    let said = stderr(&output);
    assert!(said.contains("'Foo'") && said.contains("In Progress") && said.contains("No work item matches."), "{said}");
    let output = site.run(&["items", "--kind", "incident", "--state", "in progress", "--priority", "Foo"]);
    assert!(!stderr(&output).contains("state") && stderr(&output).contains("the priority 'Foo'"), "{}", shown(&output));
    let output = site.run(&["items", "--find", "nothinghasthisword"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("No work item matches."), "{}", shown(&output));
    assert!(stderr(&site.run(&["items", "--find", "nothinghasthisword", "--json"])).is_empty());
}

#[test]
fn a39_what_stops_every_kind_is_told_once() {
    let site = Site::connected(Options::still());
    site.control.revoke(Revoke::All);
    let output = site.run(&["sync"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    assert_eq!((output.status.code(), said.matches('→').count()), (Some(3), 1), "{said}");
    assert!(!said.contains("0 received") && !said.contains("1 requests"), "{said}");
}

#[test]
fn p4_the_list_of_connections_shows_their_health() {
    let site = Site::connected(Options::still());
    assert!(
        site.ok(&["connection", "list"]).contains(&format!("{NAME}\tservicenow\tnot synced yet\thttp://127.0.0.1:"))
    );
    site.ok(&["sync"]);
    assert!(site.ok(&["connection", "list"]).contains("\thealthy\t"));
}
