//! The names of the tabs.

use super::Tab;
use crate::model::lang::Lang;
use crate::texts::connection as texts;

/// A tab's name.
pub fn name(lang: Lang, tab: Tab) -> &'static str {
    match tab {
        Tab::Items => texts::tab_items(lang),
        Tab::Activity => texts::tab_activity(lang),
        Tab::Test => texts::tab_test(lang),
        Tab::Checklist => texts::tab_checklist(lang),
        Tab::Tokens => texts::tab_tokens(lang),
    }
}
