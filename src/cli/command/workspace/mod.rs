//! `itsmc workspace add / edit / list / show / sign-in / plan / apply / test / send / verify / remove`.

pub mod add;
mod edit;
mod plan;
pub mod send;
mod sign_in;
mod test;
mod verify;

pub use sign_in::sign_in as signed_in;

use serde_json::{Value, json};

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::render::medium::{Medium, Role};
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::cli::workspace_args::WorkspaceCommand;
use crate::home::config::Config;
use crate::model::fault::Fault;
use crate::model::workspace::Workspace;
use crate::service::workspaces;
use crate::texts::{command, workspace as words};

/// Runs one of the commands.
///
/// # Errors
/// As each of them.
pub async fn run(context: &Context, command: WorkspaceCommand) -> Result<u8, Fault> {
    match command {
        WorkspaceCommand::Add(args) => add::run(context, &args).await,
        WorkspaceCommand::Edit { name, settings } => edit::run(context, &name, &settings).await,
        WorkspaceCommand::List => list(context).await,
        WorkspaceCommand::Show { name } => show(context, &name).await,
        WorkspaceCommand::SignIn { name, secrets_stdin } => sign_in::run(context, &name, secrets_stdin).await,
        WorkspaceCommand::Plan { name, how, bicep } => plan::run(context, &name, &how, bicep.as_deref()).await,
        WorkspaceCommand::Apply { name, how, yes } => plan::apply(context, &name, &how, yes).await,
        WorkspaceCommand::Test { name } => test::run(context, &name).await,
        WorkspaceCommand::Send { name, full, dry_run, price } => send::run(context, name, full, (dry_run, price)).await,
        WorkspaceCommand::Verify { name } => verify::run(context, &name).await,
        WorkspaceCommand::Remove { name, yes } => remove(context, &name, yes).await,
    }
}

async fn list(context: &Context) -> Result<u8, Fault> {
    let config = context.services.config().await?;
    let lang = context.output.lang;
    if config.workspaces.is_empty() && !context.output.json {
        return context.output.result(&config.workspaces, || vec![words::none(lang).to_owned()]).map(|()| 0);
    }
    let told: Vec<Value> = config.workspaces.iter().map(|one| described(&config, one)).collect();
    let heads = [command::name(lang), words::in_azure(lang), command::state(lang), words::fed_by(lang)];
    let mut table = Table::new(&heads.map(|head| (head, Fit::Text)), Piped::Tabs);
    for one in &config.workspaces {
        let state = if one.is_set_up() {
            Cell::like('●', words::set_up(lang))
        } else {
            Cell::like('○', words::not_set_up(lang))
        };
        let in_azure = format!("{}/{}", one.resource_group, one.workspace);
        table.row(vec![one.name.as_str().into(), in_azure.into(), state, feeding(&config, one).join(", ").into()]);
    }
    context.output.result(&told, || table.take(Medium::stdout()))?;
    Ok(0)
}

async fn show(context: &Context, name: &str) -> Result<u8, Fault> {
    let workspace = workspaces::named(&context.services, name).await?;
    let config = context.services.config().await?;
    let told = described(&config, &workspace);
    context.output.result(&told, || {
        let mut table = Table::new(&[("", Fit::Text), ("", Fit::Prose)], Piped::Columns);
        for (key, value) in told.as_object().into_iter().flatten() {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
                other => other.to_string(),
            };
            table.row(vec![Cell::of(Role::Head, key.as_str()), text.into()]);
        }
        let mut lines = table.take(Medium::stdout());
        if !workspace.is_set_up() {
            lines.push(format!("→ {}", words::next_plan(context.output.lang, workspace.name.as_str())));
        }
        lines
    })?;
    Ok(0)
}

async fn remove(context: &Context, name: &str, yes: bool) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let (name, workspace) = workspaces::removable(&context.services, name).await?;
    if !yes && !ask::confirmed(context, &words::remove_question(lang, name.as_str()))? {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::not_removed(lang));
        return Ok(130);
    }
    workspaces::remove(&context.services, name.as_str()).await?;
    context.output.result(&json!({ "removed": name }), || vec![words::removed(lang, name.as_str(), &workspace)])?;
    Ok(0)
}

fn feeding(config: &Config, workspace: &Workspace) -> Vec<String> {
    config.feeding(&workspace.name).map(|one| one.name.to_string()).collect()
}

/// A workspace as JSON: its settings, and the connections that feed it.
fn described(config: &Config, workspace: &Workspace) -> Value {
    let mut told = serde_json::to_value(workspace).unwrap_or_default();
    told["connections"] = json!(feeding(config, workspace));
    told["set_up"] = workspace.is_set_up().into();
    told
}
