use std::collections::BTreeMap;

use crate::model::alert::{Alert, AlertKey};
use crate::model::alert_kinds::MOST;
use crate::model::alert_rules::{AlertRule, Pattern, RuleProblem, RuleWrong};
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::ui::app::effect::TaskId;
use crate::ui::app::model::Model;
use crate::ui::app::picker::Picker;
use crate::ui::app::remote::Remote;
use crate::ui::app::rule_wizard::testing::{alerts, groups, opened, preview};
use crate::ui::app::rule_wizard::{OpenedRules, PickSource, Picking, RuleField, RuleForm, RuleStep, RuleWizard};
use crate::ui::app::testing::{model, now};
use crate::ui::tui::testing::{WIDE, screen, snapshot, snapshots};

fn wizard(step: RuleStep) -> RuleWizard {
    let mut rule =
        AlertRule { name: "servers".into(), connection: "contoso".into(), enabled: false, ..AlertRule::default() };
    rule.matches.rule = vec![Pattern::new("cpu above 90 %"), Pattern::new("disk*")];
    rule.ticket.group = "Cloud operations".into();
    let partners = BTreeMap::from([("contoso".to_owned(), "servicenow".to_owned())]);
    let focus = step.fields()[0];
    let mut wizard = RuleWizard {
        opened: Remote::Ready(Box::new(opened()), now()),
        step,
        focus,
        form: RuleForm::of(rule, partners, vec!["databases".into()]),
        fits: 30,
        ..RuleWizard::default()
    };
    wizard.cursor = wizard.form.text(focus).len();
    wizard
}

fn shown(wizard: RuleWizard) -> Model {
    let mut model = model();
    model.show(wizard);
    model
}

fn at(step: RuleStep, focus: RuleField) -> RuleWizard {
    RuleWizard { focus, cursor: 0, ..wizard(step) }
}

#[test]
fn what_to_match_in_every_size() {
    snapshots("rule-wizard/match", &shown(at(RuleStep::Match, RuleField::Rule)));
    let mut taken = wizard(RuleStep::Match);
    taken.form.texts.insert(RuleField::Name, "databases".into());
    taken.form.left.insert(RuleField::Name);
    assert!(screen(&shown(taken), (80, 24)).contains("another rule has this name"));
}

#[test]
fn the_values_of_stored_alerts_are_ticked() {
    let mut rule = at(RuleStep::Match, RuleField::Rule);
    rule.picking = Some(Picking::stored(RuleField::Rule, &rule.form, &alerts()));
    snapshot("rule-wizard/values", &shown(rule.clone()), (80, 24), Lang::En);
    snapshot("rule-wizard/values", &shown(rule.clone()), (40, 12), Lang::Nl);
    if let Some(picking) = &mut rule.picking {
        picking.typing = Some(("web-*".into(), 5));
    }
    snapshot("rule-wizard/pattern", &shown(rule), (80, 24), Lang::En);
}

#[test]
fn alerts_that_the_form_does_not_count_are_told() {
    let mut rule = at(RuleStep::Match, RuleField::Rule);
    let of = |number: usize| Alert { rule: format!("rule {number}"), ..Alert::new(AlertKey::hashed("a")) };
    let opened = OpenedRules { alerts: (0..MOST + 2).map(of).collect(), ..opened() };
    rule.opened = Remote::Ready(Box::new(opened), now());
    let told = screen(&shown(rule), (120, 40));
    assert!(told.contains("not counted here") && told.contains("different from each other: 2."), "{told}");
}

#[test]
fn where_and_which_ticket() {
    let model = shown(wizard(RuleStep::Where));
    snapshot("rule-wizard/where", &model, (80, 24), Lang::En);
    snapshot("rule-wizard/where", &model, WIDE, Lang::En);
    let mut ticket = at(RuleStep::Ticket, RuleField::Title);
    ticket.form.texts.insert(RuleField::Title, "{rul}".into());
    ticket.form.left.insert(RuleField::Title);
    let model = shown(ticket);
    snapshot("rule-wizard/ticket", &model, (80, 24), Lang::En);
    snapshot("rule-wizard/ticket", &model, WIDE, Lang::En);
    let model = shown(wizard(RuleStep::Severity));
    snapshot("rule-wizard/severity", &model, (80, 24), Lang::En);
    snapshot("rule-wizard/severity", &model, WIDE, Lang::En);
    let model = shown(wizard(RuleStep::Course));
    snapshot("rule-wizard/course", &model, (80, 24), Lang::Nl);
    snapshot("rule-wizard/course", &model, WIDE, Lang::Nl);
}

#[test]
fn groups_are_searched_in_the_product() {
    let mut rule = at(RuleStep::Ticket, RuleField::AssignmentGroup);
    let open = |source| Picking { field: RuleField::AssignmentGroup, picker: Picker::default(), source, typing: None };
    rule.picking = Some(open(PickSource::Product(groups())));
    snapshot("rule-wizard/groups", &shown(rule.clone()), (80, 24), Lang::En);
    for (source, said) in [
        (PickSource::Asking(TaskId(3)), "Asking the product"),
        (PickSource::NotOffered, "has no such list"),
        (PickSource::Failed(Fault::Interrupted), "ctrl-g asks again"),
    ] {
        rule.picking = Some(open(source));
        let told = screen(&shown(rule.clone()), (80, 24));
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn the_numbers_stand_beside_the_switch() {
    let mut rule = wizard(RuleStep::Review);
    rule.preview = Remote::Ready(Box::new(preview()), now());
    snapshots("rule-wizard/review", &shown(rule.clone()));
    rule.form.rule.enabled = true;
    assert!(screen(&shown(rule.clone()), (80, 24)).contains("The rule is saved switched on"));
    rule.fault = Some(Fault::RulesChanged { path: "/home/ada/alert-rules.toml".into() });
    let told = screen(&shown(rule.clone()), (120, 40));
    let footer = told.lines().last().unwrap();
    assert!(footer.contains("r reload") && !footer.contains("enter"), "nothing can be written now: {told}");
    snapshot("rule-wizard/changed", &shown(rule), (80, 24), Lang::En);
}

#[test]
fn why_a_rule_was_not_saved_is_in_sight_on_the_lowest_screen() {
    let mut rule = wizard(RuleStep::Review);
    rule.preview = Remote::Ready(Box::new(preview()), now());
    rule.fault = Some(Fault::RulesChanged { path: "/home/ada/alert-rules.toml".into() });
    let told = screen(&shown(rule), (40, 12));
    assert!(told.contains('✗'), "{told}");
}

#[test]
fn values_are_whole_on_a_narrow_screen_and_lines_say_that_they_may_stay_empty() {
    let severity = RuleStep::Severity.fields();
    let told = screen(&shown(at(RuleStep::Severity, severity[4])), (40, 40));
    assert!(told.contains("urgency") && !told.contains('…'), "{told}");
    let told = screen(&shown(at(RuleStep::Ticket, RuleField::Title)), (80, 24));
    assert!(told.contains("may stay empty"), "{told}");
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    let detail = "the text is in another encoding than UTF-8 (such as Windows-1252); save it as UTF-8".to_owned();
    let problem = RuleProblem { line: 3, rule: String::new(), wrong: RuleWrong::NotToml { detail } };
    let wrong = Fault::RulesWrong { path: "/home/ada/alert-rules.toml".into(), problems: vec![problem] };
    let rule = RuleWizard { opened: Remote::Failed(wrong), ..RuleWizard::default() };
    snapshot("rule-wizard/unreadable", &shown(rule.clone()), (80, 24), Lang::En);
    let told = screen(&shown(rule), (80, 24));
    assert_eq!(told.matches('→').count(), 1, "one way on: {told}");
    let folder = Fault::FileProblem { path: "/home/ada/alert-rules.toml".into(), reason: "is a directory".into() };
    let rule = RuleWizard { opened: Remote::Failed(folder), ..RuleWizard::default() };
    let told = screen(&shown(rule), (80, 24));
    assert!(told.contains("Press r to reload the file") && !told.contains("editor"), "{told}");
}
