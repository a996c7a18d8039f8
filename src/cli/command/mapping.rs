//! `itsmc connection mapping`: what a connection is bound to in a product that describes itself.

use serde_json::json;

use crate::cli::context::Context;
use crate::home::mapping;
use crate::model::fault::Fault;
use crate::service::services::blocking;
use crate::texts::cli as words;

/// Prints the mapping, or writes it to the connection's own file.
///
/// # Errors
/// When there is no such connection, the product's description cannot be read, or the file is there already.
pub async fn run(context: &Context, name: &str, write: bool) -> Result<u8, Fault> {
    let connection = context.services.connection(name).await?;
    let text = context.services.partner(&connection).await?.mapping_file().await?;
    let Some(text) = text else {
        let none = words::no_mapping(context.output.lang, name);
        context.output.result(&json!({ "connection": name, "mapping": null, "path": null }), || vec![none])?;
        return Ok(0);
    };
    let home = context.services.home.clone();
    let path = if write {
        let text = text.clone();
        blocking(move || mapping::write_new(&home, &connection.name, &text)).await?
    } else {
        mapping::path(&home, &connection.name)
    };
    let path = path.display().to_string();
    let written = write.then(|| words::mapping_written(context.output.lang, &path));
    context.output.result(&json!({ "connection": name, "mapping": text, "path": path }), || {
        written.map_or_else(|| text.lines().map(str::to_owned).collect(), |line| vec![line])
    })?;
    Ok(0)
}
