//! The wizard of an alert rule, by keys.

use crate::model::alert::Severity;
use crate::model::alert_rules::{AlertRule, ItemHandling, OnResolved};
use crate::model::fault::Fault;
use crate::model::ticket::{Listing, TicketKind};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::key::Code;
use crate::ui::app::model::Screen;
use crate::ui::app::remote::Remote;
use crate::ui::app::rule_wizard::testing::{opened, outcome};
use crate::ui::app::rule_wizard::{
    OpenedRules, PickSource, RuleField, RuleStep, RuleWizard, RuleWizardJob, RuleWizardOutcome,
};
use crate::ui::app::screen::Behaviour as _;
use crate::ui::app::screens::ScreenJob;
use crate::ui::app::update::testing::Driver;

fn wizard(driver: &Driver) -> &RuleWizard {
    match driver.model.shown().next() {
        Some(Screen::RuleWizard(wizard)) => wizard,
        other => panic!("{other:?}"),
    }
}

fn job(driver: &Driver) -> (TaskId, RuleWizardJob) {
    driver.newest(|job| match job {
        Job::Screen(ScreenJob::RuleWizard(job)) => Some(job.clone()),
        _ => None,
    })
}

fn end(driver: &mut Driver, answer: RuleWizardOutcome) {
    let (task, _) = job(driver);
    driver.end(task, answer);
}

fn serve(driver: &mut Driver) {
    let (_, job) = job(driver);
    end(driver, outcome(&job));
}

fn open() -> Driver {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text("N");
    serve(&mut driver);
    driver
}

/// A new rule for one Azure rule, its first step done.
fn matched() -> Driver {
    let mut driver = open();
    driver.type_text("servers");
    driver.press(Code::Enter);
    assert_eq!((wizard(&driver).focus, wizard(&driver).fits), (RuleField::Rule, 42), "nothing chosen fits everything");
    driver.type_text(" ");
    driver.type_text("cpu");
    driver.type_text(" ");
    assert_eq!(wizard(&driver).form.list(RuleField::Rule), ["cpu above 90 %"]);
    assert_eq!(wizard(&driver).fits, 30);
    driver.control('t');
    driver.type_text("disk is*");
    driver.press(Code::Enter);
    assert_eq!((wizard(&driver).form.list(RuleField::Rule).len(), wizard(&driver).fits), (2, 42));
    driver.type_text("cpu ");
    driver.press(Code::Enter);
    assert_eq!((wizard(&driver).picking.is_none(), wizard(&driver).fits), (true, 12));
    driver.control('d');
    assert_eq!(wizard(&driver).step, RuleStep::Where);
    driver
}

#[test]
fn from_nothing_to_a_written_rule_by_keys() {
    let mut driver = matched();
    driver.control('d');
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    assert_eq!(wizard(&driver).focus, RuleField::AssignmentGroup);
    driver.control('t');
    let (_, RuleWizardJob::List { connection, what, .. }) = job(&driver) else { panic!("nothing is listed") };
    assert_eq!((connection.as_str(), what), ("contoso", Listing::Groups));
    serve(&mut driver);
    driver.press(Code::Down);
    driver.press(Code::Enter);
    assert_eq!(wizard(&driver).form.text(RuleField::AssignmentGroup), "Network");
    driver.press(Code::Enter);
    driver.press(Code::Enter);
    driver.type_text(" ");
    driver.control('d');
    driver.type_text("  ");
    driver.control('d');
    driver.press(Code::Down);
    driver.type_text(" ");
    driver.control('d');
    let (_, RuleWizardJob::Preview { replaces: None, rule }) = job(&driver) else { panic!("nothing is previewed") };
    assert!(!rule.enabled, "a new rule is off");
    driver.press(Code::Enter);
    assert!(wizard(&driver).saving.is_none(), "the numbers come before it is written");
    serve(&mut driver);
    driver.type_text(" ");
    driver.press(Code::Enter);
    let (_, RuleWizardJob::Save { shown, replaces: None, rule }) = job(&driver) else { panic!("nothing is written") };
    assert_eq!(shown, opened().text);
    assert!(rule.enabled);
    assert_eq!((rule.ticket.item, rule.on_resolved), (ItemHandling::None, OnResolved::Note));
    assert_eq!(rule.severities.of(Severity::ALL[0]), Some((1, 3)));
    end(&mut driver, RuleWizardOutcome::Saved(Err(Fault::RulesChanged { path: "alert-rules.toml".into() })));
    assert!(wizard(&driver).fault.is_some(), "a file that changed meanwhile is told");
    driver.press(Code::Enter);
    assert!(wizard(&driver).saving.is_none(), "what was read is not in the file any more");
    let typed = wizard(&driver).form.read();
    driver.type_text("r");
    end(&mut driver, RuleWizardOutcome::Opened(Ok(Box::new(written_meanwhile("other")))));
    assert_eq!(
        (wizard(&driver).step, wizard(&driver).form.read()),
        (RuleStep::Review, typed),
        "what was filled in stays"
    );
    serve(&mut driver);
    driver.press(Code::Enter);
    let (_, RuleWizardJob::Save { shown, .. }) = job(&driver) else { panic!("nothing is written") };
    assert_eq!(shown, written_meanwhile("other").text);
    serve(&mut driver);
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

/// The file with another rule that somebody wrote meanwhile.
fn written_meanwhile(name: &str) -> OpenedRules {
    let mut rules = opened();
    rules.text.iter_mut().for_each(|text| text.push_str("[[rule]]\n"));
    rules.rules.rules.push(AlertRule { name: name.into(), connection: "contoso".into(), ..AlertRule::default() });
    rules
}

/// The wizard of the rule in the file, on its last step, where the file was written by somebody else.
fn outdated() -> Driver {
    let mut driver = Driver::new(&["contoso"], 3);
    let mut edited = RuleWizard::edit("databases");
    let answer = RuleWizardOutcome::Opened(Ok(Box::new(opened())));
    edited.on_outcome(&mut Ctx::new(&mut driver.model.facts, None), TaskId(1), answer.into());
    driver.model.show(edited);
    (0..5).for_each(|_| drop(driver.control('d')));
    serve(&mut driver);
    driver.press(Code::Enter);
    end(&mut driver, RuleWizardOutcome::Saved(Err(Fault::RulesChanged { path: "alert-rules.toml".into() })));
    driver.type_text("r");
    driver
}

#[test]
fn a_rule_that_somebody_else_changed_is_shown_as_it_is_there() {
    let mut driver = outdated();
    let mut rules = opened();
    rules.rules.rules[0].budget = 7;
    end(&mut driver, RuleWizardOutcome::Opened(Ok(Box::new(rules))));
    assert_eq!((wizard(&driver).step, wizard(&driver).form.text(RuleField::Budget)), (RuleStep::Match, "7"));
    assert!(driver.model.notice.is_some());
    let mut driver = outdated();
    let mut moved = opened();
    moved.rules.rules[0].line = 12;
    end(&mut driver, RuleWizardOutcome::Opened(Ok(Box::new(moved))));
    assert_eq!(wizard(&driver).step, RuleStep::Review, "only its place changed");
}

#[test]
fn a_name_that_was_taken_meanwhile_leads_back_to_it() {
    let mut driver = matched();
    (0..4).for_each(|_| drop(driver.control('d')));
    serve(&mut driver);
    driver.press(Code::Enter);
    end(&mut driver, RuleWizardOutcome::Saved(Err(Fault::RulesChanged { path: "alert-rules.toml".into() })));
    driver.type_text("r");
    end(&mut driver, RuleWizardOutcome::Opened(Ok(Box::new(written_meanwhile("servers")))));
    assert_eq!((wizard(&driver).step, wizard(&driver).focus), (RuleStep::Match, RuleField::Name));
}

#[test]
fn a_rule_that_is_edited_comes_filled_in_and_is_replaced() {
    let mut driver = Driver::new(&["contoso"], 3);
    let mut rules = opened();
    let full = &mut rules.rules.rules[0];
    full.matches.custom = [("team".to_owned(), vec![crate::model::alert_rules::Pattern::new("a|b")])].into();
    full.ticket.description = "one\ntwo".into();
    full.ticket.fields = [("u".to_owned(), "x; y".to_owned())].into();
    let before = full.clone();
    let mut edited = RuleWizard::edit("databases");
    let answer = RuleWizardOutcome::Opened(Ok(Box::new(rules)));
    edited.on_outcome(&mut Ctx::new(&mut driver.model.facts, None), TaskId(1), answer.into());
    driver.model.show(edited);
    assert_eq!(wizard(&driver).form.text(RuleField::Budget), "5");
    assert_eq!(wizard(&driver).form.read(), before, "what is not touched is read as it was");
    for _ in 0..5 {
        driver.control('d');
    }
    let (_, RuleWizardJob::Preview { replaces, .. }) = job(&driver) else { panic!("nothing is previewed") };
    assert_eq!(replaces.as_deref(), Some("databases"));
}

#[test]
fn a_file_that_cannot_be_used_is_never_written() {
    let mut driver = Driver::new(&["contoso"], 3);
    driver.type_text("N");
    let wrong = Fault::RulesWrong { path: "alert-rules.toml".into(), problems: Vec::new() };
    end(&mut driver, RuleWizardOutcome::Opened(Err(wrong)));
    for key in [Code::Enter, Code::Down, Code::Right] {
        driver.press(key);
    }
    driver.type_text("name ");
    driver.control('d');
    driver.control('t');
    let runs = driver.running.iter().any(|(_, job)| matches!(job, Job::Screen(ScreenJob::RuleWizard(_))));
    assert!(!runs && matches!(wizard(&driver).opened, Remote::Failed(_)));
    driver.press(Code::Esc);
    assert!(matches!(driver.model.front(), Some(Screen::Dashboard(_))));
}

#[test]
fn what_is_wrong_keeps_the_step() {
    let mut driver = open();
    driver.control('d');
    assert_eq!((wizard(&driver).step, wizard(&driver).focus), (RuleStep::Match, RuleField::Name));
    driver.type_text("databases");
    driver.control('d');
    assert_eq!(wizard(&driver).step, RuleStep::Match, "the name is taken");
    driver.type_text("2");
    driver.control('d');
    driver.control('d');
    driver.type_text("{rul}");
    driver.control('d');
    assert_eq!((wizard(&driver).step, wizard(&driver).focus), (RuleStep::Ticket, RuleField::Title));
}

#[test]
fn only_what_the_product_offers_can_be_chosen() {
    let mut rule = AlertRule { connection: "contoso".into(), kind: TicketKind::Event, ..AlertRule::default() };
    rule.name = "a".into();
    let partners = [("contoso", "servicenow"), ("scsm", "service-manager")];
    let partners = partners.map(|(name, partner)| (name.to_owned(), partner.to_owned())).into();
    let mut form = crate::ui::app::rule_wizard::RuleForm::of(rule, partners, Vec::new());
    form.turn(RuleField::Connection, 1);
    assert_eq!((form.rule.connection.as_str(), form.rule.kind), ("scsm", TicketKind::Incident));
    form.turn(RuleField::Kind, 1);
    form.turn(RuleField::Way, 1);
    assert_eq!((form.rule.kind, form.rule.way), (TicketKind::Incident, crate::model::ticket::Way::Table));
}

#[test]
fn a_list_that_the_product_does_not_have_says_so_and_the_name_is_typed() {
    let mut driver = matched();
    driver.control('d');
    (0..2).for_each(|_| drop(driver.press(Code::Enter)));
    driver.control('t');
    end(&mut driver, RuleWizardOutcome::Listed(Ok(None)));
    assert_eq!(wizard(&driver).picking.as_ref().map(|open| &open.source), Some(&PickSource::NotOffered));
    driver.press(Code::Esc);
    driver.type_text("Azure alert");
    assert_eq!(wizard(&driver).form.text(RuleField::Template), "Azure alert");
}
