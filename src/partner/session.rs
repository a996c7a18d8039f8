//! Calls with a bearer token, which is renewed when it expired or was revoked; the same for every product.

mod life;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::model::fault::Fault;
use crate::model::redactor;
use crate::model::rotation::Renewed;
use crate::model::secret::Secret;
use crate::model::token::Tokens;
use crate::model::token_list::TokenKind;
use crate::net::http::{Call, Http, Method, Reply};
use crate::partner::{BoxFuture, Renewal, TokenStore};

/// How a product issues tokens; each partner implements it.
pub trait SignIn: Send + Sync + 'static {
    /// The client of the product's interface.
    fn http(&self) -> &Http;

    /// Signs in again, with the password or with the application's own secret; `None` if that takes a password and none
    /// is at hand.
    ///
    /// Fails with [`Fault::SignInRefused`], or why no answer came.
    fn authenticate(&self, password: Option<Secret>) -> BoxFuture<'_, Result<Option<Tokens>, Fault>>;

    /// Renews the access token by a refresh token.
    ///
    /// Fails with [`Fault::SignInRefused`] if the product no longer accepts it, or why no answer came.
    fn refresh<'a>(&'a self, held: &'a Tokens, refresh: &'a Secret) -> BoxFuture<'a, Result<Tokens, Fault>>;

    /// Whether a new sign-in takes a password.
    fn needs_password(&self) -> bool;

    /// A path whose reply shows whether a bearer token is accepted, and its name in a fault.
    fn proof(&self) -> (String, &'static str);

    /// The fault of an error reply.
    ///
    /// # Errors
    /// The fault it tells of.
    fn check(&self, reply: Reply, what: &str) -> Result<Reply, Fault>;

    /// Revokes a token; `in_use` are those that must live on. `false` if the product has no way to do that: it then
    /// runs out by itself.
    ///
    /// Fails with [`Fault::NotRevoked`], or why that could not be checked.
    fn revoke<'a>(
        &'a self,
        kind: TokenKind,
        token: &'a Secret,
        in_use: Option<&'a Tokens>,
    ) -> BoxFuture<'a, Result<bool, Fault>>;
}

/// The signed-in side of a connection.
pub struct Session<S> {
    flow: Arc<S>,
    connection: String,
    password: Option<Secret>,
    token_store: Arc<dyn TokenStore>,
    /// The tokens in use, so that the token store is not asked at each call.
    used: Mutex<Option<Tokens>>,
    /// The refused refresh token and its fault: it is tried once, however many callers want a token.
    refused: Arc<Mutex<Option<Refused>>>,
}

/// A refusal, with the refresh token that was refused.
struct Refused {
    refresh: Option<Secret>,
    fault: Fault,
}

/// What is to be done if no good token is held.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A token that is good by the clock.
    Good,
    /// Another one than that which was refused.
    Other,
}

impl<S: SignIn> Session<S> {
    /// A session with its tokens in `token_store`; `password` is given only while signing in.
    pub fn new(flow: S, connection: String, password: Option<Secret>, token_store: Arc<dyn TokenStore>) -> Self {
        Self {
            flow: Arc::new(flow),
            connection,
            password,
            token_store,
            used: Mutex::new(None),
            refused: Arc::default(),
        }
    }

    /// The client underneath.
    pub fn http(&self) -> &Http {
        self.flow.http()
    }

    /// How the product gives out tokens.
    pub fn flow(&self) -> &Arc<S> {
        &self.flow
    }

    /// Where the tokens are kept.
    pub fn token_store(&self) -> &dyn TokenStore {
        &*self.token_store
    }

    /// Whether what a new sign-in needs is at hand.
    pub fn can_sign_in(&self) -> bool {
        self.password.is_some() || !self.flow.needs_password()
    }

    /// Signs in again, and stores the tokens.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] if a password is needed and missing; else as [`SignIn::authenticate`] and the token store.
    pub async fn sign_in(&self) -> Result<Tokens, Fault> {
        let (flow, password, signed_out) = (Arc::clone(&self.flow), self.password.clone(), self.signed_out());
        let renewal: Renewal =
            Box::new(move |_| Box::pin(async move { authenticate(&*flow, password, signed_out).await }));
        self.token_store.renew(renewal).await.map(|tokens| self.remember(tokens))
    }

    /// Tokens whose access token may be used now.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] if there is no live sign-in, [`Fault::RefreshRefused`] if the product no longer
    /// takes the refresh token, and why no answer came.
    pub async fn tokens(&self) -> Result<Tokens, Fault> {
        let now = Timestamp::now();
        if let Some(tokens) = self.in_use().filter(|tokens| tokens.access_expires > now) {
            // Right after a renewal the product may hand out a token with little life left: it is used up
            // rather than asked for again at every call.
            return Ok(tokens);
        }
        match self.token_store.load().await? {
            Some(tokens) if tokens.access_is_good(now) => Ok(self.remember(tokens)),
            _ => self.renew(None, Wanted::Good).await,
        }
    }

    /// Makes a call by bearer. If the token is refused it is renewed once and the call repeated once: it may have been
    /// revoked, or another process may hold a newer one. A refused token changed nothing, so a change may be sent
    /// twice as well.
    ///
    /// # Errors
    /// As [`Session::tokens`], and why no reply came; a refusal that stays is in the reply. The product
    /// may have made a change nevertheless.
    pub async fn send(&self, call: Call, limit: u64) -> Result<Reply, Fault> {
        // Before anything is asked of whoever gives out tokens.
        self.http().admit()?;
        let tokens = self.tokens().await?;
        let by = |token: &Secret| Call { bearer: Some(token.clone()), ..call.clone() };
        let reply = self.http().send(by(&tokens.access), limit).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        let other = self.renew(Some(tokens.access), Wanted::Other).await?;
        self.http().send(by(&other.access), limit).await
    }

    /// Fetches a reply by bearer, as [`Session::send`].
    ///
    /// # Errors
    /// As [`Session::send`].
    pub async fn get(&self, path: &str, limit: u64) -> Result<Reply, Fault> {
        self.send(Call::new(Method::GET, path), limit).await
    }

    /// Fetches a success. `what` names it for the reader of a fault.
    ///
    /// # Errors
    /// As [`Session::get`], and the fault that the reply tells of.
    pub async fn fetch(&self, path: &str, what: &str, limit: u64) -> Result<Reply, Fault> {
        self.flow.check(self.get(path, limit).await?, what)
    }

    /// Signs in again, and stores the tokens with the replaced ones beside them. The password is of no use where the
    /// application signs in by itself.
    ///
    /// # Errors
    /// As [`SignIn::authenticate`] and the token store.
    pub async fn sign_in_again(&self, password: Option<Secret>) -> Result<Renewed, Fault> {
        let (flow, renewed) = (Arc::clone(&self.flow), Arc::new(Mutex::new(Renewed::First)));
        let (told, signed_out) = (Arc::clone(&renewed), self.signed_out());
        let renewal: Renewal = Box::new(move |held| {
            Box::pin(async move {
                let tokens = authenticate(&*flow, password, signed_out).await?;
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Renewed::of(held.as_ref(), &tokens);
                Ok(tokens)
            })
        });
        self.remember(self.token_store.rotate(renewal).await?);
        let renewed = *renewed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(renewed)
    }

    /// Renews the tokens by the refresh token even if the access token is still valid, to prove a new client secret.
    ///
    /// # Errors
    /// [`Fault::SignedOut`] without a refresh token; as [`SignIn::refresh`] and the token store.
    pub async fn refresh_again(&self) -> Result<Renewed, Fault> {
        let (flow, renewed) = (Arc::clone(&self.flow), Arc::new(Mutex::new(Renewed::First)));
        let (told, signed_out) = (Arc::clone(&renewed), self.signed_out());
        let renewal: Renewal = Box::new(move |held| {
            Box::pin(async move {
                let with_refresh = held.and_then(|held| held.refresh.clone().map(|refresh| (held, refresh)));
                let (held, refresh) = with_refresh.ok_or(signed_out)?;
                let tokens = flow.refresh(&held, &refresh).await?;
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Renewed::of(Some(&held), &tokens);
                Ok(tokens)
            })
        });
        self.remember(self.token_store.rotate(renewal).await?);
        let renewed = *renewed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(renewed)
    }

    /// Drops the tokens in use, so that the next call loads the stored ones.
    pub fn reload(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Renews while the token store is locked. If another process has renewed meanwhile, its tokens are used.
    async fn renew(&self, refused: Option<Secret>, wanted: Wanted) -> Result<Tokens, Fault> {
        let (flow, signed_out, password) = (Arc::clone(&self.flow), self.signed_out(), self.password.clone());
        let (connection, told) = (self.connection.clone(), Arc::clone(&self.refused));
        // With a typed password the sign-in may succeed once the admin has fixed the user.
        let typed = password.is_some();
        let renewal: Renewal = Box::new(move |held| {
            Box::pin(async move {
                let refresh = held.as_ref().and_then(|held| held.refresh.clone());
                if let Some(fault) = refused_before(&told, refresh.as_ref()) {
                    return Err(fault);
                }
                let renewed = renewed(&*flow, held, Ask { refused, wanted, password, signed_out, connection }).await;
                if let Err(fault) = renewed.as_ref()
                    && fault.is_signed_out()
                    && !typed
                {
                    let refused = Refused { refresh, fault: fault.clone() };
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
                }
                renewed
            })
        });
        self.token_store.renew(renewal).await.map(|tokens| self.remember(tokens))
    }

    fn signed_out(&self) -> Fault {
        Fault::SignedOut { connection: self.connection.clone() }
    }

    fn in_use(&self) -> Option<Tokens> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, tokens: Tokens) -> Tokens {
        redactor::remember_tokens(&tokens);
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
        tokens
    }
}

/// What a renewal is asked for.
struct Ask {
    refused: Option<Secret>,
    wanted: Wanted,
    password: Option<Secret>,
    signed_out: Fault,
    connection: String,
}

fn refused_before(told: &Mutex<Option<Refused>>, refresh: Option<&Secret>) -> Option<Fault> {
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    told.as_ref().filter(|refused| refused.refresh.as_ref() == refresh).map(|refused| refused.fault.clone())
}

async fn renewed<S: SignIn>(flow: &S, held: Option<Tokens>, ask: Ask) -> Result<Tokens, Fault> {
    let Ask { refused, wanted, password, signed_out, connection } = ask;
    let Some(held) = held else { return authenticate(flow, password, signed_out).await };
    let differs = wanted == Wanted::Good || refused.is_some_and(|refused| refused != held.access);
    if differs && held.access_is_good(Timestamp::now()) {
        return Ok(held);
    }
    let Some(refresh) = &held.refresh else { return authenticate(flow, password, signed_out).await };
    match flow.refresh(&held, refresh).await {
        Err(Fault::SignInRefused { detail, .. }) => {
            authenticate(flow, password, Fault::RefreshRefused { connection, detail }).await
        }
        renewed => renewed,
    }
}

/// Signs in again; fails with `fault` if a password is needed and missing.
async fn authenticate<S: SignIn>(flow: &S, password: Option<Secret>, fault: Fault) -> Result<Tokens, Fault> {
    flow.authenticate(password).await?.ok_or(fault)
}
