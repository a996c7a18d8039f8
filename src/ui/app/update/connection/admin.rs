//! An admin's sign-in for this session, and the form that asks for a password.

use super::{checklist, mend, screen_mut, tokens};
use crate::model::fault::Fault;
use crate::ui::app::connection::prompt::{Prompt, Purpose};
use crate::ui::app::connection::{ConnectionAction, Tab};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;

/// Opens the form, edits it, gives on what was typed; ends the session.
pub fn act(model: &mut Model, action: &ConnectionAction) -> Vec<Effect> {
    match action {
        ConnectionAction::AdminSignIn => ask(model, Purpose::Admin),
        ConnectionAction::AdminSignOut => return sign_out(model),
        ConnectionAction::SubmitPrompt => return submit(model),
        _ => edit(model, action),
    }
    Vec::new()
}

/// Opens the form for this purpose.
pub fn ask(model: &mut Model, purpose: Purpose) {
    open(model, Prompt::new(purpose));
}

/// Opens this form.
pub fn open(model: &mut Model, prompt: Prompt) {
    if let Some(screen) = screen_mut(model) {
        screen.prompt = Some(prompt);
    }
}

fn edit(model: &mut Model, action: &ConnectionAction) {
    let Some(prompt) = screen_mut(model).and_then(|screen| screen.prompt.as_mut()) else {
        return;
    };
    match action {
        ConnectionAction::EditPrompt(edit) => prompt.edit(edit),
        ConnectionAction::TurnPrompt(by) => prompt.turn(*by),
        ConnectionAction::RevealPrompt => prompt.revealed = !prompt.revealed,
        _ => {}
    }
}

/// A paste into the form; whether it is open.
pub fn paste(model: &mut Model, text: &str) -> bool {
    let prompt = screen_mut(model).and_then(|screen| screen.prompt.as_mut());
    prompt.map(|prompt| prompt.paste(text)).is_some()
}

/// Goes to the field that is to be filled in next, else gives on what was typed.
fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(prompt) = screen_mut(model).and_then(|screen| screen.prompt.as_mut()) else {
        return Vec::new();
    };
    if prompt.task.is_some() || prompt.seek() {
        return Vec::new();
    }
    match prompt.purpose.clone() {
        Purpose::Admin => {
            let password = prompt.take_password();
            sign_in(model, password)
        }
        Purpose::Rotate => {
            let typed = prompt.typed();
            close(model);
            tokens::rotate(model, typed)
        }
        Purpose::NewSecret => {
            let typed = prompt.typed();
            tokens::put_secret(model, typed)
        }
        Purpose::NewUser(_) => {
            let password = prompt.take_password();
            close(model);
            mend::apply(model, Some(password))
        }
    }
}

fn close(model: &mut Model) {
    if let Some(screen) = screen_mut(model) {
        screen.prompt = None;
    }
}

fn sign_in(model: &mut Model, password: crate::model::secret::Secret) -> Vec<Effect> {
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    let user_name = screen.prompt.as_ref().map(|prompt| prompt.user_name.trim().to_owned()).unwrap_or_default();
    let connection = screen.name.clone();
    let (task, effect) = model.run(Job::AdminSignIn { connection, user_name, password });
    if let Some(prompt) = screen_mut(model).and_then(|screen| screen.prompt.as_mut()) {
        (prompt.task, prompt.fault) = (Some(task), None);
    }
    vec![effect]
}

/// Takes in whether the admin was signed in. What was looked at is looked at again, with the admin's eyes.
pub fn signed_in(model: &mut Model, task: TaskId, answer: Result<(), Fault>) -> Vec<Effect> {
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    let Some(prompt) = screen.prompt.as_mut().filter(|prompt| prompt.task == Some(task)) else {
        return Vec::new();
    };
    if let Err(fault) = answer {
        (prompt.task, prompt.fault) = (None, Some(fault));
        return Vec::new();
    }
    screen.prompt = None;
    screen.installation.admin = true;
    let tokens_too = screen.tab == Tab::Tokens || screen.tokens.list != Remote::Idle;
    let mut effects = checklist::look(model);
    if tokens_too {
        effects.extend(tokens::read(model));
    }
    effects
}

/// Closes the form; a sign-in under way is given up. Whether one was open.
pub fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let screen = screen_mut(model)?;
    let prompt = screen.prompt.take()?;
    let name = screen.name.clone();
    if prompt.purpose != Purpose::Admin {
        // A new client secret that is being proved is kept or not, whoever watches.
        return Some(Vec::new());
    }
    // The product may have said yes meanwhile.
    let given_up = |task| [Effect::Cancel(task), model.run(Job::AdminSignOut(name.clone())).1];
    Some(prompt.task.map(given_up).into_iter().flatten().collect())
}

/// Ends the admin's session.
pub fn sign_out(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = screen_mut(model).filter(|screen| screen.installation.admin) else {
        return Vec::new();
    };
    screen.installation.admin = false;
    let name = screen.name.clone();
    vec![model.run(Job::AdminSignOut(name)).1]
}

/// Forgets what was typed and ends the admin's session, because the screen or the program is left.
pub fn dispose(model: &mut Model) -> Vec<Effect> {
    let mut effects = cancel(model).unwrap_or_default();
    effects.extend(sign_out(model));
    effects
}
