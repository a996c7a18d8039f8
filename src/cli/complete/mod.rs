//! Completion in the shell: names, partners, kinds, states, items, tokens and settings as this home has them. It reads
//! only, says nothing, and asks for no passphrase: whatever cannot be read is not offered.

mod bash;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::OnceLock;

use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};

use super::help;
use crate::home::Home;
use crate::home::config;
use crate::model::alert_rules::parse;
use crate::model::connection::Connection;
use crate::model::items::ItemColumn;
use crate::model::lang::Lang;
use crate::model::partner::{Catalogue, FieldSpec, InputKind, PartnerSpec};
use crate::model::preference::Preference;
use crate::model::token_list::Fingerprint;
use crate::model::work_item::WorkItemKind;
use crate::store::completion::{self, Wanted};
use crate::vault::{NoAsk, Owner, Vault, VaultOptions};

/// The variable by which the shell asks for candidates.
const VARIABLE: &str = "ITSMC_COMPLETE";
/// The most work items that are offered.
const MOST_ITEMS: usize = 50;

/// The shells that can ask.
const SHELLS: Shells<'static> = Shells(&[&bash::Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// The words of the line that is completed.
static LINE: OnceLock<Vec<String>> = OnceLock::new();

/// Answers the shell, if it is the shell that asks.
pub fn answered(lang: Lang) -> bool {
    let folder = std::env::current_dir().ok();
    // A completion that fails must not write into the line that is typed.
    CompleteEnv::with_factory(|| help::command(lang))
        .var(VARIABLE)
        .bin("itsmc")
        .completer("itsmc")
        .shells(SHELLS)
        .try_complete(std::env::args_os(), folder.as_deref())
        .unwrap_or(true)
}

/// Whether the shell asks.
pub fn is_asked() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|shell| !shell.is_empty() && shell != "0")
}

/// The script that makes a shell ask; `None` for an unknown shell.
///
/// # Errors
/// When the script cannot be written.
pub fn script(shell: &str) -> std::io::Result<Option<Vec<u8>>> {
    let mut text = Vec::new();
    let Some(found) = SHELLS.completer(shell) else { return Ok(None) };
    found.write_registration(VARIABLE, "itsmc", "itsmc", "itsmc", &mut text)?;
    Ok(Some(text))
}

/// Keeps the words of the line, where the shell hands over more or less than these.
fn asked_for(words: &[String]) {
    let _ = LINE.set(words.to_vec());
}

/// The words of the line that is completed.
fn line() -> &'static [String] {
    let handed_over = || std::env::args_os().map(|word: OsString| word.to_string_lossy().into_owned()).collect();
    LINE.get_or_init(handed_over)
}

fn home() -> Option<Home> {
    let words = line();
    let named = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--home") {
        Some("") => words.get(at + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    Home::choose(named.map(PathBuf::from)).ok()
}

fn all_connections() -> Vec<Connection> {
    let Some(home) = home().filter(|home| home.config_file().is_file()) else { return Vec::new() };
    config::load(&home).map(|config| config.connections).unwrap_or_default()
}

/// The connection that the line names already, or the only one there is.
fn named() -> Option<Connection> {
    let (words, all) = (line(), all_connections());
    let named = all.iter().find(|one| words.iter().any(|word| word == one.name.as_str())).cloned();
    named.or_else(|| <[Connection; 1]>::try_from(all).ok().map(|[only]| only))
}

fn catalogue() -> Vec<PartnerSpec> {
    Catalogue::built_in().map(|catalogue| catalogue.all().to_vec()).unwrap_or_default()
}

fn beginning<T: Into<String>>(current: &OsStr, all: impl IntoIterator<Item = T>) -> Vec<CompletionCandidate> {
    // zsh and fish hand it over with its quotes.
    let current = bash::unquoted(&current.to_string_lossy()).to_lowercase();
    let mut fitting: Vec<String> =
        all.into_iter().map(Into::into).filter(|one: &String| one.to_lowercase().starts_with(&current)).collect();
    fitting.dedup();
    fitting.into_iter().map(CompletionCandidate::new).collect()
}

/// The names of the connections, each with its product.
pub fn names(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let fitting = all_connections().into_iter().filter(|one| one.name.as_str().starts_with(&*current));
    let candidate = |one: Connection| {
        CompletionCandidate::new(one.name.as_str()).help(Some(one.partner.as_str().to_owned().into()))
    };
    fitting.map(candidate).collect()
}

/// The names of the workspaces.
pub fn workspaces(current: &OsStr) -> Vec<CompletionCandidate> {
    let home = home().filter(|home| home.config_file().is_file());
    let config = home.and_then(|home| config::load(&home).ok()).unwrap_or_default();
    beginning(current, config.workspaces.into_iter().map(|one| one.name.to_string()))
}

/// The names of the sources of alerts.
pub fn alert_sources(current: &OsStr) -> Vec<CompletionCandidate> {
    let home = home().filter(|home| home.config_file().is_file());
    let config = home.and_then(|home| config::load(&home).ok()).unwrap_or_default();
    beginning(current, config.alert_sources.into_iter().map(|one| one.name.to_string()))
}

/// The names of the alert rules.
pub fn alert_rules(current: &OsStr) -> Vec<CompletionCandidate> {
    let text = home().and_then(|home| std::fs::read_to_string(home.alert_rules()).ok()).unwrap_or_default();
    let rules = parse(&text, None).map(|(rules, _)| rules.rules).unwrap_or_default();
    beginning(current, rules.into_iter().map(|rule| rule.name))
}

/// The partners.
pub fn partners(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, catalogue().iter().map(|spec| spec.id.as_str()))
}

/// The kinds of work items.
pub fn kinds(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, WorkItemKind::ALL.iter().map(|kind| kind.id()))
}

fn stored(wanted: Wanted<'_>) -> Vec<String> {
    let Some(home) = home() else { return Vec::new() };
    let connection = named();
    completion::values(&home.database(), connection.as_ref().map(|one| one.name.as_str()), wanted)
}

/// The states of stored work items; behind a kind and a colon those of the kind.
pub fn states(current: &OsStr) -> Vec<CompletionCandidate> {
    let typed = current.to_string_lossy();
    let kind = bash::unquoted(&typed).split_once(':').and_then(|(kind, _)| WorkItemKind::from_id(kind));
    let Some(kind) = kind else { return beginning(current, stored(Wanted::States(None))) };
    let of_kind = |state: String| format!("{}:{state}", kind.id());
    beginning(current, stored(Wanted::States(Some(kind))).into_iter().map(of_kind))
}

/// The groups that stored work items are assigned to.
pub fn groups(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, stored(Wanted::Groups))
}

/// The people that stored work items are assigned to.
pub fn assignees(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, stored(Wanted::Assignees))
}

/// The priorities of stored work items.
pub fn priorities(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, stored(Wanted::Priorities))
}

/// The numbers of stored work items, newest change first.
pub fn numbers(current: &OsStr) -> Vec<CompletionCandidate> {
    let text = current.to_string_lossy();
    beginning(current, stored(Wanted::Numbers { beginning: &text, most: MOST_ITEMS }))
}

/// The checklist items of the connection's product.
pub fn checklist_items(current: &OsStr) -> Vec<CompletionCandidate> {
    let partner = named().map(|one| one.partner);
    let specs = catalogue();
    let specs = specs.iter().filter(|spec| partner.as_ref().is_none_or(|partner| *partner == spec.id));
    let items: std::collections::BTreeSet<_> =
        specs.flat_map(|spec| &spec.checks).map(|check| check.item.to_string()).collect();
    beginning(current, items)
}

/// The fingerprints of the connection's tokens, where the vault's key is in a file: neither keyring nor command is asked.
pub fn fingerprints(current: &OsStr) -> Vec<CompletionCandidate> {
    let held = home().zip(named()).and_then(|(home, connection)| {
        let paths = home.vault_paths();
        if !Vault::exists(&paths).unwrap_or(false) {
            return None;
        }
        let key_file = std::env::var_os("ITSMC_KEY_FILE").filter(|file| !file.is_empty()).map(PathBuf::from);
        let options = VaultOptions { key_file, ..VaultOptions::bare() };
        Vault::open(paths, options, Box::new(NoAsk)).ok()?.held(&Owner::of(&connection)).ok()?
    });
    let Some(held) = held else { return Vec::new() };
    let all = held.tokens.iter().chain(held.retired.iter().map(|retired| &retired.tokens));
    let prints: std::collections::BTreeSet<_> = all
        .flat_map(|tokens| [Some(&tokens.access), tokens.refresh.as_ref()])
        .flatten()
        .map(|token| Fingerprint::of(token).to_string())
        .collect();
    beginning(current, prints)
}

/// The settings of the connection's product, each to be followed by its value; and the values of one that has a fixed list.
pub fn settings(current: &OsStr) -> Vec<CompletionCandidate> {
    let partner = named().map(|one| one.partner);
    let specs = catalogue();
    let specs = specs.iter().filter(|spec| partner.as_ref().is_none_or(|partner| *partner == spec.id));
    let fields = specs.flat_map(|spec| &spec.fields).filter(|field| !field.id.is_secret());
    let typed = current.to_string_lossy();
    let all: std::collections::BTreeSet<_> = match typed.split_once('=') {
        None => fields.map(|field| format!("{}=", field.id.key())).collect(),
        Some((key, value)) => fields
            .filter(|field| field.id.key() == key)
            .flat_map(|field| values(field, value))
            .map(|value| format!("{key}={value}"))
            .collect(),
    };
    beginning(current, all)
}

/// What a field can be set to, where that is a fixed list.
fn values(field: &FieldSpec, typed: &str) -> Vec<String> {
    match field.input {
        InputKind::Choice => field.choices.iter().map(|choice| choice.id.clone()).collect(),
        InputKind::Switch => ["true", "false"].map(str::to_owned).into(),
        InputKind::WorkItems => list(typed, WorkItemKind::ALL.iter().map(|kind| kind.id())),
        _ => Vec::new(),
    }
}

/// The columns of work items, each behind those that the list names already.
pub fn columns(current: &OsStr) -> Vec<CompletionCandidate> {
    let all = ["connection", "url"].into_iter().chain(ItemColumn::ALL.map(ItemColumn::id));
    beginning(current, list(&current.to_string_lossy(), all))
}

/// A list parted by commas with one more at its end, that it does not have yet.
fn list<'a>(typed: &str, all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (before, comma) = typed.rsplit_once(',').map_or(("", ""), |(before, _)| (before, ","));
    let has: Vec<_> = before.split(',').collect();
    all.filter(|one| !has.contains(one)).map(|one| format!("{before}{comma}{one}")).collect()
}

/// The commands below those that the line names after `help` or `man`.
pub fn commands(current: &OsStr) -> Vec<CompletionCandidate> {
    let tree = help::command(Lang::En);
    let words = match line() {
        [words @ .., last] if current == last.as_str() => words,
        words => words,
    };
    let named = words.iter().skip_while(|word| !matches!(word.as_str(), "help" | "man")).skip(1);
    let below = named.fold(&tree, |command, word| command.find_subcommand(word).unwrap_or(command));
    let shown = below.get_subcommands().filter(|command| !command.is_hide_set());
    beginning(current, shown.map(|command| command.get_name().to_owned()))
}

/// The settings of the whole program.
pub fn preferences(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning(current, Preference::ALL.map(|one| one.key().to_owned()))
}

/// The values of the setting that stands before on the command line.
pub fn preference_values(current: &OsStr) -> Vec<CompletionCandidate> {
    let of = line().iter().find_map(|word| Preference::named(word));
    let values = Preference::ALL.into_iter().filter(|one| of.is_none_or(|of| of == *one));
    let values: std::collections::BTreeSet<_> =
        values.flat_map(Preference::choices).map(|value| (*value).to_owned()).collect();
    beginning(current, values)
}
