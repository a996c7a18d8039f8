//! Pictures of the program, drawn by the program: a frame of the model as SVG, or many as one that moves.

use std::collections::HashMap;
use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;
use super::view;
use crate::model::colours::xterm;
use crate::ui::app::model::Model;

/// A cell's width and height in the picture's own units.
const CELL: (usize, usize) = (9, 19);
/// The room around the screen.
const MARGIN: usize = 14;

/// The model as it looks in its own size and these colours.
///
/// # Errors
/// When the frame cannot be drawn.
pub fn svg(model: &Model, theme: Theme) -> Result<String, std::io::Error> {
    drawn(model, theme).map(|buffer| of_buffer(&buffer, theme))
}

fn drawn(model: &Model, theme: Theme) -> Result<Buffer, std::io::Error> {
    let (columns, rows) = model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).map_err(std::io::Error::other)?;
    terminal.draw(|frame| view::draw(frame, model, theme)).map_err(std::io::Error::other)?;
    Ok(terminal.backend().buffer().clone())
}

/// A terminal's own two colours.
#[derive(Clone, Copy)]
struct Ground {
    paper: &'static str,
    ink: &'static str,
}

impl Ground {
    fn of(theme: Theme) -> Self {
        match theme {
            Theme::Colour | Theme::Mono => Self { paper: "#1b1f27", ink: "#d5dae3" },
            Theme::Light => Self { paper: "#ffffff", ink: "#24292f" },
        }
    }
}

/// The colours of a recording.
const RECORDED: Theme = Theme::Colour;

/// Frames of one size, one after the other. Rows that look the same are kept once.
#[derive(Default)]
pub struct Frames {
    rows: Vec<String>,
    known: HashMap<String, usize>,
    frames: Vec<(Vec<usize>, u32)>,
    size: (usize, usize),
}

impl Frames {
    /// Adds the model as it looks now, to stand for so many milliseconds. What looks like the frame before prolongs that.
    ///
    /// # Errors
    /// When the frame cannot be drawn.
    pub fn add(&mut self, model: &Model, millis: u32) -> Result<(), std::io::Error> {
        let buffer = drawn(model, RECORDED)?;
        self.size = (usize::from(buffer.area.width), usize::from(buffer.area.height));
        let rows = buffer.content().chunks(self.size.0.max(1)).map(|cells| self.row(cells)).collect::<Vec<_>>();
        match self.frames.last_mut() {
            Some((same, stands)) if *same == rows => *stands += millis,
            _ => self.frames.push((rows, millis)),
        }
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> usize {
        let mut drawn = String::new();
        line(&mut drawn, 0, cells, Ground::of(RECORDED));
        *self.known.entry(drawn).or_insert_with_key(|drawn| {
            self.rows.push(drawn.clone());
            self.rows.len() - 1
        })
    }

    /// What stands at a row, each with when it comes and goes in milliseconds.
    fn runs(&self, at: usize) -> Vec<(usize, u32, u32)> {
        let (mut runs, mut now): (Vec<(usize, u32, u32)>, u32) = (Vec::new(), 0);
        for (rows, millis) in &self.frames {
            let Some(row) = rows.get(at).copied() else { continue };
            match runs.last_mut() {
                Some((same, _, ends)) if *same == row && *ends == now => *ends += millis,
                _ => runs.push((row, now, now + millis)),
            }
            now += millis;
        }
        runs
    }

    /// The picture that shows them in turn, again and again.
    pub fn svg(&self) -> String {
        let whole: u32 = self.frames.iter().map(|(_, millis)| millis).sum();
        let mut svg = head(self.size, Ground::of(RECORDED));
        svg.push_str("<defs>\n");
        for (id, row) in self.rows.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            // Writing to a string cannot fail.
            let _ = write!(svg, "<g id=\"r{id}\">\n{row}</g>\n");
        }
        svg.push_str("</defs>\n");
        for at in 0..self.size.1 {
            let share = |millis: u32| f64::from(millis) / f64::from(whole.max(1));
            for (row, from, to) in self.runs(at).into_iter().filter(|(row, ..)| !self.rows[*row].is_empty()) {
                let _ = writeln!(
                    svg,
                    "<use href=\"#r{row}\" y=\"{}\" visibility=\"hidden\"><animate attributeName=\"visibility\" calcMode=\"discrete\" \
                     repeatCount=\"indefinite\" dur=\"{whole}ms\" values=\"hidden;visible;hidden\" keyTimes=\"0;{:.5};{:.5}\"/></use>",
                    at * CELL.1,
                    share(from),
                    share(to)
                );
            }
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// A frame as a picture.
pub(super) fn of_buffer(buffer: &Buffer, theme: Theme) -> String {
    let size = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let ground = Ground::of(theme);
    let mut svg = head(size, ground);
    for (row, cells) in buffer.content().chunks(size.0.max(1)).enumerate() {
        line(&mut svg, row, cells, ground);
    }
    svg.push_str("</svg>\n");
    svg
}

/// The start of a picture: its size and its ground.
fn head((columns, rows): (usize, usize), Ground { paper, .. }: Ground) -> String {
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{paper}\"/>\n"
    )
}

/// Cells of one look that follow each other are one text, as long as each is one column wide.
fn line(svg: &mut String, row: usize, cells: &[Cell], ground: Ground) {
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
        run(svg, (row, column, length), first, &text, ground);
        column += length;
    }
}

fn run(svg: &mut String, (row, column, length): (usize, usize, usize), cell: &Cell, text: &str, ground: Ground) {
    let (x, y, width) = (MARGIN + column * CELL.0, MARGIN + row * CELL.1, length * CELL.0);
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    let (mut ink, mut paper) = (colour(cell.fg, ground.ink), colour(cell.bg, ""));
    if reversed {
        (ink, paper) = (if paper.is_empty() { ground.paper.to_owned() } else { paper }, ink);
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

/// A colour as SVG writes it: of the sixteen one that suits a dark ground, of the other 240 as xterm has it.
fn colour(colour: Color, default: &str) -> String {
    let named = match colour {
        Color::Indexed(number) if number >= 16 => {
            let [red, green, blue] = xterm(number);
            return format!("#{red:02x}{green:02x}{blue:02x}");
        }
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
    };
    named.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::app::testing::{empty, model};

    #[test]
    fn frames_stand_one_after_the_other_and_rows_that_are_the_same_are_kept_once() {
        let mut frames = Frames::default();
        for (model, millis) in [(empty(), 500), (empty(), 500), (model(), 1000)] {
            frames.add(&model, millis).unwrap();
        }
        let svg = frames.svg();
        let halves =
            ["keyTimes=\"0;0.00000;0.50000\"", "keyTimes=\"0;0.50000;1.00000\""].map(|half| svg.contains(half));
        assert!(
            svg.contains("dur=\"2000ms\"") && halves == [true, true],
            "the same frame again prolongs the first: {svg}"
        );
        assert_eq!(svg.matches(">Welcome to itsmc<").count(), 1);
    }
}
