//! The line of tabs: which are shown, and where each stands.

use unicode_width::UnicodeWidthStr;

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

/// The tabs that are shown, in order; where not all fit, those before the one in front are left out until it does. Each
/// has a cell at either side of its name; before the first one is a cell that tells whether some were left out.
pub fn shown(lang: Lang, front: Tab, room: usize) -> &'static [Tab] {
    let at = Tab::ALL.iter().position(|tab| *tab == front).unwrap_or_default();
    let cells = |tabs: &[Tab]| 1 + tabs.iter().map(|tab| name(lang, *tab).width() + 2).sum::<usize>();
    let fits = |from: &usize| Tab::ALL.get(*from..=at).is_some_and(|tabs| cells(tabs) <= room);
    Tab::ALL_TABS.get((0..at).find(fits).unwrap_or(at)..).unwrap_or_default()
}

/// The tab at this cell of the line.
pub fn at(lang: Lang, front: Tab, room: usize, cell: usize) -> Option<Tab> {
    let mut used = 1;
    shown(lang, front, room).iter().copied().find(|tab| {
        let from = used;
        used += name(lang, *tab).width() + 2;
        (from..used).contains(&cell)
    })
}
