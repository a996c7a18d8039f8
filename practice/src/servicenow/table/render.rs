//! Rows as the API shows them.

use super::columns::Kind;
use super::matches::Matches;
use super::pool::Shown;
use super::query::Path;
use super::rows::Cell;
use crate::core::json_text::push_text;
use crate::core::rng::push_hex;
use crate::servicenow::calendar::{Calendar, push_raw};

/// `sysparm_display_value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Display {
    /// `false`: what is stored.
    Raw,
    /// `true`: what is shown.
    Shown,
    /// `all`: both.
    Both,
}

/// How rows are to be shown.
pub(crate) struct Settings<'a> {
    /// Stored values, displayed values, or both.
    pub(crate) display: Display,
    /// `sysparm_exclude_reference_link`.
    pub(crate) without_links: bool,
    /// `sysparm_fields`; none is all.
    pub(crate) fields: Option<&'a str>,
    /// How the caller sees dates.
    pub(crate) calendar: &'a Calendar,
    /// The instance's address.
    pub(crate) url: &'a str,
    /// Columns that are withheld from the caller.
    pub(crate) withheld: Vec<String>,
}

/// Writes rows as JSON.
pub(crate) struct Renderer<'a> {
    matches: Matches<'a>,
    settings: Settings<'a>,
    fields: Vec<(String, Path)>,
}

impl<'a> Renderer<'a> {
    /// A renderer for rows of the table that is asked; unknown fields are left out.
    pub(crate) fn new(matches: Matches<'a>, settings: Settings<'a>) -> Self {
        let table = matches.table;
        let all = || table.columns.iter().map(|column| column.name).collect::<Vec<_>>();
        let names = settings.fields.map_or_else(all, |fields| fields.split(',').map(str::trim).collect());
        let open = |name: &&str| !settings.withheld.iter().any(|withheld| withheld == name);
        let names = names.into_iter().filter(open);
        let fields = names.filter_map(|name| Some((key(name), Path::parse(table, name)?))).collect();
        Self { matches, settings, fields }
    }

    /// Appends one row as an object.
    pub(crate) fn push_row(&self, out: &mut String, row: u32) {
        out.push('{');
        for (place, (key, path)) in self.fields.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(key);
            let (kind, cell) = self.matches.cell(row, path);
            self.push_cell(out, kind, cell);
        }
        out.push('}');
    }

    fn push_cell(&self, out: &mut String, kind: Kind, cell: Cell<'_>) {
        if let (Kind::Reference(target), Cell::Text(value, shown)) = (kind, cell) {
            return self.push_reference(out, target, value, shown);
        }
        match self.settings.display {
            Display::Raw => push_value(out, cell),
            Display::Shown => self.push_shown(out, kind, cell),
            Display::Both => {
                out.push_str("{\"display_value\":");
                if kind == Kind::Choice && matches!(cell, Cell::Text("", _)) {
                    out.push_str("null");
                } else {
                    self.push_shown(out, kind, cell);
                }
                out.push_str(",\"value\":");
                push_value(out, cell);
                out.push('}');
            }
        }
    }

    fn push_shown(&self, out: &mut String, kind: Kind, cell: Cell<'_>) {
        match cell {
            Cell::Time(0) => out.push_str("\"\""),
            Cell::Time(_) if kind == Kind::Due => out.push_str("\"UNKNOWN\""),
            Cell::Time(seconds) => {
                out.push('"');
                self.settings.calendar.push_shown(out, seconds);
                out.push('"');
            }
            Cell::Text(value, shown) => push_text(out, shown.of(value)),
            Cell::Id(_) => push_value(out, cell),
        }
    }

    fn push_reference(&self, out: &mut String, target: &str, value: &str, shown: Shown<'_>) {
        let text = shown.of(value);
        let linked = !self.settings.without_links && !value.is_empty();
        match (self.settings.display, linked) {
            (Display::Raw, false) => return push_text(out, value),
            (Display::Shown, false) => return push_text(out, text),
            (Display::Raw, true) => out.push('{'),
            (Display::Shown | Display::Both, _) => {
                out.push_str("{\"display_value\":");
                push_text(out, text);
                out.push(',');
            }
        }
        if linked {
            out.push_str("\"link\":");
            push_text(out, &format!("{}/api/now/table/{target}/{value}", self.settings.url));
        }
        if self.settings.display != Display::Shown {
            out.push_str(if linked { ",\"value\":" } else { "\"value\":" });
            push_text(out, value);
        }
        out.push('}');
    }
}

fn key(name: &str) -> String {
    let mut key = String::new();
    push_text(&mut key, name);
    key.push(':');
    key
}

fn push_value(out: &mut String, cell: Cell<'_>) {
    match cell {
        Cell::Text(value, _) => return push_text(out, value),
        Cell::Time(0) => return out.push_str("\"\""),
        _ => out.push('"'),
    }
    match cell {
        Cell::Time(seconds) => push_raw(out, seconds),
        Cell::Id(id) => push_hex(out, id),
        Cell::Text(..) => {}
    }
    out.push('"');
}
