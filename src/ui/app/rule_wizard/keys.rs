//! The keys of the wizard of a rule.

use super::{RuleInput, RuleStep, RuleWizard, RuleWizardAction as Do};
use crate::model::lang::Lang;
use crate::texts::{dashboard, keys, rule_wizard as texts, wizard};
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::motion::{moves_in_form, scrolls};
use crate::ui::app::screens::Action;

type Label = fn(Lang) -> &'static str;

fn bind(keys: &[Key], action: Do, label: Label, priority: u8) -> Binding {
    Binding::new(keys, Action::RuleWizard(action), label, priority)
}

/// The keys of the wizard as it stands.
pub fn bindings(wizard: &RuleWizard) -> Vec<Binding> {
    if wizard.picking.is_some() {
        return of_list(wizard);
    }
    let mut bindings = if wizard.is_ready() { of_step(wizard) } else { Vec::new() };
    let rereads = wizard.is_outdated() || wizard.opened.fault().is_some();
    bindings.extend(rereads.then(|| bind(&[Key::char('r')], Do::Reread, dashboard::reload, 1)));
    let is_first = wizard.step == RuleStep::Match;
    let label = if is_first { keys::back } else { wizard::key_previous_step };
    bindings.push(Binding::new(&[Key::new(Code::Esc)], Action::Back, label, 20));
    bindings
}

/// What a key edits: in a field of text every printable key types.
pub fn typed(wizard: &RuleWizard, key: Key) -> Option<Action> {
    let types = match &wizard.picking {
        // A blank ticks; the filter of values needs none.
        Some(picking) => picking.typing.is_some() || !picking.is_stored() || key.typed() != Some(' '),
        None => wizard.is_ready() && wizard.focus.types(),
    };
    edit(key).filter(|_| types).map(|edit| Action::RuleWizard(Do::Edit(edit)))
}

fn of_step(wizard: &RuleWizard) -> Vec<Binding> {
    let field = wizard.focus;
    let review = wizard.step == RuleStep::Review;
    let enter = match wizard.neighbour(1) {
        Some(_) => bind(&[Key::new(Code::Enter)], Do::Move(1), wizard::key_next_field, 1),
        None if review => bind(&[Key::new(Code::Enter)], Do::Continue, texts::key_write, 1)
            .when(wizard.saving.is_none() && wizard.previewing.is_none() && !wizard.is_outdated()),
        None => bind(&[Key::new(Code::Enter)], Do::Continue, wizard::key_continue, 1),
    };
    let turns = field.input() == RuleInput::Choice;
    let lists = field.input() == RuleInput::List;
    let turn = if review { texts::key_switch } else { wizard::key_choice };
    let mut bindings = vec![
        enter,
        bind(&[Key::ctrl('d')], Do::Continue, wizard::key_continue, 4).when(!review),
        bind(&[Key::char(' '), Key::new(Code::Right)], Do::Turn(1), turn, 2).when(turns),
        bind(&[Key::new(Code::Left)], Do::Turn(-1), wizard::key_choice, HELP_ONLY).when(turns && !review),
        bind(&[Key::char(' '), Key::ctrl('t')], Do::List, texts::key_list, 2).when(lists),
        bind(&[Key::ctrl('t')], Do::List, texts::key_search, 2).when(field.listing().is_some()),
        bind(&[Key::char('p')], Do::Preview, texts::key_preview, 5).when(review && wizard.previewing.is_none()),
    ];
    bindings.extend(moves());
    bindings.extend(scrolls(8, |by| Action::RuleWizard(Do::Scroll(by))));
    bindings
}

fn of_list(wizard: &RuleWizard) -> Vec<Binding> {
    let Some(picking) = &wizard.picking else { return Vec::new() };
    let (stored, typing) = (picking.is_stored(), picking.typing.is_some());
    let label = match (stored, typing) {
        (_, true) => texts::key_add,
        (true, false) => texts::key_done,
        (false, false) => wizard::key_choose,
    };
    let any = picking.focused().is_some();
    let mut bindings = vec![
        bind(&[Key::new(Code::Enter)], Do::Take, label, 1).when(stored || any),
        bind(&[Key::char(' ')], Do::Toggle, wizard::key_choose, 2).when(stored && !typing && any),
        bind(&[Key::ctrl('t')], Do::TypePattern, if typing { texts::key_list } else { texts::key_pattern }, 3)
            .when(stored),
        bind(&[Key::ctrl('g')], Do::List, dashboard::reload, 3).when(!stored),
        Binding::new(&[Key::new(Code::Esc)], Action::Back, texts::key_close, 20),
    ];
    bindings.extend(moves());
    bindings
}

fn moves() -> [Binding; 2] {
    moves_in_form(|by| Action::RuleWizard(Do::Move(by)))
}
