//! The integration user's roles, and those the instance knows.

use super::facts::{Reading, Seen, User, Viewer, unless_hidden};
use crate::model::checklist::Evidence;
use crate::model::fault::Fault;
use crate::partner::servicenow::lookup::{self, Ask, Rows};
use crate::partner::servicenow::query;

/// More roles than any user has.
const LIMIT: u32 = 1000;

/// The roles of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// Each role, and whether it is only inherited.
    pub held: Vec<(String, bool)>,
    /// Whether these are all roles, so that any other is not granted.
    pub all: bool,
}

impl Roles {
    /// Whether the role is held, and whether only inherited.
    pub fn get(&self, name: &str) -> Option<bool> {
        self.held.iter().find(|(held, _)| held == name).map(|(_, inherited)| *inherited)
    }

    fn add(&mut self, name: String, inherited: bool) {
        match self.held.iter_mut().find(|(held, _)| *held == name) {
            Some((_, only_inherited)) => *only_inherited &= inherited,
            None => self.held.push((name, inherited)),
        }
    }
}

/// Reads the roles of the integration user.
pub async fn roles(viewer: Viewer<'_>, user: &Reading<User>) -> Reading<Roles> {
    let mut evidence = user.evidence.clone();
    let seen = match &user.seen {
        // A user who does not exist has no roles.
        Ok(Seen::Absent) => Ok(Seen::Found(Roles { held: Vec::new(), all: true })),
        Ok(Seen::Found(user)) if !user.sys_id.is_empty() => {
            let condition = format!("user={}", user.sys_id);
            find(viewer, &condition, ("user", &user.sys_id), &mut evidence).await
        }
        Ok(_) => {
            let name = &viewer.partner.connection.username;
            let condition = query::safe("sys_user_has_role", name).map(|name| format!("user.user_name={name}"));
            match condition {
                Ok(condition) => find(viewer, &condition, ("user.user_name", name), &mut evidence).await,
                Err(fault) => Err(fault),
            }
        }
        Err(fault) => Err(fault.clone()),
    };
    unless_hidden(seen, evidence)
}

async fn find(
    viewer: Viewer<'_>,
    condition: &str,
    (column, whose): (&str, &str),
    evidence: &mut Vec<Evidence>,
) -> Result<Seen<Roles>, Fault> {
    let query = format!("{condition}^state=active");
    let fields = "user,user.user_name,role.name,inherited,state";
    let ask = Ask { table: "sys_user_has_role", query: &query, fields, limit: LIMIT };
    let found = lookup::noted(viewer.session, ask, evidence).await?;
    let (roles, mine) = read(&found, column, whose);
    if mine > 0 {
        return Ok(Seen::Found(roles));
    }
    if found.some_hidden() || !found.rows.is_empty() || !sees_others(viewer, column, whose, evidence).await? {
        return Ok(Seen::Hidden);
    }
    Ok(Seen::Found(Roles { held: Vec::new(), all: true }))
}

/// The roles among rows, and how many rows are this user's. A row whose role is hidden may be any role.
fn read(found: &Rows, column: &str, whose: &str) -> (Roles, usize) {
    let mut roles = Roles { held: Vec::new(), all: !found.some_hidden() };
    let mine: Vec<_> = found.rows.iter().filter(|row| lookup::same(row, column, whose)).collect();
    for row in &mine {
        let active = lookup::text(row, "state").is_none_or(|state| state == "active");
        match lookup::text(row, "role.name") {
            Some(name) if active => roles.add(name, lookup::flag(row, "inherited").unwrap_or(false)),
            Some(_) => {}
            None => roles.all = false,
        }
    }
    (roles, mine.len())
}

/// Whether the viewer sees other users' rows; otherwise no row for this user would prove nothing.
async fn sees_others(
    viewer: Viewer<'_>,
    column: &str,
    whose: &str,
    evidence: &mut Vec<Evidence>,
) -> Result<bool, Fault> {
    if viewer.admin.is_none() {
        return Ok(false);
    }
    let ask = Ask { table: "sys_user_has_role", query: "", fields: "user,user.user_name", limit: 1 };
    let others = lookup::noted(viewer.session, ask, evidence).await?;
    Ok(others.rows.iter().any(|row| lookup::text(row, column).is_some_and(|user| user != whose)))
}

/// The needed roles that do not exist on the instance.
pub async fn undefined(viewer: Viewer<'_>) -> Reading<Vec<String>> {
    let names: Vec<_> = viewer.partner.spec.roles.iter().map(|role| role.name.clone()).collect();
    let mut evidence = Vec::new();
    let seen = defined(viewer, &names, &mut evidence).await.map(|(known, all)| {
        // Some are visible and none is hidden, so the others do not exist.
        let unknown = names.into_iter().filter(|name| !known.iter().any(|(known, _)| known == name));
        if all && !known.is_empty() { Seen::Found(unknown.collect()) } else { Seen::Hidden }
    });
    unless_hidden(seen, evidence)
}

/// The given roles that exist on the instance, each with its id, and whether none was hidden.
///
/// # Errors
/// Why no answer came.
pub async fn defined(
    viewer: Viewer<'_>,
    names: &[String],
    evidence: &mut Vec<Evidence>,
) -> Result<(Vec<(String, String)>, bool), Fault> {
    for name in names {
        if query::safe("sys_user_role", name)?.contains(',') {
            return Err(Fault::Malformed { what: "sys_user_role".to_owned(), detail: "a comma in a name".to_owned() });
        }
    }
    let query = format!("nameIN{}", names.join(","));
    let ask = Ask { table: "sys_user_role", query: &query, fields: "sys_id,name", limit: LIMIT };
    let found = lookup::noted(viewer.session, ask, evidence).await?;
    let known = |row| Some((lookup::text(row, "name")?, lookup::text(row, "sys_id")?));
    let known = found.rows.iter().filter_map(known).filter(|(name, _)| names.contains(name)).collect();
    Ok((known, !found.some_hidden()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(user: &str, role: &str, inherited: &str, state: &str) -> serde_json::Value {
        json!({"user": user, "role.name": role, "inherited": inherited, "state": state})
    }

    #[test]
    fn only_this_users_active_rows_count_and_a_direct_grant_wins() {
        let rows = vec![
            row("1", "itil", "true", "active"),
            row("1", "itil", "false", "active"),
            row("1", "view_changer", "true", ""),
            row("1", "asset", "false", "requested"),
            row("2", "admin", "false", "active"),
        ];
        let (roles, mine) = read(&Rows { rows, total: Some(5), ..Rows::default() }, "user", "1");
        let held = vec![("itil".to_owned(), false), ("view_changer".to_owned(), true)];
        assert_eq!((roles, mine), (Roles { held, all: true }, 4));
    }

    #[test]
    fn a_hidden_row_or_name_may_be_any_role() {
        let rows = || vec![row("1", "itil", "false", "active")];
        assert!(!read(&Rows { rows: rows(), total: Some(2), ..Rows::default() }, "user", "1").0.all);
        let nameless = [rows(), vec![row("1", "", "false", "active")]].concat();
        let (roles, mine) = read(&Rows { rows: nameless, total: Some(2), ..Rows::default() }, "user", "1");
        assert_eq!((roles.get("itil"), roles.all, mine), (Some(false), false, 2));
    }
}
