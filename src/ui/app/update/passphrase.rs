//! The question for the passphrase of the vault's key: shown when something asks.

use super::route::Run;
use crate::model::passphrase::Question;
use crate::ui::app::effect::Effect;
use crate::ui::app::passphrase::PassphraseDialog;
use crate::ui::app::screens::Screen;

/// Shows the question, below the boxes that are open: what is being typed there was not meant for it.
pub fn asked(run: &mut Run<'_>, question: Question) {
    if run.model.passphrase_declined {
        return run.effects.push(Effect::Answer(question.id, None));
    }
    let before = run.model.screens().find_map(dialog).map(|dialog| dialog.question.id);
    run.effects.extend(before.map(|before| Effect::Answer(before, None)));
    run.model.stack.retain(|opened| dialog(&opened.screen).is_none());
    let at = run.model.stack.iter().rposition(|opened| !opened.screen.behaviour().is_box()).map_or(0, |at| at + 1);
    run.model.insert(at, None, PassphraseDialog::new(question).into());
}

fn dialog(screen: &Screen) -> Option<&PassphraseDialog> {
    match screen {
        Screen::Passphrase(dialog) => Some(dialog),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::passphrase::Wanted;
    use crate::model::secret::Secret;
    use crate::ui::app::key::{Code, Key};
    use crate::ui::app::message::Message;
    use crate::ui::app::model::Model;
    use crate::ui::app::screens::Screen;
    use crate::ui::app::testing::model;
    use crate::ui::app::update::update;

    const ENTER: Key = Key::new(Code::Enter);

    fn asks(model: &mut Model, id: u64, wanted: Wanted) -> Vec<Effect> {
        update(model, Message::Passphrase(Question { id, wanted }))
    }

    fn shown(model: &Model) -> Option<&PassphraseDialog> {
        model.screens().find_map(dialog)
    }

    fn types(model: &mut Model, text: &str) -> Vec<Effect> {
        text.chars().for_each(|c| drop(update(model, Message::Key(Key::char(c)))));
        update(model, Message::Key(ENTER))
    }

    #[test]
    fn b1_a_new_passphrase_is_taken_once_it_was_typed_twice_the_same() {
        let mut model = model();
        asks(&mut model, 7, Wanted::New);
        assert_eq!(types(&mut model, ""), []);
        assert_eq!(types(&mut model, "q one?"), []);
        assert_eq!(types(&mut model, "q two?"), []);
        assert_eq!(types(&mut model, "q one?"), []);
        assert_eq!(types(&mut model, "q one?"), [Effect::Answer(7, Some(Secret::new("q one?")))]);
        assert!(shown(&model).is_none());
    }

    #[test]
    fn b1_keys_and_pastes_go_to_the_dialog_alone() {
        let mut model = model();
        asks(&mut model, 7, Wanted::Existing { again: false });
        update(&mut model, Message::Paste(Secret::new(" q\n")));
        assert_eq!(types(&mut model, "?"), [Effect::Answer(7, Some(Secret::new(" q?")))]);
        assert!(matches!(model.front(), Some(Screen::Dashboard(_))));
    }

    #[test]
    fn b1_after_one_that_was_left_others_wait_for_a_key() {
        let mut model = model();
        let wanted = Wanted::Existing { again: false };
        asks(&mut model, 1, wanted);
        assert_eq!(update(&mut model, Message::Key(Key::new(Code::Esc))), [Effect::Answer(1, None)]);
        assert_eq!(asks(&mut model, 2, wanted), [Effect::Answer(2, None)]);
        update(&mut model, Message::Key(Key::new(Code::Down)));
        assert_eq!(asks(&mut model, 3, wanted), []);
        assert_eq!(shown(&model).map(|dialog| dialog.question.id), Some(3));
    }

    #[test]
    fn b1_the_dialog_waits_below_what_is_open() {
        let mut model = model();
        update(&mut model, Message::Key(Key::char('?')));
        asks(&mut model, 1, Wanted::New);
        assert!(matches!(model.front(), Some(Screen::TextBox(_))));
        update(&mut model, Message::Key(Key::char('q')));
        assert_eq!(types(&mut model, "q"), []);
        assert!(shown(&model).is_some_and(|dialog| dialog.first == Some(Secret::new("q"))));
    }
}
