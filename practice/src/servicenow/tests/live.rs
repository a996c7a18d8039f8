use std::time::Duration;

use super::*;

#[tokio::test]
async fn things_happen_by_themselves_at_speed() {
    let options = Options { rows: Some(200), speed: 600.0, ..Options::default() };
    let practice = Practice::start(options).await;
    let before = practice.control().rows("incident");
    let changed = async {
        while practice.control().rows("incident").last() == before.last() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), changed).await.expect("something happens");
    let rows = practice.control().rows("incident");
    let stamps: Vec<_> = rows.iter().map(|row| &row["sys_updated_on"].value).collect();
    assert!(stamps.is_sorted());
    assert!(rows.len() >= 200);
}

#[tokio::test]
async fn the_log_goes_on_by_itself_at_speed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log.csv");
    let row = |minute: u32| format!("INC{minute},New,1/3/2016 08:{minute:02}\n");
    let log: String = (0..30).map(row).collect();
    std::fs::write(&path, format!("number,incident_state,sys_updated_at\n{log}")).unwrap();
    let log = crate::servicenow::LogOptions { start_event: Some(10), ..Default::default() };
    let practice =
        Practice::start(Options { incident_log: Some(path), log, speed: 3600.0, ..Options::default() }).await;
    let done = async {
        while practice.control().log_position() < 30 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), done).await.expect("the log goes on");
    assert_eq!(practice.rows("incident", &[]).await.len(), 30);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_incidents() {
    let titles = async |seed: u64| {
        let practice = Practice::start(Options { rows: Some(50), seed, ..Options::still() }).await;
        texts(&practice.rows("incident", &[("sysparm_query", "ORDERBYnumber")]).await, "short_description")
    };
    let (one, same, other) = (titles(1).await, titles(1).await, titles(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
}

#[tokio::test]
async fn many_rows_share_a_stamp_and_lie_within_the_scope() {
    let practice = Practice::start(Options { rows: Some(20_000), ..Options::still() }).await;
    let rows = practice.control().rows("incident");
    let mut counts = std::collections::HashMap::new();
    rows.iter().for_each(|row| *counts.entry(row["sys_updated_on"].value.clone()).or_insert(0) += 1);
    assert!(counts.values().max().unwrap() > &30, "{:?}", counts.values().max());
    let now = jiff::Timestamp::now().as_second();
    let newest = super::super::calendar::parse_raw(&rows.last().unwrap()["sys_updated_on"].value).unwrap();
    assert!(newest <= now && now - newest < 86_400);
}

#[tokio::test]
async fn its_port_is_free_again_once_it_has_stopped() {
    let server = Server::start(Options { rows: Some(1), ..Options::still() }).await.unwrap();
    let port = server.url().rsplit(':').next().unwrap().parse().unwrap();
    server.stop().await;
    let again = Server::start(Options { port, rows: Some(1), ..Options::still() }).await;
    assert!(again.is_ok());
}

#[tokio::test]
async fn the_first_line_tells_how_to_sign_in() {
    let secrets = Some(("practice-password-1".to_owned(), "practice-secret-1".to_owned()));
    let options = Options { rows: Some(1), fixed_secrets: secrets, ..Options::still() };
    let server = Server::start(options).await.unwrap();
    let line: Value = serde_json::from_str(&server.sign_in().line()).unwrap();
    assert_eq!(line["partner"], "servicenow");
    assert_eq!(line["password"], "practice-password-1");
    assert_eq!(line["control"], format!("{}/practice", server.url()));
    assert!(!server.sign_in().line().contains('\n'));
}
