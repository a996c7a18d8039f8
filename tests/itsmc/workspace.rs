//! A workspace of Log Analytics from an empty subscription to a plan with nothing to do, against the practice cloud.
#![cfg(unix)]

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use itsmc_practice::azure::{
    ADMIN, FaultKind, FaultSpec, INGESTION_AUDIENCE, MANAGER_AUDIENCE, Options, QUERY_AUDIENCE, READER, Server,
    TableOrder,
};
use itsmc_practice::entra::{FaultKind as EntraFaultKind, FaultSpec as EntraFault, Holder};
use itsmc_practice::servicenow;
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{assert_in_no_file, itsmc_at, shown, with_stdin};

const STEPS: [&str; 6] = ["table", "log_table", "rule", "function", "workbook", "role"];

/// A practice cloud, a home whose config names it, and an `az` in which somebody is signed in.
struct World {
    server: Server,
    home: TempDir,
    tools: TempDir,
    /// A product whose work items go to the workspace, in some tests.
    product: RefCell<Option<servicenow::Server>>,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(Options::default())).unwrap();
        let (home, tools) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let world = Self { server, home, tools, product: RefCell::default(), runtime };
        world.az(ADMIN);
        std::fs::write(world.config_file(), world.cloud()).unwrap();
        world
    }

    fn config_file(&self) -> PathBuf {
        self.home.path().join("config.toml")
    }

    fn cloud(&self) -> String {
        let cloud = self.server.sign_in().cloud.clone().unwrap();
        format!(
            "[azure.cloud]\nname = \"custom\"   # practice\nauthority = \"{}\"\nresource_manager = \"{}\"\n\
             resource_manager_audience = \"{}\"\ningestion = \"{}\"\ningestion_audience = \"{}\"\nquery = \"{}\"\n\
             query_audience = \"{}\"\n",
            cloud.authority,
            cloud.resource_manager,
            cloud.resource_manager_audience,
            cloud.ingestion,
            cloud.ingestion_audience,
            cloud.query,
            cloud.query_audience
        )
    }

    /// An Azure CLI in which this user is signed in.
    fn az(&self, user: &str) {
        let tenant = self.server.sign_in().tenant.clone();
        let mut script = "#!/bin/sh\ncase \"$*\" in\n".to_owned();
        for audience in [MANAGER_AUDIENCE, INGESTION_AUDIENCE, QUERY_AUDIENCE] {
            let given = self.server.control().entra().hand_out(&tenant, &Holder::User(user), audience, 3599);
            let (token, expires) = given.unwrap();
            script.push_str(&format!(
                "*{audience}/.default*) echo '{{\"accessToken\":\"{token}\",\"expires_on\":{expires}}}';;\n"
            ));
        }
        script.push_str("*) echo \"ERROR: unknown $*\" >&2; exit 1;;\nesac\n");
        let az = self.tools.path().join("az");
        std::fs::write(&az, script).unwrap();
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn itsmc(&self, arguments: &[&str]) -> Command {
        let mut command = itsmc_at(self.home.path());
        command.args(arguments).env("PATH", format!("{}:/usr/bin:/bin", self.tools.path().display()));
        command.env_remove("AZURE_FEDERATED_TOKEN_FILE");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.itsmc(arguments).output().unwrap()
    }

    /// Exit code and JSON of a command.
    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let told = serde_json::from_slice(&output.stdout);
        (output.status.code().unwrap(), told.unwrap_or_else(|_| panic!("{}", shown(&output))))
    }

    fn place(&self) -> Vec<String> {
        let sign_in = self.server.sign_in();
        [
            ("--subscription", &sign_in.azure_subscription),
            ("--resource-group", &sign_in.azure_resource_group),
            ("--workspace", &sign_in.workspace),
        ]
        .into_iter()
        .flat_map(|(flag, value)| [flag.to_owned(), value.clone()])
        .collect()
    }

    /// Adds `prod`, with these options beside its place.
    fn add(&self, more: &[&str]) {
        let place = self.place();
        let place: Vec<&str> = place.iter().map(String::as_str).collect();
        let output = self.run(&[&["workspace", "add", "prod"], &place[..], more].concat());
        assert!(output.status.success(), "{}", shown(&output));
    }

    fn added() -> Self {
        let world = Self::new();
        world.add(&["--sign-in", "cli"]);
        world
    }

    /// How often Resource Manager was asked to change something.
    fn changes(&self) -> usize {
        let all = self.server.control().requests();
        let is_change = |method: &str| matches!(method, "PUT" | "PATCH" | "DELETE" | "POST");
        all.iter().filter(|one| one.path.starts_with("/subscriptions") && is_change(&one.method)).count()
    }
}

fn actions(document: &Value) -> Vec<(String, String)> {
    let steps = document["steps"].as_array().unwrap_or_else(|| panic!("{document}"));
    steps
        .iter()
        .map(|step| (step["id"].as_str().unwrap().to_owned(), step["action"].as_str().unwrap().to_owned()))
        .collect()
}

fn step<'a>(document: &'a Value, id: &str) -> &'a Value {
    document["steps"].as_array().unwrap().iter().find(|step| step["id"] == id).unwrap()
}

#[test]
fn report_14_from_an_empty_workspace_to_a_plan_with_nothing_to_do() {
    let world = World::added();
    world.server.control().change_manners(|manners| {
        (manners.other_case, manners.columns_reversed, manners.empty_last_link) = (true, true, true);
        (manners.operation_polls, manners.page_size) = (2, 2);
    });
    let (code, plan) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!((code, &plan["nothing_to_do"]), (0, &json!(false)), "{plan}");
    assert!(actions(&plan).iter().all(|(_, action)| action == "create"), "{plan}");
    assert_eq!(world.changes(), 0, "a plan changes nothing");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let documented =
        ["action", "blocked", "changes", "id", "needs", "notes", "request", "resource"].map(str::to_owned).to_vec();
    assert_eq!(keys(&plan["steps"][0]), documented);
    assert_eq!(keys(&plan), ["nothing_to_do", "steps", "workspace"]);
    let (code, applied) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &applied["made"]), (0, &json!(STEPS)), "{applied}");
    assert_eq!(applied["nothing_to_do"], true, "{applied:#}");
    let (_, shown) = world.json(&["workspace", "show", "prod"]);
    assert_eq!(shown["set_up"], true);
    assert_eq!(shown["endpoint"], world.server.url().trim_end_matches('/'));
    assert!(shown["rule_id"].as_str().unwrap().starts_with("dcr-"), "{shown}");
    assert_eq!(shown["location"], "westeurope");
    assert_eq!(shown["workspace_id"].as_str().unwrap().len(), 36);
    let before = world.changes();
    let (code, plan) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!((code, &plan["nothing_to_do"]), (0, &json!(true)), "{plan:#}");
    let (code, again) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &again["made"]), (0, &json!([])), "{again}");
    assert_eq!(world.changes(), before, "nothing was put a second time");
    let config = std::fs::read_to_string(world.config_file()).unwrap();
    assert!(config.contains("# practice"), "{config}");
}

#[test]
fn report_10_a_step_that_fails_with_status_200_fails_and_is_continued_at() {
    let world = World::added();
    let fault = FaultSpec {
        code: "SchemaUpdateFatalError".to_owned(),
        message: "TimeGenerated is missing.".to_owned(),
        times: 0,
        ..FaultSpec::new(FaultKind::OperationFailed)
    };
    world.server.control().fault(fault);
    let output = world.run(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("SchemaUpdateFatalError") && told.contains("TimeGenerated is missing"), "{told}");
    assert!(told.contains("Log Analytics Contributor"), "the right is named: {told}");
    world.server.control().clear_faults();
    let (code, applied) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &applied["nothing_to_do"]), (0, &json!(true)), "{applied}");
}

#[test]
fn report_11_a_rule_is_tried_again_until_it_knows_the_new_table() {
    let world = World::added();
    world.server.control().change_manners(|manners| manners.table_seconds = 2);
    let output = world.run(&["workspace", "apply", "prod", "--yes"]);
    assert!(output.status.success(), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("trying again in"), "{}", shown(&output));
    let requests = world.server.control().requests();
    let refused = requests.iter().filter(|one| one.method == "PUT" && one.status == 400).count();
    assert!(refused >= 1, "{refused}");
}

#[test]
fn a_classic_table_is_migrated_only_when_it_is_named() {
    let world = World::added();
    let order = TableOrder {
        workspace: None,
        name: "ServiceDesk_CL".to_owned(),
        classic: true,
        plan: None,
        columns: vec![("ServiceDeskId_s".to_owned(), "string".to_owned())],
        rows: Vec::new(),
    };
    world.server.control().add_table(&order).unwrap();
    let (code, plan) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!((code, &step(&plan, "table")["blocked"]["block"]), (8, &json!("classic")), "{plan}");
    let (code, migrated) = world.json(&["workspace", "apply", "prod", "--yes", "--migrate", "ServiceDesk_CL"]);
    assert_eq!((code, &migrated["nothing_to_do"]), (0, &json!(true)), "{migrated:#}");
    assert_eq!(migrated["made"][0], "table");
    assert_eq!(migrated["made"][1], "table");
}

#[test]
fn other_column_types_are_kept_and_the_rule_takes_them_over() {
    let world = World::added();
    let order = TableOrder {
        workspace: None,
        name: "ServiceDesk_CL".to_owned(),
        classic: false,
        plan: None,
        columns: vec![("Priority_s".to_owned(), "int".to_owned()), ("Mine_s".to_owned(), "string".to_owned())],
        rows: Vec::new(),
    };
    world.server.control().add_table(&order).unwrap();
    let (_, plan) = world.json(&["workspace", "plan", "prod"]);
    let table = step(&plan, "table");
    assert_eq!((&table["action"], &table["notes"][0]["has"]), (&json!("change"), &json!("int")), "{table}");
    let (code, applied) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &applied["nothing_to_do"]), (0, &json!(true)), "{applied:#}");
}

#[test]
fn without_the_right_to_assign_roles_the_rest_is_made_and_the_plan_exported() {
    let world = World::new();
    let id = world.server.control().workspace_id(Some("shared-logs")).unwrap();
    let shared = id.split('/').nth(2).unwrap().to_owned();
    let output = world.run(&[
        "workspace",
        "add",
        "prod",
        "--sign-in",
        "cli",
        "--subscription",
        &shared,
        "--resource-group",
        "shared",
        "--workspace",
        "shared-logs",
    ]);
    assert!(output.status.success(), "{}", shown(&output));
    let output = world.run(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("roleAssignments/write"), "{told}");
    let (_, plan) = world.json(&["workspace", "plan", "prod"]);
    let left: Vec<_> = actions(&plan).into_iter().filter(|(_, action)| action != "nothing").collect();
    assert_eq!(left, [("role".to_owned(), "create".to_owned())], "{plan:#}");
    let folder = world.home.path().join("export");
    let output = world.run(&["workspace", "plan", "prod", "--bicep", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{}", shown(&output));
    let bicep = std::fs::read_to_string(folder.join("main.bicep")).unwrap();
    assert!(bicep.contains("Microsoft.Authorization/roleAssignments") && bicep.contains("scope: rule"), "{bicep}");
    let again = world.run(&["workspace", "plan", "prod", "--bicep", folder.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten: {}", shown(&again));
}

#[test]
fn a_service_principal_sends_and_a_person_sets_up() {
    let world = World::new();
    let sign_in = world.server.sign_in().clone();
    let place = world.place();
    let mut arguments = vec!["workspace", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"];
    arguments.extend(["--tenant", &sign_in.tenant, "--client-id", &sign_in.client_id]);
    arguments.extend(place.iter().map(String::as_str));
    let wrong = with_stdin(&mut world.itsmc(&arguments), "client_secret = \"wrong-secret-value\"\n");
    assert_eq!(wrong.status.code(), Some(3), "{}", shown(&wrong));
    assert_eq!(world.json(&["workspace", "list"]).1, json!([]), "nothing is saved");
    let secret = format!("client_secret = \"{}\"\n", sign_in.client_secret);
    let output = with_stdin(&mut world.itsmc(&arguments), &secret);
    assert!(output.status.success(), "{}", shown(&output));
    assert_in_no_file(world.home.path(), std::slice::from_ref(&sign_in.client_secret));
    let (code, refused) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &refused["error"]["code"]), (5, &json!("azure-forbidden")), "it may not set up: {refused}");
    let (code, applied) = world.json(&["workspace", "apply", "prod", "--yes", "--sign-in", "cli"]);
    assert_eq!((code, &applied["nothing_to_do"]), (0, &json!(true)), "{applied:#}");
    let roles = world.server.control().role_assignments();
    let is_senders = |role: &Value| role.to_string().contains(&sign_in.object_id);
    assert!(roles.iter().any(is_senders), "{roles:?}");
    let config = std::fs::read_to_string(world.config_file()).unwrap();
    assert!(config.contains(&format!("principal = \"{}\"", sign_in.object_id)), "{config}");
    let (code, tested) = world.json(&["workspace", "test", "prod"]);
    assert_eq!((code, &tested["accepted"], &tested["stored"]), (8, &json!(true), &Value::Null), "{tested}");
    // The secret belongs to this tenant and application: another client ID does not get it.
    std::fs::write(world.config_file(), config.replace(&sign_in.client_id, "11111111-2222-3333-4444-555555555555"))
        .unwrap();
    let (code, out) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!((code, &out["error"]["code"]), (3, &json!("workspace-signed-out")), "{out}");
}

#[test]
fn a_reader_may_plan_and_not_apply() {
    let world = World::added();
    world.az(READER);
    let (code, plan) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!((code, &plan["nothing_to_do"]), (0, &json!(false)), "{plan}");
    let (code, refused) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_eq!((code, &refused["error"]["code"]), (5, &json!("azure-forbidden")), "{refused}");
}

/// A host outside of the cloud: nothing may ever connect to it.
struct Outside {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Outside {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connections: Arc<AtomicUsize> = Arc::default();
        let seen = connections.clone();
        std::thread::spawn(move || {
            listener.incoming().for_each(|_| {
                seen.fetch_add(1, Ordering::SeqCst);
            })
        });
        Self { url, connections }
    }
}

#[rstest]
#[case::redirect_of_resource_manager(FaultKind::Redirect, "/subscriptions/", &["plan", "prod"], "redirected")]
#[case::next_page(FaultKind::LinkElsewhere, "", &["plan", "prod"], "redirected")]
#[case::operation(FaultKind::OperationElsewhere, "/tables/", &["apply", "prod", "--yes"], "redirected")]
#[case::endpoint_of_the_rule(FaultKind::EndpointElsewhere, "", &["plan", "prod"], "outside-cloud")]
#[case::redirect_of_ingestion(FaultKind::Redirect, "/dataCollectionRules/dcr-", &["test", "prod"], "redirected")]
#[case::redirect_of_the_query(FaultKind::Redirect, "/v1/workspaces/", &["verify", "prod"], "redirected")]
fn no_token_goes_outside_the_cloud(
    #[case] fault: FaultKind,
    #[case] path: &str,
    #[case] arguments: &[&str],
    #[case] code: &str,
) {
    let (world, outside) = (World::fed(), Outside::start());
    if fault != FaultKind::OperationElsewhere {
        world.ok(&["workspace", "apply", "prod", "--yes"]);
    }
    world.sync();
    let path = (!path.is_empty()).then(|| path.to_owned());
    world.server.control().fault(FaultSpec { times: 0, path, message: outside.url.clone(), ..FaultSpec::new(fault) });
    let (exit, refused) = world.json(&[&["workspace"], arguments].concat());
    assert_eq!((exit, &refused["error"]["code"]), (5, &json!(code)), "{refused}");
    assert_eq!(outside.connections.load(Ordering::SeqCst), 0, "nothing connects to it");
}

#[rstest]
#[case::error(FaultKind::Error, "/tables/", "partner-error")]
#[case::nothing(FaultKind::EmptyObject, "/tables/", "malformed")]
#[case::page(FaultKind::Html, "/tables/", "not-json")]
#[case::error_for_the_workspace(FaultKind::Error, "/workspaces/", "partner-error")]
#[case::endless(FaultKind::LinkLoop, "", "malformed")]
fn a_lie_of_resource_manager_with_status_200_makes_no_plan(
    #[case] fault: FaultKind,
    #[case] path: &str,
    #[case] code: &str,
) {
    let world = World::fed();
    world.ok(&["workspace", "apply", "prod", "--yes"]);
    let path = (!path.is_empty()).then(|| path.to_owned());
    let (status, error, message) = (200, "InternalServerError".to_owned(), "An error occurred.".to_owned());
    let spec = FaultSpec { times: 0, path, status, code: error, message, ..FaultSpec::new(fault) };
    world.server.control().fault(spec);
    for command in ["plan", "apply"] {
        let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
        let (exit, refused) = world.json(&[&["workspace", command, "prod"], yes].concat());
        assert_eq!(&refused["error"]["code"], &json!(code), "{command}: {refused}");
        assert_ne!(exit, 0, "{command}: {refused}");
    }
    world.server.control().clear_faults();
    let (exit, plan) = world.json(&["workspace", "plan", "prod"]);
    assert_eq!(exit, 0, "nothing was changed: {plan}");
}

#[test]
fn no_row_goes_to_an_endpoint_outside_the_cloud() {
    let (world, outside) = (World::fed(), Outside::start());
    world.ok(&["workspace", "apply", "prod", "--yes"]);
    world.sync();
    let config = std::fs::read_to_string(world.config_file()).unwrap();
    let (_, workspaces) = config.split_once("endpoint = \"").unwrap();
    let endpoint = workspaces.split('"').next().unwrap();
    std::fs::write(
        world.config_file(),
        config.replace(&format!("endpoint = \"{endpoint}\""), &format!("endpoint = \"{}\"", outside.url)),
    )
    .unwrap();
    for command in ["send", "verify", "test"] {
        let (exit, refused) = world.json(&["workspace", command, "prod"]);
        assert_eq!((exit, &refused["error"]["code"]), (5, &json!("outside-cloud")), "{command}: {refused}");
    }
    assert_eq!(outside.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn no_secret_follows_a_redirect_of_the_sign_in() {
    let (world, outside) = (World::new(), Outside::start());
    let sign_in = world.server.sign_in().clone();
    let place = world.place();
    let mut arguments = vec!["workspace", "add", "prod", "--sign-in", "service-principal", "--secrets-stdin"];
    arguments.extend(["--tenant", &sign_in.tenant, "--client-id", &sign_in.client_id]);
    arguments.extend(place.iter().map(String::as_str));
    let fault = EntraFault { times: 0, message: outside.url.clone(), ..EntraFault::new(EntraFaultKind::Redirect) };
    world.server.control().entra().fault(fault);
    let secret = format!("client_secret = \"{}\"\n", sign_in.client_secret);
    let refused = with_stdin(&mut world.itsmc(&arguments), &secret);
    assert_ne!(refused.status.code(), Some(0), "{}", shown(&refused));
    assert_eq!(outside.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn from_a_classic_table_by_commands_to_verified_rows() {
    let world = World::fed();
    let old = json!({ "ServiceDeskId_s": "INC0000001", "ServiceDeskConnectionName_s": "old", "Title_s": "of the old connector" });
    let text = |name: &str| (name.to_owned(), "string".to_owned());
    let order = TableOrder {
        workspace: None,
        name: "ServiceDesk_CL".to_owned(),
        classic: true,
        plan: None,
        columns: ["ServiceDeskId_s", "ServiceDeskConnectionName_s", "Title_s"].map(text).into(),
        rows: vec![old.as_object().unwrap().clone()],
    };
    world.server.control().add_table(&order).unwrap();
    let (code, refused) = world.json(&["workspace", "apply", "prod", "--yes"]);
    assert_ne!(code, 0, "a classic table is migrated only when it is named: {refused}");
    let (code, migrated) = world.json(&["workspace", "apply", "prod", "--yes", "--migrate", "ServiceDesk_CL"]);
    assert_eq!((code, &migrated["nothing_to_do"]), (0, &json!(true)), "{migrated:#}");
    let rows = world.to_verified_rows();
    assert_eq!(rows.iter().filter(|row| row["Title_s"] == "of the old connector").count(), 1, "the old row stays");
}

#[test]
fn from_a_table_with_other_column_types_by_commands_to_verified_rows() {
    let world = World::fed();
    let column = |(name, kind): (&str, &str)| (name.to_owned(), kind.to_owned());
    let order = TableOrder {
        workspace: None,
        name: "ServiceDesk_CL".to_owned(),
        classic: false,
        plan: None,
        columns: [
            ("Priority_s", "int"),
            ("IncidentState_s", "long"),
            ("Urgency_s", "real"),
            ("CreatedDate_t", "string"),
            ("Description_s", "dynamic"),
            ("Mine_s", "string"),
        ]
        .map(column)
        .into(),
        rows: Vec::new(),
    };
    world.server.control().add_table(&order).unwrap();
    world.ok(&["workspace", "apply", "prod", "--yes"]);
    let rows = world.to_verified_rows();
    assert!(rows.iter().all(|row| row["Priority_s"].is_i64() && row["IncidentState_s"].is_i64()), "{}", rows[0]);
    assert!(rows.iter().all(|row| row["CreatedDate_t"].is_string() && row["Mine_s"] == ""), "{}", rows[0]);
}

#[test]
fn without_the_right_to_assign_roles_by_the_export_to_verified_rows() {
    let world = World::new();
    world.connect();
    let control = world.server.control();
    let id = control.workspace_id(Some("shared-logs")).unwrap();
    let shared = id.split('/').nth(2).unwrap().to_owned();
    let place = ["--subscription", &shared, "--resource-group", "shared", "--workspace", "shared-logs"];
    world.ok(&[&["workspace", "add", "prod", "--sign-in", "cli", "--connection", "contoso"], &place[..]].concat());
    assert_eq!(world.run(&["workspace", "apply", "prod", "--yes"]).status.code(), Some(5));
    let folder = world.home.path().join("export");
    world.ok(&["workspace", "plan", "prod", "--bicep", folder.to_str().unwrap()]);
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let parameters: Value =
        serde_json::from_slice(&std::fs::read(folder.join("main.parameters.json")).unwrap()).unwrap();
    assert!(readme.contains("az deployment group create"), "{readme}");
    // The Azure team deploys it: what was left is the role.
    let sender = parameters["parameters"]["principalId"]["value"].as_str().unwrap_or_else(|| panic!("{parameters}"));
    let (_, plan) = world.json(&["workspace", "plan", "prod"]);
    let rule = step(&plan, "rule")["resource"].as_str().unwrap().to_owned();
    control.assign(sender, "Monitoring Metrics Publisher", &rule).unwrap();
    world.ok(&["workspace", "apply", "prod", "--yes"]);
    world.to_verified_rows_in(Some("shared-logs"));
}

impl World {
    /// Starts a product with some incidents, and connects it.
    fn connect(&self) {
        let options = servicenow::Options { rows: Some(30), ..servicenow::Options::still() };
        let server = self.runtime.block_on(servicenow::Server::start(options)).unwrap();
        let details = server.sign_in().clone();
        *self.product.borrow_mut() = Some(server);
        let form = format!(
            "name = \"contoso\"\npartner = \"servicenow\"\nserver_url = \"{}\"\nusername = \"{}\"\nclient_id = \"{}\"\n\
             work_items = [\"incident\"]\nsync_days = 120\ncreate_configuration_items = false\n",
            details.url, details.username, details.client_id
        );
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, form).unwrap();
        let mut add = self.itsmc(&["connection", "add", "--secrets-stdin", "--file", file.to_str().unwrap()]);
        let secrets = format!("password = \"{}\"\nclient_secret = \"{}\"\n", details.password, details.client_secret);
        let added = with_stdin(&mut add, &secrets);
        assert!(added.status.success(), "{}", shown(&added));
    }

    /// The workspace `prod` with a connection that feeds it.
    fn fed() -> Self {
        let world = Self::new();
        world.connect();
        world.add(&["--sign-in", "cli", "--connection", "contoso"]);
        world
    }

    fn ok(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
    }

    fn sync(&self) {
        self.ok(&["sync", "--quiet"]);
    }

    fn to_verified_rows(&self) -> Vec<Value> {
        self.to_verified_rows_in(None)
    }

    /// Goes on from a workspace that is set up: nothing is left of the plan, and the rows are sent and verified. The rows.
    fn to_verified_rows_in(&self, workspace: Option<&str>) -> Vec<Value> {
        let (code, plan) = self.json(&["workspace", "plan", "prod"]);
        assert_eq!((code, &plan["nothing_to_do"]), (0, &json!(true)), "{plan:#}");
        self.sync();
        let (code, sent) = self.json(&["workspace", "send", "prod"]);
        assert_eq!((code, &sent[0]["complete"], &sent[0]["findings"]), (0, &json!(true), &json!([])), "{sent}");
        let (_, status) = self.json(&["status"]);
        assert_eq!(status["workspaces"][0]["findings"], json!([]), "{status}");
        let (code, verified) = self.json(&["workspace", "verify", "prod"]);
        assert_eq!((code, &verified["verified"], &verified["checked"]), (0, &json!(true), &json!(30)), "{verified}");
        self.server.control().rows(workspace, "ServiceDesk_CL").unwrap()
    }
}

#[test]
fn a_workspace_that_is_not_there_or_named_wrongly_is_not_saved() {
    let world = World::new();
    let subscription = world.server.sign_in().azure_subscription.clone();
    let with = |group: &str, workspace: &str, more: &[&str]| {
        let fixed = ["workspace", "add", "prod", "--sign-in", "cli", "--subscription", &subscription];
        world.json(&[&fixed[..], &["--resource-group", group, "--workspace", workspace], more].concat())
    };
    let (code, told) = with("monitoring", "no-such-logs", &[]);
    assert_eq!((code, &told["error"]["code"]), (4, &json!("not-found")), "{told}");
    let (code, told) = with("monitoring", "contoso-logs", &["--table", "ServiceDesk"]);
    assert_eq!((code, &told["error"]["code"]), (2, &json!("workspace-wrong")), "{told}");
    let (code, told) = with("monitoring", "contoso-logs", &["--connection", "nobody"]);
    assert_eq!((code, &told["error"]["code"]), (4, &json!("no-such-connection")), "{told}");
    assert_eq!(world.json(&["workspace", "list"]).1, json!([]));
    let (code, told) = world.json(&["workspace", "show", "prod"]);
    assert_eq!((code, &told["error"]["code"]), (4, &json!("no-such-workspace")), "{told}");
}

#[test]
fn edit_changes_what_is_named_and_saves_nothing_that_is_wrong() {
    let world = World::added();
    let commented = format!("# kept by hand\n{}", std::fs::read_to_string(world.config_file()).unwrap());
    std::fs::write(world.config_file(), &commented).unwrap();
    let refused: [(&[&str], i32, &str); 5] = [
        (&[], 2, "bad-usage"),
        (&["--table", "ServiceDesk"], 2, "workspace-wrong"),
        (&["--workspace", "no-such-logs"], 4, "not-found"),
        (&["--connection", "nobody"], 4, "no-such-connection"),
        (&["--subscription", "none"], 2, "workspace-wrong"),
    ];
    for (arguments, exit, wrong) in refused {
        let (code, told) = world.json(&[&["workspace", "edit", "prod"], arguments].concat());
        assert_eq!((code, &told["error"]["code"]), (exit, &json!(wrong)), "{arguments:?}: {told}");
        assert_eq!(std::fs::read_to_string(world.config_file()).unwrap(), commented, "{arguments:?}");
    }
    world.connect();
    let edit = ["workspace", "edit", "prod", "--table", "Tickets_CL", "--values", "numbers", "--connection", "contoso"];
    let (code, told) = world.json(&edit);
    assert_eq!((code, &told["table"], &told["values"]), (0, &json!("Tickets_CL"), &json!("numbers")), "{told}");
    let (_, shown) = world.json(&["workspace", "show", "prod"]);
    assert_eq!((&shown["table"], &shown["connections"]), (&json!("Tickets_CL"), &json!(["contoso"])), "{shown}");
    let config = std::fs::read_to_string(world.config_file()).unwrap();
    assert!(config.starts_with("# kept by hand") && config.contains("# practice"), "{config}");
    let words = String::from_utf8(world.run(&["workspace", "edit", "prod", "--values", "labels"]).stdout).unwrap();
    assert!(words.contains("itsmc workspace plan prod"), "the table is not set up yet: {words}");
    let (code, told) = world.json(&["workspace", "edit", "prod", "--values", "numbers"]);
    assert_eq!((code, &told["left_with_rows"]), (0, &json!([])), "{told}");
    let words = String::from_utf8(world.run(&["workspace", "edit", "prod", "--connection", "-"]).stdout).unwrap();
    assert!(words.contains("contoso no longer feeds prod. Its rows stay there"), "{words}");
    assert!(words.contains("!= \"contoso\""), "what leaves them out: {words}");
    world.json(&edit);
    let (_, told) = world.json(&["workspace", "edit", "prod", "--connection", "-"]);
    assert_eq!((&told["connections"], &told["left_with_rows"]), (&json!([]), &json!(["contoso"])), "{told}");
}

#[test]
fn a_dry_run_says_what_a_month_costs_only_with_a_price_that_was_given() {
    let world = World::fed();
    world.ok(&["workspace", "apply", "prod", "--yes"]);
    world.sync();
    let (code, told) = world.json(&["workspace", "send", "prod", "--dry-run"]);
    assert_eq!((code, &told[0]["usd_a_month"], &told[0]["usd_a_gb"]), (0, &Value::Null, &Value::Null), "{told}");
    let words = String::from_utf8(world.run(&["workspace", "send", "prod", "--dry-run"]).stdout).unwrap();
    assert!(words.contains("--price") && !words.contains("dollar") && !words.contains('$'), "{words}");
    let (code, told) = world.json(&["workspace", "send", "prod", "--dry-run", "--price", "2.5"]);
    let expected = told[0]["bytes_a_month"].as_f64().unwrap() / 1e9 * 2.5;
    assert_eq!((code, &told[0]["usd_a_gb"]), (0, &json!(2.5)), "{told}");
    assert!((told[0]["usd_a_month"].as_f64().unwrap() - expected).abs() <= 0.005, "{told}");
}

#[test]
fn a_removed_workspace_leaves_azure_as_it_is() {
    let world = World::added();
    assert!(world.run(&["workspace", "apply", "prod", "--yes"]).status.success());
    let before = world.changes();
    let asked = world.run(&["workspace", "remove", "prod"]);
    assert_eq!(asked.status.code(), Some(2), "without a terminal it needs --yes: {}", shown(&asked));
    let (code, removed) = world.json(&["workspace", "remove", "prod", "--yes"]);
    assert_eq!((code, removed), (0, json!({ "removed": "prod" })));
    assert_eq!((world.changes(), world.json(&["workspace", "list"]).1), (before, json!([])));
}

#[test]
fn a_test_waits_for_the_role_and_finds_its_row() {
    let world = World::added();
    let (code, refused) = world.json(&["workspace", "test", "prod"]);
    assert_eq!((code, &refused["error"]["code"]), (2, &json!("not-set-up")), "{refused}");
    world.server.control().change_manners(|manners| (manners.role_seconds, manners.visible_seconds) = (2, 2));
    assert!(world.run(&["workspace", "apply", "prod", "--yes"]).status.success());
    let output = world.run(&["workspace", "test", "prod", "--json"]);
    assert!(output.status.success(), "{}", shown(&output));
    let tested: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&tested["accepted"], &tested["stored"]), (&json!(true), &json!(true)), "{tested}");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("a new role can take up to 30 minutes") && told.contains("cannot be found yet"), "{told}");
    let rows = world.server.control().rows(None, "ServiceDesk_CL").unwrap();
    assert_eq!((rows.len(), &rows[0]["ItsmcTest"]), (1, &tested["mark"]), "{rows:?}");
}
