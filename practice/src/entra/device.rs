//! Signing in on another device (RFC 8628): a code for the program, and one that a person types in a browser.

use serde_json::{Value, json};

use super::grant::{Ask, Checked, Grantee};
use super::refusal::Refusal;
use super::state::Inner;

/// The grant's name.
pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How the device codes of an authority behave.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeviceManners {
    /// Seconds between two questions; whoever asks sooner is told to slow down.
    pub(super) interval: i64,
    /// Seconds until a code is over.
    pub(super) life: i64,
}

impl Default for DeviceManners {
    fn default() -> Self {
        Self { interval: 5, life: 900 }
    }
}

/// What the person did with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing yet.
    Pending,
    /// Signed in, as this user.
    Approved(String),
    /// Said no.
    Declined,
}

/// A code that was given out.
#[derive(Debug, Clone)]
pub(super) struct DeviceCode {
    device_code: String,
    /// What the person types.
    pub(super) user_code: String,
    tenant: String,
    client_id: String,
    scope: String,
    /// From when on it is over.
    pub(super) expires: i64,
    /// Seconds between two questions, raised by five whenever the program is told to slow down.
    interval: i64,
    asked_at: Option<i64>,
    /// What the person did.
    pub(super) outcome: Outcome,
}

impl Ask<'_> {
    /// The body of the answer to a request for a code.
    pub(super) fn device_code(&self, inner: &mut Inner) -> Checked<Value> {
        self.require("client_id")?;
        self.require("scope")?;
        let tenant = match self.tenant {
            "common" | "organizations" => self.tenant.to_owned(),
            _ => {
                let tenant = self.tenant(inner)?;
                let (id, asked) = (tenant.id.clone(), self.resource());
                self.application(tenant)?;
                self.find_resource(tenant, &asked)?;
                id
            }
        };
        let DeviceManners { interval, life } = inner.device_manners;
        let code = DeviceCode {
            device_code: inner.rng.token(120),
            user_code: inner.rng.hex(9).to_ascii_uppercase(),
            tenant,
            client_id: self.field("client_id").to_owned(),
            scope: self.field("scope").to_owned(),
            expires: inner.now + life,
            interval,
            asked_at: None,
            outcome: Outcome::Pending,
        };
        let page = format!("{}/devicelogin", inner.url);
        let body = json!({
            "user_code": code.user_code, "device_code": code.device_code, "verification_uri": page,
            "expires_in": life, "interval": interval,
            "message": format!(
                "To sign in, use a web browser to open the page {page} and enter the code {} to authenticate.",
                code.user_code
            ),
        });
        inner.devices.push(code);
        Ok(body)
    }

    /// To whom a token goes for a code.
    pub(super) fn device(&self, inner: &mut Inner) -> Checked<Grantee> {
        self.require("device_code")?;
        let given = self.field("device_code").to_owned();
        let (client_id, now) = (self.field("client_id"), inner.now);
        let Some(place) =
            inner.devices.iter().position(|code| code.device_code == given && code.client_id == client_id)
        else {
            return self.refuse(70018);
        };
        let user = self.polled(&mut inner.devices[place], now)?;
        let code = inner.devices.remove(place);
        let any = matches!(code.tenant.as_str(), "common" | "organizations");
        let found = if any { inner.directory.tenant_of_user(&user) } else { inner.directory.tenant(&code.tenant) };
        let Some(tenant) = found else { return self.refuse(90002) };
        let Some(person) = tenant.user(&user).cloned() else { return self.refuse(50034) };
        if let Some(refused) = person.refused_with {
            return self.refuse(refused);
        }
        let application = self.application(tenant)?.client_id.clone();
        let form = [("scope".to_owned(), code.scope.clone())];
        let asked = Ask { tenant: self.tenant, endpoint: 2, form: &form }.resource();
        Ok(Grantee {
            tenant: tenant.id.clone(),
            app_id: application,
            object_id: person.id,
            user: Some(person.name),
            resource: self.find_resource(tenant, &asked)?,
            asked,
            refreshable: code.scope.split_whitespace().any(|one| one == "offline_access"),
        })
    }

    /// The user who approved the code.
    fn polled(&self, code: &mut DeviceCode, now: i64) -> Checked<String> {
        let soon = code.asked_at.is_some_and(|at| now - at < code.interval);
        code.asked_at = Some(now);
        if code.expires <= now {
            return self.refuse(70020);
        }
        match &code.outcome {
            Outcome::Approved(user) => Ok(user.clone()),
            Outcome::Declined => self.refuse(65004),
            Outcome::Pending if soon => {
                code.interval += 5;
                Err(Box::new(slow_down(self)))
            }
            Outcome::Pending => self.refuse(70016),
        }
    }
}

/// The refusal of whoever asks too often.
pub(super) fn slow_down(ask: &Ask<'_>) -> Refusal {
    Refusal { error: "slow_down", ..Refusal::new(70016, &ask.about()) }
}
