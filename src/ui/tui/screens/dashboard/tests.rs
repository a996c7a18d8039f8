use jiff::SignedDuration;

use crate::model::alert_counts::AlertCounts;
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::AlertStanding;
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::lang::Lang;
use crate::model::summary::{Summary, SyncRecord};
use crate::model::sweep::{Gap, SweepReason, SweepRecord};
use crate::model::sync::Retrying;
use crate::model::token::SignIn;
use crate::model::unlisted::Unlisted;
use crate::model::url::ServerUrl;
use crate::model::work_item::{Value, WorkItemKind};
use crate::ui::app::alerts::testing as alerts;
use crate::ui::app::boxes::{BoxText, TextBox};
use crate::ui::app::dashboard::{Dashboard, tile_lines};
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::{Entry, Model, Screen, SyncState};
use crate::ui::app::remote::Remote;
use crate::ui::app::testing::{
    alert_counts, charted, empty, entry, fresh, minutes_ago, model, now, overview, press, record, refused, summary,
    sweep, syncing, with,
};
use crate::ui::app::update::update;
use crate::ui::app::workspace::WorkspaceEntry;
use crate::ui::app::workspace::testing::{not_set_up, refused as refused_workspace, troubled, workspace};
use crate::ui::tui::screens::dashboard::tile;
use crate::ui::tui::testing::{at_cursor, click, click_at, screen, snapshot, snapshot_in_ascii, snapshots};
use crate::ui::tui::theme::Theme;

fn damaged() -> Fault {
    Fault::ConfigDamaged {
        path: "/home/ada/.config/itsmc/config.toml".into(),
        kept_as: Some("/home/ada/.config/itsmc/config.toml.damaged".into()),
        reason: "expected a value at line 3".into(),
    }
}

fn signed_in(days_ago: i64, known: bool) -> Option<SignIn> {
    Some(SignIn {
        signed_in_at: minutes_ago(days_ago * 24 * 60),
        lifespan_seconds: SignIn::ASSUMED_LIFESPAN_SECONDS,
        lifespan_known: known,
    })
}

fn failed(name: &str, fault: Fault) -> Entry {
    entry(name, Summary { last_sync: Some(record(Some(fault))), ..summary() })
}

fn new(name: &str) -> Entry {
    Entry { next_sync: Some(now()), ..entry(name, Summary::default()) }
}

fn waiting(name: &str) -> Entry {
    let mut entry = syncing(entry(name, summary()));
    for progress in entry.sync.progress.values_mut() {
        progress.waiting_until = Some(now() + SignedDuration::from_secs(42));
    }
    entry
}

#[test]
fn before_there_are_tiles() {
    snapshots("dashboard/empty", &empty());
    snapshots("dashboard/loading", &fresh().with(|facts| facts.connections = Remote::Loading));
    snapshots("dashboard/config-failed", &fresh().with(|facts| facts.connections = Remote::Failed(damaged())));
}

#[test]
fn healthy_and_refused() {
    snapshots("dashboard/tiles", &model());
    let told = screen(&model(), (120, 40));
    assert!(told.contains("✗ Signed out") && !told.contains("press s"), "a sync signs nothing in: {told}");
}

#[test]
fn while_syncs_run() {
    let begun = Entry { sync: SyncState { task: Some(TaskId(901)), ..SyncState::default() }, ..new("first") };
    snapshots("dashboard/syncing", &with(vec![syncing(entry("contoso", summary())), begun, waiting("limited")]));
}

#[test]
fn sign_ins_that_end() {
    let with_sign_in = |name, sign_in| entry(name, Summary { sign_in, ..summary() });
    let refused = record(Some(Fault::SignedOut { connection: "out".into() }));
    let signed_out = Entry {
        next_sync: None,
        summary: Remote::Ready(Summary { sign_in: signed_in(91, true), last_sync: Some(refused), ..summary() }, now()),
        sync: SyncState { last: Some(Err(Fault::SignedOut { connection: "out".into() })), ..SyncState::default() },
        ..with_sign_in("out", signed_in(91, true))
    };
    let entries = vec![
        with_sign_in("soon", signed_in(80, true)),
        with_sign_in("assumed", signed_in(5, false)),
        with_sign_in("unknown", None),
        signed_out,
    ];
    snapshots("dashboard/sign-in", &with(entries));
}

#[test]
fn what_the_config_file_lost_is_told_above_all() {
    let lost = |name: &str| Unlisted::Connection(name.to_owned().try_into().unwrap());
    let mut one = model();
    one.unlisted = vec![lost("contoso-emea")];
    snapshot("dashboard/lost", &one, (80, 24), Lang::En);
    snapshot("dashboard/lost", &one, (40, 12), Lang::Nl);
    let mut welcome = crate::ui::app::testing::empty();
    welcome.unlisted = vec![lost("contoso"), lost("ams")];
    snapshot("dashboard/lost-all", &welcome, (80, 24), Lang::En);
    let told = one.cover(TextBox::new(BoxText::Unlisted(vec![lost("contoso-emea"), lost("ams")])));
    snapshots("frame/unlisted", &told);
}

#[test]
fn more_tiles_than_fit() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let mut model = with(names.iter().map(|name| entry(name, summary())).collect());
    model.show(Dashboard { focus: 7, ..Dashboard::default() });
    snapshots("dashboard/scrolled", &model);
    snapshot("dashboard/wide", &model, (200, 60), Lang::En);
}

/// The sizes that a screen is drawn in whole.
const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

#[test]
fn a14_charts_fill_wide_terminals() {
    let entries = ["contoso", "ams-scsm", "eu-provance", "city-cherwell"].map(|name| entry(name, summary()));
    let model = charted(with(entries.to_vec()));
    for (size, lang) in SIZES.into_iter().flat_map(|size| [(size, Lang::En), (size, Lang::Nl)]) {
        snapshot("dashboard/charts", &model, size, lang);
    }
}

#[test]
fn a14_charts_below_a_list_and_beside_a_fault() {
    let names: Vec<_> = (1..=14).map(|nth| format!("connection-{nth}")).collect();
    let model_of = |entries| charted(with(entries));
    snapshot(
        "dashboard/charts-list",
        &model_of(names.iter().map(|name| entry(name, summary())).collect()),
        (200, 60),
        Lang::En,
    );
    let failing = vec![entry("contoso", summary()), failed("ams-test", refused()), entry("eu-provance", summary())];
    snapshot("dashboard/charts-fault", &model_of(failing), (200, 60), Lang::En);
}

#[test]
fn the_axis_of_a_chart_ends_at_the_maximum_in_its_head() {
    let model = charted(with(vec![entry("contoso", summary()), entry("ams-test", summary())]));
    for (size, charts) in [((120, 40), 3), ((200, 60), 3)] {
        let shown = screen(&model, size);
        let lines: Vec<_> = shown.lines().collect();
        let heads = lines.iter().enumerate().filter(|(at, line)| {
            let axis = lines.get(at + 1).is_some_and(|next| next.split('│').next().is_some_and(|axis| axis.len() < 9));
            axis && line.contains("max ")
        });
        let heads: Vec<_> = heads.collect();
        assert_eq!(heads.len(), charts, "{shown}");
        for (at, head) in heads {
            let most: String = head.split_once("max ").unwrap().1.chars().take_while(char::is_ascii_digit).collect();
            assert!(lines[at + 1].trim_start().starts_with(&format!("{most} │")), "{head}\n{}", lines[at + 1]);
        }
    }
}

#[test]
fn a14_no_number_of_a_chart_is_cut() {
    let mut overview = overview();
    overview.groups.most[0] = ("A group with a very long name that has no room at all".to_owned(), 1_234_567);
    overview.days[3].opened = 98_765_432;
    overview.created.insert(WorkItemKind::Incident, overview.days.iter().map(|day| day.opened).collect());
    let mut model = with(vec![entry("contoso", summary()), entry("ams-test", summary())]);
    let mut dashboard = Dashboard::default();
    dashboard.charts.overview = Remote::Ready(overview, now());
    model.show(dashboard);
    for (width, height) in [(120, 60), (140, 60), (200, 60)] {
        let shown = screen(&model, (width, height));
        assert!(shown.contains("1,234,567") && shown.contains("98,765,432 │"), "{width}x{height}\n{shown}");
    }
    for (width, height) in
        (100..=220).step_by(7).flat_map(|width| (24..=70).step_by(5).map(move |height| (width, height)))
    {
        screen(&model, (width, height));
    }
}

#[test]
fn a_config_that_went_bad_leaves_the_tiles_from_before() {
    let entries = vec![entry("contoso", summary())];
    let model = fresh().with(|facts| facts.connections = Remote::Stale(entries, now(), damaged()));
    snapshot("dashboard/stale", &model, (80, 24), Lang::En);
    snapshot("dashboard/stale", &model, (40, 12), Lang::Nl);
    for size in [(80, 24), (120, 40), (200, 60)] {
        let shown = screen(&model, size).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("expected a value at line 3"), "what to fix is told: {shown}");
    }
}

#[test]
fn faults_that_pass_and_practice_servers_are_marked() {
    let mut practice = failed("practice", Fault::ConnectionRefused { address: "127.0.0.1:8080".into() });
    practice.connection.server_url = ServerUrl::parse("http://127.0.0.1:8080", &[]).unwrap().0;
    let shown = screen(&with(vec![practice]), (80, 24));
    assert!(shown.contains("ServiceNow (practice)"), "{shown}");
    assert!(shown.contains("▲ 127.0.0.1:8080 refused the connection"), "{shown}");
}

#[test]
fn hostile_and_wide_values_stay_in_their_tile() {
    let mut hostile = summary();
    let values = vec![(Value::labelled("1", "日本語の状態"), 5), (Value::plain("x".repeat(300)), 3)];
    hostile.kinds.get_mut(&WorkItemKind::Incident).unwrap().open_by_state = values;
    let mut entry = entry("日本", hostile);
    entry.connection.work_items = vec![WorkItemKind::Incident];
    for width in 30..60 {
        screen(&with(vec![entry.clone()]), (width, 24));
    }
}

#[test]
fn a_product_whose_support_ends_and_whose_priorities_are_numbers() {
    let mut summary = Summary { sign_in: Some(SignIn::while_used(minutes_ago(60))), ..summary() };
    let counts = summary.kinds.get_mut(&WorkItemKind::Incident).unwrap();
    counts.open_by_priority =
        [("1", 348), ("2", 333), ("", 12)].map(|(name, count)| (Value::plain(name), count)).into();
    let mut cherwell = entry("desk", summary);
    cherwell.connection.partner = crate::model::partner::PartnerId::new("cherwell");
    let model = with(vec![cherwell]);
    snapshots("dashboard/cherwell", &model);
    let shown = screen(&model, (80, 24));
    assert!(shown.contains("1: 348  2: 333  none 12"), "a priority is told from its count: {shown}");
}

#[test]
fn where_not_every_connection_fits_the_strip_tells_so_and_faults_come_first() {
    let well = |name| entry(name, summary());
    let model = with(vec![
        well("one"),
        well("two"),
        well("three"),
        failed("four", Fault::Truncated { what: "incident".into() }),
    ]);
    let shown = screen(&model, (100, 32));
    let strip = shown.split("Connector status (3 of 4)").nth(1).unwrap();
    assert!(strip.trim_start().starts_with("four"), "{shown}");
}

#[test]
fn a_verification_runs() {
    let mut entry = syncing(entry("contoso", summary()));
    entry.sync.verifies = true;
    snapshot("dashboard/verifying", &with(vec![entry]), (80, 24), Lang::En);
}

fn verified(gap: Option<Gap>) -> Summary {
    let mut summary = summary();
    summary.kinds.values_mut().for_each(|counts| counts.sweep = Some(sweep()));
    summary.kinds.values_mut().take(1).for_each(|counts| counts.gap.clone_from(&gap));
    summary
}

fn gap() -> Gap {
    Gap { since: minutes_ago(200), reason: SweepReason::Hidden, hidden: 12, unknown: 0 }
}

#[test]
fn the_last_verification_stands_on_the_tile() {
    snapshots("dashboard/verified", &with(vec![entry("contoso", verified(None))]));
    let secret = Some(now() + SignedDuration::from_hours(24 * 5));
    let gap = Summary { client_secret_expires: secret, ..verified(Some(gap())) };
    snapshot("dashboard/not-verified", &with(vec![entry("contoso", gap)]), (80, 24), Lang::Nl);
}

#[test]
fn a_finding_stands_in_the_strip_and_beside_a_fault_on_the_tile() {
    let noticed = SyncFinding::HiddenColumn { kind: WorkItemKind::Incident, columns: vec!["short_description".into()] };
    let found = |fault| {
        let last_sync = SyncRecord { findings: vec![noticed.clone()], ..record(fault) };
        with(vec![entry("contoso", Summary { last_sync: Some(last_sync), ..summary() })])
    };
    let shown = screen(&found(None), (120, 40));
    assert!(!shown.contains("no fault") && shown.matches("short_description").count() == 2, "{shown}");
    let shown = screen(&found(Some(refused())), (120, 40));
    let tile = shown.split("Connector status").next().unwrap();
    assert!(tile.contains("refused the sign-in") && tile.contains("short_description"), "{shown}");
}

#[test]
fn no_tile_is_healthy_while_a_finding_stands() {
    let noticed =
        SyncFinding::NotVerified { kind: WorkItemKind::Incident, reason: SweepReason::Failed, hidden: 0, unknown: 0 };
    let by_sync =
        Summary { last_sync: Some(SyncRecord { findings: vec![noticed.clone()], ..record(None) }), ..summary() };
    let by_rows = Summary { findings: vec![noticed], ..summary() };
    for found in [verified(Some(gap())), by_sync, by_rows] {
        for size in [(40, 12), (80, 24), (120, 40)] {
            let shown = screen(&with(vec![entry("contoso", found.clone())]), size);
            assert!(!shown.contains("healthy") && shown.matches('▲').count() >= 2, "{shown}");
        }
    }
}

#[test]
fn the_header_leaves_out_the_healthy_ones_first() {
    let mut entries: Vec<_> = (1..14).map(|n| entry(&format!("site-{n}"), summary())).collect();
    entries.extend([failed("harbour", refused()), new("fresh"), failed("broken", damaged())]);
    let model = with(entries);
    let first = |width| screen(&model, (width, 24)).lines().next().unwrap_or_default().to_owned();
    assert!(first(120).contains("16 connections: 13 healthy"), "{}", first(120));
    let narrow = first(50);
    assert!(!narrow.contains("healthy") && narrow.contains("1 signed out"), "{narrow}");
}

#[test]
fn b4_one_line_for_each_where_tiles_do_not_fit_and_what_fails_comes_first() {
    let mut entries: Vec<_> = (1..14).map(|n| entry(&format!("site-{n}"), summary())).collect();
    entries.push(failed("harbour", refused()));
    let model = with(entries);
    snapshots("dashboard/list", &model);
    let shown = screen(&model, (80, 24));
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[0].contains("14 connections: 13 healthy, 1 signed out"), "{shown}");
    assert!(lines[2].trim_start().starts_with("harbour"), "{shown}");
    let low = screen(&model, (40, 12));
    assert!(low.lines().nth(1).unwrap().ends_with("+5"), "{low}");
}

#[test]
fn a23_the_filter_stands_above_the_connections() {
    let mut model = with(vec![entry("contoso", summary()), entry("ams-test", summary())]);
    let filter = Dashboard { find: "cont".into(), search: Some(4), ..Dashboard::default() };
    model.show(filter);
    snapshot("dashboard/filter", &model, (80, 24), Lang::En);
    let nothing = Dashboard { find: "zzz".into(), ..Dashboard::default() };
    model.show(nothing);
    assert!(screen(&model, (80, 24)).contains("No connection matches"));
}

#[test]
fn a16_a17_what_does_not_fit_is_counted_and_no_number_is_cut() {
    let mut many = summary();
    let counts = many.kinds.get_mut(&WorkItemKind::Incident).unwrap();
    (counts.total, counts.open) = (12_345_678, 1_234_567);
    counts.open_by_priority =
        (1..10).map(|n| (Value::labelled(n.to_string(), format!("{n} - Priority")), 1000 * n)).collect();
    let model = with(vec![entry("contoso", many)]);
    for (width, more) in [(80, "+6"), (40, "+8")] {
        let shown = screen(&model, (width, 24));
        assert!(shown.contains("12,345,678") && shown.contains(more), "{shown}");
        assert_eq!(shown.contains("open 1,234,567"), width == 80, "the whole number or none: {shown}");
    }
}

#[test]
fn a15_the_trend_has_a_label_and_its_maximum() {
    let model = with(vec![entry("contoso", summary())]);
    assert!(screen(&model, (80, 24)).contains("new/day 14 d ▃▄▆▂▂▆▇█▇▆▃▂█▅ max 72"));
}

#[test]
fn a18_an_error_stands_once_on_its_tile_and_once_in_full() {
    let fault = Fault::Truncated { what: "incident".into() };
    let words = crate::texts::fault::summary(Lang::En, &fault);
    let model = with(vec![failed("contoso", fault), entry("other", summary())]);
    let shown = screen(&model, (160, 40));
    assert_eq!(shown.matches(words.as_str()).count(), 2, "{shown}");
}

#[test]
fn a16_on_the_lowest_screen_the_list_shows_whole_names_where_the_last_sync_has_no_room() {
    let entries = ["contoso", "city-cherwell", "eu-provance"].map(|name| entry(name, summary()));
    let shown = screen(&with(entries.into()), (40, 12));
    assert!(shown.contains(" city-cherwell  ") && !shown.contains("Last sync"), "{shown}");
}

#[test]
fn a_clean_verification_is_shortened_not_cut_where_its_tile_is_narrow() {
    let mut clean = summary();
    clean.kinds.values_mut().for_each(|counts| counts.sweep = Some(SweepRecord { removed: 0, ..sweep() }));
    let model = with(vec![entry("contoso", clean.clone()), entry("fabrikam", clean)]);
    let shown = screen(&model, (100, 30));
    assert!(shown.contains("Verified 3 h ago: no differences"), "{shown}");
    let shown = screen(&model, (120, 40));
    assert!(shown.contains("checked, no differences") && !shown.contains("differen…"), "{shown}");
}

#[test]
fn a42_the_cursor_stands_on_the_connection_in_focus() {
    let many: Vec<_> = (0..14).map(|nth| entry(&format!("c{nth:02}"), summary())).collect();
    let mut model = with(many);
    for size in [(40, 12), (80, 24), (200, 60)] {
        let at = at_cursor(&model, size).unwrap_or_default();
        assert!(at.starts_with(" c00"), "{at}");
    }
    press(&mut model, &[Key::new(Code::Down)]);
    let at = at_cursor(&model, (80, 24)).unwrap_or_default();
    assert!(at.starts_with(" c01"), "{at}");
}

#[test]
fn p9_without_utf_8_the_tiles_are_drawn_in_ascii() {
    snapshot_in_ascii("dashboard-80x24", &model(), (80, 24));
    snapshot_in_ascii("dashboard-refused-40x12", &with(vec![failed("ams", refused())]), (40, 12));
    snapshot_in_ascii("empty-80x24", &empty(), (80, 24));
}

#[test]
fn a19_a_tile_says_why_and_when_a_request_is_made_again() {
    let mut again = syncing(entry("contoso", summary()));
    for progress in again.sync.progress.values_mut() {
        let fault = Fault::ConnectionRefused { address: "127.0.0.1:41001".into() };
        let retrying = Retrying { fault, at: now() + SignedDuration::from_secs(4), of: 5 };
        (progress.attempt, progress.retrying) = (5, Some(Box::new(retrying)));
    }
    let model = with(vec![again]);
    let wide = screen(&model, (80, 24));
    assert!(wide.contains("▲ retry 5 of 5 in 4 s: 127.0.0.1:41001 refused the connection"), "{wide}");
    let narrow = screen(&model, (40, 12));
    assert!(narrow.contains("▲ retry 5 of 5 in 4 s"), "{narrow}");
}

/// The dashboard with these workspaces.
fn with_workspaces(model: Model, entries: Vec<WorkspaceEntry>) -> Model {
    model.with(|facts| facts.workspaces.list = Remote::Ready(entries, now()))
}

#[test]
fn workspaces_stand_above_the_tiles_the_worst_first() {
    let entries = || vec![workspace("prod"), not_set_up("test"), refused_workspace("west"), troubled("north")];
    snapshots("dashboard/workspaces", &with_workspaces(model(), entries()));
    for lang in [Lang::En, Lang::Nl] {
        snapshot("dashboard/workspaces", &with_workspaces(model(), entries()), (200, 60), lang);
    }
    let mut behind = workspace("prod");
    (behind.standing.behind_rows, behind.standing.behind_since) = (12, Some(now() - SignedDuration::from_secs(14)));
    let shown = screen(&with_workspaces(model(), vec![behind]), (80, 24));
    assert!(shown.contains("● prod  behind by 12 rows, 14 s · verified 3 h ago"), "{shown}");
}

#[test]
fn without_a_workspace_there_is_a_hint_where_it_takes_no_tile_its_place() {
    let model = with_workspaces(model(), Vec::new());
    snapshot("dashboard/no-workspace", &model, (120, 40), Lang::En);
    assert!(!screen(&model, (40, 12)).contains("Log Analytics"));
}

/// The dashboard with one source of alerts and these counts.
fn with_alerts(model: Model, counts: AlertCounts) -> Model {
    with_standing(model, AlertStanding { counts, ..alerts::standing(vec![alerts::source("contoso-azure", 20)]) })
}

fn with_standing(model: Model, standing: AlertStanding) -> Model {
    model.with(|facts| facts.alerts.standing = Remote::Ready(standing, now()))
}

#[test]
fn the_four_parts_of_the_old_dashboard_have_their_places() {
    let entries = ["contoso", "ams-scsm", "eu-provance", "city-cherwell"].map(|name| entry(name, summary()));
    let model = with_alerts(charted(with(entries.to_vec())), alert_counts());
    let model = with_workspaces(model, vec![workspace("contoso-logs")]);
    for size in SIZES {
        snapshot("dashboard/alerts", &model, size, Lang::En);
    }
    snapshot("dashboard/alerts", &model, (120, 40), Lang::Nl);
    snapshot("dashboard/alerts", &model, (200, 60), Lang::Nl);
    for size in [(100, 60), (120, 60), (200, 60)] {
        let shown = screen(&model, size);
        for part in ["Work items created", "Impacted computers", "Connector status", "Azure alert rules"] {
            assert!(shown.contains(part), "{part}\n{shown}");
        }
        assert!(shown.contains("INC0010461") && shown.contains("1,204"), "{shown}");
    }
}

#[test]
fn impacted_computers_are_a_list_or_a_line_on_a_narrow_terminal() {
    let model = with_alerts(charted(with(vec![entry("contoso", summary())])), alert_counts());
    snapshot("dashboard/alerts-one", &model, (80, 24), Lang::En);
    let shown = screen(&model, (80, 24));
    assert!(
        shown.contains(" EX-04       71  INC0010461") && shown.contains("Azure alert rules, last 30 days"),
        "{shown}"
    );
    let shown = screen(&model, (80, 18));
    assert!(shown.contains(" Impacted computers: EX-04 71, SQL-PRD-07 60, LB-2 4"), "{shown}");
}

#[test]
fn without_a_source_the_dashboard_tells_nothing_of_alerts() {
    let model = with_standing(charted(model()), alerts::standing(Vec::new()));
    for size in SIZES {
        let shown = screen(&model, size);
        assert!(!shown.contains("Azure alert rules") && !shown.contains("fired"), "{shown}");
    }
}

#[test]
fn the_line_tells_first_what_keeps_alerts_from_becoming_tickets() {
    let line = |standing: AlertStanding, width| {
        let shown = screen(&with_standing(model(), standing), (width, 24));
        shown.lines().nth(1).unwrap().trim_end().to_owned()
    };
    let of = |counts| AlertStanding { counts, ..alerts::standing(vec![alerts::source("prod", 20)]) };
    let well = AlertCounts { fired: 12, ..AlertCounts::default() };
    assert_eq!(line(of(well.clone()), 80), " ● 12 fired · all have a ticket");
    let muted = AlertCounts { without: [(Some(Verdict::Suppressed), 4)].into(), ..well.clone() };
    assert_eq!(line(of(muted), 80), " ● 12 fired · 4 without a ticket (4 muted)");
    let unruled = AlertCounts { without: [(Some(Verdict::NoRule), 3), (None, 1)].into(), refused: 2, ..well.clone() };
    assert_eq!(
        line(of(unruled), 100),
        " ▲ 12 fired · 4 without a ticket (1 not decided yet, 3 match no rule) · tickets refused: 2"
    );
    let mut off = of(well.clone());
    off.rules.enabled = 0;
    assert!(line(off, 80).starts_with(" ▲ 12 fired · no rule is on, so no tickets"));
    let mut refused_source = of(well);
    for (_, state) in &mut refused_source.sources[0].subscriptions {
        state.as_mut().unwrap().fault = Some(Fault::SourceSignedOut { name: "prod".into() });
    }
    let shown = line(refused_source.clone(), 100);
    assert!(shown.starts_with(" ✗ 12 fired · prod is not read: Nobody is signed in"), "{shown}");
    let shown = line(refused_source, 40);
    assert!(shown.starts_with(" ✗ 12 fired · prod is not read"), "{shown}");
}

/// Five connections on a screen of this size.
fn five(size: (u16, u16)) -> Model {
    let mut model = with(["alpha", "bravo", "charlie", "delta", "echo"].map(|name| entry(name, summary())).into());
    update(&mut model, Message::Resize(size.0, size.1));
    model
}

/// The connection in focus, or the one that is open.
fn front(model: &Model) -> String {
    match model.front() {
        Some(Screen::Dashboard(screen)) => {
            format!("on {}", screen.focused.as_ref().map(ToString::to_string).unwrap_or_default())
        }
        Some(Screen::Connection(screen)) => format!("in {}", screen.name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a28_a_click_focuses_a_tile_and_another_opens_it() {
    let mut model = five((100, 44));
    click_at(&mut model, 99, 2);
    assert_eq!(front(&model), "on bravo", "the whole tile takes clicks");
    click_at(&mut model, 0, 14);
    assert_eq!(front(&model), "on charlie");
    click_at(&mut model, 99, 30);
    assert_eq!(front(&model), "on charlie", "there is no sixth tile");
    click_at(&mut model, 3, 15);
    assert_eq!(front(&model), "in charlie");
}

#[test]
fn a28_a_click_focuses_a_line_of_the_list_and_another_opens_it() {
    let mut model = five((80, 24));
    click(&mut model, "charlie");
    assert_eq!(front(&model), "on charlie");
    click(&mut model, "Connection");
    assert_eq!(front(&model), "on charlie", "the heads are no connection");
    press(&mut model, &[Key::char('?')]);
    click_at(&mut model, 1, 3);
    press(&mut model, &[Key::new(Code::Esc)]);
    assert_eq!(front(&model), "on charlie", "nothing below the help page is clicked");
    press(&mut model, &[Key::char('/')]);
    click(&mut model, "bravo");
    assert_eq!(front(&model), "on bravo", "the field of the filter is no choice");
    click(&mut model, "bravo");
    assert_eq!(front(&model), "in bravo");
}

#[test]
fn a28_tiles_take_clicks_below_other_lines_and_above_a_fault_of_the_config() {
    let mut model = five((60, 80));
    model.facts.workspaces.list = Remote::Ready(vec![workspace("prod"), workspace("test")], now());
    click_at(&mut model, 3, 2);
    assert_eq!(front(&model), "on ", "there is a workspace, no tile");
    let Remote::Ready(entries, at) = model.facts.connections.clone() else { panic!() };
    model.facts.connections = Remote::Stale(entries, at, damaged());
    click(&mut model, " bravo ");
    assert_eq!(front(&model), "on bravo");
}

#[test]
fn only_the_tile_in_focus_names_the_key_that_signs_in() {
    let mut model = model();
    let shown = screen(&model, (120, 40));
    assert!(shown.contains("✗ Signed out") && !shown.contains("press R"), "{shown}");
    press(&mut model, &[Key::new(Code::Tab)]);
    let shown = screen(&model, (120, 40));
    assert!(shown.contains("✗ Signed out: press R to sign in again."), "{shown}");
}

#[test]
fn what_needs_attention_has_its_key_in_the_footer() {
    let footer = |model: &Model| screen(model, (80, 24)).lines().last().unwrap_or_default().to_owned();
    let standing = |counts| AlertStanding { counts, ..alerts::standing(vec![alerts::source("prod", 20)]) };
    let well = with_workspaces(with_standing(model(), standing(AlertCounts::default())), vec![]);
    assert!(!footer(&well).contains("a alerts"), "{}", footer(&well));
    let refused = standing(AlertCounts { refused: 2, ..AlertCounts::default() });
    let troubled = with_workspaces(with_standing(model(), refused), vec![refused_workspace("west")]);
    let shown = footer(&troubled);
    assert!(shown.contains("a alerts") && shown.contains("w Log Analytics"), "{shown}");
}

#[test]
fn below_a_list_that_leaves_room_stands_the_connector_status() {
    let shown = screen(&five((80, 24)), (80, 24));
    assert!(shown.contains(" Connector status"), "{shown}");
}

#[test]
fn a_tile_has_a_line_for_all_that_it_tells() {
    let models = [
        model(),
        with(vec![entry("contoso", verified(Some(gap()))), syncing(entry("other", summary())), new("new")]),
        with(vec![failed("failed", damaged())]),
    ];
    for (model, lang) in models.iter().flat_map(|model| [Lang::En, Lang::Nl].map(|lang| (model, lang))) {
        let model = model.clone().with(|facts| facts.lang = lang);
        for (entry, width) in model.entries().iter().flat_map(|entry| [45, 60, 80, 120].map(|width| (entry, width))) {
            let told = tile::lines(&model, entry, (usize::from(width) - 4, true), Theme::Mono).len();
            let counted = usize::from(tile_lines(&model, entry, width));
            assert_eq!(counted, told, "{} {width} {lang:?}", entry.connection.name);
        }
    }
}
