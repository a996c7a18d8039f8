//! Configuration items made in the practice products by the real binary: each missing computer once, whatever happens to the
//! writes, and its tickets refer to it.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use itsmc::model::ticket::{ItemHint, Operation, TicketDraft};
use itsmc::service::ticketing;
use itsmc_practice::service_manager::{Computers, Manners};
use itsmc_practice::{Ticket, cherwell};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::Value;

use crate::crash::Moments;
use crate::product_tickets::{Desk, KILLS, LATE, Product, Trouble, Which, title};
use crate::site::{NAME, itsmc_at, services_at, shown};

const COMPUTERS: usize = 12;

/// A desk whose connection permits itsmc to make configuration items.
fn permitted(which: Which) -> Desk {
    let desk = Desk::connected(which);
    let file = desk.home().join("config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let on = config.replace("create_configuration_items = false", "create_configuration_items = true");
    assert_ne!(on, config);
    std::fs::write(&file, on).unwrap();
    if let Product::ServiceManager(server) = &desk.product {
        server.control().set_manners(with(Computers::FoundAndMade));
        server.control().add_computer(KNOWN);
    }
    desk
}

/// A computer that each product knows, but for Cherwell's, which has others.
const KNOWN: &str = "PRD-001";

fn with(computers: Computers) -> Manners {
    Manners { computers, ..Manners::default() }
}

/// Id and name of each configuration item of the product.
fn items(desk: &Desk) -> Vec<(String, String)> {
    match &desk.product {
        Product::Provance(server) => server.control().items(),
        Product::ServiceManager(server) => server.control().computers(),
        Product::Cherwell(server) => {
            let rows = server.control().rows("ConfigServer");
            rows.iter().map(|row| (row["RecID"].text.clone(), row["HostName"].text.clone())).collect()
        }
    }
}

/// Whether a ticket refers to this item.
fn refers(desk: &Desk, ticket: &Ticket, (id, name): (&str, &str)) -> bool {
    match &desk.product {
        Product::Cherwell(server) => server.control().linked_to(&ticket.id) == [id],
        Product::Provance(_) => ticket.fields.get("prov_configurationitemid").is_some_and(|found| found == id),
        Product::ServiceManager(_) => ticket.history[0].fields["AffectedConfigItems"] == *name,
    }
}

/// Stores tickets, each about one of these computers.
fn plan(desk: &Desk, about: impl IntoIterator<Item = (usize, String)>) {
    let opened = |(n, name): (usize, String)| {
        let item = Some(ItemHint { name, is_computer: true, ..ItemHint::default() });
        let draft = TicketDraft { title: format!("Alert {n}"), item, ..TicketDraft::default() };
        (desk.key(n), Operation::Open { draft: Box::new(draft) })
    };
    let planned = ticketing::stored(about.into_iter().map(opened).collect());
    let services = services_at(desk.home());
    desk.runtime.block_on(async {
        services.store().await.unwrap().prepare(planned, Timestamp::now()).await.unwrap();
    });
}

/// Alerts about computers, two each: one that the product knows and some that it does not. Every fourth write loses its reply.
#[rstest]
#[case(Which::Cherwell)]
#[case(Which::ProvanceItems)]
#[case(Which::ServiceManager)]
fn each_missing_configuration_item_is_made_once_and_its_tickets_refer_to_it(#[case] which: Which) {
    let desk = permitted(which);
    let known = items(&desk)[0].1.clone();
    let before = items(&desk).len();
    let computer = |n: usize| if n == 0 { known.clone() } else { format!("vm-new-{n:02}") };
    plan(&desk, (0..COMPUTERS * 2).map(|n| (n, computer(n / 2))));
    let lost = [Trouble::ReplyLost, Trouble::ErrorAfter, Trouble::TimeOut];
    for (nth, at) in (1..COMPUTERS * 5).step_by(4).enumerate() {
        desk.product.fault(lost[nth % lost.len()], at);
    }
    desk.send_all();
    desk.product.let_go();
    let items = items(&desk);
    let ids: BTreeMap<_, _> = items.iter().map(|(id, name)| (name.clone(), id.clone())).collect();
    assert_eq!((items.len(), ids.len()), (before + COMPUTERS - 1, before + COMPUTERS - 1), "each once: {ids:?}");
    let tickets = desk.product.tickets();
    assert_eq!(tickets.len(), COMPUTERS * 2);
    for ticket in &tickets {
        let name = computer(title(ticket).split(' ').nth(1).unwrap().parse::<usize>().unwrap() / 2);
        assert!(refers(&desk, ticket, (&ids[&name], &name)), "{}: {:?}", ticket.title, ticket.fields);
    }
}

/// Some of the creations are carried out only after the run was killed that asked for them.
#[rstest]
#[case(Which::Cherwell)]
#[case(Which::ProvanceItems)]
#[case(Which::ServiceManager)]
fn an_item_that_is_made_late_after_a_kill_is_there_once(#[case] which: Which) {
    let desk = permitted(which);
    if let Product::ServiceManager(server) = &desk.product {
        server.control().set_cache_seconds(1.0);
    }
    let (before, mut moments) = (items(&desk).len(), Moments::new());
    let (mut rounds, mut killed) = (0, 0);
    while killed < KILLS / 5 {
        // Two tickets about each of two computers.
        plan(&desk, (rounds * 4..rounds * 4 + 4).map(|n| (n, format!("vm-late-{:03}", n / 2))));
        rounds += 1;
        assert!(rounds < KILLS, "only {killed} runs were still at work when they were to be killed");
        desk.product.fault(Trouble::Late, rounds % 3);
        let mut child = desk.send().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The moment itself is what is random here; nothing waits on it.
        std::thread::sleep(moments.below(Duration::from_millis(900)));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
    }
    desk.send_all();
    // What was asked for before the last run may still be carried out.
    let enough = || items(&desk).len() >= before + rounds * 2;
    let begun = Instant::now();
    while !enough() && begun.elapsed() < Duration::from_millis(LATE * 3) {
        std::thread::yield_now();
    }
    let names: Vec<_> = items(&desk).into_iter().map(|(_, name)| name).collect();
    for n in 0..rounds * 2 {
        let name = format!("vm-late-{n:03}");
        assert_eq!(names.iter().filter(|one| **one == name).count(), 1, "{name}");
    }
    assert_eq!((names.len(), desk.product.tickets().len()), (before + rounds * 2, rounds * 4));
    assert!(desk.product.is_sound());
}

#[rstest]
#[case(Which::ProvanceCases, Computers::None, "no-column")]
#[case(Which::ServiceManager, Computers::None, "no-operation")]
#[case(Which::ServiceManager, Computers::Made, "no-search")]
fn where_a_configuration_item_cannot_be_made_the_ticket_is_and_says_why(
    #[case] which: Which,
    #[case] computers: Computers,
    #[case] why: &str,
) {
    let desk = permitted(which);
    if let Product::ServiceManager(server) = &desk.product {
        server.control().set_manners(with(computers));
    }
    let before = items(&desk).len();
    plan(&desk, [(0, "vm-new-01".to_owned())]);
    let report = desk.send_all();
    assert_eq!((&report["opened"], desk.product.tickets().len(), items(&desk).len()), (&1.into(), 1, before));
    let findings = &report["operations"][0]["findings"];
    let told = findings.as_array().unwrap().iter().find(|one| one["code"] == "item-not-made");
    let told = told.unwrap_or_else(|| panic!("{findings:#}"));
    assert_eq!(told["why"]["code"], why);
    assert!(told["text"].as_str().unwrap().contains("vm-new-01"), "{told}");
}

/// Where the ticket holds the name as a text, the item is made beside it.
#[test]
fn provance_makes_the_item_of_a_ticket_that_only_names_it() {
    let desk = permitted(Which::Provance);
    let before = items(&desk).len();
    plan(&desk, [(0, "vm-new-01.contoso.example".to_owned()), (1, "vm-new-01".to_owned()), (2, KNOWN.to_owned())]);
    let report = desk.send_all();
    let made: Vec<_> = items(&desk).into_iter().filter(|(_, name)| name == "vm-new-01").collect();
    assert_eq!((made.len(), items(&desk).len()), (1, before + 1), "{report:#}");
    let ticket = desk.product.tickets().into_iter().find(|ticket| ticket.title == "Alert 0").unwrap();
    assert_eq!(ticket.fields["prov_configurationitem"], "vm-new-01.contoso.example");
}

/// What the checklist says of the right to make configuration items.
fn right(desk: &Desk, item: &str) -> Value {
    let output = itsmc_at(desk.home()).args(["checklist", NAME, "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
    let step = told["steps"].as_array().unwrap().iter().find(|step| step["id"] == item).cloned();
    step.unwrap_or_else(|| panic!("{told:#}"))["status"].clone()
}

#[test]
fn the_checklist_shows_whether_items_can_be_made_in_cherwell() {
    let desk = permitted(Which::Cherwell);
    let Product::Cherwell(server) = &desk.product else { unreachable!() };
    assert_eq!(right(&desk, "edit_items"), "passed");
    server.control().set_permission("ConfigServer", cherwell::Permission { view: true, edit: false });
    assert_eq!(right(&desk, "edit_items"), "warning");
}

#[test]
fn the_checklist_shows_whether_items_can_be_made_in_provance() {
    let desk = permitted(Which::ProvanceItems);
    let Product::Provance(server) = &desk.product else { unreachable!() };
    assert_eq!(right(&desk, "make_items"), "passed");
    server.control().change_manners(|manners| manners.may_make_items = false);
    assert_eq!(right(&desk, "make_items"), "warning");
    // And this is what a ticket then says.
    plan(&desk, [(0, "vm-new-01".to_owned())]);
    let report = desk.send_all();
    let findings = report["operations"][0]["findings"].to_string();
    assert!(findings.contains("item-failed") && desk.product.tickets().len() == 1, "{findings}");
    assert_eq!(right(&permitted(Which::ProvanceCases), "make_items"), "warning");
}

#[test]
fn the_checklist_shows_whether_items_can_be_made_in_service_manager() {
    let desk = permitted(Which::ServiceManager);
    let Product::ServiceManager(server) = &desk.product else { unreachable!() };
    assert_eq!(right(&desk, "make_items"), "passed");
    for computers in [Computers::Made, Computers::None] {
        server.control().set_manners(with(computers));
        assert_eq!(right(&desk, "make_items"), "warning");
    }
}
