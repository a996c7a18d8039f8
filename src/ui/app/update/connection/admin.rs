//! An admin's sign-in for this session, and the form that asks for secrets.

use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::ui::app::connection::prompt::{Prompt, Purpose};
use crate::ui::app::connection::{ConnectionAction, ConnectionScreen, Tab};
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::{Job, TaskId};
use crate::ui::app::remote::Remote;

impl ConnectionScreen {
    /// Opens the form, edits it, gives on what was typed; ends the session.
    pub(super) fn act_on_prompt(&mut self, ctx: &mut Ctx<'_>, action: &ConnectionAction) {
        match (action, &mut self.prompt) {
            (ConnectionAction::AdminSignIn, _) => self.prompt = Some(Prompt::new(Purpose::Admin)),
            (ConnectionAction::AdminSignOut, _) => self.sign_admin_out(ctx),
            (ConnectionAction::SubmitPrompt, Some(_)) => self.submit_prompt(ctx),
            (ConnectionAction::EditPrompt(edit), Some(prompt)) => prompt.edit(edit),
            (ConnectionAction::TurnPrompt(by), Some(prompt)) => prompt.turn(*by),
            (ConnectionAction::RevealPrompt, Some(prompt)) => prompt.revealed = !prompt.revealed,
            _ => {}
        }
    }

    /// Goes to the field that is to be filled in next, else gives on what was typed. The form stays open while an answer may ask for it again.
    fn submit_prompt(&mut self, ctx: &mut Ctx<'_>) {
        let Some(prompt) = self.prompt.as_mut().filter(|prompt| prompt.task.is_none()) else { return };
        if prompt.seek() {
            return;
        }
        match prompt.purpose {
            Purpose::Admin => {
                let password = prompt.take_password();
                self.sign_admin_in(ctx, password);
            }
            Purpose::Rotate => {
                let typed = prompt.typed();
                self.prompt = None;
                self.rotate(ctx, typed);
            }
            Purpose::NewSecret => {
                let typed = prompt.typed();
                self.put_secret(ctx, typed);
            }
            Purpose::NewUser(_) => {
                let password = prompt.take_password();
                self.prompt = None;
                self.apply_fix(ctx, Some(password));
            }
        }
    }

    fn sign_admin_in(&mut self, ctx: &mut Ctx<'_>, password: Secret) {
        let Some(prompt) = &mut self.prompt else { return };
        let (connection, user_name) = (self.name.clone(), prompt.user_name.trim().to_owned());
        let task = ctx.run(Job::AdminSignIn { connection, user_name, password });
        (prompt.task, prompt.fault) = (Some(task), None);
    }

    /// Takes in whether the admin was signed in. What was looked at is looked at again, as the admin.
    pub(super) fn admin_signed_in(&mut self, ctx: &mut Ctx<'_>, task: TaskId, answer: Result<(), Fault>) {
        let Some(prompt) = self.prompt.as_mut().filter(|prompt| prompt.task == Some(task)) else { return };
        if let Err(fault) = answer {
            (prompt.task, prompt.fault) = (None, Some(fault));
            return;
        }
        self.prompt = None;
        self.installation.admin = true;
        self.look(ctx);
        if self.tab == Tab::Tokens || self.tokens.list != Remote::Idle {
            self.read_tokens(ctx);
        }
    }

    /// Closes the form; an admin's sign-in under way is given up.
    pub(super) fn cancel_prompt(&mut self, ctx: &mut Ctx<'_>) {
        let Some(prompt) = self.prompt.take() else { return };
        // A new client secret that is being proved is kept or not, whoever watches.
        if let Some(task) = prompt.task.filter(|_| prompt.purpose == Purpose::Admin) {
            ctx.cancel(task);
            // The product may have said yes meanwhile.
            ctx.run(Job::AdminSignOut(self.name.clone()));
        }
    }

    /// Ends the admin's session.
    pub(super) fn sign_admin_out(&mut self, ctx: &mut Ctx<'_>) {
        if std::mem::take(&mut self.installation.admin) {
            ctx.run(Job::AdminSignOut(self.name.clone()));
        }
    }
}
