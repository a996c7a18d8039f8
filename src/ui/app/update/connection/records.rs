//! The selected work item in the product's own screens, and the rows of the table in a file.

use crate::model::export::Target;
use crate::model::fault::Fault;
use crate::ui::app::boxes::Question;
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, Export};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::model::Notice;

impl ConnectionScreen {
    /// Opens the selected row in the browser.
    pub(super) fn open_record(&self, ctx: &mut Ctx<'_>) {
        let Some(row) = self.table.selected() else { return };
        let (kind, id, number) = (row.kind, row.source_id.clone(), row.number.clone());
        ctx.run(Job::OpenRecord { connection: self.name.clone(), kind, id, number });
    }

    /// Asks for the file, edits its name, writes it.
    pub(super) fn act_on_export(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match (action, &mut self.export) {
            (ConnectionAction::OpenExport, _) => self.export = Some(Export::new(&self.name, ctx.facts.now)),
            (ConnectionAction::EditExport(edit), Some(export)) => export.edit(edit),
            (ConnectionAction::WriteExport, Some(_)) => self.write_export(ctx, false),
            _ => {}
        }
    }

    /// Writes the file; `overwrite` was said yes to.
    pub(super) fn write_export(&mut self, ctx: &mut Ctx<'_>, overwrite: bool) {
        let (connection, filter) = (self.name.clone(), self.filter.clone());
        let Some(export) = self.export.as_mut().filter(|export| export.task.is_none()) else { return };
        let Some(format) = export.format() else { return };
        let target = Target { path: export.path.trim().to_owned(), format, overwrite };
        export.fault = None;
        export.task = Some(ctx.run(Job::Export { connection, filter, target }));
    }

    /// Takes in its end. A file that is there is replaced only after a question.
    pub(super) fn exported(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<u64, Fault>) {
        let Some(export) = self.export.as_mut().filter(|export| export.task == Some(task)) else { return };
        export.task = None;
        match answer {
            Ok(rows) => {
                ctx.facts.notice = Some(Notice::Exported(rows, export.path.trim().to_owned()));
                self.export = None;
            }
            Err(Fault::FilesThere { .. }) => ctx.question(Question::Overwrite(export.path.trim().to_owned())),
            Err(fault) => export.fault = Some(fault),
        }
    }
}
