//! The stored work items, how far each sync is, and the activity log: one SQLite file with one writer.
//!
//! Related data is committed together: a page of rows with its checkpoint and the counters
//! behind the tiles. SQLite blocks, so it runs on threads of our own (see `db_thread`); the methods of [`Store`] wait
//! for their replies.

mod acknowledged;
mod alert_counts;
mod alert_history;
mod alert_window;
mod alerts;
mod assigned;
mod changes;
mod checkpoint;
mod choices;
mod commit;
pub mod completion;
mod confirmations;
mod connections;
mod counters;
mod damage;
mod db_thread;
mod export;
mod feeds;
mod found;
mod identity;
mod lost_tickets;
mod notes;
mod open;
mod outbox;
mod overview;
mod plan;
mod problem;
mod read_only;
mod row;
mod schema;
mod search;
mod sink;
mod sorted;
mod standing;
mod summary;
mod sweep;
#[cfg(test)]
mod tests;
mod total;
mod window;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, InterruptHandle, OptionalExtension, Transaction, TransactionBehavior};

pub use acknowledged::ToAcknowledge;
pub use alert_window::AlertTimes;
pub use alerts::{AlertFilter, Decided, NewAlert, StoredAlert, Taken};
pub use changes::{Changed, Portion, What};
pub use commit::{PageCommit, Stored, Tally};
pub use db_thread::Pending;
pub use export::ExportRow;
pub use identity::IdentityChange;
pub use lost_tickets::Looked;
pub use notes::FeedNotes;
pub use outbox::{NewOperation, Outcome, TicketFilter};
pub use plan::{Plan, Slice, SliceCheckpoint, SyncState};
pub use schema::column_names;
pub use sink::{Activities, Lag, Sink};
pub use sweep::{Differs, Seen, SweepPart, Why};

use crate::model::checklist::ItemId;
use crate::model::confirmation::Confirmation;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::identity::Identity;
use crate::model::items::{Assigned, ItemFilter, ItemWindow, Seek};
use crate::model::overview::Overview;
use crate::model::summary::{Activity, SignedIn, Summary};
use crate::model::sweep::{Gap, Mark, SweepRecord};
use crate::model::work_item::{WorkItem, WorkItemKind};
use checkpoint::Checkpointer;
use commit::Prepared;
use db_thread::{DbThread, Reply};
use problem::Problem;
use read_only::ReadOnly;
use row::ItemRecord;
use standing::Standing;
use window::Browser;
pub use window::Way;

/// Jobs that may wait for the writer; few, since pages are large.
const WRITER_ROOM: usize = 8;
/// The most pages that are committed in one transaction.
const PAGES_TOGETHER: usize = 8;
/// Questions that may wait for a reader.
const READER_ROOM: usize = 64;

/// The open store. Clones are cheap and share the file and its threads.
#[derive(Clone)]
pub struct Store {
    writer: DbThread<Connection>,
    reader: DbThread<Connection>,
    browser: DbThread<Browser>,
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    /// Whether rows may wait for the search index.
    behind: AtomicBool,
    /// Counts the queries of the table, so that a newer one cancels an older one.
    asked: AtomicU64,
    interrupt: InterruptHandle,
    /// Pages sent to the writer; the next job commits several of them.
    pages: Mutex<VecDeque<(Prepared, Reply<Stored>)>>,
    checkpointer: Checkpointer,
    /// How the database is read if it may not be written.
    read_only: Option<ReadOnly>,
    /// Which file it was when it was opened.
    stood: Standing,
}

impl Shared {
    fn pages(&self) -> MutexGuard<'_, VecDeque<(Prepared, Reply<Stored>)>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another reader, opened as the first one was.
    fn browser(&self) -> Result<Browser, Fault> {
        let open = || -> Result<Browser, Problem> {
            let Some(way) = &self.read_only else { return Browser::new(open::open_reader(&self.path)?) };
            let mut browser = Browser::new(way.open()?)?;
            browser.search.literally = self.behind.load(Ordering::Acquire);
            Ok(browser)
        };
        open().map_err(|problem| problem.into_fault(&self.path))
    }

    fn commit_waiting(&self, db: &mut Connection) {
        let (pages, replies): (Vec<_>, Vec<_>) = {
            let mut pages = self.pages();
            let count = pages.len().min(PAGES_TOGETHER);
            pages.drain(..count).unzip()
        };
        if pages.is_empty() {
            return;
        }
        let outcomes = commit::commit(db, &pages);
        self.behind.store(true, Ordering::Release);
        self.checkpointer.committed(pages.iter().map(Prepared::rows).sum());
        for ((reply, outcome), page) in replies.into_iter().zip(outcomes).zip(pages) {
            reply.send(outcome.map(|tally| Stored::new(tally, page)));
        }
    }
}

impl Store {
    /// Opens the database at `path`; creates it if there is none.
    ///
    /// # Errors
    /// [`Fault::DatabaseDamaged`] after the damaged file was moved aside: opening again starts with a new file.
    /// [`Fault::DatabaseTooNew`], [`Fault::DiskFull`], [`Fault::NotWritable`], [`Fault::FileProblem`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref();
        if read_only::is_all_there_is(path) {
            return Self::open_read_only(path);
        }
        let db = open::open_writer(path)?;
        let behind = search::behind(&db).map_err(|problem| problem.into_fault(path))? > 0;
        let browser = Browser::new(open::open_reader(path)?).map_err(|problem| problem.into_fault(path))?;
        let shared = Arc::new(Shared {
            path: path.to_owned(),
            behind: AtomicBool::new(behind),
            asked: AtomicU64::new(0),
            interrupt: browser.db.get_interrupt_handle(),
            pages: Mutex::default(),
            checkpointer: Checkpointer::new(path),
            read_only: None,
            stood: standing::of(path, false),
        });
        let reader = DbThread::start("store-reader", path, READER_ROOM, open::open_reader(path)?, drop)?;
        let browser = DbThread::start("store-browser", path, READER_ROOM, browser, drop)?;
        let writer = DbThread::start("store-writer", path, WRITER_ROOM, db, tidy_up)?;
        writer.try_send(purge_leftovers);
        Ok(Self { writer, reader, browser, shared })
    }

    /// Opens the database in a read-only place; methods that write fail.
    fn open_read_only(path: &Path) -> Result<Self, Fault> {
        // Before it is read, so that a later write makes this handle stale.
        let stood = standing::of(path, true);
        let way = ReadOnly::find(path)?;
        let open = || way.open().map_err(|problem| problem.into_fault(path));
        let (db, reading, told) = (open()?, open()?, |problem: Problem| problem.into_fault(path));
        let behind = search::behind(&db).map_err(told)? > 0;
        let mut browser = Browser::new(open()?).map_err(told)?;
        browser.search.literally = behind;
        let interrupt = browser.db.get_interrupt_handle();
        let reader = DbThread::start("store-reader", path, READER_ROOM, reading, drop)?;
        let browser = DbThread::start("store-browser", path, READER_ROOM, browser, drop)?;
        let writer = DbThread::start("store-writer", path, WRITER_ROOM, db, drop)?;
        let shared = Arc::new(Shared {
            path: path.to_owned(),
            behind: AtomicBool::new(behind),
            asked: AtomicU64::new(0),
            interrupt,
            pages: Mutex::default(),
            checkpointer: Checkpointer::new(path),
            read_only: Some(way),
            stood,
        });
        Ok(Self { writer, reader, browser, shared })
    }

    /// Whether the database may only be read.
    pub fn is_read_only(&self) -> bool {
        self.shared.read_only.is_some()
    }

    /// Copies everything committed into the database file itself, so that a plain copy of the file is complete. The part that
    /// a reader of another process blocks stays in the log until the next time.
    pub async fn settle(&self) -> Result<(), Fault> {
        if self.is_read_only() {
            return Ok(());
        }
        self.writer.run(|db| checkpoint::settle(db)).await
    }

    /// The files of a database that are written with every commit, or when damage is met.
    pub fn files(path: &Path) -> Vec<PathBuf> {
        vec![path.to_owned(), open::with_suffix(path, "-wal"), damage::mark_of(path)]
    }

    /// A number that changes whenever anybody commits something, this process or another. Numbers of one handle
    /// compare with each other, not with those of another (see [`is_same`](Self::is_same)).
    pub async fn version(&self) -> Result<i64, Fault> {
        self.reader.run(|db| Ok(db.query_row("PRAGMA data_version", [], |row| row.get(0))?)).await
    }

    /// Whether both are handles of one opening of the database.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Whether this handle still uses the file at its path and has met no damage. If not, the database must be opened again: it
    /// was set aside, perhaps by another process, or must be.
    pub fn is_current(&self) -> bool {
        let (path, read_only) = (&self.shared.path, self.is_read_only());
        self.shared.stood == standing::of(path, read_only) && (read_only || !damage::is_met(path))
    }

    /// Notes which connections lost their rows with a damaged database, which is kept under this name.
    pub async fn note_rebuilt(&self, connections: Vec<ConnectionName>, kept_as: String) -> Result<(), Fault> {
        self.write(move |tx| damage::note(tx, &connections, &kept_as)).await
    }

    /// Under which name the damaged database was kept that had the connection's rows, until a complete sync has brought
    /// them again.
    pub async fn lost_with(&self, connection: &ConnectionName) -> Result<Option<String>, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| damage::lost_with(db, &connection)).await
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Stores a page of work items and moves its slice's checkpoint, in one transaction. A row that is stored
    /// as it is, or with a newer change, is left alone.
    pub async fn commit_page(&self, page: PageCommit) -> Result<Tally, Fault> {
        Ok(self.begin_commit(page).await?.outcome().await?.tally)
    }

    /// Like [`commit_page`](Self::commit_page), but returns as soon as the writer has the page; the outcome
    /// may be waited for later.
    pub async fn begin_commit(&self, page: PageCommit) -> Result<Pending<Stored>, Fault> {
        let page = commit::Prepared::new(page);
        let (reply, begun) = self.writer.reply();
        let shared = self.shared.clone();
        let queue = || self.shared.pages().push_back((page, reply));
        self.writer.send(queue, move |db| shared.commit_waiting(db)).await?;
        Ok(begun)
    }

    /// How far the sync of this kind is.
    pub async fn sync_state(&self, connection: &ConnectionName, kind: WorkItemKind) -> Result<SyncState, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| reading(db, |db| plan::state(db, &connection, kind))).await
    }

    /// Stores the slices of a new run, replacing any older plan. `full` clears the watermark,
    /// since the run covers everything.
    pub async fn begin_plan(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        plan: Plan,
        full: bool,
    ) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| plan::begin(tx, &connection, kind, &plan, full)).await
    }

    /// Ends a plan: everything up to `watermark` is stored, apart from `gap`.
    ///
    /// # Errors
    /// [`Fault::Internal`] if a slice is not done, since a watermark never passes missing rows.
    pub async fn finish_plan(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        watermark: Timestamp,
        gap: Option<Gap>,
    ) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| plan::finish(tx, &connection, kind, watermark, gap.as_ref())).await
    }

    /// The notes of earlier syncs about a kind.
    pub async fn feed_notes(&self, connection: &ConnectionName, kind: WorkItemKind) -> Result<FeedNotes, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| notes::read(db, &connection, kind)).await
    }

    /// Notes what a sync has learned.
    pub async fn set_feed_notes(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        notes: FeedNotes,
    ) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| notes::write(tx, &connection, kind, &notes)).await
    }

    /// Which of the attributes have a stored value in rows with these ids of the product, and in how many.
    pub async fn with_values(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        ids: Vec<String>,
        attributes: Vec<String>,
    ) -> Result<Vec<(String, usize)>, Fault> {
        let connection = connection.clone();
        self.reader
            .run(move |db| reading(db, |db| notes::with_values(db, (&connection, kind), &ids, &attributes)))
            .await
    }

    /// Updates the search index batch by batch, so that other jobs run in between. Runs after each sync, and before every
    /// search.
    pub async fn index(&self) -> Result<(), Fault> {
        while self.index_batch().await? {}
        Ok(())
    }

    /// Whether more is to be indexed.
    async fn index_batch(&self) -> Result<bool, Fault> {
        let shared = self.shared.clone();
        self.writer
            .run(move |db| {
                let more = search::index_batch(db)?;
                shared.behind.store(more, Ordering::Release);
                Ok(more)
            })
            .await
    }

    /// The number of the last change of all.
    pub async fn last_change(&self) -> Result<i64, Fault> {
        self.reader.run(|db| changes::last(db)).await
    }

    /// The last change that a consumer has handled; 0 for a new one.
    pub async fn consumer_done(&self, name: &str) -> Result<i64, Fault> {
        let name = name.to_owned();
        self.reader.run(move |db| changes::done(db, &name)).await
    }

    /// Stores the last change that a consumer has handled, after all that was to be written before; it may be waited for later.
    pub async fn begin_consumer_done(&self, name: &str, done: i64) -> Result<Pending<()>, Fault> {
        let name = name.to_owned();
        self.begin_write(move |tx| changes::set_done(tx, &name, done)).await
    }

    /// Compares the connection's identity with the stored one and stores it. For another identity the stored rows are out of
    /// sight from then on, and nothing counts as synced; a connection without a stored identity takes this one.
    pub async fn take_identity(
        &self,
        connection: &ConnectionName,
        identity: Identity,
        at: Timestamp,
    ) -> Result<IdentityChange, Fault> {
        let name = connection.clone();
        let change = self.write(move |tx| identity::take(tx, &name, &identity, at)).await?;
        if matches!(change, IdentityChange::Another(_)) {
            self.purge().await?;
        }
        Ok(change)
    }

    /// Compares one page of a sweep with the stored rows, and marks in `seen` those that it shows.
    pub async fn compare(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        marks: Vec<Mark>,
        mut seen: Seen,
    ) -> Result<(Seen, Vec<Differs>), Fault> {
        let connection = connection.clone();
        self.reader
            .run(move |db| {
                let differing = reading(db, |db| sweep::compare(db, &connection, kind, &marks, &mut seen))?;
                Ok((seen, differing))
            })
            .await
    }

    /// The ids of stored rows that a sweep did not show and that are not marked as removed, at most `limit` of them after
    /// `after`, each with the store's own row id.
    pub async fn unseen(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        seen: Seen,
        after: i64,
        limit: usize,
    ) -> Result<(Seen, Vec<(i64, String)>), Fault> {
        let connection = connection.clone();
        self.reader
            .run(move |db| {
                let ids = reading(db, |db| sweep::unseen(db, &connection, kind, &seen, after, limit))?;
                Ok((seen, ids))
            })
            .await
    }

    /// Stores a part of a sweep's result in one transaction. The product's current rows replace the stored ones.
    pub async fn commit_sweep(&self, part: SweepPart) -> Result<Tally, Fault> {
        let shared = self.shared.clone();
        let tally = self.write(move |tx| sweep::commit(tx, part)).await?;
        shared.behind.store(true, Ordering::Release);
        Ok(tally)
    }

    /// Notes what is not known of a kind.
    pub async fn set_gap(&self, connection: &ConnectionName, kind: WorkItemKind, gap: Gap) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| plan::set_gap(tx, plan::feed_id(tx, &connection, kind)?, Some(&gap))).await
    }

    /// Ends a sweep; `gap` is what remains unknown.
    pub async fn finish_sweep(
        &self,
        connection: &ConnectionName,
        kind: WorkItemKind,
        record: SweepRecord,
        gap: Option<Gap>,
    ) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| sweep::finish(tx, &connection, kind, &record, gap.as_ref())).await
    }

    /// The summary that the tile of a connection shows at `now`.
    pub async fn summary(&self, connection: &ConnectionName, now: Timestamp) -> Result<Summary, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| reading(db, |db| summary::summary(db, &connection, now))).await
    }

    /// What all connections hold together at `now`. It looks at everything that is open, so it has a reader of its own: the
    /// counts of a tile do not wait for it.
    pub async fn overview(&self, now: Timestamp) -> Result<Overview, Fault> {
        let db_thread = DbThread::start("store-overview", &self.shared.path, 1, self.shared.browser()?, drop)?;
        db_thread.run(move |browser| reading(&mut browser.db, |db| overview::overview(db, now))).await
    }

    /// The groups and people that work items of one connection or of all are assigned to. It reads every row of the table's
    /// index, beside everything else.
    pub async fn assigned(&self, connection: Option<&ConnectionName>) -> Result<Assigned, Fault> {
        let db_thread = DbThread::start("store-assigned", &self.shared.path, 1, self.shared.browser()?, drop)?;
        let connection = connection.cloned();
        let of = move |db: &Connection| assigned::of(db, &feeds::of(db, connection.as_ref(), None)?);
        db_thread.run(move |browser| reading(&mut browser.db, of)).await
    }

    /// A window of the table, of one connection or of all, in the order of the filter. A newer call ends an older one that
    /// is still running with [`Fault::Interrupted`].
    pub async fn items(
        &self,
        connection: Option<&ConnectionName>,
        filter: ItemFilter,
        seek: Seek,
        limit: usize,
    ) -> Result<ItemWindow, Fault> {
        let ticket = self.shared.asked.fetch_add(1, Ordering::AcqRel) + 1;
        self.shared.interrupt.interrupt();
        self.index_for(&filter.find).await?;
        let (connection, shared) = (connection.cloned(), self.shared.clone());
        self.browser
            .run(move |browser| {
                if shared.asked.load(Ordering::Acquire) != ticket {
                    return Err(Problem::Superseded);
                }
                browser.window(connection.as_ref(), &filter, seek, limit)
            })
            .await
    }

    /// One work item by its row id.
    pub async fn item(&self, row_id: i64) -> Result<Option<WorkItem>, Fault> {
        self.reader.run(move |db| read_item(db, row_id)).await
    }

    /// One work item by its number.
    pub async fn item_by_number(&self, connection: &ConnectionName, number: &str) -> Result<Option<WorkItem>, Fault> {
        self.index_for(number).await?;
        let (connection, number) = (connection.clone(), number.to_owned());
        self.reader
            .run(move |db| {
                let feeds: Vec<_> = feeds::of(db, Some(&connection), None)?.iter().map(|feed| feed.id).collect();
                match search::by_number(db, &feeds, &number)? {
                    Some(id) => read_item(db, id),
                    None => Ok(None),
                }
            })
            .await
    }

    /// Hands the matching work items to `each`, in the order of the filter, as rows of the view `ServiceDesk_CL` (see
    /// [`column_names`]), until `limit` or until it returns `false`; returns how many. Runs beside everything else.
    pub async fn export(
        &self,
        connection: Option<&ConnectionName>,
        filter: ItemFilter,
        limit: Option<u64>,
        mut each: impl FnMut(&ExportRow) -> bool + Send + 'static,
    ) -> Result<u64, Fault> {
        self.index_for(&filter.find).await?;
        let db_thread = DbThread::start("store-export", &self.shared.path, 1, self.shared.browser()?, drop)?;
        let connection = connection.cloned();
        db_thread.run(move |browser| export::export(browser, connection.as_ref(), &filter, limit, &mut each)).await
    }

    /// Adds a line to the connection's activity log.
    pub async fn record(&self, connection: &ConnectionName, activity: Activity) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| connections::record(tx, &connection, &activity)).await
    }

    /// The newest lines of the connection's activity log, newest first.
    pub async fn activities(&self, connection: &ConnectionName, limit: usize) -> Result<Vec<Activity>, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| connections::activities(db, &connection, limit)).await
    }

    /// Stores the admin's confirmations of checklist items: all of them, or none if it fails.
    pub async fn confirm(&self, connection: &ConnectionName, said: Vec<Confirmation>) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| said.iter().try_for_each(|one| confirmations::keep(tx, &connection, one))).await
    }

    /// Withdraws the confirmation of an item; whether there was something.
    pub async fn withdraw(&self, connection: &ConnectionName, item: ItemId) -> Result<bool, Fault> {
        let connection = connection.clone();
        self.write(move |tx| confirmations::withdraw(tx, &connection, &item)).await
    }

    /// The admin's confirmations of checklist items.
    pub async fn confirmations(&self, connection: &ConnectionName) -> Result<Vec<Confirmation>, Fault> {
        let connection = connection.clone();
        self.reader.run(move |db| confirmations::all(db, &connection)).await
    }

    /// Stores since when, until when and as whom the connection is signed in.
    pub async fn signed_in(&self, connection: &ConnectionName, signed_in: SignedIn) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| connections::signed_in(tx, &connection, &signed_in)).await
    }

    /// Stores that the connection is signed out, and why; does nothing for an unknown connection.
    pub async fn signed_out(&self, connection: &ConnectionName, why: Fault) -> Result<(), Fault> {
        let connection = connection.clone();
        self.write(move |tx| connections::signed_out(tx, &connection, &why)).await
    }

    /// The connections of which work items or a sign-in are stored, whatever the config file has.
    pub async fn connection_names(&self) -> Result<Vec<String>, Fault> {
        self.reader.run(move |db| connections::names(db)).await
    }

    /// Whether anything of a connection is stored, if only an entry of its log.
    pub async fn knows(&self, connection: &ConnectionName) -> Result<bool, Fault> {
        let name = connection.clone();
        let sql = "SELECT EXISTS (SELECT 1 FROM connection WHERE name = ?1)";
        self.reader.run(move |db| Ok(db.query_row(sql, [name.as_str()], |row| row.get(0))?)).await
    }

    /// Whether tickets or workspaces know the connection by its name, which then stays the same to them.
    pub async fn is_known_outside(&self, connection: &ConnectionName) -> Result<bool, Fault> {
        let name = connection.clone();
        self.reader.run(move |db| reading(db, |db| connections::is_known_outside(db, &name))).await
    }

    /// Notes by which name a connection is known outside, where it was renamed: a new database does not know it.
    pub async fn know_as(&self, connection: &ConnectionName, known_as: Option<&ConnectionName>) -> Result<(), Fault> {
        let (name, known_as) = (connection.clone(), known_as.map(ToString::to_string));
        if self.is_read_only() {
            return Ok(());
        }
        self.write(move |tx| connections::know_as(tx, &name, known_as.as_deref())).await
    }

    /// Gives everything that is stored of a connection to another name, in one transaction that is on the disk when this returns.
    /// A connection that is not stored has nothing to give.
    pub async fn rename(
        &self,
        from: &ConnectionName,
        to: &ConnectionName,
        known_as: Option<&ConnectionName>,
        at: Timestamp,
    ) -> Result<bool, Fault> {
        let (from, to, known_as) = (from.to_string(), to.to_string(), known_as.map(ToString::to_string));
        self.writer
            .run(move |db| {
                // A plain commit may be lost with the power, and the config file would name a connection that is not stored.
                db.pragma_update(None, "synchronous", "FULL")?;
                let renamed = renamed(db, (&from, &to), known_as.as_deref(), at);
                db.pragma_update(None, "synchronous", "NORMAL")?;
                renamed
            })
            .await
    }

    /// Deletes everything of a connection. Returns whether there was something.
    pub async fn remove(&self, connection: &ConnectionName) -> Result<bool, Fault> {
        let name = connection.clone();
        let found = self.write(move |tx| connections::forget(tx, &name)).await?;
        self.purge().await?;
        Ok(found)
    }

    /// Deletes what is out of sight.
    async fn purge(&self) -> Result<(), Fault> {
        let shared = self.shared.clone();
        self.writer
            .run(move |db| {
                connections::purge(db)?;
                overwrite(db);
                shared.behind.store(search::behind(db)? > 0, Ordering::Release);
                Ok(())
            })
            .await
    }

    async fn index_for(&self, find: &str) -> Result<(), Fault> {
        if !self.is_read_only() && search::has_words(find) && self.shared.behind.load(Ordering::Acquire) {
            self.index().await?;
        }
        Ok(())
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Fault> {
        self.begin_write(work).await?.outcome().await
    }

    /// Hands work to the writer, in its order; the outcome may be waited for later.
    async fn begin_write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Pending<T>, Fault> {
        self.writer
            .begin(move |db| {
                let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let outcome = work(&tx)?;
                tx.commit()?;
                Ok(outcome)
            })
            .await
    }
}

fn renamed(db: &mut Connection, names: (&str, &str), known_as: Option<&str>, at: Timestamp) -> Result<bool, Problem> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = connections::rename(&tx, names, known_as, at)?;
    tx.commit()?;
    Ok(found)
}

/// Reads in one transaction, so that the results are consistent.
fn reading<T>(db: &mut Connection, read: impl FnOnce(&Connection) -> Result<T, Problem>) -> Result<T, Problem> {
    let tx = db.transaction()?;
    read(&tx)
}

fn read_item(db: &Connection, id: i64) -> Result<Option<WorkItem>, Problem> {
    let sql = format!(
        "SELECT f.kind, f.id, {} FROM work_item JOIN feed f ON f.id = feed JOIN connection c ON c.id = f.connection \
         WHERE work_item.id = ?1 AND c.name IS NOT NULL",
        ItemRecord::columns("work_item.")
    );
    let read =
        |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, ItemRecord::read(row, 2)?));
    let Some((kind, feed, record)) = db.query_row(&sql, [id], read).optional()? else { return Ok(None) };
    let kind = WorkItemKind::from_id(&kind).ok_or_else(|| Problem::Unreadable(format!("a kind '{kind}'")))?;
    let labels = choices::Labels::of(db, feed)?;
    let mut item = record.into_item(kind)?;
    item.state = labels.state(item.state);
    item.priority = labels.priority(item.priority);
    Ok(Some(item))
}

/// The writer's first job: completes a removal that was cut off, whose rows are invisible already.
fn purge_leftovers(db: &mut Connection) {
    if let Err(problem) = connections::purge(db) {
        tracing::warn!(?problem, "the rest of a removed connection could not be deleted");
    }
}

/// Removes the remains of deleted rows from the file and its log. Deleted content is overwritten anyway; this also removes what
/// an older itsmc deleted.
fn overwrite(db: &Connection) {
    if let Err(error) = db.execute_batch("VACUUM;") {
        tracing::warn!(%error, "the database was not written again after a removal");
    }
    if let Err(problem) = checkpoint::settle(db) {
        tracing::warn!(?problem, "the log of the database was not emptied after a removal");
    }
}

/// The writer's last job, when the last handle is dropped.
fn tidy_up(db: Connection) {
    let tidied = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);");
    if let Err(error) = tidied {
        tracing::warn!(%error, "the database was closed without tidying up");
    }
}
