use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::work_item::WorkItemKind;
use crate::partner::cherwell::bind::{Schema, Summary};
use crate::partner::mapping::Columns;

static BOUND: LazyLock<Bound> = LazyLock::new(|| {
    let catalogue = Catalogue::built_in().unwrap();
    let spec = catalogue.get(&PartnerId::new("cherwell")).unwrap();
    let columns = Columns::new(spec.work_item(WorkItemKind::Incident).unwrap()).unwrap();
    let names = columns.all().iter().enumerate();
    let fields: Vec<_> =
        names.map(|(nth, column)| json!({ "fieldId": format!("f{nth}"), "name": *column.from })).collect();
    let object = Summary { bus_ob_id: "ob".to_owned(), name: "Incident".to_owned() };
    let schema = json!({ "fieldDefinitions": fields }).to_string();
    Bound::new(&columns, &object, &Schema::read("Incident", schema.as_bytes()).unwrap()).unwrap()
});

/// One field of a record, with its members in some order.
fn field() -> impl Strategy<Value = String> {
    let id = prop_oneof![
        (0..6_u8).prop_map(|nth| Some(format!("\"BO:ob,FI:f{nth}\""))),
        (0..6_u8).prop_map(|nth| Some(format!("\"F{nth}\""))),
        Just(Some("\"stranger\"".to_owned())),
        Just(None),
    ];
    let html = prop_oneof![Just(None), Just(Some("null".to_owned())), value().prop_map(Some)];
    let name = prop_oneof![Just(None), Just(Some("\"Status\"".to_owned())), Just(Some("\"Nobody's\"".to_owned()))];
    let value = prop_oneof![Just(None), value().prop_map(Some)];
    (id, name, value, html, any::<bool>()).prop_flat_map(|(id, name, value, html, dirty)| {
        let members = [
            id.map(|id| format!("\"fieldId\":{id}")),
            name.map(|name| format!("\"name\":{name}")),
            value.map(|value| format!("\"value\":{value}")),
            html.map(|html| format!("\"html\":{html}")),
            Some(format!("\"dirty\": {dirty}")),
        ];
        let members: Vec<String> = members.into_iter().flatten().collect();
        Just(members).prop_shuffle().prop_map(|members| format!("{{{}}}", members.join(",")))
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~é\\n]{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        Just("-0.5e3".to_owned()),
        Just("{\"a\":[1]}".to_owned()),
        Just("\"\\ud83d\\u00e9\\/\"".to_owned()),
    ]
}

fn record() -> impl Strategy<Value = String> {
    (prop::collection::vec(field(), 0..5), value(), any::<bool>()).prop_map(|(fields, id, first)| {
        let fields = format!("\"fields\":[{}]", fields.join(", "));
        let id = format!("\"busObRecId\":{id}");
        let (one, two) = if first { (id, fields) } else { (fields, id) };
        format!("{{\"busObPublicId\":\"7\",{one},\"links\":[],{two}}}")
    })
}

fn shown(records: &[String]) -> Vec<Vec<Option<String>>> {
    let body = format!("{{\"businessObjects\":[{}],\"totalRows\":3}}", records.join(","));
    let bound = &*BOUND;
    let texts = |record: &Record<'_, '_>| {
        let fields = (0..bound.fields.len()).map(|field| record.value(field).map(Cow::into_owned));
        let ids = [record.rec_id().into_owned(), record.public_id().into_owned()];
        ids.into_iter().map(Some).chain(fields).collect()
    };
    let found = read(bound, &body.into(), texts).unwrap();
    assert_eq!(found.total, Some(3));
    found.records
}

proptest! {
    /// A record alone is always read by the parser.
    #[test]
    fn records_together_say_what_each_says_alone(
        kinds in prop::collection::vec(record(), 1..4),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..30),
    ) {
        let records: Vec<String> = order.iter().map(|index| index.get(&kinds).clone()).collect();
        let alone: Vec<_> = records.iter().flat_map(|record| shown(std::slice::from_ref(record))).collect();
        prop_assert_eq!(shown(&records), alone);
    }

    #[test]
    fn records_of_all_kinds_say_together_what_each_says_alone(records in prop::collection::vec(record(), 1..60)) {
        let alone: Vec<_> = records.iter().flat_map(|record| shown(std::slice::from_ref(record))).collect();
        prop_assert_eq!(shown(&records), alone);
    }
}
