//! The installation checklist as data: each item with its finding, its evidence, and what fixes it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::UserUnfit;
use super::confirmed::{Basis, ConfirmationState};
use super::fault::Fault;
use super::fix::Fix;
pub use super::item_id::ItemId;
use super::lang::Bilingual;
pub use super::seen_by::SeenBy;
use super::status::Status;

/// How long a refresh token must live by the product's installation guide: 90 days, in seconds.
pub const REFRESH_TOKEN_LIFESPAN_SECONDS: i64 = 7_776_000;

/// What was found for an item, as data; `texts::checklist` puts it into words.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum ItemFinding {
    /// An outcome that the partner's asset has words for, with the values that they name.
    Outcome { outcome: String, values: BTreeMap<String, FindingValue> },
    /// Not readable, but proven by a sign-in with this application then.
    ProvenBySignIn { at: Timestamp },
    /// The user is active, not locked, and no reset is pending.
    UserFit { user_name: String },
    /// The user cannot be used, with the reason.
    UserUnfit { user_name: String, reason: UserUnfit },
    /// The role is not granted.
    RoleLacking,
    /// No role beyond those needed.
    NoExcess,
    /// These roles are beyond those needed; the most powerful first.
    Excess { roles: Vec<String> },
    /// The item is as required, as this value shows.
    Seen { value: String },
    /// The item is not as required, as this value shows.
    Lacks { value: String },
    /// This user has no right to check, or the answer proves nothing.
    CannotSee,
    /// Nothing could be asked, because there is no live sign-in.
    NotSignedIn,
    /// No usable answer came; the item's fault says why.
    NoAnswer,
}

impl ItemFinding {
    /// An outcome of the asset with its values.
    pub fn outcome<const N: usize>(outcome: &str, values: [(&str, FindingValue); N]) -> Self {
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        Self::Outcome { outcome: outcome.to_owned(), values }
    }
}

/// A value of an outcome, shown as the language writes it.
#[allow(missing_docs, reason = "the variants are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingValue {
    Text(String),
    Number(u64),
    Seconds(i64),
}

impl From<String> for FindingValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The words of an outcome, from the partner's asset. `{name}` stands for a value of the outcome, `{user}`, `{client_id}` and
/// `{role}` for the connection's user, its client ID and the item's role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeWords {
    /// What was found; it names values of the outcome only.
    pub found: Bilingual,
    /// What to do about it.
    pub remedy: Option<Bilingual>,
    /// What to ask the product's admin, if it differs from the item's own request.
    pub ask: Option<Bilingual>,
}

/// A request, its reply, and when. Contains no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The request, as method and address without the server; or another source.
    pub asked: String,
    /// What came back.
    pub answered: Answer,
    /// When.
    pub at: Timestamp,
}

/// The reply to a request.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// So many rows.
    Rows { rows: u64 },
    /// A value.
    Value { value: String },
    /// No usable answer.
    Failed { fault: Fault },
}

/// The words of an item, from the partner's asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemWords {
    /// What it is called.
    pub title: Bilingual,
    /// What fixes it, where that is the same whatever was found.
    pub remedy: Option<Bilingual>,
    /// What to ask the product's admin, if there is something.
    pub ask: Option<Bilingual>,
    /// Whether 'Completed' needs it.
    pub mandatory: bool,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Which item.
    pub id: ItemId,
    /// Its status.
    pub status: Status,
    /// What was found.
    pub finding: Option<ItemFinding>,
    /// What the finding rests on.
    pub evidence: Vec<Evidence>,
    /// Why there is no answer, if so.
    pub fault: Option<Fault>,
    /// Where to fix it or read more: a page of the instance or of the documentation.
    pub link: Option<String>,
    /// Its words; a role has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Box<ItemWords>>,
    /// The words of its outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Box<OutcomeWords>>,
    /// What itsmc can change in the product, with an admin's sign-in, to complete it.
    pub fix: Option<Fix>,
    /// Whether the next step is to ask the product's admin.
    pub ask_admin: bool,
    /// Its confirmation, if an admin confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<ConfirmationState>,
    /// Values that a confirmation depends on, as far as they were read, such as an account's name.
    #[serde(default, skip_serializing_if = "Basis::is_empty")]
    pub basis: Basis,
    /// What is sent and to whom, for an item that is checked only on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_request: Option<Bilingual>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl ChecklistItem {
    /// An item that was not checked yet.
    pub fn todo(id: ItemId) -> Self {
        Self {
            id,
            status: Status::Todo,
            finding: None,
            evidence: Vec::new(),
            fault: None,
            link: None,
            words: None,
            outcome: None,
            fix: None,
            ask_admin: false,
            confirmation: None,
            basis: Basis::new(),
            on_request: None,
            millis: 0,
        }
    }

    /// An item with a finding.
    pub fn found(id: ItemId, status: Status, finding: ItemFinding) -> Self {
        let ask_admin = matches!(status, Status::Unknown | Status::Failed);
        Self { status, finding: Some(finding), ask_admin, ..Self::todo(id) }
    }

    /// Whether 'Completed' needs it; other items do not change the overall result.
    pub fn is_mandatory(&self) -> bool {
        self.words.as_ref().is_none_or(|words| words.mandatory)
    }
}

/// Whom and what the checklist is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The connection's name.
    pub connection: String,
    /// The product's name.
    pub product: String,
    /// The product's base URL.
    pub server_url: String,
    /// The integration user; empty where the partner knows none.
    pub user_name: String,
    /// The OAuth application's client ID.
    pub client_id: String,
}

/// The whole checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// What it is about.
    pub subject: Subject,
    /// As whom it was checked.
    #[serde(flatten)]
    pub seen_by: SeenBy,
    /// The items, in order.
    pub items: Vec<ChecklistItem>,
}

/// The overall result of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Something mandatory is not as it should be, or was not checked.
    NotComplete,
    /// Everything mandatory is as it should be; a warning leaves it so.
    Completed,
    /// Nothing mandatory is known to be wrong, and something could not be seen.
    CannotTell,
}

impl Checklist {
    /// The overall result. An unknown item counts neither as done nor as wrong.
    pub fn overall(&self) -> Overall {
        let mandatory = || self.items.iter().filter(|item| item.is_mandatory());
        if mandatory().any(|item| matches!(item.status, Status::Failed | Status::Todo)) || mandatory().next().is_none()
        {
            Overall::NotComplete
        } else if mandatory().any(|item| item.status == Status::Unknown) {
            Overall::CannotTell
        } else {
            Overall::Completed
        }
    }

    /// Whether anything was asked of the product and answered; without a sign-in nothing is.
    pub fn was_looked_at(&self) -> bool {
        let unanswered = |found: &ItemFinding| matches!(found, ItemFinding::NotSignedIn | ItemFinding::NoAnswer);
        self.items.iter().filter_map(|item| item.finding.as_ref()).any(|found| !unanswered(found))
    }

    /// The item with this id.
    pub fn item(&self, id: &ItemId) -> Option<&ChecklistItem> {
        self.items.iter().find(|item| item.id == *id)
    }

    /// The item with this id, to be changed.
    pub fn item_mut(&mut self, id: &ItemId) -> Option<&mut ChecklistItem> {
        self.items.iter_mut().find(|item| item.id == *id)
    }

    /// The possible fixes in the order in which they must be made; roles of one user together.
    pub fn fixes(&self) -> Vec<Fix> {
        Fix::in_order(self.items.iter().filter_map(|item| item.fix.clone()))
    }

    /// The items for which the product's admin is needed.
    pub fn to_ask(&self) -> impl Iterator<Item = &ChecklistItem> {
        self.items.iter().filter(|item| item.ask_admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn list(items: &[(&str, Status)]) -> Checklist {
        let spec = crate::model::partner::Catalogue::built_in().unwrap().all()[0].clone();
        let subject = Subject {
            connection: "contoso".into(),
            product: "ServiceNow".into(),
            server_url: "https://contoso.service-now.com".into(),
            user_name: "azure.integration".into(),
            client_id: "c".into(),
        };
        let item = |(id, status): &(&str, Status)| {
            let id = ItemId::own(id);
            let words = spec.check_words(&id);
            assert!(words.is_some(), "{id}");
            ChecklistItem { words, ..ChecklistItem::found(id, *status, ItemFinding::CannotSee) }
        };
        Checklist { subject, seen_by: SeenBy::Integration, items: items.iter().map(item).collect() }
    }

    #[test]
    fn ids_are_text() {
        let plain = ["app_installed", "oauth_active", "rate_limit"].map(|id| (ItemId::own(id), id));
        for (id, text) in plain.into_iter().chain([(ItemId::Role("itil".into()), "role:itil")]) {
            assert_eq!(serde_json::to_value(&id).unwrap(), text);
            assert_eq!(ItemId::try_from(text.to_owned()), Ok(id));
        }
        for bad in ["", "role:", "Not an item"] {
            assert!(ItemId::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[rstest]
    #[case(&[], Overall::NotComplete)]
    #[case(&[("release", Status::Passed)], Overall::NotComplete)]
    #[case(&[("oauth_active", Status::Passed), ("application", Status::Confirmed)], Overall::Completed)]
    #[case(&[("oauth_active", Status::Passed), ("refresh_token_lifespan", Status::Warning)], Overall::Completed)]
    #[case(&[("oauth_active", Status::Passed), ("release", Status::Unknown)], Overall::Completed)]
    #[case(&[("oauth_active", Status::Passed), ("excess_roles", Status::Failed)], Overall::Completed)]
    #[case(&[("oauth_active", Status::Unknown), ("application", Status::Passed)], Overall::CannotTell)]
    #[case(&[("oauth_active", Status::Unknown), ("application", Status::Failed)], Overall::NotComplete)]
    #[case(&[("oauth_active", Status::Todo)], Overall::NotComplete)]
    fn the_whole_is_three_valued(#[case] items: &[(&str, Status)], #[case] expected: Overall) {
        assert_eq!(list(items).overall(), expected);
    }
}
