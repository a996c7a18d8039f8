//! Step 5: the installation checklist, drawn as the connection's tab draws it.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::texts::wizard as texts;
use crate::ui::app::model::Model;
use crate::ui::app::wizard::Wizard;
use crate::ui::tui::screens::connection::checklist::{self, Place};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

/// From so many rows on all of the introduction shows.
const ROOM_FOR_INTRO: u16 = 14;

/// Below so many rows there is none.
const ROOM_FOR_ANY_INTRO: u16 = 12;

/// Draws what this is, then the items; over them the one that is shown whole.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &Wizard, theme: Theme) {
    let intro = intro(model, screen, area, theme);
    let rows = u16::try_from(intro.len()).unwrap_or(u16::MAX);
    let [above, list] = Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area);
    frame.render_widget(Paragraph::new(intro), above);
    if !screen.has_checklist() {
        return;
    }
    let tab = &screen.installation;
    checklist::draw(frame, list, model, tab, Place::Step, theme);
    if let Some((item, top)) = tab.focused().zip(tab.opened) {
        checklist::draw_item(frame, area, model, tab, (item, top, Place::Step), theme);
    }
}

fn intro(model: &Model, screen: &Wizard, area: Rect, theme: Theme) -> Vec<Line<'static>> {
    let lang = model.lang;
    let roomy = area.height >= ROOM_FOR_INTRO;
    let admin_signs_in = screen.spec.as_ref().is_some_and(|spec| spec.admin_signs_in);
    let (words, role) = match &screen.first_sync {
        Some(saved) if roomy && !admin_signs_in => {
            (format!("✓ {}", texts::saved_signed_out_plain(lang, saved.name.as_str())), Role::Ok)
        }
        Some(saved) if roomy => (format!("✓ {}", texts::saved_signed_out(lang, saved.name.as_str())), Role::Ok),
        Some(saved) => (format!("✓ {}", texts::saved_signed_out_short(lang, saved.name.as_str())), Role::Ok),
        // The items need the lines.
        None if screen.has_checklist() && area.height < ROOM_FOR_ANY_INTRO => return Vec::new(),
        None if screen.has_checklist() && !admin_signs_in => (texts::checklist_intro_plain(lang).to_owned(), Role::Dim),
        None if screen.has_checklist() && roomy => (texts::checklist_intro(lang).to_owned(), Role::Dim),
        None if screen.has_checklist() => (texts::checklist_intro_short(lang).to_owned(), Role::Dim),
        None => (texts::no_checklist(lang).to_owned(), Role::Normal),
    };
    let room = usize::from(area.width).saturating_sub(2);
    let lines = text::wrap(&words, room).into_iter().map(|line| Line::styled(format!(" {line}"), theme.style(role)));
    lines.chain(roomy.then(Line::default)).collect()
}
