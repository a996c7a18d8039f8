//! What a client needs to sign in at this start, and what is registered for it.

use super::options::Options;
use crate::SignInDetails;
use crate::core::rng::{Rng, stable_guid};
use crate::entra::{Application, Authority, Directory, Resource, Tenant, User};

/// Dataverse's application id, the same in every tenant.
const DATAVERSE: &str = "00000007-0000-0000-c000-000000000000";

/// The tenant of the environment.
pub(crate) const TENANT: &str = "contoso";

/// Another tenant, with the same registrations.
pub(crate) const OTHER: &str = "fabrikam";

/// The client ID of the confidential application.
pub(crate) fn client_id() -> String {
    stable_guid("application", "itsmc")
}

/// The client ID of the public application.
pub(crate) fn public_client_id() -> String {
    stable_guid("application", "itsmc public")
}

/// The details for an environment at this address.
pub(crate) fn details(url: &str, options: &Options) -> SignInDetails {
    let mut rng = Rng::unforeseen();
    // Punctuation, as Entra's own generator makes it, has to survive the form.
    let fresh = |rng: &mut Rng| (format!("practice pass&word+{}", rng.hex(8)), format!("pr8Q~a+b/c&d=%{}", rng.hex(8)));
    let (password, client_secret) = options.fixed_secrets.clone().unwrap_or_else(|| fresh(&mut rng));
    let tenant = Tenant::practice(TENANT);
    SignInDetails {
        partner: "provance",
        url: url.to_owned(),
        username: format!("azure.integration@{}", tenant.domain),
        password,
        client_id: client_id(),
        client_secret,
        tenant: tenant.domain,
        authority: url.to_owned(),
        control: format!("{url}/practice"),
        ..SignInDetails::default()
    }
}

/// The authority that knows these details, in both tenants.
pub(crate) fn authority(details: &SignInDetails) -> Authority {
    let tenants = [TENANT, OTHER].map(|name| tenant(name, details));
    Authority::new(details.url.clone(), Directory { tenants: tenants.into() })
}

fn tenant(name: &str, details: &SignInDetails) -> Tenant {
    let mut tenant = Tenant::practice(name);
    tenant.resources.push(Resource::new(DATAVERSE, details.url.clone()));
    let secret_id = stable_guid("secret", "itsmc");
    tenant.applications.push(Application::confidential(client_id(), details.client_secret.clone(), secret_id));
    tenant.applications.push(Application::public(public_client_id()));
    let user = format!("azure.integration@{}", tenant.domain);
    tenant.users.push(User::new(user, stable_guid("user", name), details.password.clone()));
    tenant
}
