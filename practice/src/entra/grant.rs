//! What a token request is answered with.

use serde_json::{Map, Value, json};

use super::bearer::{Bearer, Refreshes};
use super::device;
use super::directory::{Application, Resource, Tenant, TokenVersion};
use super::refusal::{About, Refusal};
use super::state::Inner;

/// Refresh tokens live for 90 days without use.
const REFRESH_LIFE: i64 = 90 * 86_400;

/// What a signed assertion is called in the form (RFC 7523, 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// So many wrong passwords lock an account.
const LOCK_AFTER: u32 = 10;

/// A token request.
pub(super) struct Ask<'a> {
    /// The tenant in the path.
    pub(super) tenant: &'a str,
    /// 1 or 2.
    pub(super) endpoint: u8,
    /// The form.
    pub(super) form: &'a [(String, String)],
}

pub(super) type Checked<T> = Result<T, Box<Refusal>>;

/// To whom a token goes, and for what.
pub(super) struct Grantee {
    pub(super) tenant: String,
    pub(super) app_id: String,
    pub(super) object_id: String,
    pub(super) user: Option<String>,
    pub(super) resource: Resource,
    pub(super) asked: String,
    pub(super) refreshable: bool,
}

impl Ask<'_> {
    /// A field of the form; empty if it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// What it asks for: `resource`, or the resource within `scope`.
    pub(super) fn resource(&self) -> String {
        if self.endpoint == 1 {
            return self.field("resource").to_owned();
        }
        let own = |scope: &&str| !matches!(*scope, "offline_access" | "openid" | "profile" | "email");
        let scope = self.field("scope").split_whitespace().find(own).unwrap_or_default();
        scope.rsplit_once('/').map(|(resource, _)| resource).unwrap_or_default().to_owned()
    }

    /// What a refusal of it speaks of.
    pub(super) fn about(&self) -> About {
        About {
            tenant: self.tenant.to_owned(),
            client_id: self.field("client_id").to_owned(),
            resource: self.resource(),
            user: self.field("username").to_owned(),
            parameter: String::new(),
        }
    }

    pub(super) fn refuse<T>(&self, code: u32) -> Checked<T> {
        Err(Box::new(Refusal::new(code, &self.about())))
    }

    pub(super) fn require(&self, parameter: &str) -> Checked<()> {
        if !self.field(parameter).is_empty() {
            return Ok(());
        }
        let about = About { parameter: parameter.to_owned(), ..self.about() };
        Err(Box::new(Refusal::new(90014, &about)))
    }

    /// The body of the answer.
    pub(super) fn answer(&self, inner: &mut Inner) -> Checked<Value> {
        self.require("grant_type")?;
        self.require("client_id")?;
        let now = inner.now;
        let grantee = match self.field("grant_type") {
            "client_credentials" => self.client_credentials(inner),
            "password" => self.password(inner),
            "refresh_token" => self.refresh(inner, now),
            device::GRANT => self.device(inner),
            _ => self.refuse(70003),
        }?;
        Ok(self.issue(inner, grantee, now))
    }

    pub(super) fn tenant<'s>(&self, inner: &'s mut Inner) -> Checked<&'s mut Tenant> {
        let any = matches!(self.tenant, "common" | "organizations" | "consumers");
        let found = match self.field("username") {
            _ if !any => inner.directory.tenant(self.tenant),
            "" => return self.refuse(50059),
            _ if self.tenant == "consumers" || (self.tenant == "common" && self.endpoint == 2) => {
                return self.refuse(50059);
            }
            name => inner.directory.tenant_of_user(name),
        };
        found.map_or_else(|| self.refuse(90002), Ok)
    }

    pub(super) fn application<'t>(&self, tenant: &'t Tenant) -> Checked<&'t Application> {
        match tenant.application(self.field("client_id")) {
            Some(application) => Ok(application),
            None => self.refuse(700_016),
        }
    }

    /// The secret or the assertion of a confidential client; a public one may not send any.
    pub(super) fn authenticate(&self, application: &Application) -> Checked<()> {
        let (given, assertion) = (self.field("client_secret"), self.field("client_assertion"));
        if !assertion.is_empty() {
            return self.check_assertion(application, assertion);
        }
        if application.federated && application.secret.is_none() {
            return self.refuse(7_000_218);
        }
        match &application.secret {
            None if given.is_empty() => Ok(()),
            None => self.refuse(700_025),
            Some(_) if given.is_empty() => self.refuse(7_000_218),
            Some(secret) if secret.value != given => self.refuse(7_000_215),
            Some(secret) if secret.expired => self.refuse(7_000_222),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn find_resource(&self, tenant: &Tenant, asked: &str) -> Checked<Resource> {
        match tenant.resource(asked) {
            _ if asked.is_empty() => self.refuse(if self.endpoint == 2 { 70011 } else { 90014 }),
            None => self.refuse(500_011),
            Some(resource) if resource.disabled => self.refuse(50001),
            Some(resource) => Ok(resource.clone()),
        }
    }

    /// Another issuer's token: the last one is good, those before it are over.
    fn check_assertion(&self, application: &Application, given: &str) -> Checked<()> {
        if self.field("client_assertion_type") != ASSERTION_TYPE {
            let about = About { parameter: "client_assertion_type".to_owned(), ..self.about() };
            return Err(Box::new(Refusal::new(90014, &about)));
        }
        if application.is_public() {
            return self.refuse(700_025);
        }
        let assertions = &application.assertions;
        match assertions.iter().position(|known| known == given) {
            Some(place) if place + 1 == assertions.len() => Ok(()),
            Some(_) => self.refuse(700_024),
            None => self.refuse(70021),
        }
    }

    fn client_credentials(&self, inner: &mut Inner) -> Checked<Grantee> {
        let tenant = self.tenant(inner)?;
        let application = self.application(tenant)?;
        if application.is_public() {
            return self.refuse(7_000_218);
        }
        self.authenticate(application)?;
        let asked = self.resource();
        if self.endpoint == 2 && !self.field("scope").ends_with("/.default") {
            return self.refuse(70011);
        }
        let (app_id, resource) = (application.client_id.clone(), self.find_resource(tenant, &asked)?);
        let (tenant, object_id) = (tenant.id.clone(), application.object_id.clone());
        Ok(Grantee { tenant, app_id, object_id, user: None, resource, asked, refreshable: false })
    }

    fn password(&self, inner: &mut Inner) -> Checked<Grantee> {
        self.require("username")?;
        self.require("password")?;
        let tenant = self.tenant(inner)?;
        let application = self.application(tenant)?.clone();
        self.authenticate(&application)?;
        let asked = self.resource();
        let resource = self.find_resource(tenant, &asked)?;
        let (user, object_id) = self.user(tenant, &resource)?;
        if !application.consented {
            return self.refuse(65001);
        }
        let refreshable =
            self.endpoint == 1 || self.field("scope").split_whitespace().any(|one| one == "offline_access");
        let (tenant, app_id) = (tenant.id.clone(), application.client_id);
        Ok(Grantee { tenant, app_id, object_id, user: Some(user), resource, asked, refreshable })
    }

    fn user(&self, tenant: &mut Tenant, resource: &Resource) -> Checked<(String, String)> {
        let Some(user) = tenant.user(self.field("username")) else { return self.refuse(50034) };
        if user.failures >= LOCK_AFTER {
            return self.refuse(50053);
        }
        if user.password != self.field("password") {
            user.failures += 1;
            return self.refuse(50126);
        }
        user.failures = 0;
        match user.refused_with {
            Some(code) => self.refuse(code),
            None if resource.assignment_required && !user.assigned => self.refuse(50105),
            None => Ok((user.name.clone(), user.id.clone())),
        }
    }

    fn refresh(&self, inner: &mut Inner, now: i64) -> Checked<Grantee> {
        self.require("refresh_token")?;
        let held = inner.book.refresh(self.field("refresh_token")).cloned();
        let tenant = match &held {
            Some(held) if matches!(self.tenant, "common" | "organizations") => inner.directory.tenant(&held.tenant),
            _ => inner.directory.tenant(self.tenant),
        };
        let Some(tenant) = tenant else { return self.refuse(90002) };
        let application = self.application(tenant)?.clone();
        self.authenticate(&application)?;
        let Some(held) = held.filter(|held| held.tenant == tenant.id && held.app_id == application.client_id) else {
            return self.refuse(50173);
        };
        if held.expires <= now {
            return self.refuse(700_082);
        }
        let asked = Some(self.resource()).filter(|asked| !asked.is_empty()).unwrap_or(held.resource);
        let resource = self.find_resource(tenant, &asked)?;
        let object_id = match tenant.user(&held.user) {
            None => return self.refuse(50034),
            Some(user) => match user.refused_with {
                Some(code) => return self.refuse(code),
                None => user.id.clone(),
            },
        };
        let (tenant, app_id, user) = (tenant.id.clone(), application.client_id, Some(held.user));
        Ok(Grantee { tenant, app_id, object_id, user, resource, asked, refreshable: true })
    }

    fn issue(&self, inner: &mut Inner, to: Grantee, now: i64) -> Value {
        let life = inner.life;
        let access = inner.book.issue(bearer(&inner.url, &to, now + life), now);
        let mut body = Map::new();
        body.insert("token_type".into(), json!("Bearer"));
        if to.user.is_some() {
            body.insert("scope".into(), json!(self.granted_scope(&to)));
        }
        // The first endpoint writes its numbers as texts.
        let number = |value: i64| if self.endpoint == 1 { json!(value.to_string()) } else { json!(value) };
        body.insert("expires_in".into(), number(life));
        body.insert("ext_expires_in".into(), number(life));
        if self.endpoint == 1 {
            body.insert("expires_on".into(), number(now + life));
            body.insert("not_before".into(), number(now - 300));
            body.insert("resource".into(), json!(to.asked));
        }
        body.insert("access_token".into(), json!(access));
        if let Some(user) = to.user.filter(|_| to.refreshable) {
            let Grantee { tenant, app_id, asked: resource, .. } = to;
            let expires = now + REFRESH_LIFE;
            let token = inner.book.issue_refresh(Refreshes { tenant, app_id, user, resource, expires });
            body.insert("refresh_token".into(), json!(token));
        }
        Value::Object(body)
    }

    fn granted_scope(&self, to: &Grantee) -> String {
        if self.endpoint == 1 { "user_impersonation".into() } else { format!("{}/user_impersonation", to.asked) }
    }
}

pub(super) fn bearer(url: &str, to: &Grantee, expires: i64) -> Bearer {
    let version = to.resource.accepts;
    let (issuer, audience) = match version {
        TokenVersion::V1 => (format!("https://sts.windows.net/{}/", to.tenant), to.asked.clone()),
        TokenVersion::V2 => (format!("{url}/{}/v2.0", to.tenant), to.resource.app_id.clone()),
    };
    let (tenant, app_id, user) = (to.tenant.clone(), to.app_id.clone(), to.user.clone());
    Bearer { tenant, audience, app_id, object_id: to.object_id.clone(), user, version, issuer, expires }
}
