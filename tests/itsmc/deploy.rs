//! The parameters and commands for the web app of Service Manager.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::site::{files, itsmc_at, shown};

const FLAGS: [&str; 14] = [
    "--subscription",
    "11111111-2222-3333-4444-555555555555",
    "--resource-group",
    "itsm",
    "--location",
    "West Europe",
    "--server-name",
    "scsm01.corp.contoso.com",
    "--domain",
    "CORP",
    "--username",
    "svc-scsm",
    "--site-prefix",
    "contoso-smoc",
];

fn deploy(home: &Path, more: &[&str]) -> Output {
    let out = home.join("out");
    itsmc_at(home).args(["deploy", "service-manager", "--out"]).arg(&out).args(more).output().unwrap()
}

fn read(home: &Path, name: &str) -> String {
    std::fs::read_to_string(home.join("out").join(name)).unwrap()
}

fn json(home: &Path, name: &str) -> Value {
    serde_json::from_str(&read(home, name)).unwrap()
}

#[test]
fn the_files_are_written_and_belong_together() {
    let home = tempfile::tempdir().unwrap();
    let output = deploy(home.path(), &[&FLAGS[..], &["--json"]].concat());
    assert!(output.status.success(), "{}", shown(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let site = told["site"].as_str().unwrap();
    let number = site.strip_prefix("contoso-smoc").unwrap();
    assert!(number.parse::<u32>().unwrap() < 32_000, "{site}");
    let mut names: Vec<_> = files(&home.path().join("out")).iter().map(|path| path.display().to_string()).collect();
    let mut listed: Vec<_> =
        told["files"].as_array().unwrap().iter().map(|path| path.as_str().unwrap().to_owned()).collect();
    names.sort();
    listed.sort();
    assert_eq!(names, listed);
    assert_eq!(names.len(), 7);
    assert_eq!(json(home.path(), "web-app.parameters.json")["parameters"]["siteName"]["value"], site);
    let settings = json(home.path(), "settings.parameters.json");
    assert_eq!(settings["parameters"]["serverName"]["value"], "scsm01.corp.contoso.com");
    let script = read(home.path(), "deploy.sh");
    assert!(script.contains(&format!(
        "az relay namespace create --resource-group 'itsm' --name '{site}sbn' --location 'westeurope'"
    )));
    let form: toml::Table = read(home.path(), "connection.toml").parse().unwrap();
    assert_eq!(form["server_url"].as_str(), Some(format!("https://{site}.azurewebsites.net").as_str()));
    assert_eq!(form["relay_namespace"].as_str(), Some(format!("{site}sbn").as_str()));
    let warnings: Vec<_> = told["warnings"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(warnings, ["identifier-uri", "hybrid-connection-by-hand"]);
}

#[test]
fn the_commands_are_a_script_that_a_shell_reads() {
    let home = tempfile::tempdir().unwrap();
    assert!(deploy(home.path(), &FLAGS).status.success());
    let checked =
        std::process::Command::new("sh").args(["-n", "deploy.sh"]).current_dir(home.path().join("out")).output();
    let checked = checked.unwrap();
    assert!(checked.status.success(), "{}", shown(&checked));
}

/// The script against an `az` that notes what it is called with: each step comes, in order, with what the one before gave.
#[cfg(unix)]
#[test]
fn the_commands_hand_on_what_azure_answers() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    assert!(deploy(home.path(), &FLAGS).status.success());
    let az = home.path().join("az");
    let script = "#!/bin/sh\necho \"$*\" >> called\ncase \"$*\" in\n*'account show'*) echo tenant-1;;\n*'app create'*) echo client-1;;\nesac\n";
    std::fs::write(&az, script).unwrap();
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
    let mut run = std::process::Command::new("sh");
    let ran = run.arg("deploy.sh").current_dir(home.path().join("out")).env("PATH", path).output().unwrap();
    assert!(ran.status.success(), "{}", shown(&ran));
    let called = read(home.path(), "called");
    let steps: Vec<_> = called.lines().map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect();
    let expected = [
        "account set --subscription",
        "provider register --namespace",
        "provider register --namespace",
        "group create --name",
        "deployment group create",
        "account show --query",
        "ad app create",
        "ad app update",
        "ad sp create",
        "deployment group create",
        "relay namespace create",
    ];
    assert_eq!(steps, expected);
    assert!(called.contains("--identifier-uris api://client-1"), "{called}");
    assert!(called.contains("tenant=tenant-1 clientId=client-1 audience=api://client-1"), "{called}");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("api://client-1") && said.contains("credential reset --id client-1"), "{said}");
}

#[test]
fn nothing_is_overwritten() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("out")).unwrap();
    std::fs::write(home.path().join("out/deploy.sh"), "mine").unwrap();
    let output = deploy(home.path(), &FLAGS);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("deploy.sh"), "{}", shown(&output));
    assert_eq!(read(home.path(), "deploy.sh"), "mine");
    assert_eq!(files(&home.path().join("out")).len(), 1);
}

#[test]
fn a_file_gives_the_values_and_a_flag_goes_before_it() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("values.toml");
    let values = "subscription = \"11111111-2222-3333-4444-555555555555\"\nresource_group = \"itsm\"\nlocation = \"westeurope\"\n\
                  server_name = \"scsm01.corp.contoso.com\"\ndomain = \"CORP\"\nusername = \"svc-scsm\"\nplan = \"B1\"\n";
    std::fs::write(&file, values).unwrap();
    let file = file.to_str().unwrap();
    let output = deploy(home.path(), &["--file", file, "--plan", "f1", "--json"]);
    assert!(output.status.success(), "{}", shown(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["warnings"][0]["id"], "plan-without-hybrid-connections");
    assert_eq!(json(home.path(), "web-app.parameters.json")["parameters"]["sku"]["value"], "F1");
}

#[test]
fn a_password_in_a_file_is_refused_and_not_repeated() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("values.toml");
    for text in ["password = \"hunter2\"\n", "password = hunter2\n"] {
        std::fs::write(&file, text).unwrap();
        let output = deploy(home.path(), &["--file", file.to_str().unwrap()]);
        assert!(!output.status.success() && !shown(&output).contains("hunter2"), "{}", shown(&output));
        assert!(!home.path().join("out").exists());
    }
}

#[test]
fn what_is_lacking_or_wrong_is_told_at_once_where_nobody_can_be_asked() {
    let home = tempfile::tempdir().unwrap();
    let output = deploy(home.path(), &["--server-name", "scsm01", "--lang", "nl"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in ["subscription: verplicht", "location: verplicht", "server_name: de volledige naam"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!home.path().join("out").exists());
}

#[test]
fn only_service_manager_has_something_to_deploy() {
    let home = tempfile::tempdir().unwrap();
    let output = itsmc_at(home.path()).args(["deploy", "servicenow", "--out", "x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
}
