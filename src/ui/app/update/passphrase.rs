//! The dialog for the passphrase of the vault's key: shown when something asks, gone with its answer.

use crate::model::passphrase::Question;
use crate::model::secret::Secret;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::Effect;
use crate::ui::app::passphrase::{PassphraseAction, PassphraseDialog};

/// Shows the question. After one that was left, others are left as well until a key is pressed: every connection asks
/// for itself, and nobody wants to say no to each of them.
pub fn asked(ctx: &mut Ctx<'_>, question: Question) {
    if ctx.facts.passphrase_declined {
        return ctx.effect(Effect::Answer(question.id, None));
    }
    let before = ctx.facts.passphrase.replace(PassphraseDialog::new(question));
    before.into_iter().for_each(|before| ctx.effect(Effect::Answer(before.question.id, None)));
}

/// Does what a key means in the dialog.
pub fn act(ctx: &mut Ctx<'_>, action: PassphraseAction) {
    let Some(dialog) = &mut ctx.facts.passphrase else { return };
    match action {
        PassphraseAction::Edit(edit) => dialog.edit(&edit),
        PassphraseAction::Take => {
            if let Some(typed) = dialog.take() {
                answer(ctx, Some(typed));
            }
        }
        PassphraseAction::Cancel => {
            ctx.facts.passphrase_declined = true;
            answer(ctx, None);
        }
    }
}

fn answer(ctx: &mut Ctx<'_>, typed: Option<Secret>) {
    if let Some(dialog) = ctx.facts.passphrase.take() {
        ctx.effect(Effect::Answer(dialog.question.id, typed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::passphrase::Wanted;
    use crate::ui::app::key::{Code, Key};
    use crate::ui::app::message::Message;
    use crate::ui::app::model::{Model, Overlay};
    use crate::ui::app::testing::model;
    use crate::ui::app::update::update;

    const ENTER: Key = Key::new(Code::Enter);

    fn asks(model: &mut Model, id: u64, wanted: Wanted) -> Vec<Effect> {
        update(model, Message::Passphrase(Question { id, wanted }))
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
        assert_eq!(model.passphrase, None);
    }

    #[test]
    fn b1_keys_and_pastes_go_to_the_dialog_alone() {
        let mut model = model();
        asks(&mut model, 7, Wanted::Existing { again: false });
        update(&mut model, Message::Paste(Secret::new(" q\n")));
        assert_eq!(types(&mut model, "?"), [Effect::Answer(7, Some(Secret::new(" q?")))]);
        assert_eq!(model.overlay, None);
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
        assert_eq!(model.passphrase.as_ref().map(|dialog| dialog.question.id), Some(3));
    }

    #[test]
    fn b1_the_dialog_waits_below_what_is_open() {
        let mut model = model();
        update(&mut model, Message::Key(Key::char('?')));
        asks(&mut model, 1, Wanted::New);
        assert_eq!(model.overlay, Some(Overlay::Help(0)));
        update(&mut model, Message::Key(Key::char('q')));
        assert_eq!(types(&mut model, "q"), []);
        assert!(model.passphrase.as_ref().is_some_and(|dialog| dialog.first == Some(Secret::new("q"))));
    }
}
