//! Checks as data: a step, its status and its remedy; the same report for every front end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::field::FieldId;
use super::mapping::Drift;
pub use super::status::Status;
pub use super::step_id::StepId;
use super::work_item::WorkItemKind;

/// How the rows of a kind are read; `by` are the product's own names of the filters of time.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "snake_case")]
pub enum ReadWay {
    /// From the last change seen, page by page.
    LastChange { by: Vec<String> },
    /// In spans of time.
    Spans { by: Vec<String> },
    /// All that changed since the last change seen, in any order.
    Since { by: Vec<String> },
    /// From the first row to the last, at most so many.
    Through { by: Vec<String>, most: u64 },
}

/// What a step saw, as data; `texts::step` puts it into words.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Finding {
    /// Addresses of the host.
    Addresses { addresses: Vec<String> },
    /// A connection opened to this address, or through this proxy (without its user and password).
    Connected { address: String, proxy: Option<String> },
    /// TLS version and who issued the certificate.
    TlsEstablished { version: String, issuer: Option<String>, expires: Option<Timestamp> },
    /// Plain HTTP on loopback: a practice server, nothing to check.
    PracticeWithoutTls,
    /// Signed in; the refresh token lives till then (`known` tells whether that was read or assumed).
    SignedIn { expires: Timestamp, known: bool },
    /// Signed in already, with tokens that are still good.
    AlreadySignedIn { expires: Timestamp, known: bool },
    /// Signed in; that goes on as long as it is used, since each renewal brings a new refresh token.
    SignedInWhileUsed,
    /// Signed in by a grant that has no end.
    SignedInWithoutEnd,
    /// Seconds by which the product's clock is ahead of ours (negative: behind).
    ClockSkew { seconds: i64 },
    /// The reply carried no date to compare with.
    NoDate,
    /// The user as the product knows it.
    User { user_name: String, time_zone: Option<String> },
    /// The product did not show us this user's record.
    UserNotVisible { user_name: String },
    /// The user cannot be used, with the reason.
    UserUnfit { user_name: String, reason: UserUnfit },
    /// The release, and whether it is one the connector is known with.
    Release { name: String, build: Option<String>, supported: bool },
    /// The release, and whether it lets an application sign in with its own secret alone.
    ReleaseAndGrant { name: String, build: Option<String>, supported: bool, client_credentials: bool },
    /// We may not read the release.
    ReleaseNotVisible,
    /// What the user may do, where the product tells that rather than roles.
    Rights { user_name: String, rights: Vec<String> },
    /// What the user may not do, though it is needed.
    RightsLacking { user_name: String, lacking: Vec<String> },
    /// What we need, and what of the product's it is bound to; how rows are read, where that differs by what is bound.
    Bound {
        bound: Vec<(String, String)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ways: Vec<(WorkItemKind, ReadWay)>,
    },
    /// How the product's description differs from what was bound when the connection was made; that still counts.
    BoundOtherwise { drift: Vec<Drift> },
    /// What we need and the product's description does not have.
    NotBound { missing: Vec<String> },
    /// A row was read; `newest` is the latest change seen.
    RowRead { number: String, newest: Option<Timestamp> },
    /// A row was read, and these columns are shown in none of the newest rows.
    ColumnsHidden { number: String, columns: Vec<String> },
    /// A row was read, and there is a doubt about its dates.
    RowDoubtful { number: String, newest: Timestamp, doubt: DateDoubt },
    /// The table answered with no row, though `total` rows match: none, or none that we may see.
    NoRow { total: Option<u64> },
    /// How many rows the scope will bring, by kind id.
    Scope { counts: Vec<(String, u64)>, days: u16 },
    /// The count may not be read.
    ScopeNotVisible,
    /// An earlier step failed, so this one was not run.
    NotRun { because: StepId },
    /// Not selected in the form.
    NotSelected,
}

/// What is doubtful about the dates of a product that writes them as texts of a culture and zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DateDoubt {
    /// The newest change lies so many seconds in the future: the zone is another one than this.
    Future {
        /// How many.
        seconds: u64,
        /// The zone that was read with.
        zone: String,
    },
    /// No date of the rows shows which of its numbers is the day; they were read as this culture writes them.
    DayOrMonth {
        /// Its name.
        culture: String,
    },
}

/// Why a user cannot sign in or sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserUnfit {
    /// The account is switched off.
    Inactive,
    /// Too many wrong passwords.
    LockedOut,
    /// A password reset is pending.
    PasswordNeedsReset,
}

/// One step of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which step.
    pub id: StepId,
    /// How it ended.
    pub status: Status,
    /// What was seen.
    pub finding: Option<Finding>,
    /// What went wrong, if something did.
    pub fault: Option<Fault>,
    /// The form field to go back to.
    pub field: Option<FieldId>,
    /// How long it took, in milliseconds.
    pub millis: u64,
}

impl Step {
    /// A step that was not run yet.
    pub fn todo(id: StepId) -> Self {
        Self { id, status: Status::Todo, finding: None, fault: None, field: None, millis: 0 }
    }

    /// A step that looked and found.
    pub fn found(id: StepId, status: Status, finding: Finding) -> Self {
        Self { status, finding: Some(finding), ..Self::todo(id) }
    }

    /// A step that failed; `field` is the one to go back to, unless the fault knows better.
    pub fn failed(id: StepId, fault: Fault, field: Option<FieldId>) -> Self {
        let field = fault.field(field);
        Self { status: Status::Failed, fault: Some(fault), field, ..Self::todo(id) }
    }

    /// A step that an earlier failure made pointless.
    pub fn not_run(id: StepId, because: StepId) -> Self {
        Self::found(id, Status::Skipped, Finding::NotRun { because })
    }
}

/// A whole live test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The connection's name.
    pub connection: String,
    /// The steps in the order they ran.
    pub steps: Vec<Step>,
}

impl Report {
    /// Whether every step lets pass.
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.status.lets_pass())
    }
}
