//! The steps of a token rotation: sign in and store, prove, sync, revoke, prove again.
//!
//! Whoever drives it does the sync. It can be dropped after any step: the replaced tokens are stored until they are
//! seen to be refused, and [`Rotation::resume`] goes on from there.

use super::TokenLife;
use crate::model::fault::Fault;
use crate::model::rotation::{Renewed, RotationStep};
use crate::model::secret::Secret;
use crate::model::token_list::HeldToken;

/// A rotation under way.
pub struct Rotation<'a> {
    side: &'a dyn TokenLife,
    next: Option<RotationStep>,
    renewed: Option<Renewed>,
    revoked: Vec<HeldToken>,
}

impl<'a> Rotation<'a> {
    /// One that begins with a sign-in.
    pub fn begin(side: &'a dyn TokenLife) -> Self {
        Self { side, next: Some(RotationStep::SignIn), renewed: None, revoked: Vec::new() }
    }

    /// A rotation that was cut off after its sign-in, if there is one; it continues with proving the new tokens.
    ///
    /// # Errors
    /// When the place where tokens are kept cannot be read.
    pub async fn resume(side: &'a dyn TokenLife) -> Result<Option<Self>, Fault> {
        let waiting = side.has_retired().await?;
        Ok(waiting.then(|| Self { next: Some(RotationStep::Prove), ..Self::begin(side) }))
    }

    /// The step to take now; `None` when it is done.
    pub fn next(&self) -> Option<RotationStep> {
        self.next
    }

    /// How the new tokens compare with the old ones, once signed in.
    pub fn renewed(&self) -> Option<Renewed> {
        self.renewed
    }

    /// What was revoked so far.
    pub fn revoked(&self) -> &[HeldToken] {
        &self.revoked
    }

    /// [`RotationStep::SignIn`]: stores the new tokens together with the replaced ones.
    ///
    /// # Errors
    /// [`Fault::SignInRefused`], or why no answer came; the old sign-in is then kept.
    pub async fn sign_in(&mut self, password: Option<Secret>) -> Result<Renewed, Fault> {
        self.expect(RotationStep::SignIn)?;
        let renewed = self.side.sign_in_again(password).await?;
        (self.renewed, self.next) = (Some(renewed), Some(RotationStep::Prove));
        Ok(renewed)
    }

    /// The same as [`sign_in`](Self::sign_in) by the refresh token, to prove a new client secret.
    ///
    /// # Errors
    /// As [`TokenLife::refresh_again`]; the old sign-in is then kept.
    pub async fn refresh(&mut self) -> Result<Renewed, Fault> {
        self.expect(RotationStep::SignIn)?;
        let renewed = self.side.refresh_again().await?;
        (self.renewed, self.next) = (Some(renewed), Some(RotationStep::Prove));
        Ok(renewed)
    }

    /// [`RotationStep::Prove`] and [`RotationStep::ProveAgain`]. Where the new tokens are refused the old ones are put
    /// back.
    ///
    /// # Errors
    /// What the call met; nothing was revoked then.
    pub async fn prove(&mut self) -> Result<(), Fault> {
        match self.next {
            Some(RotationStep::Prove) => {
                if let Err(fault) = self.side.prove().await {
                    return Err(self.give_up(fault).await?);
                }
                // The very tokens that were held: nothing is to be revoked.
                self.next = self.side.has_retired().await?.then_some(RotationStep::Sync);
            }
            _ => {
                self.expect(RotationStep::ProveAgain)?;
                self.side.prove().await?;
                self.next = None;
            }
        }
        Ok(())
    }

    async fn give_up(&mut self, fault: Fault) -> Result<Fault, Fault> {
        let refused =
            matches!(fault, Fault::NotAuthenticated { .. } | Fault::RefreshRefused { .. } | Fault::SignedOut { .. });
        if refused {
            self.side.restore().await?;
            self.next = None;
        }
        Ok(fault)
    }

    /// [`RotationStep::Sync`]: call it only after the sync succeeded.
    ///
    /// # Errors
    /// When it is not the step to take.
    pub fn synced(&mut self) -> Result<(), Fault> {
        self.expect(RotationStep::Sync)?;
        self.next = Some(RotationStep::Revoke);
        Ok(())
    }

    /// [`RotationStep::Revoke`]: each replaced token that is no longer in use.
    ///
    /// # Errors
    /// [`Fault::NotRevoked`], or why that could not be checked; the rest is kept for another try.
    pub async fn revoke(&mut self) -> Result<&[HeldToken], Fault> {
        self.expect(RotationStep::Revoke)?;
        self.revoked = self.side.revoke_retired().await?;
        self.next = Some(RotationStep::ProveAgain);
        Ok(&self.revoked)
    }

    fn expect(&self, step: RotationStep) -> Result<(), Fault> {
        let wrong = || Fault::Internal { what: format!("a rotation at {:?}, not at {step:?}", self.next) };
        (self.next == Some(step)).then_some(()).ok_or_else(wrong)
    }
}
