//! What a client needs to sign in at this start.

use serde::Serialize;

use super::options::Options;
use super::rng::Rng;

/// What a client needs to sign in. As JSON it is the first line that the practice command prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInDetails {
    /// `servicenow`
    pub partner: &'static str,
    /// The instance's address.
    pub url: String,
    /// The integration user.
    pub username: String,
    /// Its password, good for this start only.
    pub password: String,
    /// The OAuth application's id.
    pub client_id: String,
    /// The OAuth application's secret, good for this start only.
    pub client_secret: String,
    /// A user to whom every table is open; it signs in with the integration user's password.
    pub admin: String,
    /// Where the instance takes orders: faults, playback, edits.
    pub control: String,
}

impl SignInDetails {
    /// The details for an instance at this address.
    pub(crate) fn new(url: String, options: &Options) -> Self {
        let mut rng = Rng::unforeseen();
        let fresh =
            |rng: &mut Rng| (format!("practice-password-{}", rng.hex(8)), format!("practice-secret-{}", rng.hex(8)));
        let (password, client_secret) = options.fixed_secrets.clone().unwrap_or_else(|| fresh(&mut rng));
        Self {
            partner: "servicenow",
            control: format!("{url}/practice"),
            url,
            username: "azure.integration".into(),
            password,
            client_id: Rng::new(options.seed).hex(32),
            client_secret,
            admin: "practice.admin".into(),
        }
    }

    /// The details as one line of JSON.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
