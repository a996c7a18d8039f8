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
        edit::replace(&home, &changed).unwrap();
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
    two.sync_days = 120;
    two.work_items = vec![WorkItemKind::Incident];
    two.create_configuration_items = true;
    replace(&home, &two).unwrap();
    assert_eq!(load(&home).unwrap().connections, [one.clone(), two.clone()]);
    rename(&home, (&name("two"), &name("three")), None).unwrap();
    two.name = name("three");
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
    let renamed = rename(&home, (&name("two"), &name("One")), None);
    assert_eq!(renamed, Err(Fault::NameTaken { name: "One".into() }));
    let none = Err(Fault::NoSuchConnection { name: "none".into() });
    assert_eq!(replace(&home, &connection("none")), none);
    assert_eq!(remove(&home, &name("none")), none);
    assert_eq!(text(&home), before);
}

#[test]
fn a_renamed_connection_keeps_its_name_outside_and_nobody_else_gets_that() {
    let (_dir, home) = home();
    fs::write(home.config_file(), ADMINS).unwrap();
    let (old, new) = (load(&home).unwrap().connections.remove(0).name, name("renamed"));
    rename(&home, (&old, &new), Some(&old)).unwrap();
    rename(&home, (&old, &new), Some(&old)).unwrap();
    let renamed = load(&home).unwrap().connections.remove(0);
    assert_eq!((&renamed.name, renamed.known_as()), (&new, &old));
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(ADMINS), lines(&text(&home)));
    let changed: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    let known = Fault::NameKnown { name: old.to_string(), connection: "renamed".into() };
    assert_eq!(add(&home, &connection(old.as_str())), Err(known));
    assert_eq!(load(&home).unwrap().taken()[..2], [new.clone(), old.clone()]);
    // By hand nobody gets it either.
    let other = text(&home).replace("# the end", "") + &format!("\n[[connection]]\nname = '{old}'\n");
    let rest =
        "partner = 'servicenow'\nserver_url = 'https://x.service-now.com'\nwork_items = ['incident']\nsync_days = 5\n";
    let before = text(&home);
    fs::write(home.config_file(), other + rest).unwrap();
    let Err(Fault::ConfigDamaged { reason, .. }) = load(&home) else { panic!("both were read") };
    assert!(reason.contains("both are known as"), "{reason}");
    fs::write(home.config_file(), before).unwrap();
    rename(&home, (&new, &old), None).unwrap();
    assert_eq!(text(&home), ADMINS);
}

#[test]
fn what_the_admin_wrote_survives() {
    let (_dir, home) = home();
    fs::write(home.config_file(), ADMINS).unwrap();
    let mut changed = load(&home).unwrap().connections.remove(0);
    changed.username = "somebody.else".into();
    replace(&home, &changed).unwrap();
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
#[case::no_kind("[\"incident\", \"change_request\"]", "[]", "work_items is empty")]
#[case::kind_twice("\"change_request\"]", "\"incident\"]", "work_items names 'incident' twice")]
#[case::plain_http("https://contoso", "http://contoso", "server_url is not a base URL")]
#[case::deep_link("contoso.service-now.com", "contoso.service-now.com/x", "server_url is not a base URL")]
#[case::capitals("https://contoso.", "https://Contoso.", "write \"https://contoso.service-now.com\"")]
#[case::default_port(
    "contoso.service-now.com",
    "contoso.service-now.com:443/",
    "write \"https://contoso.service-now.com\""
)]
#[case::twice("\"fabrikam\"", "\"contoso\"", "connection 'contoso' is there twice")]
#[case::s17_alike("\"fabrikam\"", "\"Contoso\"", "connections 'contoso' and 'Contoso': the names look alike")]
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

mod workspaces {
    use super::*;
    use crate::model::cloud::Audience;
    use crate::model::workspace::{AzureSignIn, LOG_TABLE, TABLE, Values, Workspace, WorkspaceName};

    const SUBSCRIPTION: &str = "11111111-2222-3333-4444-555555555555";

    const AZURE: &str = r#"
# Our cloud.
[azure.cloud]
name = "custom"   # practice
authority = "http://127.0.0.1:4001"
resource_manager = "http://127.0.0.1:4001"
ingestion = "http://127.0.0.1:4001"
ingestion_audience = "https://monitor.azure.com"
query = "http://127.0.0.1:4001"
query_audience = "https://api.loganalytics.io"

# Ask Ann before you change it.
[[workspace]]
name = "prod"
sign_in = "cli"   # a person's
subscription = "11111111-2222-3333-4444-555555555555"
resource_group = "rg-monitor"
workspace = "contoso-logs"
"#;

    fn workspace(name: &str) -> Workspace {
        Workspace {
            name: WorkspaceName::parse(name).unwrap(),
            tenant: String::new(),
            sign_in: AzureSignIn::Cli,
            client_id: String::new(),
            token_file: String::new(),
            subscription: SUBSCRIPTION.to_owned(),
            resource_group: "rg-monitor".to_owned(),
            workspace: "contoso-logs".to_owned(),
            workspace_id: String::new(),
            location: String::new(),
            table: TABLE.to_owned(),
            log_table: LOG_TABLE.to_owned(),
            rule: String::new(),
            rule_id: String::new(),
            endpoint: String::new(),
            principal: String::new(),
            values: Values::Labels,
        }
    }

    fn refused(file: &str) -> String {
        let (_dir, home) = home();
        fs::write(home.config_file(), file).unwrap();
        let Err(Fault::ConfigDamaged { reason, .. }) = load(&home) else { panic!("it was read") };
        reason
    }

    #[test]
    fn a_workspace_is_added_replaced_and_removed_with_what_feeds_it() {
        let (_dir, home) = home();
        add(&home, &connection("one")).unwrap();
        add(&home, &connection("two")).unwrap();
        let mut prod = workspace("prod");
        add_workspace(&home, &prod, &[name("two")]).unwrap();
        add_workspace(&home, &workspace("test"), &[name("two"), name("one")]).unwrap();
        let config = load(&home).unwrap();
        let fed = |at: usize| config.connections[at].workspaces.iter().map(|name| name.as_str()).collect::<Vec<_>>();
        assert_eq!((fed(0), fed(1)), (vec!["test"], vec!["prod", "test"]));
        assert_eq!(config.feeding(&prod.name).map(|one| one.name.as_str()).collect::<Vec<_>>(), ["two"]);
        (prod.rule_id, prod.values) = ("dcr-1".to_owned(), Values::Numbers);
        replace_workspace(&home, &prod).unwrap();
        assert_eq!(load(&home).unwrap().workspaces, [prod.clone(), workspace("test")]);
        remove_workspace(&home, &prod.name).unwrap();
        let config = load(&home).unwrap();
        assert_eq!(config.workspaces, [workspace("test")]);
        assert_eq!(config.connections[1].workspaces.len(), 1);
        let none = WorkspaceName::parse("none").unwrap();
        assert_eq!(remove_workspace(&home, &none), Err(Fault::NoSuchWorkspace { name: "none".into() }));
        let twice = add_workspace(&home, &workspace("Test"), &[]);
        assert_eq!(twice, Err(Fault::WorkspaceTaken { name: "Test".into() }));
    }

    #[test]
    fn what_the_admin_wrote_of_a_workspace_survives() {
        let (_dir, home) = home();
        fs::write(home.config_file(), format!("{ADMINS}{AZURE}")).unwrap();
        let config = load(&home).unwrap();
        assert_eq!(config.endpoints().unwrap().scope(Audience::Query), "https://api.loganalytics.io/.default");
        let mut prod = config.workspaces[0].clone();
        prod.endpoint = "http://127.0.0.1:4001".to_owned();
        replace_workspace(&home, &prod).unwrap();
        add_workspace(&home, &workspace("test"), &[name("contoso")]).unwrap();
        for line in ADMINS.lines().chain(AZURE.lines()).filter(|line| line.contains('#')) {
            assert!(text(&home).contains(line), "{line}: {}", text(&home));
        }
        assert_eq!(load(&home).unwrap().workspaces, [prod.clone(), workspace("test")]);
        remove_workspace(&home, &prod.name).unwrap();
        assert!(!text(&home).contains("Ask Ann before"), "{}", text(&home));
        assert_eq!(load(&home).unwrap().connections.len(), 2);
    }

    #[test]
    fn editing_a_connection_keeps_what_it_feeds() {
        let (_dir, home) = home();
        add(&home, &connection("one")).unwrap();
        add_workspace(&home, &workspace("prod"), &[name("one")]).unwrap();
        let saved = load(&home).unwrap().connections.remove(0);
        let mut form = crate::model::form::Form::of(&saved);
        form.choose(crate::model::field::FieldId::SyncDays, "9");
        let catalogue = crate::model::partner::Catalogue::built_in().unwrap();
        let spec = catalogue.get(&saved.partner).unwrap();
        replace(&home, &form.validate_settings(spec, &[]).unwrap().connection).unwrap();
        let changed = load(&home).unwrap().connections.remove(0);
        assert_eq!((changed.sync_days, changed.workspaces.len()), (9, 1));
    }

    #[rstest]
    #[case::key("resource_group =", "resourcegroup =", "line 48: unknown field `resourcegroup`")]
    #[case::subscription("11111111-2222", "x", "line 44: workspace 'prod': subscription is not a GUID")]
    #[case::tenant("\"cli\"", "\"device-code\"", "line 44: workspace 'prod': tenant is missing")]
    #[case::way("\"cli\"", "\"token\"", "unknown variant `token`")]
    #[case::cloud("query_audience =", "query_audiance =", "unknown field `query_audiance`")]
    #[case::plain(
        "resource_manager = \"http://127.0.0.1",
        "resource_manager = \"http://10.0.0.1",
        "line 34: azure.cloud: resource_manager is not a base URL"
    )]
    #[case::beside("\"custom\"", "\"public\"", "azure.cloud: authority goes with name = \"custom\"")]
    fn a_workspace_or_cloud_that_cannot_be_used_is_refused(#[case] from: &str, #[case] to: &str, #[case] said: &str) {
        assert!(AZURE.contains(from));
        let reason = refused(&format!("{ADMINS}{}", AZURE.replacen(from, to, 1)));
        assert!(reason.contains(said), "{reason}");
    }

    #[test]
    fn a_workspace_that_a_connection_feeds_must_exist_once() {
        let feeds = ADMINS.replacen("sync_days = 30", "sync_days = 30\nworkspaces = [\"prd\"]", 1);
        let reason = refused(&format!("{feeds}{AZURE}"));
        assert_eq!(reason, "line 9: connection 'contoso': workspaces names 'prd', and there is no such workspace");
        let twice = format!("{AZURE}{}", AZURE.split_once("# Ask").unwrap().1.replacen(" Ann", "# Ann", 1));
        assert!(refused(&twice).contains("workspace 'prod' is there twice"));
    }
}

#[test]
fn s17_alike_names_of_a_config_file_are_refused_with_their_line() {
    let (_dir, home) = home();
    let text = ADMINS.replacen("\"fabrikam\"", "\"CONTOSO\"", 1);
    fs::write(home.config_file(), &text).unwrap();
    let Err(Fault::ConfigDamaged { reason, .. }) = load(&home) else { panic!("it was read") };
    let second = text.match_indices("[[connection]]").nth(1).unwrap().0;
    let line = text[..second].matches('\n').count() + 1;
    assert_eq!(
        reason,
        format!(
            "line {line}: connections 'contoso' and 'CONTOSO': the names look alike (capitals do not count); change one"
        )
    );
}
