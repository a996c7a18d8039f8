//! What a product can do: [`Partner`], and its optional abilities as traits of their own.

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
use crate::model::sync::{Page, PageRequest, Window};
use crate::model::token::{Retired, Tokens};
use crate::model::token_list::{Fingerprint, HeldToken, TokenList};
use crate::model::work_item::WorkItemKind;
use crate::net::BoxFuture;
use crate::net::http::Http;

/// One connected instance of a product. Calls are independent: several may run at once.
pub trait Partner: Send + Sync {
    /// Runs one step; it never fails as a call, its outcome is the step's. Stateless towards the others, so
    /// that a step can be run again alone.
    fn run_step(&self, step: StepId) -> BoxFuture<'_, Step>;

    /// How many rows a window of change times holds, for previews and progress.
    fn count(&self, kind: WorkItemKind, window: Window) -> BoxFuture<'_, Result<u64, Fault>>;

    /// One page of rows in the order of (changed, id), verified to be in that order and inside the window.
    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, Fault>>;

    /// Whether [`count`](Self::count) counts to the row what a sync of the same window brings, hidden rows included. Then
    /// the two are compared, and a sync that brought less says so.
    fn counts_exactly(&self) -> bool {
        false
    }

    /// The product's own name of the column that fills an attribute, where that is known without asking.
    fn column(&self, _kind: WorkItemKind, _attribute: &str) -> Option<String> {
        None
    }

    /// How many requests were made through it so far.
    fn requests(&self) -> u64;

    /// The client of the product's own interface: what its replies tell beside their bodies, such as the product's time.
    fn http(&self) -> Option<&Http> {
        None
    }

    /// What was noticed beside rows since the connection was opened, such as a binding that drifted. Asked at the end of
    /// a sync; what is told there stands in its report, in `status` and in the tile.
    fn findings(&self) -> Vec<SyncFinding> {
        Vec::new()
    }

    /// Whether this user may see values of an attribute: asks for rows in which the product says that it is not empty.
    /// `None` where that cannot be told, or no row has a value. Asked when stored values would be emptied, and at each sync
    /// for attributes that are noted as hidden.
    fn shows<'a>(&'a self, _kind: WorkItemKind, _attribute: &'a str) -> BoxFuture<'a, Result<Option<bool>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How long a change may stay hidden after it was made: an increment begins at least so much earlier.
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

    /// How everything in scope is swept, where the product's interface allows it.
    fn sweep(&self) -> Option<&dyn Sweep> {
        None
    }

    /// How it is bound to the product now, as a mapping file that the admin may correct; `None` for a product whose
    /// tables and columns are known beforehand.
    ///
    /// Fails with what kept the product's own description from being read.
    fn mapping_file(&self) -> BoxFuture<'_, Result<Option<String>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How it is bound to the product now, to be kept with the connection: what is kept comes back in `Access::kept` and is
    /// bound again as it was. Kinds that the admin's own mapping names are left out, and so are those that cannot be bound.
    /// `None` for a product whose tables and columns are known beforehand.
    ///
    /// Fails with what kept the product's own description from being read.
    fn binding(&self) -> BoxFuture<'_, Result<Option<MappingFile>, Fault>> {
        Box::pin(async { Ok(None) })
    }

    /// How the product's description differs now from what is kept.
    ///
    /// Fails with what kept the description from being read.
    fn drift(&self) -> BoxFuture<'_, Result<Vec<Drift>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What an admin of the product can do, where this program can do it.
    fn administration(&self) -> Option<&dyn Administration> {
        None
    }
}

/// How a product is swept: everything in scope by id, and single rows by id.
///
/// Optional: a product whose interface offers no way to list ids or to read one row has none, and says so.
pub trait Sweep: Send + Sync {
    /// One page of ids, change times and change counters, as large as the product allows and with as few columns.
    ///
    /// Fails with what the product answered. A page that does not say for sure whether it is the last one is a fault.
    fn marks<'a>(&'a self, request: &'a SweepRequest) -> BoxFuture<'a, Result<SweepPage, Fault>>;

    /// Reads rows by their ids, at most [`Self::fetch_limit`] at once, wherever their change times lie. Every id comes
    /// back once, with what became of it.
    fn fetch<'a>(&'a self, kind: WorkItemKind, ids: &'a [String])
    -> BoxFuture<'a, Result<Vec<(String, Found)>, Fault>>;

    /// How many ids one call of [`Self::fetch`] takes.
    fn fetch_limit(&self) -> usize;
}

/// What happens while a checklist is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChecklistEvent {
    /// An item is being looked at.
    Started(ItemId),
    /// An item was looked at.
    Ended(Box<ChecklistItem>),
}

/// Told of each event, in order.
pub type OnProgress<'a> = &'a mut (dyn FnMut(ChecklistEvent) + Send);

/// The installation checklist of a product.
pub trait Checks: Send + Sync {
    /// The items of its checklist, in order.
    fn items(&self) -> Vec<ItemId>;

    /// Looks at every item with the integration user's eyes. It never fails as a call: what could not be asked is
    /// an item's outcome. Without a live sign-in one is tried once, and every item then says so.
    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist>;

    /// Looks at an item that is looked at only when somebody asks for it, such as a test that sends the secret; none
    /// where it is no such item. The asset says what is sent to whom.
    fn on_request<'a>(&'a self, item: &ItemId) -> Option<BoxFuture<'a, ChecklistItem>> {
        let _ = item;
        None
    }
}

/// What an admin of the product can do for a connection.
pub trait Administration: Send + Sync {
    /// Signs an admin in, for this session only: the tokens stay in memory and are revoked by
    /// [`AdminSession::end`], or as well as can be when the session is dropped.
    ///
    /// Fails with [`Fault::AdminRefused`], or what kept an answer from coming.
    fn admin_session(&self, user_name: String, password: Secret)
    -> BoxFuture<'_, Result<Arc<dyn AdminSession>, Fault>>;
}

/// The life of a connection's tokens.
pub trait TokenLife: Send + Sync {
    /// What we hold, and what the integration user may see of what the product holds.
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>>;

    /// Signs in again, and stores the new tokens with the replaced ones beside them, in one
    /// write: whatever is cut off, one of the two sign-ins is stored and works. Says how the new tokens compare.
    /// The password is of no use where the application signs in by itself.
    ///
    /// Fails with [`Fault::SignInRefused`], or what kept an answer from coming; the old tokens then stand.
    fn sign_in_again(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Renewed, Fault>>;

    /// Renews the tokens by the refresh token, and stores them with the replaced ones beside them: so a new client
    /// secret is proven without a password.
    ///
    /// Fails with [`Fault::SignedOut`] without a refresh token, [`Fault::SignInRefused`], or what kept an answer from
    /// coming; the old tokens then stand.
    fn refresh_again(&self) -> BoxFuture<'_, Result<Renewed, Fault>>;

    /// One call with the stored tokens; an access token that is over is renewed first.
    ///
    /// Fails with what the call met: as long as it fails nothing may be revoked.
    fn prove(&self) -> BoxFuture<'_, Result<(), Fault>>;

    /// Puts the tokens replaced last back in place, because the new ones do not work; whether there were any.
    fn restore(&self) -> BoxFuture<'_, Result<bool, Fault>>;

    /// Whether replaced tokens are waiting to be revoked, as after a rotation that was cut off.
    fn has_retired(&self) -> BoxFuture<'_, Result<bool, Fault>>;

    /// Revokes every replaced token that is not in use, and forgets each once it was seen to be refused, or the
    /// product has no way to revoke it. Says which were revoked.
    ///
    /// Fails with [`Fault::NotRevoked`] or what kept it from being seen; what is not yet revoked is kept.
    fn revoke_retired(&self) -> BoxFuture<'_, Result<Vec<HeldToken>, Fault>>;

    /// Revokes one token that we hold, by its fingerprint; the stored tokens stay as they are. If it was the refresh
    /// token in use the connection is signed out, and the caller forgets its tokens.
    ///
    /// Fails with [`Fault::NotFound`], [`Fault::NotRevoked`], [`Fault::CannotRevoke`], or what kept an answer from
    /// coming.
    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> BoxFuture<'a, Result<HeldToken, Fault>>;
}

/// An admin who is signed in for this session.
pub trait AdminSession: Send + Sync {
    /// Who it is.
    fn user_name(&self) -> &str;

    /// Looks at every item with the admin's eyes.
    fn checklist<'a>(&'a self, tell: OnProgress<'a>) -> BoxFuture<'a, Checklist>;

    /// The exact changes that [`apply`](Self::apply) would make now; none if all is as it should be already.
    ///
    /// Fails with what kept the product from being looked at, or makes the fix impossible.
    fn preview<'a>(&'a self, fix: &'a Fix) -> BoxFuture<'a, Result<Vec<Change>, Fault>>;

    /// Makes the changes, one by one, and looks again: it succeeds only if the product then shows them.
    /// `password` is that of a user to be made.
    ///
    /// Fails with what the product refused, or [`Fault::NotApplied`] if it took a change and does not show it.
    fn apply<'a>(&'a self, fix: &'a Fix, password: Option<Secret>) -> BoxFuture<'a, Result<Done, Fault>>;

    /// What we hold, and what the instance holds for the connection's application and user.
    fn tokens(&self) -> BoxFuture<'_, Result<TokenList, Fault>>;

    /// Revokes a token that the instance lists, by the id of its row: by its value where that is shown, else by
    /// deleting the row. Succeeds only when it was seen to be refused or gone.
    ///
    /// Fails with [`Fault::NotRevoked`], or what the product refused.
    fn revoke<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), Fault>>;

    /// Ends the session: its tokens are revoked, unless the connection itself holds the same ones.
    ///
    /// Fails if one of them still works or that could not be seen.
    fn end(&self) -> BoxFuture<'_, Result<(), Fault>>;
}

/// Makes new tokens from the held ones; called with the token store's lock held.
pub type Renewal = Box<dyn FnOnce(Option<Tokens>) -> BoxFuture<'static, Result<Tokens, Fault>> + Send>;

/// Where a connection's tokens are kept. Several processes may share one place.
pub trait TokenStore: Send + Sync {
    /// The tokens held now.
    fn load(&self) -> BoxFuture<'_, Result<Option<Tokens>, Fault>>;

    /// Reads the held tokens, lets `renewal` make new ones (or return the held ones, if another process has
    /// renewed them meanwhile), and stores the outcome, all under one lock.
    fn renew(&self, renewal: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>>;

    /// As [`renew`](Self::renew), and keeps the tokens that are replaced beside the new ones, in the same write,
    /// until [`forget_retired`](Self::forget_retired).
    /// A token store that has no place for them refuses before anything is asked for.
    fn rotate(&self, _: Renewal) -> BoxFuture<'_, Result<Tokens, Fault>> {
        Box::pin(async {
            Err(Fault::Internal { what: "this token store has no place for replaced tokens".to_owned() })
        })
    }

    /// The replaced tokens that are not revoked yet, oldest first.
    fn retired(&self) -> BoxFuture<'_, Result<Vec<Retired>, Fault>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Forgets these, because they were seen to be refused.
    fn forget_retired(&self, _: Vec<Retired>) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}
