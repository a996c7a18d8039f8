//! A connection that is signed out says so at once; a new client secret takes the place of an old one; what is removed
//! lives on nowhere; and nobody repeats a secret.

use std::fs;
use std::io::{Read as _, Write as _};

use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options, Revoke};
use rstest::rstest;
use serde_json::Value;

use crate::desk::{Desk, Gate, Way, spellings};
use crate::site::{NAME, Site, files, itsmc_at, shown, with_stdin};

fn state(site: &Site) -> (Value, i32) {
    let (_, status) = site.json(&["status"]);
    let check = site.run(&["status", "--check"]);
    (status["connections"][0]["state"].clone(), check.status.code().unwrap())
}

#[test]
fn b2_a_revoked_sign_in_is_signed_out_at_once_and_everywhere() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    assert_eq!(state(&site), ("healthy".into(), 0));
    let (_, list) = site.json(&["token", "list", NAME]);
    let refresh = list["held"].as_array().unwrap().iter().find(|token| token["kind"] == "refresh").unwrap();
    site.ok(&["token", "revoke", NAME, refresh["fingerprint"].as_str().unwrap(), "--yes"]);
    assert_eq!(state(&site), ("signed_out".into(), 3));
    let told = site.ok(&["status"]);
    assert!(told.contains("signed out") && told.contains("token rotate contoso"), "{told}");
    let mut rotate = site.itsmc(&["token", "rotate", NAME, "--secrets-stdin"]);
    let rotated = with_stdin(&mut rotate, &format!("password = '{}'\n", site.control.sign_in().password));
    assert!(rotated.status.success(), "{}", shown(&rotated));
    assert!(!shown(&rotated).contains("no sign-in before"), "{}", shown(&rotated));
    assert_eq!(state(&site), ("healthy".into(), 0));
}

#[test]
fn b2_a_connection_that_was_added_signed_out_is_signed_out() {
    let site = Site::new(Options::still());
    let details = site.control.sign_in();
    let added = site.add_with(&site.form(&[]), &details.password, &details.client_secret, &["--signed-out"]);
    assert_eq!(added.status.code(), Some(8), "{}", shown(&added));
    assert_eq!(state(&site), ("signed_out".into(), 3));
}

#[test]
fn p13_a_refused_refresh_token_is_asked_for_once_and_signs_out() {
    let site = Site::connected(Options::still());
    site.ok(&["sync"]);
    site.control.revoke(Revoke::All);
    site.control.clear_requests();
    assert_eq!(site.run(&["sync"]).status.code(), Some(3));
    let asked = site.control.requests().iter().filter(|request| request.path.contains("oauth_token")).count();
    assert_eq!(asked, 1);
    assert_eq!(state(&site), ("signed_out".into(), 3));
}

#[test]
fn s6_removing_revokes_at_the_product_and_says_so() {
    let site = Site::connected(Options::still());
    let (code, told) = site.json(&["connection", "remove", NAME, "--yes"]);
    assert_eq!((code, &told["revoked"], &told["live"]), (0, &2.into(), &serde_json::json!([])), "{told}");
    assert!(site.control.issued().iter().all(|token| !token.valid));
}

#[test]
fn s6_a_token_that_another_connection_lives_on_is_not_revoked() {
    let site = Site::connected(Options::still());
    let added = site.add(&site.form(&[("name", "\"second\"")]));
    assert!(added.status.success(), "{}", shown(&added));
    let (code, told) = site.json(&["connection", "remove", "second", "--yes"]);
    assert_eq!((code, &told["revoked"]), (0, &0.into()), "{told}");
    site.ok(&["sync", NAME]);
}

#[test]
fn s6_a_dead_server_does_not_keep_a_connection_from_being_removed() {
    let desk = Desk::new("cherwell");
    let gate = Gate::before(&desk.details().url);
    assert!(desk.add(&desk.form(&[("server_url", &gate.url)])).status.success());
    gate.set(Way::Echo(|_| "HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()));
    let removed = desk.run(&["connection", "remove", "cherwell", "--yes", "--json"]);
    let told: Value = serde_json::from_slice(&removed.stdout).unwrap();
    assert!(removed.status.success() && !told["live"].as_array().unwrap().is_empty(), "{}", shown(&removed));
}

/// The tokens that the instance still takes.
fn valid(site: &Site) -> Vec<String> {
    site.control.issued().into_iter().filter(|token| token.valid).map(|token| token.value).collect()
}

#[test]
fn s6_what_an_add_obtained_is_revoked_where_its_test_fails_after_the_sign_in() {
    let site = Site::new(Options::still());
    site.control.fault(FaultSpec::new(FaultKind::Forbidden).times(0).on("incident"));
    let added = site.add(&site.form(&[]));
    assert!(!added.status.success(), "{}", shown(&added));
    assert!(!site.control.issued().is_empty(), "it had signed in: {}", shown(&added));
    assert!(valid(&site).is_empty(), "{}", shown(&added));
    assert!(shown(&added).contains("revoked"), "{}", shown(&added));
}

#[test]
fn s6_another_user_takes_the_place_of_one_whose_tokens_are_revoked() {
    let site = Site::connected(Options::still());
    let details = site.control.sign_in().clone();
    let before = valid(&site);
    assert!(!before.is_empty());
    let setting = format!("username={}", details.admin);
    let mut edit = site.itsmc(&["connection", "edit", NAME, "--set", &setting, "--secrets-stdin"]);
    let secrets = format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret);
    let edited = with_stdin(&mut edit, &secrets);
    assert!(edited.status.success(), "{}", shown(&edited));
    let after = valid(&site);
    assert!(!after.is_empty() && before.iter().all(|token| !after.contains(token)), "{}", shown(&edited));
    assert!(shown(&edited).contains("revoked"), "{}", shown(&edited));
    site.ok(&["sync"]);
}

#[rstest]
fn s21_no_practice_server_answers_for_another_host(
    #[values("servicenow", "service-manager", "provance", "cherwell")] partner: &str,
) {
    let desk = Desk::new(partner);
    let address = desk.details().url.replace("http://", "");
    let ask = |host: &str, path: &str| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    };
    for path in ["/", "/practice", "/practice/requests"] {
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "192.0.2.7"] {
            let reply = ask(host, path);
            assert!(reply.starts_with("HTTP/1.1 421"), "{host} {path}: {reply}");
        }
        for host in [address.as_str(), "localhost", "[::1]:80"] {
            let reply = ask(host, path);
            assert!(!reply.starts_with("HTTP/1.1 421"), "{host} {path}: {reply}");
        }
    }
}

#[test]
fn s14_a_practice_server_is_reached_by_the_name_localhost() {
    let desk = Desk::new("servicenow");
    let named = desk.details().url.replace("127.0.0.1", "localhost");
    let added = desk.add(&desk.form(&[("server_url", &named)]));
    assert!(added.status.success(), "{}", shown(&added));
    let synced = desk.run(&["sync"]);
    assert!(synced.status.success(), "{}", shown(&synced));
}

/// A product that took a new secret behind a gate, and that secret.
fn with_a_new_secret(partner: &str) -> (Desk, Gate, String) {
    let desk = Desk::new(partner);
    let details = desk.details();
    let behind = if partner == "servicenow" { &details.url } else { &details.authority };
    let gate = Gate::before(behind);
    let key = if partner == "servicenow" { "server_url" } else { "authority" };
    let added = desk.add(&desk.form(&[(key, &gate.url)]));
    assert!(added.status.success(), "{}", shown(&added));
    let place = details.client_secret.find(|c: char| c.is_ascii_lowercase()).unwrap();
    let mut new = details.client_secret.clone();
    new.replace_range(place..=place, "Z");
    let form = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let refusal = match partner {
        "servicenow" => r#"{"error":"server_error","error_description":"access_denied"}"#,
        _ => r#"{"error":"invalid_client","error_description":"AADSTS7000222: expired","error_codes":[7000222]}"#,
    };
    gate.set(Way::NewSecret { old: form(&details.client_secret), new: form(&new), refusal });
    (desk, gate, new)
}

#[rstest]
fn p1_a_new_client_secret_is_proved_and_kept(
    #[values("servicenow", "service-manager", "provance")] partner: &str,
    #[values("new-secret", "rotate", "edit")] command: &str,
) {
    let (desk, _gate, new) = with_a_new_secret(partner);
    let mut run = itsmc_at(desk.home.path());
    match command {
        "edit" => run.args(["connection", "edit", partner, "--secrets-stdin"]),
        command => run.args(["token", command, partner, "--secrets-stdin"]),
    };
    // One that the product does not take changes nothing.
    let before = crate::desk::open_vault(desk.home.path());
    let password = match (partner, command) {
        ("servicenow", "rotate") => format!("password = '{}'\n", desk.details().password),
        _ => String::new(),
    };
    let wrong = with_stdin(&mut run, &format!("{password}client_secret = '{}'\n", desk.details().client_secret));
    assert_eq!(wrong.status.code(), Some(3), "{}", shown(&wrong));
    assert_eq!(crate::desk::open_vault(desk.home.path()), before);
    let taken = with_stdin(&mut run, &format!("{password}client_secret = ' {new} '\n"));
    assert!(taken.status.success(), "{}", shown(&taken));
    let kept = crate::desk::open_vault(desk.home.path());
    assert_eq!(kept["connections"][partner]["client_secret"], new.as_str());
    let synced = desk.run(&["sync", partner]);
    assert!(synced.status.success(), "{}", shown(&synced));
}

#[test]
fn p1_the_end_of_a_client_secret_is_kept_and_warned_of() {
    let (desk, _gate, new) = with_a_new_secret("service-manager");
    assert!(desk.run(&["sync"]).status.code().is_some());
    let in_days = |days: i64| (jiff::Zoned::now().date() + jiff::Span::new().days(days)).to_string();
    for (days, state) in [(60, "healthy"), (10, "warning"), (1, "failing")] {
        let mut run = itsmc_at(desk.home.path());
        run.args(["token", "new-secret", "service-manager", "--secrets-stdin", "--expires", &in_days(days)]);
        let taken = with_stdin(&mut run, &format!("client_secret = '{new}'\n"));
        assert!(taken.status.success(), "{}", shown(&taken));
        assert!(desk.run(&["sync"]).status.success());
        let status: Value = serde_json::from_slice(&desk.run(&["status", "--json"]).stdout).unwrap();
        let status = &status["connections"][0];
        assert_eq!(status["state"], state, "{days} {status}");
        assert!(status["client_secret_expires"].as_str().unwrap().starts_with(&in_days(days)), "{status}");
    }
}

#[test]
fn p1_a_connection_without_a_client_secret_says_so() {
    let desk = Desk::connected("cherwell");
    let mut run = itsmc_at(desk.home.path());
    run.args(["token", "new-secret", "cherwell", "--secrets-stdin"]);
    assert_eq!(with_stdin(&mut run, "client_secret = 'something'\n").status.code(), Some(2));
}

const HEAD: &str = "connection: close\r\n";

/// The secrets in what was sent, as somebody in between might repeat them.
fn said(sent: &str) -> String {
    let (head, body) = sent.split_once("\r\n\r\n").unwrap_or((sent, ""));
    let bearer = head.lines().find_map(|line| line.split_once("earer ")).map(|(_, token)| token).unwrap_or_default();
    let fields = url::form_urlencoded::parse(body.as_bytes());
    let values = fields.filter(|(key, _)| !["grant_type", "client_id", "username"].contains(&&**key));
    let values: Vec<String> = values.map(|(_, value)| value.into_owned()).chain([bearer.to_owned()]).collect();
    let values = values.into_iter().filter(|value| value.len() > 7);
    values.flat_map(|value| spellings(&value)).collect::<Vec<_>>().join(" ")
}

fn page(sent: &str) -> String {
    let body = format!("<html><head><title>Blocked: {0}</title></head><h1>{0}</h1></html>", said(sent));
    let ids = format!("x-transaction-id: {0}\r\nx-ratelimit-rule: {0}\r\n", said(sent));
    let length = body.len();
    format!("HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\n{ids}{HEAD}content-length: {length}\r\n\r\n{body}")
}

fn limited(sent: &str) -> String {
    let ids = format!("retry-after: 1\r\nx-ratelimit-rule: {0}\r\nx-transaction-id: {0}\r\n", said(sent));
    format!("HTTP/1.1 429 Too Many\r\n{ids}{HEAD}content-length: 0\r\n\r\n")
}

fn redirect(sent: &str) -> String {
    let place = said(sent).replace(' ', "/");
    format!("HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/?{place}\r\n{HEAD}content-length: 0\r\n\r\n")
}

fn json(sent: &str, status: &str) -> String {
    let said = said(sent);
    let body = serde_json::json!({ "error": { "message": said, "code": said, "detail": said },
        "error_description": said, "status": "failure", said.clone(): said, "result": said, "errorMessage": said });
    let body = body.to_string();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{HEAD}content-length: {length}\r\n\r\n{body}")
}

fn error_under_success(sent: &str) -> String {
    json(sent, "200 OK")
}

fn refusal(sent: &str) -> String {
    json(sent, "401 Unauthorized")
}

fn fault(sent: &str) -> String {
    json(sent, "500 Fault")
}

/// Answers, and repeats what was sent.
type Answer = fn(&str) -> String;

#[rstest]
#[case::page(page)]
#[case::limited(limited)]
#[case::redirect(redirect)]
#[case::error_under_success(error_under_success)]
#[case::refusal(refusal)]
#[case::fault(fault)]
fn s4_what_repeats_a_secret_is_repeated_nowhere(
    #[case] answer: Answer,
    #[values("servicenow", "cherwell", "provance", "service-manager")] partner: &str,
) {
    let desk = Desk::new(partner);
    let gate = Gate::before(&desk.details().url);
    let authority = desk.details().authority;
    let token_gate = (partner == "service-manager").then(|| Gate::before(&authority));
    let audience = desk.details().url;
    let mut otherwise = vec![("server_url", gate.url.as_str())];
    if ["service-manager", "provance"].contains(&partner) {
        otherwise.push(("audience", audience.as_str()));
    }
    otherwise.extend(token_gate.iter().map(|gate| ("authority", gate.url.as_str())));
    let added = desk.add(&desk.form(&otherwise));
    assert!(added.status.success(), "{}", shown(&added));
    let secrets = desk.secrets();
    gate.set(Way::Echo(answer));
    token_gate.iter().for_each(|gate| gate.set(Way::Echo(answer)));
    let (mut told, home) = (String::new(), desk.home.path());
    for over in [false, true] {
        if over {
            let mut contents = crate::desk::open_vault(home);
            contents["connections"][partner]["tokens"]["access_expires"] = "2020-01-01T00:00:00Z".into();
            crate::desk::write_vault(home, &contents);
        }
        for command in [&["sync"][..], &["connection", "test"], &["checklist"], &["token", "list"]] {
            for more in [&[][..], &["--json"]] {
                let mut run = itsmc_at(home);
                run.env("ITSMC_LOG", "debug").env("ITSMC_RETRY_WAIT_MS", "1").args(command).arg(partner).args(more);
                told += &shown(&run.output().unwrap());
            }
        }
        told += &shown(&desk.run(&["status"]));
        told += &shown(&desk.run(&["status", "--json"]));
    }
    let mut places = vec![("what was said".to_owned(), told.to_lowercase())];
    for file in files(home) {
        let bytes = fs::read(&file).unwrap_or_default();
        places.push((file.display().to_string(), String::from_utf8_lossy(&bytes).to_lowercase()));
    }
    for spelling in secrets.iter().flat_map(|secret| spellings(secret)) {
        for (place, text) in &places {
            assert!(!text.contains(&spelling.to_lowercase()), "{partner}: {place} repeats {spelling}");
        }
    }
}
