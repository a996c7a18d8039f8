//! One alert whole.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::columns::mark;
use crate::model::alert::Alert;
use crate::model::alert_plan::Verdict;
use crate::model::alert_view::{AlertTexts, AlertWhole, WholeTicket};
use crate::model::clean::clean;
use crate::model::lang::Lang;
use crate::model::ticket::{OutboxEntry, OutboxState};
use crate::texts::{alert as words, alerts_screen as texts, connection, fault as faults, ticket as tickets, time};
use crate::ui::app::alerts::AlertScreen;
use crate::ui::app::model::Model;
use crate::ui::app::remedy::{remedy, with_keys};
use crate::ui::app::remote::Remote;
use crate::ui::tui::screens::Draw;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::screens::workspace::labelled;
use crate::ui::tui::theme::{Role, Theme};

impl Draw for AlertScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let lang = model.lang;
        let mut sheet = Sheet::new(area, theme);
        match (&self.texts, &self.whole) {
            (Some(texts), _) => write_texts(lang, texts, &mut sheet),
            (None, Remote::Failed(fault)) => sheet.fault_here(model, fault, 1),
            (None, whole) => match whole.value() {
                Some(Some(alert)) => write(model, alert, &mut sheet),
                Some(None) => sheet.wrapped(Role::Normal, 1, texts::gone(lang)),
                None => sheet.wrapped(Role::Dim, 1, connection::loading(lang)),
            },
        }
        sheet.draw(frame, area, self.top, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        let rule = if self.rule.is_empty() { texts::one_title(model.lang) } else { &self.rule };
        (clean(rule, false), self.key.to_string())
    }
}

fn write(model: &Model, whole: &AlertWhole, sheet: &mut Sheet) {
    state(model, whole, sheet);
    decision(model, whole, sheet);
    whole.tickets.iter().for_each(|ticket| write_ticket(model, ticket, sheet));
    history(model.lang, whole, sheet);
    facts(model.lang, whole, sheet);
}

fn state(model: &Model, whole: &AlertWhole, sheet: &mut Sheet) {
    let (lang, alert) = (model.lang, &whole.alert);
    let standing = format!("{} {}", mark(model.now, &whole.row), texts::condition(lang, alert.condition));
    let fired = alert.condition == crate::model::alert::Condition::Fired;
    labelled(sheet, texts::label_state(lang), &standing, if fired { Role::Warning } else { Role::Ok });
    if whole.row.is_unseen(model.now) {
        sheet.bullet(Role::Warning, 1, "▲", texts::unseen_whole(lang));
    } else if alert.is_stateless() {
        sheet.bullet(Role::Dim, 1, "·", texts::stateless(lang));
    }
    told(sheet, texts::label_severity(lang), alert.severity.map(|severity| severity.id()).unwrap_or_default());
    let moment = |at: Option<jiff::Timestamp>| at.map(time::moment).unwrap_or_default();
    told(sheet, texts::label_fired(lang), &moment(alert.fired_at));
    told(sheet, texts::label_over(lang), &moment(alert.resolved_at));
    told(sheet, texts::label_rule(lang), &alert.rule);
    told(sheet, texts::label_items(lang), &alert.items.join(", "));
    if alert.suppressed {
        sheet.bullet(Role::Warning, 1, "▲", texts::suppressed(lang));
    }
    if alert.test {
        sheet.bullet(Role::Dim, 1, "·", texts::test(lang));
    }
}

/// What was decided, by which rule, or why by none.
fn decision(model: &Model, whole: &AlertWhole, sheet: &mut Sheet) {
    let lang = model.lang;
    sheet.heading(texts::heading_decision(lang));
    match whole.row.verdict {
        None => sheet.bullet(Role::Accent, 1, "○", texts::pending(lang)),
        Some(verdict) => {
            let role = if verdict.has_ticket() { Role::Ok } else { Role::Normal };
            labelled(sheet, texts::label_at_first(lang), words::verdict(lang, verdict), role);
        }
    }
    if let Some(over) = whole.row.over {
        labelled(sheet, texts::label_at_end(lang), words::verdict(lang, over), Role::Normal);
    }
    told(sheet, texts::label_own_rule(lang), whole.row.rule.as_deref().unwrap_or_default());
    told(sheet, texts::label_decided(lang), &whole.decided_at.map(time::moment).unwrap_or_default());
    if whole.row.verdict == Some(Verdict::NoRule) {
        match whole.misfits.is_empty() {
            true => sheet.bullet(Role::Normal, 1, "→", texts::no_rules_at_all(lang)),
            false => sheet.wrapped(Role::Normal, 1, texts::why_each(lang)),
        }
        for (rule, why) in &whole.misfits {
            let line = clean(&texts::misfit_line(lang, rule, &texts::difference(lang, why)), false);
            sheet.bullet(Role::Normal, 3, "✗", &line);
        }
    }
}

/// What became of the alert, step by step; one step that the decision tells already is not repeated.
fn history(lang: Lang, whole: &AlertWhole, sheet: &mut Sheet) {
    if whole.history.len() < 2 {
        return;
    }
    sheet.heading(words::history(lang));
    for event in &whole.history {
        let line = format!("{}  {}", time::moment_in_list(event.at), words::event(lang, event));
        sheet.bullet(Role::Normal, 1, "·", &clean(&line, false));
    }
}

fn write_ticket(model: &Model, ticket: &WholeTicket, sheet: &mut Sheet) {
    let (lang, record) = (model.lang, &ticket.record);
    let shown = record.ticket.as_ref();
    let number = shown.map(|shown| shown.number.clone()).unwrap_or_default();
    sheet.heading(&texts::heading_ticket(lang, &clean(&number, false)));
    told(sheet, texts::label_connection(lang), &record.key.connection);
    let state = shown.map_or(tickets::not_made(lang), |shown| tickets::state(lang, shown.state));
    told(sheet, texts::label_ticket_state(lang), state);
    if let Some(shown) = shown {
        told(sheet, texts::label_assigned(lang), shown.assigned_to.as_deref().unwrap_or_default());
        told(sheet, texts::label_link(lang), shown.url.as_deref().unwrap_or_default());
    }
    told(sheet, texts::label_key(lang), &record.key.correlation());
    told(sheet, texts::label_made(lang), &time::moment(record.made_at));
    if let Some(taken) = &record.taken {
        let whom = tickets::by_human(lang, &tickets::taken(lang, taken));
        sheet.bullet(Role::Warning, 1, "▲", &clean(&whom, false));
    }
    let called = if number.is_empty() { record.key.id() } else { number };
    ticket.operations.iter().for_each(|one| operation(model, one, &called, sheet));
}

/// A write to a ticket, as `itsmc ticket show` tells it.
fn operation(model: &Model, entry: &OutboxEntry, ticket: &str, sheet: &mut Sheet) {
    let lang = model.lang;
    let (mark, role) = match entry.state {
        OutboxState::Confirmed => ("✓", Role::Ok),
        OutboxState::Refused => ("✗", Role::Error),
        OutboxState::Unsure => ("▲", Role::Warning),
        OutboxState::Prepared | OutboxState::Sent => ("○", Role::Accent),
    };
    let at = time::moment_in_list(entry.ended_at.or(entry.sent_at).unwrap_or(entry.prepared_at));
    let what = tickets::operation(lang, entry.operation.id());
    sheet.bullet(role, 1, mark, &format!("{at}  {what}: {}", tickets::outbox(lang, entry.state)));
    if let Some(fault) = &entry.fault {
        sheet.wrapped(Role::Normal, 3, &faults::summary(lang, fault));
        sheet.wrapped(Role::Normal, 3, &faults::cause(lang, fault));
        sheet.bullet(Role::Normal, 3, "→", &remedy(model, fault));
    }
    for found in &entry.findings {
        let role = if found.is_notice() { Role::Dim } else { Role::Warning };
        sheet.bullet(role, 3, "·", &clean(&with_keys(model, &tickets::finding(lang, found)), false));
    }
    if let Some(next) = entry.not_before.filter(|_| !entry.state.is_final()) {
        sheet.wrapped(Role::Dim, 3, &tickets::next_try(lang, &time::until(lang, next, model.now)));
    }
    match entry.state {
        OutboxState::Refused => sheet.bullet(Role::Normal, 3, "→", &with_keys(model, &tickets::retry(lang, ticket))),
        OutboxState::Unsure => {
            let told = tickets::of_unsure(lang, ticket, entry.fault.as_ref());
            sheet.bullet(Role::Normal, 3, "→", &with_keys(model, &told));
        }
        _ => {}
    }
}

fn facts(lang: Lang, whole: &AlertWhole, sheet: &mut Sheet) {
    let alert = &whole.alert;
    sheet.heading(texts::heading_azure(lang));
    let pairs = [
        (texts::label_description(lang), alert.description.as_str()),
        (texts::label_service(lang), &service(alert)),
        (texts::label_group(lang), &alert.resource_group),
        (texts::label_type(lang), &alert.resource_type),
        (texts::label_targets(lang), &alert.targets.join(", ")),
        (texts::label_subscription(lang), &alert.subscription),
        (texts::label_user_state(lang), &alert.user_state),
        (texts::label_id(lang), &alert.id),
        (texts::label_series(lang), &alert.series),
        (texts::label_event(lang), &alert.event),
        (texts::label_shape(lang), alert.shape.id()),
        (texts::label_link(lang), &alert.link),
        (texts::label_source(lang), &whole.source),
        (texts::label_first_seen(lang), &time::moment(whole.first_seen)),
        (texts::label_last_seen(lang), &time::moment(whole.last_seen)),
    ];
    pairs.into_iter().for_each(|(label, value)| told(sheet, label, value));
    let listed: Vec<_> = alert.dimensions.iter().chain(&alert.details).cloned().collect();
    named(sheet, texts::heading_details(lang), listed);
    named(sheet, texts::heading_custom(lang), alert.custom.clone().into_iter().collect());
}

fn service(alert: &Alert) -> String {
    match alert.signal.is_empty() {
        true => alert.service.clone(),
        false => format!("{} ({})", alert.service, alert.signal),
    }
}

/// Values under the names that Azure gives them.
fn named(sheet: &mut Sheet, heading: &str, all: Vec<(String, String)>) {
    if !all.is_empty() {
        sheet.heading(heading);
    }
    for (name, value) in all {
        sheet.wrapped(Role::Normal, 3, &format!("{}: {}", clean(&name, false), clean(&value, true)));
    }
}

/// A label with its value, where there is one.
fn told(sheet: &mut Sheet, label: &str, value: &str) {
    if !value.is_empty() {
        labelled(sheet, label, &clean(value, true), Role::Normal);
    }
}

fn write_texts(lang: Lang, texts: &Remote<AlertTexts>, sheet: &mut Sheet) {
    let Some(came) = texts.value() else {
        return match texts.fault() {
            Some(fault) => sheet.fault(lang, fault, 1),
            None => sheet.wrapped(Role::Dim, 1, connection::loading(lang)),
        };
    };
    let both = [(texts::heading_texts_fired(lang), &came.fired), (texts::heading_texts_over(lang), &came.over)];
    for (heading, text) in both.into_iter().filter_map(|(heading, text)| Some((heading, text.as_ref()?))) {
        sheet.heading(heading);
        for line in clean(&indented(text), true).lines() {
            let words = line.trim_start();
            sheet.wrapped(Role::Normal, 1 + line.len() - words.len(), words);
        }
    }
    if came.fired.is_none() && came.over.is_none() {
        sheet.wrapped(Role::Normal, 1, texts::no_texts(lang));
    }
}

/// JSON with a line for each value; what is none stays as it came.
fn indented(text: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}
