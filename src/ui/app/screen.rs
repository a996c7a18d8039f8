//! What every screen is: it owns its state, and says by a [`Step`] where the program goes next.

use jiff::Timestamp;

use super::boxes::Question;
use super::ctx::Ctx;
use super::effect::TaskId;
use super::key::Key;
use super::keymap::Binding;
use super::message::{Event, Outcome};
use super::model::Facts;
use super::news::News;
use super::screens::{Action, Screen};

/// Where the program goes after a screen has acted.
#[derive(Debug)]
pub enum Step {
    /// The screen stays.
    Stay,
    /// Another screen opens over it.
    Open(Box<Screen>),
    /// Another screen takes its place.
    Become(Box<Screen>),
    /// It closes, and the screen below is in front again.
    Back,
    /// It closes: the screen that it was opened from is told that its question was answered with yes.
    Confirm(Question),
    /// The program ends, with this exit code.
    Quit(u8),
}

impl Step {
    /// This screen opens over the one that acts.
    pub fn open(screen: impl Into<Screen>) -> Self {
        Self::Open(Box::new(screen.into()))
    }
}

/// A screen of the program. All but its keys, its actions and its command may be left out.
pub trait Behaviour {
    /// Whether it is a box over the screen below rather than a screen of its own.
    fn is_box(&self) -> bool {
        false
    }

    /// It was just opened: the first jobs.
    fn opened(&mut self, _ctx: &mut Ctx<'_>) {}

    /// The screen over it closed: it is in front again.
    fn uncovered(&mut self, _ctx: &mut Ctx<'_>) {}

    /// What keys do now.
    fn bindings(&self, facts: &Facts) -> Vec<Binding>;

    /// What a key types, where a text field has the focus; it comes before all bindings.
    fn typed(&self, _key: Key) -> Option<Action> {
        None
    }

    /// Does what a binding of this screen asked for.
    fn act(&mut self, ctx: &mut Ctx<'_>, action: Action) -> Step;

    /// One step back: what is innermost closes first.
    fn back(&mut self, _ctx: &mut Ctx<'_>) -> Step {
        Step::Back
    }

    /// The question that this screen asked was answered with yes.
    fn confirmed(&mut self, _ctx: &mut Ctx<'_>, _question: Question) -> Step {
        Step::Stay
    }

    /// A task that this screen runs tells how far it is.
    fn on_event(&mut self, _ctx: &mut Ctx<'_>, _task: TaskId, _event: Event) {}

    /// A task that this screen runs ended. A task that failed brings the error of its own outcome.
    fn on_outcome(&mut self, _ctx: &mut Ctx<'_>, _task: TaskId, _outcome: Outcome) -> Step {
        Step::Stay
    }

    /// Something happened that every screen of the stack hears.
    fn heard(&mut self, _ctx: &mut Ctx<'_>, _news: &News) -> Step {
        Step::Stay
    }

    /// A paste into the field in focus.
    fn paste(&mut self, _ctx: &mut Ctx<'_>, _text: &str) {}

    /// The mouse wheel moved: so many lines, negative is up.
    fn scroll(&mut self, _ctx: &mut Ctx<'_>, _lines: i32) {}

    /// What a click asks for on a choice that stands so many after the one in focus, or on that one (0), where it is not what the
    /// keys do that move the focus, open or tick.
    fn clicked(&self, _by: isize) -> Option<Action> {
        None
    }

    /// What a click asks for in this column of a line of tabs, which stands below the header.
    fn clicked_tab(&self, _facts: &Facts, _column: u16) -> Option<Action> {
        None
    }

    /// The terminal has a new size.
    fn resized(&mut self, _ctx: &mut Ctx<'_>) {}

    /// The command that does what the screen does, without the program's name. It never holds a secret.
    fn command(&self, facts: &Facts) -> String;

    /// The address that stands on the screen, of what has the focus: `o` opens it where no binding of the screen's own does.
    fn link(&self) -> Option<String> {
        None
    }

    /// The addresses that stand on it whole, each a link of the terminal.
    fn links(&self) -> Vec<String> {
        self.link().into_iter().collect()
    }

    /// When it next changes by time alone; `None` when nothing of its own does.
    fn next_tick(&self, _facts: &Facts) -> Option<Timestamp> {
        None
    }

    /// The program is being left: what is to be kept or ended.
    fn leaving(&mut self, _ctx: &mut Ctx<'_>) {}

    /// Whether leaving the program would lose what was typed.
    fn holds_secrets(&self) -> bool {
        false
    }
}
