//! Which keys do what on the list of alerts.

use super::{AlertsAction as Do, AlertsScreen, head};
use crate::model::alert_view::AlertRow;
use crate::model::lang::Lang;
use crate::texts::{alert_rules_screen as rules, alert_source, alerts_screen as texts, connection, dashboard, keys};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Motion, Moved, moves, moves_in_search};
use crate::ui::app::screens::Action;

type Label = fn(Lang) -> &'static str;

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::Alerts(action), label, priority)
}

fn go(motion: Motion) -> Action {
    Action::Alerts(Do::Go(motion))
}

/// Back, by Esc.
pub(super) fn back(label: Label, priority: u8) -> Binding {
    Binding::new(&[Key::new(Code::Esc)], Action::Back, label, priority)
}

/// What a key types into the search field, while it has the focus.
pub fn typed(screen: &AlertsScreen, key: Key) -> Option<Do> {
    screen.search?;
    edit(key).map(Do::EditSearch)
}

/// The keys of the list.
pub fn bindings(facts: &Facts, screen: &AlertsScreen) -> Vec<Binding> {
    if screen.panel.is_some() {
        return of_panel();
    }
    if screen.search.is_some() {
        return of_search();
    }
    let mut bindings = of_list(facts, screen);
    bindings.extend(moves(Moved::Rows, go));
    bindings
}

fn of_list(facts: &Facts, screen: &AlertsScreen) -> Vec<Binding> {
    let row = screen.table.selected();
    let any = row.is_some();
    let has_page = row.is_some_and(|row| row.tickets.iter().any(|ticket| ticket.url.is_some()));
    let free = row.is_some_and(AlertRow::is_free) && screen.changing.is_none();
    let (has_source, busy) = (!facts.alerts.sources().is_empty(), facts.alerts.is_busy());
    // Alerts can be imported without a source.
    let has_any = has_source || any || !screen.query.is_empty() || !screen.table.is_loaded();
    let notes = head::notes(facts);
    let faulty = notes.iter().any(|note| note.fault().is_some());
    let troubled = notes.iter().any(head::Note::is_of_tickets);
    let is_shared = notes.iter().any(|note| matches!(note, head::Note::Shared(..)));
    vec![
        bind(&[Key::new(Code::Enter)], Do::Open, keys::open, 1).when(any),
        bind(&[Key::char('o')], Do::Ticket, texts::key_ticket, 3).when(has_page),
        bind(&[Key::char('/')], Do::Search, dashboard::find, 4).when(has_any),
        bind(&[Key::char('f')], Do::Filter, connection::key_filter, if troubled { 2 } else { 5 }).when(has_any),
        bind(&[Key::char('F')], Do::ShowAll, texts::key_all, 2).when(!screen.query.is_empty()),
        bind(&[Key::char('s')], Do::Poll, texts::key_poll, 6).when(has_source && !facts.alerts.is_reading()),
        bind(&[Key::char('x')], Do::Stop, dashboard::stop, 6).when(busy && !facts.alerts.is_stopping()),
        bind(&[Key::char('i')], Do::ShowFault, keys::in_full, 2).when(faulty),
        bind(&[Key::char('n')], Do::NewSource, alert_source::key_add, if has_source { HELP_ONLY } else { 2 }),
        bind(&[Key::char('z')], Do::Sources, alert_source::key_sources, if is_shared { 2 } else { 13 })
            .when(has_source),
        bind(&[Key::char('u')], Do::Rules, rules::key_rules, 7),
        bind(&[Key::char('P')], Do::Preview, rules::key_preview, 8).when(has_any),
        bind(&[Key::char('T')], Do::Retry, texts::key_retry, 10).when(free),
        bind(&[Key::char('I')], Do::Ignore, texts::key_ignore, 11).when(free),
        bind(&[Key::char('O')], Do::Portal, texts::key_portal, 12).when(any),
        bind(&[Key::char('r')], Do::Reload, dashboard::reload, if screen.table.fault().is_some() { 1 } else { 85 }),
        back(keys::back, 9),
    ]
}

fn of_search() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter), Key::new(Code::Tab)], Do::LeaveSearch, connection::key_to_rows, 1),
        back(keys::back, 2),
    ];
    bindings.extend(moves_in_search(go));
    bindings
}

fn of_panel() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::char(' ')], Do::Choose, connection::key_toggle, 1),
        bind(&[Key::new(Code::Enter)], Do::ApplyFilter, connection::key_apply, 2),
        back(keys::close, 4),
    ];
    bindings.extend(moves(Moved::Rows, go));
    bindings
}
