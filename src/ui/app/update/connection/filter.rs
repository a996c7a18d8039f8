//! Search and filter: each change cancels what the former one asked for.

use super::{items, screen_mut};
use crate::model::items::ItemFilter;
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, FilterPanel, Tab};
use crate::ui::app::effect::Effect;
use crate::ui::app::input;
use crate::ui::app::model::Model;
use crate::ui::app::shell::quoted;

/// Puts the cursor into the search field, edits it, leaves it.
pub fn search(model: &mut Model, action: ConnectionAction) -> Vec<Effect> {
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    match action {
        ConnectionAction::Search => screen.search = Some(screen.filter.find.len()),
        ConnectionAction::LeaveSearch => screen.search = None,
        ConnectionAction::EditSearch(edit) => return type_in(model, |find, at| input::apply(find, at, &edit)),
        _ => {}
    }
    Vec::new()
}

/// A paste into the search field.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    type_in(model, |find, at| input::paste(find, at, text).0)
}

fn type_in(model: &mut Model, edit: impl FnOnce(&mut String, usize) -> usize) -> Vec<Effect> {
    let Some(screen) = screen_mut(model).filter(|screen| screen.tab == Tab::Items) else {
        return Vec::new();
    };
    let Some(at) = screen.search else {
        return Vec::new();
    };
    let mut filter = screen.filter.clone();
    screen.search = Some(edit(&mut filter.find, at));
    change(model, filter)
}

/// Empties the search field.
pub fn clear_search(model: &mut Model) -> Vec<Effect> {
    let filter = screen_mut(model).map(|screen| ItemFilter { find: String::new(), ..screen.filter.clone() });
    filter.map(|filter| change(model, filter)).unwrap_or_default()
}

/// Opens the filter panel, chooses in it, applies it.
pub fn act(model: &mut Model, action: ConnectionAction) -> Vec<Effect> {
    if action == ConnectionAction::OpenFilter {
        open(model);
        return Vec::new();
    }
    let Some(screen) = screen_mut(model) else {
        return Vec::new();
    };
    match (action, &mut screen.panel) {
        (ConnectionAction::ToggleChoice, Some(panel)) => panel.toggle(),
        (ConnectionAction::ClearChoices, Some(panel)) => panel.clear(),
        (ConnectionAction::ApplyFilter, panel) => {
            return panel.take().map(|panel| change(model, panel.draft)).unwrap_or_default();
        }
        (ConnectionAction::ClearFilter, _) => {
            let filter = ItemFilter { find: screen.filter.find.clone(), ..ItemFilter::default() };
            return change(model, filter);
        }
        _ => {}
    }
    Vec::new()
}

/// Moves in the panel.
pub fn step(screen: &mut ConnectionScreen, lines: isize) {
    if let Some(panel) = &mut screen.panel {
        panel.move_by(lines);
    }
}

fn open(model: &mut Model) {
    let summary = super::screen(model).and_then(|screen| model.entry(&screen.name)?.summary.value()).cloned();
    if let Some(screen) = screen_mut(model) {
        screen.panel = Some(FilterPanel::new(&summary.unwrap_or_default(), &screen.filter));
    }
}

fn change(model: &mut Model, filter: ItemFilter) -> Vec<Effect> {
    let Some(screen) = screen_mut(model).filter(|screen| screen.filter != filter) else {
        return Vec::new();
    };
    screen.filter = filter;
    screen.table.outdate();
    let mut effects = super::detail::close(model);
    effects.extend(items::read_first(model));
    effects
}

/// The command that does what this screen does, without the program's name.
pub fn command(screen: &ConnectionScreen) -> String {
    match screen.tab {
        Tab::Items => items_command(screen),
        Tab::Activity => "status".to_owned(),
        Tab::Test => format!("connection test {}", quoted(screen.name.as_str())),
        Tab::Checklist => format!("checklist {}", quoted(screen.name.as_str())),
        Tab::Tokens => format!("token list {}", quoted(screen.name.as_str())),
    }
}

fn items_command(screen: &ConnectionScreen) -> String {
    let filter = &screen.filter;
    let mut words = vec!["items".to_owned(), quoted(screen.name.as_str())];
    let mut option = |name: &str, value: Option<&str>| {
        // A value that begins with a dash would be taken for an option of its own.
        let gap = if value.is_some_and(|value| value.starts_with('-')) { '=' } else { ' ' };
        words.extend(value.map(|value| format!("--{name}{gap}{}", quoted(value))));
    };
    option("kind", filter.kind.map(crate::model::work_item::WorkItemKind::id));
    option("state", filter.state.as_deref());
    option("priority", filter.priority.as_deref());
    option("find", Some(filter.find.trim()).filter(|find| !find.is_empty()));
    words.extend(filter.open.map(|open| if open { "--open" } else { "--closed" }.to_owned()));
    if filter.removed == Some(true) {
        words.push("--removed".to_owned());
    }
    words.join(" ")
}
