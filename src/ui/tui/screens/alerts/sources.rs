//! The sources of alerts, each in two lines; its subscriptions stand below the one in focus.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::head;
use crate::model::alert_source::{AlertSource, SourceState, shared};
use crate::model::alert_view::SourceStanding;
use crate::model::fault::Fault;
use crate::model::lang::Lang;
use crate::texts::{alert as words, alert_source as texts, alerts_screen, connection, counted, fault as faults, time};
use crate::ui::app::alerts::SourcesScreen;
use crate::ui::app::model::Model;
use crate::ui::app::remedy::with_keys;
use crate::ui::tui::clicks::Choice;
use crate::ui::tui::screens::Draw;
use crate::ui::tui::screens::wizard::sheet::Sheet;
use crate::ui::tui::theme::{Role, Theme};

impl Draw for SourcesScreen {
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, model: &Model, theme: Theme) {
        let lang = model.lang;
        let mut sheet = Sheet::new(area, theme);
        let all = model.alerts.sources();
        match model.alerts.standing.value() {
            Some(_) if all.is_empty() => {
                sheet.wrapped(Role::Normal, 1, alerts_screen::no_source(lang));
                sheet.bullet(Role::Normal, 1, "→", alerts_screen::no_source_next(lang));
            }
            Some(_) => {}
            None => match model.alerts.standing.fault() {
                Some(fault) => sheet.fault_here(model, fault, 1),
                None => sheet.wrapped(Role::Dim, 1, connection::loading(lang)),
            },
        }
        for (at, source) in all.iter().enumerate() {
            if at > 0 {
                sheet.gap();
            }
            let from = sheet.next();
            write(model, source, at == self.cursor, &mut sheet);
            sheet.choice(from, Choice::opened(at == self.cursor));
        }
        sheet.draw(frame, area, 0, theme);
    }

    fn header(&self, model: &Model) -> (String, String) {
        let count = model.alerts.sources().len() as u64;
        (texts::list_title(model.lang).to_owned(), counted::sources(model.lang, count))
    }
}

fn write(model: &Model, source: &SourceStanding, in_focus: bool, sheet: &mut Sheet) {
    let lang = model.lang;
    let settings = &source.settings;
    let (mark, role) = head::mark(model, source);
    let style = sheet.theme.style(if in_focus { Role::Focus } else { Role::Title });
    let name = Span::styled(format!("{mark} {}", settings.name), style);
    let standing = [head::read(model, source), head::next(model, source)].join(" · ");
    let standing = Span::styled(standing, sheet.theme.style(role));
    sheet.ends(vec![Span::raw(" "), name], standing, 3, true);
    sheet.wrapped(Role::Normal, 3, &told(lang, settings));
    if let Some(fault) = model.alerts.fault_of(source).filter(|_| !in_focus) {
        sheet.wrapped(Role::Error, 3, &faults::summary(lang, fault));
        // The keys are those of the source in focus, so the command names this one.
        let next = faults::remedy(lang, fault)
            .replace(lang.pick("edit NAME", "edit NAAM"), &format!("edit {}", settings.name));
        sheet.bullet(Role::Normal, 3, "→", &next);
    }
    if !in_focus {
        return;
    }
    let own = model.alerts.poll(&settings.name).and_then(|poll| poll.fault.as_ref());
    own.into_iter().for_each(|fault| sheet.fault_here(model, fault, 3));
    for (_, state) in source.states() {
        missing(model, settings.name.as_str(), state, sheet);
    }
    for (id, state) in &source.subscriptions {
        subscription(model, id, state.as_ref(), own, sheet);
    }
    for one in shared(model.alerts.sources().iter().map(|source| &source.settings)) {
        if one.sources.contains(&settings.name) {
            let names = one.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let told = words::shared_subscription(lang, &one.subscription, &names);
            sheet.bullet(Role::Warning, 3, "▲", &with_keys(model, &told));
        }
    }
}

/// Of which times alerts may be missing, with the key that dismisses it or reads the source.
fn missing(model: &Model, name: &str, state: &SourceState, sheet: &mut Sheet) {
    let told = words::missed_times(model.lang, name, state, model.now);
    for (nth, (what, _)) in told.into_iter().enumerate() {
        sheet.bullet(Role::Warning, 3, "▲", &what);
        let next = if nth < state.missed.len() { texts::missed_next } else { texts::out_of_reach_next };
        sheet.wrapped(Role::Normal, 5, next(model.lang));
    }
}

/// The settings in a line.
fn told(lang: Lang, settings: &AlertSource) -> String {
    let subscriptions = counted::subscriptions(lang, settings.subscriptions.len() as u64);
    let every = texts::every(lang, u64::from(settings.every_seconds));
    let mut parts = vec![settings.sign_in.id().to_owned(), subscriptions, every];
    if settings.acknowledge {
        parts.push(texts::acknowledges(lang).to_owned());
    }
    parts.join(" · ")
}

/// A subscription: how far it was read, or why it was not.
fn subscription(model: &Model, id: &str, state: Option<&SourceState>, told: Option<&Fault>, sheet: &mut Sheet) {
    let lang = model.lang;
    let Some(state) = state else {
        return sheet.bullet(Role::Dim, 3, "○", &format!("{id}  {}", alerts_screen::never_read(lang)));
    };
    let read = state.read_at.map(|at| alerts_screen::read(lang, &time::ago(lang, at, model.now)));
    let read = read.unwrap_or_else(|| alerts_screen::never_read(lang).to_owned());
    let (mark, role) = match &state.fault {
        Some(fault) if fault.is_wait() => ("▲", Role::Warning),
        Some(_) => ("✗", Role::Error),
        None if state.empty => ("▲", Role::Warning),
        None => ("●", Role::Normal),
    };
    sheet.bullet(role, 3, mark, &format!("{id}  {read}"));
    if let Some(fault) = state.fault.as_ref().filter(|fault| Some(*fault) != told) {
        sheet.fault_here(model, fault, 5);
    } else if state.fault.is_none() && state.empty {
        sheet.wrapped(Role::Normal, 5, words::nothing_listed(lang));
    }
    if let Some(fault) = &state.acknowledge_fault {
        sheet.fault_here(model, fault, 5);
    }
    if let Some(since) = state.since {
        sheet.wrapped(Role::Dim, 5, &texts::since(lang, &time::moment_in_list(since)));
    }
}
