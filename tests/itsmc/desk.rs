//! One product, a home, and what may stand between them: a gate that can be shut, a server that keeps what it gets.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;

use age::x25519;
use itsmc_practice::{SignInDetails, WorkItemKind, cherwell, provance, service_manager, servicenow};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::site::{itsmc_at, shown, with_stdin};

/// A server that is none of the four: it keeps every byte that it gets, and refuses.
pub struct Recorder {
    pub url: String,
    pub received: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    pub fn start() -> Self {
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

    pub fn assert_holds_none_of(&self, secrets: &[String]) {
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
pub fn spellings(secret: &str) -> Vec<String> {
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

pub struct Desk {
    product: Product,
    pub home: TempDir,
    _runtime: Runtime,
}

impl Desk {
    pub fn connected(partner: &str) -> Self {
        let desk = Self::new(partner);
        let added = desk.add(&desk.form(&[]));
        assert!(added.status.success(), "{}", shown(&added));
        desk
    }

    pub fn new(partner: &str) -> Self {
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

    pub fn details(&self) -> SignInDetails {
        match &self.product {
            Product::ServiceNow(server) => server.control().sign_in().clone(),
            Product::ServiceManager(server) => server.sign_in().clone(),
            Product::Provance(server) => server.sign_in().clone(),
            Product::Cherwell(server) => server.sign_in().clone(),
        }
    }

    pub fn name(&self) -> &'static str {
        self.details().partner
    }

    pub fn form(&self, otherwise: &[(&str, &str)]) -> String {
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

    pub fn secrets_toml(&self) -> String {
        let details = self.details();
        let secret = |key: &str, value: &str| format!("{key} = '{value}'\n");
        match details.partner {
            "cherwell" => secret("password", &details.password),
            "servicenow" => secret("password", &details.password) + &secret("client_secret", &details.client_secret),
            _ => secret("client_secret", &details.client_secret),
        }
    }

    pub fn add(&self, form: &str) -> Output {
        let file = self.home.path().join("form.toml");
        fs::write(&file, form).unwrap();
        let mut command = itsmc_at(self.home.path());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &self.secrets_toml());
        fs::remove_file(&file).unwrap();
        output
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        itsmc_at(self.home.path()).args(arguments).output().unwrap()
    }

    /// The exit code and the document of a command.
    pub fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    /// Gives an incident a description of so many bytes, and returns its number. It is the newest change from then on.
    pub fn enlarge_one(&self, bytes: usize) -> String {
        match &self.product {
            Product::ServiceNow(server) => {
                let row = server.control().rows("incident").swap_remove(7);
                let text = "x".repeat(bytes);
                server.control().edit_row("incident", &row["sys_id"].value, &[("description", &text)]).unwrap();
                row["number"].value.clone()
            }
            Product::ServiceManager(server) => {
                let row = server.control().rows(WorkItemKind::Incident).swap_remove(7);
                server.control().enlarge(WorkItemKind::Incident, &row.id, bytes).unwrap();
                server.control().expire_cache();
                row.id
            }
            Product::Provance(server) => {
                let number = server.control().rows(WorkItemKind::Incident)[7]["prov_number"].value.clone();
                server.control().enlarge(WorkItemKind::Incident, &number, bytes).unwrap();
                number
            }
            Product::Cherwell(server) => {
                let row =
                    server.control().rows("Incident").into_iter().find(|row| row["IncidentType"].text == "Incident");
                let row = row.unwrap();
                let text = "x".repeat(bytes);
                server.control().edit("Incident", &row["RecID"].text, &[("Description", &text)]).unwrap();
                row["IncidentID"].text.clone()
            }
        }
    }

    /// Every secret there is: what was typed, and every token that the vault holds.
    pub fn secrets(&self) -> Vec<String> {
        let details = self.details();
        let mut secrets = vec![details.password, details.client_secret];
        texts(&open_vault(self.home.path()), &mut secrets);
        secrets.retain(|secret| secret.len() >= 8);
        secrets
    }

    /// Changes the config file as an editor does.
    pub fn config(&self, change: impl FnOnce(&mut toml::Table)) {
        change_config(self.home.path(), change);
    }
}

pub fn change_config(home: &Path, change: impl FnOnce(&mut toml::Table)) {
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

pub fn open_vault(home: &Path) -> Value {
    let sealed = fs::read(home.join("vault.age")).unwrap();
    let decryptor = age::Decryptor::new_buffered(&sealed[..]).unwrap();
    let key = identity(home);
    let mut plain = Vec::new();
    decryptor.decrypt(std::iter::once(&key as &dyn age::Identity)).unwrap().read_to_end(&mut plain).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

pub fn write_vault(home: &Path, contents: &Value) {
    let recipient = identity(home).to_public();
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(contents.to_string().as_bytes()).unwrap();
    writer.finish().unwrap();
    fs::write(home.join("vault.age"), sealed).unwrap();
}

/// The contents as the first format has them, with an access token that is over.
pub fn first_format(mut contents: Value) -> Value {
    contents["version"] = 1.into();
    for (_, entry) in contents["connections"].as_object_mut().unwrap() {
        for key in ["identity", "since", "client_secret_expires"] {
            entry.as_object_mut().unwrap().remove(key);
        }
    }
    contents
}

/// A way to a server that can be shut: what comes meanwhile waits.
pub struct Gate {
    pub url: String,
    state: Arc<(Mutex<GateState>, std::sync::Condvar)>,
}

#[derive(Default)]
struct GateState {
    shut: bool,
    waiting: usize,
    way: Way,
}

impl GateState {
    fn holds(&self, text: &str) -> bool {
        self.shut || matches!(self.way, Way::Hold(part) if text.contains(part))
    }
}

/// What becomes of what is sent through a gate.
#[derive(Default, Clone)]
pub enum Way {
    /// It goes on to the server.
    #[default]
    Through,
    /// The server took a new secret instead of the old one; both are as long, as a form writes them.
    NewSecret { old: String, new: String, refusal: &'static str },
    /// Somebody in between answers, and repeats what was sent.
    Echo(fn(&str) -> String),
    /// What holds this text waits; everything else goes on.
    Hold(&'static str),
}

impl Gate {
    pub fn before(server: &str) -> Self {
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

    pub fn set(&self, way: Way) {
        self.state.0.lock().unwrap().way = way;
        self.state.1.notify_all();
    }

    pub fn shut(&self) {
        self.state.0.lock().unwrap().shut = true;
    }

    pub fn open(&self) {
        self.state.0.lock().unwrap().shut = false;
        self.state.1.notify_all();
    }

    pub fn wait_for_somebody(&self) {
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
        let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
        if held.holds(&text) {
            held.waiting += 1;
            state.1.notify_all();
            held = state.1.wait_while(held, |state| state.holds(&text)).unwrap();
            held.waiting -= 1;
        }
        let way = held.way.clone();
        drop(held);
        let sent = match passed(&text, &way) {
            Ok(text) => text.map_or_else(|| bytes[..read].to_vec(), String::into_bytes),
            Err(answer) => {
                let _ = client.write_all(answer.as_bytes());
                let _ = client.shutdown(std::net::Shutdown::Both);
                return;
            }
        };
        if upstream.write_all(&sent).is_err() {
            return;
        }
    }
    let _ = upstream.shutdown(std::net::Shutdown::Both);
}

/// Connected through a gate that is then shut, with an access token that is over: the next command renews it.
pub fn at_the_gate(partner: &str) -> (Desk, Gate) {
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

/// What goes on of this, if it is another text, or else what is answered at once.
fn passed(text: &str, way: &Way) -> Result<Option<String>, String> {
    match way {
        Way::Echo(answer) => Err(answer(text)),
        Way::Through | Way::Hold(_) => Ok(None),
        Way::NewSecret { old, refusal, .. } if text.contains(old.as_str()) => {
            let head = "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\nconnection: close\r\n";
            Err(format!("{head}content-length: {}\r\n\r\n{refusal}", refusal.len()))
        }
        Way::NewSecret { old, new, .. } => Ok(Some(text.replace(new.as_str(), old))),
    }
}
