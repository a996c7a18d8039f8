//! The lines of the wizard, step by step.

use crate::model::alert::Severity;
use crate::model::ticket::Listing;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleStep {
    /// The name, and which alerts it is for.
    Match,
    /// Where tickets are made, and which.
    Where,
    /// What stands in a ticket.
    Ticket,
    /// Impact and urgency by severity.
    Severity,
    /// What happens later, and how many tickets may be made.
    Course,
    /// What it would have done, before it is written.
    Review,
}

impl RuleStep {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::Match, Self::Where, Self::Ticket, Self::Severity, Self::Course, Self::Review];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default() + 1
    }

    /// The step so many on.
    pub fn turned(self, by: isize) -> Option<Self> {
        Self::ALL.get((self.number() - 1).checked_add_signed(by)?).copied()
    }

    /// Its lines.
    pub fn fields(self) -> &'static [RuleField] {
        use RuleField as F;
        match self {
            Self::Match => &[
                F::Name,
                F::Rule,
                F::Severity,
                F::Service,
                F::ResourceGroup,
                F::ResourceType,
                F::Target,
                F::Subscription,
                F::Custom,
            ],
            Self::Where => &[F::Connection, F::Kind, F::Way],
            Self::Ticket => &[F::Title, F::Description, F::Template, F::AssignmentGroup, F::Caller, F::Item, F::Fields],
            Self::Severity => {
                const ALL: [Severity; 5] = Severity::ALL;
                const LEVELS: [RuleField; 5] =
                    [F::Level(ALL[0]), F::Level(ALL[1]), F::Level(ALL[2]), F::Level(ALL[3]), F::Level(ALL[4])];
                &LEVELS
            }
            Self::Course => &[
                F::Grouping,
                F::OnResolved,
                F::CloseCode,
                F::ReopenMinutes,
                F::IfOver,
                F::Suppressed,
                F::Tests,
                F::Budget,
                F::BudgetMinutes,
                F::Flapping,
                F::FlappingMinutes,
                F::NotesPerHour,
            ],
            Self::Review => &[F::Enabled],
        }
    }
}

/// A line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the key of its name in the file")]
pub enum RuleField {
    Name,
    Rule,
    Severity,
    Service,
    ResourceGroup,
    ResourceType,
    Target,
    Subscription,
    Custom,
    Connection,
    Kind,
    Way,
    Title,
    Description,
    Template,
    AssignmentGroup,
    Caller,
    Item,
    Fields,
    Level(Severity),
    Grouping,
    OnResolved,
    CloseCode,
    ReopenMinutes,
    IfOver,
    Suppressed,
    Tests,
    Budget,
    BudgetMinutes,
    Flapping,
    FlappingMinutes,
    NotesPerHour,
    Enabled,
}

/// How a line is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleInput {
    /// A text is typed.
    Text,
    /// A number is typed, within these bounds.
    Number(u32, u32),
    /// Space turns through what it may be.
    Choice,
    /// Several are ticked in a list, or typed there.
    List,
}

impl RuleField {
    /// How it is filled in.
    pub fn input(self) -> RuleInput {
        match self {
            Self::Name | Self::Custom | Self::Title | Self::Description | Self::Template => RuleInput::Text,
            Self::AssignmentGroup | Self::Caller | Self::Fields | Self::CloseCode => RuleInput::Text,
            Self::Rule | Self::Severity | Self::Service | Self::ResourceGroup => RuleInput::List,
            Self::ResourceType | Self::Target | Self::Subscription => RuleInput::List,
            Self::Connection | Self::Kind | Self::Way | Self::Item | Self::Level(_) => RuleInput::Choice,
            Self::Grouping | Self::OnResolved | Self::IfOver | Self::Suppressed | Self::Tests => RuleInput::Choice,
            Self::Enabled => RuleInput::Choice,
            Self::ReopenMinutes => RuleInput::Number(0, 44_640),
            Self::Budget => RuleInput::Number(1, 1_000),
            Self::BudgetMinutes | Self::FlappingMinutes => RuleInput::Number(1, 1_440),
            Self::Flapping => RuleInput::Number(0, 15),
            Self::NotesPerHour => RuleInput::Number(1, 60),
        }
    }

    /// Whether a text is typed into it.
    pub fn types(self) -> bool {
        matches!(self.input(), RuleInput::Text | RuleInput::Number(..))
    }

    /// What the product lists for it.
    pub fn listing(self) -> Option<Listing> {
        match self {
            Self::Template => Some(Listing::Templates),
            Self::AssignmentGroup => Some(Listing::Groups),
            Self::Caller => Some(Listing::Callers),
            _ => None,
        }
    }
}
