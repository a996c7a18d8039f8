//! `itsmc connection template / list / show / remove`.

use jiff::Timestamp;

use crate::cli::ask;
use crate::cli::command::leaving;
use crate::cli::context::Context;
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::home::form_file;
use crate::model::clean::clean;
use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::nearest::nearest;
use crate::model::partner::PartnerId;
use crate::model::summary::Health;
use crate::service::connections;
use crate::texts::{cli as words, command, frame, step};

/// Prints the partner's commented form.
///
/// # Errors
/// For a partner that is unknown or not built yet.
pub fn template(context: &Context, partner: &str) -> Result<u8, Fault> {
    let id = PartnerId::new(partner);
    if context.services.catalogue.get(&id).is_none() {
        let known: Vec<_> = context.services.catalogue.all().iter().map(|spec| spec.id.as_str()).collect();
        let (lang, given) = (context.output.lang, clean(partner, false));
        let what = match nearest(&given, known.iter().copied()) {
            Some(near) => command::unknown_partner_near(lang, &given, near),
            None => words::unknown_partner(lang, &given, &known.join(", ")),
        };
        return Err(Fault::BadUsage { what });
    }
    let form = form_file::template(context.services.spec(&id)?, context.output.lang)?;
    let json = serde_json::json!({ "partner": id, "form": form });
    context.output.document(&json, form.trim_end())?;
    Ok(0)
}

/// Lists all connections.
///
/// # Errors
/// When the config file cannot be read.
pub async fn list(context: &Context) -> Result<u8, Fault> {
    let connections = context.services.config().await?.connections;
    if context.output.json || connections.is_empty() {
        let none = || vec![words::no_connections(context.output.lang).to_owned()];
        return context.output.result(&connections.iter().map(told).collect::<Vec<_>>(), none).map(|()| 0);
    }
    let mut table = listed(context.output.lang);
    for one in &connections {
        // A database that cannot be read keeps nobody from seeing what is set up.
        let health = match context.services.summary(one, Timestamp::now()).await {
            Ok(summary) => health_cell(context.output.lang, summary.health(Timestamp::now())),
            Err(_) => "–".into(),
        };
        table.row(vec![
            one.name.as_str().into(),
            one.partner.as_str().into(),
            health,
            one.server_url.to_string().into(),
        ]);
    }
    context.output.result(&connections, || table.take(Medium::stdout()))?;
    Ok(0)
}

fn listed(lang: Lang) -> Table {
    let heads = [command::name(lang), command::product(lang), command::state(lang), command::server(lang)];
    Table::new(&heads.map(|head| (head, Fit::Text)), Piped::Tabs)
}

/// The health of a connection in its colour.
pub fn health_cell(lang: Lang, health: Health) -> Cell {
    Cell::like(health_mark(health), frame::health(lang, health))
}

/// The mark of a connection's health.
pub fn health_mark(health: Health) -> char {
    match health {
        Health::Healthy => '●',
        Health::New => '○',
        Health::Warning => '▲',
        Health::SignedOut | Health::Failing => '✗',
    }
}

/// Shows one connection.
///
/// # Errors
/// When there is none of this name.
pub async fn show(context: &Context, name: &str) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    context.output.result(&told(&connection), || lines(context, &connection))?;
    Ok(0)
}

/// A connection as JSON: as in the config file, and how it signs in although that is left out there where it is usual.
fn told(connection: &Connection) -> serde_json::Value {
    let mut told = serde_json::to_value(connection).unwrap_or_default();
    told["grant"] = connection.grant.id().into();
    told
}

fn lines(context: &Context, connection: &Connection) -> Vec<String> {
    let lang = context.output.lang;
    let kinds: Vec<_> = connection.work_items.iter().map(|kind| step::kind(lang, *kind)).collect();
    let spec = context.services.spec(&connection.partner).ok();
    let makes = spec.is_some_and(|spec| spec.field(FieldId::CreateConfigurationItems).is_some());
    let create = if connection.create_configuration_items { words::yes(lang) } else { words::no(lang) };
    let own = [
        ("name", connection.name.to_string()),
        ("partner", connection.partner.to_string()),
        ("server_url", connection.server_url.to_string()),
        ("grant", connection.grant.id().to_owned()),
        ("username", connection.username.clone()),
        ("client_id", connection.client_id.clone()),
        ("work_items", kinds.join(", ")),
        ("sync_days", connection.sync_days.to_string()),
        ("create_configuration_items", if makes { create.to_owned() } else { String::new() }),
    ];
    let details = connection.details.iter().map(|(field, text)| (field.key(), text.clone()));
    let mut table = Table::new(&[("", Fit::Text), ("", Fit::Prose)], Piped::Columns);
    for (key, text) in own.into_iter().chain(details).filter(|(_, text)| !text.is_empty()) {
        table.row(vec![Cell::of(Role::Head, key), text.into()]);
    }
    table.take(Medium::stdout())
}

/// Removes a connection, after saying what goes with it.
///
/// # Errors
/// When there is none of this name, nobody can be asked, or something cannot be removed.
pub async fn remove(context: &Context, name: &str, yes: bool) -> Result<u8, Fault> {
    let gone = connections::removable(&context.services, name).await?;
    if !yes && !confirmed(context, &gone).await? {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::not_removed(context.output.lang));
        return Ok(130);
    }
    let left = leaving::parted(context, connections::remove(&context.services, &gone).await)?;
    let told = leaving::with(serde_json::json!({ "removed": name }), &left);
    context.output.result(&told, || vec![words::removed(context.output.lang, name)])?;
    Ok(0)
}

async fn confirmed(context: &Context, name: &ConnectionName) -> Result<bool, Fault> {
    let summary = context.services.store().await?.summary(name, Timestamp::now()).await?;
    let items = summary.kinds.values().map(|kind| kind.total).sum();
    ask::confirmed(context, &words::remove_question(context.output.lang, items, name.as_str()))
}
