//! The sources of alerts: each is read at its interval, then what waits is decided about and written to the products.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use crate::model::alert_run::{Followed, Polled};
use crate::model::alert_source::SourceName;
use crate::model::alert_view::AlertStanding;
use crate::model::fault::{Fault, Retry};
use crate::ui::app::alerts::Poll;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Effect, Job, TaskId};
use crate::ui::app::model::{Asked, Facts};
use crate::ui::app::news::News;

/// Asks for sources and rules. An answer on its way may be older than what is asked about, so it is followed by another.
pub fn read(ctx: &mut Ctx<'_>) {
    if ctx.facts.awaits(&Asked::AlertStanding) {
        ctx.facts.alerts.outdated = true;
    } else {
        ctx.facts.alerts.standing.ask();
        ctx.ask(Asked::AlertStanding, Job::LoadAlertStanding);
    }
}

/// Forgets what the last pass over a source met: its settings are others now, so it is read again.
pub fn forget_pass(ctx: &mut Ctx<'_>, name: &SourceName) {
    if let Some(poll) = ctx.facts.alerts.polls.get_mut(name) {
        (poll.fault, poll.tried_at) = (None, None);
    }
}

/// Somebody wrote the rules: they are read again, and what waits is decided about by them.
pub fn rules_changed(ctx: &mut Ctx<'_>) {
    read(ctx);
    if !ctx.facts.alerts.sources().is_empty() {
        follow(ctx);
    }
    ctx.tell(News::AlertRules);
}

/// Takes in sources and rules. Passes over a source that is gone are stopped.
pub fn standing(ctx: &mut Ctx<'_>, answer: Result<Box<AlertStanding>, Fault>) {
    let now = ctx.facts.now;
    let known = &mut ctx.facts.alerts;
    let rests = |standing: &AlertStanding| match standing.rules.fault.as_ref()?.retry() {
        Retry::After(seconds) => now.saturating_add(SignedDuration::from_secs(seconds.try_into().ok()?)).ok(),
        _ => None,
    };
    known.rules_at = answer.as_deref().ok().and_then(rests);
    known.standing.settle(answer.map(|standing| *standing), now);
    let outdated = std::mem::take(&mut known.outdated);
    if known.standing.value().is_some() {
        let names: Vec<_> = known.sources().iter().map(|source| source.settings.name.clone()).collect();
        let (kept, gone) = std::mem::take(&mut known.polls).into_iter().partition(|(name, _)| names.contains(name));
        known.polls = kept;
        let gone: BTreeMap<SourceName, Poll> = gone;
        gone.into_values().filter_map(|poll| poll.task).for_each(|task| ctx.cancel(task));
    }
    if outdated {
        read(ctx);
    }
    ctx.tell(News::Alerts);
    start_due(ctx);
}

/// Starts a pass over each source that is due, and reads rules again that may have been half written.
pub fn start_due(ctx: &mut Ctx<'_>) {
    if ctx.facts.alerts.rules_at.take_if(|at| *at <= ctx.facts.now).is_some() {
        rules_changed(ctx);
    }
    let due = ctx.facts.alerts.due(ctx.facts.now);
    due.into_iter().for_each(|name| poll(ctx, name));
}

/// Starts a pass over every source, whether it is due or not.
pub fn poll_all(ctx: &mut Ctx<'_>) {
    let names: Vec<_> = ctx.facts.alerts.sources().iter().map(|source| source.settings.name.clone()).collect();
    names.into_iter().for_each(|name| poll(ctx, name));
}

fn poll(ctx: &mut Ctx<'_>, name: SourceName) {
    if ctx.facts.alerts.poll(&name).is_some_and(|poll| poll.task.is_some()) {
        return;
    }
    let task = ctx.ask(Asked::Poll(name.clone()), Job::PollAlerts(name.clone()));
    let now = ctx.facts.now;
    ctx.facts.alerts.polls.insert(name, Poll { task: Some(task), tried_at: Some(now), ..Poll::default() });
}

/// Takes in the end of a pass: what it brought is decided about.
pub fn polled(ctx: &mut Ctx<'_>, task: TaskId, name: &SourceName, answer: Result<Polled, Fault>) {
    let Some(poll) = ctx.facts.alerts.polls.get_mut(name).filter(|poll| poll.task == Some(task)) else { return };
    poll.task = None;
    poll.stopping = false;
    poll.fault = match answer {
        Ok(_) | Err(Fault::Interrupted) => None,
        Err(fault) => Some(fault),
    };
    read(ctx);
    follow(ctx);
    // It took longer than its interval.
    start_due(ctx);
}

/// Has what waits decided about, and carries out the outbox of tickets.
pub fn follow(ctx: &mut Ctx<'_>) {
    if ctx.facts.alerts.follow.task.is_some() {
        ctx.facts.alerts.follow.again = true;
        return;
    }
    let task = ctx.ask(Asked::AlertFollow, Job::FollowAlerts);
    let follow = &mut ctx.facts.alerts.follow;
    (follow.task, follow.stopping, follow.again) = (Some(task), false, false);
}

/// Takes in what was decided and written.
pub fn followed(ctx: &mut Ctx<'_>, task: TaskId, answer: Result<Box<Followed>, Fault>) {
    let follow = &mut ctx.facts.alerts.follow;
    if follow.task != Some(task) {
        return;
    }
    follow.task = None;
    let (again, stopped) = (std::mem::take(&mut follow.again), std::mem::take(&mut follow.stopping));
    follow.last = Some(answer.map(|followed| *followed));
    if again && !stopped {
        self::follow(ctx);
    }
    read(ctx);
    ctx.tell(News::StoredAlerts);
}

/// Asks all of it to stop. What was read stays; what was not written is written with the next pass.
pub fn stop(ctx: &mut Ctx<'_>) {
    let known = &mut ctx.facts.alerts;
    let mut tasks = Vec::new();
    for poll in known.polls.values_mut().filter(|poll| poll.task.is_some() && !poll.stopping) {
        poll.stopping = true;
        tasks.extend(poll.task);
    }
    if !known.follow.stopping {
        known.follow.stopping = known.follow.task.is_some();
        tasks.extend(known.follow.task);
    }
    // Their ends are still waited for.
    tasks.into_iter().for_each(|task| ctx.effect(Effect::Cancel(task)));
}

/// When a source is due next, whatever screen is open.
pub fn next_tick(facts: &Facts) -> Option<jiff::Timestamp> {
    let passes = facts.alerts.sources().iter().filter_map(|source| facts.alerts.next(source, facts.now));
    passes.chain(facts.alerts.rules_at).min()
}
