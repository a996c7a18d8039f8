//! The outbox carried out against a product in memory that fails at every write in turn.

mod products;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::model::check::{Step as CheckStep, StepId};
use crate::model::sync::{Page, PageNotes, PageRequest, Window};
use crate::model::ticket::{ItemHint, Subject, Taken, Ticket, TicketDraft, TicketState, Way};
use crate::model::work_item::{Value, WorkItem, WorkItemKind};
use crate::partner::{BoxFuture, Lookup, Repeat, TicketAt, Tickets, Written};
use crate::store::Outcome;

/// What a write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// Carried out, and no reply.
    ReplyLost,
    /// Carried out, and an error for an answer.
    ErrorAfter,
    /// Not carried out, and no reply.
    RequestLost,
    /// Turned away.
    Limited,
    /// Carried out and answered, and then a limit keeps it from being read.
    ReadLimited,
    /// No reply; carried out only after the product was looked at.
    Late,
    /// Refused for good.
    Refused,
    /// Turned away because the token was revoked meanwhile.
    TokenRefused,
    /// Carried out, and then nothing: whoever waits is killed.
    Hangs,
}

#[derive(Debug, Clone, Default)]
struct Row {
    key: String,
    state: u8,
    assigned_to: Option<String>,
    changed_by: String,
    made_by: Option<String>,
    changed_at: Option<Timestamp>,
    notes: Vec<(u32, String)>,
}

#[derive(Default)]
struct Product {
    rows: Vec<Row>,
    writes: usize,
    /// By the number of the write, from 1.
    troubles: BTreeMap<usize, Trouble>,
    blind: bool,
    /// Nothing that was made is found.
    hides: bool,
    /// Work items that it shows in its lists.
    others: Vec<WorkItem>,
    /// It would make a configuration item twice.
    doubles: bool,
    /// After so many looks a row is resolved.
    late: Option<(usize, usize)>,
    /// What is shown of each row instead of how it is; rows that are not in it are not shown.
    cached: Option<BTreeMap<usize, Written>>,
}

#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Product>>);

fn lost() -> Fault {
    Fault::ConnectionLost { host: "h".into(), detail: "reset".into() }
}

fn limited() -> Fault {
    Fault::RateLimited { retry_after_seconds: 1, limit: None, rule: None }
}

impl Desk {
    /// Makes a write with its trouble, and gives the ticket afterwards.
    async fn write(&self, at: usize, change: impl FnOnce(&mut Product)) -> Result<Written, Fault> {
        let trouble = {
            let mut product = self.0.lock().unwrap();
            product.writes += 1;
            let number = product.writes;
            let trouble = product.troubles.get(&number).copied().unwrap_or(Trouble::None);
            if matches!(
                trouble,
                Trouble::None | Trouble::ReplyLost | Trouble::ErrorAfter | Trouble::ReadLimited | Trouble::Hangs
            ) {
                change(&mut product);
            }
            trouble
        };
        match trouble {
            Trouble::None => Ok(self.show(at)),
            Trouble::Late => {
                self.0.lock().unwrap().late = Some((2, at));
                Err(lost())
            }
            Trouble::ReplyLost | Trouble::RequestLost => Err(lost()),
            Trouble::Limited => Err(limited()),
            Trouble::ReadLimited => Err(limited().after_write()),
            Trouble::TokenRefused => Err(Fault::NotAuthenticated { what: "incident".into(), detail: "revoked".into() }),
            Trouble::Refused => Err(Fault::Forbidden { what: "incident".into(), detail: "rule".into() }),
            Trouble::ErrorAfter => {
                let (message, detail) = (String::new(), String::new());
                Err(Fault::PartnerError { status: 500, message, detail, transaction: None })
            }
            Trouble::Hangs => std::future::pending().await,
        }
    }

    fn show(&self, at: usize) -> Written {
        let row = self.0.lock().unwrap().rows[at].clone();
        let state = match row.state {
            1 => TicketState::New,
            2 => TicketState::InProgress,
            6 => TicketState::Resolved,
            _ => TicketState::Closed,
        };
        let ticket = Ticket {
            kind: TicketKind::Incident,
            id: at.to_string(),
            number: format!("INC{at}"),
            state,
            raw_state: row.state.to_string(),
            assigned_to: row.assigned_to,
            made_by: row.made_by,
            changed_by: Some(row.changed_by),
            changed_at: row.changed_at,
            noted: row.notes.last().map(|(number, _)| *number),
            url: None,
        };
        Written { ticket, findings: Vec::new() }
    }

    /// Somebody looks: what is late comes after enough of that.
    fn look(&self) {
        let mut product = self.0.lock().unwrap();
        match product.late.take() {
            Some((1, at)) => product.rows[at].state = 6,
            late => product.late = late.map(|(looks, at)| (looks - 1, at)),
        }
    }

    fn rows(&self) -> Vec<Row> {
        self.0.lock().unwrap().rows.clone()
    }

    fn place(&self, at: TicketAt<'_>) -> Option<usize> {
        let wanted = at.key.correlation();
        self.0.lock().unwrap().rows.iter().rposition(|row| row.key == wanted)
    }

    fn human(&self, change: impl FnOnce(&mut Row)) {
        change(&mut self.0.lock().unwrap().rows[0]);
    }
}

const US: &str = "azure.integration";

impl Tickets for Desk {
    fn offers(&self, _: TicketKind, _: Way) -> bool {
        true
    }

    fn repeat(&self, operation: &Operation) -> Repeat {
        match operation {
            Operation::Open { .. } | Operation::Note { .. } => Repeat::WhenSettled,
            _ => Repeat::Harmless,
        }
    }

    fn lags(&self) -> bool {
        self.0.lock().unwrap().cached.is_some()
    }

    fn doubles_items(&self) -> bool {
        self.0.lock().unwrap().doubles
    }

    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            if self.0.lock().unwrap().blind {
                return Ok(Lookup::CannotTell(Fault::NotBound { what: "search".into(), detail: String::new() }));
            }
            self.look();
            if let Some(cached) = self.0.lock().unwrap().cached.as_ref() {
                let shown = at.id.and_then(|id| cached.get(&id.parse().unwrap())).cloned();
                return Ok(shown.map_or(Lookup::Absent, |shown| Lookup::There(Box::new(shown))));
            }
            let place = self.place(at).filter(|_| !self.0.lock().unwrap().hides);
            Ok(place.map_or(Lookup::Absent, |place| Lookup::There(Box::new(self.show(place)))))
        })
    }

    fn open<'a>(&'a self, key: &'a TicketKey, _: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let at = self.0.lock().unwrap().rows.len();
            let row = Row {
                key: key.correlation(),
                state: 1,
                changed_by: US.into(),
                made_by: Some(US.into()),
                ..Row::default()
            };
            self.write(at, |product| product.rows.push(row)).await
        })
    }

    fn update<'a>(
        &'a self,
        at: TicketAt<'a>,
        _: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move { self.write(self.place(at).unwrap(), |_| {}).await })
    }

    fn note<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let place = self.place(at).unwrap();
            self.write(place, |product| {
                product.rows[place].notes.push((number, text.to_owned()));
                product.rows[place].changed_by = US.into();
            })
            .await
        })
    }

    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, _: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>> {
        Box::pin(async move {
            let place = self.place(at).unwrap();
            let there = self.rows()[place].notes.iter().any(|(one, _)| *one == number);
            Ok(if there { Lookup::There(Box::new(self.show(place))) } else { Lookup::Absent })
        })
    }

    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        _: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let place = self.place(at).unwrap();
            self.write(place, |product| product.rows[place].state = 6).await
        })
    }

    fn reopen<'a>(&'a self, at: TicketAt<'a>, _: &'a str) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async move {
            let place = self.place(at).unwrap();
            self.write(place, |product| product.rows[place].state = 2).await
        })
    }
}

impl Partner for Desk {
    fn run_step(&self, _: StepId) -> BoxFuture<'_, CheckStep> {
        unreachable!("no test is run")
    }

    fn count(&self, _: WorkItemKind, _: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        unreachable!("nothing is counted")
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            let items = if request.after.is_none() { self.0.lock().unwrap().others.clone() } else { Vec::new() };
            let notes = PageNotes::default();
            Ok(Page { items, hidden: 0, total: None, bytes: 0, rate: None, notes })
        })
    }

    fn requests(&self) -> u64 {
        0
    }

    fn tickets(&self) -> Option<&dyn Tickets> {
        Some(self)
    }
}

struct Bench {
    _folder: tempfile::TempDir,
    store: Store,
    desk: Desk,
    settling: SignedDuration,
    instance: String,
}

fn key(n: u32) -> TicketKey {
    TicketKey {
        instance: "https://contoso.example".into(),
        connection: "contoso".into(),
        known_as: None,
        subject: Subject::Alert(format!("00000000-0000-0000-0000-{n:012}")),
        item: None,
        generation: 0,
    }
}

fn open() -> Operation {
    Operation::Open { draft: Box::new(TicketDraft { description: "CPU".into(), ..TicketDraft::default() }) }
}

fn note(text: &str) -> Operation {
    Operation::Note { number: 0, text: text.into(), fires: false }
}

fn resolve() -> Operation {
    Operation::Resolve { text: "over".into(), code: None }
}

fn reopen() -> Operation {
    Operation::Reopen { text: "fires again".into() }
}

impl Bench {
    fn new(troubles: impl IntoIterator<Item = (usize, Trouble)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("items.db")).unwrap();
        let product = Product { troubles: troubles.into_iter().collect(), ..Product::default() };
        let desk = Desk(Arc::new(Mutex::new(product)));
        Self { _folder: folder, store, desk, settling: SignedDuration::ZERO, instance: key(0).instance }
    }

    async fn plan(&self, n: u32, operations: impl IntoIterator<Item = Operation>) {
        let planned = operations.into_iter().map(|operation| (key(n), operation)).collect();
        self.store.prepare(stored(planned), Timestamp::now()).await.unwrap();
    }

    async fn run_until(&self, cancel: CancellationToken) -> TicketReport {
        let settings = TicketSettings {
            patience: Duration::from_secs(30),
            settling: self.settling,
            pause: SignedDuration::ZERO,
            ..TicketSettings::default()
        };
        let connection = ConnectionName::parse("contoso").unwrap();
        let (store, partner) = (self.store.clone(), Arc::new(self.desk.clone()));
        let instance = self.instance.clone();
        carry_out(TicketJob { store, partner, connection, instance, settings }, cancel).await.unwrap()
    }

    async fn run(&self) -> TicketReport {
        self.run_until(CancellationToken::new()).await
    }
}

#[rstest]
#[case(Trouble::ReplyLost)]
#[case(Trouble::ErrorAfter)]
#[case(Trouble::RequestLost)]
#[case(Trouble::Limited)]
#[tokio::test]
async fn every_write_takes_effect_once_whatever_it_meets(#[case] trouble: Trouble) {
    for at in 1..=4 {
        let bench = Bench::new([(at, trouble)]);
        bench.plan(1, [open(), note("more"), resolve(), reopen()]).await;
        let report = bench.run().await;
        let rows = bench.desk.rows();
        assert_eq!((rows.len(), rows[0].state), (1, 2), "{trouble:?} at {at}: {report:?}");
        assert_eq!(rows[0].notes, [(1, "more".to_owned())], "{trouble:?} at {at}");
        assert_eq!((report.confirmed, report.waiting, report.fault), (4, 0, None), "{trouble:?} at {at}");
    }
}

#[tokio::test]
async fn killed_at_each_write_it_goes_on_without_a_double() {
    for at in 1..=4 {
        let bench = Bench::new([(at, Trouble::Hangs)]);
        bench.plan(1, [open(), note("more"), resolve(), reopen()]).await;
        let cancel = CancellationToken::new();
        let killed = async {
            while bench.desk.0.lock().unwrap().writes < at {
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        tokio::join!(bench.run_until(cancel.clone()), killed);
        let report = bench.run().await;
        let rows = bench.desk.rows();
        assert_eq!((rows.len(), rows[0].state, rows[0].notes.len()), (1, 2, 1), "at {at}: {report:?}");
        assert_eq!(report.waiting, 0);
    }
}

#[tokio::test]
async fn what_is_not_seen_is_not_sent_again_before_the_product_has_settled() {
    let mut bench = Bench::new([(1, Trouble::RequestLost)]);
    bench.settling = SignedDuration::from_hours(1);
    bench.plan(1, [open()]).await;
    let report = bench.run().await;
    assert_eq!((bench.desk.rows().len(), report.waiting, report.refused), (0, 1, 0));
    assert_eq!(report.fault, Some(lost()), "what waits does so for a reason");
    let entry = bench.store.outbox(&ConnectionName::parse("contoso").unwrap(), 0, 1).await.unwrap().remove(0);
    assert_eq!((entry.state, entry.fault), (OutboxState::Sent, Some(lost())));
    assert!(entry.not_before.is_some());
}

#[tokio::test]
async fn what_was_taken_and_is_not_shown_is_not_sent_again() {
    let bench = Bench::new([(1, Trouble::ReadLimited)]);
    bench.plan(1, [open(), note("more")]).await;
    bench.desk.0.lock().unwrap().hides = true;
    let report = bench.run().await;
    assert_eq!((report.unsure, bench.desk.rows().len()), (1, 1), "{report:?}");
    assert_eq!(report.operations[0].fault, Some(limited().after_write()));
    bench.desk.0.lock().unwrap().hides = false;
    bench.store.outbox_again(&key(1).id(), Timestamp::now()).await.unwrap();
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.unsure, bench.desk.rows().len()), (2, 0, 1), "{report:?}");
}

#[tokio::test]
async fn a_note_of_a_number_that_was_used_before_is_written_under_another() {
    let bench = Bench::new([]);
    bench.plan(1, [open(), note("one")]).await;
    bench.run().await;
    bench.desk.human(|row| row.notes.push((5, "by another database".to_owned())));
    bench.plan(1, [note("two"), note("three")]).await;
    let report = bench.run().await;
    let notes = bench.desk.rows().remove(0).notes;
    assert_eq!(notes[2..], [(6, "two".to_owned()), (7, "three".to_owned())], "{report:?}");
}

fn recover(then: Operation) -> Operation {
    Operation::Recover { kind: TicketKind::Incident, then: Box::new(then) }
}

impl Desk {
    /// A row that an earlier database made.
    fn earlier(&self, key: &TicketKey, change: impl FnOnce(&mut Row)) {
        let mut row =
            Row { key: key.correlation(), state: 1, changed_by: US.into(), made_by: Some(US.into()), ..Row::default() };
        change(&mut row);
        self.0.lock().unwrap().rows.push(row);
    }
}

#[rstest]
#[case::as_it_was_made(|_: &mut Row| {}, 6, 0)]
#[case::assigned(|row: &mut Row| row.assigned_to = Some("Beth".into()), 1, 1)]
#[case::begun(|row: &mut Row| row.state = 2, 2, 1)]
#[case::edited(|row: &mut Row| row.changed_by = "beth".into(), 1, 1)]
#[case::resolved(|row: &mut Row| row.state = 6, 6, 0)]
#[case::closed(|row: &mut Row| row.state = 7, 7, 0)]
#[tokio::test]
async fn a_ticket_of_an_earlier_database_is_resolved_unless_a_human_may_have_taken_it(
    #[case] change: fn(&mut Row),
    #[case] state: u8,
    #[case] notes: usize,
) {
    for trouble in [Trouble::None, Trouble::ReplyLost, Trouble::RequestLost, Trouble::Limited] {
        let bench = Bench::new([(1, trouble)]);
        bench.desk.earlier(&key(1), change);
        bench.plan(1, [recover(resolve())]).await;
        let report = bench.run().await;
        let row = bench.desk.rows().remove(0);
        assert_eq!((row.state, row.notes.len()), (state, notes), "{trouble:?} {report:?}");
        assert_eq!((report.waiting, report.refused, report.unsure, report.opened), (0, 0, 0, 0), "{report:?}");
        assert_eq!(bench.desk.rows().len(), 1);
    }
}

#[tokio::test]
async fn a_search_that_finds_nothing_leaves_nothing_and_comes_after_other_writes() {
    let bench = Bench::new([(1, Trouble::None)]);
    bench.plan(1, [recover(resolve())]).await;
    bench.plan(2, [open()]).await;
    let due = bench.store.outbox_due(&ConnectionName::parse("contoso").unwrap(), Timestamp::now(), 9).await.unwrap();
    assert_eq!(due.iter().map(|entry| entry.operation.id()).collect::<Vec<_>>(), ["open"]);
    let report = bench.run().await;
    assert_eq!((report.opened, report.waiting, report.refused, bench.desk.rows().len()), (1, 0, 0, 1), "{report:?}");
    assert!(bench.store.ticket(&key(1).id()).await.unwrap().is_none());
    assert_eq!(bench.store.operations_of(&key(1).id()).await.unwrap(), []);
}

#[tokio::test]
async fn a_search_that_the_product_does_not_judge_is_told_and_made_again() {
    let bench = Bench::new([]);
    bench.desk.earlier(&key(1), |_| {});
    bench.desk.0.lock().unwrap().blind = true;
    bench.plan(1, [recover(resolve())]).await;
    let report = bench.run().await;
    assert!(matches!(report.fault, Some(Fault::EarlierUnknown { .. })), "{report:?}");
    assert_eq!((report.waiting, report.unsure), (1, 0), "{report:?}");
    let entry = bench.store.operations_of(&key(1).id()).await.unwrap().remove(0);
    assert!(entry.not_before.is_some(), "no run waits for it: {entry:?}");
    assert_eq!(
        bench.store.alert_counts(Timestamp::now()).await.unwrap().waiting_since,
        None,
        "nothing is to be written"
    );

    bench.desk.0.lock().unwrap().blind = false;
    bench.store.outbox_ended(entry.id, Outcome::of(OutboxState::Prepared), Timestamp::now()).await.unwrap();
    let report = bench.run().await;
    assert_eq!((bench.desk.rows()[0].state, report.waiting, report.fault), (6, 0, None));
}

#[tokio::test]
async fn a_search_that_cannot_be_judged_for_a_day_is_told_and_leaves_nothing() {
    let bench = Bench::new([]);
    bench.desk.0.lock().unwrap().blind = true;
    let before = Timestamp::now() - SignedDuration::from_hours(25);
    bench.store.prepare(stored(vec![(key(1), recover(resolve()))]), before).await.unwrap();
    let report = bench.run().await;
    assert_eq!((report.unsure, report.waiting), (1, 0), "{report:?}");
    assert!(matches!(report.operations[0].fault, Some(Fault::EarlierUnknown { .. })), "{report:?}");
    assert!(bench.store.ticket(&key(1).id()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_search_that_waits_keeps_no_ticket_back() {
    let bench = Bench::new([]);
    bench.desk.0.lock().unwrap().blind = true;
    bench.plan(1, [recover(resolve())]).await;
    bench.run().await;
    bench.desk.0.lock().unwrap().blind = false;
    bench.plan(1, [opened_after(10)]).await;
    let report = bench.run().await;
    assert_eq!((report.opened, report.waiting, bench.desk.rows().len()), (1, 0, 1), "{report:?}");
    assert_eq!(bench.desk.rows()[0].state, 1, "what was opened now is not resolved");
}

#[tokio::test]
async fn of_a_closed_ticket_of_an_earlier_database_the_one_that_took_its_place_is_resolved() {
    let bench = Bench::new([]);
    bench.desk.earlier(&key(1), |row| row.state = 7);
    bench.desk.earlier(&key(1).replacement(), |_| {});
    bench.plan(1, [recover(resolve())]).await;
    let report = bench.run().await;
    let states: Vec<_> = bench.desk.rows().iter().map(|row| row.state).collect();
    assert_eq!((states, report.waiting), (vec![7, 6], 0), "{report:?}");
}

/// A ticket for an alert that fired so many minutes ago.
fn opened_after(minutes: i64) -> Operation {
    let at = Timestamp::now().checked_sub(SignedDuration::from_mins(minutes)).ok();
    Operation::Open { draft: Box::new(TicketDraft { description: "CPU".into(), at, ..TicketDraft::default() }) }
}

#[tokio::test]
async fn an_alert_that_is_read_late_finds_the_ticket_that_it_has() {
    let bench = Bench::new([]);
    bench.desk.earlier(&key(1), |_| {});
    bench.desk.earlier(&key(2), |row| row.assigned_to = Some("Beth".into()));
    bench.plan(1, [opened_after(10), resolve()]).await;
    bench.plan(2, [opened_after(10), resolve()]).await;
    bench.plan(3, [opened_after(10), resolve()]).await;
    let report = bench.run().await;
    let rows = bench.desk.rows();
    assert_eq!((rows.len(), report.opened), (3, 1), "{report:?}");
    let seen: Vec<_> = rows.iter().map(|row| (row.state, row.notes.len())).collect();
    assert_eq!(seen, [(6, 0), (1, 1), (6, 0)]);
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test]
async fn a_first_ticket_without_a_key_is_unsure_where_a_work_item_may_be_it() {
    let draft = TicketDraft { title: "Sev2 cpu: web-1".into(), ..TicketDraft::default() };
    let item = |number: &str, title: &str, hours: i64| WorkItem {
        kind: WorkItemKind::Incident,
        source_id: format!("id of {number}"),
        number: number.to_owned(),
        title: title.to_owned(),
        state: Value::plain("1"),
        priority: Value::plain("3"),
        open: true,
        opened_at: Timestamp::now().checked_sub(SignedDuration::from_hours(hours)).ok(),
        updated_at: Timestamp::now(),
        hidden: Vec::new(),
        fields: [("description", Value::plain(""))].into(),
    };
    let others = [
        item("INC1", "another", 0),
        item("INC2", "Sev2 cpu: web-1", 5),
        item("INC3", "[azm-0123456789ab] Sev2 cpu: web-1", 0),
    ];
    for (alike, unsure, rows) in [(None, 0, 1), (Some(item("INC7", "Sev2  cpu: web-1 ", 0)), 1, 0)] {
        let bench = Bench::new([(1, Trouble::RequestLost)]);
        bench.desk.0.lock().unwrap().others = others.iter().cloned().chain(alike).collect();
        bench.plan(1, [Operation::Open { draft: Box::new(draft.clone()) }]).await;
        let report = bench.run().await;
        assert_eq!((report.unsure, bench.desk.rows().len()), (unsure, rows), "{report:?}");
        let named = report.operations.iter().filter_map(|one| one.fault.clone()).next();
        let is_named = matches!(named, Some(Fault::TicketUnproven { alike, .. }) if alike == "INC7");
        assert_eq!(is_named, unsure == 1);
    }
}

#[tokio::test]
async fn a_token_that_is_refused_after_other_troubles_does_not_end_the_run() {
    let lost = (1..=3).map(|at| (at, Trouble::RequestLost));
    let bench = Bench::new(lost.chain([(4, Trouble::TokenRefused)]));
    bench.plan(1, [open(), note("more")]).await;
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.waiting, report.fault), (2, 0, None));
    assert_eq!(bench.desk.rows().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_final_and_refuses_what_follows() {
    let bench = Bench::new([(1, Trouble::Refused)]);
    bench.plan(1, [open(), note("more")]).await;
    bench.plan(2, [open()]).await;
    let report = bench.run().await;
    assert_eq!((report.refused, report.opened, report.waiting), (2, 1, 0), "{report:?}");
    assert_eq!(report.operations[0].fault.as_ref().map(Fault::code), Some("forbidden"));
}

#[tokio::test]
async fn where_nothing_proves_it_the_operation_is_unsure_and_nothing_is_sent_again() {
    let bench = Bench::new([(1, Trouble::ReplyLost)]);
    bench.desk.0.lock().unwrap().blind = true;
    bench.plan(1, [open(), note("more")]).await;
    let report = bench.run().await;
    assert_eq!((report.unsure, bench.desk.rows().len(), bench.desk.rows()[0].notes.len()), (1, 1, 0));
    assert_eq!(bench.run().await.unsure, 0, "it is left to a human");
    // The human has had the search repaired.
    bench.desk.0.lock().unwrap().blind = false;
    bench.store.outbox_again(&key(1).id(), Timestamp::now()).await.unwrap();
    bench.run().await;
    assert_eq!((bench.desk.rows().len(), bench.desk.rows()[0].notes.len()), (1, 1));
}

#[rstest]
#[case::assigned(|row: &mut Row| row.assigned_to = Some("Beth".into()), 1)]
#[case::begun(|row: &mut Row| row.state = 2, 2)]
#[case::edited(|row: &mut Row| row.changed_by = "beth".into(), 1)]
#[tokio::test]
async fn complaint_17_a_ticket_that_a_human_has_taken_gets_a_note(#[case] human: fn(&mut Row), #[case] state: u8) {
    let bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.desk.human(human);
    bench.plan(1, [note("still"), resolve()]).await;
    bench.run().await;
    let rows = bench.desk.rows();
    let texts: Vec<_> = rows[0].notes.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!((rows[0].state, texts), (state, vec!["still", "over"]));
    let record = bench.store.ticket(&key(1).id()).await.unwrap().unwrap();
    assert!(record.taken.is_some());
    let entries = bench.store.operations_of(&key(1).id()).await.unwrap();
    assert!(matches!(entries[2].findings[..], [TicketFinding::LeftToHuman { .. }]), "{entries:?}");
}

#[tokio::test]
async fn complaint_10_a_closed_ticket_is_not_changed_and_gets_a_successor() {
    let bench = Bench::new([]);
    bench.plan(1, [open(), resolve()]).await;
    bench.run().await;
    bench.desk.human(|row| row.state = 7);
    bench.plan(1, [reopen()]).await;
    let report = bench.run().await;
    let rows = bench.desk.rows();
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [7, 1], "{report:?}");
    assert_eq!(rows[1].key, key(1).replacement().correlation());
}

#[tokio::test]
async fn a_resolved_ticket_is_not_resolved_again() {
    let bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.desk.human(|row| (row.state, row.changed_by) = (6, "beth".into()));
    bench.plan(1, [resolve()]).await;
    bench.run().await;
    assert_eq!(bench.desk.0.lock().unwrap().writes, 1);
    let taken = bench.store.ticket(&key(1).id()).await.unwrap().unwrap().taken;
    assert_eq!(taken, Some(Taken::StateChanged { to: "6".into() }));
}

#[tokio::test]
async fn many_tickets_are_carried_out_in_portions_and_in_order() {
    let troubles = (1..400).step_by(7).map(|at| (at, [Trouble::ReplyLost, Trouble::RequestLost][at % 2]));
    let bench = Bench::new(troubles);
    for n in 0..250 {
        bench.plan(n, [open(), note("a"), note("b"), resolve()]).await;
    }
    let report = bench.run().await;
    assert_eq!((report.opened, report.confirmed, report.waiting), (250, 1000, 0));
    for row in bench.desk.rows() {
        let numbers: Vec<_> = row.notes.iter().map(|(number, _)| *number).collect();
        assert_eq!((row.state, numbers), (6, vec![1, 2]));
    }
    assert_eq!(bench.desk.rows().len(), 250);
}

#[test]
fn a_clock_that_is_set_ahead_shortens_no_wait() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let (sent, wait) = (at("2026-11-20T10:00:00Z"), SignedDuration::from_secs(65));
    let free =
        |left: Option<u64>, now: &str| carry::free_at(sent, left.map(Duration::from_secs), wait, at(now)).to_string();
    assert_eq!(free(Some(5), "2026-11-20T10:00:05Z"), "2026-11-20T10:01:05Z");
    assert_eq!(free(Some(5), "2026-11-21T10:00:05Z"), "2026-11-21T10:01:05Z", "set ahead by a day");
    assert_eq!(free(None, "2026-11-20T10:30:00Z"), "2026-11-20T10:01:05Z", "sent by an earlier run");
}

#[tokio::test]
async fn a_resolve_that_is_carried_out_late_is_no_humans_doing() {
    let bench = Bench::new([(2, Trouble::Late)]);
    bench.plan(1, [open(), resolve()]).await;
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.waiting, bench.desk.rows()[0].state), (2, 0, 6), "{report:?}");
    let record = bench.store.ticket(&key(1).id()).await.unwrap().unwrap();
    assert_eq!((record.taken, record.ticket.unwrap().state), (None, TicketState::Resolved));
    bench.plan(1, [reopen(), resolve()]).await;
    bench.run().await;
    assert_eq!((bench.desk.rows()[0].state, bench.desk.rows()[0].notes.len()), (6, 0), "it is still ours");
}

#[tokio::test]
async fn what_a_cached_list_does_not_show_yet_is_neither_gone_nor_a_humans_doing() {
    let bench = Bench::new([]);
    bench.desk.0.lock().unwrap().cached = Some(BTreeMap::new());
    bench.plan(1, [open(), resolve(), reopen(), resolve()]).await;
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.waiting, bench.desk.rows()[0].state), (4, 0, 6), "{report:?}");
    assert_eq!(bench.desk.0.lock().unwrap().writes, 4, "each write is sent once");
    let record = bench.store.ticket(&key(1).id()).await.unwrap().unwrap();
    assert_eq!((record.taken, bench.desk.rows()[0].notes.len()), (None, 0));
}

#[tokio::test]
async fn a_clock_that_was_set_back_delays_nothing() {
    let bench = Bench::new([(1, Trouble::RequestLost)]);
    let connection = ConnectionName::parse("contoso").unwrap();
    bench.plan(1, [open()]).await;
    let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
    let id = bench.store.outbox(&connection, 0, 1).await.unwrap()[0].id;
    bench.store.outbox_sent(id, tomorrow).await.unwrap();
    let waits = Outcome { not_before: Some(tomorrow), ..Outcome::of(OutboxState::Sent) };
    bench.store.outbox_ended(id, waits, tomorrow).await.unwrap();
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.waiting, bench.desk.rows().len()), (1, 0, 1), "{report:?}");
}

/// Another ticket about the same computer, and one about another, right after a run was killed at the first one.
#[rstest]
#[case(true, 1)]
#[case(false, 3)]
#[tokio::test]
async fn an_item_that_a_killed_run_may_still_make_is_not_asked_for_before_the_product_has_settled(
    #[case] doubles: bool,
    #[case] of_the_computer: usize,
) {
    let mut bench = Bench::new([(1, Trouble::Hangs)]);
    bench.desk.0.lock().unwrap().doubles = doubles;
    let about = |name: &str| {
        let item = Some(ItemHint { name: name.into(), is_computer: true, ..ItemHint::default() });
        Operation::Open { draft: Box::new(TicketDraft { item, ..TicketDraft::default() }) }
    };
    bench.plan(1, [about("VM-1.contoso.example")]).await;
    let cancel = CancellationToken::new();
    let killed = async {
        while bench.desk.0.lock().unwrap().writes == 0 {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    tokio::join!(bench.run_until(cancel.clone()), killed);
    bench.plan(2, [about("vm-1")]).await;
    bench.plan(3, [about("vm-1"), note("more")]).await;
    bench.plan(4, [about("vm-2")]).await;
    bench.settling = SignedDuration::from_hours(1);
    let report = bench.run().await;
    assert_eq!(bench.desk.rows().len(), of_the_computer + 1, "{report:?}");
    assert_eq!((report.waiting, report.unsure), (if doubles { 4 } else { 0 }, 0), "{report:?}");
}

fn fires(text: &str) -> Operation {
    Operation::Note { number: 0, text: text.into(), fires: true }
}

#[rstest]
#[case::by_a_note(fires("fires again"))]
#[case::by_a_reopening(reopen())]
#[tokio::test]
async fn an_alert_that_fires_on_a_closed_ticket_gets_a_successor_which_its_end_resolves(#[case] again: Operation) {
    let bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.desk.human(|row| row.state = 7);
    bench.plan(1, [again]).await;
    bench.run().await;
    assert_eq!(bench.desk.rows().iter().map(|row| row.state).collect::<Vec<_>>(), [7, 1]);
    bench.plan(1, [fires("and again"), resolve()]).await;
    let report = bench.run().await;
    let rows = bench.desk.rows();
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [7, 6], "{report:?}");
    assert_eq!(rows.iter().map(|row| row.notes.len()).collect::<Vec<_>>(), [0, 1], "the closed one is left alone");
    bench.desk.0.lock().unwrap().rows[1].state = 7;
    bench.plan(1, [fires("once more")]).await;
    bench.run().await;
    assert_eq!(bench.desk.rows().iter().map(|row| row.state).collect::<Vec<_>>(), [7, 7, 1], "and so on");
}

#[tokio::test]
async fn what_does_not_fire_opens_nothing_for_a_closed_ticket() {
    let bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.desk.human(|row| row.state = 7);
    bench.plan(1, [note("over"), resolve()]).await;
    let report = bench.run().await;
    assert_eq!((bench.desk.rows().len(), report.confirmed, report.waiting), (1, 2, 0));
}

#[tokio::test]
async fn an_alert_that_fires_on_a_deleted_ticket_gets_a_successor() {
    let bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.desk.human(|row| row.key = "deleted".into());
    bench.plan(1, [fires("fires again"), resolve()]).await;
    bench.run().await;
    assert_eq!(bench.desk.rows().iter().map(|row| row.state).collect::<Vec<_>>(), [1, 6]);
}

#[tokio::test]
async fn killed_at_each_write_a_successor_is_opened_and_noted_once() {
    for at in 2..=4 {
        let bench = Bench::new([(at, Trouble::Hangs)]);
        bench.plan(1, [open()]).await;
        bench.run().await;
        bench.desk.human(|row| row.state = 7);
        bench.plan(1, [fires("one"), fires("two"), resolve()]).await;
        let cancel = CancellationToken::new();
        let stop = async {
            while bench.desk.0.lock().unwrap().writes < at {
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        tokio::join!(bench.run_until(cancel.clone()), stop);
        bench.run().await;
        let rows = bench.desk.rows();
        assert_eq!((rows.len(), rows[1].state, rows[1].notes.len()), (2, 6, 1), "killed at write {at}");
    }
}

#[tokio::test]
async fn a_ticket_of_another_server_is_not_touched_and_what_fires_is_opened_here() {
    let mut bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.plan(2, [open(), note("waits")]).await;
    bench.instance = "https://moved.example".into();
    bench.plan(1, [fires("fires again"), resolve()]).await;
    let report = bench.run().await;
    let rows = bench.desk.rows();
    assert_eq!((rows[0].state, rows[0].notes.len()), (1, 0), "it may be anybody's here");
    let here = |n: u32| TicketKey { instance: bench.instance.clone(), ..key(n) }.id();
    for (n, state, notes) in [(1, TicketState::Resolved, 0), (2, TicketState::New, 1)] {
        let record = bench.store.ticket(&here(n)).await.unwrap().unwrap();
        assert_eq!((record.ticket.unwrap().state, record.notes), (state, notes), "{n}: {report:?}");
    }
    assert_eq!((rows.len(), report.opened, report.refused, report.waiting), (3, 2, 0, 0), "{report:?}");
}

/// The database was restored from a backup: it does not know that this ticket of the group was opened and closed since.
#[tokio::test]
async fn a_group_whose_key_an_older_closed_ticket_has_gets_a_ticket_of_its_own() {
    let group = TicketKey { subject: Subject::Group("rule|r|cpu".into()), ..key(1) };
    let ago = |minutes| Some(Timestamp::now() - SignedDuration::from_mins(minutes));
    for (state, changed_at, rows) in [(7, ago(600), 2), (6, ago(600), 1), (1, ago(600), 1), (7, ago(1), 1)] {
        // The product refuses a second record of the same id.
        let bench = Bench::new([(1, Trouble::Refused)]);
        let there = Row {
            key: group.correlation(),
            state,
            changed_by: US.into(),
            made_by: Some(US.into()),
            changed_at,
            ..Row::default()
        };
        bench.desk.0.lock().unwrap().rows.push(there);
        bench.store.prepare(stored(vec![(group.clone(), open())]), Timestamp::now()).await.unwrap();
        let report = bench.run().await;
        assert_eq!(bench.desk.rows().len(), rows, "{state}: {report:?}");
        assert_eq!((report.refused, report.waiting), (0, 0), "{state}: {report:?}");
        let left = bench.desk.rows()[0].state;
        assert_eq!(left, if state == 6 { 2 } else { state }, "a resolved one is opened again");
        let last = if rows == 2 { group.replacement() } else { group.clone() };
        assert!(bench.store.ticket(&last.id()).await.unwrap().unwrap().ticket.is_some());
    }
}

#[tokio::test]
async fn a_ticket_is_written_to_however_the_url_of_its_server_is_written_now() {
    let mut bench = Bench::new([]);
    bench.plan(1, [open()]).await;
    bench.run().await;
    bench.instance = format!("{}:443/nav_to.do", bench.instance.to_uppercase());
    bench.plan(1, [note("goes on"), resolve()]).await;
    let report = bench.run().await;
    let rows = bench.desk.rows();
    assert_eq!((rows.len(), rows[0].state, rows[0].notes.len()), (1, 6, 1), "{report:?}");
    assert_eq!((report.confirmed, report.operations.len()), (2, 0), "{report:?}");
}

#[test]
fn no_product_is_left_alone_for_longer_than_a_day() {
    assert_eq!(carry::asked(30), SignedDuration::from_secs(30));
    assert_eq!(carry::asked(366 * 86_400), SignedDuration::from_hours(24));
}

#[tokio::test]
async fn a_wait_that_was_noted_under_a_clock_that_was_ahead_delays_nothing() {
    let bench = Bench::new([]);
    let connection = ConnectionName::parse("contoso").unwrap();
    bench.plan(1, [open()]).await;
    let id = bench.store.outbox(&connection, 0, 1).await.unwrap()[0].id;
    let year = Timestamp::now() + SignedDuration::from_hours(24 * 365);
    let waits = Outcome { not_before: Some(year), ..Outcome::of(OutboxState::Prepared) };
    bench.store.outbox_ended(id, waits, Timestamp::now()).await.unwrap();
    let report = bench.run().await;
    assert_eq!((report.confirmed, report.waiting), (1, 0), "{report:?}");
}
