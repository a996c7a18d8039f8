//! The whole life of a Service Manager connection, by commands.

use std::process::Output;

use crate::practice_kind::practice_kind;
use itsmc::model::work_item::WorkItemKind;
use itsmc_practice::SignInDetails;
use itsmc_practice::service_manager::{
    Control, Dates, Empty, FaultKind, FaultSpec, Layout, Manners, Options, Server, Setting,
};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{assert_in_no_file, files, itsmc_at, shown, with_stdin};

const NAME: &str = "contoso-scsm";

struct WebApp {
    control: Control,
    details: SignInDetails,
    home: TempDir,
    server: Option<Server>,
    runtime: Runtime,
}

impl WebApp {
    fn new(layout: Layout, rows: u64) -> Self {
        let runtime = Runtime::new().unwrap();
        let options = Options { layout, rows: Some(rows), ..Options::still() };
        let server = runtime.block_on(Server::start(options)).unwrap();
        let (control, details) = (server.control(), server.sign_in().clone());
        Self { control, details, home: tempfile::tempdir().unwrap(), server: Some(server), runtime }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        itsmc_at(self.home.path()).args(arguments).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    fn form(&self) -> String {
        let to = &self.details;
        format!(
            "name = \"{NAME}\"\npartner = \"service-manager\"\nserver_url = \"{}\"\ntenant = \"{}\"\nauthority = \"{}\"\n\
             client_id = \"{}\"\nwork_items = [\"incident\", \"change_request\"]\nsync_days = 120\ncreate_configuration_items = false\n",
            to.url, to.tenant, to.authority, to.client_id
        )
    }

    fn add(&self) -> Output {
        let file = self.home.path().join("form.toml");
        std::fs::write(&file, self.form()).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &format!("client_secret = '{}'\n", self.details.client_secret));
        std::fs::remove_file(&file).unwrap();
        output
    }

    fn added(self) -> Self {
        let added = self.add();
        assert!(added.status.success(), "{}", shown(&added));
        self
    }

    /// Every stored work item against what Service Manager has.
    fn assert_all_stored(&self) {
        for kind in WorkItemKind::ALL {
            let (code, items) = self.json(&["items", NAME, "--kind", kind.id(), "--limit", "100000"]);
            assert_eq!(code, 0);
            let items = items.as_array().or_else(|| items["items"].as_array()).unwrap().clone();
            let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
            let stored: std::collections::BTreeMap<_, _> =
                items.iter().map(|item| (text(item, "ServiceDeskId_s"), text(item, "Title_s"))).collect();
            let rows = self.control.rows(practice_kind(kind));
            assert_eq!(stored.len(), rows.len(), "{}", kind.id());
            for row in rows {
                let plain: String = row.title.chars().filter(|c| !c.is_control()).collect();
                assert_eq!(stored.get(&row.id), Some(&plain), "{}", row.id);
            }
        }
    }
}

impl Drop for WebApp {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

#[rstest]
#[case::ordered(Layout::Tables)]
#[case::by_windows(Layout::Search)]
fn a_connection_lives_from_its_form_to_its_end(#[case] layout: Layout) {
    let app = WebApp::new(layout, 1_700).added();
    let (code, test) = app.json(&["connection", "test", NAME]);
    assert_eq!((code, &test["passed"]), (0, &Value::Bool(true)), "{test}");
    let binding = test["steps"].as_array().unwrap().iter().find(|step| step["id"] == "binding").unwrap();
    assert!(binding["summary"].as_str().unwrap().contains("/api/"), "{binding}");

    let (code, checklist) = app.json(&["checklist", NAME]);
    assert_eq!(code, 8, "{checklist}");
    let (_, with_test) = app.json(&["checklist", NAME, "--web-app-test"]);
    assert!(with_test.to_string().contains("web_app_test"), "{with_test}");

    app.ok(&["sync", NAME]);
    app.assert_all_stored();

    let fresh = app.control.open(practice_kind(WorkItemKind::Incident), "opened after the first sync");
    app.control.set_title(practice_kind(WorkItemKind::Incident), "IR1017", "renamed after the first sync").unwrap();
    app.control.set_status(practice_kind(WorkItemKind::ChangeRequest), "CR210", 3).unwrap();
    let (_, report) = app.json(&["sync", NAME]);
    let incidents = &report.as_array().unwrap()[0];
    assert_eq!((&incidents["inserted"], &incidents["complete"]), (&Value::from(1), &Value::Bool(true)), "{report}");
    app.assert_all_stored();
    assert!(app.ok(&["items", NAME, "--find", "opened after"]).contains(&fresh));

    app.ok(&["token", "rotate", NAME]);
    app.ok(&["sync", NAME]);
    let listed = app.ok(&["connection", "list"]);
    assert!(listed.contains(NAME), "{listed}");
    assert_in_no_file(app.home.path(), std::slice::from_ref(&app.details.client_secret));
    app.ok(&["connection", "remove", NAME, "--yes"]);
    assert_eq!(app.run(&["connection", "show", NAME]).status.code(), Some(4));
}

#[test]
fn random_edits_between_and_during_syncs_lose_nothing() {
    for layout in [Layout::Tables, Layout::Search, Layout::Listing, Layout::Since, Layout::Untyped, Layout::Dictionary]
    {
        let app = WebApp::new(layout, 900).added();
        let mut seed = 20_261_123_u64;
        for round in 0..4 {
            for _ in 0..25 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let id = format!("IR{}", 1_000 + (seed >> 33) % 900);
                app.control
                    .set_title(practice_kind(WorkItemKind::Incident), &id, &format!("round {round} edit {seed}"))
                    .unwrap();
                if seed.is_multiple_of(5) {
                    app.control.open(practice_kind(WorkItemKind::ChangeRequest), &format!("opened in round {round}"));
                }
            }
            app.ok(&["sync", NAME]);
            app.assert_all_stored();
        }
    }
}

#[test]
fn a_layout_that_cannot_be_bound_is_refused_and_a_corrected_route_counts() {
    let app = WebApp::new(Layout::Unbindable, 50);
    let refused = app.add();
    assert!(!refused.status.success());
    assert!(shown(&refused).contains("no operation of the description lists them"), "{}", shown(&refused));

    app.control.set_layout(Layout::Tables);
    let app = app.added();
    app.ok(&["sync", NAME]);
    let written = app.ok(&["connection", "mapping", NAME, "--write"]);
    let file = files(app.home.path()).into_iter().find(|file| file.ends_with(format!("mappings/{NAME}.toml"))).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("[routes.incident]") && text.contains("/api/Incidents"), "{written}\n{text}");

    std::fs::write(&file, text.replace("/api/Incidents", "/api/Nowhere")).unwrap();
    let (code, test) = app.json(&["connection", "test", NAME]);
    assert_ne!(code, 0, "{test}");
    assert!(test.to_string().contains("/api/Nowhere"), "{test}");

    std::fs::write(&file, text).unwrap();
    assert_eq!(app.json(&["connection", "test", NAME]).0, 0);
    app.control.set_title(practice_kind(WorkItemKind::Incident), "IR1003", "after the mapping").unwrap();
    app.ok(&["sync", NAME]);
    app.assert_all_stored();
}

#[test]
fn a_web_app_that_is_not_configured_says_which_settings_are_missing() {
    let app = WebApp::new(Layout::Tables, 50).added();
    app.control.set_missing(&[Setting::Audience, Setting::ServerName]);
    let (code, checklist) = app.json(&["checklist", NAME]);
    assert_eq!(code, 8);
    assert!(checklist.to_string().contains("ida:Audience, ida:ServerName"), "{checklist}");
    let (code, _) = app.json(&["connection", "test", NAME]);
    assert_ne!(code, 0);
}

#[test]
fn the_template_names_every_field() {
    let app = WebApp::new(Layout::Tables, 1);
    let template = app.ok(&["connection", "template", "service-manager"]);
    for key in ["tenant", "client_id", "audience", "authority", "endpoint_host", "relay_namespace", "hybrid_connection"]
    {
        assert!(template.contains(key), "{template}");
    }
}

/// One item of a checklist in JSON.
fn item<'a>(checklist: &'a Value, id: &str) -> &'a Value {
    let found = checklist["steps"].as_array().unwrap().iter().find(|step| step["id"] == id);
    found.unwrap_or_else(|| panic!("{id} is not in {checklist}"))
}

#[test]
fn what_the_admin_confirms_is_kept_until_it_is_withdrawn_or_the_account_is_another() {
    const ROLE: &str = "role:Advanced Operator";
    let app = WebApp::new(Layout::Tables, 20).added();
    let stands = |checklist: &Value| {
        let item = item(checklist, ROLE);
        (item["status"].as_str().unwrap().to_owned(), item["confirmation"]["valid"].as_bool())
    };
    let (_, before) = app.json(&["checklist", NAME]);
    assert_eq!(stands(&before), ("unknown".to_owned(), None));

    let refused = app.run(&["checklist", NAME, "--confirm", ROLE, "--confirm", "web_app_configured"]);
    assert_eq!(refused.status.code(), Some(2), "{}", shown(&refused));
    let (_, none) = app.json(&["checklist", NAME]);
    assert_eq!(stands(&none), ("unknown".to_owned(), None), "all or nothing");

    let (_, said) = app.json(&["checklist", NAME, "--confirm", ROLE, "--confirm", "projection_type"]);
    assert_eq!(stands(&said), ("confirmed".to_owned(), Some(true)));
    let (_, later) = app.json(&["checklist", NAME]);
    assert_eq!(stands(&later), ("confirmed".to_owned(), Some(true)));
    assert_eq!(item(&later, ROLE)["confirmation"]["at"], item(&said, ROLE)["confirmation"]["at"]);
    let told = String::from_utf8(app.run(&["checklist", NAME, "--lang", "nl"]).stdout).unwrap();
    assert!(told.contains("door u bevestigd op 20"), "{told}");

    // Another account of the web app is another question.
    app.control.set_account("somebody-else");
    let (_, fallen) = app.json(&["checklist", NAME]);
    assert_eq!(stands(&fallen), ("unknown".to_owned(), Some(false)));
    assert_eq!(item(&fallen, ROLE)["confirmation"]["changed"], serde_json::json!(["ida:Username"]));
    assert_eq!(item(&fallen, "projection_type")["status"], "confirmed");

    // Another client ID is another sign-in.
    let file = app.home.path().join("config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, config.replace(&app.details.client_id, "99999999-0000-0000-0000-000000000000")).unwrap();
    let (code, refused) = app.json(&["checklist", NAME]);
    assert_eq!((code, &refused["error"]["code"]), (3, &"identity-changed".into()), "{refused}");
    // With the client ID that the sign-in belongs to, what was said stands again.
    std::fs::write(&file, config).unwrap();
    let (_, back) = app.json(&["checklist", NAME]);
    assert_eq!(item(&back, "projection_type")["status"], "confirmed");

    app.json(&["checklist", NAME, "--unconfirm", "projection_type"]);
    let (_, withdrawn) = app.json(&["checklist", NAME]);
    assert_eq!(item(&withdrawn, "projection_type")["status"], "unknown");
    assert!(item(&withdrawn, "projection_type")["confirmation"].is_null());
    assert_eq!(app.run(&["checklist", NAME, "--unconfirm", "projection_type"]).status.code(), Some(4));
}

#[test]
fn a_test_on_request_says_what_it_sends_to_whom_and_is_made_only_then() {
    let app = WebApp::new(Layout::Tables, 20).added();
    let asked = || app.control.requests().iter().filter(|one| one.path == "/api/configtest").count();
    let (_, before) = app.json(&["checklist", NAME]);
    assert_eq!((item(&before, "web_app_test")["status"].as_str(), asked()), (Some("todo"), 0));
    let output = app.run(&["checklist", NAME, "--test", "web_app_test", "--json"]);
    let tested: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((item(&tested, "web_app_test")["status"].as_str(), asked()), (Some("passed"), 1), "{tested}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("client secret to") && told.contains(app.details.url.trim_end_matches('/')), "{told}");
    assert_eq!(app.run(&["checklist", NAME, "--test", "hybrid_path"]).status.code(), Some(2));
    assert_eq!(asked(), 1);
}

#[test]
fn m1_a_sync_of_no_change_reads_no_more_than_the_overlap() {
    let app = WebApp::new(Layout::Since, 2_900).added();
    app.ok(&["sync", NAME]);
    app.assert_all_stored();
    app.control.clear_requests();
    let (_, report) = app.json(&["sync", NAME]);
    assert_eq!(report[0]["complete"], true, "{report}");
    let rows: usize = app.control.requests().iter().map(|one| one.rows).sum();
    assert!(rows < 800, "{rows} rows were read for no change");
}

#[test]
fn m3_closed_and_resolved_dates_are_utc_where_the_web_app_writes_an_offset() {
    let app = WebApp::new(Layout::Tables, 60).added();
    app.control.set_manners(Manners { dates: Dates::Offset, ..Manners::default() });
    app.ok(&["sync", NAME]);
    let (_, items) = app.json(&["items", NAME, "--limit", "1000"]);
    let all = items.as_array().or_else(|| items["items"].as_array()).unwrap();
    for name in ["ClosedDate_t", "ResolvedDate_t", "CreatedDate_t"] {
        let dates: Vec<_> = all.iter().filter_map(|item| item[name].as_str()).filter(|date| !date.is_empty()).collect();
        assert!(!dates.is_empty() && dates.iter().all(|date| date.ends_with('Z')), "{name} {dates:?}");
    }
}

#[test]
fn m4_half_of_each_page_is_not_complete() {
    let app = WebApp::new(Layout::Search, 300).added();
    app.control.set_manners(Manners { half_pages: true, ..Manners::default() });
    let (code, report) = app.json(&["sync", NAME]);
    assert_ne!(code, 0, "{report}");
    assert!(report.to_string().contains("rows and gave"), "{report}");
}

#[test]
fn m5_a_list_without_parameters_is_refused_before_it_is_saved() {
    let app = WebApp::new(Layout::Bare, 120);
    let refused = app.add();
    assert!(!refused.status.success());
    assert!(shown(&refused).contains("no parameter for a page or a time"), "{}", shown(&refused));
    assert_eq!(app.run(&["connection", "show", NAME]).status.code(), Some(4));
}

#[test]
fn m6_a_refusal_names_its_culprit_and_no_password() {
    let app = WebApp::new(Layout::Tables, 60).added();
    let refused = |code: i32, wanted: &str| {
        let output = app.run(&["sync", NAME]);
        assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
        assert!(shown(&output).contains(wanted) && !shown(&output).contains("password"), "{}", shown(&output));
    };
    app.control.fault(FaultSpec::new(FaultKind::ModelState).times(0).on("/api/"));
    refused(5, "refused a parameter");
    app.control.clear_faults();
    app.control.set_missing(&[Setting::Audience]);
    refused(3, "not configured: ida:Audience");
}

#[test]
fn no_rows_told_by_no_content_is_a_sync_without_changes() {
    for (layout, empty) in [(Layout::Tables, Empty::NoContent), (Layout::Since, Empty::Null)] {
        let app = WebApp::new(layout, 80).added();
        app.control.set_manners(Manners { empty, ..Manners::default() });
        app.ok(&["sync", NAME]);
        app.ok(&["sync", NAME]);
        app.assert_all_stored();
    }
}

/// A web app that swallows its errors answers 204, as it does where there are no rows.
#[test]
fn a_web_app_that_shows_nothing_at_all_removes_nothing() {
    let app = WebApp::new(Layout::Tables, 60).added();
    app.ok(&["sync"]);
    app.assert_all_stored();
    app.control.fault(FaultSpec::new(FaultKind::NoContent).times(0).on("/api/"));
    for command in [&["sync"][..], &["verify"], &["sync", "--full"], &["status", "--check"]] {
        let output = app.run(command);
        let told = shown(&output);
        assert_ne!(output.status.code(), Some(0), "{command:?} {told}");
        assert!(!told.contains("marked as removed"), "{command:?} {told}");
    }
    app.control.clear_faults();
    app.ok(&["verify"]);
    app.ok(&["status", "--check"]);
    app.assert_all_stored();
}

/// The numbers of everything that is stored.
fn numbers(app: &WebApp) -> Vec<String> {
    let (_, items) = app.json(&["items", NAME, "--limit", "100000"]);
    let all = items.as_array().or_else(|| items["items"].as_array()).unwrap().clone();
    all.iter().map(|item| item["ServiceDeskId_s"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn records_without_a_number_are_told_and_kept_apart_by_their_ids() {
    let app = WebApp::new(Layout::Tables, 60).added();
    app.control.fault(FaultSpec::new(FaultKind::NoId).times(0).on("/api/"));
    let (code, report) = app.json(&["sync", NAME]);
    let told = report[0]["findings"].as_array().unwrap().iter().find(|found| found["code"] == "no-number").unwrap();
    assert_eq!(code, 8, "{report}");
    assert!(told["rows"].as_u64().unwrap() >= 3 && !told["ids"][0].as_str().unwrap().is_empty(), "{report}");
    let stored = numbers(&app);
    assert!(stored.len() > 60 && stored.iter().all(|number| !number.is_empty()), "{stored:?}");
    assert_eq!(app.run(&["status", "--check"]).status.code(), Some(8));
    app.control.clear_faults();
    app.ok(&["sync", NAME, "--full"]);
    app.assert_all_stored();
    app.ok(&["status", "--check"]);
}

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Search)]
#[case(Layout::Listing)]
fn two_records_with_one_id_do_not_overwrite_each_other_in_silence(#[case] layout: Layout) {
    let app = WebApp::new(layout, 60).added();
    app.control.fault(FaultSpec::new(FaultKind::SameGuid).times(0).on("/api/"));
    let (code, report) = app.json(&["sync", NAME]);
    assert!(code != 0 && report.to_string().contains("have the same id"), "{report}");
    assert_ne!(app.run(&["status", "--check"]).status.code(), Some(0));
    app.control.clear_faults();
    app.ok(&["sync", NAME]);
    app.assert_all_stored();
}

/// Before anything is stored there is nothing to compare with: only a list, or a total, says that there are no rows.
#[rstest]
#[case(FaultKind::NoContent)]
#[case(FaultKind::Empty)]
fn a_first_sync_of_a_web_app_that_says_nothing_does_not_say_that_there_is_nothing(#[case] fault: FaultKind) {
    let app = WebApp::new(Layout::Tables, 60).added();
    app.control.fault(FaultSpec::new(fault).times(0).on("/api/"));
    for command in [&["sync"][..], &["sync"], &["connection", "test", NAME], &["status", "--check"]] {
        let output = app.run(command);
        assert_ne!(output.status.code(), Some(0), "{command:?} {}", shown(&output));
    }
    app.control.clear_faults();
    app.ok(&["sync"]);
    app.assert_all_stored();
    app.ok(&["status", "--check"]);
}

#[test]
fn a_list_without_rows_is_proof_that_there_are_none() {
    let app = WebApp::new(Layout::Tables, 0).added();
    app.ok(&["sync"]);
    app.assert_all_stored();
    app.ok(&["status", "--check"]);
}

/// A page that lacks half of its rows once looks like the last one.
#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Since)]
#[case(Layout::Listing)]
#[case(Layout::Untyped)]
fn a_page_that_lacks_half_its_rows_once_does_not_end_the_list(#[case] layout: Layout, #[values(3, 5, 8)] after: u64) {
    let app = WebApp::new(layout, 4_200).added();
    app.control.fault(FaultSpec::new(FaultKind::HalfPage).after(after).on("/api/"));
    app.run(&["sync"]);
    // What nobody could know is found by the comparison that follows.
    app.run(&["verify"]);
    app.assert_all_stored();
}

#[test]
fn rows_that_were_left_out_of_every_page_are_found_by_a_verification() {
    let app = WebApp::new(Layout::Listing, 600).added();
    app.control.set_manners(Manners { half_pages: true, ..Manners::default() });
    app.run(&["sync"]);
    let before = numbers(&app).len();
    app.control.set_manners(Manners::default());
    let (_, report) = app.json(&["verify"]);
    assert!(report[0]["sweep"]["missing"].as_u64().unwrap() >= 250, "{report}");
    assert!(numbers(&app).len() > before);
    app.assert_all_stored();
}

#[rstest]
#[case::never_set(FaultKind::In1970)]
#[case::long_ago(FaultKind::In2005)]
fn rows_whose_dates_all_lie_outside_the_scope_are_told(
    #[case] fault: FaultKind,
    #[values(Layout::Listing, Layout::Tables, Layout::Search)] layout: Layout,
) {
    let app = WebApp::new(layout, 60).added();
    app.control.fault(FaultSpec::new(fault).times(0).on("/api/"));
    for _ in 0..2 {
        let (exit, report) = app.json(&["sync", NAME]);
        assert_ne!(exit, 0, "{report}");
        if layout == Layout::Listing && fault == FaultKind::In2005 {
            assert_eq!(report[0]["findings"][0]["code"], "outside-scope", "{report}");
            assert_eq!(report[0]["findings"][0]["rows"], 60, "{report}");
        }
        assert_ne!(app.run(&["status", "--check"]).status.code(), Some(0));
    }
    app.control.clear_faults();
    app.ok(&["verify", NAME]);
    app.assert_all_stored();
}
