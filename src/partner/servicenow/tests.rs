//! The client against the practice instance, its faults included.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::model::check::{Finding, Status};
use crate::model::sync::PageRequest;
use crate::model::work_item::WorkItem;
use crate::net::http::Timeouts;
use crate::partner::TokenStore;
use crate::partner::live_test::run_test;
use crate::partner::servicenow::testing::{Memory, access};
use itsmc_practice::servicenow::{
    Control, FaultKind, FaultSpec, Options, RateRule, Revoke, Server, UserState, Visibility,
};

struct Bench {
    server: Server,
    partner: ServiceNow,
    token_store: Arc<Memory>,
}

/// A practice instance with so many incidents, and a client that is signed in.
async fn bench(rows: u64) -> Bench {
    let server = Server::start(Options { rows: Some(rows), ..Options::still() }).await.unwrap();
    let token_store = Memory::with(None);
    let first = client(&server, true, &token_store);
    assert_eq!(first.run_step(StepId::SignIn).await.fault, None);
    Bench { partner: client(&server, false, &token_store), server, token_store }
}

fn client(server: &Server, password: bool, token_store: &Arc<Memory>) -> ServiceNow {
    let details = server.sign_in();
    let token_store = Arc::clone(token_store) as Arc<dyn TokenStore>;
    let mut access = access(&server.url(), password.then_some(&*details.password), token_store);
    access.connection.username = details.username.clone();
    access.connection.client_id = details.client_id.clone();
    access.client_secret = Some(crate::model::secret::Secret::new(details.client_secret.clone()));
    let timeouts = Timeouts { idle: Duration::from_millis(500), ..Timeouts::default() };
    ServiceNow::new(access, &HttpConfig { timeouts, ..HttpConfig::default() }).unwrap()
}

fn everything(kind: WorkItemKind, limit: u32) -> PageRequest {
    let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
    PageRequest { kind, window, after: None, offset: 0, limit, count: false, lean: false }
}

fn incidents(limit: u32) -> PageRequest {
    everything(WorkItemKind::Incident, limit)
}

async fn all(partner: &ServiceNow, mut request: PageRequest) -> Vec<WorkItem> {
    let mut items = Vec::new();
    loop {
        let page = partner.page(&request).await.unwrap();
        let Some(last) = page.items.last() else { return items };
        request.after = Some(last.cursor());
        items.extend(page.items);
    }
}

impl Bench {
    fn control(&self) -> Control {
        self.server.control()
    }

    async fn fault(&self, fault: FaultKind) -> Option<Fault> {
        self.control().fault(FaultSpec::new(fault));
        self.partner.page(&incidents(50)).await.err()
    }
}

/// What an attribute must be, by what the instance stores and shows.
fn expected(
    columns: &Columns,
    truth: &itsmc_practice::servicenow::Truth,
) -> BTreeMap<String, (String, Option<String>)> {
    use crate::model::partner::ValueType;
    let mut attributes = BTreeMap::new();
    for column in columns.all() {
        let Some(shown) = truth.get(&*column.from) else { continue };
        let value = match column.holds {
            ValueType::Moment => shown.value.replacen(' ', "T", 1) + if shown.value.is_empty() { "" } else { "Z" },
            _ => shown.value.clone(),
        };
        let labelled = matches!(column.holds, ValueType::Choice | ValueType::Reference);
        let label = shown.display_value.clone().filter(|label| labelled && !label.is_empty() && *label != value);
        if !value.is_empty() {
            attributes.insert(column.to.to_string(), (value, label));
        }
    }
    attributes
}

fn attributes(item: &WorkItem) -> BTreeMap<String, (String, Option<String>)> {
    let own = |name: &str, text: &str| (name.to_owned(), (text.to_owned(), None));
    let opened = item.opened_at.map(|at| at.to_string()).unwrap_or_default();
    let mut all: BTreeMap<_, _> = [
        own("id", &item.source_id),
        own("number", &item.number),
        own("title", &item.title),
        own("open", if item.open { "true" } else { "false" }),
        own("opened_at", &opened),
        own("updated_at", &item.updated_at.to_string()),
    ]
    .into();
    for (name, value) in [("state", &item.state), ("priority", &item.priority)] {
        all.insert(name.to_owned(), (value.value.clone(), value.label.clone()));
    }
    for field in item.fields.iter() {
        let crate::model::work_item::Value { value, label } = field.value();
        all.insert(field.name.text().into_owned(), (value, label));
    }
    all.retain(|_, (value, _)| !value.is_empty());
    all
}

#[rstest]
#[case(WorkItemKind::Incident)]
#[case(WorkItemKind::ChangeRequest)]
#[tokio::test]
async fn every_row_comes_once_with_every_field_as_it_is_stored(#[case] kind: WorkItemKind) {
    let bench = bench(700).await;
    let items = all(&bench.partner, everything(kind, 90)).await;
    let columns = bench.partner.columns(kind).unwrap();
    let truth = bench.control().rows(kind.id());
    assert!(truth.len() >= 90, "{}", truth.len());
    assert_eq!(items.len(), truth.len());
    for (item, truth) in items.iter().zip(&truth) {
        assert_eq!(attributes(item), expected(columns, truth));
    }
    let counted = bench.partner.count(kind, everything(kind, 1).window).await.unwrap();
    assert_eq!(counted, truth.len() as u64);
}

#[tokio::test]
async fn a_window_and_its_count_agree() {
    let bench = bench(300).await;
    let items = all(&bench.partner, incidents(1000)).await;
    let window = Window { from: items[100].updated_at, before: Some(items[200].updated_at) };
    let inside = items.iter().filter(|item| item.updated_at >= window.from && item.updated_at < items[200].updated_at);
    let inside = inside.count();
    let request = PageRequest { window, count: true, ..incidents(10) };
    let page = bench.partner.page(&request).await.unwrap();
    assert_eq!((page.items.len(), page.total), (10, Some(inside as u64)));
    assert!(page.bytes > 1000);
    assert_eq!(all(&bench.partner, PageRequest { count: false, ..request }).await.len(), inside);
    assert_eq!(bench.partner.count(WorkItemKind::Incident, window).await.unwrap(), inside as u64);
}

#[tokio::test]
async fn an_offset_passes_over_rows() {
    let bench = bench(100).await;
    let items = all(&bench.partner, incidents(1000)).await;
    let page = bench.partner.page(&PageRequest { offset: 30, ..incidents(5) }).await.unwrap();
    assert_eq!(page.items, items[30..35]);
}

#[rstest]
#[case(FaultKind::Truncated, "partner-timed-out")]
#[case(FaultKind::ResultAndError, "partner-timed-out")]
#[case(FaultKind::Hibernating, "hibernating")]
#[case(FaultKind::LoginRedirect, "login-page")]
#[case(FaultKind::LoginPage, "login-page")]
#[case(FaultKind::Reset, "connection-lost")]
#[case(FaultKind::Stall, "timed-out")]
#[case(FaultKind::OutOfOrder, "out-of-order")]
#[case(FaultKind::TransactionCancelled, "partner-timed-out")]
#[case(FaultKind::Unavailable, "partner-error")]
#[case(FaultKind::HugeBody, "too-large")]
#[case(FaultKind::NotJson, "malformed")]
#[case(FaultKind::Forbidden, "forbidden")]
#[case(FaultKind::RateLimited, "rate-limited")]
#[tokio::test]
async fn each_fault_is_told_apart_and_passes(#[case] kind: FaultKind, #[case] code: &str) {
    let bench = bench(200).await;
    let fault = bench.fault(kind).await;
    assert_eq!(fault.as_ref().map(Fault::code), Some(code), "{fault:?}");
    if kind == FaultKind::RateLimited {
        // Whoever was told to wait sends nothing; the product itself would answer.
        assert_eq!(bench.partner.page(&incidents(50)).await.unwrap_err().code(), code);
        let other = client(&bench.server, false, &bench.token_store);
        assert_eq!(other.page(&incidents(50)).await.unwrap().items.len(), 50);
        return;
    }
    assert_eq!(bench.partner.page(&incidents(50)).await.unwrap().items.len(), 50);
}

#[tokio::test]
async fn a_filter_that_was_ignored_is_noticed() {
    let bench = bench(200).await;
    let last = bench.partner.page(&incidents(50)).await.unwrap().items.pop().unwrap();
    bench.control().fault(FaultSpec::new(FaultKind::FilterIgnored));
    let request = PageRequest { after: Some(last.cursor()), ..incidents(50) };
    assert_eq!(bench.partner.page(&request).await.unwrap_err().code(), "out-of-order");
}

#[tokio::test]
async fn two_records_with_one_id_are_refused() {
    let bench = bench(50).await;
    bench.control().fault(FaultSpec::new(FaultKind::SameId));
    let fault = bench.partner.page(&incidents(20)).await.unwrap_err();
    assert!(format!("{fault:?}").contains("have the same id"), "{fault:?}");
}

#[rstest]
#[case(false)]
#[case(true)]
#[tokio::test]
async fn a_rate_limit_says_how_long_in_either_form(#[case] http_date: bool) {
    let bench = bench(50).await;
    bench.control().fault(FaultSpec { http_date, retry_after: 90, ..FaultSpec::new(FaultKind::RateLimited) });
    let Err(Fault::RateLimited { retry_after_seconds, .. }) = bench.partner.page(&incidents(5)).await else { panic!() };
    assert!((85..=90).contains(&retry_after_seconds), "{retry_after_seconds}");
}

#[tokio::test]
async fn a_rate_rule_is_announced_and_then_bites() {
    let bench = bench(50).await;
    bench.control().set_rate_rule(Some(RateRule { per_hour: 2, resets_in: 600 }));
    let rate = bench.partner.page(&incidents(5)).await.unwrap().rate.unwrap();
    assert_eq!(rate.limit, 2);
    let left = rate.resets_at.duration_since(Timestamp::now()).as_secs();
    assert!((590..=601).contains(&left), "{left}");
    bench.partner.page(&incidents(5)).await.unwrap();
    let Err(Fault::RateLimited { limit, rule, .. }) = bench.partner.page(&incidents(5)).await else { panic!() };
    assert_eq!((limit, rule.is_some()), (Some(2), true));
}

#[tokio::test]
async fn hidden_rows_are_counted_and_an_empty_page_is_no_end() {
    let bench = bench(200).await;
    bench.control().fault(FaultSpec { limit: 6, ..FaultSpec::new(FaultKind::HiddenRows) });
    let page = bench.partner.page(&PageRequest { count: true, ..incidents(50) }).await.unwrap();
    assert!(page.items.len() < 50);
    assert!(page.items.len() as u64 + page.hidden <= 50);
    assert!(page.total >= Some(200));
    bench.control().fault(FaultSpec::new(FaultKind::EmptyPage));
    let page = bench.partner.page(&PageRequest { count: true, ..incidents(50) }).await.unwrap();
    assert!(page.items.is_empty() && page.total >= Some(200));
}

#[rstest]
#[case(FaultKind::WrongTypes)]
#[case(FaultKind::EscapeSequences)]
#[tokio::test]
async fn what_nobody_promised_is_read_all_the_same(#[case] kind: FaultKind) {
    let bench = bench(200).await;
    let good = bench.partner.page(&incidents(50)).await.unwrap();
    bench.control().fault(FaultSpec::new(kind));
    let page = bench.partner.page(&incidents(50)).await.unwrap();
    assert_eq!(page.items.len() as u64 + page.hidden, 50);
    assert_ne!(page.items, good.items);
    let texts = page.items.iter().flat_map(|item| {
        let fields =
            item.fields.iter().flat_map(|field| [field.value, field.shown()].map(|text| text.text().into_owned()));
        fields.chain([item.title.clone(), item.number.clone(), item.state.shown().to_owned()])
    });
    let steers = |text: &String| text.chars().any(|c| !matches!(c, '\n' | '\t') && crate::model::clean::is_unsafe(c));
    assert_eq!(texts.filter(steers).count(), 0);
}

#[tokio::test]
async fn a_token_revoked_in_the_middle_of_a_sync_goes_unnoticed() {
    let bench = bench(300).await;
    let before = bench.token_store.held().await.unwrap();
    bench.control().fault(FaultSpec::new(FaultKind::TokenRevoked).after(2));
    assert_eq!(all(&bench.partner, incidents(50)).await.len(), bench.control().count("incident"));
    let after = bench.token_store.held().await.unwrap();
    assert!(after.access != before.access);
    assert_eq!(after.sign_in, before.sign_in);
    assert!(bench.control().requests().iter().all(|request| !request.cookie));
}

#[tokio::test]
async fn when_all_tokens_are_revoked_the_password_is_needed_again() {
    let bench = bench(50).await;
    bench.control().revoke(Revoke::All);
    let fault = bench.partner.page(&incidents(5)).await.unwrap_err();
    assert!(matches!(&fault, Fault::RefreshRefused { connection, .. } if connection == "contoso"), "{fault:?}");
    let again = client(&bench.server, true, &bench.token_store);
    assert_eq!(again.run_step(StepId::SignIn).await.status, Status::Passed);
    bench.partner.page(&incidents(5)).await.unwrap();
}

#[tokio::test]
async fn wrong_password_is_refused_missing_table_is_named() {
    let bench = bench(50).await;
    let mut access = access(&bench.server.url(), Some("wrong"), Memory::with(None));
    access.connection.client_id = bench.server.sign_in().client_id.clone();
    let step = connect_to(access).run_step(StepId::SignIn).await;
    assert_eq!(step.fault.map(|fault| fault.code()), Some("sign-in-refused"));
    bench.control().set_visibility("incident", Visibility::Missing);
    let table = "incident".to_owned();
    assert_eq!(bench.partner.page(&incidents(5)).await.unwrap_err(), Fault::NoSuchTable { table });
}

fn connect_to(access: Access) -> Arc<dyn Partner> {
    crate::partner::servicenow::connect(access).unwrap()
}

#[tokio::test]
async fn the_live_test_passes_on_a_practice_instance() {
    let bench = bench(200).await;
    let partner = client(&bench.server, true, &Memory::with(None));
    let steps = run_test(&partner, partner.spec.test_steps(), |_| ()).await;
    for step in &steps {
        let expected = if step.id == StepId::Tls { Status::Skipped } else { Status::Passed };
        assert_eq!((step.id, step.status), (step.id, expected), "{step:?}");
    }
    let Some(Finding::ReleaseAndGrant { name, supported: true, client_credentials, .. }) = &steps[6].finding else {
        panic!("{:?}", steps[6])
    };
    assert_eq!((name.as_str(), *client_credentials), ("Zurich", true));
}

#[tokio::test]
async fn the_live_test_sees_what_is_wrong() {
    let bench = bench(50).await;
    let control = bench.control();
    control.set_clock_shift(3600);
    assert_eq!(bench.partner.run_step(StepId::Clock).await.status, Status::Failed);
    control.set_clock_shift(0);
    control.set_release("brazil");
    assert_eq!(bench.partner.run_step(StepId::Release).await.status, Status::Warning);
    control.set_visibility("sys_properties", Visibility::Empty);
    assert_eq!(bench.partner.run_step(StepId::Release).await.status, Status::Unknown);
    control.set_visibility("sys_user", Visibility::Empty);
    assert_eq!(bench.partner.run_step(StepId::User).await.status, Status::Unknown);
    control.set_visibility("incident", Visibility::Empty);
    let step = bench.partner.run_step(StepId::Incident).await;
    assert!(matches!(step.finding, Some(Finding::NoRow { total: Some(1..) })), "{step:?}");
}

#[tokio::test]
async fn a_locked_user_is_refused_at_the_sign_in() {
    let bench = bench(50).await;
    let user = bench.server.sign_in().username.clone();
    bench.control().set_user_state(&user, UserState { locked_out: Some(true), ..UserState::default() }).unwrap();
    let step = client(&bench.server, true, &Memory::with(None)).run_step(StepId::SignIn).await;
    assert_eq!(step.fault.map(|fault| fault.code()), Some("sign-in-refused"));
}

#[rstest]
#[case("0", None)]
#[case("2", None)]
#[case("3", Some(3))]
#[case("17", Some(17))]
#[case("-1", None)]
#[case("3.0", None)]
#[tokio::test]
async fn a_count_of_fewer_rows_than_came_counts_something_else(#[case] told: &'static str, #[case] total: Option<u64>) {
    use crate::partner::testing::Fake;
    let fake = Fake::start(move |_| {
        let row =
            |n: u32| format!(r#"{{"sys_id":{{"value":"a{n}"}},"sys_updated_on":{{"value":"2026-11-20 10:00:0{n}"}}}}"#);
        let body = format!(r#"{{"result":[{},{},{}]}}"#, row(1), row(2), row(3));
        ([("content-type", "application/json"), ("x-total-count", told)], body)
    })
    .await;
    let tokens = crate::model::token::Tokens {
        access: crate::model::secret::Secret::new("a"),
        access_expires: Timestamp::now() + jiff::SignedDuration::from_hours(1),
        refresh: None,
        sign_in: crate::model::token::SignIn::without_end(Timestamp::now()),
    };
    let access = access(&fake.url, None, Memory::with(Some(tokens)));
    let partner = ServiceNow::new(access, &HttpConfig::default()).unwrap();
    let page = partner.page(&PageRequest { count: true, ..incidents(100) }).await.unwrap();
    assert_eq!((page.items.len(), page.total), (3, total));
}

#[tokio::test]
async fn d14_a_page_with_every_row_doubled_is_taken_once() {
    let bench = bench(200).await;
    let good = bench.partner.page(&incidents(50)).await.unwrap();
    bench.control().fault(FaultSpec::new(FaultKind::DoubledRows));
    assert_eq!(bench.partner.page(&incidents(50)).await.unwrap().items, good.items);
}

#[tokio::test]
async fn d18_bytes_that_are_no_text_are_noticed_and_read() {
    let bench = bench(200).await;
    bench.partner.page(&incidents(5)).await.unwrap();
    assert_eq!(bench.partner.http().unwrap().damaged(), 0);
    bench.control().fault(FaultSpec::new(FaultKind::BrokenText));
    let page = bench.partner.page(&incidents(5)).await.unwrap();
    assert_eq!(bench.partner.http().unwrap().damaged(), 1);
    assert!(page.items[0].title.starts_with('\u{fffd}'), "{}", page.items[0].title);
}

#[rstest]
#[case("state", "state")]
#[case("short_description", "title")]
#[case("active", "open")]
#[case("number", "number")]
#[tokio::test]
async fn d6_a_withheld_column_is_hidden_and_not_empty(#[case] column: &str, #[case] attribute: &str) {
    let bench = bench(200).await;
    let kind = WorkItemKind::Incident;
    assert_eq!(bench.partner.shows(kind, attribute).await, Ok(Some(true)));
    let spec = FaultSpec { column: column.to_owned(), ..FaultSpec::new(FaultKind::EmptyColumn).times(0) };
    bench.control().fault(spec);
    assert_eq!(bench.partner.shows(kind, attribute).await, Ok(Some(false)));
    if attribute != "title" {
        let page = bench.partner.page(&incidents(20)).await.unwrap();
        assert!(page.items.iter().all(|item| item.hidden.iter().any(|name| **name == *attribute)));
    }
    let step = bench.partner.run_step(StepId::Incident).await;
    assert_eq!(step.status, Status::Warning);
    let Some(Finding::ColumnsHidden { columns, .. }) = step.finding else { panic!("{step:?}") };
    assert_eq!(columns, [column]);
}

#[tokio::test]
async fn d10_a_lean_page_has_every_column_that_fits() {
    let bench = bench(50).await;
    let whole = bench.partner.page(&incidents(1)).await.unwrap();
    let lean = bench.partner.page(&PageRequest { lean: true, ..incidents(1) }).await.unwrap();
    let (mut whole, mut lean) = (whole.items[0].clone(), lean.items[0].clone());
    for item in [&mut whole, &mut lean] {
        let mut fields: Vec<_> =
            item.fields.iter().map(|field| (field.name.text().into_owned(), field.value())).collect();
        fields.sort();
        item.fields = fields.into_iter().collect();
    }
    assert_eq!(lean, whole);
}

#[tokio::test]
async fn d7_the_products_clock_is_read_from_its_replies() {
    let bench = bench(50).await;
    bench.control().fault(FaultSpec { seconds: 7_200, ..FaultSpec::new(FaultKind::ClockSkew).times(0) });
    bench.partner.page(&incidents(1)).await.unwrap();
    let ahead = bench.partner.http().unwrap().clock_ahead().unwrap().as_secs();
    assert!((7_195..=7_205).contains(&ahead), "{ahead}");
}
