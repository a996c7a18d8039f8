//! A Provance connection's whole life by commands, and what is stored held against the environment's own rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::practice_kind::practice_kind;
use itsmc::model::mapping::MappingFile;
use itsmc::model::partner::{Column, Holds};
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
        (_, Holds::Choice | Holds::Reference) => {
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
        name => item.field(name).cloned().unwrap_or_default(),
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
