//! How long the screens' questions take on a full database.

use std::time::Instant;

use itsmc::model::connection::ConnectionName;
use itsmc::model::items::{ItemColumn, ItemFilter, KindState, Seek, Sort};
use itsmc::store::Store;
use jiff::Timestamp;
use serde_json::json;

use super::part::{self, Outcome, text};

/// How often each question is asked.
const TIMES: usize = 21;

/// Prints the median milliseconds of a summary and of windows of 50 rows.
pub fn run(db: &str) -> Outcome<()> {
    part::runtime()?.block_on(async {
        let name = ConnectionName::parse("practice").map_err(|problem| format!("{problem:?}"))?;
        let opening = Instant::now();
        let store = Store::open(db).map_err(text)?;
        let open = opening.elapsed().as_secs_f64() * 1e3;
        let first = Instant::now();
        let summary = store.summary(&name, Timestamp::now()).await.map_err(text)?;
        let first = first.elapsed().as_secs_f64() * 1e3;
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let started = Instant::now();
            store.summary(&name, Timestamp::now()).await.map_err(text)?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
        let all = ItemFilter::default;
        let first_kind = summary.kinds.iter().next();
        let rarest = first_kind.and_then(|(kind, counts)| Some((*kind, counts.by_state.last()?.0.value.clone())));
        let states = rarest.into_iter().map(|(kind, value)| KindState { kind, value }).collect();
        let rare = ItemFilter { states, ..all() };
        let sort = Sort { column: ItemColumn::Number, reversed: false };
        let number = ItemFilter { find: "INC0010007".into(), ..all() };
        let word = ItemFilter { find: "the".into(), ..all() };
        part::print(&json!({
            "open": open,
            "summary_first": first,
            "summary": median(times),
            "newest": window(&store, &name, all(), Seek::First).await?,
            "oldest": window(&store, &name, all(), Seek::Last).await?,
            "rarest_state": window(&store, &name, rare, Seek::First).await?,
            "sorted": window(&store, &name, ItemFilter { sort, ..all() }, Seek::First).await?,
            "number": window(&store, &name, number, Seek::First).await?,
            "common_word": window(&store, &name, word, Seek::First).await?,
        }))
    })
}

async fn window(store: &Store, name: &ConnectionName, filter: ItemFilter, seek: Seek) -> Outcome<serde_json::Value> {
    let mut times = Vec::new();
    let mut total = None;
    for _ in 0..TIMES {
        let started = Instant::now();
        let window = store.items(Some(name), filter.clone(), seek, 50).await.map_err(text)?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        total = Some(window.total);
    }
    Ok(json!({ "first": times[0], "median": median(times), "total": format!("{total:?}") }))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
