//! Which alerts a request asks for, and in which order.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::alerts::{Alert, KEPT, Version};
use super::super::http::reply::Refusal;
use super::super::manners::TimeRangeOf;
use super::super::state::Inner;
use super::super::value::parse_time;
use super::Call;
use super::alerts::{bad, essentials};

const DAY: i64 = 86_400_000;

/// Which alerts are asked for, and how they are to be shown.
pub(super) struct Filter {
    equal: Vec<(&'static str, String)>,
    from: i64,
    to: i64,
    by: TimeRangeOf,
    sort: &'static str,
    descending: bool,
    page: Option<usize>,
    pub(super) context: bool,
    pub(super) egress: bool,
    select: Vec<String>,
}

const EQUAL: [&str; 9] = [
    "targetResource",
    "targetResourceType",
    "targetResourceGroup",
    "monitorService",
    "monitorCondition",
    "severity",
    "alertState",
    "alertRule",
    "smartGroupId",
];
const SORTS: [&str; 10] = [
    "name",
    "severity",
    "alertState",
    "monitorCondition",
    "targetResource",
    "targetResourceName",
    "targetResourceGroup",
    "targetResourceType",
    "startDateTime",
    "lastModifiedDateTime",
];

impl Filter {
    pub(super) fn read(call: &Call<'_>, inner: &Inner) -> Result<Self, Refusal> {
        let get = |name: &str| call.asked.parameter(name).filter(|value| !value.is_empty());
        let equal: Vec<(&'static str, String)> = EQUAL.iter().filter_map(|name| Some((*name, get(name)?))).collect();
        for (name, value) in &equal {
            known_value(name, value)?;
        }
        let (from, to) = times(get("timeRange"), get("customTimeRange"), inner.now)?;
        let sort = get("sortBy").unwrap_or_else(|| "lastModifiedDateTime".into());
        let sort = SORTS.iter().find(|known| known.eq_ignore_ascii_case(&sort));
        let sort = sort.ok_or_else(|| bad("Sort by filter is not valid"))?;
        let context = flag(get("includeContext"), "Include context")?;
        let order = get("sortOrder").map(|order| order.to_ascii_lowercase());
        let descending = match order.as_deref() {
            None => sort.ends_with("DateTime"),
            Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(bad("Sort order filter is not valid")),
        };
        Ok(Self {
            equal,
            from,
            to,
            by: inner.manners.time_range_of,
            sort,
            descending,
            page: page_count(call.asked.parameter("pageCount"), context)?,
            context,
            egress: flag(get("includeEgressConfig"), "Include egress config")?,
            select: get("select")
                .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect())
                .unwrap_or_default(),
        })
    }

    pub(super) fn fits(&self, alert: &Alert, version: &Version) -> bool {
        let told = essentials(alert, version);
        let equal = |(name, wanted): &(&'static str, String)| {
            let is = told.get(*name).and_then(Value::as_str).unwrap_or_default();
            // A rule may be asked for by its name or its id.
            is.eq_ignore_ascii_case(wanted) || *name == "alertRule" && alert.rule_name.eq_ignore_ascii_case(wanted)
        };
        let at = if self.by == TimeRangeOf::Start { alert.started } else { version.modified };
        self.equal.iter().all(equal) && (self.from..=self.to).contains(&at)
    }

    pub(super) fn order(&self, one: &(&Alert, &Version), other: &(&Alert, &Version)) -> Ordering {
        let key = |(alert, version): &(&Alert, &Version)| match self.sort {
            "lastModifiedDateTime" => (version.modified, String::new()),
            "startDateTime" => (alert.started, String::new()),
            "name" => (0, alert.rule_name.clone()),
            sort => (0, essentials(alert, version)[sort].as_str().unwrap_or_default().to_owned()),
        };
        let ordering = key(one).cmp(&key(other)).then_with(|| one.0.guid.cmp(&other.0.guid));
        if self.descending { ordering.reverse() } else { ordering }
    }

    /// How many alerts a page holds: a page in the middle may be short.
    pub(super) fn size(&self, inner: &Inner, nth: usize) -> usize {
        let most = if self.context { 25 } else { inner.manners.alert_page_size.max(1) };
        let size = self.page.unwrap_or(most);
        let short = if inner.manners.short_alert_pages { nth % 3 } else { 0 };
        size.saturating_sub(short).max(1)
    }

    pub(super) fn selects(&self, name: &str) -> bool {
        self.select.is_empty() || self.select.iter().any(|chosen| chosen.eq_ignore_ascii_case(name))
    }
}

fn known_value(name: &str, value: &str) -> Result<(), Refusal> {
    let known: &[&str] = match name {
        "severity" => &["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"],
        "monitorCondition" => &["Fired", "Resolved"],
        "alertState" => &["New", "Acknowledged", "Closed"],
        _ => return Ok(()),
    };
    let fits = known.iter().any(|known| known.eq_ignore_ascii_case(value));
    if fits { Ok(()) } else { Err(bad(&format!("{name} filter '{value}' is not valid"))) }
}

fn flag(value: Option<String>, what: &str) -> Result<bool, Refusal> {
    match value.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(bad(&format!("{what} filter has to be true or false"))),
    }
}

fn page_count(value: Option<String>, context: bool) -> Result<Option<usize>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let most = if context { 25 } else { 250 };
    let count = value.parse::<usize>().ok().filter(|count| (1..=most).contains(count));
    count.map(Some).ok_or_else(|| bad(&format!("Page count filter has to be between 1 and {most}")))
}

fn times(range: Option<String>, custom: Option<String>, now: i64) -> Result<(i64, i64), Refusal> {
    match (range, custom) {
        (Some(_), Some(_)) => Err(bad("Time range and custom time range filters cannot be used together")),
        (range, None) => {
            let days = match range.as_deref().unwrap_or("1d") {
                "1h" => DAY / 24,
                "1d" => DAY,
                "7d" => 7 * DAY,
                "30d" => KEPT,
                _ => return Err(bad("Time range filter has to be one of 1h, 1d, 7d, 30d")),
            };
            // The last change may be told a little late.
            Ok((now - days, now + DAY))
        }
        (None, Some(custom)) => {
            let parsed = |text: &str| parse_time(text).map(|ticks| ticks.div_euclid(10_000));
            let range = custom.split_once('/').and_then(|(from, to)| Some((parsed(from)?, parsed(to)?)));
            let (from, to) =
                range.filter(|(from, to)| from <= to).ok_or_else(|| bad("Custom time range filter is not valid"))?;
            let within = from >= now - KEPT - 60_000;
            if within { Ok((from, to)) } else { Err(bad("Custom time range filter has to be within 30 days")) }
        }
    }
}
