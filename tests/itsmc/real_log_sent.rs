//! The real incident log, sent after each of its portions.

use itsmc_practice::servicenow::{LogOptions, Options};
use serde_json::Value;

use crate::cloud::Cloud;
use crate::real_log::{FIRST, PORTIONS, log_file};
use crate::sink::{assert_same, connect};
use crate::site::Site;

#[test]
fn the_real_log_sent_after_each_portion_arrives_as_the_instance_has_it() {
    let Some(path) = log_file() else { return };
    let log = LogOptions { start_event: Some(FIRST), ..LogOptions::default() };
    let site = Site::connected(Options { incident_log: Some(path), log, ..Options::still() });
    let cloud = Cloud::start();
    connect(&cloud, &site);
    let events = site.control.log_len();
    for portion in 1..=PORTIONS {
        site.control.advance_log_to(events * portion / PORTIONS);
        let (code, reports) = site.json(&["sync"]);
        assert_eq!(code, 0, "{reports}");
        let (_, status) = site.json(&["status"]);
        let workspace = &status["workspaces"][0];
        assert_eq!((&workspace["behind_rows"], &workspace["fault"]), (&0.into(), &Value::Null), "{status}");
    }
    let compared = assert_same(&site, &cloud);
    assert!(compared > 20_769 * 20, "{compared}");
    let (code, verified) = site.json(&["workspace", "verify", "prod"]);
    assert_eq!((code, &verified["verified"], &verified["doubled"]), (0, &true.into(), &0.into()), "{verified}");
}
