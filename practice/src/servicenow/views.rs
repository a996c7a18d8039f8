//! What is shown to whom otherwise than their roles allow.

use std::collections::{HashMap, HashSet};

use super::access::{STAGING, by_role};
use super::oauth::{Account, TokenColumn};
use super::options::Options;
use crate::Visibility;

/// What is shown to whom otherwise than their roles allow.
pub(crate) struct Views {
    users: HashMap<String, Visibility>,
    admins: HashMap<String, Visibility>,
    columns: HashSet<(String, String)>,
    token_column: TokenColumn,
}

impl Views {
    /// What the options say.
    pub(crate) fn new(options: &Options) -> Self {
        let setup = &options.setup;
        let absent = [(STAGING, !setup.app), ("em_event", !setup.event_management)];
        let absent = absent.into_iter().filter(|(_, absent)| *absent);
        let mut users = setup.visibility.clone().into_iter().collect::<HashMap<_, _>>();
        users.extend(absent.map(|(table, _)| (table.to_owned(), Visibility::Missing)));
        let columns = setup.hidden_columns.iter().cloned().collect();
        Self { users, admins: HashMap::new(), columns, token_column: options.oauth.token_column }
    }

    /// What a caller gets to see of a table. A table that is missing is so for everybody.
    pub(crate) fn of(&self, caller: &Account, table: &str) -> Visibility {
        let said = if caller.admin() { self.admins.get(table) } else { self.users.get(table) };
        let missing = [&self.users, &self.admins].iter().any(|view| view.get(table) == Some(&Visibility::Missing));
        match said {
            _ if missing => Visibility::Missing,
            Some(said) => *said,
            None => by_role(caller, table),
        }
    }

    /// Opens or closes a table to admins or to all others.
    pub(crate) fn set(&mut self, admins: bool, table: &str, visibility: Visibility) {
        let view = if admins { &mut self.admins } else { &mut self.users };
        view.insert(table.to_owned(), visibility);
    }

    /// Takes a table away from everybody, or leaves it to the roles again.
    pub(crate) fn set_missing(&mut self, table: &str, missing: bool) {
        self.users.remove(table);
        self.admins.remove(table);
        if missing {
            self.users.insert(table.to_owned(), Visibility::Missing);
        }
    }

    /// Withholds a column from all but admins, or shows it again.
    pub(crate) fn hide_column(&mut self, table: &str, column: &str, hidden: bool) {
        let column = (table.to_owned(), column.to_owned());
        if hidden {
            self.columns.insert(column)
        } else {
            self.columns.remove(&column)
        };
    }

    /// The columns of a table that are withheld from a caller.
    pub(crate) fn withheld(&self, caller: &Account, table: &str) -> Vec<String> {
        let hidden = self.columns.iter().filter(|(of, _)| of == table && !caller.admin());
        let mut columns: Vec<String> = hidden.map(|(_, column)| column.clone()).collect();
        if table == "oauth_credential" && self.token_column == TokenColumn::Withheld {
            columns.push("token".into());
        }
        columns
    }
}
