//! The close code of a resolved incident. The choices differ from release to release and from instance to instance, so
//! they are read (`sys_choice`).

use tokio::sync::OnceCell;

use crate::model::fault::Fault;
use crate::model::ticket::TicketFinding;
use crate::partner::servicenow::ServiceNow;
use crate::partner::servicenow::lookup::{self, Ask, text};

/// The choices, once they were read; empty where they are hidden.
pub type CloseCodes = OnceCell<Vec<String>>;

/// What an alert's end means, by the names of several releases, the best first.
const PREFERRED: [&str; 5] = [
    "Solution provided",
    "Solved (Permanently)",
    "Solved Remotely (Permanently)",
    "Solved (Work Around)",
    "Workaround provided",
];

/// The close code to send, and the finding that the wanted one is none of the choices.
///
/// # Errors
/// Why the choices could not be asked for.
pub async fn choose(
    partner: &ServiceNow,
    wanted: Option<&str>,
) -> Result<(Option<String>, Option<TicketFinding>), Fault> {
    let known = partner.close_codes.get_or_try_init(|| read(partner)).await?;
    Ok(chosen(known, wanted))
}

fn chosen(known: &[String], wanted: Option<&str>) -> (Option<String>, Option<TicketFinding>) {
    let usual = PREFERRED.iter().find(|code| known.iter().any(|one| one == *code)).map(|code| (*code).to_owned());
    let usual = usual.or_else(|| known.first().cloned());
    match wanted {
        // Without the choices nobody knows better.
        Some(wanted) if known.is_empty() => (Some(wanted.to_owned()), None),
        Some(wanted) => match known.iter().find(|one| one.eq_ignore_ascii_case(wanted)) {
            Some(code) => (Some(code.clone()), None),
            None => {
                let field = "close_code".to_owned();
                let finding = TicketFinding::ReferenceUnknown { field, name: wanted.to_owned(), found: 0 };
                (usual, Some(finding))
            }
        },
        None => (usual.or_else(|| Some(PREFERRED[0].to_owned())), None),
    }
}

async fn read(partner: &ServiceNow) -> Result<Vec<String>, Fault> {
    let query = "name=incident^element=close_code^inactive=false^language=en^ORDERBYsequence";
    let ask = Ask { table: "sys_choice", query, fields: "name,element,value,inactive", limit: 100 };
    match lookup::rows(&partner.session, ask).await {
        Ok(found) => {
            let ours = found.rows.iter().filter(|row| row["element"] == "close_code" && row["name"] == "incident");
            Ok(ours.filter_map(|row| text(row, "value")).collect())
        }
        Err(fault) if lookup::is_hidden(&fault) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn complaint_16_the_code_is_one_of_the_instance() {
        let utah = known(&["Duplicate", "Known error", "Solution provided", "User error"]);
        assert_eq!(chosen(&utah, None), (Some("Solution provided".into()), None));
        assert_eq!(chosen(&known(&["Solved (Permanently)"]), None).0.as_deref(), Some("Solved (Permanently)"));
        assert_eq!(chosen(&known(&["Eigen code"]), None).0.as_deref(), Some("Eigen code"));
        assert_eq!(chosen(&utah, Some("known error")), (Some("Known error".into()), None));
        let (code, finding) = chosen(&utah, Some("Solved (Permanently)"));
        assert_eq!(code.as_deref(), Some("Solution provided"));
        assert_eq!(finding.map(|finding| finding.code()), Some("reference-unknown"));
    }

    #[test]
    fn without_choices_the_rule_decides() {
        assert_eq!(chosen(&[], Some("Mine")), (Some("Mine".into()), None));
        assert_eq!(chosen(&[], None), (Some("Solution provided".into()), None));
    }
}
