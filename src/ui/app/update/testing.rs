//! A pure stand-in for the runtime: it notes what is asked for and answers when it is told to.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::items::{ItemFilter, ItemKey, ItemRow, ItemWindow, Seek, Total};
use crate::model::lang::Lang;
use crate::model::partner::Catalogue;
use crate::model::settings::Settings;
use crate::model::summary::{KindSummary, Summary, SyncRecord};
use crate::model::work_item::{Value, WorkItemKind};
use crate::ui::app::connection::ConnectionScreen;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap;
use crate::ui::app::meanings::{assert_not_answered_by, assert_one_meaning};
use crate::ui::app::message::{Message, Outcome};
use crate::ui::app::model::{Entry, Model, Screen};
use crate::ui::app::screens::ScreenJob;
pub use crate::ui::app::testing::{connection, name};
use crate::ui::app::update::{start, update};
use crate::ui::app::workspace::{self, WorkspaceEntry, WorkspaceJob, WorkspaceOutcome};

/// The program with everything around it made up.
pub struct Driver {
    pub model: Model,
    pub store: FakeStore,
    pub running: BTreeMap<TaskId, Job>,
    pub cancelled: Vec<TaskId>,
    pub effects: Vec<Effect>,
    /// The last key that did something.
    pressed: Option<Key>,
}

pub fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A summary of a connection that was synced at `ended_at`.
pub fn summary(ended_at: Timestamp) -> Summary {
    let counts = KindSummary {
        total: 60,
        open: 40,
        by_state: vec![(Value::labelled("1", "New"), 30), (Value::labelled("2", "In Progress"), 30)],
        by_priority: vec![(Value::labelled("1", "1 - Critical"), 20), (Value::labelled("3", "3 - Moderate"), 40)],
        trend: vec![0; 14],
        ..KindSummary::default()
    };
    let changes = KindSummary { by_state: vec![(Value::labelled("1", "Assess"), 60)], ..counts.clone() };
    Summary {
        signed_in_as: None,
        signed_out: None,
        client_secret_expires: None,
        kinds: [(WorkItemKind::Incident, counts), (WorkItemKind::ChangeRequest, changes)].into(),
        last_sync: Some(SyncRecord {
            started_at: ended_at,
            ended_at,
            changed: 41,
            complete: true,
            fault: None,
            failing_since: None,
            findings: Vec::new(),
            earlier_fault: None,
        }),
        last_complete: Some(ended_at),
        sign_in: None,
        findings: Vec::new(),
    }
}

impl Driver {
    /// A terminal of 80x24 and these connections, just synced.
    pub fn new(names: &[&str], rows: u64) -> Self {
        let catalogue = Arc::new(Catalogue::built_in().unwrap());
        let mut driver = Self {
            model: Model::new(Lang::En, noon(), (80, 24), catalogue),
            store: FakeStore::new(rows),
            running: BTreeMap::new(),
            cancelled: Vec::new(),
            effects: Vec::new(),
            pressed: None,
        };
        let effects = start(&mut driver.model);
        driver.note(effects);
        let connections = names.iter().map(|name| connection(name)).collect();
        driver.bring(&Job::LoadConfig, Outcome::Config(Ok((Settings::default(), connections))));
        for text in names {
            let summary = Ok(Box::new(summary(noon())));
            driver.bring(&Job::LoadSummary(name(text)), Outcome::Summary(name(text), summary));
        }
        driver
    }

    /// With these connections and workspaces.
    pub fn with_workspaces(names: &[&str], entries: Vec<WorkspaceEntry>) -> Self {
        let mut driver = Self::new(names, 3);
        driver.bring(&Job::LoadWorkspaces, Outcome::Workspaces(Ok(entries)));
        driver
    }

    /// With this connection open and its first rows there.
    pub fn opened(rows: u64) -> Self {
        let mut driver = Self::new(&["contoso"], rows);
        driver.press(Code::Enter);
        driver.serve();
        driver
    }

    /// Sends a message; returns the effects it had.
    pub fn send(&mut self, message: Message) -> Vec<Effect> {
        // A key that does nothing leads nowhere.
        if let Message::Key(key) = &message
            && keymap::action(&self.model, *key).is_some()
        {
            self.pressed = Some(*key);
        }
        let effects = update(&mut self.model, message);
        self.note(effects.clone());
        assert_one_meaning(&self.model);
        self.pressed.iter().for_each(|key| assert_not_answered_by(&self.model, *key));
        effects
    }

    pub fn press(&mut self, code: Code) -> Vec<Effect> {
        self.send(Message::Key(Key::new(code)))
    }

    pub fn type_text(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press(Code::Char(c))).collect()
    }

    pub fn control(&mut self, key: char) -> Vec<Effect> {
        self.send(Message::Key(Key::ctrl(key)))
    }

    /// Lets so many seconds pass.
    pub fn wait(&mut self, seconds: i64) -> Vec<Effect> {
        let now = self.model.now + SignedDuration::from_secs(seconds);
        self.send(Message::Tick(now))
    }

    /// The task that runs this job.
    pub fn task(&self, job: &Job) -> TaskId {
        let found = self.running.iter().rev().find(|(_, running)| *running == job);
        *found.unwrap_or_else(|| panic!("{job:?} does not run; {:?}", self.running)).0
    }

    /// The newest running job of which this takes something.
    pub fn newest<T>(&self, of: impl Fn(&Job) -> Option<T>) -> (TaskId, T) {
        let found = self.running.iter().rev().find_map(|(task, job)| Some((*task, of(job)?)));
        found.unwrap_or_else(|| panic!("it does not run: {:?}", self.running))
    }

    /// This task ends.
    pub fn end(&mut self, task: TaskId, answer: impl Into<Outcome>) -> Vec<Effect> {
        self.running.remove(&task);
        self.send(Message::Outcome(task, answer.into()))
    }

    /// The newest job of a workspace that runs.
    pub fn workspace_job(&self) -> (TaskId, WorkspaceJob) {
        self.newest(|job| match job {
            Job::Screen(ScreenJob::Workspace(job)) => Some(job.clone()),
            _ => None,
        })
    }

    /// That job ends.
    pub fn end_workspace_job(&mut self, answer: WorkspaceOutcome) -> Vec<Effect> {
        let (task, _) = self.workspace_job();
        self.end(task, answer)
    }

    /// That job ends well.
    pub fn serve_workspace_job(&mut self) -> Vec<Effect> {
        let (task, job) = self.workspace_job();
        self.end(task, workspace::testing::outcome(&job))
    }

    /// The task of the running sync of this connection.
    pub fn sync_task(&self, text: &str) -> TaskId {
        self.task(&Job::Sync { connection: name(text), full: false })
    }

    /// Answers the task that runs this job.
    pub fn bring(&mut self, job: &Job, outcome: Outcome) -> Vec<Effect> {
        let task = self.task(job);
        self.running.remove(&task);
        self.send(Message::Outcome(task, outcome))
    }

    /// Answers one item task from the store.
    pub fn answer_items(&mut self, task: TaskId) {
        if let Some(Job::LoadItems { filter, seek, limit, .. }) = self.running.remove(&task) {
            let window = self.store.window(&filter, seek, limit);
            self.send(Message::Outcome(task, Outcome::Items(Ok(window))));
        }
    }

    /// The item tasks that run.
    pub fn item_tasks(&self) -> Vec<TaskId> {
        let is_items = |job: &&Job| matches!(job, Job::LoadItems { .. });
        self.running.iter().filter(|(_, job)| is_items(job)).map(|(task, _)| *task).collect()
    }

    /// Answers item tasks until none runs.
    pub fn serve(&mut self) {
        while let Some(task) = self.item_tasks().first() {
            self.answer_items(*task);
        }
    }

    pub fn screen(&self) -> &ConnectionScreen {
        match self.model.shown().next() {
            Some(Screen::Connection(screen)) => screen,
            other => panic!("{other:?}"),
        }
    }

    pub fn entry(&self, text: &str) -> &Entry {
        self.model.entry(&name(text)).unwrap()
    }

    /// Notes effects that did not come of a message.
    pub fn take(&mut self, effects: Vec<Effect>) {
        self.note(effects);
    }

    fn note(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            match effect {
                Effect::Run(task, job) => drop(self.running.insert(*task, job.clone())),
                Effect::Cancel(task) => {
                    // A sync that is cancelled still tells its end.
                    let told = matches!(
                        self.running.get(task),
                        Some(
                            Job::Sync { .. } | Job::Verify(_) | Job::Screen(_) | Job::PollAlerts(_) | Job::FollowAlerts
                        )
                    );
                    if !told {
                        self.running.remove(task);
                    }
                    self.cancelled.push(*task);
                }
                _ => {}
            }
        }
        self.effects.extend(effects);
    }
}

/// A table of work items that answers as the store does.
pub struct FakeStore {
    /// The keys, newest first.
    pub keys: Vec<ItemKey>,
}

impl FakeStore {
    /// So many rows, three of them a second.
    pub fn new(rows: u64) -> Self {
        let key = |i: u64| ItemKey {
            updated_at: noon() - SignedDuration::from_secs(i64::try_from(i / 3).unwrap()),
            row_id: i64::try_from(rows - i).unwrap(),
        };
        Self { keys: (0..rows).map(key).collect() }
    }

    /// Changes a row: it becomes the newest.
    pub fn touch(&mut self, at: usize) {
        let row = self.keys.remove(at);
        let newest = self.keys.first().map_or(row.updated_at, |key| key.updated_at);
        self.keys.insert(0, ItemKey { updated_at: newest + SignedDuration::from_secs(1), ..row });
    }

    /// Adds a row, the newest.
    pub fn add(&mut self) {
        let row_id = self.keys.iter().map(|key| key.row_id).max().unwrap_or_default() + 1;
        self.keys.push(ItemKey { updated_at: noon(), row_id });
        self.touch(self.keys.len() - 1);
    }

    /// Rows that match: even ids are incidents; `find` matches the numbers that contain it.
    pub fn window(&self, filter: &ItemFilter, seek: Seek, limit: usize) -> ItemWindow {
        if filter.is_empty() {
            return cut(&self.keys, seek, limit);
        }
        let matching: Vec<_> = self.keys.iter().filter(|key| matches(filter, &row(key))).copied().collect();
        cut(&matching, seek, limit)
    }
}

fn cut(keys: &[ItemKey], seek: Seek, limit: usize) -> ItemWindow {
    let newer_than = |key: ItemKey| keys.partition_point(|other| *other > key);
    let (from, to) = match seek {
        Seek::First => (0, limit),
        Seek::Last => (keys.len().saturating_sub(limit), keys.len()),
        Seek::At(key) => {
            let from = newer_than(key);
            (from, from + limit)
        }
        Seek::After(key) => {
            let from = keys.partition_point(|other| *other >= key);
            (from, from + limit)
        }
        Seek::Before(key) => (newer_than(key).saturating_sub(limit), newer_than(key)),
    };
    let to = to.min(keys.len());
    let rows = keys[from..to].iter().map(row).collect();
    ItemWindow { rows, at_start: from == 0, at_end: to == keys.len(), total: Total::Exactly(keys.len() as u64) }
}

fn matches(filter: &ItemFilter, row: &ItemRow) -> bool {
    let states = filter.states_of(row.kind);
    filter.admits_kind(row.kind)
        && (states.is_empty() || states.contains(&row.state.value.as_str()))
        && (filter.priorities.is_empty() || filter.priorities.contains(&row.priority.value))
        && filter.open.is_none_or(|open| open == row.open)
        && row.number.contains(&filter.find)
}

fn row(key: &ItemKey) -> ItemRow {
    let incident = key.row_id % 2 == 0;
    ItemRow {
        key: *key,
        connection: "contoso".into(),
        kind: if incident { WorkItemKind::Incident } else { WorkItemKind::ChangeRequest },
        source_id: "id".into(),
        number: format!("{}{:07}", if incident { "INC" } else { "CHG" }, key.row_id),
        title: format!("Work item {}", key.row_id),
        state: if key.row_id % 3 == 0 { Value::labelled("2", "In Progress") } else { Value::labelled("1", "New") },
        priority: Value::labelled("3", "3 - Moderate"),
        open: key.row_id % 5 != 0,
        removed_at: None,
        assignee: String::new(),
        group: String::new(),
        computer: String::new(),
        opened_at: None,
    }
}
