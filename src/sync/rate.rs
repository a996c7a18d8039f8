//! The speed of a sync: requests in flight, pages in memory, rows in a page, and waits that the product asks for, which
//! apply to all its requests.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::SyncSettings;
use super::clock::Clock;
use crate::model::sync::RateLimit;

/// Pages that may wait for the writer while others are fetched. They are decoded by then and take a fraction of the memory
/// that decoding takes.
const SPARE_PAGES: usize = 6;

/// The smallest page, however slow the product is; only rows that are too large make it smaller.
pub const SMALLEST_PAGE: u32 = 10;

/// Successful pages after which the page size grows again.
const PAGES_TO_GROW: u32 = 5;

/// Limits all requests of one sync.
pub struct RateLimiter {
    requests: Arc<Semaphore>,
    pages: Arc<Semaphore>,
    alone: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    longest_wait: Duration,
    random: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    wait_until: Option<Timestamp>,
    announced: Option<RateLimit>,
    used: u64,
}

/// The permit for one request.
pub struct RequestPermit {
    _permits: (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>),
}

impl RateLimiter {
    /// The limits of a sync with these settings.
    pub fn new(settings: &SyncSettings, clock: Arc<dyn Clock>) -> Self {
        let in_flight = settings.in_flight.max(1);
        Self {
            requests: Arc::new(Semaphore::new(in_flight)),
            pages: Arc::new(Semaphore::new(in_flight + SPARE_PAGES)),
            alone: Arc::new(Semaphore::new(1)),
            clock,
            longest_wait: settings.longest_wait,
            random: AtomicU64::new(settings.seed),
            state: Mutex::default(),
        }
    }

    /// Waits for room for one more page in memory.
    pub async fn page(&self) -> Option<OwnedSemaphorePermit> {
        self.pages.clone().acquire_owned().await.ok()
    }

    /// Waits until a request may be sent. While the product asks for a wait, `waiting` is called with its end.
    pub async fn permit(&self, waiting: impl Fn(Option<Timestamp>)) -> Option<RequestPermit> {
        let permit = self.requests.clone().acquire_owned().await.ok()?;
        let alone = if self.runs_short() { self.alone.clone().acquire_owned().await.ok() } else { None };
        while let Some(wait) = self.wait() {
            waiting(self.state().wait_until);
            self.clock.sleep(wait).await;
        }
        Some(RequestPermit { _permits: (permit, alone) })
    }

    /// Holds back all requests for this long.
    pub fn pause(&self, wait: Duration) {
        let until = add(self.clock.now(), wait);
        let mut state = self.state();
        state.wait_until = state.wait_until.max(Some(until));
    }

    /// Notes the rate limit that a reply announces. Near the limit requests wait for its reset if that is soon; otherwise
    /// the product's own refusal decides.
    pub fn announce(&self, rate: RateLimit) {
        let now = self.clock.now();
        let mut state = self.state();
        let same = state.announced.is_some_and(|known| known.resets_at == rate.resets_at);
        state.used = if same { state.used + 1 } else { 1 };
        state.announced = Some(rate);
        let soon = rate.resets_at.duration_since(now) <= signed(self.longest_wait);
        if state.used >= rate.limit && rate.resets_at > now && soon {
            state.wait_until = state.wait_until.max(Some(rate.resets_at));
        }
    }

    /// Whether so little of an announced limit is left that requests are sent one by one, each after the reply before.
    fn runs_short(&self) -> bool {
        let state = self.state();
        state.announced.is_some_and(|rate| state.used.saturating_mul(10) >= rate.limit.saturating_mul(9))
    }

    fn wait(&self) -> Option<Duration> {
        let until = self.state().wait_until?;
        Duration::try_from(until.duration_since(self.clock.now())).ok().filter(|wait| !wait.is_zero())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number from 0 to 1 (splitmix64), for jitter.
    pub fn jitter(&self) -> f64 {
        let mut x = self.random.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}

fn add(time: Timestamp, wait: Duration) -> Timestamp {
    time.checked_add(signed(wait)).unwrap_or(Timestamp::MAX)
}

/// How many rows to ask for in one page: halved when the product takes too long, grown again slowly.
#[derive(Debug)]
pub struct PageSize {
    now: AtomicU32,
    most: u32,
    good: AtomicU32,
}

impl PageSize {
    /// Begins with the largest page.
    pub fn new(most: u32) -> Self {
        Self { now: AtomicU32::new(most.max(1)), most: most.max(1), good: AtomicU32::new(0) }
    }

    /// The current page size.
    pub fn get(&self) -> u32 {
        self.now.load(Ordering::Relaxed)
    }

    /// A page of this size took too long, or was too `large`. Concurrent requests of the same size halve it only once.
    pub fn shrink(&self, asked: u32, large: bool) {
        let least = if large { 1 } else { SMALLEST_PAGE };
        let half = (asked / 2).max(least).min(asked);
        self.good.store(0, Ordering::Relaxed);
        // Another request has changed it already.
        let _ = self.now.compare_exchange(asked, half, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// A page succeeded.
    pub fn grow(&self) {
        let now = self.get();
        if now < self.most && self.good.fetch_add(1, Ordering::Relaxed) + 1 >= PAGES_TO_GROW {
            self.good.store(0, Ordering::Relaxed);
            self.now.store((now + now / 2 + 1).min(self.most), Ordering::Relaxed);
        }
    }
}
