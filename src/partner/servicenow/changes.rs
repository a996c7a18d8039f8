//! The changes that fix a checklist: shown first, made one by one, and read back.
//!
//! Making something twice is no harm here: each change is held against what stands there first, so an order that
//! was cut off can simply be given again.

use jiff::Timestamp;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::admin::Admin;
use super::checklist::{Reading, Seen, User, Viewer, defined, entity, roles, user};
use super::errors;
use super::query;
use super::session::{self, Session};
use crate::model::check::UserUnfit;
use crate::model::fault::Fault;
use crate::model::fix::{Change, Done, Fix};
use crate::model::secret::Secret;
use crate::net::http::{Method, Reply};

/// What would change now.
///
/// # Errors
/// Why the instance could not be read, or why the fix is impossible.
pub async fn preview(viewer: Viewer<'_>, fix: &Fix) -> Result<Vec<Change>, Fault> {
    Ok(plan(viewer, fix).await?.into_iter().flat_map(|order| order.change).collect())
}

/// Makes the changes and looks again.
///
/// # Errors
/// What the instance refused, or [`Fault::NotApplied`] if it does not show a change that it took.
pub async fn apply(admin: &Admin, viewer: Viewer<'_>, fix: &Fix, password: Option<Secret>) -> Result<Done, Fault> {
    let orders = plan(viewer, fix).await?;
    let password = password.filter(|password| !password.is_empty());
    let sets_password = orders.iter().any(|order| order.sets_password);
    if sets_password && password.is_none() {
        return Err(Fault::BadUsage { what: "a password for the new user".to_owned() });
    }
    let (mut changes, mut record) = (Vec::new(), None);
    for order in orders {
        let path = order.path.clone().or(record.take()).ok_or_else(|| hidden("sys_user"))?;
        let set = password.as_ref().filter(|_| order.sets_password);
        record = send(viewer.session, &order, &path, set).await?;
        changes.extend(order.change);
    }
    if let Some(left) = plan(viewer, fix).await?.into_iter().flat_map(|order| order.change).next() {
        let detail = left.before.unwrap_or_default();
        return Err(Fault::NotApplied { what: format!("{} {} {}", left.table, left.record, left.column), detail });
    }
    if let Some(password) = password.as_ref().filter(|_| sets_password) {
        admin.try_password(password).await?;
    }
    Ok(Done { fix: fix.clone(), by: admin.name().to_owned(), changes, at: Timestamp::now() })
}

/// One request, and what it changes.
struct Order {
    method: Method,
    /// Where to; `None` for the record that the order before it made.
    path: Option<String>,
    body: Vec<(&'static str, String)>,
    /// Whether the new user's password goes with it.
    sets_password: bool,
    change: Vec<Change>,
}

/// The requests that are needed as things stand.
async fn plan(viewer: Viewer<'_>, fix: &Fix) -> Result<Vec<Order>, Fault> {
    match fix {
        Fix::CreateUser { user_name } => create_user(&user(viewer).await, user_name),
        Fix::FreeUser { user_name } => free_user(&user(viewer).await, user_name),
        Fix::GrantRoles { user_name, roles } => grant_roles(viewer, user_name, roles).await,
        Fix::SetLifespan { client_id, seconds } => set_lifespan(viewer, client_id, *seconds).await,
    }
}

fn create_user(found: &Reading<User>, user_name: &str) -> Result<Vec<Order>, Fault> {
    match &found.seen {
        Err(fault) => Err(fault.clone()),
        Ok(Seen::Hidden) => Err(hidden("sys_user")),
        Ok(Seen::Found(user)) if user.unfit == Some(UserUnfit::Inactive) => {
            let path = format!("/api/now/table/sys_user/{}", user.sys_id);
            Ok(vec![activate(user_name, Some(path), Some("false"))])
        }
        Ok(Seen::Found(_)) => Ok(Vec::new()),
        // Inactive until it has its password: cut off in between, it is seen to be unfinished.
        Ok(Seen::Absent) => Ok(vec![new_user(user_name), activate(user_name, None, None)]),
    }
}

fn free_user(found: &Reading<User>, user_name: &str) -> Result<Vec<Order>, Fault> {
    let user = match &found.seen {
        Ok(Seen::Found(user)) if !user.sys_id.is_empty() => user,
        Ok(Seen::Absent) => return Err(Fault::NotFound { what: format!("sys_user {user_name}") }),
        Ok(_) => return Err(hidden("sys_user")),
        Err(fault) => return Err(fault.clone()),
    };
    let flags = [("locked_out", user.locked_out), ("password_needs_reset", user.password_needs_reset)];
    if let Some((column, _)) = flags.iter().find(|(_, flag)| flag.is_none()) {
        return Err(hidden(&format!("sys_user.{column}")));
    }
    let set: Vec<_> = flags.into_iter().filter(|(_, flag)| *flag == Some(true)).map(|(column, _)| column).collect();
    if set.is_empty() {
        return Ok(Vec::new());
    }
    let change = |column: &&str| changed("sys_user", user_name, column, Some("true".to_owned()), "false");
    Ok(vec![Order {
        method: Method::PATCH,
        path: Some(format!("/api/now/table/sys_user/{}", query::encode(&user.sys_id))),
        change: set.iter().map(change).collect(),
        body: set.into_iter().map(|column| (column, "false".to_owned())).collect(),
        sets_password: false,
    }])
}

fn new_user(user_name: &str) -> Order {
    let body = [
        ("user_name", user_name),
        ("first_name", "Azure"),
        ("last_name", "Integration"),
        ("active", "false"),
        ("locked_out", "false"),
        ("web_service_access_only", "true"),
    ];
    let shown = body.iter().filter(|(column, _)| !matches!(*column, "active" | "locked_out"));
    let change = shown.map(|(column, after)| changed("sys_user", user_name, column, None, after)).collect();
    let body = body.into_iter().map(|(column, value)| (column, value.to_owned())).collect();
    Order { method: Method::POST, path: Some("/api/now/table/sys_user".into()), body, sets_password: false, change }
}

fn activate(user_name: &str, path: Option<String>, active: Option<&str>) -> Order {
    let body = [("active", "true".to_owned()), ("password_needs_reset", "false".to_owned())];
    let before = active.map(str::to_owned);
    let change = vec![
        changed("sys_user", user_name, "active", before.clone(), "true"),
        changed("sys_user", user_name, "user_password", before.map(|_| Change::MASKED.to_owned()), Change::MASKED),
    ];
    Order { method: Method::PATCH, path, body: body.into(), sets_password: true, change }
}

async fn grant_roles(viewer: Viewer<'_>, user_name: &str, wanted: &[String]) -> Result<Vec<Order>, Fault> {
    let found = user(viewer).await;
    let user = match &found.seen {
        Ok(Seen::Found(user)) if !user.sys_id.is_empty() => user.clone(),
        Ok(Seen::Absent) => return Err(Fault::NotFound { what: format!("sys_user {user_name}") }),
        Ok(_) => return Err(hidden("sys_user")),
        Err(fault) => return Err(fault.clone()),
    };
    let held = match roles(viewer, &found).await.seen? {
        Seen::Found(held) if held.all => held,
        _ => return Err(hidden("sys_user_has_role")),
    };
    let lacking: Vec<_> = wanted.iter().filter(|name| held.get(name).is_none()).cloned().collect();
    if lacking.is_empty() {
        return Ok(Vec::new());
    }
    let (known, _) = defined(viewer, &lacking, &mut Vec::new()).await?;
    lacking.iter().map(|name| grant_role(&user, name, &known)).collect()
}

fn grant_role(user: &User, name: &str, known: &[(String, String)]) -> Result<Order, Fault> {
    let role = known.iter().find(|(known, _)| known == name).map(|(_, id)| id);
    let role = role.ok_or_else(|| Fault::NotFound { what: format!("sys_user_role {name}") })?;
    let change = changed("sys_user_has_role", &user.user_name, "role", None, name);
    let body = vec![("user", user.sys_id.clone()), ("role", role.clone())];
    let path = Some("/api/now/table/sys_user_has_role".to_owned());
    Ok(Order { method: Method::POST, path, body, sets_password: false, change: vec![change] })
}

async fn set_lifespan(viewer: Viewer<'_>, client_id: &str, seconds: i64) -> Result<Vec<Order>, Fault> {
    let application = match entity(viewer).await.seen? {
        Seen::Found(application) if viewer.partner.connection.client_id == client_id => application,
        _ => return Err(hidden("oauth_entity")),
    };
    let before = application.lifespan.ok_or_else(|| hidden("oauth_entity.refresh_token_lifespan"))?;
    if before == seconds {
        return Ok(Vec::new());
    }
    let (before, after) = (Some(before.to_string()), seconds.to_string());
    let change = changed("oauth_entity", &application.name, "refresh_token_lifespan", before, &after);
    Ok(vec![Order {
        method: Method::PATCH,
        path: Some(format!("/api/now/table/oauth_entity/{}", application.sys_id)),
        body: vec![("refresh_token_lifespan", after)],
        sets_password: false,
        change: vec![change],
    }])
}

fn changed(table: &str, record: &str, column: &str, before: Option<String>, after: &str) -> Change {
    Change {
        table: table.to_owned(),
        record: record.to_owned(),
        column: column.to_owned(),
        before,
        after: after.to_owned(),
    }
}

fn hidden(what: &str) -> Fault {
    Fault::Forbidden { what: what.to_owned(), detail: String::new() }
}

/// Sends a change. Of a record that was made it gives back the address, with the parameter that a password needs.
async fn send(
    session: &Session,
    order: &Order,
    path: &str,
    password: Option<&Secret>,
) -> Result<Option<String>, Fault> {
    // Only as a display value is a password hashed; otherwise it is stored as it is, and no sign-in works.
    let path = if password.is_some() { format!("{path}?sysparm_input_display_value=true") } else { path.to_owned() };
    let reply = session::write(session, order.method.clone(), &path, Some(body(&order.body, password))).await?;
    let reply = written(reply, &path)?;
    let made: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    Ok(made["result"]["sys_id"].as_str().map(|id| format!("{path}/{}", query::encode(id))))
}

/// The body in JSON; the password is in no other text than this one, which is wiped.
fn body(columns: &[(&str, String)], password: Option<&Secret>) -> Zeroizing<String> {
    let quoted = |text: &str| Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
    let password = password.map(|password| ("user_password", quoted(password.expose())));
    let columns = columns.iter().map(|(column, value)| (*column, quoted(value)));
    let mut body = Zeroizing::new(String::with_capacity(1024));
    for (column, value) in columns.chain(password) {
        let joint = if body.is_empty() { "{" } else { "," };
        body.extend([joint, "\"", column, "\":", &value]);
    }
    body.push('}');
    body
}

/// A reply to a change, if it says success; whether it is one, a second look tells.
pub fn written(reply: Reply, path: &str) -> Result<Reply, Fault> {
    let table = path.trim_start_matches("/api/now/table/").split(['/', '?']).next().unwrap_or(path);
    match reply.status {
        200 | 201 if reply.is_json() => Ok(reply),
        204 => Ok(reply),
        _ => Err(errors::fault_of(&reply, table, Timestamp::now())),
    }
}
