//! The service that rows are sent to.

use std::io::Read as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What happens to a request.
#[derive(Clone)]
pub enum Verdict {
    /// Its rows are stored, and it is told.
    Accept,
    /// Its rows are stored, and nobody is told.
    AcceptAndSaySilence,
    /// This status and code.
    Refuse(u16, &'static str),
    /// 429 with so many seconds.
    Throttle(u64),
}

/// A request as the service saw it.
pub struct Asked {
    /// Its number, from 0.
    pub number: usize,
    /// The stream.
    pub stream: String,
    /// The rows.
    pub rows: Vec<Value>,
    /// Their bytes, unpacked.
    pub bytes: usize,
}

type Judge = Box<dyn FnMut(&Asked) -> Verdict + Send>;

/// What it has.
#[derive(Default)]
pub struct Kept {
    /// Rows of work items, as often as they were stored.
    pub items: Vec<Value>,
    /// Rows of the log table.
    pub log: Vec<Value>,
    /// The unpacked size of each request.
    pub requests: Vec<usize>,
}

/// The service.
pub struct Service {
    /// Its endpoint.
    pub url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Service {
    /// One that judges requests so.
    pub async fn start(judge: impl FnMut(&Asked) -> Verdict + Send + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self::listen(listener, judge)
    }

    /// One that takes everything.
    pub async fn taking() -> Self {
        Self::start(|_| Verdict::Accept).await
    }

    /// One on a port that is bound already; begins inside of a runtime.
    pub fn listen(listener: std::net::TcpListener, judge: impl FnMut(&Asked) -> Verdict + Send + 'static) -> Self {
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept: Arc<Mutex<Kept>> = Arc::default();
        let judge: Arc<Mutex<Judge>> = Arc::new(Mutex::new(Box::new(judge)));
        let log = kept.clone();
        let app = Router::new().fallback(move |request: Request| answer(request, log.clone(), judge.clone()));
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, kept }
    }

    /// Rows of work items, as often as they were stored.
    pub fn items(&self) -> Vec<Value> {
        self.kept().items.clone()
    }

    /// Rows of the log table.
    pub fn log(&self) -> Vec<Value> {
        self.kept().log.clone()
    }

    /// The unpacked size of each request.
    pub fn requests(&self) -> Vec<usize> {
        self.kept().requests.clone()
    }

    /// What it has; locked while it is held.
    pub fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }
}

async fn answer(request: Request, kept: Arc<Mutex<Kept>>, judge: Arc<Mutex<Judge>>) -> Response {
    let stream = request.uri().path().rsplit('/').next().unwrap().to_owned();
    let packed = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let mut body = String::new();
    flate2::read::GzDecoder::new(packed.as_ref()).read_to_string(&mut body).unwrap();
    let rows: Vec<Value> = serde_json::from_str(&body).unwrap();
    let asked = {
        let mut kept = kept.lock().unwrap();
        kept.requests.push(body.len());
        Asked { number: kept.requests.len() - 1, stream, rows, bytes: body.len() }
    };
    let verdict = (judge.lock().unwrap())(&asked);
    if matches!(verdict, Verdict::Accept | Verdict::AcceptAndSaySilence) {
        let mut kept = kept.lock().unwrap();
        let log = asked.stream == "Custom-ServiceDeskLog_CL";
        if log { kept.log.extend(asked.rows) } else { kept.items.extend(asked.rows) }
    }
    match verdict {
        Verdict::Accept => StatusCode::NO_CONTENT.into_response(),
        Verdict::AcceptAndSaySilence => std::future::pending().await,
        Verdict::Throttle(seconds) => {
            let body = json!({ "error": { "code": "TooManyRequests", "message": "" } }).to_string();
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", seconds.to_string())], body).into_response()
        }
        Verdict::Refuse(status, code) => {
            let body = json!({ "error": { "code": code, "message": code } }).to_string();
            let kind = [("content-type", "application/json")];
            (StatusCode::from_u16(status).unwrap(), kind, body).into_response()
        }
    }
}
