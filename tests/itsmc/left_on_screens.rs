//! The jobs of the screens tell which tokens live on, as the commands do; and what an edit leaves as it is.

use std::sync::{Arc, Mutex};

use itsmc::model::connection::ConnectionName;
use itsmc::model::form::{FieldId, Form};
use itsmc::model::leaving::Leaving;
use itsmc::model::secret::Secret;
use itsmc::service::services::Services;
use itsmc::ui::app::effect::Job;
use itsmc::ui::app::message::{Event, Outcome};
use itsmc::ui::app::screens::ScreenOutcome;
use itsmc::ui::app::settings::{SettingsJob, SettingsOutcome};
use itsmc::ui::perform::jobs;
use itsmc_practice::servicenow::{FaultKind, FaultSpec, Options};
use rstest::rstest;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::site::{NAME, Site, services, shown, with_stdin};

/// Runs a job of the screens: its outcome, and what it told of tokens that were left behind.
async fn run(services: &Services, job: Job) -> (Outcome, Vec<(ConnectionName, Leaving)>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let tell = move |event| {
        if let Event::LeftBehind(name, leaving) = event {
            heard.lock().unwrap().push((name, leaving));
        }
    };
    let outcome = jobs::perform(services, job, CancellationToken::new(), tell).await;
    let told = told.lock().unwrap().clone();
    (outcome, told)
}

fn nothing_can_be_revoked(site: &Site) {
    site.control.fault(FaultSpec::new(FaultKind::Unavailable).times(0).on("oauth_revoke"));
}

fn held(site: &Site) -> Vec<String> {
    let (_, list) = site.json(&["token", "list", NAME]);
    let held = list["held"].as_array().unwrap();
    held.iter().map(|token| token["fingerprint"].as_str().unwrap().to_owned()).collect()
}

fn fingerprints(told: &[(ConnectionName, Leaving)]) -> Vec<String> {
    let mut all: Vec<_> =
        told.iter().flat_map(|(_, leaving)| leaving.live.iter().map(|token| token.fingerprint.to_string())).collect();
    all.sort();
    all
}

/// The settings screen's own change: another user, with the secrets typed.
fn as_another_user(site: &Site, services: &Services, connection: &itsmc::model::connection::Connection) -> Job {
    let details = site.control.sign_in();
    let mut form = Form::of(connection);
    form.texts.insert(FieldId::Username, details.admin.clone());
    form.secrets.insert(FieldId::Password, Secret::new(details.password.clone()));
    form.secrets.insert(FieldId::ClientSecret, Secret::new(details.client_secret.clone()));
    let valid = form.validate(services.spec(&connection.partner).unwrap(), &[]).unwrap();
    SettingsJob::Replace { form: Arc::new(valid), keys: vec!["username".to_owned()] }.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_the_screens_tell_which_tokens_of_a_removed_connection_live_on() {
    let (site, mut before) = tokio::task::spawn_blocking(|| {
        let site = Site::connected(Options::still());
        let held = held(&site);
        nothing_can_be_revoked(&site);
        (site, held)
    })
    .await
    .unwrap();
    let services = services(&site);
    let name = services.connection(NAME).await.unwrap().name;
    let (outcome, told) = run(&services, Job::RemoveConnection(name.clone())).await;
    assert!(matches!(outcome, Outcome::Saved(Ok(()))), "{outcome:?}");
    before.sort();
    assert_eq!((fingerprints(&told), &told[0].0), (before, &name));
    tokio::task::spawn_blocking(move || drop(site)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_the_settings_screen_tells_which_tokens_of_another_user_live_on_and_keeps_the_end_of_the_secret() {
    let (site, mut before, end) = tokio::task::spawn_blocking(|| {
        let site = Site::connected(Options::still());
        let end = keep_the_end_of_the_secret(&site);
        let held = held(&site);
        nothing_can_be_revoked(&site);
        (site, held, end)
    })
    .await
    .unwrap();
    let services = services(&site);
    let connection = services.connection(NAME).await.unwrap();
    let (outcome, told) = run(&services, as_another_user(&site, &services, &connection)).await;
    let Outcome::Screen(ScreenOutcome::Settings(SettingsOutcome::Saved(Ok(())))) = outcome else {
        panic!("{outcome:?}")
    };
    before.sort();
    assert_eq!(fingerprints(&told), before);
    tokio::task::spawn_blocking(move || {
        assert_eq!(end_of_the_secret(&site), end);
        // The rows of the earlier user are read again, by the tokens that were made.
        site.ok(&["sync"]);
        assert_eq!(end_of_the_secret(&site), end);
    })
    .await
    .unwrap();
}

/// Says when the client secret of the site ends, by a command; how the status tells it then.
fn keep_the_end_of_the_secret(site: &Site) -> Value {
    let mut run = site.itsmc(&["token", "new-secret", NAME, "--secrets-stdin", "--expires", "2031-06-30"]);
    let taken = with_stdin(&mut run, &format!("client_secret = '{}'\n", site.control.sign_in().client_secret));
    assert!(taken.status.success(), "{}", shown(&taken));
    let end = end_of_the_secret(site);
    assert!(end.as_str().unwrap().starts_with("2031-06-30"), "{end}");
    end
}

fn end_of_the_secret(site: &Site) -> Value {
    site.json(&["status"]).1["connections"][0]["client_secret_expires"].clone()
}

#[rstest]
#[case::settings_alone(&["connection", "edit", NAME, "--set", "sync_days=60"], false)]
#[case::another_user(&["connection", "edit", NAME, "--set", "username=practice.admin", "--secrets-stdin"], true)]
#[case::the_same_secret_again(&["connection", "edit", NAME, "--secrets-stdin"], true)]
#[case::rotation(&["token", "rotate", NAME, "--secrets-stdin"], true)]
fn p1_an_unchanged_client_secret_keeps_its_end_when_a_connection_is_edited(
    #[case] command: &[&str],
    #[case] secrets: bool,
) {
    let site = Site::connected(Options::still());
    let end = keep_the_end_of_the_secret(&site);
    let details = site.control.sign_in();
    let secrets = match secrets {
        true => format!("password = '{}'\nclient_secret = '{}'\n", details.password, details.client_secret),
        false => String::new(),
    };
    let edited = with_stdin(&mut site.itsmc(command), &secrets);
    assert!(edited.status.success(), "{}", shown(&edited));
    assert_eq!(end_of_the_secret(&site), end);
    site.ok(&["sync"]);
    assert_eq!(end_of_the_secret(&site), end);
}
