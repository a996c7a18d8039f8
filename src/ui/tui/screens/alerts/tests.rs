use crate::model::alert::AlertKey;
use crate::model::alert_counts::LostTicket;
use crate::model::alert_plan::Verdict;
use crate::model::alert_rules::{RuleProblem, RuleWrong};
use crate::model::alert_run::{Followed, Written};
use crate::model::alert_source::{Missed, SourceState};
use crate::model::alert_view::{AlertQuery, AlertStanding, OutcomeFilter, PreviewProgress, RulesView};
use crate::model::fault::Fault;
use crate::model::items::Seek;
use crate::model::lang::Lang;
use crate::model::ticket::TicketFinding;
use crate::ui::app::alerts::testing::{key, preview, rules, source, standing, texts, whole, window};
use crate::ui::app::alerts::{AlertPanel, AlertScreen, AlertsScreen, Poll, PreviewScreen, RulesScreen, SourcesScreen};
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::model::{Facts, Model, Screen};
use crate::ui::app::remote::Remote;
use crate::ui::app::table::{Fresh, Table, Want};
use crate::ui::app::testing::{minutes_ago, model, now, press};
use crate::ui::tui::gallery::visit;
use crate::ui::tui::testing::{at_cursor, click_at, screen, snapshot, snapshots};

/// The list where sources and rules stand so, with the first alerts.
fn shown(told: AlertStanding, change: impl FnOnce(&mut Facts, &mut AlertsScreen)) -> Model {
    let mut list = AlertsScreen { table: table(Ok(window(&Seek::First, 60))), ..AlertsScreen::default() };
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(told, now());
    change(&mut model.facts, &mut list);
    model.show(list);
    model
}

fn table(answer: Result<crate::model::alert_view::AlertWindow, Fault>) -> Table<crate::model::alert_view::AlertRow> {
    let mut table = Table::default();
    table.asked(Want::Fresh(Fresh::Top), TaskId(7));
    table.answer(TaskId(7), answer, 20);
    table
}

fn none() -> Table<crate::model::alert_view::AlertRow> {
    let total = crate::model::items::Total::Exactly(0);
    table(Ok(crate::model::items::Window { rows: Vec::new(), at_start: true, at_end: true, total }))
}

fn healthy() -> AlertStanding {
    standing(vec![source("prod", 12)])
}

#[test]
fn alerts_in_every_size() {
    let model = shown(healthy(), |_, _| {});
    snapshots("alerts/list", &model);
    for lang in [Lang::En, Lang::Nl] {
        snapshot("alerts/list", &model, (200, 60), lang);
    }
}

#[test]
fn a_narrow_list_has_the_mark_of_the_state_and_whole_numbers() {
    let narrow = screen(&shown(healthy(), |_, _| {}), (40, 12));
    assert!(narrow.contains("✓  Sev2") && narrow.contains("INC0010094 +1"), "{narrow}");
    let usual = screen(&shown(healthy(), |_, _| {}), (80, 24));
    assert!(
        usual.contains("web-01") && usual.contains("INC0010094 +1") && usual.contains("opened, resolved"),
        "{usual}"
    );
}

#[test]
fn what_keeps_alerts_from_becoming_tickets_stands_above_them() {
    let mut told = standing(vec![source("prod", 12), source("test", 12), source("china", 12)]);
    let forbidden =
        Fault::AzureForbidden { what: "Microsoft.AlertsManagement/alerts/read".into(), detail: String::new() };
    let state =
        |at: usize, state: SourceState, told: &mut AlertStanding| told.sources[at].subscriptions[0].1 = Some(state);
    state(
        1,
        SourceState { fault: Some(forbidden), read_at: Some(minutes_ago(300)), ..SourceState::default() },
        &mut told,
    );
    let slow = SourceState {
        read_at: Some(minutes_ago(2)),
        not_before: Some(now() + jiff::SignedDuration::from_secs(84)),
        fault: Some(Fault::RateLimited { retry_after_seconds: 84, limit: None, rule: None }),
        ..SourceState::default()
    };
    state(2, slow, &mut told);
    let wrong = RuleWrong::NoSuchConnection { name: "contso".into(), nearest: Some("contoso".into()) };
    let problems = vec![RuleProblem { line: 3, rule: "production".into(), wrong }];
    told.rules.fault = Some(Fault::RulesWrong { path: told.rules.path.clone(), problems });
    told.unseen_ends = 4;
    let written = Written { connection: "contoso".into(), refused: 2, ..Written::default() };
    let followed = Followed { busy: true, tickets: vec![written], ..Followed::default() };
    let troubled = shown(told, |facts, _| facts.alerts.follow.last = Some(Ok(followed)));
    snapshots("alerts/troubled", &troubled);
}

#[test]
fn tickets_that_are_gone_or_have_a_double_are_named_with_what_to_do() {
    let lost = |number: &str| LostTicket {
        alert: AlertKey::stored("5f2a8c1e-0000-4000-8000-000000000002"),
        number: number.into(),
        connection: "contoso".into(),
    };
    let mut told = standing(vec![source("prod", 30)]);
    told.counts.lost = vec![lost("INC0010098")];
    told.counts.doubled = vec!["INC0010095".into()];
    let model = shown(told.clone(), |_, _| {});
    let seen = screen(&model, (80, 24));
    for said in ["INC0010098 is gone from contoso: 'decide again' or 'ignore'", "itsmc ticket show INC0010095"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    let dutch = screen(&model.with(|facts| facts.lang = Lang::Nl), (80, 24));
    assert!(dutch.contains("INC0010098 is weg uit contoso: 'opnieuw beslissen' of 'negeren'"), "{dutch}");
    told.counts.lost.push(lost("INC0010097"));
    let several = screen(&shown(told, |_, _| {}), (80, 24));
    assert!(several.contains("2 tickets of fired alerts are gone"), "{several}");
}

#[test]
fn while_sources_are_read_and_tickets_are_written() {
    let busy = shown(standing(vec![source("prod", 61), source("test", 12)]), |facts, _| {
        let poll = Poll { task: Some(TaskId(9)), tried_at: Some(now()), ..Poll::default() };
        facts.alerts.polls.insert(facts.alerts.sources()[0].settings.name.clone(), poll);
        facts.alerts.follow.task = Some(TaskId(8));
    });
    snapshot("alerts/busy", &busy, (80, 24), Lang::En);
    let id = busy.alerts.sources()[0].settings.subscriptions[0].clone();
    for lang in [Lang::En, Lang::Nl] {
        let busy = busy.clone().with(|facts| facts.lang = lang);
        let (usual, narrow) = (screen(&busy, (80, 24)), screen(&busy, (40, 12)));
        assert!(usual.contains(&format!(" {id} ")), "the id is whole: {usual}");
        assert!(!narrow.contains("All aler…") && !narrow.contains("Alle mel…"), "{narrow}");
        assert!(!narrow.contains(id.split('-').next().unwrap()), "half an id is worse than none: {narrow}");
    }
}

#[test]
fn an_empty_list_says_what_to_do_next() {
    let empty = |told: AlertStanding| shown(told, |_, list| list.table = none());
    snapshot("alerts/no-source", &empty(standing(Vec::new())), (80, 24), Lang::En);
    let mut without_rules = healthy();
    without_rules.rules =
        crate::model::alert_view::RulesStanding { path: without_rules.rules.path, ..Default::default() };
    snapshot("alerts/no-rules", &empty(without_rules), (80, 24), Lang::Nl);
    let mut all_off = healthy();
    all_off.rules.enabled = 0;
    assert!(screen(&empty(all_off), (80, 24)).contains("All rules are switched off"));
    let mut nothing_visible = healthy();
    let state = SourceState { read_at: Some(now()), empty: true, ..SourceState::default() };
    nothing_visible.sources[0].subscriptions[0].1 = Some(state);
    assert!(screen(&empty(nothing_visible), (80, 24)).contains("Monitoring Reader"));
    let filtered = shown(healthy(), |_, list| {
        list.table = none();
        list.query = AlertQuery { find: "nothing".into(), ..AlertQuery::default() };
    });
    assert!(screen(&filtered, (80, 24)).contains("No alert matches. Press F to show all."));
    let failed = shown(healthy(), |_, list| list.table = table(Err(Fault::Interrupted)));
    assert!(screen(&failed, (80, 24)).contains('✗'));
}

#[test]
fn alerts_are_searched_and_filtered() {
    let query = AlertQuery { find: "web".into(), outcome: OutcomeFilter::Is(Verdict::NoRule), ..AlertQuery::default() };
    let panel = AlertPanel { cursor: 4, draft: query.clone() };
    let panel = shown(healthy(), |_, list| (list.query, list.panel) = (query.clone(), Some(panel)));
    snapshot("alerts/filter", &panel, (80, 24), Lang::En);
    let search = shown(healthy(), |_, list| (list.query, list.search) = (query.clone(), Some(3)));
    visit("gallery/alert-search", &search);
    assert!(screen(&search, (80, 24)).contains("/ web"));
    let narrowed = shown(healthy(), |_, list| list.query = query.clone());
    assert!(screen(&narrowed, (80, 24)).contains("no rule matches · \"web\""));
}

fn one(nth: usize, change: impl FnOnce(&mut AlertScreen)) -> Model {
    let mut shown = AlertScreen::new(key(nth), &whole(nth).row.azure_rule);
    shown.whole = Remote::Ready(Some(Box::new(whole(nth))), now());
    change(&mut shown);
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(healthy(), now());
    model.show(shown);
    model
}

#[test]
fn one_alert_whole() {
    snapshots("alerts/one", &one(2, |_| {}));
    snapshot("alerts/one", &one(2, |_| {}), (200, 60), Lang::En);
    snapshot("alerts/one-no-rule", &one(4, |_| {}), (80, 24), Lang::En);
    let texts = one(4, |screen| screen.texts = Some(Remote::Ready(texts(), now())));
    snapshot("alerts/one-texts", &texts, (80, 24), Lang::En);
    let doubled = TicketFinding::Doubled { kept: "INC1".into(), others: vec!["INC2".into()], links: Vec::new() };
    let double = one(2, |screen| {
        let whole = screen.whole.value_mut().and_then(Option::as_mut).unwrap();
        whole.tickets[0].operations[0].findings.push(doubled);
    });
    let double = screen(&double, (200, 60));
    assert!(double.contains("press space (itsmc ticket dismiss INC1)"), "{double}");
    let waiting = screen(&one(0, |_| {}), (80, 24));
    assert!(waiting.contains("Nothing is decided yet"), "{waiting}");
    let old = screen(&one(8, |_| {}), (80, 24));
    assert!(old.contains("itsmc cannot see whether"), "{old}");
    let gone = screen(&one(4, |screen| screen.whole = Remote::Ready(None, now())), (80, 24));
    assert!(gone.contains("no longer stored"), "{gone}");
}

fn rules_screen(view: Remote<RulesView>, cursor: usize) -> Model {
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(healthy(), now());
    model.show(RulesScreen { view, cursor, ..RulesScreen::default() });
    model
}

#[test]
fn the_rules_in_every_size_and_what_is_wrong_in_their_file() {
    let shown = rules_screen(Remote::Ready(rules(), now()), 1);
    snapshots("alerts/rules", &shown);
    let told = screen(&shown, (120, 40));
    assert!(told.contains("▲ databases") && told.contains("budget used up: 5 of 5"), "{told}");
    assert!(told.contains("● production") && told.contains("budget: 3 of 20 used"), "{told}");
    snapshot("alerts/rules", &shown, (200, 60), Lang::En);
    let near = Some("contoso".to_owned());
    let wrong = vec![
        RuleProblem {
            line: 3,
            rule: "production".into(),
            wrong: RuleWrong::NoSuchConnection { name: "contso".into(), nearest: near },
        },
        RuleProblem {
            line: 9,
            rule: String::new(),
            wrong: RuleWrong::UnknownKey { key: "budgt".into(), nearest: Some("budget".into()) },
        },
    ];
    let broken = RulesView { problems: wrong, ..rules() };
    snapshot("alerts/rules-wrong", &rules_screen(Remote::Ready(broken.clone(), now()), 0), (80, 24), Lang::En);
    let nothing = RulesView { rules: Vec::new(), ..broken };
    let told = screen(&rules_screen(Remote::Ready(nothing, now()), 0), (80, 24));
    assert!(told.contains("Line 9") && told.contains("new alerts wait"), "{told}");
    let none = RulesView { path: rules().path, ..RulesView::default() };
    let told = screen(&rules_screen(Remote::Ready(none, now()), 0), (80, 24));
    assert!(told.contains("itsmc alert rules --template"), "{told}");
    let failed = screen(&rules_screen(Remote::Failed(Fault::Interrupted), 0), (80, 24));
    assert!(failed.contains('✗'), "{failed}");
}

#[test]
fn the_sources_in_every_size_with_what_keeps_each_from_being_read() {
    let mut told = standing(vec![source("prod", 12), source("test", 12), source("china", 12)]);
    told.sources[1].settings.acknowledge = true;
    told.sources[1].settings.every_seconds = 300;
    told.sources[2].settings.subscriptions = vec!["bbbbbbbb-0000-4000-8000-000000000001".into()];
    let forbidden = Fault::AlertsForbidden {
        subscription: "bbbbbbbb-0000-4000-8000-000000000001".into(),
        object_id: Some("cccccccc-0000-4000-8000-000000000002".into()),
        detail: String::new(),
    };
    let state = SourceState { fault: Some(forbidden), read_at: Some(minutes_ago(300)), ..SourceState::default() };
    told.sources[2].subscriptions[0].1 = Some(state);
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(told, now());
    model.show(SourcesScreen::default());
    snapshots("alerts/sources", &model);
    snapshot("alerts/sources", &model, (200, 60), Lang::En);
    let told = screen(&model, (120, 40));
    assert!(told.contains("→ Grant 'Monitoring Reader'"), "a source that is not in focus tells its way on: {told}");
    let one = screen(&model, (80, 24));
    assert!(one.contains("Several sources read subscription") && one.contains("every 300 s"), "{one}");
}

#[test]
fn what_may_be_missing_stands_with_its_source_above_the_list_and_on_the_dashboard() {
    let ago = |days: i64| now() - jiff::SignedDuration::from_hours(24 * days);
    let mut told = standing(vec![source("prod", 12), source("test", 12)]);
    let state = |missed, at| SourceState { missed, since: Some(ago(99)), read_at: Some(at), ..SourceState::default() };
    told.sources[0].subscriptions[0].1 = Some(state(vec![Missed { from: ago(80), to: ago(45) }], ago(0)));
    told.sources[1].subscriptions[0].1 = Some(state(Vec::new(), ago(33)));
    let list = shown(told.clone(), |_, _| {});
    assert!(screen(&list, (120, 40)).contains("prod: alerts of 2026-"), "{}", screen(&list, (120, 40)));
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(told, now());
    let dashboard = screen(&model, (120, 40));
    assert!(dashboard.contains("test: alerts may be missing"), "{dashboard}");
    model.show(SourcesScreen::default());
    snapshots("alerts/missed", &model);
    model.show(SourcesScreen { cursor: 1, ..SourcesScreen::default() });
    assert!(screen(&model, (80, 24)).contains("Press s to read the source now"));
}

#[test]
fn at_80_columns_and_below_a_ticket_has_its_state() {
    let list = shown(healthy(), |_, _| {});
    let has = |size, words: &[&str]| {
        let told = screen(&list, size);
        let found = told.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(found, "{words:?} at {size:?}: {told}");
    };
    has((80, 24), &["INC0010097", "resolved  ", "opened, resolved"]);
    has((80, 24), &["INC0010098", "new"]);
    has((80, 24), &["ticket", "its state"]);
    has((40, 12), &["INC0010097", "done"]);
    has((40, 12), &["ticket "]);
}

fn preview_screen(change: impl FnOnce(&mut PreviewScreen)) -> Model {
    let mut shown = PreviewScreen::default();
    let made = preview();
    shown.shown = std::sync::Arc::new((0..made.alerts.len()).collect());
    shown.made = Some(Ok(std::sync::Arc::new(made)));
    change(&mut shown);
    let mut model = model();
    model.facts.alerts.standing = Remote::Ready(healthy(), now());
    model.show(shown);
    model
}

#[test]
fn a_preview_in_every_size_and_the_ticket_of_one_alert() {
    let made = preview_screen(|_| {});
    snapshots("alerts/preview", &made);
    snapshot("alerts/preview", &made, (200, 60), Lang::En);
    let ticket = preview_screen(|screen| (screen.cursor, screen.open) = (2, Some(0)));
    snapshot("alerts/preview-ticket", &ticket, (80, 24), Lang::En);
    let none = screen(&preview_screen(|screen| (screen.cursor, screen.open) = (4, Some(0))), (80, 24));
    assert!(none.contains("production: the resource group does not match"), "{none}");
}

#[test]
fn a_preview_tells_how_far_it_is_and_why_there_is_none() {
    let going = |progress| {
        preview_screen(|screen| (screen.task, screen.progress, screen.made) = (Some(TaskId(7)), progress, None))
    };
    snapshot("alerts/preview-going", &going(Some(PreviewProgress { done: 12_500, of: 100_000 })), (80, 24), Lang::En);
    let reading = screen(&going(Some(PreviewProgress { done: 1, of: 2 })), (80, 24));
    assert!(reading.contains("Reading alerts: 1 of 2"), "{reading}");
    let failed = |fault| screen(&preview_screen(|screen| screen.made = Some(Err(fault))), (80, 24));
    assert!(failed(Fault::Interrupted).contains("Press r to load it again"));
    let wrong = RuleProblem { line: 4, rule: String::new(), wrong: RuleWrong::Missing { key: "name".into() } };
    let told = failed(Fault::RulesWrong { path: "alert-rules.toml".into(), problems: vec![wrong] });
    assert!(told.contains("Line 4: name is missing"), "{told}");
    let empty = preview_screen(|screen| {
        (screen.shown, screen.rule) = (std::sync::Arc::default(), Some("databases".into()));
    });
    assert!(screen(&empty, (80, 24)).contains("Press F to show all rules"));
}

#[test]
fn a28_a_click_selects_an_alert_and_another_opens_it() {
    let mut model = shown(healthy(), |_, _| {});
    let cursor = |model: &Model| match model.front() {
        Some(Screen::Alerts(screen)) => Some(screen.table.cursor()),
        _ => None,
    };
    let row = model.size.1 - 4;
    click_at(&mut model, 3, row);
    let moved = cursor(&model).unwrap();
    assert!(moved > 0 && at_cursor(&model, model.size).is_some());
    for row in 0..3 {
        click_at(&mut model, 3, row);
    }
    assert_eq!(cursor(&model), Some(moved), "what stands above the rows is no alert");
    press(&mut model, &[Key::char('f')]);
    click_at(&mut model, 3, row - 1);
    press(&mut model, &[Key::new(Code::Esc)]);
    assert_eq!(cursor(&model), Some(moved), "nothing below the box is clicked");
    press(&mut model, &[Key::char('/')]);
    click_at(&mut model, 3, row - 1);
    assert_eq!(cursor(&model), Some(moved - 1));
    click_at(&mut model, 3, row - 1);
    assert!(matches!(model.front(), Some(Screen::Alert(_))), "also while the search field has the focus");
}
