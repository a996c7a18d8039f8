//! The alert rules, in order: what each matches, what it makes, what it did, and what is wrong in their file.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::model::alert_rules::AlertRule;
use crate::model::alert_view::{RuleDone, RulesView};
use crate::model::clean::clean;
use crate::model::fault::Fault;
use crate::texts::{alert as words, alert_rules_screen as texts, connection, counted, number, ticket as tickets};
use crate::ui::app::alerts::RulesScreen;
use crate::ui::app::model::Model;
use crate::ui::app::remote::Remote;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::Draw;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::{Role, Theme};

impl Draw for RulesScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let lang = model.lang;
        let mut sheet = Sheet::new(area, theme);
        match (&self.view, self.view.value()) {
            (_, Some(view)) => write(model, self, view, &mut sheet),
            (Remote::Failed(fault), None) => sheet.fault_here(model, fault, 1),
            (_, None) => sheet.wrapped(Role::Dim, 1, connection::loading(lang)),
        }
        sheet.draw(frame, area, 0, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        let lang = model.lang;
        let counted = self.view.value().filter(|view| !view.rules.is_empty()).map(|view| {
            let on = view.rules.iter().filter(|(rule, _)| rule.enabled).count();
            let grouped = |count: usize| number::grouped(lang, count as u64);
            texts::counts(lang, &grouped(on), &grouped(view.rules.len()))
        });
        (texts::title(lang).to_owned(), counted.unwrap_or_default())
    }
}

fn write(model: &Model, screen: &RulesScreen, view: &RulesView, sheet: &mut Sheet) {
    let lang = model.lang;
    sheet.wrapped(Role::Dim, 1, &texts::file(lang, &clean(&view.path, false)));
    if !view.exists {
        sheet.gap();
        sheet.wrapped(Role::Normal, 1, texts::no_file(lang));
        sheet.bullet(Role::Normal, 1, "→", &texts::no_file_next(lang, &clean(&view.path, false)));
        sheet.bullet(Role::Normal, 1, "→", texts::no_file_import(lang));
        return;
    }
    problems(model, view, sheet);
    if view.rules.is_empty() && view.problems.is_empty() && view.fault.is_none() {
        sheet.wrapped(Role::Normal, 1, texts::no_rules_in_file(lang));
    }
    sheet.gap();
    let tells_all = view.rules.len() * LINES_A_RULE + sheet.next() <= sheet.height;
    for (index, (rule, done)) in view.rules.iter().enumerate() {
        let from = sheet.next();
        let focused = index == screen.cursor;
        write_rule(model, (rule, *done), (focused, focused || tells_all), sheet);
        sheet.choice(from, Choice::opened(index == screen.cursor));
    }
}

/// What is wrong in the file, and what decides meanwhile.
fn problems(model: &Model, view: &RulesView, sheet: &mut Sheet) {
    let lang = model.lang;
    let waits = view.fault.as_ref().is_some_and(Fault::is_wait);
    let is_wrong = view.fault.is_some() || view.problems.iter().any(|one| !one.wrong.is_warning());
    if is_wrong && !waits {
        sheet.bullet(Role::Error, 1, "✗", texts::wrong_file(lang));
    }
    for one in &view.problems {
        let (mark, role) = if one.wrong.is_warning() { ("▲", Role::Warning) } else { ("✗", Role::Error) };
        sheet.bullet(role, 3, mark, &clean(&words::problem(lang, one), false));
    }
    if let Some(fault) = &view.fault {
        sheet.fault_here(model, fault, 3);
    }
    match (is_wrong, view.rules.is_empty()) {
        (true, true) => sheet.wrapped(Role::Warning, 1, texts::no_rules_decide(lang)),
        (true, false) => sheet.wrapped(Role::Warning, 1, texts::last_rules(lang)),
        (false, _) => {}
    }
}

/// Lines of a rule with what it matches.
const LINES_A_RULE: usize = 5;

/// A rule in two lines; what it matches stands below the one in focus, or below each where they have room.
fn write_rule(model: &Model, (rule, done): (&AlertRule, RuleDone), (in_focus, tells): (bool, bool), sheet: &mut Sheet) {
    let lang = model.lang;
    let is_used_up = rule.enabled && done.in_budget >= u64::from(rule.budget);
    let (mark, word, role) = match rule.enabled {
        true if is_used_up => ("▲", texts::on(lang), Role::Warning),
        true => ("●", texts::on(lang), Role::Ok),
        false => ("○", texts::off(lang), Role::Dim),
    };
    let name = clean(&rule.name, false);
    let head = format!("{mark} {name}");
    let style = sheet.theme.style(if in_focus { Role::Focus } else { Role::Title });
    let state = format!("{word} · {}", texts::line(lang, rule.line));
    let state = Span::styled(state, sheet.theme.style(role));
    sheet.ends(vec![Span::raw(" "), Span::styled(head, style)], state, 3, true);
    let grouped = |count: u64| number::grouped(lang, count);
    let makes = texts::makes(lang, tickets::kind(lang, rule.kind), &clean(&rule.connection, false));
    let lately = texts::lately(lang, &counted::alerts(lang, done.alerts), &counted::tickets(lang, done.tickets));
    let minutes = grouped(u64::from(rule.budget_minutes));
    let (used, of) = (grouped(done.in_budget), grouped(u64::from(rule.budget)));
    let line = if rule.enabled { Role::Normal } else { Role::Dim };
    match is_used_up {
        true => {
            sheet.wrapped(line, 3, &format!("{makes} · {lately}"));
            sheet.wrapped(role, 3, &texts::budget_used_up(lang, &used, &of, &minutes));
        }
        false => {
            let budget = texts::budget(lang, &used, &of, &minutes);
            sheet.wrapped(line, 3, &format!("{makes} · {lately} · {budget}"));
        }
    }
    if tells {
        let matches = texts::matches(lang, rule).join("; ");
        let role = if in_focus { Role::Accent } else { Role::Dim };
        sheet.wrapped(role, 3, &format!("{}: {}", texts::label_matches(lang), clean(&matches, false)));
    }
}
