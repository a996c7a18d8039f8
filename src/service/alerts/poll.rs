//! One pass over the alerts of a source.
//!
//! A list comes with the alerts that changed last first. It is read up to the first row that is older than the watermark
//! by the overlap. The watermark is the greatest change time that was seen, and is kept only when a pass came to its end:
//! a pass that was cut off has stored the newest alerts and not the ones before them.

use std::collections::HashSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::{api, named, of_source};
use crate::azure::alerts::{AlertPage, AlertsApi};
use crate::model::alert::{Alert, AlertKey, Shape, read};
use crate::model::alert_source::{AlertSource, Missed, SourceState};
use crate::model::fault::{Fault, Retry};
use crate::model::schedule::LONGEST_PAUSE;
use crate::service::services::Services;
use crate::store::{NewAlert, Store, Taken};

/// How far a pass looks back behind the watermark: change times are up to two seconds early in recorded traffic, and a row
/// may become visible late.
pub(super) const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// How far a pass looks back that comes soon after one which looked back all of it, where that costs many pages.
const SHORT_OVERLAP: SignedDuration = SignedDuration::from_mins(2);

/// The longest time between two passes that look back all of the overlap.
const WHOLE_EVERY: SignedDuration = SignedDuration::from_mins(4);

/// Up to so many pages every pass looks back all of it.
const FEW_PAGES: u64 = 3;

/// So many lists may be asked for in a minute, with room below Azure's limit of 100 for each subscription.
const LISTS_A_MINUTE: usize = 90;

/// By so much rows may be out of order: change times in recorded traffic differ by two seconds from what they should be.
const DISORDER: SignedDuration = SignedDuration::from_mins(1);

/// So many pages one after the other may bring nothing that was not in the pages before.
const IDLE_PAGES: usize = 5;

/// So many pages a list may have: more alerts than 30 days can have.
const PAGES: usize = 20_000;

/// How many outages are asked for their context in one pass: their notices have only it in common.
const OUTAGES: usize = 50;

/// What came of one subscription.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PollReport {
    /// The source.
    pub source: String,
    /// The subscription's ID.
    pub subscription: String,
    /// How many requests were made.
    pub requests: u64,
    /// How many alerts came.
    pub seen: u64,
    /// Alerts that were not known.
    pub new: u64,
    /// Alerts of which something changed.
    pub changed: u64,
    /// Whether Azure listed no alert at all. It lists only those of resources that the sign-in may read.
    pub empty: bool,
    /// Not read: Azure asked to wait until then.
    pub waits_until: Option<Timestamp>,
    /// The times of which alerts may be missing, because Azure had deleted them before this pass or an earlier one.
    pub missed: Vec<Missed>,
    /// What stopped it.
    pub fault: Option<Fault>,
}

/// Reads what is new from the sources of these names, or from all.
///
/// # Errors
/// [`Fault::NoSuchSource`]; the config file's own. What goes wrong with one source stands in its report.
pub async fn poll(services: &Services, names: &[String], cancel: &CancellationToken) -> Result<Vec<PollReport>, Fault> {
    let mut sources = Vec::new();
    for name in names {
        sources.push(named(services, name).await?);
    }
    if names.is_empty() {
        sources = services.config().await?.alert_sources;
    }
    let store = services.store().await?;
    let mut reports = Vec::new();
    for source in sources {
        let signed_in = api(services, &source).await;
        for subscription in &source.subscriptions {
            if cancel.is_cancelled() {
                return Err(Fault::Interrupted);
            }
            let report = match &signed_in {
                Ok(api) => {
                    let pass = subscription_pass(api, &store, source.name.as_str(), subscription, Timestamp::now());
                    cancel.run_until_cancelled(pass).await.unwrap_or(Err(Fault::Interrupted))?
                }
                Err(fault) => not_signed_in(&store, &source, subscription, fault).await?,
            };
            reports.push(report);
        }
    }
    Ok(reports)
}

/// The report of a subscription that could not be asked at all.
async fn not_signed_in(
    store: &Store,
    source: &AlertSource,
    subscription: &str,
    fault: &Fault,
) -> Result<PollReport, Fault> {
    let (name, now) = (source.name.as_str(), Timestamp::now());
    let mut state = store.source_state(name, subscription).await?.unwrap_or_default();
    let missed = state.missing(now);
    state.fault = Some(fault.clone());
    store.take_alerts(Vec::new(), name, None, Some((subscription.to_owned(), state)), now).await?;
    Ok(PollReport {
        source: source.name.to_string(),
        subscription: subscription.to_owned(),
        missed,
        fault: Some(fault.clone()),
        ..PollReport::default()
    })
}

/// One pass over one subscription.
///
/// # Errors
/// The store's own.
pub(super) async fn subscription_pass(
    api: &AlertsApi,
    store: &Store,
    source: &str,
    subscription: &str,
    now: Timestamp,
) -> Result<PollReport, Fault> {
    let known = store.source_state(source, subscription).await?;
    let mut state = known.unwrap_or_default();
    let mut report =
        PollReport { source: source.to_owned(), subscription: subscription.to_owned(), ..PollReport::default() };
    report.missed = state.missing(now);
    // A wait that is longer was noted while our clock was ahead.
    let waits = |until: &Timestamp| *until > now && until.duration_since(now) <= LONGEST_PAUSE;
    if let Some(until) = state.not_before.filter(waits) {
        report.waits_until = Some(until);
        return Ok(report);
    }
    let mut pass = Reading { api, store, source, subscription, now, outages: 0, order: Order::default() };
    match pass.read(&mut state, &mut report).await {
        Ok(()) => {
            (state.fault, state.not_before, state.read_at) = (None, None, Some(now));
            (state.empty, report.empty) = (report.seen == 0, report.seen == 0);
            report.missed.clone_from(&state.missed);
        }
        Err(fault) => {
            if let Retry::After(seconds) = fault.retry()
                && fault.is_wait()
            {
                let wait = i64::try_from(seconds).unwrap_or(i64::MAX / 2);
                state.not_before = now.saturating_add(SignedDuration::from_secs(wait).min(LONGEST_PAUSE)).ok();
                report.waits_until = state.not_before;
            }
            let fault = of_source(fault, source);
            state.fault = Some(fault.clone());
            report.fault = Some(fault);
        }
    }
    store.take_alerts(Vec::new(), source, None, Some((subscription.to_owned(), state)), now).await?;
    Ok(report)
}

/// Whether a pass looks back all of the overlap. After a storm that is many pages, again and again for ten minutes; then only
/// each pass after [`WHOLE_EVERY`] does, and goes back to where the last such pass began. So a row that becomes visible within the
/// overlap after its change time is read in any case: at once, or by the next such pass.
fn looks_back_whole(state: &SourceState, now: Timestamp) -> bool {
    let Some(at) = state.whole_at.filter(|_| state.whole_pages > FEW_PAGES) else { return true };
    // A time that is still to come is of a clock that was set back.
    !(SignedDuration::ZERO..WHOLE_EVERY).contains(&now.duration_since(at))
}

struct Reading<'a> {
    api: &'a AlertsApi,
    store: &'a Store,
    source: &'a str,
    subscription: &'a str,
    now: Timestamp,
    outages: usize,
    order: Order,
}

/// What a pass knows of the list that it reads.
#[derive(Default)]
struct Order {
    /// The change time of the row before.
    before: Option<Timestamp>,
    /// Whether a row came after an older one: then the first old row is not the end.
    broken: bool,
    /// The keys of the alerts that came.
    keys: HashSet<AlertKey>,
    /// The links that were followed.
    links: HashSet<String>,
    /// Whether this page brought an alert that was not among them.
    is_new: bool,
    /// How many pages in a row brought none.
    idle: usize,
}

impl Order {
    /// Notes a row.
    fn row(&mut self, alert: &Alert) {
        self.is_new |= self.keys.insert(alert.key.clone());
        let Some(modified) = alert.modified_at else { return };
        let late = |before: Timestamp| modified.duration_since(before) > DISORDER;
        self.broken |= self.before.is_some_and(late);
        self.before = Some(modified);
    }

    /// Notes the end of a page and its link to the next one; `false` where the list would not end.
    fn page(&mut self, link: Option<&str>) -> bool {
        self.idle = if std::mem::take(&mut self.is_new) { 0 } else { self.idle + 1 };
        let Some(link) = link else { return true };
        let is_new = self.links.insert(link.to_owned());
        is_new && self.idle < IDLE_PAGES && self.links.len() < PAGES
    }
}

impl Reading<'_> {
    async fn read(&mut self, state: &mut SourceState, report: &mut PollReport) -> Result<(), Fault> {
        report.requests += 1;
        let first = self.api.first(self.subscription).await?;
        let theirs = first.answered_at.unwrap_or(self.now);
        state.since = state.since.or(Some(theirs));
        // A change time that has not come yet would keep back everything that changes until then.
        let latest = theirs.saturating_add(OVERLAP).unwrap_or(theirs);
        // One that has not come yet tells of no pass.
        let mut greatest = state.watermark.filter(|at| *at <= latest);
        let whole = looks_back_whole(state, self.now);
        let (from, overlap) = match whole {
            true => (state.whole_watermark.min(greatest).or(greatest), OVERLAP),
            false => (greatest, SHORT_OVERLAP),
        };
        let oldest = from.map(|at| at.saturating_sub(overlap).unwrap_or(Timestamp::MIN));
        let mut page = Some(first);
        let mut lists = 1;
        while let Some(this) = page {
            let (notices, ends) = self.notices(&this, oldest).await;
            let changed = notices.iter().filter_map(|one| one.alert.modified_at).filter(|at| *at <= latest);
            greatest = changed.chain(greatest).max();
            report.seen += u64::try_from(notices.len()).unwrap_or_default();
            let goes_on = self.order.page(this.link());
            let Taken { new, changed, .. } =
                self.store.take_alerts(notices, self.source, state.since, None, self.now).await?;
            (report.new, report.changed) = (report.new + new, report.changed + changed);
            if ends {
                break;
            }
            if !goes_on {
                let what = format!("Microsoft.AlertsManagement/alerts ({})", self.subscription);
                return Err(Fault::Malformed { what, detail: "the list does not end".to_owned() });
            }
            if lists % LISTS_A_MINUTE == 0 {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            page = self.api.next(&this).await?;
            lists += 1;
            report.requests += u64::from(page.is_some());
        }
        // Of a pass that was cut off nothing is noted: the next one finds the same.
        state.missed.extend(state.out_of_reach(theirs));
        (state.watermark, state.listed_at) = (greatest, Some(theirs));
        if whole {
            (state.whole_at, state.whole_watermark, state.whole_pages) = (Some(self.now), greatest, lists as u64);
        }
        Ok(())
    }

    /// The alerts of a page that are not older than the watermark and its overlap, and whether the list ends here: an older one
    /// came, and all were in their order.
    async fn notices(&mut self, page: &AlertPage, oldest: Option<Timestamp>) -> (Vec<NewAlert>, bool) {
        let (mut notices, mut older) = (Vec::new(), false);
        for raw in &page.value {
            for one in read(raw.get()) {
                let modified = one.alert.modified_at;
                self.order.row(&one.alert);
                if modified.is_some_and(|at| oldest.is_some_and(|oldest| at < oldest)) {
                    older = true;
                    continue;
                }
                let notice = NewAlert { alert: one.alert, raw: one.raw.to_owned() };
                notices.push(self.with_context(notice).await);
            }
        }
        (notices, older && !self.order.broken)
    }

    /// The notices of an outage are alerts of their own, which only their context brings together.
    async fn with_context(&mut self, notice: NewAlert) -> NewAlert {
        let is_outage = notice.alert.service == "ServiceHealth" && notice.alert.event.is_empty();
        if !is_outage || self.outages >= OUTAGES || self.is_known(&notice.alert).await {
            return notice;
        }
        self.outages += 1;
        context(self.api, self.subscription, &notice.alert).await.unwrap_or(notice)
    }

    async fn is_known(&self, alert: &Alert) -> bool {
        let known = self.store.alerts_called(alert.key.as_str()).await;
        known.is_ok_and(|found| found.iter().any(|one| !one.alert.event.is_empty()))
    }
}

/// An alert with its context; `None` where it cannot be had, which is no reason to do without the alert.
pub(super) async fn context(api: &AlertsApi, subscription: &str, alert: &Alert) -> Option<NewAlert> {
    match api.one(subscription, alert.key.as_str()).await {
        Ok(raw) => {
            let raw = raw?;
            let one = read(raw.get()).into_iter().next()?;
            let fits = one.alert.shape == Shape::Listed && one.alert.key == alert.key;
            fits.then(|| NewAlert { alert: one.alert.clone(), raw: one.raw.to_owned() })
        }
        Err(fault) => {
            tracing::warn!(%fault, "the context of an alert could not be read");
            None
        }
    }
}
