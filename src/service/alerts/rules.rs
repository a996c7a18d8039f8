//! The file of rules, and the last of them that could be used.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use crate::home::Home;
use crate::model::alert::AlertKey;
use crate::model::alert_rules::{Names, RuleProblem, RuleSet, RuleWrong, parse};
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::vault::disk;

/// A file that is being written is touched again within this time.
const BEING_WRITTEN: Duration = Duration::from_secs(5);

/// The rules that are in use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The rules; none without a file.
    pub rules: RuleSet,
    /// What is worth telling of them.
    pub told: Vec<RuleProblem>,
    /// Why the file cannot be used: then the rules are the last ones that could be.
    pub fault: Option<Fault>,
}

/// The connections by name, each with its partner.
pub(super) async fn names(services: &Services) -> Result<Names, Fault> {
    let connections = services.config().await?.connections.into_iter();
    Ok(connections.map(|one| (one.name.to_string(), one.partner.to_string())).collect())
}

/// Reads the rules for use. A file that cannot be used changes nothing: the last rules that could be stay.
///
/// # Errors
/// [`Fault::RulesWrong`] where there are no earlier rules either; the config file's own.
pub async fn load(services: &Services) -> Result<Loaded, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || loaded(&home, &names, false)).await
}

/// The same for deciding. Where a file is written in pieces, its beginning may be a file of rules as well, which would give up
/// alerts or take too many: for a moment after it lost its end the last rules stay in use.
///
/// # Errors
/// As [`load`].
pub(super) async fn load_to_decide(services: &Services) -> Result<Loaded, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || loaded(&home, &names, true)).await
}

/// Has alerts without a ticket decided about again, by the rules as they are in the file: who asks for it has written them.
///
/// # Errors
/// As [`load`]; the store's own.
pub async fn retry(services: &Services, keys: Vec<AlertKey>) -> Result<u64, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || {
        // An empty file is about to be written, or was lost: the last rules are still needed.
        if let Ok(Some((.., text))) = read(&home.alert_rules(), &names)
            && !text.trim().is_empty()
        {
            keep(&home, &text);
        }
        Ok(())
    })
    .await?;
    services.store().await?.retry_alerts(keys, Timestamp::now()).await
}

fn loaded(home: &Home, names: &Names, to_decide: bool) -> Result<Loaded, Fault> {
    let path = home.alert_rules();
    let fault = match read(&path, names) {
        Ok(None) => return Ok(without_file(home, &path)),
        // An editor that is about to write the file has emptied it.
        Ok(Some((.., text))) if text.trim().is_empty() => return Ok(without_file(home, &path)),
        Ok(Some((rules, told, text))) => {
            let whole = before_its_end_was_lost(home, &path, &text);
            if whole.is_none() {
                keep(home, &text);
            }
            return Ok(match whole.filter(|_| to_decide) {
                Some(rules) => Loaded { rules, told: Vec::new(), fault: None },
                None => Loaded { rules, told, fault: None },
            });
        }
        Err(fault) => fault,
    };
    // Connections may be gone since: alerts of a rule without one wait for rules that can be used.
    match read_unchecked(&home.last_alert_rules()) {
        Some(rules) => Ok(Loaded { rules, told: Vec::new(), fault: Some(fault) }),
        None => Err(fault),
    }
}

/// The last rules, where the file is their beginning and was written a moment ago.
fn before_its_end_was_lost(home: &Home, path: &Path, text: &str) -> Option<RuleSet> {
    let last = disk::read_linked(&home.last_alert_rules()).ok().flatten()?;
    if last.len() <= text.len() || !last.starts_with(text.as_bytes()) {
        return None;
    }
    let written = std::fs::metadata(path).and_then(|found| found.modified()).ok()?;
    let is_fresh = written.elapsed().is_ok_and(|age| age < BEING_WRITTEN);
    if is_fresh { read_unchecked(&home.last_alert_rules()) } else { None }
}

/// Without a file there are no rules, unless there were some: then it was moved or emptied, and alerts would be given up.
fn without_file(home: &Home, path: &Path) -> Loaded {
    match read_unchecked(&home.last_alert_rules()).filter(|last| !last.rules.is_empty()) {
        Some(rules) => {
            let fault = Fault::RulesGone { path: path.display().to_string() };
            Loaded { rules, told: Vec::new(), fault: Some(fault) }
        }
        None => Loaded::default(),
    }
}

/// Checks a file of rules, or the one in use; its path, the rules and what is worth telling of them.
///
/// # Errors
/// [`Fault::RulesWrong`] with every problem; [`Fault::NoRulesFile`] without a file.
pub async fn check(services: &Services, file: Option<PathBuf>) -> Result<(PathBuf, RuleSet, Vec<RuleProblem>), Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || {
        let path = file.unwrap_or_else(|| home.alert_rules());
        let missing = || Fault::NoRulesFile { path: path.display().to_string() };
        let (rules, told, _) = read(&path, &names)?.ok_or_else(missing)?;
        Ok((path, rules, told))
    })
    .await
}

/// The names of the rules in the file.
///
/// # Errors
/// As [`check`].
pub async fn rule_names(services: &Services) -> Result<Vec<String>, Fault> {
    let (_, rules, _) = check(services, None).await?;
    Ok(rules.rules.into_iter().map(|rule| rule.name).collect())
}

pub(super) type Read = (RuleSet, Vec<RuleProblem>, String);

pub(super) fn read(path: &Path, names: &Names) -> Result<Option<Read>, Fault> {
    let Some(bytes) = disk::read_linked(path)? else { return Ok(None) };
    let shown = path.display().to_string();
    let text = decode(&bytes).map_err(|not_text| {
        let detail = format!("the text is in {}; save it as UTF-8", not_text.encoding);
        let problem = RuleProblem { line: not_text.line, rule: String::new(), wrong: RuleWrong::NotToml { detail } };
        Fault::RulesWrong { path: shown.clone(), problems: vec![problem] }
    })?;
    match parse(&text, Some(names)) {
        Ok((rules, told)) => Ok(Some((rules, told, text))),
        Err(problems) => Err(Fault::RulesWrong { path: shown, problems }),
    }
}

fn read_unchecked(path: &Path) -> Option<RuleSet> {
    let bytes = disk::read_linked(path).ok().flatten()?;
    parse(&decode(&bytes).ok()?, None).ok().map(|(rules, _)| rules)
}

/// Keeps rules that can be used, for the time when the file cannot be.
fn keep(home: &Home, text: &str) {
    let path = home.last_alert_rules();
    if disk::read_linked(&path).ok().flatten().is_some_and(|old| old == text.as_bytes()) {
        return;
    }
    if let Err(fault) = disk::write_whole(&path, text.as_bytes()) {
        tracing::warn!(%fault, "the rules could not be kept for later");
    }
}
