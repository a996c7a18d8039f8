//! Which keys do what on a connection: what is innermost takes them first.

use super::installation::Stage;
use super::prompt::Purpose;
use super::{ConnectionAction as Do, ConnectionScreen, Export, Fixing, Prompt, Sheet, Tab, TokenSheet};
use crate::model::checklist::ChecklistItem;
use crate::model::lang::Lang;
use crate::model::partner::Guide;
use crate::texts::{connection as texts, dashboard, deploy, keys, settings, sweep, wizard};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{Motion, Moved, moves, moves_in_search};
use crate::ui::app::screens::Action;

type Label = fn(Lang) -> &'static str;

/// The keys of a connection.
pub fn bindings(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    if let Some(sheet) = screen.sheet() {
        return of_sheet(sheet);
    }
    if screen.tab == Tab::Items {
        if let Some(panel) = &screen.panel {
            return if panel.typing.is_some() { of_choices() } else { of_panel() };
        }
        if screen.columns.is_some() {
            return of_columns();
        }
        if screen.search.is_some() {
            return of_search();
        }
        if screen.detail.is_some() {
            return of_detail(facts, screen);
        }
    }
    let mut bindings = match screen.tab {
        Tab::Items => of_table(facts, screen),
        Tab::Activity => vec![reload(6), in_full(screen, &[Key::new(Code::Enter), Key::char('i')])],
        Tab::Test => of_test(screen),
        Tab::Checklist => of_checklist(facts, screen),
        Tab::Tokens => of_tokens(facts, screen),
    };
    bindings.extend(moves(Moved::Rows, go));
    bindings.extend(of_connection(facts, screen));
    bindings
}

/// What a key edits, where a field has the focus.
pub fn typed(screen: &ConnectionScreen, key: Key) -> Option<Do> {
    if screen.prompt.is_some() {
        return edit(key).map(Do::EditPrompt);
    }
    if matches!(screen.sheet(), Some(Sheet::Export(_))) {
        return edit(key).map(Do::EditExport);
    }
    if screen.tab == Tab::Items && screen.panel.as_ref().is_some_and(|panel| panel.typing.is_some()) {
        return edit(key).map(Do::EditChoices);
    }
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

/// What went wrong, whole: its tab may not have room for all of it.
fn in_full(screen: &ConnectionScreen, at: &[Key]) -> Binding {
    bind(at, Do::ShowFault, keys::in_full, 4).when(screen.fault_in_focus().is_some())
}

fn of_table(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let any = !screen.table.rows().is_empty();
    let has_screens = facts.has_records(&screen.name);
    vec![
        bind(&[Key::new(Code::Enter)], Do::OpenDetail, keys::open, 1).when(any),
        bind(&[Key::char('/')], Do::Search, dashboard::find, 2),
        bind(&[Key::char('f')], Do::OpenFilter, texts::key_filter, 3),
        bind(&[Key::char('F')], Do::ClearFilter, texts::key_all_rows, 9).when(screen.is_filtered()),
        bind(&[Key::char('o')], Do::OpenRecord, texts::key_browser, 11).when(any && has_screens),
        bind(&[Key::char('E')], Do::OpenExport, texts::key_export, 14).when(any),
        bind(&[Key::char('>')], Do::SortNext, texts::key_sort, 12),
        bind(&[Key::char('<')], Do::SortReversed, texts::key_reverse, HELP_ONLY),
        bind(&[Key::char('C')], Do::OpenColumns, texts::key_columns, 13),
        reload(if screen.table.fault().is_some() { 1 } else { HELP_ONLY }),
    ]
}

fn of_export(export: &Export) -> Vec<Binding> {
    vec![
        bind(&[Key::new(Code::Enter)], Do::WriteExport, texts::key_write, 1).when(export.task.is_none()),
        back(keys::close, 2),
    ]
}

fn of_columns() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::char(' ')], Do::ToggleColumn, texts::key_toggle, 1),
        bind(&[Key::char('>')], Do::SortHere, texts::key_sort, 2),
        bind(&[Key::char('0')], Do::ColumnsByWidth, texts::key_by_width, 3),
        back(keys::close, 4),
        Binding::new(&[Key::new(Code::Enter)], Action::Back, keys::close, HELP_ONLY),
    ];
    bindings.extend(moves(Moved::Rows, go));
    bindings
}

fn of_search() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter), Key::new(Code::Tab)], Do::LeaveSearch, texts::key_to_rows, 1),
        back(keys::back, 2),
    ];
    bindings.extend(moves_in_search(go));
    bindings
}

/// Of the panel while its search field has the focus.
fn of_choices() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter), Key::new(Code::Tab)], Do::LeaveChoices, texts::key_to_rows, 1),
        back(keys::back, 2),
    ];
    bindings.extend(moves_in_search(go));
    bindings
}

fn of_panel() -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::char(' ')], Do::ToggleChoice, texts::key_toggle, 1),
        bind(&[Key::new(Code::Enter)], Do::ApplyFilter, texts::key_apply, 2),
        bind(&[Key::char('F')], Do::ClearChoices, texts::key_clear, 3),
        bind(&[Key::char('/')], Do::FindChoice, dashboard::find, 5),
        back(keys::close, 4),
    ];
    bindings.extend(moves(Moved::Rows, go));
    bindings
}

fn of_detail(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let mut bindings = vec![
        bind(&[Key::new(Code::Right), Key::char('l')], Do::MoveDetail(1), dashboard::next, 2),
        bind(&[Key::new(Code::Left), Key::char('h')], Do::MoveDetail(-1), dashboard::previous, 3),
        bind(&[Key::char('o')], Do::OpenRecord, texts::key_browser, 4).when(facts.has_records(&screen.name)),
        back(keys::close, 1),
        reload(HELP_ONLY),
    ];
    bindings.extend(moves(Moved::Lines, go));
    bindings.extend(syncs(facts, screen));
    bindings
}

fn of_test(screen: &ConnectionScreen) -> Vec<Binding> {
    let busy = screen.test.is_running();
    vec![
        bind(&[Key::char('t')], Do::RunTest, texts::key_test, 1).when(!busy),
        bind(&[Key::new(Code::Enter), Key::char('r')], Do::RunStep, texts::key_run_step, 2).when(!busy),
        bind(&[Key::char('x')], Do::StopTest, dashboard::stop, 3).when(busy),
        in_full(screen, &[Key::char('i')]),
    ]
}

fn of_sheet(sheet: Sheet<'_>) -> Vec<Binding> {
    match sheet {
        Sheet::Prompt(prompt) => of_prompt(prompt),
        Sheet::Export(export) => of_export(export),
        Sheet::Fixing(fixing) => of_fixing(fixing),
        Sheet::Item(item, _) => of_item(item),
        Sheet::Tokens(sheet) => of_token_sheet(sheet),
    }
}

/// Of an item that is shown whole: what its lines name works here as well.
fn of_item(item: &ChecklistItem) -> Vec<Binding> {
    let says: Label = if item.is_confirmed() { texts::key_withdraw } else { texts::key_confirm };
    let sayable = item.is_confirmed() || item.can_be_confirmed();
    let mut bindings = vec![
        bind(&[Key::char(' ')], Do::ToggleConfirmation, says, 2).when(sayable),
        bind(&[Key::char('T')], Do::LookOnRequest, texts::key_on_request, 2).when(item.on_request.is_some()),
        bind(&[Key::char('c')], Do::CopyRequest, texts::key_copy_request, 3).when(item.ask_admin),
        back(keys::close, 1),
    ];
    bindings.retain(|binding| binding.enabled);
    bindings.extend(moves(Moved::Lines, go));
    bindings
}

fn of_prompt(prompt: &Prompt) -> Vec<Binding> {
    let reveal = if prompt.revealed { wizard::key_hide } else { wizard::key_show };
    let several = prompt.fields.len() > 1;
    let submits =
        if matches!(prompt.purpose, Purpose::NewUser(_)) { texts::key_create_user } else { texts::key_sign_in };
    vec![
        bind(&[Key::new(Code::Enter)], Do::SubmitPrompt, submits, 1).when(prompt.task.is_none()),
        bind(&[Key::new(Code::Tab), Key::new(Code::Down)], Do::TurnPrompt(1), texts::key_other_field, 3).when(several),
        bind(&[Key::new(Code::BackTab), Key::new(Code::Up)], Do::TurnPrompt(-1), texts::key_other_field, HELP_ONLY)
            .when(several),
        bind(&[Key::ctrl('r')], Do::RevealPrompt, reveal, 2),
        back(keys::close, 4),
    ]
}

fn of_fixing(fixing: &Fixing) -> Vec<Binding> {
    let enter = [Key::new(Code::Enter)];
    let go_on = match &fixing.stage {
        Stage::Previewing(_) | Stage::Applying(_) => None,
        Stage::Previewed(changes) if !changes.is_empty() => {
            Some(bind(&enter, Do::GoOn, texts::key_make_changes, 1).deciding())
        }
        _ if fixing.queue.is_empty() => Some(bind(&enter, Do::GoOn, keys::close, 1)),
        // Not by Enter, which makes the changes that it shows.
        _ => Some(bind(&[Key::char('p')], Do::GoOn, texts::key_next_fix, 1)),
    };
    let mut bindings: Vec<_> = go_on.into_iter().collect();
    bindings.push(back(keys::close, 2).when(!fixing.is_applying()));
    bindings.extend(moves(Moved::Lines, go));
    bindings
}

fn of_token_sheet(sheet: &TokenSheet) -> Vec<Binding> {
    let enter = [Key::new(Code::Enter)];
    let mut bindings = match sheet {
        TokenSheet::Ask(asked) if asked.in_use && !asked.asked_once => {
            vec![bind(&enter, Do::GoOn, wizard::key_continue, 1), back(keys::no, 2)]
        }
        TokenSheet::Ask(asked) => {
            // Enter answered the first question.
            let says_yes = if asked.asked_once { [Key::char('V')] } else { enter };
            vec![bind(&says_yes, Do::GoOn, texts::key_revoke, 1).deciding(), back(keys::no, 2)]
        }
        TokenSheet::Revoking(_) | TokenSheet::Rotating(_) => vec![back(keys::back, 1)],
        _ => vec![bind(&enter, Do::GoOn, keys::close, 1), back(keys::close, HELP_ONLY)],
    };
    bindings.extend(moves(Moved::Lines, go));
    bindings
}

fn of_checklist(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let tab = &screen.installation;
    let can_fix = tab.admin && tab.task.is_none();
    let says: Label = match tab.sayable() {
        Some(item) if item.is_confirmed() => texts::key_withdraw,
        _ => texts::key_confirm,
    };
    let requests = tab.items().iter().any(|item| item.on_request.is_some());
    let to_ask = tab.whole.value().is_some_and(|whole| whole.to_ask().next().is_some());
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter)], Do::OpenDetail, keys::open, 6).when(tab.focused().is_some()),
        bind(&[Key::char(' ')], Do::ToggleConfirmation, says, 1).when(tab.sayable().is_some()),
        bind(&[Key::char('p')], Do::Fix, texts::key_fix, 1).when(can_fix && tab.fix().is_some()),
        bind(&[Key::char('P')], Do::FixAll, texts::key_fix_all, 3).when(can_fix && !tab.fixes().is_empty()),
        bind(&[Key::char('A')], Do::AdminSignIn, texts::key_admin, 2).when(!tab.admin),
        bind(&[Key::char('A')], Do::AdminSignOut, texts::key_end_admin, 4).when(tab.admin),
        bind(&[Key::char('c')], Do::CopyRequest, texts::key_copy_request, 3).when(to_ask),
        bind(&[Key::char('r')], Do::Reload, texts::key_look_again, 4).when(tab.task.is_none()),
    ];
    if facts.has_guide(&screen.name, Guide::Deploy) {
        bindings.push(bind(&[Key::char('D')], Do::OpenDeploy, deploy::key_deploy, 9));
    }
    if requests {
        // On its own item it comes before all else.
        let priority = if tab.focused().is_some_and(|item| item.on_request.is_some()) { 0 } else { 5 };
        let request = bind(&[Key::char('T')], Do::LookOnRequest, texts::key_on_request, priority);
        bindings.push(request.when(tab.requestable().is_some()));
    }
    bindings.retain(|binding| !is_of_admins(binding) || facts.admin_signs_in(&screen.name));
    bindings
}

fn of_tokens(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let tab = &screen.tokens;
    let (admin, marked) = (screen.installation.admin, !tab.marked.is_empty());
    let ends = wants_sign_in(facts, screen);
    let signs_in: Label = if ends { texts::key_sign_in_again } else { texts::key_rotate };
    let mut bindings = vec![
        bind(&[Key::char('R')], Do::SignInAgain, signs_in, 1).when(!tab.is_busy()),
        bind(&[Key::char(' ')], Do::Mark, texts::key_mark, 2).when(!tab.rows().is_empty()),
        bind(&[Key::char('V')], Do::Revoke, texts::key_revoke, 0).when(marked),
        bind(&[Key::new(Code::Enter)], Do::GoOn, keys::open, 7).when(!tab.rows().is_empty()),
        bind(&[Key::char('V')], Do::RevokeStale, texts::key_revoke_stale, 4).when(!marked && !tab.stale().is_empty()),
        bind(&[Key::char('A')], Do::AdminSignIn, texts::key_admin, 5).when(!admin),
        bind(&[Key::char('A')], Do::AdminSignOut, texts::key_end_admin, 6).when(admin),
        reload(HELP_ONLY),
    ];
    if facts.has_client_secret(&screen.name) {
        // What has to be done comes first.
        let entry = facts.entry(&screen.name);
        let priority = if entry.is_some_and(|entry| entry.wants_new_secret(facts.now)) { 0 } else { 6 };
        bindings.push(bind(&[Key::char('n')], Do::NewSecret, texts::key_new_secret, priority).when(!tab.is_busy()));
    }
    bindings.retain(|binding| !is_of_admins(binding) || facts.admin_signs_in(&screen.name));
    bindings
}

/// Whether this key has to do with an admin's sign-in, which not every product has.
fn is_of_admins(binding: &Binding) -> bool {
    use Do::{AdminSignIn, AdminSignOut, Fix, FixAll};
    matches!(binding.action, Action::Connection(AdminSignIn | AdminSignOut | Fix | FixAll))
}

/// Whether the password is needed now, or will be within days.
fn wants_sign_in(facts: &Facts, screen: &ConnectionScreen) -> bool {
    let soon = facts.entry(&screen.name).is_some_and(|entry| entry.wants_sign_in(facts.now));
    soon || screen.is_signed_out(facts)
}

fn go(motion: Motion) -> Action {
    Action::Connection(Do::Go(motion))
}

fn of_connection(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let mut bindings = syncs(facts, screen);
    let is_tokens = screen.tab == Tab::Tokens;
    let ends = wants_sign_in(facts, screen);
    if !is_tokens {
        // Where an admin has something to fix, that comes first.
        let fixes =
            screen.tab == Tab::Checklist && screen.installation.admin && !screen.installation.fixes().is_empty();
        let priority = if fixes { 4 } else { 0 };
        bindings.push(bind(&[Key::char('R')], Do::SignInAgain, texts::key_sign_in_again, priority).when(ends));
    }
    bindings.extend([
        bind(&[Key::char('d')], Do::Remove, texts::key_remove, 60),
        bind(&[Key::char('e')], Do::OpenSettings, settings::key_settings, 61),
        bind(&[Key::new(Code::Tab), Key::new(Code::Right), Key::char('l')], Do::TurnTab(1), texts::key_next_tab, 8),
        bind(
            &[Key::new(Code::BackTab), Key::new(Code::Left), Key::char('h')],
            Do::TurnTab(-1),
            texts::key_previous_tab,
            HELP_ONLY,
        ),
        bind(&[Key::char('t')], Do::RunTest, texts::key_test, 20).when(screen.tab != Tab::Test),
        back(keys::back, 7),
    ]);
    bindings
}

fn syncs(facts: &Facts, screen: &ConnectionScreen) -> Vec<Binding> {
    let sync = facts.entry(&screen.name).map(|entry| &entry.sync);
    let running = sync.is_some_and(|sync| sync.task.is_some());
    let stopping = sync.is_some_and(|sync| sync.stopping);
    vec![
        bind(&[Key::char('s')], Do::Sync, keys::sync, 5).when(!running),
        bind(&[Key::char('x')], Do::StopSync, dashboard::stop, 0).when(running && !stopping),
        bind(&[Key::char('v')], Do::Verify, sweep::verify, 10).when(!running),
    ]
}
