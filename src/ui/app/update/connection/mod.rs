//! One connection.

mod admin;
pub mod checklist;
mod command;
mod detail;
mod filter;
mod fix;
mod items;
mod log;
mod records;
mod test;
mod tokens;

use super::{config, deploy, general, sync};
use crate::model::form::Form;
use crate::ui::app::boxes::Question;
use crate::ui::app::boxes::{BoxText, TextBox};
use crate::ui::app::connection::{self, ConnectionAction, ConnectionScreen, Sheet, Start, Tab, tabs};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::key::Key;
use crate::ui::app::keymap::Binding;
use crate::ui::app::message::{Event, Outcome};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::Motion;
use crate::ui::app::news::News;
use crate::ui::app::preferences::PreferencesOutcome;
use crate::ui::app::screen::{Behaviour, Step};
use crate::ui::app::screens::{Action, ScreenOutcome};
use crate::ui::app::settings::Settings;
use crate::ui::app::tab_line;

pub use self::command::{command, of_item as item_command};
pub use self::tokens::{revoked, rotated};

/// The lines of a page of a short list or text.
const PAGE: usize = 10;

impl Behaviour for ConnectionScreen {
    fn link(&self) -> Option<String> {
        // A change or a form over the list is about something else.
        let is_told = matches!(self.sheet(), None | Some(Sheet::Item(..)));
        self.installation.link().filter(|_| is_told && self.tab == Tab::Checklist)
    }

    fn opened(&mut self, ctx: &mut Ctx<'_>) {
        self.filter.sort = ctx.facts.settings.order();
        self.read_first_items(ctx);
        match self.start {
            Start::Items => {}
            Start::SignIn => self.sign_in_again(ctx),
            Start::Test => self.act_on(ctx, &ConnectionAction::RunTest),
            Start::Checklist => self.show_tab(ctx, Tab::Checklist),
            Start::Admin => {
                self.show_tab(ctx, Tab::Checklist);
                self.act_on_prompt(ctx, &ConnectionAction::AdminSignIn);
            }
        }
    }

    fn bindings(&self, facts: &Facts) -> Vec<Binding> {
        connection::bindings(facts, self)
    }

    fn typed(&self, key: Key) -> Option<Action> {
        connection::typed(self, key).map(Action::Connection)
    }

    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step {
        match action {
            Action::Connection(ConnectionAction::OpenDeploy) => {
                let form = ctx.facts.entry(&self.name).map(|entry| Form::of(&entry.connection));
                return deploy::open(ctx, Some(self.name.to_string()), form.as_ref());
            }
            Action::Connection(ConnectionAction::OpenSettings) => {
                let saved = ctx.facts.entry(&self.name).map(|entry| &entry.connection);
                if let Some(settings) = saved.and_then(|saved| Settings::of(ctx.facts, saved)) {
                    return Step::open(settings);
                }
            }
            Action::Connection(ConnectionAction::ShowFault) => {
                let fault = self.fault_in_focus().cloned();
                return fault.map_or(Step::Stay, |fault| Step::open(TextBox::new(BoxText::Fault(fault))));
            }
            Action::Connection(action) => self.act_on(ctx, &action),
            _ => {}
        }
        Step::Stay
    }

    /// What is innermost closes first.
    fn back(&mut self, ctx: &mut Ctx<'_>) -> Step {
        if self.close_sheet(ctx) {
            return Step::Stay;
        }
        if self.tab == Tab::Items {
            if self.close_panel(ctx) || self.close_columns(ctx) || self.search.take().is_some() {
                return Step::Stay;
            }
            if self.detail.is_some() {
                self.close_detail(ctx);
                return Step::Stay;
            }
            if !self.filter.find.is_empty() {
                self.clear_search(ctx);
                return Step::Stay;
            }
        }
        self.leave(ctx)
    }

    fn confirmed(&mut self, ctx: &mut Ctx<'_>, question: Question) -> Step {
        match question {
            Question::LookOnRequest(item, _) => self.look_on_request(ctx, item),
            Question::Remove(name) => config::remove(ctx, name),
            Question::Overwrite(_) => self.write_export(ctx, true),
            _ => {}
        }
        Step::Stay
    }

    fn on_event(&mut self, _ctx: &mut Ctx<'_>, task: TaskId, event: Event) {
        if let Event::ChecklistItem(item) = event {
            self.installation.saw(task, *item);
        }
    }

    fn on_outcome(&mut self, ctx: &mut Ctx<'_>, task: TaskId, outcome: Outcome) -> Step {
        match outcome {
            Outcome::Items(answer) => self.items_came(ctx, task, answer),
            Outcome::Assigned(answer) => self.assigned_came(task, answer),
            Outcome::Item(answer) => self.detail_came(ctx.facts, task, answer),
            Outcome::Opened(answer) => general::opened(ctx, answer),
            Outcome::Exported(answer) => self.exported(ctx, task, answer),
            Outcome::Activities(answer) => self.log.came(ctx.facts, task, answer),
            Outcome::Step(step) => self.step_ended(ctx, task, *step),
            Outcome::AdminSignedIn(answer) => self.admin_signed_in(ctx, task, answer),
            Outcome::Preview(answer) => self.previewed(task, answer),
            Outcome::Fixed(answer) => self.fixed(ctx, task, answer),
            Outcome::Tokens(answer) => self.tokens.came(ctx.facts, task, answer),
            Outcome::Checklist(answer) => self.installation.ended(task, answer, ctx.facts.now),
            Outcome::Screen(ScreenOutcome::Preferences(PreferencesOutcome::Saved(answer))) => {
                self.kept(ctx, task, answer);
            }
            outcome => self.answered(ctx, task, outcome),
        }
        Step::Stay
    }

    fn heard(&mut self, ctx: &mut Ctx<'_>, news: &News) -> Step {
        match news {
            News::Configured => {
                let is_gone = ctx.facts.connections.value().is_some() && ctx.facts.entry(&self.name).is_none();
                return if is_gone { self.leave(ctx) } else { Step::Stay };
            }
            News::Renamed(from, to) if *from == self.name => self.name = to.clone(),
            News::StoredMore(name) if *name == self.name => self.refresh_items(ctx, false),
            News::Synced(name) if *name == self.name => {
                self.refresh_items(ctx, true);
                self.reload_detail(ctx);
                self.refresh_log(ctx);
            }
            News::Rotating(name, step) if *name == self.name => self.tokens.rotating(*step),
            News::Rotated(name, answer) if *name == self.name => self.rotation_ended(ctx, answer),
            News::Revoked(name, answer) if *name == self.name => self.revocation_ended(ctx, answer.clone()),
            _ => {}
        }
        Step::Stay
    }

    fn paste(&mut self, ctx: &mut Ctx<'_>, text: &str) {
        match (&mut self.prompt, self.export.as_mut().filter(|_| self.tab == Tab::Items)) {
            (Some(prompt), _) => prompt.paste(text),
            (None, Some(export)) => export.paste(text),
            (None, None) => self.paste_in_search(ctx, text),
        }
    }

    fn scroll(&mut self, ctx: &mut Ctx<'_>, lines: i32) {
        self.go(ctx, Motion::By(lines as isize));
    }

    fn clicked(&self, by: isize) -> Option<Action> {
        let action = match (by, self.detail.is_some()) {
            (0, false) => ConnectionAction::OpenDetail,
            (_, true) => ConnectionAction::MoveDetail(by),
            (_, false) => ConnectionAction::Go(Motion::By(by)),
        };
        (self.tab == Tab::Items && !self.is_covered()).then_some(Action::Connection(action))
    }

    fn clicked_tab(&self, facts: &Facts, column: u16) -> Option<Action> {
        let (name, room) = (|tab| tabs::name(facts.lang, tab), usize::from(facts.size.0));
        let by = tab_line::at(&Tab::ALL, name, self.tab, room, column.into()).filter(|_| !self.is_covered());
        by.map(|by| Action::Connection(ConnectionAction::TurnTab(by)))
    }

    fn resized(&mut self, ctx: &mut Ctx<'_>) {
        self.fit_detail(ctx.facts);
        self.fit_items(ctx);
    }

    /// A verification is what the screen does while it runs; its line in the log is what it did.
    fn command(&self, facts: &Facts) -> String {
        let sync = facts.entry(&self.name).map(|entry| &entry.sync);
        let shown = |running: bool| running || self.tab == Tab::Activity;
        match sync.is_some_and(|sync| sync.verifies && shown(sync.task.is_some())) {
            true => general::verify_command(&self.name),
            false => command(self),
        }
    }

    /// What was typed is forgotten, and an admin's session ends.
    fn leaving(&mut self, ctx: &mut Ctx<'_>) {
        self.cancel_prompt(ctx);
        self.sign_admin_out(ctx);
        self.keep_last_order(ctx);
    }
}

impl ConnectionScreen {
    fn act_on(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        use ConnectionAction as Do;
        match action {
            Do::Sync => sync::start(ctx, &self.name, false),
            Do::Verify => sync::verify(ctx, &self.name),
            Do::StopSync => sync::stop(ctx, &self.name),
            Do::Remove => ctx.question(Question::Remove(self.name.clone())),
            Do::Reload => self.reload(ctx),
            Do::TurnTab(by) => self.show_tab(ctx, self.tab.turned(*by)),
            Do::Go(motion) => self.go(ctx, *motion),
            Do::OpenDetail if self.tab == Tab::Checklist => self.installation.open(),
            // Opened where it is asked for.
            Do::ShowFault => {}
            Do::OpenDetail => self.open_detail(ctx),
            Do::MoveDetail(rows) => self.turn_detail(ctx, *rows),
            Do::Search | Do::EditSearch(_) | Do::LeaveSearch => self.act_on_search(ctx, action),
            Do::OpenFilter
            | Do::ToggleChoice
            | Do::FindChoice
            | Do::EditChoices(_)
            | Do::LeaveChoices
            | Do::ApplyFilter
            | Do::ClearChoices
            | Do::ClearFilter => self.act_on_filter(ctx, action),
            Do::OpenRecord => self.open_record(ctx),
            Do::OpenExport | Do::EditExport(_) | Do::WriteExport => self.act_on_export(ctx, action),
            Do::OpenColumns
            | Do::ToggleColumn
            | Do::ColumnsByWidth
            | Do::SortHere
            | Do::SortNext
            | Do::SortReversed => self.act_on_columns(ctx, action),
            Do::RunTest => {
                self.show_tab(ctx, Tab::Test);
                self.act_on_test(ctx, action);
            }
            Do::RunStep | Do::StopTest => self.act_on_test(ctx, action),
            Do::AdminSignIn | Do::AdminSignOut | Do::SubmitPrompt => self.act_on_prompt(ctx, action),
            Do::EditPrompt(_) | Do::TurnPrompt(_) | Do::RevealPrompt => self.act_on_prompt(ctx, action),
            Do::CopyRequest => {
                let letter = self.installation.letter(ctx.facts.lang);
                letter.into_iter().for_each(|text| ctx.copy(text));
            }
            Do::ToggleConfirmation => self.say(ctx),
            Do::LookOnRequest => self.ask_to_look(ctx),
            Do::Fix => self.offer_fixes(ctx, false),
            Do::FixAll => self.offer_fixes(ctx, true),
            Do::GoOn if self.tab == Tab::Checklist => self.go_on_fixing(ctx),
            Do::SignInAgain | Do::NewSecret => self.act_on_tokens(ctx, action),
            Do::Mark | Do::Revoke | Do::RevokeStale | Do::GoOn => self.act_on_tokens(ctx, action),
            Do::OpenDeploy | Do::OpenSettings => {}
        }
    }

    /// Closes what lies over the tab; whether something did. What runs for tokens goes on, and tells its end.
    fn close_sheet(&mut self, ctx: &mut Ctx<'_>) -> bool {
        match self.sheet() {
            Some(Sheet::Prompt(_)) => self.cancel_prompt(ctx),
            Some(Sheet::Export(_)) => self.export = None,
            Some(Sheet::Fixing(_)) => self.close_fixing(ctx),
            Some(Sheet::Item(..)) => self.installation.opened = None,
            Some(Sheet::Tokens(_)) => self.tokens.cover(None),
            None => return false,
        }
        true
    }

    /// Everything this screen waits for is cancelled, but for changes under way, and an admin's session ends.
    fn leave(&mut self, ctx: &mut Ctx<'_>) -> Step {
        let tasks = self.table.abandon().into_iter();
        let tasks = tasks.chain(self.detail.take().and_then(|detail| detail.task));
        let tasks = tasks.chain(self.panel.take().and_then(|panel| panel.task));
        let tasks = tasks.chain(self.log.task.take()).chain(self.test.stop());
        let tasks = tasks.chain(self.installation.task.take()).chain(self.tokens.task.take());
        let tasks = tasks.chain(self.installation.requesting.take().map(|(task, _)| task));
        let tasks = tasks.chain(self.installation.fixing.take().and_then(|fixing| fixing.abandonable()));
        tasks.for_each(|task| ctx.cancel(task));
        self.leaving(ctx);
        ctx.tell(News::Left(self.name.clone()));
        Step::Back
    }

    fn reload(&mut self, ctx: &mut Ctx<'_>) {
        config::count(ctx, &self.name);
        match self.tab {
            Tab::Items => {
                self.refresh_items(ctx, true);
                self.reload_detail(ctx);
            }
            Tab::Activity => self.read_log(ctx),
            Tab::Checklist => self.look(ctx),
            Tab::Tokens => self.read_tokens(ctx),
            Tab::Test => {}
        }
    }

    fn show_tab(&mut self, ctx: &mut Ctx<'_>, tab: Tab) {
        self.tab = tab;
        match tab {
            Tab::Activity => self.read_log(ctx),
            Tab::Checklist => self.look_once(ctx),
            Tab::Tokens => self.read_tokens_once(ctx),
            Tab::Items | Tab::Test => {}
        }
    }

    fn go(&mut self, ctx: &mut Ctx<'_>, motion: Motion) {
        let lines = motion.lines(PAGE);
        match (self.tab, &mut self.panel) {
            (Tab::Activity, _) => self.log.step(lines),
            (Tab::Test, _) => self.test.move_focus(lines),
            (Tab::Checklist, _) if self.installation.fixing.is_some() => self.scroll_fixing(lines),
            (Tab::Checklist, _) => self.installation.step(lines),
            (Tab::Tokens, _) if self.tokens.sheet.is_some() => self.tokens.scroll(lines),
            (Tab::Tokens, _) => self.tokens.move_by(lines),
            (Tab::Items, Some(panel)) => panel.move_by(ctx.facts.lang, lines),
            (Tab::Items, None) if self.columns.is_some() => self.move_in_columns(lines),
            (Tab::Items, None) if self.detail.is_some() => self.scroll_detail(ctx.facts, motion),
            (Tab::Items, None) => self.move_in_items(ctx, motion),
        }
    }
}
