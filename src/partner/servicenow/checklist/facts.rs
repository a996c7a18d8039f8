//! Facts read from the instance, each queried once. No rows means "absent" only if the viewer can see other rows of the same
//! kind; otherwise it means "hidden".

use jiff::Timestamp;
use serde_json::Value as Json;

use super::roles::{self, Roles};
use crate::model::check::UserUnfit;
use crate::model::checklist::Evidence;
use crate::model::fault::Fault;
use crate::partner::servicenow::lookup::{self, Ask, is_hidden};
use crate::partner::servicenow::session::Session;
use crate::partner::servicenow::steps::unfit;
use crate::partner::servicenow::{ServiceNow, query};

/// The store app's scope.
const APP_SCOPE: &str = "x_mioms_microsoft";

/// A table that the app adds: its existence is visible to every user.
const APP_TABLE: &str = "x_mioms_microsoft_oms_incident";

/// A table that Event Management adds.
const EVENT_TABLE: &str = "em_event";

/// Properties that are of use here.
const PROPERTIES: &str = "nameINcom.snc.platform.security.oauth.is.active,\
    glide.oauth.inbound.ropc.grant_type.disabled,glide.oauth.inbound.client.credential.grant_type.enabled,\
    glide.buildtag,glide.buildname,glide.war";

/// Who reads, and from which connection.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// The connection.
    pub partner: &'a ServiceNow,
    /// Whose bearer token.
    pub session: &'a Session,
    /// The admin's user name, if it is one.
    pub admin: Option<&'a str>,
    /// When the viewer signed in.
    pub signed_in_at: Timestamp,
}

/// A fact about the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen<T> {
    /// It exists.
    Found(T),
    /// It would be visible, and does not exist.
    Absent,
    /// It may exist, hidden from the viewer.
    Hidden,
}

/// A fact with its evidence.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// The fact, or why no answer came.
    pub seen: Result<Seen<T>, Fault>,
    /// The questions and answers.
    pub evidence: Vec<Evidence>,
}

/// The integration user's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub sys_id: String,
    /// Its name as stored.
    pub user_name: String,
    /// Why the user cannot be used, if the record shows it.
    pub unfit: Option<UserUnfit>,
    /// Whether the user is locked out, if readable.
    pub locked_out: Option<bool>,
    /// Whether a password reset is pending, if readable.
    pub password_needs_reset: Option<bool>,
    /// Whether the columns that show that the user is usable were visible.
    pub whole: bool,
}

/// The application registry entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its id.
    pub sys_id: String,
    /// Its name.
    pub name: String,
    /// Whether it is active, if readable.
    pub active: Option<bool>,
    /// The lifetime of its refresh tokens in seconds, if readable.
    pub lifespan: Option<i64>,
}

/// The app: its version, and whether it is switched on, if readable.
pub type App = (Option<String>, Option<bool>);

/// The facts read so far.
pub struct Facts<'a> {
    /// Who reads.
    pub viewer: Viewer<'a>,
    user: Option<Reading<User>>,
    entity: Option<Reading<Entity>>,
    properties: Option<Reading<Vec<Json>>>,
    roles: Option<Reading<Roles>>,
    defined: Option<Reading<Vec<String>>>,
}

impl<'a> Facts<'a> {
    /// Nothing yet.
    pub fn new(viewer: Viewer<'a>) -> Self {
        Self { viewer, user: None, entity: None, properties: None, roles: None, defined: None }
    }

    /// The integration user.
    pub async fn user(&mut self) -> Reading<User> {
        if self.user.is_none() {
            self.user = Some(user(self.viewer).await);
        }
        self.user.clone().unwrap_or_else(nothing)
    }

    /// The application.
    pub async fn entity(&mut self) -> Reading<Entity> {
        if self.entity.is_none() {
            self.entity = Some(entity(self.viewer).await);
        }
        self.entity.clone().unwrap_or_else(nothing)
    }

    /// The rows of the properties that are of use here.
    pub async fn properties(&mut self) -> Reading<Vec<Json>> {
        if self.properties.is_none() {
            self.properties = Some(properties(self.viewer).await);
        }
        self.properties.clone().unwrap_or_else(nothing)
    }

    /// The integration user's roles.
    pub async fn roles(&mut self) -> Reading<Roles> {
        if self.roles.is_none() {
            let user = self.user().await;
            self.roles = Some(roles::roles(self.viewer, &user).await);
        }
        self.roles.clone().unwrap_or_else(nothing)
    }

    /// Which of the needed roles do not exist on the instance.
    pub async fn undefined_roles(&mut self) -> Reading<Vec<String>> {
        if self.defined.is_none() {
            self.defined = Some(roles::undefined(self.viewer).await);
        }
        self.defined.clone().unwrap_or_else(nothing)
    }
}

fn nothing<T>() -> Reading<T> {
    Reading { seen: Ok(Seen::Hidden), evidence: Vec::new() }
}

/// The fact, where a refusal means hidden.
pub fn unless_hidden<T>(found: Result<Seen<T>, Fault>, evidence: Vec<Evidence>) -> Reading<T> {
    let seen = match found {
        Err(fault) if is_hidden(&fault) && !no_api_access(&fault) => Ok(Seen::Hidden),
        seen => seen,
    };
    Reading { seen, evidence }
}

/// Whether a refusal means that the user may not use the REST interface at all ("API level ACL").
pub fn no_api_access(fault: &Fault) -> bool {
    matches!(fault, Fault::Forbidden { detail, .. } if detail.contains("Failed API level ACL Validation"))
}

/// Reads the integration user.
pub async fn user(viewer: Viewer<'_>) -> Reading<User> {
    let mut evidence = Vec::new();
    let found = find_user(viewer, &mut evidence).await;
    unless_hidden(found, evidence)
}

async fn find_user(viewer: Viewer<'_>, evidence: &mut Vec<Evidence>) -> Result<Seen<User>, Fault> {
    let wanted = &viewer.partner.connection.username;
    let query = format!("user_name={}", query::safe("sys_user", wanted)?);
    let fields = "sys_id,user_name,active,locked_out,password_needs_reset";
    let ask = Ask { table: "sys_user", query: &query, fields, limit: 10 };
    let found = lookup::noted(viewer.session, ask, evidence).await?;
    // A condition that is not allowed is ignored, and then other people's rows come.
    if let Some(row) = found.rows.iter().find(|row| lookup::same(row, "user_name", wanted)) {
        return Ok(Seen::Found(User {
            sys_id: lookup::text(row, "sys_id").unwrap_or_default(),
            user_name: lookup::text(row, "user_name").unwrap_or_default(),
            unfit: unfit(row),
            locked_out: lookup::flag(row, "locked_out"),
            password_needs_reset: lookup::flag(row, "password_needs_reset"),
            whole: lookup::flag(row, "active").is_some(),
        }));
    }
    let Some(admin) = viewer.admin.filter(|_| !found.some_hidden()) else { return Ok(Seen::Hidden) };
    let query = format!("user_name!={}", query::safe("sys_user", admin)?);
    let ask = Ask { table: "sys_user", query: &query, fields: "user_name", limit: 1 };
    let others = lookup::noted(viewer.session, ask, evidence).await?;
    let seen = others.rows.iter().any(|row| lookup::text(row, "user_name").is_some_and(|name| name != admin));
    Ok(if seen { Seen::Absent } else { Seen::Hidden })
}

/// Reads the application registry entry.
pub async fn entity(viewer: Viewer<'_>) -> Reading<Entity> {
    let mut evidence = Vec::new();
    let found = find_entity(viewer, &mut evidence).await;
    unless_hidden(found, evidence)
}

async fn find_entity(viewer: Viewer<'_>, evidence: &mut Vec<Evidence>) -> Result<Seen<Entity>, Fault> {
    let wanted = &viewer.partner.connection.client_id;
    let query = format!("client_id={}", query::safe("oauth_entity", wanted)?);
    let fields = "sys_id,name,client_id,active,refresh_token_lifespan";
    let ask = Ask { table: "oauth_entity", query: &query, fields, limit: 2 };
    let found = lookup::noted(viewer.session, ask, evidence).await?;
    let row = found.rows.iter().find(|row| row["client_id"].as_str() == Some(wanted));
    // It issued the token of this request, so it is never absent.
    Ok(row.map_or(Seen::Hidden, |row| {
        Seen::Found(Entity {
            sys_id: lookup::text(row, "sys_id").unwrap_or_default(),
            name: lookup::text(row, "name").unwrap_or_default(),
            active: lookup::flag(row, "active"),
            lifespan: seconds(row),
        })
    }))
}

fn seconds(row: &Json) -> Option<i64> {
    row["refresh_token_lifespan"].as_str()?.replace(',', "").trim().parse().ok().filter(|seconds| *seconds > 0)
}

async fn properties(viewer: Viewer<'_>) -> Reading<Vec<Json>> {
    let mut evidence = Vec::new();
    let ask = Ask { table: "sys_properties", query: PROPERTIES, fields: "name,value", limit: 20 };
    let found = lookup::noted(viewer.session, ask, &mut evidence).await;
    let found = found.map(|found| if found.rows.is_empty() { Seen::Hidden } else { Seen::Found(found.rows) });
    unless_hidden(found, evidence)
}

/// A property among those rows. Each has its own read roles, so only an admin who sees others sees its absence.
pub fn property(rows: &Seen<Vec<Json>>, name: &str, admin: bool) -> Seen<String> {
    let Seen::Found(rows) = rows else { return Seen::Hidden };
    let row = rows.iter().find(|row| row["name"].as_str() == Some(name));
    match row.and_then(|row| lookup::text(row, "value")) {
        Some(value) => Seen::Found(value),
        None if admin && row.is_none() => Seen::Absent,
        None => Seen::Hidden,
    }
}

/// Reads the app from the list of installed apps, or else by the table that it adds.
pub async fn app(viewer: Viewer<'_>) -> Reading<App> {
    let mut evidence = Vec::new();
    let query = format!("scope={APP_SCOPE}");
    let ask = Ask { table: "sys_store_app", query: &query, fields: "scope,version,active", limit: 5 };
    match lookup::noted(viewer.session, ask, &mut evidence).await {
        Ok(found) => {
            if let Some(row) = found.rows.iter().find(|row| row["scope"].as_str() == Some(APP_SCOPE)) {
                let app = (lookup::text(row, "version"), lookup::flag(row, "active"));
                return Reading { seen: Ok(Seen::Found(app)), evidence };
            }
        }
        Err(fault) if is_hidden(&fault) || matches!(fault, Fault::NoSuchTable { .. }) => {}
        Err(fault) => return Reading { seen: Err(fault), evidence },
    }
    let there = exists(viewer, APP_TABLE, &mut evidence).await;
    unless_hidden(there.map(|there| if there { Seen::Found((None, None)) } else { Seen::Absent }), evidence)
}

/// Whether Event Management is installed.
pub async fn event_management(viewer: Viewer<'_>) -> Reading<()> {
    let mut evidence = Vec::new();
    let there = exists(viewer, EVENT_TABLE, &mut evidence).await;
    unless_hidden(there.map(|there| if there { Seen::Found(()) } else { Seen::Absent }), evidence)
}

/// Whether a table exists. A table that may not be read exists too, unless this user may read nothing at all.
async fn exists(viewer: Viewer<'_>, table: &str, evidence: &mut Vec<Evidence>) -> Result<bool, Fault> {
    let ask = Ask { table, query: "", fields: "sys_id", limit: 1 };
    match lookup::noted(viewer.session, ask, evidence).await {
        Ok(_) => Ok(true),
        Err(Fault::NoSuchTable { .. }) => Ok(false),
        Err(fault) if is_hidden(&fault) && !no_api_access(&fault) => Ok(true),
        Err(fault) => Err(fault),
    }
}
