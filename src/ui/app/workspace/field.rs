//! One line that is typed for a workspace, with what it is for.

use crate::model::azure_id::is_guid;
use crate::model::clean::is_unsafe;
use crate::model::workspace::is_table;
use crate::ui::app::input::{self, Edit};

/// A line that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What for.
    pub purpose: Purpose,
    /// What was typed.
    pub text: String,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// Whether it was given on as it stands, and did not fit.
    pub refused: bool,
}

/// What a line is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// The name of this classic table, typed to migrate it: that cannot be undone.
    Migrate(String),
    /// Another table in the place of this classic one.
    OtherTable(String),
    /// The folder of an export.
    Folder,
    /// The object id of the sender.
    Sender,
}

/// Where the files of an export go unless another folder is named.
const FOLDER: &str = "itsmc-azure";

impl Field {
    /// The line as it opens.
    pub fn new(purpose: Purpose) -> Self {
        let text = match &purpose {
            Purpose::Migrate(_) | Purpose::Sender => String::new(),
            Purpose::OtherTable(table) => format!("{}New_CL", table.strip_suffix("_CL").unwrap_or(table)),
            Purpose::Folder => FOLDER.to_owned(),
        };
        Self { purpose, cursor: text.len(), text, refused: false }
    }

    /// What was typed, if it fits.
    pub fn value(&self) -> Option<String> {
        let text = self.text.trim();
        let fits = match &self.purpose {
            Purpose::Migrate(table) => text == table,
            Purpose::OtherTable(table) => is_table(text) && !text.eq_ignore_ascii_case(table),
            Purpose::Folder => !text.is_empty(),
            Purpose::Sender => is_guid(text),
        };
        fits.then(|| text.to_owned())
    }

    /// Edits it.
    pub fn edit(&mut self, edit: &Edit) {
        self.refused = false;
        self.cursor = input::apply(&mut self.text, self.cursor, edit);
    }

    /// Takes a paste as one event.
    pub fn paste(&mut self, pasted: &str) {
        let pasted: String = pasted.chars().filter(|c| c.is_control() || !is_unsafe(*c)).collect();
        self.refused = false;
        self.cursor = input::paste(&mut self.text, self.cursor, &pasted).0;
    }
}
