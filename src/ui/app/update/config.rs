//! The connections and their counts.

use crate::model::connection::{Connection, ConnectionName};
use crate::model::fault::Fault;
use crate::model::schedule::{self, LastSync};
use crate::model::settings::Settings;
use crate::model::summary::Summary;
use crate::model::unlisted::Unlisted;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Entry, Facts, Notice, SyncState};
use crate::ui::app::news::News;
use crate::ui::app::remote::Remote;
use crate::ui::app::workspace::WorkspaceEntry;

/// Asks for the config file.
pub fn load(ctx: &mut Ctx<'_>) {
    ctx.facts.connections.ask();
    ctx.ask(Asked::Config, Job::LoadConfig);
}

/// Takes in the config file: entries that were there keep what they show, syncs of those that are gone are
/// stopped, and all counts are asked for again.
pub fn loaded(ctx: &mut Ctx<'_>, answer: Result<(Settings, Vec<Connection>), Fault>) {
    let facts = &mut *ctx.facts;
    let mouse = facts.settings.mouse;
    let answer = answer.map(|(settings, connections)| {
        let same_schedule = settings.sync_every_minutes == facts.settings.sync_every_minutes;
        facts.lang = facts.usual_lang.map_or(facts.lang, |usual| settings.lang.unwrap_or(usual));
        facts.settings = settings;
        connections.into_iter().map(|connection| entry(facts, connection, same_schedule)).collect()
    });
    if answer.is_err() && facts.connections.value().is_some() {
        facts.notice = Some(Notice::ConfigUnusable);
    }
    let switched = Some(facts.settings.mouse).filter(|on| *on != mouse && *on != facts.mouse);
    facts.mouse = switched.unwrap_or(facts.mouse);
    let (now, before) = (facts.now, running(facts));
    facts.connections.settle(answer, now);
    let after = running(facts);
    switched.into_iter().for_each(|on| ctx.effect(Effect::Mouse(on)));
    before.into_iter().filter(|task| !after.contains(task)).for_each(|task| ctx.cancel(task));
    ctx.facts.names().iter().for_each(|name| count(ctx, name));
    read_workspaces(ctx);
    super::alerts::read(ctx);
    if ctx.facts.connections.fault().is_none() {
        read_unlisted(ctx);
    }
    ctx.tell(News::Configured);
}

fn running(facts: &Facts) -> Vec<TaskId> {
    facts.entries().iter().filter_map(|entry| entry.sync.task).collect()
}

fn entry(facts: &Facts, connection: Connection, same_schedule: bool) -> Entry {
    match facts.entry(&connection.name) {
        Some(known) => {
            let next_sync = known.next_sync.filter(|_| same_schedule);
            Entry { connection, next_sync, ..known.clone() }
        }
        None => Entry { connection, summary: Remote::Loading, sync: SyncState::default(), next_sync: None },
    }
}

/// Asks for a connection's counts.
pub fn count(ctx: &mut Ctx<'_>, name: &ConnectionName) {
    ctx.ask(Asked::Summary(name.clone()), Job::LoadSummary(name.clone()));
}

/// Somebody stored something, perhaps another process: what is shown of it is read again.
pub fn stored(ctx: &mut Ctx<'_>) {
    recount(ctx);
    if !ctx.facts.unlisted.is_empty() {
        read_unlisted(ctx);
    }
    super::alerts::read(ctx);
    ctx.tell(News::StoredAlerts);
}

/// Somebody stored something, perhaps another process: all counts are asked for again, but of a connection whose sync
/// runs here, which asks by itself. An answer on its way may be older than the change, so it is followed by another.
fn recount(ctx: &mut Ctx<'_>) {
    read_workspaces(ctx);
    let idle = ctx.facts.entries().iter().filter(|entry| entry.sync.task.is_none());
    for name in idle.map(|entry| entry.connection.name.clone()).collect::<Vec<_>>() {
        if ctx.facts.awaits(&Asked::Summary(name.clone())) {
            ctx.facts.recount.insert(name);
        } else {
            count(ctx, &name);
            ctx.tell(News::StoredMore(name));
        }
    }
}

/// Asks how the workspaces stand. An answer on its way may be older than what is asked about, so it is followed by another.
pub fn read_workspaces(ctx: &mut Ctx<'_>) {
    if ctx.facts.awaits(&Asked::Workspaces) {
        ctx.facts.workspaces.outdated = true;
    } else {
        ctx.facts.workspaces.list.ask();
        ctx.ask(Asked::Workspaces, Job::LoadWorkspaces);
    }
}

fn read_unlisted(ctx: &mut Ctx<'_>) {
    if !ctx.facts.awaits(&Asked::Unlisted) {
        ctx.ask(Asked::Unlisted, Job::LoadUnlisted);
    }
}

/// Takes in what the config file lost. Where it cannot be read, the counts of the connections cannot either, and they say why.
pub fn unlisted(ctx: &mut Ctx<'_>, answer: Result<Vec<Unlisted>, Fault>) {
    if let Ok(unlisted) = answer {
        ctx.facts.unlisted = unlisted;
    }
}

/// Takes in how the workspaces stand.
pub fn workspaces(ctx: &mut Ctx<'_>, answer: Result<Vec<WorkspaceEntry>, Fault>) {
    let now = ctx.facts.now;
    ctx.facts.workspaces.list.settle(answer, now);
    if std::mem::take(&mut ctx.facts.workspaces.outdated) {
        read_workspaces(ctx);
    }
    ctx.tell(News::Workspaces);
}

/// Takes in counts, and from the first ones on knows when the schedule syncs next.
pub fn summary(ctx: &mut Ctx<'_>, name: &ConnectionName, answer: Result<Box<Summary>, Fault>) {
    let now = ctx.facts.now;
    let is_removed = ctx.facts.awaits(&Asked::Removal(name.clone()));
    let every = schedule::interval(&ctx.facts.settings).filter(|_| !is_removed);
    if let Some(entry) = ctx.facts.entry_mut(name) {
        entry.summary.settle(answer.map(|summary| *summary), now);
        if entry.next_sync.is_none() && entry.sync.task.is_none() && !entry.is_paused() {
            entry.next_sync = every.and_then(|every| schedule::first_due(last_sync(entry), every, now));
        }
    }
    if ctx.facts.recount.remove(name) {
        count(ctx, name);
        ctx.tell(News::StoredMore(name.clone()));
    }
    super::sync::start_due(ctx);
}

fn last_sync(entry: &Entry) -> LastSync {
    match &entry.summary {
        Remote::Ready(summary, _) => {
            summary.last_sync.as_ref().map_or(LastSync::Never, |sync| LastSync::Ended(sync.ended_at))
        }
        _ => LastSync::Unknown,
    }
}

/// Removes a connection with everything it holds; a sync of it is stopped first, and its end awaited, or it
/// would store rows behind the removal's back.
pub fn remove(ctx: &mut Ctx<'_>, name: ConnectionName) {
    let Some(entry) = ctx.facts.entry_mut(&name) else {
        return;
    };
    entry.next_sync = None;
    if entry.sync.task.is_some() {
        entry.sync.then_remove = true;
        return super::sync::stop(ctx, &name);
    }
    ctx.ask(Asked::Removal(name.clone()), Job::RemoveConnection(name));
}

/// Takes in the end of a removal. What stands in the config file now is read again, however it ended.
pub fn removed(ctx: &mut Ctx<'_>, name: ConnectionName, answer: Result<(), Fault>) {
    ctx.facts.notice = Some(match answer {
        Ok(()) => Notice::Removed(name),
        Err(fault) => Notice::Fault(fault),
    });
    load(ctx);
}
