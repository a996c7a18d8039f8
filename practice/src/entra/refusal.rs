//! The refusals of the authority, by their AADSTS codes.

/// The codes that can be asked for.
pub const CODES: [u32; 39] = [
    50001, 50020, 50034, 50053, 50055, 50057, 50059, 50072, 50074, 50076, 50079, 50105, 50126, 50144, 50173, 50196,
    53003, 65001, 65004, 70003, 70008, 70011, 70016, 70018, 70020, 70021, 90002, 90014, 90033, 500011, 500014, 700016,
    700024, 700025, 700082, 7000112, 7000215, 7000218, 7000222,
];

/// What a refusal speaks of.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// The tenant as it was asked for.
    pub(super) tenant: String,
    /// The application as it was asked for.
    pub(super) client_id: String,
    /// The resource as it was asked for.
    pub(super) resource: String,
    /// The user as it was asked for.
    pub(super) user: String,
    /// A parameter that is missing.
    pub(super) parameter: String,
}

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub(super) status: u16,
    /// The OAuth error, such as `invalid_grant`.
    pub(super) error: &'static str,
    /// The AADSTS code.
    pub(super) code: u32,
    /// The text behind `AADSTSn: `.
    pub(super) text: String,
    /// `suberror`, where there is one.
    pub(super) suberror: Option<&'static str>,
}

impl Refusal {
    /// The refusal with this code.
    pub(super) fn new(code: u32, about: &About) -> Self {
        let (status, error) = kind(code);
        Self { status, error, code, text: text(code, about), suberror: suberror(code) }
    }
}

fn kind(code: u32) -> (u16, &'static str) {
    match code {
        7_000_215 | 7_000_222 | 7_000_218 | 700_024 | 700_025 | 70021 => (401, "invalid_client"),
        500_011 | 50001 | 500_014 => (400, "invalid_resource"),
        700_016 | 7_000_112 => (400, "unauthorized_client"),
        50072 | 50074 | 50079 => (400, "interaction_required"),
        90002 | 90014 | 50059 => (400, "invalid_request"),
        70011 => (400, "invalid_scope"),
        70003 => (400, "unsupported_grant_type"),
        70016 => (400, "authorization_pending"),
        70018 => (400, "bad_verification_code"),
        70020 => (400, "expired_token"),
        65004 => (400, "authorization_declined"),
        90033 => (503, "temporarily_unavailable"),
        _ => (400, "invalid_grant"),
    }
}

fn suberror(code: u32) -> Option<&'static str> {
    match code {
        50072 | 50074 | 50076 | 50079 => Some("basic_action"),
        53003 => Some("message_only"),
        65001 => Some("consent_required"),
        _ => None,
    }
}

fn text(code: u32, about: &About) -> String {
    let About { tenant, client_id, resource, user, parameter } = about;
    const MOVED: &str =
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must";
    match code {
        50001 => format!("The resource named {resource} is disabled or was not found in the tenant named {tenant}."),
        50020 => format!(
            "User account '{user}' from an identity provider does not exist in tenant '{tenant}' and cannot access the application '{client_id}' in that tenant."
        ),
        50034 => format!(
            "The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory."
        ),
        50053 => "The account is locked, you've tried to sign in too many times with an incorrect user ID or password."
            .into(),
        50055 => "The password is expired.".into(),
        50057 => "The user account is disabled.".into(),
        50059 => {
            "No tenant-identifying information found in either the request or implied by any provided credentials."
                .into()
        }
        50072 | 50079 => format!("{MOVED} enroll in multi-factor authentication to access '{resource}'."),
        50074 => "Strong Authentication is required.".into(),
        50076 => format!("{MOVED} use multi-factor authentication to access '{resource}'."),
        50105 => format!(
            "Your administrator has configured the application '{client_id}' to block users unless they are specifically granted ('assigned') access to the application."
        ),
        50126 => "Error validating credentials due to invalid username or password.".into(),
        50144 => "User's Active Directory password has expired.".into(),
        50173 => "The provided grant has expired due to it being revoked, a fresh auth token is needed.".into(),
        50196 => "The server terminated an operation because it encountered a client request loop.".into(),
        53003 => {
            "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance."
                .into()
        }
        65001 => format!(
            "The user or administrator has not consented to use the application with ID '{client_id}' named 'practice'. Send an interactive authorization request for this user and resource."
        ),
        65004 => "User declined to consent to access the app.".into(),
        70016 => "OAuth 2.0 device flow error. Authorization is pending. Continue polling.".into(),
        70018 => "Invalid verification code due to User typing in wrong user code for device code flow.".into(),
        70020 => "The provided value for the input parameter 'device_code' is not valid. This device code has expired."
            .into(),
        70021 => "No matching federated identity record found for presented assertion.".into(),
        700_024 => "Client assertion is not within its valid time range.".into(),
        70008 | 700_082 => "The refresh token has expired due to inactivity.".into(),
        70011 => format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {resource} is not valid."
        ),
        90002 => format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        ),
        90014 => format!("The required field '{parameter}' is missing from the credential."),
        90033 => "A transient error has occurred. Please try again.".into(),
        500_011 => format!(
            "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."
        ),
        500_014 => format!("The service principal for resource '{resource}' is disabled."),
        70003 => "The grant type is not supported.".into(),
        700_016 => format!(
            "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant."
        ),
        700_025 => "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.".into(),
        7_000_112 => format!("Application '{client_id}' is disabled."),
        7_000_215 => format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client_id}'."
        ),
        7_000_218 => {
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.".into()
        }
        7_000_222 => format!("The provided client secret keys for app '{client_id}' are expired."),
        _ => "The request was refused.".into(),
    }
}
