//! The filter in words, the search field, and the panel.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::table;
use crate::model::alert::Condition;
use crate::model::alert_view::{AlertQuery, OutcomeFilter};
use crate::model::clean::clean;
use crate::model::lang::Lang;
use crate::texts::alerts_screen as texts;
use crate::ui::app::alerts::AlertsScreen;
use crate::ui::app::alerts::filter::{AlertPanel, Choice};
use crate::ui::app::model::Model;
use crate::ui::tui::screens::connection::filter::{WIDTH, draw_box};
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{search, text};

/// Draws the line of the filter: at the left what is asked for, at the right the state of the rows.
pub fn draw_line(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &AlertsScreen, theme: Theme) {
    let (state, role) = table::state(model, screen).unwrap_or((String::new(), Role::Normal));
    let state = text::clip(&state, usize::from(area.width).saturating_sub(2));
    let width = u16::try_from(text::width(&state)).unwrap_or(0);
    let right = Rect { x: area.right().saturating_sub(width + 1), width, ..area };
    let left = Rect { x: area.x + 1, width: area.width.saturating_sub(width + 3), ..area };
    match screen.search {
        Some(at) => search::draw(frame, left, (&screen.query.find, at), texts::search_hint(model.lang), theme),
        None => {
            let role = if screen.query.is_empty() { Role::Dim } else { Role::Normal };
            let (words, room) = (words(model.lang, &screen.query), usize::from(left.width));
            // Half of "all alerts" tells nothing.
            if !screen.query.is_empty() || text::width(&words) <= room {
                frame.render_widget(Line::styled(text::clip(&words, room), theme.style(role)), left);
            }
        }
    }
    frame.render_widget(Line::styled(state, theme.style(role)), right);
}

/// The active filter, such as `Fired · no rule matches · "web"`.
fn words(lang: Lang, query: &AlertQuery) -> String {
    let condition = query.condition.map(|condition| label(lang, Choice::Condition(Some(condition))));
    let outcome = (query.outcome != OutcomeFilter::Any).then(|| label(lang, Choice::Outcome(query.outcome)));
    let find = (!query.find.is_empty()).then(|| format!("\"{}\"", clean(&query.find, false)));
    let parts: Vec<_> = condition.into_iter().chain(outcome).map(str::to_owned).chain(find).collect();
    if parts.is_empty() { texts::all_alerts(lang).to_owned() } else { parts.join(" · ") }
}

fn label(lang: Lang, choice: Choice) -> &'static str {
    match choice {
        Choice::Condition(None) => texts::any_condition(lang),
        Choice::Condition(Some(Condition::Resolved)) => texts::only_resolved(lang),
        Choice::Condition(Some(_)) => texts::only_fired(lang),
        Choice::Outcome(OutcomeFilter::Any) => texts::any_outcome(lang),
        Choice::Outcome(OutcomeFilter::WithTicket) => texts::with_ticket(lang),
        Choice::Outcome(OutcomeFilter::WithoutTicket) => texts::without_ticket(lang),
        Choice::Outcome(OutcomeFilter::Troubled) => texts::troubled(lang),
        Choice::Outcome(OutcomeFilter::Waiting) => texts::waiting(lang),
        Choice::Outcome(OutcomeFilter::Is(verdict)) => texts::outcome(lang, verdict),
    }
}

/// Draws the panel over the table.
pub fn draw_panel(frame: &mut Frame<'_>, area: Rect, model: &Model, panel: &AlertPanel, theme: Theme) {
    let room = usize::from(WIDTH.min(area.width)).saturating_sub(4);
    let (mut lines, mut focus, mut group) = (Vec::new(), 0, "");
    for (index, choice) in Choice::all().into_iter().enumerate() {
        let heading = match choice {
            Choice::Condition(_) => texts::group_condition(model.lang),
            Choice::Outcome(_) => texts::group_outcome(model.lang),
        };
        if heading != group {
            lines.push((Line::styled(text::clip(heading, room), theme.style(Role::Dim)), false));
            group = heading;
        }
        if index == panel.cursor {
            focus = lines.len();
        }
        let mark = if choice.holds_in(&panel.draft) { "(●)" } else { "( )" };
        let role = if index == panel.cursor { Role::Focus } else { Role::Normal };
        let words = text::pad(&format!("{mark} {}", label(model.lang, choice)), room);
        lines.push((Line::styled(words, theme.style(role)), true));
    }
    draw_box(frame, area, (model, texts::filter_title(model.lang)), (lines, focus), theme);
}
