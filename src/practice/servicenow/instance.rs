//! The instance: everything it knows, behind locks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::clock::{Calendar, PracticeClock};
use super::data;
use super::fault::{FaultSpec, Faults};
use super::log::Playback;
use super::oauth::{Account, Accounts, Form, Grants, Refusal, Revoke, TokenBook, TokenKind, UserState};
use super::options::{Options, PracticeError, RateRule, Visibility};
use super::requests::RequestRecord;
use super::rng::{Rng, stable_hex};
use super::sign_in::SignInDetails;
use super::table::Store;

/// Requests kept for [`Instance::requests`].
const KEPT_REQUESTS: usize = 200_000;

/// The tables and what changes them.
pub(crate) struct World {
    /// The tables.
    pub(crate) store: Store,
    /// The incident log, if one is played.
    pub(crate) playback: Option<Playback>,
    trickle: Option<data::Trickle>,
}

struct Auth {
    accounts: Accounts,
    tokens: TokenBook,
}

/// A rate-limit rule at work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RateState {
    /// The rule.
    pub(crate) rule: RateRule,
    /// Requests counted.
    pub(crate) used: u64,
    /// When the count begins anew, in seconds since 1970.
    pub(crate) resets_at: i64,
}

/// Everything one instance knows.
pub(crate) struct Instance {
    /// What it was started with.
    pub(crate) options: Options,
    /// How to sign in.
    pub(crate) sign_in: SignInDetails,
    /// How the caller sees dates.
    pub(crate) calendar: Calendar,
    /// Its clock.
    pub(crate) clock: PracticeClock,
    /// The secret the sessions of this start are named after.
    pub(crate) session: String,
    world: RwLock<World>,
    auth: Mutex<Auth>,
    faults: Mutex<Faults>,
    requests: Mutex<Vec<RequestRecord>>,
    visibility: Mutex<HashMap<String, Visibility>>,
    rate: Mutex<Option<RateState>>,
    transactions: AtomicU64,
}

impl Instance {
    /// Makes the instance and its data.
    pub(crate) fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = SignInDetails::new(url, &options);
        let calendar = Calendar::new(&options.time_zone, options.date_format)?;
        let accounts = accounts(&sign_in);
        let world = World::new(&options, &sign_in, &accounts)?;
        let closed = [("oauth_entity", Visibility::Forbidden), ("oauth_credential", Visibility::Forbidden)];
        Ok(Self {
            options,
            sign_in,
            calendar,
            clock: PracticeClock::default(),
            session: Rng::unforeseen().hex(32),
            world: RwLock::new(world),
            auth: Mutex::new(Auth { accounts, tokens: TokenBook::new() }),
            faults: Mutex::default(),
            requests: Mutex::default(),
            visibility: Mutex::new(closed.map(|(table, visibility)| (table.to_owned(), visibility)).into()),
            rate: Mutex::default(),
            transactions: AtomicU64::new(1),
        })
    }

    /// The tables, to read.
    pub(crate) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tables, to change.
    pub(crate) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The body of a token reply.
    pub(crate) fn grant(&self, form: &Form) -> Result<String, Refusal> {
        let mut auth = lock(&self.auth);
        let Auth { accounts, tokens } = &mut *auth;
        let client = (self.sign_in.client_id.as_str(), self.sign_in.client_secret.as_str());
        let options = &self.options.oauth;
        let reply =
            Grants { options, accounts, tokens, client, client_user: &self.sign_in.username, now: machine_now() }
                .grant(form);
        self.show_accounts(&auth.accounts);
        reply
    }

    /// The user whose access token this is, if both are good.
    pub(crate) fn caller(&self, token: &str) -> Option<Account> {
        let mut auth = lock(&self.auth);
        let user = auth.tokens.owner(TokenKind::Access, token, machine_now())?;
        auth.accounts.fit(&user).cloned()
    }

    /// Makes one token worthless; whether it was known.
    pub(crate) fn expire_token(&self, token: &str) -> bool {
        lock(&self.auth).tokens.expire(token, machine_now())
    }

    /// Makes tokens worthless.
    pub(crate) fn revoke(&self, which: Revoke) {
        lock(&self.auth).tokens.revoke(which, machine_now());
    }

    /// Changes a user's state; whether there is such a user.
    pub(crate) fn set_user_state(&self, name: &str, state: UserState) -> bool {
        let mut auth = lock(&self.auth);
        let known = auth.accounts.set(name, state);
        self.show_accounts(&auth.accounts);
        known
    }

    /// Writes the tokens into their table, for whoever looks at it.
    pub(crate) fn show_tokens(&self) {
        let auth = lock(&self.auth);
        data::refresh_tokens(&mut self.world_mut().store, &auth.tokens, machine_now());
    }

    /// The value of every token that was ever issued.
    pub(crate) fn token_values(&self) -> Vec<String> {
        lock(&self.auth).tokens.values()
    }

    /// Shows another release.
    pub(crate) fn set_release(&self, release: &str) {
        data::refresh_release(&mut self.world_mut().store, release, machine_now());
    }

    /// What the integration user gets to see of a table.
    pub(crate) fn visibility(&self, table: &str) -> Visibility {
        lock(&self.visibility).get(table).copied().unwrap_or(Visibility::Rows)
    }

    /// Opens or closes a table.
    pub(crate) fn set_visibility(&self, table: &str, visibility: Visibility) {
        lock(&self.visibility).insert(table.to_owned(), visibility);
    }

    /// The faults still to come.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// The faults that befall this request.
    pub(crate) fn take_faults(&self, path: &str, limit: u64, of_page: bool) -> Vec<FaultSpec> {
        lock(&self.faults).take(path, limit, of_page)
    }

    /// What has been asked so far.
    pub(crate) fn requests(&self) -> MutexGuard<'_, Vec<RequestRecord>> {
        lock(&self.requests)
    }

    /// Notes a request.
    pub(crate) fn record(&self, record: RequestRecord) {
        let mut requests = lock(&self.requests);
        if requests.len() < KEPT_REQUESTS {
            requests.push(record);
        }
    }

    /// Sets or drops the rate-limit rule.
    pub(crate) fn set_rate_rule(&self, rule: Option<RateRule>) {
        let resets_at = |rule: &RateRule| machine_now() + i64::try_from(rule.resets_in).unwrap_or(0);
        *lock(&self.rate) = rule.map(|rule| RateState { rule, used: 0, resets_at: resets_at(&rule) });
    }

    /// Counts one request against the rule, if there is one.
    pub(crate) fn count_request(&self) -> Option<RateState> {
        let mut rate = lock(&self.rate);
        let state = rate.as_mut()?;
        if machine_now() >= state.resets_at {
            (state.used, state.resets_at) = (0, machine_now() + 3_600);
        }
        state.used += 1;
        Some(*state)
    }

    /// The id of a transaction, for the support of the vendor.
    pub(crate) fn next_transaction(&self) -> String {
        let number = self.transactions.fetch_add(1, Ordering::Relaxed);
        stable_hex("transaction", &format!("{}{number}", self.session))[..12].to_owned()
    }

    /// Lets happen by itself what belongs to these seconds.
    pub(crate) fn pass(&self, seconds: f64) {
        let now = self.clock.now();
        let mut world = self.world_mut();
        let World { store, playback, trickle } = &mut *world;
        if let (Some(playback), Some(table)) = (playback, store.table_mut("incident")) {
            playback.advance_by_clock(now, table);
        }
        if let Some(trickle) = trickle {
            trickle.pass(store, seconds * self.options.speed, now);
        }
    }

    fn show_accounts(&self, accounts: &Accounts) {
        data::refresh_accounts(&mut self.world_mut().store, accounts.all(), machine_now());
    }
}

impl World {
    fn new(options: &Options, sign_in: &SignInDetails, accounts: &Accounts) -> Result<Self, PracticeError> {
        let now = machine_now();
        let mut store = Store::new();
        let mut rng = Rng::new(options.seed);
        let people = data::People::make(&mut store, now);
        data::make_changes(&mut store, &people, &mut rng, now);
        let mut world = Self { store, playback: None, trickle: None };
        match &options.incident_log {
            Some(path) => {
                let table = world.store.table_mut("incident").ok_or_else(|| PracticeError::Order("incident".into()))?;
                world.playback = Some(Playback::start(path, &options.log, options.speed, now, table)?);
            }
            None => {
                let rows = options.rows.unwrap_or(data::INCIDENTS);
                data::make_incidents(&mut world.store, &people, &mut rng, now, rows);
                if options.speed > 0.0 {
                    world.trickle = Some(data::Trickle::new(&mut world.store, people, options.seed, now, rows));
                }
            }
        }
        world.store.settle();
        data::settings(&mut world.store, options, sign_in, now);
        data::refresh_release(&mut world.store, &options.release, now);
        data::refresh_accounts(&mut world.store, accounts.all(), now);
        Ok(world)
    }
}

fn accounts(sign_in: &SignInDetails) -> Accounts {
    let mut accounts = Accounts::default();
    for (name, admin) in [(&sign_in.username, false), (&sign_in.admin, true)] {
        accounts.add(Account::new(name, stable_hex("sys_user", name), sign_in.password.clone(), admin));
    }
    accounts
}

/// Seconds since 1970 as the machine has it: token lives do not follow the instance's shifted clock.
pub(crate) fn machine_now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
