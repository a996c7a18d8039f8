//! `itsmc workspace add`: by options, and on a terminal by questions for what they leave open.

use std::io::{self, IsTerminal};

use super::described;
use super::sign_in::sign_in;
use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::cli::prompt;
use crate::cli::render::medium::Medium;
use crate::cli::workspace_args::WorkspaceAddArgs;
use crate::model::azure_id::is_guid;
use crate::model::clean::clean;
use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::workspace::{AzureSignIn, KeyProblem, LOG_TABLE, TABLE, Workspace, WorkspaceName, WorkspaceProblem};
use crate::service::workspaces;
use crate::texts::workspace as words;

/// How many entries of a list are shown at once.
const SHOWN: usize = 20;

/// Adds a workspace: signs in, looks for it in Azure, and saves it.
///
/// # Errors
/// [`Fault::WorkspaceWrong`] for settings that are missing or wrong; the refusal of a sign-in; a workspace that is not
/// there. Nothing is saved then.
pub async fn run(context: &Context, args: &WorkspaceAddArgs) -> Result<u8, Fault> {
    let mut workspace = begun(context, args).await?;
    let fed_by = connections(context, args).await?;
    let outcome = finished(context, args, &mut workspace).await;
    if let Err(fault) = outcome {
        workspaces::forget(&context.services, &workspace.name).await;
        return Err(fault);
    }
    let fed_by = if args.settings.connection.is_empty() { asked_connections(context, fed_by).await? } else { fed_by };
    workspaces::save(&context.services, &workspace, &fed_by).await?;
    let config = context.services.config().await?;
    let lang = context.output.lang;
    context.output.result(&described(&config, &workspace), || {
        let name = workspace.name.as_str();
        let mut lines = vec![format!("✓ {}", words::saved(lang, name))];
        if fed_by.is_empty() {
            lines.push(format!("▲ {}", words::fed_by_nothing(lang)));
        }
        lines.push(format!("→ {}", words::next_plan(lang, name)));
        lines
    })?;
    Ok(0)
}

/// Name and sign-in.
async fn begun(context: &Context, args: &WorkspaceAddArgs) -> Result<Workspace, Fault> {
    let lang = context.output.lang;
    let taken = context.services.config().await?.workspaces;
    let name = match &args.name {
        Some(name) => name.clone(),
        None => question(lang, "name", words::ask_name(lang))?,
    };
    let name = WorkspaceName::parse(&name).map_err(|_| usage(words::bad_name(lang)))?;
    if taken.iter().any(|other| other.name.clashes_with(&name)) {
        return Err(Fault::WorkspaceTaken { name: name.to_string() });
    }
    let sign_in = match args.settings.sign_in {
        Some(way) => way,
        None => ask_way(lang)?,
    };
    let [tenant, client_id, token_file] = args.settings.account.over("", "", "");
    let mut workspace = Workspace {
        name,
        tenant,
        sign_in,
        client_id,
        token_file,
        subscription: trimmed(args.settings.subscription.as_deref()).to_lowercase(),
        resource_group: trimmed(args.settings.resource_group.as_deref()),
        workspace: trimmed(args.settings.workspace.as_deref()),
        workspace_id: String::new(),
        location: String::new(),
        table: args.settings.table.clone().unwrap_or_else(|| TABLE.to_owned()),
        log_table: args.settings.log_table.clone().unwrap_or_else(|| LOG_TABLE.to_owned()),
        rule: String::new(),
        rule_id: String::new(),
        endpoint: String::new(),
        principal: String::new(),
        values: args.settings.values.unwrap_or_default(),
    };
    if sign_in.needs_tenant() && workspace.tenant.is_empty() {
        workspace.tenant = question(lang, "tenant", words::ask_tenant(lang))?;
    }
    if sign_in.needs_client_id() && workspace.client_id.is_empty() {
        workspace.client_id = question(lang, "client_id", words::ask_client_id(lang))?;
    }
    Ok(workspace)
}

/// Signs in, and finds the workspace.
async fn finished(context: &Context, args: &WorkspaceAddArgs, workspace: &mut Workspace) -> Result<(), Fault> {
    sign_in(context, workspace, args.settings.secrets_stdin).await?;
    if workspace.subscription.is_empty() {
        workspace.subscription = subscription(context, workspace).await?;
    }
    if workspace.workspace.is_empty() || workspace.resource_group.is_empty() {
        choose_workspace(context, workspace).await?;
    }
    workspaces::check(workspace)?;
    match workspaces::find(&context.services, workspace).await {
        Ok(found) => *workspace = found,
        // An identity that only sends rows may not look, and may belong to another machine.
        Err(fault @ (Fault::AzureForbidden { .. } | Fault::AzureSignInFailed { .. })) => {
            let told = fault_lines(context.output.lang, &fault).join("\n").replacen('✗', "▲", 1);
            context.output.say(&told);
            context.output.say(&format!("· {}", words::not_looked(context.output.lang)));
        }
        Err(fault) => return Err(fault),
    }
    Ok(())
}

async fn subscription(context: &Context, workspace: &Workspace) -> Result<String, Fault> {
    let lang = context.output.lang;
    needs_terminal("subscription")?;
    let all = workspaces::subscriptions(&context.services, workspace).await?;
    let shown: Vec<(String, String)> = all.into_iter().map(|one| (one.id, one.name)).collect();
    if shown.is_empty() {
        return question(lang, "subscription", words::ask_subscription(lang));
    }
    let at = choose(lang, words::ask_subscription(lang), &shown)?;
    Ok(shown[at].0.to_lowercase())
}

async fn choose_workspace(context: &Context, workspace: &mut Workspace) -> Result<(), Fault> {
    let lang = context.output.lang;
    needs_terminal(if workspace.workspace.is_empty() { "workspace" } else { "resource_group" })?;
    let all = workspaces::groups_and_workspaces(&context.services, workspace).await?;
    let fits = |group: &str, name: &str| {
        (workspace.resource_group.is_empty() || workspace.resource_group.eq_ignore_ascii_case(group))
            && (workspace.workspace.is_empty() || workspace.workspace.eq_ignore_ascii_case(name))
    };
    let fitting: Vec<_> = all.into_iter().filter(|one| fits(&one.group, &one.name)).collect();
    if fitting.is_empty() {
        return Err(Fault::NotFound { what: words::no_workspaces(lang).to_owned() });
    }
    let shown: Vec<_> =
        fitting.iter().map(|one| (one.name.clone(), format!("{}, {}", one.group, one.location))).collect();
    let at = choose(lang, words::ask_workspace(lang), &shown)?;
    (workspace.workspace, workspace.resource_group) = (fitting[at].name.clone(), fitting[at].group.clone());
    Ok(())
}

/// The connections that were named, all of which must exist.
async fn connections(context: &Context, args: &WorkspaceAddArgs) -> Result<Vec<ConnectionName>, Fault> {
    let mut names = Vec::new();
    for name in &args.settings.connection {
        names.push(context.services.connection(name.trim()).await?.name);
    }
    Ok(names)
}

/// Asks which connections feed it; without a terminal none does.
async fn asked_connections(context: &Context, none: Vec<ConnectionName>) -> Result<Vec<ConnectionName>, Fault> {
    let all = context.services.names().await?;
    if all.is_empty() || !io::stdin().is_terminal() {
        return Ok(none);
    }
    let lang = context.output.lang;
    let listed = all.iter().map(ConnectionName::as_str).collect::<Vec<_>>().join(", ");
    loop {
        let answer = prompt::line(&format!("{}: ", words::ask_connections(lang, &listed)))?;
        let words: Vec<&str> = answer.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Ok(all);
        }
        if words == ["-"] {
            return Ok(Vec::new());
        }
        let known: Vec<_> = words.iter().filter_map(|word| all.iter().find(|one| one.as_str() == *word)).collect();
        if known.len() == words.len() {
            return Ok(known.into_iter().cloned().collect());
        }
        tell(&format!("✗ {}", words::one_or_more_of(lang, &listed)));
    }
}

/// Asks how to sign in to Azure.
///
/// # Errors
/// When there is no terminal, or the question was left.
pub fn ask_way(lang: Lang) -> Result<AzureSignIn, Fault> {
    needs_terminal("sign_in")?;
    let shown: Vec<_> =
        AzureSignIn::ALL.iter().map(|way| (way.id().to_owned(), words::sign_in_about(lang, *way).to_owned())).collect();
    let at = choose(lang, words::ask_sign_in(lang), &shown)?;
    Ok(AzureSignIn::ALL[at])
}

/// Lets somebody choose from a list, by number or by a part of the name that fits one entry alone.
fn choose(lang: Lang, what: &str, all: &[(String, String)]) -> Result<usize, Fault> {
    let mut fitting: Vec<usize> = (0..all.len()).collect();
    loop {
        for at in fitting.iter().take(SHOWN) {
            tell(&format!("  {}  {} ({})", at + 1, all[*at].0, all[*at].1));
        }
        if fitting.len() > SHOWN {
            tell(&format!("  +{}", fitting.len() - SHOWN));
        }
        let answer = prompt::line(&format!("{}: ", words::number_or_part(lang, what)))?;
        let answer = answer.trim().to_lowercase();
        let by_number = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(at) = by_number.filter(|at| *at < all.len()) {
            return Ok(at);
        }
        if let Some(at) = all.iter().position(|(id, _)| id.to_lowercase() == answer) {
            return Ok(at);
        }
        let holds = |at: &usize| format!("{} {}", all[*at].0, all[*at].1).to_lowercase().contains(&answer);
        let found: Vec<usize> = (0..all.len()).filter(holds).collect();
        match found.as_slice() {
            [] => tell(&format!("✗ {}", words::nothing_fits(lang))),
            [at] if !answer.is_empty() => return Ok(*at),
            _ => fitting = found,
        }
    }
}

/// Asks for one value; without a terminal it is missing.
///
/// # Errors
/// [`Fault::WorkspaceWrong`] then; when the question was left.
pub fn question(lang: Lang, key: &'static str, label: &str) -> Result<String, Fault> {
    needs_terminal(key)?;
    loop {
        let answer = prompt::line(&format!("{label}: "))?;
        let answer = clean(answer.trim(), false);
        let problem = match key {
            "subscription" | "client_id" if !is_guid(&answer) => Some(KeyProblem::NotAGuid),
            _ if answer.is_empty() => Some(KeyProblem::Missing),
            _ => None,
        };
        match problem {
            Some(problem) => tell(&format!("✗ {key} {}", words::key_problem(lang, problem))),
            None => return Ok(answer),
        }
    }
}

fn needs_terminal(key: &'static str) -> Result<(), Fault> {
    if io::stdin().is_terminal() {
        return Ok(());
    }
    let problem = WorkspaceProblem { key: key.to_owned(), problem: KeyProblem::Missing };
    Err(Fault::WorkspaceWrong { problems: vec![problem] })
}

fn trimmed(text: Option<&str>) -> String {
    text.map(str::trim).unwrap_or_default().to_owned()
}

fn usage(what: &str) -> Fault {
    Fault::BadUsage { what: what.to_owned() }
}

/// Says a line beside the questions.
pub fn tell(line: &str) {
    eprintln!("{}", Medium::stderr().prose(line));
}
