//! What this program can change in the product with an admin's sign-in, as data: the order, the exact change, and
//! what came of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A change that fixes an item of the checklist. Holds no secret: a new user's password is given apart.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fix", rename_all = "snake_case")]
pub enum Fix {
    /// Makes the integration user, for interfaces only, with a password that is given when it is applied.
    CreateUser { user_name: String },
    /// Lets a user sign in again: unlocks it, and clears a password reset that is pending.
    FreeUser { user_name: String },
    /// Grants the user those of these roles that it lacks.
    GrantRoles { user_name: String, roles: Vec<String> },
    /// Sets how long the application lets a refresh token live.
    SetLifespan { client_id: String, seconds: i64 },
}

impl Fix {
    /// The order in which fixes can be done, with the roles of one user in one.
    pub fn in_order(fixes: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for fix in fixes {
            match (all.iter().position(|held| held.joins(&fix)), fix) {
                (Some(place), Self::GrantRoles { roles, .. }) => all[place].add(roles),
                (Some(_), _) => {}
                (None, fix) => all.push(fix),
            }
        }
        all.sort_by_key(Self::rank);
        all
    }

    /// Whether applying it needs a password for the new user.
    pub fn needs_password(&self) -> bool {
        matches!(self, Self::CreateUser { .. })
    }

    fn joins(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::GrantRoles { user_name, .. }, Self::GrantRoles { user_name: same, .. }) => user_name == same,
            _ => self == other,
        }
    }

    fn add(&mut self, more: Vec<String>) {
        if let Self::GrantRoles { roles, .. } = self {
            for role in more {
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::CreateUser { .. } => 0,
            Self::FreeUser { .. } => 1,
            Self::GrantRoles { .. } => 2,
            Self::SetLifespan { .. } => 3,
        }
    }
}

/// One value that changes. A password is never one: it is named with the value `********`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The product's table, such as `sys_user`.
    pub table: String,
    /// Which record, by a name that people know.
    pub record: String,
    /// The column.
    pub column: String,
    /// What stands there; `None` where the record is not there yet.
    pub before: Option<String>,
    /// What will stand, or stands, there.
    pub after: String,
}

impl Change {
    /// What stands for a password.
    pub const MASKED: &'static str = "********";
}

/// A fix that was applied and then checked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// What was ordered.
    pub fix: Fix,
    /// Who did it.
    pub by: String,
    /// What changed, as read back. Empty if everything was as it should be already.
    pub changes: Vec<Change>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_are_ordered_and_roles_joined() {
        let grant = |roles: &[&str]| Fix::GrantRoles {
            user_name: "u".into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        let lifespan = Fix::SetLifespan { client_id: "c".into(), seconds: 7_776_000 };
        let create = Fix::CreateUser { user_name: "u".into() };
        let free = Fix::FreeUser { user_name: "u".into() };
        let more = grant(&["itil", "view_changer"]);
        let given = [grant(&["itil"]), lifespan.clone(), more.clone(), free.clone(), create.clone(), create.clone()];
        assert_eq!(Fix::in_order(given.into_iter()), [create, free, more, lifespan]);
    }
}
