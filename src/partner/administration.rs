//! What a partner can show and change beyond its work items: the installation checklist, mends with an admin's
//! sign-in, and the tokens of a connection.

use std::sync::Arc;

use super::Later;
use crate::model::checklist::{Checklist, ChecklistItem, ItemId};
use crate::model::fault::Fault;
use crate::model::mend::{Change, Done, Mend};
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token_list::{Fingerprint, HeldToken, TokenList};

/// What happens while a checklist is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChecklistEvent {
    /// An item is being looked at.
    Started(ItemId),
    /// An item was looked at.
    Ended(Box<ChecklistItem>),
}

/// Told of each event, in order.
pub type Tell<'a> = &'a mut (dyn FnMut(ChecklistEvent) + Send);

/// The installation checklist of a product.
pub trait Checks: Send + Sync {
    /// The items of its checklist, in order.
    fn items(&self) -> Vec<ItemId>;

    /// Looks at every item with the integration user's eyes. It never fails as a call: what could not be asked is
    /// an item's outcome. Without a live sign-in one is tried once, and every item then says so.
    fn checklist<'a>(&'a self, tell: Tell<'a>) -> Later<'a, Checklist>;

    /// Looks at an item that is looked at only when somebody asks for it, such as a test that sends the secret; none
    /// where it is no such item. The asset says what is sent to whom.
    fn on_request<'a>(&'a self, item: &ItemId) -> Option<Later<'a, ChecklistItem>> {
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
    fn admin_session(&self, user_name: String, password: Secret) -> Later<'_, Result<Arc<dyn AdminSession>, Fault>>;
}

/// The life of a connection's tokens.
pub trait TokenLife: Send + Sync {
    /// What we hold, and what the integration user may see of what the product holds.
    fn tokens(&self) -> Later<'_, Result<TokenList, Fault>>;

    /// Signs in again, and stores the new tokens with the replaced ones beside them, in one
    /// write: whatever is cut off, one of the two sign-ins is stored and works. Says how the new tokens compare.
    /// The password is of no use where the application signs in by itself.
    ///
    /// Fails with [`Fault::SignInRefused`], or what kept an answer from coming; the old tokens then stand.
    fn sign_in_again(&self, password: Option<Secret>) -> Later<'_, Result<Renewed, Fault>>;

    /// Renews the tokens by the refresh token, and stores them with the replaced ones beside them: so a new client
    /// secret is proven without a password.
    ///
    /// Fails with [`Fault::SignedOut`] without a refresh token, [`Fault::SignInRefused`], or what kept an answer from
    /// coming; the old tokens then stand.
    fn refresh_again(&self) -> Later<'_, Result<Renewed, Fault>>;

    /// One call with the stored tokens; an access token that is over is renewed first.
    ///
    /// Fails with what the call met: as long as it fails nothing may be revoked.
    fn prove(&self) -> Later<'_, Result<(), Fault>>;

    /// Puts the tokens replaced last back in place, because the new ones do not work; whether there were any.
    fn restore(&self) -> Later<'_, Result<bool, Fault>>;

    /// Whether replaced tokens are waiting to be revoked, as after a rotation that was cut off.
    fn has_retired(&self) -> Later<'_, Result<bool, Fault>>;

    /// Revokes every replaced token that is not in use, and forgets each once it was seen to be refused, or the
    /// product has no way to revoke it. Says which were revoked.
    ///
    /// Fails with [`Fault::NotRevoked`] or what kept it from being seen; what is not yet revoked is kept.
    fn revoke_retired(&self) -> Later<'_, Result<Vec<HeldToken>, Fault>>;

    /// Revokes one token that we hold, by its fingerprint; the stored tokens stay as they are. If it was the refresh
    /// token in use the connection is signed out, and the caller forgets its tokens.
    ///
    /// Fails with [`Fault::NotFound`], [`Fault::NotRevoked`], [`Fault::CannotRevoke`], or what kept an answer from
    /// coming.
    fn revoke_held<'a>(&'a self, token: &'a Fingerprint) -> Later<'a, Result<HeldToken, Fault>>;
}

/// An admin who is signed in for this session.
pub trait AdminSession: Send + Sync {
    /// Who it is.
    fn user_name(&self) -> &str;

    /// Looks at every item with the admin's eyes.
    fn checklist<'a>(&'a self, tell: Tell<'a>) -> Later<'a, Checklist>;

    /// The exact changes that [`apply`](Self::apply) would make now; none if all is as it should be already.
    ///
    /// Fails with what kept the product from being looked at, or makes the mend impossible.
    fn preview<'a>(&'a self, mend: &'a Mend) -> Later<'a, Result<Vec<Change>, Fault>>;

    /// Makes the changes, one by one, and looks again: it succeeds only if the product then shows them.
    /// `password` is that of a user to be made.
    ///
    /// Fails with what the product refused, or [`Fault::NotApplied`] if it took a change and does not show it.
    fn apply<'a>(&'a self, mend: &'a Mend, password: Option<Secret>) -> Later<'a, Result<Done, Fault>>;

    /// What we hold, and what the instance holds for the connection's application and user.
    fn tokens(&self) -> Later<'_, Result<TokenList, Fault>>;

    /// Revokes a token that the instance lists, by the id of its row: by its value where that is shown, else by
    /// deleting the row. Succeeds only when it was seen to be refused or gone.
    ///
    /// Fails with [`Fault::NotRevoked`], or what the product refused.
    fn revoke<'a>(&'a self, id: &'a str) -> Later<'a, Result<(), Fault>>;

    /// Ends the session: its tokens are revoked, unless the connection itself holds the same ones.
    ///
    /// Fails if one of them still works or that could not be seen.
    fn end(&self) -> Later<'_, Result<(), Fault>>;
}
