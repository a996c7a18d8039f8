//! The box that asks for the file that the rows of the table are written to.

use jiff::Timestamp;

use crate::model::connection::ConnectionName;
use crate::model::export::Format;
use crate::model::fault::Fault;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};

/// The open box.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The name of the file, as typed.
    pub path: String,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// The task that writes it.
    pub task: Option<TaskId>,
    /// Why the last one failed.
    pub fault: Option<Fault>,
}

impl Export {
    /// The box with a name that tells the connection and the day.
    pub fn new(name: &ConnectionName, now: Timestamp) -> Self {
        let path = format!("{}-{}.csv", name.file_stem(), now.strftime("%Y-%m-%d"));
        Self { cursor: path.len(), path, task: None, fault: None }
    }

    /// Edits the name.
    pub fn edit(&mut self, edit: &Edit) {
        if self.task.is_none() {
            self.fault = None;
            self.cursor = input::apply(&mut self.path, self.cursor, edit);
        }
    }

    /// Takes a paste into the name.
    pub fn paste(&mut self, text: &str) {
        if self.task.is_none() {
            self.fault = None;
            self.cursor = input::paste(&mut self.path, self.cursor, text).0;
        }
    }

    /// How the rows are written, as the name ends; `None` where it ends otherwise.
    pub fn format(&self) -> Option<Format> {
        Format::of(self.path.trim())
    }
}
