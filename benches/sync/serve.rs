//! The practice server, in a process of its own.

use std::io::BufRead;

use itsmc::practice::servicenow::{Options, Server};

use super::part::{Outcome, print, runtime, text};

/// Serves so many incidents; prints how to sign in, then, for each line on stdin, the addresses asked for since
/// the last one.
pub fn run(rows: &str) -> Outcome<()> {
    let rows = rows.parse().map_err(text)?;
    let runtime = runtime()?;
    let options = Options { rows: Some(rows), ..Options::still() };
    let server = runtime.block_on(Server::start(options)).map_err(text)?;
    print(server.sign_in())?;
    for line in std::io::stdin().lock().lines() {
        line.map_err(text)?;
        let requests = server.control().requests().into_iter();
        let pages = requests.filter(|request| request.path.contains("/table/") && request.status == 200);
        let pages: Vec<_> = pages.map(|page| format!("{}?{}", page.path, page.query)).collect();
        server.control().clear_requests();
        print(&pages)?;
    }
    Ok(())
}
