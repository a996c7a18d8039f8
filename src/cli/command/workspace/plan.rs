//! The plan of a workspace: shown, exported, applied.

use std::io::{self, IsTerminal};
use std::path::Path;

use serde_json::json;

use super::sign_in::by_code;
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::prompt;
use crate::cli::workspace_args::PlanArgs;
use crate::model::azure_plan::{Action, Block, Change, Plan, Step};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::workspace::{AzureSignIn, KeyProblem, Workspace, WorkspaceProblem};
use crate::model::workspace_run::{Applying, Ask};
use crate::service::workspaces::{self, Planned};
use crate::texts::{time, workspace as words};

/// Steps are left that cannot be done as things are.
const FINDINGS: u8 = 8;

/// Shows the plan, or writes it as Bicep.
///
/// # Errors
/// [`Fault::NoSuchWorkspace`]; when nobody can sign in or something cannot be read; files that are there already.
pub async fn run(context: &Context, name: &str, how: &PlanArgs, export: Option<&Path>) -> Result<u8, Fault> {
    let workspace = workspaces::named(&context.services, name).await?;
    let mut asked = asked(how)?;
    set_up_sign_in(context, &workspace, &mut asked).await?;
    let (mut planned, _) = workspaces::plan(&context.services, &workspace, &asked).await?;
    let files = match export {
        Some(folder) => Some(written(context, &mut planned, folder)?),
        None => None,
    };
    let mut told = json!({
        "workspace": planned.workspace.name, "nothing_to_do": planned.plan.is_done(), "steps": planned.plan.steps,
    });
    if let Some(files) = &files {
        told["files"] = json!(files);
    }
    context.output.result(&told, || {
        let mut lines = lines(context.output.lang, &planned.workspace, &planned.plan);
        match (&files, export) {
            (Some(files), Some(folder)) => {
                lines.push(words::exported(context.output.lang, &folder.display().to_string()));
                lines.extend(files.iter().map(|file| format!("  {file}")));
            }
            _ => lines.push(next(context.output.lang, &planned.workspace, &planned.plan)),
        }
        lines
    })?;
    Ok(exit_code(&planned.plan))
}

/// Shows the plan, asks, and makes it.
///
/// # Errors
/// As [`run`], and the fault of the step that failed; those before it are made.
pub async fn apply(context: &Context, name: &str, how: &PlanArgs, yes: bool) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let workspace = workspaces::named(&context.services, name).await?;
    let mut asked = asked(how)?;
    set_up_sign_in(context, &workspace, &mut asked).await?;
    let (mut planned, mut setup) = workspaces::plan(&context.services, &workspace, &asked).await?;
    if !yes && ask_for_migrations(lang, &planned.plan, &mut asked)? {
        (planned, setup) = workspaces::plan(&context.services, &workspace, &asked).await?;
    }
    if planned.plan.to_do().next().is_some() && !yes {
        for line in lines(lang, &planned.workspace, &planned.plan) {
            context.output.say(&line);
        }
        if !ask::confirmed(context, words::apply_question(lang))? {
            return if context.output.json { Err(Fault::Interrupted) } else { Ok(130) };
        }
    }
    let told = |event: Applying| tell(context, event);
    let applied = match workspaces::apply(&context.services, planned, &setup, &asked, &told).await {
        Ok(applied) => applied,
        Err((step, fault)) => {
            if let Some(step) = step {
                context.output.say(&words::step_failed(lang, &title(lang, &step)));
                context.output.say(&format!("  {}", needs(lang, &step)));
            }
            return Err(fault);
        }
    };
    let left = &applied.left.plan;
    let document = json!({
        "workspace": applied.workspace.name, "made": applied.made, "nothing_to_do": left.is_done(),
        "rule_id": applied.workspace.rule_id, "endpoint": applied.workspace.endpoint, "steps": left.steps,
    });
    context.output.result(&document, || {
        let mut lines = Vec::new();
        for step in left.blocked() {
            lines.extend(step_lines(lang, &applied.workspace, step));
        }
        lines.push(next(lang, &applied.workspace, left));
        lines
    })?;
    Ok(exit_code(left))
}

/// A person signs in with a code for this run, where that was asked for.
async fn set_up_sign_in(context: &Context, workspace: &Workspace, asked: &mut Ask) -> Result<(), Fault> {
    if asked.sign_in == Some(AzureSignIn::DeviceCode) && workspace.sign_in != AzureSignIn::DeviceCode {
        asked.refresh = by_code(context, workspace).await?;
    }
    Ok(())
}

fn asked(how: &PlanArgs) -> Result<Ask, Fault> {
    let principal = how.principal.as_deref().map(str::trim);
    if principal.is_some_and(|id| !crate::model::azure_id::is_guid(id)) {
        let problem = WorkspaceProblem { key: "principal".to_owned(), problem: KeyProblem::NotAGuid };
        return Err(Fault::WorkspaceWrong { problems: vec![problem] });
    }
    Ok(Ask {
        sign_in: how.sign_in,
        principal: principal.map(str::to_owned),
        migrate: how.migrate.clone(),
        refresh: None,
    })
}

/// Asks for the name of each classic table, since a migration cannot be undone; whether any may be migrated.
fn ask_for_migrations(lang: Lang, plan: &Plan, asked: &mut Ask) -> Result<bool, Fault> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    let before = asked.migrate.len();
    for step in plan.blocked() {
        let Some(Block::Classic { table }) = &step.blocked else { continue };
        let answer = prompt::line(&format!("{} ", words::migrate_question(lang, table)))?;
        if answer.trim() == table {
            asked.migrate.push(table.clone());
        }
    }
    Ok(asked.migrate.len() > before)
}

fn tell(context: &Context, event: Applying) {
    let lang = context.output.lang;
    match event {
        Applying::Begins(step, at, of) => context.output.say(&format!("{at}/{of} {} …", words::step(lang, step))),
        Applying::Done(step) => context.output.say(&format!("✓ {}", words::step(lang, step))),
        Applying::Waits(_, next, left) => {
            context.output.say(&format!("· {}", words::waits(lang, next, &time::span(lang, left))));
        }
    }
}

fn exit_code(plan: &Plan) -> u8 {
    if plan.blocked().next().is_some() { FINDINGS } else { 0 }
}

fn next(lang: Lang, workspace: &Workspace, plan: &Plan) -> String {
    let name = workspace.name.as_str();
    if plan.is_done() {
        return format!("✓ {}", words::nothing_to_do(lang));
    }
    match plan.to_do().next() {
        Some(_) => format!("→ {}", words::next_apply(lang, name)),
        None => format!("▲ {}", words::blocked_left(lang)),
    }
}

/// The plan for people.
fn lines(lang: Lang, workspace: &Workspace, plan: &Plan) -> Vec<String> {
    plan.steps.iter().flat_map(|step| step_lines(lang, workspace, step)).collect()
}

fn step_lines(lang: Lang, workspace: &Workspace, step: &Step) -> Vec<String> {
    let mark = match step.action {
        Action::Nothing => '✓',
        Action::Create | Action::Change => '○',
        Action::Migrate | Action::Blocked => '▲',
    };
    let mut lines = vec![format!("{mark} {}: {}", title(lang, step), words::action(lang, step.action))];
    if step.action != Action::Nothing {
        lines.push(format!("  {}", step.resource));
    }
    lines.extend(change_lines(step));
    lines.extend(step.notes.iter().map(|note| format!("  · {}", words::note(lang, note))));
    if let Some(block) = &step.blocked {
        lines.push(format!("  → {}", words::block(lang, workspace, block)));
    }
    if step.request.is_some() {
        lines.push(format!("  {}", needs(lang, step)));
    }
    lines
}

/// The differences: what is only added in one line, everything else in one of its own.
fn change_lines(step: &Step) -> Vec<String> {
    if step.action == Action::Blocked {
        return Vec::new();
    }
    let short = |change: &&Change| change.from.is_none() && !change.to.contains('\n');
    let added: Vec<String> =
        step.changes.iter().filter(short).map(|change| format!("{} {}", change.what, change.to)).collect();
    let mut lines = Vec::new();
    if !added.is_empty() {
        lines.push(format!("  + {}", clean(&added.join(", "), false)));
    }
    for change in step.changes.iter().filter(|change| !short(change)) {
        let from = change.from.as_deref().unwrap_or_default();
        if change.to.contains('\n') || from.contains('\n') {
            lines.push(format!("  ~ {}:", change.what));
            lines.extend(from.lines().map(|line| format!("    - {}", clean(line, false))));
            lines.extend(change.to.lines().map(|line| format!("    + {}", clean(line, false))));
        } else {
            lines.push(format!("  ~ {}: {} → {}", change.what, clean(from, false), clean(&change.to, false)));
        }
    }
    lines
}

fn title(lang: Lang, step: &Step) -> String {
    format!("{} {}", words::step(lang, step.id), step.resource.rsplit('/').next().unwrap_or_default())
}

fn needs(lang: Lang, step: &Step) -> String {
    words::needs(lang, step.needs.role, words::scope(lang, step.needs.on), step.needs.action)
}

/// Writes the plan as Bicep; the names of the files.
///
/// # Errors
/// [`Fault::FilesThere`]: nothing is overwritten; what keeps a file from being written.
fn written(context: &Context, planned: &mut Planned, folder: &Path) -> Result<Vec<String>, Fault> {
    let files = workspaces::files(context.output.lang, planned);
    workspaces::export(folder, &files)
}
