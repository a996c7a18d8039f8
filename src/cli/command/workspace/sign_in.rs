//! Signing in for a workspace: a client secret, or a person with a code.

use std::io::{self, IsTerminal};

use jiff::Timestamp;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::secrets::AdminSecrets;
use crate::model::blank::trimmed;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, Workspace};
use crate::service::workspaces;
use crate::texts::{time, workspace as words};

/// Signs in for a saved workspace.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; the refusal of Entra; when nobody can be asked; the vault's own.
pub async fn run(context: &Context, name: &str, secrets_stdin: bool) -> Result<u8, Fault> {
    let workspace = workspaces::named(&context.services, name).await?;
    sign_in(context, &workspace, secrets_stdin).await?;
    let told = json!({ "workspace": workspace.name, "signed_in": true });
    context.output.result(&told, || vec![words::signed_in(context.output.lang, workspace.name.as_str())])?;
    Ok(0)
}

/// Gets what the workspace's way of signing in needs, and keeps it. Some ways need nothing of itsmc.
///
/// # Errors
/// The refusal of Entra; when nobody can be asked; the vault's own.
pub async fn sign_in(context: &Context, workspace: &Workspace, secrets_stdin: bool) -> Result<(), Fault> {
    match workspace.sign_in {
        AzureSignIn::ServicePrincipal => {
            let secrets = AdminSecrets::read(context.output, secrets_stdin)?;
            let question = words::ask_secret(context.output.lang, &workspace.client_id, &workspace.tenant);
            let secret = secrets.get("client_secret", &question)?;
            let secret = Secret::new(trimmed(secret.expose()));
            workspaces::keep_secret(&context.services, workspace, secret).await
        }
        AzureSignIn::DeviceCode => {
            let refresh = by_code(context, workspace).await?;
            workspaces::keep_device(&context.services, workspace, refresh).await
        }
        AzureSignIn::Cli | AzureSignIn::ManagedIdentity | AzureSignIn::WorkloadIdentity => Ok(()),
    }
}

/// Shows a code and waits until a person has typed it on Microsoft's page; the refresh token that came.
///
/// # Errors
/// As [`run`].
pub async fn by_code(context: &Context, workspace: &Workspace) -> Result<Option<Secret>, Fault> {
    let lang = context.output.lang;
    let begun = workspaces::device_sign_in(&context.services, workspace).await?;
    let left = begun.prompt.until.duration_since(Timestamp::now()).as_secs().max(0).unsigned_abs();
    let line = words::type_code(lang, &begun.prompt.page, &begun.prompt.code, &time::span(lang, left));
    // Without it nobody can go on, so it is told although progress is not.
    if context.output.quiet && !io::stderr().is_terminal() {
        eprintln!("{line}");
    } else {
        eprintln!("{}", crate::cli::render::medium::Medium::stderr().prose(&line));
    }
    begun.wait().await.map(|(_, refresh)| refresh)
}
