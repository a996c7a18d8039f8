//! The practice server, in a process of its own.

use std::io::BufRead;

use itsmc::practice::{SignInDetails, service_manager, servicenow};

use super::part::{Outcome, print, runtime, text};

/// Serves so many incidents of a partner; prints how to sign in, then, for each line on stdin, the addresses asked for
/// since the last one.
pub fn run(partner: &str, rows: &str) -> Outcome<()> {
    let rows = rows.parse().map_err(text)?;
    match partner {
        "servicenow" => servicenow(rows),
        "service-manager" => service_manager(rows),
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
        let pages = pages.map(|page| format!("{}?{}", page.path, page.query)).collect();
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
        let pages = pages.map(|page| format!("{}?{}", page.path, page.query)).collect();
        server.control().clear_requests();
        pages
    })
}

fn answer(sign_in: &SignInDetails, pages: impl Fn() -> Vec<String>) -> Outcome<()> {
    print(sign_in)?;
    for line in std::io::stdin().lock().lines() {
        line.map_err(text)?;
        print(&pages())?;
    }
    Ok(())
}
