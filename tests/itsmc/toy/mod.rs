//! A fifth partner comes in with nothing but an asset and one small module.

mod helpdesk;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use itsmc::home::Home;
use itsmc::model::connection::ConnectionName;
use itsmc::model::form::{FieldId, Form};
use itsmc::model::partner::{Catalogue, PartnerId};
use itsmc::model::secret::Secret;
use itsmc::partner::registry::Registration;
use itsmc::service::connections;
use itsmc::service::services::Services;
use itsmc::service::syncing;
use itsmc::vault::{AskPassphrase, VaultOptions};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const HELPDESK: Registration =
    Registration { id: "helpdesk", asset: include_str!("helpdesk.toml"), connect: helpdesk::connect };

const TICKETS: usize = 2_345;

struct Nobody;

impl AskPassphrase for Nobody {
    fn passphrase(&mut self, _: bool) -> Option<Secret> {
        None
    }

    fn new_passphrase(&mut self) -> Option<Secret> {
        None
    }
}

/// The helpdesk itself: a token for the right password, and its tickets in the order of their change.
async fn helpdesk() -> String {
    let now = Timestamp::now();
    let at = move |ticket: usize| now - SignedDuration::from_mins((TICKETS - ticket / 3) as i64);
    let ticket = move |number: usize| {
        json!({ "key": format!("T{number:06}"), "subject": format!("Ticket {number}"), "status": "new", "rank": "2",
                "active": "true", "opened": at(number).to_string(), "changed": at(number).to_string(), "body": "a\nb" })
    };
    let tickets = move |headers: HeaderMap, Query(query): Query<HashMap<String, String>>| async move {
        if headers.get("authorization").is_none_or(|bearer| bearer != "Bearer toy-token") {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let from: Timestamp = query.get("from").map_or(Ok(Timestamp::UNIX_EPOCH), |from| from.parse()).unwrap();
        let id = query.get("id").cloned().unwrap_or_default();
        let follows = |number: &usize| at(*number) > from || (at(*number) == from && format!("T{number:06}") > id);
        let limit = query["limit"].parse().unwrap();
        Ok(Json((0..TICKETS).filter(follows).take(limit).map(ticket).collect::<Vec<Value>>()))
    };
    let token = |body: String| async move {
        if body == "user=jo&password=right" { Ok("toy-token") } else { Err(StatusCode::UNAUTHORIZED) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/token", post(token)).route("/tickets", get(tickets));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn services(folder: &std::path::Path) -> Services {
    let options = VaultOptions { key_file: Some(folder.join("key.txt")), ..VaultOptions::bare() };
    let catalogue = Arc::new(Catalogue::from_assets(&[HELPDESK.asset]).unwrap());
    let mut services = Services::new(Home::in_dir(folder), catalogue, None, options, Box::new(|| Box::new(Nobody)));
    services.partners = vec![HELPDESK];
    services
}

fn form(services: &Services, url: &str, password: &str) -> itsmc::model::form::ValidForm {
    let spec = services.spec(&PartnerId::new("helpdesk")).unwrap();
    let mut form = Form::new(spec);
    for (field, text) in [(FieldId::Name, "desk"), (FieldId::ServerUrl, url), (FieldId::Username, "jo")] {
        form.texts.insert(field, text.to_owned());
    }
    form.secrets.insert(FieldId::Password, Secret::new(password));
    form.validate(spec, &[]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fifth_partner_is_connected_synced_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (services, url) = (services(folder.path()), helpdesk().await);
    let refused = connections::save(&services, &form(&services, &url, "wrong")).await.outcome.unwrap_err();
    assert_eq!(refused.code(), "sign-in-refused");
    connections::save(&services, &form(&services, &url, "right")).await.outcome.unwrap();

    let reports = syncing::sync(&services, "desk", false, |_| (), CancellationToken::new()).await.unwrap();
    assert_eq!((reports.len(), reports[0].inserted, reports[0].complete), (1, TICKETS as u64, true), "{reports:?}");
    let store = services.store().await.unwrap();
    let name = ConnectionName::parse("desk").unwrap();
    let item = store.item_by_number(&name, "T001234").await.unwrap().unwrap();
    assert_eq!((item.title.as_str(), item.state.shown(), item.open), ("Ticket 1234", "new", true));
    assert_eq!(item.field("description").unwrap().value, "a\nb");
    let again = syncing::sync(&services, "desk", false, |_| (), CancellationToken::new()).await.unwrap();
    assert_eq!((again[0].inserted, again[0].updated), (0, 0));
}
