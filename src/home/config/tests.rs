use std::fs;

use rstest::rstest;

use super::*;
use crate::home::testing::{connection, home};
use crate::model::connection::{Connection, Grant};
use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

const ADMINS: &str = r#"# My notes
# on this file.

[settings]
sync_every_minutes = 5   # they said so
lang = "nl"

# The big one.
[[connection]]
username = "azure.integration"   # ask Ann
name = "contoso"
partner = "servicenow"
server_url = "https://contoso.service-now.com"
client_id = "an-id"
work_items = [
    "incident", # no changes yet
]
sync_days = 30

# The small one.
[[connection]]
name = "fabrikam"
partner = "servicenow"
server_url = "https://fabrikam.service-now.com"
username = "azure.integration"
client_id = "an-id"
work_items = ["incident", "change_request"]
sync_days = 30
create_configuration_items = false

# The end.
"#;

fn name(text: &str) -> ConnectionName {
    ConnectionName::parse(text).unwrap()
}

fn text(home: &Home) -> String {
    fs::read_to_string(home.config_file()).unwrap()
}

#[test]
fn without_a_file_there_are_defaults() {
    let (_dir, home) = home();
    assert_eq!(load(&home).unwrap(), Config::default());
    assert_eq!(load(&home).unwrap().settings.sync_every_minutes, 15);
    assert!(!home.config_file().exists());
}

#[test]
fn the_grant_is_written_where_it_is_not_the_usual_one() {
    let (_dir, home) = home();
    edit::add(&home, &connection("contoso")).unwrap();
    assert!(!text(&home).contains("grant"));
    for grant in [Grant::ClientCredentials, Grant::Password] {
        let changed = Connection { grant, ..connection("contoso") };
        edit::replace(&home, &name("contoso"), &changed).unwrap();
        assert!(text(&home).contains(&format!("grant = \"{}\"", grant.id())));
        assert_eq!(load(&home).unwrap().connections, [changed]);
    }
}

#[test]
fn a_connection_is_added_replaced_and_removed() {
    let (_dir, home) = home();
    let (one, mut two) = (connection("one"), connection("two"));
    add(&home, &one).unwrap();
    add(&home, &two).unwrap();
    assert_eq!(load(&home).unwrap().connections, [one.clone(), two.clone()]);
    two.name = name("three");
    two.sync_days = 120;
    two.work_items = vec![WorkItemKind::Incident];
    two.create_configuration_items = true;
    replace(&home, &name("two"), &two).unwrap();
    assert_eq!(load(&home).unwrap().connections, [one.clone(), two.clone()]);
    remove(&home, &name("one")).unwrap();
    assert_eq!(load(&home).unwrap().connections, [two]);
    remove(&home, &name("three")).unwrap();
    assert_eq!(load(&home).unwrap().connections, []);
}

#[test]
fn names_are_unique_and_must_exist() {
    let (_dir, home) = home();
    add(&home, &connection("one")).unwrap();
    add(&home, &connection("two")).unwrap();
    let before = text(&home);
    assert_eq!(add(&home, &connection("one")), Err(Fault::NameTaken { name: "one".into() }));
    let renamed = replace(&home, &name("two"), &connection("one"));
    assert_eq!(renamed, Err(Fault::NameTaken { name: "one".into() }));
    let none = Err(Fault::NoSuchConnection { name: "none".into() });
    assert_eq!(replace(&home, &name("none"), &connection("none")), none);
    assert_eq!(remove(&home, &name("none")), none);
    assert_eq!(text(&home), before);
}

#[test]
fn what_the_admin_wrote_survives() {
    let (_dir, home) = home();
    fs::write(home.config_file(), ADMINS).unwrap();
    let mut changed = load(&home).unwrap().connections.remove(0);
    changed.username = "somebody.else".into();
    replace(&home, &changed.name, &changed).unwrap();
    let expected = ADMINS.replacen("\"azure.integration\"   # ask Ann", "\"somebody.else\"   # ask Ann", 1);
    assert_eq!(text(&home), expected);
    add(&home, &connection("third")).unwrap();
    for line in ADMINS.lines().filter(|line| line.contains('#') && !line.contains("Ann")) {
        assert!(text(&home).contains(line), "{line}");
    }
    assert_eq!(load(&home).unwrap().settings.lang, Some(Lang::Nl));
    assert_eq!(load(&home).unwrap().names(), [name("contoso"), name("fabrikam"), name("third")]);
}

#[test]
fn a_removed_connection_takes_its_own_comment_only() {
    let (_dir, home) = home();
    let ours = "# About all.\n\n# About one.\n[[connection]]\n";
    add(&home, &connection("one")).unwrap();
    add(&home, &connection("two")).unwrap();
    let with_comments = text(&home).replacen("[[connection]]\n", ours, 1);
    fs::write(home.config_file(), with_comments).unwrap();
    remove(&home, &name("one")).unwrap();
    assert!(text(&home).contains("# About all.") && !text(&home).contains("# About one."), "{}", text(&home));
    remove(&home, &name("two")).unwrap();
    assert!(text(&home).contains("# About all."), "{}", text(&home));
    assert_eq!(load(&home).unwrap(), Config::default());
}

#[test]
fn inline_connections_can_be_changed_too() {
    let (_dir, home) = home();
    let inline = r#"connection = [{ name = "a", partner = "servicenow", server_url = "https://a.example", username = "u", client_id = "c", work_items = ["incident"], sync_days = 1 }]"#;
    fs::write(home.config_file(), inline).unwrap();
    add(&home, &connection("b")).unwrap();
    assert_eq!(load(&home).unwrap().names(), [name("a"), name("b")]);
}

#[rstest]
#[case::not_toml("[settings\n", "line 1: ")]
#[case::unknown_setting("\n[settings]\ncolour = \"red\"\n", "line 3: unknown field `colour`")]
#[case::unknown_table("[setings]\n", "line 1: unknown field `setings`")]
#[case::wrong_type("[settings]\nsync_every_minutes = \"often\"\n", "line 2: ")]
#[case::too_often("[settings]\nsync_every_minutes = 1441\n", "sync_every_minutes is not within 0 to 1440")]
fn a_damaged_config_is_said_with_its_line_and_kept(#[case] damaged: &str, #[case] said: &str) {
    let (_dir, home) = home();
    fs::write(home.config_file(), damaged).unwrap();
    for _ in 0..2 {
        let Err(Fault::ConfigDamaged { kept_as, reason, .. }) = load(&home) else { panic!("it was read") };
        assert!(reason.contains(said), "{reason}");
        let kept = kept_as.unwrap();
        assert!(kept.ends_with("config.toml.damaged-1"), "{kept}");
        assert_eq!(fs::read_to_string(kept).unwrap(), damaged);
    }
    assert!(matches!(add(&home, &connection("a")), Err(Fault::ConfigDamaged { .. })));
    assert_eq!(text(&home), damaged);
}

#[rstest]
#[case::days("sync_days = 30", "sync_days = 121", "line 9: connection 'contoso': sync_days is not within 1 to 120")]
#[case::plain_http("https://contoso", "http://contoso", "server_url is not a base URL")]
#[case::deep_link("contoso.service-now.com", "contoso.service-now.com/x", "server_url is not a base URL")]
#[case::twice("\"fabrikam\"", "\"contoso\"", "connection 'contoso' is there twice")]
#[case::secret("sync_days = 30", "client_secret = \"planted\"\nsync_days = 30", "unknown field `client_secret`")]
fn a_connection_that_cannot_be_used_is_refused(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
    let (_dir, home) = home();
    assert!(ADMINS.contains(from));
    fs::write(home.config_file(), ADMINS.replacen(from, to, 1)).unwrap();
    let Err(Fault::ConfigDamaged { reason, .. }) = load(&home) else { panic!("it was read") };
    assert!(reason.contains(said) && !reason.contains("planted"), "{reason}");
}

#[test]
fn many_that_add_at_once_lose_nothing() {
    let (_dir, home) = home();
    std::thread::scope(|scope| {
        for number in 0..6 {
            let home = &home;
            scope.spawn(move || add(home, &connection(&format!("c{number}"))).unwrap());
        }
    });
    assert_eq!(load(&home).unwrap().connections.len(), 6);
}
