//! The web app's own connection test, as its start page makes it (`Scripts/smoc-connectiontest.js` of
//! Azure/SMOMSConnector). It sends the client secret to the web app, so it is made on request only.

use serde_json::Value;
use zeroize::Zeroizing;

use super::ServiceManager;
use super::checklist::WEB_APP_TEST;
use super::errors::{self, short};
use crate::model::check::Status;
use crate::model::checklist::{ChecklistItem, ItemId};
use crate::model::fault::Fault;
use crate::model::leaks::leaks;
use crate::model::secret::Secret;
use crate::net::http::SMALL_LIMIT_BYTES;
use crate::partner::checklist::{self, Observation};

const PATH: &str = "/api/configtest";
const ASKED: &str = "POST /api/configtest";

/// Makes the test.
pub async fn run(partner: &ServiceManager) -> ChecklistItem {
    let check = async {
        match ask(partner).await {
            Ok(told) => judged(&told),
            Err(fault) => Observation::no_answer(fault).refused(ASKED),
        }
    };
    checklist::on_request((&partner.connection, &partner.spec), ItemId::own(WEB_APP_TEST), check).await
}

/// Each result, and the reason as a whole.
struct Told {
    results: Vec<(bool, String)>,
    reason: String,
}

async fn ask(partner: &ServiceManager) -> Result<Told, Fault> {
    let secret = partner.client_secret.as_ref();
    let http = partner.session.http();
    let reply = http.post_form(PATH, form(partner), SMALL_LIMIT_BYTES).await?;
    let reply = errors::check(reply, PATH)?;
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let malformed = || Fault::Malformed { what: PATH.to_owned(), detail: "there is no result in it".to_owned() };
    let results = body["result"].as_array().ok_or_else(malformed)?;
    let text = |value: &Value| without(secret, value.as_str().unwrap_or_default());
    Ok(Told {
        results: results.iter().map(|one| (one["status"] == true, text(&one["message"]))).collect(),
        reason: text(&body["reason"]),
    })
}

/// The form as the start page sends it: `hostURL` is the start page's own address, with its slash.
fn form(partner: &ServiceManager) -> Zeroizing<String> {
    let url = format!("{}/", partner.connection.server_url.to_string().trim_end_matches('/'));
    let secret = partner.client_secret.as_ref().map_or("", Secret::expose);
    let mut form = url::form_urlencoded::Serializer::new(String::with_capacity(1024));
    form.append_pair("clientId", &partner.connection.client_id);
    form.append_pair("clientSecret", secret);
    form.append_pair("hostURL", &url);
    Zeroizing::new(form.finish())
}

/// A message as it may be shown: one in which the secret is echoed is not. It is looked for before anything is taken
/// away, since what is left of it would no longer be known.
fn without(secret: Option<&Secret>, text: &str) -> String {
    let echoed = secret.is_some_and(|secret| leaks(text, secret));
    if echoed { "[secret]".to_owned() } else { plain(text) }
}

/// A message without its markup.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    short(&out)
}

fn judged(told: &Told) -> Observation {
    let line = |(good, message): &(bool, String)| format!("{} {message}", if *good { "✓" } else { "✗" });
    let mut all = told.results.iter().map(line).collect::<Vec<_>>();
    if !told.reason.is_empty() {
        all.push(told.reason.clone());
    }
    let value = all.join("; ");
    let good = !told.results.is_empty() && told.results.iter().all(|(good, _)| *good);
    let observation = if good { Observation::passed(&value) } else { Observation::lacks(Status::Failed, &value) };
    observation.shown(ASKED, value)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("secret a<b>c&d refused")]
    #[case("secret a&lt;b&gt;c&amp;d refused")]
    #[case("secret a%3Cb%3Ec%26d refused")]
    fn a_secret_is_not_repeated_however_it_is_written(#[case] message: &str) {
        assert_eq!(without(Some(&Secret::new("a<b>c&d")), message), "[secret]");
        let long = format!("{} {message}", "x".repeat(295));
        assert_eq!(without(Some(&Secret::new("a<b>c&d")), &long), "[secret]");
    }

    #[test]
    fn a_message_loses_its_markup() {
        assert_eq!(without(Some(&Secret::new("hunter2")), "<b>signed</b> in"), "signed in");
    }
}
