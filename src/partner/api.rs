//! The interface of a product: [`Partner`], and a trait for each optional ability.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use crate::model::check::{Step, StepId};
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::fault::Fault;
use crate::model::finding::SyncFinding;
use crate::model::fix::{Change, Done, Fix};
use crate::model::mapping::{Drift, MappingFile};
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::sweep::{Found, SweepPage, SweepRequest};
use crate::model::sync::{Page, PageRequest, SlicePosition, Window};
use crate::model::ticket::{
    Listed, Listing, Operation, Ticket, TicketDraft, TicketFinding, TicketKey, TicketKind, Way,
};
use crate::model::token::{Retired, Tokens};
use crate::model::token_list::{Fingerprint, HeldToken, TokenList};
use crate::model::work_item::WorkItemKind;
use crate::net::BoxFuture;
use crate::net::http::Http;
use crate::partner::pager::{KeysetPager, Pager};
use crate::partner::totals::Totals;

/// One connected instance of a product. Calls are independent: several may run at once.
pub trait Partner: Send + Sync {
    /// Runs one step. It never fails as a call: its outcome is the step's. Steps share no state, so that one can be run again
    /// alone.
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step>;

    /// How many rows a window of change times holds, for previews and progress.
    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>>;

    /// One page of rows in the order of (changed, id), verified to be in that order and inside the window.
    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>>;

    /// Reads a slice from a position on; `totals` says whether the product's totals can be trusted in this sync.
    fn pager(&self, window: Window, from: SlicePosition, _totals: Arc<Totals>) -> Box<dyn Pager> {
        Box::new(KeysetPager::new(window, from))
    }

    /// Whether [`count`](Self::count) is exactly the number of rows of a sync of the same window, hidden rows included. Then the
    /// two are compared, and a sync that brought fewer rows reports it.
    fn counts_exactly(&self) -> bool {
        false
    }

    /// The product's own name of the column that fills an attribute, if it is known without a request.
    fn column(&self, _kind: WorkItemKind, _attribute: &str) -> Option<String> {
        None
    }

    /// How many requests were made through it so far.
    fn requests(&self) -> u64;

    /// The client of the product's own interface, for facts beside the bodies of its replies, such as the product's time.
    fn http(&self) -> Option<&Http> {
        None
    }

    /// Findings beside rows since the connection was opened, such as a binding that drifted. Read at the end of a sync, and shown
    /// in its report, in `status` and in the tile.
    fn findings(&self) -> Vec<SyncFinding> {
        Vec::new()
    }

    /// Whether this user may see values of an attribute: reads rows in which it is not empty. `None` if that is unknown, or no
    /// row has a value. Called when stored values would be emptied, and at each sync for attributes noted as hidden.
    fn shows<'a>(&'a self, _kind: WorkItemKind, _attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How long a change may stay invisible after it was made: an increment begins at least this much earlier.
    fn overlap(&self) -> SignedDuration {
        SignedDuration::ZERO
    }

    /// Its checklist, where the product has one.
    fn checks(&self) -> Option<&dyn Checks> {
        None
    }

    /// Its tokens, where a sign-in gives some.
    fn token_life(&self) -> Option<&dyn TokenLife> {
        None
    }

    /// How everything in scope is swept, if the product's interface permits it.
    fn sweep(&self) -> Option<&dyn Sweep> {
        None
    }

    /// How tickets are written into it, if the product's interface permits it.
    fn tickets(&self) -> Option<&dyn Tickets> {
        None
    }

    /// The current binding as a mapping file that the admin may correct; `None` for a product whose tables and columns are known
    /// beforehand.
    ///
    /// Fails with the reason why the product's own description could not be read.
    fn mapping_file(&self) -> BoxFuture<'_, Result<Option<String>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// The current binding, to be stored with the connection: it comes back in `Access::kept` and is used again. Kinds in the
    /// admin's own mapping are left out, and so are those that cannot be bound.
    /// `None` for a product whose tables and columns are known beforehand.
    ///
    /// Fails with the reason why the product's own description could not be read.
    fn binding(&self) -> BoxFuture<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How the product's current description differs from the stored binding.
    ///
    /// Fails with the reason why the description could not be read.
    fn drift(&self) -> BoxFuture<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What an admin of the product can do through itsmc, if anything.
    fn administration(&self) -> Option<&dyn Administration> {
        None
    }
}

/// How a product is swept: everything in scope by id, and single rows by id.
///
/// Optional: a product whose interface can neither list ids nor read one row has none, and says so.
pub trait Sweep: Send + Sync {
    /// One page of ids, change times and change counters, as large as the product allows and with as few columns.
    ///
    /// Fails with the product's error. A page that may or may not be the last one is a fault.
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>>;

    /// Reads rows by their ids, at most [`Self::fetch_limit`] at once, wherever their change times lie. Every id comes
    /// back once, with what became of it.
    fn fetch<'a>(&'a self, kind: WorkItemKind, ids: &'a [String])
    -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>>;

    /// How many ids one call of [`Self::fetch`] takes.
    fn fetch_limit(&self) -> usize;
}

/// A ticket to be looked at or changed.
#[derive(Debug, Clone, Copy)]
pub struct TicketAt<'a> {
    /// What it is for.
    pub key: &'a TicketKey,
    /// Incident, event or alert.
    pub kind: TicketKind,
    /// The product's id of it, once it was seen there.
    pub id: Option<&'a str>,
}

/// What a product shows of a ticket that was looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Lookup {
    /// It is there.
    There(Box<Written>),
    /// It is not there, as far as the product shows now.
    Absent,
    /// The product does not tell, with the reason: nothing may be sent again.
    CannotTell(Fault),
}

impl Lookup {
    /// The same as an answer to whether the ticket has the note of this number.
    pub fn of_note(self, number: u32) -> Self {
        match self {
            Self::There(found) if found.ticket.noted.unwrap_or(0) < number => Self::Absent,
            found => found,
        }
    }
}

/// A ticket as the product shows it after a write or a search, with what was noticed.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The ticket.
    pub ticket: Ticket,
    /// What was noticed.
    pub findings: Vec<TicketFinding>,
}

/// When an operation may be sent again after its reply was lost and the product does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// At once: sent twice it has the effect of once.
    Harmless,
    /// After the product can no longer carry the first one out, and shows all that it did.
    WhenSettled,
}

/// How tickets are written into a product, each exactly once.
///
/// Who calls it has stored the operation before, and holds the lock of the connection: nobody else writes for it. After a
/// fault that leaves open whether a write was carried out, [`find`](Self::find) and [`noted`](Self::noted) tell; only what
/// is not there is sent again, not before [`repeat`](Self::repeat) says.
pub trait Tickets: Send + Sync {
    /// Whether it makes tickets of this kind in this way.
    fn offers(&self, kind: TicketKind, way: Way) -> bool;

    /// When an operation may be sent again.
    fn repeat(&self, operation: &Operation) -> Repeat;

    /// Whether it may show a change late, as from a cache.
    fn lags(&self) -> bool {
        false
    }

    /// Whether a configuration item that it makes for a ticket would be made twice, if it is asked for again while an earlier
    /// request for it may still be carried out, or is not shown yet. Within one client it takes care of that itself.
    fn doubles_items(&self) -> bool {
        false
    }

    /// Looks for a ticket by its id, else by what our key left in it.
    ///
    /// Fails with the reason why the product could not be asked.
    fn find<'a>(&'a self, at: TicketAt<'a>) -> BoxFuture<'a, Result<Lookup, Fault>>;

    /// Makes a ticket, and reads it back.
    ///
    /// Fails with the product's refusal, or why it is not known what became of it.
    fn open<'a>(&'a self, key: &'a TicketKey, draft: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>>;

    /// Does what belongs to a ticket that is there, after [`open`](Self::open) or once it was found after its reply was lost:
    /// its configuration item, where that is no part of the request that opens it.
    ///
    /// Fails as [`open`](Self::open).
    fn complete<'a>(&'a self, found: Written, _: &'a TicketDraft) -> BoxFuture<'a, Result<Written, Fault>> {
        Box::pin(async { Ok(found) })
    }

    /// Changes fields of a ticket, and reads them back.
    ///
    /// Fails as [`open`](Self::open).
    fn update<'a>(
        &'a self,
        at: TicketAt<'a>,
        fields: &'a BTreeMap<String, String>,
    ) -> BoxFuture<'a, Result<Written, Fault>>;

    /// Adds a note with its number.
    ///
    /// Fails as [`open`](Self::open).
    fn note<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>>;

    /// Whether the note of this number and text is on the ticket; [`Lookup::Absent`] if it is not.
    ///
    /// Fails as [`find`](Self::find).
    fn noted<'a>(&'a self, at: TicketAt<'a>, number: u32, text: &'a str) -> BoxFuture<'a, Result<Lookup, Fault>>;

    /// Resolves a ticket, with the reason and the close code, and reads it back.
    ///
    /// Fails as [`open`](Self::open).
    fn resolve<'a>(
        &'a self,
        at: TicketAt<'a>,
        text: &'a str,
        code: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Written, Fault>>;

    /// Opens a resolved ticket again, and reads it back. A closed one is not: the finding says so.
    ///
    /// Fails as [`open`](Self::open).
    fn reopen<'a>(&'a self, at: TicketAt<'a>, text: &'a str) -> BoxFuture<'a, Result<Written, Fault>>;

    /// Lists records that a rule can name and whose name holds this text; `None` where the product's interface has no such
    /// list.
    ///
    /// Fails with the reason why the product could not be asked.
    fn listed<'a>(&'a self, _what: Listing, _part: &'a str) -> BoxFuture<'a, Result<Option<Listed>, Fault>> {
        Box::pin(async { Ok(None) })
    }
}

/// The progress of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChecklistEvent {
    /// The check of an item began.
    Started(ItemId),
    /// The check of an item ended.
    Ended(Box<ChecklistItem>),
}

/// Told of each event, in order.
pub type OnProgress<'a> = &'a mut (dyn FnMut(ChecklistEvent) + Send);

/// The installation checklist of a product.
pub trait Checks: Send + Sync {
    /// The items of its checklist, in order.
    fn items(&self) -> Vec<ItemId>;

    /// Checks every item as the integration user. It never fails as a call: a question without an answer is an item's outcome.
    /// Without a live sign-in, one is tried once, and every item then says so.
    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist>;

    /// Checks an item that runs on request only, such as a test that sends the secret; `None` for any other item. The asset says
    /// what is sent to whom.
    fn on_request<'a>(&'a self, item: &ItemId) -> Option<BoxFuture<'a, ChecklistItem>> {
        let _ = item;
        None
    }
}

/// What an admin of the product can do for a connection.
pub trait Administration: Send + Sync {
    /// Signs an admin in, for this session only: the tokens stay in memory and are revoked by
    /// [`AdminSession::end`], or with best effort when the session is dropped.
    ///
    /// Fails with [`Fault::AdminRefused`], or why no answer came.
    fn admin_session(&self, user_name: String, password: Secret)
    -> BoxFuture<'_, Result<Arc<dyn AdminSession>, Fault>>;
}

/// The life of a connection's tokens.
pub trait TokenLife: Send + Sync {
    /// The tokens of this connection, and those of the product that the integration user may see.
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>>;

    /// Signs in again, and stores the new tokens together with the replaced ones in one write: wherever it is cut off, one of the
    /// two sign-ins is stored and works. Returns how the new tokens compare. The password is ignored if the application signs in
    /// by itself.
    ///
    /// Fails with [`Fault::SignInRefused`], or why no answer came; the old tokens are then kept.
    fn sign_in_again(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Renewed, Fault>>;

    /// Renews the tokens by the refresh token, and stores them together with the replaced ones. This proves a new client secret
    /// without a password.
    ///
    /// Fails with [`Fault::SignedOut`] without a refresh token, [`Fault::SignInRefused`], or why no answer
    /// came; the old tokens are then kept.
    fn refresh_again(&self) -> BoxFuture<'_, Result<Renewed, Fault>>;

    /// One call with the stored tokens; an expired access token is renewed first.
    ///
    /// Fails with the fault of the call; as long as it fails, nothing may be revoked.
    fn prove(&self) -> BoxFuture<'_, Result<(), Fault>>;

    /// Restores the tokens replaced last, because the new ones do not work; returns whether there were any.
    fn restore(&self) -> BoxFuture<'_, Result<bool, Fault>>;

    /// Whether replaced tokens are waiting to be revoked, as after a rotation that was cut off.
    fn has_retired(&self) -> BoxFuture<'_, Result<bool, Fault>>;

    /// Revokes every replaced token that is not in use, and deletes each once the product refuses it or cannot revoke it. Returns
    /// the revoked ones.
    ///
    /// Fails with [`Fault::NotRevoked`], or why that could not be checked; tokens not yet revoked are kept.
    fn revoke_retired(&self) -> BoxFuture<'_, Result<Vec<HeldToken>, Fault>>;

    /// Revokes one token of this connection, by its fingerprint; the stored tokens stay as they are. If it was the refresh token
    /// in use, the connection is signed out, and the caller deletes its tokens.
    ///
    /// Fails with [`Fault::NotFound`], [`Fault::NotRevoked`], [`Fault::CannotRevoke`], or why no answer
    /// came.
    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> BoxFuture<'a, Result<HeldToken, Fault>>;
}

/// An admin who is signed in for this session.
pub trait AdminSession: Send + Sync {
    /// Who it is.
    fn user_name(&self) -> &str;

    /// Checks every item as the admin.
    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist>;

    /// The exact changes that [`apply`](Self::apply) would make now; none if nothing needs to change.
    ///
    /// Fails with the reason why the product could not be read, or why the fix is impossible.
    fn preview<'a>(&'a self, fix: &'a Fix) -> BoxFuture<'a, Result<Vec<Change>, Fault>>;

    /// Makes the changes one by one, and reads them back: it succeeds only if the product then shows them.
    /// `password` is that of a user to be made.
    ///
    /// Fails with the product's refusal, or [`Fault::NotApplied`] if it accepted a change but does not show it.
    fn apply<'a>(&'a self, fix: &'a Fix, password: Option<Secret>) -> BoxFuture<'a, Result<Done, Fault>>;

    /// The tokens of this connection, and those that the instance lists for its application and user.
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>>;

    /// Revokes a token that the instance lists, by the id of its row: by its value if that is shown, else by deleting the row.
    /// Succeeds only if the token is then refused or gone.
    ///
    /// Fails with [`Fault::NotRevoked`], or the product's refusal.
    fn revoke<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), Fault>>;

    /// Ends the session: its tokens are revoked, unless the connection itself holds the same ones.
    ///
    /// Fails if one of them still works, or that could not be checked.
    fn end(&self) -> BoxFuture<'_, Result<(), Fault>>;
}

/// Makes new tokens from the stored ones; called while the token store is locked.
pub type Renewal = Box<dyn FnOnce(Option<Tokens>) -> BoxFuture<'static, Result<Tokens, Fault>> + Send>;

/// Where a connection's tokens are kept. Several processes may share one place.
pub trait TokenStore: Send + Sync {
    /// The tokens held now.
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>>;

    /// Reads the held tokens, lets `renewal` make new ones (or return the held ones, if another process has
    /// renewed them meanwhile), and stores the outcome, all under one lock.
    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>>;

    /// As [`renew`](Self::renew), and keeps the replaced tokens with the new ones, in the same write,
    /// until [`forget_retired`](Self::forget_retired).
    /// A token store without a place for them refuses before any request.
    fn rotate(&self, _: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            Err(Fault::Internal { what: "this token store has no place for replaced tokens".to_owned() })
        })
    }

    /// The replaced tokens that are not revoked yet, oldest first.
    fn retired(&self) -> BoxFuture<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Deletes these, because the product refuses them now.
    fn forget_retired(&self, _: Vec<Retired>) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}
