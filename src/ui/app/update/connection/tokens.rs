//! The tokens: listed, rotated, revoked.

use crate::model::connection::{ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, FieldProblem};
use crate::model::rotation::{Renewed, Rotated, RotationStep, Typed};
use crate::model::token_list::{TokenChoice, TokenList};
use crate::ui::app::connection::prompt::{Prompt, PromptField, Purpose};
use crate::ui::app::connection::tokens::{Revocation, TokenSheet};
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, Tab, TokenTab};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Facts};
use crate::ui::app::news::News;
use crate::ui::app::remote::Remote;
use crate::ui::app::update::{config, sync};

/// What was made of each token.
type Outcomes = Vec<(TokenChoice, Result<(), Fault>)>;

/// Takes in how a rotation ended. One that signed in has ended what went wrong before.
pub fn rotated(ctx: &mut Ctx<'_>, name: ConnectionName, answer: Result<Rotated, Fault>) {
    if answer.is_ok()
        && let Some(entry) = ctx.facts.entry_mut(&name)
    {
        entry.sync.last = None;
    }
    config::count(ctx, &name);
    if answer.as_ref().is_ok_and(|rotated| rotated.renewed == Renewed::First) {
        // A rotation that replaced nothing has not synced.
        sync::start(ctx, &name, false);
    }
    ctx.tell(News::Rotated(name, answer));
}

/// Takes in what was made of each token.
pub fn revoked(ctx: &mut Ctx<'_>, name: ConnectionName, answer: Result<Outcomes, Fault>) {
    config::count(ctx, &name);
    ctx.tell(News::Revoked(name, answer));
}

impl ConnectionScreen {
    /// Marks tokens, asks whether to revoke them, does so.
    pub(super) fn act_on_tokens(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match action {
            ConnectionAction::SignInAgain => self.sign_in_again(ctx),
            ConnectionAction::NewSecret => self.ask_secret(ctx.facts),
            ConnectionAction::Mark => self.tokens.toggle(),
            ConnectionAction::Revoke => self.ask_to_revoke(self.tokens.marked.iter().cloned().collect()),
            ConnectionAction::RevokeStale => self.ask_to_revoke(self.tokens.stale()),
            ConnectionAction::GoOn => self.go_on_with_tokens(ctx),
            _ => {}
        }
    }

    /// Lists the tokens, unless that was done.
    pub(super) fn read_tokens_once(&mut self, ctx: &mut Ctx<'_>) {
        if self.tokens.list == Remote::Idle {
            self.read_tokens(ctx);
        }
    }

    /// Lists the tokens.
    pub(super) fn read_tokens(&mut self, ctx: &mut Ctx<'_>) {
        if let Some(older) = self.tokens.task.take() {
            ctx.cancel(older);
        }
        self.tokens.list.ask();
        self.tokens.task = Some(ctx.run(Job::LoadTokens(self.name.clone())));
    }

    /// Goes to the tokens with the form open for what a sign-in needs, which is a new client secret where the product
    /// does not take the one that is kept; an application whose own secret is at hand signs in at once.
    pub(super) fn sign_in_again(&mut self, ctx: &mut Ctx<'_>) {
        self.show_tab(ctx, Tab::Tokens);
        if self.is_changing(ctx.facts) {
            return;
        }
        self.tokens.cover(None);
        let entry = ctx.facts.entry(&self.name);
        if entry.is_some_and(Entry::is_secret_refused) && ctx.facts.has_client_secret(&self.name) {
            return self.ask_secret(ctx.facts);
        }
        let belongs_to_another = entry.is_some_and(Entry::is_of_another_identity);
        let fields = self.sign_in_fields(ctx.facts, belongs_to_another);
        if fields.is_empty() {
            self.rotate(ctx, Typed::default());
        } else {
            self.prompt = Some(Prompt::asking(Purpose::Rotate, fields));
        }
    }

    fn has_password(&self, facts: &Facts) -> bool {
        facts.entry(&self.name).is_none_or(|entry| entry.connection.grant == Grant::Password)
    }

    /// What somebody has to type for a sign-in; the client secret too, where the one that is kept may not be sent or
    /// is gone.
    fn sign_in_fields(&self, facts: &Facts, lacks_secret: bool) -> Vec<PromptField> {
        let password = self.has_password(facts).then_some(PromptField::Password);
        let lacks_secret = lacks_secret && facts.has_client_secret(&self.name);
        let secret = [PromptField::ClientSecret, PromptField::Expires].into_iter().filter(|_| lacks_secret);
        password.into_iter().chain(secret).collect()
    }

    /// Signs in again with what was typed.
    pub(super) fn rotate(&mut self, ctx: &mut Ctx<'_>, typed: Typed) {
        self.change_tokens(ctx, |connection| Job::Rotate { connection, typed });
    }

    /// Opens the form for a new client secret.
    fn ask_secret(&mut self, facts: &Facts) {
        if self.is_changing(facts) {
            return;
        }
        self.tokens.cover(None);
        let mut prompt = Prompt::new(Purpose::NewSecret);
        // Where the sign-in is over, the product takes the new secret with the password only.
        prompt.fields.extend(self.has_password(facts).then_some(PromptField::Password));
        self.prompt = Some(prompt);
    }

    /// Proves and keeps a new client secret. The form stays open until the product took it.
    pub(super) fn put_secret(&mut self, ctx: &mut Ctx<'_>, typed: Typed) {
        let task = self.change_tokens(ctx, |connection| Job::NewSecret { connection, typed });
        if let Some(prompt) = &mut self.prompt {
            (prompt.task, prompt.fault, prompt.revealed) = (task, None, false);
        }
    }

    fn change_tokens(&mut self, ctx: &mut Ctx<'_>, job: impl FnOnce(ConnectionName) -> Job) -> Option<TaskId> {
        if self.is_changing(ctx.facts) {
            return None;
        }
        self.tokens.cover(Some(TokenSheet::Rotating(Vec::new())));
        Some(ctx.ask(Asked::Rotation(self.name.clone()), job(self.name.clone())))
    }

    /// A rotation of this connection ended.
    pub(super) fn rotation_ended(&mut self, ctx: &mut Ctx<'_>, answer: &Result<Rotated, Fault>) {
        let mut is_unsynced = false;
        if self.asks_again(ctx.facts, answer) {
            self.tokens.cover(None);
        } else {
            let was_secret = self.prompt.take_if(|prompt| prompt.task.is_some());
            let ended = match self.tokens.sheet.take() {
                Some(TokenSheet::Rotating(ended)) => ended,
                _ => Vec::new(),
            };
            is_unsynced = was_secret.is_some() && answer.is_ok() && !ended.contains(&RotationStep::Sync);
            self.tokens.cover(Some(TokenSheet::Rotated(ended, answer.clone())));
        }
        self.refresh_log(ctx);
        self.read_tokens(ctx);
        if is_unsynced {
            // A new client secret that the refresh token proved has not synced.
            sync::start(ctx, &self.name, false);
        }
    }

    /// Whether what was typed is asked for again: the product did not take a new client secret, or a sign-in needs
    /// one.
    fn asks_again(&mut self, facts: &Facts, answer: &Result<Rotated, Fault>) -> bool {
        let Err(fault) = answer else { return false };
        let lacks_secret = matches!(fault, Fault::BadForm { problems } if problems.iter().any(|problem| {
            (problem.field, &problem.problem) == (Some(FieldId::ClientSecret), &FieldProblem::Missing)
        }));
        let again = lacks_secret.then(|| Prompt::asking(Purpose::Rotate, self.sign_in_fields(facts, true)));
        match &mut self.prompt {
            Some(prompt) if prompt.purpose == Purpose::NewSecret && prompt.task.is_some() => {
                (prompt.task, prompt.fault) = (None, Some(fault.clone()));
            }
            closed @ None if again.is_some() => *closed = again,
            _ => return false,
        }
        true
    }

    fn ask_to_revoke(&mut self, tokens: Vec<TokenChoice>) {
        let tab = &mut self.tokens;
        if !tokens.is_empty() {
            let in_use = tokens.iter().any(|token| tab.lives_on(token));
            let ends_sign_in = tokens.iter().any(|token| tab.ends_sign_in(token));
            tab.cover(Some(TokenSheet::Ask(Revocation { tokens, in_use, ends_sign_in, asked_once: false })));
        }
    }

    /// Shows the token in focus in full, answers the question with yes, or closes what came of it.
    fn go_on_with_tokens(&mut self, ctx: &mut Ctx<'_>) {
        match self.tokens.sheet.take() {
            Some(TokenSheet::Ask(asked)) if asked.in_use && !asked.asked_once => {
                self.tokens.cover(Some(TokenSheet::Ask(Revocation { asked_once: true, ..asked })));
            }
            Some(TokenSheet::Ask(asked)) if !self.is_changing(ctx.facts) => {
                self.tokens.cover(Some(TokenSheet::Revoking(asked.tokens.clone())));
                let job = Job::RevokeTokens { connection: self.name.clone(), tokens: asked.tokens };
                ctx.ask(Asked::Revocation(self.name.clone()), job);
            }
            None => {
                let row = self.tokens.focused().map(|row| TokenSheet::Row(row.choice()));
                self.tokens.cover(row);
            }
            Some(_) => {}
        }
    }

    /// Tokens of this connection were revoked.
    pub(super) fn revocation_ended(&mut self, ctx: &mut Ctx<'_>, answer: Result<Outcomes, Fault>) {
        self.sign_out_if_ended(ctx.facts, &answer);
        self.tokens.marked.clear();
        self.tokens.cover(Some(answer.map_or_else(TokenSheet::RevocationFailed, TokenSheet::Revoked)));
        self.refresh_log(ctx);
        self.read_tokens(ctx);
    }

    /// Without the token that it lived on a connection is signed out, before a sync finds that out.
    fn sign_out_if_ended(&self, facts: &mut Facts, answer: &Result<Outcomes, Fault>) {
        let mut revoked = answer.iter().flatten().filter(|(_, outcome)| outcome.is_ok()).map(|(token, _)| token);
        let is_out = revoked.any(|token| self.tokens.ends_sign_in(token));
        if let Some(entry) = facts.entry_mut(&self.name).filter(|entry| is_out && entry.sync.task.is_none()) {
            entry.sync.last = Some(Err(Fault::SignedOut { connection: self.name.to_string() }));
            entry.next_sync = None;
        }
    }

    /// Whether tokens of this connection are being rotated or revoked.
    fn is_changing(&self, facts: &Facts) -> bool {
        facts.awaits(&Asked::Rotation(self.name.clone())) || facts.awaits(&Asked::Revocation(self.name.clone()))
    }
}

impl TokenTab {
    /// Takes in the tokens.
    pub(super) fn came(&mut self, facts: &Facts, task: TaskId, answer: Result<Box<TokenList>, Fault>) {
        if self.task == Some(task) {
            self.task = None;
            self.list.settle(answer, facts.now);
            self.tidy();
        }
    }

    /// A rotation ended a step.
    pub(super) fn rotating(&mut self, step: RotationStep) {
        if let Some(TokenSheet::Rotating(ended)) = &mut self.sheet {
            ended.push(step);
        }
    }

    /// Scrolls what lies over the list.
    pub(super) fn scroll(&mut self, lines: isize) {
        // Which line is the last one only the drawing knows.
        self.top = self.top.saturating_add_signed(lines).min(100);
    }
}
