//! A product in memory, with its bad habits on request.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::at;
use crate::model::check::{Step, StepId};
use crate::model::fault::Fault;
use crate::model::sync::{Page, PageNotes, PageRequest, RateLimit, SlicePosition, Window};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::partner::pager::Pager;
use crate::partner::servicenow::HiddenRowsPager;
use crate::partner::totals::Totals;
use crate::partner::{BoxFuture, Partner};

/// How a row shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As it is.
    Seen,
    /// Taken out of the page after the limit was applied.
    Gone,
    /// As `{}`.
    Blank,
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub changed: i64,
    pub title: String,
    pub sight: Sight,
}

impl Row {
    pub fn new(n: i64, changed: i64) -> Self {
        Self { id: format!("{n:08}"), changed, title: format!("row {n}"), sight: Sight::Seen }
    }
}

/// A change of the table.
pub type Change = Box<dyn FnOnce(&mut Vec<Row>) + Send>;

/// What happens at a request instead of, or before, its proper answer.
pub enum Act {
    /// It is answered properly.
    Answer,
    /// It fails.
    Fail(Fault),
    /// The table changes, then it is answered.
    Change(Change),
    /// The page comes with its first two rows swapped.
    Swap,
    /// The condition was ignored: rows from the beginning come.
    Ignore,
    /// It is never answered.
    Hang,
}

/// The server.
pub struct Server {
    pub rows: Mutex<Vec<Row>>,
    pub script: Mutex<VecDeque<Act>>,
    pub requests: Mutex<Vec<PageRequest>>,
    /// Larger pages take too long.
    pub too_slow_from: Mutex<u32>,
    /// It never gives more rows than these.
    pub cap: Mutex<u32>,
    pub tells_total: Mutex<bool>,
    /// What it tells as a total is the length of the page.
    pub counts_the_page: Mutex<bool>,
    pub rate: Mutex<Option<RateLimit>>,
    pub refuses: Mutex<Vec<(WorkItemKind, Fault)>>,
    /// It tells this total, whatever matches.
    pub fixed_total: Mutex<Option<u64>>,
    /// Every row comes twice.
    pub doubles: Mutex<bool>,
    /// Attributes that are hidden; whether they are left out of the row, or sent empty.
    pub hides: Mutex<Vec<(&'static str, bool)>>,
    /// What it says when it is asked whether it shows values.
    pub shows: Mutex<Option<bool>>,
    /// A row of this id is larger than a reply may be, unless it is asked for lean.
    pub huge: Mutex<Option<String>>,
    pub hanging: tokio::sync::Notify,
    asked: AtomicU64,
    in_flight: AtomicUsize,
    pub most_in_flight: AtomicUsize,
}

impl Server {
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            rows: Mutex::new(rows),
            script: Mutex::default(),
            requests: Mutex::default(),
            too_slow_from: Mutex::new(u32::MAX),
            cap: Mutex::new(u32::MAX),
            tells_total: Mutex::new(true),
            counts_the_page: Mutex::new(false),
            rate: Mutex::default(),
            refuses: Mutex::default(),
            fixed_total: Mutex::default(),
            doubles: Mutex::default(),
            hides: Mutex::default(),
            shows: Mutex::default(),
            huge: Mutex::default(),
            hanging: tokio::sync::Notify::new(),
            asked: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            most_in_flight: AtomicUsize::new(0),
        }
    }

    pub fn play(&self, acts: impl IntoIterator<Item = Act>) {
        self.script.lock().unwrap().extend(acts);
    }

    pub fn change(&self, change: impl FnOnce(&mut Vec<Row>)) {
        change(&mut self.rows.lock().unwrap());
    }

    pub fn pages_asked(&self) -> Vec<PageRequest> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    /// Id to (title, change time) of every row that may be seen.
    pub fn truth(&self) -> BTreeMap<String, (String, String)> {
        let rows = self.rows.lock().unwrap();
        let seen = rows.iter().filter(|row| row.sight == Sight::Seen);
        seen.map(|row| (row.id.clone(), (row.title.clone(), at(row.changed).to_string()))).collect()
    }

    fn matching(&self, request: &PageRequest, ignore: bool) -> Vec<Row> {
        let mut rows = self.rows.lock().unwrap().clone();
        rows.sort_by_key(|row| (row.changed, row.id.clone()));
        let window = request.window;
        rows.retain(|row| {
            let changed = at(row.changed);
            let after = request.after.as_ref();
            let behind = after.is_none_or(|after| (changed, &row.id) > (after.updated_at, &after.source_id));
            ignore || behind && changed >= window.from && window.before.is_none_or(|before| changed < before)
        });
        rows
    }

    fn answer(&self, request: &PageRequest, act: &Act) -> Result<Page, Fault> {
        if request.limit >= *self.too_slow_from.lock().unwrap() {
            return Err(Fault::PartnerTimedOut { what: "incident".into() });
        }
        let matching = self.matching(request, matches!(act, Act::Ignore));
        let limit = request.limit.min(*self.cap.lock().unwrap()) as usize;
        let page: Vec<_> = matching.iter().skip(request.offset as usize).take(limit).collect();
        let hidden = page.iter().filter(|row| row.sight == Sight::Blank).count() as u64;
        let huge = self.huge.lock().unwrap().clone();
        if !request.lean && page.iter().any(|row| Some(&row.id) == huge.as_ref()) {
            return Err(Fault::TooLarge { what: "incident".into(), limit_bytes: 1 });
        }
        let seen = page.into_iter().filter(|row| row.sight == Sight::Seen);
        let mut items: Vec<_> = seen.map(|row| work_item(request.kind, row)).collect();
        for (name, left_out) in self.hides.lock().unwrap().iter() {
            items.iter_mut().for_each(|item| hide(item, name, *left_out));
        }
        if *self.doubles.lock().unwrap() {
            items = items.into_iter().flat_map(|item| [item.clone(), item]).collect();
        }
        if matches!(act, Act::Swap) && items.len() > 1 {
            items.swap(0, 1);
        }
        let told = request.count && *self.tells_total.lock().unwrap();
        let page_only = *self.counts_the_page.lock().unwrap();
        let total = told.then_some(if page_only { items.len() } else { matching.len() } as u64);
        let total = total.map(|total| self.fixed_total.lock().unwrap().unwrap_or(total));
        let notes = PageNotes { unproven: page_only, ..PageNotes::default() };
        Ok(Page { items, hidden, total, bytes: 100, rate: *self.rate.lock().unwrap(), notes })
    }

    async fn serve(&self, request: &PageRequest) -> Result<Page, Fault> {
        self.requests.lock().unwrap().push(request.clone());
        self.asked.fetch_add(1, Ordering::SeqCst);
        let refused = self.refuses.lock().unwrap().iter().find(|(kind, _)| *kind == request.kind).cloned();
        if let Some((_, fault)) = refused {
            return Err(fault);
        }
        let act = self.script.lock().unwrap().pop_front().unwrap_or(Act::Answer);
        match act {
            Act::Fail(fault) => Err(fault),
            Act::Change(change) => {
                self.change(change);
                self.answer(request, &Act::Answer)
            }
            Act::Hang => {
                self.hanging.notify_one();
                std::future::pending().await
            }
            act => self.answer(request, &act),
        }
    }
}

fn hide(item: &mut WorkItem, name: &'static str, left_out: bool) {
    match name {
        "title" => item.title.clear(),
        "state" => item.state = Value::default(),
        name => item.fields.retain(|field| !field.is(name)),
    }
    if left_out {
        item.hidden.push(name.into());
    }
}

fn work_item(kind: WorkItemKind, row: &Row) -> WorkItem {
    WorkItem {
        kind,
        source_id: row.id.clone(),
        number: row.id.clone(),
        title: row.title.clone(),
        state: Value::plain("1"),
        priority: Value::plain("3"),
        open: true,
        opened_at: None,
        updated_at: at(row.changed),
        fields: [("category", Value::plain("network"))].into(),
        hidden: Vec::new(),
    }
}

impl Partner for Server {
    fn run_step(&self, _: StepId) -> BoxFuture<'_, Step> {
        panic!("a sync runs no steps")
    }

    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        let request = PageRequest { kind, window, after: None, offset: 0, limit: 0, count: true, lean: false };
        let refused = self.refuses.lock().unwrap().iter().find(|(refused, _)| *refused == kind).cloned();
        let counted = refused.map_or(Ok(self.matching(&request, false).len() as u64), |(_, fault)| Err(fault));
        Box::pin(async move { counted })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_in_flight.fetch_max(now, Ordering::SeqCst);
            tokio::task::yield_now().await;
            let page = self.serve(request).await;
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            page
        })
    }

    fn pager(&self, window: Window, from: SlicePosition, totals: Arc<Totals>) -> Box<dyn Pager> {
        Box::new(HiddenRowsPager::new(window, from, totals))
    }

    fn counts_exactly(&self) -> bool {
        true
    }

    fn shows<'a>(&'a self, _: WorkItemKind, _: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        let shows = *self.shows.lock().unwrap();
        Box::pin(async move { Ok(shows) })
    }

    fn requests(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}
