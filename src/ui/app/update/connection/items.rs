//! The table of work items: what it asks for, and what comes.

use super::{screen, screen_mut};
use crate::model::fault::Fault;
use crate::model::items::ItemWindow;
use crate::ui::app::connection::table::{Fresh, Want};
use crate::ui::app::connection::{ConnectionAction, table_height};
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::Model;

/// Reads the newest rows; whatever was asked before is cancelled.
pub fn read_first(model: &mut Model) -> Vec<Effect> {
    fetch(model, Want::Fresh(Fresh::Top))
}

/// Reads the rows anew that are held, the reader staying in place. Rows that are already being read anew are
/// asked for again only if `even_if_asked`.
pub fn refresh(model: &mut Model, even_if_asked: bool) -> Vec<Effect> {
    let Some(screen) = screen(model) else {
        return Vec::new();
    };
    let fresh = match screen.table.replacing() {
        Some(_) if !even_if_asked => return Vec::new(),
        Some(fresh) => fresh,
        None if screen.table.is_outdated() => Fresh::Top,
        None if screen.table.reads_the_newest() && screen.detail.is_none() => Fresh::Top,
        None => Fresh::Again,
    };
    fetch(model, Want::Fresh(fresh))
}

/// Moves in the table.
pub fn step(model: &mut Model, moving: &ConnectionAction) -> Vec<Effect> {
    let height = table_height(model);
    let Some(table) = screen_mut(model).map(|screen| &mut screen.table) else {
        return Vec::new();
    };
    table.forgive();
    let want = match moving {
        ConnectionAction::Move(rows) => {
            table.move_by(*rows, height);
            None
        }
        ConnectionAction::Page(screens) => {
            table.page(*screens, height);
            None
        }
        ConnectionAction::First => table.go_first(height),
        ConnectionAction::Last => table.go_last(height),
        _ => None,
    };
    match want {
        Some(want) => fetch(model, want),
        None => keep_filled(model),
    }
}

/// The terminal has a new size.
pub fn fit(model: &mut Model) -> Vec<Effect> {
    let height = table_height(model);
    if let Some(screen) = screen_mut(model) {
        screen.table.fit(height);
    }
    keep_filled(model)
}

/// Takes in rows.
pub fn answer(model: &mut Model, task: TaskId, answer: Result<ItemWindow, Fault>) -> Vec<Effect> {
    let height = table_height(model);
    let taken = screen_mut(model).is_some_and(|screen| screen.table.answer(task, answer, height));
    if taken { keep_filled(model) } else { Vec::new() }
}

/// Drops far rows and asks for near ones.
pub fn keep_filled(model: &mut Model) -> Vec<Effect> {
    let height = table_height(model);
    let Some(table) = screen_mut(model).map(|screen| &mut screen.table) else {
        return Vec::new();
    };
    let mut effects: Vec<_> = table.trim(height).into_iter().map(Effect::Cancel).collect();
    for want in table.wants(height) {
        effects.extend(fetch(model, want));
    }
    effects
}

fn fetch(model: &mut Model, want: Want) -> Vec<Effect> {
    let height = table_height(model);
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    let is_fresh = matches!(want, Want::Fresh(_));
    let overtaken = if is_fresh { screen.table.abandon() } else { Vec::new() };
    let (seek, limit) = screen.table.seek(want, height);
    let job = Job::LoadItems { connection: screen.name.clone(), filter: screen.filter.clone(), seek, limit };
    let mut effects: Vec<_> = overtaken.into_iter().map(Effect::Cancel).collect();
    let (task, effect) = model.run(job);
    effects.push(effect);
    if let Some(screen) = screen_mut(model) {
        screen.table.asked(want, task);
    }
    effects
}
