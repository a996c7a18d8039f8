//! A Cherwell connection's whole life by commands, and what is stored held against the system's own records.

use std::collections::BTreeMap;

use itsmc::model::partner::{Catalogue, PartnerId, ValueType};
use itsmc::model::work_item::{WorkItem, WorkItemKind};
use itsmc_practice::cherwell::{Control, Culture, FaultKind, FaultSpec, Options, Row, Server, Zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rstest::rstest;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{NAME, itsmc_at, shown, with_stdin};
use crate::stored;

/// A practice system, a home, and the binary.
struct Desk {
    control: Control,
    home: TempDir,
    server: Option<Server>,
    runtime: Runtime,
}

impl Desk {
    fn new(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(options)).unwrap();
        Self { control: server.control(), home: tempfile::tempdir().unwrap(), server: Some(server), runtime }
    }

    fn connected(options: Options) -> Self {
        let desk = Self::new(options);
        let (ok, said) = desk.add(&[]);
        assert!(ok, "{said}");
        desk
    }

    fn add(&self, more: &[&str]) -> (bool, String) {
        let details = self.control.sign_in();
        let file = self.home.path().join("form.toml");
        let form = format!(
            "name = \"{NAME}\"\npartner = \"cherwell\"\nserver_url = \"{}\"\nusername = \"{}\"\nclient_id = \"{}\"\n\
             work_items = [\"incident\", \"change_request\"]\nsync_days = 120\ncreate_configuration_items = false\n{}",
            details.url,
            details.username,
            details.client_id,
            more.concat()
        );
        std::fs::write(&file, form).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &format!("password = \"{}\"\n", details.password));
        (output.status.success(), shown(&output))
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = itsmc_at(self.home.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}\n{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let output = itsmc_at(self.home.path()).args(arguments).arg("--json").output().unwrap();
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    fn stored(&self, kind: WorkItemKind) -> BTreeMap<String, WorkItem> {
        stored::work_items(&self.home.path().join("itsmc.db"), kind)
    }

    /// Fails where anything stored differs from the system's records.
    fn assert_lossless(&self, zone: &TimeZone) {
        for (kind, object) in [(WorkItemKind::Incident, "Incident"), (WorkItemKind::ChangeRequest, "ChangeRequest")] {
            assert_same(&self.stored(kind), &self.control.rows(object), kind, zone);
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

fn is_synced(row: &Row) -> bool {
    row.get("IncidentType").is_none_or(|kind| kind.text == "Incident")
}

/// A date as the system's texts tell it: to the minute, and of the hour that comes twice in autumn the second pass.
fn moment(second: i64, zone: &TimeZone) -> Timestamp {
    let at = Timestamp::from_second(second - second.rem_euclid(60)).unwrap();
    zone.to_ambiguous_timestamp(zone.to_datetime(at)).later().unwrap()
}

fn assert_same(stored: &BTreeMap<String, WorkItem>, rows: &[Row], kind: WorkItemKind, zone: &TimeZone) {
    let catalogue = Catalogue::built_in().unwrap();
    let columns = &catalogue.get(&PartnerId::new("cherwell")).unwrap().work_item(kind).unwrap().columns;
    let number = columns.iter().find(|column| column.to == "number").unwrap();
    let mut seen = 0;
    for row in rows.iter().filter(|row| is_synced(row)) {
        let number = &row[number.from.as_str()].text;
        let item = stored.get(number).unwrap_or_else(|| panic!("{number} is missing"));
        seen += 1;
        for column in columns.iter().filter(|column| column.to != "open") {
            let truth = &row[column.from.as_str()];
            let expected = match (column.holds, truth.second) {
                (ValueType::Moment, Some(second)) => moment(second, zone).to_string(),
                (ValueType::Moment, None) => String::new(),
                (ValueType::Lines, _) => truth.text.replace('\r', ""),
                _ => truth.text.clone(),
            };
            assert_eq!(attribute(item, &column.to), expected, "{number} {}", column.from);
        }
        assert_eq!(item.open, !is_closed(row), "{number}");
    }
    assert_eq!(stored.len(), seen, "work items that the system does not have");
}

fn is_closed(row: &Row) -> bool {
    let state = row["Status"].text.as_str();
    let open = ["New", "Assigned", "In Progress", "Pending", "Resolved", "Reopened"].contains(&state);
    matches!(state, "Closed" | "Cancelled") || (!open && row["ClosedDateTime"].second.is_some())
}

fn attribute(item: &WorkItem, name: &str) -> String {
    let moment = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string()).unwrap_or_default();
    match name {
        "id" => item.source_id.clone(),
        "number" => item.number.clone(),
        "title" => item.title.clone(),
        "state" => item.state.value.clone(),
        "priority" => item.priority.value.clone(),
        "opened_at" => moment(item.opened_at),
        "updated_at" => moment(Some(item.updated_at)),
        name => item.field(name).map(|value| value.value).unwrap_or_default(),
    }
}

fn eastern() -> TimeZone {
    TimeZone::posix(&Zone::eastern().posix).unwrap()
}

fn still(rows: u64) -> Options {
    Options { rows: Some(rows), ..Options::still() }
}

#[test]
fn a_connection_lives_by_commands() {
    let desk = Desk::new(still(300));
    let template = desk.ok(&["connection", "template", "cherwell"]);
    assert!(template.contains("client_id") && template.contains("auth_mode"), "{template}");
    let (ok, said) = desk.add(&[]);
    assert!(ok, "{said}");
    assert!(desk.ok(&["connection", "list"]).contains(NAME));
    let (code, report) = desk.json(&["connection", "test", NAME]);
    assert_eq!((code, &report["passed"]), (0, &true.into()), "{report}");
    let (_, checklist) = desk.json(&["checklist", NAME]);
    let steps = checklist["steps"].as_array().unwrap();
    let of = |id: &str| steps.iter().find(|step| step["id"] == id).unwrap_or_else(|| panic!("{checklist}"));
    assert_eq!(of("view_incident")["status"], "passed");
    assert_eq!(of("support_ends")["status"], "warning");
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
    let row = desk.control.rows("Incident").into_iter().filter(is_synced).nth(17).unwrap();
    let fields = [("ShortDescription", "Coffee machine on fire"), ("Status", "On fire")];
    desk.control.edit("Incident", &row["RecID"].text, &fields).unwrap();
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!((code, &reports[0]["inserted"], &reports[0]["updated"]), (0, &0.into(), &1.into()), "{reports}");
    let (_, items) = desk.json(&["items", "--find", "coffee machine"]);
    assert_eq!(items[0]["ServiceDeskId_s"], row["IncidentID"].text.as_str());
    assert_eq!(items[0]["IncidentState_s"], "On fire");
    let csv = desk.ok(&["items", "--csv"]);
    let rows = csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).count();
    let synced = desk.control.rows("Incident").iter().filter(|row| is_synced(row)).count();
    assert_eq!(rows, synced + desk.control.count("ChangeRequest"));
    desk.ok(&["connection", "remove", NAME, "--yes"]);
    assert_eq!(desk.json(&["items", NAME]).0, 4);
}

#[rstest]
#[case::as_it_comes(still(600), Zone::eastern())]
#[case::dutch(Options { culture: Culture::NlNl, zone: Zone::western_europe(), ..still(600) }, Zone::western_europe())]
#[case::an_old_version(Options { version: "9.3.2".into(), ..still(600) }, Zone::eastern())]
fn nothing_is_lost_while_the_system_is_worked_in(#[case] options: Options, #[case] zone: Zone) {
    let desk = Desk::connected(options);
    let zone = TimeZone::posix(&zone.posix).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |end: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % end as u64).unwrap()
    };
    for round in 0..4 {
        desk.ok(&["sync"]);
        desk.assert_lossless(&zone);
        for object in ["Incident", "ChangeRequest"] {
            let rows = desk.control.rows(object);
            for edit in 0..25 {
                let row = &rows[below(rows.len())];
                let status = format!("State {round}.{edit}");
                desk.control.edit(object, &row["RecID"].text, &[("Status", &status)]).unwrap();
            }
            let title = if object == "Incident" { "ShortDescription" } else { "Title" };
            desk.control.add(object, &[(title, "One more")]).unwrap();
        }
    }
    desk.ok(&["sync"]);
    desk.assert_lossless(&zone);
}

#[test]
fn a_sync_that_finds_nothing_changed_takes_one_search_an_object() {
    let desk = Desk::connected(still(300));
    desk.ok(&["sync"]);
    desk.control.clear_requests();
    desk.ok(&["sync"]);
    let searches = desk.control.requests().iter().filter(|request| !request.search.is_empty()).count();
    assert_eq!(searches, 2, "{:?}", desk.control.requests());
}

#[test]
fn signed_out_by_another_program_the_sync_says_so_and_the_password_fixes_it() {
    let desk = Desk::connected(still(60));
    desk.ok(&["sync"]);
    desk.control.log_out();
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!((code, &reports[0]["fault"]["code"]), (3, &"refresh-refused".into()), "{reports}");
    let mut command = itsmc_at(desk.home.path());
    command.args(["token", "rotate", NAME, "--secrets-stdin"]);
    let output = with_stdin(&mut command, &format!("password = \"{}\"\n", desk.control.sign_in().password));
    assert!(output.status.success(), "{}", shown(&output));
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
}

#[test]
fn rows_that_are_counted_and_do_not_come_are_asked_for_again() {
    let desk = Desk::connected(still(300));
    desk.control.fault(FaultSpec::new(FaultKind::EmptyPage).after(3).times(2));
    desk.ok(&["sync"]);
    assert!(desk.control.faults().is_empty());
    desk.assert_lossless(&eastern());
}

#[test]
fn an_unclear_time_zone_is_asked_for() {
    let desk = Desk::new(Options { tells_zone: false, ..still(60) });
    let (ok, said) = desk.add(&[]);
    assert!(!ok && said.contains("time_zone"), "{said}");
    let (ok, said) = desk.add(&["time_zone = \"America/New_York\"\n"]);
    assert!(ok, "{said}");
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
}

#[test]
fn culture_and_zone_are_changed_without_a_password_and_a_wrong_one_is_named() {
    let desk = Desk::connected(still(60));
    desk.ok(&["connection", "edit", NAME, "--set", "culture=en-US", "--set", "time_zone=America/New_York"]);
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
    desk.ok(&["connection", "edit", NAME, "--set", "culture=xx-XX"]);
    let (code, report) = desk.json(&["connection", "test", NAME]);
    assert!(code != 0 && report.to_string().contains("culture"), "{code}: {report}");
}

#[test]
fn the_mapping_is_written_down_and_obeyed() {
    let desk = Desk::connected(still(60));
    let text = desk.ok(&["connection", "mapping", NAME]);
    assert!(text.contains("from = \"LastModifiedDateTime\""), "{text}");
    desk.ok(&["connection", "mapping", NAME, "--write"]);
    let file = desk.home.path().join("mappings").join(format!("{NAME}.toml"));
    let written = std::fs::read_to_string(&file).unwrap();
    // The title out of another field.
    let title = written.lines().find(|line| line.contains("to = \"title\"")).unwrap();
    assert!(title.contains("\"ShortDescription\""), "{title}");
    let corrected = written.replacen(title, &title.replace("ShortDescription", "Service"), 1);
    std::fs::write(&file, corrected).unwrap();
    desk.ok(&["sync"]);
    let rows = desk.control.rows("Incident");
    let stored = desk.stored(WorkItemKind::Incident);
    for row in rows.iter().filter(|row| is_synced(row)) {
        assert_eq!(stored[&row["IncidentID"].text].title, row["Service"].text);
    }
    std::fs::write(&file, "[[work_item]]\nkind = \"incident\"\nsource = 7\n").unwrap();
    let output = itsmc_at(desk.home.path()).args(["sync"]).output().unwrap();
    assert!(!output.status.success() && shown(&output).contains("mappings"), "{}", shown(&output));
}

/// Words of another product have no place in what is said of this one.
fn assert_own_words(said: &str) {
    for word in ["sys_updated_on", "sys_id", "itil", "query_range", "service-now", "ServiceNow", "()"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[test]
fn c1_a_system_that_wants_a_token_for_its_own_description_is_synced() {
    let desk = Desk::connected(Options { info_wants_token: true, ..still(60) });
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
}

#[test]
fn c4_a_change_time_that_may_not_be_seen_fails_the_test_and_every_sync() {
    let hidden_fields = vec!["LastModifiedDateTime".to_owned()];
    let desk = Desk::new(Options { hidden_fields, ..still(60) });
    let (ok, said) = desk.add(&[]);
    assert!(!ok && said.contains("may not see the field Incident.LastModifiedDateTime"), "{said}");
    assert_own_words(&said);
}

#[test]
fn c7_a_system_without_change_requests_is_told_apart_and_synced_without_them() {
    let desk = Desk::new(Options { without_objects: vec!["ChangeRequest".into()], ..still(60) });
    let (ok, said) = desk.add(&[]);
    assert!(!ok && said.contains("no business object ChangeRequest") && said.contains("work_items"), "{said}");
    assert_own_words(&said);
}

#[test]
fn c6_changes_in_the_future_are_a_finding_that_names_the_setting() {
    let east = Zone { windows: "Tokyo Standard Time".into(), posix: "JST-9".into() };
    let desk = Desk::new(Options { value_zone: Some(east), zone: Zone::utc(), ..still(60) });
    for object in ["Incident", "ChangeRequest"] {
        desk.control.add(object, &[("Status", "New")]).unwrap();
    }
    let (_, said) = desk.add(&[]);
    assert!(said.contains("in the future") && said.contains("'Time zone'") && said.contains("Saved"), "{said}");
    desk.json(&["sync"]);
    let (code, status) = desk.json(&["status", "--check"]);
    assert!(code == 8 && status.to_string().contains("changed-in-future"), "{code}: {status}");
}

#[rstest]
#[case(Culture::EsMx)]
#[case(Culture::HuHu)]
#[case(Culture::ZhTw)]
#[case(Culture::ArEg)]
#[case(Culture::EnPh)]
fn c8_any_culture_is_synced_without_a_setting(#[case] culture: Culture) {
    let desk = Desk::connected(Options { culture, zone: Zone::utc(), ..still(200) });
    desk.ok(&["sync"]);
    desk.assert_lossless(&TimeZone::UTC);
}

#[test]
fn c2_a_mapping_is_checked_against_the_fields_and_named_by_line() {
    let desk = Desk::connected(still(60));
    desk.ok(&["connection", "mapping", NAME, "--write"]);
    let file = desk.home.path().join("mappings").join(format!("{NAME}.toml"));
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("#   ShortDescription  (Text)"), "{written}");
    let line = |part: &str| written.lines().position(|line| line.contains(part)).unwrap() + 1;
    let title = line("to = \"title\"");
    for (was, now, said) in [
        ("to = \"title\"", "to = \"titel\"", "title"),
        ("\"ShortDescription\"", "\"ShortDescripton\"", "ShortDescription"),
        ("\"LastModifiedDateTime\"", "\"CreatedDateTime\"", "LastModifiedDateTime"),
    ] {
        std::fs::write(&file, written.replacen(was, now, 1)).unwrap();
        let output = itsmc_at(desk.home.path()).args(["sync"]).output().unwrap();
        let text = shown(&output);
        assert!(!output.status.success() && text.contains(said) && text.contains("mappings"), "{now}: {text}");
        if now != "\"CreatedDateTime\"" {
            assert!(text.contains(&title.to_string()), "line {title}: {text}");
        }
    }
}

#[test]
fn c2_a_renamed_object_is_bound_by_a_pattern_before_anything_is_saved() {
    let renamed = vec![("Incident".to_owned(), "Ticket".to_owned())];
    let desk = Desk::new(Options { renamed, ..still(60) });
    let (ok, said) = desk.add(&[]);
    assert!(!ok && said.contains("no business object Incident"), "{said}");
    let form = desk.home.path().join("form.toml");
    let mut command = itsmc_at(desk.home.path());
    command.args(["connection", "mapping", "--write", "--secrets-stdin", "--file"]).arg(&form);
    let output = with_stdin(&mut command, &format!("password = \"{}\"\n", desk.control.sign_in().password));
    assert!(output.status.success(), "{}", shown(&output));
    let file = desk.home.path().join("mappings").join(format!("{NAME}.toml"));
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("#   Ticket"), "{written}");
    let mut filled = String::new();
    let mut within = false;
    for line in written.lines() {
        within |= line.contains("[[work_item]]") && line.starts_with('#');
        let line = if within { line.strip_prefix("# ").unwrap_or(line) } else { line };
        within &= line != "]";
        filled += &line.replace("source = \"...\"", "source = \"Ticket\"");
        filled.push('\n');
    }
    std::fs::write(&file, filled).unwrap();
    let (ok, said) = desk.add(&[]);
    assert!(ok, "{said}");
    desk.ok(&["sync"]);
    desk.assert_lossless(&eastern());
}

#[test]
fn the_practice_server_tells_how_to_sign_in() {
    let mut child = itsmc_at(std::env::temp_dir().as_path())
        .args(["practice", "cherwell", "--rows", "5"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let details: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(details["partner"], "cherwell");
    assert!(details["client_secret"].is_null() && details["client_id"].is_string(), "{details}");
}

#[rstest]
fn c3_status_is_never_healthy_while_a_row_is_missing_and_the_next_sync_heals_it(#[values(1, 2, 6)] times: u64) {
    for after in [0, 2, 4] {
        let desk = Desk::connected(still(200));
        desk.control.fault(FaultSpec::new(FaultKind::RowMissing).after(after).times(times));
        let (_, reports) = desk.json(&["sync"]);
        let there = desk.control.rows("Incident").iter().filter(|row| is_synced(row)).count();
        let whole = desk.stored(WorkItemKind::Incident).len() == there
            && desk.stored(WorkItemKind::ChangeRequest).len() == desk.control.rows("ChangeRequest").len();
        let check = itsmc_at(desk.home.path()).args(["status", "--check"]).output().unwrap();
        assert!(whole || !check.status.success(), "{after}: {reports}");
        desk.control.clear_faults();
        desk.json(&["sync"]);
        assert_eq!(desk.stored(WorkItemKind::Incident).len(), there, "{after}");
        let (code, found) = desk.json(&["verify"]);
        assert_eq!(code, 0, "{after}: {found}");
        desk.ok(&["status", "--check"]);
    }
}
