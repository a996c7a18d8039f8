//! The tokens of a connection as the screen follows them, their rotation and their revocation.

use std::collections::BTreeSet;

use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{Fingerprint, HeldToken, InstanceToken, InstanceTokens, Ours, TokenKind, TokenList};
use crate::ui::app::effect::TaskId;
use crate::ui::app::remote::Remote;

/// The tab with the tokens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TokenTab {
    /// The tokens.
    pub list: Remote<Box<TokenList>>,
    /// The task that lists them.
    pub task: Option<TaskId>,
    /// The row in focus.
    pub cursor: usize,
    /// The rows that are marked to be revoked.
    pub marked: BTreeSet<TokenChoice>,
    /// What lies over the list.
    pub sheet: Option<TokenSheet>,
    /// Lines scrolled out of that at the top.
    pub top: usize,
}

/// What lies over the list of tokens.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenSheet {
    /// A question before tokens are revoked.
    Ask(Revocation),
    /// Tokens are being revoked.
    Revoking(Vec<TokenChoice>),
    /// What came of it.
    Revoked(Vec<(TokenChoice, Result<(), Fault>)>),
    /// The revocation itself failed.
    RevocationFailed(Fault),
    /// The steps of a rotation that have ended.
    Rotating(Vec<RotationStep>),
    /// How a rotation ended, with the steps that had.
    Rotated(Vec<RotationStep>, Result<Rotated, Fault>),
}

/// Tokens that are to be revoked once the question is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Revocation {
    /// Which.
    pub tokens: Vec<TokenChoice>,
    /// Whether the connection uses one of them.
    pub in_use: bool,
    /// Whether it cannot go on without one of them, so that it ends signed out.
    pub ends_sign_in: bool,
    /// Whether the first of two questions was answered.
    pub asked_once: bool,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TokenRow<'a> {
    /// A token that we hold.
    Held(&'a HeldToken),
    /// A token that the instance lists.
    Listed(&'a InstanceToken),
}

impl TokenRow<'_> {
    /// The token, to be revoked.
    pub fn choice(&self) -> TokenChoice {
        match self {
            Self::Held(token) => TokenChoice::Held(token.fingerprint.clone()),
            Self::Listed(token) => TokenChoice::Listed(token.id.clone()),
        }
    }
}

impl TokenTab {
    /// The rows: what we hold, what is only kept to be revoked first; then what the instance lists.
    pub fn rows(&self) -> Vec<TokenRow<'_>> {
        let Some(list) = self.list.value() else {
            return Vec::new();
        };
        let mut held: Vec<_> = list.held.iter().collect();
        held.sort_by_key(|token| (token.retired_at.is_none(), token.kind == TokenKind::Access));
        held.into_iter().map(TokenRow::Held).chain(listed(list).iter().map(TokenRow::Listed)).collect()
    }

    /// The row of this token.
    pub fn row(&self, choice: &TokenChoice) -> Option<TokenRow<'_>> {
        self.rows().into_iter().find(|row| row.choice() == *choice)
    }

    /// The row in focus.
    pub fn focused(&self) -> Option<TokenRow<'_>> {
        self.rows().get(self.cursor).copied()
    }

    /// Moves the focus.
    pub fn move_by(&mut self, lines: isize) {
        let last = self.rows().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(lines).min(last);
    }

    /// Marks the row in focus, or takes its mark away.
    pub fn toggle(&mut self) {
        if let Some(choice) = self.focused().map(|row| row.choice())
            && !self.marked.remove(&choice)
        {
            self.marked.insert(choice);
        }
    }

    /// Every token that should be revoked: replaced ones that we still keep, and stale ones of the instance.
    pub fn stale(&self) -> Vec<TokenChoice> {
        let Some(list) = self.list.value() else {
            return Vec::new();
        };
        let retired: Vec<_> = list.held.iter().filter(|token| token.retired_at.is_some()).collect();
        let is_retired = |token: &InstanceToken| {
            token.fingerprint.as_ref().is_some_and(|print| retired.iter().any(|held| held.fingerprint == *print))
        };
        let listed = list.stale().filter(|token| !is_retired(token)).map(|token| TokenRow::Listed(token).choice());
        retired.iter().map(|token| TokenRow::Held(token).choice()).chain(listed).collect()
    }

    /// Whether the connection lives on this token.
    pub fn lives_on(&self, choice: &TokenChoice) -> bool {
        let live = |token: &HeldToken| token.retired_at.is_none();
        match self.row(choice) {
            Some(TokenRow::Held(token)) => live(token),
            Some(TokenRow::Listed(token)) => {
                let held = |print| self.list.value().is_some_and(|list| holds(list, print));
                token.ours == Ours::Yes || token.fingerprint.as_ref().is_some_and(held)
            }
            None => false,
        }
    }

    /// Whether the connection cannot go on without this token: its refresh token, or an access token alone.
    pub fn ends_sign_in(&self, choice: &TokenChoice) -> bool {
        let is_refresh = match self.row(choice) {
            Some(TokenRow::Held(token)) => token.kind == TokenKind::Refresh,
            Some(TokenRow::Listed(token)) => token.kind == TokenKind::Refresh,
            None => false,
        };
        let live = |held: &HeldToken| held.retired_at.is_none() && held.kind == TokenKind::Refresh;
        let has_refresh = self.list.value().is_some_and(|list| list.held.iter().any(live));
        self.lives_on(choice) && (is_refresh || !has_refresh)
    }

    /// Lays something over the list, from its first line on.
    pub fn cover(&mut self, sheet: Option<TokenSheet>) {
        (self.sheet, self.top) = (sheet, 0);
    }

    /// Forgets marks of tokens that are gone, and keeps the focus on a row.
    pub fn tidy(&mut self) {
        let there: Vec<_> = self.rows().iter().map(TokenRow::choice).collect();
        self.marked.retain(|choice| there.contains(choice));
        self.cursor = self.cursor.min(there.len().saturating_sub(1));
    }

    /// Whether tokens are being rotated or revoked.
    pub fn is_busy(&self) -> bool {
        matches!(self.sheet, Some(TokenSheet::Revoking(_) | TokenSheet::Rotating(_)))
    }
}

fn holds(list: &TokenList, print: &Fingerprint) -> bool {
    list.held.iter().any(|held| held.retired_at.is_none() && held.fingerprint == *print)
}

fn listed(list: &TokenList) -> &[InstanceToken] {
    match &list.instance {
        InstanceTokens::Seen { tokens } => tokens,
        InstanceTokens::NotListed | InstanceTokens::CannotSee { .. } => &[],
    }
}
