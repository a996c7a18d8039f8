//! The tables, indexes and the view of the database, and how an older file becomes a newer one.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::problem::Problem;

/// Each entry brings the schema one version further; `user_version` counts them.
const MIGRATIONS: [&str; 15] = [
    TABLES,
    CONFIRMATIONS,
    RECONCILIATION,
    SIGNED_OUT,
    NOTES,
    LOSSES,
    FIXES,
    ENDS,
    SINKS,
    TICKETS,
    ALERTS,
    ACKNOWLEDGED,
    ALERT_HISTORY,
    LOOKED_FOR,
    KNOWN_AS,
];

/// Older versions called a fix a mend.
const FIXES: &str = r#"
UPDATE activity SET event = replace(replace(event, '"event":"mended"', '"event":"fixed"'), '"mend":', '"fix":')
WHERE event LIKE '{"event":"mended"%';
"#;

/// As whom a connection is signed in, why it is signed out, and when its client secret ends, so that showing this needs no
/// vault.
const SIGNED_OUT: &str = "
ALTER TABLE connection ADD COLUMN signed_in_as TEXT;
ALTER TABLE connection ADD COLUMN signed_out TEXT;
ALTER TABLE connection ADD COLUMN client_secret_expires TEXT;
";

/// The schema version this program writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// `feed` is one kind of work item of one connection. A connection without a name is being removed.
/// `work_item.fields` stands last, so that reading the short columns touches no overflow page.
const TABLES: &str = "
CREATE TABLE connection (
    id INTEGER PRIMARY KEY,
    name TEXT UNIQUE,
    sign_in TEXT,
    last_sync TEXT,
    last_complete INTEGER
) STRICT;
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    connection INTEGER NOT NULL REFERENCES connection (id),
    kind TEXT NOT NULL,
    scope_from INTEGER,
    watermark TEXT,
    plan_from INTEGER,
    planned_at INTEGER,
    UNIQUE (connection, kind)
) STRICT;
CREATE TABLE slice (
    feed INTEGER NOT NULL REFERENCES feed (id),
    number INTEGER NOT NULL,
    from_time TEXT NOT NULL,
    before_time TEXT,
    after_time TEXT,
    after_id TEXT,
    offset INTEGER NOT NULL DEFAULT 0,
    hidden INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE work_item (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    state_label TEXT,
    priority TEXT NOT NULL,
    priority_label TEXT,
    open INTEGER NOT NULL,
    opened_at INTEGER,
    updated_at INTEGER NOT NULL,
    fields TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX work_item_source ON work_item (feed, source_id);
CREATE INDEX work_item_changed ON work_item (feed, updated_at, id, open, state, priority);
CREATE TABLE item_count (
    feed INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_label TEXT NOT NULL,
    priority TEXT NOT NULL,
    priority_label TEXT NOT NULL,
    open INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (feed, state, state_label, priority, priority_label, open)
) STRICT, WITHOUT ROWID;
CREATE TABLE item_day (
    feed INTEGER NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (feed, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_state (indexed_to INTEGER NOT NULL) STRICT;
INSERT INTO search_state VALUES (0);
CREATE VIEW work_item_text AS
    SELECT id, number, title, coalesce(json_extract(fields, '$.description'), '') AS description FROM work_item;
CREATE VIRTUAL TABLE work_item_search USING fts5 (
    number, title, description, content = 'work_item_text', content_rowid = 'id', columnsize = 0, detail = none
);
CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    connection INTEGER NOT NULL REFERENCES connection (id),
    at TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX activity_connection ON activity (connection, id);
";

/// The migrations before change numbers, for tests of an upgrade.
#[cfg(test)]
pub fn before_reconciliation() -> &'static [&'static str] {
    &MIGRATIONS[..2]
}

/// The admin's confirmations of checklist items, and the connection's state they depend on, as JSON.
const CONFIRMATIONS: &str = "
CREATE TABLE confirmation (
    connection INTEGER NOT NULL REFERENCES connection (id),
    item TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (connection, item)
) STRICT, WITHOUT ROWID;
";

/// The columns that sweeps and the change feed need. `work_item.change` is the number of the row's last change in the whole store; a consumer has
/// handled every change up to its `done`. `stamped` is 0 where the product has no change time and another stands in;
/// `changes` is the product's own change counter; `unseen` says why a row that a sweep did not see is still kept.
/// `feed.sweep` and `feed.gap` are JSON, and so is `connection.identity`. The views go first, since no
/// table is renamed while a view names one that is not there; they are made again after the migrations.
const RECONCILIATION: &str = "
DROP VIEW IF EXISTS ServiceDesk_CL;
DROP VIEW work_item_text;
CREATE TABLE work_item_next (
    id INTEGER PRIMARY KEY,
    feed INTEGER NOT NULL,
    change INTEGER NOT NULL,
    source_id TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    state_label TEXT,
    priority TEXT NOT NULL,
    priority_label TEXT,
    open INTEGER NOT NULL,
    opened_at INTEGER,
    updated_at INTEGER NOT NULL,
    stamped INTEGER NOT NULL DEFAULT 1,
    changes INTEGER,
    removed_at INTEGER,
    unseen TEXT,
    fields TEXT NOT NULL
) STRICT;
INSERT INTO work_item_next
    SELECT id, feed, id, source_id, number, title, state, state_label, priority, priority_label, open, opened_at, updated_at,
        1, CAST(coalesce(fields ->> '$.update_count[0]', fields ->> '$.update_count') AS INTEGER), NULL, NULL, fields
    FROM work_item;
DROP TABLE work_item;
ALTER TABLE work_item_next RENAME TO work_item;
CREATE TABLE item_count_next (
    feed INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_label TEXT NOT NULL,
    priority TEXT NOT NULL,
    priority_label TEXT NOT NULL,
    open INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (feed, removed, state, state_label, priority, priority_label, open)
) STRICT, WITHOUT ROWID;
INSERT INTO item_count_next SELECT feed, 0, state, state_label, priority, priority_label, open, n FROM item_count;
DROP TABLE item_count;
ALTER TABLE item_count_next RENAME TO item_count;
CREATE TABLE change_counter (last INTEGER NOT NULL) STRICT;
INSERT INTO change_counter SELECT coalesce(max(id), 0) FROM work_item;
CREATE TABLE consumer (name TEXT PRIMARY KEY, done INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO consumer SELECT 'search', indexed_to FROM search_state;
DROP TABLE search_state;
ALTER TABLE feed ADD COLUMN sweep TEXT;
ALTER TABLE feed ADD COLUMN gap TEXT;
ALTER TABLE connection ADD COLUMN identity TEXT;
";

/// Objects derived from the tables; they are created again whenever their text here differs from the file's.
/// The search index knows rows, not positions in them (`detail = none`): it takes half the time and a quarter of the space,
/// and searches need no more. `work_item_changed` has all columns that filters use, so they never read the table, and
/// `work_item_open` those by which open items are counted.
const DERIVED: [Derived; 10] = [
    Derived {
        kind: "INDEX",
        name: "work_item_source",
        sql: "CREATE UNIQUE INDEX work_item_source ON work_item (feed, source_id)",
    },
    Derived {
        kind: "INDEX",
        name: "work_item_changed",
        sql: "CREATE INDEX work_item_changed ON work_item \
              (feed, updated_at, id, open, state, priority, removed_at, unseen, stamped, opened_at, \
              coalesce(fields ->> '$.assignment_group[1]', fields ->> '$.assignment_group'), \
              coalesce(fields ->> '$.assigned_to[1]', fields ->> '$.assigned_to'))",
    },
    Derived {
        kind: "INDEX",
        name: "work_item_open",
        sql: "CREATE INDEX work_item_open ON work_item (feed, opened_at, \
              coalesce(fields ->> '$.assignment_group[1]', fields ->> '$.assignment_group'), \
              coalesce(fields ->> '$.configuration_item[1]', fields ->> '$.configuration_item'), open, removed_at) \
              WHERE open AND removed_at IS NULL",
    },
    Derived {
        kind: "INDEX",
        name: "work_item_change",
        sql: "CREATE UNIQUE INDEX work_item_change ON work_item (change, feed)",
    },
    Derived {
        kind: "INDEX",
        name: "alert_told",
        sql: "CREATE INDEX alert_told ON alert (at, alert ->> '$.rule', condition, verdict, slots <> '[]')",
    },
    Derived {
        kind: "INDEX",
        name: "outbox_troubled",
        sql: "CREATE INDEX outbox_troubled ON outbox (state, ticket) WHERE state IN ('refused', 'unsure')",
    },
    Derived {
        kind: "INDEX",
        name: "outbox_doubled",
        sql: "CREATE INDEX outbox_doubled ON outbox (ticket) WHERE instr(findings, '\"doubled\"') > 0",
    },
    Derived {
        kind: "INDEX",
        name: "alert_to_acknowledge",
        sql: "CREATE INDEX alert_to_acknowledge ON alert (source, at) \
              WHERE acknowledged IS NULL AND condition = 'fired' AND slots <> '[]'",
    },
    Derived {
        kind: "VIEW",
        name: "work_item_text",
        sql: "CREATE VIEW work_item_text AS SELECT id, number, title, \
              coalesce(json_extract(fields, '$.description'), '') AS description FROM work_item",
    },
    Derived {
        kind: "TABLE",
        name: SEARCH,
        sql: "CREATE VIRTUAL TABLE work_item_search USING fts5 (\n    \
              number, title, description, content = 'work_item_text', content_rowid = 'id', columnsize = 0, detail = none\n)",
    },
];

/// The full-text index, which is filled again after it was made.
const SEARCH: &str = "work_item_search";

/// The search index overwrites the words of a deleted row at once; it would keep them until it next merges.
const FORGETFUL: &str = "INSERT INTO work_item_search (work_item_search, rank) VALUES ('secure-delete', 1)";

/// One derived object.
struct Derived {
    kind: &'static str,
    name: &'static str,
    sql: &'static str,
}

/// The notes of syncs about a feed (JSON), and the newest label of each state and priority.
const NOTES: &str = "
ALTER TABLE feed ADD COLUMN notes TEXT;
CREATE TABLE choice (
    feed INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (feed, field, value)
) STRICT, WITHOUT ROWID;
INSERT OR REPLACE INTO choice
    SELECT feed, 'state', state, state_label FROM item_count WHERE state_label <> ''
    GROUP BY feed, state, state_label ORDER BY sum(n);
INSERT OR REPLACE INTO choice
    SELECT feed, 'priority', priority, priority_label FROM item_count WHERE priority_label <> ''
    GROUP BY feed, priority, priority_label ORDER BY sum(n);
";

/// Losses: `connection.rebuilt` is the name under which a damaged database was kept, until a sync has fetched all rows of the
/// connection again. `dropped` has an entry of the change feed for each feed whose rows were all dropped.
const LOSSES: &str = "
ALTER TABLE connection ADD COLUMN rebuilt TEXT;
CREATE TABLE dropped (
    change INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    kind TEXT NOT NULL
) STRICT;
";

/// What sinks keep: the state of each workspace as JSON, and when changes were made. A row of `change_time` says that the
/// changes from its number on were made at this second (Unix) or later.
const SINKS: &str = "
CREATE TABLE sink (workspace TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE change_time (change INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
";

/// The tickets that were made for alerts, by the id of their key, and every write to one.
const TICKETS: &str = "
CREATE TABLE ticket (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id TEXT,
    number TEXT,
    state TEXT,
    shown TEXT,
    notes INTEGER NOT NULL DEFAULT 0,
    taken TEXT,
    made_at TEXT NOT NULL,
    seen_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_of_connection ON ticket (connection, made_at);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket TEXT NOT NULL REFERENCES ticket (id),
    operation TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    fault TEXT,
    findings TEXT NOT NULL DEFAULT '[]',
    prepared_at TEXT NOT NULL,
    sent_at TEXT,
    ended_at TEXT,
    not_before TEXT
) STRICT;
CREATE INDEX outbox_of_ticket ON outbox (ticket);
CREATE INDEX outbox_unfinished ON outbox (id) WHERE state IN ('prepared', 'sent');
CREATE INDEX outbox_done ON outbox (ended_at) WHERE state = 'confirmed';
";

/// The alerts of Azure by their keys, with what was decided about each; what the planner remembers of tickets; and how far
/// each source was read. `pending` is 1 while something about the alert is not decided; `at` is when it fired (Unix).
const ALERTS: &str = "
CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    condition TEXT NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    pending INTEGER NOT NULL DEFAULT 1,
    handled TEXT NOT NULL DEFAULT 'unknown',
    ignored INTEGER NOT NULL DEFAULT 0,
    before_start INTEGER NOT NULL DEFAULT 0,
    verdict TEXT,
    over TEXT,
    rule TEXT,
    slots TEXT NOT NULL DEFAULT '[]',
    decided_at TEXT,
    alert TEXT NOT NULL,
    raw TEXT,
    raw_over TEXT
) STRICT;
CREATE INDEX alert_at ON alert (at, id);
CREATE INDEX alert_series ON alert (series, at);
CREATE INDEX alert_pending ON alert (at, id) WHERE pending;
CREATE TABLE alert_slot (id TEXT PRIMARY KEY, slot TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE alert_source (
    source TEXT NOT NULL,
    subscription TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (source, subscription)
) STRICT, WITHOUT ROWID;
";

/// Until when the product is not asked whether it still has a ticket.
const LOOKED_FOR: &str = "ALTER TABLE ticket ADD COLUMN look_after TEXT;";

/// The name by which tickets and workspaces know a connection, where it was renamed.
const KNOWN_AS: &str = "ALTER TABLE connection ADD COLUMN known_as TEXT;";

/// When an alert was acknowledged in Azure, or was found to need none.
const ACKNOWLEDGED: &str = "ALTER TABLE alert ADD COLUMN acknowledged TEXT;";

/// What was decided about each alert, and what an admin did about it, in order.
const ALERT_HISTORY: &str = "
CREATE TABLE alert_history (
    id INTEGER PRIMARY KEY,
    alert TEXT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    condition TEXT,
    verdict TEXT,
    rule TEXT
) STRICT;
CREATE INDEX alert_history_alert ON alert_history (alert, id);
";

/// How many items were resolved on each day, or closed where the product notes only that.
const ENDS: &str = "
CREATE TABLE item_end (
    feed INTEGER NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (feed, day)
) STRICT, WITHOUT ROWID;
INSERT INTO item_end
    SELECT feed, day, count(*) FROM (
        SELECT feed, unixepoch(coalesce(
            nullif(coalesce(fields ->> '$.resolved_at[0]', fields ->> '$.resolved_at'), ''),
            coalesce(fields ->> '$.closed_at[0]', fields ->> '$.closed_at')
        )) / 86400 AS day FROM work_item WHERE removed_at IS NULL
    ) WHERE day IS NOT NULL GROUP BY feed, day;
";

/// How a column of `ServiceDesk_CL` is made from a stored work item.
enum Made {
    /// An SQL expression over `work_item w`, `feed f` and `connection c`.
    Sql(&'static str),
    /// An attribute's label, else its value.
    Shown(&'static str),
}

/// The columns of the view `ServiceDesk_CL`: the names the old connector wrote to Log Analytics
/// (docs: "Data synced from your ITSM product" in the Azure Monitor documentation).
const COLUMNS: [(&str, Made); 33] = [
    (
        "ServiceDeskWorkItemType_s",
        Made::Sql(
            "CASE f.kind WHEN 'incident' THEN 'Incident' WHEN 'change_request' THEN 'ChangeRequest' ELSE f.kind END",
        ),
    ),
    ("ServiceDeskConnectionName_s", Made::Sql("c.name")),
    ("ServiceDeskId_s", Made::Sql("w.number")),
    ("Title_s", Made::Sql("w.title")),
    (
        "IncidentState_s",
        Made::Sql(
            "CASE f.kind WHEN 'incident' THEN coalesce((SELECT label FROM choice WHERE feed = w.feed AND field = 'state' AND value = w.state), w.state_label, w.state) END",
        ),
    ),
    (
        "CRState_s",
        Made::Sql(
            "CASE f.kind WHEN 'change_request' THEN coalesce((SELECT label FROM choice WHERE feed = w.feed AND field = 'state' AND value = w.state), w.state_label, w.state) END",
        ),
    ),
    (
        "Priority_s",
        Made::Sql(
            "coalesce((SELECT label FROM choice WHERE feed = w.feed AND field = 'priority' AND value = w.priority), w.priority_label, w.priority)",
        ),
    ),
    ("Urgency_s", Made::Shown("urgency")),
    ("Impact_s", Made::Shown("impact")),
    ("Escalation_s", Made::Shown("escalation")),
    ("Category_s", Made::Shown("category")),
    ("Source_s", Made::Shown("source")),
    ("AssignedTo_s", Made::Shown("assigned_to")),
    ("AssignmentGroup_s", Made::Shown("assignment_group")),
    ("CreatedBy_s", Made::Shown("created_by")),
    ("ResolvedBy_s", Made::Shown("resolved_by")),
    ("ClosedBy_s", Made::Shown("closed_by")),
    ("Computer", Made::Shown("configuration_item")),
    ("Description_s", Made::Shown("description")),
    ("Type_s", Made::Shown("type")),
    ("Risk_s", Made::Shown("risk")),
    ("ConflictStatus_s", Made::Shown("conflict_status")),
    ("CreatedDate_t", Made::Sql("strftime('%Y-%m-%dT%H:%M:%SZ', w.opened_at, 'unixepoch')")),
    ("ResolvedDate_t", Made::Shown("resolved_at")),
    ("ClosedDate_t", Made::Shown("closed_at")),
    ("RequestedDate_t", Made::Shown("requested_at")),
    ("PlannedStartDate_t", Made::Shown("planned_start_at")),
    ("PlannedEndDate_t", Made::Shown("planned_end_at")),
    ("WorkStartDate_t", Made::Shown("work_start_at")),
    ("WorkEndDate_t", Made::Shown("work_end_at")),
    ("LastModifiedDate_t", Made::Sql("strftime('%Y-%m-%dT%H:%M:%SZ', w.updated_at, 'unixepoch')")),
    ("ServiceDeskSourceId_s", Made::Sql("w.source_id")),
    ("RemovedDate_t", Made::Sql("strftime('%Y-%m-%dT%H:%M:%SZ', w.removed_at, 'unixepoch')")),
];

/// The names of the columns of an exported work item, in order: those of the view `ServiceDesk_CL`.
pub fn column_names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(name, _)| *name)
}

/// The query behind `ServiceDesk_CL`; a condition on `w` may be added to it.
pub fn view_query() -> String {
    let columns: Vec<_> = COLUMNS.iter().map(|(name, made)| format!("{} AS {name}", made.sql())).collect();
    format!(
        "SELECT {} FROM work_item w JOIN feed f ON f.id = w.feed JOIN connection c ON c.id = f.connection \
         WHERE c.name IS NOT NULL",
        columns.join(", ")
    )
}

impl Made {
    fn sql(&self) -> String {
        match self {
            Self::Sql(sql) => (*sql).to_owned(),
            Self::Shown(field) => format!("coalesce(w.fields ->> '$.{field}[1]', w.fields ->> '$.{field}')"),
        }
    }
}

/// Upgrades an older file to [`VERSION`], and recreates derived objects whose text differs, in one transaction. Another
/// process may be doing the same, so the version is read and raised under the write lock.
pub fn migrate(db: &mut Connection) -> Result<(), Problem> {
    if version(db)? == VERSION && stale(db)?.is_empty() {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&tx)?;
    let missing = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..));
    let missing = missing.ok_or(Problem::TooNew { found })?;
    for sql in missing {
        tx.execute_batch(sql)?;
    }
    for (kind, name, sql) in stale(&tx)? {
        tx.execute_batch(&format!("DROP {kind} IF EXISTS {name}; {sql};"))?;
        if name == SEARCH {
            tx.execute("UPDATE consumer SET done = 0 WHERE name = ?1", [super::search::CONSUMER])?;
        }
    }
    tx.execute(FORGETFUL, [])?;
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(())
}

/// Checks that a file that may not be upgraded has this version.
pub fn check(db: &Connection) -> Result<(), Problem> {
    match version(db)? {
        VERSION if stale(db)?.is_empty() => Ok(()),
        older if older <= VERSION => Err(Problem::Older),
        found => Err(Problem::TooNew { found }),
    }
}

/// The derived objects whose text in the file is not the one above: kind, name and text.
fn stale(db: &Connection) -> Result<Vec<(&'static str, &'static str, String)>, Problem> {
    let view = ("VIEW", "ServiceDesk_CL", format!("CREATE VIEW ServiceDesk_CL AS {}", view_query()));
    let all = DERIVED.iter().map(|made| (made.kind, made.name, made.sql.to_owned())).chain([view]);
    let mut select = db.prepare("SELECT sql FROM sqlite_master WHERE name = ?1")?;
    let mut stale = Vec::new();
    for (kind, name, sql) in all {
        let stored: Option<String> = select.query_row([name], |row| row.get(0)).optional()?;
        if stored.as_ref() != Some(&sql) {
            stale.push((kind, name, sql));
        }
    }
    Ok(stale)
}

fn version(db: &Connection) -> Result<i64, Problem> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}
