//! Which keys do what on a connection: what is innermost takes them first.

use super::{ConnectionAction as Do, ConnectionScreen, Tab};
use crate::app::action::Action;
use crate::app::key::{Code, Key};
use crate::app::keymap::{Binding, HELP_ONLY, edit};
use crate::app::model::Model;
use crate::model::lang::Lang;
use crate::texts::{connection as texts, dashboard, keys};

type Label = fn(Lang) -> &'static str;

/// The keys of a connection.
pub fn bindings(model: &Model, screen: &ConnectionScreen) -> Vec<Binding> {
    if screen.tab == Tab::Items {
        if screen.panel.is_some() {
            return of_panel();
        }
        if screen.search.is_some() {
            return of_search();
        }
        if screen.detail.is_some() {
            return of_detail(model, screen);
        }
    }
    let mut bindings = match screen.tab {
        Tab::Items => of_table(screen),
        Tab::Activity => vec![reload(6)],
        Tab::Test => of_test(screen),
    };
    bindings.extend(moves(keys::down, keys::up));
    bindings.extend(of_connection(model, screen));
    bindings
}

/// What a key edits, where the search field has the focus.
pub fn typed(screen: &ConnectionScreen, key: Key) -> Option<Do> {
    let is_search = screen.tab == Tab::Items && screen.panel.is_none() && screen.search.is_some();
    edit(key).filter(|_| is_search).map(Do::EditSearch)
}

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::Connection(action), label, priority)
}

fn back(label: Label, priority: u8) -> Binding {
    Binding::new(&[Key::new(Code::Esc)], Action::Back, label, priority)
}

fn reload(priority: u8) -> Binding {
    bind(&[Key::char('r')], Do::Reload, dashboard::reload, priority)
}

fn of_table(screen: &ConnectionScreen) -> Vec<Binding> {
    let any = !screen.table.rows().is_empty();
    vec![
        bind(&[Key::new(Code::Enter)], Do::OpenDetail, keys::open, 1).when(any),
        bind(&[Key::char('/')], Do::Search, dashboard::find, 2),
        bind(&[Key::char('f')], Do::OpenFilter, texts::key_filter, 3),
        bind(&[Key::char('F')], Do::ClearFilter, texts::key_all_rows, 9).when(screen.is_filtered()),
        reload(HELP_ONLY),
    ]
}

fn of_search() -> Vec<Binding> {
    vec![
        bind(&[Key::new(Code::Enter), Key::new(Code::Tab)], Do::LeaveSearch, texts::key_to_rows, 1),
        bind(&[Key::new(Code::Down)], Do::Move(1), keys::down, 3),
        bind(&[Key::new(Code::Up)], Do::Move(-1), keys::up, 4),
        bind(&[Key::new(Code::PageDown)], Do::Page(1), texts::key_page_down, HELP_ONLY),
        bind(&[Key::new(Code::PageUp)], Do::Page(-1), texts::key_page_up, HELP_ONLY),
        back(keys::back, 2),
    ]
}

fn of_panel() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::char(' ')], Do::ToggleChoice, texts::key_toggle, 1),
        bind(&[Key::new(Code::Enter)], Do::ApplyFilter, texts::key_apply, 2),
        bind(&[Key::char('x')], Do::ClearChoices, texts::key_clear, 3),
        back(keys::close, 4),
    ];
    bindings.extend(moves(keys::down, keys::up));
    bindings
}

fn of_detail(model: &Model, screen: &ConnectionScreen) -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::new(Code::Right), Key::char('l')], Do::MoveDetail(1), dashboard::next, 2),
        bind(&[Key::new(Code::Left), Key::char('h')], Do::MoveDetail(-1), dashboard::previous, 3),
        back(keys::close, 1),
        reload(HELP_ONLY),
    ];
    bindings.extend(moves(texts::key_scroll_down, texts::key_scroll_up));
    bindings.extend(syncs(model, screen));
    bindings
}

fn of_test(screen: &ConnectionScreen) -> Vec<Binding> {
    let busy = screen.test.is_running();
    vec![
        bind(&[Key::char('a')], Do::RunTest, texts::key_run_all, 1).when(!busy),
        bind(&[Key::new(Code::Enter), Key::char('r')], Do::RunStep, texts::key_run_step, 2).when(!busy),
        bind(&[Key::char('x')], Do::StopTest, dashboard::stop, 3).when(busy),
    ]
}

fn moves(down: Label, up: Label) -> Vec<Binding> {
    vec![
        bind(&[Key::new(Code::Down), Key::char('j')], Do::Move(1), down, HELP_ONLY),
        bind(&[Key::new(Code::Up), Key::char('k')], Do::Move(-1), up, HELP_ONLY),
        bind(&[Key::new(Code::PageDown), Key::ctrl('f')], Do::Page(1), texts::key_page_down, HELP_ONLY),
        bind(&[Key::new(Code::PageUp), Key::ctrl('b')], Do::Page(-1), texts::key_page_up, HELP_ONLY),
        bind(&[Key::new(Code::Home), Key::char('g')], Do::First, dashboard::first, HELP_ONLY),
        bind(&[Key::new(Code::End), Key::char('G')], Do::Last, dashboard::last, HELP_ONLY),
    ]
}

fn of_connection(model: &Model, screen: &ConnectionScreen) -> Vec<Binding> {
    let mut bindings = syncs(model, screen);
    bindings.extend([
        bind(&[Key::new(Code::Tab), Key::new(Code::Right), Key::char('l')], Do::TurnTab(1), texts::key_next_tab, 8),
        bind(
            &[Key::new(Code::BackTab), Key::new(Code::Left), Key::char('h')],
            Do::TurnTab(-1),
            texts::key_previous_tab,
            HELP_ONLY,
        ),
        bind(&[Key::char('t')], Do::ShowTab(Tab::Test), texts::key_test, 20).when(screen.tab != Tab::Test),
        bind(&[Key::char('d')], Do::Remove, texts::key_remove, 60),
        back(keys::back, 7),
    ]);
    bindings
}

fn syncs(model: &Model, screen: &ConnectionScreen) -> Vec<Binding> {
    let sync = model.entry(&screen.name).map(|entry| &entry.sync);
    let running = sync.is_some_and(|sync| sync.task.is_some());
    let stopping = sync.is_some_and(|sync| sync.stopping);
    vec![
        bind(&[Key::char('s')], Do::Sync, keys::sync, 5).when(!running),
        bind(&[Key::char('x')], Do::StopSync, texts::key_stop_sync, 5).when(running && !stopping),
    ]
}
