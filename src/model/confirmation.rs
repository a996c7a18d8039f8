//! A manual confirmation of a checklist item. It stores the date and the settings it was based on; if those settings
//! change, it is no longer valid.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checklist::{ChecklistItem, ItemFinding};
pub use super::confirmed::{Basis, ConfirmationState};
use super::connection::Connection;
use super::fault::Fault;
use super::field::FieldId;
use super::form::Form;
use super::item_id::ItemId;
use super::status::Status;

/// An admin confirmed an item. Which admin is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The item.
    pub item: ItemId,
    /// When it was confirmed.
    pub at: Timestamp,
    /// The settings it depends on.
    pub basis: Basis,
}

/// These fields of a connection, as a basis.
pub fn basis_of(connection: &Connection, fields: &[FieldId]) -> Basis {
    let form = Form::of(connection);
    fields.iter().map(|field| (field.key().to_owned(), form.text(*field).to_owned())).collect()
}

impl Confirmation {
    /// Names of the settings that changed since the confirmation. A setting we cannot read now counts as unchanged.
    fn changed(&self, now: &Basis) -> Vec<String> {
        let differs = |(name, then): &(&String, &String)| now.get(*name).is_some_and(|now| now != *then);
        self.basis.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }
}

impl ChecklistItem {
    /// Whether an admin may confirm the item: itsmc has no right to check it, or lacks a field or an Azure sign-in for that. An
    /// item without an answer cannot be confirmed, since another check may bring one.
    pub fn can_be_confirmed(&self) -> bool {
        let not_looked = matches!(self.fault, Some(Fault::BadForm { .. } | Fault::NoAzureSignIn { .. }));
        let hidden = self.finding == Some(ItemFinding::CannotSee);
        self.status == Status::Unknown && (hidden || not_looked)
    }

    /// Whether an admin has confirmed it.
    pub fn is_confirmed(&self) -> bool {
        self.status == Status::Confirmed
    }

    /// Applies a confirmation, if the item can be confirmed; `now` is the connection's part of the basis. A checked result takes
    /// precedence over a confirmation.
    pub fn apply_confirmation(&mut self, said: &Confirmation, now: &Basis) {
        if !self.can_be_confirmed() {
            return;
        }
        let now: Basis = now.iter().chain(&self.basis).map(|(name, text)| (name.clone(), text.clone())).collect();
        let (at, changed) = (said.at, said.changed(&now));
        if changed.is_empty() {
            (self.status, self.ask_admin) = (Status::Confirmed, false);
            self.confirmation = Some(ConfirmationState::Valid { at });
        } else {
            self.confirmation = Some(ConfirmationState::Invalidated { at, changed });
        }
    }

    /// Removes the confirmation.
    pub fn clear_confirmation(&mut self) {
        if self.is_confirmed() {
            self.status = Status::Unknown;
            // Only the owner of the connection can fill in an empty field.
            self.ask_admin = !matches!(self.fault, Some(Fault::BadForm { .. }));
        }
        self.confirmation = None;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::fault::FormProblem;
    use crate::model::form::FieldProblem;

    fn basis(pairs: &[(&str, &str)]) -> Basis {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn said(pairs: &[(&str, &str)]) -> Confirmation {
        Confirmation { item: ItemId::own("oauth_active"), at: Timestamp::UNIX_EPOCH, basis: basis(pairs) }
    }

    fn hidden() -> ChecklistItem {
        let item = ChecklistItem::found(ItemId::own("oauth_active"), Status::Unknown, ItemFinding::CannotSee);
        ChecklistItem { basis: basis(&[("ida:Username", "svc")]), ..item }
    }

    #[rstest]
    #[case(&[("server_url", "https://a")], None)]
    #[case(&[("server_url", "https://b")], Some("server_url"))]
    #[case(&[("server_url", "https://a"), ("ida:Username", "svc")], None)]
    #[case(&[("server_url", "https://a"), ("ida:Username", "other")], Some("ida:Username"))]
    #[case(&[("server_url", "https://a"), ("not seen now", "x")], None)]
    fn confirmation_is_void_once_its_basis_changes(#[case] of: &[(&str, &str)], #[case] changed: Option<&str>) {
        let mut item = hidden();
        item.apply_confirmation(&said(of), &basis(&[("server_url", "https://a")]));
        let at = Timestamp::UNIX_EPOCH;
        let expected = match changed {
            None => (Status::Confirmed, ConfirmationState::Valid { at }),
            Some(name) => (Status::Unknown, ConfirmationState::Invalidated { at, changed: vec![name.to_owned()] }),
        };
        assert_eq!((item.status, item.confirmation.clone()), (expected.0, Some(expected.1)));
        item.clear_confirmation();
        assert_eq!(item, hidden());
    }

    #[rstest]
    #[case(Status::Passed, ItemFinding::Seen { value: "true".into() })]
    #[case(Status::Failed, ItemFinding::Lacks { value: "false".into() })]
    #[case(Status::Unknown, ItemFinding::NoAnswer)]
    #[case(Status::Unknown, ItemFinding::NotSignedIn)]
    fn visible_or_unanswered_item_is_not_confirmed(#[case] status: Status, #[case] finding: ItemFinding) {
        let mut item = ChecklistItem::found(ItemId::own("oauth_active"), status, finding);
        let before = item.clone();
        item.apply_confirmation(&said(&[]), &Basis::new());
        assert_eq!(item, before);
    }

    #[test]
    fn item_with_empty_fields_can_be_confirmed() {
        let missing = FormProblem { field: None, key: None, problem: FieldProblem::Missing, line: None };
        let fault = Some(Fault::BadForm { problems: vec![missing] });
        let found = ChecklistItem::found(ItemId::own("oauth_active"), Status::Unknown, ItemFinding::NoAnswer);
        let mut item = ChecklistItem { fault, ask_admin: false, ..found };
        let before = item.clone();
        item.apply_confirmation(&said(&[]), &Basis::new());
        assert!(item.is_confirmed());
        item.clear_confirmation();
        assert_eq!(item, before);
    }
}
