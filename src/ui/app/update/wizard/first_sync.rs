//! The first sync of the connection that was just saved.

use crate::model::connection::ConnectionName;
use crate::model::fault::Fault;
use crate::ui::app::connection::{ConnectionScreen, Start};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::model::Facts;
use crate::ui::app::news::News;
use crate::ui::app::screen::Step;
use crate::ui::app::update::{config, sync};
use crate::ui::app::wizard::Wizard;

impl Wizard {
    /// The config was read: if the saved connection is in it, its first sync starts.
    pub(super) fn configured(&mut self, ctx: &mut Ctx<'_>) {
        let waits = self.first_sync.as_mut().filter(|first| !first.started && ctx.facts.entry(&first.name).is_some());
        let Some(waiting) = waits else { return };
        if waiting.signed_out {
            return stand_signed_out(ctx.facts, &waiting.name);
        }
        waiting.started = true;
        sync::start(ctx, &waiting.name, false);
    }

    /// Tries again what failed: reading the config, or the sync.
    pub(super) fn sync_again(&mut self, ctx: &mut Ctx<'_>) {
        match &self.first_sync {
            Some(first_sync) if first_sync.started => sync::start(ctx, &first_sync.name, false),
            Some(_) => config::load(ctx),
            None => {}
        }
    }

    /// To the dashboard, the new connection in focus. The sync goes on.
    pub(super) fn finish(&mut self, ctx: &mut Ctx<'_>) -> Step {
        self.drop_late_draft(ctx);
        self.stop().into_iter().for_each(|task| ctx.cancel(task));
        if let Some(name) = self.name() {
            ctx.tell(News::Left(name));
        }
        Step::Back
    }

    /// To the saved connection's checklist, which shows what the product still lacks. The sync goes on.
    pub(super) fn open_checklist(&mut self, ctx: &mut Ctx<'_>, start: Start) -> Step {
        let Some(name) = self.name() else { return Step::Stay };
        self.drop_late_draft(ctx);
        self.stop().into_iter().for_each(|task| ctx.cancel(task));
        let steps = ctx.facts.test_steps(&name);
        let screen = ConnectionScreen { start, ..ConnectionScreen::new(name, &steps) };
        Step::Become(Box::new(screen.into()))
    }

    /// Whether the first sync, or what comes before it, ended in a way that can be tried again.
    pub fn can_sync_again(&self, facts: &Facts) -> bool {
        let Some(first_sync) = self.first_sync.as_ref().filter(|saved| !saved.signed_out) else {
            return false;
        };
        match facts.entry(&first_sync.name) {
            None => facts.connections.fault().is_some() || facts.connections.value().is_some(),
            Some(entry) => entry.sync.task.is_none() && has_fault(entry.sync.last.as_ref()),
        }
    }
}

/// Shows a connection as signed out, before a sync finds that out.
fn stand_signed_out(facts: &mut Facts, name: &ConnectionName) {
    if let Some(entry) = facts.entry_mut(name) {
        entry.sync.last = Some(Err(Fault::SignedOut { connection: name.to_string() }));
        entry.next_sync = None;
    }
}

type Last<'a> = Option<&'a Result<std::sync::Arc<[crate::model::sync::KindReport]>, crate::model::fault::Fault>>;

fn has_fault(last: Last<'_>) -> bool {
    match last {
        Some(Ok(reports)) => reports.iter().any(|report| report.fault.is_some() || !report.complete),
        Some(Err(_)) => true,
        None => false,
    }
}
