//! Secrets go to the server, the user and the application that they were given for, whatever is changed behind the
//! program's back.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use age::x25519;
use itsmc_practice::{SignInDetails, cherwell, provance, service_manager, servicenow};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{itsmc_at, shown, with_stdin};

/// A server that is none of the four: it keeps every byte that it gets, and refuses.
struct Recorder {
    url: String,
    received: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = received.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                thread::spawn(move || record(stream, &kept));
            }
        });
        Self { url, received }
    }

    fn assert_holds_none_of(&self, secrets: &[String]) {
        let received = self.received.lock().unwrap();
        let text = String::from_utf8_lossy(&received).to_lowercase();
        for secret in secrets {
            for spelling in spellings(secret) {
                assert!(!text.contains(&spelling.to_lowercase()), "the wrong server got a secret as {spelling}");
            }
        }
    }
}

fn record(mut stream: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = stream.read(&mut bytes) {
        kept.lock().unwrap().extend_from_slice(&bytes[..read]);
        let body = r#"{"error":"server_error","error_description":"access_denied"}"#;
        let head = "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nconnection: close\r\n";
        let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
}

/// A secret as bodies, addresses and headers write it.
fn spellings(secret: &str) -> Vec<String> {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::to_string(secret).unwrap().trim_matches('"').to_owned();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let shifted = (0..3).map(|shift| base64_inside(secret.as_bytes(), shift));
    [secret.to_owned(), form, json, hex, percent].into_iter().chain(shifted).collect()
}

/// What base64 makes of the secret behind so many other bytes: the part that does not depend on its neighbours.
fn base64_inside(secret: &[u8], shift: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let skip = (3 - shift) % 3;
    let whole = secret[skip..].chunks_exact(3);
    let letters = |three: &[u8]| {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[(bits >> shift & 63) as usize]))
    };
    whole.flat_map(letters).collect()
}

/// One product, and how it is connected.
enum Product {
    ServiceNow(servicenow::Server),
    ServiceManager(service_manager::Server),
    Provance(provance::Server),
    Cherwell(cherwell::Server),
}

struct Desk {
    product: Product,
    home: TempDir,
    _runtime: Runtime,
}

impl Desk {
    fn connected(partner: &str) -> Self {
        let desk = Self::new(partner);
        let added = desk.add(&desk.form(&[]));
        assert!(added.status.success(), "{}", shown(&added));
        desk
    }

    fn new(partner: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let rows = Some(20);
        let product = match partner {
            "servicenow" => {
                let options = servicenow::Options { rows, ..servicenow::Options::still() };
                Product::ServiceNow(runtime.block_on(servicenow::Server::start(options)).unwrap())
            }
            "service-manager" => {
                let options = service_manager::Options { rows, ..service_manager::Options::still() };
                Product::ServiceManager(runtime.block_on(service_manager::Server::start(options)).unwrap())
            }
            "provance" => {
                let options = provance::Options { rows, ..provance::Options::still() };
                Product::Provance(runtime.block_on(provance::Server::start(options)).unwrap())
            }
            _ => {
                let options = cherwell::Options { rows, ..cherwell::Options::still() };
                Product::Cherwell(runtime.block_on(cherwell::Server::start(options)).unwrap())
            }
        };
        Self { product, home: tempfile::tempdir().unwrap(), _runtime: runtime }
    }

    fn details(&self) -> SignInDetails {
        match &self.product {
            Product::ServiceNow(server) => server.control().sign_in().clone(),
            Product::ServiceManager(server) => server.sign_in().clone(),
            Product::Provance(server) => server.sign_in().clone(),
            Product::Cherwell(server) => server.sign_in().clone(),
        }
    }

    fn name(&self) -> &'static str {
        self.details().partner
    }

    fn form(&self, otherwise: &[(&str, &str)]) -> String {
        let details = self.details();
        let mut fields = vec![
            ("name", details.partner.to_owned()),
            ("partner", details.partner.to_owned()),
            ("server_url", details.url.clone()),
            ("client_id", details.client_id.clone()),
        ];
        match details.partner {
            "service-manager" => {
                fields.extend([("tenant", details.tenant.clone()), ("authority", details.authority.clone())]);
            }
            "provance" => {}
            _ => fields.push(("username", details.username.clone())),
        }
        for (key, value) in otherwise {
            fields.retain(|(known, _)| known != key);
            fields.push((key, (*value).to_owned()));
        }
        let lines = fields.iter().map(|(key, value)| format!("{key} = '{value}'\n"));
        let more = "work_items = ['incident']\nsync_days = 120\ncreate_configuration_items = false\n";
        lines.chain([more.to_owned()]).collect()
    }

    fn secrets_toml(&self) -> String {
        let details = self.details();
        let secret = |key: &str, value: &str| format!("{key} = '{value}'\n");
        match details.partner {
            "cherwell" => secret("password", &details.password),
            "servicenow" => secret("password", &details.password) + &secret("client_secret", &details.client_secret),
            _ => secret("client_secret", &details.client_secret),
        }
    }

    fn add(&self, form: &str) -> Output {
        let file = self.home.path().join("form.toml");
        fs::write(&file, form).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &self.secrets_toml());
        fs::remove_file(&file).unwrap();
        output
    }

    fn run(&self, arguments: &[&str]) -> Output {
        itsmc_at(self.home.path()).args(arguments).output().unwrap()
    }

    /// Every secret there is: what was typed, and every token that the vault holds.
    fn secrets(&self) -> Vec<String> {
        let details = self.details();
        let mut secrets = vec![details.password, details.client_secret];
        texts(&open_vault(self.home.path()), &mut secrets);
        secrets.retain(|secret| secret.len() >= 8);
        secrets
    }

    /// Changes the config file as an editor does.
    fn config(&self, change: impl FnOnce(&mut toml::Table)) {
        change_config(self.home.path(), change);
    }
}

fn change_config(home: &Path, change: impl FnOnce(&mut toml::Table)) {
    let file = home.join("config.toml");
    let mut config: toml::Table = fs::read_to_string(&file).unwrap().parse().unwrap();
    let list = config.iter_mut().find_map(|(_, value)| value.as_array_mut()).unwrap();
    change(list[0].as_table_mut().unwrap());
    fs::write(&file, config.to_string()).unwrap();
}

/// The access and refresh tokens and client secrets of a vault's contents.
fn texts(value: &Value, found: &mut Vec<String>) {
    let Value::Object(members) = value else {
        return value.as_array().into_iter().flatten().for_each(|value| texts(value, found));
    };
    for (key, value) in members {
        match value.as_str() {
            Some(text) if ["access", "refresh", "client_secret"].contains(&key.as_str()) => found.push(text.to_owned()),
            _ => texts(value, found),
        }
    }
}

fn identity(home: &Path) -> x25519::Identity {
    let key = fs::read_to_string(home.join("key.txt")).unwrap();
    key.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap().parse().unwrap()
}

fn open_vault(home: &Path) -> Value {
    let sealed = fs::read(home.join("vault.age")).unwrap();
    let decryptor = age::Decryptor::new_buffered(&sealed[..]).unwrap();
    let key = identity(home);
    let mut plain = Vec::new();
    decryptor.decrypt(std::iter::once(&key as &dyn age::Identity)).unwrap().read_to_end(&mut plain).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

fn write_vault(home: &Path, contents: &Value) {
    let recipient = identity(home).to_public();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(contents.to_string().as_bytes()).unwrap();
    writer.finish().unwrap();
    fs::write(home.join("vault.age"), sealed).unwrap();
}

/// The contents as the first format has them, with an access token that is over.
fn first_format(mut contents: Value) -> Value {
    contents["version"] = 1.into();
    for (_, entry) in contents["connections"].as_object_mut().unwrap() {
        for key in ["identity", "since", "client_secret_expires"] {
            entry.as_object_mut().unwrap().remove(key);
        }
    }
    contents
}

/// Everything that talks to a product on its own.
const COMMANDS: [&[&str]; 4] = [&["sync"], &["connection", "test"], &["checklist"], &["token", "list"]];

/// Runs every command; each must end as signed out, and the recorder gets nothing.
fn assert_sends_nothing(desk: &Desk, recorder: &Recorder, secrets: &[String]) {
    for command in COMMANDS {
        let output = desk.run(&[command, &[desk.name(), "--json"]].concat());
        // That no token is held may well be told.
        let may_succeed = command[0] == "token";
        assert!(may_succeed || output.status.code() != Some(0), "{command:?} {}", shown(&output));
        recorder.assert_holds_none_of(secrets);
        let told = shown(&output);
        assert!(secrets.iter().all(|secret| !told.contains(secret)), "{told}");
    }
    let output = desk.run(&["sync", desk.name()]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    recorder.assert_holds_none_of(secrets);
}

#[rstest]
fn s1_settings_changed_by_hand_send_no_secret_to_anybody(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    assert!(secrets.len() >= 2, "{partner}");
    let config = fs::read_to_string(desk.home.path().join("config.toml")).unwrap();
    let url = recorder.url.clone();
    let parts: [(&str, &str); 8] = [
        ("server_url", &url),
        ("username", "somebody.else"),
        ("client_id", "00000000000000000000000000000000"),
        ("grant", if ["servicenow", "cherwell"].contains(&partner) { "client_credentials" } else { "password" }),
        ("authority", &url),
        ("tenant", "elsewhere.example"),
        ("audience", "https://elsewhere.example/"),
        ("api_path", "/elsewhere"),
    ];
    for (key, value) in parts {
        desk.config(|connection| {
            let is_own = ["server_url", "username", "client_id", "grant"].contains(&key);
            let table = match is_own {
                true => connection,
                false => connection
                    .entry("details")
                    .or_insert_with(|| toml::Value::Table(toml::Table::new()))
                    .as_table_mut()
                    .unwrap(),
            };
            table.insert(key.to_owned(), value.into());
        });
        assert_sends_nothing(&desk, &recorder, &secrets);
        let output = desk.run(&["sync", desk.name()]);
        let told = shown(&output);
        assert!(told.contains("token rotate") && told.contains(key), "{partner} {key}: {told}");
        fs::write(desk.home.path().join("config.toml"), &config).unwrap();
    }
    assert!(recorder.received.lock().unwrap().is_empty());
    let again = desk.run(&["sync", desk.name()]);
    assert!(again.status.success(), "set back, it works: {}", shown(&again));
}

#[rstest]
fn s1_a_restored_vault_or_a_second_home_opens_to_its_own_identity_alone(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    let home = desk.home.path();
    let config = fs::read_to_string(home.join("config.toml")).unwrap();
    // An older vault, bound at the first start of this version, works on.
    let old = first_format(open_vault(home));
    let marker = fs::read_to_string(home.join("key-place.json")).unwrap();
    let unbound = marker.replace("\"bound\": true", "\"bound\": false");
    assert_ne!(marker, unbound);
    fs::write(home.join("key-place.json"), unbound).unwrap();
    write_vault(home, &old);
    let output = desk.run(&["sync", desk.name()]);
    assert!(output.status.success(), "{}", shown(&output));
    // Put back later, beside other settings, it is not trusted.
    write_vault(home, &old);
    desk.config(|connection| _ = connection.insert("server_url".into(), recorder.url.clone().into()));
    assert_sends_nothing(&desk, &recorder, &secrets);
    fs::write(home.join("config.toml"), &config).unwrap();
    let second = tempfile::tempdir().unwrap();
    for file in ["vault.age", "key.txt", "key-place.json", "config.toml"] {
        fs::copy(home.join(file), second.path().join(file)).unwrap();
    }
    change_config(second.path(), |connection| _ = connection.insert("server_url".into(), recorder.url.clone().into()));
    let output = itsmc_at(second.path()).arg("sync").output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    recorder.assert_holds_none_of(&secrets);
}

#[rstest]
fn s2_a_name_that_is_used_again_inherits_no_secret(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::connected(partner);
    let recorder = Recorder::start();
    let secrets = desk.secrets();
    fs::write(desk.home.path().join("config.toml"), "").unwrap();
    let form = desk.form(&[("server_url", &recorder.url), ("tenant", "contoso.example"), ("authority", &recorder.url)]);
    let form =
        if ["servicenow", "cherwell"].contains(&partner) { desk.form(&[("server_url", &recorder.url)]) } else { form };
    let file = desk.home.path().join("form.toml");
    fs::write(&file, form).unwrap();
    let mut command = itsmc_at(desk.home.path());
    command.args(["connection", "add", "--signed-out", "--secrets-stdin", "--file"]).arg(&file);
    let output = with_stdin(&mut command, "password = 'another-password'\nclient_secret = 'another-secret'\n");
    assert_eq!(output.status.code(), Some(8), "{}", shown(&output));
    for command in COMMANDS {
        desk.run(&[command, &[desk.name()]].concat());
    }
    recorder.assert_holds_none_of(&secrets);
    let left = open_vault(desk.home.path()).to_string();
    assert!(secrets.iter().all(|secret| !left.contains(secret)), "the old secrets are still kept");
}

/// A way to a server that can be shut: what comes meanwhile waits.
struct Gate {
    url: String,
    state: Arc<(Mutex<GateState>, std::sync::Condvar)>,
}

#[derive(Default)]
struct GateState {
    shut: bool,
    waiting: usize,
}

impl Gate {
    fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (state, server) = (Arc::new((Mutex::default(), std::sync::Condvar::new())), server.replace("http://", ""));
        let shared: Arc<(Mutex<GateState>, std::sync::Condvar)> = state.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (state, server) = (shared.clone(), server.clone());
                thread::spawn(move || relay(client, &server, &state));
            }
        });
        Self { url, state }
    }

    fn shut(&self) {
        self.state.0.lock().unwrap().shut = true;
    }

    fn open(&self) {
        self.state.0.lock().unwrap().shut = false;
        self.state.1.notify_all();
    }

    fn wait_for_somebody(&self) {
        let state = self.state.0.lock().unwrap();
        drop(self.state.1.wait_while(state, |state| state.waiting == 0).unwrap());
    }
}

fn relay(mut client: TcpStream, server: &str, state: &(Mutex<GateState>, std::sync::Condvar)) {
    let mut upstream = TcpStream::connect(server).unwrap();
    let (mut back, mut answer) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    thread::spawn(move || _ = std::io::copy(&mut answer, &mut back));
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = client.read(&mut bytes) {
        let mut held = state.0.lock().unwrap();
        if held.shut {
            held.waiting += 1;
            state.1.notify_all();
            held = state.1.wait_while(held, |state| state.shut).unwrap();
            held.waiting -= 1;
        }
        drop(held);
        if upstream.write_all(&bytes[..read]).is_err() {
            return;
        }
    }
    let _ = upstream.shutdown(std::net::Shutdown::Both);
}

/// Connected through a gate that is then shut, with an access token that is over: the next command renews it.
fn at_the_gate(partner: &str) -> (Desk, Gate) {
    let desk = Desk::new(partner);
    let gate = Gate::before(&desk.details().url);
    let added = desk.add(&desk.form(&[("server_url", &gate.url)]));
    assert!(added.status.success(), "{}", shown(&added));
    let mut contents = open_vault(desk.home.path());
    contents["connections"][partner]["tokens"]["access_expires"] = "2020-01-01T00:00:00Z".into();
    write_vault(desk.home.path(), &contents);
    gate.shut();
    (desk, gate)
}

#[rstest]
fn s5_a_removed_connection_is_not_written_back_by_a_test_that_runs(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let mut test = itsmc_at(desk.home.path());
    test.args(["connection", "test", partner]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut test = test.spawn().unwrap();
    gate.wait_for_somebody();
    let home = desk.home.path().to_owned();
    let removal = thread::spawn({
        let (home, partner) = (home.clone(), partner.to_owned());
        move || itsmc_at(&home).args(["connection", "remove", &partner, "--yes"]).output().unwrap()
    });
    // The removal itself may want to revoke at the product, and wait there as well; the vault is emptied before that.
    while open_vault(&home)["connections"].as_object().is_some_and(|all| !all.is_empty()) {
        thread::yield_now();
    }
    gate.open();
    let removed = removal.join().unwrap();
    assert!(removed.status.success(), "{}", shown(&removed));
    assert!(!test.wait().unwrap().success());
    assert_eq!(open_vault(&home)["connections"], serde_json::json!({}));
    let status = desk.run(&["status", "--json"]);
    assert!(!String::from_utf8_lossy(&status.stdout).contains(partner));
    assert_eq!(desk.run(&["connection", "show", partner]).status.code(), Some(4));
}

#[rstest]
fn s3_a_connection_is_not_edited_or_removed_while_it_is_synced(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let mut sync = itsmc_at(desk.home.path());
    let mut sync = sync.args(["sync", partner]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    gate.wait_for_somebody();
    let before = (fs::read(desk.home.path().join("config.toml")).unwrap(), open_vault(desk.home.path()));
    let other = Recorder::start();
    let mut edit = itsmc_at(desk.home.path());
    edit.args(["connection", "edit", partner, "--secrets-stdin", "--set", &format!("server_url={}", other.url)]);
    let edited = with_stdin(&mut edit, &desk.secrets_toml());
    assert_eq!(edited.status.code(), Some(7), "{}", shown(&edited));
    let removed = desk.run(&["connection", "remove", partner, "--yes"]);
    assert_eq!(removed.status.code(), Some(7), "{}", shown(&removed));
    let after = (fs::read(desk.home.path().join("config.toml")).unwrap(), open_vault(desk.home.path()));
    assert_eq!(before, after);
    // Behind the program's back it changes all the same: the sync goes on with the server it began with.
    desk.config(|connection| _ = connection.insert("server_url".into(), other.url.clone().into()));
    gate.open();
    sync.wait().unwrap();
    other.assert_holds_none_of(&desk.secrets());
}

#[test]
fn s9_two_products_that_are_silent_hold_up_no_third() {
    let (desk, gate) = at_the_gate("cherwell");
    let healthy = Desk::new("servicenow");
    fs::write(desk.home.path().join("form.toml"), healthy.form(&[])).unwrap();
    let mut add = itsmc_at(desk.home.path());
    add.args(["connection", "add", "--secrets-stdin", "--file"]).arg(desk.home.path().join("form.toml"));
    let added = with_stdin(&mut add, &healthy.secrets_toml());
    assert!(added.status.success(), "{}", shown(&added));
    let mut contents = open_vault(desk.home.path());
    contents["connections"]["servicenow"]["tokens"]["access_expires"] = "2020-01-01T00:00:00Z".into();
    write_vault(desk.home.path(), &contents);
    let mut silent = itsmc_at(desk.home.path());
    let mut silent = silent.args(["sync", "cherwell"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    gate.wait_for_somebody();
    let third = desk.run(&["sync", "servicenow"]);
    assert!(third.status.success(), "{}", shown(&third));
    assert!(silent.try_wait().unwrap().is_none(), "the silent one still waits");
    gate.open();
    assert!(silent.wait().unwrap().success());
}

#[rstest]
fn s9_two_processes_that_renew_at_once_end_with_one_good_token(#[values("servicenow", "cherwell")] partner: &str) {
    let (desk, gate) = at_the_gate(partner);
    let start = || {
        let mut test = itsmc_at(desk.home.path());
        test.args(["connection", "test", partner]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let (mut one, mut other) = (start(), start());
    gate.wait_for_somebody();
    gate.open();
    assert!(one.wait().unwrap().success() && other.wait().unwrap().success());
    assert!(desk.run(&["sync", partner]).status.success());
}
