//! Layouts that a description by Swashbuckle may well have, and what each may do in its own way.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::model::check::{Status, StepId};
use crate::model::fault::Fault;
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::net::http::HttpConfig;
use crate::partner::service_manager::testing::{access, client, corrected, server, walk};
use crate::partner::service_manager::{ServiceManager, proof};
use crate::partner::testing::practice_kind;
use crate::partner::{Access, Partner as _};
use itsmc_practice::service_manager::{
    Dates, Empty, FaultKind, FaultSpec, Layout, Manners, Options, Server, Setting, Total,
};

const KIND: WorkItemKind = WorkItemKind::Incident;

fn open(days: i64) -> Window {
    Window { from: Timestamp::now() - SignedDuration::from_hours(24 * days), before: None }
}

async fn with(layout: Layout, rows: u64, manners: Manners) -> Server {
    let server = server(layout, rows).await;
    server.control().set_manners(manners);
    server
}

fn listed(server: &Server, layout: &str) -> usize {
    server.control().requests().iter().filter(|one| one.path.contains(layout)).count()
}

#[tokio::test]
async fn m1_an_increment_reads_what_changed_and_not_the_whole_list() {
    let server = server(Layout::Since, 3_000).await;
    let client = client(&server);
    assert_eq!(client.way(KIND).await.unwrap().1, proof::Way::Since);
    let all = walk(&client, KIND, open(150), 500, || {}).await.unwrap();
    assert_eq!(all.len(), 3_000);
    let control = server.control();
    control.set_title(practice_kind(KIND), "IR1500", "changed").unwrap();
    control.clear_requests();
    let next = Window { from: Timestamp::now() - SignedDuration::from_mins(1), before: None };
    let found = walk(&client, KIND, next, 500, || {}).await.unwrap();
    assert!(found.contains_key("IR1500"));
    let rows: usize = control.requests().iter().map(|one| one.rows).sum();
    assert!(rows < 50 && listed(&server, "GetIncidents") < 10, "{rows} rows read again");
}

#[tokio::test]
async fn m1_more_rows_than_are_held_at_once_come_all_and_in_order() {
    let server = server(Layout::Since, 21_500).await;
    // The walk of the tests checks the order.
    let found = walk(&client(&server), KIND, open(150), 1_000, || {}).await.unwrap();
    assert_eq!(found.len(), 21_500);
    assert!(listed(&server, "GetIncidents") < 200, "{}", listed(&server, "GetIncidents"));
}

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Search)]
#[case(Layout::Listing)]
#[case(Layout::Since)]
#[case(Layout::Untyped)]
#[case(Layout::Dictionary)]
#[tokio::test]
async fn d10_rows_that_are_too_large_together_come_in_smaller_pages(#[case] layout: Layout) {
    let server = server(layout, 30).await;
    for row in server.control().rows(practice_kind(KIND)) {
        server.control().enlarge(practice_kind(KIND), &row.id, 2_500_000).unwrap();
    }
    let found = walk(&client(&server), KIND, open(150), 1_000, || {}).await.unwrap();
    assert_eq!(found.len(), 30);
}

#[tokio::test]
async fn m1_a_list_that_is_too_long_is_refused_at_the_test() {
    for (layout, rows, status) in [
        (Layout::Listing, 21_500, Status::Failed),
        (Layout::Dictionary, 21_500, Status::Failed),
        (Layout::Listing, 19_000, Status::Passed),
        (Layout::Since, 21_500, Status::Passed),
    ] {
        let step = client(&server(layout, rows).await).run_step(StepId::Binding).await;
        assert_eq!(step.status, status, "{step:?}");
        let told = format!("{:?}", step.fault).contains("20000");
        assert_eq!(told, status == Status::Failed, "{step:?}");
    }
}

#[tokio::test]
async fn a_binding_that_is_kept_counts_and_one_that_is_gone_is_named() {
    for layout in [Layout::Tables, Layout::Since, Layout::Untyped, Layout::Dictionary] {
        let server = server(layout, 300).await;
        let kept = client(&server).binding().await.unwrap();
        let access = || Access { kept: kept.clone(), ..access(&server) };
        let again = ServiceManager::new(access(), &HttpConfig::default()).unwrap();
        assert_eq!(walk(&again, KIND, open(150), 500, || {}).await.unwrap().len(), 300);
        server.control().set_layout(Layout::Listing);
        let other = ServiceManager::new(access(), &HttpConfig::default()).unwrap();
        let fault = other.bound(KIND).await.unwrap_err();
        assert!(matches!(&fault, Fault::NotBound { detail, .. } if detail.contains("--rebind")), "{fault:?}");
    }
}

#[tokio::test]
async fn m1_a_second_with_more_rows_than_a_page_ends() {
    let server = server(Layout::Since, 2_600).await;
    let (control, at) = (server.control(), open(10).from.as_millisecond());
    for number in 0..2_400 {
        control.set_modified(practice_kind(KIND), &format!("IR{}", 1_000 + number), at).unwrap();
    }
    let client = client(&server);
    assert_eq!(walk(&client, KIND, open(150), 1_000, || {}).await.unwrap().len(), 2_600);
    // The watermark stands within that second.
    control.clear_requests();
    let within = Window { from: Timestamp::from_millisecond(at).unwrap(), before: None };
    assert!(walk(&client, KIND, within, 1_000, || {}).await.unwrap().len() >= 2_400);
    assert!(listed(&server, "GetIncidents") < 20);
}

#[tokio::test]
async fn m1_rows_that_change_while_they_are_read_are_not_lost() {
    let server = server(Layout::Since, 2_500).await;
    let (control, client, begun) = (server.control(), client(&server), Timestamp::now());
    let (walked, mut step) = (control.clone(), 0);
    let first = walk(&client, KIND, open(150), 200, move || {
        step += 37;
        // A row may have been groomed away.
        let _ = walked.set_title(practice_kind(KIND), &format!("IR{}", 1_000 + step % 2_500), "changed");
        let _ = walked.remove(practice_kind(KIND), &format!("IR{}", 1_000 + step * 7 % 2_500));
        walked.open(practice_kind(KIND), "opened meanwhile");
    });
    let mut found = first.await.unwrap();
    let again = Window { from: begun - SignedDuration::from_secs(60), before: None };
    found.extend(walk(&client, KIND, again, 200, || {}).await.unwrap());
    for row in control.rows(practice_kind(KIND)) {
        let item = found.get(&row.id).unwrap_or_else(|| panic!("{} is lost", row.id));
        assert_eq!((&item.title, item.updated_at.as_millisecond()), (&row.title, row.modified), "{}", row.id);
    }
}

async fn values(server: &Server) -> Vec<(String, Timestamp, Option<String>)> {
    let found = walk(&client(server), KIND, open(150), 500, || {}).await.unwrap();
    let one = |item: &crate::model::work_item::WorkItem| {
        let closed = item.field("closed_at").map(|value| value.value.clone());
        (item.number.clone(), item.updated_at, closed)
    };
    found.values().map(one).collect()
}

#[rstest]
#[case(Layout::Tables, Dates::Offset)]
#[case(Layout::Tables, Dates::Bare)]
#[case(Layout::Search, Dates::Millis)]
#[case(Layout::Since, Dates::Offset)]
#[case(Layout::Listing, Dates::Millis)]
#[tokio::test]
async fn m3_moments_are_utc_however_they_are_written(#[case] layout: Layout, #[case] dates: Dates) {
    let server = server(layout, 120).await;
    let plain = values(&server).await;
    server.control().set_manners(Manners { dates, ..Manners::default() });
    assert_eq!(values(&server).await, plain);
    assert!(plain.iter().any(|(.., closed)| closed.as_ref().is_some_and(|at| at.ends_with('Z'))));
}

#[rstest]
#[case(400, Manners { half_pages: true, ..Manners::default() })]
#[case(0, Manners { total: Total::Invented, ..Manners::default() })]
#[tokio::test]
async fn m4_fewer_rows_than_are_counted_are_not_complete(#[case] rows: u64, #[case] manners: Manners) {
    let server = with(Layout::Search, rows, manners).await;
    let fault = walk(&client(&server), KIND, open(150), 200, || {}).await.unwrap_err();
    assert!(matches!(&fault, Fault::Malformed { detail, .. } if detail.contains("rows and gave")), "{fault:?}");
}

#[tokio::test]
async fn m4_a_total_of_all_rows_stops_nothing() {
    let server = with(Layout::Search, 900, Manners { total: Total::All, ..Manners::default() }).await;
    assert_eq!(walk(&client(&server), KIND, open(150), 200, || {}).await.unwrap().len(), 900);
    assert!(walk(&client(&server), KIND, open(0), 200, || {}).await.unwrap().is_empty());
}

#[tokio::test]
async fn m5_list_without_parameters_needs_mapping_with_whole() {
    let server = server(Layout::Bare, 150).await;
    let step = client(&server).run_step(StepId::Binding).await;
    let fault = step.fault.unwrap();
    assert_eq!(step.status, Status::Failed);
    assert!(matches!(&fault, Fault::NotBound { what, .. } if what.contains("no parameter for a page")), "{fault:?}");
    let route = "[routes.incident]\nverb = 'get'\npath = '/api/incidents/all'\nparameters = { whole = 'yes' }\n";
    let told = corrected(&server, route);
    assert_eq!(walk(&told, KIND, open(150), 500, || {}).await.unwrap().len(), 150);
}

#[rstest]
#[case("1.0, 2.0", "2.0")]
#[case("3.0-beta, 1.5", "1.5")]
#[tokio::test]
async fn m7_the_newest_version_that_is_listed_is_sent(#[case] listed: &str, #[case] wanted: &str) {
    let supported_versions = Some(listed.to_owned());
    for layout in [Layout::Tables, Layout::Search, Layout::Since] {
        let server =
            with(layout, 60, Manners { supported_versions: supported_versions.clone(), ..Manners::default() }).await;
        server.control().set_api_version(Some(wanted));
        assert_eq!(walk(&client(&server), KIND, open(150), 500, || {}).await.unwrap().len(), 60);
    }
}

#[tokio::test]
async fn m7_a_version_that_nobody_lists_is_refused_by_its_own_cause() {
    let server =
        with(Layout::Tables, 10, Manners { supported_versions: Some(String::new()), ..Manners::default() }).await;
    server.control().set_api_version(Some("9.0"));
    let fault = client(&server).way(KIND).await.map(|_| ()).unwrap_err();
    assert!(matches!(&fault, Fault::NotBound { what, .. } if what == "api-version"), "{fault:?}");
}

#[rstest]
#[case(Layout::Tables, Empty::NoContent)]
#[case(Layout::Search, Empty::Null)]
#[case(Layout::Since, Empty::NoContent)]
#[case(Layout::Since, Empty::Null)]
#[case(Layout::Listing, Empty::NoContent)]
#[tokio::test]
async fn no_rows_may_be_told_by_no_content_or_null(#[case] layout: Layout, #[case] empty: Empty) {
    let server = with(layout, 200, Manners { empty, ..Manners::default() }).await;
    let client = client(&server);
    assert_eq!(walk(&client, KIND, open(150), 100, || {}).await.unwrap().len(), 200);
    let none = Window { from: Timestamp::now() + SignedDuration::from_hours(1), before: None };
    assert!(walk(&client, KIND, none, 100, || {}).await.unwrap().is_empty());
}

#[rstest]
#[case(Layout::Tables)]
#[case(Layout::Untyped)]
#[case(Layout::Since)]
#[case(Layout::Listing)]
#[tokio::test]
async fn a_page_size_that_is_refused_is_made_smaller(#[case] layout: Layout) {
    for refuses_above in [500, 75] {
        let server = with(layout, 700, Manners { refuses_above: Some(refuses_above), ..Manners::default() }).await;
        assert_eq!(walk(&client(&server), KIND, open(150), 1_000, || {}).await.unwrap().len(), 700);
    }
}

#[tokio::test]
async fn m2_a_dictionary_of_rows_is_read() {
    for pages_from_zero in [false, true] {
        let server = with(Layout::Dictionary, 700, Manners { pages_from_zero, ..Manners::default() }).await;
        for kind in WorkItemKind::ALL {
            let expected = server.control().count(practice_kind(kind));
            assert_eq!(walk(&client(&server), kind, open(150), 300, || {}).await.unwrap().len(), expected);
        }
    }
}

#[tokio::test]
async fn m2_undescribed_rows_are_bound_by_a_page() {
    let server = server(Layout::Untyped, 700).await;
    let client = client(&server);
    assert_eq!(client.way(KIND).await.unwrap().1, proof::Way::Since);
    for kind in WorkItemKind::ALL {
        let expected = server.control().count(practice_kind(kind));
        assert_eq!(walk(&client, kind, open(150), 300, || {}).await.unwrap().len(), expected);
    }
}

async fn fault_of(client: &ServiceManager, step: StepId) -> Option<Fault> {
    client.run_step(step).await.fault
}

async fn refused(options: Options) -> Fault {
    let server = Server::start(Options { rows: Some(20), ..options }).await.unwrap();
    fault_of(&client(&server), StepId::SignIn).await.unwrap()
}

#[rstest]
#[case(Options { whitelisted: Some("another".into()), ..Options::still() }, "ida:WhitelistedClientId", "client_id")]
#[case(Options { audience: Some("api://smoc/".into()), ..Options::still() }, "ida:Audience", "audience")]
#[tokio::test]
async fn m6_the_setting_that_differs_is_named(#[case] options: Options, #[case] wanted: &str, #[case] field: &str) {
    let fault = refused(options).await;
    let Fault::SettingDiffers { setting, key, .. } = &fault else { panic!("{fault:?}") };
    assert_eq!((setting.as_str(), key.as_str(), fault.exit_code()), (wanted, field, 3));
}

#[tokio::test]
async fn m6_settings_that_are_missing_are_named() {
    let fault = refused(Options { missing: vec![Setting::Audience, Setting::Tenant], ..Options::still() }).await;
    assert_eq!(fault, Fault::SettingsMissing { names: "ida:Tenant, ida:Audience".into() });
}

#[rstest]
#[case(FaultKind::ModelState, "parameter-refused")]
#[case(FaultKind::ServerUnreachable, "product-unreachable")]
#[case(FaultKind::NoPermission, "forbidden")]
#[tokio::test]
async fn m6_what_is_no_failed_sign_in_is_not_shown_as_one(#[case] kind: FaultKind, #[case] code: &str) {
    let server = server(Layout::Tables, 60).await;
    server.control().fault(FaultSpec::new(kind).times(0).on("/api/"));
    let client = client(&server);
    assert_eq!(fault_of(&client, StepId::SignIn).await, None);
    assert_eq!(fault_of(&client, StepId::Binding).await.map(|fault| fault.code()), Some(code));
}
