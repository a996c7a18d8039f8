//! The users that can sign in.

use super::UserState;

/// A user that can sign in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// `user_name`
    pub(crate) name: String,
    /// The `sys_id` of its row in `sys_user`.
    pub(crate) sys_id: String,
    /// Its password.
    pub(crate) password: String,
    /// Whether no table is closed to it.
    pub(crate) admin: bool,
    /// `active`
    pub(crate) active: bool,
    /// `locked_out`
    pub(crate) locked: bool,
    /// `password_needs_reset`
    pub(crate) needs_reset: bool,
    /// Whether it may use the REST API at all.
    pub(crate) api_access: bool,
    wrong: u32,
}

impl Account {
    /// A user in good order.
    pub(crate) fn new(name: &str, sys_id: String, password: String, admin: bool) -> Self {
        Self {
            name: name.into(),
            sys_id,
            password,
            admin,
            active: true,
            locked: false,
            needs_reset: false,
            api_access: true,
            wrong: 0,
        }
    }

    fn fit(&self) -> bool {
        self.active && !self.locked && !self.needs_reset
    }
}

/// Every user that can sign in; names compare without regard to case.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    list: Vec<Account>,
}

impl Accounts {
    /// Adds a user.
    pub(crate) fn add(&mut self, account: Account) {
        self.list.push(account);
    }

    /// The user with this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.name.eq_ignore_ascii_case(name))
    }

    /// The user with this name, if it is fit to act now.
    pub(crate) fn fit(&self, name: &str) -> Option<&Account> {
        self.get(name).filter(|account| account.fit())
    }

    /// Whether this password lets the user in; wrong ones are counted until the user is locked.
    pub(crate) fn check(&mut self, name: &str, password: &str, lock_after: u32) -> Option<String> {
        let account = self.list.iter_mut().find(|account| account.name.eq_ignore_ascii_case(name))?;
        if account.password != password {
            account.wrong += 1;
            account.locked |= account.wrong >= lock_after;
            return None;
        }
        account.fit().then(|| {
            account.wrong = 0;
            account.name.clone()
        })
    }

    /// Changes a user's state; whether the user is there.
    pub(crate) fn set(&mut self, name: &str, state: UserState) -> bool {
        let Some(account) = self.list.iter_mut().find(|account| account.name.eq_ignore_ascii_case(name)) else {
            return false;
        };
        account.active = state.active.unwrap_or(account.active);
        account.needs_reset = state.password_needs_reset.unwrap_or(account.needs_reset);
        account.api_access = state.api_access.unwrap_or(account.api_access);
        if let Some(locked) = state.locked_out {
            account.locked = locked;
            account.wrong = 0;
        }
        true
    }

    /// Every user.
    pub(crate) fn all(&self) -> &[Account] {
        &self.list
    }
}
