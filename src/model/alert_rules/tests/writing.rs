//! Rules that are written into a file.

use crate::model::alert::Severity;
use crate::model::alert_rules::write::{Unwritable, switched, with_rule};
use crate::model::alert_rules::{AlertRule, Grouping, ItemHandling, Levels, OnResolved, Pattern, parse, template};
use crate::model::ticket::{TicketKind, Way};

const FILE: &str = r#"# ours
[[rule]]   # the first
name = "shop"  # its name
connection = "contoso"
budget = 5 # few

# what it takes
[rule.match]
rule = ["cpu*", # all of them
  "disk"]

[[rule]]
name = 'all'
connection = "contoso"
severity = { sev0 = "none" } # quiet
# the end
"#;

fn rule(text: &str, name: &str) -> AlertRule {
    parse(text, None).unwrap().0.named(name).unwrap().clone()
}

/// A rule with something of everything.
fn full() -> AlertRule {
    let mut rule = AlertRule {
        name: "every \"key\"".into(),
        connection: "contoso".into(),
        enabled: false,
        kind: TicketKind::Incident,
        way: Way::ImportSet,
        grouping: Grouping::Rule,
        on_resolved: OnResolved::Note,
        close_code: "Solved".into(),
        reopen_minutes: 0,
        budget: 7,
        budget_minutes: 30,
        flapping: 0,
        flapping_minutes: 10,
        notes_per_hour: 2,
        suppressed: true,
        tests: true,
        if_over: crate::model::alert_rules::IfOver::Nothing,
        severities: Levels([Some((1, 1)), None, Some((3, 3)), Some((3, 2)), Some((3, 3))]),
        ..AlertRule::default()
    };
    rule.matches.rule = vec![Pattern::new("cpu, disk*"), Pattern::new("C:\\*")];
    rule.matches.severity = vec![Severity::ALL[0], Severity::ALL[3]];
    rule.matches.custom = [("team".to_owned(), vec![Pattern::new("shop"), Pattern::new("web")])].into();
    rule.ticket.title = "{severity} {rule}".into();
    rule.ticket.description = "one\ntwo 'three'".into();
    rule.ticket.fields = [("u_colour".to_owned(), "blue".to_owned())].into();
    (rule.ticket.group, rule.ticket.caller, rule.ticket.template) = ("Network".into(), "ada".into(), "Alert".into());
    rule.ticket.item = ItemHandling::None;
    rule
}

fn bare(rule: AlertRule) -> AlertRule {
    AlertRule { line: 0, ..rule }
}

#[test]
fn a_new_rule_comes_after_what_is_there_byte_for_byte() {
    let written = with_rule(Some(FILE), None, &full()).unwrap();
    assert!(written.starts_with(FILE), "{written}");
    assert_eq!(bare(rule(&written, "every \"key\"")), full());
    assert_eq!(parse(&written, None).unwrap().0.rules.len(), 3);
}

#[test]
fn a_file_that_is_missing_is_made_and_one_without_an_end_of_line_gets_one() {
    let made = with_rule(None, None, &full()).unwrap();
    assert!(made.starts_with("# Alert rules"), "{made}");
    assert_eq!(bare(rule(&made, "every \"key\"")), full());
    let written = with_rule(Some("# only this"), None, &full()).unwrap();
    assert!(written.starts_with("# only this\n\n[[rule]]"), "{written}");
    let own = template::TEMPLATE.replace("\"CONNECTION\"", "\"contoso\"");
    assert!(with_rule(Some(&own), None, &full()).unwrap().starts_with(&own));
}

#[test]
fn a_plain_rule_is_written_with_the_keys_that_it_needs() {
    let plain = AlertRule { name: "a".into(), connection: "contoso".into(), ..AlertRule::default() };
    let written = with_rule(Some(""), None, &plain).unwrap();
    assert_eq!(written, "[[rule]]\nname = \"a\"\nconnection = \"contoso\"\n");
}

#[test]
fn a_rule_that_is_replaced_keeps_its_comments_and_the_others_stay() {
    let mut changed = rule(FILE, "shop");
    changed.budget = 9;
    changed.connection = "fabrikam".into();
    changed.matches.severity = vec![Severity::ALL[1]];
    let written = with_rule(Some(FILE), Some("shop"), &changed).unwrap();
    let wanted = FILE
        .replace("budget = 5 # few", "budget = 9 # few")
        .replacen("connection = \"contoso\"", "connection = \"fabrikam\"", 1)
        .replace("  \"disk\"]\n", "  \"disk\"]\nseverity = [\"Sev1\"]\n");
    assert_eq!(written, wanted);
    let all = rule(FILE, "all");
    let mut levels = all.severities;
    levels.0[0] = Some((2, 2));
    let written = with_rule(Some(FILE), Some("all"), &AlertRule { severities: levels, ..all }).unwrap();
    assert!(written.contains("severity = { sev0 = { impact = 2, urgency = 2 } } # quiet"), "{written}");
}

#[test]
fn a_rule_is_renamed_and_everything_of_it_can_change() {
    let named = AlertRule { name: "all".into(), ..full() };
    for (name, new) in [("all", named), ("shop", full())] {
        let written = with_rule(Some(FILE), Some(name), &new).unwrap();
        assert_eq!(bare(rule(&written, &new.name)), new, "{written}");
        let back = with_rule(Some(&written), Some(&new.name), &rule(FILE, name)).unwrap();
        assert_eq!(bare(rule(&back, name)), bare(rule(FILE, name)), "{back}");
        assert!(back.contains("# its name") && back.contains("# the end") && back.contains("# ours"), "{back}");
    }
}

#[test]
fn the_ends_of_lines_stay() {
    let windows = FILE.replace('\n', "\r\n");
    for written in [with_rule(Some(&windows), None, &full()).unwrap(), switched(&windows, "shop", false).unwrap()] {
        assert_eq!(written.matches('\n').count(), written.matches("\r\n").count(), "{written:?}");
    }
    assert!(with_rule(Some(&windows), None, &full()).unwrap().starts_with(&windows));
    let off = switched(&windows, "shop", false).unwrap();
    assert_eq!(off, windows.replace("budget = 5 # few\r\n", "budget = 5 # few\r\nenabled = false\r\n"));
    assert_eq!(switched(&off, "shop", true).unwrap(), off.replace("enabled = false", "enabled = true"));
}

#[test]
fn what_cannot_be_read_is_not_written() {
    assert!(matches!(with_rule(Some("[[rule]\n"), None, &full()), Err(Unwritable::Wrong(_))));
    assert!(matches!(with_rule(Some("[[rule]]\nname = 'a'\n"), None, &full()), Err(Unwritable::Wrong(_))));
    let list = "rule = [{ name = 'a', connection = 'b' }]\n";
    assert_eq!(with_rule(Some(list), None, &full()), Err(Unwritable::OneList));
    assert_eq!(switched(list, "a", false), Err(Unwritable::OneList));
    assert_eq!(switched(FILE, "nobody", false), Err(Unwritable::NoSuchRule));
    let twice = AlertRule { name: "all".into(), ..full() };
    assert!(matches!(with_rule(Some(FILE), None, &twice), Err(Unwritable::Wrong(_))), "the name is taken");
}
