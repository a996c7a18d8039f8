//! Signing in for a workspace: a client secret, or a person with a code.

use jiff::Timestamp;

use crate::model::blank::trimmed;
use crate::model::fault::Fault;
use crate::model::secret::Secret;
use crate::model::workspace::{AzureSignIn, Workspace};
use crate::model::workspace_run::CodePrompt;
use crate::ui::app::ctx::Ctx;
use crate::ui::app::effect::TaskId;
use crate::ui::app::input::{self, Edit};
use crate::ui::app::workspace::WorkspaceJob;

/// A sign-in under way.
#[derive(Debug, Clone, PartialEq)]
pub struct SignInPart {
    /// For whom.
    pub workspace: Workspace,
    /// The client secret, until it is given on.
    pub secret: Secret,
    /// The cursor's byte in it.
    pub cursor: usize,
    /// Whether it is shown as typed.
    pub revealed: bool,
    /// How far it is.
    pub stage: SignInStage,
}

/// How far a sign-in is.
#[derive(Debug, Clone, PartialEq)]
pub enum SignInStage {
    /// The secret is being typed; why the last one was refused.
    Typing(Option<Fault>),
    /// Entra is asked.
    Asking(TaskId),
    /// A code waits to be typed on Microsoft's page.
    Code(TaskId, Option<CodePrompt>),
    /// It failed.
    Failed(Fault),
    /// Somebody is signed in.
    Done,
}

impl SignInPart {
    /// The sign-in of this workspace; `None` where its way needs nothing of itsmc.
    pub fn of(ctx: &mut Ctx<'_>, workspace: Workspace) -> Option<Self> {
        let stage = match workspace.sign_in {
            AzureSignIn::ServicePrincipal => SignInStage::Typing(None),
            AzureSignIn::DeviceCode => {
                SignInStage::Code(ctx.run(WorkspaceJob::SignInByCode(Box::new(workspace.clone()))), None)
            }
            AzureSignIn::Cli | AzureSignIn::ManagedIdentity | AzureSignIn::WorkloadIdentity => return None,
        };
        Some(Self { workspace, secret: Secret::default(), cursor: 0, revealed: false, stage })
    }

    /// Whether something is being waited for.
    pub fn is_busy(&self) -> bool {
        matches!(self.stage, SignInStage::Asking(_) | SignInStage::Code(..))
    }

    /// Whether the secret is being typed.
    pub fn is_typing(&self) -> bool {
        matches!(self.stage, SignInStage::Typing(_))
    }

    /// The code that waits to be typed.
    pub fn code(&self) -> Option<&CodePrompt> {
        match &self.stage {
            SignInStage::Code(_, prompt) => prompt.as_ref(),
            _ => None,
        }
    }

    /// Edits the secret.
    pub fn edit(&mut self, edit: &Edit) {
        self.change(|text, at| input::apply(text, at, edit));
    }

    /// Takes a paste as one event.
    pub fn paste(&mut self, pasted: &str) {
        self.change(|text, at| input::paste_secret(text, at, pasted).0);
    }

    fn change(&mut self, change: impl FnOnce(&mut String, usize) -> usize) {
        if self.is_typing() {
            let mut at = self.cursor;
            self.secret.edit(|text| at = change(text, at));
            self.cursor = at;
            self.stage = SignInStage::Typing(None);
        }
    }

    /// Gives the secret on; or asks for another code.
    pub fn submit(&mut self, ctx: &mut Ctx<'_>) {
        match (&self.stage, self.workspace.sign_in) {
            (SignInStage::Typing(_), _) if !trimmed(self.secret.expose()).is_empty() => {
                let secret = Secret::new(trimmed(self.secret.expose()));
                let workspace = Box::new(self.workspace.clone());
                self.stage = SignInStage::Asking(ctx.run(WorkspaceJob::KeepSecret { workspace, secret }));
            }
            (SignInStage::Failed(_), AzureSignIn::DeviceCode) => {
                let workspace = Box::new(self.workspace.clone());
                self.stage = SignInStage::Code(ctx.run(WorkspaceJob::SignInByCode(workspace)), None);
            }
            _ => {}
        }
    }

    /// Takes in the code.
    pub fn told(&mut self, task: TaskId, prompt: CodePrompt) {
        if let SignInStage::Code(running, shown) = &mut self.stage
            && *running == task
        {
            *shown = Some(prompt);
        }
    }

    /// Takes in whether somebody is signed in now; whether it was this sign-in.
    pub fn ended(&mut self, task: TaskId, answer: Result<(), Fault>) -> bool {
        let (SignInStage::Asking(running) | SignInStage::Code(running, _)) = self.stage else { return false };
        if running != task {
            return false;
        }
        let typed = matches!(self.stage, SignInStage::Asking(_));
        self.stage = match answer {
            Ok(()) => SignInStage::Done,
            Err(fault) if typed => SignInStage::Typing(Some(fault)),
            Err(fault) => SignInStage::Failed(fault),
        };
        true
    }

    /// It is left: the code is not waited for any more. A secret that Entra has taken is kept.
    pub fn leave(&mut self, ctx: &mut Ctx<'_>) {
        if let SignInStage::Code(task, _) = self.stage {
            ctx.cancel(task);
        }
        self.secret = Secret::default();
    }

    /// When the code runs out.
    pub fn until(&self) -> Option<Timestamp> {
        self.code().map(|prompt| prompt.until)
    }
}
