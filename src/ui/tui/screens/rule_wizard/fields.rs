//! The lines of a step: a name, what stands there, and what is said of the one in focus.

use ratatui::text::{Line, Span};

use crate::model::alert_rules::AlertRule;
use crate::model::lang::Lang;
use crate::texts::rule_wizard as texts;
use crate::ui::app::rule_wizard::{RuleField as F, RuleFieldProblem, RuleInput, RuleWizard};
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::wizard::field::{self, Beside};
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::Role;

/// The columns of the names.
const NAMES: usize = 14;

/// Writes a line.
pub fn line(lang: Lang, rule: &RuleWizard, one: F, sheet: &mut Sheet) {
    sheet.gap_if_explained();
    let from = sheet.next();
    let focused = rule.focus == one;
    let (mark, role) = if focused { ("›", Role::Title) } else { (" ", Role::Normal) };
    let name = Span::styled(format!(" {mark} {}  ", field::name(&label(lang, one), NAMES)), sheet.theme.style(role));
    let words = if one.types() { rule.form.text(one).to_owned() } else { value(lang, rule, one) };
    let Beside { under, column, room } = Beside::of(sheet.room, name.width(), &words, focused);
    let cursor = (focused && one.types()).then_some(rule.cursor);
    let problem = rule.form.problem(one);
    let shown = match words.is_empty() && one.types() {
        true if !focused && problem.is_none() => field::may_stay_empty(lang, room, sheet.theme),
        true => field::or_ground(field::line("", cursor, room), room, sheet.theme),
        false => field::line(&words, cursor, room),
    };
    if let Some(cursor) = shown.cursor {
        sheet.cursor_at(from + usize::from(under), column + cursor);
    }
    let told = rule.form.left.contains(&one);
    let (role, symbol) = match &problem {
        Some(_) if told => (Role::Error, "✗"),
        Some(_) => (Role::Dim, "○"),
        None => (Role::Dim, " "),
    };
    let end = Span::styled(format!(" {symbol}"), sheet.theme.style(role));
    let (start, end) = match under {
        true => {
            sheet.push(Line::from(vec![name, end]));
            (Span::raw(" ".repeat(column)), Span::raw(""))
        }
        false => (name, end),
    };
    let spans = match focused && !one.types() {
        true => shown.spans.into_iter().map(|span| span.style(sheet.theme.style(Role::Focus))).collect(),
        false => shown.spans,
    };
    sheet.push(Line::from_iter(std::iter::once(start).chain(spans).chain([end])));
    let indent = if under { field::UNDER } else { NAMES + 5 };
    sheet.about(focused, indent, about(lang, one));
    if let Some(problem) = problem.filter(|_| told) {
        sheet.wrapped(Role::Error, indent, &format!("✗ {}", said(lang, rule, one, &problem)));
    }
    sheet.choice(from, Choice::ticked(focused));
}

fn said(lang: Lang, rule: &RuleWizard, one: F, problem: &RuleFieldProblem) -> String {
    match problem {
        RuleFieldProblem::Missing if one == F::Connection && rule.form.partners.is_empty() => {
            texts::no_connection(lang).to_owned()
        }
        RuleFieldProblem::Missing => texts::missing(lang).to_owned(),
        RuleFieldProblem::Taken => texts::taken(lang).to_owned(),
        RuleFieldProblem::NoNumber(from, to) => texts::no_number(lang, *from, *to),
        RuleFieldProblem::NoPair(part) => texts::no_pair(lang, part),
        RuleFieldProblem::Placeholder(name, near) => {
            let near = near.as_ref().map(|near| crate::texts::alert::is_meant(lang, &format!("{{{near}}}")));
            texts::no_placeholder(lang, &format!("{{{name}}}")) + &near.unwrap_or_default()
        }
    }
}

/// What stands in a line that is turned or ticked.
pub fn value(lang: Lang, wizard: &RuleWizard, one: F) -> String {
    let rule: &AlertRule = &wizard.form.rule;
    match one {
        _ if one.input() == RuleInput::List => match wizard.form.list(one) {
            all if all.is_empty() => texts::any(lang).to_owned(),
            all => all.join(", "),
        },
        F::Connection => rule.connection.clone(),
        F::Kind => texts::kind_word(lang, rule.kind).to_owned(),
        F::Way => texts::way_word(lang, rule.way).to_owned(),
        F::Item => texts::item_word(lang, rule.ticket.item).to_owned(),
        F::Level(severity) => match rule.severities.of(severity) {
            Some((impact, urgency)) => texts::level(lang, impact, urgency),
            None => texts::no_ticket(lang).to_owned(),
        },
        F::Grouping => texts::grouping_word(lang, rule.grouping).to_owned(),
        F::OnResolved => texts::on_resolved_word(lang, rule.on_resolved).to_owned(),
        F::IfOver => texts::if_over_word(lang, rule.if_over).to_owned(),
        F::Suppressed => texts::yes_or_no(lang, rule.suppressed).to_owned(),
        F::Tests => texts::yes_or_no(lang, rule.tests).to_owned(),
        F::Enabled => texts::yes_or_no(lang, rule.enabled).to_owned(),
        _ => String::new(),
    }
}

/// The name of a line.
pub fn label(lang: Lang, one: F) -> String {
    let word = match one {
        F::Name => texts::name(lang),
        F::Rule => texts::rule(lang),
        F::Severity => texts::severity(lang),
        F::Service => texts::service(lang),
        F::ResourceGroup => texts::resource_group(lang),
        F::ResourceType => texts::resource_type(lang),
        F::Target => texts::target(lang),
        F::Subscription => texts::subscription(lang),
        F::Custom => texts::custom(lang),
        F::Connection => texts::connection(lang),
        F::Kind => texts::kind(lang),
        F::Way => texts::way(lang),
        F::Title => texts::ticket_title(lang),
        F::Description => texts::description(lang),
        F::Template => texts::template(lang),
        F::AssignmentGroup => texts::group(lang),
        F::Caller => texts::caller(lang),
        F::Item => texts::item(lang),
        F::Fields => texts::fields(lang),
        F::Level(severity) => severity.id(),
        F::Grouping => texts::grouping(lang),
        F::OnResolved => texts::on_resolved(lang),
        F::CloseCode => texts::close_code(lang),
        F::ReopenMinutes => texts::reopen_minutes(lang),
        F::IfOver => texts::if_over(lang),
        F::Suppressed => texts::suppressed(lang),
        F::Tests => texts::tests(lang),
        F::Budget => texts::budget(lang),
        F::BudgetMinutes => texts::budget_minutes(lang),
        F::Flapping => texts::flapping(lang),
        F::FlappingMinutes => texts::flapping_minutes(lang),
        F::NotesPerHour => texts::notes_per_hour(lang),
        F::Enabled => texts::enabled(lang),
    };
    word.to_owned()
}

fn about(lang: Lang, one: F) -> &'static str {
    match one {
        F::Name => texts::about_name(lang),
        _ if one.input() == RuleInput::List => texts::about_list(lang),
        F::Custom => texts::about_custom(lang),
        F::Connection => texts::about_connection(lang),
        F::Kind => texts::about_kind(lang),
        F::Way => texts::about_way(lang),
        F::Title => texts::about_title(lang),
        F::Description => texts::about_description(lang),
        F::Template => texts::about_template(lang),
        F::AssignmentGroup => texts::about_group(lang),
        F::Caller => texts::about_caller(lang),
        F::Item => texts::about_item(lang),
        F::Fields => texts::about_fields(lang),
        F::Level(_) => texts::about_level(lang),
        F::Grouping => texts::about_grouping(lang),
        F::OnResolved => texts::about_on_resolved(lang),
        F::CloseCode => texts::about_close_code(lang),
        F::ReopenMinutes => texts::about_reopen(lang),
        F::IfOver => texts::about_if_over(lang),
        F::Suppressed => texts::about_suppressed(lang),
        F::Tests => texts::about_tests(lang),
        F::Budget | F::BudgetMinutes => texts::about_budget(lang),
        F::Flapping | F::FlappingMinutes => texts::about_flapping(lang),
        F::NotesPerHour => texts::about_notes(lang),
        _ => texts::on_hint(lang),
    }
}
