use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::work_item::WorkItemKind;

static COLUMNS: LazyLock<Columns> = LazyLock::new(|| {
    let catalogue = Catalogue::built_in().unwrap();
    let spec = catalogue.get(&PartnerId::new("provance")).unwrap();
    Columns::new(spec.work_item(WorkItemKind::Incident).unwrap()).unwrap()
});

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~é\\n]{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        Just("null".to_owned()),
        Just("false".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        Just("1.25".to_owned()),
        Just("[{\"a\":1}]".to_owned()),
        Just("\"2026-11-20T10:00:00Z\"".to_owned()),
        Just("\"\\ud83d\\u00e9\\/\"".to_owned()),
    ]
}

/// A member of a row: of a column, its label, or of no column that is asked for.
fn member(names: Vec<String>) -> impl Strategy<Value = String> {
    let name = prop_oneof![
        4 => prop::sample::select(names.clone()),
        2 => prop::sample::select(names).prop_map(|name| format!("{name}{FORMATTED}")),
        1 => Just("@odata.etag".to_owned()),
        1 => Just("stranger".to_owned()),
    ];
    (name, value()).prop_map(|(name, value)| format!("\"{name}\" :{value}"))
}

fn row() -> impl Strategy<Value = String> {
    let columns = &*COLUMNS;
    let (id, changed) = (columns.id().to_owned(), columns.updated_at().to_owned());
    let names: Vec<String> = columns.all().iter().map(|column| column.from.to_string()).collect();
    prop::collection::vec(member(names), 0..8).prop_map(move |mut members| {
        members.insert(members.len() / 2, format!("\"{id}\":\"7f1e\""));
        members.push(format!("\"{changed}\":\"2026-11-20T10:00:00Z\""));
        format!("{{{}}}", members.join(","))
    })
}

fn items(rows: &[String]) -> (Vec<WorkItem>, u64) {
    let body = format!("{{\"@odata.context\":\"x\",\"value\":[{}],\"@odata.nextLink\":\"next\"}}", rows.join(" , "));
    let decoded = page(&COLUMNS, &body.into()).unwrap();
    assert_eq!(decoded.next.as_deref(), Some("next"));
    (decoded.items, decoded.hidden)
}

proptest! {
    /// A row alone is always read by the parser.
    #[test]
    fn rows_together_say_what_each_says_alone(
        kinds in prop::collection::vec(row(), 1..6),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let rows: Vec<String> = order.iter().map(|index| index.get(&kinds).clone()).collect();
        let alone = rows.iter().map(|row| items(std::slice::from_ref(row)));
        let alone = alone.fold((Vec::new(), 0), |(mut all, hidden), (items, more)| {
            all.extend(items);
            (all, hidden + more)
        });
        prop_assert_eq!(items(&rows), alone);
    }
}

#[test]
fn p12_a_date_alone_is_the_beginning_of_that_day_in_utc() {
    assert_eq!(moment("2026-11-20"), Some("2026-11-20T00:00:00Z".parse().unwrap()));
    assert_eq!(moment("2026-11-20T10:00:00Z"), Some("2026-11-20T10:00:00Z".parse().unwrap()));
    assert_eq!(moment("20 November"), None);
}
