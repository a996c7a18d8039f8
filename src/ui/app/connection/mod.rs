//! One connection: its work items, their details, its activity log, its live test, its checklist, its tokens.

pub mod columns;
pub mod detail;
pub mod export;
pub mod filter;
pub mod installation;
pub mod keys;
pub mod prompt;
pub mod tabs;
pub mod tokens;

use super::effect::TaskId;
use super::input::Edit;
use super::model::{Entry, Facts};
use super::motion::Motion;
use super::remote::Remote;
use crate::model::check::StepId;
use crate::model::checklist::ChecklistItem;
use crate::model::connection::{ConnectionName, Grant};
use crate::model::fault::{Fault, Retry};
use crate::model::items::{ItemColumn, ItemFilter, Sort};
use crate::model::partner::WorkItemSpec;
use crate::model::summary::{Activity, Health};
use crate::model::work_item::WorkItemKind;

pub use self::detail::Detail;
pub use self::export::Export;
pub use self::filter::FilterPanel;
pub use self::installation::{Fixing, Installation};
pub use self::keys::{bindings, typed};
pub use self::prompt::Prompt;
pub use self::tokens::{TokenSheet, TokenTab};
pub use super::table::Table;
pub use super::wizard::live_test::LiveTest;

/// The box in which columns are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnBox {
    /// The column in focus, by its place in [`ItemColumn::ALL`].
    pub at: usize,
    /// What was chosen before it was opened.
    pub before: Option<Vec<ItemColumn>>,
}

/// The state of an open connection.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionScreen {
    /// Which connection.
    pub name: ConnectionName,
    /// What it opens with.
    pub start: Start,
    /// What of it is in front.
    pub tab: Tab,
    /// Which work items the table shows.
    pub filter: ItemFilter,
    /// The table of work items.
    pub table: Table,
    /// The search field, while it has the focus: the cursor's byte in `filter.find`.
    pub search: Option<usize>,
    /// The filter panel, while it is open.
    pub panel: Option<FilterPanel>,
    /// The column box, while it is open.
    pub columns: Option<ColumnBox>,
    /// The task that keeps the order of the table, and which order.
    pub keeping: Option<(TaskId, Sort)>,
    /// The box that asks where to write the rows to, while it is open.
    pub export: Option<Export>,
    /// The work item that is shown whole.
    pub detail: Option<Detail>,
    /// The activity log.
    pub log: Log,
    /// The live test.
    pub test: LiveTest,
    /// The installation checklist.
    pub installation: Installation,
    /// The tokens.
    pub tokens: TokenTab,
    /// The form that asks for a password, while it is open.
    pub prompt: Option<Prompt>,
}

/// The activity log as the screen follows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// Its newest entries, newest first.
    pub entries: Remote<Vec<Activity>>,
    /// The entry in focus.
    pub cursor: usize,
    /// The task that reads it.
    pub task: Option<TaskId>,
}

/// What the screen of a connection opens with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Start {
    /// Its work items.
    #[default]
    Items,
    /// The form for a sign-in.
    SignIn,
    /// The live test, which begins at once.
    Test,
    /// The checklist.
    Checklist,
    /// The checklist, with the form for an admin's sign-in.
    Admin,
}

/// A part of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// The table of work items.
    #[default]
    Items,
    /// The activity log.
    Activity,
    /// The live test.
    Test,
    /// The installation checklist.
    Checklist,
    /// The tokens.
    Tokens,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Self; 5] = [Self::Items, Self::Activity, Self::Test, Self::Checklist, Self::Tokens];

    /// The tab so many further on, around the end.
    pub fn turned(self, by: isize) -> Self {
        let all = Self::ALL.len();
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or_default();
        Self::ALL[(at + all).saturating_add_signed(by) % all]
    }
}

/// What lies over a tab.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sheet<'a> {
    /// The form that asks for a password.
    Prompt(&'a Prompt),
    /// The box that asks where to write the rows to.
    Export(&'a Export),
    /// A fix.
    Fixing(&'a Fixing),
    /// An item of the checklist, whole, with so many lines scrolled out.
    Item(&'a ChecklistItem, usize),
    /// A question on tokens, or what came of them.
    Tokens(&'a TokenSheet),
}

/// What can be asked for on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionAction {
    /// Sync it now.
    Sync,
    /// Sync it now, and compare everything stored with the product.
    Verify,
    /// Stop its sync.
    StopSync,
    /// Remove it, after a question.
    Remove,
    /// Read again what the tab shows.
    Reload,
    /// Go to the next or the previous tab.
    TurnTab(isize),
    /// Move in what is in front: table, pane, panel, log or test.
    Go(Motion),
    /// Show the selected work item whole.
    OpenDetail,
    /// Show what went wrong in the entry or step in focus, whole.
    ShowFault,
    /// Show the work item so many rows further on whole.
    MoveDetail(isize),
    /// Put the cursor into the search field.
    Search,
    /// Edit the search field.
    EditSearch(Edit),
    /// Leave the search field, keeping what was typed.
    LeaveSearch,
    /// Open the filter panel.
    OpenFilter,
    /// Switch the panel's choice in focus.
    ToggleChoice,
    /// Type words that narrow the panel's choices.
    FindChoice,
    /// Edit these words.
    EditChoices(Edit),
    /// Leave them, keeping what was typed.
    LeaveChoices,
    /// Filter by what the panel shows.
    ApplyFilter,
    /// Switch every choice of the panel off.
    ClearChoices,
    /// Show every work item again.
    ClearFilter,
    /// Open the column box.
    OpenColumns,
    /// Show or hide the column in focus.
    ToggleColumn,
    /// Show as many columns as suit the width.
    ColumnsByWidth,
    /// Sort by the column in focus, the other way round where that is done already.
    SortHere,
    /// Sort by the next column that is shown.
    SortNext,
    /// Sort the other way round.
    SortReversed,
    /// Open the selected work item in the browser.
    OpenRecord,
    /// Ask where to write the rows to.
    OpenExport,
    /// Edit the name of the file.
    EditExport(Edit),
    /// Write the rows to it.
    WriteExport,
    /// Run the step in focus.
    RunStep,
    /// Go to the live test, and run every step.
    RunTest,
    /// Stop the test.
    StopTest,
    /// Ask for an admin's user name and password.
    AdminSignIn,
    /// End the admin's session.
    AdminSignOut,
    /// Ask for the password, to sign in again.
    SignInAgain,
    /// Edit the form's field in focus.
    EditPrompt(Edit),
    /// Go to the form's other field.
    TurnPrompt(isize),
    /// Show or hide the typed password.
    RevealPrompt,
    /// Give on what was typed.
    SubmitPrompt,
    /// Copy what the product's admin is to be asked.
    CopyRequest,
    /// Say that the item in focus is so, or take that back.
    ToggleConfirmation,
    /// Offer to look at what is looked at only on request.
    LookOnRequest,
    /// Offer to fix the item in focus.
    Fix,
    /// Offer all fixes, one after the other.
    FixAll,
    /// Say yes to what is shown, or go on to the next.
    GoOn,
    /// Ask for a new client secret.
    NewSecret,
    /// Mark the token in focus.
    Mark,
    /// Offer to revoke the marked tokens.
    Revoke,
    /// Offer to revoke every stale token.
    RevokeStale,
    /// Open the guided step that writes what deploys a web app.
    OpenDeploy,
    /// Open the settings of the connection.
    OpenSettings,
}

/// Lines of the screen around the table: header, tabs, filter, column heads, footer.
const AROUND_TABLE: u16 = 5;
/// From this width on the detail pane stands beside the table.
const PANE_BESIDE: u16 = 100;

impl ConnectionScreen {
    /// The screen as it opens, with nothing read yet.
    pub fn new(name: ConnectionName, steps: &[StepId]) -> Self {
        Self {
            name,
            start: Start::default(),
            tab: Tab::default(),
            filter: ItemFilter::default(),
            table: Table::default(),
            search: None,
            panel: None,
            columns: None,
            keeping: None,
            export: None,
            detail: None,
            log: Log::default(),
            test: LiveTest::untested(steps),
            installation: Installation::default(),
            tokens: TokenTab::default(),
            prompt: None,
        }
    }

    /// Whether something lies over the tab in front: a sheet, or a box of the table.
    pub fn is_covered(&self) -> bool {
        self.sheet().is_some() || self.panel.is_some() || self.columns.is_some()
    }

    /// Whether something lies over the tab in front that takes the keys first.
    pub fn sheet(&self) -> Option<Sheet<'_>> {
        match (&self.prompt, self.tab) {
            (Some(prompt), _) => Some(Sheet::Prompt(prompt)),
            (None, Tab::Items) => self.export.as_ref().map(Sheet::Export),
            (None, Tab::Checklist) => of_checklist(&self.installation),
            (None, Tab::Tokens) => self.tokens.sheet.as_ref().map(Sheet::Tokens),
            (None, _) => None,
        }
    }

    /// Whether the password is needed before anything can be asked of the product again; the tokens may tell that before a
    /// sync has found it out.
    pub fn is_signed_out(&self, facts: &Facts) -> bool {
        let lacks = |entry: &Entry| entry.connection.grant == Grant::Password && self.tokens.holds_none();
        facts.entry(&self.name).is_some_and(|entry| entry.is_signed_out() || lacks(entry))
    }

    /// Whether what is stored of the connection could not be read for this screen.
    pub fn is_unreadable(&self) -> bool {
        let mut faults = [self.table.fault(), self.log.entries.fault()].into_iter().flatten();
        faults.any(|fault| fault.retry() == Retry::No)
    }

    /// The health now: what the dashboard knows, and what this screen was answered since.
    pub fn health(&self, facts: &Facts) -> Option<Health> {
        let known = facts.entry(&self.name)?.health(facts.now)?;
        let seen = match (self.is_signed_out(facts), self.is_unreadable()) {
            (true, _) => Health::SignedOut,
            (false, true) => Health::Failing,
            (false, false) => Health::Healthy,
        };
        Some(known.min(seen))
    }

    /// What went wrong in the entry of the log or the step of the test in focus.
    pub fn fault_in_focus(&self) -> Option<&Fault> {
        match self.tab {
            Tab::Activity => self.log.entries.value()?.get(self.log.cursor)?.event.fault(),
            Tab::Test => self.test.focused()?.fault.as_ref(),
            Tab::Items | Tab::Checklist | Tab::Tokens => None,
        }
    }

    /// Whether anything narrows the table.
    pub fn is_narrowed(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Whether anything but the search text narrows the table.
    pub fn is_filtered(&self) -> bool {
        !ItemFilter { find: String::new(), ..self.filter.clone() }.is_empty()
    }
}

fn of_checklist(tab: &Installation) -> Option<Sheet<'_>> {
    let item = || tab.focused().zip(tab.opened).map(|(item, top)| Sheet::Item(item, top));
    tab.fixing.as_ref().map(Sheet::Fixing).or_else(item)
}

/// How many rows of the table fit on the screen, at least one.
pub fn table_height(facts: &Facts) -> usize {
    usize::from(facts.size.1.saturating_sub(AROUND_TABLE)).max(1)
}

/// Whether the detail pane stands beside the table rather than over it.
pub fn pane_is_beside(columns: u16) -> bool {
    columns >= PANE_BESIDE
}

/// Columns of the detail pane for its text, within its frame.
pub fn pane_width(columns: u16) -> usize {
    let outer = if pane_is_beside(columns) { columns * 9 / 20 } else { columns };
    usize::from(outer.saturating_sub(4)).max(1)
}

/// Lines of the detail pane for its text, within its frame; it takes the place of heads and rows.
pub fn pane_height(facts: &Facts) -> usize {
    (table_height(facts) + 1).saturating_sub(2).max(1)
}

/// What the partner's columns of this kind hold, for this connection.
pub fn mapping<'a>(facts: &'a Facts, name: &ConnectionName, kind: WorkItemKind) -> Option<&'a WorkItemSpec> {
    let connection = &facts.entry(name)?.connection;
    facts.catalogue.get(&connection.partner)?.work_item(kind)
}
