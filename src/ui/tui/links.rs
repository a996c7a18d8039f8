//! Addresses on the screen as links of the terminal (OSC 8, <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>):
//! a click opens one whole, also where it is folded over several lines. A terminal that knows no links shows the text alone.

use std::io::{self, Write};

use crossterm::cursor::{RestorePosition, SavePosition};
use crossterm::queue;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell};

use crate::ui::app::model::{Model, Notice};

/// A stretch of a row on which an address stands or goes on.
pub struct Piece {
    address: String,
    cells: Vec<(u16, u16, Cell)>,
}

/// The pieces of all addresses that the screen in front tells of.
pub fn on_screen(buffer: &Buffer, model: &Model) -> Vec<Piece> {
    let mut addresses = model.front().map(|screen| screen.behaviour().links()).unwrap_or_default();
    if let Some(Notice::Opened(address) | Notice::AddressCopied(address)) = &model.notice {
        addresses.push(address.clone());
    }
    // Anything else could end the sequence and steer the terminal.
    addresses.retain(|address| address.contains("://") && address.chars().all(|c| c.is_ascii_graphic()));
    addresses.iter().flat_map(|address| pieces(buffer, address)).collect()
}

/// Writes the pieces once more, as links, over what stands there.
///
/// # Errors
/// When the terminal is gone.
pub fn write<W: Write>(backend: &mut CrosstermBackend<W>, pieces: &[Piece]) -> io::Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    queue!(backend, SavePosition)?;
    for Piece { address, cells } in pieces {
        // Pieces of one address light up together.
        let id = address.bytes().fold(7_u32, |id, byte| id.wrapping_mul(31).wrapping_add(byte.into()));
        write!(backend, "\x1b]8;id={id};{address}\x1b\\")?;
        backend.draw(cells.iter().map(|(column, row, cell)| (*column, *row, cell)))?;
        write!(backend, "\x1b]8;;\x1b\\")?;
    }
    queue!(backend, RestorePosition)?;
    Write::flush(backend)
}

/// Where this address stands: in one row, or folded over several; nothing where the screen does not have it whole.
fn pieces(buffer: &Buffer, address: &str) -> Vec<Piece> {
    let places = (buffer.area.top()..buffer.area.bottom())
        .flat_map(|row| (buffer.area.left()..buffer.area.right()).map(move |column| (column, row)));
    let mut begins = places.filter(|place| begins(buffer, *place, address, address.len().min(12)));
    begins.find_map(|place| folded(buffer, place, address)).unwrap_or_default()
}

fn folded(buffer: &Buffer, mut place: (u16, u16), address: &str) -> Option<Vec<Piece>> {
    let (mut left, mut found) = (address, Vec::new());
    loop {
        let ((column, row), count) = (place, same(buffer, place, left));
        let columns = column..column.saturating_add(u16::try_from(count).ok()?);
        let cells = columns.filter_map(|column| Some((column, row, buffer.cell((column, row))?.clone()))).collect();
        found.push(Piece { address: address.to_owned(), cells });
        left = left.get(count..)?;
        if left.is_empty() {
            return Some(found);
        }
        let row = row + 1;
        let mut columns = buffer.area.left()..buffer.area.right();
        place = (columns.find(|column| begins(buffer, (*column, row), left, 1))?, row);
    }
}

/// Whether so many characters of the text at least stand from this cell on, with nothing before and nothing behind them.
fn begins(buffer: &Buffer, (column, row): (u16, u16), text: &str, least: usize) -> bool {
    let count = same(buffer, (column, row), text);
    let end = u16::try_from(count).ok().and_then(|count| column.checked_add(count));
    let before = column.checked_sub(1).is_none_or(|before| is_gap(buffer, before, row));
    count >= least && before && (count == text.len() || end.is_some_and(|end| is_gap(buffer, end, row)))
}

fn is_gap(buffer: &Buffer, column: u16, row: u16) -> bool {
    buffer.cell((column, row)).is_none_or(|cell| matches!(cell.symbol(), "" | " " | "│" | "┃" | "↑" | "↓"))
}

/// How many characters of the text stand from this cell on.
fn same(buffer: &Buffer, (column, row): (u16, u16), text: &str) -> usize {
    let cells = (column..buffer.area.right()).filter_map(|column| buffer.cell((column, row)));
    cells.zip(text.chars()).take_while(|(cell, c)| cell.symbol().chars().eq([*c])).count()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    const ADDRESS: &str = "https://store.example/app#!/ab0265b2dbd53200d36cdc50cf961980/1.0.1";

    fn screen(rows: &[&str]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 48, 5));
        for (row, text) in (0..).zip(rows) {
            buffer.set_string(0, row, text, ratatui::style::Style::new());
        }
        buffer
    }

    fn found(rows: &[&str], address: &str) -> Vec<(u16, u16, usize)> {
        let pieces = pieces(&screen(rows), address);
        pieces.iter().map(|piece| (piece.cells[0].0, piece.cells[0].1, piece.cells.len())).collect()
    }

    #[test]
    fn a5_an_address_is_found_in_one_row_and_folded_over_several() {
        assert_eq!(found(&["See:", " https://a.example/b?c=d"], "https://a.example/b?c=d"), [(1, 1, 23)]);
        let rows = ["│ See:", "│ https://store.example/app#!/ab0265 │ x", "│ b2dbd53200d36cdc50cf961980/1.0.1   │"];
        assert_eq!(found(&rows, ADDRESS), [(2, 1, 34), (2, 2, 32)]);
        let beside =
            [" ✓ 1 Partner  https://store.example/app#!/ab0265", "   2 Details  b2dbd53200d36cdc50cf961980/1.0.1"];
        assert_eq!(found(&beside, ADDRESS), [(14, 0, 34), (14, 1, 32)]);
    }

    #[test]
    fn a5_an_address_that_is_cut_is_no_link() {
        assert_eq!(found(&[" https://store.example/app#!/ab0265", " "], ADDRESS), []);
        assert_eq!(found(&[" https://store.example/app…"], ADDRESS), []);
    }

    #[test]
    fn a5_a_link_is_written_around_its_cells() {
        let pieces = pieces(&screen(&["https://a.example/b"]), "https://a.example/b");
        let (mut written, mut none) = (Vec::new(), Vec::new());
        write(&mut CrosstermBackend::new(&mut written), &pieces).unwrap();
        write(&mut CrosstermBackend::new(&mut none), &[]).unwrap();
        let written = String::from_utf8(written).unwrap();
        let begins = written.find("\x1b]8;id=").unwrap();
        assert!(written[begins..].contains(";https://a.example/b\x1b\\"), "{written:?}");
        assert!(written.contains("https://a.example/b\x1b") && written.contains("\x1b]8;;\x1b\\"), "{written:?}");
        assert!(none.is_empty());
    }
}
