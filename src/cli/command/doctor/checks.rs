//! What `itsmc doctor` makes of the facts: for each part whether it works, and what to do next.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::cli::context::Context;
use crate::model::alert_counts::AlertCounts;
use crate::model::alert_source::shared;
use crate::model::check::Status;
use crate::model::clean::clean;
use crate::model::connection::Connection;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::lang::Lang;
use crate::model::summary::{Health, Summary};
use crate::model::unlisted::Unlisted;
use crate::net::http::no_proxy;
use crate::net::http::proxy::{EXCEPTIONS, Proxy, VARIABLES, first_set};
use crate::service::{alerts as service, sending};
use crate::texts::keyring::Trouble;
use crate::texts::{
    alert as alert_words, command, counted, doctor as words, fault as fault_words, finding as finding_words, frame,
    number, sending as sent, ticket as ticket_words, time, unlisted as lost_words,
};
use crate::vault::doctor::{PlaceFacts, PlaceState, StoreFacts};

/// How long a proxy may take to accept a connection.
const PROXY_LIMIT: Duration = Duration::from_secs(3);

/// What was found of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name in JSON.
    pub id: &'static str,
    /// How it stands.
    pub status: Status,
    /// What was found.
    pub summary: String,
    /// What to do next, where something is to be done.
    pub remedy: Option<String>,
}

impl Check {
    fn new(id: &'static str, status: Status, summary: impl Into<String>) -> Self {
        Self { id, status, summary: clean(&summary.into(), false), remedy: None }
    }

    fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(clean(&remedy.into(), false)), ..self }
    }

    fn of(lang: Lang, id: &'static str, status: Status, fault: &Fault) -> Self {
        let told = format!("{} ({})", fault_words::summary(lang, fault), fault_words::cause(lang, fault));
        Self::new(id, status, told).remedy(fault_words::remedy(lang, fault))
    }

    /// The same of a part that has a name.
    fn about(lang: Lang, id: &'static str, status: Status, name: &str, fault: &Fault) -> Self {
        let check = Self::of(lang, id, status, fault);
        Self { summary: words::of_connection(lang, name, &check.summary), ..check }
    }

    /// As it stands in JSON.
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "status": self.status.id(), "summary": self.summary, "remedy": self.remedy })
    }
}

/// What the checks come to, as the word in JSON: `ok`, `warnings`, or `problems` where a connection cannot work.
pub fn verdict(checks: &[Check]) -> &'static str {
    let has = |status| checks.iter().any(|check| check.status == status);
    match (has(Status::Failed), has(Status::Warning)) {
        (true, _) => "problems",
        (_, true) => "warnings",
        _ => "ok",
    }
}

/// The connections with what the store knows of them.
pub type Known = Result<Vec<(Connection, Option<Summary>)>, Fault>;

/// Config, data and state: whether they are there, and the user's own.
pub fn places(context: &Context) -> Check {
    let (lang, home) = (context.output.lang, &context.services.home);
    if let Err(fault) = home.check_private() {
        // What may be read can still be read.
        return Check::of(lang, "places", Status::Warning, &fault);
    }
    if let Err(fault) = home.check_room() {
        return Check::of(lang, "places", Status::Failed, &fault);
    }
    if let Err(fault) = home.check_writable() {
        // What is there can still be read.
        return Check::of(lang, "places", Status::Warning, &fault);
    }
    let [config, data] = [home.config_dir(), home.data_dir()].map(|dir| dir.display().to_string());
    let told = if config == data { words::places_one(lang, &config) } else { words::places_fine(lang, &config, &data) };
    Check::new("places", Status::Passed, told)
}

/// The key of the vault.
pub fn vault_key(lang: Lang, store: &Result<StoreFacts, Fault>) -> Check {
    let facts = match store {
        Ok(facts) => facts,
        Err(fault) => return Check::of(lang, "vault_key", Status::Failed, fault),
    };
    let new = |status, text: String| Check::new("vault_key", status, text);
    let Some(place) = facts.places.iter().find(|place| place.in_use) else {
        return match facts.exists {
            true => new(Status::Failed, words::key_gone(lang, "–", "–")).remedy(words::key_gone_remedy(lang)),
            false => new(Status::Passed, words::key_not_chosen(lang).to_owned()),
        };
    };
    let named = in_full(lang, place);
    match place.state {
        PlaceState::Works if place.detail.as_ref().is_some_and(|detail| detail.contains("others on this machine")) => {
            let detail = place.detail.clone().unwrap_or_default();
            new(Status::Warning, words::key_open(lang, &detail)).remedy(words::key_open_remedy(lang))
        }
        PlaceState::Works => new(Status::Passed, words::key_from(lang, &named)),
        PlaceState::NeedsPassphrase => {
            let check = new(Status::Passed, words::key_passphrase(lang).to_owned());
            if place.detail.is_none() { check.remedy(words::key_passphrase_remedy(lang)) } else { check }
        }
        // Its key is there, most likely, and cannot be had.
        PlaceState::Fails if facts.exists && place.place == "keyring" => {
            let trouble = Trouble::of(place.detail.as_deref().unwrap_or_default());
            let source = words::key_source(lang, place.place);
            new(Status::Failed, words::key_unread(lang, source, trouble.summary(lang)))
                .remedy(trouble.remedy_of_key(lang))
        }
        PlaceState::Fails | PlaceState::NotSet if facts.exists => {
            let detail = why(lang, place);
            new(Status::Failed, words::key_gone(lang, words::key_source(lang, place.place), detail))
                .remedy(words::key_gone_remedy(lang))
        }
        PlaceState::NotSet => new(Status::Passed, words::key_will_be(lang, words::key_source(lang, place.place))),
        PlaceState::Fails => {
            let detail = why(lang, place);
            new(Status::Failed, words::key_gone(lang, words::key_source(lang, place.place), detail))
                .remedy(words::key_gone_remedy(lang))
        }
    }
}

fn in_full(lang: Lang, place: &PlaceFacts) -> String {
    let named = words::key_source(lang, place.place);
    place.detail.as_ref().map_or_else(|| named.to_owned(), |detail| format!("{named} ({detail})"))
}

/// Why a place does not work: of a keyring in words, of the others as they say it.
fn why(lang: Lang, place: &PlaceFacts) -> &str {
    match place.detail.as_deref() {
        Some(reason) if place.place == "keyring" => Trouble::of(reason).summary(lang),
        detail => detail.unwrap_or("–"),
    }
}

/// The platform's secret store.
pub fn keyring(lang: Lang, store: &Result<StoreFacts, Fault>) -> Check {
    let new = |status, text: String| Check::new("keyring", status, text);
    let places = store.as_ref().map(|facts| facts.places.as_slice()).unwrap_or_default();
    let elsewhere = places.iter().any(|place| place.in_use && place.place != "keyring");
    let trouble = |place: &PlaceFacts| Trouble::of(place.detail.as_deref().unwrap_or_default());
    match places.iter().find(|place| place.place == "keyring") {
        Some(place) if place.state == PlaceState::Works => new(Status::Passed, words::keyring_works(lang).to_owned()),
        Some(place) if place.state == PlaceState::Fails && elsewhere => {
            new(Status::Skipped, words::keyring_spare(lang, trouble(place).summary(lang)))
        }
        Some(place) if place.state == PlaceState::Fails => {
            let trouble = trouble(place);
            new(Status::Warning, words::keyring_fails(lang, trouble.summary(lang))).remedy(trouble.remedy(lang))
        }
        _ => new(Status::Skipped, words::keyring_none(lang).to_owned()),
    }
}

/// The machine's CA certificates.
pub fn certificates(lang: Lang, roots: &Result<&str, Fault>) -> Check {
    match roots {
        Ok(_) => Check::new("certificates", Status::Passed, words::certificates_found(lang)),
        Err(fault) => Check::of(lang, "certificates", Status::Failed, fault),
    }
}

/// The proxy that the environment names: whether it can be read, and accepts a connection.
pub async fn proxy(lang: Lang) -> Check {
    let value = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let exceptions = first_set(&EXCEPTIONS, value).map(|(name, list)| (name, no_proxy::unreadable(&list), list));
    let reached = match first_set(&VARIABLES, value) {
        None => Ok(words::proxy_none(lang).to_owned()),
        Some((variable, text)) => reach(variable, &text).await.map(|at| words::proxy_reached(lang, &at, variable)),
    };
    match (reached, exceptions) {
        (Err(fault), _) => Check::of(lang, "proxy", Status::Failed, &fault),
        (Ok(_), Some((name, entries, list))) if !entries.is_empty() => {
            // The list names hosts and no secret, unless somebody put a URL with a password there.
            let entries = if list.contains('@') { "?".to_owned() } else { entries.join(", ") };
            let told = words::no_proxy_unreadable(lang, name, &entries);
            Check::new("proxy", Status::Warning, told).remedy(words::no_proxy_remedy(lang))
        }
        (Ok(told), _) => Check::new("proxy", Status::Passed, told),
    }
}

async fn reach(variable: &str, text: &str) -> Result<String, Fault> {
    let proxy = Proxy::parse(text).ok_or_else(|| Fault::ProxyUnreadable { variable: variable.to_owned() })?;
    match tokio::time::timeout(PROXY_LIMIT, TcpStream::connect(proxy.address())).await {
        Ok(Ok(_)) => Ok(proxy.shown()),
        Ok(Err(error)) => Err(proxy.failed(error.to_string())),
        Err(_) => Err(proxy.failed(format!("no answer within {} s", PROXY_LIMIT.as_secs()))),
    }
}

/// The database with the work items.
pub async fn database(context: &Context, known: &Known) -> Check {
    let lang = context.output.lang;
    if !context.services.home.database().exists() {
        return Check::new("database", Status::Passed, words::database_none(lang));
    }
    match context.services.store().await {
        Err(fault) => Check::of(lang, "database", Status::Failed, &fault),
        Ok(store) if store.is_read_only() => Check::new("database", Status::Warning, words::database_read_only(lang))
            .remedy(words::database_read_only_remedy(lang)),
        Ok(_) => {
            let summaries = known.iter().flatten().filter_map(|(_, summary)| summary.as_ref());
            let items = summaries.flat_map(|summary| summary.kinds.values()).map(|kind| kind.total).sum();
            Check::new("database", Status::Passed, words::database_fine(lang, items))
        }
    }
}

/// This machine's clock, by what the products said of theirs.
pub fn clock(lang: Lang, now: Timestamp, known: &Known) -> Check {
    let shown = time::moment(now);
    let made = date(2026, 1, 1).to_zoned(TimeZone::UTC).map(|made| made.timestamp());
    if made.is_ok_and(|made| now < made) {
        return Check::new("clock", Status::Failed, words::clock_wrong(lang, &shown)).remedy(words::clock_remedy(lang));
    }
    let summaries = || known.iter().flatten().filter_map(|(one, summary)| Some((one, summary.as_ref()?)));
    for (one, summary) in summaries() {
        let about_clock = |found: &SyncFinding| {
            matches!(found, SyncFinding::ClockDiffers { .. } | SyncFinding::SyncedInFuture { .. })
        };
        if let Some(found) = summary.standing_findings(now).iter().find(|found| about_clock(found)) {
            let told = words::of_connection(lang, one.name.as_str(), &finding_words::summary(lang, found));
            return Check::new("clock", Status::Warning, told).remedy(finding_words::remedy(lang, found));
        }
    }
    let compared = summaries().any(|(_, summary)| summary.last_complete.is_some());
    let told = if compared { words::clock_fine(lang, &shown) } else { words::clock_alone(lang, &shown) };
    Check::new("clock", Status::Passed, told)
}

/// The connections by their health.
pub fn connections(lang: Lang, now: Timestamp, known: &Known) -> Check {
    let all = match known {
        Ok(all) => all,
        Err(fault) => return Check::of(lang, "connections", Status::Failed, fault),
    };
    if all.is_empty() {
        let none = Check::new("connections", Status::Skipped, words::connections_none(lang));
        return none.remedy(words::connections_none_remedy(lang));
    }
    let health = |summary: &Option<Summary>| summary.as_ref().map(|summary| summary.health(now));
    let worst = all.iter().filter_map(|(_, summary)| health(summary)).min();
    let bad = all.iter().filter_map(|(one, summary)| Some((one, health(summary)?)));
    let bad = bad.filter(|(_, health)| !matches!(health, Health::Healthy | Health::New));
    let bad: Vec<_> = bad.map(|(one, health)| format!("{} {}", one.name, frame::health(lang, health))).collect();
    let count = command::connections(lang, all.len());
    let told = if bad.is_empty() { count } else { format!("{count}: {}", bad.join(", ")) };
    match worst {
        Some(Health::SignedOut | Health::Failing) => {
            Check::new("connections", Status::Failed, told).remedy(words::connections_remedy(lang))
        }
        Some(Health::Warning) => {
            Check::new("connections", Status::Warning, told).remedy(words::connections_remedy(lang))
        }
        Some(Health::New | Health::Healthy) => Check::new("connections", Status::Passed, told),
        None => Check::new("connections", Status::Unknown, told),
    }
}

/// What the config file lost of what is stored here.
pub type Lost = Result<Vec<Unlisted>, Fault>;

/// The check where the config file lost something that it is about: the first of that, unless what is listed is worse off.
pub fn with_lost(context: &Context, check: Check, lost: &Lost, is_meant: fn(&Unlisted) -> bool) -> Check {
    let (lang, path) = (context.output.lang, context.services.home.config_file().display().to_string());
    match lost.iter().flatten().find(|one| is_meant(one)) {
        Some(one) if check.status != Status::Failed => {
            let told = lost_words::summary(lang, one);
            Check::new(check.id, Status::Warning, told).remedy(lost_words::remedy(lang, one, &path))
        }
        _ => check,
    }
}

/// The workspaces of Log Analytics: whether rows get there.
pub async fn workspaces(context: &Context) -> Check {
    let (lang, services) = (context.output.lang, &context.services);
    match services.config().await {
        Ok(config) if config.workspaces.is_empty() => {
            return Check::new("workspaces", Status::Skipped, words::workspaces_none(lang));
        }
        Ok(_) => {}
        Err(fault) => return Check::of(lang, "workspaces", Status::Failed, &fault),
    }
    let all = match sending::standing(services).await {
        Ok(all) => all,
        // The database has a check of its own.
        Err(fault) => return Check::of(lang, "workspaces", Status::Unknown, &fault),
    };
    if let Some((one, fault)) = all.iter().find_map(|one| Some((one, one.fault.as_ref()?))) {
        return Check::about(lang, "workspaces", Status::Failed, &one.name, fault);
    }
    if let Some(one) = all.iter().find(|one| !one.set_up) {
        let told = words::workspaces_not_set_up(lang, &one.name);
        return Check::new("workspaces", Status::Warning, told)
            .remedy(words::workspaces_not_set_up_remedy(lang, &one.name));
    }
    if let Some((one, fault)) = all.iter().find_map(|one| Some((one, one.verify_fault.as_ref()?))) {
        return Check::about(lang, "workspaces", Status::Warning, &one.name, fault);
    }
    if let Some((one, found)) = all.iter().find_map(|one| Some((one, one.findings.first()?))) {
        let told = words::of_connection(lang, &one.name, &sent::finding(lang, found));
        return Check::new("workspaces", Status::Warning, told).remedy(words::connections_remedy(lang));
    }
    Check::new("workspaces", Status::Passed, words::workspaces_fine(lang, all.len() as u64))
}

/// The sources of alerts and the rules.
pub async fn alerts(context: &Context) -> Check {
    let (lang, services) = (context.output.lang, &context.services);
    let sources = match services.config().await {
        Ok(config) => config.alert_sources,
        Err(fault) => return Check::of(lang, "alerts", Status::Failed, &fault),
    };
    if sources.is_empty() {
        // Alerts of a file have tickets as well.
        let counts = service::standing(services).await.map(|standing| standing.counts).unwrap_or_default();
        return tickets(lang, &counts)
            .unwrap_or_else(|| Check::new("alerts", Status::Skipped, words::alerts_none(lang)));
    }
    if let Some(one) = shared(&sources).first() {
        let names = one.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let told = words::alerts_shared(lang, &one.subscription, &names);
        return Check::new("alerts", Status::Warning, told).remedy(words::alerts_shared_remedy(lang));
    }
    let standing = match service::standing(services).await {
        Ok(standing) => standing,
        // The database has a check of its own.
        Err(fault) => return Check::of(lang, "alerts", Status::Unknown, &fault),
    };
    if let Some((source, fault)) = standing.sources.iter().find_map(|one| Some((one, one.faults().next()?))) {
        return Check::about(lang, "alerts", Status::Failed, source.settings.name.as_str(), fault);
    }
    if let Some(source) = standing.sources.iter().find(|one| one.read_at().is_none()) {
        let told = words::alerts_not_read(lang, source.settings.name.as_str());
        return Check::new("alerts", Status::Warning, told).remedy(words::alerts_not_read_remedy(lang));
    }
    if let Some(fault) = &standing.rules.fault {
        // Without rules that can be used no alert becomes a ticket, and no connection is the worse for it.
        return Check::of(lang, "alerts", Status::Warning, fault);
    }
    let path = services.home.alert_rules();
    if !path.exists() {
        let told = Check::new("alerts", Status::Warning, words::alerts_no_rules(lang));
        return told.remedy(words::alerts_no_rules_remedy(lang, &path.display().to_string()));
    }
    match service::check(services, None).await {
        Err(fault) => Check::of(lang, "alerts", Status::Warning, &fault),
        Ok((_, rules, _)) => {
            if let Some(troubled) = tickets(lang, &standing.counts) {
                return troubled;
            }
            let on = rules.rules.iter().filter(|rule| rule.enabled).count() as u64;
            let all = number::grouped(lang, rules.rules.len() as u64);
            let sources = counted::sources(lang, sources.len() as u64);
            Check::new("alerts", Status::Passed, words::alerts_fine(lang, &sources, &number::grouped(lang, on), &all))
        }
    }
}

/// The tickets of alerts about which somebody has to do something: the first of the worst kind, with what to do.
fn tickets(lang: Lang, counts: &AlertCounts) -> Option<Check> {
    let warning = |told: String, remedy: String| Some(Check::new("alerts", Status::Warning, told).remedy(remedy));
    if let Some((one, rest)) = counts.lost.split_first() {
        let more = Some(rest.len() as u64).filter(|more| *more > 0);
        let more = more.map(|more| format!(". {}", alert_words::more_tickets_lost(lang, more))).unwrap_or_default();
        let told = alert_words::ticket_lost(lang, &one.number, &one.connection, one.alert.as_str());
        return warning(told + &more, alert_words::ticket_lost_remedy(lang, one.alert.as_str()));
    }
    if counts.refused + counts.unsure > 0 {
        let [refused, unsure] = [counts.refused, counts.unsure].map(|count| number::grouped(lang, count));
        return warning(
            words::alerts_troubled(lang, &refused, &unsure),
            words::alerts_troubled_remedy(lang).to_owned(),
        );
    }
    let number = counts.doubled.first()?;
    warning(ticket_words::has_double(lang, number), ticket_words::see_double(lang, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_in_a_keyring(state: PlaceState, detail: Option<&str>) -> Check {
        let place = PlaceFacts { place: "keyring", state, detail: detail.map(str::to_owned), in_use: true };
        let vault = std::path::PathBuf::from("vault.age");
        vault_key(Lang::En, &Ok(StoreFacts { vault, exists: true, named: None, remembered: None, places: vec![place] }))
    }

    #[test]
    fn a_key_in_a_keyring_that_is_locked_is_not_taken_for_gone() {
        let locked = "the platform's store may not be used: Secret Service: prompt was dismissed";
        let check = kept_in_a_keyring(PlaceState::Fails, Some(locked));
        assert_eq!(check.status, Status::Failed);
        assert!(check.summary.contains("locked") && !check.summary.contains("Secret Service"), "{}", check.summary);
        let remedy = check.remedy.unwrap();
        assert!(remedy.contains("Unlock the keyring") && !remedy.contains("Restore"), "{remedy}");
        let gone = kept_in_a_keyring(PlaceState::NotSet, None);
        assert!(gone.remedy.unwrap().contains("Restore the key"));
    }
}
