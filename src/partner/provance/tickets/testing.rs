//! A small Dataverse for tests: one table of cases and their notes, written as the Web API documents it, which fails at the
//! writes it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::model::azure_id::guid_of;
use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::mapping::MappingFile;
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::model::work_item::WorkItemKind;
use crate::net::testing::{Fake, Seen, json as reply, url};
use crate::partner::provance::Provance;
use crate::partner::testing::{Memory, Trouble};
use crate::partner::{Access, TokenStore};

const MAPPING: &str = r#"
[[work_item]]
kind = "incident"
source = "incident"
column = [
    { from = "incidentid", to = "id", holds = "text" },
    { from = "ticketnumber", to = "number", holds = "text" },
    { from = "title", to = "title", holds = "text" },
    { from = "statuscode", to = "state", holds = "choice" },
    { from = "prioritycode", to = "priority", holds = "choice" },
    { from = "statecode", to = "open", holds = "flag" },
    { from = "createdon", to = "opened_at", holds = "moment" },
    { from = "modifiedon", to = "updated_at", holds = "moment" },
    { from = "description", to = "description", holds = "lines" },
]
"#;

const ATTRIBUTES: [(&str, &str); 13] = [
    ("incidentid", "Uniqueidentifier"),
    ("ticketnumber", "String"),
    ("title", "String"),
    ("statuscode", "Status"),
    ("prioritycode", "Picklist"),
    ("statecode", "State"),
    ("createdon", "DateTime"),
    ("modifiedon", "DateTime"),
    ("description", "Memo"),
    ("ownerid", "Owner"),
    ("customerid", "Customer"),
    ("modifiedby", "Lookup"),
    ("versionnumber", "BigInt"),
];

/// What is in it.
#[derive(Default)]
pub struct Tables {
    /// A rule of the environment takes every new case for a duplicate.
    pub finds_duplicates: bool,
    /// The cases by their id.
    pub cases: BTreeMap<String, Map<String, Json>>,
    /// The notes by their id: of which case, and the text.
    pub notes: BTreeMap<String, (String, String)>,
    /// Replies to reads are about another row.
    pub lies: bool,
    /// Names of teams, accounts and contacts, by the table's set.
    pub names: BTreeMap<&'static str, Vec<&'static str>>,
    /// The tables whose rows the user may not read.
    pub closed: Vec<&'static str>,
    /// The bodies of the writes.
    pub sent: Vec<Json>,
    writes: usize,
    troubles: BTreeMap<usize, Trouble>,
    hidden: bool,
}

/// The server.
pub struct Dataverse {
    /// What is in it.
    pub tables: Arc<Mutex<Tables>>,
    fake: Fake,
}

impl Dataverse {
    /// Starts one with troubles, by the number of the write from 1.
    pub async fn start(troubles: BTreeMap<usize, Trouble>) -> Self {
        let tables = Arc::new(Mutex::new(Tables { troubles, ..Tables::default() }));
        let shared = Arc::clone(&tables);
        let fake = Fake::start(move |seen: &Seen| answer(&mut shared.lock().unwrap(), seen)).await;
        Self { tables, fake }
    }

    /// A client that is signed in.
    pub fn partner(&self) -> Provance {
        let spec = Catalogue::built_in().unwrap().get(&PartnerId::new("provance")).unwrap().clone();
        let now = Timestamp::now();
        let tokens = Tokens {
            access: Secret::new("practice-bearer"),
            access_expires: now + SignedDuration::from_hours(1),
            refresh: None,
            sign_in: SignIn { signed_in_at: now, lifespan_seconds: 3_600, lifespan_known: true },
        };
        let connection = Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: spec.id.clone(),
            server_url: url(&self.fake.url),
            username: String::new(),
            client_id: "client-1".into(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 30,
            create_configuration_items: false,
            grant: Grant::ClientCredentials,
            details: [(crate::model::field::FieldId::Tenant, "contoso.example".to_owned())].into(),
            workspaces: Vec::new(),
            known_as: None,
        };
        let access = Access {
            connection,
            spec,
            password: None,
            client_secret: Some(Secret::new("s")),
            token_store: Memory::with(Some(tokens)) as Arc<dyn TokenStore>,
            ca_file: None,
            mapping: Some(MappingFile::read(MAPPING).unwrap()),
            kept: None,
            trace: None,
            throttle: Default::default(),
        };
        Provance::new(access).unwrap()
    }
}

fn answer(tables: &mut Tables, seen: &Seen) -> Response {
    let path = seen.path.trim_start_matches("/api/data/v9.2/").to_owned();
    if seen.method == "GET" {
        if path.starts_with("incidents(") && std::mem::take(&mut tables.hidden) {
            return limited();
        }
        return read(tables, &path, seen);
    }
    tables.writes += 1;
    tables.sent.push(seen.json.clone());
    match tables.troubles.get(&tables.writes).copied().unwrap_or(Trouble::None) {
        Trouble::None => write(tables, seen, &path),
        Trouble::ErrorAfter => {
            write(tables, seen, &path);
            refused(500, "", "An unexpected error occurred.")
        }
        Trouble::ErrorBefore => refused(503, "", "The service is unavailable."),
        Trouble::BadRequestAfter => {
            write(tables, seen, &path);
            refused(400, "0x80040265", "A plug-in has failed.")
        }
        Trouble::Limited => limited(),
        Trouble::ReadLimited => {
            tables.hidden = true;
            write(tables, seen, &path)
        }
    }
}

fn limited() -> Response {
    let limited = refused(429, "0x80072322", "Number of requests exceeded the limit.");
    ([("retry-after", "1")], limited).into_response()
}

fn refused(status: u16, code: &str, message: &str) -> Response {
    reply(status, &json!({ "error": { "code": code, "message": message } }))
}

fn id_in(path: &str) -> Option<String> {
    let (_, rest) = path.split_once('(')?;
    Some(rest.split_once(')')?.0.to_owned())
}

fn read(tables: &Tables, path: &str, seen: &Seen) -> Response {
    if path.starts_with("EntityDefinitions(") {
        let attribute = |(name, kind): (&str, &str)| json!({ "LogicalName": name, "AttributeType": kind });
        return reply(200, &json!({ "value": ATTRIBUTES.map(attribute) }));
    }
    if path.starts_with("EntityDefinitions") {
        let table = json!({ "LogicalName": "incident", "EntitySetName": "incidents",
            "PrimaryIdAttribute": "incidentid", "PrimaryNameAttribute": "title" });
        return reply(200, &json!({ "value": [table] }));
    }
    let id = id_in(path).unwrap_or_default();
    match path.split('(').next() {
        Some("incidents") => match tables.cases.iter().find(|(known, _)| (**known == id) != tables.lies) {
            Some((_, row)) => reply(200, &Json::Object(row.clone())),
            None => refused(404, "0x80040217", "Entity 'incident' does not exist"),
        },
        Some("annotations") => match tables.notes.get(&id) {
            Some(_) => reply(200, &json!({ "annotationid": id })),
            None => refused(404, "0x80040217", "Entity 'annotation' does not exist"),
        },
        Some(set) if tables.closed.contains(&set) => refused(403, "0x80040220", "Principal user is missing prvRead"),
        Some(set) => reply(200, &json!({ "value": named(tables, set, seen) })),
        None => reply(200, &json!({ "value": [] })),
    }
}

/// The id of the row of a set at a place.
pub fn id_at(set: &str, at: usize) -> String {
    guid_of(&format!("{set} {at}"))
}

/// The rows of a set that its filter lets through: `name eq 'x'` or `contains(name,'x')`, no more than `$top`.
fn named(tables: &Tables, set: &str, seen: &Seen) -> Vec<Json> {
    let (id, name) = match set {
        "teams" => ("teamid", "name"),
        "accounts" => ("accountid", "name"),
        _ => ("contactid", "fullname"),
    };
    let filter = seen.get("$filter").unwrap_or_default();
    let wanted = filter.split('\'').nth(1).unwrap_or_default().to_lowercase();
    let fits = |one: &str| match filter.contains(" eq ") {
        true => one.to_lowercase() == wanted,
        false => one.to_lowercase().contains(&wanted),
    };
    let top = seen.get("$top").and_then(|top| top.parse().ok()).unwrap_or(usize::MAX);
    let all = tables.names.get(set).into_iter().flatten().enumerate().filter(|(_, one)| fits(one));
    all.take(top).map(|(at, one)| json!({ id: id_at(set, at), name: one })).collect()
}

fn write(tables: &mut Tables, seen: &Seen, path: &str) -> Response {
    let done = || StatusCode::NO_CONTENT.into_response();
    if path == "CloseIncident" {
        let bind = seen.json["IncidentResolution"]["incidentid@odata.bind"].as_str().unwrap_or_default();
        let Some(row) = id_in(bind).and_then(|id| tables.cases.get_mut(&id)) else { return refused(404, "", "none") };
        if row["statecode"] != 0 {
            return refused(400, "0x800404cf", "The case has already been resolved.");
        }
        row.insert("statecode".into(), 1.into());
        row.insert("statuscode".into(), 5.into());
        return done();
    }
    let id = id_in(path).unwrap_or_default();
    let creates = seen.headers.get("if-none-match").is_some_and(|value| value == "*");
    let sent = seen.json.as_object().cloned().unwrap_or_default();
    if path.starts_with("annotations") {
        if tables.notes.contains_key(&id) {
            return refused(412, "", "A record with matching key values already exists.");
        }
        let case = sent["objectid_incident@odata.bind"].as_str().and_then(id_in).unwrap_or_default();
        tables.notes.insert(id, (case, sent["notetext"].as_str().unwrap_or_default().to_owned()));
        return done();
    }
    match (tables.cases.contains_key(&id), creates) {
        (false, true) if tables.finds_duplicates => return refused(412, "0x80040333", "A duplicate already exists."),
        (true, true) => return refused(412, "", "A record with matching key values already exists."),
        (false, false) => return refused(404, "0x80040217", "Entity 'incident' does not exist"),
        _ => {}
    }
    let number = format!("CAS-{:05}", tables.cases.len() + 1);
    let row = tables.cases.entry(id.clone()).or_insert_with(|| {
        let Json::Object(row) = json!({ "incidentid": id, "ticketnumber": number, "statecode": 0, "statuscode": 1,
            "_ownerid_value": "owner", "_modifiedby_value": "us", "modifiedon": "2026-11-29T10:00:00Z" })
        else {
            return Map::new();
        };
        row
    });
    let known = |name: &String| ATTRIBUTES.iter().any(|(known, _)| known == name);
    if let Some(strange) = sent.keys().find(|name| !known(name) && !name.contains('@')) {
        return refused(400, "0x80048d19", &format!("Invalid property '{strange}' was found in entity"));
    }
    row.extend(sent.into_iter().filter(|(name, _)| !name.contains('@')));
    done()
}
