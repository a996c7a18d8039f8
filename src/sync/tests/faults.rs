//! Faults: which are waited out, which end the sync, and that none of them moves the watermark.

use rstest::rstest;

use super::server::Act;
use super::*;
use crate::model::sync::RateLimit;

fn limited(seconds: u64) -> Fault {
    Fault::RateLimited { retry_after_seconds: seconds, limit: None, rule: None }
}

fn lost() -> Fault {
    Fault::ConnectionLost { host: "h".into(), detail: "reset".into() }
}

fn server_error(status: u16) -> Fault {
    Fault::PartnerError { status, message: "no".into(), detail: String::new(), transaction: None }
}

#[rstest]
#[case::connection_lost(lost())]
#[case::unavailable(server_error(503))]
#[case::truncated(Fault::Truncated { what: "incident".into() })]
#[case::timed_out(Fault::TimedOut { host: "h".into(), seconds: 70 })]
#[case::cancelled(Fault::PartnerTimedOut { what: "incident".into() })]
#[case::hibernating(Fault::Hibernating { host: "h".into() })]
#[case::rate_limited(limited(7))]
#[case::too_large(Fault::TooLarge { what: "incident".into(), limit_bytes: 1 })]
#[tokio::test]
async fn a_passing_fault_is_waited_out(#[case] fault: Fault) {
    let mut rig = Rig::new(rows(90)).one_by_one();
    rig.settings.page_limit = 20;
    rig.server.play([Act::Answer, Act::Fail(fault.clone()), Act::Answer]);
    rig.sync_well().await;
    rig.assert_equals_the_server().await;
    let told = rig.told.lock().unwrap();
    assert!(told.iter().any(|progress| progress.attempt == 2));
    let reasons: Vec<_> = told.iter().filter_map(|progress| progress.retrying.as_ref()).collect();
    let is_paused = matches!(fault, Fault::RateLimited { .. });
    assert!(is_paused || reasons.iter().all(|retrying| retrying.fault == fault && retrying.of == 5), "{reasons:?}");
    assert!(is_paused || !reasons.is_empty());
}

#[rstest]
#[case::lasting_loss(lost(), 5)]
#[case::lasting_error(server_error(503), 5)]
#[case::too_long_a_wait(limited(3_600), 1)]
#[case::sign_in_refused(Fault::SignInRefused { host: "h".into(), detail: "d".into() }, 1)]
#[case::signed_out(Fault::SignedOut { connection: "contoso".into() }, 1)]
#[case::forbidden(Fault::Forbidden { what: "w".into(), detail: "d".into() }, 1)]
#[case::no_such_table(Fault::NoSuchTable { table: "incident".into() }, 1)]
#[case::login_page(Fault::LoginPage { host: "h".into(), location: None }, 1)]
#[tokio::test]
async fn a_lasting_fault_ends_the_sync_and_keeps_the_bookmark(#[case] fault: Fault, #[case] tries: usize) {
    let rig = Rig::new(rows(30)).one_by_one();
    rig.server.play([Act::Answer]);
    rig.server.play((0..tries).map(|_| Act::Fail(fault.clone())));
    let report = rig.sync().await;
    assert_eq!((report.fault, report.complete, report.watermark), (Some(fault), false, None));
    assert_eq!(rig.server.pages_asked().len(), 1 + tries);
    assert_eq!(rig.stored().await.len(), 10);
    assert_eq!(rig.sync_well().await.fetched, 20);
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn one_kind_goes_on_when_the_other_may_not() {
    let mut rig = Rig::new(rows(30));
    rig.kinds = vec![CHANGE, INCIDENT];
    let fault = Fault::Forbidden { what: "change_request".into(), detail: "acl".into() };
    rig.server.refuses.lock().unwrap().push((CHANGE, fault.clone()));
    let reports = rig.sync_kinds().await;
    assert_eq!((reports[0].complete, &reports[0].fault), (false, &Some(fault.clone())));
    assert_eq!((reports[1].complete, reports[1].inserted), (true, 30));
    let summary = rig.store.summary(&contoso(), at(NOW)).await.unwrap();
    let last = summary.last_sync.unwrap();
    assert_eq!((last.complete, last.fault), (false, Some(fault)));
}

#[tokio::test]
async fn a_refused_sign_in_is_tried_once() {
    let rig = Rig::new(rows(30));
    let fault = Fault::SignInRefused { host: "h".into(), detail: "d".into() };
    rig.server.refuses.lock().unwrap().push((INCIDENT, fault.clone()));
    let report = rig.sync().await;
    assert_eq!((report.requests, report.fault), (1, Some(fault)));
}

#[rstest]
#[case::swapped(|| Act::Swap)]
#[case::condition_ignored(|| Act::Ignore)]
#[tokio::test]
async fn a_page_out_of_order_is_thrown_away(#[case] act: fn() -> Act) {
    let rig = Rig::new(rows(30)).one_by_one();
    rig.server.play([Act::Answer, act()]);
    rig.sync_well().await;
    rig.assert_equals_the_server().await;

    let rig = Rig::new(rows(30)).one_by_one();
    rig.server.play([Act::Answer, act(), act()]);
    let report = rig.sync().await;
    assert_eq!(report.fault, Some(Fault::OutOfOrder { what: "incident".into() }));
    assert_eq!((report.complete, report.watermark, rig.stored().await.len()), (false, None, 10));
}

#[tokio::test]
async fn a_slow_server_gets_smaller_pages_and_later_larger_ones_again() {
    let mut rig = Rig::new(rows(3_000)).one_by_one();
    rig.settings.page_limit = 200;
    *rig.server.too_slow_from.lock().unwrap() = 60;
    let quick = |server: Arc<Server>| {
        Act::Change(Box::new(move |_: &mut Vec<Row>| *server.too_slow_from.lock().unwrap() = u32::MAX))
    };
    rig.server.play((0..12).map(|_| Act::Answer));
    rig.server.play([quick(rig.server.clone())]);
    rig.sync_well().await;
    let limits: Vec<_> = rig.server.pages_asked().iter().map(|request| request.limit).collect();
    assert_eq!(limits[..4], [200, 100, 50, 50]);
    assert_eq!(limits.last(), Some(&200));
    rig.assert_equals_the_server().await;
}

#[tokio::test]
async fn a_short_wait_is_kept_by_all_requests_and_shown() {
    let rig = Rig::new(rows(400));
    rig.server.play([Act::Answer, Act::Fail(limited(40))]);
    rig.sync_well().await;
    let slept: Duration = rig.clock.slept.lock().unwrap().iter().sum();
    assert!(slept >= Duration::from_secs(40));
    let until = Some(at(NOW + 40));
    assert!(rig.told.lock().unwrap().iter().any(|progress| progress.waiting_until == until));
}

#[tokio::test]
async fn an_announced_limit_is_kept_where_its_end_is_near() {
    let rig = Rig::new(rows(200));
    *rig.server.rate.lock().unwrap() = Some(RateLimit { limit: 8, resets_at: at(NOW + 30) });
    rig.sync_well().await;
    let told = rig.told.lock().unwrap();
    let waited = told.iter().find(|progress| progress.waiting_until == Some(at(NOW + 30))).unwrap();
    let before = told.iter().take_while(|progress| *progress != waited).count();
    // The count at the start, the pages up to the limit, and those in flight when it was reached.
    assert!((8..=12).contains(&before), "{before}");
}
