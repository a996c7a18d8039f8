//! Rows of the connector's status, in the shape of the old connector: one for each sync, and one for each fault.

use super::Describe;
use super::cells::{Checked, Column, Row};
use super::rule::Streamed;
use crate::model::fault::Fault;
use crate::model::log_analytics::PARTNER;
use crate::model::summary::{Activity, Event};

/// What an activity says in the log table.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    level: &'static str,
    message: String,
    exception: String,
}

/// What an activity says; `None` for one that is neither sync nor fault.
fn said(event: &Event, describe: Describe) -> Option<Said> {
    let failed = |fault: &Fault| {
        let (message, exception) = describe(fault);
        Said { level: "ERROR", message, exception }
    };
    match event {
        Event::Synced { record, .. } => Some(match &record.fault {
            Some(Fault::Interrupted) => Said {
                level: "WARNING",
                message: format!("Sync stopped by the user: {} work items new or changed", record.changed),
                exception: String::new(),
            },
            Some(fault) => failed(fault),
            None if record.complete && record.findings.is_empty() => Said {
                level: "INFO",
                message: format!("Sync completed: {} work items new or changed", record.changed),
                exception: String::new(),
            },
            None => {
                let codes: Vec<_> = record.findings.iter().map(|finding| finding.code()).collect();
                let message = format!("Sync ended with findings: {} work items new or changed", record.changed);
                Said { level: "WARNING", message, exception: codes.join(", ") }
            }
        }),
        Event::SweepFailed { fault, .. } if *fault != Fault::Interrupted => Some(failed(fault)),
        _ => None,
    }
}

/// Appends the row of an activity to `out`; `None` for one that has no row.
pub(super) fn write(
    out: &mut String,
    streamed: &Streamed,
    (connection, partner, activity): (&str, &str, &Activity),
    (describe, now): (Describe, &str),
) -> Option<Checked> {
    let said = said(&activity.event, describe)?;
    let (error, at) = (said.level == "ERROR", activity.at.to_string());
    let mut row = Row::begin(out, usize::MAX);
    for column in &streamed.columns {
        let value = match column.0 {
            "TimeGenerated" => now,
            "LogType_s" => said.level,
            "Message" => &said.message,
            "ExceptionMessage_s" => &said.exception,
            "Status_b" => ["true", "false"][usize::from(error)],
            "ActionStatus_d" => ["0", "1"][usize::from(error)],
            "ServiceDeskConnectionName_s" => connection,
            "StatusLogTime_t" => &at,
            PARTNER => partner,
            _ => "",
        };
        row.text(&Column::new(*column), value);
    }
    Some(row.end())
}

/// Whether an activity has a row.
pub(super) fn has_row(event: &Event) -> bool {
    said(event, |_| (String::new(), String::new())).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::log_analytics::LOG;
    use crate::model::summary::SyncRecord;
    use serde_json::{Value, json};

    fn synced(fault: Option<Fault>) -> Activity {
        let at = "2026-11-22T09:59:00Z".parse().unwrap();
        let record = SyncRecord {
            started_at: at,
            ended_at: at,
            changed: 12,
            complete: fault.is_none(),
            fault,
            failing_since: None,
            findings: Vec::new(),
            earlier_fault: None,
        };
        let (fetched, inserted, updated, unchanged, hidden) = (12, 4, 8, 0, 0);
        Activity { at, event: Event::Synced { record, fetched, inserted, updated, unchanged, hidden } }
    }

    fn row(activity: &Activity) -> Option<Value> {
        let mut out = String::new();
        let describe: Describe = |fault| (format!("summary of {}", fault.code()), "cause".to_owned());
        let (streamed, whose) = (Streamed::all(&LOG), ("contoso", "servicenow", activity));
        write(&mut out, &streamed, whose, (describe, "2026-11-22T10:00:00Z"))?;
        Some(serde_json::from_str(&out).unwrap())
    }

    #[test]
    fn a_sync_has_a_row_in_the_old_shape() {
        let expected = json!({
            "TimeGenerated": "2026-11-22T10:00:00Z", "LogType_s": "INFO",
            "Message": "Sync completed: 12 work items new or changed", "Status_b": true, "ActionStatus_d": 0.0,
            "ServiceDeskConnectionName_s": "contoso", "StatusLogTime_t": "2026-11-22T09:59:00Z",
            "ItsmcPartner": "servicenow",
        });
        let made = row(&synced(None)).unwrap();
        assert_eq!(made["ActionStatus_d"].as_f64(), Some(0.0));
        let without = |value: &Value| {
            let mut value = value.clone();
            value.as_object_mut().unwrap().remove("ActionStatus_d");
            value
        };
        assert_eq!(without(&made), without(&expected));
    }

    #[test]
    fn a_fault_is_an_error_with_its_words() {
        let made = row(&synced(Some(Fault::SignedOut { connection: "contoso".into() }))).unwrap();
        assert_eq!((&made["LogType_s"], &made["Status_b"]), (&json!("ERROR"), &json!(false)));
        assert_eq!((&made["Message"], &made["ExceptionMessage_s"]), (&json!("summary of signed-out"), &json!("cause")));
        let added = Activity { at: "2026-11-22T09:59:00Z".parse().unwrap(), event: Event::Added };
        assert_eq!(row(&added), None);
    }
}
