//! The metrics of a data collection rule.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::http::reply::{Refusal, json, refuse};
use super::super::rule::{Counters, Rule};
use super::super::state::Inner;
use super::super::value::{TICKS, parse_time, time_text};
use super::{Answer, Call};

const VERSIONS: &[&str] = &["2018-01-01", "2019-07-01", "2021-05-01", "2023-10-01", "2024-02-01"];

type Read = fn(&Counters) -> BTreeMap<String, u64>;

const METRICS: [(&str, Read); 5] = [
    ("ApiCallReceived_Count", |one| one.calls.iter().map(|(code, count)| (code.to_string(), *count)).collect()),
    ("BytesReceived_Count", |one| only(one.bytes)),
    ("RowsReceived_Count", |one| only(one.received)),
    ("RowsDropped_Count", |one| only(one.dropped)),
    ("TransformationErrors_Count", |one| only(one.errors)),
];

fn only(count: u64) -> BTreeMap<String, u64> {
    BTreeMap::from([(String::new(), count)])
}

impl Call<'_> {
    /// One value a minute, or for a longer interval; split by `InputStreamId` or `ResponseCode` where the filter says so.
    pub(super) fn metrics(&self, inner: &Inner, rule: &str) -> Answer {
        self.versions(VERSIONS)?;
        self.require(inner, "Microsoft.Insights/metrics/read", rule)?;
        let found = inner.rules.iter().find(|one| one.id().eq_ignore_ascii_case(rule));
        let found = found.ok_or_else(|| self.not_found())?;
        let (from, until) = self.timespan(inner)?;
        let minutes = interval(&self.asked.parameter("interval").unwrap_or_else(|| "PT1M".to_owned()))?;
        let names = self.asked.parameter("metricnames").unwrap_or_default();
        let mut value = Vec::new();
        for name in names.split(',').map(str::trim) {
            let Some((name, read)) = METRICS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
                let known = METRICS.map(|(name, _)| name).join(",");
                let message = format!(
                    "Failed to find metric configuration for provider: Microsoft.Insights, resource Type: \
                     dataCollectionRules, metric: {name}, Valid metrics: {known}"
                );
                return Err(refuse(400, "BadRequest", message));
            };
            let series = self.series(inner, found, *read, (from, until), minutes);
            value.push(json!({
                "id": format!("{rule}/providers/Microsoft.Insights/metrics/{name}"), "type": "Microsoft.Insights/metrics",
                "name": { "value": name, "localizedValue": name }, "unit": "Count", "timeseries": series,
                "errorCode": "Success",
            }));
        }
        Ok(json(
            200,
            &json!({
                "cost": 0, "interval": format!("PT{minutes}M"), "namespace": "Microsoft.Insights/dataCollectionRules",
                "timespan": format!("{}/{}", time_text(from * 60 * TICKS), time_text(until * 60 * TICKS)),
                "resourceregion": found.location, "value": value,
            }),
        ))
    }

    /// From and until, in minutes since 1970; the last hour without it.
    fn timespan(&self, inner: &Inner) -> Result<(i64, i64), Refusal> {
        let now = inner.now.div_euclid(60_000);
        let Some(text) = self.asked.parameter("timespan") else { return Ok((now - 60, now + 1)) };
        let minute = |text: &str| parse_time(text).map(|ticks| ticks.div_euclid(60 * TICKS));
        let parsed = text.split_once('/').and_then(|(from, until)| Some((minute(from)?, minute(until)? + 1)));
        parsed.ok_or_else(|| refuse(400, "BadRequest", format!("The timespan '{text}' is invalid.")))
    }

    fn series(&self, inner: &Inner, rule: &Rule, read: Read, span: (i64, i64), step: i64) -> Vec<Value> {
        let filter = self.asked.parameter("$filter").unwrap_or_default();
        let by_stream = filter.contains("InputStreamId eq '*'");
        let by_code = filter.contains("ResponseCode eq '*'");
        let last = (inner.now - inner.manners.metrics_seconds * 1000).div_euclid(60_000);
        let mut series: BTreeMap<(String, String), BTreeMap<i64, u64>> = BTreeMap::new();
        for ((minute, stream), counters) in &rule.counters {
            if *minute < span.0 || *minute >= span.1 || *minute > last {
                continue;
            }
            for (code, count) in read(counters) {
                let key = (
                    if by_stream { stream.clone() } else { String::new() },
                    if by_code { code } else { String::new() },
                );
                let at = (minute - span.0).div_euclid(step) * step + span.0;
                *series.entry(key).or_default().entry(at).or_default() += count;
            }
        }
        let told = |((stream, code), points): ((String, String), BTreeMap<i64, u64>)| {
            let dimension =
                |name: &str, value: &str| json!({ "name": { "value": name, "localizedValue": name }, "value": value });
            let mut dimensions = Vec::new();
            if by_stream {
                dimensions.push(dimension("inputstreamid", &stream));
            }
            if by_code && !code.is_empty() {
                dimensions.push(dimension("responsecode", &code));
            }
            let data = points.iter().map(|(minute, count)| {
                #[allow(clippy::cast_precision_loss, reason = "counts are small")]
                let total = *count as f64;
                json!({ "timeStamp": time_text(minute * 60 * TICKS), "total": total })
            });
            json!({ "metadatavalues": dimensions, "data": data.collect::<Vec<_>>() })
        };
        series.into_iter().map(told).collect()
    }
}

/// Minutes of an interval such as `PT1M` or `PT1H`.
fn interval(text: &str) -> Result<i64, Refusal> {
    let invalid = || refuse(400, "BadRequest", format!("The interval '{text}' is invalid."));
    let rest = text.strip_prefix("PT").ok_or_else(invalid)?;
    let (number, unit) = rest.split_at(rest.len().saturating_sub(1));
    let number: i64 = number.parse().map_err(|_| invalid())?;
    match unit {
        "M" if number > 0 => Ok(number),
        "H" if number > 0 => Ok(number * 60),
        _ => Err(invalid()),
    }
}
