//! The installation checklist as data: each item with what was seen, what was asked for it, and what fixes it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::check::UserUnfit;
use super::confirmed::{Basis, ConfirmationState};
use super::fault::Fault;
use super::fix::Fix;
use super::grant::Grant;
pub use super::item_id::ItemId;
use super::lang::Bilingual;
pub use super::seen_by::SeenBy;
use super::status::Status;

/// How long a refresh token must live by the product's installation guide: 90 days, in seconds.
pub const REFRESH_TOKEN_LIFESPAN_SECONDS: i64 = 7_776_000;

/// What an item saw, as data; `texts::checklist` puts it into words.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum ItemFinding {
    /// The app is there; its version where that may be read.
    AppInstalled { version: Option<String> },
    /// The app is there and switched off.
    AppInactive { version: Option<String> },
    /// The app is not there.
    AppMissing,
    /// OAuth is switched on.
    OauthOn,
    /// OAuth is switched off.
    OauthOff,
    /// Not readable, yet a sign-in with this application worked then, which needs it.
    ProvenBySignIn { at: Timestamp },
    /// The application registry entry, active.
    ApplicationActive { name: String },
    /// The entry is there and switched off.
    ApplicationInactive { name: String },
    /// How long the application lets a refresh token live.
    Lifespan { seconds: i64 },
    /// The connection's grant has no refresh token, so no lifespan matters.
    NoRefreshToken,
    /// The grant is allowed.
    GrantOn { grant: Grant },
    /// The grant has been switched off.
    GrantOff { grant: Grant },
    /// The user is active, not locked, and no reset is pending.
    UserFit { user_name: String },
    /// The user was not found where it would be seen.
    UserMissing { user_name: String },
    /// The user cannot be used, with the reason.
    UserUnfit { user_name: String, reason: UserUnfit },
    /// The user is there and may not use the REST interface.
    NoApiAccess { user_name: String },
    /// The role is held; inherited from another role or a group, or granted directly.
    RoleHeld { inherited: bool },
    /// The role is not held.
    RoleLacking,
    /// The role does not exist on this instance, so it cannot be granted; it comes with the app or a plugin.
    RoleNotOnInstance,
    /// No role beyond what is needed.
    NoExcess,
    /// These roles are beyond what is needed; the most powerful first.
    Excess { roles: Vec<String> },
    /// Event Management is not installed.
    EventManagementAbsent,
    /// Event Management is installed, and its roles are held.
    EventRolesHeld,
    /// Event Management is installed, and these roles are not held.
    EventRolesLacking { roles: Vec<String> },
    /// No rule limits this user's requests.
    NoRateLimit,
    /// A rule limits them: requests an hour, and how many the first sync and each later hour need.
    RateLimited { rule: Option<String>, per_hour: u64, first_sync: Option<u64>, each_hour: u64 },
    /// The release, and whether it is one the connector is known with.
    Release { name: String, build: Option<String>, supported: bool },
    /// Of an item of the partner's own: it is as it should be, as this value shows.
    Seen { value: String },
    /// Of an item of the partner's own: it is not as it should be, as this value shows.
    Lacks { value: String },
    /// We may not look, or the answer proves nothing.
    CannotSee,
    /// Nothing could be asked, because there is no live sign-in.
    NotSignedIn,
    /// No usable answer came; the item's fault says why.
    NoAnswer,
}

/// What was asked, what came back, and when. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The request, as method and address without the server; or where else it was seen.
    pub asked: String,
    /// What came back.
    pub answered: Answer,
    /// When.
    pub at: Timestamp,
}

/// What came back to a question.
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
    /// How it stands.
    pub status: Status,
    /// What was seen.
    pub finding: Option<ItemFinding>,
    /// What the finding rests on.
    pub evidence: Vec<Evidence>,
    /// What kept an answer from coming, if something did.
    pub fault: Option<Fault>,
    /// Where to go to fix or read on: a page of the instance or of the documentation.
    pub link: Option<String>,
    /// Its words; a role has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Box<ItemWords>>,
    /// What this program can do about it with an admin's sign-in.
    pub fix: Option<Fix>,
    /// Whether the next step is to ask the product's admin.
    pub ask_admin: bool,
    /// What became of the admin's own word on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<ConfirmationState>,
    /// What it saw of that on which the admin's word would rest, such as an account's name.
    #[serde(default, skip_serializing_if = "Basis::is_empty")]
    pub basis: Basis,
    /// What is sent and to whom, for an item that is checked only on request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_request: Option<Bilingual>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl ChecklistItem {
    /// An item that was not looked at yet.
    pub fn todo(id: ItemId) -> Self {
        Self {
            id,
            status: Status::Todo,
            finding: None,
            evidence: Vec::new(),
            fault: None,
            link: None,
            words: None,
            fix: None,
            ask_admin: false,
            confirmation: None,
            basis: Basis::new(),
            on_request: None,
            millis: 0,
        }
    }

    /// An item that looked and found.
    pub fn found(id: ItemId, status: Status, finding: ItemFinding) -> Self {
        let ask_admin = matches!(status, Status::Unknown | Status::Failed);
        Self { status, finding: Some(finding), ask_admin, ..Self::todo(id) }
    }

    /// Whether 'Completed' needs it; the others are said and leave the whole as it is.
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
    /// With whose eyes.
    #[serde(flatten)]
    pub seen_by: SeenBy,
    /// The items, in order.
    pub items: Vec<ChecklistItem>,
}

/// How the checklist stands as a whole.
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
    /// How it stands. What cannot be seen never counts as done, and never as wrong.
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

    /// What can be fixed, in the order in which it must be done; roles of one user together.
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
