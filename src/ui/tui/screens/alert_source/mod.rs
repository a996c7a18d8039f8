//! The wizard of a source of alerts.

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Draw;
use super::picker::{self, List, ListState};
use super::steps::{StepMark, below_rail};
use super::wizard::field;
use super::wizard::sheet::Sheet;
use super::workspace::{LABELS, labelled};
use super::workspace_wizard::form;
use crate::model::alert_source::{AlertSource, EVERY_SECONDS, shared};
use crate::model::lang::Lang;
use crate::texts::{
    alert, alert_source as texts, number, time, wizard, workspace as words, workspace_screen,
    workspace_wizard as shared,
};
use crate::ui::app::alert_source::jobs::SeenAlerts;
use crate::ui::app::alert_source::{AlertSourceWizard, SourceStep, SubscriptionTest, Subscriptions};
use crate::ui::app::model::Model;
use crate::ui::app::remedy::with_keys;
use crate::ui::tui::theme::{Role, Theme};
use crate::ui::tui::widgets::text;

impl Draw for AlertSourceWizard {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let steps = SourceStep::ALL.map(|step| (title(model.lang, step), mark(self, step)));
        let place = below_rail(frame, area, model.lang, &steps, theme);
        let write = |sheet: &mut Sheet| match self.step {
            SourceStep::SignIn => {
                let taken: Vec<_> = self.taken.iter().collect();
                form::write(model, &self.sign_in, &taken, sheet);
            }
            SourceStep::Subscriptions => subscriptions(model.lang, self, sheet),
            SourceStep::Test => test(model.lang, self, sheet),
            SourceStep::Review => review(model, self, sheet),
        };
        Sheet::explained(place, theme, write).draw(frame, place, self.top, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        let lang = model.lang;
        let title = match self.sign_in.form.name.trim() {
            name if !name.is_empty() && self.step != SourceStep::SignIn => texts::title_of(lang, name),
            _ => texts::title(lang).to_owned(),
        };
        (title, wizard::step_of(lang, self.step.number(), SourceStep::ALL.len()))
    }
}

fn title(lang: Lang, step: SourceStep) -> &'static str {
    match step {
        SourceStep::SignIn => texts::step_sign_in(lang),
        SourceStep::Subscriptions => texts::step_subscriptions(lang),
        SourceStep::Test => texts::step_test(lang),
        SourceStep::Review => texts::step_review(lang),
    }
}

fn mark(source: &AlertSourceWizard, step: SourceStep) -> StepMark {
    match step {
        _ if step == source.step => StepMark::Front,
        _ if step < source.step => StepMark::Done,
        _ => StepMark::Later,
    }
}

fn subscriptions(lang: Lang, source: &AlertSourceWizard, sheet: &mut Sheet) {
    let all = &source.subscriptions;
    if let Some(cursor) = all.typing {
        sheet.wrapped(Role::Title, 1, texts::typed_intro(lang));
        let shown = field::line(&all.typed, Some(cursor), sheet.room.saturating_sub(4));
        let line = sheet.next();
        sheet.push(Line::from_iter(std::iter::once(Span::raw(" › ")).chain(shown.spans)));
        sheet.cursor_at(line, 3 + shown.cursor.unwrap_or_default());
        sheet.focus_from(line);
        refusal(lang, source, sheet);
        return;
    }
    refusal(lang, source, sheet);
    let state = match all.list.fault() {
        Some(fault) => ListState::Failed(fault, texts::type_instead(lang)),
        None if all.task.is_some() => ListState::Reading(shared::reading(lang)),
        None => ListState::Ready,
    };
    if sheet.roomy && matches!(state, ListState::Ready) {
        sheet.wrapped(Role::Dim, 1, &texts::chosen(lang, all.ids().len()));
    }
    let entries = all.entries();
    let ticked = |nth: usize| entries.get(nth).is_some_and(|entry| all.chosen.contains(&Subscriptions::id_of(entry)));
    let list = List {
        picker: &all.picker,
        entries: &entries,
        heading: texts::subscriptions(lang),
        hint: shared::filter_hint(lang),
        none: texts::nothing_seen(lang),
        state,
        ticked: Some(&ticked),
    };
    picker::write(lang, &list, sheet);
}

fn refusal(lang: Lang, source: &AlertSourceWizard, sheet: &mut Sheet) {
    let all = &source.subscriptions;
    match all.wrong() {
        _ if !all.refused => {}
        Some(part) => sheet.bullet(Role::Error, 1, "✗", &texts::not_an_id(lang, part)),
        None => sheet.bullet(Role::Error, 1, "✗", texts::choose_one(lang)),
    }
}

fn test(lang: Lang, source: &AlertSourceWizard, sheet: &mut Sheet) {
    if source.testing.is_some() {
        return sheet.bullet(Role::Accent, 1, "◌", texts::testing(lang));
    }
    if let Some(fault) = source.tested.fault() {
        return sheet.fault(lang, fault, 1);
    }
    sheet.wrapped(Role::Dim, 1, texts::test_intro(lang));
    for one in source.tested.value().into_iter().flatten() {
        sheet.gap();
        tested(lang, source, one, sheet);
    }
    if source.tested.value().is_some() && !source.is_readable() {
        sheet.gap();
        sheet.bullet(Role::Normal, 1, "→", texts::not_all(lang));
    }
}

fn tested(lang: Lang, source: &AlertSourceWizard, one: &SubscriptionTest, sheet: &mut Sheet) {
    let name = source.subscriptions.name(&one.subscription).unwrap_or_default();
    let words = if name.is_empty() { one.subscription.clone() } else { format!("{name}  {}", one.subscription) };
    sheet.wrapped(Role::Title, 1, &words);
    match &one.seen {
        Err(fault) => sheet.fault(lang, fault, 1),
        Ok(SeenAlerts { alerts: 0, .. }) => sheet.bullet(Role::Warning, 1, "▲", texts::sees_none(lang)),
        Ok(seen) => {
            let count = if seen.more { texts::sees_more(lang, seen.alerts) } else { texts::sees(lang, seen.alerts) };
            let newest = seen.newest.map(|at| format!("; {}", texts::newest(lang, &time::moment_in_list(at))));
            sheet.bullet(Role::Ok, 1, "✓", &format!("{count}{}", newest.unwrap_or_default()));
        }
    }
}

fn review(model: &Model, source: &AlertSourceWizard, sheet: &mut Sheet) {
    let lang = model.lang;
    if let Some(fault) = &source.fault {
        sheet.fault(lang, fault, 1);
    }
    if source.saving.is_some() {
        let words = if source.saved.is_some() { texts::saving_change } else { texts::saving };
        sheet.bullet(Role::Accent, 1, "◌", words(lang));
    }
    let intro = if source.saved.is_some() { texts::review_edit } else { texts::review_intro };
    sheet.wrapped(Role::Dim, 1, intro(lang));
    sheet.gap();
    let Some(settings) = source.settings() else { return };
    // What is changed here stands first: it has the focus.
    switches(lang, source, &settings, sheet);
    read_twice(model, &settings, sheet);
    sheet.gap();
    labelled(sheet, shared::field_name(lang), settings.name.as_str(), Role::Normal);
    let way = format!("{}: {}", settings.sign_in.id(), words::sign_in_about(lang, settings.sign_in));
    labelled(sheet, shared::field_way(lang), &way, Role::Normal);
    let told = [(shared::field_tenant(lang), &settings.tenant), (shared::field_client_id(lang), &settings.client_id)];
    for (label, value) in told.into_iter().filter(|(_, value)| !value.is_empty()) {
        labelled(sheet, label, value, Role::Normal);
    }
    for (nth, id) in settings.subscriptions.iter().enumerate() {
        let label = if nth == 0 { workspace_screen::label_subscription(lang) } else { "" };
        let name = source.subscriptions.name(id).map(|name| format!("{name}  {id}"));
        labelled(sheet, label, name.as_deref().unwrap_or(id), Role::Normal);
    }
    match &source.saved {
        None => labelled(sheet, texts::label_alerts(lang), texts::before_start(lang), Role::Normal),
        Some(saved) if settings.subscriptions.iter().any(|id| !saved.subscriptions.contains(id)) => {
            labelled(sheet, texts::label_alerts(lang), texts::before_change(lang), Role::Normal);
        }
        Some(_) => {}
    }
}

/// What is changed by keys on the review.
fn switches(lang: Lang, source: &AlertSourceWizard, settings: &AlertSource, sheet: &mut Sheet) {
    interval(lang, source, sheet);
    let acknowledge = if settings.acknowledge { texts::acknowledge_on(lang) } else { texts::acknowledge_off(lang) };
    labelled(sheet, texts::label_acknowledge(lang), acknowledge, Role::Normal);
}

/// Names the subscriptions that another source reads as well.
fn read_twice(model: &Model, settings: &AlertSource, sheet: &mut Sheet) {
    let others = model.alerts.sources().iter().map(|source| &source.settings);
    let others = others.filter(|other| other.name != settings.name);
    for one in shared(others.chain([settings])).iter().filter(|one| one.sources.contains(&settings.name)) {
        let names = one.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let told = with_keys(model, &alert::shared_subscription(model.lang, &one.subscription, &names));
        sheet.bullet(Role::Warning, 1, "▲", &told);
    }
}

/// The line in which the interval is typed.
fn interval(lang: Lang, source: &AlertSourceWizard, sheet: &mut Sheet) {
    let from = sheet.next();
    // It takes digits as it stands: that is where what is typed goes.
    let label = format!("› {}", text::pad(texts::label_every(lang), LABELS - 1));
    let column = text::width(&label);
    let shown = field::line(&source.every.0, Some(source.every.1), sheet.room.saturating_sub(column + 2));
    sheet.cursor_at(from, column + shown.cursor.unwrap_or_default());
    let (role, mark) = if source.every_seconds().is_some() { (Role::Ok, " ✓") } else { (Role::Error, " ✗") };
    let (title, role) = (sheet.theme.style(Role::Title), sheet.theme.style(role));
    let line = std::iter::once(Span::styled(label, title)).chain(shown.spans);
    sheet.push(Line::from_iter(line.chain([Span::styled(mark, role)])));
    match source.every_seconds() {
        Some(seconds) => {
            let about = texts::every_about(lang, &number::grouped(lang, u64::from(seconds)));
            sheet.wrapped(Role::Dim, 3, &about);
        }
        None => {
            let [least, most] = [EVERY_SECONDS.start(), EVERY_SECONDS.end()];
            let bound = |bound: &u32| number::grouped(lang, u64::from(*bound));
            sheet.wrapped(Role::Error, 3, &texts::no_interval(lang, &bound(least), &bound(most)));
        }
    }
}
