//! `itsmc connection template / list / show / remove`.

use jiff::Timestamp;

use crate::cli::ask;
use crate::cli::command::token;
use crate::cli::context::Context;
use crate::home::form_file;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::partner::PartnerId;
use crate::service::connections;
use crate::texts::{cli as words, number, step};

/// Prints the partner's commented form.
///
/// # Errors
/// For a partner that is unknown or not built yet.
pub fn template(context: &Context, partner: &str) -> Result<u8, Fault> {
    let id = PartnerId::new(partner);
    if context.services.catalogue.get(&id).is_none() {
        let known: Vec<_> = context.services.catalogue.all().iter().map(|spec| spec.id.as_str()).collect();
        return Err(Fault::BadUsage { what: words::unknown_partner(context.output.lang, partner, &known.join(", ")) });
    }
    let form = form_file::template(context.services.spec(&id)?, context.output.lang)?;
    let json = serde_json::json!({ "partner": id, "form": form });
    context.output.result(&json, || vec![form.trim_end().to_owned()])?;
    Ok(0)
}

/// Lists all connections.
///
/// # Errors
/// When the config file cannot be read.
pub async fn list(context: &Context) -> Result<u8, Fault> {
    let connections = context.services.config().await?.connections;
    context.output.result(&connections, || match connections.as_slice() {
        [] => vec![words::no_connections(context.output.lang).to_owned()],
        all => all.iter().map(|one| format!("{:<20} {:<16} {}", one.name, one.partner, one.server_url)).collect(),
    })?;
    Ok(0)
}

/// Shows one connection.
///
/// # Errors
/// When there is none of this name.
pub async fn show(context: &Context, name: &str) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    context.output.result(&connection, || lines(context, &connection))?;
    Ok(0)
}

fn lines(context: &Context, connection: &Connection) -> Vec<String> {
    let lang = context.output.lang;
    let kinds: Vec<_> = connection.work_items.iter().map(|kind| step::kind(lang, *kind)).collect();
    let create = connection.create_configuration_items;
    let own = [
        ("name", connection.name.to_string()),
        ("partner", connection.partner.to_string()),
        ("server_url", connection.server_url.to_string()),
        ("grant", connection.grant.id().to_owned()),
        ("username", connection.username.clone()),
        ("client_id", connection.client_id.clone()),
        ("work_items", kinds.join(", ")),
        ("sync_days", connection.sync_days.to_string()),
        ("create_configuration_items", if create { words::yes(lang) } else { words::no(lang) }.to_owned()),
    ];
    let details = connection.details.iter().map(|(field, text)| (field.key(), text.clone()));
    let lines = own.into_iter().chain(details).filter(|(_, text)| !text.is_empty());
    lines.map(|(key, text)| format!("{key:<28}{text}")).collect()
}

/// Removes a connection, after saying what goes with it.
///
/// # Errors
/// When there is none of this name, nobody can be asked, or something cannot be removed.
pub async fn remove(context: &Context, name: &str, yes: bool) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    if !yes && !confirmed(context, &connection).await? {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::not_removed(context.output.lang));
        return Ok(130);
    }
    let leaving = connections::remove(&context.services, &connection.name).await?;
    let told = serde_json::json!({ "removed": name, "revoked": leaving.revoked, "live": leaving.live });
    let lang = context.output.lang;
    let lines = || [vec![words::removed(lang, name)], token::leaving_lines(lang, &leaving)].concat();
    context.output.result(&told, lines)?;
    Ok(0)
}

async fn confirmed(context: &Context, connection: &Connection) -> Result<bool, Fault> {
    let summary = context.services.store().await?.summary(&connection.name, Timestamp::now()).await?;
    let items = number::grouped(context.output.lang, summary.kinds.values().map(|kind| kind.total).sum());
    ask::confirmed(context, &words::remove_question(context.output.lang, connection.name.as_str(), &items))
}
