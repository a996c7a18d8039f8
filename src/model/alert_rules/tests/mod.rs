//! The file of rules: what it may say, what is wrong with it and where, and what becomes of an alert by it.

mod writing;

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json;

use super::import::{Adder, OldAction, rules_of};
use super::template::TEMPLATE;
use super::{AlertRule, Levels, Misfit, Names, RuleProblem, RuleSet, RuleWrong, draft, parse};
use crate::model::alert::tests::samples;
use crate::model::alert::{Alert, Severity, read};
use crate::model::ticket::TicketKind;

fn names() -> Names {
    BTreeMap::from([("contoso".to_owned(), "servicenow".to_owned()), ("scsm".to_owned(), "service-manager".to_owned())])
}

fn rules(text: &str) -> RuleSet {
    parse(text, Some(&names())).unwrap_or_else(|problems| panic!("{problems:?}\n{text}")).0
}

fn rule(more: &str) -> AlertRule {
    rules(&format!("[[rule]]\nname = 'r'\nconnection = 'contoso'\n{more}")).rules.remove(0)
}

fn wrong(text: &str) -> Vec<(usize, RuleWrong)> {
    let problems = parse(text, Some(&names())).unwrap_err();
    problems.into_iter().map(|RuleProblem { line, wrong, .. }| (line, wrong)).collect()
}

fn alert() -> Alert {
    read(&samples::metric().to_string()).remove(0).alert
}

#[test]
fn the_template_is_a_file_of_rules_with_the_values_that_hold_without_it() {
    let text = TEMPLATE.replace("CONNECTION", "contoso");
    let written = rules(&text).rules.remove(0);
    let bare = rule("[rule.match]\nseverity = ['Sev0', 'Sev1', 'Sev2']");
    assert_eq!(AlertRule { name: "r".into(), line: 1, ..written }, bare);
}

#[test]
fn every_key_in_the_template_can_be_used() {
    let skip = |line: &str| line.starts_with("# [rule") || line.starts_with("# Sev");
    let mut more = String::new();
    let (mut matches, mut ticket) = (String::from("[rule.match]\n"), String::from("[rule.ticket]\n"));
    let mut place = 0;
    for line in TEMPLATE.lines() {
        place = match line {
            "[rule.match]" => 1,
            "[rule.ticket]" => 2,
            "# [rule.severity]" => 3,
            _ if line.starts_with("# More keys") => 4,
            _ => place,
        };
        let Some(key) = line.strip_prefix("# ").filter(|key| key.contains(" = ") && !skip(line)) else { continue };
        match place {
            1 => matches.push_str(&format!("{key}\n")),
            2 => ticket.push_str(&format!("{key}\n")),
            4 => more.push_str(&format!("{key}\n")),
            _ => {}
        }
    }
    let full = rule(&format!("{more}{matches}{ticket}"));
    assert_eq!((full.ticket.group.as_str(), full.close_code.as_str()), ("Cloud operations", "Solution provided"));
    assert_eq!(full.matches.custom["env"].len(), 2);
    assert_eq!(full.budget, rule("").budget);
}

#[rstest]
#[case::missing("[[rule]]\n", &[(1, RuleWrong::Missing { key: "name".into() }), (1, RuleWrong::Missing { key: "connection".into() })])]
#[case::unknown_key("[[rule]]\nname = 'a'\nconection = 'contoso'\n", &[(3, RuleWrong::UnknownKey { key: "conection".into(), nearest: Some("connection".into()) })])]
#[case::no_toml("[[rule]\n", &[(1, RuleWrong::NotToml { detail: "".into() })])]
#[case::connection("[[rule]]\nname = 'a'\n\nconnection = 'contso'\n", &[(4, RuleWrong::NoSuchConnection { name: "contso".into(), nearest: Some("contoso".into()) })])]
#[case::product("[[rule]]\nname = 'a'\nconnection = 'scsm'\nkind = 'event'\n", &[(4, RuleWrong::NotInProduct { key: "kind".into(), value: "event".into(), product: "service-manager".into() })])]
#[case::range("[[rule]]\nname = 'a'\nconnection = 'contoso'\nbudget = 0\n", &[(4, RuleWrong::OutOfRange { key: "budget".into(), value: 0, from: 1, to: 1_000 })])]
#[case::level("[[rule]]\nname = 'a'\nconnection = 'contoso'\n[rule.severity]\nSev0 = { impact = 4, urgency = 1 }\n", &[(5, RuleWrong::OutOfRange { key: "impact".into(), value: 4, from: 1, to: 3 })])]
#[case::placeholder("[[rule]]\nname = 'a'\nconnection = 'contoso'\n[rule.ticket]\ntitle = '{rul} {{x}'\n", &[(5, RuleWrong::UnknownPlaceholder { placeholder: "rul".into(), nearest: Some("rule".into()) })])]
#[case::twice("[[rule]]\nname = 'a'\nconnection = 'contoso'\nmatch = { rule = 'x' }\n[[rule]]\nname = 'a'\nconnection = 'contoso'\n", &[(5, RuleWrong::Twice { line: 1 })])]
fn what_is_wrong_is_said_with_its_line(#[case] text: &str, #[case] expected: &[(usize, RuleWrong)]) {
    let found = wrong(text);
    if let [(1, RuleWrong::NotToml { .. })] = expected {
        assert!(matches!(found.as_slice(), [(1, RuleWrong::NotToml { .. })]), "{found:?}");
    } else {
        assert_eq!(found, expected);
    }
}

#[test]
fn every_wrong_value_is_told_at_once_and_what_may_stand_there() {
    let text = "[[rule]]\nname = 'a'\nconnection = 'contoso'\nkind = 'ticket'\ngrouping = 'ci'\non_resolved = 'close'\n\
                [rule.match]\nseverity = ['Sev7']\n[rule.severity]\nSev4 = 'never'\n";
    let lines: Vec<_> = wrong(text)
        .into_iter()
        .map(|(line, wrong)| match wrong {
            RuleWrong::NotOneOf { key, .. } => (line, key),
            other => panic!("{other:?}"),
        })
        .collect();
    let told = [(4, "kind"), (5, "grouping"), (6, "on_resolved"), (8, "severity"), (10, "Sev4")];
    assert_eq!(lines, told.map(|(line, key)| (line, key.to_owned())));
}

#[test]
fn a_rule_that_no_alert_reaches_is_told_and_can_be_used() {
    let text = "[[rule]]\nname = 'all'\nconnection = 'contoso'\n[[rule]]\nname = 'late'\nconnection = 'contoso'\n";
    let (_, told) = parse(text, Some(&names())).unwrap();
    assert_eq!(told[0].wrong, RuleWrong::Unreachable { rule: "all".into(), line: 1 });
}

#[rstest]
#[case("subscription = 'aaaaaaaa-*'", None)]
#[case("subscription = 'bbbb*'", Some(Misfit::Subscription))]
#[case("resource_group = ['x', 'RG-*']", None)]
#[case("resource_type = 'virtualMachines'", None)]
#[case("resource_type = 'Microsoft.Compute/*'", None)]
#[case("resource_type = 'microsoft.sql/*'", Some(Misfit::ResourceType))]
#[case("target = 'web-?'", None)]
#[case("rule = 'web-*'", None)]
#[case("rule = '/subscriptions/*/metricAlerts/web-cpu'", None)]
#[case("rule = 'cpu'", Some(Misfit::Rule))]
#[case("service = 'platform'", None)]
#[case("severity = 2", None)]
#[case("severity = ['Sev0', 'Sev1']", Some(Misfit::Severity))]
#[case("custom = { TEAM = 'sh*' }", None)]
#[case("custom = { team = 'pay' }", Some(Misfit::Custom))]
#[case("custom = { other = '*' }", Some(Misfit::Custom))]
fn conditions_fit_or_tell_which_does_not(#[case] condition: &str, #[case] misfit: Option<Misfit>) {
    let condition = condition.replace("severity = 2", "severity = '2'");
    assert_eq!(rule(&format!("[rule.match]\n{condition}")).misfit(&alert()), misfit);
}

#[rstest]
#[case("resource_group = ['web-*', 'mail']", "resource_group", "rg-shop", "web-*, mail")]
#[case("severity = ['Sev0', 'Sev1']", "severity", "Sev2", "Sev0, Sev1")]
#[case("custom = { team = 'pay' }", "custom.team", "shop", "pay")]
#[case("custom = { other = '*' }", "custom.other", "", "*")]
fn what_does_not_fit_is_told_with_both_values(
    #[case] condition: &str,
    #[case] key: &str,
    #[case] has: &str,
    #[case] wants: &str,
) {
    let told = rule(&format!("[rule.match]\n{condition}")).difference(&alert()).unwrap();
    assert_eq!((told.key.as_str(), told.has.as_str(), told.wants.as_str()), (key, has, wants));
}

#[test]
fn the_first_rule_that_matches_decides_and_switched_off_ones_do_not() {
    let text = "[[rule]]\nname = 'off'\nconnection = 'contoso'\nenabled = false\n\
                [[rule]]\nname = 'one'\nconnection = 'contoso'\nmatch = { rule = 'web*' }\n\
                [[rule]]\nname = 'two'\nconnection = 'contoso'\n";
    let rules = rules(text);
    assert_eq!(rules.matching(&alert()).unwrap().name, "one");
    let other = Alert { rule: "x".into(), rule_id: String::new(), ..alert() };
    assert_eq!(rules.misfits(&other), [("off".to_owned(), Misfit::Disabled), ("one".to_owned(), Misfit::Rule)]);
}

#[test]
fn severities_have_the_usual_levels_unless_told_otherwise() {
    let levels = |rule: &AlertRule| Severity::ALL.map(|severity| rule.severities.of(severity));
    assert_eq!(levels(&rule("")), [Some((1, 1)), Some((2, 1)), Some((2, 2)), Some((3, 2)), None]);
    let own = rule("[rule.severity]\nSev4 = { impact = 3, urgency = 3 }\nSev0 = 'none'\n");
    assert_eq!(own.severities, Levels([None, Some((2, 1)), Some((2, 2)), Some((3, 2)), Some((3, 3))]));
}

#[test]
fn complaint_09_a_ticket_has_any_kind_and_any_field() {
    let rule = rule(
        "kind = 'event'\n[rule.ticket]\ntitle = '{rule} on {item} of {custom.team} ({dimension.instance}) {{ok}}'\n\
         description = '{details}'\ngroup = 'Cloud'\ncaller = 'Ann'\ntemplate = 'T'\nfields = { category = '{service}' }\n",
    );
    let made = draft(&rule, &alert(), None);
    assert_eq!((made.kind, made.title.as_str()), (TicketKind::Event, "web-cpu on web-1 of shop (0) {ok}"));
    assert_eq!(made.description, "Percentage CPU: 97.5 (GreaterThan 90)");
    assert_eq!((made.group.unwrap().name, made.caller.unwrap().name), ("Cloud".to_owned(), "Ann".to_owned()));
    assert_eq!((made.template.as_deref(), made.fields["category"].as_str()), (Some("T"), "Platform"));
    assert_eq!((made.impact, made.urgency, made.severity), (Some(2), Some(2), Some(2)));
    let item = made.item.unwrap();
    assert_eq!((item.name.as_str(), item.resource_id.as_deref(), item.is_computer), ("web-1", Some(samples::VM), true));
}

#[test]
fn a_ticket_without_texts_tells_what_is_known() {
    let made = draft(&rule(""), &alert(), None);
    assert_eq!(made.title, "Sev2 web-cpu: web-1");
    for told in ["CPU above 90 %", "Alert rule: web-cpu", "instance: 0", "team: shop", samples::GUID] {
        assert!(made.description.contains(told), "{told}: {}", made.description);
    }
    let long = Alert { description: "x".repeat(9_000), rule: "r".repeat(900), ..alert() };
    let made = draft(&rule(""), &long, None);
    assert!(made.title.chars().count() <= 160 && made.description.chars().count() <= 3_900);
}

fn action(configuration: &str) -> OldAction {
    let id = format!("/subscriptions/{}/resourceGroups/rg/providers/microsoft.insights", samples::SUB);
    OldAction {
        group: format!("{id}/actionGroups/itsm"),
        name: "Sample itsm".into(),
        connection_id: "5a5a5a5a-0000-4000-8000-000000000005".into(),
        configuration: configuration.into(),
        rules: vec![("web-cpu".into(), format!("{id}/metricAlerts/web-cpu"))],
        adders: Vec::new(),
    }
}

#[rstest]
#[case::text(json!({"PayloadRevision": 0, "WorkItemType": "Incident", "UseTemplate": false,
    "WorkItemData": "{\"impact\":\"3\",\"assignment_group\":\"Systems\"}", "CreateOneWIPerCI": true}))]
#[case::object(json!({"PayloadRevision": null, "WorkItemType": "Incident", "UseTemplate": false,
    "WorkItemData": {"impact": 3, "assignment_group": "Systems"}, "CreateOneWIPerCI": true}))]
fn both_forms_of_an_old_action_become_a_rule(#[case] configuration: serde_json::Value) {
    let text = rules_of(&[action(&configuration.to_string())], Some("contoso"));
    let rule = rules(&text).rules.remove(0);
    assert!(!rule.enabled && text.contains("grouping = \"item\""), "{text}");
    assert_eq!((rule.ticket.group.as_str(), rule.ticket.fields["impact"].as_str()), ("Systems", "3"));
    assert_eq!(rule.matches.rule.len(), 1);
    assert!(!text.contains("Not carried over"), "{text}");
}

#[test]
fn what_an_old_action_has_and_a_rule_cannot_have_is_a_comment() {
    let odd = json!({"WorkItemType": "Problem", "UseTemplate": true, "WorkItemData": "{}", "CreateOneWIPerLog": true, "New": 1});
    let bad = OldAction { rules: Vec::new(), ..action("{\n}}") };
    let text = rules_of(&[action(&odd.to_string()), bad], None);
    for told in ["\"Problem\"", "template", "each row", "New = 1", "cannot be read", "No alert rule uses"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let text = text.replace("CONNECTION", "contoso");
    let names: Vec<_> = rules(&text).rules.into_iter().map(|rule| rule.name).collect();
    assert_eq!(names, ["Sample itsm", "Sample itsm 2"]);
}

#[test]
fn complaint_15_an_action_that_a_processing_rule_adds_becomes_a_rule_of_its_scopes() {
    let adder = |scopes: &[&str], conditions: &[(&str, &str, &[&str])]| Adder {
        name: "baseline".into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        conditions: conditions
            .iter()
            .map(|(field, operator, values)| {
                ((*field).into(), (*operator).into(), values.iter().map(|value| (*value).to_owned()).collect())
            })
            .collect(),
    };
    let sub = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001";
    let made = |rules: &[(&str, &str)], adders: Vec<Adder>| {
        let rules = rules.iter().map(|(name, id)| ((*name).to_owned(), (*id).to_owned())).collect();
        rules_of(&[OldAction { rules, adders, ..action("{}") }], Some("contoso"))
    };
    let severe: (&str, &str, &[&str]) = ("Severity", "Equals", &["Sev0", "Sev1"]);
    let text = made(&[], vec![adder(&[sub], &[severe, ("MonitorService", "Equals", &["Platform"])])]);
    for expected in [
        "'baseline' adds the group",
        "subscription = [\"aaaaaaaa-0000-4000-8000-000000000001\"]",
        "severity = [\"Sev0\", \"Sev1\"]",
        "# Not carried over: the condition MonitorService Equals Platform",
    ] {
        assert!(text.contains(expected), "{expected} is not in:\n{text}");
    }
    assert_eq!(text.matches("[[rule]]").count(), 1, "no rule of no alerts: {text}");
    let both = made(&[("cpu", "/x/cpu")], vec![adder(&[&format!("{sub}/resourceGroups/rg")], &[])]);
    assert_eq!(both.matches("[[rule]]").count(), 2, "{both}");
    assert!(both.contains("resource_group = [\"rg\"]"), "{both}");
    let mixed = made(&[], vec![adder(&[sub, &format!("{sub}/resourceGroups/rg")], &[])]);
    assert!(mixed.contains("# Not carried over: the scopes"), "{mixed}");
    for text in [text, both, mixed] {
        assert!(rules(&text).rules.iter().all(|rule| !rule.enabled), "{text}");
    }
}
