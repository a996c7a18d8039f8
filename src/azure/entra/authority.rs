//! Where a password or a secret may be sent.

use crate::model::clean::clean;
use crate::model::fault::{Fault, FormProblem};
use crate::model::form::{FieldId, FieldProblem};
use crate::model::url::ServerUrl;

/// Hosts of Microsoft's clouds that give out tokens. Nothing else gets a password or a secret, whoever names it.
pub const HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.windows.net"];

/// The authority where nothing else is known.
pub const DEFAULT: &str = "https://login.microsoftonline.com";

/// An authority to which secrets may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority(ServerUrl);

impl Authority {
    /// The authority at this URL, of which only scheme, host and port count. Beside Microsoft's own only this machine is
    /// taken, without TLS, and only where the product itself is a practice server on it.
    ///
    /// `None` for any other.
    pub fn allowed(url: &str, product: &ServerUrl) -> Option<Self> {
        // A bare name is no URL here: completed with a scheme, a typing error would pass for a host.
        let base = url.contains("://").then(|| ServerUrl::parse(url.trim(), &[]).ok())??.0;
        let microsoft = base.is_tls() && base.port() == 443 && HOSTS.contains(&base.host().as_str());
        let practice = base.is_practice() && product.is_practice();
        (microsoft || practice).then_some(Self(base))
    }

    /// The authority that was typed, or that of the public cloud where none was.
    ///
    /// # Errors
    /// [`Fault::BadForm`] for one that is not [allowed](Self::allowed).
    pub fn typed(url: Option<&str>, product: &ServerUrl) -> Result<Self, Fault> {
        let url = url.unwrap_or(DEFAULT);
        let known = HOSTS.map(|host| format!("https://{host}")).to_vec();
        let problem = FieldProblem::UnknownChoice { given: clean(url, false), known };
        Self::allowed(url, product).ok_or_else(|| bad_form(FieldId::Authority, problem))
    }

    /// The authority of a cloud that the config file names; the file's reader has checked it.
    pub fn of_cloud(cloud: &crate::model::cloud::Endpoints) -> Self {
        Self(cloud.authority.clone())
    }

    /// Its base URL.
    pub fn base(&self) -> &ServerUrl {
        &self.0
    }
}

/// A tenant as a path may name it: an id, a domain or `organizations`. `common` and `consumers` are none, since the
/// grants that need no browser are refused there.
///
/// # Errors
/// [`Fault::BadForm`] where it is missing or no tenant.
pub fn tenant(named: &str) -> Result<&str, Fault> {
    let named = named.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let any = ["common", "consumers"].iter().any(|any| named.eq_ignore_ascii_case(any));
    if named.is_empty() || any {
        Err(bad_form(FieldId::Tenant, FieldProblem::Missing))
    } else if !named.chars().all(fits) || !named.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Err(bad_form(FieldId::Tenant, FieldProblem::BadCharacters))
    } else {
        Ok(named)
    }
}

fn bad_form(field: FieldId, problem: FieldProblem) -> Fault {
    Fault::BadForm { problems: vec![FormProblem { field: Some(field), key: None, problem, line: None }] }
}
