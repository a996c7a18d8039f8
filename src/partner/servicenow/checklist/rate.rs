//! Whether a rate-limit rule allows the sync. The instance announces a rule only in the replies that it counts, to the user
//! that it counts. So the integration user's own replies tell, even if an admin checks.

use jiff::{SignedDuration, Timestamp};

use super::facts::Viewer;
use super::judge::no_answer;
use crate::model::check::Status;
use crate::model::checklist::{Evidence, FindingValue, ItemFinding};
use crate::model::fault::Fault;
use crate::model::settings::Settings;
use crate::model::sync::Window;
use crate::model::work_item::WorkItemKind;
use crate::partner::checklist::Observation;
use crate::partner::servicenow::lookup::{self, Ask};
use crate::partner::servicenow::pages;

/// Work items that one request brings.
const PAGE: u64 = 1000;

/// Requests of a later sync for each table: the changes, and the empty page after them.
const EACH_SYNC: u64 = 2;

/// Checks the item.
pub async fn item(viewer: Viewer<'_>) -> Observation {
    let partner = viewer.partner;
    if viewer.admin.is_some() && partner.session.tokens().await.is_err() {
        return Observation { ask_admin: false, ..Observation::hidden() };
    }
    let mut evidence = Vec::new();
    let observation = match lowest(viewer, &mut evidence).await {
        Ok(None) => Observation::new(Status::Passed, ItemFinding::outcome("unlimited", [])),
        Ok(Some((per_hour, rule))) => {
            let (first_sync, each_hour) = (first_sync(viewer).await, each_hour(viewer));
            let status = status(per_hour, first_sync, each_hour);
            Observation::new(status, limited(rule.as_deref(), per_hour, first_sync, each_hour))
        }
        Err(fault) if lookup::is_hidden(&fault) => Observation::hidden(),
        Err(fault) => return no_answer(fault, evidence),
    };
    observation.with(evidence)
}

fn limited(rule: Option<&str>, per_hour: u64, first_sync: Option<u64>, each_hour: u64) -> ItemFinding {
    let number = FindingValue::Number;
    let rule = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
    let (limit, rule, each) = (("limit", number(per_hour)), ("rule", rule.into()), ("each", number(each_hour)));
    match first_sync {
        Some(first) => ItemFinding::outcome("limited", [limit, rule, each, ("first", number(first))]),
        None => ItemFinding::outcome("limited_uncounted", [limit, rule, each]),
    }
}

fn status(per_hour: u64, first_sync: Option<u64>, each_hour: u64) -> Status {
    match first_sync {
        _ if per_hour < each_hour => Status::Failed,
        Some(needed) if per_hour >= needed => Status::Passed,
        _ => Status::Warning,
    }
}

type Limit = Option<(u64, Option<String>)>;

/// The lowest limit on the tables that are synced.
async fn lowest(viewer: Viewer<'_>, evidence: &mut Vec<Evidence>) -> Result<Limit, Fault> {
    let mut lowest: Limit = None;
    for kind in kinds(viewer) {
        let table = viewer.partner.columns(kind)?.source();
        let ask = Ask { table, query: "", fields: "sys_id", limit: 1 };
        let limit = match lookup::noted(&viewer.partner.session, ask, evidence).await {
            Ok(found) => found.rate,
            Err(Fault::RateLimited { limit: Some(limit), rule, .. }) => Some((limit, rule)),
            Err(fault) => return Err(fault),
        };
        lowest = [lowest, limit].into_iter().flatten().min();
    }
    Ok(lowest)
}

/// Requests that the first sync needs, if the rows can be counted.
async fn first_sync(viewer: Viewer<'_>) -> Option<u64> {
    let span = SignedDuration::from_hours(24 * i64::from(viewer.partner.connection.sync_days));
    let window = Window { from: Timestamp::now() - span, before: None };
    let mut requests = 0;
    for kind in kinds(viewer) {
        let columns = viewer.partner.columns(kind).ok()?;
        let rows = pages::count(&viewer.partner.session, columns, window).await.ok()?;
        requests += rows.div_ceil(PAGE) + EACH_SYNC;
    }
    Some(requests)
}

/// Requests that the schedule needs each hour.
fn each_hour(viewer: Viewer<'_>) -> u64 {
    let minutes = u64::from(Settings::default().sync_every_minutes).max(1);
    kinds(viewer).count() as u64 * EACH_SYNC * 60 / minutes
}

fn kinds<'a>(viewer: Viewer<'a>) -> impl Iterator<Item = WorkItemKind> + 'a {
    viewer.partner.connection.work_items.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(10, Some(30), 16, Status::Failed)]
    #[case(16, Some(30), 16, Status::Warning)]
    #[case(30, Some(30), 16, Status::Passed)]
    #[case(30, None, 16, Status::Warning)]
    #[case(1, None, 16, Status::Failed)]
    fn a_limit_is_held_against_the_need(
        #[case] per_hour: u64,
        #[case] first: Option<u64>,
        #[case] each: u64,
        #[case] expected: Status,
    ) {
        assert_eq!(status(per_hour, first, each), expected);
    }
}
