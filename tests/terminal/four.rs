//! Four connections on one dashboard, one of each product, and one of them broken.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use itsmc_practice::{SignInDetails, cherwell, provance, service_manager, servicenow};
use tokio::runtime::Runtime;

use crate::harness::session;

/// Saves a connection that is called as its partner, by command.
pub fn add(home: &Path, details: &SignInDetails) {
    let own = match details.partner {
        "service-manager" => {
            format!("tenant = \"{}\"\nauthority = \"{}\"\n", details.tenant, details.authority)
        }
        "provance" => String::new(),
        _ => format!("username = \"{}\"\n", details.username),
    };
    let form = format!(
        "name = \"{0}\"\npartner = \"{0}\"\nserver_url = \"{1}\"\nclient_id = \"{2}\"\nwork_items = [\"incident\"]\n\
         sync_days = 120\ncreate_configuration_items = false\n{own}",
        details.partner, details.url, details.client_id
    );
    let file = home.join("form.toml");
    std::fs::write(&file, form).expect("the form is written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_itsmc"))
        .args(["connection", "add", "--secrets-stdin", "--file"])
        .arg(&file)
        .env("ITSMC_HOME", home.join("itsmc"))
        .env("ITSMC_KEY_FILE", home.join("vault-key.txt"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let secrets = [("password", &details.password), ("client_secret", &details.client_secret)];
    let secrets = secrets.into_iter().filter(|(_, secret)| !secret.is_empty());
    // Only Provance's practice user has a password that its connection does not ask for.
    let asked = secrets.filter(|(key, _)| details.partner != "provance" || *key != "password");
    let text: String = asked.map(|(key, secret)| format!("{key} = '{secret}'\n")).collect();
    child.stdin.take().expect("stdin is open").write_all(text.as_bytes()).expect("the secrets are taken");
    assert!(child.wait().expect("it ends").success(), "{}", details.partner);
}

#[test]
fn the_tile_of_a_broken_one_says_what_and_since_when_and_the_others_sync() {
    let runtime = Runtime::new().expect("a runtime starts");
    let rows = Some(200);
    let started = runtime.block_on(async {
        let broken = servicenow::Server::start(servicenow::Options { rows, ..servicenow::Options::still() });
        let web_app =
            service_manager::Server::start(service_manager::Options { rows, ..service_manager::Options::still() });
        let environment = provance::Server::start(provance::Options { rows, ..provance::Options::still() });
        let desk = cherwell::Server::start(cherwell::Options { rows, ..cherwell::Options::still() });
        (broken.await, web_app.await, environment.await, desk.await)
    });
    let (broken, web_app, environment, desk) = started;
    let broken = broken.expect("ServiceNow starts");
    let (web_app, environment) = (web_app.expect("the web app starts"), environment.expect("Provance starts"));
    let desk = desk.expect("Cherwell starts");
    let builder = session(&[]);
    for details in [broken.sign_in(), web_app.sign_in(), environment.sign_in(), desk.sign_in()] {
        add(builder.home(), details);
    }
    runtime.block_on(broken.stop());

    let mut session = builder.start();
    session.resize(160, 50);
    session.wait_for("the others synced", |screen| screen.contents().matches("● healthy").count() == 3);
    // Its first sync is given up.
    session.wait_for_text("Sync failed");
    session.wait_for_text("refused the connection");
    // The screens answer while that one is tried again.
    session.keys("s?");
    session.wait_for_text("esc");
    session.keys("\x1b");
    session.wait_for_text("Failing since");
    session.wait_for("the others still well", |screen| screen.contents().matches("● healthy").count() == 3);
    session.keys("q");
    assert_eq!(session.wait_for_end(), 0);
    session.assert_restored();
}
