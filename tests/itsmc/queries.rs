//! Every query that itsmc ships, run on the practice cloud as it was deployed, compared with the store.

use std::collections::BTreeMap;

use itsmc::service::workspaces;
use serde_json::Value;

use crate::following::World;

impl World {
    /// Rows of SQL on the store's own view, as texts.
    fn stored(&self, sql: &str) -> Vec<Vec<String>> {
        let db = rusqlite::Connection::open(self.site.database()).unwrap();
        let mut select = db.prepare(sql).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let text = |place| match row.get_ref(place).unwrap() {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                _ => String::new(),
            };
            all.push((0..columns).map(text).collect());
        }
        all
    }

    /// The same of a query of the workspace; times without what follows the second.
    fn asked(&self, kql: &str) -> Vec<Vec<String>> {
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.ask(kql).iter().map(|row| row.iter().map(text).collect()).collect()
    }

    /// The queries of the workbook as it was deployed, by name.
    fn workbook(&self) -> BTreeMap<String, String> {
        let books = self.cloud.control.workbooks();
        let [book] = books.as_slice() else { panic!("{books:?}") };
        let data: Value = serde_json::from_str(book["properties"]["serializedData"].as_str().unwrap()).unwrap();
        let items = data["items"].as_array().unwrap().iter().filter(|item| item["content"]["queryType"] == 0);
        let named = |item: &Value| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&item["name"]), text(&item["content"]["query"]))
        };
        items.map(named).collect()
    }
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

/// Open and closed rows, one changed, one removed, and the log of it.
fn world() -> World {
    let world = World::new();
    let gone = world.site.control.rows("incident")[3]["sys_id"].value.clone();
    world.site.control.delete_row("incident", &gone).unwrap();
    world.change("changed after it was sent");
    world.site.run(&["verify", "contoso"]);
    world.send();
    world
}

const THERE: &str = "FROM ServiceDesk_CL WHERE RemovedDate_t IS NULL";

#[test]
fn the_function_shows_each_work_item_once_as_it_is_now() {
    let world = world();
    let columns = "ServiceDeskId_s, Title_s, coalesce(IncidentState_s, '') || coalesce(CRState_s, ''), Priority_s";
    let here = world.stored(&format!("SELECT {columns} {THERE}"));
    let there =
        world.asked("ServiceDesk | project ServiceDeskId_s, Title_s, strcat(IncidentState_s, CRState_s), Priority_s");
    assert_eq!(sorted(there), sorted(here));
    assert!(world.ask("ServiceDesk_CL | count")[0][0].as_u64() > world.ask("ServiceDesk | count")[0][0].as_u64());
}

#[test]
fn the_queries_of_the_workbook_run_and_tell_what_is_stored() {
    let world = world();
    let mut queries = world.workbook();
    let mut run = |name: &str| sorted(world.asked(&queries.remove(name).unwrap_or_else(|| panic!("no query {name}"))));
    let since = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 30);
    let recent = format!("{THERE} AND CreatedDate_t > '{since}'");
    let by_day = "substr(CreatedDate_t, 1, 10) || 'T00:00:00Z'";
    let sql = format!("SELECT {by_day}, ServiceDeskWorkItemType_s, count(*) {recent} GROUP BY 1, 2");
    let created = world.stored(&sql);
    assert_eq!((run("created"), created.is_empty()), (sorted(created), false));
    let sql = format!("SELECT ServiceDeskWorkItemType_s, ServiceDeskConnectionName_s, count(*) {recent} GROUP BY 1, 2");
    assert_eq!(run("created-by-type"), sorted(world.stored(&sql)));
    let computers = format!("{THERE} AND Computer <> ''");
    let counted = world.stored(&format!("SELECT Computer, count(*) {computers} GROUP BY 1"));
    let shown = run("computers");
    assert!(shown.len() <= 20 && !shown.is_empty() && shown.iter().all(|row| counted.contains(row)), "{shown:?}");
    let items = run("computer-items");
    let here = world.stored(&format!(
        "SELECT Computer, ServiceDeskId_s, Title_s, coalesce(IncidentState_s, CRState_s), Priority_s {computers}"
    ));
    assert_eq!(items.len(), here.len().min(500));
    assert!(items.iter().all(|row| here.iter().any(|known| known[..] == row[..5])), "{items:?}");
    let log = world.cloud.control.rows(None, "ServiceDeskLog_CL").unwrap();
    let status: u64 = run("status").iter().map(|row| row[2].parse::<u64>().unwrap()).sum();
    assert_eq!((status as usize, log.is_empty()), (log.len(), false));
    let messages = run("status-messages");
    let unique: std::collections::BTreeSet<_> = log.iter().map(|row| row["Message"].to_string()).collect();
    assert_eq!(messages.len(), unique.len(), "{messages:?}");
    assert!(queries.is_empty(), "each one was run: {queries:?}");
}

#[test]
fn the_queries_of_the_documentation_run_and_tell_what_is_stored() {
    let world = world();
    let page = include_str!("../../docs/log-analytics.md");
    let blocks = page.split("```kusto\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut queries = blocks.flat_map(|block| block.split("\n\n")).map(str::to_owned);
    let sql = format!(
        "SELECT ServiceDeskConnectionName_s, Priority_s, count(*) {THERE} AND coalesce(ClosedDate_t, '') = '' GROUP BY 1, 2"
    );
    assert_eq!(sorted(world.asked(&queries.next().unwrap())), sorted(world.stored(&sql)), "open work items");
    let computer = world.stored(&format!("SELECT Computer {THERE} AND Computer <> '' LIMIT 1"))[0][0].clone();
    let query = queries.next().unwrap();
    assert!(query.contains("\"web-01\""), "{query}");
    let shown = world.asked(&query.replace("web-01", &computer));
    let here = world.stored(&format!("SELECT ServiceDeskId_s {THERE} AND Computer = '{computer}'"));
    assert_eq!(sorted(shown.iter().map(|row| vec![row[1].clone()]).collect()), sorted(here), "of a computer");
    assert!(shown.is_sorted_by(|one, next| one[0] >= next[0]), "{shown:?}");
    let changed = world.site.control.rows("incident").into_iter();
    let changed = changed.filter(|row| row["short_description"].value == "changed after it was sent");
    let number = changed.map(|row| row["number"].value.clone()).next().unwrap();
    let query = queries.next().unwrap();
    assert!(query.contains("\"INC0010001\""), "{query}");
    let history = world.ask(&format!("{} | project ItsmcSend, Title_s", query.replace("INC0010001", &number)));
    assert_eq!((history.len(), &history[1][1]), (2, &"changed after it was sent".into()), "the history");
    assert!(history[0][0].as_i64() < history[1][0].as_i64());
    assert_eq!(queries.next(), None, "each one was run");
}

#[test]
fn what_is_deployed_as_the_function_is_what_the_queries_call() {
    let world = World::new();
    let workspace = world.runtime.block_on(workspaces::named(&world.services, "prod")).unwrap();
    let expected = itsmc::model::log_analytics::function(&workspace.table);
    assert_eq!(sorted(world.asked("ServiceDesk")).len(), sorted(world.asked(&expected)).len());
}
