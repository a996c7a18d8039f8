//! The guided step that writes what deploys a web app.

use crate::model::deploy::Written;
use crate::model::fault::Fault;
use crate::model::form::{FieldId, Form};
use crate::ui::app::deploy::{self, Deploy, DeployAction, Place, Stage};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Model, Notice, Screen};

/// More lines than it ever has; the screen stops earlier.
const LINES: usize = 80;

/// Opens it over the screen in front, with what that knows. What was typed for the same connection before is still there.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let (whose, form) = subject(model);
    let new = Deploy::new(whose, form.as_ref());
    model.deploy = match model.deploy.take() {
        Some(mut old) if old.whose == new.whose => {
            old.values.retain(|_, text| !text.is_empty());
            new.values.into_iter().for_each(|(field, text)| _ = old.values.entry(field).or_insert(text));
            if old.written().is_some() {
                old.stage = Stage::Filling;
            }
            old.open = true;
            Some(old)
        }
        _ => Some(Box::new(new)),
    };
    Vec::new()
}

/// For whom, and what is known of the connection.
fn subject(model: &Model) -> (Option<String>, Option<Form>) {
    match &model.screen {
        Screen::Wizard(wizard) => (None, Some(wizard.details.form.clone())),
        Screen::Connection(screen) => {
            let form = model.entry(&screen.name).map(|entry| Form::of(&entry.connection));
            (Some(screen.name.to_string()), form)
        }
        Screen::Dashboard(_) => (None, None),
    }
}

/// Does what was asked for.
pub fn act(model: &mut Model, action: DeployAction) -> Vec<Effect> {
    let Some(deploy) = front(model) else {
        return Vec::new();
    };
    match action {
        DeployAction::Next => {
            if let Some(place) = deploy.neighbour(1) {
                deploy.focus_on(place);
            }
        }
        DeployAction::Previous => {
            if let Some(place) = deploy.neighbour(-1) {
                deploy.focus_on(place);
            }
        }
        DeployAction::Edit(edit) => deploy.edit(&edit),
        DeployAction::Scroll(by) => deploy.scrolled = deploy.scrolled.saturating_add_signed(by).min(LINES),
        DeployAction::Write => return write(model),
        DeployAction::CopyNext => return copy_next(model),
    }
    Vec::new()
}

/// A paste into the place in focus; whether the step is in front.
pub fn paste(model: &mut Model, text: &str) -> bool {
    front(model).map(|deploy| deploy.paste(text)).is_some()
}

/// Leaves it; what was typed is kept. Files that are being written are let finish. Whether it was in front.
pub fn close(model: &mut Model) -> bool {
    front(model).map(|deploy| deploy.open = false).is_some()
}

fn write(model: &mut Model) -> Vec<Effect> {
    let lang = model.lang;
    let idle = |deploy: &&mut Deploy| !matches!(deploy.stage, Stage::Writing(_) | Stage::Written(_));
    let Some(order) = front(model).filter(idle).and_then(|deploy| deploy.order(lang)) else {
        return Vec::new();
    };
    let (task, effect) = model.run(Job::WriteDeployment(Box::new(order)));
    if let Some(deploy) = front(model) {
        (deploy.stage, deploy.scrolled) = (Stage::Writing(task), 0);
    }
    vec![effect]
}

/// Takes in whether the files were written. A wizard below learns what a connection to them will need.
pub fn written(model: &mut Model, task: TaskId, answer: Result<Box<Written>, Fault>) {
    let Some(deploy) = model.deploy.as_mut().filter(|deploy| deploy.stage == Stage::Writing(task)) else {
        return;
    };
    match answer {
        Err(fault) => {
            if !deploy.open {
                model.notice = Some(Notice::Fault(fault.clone()));
            }
            if matches!(fault, Fault::FilesThere { .. }) {
                deploy.focus_on(Place::Folder);
            }
            deploy.stage = Stage::Failed(fault);
        }
        Ok(written) => {
            let learned = deploy::learned(&written);
            deploy.stage = Stage::Written(written);
            teach(model, learned);
        }
    }
}

/// Whether this task writes the files.
pub fn awaits(model: &Model, task: TaskId) -> bool {
    model.deploy.as_ref().is_some_and(|deploy| deploy.stage == Stage::Writing(task))
}

/// Fills in what is empty in the wizard's form.
fn teach(model: &mut Model, learned: [(FieldId, String); 6]) {
    let Screen::Wizard(wizard) = &mut model.screen else {
        return;
    };
    let Some(spec) = wizard.spec.clone().filter(|_| !wizard.is_saved()) else {
        return;
    };
    for (field, text) in learned {
        if spec.field(field).is_some() && wizard.details.form.text(field).is_empty() {
            wizard.details.form.texts.insert(field, text);
        }
    }
    wizard.details.focus_on(wizard.details.focus);
}

fn copy_next(model: &mut Model) -> Vec<Effect> {
    let Some(commands) = front(model).and_then(|deploy| deploy.written().map(deploy::next_commands)) else {
        return Vec::new();
    };
    model.notice = Some(Notice::Copied);
    vec![Effect::Copy(commands.join("\n"))]
}

fn front(model: &mut Model) -> Option<&mut Deploy> {
    model.deploy.as_deref_mut().filter(|deploy| deploy.open)
}
