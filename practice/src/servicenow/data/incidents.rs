//! Made-up incidents.

use super::{DAYS_BACK, People};
use crate::core::rhythm::{Rhythm, worked};
use crate::core::rng::{Rng, stable_hex, stable_id};
use crate::core::words::{ITEMS, PLACES, RARE, THINGS, TROUBLES};
use crate::servicenow::table::{EMPTY, Shown, Store, Table, choices};

const DAY: i64 = 86_400;

/// Makes so many incidents of the last days; the table must be settled afterwards.
pub(crate) fn make_incidents(
    store: &mut Store,
    people: &People,
    rng: &mut Rng,
    now: i64,
    (rows, lifelike): (u64, bool),
) {
    let maker = IncidentMaker::new(store, people, now, rows);
    let maker = if lifelike { maker.lifelike() } else { maker };
    let Some(table) = store.table_mut("incident") else { return };
    for number in 0..rows {
        let opened = maker.opened(rng, number);
        let (name, cells) = maker.make(table, rng, number, opened);
        table.load(stable_id("incident", &name), &cells);
    }
}

/// Columns by their places, and numbers of the values that many incidents share.
pub(crate) struct IncidentMaker {
    users: Vec<u32>,
    groups: Vec<u32>,
    user_names: Vec<u32>,
    items: Vec<u32>,
    titles: Vec<u32>,
    rare: Vec<u32>,
    numbers: Vec<u32>,
    yes_no: [u32; 2],
    class: u32,
    lists: Vec<(usize, Vec<u32>)>,
    places: Places,
    bulk: Vec<i64>,
    rhythm: Option<Rhythm>,
    now: i64,
    rows: u64,
}

/// Where the columns stand that a maker fills one by one.
struct Places(std::collections::HashMap<&'static str, usize>);

impl Places {
    fn of(table: &Table) -> Self {
        Self(table.columns.iter().enumerate().map(|(place, column)| (column.name, place)).collect())
    }

    fn set(&self, cells: &mut [u32], column: &str, value: u32) {
        if let Some(place) = self.0.get(column) {
            cells[*place] = value;
        }
    }
}

impl IncidentMaker {
    /// Prepares the values that many incidents share.
    pub(crate) fn new(store: &mut Store, people: &People, now: i64, rows: u64) -> Self {
        let users = people.intern_users(store, "incident");
        let groups = people.intern_groups(store, "incident");
        let mut maker = Self {
            users,
            groups,
            user_names: Vec::new(),
            items: Vec::new(),
            titles: Vec::new(),
            rare: Vec::new(),
            numbers: Vec::new(),
            yes_no: [EMPTY; 2],
            class: EMPTY,
            lists: Vec::new(),
            places: Places(std::collections::HashMap::new()),
            bulk: (1..=40).map(|bulk| now - bulk * 2 * DAY - bulk * 4_211).collect(),
            rhythm: None,
            now,
            rows,
        };
        if let Some(table) = store.table_mut("incident") {
            maker.learn(table, people);
        }
        maker
    }

    /// The same with incidents that come as people open them.
    pub(crate) fn lifelike(mut self) -> Self {
        self.rhythm = Some(Rhythm::new(self.now - DAYS_BACK * DAY, self.now - 3_600));
        self
    }

    fn learn(&mut self, table: &mut Table, people: &People) {
        self.places = Places::of(table);
        self.user_names = people.users.iter().map(|user| table.pool.intern(&user.2, Shown::Same)).collect();
        self.items =
            ITEMS.iter().map(|name| table.pool.intern(&stable_hex("cmdb_ci", name), Shown::Text(name))).collect();
        self.titles = titles().map(|title| table.pool.intern(&title, Shown::Same)).collect();
        self.rare = RARE.iter().map(|title| table.pool.intern(title, Shown::Same)).collect();
        self.numbers = (0..40).map(|number| table.pool.intern(&number.to_string(), Shown::Same)).collect();
        self.yes_no = ["false", "true"].map(|word| table.pool.intern(word, Shown::Same));
        self.class = table.pool.intern("incident", Shown::Same);
        let lists = [("state", choices::INCIDENT_STATE)].into_iter();
        let others = choices::LISTS.iter().filter(|(of, ..)| matches!(*of, "incident" | "task"));
        for (column, list) in lists.chain(others.map(|(_, column, list)| (*column, *list))) {
            let Some(place) = table.column(column) else { continue };
            let numbers = list.iter().map(|(value, label)| table.pool.intern(value, Shown::Text(label))).collect();
            self.lists.push((place, numbers));
        }
    }

    fn opened(&self, rng: &mut Rng, number: u64) -> i64 {
        match &self.rhythm {
            Some(rhythm) => rhythm.at(rng, number, self.rows),
            None => self.now - DAYS_BACK * DAY + rng.spread(number, self.rows, DAYS_BACK * DAY - 3_600),
        }
    }

    /// The number and the cells of one incident that was opened then.
    pub(crate) fn make(&self, table: &mut Table, rng: &mut Rng, nth: u64, opened: i64) -> (String, Vec<u32>) {
        let name = format!("INC{:07}", 10_001 + nth);
        let mut cells = table.blank();
        let age = (self.now - opened).max(0);
        let state = state_at(rng, age / DAY);
        self.fill_choices(table, rng, &mut cells, state);
        self.fill_people(rng, &mut cells, state);
        self.fill_times(rng, &mut cells, state, opened);
        let title = if rng.below(60) == 0 { *rng.pick(&self.rare) } else { *rng.pick(&self.titles) };
        let number = table.pool.push(&name, Shown::Same);
        for (column, value) in [("number", number), ("short_description", title), ("sys_class_name", self.class)] {
            self.places.set(&mut cells, column, value);
        }
        let counts = [("reassignment_count", 4), ("sys_mod_count", 20)];
        for (column, below) in counts {
            self.places.set(&mut cells, column, self.numbers[usize::try_from(rng.below(below)).unwrap_or(0)]);
        }
        self.places.set(&mut cells, "reopen_count", self.numbers[usize::from(rng.percent(3))]);
        self.places.set(&mut cells, "active", self.yes_no[usize::from(!matches!(state, 4 | 5))]);
        self.places.set(&mut cells, "made_sla", self.yes_no[usize::from(rng.percent(88))]);
        self.places.set(&mut cells, "knowledge", self.yes_no[usize::from(rng.percent(12))]);
        (name, cells)
    }

    /// Puts a state of [`choices::INCIDENT_STATE`], by its place, into a row's cells.
    pub(crate) fn set_state(&self, cells: &mut [u32], state: usize) {
        if let Some((_, list)) = self.lists.first() {
            self.places.set(cells, "state", list[state]);
            self.places.set(cells, "incident_state", list[state]);
        }
        self.places.set(cells, "active", self.yes_no[usize::from(!matches!(state, 4 | 5))]);
    }

    fn fill_choices(&self, table: &Table, rng: &mut Rng, cells: &mut [u32], state: usize) {
        for (place, list) in &self.lists {
            let name = table.columns[*place].name;
            let choice = match name {
                "state" => state,
                "priority" => rng.weighted(&[3, 10, 45, 32, 10]),
                "urgency" | "impact" | "severity" => rng.weighted(&[10, 40, 50]),
                "escalation" => rng.weighted(&[90, 6, 3, 1]),
                "contact_type" if rng.percent(5) => continue,
                "contact_type" => rng.weighted(&[40, 25, 25, 5, 3, 2]),
                "category" => rng.weighted(&[35, 25, 20, 15, 5]),
                "close_code" if matches!(state, 3 | 4) => rng.weighted(&[60, 20, 5, 15]),
                "hold_reason" if state == 2 => rng.weighted(&[60, 10, 20, 10]),
                "notify" => 0,
                _ => continue,
            };
            cells[*place] = list[choice];
        }
        self.set_state(cells, state);
    }

    fn fill_people(&self, rng: &mut Rng, cells: &mut [u32], state: usize) {
        let set = |cells: &mut [u32], column, value| self.places.set(cells, column, value);
        set(cells, "caller_id", *rng.pick(&self.users));
        set(cells, "opened_by", *rng.pick(&self.users));
        set(cells, "sys_created_by", *rng.pick(&self.user_names));
        set(cells, "sys_updated_by", *rng.pick(&self.user_names));
        if rng.percent(94) {
            set(cells, "assignment_group", *rng.pick(&self.groups));
        }
        if state > 0 || rng.percent(30) {
            set(cells, "assigned_to", *rng.pick(&self.users));
        }
        if rng.percent(35) {
            set(cells, "cmdb_ci", *rng.pick(&self.items));
        }
        if matches!(state, 3 | 4) {
            set(cells, "resolved_by", *rng.pick(&self.users));
        }
        if state == 4 {
            set(cells, "closed_by", *rng.pick(&self.users));
        }
    }

    fn fill_times(&self, rng: &mut Rng, cells: &mut [u32], state: usize, opened: i64) {
        let set = |cells: &mut [u32], column, time: i64| {
            self.places.set(cells, column, u32::try_from(time).unwrap_or(EMPTY));
        };
        let resolved = rng.within(opened, 6 * DAY, self.now);
        let resolved = if self.rhythm.is_some() { worked(rng, resolved, self.now) } else { resolved };
        let mut updated = resolved;
        set(cells, "opened_at", opened);
        set(cells, "sys_created_on", opened);
        set(cells, "sla_due", opened + 5 * DAY);
        if matches!(state, 3 | 4) {
            set(cells, "resolved_at", resolved);
        }
        if state == 4 {
            updated = rng.within(resolved, 5 * DAY, self.now);
            set(cells, "closed_at", updated);
        }
        if state != 4 && rng.percent(40) {
            updated = rng.within(resolved, 20 * DAY, self.now);
        }
        // Bulk updates: many rows under one stamp, as a list edit or a job leaves them.
        if rng.percent(8) {
            let later = self.bulk.iter().rev().find(|stamp| **stamp >= updated).copied();
            updated = later.unwrap_or(updated);
        }
        set(cells, "sys_updated_on", updated);
    }
}

fn titles() -> impl Iterator<Item = String> {
    let of_place = |thing: &'static str, trouble: &'static str| {
        PLACES.iter().map(move |place| format!("{thing} {trouble} ({place})"))
    };
    THINGS.iter().flat_map(move |thing| TROUBLES.iter().flat_map(move |trouble| of_place(thing, trouble)))
}

fn state_at(rng: &mut Rng, age_in_days: i64) -> usize {
    match age_in_days {
        0 => rng.weighted(&[60, 30, 4, 6, 0, 0]),
        1..=3 => rng.weighted(&[20, 40, 12, 26, 0, 2]),
        4..=14 => rng.weighted(&[4, 16, 10, 45, 22, 3]),
        _ => rng.weighted(&[1, 3, 3, 5, 84, 4]),
    }
}
