//! The plan: every resource with its exact change and the right it needs; what goes on with it; what comes next.

use crate::model::azure_plan::{Action as Doing, Block, Change, Step};
use crate::model::clean::clean;
use crate::model::lang::Lang;
use crate::model::workspace::Workspace;
use crate::model::workspace_run::PlanShown;
use crate::texts::{connection, fault as faults, time, workspace as words, workspace_screen as texts};
use crate::ui::app::keymap::keymap;
use crate::ui::app::model::Model;
use crate::ui::app::remedy::remedy;
use crate::ui::app::screens::Action;
use crate::ui::app::workspace::plan::Progress;
use crate::ui::app::workspace::{PlanPart, PlanStage, WorkspaceAction};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::screens::workspace::sign_in;
use crate::ui::tui::theme::Role;

/// Writes it.
pub fn write(model: &Model, part: &PlanPart, workspace: &Workspace, sheet: &mut Sheet) {
    let lang = model.lang;
    stage(model, part, sheet);
    if !part.is_busy() {
        let own = part.ask.sign_in.is_none();
        let way = part.ask.sign_in.unwrap_or(workspace.sign_in).id();
        let said = if own { texts::set_up_as_own(lang, way) } else { texts::set_up_as(lang, way) };
        match &part.shown {
            Some((shown, _)) => next(model, part, shown, sheet),
            None if matches!(part.stage, PlanStage::Idle) => sheet.wrapped(Role::Normal, 1, texts::no_plan(lang)),
            None => {}
        }
        files(lang, part, sheet);
        sheet.wrapped(Role::Dim, 1, &said);
    }
    if let Some((shown, since)) = part.shown.as_ref().filter(|_| !part.is_applying()) {
        sheet.heading(&texts::planned(lang, &time::ago(lang, *since, model.now)));
        overview(lang, shown, sheet);
        shown.plan.steps.iter().for_each(|one| step(lang, &shown.workspace, one, sheet));
    }
}

/// What goes on, or went wrong.
pub fn stage(model: &Model, part: &PlanPart, sheet: &mut Sheet) {
    let lang = model.lang;
    match &part.stage {
        PlanStage::Idle => {}
        PlanStage::Code(_, prompt) => sign_in::code(model, prompt.as_ref(), sheet),
        PlanStage::Planning(_) => sheet.bullet(Role::Accent, 1, "◌", texts::planning(lang)),
        PlanStage::Exporting(_) => sheet.bullet(Role::Accent, 1, "◌", texts::writing_files(lang)),
        PlanStage::Applying(_, progress) => applying(model, progress, sheet),
        PlanStage::Changed => sheet.bullet(Role::Warning, 1, "▲", texts::changed_since(lang)),
        PlanStage::Failed(step, fault) => {
            made(lang, part, sheet);
            let Some(step) = step else { return sheet.fault_here(model, fault, 1) };
            let why = faults::summary(lang, fault);
            sheet.bullet(Role::Error, 1, "✗", &texts::step_failed(lang, &title(lang, step), &why));
            sheet.wrapped(Role::Normal, 3, &faults::cause(lang, fault));
            sheet.wrapped(Role::Warning, 3, &needs(lang, step));
            sheet.bullet(Role::Normal, 1, "→", &remedy(model, fault));
            sheet.bullet(Role::Normal, 1, "→", texts::step_failed_next(lang));
        }
    }
    if matches!(part.stage, PlanStage::Idle) {
        made(lang, part, sheet);
    }
}

fn made(lang: Lang, part: &PlanPart, sheet: &mut Sheet) {
    for step in &part.made {
        sheet.bullet(Role::Ok, 1, "✓", &texts::made(lang, words::step(lang, *step)));
    }
}

fn applying(model: &Model, progress: &Progress, sheet: &mut Sheet) {
    let lang = model.lang;
    for step in &progress.done {
        sheet.bullet(Role::Ok, 1, "✓", &texts::made(lang, words::step(lang, *step)));
    }
    match progress.doing.filter(|(step, ..)| !progress.done.contains(step)) {
        Some((step, at, of)) => {
            sheet.bullet(Role::Accent, 1, "◌", &texts::applying(lang, words::step(lang, step), at, of));
        }
        None => sheet.bullet(Role::Accent, 1, "◌", texts::applying_first(lang)),
    }
    if let Some((next, left)) = progress.left(model.now) {
        sheet.wrapped(Role::Dim, 3, &texts::waits_for_table(lang, next, &time::span(lang, left)));
    }
    sheet.wrapped(Role::Dim, 1, connection::rotated_meanwhile(lang));
}

/// What comes next, by the plan that is shown.
fn next(model: &Model, part: &PlanPart, shown: &PlanShown, sheet: &mut Sheet) {
    let lang = model.lang;
    if shown.plan.is_done() {
        sheet.bullet(Role::Ok, 1, "✓", texts::plan_done(lang));
        if keymap(model).iter().any(|one| one.enabled && one.action == Action::Workspace(WorkspaceAction::Test)) {
            sheet.bullet(Role::Normal, 1, "→", texts::plan_done_next(lang));
        }
        return;
    }
    for step in shown.plan.blocked() {
        sheet.bullet(Role::Warning, 1, "▲", &format!("{}: {}", title(lang, step), words::action(lang, step.action)));
        let keys = match &step.blocked {
            Some(Block::Classic { table }) => texts::classic_keys(lang, table),
            Some(Block::NoPrincipal) => texts::sender_key(lang).to_owned(),
            _ => continue,
        };
        sheet.bullet(Role::Normal, 3, "→", &keys);
    }
    if part.to_do() > 0 {
        sheet.bullet(Role::Normal, 1, "→", &texts::to_do(lang, part.to_do() as u64));
    }
}

fn files(lang: Lang, part: &PlanPart, sheet: &mut Sheet) {
    if part.files.is_empty() {
        return;
    }
    sheet.bullet(Role::Ok, 1, "✓", texts::files_written(lang));
    part.files.iter().for_each(|file| sheet.wrapped(Role::Normal, 3, file));
    sheet.bullet(Role::Normal, 1, "→", texts::files_then(lang));
}

/// Every step in a line of its own, before the details of each fill the screen.
fn overview(lang: Lang, shown: &PlanShown, sheet: &mut Sheet) {
    if shown.plan.steps.iter().filter(|step| step.action != Doing::Nothing).count() < 2 {
        return;
    }
    for step in &shown.plan.steps {
        let (mark, role) = mark(step.action);
        let role = if role == Role::Title { Role::Normal } else { role };
        sheet.bullet(role, 1, mark, &format!("{}: {}", title(lang, step), words::action(lang, step.action)));
    }
    sheet.heading(texts::details(lang));
}

fn mark(action: Doing) -> (&'static str, Role) {
    match action {
        Doing::Nothing => ("✓", Role::Ok),
        Doing::Create | Doing::Change => ("○", Role::Title),
        Doing::Migrate | Doing::Blocked => ("▲", Role::Warning),
    }
}

/// One step: its exact change, what is worth knowing, and the right it needs.
fn step(lang: Lang, workspace: &Workspace, step: &Step, sheet: &mut Sheet) {
    let (mark, role) = mark(step.action);
    sheet.bullet(role, 1, mark, &format!("{}: {}", title(lang, step), words::action(lang, step.action)));
    if step.action != Doing::Nothing {
        sheet.wrapped(Role::Dim, 3, &step.resource);
    }
    if step.action != Doing::Blocked {
        // Names of columns are no prose: a wide terminal shows more of them in a line.
        let widest = std::mem::replace(&mut sheet.widest, usize::MAX);
        changes(step, sheet);
        sheet.widest = widest;
    }
    for note in &step.notes {
        sheet.bullet(Role::Normal, 3, "·", &words::note(lang, note));
    }
    if let Some(block) = &step.blocked {
        sheet.bullet(Role::Normal, 3, "→", &words::block(lang, workspace, block));
    }
    if step.request.is_some() {
        sheet.wrapped(Role::Accent, 3, &needs(lang, step));
    }
}

/// The differences: what is only added in one line for each table, everything else in one of its own.
fn changes(step: &Step, sheet: &mut Sheet) {
    let short = |change: &&Change| change.from.is_none() && !change.to.contains('\n');
    let of = |change: &Change| change.what.split_once(": ").map(|(of, _)| of.to_owned());
    let added: Vec<&Change> = step.changes.iter().filter(short).collect();
    for same in added.chunk_by(|one, next| of(one) == of(next)) {
        let name = |change: &Change| change.what.split_once(": ").map_or(&*change.what, |(_, name)| name).to_owned();
        let names: Vec<_> = same.iter().map(|change| format!("{} {}", name(change), change.to)).collect();
        let table = same.first().and_then(|change| of(change)).map(|of| format!("{of}: ")).unwrap_or_default();
        sheet.bullet(Role::Normal, 3, "+", &clean(&format!("{table}{}", names.join(", ")), false));
    }
    for change in step.changes.iter().filter(|change| !short(change)) {
        let from = change.from.as_deref().unwrap_or_default();
        if change.to.contains('\n') || from.contains('\n') {
            sheet.bullet(Role::Normal, 3, "~", &format!("{}:", change.what));
            from.lines().for_each(|line| sheet.bullet(Role::Dim, 5, "-", &clean(line, false)));
            change.to.lines().for_each(|line| sheet.bullet(Role::Normal, 5, "+", &clean(line, false)));
        } else {
            let words = format!("{}: {} → {}", change.what, clean(from, false), clean(&change.to, false));
            sheet.bullet(Role::Normal, 3, "~", &words);
        }
    }
}

/// What is made, with its name. A GUID names nothing to a reader; it stands in the resource below.
fn title(lang: Lang, step: &Step) -> String {
    let name = step.resource.rsplit('/').next().unwrap_or_default();
    let is_guid = name.len() == 36 && name.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    if is_guid { words::step(lang, step.id).to_owned() } else { format!("{} {name}", words::step(lang, step.id)) }
}

fn needs(lang: Lang, step: &Step) -> String {
    words::needs(lang, step.needs.role, words::scope(lang, step.needs.on), step.needs.action)
}
