//! Writing rules for an admin: one rule is added, replaced or switched, and nothing else in the file changes.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use super::Wanted;
use super::preview::{Portion, portions};
use super::rules::{Read, keep, names, read};
use crate::home::Home;
use crate::model::alert_kinds::{AlertKinds, KindsFold};
use crate::model::alert_plan::{RuleFold, RulePreview, SwitchSeen, switched_on};
use crate::model::alert_rules::write::{Unwritable, switched, with_connection_renamed, with_rule};
use crate::model::alert_rules::{AlertRule, RuleSet, parse};
use crate::model::connection::ConnectionName;
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::model::ticket::{Listed, Listing};
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::store::{StoredAlert, Way};
use crate::vault::{LockFile, disk};

/// How long another `itsmc` that writes rules is waited for.
const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// How many alerts are read together.
const TOGETHER: usize = 500;

/// The byte order mark of UTF-8, which stays where it was.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The file of rules as an admin sees it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RulesFile {
    /// Its text; `None` where there is no file.
    pub text: Option<String>,
    /// Its rules.
    pub rules: RuleSet,
}

/// The file of rules, to be changed.
///
/// # Errors
/// [`Fault::RulesWrong`] and the like for a file that cannot be used: it is not written then.
pub async fn rules_file(services: &Services) -> Result<RulesFile, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || {
        let found = read(&home.alert_rules(), &names)?;
        Ok(found.map_or_else(RulesFile::default, |(rules, _, text): Read| RulesFile { text: Some(text), rules }))
    })
    .await
}

/// Adds a rule at the end of the file, or replaces the one of that name. `shown` is the text that the change was made for.
///
/// # Errors
/// [`Fault::RulesChanged`] if the file has another text by now; [`Fault::RulesWrong`] for a rule or a file that cannot be used;
/// [`Fault::RulesNotWritable`]; trouble with the disk.
pub async fn save_rule(
    services: &Services,
    shown: Option<String>,
    replaces: Option<String>,
    rule: AlertRule,
) -> Result<(), Fault> {
    change(services, shown, move |text| with_rule(text, replaces.as_deref(), &rule)).await
}

/// What a rule of the file does with the stored alerts of the last days while it is on, to be known before it is switched.
///
/// # Errors
/// [`Fault::NoSuchRule`]; [`Fault::RulesWrong`] for a file that cannot be used; the store's own.
pub async fn before_switch(services: &Services, name: &str, days: i64) -> Result<SwitchSeen, Fault> {
    let file = rules_file(services).await?;
    let Some(rule) = file.rules.named(name).cloned() else {
        return Err(Fault::NoSuchRule { name: name.to_owned() });
    };
    let enabled = rule.enabled;
    let preview = preview_one(services, Some(name.to_owned()), rule, days).await?;
    Ok(SwitchSeen { shown: file.text, enabled, preview })
}

/// Switches a rule on or off. `shown` is the text that the change was made for.
///
/// # Errors
/// As [`save_rule`].
pub async fn switch_rule(services: &Services, shown: Option<String>, name: String, on: bool) -> Result<(), Fault> {
    change(services, shown, move |text| switched(text.unwrap_or_default(), &name, on)).await
}

async fn change(
    services: &Services,
    shown: Option<String>,
    change: impl FnOnce(Option<&str>) -> Result<String, Unwritable> + Send + 'static,
) -> Result<(), Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || {
        let path = home.alert_rules();
        let told = path.display().to_string();
        let _lock = LockFile::wait(&home.config_lock(), LOCK_LIMIT)?;
        let before = read(&path, &names)?.map(|(_, _, text)| text);
        if before != shown {
            return Err(Fault::RulesChanged { path: told });
        }
        let written = change(before.as_deref()).map_err(|problem| unwritable(problem, &told))?;
        parse(&written, Some(&names)).map_err(|problems| Fault::RulesWrong { path: told, problems })?;
        write(&path, &written)?;
        // What itsmc wrote is whole. Where that cannot be noted the file is read as that of anybody else.
        let _ = keep(&home, &written);
        Ok(())
    })
    .await
}

fn unwritable(problem: Unwritable, path: &str) -> Fault {
    let path = path.to_owned();
    match problem {
        Unwritable::Wrong(problems) => Fault::RulesWrong { path, problems },
        Unwritable::NoSuchRule => Fault::RulesChanged { path },
        Unwritable::OneList | Unwritable::ElseChanges => Fault::RulesNotWritable { path },
    }
}

/// Writes the text in the place of what is there, with the mark that it begins with, if it does.
fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let marked = disk::read_linked(path)?.is_some_and(|bytes| bytes.starts_with(MARK));
    let mut bytes = if marked { MARK.to_vec() } else { Vec::new() };
    bytes.extend_from_slice(text.as_bytes());
    if let Some(folder) = path.parent() {
        disk::private_dir(folder)?;
    }
    disk::sweep(path);
    disk::write_linked(path, &bytes)
}

/// The text of a file of rules with a connection under its new name; `None` where nothing is to be written.
fn renamed_in(path: &Path, from: &str, to: &str) -> Result<Option<String>, Fault> {
    let Some(bytes) = disk::read_linked(path)? else { return Ok(None) };
    let told = path.display().to_string();
    // Text in another encoding is refused by whoever reads the rules.
    let Ok(text) = decode(&bytes) else { return Err(Fault::RulesNotWritable { path: told }) };
    with_connection_renamed(&text, from, to).map_err(|problem| unwritable(problem, &told))
}

/// Makes sure that the rules can name a connection by another name.
///
/// # Errors
/// [`Fault::RulesWrong`] for a file that cannot be used, [`Fault::RulesNotWritable`] for one that cannot be written.
pub(in crate::service) fn can_rename(home: &Home, from: &str, to: &str) -> Result<(), Fault> {
    renamed_in(&home.alert_rules(), from, to).map(drop)
}

/// Has every rule that names a connection name it by its new name, in the file and in the last rules that could be used.
///
/// # Errors
/// Trouble with the disk.
pub(in crate::service) fn rename_connection(home: &Home, from: &str, to: &str) -> Result<(), Fault> {
    let _lock = LockFile::wait(&home.config_lock(), LOCK_LIMIT)?;
    for path in [home.last_alert_rules(), home.alert_rules()] {
        match renamed_in(&path, from, to) {
            Ok(Some(text)) => write(&path, &text)?,
            Ok(None) => {}
            // It was edited since it was looked at: whoever reads it next says what is wrong.
            Err(fault @ (Fault::RulesWrong { .. } | Fault::RulesNotWritable { .. })) => {
                tracing::warn!(code = fault.code(), path = %path.display(), "a connection was not renamed in the rules");
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// What a rule would have done with the stored alerts of the last days, in its place among the others: in that of the rule
/// it replaces, or at the end. Nothing is written.
///
/// # Errors
/// [`Fault::RulesWrong`] for a file that cannot be used; the store's own.
pub async fn preview_one(
    services: &Services,
    replaces: Option<String>,
    rule: AlertRule,
    days: i64,
) -> Result<RulePreview, Fault> {
    let mut rules = rules_file(services).await?.rules;
    let place = replaces.and_then(|name| rules.rules.iter().position(|one| one.name == name));
    let at = place.unwrap_or(rules.rules.len());
    match rules.rules.get_mut(at) {
        Some(there) => *there = rule,
        None => rules.rules.push(rule),
    }
    let connections = services.config().await?.connections;
    let wanted = Wanted { from: Some(since(days)), ..Wanted::default() };
    let (sender, mut receiver) = mpsc::channel::<Portion>(1);
    let work = blocking(move || {
        let rules = switched_on(&rules, at);
        let Some(mut fold) = RuleFold::new(&rules, at, &connections) else { return Ok(RulePreview::default()) };
        while let Some(portion) = receiver.blocking_recv() {
            portion.iter().for_each(|(alert, ignored)| fold.take(alert, *ignored));
        }
        Ok(fold.end())
    });
    let read = async {
        // Dropped at the end: then nothing more is waited for.
        let sender = sender;
        portions(services, &wanted, &sender, &|_| {}).await
    };
    let (read, told) = tokio::join!(read, work);
    read.and(told)
}

/// The stored alerts of the last days, by what rules see of them.
///
/// # Errors
/// The store's own.
pub async fn kinds(services: &Services, days: i64) -> Result<AlertKinds, Fault> {
    let store = services.store().await?;
    let (mut fold, mut after) = (KindsFold::default(), None);
    loop {
        let portion = store.alerts_in_order(since(days), Way::Older, after.take(), TOGETHER).await?;
        let ended = portion.len() < TOGETHER;
        after = portion.last().map(StoredAlert::place);
        portion.into_iter().for_each(|one| fold.take(one.alert));
        if ended {
            return Ok(fold.end());
        }
    }
}

fn since(days: i64) -> Timestamp {
    Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// Records of a connection's product that a rule can name; `None` where the product has no such list.
///
/// # Errors
/// [`Fault::NoSuchConnection`]; why the product could not be asked.
pub async fn listed(
    services: &Services,
    connection: &ConnectionName,
    what: Listing,
    part: &str,
) -> Result<Option<Listed>, Fault> {
    let connection = services.connection(connection.as_str()).await?;
    let partner = services.partner(&connection).await?;
    match partner.tickets() {
        Some(tickets) => tickets.listed(what, part).await,
        None => Ok(None),
    }
}
