//! `itsmc workspace edit`: what is given changes, all else stays.

use serde_json::json;

use super::sign_in::sign_in;
use super::{described, feeding};
use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::cli::workspace_args::WorkspaceSettingsArgs;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::service::{sending, workspaces};
use crate::texts::{sending as sent, workspace as words};

/// No connection feeds it.
const NONE: &str = "-";

/// Changes a saved workspace. Another sign-in is asked for its secret, and another place is looked for in Azure, before
/// anything is saved.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; [`Fault::WorkspaceWrong`] for settings that are wrong; the refusal of a sign-in; a workspace
/// that is not there. Nothing is saved then.
pub async fn run(context: &Context, name: &str, args: &WorkspaceSettingsArgs) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let old = workspaces::named(&context.services, name).await?;
    let fed_before = feeding(&context.services.config().await?, &old);
    let mut new = changed(&old, args);
    let fed_by = fed_by(context, args).await?;
    if new == old && fed_by.is_none() {
        return Err(Fault::BadUsage { what: words::nothing_given(lang).to_owned() });
    }
    workspaces::check(&new)?;
    if old.sign_in != new.sign_in || old.identity("") != new.identity("") {
        sign_in(context, &new, args.secrets_stdin).await?;
    }
    if old.id() != new.id() {
        match workspaces::find(&context.services, &new).await {
            Ok(found) => new = found,
            // An identity that only sends rows may not look, and may belong to another machine.
            Err(fault @ (Fault::AzureForbidden { .. } | Fault::AzureSignInFailed { .. })) => {
                let told = fault_lines(lang, &fault).join("\n").replacen('✗', "▲", 1);
                context.output.say(&told);
                context.output.say(&format!("· {}", words::not_looked(lang)));
            }
            Err(fault) => return Err(fault),
        }
    }
    workspaces::change(&context.services, &new, fed_by.as_deref()).await?;
    let config = context.services.config().await?;
    let now = workspaces::named(&context.services, name).await?;
    let feeds = feeding(&config, &now);
    let left: Vec<String> = fed_before.into_iter().filter(|one| !feeds.contains(one)).collect();
    let mut told = described(&config, &now);
    told["left_with_rows"] = json!(left);
    let others = sending::other_values(&context.services, &now).await?.filter(|_| old.values != now.values);
    told["other_values"] = json!(others.is_some());
    context.output.result(&told, || {
        let name = now.name.as_str();
        let mut lines = vec![format!("✓ {}", words::saved(lang, name))];
        for one in &left {
            lines.push(format!("▲ {}", words::rows_stay(lang, one, name)));
            lines.push(format!("  → {}", words::rows_stay_next(lang, one, &now.table)));
        }
        if others.is_some() {
            lines.push(format!("▲ {}", sent::other_values(lang, sent::values_name(lang, now.values))));
            lines.push(format!("  → {}", sent::other_values_next(lang, name)));
        }
        if !now.is_set_up() || old.table != now.table || old.log_table != now.log_table {
            lines.push(format!("→ {}", words::next_plan(lang, name)));
        }
        lines
    })?;
    Ok(0)
}

/// The settings with what is given.
fn changed(old: &Workspace, args: &WorkspaceSettingsArgs) -> Workspace {
    let text =
        |given: &Option<String>, old: &String| given.as_ref().map_or_else(|| old.clone(), |new| new.trim().to_owned());
    let [tenant, client_id, token_file] = args.account.over(&old.tenant, &old.client_id, &old.token_file);
    Workspace {
        sign_in: args.sign_in.unwrap_or(old.sign_in),
        tenant,
        client_id,
        token_file,
        subscription: text(&args.subscription, &old.subscription).to_lowercase(),
        resource_group: text(&args.resource_group, &old.resource_group),
        workspace: text(&args.workspace, &old.workspace),
        table: text(&args.table, &old.table),
        log_table: text(&args.log_table, &old.log_table),
        values: args.values.unwrap_or(old.values),
        ..old.clone()
    }
}

/// The connections that were named, all of which must exist; `None` where none was.
async fn fed_by(context: &Context, args: &WorkspaceSettingsArgs) -> Result<Option<Vec<ConnectionName>>, Fault> {
    if args.connection.is_empty() {
        return Ok(None);
    }
    let mut names = Vec::new();
    for name in args.connection.iter().map(|name| name.trim()).filter(|name| *name != NONE) {
        names.push(context.services.connection(name).await?.name);
    }
    Ok(Some(names))
}
