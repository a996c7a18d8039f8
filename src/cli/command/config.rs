//! `itsmc config`: the settings of the whole program.

use std::collections::BTreeMap;

use crate::cli::args::ConfigCommand;
use crate::cli::context::Context;
use crate::cli::render::medium::Medium;
use crate::cli::render::table::{Fit, Piped, Table};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::model::nearest::nearest;
use crate::model::preference::Preference;
use crate::model::settings::Settings;
use crate::service::preferences;
use crate::texts::preferences as words;

/// Lists the settings, or changes one.
///
/// # Errors
/// When a key or value does not fit, or the config file cannot be read or written.
pub async fn run(context: &Context, command: ConfigCommand) -> Result<u8, Fault> {
    match command {
        ConfigCommand::List => list(context).await,
        ConfigCommand::Set { key, value } => set(context, &key, &value).await,
    }
}

async fn list(context: &Context) -> Result<u8, Fault> {
    let (lang, settings) = (context.output.lang, context.services.config().await?.settings);
    let heads = [words::head_setting(lang), words::head_value(lang), words::head_meaning(lang)];
    let mut table = Table::new(&heads.map(|head| (head, Fit::Text)), Piped::Tabs);
    for one in Preference::ALL {
        let value = one.value(&settings);
        let meaning = format!("{}: {}", words::name(lang, one), words::value(lang, one, &value));
        table.row(vec![one.key().into(), value.into(), meaning.into()]);
    }
    context.output.result(&json(&settings), || table.take(Medium::stdout()))?;
    Ok(0)
}

async fn set(context: &Context, key: &str, value: &str) -> Result<u8, Fault> {
    let lang = context.output.lang;
    let wrong = |what| Fault::BadUsage { what };
    let preference = Preference::named(key).ok_or_else(|| wrong(unknown(lang, key)))?;
    let mut settings = context.services.config().await?.settings;
    if !preference.set(&mut settings, value) {
        let known = match preference {
            Preference::SyncEvery => words::minutes_range(lang).to_owned(),
            _ => preference.choices().join(", "),
        };
        return Err(wrong(words::unknown_value(lang, key, &clean(value, false), &known)));
    }
    let value = preference.value(&settings);
    preferences::set(&context.services, vec![(preference, value.clone())]).await?;
    context.output.result(&json(&settings), || vec![words::is_set(lang, key, &value)])?;
    Ok(0)
}

fn unknown(lang: Lang, key: &str) -> String {
    let known = Preference::ALL.map(Preference::key);
    let key = clean(key, false);
    match nearest(&key, known) {
        Some(near) => words::unknown_key_near(lang, &key, near),
        None => words::unknown_key(lang, &key, &known.join(", ")),
    }
}

/// Each setting with its value: minutes as a number, what is on or off as a truth value, all else as a text.
fn json(settings: &Settings) -> BTreeMap<&'static str, serde_json::Value> {
    let told = |one: Preference| match one {
        Preference::SyncEvery => settings.sync_every_minutes.into(),
        Preference::Mouse => settings.mouse.into(),
        _ => one.value(settings).into(),
    };
    Preference::ALL.into_iter().map(|one| (one.key(), told(one))).collect()
}
