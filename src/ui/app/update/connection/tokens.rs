//! The tokens: listed, rotated, revoked.

use super::{admin, far, is_in_front, log, screen, screen_mut, show_tab};
use crate::model::connection::{ConnectionName, Grant};
use crate::model::fault::Fault;
use crate::model::rotation::{Renewed, Rotated, RotationStep};
use crate::model::secret::Secret;
use crate::model::token_list::TokenChoice;
use crate::model::token_list::TokenList;
use crate::ui::app::connection::prompt::Purpose;
use crate::ui::app::connection::tokens::{Revocation, TokenSheet};
use crate::ui::app::connection::{ConnectionAction, Tab, TokenTab};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Model};
use crate::ui::app::remote::Remote;

/// What was made of each token.
type Outcomes = Vec<(TokenChoice, Result<(), Fault>)>;

/// Marks tokens, asks whether to revoke them, does so.
pub fn act(model: &mut Model, action: &ConnectionAction) -> Vec<Effect> {
    match action {
        ConnectionAction::SignInAgain => return sign_in_again(model),
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

/// Goes to the tokens with the password field open; an application that signs in with its own secret does so at
/// once.
pub fn sign_in_again(model: &mut Model) -> Vec<Effect> {
    if is_changing(model) {
        return show_tab(model, Tab::Tokens);
    }
    let mut effects = show_tab(model, Tab::Tokens);
    with_tab(model, |tab| tab.cover(None));
    if needs_no_password(model) {
        effects.extend(rotate(model, Secret::default()));
        return effects;
    }
    admin::ask(model, Purpose::Rotate);
    effects
}

fn needs_no_password(model: &Model) -> bool {
    let entry = screen(model).and_then(|screen| model.entry(&screen.name));
    entry.is_some_and(|entry| entry.connection.grant == Grant::ClientCredentials)
}

/// Signs in again with this password.
pub fn rotate(model: &mut Model, password: Secret) -> Vec<Effect> {
    let Some(name) = screen(model).map(|screen| screen.name.clone()).filter(|_| !is_changing(model)) else {
        return Vec::new();
    };
    with_tab(model, |tab| tab.cover(Some(TokenSheet::Rotating(Vec::new()))));
    model.ask(Asked::Rotation(name.clone()), Job::Rotate { connection: name, password })
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
    if is_in_front(model, name) {
        with_tab(model, |tab| {
            let ended = match tab.sheet.take() {
                Some(TokenSheet::Rotating(ended)) => ended,
                _ => Vec::new(),
            };
            tab.cover(Some(TokenSheet::Rotated(ended, answer)));
        });
    }
    let mut effects = changed(model, name);
    if is_first {
        // A rotation that replaced nothing has not synced.
        effects.extend(super::super::sync::start(model, name, false));
    }
    effects
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
