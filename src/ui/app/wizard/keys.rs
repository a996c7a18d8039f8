//! The keys of the wizard, step by step.

use super::details::Details;
use super::step::WizardStep;
use super::{Opening, Wizard, WizardAction};
use crate::model::check::Status;
use crate::model::checklist::ChecklistItem;
use crate::model::form::FieldId;
use crate::model::lang::Lang;
use crate::model::partner::{Guide, InputKind, Proof};
use crate::texts::{connection, deploy, keys, wizard as texts};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{self, Binding, HELP_ONLY};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::{self, moves_in_form};
use crate::ui::app::screens::Action;

/// The keys of the wizard as it stands.
pub fn bindings(facts: &Facts, screen: &Wizard) -> Vec<Binding> {
    if screen.step == WizardStep::Checklist && screen.installation.opened.is_some() {
        return of_item(screen);
    }
    let mut bindings = match (&screen.opening, screen.step) {
        (Opening::Loading(_), _) => Vec::new(),
        (Opening::Offer { .. }, _) => of_offer(),
        (Opening::Done, WizardStep::Partner) => of_list(texts::key_choose),
        (Opening::Done, WizardStep::Prerequisites) => of_prerequisites(screen),
        (Opening::Done, WizardStep::Details) => of_details(screen),
        (Opening::Done, WizardStep::Test) => of_test(screen),
        (Opening::Done, WizardStep::Checklist) => of_checklist(screen),
        (Opening::Done, WizardStep::Review) => of_review(screen),
        (Opening::Done, WizardStep::FirstSync) => of_first_sync(facts, screen),
    };
    bindings.extend(scrolls());
    bindings.push(back(screen));
    bindings
}

/// What a key edits: in a field of text every printable key types.
pub fn typed(screen: &Wizard, key: Key) -> Option<WizardAction> {
    if screen.opening != Opening::Done || screen.step != WizardStep::Details {
        return None;
    }
    match focused_input(screen)? {
        InputKind::Text | InputKind::Secret | InputKind::Number => keymap::edit(key).map(WizardAction::Edit),
        InputKind::WorkItems | InputKind::Switch | InputKind::Choice | InputKind::Fixed => None,
    }
}

fn bind(keys: &[Key], action: WizardAction, label: fn(Lang) -> &'static str, priority: u8) -> Binding {
    Binding::new(keys, Action::Wizard(action), label, priority)
}

fn back(screen: &Wizard) -> Binding {
    let to_dashboard = screen.opening != Opening::Done || screen.step == WizardStep::Partner || screen.is_saved();
    let label = if to_dashboard { texts::key_dashboard } else { texts::key_previous_step };
    let priority = match screen.step {
        _ if screen.is_saved() && !screen.is_signed_out() => HELP_ONLY,
        // In a form it comes before the keys that every form has.
        WizardStep::Details => 5,
        _ => 20,
    };
    Binding::new(&[Key::new(Code::Esc)], Action::Back, label, priority).when(!screen.is_saving())
}

fn moves() -> [Binding; 2] {
    moves_in_form(|by| Action::Wizard(WizardAction::Move(by)))
}

fn scrolls() -> [Binding; 2] {
    motion::scrolls(4, |by| Action::Wizard(WizardAction::Scroll(by)))
}

fn of_list(label: fn(Lang) -> &'static str) -> Vec<Binding> {
    let mut bindings = vec![bind(&[Key::new(Code::Enter)], WizardAction::Continue, label, 1)];
    bindings.extend(moves());
    bindings
}

fn of_offer() -> Vec<Binding> {
    let mut bindings = of_list(texts::key_choose);
    bindings.push(bind(&[Key::char('n')], WizardAction::StartOver, texts::key_start_over, 2));
    bindings
}

fn of_prerequisites(screen: &Wizard) -> Vec<Binding> {
    let focused = screen.prerequisites().get(screen.prerequisite_focus);
    let can_confirm = focused.is_some_and(|item| item.proof == Proof::Confirmed);
    let mut bindings = of_list(texts::key_continue);
    bindings.push(bind(&[Key::char(' ')], WizardAction::Toggle, texts::key_confirm, 2).when(can_confirm));
    // Before the links, which many terminals open by a click: both do not fit beside the way back.
    if screen.spec.as_ref().is_some_and(|spec| spec.has_guide(Guide::Deploy)) {
        let leads_there = focused.is_some_and(|item| item.guide == Some(Guide::Deploy));
        let priority = if leads_there { 0 } else { 3 };
        bindings.push(bind(&[Key::char('D')], WizardAction::OpenDeploy, deploy::key_deploy, priority));
    }
    let has_link = focused.is_some_and(|item| !item.links.is_empty());
    bindings.push(bind(&[Key::char('o')], WizardAction::OpenLink, texts::key_open_link, 3).when(has_link));
    bindings
}

fn of_details(screen: &Wizard) -> Vec<Binding> {
    let input = focused_input(screen);
    let one_of = input == Some(InputKind::Choice);
    let choices = one_of || input == Some(InputKind::WorkItems);
    let toggles = matches!(input, Some(InputKind::WorkItems | InputKind::Switch));
    let last = is_last(screen);
    let enter = if last { texts::key_continue } else { texts::key_next_field };
    let (next, previous) = (WizardAction::NextField, WizardAction::PreviousField);
    vec![
        bind(&[Key::char(' ')], WizardAction::Toggle, texts::key_toggle, 1).when(toggles),
        bind(&[Key::char(' ')], WizardAction::Toggle, texts::key_choice, 2).when(one_of),
        bind(&[Key::new(Code::Right)], WizardAction::Choice(1), texts::key_choice, if one_of { HELP_ONLY } else { 2 })
            .when(choices),
        bind(&[Key::new(Code::Left)], WizardAction::Choice(-1), texts::key_choice, HELP_ONLY).when(choices),
        bind(&[Key::new(Code::Enter)], if last { WizardAction::Continue } else { next.clone() }, enter, 3),
        // Neither leaves the form: what follows it signs in, and a refused password may lock the user.
        bind(&[Key::new(Code::Tab), Key::new(Code::Down)], next, texts::key_next_field, HELP_ONLY).when(!last),
        bind(&[Key::new(Code::BackTab), Key::new(Code::Up)], previous, keys::back, 6),
        bind(&[Key::ctrl('d')], WizardAction::Continue, texts::key_continue, if last { HELP_ONLY } else { 4 }),
        bind(&[Key::ctrl('r')], WizardAction::Reveal, reveal(&screen.details), 2)
            .when(input == Some(InputKind::Secret)),
    ]
}

fn reveal(details: &Details) -> fn(Lang) -> &'static str {
    if details.revealed { texts::key_hide } else { texts::key_show }
}

fn of_test(screen: &Wizard) -> Vec<Binding> {
    let test = &screen.test;
    let idle = !test.is_running() && !screen.is_saving();
    let failed_field = test.focused().filter(|step| step.status == Status::Failed).and_then(|step| step.field);
    let enter = [Key::new(Code::Enter)];
    let mut bindings = vec![
        bind(&enter, WizardAction::GoToField, texts::key_go_to_field, 1).when(idle && failed_field.is_some()),
        bind(&enter, WizardAction::Continue, texts::key_continue, 1).when(test.passed()),
        bind(&[Key::char('r')], WizardAction::Retest, connection::key_run_step, 2).when(idle),
        bind(&[Key::char('t')], WizardAction::RetestAll, connection::key_test, 3).when(idle),
        bind(&[Key::char('L')], WizardAction::SaveSignedOut, texts::key_save_signed_out, 2)
            .when(screen.can_save_signed_out()),
    ];
    bindings.extend(moves());
    bindings
}

/// Of the item of the checklist that is shown whole.
fn of_item(screen: &Wizard) -> Vec<Binding> {
    let close = Binding::new(&[Key::new(Code::Esc)], Action::Back, keys::close, 1);
    let tab = &screen.installation;
    let says = tab.sayable().map(|item| bind(&[Key::char(' ')], WizardAction::ToggleConfirmation, says(item), 2));
    let asks = tab
        .focused()
        .filter(|item| item.ask_admin)
        .map(|_| bind(&[Key::char('c')], WizardAction::CopyRequest, connection::key_copy_request, 3));
    moves().into_iter().chain(scrolls()).chain(says).chain(asks).chain([close]).collect()
}

fn says(item: &ChecklistItem) -> fn(Lang) -> &'static str {
    if item.is_confirmed() { connection::key_withdraw } else { connection::key_confirm }
}

fn of_checklist(screen: &Wizard) -> Vec<Binding> {
    let tab = &screen.installation;
    let enter = [Key::new(Code::Enter)];
    let mut bindings = match screen.is_signed_out() {
        true => vec![
            bind(&enter, WizardAction::Checklist, texts::key_to_checklist, 1),
            bind(&[Key::char('A')], WizardAction::AdminSignIn, connection::key_admin, 2)
                .when(screen.spec.as_ref().is_some_and(|spec| spec.admin_signs_in)),
        ],
        false => vec![bind(&enter, WizardAction::Continue, texts::key_continue, 1)],
    };
    let says = tab.sayable().map_or(connection::key_confirm as fn(Lang) -> &'static str, says);
    bindings.extend([
        bind(&[Key::char(' ')], WizardAction::ToggleConfirmation, says, 2).when(tab.sayable().is_some()),
        bind(&[Key::char('i')], WizardAction::OpenItem, keys::in_full, 3).when(tab.focused().is_some()),
        bind(&[Key::char('r')], WizardAction::LookAgain, connection::key_look_again, 4)
            .when(tab.task.is_none() && screen.has_checklist()),
        bind(&[Key::char('c')], WizardAction::CopyRequest, connection::key_copy_request, 5)
            .when(tab.whole.value().is_some_and(|whole| whole.to_ask().next().is_some())),
    ]);
    bindings.extend(moves());
    bindings
}

fn of_review(screen: &Wizard) -> Vec<Binding> {
    let mut bindings = of_list(texts::key_save);
    for binding in &mut bindings {
        match binding.action {
            Action::Wizard(WizardAction::Continue) => binding.enabled = !screen.is_saving(),
            _ => binding.priority = 30,
        }
    }
    bindings
}

fn of_first_sync(facts: &Facts, screen: &Wizard) -> Vec<Binding> {
    vec![
        bind(&[Key::new(Code::Enter)], WizardAction::Continue, texts::key_dashboard, 1),
        bind(&[Key::char('K')], WizardAction::Checklist, texts::key_checklist, 3)
            .when(screen.first_sync.as_ref().is_some_and(|first| facts.entry(&first.name).is_some())),
        bind(&[Key::char('r')], WizardAction::SyncAgain, texts::key_again, 2).when(screen.can_sync_again(facts)),
    ]
}

fn focused_input(screen: &Wizard) -> Option<InputKind> {
    screen.spec.as_ref()?.field(screen.details.focus).map(|field| field.input)
}

fn is_last(screen: &Wizard) -> bool {
    let last = screen.spec.as_ref().and_then(|spec| super::details::fields(spec, screen.details.form.grant).last());
    last.unwrap_or(FieldId::Name) == screen.details.focus
}
