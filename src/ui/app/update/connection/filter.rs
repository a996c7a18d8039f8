//! Search and filter: each change cancels what the former one asked for.

use crate::model::fault::Fault;
use crate::model::items::{Assigned, ItemColumn, ItemFilter, Sort};
use crate::ui::app::connection::{ColumnBox, ConnectionAction, ConnectionScreen, FilterPanel, Tab, columns};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::input;
use crate::ui::app::model::{Facts, Notice};
use crate::ui::app::preferences::PreferencesJob;

impl ConnectionScreen {
    /// Puts the cursor into the search field, edits it, leaves it.
    pub(super) fn act_on_search(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match action {
            ConnectionAction::Search => {
                self.search = Some(0);
                self.clear_search(ctx);
            }
            ConnectionAction::LeaveSearch => self.search = None,
            ConnectionAction::EditSearch(edit) => self.type_in(ctx, |find, at| input::apply(find, at, edit)),
            _ => {}
        }
    }

    /// A paste into the search field of what is in front.
    pub(super) fn paste_in_search(&mut self, ctx: &mut Ctx<'_>, text: &str) {
        if let Some(panel) = self.panel.as_mut().filter(|_| self.tab == Tab::Items) {
            return panel.paste(text);
        }
        self.type_in(ctx, |find, at| input::paste(find, at, text).0);
    }

    fn type_in(&mut self, ctx: &mut Ctx<'_>, edit: impl FnOnce(&mut String, usize) -> usize) {
        let Some(at) = self.search.filter(|_| self.tab == Tab::Items) else { return };
        let mut filter = self.filter.clone();
        self.search = Some(edit(&mut filter.find, at));
        self.change_filter(ctx, filter);
    }

    /// Empties the search field.
    pub(super) fn clear_search(&mut self, ctx: &mut Ctx<'_>) {
        let filter = ItemFilter { find: String::new(), ..self.filter.clone() };
        self.change_filter(ctx, filter);
    }

    /// Opens the filter panel, chooses in it, applies it.
    pub(super) fn act_on_filter(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match (action, &mut self.panel) {
            (ConnectionAction::OpenFilter, _) => self.open_filter(ctx),
            (ConnectionAction::ToggleChoice, Some(panel)) => panel.toggle(ctx.facts.lang),
            (ConnectionAction::ClearChoices, Some(panel)) => panel.clear(),
            (ConnectionAction::FindChoice, Some(panel)) => panel.find(),
            (ConnectionAction::EditChoices(edit), Some(panel)) => panel.edit(edit),
            (ConnectionAction::LeaveChoices, Some(panel)) => panel.typing = None,
            (ConnectionAction::ApplyFilter, panel) => {
                if let Some(panel) = panel.take() {
                    panel.task.into_iter().for_each(|task| ctx.cancel(task));
                    self.change_filter(ctx, panel.draft);
                }
            }
            (ConnectionAction::ClearFilter, _) => {
                let (find, sort) = (self.filter.find.clone(), self.filter.sort);
                let filter = ItemFilter { find, sort, ..ItemFilter::default() };
                self.change_filter(ctx, filter);
            }
            _ => {}
        }
    }

    /// Opens the column box, chooses in it, sorts.
    pub(super) fn act_on_columns(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        let at = self.columns.as_ref().map(|open| open.at);
        match (action, at) {
            (ConnectionAction::OpenColumns, _) => {
                self.columns = Some(ColumnBox { at: 0, before: ctx.facts.settings.columns.clone() });
            }
            (ConnectionAction::ToggleColumn, Some(at)) => toggle_column(ctx.facts, at),
            (ConnectionAction::ColumnsByWidth, Some(_)) => ctx.facts.settings.columns = None,
            (ConnectionAction::SortHere, Some(at)) => {
                let column = ItemColumn::ALL.get(at).copied().unwrap_or_default();
                let reversed = self.filter.sort.column == column && !self.filter.sort.reversed;
                self.sort_by(ctx, Sort { column, reversed });
            }
            (ConnectionAction::SortNext, _) => {
                let shown = columns::chosen(ctx.facts);
                let at = shown.iter().position(|column| *column == self.filter.sort.column);
                let next = at.map_or(0, |at| (at + 1) % shown.len().max(1));
                let column = shown.get(next).copied().unwrap_or_default();
                self.sort_by(ctx, Sort { column, reversed: false });
            }
            (ConnectionAction::SortReversed, _) => {
                let Sort { column, reversed } = self.filter.sort;
                self.sort_by(ctx, Sort { column, reversed: !reversed });
            }
            _ => {}
        }
    }

    /// Closes the column box, and keeps what was chosen there. Whether it was open.
    pub(super) fn close_columns(&mut self, ctx: &mut Ctx<'_>) -> bool {
        let Some(open) = self.columns.take() else { return false };
        let chosen = &ctx.facts.settings.columns;
        if open.before != *chosen {
            let job = PreferencesJob::KeepColumns(chosen.clone());
            ctx.run(job);
        }
        true
    }

    /// Moves in the column box.
    pub(super) fn move_in_columns(&mut self, lines: isize) {
        if let Some(ColumnBox { at, .. }) = &mut self.columns {
            *at = at.saturating_add_signed(lines).min(ItemColumn::ALL.len() - 1);
        }
    }

    fn sort_by(&mut self, ctx: &mut Ctx<'_>, sort: Sort) {
        let filter = ItemFilter { sort, ..self.filter.clone() };
        self.change_filter(ctx, filter);
        ctx.facts.settings.set_order(sort);
        // What is chosen meanwhile is kept afterwards, so that the last choice stays.
        if self.keeping.is_none() {
            self.keep_order(ctx);
        }
    }

    fn keep_order(&mut self, ctx: &mut Ctx<'_>) {
        let order = self.filter.sort;
        self.keeping = Some((ctx.run(PreferencesJob::KeepOrder(order)), order));
    }

    /// What was chosen for tables is kept in the config file, or is not.
    pub(super) fn kept(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        let kept = self.keeping.take_if(|(keeping, _)| *keeping == task);
        if answer.is_ok() && kept.is_some_and(|(_, order)| order != self.filter.sort) {
            self.keep_order(ctx);
        }
        ctx.facts.notice = answer.err().map(Notice::Fault).or_else(|| ctx.facts.notice.take());
    }

    /// Keeps the order that was chosen since the last one that is being kept: nobody will hear of that one's end.
    pub(super) fn keep_last_order(&mut self, ctx: &mut Ctx<'_>) {
        if self.keeping.as_ref().is_some_and(|(_, order)| *order != self.filter.sort) {
            self.keep_order(ctx);
        }
    }

    fn open_filter(&mut self, ctx: &mut Ctx<'_>) {
        let summary = ctx.facts.entry(&self.name).and_then(|entry| entry.summary.value()).cloned();
        let panel = FilterPanel::new(&summary.unwrap_or_default(), &self.filter, ctx.facts.now);
        let task = ctx.run(Job::LoadAssigned(self.name.clone()));
        self.panel = Some(FilterPanel { task: Some(task), ..panel });
    }

    /// Takes in the groups and assignees for the panel.
    pub(super) fn assigned_came(&mut self, task: TaskId, answer: Result<Box<Assigned>, Fault>) {
        let Some(panel) = self.panel.as_mut().filter(|panel| panel.task == Some(task)) else { return };
        panel.task = None;
        match answer {
            Ok(assigned) => panel.assigned(*assigned),
            Err(fault) => panel.fault = Some(fault),
        }
    }

    /// Closes the search field of the panel, else the panel. Whether it was open.
    pub(super) fn close_panel(&mut self, ctx: &mut Ctx<'_>) -> bool {
        if self.panel.as_mut().is_some_and(FilterPanel::stop_typing) {
            return true;
        }
        let Some(panel) = self.panel.take() else { return false };
        panel.task.into_iter().for_each(|task| ctx.cancel(task));
        true
    }

    fn change_filter(&mut self, ctx: &mut Ctx<'_>, filter: ItemFilter) {
        if self.filter == filter {
            return;
        }
        self.filter = filter;
        self.table.outdate();
        self.close_detail(ctx);
        self.read_first_items(ctx);
    }
}

fn toggle_column(facts: &mut Facts, at: usize) {
    let Some(column) = ItemColumn::ALL.get(at) else { return };
    let mut chosen = columns::chosen(facts);
    match chosen.iter().position(|other| other == column) {
        // The last one stays: a table without columns shows nothing.
        Some(_) if chosen.len() == 1 => {}
        Some(place) => {
            chosen.remove(place);
        }
        None => {
            chosen.push(*column);
            chosen.sort();
        }
    }
    facts.settings.columns = Some(chosen);
}
