//! `itsmc alert source ..`.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::alert_args::{AlertSourceArgs, AlertSourceCommand, AlertSourceEditArgs};
use crate::cli::ask;
use crate::cli::command::workspace::add::{ask_way, question, tell};
use crate::cli::command::workspace::signed_in;
use crate::cli::context::Context;
use crate::cli::prompt;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Cell, Fit, Piped, Table};
use crate::model::alert_source::{AlertSource, SharedSubscription, SourceName, SourceState, shared};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::service::{alerts, workspaces};
use crate::texts::{alert as words, command, questions, time, workspace as workspace_words};

/// Runs one of the commands.
///
/// # Errors
/// As each of them.
pub async fn run(context: &Context, command: AlertSourceCommand) -> Result<u8, Fault> {
    match command {
        AlertSourceCommand::Add(args) => add(context, &args).await,
        AlertSourceCommand::Edit(args) => edit(context, &args).await,
        AlertSourceCommand::List => list(context).await,
        AlertSourceCommand::SignIn { name, secrets_stdin } => sign_in(context, &name, secrets_stdin).await,
        AlertSourceCommand::Dismiss { name } => dismiss(context, &name).await,
        AlertSourceCommand::Remove { name, yes } => remove(context, &name, yes).await,
    }
}

async fn add(context: &Context, args: &AlertSourceArgs) -> Result<u8, Fault> {
    let lang = context.output.lang;
    // What is asked for is said by questions; a command that names everything is asked nothing.
    let asks = args.name.is_none() || args.sign_in.is_none();
    let name = name(context, args).await?;
    let of_source = |fault| alerts::of_source(fault, name.as_str());
    let sign_in = args.sign_in.map_or_else(|| ask_way(lang), Ok).map_err(of_source)?;
    let [tenant, client_id, token_file] = args.account.over("", "", "");
    let asked = |key: &'static str, label: &str, given: String, needed: bool| match given.is_empty() && needed && asks {
        true => question(lang, key, label),
        false => Ok(given),
    };
    let tenant =
        asked("tenant", workspace_words::ask_tenant(lang), tenant, sign_in.needs_tenant()).map_err(of_source)?;
    let label = workspace_words::ask_client_id(lang);
    let client_id = asked("client_id", label, client_id, sign_in.needs_client_id()).map_err(of_source)?;
    let mut source = AlertSource {
        name: name.clone(),
        tenant,
        sign_in,
        client_id,
        token_file,
        subscriptions: args.subscription.iter().map(|id| id.trim().to_lowercase()).collect(),
        every_seconds: args.every,
        acknowledge: args.acknowledge,
    };
    if let Err(fault) = finished(context, (args, asks), &mut source).await {
        if let Err(left) = alerts::forget_secret(&context.services, &source).await {
            tracing::warn!(fault = %left, "the secret of a source that was not saved stays in the vault");
        }
        return Err(of_source(fault));
    }
    saved(context, &source, vec![format!("→ {}", words::next_rules(lang))]).await
}

/// The name of a new source, asked for until it can be taken where none is given.
async fn name(context: &Context, args: &AlertSourceArgs) -> Result<SourceName, Fault> {
    let lang = context.output.lang;
    let taken = context.services.config().await?.alert_sources;
    let is_taken = |name: &SourceName| taken.iter().any(|other| other.name.clashes_with(name));
    if let Some(given) = &args.name {
        let name = SourceName::parse(given).map_err(|_| Fault::BadUsage { what: words::bad_name(lang).to_owned() })?;
        return if is_taken(&name) { Err(Fault::SourceTaken { name: name.to_string() }) } else { Ok(name) };
    }
    loop {
        let answer =
            question(lang, "name", questions::source_name(lang)).map_err(|fault| alerts::of_source(fault, ""))?;
        match SourceName::parse(&answer) {
            Ok(name) if !is_taken(&name) => return Ok(name),
            Ok(_) => tell(&format!("✗ {}", questions::source_taken(lang))),
            Err(_) => tell(&format!("✗ {}", words::bad_name(lang))),
        }
    }
}

/// Asks which of these subscriptions are read.
fn chosen(lang: Lang, all: Vec<(String, String)>) -> Result<Vec<String>, Fault> {
    for (at, (id, name)) in all.iter().enumerate() {
        tell(&format!("  {}  {} ({id})", at + 1, clean(name, false)));
    }
    loop {
        let answer = prompt::line(&format!("{}: ", questions::source_subscriptions(lang)))?;
        let numbers: Vec<&str> = answer.split([',', ' ']).filter(|word| !word.is_empty()).collect();
        if numbers.is_empty() {
            return Ok(all.into_iter().map(|(id, _)| id).collect());
        }
        let at = |word: &&str| word.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?));
        let found: Vec<String> = numbers.iter().filter_map(at).map(|(id, _)| id.clone()).collect();
        if found.len() == numbers.len() {
            return Ok(found);
        }
        tell(&format!("✗ {}", workspace_words::nothing_fits(lang)));
    }
}

/// Tells that a source is saved, and which of its subscriptions another source reads as well.
async fn saved(context: &Context, source: &AlertSource, next: Vec<String>) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let all = context.services.config().await?.alert_sources;
    let mut shared = shared(&all);
    shared.retain(|one| one.sources.contains(&source.name));
    let mut told = serde_json::to_value(source).unwrap_or_default();
    told["shared"] = json!(shared);
    context.output.result(&told, || {
        let saved = words::source_saved(lang, source.name.as_str(), source.subscriptions.len());
        let mut lines = vec![format!("✓ {saved}")];
        lines.extend(shared_lines(lang, &shared));
        lines.extend(next);
        lines
    })?;
    Ok(0)
}

/// A line for each subscription that several sources read.
pub fn shared_lines(lang: Lang, shared: &[SharedSubscription]) -> Vec<String> {
    let names = |one: &SharedSubscription| one.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let told = shared.iter().map(|one| words::shared_subscription(lang, &one.subscription, &names(one)));
    told.map(|line| format!("▲ {line}")).collect()
}

/// Changes what is given, and nothing else. Another sign-in is asked for its secret, and what is read from now on is tried,
/// before anything is saved.
async fn edit(context: &Context, args: &AlertSourceEditArgs) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let old = alerts::named(&context.services, &args.name).await?;
    let new = changed(&old, args);
    if new == old && !args.secrets_stdin {
        return Err(Fault::BadUsage { what: words::nothing_given(lang).to_owned() });
    }
    alerts::check_source(&new)?;
    let tries = args.secrets_stdin || new.signs_in_otherwise(&old);
    let ended = match tries {
        true => signed_in(context, &new.tried_account(), args.secrets_stdin).await,
        false => Ok(()),
    };
    let ended = match ended {
        Ok(()) => alerts::change(&context.services, &old, &new, tries).await,
        refused => refused,
    };
    if let Err(fault) = ended {
        if tries && let Err(left) = alerts::forget_tried(&context.services, &new).await {
            tracing::warn!(fault = %left, "the secret of a sign-in that was not saved stays in the vault");
        }
        return Err(alerts::of_source(fault, new.name.as_str()));
    }
    let now = alerts::named(&context.services, new.name.as_str()).await?;
    saved(context, &now, Vec::new()).await
}

/// The settings with what is given.
fn changed(old: &AlertSource, args: &AlertSourceEditArgs) -> AlertSource {
    let [tenant, client_id, token_file] = args.account.over(&old.tenant, &old.client_id, &old.token_file);
    let mut subscriptions: Vec<String> = Vec::new();
    for id in args.subscription.iter().map(|id| id.trim().to_lowercase()) {
        if !subscriptions.contains(&id) {
            subscriptions.push(id);
        }
    }
    AlertSource {
        name: old.name.clone(),
        sign_in: args.sign_in.unwrap_or(old.sign_in),
        tenant,
        client_id,
        token_file,
        subscriptions: if subscriptions.is_empty() { old.subscriptions.clone() } else { subscriptions },
        every_seconds: args.every.unwrap_or(old.every_seconds),
        acknowledge: (old.acknowledge || args.acknowledge) && !args.no_acknowledge,
    }
}

async fn finished(
    context: &Context,
    (args, asks): (&AlertSourceArgs, bool),
    source: &mut AlertSource,
) -> Result<(), Fault> {
    let lang = context.output.lang;
    let problems: Vec<_> = source.problems().into_iter().filter(|one| one.key != "subscriptions").collect();
    if !problems.is_empty() {
        return Err(Fault::SourceWrong { problems });
    }
    signed_in(context, &source.account(), args.secrets_stdin).await?;
    if source.subscriptions.is_empty() {
        let all = workspaces::subscriptions(&context.services, &source.account()).await?;
        let all: Vec<_> = all.into_iter().map(|one| (one.id.to_lowercase(), one.name)).collect();
        source.subscriptions =
            if asks && all.len() > 1 { chosen(lang, all)? } else { all.into_iter().map(|(id, _)| id).collect() };
    }
    if asks && !source.acknowledge {
        source.acknowledge = ask::confirmed(context, questions::source_acknowledge(lang))?;
    }
    alerts::add(&context.services, source).await
}

async fn sign_in(context: &Context, name: &str, secrets_stdin: bool) -> Result<u8, Fault> {
    let source = alerts::named(&context.services, name).await?;
    let outcome = signed_in(context, &source.account(), secrets_stdin).await;
    outcome.map_err(|fault| alerts::of_source(fault, source.name.as_str()))?;
    let told = json!({ "source": source.name, "signed_in": true });
    context.output.result(&told, || vec![words::source_signed_in(context.output.lang, source.name.as_str())])?;
    Ok(0)
}

async fn list(context: &Context) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let sources = context.services.config().await?.alert_sources;
    if sources.is_empty() && !context.output.json {
        return context.output.prose(words::no_sources(lang)).map(|()| 0);
    }
    let (twice, now) = (shared(&sources), Timestamp::now());
    let mut missing = Vec::new();
    let store = context.services.store().await?;
    let mut told: Vec<Value> = Vec::new();
    let heads = [command::name(lang), words::subscription(lang), command::state(lang), words::read_at(lang)];
    let mut table = Table::new(&heads.map(|head| (head, Fit::Text)), Piped::Tabs);
    for source in &sources {
        let mut one = serde_json::to_value(source).unwrap_or_default();
        let mut states = Vec::new();
        for subscription in &source.subscriptions {
            let state = store.source_state(source.name.as_str(), subscription).await?.unwrap_or_default();
            table.row(row(context, source, subscription, &state, now));
            missing.extend(missing_lines(lang, source.name.as_str(), &state, now));
            let mut shown = serde_json::to_value(&state).unwrap_or_default();
            shown["missed"] = json!(state.missing(now));
            shown["subscription"] = json!(subscription);
            shown["also_read_by"] = json!(others(&twice, source, subscription));
            states.push(shown);
        }
        one["states"] = json!(states);
        told.push(one);
    }
    context.output.result(&told, || {
        let mut lines = table.take(Medium::stdout());
        lines.extend(missing);
        lines.extend(shared_lines(lang, &twice));
        lines
    })?;
    Ok(0)
}

/// Of which times alerts of a source may be missing, and what to do.
pub fn missing_lines(lang: Lang, name: &str, state: &SourceState, now: Timestamp) -> Vec<String> {
    let told = words::missed_times(lang, name, state, now).into_iter();
    told.flat_map(|(what, next)| [format!("▲ {what}"), format!("  → {next}")]).collect()
}

async fn dismiss(context: &Context, name: &str) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let (source, dismissed) = alerts::dismiss(&context.services, name).await?;
    let told = json!({ "source": source.name, "dismissed": dismissed });
    context.output.result(&told, || match dismissed {
        0 => vec![words::nothing_to_dismiss(lang, source.name.as_str())],
        count => vec![format!("✓ {}", words::dismissed(lang, count, source.name.as_str()))],
    })?;
    Ok(0)
}

/// The other sources that read a subscription of this one.
fn others<'a>(shared: &'a [SharedSubscription], source: &AlertSource, subscription: &str) -> Vec<&'a SourceName> {
    let found = shared.iter().find(|one| one.subscription.eq_ignore_ascii_case(subscription));
    found.into_iter().flat_map(|one| &one.sources).filter(|name| **name != source.name).collect()
}

fn row(context: &Context, source: &AlertSource, subscription: &str, state: &SourceState, now: Timestamp) -> Vec<Cell> {
    let lang = context.output.lang;
    let standing = match (&state.fault, state.read_at) {
        (Some(fault), _) => Cell::like('✗', crate::texts::fault::summary(lang, fault)),
        (None, _) if !state.missing(now).is_empty() => Cell::like('▲', words::may_miss(lang)),
        (None, None) => Cell::like('○', words::never_read(lang)),
        (None, Some(_)) if state.acknowledge_fault.is_some() => {
            let fault = state.acknowledge_fault.iter().map(|fault| crate::texts::fault::summary(lang, fault));
            Cell::like('▲', fault.collect::<String>())
        }
        (None, Some(_)) if state.empty => Cell::like('▲', words::none_listed(lang)),
        (None, Some(_)) => Cell::like('●', words::is_read(lang)),
    };
    let at = state.read_at.map(time::moment_in_list).unwrap_or_default();
    vec![source.name.as_str().into(), subscription.into(), standing, at.into()]
}

async fn remove(context: &Context, name: &str, yes: bool) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let source = alerts::removable(&context.services, name).await?;
    if !yes && !ask::confirmed(context, &words::remove_source_question(lang, source.as_str()))? {
        if context.output.json {
            return Err(Fault::Interrupted);
        }
        context.output.say(words::source_not_removed(lang));
        return Ok(130);
    }
    let gone = alerts::remove(&context.services, name).await?;
    context.output.result(&json!({ "removed": gone }), || vec![words::source_removed(lang, gone.as_str())])?;
    Ok(0)
}
