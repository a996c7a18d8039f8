use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::sync::{PageRequest, Window};
use crate::model::work_item::{Cursor, Value, WorkItemKind};
use crate::partner::servicenow::testing::spec;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn columns() -> &'static Columns {
    static COLUMNS: LazyLock<Columns> =
        LazyLock::new(|| Columns::new(spec().work_item(WorkItemKind::Incident).unwrap()).unwrap());
    &COLUMNS
}

fn decode(body: &str) -> Result<Decoded, Fault> {
    page(columns(), &body.into())
}

/// A row with the columns it cannot do without and these.
fn row(extra: &Json) -> Json {
    let mut row = json!({
        "sys_id": {"display_value": ID, "value": ID},
        "sys_updated_on": {"display_value": "02-01-2026 04:04", "value": "2026-01-02 03:04:05"},
    });
    for (name, value) in extra.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

fn only(extra: &Json) -> WorkItem {
    let decoded = decode(&json!({"result": [row(extra)]}).to_string()).unwrap();
    assert_eq!((decoded.items.len(), decoded.hidden), (1, 0));
    decoded.items.into_iter().next().unwrap()
}

#[test]
fn a_whole_row_lands_in_its_places() {
    let item = only(&json!({
        "number": {"display_value": "INC0010001", "value": "INC0010001"},
        "short_description": {"display_value": "x", "value": "Mail \u{1b}[31mdown\u{202e}"},
        "state": {"display_value": "In Progress", "value": "2"},
        "priority": {"display_value": "3 - Moderate", "value": "3"},
        "active": {"display_value": "false", "value": "false"},
        "opened_at": {"display_value": "01-01-2026 01:00", "value": "2026-01-01 00:00:00"},
        "description": {"display_value": "", "value": "one\r\ntwo\u{7}"},
        "category": {"display_value": null, "value": ""},
        "close_code": {"display_value": null, "value": "odd"},
        "resolved_at": {"display_value": "soon", "value": "UNKNOWN"},
        "closed_at": {"display_value": "03-01-2026", "value": "2026-01-03 00:00:00"},
        "assigned_to": {"display_value": "Beth Anglin", "value": "46d4"},
        "not_asked_for": {"display_value": "x", "value": "x"},
    }));
    assert_eq!(item.source_id, ID);
    assert_eq!(item.number, "INC0010001");
    assert_eq!(item.title, "Mail [31mdown");
    assert_eq!(item.state, Value::labelled("2", "In Progress"));
    assert_eq!(item.priority, Value::labelled("3", "3 - Moderate"));
    assert!(!item.open);
    assert_eq!(item.opened_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(item.updated_at.to_string(), "2026-01-02T03:04:05Z");
    let fields: Vec<_> = item.fields.iter().map(|field| (field.name.text(), field.value())).collect();
    assert_eq!(
        fields,
        [
            ("assigned_to".into(), Value::labelled("46d4", "Beth Anglin")),
            ("closed_at".into(), Value::plain("2026-01-03T00:00:00Z")),
            ("description".into(), Value::plain("one\ntwo")),
            ("resolved_at".into(), Value::plain("UNKNOWN")),
            ("close_code".into(), Value::plain("odd")),
        ]
    );
}

#[rstest]
#[case(json!("46d4"), Some(Value::plain("46d4")))]
#[case(json!({"display_value": "Beth", "value": "46d4", "link": "https://h/api/now/table/sys_user/zzz"}), Some(Value::labelled("46d4", "Beth")))]
#[case(json!({"display_value": "Beth", "link": "https://h/api/now/table/sys_user/46d4"}), Some(Value::labelled("46d4", "Beth")))]
#[case(json!({"link": "https://h/api/now/table/sys_user/46d4", "value": "46d4"}), Some(Value::plain("46d4")))]
#[case(json!({"display_value": "", "value": "46d4"}), Some(Value::plain("46d4")))]
#[case(json!({"display_value": null, "value": "global"}), Some(Value::plain("global")))]
#[case(json!({"display_value": "Beth"}), Some(Value::plain("Beth")))]
#[case(json!({"display_value": {"a": 1}, "value": ["x"]}), None)]
#[case(json!(""), None)]
#[case(json!(null), None)]
#[case(json!([]), None)]
#[case(json!({}), None)]
#[case(json!(7), Some(Value::plain("7")))]
#[case(json!(-1.5), Some(Value::plain("-1.5")))]
#[case(json!(true), Some(Value::plain("true")))]
#[case(json!({"display_value": 3.0, "value": false}), Some(Value::labelled("false", "3.0")))]
fn every_form_of_a_value_is_read(#[case] sent: Json, #[case] expected: Option<Value>) {
    assert_eq!(only(&json!({"assigned_to": sent})).field("assigned_to"), expected);
}

#[rstest]
#[case(json!({"active": "true"}), true)]
#[case(json!({"active": {"value": false}}), false)]
#[case(json!({"active": "0"}), false)]
#[case(json!({"active": null}), true)]
#[case(json!({}), true)]
fn an_item_is_open_until_the_product_says_no(#[case] extra: Json, #[case] open: bool) {
    assert_eq!(only(&extra).open, open);
}

#[rstest]
#[case::null(json!(null), false)]
#[case::an_empty_text(json!(""), false)]
#[case::a_list(json!([]), true)]
#[case::an_object_without_parts(json!({}), true)]
fn a_column_without_a_readable_value_is_hidden(#[case] sent: Json, #[case] hidden: bool) {
    assert_eq!(only(&json!({"assigned_to": sent})).hidden.iter().any(|name| &**name == "assigned_to"), hidden);
}

#[test]
fn rows_without_id_or_change_time_are_counted_as_hidden() {
    let no_id = json!({"sys_updated_on": "2026-01-02 03:04:05", "number": "INC1"});
    let no_change = json!({"sys_id": ID, "sys_updated_on": ""});
    let bad_change = json!({"sys_id": ID, "sys_updated_on": {"display_value": "2026-01-02 03:04:05", "value": "x"}});
    let body = json!({"result": [{}, no_id, row(&json!({})), no_change, bad_change, null]});
    let decoded = decode(&body.to_string()).unwrap();
    assert_eq!((decoded.items.len(), decoded.hidden), (1, 5));
}

#[test]
fn columns_may_come_in_any_order_and_names_may_be_escaped() {
    let body = format!(
        r#"{{"status":"x","result":[{{"sys_updated_on":"2026-01-02 03:04:05","n\u0075mber":"INC1","sys_id":"{ID}"}}]}}"#
    );
    let decoded = decode(&body).unwrap();
    assert_eq!(decoded.items[0].number, "INC1");
}

#[rstest]
#[case(r#"{"result":[{"sys_id":"a","number":"INC1",}""],"error":{"message":"Transaction cancelled: maximum execution time exceeded","detail":"x"},"status":"failure"}"#, "partner-timed-out")]
#[case(r#"{"result":[{"sys_id":"a"}],"error":{"message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}"#, "partner-timed-out")]
#[case(r#"{"result":[{"sys_id":"a",}""],"error":{"message":"Other","detail":null},"status":"failure"}"#, "truncated")]
#[case(r#"{"error":{"message":"Other","detail":null},"result":[]}"#, "truncated")]
#[case(r#"{"result":[{"sys_id":"a"#, "truncated")]
#[case("", "truncated")]
#[case(r#"{"error":{"message":"Other","detail":null},"status":"failure"}"#, "partner-error")]
#[case(r#"{"error":"Other"}"#, "partner-error")]
#[case(r#"{"result":{"sys_id":"a"}}"#, "malformed")]
#[case(r#"{"result":null}"#, "malformed")]
#[case(r#"{"result":[1]}"#, "malformed")]
#[case(r#"{"status":"x"}"#, "malformed")]
#[case("[]", "malformed")]
#[case("<html>", "malformed")]
#[case(r#"{"result":[]} x"#, "malformed")]
fn a_success_that_is_none_is_found_out(#[case] body: &str, #[case] code: &str) {
    assert_eq!(decode(body).unwrap_err().code(), code);
}

#[test]
fn bad_text_does_not_stop_a_page() {
    let body =
        format!(r#"{{"result":[{{"sys_id":"{ID}","sys_updated_on":"2026-01-02 03:04:05","number":"cut \ud83d"}}]}}"#);
    assert_eq!(decode(&body).unwrap().items[0].number, "cut \u{fffd}");
    let mut bytes = json!({"result": [row(&json!({"number": "INC#"}))]}).to_string().into_bytes();
    let place = bytes.iter().position(|byte| *byte == b'#').unwrap();
    bytes[place] = 0xff;
    assert_eq!(page(columns(), &bytes.clone().into()).unwrap().items[0].number, "INC\u{fffd}");
}

#[rstest]
#[case(r#"{"result":[{"x":#}]}"#, true)]
#[case(r#"{"result":[{"number":#}]}"#, true)]
#[case(r#"{"result":[{"number":{"value":#}}]}"#, true)]
#[case(r#"{"error":#}"#, false)]
#[case(r#"{"other":#,"result":[]}"#, true)]
fn deep_nesting_is_not_followed(#[case] frame: &str, #[case] passed_over: bool) {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        assert_eq!(decode(&frame.replace('#', &deep)).is_ok(), passed_over, "{open}");
    }
}

fn request(after: Option<Cursor>) -> PageRequest {
    let moment = |text: &str| text.parse::<Timestamp>().unwrap();
    PageRequest {
        kind: WorkItemKind::Incident,
        window: Window { from: moment("2026-01-02T00:00:00Z"), before: Some(moment("2026-01-03T00:00:00Z")) },
        after,
        offset: 0,
        limit: 10,
        count: false,
        lean: false,
    }
}

fn item(updated_at: &str, digit: &str) -> WorkItem {
    let source_id = if digit.len() == 1 { digit.repeat(32) } else { digit.to_owned() };
    WorkItem { source_id, updated_at: updated_at.parse().unwrap(), ..only(&json!({})) }
}

const T0: &str = "2026-01-01T23:59:59Z";
const T1: &str = "2026-01-02T00:00:00Z";
const T2: &str = "2026-01-02T23:59:59Z";
const T3: &str = "2026-01-03T00:00:00Z";

#[rstest]
#[case(&[], true)]
#[case(&[(T1, "a"), (T1, "B"), (T2, "1")], true)]
#[case(&[(T0, "a")], false)]
#[case(&[(T3, "a")], false)]
#[case(&[(T2, "a"), (T1, "b")], false)]
#[case(&[(T1, "b"), (T1, "a")], false)]
#[case(&[(T1, "a"), (T1, "A")], false)]
#[case(&[(T1, "zz_b"), (T1, "zz_a")], true)]
#[case(&[(T1, "zz"), (T1, "ZZ")], false)]
fn rows_are_verified(#[case] rows: &[(&str, &str)], #[case] good: bool) {
    let items: Vec<_> = rows.iter().map(|(time, id)| item(time, id)).collect();
    assert_eq!(order::verify("incident", &request(None), &items).is_ok(), good);
}

#[rstest]
#[case((T1, "a"), true)]
#[case((T1, "b"), false)]
#[case((T1, "c"), false)]
#[case((T2, "a"), false)]
fn the_first_row_comes_after_the_last_one_seen(#[case] after: (&str, &str), #[case] good: bool) {
    let after = item(after.0, after.1).cursor();
    let verified = order::verify("incident", &request(Some(after)), &[item(T1, "b")]);
    assert_eq!(verified.is_ok(), good);
}

fn any_row() -> impl Strategy<Value = Json> {
    let text =
        || prop_oneof![Just(Json::Null), Just(json!("")), Just(json!("2")), ".{0,6}".prop_map(Json::from), any_json()];
    let part = prop_oneof![Just("value"), Just("display_value"), Just("link"), Just("other")];
    let cell = prop_oneof![
        text(),
        prop::collection::vec((part, text()), 0..4)
            .prop_map(|parts| parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
    ];
    let name = prop_oneof![Just("state"), Just("number"), Just("assigned_to"), Just("value"), Just("closed_at")];
    prop::collection::vec((name, cell), 0..6)
        .prop_map(|cells| row(&cells.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect()))
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".*".prop_map(Json::from),
        Just(Json::from("2026-01-02 03:04:05")),
    ];
    let name = prop_oneof![
        Just("result"),
        Just("error"),
        Just("value"),
        Just("display_value"),
        Just("link"),
        Just("sys_id"),
        Just("sys_updated_on"),
        Just("state"),
        Just("message"),
        Just("number"),
        Just("closed_at"),
        Just("\u{0}"),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(rows in prop::collection::vec(any_json(), 0..5), whole in any_json()) {
        let _ = decode(&whole.to_string());
        let _ = decode(&json!({"result": rows}).to_string());
    }

    /// A row that follows rows of its shape is read without a parser, one that comes alone is parsed.
    #[test]
    fn rows_read_together_are_those_read_alone(rows in prop::collection::vec(any_row(), 1..12)) {
        let together = decode(&json!({"result": rows}).to_string()).unwrap();
        let alone: Vec<_> = rows.iter().map(|row| decode(&json!({"result": [row]}).to_string()).unwrap()).collect();
        prop_assert_eq!(together.hidden, alone.iter().map(|page| page.hidden).sum::<u64>());
        prop_assert_eq!(together.items, alone.into_iter().flat_map(|page| page.items).collect::<Vec<_>>());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..400) {
        let _ = page(columns(), &bytes.clone().into());
        let whole = json!({"result": [row(&json!({"number": "é\u{1f600}\\"}))]}).to_string();
        let cut = cut.min(whole.len());
        let _ = page(columns(), &whole.as_bytes()[..cut].into());
    }

    #[test]
    fn what_is_decoded_is_clean(title in ".*") {
        let item = only(&json!({"short_description": {"value": title.clone(), "display_value": title}}));
        prop_assert!(!item.title.chars().any(crate::model::clean::is_unsafe));
    }
}
