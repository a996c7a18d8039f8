//! A Provance connection's whole life by commands, and what is stored held against the environment's own rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::practice_kind::practice_kind;
use itsmc::model::mapping::MappingFile;
use itsmc::model::partner::{Column, ValueType};
use itsmc::model::work_item::{Value, WorkItem, WorkItemKind};
use itsmc_practice::provance::{Control, FaultKind, FaultSpec, Layout, Options, Server, Truth};
use rstest::rstest;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{NAME, assert_in_no_file, itsmc_at, shown, with_stdin};
use crate::stored;

/// A practice environment, a home, and the binary.
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
        desk.added("client_credentials", &[]);
        desk
    }

    fn form(&self, grant: &str) -> String {
        let details = self.control.sign_in();
        let user = if grant == "password" { format!("username = \"{}\"\n", details.username) } else { String::new() };
        format!(
            "name = \"{NAME}\"\npartner = \"provance\"\nserver_url = \"{}\"\ngrant = \"{grant}\"\n{user}\
             client_id = \"{}\"\nwork_items = [\"incident\", \"change_request\"]\nsync_days = 120\n\
             create_configuration_items = false\n",
            details.url, details.client_id
        )
    }

    fn add(&self, grant: &str, more: &[&str]) -> std::process::Output {
        let details = self.control.sign_in();
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, self.form(grant)).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file).args(more);
        let password =
            if grant == "password" { format!("password = \"{}\"\n", details.password) } else { String::new() };
        let output = with_stdin(&mut command, &format!("{password}client_secret = \"{}\"\n", details.client_secret));
        std::fs::remove_file(&file).unwrap();
        output
    }

    fn added(&self, grant: &str, more: &[&str]) {
        let output = self.add(grant, more);
        assert!(output.status.success(), "{}", shown(&output));
    }

    fn run(&self, arguments: &[&str]) -> std::process::Output {
        itsmc_at(self.home.path()).args(arguments).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    fn mapping(&self) -> PathBuf {
        self.home.path().join("mappings").join(format!("{NAME}.toml"))
    }

    /// Fails where anything stored differs from the environment's rows.
    fn assert_lossless(&self) {
        let mapping = MappingFile::read(&self.ok(&["connection", "mapping", NAME])).unwrap();
        for work_item in &mapping.work_items {
            let stored = stored::work_items(&self.home.path().join("itsmc.db"), work_item.kind);
            assert_same(&stored, &self.control.rows(practice_kind(work_item.kind)), &work_item.columns);
        }
    }

    fn assert_no_secret_on_disk(&self) {
        let details = self.control.sign_in();
        let own = [details.password.clone(), details.client_secret.clone()];
        let secrets: Vec<String> = own.into_iter().chain(self.control.authority().tokens()).collect();
        assert!(secrets.len() > 2, "the tokens are not known");
        assert_in_no_file(self.home.path(), &secrets);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

fn assert_same(stored: &BTreeMap<String, WorkItem>, rows: &[Truth], columns: &[Column]) {
    let number = columns.iter().find(|column| column.to == "number").unwrap();
    for row in rows {
        let number = &row[&number.from].value;
        let item = stored.get(number).unwrap_or_else(|| panic!("{number} is missing"));
        for column in columns {
            assert_eq!(attribute(item, &column.to), expected(row, column), "{number} {}", column.from);
        }
    }
    assert_eq!(stored.len(), rows.len(), "work items that the environment does not have");
}

fn expected(row: &Truth, column: &Column) -> Value {
    let truth = row.get(&column.from).unwrap_or_else(|| &row[&format!("_{}_value", column.from)]);
    match (column.to.as_str(), column.holds) {
        ("open", _) => Value::plain((truth.value == "0").to_string()),
        (_, ValueType::Choice | ValueType::Reference) => {
            Value::labelled(truth.value.clone(), truth.label.clone().unwrap_or_default())
        }
        _ => Value::plain(truth.value.clone()),
    }
}

fn attribute(item: &WorkItem, name: &str) -> Value {
    let moment =
        |moment: Option<jiff::Timestamp>| Value::plain(moment.map(|moment| moment.to_string()).unwrap_or_default());
    match name {
        "id" => Value::plain(item.source_id.clone()),
        "number" => Value::plain(item.number.clone()),
        "title" => Value::plain(item.title.clone()),
        "state" => item.state.clone(),
        "priority" => item.priority.clone(),
        "open" => Value::plain(item.open.to_string()),
        "opened_at" => moment(item.opened_at),
        "updated_at" => moment(Some(item.updated_at)),
        name => item.field(name).unwrap_or_default(),
    }
}

#[rstest]
fn a_connection_lives_by_commands(
    #[values(Layout::Own, Layout::Case)] layout: Layout,
    #[values("client_credentials", "password")] grant: &str,
) {
    let desk = Desk::new(Options { tied: 40, ..Options::still().rows(140).layout(layout) });
    let template = desk.ok(&["connection", "template", "provance"]);
    assert!(template.contains("client_credentials") && template.contains("tenant"), "{template}");
    desk.added(grant, &[]);
    assert!(desk.ok(&["connection", "show", NAME]).contains(&desk.control.sign_in().url));
    let (code, test) = desk.json(&["connection", "test", NAME]);
    assert_eq!((code, &test["passed"]), (0, &true.into()), "{test}");
    let (code, list) = desk.json(&["checklist", NAME]);
    assert_eq!(code, 0, "{list}");
    desk.ok(&["sync"]);
    desk.assert_lossless();
    let row = desk.control.rows(practice_kind(WorkItemKind::Incident)).remove(17);
    let (id, title) = (
        desk.control.id_column(practice_kind(WorkItemKind::Incident)),
        if layout == Layout::Own { "prov_title" } else { "title" },
    );
    desk.control
        .edit(practice_kind(WorkItemKind::Incident), &row[&id].value, &[(title, "Coffee machine on fire")])
        .unwrap();
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!((code, &reports[0]["inserted"], &reports[0]["updated"]), (0, &0.into(), &1.into()), "{reports}");
    let (_, items) = desk.json(&["items", "--find", "coffee machine"]);
    assert_eq!(items[0]["Title_s"], "Coffee machine on fire");
    desk.assert_lossless();
    desk.assert_no_secret_on_disk();
    desk.ok(&["connection", "remove", NAME, "--yes"]);
    assert!(!desk.ok(&["connection", "list"]).contains(NAME));
    assert_eq!(desk.json(&["items", NAME]).0, 4);
}

#[test]
fn nothing_is_lost_while_rows_change() {
    let desk = Desk::connected(Options { tied: 300, ..Options::still().rows(1_500) });
    let rows = desk.control.rows(practice_kind(WorkItemKind::Incident));
    let mut state = 7_u64;
    let mut random = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    for round in 0..4 {
        for _ in 0..30 {
            let row = &rows[random(rows.len())]["prov_incidentid"].value;
            let status = (1 + random(6)).to_string();
            desk.control.edit(practice_kind(WorkItemKind::Incident), row, &[("statuscode", &status)]).unwrap();
        }
        desk.control.add(practice_kind(WorkItemKind::ChangeRequest), &[("prov_title", "one more")]).unwrap();
        // The service protection bites in the middle, and is waited for in silence.
        let limited = FaultSpec { retry_after: 1, ..FaultSpec::new(FaultKind::RateLimited) };
        desk.control.fault(limited.on("prov_incidents").after(round));
        desk.ok(&["sync"]);
        desk.control.clear_faults();
    }
    desk.assert_lossless();
    // Of the requests side by side, those on their way when the first was refused could not know: three a round.
    assert!(desk.control.state()["too_early"].as_u64().unwrap() <= 12, "{}", desk.control.state());
}

#[test]
fn names_that_cannot_be_known_are_corrected_in_the_mapping_file() {
    let desk = Desk::new(Options::still().rows(70).layout(Layout::Unusual));
    let refused = desk.add("client_credentials", &[]);
    assert!(!refused.status.success(), "{}", shown(&refused));
    let saved = desk.add("client_credentials", &["--signed-out"]);
    assert_eq!(saved.status.code(), Some(8), "{}", shown(&saved));
    desk.ok(&["connection", "mapping", NAME, "--write"]);
    let written = std::fs::read_to_string(desk.mapping()).unwrap();
    assert!(written.contains("# NOT FOUND"), "{written}");
    let columns = r#"[
        { from = "TABLEid", to = "id", holds = "text" },
        { from = "fab_ref", to = "number", holds = "text" },
        { from = "fab_subject", to = "title", holds = "text" },
        { from = "fab_text", to = "description", holds = "lines" },
        { from = "statuscode", to = "state", holds = "choice" },
        { from = "fab_prio", to = "priority", holds = "choice" },
        { from = "statecode", to = "open", holds = "flag" },
        { from = "createdon", to = "opened_at", holds = "moment" },
        { from = "modifiedon", to = "updated_at", holds = "moment" },
        { from = "ownerid", to = "assigned_to", holds = "reference" },
    ]"#;
    let one = |kind: &str, table: &str| {
        let columns = columns.replace("TABLE", table);
        format!("[[work_item]]\nkind = \"{kind}\"\nsource = \"{table}\"\ncolumn = {columns}\n")
    };
    std::fs::write(desk.mapping(), one("incident", "fab_ticket") + &one("change_request", "fab_rfc")).unwrap();
    let (code, test) = desk.json(&["connection", "test", NAME]);
    assert_eq!((code, &test["passed"]), (0, &true.into()), "{test}");
    desk.ok(&["sync"]);
    desk.assert_lossless();
    std::fs::write(desk.mapping(), one("incident", "fab_ticket").replace("fab_prio", "fab_priority")).unwrap();
    let failed = desk.run(&["connection", "test", NAME]);
    assert!(String::from_utf8_lossy(&failed.stdout).contains("fab_priority"), "{}", shown(&failed));
    assert_ne!(failed.status.code(), Some(0));
}

#[test]
fn a_trace_for_somebody_else_holds_no_secret() {
    let desk = Desk::connected(Options::still().rows(20));
    let file = desk.home.path().join("trace.jsonl");
    desk.ok(&["connection", "test", NAME, "--trace", file.to_str().unwrap()]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("EntityDefinitions") && text.contains("WhoAmI"), "{text}");
    let details = desk.control.sign_in();
    for secret in desk.control.authority().tokens().iter().chain([&details.client_secret, &details.password]) {
        assert!(!text.contains(secret.as_str()), "a secret in the trace");
    }
}

/// What is stored of an attribute, by number.
fn stored_of(desk: &Desk, attribute_of: &str) -> BTreeMap<String, String> {
    let stored = stored::work_items(&desk.home.path().join("itsmc.db"), WorkItemKind::Incident);
    stored.into_iter().map(|(number, item)| (number, attribute(&item, attribute_of).value)).collect()
}

#[test]
fn p2_a_binding_is_kept_until_it_is_bound_again_by_an_explicit_act() {
    let desk = Desk::connected(Options::still().rows(40).layout(Layout::Case));
    let incident = practice_kind(WorkItemKind::Incident);
    desk.ok(&["sync"]);
    let (titles, urgencies) = (stored_of(&desk, "title"), stored_of(&desk, "urgency"));
    desk.control.add_column(incident, "prov_title", "Title", false);
    desk.control.drop_column(incident, "prov_urgency").unwrap();
    for row in desk.control.rows(incident) {
        desk.control.edit(incident, &row["incidentid"].value, &[("statuscode", "2")]).unwrap();
    }
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!(code, 8, "{reports}");
    assert!(reports.to_string().contains("binding-changed"), "{reports}");
    assert_eq!((stored_of(&desk, "title"), stored_of(&desk, "urgency")), (titles, urgencies));
    assert_eq!(desk.json(&["status", "--check"]).0, 8);
    let (code, told) = desk.json(&["connection", "mapping", NAME]);
    assert_eq!((code, told["drift"].as_array().unwrap().len()), (8, 2), "{told}");
    assert!(told["mapping"].as_str().unwrap().contains("\"title\", to = \"title\""), "{told}");
    let (code, told) = desk.json(&["connection", "mapping", NAME, "--rebind"]);
    assert_eq!((code, &told["drift"]), (0, &serde_json::json!([])), "{told}");
    assert!(told["mapping"].as_str().unwrap().contains("\"prov_title\", to = \"title\""), "{told}");
    let (code, test) = desk.json(&["connection", "test", NAME]);
    assert_eq!((code, &test["passed"]), (0, &true.into()), "{test}");
}

#[test]
fn p6_a_wait_is_kept_for_the_next_process_which_sends_nothing() {
    let desk = Desk::connected(Options::still().rows(20));
    desk.control.fault(FaultSpec { retry_after: 120, ..FaultSpec::new(FaultKind::RateLimited) });
    assert_eq!(desk.run(&["sync"]).status.code(), Some(6));
    desk.control.clear_requests();
    let tokens = desk.control.authority().requests().len();
    for arguments in [&["sync"][..], &["connection", "test", NAME], &["sync", "--full"]] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(6), "{}", shown(&output));
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("wait") && told.contains("minute"), "{told}");
    }
    assert!(desk.control.requests().is_empty(), "{:?}", desk.control.requests());
    assert_eq!(desk.control.authority().requests().len(), tokens);
}

#[test]
fn p9_a_mapping_is_written_from_a_form_that_is_not_saved_and_counts_when_it_is_added() {
    let desk = Desk::new(Options::still().rows(20).layout(Layout::Unusual));
    let details = desk.control.sign_in();
    let secrets = format!("client_secret = \"{}\"\n", details.client_secret);
    let form = desk.home.path().join("form.toml");
    std::fs::write(&form, desk.form("client_credentials")).unwrap();
    let write = || {
        let mut command = itsmc_at(desk.home.path());
        command.args(["connection", "mapping", "--write", "--secrets-stdin", "--file"]).arg(&form);
        with_stdin(&mut command, &secrets)
    };
    for _ in 0..2 {
        let output = write();
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    }
    let written = std::fs::read_to_string(desk.mapping()).unwrap();
    for name in ["# source = \"fab_ticket\"", "fab_subject  (String, Betreff)", "to = \"updated_at\""] {
        assert!(written.contains(name), "{name}\n{written}");
    }
    // Filled in as the comments say, it is not overwritten, and what was added with it syncs.
    let filled: String =
        written.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).fold(String::new(), |text, line| {
            let keep = ["[[work_item]]", "kind", "source", "column", "    {", "]"];
            if keep.iter().any(|start| line.starts_with(start)) { text + line + "\n" } else { text }
        });
    let named = [("number", "fab_ref"), ("title", "fab_subject"), ("priority", "fab_prio")];
    let filled = named.iter().fold(filled, |text, (to, from)| {
        text.replace(&format!("from = \"...\", to = \"{to}\""), &format!("from = \"{from}\", to = \"{to}\""))
    });
    std::fs::write(desk.mapping(), filled).unwrap();
    assert_eq!(write().status.code(), Some(2));
    desk.added("client_credentials", &[]);
    desk.ok(&["sync"]);
    assert_eq!(stored_of(&desk, "title").len(), 20);
}

#[test]
fn p10_a_broken_mapping_exits_2_and_names_the_line() {
    let desk = Desk::connected(Options::still().rows(7));
    desk.ok(&["connection", "mapping", NAME, "--write"]);
    let good = std::fs::read_to_string(desk.mapping()).unwrap();
    for (from, to, line) in [
        ("kind = \"incident\"", "kind = incident", "kind = \"incident\""),
        ("to = \"title\"", "to = \"titel\"", "to = \"title\""),
        ("prov_incidentid", "prov_title", "prov_incidentid"),
        ("modifiedon", "createdon", "modifiedon"),
    ] {
        std::fs::write(desk.mapping(), good.replacen(from, to, 1)).unwrap();
        let line = good.lines().position(|text| text.contains(line)).unwrap() + 1;
        let output = desk.run(&["connection", "test", NAME]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(&format!("Line {line}:")), "{line}: {told}");
    }
}

#[rstest]
#[case::down(FaultSpec::new(FaultKind::Unavailable), 6)]
#[case::maintenance(FaultSpec { retry_after: 600, ..FaultSpec::new(FaultKind::Maintenance) }, 6)]
#[case::not_found(FaultSpec::error(404, "0x80040217", "Does Not Exist"), 5)]
#[case::error_beside_rows(FaultSpec::new(FaultKind::ErrorBesideRows), 5)]
fn p12_a_sync_that_is_refused_has_the_documented_exit_code(#[case] fault: FaultSpec, #[case] code: i32) {
    let desk = Desk::connected(Options::still().rows(20));
    desk.ok(&["sync"]);
    desk.control.fault(fault.on("/prov_").times(0));
    let output = desk.run(&["sync"]);
    assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
}

#[test]
fn p12_an_environment_that_is_down_for_good_is_told_with_its_wait_which_is_kept() {
    let desk = Desk::connected(Options::still().rows(20));
    desk.ok(&["sync"]);
    desk.control.fault(FaultSpec { retry_after: 600, ..FaultSpec::new(FaultKind::Maintenance) }.on("/prov_").times(0));
    let (code, reports) = desk.json(&["sync"]);
    let fault = &reports[0]["fault"];
    assert_eq!(
        (code, &fault["code"], &fault["retry"]["when"]),
        (6, &"unavailable".into(), &"after".into()),
        "{reports}"
    );
    assert!((590..=600).contains(&fault["retry"]["seconds"].as_u64().unwrap()), "{fault}");
    desk.control.clear_requests();
    // While the wait lasts nothing is sent, and each command says how long it still is.
    for arguments in [&["sync"][..], &["connection", "test", NAME], &["verify"]] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(6), "{}", shown(&output));
        assert!(
            shown(&output).contains("not available now") && shown(&output).contains("10 minutes"),
            "{}",
            shown(&output)
        );
    }
    assert!(desk.control.requests().is_empty(), "{:?}", desk.control.requests());
    let (_, status) = desk.json(&["status"]);
    assert_eq!(status["connections"][0]["fault"]["code"], "unavailable", "{status}");
    let items: serde_json::Value = serde_json::from_str(&desk.ok(&["items", "--json"])).unwrap();
    assert!(!items.as_array().unwrap().is_empty(), "what is stored stays");
}

#[test]
fn p11_fewer_rows_than_are_counted_beside_them_are_not_all() {
    let desk = Desk::connected(Options::still().rows(60));
    desk.control.fault(FaultSpec::new(FaultKind::FewerRows).on("prov_incidents").times(0));
    let (code, reports) = desk.json(&["sync"]);
    assert_ne!(code, 0, "{reports}");
    assert_eq!(reports[0]["complete"], false, "{reports}");
    desk.control.clear_faults();
    desk.ok(&["sync"]);
    desk.assert_lossless();
}

#[test]
fn p12_a_template_names_each_secret_once() {
    let desk = Desk::new(Options::still().rows(0));
    let template = desk.ok(&["connection", "template", "provance"]);
    assert_eq!(template.matches("Client secret").count(), 1, "{template}");
}

#[test]
fn p9_a_mapping_is_written_from_the_draft_of_the_wizard() {
    let desk = Desk::new(Options::still().rows(5).layout(Layout::Unusual));
    let details = desk.control.sign_in();
    let catalogue = itsmc::model::partner::Catalogue::built_in().unwrap();
    let (form, partner) = itsmc::home::form_file::read(&desk.form("client_credentials"), &catalogue, &[]).unwrap();
    let draft = itsmc::model::draft::Draft::of(&form, partner, "test", BTreeMap::new());
    itsmc::home::draft::save(&itsmc::home::Home::in_dir(desk.home.path()), &draft).unwrap();
    let mut command = itsmc_at(desk.home.path());
    command.args(["connection", "mapping", NAME, "--write", "--secrets-stdin"]);
    let output = with_stdin(&mut command, &format!("client_secret = \"{}\"\n", details.client_secret));
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(std::fs::read_to_string(desk.mapping()).unwrap().contains("fab_ticket"));
    // Of nothing at all there is no mapping.
    assert_eq!(desk.run(&["connection", "mapping", "nobody", "--write"]).status.code(), Some(4));
}
