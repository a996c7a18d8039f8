//! Everything that can go wrong, as data. `texts::fault` puts each into words: what happened, the likely
//! cause, what to do next.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::alert_rules::RuleProblem;
use super::certificate::{Certificate, TlsProblem};
use super::field::{FieldId, FieldProblem};
use super::mapping::problem::MappingProblem;
use super::redactor;
use super::token_kind::TokenKind;
use super::workspace::{AzureSignIn, WorkspaceProblem};

/// One thing that went wrong, with what a reader needs to know about it. Holds no secret and no token, so it
/// may be logged, stored and shown. `Display` is the code only.
#[allow(missing_docs, reason = "the fields are named for what they hold")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[error("{}", self.code())]
pub enum Fault {
    // --- reaching the partner
    /// The host has no address.
    NameNotFound { host: String },
    /// Nothing listens there, or a firewall refuses.
    ConnectionRefused { address: String },
    /// No answer within the limit, while connecting or while a reply was coming.
    TimedOut { host: String, seconds: u64 },
    /// The connection broke off in the middle.
    ConnectionLost { host: String, detail: String },
    /// TLS could not be agreed, or the certificate is not trusted.
    TlsRefused {
        host: String,
        #[serde(default)]
        problem: TlsProblem,
        #[serde(default)]
        certificate: Option<Box<Certificate>>,
    },
    /// This machine has no CA certificates.
    NoTrustRoots { detail: String },
    /// The proxy refused or could not be used.
    ProxyFailed { proxy: String, detail: String },
    /// Another service than the product is at fault; its code is the inner one's.
    Elsewhere { service: Service, fault: Box<Fault> },
    /// Microsoft Entra refused the sign-in that is kept for this account; its code is the inner one's.
    KeptSignInRefused { account: Account, way: AzureSignIn, fault: Box<Fault> },
    /// What answers at the server URL is something other than the product.
    NotTheProduct {
        product: String,
        host: String,
        status: u16,
        content_type: String,
        server: Option<Box<str>>,
        title: Option<Box<str>>,
    },
    /// A variable of the environment should name a proxy, and does not. Its value may hold a password, so only the
    /// variable is named.
    ProxyUnreadable { variable: String },

    // --- what the partner answered
    /// A sign-in with a password was refused: wrong user or password, wrong client ID or secret, and a locked user
    /// look alike.
    SignInRefused { host: String, detail: String },
    /// The product knows no client of this ID.
    ClientUnknown { host: String, client_id: String, detail: String },
    /// An admin's sign-in was refused.
    AdminRefused { host: String, user_name: String, detail: String },
    /// The application's sign-in with its own secret was refused.
    ApplicationRefused { host: String, detail: String },
    /// There is no live sign-in: the refresh token is gone or over; the password is needed again.
    SignedOut { connection: String },
    /// The secrets that are kept belong to another server, user or application than the settings name now: nothing
    /// was sent to anybody.
    IdentityChanged { connection: String, changes: Vec<IdentityChange> },
    /// The product no longer takes the refresh token, or the application's secret was changed: the password
    /// is needed again. It is an answer of the product, unlike [`Fault::SignedOut`].
    RefreshRefused { connection: String, detail: String },
    /// Signed in, yet not allowed.
    Forbidden { what: String, detail: String },
    /// The product says the user is not authenticated, although the token is new.
    NotAuthenticated { what: String, detail: String },
    /// The table does not exist there.
    NoSuchTable { table: String },
    /// Too many requests; try again after so many seconds.
    RateLimited { retry_after_seconds: u64, limit: Option<u64>, rule: Option<String> },
    /// The server is not available now; it may say when to try again.
    Unavailable { host: String, retry_after_seconds: Option<u64> },
    /// Dataverse refused with an error code whose cause is known.
    EnvironmentRefused { what: String, error_code: String, detail: String },
    /// The product gave up on the request because it took too long.
    PartnerTimedOut { what: String },
    /// The product answered with an error of its own.
    PartnerError { status: u16, message: String, detail: String, transaction: Option<String> },
    /// The instance sleeps (personal developer instances do).
    Hibernating { host: String },
    /// A sign-in page came instead of data.
    LoginPage { host: String, location: Option<String> },
    /// The reply sends us to another place; we do not follow off-host.
    Redirected { host: String, location: String },
    /// Something other than JSON came.
    NotJson { host: String, status: u16, content_type: String },
    /// JSON that is not what this interface promises, with the place.
    Malformed { what: String, detail: String },
    /// The reply was cut off, or carries both rows and an error.
    Truncated { what: String },
    /// Rows came out of order, or outside of what was asked: the filter was ignored.
    OutOfOrder { what: String },
    /// Page after page brought nothing, without an end.
    NoProgress { what: String, pages: u64 },
    /// Rows came in another order than by this field: the product ignored the sorting.
    OrderIgnored { what: String },
    /// Rows came that this field's filter excludes: the product ignored it.
    FilterIgnored { what: String },
    /// The user may not see this field, without which rows cannot be synced.
    FieldHidden { what: String },
    /// A reply larger than we take.
    TooLarge { what: String, limit_bytes: u64 },
    /// The user exists but may not be used.
    UserUnfit { user_name: String },
    /// The product took the order to revoke a token, and the token still works.
    NotRevoked {
        /// `None` in what an earlier itsmc stored; `what` names it in English then.
        #[serde(default)]
        kind: Option<TokenKind>,
        what: String,
    },
    /// The product has no way to revoke a token; it runs out then.
    CannotRevoke { what: String, expires: Option<Timestamp> },
    /// Microsoft Entra refused the sign-in for a reason that it names by an AADSTS code.
    SignInImpossible { host: String, aadsts: Option<u32>, detail: String, correlation_id: Option<String> },
    /// This machine has no Azure sign-in to look into Azure with; each way that was tried, with why not.
    NoAzureSignIn { tried: Vec<String> },
    /// Azure gave no token to this way of signing in for a workspace.
    AzureSignInFailed { way: String, detail: String },
    /// Azure began a change and ended it without success.
    OperationFailed { what: String, error_code: String, detail: String },
    /// Azure was waited for as long as makes sense.
    NotYet { what: String, seconds: u64 },
    /// An address that Azure named is none of the chosen cloud: nothing was sent there.
    OutsideCloud { what: String, address: String },
    /// The product refused with an error code of its own; the same would be refused again.
    PartnerRefused { what: String, error_code: String, detail: String },
    /// Texts of dates cannot be read with certainty: the product's culture or time zone is not known, or another one
    /// than the field says.
    DatesUnclear { field: FieldId, detail: String },
    /// The product's description of itself lacks something we cannot do without.
    NotBound { what: String, detail: String },
    /// A request to open a ticket may have been carried out, and nothing in the product proves it: `alike` may be the ticket.
    TicketUnproven { key: String, mark: String, alike: String },
    /// The product's description of itself has several things that may be meant, or one that may not be.
    BindingUnclear { what: String },
    /// The product has no business object of this name.
    NoSuchObject { object: String },
    /// The product refused a parameter of a route that was bound.
    ParameterRefused { what: String, detail: String },
    /// The web app before the product has no connection to it.
    ProductUnreachable { what: String, detail: String },
    /// The web app before the product lacks settings of its own, which its start page names.
    SettingsMissing { names: String },
    /// The web app before the product is set up for another audience, client or tenant than the connection's; `key` is the
    /// field of the form.
    SettingDiffers { setting: String, theirs: String, ours: String, key: String },
    /// The product took a change, and does not show it.
    NotApplied { what: String, detail: String },
    /// The product took a change, and why it could not be read back: the change must not be sent again unseen.
    NotReadBack { fault: Box<Fault> },
    /// Whether an alert that is over has a ticket of an earlier database could not be told, because of this fault.
    EarlierUnknown { connection: String, key: String, fault: Box<Fault> },
    /// The clocks differ so much that tokens and the sync scope go wrong.
    ClockSkew { seconds: i64 },

    // --- what Azure Monitor answered
    /// The sign-in to Azure lacks a role for this resource or list.
    AzureForbidden { what: String, detail: String },
    /// The sign-in may not send rows through this data collection rule. `object_id` is that of the identity that lacks
    /// the role, where Azure names it.
    SendForbidden { rule: String, object_id: Option<String>, detail: String },
    /// The sign-in may not read the alerts of a subscription; the object id is that of the identity, where Azure names it.
    AlertsForbidden { subscription: String, object_id: Option<String>, detail: String },
    /// The file of rules is another one than was shown: somebody changed it meanwhile.
    RulesChanged { path: String },
    /// The rules stand in the file in a way that itsmc does not change without writing all of it again.
    RulesNotWritable { path: String },
    /// The file of alert rules is missing or empty, and there were rules in it.
    RulesGone { path: String },
    /// The file of alert rules is the beginning of the last rules: it may be half written. It counts as whole after this wait.
    RulesHalfWritten { path: String, seconds: u64 },
    /// There is no file of alert rules at this path.
    NoRulesFile { path: String },
    /// Azure does not take the token, although it is new.
    AzureTokenRefused { host: String, detail: String },
    /// There is no data collection rule of this immutable id at the endpoint.
    RuleNotFound { rule: String, detail: String },
    /// The data collection rule has no such stream, or not yet.
    StreamUnknown { rule: String, stream: String, detail: String },
    /// The data collection rule does not declare these columns of the stream, so Azure would drop them without a word.
    ColumnsMissing { rule: String, stream: String, columns: Vec<String> },
    /// The request was larger than the service takes.
    BatchTooLarge { bytes: u64, detail: String },
    /// The service does not take these rows.
    RowsRefused { error_code: String, detail: String },
    /// The sign-in may not query the workspace.
    QueryForbidden { workspace: String, detail: String },
    /// The workspace does not take the query.
    QueryRefused { error_code: String, detail: String },
    /// The workspace answered with a part of the result.
    PartialResult { detail: String },
    /// A verification lasted longer than it could be waited for.
    VerificationCutOff { workspace: String, seconds: u64 },

    // --- on this machine
    /// It takes an admin of the product, and none is signed in.
    AdminNeeded { connection: String },
    /// No connection bears this name.
    NoSuchConnection { name: String },
    /// No workspace bears this name.
    NoSuchWorkspace { name: String },
    /// A workspace of this name exists already.
    WorkspaceTaken { name: String },
    /// The workspace's plan was not applied yet: there is no rule to send rows to.
    NotSetUp { workspace: String },
    /// Nobody is signed in for the workspace, or the secret that is kept belongs to another sign-in.
    WorkspaceSignedOut { workspace: String },
    /// Settings of a workspace that are missing or wrong, by their keys.
    WorkspaceWrong { problems: Vec<WorkspaceProblem> },
    /// No alert source bears this name.
    NoSuchSource { name: String },
    /// No alert rule bears this name.
    NoSuchRule { name: String },
    /// No stored alert has an ID that begins so.
    NoSuchAlert { name: String },
    /// No ticket bears this number or ID.
    NoSuchTicket { name: String },
    /// Neither the vault nor the product's list has a token of this connection that is called so.
    NoSuchToken { name: String, connection: String },
    /// More than one has an ID that begins so.
    SeveralBegin { name: String },
    /// An alert source of this name exists already.
    SourceTaken { name: String },
    /// Settings of an alert source that are missing or wrong, by their keys.
    SourceWrong { problems: Vec<WorkspaceProblem> },
    /// Nobody is signed in for the alert source, or the secret that is kept belongs to another sign-in.
    SourceSignedOut { name: String },
    /// The sign-in of a source may read alerts, but not change them.
    MayNotAcknowledge { name: String, subscription: String, detail: String },
    /// The file of alert rules has problems, each with its line.
    RulesWrong { path: String, problems: Vec<RuleProblem> },
    /// A connection of this name exists already.
    NameTaken { name: String },
    /// A connection that was renamed is known by this name in tickets and workspaces.
    NameKnown { name: String, connection: String },
    /// No such work item, token or step.
    NotFound { what: String },
    /// The form has problems, each with its field and line.
    BadForm { problems: Vec<FormProblem> },
    /// Secrets that were not given, and there is no terminal to ask for them; by their keys.
    SecretsNeeded { missing: Vec<String> },
    /// The connection's mapping file has problems, each with its line.
    MappingWrong { path: String, problems: Vec<MappingProblem> },
    /// The command was used wrongly.
    BadUsage { what: String },
    /// The config file cannot be read; a copy was kept aside.
    ConfigDamaged { path: String, kept_as: Option<String>, reason: String },
    /// The database cannot be read; the file was kept aside.
    DatabaseDamaged { path: String, kept_as: Option<String>, reason: String },
    /// The database was written by a newer itsmc.
    DatabaseTooNew { path: String, found: i64, known: i64 },
    /// The vault cannot be read. It is never overwritten.
    VaultDamaged { path: String, reason: String },
    /// The vault is there, its key is not.
    VaultLocked { path: String, reason: String },
    /// No place for the vault's key was found; each place that was tried, with why not.
    NoKeyPlace { tried: Vec<String> },
    /// The passphrase does not open the vault.
    WrongPassphrase { path: String },
    /// The platform's secret store does not work.
    KeyringUnavailable { reason: String },
    /// The disk is full.
    DiskFull { path: String },
    /// The place may not be read or written.
    NotWritable { path: String, reason: String },
    /// The process, or the machine, has as many files open as it may; without a path it cannot even begin.
    TooManyOpenFiles { path: String },
    /// Another file problem.
    FileProblem { path: String, reason: String },
    /// The file system has no locks, or its lock service does not answer.
    NoLocks { path: String, reason: String },
    /// Where a file of ours belongs, something else is: a symbolic link, a pipe, a device.
    NotAFile { path: String, found: FileKind },
    /// Other users may write to a folder or file that holds secrets.
    OpenToOthers { path: String },
    /// A folder or file that holds secrets belongs to another user.
    OwnedByAnother { path: String },
    /// Another itsmc holds the lock.
    Locked { path: String, pid: Option<u32> },
    /// Files that would be overwritten; nothing was written.
    FilesThere { paths: Vec<String> },
    /// The partner is not built yet.
    PartnerNotReady { partner: String },
    /// A task of ours failed in a way nobody foresaw.
    Internal { what: String },
    /// The user or the system stopped it.
    Interrupted,
}

/// A service beside the product that a connection needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Microsoft Entra, which signs users and applications in.
    Entra,
    /// Azure Resource Manager, which knows the resources of Azure.
    ResourceManager,
    /// The Logs Ingestion API, which takes rows for Log Analytics.
    Ingestion,
    /// The query API of Log Analytics.
    LogQuery,
}

/// What a sign-in to Azure is kept for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// The workspace of this name.
    Workspace(String),
    /// The alert source of this name.
    Source(String),
}

/// Takes known secrets out of every text; whether there was one.
fn blot(told: &mut serde_json::Value) -> bool {
    match told {
        serde_json::Value::String(text) => {
            let Cow::Owned(cleaned) = redactor::redact_text(text) else { return false };
            *text = cleaned;
            true
        }
        // Each one, so no `any`, which stops at the first.
        serde_json::Value::Array(all) => all.iter_mut().map(blot).filter(|found| *found).count() > 0,
        serde_json::Value::Object(all) => all.values_mut().map(blot).filter(|found| *found).count() > 0,
        _ => false,
    }
}

/// What may be in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A symbolic link.
    SymbolicLink,
    /// A file with a second name, by which it may be someone else's.
    HardLink,
    /// A folder.
    Folder,
    /// A pipe, a socket or a device.
    Special,
}

/// A problem of one field, with its line where it came from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormProblem {
    /// The field; `None` for an unknown key.
    pub field: Option<FieldId>,
    /// The key as written, for an unknown one.
    pub key: Option<String>,
    /// What is wrong.
    pub problem: FieldProblem,
    /// The line in the file, from 1.
    pub line: Option<usize>,
}

/// A part of a connection's identity that was changed after it was signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityChange {
    /// The field of the form that sets it.
    pub field: FieldId,
    /// What it was when the connection was signed in.
    pub was: String,
    /// What it is now.
    pub now: String,
}

/// Whether trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Trying the same again changes nothing; for a refused sign-in it may lock the account.
    No,
    /// It may pass by itself.
    Yes,
    /// Not before so many seconds.
    After(u64),
}

impl Fault {
    /// The stable code in JSON and logs, in kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameNotFound { .. } => "name-not-found",
            Self::ConnectionRefused { .. } => "connection-refused",
            Self::TimedOut { .. } => "timed-out",
            Self::ConnectionLost { .. } => "connection-lost",
            Self::TlsRefused { .. } => "tls-refused",
            Self::NoTrustRoots { .. } => "no-trust-roots",
            Self::ProxyFailed { .. } => "proxy-failed",
            Self::Elsewhere { fault, .. } | Self::KeptSignInRefused { fault, .. } => fault.code(),
            Self::NotTheProduct { .. } => "not-the-product",
            Self::ProxyUnreadable { .. } => "proxy-unreadable",
            Self::SignInRefused { .. } => "sign-in-refused",
            Self::ClientUnknown { .. } => "client-unknown",
            Self::AdminRefused { .. } => "admin-refused",
            Self::ApplicationRefused { .. } => "application-refused",
            Self::SignedOut { .. } => "signed-out",
            Self::IdentityChanged { .. } => "identity-changed",
            Self::RefreshRefused { .. } => "refresh-refused",
            Self::Forbidden { .. } => "forbidden",
            Self::NotAuthenticated { .. } => "not-authenticated",
            Self::NoSuchTable { .. } => "no-such-table",
            Self::RateLimited { .. } => "rate-limited",
            Self::Unavailable { .. } => "unavailable",
            Self::EnvironmentRefused { .. } => "environment-refused",
            Self::PartnerTimedOut { .. } => "partner-timed-out",
            Self::PartnerError { .. } => "partner-error",
            Self::Hibernating { .. } => "hibernating",
            Self::LoginPage { .. } => "login-page",
            Self::Redirected { .. } => "redirected",
            Self::NotJson { .. } => "not-json",
            Self::Malformed { .. } => "malformed",
            Self::Truncated { .. } => "truncated",
            Self::OutOfOrder { .. } => "out-of-order",
            Self::NoProgress { .. } => "no-progress",
            Self::OrderIgnored { .. } => "order-ignored",
            Self::FilterIgnored { .. } => "filter-ignored",
            Self::FieldHidden { .. } => "field-hidden",
            Self::TooLarge { .. } => "too-large",
            Self::UserUnfit { .. } => "user-unfit",
            Self::NotRevoked { .. } => "not-revoked",
            Self::CannotRevoke { .. } => "cannot-revoke",
            Self::SignInImpossible { .. } => "sign-in-impossible",
            Self::NoAzureSignIn { .. } => "no-azure-sign-in",
            Self::AzureSignInFailed { .. } => "azure-sign-in-failed",
            Self::OperationFailed { .. } => "operation-failed",
            Self::NotYet { .. } => "not-yet",
            Self::OutsideCloud { .. } => "outside-cloud",
            Self::PartnerRefused { .. } => "partner-refused",
            Self::DatesUnclear { .. } => "dates-unclear",
            Self::NotBound { .. } => "not-bound",
            Self::BindingUnclear { .. } => "binding-unclear",
            Self::NoSuchObject { .. } => "no-such-object",
            Self::TicketUnproven { .. } => "ticket-unproven",
            Self::ParameterRefused { .. } => "parameter-refused",
            Self::ProductUnreachable { .. } => "product-unreachable",
            Self::SettingsMissing { .. } => "settings-missing",
            Self::SettingDiffers { .. } => "setting-differs",
            Self::NotApplied { .. } => "not-applied",
            Self::AzureForbidden { .. } => "azure-forbidden",
            Self::NotReadBack { .. } => "not-read-back",
            Self::EarlierUnknown { .. } => "earlier-unknown",
            Self::ClockSkew { .. } => "clock-skew",
            Self::SendForbidden { .. } => "send-forbidden",
            Self::AzureTokenRefused { .. } => "azure-token-refused",
            Self::RuleNotFound { .. } => "rule-not-found",
            Self::StreamUnknown { .. } => "stream-unknown",
            Self::ColumnsMissing { .. } => "columns-missing",
            Self::BatchTooLarge { .. } => "batch-too-large",
            Self::RowsRefused { .. } => "rows-refused",
            Self::AlertsForbidden { .. } => "alerts-forbidden",
            Self::RulesChanged { .. } => "rules-changed",
            Self::RulesNotWritable { .. } => "rules-not-writable",
            Self::RulesGone { .. } => "rules-gone",
            Self::RulesHalfWritten { .. } => "rules-half-written",
            Self::NoRulesFile { .. } => "no-rules-file",
            Self::QueryForbidden { .. } => "query-forbidden",
            Self::QueryRefused { .. } => "query-refused",
            Self::PartialResult { .. } => "partial-result",
            Self::VerificationCutOff { .. } => "verification-cut-off",
            Self::AdminNeeded { .. } => "admin-needed",
            Self::NoSuchConnection { .. } => "no-such-connection",
            Self::NoSuchWorkspace { .. } => "no-such-workspace",
            Self::WorkspaceTaken { .. } => "workspace-taken",
            Self::NotSetUp { .. } => "not-set-up",
            Self::WorkspaceSignedOut { .. } => "workspace-signed-out",
            Self::WorkspaceWrong { .. } => "workspace-wrong",
            Self::NoSuchSource { .. } => "no-such-source",
            Self::NoSuchRule { .. } => "no-such-rule",
            Self::NoSuchAlert { .. } => "no-such-alert",
            Self::NoSuchTicket { .. } => "no-such-ticket",
            Self::NoSuchToken { .. } => "no-such-token",
            Self::SeveralBegin { .. } => "several-begin",
            Self::SourceTaken { .. } => "source-taken",
            Self::SourceWrong { .. } => "source-wrong",
            Self::SourceSignedOut { .. } => "source-signed-out",
            Self::MayNotAcknowledge { .. } => "may-not-acknowledge",
            Self::RulesWrong { .. } => "rules-wrong",
            Self::NameTaken { .. } => "name-taken",
            Self::NameKnown { .. } => "name-known",
            Self::NotFound { .. } => "not-found",
            Self::BadForm { .. } => "bad-form",
            Self::SecretsNeeded { .. } => "secrets-needed",
            Self::MappingWrong { .. } => "mapping-wrong",
            Self::BadUsage { .. } => "bad-usage",
            Self::ConfigDamaged { .. } => "config-damaged",
            Self::DatabaseDamaged { .. } => "database-damaged",
            Self::DatabaseTooNew { .. } => "database-too-new",
            Self::VaultDamaged { .. } => "vault-damaged",
            Self::VaultLocked { .. } => "vault-locked",
            Self::NoKeyPlace { .. } => "no-key-place",
            Self::WrongPassphrase { .. } => "wrong-passphrase",
            Self::KeyringUnavailable { .. } => "keyring-unavailable",
            Self::DiskFull { .. } => "disk-full",
            Self::NotWritable { .. } => "not-writable",
            Self::TooManyOpenFiles { .. } => "too-many-open-files",
            Self::FileProblem { .. } => "file-problem",
            Self::NoLocks { .. } => "no-locks",
            Self::NotAFile { .. } => "not-a-file",
            Self::OpenToOthers { .. } => "open-to-others",
            Self::OwnedByAnother { .. } => "owned-by-another",
            Self::Locked { .. } => "locked",
            Self::FilesThere { .. } => "files-there",
            Self::PartnerNotReady { .. } => "partner-not-ready",
            Self::Internal { .. } => "internal",
            Self::Interrupted => "interrupted",
        }
    }

    /// The same fault without any secret that is known here: a reply may have repeated one.
    pub fn without_secrets(self) -> Self {
        let Ok(mut told) = serde_json::to_value(&self) else { return self };
        if !blot(&mut told) {
            return self;
        }
        // Where what is left is no such fault, better none of it than the secret.
        serde_json::from_value(told).unwrap_or_else(|_| Self::Internal { what: self.code().to_owned() })
    }

    /// Whether it tells that the connection has to be signed in again.
    pub fn is_signed_out(&self) -> bool {
        match self {
            Self::NotReadBack { fault } | Self::KeptSignInRefused { fault, .. } => fault.is_signed_out(),
            Self::SignedOut { .. }
            | Self::IdentityChanged { .. }
            | Self::RefreshRefused { .. }
            | Self::SignInRefused { .. }
            | Self::ClientUnknown { .. }
            | Self::SignInImpossible { .. }
            | Self::ApplicationRefused { .. } => true,
            _ => false,
        }
    }

    /// Whether nothing can be asked of the product before an admin has signed the connection in again.
    pub fn needs_sign_in(&self) -> bool {
        self.is_signed_out() || matches!(self, Self::NotAuthenticated { .. })
    }

    /// Whether any other request would meet the same now: sending more would take minutes, or lock a user.
    pub fn blocks_every_request(&self) -> bool {
        let unusable = matches!(
            self,
            Self::NoTrustRoots { .. }
                | Self::ProxyFailed { .. }
                | Self::RateLimited { .. }
                | Self::Unavailable { .. }
                | Self::Hibernating { .. }
                | Self::LoginPage { .. }
                | Self::Redirected { .. }
        );
        match self {
            Self::Elsewhere { fault, .. } | Self::NotReadBack { fault } => fault.blocks_every_request(),
            _ => unusable || self.is_unreachable() || self.needs_sign_in(),
        }
    }

    /// Whether there is only something to wait for, and nothing is wrong.
    pub fn is_wait(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::RulesHalfWritten { .. } => true,
            Self::Elsewhere { fault, .. } => fault.is_wait(),
            _ => false,
        }
    }

    /// Whether the product said that it is the client secret that it does not take.
    pub fn is_about_client_secret(&self) -> bool {
        // AADSTS7000215: the secret is wrong; AADSTS7000222: it has expired.
        let of_entra = |code| matches!(code, 7_000_215 | 7_000_222);
        matches!(self, Self::ApplicationRefused { .. })
            || matches!(self, Self::SignInImpossible { aadsts: Some(code), .. } if of_entra(*code))
    }

    /// Whether and when to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Elsewhere { fault, .. } | Self::NotReadBack { fault } | Self::KeptSignInRefused { fault, .. } => {
                fault.retry()
            }
            Self::RateLimited { retry_after_seconds, .. } => Retry::After(*retry_after_seconds),
            Self::RulesHalfWritten { seconds, .. } => Retry::After(*seconds),
            Self::Unavailable { retry_after_seconds: Some(seconds), .. } => Retry::After(*seconds),
            Self::NameNotFound { .. }
            | Self::ConnectionRefused { .. }
            | Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::ProxyFailed { .. }
            | Self::Unavailable { .. }
            | Self::PartnerTimedOut { .. }
            | Self::Hibernating { .. }
            | Self::ProductUnreachable { .. }
            | Self::NotYet { .. }
            | Self::Truncated { .. }
            | Self::StreamUnknown { .. }
            | Self::PartialResult { .. }
            | Self::VerificationCutOff { .. }
            | Self::Locked { .. }
            | Self::Interrupted => Retry::Yes,
            Self::PartnerError { status, .. } | Self::NotJson { status, .. } if *status >= 500 => Retry::Yes,
            _ => Retry::No,
        }
    }

    /// The process's exit code when this ends a command (docs/commands.md has the table).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Elsewhere { fault, .. } | Self::NotReadBack { fault } | Self::KeptSignInRefused { fault, .. } => {
                fault.exit_code()
            }
            Self::BadForm { .. }
            | Self::SecretsNeeded { .. }
            | Self::MappingWrong { .. }
            | Self::BadUsage { .. }
            | Self::SeveralBegin { .. }
            | Self::ProxyUnreadable { .. }
            | Self::NameTaken { .. }
            | Self::NameKnown { .. }
            | Self::WorkspaceTaken { .. }
            | Self::NotSetUp { .. }
            | Self::WorkspaceWrong { .. }
            | Self::SourceTaken { .. }
            | Self::SourceWrong { .. }
            | Self::RulesWrong { .. }
            | Self::RulesChanged { .. }
            | Self::RulesNotWritable { .. }
            | Self::RulesGone { .. }
            | Self::NoRulesFile { .. }
            | Self::ConfigDamaged { .. }
            | Self::FilesThere { .. }
            | Self::PartnerNotReady { .. } => 2,
            Self::AdminNeeded { .. }
            | Self::SignInRefused { .. }
            | Self::ClientUnknown { .. }
            | Self::SignInImpossible { .. }
            | Self::NoAzureSignIn { .. }
            | Self::AzureSignInFailed { .. }
            | Self::WorkspaceSignedOut { .. }
            | Self::SourceSignedOut { .. }
            | Self::AdminRefused { .. }
            | Self::ApplicationRefused { .. }
            | Self::SignedOut { .. }
            | Self::IdentityChanged { .. }
            | Self::RefreshRefused { .. }
            | Self::NotAuthenticated { .. }
            | Self::AzureTokenRefused { .. }
            | Self::SettingsMissing { .. }
            | Self::SettingDiffers { .. }
            | Self::UserUnfit { .. }
            | Self::VaultLocked { .. }
            | Self::WrongPassphrase { .. }
            | Self::NoKeyPlace { .. } => 3,
            Self::NoSuchConnection { .. }
            | Self::NoSuchWorkspace { .. }
            | Self::NoSuchSource { .. }
            | Self::NoSuchRule { .. }
            | Self::NoSuchAlert { .. }
            | Self::NoSuchTicket { .. }
            | Self::NoSuchToken { .. }
            | Self::NotFound { .. } => 4,
            // A gateway or server that is down for the moment.
            Self::PartnerError { status: 502..=504, .. } | Self::NotJson { status: 502..=504, .. } => 6,
            Self::Forbidden { .. }
            | Self::EnvironmentRefused { .. }
            | Self::BindingUnclear { .. }
            | Self::NoSuchTable { .. }
            | Self::PartnerError { .. }
            | Self::LoginPage { .. }
            | Self::Redirected { .. }
            | Self::NotJson { .. }
            | Self::NotTheProduct { .. }
            | Self::Malformed { .. }
            | Self::Truncated { .. }
            | Self::OutOfOrder { .. }
            | Self::NoProgress { .. }
            | Self::OrderIgnored { .. }
            | Self::FilterIgnored { .. }
            | Self::FieldHidden { .. }
            | Self::NoSuchObject { .. }
            | Self::TooLarge { .. }
            | Self::NotRevoked { .. }
            | Self::CannotRevoke { .. }
            | Self::PartnerRefused { .. }
            | Self::OperationFailed { .. }
            | Self::OutsideCloud { .. }
            | Self::DatesUnclear { .. }
            | Self::NotBound { .. }
            | Self::TicketUnproven { .. }
            | Self::EarlierUnknown { .. }
            | Self::ParameterRefused { .. }
            | Self::NotApplied { .. }
            | Self::AzureForbidden { .. }
            | Self::SendForbidden { .. }
            | Self::MayNotAcknowledge { .. }
            | Self::RuleNotFound { .. }
            | Self::StreamUnknown { .. }
            | Self::ColumnsMissing { .. }
            | Self::BatchTooLarge { .. }
            | Self::RowsRefused { .. }
            | Self::AlertsForbidden { .. }
            | Self::QueryForbidden { .. }
            | Self::QueryRefused { .. }
            | Self::PartialResult { .. }
            | Self::ClockSkew { .. } => 5,
            Self::NameNotFound { .. }
            | Self::ConnectionRefused { .. }
            | Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::TlsRefused { .. }
            | Self::NoTrustRoots { .. }
            | Self::ProxyFailed { .. }
            | Self::RateLimited { .. }
            | Self::Unavailable { .. }
            | Self::PartnerTimedOut { .. }
            | Self::Hibernating { .. }
            | Self::NotYet { .. }
            | Self::VerificationCutOff { .. }
            | Self::RulesHalfWritten { .. }
            | Self::ProductUnreachable { .. } => 6,
            Self::Locked { .. } => 7,
            Self::Interrupted => 130,
            Self::DatabaseDamaged { .. }
            | Self::DatabaseTooNew { .. }
            | Self::VaultDamaged { .. }
            | Self::KeyringUnavailable { .. }
            | Self::DiskFull { .. }
            | Self::NotWritable { .. }
            | Self::TooManyOpenFiles { .. }
            | Self::FileProblem { .. }
            | Self::NoLocks { .. }
            | Self::NotAFile { .. }
            | Self::OpenToOthers { .. }
            | Self::OwnedByAnother { .. }
            | Self::Internal { .. } => 1,
        }
    }

    /// The same as a fault of reading back what the product took already.
    pub fn after_write(self) -> Self {
        Self::NotReadBack { fault: Box::new(self) }
    }

    /// The same as a fault of the sign-in that is kept for this account, where it is a refusal.
    pub fn of_account(self, account: Account, way: AzureSignIn) -> Self {
        match self {
            Self::SignInRefused { .. } | Self::SignInImpossible { .. } => {
                Self::KeptSignInRefused { account, way, fault: Box::new(self) }
            }
            fault => fault,
        }
    }

    /// The same as a fault of this service, where it is one of reaching or answering; a refusal names its service itself.
    pub fn at(self, service: Service) -> Self {
        let of_service = self.is_unreachable()
            || matches!(
                self,
                Self::PartnerError { .. }
                    | Self::Unavailable { .. }
                    | Self::NotJson { .. }
                    | Self::Redirected { .. }
                    | Self::Malformed { .. }
                    | Self::TooLarge { .. }
                    | Self::Truncated { .. }
            );
        if of_service { Self::Elsewhere { service, fault: Box::new(self) } } else { self }
    }

    /// Whether no answer came: the name, the network, TLS.
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::NameNotFound { .. }
                | Self::ConnectionRefused { .. }
                | Self::TimedOut { .. }
                | Self::ConnectionLost { .. }
                | Self::TlsRefused { .. }
        )
    }

    /// The host that it concerns, if it names one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::NameNotFound { host }
            | Self::TimedOut { host, .. }
            | Self::ConnectionLost { host, .. }
            | Self::TlsRefused { host, .. }
            | Self::NotJson { host, .. }
            | Self::NotTheProduct { host, .. }
            | Self::Redirected { host, .. } => Some(host),
            Self::ConnectionRefused { address } => Some(address.rsplit_once(':').map_or(address, |(host, _)| host)),
            Self::Elsewhere { fault, .. } | Self::NotReadBack { fault } | Self::KeptSignInRefused { fault, .. } => {
                fault.host()
            }
            _ => None,
        }
    }

    /// The field of the form to go back to: that of the true culprit, else `otherwise`.
    pub fn field(&self, otherwise: Option<FieldId>) -> Option<FieldId> {
        match self {
            Self::Elsewhere { service: Service::Entra, fault }
                if !matches!(**fault, Self::PartnerError { .. } | Self::Unavailable { .. }) =>
            {
                Some(FieldId::Authority)
            }
            // No field of the form helps: a proxy, this machine, the service itself.
            Self::Elsewhere { .. }
            | Self::ProxyFailed { .. }
            | Self::NoTrustRoots { .. }
            | Self::VaultDamaged { .. }
            | Self::VaultLocked { .. }
            | Self::NoKeyPlace { .. }
            | Self::WrongPassphrase { .. }
            | Self::KeyringUnavailable { .. }
            | Self::DiskFull { .. }
            | Self::NotWritable { .. }
            | Self::TooManyOpenFiles { .. }
            | Self::FileProblem { .. }
            | Self::Locked { .. }
            | Self::Internal { .. }
            | Self::Interrupted => None,
            _ => otherwise,
        }
    }

    /// An I/O error on `path`, told apart by what the admin can do about it.
    pub fn from_io(path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let reason = io_reason(error);
        let path = path.display().to_string();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotWritable { path, reason },
            _ if is_too_many(error) => Self::TooManyOpenFiles { path },
            _ => Self::FileProblem { path, reason },
        }
    }
}

/// Why an I/O error happened. The usual kinds have words of ours, the same on every system; the texts have them in every
/// language.
fn io_reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    // An error with words of its own says more than its kind.
    let known = error.get_ref().is_none().then(|| match error.kind() {
        ErrorKind::NotFound => Some("it does not exist"),
        ErrorKind::PermissionDenied => Some("permission denied"),
        ErrorKind::AlreadyExists => Some("it already exists"),
        ErrorKind::IsADirectory => Some("it is a folder"),
        ErrorKind::NotADirectory => Some("a part of the path is not a folder"),
        ErrorKind::DirectoryNotEmpty => Some("the folder is not empty"),
        ErrorKind::ReadOnlyFilesystem => Some("the file system is read-only"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some("there is no space left"),
        ErrorKind::FileTooLarge => Some("it is too large"),
        ErrorKind::InvalidFilename => Some("its name is too long or not valid"),
        ErrorKind::ResourceBusy => Some("it is in use"),
        ErrorKind::UnexpectedEof => Some("it ends too early"),
        ErrorKind::OutOfMemory => Some("the memory is full"),
        ErrorKind::Unsupported => Some("the system does not support this"),
        ErrorKind::TimedOut => Some("no answer in time"),
        ErrorKind::StaleNetworkFileHandle => Some("the network drive does not answer"),
        ErrorKind::Interrupted => Some("it was interrupted"),
        _ => None,
    });
    // The system's number for the error tells nobody anything.
    let own = || error.to_string().split(" (os error").next().unwrap_or_default().to_owned();
    known.flatten().map_or_else(own, str::to_owned)
}

/// `EMFILE` and `ENFILE`: the limit of the process and that of the machine. They have no kind of their own.
fn is_too_many(error: &std::io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_what_json_carries() {
        let fault = Fault::RateLimited { retry_after_seconds: 7, limit: None, rule: None };
        let json = serde_json::to_value(&fault).unwrap();
        assert_eq!(json["code"], fault.code());
        assert_eq!(serde_json::from_value::<Fault>(json).unwrap(), fault);
        assert_eq!(fault.retry(), Retry::After(7));
    }

    #[test]
    fn a_token_that_an_earlier_itsmc_named_in_words_is_still_named() {
        let stored = serde_json::json!({ "code": "not-revoked", "what": "refresh token 3f1c09ab" });
        let fault: Fault = serde_json::from_value(stored).unwrap();
        assert_eq!(fault, Fault::NotRevoked { kind: None, what: "refresh token 3f1c09ab".into() });
    }

    #[test]
    fn a_refused_sign_in_is_not_tried_again() {
        let fault = Fault::SignInRefused { host: "h".into(), detail: "access_denied".into() };
        assert_eq!(fault.retry(), Retry::No);
        assert_eq!(fault.exit_code(), 3);
    }
}
