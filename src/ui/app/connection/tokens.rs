//! The tokens of a connection as the screen follows them, their rotation and their revocation.

use std::collections::BTreeSet;

use crate::model::fault::Fault;
use crate::model::rotation::{Rotated, RotationStep};
use crate::model::token_list::TokenChoice;
use crate::model::token_list::{HeldToken, TokenKind, TokenList};
use crate::model::token_rows::TokenRow;
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
    /// One token in full.
    Row(TokenChoice),
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

impl TokenTab {
    /// The rows: what should be revoked first, then what is in use.
    pub fn rows(&self) -> Vec<TokenRow<'_>> {
        self.list.value().map_or_else(Vec::new, |list| list.rows())
    }

    /// The row of this token.
    pub fn row(&self, choice: &TokenChoice) -> Option<TokenRow<'_>> {
        self.rows().into_iter().find(|row| row.is(choice))
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
        self.rows().iter().filter(|row| row.should_be_revoked()).map(TokenRow::choice).collect()
    }

    /// Whether nothing is held that the connection could live on.
    pub fn holds_none(&self) -> bool {
        self.list.value().is_some_and(|list| list.held.iter().all(|token| token.retired_at.is_some()))
    }

    /// Whether the connection lives on this token.
    pub fn lives_on(&self, choice: &TokenChoice) -> bool {
        self.row(choice).is_some_and(|row| row.is_in_use())
    }

    /// Whether the connection cannot go on without this token: its refresh token, or an access token alone.
    pub fn ends_sign_in(&self, choice: &TokenChoice) -> bool {
        let is_refresh = self.row(choice).is_some_and(|row| row.kind() == TokenKind::Refresh);
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
