use std::sync::Arc;

use rstest::rstest;
use tempfile::TempDir;

use super::*;
use crate::home::testing::{connection, home};
use crate::home::{binding, waits};
use crate::model::mapping::{Kept as KeptBinding, MappingFile};
use crate::model::partner::Catalogue;
use crate::model::summary::{Activity, Event};
use crate::model::ticket::{Operation, TicketDraft, TicketKey, TicketKind};
use crate::model::wait::Wait;
use crate::store::{NewOperation, TicketFilter};
use crate::vault::testing::{held, tokens};
use crate::vault::{NoAsk, Owner, VaultOptions};

const RULES: &str = "# Ours.\n[[rule]]\nname = 'all' # every one\nconnection = 'contoso'   # the old desk\n\n\
                     [[rule]]\nname = 'none'\nconnection = 'other'\n";

fn services(home: &Home) -> Services {
    let options = VaultOptions { work: 2, ..VaultOptions::key_file_only(home.config_dir().join("key.txt")) };
    let catalogue = Arc::new(Catalogue::built_in().unwrap());
    Services::new(home.clone(), catalogue, None, options, Box::new(|| Box::new(NoAsk)))
}

fn key() -> TicketKey {
    TicketKey::of_alert(&connection("contoso"), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9")
}

/// A home with a connection of which everything is kept that a connection can have, and another one.
async fn filled() -> (TempDir, Home) {
    let (dir, home) = home();
    let one = connection("contoso");
    config::add(&home, &one).unwrap();
    config::add(&home, &connection("other")).unwrap();
    std::fs::write(home.alert_rules(), RULES).unwrap();
    std::fs::write(home.last_alert_rules(), RULES).unwrap();
    mapping::write_new(&home, &one.name, "[routes.incident]\nverb = 'get'\npath = '/a'\n").unwrap();
    let kept = KeptBinding { server: one.server_url.to_string(), mapping: MappingFile::default() };
    binding::write(&home, &one.name, &kept).unwrap();
    let wait =
        Wait { server: one.server_url.to_string(), asked_at: Timestamp::now(), seconds: 120, status: 429, rule: None };
    waits::save(&home, &one, &[wait]).unwrap();
    let services = services(&home);
    let (vault, store) = (services.vault().await.unwrap(), services.store().await.unwrap());
    vault.replace(&Owner::of(&one), held(Some("planted-secret"), Some(tokens("a1")))).unwrap();
    let out = Fault::SignedOut { connection: "contoso".into() };
    store.record(&one.name, Activity { at: Timestamp::now(), event: Event::Added }).await.unwrap();
    store.signed_out(&one.name, out).await.unwrap();
    let opening = Operation::Open { draft: Box::new(TicketDraft::default()) };
    let new = NewOperation { key: key(), kind: TicketKind::Incident, operation: opening };
    store.prepare(vec![new], Timestamp::now()).await.unwrap();
    (dir, home)
}

/// Fails unless everything is under this name, and nothing under the other.
async fn assert_is(home: &Home, name: &str, not: &str) {
    let services = services(home);
    let (name, not) = (ConnectionName::parse(name).unwrap(), ConnectionName::parse(not).unwrap());
    let vault = services.vault().await.unwrap();
    let config = services.config().await.unwrap();
    assert!(!renaming::is_noted(home), "what was begun is at its end");
    assert_eq!(config.names(), [name.clone(), connection("other").name]);
    let one = config.connection(&name).unwrap();
    assert_eq!(one.known_as().as_str(), "contoso");
    assert_eq!(vault.names().unwrap(), std::slice::from_ref(&name));
    let secrets = vault.held(&Owner::of(one)).unwrap().unwrap();
    assert_eq!((secrets.client_secret.unwrap().expose(), secrets.tokens), ("planted-secret", Some(tokens("a1"))));
    let store = services.store().await.unwrap();
    assert!(store.knows(&name).await.unwrap() && !store.knows(&not).await.unwrap());
    let summary = store.summary(&name, Timestamp::now()).await.unwrap();
    assert_eq!(summary.signed_out, Some(Fault::SignedOut { connection: name.to_string() }));
    let log = store.activities(&name, 10).await.unwrap();
    let renamed = Event::Renamed { from: not.to_string(), to: name.to_string() };
    let times = log.iter().filter(|one| one.event == renamed).count();
    assert_eq!(
        (times, log.last().map(|one| &one.event)),
        (usize::from(name.as_str() != "contoso"), Some(&Event::Added))
    );
    let of = |name: &ConnectionName| TicketFilter { connection: Some(name.clone()), ..TicketFilter::default() };
    assert_eq!(store.tickets(of(&not), 10).await.unwrap(), []);
    let tickets = store.tickets(of(&name), 10).await.unwrap();
    assert_eq!(tickets.len(), 1);
    assert_eq!((tickets[0].key.id(), tickets[0].key.connection.as_str()), (key().id(), name.as_str()));
    assert_eq!(tickets[0].key, TicketKey::of_alert(one, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), "it is found again");
    let waiting = store.outbox(&name, 0, 10).await.unwrap();
    assert_eq!(waiting.len(), 1, "what was to be written is written once");
    for path in [home.alert_rules(), home.last_alert_rules()] {
        let expected = RULES.replace("'contoso'", if name.as_str() == "contoso" { "'contoso'" } else { "\"new\"" });
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
    }
    assert!(mapping::load(home, &name).unwrap().is_some() && mapping::load(home, &not).unwrap().is_none());
    assert!(binding::load(home, &name).unwrap().is_some() && binding::load(home, &not).unwrap().is_none());
    let waits = |name: &ConnectionName| home.waits().join(format!("{name}.json"));
    assert!(waits(&name).exists() && !waits(&not).exists());
}

/// Where a renaming is cut off.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// It was noted, and nothing else done.
    Noted,
    /// The secrets have moved, and that is not noted.
    Moved,
    /// So many of the steps are done after it was noted.
    After(usize),
}

#[rstest]
#[tokio::test]
async fn cut_off_anywhere_it_is_undone_or_finished_whole(
    #[values(Cut::Noted, Cut::Moved, Cut::After(0), Cut::After(1), Cut::After(2), Cut::After(3), Cut::After(4))]
    cut: Cut,
    #[values(false, true)] vault_first: bool,
) {
    let (_dir, home) = filled().await;
    let (from, to) = (ConnectionName::parse("contoso").unwrap(), ConnectionName::parse("new").unwrap());
    let begun = Renaming { from: from.clone(), to: to.clone(), known_as: Some(from.clone()), secrets_moved: false };
    {
        let services = services(&home);
        let (vault, store) = (services.vault().await.unwrap().clone(), services.store().await.unwrap());
        renaming::save(&home, &begun).unwrap();
        match cut {
            Cut::Noted => {}
            Cut::Moved => vault.rename(&from, &to).unwrap(),
            Cut::After(steps) => {
                let moved = move_secrets(&home, Some(&vault), begun).unwrap();
                finish_noted(&home, Some(store), moved, steps).await.unwrap();
            }
        }
    }
    let next = services(&home);
    if vault_first {
        next.vault().await.unwrap();
    } else {
        next.config().await.unwrap();
    }
    drop(next);
    match cut {
        Cut::Noted | Cut::Moved => assert_is(&home, "contoso", "new").await,
        Cut::After(_) => assert_is(&home, "new", "contoso").await,
    }
}

#[tokio::test]
async fn there_and_back_everything_is_as_it_was() {
    let (_dir, home) = filled().await;
    let before = std::fs::read_to_string(home.config_file()).unwrap();
    let (from, to) = (ConnectionName::parse("contoso").unwrap(), ConnectionName::parse("new").unwrap());
    let one = services(&home);
    let kept = rename(&one, &from, &to).await.unwrap();
    assert_eq!(kept.known_as, Some(from.clone()));
    assert_is(&home, "new", "contoso").await;
    assert!(!home.sync_lock(&from).exists() && !home.ticket_lock(&from).exists());
    assert_eq!(rename(&one, &to, &from).await.unwrap().known_as, None);
    assert_eq!(std::fs::read_to_string(home.config_file()).unwrap(), before);
    assert_eq!(std::fs::read_to_string(home.alert_rules()).unwrap(), RULES.replace("'contoso'", "\"contoso\""));
}

#[tokio::test]
async fn what_nobody_outside_knows_gets_its_new_name_there_as_well() {
    let (_dir, home) = filled().await;
    let (from, to) = (ConnectionName::parse("other").unwrap(), ConnectionName::parse("new").unwrap());
    let services = services(&home);
    assert_eq!(rename(&services, &from, &to).await.unwrap().known_as, None);
    assert_eq!(services.connection("new").await.unwrap().known_as(), &to);
    assert!(std::fs::read_to_string(home.alert_rules()).unwrap().contains("connection = \"new\""));
}

#[tokio::test]
async fn it_is_refused_while_somebody_works_with_the_connection() {
    use crate::home::lock::{SyncLock, TicketLock};
    let (_dir, home) = filled().await;
    let (from, to) = (ConnectionName::parse("contoso").unwrap(), ConnectionName::parse("new").unwrap());
    let services = services(&home);
    let locked =
        |outcome: Result<KeptOutside, Fault>| assert!(matches!(outcome, Err(Fault::Locked { .. })), "{outcome:?}");
    let held = SyncLock::take(&home, &from).unwrap();
    locked(rename(&services, &from, &to).await);
    drop(held);
    let held = TicketLock::take(&home, &from).unwrap();
    locked(rename(&services, &from, &to).await);
    drop(held);
    let held = AlertsLock::take(&home).unwrap();
    locked(rename(&services, &from, &to).await);
    drop(held);
    let taken = Err(Fault::NameTaken { name: "Other".into() });
    assert_eq!(rename(&services, &from, &ConnectionName::parse("Other").unwrap()).await, taken);
    std::fs::write(home.alert_rules(), "[[rule").unwrap();
    assert!(matches!(rename(&services, &from, &to).await, Err(Fault::RulesWrong { .. })));
    std::fs::write(home.alert_rules(), RULES).unwrap();
    assert_is(&home, "contoso", "new").await;
}
