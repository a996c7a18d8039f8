//! `itsmc alert rules`, `check` and `import-actions`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::output::fault_lines;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::home::new_files;
use crate::model::alert_rules::AlertRule;
use crate::model::alert_rules::import::rules_of;
use crate::model::alert_rules::template::TEMPLATE;
use crate::model::alert_source::shared;
use crate::model::alert_view::RuleDone;
use crate::model::fault::Fault;
use crate::service::alerts;
use crate::texts::{alert as words, command, number};

use super::FINDINGS;
use super::source::shared_lines;

/// Shows the rules, or the file to begin with.
///
/// # Errors
/// [`Fault::RulesWrong`]; [`Fault::NotFound`] without a file.
pub async fn show(context: &Context, template: bool) -> Result<u8, Fault> {
    if template {
        context.output.document(&json!({ "template": TEMPLATE }), TEMPLATE.trim_end())?;
        return Ok(0);
    }
    let lang = context.output.lang;
    let path = context.services.home.alert_rules();
    if !path.exists() {
        let told = json!({ "path": path.display().to_string(), "rules": [] });
        let none = words::no_rules(lang, &path.display().to_string());
        context.output.result(&told, || vec![none])?;
        return Ok(0);
    }
    let (path, rules, _) = alerts::check(&context.services, None).await?;
    let done = alerts::done(&context.services, &rules, Timestamp::now()).await?;
    let of = |(rule, done): (&AlertRule, &RuleDone)| {
        let mut told = serde_json::to_value(rule).unwrap_or_default();
        told["done"] = json!(done);
        told
    };
    let told: Vec<Value> = rules.rules.iter().zip(&done).map(of).collect();
    let told = json!({ "path": path.display().to_string(), "rules": told });
    let heads = [
        command::name(lang),
        command::state(lang),
        words::connection(lang),
        words::makes(lang),
        words::alerts_lately(lang),
        words::tickets_lately(lang),
    ];
    let mut table = Table::new(&heads.map(|head| (head, Fit::Text)), Piped::Tabs);
    for (rule, done) in rules.rules.iter().zip(&done) {
        let state = if rule.enabled {
            Cell::like('●', words::switched_on(lang))
        } else {
            Cell::like('○', words::switched_off(lang))
        };
        table.row(vec![
            rule.name.as_str().into(),
            state,
            rule.connection.as_str().into(),
            rule.kind.id().into(),
            number::grouped(lang, done.alerts).into(),
            number::grouped(lang, done.tickets).into(),
        ]);
    }
    context.output.result(&told, || table.take(Medium::stdout()))?;
    Ok(0)
}

/// Checks the rules.
///
/// # Errors
/// As [`show`].
pub async fn check(context: &Context, file: Option<PathBuf>) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let is_own = file.is_none();
    let (path, rules, told) = alerts::check(&context.services, file).await?;
    // Sources are no matter of a file that is not in use.
    let sources = if is_own { context.services.config().await?.alert_sources } else { Vec::new() };
    let shared = shared(&sources);
    let document = json!({
        "path": path.display().to_string(), "rules": rules.rules.len(), "warnings": told, "shared": shared,
    });
    context.output.result(&document, || {
        let mut lines = vec![format!("✓ {}", words::checked(lang, &path.display().to_string(), rules.rules.len()))];
        lines.extend(told.iter().map(|problem| format!("▲ {}", words::problem(lang, problem))));
        lines.extend(shared_lines(lang, &shared));
        lines
    })?;
    Ok(if told.is_empty() && shared.is_empty() { 0 } else { FINDINGS })
}

/// Makes rules of the old ITSM actions.
///
/// # Errors
/// When nobody can sign in, or action groups cannot be read; [`Fault::FilesThere`].
pub async fn import_actions(
    context: &Context,
    source: &str,
    connection: Option<&str>,
    out: Option<&Path>,
) -> Result<u8, Fault> {
    let lang = context.output.lang;
    if let Some(name) = connection {
        context.services.connection(name).await?;
    }
    let found = alerts::old_actions(&context.services, source).await?;
    for (what, fault) in &found.unread {
        let told = fault_lines(lang, fault).join("\n").replacen('✗', "▲", 1);
        context.output.say(&format!("▲ {}\n{told}", words::rules_unread(lang, what)));
    }
    let text = rules_of(&found.actions, connection);
    let code = if found.unread.is_empty() { 0 } else { FINDINGS };
    let count = found.actions.len();
    let unread: Vec<&str> = found.unread.iter().map(|(what, _)| what.as_str()).collect();
    let mut document = json!({ "actions": count, "unread": unread, "rules": text, "path": null });
    let Some(out) = out.filter(|_| count > 0) else {
        if count == 0 {
            context.output.result(&document, || vec![words::no_actions(lang).to_owned()])?;
            return Ok(code);
        }
        context.output.document(&document, text.trim_end())?;
        return Ok(code);
    };
    let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = out.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    let written = new_files::write(&new_files::folder(&folder), [(name.as_str(), text.as_str())].into_iter())?;
    let path = written.first().map(|path| path.display().to_string()).unwrap_or_default();
    document["path"] = json!(path);
    context.output.result(&document, || vec![format!("✓ {}", words::actions_written(lang, count, &path))])?;
    Ok(code)
}
