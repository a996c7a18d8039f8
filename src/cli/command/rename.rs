//! `itsmc connection rename`.

use serde_json::json;

use crate::cli::ask;
use crate::cli::command::add;
use crate::cli::context::Context;
use crate::model::connection::{ConnectionName, KeptOutside};
use crate::model::fault::Fault;
use crate::model::form::FieldId;
use crate::service::renaming;
use crate::texts::renaming as words;

/// Renames a connection, after saying what keeps the old name.
///
/// # Errors
/// When there is none of this name, the new one cannot be taken, nobody can be asked, or something cannot be written.
pub async fn run(context: &Context, from: &str, to: &str, yes: bool) -> Result<u8, Fault> {
    let from = context.services.connection(from).await?.name;
    let to = ConnectionName::parse(to).map_err(|problem| add::bad_form(vec![(FieldId::Name, problem)]))?;
    let kept = renaming::kept(&context.services, &from, &to).await?;
    let lang = context.output.lang;
    if tell_kept(context, &kept)
        && !yes
        && !ask::confirmed(context, &words::question(lang, from.as_str(), to.as_str()))?
    {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::not_renamed(lang));
        return Ok(130);
    }
    let kept = renaming::rename(&context.services, &from, &to).await?;
    let told = json!({ "renamed": from, "name": to, "known_as": kept.known_as });
    context.output.result(&told, || vec![words::renamed(lang, from.as_str(), to.as_str())])?;
    Ok(0)
}

/// Says what keeps its name outside; whether anything does.
pub fn tell_kept(context: &Context, kept: &KeptOutside) -> bool {
    if let Some(known_as) = &kept.known_as {
        context.output.say(&format!("· {}", words::outside(context.output.lang, known_as.as_str())));
    }
    kept.known_as.is_some()
}
