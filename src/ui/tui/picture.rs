//! Pictures of the program, drawn by the program: a frame of the model as SVG.

use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;
use super::view;
use crate::ui::app::model::Model;

/// A cell's width and height in the picture's own units.
const CELL: (usize, usize) = (9, 19);
/// The room around the screen.
const MARGIN: usize = 14;

/// The model as it looks in its own size.
///
/// # Errors
/// When the frame cannot be drawn.
pub fn svg(model: &Model) -> Result<String, std::io::Error> {
    let (columns, rows) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).map_err(std::io::Error::other)?;
    terminal.draw(|frame| view::draw(frame, model, Theme::Colour)).map_err(std::io::Error::other)?;
    Ok(of_buffer(terminal.backend().buffer()))
}

fn of_buffer(buffer: &Buffer) -> String {
    let (columns, rows) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1b1f27\"/>\n"
    );
    for (row, cells) in buffer.content().chunks(columns.max(1)).enumerate() {
        line(&mut svg, row, cells);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Cells of one look that follow each other are one text, as long as each is one column wide.
fn line(svg: &mut String, row: usize, cells: &[Cell]) {
    let mut column = 0;
    while let Some(first) = cells.get(column) {
        let same = |cell: &&Cell| cell.style() == first.style() && cell.symbol().width() == 1;
        let length = match first.symbol().width() {
            1 => cells[column..].iter().take_while(same).count(),
            wide => wide.max(1),
        };
        let text: String = match first.symbol().width() {
            1 => cells[column..column + length].iter().map(Cell::symbol).collect(),
            _ => first.symbol().to_owned(),
        };
        run(svg, (row, column, length), first, &text);
        column += length;
    }
}

fn run(svg: &mut String, (row, column, length): (usize, usize, usize), cell: &Cell, text: &str) {
    let (x, y, width) = (MARGIN + column * CELL.0, MARGIN + row * CELL.1, length * CELL.0);
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    let (mut ink, mut paper) = (colour(cell.fg, "#d5dae3"), colour(cell.bg, ""));
    if reversed {
        (ink, paper) = (if paper.is_empty() { "#1b1f27" } else { paper }, ink);
    }
    // Writing to a string cannot fail.
    if !paper.is_empty() {
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{paper}\"/>", CELL.1);
    }
    if !text.trim().is_empty() {
        let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
        let faint = if cell.modifier.contains(Modifier::DIM) { " opacity=\"0.6\"" } else { "" };
        let baseline = y + CELL.1 - 5;
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{baseline}\" fill=\"{ink}\"{weight}{faint} textLength=\"{width}\" xml:space=\"preserve\">{}</text>",
            escaped(text)
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn colour(colour: Color, default: &'static str) -> &'static str {
    match colour {
        Color::Black => "#1b1f27",
        Color::Red | Color::LightRed => "#f07178",
        Color::Green | Color::LightGreen => "#9ece6a",
        Color::Yellow | Color::LightYellow => "#e5c07b",
        Color::Blue | Color::LightBlue => "#7aa2f7",
        Color::Magenta | Color::LightMagenta => "#c792ea",
        Color::Cyan | Color::LightCyan => "#7dcfff",
        Color::DarkGray => "#7c8596",
        Color::Gray | Color::White => "#d5dae3",
        _ => default,
    }
}
