//! What the rules would have done.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::columns::{Column, Columns};
use crate::model::alert_plan::{RuleCount, Verdict};
use crate::model::alert_view::{PreviewProgress, PreviewRow, PreviewView};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::model::ticket::TicketDraft;
use crate::texts::{alert as words, alert_rules_screen as texts, alerts_screen, counted, number, ticket as tickets};
use crate::ui::app::alerts::PreviewScreen;
use crate::ui::app::model::Model;
use crate::ui::tui::clicks::{self, Choice};
use crate::ui::tui::screens::Draw;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::screens::workspace::labelled;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::{bar, text};

/// The columns of its table.
const COLUMNS: [Column; 6] =
    [Column::Fired, Column::Severity, Column::Rule, Column::Item, Column::OwnRule, Column::Outcome];

impl Draw for PreviewScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        if let Some((row, top)) = self.open.and_then(|top| Some((self.row(self.cursor)?, top))) {
            let mut sheet = Sheet::new(area, theme);
            write_one(model, self, row, &mut sheet);
            return sheet.draw(frame, area, top, theme);
        }
        let [what, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
        draw_what(frame, what, model, self, theme);
        match (self.task, &self.made) {
            (Some(_), _) => draw_progress(frame, body, model, self, theme),
            (None, Some(Ok(view))) => draw_made(frame, body, model, self, view, theme),
            (None, made) => draw_nothing(frame, body, model, made.as_ref().and_then(|made| made.as_ref().err()), theme),
        }
    }

    fn header(&self, model: &Model) -> (String, String) {
        let lang = model.lang;
        let count = self.view().map(|_| number::grouped(lang, self.shown.len() as u64)).unwrap_or_default();
        let at = number::grouped(lang, self.cursor as u64 + 1);
        let place = match self.shown.is_empty() || self.task.is_some() {
            true => String::new(),
            false => alerts_screen::position(lang, &at, &count),
        };
        (texts::preview_title(lang).to_owned(), place)
    }
}

fn draw_what(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &PreviewScreen, theme: Theme) {
    let words = match &screen.rule {
        Some(rule) => texts::last_days_one(model.lang, screen.days, &clean(rule, false)),
        None => texts::last_days(model.lang, screen.days),
    };
    let words = text::clip(&format!(" {words}"), usize::from(area.width));
    frame.render_widget(Line::styled(words, theme.style(Role::Title)), area);
}

fn draw_progress(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &PreviewScreen, theme: Theme) {
    let lang = model.lang;
    let mut sheet = Sheet::new(area, theme);
    sheet.gap();
    let grouped = |count| number::grouped(lang, count);
    let (words, part) = match screen.progress {
        _ if screen.stopping => (texts::stopping(lang).to_owned(), None),
        None => (texts::beginning(lang).to_owned(), None),
        Some(PreviewProgress { done, of }) => (texts::reading(lang, &grouped(done), &grouped(of)), Some((done, of))),
    };
    sheet.bullet(Role::Accent, 1, "◌", &words);
    if let Some((done, of)) = part {
        let shown = bar::bar(done, of, sheet.room.saturating_sub(4).min(40));
        sheet.wrapped(Role::Accent, 3, &shown);
    }
    sheet.draw(frame, area, 0, theme);
}

fn draw_nothing(frame: &mut Frame<'_>, area: Rect, model: &Model, fault: Option<&Fault>, theme: Theme) {
    let lang = model.lang;
    let mut sheet = Sheet::new(area, theme);
    match fault {
        Some(Fault::Interrupted) => sheet.wrapped(Role::Normal, 1, texts::stopped(lang)),
        Some(Fault::RulesWrong { problems, .. }) => {
            sheet.bullet(Role::Error, 1, "✗", texts::wrong_file(lang));
            problems
                .iter()
                .for_each(|one| sheet.bullet(Role::Error, 3, "✗", &clean(&words::problem(lang, one), false)));
        }
        Some(Fault::NoRulesFile { .. }) if !model.alerts.standing.value().is_some_and(|told| told.rules.exists) => {
            let path = model.alerts.standing.value().map(|told| told.rules.path.clone()).unwrap_or_default();
            sheet.wrapped(Role::Normal, 1, texts::no_file(lang));
            sheet.bullet(Role::Normal, 1, "→", &texts::no_file_next(lang, &clean(&path, false)));
        }
        Some(fault) => sheet.fault_here(model, fault, 1),
        None => {}
    }
    sheet.draw(frame, area, 0, theme);
}

fn draw_made(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    screen: &PreviewScreen,
    view: &PreviewView,
    theme: Theme,
) {
    let counts = u16::try_from(screen.counts(model)).unwrap_or_default();
    let parts = [Constraint::Length(counts), Constraint::Length(1), Constraint::Fill(1)];
    let [counts, sum, body] = Layout::vertical(parts).areas(area);
    draw_counts(frame, counts, model, view, theme);
    let without = number::grouped(model.lang, view.without);
    let alerts = counted::alerts(model.lang, view.all);
    let tickets = counted::tickets(model.lang, view.opened);
    let mut words = texts::sum(model.lang, &alerts, &tickets, &without);
    if view.older > 0 {
        words.push_str(&texts::older(model.lang, &number::grouped(model.lang, view.older)));
    }
    if text::width(&words) + 1 > usize::from(area.width) {
        words = texts::sum_short(model.lang, &alerts, &tickets, &without);
    }
    let words = text::clip(&format!(" {words}"), usize::from(area.width));
    frame.render_widget(Line::styled(words, theme.style(Role::Accent)), sum);
    if screen.shown.is_empty() {
        let mut sheet = Sheet::new(body, theme);
        sheet.gap();
        let words = if screen.rule.is_some() { texts::no_alert_of_rule } else { texts::no_alerts };
        sheet.wrapped(Role::Normal, 1, words(model.lang));
        return sheet.draw(frame, body, 0, theme);
    }
    draw_table(frame, body, model, screen, theme);
}

/// A line for each rule, those first that are over their budget, then those that do most; the last one tells how many more there are.
fn draw_counts(frame: &mut Frame<'_>, area: Rect, model: &Model, view: &PreviewView, theme: Theme) {
    let (height, room) = (usize::from(area.height), usize::from(area.width).saturating_sub(1));
    let mut rules: Vec<_> = view.rules.iter().collect();
    rules.sort_by_key(|(_, count)| std::cmp::Reverse((count.beyond_budget > 0, count.alerts)));
    let hidden = rules.len().saturating_sub(height);
    for (index, ((name, count), y)) in rules.into_iter().zip(area.top()..area.bottom()).enumerate() {
        let more = if index + 1 == height && hidden > 0 {
            texts::more_rules(model.lang, hidden as u64)
        } else {
            String::new()
        };
        let (mark, role) = if count.beyond_budget > 0 { ("▲", Role::Warning) } else { ("·", Role::Normal) };
        let reserve = if more.is_empty() { 0 } else { text::width(&more) + 2 };
        let rest = room.saturating_sub(reserve + 3);
        let words = format!(" {mark} {}", rule_words(model, name, count, rest));
        let words = text::ends(&text::shorten(&words, room.saturating_sub(reserve)), &more, room);
        frame.render_widget(Line::styled(words, theme.style(role)), Rect { y, height: 1, ..area });
    }
}

fn rule_words(model: &Model, name: &str, count: &RuleCount, room: usize) -> String {
    let lang = model.lang;
    let grouped = |count: u64| number::grouped(lang, count);
    let name = clean(name, false);
    let (alerts, tickets) = (counted::alerts(lang, count.alerts), counted::tickets(lang, count.tickets));
    let told = texts::rule_counts(lang, &name, &alerts, &tickets, &grouped(count.merged));
    match count.beyond_budget {
        0 => told,
        beyond => {
            let beyond = texts::beyond(lang, &grouped(beyond));
            let whole = told + &beyond;
            // What is wrong comes before what else it does.
            if text::width(&whole) <= room { whole } else { format!("{name}: {}", beyond.trim_start_matches("; ")) }
        }
    }
}

fn draw_table(frame: &mut Frame<'_>, area: Rect, model: &Model, screen: &PreviewScreen, theme: Theme) {
    let (room, height) = (usize::from(area.width), usize::from(area.height.saturating_sub(1)));
    let shown: Vec<_> = (screen.top..screen.top + height).filter_map(|at| Some((at, screen.row(at)?))).collect();
    let rows = shown.iter().map(|(_, row)| &row.row);
    let columns = Columns::among(&COLUMNS, rows, model.lang, model.now, room);
    let heads = columns.heads_line(model.lang, room);
    frame.render_widget(Line::styled(heads, theme.style(Role::Title)), Rect { height: area.height.min(1), ..area });
    let body = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
    for ((at, row), y) in shown.into_iter().zip(body.top()..body.bottom()) {
        let has_ticket = row.row.verdict.is_some_and(Verdict::has_ticket);
        let role = match (at == screen.cursor, has_ticket) {
            (true, _) => Role::Focus,
            (false, true) => Role::Normal,
            (false, false) => Role::Dim,
        };
        let cells: String =
            columns.cells(model.lang, model.now, &row.row).into_iter().map(|(_, words)| words).collect();
        let line = Line::styled(text::clip(format!(" {cells}").trim_end(), room), theme.style(role));
        let place = Rect { y, height: 1, ..body };
        frame.render_widget(line, place);
        clicks::note(frame.buffer_mut(), place, Choice::opened(at == screen.cursor), true);
    }
}

/// An alert with the ticket that it would make, or why it would make none.
fn write_one(model: &Model, screen: &PreviewScreen, row: &PreviewRow, sheet: &mut Sheet) {
    let lang = model.lang;
    let one = &row.row;
    sheet.wrapped(Role::Title, 1, &clean(&format!("{} · {}", one.azure_rule, one.item), false));
    sheet.heading(texts::would_be(lang));
    if let Some(verdict) = one.verdict {
        let (mark, role) = if verdict.has_ticket() { ("●", Role::Ok) } else { ("○", Role::Normal) };
        sheet.bullet(role, 1, mark, words::verdict(lang, verdict));
    }
    if let Some(over) = one.over {
        labelled(sheet, alerts_screen::label_at_end(lang), words::verdict(lang, over), Role::Normal);
    }
    if let Some(rule) = &one.rule {
        labelled(sheet, alerts_screen::label_own_rule(lang), &clean(rule, false), Role::Normal);
    }
    let Some(view) = screen.view() else { return };
    for ((name, _), misfit) in view.rules.iter().zip(&row.misfits) {
        let line = alerts_screen::misfit_line(lang, &clean(name, false), alerts_screen::misfit(lang, *misfit));
        sheet.bullet(Role::Normal, 3, "✗", &line);
    }
    for id in &row.tickets {
        sheet.heading(texts::heading_ticket(lang));
        match view.tickets.iter().find(|ticket| ticket.id == *id) {
            Some(ticket) => {
                let connection = clean(&ticket.connection, false);
                labelled(sheet, alerts_screen::label_connection(lang), &connection, Role::Normal);
                if ticket.alerts > 1 {
                    let count = number::grouped(lang, ticket.alerts);
                    sheet.bullet(Role::Accent, 1, "·", &texts::same_ticket(lang, &count));
                }
                write_draft(model, &ticket.draft, sheet);
            }
            None => sheet.wrapped(Role::Dim, 1, texts::first_elsewhere(lang)),
        }
    }
}

/// Every field of a ticket.
fn write_draft(model: &Model, draft: &TicketDraft, sheet: &mut Sheet) {
    let lang = model.lang;
    let level = |level: Option<u8>| level.map(|level| level.to_string()).unwrap_or_default();
    let name = |reference: &Option<crate::model::ticket::Reference>| {
        reference.as_ref().map(|one| one.name.clone()).unwrap_or_default()
    };
    let way = match draft.way {
        crate::model::ticket::Way::Table => String::new(),
        crate::model::ticket::Way::ImportSet => "import-set".to_owned(),
    };
    let pairs = [
        (texts::label_title(lang), draft.title.clone()),
        (texts::label_kind(lang), tickets::kind(lang, draft.kind).to_owned()),
        (texts::label_way(lang), way),
        (texts::label_impact(lang), level(draft.impact)),
        (texts::label_urgency(lang), level(draft.urgency)),
        (texts::label_group(lang), name(&draft.group)),
        (texts::label_caller(lang), name(&draft.caller)),
        (texts::label_item(lang), draft.item.as_ref().map(|item| item.name.clone()).unwrap_or_default()),
        (texts::label_template(lang), draft.template.clone().unwrap_or_default()),
        (texts::label_text(lang), draft.description.clone()),
    ];
    for (label, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        labelled(sheet, label, &clean(&value, true), Role::Normal);
    }
    for (name, value) in &draft.fields {
        sheet.wrapped(Role::Normal, 1, &format!("{}: {}", clean(name, false), clean(value, true)));
    }
}
