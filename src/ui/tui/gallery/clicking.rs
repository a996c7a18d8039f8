//! What has the focus takes clicks, and a click on another choice leads the focus there.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Modifier;

use crate::ui::app::connection::{ConnectionScreen, Tab};
use crate::ui::app::message::Message;
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::update::update;
use crate::ui::tui::clicks::{self, Choice, Noted};

/// The lines above a list of tabs.
const TABS: u16 = 1;

/// What does not keep that, in this size.
pub fn broken(model: &Model, size: (u16, u16)) -> Vec<String> {
    let mut model = model.clone();
    update(&mut model, Message::Resize(size.0, size.1));
    let Some(buffer) = clicks::painted(&model) else { return Vec::new() };
    let mut broken = Vec::new();
    if !has_box(&model) && !reads_clicks_itself(&model) && clicks::noted(&buffer).next().is_none() {
        let mut focused = buffer.area.positions().filter(|at| buffer[*at].modifier.contains(Modifier::REVERSED));
        let deaf = focused.find(|at| at.y > TABS);
        broken.extend(deaf.map(|at| format!("what has the focus takes no clicks: {:?}", words(&buffer, at))));
    }
    for Noted { at, .. } in clicks::noted(&buffer).filter(|line| line.is_first && line.choice == Choice::Other) {
        let mut after = model.clone();
        update(&mut after, clicks::read(&model, at.x, at.y));
        let clicked = words(&buffer, at);
        let focus = focus(&after).unwrap_or_default();
        if clicked.first() != focus.first() {
            broken.push(format!("a click on {clicked:?} leads to {focus:?}"));
        }
    }
    broken
}

/// Whether a box lies over what the screen shows.
pub fn has_box(model: &Model) -> bool {
    match model.front() {
        Some(Screen::Connection(screen)) => screen.sheet().is_some(),
        Some(Screen::Wizard(wizard)) => wizard.installation.opened.is_some(),
        Some(screen) => screen.behaviour().is_box(),
        None => false,
    }
}

/// Screens whose rows are in a table of their own, or stand side by side.
fn reads_clicks_itself(model: &Model) -> bool {
    match model.front() {
        Some(Screen::Dashboard(_)) => true,
        Some(Screen::Alerts(screen)) => screen.panel.is_none(),
        Some(Screen::Connection(screen)) => is_table(screen),
        _ => false,
    }
}

fn is_table(screen: &ConnectionScreen) -> bool {
    screen.tab == Tab::Items && screen.sheet().is_none() && screen.panel.is_none() && screen.columns.is_none()
}

/// The words of what has the focus.
fn focus(model: &Model) -> Option<Vec<String>> {
    let buffer = clicks::painted(model)?;
    let focused = clicks::noted(&buffer).find(|line| line.choice != Choice::Other).map(|line| line.at);
    focused.map(|at| words(&buffer, at))
}

/// The words of a line from here on.
fn words(buffer: &Buffer, from: Position) -> Vec<String> {
    let line: String =
        (from.x..buffer.area.right()).filter_map(|x| buffer.cell((x, from.y))).map(Cell::symbol).collect();
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
}
