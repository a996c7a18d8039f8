//! The reports of other programs that send rows, each tried here; and what a fault leaves behind.

use super::*;
use crate::model::sending::SendFinding;
use rstest::rstest;
use service::{Service, Verdict};

#[tokio::test]
async fn report_1_a_batch_over_a_smaller_limit_is_split_and_the_limit_kept() {
    let mut rig = Rig::new().await;
    rig.settings.batch_bytes = BATCH_BYTES;
    rig.settings.portion = 1_000;
    rig.put("contoso", 0..4_000, &"x".repeat(900)).await;
    let service = Service::start(|asked| match asked.bytes > 600_000 {
        true => Verdict::Refuse(413, "ContentLengthLimitExceeded"),
        false => Verdict::Accept,
    })
    .await;
    // Rows change while they are sent.
    let store = rig.store.clone();
    let changing = async {
        let part = |title: &str| SweepPart {
            connection: ConnectionName::parse("contoso").unwrap(),
            kind: WorkItemKind::Incident,
            items: (100..120).map(|n| (item(n, title), true)).collect(),
            gone: Vec::new(),
            unseen: Vec::new(),
            hidden_columns: Vec::new(),
            at: rig.clock.now(),
        };
        for title in ["one", "two", "three"] {
            store.commit_sweep(part(title)).await.unwrap();
        }
    };
    let (report, ()) = tokio::join!(rig.send(&service), changing);
    assert!(report.complete, "{:?}", report.fault);
    rig.send(&service).await;
    let (shown, kept) = (shown(&service.items()), service.kept());
    assert_eq!((shown.len(), shown["\"INC0000105\""].as_str()), (4_000, "\"three\""));
    let refused = kept.requests.iter().filter(|bytes| **bytes > 600_000).count();
    assert!((1..=rig.settings.in_flight).contains(&refused), "the limit is learnt once: {refused}");
    let mut sends: Vec<_> = kept.items.iter().map(|row| row["ItsmcSend"].as_i64()).collect();
    let rows = sends.len();
    sends.sort_unstable();
    sends.dedup();
    assert_eq!(sends.len(), rows, "no row was stored twice");
}

#[tokio::test]
async fn report_2_one_bad_row_is_found_and_named_and_the_others_stored() {
    let mut rig = Rig::new().await;
    rig.settings.batch_bytes = BATCH_BYTES;
    rig.settings.portion = 1_000;
    rig.put("contoso", 0..1_000, "old").await;
    let service = Service::start(|asked| {
        let bad = asked.rows.iter().any(|row| row["ServiceDeskId_s"] == "INC0000517");
        if bad { Verdict::Refuse(400, "InvalidRequest") } else { Verdict::Accept }
    })
    .await;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.refused, report.complete), (999, 1, true));
    assert!(report.requests <= 22, "{}", report.requests);
    let state = rig.state().await;
    let [SendFinding::RefusedRows { rows: 1, numbers, .. }] = state.findings.as_slice() else { panic!("{state:?}") };
    assert_eq!((numbers.as_slice(), rig.behind().await), (&["INC0000517".to_owned()][..], 0));
}

#[tokio::test]
async fn report_3_an_outage_of_half_an_hour_is_one_fault_and_loses_nothing() {
    let rig = Rig::new().await;
    rig.put("contoso", 0..500, "old").await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let service: Arc<Mutex<Option<Service>>> = Arc::default();
    let (started, runtime) = (service.clone(), tokio::runtime::Handle::current());
    rig.clock.after(SignedDuration::from_mins(30), move || {
        let _inside = runtime.enter();
        let listener = std::net::TcpListener::bind(address).unwrap();
        *started.lock().unwrap() = Some(Service::listen(listener, |_| Verdict::Accept));
    });
    let report = rig.send_to(&format!("http://{address}")).await;
    assert_eq!((report.accepted, report.complete, &report.fault), (500, true, &None));
    assert!(rig.clock.now().duration_since("2026-11-22T10:00:00Z".parse().unwrap()).as_mins() >= 30);
    assert!(report.requests < 120, "one tries at a time: {}", report.requests);
    let service = service.lock().unwrap().take().unwrap();
    assert_eq!((service.items().len(), shown(&service.items()).len()), (500, 500));
    let told = rig.told.lock().unwrap().clone();
    let waits = told.iter().filter_map(|one| one.waiting.as_ref()).map(|(fault, _)| fault.code());
    assert_eq!(
        waits.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        ["connection-refused"]
    );
    assert_eq!(rig.state().await.fault, None, "it is over");
}

#[tokio::test]
async fn report_4_nothing_is_sent_to_a_rule_that_lacks_columns() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..10, "old").await;
    let mut columns = whole_rule();
    for name in ["Urgency_s", "Impact_s", "Computer"] {
        columns.get_mut("Custom-ServiceDesk_CL").unwrap().remove(name);
    }
    *rig.rule.0.lock().unwrap() = Ok(Some(columns));
    let report = rig.send(&service).await;
    let Some(Fault::ColumnsMissing { columns, .. }) = report.fault else { panic!("{report:?}") };
    assert_eq!(columns, ["Urgency_s", "Impact_s", "Computer"]);
    assert_eq!((service.requests().len(), rig.behind().await), (0, 10));
    *rig.rule.0.lock().unwrap() = Ok(Some(whole_rule()));
    assert_eq!(rig.send(&service).await.accepted, 10);
}

#[tokio::test]
async fn report_4_a_rule_without_the_log_table_is_said_and_the_work_items_go() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..10, "old").await;
    let mut columns = whole_rule();
    columns.remove("Custom-ServiceDeskLog_CL");
    *rig.rule.0.lock().unwrap() = Ok(Some(columns));
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.findings[0].code()), (10, "log-not-taken"));
}

#[tokio::test]
async fn a_rule_that_may_not_be_read_is_said_and_does_not_stop_the_rows() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..10, "old").await;
    *rig.rule.0.lock().unwrap() = Err(Fault::Forbidden { what: "rule".into(), detail: String::new() });
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.findings[0].code()), (10, "rule-not-read"));
    *rig.rule.0.lock().unwrap() = Ok(None);
    rig.put("contoso", 0..1, "new").await;
    assert_eq!(rig.send(&service).await.fault.unwrap().code(), "rule-not-found");
}

#[tokio::test]
async fn report_6_an_answer_that_comes_too_late_shows_each_work_item_once() {
    let mut rig = Rig::new().await;
    let short = Duration::from_millis(300);
    rig.timeouts = Timeouts { connect: short, idle: short, total: short };
    rig.put("contoso", 0..20, "old").await;
    let service = Service::start(|asked| match asked.number {
        0 => Verdict::AcceptAndSaySilence,
        _ => Verdict::Accept,
    })
    .await;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.complete), (20, true));
    assert_eq!((service.items().len() > 20, shown(&service.items()).len()), (true, 20));
    let sends: std::collections::BTreeSet<_> = service.items().iter().map(|row| row["ItsmcSend"].as_i64()).collect();
    assert_eq!(sends.len(), 20, "what is sent again keeps its number");
}

#[rstest]
#[case::role(403, "OperationFailed", "send-forbidden")]
#[case::rule(404, "NotFound", "rule-not-found")]
#[case::token(401, "InvalidAudience", "azure-token-refused")]
#[case::all_rows(400, "InvalidRequest", "rows-refused")]
#[tokio::test]
async fn what_does_not_heal_ends_the_run_and_the_rows_stay(
    #[case] status: u16,
    #[case] code: &'static str,
    #[case] fault: &str,
) {
    let rig = Rig::new().await;
    rig.put("contoso", 0..200, "old").await;
    let service = Service::start(move |_| Verdict::Refuse(status, code)).await;
    let report = rig.send(&service).await;
    assert_eq!(report.fault.as_ref().unwrap().code(), fault);
    assert!(report.requests < 150, "{}", report.requests);
    let state = rig.state().await;
    assert_eq!((state.fault, state.failing_since.is_some()), (report.fault, true));
    assert_eq!(rig.behind().await, 200);
    let healed = Service::taking().await;
    assert_eq!(rig.send(&healed).await.accepted, 200);
    assert_eq!((rig.state().await.fault, rig.state().await.failing_since), (None, None));
}

#[tokio::test]
async fn an_outage_beyond_the_patience_ends_the_run_with_its_fault() {
    let mut rig = Rig::new().await;
    rig.settings.patience = Some(Duration::from_secs(90));
    rig.put("contoso", 0..50, "old").await;
    let service = Service::start(|_| Verdict::Refuse(500, "InternalServerError")).await;
    let report = rig.send(&service).await;
    assert_eq!(report.fault.unwrap().code(), "partner-error");
    assert!(report.requests < 40, "{}", report.requests);
    assert_eq!(rig.behind().await, 50);
}

#[tokio::test]
async fn a_cut_text_is_said() {
    let (rig, service) = (Rig::new().await, Service::taking().await);
    rig.put("contoso", 0..1, &"x".repeat(70_000)).await;
    let report = rig.send(&service).await;
    let [SendFinding::CutValues { rows: 1, numbers, columns }] = report.findings.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!((numbers[0].as_str(), columns[0].as_str()), ("INC0000000", "Title_s"));
    assert_eq!(report.findings, rig.state().await.findings);
}

#[tokio::test]
async fn a_throttled_run_waits_as_long_as_it_is_told_and_goes_on() {
    let mut rig = Rig::new().await;
    rig.settings.in_flight = 1;
    rig.put("contoso", 0..100, "old").await;
    let service = Service::start(|asked| if asked.number == 0 { Verdict::Throttle(1) } else { Verdict::Accept }).await;
    let report = rig.send(&service).await;
    assert_eq!((report.accepted, report.complete, service.items().len()), (100, true, 100));
    let told = rig.told.lock().unwrap();
    assert!(told.iter().any(|one| one.waiting.as_ref().is_some_and(|(fault, _)| fault.code() == "rate-limited")));
    assert_eq!(report.requests as usize, service.requests().len(), "nothing is sent meanwhile");
}

#[tokio::test]
async fn what_could_not_be_read_of_a_workspace_is_not_written_over() {
    let rig = Rig::new().await;
    rig.put("contoso", 0..3, "title").await;
    let service = Service::start(|_| Verdict::Accept).await;
    assert!(rig.send(&service).await.complete);
    rig.put("contoso", 3..5, "title").await;
    let kept = || {
        let db = rusqlite::Connection::open(rig.store_path()).unwrap();
        db.query_row("SELECT state FROM sink WHERE workspace = 'prod'", [], |row| row.get::<_, String>(0)).unwrap()
    };
    let set = |state: &str| {
        let db = rusqlite::Connection::open(rig.store_path()).unwrap();
        db.execute("UPDATE sink SET state = ?1 WHERE workspace = 'prod'", [state]).unwrap();
    };
    let before = kept();
    let unreadable = before.replace("\"next_send\":", "\"next_send\":\"a number\",\"was\":");
    set(&unreadable);
    let report = rig.send(&service).await;
    assert!(report.fault.is_some() && !report.complete, "{report:?}");
    assert_eq!(kept(), unreadable, "where it is, and what it waits for, is not forgotten");
}
