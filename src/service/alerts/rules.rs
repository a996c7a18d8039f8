//! The file of rules, and the last of them that could be used.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use crate::home::Home;
use crate::model::alert::AlertKey;
use crate::model::alert_rules::{Names, RuleProblem, RuleSet, RuleWrong, parse};
use crate::model::encoding::decode;
use crate::model::fault::Fault;
use crate::service::blocking::blocking;
use crate::service::services::Services;
use crate::vault::disk;

/// A file that lost its end counts as whole once two looks this far apart saw the same in it.
const RESTS: SignedDuration = SignedDuration::from_secs(5);

/// The rules that are in use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The rules; none without a file.
    pub rules: RuleSet,
    /// What is worth telling of them.
    pub told: Vec<RuleProblem>,
    /// Why the file is not used: then the rules are the last ones that could be.
    pub fault: Option<Fault>,
}

/// The connections by name, each with its partner.
pub(super) async fn names(services: &Services) -> Result<Names, Fault> {
    let connections = services.config().await?.connections.into_iter();
    Ok(connections.map(|one| (one.name.to_string(), one.partner.to_string())).collect())
}

/// Reads the rules for use. A file that cannot be used changes nothing: the last rules that could be stay. So does a file that may be
/// half written: where it is written in pieces, its beginning may be a file of rules as well, which would give up alerts or take too
/// many.
///
/// # Errors
/// [`Fault::RulesWrong`] where there are no earlier rules either; the config file's own.
pub async fn load(services: &Services) -> Result<Loaded, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || loaded(&home, &names, Timestamp::now())).await
}

/// Has alerts without a ticket decided about again, by the rules as they are in the file: who asks for it has written them.
///
/// # Errors
/// As [`load`]; the store's own; trouble with the disk that keeps the file from being used.
pub async fn retry(services: &Services, keys: Vec<AlertKey>) -> Result<u64, Fault> {
    let (home, names) = (services.home.clone(), names(services).await?);
    blocking(move || {
        match read_filled(&home.alert_rules(), &names) {
            // Where the last rules stay, only a file that may have lost its end is not used.
            Ok(Some((.., text))) => keep(&home, &text).or_else(|fault| match lost_its_end(&home, &text) {
                true => Err(fault),
                false => Ok(()),
            }),
            Ok(None) | Err(_) => Ok(()),
        }
    })
    .await?;
    services.store().await?.retry_alerts(keys, Timestamp::now()).await
}

fn loaded(home: &Home, names: &Names, now: Timestamp) -> Result<Loaded, Fault> {
    let path = home.alert_rules();
    let fault = match read_filled(&path, names) {
        Ok(None) => return Ok(without_file(home, &path)),
        Ok(Some((rules, told, text))) => match unrested(home, &text, now) {
            Ok(None) => {
                let _ = keep(home, &text);
                return Ok(Loaded { rules, told, fault: None });
            }
            Ok(Some(seconds)) => Fault::RulesHalfWritten { path: path.display().to_string(), seconds },
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    // Connections may be gone since: alerts of a rule without one wait for rules that can be used.
    match read_unchecked(&home.last_alert_rules()) {
        Some(rules) => Ok(Loaded { rules, told: Vec::new(), fault: Some(fault) }),
        None => Err(fault),
    }
}

/// Whether a file is the beginning of the last rules and no more.
fn lost_its_end(home: &Home, text: &str) -> bool {
    let last = disk::read_linked(&home.last_alert_rules()).ok().flatten();
    last.is_some_and(|last| last.len() > text.len() && last.starts_with(text.as_bytes()))
}

/// For how many seconds a file that is the beginning of the last rules has to rest yet; `None` for one that counts as whole. The time
/// of the file tells nothing: whoever copies a file may set any.
///
/// # Errors
/// Trouble with the disk that keeps this look from being noted: no wait would ever end.
fn unrested(home: &Home, text: &str, now: Timestamp) -> Result<Option<u64>, Fault> {
    if !lost_its_end(home, text) {
        return Ok(None);
    }
    let path = home.seen_alert_rules();
    let note = disk::read_linked(&path).ok().flatten().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    let first = note.as_deref().and_then(|note| note.split_once('\n')).filter(|(_, seen)| *seen == text);
    let age = first.and_then(|(at, _)| Some(now.duration_since(at.parse().ok()?)));
    // A time that is still to come is of a clock that was set back.
    let Some(age) = age.filter(|age| !age.is_negative()) else {
        disk::write_whole(&path, format!("{now}\n{text}").as_bytes())?;
        return Ok(Some(RESTS.as_secs().unsigned_abs()));
    };
    let left = RESTS.saturating_sub(age);
    Ok(left.is_positive().then(|| left.as_millis().unsigned_abs().div_ceil(1_000).try_into().unwrap_or(u64::MAX)))
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

/// The same of a file with something in it: an editor that is about to write a file has emptied it.
fn read_filled(path: &Path, names: &Names) -> Result<Option<Read>, Fault> {
    Ok(read(path, names)?.filter(|(.., text)| !text.trim().is_empty()))
}

fn read_unchecked(path: &Path) -> Option<RuleSet> {
    let bytes = disk::read_linked(path).ok().flatten()?;
    parse(&decode(&bytes).ok()?, None).ok().map(|(rules, _)| rules)
}

/// Keeps rules that can be used and are whole, for the time when the file cannot be used.
///
/// # Errors
/// Trouble with the disk: the last rules are those before.
pub(super) fn keep(home: &Home, text: &str) -> Result<(), Fault> {
    // Of a file that was half written at another time nothing is known.
    let _ = std::fs::remove_file(home.seen_alert_rules());
    let path = home.last_alert_rules();
    if disk::read_linked(&path).ok().flatten().is_some_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    disk::write_whole(&path, text.as_bytes())
        .inspect_err(|fault| tracing::warn!(%fault, "the rules could not be kept for later"))
}

#[cfg(test)]
mod tests;
