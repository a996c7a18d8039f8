//! Orders that change how the integration is set up, and what shows the effect.

use serde::Serialize;

use super::{Control, Truth};
use crate::PracticeError;
use crate::Visibility;
use crate::core::rng::stable_hex;
use crate::servicenow::access::STAGING;
use crate::servicenow::data;
use crate::servicenow::oauth::{PasswordState, UserState, user_named};
use crate::servicenow::options::RateRule;
use crate::servicenow::setup::{ApplicationState, RoleState};
use crate::servicenow::writes::WriteRecord;

const HELD: &str = "sys_user_has_role";

/// One row of `sys_user_has_role`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRole {
    /// The row's id.
    pub sys_id: String,
    /// The role's name.
    pub role: String,
    /// Whether it comes through another role or a group.
    pub inherited: bool,
    /// The group it comes through; empty otherwise.
    pub granted_by: String,
    /// The role it comes through; empty otherwise.
    pub included_in: String,
    /// `sys_created_by`: who granted it.
    pub by: String,
}

impl Control {
    /// Changes the state of a user.
    ///
    /// # Errors
    /// There is no such user.
    pub fn set_user_state(&self, user: &str, state: UserState) -> Result<(), PracticeError> {
        let mut auth = self.0.auth();
        let known = self.0.as_system(|writer| auth.secrets.set(writer, user, state));
        known.then_some(()).ok_or_else(|| no_user(user))
    }

    /// Brings a user's role into a state. A role nobody has heard of is made.
    ///
    /// # Errors
    /// There is no such user.
    pub fn set_role(&self, user: &str, role: &str, state: RoleState) -> Result<(), PracticeError> {
        let user = self.user_id(user)?;
        self.0.as_system(|writer| data::set_role(writer, &user, role, state));
        Ok(())
    }

    /// Every row that gives the user a role, doubled ones twice, sorted by role.
    pub fn roles(&self, user: &str) -> Vec<HeldRole> {
        let Ok(user) = self.user_id(user) else { return Vec::new() };
        let mut roles: Vec<_> = self.rows(HELD).iter().filter(|row| value(row, "user") == user).map(held).collect();
        roles.sort_by(|one, other| (&one.role, one.inherited).cmp(&(&other.role, other.inherited)));
        roles
    }

    /// A user's row; none if there is no such user.
    pub fn user(&self, user: &str) -> Option<Truth> {
        let id = self.user_id(user).ok()?;
        self.rows("sys_user").into_iter().find(|row| value(row, "sys_id") == id)
    }

    /// How a user's password is kept; none if there is no such user.
    pub fn password_state(&self, user: &str) -> Option<PasswordState> {
        let auth = self.0.auth();
        let user = user_named(&self.0.data().store, user)?;
        Some(auth.secrets.state(&user))
    }

    /// The OAuth application's entry; none if there is none.
    pub fn application(&self) -> Option<Truth> {
        let client = &self.0.base.sign_in.client_id;
        self.rows("oauth_entity").into_iter().find(|row| value(row, "client_id") == client)
    }

    /// Brings the OAuth application's entry into a state.
    pub fn set_application(&self, state: ApplicationState) {
        let server = &self.0;
        server.as_system(|writer| data::set_application(writer, &server.options, &server.base.sign_in, state));
    }

    /// Changes columns of the application's entry, such as `refresh_token_lifespan` or `user`.
    ///
    /// # Errors
    /// There is no entry.
    pub fn edit_application(&self, fields: &[(&str, &str)]) -> Result<(), PracticeError> {
        let row = self.application().ok_or_else(|| PracticeError::Order("no application entry".into()))?;
        self.edit_row("oauth_entity", value(&row, "sys_id"), fields)
    }

    /// Installs the store app, or takes it away with its staging table and role.
    pub fn set_app(&self, installed: bool) {
        self.0.as_system(|writer| data::set_app(writer, installed));
        self.0.views().set_missing(STAGING, !installed);
    }

    /// The value of a system property; none if there is no such property.
    pub fn property(&self, name: &str) -> Option<String> {
        let data = self.0.data();
        let row = data.store.first("sys_properties", &[("name", name)])?;
        Some(data.store.text("sys_properties", row, "value").to_owned())
    }

    /// Sets a system property; the token endpoint goes by those about OAuth.
    pub fn set_property(&self, name: &str, value: &str) {
        self.0.as_system(|writer| data::set_property(writer, name, value));
    }

    /// Hides a system property from all but admins, or shows it again.
    ///
    /// # Errors
    /// There is no such property.
    pub fn hide_property(&self, name: &str, hidden: bool) -> Result<(), PracticeError> {
        let row = self.rows("sys_properties").into_iter().find(|row| value(row, "name") == name);
        let row = row.ok_or_else(|| PracticeError::Order(format!("no property {name}")))?;
        self.hide_row("sys_properties", value(&row, "sys_id"), hidden)
    }

    /// Opens or closes a table to all but admins, whatever their roles allow.
    pub fn set_visibility(&self, table: &str, visibility: Visibility) {
        self.0.views().set(false, table, visibility);
    }

    /// Opens or closes a table to admins.
    pub fn set_admin_visibility(&self, table: &str, visibility: Visibility) {
        self.0.views().set(true, table, visibility);
    }

    /// Withholds a column from all but admins, or shows it again.
    pub fn hide_column(&self, table: &str, column: &str, hidden: bool) {
        self.0.views().hide_column(table, column, hidden);
    }

    /// Gives a choice another label, as an admin does: every row shows it at once, and no stamp moves.
    ///
    /// # Errors
    /// There is no such column of choices.
    pub fn relabel_choice(&self, table: &str, column: &str, value: &str, label: &str) -> Result<(), PracticeError> {
        if !self.0.data_mut().store.relabel(table, column, value, label) {
            return Err(PracticeError::Order(format!("no choices in {table}.{column}")));
        }
        self.0.as_system(|writer| {
            let wanted = [("name", table), ("element", column), ("value", value)];
            if let Some(row) = writer.store.first("sys_choice", &wanted) {
                writer.update("sys_choice", row, &[("label", label)]);
            }
        });
        Ok(())
    }

    /// Gives a person another name, as an admin does: every row that refers to them shows it at once, and no stamp moves.
    ///
    /// # Errors
    /// There is no such person.
    pub fn rename_person(&self, sys_id: &str, name: &str) -> Result<(), PracticeError> {
        self.edit_row_silently("sys_user", sys_id, &[("name", name)])?;
        self.0.data_mut().store.rename("sys_user", sys_id, name);
        Ok(())
    }

    /// Shows another release, such as `washingtondc`.
    pub fn set_release(&self, release: &str) {
        *self.0.release() = release.to_owned();
        self.0.as_system(|writer| data::set_release(writer, release));
    }

    /// Sets or drops the rate-limit rule: its row, its headers, and 429 beyond it.
    pub fn set_rate_rule(&self, rule: Option<RateRule>) {
        self.0.set_rate_rule(rule);
    }

    /// What was written over the API so far and by whom, refused attempts included.
    pub fn writes(&self) -> Vec<WriteRecord> {
        self.0.writes().clone()
    }

    pub(super) fn user_id(&self, user: &str) -> Result<String, PracticeError> {
        let id = user_named(&self.0.data().store, user);
        // Before anybody knows them by name: tokens that were issued to nobody belong to the guest.
        let guest = || (user == "guest").then(|| stable_hex("sys_user", "guest"));
        id.or_else(guest).ok_or_else(|| no_user(user))
    }
}

fn no_user(user: &str) -> PracticeError {
    PracticeError::Order(format!("no user {user}"))
}

fn held(row: &Truth) -> HeldRole {
    let shown = |column: &str| row.get(column).and_then(|field| field.display_value.clone()).unwrap_or_default();
    HeldRole {
        sys_id: value(row, "sys_id").to_owned(),
        role: shown("role"),
        inherited: value(row, "inherited") == "true",
        granted_by: shown("granted_by"),
        included_in: shown("included_in_role"),
        by: value(row, "sys_created_by").to_owned(),
    }
}

fn value<'a>(row: &'a Truth, column: &str) -> &'a str {
    row.get(column).map_or("", |field| field.value.as_str())
}
