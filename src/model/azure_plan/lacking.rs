//! The right that Resource Manager missed, by what it said: `.. does not have authorization to perform action 'A' over ..`.

use super::{Right, Scope, function, role, rule, table, workbook};

/// What the steps of a plan need.
const RIGHTS: [Right; 6] = [table::WRITE, table::MIGRATE, rule::WRITE, function::WRITE, workbook::WRITE, role::WRITE];

/// The action that was refused, by these words of Resource Manager.
pub fn refused_action(detail: &str) -> Option<&str> {
    let (_, after) = detail.split_once("perform action '")?;
    after.split_once('\'').map(|(action, _)| action)
}

/// The role that allows what was refused with these words, and on what it is granted; `None` where they do not tell.
pub fn lacking(detail: &str) -> Option<(&'static str, Scope)> {
    let action = refused_action(detail)?;
    let right = RIGHTS.iter().find(|right| right.action.eq_ignore_ascii_case(action));
    let reads = || action.to_ascii_lowercase().ends_with("/read").then_some(("Reader", Scope::ResourceGroup));
    right.map(|right| (right.role, right.on)).or_else(reads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(action: &str) -> Option<(&'static str, Scope)> {
        let detail = format!(
            "AuthorizationFailed: The client 'c' with object id 'o' does not have authorization to perform action '{action}' over scope '/s'"
        );
        lacking(&detail)
    }

    #[test]
    fn a_refused_action_names_its_role() {
        let rule = of("microsoft.insights/dataCollectionRules/write");
        assert_eq!(rule, Some(("Monitoring Contributor", Scope::ResourceGroup)));
        let role = of("Microsoft.Authorization/roleAssignments/write");
        assert_eq!(role, Some(("Role Based Access Control Administrator", Scope::Rule)));
        let read = of("Microsoft.Relay/namespaces/hybridConnections/read");
        assert_eq!(read, Some(("Reader", Scope::ResourceGroup)));
    }

    #[test]
    fn a_refusal_that_names_no_known_action_names_no_role() {
        assert_eq!(of("Microsoft.Web/sites/write"), None);
        assert_eq!(lacking("AuthorizationFailed"), None);
    }
}
