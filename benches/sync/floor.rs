//! What no sync can be faster than: fetching the pages, and putting the rows into the table.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use itsmc::store::Store;
use itsmc::sync::SyncSettings;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::Deserialize;
use serde_json::json;

use super::part::{self, Outcome, text};
use super::serve::Page;
use super::syncing::SignIn;

#[derive(Deserialize)]
struct Pages {
    sign_in: SignIn,
    pages: Vec<Page>,
}

/// Fetches the pages on stdin by as many connections as a sync has, and throws them away.
pub fn fetch() -> Outcome<()> {
    let Pages { sign_in, pages } = part::input()?;
    part::runtime()?.block_on(async {
        let token = Arc::new(token(&sign_in).await?);
        let queue = Arc::new(Mutex::new(VecDeque::from(pages)));
        let base: Arc<str> = Arc::from(sign_in.url);
        let started = Instant::now();
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..SyncSettings::default().in_flight {
            workers.spawn(fetch_all(base.clone(), token.clone(), queue.clone()));
        }
        let mut bytes = 0;
        while let Some(fetched) = workers.join_next().await {
            bytes += fetched.map_err(text)??;
        }
        part::print(&json!({ "seconds": started.elapsed().as_secs_f64(), "bytes": bytes }))
    })
}

async fn token(sign_in: &SignIn) -> Outcome<String> {
    let secrets = [("client_id", &*sign_in.client_id), ("client_secret", &sign_in.client_secret)];
    let (url, own) = match sign_in.partner.as_str() {
        "servicenow" => (
            format!("{}/oauth_token.do", sign_in.url),
            vec![("grant_type", "password"), ("username", &*sign_in.username), ("password", &sign_in.password)],
        ),
        "cherwell" => (
            format!("{}/CherwellAPI/token?auth_mode=Internal", sign_in.url),
            vec![("grant_type", "password"), ("username", &*sign_in.username), ("password", &sign_in.password)],
        ),
        _ => (
            format!("{}/{}/oauth2/token", sign_in.authority, sign_in.tenant),
            vec![("grant_type", "client_credentials"), ("resource", &*sign_in.url)],
        ),
    };
    let form: Vec<_> = own.into_iter().chain(secrets).collect();
    let reply = client()?.post(url).form(&form).send().await.map_err(text)?.bytes().await.map_err(text)?;
    let reply: serde_json::Value = serde_json::from_slice(&reply).map_err(text)?;
    Ok(reply["access_token"].as_str().ok_or("no token")?.to_owned())
}

/// A client as every floor has it.
pub fn client() -> Outcome<reqwest::Client> {
    // Installed twice it stays as it is.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build().map_err(text)
}

async fn fetch_all(base: Arc<str>, token: Arc<String>, queue: Arc<Mutex<VecDeque<Page>>>) -> Outcome<u64> {
    let client = client()?;
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let mut bytes = 0;
    while let Some(page) = next() {
        let url = format!("{base}{}", page.target);
        let request = if page.body.is_empty() {
            client.get(url)
        } else {
            client.post(url).header("content-type", "application/json").body(page.body)
        };
        let request = if page.prefer.is_empty() { request } else { request.header("prefer", page.prefer) };
        let request = request.bearer_auth(&*token).header("accept", "application/json");
        let mut reply = request.send().await.and_then(reqwest::Response::error_for_status).map_err(text)?;
        while let Some(piece) = reply.chunk().await.map_err(text)? {
            bytes += piece.len() as u64;
        }
    }
    Ok(bytes)
}

/// Reads all work items of one database into memory and puts them into the empty table of another, in
/// transactions of a page each: the table and its indexes, no counters, no search index, no checkpoints.
pub fn insert(from: &str, into: &str) -> Outcome<()> {
    let rows = load(from).map_err(text)?;
    drop(Store::open(into).map_err(text)?);
    let mut db = Connection::open(into).map_err(text)?;
    let seconds = put(&mut db, &rows).map_err(text)?;
    part::print(&json!({ "seconds": seconds, "rows": rows.len() }))
}

fn load(from: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let db = Connection::open(from)?;
    let mut select = db.prepare("SELECT * FROM work_item ORDER BY id")?;
    let columns = select.column_count();
    let rows = select.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
    rows.collect()
}

fn put(db: &mut Connection, rows: &[Vec<Value>]) -> rusqlite::Result<f64> {
    db.execute_batch("PRAGMA synchronous = normal; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -12288;")?;
    let started = Instant::now();
    for page in rows.chunks(SyncSettings::default().page_limit as usize) {
        let tx = db.transaction()?;
        {
            let places = vec!["?"; rows[0].len()].join(",");
            let mut insert = tx.prepare(&format!("INSERT INTO work_item VALUES ({places})"))?;
            for row in page {
                insert.execute(params_from_iter(row))?;
            }
        }
        tx.commit()?;
    }
    Ok(started.elapsed().as_secs_f64())
}
