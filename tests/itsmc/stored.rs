//! The stored work items of a home, held against the rows of the instance.

use std::collections::BTreeMap;
use std::path::Path;

use itsmc::model::items::{ItemFilter, Seek};
use itsmc::model::partner::{Catalogue, Column, PartnerId, ValueType};
use itsmc::model::work_item::{Value, WorkItem, WorkItemKind};
use itsmc::store::Store;
use itsmc_practice::servicenow::{Shown, Truth};
use tokio::runtime::Runtime;

/// Every stored work item of this kind, by number. None may be there twice.
pub fn work_items(database: &Path, kind: WorkItemKind) -> BTreeMap<String, WorkItem> {
    Runtime::new().unwrap().block_on(async {
        let store = Store::open(database).unwrap();
        let filter = ItemFilter { kinds: vec![kind], ..ItemFilter::default() };
        let (mut items, mut seek) = (BTreeMap::new(), Seek::First);
        loop {
            let window = store.items(None, filter.clone(), seek, 1_000).await.unwrap();
            for row in &window.rows {
                let item = store.item(row.key.row_id).await.unwrap().unwrap();
                assert!(items.insert(item.number.clone(), item).is_none(), "{} is doubled", row.number);
            }
            match window.rows.last() {
                Some(last) if !window.at_end => seek = Seek::After(last.key),
                _ => return items,
            }
        }
    })
}

/// Fails where a stored work item differs from the instance's row in any mapped column, is missing, or is there
/// although the instance has no such row. Returns how many were compared.
pub fn assert_same(stored: &BTreeMap<String, WorkItem>, rows: &[Truth], kind: WorkItemKind) -> usize {
    let catalogue = Catalogue::built_in().unwrap();
    let columns = &catalogue.get(&PartnerId::new("servicenow")).unwrap().work_item(kind).unwrap().columns;
    let mut compared = 0;
    for row in rows {
        let number = &row["number"].value;
        let item = stored.get(number).unwrap_or_else(|| panic!("{number} is missing"));
        for column in columns {
            let Some(truth) = row.get(column.from.as_str()) else { continue };
            compared += 1;
            assert_eq!(attribute(item, &column.to), expected(column, truth), "{number} {}", column.from);
        }
    }
    assert_eq!(stored.len(), rows.len(), "work items that the instance does not have");
    compared
}

/// An attribute as value and label, wherever the work item keeps it.
fn attribute(item: &WorkItem, name: &str) -> Value {
    let moment =
        |moment: Option<jiff::Timestamp>| Value::plain(moment.map(|moment| moment.to_string()).unwrap_or_default());
    match name {
        "id" => Value::plain(item.source_id.clone()),
        "number" => Value::plain(item.number.clone()),
        "title" => Value::plain(item.title.clone()),
        "state" => item.state.clone(),
        "priority" => item.priority.clone(),
        "open" => Value::plain(item.open.to_string()),
        "opened_at" => moment(item.opened_at),
        "updated_at" => moment(Some(item.updated_at)),
        name => item.field(name).unwrap_or_default(),
    }
}

/// The same, as the instance's row has it.
fn expected(column: &Column, truth: &Shown) -> Value {
    let display = truth.display_value.clone().unwrap_or_default();
    match column.holds {
        ValueType::Choice | ValueType::Reference if !truth.value.is_empty() => {
            Value::labelled(truth.value.clone(), display)
        }
        ValueType::Moment if !truth.value.is_empty() => Value::plain(format!("{}Z", truth.value.replace(' ', "T"))),
        _ => Value::plain(truth.value.clone()),
    }
}
