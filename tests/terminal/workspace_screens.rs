//! A workspace of Log Analytics by keys: from an empty subscription to verified rows, the migration of a classic table, and
//! the questions of the command.

use std::fmt::Write as _;
use std::path::Path;

use itsmc_practice::azure::{Options, Server, TableOrder};
use itsmc_practice::servicenow;
use tokio::runtime::Runtime;

use crate::dashboard::without_schedule;
use crate::four::add;
use crate::harness::{Builder, Session, session};

/// How many incidents the practice instance has.
const ROWS: u64 = 60;

/// A practice instance and a practice cloud, in which the sender may set up everything.
struct World {
    cloud: Server,
    _instance: servicenow::Server,
    _runtime: Runtime,
}

impl World {
    /// With a connection and the cloud in the home of the session.
    fn new(builder: &Builder) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let options = servicenow::Options { rows: Some(ROWS), ..servicenow::Options::still() };
        let instance = runtime.block_on(servicenow::Server::start(options)).expect("it starts");
        let cloud = runtime.block_on(Server::start(Options::default())).expect("it starts");
        add(builder.home(), instance.sign_in());
        without_schedule(builder.home());
        let world = Self { cloud, _instance: instance, _runtime: runtime };
        world.settings(builder.home());
        world
    }

    fn settings(&self, home: &Path) {
        let details = self.cloud.sign_in();
        let cloud = details.cloud.as_ref().expect("it is a cloud");
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
        let scope = format!("/subscriptions/{}", details.azure_subscription);
        self.cloud.control().assign(&details.object_id, "Owner", &scope).expect("there is such a role");
    }

    fn secret(&self) -> String {
        self.cloud.sign_in().client_secret.clone()
    }

    /// Walks the wizard from the dashboard to the plan.
    fn to_the_plan(&self, session: &mut Session) {
        let details = self.cloud.sign_in();
        session.wait_for_text("w adds one");
        session.keys("w");
        session.wait_for_text("step 1 of 6");
        session.keys("prod\r");
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
        session.keys("produc\r");
        session.wait_for_text("Workspace in Contoso Production");
        session.wait_for_text("contoso-logs");
        session.keys("logs\r");
        session.wait_for_text("step 3 of 6");
    }
}

#[test]
fn from_an_empty_subscription_to_verified_rows_by_keys() {
    let builder = session(&[]);
    let world = World::new(&builder);
    let mut session = builder.start();
    session.wait_for_text("Not synced yet");
    session.keys("s");
    session.wait_for_text("● healthy");
    world.to_the_plan(&mut session);
    session.wait_for_text("6 to make");
    session.keys("a");
    session.wait_for_text("Make the 6 changes");
    session.keys("\r");
    session.wait_for_text("Everything is as it should be");
    session.keys("\r");
    session.wait_for_text("step 4 of 6");
    session.keys("t");
    session.wait_for_text("The test row went all the way");
    session.keys("\r");
    session.wait_for_text("[x] servicenow");
    session.keys("\r");
    session.wait_for_text("found after");
    session.keys("\r");
    session.wait_for_text("prod is saved");
    session.wait_for_text("behind by 60 rows");
    session.keys("s");
    session.wait_for_text("last run: 60 rows accepted");
    session.wait_for_text("up to date");
    session.keys("v");
    session.wait_for_text("The workspace has everything as it is here");
    session.wait_for_text("60 work items compared");
    session.keys("q");
    session.wait_for("the line of the workspace", |screen| {
        screen.contents().lines().any(|line| line.contains("● prod") && line.contains("verified"))
    });
    let rows = world.cloud.control().rows(None, "ServiceDesk_CL").expect("the table is there");
    assert_eq!(rows.len() as u64, ROWS + 1, "all work items and the test row");
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
    session.assert_nowhere(&[world.secret()]);
}

#[test]
fn a_classic_table_is_migrated_by_typing_its_name() {
    let builder = session(&[]);
    let world = World::new(&builder);
    let order = TableOrder { name: "ServiceDesk_CL".into(), classic: true, ..TableOrder::default() };
    world.cloud.control().add_table(&order).expect("it is made");
    let mut session = builder.start();
    world.to_the_plan(&mut session);
    session.wait_for_text("M migrates ServiceDesk_CL");
    session.keys("M");
    session.wait_for_text("Migrate ServiceDesk_CL");
    session.keys("ServiceDesk\r");
    session.wait_for_text("This is not ServiceDesk_CL.");
    session.keys("_CL\r");
    session.wait_for_text("7 to make");
    session.keys("a");
    session.wait_for_text("Make the 7 changes");
    session.keys("\r");
    session.wait_for_text("Everything is as it should be");
    session.keys("\x03");
    assert_eq!(session.wait_for_end(), 130);
    session.assert_restored();
    session.assert_nowhere(&[world.secret()]);
}

#[test]
fn the_command_asks_line_by_line() {
    let builder = session(&["workspace", "add"]);
    let world = World::new(&builder);
    let details = world.cloud.sign_in().clone();
    let mut session = builder.start();
    let answers = [
        ("Name for the workspace in itsmc:", "prod"),
        ("How itsmc signs in to Azure, by number or a part of its name:", "principal"),
        ("Entra tenant (ID or domain):", details.tenant.as_str()),
        ("Client ID of the application:", "not a guid"),
        ("client_id is not a GUID", details.client_id.as_str()),
        ("Client secret of", details.client_secret.as_str()),
        ("Subscription, by number or a part of its name:", "production"),
        ("Log Analytics workspace, by number or a part of its name:", "contoso-logs"),
        ("Connections that feed it", ""),
    ];
    for (question, answer) in answers {
        session.wait_for("the question", |screen| screen.contents().replace('\n', "").contains(question));
        session.keys(&format!("{answer}\r"));
    }
    session.wait_for_text("The workspace prod is saved.");
    assert_eq!(session.wait_for_end(), 0);
    let config = std::fs::read_to_string(session.home().join("itsmc/config.toml")).expect("the config can be read");
    assert!(config.contains("workspace = \"contoso-logs\"") && config.contains("workspaces = [\"prod\"]"), "{config}");
    session.assert_nowhere(&[world.secret()]);
}
