//! What the rows of one connection and kind have in common: how they begin, and the order of their attributes.

use super::cells::{Checked, Row};
use super::row::{Beside, Cells};
use crate::model::fields::{FieldIter, NoFields};
use crate::model::work_item::WorkItemKind;

/// So many names of attributes are remembered; a product has a tenth of them.
const NAMES: usize = 400;

/// Groups of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    all: Vec<Group>,
    last: usize,
}

impl Groups {
    /// The group of a connection and kind.
    pub fn of(&mut self, connection: &str, kind: WorkItemKind) -> &mut Group {
        let is = |group: &Group| group.kind == kind && group.connection == connection;
        if !self.all.get(self.last).is_some_and(is) {
            self.last = self.all.iter().position(is).unwrap_or(self.all.len());
        }
        if self.last == self.all.len() {
            self.all.push(Group::new(connection, kind));
        }
        &mut self.all[self.last]
    }
}

/// Rows of one connection and kind.
#[derive(Debug, Clone)]
pub(super) struct Group {
    connection: String,
    kind: WorkItemKind,
    begins: Option<Beginning>,
    names: Vec<Name>,
}

/// How a row begins.
#[derive(Debug, Clone)]
struct Beginning {
    partner: String,
    now: String,
    flags: (bool, bool),
    longest: usize,
    json: String,
    checked: Checked,
}

impl Beginning {
    fn is(&self, beside: Beside<'_>, longest: usize) -> bool {
        self.flags == (beside.removed, beside.resent)
            && self.longest == longest
            && self.partner == beside.partner
            && self.now == beside.now
    }
}

/// The name of an attribute.
#[derive(Debug, Clone)]
struct Name {
    /// As it stands before the value.
    key: String,
    /// The column that shows it, by its place in [`Cells`].
    wanted: Option<usize>,
}

impl Group {
    fn new(connection: &str, kind: WorkItemKind) -> Self {
        Self { connection: connection.to_owned(), kind, begins: None, names: Vec::new() }
    }

    /// Begins a row at the end of `out`.
    pub fn begin<'o>(&mut self, out: &'o mut String, cells: &Cells, (beside, longest): (Beside<'_>, usize)) -> Row<'o> {
        let begins = match self.begins.take().filter(|begins| begins.is(beside, longest)) {
            Some(begins) => begins,
            None => {
                let mut json = String::new();
                let mut row = Row::begin(&mut json, longest);
                cells.common(&mut row, self.kind, beside);
                let checked = row.so_far();
                let (partner, now) = (beside.partner.to_owned(), beside.now.to_owned());
                Beginning { partner, now, flags: (beside.removed, beside.resent), longest, json, checked }
            }
        };
        let begins = self.begins.insert(begins);
        Row::go_on(out, longest, (&begins.json, &begins.checked))
    }

    /// Passes over the name of the attribute that comes next; which column shows it. Work items have their attributes in the
    /// order of the mapping, so after `place`, where the one before it was, it mostly is one of the next names.
    pub fn attribute(
        &mut self,
        fields: &mut FieldIter<'_>,
        place: &mut usize,
        cells: &Cells,
    ) -> Result<Option<usize>, NoFields> {
        for (nth, name) in self.names.iter().enumerate().skip(*place) {
            if fields.pass_name(&name.key) {
                *place = nth + 1;
                return Ok(name.wanted);
            }
        }
        let name = fields.name()?;
        let key = format!("{}:", name.quoted());
        if let Some(nth) = self.names.iter().position(|known| known.key == key) {
            *place = nth + 1;
            return Ok(self.names.get(nth).and_then(|known| known.wanted));
        }
        let wanted = cells.showing(name.inner());
        if self.names.len() < NAMES {
            self.names.insert(*place, Name { key, wanted });
            *place += 1;
        }
        Ok(wanted)
    }
}
