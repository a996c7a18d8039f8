//! The store alone: made-up pages committed from memory.

use std::time::Instant;

use itsmc::model::connection::ConnectionName;
use itsmc::model::fields::Attributes;
use itsmc::model::sync::Window;
use itsmc::model::work_item::{Value, WorkItem, WorkItemKind};
use itsmc::store::{PageCommit, Plan, Slice, SliceCheckpoint, Store};
use jiff::Timestamp;

use super::part::{self, Outcome, text};

/// Commits so many incidents of 30 attributes into a database that is thrown away.
pub fn run(rows: &str) -> Outcome<()> {
    let rows: u64 = rows.parse().map_err(text)?;
    let folder = tempfile::tempdir().map_err(text)?;
    let path = folder.path().join("items.db");
    part::runtime()?.block_on(async {
        let store = Store::open(&path).map_err(text)?;
        let name = ConnectionName::parse("practice").map_err(|problem| format!("{problem:?}"))?;
        let kind = WorkItemKind::Incident;
        let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
        let plan = Plan { from: window.from, planned_at: Timestamp::now(), slices: vec![Slice::new(0, window)] };
        store.begin_plan(&name, kind, plan, true).await.map_err(text)?;
        let started = Instant::now();
        let mut last = None;
        for page in 0..rows / 1_000 {
            let items = (page * 1_000..(page + 1) * 1_000).map(item).collect();
            let checkpoint = SliceCheckpoint { slice: 0, after: None, offset: 0, hidden: 0, done: false };
            let begun = store.begin_commit(PageCommit {
                connection: name.clone(),
                kind,
                items,
                hidden_columns: vec![],
                checkpoint,
            });
            if let Some(last) = last.replace(begun.await.map_err(text)?) {
                itsmc::store::Pending::outcome(last).await.map_err(text)?;
            }
        }
        if let Some(last) = last {
            last.outcome().await.map_err(text)?;
        }
        let committed = started.elapsed().as_secs_f64();
        store.index().await.map_err(text)?;
        let indexed = started.elapsed().as_secs_f64();
        println!("{rows} rows: committed after {committed:.2} s, indexed after {indexed:.2} s");
        Ok::<_, String>(())
    })?;
    println!("peak {:.0} MiB", part::peak_mib().unwrap_or_default());
    Ok(())
}

fn item(n: u64) -> WorkItem {
    let mut x = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut random = || {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^= x >> 27;
        x
    };
    let id = format!("{:016x}{:016x}", random(), random());
    let at = Timestamp::from_second(1_790_000_000 + n as i64).unwrap_or_default();
    let words = ["printer", "network", "the", "is", "slow", "mail", "cannot", "open", "login", "screen"];
    let mut text = |count: u64| (0..count).map(|_| words[(random() % 10) as usize]).collect::<Vec<_>>().join(" ");
    let (title, description) = (text(7), text(30));
    let mut fields = Attributes::default();
    fields.push("description", &Value::plain(description));
    for field in 0..28 {
        let value = Value::labelled(format!("{:032x}", random() % 900), format!("Somebody {}", random() % 900));
        fields.push(&format!("attribute_{field}"), &value);
    }
    WorkItem {
        kind: WorkItemKind::Incident,
        source_id: id,
        number: format!("INC{n:07}"),
        title,
        state: Value::labelled((n % 6).to_string(), format!("State {}", n % 6)),
        priority: Value::labelled((n % 5).to_string(), format!("{} - Priority", n % 5)),
        open: n.is_multiple_of(3),
        opened_at: Some(at),
        updated_at: at,
        fields,
        hidden: Vec::new(),
    }
}
