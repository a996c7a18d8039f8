//! Tickets written to the practice Provance, Cherwell and Service Manager while everything goes wrong, by the real binary: one
//! ticket for each alert, in the right state at the end, and no note twice, by the product's own rows.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use itsmc::model::ticket::{Operation, Subject, TicketDraft, TicketKey};
use itsmc::service::ticketing;
use itsmc_practice::{SignInDetails, Ticket, cherwell, provance, service_manager};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::crash::Moments;
use crate::site::{NAME, assert_in_no_file, itsmc_at, services_at, shown, with_stdin};
use crate::tickets::{RULES, alerts};

const ALERTS: usize = 60;
pub const KILLS: usize = 50;
/// Alerts between two kills.
const PORTION: usize = 4;

/// What a write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is carried out, and its connection is reset.
    ReplyLost,
    /// It is carried out, and answered with 500.
    ErrorAfter,
    /// It is not carried out: 503.
    Unavailable,
    /// It is not carried out: 500.
    ServerError,
    /// It is carried out, and no answer comes until we have gone.
    TimeOut,
    /// It is carried out after we have gone.
    Late,
    /// The token is refused.
    Unauthorized,
    /// Too many requests.
    Limited,
}

const TROUBLES: [Trouble; 8] = [
    Trouble::ReplyLost,
    Trouble::ErrorAfter,
    Trouble::Unavailable,
    Trouble::TimeOut,
    Trouble::ServerError,
    Trouble::Unauthorized,
    Trouble::Late,
    Trouble::Limited,
];

/// How long we wait for an answer, and how long a late write takes, in milliseconds.
const PATIENCE: u64 = 1_500;
pub const LATE: u64 = 2_200;

/// One practice product.
pub enum Product {
    Provance(provance::Server),
    Cherwell(cherwell::Server),
    ServiceManager(service_manager::Server),
}

/// A fault of a product by the names of its kinds.
macro_rules! planned {
    ($of:ident, $trouble:expr, $server_error:expr, $limited:ident) => {{
        use $of::{FaultKind, FaultSpec};
        let spec = match $trouble {
            Trouble::ReplyLost => FaultSpec::new(FaultKind::ReplyLost),
            Trouble::ErrorAfter => FaultSpec::new(FaultKind::ErrorAfterCommit),
            Trouble::Unavailable => FaultSpec::new(FaultKind::Unavailable),
            Trouble::ServerError => FaultSpec::new($server_error),
            Trouble::TimeOut => FaultSpec::new(FaultKind::HeldAfter),
            Trouble::Late => FaultSpec { millis: LATE, ..FaultSpec::new(FaultKind::SlowRule) },
            Trouble::Unauthorized => FaultSpec::new(FaultKind::Unauthorized),
            Trouble::Limited => FaultSpec { retry_after: 1, ..FaultSpec::new(FaultKind::$limited) },
        };
        spec.on_writes()
    }};
}

/// The same for each product.
macro_rules! each {
    ($product:expr, $server:ident => $what:expr) => {
        match $product {
            Product::Provance($server) => $what,
            Product::Cherwell($server) => $what,
            Product::ServiceManager($server) => $what,
        }
    };
}

impl Product {
    fn sign_in(&self) -> &SignInDetails {
        each!(self, server => server.sign_in())
    }

    pub fn tickets(&self) -> Vec<Ticket> {
        each!(self, server => server.control().tickets())
    }

    pub fn is_sound(&self) -> bool {
        each!(self, server => server.control().integrity().is_sound())
    }

    pub fn let_go(&self) {
        each!(self, server => server.control().let_go());
    }

    pub fn fault(&self, trouble: Trouble, at: usize) {
        match self {
            Self::Provance(server) => {
                let spec = planned!(provance, trouble, FaultKind::Error, RateLimited);
                server.control().fault(spec.after(at as u64));
            }
            Self::Cherwell(server) => {
                let spec = planned!(cherwell, trouble, FaultKind::HtmlError, Throttled);
                server.control().fault(spec.after(at as u64));
            }
            Self::ServiceManager(server) => {
                let spec = planned!(service_manager, trouble, FaultKind::ServerError, Throttled);
                server.control().fault(spec.after(at as u64));
            }
        }
    }

    /// Whether a note has a place.
    fn takes_notes(&self) -> bool {
        !matches!(self, Self::ServiceManager(_))
    }
}

/// Which product, and how it is set up.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    Provance,
    /// Its incidents refer to their configuration items.
    ProvanceItems,
    ProvanceCases,
    Cherwell,
    CherwellWithKey,
    ServiceManager,
    ServiceManagerSearched,
}

impl Which {
    async fn start(self) -> Product {
        let rows = Some(20);
        match self {
            Self::Provance | Self::ProvanceItems | Self::ProvanceCases => {
                let layout =
                    if matches!(self, Self::ProvanceCases) { provance::Layout::Case } else { provance::Layout::Own };
                let refers_to_items = matches!(self, Self::ProvanceItems);
                let leeway = provance::Leeway { refers_to_items, ..provance::Leeway::default() };
                let options = provance::Options { rows, leeway, ..provance::Options::still() }.layout(layout);
                let server = provance::Server::start(options).await.unwrap();
                // The rows of accounts cannot be searched there.
                server.control().change_manners(|manners| manners.customer_required = false);
                Product::Provance(server)
            }
            Self::Cherwell | Self::CherwellWithKey => {
                let key_field = matches!(self, Self::CherwellWithKey);
                let options = cherwell::Options { rows, key_field, ..cherwell::Options::still() };
                let server = cherwell::Server::start(options).await.unwrap();
                if key_field {
                    server.control().change_manners(|manners| "ExternalReference".clone_into(&mut manners.key_field));
                }
                Product::Cherwell(server)
            }
            Self::ServiceManager | Self::ServiceManagerSearched => {
                let searched = matches!(self, Self::ServiceManagerSearched);
                let layout = if searched { service_manager::Layout::Search } else { service_manager::Layout::Tables };
                let options = service_manager::Options { rows, layout, ..service_manager::Options::still() };
                Product::ServiceManager(service_manager::Server::start(options).await.unwrap())
            }
        }
    }
}

/// The title of a ticket without its mark.
pub fn title(ticket: &Ticket) -> String {
    ticket.title.split_once("] ").map_or(ticket.title.as_str(), |(_, title)| title).to_owned()
}

/// A product with a connection to it, a home and the binary.
pub struct Desk {
    pub product: Product,
    home: TempDir,
    pub runtime: Runtime,
}

impl Desk {
    pub fn connected(which: Which) -> Self {
        let runtime = Runtime::new().unwrap();
        let product = runtime.block_on(which.start());
        let desk = Self { product, home: tempfile::tempdir().unwrap(), runtime };
        desk.add();
        let file = desk.home().join("config.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        let settings = "[settings]\nlost_reply_wait_seconds = 3\nlist_cache_wait_seconds = 3\n\n";
        std::fs::write(&file, format!("{settings}{config}")).unwrap();
        if matches!(which, Which::CherwellWithKey) {
            desk.map_the_key();
        }
        desk
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    fn add(&self) {
        let to = self.product.sign_in();
        let mut form = format!(
            "name = \"{NAME}\"\npartner = \"{}\"\nserver_url = \"{}\"\nclient_id = \"{}\"\nwork_items = [\"incident\"]\n\
             sync_days = 120\ncreate_configuration_items = false\n",
            to.partner, to.url, to.client_id
        );
        let secrets = match self.product {
            Product::Cherwell(_) => {
                form += &format!("username = \"{}\"\n", to.username);
                format!("password = \"{}\"\n", to.password)
            }
            Product::ServiceManager(_) => {
                form += &format!("tenant = \"{}\"\nauthority = \"{}\"\n", to.tenant, to.authority);
                format!("client_secret = '{}'\n", to.client_secret)
            }
            Product::Provance(_) => format!("client_secret = '{}'\n", to.client_secret),
        };
        let file = self.home().join("form.toml");
        std::fs::write(&file, form).unwrap();
        let mut command = itsmc_at(self.home());
        command.args(["connection", "add", "--secrets-stdin", "--file"]).arg(&file);
        let output = with_stdin(&mut command, &secrets);
        assert!(output.status.success(), "{}", shown(&output));
        std::fs::remove_file(&file).unwrap();
    }

    /// Has the field that the admin made for our key named in the mapping.
    fn map_the_key(&self) {
        let output = itsmc_at(self.home()).args(["connection", "mapping", NAME, "--write"]).output().unwrap();
        assert!(output.status.success(), "{}", shown(&output));
        let file = self.home().join("mappings").join(format!("{NAME}.toml"));
        let text = std::fs::read_to_string(&file).unwrap();
        let column = "column = [\n    { from = \"ExternalReference\", to = \"correlation_id\", holds = \"text\" },";
        std::fs::write(&file, text.replacen("column = [", column, 1)).unwrap();
    }

    pub fn send(&self) -> Command {
        let mut command = itsmc_at(self.home());
        command.args(["ticket", "send", NAME, "--json"]).env("ITSMC_REQUEST_TIMEOUT_MS", PATIENCE.to_string());
        command
    }

    /// Sends until nothing waits any more; the last report.
    pub fn send_all(&self) -> Value {
        for _ in 0..12 {
            let output = self.send().output().unwrap();
            let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
            let report = told[0].clone();
            assert_eq!((&report["refused"], &report["unsure"]), (&0.into(), &0.into()), "{report:#}");
            if report["waiting"] == 0 {
                return report;
            }
        }
        panic!("something waits still");
    }

    /// The same where something may wait.
    fn send_all_that_waits(&self) {
        let output = self.send().output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
        if told[0]["waiting"] != 0 {
            self.send_all();
        }
    }

    pub fn key(&self, n: usize) -> TicketKey {
        TicketKey {
            instance: self.product.sign_in().url.clone(),
            connection: NAME.to_owned(),
            known_as: None,
            subject: Subject::Alert(format!("00000000-0000-4000-8000-{n:012}")),
            item: None,
            generation: 0,
        }
    }

    /// What alerts that fire, fire again and end make.
    fn prepare(&self, alerts: Range<usize>) {
        let life = |n: usize| {
            let draft = Box::new(TicketDraft {
                title: format!("Alert {n}"),
                description: format!("Alert {n} fired"),
                impact: Some(2),
                urgency: Some(2),
                ..TicketDraft::default()
            });
            [
                Operation::Open { draft },
                Operation::Note { number: 0, text: format!("Alert {n} fires again"), fires: true },
                Operation::Resolve { text: format!("Alert {n} is over"), code: None },
            ]
            .map(|operation| (self.key(n), operation))
        };
        let planned = alerts.flat_map(life).collect();
        let services = services_at(self.home());
        self.runtime.block_on(async {
            let store = services.store().await.unwrap();
            store.prepare(ticketing::stored(planned), Timestamp::now()).await.unwrap();
        });
    }

    /// One ticket for each alert, resolved, with its one note.
    fn assert_exactly_once(&self, alerts: usize) {
        let tickets = self.product.tickets();
        let by_title: BTreeMap<_, _> = tickets.iter().map(|ticket| (title(ticket), ticket)).collect();
        assert_eq!((tickets.len(), by_title.len()), (alerts, alerts));
        for n in 0..alerts {
            let ticket = by_title[&format!("Alert {n}")];
            assert!(!ticket.open, "{}: {}", ticket.number, ticket.state);
            let notes: Vec<_> = ticket.notes.iter().map(|note| note.text.clone()).collect();
            let told = notes.join("\n") + &ticket.fields.values().cloned().collect::<Vec<_>>().join("\n");
            let expected = usize::from(self.product.takes_notes());
            assert_eq!(told.matches(&format!("Alert {n} fires again")).count(), expected, "{}: {told}", ticket.number);
            assert_eq!(told.matches(&format!("Alert {n} fired")).count(), 1, "{}: {told}", ticket.number);
        }
        assert!(self.product.is_sound());
    }

    fn assert_no_secret_on_disk(&self) {
        let to = self.product.sign_in();
        let secrets = [&to.password, &to.client_secret].into_iter().filter(|secret| !secret.is_empty());
        assert_in_no_file(self.home(), &secrets.cloned().collect::<Vec<_>>());
    }
}

#[rstest]
fn each_write_of_a_product_meets_a_fault_and_is_done_once(
    #[values(Which::Provance, Which::Cherwell, Which::ServiceManager)] which: Which,
    #[values(0, 1, 2)] offset: usize,
) {
    each_write_meets_a_fault(which, offset, ALERTS);
}

/// The same with as many alerts as in ServiceNow.
#[rstest]
#[ignore = "takes minutes: cargo test --test itsmc two_hundred -- --ignored"]
fn two_hundred_alerts_of_a_product_meet_a_fault_at_each_write(
    #[values(Which::Provance, Which::Cherwell, Which::ServiceManager)] which: Which,
    #[values(0, 1, 2)] offset: usize,
) {
    each_write_meets_a_fault(which, offset, 200);
}

fn each_write_meets_a_fault(which: Which, offset: usize, alerts: usize) {
    let desk = Desk::connected(which);
    desk.prepare(0..alerts);
    let writes = if desk.product.takes_notes() { 3 } else { 2 };
    for (nth, at) in (offset..alerts * writes).step_by(3).enumerate() {
        desk.product.fault(TROUBLES[nth % TROUBLES.len()], at);
    }
    desk.send_all();
    desk.product.let_go();
    desk.assert_exactly_once(alerts);
}

#[rstest]
#[case(Which::ProvanceCases)]
#[case(Which::CherwellWithKey)]
#[case(Which::ServiceManagerSearched)]
fn each_trouble_at_the_first_writes_of_another_set_up_is_met_once(#[case] which: Which) {
    let desk = Desk::connected(which);
    desk.prepare(0..TROUBLES.len() * 2);
    for (nth, trouble) in TROUBLES.into_iter().enumerate() {
        desk.product.fault(trouble, nth * 4);
    }
    desk.send_all();
    desk.product.let_go();
    desk.assert_exactly_once(TROUBLES.len() * 2);
}

#[rstest]
#[case(Which::Provance)]
#[case(Which::Cherwell)]
#[case(Which::ServiceManager)]
fn killed_at_any_moment_each_ticket_of_a_product_is_there_once(#[case] which: Which) {
    let (desk, mut moments) = (Desk::connected(which), Moments::new());
    desk.prepare(0..PORTION);
    let begun = Instant::now();
    desk.send_all();
    let whole = begun.elapsed();
    let (mut killed, mut alerts) = (0, PORTION);
    while killed < KILLS {
        desk.prepare(alerts..alerts + PORTION);
        alerts += PORTION;
        assert!(alerts < PORTION * KILLS * 5, "only {killed} runs were still at work when they were to be killed");
        let mut child = desk.send().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(whole.max(Duration::from_millis(20))));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    desk.send_all();
    desk.assert_exactly_once(alerts);
    desk.assert_no_secret_on_disk();
}

/// Alerts that fire and end, read from a file and decided by a rule.
#[rstest]
#[case(Which::Provance)]
#[case(Which::Cherwell)]
#[case(Which::ServiceManager)]
fn alerts_that_fire_and_end_make_one_ticket_each_in_a_product_and_resolve_it(#[case] which: Which) {
    const FEW: usize = 16;
    let desk = Desk::connected(which);
    std::fs::write(desk.home().join("alert-rules.toml"), RULES).unwrap();
    let import = |condition: &str| -> Value {
        let file = desk.home().join("alerts.jsonl");
        std::fs::write(&file, alerts(0..FEW, condition)).unwrap();
        let mut command = itsmc_at(desk.home());
        command.args(["alert", "import"]).arg(&file).arg("--json");
        command.env("ITSMC_REQUEST_TIMEOUT_MS", PATIENCE.to_string());
        let output = command.output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    };
    for (condition, open) in [("Fired", true), ("Resolved", false), ("Resolved", false)] {
        for (nth, trouble) in [Trouble::ReplyLost, Trouble::TimeOut, Trouble::ErrorAfter].into_iter().enumerate() {
            desk.product.fault(trouble, 2 + nth * 4);
        }
        import(condition);
        desk.send_all_that_waits();
        desk.product.let_go();
        let tickets = desk.product.tickets();
        assert_eq!(tickets.iter().filter(|ticket| ticket.open == open).count(), FEW, "{condition}");
        assert_eq!(tickets.len(), FEW, "{condition}");
    }
    assert!(desk.product.is_sound());
}

/// The lists of the web app show nothing of the last two seconds.
#[test]
fn service_manager_with_a_cache_is_written_to_once_and_nobody_is_taken_for_a_human() {
    const FEW: usize = 10;
    let desk = Desk::connected(Which::ServiceManager);
    let Product::ServiceManager(server) = &desk.product else { unreachable!() };
    server.control().set_cache_seconds(2.0);
    let life = |n: usize| {
        let draft = TicketDraft { title: format!("Alert {n}"), ..TicketDraft::default() };
        let over = || Operation::Resolve { text: format!("Alert {n} is over"), code: None };
        let again = Operation::Reopen { text: format!("Alert {n} fires again") };
        [Operation::Open { draft: Box::new(draft) }, over(), again, over()].map(|operation| (desk.key(n), operation))
    };
    let services = services_at(desk.home());
    let planned = ticketing::stored((0..FEW).flat_map(life).collect());
    desk.runtime.block_on(async {
        services.store().await.unwrap().prepare(planned, Timestamp::now()).await.unwrap();
    });
    for (nth, at) in (0..FEW * 4).step_by(3).enumerate() {
        desk.product.fault(TROUBLES[nth % TROUBLES.len()], at);
    }
    desk.send_all();
    desk.product.let_go();
    let tickets = desk.product.tickets();
    assert_eq!((tickets.len(), tickets.iter().filter(|ticket| ticket.open).count()), (FEW, 0));
    assert!(desk.product.is_sound());
    for ticket in tickets {
        let output = itsmc_at(desk.home()).args(["ticket", "show", &ticket.number, "--json"]).output().unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&told["taken"], &told["state"]), (&Value::Null, &"resolved".into()), "{told:#}");
    }
}
