//! One fault of every sort. The tests of every crate that words faults compile this file.

use crate::model::certificate::{Certificate, TlsProblem};
use crate::model::fault::{Fault, FileKind, FormProblem, IdentityChange};
use crate::model::field::{FieldId, FieldProblem};
use crate::model::token_kind::TokenKind;

/// One fault of every sort.
pub fn faults() -> Vec<Fault> {
    [partner_faults(), web_app_faults(), workspace_faults(), local_faults()].concat()
}

fn partner_faults() -> Vec<Fault> {
    let host = "contoso.service-now.com".to_owned();
    let what = "incident".to_owned();
    let detail = "detail".to_owned();
    vec![
        Fault::NameNotFound { host: host.clone() },
        Fault::ConnectionRefused { address: "203.0.113.7:443".into() },
        Fault::TimedOut { host: host.clone(), seconds: 70 },
        Fault::ConnectionLost { host: host.clone(), detail: "connection reset".into() },
        Fault::TlsRefused {
            host: host.clone(),
            problem: TlsProblem::UnknownIssuer,
            certificate: Some(Box::new(certificate())),
        },
        Fault::NotTheProduct {
            product: "ServiceNow".into(),
            host: host.clone(),
            status: 501,
            content_type: "text/html".into(),
            server: Some("SimpleHTTP/0.6".into()),
            title: Some("Error response".into()),
        },
        Fault::NoTrustRoots { detail: "no certificates found".into() },
        Fault::ProxyFailed { proxy: "proxy.contoso.com:3128".into(), detail: "status 407".into() },
        Fault::ProxyUnreadable { variable: "HTTPS_PROXY".into() },
        Fault::SignInRefused { host: host.clone(), detail: "access_denied".into() },
        Fault::AdminRefused {
            host: host.clone(),
            user_name: "ada.admin".into(),
            detail: "server_error: access_denied".into(),
        },
        Fault::ApplicationRefused { host: host.clone(), detail: "server_error: access_denied".into() },
        Fault::RefreshRefused { connection: "contoso".into(), detail: "server_error: access_denied".into() },
        Fault::SignedOut { connection: "contoso".into() },
        Fault::IdentityChanged {
            connection: "contoso".into(),
            changes: vec![IdentityChange {
                field: FieldId::ServerUrl,
                was: "https://contoso.service-now.com".into(),
                now: "https://fabrikam.service-now.com".into(),
            }],
        },
        Fault::SignInImpossible {
            host: "login.microsoftonline.com".into(),
            aadsts: Some(50_076),
            detail: "you must use multi-factor authentication".into(),
            correlation_id: Some("7e4ce6d2-8b6c-4b3f-9a5e-000000000001".into()),
        },
        Fault::NoAzureSignIn {
            tried: vec!["Azure CLI: az not found on PATH".into(), "managed identity: timed-out".into()],
        },
        Fault::Forbidden { what: what.clone(), detail: "Insufficient rights to query records".into() },
        Fault::NotAuthenticated { what: what.clone(), detail: "User Not Authenticated".into() },
        Fault::NoSuchTable { table: "change_request".into() },
        Fault::RateLimited { retry_after_seconds: 120, limit: Some(5000), rule: Some("itsmc".into()) },
        Fault::PartnerTimedOut { what: what.clone() },
        Fault::PartnerError {
            status: 500,
            message: "Operation Failed".into(),
            detail: detail.clone(),
            transaction: Some("a1b2".into()),
        },
        Fault::Hibernating { host: host.clone() },
        Fault::LoginPage { host: host.clone(), location: Some("/login_redirect.do".into()) },
        Fault::Redirected { host: host.clone(), location: "https://developer.servicenow.com".into() },
        Fault::NotJson { host: host.clone(), status: 502, content_type: "text/html".into() },
        Fault::Malformed { what: what.clone(), detail },
        Fault::Truncated { what: what.clone() },
        Fault::OutOfOrder { what: what.clone() },
        Fault::OrderIgnored { what: "Incident.LastModifiedDateTime".into() },
        Fault::FilterIgnored { what: "Incident.LastModifiedDateTime".into() },
        Fault::FieldHidden { what: "Incident.LastModifiedDateTime".into() },
        Fault::NoSuchObject { object: "ChangeRequest".into() },
        Fault::TicketUnproven {
            key: "azm:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9".into(),
            mark: "[azm-0123456789ab]".into(),
            alike: "INC0010007".into(),
        },
        Fault::ClientUnknown { host: host.clone(), client_id: "client-1".into(), detail: "invalid_client_id".into() },
        Fault::TooLarge { what, limit_bytes: 64_000_000 },
        Fault::UserUnfit { user_name: "azure.integration".into() },
        Fault::NotRevoked { kind: Some(TokenKind::Refresh), what: "3f1c09ab".into() },
        Fault::NotApplied { what: "sys_user_has_role itil".into(), detail: "0 rows".into() },
        Fault::TimedOut { host: host.clone(), seconds: 30 }.after_write(),
        Fault::AzureForbidden {
            what: "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.AlertsManagement/alerts"
                .into(),
            detail: "AuthorizationFailed".into(),
        },
        Fault::CannotRevoke { what: "token 3f1c09ab".into(), expires: "2026-11-22T12:00:00Z".parse().ok() },
        Fault::NotBound { what: "incident".into(), detail: "no operation lists it".into() },
        Fault::PartnerRefused { what: "Incident".into(), error_code: "SEARCHNOTFOUND".into(), detail: String::new() },
        Fault::DatesUnclear { field: FieldId::Culture, detail: "03/04/2026".into() },
        Fault::ClockSkew { seconds: -600 },
    ]
}

fn certificate() -> Certificate {
    Certificate {
        subject: Some("contoso.service-now.com".into()),
        names: vec!["contoso.service-now.com".into()],
        issuer: Some("Contoso Inspection CA".into()),
        begins: "2026-01-02T00:00:00Z".parse().ok(),
        expires: "2027-01-02T00:00:00Z".parse().ok(),
        sha256: "BA:78:16:BF".into(),
        self_signed: false,
    }
}

fn web_app_faults() -> Vec<Fault> {
    let what = "GET /api/Incidents".to_owned();
    let text = str::to_owned;
    vec![
        Fault::ParameterRefused { what: what.clone(), detail: text("top: The value '1000' is not valid.") },
        Fault::ProductUnreachable { what, detail: text("The Data Access service is not running.") },
        Fault::SettingsMissing { names: text("ida:Tenant, ida:Audience") },
        Fault::SettingDiffers {
            setting: text("ida:Audience"),
            theirs: text("https://contoso.azurewebsites.net/"),
            ours: text("https://contoso.azurewebsites.net"),
            key: text("audience"),
        },
    ]
}

fn workspace_faults() -> Vec<Fault> {
    let text = str::to_owned;
    let rule = text("dcr-00000000000000000000000000000001");
    vec![
        Fault::SendForbidden {
            rule: rule.clone(),
            object_id: Some(text("00000000-0000-0000-0000-000000000007")),
            detail: text("OperationFailed"),
        },
        Fault::AzureTokenRefused { host: text("api.loganalytics.io"), detail: text("InvalidAudience") },
        Fault::RuleNotFound { rule: rule.clone(), detail: text("NotFound") },
        Fault::StreamUnknown {
            rule: rule.clone(),
            stream: text("Custom-ServiceDesk_CL"),
            detail: text("InvalidStream"),
        },
        Fault::ColumnsMissing {
            rule,
            stream: text("Custom-ServiceDesk_CL"),
            columns: vec![text("Urgency_s"), text("Impact_s")],
        },
        Fault::BatchTooLarge { bytes: 1_068_792, detail: text("ContentLengthLimitExceeded") },
        Fault::RowsRefused { error_code: text("InvalidRequest"), detail: text("malformed JSON") },
        Fault::AlertsForbidden {
            subscription: text("aaaaaaaa-0000-4000-8000-000000000001"),
            object_id: Some(text("00000000-0000-4000-8000-00000000000a")),
            detail: text("AuthorizationFailed"),
        },
        Fault::QueryForbidden { workspace: text("contoso-logs"), detail: text("InsufficientAccessError") },
        Fault::QueryRefused { error_code: text("BadArgumentError"), detail: text("SemanticError") },
        Fault::PartialResult { detail: text("E_QUERY_RESULT_SET_TOO_LARGE") },
        Fault::VerificationCutOff { workspace: text("prod"), seconds: 60 },
    ]
}

fn local_faults() -> Vec<Fault> {
    let path = "/home/ada/.config/itsmc/file".to_owned();
    let reason = "expected a value at line 3".to_owned();
    let kept_as = Some("/home/ada/.config/itsmc/file.damaged".to_owned());
    let days = FieldProblem::NotWithin { least: 1, most: 120 };
    let problem = FormProblem { field: Some(FieldId::SyncDays), key: None, problem: days, line: Some(7) };
    vec![
        Fault::NoSuchConnection { name: "contoso".into() },
        Fault::NoSuchWorkspace { name: "prod".into() },
        Fault::WorkspaceTaken { name: "prod".into() },
        Fault::NotSetUp { workspace: "prod".into() },
        Fault::WorkspaceSignedOut { workspace: "prod".into() },
        Fault::WorkspaceWrong {
            problems: vec![crate::model::workspace::WorkspaceProblem {
                key: "subscription".into(),
                problem: crate::model::workspace::KeyProblem::NotAGuid,
            }],
        },
        Fault::NoSuchSource { name: "prod".into() },
        Fault::NoSuchRule { name: "production".into() },
        Fault::NoSuchAlert { name: "0c6e".into() },
        Fault::NoSuchTicket { name: "INC0010001".into() },
        Fault::NoSuchToken { name: "515aac88".into(), connection: "contoso".into() },
        Fault::SeveralBegin { name: "0c6e".into() },
        Fault::SourceTaken { name: "prod".into() },
        Fault::SourceWrong {
            problems: vec![crate::model::workspace::WorkspaceProblem {
                key: "subscriptions".into(),
                problem: crate::model::workspace::KeyProblem::Missing,
            }],
        },
        Fault::SourceSignedOut { name: "prod".into() },
        Fault::RulesChanged { path: path.clone() },
        Fault::RulesNotWritable { path: path.clone() },
        Fault::RulesGone { path: path.clone() },
        Fault::EarlierUnknown {
            connection: "contoso".into(),
            key: "azm:aaaaaaaa-0000-4000-8000-000000000001".into(),
            fault: Box::new(Fault::Truncated { what: "incident".into() }),
        },
        Fault::RulesHalfWritten { path: path.clone(), seconds: 4 },
        Fault::NoRulesFile { path: path.clone() },
        Fault::MayNotAcknowledge {
            name: "prod".into(),
            subscription: "aaaaaaaa-0000-4000-8000-000000000001".into(),
            detail: "AuthorizationFailed".into(),
        },
        Fault::RulesWrong {
            path: path.clone(),
            problems: vec![crate::model::alert_rules::RuleProblem {
                line: 7,
                rule: "production".into(),
                wrong: crate::model::alert_rules::RuleWrong::NoSuchConnection {
                    name: "contso".into(),
                    nearest: Some("contoso".into()),
                },
            }],
        },
        Fault::AzureSignInFailed { way: "Azure CLI".into(), detail: "az not found on PATH".into() },
        Fault::OperationFailed {
            what: "/subscriptions/s/resourceGroups/rg/tables/ServiceDesk_CL".into(),
            error_code: "SchemaUpdateFatalError".into(),
            detail: "TimeGenerated is missing".into(),
        },
        Fault::NotYet { what: "ServiceDesk_CL".into(), seconds: 300 },
        Fault::OutsideCloud { what: "logsIngestion".into(), address: "https://ingest.example".into() },
        Fault::NameTaken { name: "contoso".into() },
        Fault::NameKnown { name: "contoso".into(), connection: "contoso-old".into() },
        Fault::NotFound { what: "INC0010001".into() },
        Fault::BadForm { problems: vec![problem] },
        Fault::Unavailable { host: "contoso.example".into(), retry_after_seconds: Some(90) },
        Fault::EnvironmentRefused {
            what: "prov_incident".into(),
            error_code: "0x80040220".into(),
            detail: "missing prvReadprov_incident".into(),
        },
        Fault::BindingUnclear { what: "incident (prov_incident / provq_incident)".into() },
        Fault::SecretsNeeded { missing: vec!["password".into(), "client_secret".into()] },
        Fault::MappingWrong {
            path: path.clone(),
            problems: vec![crate::model::mapping::MappingProblem {
                line: Some(7),
                wrong: crate::model::mapping::Wrong::UnknownAttribute {
                    to: "titel".into(),
                    nearest: Some("title".into()),
                },
            }],
        },
        Fault::BadUsage { what: "--limit wants a number".into() },
        Fault::ConfigDamaged { path: path.clone(), kept_as: kept_as.clone(), reason: reason.clone() },
        Fault::DatabaseDamaged { path: path.clone(), kept_as, reason: "file is not a database".into() },
        Fault::DatabaseTooNew { path: path.clone(), found: 9, known: 1 },
        Fault::VaultDamaged { path: path.clone(), reason: "the header is cut off".into() },
        Fault::VaultLocked { path: path.clone(), reason: "the keyring is locked".into() },
        Fault::NoKeyPlace { tried: vec!["keyring: no session bus".into(), "passphrase: not a terminal".into()] },
        Fault::WrongPassphrase { path: path.clone() },
        Fault::KeyringUnavailable { reason: "no session bus".into() },
        Fault::DiskFull { path: path.clone() },
        Fault::NotWritable { path: path.clone(), reason: "permission denied".into() },
        Fault::TooManyOpenFiles { path: path.clone() },
        Fault::FileProblem { path: path.clone(), reason: "is a directory".into() },
        Fault::NoLocks { path: "/home/ada/itsmc.db".into(), reason: "No locks available".into() },
        Fault::NotAFile { path: "/home/ada/vault.lock".into(), found: FileKind::SymbolicLink },
        Fault::OpenToOthers { path: "/home/ada".into() },
        Fault::OwnedByAnother { path: "/home/ada".into() },
        Fault::Locked { path, pid: Some(4711) },
        Fault::FilesThere { paths: vec!["/home/ada/deploy/deploy.sh".into()] },
        Fault::PartnerNotReady { partner: "Cherwell".into() },
        Fault::Internal { what: "a task ended unexpectedly".into() },
        Fault::Interrupted,
    ]
}
