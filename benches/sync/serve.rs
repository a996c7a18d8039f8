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
/// since the last one. With `long`, some incidents have texts that are too long to be stored whole.
pub fn run(partner: &str, rows: &str, long: bool) -> Outcome<()> {
    let rows = rows.parse().map_err(text)?;
    match partner {
        "servicenow" => servicenow(rows, long),
        "service-manager" if !long => service_manager(rows),
        "provance" if !long => provance(rows),
        "cherwell" => cherwell(rows, long),
        other => Err(format!("{other} has no such practice server here")),
    }
}

/// One incident in so many has a long text.
const LONG_EVERY: usize = 500;

/// A text of lines that is half as long again as what is stored of one.
fn long_text() -> String {
    "The quick brown fox jumps over the \"lazy\" dog, and the printer is slow.\n".repeat(21_000)
}

fn servicenow(rows: u64, long: bool) -> Outcome<()> {
    let runtime = runtime()?;
    let options = servicenow::Options { rows: Some(rows), ..servicenow::Options::still() };
    let server = runtime.block_on(servicenow::Server::start(options)).map_err(text)?;
    if long {
        let description = long_text();
        for row in server.control().rows("incident").iter().step_by(LONG_EVERY) {
            let fields = [("description", description.as_str()), ("sys_updated_on", &row["sys_updated_on"].value)];
            server.control().edit_row("incident", &row["sys_id"].value, &fields).map_err(text)?;
        }
    }
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

fn cherwell(rows: u64, long: bool) -> Outcome<()> {
    let runtime = runtime()?;
    let options = cherwell::Options { rows: Some(rows), ..cherwell::Options::still() };
    let server = runtime.block_on(cherwell::Server::start(options)).map_err(text)?;
    if long {
        let description = long_text();
        for row in server.control().rows("Incident").iter().step_by(LONG_EVERY) {
            let changed = row["LastModifiedDateTime"].second.unwrap_or_default().to_string();
            let fields = [("Description", description.as_str()), ("LastModifiedDateTime", &changed)];
            server.control().edit("Incident", &row["RecID"].text, &fields).map_err(text)?;
        }
    }
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
