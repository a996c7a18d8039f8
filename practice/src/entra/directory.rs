//! What is registered: tenants, and in each its resources, applications and users.

use serde::{Deserialize, Serialize};

use crate::core::rng::stable_guid;

/// Everything that is registered at one authority.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The tenants.
    pub tenants: Vec<Tenant>,
}

/// One tenant. Requests name it by its id or its domain.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id, a GUID.
    pub id: String,
    /// Its first domain, such as `practice.example`.
    pub domain: String,
    /// The APIs that have a service principal in it.
    pub resources: Vec<Resource>,
    /// The registered applications.
    pub applications: Vec<Application>,
    /// The users.
    pub users: Vec<User>,
}

/// An API for which tokens are given.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its application id, a GUID.
    pub app_id: String,
    /// Its identifier URIs. A trailing slash makes no difference in asking; the token carries what was asked for.
    pub uris: Vec<String>,
    /// The form of the tokens it accepts (`accessTokenAcceptedVersion`). It decides the tokens' issuer and audience,
    /// whichever endpoint was asked.
    pub accepts: TokenVersion,
    /// Whether it is switched off: AADSTS50001.
    pub disabled: bool,
    /// Whether only users that are assigned get tokens: else AADSTS50105.
    pub assignment_required: bool,
}

/// The form of an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenVersion {
    /// Issuer `https://sts.windows.net/{tenant}/`, audience as it was asked for.
    V1,
    /// Issuer `{authority}/{tenant}/v2.0`, audience the application id of the resource.
    V2,
}

/// A registered application.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its client id, a GUID.
    pub client_id: String,
    /// The object id of its service principal (`oid`), which is what a role is assigned to.
    pub object_id: String,
    /// Its secret; one without secret and federated credential is a public client.
    pub secret: Option<ApplicationSecret>,
    /// The tokens of another issuer with which it may sign in (workload identity); only the last of them is still good.
    pub assertions: Vec<String>,
    /// Whether another issuer's tokens are taken at all: its federated credential.
    pub federated: bool,
    /// Whether somebody has consented to it: else users get AADSTS65001.
    pub consented: bool,
}

/// A client secret.
#[derive(Debug, Clone)]
pub struct ApplicationSecret {
    /// Its value.
    pub value: String,
    /// Its id, which people like to paste in the value's place.
    pub id: String,
    /// Whether it is over: AADSTS7000222.
    pub expired: bool,
}

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user principal name, such as `ines@practice.example`.
    pub name: String,
    /// The object id, a GUID.
    pub id: String,
    /// The password.
    pub password: String,
    /// The AADSTS code with which a sign-in with the right password is refused nevertheless, such as 50076.
    pub refused_with: Option<u32>,
    /// Whether the user is assigned to the resource.
    pub assigned: bool,
    /// Wrong passwords since the last right one; ten of them lock the account (AADSTS50053).
    pub failures: u32,
}

impl Resource {
    /// An API with one identifier URI and tokens of the first form, as most have.
    pub fn new(app_id: impl Into<String>, uri: impl Into<String>) -> Self {
        Self {
            app_id: app_id.into(),
            uris: vec![uri.into()],
            accepts: TokenVersion::V1,
            disabled: false,
            assignment_required: false,
        }
    }

    pub(super) fn is(&self, asked: &str) -> bool {
        let plain = |uri: &str| uri.strip_suffix('/').unwrap_or(uri).to_ascii_lowercase();
        self.app_id == asked || self.uris.iter().any(|uri| plain(uri) == plain(asked))
    }
}

impl Application {
    /// A confidential client that has been consented to.
    pub fn confidential(client_id: impl Into<String>, secret: impl Into<String>, secret_id: impl Into<String>) -> Self {
        let secret = ApplicationSecret { value: secret.into(), id: secret_id.into(), expired: false };
        Self { secret: Some(secret), ..Self::public(client_id) }
    }

    /// A public client that has been consented to.
    pub fn public(client_id: impl Into<String>) -> Self {
        let client_id = client_id.into();
        let object_id = stable_guid("service principal", &client_id);
        Self { client_id, object_id, secret: None, assertions: Vec::new(), federated: false, consented: true }
    }

    /// A workload that signs in with another issuer's tokens, such as a Kubernetes cluster's.
    pub fn workload(client_id: impl Into<String>) -> Self {
        Self { federated: true, ..Self::public(client_id) }
    }

    /// Whether it can prove nothing about itself.
    pub(super) fn is_public(&self) -> bool {
        self.secret.is_none() && !self.federated
    }
}

impl User {
    /// A user that may sign in.
    pub fn new(name: impl Into<String>, id: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: id.into(),
            password: password.into(),
            refused_with: None,
            assigned: true,
            failures: 0,
        }
    }
}

impl Directory {
    pub(super) fn tenant(&mut self, named: &str) -> Option<&mut Tenant> {
        let named = named.to_ascii_lowercase();
        self.tenants.iter_mut().find(|tenant| tenant.id == named || tenant.domain == named)
    }

    pub(super) fn tenant_of_user(&mut self, name: &str) -> Option<&mut Tenant> {
        let domain = name.rsplit_once('@')?.1.to_ascii_lowercase();
        self.tenants.iter_mut().find(|tenant| tenant.domain == domain)
    }
}

impl Tenant {
    /// A tenant with nothing in it; its id and its domain, such as `contoso.practice.example`, come from the name.
    pub fn practice(name: &str) -> Self {
        Self {
            id: stable_guid("tenant", name),
            domain: format!("{name}.practice.example"),
            resources: Vec::new(),
            applications: Vec::new(),
            users: Vec::new(),
        }
    }

    pub(super) fn application(&self, client_id: &str) -> Option<&Application> {
        self.applications.iter().find(|app| app.client_id.eq_ignore_ascii_case(client_id))
    }

    pub(super) fn resource(&self, asked: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.is(asked))
    }

    pub(super) fn user(&mut self, name: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.name.eq_ignore_ascii_case(name))
    }
}
