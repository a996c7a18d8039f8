//! `itsmc connection mapping`: what a connection is bound to in a product that describes itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::add;
use crate::cli::context::Context;
use crate::cli::secrets;
use crate::cli::text_file;
use crate::home::{draft, form_file, mapping};
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::model::partner::PartnerId;
use crate::partner::Partner;
use crate::service::binding;
use crate::service::blocking::blocking;
use crate::texts::{cli as words, mapping as mapping_words};

/// Exit code where the product differs from what is kept.
const FINDINGS: u8 = 8;

/// Whose mapping it is.
pub struct Subject {
    /// The name of a connection or of the draft.
    pub name: Option<String>,
    /// A form that is not saved yet.
    pub file: Option<PathBuf>,
    /// Where the secrets of one that is not saved come from.
    pub secrets_stdin: bool,
}

/// Prints the mapping, writes it to the connection's own file, or binds it again.
///
/// # Errors
/// When there is no such connection, the product's description cannot be read, or the file is there and was changed.
pub async fn run(context: &Context, subject: &Subject, write: bool, rebind: bool) -> Result<u8, Fault> {
    let (name, partner) = partner(context, subject, rebind).await?;
    let (lang, shown) = (context.output.lang, name.to_string());
    let Some(text) = partner.mapping_file().await? else {
        let none = words::no_mapping(lang, &shown);
        let json = json!({ "connection": shown, "mapping": null, "path": null, "drift": [] });
        context.output.result(&json, || vec![none])?;
        return Ok(0);
    };
    let home = context.services.home.clone();
    let path = if write {
        let (text, name) = (text.clone(), name.clone());
        blocking(move || mapping::write_new(&home, &name, &text)).await?
    } else {
        mapping::path(&home, &name)
    };
    let path = path.display().to_string();
    let written = write.then(|| words::mapping_written(lang, &path));
    let drift = partner.drift().await?;
    let json = json!({ "connection": shown, "mapping": text, "path": path, "drift": drift });
    match written {
        Some(line) => context.output.result(&json, || vec![line])?,
        None => context.output.document(&json, text.trim_end())?,
    }
    if rebind {
        context.output.say(&words::bound_again(lang, &shown));
    }
    if drift.is_empty() {
        return Ok(0);
    }
    context.output.say(&format!("▲ {}", mapping_words::drift(lang, &drift)));
    context.output.say(&format!("  → {}", mapping_words::rebind(lang, &shown)));
    Ok(FINDINGS)
}

async fn partner(
    context: &Context,
    subject: &Subject,
    rebind: bool,
) -> Result<(ConnectionName, Arc<dyn Partner>), Fault> {
    let services = &context.services;
    let Some(name) = &subject.name else {
        let file = subject.file.as_deref().unwrap_or(Path::new("-"));
        let (form, partner) = form_file::read(&text_file::named(context.output.lang, file)?, &services.catalogue, &[])?;
        return unsaved(context, form, &partner, subject.secrets_stdin).await;
    };
    match services.connection(name).await {
        Ok(connection) if rebind => Ok((connection.name.clone(), binding::rebind(services, &connection).await?)),
        Ok(connection) => Ok((connection.name.clone(), services.partner(&connection).await?)),
        Err(fault @ Fault::NoSuchConnection { .. }) => {
            let home = services.home.clone();
            let draft = blocking(move || draft::load(&home)).await?;
            let draft = draft.filter(|draft| draft.form().text(FieldId::Name).trim() == name && !rebind);
            let Some(draft) = draft else { return Err(fault) };
            unsaved(context, draft.form(), &draft.partner, subject.secrets_stdin).await
        }
        Err(fault) => Err(fault),
    }
}

/// The partner of a form that is not saved; its secrets are asked for.
async fn unsaved(
    context: &Context,
    mut form: Form,
    partner: &PartnerId,
    secrets_stdin: bool,
) -> Result<(ConnectionName, Arc<dyn Partner>), Fault> {
    let spec = context.services.spec(partner)?;
    secrets::fill(context.output, &mut form, spec, secrets_stdin)?;
    let valid = form.validate(spec, &[]).map_err(add::bad_form)?;
    Ok((valid.connection.name.clone(), context.services.candidate(&valid).await?))
}
