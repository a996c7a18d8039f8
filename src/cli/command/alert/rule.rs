//! `itsmc alert rule ..`.

use serde_json::json;

use super::rules;
use crate::cli::alert_args::{AlertRuleArgs, AlertRuleCommand};
use crate::cli::ask;
use crate::cli::context::Context;
use crate::model::alert_source::KEPT_DAYS;
use crate::model::fault::Fault;
use crate::service::alerts;
use crate::texts::rule_wizard as words;

/// Runs one of the commands.
///
/// # Errors
/// As each of them.
pub async fn run(context: &Context, command: AlertRuleCommand) -> Result<u8, Fault> {
    match command {
        AlertRuleCommand::List => rules::show(context, false).await,
        AlertRuleCommand::Enable(args) => switch(context, &args, true).await,
        AlertRuleCommand::Disable(args) => switch(context, &args, false).await,
    }
}

/// Shows what the rule does with the stored alerts, asks, and switches it. The file stays as it is where it was changed since
/// the numbers were made.
async fn switch(context: &Context, args: &AlertRuleArgs, on: bool) -> Result<u8, Fault> {
    let (lang, name) = (context.output.lang, args.name.trim());
    let seen = alerts::before_switch(&context.services, name, KEPT_DAYS).await?;
    let changed = seen.enabled != on;
    if changed {
        context.output.say(&format!("{}\n{}", words::switch_intro(lang, name), lines(lang, &seen.preview)));
        let question = if on { words::question_on(lang, name) } else { words::question_off(lang, name) };
        if !args.yes && !ask::confirmed(context, &question)? {
            if context.output.json {
                return Err(Fault::Interrupted);
            }
            context.output.say(words::not_switched(lang));
            return Ok(130);
        }
        alerts::switch_rule(&context.services, seen.shown, name.to_owned(), on).await?;
    }
    let told = json!({ "rule": name, "enabled": on, "changed": changed, "preview": seen.preview });
    context.output.result(&told, || {
        let said = match (changed, on) {
            (true, true) => words::switched_on(lang, name),
            (true, false) => words::switched_off(lang, name),
            (false, true) => words::is_on(lang, name),
            (false, false) => words::is_off(lang, name),
        };
        vec![format!("✓ {said}")]
    })?;
    Ok(0)
}

fn lines(lang: crate::model::lang::Lang, preview: &crate::model::alert_plan::RulePreview) -> String {
    words::switch_numbers(lang, preview).iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
