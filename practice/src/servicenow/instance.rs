//! The instance: everything it knows, behind locks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::access::STAGING;
use super::clock::{Calendar, PracticeClock};
use super::data;
use super::fault::{FaultSpec, Faults};
use super::log::Playback;
use super::oauth::{
    Account, Form, Grants, PasswordState, Refusal, Revoke, Secrets, TokenBook, TokenKind, UserState, user_named,
};
use super::options::{Options, RateRule};
use super::requests::RequestRecord;
use super::setup::ApplicationState;
use super::table::{Store, Writer};
use super::views::Views;
use super::writes::WriteRecord;
use crate::PracticeError;
use crate::SignInDetails;
use crate::rng::{Rng, stable_hex, stable_id};

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

/// Who may sign in, and the tokens they hold. It is locked before the tables, never while they are.
pub(crate) struct Auth {
    /// The passwords.
    pub(crate) secrets: Secrets,
    /// The tokens.
    pub(crate) tokens: TokenBook,
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
    views: Mutex<Views>,
    release: Mutex<String>,
    writes: Mutex<Vec<WriteRecord>>,
    ids: Mutex<Rng>,
    rate: Mutex<Option<RateState>>,
    transactions: AtomicU64,
}

impl Instance {
    /// Makes the instance and its data.
    pub(crate) fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = super::sign_in::details(url, &options);
        let calendar = Calendar::new(&options.time_zone, options.date_format)?;
        let world = World::new(&options, &sign_in)?;
        let instance = Self {
            sign_in,
            calendar,
            clock: PracticeClock::default(),
            session: Rng::unforeseen().hex(32),
            world: RwLock::new(world),
            auth: Mutex::new(Auth { secrets: Secrets::default(), tokens: TokenBook::new() }),
            faults: Mutex::default(),
            requests: Mutex::default(),
            views: Mutex::new(Views::new(&options)),
            release: Mutex::new(options.release.clone()),
            writes: Mutex::default(),
            ids: Mutex::new(Rng::unforeseen()),
            rate: Mutex::default(),
            transactions: AtomicU64::new(1),
            options,
        };
        instance.set_rate_rule(instance.options.rate_rule);
        instance.set_passwords();
        Ok(instance)
    }

    fn set_passwords(&self) {
        let (admin, user) = (&self.sign_in.admin, &self.sign_in.username);
        for name in [Some(admin), self.options.setup.integration_user.then_some(user)].into_iter().flatten() {
            self.auth().secrets.set_password(&stable_hex("sys_user", name), &self.sign_in.password, true);
        }
    }

    /// The tables, to read.
    pub(crate) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tables, to change.
    pub(crate) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passwords and tokens. To be locked before the tables.
    pub(crate) fn auth(&self) -> MutexGuard<'_, Auth> {
        lock(&self.auth)
    }

    /// Does something with the tables in the name of the system.
    pub(crate) fn as_system<T>(&self, act: impl FnOnce(&mut Writer<'_>) -> T) -> T {
        let now = self.clock.now();
        let mut world = self.world_mut();
        let older = self.options.incident_log.is_some();
        act(&mut Writer { older, ..Writer::system(&mut world.store, now) })
    }

    /// The body of a token reply.
    pub(crate) fn grant(&self, form: &Form) -> Result<String, Refusal> {
        let release = lock(&self.release).clone();
        let mut auth = self.auth();
        let Auth { secrets, tokens } = &mut *auth;
        let mut world = self.world_mut();
        let writer = Writer::system(&mut world.store, machine_now());
        let client = (self.sign_in.client_id.as_str(), self.sign_in.client_secret.as_str());
        let options = &self.options.oauth;
        Grants { options, writer, secrets, tokens, client, release: &release }.grant(form)
    }

    /// The user whose access token this is, if both are good.
    pub(crate) fn caller(&self, token: &str) -> Option<Account> {
        let mut auth = self.auth();
        let user = auth.tokens.used(TokenKind::Access, token, machine_now())?.user.clone();
        auth.secrets.account(&self.world().store, &user)
    }

    /// Makes one token worthless; whether it was known.
    pub(crate) fn expire_token(&self, token: &str) -> bool {
        let with_children = self.options.oauth.revoking_refresh_kills_access;
        self.auth().tokens.expire(token, machine_now(), with_children)
    }

    /// Makes tokens worthless.
    pub(crate) fn revoke(&self, which: Revoke) {
        self.auth().tokens.revoke(which, machine_now());
    }

    /// Changes a user's state; whether there is such a user.
    pub(crate) fn set_user_state(&self, name: &str, state: UserState) -> bool {
        let mut auth = self.auth();
        self.as_system(|writer| auth.secrets.set(writer, name, state))
    }

    /// How a user's password is kept; none if there is no such user.
    pub(crate) fn password_state(&self, name: &str) -> Option<PasswordState> {
        let auth = self.auth();
        let user = user_named(&self.world().store, name)?;
        Some(auth.secrets.state(&user))
    }

    /// Writes the tokens into their table, for whoever looks at it.
    pub(crate) fn show_tokens(&self) {
        let auth = self.auth();
        data::show_tokens(&mut self.world_mut().store, &auth.tokens, self.options.oauth.token_column);
    }

    /// Shows another release.
    pub(crate) fn set_release(&self, release: &str) {
        *lock(&self.release) = release.to_owned();
        self.as_system(|writer| data::set_release(writer, release));
    }

    /// Installs the store app or takes it away, its staging table included.
    pub(crate) fn set_app(&self, installed: bool) {
        self.as_system(|writer| data::set_app(writer, installed));
        self.views().set_missing(STAGING, !installed);
    }

    /// Brings the application's entry into a state.
    pub(crate) fn set_application(&self, state: ApplicationState) {
        self.as_system(|writer| data::set_application(writer, &self.options, &self.sign_in, state));
    }

    /// What is shown to whom otherwise than their roles allow.
    pub(crate) fn views(&self) -> MutexGuard<'_, Views> {
        lock(&self.views)
    }

    /// What has been written over the API, and what was refused.
    pub(crate) fn writes(&self) -> MutexGuard<'_, Vec<WriteRecord>> {
        lock(&self.writes)
    }

    /// An id that no row has.
    pub(crate) fn new_id(&self) -> [u8; 16] {
        stable_id("made", &lock(&self.ids).hex(32))
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
        self.as_system(|writer| data::set_rate_rule(writer, rule));
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
}

impl World {
    fn new(options: &Options, sign_in: &SignInDetails) -> Result<Self, PracticeError> {
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
        data::set_release(&mut Writer::system(&mut world.store, now), &options.release);
        Ok(world)
    }
}

/// Seconds since 1970 as the machine has it: token lives do not follow the instance's shifted clock.
pub(crate) fn machine_now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
