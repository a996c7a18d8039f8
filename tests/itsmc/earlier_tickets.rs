//! Tickets that an earlier database made: it was deleted, or an older copy took its place. Each is found by its key, none is made
//! twice, and what a human has taken is left alone.

use std::fs;
use std::path::{Path, PathBuf};

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::servicenow::{FaultKind, FaultSpec};
use itsmc_practice::{Ticket, WorkItemKind};
use rstest::rstest;
use serde_json::Value;

use crate::alert_polling::World;
use crate::cloud::Cloud;
use crate::product_tickets::{Desk, Product, Which};
use crate::site::{NAME, itsmc_at, shown};

/// The files of a database.
fn files(home: &Path) -> Vec<PathBuf> {
    ["itsmc.db", "itsmc.db-wal", "itsmc.db-shm"].map(|name| home.join(name)).to_vec()
}

fn lose(home: &Path) {
    files(home).iter().filter(|file| file.exists()).for_each(|file| fs::remove_file(file).unwrap());
}

/// A copy of the database, as a backup has it.
fn copied(home: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files(home).into_iter().filter(|file| file.exists()).map(|file| (file.clone(), fs::read(&file).unwrap())).collect()
}

fn restore(home: &Path, copy: Vec<(PathBuf, Vec<u8>)>) {
    lose(home);
    copy.into_iter().for_each(|(file, content)| fs::write(file, content).unwrap());
}

/// A product with a source of alerts.
struct Both {
    desk: Desk,
    cloud: Cloud,
}

impl Both {
    fn new(which: Which) -> Self {
        let (desk, cloud) = (Desk::connected(which), Cloud::start());
        let rules =
            format!("[[rule]]\nname = 'all'\nconnection = '{NAME}'\nflapping = 0\n[rule.ticket]\nitem = 'none'\n");
        fs::write(desk.home().join("alert-rules.toml"), rules).unwrap();
        let itsmc = |arguments: &[&str]| {
            let mut command = itsmc_at(desk.home());
            command.args(arguments);
            command
        };
        cloud.add_source(&desk.home().join("config.toml"), "Monitoring Reader", &[], itsmc);
        Self { desk, cloud }
    }

    fn fire(&self, rule: &str, ago: i64) -> String {
        self.cloud.control.fire(&AlertOrder { rule: rule.into(), ago, ..AlertOrder::default() })
    }

    fn added_an_hour_ago(&self) {
        let since = (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1)).to_string();
        let db = rusqlite::Connection::open(self.desk.home().join("itsmc.db")).unwrap();
        let sql = "UPDATE alert_source SET state = json_set(state, '$.since', ?1)";
        assert_eq!(db.execute(sql, [since]).unwrap(), 1);
    }

    /// Loses the database so many seconds after the beginning: Azure's times of answers have whole seconds.
    fn lose(&self, seconds: i64) {
        lose(self.desk.home());
        self.cloud.control.set_clock_shift(seconds);
    }

    fn over(&self, guid: &str) {
        self.cloud.control.resolve_alert(guid).unwrap();
    }

    fn poll(&self) -> Value {
        let output = itsmc_at(self.desk.home()).args(["alert", "poll", "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    }

    /// The tickets, each with the name of the rule in its title.
    fn ticket(&self, rule: &str) -> Ticket {
        let mut all = self.desk.product.tickets();
        all.retain(|ticket| ticket.title.contains(rule));
        assert_eq!(all.len(), 1, "one ticket for {rule}");
        all.remove(0)
    }

    fn show(&self, guid: &str) -> Value {
        let output = itsmc_at(self.desk.home()).args(["alert", "show", guid, "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    }
}

/// A person begins to work on a ticket.
fn take(product: &Product, ticket: &Ticket) {
    match product {
        Product::Provance(server) => {
            server.control().edit(WorkItemKind::Incident, &ticket.id, &[("statuscode", "2")]).unwrap();
        }
        Product::Cherwell(server) => {
            server.control().edit("Incident", &ticket.id, &[("Status", "In Progress")]).unwrap();
        }
        Product::ServiceManager(server) => {
            server.control().set_status(WorkItemKind::Incident, &ticket.number, 1).unwrap();
        }
    }
}

#[rstest]
fn tickets_of_a_database_that_is_lost_are_resolved_when_their_alerts_are(
    #[values(Which::Provance, Which::Cherwell, Which::CherwellWithKey, Which::ServiceManager)] which: Which,
) {
    let both = Both::new(which);
    let [before, after, firing, taken] =
        ["before-the-pass", "after-it", "goes-on", "of-a-human"].map(|rule| both.fire(rule, 0));
    both.poll();
    assert_eq!(both.desk.product.tickets().len(), 4);
    take(&both.desk.product, &both.ticket("of-a-human"));
    let state_taken = both.ticket("of-a-human").state;

    both.lose(3);
    both.over(&before);
    both.poll();
    assert!(!both.ticket("before-the-pass").open, "it was over before the new database saw it");
    assert!(both.ticket("after-it").open && both.ticket("goes-on").open);
    both.over(&after);
    both.over(&taken);
    let told = both.poll();
    assert!(!both.ticket("after-it").open, "{told:#}");
    assert!(both.ticket("goes-on").open);
    assert_eq!(both.ticket("of-a-human").state, state_taken, "what a human has taken is left alone");
    assert_eq!(both.desk.product.tickets().len(), 4, "none was made");
    for guid in [&before, &after] {
        let alert = both.show(guid);
        assert_eq!(alert["tickets"][0]["state"], "resolved", "{alert:#}");
    }
    let history = |rule: &str| both.ticket(rule).history.len();
    let written = ["before-the-pass", "after-it", "goes-on", "of-a-human"].map(history);
    both.lose(6);
    both.poll();
    both.poll();
    assert_eq!(
        ["before-the-pass", "after-it", "goes-on"].map(history),
        written[..3],
        "what is resolved is not written to"
    );
    both.over(&firing);
    both.poll();
    assert!(!both.ticket("goes-on").open);
    assert_eq!(both.desk.product.tickets().len(), 4);
    assert!(both.desk.product.is_sound());
}

#[rstest]
fn an_older_copy_of_the_database_makes_no_second_ticket(
    #[values(Which::Provance, Which::Cherwell, Which::CherwellWithKey, Which::ServiceManager)] which: Which,
) {
    let both = Both::new(which);
    both.poll();
    both.added_an_hour_ago();
    let copy = copied(both.desk.home());
    let [fires, taken, over] = ["fires-on", "of-a-human", "is-over"].map(|rule| both.fire(rule, 600));
    both.poll();
    assert_eq!(both.desk.product.tickets().len(), 3);
    take(&both.desk.product, &both.ticket("of-a-human"));
    let state_taken = both.ticket("of-a-human").state;
    both.over(&over);
    restore(both.desk.home(), copy);
    let told = both.poll();
    assert_eq!(both.desk.product.tickets().len(), 3, "{told:#}");
    assert!(!both.ticket("is-over").open && both.ticket("fires-on").open);
    both.over(&fires);
    both.over(&taken);
    both.poll();
    assert!(!both.ticket("fires-on").open);
    assert_eq!(both.ticket("of-a-human").state, state_taken);
    assert_eq!(both.desk.product.tickets().len(), 3);
    assert!(both.desk.product.is_sound());
}

/// The same in ServiceNow, where each way of finding a ticket counts: its own id, and its key where the instance gives another id.
#[rstest]
#[case::by_its_id("false")]
#[case::by_its_key("true")]
fn servicenow_tickets_of_a_database_that_is_lost_are_found(#[case] ids_are_the_admins: &str) {
    let world = World::new("Monitoring Reader", &[], "flapping = 0");
    let control = &world.site.control;
    control.set_property("glide.rest.table_api.admin_only_sys_fields", ids_are_the_admins);
    let rules = ["over", "assigned", "edited", "begun", "closed", "muted"];
    let alerts = rules.map(|rule| world.fire(rule));
    world.poll();
    let ticket = |rule: &str| {
        let mut all = control.tickets();
        all.retain(|ticket| ticket.title.contains(rule));
        assert_eq!(all.len(), 1, "one ticket for {rule}");
        all.remove(0)
    };
    let person = |rule: &str, fields: &[(&str, &str)]| {
        control.act_as("practice.admin", &ticket(rule).number, fields).unwrap();
    };
    person("assigned", &[("assigned_to", "practice.admin")]);
    person("edited", &[("short_description", "edited by a person")]);
    person("begun", &[("state", "In Progress")]);
    person("closed", &[("state", "Closed"), ("close_code", "Solution provided"), ("close_notes", "done")]);
    let before = rules.map(|rule| ticket(rule).state);
    lose(world.site.home());
    world.cloud.control.set_clock_shift(3);
    world.site.ok(&["sync"]);
    world.poll();
    for alert in &alerts {
        world.cloud.control.resolve_alert(alert).unwrap();
    }
    let (code, told) = world.poll();
    assert_eq!(control.tickets().len(), rules.len(), "none was made: {told:#}");
    let notes = |rule: &str| ticket(rule).notes.iter().filter(|note| note.kind == "work_notes").count();
    assert_eq!((ticket("over").state.as_str(), ticket("muted").state.as_str()), ("6", "6"));
    for (rule, state) in rules.iter().zip(&before).skip(1).take(4) {
        assert_eq!(&ticket(rule).state, state, "{rule}: what a human has taken is left alone");
    }
    assert_eq!(["assigned", "edited", "begun", "closed"].map(notes), [1, 1, 1, 0]);
    assert_eq!(code, 0, "{told:#}");
    let (_, alert) = world.site.json(&["alert", "show", &alerts[0]]);
    assert_eq!((&alert["tickets"][0]["state"], &alert["over"]), (&"resolved".into(), &"resolved".into()), "{alert:#}");
    let writes = control.tickets().iter().map(|ticket| ticket.history.len()).sum::<usize>();
    world.poll();
    assert_eq!(control.tickets().iter().map(|ticket| ticket.history.len()).sum::<usize>(), writes);
    assert!(control.integrity().is_sound());
}

/// While another alert of the series fires, which may be in the same ticket, that is not resolved.
#[test]
fn a_ticket_of_a_lost_database_stays_open_while_its_series_fires() {
    let world = World::new("Monitoring Reader", &[], "flapping = 0");
    let first = world.fire("High CPU");
    world.poll();
    let second = world.cloud.control.fire_again(&first).unwrap();
    world.poll();
    assert_eq!(world.site.control.tickets().len(), 1, "both are in one ticket");
    lose(world.site.home());
    world.cloud.control.set_clock_shift(3);
    world.poll();
    world.cloud.control.resolve_alert(&first).unwrap();
    world.poll();
    assert!(world.site.control.tickets()[0].open, "the other one fires");
    world.cloud.control.resolve_alert(&second).unwrap();
    world.poll();
    assert!(!world.site.control.tickets()[0].open);
    assert_eq!(world.site.control.tickets().len(), 1);
}

/// Without a loss nothing is asked of the product: an alert that ends has its ticket, and a pass without news is one request.
#[test]
fn a_pass_without_news_asks_the_product_for_nothing_after_a_loss_either() {
    let world = World::new("Monitoring Reader", &[], "");
    let guid = world.fire("High CPU");
    world.poll();
    lose(world.site.home());
    world.cloud.control.set_clock_shift(3);
    world.poll();
    world.cloud.control.resolve_alert(&guid).unwrap();
    world.poll();
    world.site.control.clear_requests();
    let (code, told) = world.poll();
    assert_eq!((code, &told["sources"][0]["requests"]), (0, &1.into()), "{told:#}");
    assert_eq!(world.site.control.requests().len(), 0, "{:?}", world.site.control.requests());
}

/// What a search could not find leaves nothing behind, and a product that cannot be asked is asked again.
#[test]
fn an_alert_without_an_earlier_ticket_leaves_nothing_behind() {
    let world = World::empty("");
    let alerts = ["a", "b"].map(|rule| world.fire(rule));
    world.cloud.control.set_clock_shift(3);
    world.add_source("Monitoring Reader", &[]);
    world.poll();
    assert_eq!(world.site.json(&["ticket", "list"]).1, serde_json::json!([]));
    world.site.control.fault(FaultSpec::new(FaultKind::Unavailable).on("incident").times(0));
    for alert in &alerts {
        world.cloud.control.resolve_alert(alert).unwrap();
    }
    world.poll();
    assert_eq!(world.site.json(&["ticket", "list"]).1.as_array().unwrap().len(), 2, "it is still to be looked for");
    world.site.control.clear_faults();
    let again = "UPDATE outbox SET not_before = NULL";
    rusqlite::Connection::open(world.site.database()).unwrap().execute(again, []).unwrap();
    world.site.run(&["ticket", "send"]);
    assert_eq!(world.site.json(&["ticket", "list"]).1, serde_json::json!([]));
    assert_eq!(world.site.control.tickets().len(), 0);
    let (_, alert) = world.site.json(&["alert", "show", &alerts[0]]);
    assert_eq!(alert["tickets"], serde_json::json!([]), "{alert:#}");
}
