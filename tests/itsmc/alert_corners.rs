//! Corners in which an alert could be lost, doubled or ended wrongly without a word.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::alert_polling::World;

fn days_ago(days: i64) -> String {
    (Timestamp::now() - SignedDuration::from_hours(24 * days)).to_string()
}

fn execute(world: &World, sql: &str, values: &[&str]) {
    let db = rusqlite::Connection::open(world.site.database()).unwrap();
    db.execute(sql, rusqlite::params_from_iter(values)).unwrap();
}

#[test]
fn alerts_that_azure_deleted_before_anybody_read_them_are_told_until_they_are_dismissed() {
    let world = World::new("Monitoring Reader", &[], "");
    let site = &world.site;
    site.ok(&["sync"]);
    assert_eq!(site.json(&["status", "--check"]).0, 0);
    let long_ago = "UPDATE alert_source SET state = json_set(state, '$.read_at', ?1, '$.listed_at', ?1)";
    execute(&world, long_ago, &[&days_ago(40)]);

    let (code, status) = site.json(&["status", "--check"]);
    let missed = |told: &Value| told["missed"][0]["from"].as_str().map(|from| from[..10].to_owned());
    let from = days_ago(40)[..10].to_owned();
    assert_eq!((code, missed(&status["alerts"]["sources"][0])), (8, Some(from.clone())), "{status}");
    assert!(site.ok(&["status"]).contains("Read the source now: itsmc alert poll prod"));

    let (code, polled) = world.poll();
    assert_eq!((code, missed(&polled["sources"][0])), (8, Some(from.clone())), "{polled}");
    for _ in 0..2 {
        assert_eq!(world.poll().0, 8, "it is told until somebody dismisses it");
        assert_eq!(site.run(&["status", "--check"]).status.code(), Some(8));
        let (_, list) = site.json(&["alert", "source", "list"]);
        assert_eq!(missed(&list[0]["states"][0]), Some(from.clone()), "{list}");
    }
    let list = site.ok(&["alert", "source", "list"]);
    assert!(list.contains("may be missing") && list.contains("itsmc alert source dismiss prod"), "{list}");

    let (code, dismissed) = site.json(&["alert", "source", "dismiss", "prod"]);
    assert_eq!((code, dismissed), (0, json!({"source": "prod", "dismissed": 1})));
    assert_eq!((world.poll().0, site.json(&["status", "--check"]).0), (0, 0));
    assert!(site.ok(&["alert", "source", "dismiss", "prod"]).contains("nothing to dismiss"));
    assert_eq!(site.json(&["alert", "source", "dismiss", "prodd"]).0, 4);
}
