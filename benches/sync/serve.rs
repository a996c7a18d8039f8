//! The practice server, in a process of its own.

use std::io::BufRead;

use itsmc_practice::{RequestRecord, SignInDetails, cherwell, provance, service_manager, servicenow};
use serde::{Deserialize, Serialize};

use super::part::{Outcome, print, runtime, text};

/// A page as it was asked for.
#[derive(Serialize, Deserialize)]
pub struct Page {
    /// Path and query.
    pub target: String,
    /// The body of a search; without one it is fetched.
    pub body: String,
    /// The header `Prefer`, where there was one.
    pub prefer: String,
}

impl Page {
    fn get(path: &str, query: &str) -> Self {
        let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Self { target, body: String::new(), prefer: String::new() }
    }
}

/// Serves so many incidents of a partner; prints how to sign in, then, for each line on stdin, the addresses asked for
/// since the last one.
pub fn run(partner: &str, rows: &str) -> Outcome<()> {
    let rows = rows.parse().map_err(text)?;
    match partner {
        "servicenow" => servicenow(rows),
        "service-manager" => service_manager(rows),
        "provance" => provance(rows),
        "cherwell" => cherwell(rows),
        other => Err(format!("{other} has no practice server here")),
    }
}

fn servicenow(rows: u64) -> Outcome<()> {
    let runtime = runtime()?;
    let options = servicenow::Options { rows: Some(rows), ..servicenow::Options::still() };
    let server = runtime.block_on(servicenow::Server::start(options)).map_err(text)?;
    answer(server.sign_in(), || {
        let requests = server.control().requests().into_iter();
        let pages = requests.filter(|request| request.path.contains("/table/") && request.status == 200);
        let pages = pages.map(|page| Page::get(&page.path, &page.query)).collect();
        server.control().clear_requests();
        pages
    })
}

fn provance(rows: u64) -> Outcome<()> {
    let runtime = runtime()?;
    let options = provance::Options { rows: Some(rows), ..provance::Options::still() };
    let server = runtime.block_on(provance::Server::start(options)).map_err(text)?;
    answer(server.sign_in(), || {
        let requests = server.control().requests().into_iter();
        let pages = requests.filter(|request| request.prefer.contains("maxpagesize") && request.status == 200);
        let page = |page: RequestRecord| Page { prefer: page.prefer, ..Page::get(&page.path, &page.query) };
        let pages = pages.map(page).collect();
        server.control().clear_requests();
        pages
    })
}

fn cherwell(rows: u64) -> Outcome<()> {
    let runtime = runtime()?;
    let options = cherwell::Options { rows: Some(rows), ..cherwell::Options::still() };
    let server = runtime.block_on(cherwell::Server::start(options)).map_err(text)?;
    answer(server.sign_in(), || {
        let requests = server.control().requests().into_iter();
        let pages = requests.filter(|request| !request.search.is_empty() && request.status == 200);
        let page = |page: RequestRecord| Page { body: page.search, ..Page::get(&page.path, &page.query) };
        let pages = pages.map(page).collect();
        server.control().clear_requests();
        pages
    })
}

fn service_manager(rows: u64) -> Outcome<()> {
    let runtime = runtime()?;
    let options = service_manager::Options { rows: Some(rows), ..service_manager::Options::still() };
    let server = runtime.block_on(service_manager::Server::start(options)).map_err(text)?;
    answer(server.sign_in(), || {
        let requests = server.control().requests().into_iter();
        let pages = requests.filter(|request| request.path.starts_with("/api/") && request.status == 200);
        let pages = pages.map(|page| Page::get(&page.path, &page.query)).collect();
        server.control().clear_requests();
        pages
    })
}

fn answer(sign_in: &SignInDetails, pages: impl Fn() -> Vec<Page>) -> Outcome<()> {
    print(sign_in)?;
    for line in std::io::stdin().lock().lines() {
        line.map_err(text)?;
        print(&pages())?;
    }
    Ok(())
}
