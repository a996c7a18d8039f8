//! What no sink can be faster than: reading the rows by one query, packing the same bytes, and posting them by as many
//! connections.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use flate2::read::GzDecoder;
use itsmc::azure::ingestion::Packed;
use itsmc::sink::clock::SystemClock;
use itsmc::sink::{self, SinkSettings};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::super::floor::client;
use super::super::part::{self, Outcome, text};
use super::send::{self, Target};

#[derive(Deserialize)]
struct Input {
    target: Target,
    db: String,
    /// Where all rows are written as one JSON array, for other clients.
    file: String,
}

type Bodies = Arc<Mutex<VecDeque<Bytes>>>;

/// Reads, packs and posts what a run of the sink sends; prints the seconds.
pub fn post() -> Outcome<()> {
    let Input { target, db, file } = part::input()?;
    part::runtime()?.block_on(async {
        let bodies = bodies(&target, &db).await?;
        write(&bodies, &file).map_err(text)?;
        let started = Instant::now();
        let rows = tokio::task::spawn_blocking(move || read(&db)).await.map_err(text)?.map_err(text)?;
        let read = started.elapsed().as_secs_f64();
        let (target, mut workers) = (Arc::new(target), tokio::task::JoinSet::new());
        for _ in 0..SinkSettings::default().in_flight {
            workers.spawn(post_all(target.clone(), bodies.clone()));
        }
        let mut bytes = 0;
        while let Some(posted) = workers.join_next().await {
            bytes += posted.map_err(text)??;
        }
        let seconds = started.elapsed().as_secs_f64();
        part::print(&json!({ "seconds": seconds, "read": read, "rows": rows, "bytes": bytes }))
    })
}

/// What a run sends, unpacked: it sends to a listener of our own.
async fn bodies(target: &Target, db: &str) -> Outcome<Bodies> {
    let kept: Bodies = Arc::default();
    let keeps = kept.clone();
    let app = Router::new().fallback(async move |request: Request| {
        let stream = request.uri().path().rsplit('/').next().map(str::to_owned);
        let Ok(packed) = to_bytes(request.into_body(), usize::MAX).await else { return StatusCode::BAD_REQUEST };
        let mut body = Vec::new();
        if GzDecoder::new(packed.as_ref()).read_to_end(&mut body).is_err() {
            return StatusCode::BAD_REQUEST;
        }
        if stream.as_deref() == Some("Custom-ServiceDesk_CL") {
            keeps.lock().unwrap_or_else(PoisonError::into_inner).push_back(body.into());
        }
        StatusCode::NO_CONTENT
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(text)?;
    let url = format!("http://{}", listener.local_addr().map_err(text)?);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let here = Target { url, rule: target.rule.clone(), stream: target.stream.clone(), token: target.token.clone() };
    let (job, _store) = send::job(&here, db).await?;
    let report = sink::send(job, Arc::new(|_| {}), CancellationToken::new(), Arc::new(SystemClock)).await;
    if report.complete { Ok(kept) } else { Err(format!("{report:?}")) }
}

fn write(bodies: &Bodies, file: &str) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(file)?);
    for (nth, body) in bodies.lock().unwrap_or_else(PoisonError::into_inner).iter().enumerate() {
        file.write_all(if nth == 0 { b"[" } else { b"," })?;
        file.write_all(&body[1..body.len() - 1])?;
    }
    file.write_all(b"]")?;
    file.flush()
}

fn read(db: &str) -> rusqlite::Result<u64> {
    let db = Connection::open(db)?;
    db.execute_batch("PRAGMA cache_size = -12288;")?;
    let mut select = db.prepare("SELECT * FROM work_item ORDER BY change")?;
    let (columns, mut count) = (select.column_count(), 0);
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            std::hint::black_box(row.get_ref(column)?);
        }
        count += 1;
    }
    Ok(count)
}

async fn post_all(target: Arc<Target>, bodies: Bodies) -> Outcome<u64> {
    let client = client()?;
    let next = || bodies.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let base = target.url.trim_end_matches('/');
    let url = format!("{base}/dataCollectionRules/{}/streams/{}?api-version=2023-01-01", target.rule, target.stream);
    let mut bytes = 0;
    while let Some(body) = next() {
        bytes += body.len() as u64;
        let packed = tokio::task::spawn_blocking(move || Packed::new(&body)).await.map_err(text)?;
        let request = client.post(&url).bearer_auth(&target.token).body(packed.gzip);
        let request = request.header("content-type", "application/json").header("content-encoding", "gzip");
        request.send().await.and_then(reqwest::Response::error_for_status).map_err(text)?;
    }
    Ok(bytes)
}
