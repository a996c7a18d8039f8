//! What has the focus takes clicks, and a click on another choice leads the focus there.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Modifier;

use crate::ui::app::message::Message;
use crate::ui::app::model::{Model, Screen};
use crate::ui::app::update::update;
use crate::ui::tui::clicks::{self, Choice};

/// The lines above a list of tabs.
const TABS: u16 = 1;

/// What does not keep that, in this size.
pub fn broken(model: &Model, size: (u16, u16)) -> Vec<String> {
    let mut model = model.clone();
    update(&mut model, Message::Resize(size.0, size.1));
    let Some(buffer) = clicks::painted(&model) else { return Vec::new() };
    let mut broken = Vec::new();
    if !has_box(&model) && clicks::choices(&buffer).next().is_none() {
        let mut focused = buffer.area.positions().filter(|at| buffer[*at].modifier.contains(Modifier::REVERSED));
        let deaf = focused.find(|at| at.y > TABS);
        broken.extend(deaf.map(|at| format!("what has the focus takes no clicks: {:?}", words(&buffer, at))));
    }
    for (at, _) in clicks::choices(&buffer).filter(|(_, choice)| *choice == Choice::Other) {
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

/// The words of what has the focus.
fn focus(model: &Model) -> Option<Vec<String>> {
    let buffer = clicks::painted(model)?;
    clicks::in_focus(&buffer).map(|(at, _)| words(&buffer, at))
}

/// The words of a line from here on.
fn words(buffer: &Buffer, from: Position) -> Vec<String> {
    let line: String =
        (from.x..buffer.area.right()).filter_map(|x| buffer.cell((x, from.y))).map(Cell::symbol).collect();
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1).map(str::to_owned).collect()
}
