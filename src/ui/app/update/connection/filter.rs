//! Search and filter: each change cancels what the former one asked for.

use crate::model::items::ItemFilter;
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, FilterPanel, Tab};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::input;
use crate::ui::app::model::Facts;

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

    /// A paste into the search field.
    pub(super) fn paste_in_search(&mut self, ctx: &mut Ctx<'_>, text: &str) {
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
            (ConnectionAction::OpenFilter, _) => self.open_filter(ctx.facts),
            (ConnectionAction::ToggleChoice, Some(panel)) => panel.toggle(),
            (ConnectionAction::ClearChoices, Some(panel)) => panel.clear(),
            (ConnectionAction::ApplyFilter, panel) => {
                if let Some(panel) = panel.take() {
                    self.change_filter(ctx, panel.draft);
                }
            }
            (ConnectionAction::ClearFilter, _) => {
                let filter = ItemFilter { find: self.filter.find.clone(), ..ItemFilter::default() };
                self.change_filter(ctx, filter);
            }
            _ => {}
        }
    }

    fn open_filter(&mut self, facts: &Facts) {
        let summary = facts.entry(&self.name).and_then(|entry| entry.summary.value()).cloned();
        self.panel = Some(FilterPanel::new(&summary.unwrap_or_default(), &self.filter));
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
