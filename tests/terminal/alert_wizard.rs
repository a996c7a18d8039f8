//! Azure alerts by keys: a source, the first rule by its wizard, the preview, the switch; then an alert fires, gets a ticket,
//! and the ticket is resolved.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use itsmc_practice::azure::alerts::AlertOrder;
use itsmc_practice::azure::{Options, Server};
use itsmc_practice::servicenow;
use tokio::runtime::Runtime;

use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::{Session, session};

/// Ctrl with D and with T.
const CTRL_D: &str = "\x04";
const CTRL_T: &str = "\x14";

/// A practice instance and a practice cloud whose application may read alerts.
struct World {
    cloud: Server,
    instance: servicenow::Server,
    _runtime: Runtime,
}

impl World {
    fn new(home: &Path) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let options = servicenow::Options { rows: Some(20), ..servicenow::Options::still() };
        let instance = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
        let cloud = runtime.block_on(Server::start(Options::default())).expect("it starts");
        add(home, instance.sign_in());
        without_schedule(home);
        let world = Self { cloud, instance, _runtime: runtime };
        world.name_cloud(home);
        let details = world.cloud.sign_in();
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        let control = world.cloud.control();
        control.assign(&details.object_id, "Monitoring Reader", &scope).expect("there is such a role");
        world
    }

    /// Writes the endpoints of the cloud into the config file.
    fn name_cloud(&self, home: &Path) {
        let cloud = self.cloud.sign_in().cloud.clone().expect("it is a cloud");
        let file = home.join("itsmc/config.toml");
        let mut config = std::fs::read_to_string(&file).expect("the config can be read");
        let keys = [
            ("authority", &cloud.authority),
            ("resource_manager", &cloud.resource_manager),
            ("resource_manager_audience", &cloud.resource_manager_audience),
            ("ingestion", &cloud.ingestion),
            ("ingestion_audience", &cloud.ingestion_audience),
            ("query", &cloud.query),
            ("query_audience", &cloud.query_audience),
        ];
        config.push_str("\n[azure.cloud]\nname = \"custom\"\n");
        keys.iter().for_each(|(key, value)| writeln!(config, "{key} = \"{value}\"").expect("a text takes all"));
        std::fs::write(file, config).expect("the config can be written");
    }

    fn fire(&self, rule: &str) -> String {
        self.cloud.control().fire(&AlertOrder { rule: rule.into(), ..AlertOrder::default() })
    }

    /// One pass beside the program.
    fn poll(&self, session: &Session) {
        let output = Command::new(env!("CARGO_BIN_EXE_itsmc"))
            .args(["alert", "poll"])
            .env("ITSMC_HOME", session.home().join("itsmc"))
            .env("ITSMC_KEY_FILE", session.home().join("vault-key.txt"))
            .output()
            .expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The wizard of a source, from the dashboard and back to it.
    fn add_source(&self, session: &mut Session) {
        let details = self.cloud.sign_in().clone();
        session.keys("A");
        session.wait_for_text("step 1 of 4");
        session.keys("azure\r");
        session.wait_for_text("› Method");
        session.keys(" ");
        session.wait_for_text("service-principal");
        session.keys("\r");
        session.wait_for_text("› Tenant");
        session.keys(&format!("{}\r", details.tenant));
        session.wait_for_text("› Client ID");
        session.keys(&format!("{}\r", details.client_id));
        session.wait_for_text("› Client secret");
        session.paste(&details.client_secret);
        session.wait_for_text("●●●●");
        session.keys("\r");
        session.wait_for_text("Contoso Production");
        session.keys("produc");
        session.wait_for_text("/ produc");
        if !session.text().contains("[x] Contoso Production") {
            session.keys(" ");
        }
        session.wait_for_text("[x] Contoso Production");
        session.keys("\r");
        session.wait_for_text("alerts of the last 30 days: 1");
        session.keys("\r");
        session.wait_for_text("Alerts that fired before now");
        session.keys("\r");
        session.wait_for_text("Source azure is saved");
    }

    /// The wizard of a rule, from the dashboard to its preview.
    fn to_the_preview(session: &mut Session) {
        session.keys("N");
        session.wait_for_text("Fits 1 of 1 stored alerts");
        session.keys("servers\r");
        session.wait_for_text("› Azure rule");
        session.keys(" ");
        session.wait_for_text("[ ] High CPU");
        session.keys(" ");
        session.wait_for_text("[x] High CPU");
        session.keys(CTRL_T);
        session.wait_for_text("A pattern:");
        session.keys("disk *\r");
        session.wait_for_text("[x] disk *");
        session.keys("\r");
        session.wait_for_text("High CPU, disk *");
        session.keys(CTRL_D);
        session.wait_for_text("step 2 of 6");
        session.keys(CTRL_D);
        session.wait_for_text("step 3 of 6");
        session.keys("\r\r\r");
        session.wait_for_text("› Group");
        session.keys(CTRL_T);
        session.wait_for_text("Group in the product");
        session.keys("net");
        session.wait_for_text("Network");
        session.wait_for("only what fits", |screen| !screen.contents().contains("Asking the product"));
        session.keys("\r");
        session.wait_for("the name in its line", |screen| {
            screen.contents().lines().any(|line| line.contains("› Group") && line.contains("Network"))
        });
        for step in ["step 4 of 6", "step 5 of 6", "step 6 of 6"] {
            session.keys(CTRL_D);
            session.wait_for_text(step);
        }
    }
}

#[test]
fn from_a_source_to_a_resolved_ticket_by_keys() {
    let builder = session(&[]);
    let world = World::new(builder.home());
    world.fire("High CPU");
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    world.add_source(&mut session);
    world.poll(&session);
    World::to_the_preview(&mut session);
    session.wait_for_text("1 of 1 stored alerts fit the rule");
    session.wait_for_text("Tickets: 1");
    session.keys(" ");
    session.wait_for_text("from now on get tickets");
    session.keys("\r");
    session.wait_for_text("Rule servers is written and switched on");
    let rules = std::fs::read_to_string(session.home().join("itsmc/alert-rules.toml")).expect("there are rules");
    assert!(rules.contains("rule = [\"High CPU\", \"disk *\"]") && rules.contains("group = \"Network\""), "{rules}");

    world.poll(&session);
    assert_eq!(world.instance.control().tickets().len(), 0, "what fired before the source gets no ticket");
    let guid = world.fire("Disk full");
    world.poll(&session);
    let tickets = world.instance.control().tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, true), "{tickets:?}");
    assert!(tickets[0].title.contains("Disk full"), "{tickets:?}");
    world.cloud.control().resolve_alert(&guid).expect("there is such an alert");
    world.poll(&session);
    let tickets = world.instance.control().tickets();
    assert_eq!((tickets.len(), tickets[0].open), (1, false), "{tickets:?}");

    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[world.cloud.sign_in().client_secret.clone()]);
}
