//! A practice instance and a home of its own, driven by the real binary.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use itsmc::home::Home;
use itsmc::model::partner::Catalogue;
use itsmc::model::secret::Secret;
use itsmc::service::services::Services;
use itsmc::vault::{AskPassphrase, VaultOptions};
use itsmc_practice::servicenow::{Control, Options, Server};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The name of the site's connection.
pub const NAME: &str = "contoso";

/// A practice instance, a home, and the binary.
pub struct Site {
    /// The handle on the instance.
    pub control: Control,
    home: TempDir,
    server: Option<Server>,
    runtime: Runtime,
}

impl Site {
    /// Starts an instance with these options, and an empty home.
    pub fn new(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(options)).unwrap();
        Self { control: server.control(), home: tempfile::tempdir().unwrap(), server: Some(server), runtime }
    }

    /// The same, with the instance connected.
    pub fn connected(options: Options) -> Self {
        let site = Self::new(options);
        let added = site.add(&site.form(&[]));
        assert!(added.status.success(), "{}", shown(&added));
        site
    }

    /// Stops the instance: from then on nothing listens at its address.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }

    /// The home's folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.home().join("itsmc.db")
    }

    /// The binary on this home, in English, reached by nothing from outside.
    pub fn itsmc(&self, arguments: &[&str]) -> Command {
        let mut command = itsmc_at(self.home());
        command.args(arguments);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.itsmc(arguments).output().unwrap()
    }

    /// Runs a command that must do what it says; its stdout.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command with `--json`; its exit code and its document.
    pub fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let document =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}\n{}", shown(&output)));
        (output.status.code().unwrap(), document)
    }

    /// A filled-in form with some lines put otherwise.
    pub fn form(&self, otherwise: &[(&str, &str)]) -> String {
        let details = self.control.sign_in();
        let mut lines = vec![
            ("name", format!("\"{NAME}\"")),
            ("partner", "\"servicenow\"".to_owned()),
            ("server_url", format!("\"{}\"", details.url)),
            ("username", format!("\"{}\"", details.username)),
            ("client_id", format!("\"{}\"", details.client_id)),
            ("work_items", "[\"incident\", \"change_request\"]".to_owned()),
            ("sync_days", "120".to_owned()),
            ("create_configuration_items", "false".to_owned()),
        ];
        for (key, value) in otherwise {
            lines.retain(|(known, _)| known != key);
            lines.push((key, (*value).to_owned()));
        }
        lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
    }

    /// Adds a connection by a form and the instance's own secrets.
    pub fn add(&self, form: &str) -> Output {
        let details = self.control.sign_in();
        self.add_with(form, &details.password, &details.client_secret, &[])
    }

    /// Adds a connection by a form and these secrets.
    pub fn add_with(&self, form: &str, password: &str, client_secret: &str, more: &[&str]) -> Output {
        let file = self.home().join("form.toml");
        std::fs::write(&file, form).unwrap();
        let mut command = self.itsmc(&["connection", "add", "--secrets-stdin", "--file"]);
        command.arg(&file).args(more);
        let secrets = format!("password = \"{password}\"\nclient_secret = \"{client_secret}\"\n");
        let output = with_stdin(&mut command, &secrets);
        std::fs::remove_file(&file).unwrap();
        output
    }

    /// Every secret that must stand nowhere: password, client secret and all tokens that the instance gave.
    pub fn secrets(&self) -> Vec<String> {
        let details = self.control.sign_in();
        [details.password.clone(), details.client_secret.clone()].into_iter().chain(self.control.tokens()).collect()
    }

    /// Fails when any file under the home holds a secret.
    pub fn assert_no_secret_on_disk(&self) {
        let secrets = self.secrets();
        assert!(secrets.len() >= 4, "the tokens are not known: {}", secrets.len());
        assert_in_no_file(self.home(), &secrets);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Nobody;

impl AskPassphrase for Nobody {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        None
    }
}

/// The program's use cases on the site's home, in this process.
pub fn services(site: &Site) -> Services {
    services_at(site.home())
}

/// The same on a home.
pub fn services_at(home: &Path) -> Services {
    let options = VaultOptions { key_file: Some(home.join("key.txt")), ..VaultOptions::bare() };
    let catalogue = Arc::new(Catalogue::built_in().unwrap());
    Services::new(Home::in_dir(home), catalogue, None, options, Box::new(|| Box::new(Nobody)))
}

/// The binary on a home, in English, reached by nothing from outside.
pub fn itsmc_at(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_itsmc"));
    command
        .env("ITSMC_HOME", home)
        .env("ITSMC_KEY_FILE", home.join("key.txt"))
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "ITSMC_LOG"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command with this on its stdin.
pub fn with_stdin(command: &mut Command, text: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What a command said, for a failed assertion.
pub fn shown(output: &Output) -> String {
    format!("{}\n{}{}", output.status, String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Fails when a file below a folder holds one of these. A file that goes meanwhile, as the database's own do when the
/// last reader closes it, holds nothing.
pub fn assert_in_no_file(folder: &Path, secrets: &[String]) {
    let mut looked_at = 0;
    for file in files(folder) {
        let bytes = match std::fs::read(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.unwrap(),
        };
        looked_at += 1;
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds a secret", file.display());
        }
    }
    assert!(looked_at > 0, "no file was looked at");
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
