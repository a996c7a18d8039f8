//! The first step of the wizards of a workspace and of a source of alerts: the form, and the sign-in that follows it.

use jiff::Timestamp;

use super::form::{Form, FormField};
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, Workspace};
use crate::model::workspace_run::CodePrompt;
use crate::texts::{connection, wizard, workspace_screen};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::Edit;
use crate::ui::app::key::{Code, Key};
use crate::ui::app::keymap::{Binding, HELP_ONLY, edit};
use crate::ui::app::model::Facts;
use crate::ui::app::motion::moves_in_form;
use crate::ui::app::screens::Action;
use crate::ui::app::workspace::{SignInPart, SignInStage};

/// The step as it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SignInStep {
    /// The name and the way to sign in.
    pub form: Form,
    /// The sign-in that runs with it, or was refused.
    pub running: Option<SignInPart>,
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInAction {
    /// Move by so many lines.
    Move(isize),
    /// Edit the line in focus.
    Edit(Edit),
    /// The next or the previous way to sign in.
    TurnWay(isize),
    /// Show or hide the secret.
    Reveal,
    /// Copy the code of the sign-in.
    CopyCode,
}

impl SignInStep {
    /// The step with this form.
    pub fn new(form: Form) -> Self {
        Self { form, running: None }
    }

    /// Whether a sign-in is waited for.
    pub fn is_busy(&self) -> bool {
        self.running.as_ref().is_some_and(SignInPart::is_busy)
    }

    /// Its keys; `go_on` gives the form on.
    pub fn bindings(&self, of: fn(SignInAction) -> Action, go_on: &Action) -> Vec<Binding> {
        use SignInAction as Do;
        let bind = |keys: &[Key], action, label, priority| Binding::new(keys, of(action), label, priority);
        if self.is_busy() {
            let copy = bind(&[Key::char('c')], Do::CopyCode, workspace_screen::key_copy_code, 1);
            return vec![copy.when(self.running.as_ref().is_some_and(|running| running.code().is_some()))];
        }
        let is_way = self.form.focus == FormField::Way;
        let enter = [Key::new(Code::Enter)];
        let last = self.form.neighbour(1).is_none();
        let enter = match self.form.neighbour(1) {
            Some(_) => bind(&enter, Do::Move(1), wizard::key_next_field, 1),
            None => Binding::new(&enter, go_on.clone(), connection::key_sign_in, 1),
        };
        let reveal = if self.form.revealed { wizard::key_hide } else { wizard::key_show };
        let mut bindings = vec![
            enter,
            // Enter does the same on the last line.
            Binding::new(&[Key::ctrl('d')], go_on.clone(), connection::key_sign_in, if last { HELP_ONLY } else { 2 }),
            bind(&[Key::char(' '), Key::new(Code::Right)], Do::TurnWay(1), wizard::key_choice, 3).when(is_way),
            bind(&[Key::new(Code::Left)], Do::TurnWay(-1), wizard::key_choice, HELP_ONLY).when(is_way),
            bind(&[Key::ctrl('r')], Do::Reveal, reveal, 4).when(self.form.focus == FormField::Secret),
        ];
        bindings.extend(moves_in_form(|by| of(Do::Move(by))));
        bindings
    }

    /// What a key edits.
    pub fn typed(&self, key: Key) -> Option<SignInAction> {
        let types = self.form.focus != FormField::Way && !self.is_busy();
        edit(key).filter(|_| types).map(SignInAction::Edit)
    }

    /// Does what a key asks for.
    pub fn act(&mut self, ctx: &mut Ctx<'_>, action: SignInAction) {
        let form = &mut self.form;
        match action {
            SignInAction::Move(by) => form.neighbour(by).into_iter().for_each(|field| form.focus_on(field)),
            SignInAction::Edit(edit) => form.edit(&edit),
            SignInAction::TurnWay(by) => form.turn_way(by),
            SignInAction::Reveal => form.revealed = !form.revealed,
            SignInAction::CopyCode => {
                let code = self.running.as_ref().and_then(SignInPart::code).map(|prompt| prompt.code.clone());
                code.into_iter().for_each(|code| ctx.copy(code));
            }
        }
    }

    /// Signs in for this account, where the form has a secret or a person has to sign in; whether that is waited for.
    pub fn begin(&mut self, ctx: &mut Ctx<'_>, account: Workspace, person: bool) -> bool {
        let needed = match account.sign_in {
            AzureSignIn::ServicePrincipal => !self.form.secret.is_empty(),
            AzureSignIn::DeviceCode => person,
            AzureSignIn::Cli | AzureSignIn::ManagedIdentity | AzureSignIn::WorkloadIdentity => false,
        };
        if !needed {
            return false;
        }
        self.running = SignInPart::of(ctx, account);
        if let Some(running) = self.running.as_mut().filter(|running| running.is_typing()) {
            running.secret = self.form.secret.clone();
            running.submit(ctx);
        }
        true
    }

    /// Takes in the code.
    pub fn told(&mut self, task: TaskId, prompt: &CodePrompt) {
        self.running.iter_mut().for_each(|running| running.told(task, prompt.clone()));
    }

    /// Takes in how it ended: the account under whose name somebody is signed in now. Who was refused finds the focus on the
    /// secret.
    pub fn ended(&mut self, task: TaskId, answer: Result<(), Fault>) -> Option<Workspace> {
        if !self.running.as_mut()?.ended(task, answer) {
            return None;
        }
        if let Some(done) = self.running.take_if(|running| running.stage == SignInStage::Done) {
            self.form.secret_kept(&done.workspace);
            return Some(done.workspace);
        }
        if self.form.fields().contains(&FormField::Secret) {
            self.form.focus_on(FormField::Secret);
        }
        None
    }

    /// Stops a sign-in that is waited for; whether one was.
    pub fn stop(&mut self, ctx: &mut Ctx<'_>) -> bool {
        let stopped = self.running.take_if(|running| running.is_busy());
        stopped.map(|mut running| running.leave(ctx)).is_some()
    }

    /// It is left: what was typed is kept, but for the secret.
    pub fn leave(&mut self, ctx: &mut Ctx<'_>) {
        self.running.take().into_iter().for_each(|mut running| running.leave(ctx));
        self.form.secret = Secret::default();
    }

    /// The code runs out by the second.
    pub fn next_tick(&self, facts: &Facts) -> Option<Timestamp> {
        let second = Timestamp::from_second(facts.now.as_second() + 1).ok();
        second.filter(|_| self.is_busy())
    }
}
