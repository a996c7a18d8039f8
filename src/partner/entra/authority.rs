//! Where a password or a secret may be sent.

use crate::model::fault::Fault;
use crate::model::url::ServerUrl;

/// Hosts of Microsoft's clouds that give out tokens. Nothing else gets a password or a secret, whoever names it.
pub const HOSTS: [&str; 4] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.windows.net"];

/// The authority where nothing else is known.
pub const DEFAULT: &str = "https://login.microsoftonline.com";

/// The code of the fault for an authority that is none of [`HOSTS`].
pub const NOT_ALLOWED: &str = "authority-not-allowed";

/// The code of the fault where no tenant is known.
pub const NO_TENANT: &str = "tenant-missing";

/// An authority to which secrets may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority(ServerUrl);

impl Authority {
    /// The authority at this URL, of which only scheme, host and port count. Beside Microsoft's own only this machine is
    /// taken, without TLS, and only where the product itself is a practice server on it.
    ///
    /// # Errors
    /// [`Fault::SignInImpossible`] with [`NOT_ALLOWED`].
    pub fn allowed(url: &str, product: &ServerUrl) -> Result<Self, Fault> {
        let refused = || impossible(product.host(), NOT_ALLOWED, &crate::model::clean::clean(url, false));
        // A bare name is no URL here: completed with a scheme, a typing error would pass for a host.
        let base = url.contains("://").then(|| ServerUrl::parse(url, &[]).ok()).flatten().ok_or_else(refused)?.0;
        let microsoft = base.is_tls() && base.port() == 443 && HOSTS.contains(&base.host().as_str());
        let practice = base.is_practice() && product.is_practice();
        if microsoft || practice { Ok(Self(base)) } else { Err(refused()) }
    }

    /// The authority of the public cloud.
    ///
    /// # Errors
    /// Never in fact: as [`Authority::allowed`].
    pub fn public(product: &ServerUrl) -> Result<Self, Fault> {
        Self::allowed(DEFAULT, product)
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
/// [`Fault::SignInImpossible`] with [`NO_TENANT`].
pub fn tenant<'a>(named: &'a str, authority: &Authority) -> Result<&'a str, Fault> {
    let named = named.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let any = ["common", "consumers"].iter().any(|any| named.eq_ignore_ascii_case(any));
    if named.is_empty() || any || !named.chars().all(fits) || !named.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(impossible(authority.0.host(), NO_TENANT, &crate::model::clean::clean(named, false)));
    }
    Ok(named)
}

fn impossible(host: String, code: &str, detail: &str) -> Fault {
    Fault::SignInImpossible { host, code: code.to_owned(), detail: detail.to_owned(), correlation_id: None }
}
