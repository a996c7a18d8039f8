use std::fs;

use tracing::subscriber::with_default;
use tracing::{debug, error, info, trace, warn};

use super::*;
use crate::home::testing::home;
use crate::model::secret::Secret;
use crate::vault::redactor;

fn logged(wanted: &str, speak: impl FnOnce()) -> String {
    let (_dir, home) = home();
    disk::private_dir(&home.log_dir()).unwrap();
    let file = Rotating::open(home.log_file(), MOST_BYTES, KEEP).unwrap();
    with_default(subscriber(file, wanted), speak);
    fs::read_to_string(home.log_file()).unwrap()
}

#[test]
fn info_is_the_default_and_the_filter_decides() {
    let speak = || {
        info!("first");
        debug!("second");
    };
    assert!(logged("", speak).contains("first") && !logged("", speak).contains("second"));
    assert!(logged("trace", speak).contains("second"));
    assert!(!logged("warn", speak).contains("first"));
}

#[test]
fn a_filter_with_a_typing_error_keeps_what_can_be_read() {
    let speak = || {
        info!("first");
        debug!("second");
        debug!(target: "itsmc::sync", "third");
    };
    let text = logged("itsmc::sync=debug, a=b=c=d,warn", speak);
    assert!(!text.contains("first") && !text.contains("second") && text.contains("third"), "{text}");
    assert!(logged("a=b=c=d", speak).contains("first"));
}

#[test]
fn a_filter_names_a_folder_of_the_source_whichever_crate_it_lies_in() {
    let text = logged("itsmc::home=debug,itsmc::ui=debug", || {
        debug!("of this folder");
        debug!(target: "itsmc::ui::app", "of the screens");
        debug!(target: "itsmc_core::sync", "of another folder");
    });
    assert!(text.contains("of this folder") && text.contains("of the screens"), "{text}");
    assert!(!text.contains("of another folder"), "{text}");
}

#[test]
fn crates_that_print_requests_stay_quiet_whatever_is_asked() {
    let wanted = "trace,hyper=trace,reqwest::connect::verbose=trace,h2=debug,rustls::client=trace";
    let text = logged(wanted, || {
        trace!(target: "hyper::proto::h1", "planted one");
        debug!(target: "reqwest::connect::verbose", "planted two");
        info!(target: "h2", "planted three");
        trace!(target: "rustls::client::hs", "planted four");
        warn!(target: "rustls::client", "a warning");
        trace!(target: "itsmc::sync", "ours");
    });
    assert!(!text.contains("planted"), "{text}");
    assert!(text.contains("a warning") && text.contains("ours"), "{text}");
}

#[test]
fn planted_secrets_leak_nowhere_at_trace() {
    let password = Secret::new("planted pass\"word é&=1");
    let token = Secret::new("planted-token-0123456789");
    [&password, &token].into_iter().for_each(redactor::remember);
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("password", password.expose())
        .append_pair("refresh_token", token.expose())
        .finish();
    let text = logged("trace", || {
        let span = tracing::info_span!("call", token = token.expose());
        let _entered = span.enter();
        trace!("a body: {body}");
        debug!(password = password.expose(), ?token, "fields");
        info!("json: {}", serde_json::json!({ "password": password.expose(), "t": token.expose() }));
        error!("debug: {:?} and {}", password.expose(), token.expose());
        warn!("nothing here");
    });
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(!text.contains("planted"), "{text}");
    assert!(text.contains("password=[secret]&refresh_token=[secret]"), "{text}");
    assert!(text.contains("nothing here"), "{text}");
}

#[test]
fn escape_sequences_from_outside_do_not_reach_the_file() {
    let text = logged("", || info!("title: {}", "a\u{1b}[2Jb"));
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
