//! Roles: which there are, which contain others, and who has them.

use std::collections::BTreeSet;

use crate::core::rng::{parse_hex, stable_hex, stable_id};
use crate::servicenow::setup::RoleState;
use crate::servicenow::table::{Store, Writer};

/// The role of the store app.
pub(crate) const APP_ROLE: &str = "x_mioms_microsoft.user";

/// The roles of Event Management.
pub(crate) const EVENT_ROLES: [&str; 2] = ["evt_mgmt_integration", "evt_mgmt_operator"];

/// The group through which a role may come.
const GROUP: &str = "Azure Operators";

const HELD: &str = "sys_user_has_role";

const ALWAYS: [&str; 17] = [
    "admin",
    "security_admin",
    "user_admin",
    "oauth_admin",
    "rate_limit_admin",
    "itil",
    "personalize_choices",
    "import_transformer",
    "template_editor",
    "view_changer",
    "snc_platform_rest_api_access",
    "sn_incident_write",
    "sn_change_write",
    "cmdb_read",
    "itil_admin",
    "sn_cmdb_editor",
    "asset",
];

const CONTAINED: [&str; 6] = [
    "snc_platform_rest_api_access",
    "template_editor",
    "view_changer",
    "sn_incident_write",
    "sn_change_write",
    "cmdb_read",
];

/// Makes the roles that every instance has, and what `itil` contains.
pub(crate) fn make_roles(writer: &mut Writer<'_>, event_management: bool) {
    let events = EVENT_ROLES.iter().filter(|_| event_management);
    ALWAYS.iter().chain(events).for_each(|role| make_role(writer, role));
    let itil = stable_hex("sys_user_role", "itil");
    for role in CONTAINED {
        let fields = [("role", itil.as_str()), ("contains", &stable_hex("sys_user_role", role))];
        writer.put("sys_user_role_contains", role, &fields);
    }
}

/// Makes one role.
pub(crate) fn make_role(writer: &mut Writer<'_>, role: &str) {
    let elevated = if role == "security_admin" { "true" } else { "false" };
    writer.put("sys_user_role", role, &[("name", role), ("elevated_privilege", elevated)]);
}

/// The names of a user's active roles, inherited ones included.
pub(crate) fn roles_of(store: &Store, user: &str) -> BTreeSet<String> {
    let rows = store.rows_with(HELD, &[("user", user), ("state", "active")]);
    rows.iter().filter_map(|row| store.name_of("sys_user_role", store.text(HELD, *row, "role"))).collect()
}

/// Adds what follows from a role a user has just been granted: rows for the roles it contains.
pub(crate) fn inherit(writer: &mut Writer<'_>, user: &str, role: &str, from: &str) {
    for contained in contained_in(writer.store, role) {
        let wanted = [("user", user), ("role", contained.as_str()), ("inherited", "true"), ("granted_by", "")];
        match writer.store.first(HELD, &wanted) {
            Some(row) => count(writer, row, 1),
            None => add_inherited(writer, user, &contained, &[("included_in_role", role)], from),
        }
        inherit(writer, user, &contained, from);
    }
}

/// Takes a row of `sys_user_has_role` away, and what was inherited through it.
pub(crate) fn take(writer: &mut Writer<'_>, row: u32) {
    let text = |column: &str| writer.store.text(HELD, row, column).to_owned();
    let (user, role, inherited) = (text("user"), text("role"), text("inherited"));
    writer.remove(HELD, row);
    if inherited != "true" {
        disinherit(writer, &user, &role);
    }
}

/// Brings a user's role into a state; the role is made if it is not there.
pub(crate) fn set_role(writer: &mut Writer<'_>, user: &str, role: &str, state: RoleState) {
    let role_id = stable_hex("sys_user_role", role);
    for row in writer.store.rows_with(HELD, &[("user", user), ("role", &role_id)]) {
        take(writer, row);
    }
    if state == RoleState::Missing {
        return;
    }
    make_role(writer, role);
    match state {
        RoleState::Inherited => {
            let itil = stable_hex("sys_user_role", "itil");
            add_inherited(writer, user, &role_id, &[("included_in_role", &itil)], "set");
        }
        RoleState::Group => through_group(writer, user, &role_id),
        _ => grant(writer, user, &role_id),
    }
    if state == RoleState::Hidden {
        hide(writer.store, user, &role_id);
    }
}

fn grant(writer: &mut Writer<'_>, user: &str, role: &str) {
    let fields = [("user", user), ("role", role), ("state", "active"), ("inherited", "false"), ("inh_count", "0")];
    let key = format!("{user} {role}");
    // A row that was taken away leaves its id free, so the same grant has the same id at every start.
    writer.insert(HELD, stable_id(HELD, &key), &fields);
    inherit(writer, user, role, &key);
}

fn through_group(writer: &mut Writer<'_>, user: &str, role: &str) {
    let group = stable_hex("sys_user_group", GROUP);
    writer.put("sys_user_group", GROUP, &[("name", GROUP), ("active", "true")]);
    writer.put("sys_user_grmember", user, &[("user", user), ("group", &group)]);
    writer.put("sys_group_has_role", role, &[("group", &group), ("role", role), ("inherits", "true")]);
    add_inherited(writer, user, role, &[("granted_by", &group)], "group");
    inherit(writer, user, role, "group");
}

fn add_inherited(writer: &mut Writer<'_>, user: &str, role: &str, path: &[(&str, &str)], from: &str) {
    let first = [("user", user), ("role", role), ("state", "active"), ("inherited", "true"), ("inh_count", "1")];
    let fields: Vec<_> = first.into_iter().chain(path.iter().copied()).collect();
    let id = stable_id(HELD, &format!("{user} {role} inherited {from} {path:?}"));
    writer.insert(HELD, id, &fields);
}

fn disinherit(writer: &mut Writer<'_>, user: &str, role: &str) {
    for contained in contained_in(writer.store, role) {
        let wanted = [("user", user), ("role", contained.as_str()), ("inherited", "true"), ("granted_by", "")];
        match writer.store.first(HELD, &wanted) {
            Some(row) if writer.store.text(HELD, row, "inh_count") == "1" => writer.remove(HELD, row),
            Some(row) => count(writer, row, -1),
            None => {}
        }
        disinherit(writer, user, &contained);
    }
}

fn count(writer: &mut Writer<'_>, row: u32, by: i64) {
    let count = writer.store.text(HELD, row, "inh_count").parse::<i64>().unwrap_or(0) + by;
    writer.update(HELD, row, &[("inh_count", &count.to_string())]);
}

fn contained_in(store: &Store, role: &str) -> Vec<String> {
    let rows = store.rows_with("sys_user_role_contains", &[("role", role)]);
    rows.iter().map(|row| store.text("sys_user_role_contains", *row, "contains").to_owned()).collect()
}

fn hide(store: &mut Store, user: &str, role: &str) {
    let rows = store.rows_with(HELD, &[("user", user), ("role", role)]);
    if let Some(table) = store.table_mut(HELD) {
        table.hidden.extend(rows);
    }
}

/// Deletes a user's roles, as the product does with the user.
pub(crate) fn take_all(writer: &mut Writer<'_>, user: &str) {
    debug_assert!(parse_hex(user).is_some());
    writer.store.rows_with(HELD, &[("user", user)]).into_iter().for_each(|row| writer.remove(HELD, row));
}
