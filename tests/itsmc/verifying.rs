//! What a verification finds, says and sends again, against the practice cloud.

use std::sync::Arc;
use std::time::Duration;

use itsmc::azure::ingestion::{Ingestion, Packed};
use itsmc::model::cloud::Audience;
use itsmc::model::fault::Fault;
use itsmc::model::sending::{SinkState, StateCount, VerifyRecord};
use itsmc::model::work_item::WorkItemKind;
use itsmc::model::workspace::Values;
use itsmc::net::http::Timeouts;
use itsmc::service::{sending, verifying, workspaces};
use itsmc::sink;
use itsmc_practice::azure::{FaultKind, FaultSpec, Role};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::following::World;
use crate::sink::assert_same;
use crate::site::shown;

const TABLE: &str = "ServiceDesk_CL";

/// Rows that are accepted and not stored, in the next request.
fn lost() -> FaultSpec {
    FaultSpec { path: Some("/streams/Custom-ServiceDesk_CL".into()), ..FaultSpec::new(FaultKind::LostRows) }
}

impl World {
    /// The ids of the work items that the workspace shows.
    fn ids(&self) -> Vec<String> {
        self.cloud.newest().into_keys().collect()
    }

    /// Takes all rows of some work items away from the workspace.
    fn lose(&self, ids: &[String]) {
        for id in ids {
            assert!(self.cloud.control.lose_rows(None, TABLE, "ItsmcId", id).unwrap() > 0, "{id}");
        }
    }

    fn count(&self, kql: &str) -> u64 {
        self.ask(&format!("{kql} | count"))[0][0].as_u64().unwrap()
    }

    fn sends(&self) -> usize {
        self.cloud.control.requests().iter().filter(|one| one.role == Role::Ingestion).count()
    }

    fn total(&self) -> u64 {
        self.ids().len() as u64
    }

    /// How many findings say that rows could not be marked as removed.
    fn unmarked(&self, of: &Value) -> usize {
        let findings = of["findings"].as_array().unwrap();
        findings.iter().filter(|found| found["code"] == "not-marked-removed").count()
    }
}

#[test]
fn what_is_there_is_verified_and_nothing_is_sent() {
    let world = World::new();
    let (total, sends) = (world.total(), world.sends());
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.checked, record.is_clean(), record.resent, record.doubled), (total, true, 0, 0));
    assert_eq!((world.sends(), record.states.as_slice(), record.numbers.len()), (sends, &[][..], 0));
    let rule = record.rule.clone().unwrap();
    assert!(rule.received >= total && rule.requests as usize == sends && rule.bytes > 0, "{rule:?}");
    assert_eq!((rule.dropped, rule.failed_requests, rule.errors), (0, 0, 0));
    assert_eq!((record.rule_errors, record.cap.unwrap().status.as_str()), (None, "RespectQuota"));
    assert_eq!(world.workspace()["verified"]["checked"], total);
    let (code, told) = world.site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &told["verified"], &told["rule"]["dropped"]), (0, &true.into(), &0.into()), "{told}");
}

impl World {
    /// Changes what is kept of the workspace.
    fn kept(&self, change: impl FnOnce(&mut SinkState) + Send + 'static) {
        self.runtime
            .block_on(async { self.services.store().await.unwrap().change_sink("prod", change).await.unwrap() });
    }

    fn sink_state(&self) -> SinkState {
        self.runtime.block_on(async { self.services.store().await.unwrap().sink_state("prod").await.unwrap() })
    }

    /// What `status --check` ends with, and what it says.
    fn checked(&self) -> (Option<i32>, String) {
        let output = self.site.run(&["status", "--check"]);
        (output.status.code(), shown(&output))
    }
}

#[test]
fn one_sync_a_day_verifies_before_it_sends() {
    let world = World::new();
    let sync = |title: &str| {
        world.change(title);
        let synced = world.site.run(&["sync"]);
        assert!(synced.status.success(), "{}", shown(&synced));
        String::from_utf8_lossy(&synced.stderr).into_owned()
    };
    let ago = |minutes: i64| Some(Timestamp::now() - SignedDuration::from_mins(minutes));
    let asked = world.queries();
    sync("what was accepted just now may be on its way");
    assert_eq!(world.queries(), asked);
    world.lose(&world.ids()[..2]);
    world.kept(move |state| state.last_accepted = ago(16));
    let told = sync("what was accepted before is there or lost");
    assert!(told.contains("2 missing") && told.contains("2 sent again"), "{told}");
    assert_same(&world.site, &world.cloud);
    let asked = world.queries();
    world.kept(move |state| state.last_accepted = ago(16));
    sync("it was verified today");
    assert_eq!(world.queries(), asked);
    // Rows are accepted with every sync, and none waits a quarter of an hour for the next.
    world.kept(move |state| (state.verify_tried, state.unverified_since) = (None, ago(24 * 60)));
    sync("a day of rows without a pause");
    assert!(world.queries() > asked);
    let asked = world.queries();
    world.kept(move |state| {
        (state.verify_tried, state.last_accepted) = (None, ago(16));
        state.ended(Some(&Fault::Interrupted), Timestamp::now() - SignedDuration::from_hours(2));
    });
    sync("a workspace that failed is not waited for");
    assert_eq!(world.queries(), asked);
}

#[test]
fn a_verification_that_a_sync_cuts_off_is_told_with_what_to_do() {
    let world = World::new();
    world.clock_only(20);
    let silent = FaultSpec { millis: 3_600_000, path: Some("/query".into()), ..FaultSpec::new(FaultKind::Slow) };
    world.cloud.control.fault(silent.times(0));
    let (within, cancel) = (Some(verifying::BRIEFLY), CancellationToken::new());
    let run = verifying::once_a_day(&world.services, "prod", within, cancel, world.clock.clone());
    let cut_off = world.runtime.block_on(run);
    assert!(matches!(cut_off, Err(Fault::VerificationCutOff { seconds: 60, .. })), "{cut_off:?}");
    let told = world.workspace()["verify_fault"].clone();
    assert_eq!((&told["code"], &told["retry"]["when"]), (&"verification-cut-off".into(), &"yes".into()), "{told}");
    assert!(told["remedy"].as_str().unwrap().contains("itsmc workspace verify prod"), "{told}");
    let (code, said) = world.checked();
    assert!(
        code == Some(8) && said.contains("stopped after 1 minute") && said.contains("workspace verify prod"),
        "{said}"
    );
    // It counts as tried, and an interrupted one is as if it had not begun.
    let (kept, stopped) = (world.sink_state(), CancellationToken::new());
    stopped.cancel();
    let interrupted = verifying::run_by(&world.services, "prod", None, stopped, world.clock.clone());
    assert_eq!(world.runtime.block_on(interrupted), Err(Fault::Interrupted));
    assert_eq!(world.sink_state(), kept);
    world.cloud.control.clear_faults();
    assert!(world.verify().unwrap().is_clean());
    assert_eq!((&world.workspace()["verify_fault"], world.checked().0), (&Value::Null, Some(0)));
}

#[test]
fn a_verification_that_cannot_begin_is_told_with_what_to_do() {
    let world = World::new();
    let (key, aside) = (world.site.home().join("key.txt"), world.site.home().join("aside"));
    std::fs::rename(&key, &aside).unwrap();
    // The vault's key of somebody else.
    std::fs::write(&key, "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ\n").unwrap();
    let (code, error) = world.site.json(&["workspace", "verify", "prod"]);
    assert!(code != 0 && error["error"]["code"].as_str().unwrap().starts_with("vault"), "{error}");
    let told = world.workspace()["verify_fault"].clone();
    assert_eq!(told["code"], error["error"]["code"], "{told}");
    assert!(told["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{told}");
    let (code, said) = world.checked();
    assert_eq!(code, Some(8), "{said}");
    // It does not count as tried: the next sync verifies.
    std::fs::rename(&aside, &key).unwrap();
    world.kept(|state| state.last_accepted = Some(Timestamp::now() - SignedDuration::from_mins(16)));
    world.site.ok(&["sync"]);
    assert_eq!((&world.workspace()["verify_fault"], world.checked().0), (&Value::Null, Some(0)));
    assert!(world.workspace()["last_verified"].is_string());
}

#[test]
fn other_values_are_told_and_only_sending_everything_again_ends_two_styles() {
    let world = World::new();
    let total = world.total();
    let edit = |values: &str| world.site.json(&["workspace", "edit", "prod", "--values", values]).1;
    let found = || {
        let findings = world.workspace()["findings"].clone();
        findings.as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // How many work items show their state by a number.
    let numbers = || {
        let shows = |row: &Value, column: &str| row[column].as_str().unwrap().parse::<i32>().is_ok();
        let is_number = |row: &&Value| shows(row, "IncidentState_s") || shows(row, "CRState_s");
        world.cloud.newest().values().filter(is_number).count() as u64
    };
    assert_eq!(edit("numbers")["other_values"], true);
    let (code, told) = world.checked();
    assert!(code == Some(8) && told.contains("itsmc workspace send prod --full"), "{told}");
    assert_eq!((&edit("labels")["other_values"], found()), (&false.into(), Vec::new()), "nothing was sent in between");
    let said = shown(&world.site.run(&["workspace", "edit", "prod", "--values", "numbers"]));
    assert!(said.contains("sent as numbers") && said.contains("itsmc workspace send prod --full"), "{said}");
    world.store("a row in the new style");
    let (code, sent) = world.site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, &sent[0]["findings"][0]["code"]), (8, &"other-values".into()), "{sent}");
    assert_eq!(numbers(), 1);
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.is_clean(), record.resent, record.states.len()), (true, 0, 0), "{record:?}");
    assert_eq!((&edit("labels")["other_values"], found()), (&true.into(), vec!["other-values".to_owned()]));
    edit("numbers");
    let (_, told) = world.site.json(&["workspace", "send", "prod", "--full", "--dry-run"]);
    assert_eq!((&told[0]["rows"], numbers()), (&total.into(), 1), "{told}");
    let (code, sent) = world.site.json(&["workspace", "send", "prod", "--full"]);
    assert_eq!((code, &sent[0]["accepted"], &sent[0]["findings"]), (0, &total.into(), &json!([])), "{sent}");
    assert_eq!((numbers(), found(), world.checked().0), (total, Vec::new(), Some(0)));
    assert!(world.cloud.newest().values().all(|row| row["ItsmcResent"] == true));
    world.on(20);
    assert!(world.verify().unwrap().is_clean());
}

#[test]
fn accepted_rows_that_nobody_has_verified_for_days_are_stale() {
    let world = World::new();
    assert!(world.workspace()["unverified_since"].is_string());
    assert_eq!(world.checked().0, Some(0), "{}", world.checked().1);
    let days_ago = Timestamp::now() - SignedDuration::from_hours(80);
    world.kept(move |state| state.unverified_since = Some(days_ago));
    let (code, told) = world.checked();
    assert!(code == Some(9) && told.contains("nothing that Azure accepted was verified"), "{told}");
    world.on(20);
    assert!(world.verify().unwrap().is_clean());
    assert_eq!((&world.workspace()["unverified_since"], world.checked().0), (&Value::Null, Some(0)));
    // More rows make the ones before no younger.
    world.store("changed after the verification");
    world.send();
    let since = world.workspace()["unverified_since"].clone();
    world.store("changed once more");
    world.send();
    assert!(since.is_string() && world.workspace()["unverified_since"] == since, "{since}");
}

#[test]
fn rows_that_a_verification_found_missing_and_did_not_send_again_are_a_finding() {
    let world = World::new();
    world.on(20);
    world.kept(|state| state.verified = Some(VerifyRecord { missing: 3, resent: 3, ..VerifyRecord::default() }));
    assert_eq!(world.checked().0, Some(0), "{}", world.checked().1);
    world.kept(|state| state.verified = Some(VerifyRecord { missing: 3, resent: 0, ..VerifyRecord::default() }));
    let (code, told) = world.checked();
    assert!(code == Some(8) && told.contains("Not sent again: 3 rows"), "{told}");
}

#[test]
fn rows_that_are_accepted_and_never_stored_are_a_finding_once_sending_them_again_was_in_vain() {
    let world = World::new();
    world.on(20);
    world.lose(&world.ids()[..2]);
    let mut told = Vec::new();
    for _ in 0..2 {
        world.cloud.control.fault(lost().times(0));
        let record = world.verify().unwrap();
        assert_eq!((record.missing, record.resent), (2, 2), "all that is missing is sent again");
        world.cloud.control.clear_faults();
        told.push(world.checked());
        world.on(24 * 60);
    }
    assert_eq!(told[0].0, Some(0), "{}", told[0].1);
    assert!(
        told[1].0 == Some(8) && told[1].1.contains("Still different after it was sent again: 2 rows"),
        "{}",
        told[1].1
    );
    assert!(world.verify().is_ok_and(|record| record.missing == 2));
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.is_clean(), record.differs_since, world.checked().0), (true, None, Some(0)));
}

#[test]
fn report_5_rows_that_are_sent_again_after_days_are_no_new_events() {
    let world = World::new();
    let total = world.total();
    world.on(5 * 24 * 60);
    let lost: Vec<_> = world.ids().into_iter().take(100).collect();
    world.lose(&lost);
    assert_eq!(world.count("ServiceDesk"), total - 100);
    let record = world.verify().unwrap();
    assert_eq!((record.missing, record.resent, record.numbers.len()), (100, 100, 5));
    assert_eq!((world.count("ServiceDesk"), world.count("ServiceDesk_CL | where ItsmcResent == true")), (total, 100));
    // What an alert rule asks for: work items that were opened today, and rows that report something new.
    assert_eq!(world.count("ServiceDesk | where CreatedDate_t > ago(1d)"), 0, "their own dates, not today");
    assert_eq!(world.count("ServiceDesk_CL | where TimeGenerated > ago(1d) and not(ItsmcResent)"), 0);
    assert_same(&world.site, &world.cloud);
    let record = world.verify().unwrap();
    assert!(record.is_clean() && record.resent == 0, "{record:?}");
}

#[test]
fn report_6_an_answer_that_comes_later_than_the_patience_doubles_rows_and_nothing_is_sent_again() {
    let world = World::new();
    let total = world.total();
    world.store("changed once");
    let late = FaultSpec { path: Some("/streams/".into()), millis: 70_000, ..FaultSpec::new(FaultKind::Late) };
    world.cloud.control.fault(late);
    // The fake answers after 70 s; the client's patience is a second here.
    let short = Duration::from_secs(1);
    let limits = Timeouts { connect: short, idle: short, total: short };
    let report = world.runtime.block_on(async {
        let workspace = workspaces::named(&world.services, "prod").await.unwrap();
        let job = sending::job(&world.services, workspace, None, limits).await.unwrap();
        sink::send(job, Arc::new(|_| {}), CancellationToken::new(), world.clock.clone()).await
    });
    assert_eq!((report.accepted, report.complete), (1, true), "{report:?}");
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.doubled, record.resent, record.is_clean()), (1, 0, true));
    assert_eq!(world.count("ServiceDesk"), total, "the function shows one");
    assert_same(&world.site, &world.cloud);
}

#[test]
fn report_7_over_the_daily_cap_nothing_is_sent_again_before_it_is_reset() {
    let world = World::new();
    world.cloud.control.quota(None, "OverQuota", 40 * 60, 1.0).unwrap();
    world.store("accepted and not stored");
    world.send();
    assert_eq!(world.workspace()["behind_rows"], 0, "Azure accepted it");
    let sends = world.sends();
    // By command: it says until when, and does not wait for what cannot come.
    let output = world.site.run(&["workspace", "verify", "prod"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(8), "{told}");
    assert!(told.contains("OverQuota; begins again in 40 min"), "{told}");
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.older, record.resent, world.sends()), (1, 0, sends));
    let reset = record.cap.unwrap().resets_at.unwrap();
    assert!(reset > record.at && reset.duration_since(record.at) <= SignedDuration::from_mins(21));
    world.on(21);
    assert_eq!(world.verify().unwrap().resent, 1);
    assert_same(&world.site, &world.cloud);
    let record = world.verify().unwrap();
    assert_eq!((record.resent, record.is_clean()), (0, true), "once");
}

#[test]
fn report_8_rows_of_forty_days_ago_are_found() {
    let world = World::new();
    let total = world.total();
    world.on(40 * 24 * 60);
    let record = world.verify().unwrap();
    assert_eq!((record.checked, record.is_clean()), (total, true));
}

#[test]
fn report_9_a_part_of_an_answer_declares_nothing_missing() {
    let world = World::new();
    let sends = world.sends();
    world.cloud.control.change_manners(|manners| manners.result_rows = 30);
    world.on(20);
    let fault = world.verify().unwrap_err();
    assert_eq!((fault.code(), world.sends()), ("partial-result", sends));
    let (code, told) = world.site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &told["error"]["code"]), (5, &json!("partial-result")), "{told}");
    assert!(told["error"]["cause"].as_str().unwrap().contains("E_QUERY_RESULT_SET_TOO_LARGE"), "{told}");
    let workspace = world.workspace();
    assert_eq!((&workspace["last_verified"], world.sends()), (&Value::Null, sends), "nothing is known");
    assert_eq!(workspace["verify_fault"]["code"], "partial-result");
}

#[test]
fn an_older_a_gone_and_a_removed_row_are_told_apart() {
    let world = World::new();
    let total = world.total();
    let gone = world.site.control.rows("incident")[9]["sys_id"].value.clone();
    world.site.control.delete_row("incident", &gone).unwrap();
    world.store("newer");
    world.unfed(&["verify", "contoso"]);
    world.cloud.control.fault(lost());
    world.send();
    // A row that nobody here has.
    let mut stray = world.cloud.control.rows(None, TABLE).unwrap()[0].clone();
    stray["ItsmcId"] = "0123456789abcdef0123456789abcdef".into();
    world.post(&json!([stray]));
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.missing, record.older, record.surplus, record.resent), (0, 2, 1, 3), "{record:?}");
    assert_eq!(world.total(), total - 1);
    assert_same(&world.site, &world.cloud);
    let rule = record.rule.unwrap();
    assert_eq!((rule.dropped, record.rule_errors), (2, None), "the rule's own metrics tell of it");
    assert!(world.verify().unwrap().is_clean());
}

#[test]
fn a_change_without_a_new_stamp_that_was_lost_after_204_is_found_and_sent_again() {
    let world = World::new();
    world.on(20);
    assert!(world.verify().unwrap().is_clean());
    let id = world.site.control.rows("incident")[7]["sys_id"].value.clone();
    let title = [("short_description", "changed by a script")];
    world.site.control.edit_row_silently("incident", &id, &title).unwrap();
    world.unfed(&["sync", "--full", "--quiet"]);
    world.cloud.control.fault(lost());
    world.send();
    assert_eq!(world.workspace()["behind_rows"], 0, "Azure accepted it");
    assert_ne!(world.cloud.newest()[&id]["Title_s"], "changed by a script");
    world.on(20);
    let record = world.verify().unwrap();
    assert_eq!((record.older, record.missing, record.resent), (1, 0, 1), "{record:?}");
    assert_eq!(world.cloud.newest()[&id]["Title_s"], "changed by a script");
    let record = world.verify().unwrap();
    assert!(record.is_clean() && record.resent == 0, "{record:?}");
}

#[test]
fn states_are_counted_here_and_there_and_the_rows_sent_that_make_the_difference() {
    let world = World::new();
    world.on(20);
    let path = world.site.home().join("config.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, config.replace("values = \"labels\"", "values = \"numbers\"")).unwrap();
    // As if the rows had been sent as numbers, and shown otherwise there.
    world.kept(|state| state.values = Some(Values::Numbers));
    let total = world.total();
    let record = world.verify().unwrap();
    assert_eq!((record.other_state, record.older + record.missing, record.resent), (total, 0, total), "{record:?}");
    let closed = |state: &str| record.states.iter().find(|one| one.state == state).cloned();
    let labels = closed("Closed").unwrap();
    let numbers = closed("7").unwrap();
    assert_eq!((labels.kind, labels.here, numbers.there), (WorkItemKind::Incident, 0, 0), "{record:?}");
    let StateCount { there, .. } = labels;
    assert_eq!((there > 0, numbers.here), (true, there));
    assert!(world.verify().unwrap().is_clean());
    assert_eq!(world.count("ServiceDesk | where IncidentState_s == '7'"), there);
}

#[test]
fn a_dropped_connections_rows_are_marked_removed_in_the_end() {
    let world = World::new();
    let (details, total) = (world.cloud.control.sign_in().clone(), world.total());
    world.cloud.control.unassign(&details.object_id, "Owner");
    world.site.ok(&["connection", "remove", "contoso", "--yes"]);
    let (code, sent) = world.site.json(&["workspace", "send", "prod"]);
    assert_eq!((code, world.unmarked(&sent[0])), (8, 2), "{sent}");
    assert_eq!(world.total(), total, "nobody could be asked");
    // Now it may query, and the rows that say so are lost on their way.
    let scope = format!("/subscriptions/{}", details.azure_subscription);
    world.cloud.control.assign(&details.object_id, "Owner", &scope).unwrap();
    world.on(20);
    world.cloud.control.fault(lost());
    let record = world.verify().unwrap();
    assert_eq!((record.surplus, record.resent, world.count("ServiceDesk")), (total, total, total), "{record:?}");
    assert_eq!(world.unmarked(&world.workspace()), 2, "it still stands");
    let record = world.verify().unwrap();
    assert_eq!((record.surplus, record.resent, world.count("ServiceDesk")), (total, total, 0), "{record:?}");
    let record = world.verify().unwrap();
    assert_eq!((record.is_clean(), record.resent), (true, 0));
    assert_eq!(world.unmarked(&world.workspace()), 0);
    let queries = world.queries();
    world.verify().unwrap();
    assert!(world.queries() - queries < 3, "nothing is left to be asked: {}", world.queries() - queries);
}

#[test]
fn what_the_rule_writes_of_its_errors_is_told_and_its_silence_proves_nothing() {
    let world = World::new();
    world.log_errors();
    // A body that is no list is accepted and lost; the metrics do not know of it.
    for _ in 0..5 {
        world.post(&json!({}));
    }
    let output = world.site.run(&["workspace", "verify", "prod"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        told.contains("The data collection rule wrote 3 times: The payload is not a JSON array"),
        "muted after some: {told}"
    );
    let verified = world.workspace()["verified"].clone();
    assert_eq!((&verified["rule_errors"][0]["times"], output.status.code()), (&3.into(), Some(0)), "{verified}");
    world.on(20);
    // Rows that Azure loses without a word of the rule are missing all the same.
    let id = world.ids()[3].clone();
    world.lose(std::slice::from_ref(&id));
    assert_eq!(world.verify().unwrap().missing, 1);
}

#[test]
fn send_numbers_never_go_back_though_the_clock_is_set_back_and_the_database_is_lost() {
    let world = World::new();
    world.clock_only(400 * 24 * 60);
    world.store("sent under a clock that was ahead");
    world.follow();
    let send = |row: &Value| row["ItsmcSend"].as_i64().unwrap();
    let before = world.cloud.control.rows(None, TABLE).unwrap();
    let greatest = before.iter().map(send).max().unwrap();
    assert!(greatest > jiff::Timestamp::now().as_microsecond(), "{greatest}");
    for file in ["itsmc.db", "itsmc.db-wal", "itsmc.db-shm"] {
        let _ = std::fs::remove_file(world.site.home().join(file));
    }
    world.change("newer");
    world.site.ok(&["sync"]);
    let after = world.cloud.control.rows(None, TABLE).unwrap();
    let again: Vec<_> = after[before.len()..].iter().map(send).collect();
    assert!(again.len() as u64 >= world.total() && again.iter().all(|number| *number > greatest), "{greatest}");
    assert_same(&world.site, &world.cloud);
}

#[test]
fn without_the_right_to_query_the_first_run_says_that_the_newest_rows_are_unknown() {
    let world = World::new();
    let object_id = world.cloud.control.sign_in().object_id.clone();
    world.cloud.control.unassign(&object_id, "Owner");
    for file in ["itsmc.db", "itsmc.db-wal", "itsmc.db-shm"] {
        let _ = std::fs::remove_file(world.site.home().join(file));
    }
    world.unfed(&["sync", "--quiet"]);
    let (code, sent) = world.site.json(&["workspace", "send", "prod"]);
    let codes: Vec<_> = sent[0]["findings"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!((code, codes), (8, vec![json!("rule-not-read"), json!("send-numbers-unchecked")]), "{sent}");
    assert_same(&world.site, &world.cloud);
}

impl World {
    /// Sends a body of our own to the stream of work items.
    fn post(&self, body: &Value) {
        self.runtime.block_on(async {
            let workspace = workspaces::named(&self.services, "prod").await.unwrap();
            let (provider, tokens) = self.signed_in(Audience::Ingestion).await;
            let endpoint = provider.cloud.ingestion_at(&workspace.endpoint).unwrap();
            let ingestion = Ingestion::new(&endpoint, &workspace.rule_id, tokens, &provider.config).unwrap();
            let packed = Packed::new(body.to_string().as_bytes());
            let id = "00000000-0000-4000-8000-000000000001";
            ingestion.send("Custom-ServiceDesk_CL", &packed, id).await.unwrap();
        });
    }
}
