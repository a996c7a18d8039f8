//! A trace of a live test: every exchange, and nothing that must not be handed on.

use itsmc_practice::servicenow::Options;

use crate::site::{NAME, Site};

#[test]
fn a_trace_tells_every_exchange_and_no_secret() {
    let site = Site::connected(Options::still());
    let file = site.home().join("trace.jsonl");
    let path = file.to_str().unwrap();
    site.ok(&["connection", "test", NAME, "--trace", path]);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows = lines.iter().find(|line| line["target"].as_str().unwrap().contains("/table/incident")).unwrap();
    assert_eq!((&rows["answer"]["status"], &rows["method"]), (&200.into(), &"GET".into()), "{rows}");
    let row = &rows["answer"]["body"]["result"][0][0];
    assert_eq!(
        row["short_description"]["value"].as_str().map(|text| text.starts_with("text of")),
        Some(true),
        "{rows}"
    );
    for secret in site.secrets() {
        assert!(!text.contains(&secret), "a secret in the trace");
    }
    let again = site.itsmc(&["connection", "test", NAME, "--trace", path]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "a file that is there is not overwritten");
}
