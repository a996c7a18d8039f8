//! Rules that a form writes into `alert-rules.toml`: what is there stays, what changed meanwhile is noticed, what cannot be
//! read is left alone; and what a form can choose from.

use itsmc::model::alert_rules::{self, AlertRule, Pattern};
use itsmc::model::connection::ConnectionName;
use itsmc::model::fault::Fault;
use itsmc::model::ticket::{Listing, TicketKind, Way};
use itsmc::service::alerts;
use itsmc_practice::servicenow::Options;
use tokio::runtime::Runtime;

use crate::site::{NAME, Site, services, with_stdin};

fn site() -> (Site, Runtime) {
    (Site::connected(Options { rows: Some(20), ..Options::still() }), Runtime::new().unwrap())
}

fn rule(name: &str) -> AlertRule {
    let mut rule = AlertRule { name: name.into(), connection: NAME.into(), enabled: false, ..AlertRule::default() };
    rule.matches.rule = vec![Pattern::new("web-*")];
    rule
}

fn text(site: &Site) -> String {
    std::fs::read_to_string(site.home().join("alert-rules.toml")).unwrap()
}

#[test]
fn a_rule_is_written_into_a_missing_file_and_beside_others_and_switched() {
    let (site, runtime) = site();
    let services = services(&site);
    runtime.block_on(async {
        let file = alerts::rules_file(&services).await.unwrap();
        assert_eq!((file.text.as_deref(), file.rules.rules.len()), (None, 0));
        alerts::save_rule(&services, None, None, rule("a")).await.unwrap();
        let first = alerts::rules_file(&services).await.unwrap();
        alerts::save_rule(&services, first.text.clone(), None, rule("b")).await.unwrap();
        assert!(text(&site).starts_with(first.text.as_deref().unwrap()), "{}", text(&site));
        let both = alerts::rules_file(&services).await.unwrap();
        alerts::switch_rule(&services, both.text.clone(), "a".into(), true).await.unwrap();
        let now = alerts::rules_file(&services).await.unwrap();
        assert_eq!(now.rules.rules.iter().map(|rule| rule.enabled).collect::<Vec<_>>(), [true, false]);
    });
    assert!(site.ok(&["alert", "check"]).contains("can be used"));
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written() {
    let (site, runtime) = site();
    let services = services(&site);
    runtime.block_on(async {
        alerts::save_rule(&services, None, None, rule("a")).await.unwrap();
        let shown = alerts::rules_file(&services).await.unwrap().text;
        let edited = text(&site) + "# by hand\n";
        std::fs::write(site.home().join("alert-rules.toml"), &edited).unwrap();
        for outcome in [
            alerts::save_rule(&services, shown.clone(), None, rule("b")).await,
            alerts::save_rule(&services, None, None, rule("b")).await,
            alerts::switch_rule(&services, shown, "a".into(), true).await,
        ] {
            assert!(matches!(outcome, Err(Fault::RulesChanged { .. })), "{outcome:?}");
        }
        assert_eq!(text(&site), edited);
    });
}

#[test]
fn a_file_that_cannot_be_used_is_never_overwritten() {
    let (site, runtime) = site();
    let services = services(&site);
    let path = site.home().join("alert-rules.toml");
    let nobody = "[[rule]]\nname = 'a'\nconnection = 'nobody'\n".as_bytes();
    for wrong in ["[[rule".as_bytes(), nobody, &[0x80, b'x']] {
        std::fs::write(&path, wrong).unwrap();
        runtime.block_on(async {
            assert!(alerts::rules_file(&services).await.is_err());
            let shown = std::str::from_utf8(wrong).ok().map(str::to_owned);
            assert!(alerts::save_rule(&services, shown, None, rule("b")).await.is_err());
        });
        assert_eq!(std::fs::read(&path).unwrap(), wrong);
    }
    let list = format!("rule = [{{ name = 'a', connection = '{NAME}' }}]\n");
    std::fs::write(&path, &list).unwrap();
    runtime.block_on(async {
        let outcome = alerts::save_rule(&services, Some(list.clone()), None, rule("b")).await;
        assert!(matches!(outcome, Err(Fault::RulesNotWritable { .. })), "{outcome:?}");
    });
    assert_eq!(text(&site), list);
}

#[test]
fn a_file_from_windows_keeps_its_mark_and_its_ends_of_lines() {
    let (site, runtime) = site();
    let services = services(&site);
    let path = site.home().join("alert-rules.toml");
    let before = format!("\u{feff}# ours\r\n[[rule]]\r\nname = 'a'\r\nconnection = '{NAME}'\r\n");
    std::fs::write(&path, &before).unwrap();
    runtime.block_on(async {
        let shown = alerts::rules_file(&services).await.unwrap().text;
        alerts::save_rule(&services, shown, None, rule("b")).await.unwrap();
    });
    let now = text(&site);
    assert!(now.starts_with(&before), "{now:?}");
    assert_eq!(now.matches('\n').count(), now.matches("\r\n").count(), "{now:?}");
}

#[test]
fn a_rule_is_previewed_in_its_place_and_nothing_is_written() {
    let (site, runtime) = site();
    let alert = |nth: usize| {
        serde_json::json!({"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {
            "alertId": format!("/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/00000000-0000-4000-8000-{nth:012}"),
            "alertRule": format!("web-{}", nth % 2), "severity": "Sev2", "monitorCondition": "Fired",
            "monitoringService": "Platform", "originAlertId": format!("series-{nth}"),
            "firedDateTime": jiff::Timestamp::now().to_string()}, "alertContext": {}}})
        .to_string()
    };
    let all = (0..30).map(alert).collect::<Vec<_>>().join("\n");
    with_stdin(&mut site.itsmc(&["alert", "import", "-"]), &all);
    let services = services(&site);
    runtime.block_on(async {
        let told = alerts::preview_one(&services, None, rule("a"), 30).await.unwrap();
        assert_eq!((told.alerts, told.fits, told.earlier), (30, 30, 0));
        assert_eq!((told.count.tickets, told.count.beyond_budget, told.count.umbrellas), (21, 10, 1), "{told:?}");
        let mut first = rule("first");
        (first.enabled, first.matches.rule) = (true, vec![Pattern::new("web-1")]);
        alerts::save_rule(&services, None, None, first).await.unwrap();
        let told = alerts::preview_one(&services, None, rule("a"), 30).await.unwrap();
        assert_eq!((told.fits, told.earlier, told.count.alerts), (30, 15, 15), "{told:?}");
        let own = AlertRule { budget: 5, ..rule("first") };
        let told = alerts::preview_one(&services, Some("first".into()), own, 30).await.unwrap();
        assert_eq!((told.earlier, told.count.beyond_budget), (0, 25), "in the place of the one it replaces: {told:?}");
    });
    assert!(!text(&site).contains("name = \"a\""));
    assert_eq!(site.control.tickets().len(), 0);
}

#[test]
fn groups_callers_and_templates_are_searched_in_the_product() {
    let (site, runtime) = site();
    let services = services(&site);
    let connection = ConnectionName::parse(NAME).unwrap();
    runtime.block_on(async {
        let listed =
            async |what, part: &str| alerts::listed(&services, &connection, what, part).await.unwrap().unwrap();
        let groups = listed(Listing::Groups, "NETW").await;
        assert!(groups.entries.iter().any(|entry| entry.name == "Network"), "{groups:?}");
        assert!(groups.entries.iter().all(|entry| entry.name.to_lowercase().contains("netw")), "{groups:?}");
        let callers = listed(Listing::Callers, "beth.anglin").await;
        assert_eq!(callers.entries[0].name, "beth.anglin", "{callers:?}");
        let templates = listed(Listing::Templates, "").await;
        assert!(!templates.entries.is_empty());
        for hidden in ["Retired", "Somebody's own", "Standard patch"] {
            assert!(templates.entries.iter().all(|entry| entry.name != hidden), "{templates:?}");
        }
        let odd = alerts::listed(&services, &connection, Listing::Groups, "a^b").await;
        assert!(matches!(odd, Err(Fault::Malformed { .. })), "{odd:?}");
    });
}

#[test]
fn a_form_offers_what_the_product_offers() {
    let (site, runtime) = site();
    let services = services(&site);
    runtime.block_on(async {
        let connection = services.connection(NAME).await.unwrap();
        let partner = services.partner(&connection).await.unwrap();
        let tickets = partner.tickets().unwrap();
        for (kind, way) in TicketKind::ALL.into_iter().flat_map(|kind| [(kind, Way::Table), (kind, Way::ImportSet)]) {
            assert_eq!(alert_rules::offers("servicenow", kind, way), tickets.offers(kind, way), "{kind:?} {way:?}");
            let plain = kind == TicketKind::Incident && way == Way::Table;
            for other in ["service-manager", "provance", "cherwell"] {
                assert_eq!(alert_rules::offers(other, kind, way), plain, "{other} {kind:?} {way:?}");
            }
        }
    });
}
