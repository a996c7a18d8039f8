//! Against the practice environment, which shares no code with what it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::model::check::{Finding, Status};
use crate::model::checklist::{ItemFinding, Overall};
use crate::model::connection::{ConnectionName, Grant};
use crate::model::form::FieldId;
use crate::model::mapping::{MappingProblem, Wrong};
use crate::model::partner::{Catalogue, PartnerId};
use crate::model::secret::Secret;
use crate::model::work_item::{Cursor, WorkItem};
use crate::partner::TokenStore;
use crate::partner::live_test::run_test;
use crate::partner::testing::practice_kind;
use crate::partner::testing::{Fake, Memory, url};
use itsmc_practice::entra;
use itsmc_practice::provance as there;
use there::{ApplicationUser, Control, FaultKind, FaultSpec, Layout, Leeway, Options, Server};

const KINDS: [WorkItemKind; 2] = WorkItemKind::ALL;

/// A client of a practice environment, which makes configuration items or does not.
pub(super) fn client(server: &Server, makes_items: bool) -> Provance {
    Setup { makes_items, ..Setup::of(server) }.partner()
}

/// A connection to a practice environment, before it is made.
struct Setup {
    url: String,
    grant: Grant,
    client_id: String,
    secret: Option<String>,
    password: Option<String>,
    details: Vec<(FieldId, String)>,
    username: String,
    mapping: Option<String>,
    kept: Option<MappingFile>,
    token_store: Arc<Memory>,
    makes_items: bool,
}

impl Setup {
    fn of(server: &Server) -> Self {
        let sign_in = server.sign_in();
        Self {
            url: sign_in.url.clone(),
            grant: Grant::ClientCredentials,
            client_id: sign_in.client_id.clone(),
            secret: Some(sign_in.client_secret.clone()),
            password: None,
            details: Vec::new(),
            username: String::new(),
            mapping: None,
            kept: None,
            token_store: Arc::default(),
            makes_items: false,
        }
    }

    fn by_password(server: &Server) -> Self {
        let sign_in = server.sign_in();
        let password = Some(sign_in.password.clone());
        Self { grant: Grant::Password, username: sign_in.username.clone(), password, ..Self::of(server) }
    }

    fn detail(mut self, field: FieldId, value: &str) -> Self {
        self.details.push((field, value.to_owned()));
        self
    }

    fn partner(&self) -> Provance {
        let spec = Catalogue::built_in().unwrap().get(&PartnerId::new("provance")).unwrap().clone();
        let connection = Connection {
            name: ConnectionName::parse("contoso").unwrap(),
            partner: spec.id.clone(),
            server_url: url(&self.url),
            username: self.username.clone(),
            client_id: self.client_id.clone(),
            work_items: KINDS.to_vec(),
            sync_days: 120,
            create_configuration_items: self.makes_items,
            grant: self.grant,
            details: self.details.iter().cloned().collect(),
            workspaces: Vec::new(),
            known_as: None,
        };
        let access = Access {
            connection,
            spec,
            password: self.password.as_deref().map(Secret::new),
            client_secret: self.secret.as_deref().map(Secret::new),
            token_store: Arc::clone(&self.token_store) as Arc<dyn TokenStore>,
            ca_file: None,
            mapping: self.mapping.as_deref().map(|text| MappingFile::read(text).unwrap()),
            kept: self.kept.clone(),
            trace: None,
            throttle: Default::default(),
        };
        Provance::new(access).unwrap()
    }
}

async fn start(options: Options) -> (Server, Control) {
    let server = Server::start(options).await.unwrap();
    let control = server.control();
    (server, control)
}

async fn small() -> (Server, Control) {
    start(Options::still().rows(140)).await
}

/// So many of the rows were changed in the same second.
fn open(tied: u64, rows: u64, leeway: Leeway) -> Options {
    Options { tied, leeway, ..Options::still().rows(rows) }
}

fn ever() -> Window {
    Window { from: "2000-01-01T00:00:00Z".parse().unwrap(), before: None }
}

fn request(kind: WorkItemKind, after: Option<Cursor>, limit: u32) -> PageRequest {
    PageRequest { kind, window: ever(), after, offset: 0, limit, count: true, lean: false }
}

/// Walks as the engine does; `make` may give another client for each page.
async fn walk(mut make: impl FnMut() -> Arc<Provance>, kind: WorkItemKind, limit: u32) -> Vec<WorkItem> {
    let (mut items, mut after) = (Vec::<WorkItem>::new(), None);
    loop {
        let page = make().page(&request(kind, after.clone(), limit)).await.unwrap();
        assert!(page.items.len() <= limit as usize);
        after = page.items.last().map(WorkItem::cursor).or(after);
        let ended = page.items.is_empty() || page.total == Some(page.items.len() as u64);
        items.extend(page.items);
        if ended {
            return items;
        }
    }
}

fn ids(items: &[WorkItem]) -> BTreeSet<&str> {
    items.iter().map(|item| item.source_id.as_str()).collect()
}

#[rstest]
#[tokio::test]
async fn every_step_of_the_live_test_passes(
    #[values(Layout::Own, Layout::Case)] layout: Layout,
    #[values("client", "password", "public", "typed")] way: &str,
) {
    let (server, control) = start(Options::still().rows(140).layout(layout)).await;
    let setup = match way {
        "client" => Setup::of(&server),
        "password" => Setup::by_password(&server),
        "public" => Setup { client_id: control.public_client_id(), secret: None, ..Setup::by_password(&server) },
        _ => Setup::of(&server)
            .detail(FieldId::Tenant, &control.tenant())
            .detail(FieldId::Authority, &server.url())
            .detail(FieldId::Audience, &format!("{}/", server.url())),
    };
    let partner = setup.partner();
    let steps = run_test(&partner, partner.spec.test_steps(), |_| {}).await;
    let wrong: Vec<_> = steps.iter().filter(|step| !matches!(step.status, Status::Passed | Status::Skipped)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let bound = steps.iter().find_map(|step| match &step.finding {
        Some(Finding::Bound { bound, .. }) => Some(bound.clone()),
        _ => None,
    });
    let bound: BTreeMap<_, _> = bound.unwrap().into_iter().collect();
    let own = layout == Layout::Own;
    assert_eq!(bound["incident"], if own { "prov_incident" } else { "incident" });
    assert_eq!(bound["change_request"], if own { "prov_changerequest" } else { "prov_change" });
    assert_eq!(bound["incident.number"], if own { "prov_number" } else { "ticketnumber" });
    assert_eq!(bound["incident.priority"], if own { "prov_priority" } else { "prioritycode" });
    assert_eq!(bound["change_request.number"], if own { "prov_number" } else { "prov_changenumber" });
    assert_eq!((bound["incident.urgency"].as_str(), bound["incident.open"].as_str()), ("prov_urgency", "statecode"));
    let counted = steps.iter().any(|step| {
        matches!(&step.finding, Some(Finding::Scope { counts, .. }) if counts.iter().map(|(_, count)| count).sum::<u64>() == 160)
    });
    assert!(counted, "{steps:?}");
    // With authority and tenant entered nobody is asked for them.
    let unasked = control.requests().iter().filter(|request| request.status == 401).count();
    assert_eq!(unasked, usize::from(way != "typed"));
}

#[tokio::test]
async fn a_row_keeps_codes_labels_ids_and_times() {
    let (server, control) = small().await;
    let truth = control.rows(practice_kind(WorkItemKind::Incident)).pop().unwrap();
    let fields = [
        ("prov_priority", "2"),
        ("prov_title", "it's \"x\"\u{1b}[31m"),
        ("prov_description", "a\nb"),
        ("statecode", "1"),
        ("prov_impact", ""),
    ];
    control.edit(practice_kind(WorkItemKind::Incident), &truth["prov_incidentid"].value, &fields).unwrap();
    let truth = control.rows(practice_kind(WorkItemKind::Incident)).pop().unwrap();
    let partner = Arc::new(Setup::of(&server).partner());
    let items = walk(|| Arc::clone(&partner), WorkItemKind::Incident, 50).await;
    let item = items.last().unwrap();
    assert_eq!(
        (item.source_id.as_str(), item.number.as_str()),
        (&*truth["prov_incidentid"].value, &*truth["prov_number"].value)
    );
    assert_eq!((item.title.as_str(), item.open), ("it's \"x\"[31m", false));
    assert_eq!((item.priority.value.as_str(), item.priority.shown()), ("2", "2 - High"));
    assert_eq!(item.updated_at.to_string(), truth["modifiedon"].value);
    assert_eq!(item.opened_at.unwrap().to_string(), truth["createdon"].value);
    let owner = item.field("assigned_to").unwrap();
    assert_eq!((&owner.value, &owner.label), (&truth["_ownerid_value"].value, &truth["_ownerid_value"].label));
    assert_eq!(item.field("description").unwrap().value, "a\nb");
    assert_eq!((item.field("impact"), item.state.label.as_ref()), (None, truth["statuscode"].label.as_ref()));
}

#[rstest]
#[case::plain(Options::still().rows(300), 37)]
#[case::ties(Options { tied: 250, ..Options::still().rows(300) }, 20)]
#[case::one_page(Options::still().rows(30), 5000)]
#[case::exactly(Options::still().rows(100), 50)]
#[case::small_pages(open(200, 300, Leeway { most_rows: 7, ..Leeway::default() }), 20)]
#[case::counted_links(open(250, 300, Leeway { links_tell_the_row: false, most_rows: 30, ..Leeway::default() }), 20)]
#[case::short_links(open(250, 300, Leeway { whole_links: false, most_rows: 30, ..Leeway::default() }), 20)]
#[case::none(Options::still().rows(0), 50)]
#[tokio::test]
async fn every_row_comes_once_in_order_with_and_without_the_links(#[case] options: Options, #[case] limit: u32) {
    let (server, control) = start(options).await;
    let setup = Setup::of(&server);
    for kind in KINDS {
        let truth: Vec<String> = control
            .rows(practice_kind(kind))
            .iter()
            .map(|row| row[&control.id_column(practice_kind(kind))].value.clone())
            .collect();
        let partner = Arc::new(setup.partner());
        let linked = walk(|| Arc::clone(&partner), kind, limit).await;
        let again = walk(|| Arc::new(setup.partner()), kind, limit).await;
        for items in [&linked, &again] {
            let came: Vec<&str> = items.iter().map(|item| item.source_id.as_str()).collect();
            assert_eq!(came, truth);
        }
    }
}

#[tokio::test]
async fn a_row_that_moved_away_from_its_second_takes_nothing_with_it() {
    let (server, control) = start(Options { tied: 90, ..Options::still().rows(90) }).await;
    let setup = Setup::of(&server);
    let first = setup.partner().page(&request(WorkItemKind::Incident, None, 40)).await.unwrap();
    let last = first.items.last().unwrap().cursor();
    control.edit(practice_kind(WorkItemKind::Incident), &last.source_id, &[("statuscode", "2")]).unwrap();
    let mut seen: BTreeSet<String> = first.items.iter().map(|item| item.source_id.clone()).collect();
    let mut after = Some(last);
    loop {
        let page = setup.partner().page(&request(WorkItemKind::Incident, after.clone(), 40)).await.unwrap();
        seen.extend(page.items.iter().map(|item| item.source_id.clone()));
        after = page.items.last().map(WorkItem::cursor).or(after);
        if page.total.is_some() {
            break;
        }
    }
    assert_eq!(seen.len(), 90);
}

#[rstest]
#[case(1, Leeway::default())]
#[case(2, Leeway::default())]
#[case(3, Leeway::default())]
#[case::counted_links(4, Leeway { links_tell_the_row: false, most_rows: 23, ..Leeway::default() })]
#[case::counted_links_again(5, Leeway { links_tell_the_row: false, most_rows: 5, ..Leeway::default() })]
#[tokio::test]
async fn nothing_is_lost_under_random_edits(#[case] seed: u64, #[case] leeway: Leeway) {
    let (server, control) = start(Options { seed, ..open(60, 200, leeway) }).await;
    let setup = Setup::of(&server);
    let mut state = seed;
    let mut rng = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let rows: Vec<String> = control
        .rows(practice_kind(WorkItemKind::Incident))
        .iter()
        .map(|row| row["prov_incidentid"].value.clone())
        .collect();
    let mut stored: BTreeMap<String, WorkItem> = BTreeMap::new();
    let partner = Arc::new(setup.partner());
    let mut after: Option<Cursor> = None;
    for round in 0..400 {
        // Some pages are asked for by a client that has only just begun.
        let client = if rng() % 3 == 0 { Arc::new(setup.partner()) } else { Arc::clone(&partner) };
        let page = client.page(&request(WorkItemKind::Incident, after.clone(), 10)).await.unwrap();
        after = page.items.last().map(WorkItem::cursor).or(after);
        stored.extend(page.items.into_iter().map(|item| (item.source_id.clone(), item)));
        if round < 60 {
            let row = &rows[usize::try_from(rng() % rows.len() as u64).unwrap()];
            control
                .edit(practice_kind(WorkItemKind::Incident), row, &[("statuscode", &(1 + rng() % 6).to_string())])
                .unwrap();
        } else if page.total == Some(0) {
            break;
        }
    }
    // What changed within the last second comes again by the overlap of the next increment.
    let since = Window { from: Timestamp::now() - jiff::SignedDuration::from_mins(5), before: None };
    let (mut last, mut ended) = (PageRequest { window: since, ..request(WorkItemKind::Incident, None, 5000) }, false);
    while !ended {
        let page = partner.page(&last).await.unwrap();
        ended = page.total.is_some();
        last.after = page.items.last().map(WorkItem::cursor).or(last.after);
        stored.extend(page.items.into_iter().map(|item| (item.source_id.clone(), item)));
    }
    let truth = control.rows(practice_kind(WorkItemKind::Incident));
    assert_eq!(stored.len(), truth.len());
    for row in truth {
        let item = &stored[&row["prov_incidentid"].value];
        assert_eq!(
            (&item.state.value, item.updated_at.to_string()),
            (&row["statuscode"].value, row["modifiedon"].value.clone())
        );
    }
}

#[tokio::test]
async fn more_than_can_be_counted_at_once_is_counted_in_parts() {
    let (server, control) = start(Options { count_limit: 50, tied: 40, ..Options::still().rows(300) }).await;
    let partner = Setup::of(&server).partner();
    assert_eq!(partner.count(WorkItemKind::Incident, ever()).await, Ok(300));
    let half = control.rows(practice_kind(WorkItemKind::Incident))[150]["modifiedon"].value.parse().unwrap();
    let before = Window { before: Some(half), ..ever() };
    let after = Window { from: half, before: None };
    let counted =
        [partner.count(WorkItemKind::Incident, before).await, partner.count(WorkItemKind::Incident, after).await];
    assert_eq!(counted.into_iter().sum::<Result<u64, _>>(), Ok(300));
}

const UNUSUAL: &str = r#"
    [[work_item]]
    kind = "incident"
    source = "fab_ticket"
    column = [
        { from = "fab_ticketid", to = "id", holds = "text" },
        { from = "fab_ref", to = "number", holds = "text" },
        { from = "fab_subject", to = "title", holds = "text" },
        { from = "statuscode", to = "state", holds = "choice" },
        { from = "fab_prio", to = "priority", holds = "choice" },
        { from = "statecode", to = "open", holds = "flag" },
        { from = "createdon", to = "opened_at", holds = "moment" },
        { from = "modifiedon", to = "updated_at", holds = "moment" },
        { from = "createdon", to = "requested_at", holds = "moment" },
        { from = "ownerid", to = "assigned_to", holds = "reference" },
    ]
"#;

#[tokio::test]
async fn what_cannot_be_bound_is_refused_until_the_mapping_says_it() {
    let (server, control) = start(Options::still().rows(70).layout(Layout::Unusual)).await;
    let mut setup = Setup::of(&server);
    let step = setup.partner().run_step(StepId::Binding).await;
    let missing = vec!["incident".to_owned(), "change_request".to_owned()];
    assert_eq!((step.status, step.finding), (Status::Failed, Some(Finding::NotBound { missing })));
    assert_eq!(
        setup.partner().page(&request(WorkItemKind::Incident, None, 5)).await.err().unwrap().code(),
        "not-bound"
    );
    setup.mapping = Some(UNUSUAL.to_owned());
    let partner = Arc::new(setup.partner());
    let step = partner.run_step(StepId::Binding).await;
    assert_eq!(step.finding, Some(Finding::NotBound { missing: vec!["change_request".into()] }));
    let items = walk(|| Arc::clone(&partner), WorkItemKind::Incident, 20).await;
    let truth = control.rows(practice_kind(WorkItemKind::Incident));
    assert_eq!(items.len(), 70);
    assert_eq!((&items[0].number, &items[0].title), (&truth[0]["fab_ref"].value, &truth[0]["fab_subject"].value));
    assert_eq!(items[0].field("requested_at").unwrap().value, truth[0]["createdon"].value);
    assert!(items[0].field("assigned_to").unwrap().label.is_some());
    setup.mapping = Some(UNUSUAL.replace("fab_prio", "fab_nothing"));
    let fault = setup.partner().page(&request(WorkItemKind::Incident, None, 5)).await.err().unwrap();
    let Fault::MappingWrong { problems, .. } = &fault else { panic!("{fault:?}") };
    let wrong = Wrong::NoSuchColumn { name: "fab_nothing".into(), source: "fab_ticket".into(), nearest: None };
    assert_eq!(problems[..], [MappingProblem { line: Some(10), wrong }]);
}

#[tokio::test]
async fn the_mapping_file_says_how_it_is_bound_and_binds_the_same() {
    let (server, _) = start(Options::still().rows(7).layout(Layout::Case)).await;
    let mut setup = Setup::of(&server);
    let text = setup.partner().mapping_file().await.unwrap().unwrap();
    assert!(
        text.contains("source = \"incident\"")
            && text.contains("{ from = \"ownerid\", to = \"assigned_to\", holds = \"reference\" }"),
        "{text}"
    );
    setup.mapping = Some(text.clone());
    assert_eq!(setup.partner().mapping_file().await.unwrap().unwrap(), text);
    let (server, _) = start(Options::still().rows(7).layout(Layout::Unusual)).await;
    let text = Setup::of(&server).partner().mapping_file().await.unwrap().unwrap();
    assert!(text.contains("# NOT FOUND") && MappingFile::read(&text).unwrap().work_items.is_empty(), "{text}");
    for name in
        ["source = \"fab_ticket\"", "fab_subject  (String, Betreff)", "source = \"fab_rfc\"", "to = \"updated_at\""]
    {
        assert!(text.contains(name), "{name}\n{text}");
    }
}

fn refused(error_code: &str, detail: &str) -> Fault {
    Fault::EnvironmentRefused { what: "prov_incident".into(), error_code: error_code.into(), detail: detail.into() }
}

fn error(status: u16, code: &str, message: &str) -> Fault {
    Fault::PartnerError { status, message: message.into(), detail: code.into(), transaction: None }
}

fn limited(code: &str) -> Fault {
    Fault::RateLimited { retry_after_seconds: 7, limit: None, rule: Some(code.into()) }
}

fn throttled(code: &str) -> FaultSpec {
    FaultSpec { retry_after: 7, code: code.into(), ..FaultSpec::new(FaultKind::RateLimited) }
}

#[rstest]
#[case::wrong_tenant(
    FaultSpec::new(FaultKind::WrongTenant),
    refused("0x80072560", "The user is not a member of the organization.")
)]
#[case::privilege(
    FaultSpec::error(403, "0x80040220", "missing prvReadprov_incident"),
    refused("0x80040220", "missing prvReadprov_incident")
)]
#[case::unauthorized(FaultSpec::new(FaultKind::Unauthorized).times(0), Fault::NotAuthenticated { what: "prov_incident".into(), detail: String::new() })]
#[case::no_table(FaultSpec::error(404, "0x8006088a", "Resource not found"), Fault::NoSuchTable { table: "prov_incident".into() })]
#[case::no_row(FaultSpec::error(404, "0x80040217", "Does Not Exist"), error(404, "0x80040217", "Does Not Exist"))]
#[case::etag(
    FaultSpec::error(412, "0x80060882", "The version differs"),
    error(412, "0x80060882", "The version differs")
)]
#[case::too_large(FaultSpec::error(413, "0x80040216", "Too large"), error(413, "0x80040216", "Too large"))]
#[case::bad(
    FaultSpec::error(400, "0x80060888", "Could not find a property").times(0),
    error(400, "0x80060888", "Could not find a property")
)]
#[case::no_code(FaultSpec::error(400, "", "An error").times(0), error(400, "", "An error"))]
#[case::generic(
    FaultSpec::error(500, "0x80040265", "An error\r\n at \u{1b}[1m"),
    error(500, "0x80040265", "An error  at [1m")
)]
#[case::timed_out(FaultSpec::error(504, "", ""), Fault::PartnerTimedOut { what: "prov_incident".into() })]
#[case::requests(throttled("0x80072322"), limited("0x80072322"))]
#[case::execution(throttled("0x80072321"), limited("0x80072321"))]
#[case::concurrent(throttled("0x80072326"), limited("0x80072326"))]
#[case::down(FaultSpec::new(FaultKind::Unavailable), Fault::Unavailable { host: "127.0.0.1".into(), retry_after_seconds: None })]
#[case::maintenance(FaultSpec { retry_after: 7, ..FaultSpec::new(FaultKind::Maintenance) }, Fault::Unavailable { host: "127.0.0.1".into(), retry_after_seconds: Some(7) })]
#[case::no_role(FaultSpec::error(403, "0x80042f09", "no roles"), refused("0x80042f09", "no roles"))]
#[case::disabled(FaultSpec::error(403, "0x8004a104", "disabled"), refused("0x8004a104", "disabled"))]
#[case::blocked(FaultSpec::error(403, "0x80095FFC", "blocked"), refused("0x80095FFC", "blocked"))]
#[case::error_beside_rows(FaultSpec::new(FaultKind::ErrorBesideRows), Fault::Truncated { what: "prov_incident".into() })]
#[case::fewer_rows(FaultSpec::new(FaultKind::FewerRows), Fault::Truncated { what: "prov_incident".into() })]
#[case::login_page(FaultSpec::new(FaultKind::LoginPage), Fault::LoginPage { host: "127.0.0.1".into(), location: None })]
#[case::login_redirect(FaultSpec::new(FaultKind::LoginRedirect), Fault::LoginPage { host: "127.0.0.1".into(), location: Some("https://login.practice.example/oauth2/authorize".into()) })]
#[case::foreign_link(FaultSpec::new(FaultKind::ForeignLink), Fault::Redirected { host: "127.0.0.1".into(), location: "https://evil.example/api/data/v9.2/x?$skiptoken=1".into() })]
#[case::truncated(FaultSpec::new(FaultKind::Truncated), Fault::Truncated { what: "prov_incident".into() })]
#[case::not_json(FaultSpec::new(FaultKind::NotJson), Fault::Malformed { what: "prov_incident".into(), detail: "line 1, column 1: no valid JSON".into() })]
#[case::out_of_order(FaultSpec::new(FaultKind::OutOfOrder), Fault::OutOfOrder { what: "prov_incident".into() })]
#[case::filter_ignored(FaultSpec::new(FaultKind::FilterIgnored), Fault::OutOfOrder { what: "prov_incident".into() })]
#[case::huge(FaultSpec::new(FaultKind::HugeBody), Fault::TooLarge { what: "127.0.0.1".into(), limit_bytes: crate::net::http::PAGE_LIMIT_BYTES })]
#[tokio::test]
async fn a_reply_that_is_no_page_is_told_as_what_it_is(#[case] spec: FaultSpec, #[case] expected: Fault) {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    partner.binding().await.unwrap();
    control.fault(spec.on("prov_incidents"));
    let from = control.rows(practice_kind(WorkItemKind::Incident))[60]["modifiedon"].value.parse().unwrap();
    let wanted = PageRequest { window: Window { from, before: None }, ..request(WorkItemKind::Incident, None, 20) };
    assert_eq!(partner.page(&wanted).await.err(), Some(expected));
}

#[tokio::test]
async fn two_records_with_one_id_are_refused() {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    partner.binding().await.unwrap();
    control.fault(FaultSpec::new(FaultKind::SameId).on("prov_incidents"));
    let from = control.rows(practice_kind(WorkItemKind::Incident))[60]["modifiedon"].value.parse().unwrap();
    let wanted = PageRequest { window: Window { from, before: None }, ..request(WorkItemKind::Incident, None, 20) };
    let fault = partner.page(&wanted).await.unwrap_err();
    assert!(format!("{fault:?}").contains("have the same id"), "{fault:?}");
}

#[rstest]
#[case(FaultKind::TokenRevoked)]
#[case(FaultKind::WrongTypes)]
#[case(FaultKind::EscapeSequences)]
#[case(FaultKind::HiddenRow)]
#[case(FaultKind::StaleLink)]
#[tokio::test]
async fn a_fault_that_can_be_borne_is_borne(#[case] kind: FaultKind) {
    let (server, control) = small().await;
    let partner = Arc::new(Setup::of(&server).partner());
    partner.binding().await.unwrap();
    control.fault(FaultSpec::new(kind).on("prov_incidents").after(u64::from(kind == FaultKind::StaleLink)));
    let items = walk(|| Arc::clone(&partner), WorkItemKind::Incident, 20).await;
    let expected = 140 - usize::from(kind == FaultKind::HiddenRow);
    assert_eq!((items.len(), ids(&items).len()), (expected, expected));
    assert!(items.iter().all(|item| !item.title.contains(['\u{1b}', '\u{202e}'])));
    assert!(control.faults().is_empty());
}

#[tokio::test]
async fn after_a_429_it_keeps_silent_until_the_time_is_over() {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    partner.binding().await.unwrap();
    control.fault(FaultSpec { retry_after: 1, ..FaultSpec::new(FaultKind::RateLimited) });
    let wanted = request(WorkItemKind::Incident, None, 20);
    for _ in 0..5 {
        assert_eq!(partner.page(&wanted).await.err().unwrap().code(), "rate-limited");
    }
    assert_eq!(control.requests().iter().filter(|request| request.status == 429).count(), 1);
    while let Err(fault) = partner.page(&wanted).await {
        let Fault::RateLimited { retry_after_seconds, .. } = fault else { panic!("{fault:?}") };
        tokio::time::sleep(std::time::Duration::from_secs(retry_after_seconds)).await;
    }
    assert!(control.requests().iter().all(|request| !request.too_early));
}

#[tokio::test]
async fn no_link_is_followed_but_within_a_second() {
    let (server, control) = small().await;
    let partner = Arc::new(Setup::of(&server).partner());
    walk(|| Arc::clone(&partner), WorkItemKind::Incident, 20).await;
    let requests = control.requests();
    let pages: Vec<_> = requests.iter().filter(|request| request.path.ends_with("/prov_incidents")).collect();
    assert!(pages.iter().all(|page| !page.query.contains("skiptoken") && page.status == 200));
    assert!((7..=9).contains(&pages.len()), "{pages:?}");
    let tokens = control.authority().requests();
    assert_eq!(partner.requests(), (requests.len() + tokens.len()) as u64);
}

#[tokio::test]
async fn links_are_followed_as_they_came_with_the_same_headers() {
    let leeway = Leeway { most_rows: 20, ..Leeway::default() };
    let (server, control) = start(open(140, 140, leeway)).await;
    let partner = Arc::new(Setup::of(&server).partner());
    assert_eq!(walk(|| Arc::clone(&partner), WorkItemKind::Incident, 20).await.len(), 140);
    let requests = control.requests();
    let linked: Vec<_> = requests.iter().filter(|request| request.query.contains("skiptoken")).collect();
    assert!(!linked.is_empty() && linked.iter().all(|page| page.query.contains("$skiptoken=%3Ccookie%20")));
    let prefer = |rows: u32| {
        format!("odata.maxpagesize={rows},odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"")
    };
    assert!(linked.iter().all(|page| page.status == 200 && [prefer(5000), prefer(19)].contains(&page.prefer)));
}

#[rstest]
#[case("https://127.0.0.1:1/api/data/v9.2/x?a=%2520", Some("/api/data/v9.2/x?a=%2520"))]
#[case("HTTP://127.0.0.1/api/data/v9.2/x?a=<b c>", Some("/api/data/v9.2/x?a=<b c>"))]
#[case("/api/data/v9.2/x?$skiptoken=1", Some("/api/data/v9.2/x?$skiptoken=1"))]
#[case("x?$skiptoken=https://evil.example/", None)]
#[case("x?$skiptoken=1", Some("/api/data/v9.2/x?$skiptoken=1"))]
#[case("//evil.example/api/data/v9.2/x", None)]
#[case("https://evil.example/api/data/v9.2/x", None)]
#[case("http://127.0.0.1@evil.example/api/data/v9.2/x", None)]
#[case("http://127.0.0.1.evil.example/api/data/v9.2/x", None)]
#[case("http://127.0.0.1/elsewhere", None)]
#[case("http://127.0.0.1", None)]
#[tokio::test]
async fn a_link_leads_to_the_same_host_or_nowhere(#[case] link: &str, #[case] path: Option<&str>) {
    let (server, _control) = start(Options::still().rows(0)).await;
    let partner = Setup::of(&server).partner();
    assert_eq!(pages::local(&partner, link).ok().as_deref(), path);
}

#[tokio::test]
async fn a_link_that_leads_to_itself_ends() {
    let page = serde_json::json!({"value": [], "@odata.nextLink": "/api/data/v9.2/prov_incidents?again"});
    let (server, _control) = small().await;
    let bound = Setup::of(&server).partner().bound(WorkItemKind::Incident).await.unwrap();
    let fake = Fake::start(move |seen| match seen.path.ends_with("/token") {
        true => crate::partner::testing::json(200, &serde_json::json!({"access_token": "a", "token_type": "Bearer"})),
        false => crate::partner::testing::json(200, &page),
    })
    .await;
    let setup = Setup { url: fake.url.clone(), ..Setup::of(&server) };
    let setup = setup.detail(FieldId::Authority, &fake.url).detail(FieldId::Tenant, "contoso.example");
    let partner = setup.partner();
    let fault = pages::page(&partner, &bound, &request(WorkItemKind::Incident, None, 20)).await.err();
    assert_eq!(fault, Some(pages::circle("prov_incident")));
    assert!(fake.seen().len() < 6, "{}", fake.seen().len());
}

#[tokio::test]
async fn an_environment_that_gives_less_is_known_all_the_same() {
    let leeway = Leeway {
        counts: false,
        nested_lists: false,
        reads_solutions: false,
        labels: false,
        counts_beside_rows: false,
        ..Leeway::default()
    };
    let (server, control) = start(open(0, 140, leeway)).await;
    control.set_roles(&["Basic User"], &[("Desk", &["Provance ITSM Agent"]), ("Other", &[])]);
    let partner = Setup::of(&server).partner();
    let steps = run_test(&partner, partner.spec.test_steps(), |_| {}).await;
    let good = |step: &Step| matches!(step.status, Status::Passed | Status::Skipped | Status::Unknown);
    assert!(steps.iter().all(good), "{steps:?}");
    assert_eq!(partner.count(WorkItemKind::Incident, ever()).await, Ok(140));
    let list = partner.checks().unwrap().checklist(&mut |_| {}).await;
    assert_eq!(list.item(&ItemId::Own("itsm_role".into())).unwrap().status, Status::Passed);
}

#[tokio::test]
async fn customers_table_of_same_name_is_not_bound() {
    let leeway = Leeway { namesake: true, ..Leeway::default() };
    let (server, _control) = start(open(0, 20, leeway)).await;
    let bound = Setup::of(&server).partner().bound(WorkItemKind::Incident).await.unwrap();
    assert_eq!(bound.spec.source, "prov_incident");
}

#[test]
fn of_tables_that_fit_alike_none_is_taken() {
    let table = |name: &str| describe::Table {
        name: name.into(),
        set: format!("{name}s"),
        label: String::new(),
        id: String::new(),
        title: String::new(),
        process_flow: false,
    };
    let tables = ["account", "abc_incident", "new_incident"].map(table);
    let prefixes = |all: &[&str]| {
        let mut prefixes = describe::Prefixes::default();
        all.iter().for_each(|prefix| prefixes.add(prefix, true));
        prefixes
    };
    let chosen = |tables: &[describe::Table], all: &[&str]| {
        bind::best_table(WorkItemKind::Incident, tables, &prefixes(all)).map(|table| table.name.clone())
    };
    let names = vec!["abc_incident".to_owned(), "new_incident".to_owned()];
    assert_eq!(chosen(&tables, &["abc", "new"]), Err(bind::Lack::Unclear("incident".into(), names)));
    assert_eq!(chosen(&tables, &["abc"]), Ok("abc_incident".into()));
    assert_eq!(chosen(&tables[..1], &["abc", "new"]), Err(bind::Lack::Missing("incident".into())));
}

mod binding;
mod sweep;

fn other_server(status: u16, content_type: &str) -> Fault {
    Fault::NotTheProduct {
        product: super::MARKS.product.into(),
        host: "127.0.0.1".into(),
        status,
        content_type: content_type.into(),
        server: None,
        title: None,
    }
}

#[rstest]
#[case(503, "text/html", Fault::Unavailable { host: "127.0.0.1".into(), retry_after_seconds: None })]
#[case(200, "text/html", other_server(200, "text/html"))]
#[case(403, "text/html", Fault::NotJson { host: "127.0.0.1".into(), status: 403, content_type: "text/html".into() })]
#[case(404, "application/json", other_server(404, "application/json"))]
#[tokio::test]
async fn what_is_no_environment_is_told_as_what_it_is(
    #[case] status: u16,
    #[case] kind: &'static str,
    #[case] expected: Fault,
) {
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    let fake = Fake::start(move |_| (status, [("content-type", kind)], "")).await;
    let (server, _control) = start(Options::still().rows(0)).await;
    let step = Setup { url: fake.url.clone(), ..Setup::of(&server) }.partner().run_step(StepId::SignIn).await;
    assert_eq!(step.fault, Some(expected));
}

#[rstest]
#[case("0x80072560", Status::Failed)]
#[case("0x80040220", Status::Unknown)]
#[tokio::test]
async fn only_a_refusal_that_says_so_means_that_there_is_no_user(#[case] code: &str, #[case] status: Status) {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    partner.session.sign_in().await.unwrap();
    let fault = FaultSpec { status: 403, code: code.into(), ..FaultSpec::new(FaultKind::Error) };
    control.fault(fault.on("WhoAmI").times(0));
    let list = partner.checks().unwrap().checklist(&mut |_| {}).await;
    assert_eq!(list.item(&ItemId::Own("environment_user".into())).unwrap().status, status);
}

#[rstest]
#[case(r#"{"error":{"code":null,"message":"No rights"}}"#, "No rights")]
#[case(r#"{"error":{"code":-2147220961,"message":null}}"#, "0x8004021f")]
#[case(r#"{"error":"no"}"#, "")]
fn an_error_is_read_whatever_is_missing(#[case] body: &str, #[case] detail: &str) {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("content-type", "application/json".parse().unwrap());
    let reply = Reply { host: "h".into(), status: 403, headers, body: body.into(), came: 0, room: None };
    let expected = Fault::Forbidden { what: "x".into(), detail: detail.into() };
    assert_eq!(errors::check(reply, "x").err(), Some(expected));
}

#[rstest]
#[case::password(|setup: &mut Setup| setup.password = Some("wrong".into()), 50126, FieldId::Password)]
#[case::user(|setup: &mut Setup| setup.username = "no@contoso.practice.example".into(), 50034, FieldId::Username)]
#[case::secret(|setup: &mut Setup| setup.secret = Some("wrong".into()), 7_000_215, FieldId::ClientSecret)]
#[case::no_secret(|setup: &mut Setup| setup.secret = None, 7_000_218, FieldId::ClientSecret)]
#[case::client(|setup: &mut Setup| setup.client_id = "nobody".into(), 700_016, FieldId::ClientId)]
#[case::tenant(|setup: &mut Setup| setup.details.push((FieldId::Tenant, "nowhere.example".into())), 90002, FieldId::Tenant)]
#[case::audience(|setup: &mut Setup| setup.details.push((FieldId::Audience, "https://x".into())), 500_011, FieldId::Audience)]
#[tokio::test]
async fn a_sign_in_that_fails_leads_to_its_field(
    #[case] spoil: fn(&mut Setup),
    #[case] code: u32,
    #[case] field: FieldId,
) {
    let (server, _) = small().await;
    let mut setup = Setup::by_password(&server);
    spoil(&mut setup);
    let step = setup.partner().run_step(StepId::SignIn).await;
    let aadsts = match &step.fault {
        Some(Fault::SignInImpossible { aadsts, correlation_id: Some(_), .. }) => *aadsts,
        other => panic!("{other:?}"),
    };
    assert_eq!((step.status, aadsts, step.field), (Status::Failed, Some(code), Some(field)));
}

#[tokio::test]
async fn second_factor_names_grant_foreign_token_names_tenant() {
    let (server, control) = small().await;
    control.authority().fault(entra::FaultSpec::refuse(50076));
    let step = Setup::by_password(&server).partner().run_step(StepId::SignIn).await;
    assert_eq!(step.field, Some(FieldId::Grant));
    let foreign = Setup::of(&server).detail(FieldId::Tenant, &control.other_tenant());
    let partner = foreign.partner();
    assert_eq!(partner.run_step(StepId::SignIn).await.status, Status::Passed);
    let step = partner.run_step(StepId::User).await;
    assert_eq!((step.status, step.field), (Status::Failed, Some(FieldId::Tenant)));
    control.set_application_user(ApplicationUser::Disabled);
    let step = Setup::of(&server).partner().run_step(StepId::User).await;
    assert_eq!(step.fault.unwrap().code(), "user-unfit");
}

#[rstest]
#[case::evil("Bearer authorization_uri=https://login.evil.example/t/oauth2/authorize", "redirected", None)]
#[case::plain_http("Bearer authorization_uri=http://login.microsoftonline.com/t/oauth2/authorize", "redirected", None)]
#[case::silent("Bearer", "bad-form", Some(FieldId::Tenant))]
#[case::common(
    "Bearer authorization_uri=https://login.windows.net/common/oauth2/authorize",
    "bad-form",
    Some(FieldId::Tenant)
)]
#[tokio::test]
async fn no_secret_goes_to_an_authority_that_is_not_allowed(
    #[case] challenge: &str,
    #[case] code: &str,
    #[case] field: Option<FieldId>,
) {
    let (server, control) = start(Options { challenge: Some(challenge.into()), ..Options::still().rows(7) }).await;
    let step = Setup::of(&server).partner().run_step(StepId::SignIn).await;
    assert_eq!(step.fault.unwrap().code(), code);
    assert_eq!(step.field, field.or(Some(FieldId::ServerUrl)));
    assert!(control.authority().requests().is_empty());
}

#[tokio::test]
async fn the_resource_that_the_environment_names_is_not_asked_for() {
    let challenge = "Bearer authorization_uri=URL/contoso.practice.example, resource_id=https://graph.microsoft.com";
    let server = Fake::start(move |seen| {
        let host = seen.headers["host"].to_str().unwrap().to_owned();
        let header = challenge.replace("URL", &format!("http://{host}"));
        (axum::http::StatusCode::UNAUTHORIZED, [("www-authenticate", header)])
    })
    .await;
    let setup = Setup {
        url: server.url.clone(),
        grant: Grant::ClientCredentials,
        client_id: "app".into(),
        secret: Some("s3cret~".into()),
        password: None,
        details: Vec::new(),
        username: String::new(),
        mapping: None,
        kept: None,
        makes_items: false,
        token_store: Arc::default(),
    };
    setup.partner().run_step(StepId::SignIn).await;
    let asked = server.seen().into_iter().find(|seen| seen.path.ends_with("/token")).unwrap();
    assert_eq!(asked.get("scope"), Some(&*format!("{}/.default", server.url)));
}

#[rstest]
#[case::by_team(&["Basic User"], &["Provance ITSM Agent"], Status::Passed, Status::Passed, Overall::Completed)]
#[case::direct(&["My itsm reader"], &[], Status::Passed, Status::Passed, Overall::Completed)]
#[case::admin(&["System Administrator"], &[], Status::Warning, Status::Warning, Overall::Completed)]
#[case::admin_by_team(&[], &["System Administrator", "Provance ITSM"], Status::Passed, Status::Warning, Overall::Completed)]
#[case::none(&["Basic User"], &["Queue Manager"], Status::Failed, Status::Passed, Overall::NotComplete)]
#[tokio::test]
async fn roles_count_direct_and_through_teams(
    #[case] direct: &[&str],
    #[case] team: &[&str],
    #[case] role: Status,
    #[case] excess: Status,
    #[case] overall: Overall,
) {
    let (server, control) = small().await;
    control.set_roles(direct, &[("Desk", team)]);
    let partner = Setup::of(&server).partner();
    let list = partner.checks().unwrap().checklist(&mut |_| {}).await;
    let status = |id: &str| list.item(&ItemId::try_from(id.to_owned()).unwrap()).unwrap().status;
    assert_eq!((status("itsm_role"), status("excess_roles")), (role, excess));
    assert_eq!((status("app_registered"), status("environment_user")), (Status::Passed, Status::Passed));
    assert_eq!((status("tables_found"), list.overall()), (Status::Passed, overall));
    assert!(list.items.iter().all(|item| item.words.is_some()));
}

#[tokio::test]
async fn the_checklist_says_what_is_wrong_and_what_it_cannot_see() {
    let (server, control) = small().await;
    control
        .fault(FaultSpec::error(403, "0x80040220", "missing prvReadRole").on("systemuserroles_association").times(0));
    let partner = Setup::of(&server).partner();
    let list = partner.checks().unwrap().checklist(&mut |_| {}).await;
    let role = list.item(&ItemId::Own("itsm_role".into())).unwrap();
    assert_eq!((role.status, role.finding.clone()), (Status::Unknown, Some(ItemFinding::CannotSee)));
    control.set_application_user(ApplicationUser::Missing);
    let list = Setup::of(&server).partner().checks().unwrap().checklist(&mut |_| {}).await;
    let user = list.item(&ItemId::Own("environment_user".into())).unwrap();
    assert!(matches!(&user.finding, Some(ItemFinding::Lacks { value }) if value.starts_with("0x80072560")), "{user:?}");
    control.authority().fault(entra::FaultSpec::refuse(7_000_222).times(0));
    let list = Setup::of(&server).partner().checks().unwrap().checklist(&mut |_| {}).await;
    let statuses: Vec<Status> = list.items.iter().map(|item| item.status).collect();
    assert_eq!(statuses, [Status::Failed, Status::Unknown, Status::Unknown, Status::Unknown, Status::Unknown]);
}

#[tokio::test]
async fn the_clock_and_a_table_without_rows_are_told() {
    let (server, control) = small().await;
    let partner = Setup::of(&server).partner();
    control.fault(FaultSpec { seconds: 3600, ..FaultSpec::new(FaultKind::ClockSkew) }.on("WhoAmI").after(1));
    let step = partner.run_step(StepId::Clock).await;
    assert_eq!((step.status, step.fault.map(|fault| fault.code())), (Status::Failed, Some("clock-skew")));
    control.show(practice_kind(WorkItemKind::Incident), there::Visibility::Empty);
    let step = partner.run_step(StepId::Incident).await;
    assert_eq!((step.status, step.finding), (Status::Unknown, Some(Finding::NoRow { total: None })));
    control.show(practice_kind(WorkItemKind::Incident), there::Visibility::Forbidden);
    assert_eq!(partner.run_step(StepId::Incident).await.fault.unwrap().code(), "environment-refused");
}

#[tokio::test]
async fn tokens_are_renewed_rotated_and_told_apart() {
    let (server, control) = small().await;
    let setup = Setup::by_password(&server);
    setup.partner().run_step(StepId::SignIn).await;
    let later = Setup { password: None, token_store: Arc::clone(&setup.token_store), ..Setup::by_password(&server) };
    control.authority().revoke_access();
    assert_eq!(later.partner().run_step(StepId::User).await.status, Status::Passed);
    assert_eq!(control.authority().requests_by_grant()["refresh_token"], 1);
    let life = later.partner();
    let life = life.token_life().unwrap();
    life.sign_in_again(Some(Secret::new(server.sign_in().password.clone()))).await.unwrap();
    life.prove().await.unwrap();
    assert!(life.has_retired().await.unwrap());
    let held = life.tokens().await.unwrap().held;
    let fault = life.revoke_held(&held[0].fingerprint).await.unwrap_err();
    assert_eq!(fault.code(), "cannot-revoke");
    control.authority().revoke_access();
    control.authority().revoke_refresh();
    let step = later.partner().run_step(StepId::User).await;
    assert_eq!(step.fault.unwrap().code(), "refresh-refused");
}
