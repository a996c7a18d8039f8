//! The tokens: listed, rotated, revoked.

use super::{admin, far, is_in_front, log, screen, screen_mut, show_tab};
use crate::model::connection::{ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::form::{FieldId, FieldProblem};
use crate::model::rotation::{Renewed, Rotated, RotationStep, Typed};
use crate::model::token_list::TokenChoice;
use crate::model::token_list::TokenList;
use crate::ui::app::connection::prompt::{Prompt, PromptField, Purpose};
use crate::ui::app::connection::tokens::{Revocation, TokenSheet};
use crate::ui::app::connection::{ConnectionAction, Tab, TokenTab};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Model};
use crate::ui::app::remote::Remote;

/// What was made of each token.
type Outcomes = Vec<(TokenChoice, Result<(), Fault>)>;

/// Marks tokens, asks whether to revoke them, does so.
pub fn act(model: &mut Model, action: &ConnectionAction) -> Vec<Effect> {
    match action {
        ConnectionAction::SignInAgain => return sign_in_again(model),
        ConnectionAction::NewSecret => ask_secret(model),
        ConnectionAction::Mark => with_tab(model, TokenTab::toggle),
        ConnectionAction::Revoke => with_tab(model, |tab| ask(tab, tab.marked.iter().cloned().collect())),
        ConnectionAction::RevokeStale => with_tab(model, |tab| ask(tab, tab.stale())),
        ConnectionAction::GoOn => return go_on(model),
        _ => {}
    }
    Vec::new()
}

/// Lists the tokens, unless that was done.
pub fn read_once(model: &mut Model) -> Vec<Effect> {
    let is_new = screen(model).is_some_and(|screen| screen.tokens.list == Remote::Idle);
    if is_new { read(model) } else { Vec::new() }
}

/// Lists the tokens.
pub fn read(model: &mut Model) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::LoadTokens(name));
    let older = screen_mut(model).and_then(|screen| {
        screen.tokens.list.ask();
        screen.tokens.task.replace(task)
    });
    older.map(Effect::Cancel).into_iter().chain([effect]).collect()
}

/// Takes in the tokens.
pub fn answer(model: &mut Model, task: TaskId, answer: Result<Box<TokenList>, Fault>) {
    let now = model.now;
    let tab = screen_mut(model).map(|screen| &mut screen.tokens);
    if let Some(tab) = tab.filter(|tab| tab.task == Some(task)) {
        tab.task = None;
        tab.list.settle(answer, now);
        tab.tidy();
    }
}

/// Moves in the list.
pub fn step(model: &mut Model, moving: &ConnectionAction) {
    with_tab(model, |tab| tab.move_by(far(moving)));
}

/// Goes to the tokens with the form open for what a sign-in needs, which is a new client secret where the product does
/// not take the one that is kept; an application whose own secret is at hand signs in
/// at once.
pub fn sign_in_again(model: &mut Model) -> Vec<Effect> {
    if is_changing(model) {
        return show_tab(model, Tab::Tokens);
    }
    let mut effects = show_tab(model, Tab::Tokens);
    with_tab(model, |tab| tab.cover(None));
    if entry(model).is_some_and(Entry::is_secret_refused) && has_secret(model) {
        ask_secret(model);
        return effects;
    }
    let belongs_to_another = entry(model).is_some_and(Entry::is_of_another_identity);
    let fields = sign_in_fields(model, belongs_to_another);
    if fields.is_empty() {
        effects.extend(rotate(model, Typed::default()));
        return effects;
    }
    admin::open(model, Prompt::asking(Purpose::Rotate, fields));
    effects
}

fn entry(model: &Model) -> Option<&Entry> {
    screen(model).and_then(|screen| model.entry(&screen.name))
}

fn has_password(model: &Model) -> bool {
    entry(model).is_none_or(|entry| entry.connection.grant == Grant::Password)
}

/// What somebody has to type for a sign-in; the client secret too, where the one that is kept may not be sent or is
/// gone.
fn sign_in_fields(model: &Model, lacks_secret: bool) -> Vec<PromptField> {
    let password = has_password(model).then_some(PromptField::Password);
    let lacks_secret = lacks_secret && has_secret(model);
    let secret = [PromptField::ClientSecret, PromptField::Expires].into_iter().filter(|_| lacks_secret);
    password.into_iter().chain(secret).collect()
}

fn has_secret(model: &Model) -> bool {
    screen(model).is_some_and(|screen| model.has_client_secret(&screen.name))
}

/// Signs in again with what was typed.
pub fn rotate(model: &mut Model, typed: Typed) -> Vec<Effect> {
    change_tokens(model, |connection| Job::Rotate { connection, typed })
}

/// Opens the form for a new client secret.
fn ask_secret(model: &mut Model) {
    if is_changing(model) {
        return;
    }
    with_tab(model, |tab| tab.cover(None));
    let mut prompt = Prompt::new(Purpose::NewSecret);
    // Where the sign-in is over, the product takes the new secret with the password only.
    prompt.fields.extend(has_password(model).then_some(PromptField::Password));
    admin::open(model, prompt);
}

/// Proves and keeps a new client secret. The form stays open until the product took it.
pub fn put_secret(model: &mut Model, typed: Typed) -> Vec<Effect> {
    let effects = change_tokens(model, |connection| Job::NewSecret { connection, typed });
    let task = effects.iter().find_map(|effect| match effect {
        Effect::Run(task, _) => Some(*task),
        _ => None,
    });
    if let Some(prompt) = screen_mut(model).and_then(|screen| screen.prompt.as_mut()) {
        (prompt.task, prompt.fault, prompt.revealed) = (task, None, false);
    }
    effects
}

fn change_tokens(model: &mut Model, job: impl FnOnce(ConnectionName) -> Job) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()).filter(|_| !is_changing(model)) else {
        return Vec::new();
    };
    with_tab(model, |tab| tab.cover(Some(TokenSheet::Rotating(Vec::new()))));
    model.ask(Asked::Rotation(name.clone()), job(name))
}

/// Takes in that a rotation ended a step.
pub fn rotating(model: &mut Model, task: TaskId, step: RotationStep) {
    let Some(Asked::Rotation(name)) = model.asked.get(&task).cloned() else {
        return;
    };
    if is_in_front(model, &name) {
        with_tab(model, |tab| {
            if let Some(TokenSheet::Rotating(ended)) = &mut tab.sheet {
                ended.push(step);
            }
        });
    }
}

/// Takes in how a rotation ended. One that signed in has ended what went wrong before.
pub fn rotated(model: &mut Model, name: &ConnectionName, answer: Result<Rotated, Fault>) -> Vec<Effect> {
    if answer.is_ok()
        && let Some(entry) = model.entry_mut(name)
    {
        entry.sync.last = None;
    }
    let is_first = answer.as_ref().is_ok_and(|rotated| rotated.renewed == Renewed::First);
    let mut is_unsynced = is_first;
    if is_in_front(model, name) && asks_again(model, &answer) {
        with_tab(model, |tab| tab.cover(None));
    } else if is_in_front(model, name) {
        let was_secret = screen_mut(model).and_then(|screen| screen.prompt.take_if(|prompt| prompt.task.is_some()));
        with_tab(model, |tab| {
            let ended = match tab.sheet.take() {
                Some(TokenSheet::Rotating(ended)) => ended,
                _ => Vec::new(),
            };
            is_unsynced |= was_secret.is_some() && answer.is_ok() && !ended.contains(&RotationStep::Sync);
            tab.cover(Some(TokenSheet::Rotated(ended, answer)));
        });
    }
    let mut effects = changed(model, name);
    if is_unsynced {
        // A rotation that replaced nothing has not synced, nor has a new client secret that the refresh token proved.
        effects.extend(super::super::sync::start(model, name, false));
    }
    effects
}

/// Whether what was typed is asked for again: the product did not take a new client secret, or a sign-in needs one.
fn asks_again(model: &mut Model, answer: &Result<Rotated, Fault>) -> bool {
    let Err(fault) = answer else { return false };
    let lacks_secret = matches!(fault, Fault::BadForm { problems } if problems.iter().any(|problem| {
        (problem.field, &problem.problem) == (Some(FieldId::ClientSecret), &FieldProblem::Missing)
    }));
    let again = lacks_secret.then(|| Prompt::asking(Purpose::Rotate, sign_in_fields(model, true)));
    let Some(screen) = screen_mut(model) else { return false };
    match &mut screen.prompt {
        Some(prompt) if prompt.purpose == Purpose::NewSecret && prompt.task.is_some() => {
            (prompt.task, prompt.fault) = (None, Some(fault.clone()));
        }
        closed @ None if again.is_some() => *closed = again,
        _ => return false,
    }
    true
}

fn ask(tab: &mut TokenTab, tokens: Vec<TokenChoice>) {
    if !tokens.is_empty() {
        let in_use = tokens.iter().any(|token| tab.lives_on(token));
        let ends_sign_in = tokens.iter().any(|token| tab.ends_sign_in(token));
        tab.cover(Some(TokenSheet::Ask(Revocation { tokens, in_use, ends_sign_in, asked_once: false })));
    }
}

/// Answers the question with yes, or closes what came of it.
fn go_on(model: &mut Model) -> Vec<Effect> {
    let busy = is_changing(model);
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    let name = screen.name.clone();
    match screen.tokens.sheet.take() {
        Some(TokenSheet::Ask(asked)) if asked.in_use && !asked.asked_once => {
            screen.tokens.cover(Some(TokenSheet::Ask(Revocation { asked_once: true, ..asked })));
            Vec::new()
        }
        Some(TokenSheet::Ask(asked)) if !busy => {
            screen.tokens.cover(Some(TokenSheet::Revoking(asked.tokens.clone())));
            let job = Job::RevokeTokens { connection: name.clone(), tokens: asked.tokens };
            model.ask(Asked::Revocation(name), job)
        }
        _ => Vec::new(),
    }
}

/// Takes in what was made of each token.
pub fn revoked(model: &mut Model, name: &ConnectionName, answer: Result<Outcomes, Fault>) -> Vec<Effect> {
    if is_in_front(model, name) {
        sign_out_if_ended(model, name, &answer);
        with_tab(model, |tab| {
            tab.marked.clear();
            tab.cover(Some(answer.map_or_else(TokenSheet::RevocationFailed, TokenSheet::Revoked)));
        });
    }
    changed(model, name)
}

/// Without the token that it lived on a connection is signed out, before a sync finds that out.
fn sign_out_if_ended(model: &mut Model, name: &ConnectionName, answer: &Result<Outcomes, Fault>) {
    let revoked = answer.iter().flatten().filter(|(_, outcome)| outcome.is_ok()).map(|(token, _)| token);
    let tab = screen(model).map(|screen| &screen.tokens);
    let is_out = tab.is_some_and(|tab| revoked.into_iter().any(|token| tab.ends_sign_in(token)));
    if let Some(entry) = model.entry_mut(name).filter(|entry| is_out && entry.sync.task.is_none()) {
        entry.sync.last = Some(Err(Fault::SignedOut { connection: name.to_string() }));
        entry.next_sync = None;
    }
}

/// Scrolls what lies over the list.
pub fn scroll(model: &mut Model, moving: &ConnectionAction) {
    // Which line is the last one only the drawing knows.
    with_tab(model, |tab| tab.top = tab.top.saturating_add_signed(far(moving)).min(100));
}

/// Closes what lies over the list. What runs goes on, and tells its end.
pub fn close(model: &mut Model) {
    with_tab(model, |tab| tab.cover(None));
}

fn changed(model: &mut Model, name: &ConnectionName) -> Vec<Effect> {
    let mut effects = super::super::config::count(model, name);
    if is_in_front(model, name) {
        effects.extend(log::refresh(model));
        effects.extend(read(model));
    }
    effects
}

/// Whether tokens of the connection in front are being rotated or revoked.
fn is_changing(model: &Model) -> bool {
    let name = screen(model).map(|screen| screen.name.clone());
    name.is_some_and(|name| model.awaits(&Asked::Rotation(name.clone())) || model.awaits(&Asked::Revocation(name)))
}

fn with_tab(model: &mut Model, change: impl FnOnce(&mut TokenTab)) {
    if let Some(screen) = screen_mut(model) {
        change(&mut screen.tokens);
    }
}
