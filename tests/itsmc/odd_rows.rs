//! Columns that are hidden, totals that lie, rows that are large or odd, and a database that was damaged.

use itsmc::model::fault::Fault;
use itsmc::model::items::ItemFilter;
use itsmc::service::services::Services;
use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::site::{NAME, Site, services, shown};

fn still(rows: u64) -> Options {
    Options { rows: Some(rows), ..Options::still() }
}

fn always(kind: FaultKind) -> FaultSpec {
    FaultSpec::new(kind).times(0)
}

/// The codes of the findings in a report or a status.
fn codes(document: &Value) -> Vec<String> {
    let found = |report: &Value| report["findings"].as_array().cloned().unwrap_or_default();
    let reports = document.as_array().cloned().unwrap_or_else(|| document["connections"].as_array().unwrap().clone());
    let all = reports.iter().flat_map(found);
    all.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// What is stored of incidents, as the status counts it; when it was last swept aside.
fn incidents(site: &Site) -> Value {
    let mut counts = site.json(&["status"]).1["connections"][0]["work_items"]["incident"].clone();
    assert!(counts.as_object_mut().unwrap().remove("last_sweep").is_some(), "{counts}");
    counts
}

#[rstest]
#[case("active")]
#[case("state")]
#[case("number")]
#[case("short_description")]
fn d6_a_hidden_column_is_a_finding_and_blanks_nothing(#[case] column: &str) {
    let site = Site::connected(still(400));
    site.ok(&["sync"]);
    let (counts, items) = (incidents(&site), site.ok(&["items", "--csv"]));
    let spec = FaultSpec { column: column.into(), ..always(FaultKind::EmptyColumn).on("/table/incident") };
    site.control.fault(spec);
    let (code, reports) = site.json(&["sync", "--full"]);
    assert_eq!((code, codes(&reports)), (8, vec!["hidden-column".to_owned()]), "{reports}");
    assert_eq!(incidents(&site), counts);
    assert_eq!(site.ok(&["items", "--csv"]), items);
    let check = site.run(&["status", "--check"]);
    assert_eq!(check.status.code(), Some(8), "{}", shown(&check));
    assert!(shown(&check).contains(column), "{}", shown(&check));
    let tested = site.run(&["connection", "test", NAME]);
    assert_eq!(tested.status.code(), Some(8), "passed with a warning");
    let test = shown(&tested);
    assert!(test.contains(&format!("hidden column: {column}")), "{test}");
    // Shown again, it is read again.
    site.control.clear_faults();
    site.ok(&["sync", "--full"]);
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
}

#[test]
fn d7_a_clock_that_differs_is_a_finding() {
    let site = Site::connected(still(200));
    site.control.fault(FaultSpec { seconds: -7_200, ..always(FaultKind::ClockSkew) });
    let (code, reports) = site.json(&["sync"]);
    assert_eq!(code, 8, "{reports}");
    assert!(codes(&reports).contains(&"clock-differs".to_owned()), "{reports}");
    assert!(reports[0]["fetched"].as_u64() > Some(0));
}

#[rstest]
#[case(250)]
#[case(20)]
#[case(5)]
fn d9_a_capped_instance_loses_no_row(#[case] limit: u64) {
    let site = Site::connected(still(1_200));
    site.control.fault(FaultSpec { limit, ..always(FaultKind::CappedPages) });
    let (code, reports) = site.json(&["sync"]);
    assert_eq!(code, 0, "{reports}");
    site.control.clear_faults();
    let (_, again) = site.json(&["sync", "--full"]);
    let inserted: Vec<_> = again.as_array().unwrap().iter().map(|report| report["inserted"].as_u64()).collect();
    assert_eq!(inserted, [Some(0), Some(0)], "{again}");
}

#[test]
fn d15_a_fixed_total_hides_nothing() {
    let site = Site::connected(still(300));
    site.control.fault(FaultSpec { limit: 1_000, ..always(FaultKind::FixedTotal) });
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, reports[0]["hidden"].as_u64()), (0, Some(0)), "{reports}");
}

#[rstest]
#[case::longer_than_is_kept(1_500_000)]
#[case::longer_than_a_reply(36_000_000)]
fn d10_a_large_row_is_stored_cut_and_named(#[case] length: usize) {
    let site = Site::connected(still(60));
    let newest = site.control.rows("incident").pop().unwrap();
    let id = newest["sys_id"].value.clone();
    site.control.edit_row("incident", &id, &[("description", &"x".repeat(length))]).unwrap();
    site.ok(&["connection", "test", NAME]);
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, codes(&reports)), (8, vec!["cut-rows".to_owned()]), "{reports}");
    assert_eq!(reports[0]["findings"][0]["numbers"][0], newest["number"].value.as_str());
    assert_eq!(reports[0]["complete"], true);
    // A reply that was too large is none; of any other what came counts, not what is kept of it.
    let came = reports[0]["bytes"].as_u64().unwrap();
    assert!(came >= length as u64 || length > 30_000_000, "{reports}");
}

#[rstest]
#[case::longer_than_is_kept(1_500_000)]
#[case::longer_than_a_reply(36_000_000)]
fn d10_a_large_row_that_a_sweep_finds_is_stored_cut_and_named(#[case] length: usize) {
    let site = Site::connected(still(60));
    site.ok(&["sync"]);
    let rows = site.control.rows("incident");
    let past = rows[rows.len() / 2]["sys_updated_on"].value.clone();
    let text = "x".repeat(length);
    let large = [("number", "INC0990001"), ("state", "1"), ("description", text.as_str()), ("sys_updated_on", &past)];
    let small = [("number", "INC0990002"), ("state", "1"), ("sys_updated_on", &past)];
    site.control.add_row("incident", &large).unwrap();
    site.control.add_row("incident", &small).unwrap();
    let (code, reports) = site.json(&["verify", NAME]);
    assert_eq!((code, &reports[0]["sweep"]["missing"]), (8, &2.into()), "{reports}");
    assert_eq!(codes(&reports), ["cut-rows"], "{reports}");
    assert_eq!(reports[0]["findings"][0]["numbers"][0], "INC0990001");
    let (_, items) = site.json(&["items", "--find", "INC0990001"]);
    let kept = items[0]["Description_s"].as_str().unwrap();
    assert!(kept.contains("[…]") && kept.len() < 1_100_000, "{}", kept.len());
    assert_eq!(site.json(&["items", "--find", "INC0990002"]).1.as_array().unwrap().len(), 1);
    assert_eq!(site.json(&["verify", NAME]).1[0]["sweep"]["missing"], 0);
}

#[rstest]
fn d10_a_row_larger_than_a_reply_holds_up_nothing(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
    #[values(1_500_000, 70_000_000)] bytes: usize,
) {
    let desk = Desk::connected(partner);
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!(code, 0, "{reports}");
    let stored = |desk: &Desk| desk.json(&["items", "--limit", "1000"]).1.as_array().unwrap().len();
    let before = stored(&desk);
    let number = desk.enlarge_one(bytes);
    let (sync, full, verify) = (&["sync", partner][..], &["sync", "--full", partner][..], &["verify", partner][..]);
    // Each request for the larger row moves all of it.
    let commands = if bytes > 10_000_000 { vec![sync] } else { vec![sync, full, verify] };
    for command in commands {
        let (code, reports) = desk.json(command);
        assert_eq!(reports[0]["complete"], true, "{command:?}: {reports}");
        if command != ["verify", partner] {
            assert_eq!((code, codes(&reports)), (8, vec!["cut-rows".to_owned()]), "{command:?}: {reports}");
            assert_eq!(reports[0]["findings"][0]["numbers"], json!([number]), "{command:?}");
        }
        assert_eq!(stored(&desk), before, "{command:?}");
    }
    let (_, items) = desk.json(&["items", "--find", &number]);
    let kept = items[0]["Description_s"].as_str().unwrap();
    assert!(kept.len() < 1_100_000, "{}", kept.len());
    let whole_is_told = kept.ends_with(&format!(" […] ({bytes} B)"));
    // ServiceNow has a call for one column; what is larger than a reply there is left out.
    assert!(whole_is_told || (partner == "servicenow" && kept == "[…]"), "{}", &kept[kept.len() - 40..]);
}

#[rstest]
#[case::stored_whole(700_000)]
#[case::cut_when_it_is_stored(1_500_000)]
#[case::cut_while_it_arrives(12_000_000)]
fn d10_all_that_came_is_counted_whatever_is_kept_of_it(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
    #[case] bytes: usize,
) {
    let desk = Desk::connected(partner);
    let came = |reports: &Value| reports[0]["bytes"].as_u64().unwrap();
    let (code, before) = desk.json(&["sync"]);
    assert_eq!((code, before[0]["complete"].as_bool()), (0, Some(true)), "{before}");
    desk.enlarge_one(bytes);
    let (_, after) = desk.json(&["sync", "--full"]);
    assert_eq!(after[0]["complete"], true, "{after}");
    assert!(came(&after) >= bytes as u64 + came(&before) / 2, "{before} {after}");
}

#[rstest]
#[case("service-manager")]
#[case("provance")]
#[case("cherwell")]
fn d10_a_product_can_be_connected_while_its_newest_row_is_too_large(#[case] partner: &str) {
    let desk = Desk::new(partner);
    let number = desk.enlarge_one(70_000_000);
    let added = desk.add(&desk.form(&[]));
    assert!(added.status.success(), "{}", shown(&added));
    let (code, reports) = desk.json(&["sync"]);
    assert_eq!((code, codes(&reports)), (8, vec!["cut-rows".to_owned()]), "{reports}");
    assert_eq!(reports[0]["findings"][0]["numbers"], json!([number]));
}

#[rstest]
#[case::met_by_the_sync(false)]
#[case::met_by_a_command_before_it(true)]
fn d11_a_damaged_database_is_set_aside_and_filled_again_by_a_sync(#[case] met_before: bool) {
    let site = Site::connected(still(2_000));
    site.ok(&["sync"]);
    let before = incidents(&site);
    let mut bytes = std::fs::read(site.database()).unwrap();
    let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..to].fill(0x5a);
    std::fs::write(site.database(), bytes).unwrap();
    if met_before {
        let read = site.run(&["items", "--csv"]);
        assert_eq!(read.status.code(), Some(1), "{}", shown(&read));
        assert!(shown(&read).contains("damaged-1") && shown(&read).contains("itsmc sync"), "{}", shown(&read));
        assert_lost(&site);
    }
    let (code, reports) = site.json(&["sync"]);
    // Whoever met the damage first, the sync says of each table that it filled it again.
    assert_eq!((code, codes(&reports)), (8, vec!["rebuilt".to_owned(), "rebuilt".to_owned()]), "{reports}");
    assert_eq!(incidents(&site), before);
    site.ok(&["sync"]);
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
}

/// Until everything was fetched again, status says that it is not there.
fn assert_lost(site: &Site) {
    for _ in 0..2 {
        let (_, status) = site.json(&["status"]);
        let findings = &status["connections"][0]["findings"];
        assert_eq!(findings[0]["code"], "rebuilt", "{status}");
        assert_eq!(site.run(&["status", "--check"]).status.code(), Some(9), "nothing counts as synced");
    }
}

#[test]
fn d11_a_database_of_which_nothing_can_be_read_is_known_to_be_lost_until_a_sync_is_complete() {
    let site = Site::connected(still(300));
    site.ok(&["sync"]);
    let before = incidents(&site);
    let size = std::fs::metadata(site.database()).unwrap().len() as usize;
    std::fs::write(site.database(), vec![0x5a; size]).unwrap();
    assert_eq!(site.run(&["status"]).status.code(), Some(1));
    assert_lost(&site);
    site.control.fault(always(FaultKind::ServerError).on("/table/incident"));
    assert_eq!(site.run(&["sync"]).status.code(), Some(5));
    assert_ne!(site.run(&["status", "--check"]).status.code(), Some(0));
    site.control.clear_faults();
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, &reports[0]["findings"][0]["code"]), (8, &"rebuilt".into()), "{reports}");
    assert_eq!(incidents(&site), before);
    site.ok(&["sync"]);
    assert_eq!(site.run(&["status", "--check"]).status.code(), Some(0));
}

/// A program that is open for long, such as the screens: it goes on with the database that took the damaged one's place,
/// whoever noticed the damage.
#[test]
fn d11_a_program_that_stays_open_goes_on_with_the_rebuilt_database() {
    for by_another in [false, true] {
        let site = Site::connected(still(1_000));
        site.ok(&["sync"]);
        let services = services(&site);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let total = || runtime.block_on(async { counted(&services).await });
        let whole = total().unwrap();
        assert!(whole > 0);
        let mut bytes = std::fs::read(site.database()).unwrap();
        let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
        bytes[from..to].fill(0x5a);
        std::fs::write(site.database(), bytes).unwrap();
        if by_another {
            assert_eq!(site.run(&["sync"]).status.code(), Some(8));
        } else {
            let read = runtime.block_on(async {
                let store = services.store().await?;
                store.export(None, ItemFilter::default(), None, |_| true).await
            });
            assert_eq!(read.unwrap_err().code(), "database-damaged");
            assert_eq!(total().unwrap_err().code(), "database-damaged", "it is set aside, and that is said once");
            assert_eq!(total().unwrap(), 0);
            site.run(&["sync"]);
        }
        assert_eq!(total().unwrap(), whole);
    }
}

async fn counted(services: &Services) -> Result<u64, Fault> {
    let connection = services.connection(NAME).await?;
    let summary = services.summary(&connection, Timestamp::now()).await?;
    Ok(summary.kinds.values().map(|kind| kind.total).sum())
}

#[test]
fn d17_empty_rows_for_ever_end_with_a_fault() {
    let site = Site::connected(still(60));
    site.control.fault(always(FaultKind::EmptyRows).on("/table/incident"));
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, &reports[0]["fault"]["code"]), (5, &"no-progress".into()), "{reports}");
    assert!(reports[0]["requests"].as_u64() < Some(300), "{reports}");
}

#[test]
fn d18_damaged_text_is_asked_for_again_and_then_said() {
    let site = Site::connected(still(200));
    site.control.fault(FaultSpec::new(FaultKind::BrokenText).on("/table/incident"));
    site.ok(&["sync"]);
    assert!(!site.ok(&["items", "--csv"]).contains('\u{fffd}'));
    site.control.fault(always(FaultKind::BrokenText).on("/table/incident"));
    let (code, reports) = site.json(&["sync", "--full"]);
    assert_eq!((code, codes(&reports)), (8, vec!["damaged-text".to_owned()]), "{reports}");
    assert!(site.ok(&["items", "--csv"]).contains('\u{fffd}'));
    // As long as it is damaged, each sync says so; once it comes as it is, the rows are as they were.
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, codes(&reports)), (8, vec!["damaged-text".to_owned()]), "{reports}");
    site.control.clear_faults();
    let (code, reports) = site.json(&["sync"]);
    assert_eq!((code, codes(&reports)), (0, Vec::<String>::new()), "{reports}");
    assert!(!site.ok(&["items", "--csv"]).contains('\u{fffd}'));
}

#[test]
fn d8_a_sync_dated_in_the_future_does_not_pass_as_fresh() {
    let site = Site::connected(still(60));
    site.ok(&["sync"]);
    let ahead = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48);
    let db = rusqlite::Connection::open(site.database()).unwrap();
    db.execute("UPDATE connection SET last_complete = ?1", [ahead.as_second()]).unwrap();
    drop(db);
    assert_eq!(site.run(&["status", "--check", "--max-age", "30m"]).status.code(), Some(9));
    assert_eq!(codes(&site.json(&["status"]).1), ["synced-in-future"]);
}
