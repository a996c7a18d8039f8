//! A box leaves in sight what it is about: the name of what has the focus below it.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::Modifier;

use super::clicking::has_box;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::message::Message;
use crate::ui::app::model::Model;
use crate::ui::app::update::update;
use crate::ui::tui::clicks;
use crate::ui::tui::view;

/// Cells of the name at most.
const NAME: u16 = 12;

/// What does not keep that, in this size, where the box has room beside, above or below the name.
pub fn broken(model: &Model, size: (u16, u16)) -> Vec<String> {
    let mut shown = model.clone();
    update(&mut shown, Message::Resize(size.0, size.1));
    let mut below = shown.clone();
    update(&mut below, Message::Key(Key::new(Code::Esc)));
    if !has_box(&shown) || has_box(&below) {
        return Vec::new();
    }
    let (Some(shown), Some(below)) = (clicks::painted(&shown), clicks::painted(&below)) else { return Vec::new() };
    let Some(at) = focus(&below) else { return Vec::new() };
    let name = |buffer: &Buffer| -> String {
        let cells = (at.x..(at.x + NAME).min(size.0)).filter_map(|x| buffer.cell((x, at.y)));
        cells.map(Cell::symbol).collect::<String>().trim_end().to_owned()
    };
    let is_whole = name(&shown).starts_with(name(&below).split("  ").next().unwrap_or_default());
    if is_whole || !has_room(&shown, at) {
        return Vec::new();
    }
    vec![format!("{}x{}: the box covers {:?}, which it is about", size.0, size.1, name(&below))]
}

fn focus(buffer: &Buffer) -> Option<Position> {
    let is_focus = |at: &Position| {
        let cell = buffer.cell(*at);
        cell.is_some_and(|cell| cell.modifier.contains(Modifier::REVERSED) && !cell.symbol().trim().is_empty())
    };
    buffer.area.positions().find(is_focus)
}

/// Whether the box that is drawn is low enough to stand above or below this line.
fn has_room(buffer: &Buffer, name: Position) -> bool {
    let Some(cursor) = buffer.area.positions().find(|at| buffer.cell(*at).is_some_and(view::has_cursor)) else {
        return false;
    };
    let corner = |y: u16, corners: &str| {
        (0..buffer.area.width).any(|x| buffer.cell((x, y)).is_some_and(|cell| corners.contains(cell.symbol())))
    };
    let top = (0..cursor.y).rev().find(|y| corner(*y, "╭"));
    let bottom = (cursor.y..buffer.area.height).find(|y| corner(*y, "╰"));
    let (Some(top), Some(bottom)) = (top, bottom) else { return false };
    // Above it are the header, tabs and heads; below it the footer.
    let height = bottom + 1 - top;
    height <= name.y.saturating_sub(3) || height + name.y + 2 <= buffer.area.height
}
