//! Made-up records, and what happens to them by itself.

use super::objects::Object;
use super::options::Options;
use super::state::State;
use super::table::Table;
use crate::core::estate::MACHINES;
use crate::core::rhythm::{Rhythm, worked};
use crate::core::rng::{Rng, hex, stable_id};
use crate::core::words::{ITEMS, THINGS, TROUBLES};

const DAY: i64 = 86_400;
const DAYS_BACK: i64 = 120;
const CHANGES: u64 = 400;

const PEOPLE: &[&str] = &[
    "Abel Tuter",
    "Beth Anglin",
    "Fatima Haddad",
    "Gijs de Vries",
    "Hanna Müller",
    "Jasmijn Bakker",
    "Lucía García",
    "Piotr Kowalski",
    "Sven Lindqvist",
    "Wim van den Berg",
];
const TEAMS: &[&str] = &["1st Level Support", "2nd Level Support", "Network", "Database", "Desktop", "Applications"];
const SERVICES: &[(&str, &str, &str)] = &[
    ("Desktop Management", "Computer", "Submit Incident"),
    ("E-Mail/Calendar", "Messaging", "Mailbox Full"),
    ("Network", "Wireless", "No Connection"),
    ("Printing", "Printer", "Paper Jam"),
    ("Telephony", "Desk Phone", "No Dial Tone"),
];
const SOURCES: &[&str] = &["Phone", "E-mail", "Portal", "Event", "Walk-In", ""];
const LEVELS: &[&str] = &["Low", "Medium", "High"];
const INCIDENT_STATES: &[&str] = &["New", "Assigned", "In Progress", "Pending", "Resolved", "Closed", "Reopened"];
const CHANGE_STATES: &[&str] = &["New", "Approve", "Build", "Test", "Implement", "Completed", "Closed", "Cancelled"];

/// A table of this object with its made-up records.
pub(crate) fn fill(object: Object, options: &Options, now: i64) -> Table {
    let mut table = Table::new(object);
    let incident = table.object.name == "Incident";
    let rows = if incident { options.rows.unwrap_or(3_000) } else { CHANGES.min(options.rows.unwrap_or(CHANGES)) };
    let mut rng = Rng::new(options.seed ^ u64::from(incident));
    let rhythm = options.lifelike.then(|| Rhythm::new(now - DAYS_BACK * DAY, now - 3_600));
    for nth in 0..rows {
        let opened = match &rhythm {
            Some(rhythm) => rhythm.at(&mut rng, nth, rows),
            None => opened(&mut rng, nth, rows, now),
        };
        make(&mut table, &mut rng, nth, opened, (now, options.lifelike));
    }
    table.settle();
    table
}

/// The tables that belong to incidents: the servers that other systems know as well, and an empty journal.
pub(crate) fn beside(options: &Options, now: i64) -> [Table; 2] {
    super::objects::beside(options).map(|object| {
        let mut table = Table::new(object);
        let machines = if table.object.name == "ConfigServer" { &MACHINES[..] } else { &[] };
        for (nth, machine) in machines.iter().enumerate() {
            let id = stable_id("config", machine.name);
            let mut cells = table.blank();
            cells[1] = table.pool.push(&(30_001 + nth).to_string());
            table.load(id, cells);
            let Some(place) = table.find(&hex(&id)) else { continue };
            let (made, fqdn) = ((now - 300 * DAY).to_string(), machine.fqdn());
            let fields = [
                ("HostName", fqdn.as_str()),
                ("FriendlyName", machine.name),
                ("AssetType", "Server"),
                ("AssetStatus", "Active"),
                ("IPAddress", machine.ip),
                ("CreatedDateTime", &made),
                ("LastModifiedDateTime", &made),
            ];
            table.set(place, &fields);
        }
        table.settle();
        table
    })
}

fn opened(rng: &mut Rng, nth: u64, rows: u64, now: i64) -> i64 {
    now - DAYS_BACK * DAY + rng.spread(nth, rows, DAYS_BACK * DAY - 3_600)
}

fn make(table: &mut Table, rng: &mut Rng, nth: u64, opened: i64, (now, lifelike): (i64, bool)) {
    let incident = table.object.name == "Incident";
    let number = if incident { (100_001 + nth).to_string() } else { (10_001 + nth).to_string() };
    let times = Times::of(rng, opened, now, lifelike);
    let mut cells = table.blank();
    let states = if incident { INCIDENT_STATES } else { CHANGE_STATES };
    let state = if times.closed.is_some() { "Closed" } else { states[rng.weighted(&[30, 25, 20, 10, 10, 0, 5])] };
    let title = format!("{} {}", rng.pick(THINGS), rng.pick(TROUBLES));
    let service = rng.pick(SERVICES);
    let kind = if rng.percent(15) { "Service Request" } else { "Incident" };
    let description = format!("{title}\r\nReported by {}", rng.pick(PEOPLE));
    let text = |table: &mut Table, cells: &mut [u32], name: &str, value: &str| {
        if let Some(place) = table.object.place(name) {
            cells[place] = table.pool.intern(value);
        }
    };
    let closer: &str = if times.closed.is_some() { person(rng) } else { "" };
    let customer = person(rng);
    let texts: [(&str, &str); 26] = [
        ("IncidentType", kind),
        ("Status", state),
        ("Priority", *rng.pick(&["1", "2", "3", "4", "5"])),
        ("Urgency", *rng.pick(LEVELS)),
        ("Impact", *rng.pick(&["Individual", "Department", "Company"])),
        ("Service", service.0),
        ("Category", service.1),
        ("Subcategory", service.2),
        ("ShortDescription", &title),
        ("Title", &title),
        ("Description", &description),
        ("Source", *rng.pick(SOURCES)),
        ("Type", *rng.pick(&["Standard", "Normal", "Emergency"])),
        ("Risk", *rng.pick(LEVELS)),
        ("RequestedBy", customer),
        ("CreatedBy", *rng.pick(PEOPLE)),
        ("LastModBy", *rng.pick(PEOPLE)),
        ("ClosedBy", closer),
        ("CloseDescription", if closer.is_empty() { "" } else { "Solved, and told the caller" }),
        ("OwnedBy", *rng.pick(PEOPLE)),
        ("OwnedByTeam", *rng.pick(TEAMS)),
        ("ConfigItemDisplayName", if rng.percent(35) { *rng.pick(ITEMS) } else { "" }),
        ("CustomerDisplayName", customer),
        ("CustomerRecID", &hex(&stable_id("Customer", customer))),
        ("Stat_ReopenedCount", if rng.percent(3) { "1" } else { "0" }),
        ("Stat_SLAResolutionGood", if rng.percent(88) { "True" } else { "False" }),
    ];
    for (name, value) in texts {
        text(table, &mut cells, name, value);
    }
    times.put(table, &mut cells);
    let name = table.object.name;
    let number_field = table.object.place(if incident { "IncidentID" } else { "ChangeID" }).unwrap_or(1);
    cells[number_field] = table.pool.push(&number);
    table.load(stable_id(name, &number), cells);
}

fn person(rng: &mut Rng) -> &'static str {
    rng.pick::<&str>(PEOPLE)
}

/// The dates of a record.
struct Times {
    opened: i64,
    resolved: Option<i64>,
    closed: Option<i64>,
    changed: i64,
}

impl Times {
    fn of(rng: &mut Rng, opened: i64, now: i64, lifelike: bool) -> Self {
        let mut changed = rng.within(opened, 6 * DAY, now);
        let over = now - opened > 10 * DAY;
        let resolved = over.then(|| if lifelike { worked(rng, changed, now) } else { changed });
        let closed = resolved.map(|at| rng.within(at, 4 * DAY, now));
        changed = closed.unwrap_or(changed);
        // Bulk updates: many records under one stamp, as a job leaves them.
        if rng.percent(8) {
            let bulk = now - (now - changed) / (3 * DAY) * (3 * DAY) - 4_211;
            if bulk > changed {
                changed = bulk;
            }
        }
        Self { opened, resolved, closed, changed }
    }

    fn put(&self, table: &Table, cells: &mut [u32]) {
        let opened = self.opened;
        let all = [
            ("CreatedDateTime", Some(opened)),
            ("LastModifiedDateTime", Some(self.changed)),
            ("ClosedDateTime", self.closed),
            ("Stat_DateTimeResolved", self.resolved),
            ("SLAResolveByDeadline", Some(opened + 5 * DAY)),
            ("RequestedDateTime", Some(opened)),
            ("ProposedStartDate", Some(opened + 7 * DAY)),
            ("ProposedEndDate", Some(opened + 7 * DAY + 7_200)),
            ("ActualStartDate", self.closed.map(|at| at - 7_200)),
            ("ActualEndDate", self.closed),
        ];
        for (name, at) in all {
            if let (Some(place), Some(at)) = (table.object.place(name), at) {
                cells[place] = u32::try_from(at).unwrap_or(0);
            }
        }
    }
}

/// Something happens by itself: a record is changed.
pub(crate) fn happen(state: &State) {
    let (which, nth, status, person) = {
        let mut rng = state.rng();
        (rng.percent(20), rng.next(), rng.weighted(&[1, 3, 4, 3, 4, 4, 1]), *rng.pick(PEOPLE))
    };
    let now = state.now();
    let mut tables = state.tables_mut();
    let table = tables.get_mut(usize::from(which)).filter(|table| !table.object.states.is_empty());
    let Some(table) = table else { return };
    let count = u64::try_from(table.len()).unwrap_or(0);
    if count == 0 {
        return;
    }
    let place = table.order()[usize::try_from(nth % count).unwrap_or(0)];
    let states = if which { CHANGE_STATES } else { INCIDENT_STATES };
    table.set(place, &[("Status", states[status]), ("LastModBy", person)]);
    table.stamp(place, now);
    table.resettle(place);
}
