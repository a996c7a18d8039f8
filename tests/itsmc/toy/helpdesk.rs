//! The whole client of a made-up helpdesk: its sign-in, its pages, its steps. Everything else is shared.

use std::sync::Arc;

use itsmc::model::check::{Finding, Status, Step, StepId};
use itsmc::model::connection::Connection;
use itsmc::model::fault::Fault;
use itsmc::model::secret::Secret;
use itsmc::model::sync::{Page, PageRequest, Window};
use itsmc::model::token::{SignIn as Signed, Tokens};
use itsmc::model::token_list::TokenKind;
use itsmc::model::work_item::{Value, WorkItemKind};
use itsmc::net::http::{Http, PAGE_LIMIT_BYTES, Reply, SMALL_LIMIT_BYTES};
use itsmc::partner::live_test::{self, Steps};
use itsmc::partner::mapping::{self, Columns};
use itsmc::partner::session::{Session, SignIn};
use itsmc::partner::{Access, BoxFuture, Partner, TokenLife};
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

pub fn connect(access: Access) -> Result<Arc<dyn Partner>, Fault> {
    let http = Http::new(&access.connection.server_url, &access.http_config())?;
    let flow = Flow { http, username: access.connection.username.clone() };
    let name = access.connection.name.to_string();
    let tickets = Columns::new(&access.spec.work_items[0])?;
    let session = Session::new(flow, name, access.password, access.token_store);
    Ok(Arc::new(Helpdesk { connection: access.connection, tickets, session }))
}

struct Flow {
    http: Http,
    username: String,
}

impl SignIn for Flow {
    fn http(&self) -> &Http {
        &self.http
    }

    fn authenticate(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>> {
        Box::pin(async move {
            let Some(password) = password else { return Ok(None) };
            let form = Zeroizing::new(format!("user={}&password={}", self.username, password.expose()));
            let reply = self.check(self.http.post_form("/token", form, SMALL_LIMIT_BYTES).await?, "token")?;
            let now = Timestamp::now();
            let access = Secret::new(String::from_utf8_lossy(&reply.body));
            let access_expires = now + SignedDuration::from_hours(1);
            Ok(Some(Tokens { access, access_expires, refresh: None, sign_in: Signed::without_end(now) }))
        })
    }

    fn refresh<'a>(&'a self, _: &'a Tokens, _: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>> {
        Box::pin(async { Err(Fault::Internal { what: "it gives no refresh tokens".to_owned() }) })
    }

    fn needs_password(&self) -> bool {
        true
    }

    fn proof(&self) -> (String, &'static str) {
        ("/tickets?limit=1".to_owned(), "tickets")
    }

    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault> {
        match reply.status {
            200 => Ok(reply),
            401 => Err(Fault::SignInRefused { host: reply.host, detail: String::new() }),
            status => {
                Err(Fault::PartnerError { status, message: what.into(), detail: String::new(), transaction: None })
            }
        }
    }

    fn revoke<'a>(&'a self, _: TokenKind, _: &'a Secret, _: Option<&'a Tokens>) -> BoxFuture<'a, Result<bool, Fault>> {
        Box::pin(async { Ok(false) })
    }
}

struct Helpdesk {
    connection: Connection,
    tickets: Columns,
    session: Session<Flow>,
}

impl Helpdesk {
    async fn tickets(&self, request: &PageRequest) -> Result<Page, Fault> {
        let from = request.after.as_ref().map_or(request.window.from, |after| after.updated_at);
        let id = request.after.as_ref().map_or("", |after| after.source_id.as_str());
        let path = format!("/tickets?from={from}&id={id}&limit={}", request.limit);
        let reply = self.session.fetch(&path, "tickets", PAGE_LIMIT_BYTES).await?;
        let malformed =
            |error: serde_json::Error| Fault::Malformed { what: "tickets".into(), detail: error.to_string() };
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&reply.body).map_err(malformed)?;
        let item = |row: &serde_json::Value| {
            mapping::work_item(&self.tickets, |_, column| row[&*column.from].as_str().map(Value::plain))
        };
        let inside = |at: Timestamp| request.window.before.is_none_or(|before| at < before);
        let items: Vec<_> = rows.iter().filter_map(item).filter(|item| inside(item.updated_at)).collect();
        Ok(Page {
            items,
            hidden: 0,
            total: None,
            bytes: reply.body.len() as u64,
            rate: None,
            notes: Default::default(),
        })
    }
}

impl Steps for Helpdesk {
    const SKEW_FAILED_SECONDS: u64 = 900;

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn network(&self) -> &Http {
        self.session.http()
    }

    async fn sign_in(&self) -> Result<Finding, Fault> {
        live_test::signed_in(&self.session).await
    }

    async fn dated_reply(&self) -> Result<Reply, Fault> {
        self.session.fetch("/tickets?limit=1", "tickets", SMALL_LIMIT_BYTES).await
    }

    async fn check_user(&self) -> Step {
        Step::todo(StepId::User)
    }

    async fn newest(&self, kind: WorkItemKind) -> Result<(Status, Finding), Fault> {
        let window = Window { from: Timestamp::UNIX_EPOCH, before: None };
        let first = PageRequest { kind, window, after: None, offset: 0, limit: 1, count: false, lean: false };
        let page = self.tickets(&first).await?;
        Ok((Status::Passed, Finding::NoRow { total: Some(page.items.len() as u64) }))
    }
}

impl Partner for Helpdesk {
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step> {
        Box::pin(live_test::run_step(self, step))
    }

    fn count(&self, _: WorkItemKind, _: Window) -> BoxFuture<'_, Result<u64, Fault>> {
        Box::pin(async { Err(Fault::NotFound { what: "a count".to_owned() }) })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(self.tickets(request))
    }

    fn requests(&self) -> u64 {
        self.session.http().requests()
    }

    fn token_life(&self) -> Option<&dyn TokenLife> {
        Some(&self.session)
    }
}
