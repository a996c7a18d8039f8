//! The instance: everything it knows, behind locks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::Router;

use super::calendar::{Calendar, raw};
use super::faults::{FaultKind, FaultSpec};
use super::log::Playback;
use super::manners::Manners;
use super::oauth::{Account, Form, Grants, Refusal, Revoke, Secrets, TokenBook, TokenKind};
use super::options::{Options, RateRule};
use super::table::{Store, Writer};
use super::views::Views;
use super::writes::WriteRecord;
use super::{admin_api, data, http, sign_in};
pub(crate) use crate::core::clock::machine_now;
use crate::core::faults::{Kind, Target};
use crate::core::rng::{Rng, stable_hex, stable_id};
use crate::core::{Base, Control, Controlled, RequestRecord, ServerState, lock, read, write};
use crate::{PracticeError, SignInDetails};

/// The tables and what changes them.
pub(crate) struct Data {
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
    /// When the count begins again, in seconds since 1970.
    pub(crate) resets_at: i64,
}

/// Everything one instance knows.
pub struct State {
    /// Faults, requests and clock.
    pub(crate) base: Base<FaultKind>,
    /// What it was started with.
    pub(crate) options: Options,
    /// How the caller sees dates.
    pub(crate) calendar: Calendar,
    /// The secret the sessions of this start are named after.
    pub(crate) session: String,
    data: RwLock<Data>,
    auth: Mutex<Auth>,
    views: Mutex<Views>,
    release: Mutex<String>,
    writes: Mutex<Vec<WriteRecord>>,
    manners: Mutex<Manners>,
    incomplete: Mutex<Vec<String>>,
    ids: Mutex<Rng>,
    rate: Mutex<Option<RateState>>,
    transactions: AtomicU64,
}

impl Controlled for State {
    type Fault = FaultKind;
    type Record = RequestRecord;

    fn base(&self) -> &Base<FaultKind> {
        &self.base
    }

    fn summary(&self) -> serde_json::Value {
        let data = self.data();
        let tables: BTreeMap<_, _> = data.store.tables().iter().map(|table| (table.name, table.len())).collect();
        let (events, played) = data.playback.as_ref().map_or((0, 0), |log| (log.len(), log.played()));
        serde_json::json!({
            "url": self.base.sign_in.url,
            "now": raw(self.base.clock.now()),
            "tables": tables,
            "log": { "events": events, "played": played },
            "faults": self.base.faults.pending(),
            "requests": self.base.requests.len(),
        })
    }

    fn request_log(&self) -> serde_json::Value {
        let requests = self.base.requests.all();
        serde_json::json!({ "by_table": by_table(&requests), "requests": requests })
    }
}

impl ServerState for State {
    const NAME: &'static str = "servicenow";
    type Options = Options;

    fn port(options: &Options) -> u16 {
        options.port
    }

    fn new(options: Options, url: String) -> Result<Self, PracticeError> {
        let sign_in = sign_in::details(url, &options);
        let calendar = Calendar::new(&options.time_zone, options.date_format)?;
        let data = Data::new(&options, &sign_in)?;
        let state = Self {
            base: Base::new(sign_in),
            calendar,
            session: Rng::unforeseen().hex(32),
            data: RwLock::new(data),
            auth: Mutex::new(Auth { secrets: Secrets::default(), tokens: TokenBook::new() }),
            views: Mutex::new(Views::new(&options)),
            release: Mutex::new(options.release.clone()),
            writes: Mutex::default(),
            manners: Mutex::new(options.manners.clone()),
            incomplete: Mutex::default(),
            ids: Mutex::new(Rng::unforeseen()),
            rate: Mutex::default(),
            transactions: AtomicU64::new(1),
            options,
        };
        state.set_rate_rule(state.options.rate_rule);
        state.set_passwords();
        Ok(state)
    }

    fn router(control: Control<Self>) -> Router {
        admin_api::routes().fallback(http::answer).with_state(control)
    }

    fn pass(&self, seconds: f64) {
        if self.options.speed <= 0.0 {
            return;
        }
        let now = self.base.clock.now();
        let mut data = self.data_mut();
        let Data { store, playback, trickle } = &mut *data;
        if let (Some(playback), Some(table)) = (playback, store.table_mut("incident")) {
            playback.advance_by_clock(now, table);
        }
        if let Some(trickle) = trickle {
            trickle.pass(store, seconds * self.options.speed, now);
        }
    }
}

impl State {
    fn set_passwords(&self) {
        let (admin, user) = (&self.base.sign_in.admin, &self.base.sign_in.username);
        for name in [Some(admin), self.options.setup.integration_user.then_some(user)].into_iter().flatten() {
            self.auth().secrets.set_password(&stable_hex("sys_user", name), &self.base.sign_in.password, true);
        }
    }

    /// The tables, to read.
    pub(crate) fn data(&self) -> RwLockReadGuard<'_, Data> {
        read(&self.data)
    }

    /// The tables, to change.
    pub(crate) fn data_mut(&self) -> RwLockWriteGuard<'_, Data> {
        write(&self.data)
    }

    /// Passwords and tokens. To be locked before the tables.
    pub(crate) fn auth(&self) -> MutexGuard<'_, Auth> {
        lock(&self.auth)
    }

    /// Does something with the tables in the name of the system.
    pub(crate) fn as_system<T>(&self, act: impl FnOnce(&mut Writer<'_>) -> T) -> T {
        let now = self.base.clock.now();
        let mut data = self.data_mut();
        let older = self.options.incident_log.is_some();
        act(&mut Writer { older, ..Writer::system(&mut data.store, now) })
    }

    /// The body of a token reply.
    pub(crate) fn grant(&self, form: &Form) -> Result<String, Refusal> {
        let release = self.release().clone();
        let mut auth = self.auth();
        let Auth { secrets, tokens } = &mut *auth;
        let mut data = self.data_mut();
        let writer = Writer::system(&mut data.store, machine_now());
        let client = (self.base.sign_in.client_id.as_str(), self.base.sign_in.client_secret.as_str());
        let options = &self.options.oauth;
        Grants { options, writer, secrets, tokens, client, release: &release }.grant(form)
    }

    /// The user whose access token this is, if both are good.
    pub(crate) fn caller(&self, token: &str) -> Option<Account> {
        let mut auth = self.auth();
        let user = auth.tokens.used(TokenKind::Access, token, machine_now())?.user.clone();
        auth.secrets.account(&self.data().store, &user)
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

    /// Writes the tokens into their table, for whoever looks at it.
    pub(crate) fn show_tokens(&self) {
        let auth = self.auth();
        data::show_tokens(&mut self.data_mut().store, &auth.tokens, self.options.oauth.token_column);
    }

    /// The name of the release that it shows.
    pub(crate) fn release(&self) -> MutexGuard<'_, String> {
        lock(&self.release)
    }

    /// What is shown to whom otherwise than their roles allow.
    pub(crate) fn views(&self) -> MutexGuard<'_, Views> {
        lock(&self.views)
    }

    /// What has been written over the API, and what was refused.
    pub(crate) fn writes(&self) -> MutexGuard<'_, Vec<WriteRecord>> {
        lock(&self.writes)
    }

    /// How it behaves where instances differ.
    pub(crate) fn manners(&self) -> MutexGuard<'_, Manners> {
        lock(&self.manners)
    }

    /// Puts a payload of the identification engine aside as incomplete.
    pub(crate) fn put_aside(&self, class: &str) {
        self.incomplete().push(class.to_owned());
    }

    /// The classes of the payloads that were put aside.
    pub(crate) fn incomplete(&self) -> MutexGuard<'_, Vec<String>> {
        lock(&self.incomplete)
    }

    /// An id that no row has.
    pub(crate) fn new_id(&self) -> [u8; 16] {
        stable_id("made", &lock(&self.ids).hex(32))
    }

    /// The faults that befall a request of so many rows: of pages of rows, or of any answer.
    pub(crate) fn take_faults<'a>(&self, target: impl Into<Target<'a>>, limit: u64, of_page: bool) -> Vec<FaultSpec> {
        self.base.faults.take(target, |spec| spec.fault.of_page() == of_page && within(spec, limit))
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
}

impl Data {
    fn new(options: &Options, sign_in: &SignInDetails) -> Result<Self, PracticeError> {
        let now = machine_now();
        let mut store = Store::new();
        let mut rng = Rng::new(options.seed);
        let people = data::People::make(&mut store, now);
        data::make_changes(&mut store, &people, &mut rng, now);
        let mut data = Self { store, playback: None, trickle: None };
        match &options.incident_log {
            Some(path) => {
                let table = data.store.table_mut("incident").ok_or_else(|| PracticeError::Order("incident".into()))?;
                data.playback = Some(Playback::start(path, &options.log, options.speed, now, table)?);
            }
            None => {
                let rows = options.rows.unwrap_or(data::INCIDENTS);
                data::make_incidents(&mut data.store, &people, &mut rng, now, (rows, options.lifelike));
                if options.speed > 0.0 {
                    data.trickle = Some(data::Trickle::new(&mut data.store, people, options.seed, now, rows));
                }
            }
        }
        data.store.settle();
        data::settings(&mut data.store, options, sign_in, now);
        data::make_inventory(&mut data.store, now);
        data::set_release(&mut Writer::system(&mut data.store, now), &options.release);
        Ok(data)
    }
}

/// How often each table was asked for.
pub(super) fn by_table(requests: &[RequestRecord]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for table in requests.iter().filter_map(RequestRecord::table) {
        *counts.entry(table.to_owned()).or_default() += 1;
    }
    counts
}

/// Whether a fault of large pages befalls a page with this limit.
fn within(spec: &FaultSpec, limit: u64) -> bool {
    spec.fault != FaultKind::TransactionCancelled || limit > spec.limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_with_a_small_limit_escapes_transaction_cancelled() {
        let state = State::new(Options { rows: Some(1), ..Options::still() }, "http://127.0.0.1:1".into()).unwrap();
        let spec = FaultSpec { limit: 500, ..FaultSpec::new(FaultKind::TransactionCancelled).times(0) };
        state.base.faults.add(spec);
        let list = "/api/now/table/incident";
        assert_eq!((state.take_faults(list, 1000, true).len(), state.take_faults(list, 500, true).len()), (1, 0));
    }
}
