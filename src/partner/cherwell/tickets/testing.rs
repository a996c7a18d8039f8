//! A small Cherwell for tests: incidents that are saved and searched as the REST API documents it. It takes no id of ours,
//! and saves as often as it is asked to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::model::connection::{Connection, ConnectionName, Grant};
use crate::model::mapping::MappingFile;
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::secret::Secret;
use crate::model::token::{SignIn, Tokens};
use crate::model::work_item::WorkItemKind;
use crate::net::http::HttpConfig;
use crate::net::testing::{Fake, Seen, json as reply, url};
use crate::partner::cherwell::Cherwell;
use crate::partner::testing::{Memory, Trouble};
use crate::partner::{Access, TokenStore};

const OBJECT: &str = "6dd53665c0c24cab86870a21cf6434ae";

/// The field that an admin may have made for our key.
pub const KEY: &str = "ExternalReference";

/// The field that an admin may have made for our notes.
pub const NOTES: &str = "AzureNotes";

/// The fields of an incident.
pub const FIELDS: [&str; 13] = [
    "RecID",
    "IncidentID",
    "IncidentType",
    "Status",
    "Priority",
    "ShortDescription",
    "Description",
    "CreatedDateTime",
    "LastModifiedDateTime",
    "LastModBy",
    "OwnedBy",
    "CloseDescription",
    NOTES,
];

/// What is in it.
#[derive(Default)]
pub struct Records {
    /// The incidents, by their fields.
    pub incidents: Vec<BTreeMap<String, String>>,
    writes: usize,
    troubles: BTreeMap<usize, Trouble>,
    hidden: bool,
    /// A field without which nothing is saved.
    pub needs: Option<&'static str>,
    /// Replies to reads and saves are about another record.
    pub lies: bool,
    /// So many characters of a title are kept, and so many are told of by the schema.
    pub title: Option<(usize, usize)>,
    /// Titles are written anew by a rule.
    pub renames: bool,
    /// The field for a key holds so many characters.
    pub key: Option<usize>,
    /// A person writes this into the description right before each save.
    pub meanwhile: Option<String>,
    /// A search gives a page of records that nobody asked for, of more that there are.
    pub strangers: bool,
}

/// The server.
pub struct System {
    /// What is in it.
    pub records: Arc<Mutex<Records>>,
    fake: Fake,
}

impl System {
    /// Starts one with troubles, by the number of the save from 1.
    pub async fn start(troubles: BTreeMap<usize, Trouble>) -> Self {
        let records = Arc::new(Mutex::new(Records { troubles, ..Records::default() }));
        let shared = Arc::clone(&records);
        let fake = Fake::start(move |seen: &Seen| answer(&mut shared.lock().unwrap(), seen)).await;
        Self { records, fake }
    }

    /// A client that is signed in.
    pub fn partner(&self) -> Cherwell {
        self.mapped(None)
    }

    /// The same with the admin's own mapping.
    pub fn mapped(&self, mapping: Option<MappingFile>) -> Cherwell {
        let spec = Catalogue::built_in().unwrap().get(&PartnerId::new("cherwell")).unwrap().clone();
        let now = Timestamp::now();
        let tokens = Tokens {
            access: Secret::new("practice-bearer"),
            access_expires: now + SignedDuration::from_hours(1),
            refresh: Some(Secret::new("practice-refresh")),
            sign_in: SignIn { signed_in_at: now, lifespan_seconds: 3_600, lifespan_known: true },
        };
        let connection = Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: spec.id.clone(),
            server_url: url(&self.fake.url),
            username: "azure.integration".into(),
            client_id: "client-1".into(),
            work_items: WorkItemKind::ALL.to_vec(),
            sync_days: 30,
            create_configuration_items: false,
            grant: Grant::Password,
            details: [(crate::model::field::FieldId::TimeZone, "Etc/UTC".to_owned())].into(),
            workspaces: Vec::new(),
            known_as: None,
        };
        let access = Access {
            connection,
            spec,
            password: None,
            client_secret: None,
            token_store: Memory::with(Some(tokens)) as Arc<dyn TokenStore>,
            ca_file: None,
            mapping,
            kept: None,
            trace: None,
            throttle: Default::default(),
        };
        Cherwell::new(access, &HttpConfig::default()).unwrap()
    }
}

fn answer(records: &mut Records, seen: &Seen) -> Response {
    let path = seen.path.trim_start_matches("/CherwellAPI/api/").to_owned();
    if !path.starts_with("V1/savebusinessobject") {
        if path.contains("/busobrecid/") && std::mem::take(&mut records.hidden) {
            return limited();
        }
        return read(records, seen, &path);
    }
    records.writes += 1;
    match records.troubles.get(&records.writes).copied().unwrap_or(Trouble::None) {
        Trouble::None => save(records, &seen.json),
        Trouble::ErrorAfter => {
            save(records, &seen.json);
            ([("content-type", "text/html")], "<title>502</title>").into_response()
        }
        Trouble::ErrorBefore => crate::net::testing::html(502, "<title>Bad gateway</title>"),
        Trouble::BadRequestAfter => {
            save(records, &seen.json);
            failed(500, "One step failed.")
        }
        Trouble::Limited => limited(),
        Trouble::ReadLimited => {
            records.hidden = true;
            save(records, &seen.json)
        }
    }
}

fn failed(status: u16, message: &str) -> Response {
    reply(status, &json!({ "errorCode": "GENERALFAILURE", "errorMessage": message, "hasError": true }))
}

fn limited() -> Response {
    ([("retry-after", "1")], failed(429, "Too many requests")).into_response()
}

fn field_id(name: &str) -> String {
    format!("BO:{OBJECT},FI:{}", name.to_lowercase())
}

fn record(fields: &BTreeMap<String, String>) -> Json {
    let all = fields.iter().map(|(name, value)| json!({ "fieldId": field_id(name), "name": name, "value": value }));
    json!({ "busObId": OBJECT, "busObRecId": fields["RecID"], "busObPublicId": fields["IncidentID"],
        "fields": all.collect::<Vec<_>>(), "hasError": false })
}

fn read(records: &Records, seen: &Seen, path: &str) -> Response {
    let summary = |name: &str| json!([{ "busObId": OBJECT, "name": name }]);
    if path == "V1/serviceinfo" {
        return reply(
            200,
            &json!({ "apiVersion": "10.2.0", "csmCulture": "en-US", "csmVersion": "10.2.0",
            "systemDateTime": "11/29/2026 10:00 AM", "timeZone": { "BaseUtcOffset": "00:00:00" }, "systemUtcOffset": "+00:00" }),
        );
    }
    if let Some(name) = path.strip_prefix("V1/getbusinessobjectsummary/busobname/") {
        return reply(200, &summary(name));
    }
    if path.starts_with("V1/getbusinessobjectschema") {
        let size = |name: &str| match name {
            "ShortDescription" => records.title.map_or(120, |(_, told)| told),
            KEY => records.key.unwrap_or(0),
            _ => 0,
        };
        let field = |name: &&str| {
            let date = name.ends_with("DateTime");
            json!({ "fieldId": field_id(name), "name": name, "type": if date { "DateTime" } else { "Text" }, "hasDate": date,
                "maximumSize": size(name) as f64 })
        };
        let states = "New,Assigned,In Progress,Pending,Resolved,Closed,Reopened";
        return reply(
            200,
            &json!({ "name": "Incident", "states": states,
            "fieldDefinitions": FIELDS.iter().chain(records.key.iter().map(|_| &KEY)).map(field).collect::<Vec<_>>() }),
        );
    }
    if let Some(id) = path.rsplit_once("/busobrecid/").map(|(_, id)| id) {
        let wanted = |one: &&BTreeMap<String, String>| (one["RecID"] == id) != records.lies;
        return match records.incidents.iter().find(wanted) {
            Some(found) => reply(200, &record(found)),
            None => reply(
                500,
                &json!({ "errorCode": "RECORDNOTFOUND", "errorMessage": "Record not found", "hasError": true }),
            ),
        };
    }
    search(records, &seen.json)
}

fn search(records: &Records, sent: &Json) -> Response {
    let filters: Vec<_> = sent["filters"].as_array().cloned().unwrap_or_default();
    let fits = |one: &&BTreeMap<String, String>| {
        filters.iter().all(|filter| {
            let name = FIELDS.iter().find(|name| filter["fieldId"] == field_id(name)).unwrap_or(&"");
            let (value, wanted) = (one.get(*name).cloned().unwrap_or_default(), filter["value"].as_str().unwrap_or(""));
            match filter["operator"].as_str() {
                Some("contains") => value.contains(wanted),
                _ => value == wanted,
            }
        })
    };
    if records.strangers {
        let stranger = |n: usize| {
            let fields = [("RecID", format!("{n:042}")), ("IncidentID", n.to_string())];
            record(&fields.map(|(name, value)| (name.to_owned(), value)).into())
        };
        let all: Vec<_> = (0..50).map(stranger).collect();
        return reply(200, &json!({ "totalRows": 90, "businessObjects": all, "hasError": false }));
    }
    let found: Vec<_> = records.incidents.iter().filter(fits).map(record).collect();
    reply(200, &json!({ "totalRows": found.len(), "businessObjects": found, "hasError": false }))
}

fn save(records: &mut Records, sent: &Json) -> Response {
    if sent["persist"] != true {
        return reply(200, &json!({ "cacheKey": "x", "hasError": false }));
    }
    let fields: BTreeMap<String, String> = sent["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| Some((field["name"].as_str()?.to_owned(), field["value"].as_str()?.to_owned())))
        .collect();
    if let Some(needed) = records.needs.filter(|needed| sent["busObRecId"].is_null() && !fields.contains_key(*needed)) {
        let error = json!({ "error": format!("{needed} is required"), "errorCode": "FIELDREQUIRED", "fieldId": "x" });
        return reply(200, &json!({ "fieldValidationErrors": [error], "hasError": false }));
    }
    let place = sent["busObRecId"].as_str().and_then(|id| records.incidents.iter().position(|one| one["RecID"] == id));
    let place = place.unwrap_or_else(|| {
        let n = records.incidents.len() + 1;
        let new =
            [("RecID", format!("{n:042}")), ("IncidentID", (10_000 + n).to_string()), ("Status", "New".to_owned())];
        records.incidents.push(new.map(|(name, value)| (name.to_owned(), value)).into());
        n - 1
    });
    let (lies, renames, kept) = (records.lies, records.renames, records.title.map(|(kept, _)| kept));
    let meanwhile = records.meanwhile.clone();
    let row = &mut records.incidents[place];
    row.extend(meanwhile.map(|text| ("Description".to_owned(), text)));
    row.extend(fields);
    row.insert("LastModBy".into(), "azure.integration".into());
    if let Some(title) = row.get_mut("ShortDescription") {
        *title = if renames { "Alert".to_owned() } else { title.chars().take(kept.unwrap_or(usize::MAX)).collect() };
    }
    let told = if lies { format!("{:042}", 77) } else { row["RecID"].clone() };
    reply(
        200,
        &json!({ "busObRecId": told, "busObPublicId": row["IncidentID"], "fieldValidationErrors": [],
        "hasError": false }),
    )
}
