//! The names of the tabs.

use super::Tab;
use crate::model::lang::Lang;
use crate::texts::workspace_screen as texts;

/// A tab's name.
pub fn name(lang: Lang, tab: Tab) -> &'static str {
    match tab {
        Tab::State => texts::tab_state(lang),
        Tab::Plan => texts::tab_plan(lang),
        Tab::Test => texts::tab_test(lang),
        Tab::Verification => texts::tab_verification(lang),
        Tab::Faults => texts::tab_faults(lang),
        Tab::Log => texts::tab_log(lang),
    }
}
