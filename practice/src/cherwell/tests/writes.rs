//! Records made, changed and linked.

use reqwest::Method;
use rstest::rstest;

use super::*;

const INCIDENT: &str = "6dd53665c0c24cab86870a21cf6434ae";

impl Practice {
    /// The status, 0 if the connection was cut, and the JSON.
    async fn send(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.request(Method::POST, self.url(&format!("/api/V1/{path}"))).bearer_auth(&self.token);
        let reply = request.header("content-type", "application/json").body(body.to_string()).send().await;
        match reply {
            Ok(reply) => read(reply).await,
            Err(_) => (0, Value::Null),
        }
    }

    /// A save of fields by their names.
    async fn order(&self, object: &str, rec_id: &str, fields: &[(&str, &str)]) -> Value {
        let (id, definitions) = self.fields(object).await;
        let field = |(name, value): &(&str, &str)| {
            let all = definitions.as_array().unwrap();
            let found = all.iter().find(|field| field["name"] == *name).map(|field| field["fieldId"].clone());
            json!({"dirty": true, "fieldId": found.unwrap_or_else(|| "unknown".into()), "name": name, "value": value})
        };
        json!({
            "busObId": id, "busObRecId": rec_id, "persist": true,
            "fields": fields.iter().map(field).collect::<Vec<_>>(),
        })
    }

    async fn save(&self, rec_id: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let order = self.order("Incident", rec_id, fields).await;
        self.send("savebusinessobject", &order).await
    }
}

async fn still() -> Practice {
    Practice::start(Options { rows: Some(5), ..Options::still() }).await
}

#[tokio::test]
async fn incident_is_made_changed_and_resolved() {
    let practice = still().await;
    let (status, made) = practice.save("", &[("ShortDescription", "CPU [azm-1]"), ("Priority", "2")]).await;
    assert_eq!((status, &made["hasError"]), (200, &json!(false)));
    let id = made["busObRecId"].as_str().unwrap().to_owned();
    assert_eq!(practice.save(&id, &[("Description", "More")]).await.1["busObPublicId"], made["busObPublicId"]);
    let (status, refused) = practice.save(&id, &[("Status", "Resolved")]).await;
    assert_eq!((status, &refused["hasError"]), (200, &json!(true)), "what is missing is told at 200");
    assert_eq!(refused["fieldValidationErrors"][0]["errorCode"], "REQUIREDFIELD");
    let (_, done) = practice.save(&id, &[("Status", "Resolved"), ("CloseDescription", "Over")]).await;
    assert_eq!(done["hasError"], false);
    let ticket = practice.control().tickets().remove(0);
    assert_eq!((ticket.key.as_str(), ticket.state.as_str(), ticket.open), ("azm-1", "Resolved", false));
    assert_eq!(ticket.history.iter().map(|one| one.done).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(practice.save(&"0".repeat(32), &[]).await.1["errorCode"], "RECORDNOTFOUND");
}

#[tokio::test]
async fn fields_are_refused_at_200_and_caching_stores_nothing() {
    let practice = still().await;
    practice.control().change_manners(|manners| manners.required = vec!["Service".into()]);
    let (status, refused) = practice.save("", &[("ShortDescription", "x")]).await;
    assert_eq!((status, &refused["fieldValidationErrors"][0]["error"]), (200, &json!("Service is a required field")));
    assert_eq!(practice.save("", &[("Colour", "red")]).await.1["errorCode"], "INVALIDFIELD");
    let mut order = practice.order("Incident", "", &[("Service", "Network")]).await;
    order["persist"] = json!(false);
    let (_, cached) = practice.send("savebusinessobject", &order).await;
    assert_eq!((&cached["hasError"], &cached["cacheKey"]), (&json!(false), &json!("practice")));
    assert!(practice.control().tickets().is_empty());
}

#[tokio::test]
async fn journal_and_configuration_item_are_related() {
    let practice = still().await;
    let made = practice.save("", &[("ShortDescription", "CPU [azm-1]")]).await.1;
    let parent = made["busObRecId"].as_str().unwrap().to_owned();
    let schema =
        practice.get(&format!("/api/V1/getbusinessobjectschema/busobid/{INCIDENT}?includerelationships=true")).await.1;
    let relationship = |name: &str| {
        let all = schema["relationships"].as_array().unwrap();
        let found = all.iter().find(|one| one["displayName"] == name).unwrap();
        found["relationshipId"].as_str().unwrap().to_owned()
    };
    let mut note = practice.order("JournalNote", "", &[("Details", "Fired again")]).await;
    note["parentBusObId"] = json!(INCIDENT);
    note["parentBusObRecId"] = json!(parent);
    note["relationshipId"] = json!(relationship("Incident Owns Journals"));
    for _ in 0..2 {
        assert_eq!(practice.send("saverelatedbusinessobject", &note).await.1["hasError"], false);
    }
    assert_eq!(practice.control().integrity().doubled_notes[0].times, 2);
    let group = practice.get("/api/V1/getbusinessobjectsummary/busobname/ConfigurationItem").await.1;
    assert_eq!(group[0]["groupSummaries"][0]["name"], "ConfigServer");
    let item = practice.control().rows("ConfigServer").remove(0);
    let link = format!(
        "/api/V1/linkrelatedbusinessobject/parentbusobid/{INCIDENT}/parentbusobrecid/{parent}/relationshipid/{}/busobid/{}/busobrecid/{}",
        relationship("Incident Links Configuration Items"),
        group[0]["groupSummaries"][0]["busObId"].as_str().unwrap(),
        item["RecID"].text,
    );
    assert_eq!(practice.get(&link).await.0, 200);
    let (status, again) = practice.get(&link).await;
    assert_eq!(status, 500);
    assert!(again["errorMessage"].as_str().unwrap().contains("DuplicateEntry"));
}

#[rstest]
#[case(FaultKind::ReplyLost, 0)]
#[case(FaultKind::ErrorAfterCommit, 500)]
#[tokio::test]
async fn write_is_carried_out_and_its_answer_is_lost_or_false(#[case] fault: FaultKind, #[case] expected: u16) {
    let practice = still().await;
    practice.control().fault(FaultSpec::new(fault));
    assert_eq!(practice.save("", &[("ShortDescription", "x")]).await.0, expected, "reading the schema is no write");
    assert_eq!(practice.control().tickets().len(), 1);
    practice.control().fault(FaultSpec { column: "Priority".into(), ..FaultSpec::new(FaultKind::DroppedColumn) });
    practice.save("", &[("ShortDescription", "y"), ("Priority", "1")]).await;
    assert!(!practice.control().tickets().iter().any(|ticket| ticket.fields.contains_key("Priority")));
    practice.control().fault(FaultSpec::new(FaultKind::FieldErrors));
    assert_eq!(practice.save("", &[]).await.1["fieldValidationErrors"][0]["errorCode"], "VALIDATIONFAILED");
    practice.control().fault(FaultSpec::new(FaultKind::Throttled));
    assert_eq!(practice.save("", &[]).await.0, 429);
    practice.control().fault(FaultSpec::new(FaultKind::LoggedOut).on_writes());
    assert_eq!(practice.save("", &[]).await.0, 401, "another program has signed in");
}

#[tokio::test]
async fn key_may_have_a_field_of_its_own() {
    let practice = Practice::start(Options { rows: Some(2), key_field: true, ..Options::still() }).await;
    practice.control().change_manners(|manners| manners.key_field = "ExternalReference".into());
    for _ in 0..2 {
        practice.save("", &[("ShortDescription", "x"), ("ExternalReference", "azm:1")]).await;
    }
    assert_eq!(practice.control().integrity().doubled_keys[0].key, "azm:1");
}
