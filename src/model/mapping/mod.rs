//! How a connection is bound to a product that describes itself: the admin's own mapping file, and the binding that is
//! kept from connect time.

mod check;
pub mod problem;
mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::{ATTRIBUTES, Lines};
pub use problem::{MappingProblem, Wrong};
pub use write::{is_untouched, listed, pattern, push_spec, quoted, stamped};

use super::fault::Fault;
use super::finding::SyncFinding;
use super::partner::WorkItemSpec;
use super::work_item::WorkItemKind;

/// A mapping: the admin's corrections, or a kept binding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingFile {
    /// Where the file lies, to be named in a fault.
    pub path: String,
    /// Requests by what they are for, such as `incident`.
    pub routes: BTreeMap<String, Route>,
    /// Tables or business objects and their columns; a kind that is not mentioned stays as it was bound.
    pub work_items: Vec<WorkItemSpec>,
    /// The lines of `work_items`, each at the same place.
    pub lines: Vec<Lines>,
}

/// A request of the product's interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The method, such as `get`.
    pub verb: String,
    /// The path, with a slash at its beginning.
    pub path: String,
    /// The product's own parameter names, by what they are for, such as `page_size = "top"`.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// A binding that is kept from connect time, so that a change of the product's description does not bind anything to
/// something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The server it belongs to.
    pub server: String,
    /// What is bound.
    pub mapping: MappingFile,
}

/// A difference between the binding that is kept and the product's description now. Nothing is bound again because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The kind of work item.
    pub kind: WorkItemKind,
    /// The attribute; `None` for the table or route itself.
    pub to: Option<String>,
    /// The product's name that is kept.
    pub kept: String,
    /// The name that would be bound now; `None` where what is kept is gone and nothing takes its place.
    pub now: Option<String>,
    /// Whether what is kept is gone.
    pub gone: bool,
}

impl Drift {
    /// What a sync tells of it.
    pub fn finding(&self) -> SyncFinding {
        SyncFinding::BindingChanged {
            kind: self.kind,
            attribute: self.to.clone().unwrap_or_else(|| "table".to_owned()),
            bound: self.kept.clone(),
            now: self.now.clone(),
        }
    }
}

impl MappingFile {
    /// Reads the text of a mapping file and checks all of it that needs no product.
    ///
    /// # Errors
    /// Every problem, with its line.
    pub fn read(text: &str) -> Result<Self, Vec<MappingProblem>> {
        read::read(text, false).map(|(_, mapping)| mapping)
    }

    /// What it says of a kind, with the lines of that.
    pub fn kind(&self, kind: WorkItemKind) -> Option<(&WorkItemSpec, &Lines)> {
        let place = self.work_items.iter().position(|item| item.kind == kind)?;
        Some((&self.work_items[place], self.lines.get(place).unwrap_or(&check::NO_LINES)))
    }

    /// The fault of problems that the product's own description shows.
    pub fn fault(&self, mut problems: Vec<MappingProblem>) -> Fault {
        problems.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        Fault::MappingWrong { path: self.path.clone(), problems }
    }
}

impl Kept {
    /// Reads the text of a kept binding.
    ///
    /// # Errors
    /// Every problem, with its line.
    pub fn read(text: &str) -> Result<Self, Vec<MappingProblem>> {
        let (server, mapping) = read::read(text, true)?;
        let missing = Wrong::Missing { kind: None, to: "server".to_owned() };
        Ok(Self { server: server.ok_or_else(|| vec![MappingProblem { line: None, wrong: missing }])?, mapping })
    }

    /// The text of its file.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# What this connection was bound to when it was connected. itsmc keeps it here, so that a change in the product\n\
             # binds nothing to something else. To bind again: itsmc connection mapping NAME --rebind\n",
        );
        text += &format!("server = {}\n", quoted(&self.server));
        for (name, route) in &self.mapping.routes {
            write::push_route(&mut text, name, route);
        }
        for spec in &self.mapping.work_items {
            push_spec(&mut text, spec);
        }
        text
    }
}

#[cfg(test)]
mod tests;
