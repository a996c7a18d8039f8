use rstest::rstest;
use serde_json::{Value as Json, json};

use super::*;
use crate::model::fields::Fields;
use crate::model::log_analytics::{LOG, WORK_ITEMS};
use crate::model::work_item::{Value, WorkItem};
use crate::sink::VALUE_BYTES;
use crate::sink::cells::{is_moment, is_usual_moment};

pub(crate) fn item(kind: WorkItemKind) -> WorkItem {
    WorkItem {
        kind,
        source_id: "0123456789abcdef0123456789abcdef".into(),
        number: "INC0010001".into(),
        title: "Printer \"3\" is on fire\n".into(),
        state: Value::labelled("2", "In Progress"),
        priority: Value::labelled("1", "1 - Critical"),
        open: true,
        opened_at: "2026-11-20T08:00:00Z".parse().ok(),
        updated_at: "2026-11-21T09:30:00Z".parse().unwrap(),
        fields: [
            ("urgency", Value::labelled("3", "3 - Low")),
            ("assigned_to", Value::labelled("a".repeat(32), "Beth Anglin")),
            ("description", Value::plain("It burns.")),
            ("resolved_at", Value::plain("2026-11-21T09:00:00Z")),
            ("update_count", Value::plain("4")),
        ]
        .into(),
        hidden: Vec::new(),
    }
}

/// A work item as the store gives it out.
pub(crate) fn as_stored<T>(item: &WorkItem, look: impl FnOnce(&ItemRef<'_>) -> T) -> T {
    look(&ItemRef {
        kind: item.kind,
        source_id: &item.source_id,
        number: &item.number,
        title: &item.title,
        state: (&item.state).into(),
        priority: (&item.priority).into(),
        opened_at: item.opened_at,
        updated_at: item.updated_at,
        fields: Fields::of(item.fields.json()),
    })
}

fn beside() -> Beside<'static> {
    Beside {
        connection: "contoso",
        partner: "servicenow",
        send: 1_800_000_000_000_007,
        now: "2026-11-22T10:00:00Z",
        removed: false,
        resent: false,
    }
}

fn made(values: Values, types: &[(&'static str, ColumnType)], item: &WorkItem) -> (Json, Checked) {
    let mut streamed = Streamed::all(&WORK_ITEMS);
    for (name, kind) in types {
        streamed.columns.iter_mut().filter(|(column, _)| column == name).for_each(|column| column.1 = *kind);
    }
    let mut out = String::new();
    let mut maker = RowMaker::new(&streamed, values);
    let checked = as_stored(item, |item| maker.write(&mut out, item, beside(), VALUE_BYTES)).unwrap();
    (serde_json::from_str(&out).unwrap(), checked)
}

#[test]
fn a_row_has_the_old_columns_and_ours() {
    let (row, checked) = made(Values::Labels, &[], &item(WorkItemKind::Incident));
    let expected = json!({
        "TimeGenerated": "2026-11-22T10:00:00Z", "ServiceDeskWorkItemType_s": "Incident",
        "ServiceDeskConnectionName_s": "contoso", "ServiceDeskId_s": "INC0010001",
        "Title_s": "Printer \"3\" is on fire\n", "IncidentState_s": "In Progress", "Priority_s": "1 - Critical",
        "Urgency_s": "3 - Low", "AssignedTo_s": "Beth Anglin", "Description_s": "It burns.",
        "CreatedDate_t": "2026-11-20T08:00:00Z", "LastModifiedDate_t": "2026-11-21T09:30:00Z",
        "ResolvedDate_t": "2026-11-21T09:00:00Z", "ItsmcId": "0123456789abcdef0123456789abcdef",
        "ItsmcPartner": "servicenow", "ItsmcSend": 1_800_000_000_000_007_i64, "ItsmcRemoved": false,
        "ItsmcResent": false,
    });
    assert_eq!((row, checked), (expected, Checked::default()));
}

#[test]
fn numbers_are_written_for_choices_and_names_for_people() {
    let (row, _) = made(Values::Numbers, &[], &item(WorkItemKind::ChangeRequest));
    assert_eq!((&row["CRState_s"], &row["Priority_s"], &row["Urgency_s"]), (&json!("2"), &json!("1"), &json!("3")));
    assert_eq!((&row["AssignedTo_s"], row.get("IncidentState_s")), (&json!("Beth Anglin"), None));
    assert_eq!(row["ServiceDeskWorkItemType_s"], "ChangeRequest");
}

#[test]
fn every_column_of_the_table_has_a_source() {
    for column in WORK_ITEMS.iter().filter(|column| column.name != tables::TEST) {
        assert!(source(column.name).is_some() != attribute(column.name).is_some(), "{}", column.name);
    }
    assert!(LOG.len() > 1);
    let mut shown: Vec<_> = WORK_ITEMS.iter().filter_map(|column| Some(attribute(column.name)?.0)).collect();
    shown.sort_unstable();
    assert!(shown.windows(2).all(|pair| pair[0] != pair[1]), "an attribute is shown by one column");
}

/// A maker that has made other rows before makes the same row as a new one.
#[test]
fn a_row_does_not_depend_on_the_rows_before_it() {
    let named = |names: &[&'static str]| {
        let fields = names.iter().map(|name| (*name, Value::labelled(format!("{name} 1"), format!("{name} 2"))));
        WorkItem { fields: fields.collect(), ..item(WorkItemKind::Incident) }
    };
    let orders = [
        &["urgency", "impact", "mine", "category"][..],
        &["category", "urgency"],
        &["impac", "impact_x", "impact", "mine"],
        &["mine", "mine", "source", "urgency", "impact"],
        &[],
        &["urgency", "impact", "mine", "category"],
    ];
    let mut streamed = Streamed::all(&WORK_ITEMS);
    let of_number = |column: &&mut (&str, ColumnType)| column.0 == "ServiceDeskConnectionName_s";
    streamed.columns.iter_mut().filter(of_number).for_each(|column| column.1 = ColumnType::Long);
    let mut maker = RowMaker::new(&streamed, Values::Labels);
    for (nth, order) in orders.into_iter().cycle().take(24).enumerate() {
        let nth = nth as i64;
        let kind = if nth % 5 == 0 { WorkItemKind::ChangeRequest } else { WorkItemKind::Incident };
        let item = WorkItem { kind, ..named(order) };
        let now = format!("2026-11-22T10:00:{:02}Z", nth / 4);
        let beside = Beside {
            connection: ["contoso", "fabrikam"][usize::from(nth % 3 == 0)],
            send: nth,
            now: &now,
            removed: nth % 7 == 0,
            resent: nth % 8 == 0,
            ..beside()
        };
        let write = |maker: &mut RowMaker| {
            let mut out = String::new();
            let checked = as_stored(&item, |item| maker.write(&mut out, item, beside, VALUE_BYTES)).unwrap();
            assert_eq!(checked.unfit, ["ServiceDeskConnectionName_s"]);
            serde_json::from_str::<Json>(&out).unwrap()
        };
        let row = write(&mut maker);
        assert_eq!(row, write(&mut RowMaker::new(&streamed, Values::Labels)), "{nth}");
        let urgency = order.contains(&"urgency").then_some("urgency 2");
        assert_eq!(row.get("Urgency_s").and_then(Json::as_str), urgency);
        assert_eq!((&row["ItsmcSend"], &row["ItsmcRemoved"]), (&json!(nth), &json!(nth % 7 == 0)));
    }
}

#[rstest]
#[case::whole_number("Priority_s", ColumnType::Int, json!(1), false)]
#[case::number("Urgency_s", ColumnType::Real, json!(3), false)]
#[case::no_number("Title_s", ColumnType::Long, Json::Null, true)]
#[case::no_moment("Title_s", ColumnType::DateTime, Json::Null, true)]
#[case::no_truth("Title_s", ColumnType::Boolean, Json::Null, true)]
#[case::moment_as_text("CreatedDate_t", ColumnType::String, json!("2026-11-20T08:00:00Z"), false)]
#[case::moment_as_number("CreatedDate_t", ColumnType::Int, Json::Null, true)]
#[case::truth_as_text("ItsmcRemoved", ColumnType::String, json!("false"), false)]
fn a_value_fits_its_column_or_is_left_out_and_said(
    #[case] column: &'static str,
    #[case] kind: ColumnType,
    #[case] expected: Json,
    #[case] said: bool,
) {
    let (row, checked) = made(Values::Labels, &[(column, kind)], &item(WorkItemKind::Incident));
    assert_eq!(row.get(column).cloned().unwrap_or_default().as_f64(), expected.as_f64(), "{row}");
    assert_eq!(row.get(column).is_none(), expected.is_null(), "{row}");
    assert_eq!(checked.unfit, if said { vec![column] } else { vec![] });
}

#[test]
fn a_moment_that_is_none_is_left_out() {
    let mut odd = item(WorkItemKind::Incident);
    odd.fields.retain(|field| !field.is("resolved_at"));
    odd.fields.push("resolved_at", &Value::plain("21/11/2026 09:00"));
    let (row, checked) = made(Values::Labels, &[], &odd);
    assert_eq!((row.get("ResolvedDate_t"), checked.unfit.as_slice()), (None, &["ResolvedDate_t"][..]));
}

#[test]
fn a_text_over_64_kb_is_cut_at_a_character_and_said() {
    let mut long = item(WorkItemKind::Incident);
    long.fields.retain(|field| !field.is("description"));
    long.fields.push("description", &Value::plain(format!("a{}", "é".repeat(60_000))));
    let (row, checked) = made(Values::Labels, &[], &long);
    let kept = row["Description_s"].as_str().unwrap().len();
    assert!((VALUE_BYTES - 1..=VALUE_BYTES).contains(&kept), "{kept}");
    assert_eq!(checked.cut, ["Description_s"]);
}

#[test]
fn what_is_stored_with_escapes_is_sent_with_the_same() {
    let mut odd = item(WorkItemKind::Incident);
    odd.fields.retain(|field| !field.is("description"));
    let text = "a \"b\"\n\u{1}\\ é \u{1f525}";
    odd.fields.push("description", &Value::plain(text));
    let (row, _) = made(Values::Labels, &[], &odd);
    assert_eq!(row["Description_s"], text);
}

#[rstest]
#[case("2026-11-21T09:00:00Z")]
#[case("2026-02-28T23:59:59Z")]
#[case("2026-03-31T00:00:00Z")]
#[case("2026-04-30T00:00:00Z")]
#[case("2026-04-31T00:00:00Z")]
#[case("2026-11-31T00:00:00Z")]
#[case("2026-12-31T00:00:00Z")]
#[case("2026-12-32T00:00:00Z")]
#[case("2026-02-30T00:00:00Z")]
#[case("2026-11-21T09:00:00.123Z")]
#[case("2026-02-29T09:00:00Z")]
#[case("2026-13-01T09:00:00Z")]
#[case("2026-11-21T24:00:00Z")]
#[case("2026-11-21T09:61:00Z")]
#[case("0000-11-21T09:00:00Z")]
#[case("2026-11-21 09:00:00Z")]
#[case("2026-11-00T09:00:00Z")]
fn the_usual_moments_are_moments(#[case] text: &str) {
    assert!(!is_usual_moment(text.as_bytes()) || is_moment(text), "{text}");
}

#[test]
fn attributes_that_cannot_be_read_are_told() {
    let mut out = String::new();
    let mut maker = RowMaker::new(&Streamed::all(&WORK_ITEMS), Values::Labels);
    let write = |item: &ItemRef<'_>| {
        let broken = ItemRef { fields: Fields::of("{\"urgency\":3}"), ..item.clone() };
        maker.write(&mut out, &broken, beside(), VALUE_BYTES)
    };
    assert!(as_stored(&item(WorkItemKind::Incident), write).is_err());
}
