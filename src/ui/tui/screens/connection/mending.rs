//! A mend: what it would change, and what it did.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::sheet;
use crate::model::mend::{Change, Done};
use crate::texts::{checklist, connection as texts};
use crate::ui::app::connection::Mending;
use crate::ui::app::connection::installation::Stage;
use crate::ui::app::model::Model;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// Draws it.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, mending: &Mending, theme: Theme) {
    let room = sheet::room(area);
    let lang = model.lang;
    let say = |words: &str, role| sheet::wrapped(words, room, role, theme);
    let mut lines = say(&checklist::mend(lang, &mending.mend), Role::Title);
    lines.extend(match &mending.stage {
        Stage::Previewing(_) => say(&format!("◌ {}", texts::mend_previewing(lang)), Role::Accent),
        Stage::Previewed(made) if made.is_empty() => say(&format!("✓ {}", texts::mend_nothing(lang)), Role::Ok),
        Stage::Previewed(made) => {
            [changes(model, made, room, theme), say(texts::mend_will_change(lang), Role::Normal)].concat()
        }
        Stage::Applying(_) => say(&format!("◌ {}", texts::mend_applying(lang)), Role::Accent),
        Stage::Done(done) => ended(model, done, room, theme),
        Stage::Failed { fault, applied } => {
            let maybe = if *applied { say(texts::mend_maybe_changed(lang), Role::Warning) } else { Vec::new() };
            [sheet::fault(model, fault, room, theme), maybe].concat()
        }
    });
    let title = match mending.all {
        0 | 1 => texts::mend_title(lang).to_owned(),
        all => {
            let nth = texts::mend_of(lang, mending.nth(), all);
            let whole = format!("{} · {nth}", texts::mend_title(lang));
            // A box has two cells less for its title than for its text.
            if text::width(&whole) + 2 <= room { whole } else { nth }
        }
    };
    sheet::draw(frame, area, model, &title, lines, mending.top, theme);
}

fn ended(model: &Model, done: &Done, room: usize, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    if done.changes.is_empty() {
        return sheet::wrapped(&format!("✓ {}", texts::mend_was_done(lang)), room, Role::Ok, theme);
    }
    let told = sheet::wrapped(&format!("✓ {}", texts::mend_done(lang, &done.by)), room, Role::Ok, theme);
    [told, changes(model, &done.changes, room, theme)].concat()
}

fn changes(model: &Model, changes: &[Change], room: usize, theme: Theme) -> Vec<Line<'static>> {
    let line =
        |change| sheet::wrapped(&format!("~ {}", checklist::change(model.lang, change)), room, Role::Normal, theme);
    changes.iter().flat_map(line).collect()
}
