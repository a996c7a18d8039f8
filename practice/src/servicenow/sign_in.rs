//! What a client needs to sign in at this start.

use super::options::Options;
use crate::SignInDetails;
use crate::core::rng::Rng;

/// The details for an instance at this address.
pub(crate) fn details(url: String, options: &Options) -> SignInDetails {
    let mut rng = Rng::unforeseen();
    let fresh =
        |rng: &mut Rng| (format!("practice-password-{}", rng.hex(8)), format!("practice-secret-{}", rng.hex(8)));
    let (password, client_secret) = options.fixed_secrets.clone().unwrap_or_else(|| fresh(&mut rng));
    SignInDetails {
        partner: "servicenow",
        control: format!("{url}/practice"),
        url,
        username: "azure.integration".into(),
        password,
        client_id: Rng::new(options.seed).hex(32),
        client_secret,
        admin: "practice.admin".into(),
        ..SignInDetails::default()
    }
}
