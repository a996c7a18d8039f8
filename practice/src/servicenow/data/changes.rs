//! Made-up change requests.

use super::{CHANGES, DAYS_BACK, People};
use crate::core::rng::{Rng, stable_hex, stable_id};
use crate::core::words::{ITEMS, WORKS};
use crate::servicenow::table::{Shown, Store, Table, choices};

const DAY: i64 = 86_400;

/// Makes the change requests; the table must be settled afterwards.
pub(crate) fn make_changes(store: &mut Store, people: &People, rng: &mut Rng, now: i64) {
    for nth in 0..CHANGES {
        let back = DAYS_BACK * DAY * i64::try_from(CHANGES - nth).unwrap_or(1) / i64::try_from(CHANGES).unwrap_or(1);
        add_change(store, people, rng, nth, (now - back, now), false);
    }
}

/// Adds one change request that was opened then; `live` sorts it in at once.
pub(crate) fn add_change(
    store: &mut Store,
    people: &People,
    rng: &mut Rng,
    nth: u64,
    (opened, now): (i64, i64),
    live: bool,
) {
    let Some(table) = store.table_mut("change_request") else { return };
    let number = format!("CHG{:07}", 30_001 + nth);
    let item = *rng.pick(ITEMS);
    let mut cells = table.blank();
    let state = state_at(rng, (now - opened) / DAY);
    table.put(&mut cells, "number", &number);
    table.put(&mut cells, "short_description", &format!("{} {item}", rng.pick(WORKS)));
    table.put(&mut cells, "description", "Planned work.\nBack-out plan: restore the snapshot.");
    table.put(&mut cells, "sys_class_name", "change_request");
    table.put(&mut cells, "active", if state < 6 { "true" } else { "false" });
    table.put(&mut cells, "on_hold", "false");
    table.put(&mut cells, "sys_mod_count", &rng.below(15).to_string());
    table.put_shown(&mut cells, "cmdb_ci", &stable_hex("cmdb_ci", item), Shown::Text(item));
    fill_choices(table, rng, &mut cells, state);
    fill_people(table, people, rng, &mut cells, state);
    fill_times(table, rng, &mut cells, state, (opened, now));
    let id = stable_id("change_request", &number);
    if live {
        table.insert(id, &cells)
    } else {
        table.load(id, &cells)
    };
}

fn fill_choices(table: &mut Table, rng: &mut Rng, cells: &mut [u32], state: usize) {
    for (_, column, list) in choices::LISTS.iter().filter(|(of, ..)| *of == "change_request") {
        let choice = match *column {
            "state" => state,
            "type" => rng.weighted(&[60, 30, 10]),
            "conflict_status" if rng.percent(15) => continue,
            "close_code" if state != 6 => continue,
            "close_code" => rng.weighted(&[85, 10, 5]),
            "approval" => usize::from(state > 0) + usize::from(state > 2),
            _ => usize::try_from(rng.below(list.len() as u64)).unwrap_or(0),
        };
        let (value, label) = list[choice];
        table.put_shown(cells, column, value, Shown::Text(label));
    }
}

fn fill_people(table: &mut Table, people: &People, rng: &mut Rng, cells: &mut [u32], state: usize) {
    for column in ["requested_by", "opened_by", "assigned_to", "closed_by"] {
        if column != "closed_by" || state >= 6 {
            let (id, name, _) = rng.pick(&people.users);
            table.put_shown(cells, column, id, Shown::Text(name));
        }
    }
    let (id, name) = rng.pick(&people.groups);
    table.put_shown(cells, "assignment_group", id, Shown::Text(name));
    table.put(cells, "sys_created_by", &people.anyone(rng));
    table.put(cells, "sys_updated_by", &people.anyone(rng));
}

fn fill_times(table: &mut Table, rng: &mut Rng, cells: &mut [u32], state: usize, (opened, now): (i64, i64)) {
    let hours = |rng: &mut Rng, most: u64| i64::try_from(rng.below(most * 60)).unwrap_or(0) * 60;
    let start = opened + DAY + hours(rng, 96);
    let end = start + 3_600 + hours(rng, 6);
    let updated = (opened + hours(rng, 240)).min(now);
    for (column, time) in [("opened_at", opened), ("sys_created_on", opened), ("start_date", start), ("end_date", end)]
    {
        table.put_time(cells, column, time);
    }
    table.put_time(cells, "requested_by_date", end + DAY);
    if state >= 4 {
        table.put_time(cells, "work_start", start.min(now));
    }
    if state >= 5 {
        table.put_time(cells, "work_end", end.min(now));
    }
    if state >= 6 {
        table.put_time(cells, "closed_at", updated);
    }
    table.put_time(cells, "sys_updated_on", updated);
}

fn state_at(rng: &mut Rng, age_in_days: i64) -> usize {
    match age_in_days {
        0..=1 => rng.weighted(&[60, 30, 10, 0, 0, 0, 0, 0]),
        2..=10 => rng.weighted(&[10, 15, 15, 25, 15, 10, 8, 2]),
        _ => rng.weighted(&[2, 1, 1, 3, 3, 5, 78, 7]),
    }
}
