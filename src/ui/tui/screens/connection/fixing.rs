//! A fix: what it would change, and what it did.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::sheet;
use crate::model::fix::{Change, Done};
use crate::texts::{checklist, connection as texts};
use crate::ui::app::connection::Fixing;
use crate::ui::app::connection::installation::Stage;
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, fixing: &Fixing, theme: Theme) {
    let room = sheet::room(area);
    let lang = model.lang;
    let say = |words: &str, role| sheet::wrapped(words, room, role, theme);
    let mut lines = say(&checklist::fix(lang, &fixing.fix), Role::Title);
    lines.extend(match &fixing.stage {
        Stage::Previewing(_) => say(&format!("◌ {}", texts::fix_previewing(lang)), Role::Accent),
        Stage::Previewed(made) if made.is_empty() => say(&format!("✓ {}", texts::fix_nothing(lang)), Role::Ok),
        Stage::Previewed(made) => {
            [changes(model, made, room, theme), say(texts::fix_will_change(lang), Role::Normal)].concat()
        }
        Stage::Applying(_) => say(&format!("◌ {}", texts::fix_applying(lang)), Role::Accent),
        Stage::Done(done) => ended(model, done, room, theme),
        Stage::Failed { fault, applied } => {
            let after = if *applied { say(texts::fix_rechecked(lang), Role::Normal) } else { Vec::new() };
            [sheet::fault_with_cause(model, fault, room, theme), after].concat()
        }
    });
    let title = match fixing.all {
        0 | 1 => texts::fix_title(lang).to_owned(),
        all => {
            let nth = texts::fix_of(lang, fixing.nth(), all);
            let whole = format!("{} · {nth}", texts::fix_title(lang));
            // A box has two cells less for its title than for its text.
            if text::width(&whole) + 2 <= room { whole } else { nth }
        }
    };
    sheet::draw(frame, area, model, &title, lines, fixing.top, theme);
}

fn ended(model: &Model, done: &Done, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    if done.changes.is_empty() {
        return sheet::wrapped(&format!("✓ {}", texts::fix_was_done(lang)), room, Role::Ok, theme);
    }
    let told = sheet::wrapped(&format!("✓ {}", texts::fix_done(lang, &done.by)), room, Role::Ok, theme);
    [told, changes(model, &done.changes, room, theme)].concat()
}

fn changes(model: &Model, changes: &[Change], room: usize, theme: Theme) -> Vec<Line<'static>> {
    let line =
        |change| sheet::wrapped(&format!("~ {}", checklist::change(model.lang, change)), room, Role::Normal, theme);
    changes.iter().flat_map(line).collect()
}
